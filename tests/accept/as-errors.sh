# What is wrong in assembly is told as GNU as tells it: file, line, the macro's way; no object, status 1.
. "$ROOT/tests/accept/common.sh"; need as
command -v as > /dev/null || missing "GNU as"
n=0
# agrees LABEL TEXT: the messages and the status are GNU as's, and no object is left.
agrees() { local s t; n=$((n+1)); printf "$2" > t.s; rm -f o.o; as t.s -o o.o 2> theirs.txt; s=$?; rm -f o.o; $KIT as t.s -o o.o 2> ours.txt; t=$?
  same "$1: status" $s $t; if cmp -s theirs.txt ours.txt; then ok; else no "$1: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi
  if [ $t != 0 ] && [ -e o.o ]; then no "$1: an object is left"; else ok; fi; }
agrees 'unknown directives, all of them' '\t.bad 1\n\t.worse\n'
agrees 'a label twice' 'a:\tnop\na:\tnop\n'
agrees 'the way of a macro' '\t.macro m x\n\t.bad \\x\n\t.endm\n\n\tm 3\n\t.macro n\n\tm 4\n\t.endm\n\tn\n'
agrees 'repeated lines' '\t.rept 2\n\t.bad\n\t.endr\n'
agrees 'an open condition' '\t.if 1\n\tnop\n'
agrees 'stray ends' '\t.else\n\t.endif\n'
agrees 'junk, and a warning' '\t.long 1 2\n\t.byte 300\n'
agrees 'messages of the text' '\t.warning "careful"\n\t.error "stop"\n\t.err\n'
agrees 'line markers' '# 20 "orig.c"\n\t.bad\n'
agrees 'an open function' '\t.cfi_startproc\n\tnop\n'
agrees 'a rule outside' '\t.cfi_offset 3, -16\n'
agrees 'bad operands' '\t.balign 3\n\t.section .text\n\t.set x\n'
agrees 'values twice' 'x = 1\n\t.equiv x, 2\nx:\n'
agrees 'no such label' '\tjmp 5b\n'
agrees 'a difference that nothing can express' '\t.quad .-x\n'
printf 'a:\tjmp b\n.skip 200\nb:\n.struct 0\nc:\t.space b-a\n.org .+a\n' > t.s; fails 'numbers that depend on sections' $KIT as -g t.s -o o.o; says 'where' 't.s:5: Error: space allocation too complex in absolute section'; says 'why' 't.s:6: Error: only constant offsets supported in absolute section'
printf 'a:\tjmp b\n.skip 200\nb:\n.uleb128 b-a\n.file 1 "a.c"\n.loc 1 1 0 view .LV1\nnop\n.struct 0\nc:\t.skip 4\n.org .+4\nd:\n.text\n.long d\n' > t.s; check 'numbers beside lengths' $KIT as t.s -o o.o; objdump -s -j .text o.o > last.out; says 'their value' '^ 00d0 .*08000000'
agrees 'bytes where there are none' '\t.bss\n\t.long 1\n'
agrees 'other properties of a section' '.section .t1,"",%%progbits\n.section .t1,"aw",%%nobits\n.section .data,"a"\n.section .bss,"aw",%%progbits\n.section .f,"aMS",%%progbits,1\n.section .f,"aMS",%%progbits,2\n.section .f,"aM"\n'
agrees 'odd properties of a section' '.section .init_array,"aw",@progbits\n.section .rodata.x,"aw"\n.section .bss.x,"aw",@progbits\n.section .comment,"a"\n.section .text.q,"axG"\n.section .note.GNU-stack,"x"\n'
agrees 'a section that is a symbol' 'foo:\n.section foo,"a"\n.section bar,"a"\nbar:\n'
agrees 'a global section' '.section AAA\n.global AAA\n.byte 1\n'
agrees 'weak and common' '.weak x\n.comm x,3\n'
agrees 'equal to what is common' '.comm x,3\n.set y,x\n'
agrees 'a version of what is common' '.comm foo,8\n.symver foo,foo@V\n'
agrees 'a version twice' '.data\n.global foo\nfoo: .byte 1\n.symver foo,foo@@@v1\n.symver foo,foo@@@v2\n'
printf '.data\n.weak foo\nfoo: .byte 0\n.symver foo,foo@@v2,remove\n.symver foo,foo@v1\n.quad foo\n' > v.s; fails 'versions that cannot be told apart' $KIT as v.s -o o.o; says 'versions that cannot be told apart' 'multiple versions cannot be used in relocation'
agrees 'a circle of references' '.weakref a,b\n.weakref b,c\n.weakref c,a\n'
agrees 'kinds that change' '.type a,%%function\n.type a,%%object\n'
agrees 'backwards' '.org 0x10\n.byte 0, 1\n.org 0x20\n.org 0x11\n'
agrees 'views' '.file 1 "a.c"\n.loc 1 1 view 0\n.loc 1 2 view 0\n.quad 0\n'
agrees 'offsets of saved registers' '.cfi_startproc\n.cfi_offset 0, 1\n.cfi_endproc\n'
agrees 'stray ends of macros' '.endm\n.endr\n.rept -1\n.endr\n.purgem nosuch\n'
agrees 'sizes of pages' '.psize 10\n.psize 5,6\n.psize 10,\n'
agrees 'missing numbers' '.uleb128\n.sleb128 ,1\n'
fails 'no such file' $KIT as none.s -o o.o; says 'no such file' 'none.s'
fails 'no such option' $KIT as --frobnicate t.s; says 'no such option' 'frobnicate'
fails '32 bits' $KIT as --32 t.s; says '32 bits' '32'
printf '\t.warning "x"\n' > w.s; fails '--fatal-warnings' $KIT as --fatal-warnings w.s -o o.o; check '-W' $KIT as -W w.s -o o.o; same '-W says nothing' "$(cat last.out)" ''
echo "figure: texts $n"
# A file that includes itself twice ends with the first chain that is too long.
printf '\tnop\n\t.include "again.s"\n\t.include "again.s"\n' > again.s; fails 'includes itself' timeout 10 $KIT as again.s -o again.o; says 'includes itself' 'included too deeply'; same 'in time' 1 "$(timeout 10 $KIT as again.s -o again.o > /dev/null 2>&1; echo $?)"
printf '\t.word 0\n\t.org 1<<40\n\t.word 0\n\t.skip x-.\nx = . + (1<<30)\n' > big.s; fails 'more bytes than anybody has' timeout 5 $KIT as big.s -o big.o; says 'which line' '^big.s:2: Error: too many bytes are asked for'
finish
