#include <stdio.h>
#include <stdint.h>
static int calls;
static int t(int v) { calls++; return v; }
int main(void) {
  volatile int i = -7, j = 3;
  volatile unsigned u = 0xfffffff0u;
  volatile signed char c = -128;
  volatile unsigned char uc = 200;
  volatile short s = -32768;
  volatile long long ll = -1234567890123;
  volatile unsigned long long ull = 0xf000000000000000;
  volatile float f = 3.75f;
  volatile double d = -2.5;
  volatile long double ld = 1e10L;
  volatile _Bool b = 5;
  printf("%d %d %d %d %d\n", i / j, i % j, i * j, i << j, i >> 1);
  printf("%u %u %u %u\n", u / 7, u % 7, u >> 4, u << 4);
  printf("%d %d %d %d\n", c - 1, -c, uc + uc, (signed char)uc);
  printf("%lld %llu %llu %lld\n", ll / 1000, ull / 3, ull >> 60, ll >> 3);
  printf("%g %g %g %Lg %Lg\n", f * d, f / d, -f, ld / 3 * 3, -ld);
  printf("%d %d %u %d\n", (int)f, (int)d, (unsigned)f, (int)ld);
  printf("%g %g %g\n", (double)u, (double)ull, (float)ll);
  printf("%llu %lld\n", (unsigned long long)(double)ull, (long long)-2.9);
  printf("%d %d %d\n", b, b + 1, !b);
  b = 0.5;
  printf("%d ", b);
  b = (b && 0);
  printf("%d ", b);
  b--;
  printf("%d ", b);
  b += 7;
  printf("%d\n", b);
  c -= 1;
  uc += 100;
  s--;
  printf("%d %d %d\n", c, uc, s);
  i <<= 2; i ^= 0x55; i |= 1024; i &= ~1; i %= 1000;
  printf("%d\n", i);
  f += 1; d *= f; f++; --d;
  printf("%g %g\n", f, d);
  uc *= 2.5;
  s = 10; s /= 2.5f;
  printf("%d %d\n", uc, s);
  printf("%d %d ", t(0) && t(1), t(2) || t(3));
  printf("%d\n", calls);
  printf("%d %d\n", t(1) ? t(5) : t(6), t(0) ?: 9);
  printf("%d %d %d %d\n", 1 < 2, -1 < 1u, (signed char)-1 == (unsigned char)-1, 0.0 == -0.0);
  int x = (calls = 0, 5), y = x++ + 2, *p = &x;
  (*p)++;
  printf("%d %d %d\n", x, y, !!*p);
  double nan = 0.0 / (d - d);
  printf("%d %d %d %d\n", nan == nan, nan != nan, nan < 1, !(nan < 1));
  if (!(nan >= 1) && nan != 1 && !(nan == nan)) printf("unordered\n");
  int arr[5] = { 0, 1, 2, 3, 4 }, *e = arr + 5;
  printf("%td %td %d %d\n", e - arr, (char *)e - (char *)arr, e[-1], 2[arr]);
  while (e != arr && *--e) ;
  printf("%d\n", (int)(e - arr));
  int8_t i8 = 127; i8++;
  uint16_t u16 = 0; u16--;
  printf("%d %d\n", i8, u16);
  long k = 5; k -= (k > 3) + (k == 5 ? 1 : 2);
  printf("%ld %d\n", k, ({ int z = 3; z *= 2; z + 1; }));
  return 0;
}
// output:
// -2 -1 -21 -56 -4
// 613566754 2 268435455 4294967040
// -129 128 400 -56
// -1234567890 5764607523034234880 15 -154320986266
// -9.375 -1.5 -3.75 1e+10 -1e+10
// 3 -2 3 -2147483648
// 4.29497e+09 1.72938e+19 -1.23457e+12
// 17293822569102704640 -2
// 1 2 0
// 1 0 1 1
// 127 44 32767
// -80
// 5.75 -12.875
// 110 4
// 0 1 2
// 5 9
// 1 0 0 1
// 7 7 1
// 0 1 0 1
// unordered
// 5 20 4 2
// 0
// -128 65535
// 3 7
