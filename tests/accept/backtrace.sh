# __builtin_return_address and __builtin_frame_address as gcc; __kit_backtrace and what prints it, in every kind of program.
. "$ROOT/tests/accept/common.sh"; need_cc; need rt; need symbolize
for o in -O0 -O1 -O2 '-O2 -fomit-frame-pointer' '-O1 -fPIC'; do agree "addresses of frames $o" $o -fno-omit-frame-pointer -fno-optimize-sibling-calls <<'C'
#include <stdio.h>
#include <signal.h>
#include <string.h>
#define NI __attribute__((noinline, noclone))
static void *ra[8], *fa[8]; static int ok;
NI void deep(int k) { ra[0] = __builtin_return_address(0); ra[1] = __builtin_return_address(1); ra[2] = __builtin_return_address(2); ra[3] = __builtin_return_address(3);
  fa[0] = __builtin_frame_address(0); fa[1] = __builtin_frame_address(1); fa[2] = __builtin_frame_address(2); fa[3] = __builtin_frame_address(3);
  ok = ((void **)fa[0])[1] == ra[0] && ((void **)fa[0])[0] == fa[1] && ((void **)fa[2])[1] == ra[2]; __asm__ volatile("" ::: "memory"); }
NI int m3(int k) { deep(k); __asm__ volatile(""); return k + 1; }
NI int m2(int k) { char *p = __builtin_alloca(k * 16); memset(p, k, k); int r = m3(k) + p[0]; __asm__ volatile("" :: "r"(p)); return r; }
NI int m1(int k) { char v[k + 3]; memset(v, 1, k); int r = m2(k) + v[0]; __asm__ volatile("" :: "r"(v)); return r; }
NI int leaf(void) { return __builtin_return_address(0) != 0; }
static int in(void *p, void *f, int n) { return (char *)p > (char *)f && (char *)p < (char *)f + n; }
static volatile int got; static void handler(int s) { void *f0 = __builtin_frame_address(0), *r0 = __builtin_return_address(0); got = f0 && r0 && __builtin_extract_return_addr(r0) == r0 && __builtin_frob_return_addr(r0) == r0; }
int main(int c, char **v) {
  void *mine = __builtin_frame_address(0); m1(c + 3);
  printf("%d %d %d %d\n", in(ra[0], m3, 200), in(ra[1], m2, 400), in(ra[2], m1, 600), in(ra[3], main, 2000));
  printf("%d %d %d %d %d\n", fa[0] < fa[1], fa[1] < fa[2], fa[2] < fa[3], (void *)fa[3] < mine, ok);
  __attribute__((noinline)) int nest(int x) { void *r = __builtin_return_address(0); return in(r, main, 3000) + x; } printf("%d\n", nest(0));
  signal(SIGUSR1, handler); raise(SIGUSR1); printf("%d %d\n", got, leaf()); return 0; }
C
done
refuses 'a level that is not constant' 'invalid argument to ‘__builtin_frame_address’' <<< 'void *f(int n) { return __builtin_frame_address(n); }'
refuses 'a level beyond all stacks' 'greater than' <<< 'void *f(void) { return __builtin_return_address(-1); }'
printf 'void *f(void) { return __builtin_return_address(1); }\n' > w.c; check 'a caller of the caller' $CC -Wall -c w.c; says 'is unsafe' 'nonzero argument is unsafe \[-Wframe-address\]'
$CC -Wall -Wno-frame-address -c w.c > last.out 2>&1; same 'unless it is not to be told' '' "$(cat last.out)"; $CC -c w.c > last.out 2>&1; same 'nor asked for' '' "$(cat last.out)"
# The chain of callers, whoever compiled them, however it is linked.
cat > chain.h <<'C'
#include <kit/backtrace.h>
#define NI __attribute__((noinline))
void bt_leaf(int), bt_mid(int); int bt_root(int);
C
printf '#include "chain.h"\nNI void bt_leaf(int n) { __kit_print_backtrace(); __asm__ volatile(""); }\n' > leaf.c
printf '#include "chain.h"\nNI void bt_mid(int n) {\n  bt_leaf(n + 1); __asm__ volatile(""); }\n' > mid.c
printf '#include "chain.h"\nNI int bt_root(int n) {\n  bt_mid(n); return n + 1; }\nint main(void) {\n  return bt_root(1) - 2; }\n' > root.c
H="-I$ROOT/crates/rt/include"; names='bt_leaf bt_mid bt_root main '
# traced LABEL PROGRAM [OPTION...]: it names them all.  (A program that lies where it was linked needs no base.)
traced() { local l=$1 p=$2; shift 2; "./$p" > raw 2>&1; same "$l: status" 0 $?; $KIT symbolize -s "$@" -e "$p" < raw > text
  same "$l: functions" "$names" "$(sed -n 's/^#[0-9]* 0x[0-9a-f]* \([a-z_]*\) at .*/\1/p' text | grep -E '^(bt_|main$)' | tr '\n' ' ')"; same "$l: lines" 'leaf.c:2 mid.c:3 root.c:3 root.c:5' "$(grep -oE '(leaf|mid|root)\.c:[0-9]+' text | tr '\n' ' ' | sed 's/ $//')"; }
