# Tools that people use with a compiler: ccache, make -j, valgrind, perf.
. "$ROOT/tests/accept/common.sh"; need_cc; set +o pipefail
for t in ccache make valgrind perf; do command -v $t > /dev/null || missing "$t"; done
case $CC in "$KIT cc") check "install" $KIT install --prefix "$PWD/kit"; cc=$PWD/kit/bin/kit-cc gcc=$PWD/kit/bin/kit-gcc;; *) cc=$CC gcc=$CC;; esac # ccache goes by names, and knows what kit-gcc can
mkdir many; for i in $(seq 12); do printf '#include <stdio.h>\n#include "n.h"\n#ifdef LOUD\n#warning loud\n#endif\nint f%d(int n) { return n * N + %d; }\n' $i $i > many/f$i.c; done; echo '#define N 2' > many/n.h
{ for i in $(seq 12); do echo "int f$i(int);"; done; echo '#include <stdio.h>'; echo 'int main(void) { int n = 0;'; for i in $(seq 12); do echo "n += f$i(n) % 7;"; done; echo 'printf("%d\n", n); return 0; }'; } > many/main.c
cat > many/Makefile <<'M'
OBJS = $(patsubst %.c,%.o,$(wildcard *.c))
prog: $(OBJS)
	$(CC) $^ -o $@
%.o: %.c
	$(CC) $(CFLAGS) -MD -MP -c $< -o $@
