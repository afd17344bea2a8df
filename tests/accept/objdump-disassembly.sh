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
for options in -d -dr '-dr -w -M intel' '-d -M suffix' '-d --no-show-raw-insn' '-d -z' '--disassemble=main' '-d --prefix-addresses' '-d --no-addresses' '-d -j .data'; do
  for f in a.o prog; do lines=0; unlike=0; pair $options $f; same "$options $f" 0 "$unlike"; done; done
# Sources and lines beside the instructions: objects and programs of several compilers, sources elsewhere and missing.
mkdir -p src other; cat > src/inc.h <<'C'
static inline __attribute__((always_inline)) int square(int x) {
  return x * x + 1;
}
C
cat > src/s.c <<'C'
#include "inc.h"
int table[4] = { 1, 2, 3, 4 };

/* A comment
   of lines. */
int half(int x) { return x / 2; }
int main(int c, char **v)
{
  for (int i = 0; i < c; i++)
    c += square(i) + (v[i] ? table[i & 3] : half(i));

  return c;
}
C
$CC -g -c src/s.c -o s-kit.o; $CC -g src/s.c -o s-kit; gcc -g -O2 -c src/s.c -o s-gcc.o; gcc -gdwarf-4 -O1 src/s.c -o s-gcc; sources='s-kit.o s-kit s-gcc.o s-gcc'
command -v clang > /dev/null && clang -g -O1 src/s.c -o s-clang
command -v rustc > /dev/null && { printf 'fn main() { let n = std::env::args().count();\n    println!("{}", n + 1);\n}\n' > src/r.rs; rustc -g src/r.rs -o s-rust 2> /dev/null && sources="$sources s-rust"; }
gcc -c src/s.c -o s-plain.o; cp src/s.c gone.c; gcc -g -c gone.c -o s-gone.o; rm gone.c; printf 'int f(void) {\r\n return 1; }' > src/crlf.c; gcc -g -c src/crlf.c -o s-crlf.o; ar rcsD s.a s-gcc.o s-crlf.o; sources="$sources s-plain.o s-gone.o s-crlf.o s.a"
for f in $sources; do for options in -S -dl '-S -l' '-d -l -C --inlines' '-S --source-comment' '-S --source-comment=;; -M intel' '-dl --prefix=/nowhere --prefix-strip=2' "-S --prefix=$PWD/other" '-S --file-start-context -w' "-S -I $PWD/src" '-drS -z'; do
  lines=0; unlike=0; pair $options $f; same "$options $f" 0 "$unlike"; done; done
# GNU 2.40 does not find inlined functions whose addresses clang gives by index.
[ -e s-clang ] && for options in -S '-drS -z'; do lines=0; unlike=0; pair $options s-clang; same "$options s-clang" 0 "$unlike"; done
for options in '-s' '-s -j .rodata -j .data' '-s --start-address=0x10 --stop-address=0x23' '-sF --start-address=0x7 -j .text' '-h --adjust-vma=0x1000' '-s -t --adjust-vma=0x1000' '-Wl -h' '-WL -s -j .data' '--dwarf=info,abbrev' '--dwarf=frames -t -r' -W; do
  for f in s-gcc.o s-kit.o s-gcc; do lines=0; unlike=0; pair $options $f; same "$options $f" 0 "$unlike"; done; done
options='-d --adjust-vma=0x1000 --start-address=0x1010'; lines=0; unlike=0; pair $options s-gcc.o; same "$options" 0 "$unlike"
for word in i386 i8086 addr32 data16; do fails "-M $word" $KIT objdump -d -M $word a.o; says "-M $word" "$word: only 64-bit code"; done; fails 'jumps are not drawn' $KIT objdump -d --visualize-jumps a.o; says 'jumps are not drawn' 'visualize-jumps'; fails '-g' $KIT objdump -g a.o; says '-g' 'dwarf'
# Bytes of no format.
objcopy -O binary -j .text a.o raw.bin; for options in '-D -m i386:x86-64' '-D -m i386:x86-64:intel -z' '-s' '-D -m i386:x86-64 --adjust-vma=0x7c00' '-t' '-D -m i386:x86-64 --start-address=4'; do lines=0; unlike=0; pair -b binary $options raw.bin; same "-b binary $options" 0 "$unlike"; [ "$lines" -gt 2 ] && ok || no "-b binary $options says nothing"; done
fails '-b binary without -m' $KIT objdump -D -b binary raw.bin; says '-b binary without -m' 'architecture UNKNOWN'; fails '-m i386' $KIT objdump -d -m i386 a.o; says '-m i386' 'only 64-bit code'; fails 'a wrong format' $KIT objdump -h -b pe-i386 a.o; says 'a wrong format' 'pe-i386'
$KIT objdump -i > out; same 'formats' 'elf64-x86-64' "$(sed -n 2p out)"; $KIT objdump -S $KIT 2> said | head -c 1 > /dev/null; same 'kit objdump -S | head' '141 ' "${PIPESTATUS[0]} $(cat said)"
fails 'a word of -M that is none' $KIT objdump -d -M nonsense a.o; says 'names it' nonsense
big=$(ls -S $files 2> /dev/null | head -1)
if [ -n "$big" ]; then seconds() { local s; s=$(date +%s%N); "$@" > /dev/null; echo $((($(date +%s%N) - s) / 1000000)); }
  ours=$(seconds $KIT objdump -d "$big"); theirs=$(seconds $gnu -d "$big"); echo "figure: objdump -d $(basename "$big"): $ours ms, GNU $theirs ms"; fi
finish
