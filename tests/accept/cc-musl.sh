# --target=x86_64-linux-musl with the distribution's musl: static and dynamic programs, libraries, nothing of glibc's in them.
. "$ROOT/tests/accept/common.sh"; need_cc; set +o pipefail
[ -e /usr/lib/x86_64-linux-musl/crt1.o ] || missing 'musl-dev'
[ -e /lib/ld-musl-x86_64.so.1 ] || missing 'musl'
M="$CC --target=x86_64-linux-musl"
cat > p.c <<'C'
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <regex.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
#ifdef __GLIBC__
#error glibc headers
#endif
static _Thread_local int mine = 3; static _Atomic int count; static jmp_buf env; static int order;
static void *work(void *p) { mine += 4; atomic_fetch_add(&count, mine); return p; }
__attribute__((constructor)) static void first(void) { order = 1; }
__attribute__((destructor)) static void last(void) { puts("last"); }
static void at_exit(void) { puts("atexit"); }
int main(int argc, char **argv) { pthread_t t; pthread_create(&t, 0, work, 0); pthread_join(t, 0); atexit(at_exit); regex_t r; regcomp(&r, "a(b+)c", REG_EXTENDED); regmatch_t m[2]; int hit = regexec(&r, "xxabbbc", 2, m, 0); regfree(&r);
  struct stat st; if (setjmp(env) == 0) longjmp(env, 1); errno = 0; stat("/nosuch", &st); wchar_t w[8]; swprintf(w, 8, L"%d", 7); char *copy = strdup(argv[argc - 1]);
  printf("%d %d %d %d-%d %d %.4f %.3Lf %ls %zu %s\n", order, atomic_load(&count), hit, (int)m[1].rm_so, (int)m[1].rm_eo, errno == ENOENT, pow(2, 0.5), sqrtl(3), w, strlen(copy), getenv("MODE")); free(copy); return 0; }
C
want='1 7 0 3-6 1 1.4142 1.732 7 3 x;atexit;last;'
run() { MODE=x "$@" abc | tr '\n' ';'; }
check '-dumpmachine' $M -dumpmachine; says '-dumpmachine' '^x86_64-linux-musl$'; check '-print-file-name' $M -print-file-name=crt1.o; says 'its own start files' '/x86_64-linux-musl/crt1\.o$'
for t in x86_64-linux-musl x86_64-unknown-linux-musl x86_64-pc-linux-musl; do check "--target=$t" $CC --target=$t -dumpmachine; says "$t" '^x86_64-linux-musl$'; done; fails 'a target that does not exist' $CC --target=x86_64-linux-nosuch -c p.c
$M -E -dM -x c /dev/null > last.out; says 'macros' '__linux__ 1'; $M -v -c p.c -o p.o > last.out 2>&1; says 'header directories' '/usr/include/x86_64-linux-musl'; if grep -qE ' /usr/include/x86_64-linux-gnu$' last.out; then no "glibc's headers are searched"; fi
for o in '' -O2 -g '-no-pie' '-fPIE -pie' -pthread -rdynamic '-Wl,--gc-sections -ffunction-sections'; do rm -f p; check "dynamic $o" $M $o p.c -o p -lm -lpthread; same "dynamic $o runs" "$want" "$(run ./p)"
  readelf -lW p > last.out; says "loader $o" 'interpreter: /lib/ld-musl-x86_64\.so\.1\]'; readelf -dW p | grep NEEDED > last.out; same "needs $o" '[libc.so]' "$(grep -o '\[.*\]' last.out | tr -d '\n')"; readelf -sVW p | grep -c GLIBC_ > last.out; same "nothing of glibc $o" 0 "$(cat last.out)"; done
for o in -static '-static -O2 -g' '-static -no-pie' '-static -Wl,--gc-sections'; do rm -f p; check "$o" $M $o p.c -o p -lm -lpthread; same "$o runs" "$want" "$(run ./p)"; readelf -lW p | grep -c -E 'INTERP|DYNAMIC' > last.out; same "$o needs nothing" 0 "$(cat last.out)"; done
rm -f p; check '-static-pie' $M -static-pie p.c -o p -lm; same '-static-pie runs' "$want" "$(run ./p)"; readelf -hW p > last.out; says '-static-pie' 'DYN'
printf 'static int n; int lib(void) { return ++n; }\n__attribute__((destructor)) static void bye(void) { n = 0; }\n' > l.c; printf '#include <dlfcn.h>\n#include <stdio.h>\nint lib(void);\nint main(void) { void *h = dlopen("./libl.so", RTLD_NOW); int (*f)(void) = (int (*)(void))dlsym(h, "lib"); lib(); printf("%%d\\n", f()); return 0; }\n' > d.c
check 'a library' $M -shared -fPIC l.c -o libl.so -Wl,-soname,libl.so; check 'a program with it' $M d.c -o d -L. -ll -Wl,-rpath,. -ldl; same 'runs' 2 "$(./d)"; readelf -dW libl.so > last.out; says 'libc.so' 'NEEDED.*\[libc\.so\]'
check 'objects apart' $M -c p.c -o p.o; check 'linked' $M p.o -o p; same 'runs' "$want" "$(run ./p)"; check 'archive' bash -c "rm -f liba.a; $M -c l.c -o l.o && ar rc liba.a l.o && $M -c d.c -o d.o && $M d.o liba.a -o d2"; same 'runs with a library of its own' 1 "$(./d2)"
# musl-gcc's program and kit's say the same; objects of gcc go with it, too.
if command -v musl-gcc > /dev/null; then check 'by musl-gcc' musl-gcc p.c -o ref; same 'musl-gcc says the same' "$(run ./ref)" "$(run ./p)"; check 'an object of musl-gcc' musl-gcc -fPIE -O2 -c p.c -o g.o; check 'linked by kit' $M g.o -o g; same 'runs' "$want" "$(run ./g)"; fi
[ "$CC" = "$KIT cc" ] && { check 'build-exe' $KIT build-exe --target=x86_64-linux-musl p.c -o b -lm; same 'runs' "$want" "$(run ./b)"; ln -sf "$KIT" x86_64-linux-musl-kit-cc; check 'a name that says the target' ./x86_64-linux-musl-kit-cc p.c -o n; same 'runs' "$want" "$(run ./n)"; readelf -lW n > last.out; says 'its loader' 'ld-musl'; }
finish
