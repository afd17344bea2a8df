/* <cpuid.h>: what the processor says of itself (Intel SDM, volume 2, CPUID). */
#ifndef __KIT_CPUID_H
#define __KIT_CPUID_H

/* Leaf 1, ecx. */
#define bit_SSE3 (1u << 0)
#define bit_PCLMUL (1u << 1)
#define bit_SSSE3 (1u << 9)
#define bit_FMA (1u << 12)
#define bit_CMPXCHG16B (1u << 13)
#define bit_SSE4_1 (1u << 19)
#define bit_SSE4_2 (1u << 20)
#define bit_MOVBE (1u << 22)
#define bit_POPCNT (1u << 23)
#define bit_AES (1u << 25)
#define bit_XSAVE (1u << 26)
#define bit_OSXSAVE (1u << 27)
#define bit_AVX (1u << 28)
#define bit_F16C (1u << 29)
#define bit_RDRND (1u << 30)
/* Leaf 1, edx. */
#define bit_CMPXCHG8B (1u << 8)
#define bit_CMOV (1u << 15)
#define bit_MMX (1u << 23)
#define bit_FXSAVE (1u << 24)
#define bit_SSE (1u << 25)
#define bit_SSE2 (1u << 26)
/* Leaf 7, ebx. */
#define bit_FSGSBASE (1u << 0)
#define bit_SGX (1u << 2)
#define bit_BMI (1u << 3)
#define bit_HLE (1u << 4)
#define bit_AVX2 (1u << 5)
#define bit_BMI2 (1u << 8)
#define bit_RTM (1u << 11)
#define bit_AVX512F (1u << 16)
#define bit_AVX512DQ (1u << 17)
#define bit_RDSEED (1u << 18)
#define bit_ADX (1u << 19)
#define bit_CLFLUSHOPT (1u << 23)
#define bit_CLWB (1u << 24)
#define bit_SHA (1u << 29)
#define bit_AVX512BW (1u << 30)
#define bit_AVX512VL (1u << 31)
/* Leaf 0x80000001, ecx. */
#define bit_LAHF_LM (1u << 0)
#define bit_ABM (1u << 5)
#define bit_LZCNT (1u << 5)
#define bit_SSE4a (1u << 6)
#define bit_PRFCHW (1u << 8)
#define bit_XOP (1u << 11)
#define bit_FMA4 (1u << 16)

/* The makers' names as ebx, ecx and edx have them. */
#define signature_INTEL_ebx 0x756e6547
#define signature_INTEL_ecx 0x6c65746e
#define signature_INTEL_edx 0x49656e69
#define signature_AMD_ebx 0x68747541
#define signature_AMD_ecx 0x444d4163
#define signature_AMD_edx 0x69746e65

#define __cpuid(__leaf, __a, __b, __c, __d) \
    __asm__ __volatile__ ("cpuid" : "=a" (__a), "=b" (__b), "=c" (__c), "=d" (__d) : "0" (__leaf))
#define __cpuid_count(__leaf, __sub, __a, __b, __c, __d) \
    __asm__ __volatile__ ("cpuid" : "=a" (__a), "=b" (__b), "=c" (__c), "=d" (__d) : "0" (__leaf), "2" (__sub))

/* The highest leaf of the range that `__ext` (0 or 0x80000000) begins; 0 for none. */
static __inline__ __attribute__ ((__unused__)) unsigned int __get_cpuid_max (unsigned int __ext, unsigned int *__sig)
{
    unsigned int __a, __b, __c, __d;
    __cpuid (__ext, __a, __b, __c, __d);
    if (__sig)
        *__sig = __b;
    return __a;
}

/* A leaf's answer; 0 when there is no such leaf. */
static __inline__ __attribute__ ((__unused__)) int __get_cpuid (
    unsigned int __leaf, unsigned int *__a, unsigned int *__b, unsigned int *__c, unsigned int *__d)
{
    unsigned int __max = __get_cpuid_max (__leaf & 0x80000000, 0);
    if (__max == 0 || __max < __leaf)
        return 0;
    __cpuid (__leaf, *__a, *__b, *__c, *__d);
    return 1;
}

static __inline__ __attribute__ ((__unused__)) int __get_cpuid_count (
    unsigned int __leaf, unsigned int __sub, unsigned int *__a, unsigned int *__b, unsigned int *__c, unsigned int *__d)
{
    unsigned int __max = __get_cpuid_max (__leaf & 0x80000000, 0);
    if (__max == 0 || __max < __leaf)
        return 0;
    __cpuid_count (__leaf, __sub, *__a, *__b, *__c, *__d);
    return 1;
}

#endif
