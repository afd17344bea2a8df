# What code needs besides the libc, 128-bit integers, _Float128, _Complex, atomics, comes from kit's own runtime: compiled
# when a link needs it, hidden, and behind what the user names.
. "$ROOT/tests/accept/common.sh"; need_cc
cat > wide.c <<'C'
#include <stdio.h>
#include <complex.h>
#include <string.h>
typedef __int128 ti; typedef unsigned __int128 uti;
static void put(const char *what, uti x) { printf("%s %016llx%016llx\n", what, (unsigned long long)(x >> 64), (unsigned long long)x); }
static uti bits(_Float128 x) { uti b; memcpy(&b, &x, 16); return b; }
static uti lbits(long double x) { uti b = 0; memcpy(&b, &x, 10); return b; }
volatile uti a = (uti)0x123456789abcdef0 << 64 | 0xfedcba9876543210, b = 0x1000000000000007;
volatile ti c = -((ti)77 << 90) - 5, d = 0x123456789;
volatile double x = 1.5e30, inf = __builtin_inf(), zero = 0;
volatile long double e = 1.25e37L;
volatile _Float128 q = 1.1Q, r = -3, big = 1e4000Q;
static _Float128 sum(int n, ...) { __builtin_va_list l; _Float128 s = 0; __builtin_va_start(l, n); while (n--) s += __builtin_va_arg(l, _Float128); __builtin_va_end(l); return s; }
struct pair { char tag; _Float128 value; };
static struct pair twice(struct pair p) { p.value *= 2; p.tag++; return p; }
static _Float128 many(int i, _Float128 u, double v, _Float128 w, _Float128 s1, _Float128 s2, _Float128 s3, _Float128 s4, _Float128 s5, _Float128 s6, _Float128 s7)
{ return u * v + w / s1 - s2 * s3 + s4 - s5 + s6 * i + s7; }
int main(void) {
  put("/", a / b); put("%", a % b); put("s/", c / d); put("s%", c % d); put("by wide", a / (b << 40)); put("*", a * b); put(">>", c >> 77);
  put("(ti)double", (ti)x); put("(ti)long double", (ti)e); put("(uti)float", (uti)(float)x);
  printf("%a %a\n", (double)c, (float)a); put("long double", lbits(c));
  double complex z = (inf + I) * (1.0 + I * zero), w = (3 + 4 * I) / (x - I * x); printf("%g %g %a %a\n", creal(z), cimag(z), creal(w), cimag(w));
  float complex zf = (1 + 2 * I) * (float complex)w; long double complex zl = (e + I) / (2 - I * e); printf("%a %a\n", crealf(zf), cimagf(zf)); put("zl", lbits(creall(zl))); put("zl", lbits(cimagl(zl)));
  put("q+", bits(q + r)); put("q-", bits(q - r)); put("q*", bits(q * r)); put("q/", bits(q / r)); put("-q", bits(-q)); put("big", bits(big * big));
  put("from int", bits((_Float128)(int)d)); put("from ti", bits((_Float128)c)); put("from double", bits(x)); put("from long double", bits((_Float128)e)); put("from float", bits((float)x));
  printf("%d %ld %a %a\n", (int)(q * 100), (long)(r * 1e15Q), (double)q, (float)q); put("to long double", lbits(q)); put("to ti", (ti)(r * 1e30Q));
  printf("%d%d%d%d%d%d\n", q < r, q <= q, q > r, r >= q, q == q, q != r);
  _Float128 nan = zero / zero; printf("%d%d%d%d\n", nan < r, nan == nan, nan != nan, !(nan >= r));
  put("va", bits(sum(3, q, r, q))); struct pair p = twice((struct pair){ 'a', q }); put("struct", bits(p.value) + p.tag);
  put("many", bits(many(2, q, 3, r, q, r, q, q, r, r, q))); static const _Float128 table[] = { 1, 2.5Q, -1e-4940Q }; put("table", bits(table[2]));
  _Float128 i = 0; for (int n = 0; n < 10; n++) i += q; i++; i /= 3; put("loop", bits(q > 1 ? i : r)); put("folded", bits(1.0Q / 3));
  put("if", q ? 1 : 0); put("not", !q); put("comma", bits((q, r))); put("compound", bits(({ _Float128 t = q; t -= 0.5; t; })));
  _Complex _Float128 zq = q + r * I, zr = zq * zq / (zq - 1); put("zq", bits(__real__ zr)); put("zq", bits(__imag__ zr)); zr += zq; put("zq", bits(__imag__ zr));
  ti t; if (!__builtin_mul_overflow(c, d, &t)) put("t", t); if (__builtin_mul_overflow(c, (ti)1 << 60, &t)) put("lost", t);
  return 0; }
