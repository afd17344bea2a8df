/* <pmmintrin.h>: SSE3
   Names and meanings: Intel Intrinsics Guide. */
#ifndef __KIT_PMMINTRIN_H
#define __KIT_PMMINTRIN_H

#include <emmintrin.h>

#define _MM_DENORMALS_ZERO_MASK 0x0040
#define _MM_DENORMALS_ZERO_ON 0x0040
#define _MM_DENORMALS_ZERO_OFF 0x0000
#define _MM_SET_DENORMALS_ZERO_MODE(__mode) _mm_setcsr ((_mm_getcsr () & ~_MM_DENORMALS_ZERO_MASK) | (__mode))
#define _MM_GET_DENORMALS_ZERO_MODE() (_mm_getcsr () & _MM_DENORMALS_ZERO_MASK)

__KIT_INTRINSIC __m128 _mm_addsub_ps (__m128 __a, __m128 __b)
{
    return (__m128) __builtin_ia32_addsubps ((__v4sf) __a, (__v4sf) __b);
}
__KIT_INTRINSIC __m128d _mm_addsub_pd (__m128d __a, __m128d __b)
{
    return (__m128d) __builtin_ia32_addsubpd ((__v2df) __a, (__v2df) __b);
}
__KIT_INTRINSIC __m128 _mm_hadd_ps (__m128 __a, __m128 __b)
{
    return (__m128) __builtin_ia32_haddps ((__v4sf) __a, (__v4sf) __b);
}
__KIT_INTRINSIC __m128d _mm_hadd_pd (__m128d __a, __m128d __b)
{
    return (__m128d) __builtin_ia32_haddpd ((__v2df) __a, (__v2df) __b);
}
__KIT_INTRINSIC __m128 _mm_hsub_ps (__m128 __a, __m128 __b)
{
    return (__m128) __builtin_ia32_hsubps ((__v4sf) __a, (__v4sf) __b);
}
__KIT_INTRINSIC __m128d _mm_hsub_pd (__m128d __a, __m128d __b)
{
    return (__m128d) __builtin_ia32_hsubpd ((__v2df) __a, (__v2df) __b);
}
__KIT_INTRINSIC __m128 _mm_movehdup_ps (__m128 __a) { return (__m128) __builtin_ia32_movshdup ((__v4sf) __a); }
__KIT_INTRINSIC __m128 _mm_moveldup_ps (__m128 __a) { return (__m128) __builtin_ia32_movsldup ((__v4sf) __a); }
__KIT_INTRINSIC __m128d _mm_movedup_pd (__m128d __a) { return (__m128d) { __a[0], __a[0] }; }
__KIT_INTRINSIC __m128d _mm_loaddup_pd (const double *__p) { return (__m128d) { *__p, *__p }; }
__KIT_INTRINSIC __m128i _mm_lddqu_si128 (const __m128i_u *__a) { return (__m128i) __builtin_ia32_lddqu (__a); }

#endif
