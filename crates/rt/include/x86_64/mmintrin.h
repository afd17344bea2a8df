/* <mmintrin.h>: MMX, by the instructions on 16 bytes
   Names and meanings: Intel Intrinsics Guide. */
#ifndef __KIT_MMINTRIN_H
#define __KIT_MMINTRIN_H

#define __KIT_INTRINSIC static __inline__ __attribute__ ((__always_inline__, __unused__))

typedef int __m64 __attribute__ ((__vector_size__ (8), __may_alias__));
typedef int __m64_u __attribute__ ((__vector_size__ (8), __may_alias__, __aligned__ (1)));
typedef char __v8qi __attribute__ ((__vector_size__ (8)));
typedef short __v4hi __attribute__ ((__vector_size__ (8)));
typedef int __v2si __attribute__ ((__vector_size__ (8)));
typedef char __v16qi __attribute__ ((__vector_size__ (16)));
typedef short __v8hi __attribute__ ((__vector_size__ (16)));
typedef int __v4si __attribute__ ((__vector_size__ (16)));
typedef long long __v2di __attribute__ ((__vector_size__ (16)));

/* The low half of 16 bytes, the rest 0; both halves; and back. */
#define __KIT_WIDE(__a) ((__v2di) { (long long) (__a), 0 })
#define __KIT_BOTH(__a, __b) ((__v2di) { (long long) (__a), (long long) (__b) })
#define __KIT_LOW(__a) ((__m64) ((__v2di) (__a))[0])
#define __KIT_HIGH(__a) ((__m64) ((__v2di) (__a))[1])

/* Made of numbers and turned into them; there is no state to leave. */
__KIT_INTRINSIC void _mm_empty (void) { }
#define _m_empty _mm_empty
__KIT_INTRINSIC __m64 _mm_setzero_si64 (void) { return (__m64) { 0, 0 }; }
__KIT_INTRINSIC __m64 _mm_cvtsi32_si64 (int __a) { return (__m64) { __a, 0 }; }
#define _m_from_int _mm_cvtsi32_si64
__KIT_INTRINSIC int _mm_cvtsi64_si32 (__m64 __a) { return ((__v2si) __a)[0]; }
#define _m_to_int _mm_cvtsi64_si32
__KIT_INTRINSIC __m64 _mm_cvtsi64_m64 (long long __a) { return (__m64) __a; }
__KIT_INTRINSIC __m64 _mm_cvtsi64x_si64 (long long __a) { return (__m64) __a; }
__KIT_INTRINSIC __m64 _mm_set_pi64x (long long __a) { return (__m64) __a; }
#define _m_from_int64 _mm_cvtsi64_m64
__KIT_INTRINSIC long long _mm_cvtm64_si64 (__m64 __a) { return (long long) __a; }
__KIT_INTRINSIC long long _mm_cvtsi64_si64x (__m64 __a) { return (long long) __a; }
#define _m_to_int64 _mm_cvtm64_si64
__KIT_INTRINSIC __m64 _mm_set_pi32 (int __b, int __a) { return (__m64) (__v2si) { __a, __b }; }
__KIT_INTRINSIC __m64 _mm_setr_pi32 (int __a, int __b) { return (__m64) (__v2si) { __a, __b }; }
__KIT_INTRINSIC __m64 _mm_set1_pi32 (int __a) { return (__m64) (__v2si) { __a, __a }; }
__KIT_INTRINSIC __m64 _mm_set_pi16 (short __d, short __c, short __b, short __a)
{
    return (__m64) (__v4hi) { __a, __b, __c, __d };
}
__KIT_INTRINSIC __m64 _mm_setr_pi16 (short __a, short __b, short __c, short __d)
{
    return (__m64) (__v4hi) { __a, __b, __c, __d };
}
__KIT_INTRINSIC __m64 _mm_set1_pi16 (short __a) { return (__m64) (__v4hi) { __a, __a, __a, __a }; }
__KIT_INTRINSIC __m64 _mm_set_pi8 (char __h, char __g, char __f, char __e, char __d, char __c, char __b, char __a)
{
    return (__m64) (__v8qi) { __a, __b, __c, __d, __e, __f, __g, __h };
}
__KIT_INTRINSIC __m64 _mm_setr_pi8 (char __a, char __b, char __c, char __d, char __e, char __f, char __g, char __h)
{
    return (__m64) (__v8qi) { __a, __b, __c, __d, __e, __f, __g, __h };
}
__KIT_INTRINSIC __m64 _mm_set1_pi8 (char __a) { return (__m64) (__v8qi) { __a, __a, __a, __a, __a, __a, __a, __a }; }