C
gcc -w wide.c -o theirs -lm && ./theirs > wanted; [ -s wanted ] || no 'gcc takes the program'
# equal LABEL PROGRAM: it says what gcc's says.
equal() { "$2" > got 2>&1; if cmp -s wanted got; then ok; else no "$1: $(diff wanted got | head -6 | tr '\n' ' ')"; fi; }
check dynamic $CC -w wide.c -o wide -lm;                     equal 'equal to gcc' ./wide
readelf -dW wide > last.out; same 'needs no libgcc' 0 "$(grep -c 'libgcc' last.out)"
check 'no default libraries' $CC -w -nodefaultlibs wide.c -o bare -lc -lm; equal 'the same without them' ./bare
check 'static' $CC -w -static wide.c -o static -lm;            equal 'the same, static' ./static
check 'by ld' $CC -w -c wide.c -o wide.o;                     same 'one object asks' 1 "$(nm -u wide.o | grep -c __divtf3)"
gcc wide.o -o mixed -lm > last.out 2>&1;                      equal "and gcc's runtime does for it" ./mixed
if [ -e /usr/lib/x86_64-linux-musl/libc.a ]; then
  check 'musl, static' $CC -w --target=x86_64-linux-musl -static wide.c -o musl; equal 'the same with musl' ./musl
fi
cat > lib.c <<'C'
unsigned __int128 quotient(unsigned __int128 a, unsigned __int128 b) { return a / b; }
C
check 'library' $CC -shared -fPIC lib.c -o lib.so;             same 'hides them' 0 "$(nm -D lib.so | grep -c udivti3)"
same 'only what is needed' 0 "$(nm wide lib.so 2> /dev/null | grep -c 'ashlti3')"
cat > atomic.c <<'C'
#include <stdio.h>
#include <pthread.h>
#include <string.h>
struct three { long a, b, c; } object; struct odd { char c[3]; } small; unsigned __int128 wide __attribute__((aligned(16)));
void load(unsigned long, const volatile void *, void *, int) __asm__("__atomic_load");
void store(unsigned long, volatile void *, void *, int) __asm__("__atomic_store");
_Bool compare(unsigned long, volatile void *, void *, void *, int, int) __asm__("__atomic_compare_exchange");
void exchange(unsigned long, volatile void *, void *, void *, int) __asm__("__atomic_exchange");
unsigned __int128 add(volatile void *, unsigned __int128, int) __asm__("__atomic_fetch_add_16");
static void *work(void *unused) {
  for (int i = 0; i < 20000; i++) {
    struct three old, new; load(sizeof old, &object, &old, 5);
    do new = (struct three){ old.a + 1, old.b + 2, old.c + 3 }; while (!compare(sizeof old, &object, &old, &new, 5, 5));
    if (old.b != 2 * old.a || old.c != 3 * old.a) puts("torn");
    add(&wide, ((unsigned __int128)1 << 64) + 1, 5);
  }
  return unused; }
int main(void) {
  pthread_t threads[4]; for (int i = 0; i < 4; i++) pthread_create(&threads[i], 0, work, 0);
  for (int i = 0; i < 4; i++) pthread_join(threads[i], 0);
  struct odd x = { "ab" }, y; store(3, &small, &x, 5); exchange(3, &small, &(struct odd){ "xy" }, &y, 5);
  long l = 7, m; store(8, &object.a, &l, 5); load(8, &object.a, &m, 5);
  printf("%ld %ld %ld %s %s %ld %lx %lx\n", object.b, object.c, m, y.c, small.c, l, (long)(wide >> 64), (long)wide); return 0; }
