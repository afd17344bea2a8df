# kit objcopy copies as GNU objcopy does; debug files are found by gdb; the sequences of distributions and kernels work.
. "$ROOT/tests/accept/common.sh"; need_cc; need objcopy; for t in objcopy strip readelf gcc gdb nm; do command -v $t > /dev/null || missing "$t"; done
cat > a.c <<'C'
#include <stdio.h>
static int b; int d = 3; static int used(void) { return b; } int com; __attribute__((visibility("hidden"))) int hid = 4;
__attribute__((weak)) int weak(void) { return used() + hid; }
int main(void) { printf("%d %d\n", weak(), d + com); return 0; }
C
gcc -g -fcommon -c a.c -o gcc.o; gcc -g a.c -o gcc.pie; gcc -g -no-pie a.c -o gcc.fixed; gcc -g -shared -fPIC a.c -o gcc.so; $CC -g a.c -o kit.pie; $CC -g -c a.c -o kit.o; command -v clang > /dev/null && clang -g -c a.c -o clang.o; echo contents > new.txt; echo 'main hello_main # comment' > pairs; printf 'used\n# none\n d \n' > names
runs=0 equal=0
compare() { local f=$1; shift; runs=$((runs+1)); objcopy "$@" "$f" out > /dev/null 2> theirs.err; local s=$?; mv out theirs 2> /dev/null; $KIT objcopy "$@" "$f" out > /dev/null 2> ours.err; local k=$?; mv out ours 2> /dev/null
  if [ $s != $k ]; then no "objcopy $* $f: status $s, kit's $k: $(head -c 200 ours.err)"; return; fi
  [ $s != 0 ] && { ok; return; }
  if cmp -s theirs ours; then equal=$((equal+1)); ok; return; fi
  readelf -SlhsdrnVW theirs > theirs.txt 2>&1; readelf -SlhsdrnVW ours > ours.txt 2>&1; sed -i 's/^File: .*//' theirs.txt ours.txt
  if cmp -s theirs.txt ours.txt; then ok; else no "objcopy $* $f: $(diff theirs.txt ours.txt | head -4 | tr '\n' ' ')"; fi; }
# --- what every kind of file is asked
while read -r o; do for f in gcc.o clang.o gcc.pie gcc.fixed gcc.so kit.pie; do [ -e $f ] || continue; set -f; compare $f $o; set +f; done; done <<'O'

-g
-S
--strip-unneeded
--strip-dwo
-R .comment
-R .comment -R .note -S
--keep-section=.debug_line -g
-K main -S
-N used
-w -N *s*
-w -K m* -K !main -g
-L main
-G main
--keep-global-symbols=names
--strip-symbols=names
--localize-symbols names
--globalize-symbol=used
--localize-hidden
--weaken
-W main
--redefine-sym main=hello_main
--redefine-syms=pairs
--prefix-symbols=zz_
--rename-section .comment=.note.mine
--set-section-alignment .comment=8
--add-section .mine=new.txt
--add-section .note.mine=new.txt --add-section .b=names
--add-section .mine=new.txt --set-section-flags .mine=noload,readonly
--update-section .comment=new.txt
--add-gnu-debuglink=new.txt
--add-symbol foo2=0x1234
--add-symbol foo2=.text:0x10,function,global
--add-symbol foo2=.text:0x10,function,local,before=main
--keep-file-symbols -g
--set-start 0x1234
--adjust-start 0x10
--decompress-debug-sections
-I elf64-x86-64 -O elf64-x86-64 -p
-O binary
-O ihex
-O srec
-O srec --srec-len=32 --srec-forceS3
-O verilog
O
# --- what objects alone, and programs alone, are asked
for f in gcc.o clang.o; do [ -e $f ] || continue; for o in '-j .comment' '-R .rela.text' '--remove-relocations=.eh_frame' '--prefix-sections=.pre' '--prefix-alloc-sections=.pre' '--rename-section .data=.rodata.mine,alloc,load,readonly,data,contents' '--set-section-flags .bss=alloc,load,contents' '--elf-stt-common=yes' '--change-section-address .text=0x1000' '--strip-unneeded-symbol=d' '--extract-dwo' '-O binary -j .text'; do compare $f $o; done; done
for f in gcc.pie gcc.fixed kit.pie; do for o in '-O binary -R .note -R .comment -S' '-O binary -j .text' '-O binary -j .rodata -j .text --gap-fill 0xff --pad-to 0x9000' '--change-section-lma .data+0x100000 -O ihex' '-O binary --set-section-flags .bss=alloc,load,contents' '-O verilog --verilog-data-width 4'; do compare $f $o; done; done
for o in '-O elf64-x86-64 -B i386:x86-64' '-O elf64-x86-64' '-O elf64-x86-64 --rename-section .data=.rodata,alloc,load,readonly,data,contents' '-O elf64-x86-64 --redefine-sym _binary_new_txt_start=start' '-O binary'; do compare new.txt -I binary $o; done
# --- an embedded file; a renamed function; a dumped section; compressed sections
check 'objcopy -I binary' $KIT objcopy -I binary -O elf64-x86-64 -B i386:x86-64 new.txt new.o; printf '#include <stdio.h>\nextern char _binary_new_txt_start[], _binary_new_txt_end[]; int main(void) { fwrite(_binary_new_txt_start, 1, _binary_new_txt_end - _binary_new_txt_start, stdout); return 0; }\n' > emb.c
for c in gcc "$CC"; do check "link by $c" $c emb.c new.o -o emb; same 'embedded' contents "$(./emb)"; done
check 'dump' $KIT objcopy --dump-section .comment=dumped gcc.o x.o; objcopy --dump-section .comment=dumped2 gcc.o y.o; check 'as GNU' cmp dumped dumped2; fails 'dump what is not' $KIT objcopy --dump-section .nothing=d gcc.o x.o
check 'compress' $KIT objcopy --compress-debug-sections gcc.pie z; readelf -SW z > last.out; says compressed '\.debug_info .* C '; check 'runs' ./z; check 'expand' $KIT objcopy --decompress-debug-sections z e; $KIT objcopy gcc.pie plain; check 'as before' bash -c 'diff <(readelf --debug-dump=info plain) <(readelf --debug-dump=info e)'; gdb -batch -ex 'info line main' z > last.out 2>&1; says 'gdb reads it' 'a\.c'
for f in kit.o gcc.o; do check "redefine in $f" $KIT objcopy --redefine-sym main=hello_main $f r.o; printf 'int hello_main(void); int main(void) { return hello_main(); }\n' > r.c; check links gcc r.c r.o -o r; same runs '4 3' "$(./r)"; done
# --- debug information apart: dh_strip's sequence, and by hand
dh() { $KIT objcopy --only-keep-debug --compress-debug-sections $1 $1.debug && $KIT strip --remove-section=.comment --remove-section=.note $1 && $KIT objcopy --add-gnu-debuglink=$1.debug $1; }
for f in gcc.pie gcc.fixed kit.pie; do cp $f dh.$f; check "dh_strip $f" dh dh.$f; ./dh.$f > last.out; same "$f runs" '4 3' "$(cat last.out)"; same 'has no symbols' '' "$(nm dh.$f 2> /dev/null)"
  gdb -batch -ex 'break used' -ex run -ex bt -ex 'print d' ./dh.$f > last.out 2>&1; says "gdb finds $f's functions" '#1 .* weak \(\) at a\.c:3'; says 'and variables' '= 3'; readelf -lW dh.$f.debug > last.out 2>&1; same "readelf takes $f's debug file" 0 $?; done