for o in -O0 -O1 -O2; do check "compiles $o" $CC $o -g -no-pie root.c mid.c leaf.c -o chain; traced "kit $o" chain; done
check static $CC -g -static root.c mid.c leaf.c -o chain; traced static chain
[ -e /usr/lib/x86_64-linux-musl/libc.a ] && { check musl $CC -g --target=x86_64-linux-musl -static root.c mid.c leaf.c -o chain; traced musl chain; }
gcc -g -O2 -fno-omit-frame-pointer -fno-optimize-sibling-calls -fno-pie $H -c mid.c -o mid.o; check "gcc's object between" $CC -g -no-pie root.c mid.o leaf.c -o chain; traced "gcc's object between" chain
check 'kit rt' $KIT rt -o librt.a; $CC -g -fno-pic -c leaf.c -o leaf.o; gcc -no-pie -g -fno-omit-frame-pointer -fno-optimize-sibling-calls $H root.c mid.o leaf.o librt.a -o chain > last.out 2>&1; traced "gcc's link with librt.a" chain
$KIT rt -o again.a; check 'the same bytes again' cmp librt.a again.a
if command -v ld.lld > /dev/null; then gcc -fuse-ld=lld -no-pie -g -fno-omit-frame-pointer $H root.c mid.o leaf.o librt.a -o chain > last.out 2>&1; traced "lld's" chain; fi
$CC -g root.c mid.c leaf.c -o pie; ./pie > raw 2>&1; same 'relocatable: lines' 1 "$(grep -c '^#3 0x' raw)"
check 'library' $CC -g -shared -fPIC leaf.c mid.c -o libchain.so; $CC -g -no-pie root.c ./libchain.so -o user; ./user > raw 2>&1; same 'out of a library' 1 "$(grep -c '^#3 0x' raw)"
same 'kit run' 1 "$($KIT run root.c mid.c leaf.c 2>&1 | grep -c '^#3 0x')"
# Registers that are no frame pointers, signals, many frames, a full buffer, somebody else's output, assertions, no C library.
cat > odd.c <<'C'
#include <kit/backtrace.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static char text[4096]; static int n;
void __kit_backtrace_write(const char *s, size_t l) { memcpy(text + n, s, l); n += l; }
static int depth(int k) { void *all[200]; if (k) { int d = depth(k - 1); __asm__ volatile(""); return d; } return __kit_backtrace(all, 200, 0); }
static volatile int got; static void on(int s) { void *all[50]; got = __kit_backtrace(all, 50, 0); }
__attribute__((noinline)) static int with(unsigned long rbp) { int d; void *all[9]; int (*f)(void **, int, int) = __kit_backtrace;
  __asm__ volatile("pushq %%rbp\n\tmovq %1, %%rbp\n\tsubq $8, %%rsp\n\tmovl $9, %%esi\n\txorl %%edx, %%edx\n\tcall *%3\n\taddq $8, %%rsp\n\tpopq %%rbp" : "=a"(d) : "r"(rbp), "D"(all), "r"(f) : "rsi", "rdx", "rcx", "r8", "r9", "r10", "r11", "memory", "cc"); return d; }
int main(void) {
  void *few[2]; int base = depth(0); printf("%d %d %d\n", depth(50) - base, __kit_backtrace(few, 2, 0), __kit_backtrace(few, 0, 0));
  unsigned long bad[] = { 0, 1, 8, 4096, 0x123456789abc, 0xdeadbeefdeadbeef, ~0ul, ~7ul, 0x7fffffffeff8, 0x8000000000000000, (unsigned long)&n, (unsigned long)main };
  for (int i = 0; i < 12; i++) if (with(bad[i]) < 1 || with(bad[i]) > 9) printf("bad %d\n", i);
  static char stack[65536]; stack_t alt = { .ss_sp = stack, .ss_size = sizeof stack }; signal(SIGUSR1, on); raise(SIGUSR1); int usual = got;
  sigaltstack(&alt, 0); struct sigaction a = { .sa_handler = on, .sa_flags = SA_ONSTACK }; sigaction(SIGUSR1, &a, 0); raise(SIGUSR1); printf("%d %d\n", usual > 1, got > 0);
  __kit_print_backtrace(); printf("%d\n", strncmp(text, "#0 0x", 5) == 0 && text[n - 1] == '\n'); return 0; }
C
for o in -O0 -O2; do check "odd $o" $CC $o odd.c -o odd; same "odd frames $o" '50 2 0 1 1 1' "$(./odd | tr '\n' ' ' | sed 's/ $//')"; done
printf '#include <kit/assert.h>\nint main(int c, char **v) {\n  assert(c == 1);\n  assert(c > 5 && "it is so");\n  return 0; }\n' > fail.c
check assert $CC -g -no-pie fail.c -o fail; ./fail > last.out 2>&1; same 'it traps' 132 $?; says 'what was asserted' '^kit: assertion failed: c > 5 && "it is so", file fail\.c, line 4, function main$'; $KIT symbolize -s -e fail < last.out > text; cp text last.out; says 'who asserted' '^#[01] 0x[0-9a-f]+ main at fail\.c:4'
check 'no assertions' $CC -DNDEBUG fail.c -o fail; check 'none fails' ./fail
printf '#include <kit/backtrace.h>\nstatic void out(const char *s, size_t n) { long r; __asm__ volatile("syscall" : "=a"(r) : "0"(1l), "D"(1l), "S"(s), "d"(n) : "rcx", "r11", "memory"); }\nvoid __kit_backtrace_write(const char *s, size_t n) { out(s, n); }\n__attribute__((noinline)) void f(void) { __kit_print_backtrace(); __asm__ volatile(""); }\n__attribute__((used)) void go(void) { f(); __asm__ volatile("syscall" :: "a"(60l), "D"(0l)); }\n__asm__(".globl _start\\n_start: xorl %%ebp, %%ebp\\n\\tcall go");\n' | sed 's/%%/%/g' > bare.c
check 'no C library' $CC -g -nostdlib -static bare.c librt.a -o bare; ./bare > raw 2>&1; same 'works without' 0 $?; $KIT symbolize -s -e bare < raw > last.out; says 'its functions' '#0 0x[0-9a-f]+ f at bare\.c:4'; says 'its start' '#1 0x[0-9a-f]+ go at bare\.c:5'
finish
