local
#include "../plain.h"
