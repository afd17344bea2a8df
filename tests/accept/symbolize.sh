# kit symbolize: raw backtraces in a text become functions, files and lines; all else stays as it is.
. "$ROOT/tests/accept/common.sh"; need_cc; need symbolize
S="$KIT symbolize"
cat > p.c <<'C'
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
extern int __kit_backtrace(void **, int, int); int from_library(int);
static inline __attribute__((always_inline)) int inner(int n) { void *all[20]; int k = __kit_backtrace(all, 20, 0);
  for (int i = 0; i < k; i++) printf("#%d %p tail\n", i, all[i]);
  return n + k; }
__attribute__((noinline)) int called(int n) { int r = inner(n); __asm__ volatile(""); return r; }
#ifndef LIBRARY
int main(int c, char **v) { int r = c > 1 ? from_library(1) : called(1); char line[512]; puts("MAPS"); FILE *f = fopen("/proc/self/maps", "r"); while (fgets(line, 512, f)) fputs(line, stdout); return r == 0; }
#else
__attribute__((noinline)) int from_library(int n) { int r = called(n); __asm__ volatile(""); return r; }
#endif
C
printf 'int from_library(int n) { return n; }\n' > no.c
check program $CC -g -no-pie p.c no.c -o p; ./p > all; sed '/^MAPS/,$d' all > raw
$S -e p raw > last.out; same status 0 $?; says 'function, file, line and column' '^#0 0x[0-9a-f]+ called at .*/p\.c:[0-9]+:[0-9]+ tail$|^#0 0x[0-9a-f]+ inner at .*/p\.c:5:[0-9]+'; says 'its caller' '^#[12] 0x[0-9a-f]+ main at .*/p\.c:10:[0-9]+ tail$'
$S -s -e p < raw > last.out; says 'without directories' ' main at p\.c:10'
printf 'text\n\n#x 0x1\n# 0x401000\nno #1 401000\n  [pid 7] #0 0x1\n\001\377bytes\nlast' > other; $S -e p other > out; check 'the rest stays' cmp other out
printf 'log: #3 0x%s (x)\r\n' "$(nm p | awk '$3 == "main" { print $1 }' | sed 's/^0*//;s/.$/&/')" > one; $S --fault -e p one > last.out; says 'in the middle of a line' '^log: #3 0x[0-9a-f]+ .*\(x\).$'
# gcc's inlined calls get lines of their own.
if gcc -O2 -g -no-pie -DLIBRARY -c p.c -o p.o 2> /dev/null; then
  printf 'static inline __attribute__((always_inline)) int in2(int *p) {\n  return *p + 1; }\nstatic inline __attribute__((always_inline)) int in1(int *p) {\n  return in2(p) * 2; }\nint out(int *p) {\n  return in1(p); }\nint main(void) { return 0; }\n' > i.c; gcc -O2 -g -no-pie i.c -o i
  a=$(nm i | awk '$3 == "out" { print $1 }' | sed 's/^0*//'); echo "#0 0x$a" | $S --fault -s -e i > last.out; same 'inlined calls' 'in2 in1 out' "$(awk '{ print $3 }' last.out | tr '\n' ' ' | sed 's/ $//')"; says 'are marked' 'in1 at i\.c:4:[0-9]+ \(inlined\)'
  echo "#0 0x$a" | $S --fault -i -e i > last.out; same 'or left out' 1 "$(wc -l < last.out)"; says 'but the function' ' out at '
fi
# Several files, loaded anywhere: by their bases, by the list of mappings.
check library $CC -g -shared -fPIC -DLIBRARY p.c -o libp.so; check 'its user' $CC -g p.c -DNOT -o q ./libp.so; ./q library > all; sed '/^MAPS/,$d' all > raw; sed '1,/^MAPS/d' all > maps
$S -s --maps maps raw > last.out; says 'in the library' 'from_library at p\.c:12'; says 'in the program' 'main at p\.c:10'; cp last.out by-maps
base() { grep "$1" maps | head -1 | sed 's/-.*//'; }
$S -s -e "q@0x$(base '/q$')" -e "libp.so@0x$(base 'libp.so$')" raw > last.out; says 'by bases' 'main at p\.c:10'
fails 'no file' $S raw; fails 'a missing file' $S -e none raw; says 'a missing file' "'none': No such file"; check help $S --help
rm -f in out; mkfifo in out; $S -s -e p < in > out & exec 3> in 4< out; echo 'one' >&3; read -r -t 10 x <&4; echo '#0 0x1' >&3; read -r -t 10 y <&4; exec 3>&- 4<&-; wait; same 'line by line' 'one|#0 0x1' "$x|$y"
finish