C
check 'atomics' $CC -w atomic.c -o atomic -pthread;             same 'no update is lost' '160000 240000 7 ab xy 7 13880 13880' "$(./atomic)"
# The generic forms on objects of any size and type: kit's runtime beside gcc's library.
cat > objects.c <<'C'
#include <stdio.h>
#include <string.h>
#include <stdatomic.h>
#include <pthread.h>
struct s8 { int a, b; }; struct s3 { char c[3]; }; struct s24 { long a, b, c; }; struct s16 { long a, b; };
static struct s8 g8 = {1,2}; static struct s24 g24 = {1,2,3}; static double gd = 1.5; static long double gl = 2.5L; static struct s3 g3 = {"ab"}; static struct s16 g16 = {5, 6};
static _Atomic struct s24 shared;
static void *work(void *p) { for (int i = 0; i < 20000; i++) { struct s24 old, new; __atomic_load(&g24, &old, __ATOMIC_SEQ_CST); do { new = old; new.a++; new.b += 2; new.c += 3; } while (!__atomic_compare_exchange(&g24, &old, &new, 1, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)); } return p; }
int main(void) {
  struct s8 a, b = {7, 8}, c; __atomic_load(&g8, &a, 5); __atomic_store(&g8, &b, 5); __atomic_exchange(&g8, &a, &c, 5);
  printf("%d %d %d %d %d %d\n", a.a, a.b, c.a, c.b, g8.a, g8.b);
  double d = 9.25, e; __atomic_exchange(&gd, &d, &e, 5); printf("%g %g\n", e, gd); d = 9.25; e = 1; int ok = __atomic_compare_exchange(&gd, &d, &e, 0, 5, 5); printf("%d %g\n", ok, gd);
  struct s3 t = {"xy"}, u; __atomic_exchange(&g3, &t, &u, 5); printf("%s %s\n", u.c, g3.c);
  long double l = 4.5L, m; __atomic_exchange(&gl, &l, &m, 5); printf("%Lg %Lg\n", m, gl);
  struct s16 v, w = {8, 9}; __atomic_load(&g16, &v, 0); __atomic_store(&g16, &w, 3); printf("%ld %ld %ld\n", v.a, v.b, g16.b);
  pthread_t p, q; pthread_create(&p, 0, work, 0); pthread_create(&q, 0, work, 0); pthread_join(p, 0); pthread_join(q, 0); printf("%ld %ld %ld\n", g24.a, g24.b, g24.c);
  struct s24 z = {3, 2, 1}, y; atomic_store(&shared, z); y = atomic_load(&shared); printf("%ld %ld %ld\n", y.a, y.b, y.c);
  __int128 big = 7, old; __atomic_exchange(&big, &(__int128){9}, &old, 5); printf("%d %d\n", (int)big, (int)old);
  return 0;
}
C
if gcc -w objects.c -o theirs -pthread -latomic > last.out 2>&1 && ./theirs > theirs.out; then
  check 'atomic objects: links' $CC -w objects.c -o objects -pthread; ./objects > objects.out; same 'atomic objects: results' "$(cat theirs.out)" "$(cat objects.out)"
else no "gcc refuses objects.c: $(head -c 200 last.out)"; fi
# Plain reads, writes and changes of atomic structures, complex and wide numbers; the forms on integers of 16 bytes.
cat > plain.c <<'C'
#include <stdio.h>
#include <pthread.h>
struct P { int x, y; }; struct Q { char b[3]; }; struct R { long a, b, c; };
_Atomic struct P p; _Atomic struct Q q; _Atomic struct R r; _Atomic long double ld; _Atomic double _Complex dc; _Atomic __int128 i; _Atomic float f; _Atomic _Bool b;
union U { int a; float f; }; _Atomic union U u;

