# Warnings: each speaks when asked and where it should, is silent when not asked, becomes an error by -Werror=, is quiet under
# a pragma, and says nothing of a clean twin. Then groups, colours, carets, mends.
. "$ROOT/tests/accept/common.sh"; need_cc
# w NAME LINE BAD CLEAN: five checks in one; BAD has its fault in LINE.
w() {
  local name=$1 line=$2 n=${1%%=*} problem=
  printf '%b' "$3" > bad.c; printf '%b' "$4" > clean.c
  { echo "#pragma GCC diagnostic push"; echo "#pragma GCC diagnostic ignored \"-W$n\""; cat bad.c; echo "#pragma GCC diagnostic pop"; } > quiet.c
  $CC -c -o w.o "-W$name" bad.c 2> said; grep -qE "^bad.c:$line:([0-9]+:)? warning: .*\[-W$n=?\]" said || problem="not said: $(head -c 200 said)"
  $CC -c -o w.o -Wall -Wextra "-Wno-$n" bad.c 2> said; grep -q "\[-W$n=*\]" said && problem="said although off"
  $CC -c -o w.o "-Werror=$name" bad.c 2> said && problem="-Werror=$n is no error"; grep -qE "error: .*\[-Werror=$n=?\]" said || problem="no [-Werror=$n]"
  $CC -c -o w.o -Wall -Wextra "-W$name" "-Wno-error=$n" -Werror -Wno-error bad.c 2> said || problem="-Wno-error=$n"
  $CC -c -o w.o "-W$name" quiet.c 2> said; grep -q "\[-W$n=*\]" said && problem="said in spite of the pragma"
  $CC -c -o w.o -Wall -Wextra "-W$name" clean.c 2> said; [ -s said ] && problem="clean twin: $(head -c 200 said)"
  if [ -z "$problem" ]; then ok; else no "-W$name: $problem"; fi
}
P='int printf(const char *, ...);\nint scanf(const char *, ...);\n'
w unused-variable 1 'int f(void) { int x; return 0; }\n' 'int f(void) { int x = 0; return x; }\n'
w unused-but-set-variable 1 'int f(int a) { int x; x = a; return a; }\n' 'int f(int a) { int x; x = a; return x; }\n'
w unused-parameter 1 'int f(int a, int b) { return a; }\n' 'int f(int a, int b) { (void)b; return a; }\n'
w unused-function 1 'static int f(void) { return 0; }\n' 'static int f(void) { return 0; }\nint g(void) { return f(); }\n'
w unused-label 1 'int f(int a) { again: return a; }\n' 'int f(int a) { again: if (a++ < 3) goto again; return a; }\n'
w unused-value 2 'void f(int a)\n{ a + 1; }\n' 'void f(int a)\n{ (void)(a + 1); a++; }\n'
w unused-local-typedefs 1 'int f(void) { typedef int t; return 0; }\n' 'int f(void) { typedef int t; t x = 0; return x; }\n'
w unused-const-variable 1 'static const int x = 1;\n' 'const int x = 1;\n'
w return-type 1 'int f(int a) { if (a) return 1; }\n' 'int f(int a) { for (;;) if (a) return 1; }\nint g(int a) { switch (a) { default: return 2; } }\n'
w uninitialized 1 'int f(void) { int x; return x; }\n' 'int f(int a) { int x; if (a) x = 1; else x = 2; return x; }\n'
w maybe-uninitialized 1 'int f(int a) { int x; if (a) return x; return 0; }\n' 'int f(int a) { int x; while (a--) x = a; return a ? x : 0; }\n'
w parentheses 1 'int f(int a, int b) { if (a = b) return 1; return 0; }\n' 'int f(int a, int b) { if ((a = b)) return 1; return a && (b || !a); }\n'
w parentheses 1 'int f(int a, int b, int c) { return a && b || c; }\n' 'int f(int a, int b, int c) { return (a && b) || c; }\n'
w parentheses 1 'int f(int a, int b, int c) { return a < b < c; }\n' 'int f(int a, int b, int c) { return a < b && b < c; }\n'
w dangling-else 1 'int f(int a) { if (a) if (a > 1) return 1; else return 2; return 3; }\n' 'int f(int a) { if (a) { if (a > 1) return 1; else return 2; } return 3; }\n'
w switch 2 'enum e { A, B };\nint f(enum e x) { switch (x) { case A: return 1; } return 0; }\n' 'enum e { A, B };\nint f(enum e x) { switch (x) { case A: return 1; case B: break; } return 0; }\n'
w switch-enum 2 'enum e { A, B };\nint f(enum e x) { switch (x) { case A: return 1; default: return 2; } }\n' 'enum e { A, B };\nint f(enum e x) { switch (x) { case A: return 1; case B: default: return 2; } }\n'
w switch-default 1 'int f(int x) { switch (x) { case 1: return 1; } return 0; }\n' 'int f(int x) { switch (x) { case 1: return 1; default: break; } return 0; }\n'
w switch-unreachable 1 'int f(int x) { switch (x) { x = 2; case 1: return x; } return 0; }\n' 'int f(int x) { switch (x) { int y; case 1: y = x; return y; } return 0; }\n'
w implicit-fallthrough 3 'int f(int x) {\n switch (x) { case 1:\n x++;\n case 2: return x; } return 0; }\n' 'int f(int x) { switch (x) { case 1: x++; /* fall through */\n case 2: x--; __attribute__((fallthrough)); case 3: return x; } return 0; }\n'
w sign-compare 1 'int f(int a, unsigned b) { return a < b; }\n' 'int f(int a, unsigned b, unsigned char c) { return a < c || b > 3 || (unsigned)a < b; }\n'
w type-limits 1 'int f(unsigned a) { return a < 0; }\n' 'int f(unsigned a) { return a > 0; }\n'
w char-subscripts 1 'int f(int *a, char c) { return a[c]; }\n' 'int f(int *a, unsigned char c) { return a[c]; }\n'
w address 2 'int g(void);\nint f(void) { if (g) return 1; return 0; }\n' 'int g(void);\nint f(int *p) { if (p && g()) return 1; return 0; }\n'
w bool-compare 1 'int f(int a, int b) { return (a < b) == 2; }\n' 'int f(int a, int b) { return (a < b) == 1; }\n'
w bool-operation 1 'int f(int a, int b) { return ~(a < b); }\n' 'int f(int a, int b) { return !(a < b); }\n'
w tautological-compare 1 'int f(int a) { return a == a; }\n' 'int f(int a, int b) { return a == b; }\n'
w logical-not-parentheses 1 'int f(int a, int b) { return !a == b; }\n' 'int f(int a, int b) { return !(a == b) + ((!a) == b); }\n'
w int-in-bool-context 1 'int f(int a) { return a << 1 ? 1 : 2; }\n' 'int f(int a) { return (a << 1) != 0 ? 1 : 2; }\n'
w empty-body 1 'void f(int a) { if (a); }\n' 'void f(int a) { if (a) {} while (a--); }\n'
w misleading-indentation 3 'int g(void);\nvoid f(int a) {\n  if (a)\n    g();\n    g();\n}\n' 'int g(void);\nvoid f(int a) {\n  if (a)\n    g();\n  g();\n}\n'
w missing-field-initializers 2 'struct s { int a, b; };\nstruct s x = { 1 };\n' 'struct s { int a, b; };\nstruct s x = { 0 }, y = { .a = 1 }, z = { 1, 2 };\n'
w override-init 1 'int a[2] = { [0] = 1, [0] = 2 };\n' 'int a[2] = { [1] = 1, [0] = 2 };\n'
w shadow 1 'int f(int a) { { int a = 1; return a; } }\n' 'int f(int a) { { int b = 1; return a + b; } }\n'
w missing-prototypes 1 'int f(void) { return 0; }\n' 'int f(void);\nint f(void) { return 0; }\n'
w missing-declarations 1 'int f(void) { return 0; }\n' 'int f(void);\nint f(void) { return 0; }\n'
w strict-prototypes 1 'int f();\n' 'int f(void);\n'
w old-style-definition 1 'int f(a) int a; { return a; }\n' 'int f(int a) { return a; }\n'
w old-style-declaration 1 'int static x; int *y = &x;\n' 'static int x; int *y = &x;\n'
w declaration-after-statement 1 'int f(int a) { a++; int b = a; return b; }\n' 'int f(int a) { int b = a; a++; return b; }\n'
w vla 1 'int f(int n) { int a[n]; a[0] = n; return a[0]; }\n' 'int f(int n) { int a[3]; a[0] = n; return a[0]; }\n'
w conversion 1 'char f(int a) { return a; }\n' 'char f(int a) { return (char)a; }\nlong g(int a) { return a; }\n'
w sign-conversion 1 'unsigned f(int a) { return a; }\n' 'unsigned f(int a) { return (unsigned)a; }\n'
w float-conversion 1 'int f(double d) { return d; }\n' 'int f(double d) { return (int)d; }\n'
w cast-qual 1 'char *f(const char *p) { return (char *)p; }\n' 'const char *f(char *p) { return (const char *)p; }\n'
w cast-function-type 2 'int g(int);\nvoid *f(void) { return (void *)(int (*)(double))g; }\n' 'int g(int);\nint (*f(void))(unsigned) { return (int (*)(unsigned))g; }\n'
w pointer-arith 1 'void *f(void *p) { return p + 1; }\n' 'char *f(char *p) { return p + 1; }\n'
w redundant-decls 2 'int f(void);\nint f(void);\n' 'int f(void);\nint f(void) { return 1; }\n'
w nested-externs 1 'int f(void) { extern int x; return x; }\n' 'extern int x;\nint f(void) { return x; }\n'
w float-equal 1 'int f(double a) { return a == 1.5; }\n' 'int f(double a) { return a < 1.5; }\n'
w duplicated-cond 1 'int f(int a) { if (a) return 1; else if (a) return 2; return 3; }\n' 'int f(int a) { if (a) return 1; else if (!a) return 2; return 3; }\n'
w undef 1 '#if FOO\n#endif\nint x;\n' '#if defined FOO && FOO\n#endif\nint x;\n'
w comment 1 '/* a /* b */ int x;\n' '/* a / * b */ int x;\n'
w unknown-pragmas 1 '#pragma whatever\nint x;\n' '#pragma pack(1)\n#pragma pack()\nint x;\n'
w sequence-point 1 'int f(int i) { i = i++; return i; }\n' 'int f(int i, int *a) { i = i + 1; a[i] = i; return i++ && i; }\n'
w ignored-qualifiers 1 'const int f(void);\n' 'const int *f(void);\n'
w overflow 1 'signed char c = 300;\n' 'unsigned char c = 255;\n'
w div-by-zero 1 'int f(int a) { return a / 0; }\n' 'int f(int a) { return a / 1; }\n'
w shift-count-overflow 1 'int f(int a) { return a << 40; }\n' 'long f(long a) { return a << 40; }\n'
w shift-overflow 1 'int a = 0x7fffffff << 2;\nint f(void) { return 3 << 31; }\n' 'int a = 1 << 31; unsigned b = 3u << 31; int c = sizeof(3 << 31); long d = 3L << 31;\n'
w return-local-addr 1 'int *f(void) { int x; return &x; }\n' 'int *f(void) { static int x; return &x; }\n'
w sizeof-pointer-memaccess 2 'void *memset(void *, int, unsigned long);\nvoid f(int *p) { memset(p, 0, sizeof p); }\n' 'void *memset(void *, int, unsigned long);\nvoid f(int *p) { memset(p, 0, sizeof *p); }\n'
w memset-transposed-args 2 'void *memset(void *, int, unsigned long);\nvoid f(char *p) { memset(p, 10, 0); }\n' 'void *memset(void *, int, unsigned long);\nvoid f(char *p) { memset(p, 0, 10); }\n'
w sizeof-pointer-div 1 'unsigned long f(int *p) { return sizeof p / sizeof *p; }\n' 'int a[3]; unsigned long f(void) { return sizeof a / sizeof *a; }\n'
w sizeof-array-argument 1 'unsigned long f(int p[4]) { return sizeof p; }\n' 'unsigned long f(int *p) { return sizeof p; }\n'
w absolute-value 2 'int abs(int);\nint f(double d) { return abs(d); }\n' 'int abs(int);\nint f(int d) { return abs(d); }\n'
w nonnull 1 'void g(int *) __attribute__((nonnull)); void f(void) { g(0); }\n' 'void g(int *) __attribute__((nonnull)); void f(int *p) { g(p); }\n'
w format 3 "${P}void f(void) { printf(\"%d\\\\n\", \"x\"); }\n" "${P}void f(long l, char *s) { printf(\"%ld %s %5.2f %c %%\\\\n\", l, s, 1.0f, 'c'); }\n"
w format 3 "${P}void f(int x) { scanf(\"%d\", x); }\n" "${P}void f(int x, char *s) { scanf(\"%d %20s %*d\", &x, s); }\n"
w format 3 "${P}void f(void) { printf(\"%d %d\", 1); }\n" "${P}void f(void) { printf(\"%d %*d\", 1, 2, 3); }\n"
w format 1 'void say(int, const char *, ...) __attribute__((format(printf, 2, 3))); void f(void) { say(1, "%s", 2); }\n' 'void say(int, const char *, ...) __attribute__((format(printf, 2, 3))); void f(void) { say(1, "%s", "2"); }\n'
printf '%b' "${P}void f(void) { printf(\"%%d\", 1, 2); }\n" > extra.c
$CC -fsyntax-only -Wformat extra.c 2> said; cp said last.out; says 'format-extra-args' '^extra.c:3:[0-9]+: warning: too many arguments for format \[-Wformat-extra-args\]'
$CC -fsyntax-only -Wall -Wno-format-extra-args extra.c 2> said; same 'no format-extra-args' '' "$(cat said)"
printf '%b' "${P}void f(const char *s) { printf(s); }\n" > sec.c
$CC -fsyntax-only -Wall -Wextra sec.c 2> said; same 'format-security is off in -Wall' '' "$(cat said)"
$CC -fsyntax-only -Wformat -Wformat-security sec.c 2> said; cp said last.out; says 'format-security' '^sec.c:3:[0-9]+: warning: format not a string literal and no format arguments \[-Wformat-security\]'
# Groups, order, errors.
printf 'int f(int a) { int x; return 0; }\n' > u.c
$CC -fsyntax-only u.c 2> said; same 'silent by default' '' "$(cat said)"
$CC -fsyntax-only -Wno-unused-variable -Wall u.c 2> said; same 'a name outweighs a group' '' "$(cat said)"
$CC -fsyntax-only -w -Wall -Wextra u.c 2> said; same '-w' '' "$(cat said)"
fails '-Werror' $CC -fsyntax-only -Wall -Werror u.c; says '-Werror' 'error: unused variable ‘x’ \[-Werror=unused-variable\]'
check '-Werror -Wno-error=' $CC -fsyntax-only -Wall -Werror -Wno-error=unused-variable u.c; says '-Wno-error=' 'warning: unused variable'
check 'unused needs extra for parameters' $CC -fsyntax-only -Wunused u.c; same 'no parameter' 0 "$(grep -c parameter last.out)"
fails 'an unknown name' $CC -Werror -fsyntax-only -Wunused-varible u.c; says 'did you mean' 'did you mean ‘-Wunused-variable’'
check '--help=warnings' $CC --help=warnings; says 'lists' '-Wunused-variable +\[(en|dis)abled\]'
# A header of the system is none of the user's; a pragma counts from where it stands on.
mkdir -p sys; printf 'static int h(int a) { int x; return a == a; }\n' > sys/s.h; printf '#include <s.h>\nint g(void) { return h(1); }\n' > s.c
$CC -fsyntax-only -isystem sys -Wall -Wextra s.c 2> said; same 'system headers' '' "$(cat said)"
printf '#pragma GCC diagnostic error "-Wunused-variable"\nint f(void) { int x; return 0; }\n' > e.c
fails 'pragma error' $CC -fsyntax-only e.c; printf '#pragma GCC diagnostic warning "-Wunused-variable"\nint f(void) { int x; return 0; }\n' > e.c
check 'pragma warning' $CC -fsyntax-only e.c; says 'pragma warning' 'warning: unused variable'
# How it looks.
printf 'int f(void)\n{\n  return cuont;\n}\nint g(int count) { return cuont; }\n' > c.c
fails 'colour' $CC -fsyntax-only -fdiagnostics-color=always c.c; says 'colour' $'\e\\[01;31m|\e\\[1;31m'
fails 'no colour' $CC -fsyntax-only -fdiagnostics-color=never c.c; same 'no colour' 0 "$(grep -c $'\e' last.out)"
fails 'no caret' $CC -fsyntax-only -fno-diagnostics-show-caret c.c; same 'no caret' 0 "$(grep -c '^ ' last.out)"
fails 'parseable' $CC -fsyntax-only -fdiagnostics-parseable-fixits c.c; says 'parseable' '^fix-it:"c.c":\{5:27-5:32\}:"count"'
printf 'int f(void) { return a + b; }\nint g(void) { return c; }\n' > m.c; fails '-fmax-errors' $CC -fsyntax-only -fmax-errors=1 m.c; same '-fmax-errors' 1 "$(grep -c ' error: ' last.out)"
$CC -fsyntax-only -Wall -fdiagnostics-format=json u.c 2> said; check 'json' python3 -c 'import json; rows = json.load(open("said")); assert rows[0]["option"] == "-Wunused-variable", rows'
fails 'another format' $CC -fsyntax-only -fdiagnostics-format=xml u.c; says 'refused clearly' 'diagnostics-format'
rm -f u.o; check '-fsyntax-only writes nothing' $CC -fsyntax-only u.c -o u.o; [ ! -f u.o ] || no '-fsyntax-only wrote'
printf 'int f(int a, int b)\n{\n  return a + undefined_thing * b;\n}\n' > r.c; fails 'underline' $CC -fsyntax-only r.c; says 'underline' '\^~~~~~~~~~~~~~~'
printf 'struct s { int count; };\nint f(struct s *p) { return p->cuont; }\n' > d.c; fails 'member' $CC -fsyntax-only d.c; says 'member' 'did you mean ‘count’'
printf '#inlcude <stdio.h>\nint x;\n' > i.c; fails 'directive' $CC -fsyntax-only i.c; says 'directive' 'did you mean #include'
fails 'option' $CC -fsyntax-onyl u.c; says 'option' 'did you mean ‘-fsyntax-only’'
# What never returns ends a case.
printf '#include <assert.h>\nint f(int x) { switch (x) { case 1: assert(!"no"); case 2: return 3; } return 0; }\n' > case.c
same 'assert(!"text") does not fall through' '' "$($CC -Wall -Wextra -c case.c -o case.o 2>&1)"
finish
