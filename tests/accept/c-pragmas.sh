# Pragmas and the questions that the preprocessor answers: each small program says what gcc's says.
. "$ROOT/tests/accept/common.sh"; need_cc
agree 'pack' <<'C'
#include <stdio.h>
#pragma pack(push, 1)
struct a { char c; int i; double d; };
#pragma pack(2)
struct b { char c; int i; double d; };
#pragma pack(pop)
struct c { char c; int i; double d; };
#pragma pack(push, name, 4)
#pragma pack(push, 1)
#pragma pack(pop, name)
struct d { char c; double d; int b : 3; };
#pragma pack()
struct e { char c; short s; };
int main(void) { printf("%zu %zu %zu %zu %zu\n", sizeof(struct a), sizeof(struct b), sizeof(struct c), sizeof(struct d), sizeof(struct e)); return 0; }
C
agree 'pack by _Pragma in a macro' <<'C'
#include <stdio.h>
#define PACKED(n) _Pragma("pack(push, 1)") struct n { char c; long l; }; _Pragma("pack(pop)")
PACKED(a) struct b { char c; long l; };
int main(void) { printf("%zu %zu\n", sizeof(struct a), sizeof(struct b)); return 0; }
C
agree 'push_macro and pop_macro' <<'C'
#include <stdio.h>
#define X 1
#pragma push_macro("X")
#undef X
#define X 2
enum { A = X };
#pragma pop_macro("X")
enum { B = X };
#pragma push_macro("Y")
#define Y 5
#pragma pop_macro("Y")
#ifdef Y
enum { C = 1 };
#else
enum { C = 0 };
#endif
int main(void) { printf("%d %d %d\n", A, B, C); return 0; }
C
printf '#pragma once\nstatic int counted = 1;\n' > once.h; mkdir -p sub; cp once.h sub/guard.h
agree 'once' -I. <<'C'
#include "once.h"
#include "./once.h"
int main(void) { return counted; }
C
agree 'weak' <<'C'
#include <stdio.h>
#pragma weak nosuch
extern int nosuch(void);
int real(void) { return 6; }
#pragma weak other = real
extern int other(void);
int main(void) { printf("%d %d\n", nosuch == 0, other()); return 0; }
C
agree 'redefine_extname' <<'C'
#pragma redefine_extname my_abs abs
extern int my_abs(int);
int main(void) { return my_abs(-5); }
C
agree 'GCC visibility' -fPIC <<'C'
#pragma GCC visibility push(hidden)
int a(void) { return 3; }
#pragma GCC visibility pop
int b(void) { return a() + 1; }
int main(void) { return b(); }
C
agree 'GCC diagnostic, poison, system_header, message' <<'C'
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
#pragma GCC diagnostic pop
#pragma GCC optimize ("O2")
#pragma GCC poison nosuchname
#pragma STDC FP_CONTRACT OFF
#pragma unknown thing
int main(void) { return 4; }
C
cat > p.c <<'C'
#pragma GCC poison gets
int gets;
C
fails 'poisoned names' $CC -c p.c; says 'poison named' 'poisoned'
echo '#pragma GCC error "stop here"' > e.c; fails 'pragma GCC error' $CC -c e.c; says 'its text' 'stop here'
printf '#pragma message("look")\nint main(void) { return 0; }\n' > m.c; check 'pragma message' $CC -c m.c; says 'its text' 'look'
refuses 'scalar_storage_order' 'scalar_storage_order' <<'C'
#pragma scalar_storage_order big-endian
struct s { int i; };
C
agree '__has_include, __has_attribute, __has_builtin' <<'C'
#include <stdio.h>
#if __has_include(<stdio.h>) && !__has_include("nosuch.h") && defined __has_include_next
#define A 1
#endif
#if __has_attribute(packed) && __has_attribute(__aligned__) && !__has_attribute(nosuch)
#define B 1
#endif
#if __has_builtin(__builtin_memcpy) && __has_builtin(__sync_fetch_and_add) && !__has_builtin(nosuch)
#define C 1
#endif
int main(void) { return A + B * 2 + C * 4; }
C
agree '__has_c_attribute' -std=gnu2x <<'C'
#include <stdio.h>
int main(void) { printf("%d %d %d %d %d\n", __has_c_attribute(deprecated) != 0, __has_c_attribute(nodiscard) != 0, __has_c_attribute(fallthrough) != 0, __has_c_attribute(gnu::packed) != 0, __has_c_attribute(nosuch)); return 0; }
C
agree '_Pragma from stringized text, __COUNTER__' <<'C'
#include <stdio.h>
#define P(x) _Pragma(#x)
P(pack(push, 1)) struct a { char c; int i; }; P(pack(pop))
int main(void) { int a = __COUNTER__, b = __COUNTER__; printf("%zu %d\n", sizeof(struct a), b - a); return 0; }
C
# What a warning about a macro's text is judged by: the pragmas where it is used.
cat > used.c <<'C'
#define VAR int v = 0;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-variable"
void f(void) { VAR }
#pragma GCC diagnostic pop
void g(void) { VAR }
int F(int) __attribute__((deprecated));
#define F(x) F((int)(x))
int h(void) {
_Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wdeprecated-declarations\"")
int r = F(3);
_Pragma("GCC diagnostic pop")
return r + F(2); }
#pragma GCC diagnostic ignored "-Wunused-variable"
#define V2 int w = 0;
#pragma GCC diagnostic warning "-Wunused-variable"
void k(void) { V2 }
#pragma GCC diagnostic ignored "-Wunused-variable"
void k2(void) { V2 }
C
places() { "$@" -Wall -c used.c -o used.o 2>&1 | grep -o '\[-W[^]]*\]' | sort | tr '\n' ' '; }
same 'diagnostic pragmas count where a macro is used' "$(places gcc)" "$(places $CC)"
finish