cp gcc.pie g1; cp gcc.pie g2; $KIT objcopy --only-keep-debug g1 g1.debug; objcopy --only-keep-debug g2 g2.debug; check 'debug files as GNU' cmp g1.debug g2.debug
# --- in place; atomically; names of what is wrong
cp gcc.pie ip; chmod 755 ip; check 'in place' $KIT objcopy -S ip; check runs ./ip; same mode 755 "$(stat -c %a ip)"; echo '-g -R .comment' > opts; check 'response file' $KIT objcopy @opts gcc.o x.o; same 'was read' 0 "$(readelf -SW x.o | grep -c comment)"; check 'shortened option' $KIT objcopy --strip-deb gcc.o x.o
ar rcs l.a gcc.o; check 'an archive' $KIT objcopy --prefix-symbols=p_ l.a l2.a; nm -s l2.a > last.out; says 'its index' 'p_main in gcc\.o'
fails 'needed symbol' $KIT objcopy -j .text gcc.o x2.o; says 'says which' 'needed by relocations'; check 'no output' test ! -e x2.o
fails 'format' $KIT objcopy -O elf32-i386 gcc.o x2.o; says 'named' 'elf32-i386'; fails 'not supported' $KIT objcopy --debugging gcc.o x2.o; says 'named' 'debugging'; fails 'bad flag' $KIT objcopy --set-section-flags .text=nonsense gcc.o x2.o; says 'named' 'nonsense'; fails 'no file' $KIT objcopy --add-section .x=nothing gcc.o x2.o; says 'named' 'nothing'
fails 'both' $KIT objcopy -R .text -j .text gcc.o x2.o; fails 'twice' $KIT objcopy --redefine-sym a=b --redefine-sym a=c gcc.o x2.o; fails 'update what is not' $KIT objcopy --update-section .nothing=new.txt gcc.o x2.o; fails 'add what is' $KIT objcopy --add-section .text=new.txt gcc.o x2.o; fails 'no section for a symbol' $KIT objcopy --add-symbol s=.nothing:1 gcc.o x2.o
fails 'text' $KIT objcopy new.txt x2.o; says 'says so' 'file format not recognized'; mkdir dir; fails 'onto a directory' $KIT objcopy gcc.o dir; [ -e /dev/full ] && fails 'no space' $KIT objcopy gcc.o /dev/full; fails 'more than two files' $KIT objcopy a b c; check 'no output was left' test ! -e x2.o; same 'no temporary files' '' "$(ls -A | grep '\.kit-')"; $KIT objcopy --version > last.out; says version 'GNU objcopy'
echo "figure: comparisons $runs"; echo "figure: equal-bytes $equal"
finish