/* Arithmetic. */
__KIT_INTRINSIC __m64 _mm_add_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_paddb _mm_add_pi8
__KIT_INTRINSIC __m64 _mm_add_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_paddw _mm_add_pi16
__KIT_INTRINSIC __m64 _mm_add_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddd128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_paddd _mm_add_pi32
__KIT_INTRINSIC __m64 _mm_add_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddq128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
__KIT_INTRINSIC __m64 _mm_adds_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddsb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_paddsb _mm_adds_pi8
__KIT_INTRINSIC __m64 _mm_adds_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddsw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_paddsw _mm_adds_pi16
__KIT_INTRINSIC __m64 _mm_adds_pu8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddusb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_paddusb _mm_adds_pu8
__KIT_INTRINSIC __m64 _mm_adds_pu16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_paddusw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_paddusw _mm_adds_pu16
__KIT_INTRINSIC __m64 _mm_sub_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_psubb _mm_sub_pi8
__KIT_INTRINSIC __m64 _mm_sub_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_psubw _mm_sub_pi16
__KIT_INTRINSIC __m64 _mm_sub_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubd128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_psubd _mm_sub_pi32
__KIT_INTRINSIC __m64 _mm_sub_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubq128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
__KIT_INTRINSIC __m64 _mm_subs_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubsb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_psubsb _mm_subs_pi8
__KIT_INTRINSIC __m64 _mm_subs_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubsw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_psubsw _mm_subs_pi16
__KIT_INTRINSIC __m64 _mm_subs_pu8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubusb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_psubusb _mm_subs_pu8
__KIT_INTRINSIC __m64 _mm_subs_pu16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psubusw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_psubusw _mm_subs_pu16
__KIT_INTRINSIC __m64 _mm_madd_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pmaddwd128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_pmaddwd _mm_madd_pi16
__KIT_INTRINSIC __m64 _mm_mulhi_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pmulhw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_pmulhw _mm_mulhi_pi16
__KIT_INTRINSIC __m64 _mm_mullo_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pmullw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_pmullw _mm_mullo_pi16
__KIT_INTRINSIC __m64 _mm_and_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pand128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
#define _m_pand _mm_and_si64
__KIT_INTRINSIC __m64 _mm_andnot_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pandn128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
#define _m_pandn _mm_andnot_si64
__KIT_INTRINSIC __m64 _mm_or_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_por128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
#define _m_por _mm_or_si64
__KIT_INTRINSIC __m64 _mm_xor_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pxor128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
#define _m_pxor _mm_xor_si64
__KIT_INTRINSIC __m64 _mm_cmpeq_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pcmpeqb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_pcmpeqb _mm_cmpeq_pi8
__KIT_INTRINSIC __m64 _mm_cmpeq_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pcmpeqw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_pcmpeqw _mm_cmpeq_pi16
__KIT_INTRINSIC __m64 _mm_cmpeq_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pcmpeqd128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_pcmpeqd _mm_cmpeq_pi32
__KIT_INTRINSIC __m64 _mm_cmpgt_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pcmpgtb128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_pcmpgtb _mm_cmpgt_pi8
__KIT_INTRINSIC __m64 _mm_cmpgt_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pcmpgtw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_pcmpgtw _mm_cmpgt_pi16
__KIT_INTRINSIC __m64 _mm_cmpgt_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pcmpgtd128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_pcmpgtd _mm_cmpgt_pi32

