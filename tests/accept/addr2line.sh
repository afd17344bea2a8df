# kit addr2line: the same text as GNU addr2line's over addresses of programs, libraries and objects of several compilers.
. "$ROOT/tests/accept/common.sh"; need_cc; need addr2line
A="$KIT addr2line"; compared=0 differing=0
cat > a.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include "in.h"
static int work(int n) { int s = 0; for (int i = 0; i < n; i++) if (i % 3) s += twice(i); else s -= half(i); return s; }
__attribute__((noinline)) static int again(int n) { return n ? work(n) + again(n - 1) : 0; }
int main(int c, char **v) { int n = c > 1 ? atoi(v[1]) : 4; printf("%d\n", again(n)); return work(n) & 1; }
C
printf 'static inline int twice(int x) { return x * 2; }\nstatic inline int half(int x) { int y = x / 2;\n  if (y > 7) y += twice(y); return y; }\n' > in.h
cat > b.cc <<'C'
#include <algorithm>
#include <map>
#include <string>
#include <vector>
namespace n { struct S { int v; explicit S(int x) : v(x) {} virtual ~S() {} int get() const { return v * 2; } }; template <class T> T twice(T t) { return t + t; } }
extern "C" int plain(int x) { return n::twice(x) + 1; }
int main(int c, char **v) { std::vector<std::string> a(v, v + c); std::map<std::string, int> m; for (auto &s : a) m[s] = plain(s.size());
  std::sort(a.begin(), a.end()); n::S s(c); return m.size() + s.get(); }
C
cat > judge.py <<'P'
# Answers address for address: each has to be GNU's. Where it is another one, llvm's tells whose fault that is: GNU addr2line 2.40
# takes file 0 of DWARF 5 for file 1, cannot read its lists of ranges by index, and forgets the smaller of two symbols.
import re, subprocess, sys
tool, file, *options = sys.argv[1:]
def run(command, options=options): return subprocess.run(command + options + ['-a', '-e', file], input=text, capture_output=True, text=True).stdout
def blocks(out):
    got = {}
    for line in out.splitlines():
        m = re.match(r'0x([0-9a-f]+)(: .*|)$', line)
        if m: at = int(m[1], 16); got[at] = [m[2]] if m[2] else []
        else: got[at].append(line)
    return got
