# What kit as tells debuggers of plain assembly text is what GNU as tells: rows, units, functions, ranges, the producer's name aside.
. "$ROOT/tests/accept/common.sh"; need as
command -v as > /dev/null || missing "GNU as"
n=0
# Sections, entries as readelf shows them, relocations, symbols and their strings.
told() { { readelf -SW "$1" | grep -E '^ +\[ *[0-9]+\]' | grep -v shstrtab | awk '{sub(/^ *\[ *[0-9]+\] */, ""); if ($1 == ".debug_str") $5 = ""; print $1, $2, $5, $6, $7, $NF}'
  readelf -wairRlL "$1" | sed -E 's/GNU AS 2.40|GNU assembler \(kit\) 2.40/PRODUCER/; s/\(indirect string, offset: 0x[0-9a-f]+\)//'
  readelf -rW "$1" | sed -E 's/ at offset .*//; s/(debug_str \+ ).*/\1/' | awk '{ if ($1 ~ /^[0-9a-f]{16}$/) $2 = ""; print }'
  readelf -sW "$1"; readelf -x .strtab "$1"; } 2> /dev/null | grep -v "$1"; }
# tells LABEL OPTIONS... < text: the same messages, and the same object.
tells() { local l=$1; shift; n=$((n+1)); cat > t.s; as "$@" t.s -o theirs.o 2> theirs.err; local status=$?
  $KIT as "$@" t.s -o ours.o 2> ours.err; [ $? = $status ] || { no "$l $*: $(head -3 theirs.err ours.err | tr '\n' ' ')"; return; }
  if [ $status = 0 ]; then told theirs.o > theirs.txt; told ours.o > ours.txt; else :> theirs.txt; :> ours.txt; fi
  if cmp -s theirs.txt ours.txt && cmp -s theirs.err ours.err; then ok; else no "$l $*: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ') $(diff theirs.err ours.err | head -3)"; fi; }
versions() { local l=$1; shift; local version; cat > v.s; for version in -g -gdwarf-2 -gdwarf-3 -gdwarf-4 -gdwarf-5; do tells "$l" $version "$@" < v.s; done; }
versions 'a function of each binding' << 'S'
	.type f,@function
f:	nop
	.size f,.-f
	.globl g
	.type g,@function
g:	jmp f
	.size g,.-g
	.weak w
	.type w,@function
w:	nop
	.size w,1
S
versions 'only what others see' <<< $'.globl f\n.type f,@function\nf:nop\n.size f,.-f'
versions 'functions of every kind' << 'S'
	.type none,@function
	.size none,0
none:	nop
	.type data,@object
data:	nop
	.size data,.-data
	.type chosen,@gnu_indirect_function
chosen:	nop
	.size chosen,.-chosen
	.set alias,chosen
	.set early,later
	.type later,@function
later:	nop
	.size later,.-later
	.type .Lprivate,@function
.Lprivate: nop
	.size .Lprivate,.-.Lprivate
	.type elsewhere,@function
	.size elsewhere,5
	.set number,7
	.type number,@function
	.size number,5
	.type empty,@function
empty:	nop
	.size empty,y0-x0
x0:
y0:
	.symver later,later@V1
	.local common
	.comm common,4
	.type last,@function
	.size last,3
	.globl late
	call late2
	.type late2,@function
	.size late2,1
late2:	nop
	.type late,@function
	.size late,1
late:	nop
	.set beyond,late2+1
last:	nop
	.data
	.type there,@function
	.size there,1
there:	nop
S
versions 'several sections' <<< $'nop\n.section .text.b,"ax"\nnop\n.data\nnop\n.section .c,"axG",@progbits,g,comdat\nnop\n.section .d,"x"\nnop\n.section .e,"ax",@nobits\n.text 2\nnop\n.text 1\nnop'
versions 'no code' <<< $'.data\n.long 1'
versions 'what counts as an instruction' <<< $'.nops 3\n.nop\n.nop 2\n.p2align 4\nnop\n.long 3'
versions 'sections that the text begins' <<< $'.text\nnop\n.section .debug_info\n.text\nnop\n.section .debug_str\n.asciz "q"\n.section .debug_abbrev\n.byte 0'
versions 'entries of its own' <<< $'nop\n.section .debug_info\n.long 1'
for version in -g -gdwarf-3 -gdwarf-4; do tells 'lines of its own' $version <<< $'nop\n.section .debug_line\n.long 1'; done
tells 'entries alone' -gdwarf-5 <<< $'.section .debug_info\n.long 1'
tells 'entries alone' <<< $'.section .debug_info\n.long 1'
tells 'rows of a compiler without entries' <<< $'.file 1 "d/x.c"\nnop\n.loc 1 4\nnop\nnop'
versions 'rows of a compiler end those of the text' <<< $'nop\n.file 1 "d/x.c"\nnop\n.loc 1 4\nnop\n.data\n.loc 1 5\nnop'
tells 'and its files, too' -g <<< $'nop\n.file 1 "x.c"'
tells 'file 0 is of version 5' -gdwarf-2 <<< $'.file 0 "/a/b" "x.c"\n.file 1 "y.c"\n.loc 1 4\nnop'
versions 'lines of macros and repetition' << 'S'
	.macro m
	nop
	.rept 2
	nop
	nop
	.endr
	nop
	.endm
	m
	nop
	.file "z.c"
	nop
	m
	.line 40
	nop
	m
	.rept 2
	nop
	nop
	.endr