-include $(OBJS:.o=.d)
M
# --- make -j2: the same bytes as one after the other; a touched header makes what reads it, again.
check 'make -j1' make -s -C many -j1 CC="$cc"; want=$(many/prog); (cd many; sha256sum *.o prog) > one.txt; rm -f many/*.o many/prog; check 'make -j2' make -s -C many -j2 CC="$cc"; (cd many; sha256sum *.o prog) > two.txt; check 'same bytes' cmp one.txt two.txt
sleep 0.01; touch many/n.h; make -C many -j2 CC="$cc" > last.out 2>&1; same 'what a header changes' 12 "$(grep -c -- '-c f' last.out)"; same 'nothing more' "make: 'prog' is up to date." "$(make --no-print-directory -C many -j2 CC="$cc" | tail -1)"
# --- ccache: all misses, then all hits and the same bytes, with and without its direct mode; messages come again.
export CCACHE_DIR=$PWD/cache CCACHE_NOHASHDIR=1; unset CCACHE_COMPILERTYPE CCACHE_DISABLE 2> /dev/null
stat() { ccache --print-stats | awk -v k="$1" '$1 == k { print $2 }'; }; calls() { echo $(($(stat direct_cache_hit) + $(stat preprocessed_cache_hit))); }
for mode in direct nodirect; do [ $mode = nodirect ] && export CCACHE_NODIRECT=1
  ccache -C > /dev/null; ccache -z > /dev/null; rm -f many/*.o many/*.d many/prog; check "ccache, $mode" make -s -C many -j2 CC="ccache $cc" CFLAGS='-O2 -g -DLOUD'; grep -c 'loud' last.out > loud1
  same "$mode: first run" '0 hits, 13 misses' "$(calls) hits, $(stat cache_miss) misses"; (cd many; sha256sum *.o *.d prog) > one.txt
  ccache -z > /dev/null; rm -f many/*.o many/*.d many/prog; check "ccache again, $mode" make -s -C many -j2 CC="ccache $cc" CFLAGS='-O2 -g -DLOUD'; grep -c 'loud' last.out > loud2
  same "$mode: second run" '13 hits, 0 misses' "$(calls) hits, $(stat cache_miss) misses"; (cd many; sha256sum *.o *.d prog) > two.txt; check "$mode: same bytes" cmp one.txt two.txt; same "$mode: same messages" "$(cat loud1)" "$(cat loud2)"; same "$mode: runs" "$want" "$(many/prog)"
  echo '#define N 3' > many/n.h; ccache -z > /dev/null; make -s -C many -j2 CC="ccache $cc" CFLAGS='-O2 -g' > last.out 2>&1; same "$mode: a changed header misses" 0 "$(calls)"; echo '#define N 2' > many/n.h
done; unset CCACHE_NODIRECT
for o in '-MMD -MF x.d' '-std=gnu11 -fPIC' '-MD -MT t -MQ u' '-Wp,-MD,y.d' '-x c' '-include many/n.h' '@opts'; do echo '-DA=1 -DB' > opts; ccache -z > /dev/null; check "ccache $o" ccache $gcc $o -c many/f1.c -o x.o; check "ccache $o" ccache $gcc $o -c many/f1.c -o x.o; same "hit: $o" 1 "$(calls)"; done
same 'no internal errors, nothing unsupported' '0 0 0 0' "$(stat internal_error) $(stat unsupported_compiler_option) $(stat could_not_find_compiler) $(stat compiler_check_failed)"
# --- valgrind: a program with heap, threads, files and long double runs clean; a wrong one is told with its lines.
cat > clean.c <<'C'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <math.h>
struct node { struct node *next; char name[12]; };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; static long total; static _Thread_local int mine;
static void *work(void *p) { for (int i = 0; i < 100; i++) { pthread_mutex_lock(&lock); total += (long)p; mine++; pthread_mutex_unlock(&lock); } return p; }
static int cmp(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }
int main(void) { pthread_t t[3]; for (long i = 0; i < 3; i++) pthread_create(&t[i], 0, work, (void *)(i + 1)); for (int i = 0; i < 3; i++) pthread_join(t[i], 0);
  struct node *list = 0; for (int i = 0; i < 50; i++) { struct node *n = malloc(sizeof *n); n->next = list; snprintf(n->name, sizeof n->name, "n%d", i * 7 % 50); list = n; }
  char *names[50]; int k = 0; for (struct node *n = list; n; n = n->next) names[k++] = n->name; qsort(names, k, sizeof *names, cmp); struct node a = *list, b; b = a; int v[k]; for (int i = 0; i < k; i++) v[i] = names[i][1]; FILE *f = tmpfile(); fprintf(f, "%s", b.name); fclose(f);
  printf("%ld %s %d %.3Lf\n", total, names[49], v[3], sqrtl(2.0L)); while (list) { struct node *n = list->next; free(list); list = n; } return 0; }
C
for o in '-g -O0' '-g -O2' '-no-pie'; do check "by kit $o" $CC $o clean.c -o clean -lpthread -lm; check "valgrind $o" valgrind --error-exitcode=9 --leak-check=full --show-leak-kinds=all --errors-for-leak-kinds=all ./clean; says "$o: clean" 'ERROR SUMMARY: 0 errors'; says "$o: output" '^600 n9 [0-9]+ 1\.414'; done
printf '#include <stdlib.h>\nint main(void) {\n  int *p = malloc(8);\n  p[2] = 1;\n  free(p);\n  return p[0];\n}\n' > wrong.c; check 'a wrong program' $CC -g wrong.c -o wrong; valgrind ./wrong > last.out 2>&1; says 'write past the end, with its line' 'main \(wrong\.c:4\)'; says 'read after free, with its line' 'main \(wrong\.c:6\)'; says 'allocated where' 'main \(wrong\.c:3\)'
check 'callgrind' valgrind --tool=callgrind --callgrind-out-file=cg.out ./clean; check 'callgrind knows functions' grep -q 'fn=.*work' cg.out
# --- perf: records where the machine lets it; its symbols come from the program's symbol table, unwinding from .eh_frame.
cat > hot.c <<'C'
#include <stdlib.h>
int hot(int n) { unsigned s = n; for (int i = 0; i < 1000; i++) s = s * 1103515245 + 12345; return s >> 16; }
int warm(int n) { int t = 0; for (int i = 0; i < n; i++) t += hot(i); return t; }
int main(int argc, char **argv) { volatile int t = warm(atoi(argv[1])); return t == -1; }
C
check 'hot' $CC -g hot.c -o hot
if perf record -q -e cpu-clock -g -o perf.data ./hot 200000 > perf.log 2>&1; then perf report -i perf.data --stdio --no-children -g none 2> /dev/null > last.out; says 'perf names the hot function' 'hot +\[\.\] hot'; perf annotate -i perf.data --stdio -s hot hot > last.out 2>&1; says 'perf annotate reads it' 'imul|hot\.c'; echo 'note: perf record works here'
else echo "note: perf cannot record on this machine ($(head -1 perf.log | cut -c1-100)): only what it reads of programs is checked"; fi
nm hot > last.out; says 'symbols' ' T hot'; readelf -sW hot | awk '$8 == "hot" { print $3, $4 }' > last.out; says 'size and type of functions' '^[1-9][0-9]* FUNC'; readelf -n hot > last.out; says 'build id' 'Build ID: [0-9a-f]{40}'
check 'perf finds the build id' perf buildid-list -i hot; perf buildid-cache --buildid-dir cachedir -a hot > last.out 2>&1; perf probe --version > /dev/null 2>&1; readelf --debug-dump=frames hot > last.out 2>&1; says 'frames' 'FDE'; addr2line -f -e hot "$(nm hot | awk '$3 == "hot" { print $1 }')" > last.out; says 'lines' 'hot\.c:2'
finish
