/* <immintrin.h>: all of Intel's that there is. What is wider than 16 bytes is not. */
#ifndef __KIT_IMMINTRIN_H
#define __KIT_IMMINTRIN_H

#include <nmmintrin.h>
#include <wmmintrin.h>

#endif
