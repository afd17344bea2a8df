# Attributes: their effect is gcc's, and one that is unknown is warned about.
. "$ROOT/tests/accept/common.sh"; need_cc
agree 'packed' <<'C'
#include <stdio.h>
struct a { char c; int i; short s; } __attribute__((packed)); struct b { char c; int i __attribute__((packed)); short s; }; struct __attribute__((__packed__)) c { char c; struct { int x; } in; int f : 5; }; enum __attribute__((packed)) e { X };
int main(void) { struct a v[2] = { { 1, 2, 3 }, { 4, 5, 6 } }; int *p = &v[1].i; printf("%zu %zu %zu %zu %d\n", sizeof(struct a), sizeof(struct b), sizeof(struct c), sizeof(enum e), *p); return 0; }
C
agree 'aligned: types, members, variables' <<'C'
#include <stdio.h>
typedef int a16 __attribute__((aligned(16))); struct s { char c; int i __attribute__((aligned(8))); } __attribute__((aligned(32))); static char big[3] __attribute__((aligned(64))); typedef char biggest[3] __attribute__((aligned)); struct t { char c; a16 x; }; typedef int a2 __attribute__((aligned(2)));
struct u { char c; a2 x; };
int main(void) { char l __attribute__((aligned(32))) = 1; struct s v; printf("%zu %zu %zu %zu %zu %zu %zu %d %d %d\n", sizeof(struct s), _Alignof(struct s), _Alignof(a16), sizeof(struct t), sizeof(biggest), _Alignof(biggest), sizeof(struct u), (int)((long)big % 64), (int)((long)&l % 32), (int)((long)&v % 32)); return 0; }
C
agree '_Alignas and functions aligned' <<'C'
#include <stdio.h>
_Alignas(128) int g; struct s { _Alignas(double) char c; _Alignas(16) char d; }; __attribute__((aligned(64))) int f(void) { return 2; }
int main(void) { printf("%d %zu %d\n", (int)((long)&g % 128), sizeof(struct s), (int)((long)f % 64)); return 0; }
C
cat > sec.c <<'C'
int a __attribute__((section(".mydata"))) = 5; __attribute__((section(".mytext"))) int f(void) { return a; } static int u __attribute__((used, section(".kept"))) = 3; const int ro __attribute__((section(".myro"))) = 4;
int main(void) { return f(); }
C
check 'section compiles' $CC -c sec.c -o sec.o; for s in .mydata .mytext .kept .myro; do check "section $s" sh -c "readelf -SW sec.o | grep -q ' \\$s '"; done; check 'section links' $CC sec.o -o sec; sh -c ./sec; same 'section runs' 5 $?
cat > vis.c <<'C'
__attribute__((visibility("hidden"))) int h(void) { return 1; } __attribute__((visibility("protected"))) int p; __attribute__((visibility("default"))) int d(void) { return h() + p; } __attribute__((weak)) int w(void) { return 2; } int s(void) { return 3; } int al(void) __attribute__((alias("s"))); extern int wa(void) __attribute__((weak, alias("s"))); static int loc(void) __attribute__((used)); static int loc(void) { return 4; } int un(void) __attribute__((weak)); int call(void) { return un ? un() : 0; }
C
check 'symbols compile' $CC -fPIC -c vis.c -o ours.o; check 'by gcc' gcc -fPIC -c vis.c -o theirs.o
tab() { readelf -sW $1 | awk '$4 ~ /FUNC|OBJECT|NOTYPE/ && $8 != "" { print $8, $4, $5, $6, ($7 == "UND") }' | sort; }
for n in h p d w s al wa loc un; do same "symbol $n" "$(tab theirs.o | grep "^$n ")" "$(tab ours.o | grep "^$n ")"; done
agree 'constructor and destructor, priorities' <<'C'
#include <stdio.h>
static int n; __attribute__((constructor(201))) static void b(void) { n = n * 10 + 2; } __attribute__((constructor(200))) static void a(void) { n = n * 10 + 1; } __attribute__((constructor)) static void c(void) { n = n * 10 + 3; } __attribute__((destructor)) static void z(void) { puts("bye"); }
int main(void) { printf("%d\n", n); return 0; }
C
agree 'cleanup' <<'C'
#include <stdio.h>
static void say(int *p) { printf("end %d\n", *p); } static int f(int n) { int a __attribute__((cleanup(say))) = 1; for (int i = 0; i < n; i++) { int b __attribute__((__cleanup__(say))) = 10 + i; if (i == 1) return a + b; if (i == 0) continue; } return 0; }
int main(void) { printf("%d\n", f(5)); return 0; }
C
agree 'weak references and weakref' <<'C'
#include <stdio.h>
extern int missing(void) __attribute__((weak)); extern int gone __attribute__((weak)); static int wr(void) __attribute__((weakref("also_missing")));
int main(void) { printf("%d %d %d\n", missing == 0, &gone == 0, wr == 0); return 0; }
C
agree 'noreturn' <<'C'
#include <stdlib.h>
__attribute__((noreturn)) static void die(int n) { exit(n); } _Noreturn void die2(void); static int f(int n) { if (n) die(7); return 1; } int main(void) { return f(1); }
C
agree 'always_inline, noinline, flatten, hot, cold, pure, const, malloc, leaf, nothrow, artificial' <<'C'
static inline __attribute__((always_inline)) int a(int x) { return x + 1; } __attribute__((noinline, noclone, hot)) static int b(int x) { return a(x); } __attribute__((cold, pure, leaf)) static int c(int x) { return x * 2; } __attribute__((const, nothrow, flatten)) static int d(int x) { return b(x); } extern void *m(int) __attribute__((malloc, alloc_size(1), returns_nonnull, nonnull)); __attribute__((noipa)) static int e(void) { return 5; }
int main(void) { return d(3) + c(4) + e(); }
C
agree 'gnu_inline and extern inline' <<'C'
extern inline __attribute__((gnu_inline)) int f(int x) { return x + 100; } int f(int x) { return x + 1; } inline int g(int x) { return x; } extern inline int g(int); static inline int h(void) { return 1; }
int main(void) { return (*&f)(2) * 0 + g(3) + h(); }
C
agree 'format, sentinel, nonnull, unused, deprecated are taken' <<'C'
extern int say(const char *, ...) __attribute__((format(printf, 1, 2))); extern void list(char *, ...) __attribute__((sentinel)); static int old(void) __attribute__((deprecated("use new"), unused)); static int old(void) { return 2; } int f(int a __attribute__((unused)), int b) { return b; } struct s { int x __attribute__((deprecated)); }; __attribute__((warn_unused_result)) int r(void) { return 1; }
int main(void) { int u __attribute__((__unused__)); lab: __attribute__((unused)); return f(1, 2) + old() + r(); }
C
agree 'fallthrough' <<'C'
int main(int c, char **v) { int t = 0; switch (c) { case 1: t++; __attribute__((fallthrough)); case 2: t += 2; } return t; }
C
agree 'mode' <<'C'
#include <stdio.h>
int main(void) { typedef int a __attribute__((mode(DI))); unsigned b __attribute__((mode(QI))) = 300; int c __attribute__((mode(TI))); printf("%zu %d %zu\n", sizeof(a), b, sizeof c); return 0; }
C
agree 'may_alias, vector_size' <<'C'
typedef int v4 __attribute__((vector_size(16), may_alias)); typedef short __attribute__((may_alias)) alias; int main(void) { int x[4] = { 1, 2, 3, 4 }; v4 v = *(v4 *)x; alias *p = (alias *)x; return v[2] + p[2]; }
C
agree 'transparent_union' <<'C'
typedef union { int *i; const char *s; long *l; } any __attribute__((transparent_union)); static int f(any a) { return a.i != 0; } int main(void) { int x; return f(&x) + f("s") * 2 + f(0) * 4; }
C
agree 'attributes in type names and casts' <<'C'
#include <stdio.h>
int main(void) { char b[16] = { 1, 2, 3, 4, 5, 6, 7, 8 }; printf("%zu %d %zu\n", sizeof(int __attribute__((aligned(16)))), *(int __attribute__((aligned(1))) *)(b + 1), _Alignof(int __attribute__((aligned(32))))); return 0; }
C
agree 'ifunc' <<'C'
#include <stdio.h>
static int two(void) { return 2; } static int (*pick(void))(void) { return two; } int chosen(void) __attribute__((ifunc("pick"))); static int here(void) __attribute__((ifunc("pick"))); int (*p)(void) = chosen;
int main(void) { printf("%d %d %d\n", chosen(), here(), p()); return 0; }
C
refuses 'scalar_storage_order of the other order' 'scalar_storage_order' <<'C'
struct __attribute__((scalar_storage_order("big-endian"))) s { int i; };
C
refuses 'ms_struct' 'ms_struct' <<'C'
struct __attribute__((ms_struct)) a { char c : 3; int i : 5; };
C
agree 'standard attributes' -std=gnu2x <<'C'
[[nodiscard]] int f(void); [[deprecated("old")]] static int g([[maybe_unused]] int a) { return 1; } int f(void) { return 2; } struct [[deprecated]] s { [[maybe_unused]] int x; }; enum e { A [[deprecated]], B = 5 }; [[noreturn]] void h(void); [[gnu::aligned(64)]] int v; [[gnu::packed, nosuch::thing]] extern int w; struct [[gnu::packed]] q { char c; int i; };
int main(void) { int t = 0; [[maybe_unused]] int k; switch (f()) { case 2: t = 3; [[fallthrough]]; case 3: t++; } return t + B + g(1) + sizeof(struct q) + (int)((long)&v % 64); }
C
agree 'copies of attributes: returns_twice, noplt, visibility of types, tls_model, externally_visible, nonstring' <<'C'
__attribute__((returns_twice)) int tw(void); extern int np(void) __attribute__((noplt)); static __thread int t __attribute__((tls_model("initial-exec"))) = 4; __attribute__((externally_visible)) int ev(void) { return 1; } char ns[3] __attribute__((nonstring)) = "abc"; struct __attribute__((visibility("default"))) s { int x; }; __attribute__((no_instrument_function, no_sanitize("address"), optimize("O2"), target("sse2"))) int o(void) { return 2; }
int main(void) { return t + ev() + ns[2] + o(); }
C
echo 'int x __attribute__((nosuch_thing)); int f(void) __attribute__((__another(1, "a"))); int main(void) { return 0; }' > unk.c
check 'unknown attributes' $CC -c unk.c; says 'a warning names it' 'nosuch_thing'; says 'and the other' 'another'
echo 'int x __attribute__((visibility("odd")));' > odd.c; fails 'odd visibility' $CC -c odd.c; says 'what it must be' 'visibility'
echo 'int f(void) __attribute__((alias("nowhere")));' > na.c; fails 'alias of nothing' $CC -c na.c; says 'what is missing' 'nowhere'
finish
