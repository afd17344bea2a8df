/* <x86gprintrin.h>: instructions on general registers. */
#ifndef __KIT_X86GPRINTRIN_H
#define __KIT_X86GPRINTRIN_H

/* The time stamp counter; with the number in IA32_TSC_AUX. */
static __inline__ __attribute__ ((__always_inline__, __unused__)) unsigned long long __rdtsc (void)
{
    unsigned int __low, __high;
    __asm__ __volatile__ ("rdtsc" : "=a" (__low), "=d" (__high));
    return (unsigned long long) __high << 32 | __low;
}
static __inline__ __attribute__ ((__always_inline__, __unused__)) unsigned long long __rdtscp (unsigned int *__aux)
{
    unsigned int __low, __high;
    __asm__ __volatile__ ("rdtscp" : "=a" (__low), "=d" (__high), "=c" (*__aux));
    return (unsigned long long) __high << 32 | __low;
}
#define _rdtsc() __rdtsc ()

/* Counts and swaps. */
static __inline__ __attribute__ ((__always_inline__, __unused__)) int __bsfd (int __a) { return __builtin_ctz (__a); }
static __inline__ __attribute__ ((__always_inline__, __unused__)) int __bsrd (int __a) { return 31 - __builtin_clz (__a); }
static __inline__ __attribute__ ((__always_inline__, __unused__)) int __bsfq (long long __a) { return __builtin_ctzll (__a); }
static __inline__ __attribute__ ((__always_inline__, __unused__)) int __bsrq (long long __a) { return 63 - __builtin_clzll (__a); }
static __inline__ __attribute__ ((__always_inline__, __unused__)) int __bswapd (int __a) { return __builtin_bswap32 (__a); }
static __inline__ __attribute__ ((__always_inline__, __unused__)) long long __bswapq (long long __a) { return __builtin_bswap64 (__a); }
static __inline__ __attribute__ ((__always_inline__, __unused__)) int __popcntd (unsigned int __a) { return __builtin_popcount (__a); }
static __inline__ __attribute__ ((__always_inline__, __unused__)) long long __popcntq (unsigned long long __a) { return __builtin_popcountll (__a); }
#define _bswap(__a) __bswapd (__a)
#define _bswap64(__a) __bswapq (__a)
#define _popcnt32(__a) __popcntd (__a)
#define _popcnt64(__a) __popcntq (__a)

/* Rotations, the count modulo the width. */
static __inline__ __attribute__ ((__always_inline__, __unused__)) unsigned int __rold (unsigned int __a, int __n)
{
    return __a << (__n & 31) | __a >> (-__n & 31);
}
static __inline__ __attribute__ ((__always_inline__, __unused__)) unsigned int __rord (unsigned int __a, int __n)
{
    return __a >> (__n & 31) | __a << (-__n & 31);
}
static __inline__ __attribute__ ((__always_inline__, __unused__)) unsigned long long __rolq (unsigned long long __a, int __n)
{
    return __a << (__n & 63) | __a >> (-__n & 63);
}
static __inline__ __attribute__ ((__always_inline__, __unused__)) unsigned long long __rorq (unsigned long long __a, int __n)
{
    return __a >> (__n & 63) | __a << (-__n & 63);
}
#define _rotl(__a, __n) __rold ((__a), (__n))
#define _rotr(__a, __n) __rord ((__a), (__n))
#define _lrotl(__a, __n) __rolq ((__a), (__n))
#define _lrotr(__a, __n) __rorq ((__a), (__n))

#endif
