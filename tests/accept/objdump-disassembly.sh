# `kit objdump -d` beside GNU objdump: the system's libraries and programs in both syntaxes, options, other compilers' objects; speed.
. "$ROOT/tests/accept/common.sh"; need_cc
gnu=$(command -v objdump) || missing 'GNU objdump is not installed'
case $($gnu --version | head -1) in *2.40*) ;; *) missing 'GNU objdump is not 2.40, whose text this is';; esac
lines=0; unlike=0
# Which of the symbols at the border of two sections stands for it, GNU decides by where it keeps the sections in memory.
ends='<(completed|_edata|__TMC_END__|__bss_start)'
pair() { $gnu "$@" 2> /dev/null | grep -vE "$ends" > theirs.txt; $KIT objdump "$@" 2> /dev/null | grep -vE "$ends" > ours.txt
  lines=$((lines + $(wc -l < theirs.txt))); local n; n=$(diff theirs.txt ours.txt | grep -c '^<'); unlike=$((unlike + n))
  [ "$n" -eq 0 ] || diff theirs.txt ours.txt | head -4 >> differences.txt; }
lib() { for d in /usr/lib/x86_64-linux-gnu /lib/x86_64-linux-gnu /usr/lib64; do [ -e "$d/$1" ] && { echo "$d/$1"; return; }; done; }
files="$(lib libc.so.6) $(lib libm.so.6) $(lib libcrypto.so.3) $(lib libstdc++.so.6) $(readlink -f /usr/bin/python3) $(gcc -print-prog-name=cc1 2> /dev/null)"
for f in $files; do [ -e "$f" ] || continue; for syntax in att intel; do
  lines=0; unlike=0; pair -d -M $syntax "$f"; echo "figure: $(basename "$f") $syntax: $unlike of $lines lines differ"
  check "$(basename "$f") $syntax: at least 99.9 % alike" [ $((unlike * 1000)) -le "$lines" ]; done; done
cat > a.c <<'C'
#include <stdio.h>
static int table[4] = { 1, 2, 3, 4 }; double half(double x) { return x / 2; }
int main(int c, char **v) { switch (c) { case 1: return table[2]; case 2: puts(v[1]); return 2; case 3: return (int)half(c); } return c; }
C
check 'an object of kit' $CC -g -c a.c -o a.o; check 'a program of kit' $CC a.c -o prog
for options in -d -dr '-dr -w -M intel' '-d --no-show-raw-insn' '-d -z' '--disassemble=main' '-d --prefix-addresses' '-d --no-addresses' '-d -j .data'; do
  for f in a.o prog; do lines=0; unlike=0; pair $options $f; same "$options $f" 0 "$unlike"; done; done
fails 'a word of -M that is none' $KIT objdump -d -M nonsense a.o; says 'names it' nonsense
big=$(ls -S $files 2> /dev/null | head -1)
if [ -n "$big" ]; then seconds() { local s; s=$(date +%s%N); "$@" > /dev/null; echo $((($(date +%s%N) - s) / 1000000)); }
  ours=$(seconds $KIT objdump -d "$big"); theirs=$(seconds $gnu -d "$big"); echo "figure: objdump -d $(basename "$big"): $ours ms, GNU $theirs ms"; fi
finish
