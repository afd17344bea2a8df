/* <wmmintrin.h>: AES and products without carry
   Names and meanings: Intel Intrinsics Guide. */
#ifndef __KIT_WMMINTRIN_H
#define __KIT_WMMINTRIN_H

#include <emmintrin.h>

__KIT_INTRINSIC __m128i _mm_aesenc_si128 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_aesenc128 ((__v2di) __a, (__v2di) __b);
}
__KIT_INTRINSIC __m128i _mm_aesenclast_si128 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_aesenclast128 ((__v2di) __a, (__v2di) __b);
}
__KIT_INTRINSIC __m128i _mm_aesdec_si128 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_aesdec128 ((__v2di) __a, (__v2di) __b);
}
__KIT_INTRINSIC __m128i _mm_aesdeclast_si128 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_aesdeclast128 ((__v2di) __a, (__v2di) __b);
}
__KIT_INTRINSIC __m128i _mm_aesimc_si128 (__m128i __a) { return (__m128i) __builtin_ia32_aesimc128 ((__v2di) __a); }
#define _mm_aeskeygenassist_si128(__a, __b) ((__m128i) __builtin_ia32_aeskeygenassist128 ((__v2di) (__m128i) (__a), (int) (__b)))
#define _mm_clmulepi64_si128(__a, __b, __c) ((__m128i) __builtin_ia32_pclmulqdq128 ((__v2di) (__m128i) (__a), (__v2di) (__m128i) (__b), (int) (__c)))

#endif