# 100
	nop
# 200 "w.c"
	nop
	m
	nop
	.file "v.c"
	.macro k
	nop
	.line 7
	nop
	nop
	m
	nop
	.endm
	k
	nop
	.rept 2
	m
	nop
	.line 70
	nop
	.endr
	.irp x, 1, 2
	.section .text.\x, "ax"
# 35 "irp.s"
	nop
	.endr
	nop
	.macro marked
# 300 "def.c"
	nop
	.endm
	nop
	marked
S
versions 'a line before its file' <<< $'nop\n.line 5\nnop\n.file "a.c"\nnop\nnop\n.rept 2\nnop\n.endr'
versions 'a file without a line' <<< $'.file "a.c"\nnop\n.rept 2\nnop\n.endr\nnop'
printf '.file "u.c"\n.line 9\nnop\n.macro m\nnop\n.include "inner.s"\nnop\n.endm\nm\n' > outer.s; printf 'nop\nnop\n' > inner.s
versions 'lines of files that are included' <<< $'nop\n.include "outer.s"\nnop\nm\nnop'
printf '.loc_mark_labels 1\na:nop\n.Lb: nop\n1: nop\nc: nop\n.data\nd:nop\n.text\ne=.\nf:\ng:\nnop\n.loc_mark_labels 0\nh:nop\n' > labels.s; versions 'labels with rows' < labels.s
{ echo '.file 1 "x.c"'; cat labels.s; printf '.loc_mark_labels 1\n.loc 1 5\ni: nop\nnop\n'; } > more.s; versions 'labels of a compiler' < more.s
tells 'names of files among the symbols' <<< $'.file "a.c"\n.text\none:\n.file "b.c"\ntwo:\n.globl xone\nxone:\n.file "c.c"\nthree:'
mkdir -p sub; printf 'nop\n' > sub/s.s; here=$PWD
for file in sub/s.s "$here/sub/s.s" "$here/t.s"; do for version in -gdwarf-4 -gdwarf-5; do
  n=$((n+1)); as $version --debug-prefix-map "$here=/there" "$file" -o theirs.o; $KIT as $version --debug-prefix-map "$here=/there" "$file" -o ours.o
  told theirs.o > theirs.txt; told ours.o > ours.txt; check "directories of $file" cmp theirs.txt ours.txt; done; done
printf 'nop\n' > in.s; as -g - -o theirs.o < in.s; $KIT as -g - -o ours.o < in.s; told theirs.o > theirs.txt; told ours.o > ours.txt; check 'standard input' cmp theirs.txt ours.txt
if command -v gcc > /dev/null; then for options in -g '-g -gdwarf-3' -gdwarf-4 "-g -fdebug-prefix-map=$here=/there"; do
  printf '.type f,@function\nf: nop\n.size f,.-f\n' > g.s; gcc $options -c g.s -o theirs.o; $CC $options -c g.s -o ours.o; told theirs.o > theirs.txt; told ours.o > ours.txt
  check "cc $options" cmp theirs.txt ours.txt; done; fi
printf 'nop\n.section .a,"ax"\n.section .b,"a"\n.long 1\n.section .c,"axG",@progbits,gg,comdat\nnop\n.section .gnu.linkonce.t.f,"ax"\nnop\n.section .d,"ax",@nobits\n.zero 3\n.section .a,"ax",unique,3\nnop\n' > notes.s
tells 'notes of sections' --generate-missing-build-notes=yes < notes.s; n=$((n+1)); readelf -x .gnu.build.attributes theirs.o > theirs.txt; readelf -x .gnu.build.attributes ours.o > ours.txt; sed -i 1,2d theirs.txt ours.txt; check 'their bytes' cmp theirs.txt ours.txt
tells 'notes of its own' --generate-missing-build-notes=yes <<< $'.section .gnu.build.attributes\n.long 3'
tells 'names that end others' <<< $'.globl x1, xx1, axx1, b, x2, axx2, xx2\nb: xx1: call x1\n call ax2\n call xax2\n call x1'
tells 'other words for symbols' <<< $'.weak w\nw: nop\n.weakref alias,w\ncall alias\nlea alias(%rip),%rax\n.globl g\n.weakref other,g\ng: call other'
echo "figure: objects $n"
finish
