# Debian 12's packaging flags, written out, build programs and libraries; what asks for protection is honoured, or said to have
# no effect, or refused: never silently dropped.
. "$ROOT/tests/accept/common.sh"; need_cc; set +o pipefail
cat > a.c <<'C'
#include <stdio.h>
#include <string.h>
#include "a.h"
int main(int argc, char **argv) { char b[64]; snprintf(b, sizeof b, "%d %s", argc + lib(41) - 1, strrchr(argv[0], '/') + 1); puts(b); return 0; }
C
echo 'int lib(int);' > a.h; printf '#include "a.h"\n#include <stdlib.h>\nint lib(int n) { char *p = malloc(n); int r = p != 0; free(p); return r + n; }\n' > lib.c
# dpkg-buildflags --export=cmdline of Debian 12 (dpkg-dev 1.21), hardening=+all and reproducible=+all; Debian 13's beside it.
cppflags='-Wdate-time -D_FORTIFY_SOURCE=2'
cflags="-g -O2 -ffile-prefix-map=$PWD=. -fstack-protector-strong -Wformat -Werror=format-security"
ldflags='-Wl,-z,relro -Wl,-z,now'
cflags13="-g -O2 -Werror=implicit-function-declaration -ffile-prefix-map=$PWD=. -fstack-protector-strong -fstack-clash-protection -Wformat -Werror=format-security -fcf-protection"
pie='-specs=/usr/share/dpkg/pie-compile.specs' pie_link='-specs=/usr/share/dpkg/pie-link.specs'; [ -e /usr/share/dpkg/pie-compile.specs ] || [ "$CC" = "$KIT cc" ] || pie= pie_link=
for set in "$cflags" "$cflags $pie" "$cflags13" "$cflags13 -Wall -Wextra -pedantic"; do
  rm -f *.o prog prog2 *.so
  check "compiles: ${set##* }" $CC $set $cppflags -c a.c -o a.o; check 'and a library' $CC $set -fPIC $cppflags -c lib.c -o lib.o
  check 'links' $CC ${set/compile/link} $ldflags ${pie:+$pie_link} a.o lib.o -o prog; same 'runs' '42 prog' "$(./prog)"
  check 'links a library' $CC $set -shared $ldflags -Wl,-soname,liba.so lib.o -o liba.so; check 'links with it' $CC $set $ldflags -Wl,-rpath,. a.o liba.so -o prog2; same 'runs' '42 prog2' "$(./prog2)"
done
readelf -dW prog > last.out; says 'bound at start' 'BIND_NOW|FLAGS.*NOW'; readelf -lW prog > last.out; says 'relro' 'GNU_RELRO'; readelf -hW prog > last.out; says 'position independent' 'DYN'; strings prog prog2 liba.so | grep "$PWD" > last.out; same 'no build path in them' '' "$(cat last.out)"

printf '#include <stdio.h>\nint f(const char *s) { return printf(s); }\n' > fmt.c; fails '-Werror=format-security' $CC $cflags -c fmt.c -o fmt.o; says 'says so' 'format'

# honoured, said or refused: FLAG SOURCE PROOF...: compiles and the proof holds, or a message names the flag, or an error does.
protection() { local flag=$1 src=$2; shift 2; if ! $CC -O2 $flag -c $src -o p.o > said.txt 2>&1; then if grep -qF -- "${flag%%=*}" said.txt; then ok; else no "$flag is refused without its name: $(head -1 said.txt)"; fi
  elif grep -qF -- "${flag%%=*}" said.txt; then ok; elif "$@" > last.out 2>&1; then ok; else no "$flag is silently dropped"; fi; }
cat > guard.c <<'C'
#include <string.h>
#include <setjmp.h>
void fill(char *); extern int (*call)(int); static jmp_buf env; static int counter;
int smash(const char *s) { char b[16]; strcpy(b, s); fill(b); return b[3]; }
int overflow(int a, int b) { return a + b; }
int jump(int n) { static void *to[] = { &&one, &&two }; if (setjmp(env)) return 1; goto *to[n & 1]; one: return ++counter; two: return call(n); }
int big(int n) { volatile char b[200000]; b[n] = 1; return b[n]; }
C
guarded() { nm p.o | grep -q __stack_chk_fail; }
for f in -fstack-protector -fstack-protector-strong -fstack-protector-all -fstack-protector-explicit; do p=guarded; [ $f = -fstack-protector-explicit ] && p=true; protection $f guard.c $p; done
branches() { readelf -n p.o | grep -q "IBT" && [ "$(objdump -d p.o | grep -c endbr64)" -ge 6 ]; }; shadow() { readelf -n p.o | grep -q SHSTK; }; neither() { ! readelf -n p.o | grep -q -E 'IBT|SHSTK'; }
protection -fcf-protection guard.c eval 'branches && shadow'; protection -fcf-protection=full guard.c eval 'branches && shadow'; protection -fcf-protection=branch guard.c branches; protection -fcf-protection=return guard.c shadow
$CC -O2 -fcf-protection=none -c guard.c -o p.o > said.txt 2>&1; check '-fcf-protection=none' neither
for s in address undefined thread leak memory bounds; do protection -fsanitize=$s guard.c eval "nm p.o | grep -q -E '__(asan|ubsan|tsan|lsan|msan)' || [ $s = leak ]"; done
$CC -O2 -c guard.c -o plain.o; protection -fstack-clash-protection guard.c eval 'objdump -d p.o | grep -q "or[ql].*\$0x0,"'
printf 'int f(void) { int x; return x; }\n' > auto.c; protection -ftrivial-auto-var-init=zero auto.c eval '! cmp p.o plain.o'; protection -fzero-call-used-regs=used guard.c eval 'objdump -d p.o | grep -q "xor .*%edx,%edx"'; protection -mindirect-branch=thunk guard.c eval 'nm p.o | grep -q thunk'; protection -mfunction-return=thunk guard.c eval 'nm p.o | grep -q thunk'
protection -fsplit-stack guard.c eval 'nm p.o | grep -q morestack'; protection -finstrument-functions guard.c eval 'nm p.o | grep -q __cyg_profile'; protection -pg guard.c eval 'nm p.o | grep -q -E "mcount|__fentry__"'; protection --coverage guard.c eval 'nm p.o | grep -q gcov'; protection -ftrapv guard.c eval 'nm p.o | grep -q addvsi3'
cat > fortify.c <<'C'
#include <string.h>
#include <stdlib.h>
int main(int argc, char **argv) { char b[4]; strcpy(b, argv[1]); return b[0] != 'a'; }
C
for level in 1 2 3; do
  if ! $CC -O2 -D_FORTIFY_SOURCE=$level fortify.c -o fortify > said.txt 2>&1; then no "_FORTIFY_SOURCE=$level: $(head -1 said.txt)"; continue; fi
  ./fortify abc; same "fortified at $level: what fits" 0 $?; (./fortify abcdefghijklmnopqrstuvwxyz) > last.out 2>&1; s=$?
  if [ $s = 134 ] && grep -q 'buffer overflow detected' last.out; then ok; elif grep -q '_FORTIFY_SOURCE' said.txt; then ok; else no "_FORTIFY_SOURCE=$level is silently dropped (status $s)"; fi
done
$CC -O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=0 fortify.c -o fortify > said.txt 2>&1; same '_FORTIFY_SOURCE=0 is no request' '' "$(cat said.txt)"
finish
