# kit readelf writes what the machine's GNU readelf writes, byte for byte: objects, programs, libraries, archives, core files, files of debug information.
. "$ROOT/tests/accept/common.sh"; need readelf; for t in gcc g++ ar objcopy readelf; do command -v $t > /dev/null || missing "$t"; done; export LC_ALL=C; equal=0 different=0
# alike LABEL READELF-ARGUMENT...
alike() { local l=$1; shift; readelf "$@" > theirs 2> /dev/null; local a=$?; $KIT readelf "$@" > ours 2> said; local b=$?; grep -q 'panicked at' said && no "$l: panics"
  if cmp -s theirs ours && [ $a = $b ]; then ok; equal=$((equal+1)); else different=$((different+1)); no "$l ($*): status $a, $b; $(diff -a theirs ours | head -3 | cut -c1-150 | tr '\n' ' ')"; fi; }
cat > a.c <<'C'
#include <stdio.h>
int com; static int b; int d = 3; __thread int t = 1; static void *res(void) { return &d; } void ifn(void) __attribute__((ifunc("res"))); void (*p)(void) = ifn;
__attribute__((weak)) int a_function_with_a_long_name_for_the_column(void) { return 1; } int main(void) { puts("x"); return com + b + t + a_function_with_a_long_name_for_the_column(); }
C
printf '#include <string>\n#include <vector>\ninline int &counter() { static int x = 3; return x; }\ntemplate <class T> T twice(T a) { return a + a + counter(); }\nint main() { std::vector<std::string> s{"abc"}; try { return twice(3) + (int)s.size(); } catch (...) { return 1; } }\n' > x.cc
printf '__asm__(".symver o,f@V1\\n.symver n,f@@V2"); int o(void) { return 1; } int n(void) { return 2; }\n' > v.c; echo 'V1 { f; }; V2 { f; } V1;' > v.map
gcc -g -fcommon -c a.c -o a.o; gcc -g -gz -c a.c -o gz.o; g++ -g -ffunction-sections -c x.cc -o x.o; gcc -c -mcmodel=large a.c -o large.o; gcc a.o -o dyn -Wl,-z,now -Wl,--hash-style=both; g++ x.o -o cxx; g++ -s x.o -o stripped; gcc -static a.o -o static; gcc -static-pie a.c -o spie; gcc -no-pie a.c -o fixed
gcc -shared -fPIC v.c -Wl,--version-script=v.map -Wl,-soname,libv.so.1 -Wl,-rpath,/x -o libv.so; gcc -shared -fPIC a.c -Wl,-z,pack-relative-relocs -o relr.so 2> /dev/null || cp libv.so relr.so; objcopy --only-keep-debug cxx cxx.debug; ar rcsD lib.a a.o x.o gz.o; ar rcST thin.a a.o x.o
$KIT cc -g -c a.c -o k.o 2> /dev/null || $KIT cc -g -c v.c -o k.o; printf 'int f(int x) { return x; } int main(void) { return f(0); }\n' > m.c; $KIT cc -g m.c -o kprog; files='a.o gz.o x.o large.o dyn cxx stripped static spie fixed libv.so relr.so cxx.debug lib.a thin.a k.o kprog'
command -v clang > /dev/null && { clang -g -c a.c -o clang.o; files="$files clang.o"; }; command -v rustc > /dev/null && { echo 'fn main() { println!("{:?}", std::env::args().collect::<Vec<_>>()); }' > r.rs; rustc -g r.rs -o rs 2> /dev/null && files="$files rs"; }
# Debug information as text.
printf '#include "h.h"\nint g(int x) { for (int i = 0; i < x; i++) x += sq(i); return x; }\nenum e { A = -1, B = 300, C = 70000, D = -70000 } ev; enum wide { X = 0x7fffffffffffffff, Y = -5, Z = 0x100000000 } w; struct { unsigned a : 3; double d[4]; } s; int main(void) { return g(3) + ev; }\n' > d.c; printf 'static inline int sq(int x) {\n  return x * x; }\n' > h.h
gcc -g -O2 -c d.c -o d5.o; gcc -gdwarf-4 -O2 -c d.c -o d4.o; gcc -gdwarf-3 -O2 -c d.c -o d3.o; gcc -g -gz -O2 -c d.c -o dz.o; gcc -g -O2 -ffunction-sections d.c v.c -o dprog; g++ -gdwarf-4 -O2 -c x.cc -o x4.o; $KIT cc -g -c d.c -o dk.o; $KIT cc -g -c -fno-asynchronous-unwind-tables d.c -o dkf.o; debugged='d5.o d4.o d3.o dz.o dprog x.o x4.o dk.o dkf.o kprog cxx lib.a'
command -v clang > /dev/null && { clang -g -O2 -c d.c -o dc5.o; clang -g -O1 d.c v.c -o dcprog; debugged="$debugged dc5.o dcprog"; }; [ -f rs ] && rust=rs
printf '.text\nf: .cfi_startproc\n .cfi_personality 0x3, f\n .cfi_lsda 0x3, f\n nop\n .cfi_def_cfa_offset 16\n .cfi_offset rbx,-16\n nop\n .cfi_remember_state\n .cfi_def_cfa_register rbp\n .cfi_same_value r12\n .cfi_register r13, r14\n .cfi_val_offset r15,-24\n nop\n .cfi_restore rbx\n .cfi_escape 0x10,0x3,0x2,0x77,0x8\n .cfi_escape 0x16,0x7,0x2,0x77,0x8\n .cfi_escape 0x2e,0x10\n nop\n .cfi_restore_state\n .cfi_undefined rip\n .skip 300\n .cfi_def_cfa rsp,32\n .skip 70000\n .cfi_rel_offset rbp, 8\n .cfi_window_save\n nop\n .cfi_endproc\ng: .cfi_startproc simple\n .cfi_signal_frame\n .cfi_def_cfa rsp,8\n nop\n .cfi_endproc\n' > cfi.s; as cfi.s -o cfi.o; { echo .cfi_sections .debug_frame; grep -v 'lsda\|personality' cfi.s; } > cfi2.s; as cfi2.s -o cfi2.o
for f in $debugged cfi.o cfi2.o; do for o in -wL '--debug-dump=decodedline -W' -wl -wf -wF -wi -wa -wr -ws -wR -wo -wA -wO --debug-dump=rawline,str,aranges -w; do alike 'debug information' $o $f; done; done
for f in $rust; do for o in -wL -wl -wf -wF -wi -wa -wr -ws -wR -wo; do alike 'debug information of rustc' $o $f; done; done
for f in /usr/lib/x86_64-linux-gnu/crt1.o /bin/ls; do for o in -wf -wF; do alike 'frames of the machine' $o $f; done; done
for w in macro gdb_index pubnames nonsense; do fails "--debug-dump=$w" $KIT readelf --debug-dump=$w a.o; says "--debug-dump=$w" "‘$w’"; done
$KIT readelf -w $KIT 2> said | head -c 1 > /dev/null; same 'readelf -w | head' 141 "${PIPESTATUS[0]}"
for f in $files; do for o in -a -aW '-h -l -S' -hlS -e '-S -t' '--section-details --wide -g' -s '-sW --sym-base=16' '--dyn-syms -W' '-D -s -r' '-rDW' -r -d -n -V -I -u -A '-T -s' '-p .comment -x .rodata -x 1' '-R .debug_info -R .eh_frame' '-z -x .debug_str -p .debug_str'; do alike "$f" $o $f; done; done
alike 'several files' -hW a.o lib.a cxx; alike 'index' -c lib.a; alike 'index of a thin archive' -c thin.a; alike 'long names' --file-header --program-headers --segments --section-headers --sections --headers --syms --symbols --notes --relocs --dynamic --version-info --arch-specific --histogram --unwind --wide cxx
# A core file; 2.40 as Debian builds it cannot decode the list of mapped files there (kit does), all else is equal.
if command -v gdb > /dev/null; then printf 'int main(void) { __builtin_trap(); }\n' > crash.c; gcc -g crash.c -o crash; gdb -batch -ex run -ex 'gcore core.x' ./crash > /dev/null 2>&1
  if [ -f core.x ]; then alike 'core file' -hlSW core.x; alike 'core file' -e core.x; $KIT readelf -n core.x > last.out 2>&1; says 'notes of a core file' 'NT_PRSTATUS'; says 'mapped files' '/crash'; fi; fi
