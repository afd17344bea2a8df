chain_one
#include_next <chain.h>
