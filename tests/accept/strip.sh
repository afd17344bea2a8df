# kit strip makes of everyone's files what GNU strip makes of them, byte for byte; programs run on; nothing is lost on errors.
. "$ROOT/tests/accept/common.sh"; need_cc; need strip; for t in strip readelf gcc g++ ar; do command -v $t > /dev/null || missing "$t"; done
cat > a.c <<'C'
#include <stdio.h>
static int b; int d = 3; static int used(void) { return b; } int com; _Thread_local int t = 2;
int main(void) { printf("%d %d %d\n", used(), d + com, t); return 0; }
C
cat > g.cc <<'C'
#include <string>
inline int &counter() { static int x = 3; return x; }
template <class T> T twice(T a) { return a + a + counter(); }
int main() { std::string s = "abc"; try { return twice(3) + (int)s.size(); } catch (...) { return 1; } }
C
gcc -g -fcommon -ffunction-sections -c a.c -o gcc.o; g++ -g -c g.cc -o gxx.o; $CC -g -c a.c -o kit.o; gcc -g a.c -o gcc.pie; gcc -g -no-pie a.c -o gcc.fixed; gcc -g -static a.c -o gcc.static; gcc -g -shared -fPIC a.c -o gcc.so
$CC -g a.c -o kit.pie; $CC -g -static a.c -o kit.static; $CC -g -shared -fPIC a.c -o kit.so; g++ -g g.cc -o gxx.pie; gcc -gz -g a.c -o gcc.gz; gcc -Wl,--emit-relocs -g a.c -o gcc.relocs; ar rcs lib.a gcc.o gxx.o
command -v clang > /dev/null && { clang -g -c a.c -o clang.o; clang -g a.c -o clang.pie; }
command -v rustc > /dev/null && { echo 'fn main() { let v: Vec<i32> = (0..10).collect(); println!("{:?}", v); }' > r.rs; rustc -g r.rs -o rust.pie 2> /dev/null; rustc -g --emit obj r.rs -o rust.o 2> /dev/null; }
# --- the same bytes as GNU strip, or at least the same to readelf
files=0 runs=0 equal=0
# Objects of kit carry .kit.atoms, which goes when its seal is broken.
compare() { local f=$1; shift; runs=$((runs+1)); strip "$@" -o theirs "$f" 2> theirs.err; local s=$?; $KIT strip "$@" -o ours "$f" 2> ours.err; local k=$?
  if [ $s != $k ]; then no "strip $* $f: status $s, kit's $k: $(head -c 200 ours.err)"; return; fi
  [ $s != 0 ] && { ok; return; }
  if cmp -s theirs ours; then equal=$((equal+1)); ok; return; fi
  readelf -SlhsdrnVW theirs > theirs.txt 2>&1; readelf -SlhsdrnVW ours > ours.txt 2>&1; sed -i 's/^File: .*//' theirs.txt ours.txt
  if cmp -s theirs.txt ours.txt; then ok; else no "strip $* $f: $(diff theirs.txt ours.txt | head -4 | tr '\n' ' ')"; fi; }
for f in gcc.o gxx.o gcc.pie gcc.fixed gcc.static gcc.so kit.pie kit.static kit.so gxx.pie gcc.gz gcc.relocs lib.a clang.o clang.pie rust.o rust.pie; do [ -e $f ] || continue; files=$((files+1))
  for o in '' -g --strip-unneeded -X --only-keep-debug '-R .comment' '-K main' '-g --keep-section=.debug_line' '-w -N *s*'; do set -f; compare $f $o; set +f; done; done