sections = subprocess.run(['readelf', '-SW', file], capture_output=True, text=True).stdout
m = re.search(r'\] \.text +PROGBITS +(\w+) \w+ (\w+)', sections); start, size = int(m[1], 16), int(m[2], 16)
text = ''.join('%x\n' % a for a in range(start, start + size, max(1, size // 1500)))
ours, gnu = blocks(run(tool.split())), blocks(run(['addr2line'])); bad, llvm = 0, None
plain = lambda lines: [re.sub(r' \(discriminator \d+\)$', '', re.sub(r':0$', ':?', l)) for l in lines]
for at in gnu:
    if ours.get(at) == gnu[at]: continue
    if llvm is None: llvm = blocks(run(['llvm-addr2line'], [o for o in options if o not in ('-j', '.text')]))
    mine, one, other = (plain(all.get(at, [])) for all in (ours, gnu, llvm))
    if len(mine) not in (len(one), len(other)) or any(l not in one[n:n + 1] + other[n:n + 1] for n, l in enumerate(mine)):
        bad += 1
        if bad == 1: print('%x: wanted %s, got %s' % (at, gnu[at], ours.get(at)), end=' ')
print('addresses', len(gnu), 'differing', sum(ours.get(a) != gnu[a] for a in gnu), 'wrong', bad)
sys.exit(bad > 0 or not gnu)
P
# compare LABEL FILE [OPTION...]: GNU's answers.
compare() { local l=$1 f=$2; shift 2; check "$l" python3 judge.py "$A" "$f" "$@"
  compared=$((compared+$(sed 's/.*addresses \([0-9]*\).*/\1/' last.out))); differing=$((differing+$(sed 's/.*differing \([0-9]*\).*/\1/' last.out))); }
for o in -O0 -O2; do for d in 2 3 4 5; do
  gcc $o -gdwarf-$d a.c -o a; compare "gcc $o dwarf $d" a -f -i -p; compare "lines, gcc $o dwarf $d" a
  gcc $o -gdwarf-$d -c a.c -o a.o; compare "object of gcc $o dwarf $d" a.o -f -i; compare "section of an object" a.o -f -i -j .text
  if command -v clang > /dev/null; then clang $o -gdwarf-$d a.c -o a; compare "clang $o dwarf $d" a -f -i -p; fi; done; done
for o in -O0 -O2; do $CC $o -g a.c -o a; compare "kit $o" a -f -i -p; $CC $o -g -c a.c -o a.o; compare "object of kit $o" a.o -f -i -s; done
if command -v g++ > /dev/null; then g++ -O0 -g b.cc -o b; compare 'g++' b -f -i; check 'names of the source' $A -Cfip -e b $(nm b | awk '$3 ~ /S3getEv/ { print $1 }'); says 'names of the source' '^n::S::get\(\) const at '; compare 'g++, names only' b -f -p -s
  if command -v clang++ > /dev/null; then clang++ -O2 -gdwarf-4 b.cc -o b; compare 'clang++' b -f -i; fi; fi
gcc -O2 -g -shared -fPIC a.c -o a.so; compare 'library' a.so -f; gcc -O2 -g -static a.c -o s; compare 'static' s -f; gcc -O2 -g -no-pie a.c -o f; compare 'not relocatable' f -a -f -i
gcc -O2 -g -gz a.c -o z; compare 'compressed' z -f -i; gcc -O2 -g -ffunction-sections -Wl,--gc-sections a.c -o g; compare 'sections left out' g -f -i; gcc -O2 -g -flto a.c -o l; compare 'lto' l -f -i
gcc -O2 a.c -o n; compare 'symbols alone' n -f -p; cp n t; strip t; compare 'no symbols' t -f -i; compare 'a library of the system' /lib/x86_64-linux-gnu/libm.so.6 -f
gcc -O2 -g a.c -o d; objcopy --only-keep-debug d d.debug; strip d; objcopy --add-gnu-debuglink=d.debug d; compare 'stripped, by its link' d -f -i
mkdir -p .debug; mv d.debug .debug; compare 'stripped, in .debug' d -f -i; printf x >> .debug/d.debug; compare 'a wrong checksum' d -f
# Split units: GNU's tool looks at their lines alone.
gcc -O2 -g -gsplit-dwarf a.c -o split; gcc -O2 -g a.c -o whole; seq 4096 6000 | while read x; do printf '%x\n' $x; done > at; $A -f -i -e split < at > ours.txt; $A -f -i -e whole < at > theirs.txt; same 'split units as whole ones' "$(grep -c again theirs.txt)" "$(grep -c again ours.txt)"
# Options, arguments, standard input.
gcc -g -O0 a.c -o a; m=$(nm a | awk '$3 == "main" { print $1 }')
for o in '' '-f' '-fp' '-afp' '-afips' '-fis' '--functions --inlines' '--pretty-print --addresses' '-C -f'; do same "options $o" "$(addr2line $o -e a $m 0x$m 0 zz ffffffffffffffffff)" "$($A $o -e a $m 0x$m 0 zz ffffffffffffffffff)"; done
cp a a.out; same 'a.out' "$(addr2line -f $m)" "$($A -f $m)"; echo "-f $m" > at; same '@file' "$(addr2line @at)" "$($A @at)"
same 'a text of addresses' "$(printf '%s\n\n  %s x\n' $m $m | addr2line -e a)" "$(printf '%s\n\n  %s x\n' $m $m | $A -e a)"
rm -f in out; mkfifo in out; $A -f -e a < in > out & exec 3> in 4< out; echo $m >&3; read -r -t 10 x <&4; read -r -t 10 y <&4; echo 0 >&3; read -r -t 10 z <&4; exec 3>&- 4<&-; wait; same 'an answer for each line' 'main:??' "$x:$z"
fails 'no file' $A -e missing 0; says 'no file' "'missing': No such file"; echo text > text; fails 'no object' $A -e text 0; says 'no object' 'text: file format not recognized'
ar rc lib.a a.o; fails 'archive' $A -e lib.a 0; says 'archive' 'cannot get addresses from archive'; fails 'no section' $A -e a -j .none 0; says 'no section' 'cannot find section .none'
fails 'unknown option' $A --frob; check help $A --help; check version $A -v
echo "figure: addr2line.addresses $compared"; echo "figure: addr2line.differing $differing"
finish
