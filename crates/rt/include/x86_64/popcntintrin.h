/* <popcntintrin.h>: counts of bits
   Names and meanings: Intel Intrinsics Guide. */
#ifndef __KIT_POPCNTINTRIN_H
#define __KIT_POPCNTINTRIN_H

#include <xmmintrin.h>

__KIT_INTRINSIC int _mm_popcnt_u32 (unsigned int __a) { return __builtin_popcount (__a); }
__KIT_INTRINSIC long long _mm_popcnt_u64 (unsigned long long __a) { return __builtin_popcountll (__a); }

#endif