for o in '' -g --strip-unneeded; do compare kit.o -R .kit.atoms $o; done; files=$((files+1))
# Programs and libraries of the machine, every so many: what is there differs.
for f in $(ls -S /usr/lib/x86_64-linux-gnu/*.so.*.* 2> /dev/null | awk 'NR % 10 == 5' | head -70) $(for f in /usr/bin/*; do [ -L $f ] || { [ "$(head -c4 $f | tail -c3)" = ELF ] && echo $f; }; done 2> /dev/null | awk 'NR % 8 == 3' | head -70) $(ls /usr/lib/x86_64-linux-gnu/*.o 2> /dev/null) $(ls -S /usr/lib/x86_64-linux-gnu/*.a 2> /dev/null | awk 'NR % 3 == 1' | tail -45); do
  [ "$(stat -Lc %s $f)" -gt 8000000 ] && continue; files=$((files+1)); for o in '' -g --strip-unneeded --only-keep-debug; do compare $f $o; done; done
# --- programs run on, in place, and keep their mode
for f in gcc.pie gcc.fixed gcc.static kit.pie kit.static gxx.pie rust.pie; do [ -e $f ] || continue; cp $f p; chmod 751 p; ./p > before; s=$?; check "strip $f in place" $KIT strip p; ./p > after; same "$f ends as before" $s $?; same "$f says the same" "$(cat before)" "$(cat after)"; same 'mode' 751 "$(stat -c %a p)"; done
cp gcc.pie p1; cp gcc.o p2; touch -d '2001-02-03' p1; check 'several files, dates kept' $KIT strip -p p1 p2; same 'date' 2001-02-03 "$(date -r p1 +%F)"; same 'no symbols' '' "$(readelf -sW p1 | grep -w used)"
ln -s p1 link; check 'a link to a file' $KIT strip link; check 'stays one' test -L link
printf 'int f(void); int main(void) { return f() - 5; }\n' > m.c; printf 'static int g(void) { return 5; } int f(void) { return g(); }\n' > f.c; for c in gcc "$CC"; do $c -g -c f.c -o f.o; check "strip -g of $c's object" $KIT strip -g f.o; check 'links' $c m.c f.o -o m; check 'runs' ./m; $c -g -c f.c -o f.o; check 'strip --strip-unneeded' $KIT strip --strip-unneeded f.o; check 'links' $c m.c f.o -o m; check 'runs' ./m; done
# --- archives: members, index, thin ones in place
rm -f f.a; ar rcs f.a f.o; check 'strip an archive' $KIT strip -g f.a; check 'its index serves' gcc m.c f.a -o m; check 'runs' ./m; rm -f t.a; gcc -g -c f.c -o f.o; ar rcsT t.a f.o; check 'a thin archive' $KIT strip -g t.a; check 'its index serves' gcc m.c t.a -o m; same 'the member was stripped' 0 "$(readelf -SW f.o | grep -c debug_info)"
# --- errors: said, status 1, and the file is as it was
echo text > text.txt; fails 'no object' $KIT strip text.txt; says 'says so' 'file format not recognized'; same 'as it was' text "$(cat text.txt)"
fails 'no file' $KIT strip nothing.o; says 'says so' 'No such file'; fails 'a directory' $KIT strip .; fails 'no file is named' $KIT strip; fails 'unknown option' $KIT strip --nonsense gcc.o; says 'names it' 'nonsense'; : > empty; fails 'an empty file' $KIT strip empty
cp gcc.o h.o; head -c 900 gcc.o > h.o; cp h.o h2.o; fails 'half a file' $KIT strip h.o; check 'as it was' cmp h.o h2.o; cp gcc.o n.o; fails 'a symbol that relocations need' $KIT strip -N printf -g n.o; says 'says so' 'relocation'
mkdir full; cp gcc.o ok.o; check 'after a failure the others follow' bash -c "! $KIT strip text.txt ok.o && ! readelf -SW ok.o | grep -q debug"; [ -e /dev/full ] && fails 'no space' $KIT strip -o /dev/full gcc.o; fails 'onto a directory' $KIT strip -o full gcc.o
same 'no temporary files are left' '' "$(ls -A | grep '\.kit-')"; $KIT strip --version > last.out; says version 'GNU strip'
echo "figure: files $files"; echo "figure: comparisons $runs"; echo "figure: equal-bytes $equal"
finish
