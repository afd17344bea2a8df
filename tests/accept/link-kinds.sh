# Every kind of output, with TLS, constructors, IFUNC, weak and common symbols, threads; messages that name file and function.
. "$ROOT/tests/accept/common.sh"; need_cc
cat > k.c <<'C'
#include <stdio.h>
#include <string.h>
#include <pthread.h>
#include <math.h>
#include <stdlib.h>
static __thread int tls = 3; extern __thread int other_tls; int common_one; extern int common_one; __attribute__((weak)) int nowhere(void); int order;
__attribute__((constructor)) static void first(void) { order = 1; } __attribute__((destructor)) static void last(void) { puts("destructor"); fflush(stdout); }
static void bye(void) { puts("atexit"); }
static void *run(void *p) { tls += *(int *)p; other_tls += tls; return (void *)(long)(tls + other_tls); }
int main(int c, char **v) { int n = 4; pthread_t t; void *r; atexit(bye); pthread_create(&t, 0, run, &n); pthread_join(t, &r);
  printf("%d %ld %d %d %d %zu %.3f\n", order, (long)r, tls, other_tls, nowhere == 0, strlen(v[0]) > 0 ? strlen("abc") : 0, pow(2, 0.5)); char *e = getenv("PATH"); return e == 0; }
C
echo '__thread int other_tls = 10; int common_one;' > o.c
for mode in '' -pie -no-pie -static -static-pie; do check "compile $mode" $CC -fcommon ${mode/-static-pie/-fPIE} -c k.c -o k.o
  check "link '$mode'" $CC -fcommon $mode k.c o.c -o prog -pthread -lm; same "run '$mode'" "1 24 3 10 1 3 1.414 atexit destructor" "$(./prog | tr '\n' ' ' | sed 's/ $//')"; rm -f prog; done
printf '__thread int st = 1; static int n; int bump(void) { return ++n + st++; } int visible = 7;\n' > s.c; printf 'V1 { global: bump; visible; local: *; };\n' > s.map
check -shared $CC -shared -fPIC s.c -o libs.so -Wl,-soname,libs.so.1 -Wl,--version-script=s.map; ln -sf libs.so libs.so.1
printf 'int bump(void); extern int visible; int main(void) { return bump() + bump() + visible - 13; }\n' > m.c
for mode in '' -no-pie; do check "against the shared library $mode" $CC $mode m.c -L. -ls -Wl,-rpath,. -o p; check "run $mode" ./p; done
readelf -VW libs.so > last.out; says 'version is defined' 'V1'; readelf -dW libs.so > last.out; says soname 'libs\.so\.1'; says 'GNU hash' 'GNU_HASH'
printf '{ global: bump; local: *; };\n' > anonymous.map; check '--default-symver' $CC -shared -fPIC s.c -o libd.so -Wl,-soname,libd.so.1 -Wl,--default-symver -Wl,--version-script=anonymous.map
same 'its version is the name, beside a script that gives none' 'bump@@libd.so.1' "$(nm -D libd.so | grep -o '[^ ]*@@libd.*')"
printf 'int nosuch(int); static int caller(void) { return nosuch(1); } int main(void) { return caller(); }\n' > undef.c; fails 'undefined' $CC undef.c -o never; says 'names symbol' 'nosuch'; says 'names function' 'caller'; says 'names file' 'undef'
[ -e never ] && no 'a failed link left an output'
echo 'int twice = 1;' > d1.c; echo 'int twice = 2; int main(void) { return 0; }' > d2.c; fails 'duplicate' $CC d1.c d2.c -o never; says 'names symbol' 'twice'; says 'names a file' 'd1'; says 'names the other' 'd2'
fails 'missing library' $CC m.c -lnosuchlib -o never; says 'names it' 'nosuchlib'
# The linker alone: libraries where GNU ld looks for them, not with -nostdlib; what it cannot do it names.
printf '.globl _start\n.data\nm: .string "by hand"\n.text\n_start: mov $m, %%edi\ncall puts\nxor %%edi, %%edi\ncall exit\n.section .note.GNU-stack,"",@progbits\n' > hand.s; check 'by hand' $KIT as hand.s -o hand.o
check 'kit ld -lc' $KIT ld -dynamic-linker /lib64/ld-linux-x86-64.so.2 hand.o -lc -o hand; same 'a program without start files' 'by hand' "$(./hand)"; fails 'kit ld -nostdlib' $KIT ld -nostdlib hand.o -lc -o never; says 'kit ld -nostdlib' 'cannot find -lc'
fails '-Ttext' $KIT ld -Ttext 0x7c00 hand.o -o never; says '-Ttext' 'addresses of their own'; fails '--oformat' $KIT ld --oformat binary hand.o -o never; says '--oformat' 'objcopy -O binary'
finish
