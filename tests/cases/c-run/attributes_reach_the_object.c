#include <stdio.h>
#include <complex.h>
static void early(void) __attribute__((constructor(101)));
static void late(void) __attribute__((constructor));
static void bye(void) __attribute__((destructor));
static void early(void) { puts("early"); }
static void late(void) { puts("late"); }
static void bye(void) { puts("bye"); }
extern int nobody(int) __attribute__((weak));
extern int nothing __attribute__((weak));
__attribute__((weak)) int maybe(void) { return 5; }
static int target(int x) { return x + 1; }
int other(int) __attribute__((alias("target")));
static __thread int counter = 7;
_Thread_local int zeroed;
int placed __attribute__((section("mine"))) = 3;
int renamed(void) __asm__("another_name");
int another_name(void);
int renamed(void) { return 9; }
__attribute__((visibility("hidden"))) int hidden = 4;
struct aligned { char c; } __attribute__((aligned(32)));
typedef int aligned_int __attribute__((aligned(16)));
static aligned_int ai = 1;
int main(void) {
  static struct aligned s[2];
  char pad;
  aligned_int local = 2;
  printf("%d %d %d %d\n", nobody != 0, &nothing != 0, maybe(), other(1));
  counter++;
  zeroed += counter;
  printf("%d %d %d %d %d\n", counter, zeroed, placed, another_name(), hidden);
  printf("%d %d %d %d\n", (int)sizeof s, (int)((unsigned long)&s[1] % 32), (int)((unsigned long)&ai % 16),
         (int)((unsigned long)&local % 16));
  double complex z = 1.5 + 2.0 * I, w = ~z;
  float complex f = z;
  w += 1;
  w *= 2;
  printf("%g %g %g %g %d %d\n", creal(w), __imag__ w, crealf(f), cimagf(f), z == f, z != w);
  __real__ z = 9;
  z++;
  z = -z;
  printf("%g %g %d\n", __real__ z, __imag__ z, !z);
  (void)pad;
  return 0;
}
// output:
// early
// late
// 0 0 5 2
// 8 8 3 9 4
// 64 0 0 0
// 5 -4 1.5 2 1 1
// -10 -2 0
// bye
