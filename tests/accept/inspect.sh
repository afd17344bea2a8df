# kit nm, objdump, size, strings, c++filt write what the machine's binutils write; C++ and Rust names are demangled; a closed pipe ends each quietly.
. "$ROOT/tests/accept/common.sh"; for t in nm objdump size strings c++filt; do need $t; command -v $t > /dev/null || missing "$t"; done; for t in gcc g++ ar; do command -v $t > /dev/null || missing "$t"; done; export LC_ALL=C
alike() { local t=$1; shift; $t "$@" > theirs 2> /dev/null; local a=$?; $KIT $t "$@" > ours 2> said; local b=$?; grep -q 'panicked at' said && no "$t $*: panics"
  if cmp -s theirs ours && [ $a = $b ]; then ok; else no "$t $*: status $a, $b; $(diff -a theirs ours | head -3 | cut -c1-150 | tr '\n' ' ')"; fi; }
cat > x.cc <<'C'
#include <functional>
#include <map>
#include <string>
#include <vector>
struct Base { virtual ~Base() {} virtual int f() { return 1; } }; struct Other { virtual ~Other() {} virtual int g() { return 2; } }; struct Both : virtual Base, Other { int f() override { return 3; } int g() override { return 4; } };
template <unsigned N, class... T> int many(T &&...t) { return sizeof...(t) + N; } int apply(std::function<bool(int const &)> f, std::map<std::string, std::vector<long>> m) { return f(m.size()); }
int common_thing; thread_local int tl = apply(nullptr, {}); int main() { Both b; std::string s = "text"; static std::string once = s + "!"; auto l = [](int x) { return x; }; return b.f() + many<3>(s, 1, 'c') + many<4>() + l(tl) + (int)once.size(); }
C
printf 'int com, com2[7]; const char text[] = "a text\\nof lines"; short wide[] = {119,105,100,101,33}; static int s; int *p = &s; __attribute__((weak)) int w(void) { return s; }\nstatic void *res(void) { return w; } void ifn(void) __attribute__((ifunc("res")));\n' > c.c
g++ -std=c++17 -g -c x.cc -o x.o; g++ x.o -o x; gcc -fcommon -c c.c -o c.o; gcc -shared -fPIC c.c -o libc1.so; ar rcsD lib.a x.o c.o; files='x.o x c.o libc1.so lib.a /usr/lib/x86_64-linux-gnu/libc.so.6 /usr/lib/x86_64-linux-gnu/crt1.o /bin/ls'
for f in $files; do
  for o in '' -A -a -D -g -n -p -P -r -S -s -td -u -v '-f sysv' '-X 32_64' '-f just-symbols' --defined-only --size-sort --with-symbol-versions --special-syms --ifunc-chars=yz --quiet -C '-D -C' '-C -f sysv'; do alike nm $o $f; done
  for o in -l '-l -f sysv' '-l -P -A'; do alike nm $o $f; done
  for o in -p -x -h -t -r -s -f -a '-w -h' '-j .text -s' '-j .data -h' -tC -rC; do alike objdump $o $f; done
  for o in '' -A '-A -x' -t -o -x -G '-d --common'; do alike size $o $f; done
  for o in '' -d '-n 8 -t x' '-8 -td -f' '-e S -o' '-e l' '-e b -tx' '-e L -n 2' '-e B' '-w -t o'; do alike strings $o $f; done
done
for f in x libc1.so /bin/ls; do alike objdump -T $f; alike objdump -R $f; alike objdump -TC $f; done; alike nm -C x.o lib.a c.o; alike nm -Cg x.o; alike objdump -Ct x.o; alike nm --demangle=gnu-v3 x.o; alike size x.o lib.a c.o -t; alike strings -f x.o c.o absent
for m in _Z1fv _Z i ._Z1fv '$_Z1fv' _ZTV1A _Z1fv.part.0 plain __Z1fv _ZNSs6appendERKSs _ZN3foo17h05af221e174051e9E _ZN12_GLOBAL__N_13cntE _ZN1a17h0000000000000012E; do for o in '' -_ -n -p -i -t '-s rust' '-s gnu-v3' '-s auto' '-s none'; do [ "$m$o" = '_ZN3foo17h05af221e174051e9E-s gnu-v3' ] || alike c++filt $o "$m"; done; done
printf 'call _Z1fv, x=_ZN1a1bEi; _ZTV1A+16(%%rip)\n_Z1gv\377_Z1hv _Z1kv' > text; c++filt < text > a; $KIT c++filt < text > b; same 'a stream of text' "$(od -c a)" "$(od -c b)"
# share LABEL FILE MINIMUM-PER-MILLE: names that read alike
share() { for o in -n -i; do c++filt $o < $2 > a; $KIT c++filt $o < $2 > b; n=$(wc -l < $2); e=$(paste -d'\n' a b | awk 'NR % 2 { x = $0; next } x == $0 { e++ } END { print e + 0 }'); [ $((e * 1000)) -ge $((n * $3)) ] && ok || no "$1 $o: $e of $n"; echo "figure: $1$o equal $e of $n"; done; }
names() { nm -Dp "$@" 2> /dev/null | awk '{ print $NF }' | sed 's/@.*//' | grep '^_[ZR]' | sort -u; }
l=$(g++ -print-file-name=libstdc++.so); names $l > n; [ -s n ] && share libstdc++ n 992; names /usr/lib/x86_64-linux-gnu/libLLVM*.so.1 /usr/lib/llvm*/lib/libclang-cpp.so.* > n; [ -s n ] && share llvm n 995; nm -p $KIT 2> /dev/null | awk '{ print $NF }' | grep '^_[ZR]' | sort -u | head -20000 > n; [ -s n ] && share rust n 990
n=0; for f in /usr/bin/[h-p]* /usr/lib/x86_64-linux-gnu/lib[n-z]*.so.* /usr/lib/x86_64-linux-gnu/*.a; do [ -f $f ] && [ ! -L $f ] && [ "$(head -c 5 $f | tr -d '\0' | tail -c +2 | head -c 3)" = ELF -o "$(head -c 7 $f)" = '!<arch>' ] && [ "$(stat -c %s $f)" -lt 3000000 ] || continue
  n=$((n+1)); [ $n -le 200 ] || break; case $((n % 6)) in 0) alike nm -a -S $f; alike objdump -x $f;; 1) alike nm -A -g $f; alike size -A $f;; 2) alike nm -D -n $f; alike objdump -h -w $f;; 3) alike size -t $f; alike objdump -f -p $f;; 4) alike strings -td $f; alike nm -P $f;; 5) alike strings -d $f; alike objdump -t $f;; esac; done; echo "figure: files of the machine $((n < 200 ? n : 200))"
for i in $(seq 20000); do echo "int a_variable_with_a_long_name_$i = $i;"; done > big.c; gcc -g -c big.c -o big.o; gcc -shared -o big.so big.o; $KIT ar rcs big.a big.o
for c in 'readelf -a big.o' 'nm big.o' 'nm -D big.so' 'objdump -x -s big.o' 'strings -n 1 big.o' 'cpp big.c' 'ar p big.a'; do $KIT $c 2> said | head -c 1 > /dev/null; same "kit $c | head" '141 ' "${PIPESTATUS[0]} $(cat said)"; done; $KIT c++filt < big.c 2> said | head -c 1 > /dev/null; same 'kit c++filt | head' '141 ' "${PIPESTATUS[0]} $(cat said)"
finish
