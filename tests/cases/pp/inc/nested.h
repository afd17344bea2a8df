nested
#include "one/local.h"
