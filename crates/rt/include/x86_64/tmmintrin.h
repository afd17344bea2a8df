/* <tmmintrin.h>: SSSE3
   Names and meanings: Intel Intrinsics Guide. */
#ifndef __KIT_TMMINTRIN_H
#define __KIT_TMMINTRIN_H

#include <pmmintrin.h>

__KIT_INTRINSIC __m128i _mm_hadd_epi16 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_phaddw128 ((__v8hi) __a, (__v8hi) __b);
}
__KIT_INTRINSIC __m128i _mm_hadds_epi16 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_phaddsw128 ((__v8hi) __a, (__v8hi) __b);
}
__KIT_INTRINSIC __m128i _mm_hadd_epi32 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_phaddd128 ((__v4si) __a, (__v4si) __b);
}
__KIT_INTRINSIC __m128i _mm_hsub_epi16 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_phsubw128 ((__v8hi) __a, (__v8hi) __b);
}
__KIT_INTRINSIC __m128i _mm_hsubs_epi16 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_phsubsw128 ((__v8hi) __a, (__v8hi) __b);
}
__KIT_INTRINSIC __m128i _mm_hsub_epi32 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_phsubd128 ((__v4si) __a, (__v4si) __b);
}
__KIT_INTRINSIC __m128i _mm_maddubs_epi16 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_pmaddubsw128 ((__v16qi) __a, (__v16qi) __b);
}
__KIT_INTRINSIC __m128i _mm_mulhrs_epi16 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_pmulhrsw128 ((__v8hi) __a, (__v8hi) __b);
}
__KIT_INTRINSIC __m128i _mm_shuffle_epi8 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_pshufb128 ((__v16qi) __a, (__v16qi) __b);
}
__KIT_INTRINSIC __m128i _mm_sign_epi8 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_psignb128 ((__v16qi) __a, (__v16qi) __b);
}
__KIT_INTRINSIC __m128i _mm_sign_epi16 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_psignw128 ((__v8hi) __a, (__v8hi) __b);
}
__KIT_INTRINSIC __m128i _mm_sign_epi32 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_psignd128 ((__v4si) __a, (__v4si) __b);
}
__KIT_INTRINSIC __m128i _mm_abs_epi8 (__m128i __a) { return (__m128i) __builtin_ia32_pabsb128 ((__v16qi) __a); }
__KIT_INTRINSIC __m128i _mm_abs_epi16 (__m128i __a) { return (__m128i) __builtin_ia32_pabsw128 ((__v8hi) __a); }
__KIT_INTRINSIC __m128i _mm_abs_epi32 (__m128i __a) { return (__m128i) __builtin_ia32_pabsd128 ((__v4si) __a); }
#define _mm_alignr_epi8(__a, __b, __c) ((__m128i) __builtin_ia32_palignr128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))

/* On 8 bytes. */
__KIT_INTRINSIC __m64 _mm_hadd_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_phaddw128 ((__v8hi) __KIT_BOTH (__a, __b), (__v8hi) __KIT_BOTH (__a, __b)));
}
__KIT_INTRINSIC __m64 _mm_hadds_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_phaddsw128 ((__v8hi) __KIT_BOTH (__a, __b), (__v8hi) __KIT_BOTH (__a, __b)));
}
__KIT_INTRINSIC __m64 _mm_hadd_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_phaddd128 ((__v4si) __KIT_BOTH (__a, __b), (__v4si) __KIT_BOTH (__a, __b)));
}
__KIT_INTRINSIC __m64 _mm_hsub_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_phsubw128 ((__v8hi) __KIT_BOTH (__a, __b), (__v8hi) __KIT_BOTH (__a, __b)));
}
__KIT_INTRINSIC __m64 _mm_hsubs_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_phsubsw128 ((__v8hi) __KIT_BOTH (__a, __b), (__v8hi) __KIT_BOTH (__a, __b)));
}
__KIT_INTRINSIC __m64 _mm_hsub_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_phsubd128 ((__v4si) __KIT_BOTH (__a, __b), (__v4si) __KIT_BOTH (__a, __b)));
}
__KIT_INTRINSIC __m64 _mm_maddubs_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pmaddubsw128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
__KIT_INTRINSIC __m64 _mm_mulhrs_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pmulhrsw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
__KIT_INTRINSIC __m64 _mm_sign_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psignb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
__KIT_INTRINSIC __m64 _mm_sign_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psignw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
__KIT_INTRINSIC __m64 _mm_sign_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psignd128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
__KIT_INTRINSIC __m64 _mm_abs_pi8 (__m64 __a) { return __KIT_LOW (__builtin_ia32_pabsb128 ((__v16qi) __KIT_WIDE (__a))); }
__KIT_INTRINSIC __m64 _mm_abs_pi16 (__m64 __a) { return __KIT_LOW (__builtin_ia32_pabsw128 ((__v8hi) __KIT_WIDE (__a))); }
__KIT_INTRINSIC __m64 _mm_abs_pi32 (__m64 __a) { return __KIT_LOW (__builtin_ia32_pabsd128 ((__v4si) __KIT_WIDE (__a))); }
__KIT_INTRINSIC __m64 _mm_shuffle_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pshufb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE ((long long) __b & 0x8787878787878787)));
}
#define _mm_alignr_pi8(__a, __b, __c) (__KIT_LOW (__builtin_ia32_psrldqi128 (__KIT_BOTH ((__m64) (__b), (__m64) (__a)), (int) (__c))))

#endif