# The machine's own files.
n=0; for f in /bin/ls /usr/bin/[a-g]* /usr/lib/x86_64-linux-gnu/lib[c-m]*.so.* /usr/lib/x86_64-linux-gnu/*crt*.o /usr/lib/gcc/x86_64-linux-gnu/*/lib*.a $(ls -d /usr/lib/debug/.build-id/*/*.debug 2> /dev/null | head -10); do [ -f $f ] && [ ! -L $f ] && [ "$(head -c 5 $f | tr -d '\0' | tail -c +2 | head -c 3)" = ELF -o "$(head -c 7 $f)" = '!<arch>' ] && [ "$(stat -c %s $f)" -lt 8000000 ] || continue
  n=$((n+1)); [ $n -le 300 ] || break; alike "$f" -aW $f; [ $((n % 5)) = 0 ] && alike "$f" -a $f; done
fails 'no such file' $KIT readelf -h absent; says 'no such file' "'absent': No such file"; echo text > t; fails 'no ELF file' $KIT readelf -h t; says 'no ELF file' 'Not an ELF file'; fails 'nothing asked for' $KIT readelf a.o
$KIT readelf -aW static 2>&1 | head -c 1 > /dev/null; same 'a closed pipe ends it quietly' 141 "${PIPESTATUS[0]}"
# Damaged files: no panic, no signal.
i=0; for f in a.o gz.o x.o dyn libv.so; do for s in $(seq 40); do python3 - $f $s <<'P'
import random,sys
b=bytearray(open(sys.argv[1],'rb').read()); r=random.Random(int(sys.argv[2])*7+len(b)); t=int.from_bytes(b[40:48],'little')
for _ in range(1+r.randrange(5)):
    at=r.choice([r.randrange(64), t+r.randrange(max(1,len(b)-t)), r.randrange(len(b))])%len(b)
    b[at]=r.choice([0,1,255,r.randrange(256)])
if r.randrange(6)==0: del b[r.randrange(64,len(b)):]
open('mutant','wb').write(b)
P
timeout 20 $KIT readelf -aW -w -wLF -x .text -p .comment -R .debug_info -z mutant > out 2> said; s=$?; i=$((i+1)); if [ $s -gt 1 ] || grep -q 'panicked at' said; then no "mutant $f $s"; cp mutant bad-$f-$s; fi; done; done; ok
echo "figure: equal $equal"; echo "figure: different $different"; echo "figure: mutants $i"; finish