static _Atomic long double sum; static _Atomic double _Complex both; static _Atomic struct R three;
static void *work(void *p) { for (int k = 0; k < 20000; k++) { sum += 1; both += 1.0 + 2.0i; struct R t = three; if (t.a != t.b || t.b != t.c) return "torn"; t.a = t.b = t.c = k; three = t; } return 0; }
int main(void) {
  pthread_t t1, t2; void *e1, *e2; pthread_create(&t1, 0, work, 0); pthread_create(&t2, 0, work, 0); pthread_join(t1, &e1); pthread_join(t2, &e2);
  double _Complex total = both; printf("%Lf %f %f %s\n", sum, __real__ total, __imag__ total, e1 || e2 ? "torn" : "whole");
  struct P t = { 1, 2 }; p = t; struct P s = p; printf("%d %d\n", s.x, s.y);
  struct Q q0 = { "ab" }; q = q0; struct Q q1 = q; printf("%s\n", q1.b);
  r = (struct R){ 7, 8, 9 }; struct R r1; r1 = r; printf("%ld %ld %ld\n", r1.a, r1.b, r1.c);
  ld = 1.5L; ld += 2; ld++; long double l = ld--; printf("%Lf %Lf\n", l, ld);
  dc = 1.0 + 2.0i; dc *= 2; double _Complex d = dc; printf("%f %f\n", __real__ d, __imag__ d);
  i = 5; i += 1; i <<= 70; i++; printf("%lx\n", (long)(i >> 64) + (long)i);
  f = 1; f *= 3; f++; printf("%f\n", f);
  b = 1; b ^= 1; printf("%d\n", b);
  u = (union U){ .a = 5 }; printf("%d\n", ((union U)u).a);
  struct P g = p; printf("%d %zu %zu %zu\n", g.x, sizeof p, sizeof q, _Alignof(q));
  _Atomic struct P local = { 3, 4 }; struct P lc = local; printf("%d\n", lc.y);
  struct P *pp; _Atomic struct P *ap = &p; *ap = lc; s = *ap; printf("%d\n", s.x);
  s = (p = (struct P){5, 6}); printf("%d\n", s.y);
  return 0; }
C
cat > wide-atomic.c <<'C'
#include <stdio.h>
#include <stdatomic.h>
typedef __int128 W;
static void show(const char *s, W v) { printf("%s %lx:%lx\n", s, (long)(v >> 64), (long)v); }
int main(void) {
  static W x; static unsigned __int128 u; W old, e;
  __atomic_store_n(&x, ((W)5 << 64) + 7, 5); show("load", __atomic_load_n(&x, 0));
  show("xchg", __atomic_exchange_n(&x, -1, 4)); show("now", x);
  show("fetch_add", __atomic_fetch_add(&x, 3, 5)); show("add_fetch", __atomic_add_fetch(&x, 3, 5));
  show("fetch_sub", __atomic_fetch_sub(&x, 10, 5)); show("sub", __atomic_sub_fetch(&x, (W)1 << 70, 5));
  show("and", __atomic_and_fetch(&x, ~(W)0 << 3, 5)); show("fand", __atomic_fetch_and(&x, ~(W)0 << 4, 5)); show("or", __atomic_or_fetch(&x, 3, 5)); show("xor", __atomic_fetch_xor(&x, 9, 5)); show("nand", __atomic_nand_fetch(&x, 12, 5));
  e = 1; printf("%d ", __atomic_compare_exchange_n(&x, &e, 2, 0, 5, 0)); show("e", e); printf("%d ", __atomic_compare_exchange_n(&x, &e, 2, 1, 5, 0)); show("x", x);
  show("sync", __sync_fetch_and_add(&u, 2)); show("sync", __sync_add_and_fetch(&u, 2)); show("sv", __sync_val_compare_and_swap(&u, 4, 9)); printf("%d\n", __sync_bool_compare_and_swap(&u, 9, 11)); show("u", u);
  show("lock", __sync_lock_test_and_set(&u, 1)); __sync_lock_release(&u); show("u", u);
  static _Atomic W a; atomic_fetch_add(&a, 5); show("a", atomic_load(&a)); a += 7; a++; show("a", a--); atomic_store(&a, 3); show("a", a); W want = 3; printf("%d\n", atomic_compare_exchange_strong(&a, &want, 8)); show("a", atomic_exchange(&a, 1));
  return 0; }