/* Shifts. */
__KIT_INTRINSIC __m64 _mm_sll_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psllw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_psllw _mm_sll_pi16
__KIT_INTRINSIC __m64 _mm_slli_pi16 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_psllwi128 ((__v8hi) __KIT_WIDE (__a), __b));
}
#define _m_psllwi _mm_slli_pi16
__KIT_INTRINSIC __m64 _mm_sll_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_pslld128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_pslld _mm_sll_pi32
__KIT_INTRINSIC __m64 _mm_slli_pi32 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_pslldi128 ((__v4si) __KIT_WIDE (__a), __b));
}
#define _m_pslldi _mm_slli_pi32
__KIT_INTRINSIC __m64 _mm_sll_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psllq128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
#define _m_psllq _mm_sll_si64
__KIT_INTRINSIC __m64 _mm_slli_si64 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_psllqi128 ((__v2di) __KIT_WIDE (__a), __b));
}
#define _m_psllqi _mm_slli_si64
__KIT_INTRINSIC __m64 _mm_srl_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psrlw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_psrlw _mm_srl_pi16
__KIT_INTRINSIC __m64 _mm_srli_pi16 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_psrlwi128 ((__v8hi) __KIT_WIDE (__a), __b));
}
#define _m_psrlwi _mm_srli_pi16
__KIT_INTRINSIC __m64 _mm_srl_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psrld128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_psrld _mm_srl_pi32
__KIT_INTRINSIC __m64 _mm_srli_pi32 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_psrldi128 ((__v4si) __KIT_WIDE (__a), __b));
}
#define _m_psrldi _mm_srli_pi32
__KIT_INTRINSIC __m64 _mm_srl_si64 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psrlq128 ((__v2di) __KIT_WIDE (__a), (__v2di) __KIT_WIDE (__b)));
}
#define _m_psrlq _mm_srl_si64
__KIT_INTRINSIC __m64 _mm_srli_si64 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_psrlqi128 ((__v2di) __KIT_WIDE (__a), __b));
}
#define _m_psrlqi _mm_srli_si64
__KIT_INTRINSIC __m64 _mm_sra_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psraw128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_psraw _mm_sra_pi16
__KIT_INTRINSIC __m64 _mm_srai_pi16 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_psrawi128 ((__v8hi) __KIT_WIDE (__a), __b));
}
#define _m_psrawi _mm_srai_pi16
__KIT_INTRINSIC __m64 _mm_sra_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_psrad128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_psrad _mm_sra_pi32
__KIT_INTRINSIC __m64 _mm_srai_pi32 (__m64 __a, int __b)
{
    return __KIT_LOW (__builtin_ia32_psradi128 ((__v4si) __KIT_WIDE (__a), __b));
}
#define _m_psradi _mm_srai_pi32

/* Elements moved. */
__KIT_INTRINSIC __m64 _mm_packs_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_packsswb128 ((__v8hi) __KIT_BOTH (__a, __b), (__v8hi) __KIT_BOTH (__a, __b)));
}
#define _m_packsswb _mm_packs_pi16
__KIT_INTRINSIC __m64 _mm_packs_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_packssdw128 ((__v4si) __KIT_BOTH (__a, __b), (__v4si) __KIT_BOTH (__a, __b)));
}
#define _m_packssdw _mm_packs_pi32
__KIT_INTRINSIC __m64 _mm_packs_pu16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_packuswb128 ((__v8hi) __KIT_BOTH (__a, __b), (__v8hi) __KIT_BOTH (__a, __b)));
}
#define _m_packuswb _mm_packs_pu16
__KIT_INTRINSIC __m64 _mm_unpacklo_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_punpcklbw128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_punpcklbw _mm_unpacklo_pi8
__KIT_INTRINSIC __m64 _mm_unpackhi_pi8 (__m64 __a, __m64 __b)
{
    return __KIT_HIGH (__builtin_ia32_punpcklbw128 ((__v16qi) __KIT_WIDE (__a), (__v16qi) __KIT_WIDE (__b)));
}
#define _m_punpckhbw _mm_unpackhi_pi8
__KIT_INTRINSIC __m64 _mm_unpacklo_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_punpcklwd128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_punpcklwd _mm_unpacklo_pi16
__KIT_INTRINSIC __m64 _mm_unpackhi_pi16 (__m64 __a, __m64 __b)
{
    return __KIT_HIGH (__builtin_ia32_punpcklwd128 ((__v8hi) __KIT_WIDE (__a), (__v8hi) __KIT_WIDE (__b)));
}
#define _m_punpckhwd _mm_unpackhi_pi16
__KIT_INTRINSIC __m64 _mm_unpacklo_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_LOW (__builtin_ia32_punpckldq128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_punpckldq _mm_unpacklo_pi32
__KIT_INTRINSIC __m64 _mm_unpackhi_pi32 (__m64 __a, __m64 __b)
{
    return __KIT_HIGH (__builtin_ia32_punpckldq128 ((__v4si) __KIT_WIDE (__a), (__v4si) __KIT_WIDE (__b)));
}
#define _m_punpckhdq _mm_unpackhi_pi32

#endif
