#include <stdio.h>
int main(void) {
  volatile unsigned x = 0x00f0;
  volatile unsigned long y = 0x100000000ul;
  printf("%d %d %d %d\n", __builtin_clz(x), __builtin_ctz(x), __builtin_popcount(x), __builtin_parity(x));
  printf("%d %d %d %d\n", __builtin_clzl(y), __builtin_ctzl(y), __builtin_ffs(0), __builtin_ffsl(y));
  printf("%x %llx %x\n", __builtin_bswap32(0x12345678 + (x - x)), (unsigned long long)__builtin_bswap64(y), __builtin_bswap16(0x1234));
  volatile int a = 2147483647, b = 1;
  int r;
  unsigned char uc;
  long l;
  unsigned long long ull;
  int o = __builtin_add_overflow(a, b, &r);
  printf("%d %d ", o, r);
  o = __builtin_mul_overflow(a, 2, &l);
  printf("%d %d ", o, (int)(l == 4294967294));
  o = __builtin_sub_overflow(b, 2, &uc);
  printf("%d %d ", o, uc);
  printf("%d\n", __builtin_mul_overflow((unsigned long long)y << 16, y, &ull));
  volatile double d = -1.5, z = 0;
  printf("%d %d %d %d\n", !!__builtin_isnan(z / z), !!__builtin_isinf(d / z), !!__builtin_signbit(d), !!__builtin_isfinite(d));
  printf("%g %g %d\n", __builtin_fabs(d), __builtin_copysign(2.0, d), __builtin_expect(a > 0, 1) ? 3 : 4);
  int v = 5;
  o = __sync_fetch_and_add(&v, 3);
  printf("%d %d ", o, v);
  o = __atomic_add_fetch(&v, 2, __ATOMIC_SEQ_CST);
  printf("%d %d ", o, v);
  int want = 4;
  o = __atomic_compare_exchange_n(&v, &want, 6, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
  printf("%d %d ", o, want);
  o = __atomic_exchange_n(&v, 1, __ATOMIC_RELAXED);
  printf("%d %d\n", o, __atomic_load_n(&v, __ATOMIC_ACQUIRE));
  char *p = __builtin_alloca(x);
  __builtin_memset(p, 'a', 10);
  p[10] = 0;
  printf("%s %d\n", p, (int)__builtin_strlen(p));
  if (v > 100) __builtin_unreachable();
  return __builtin_constant_p(3) - 1;
}
// output:
// 24 4 4 0
// 31 32 0 33
// 78563412 1000000 3412
// 1 -2147483648 0 1 1 255 1
// 1 1 1 1
// 1.5 -2 3
// 5 8 10 10 0 10 10 1
// aaaaaaaaaa 10
