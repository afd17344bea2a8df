/* <nmmintrin.h>: SSE4.2
   Names and meanings: Intel Intrinsics Guide. */
#ifndef __KIT_NMMINTRIN_H
#define __KIT_NMMINTRIN_H

#include <smmintrin.h>

#define _SIDD_UBYTE_OPS 0x00
#define _SIDD_UWORD_OPS 0x01
#define _SIDD_SBYTE_OPS 0x02
#define _SIDD_SWORD_OPS 0x03
#define _SIDD_CMP_EQUAL_ANY 0x00
#define _SIDD_CMP_RANGES 0x04
#define _SIDD_CMP_EQUAL_EACH 0x08
#define _SIDD_CMP_EQUAL_ORDERED 0x0c
#define _SIDD_POSITIVE_POLARITY 0x00
#define _SIDD_NEGATIVE_POLARITY 0x10
#define _SIDD_MASKED_POSITIVE_POLARITY 0x20
#define _SIDD_MASKED_NEGATIVE_POLARITY 0x30
#define _SIDD_LEAST_SIGNIFICANT 0x00
#define _SIDD_MOST_SIGNIFICANT 0x40
#define _SIDD_BIT_MASK 0x00
#define _SIDD_UNIT_MASK 0x40

__KIT_INTRINSIC __m128i _mm_cmpgt_epi64 (__m128i __a, __m128i __b)
{
    return (__m128i) __builtin_ia32_pcmpgtq ((__v2di) __a, (__v2di) __b);
}
#define _mm_cmpistrm(__a, __b, __c) ((__m128i) __builtin_ia32_pcmpistrm128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))
#define _mm_cmpestrm(__a, __b, __c, __d, __e) ((__m128i) __builtin_ia32_pcmpestrm128 ((__v16qi) (__m128i) (__a), (int) (__b), (__v16qi) (__m128i) (__c), (int) (__d), (int) (__e)))
#define _mm_cmpistri(__a, __b, __c) (__builtin_ia32_pcmpistri128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))
#define _mm_cmpestri(__a, __b, __c, __d, __e) (__builtin_ia32_pcmpestri128 ((__v16qi) (__m128i) (__a), (int) (__b), (__v16qi) (__m128i) (__c), (int) (__d), (int) (__e)))
#define _mm_cmpistra(__a, __b, __c) (__builtin_ia32_pcmpistria128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))
#define _mm_cmpestra(__a, __b, __c, __d, __e) (__builtin_ia32_pcmpestria128 ((__v16qi) (__m128i) (__a), (int) (__b), (__v16qi) (__m128i) (__c), (int) (__d), (int) (__e)))
#define _mm_cmpistrc(__a, __b, __c) (__builtin_ia32_pcmpistric128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))
#define _mm_cmpestrc(__a, __b, __c, __d, __e) (__builtin_ia32_pcmpestric128 ((__v16qi) (__m128i) (__a), (int) (__b), (__v16qi) (__m128i) (__c), (int) (__d), (int) (__e)))
#define _mm_cmpistro(__a, __b, __c) (__builtin_ia32_pcmpistrio128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))
#define _mm_cmpestro(__a, __b, __c, __d, __e) (__builtin_ia32_pcmpestrio128 ((__v16qi) (__m128i) (__a), (int) (__b), (__v16qi) (__m128i) (__c), (int) (__d), (int) (__e)))
#define _mm_cmpistrs(__a, __b, __c) (__builtin_ia32_pcmpistris128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))
#define _mm_cmpestrs(__a, __b, __c, __d, __e) (__builtin_ia32_pcmpestris128 ((__v16qi) (__m128i) (__a), (int) (__b), (__v16qi) (__m128i) (__c), (int) (__d), (int) (__e)))
#define _mm_cmpistrz(__a, __b, __c) (__builtin_ia32_pcmpistriz128 ((__v16qi) (__m128i) (__a), (__v16qi) (__m128i) (__b), (int) (__c)))
#define _mm_cmpestrz(__a, __b, __c, __d, __e) (__builtin_ia32_pcmpestriz128 ((__v16qi) (__m128i) (__a), (int) (__b), (__v16qi) (__m128i) (__c), (int) (__d), (int) (__e)))
__KIT_INTRINSIC unsigned int _mm_crc32_u8 (unsigned int __a, unsigned char __b)
{
    return (unsigned int) __builtin_ia32_crc32qi (__a, __b);
}
__KIT_INTRINSIC unsigned int _mm_crc32_u16 (unsigned int __a, unsigned short __b)
{
    return (unsigned int) __builtin_ia32_crc32hi (__a, __b);
}
__KIT_INTRINSIC unsigned int _mm_crc32_u32 (unsigned int __a, unsigned int __b)
{
    return (unsigned int) __builtin_ia32_crc32si (__a, __b);
}
__KIT_INTRINSIC unsigned long long _mm_crc32_u64 (unsigned long long __a, unsigned long long __b)
{
    return (unsigned long long) __builtin_ia32_crc32di (__a, __b);
}

#include <popcntintrin.h>

#endif