C
for f in plain wide-atomic; do
  if gcc -w -mcx16 $f.c -o theirs -pthread -latomic > last.out 2>&1 && ./theirs > theirs.out; then
    check "$f atomics: links" $CC -w $f.c -o $f -pthread; ./$f > $f.out; same "$f atomics: results" "$(cat theirs.out)" "$(cat $f.out)"
  else no "gcc refuses $f.c: $(head -c 200 last.out)"; fi
done
if $CC -w atomic.c -o atomic2 -pthread -latomic > last.out 2>&1; then
  readelf -dW atomic2 > last.out; says 'libatomic is taken when it is named' 'libatomic'; same 'and does it' "$(./atomic)" "$(./atomic2)"
fi
# What the processor can do and which one it is: every name, in objects of both compilers with the runtime of either.
features="cmov mmx popcnt sse sse2 sse3 ssse3 sse4.1 sse4.2 avx avx2 sse4a fma4 xop fma avx512f bmi bmi2 aes pclmul avx512vl avx512bw avx512dq
  avx512cd avx512er avx512pf avx512vbmi avx512ifma avx5124vnniw avx5124fmaps avx512vpopcntdq avx512vbmi2 gfni vpclmulqdq avx512vnni avx512bitalg
  avx512bf16 avx512vp2intersect 3dnow 3dnowp adx abm cldemote clflushopt clwb clzero cmpxchg16b cmpxchg8b enqcmd f16c fsgsbase fxsave hle ibt lahf_lm
  lm lwp lzcnt movbe movdir64b movdiri mwaitx osxsave pconfig pku prefetchwt1 prfchw ptwrite rdpid rdrnd rdseed rtm serialize sgx sha shstk tbm
  tsxldtrk vaes waitpkg wbnoinvd xsave xsavec xsaveopt xsaves amx-tile amx-int8 amx-bf16 uintr hreset kl aeskle widekl avxvnni avx512fp16 x86-64
  x86-64-v2 x86-64-v3 x86-64-v4"
makes='intel amd bonnell atom core2 corei7 nehalem westmere sandybridge ivybridge haswell broadwell skylake skylake-avx512 cannonlake icelake-client icelake-server
  cascadelake tigerlake cooperlake sapphirerapids alderlake rocketlake silvermont slm goldmont goldmont-plus tremont knl knm amdfam10h barcelona amdfam15h bdver3
  bdver4 btver2 amdfam17h znver1 znver2 amdfam19h znver3'
{ printf '#include <stdio.h>\nstatic int early; static __attribute__((constructor)) void start(void) { early = !!__builtin_cpu_supports("sse2"); }\n'
  printf 'int main(void) { __builtin_cpu_init(); printf("early %%d\\n", early);\n'
  for f in $features; do printf 'printf("%s %%d\\n", !!__builtin_cpu_supports("%s"));\n' $f $f; done
  for m in $makes; do printf 'printf("is %s %%d\\n", __builtin_cpu_is("%s"));\n' $m $m; done; echo 'return 0; }'; } > processor.c
gcc processor.c -o theirs && ./theirs > wanted; same 'gcc answers' "$(grep -c 'printf("' processor.c)" "$(wc -l < wanted)"
check 'the processor' $CC processor.c -o ours;                 equal 'the processor: as gcc' ./ours
check 'the processor: object' $CC -c processor.c;              check 'by gcc' gcc processor.o -o mixed; equal "with gcc's runtime" ./mixed
check 'the processor: gcc' gcc -c processor.c -o theirs.o;     check 'by kit' $CC theirs.o -o mixed; equal "gcc's object" ./mixed
check 'the processor: library' $CC -shared -fPIC processor.c -o lib.so; same 'hides its words' 0 "$(nm -D lib.so | grep -c '__cpu_')"
refuses 'no feature' 'parameter to builtin not valid' <<< 'int f(void) { return __builtin_cpu_supports("sse9"); }'
refuses 'no literal' 'must be a string constant' <<< 'int f(const char *p) { return __builtin_cpu_is(p); }'
finish
