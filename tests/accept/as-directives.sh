# kit as gives what GNU as gives: sections, bytes, relocations, symbols, for what gcc writes and for a text of directives.
. "$ROOT/tests/accept/common.sh"; need as
command -v as > /dev/null || missing "GNU as"; command -v gcc > /dev/null || missing gcc
n=0
# Sections with flags and bytes, relocations in order of place, symbols by name.
shape() { { readelf -SW "$1" | grep -E '^ +\[ *[0-9]+\]' | grep -vE 'symtab|strtab' | awk '{sub(/^ *\[ *[0-9]+\] */, ""); print $1, $2, $5, $6, $7, $NF}'
  readelf -rW "$1" | awk '/^Relocation/ {print $3} /^[0-9a-f]{12}/ {print $1, $3, $5, $6, $7}' | sort
  nm -a "$1" | sort; objdump -s "$1" | tail -n +4; } 2> /dev/null | grep -v "$1"; }
equal() { n=$((n+1)); as "$2" -o theirs.o 2> as.err || { no "$1: GNU as: $(head -2 as.err)"; return; }
  if ! $KIT as "$2" -o ours.o > last.out 2>&1; then no "$1: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  shape theirs.o > theirs.txt; shape ours.o > ours.txt
  if cmp -s theirs.txt ours.txt; then ok; else no "$1: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
cat > p.c <<'C'
#include <string.h>
static int table[10] = {1, 2, 3}; const char *names[] = {"a", "bc", "def"}; extern int other(int, const char *);
static __attribute__((noinline)) int sum(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s += p[i] * i; return s; }
int work(int n, char *buf) { switch (n) { case 1: return sum(table, 10); case 2: return other(n, names[n]); case 3: return 7;
  case 4: memset(buf, 0, 100); return 9; case 5: return other(5, "five"); case 6: return table[n]; } while (n-- > 10) buf[n] = n; return strlen(buf); }
int common; static int zero[100]; int *address = &zero[5]; _Thread_local int tls = 4; __attribute__((weak)) int weak(void) { return tls + common; }
C
for options in -O0 -O2 '-O2 -fPIC' '-O1 -ffunction-sections -fdata-sections' '-O2 -g' '-O0 -g -fPIC' '-Os -g -fno-asynchronous-unwind-tables' '-O2 -fno-dwarf2-cfi-asm' '-O1 -g -fno-dwarf2-cfi-asm -fno-asynchronous-unwind-tables'; do
  gcc $options -S p.c -o p.s && equal "gcc $options" p.s
done
cat > d.s <<'S'
	.macro both a, b=2
	.byte \a, \b
	.endm
	.text
1:	jmp 1f
	.rept 3
	nop
	.endr
	.p2align 4,,10
1:	call there
	jmp 1b
	.pushsection .rodata.cst8,"aM",@progbits,8
c:	.quad 5
	.popsection
	lea c(%rip), %rax
	.data
before:
	both 1
	both 3, 4
	.irp x, 5, 6
	both \x
	.endr
	.if . - before > 4
	.quad start
	.else
	.quad 0
	.endif
	.subsection 1
	.uleb128 300
	.subsection 0
start:	.string "text"
	.fill 3, 2, 0x1234
	.org start + 32
	.comm shared, 40, 32
	.symver there, there@V1
	.set alias, start
	.globl alias
S
equal directives d.s
# alike LABEL TEXT [OPTION...]: the same object with the same options, warnings aside.
alike() { local l=$1; n=$((n+1)); printf "$2" > t.s; shift 2; as -W "$@" t.s -o theirs.o 2> as.err || { no "$l: GNU as: $(head -2 as.err)"; return; }
  if ! $KIT as -W "$@" t.s -o ours.o > last.out 2>&1; then no "$l: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  shape theirs.o > theirs.txt; shape ours.o > ours.txt
  if cmp -s theirs.txt ours.txt; then ok; else no "$l: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
alike 'flags and types as numbers' '.section s1,"0x06000000"\n.word 1\n.section s2,"ax",%%0x60000011\n.word 2\n.section .text,"0x04000006"\n.word 3\n.pushsection s3,2,"0x120004",%%5678\n.word 4\n'
alike 'sections of memory areas' '.section .mbind.data,"adw",%%progbits\n.byte 1\n.section .mbind.data,"adw",%%progbits,3\n.byte 2\n.section .mbind.x,"adGw",%%progbits,g,comdat,2,unique,7\n.byte 3\n'
alike 'sections that are retained' '.section .data,"aw"\n.word 0\n.section .data,"awR"\n.word 1\n.section .note.a,"a"\n.word 2\n.section .note.a,"aR"\n.word 3\n'
alike 'sections by their names' '.section .noinit.a\n.zero 2\n.section .persistent\n.word 1\n.section .persistent.bss\n.zero 1\n.section .gnu.lto_a,"",%%progbits\n.byte 1\n.section .text.b,"a"\nnop\n.section .got\n.quad 1\n.section .eh_frame_x\n.section .gnu.linkonce.t.x\nnop\n'
alike 'linked-to sections' 'a:\n.section x,"awo",%%progbits,a\n.quad a\n.section x,"awo",%%progbits,b\n.quad b\n.section x,"awoG",%%progbits,a,g,comdat\n.quad 1\n.text\nb: nop\n'
alike 'a type of frame tables' '.section .eh_frame,"a",@unwind\n.long 0\n.section .eh_frame\n.long 1\n.section .foo,"a",@unwind\n.long 2\n'
alike 'frame tables as values' '.text\n.Lb: nop\n.La: .fill 100\n.Lc: jmp u\n.Ld: .p2align 4\n.Le: .fill 300\n.Lf:\n.section .eh_frame,"a"\n.Ls: .long .Lx-.Ly\n.Ly: .long 0\n.byte 1\n.string "zR"\n.uleb128 1\n.sleb128 -8\n.byte 16\n.uleb128 1\n.byte 3\n.p2align 3\n.Lx:\n.Lg: .long .Li-.Lh\n.Lh: .long .Lh-.Ls\n.long .Lb\n.long .Lf-.Lb\n.uleb128 0\n.byte 4\n.long .La-.Lb\n.byte 14\n.uleb128 16\n.byte 4\n.long .Lc-.La\n.byte 4\n.long .Ld-.Lc\n.byte 4\n.long .Le-.Ld\n.byte 4\n.long .Lf-.Le\n.byte 4\n.long 5\n.p2align 3\n.Li:\n'
alike 'stabs' '.stabs "a.c",100,0,2,.Ltext0\n.text\n.Ltext0:\nf:\n.stabn 68,0,3,f\n.stabd 68,0,5\nnop\n.stabs "int:t1=r1;",128,0,0,0\n.stabs "f:F1",36,0,0,f\n.stabs "",36,1,-3,g\n.xstabs ".stab.x","f:F1",36,0,0,f+1\n'
alike 'numbers of sections' '.section .bar,"a",unique,0\n.byte 0\n.pushsection .bar,2,"a",unique,0xffffffff\n.byte 2\n.popsection\n.byte 1\n'
alike 'equated symbols' '.data\n.long x1, x2\n.global x1, x2, z2\n.set x1, y1\n.set x2, y2\n.set x2, z2\n.bss\nx1: .zero 4\ny1: .zero 4\ny2: .zero 4\n'
alike 'equated again' '.data\nhere:\n.set sym, here\n.long sym\n.set sym, 0x11111111\n.long sym\n.set sym, xtrn\n.long sym\n.comm sym, 1\n.long sym\n'
alike 'sizes of aliases' '.size foo1, 1\nfoo1:\n.set bar1, foo1\n.size bar1, 2\n.size bar2, 2\n.set bar2, foo1\n.set bar5, foo1\n.set bar6, foo2\n.size foo2, 3\nfoo2:\n.set bar7, foo1\n.set bar7, foo2\n'
alike 'what .eqv means' '.data\n.equiv two, 2*one\n.equ one, 1\n.eqv four, 4*one\n.byte one, two, four\n.equ one, -1\n.byte one, two, four\n.if four < one\n.byte 9\n.endif\n'
alike 'kinds of symbols' '.type a,%%tls_object\n.type a,%%object\na: nop\n.type b,%%gnu_indirect_function\n.type b,%%function\nb: nop\n.type c,%%function\n.type c,%%notype\nc: nop\n.globl d\n.set d, e\n.globl e\n.type e,%%function\ne: nop\n.type e,%%gnu_indirect_function\n'
alike 'versions' '.text\n.space 3\n.symver foo, foo@@V2\n.symver foo, foo@V1\n.globl foo\n.type foo, %%function\nfoo: nop\n.size foo, .-foo\n.symver a,a@@V1,local\n.symver a,a@V2,hidden\n.globl a\na: call u\n.symver u,u@@@V\n.globl r\n.symver r,r@@V,remove\nr: nop\n'
alike 'common symbols of threads' '.tls_common foo,30,4\n.comm bar,8\n'; alike '--elf-stt-common=yes' '.comm bar,8,4\n.tls_common foo,3,2\n' --elf-stt-common=yes
alike 'literals' '.data\n.octa ~0x112233445566778899aabbcc0000, -347510587133311339321256747728896\n.dc.s 0f:1234, Inf, NaN, -QNaN, SNaN\n.dc.d 0d:1234, SNaN\n.dcb.s 1\n.dcb.d 1, 0r:4321\n.dc.x 0x:1234\n.dcb.b 3\n.uleb128\n.sleb128 ,1\n'
alike 'names in quotes' '.globl "a-b"\n"a-b": nop\n"back""slash": nop\n.long "a-b"\n'
alike 'where a section starts' '.data\n.quad .startof.(.text), .sizeof.(.text)\n'
alike 'relocations of no symbol' '.reloc 1, BFD_RELOC_NONE, 0\n1: call 5\n.long 1b\n'; alike 'nothing' ''
alike 'numbers by .struct' '.struct 4\na: .long 0\n.balign 32\n.skip 1\n.org .+1\nb:\n.text\n.long a, b\n'
alike 'unwind rules of every register' '.cfi_startproc\n.cfi_undefined fs.base\n.cfi_undefined st\n.cfi_undefined k7\n.cfi_undefined xmm31\nnop\n.cfi_endproc\n'
alike 'sections of unwind rules' '.cfi_sections .eh_frame\n.cfi_startproc\nnop\n.cfi_sections .debug_frame\n.cfi_endproc\n.cfi_startproc\nnop\n.cfi_endproc\n'
for v in 1 3 4; do alike "--gdwarf-cie-version=$v" '.cfi_sections .eh_frame, .debug_frame\n.cfi_startproc\nnop\n.cfi_def_cfa_offset 16\n.cfi_endproc\n' --gdwarf-cie-version=$v; done
alike 'views over subsections' '.section .debug_info,"",%%progbits\n.long 0\n.file 1 "a.c"\n.text 0\n.loc 1 1 view 0\n.section .rodata\n.uleb128 .L1, .L3, .L4, .L2\n.text 1\n.loc 1 2 view .L1\n.text 2\n.loc 1 3 view .L2\n.text 1\n.quad 0\n.loc 1 4 view .L3\n.loc 1 5 view .L4\n'
alike 'labels of macros' 'm: .macro a.1, b\n.byte a.1-b\nend: .endm\n.altmacro\nm 4, 2\n.noaltmacro\n.macro n str\n.ascii "&str"\n.endm\nn "!<>"\n'
gcc -O0 -g -S p.c -o p.s; $KIT as --compress-debug-sections p.s -o z.o; same '--compress-debug-sections' "$(as --compress-debug-sections p.s -o z2.o; readelf -wi z2.o | md5sum)" "$(readelf -wi z.o | md5sum)"; check 'they are compressed' sh -c "readelf -SW z.o | grep -q debug_info.*' C '"
printf '\t.long second\n' > one.s; printf 'second:\t.long value\n' > two.s
as --defsym value=7 one.s two.s -o theirs.o; check 'several files, --defsym' $KIT as --defsym value=7 one.s two.s -o ours.o
same 'several files, --defsym' "$(shape theirs.o)" "$(shape ours.o)"
# Symbols that stand for registers, registers that conditions compare, padding behind which code goes on with a jump, numbers of 128 bits.
cat > regs.s <<'S'
	state = %rdi
	.set A, %ecx
	.set B, A
	.macro hint base=%rsp
	.if \base == %rsp
	mov B, (state)
	.elseif \base != %rbp
	.byte 2
	.else
	mov state, \base
	.endif
	.endm
	hint
	hint %rbp
	hint %rax
	A = %edx
	add A, B
	x = 5
	mov $x, A
	mulxq %rax, %r8, %r9
	rorxl $25, %r8d, %r13d
	andnq (state), %rax, %rbx
	blsrl %ecx, %edx
	.balign 128
	jmp 1f
	.balign 1024
1:	movdqu ones-mask(%rax), %xmm0
	.nops 200
	.section .rodata
mask: .octa 0x0000000000000000ffffffffffffffff, -1, 0xffffffffffffffff, 5
ones: .octa 0xffffffffffffffff0000000000000000
	.text
	movdqu ones-mask(%rax), %xmm0
S
equal 'symbols for registers' regs.s
# One option of x86 each, with the least that shows it: the same object as GNU as's.
option() { n=$((n+1)); printf "$2" > opt.s; as $1 opt.s -o theirs.o 2> as.err || { no "$1: GNU as: $(head -2 as.err)"; return; }
  if ! $KIT as $1 opt.s -o ours.o > last.out 2>&1; then no "$1: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  shape theirs.o > theirs.txt; shape ours.o > ours.txt
  if cmp -s theirs.txt ours.txt; then ok; else no "$1: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
option '-mevexlig=256 -mevexrcig=rd' 'vaddss %%xmm17,%%xmm1,%%xmm2\nvcmpss $1,{sae},%%xmm1,%%xmm2,%%k1\n'
option -mevexwig=1 'vpmovzxbw %%xmm17,%%xmm1\nvpextrb $1,%%xmm17,%%eax\n'
option '-mvexwig=1 -mavxscalar=256' 'vpaddb %%xmm1,%%xmm2,%%xmm3\nvaddss %%xmm1,%%xmm2,%%xmm3\nvpmovmskb %%xmm1,%%eax\n'
option -msse2avx 'addps %%xmm9,%%xmm1\nmovss (%%rax),%%xmm1\nmovss %%xmm1,%%xmm2\npblendvb %%xmm0,%%xmm1,%%xmm2\ncvtpd2dq (%%rax),%%xmm1\n'
option -muse-unaligned-vector-move 'movaps (%%rax),%%xmm1\nvmovdqa64 %%zmm1,%%zmm2\n'
for level in -O -O2 -Os; do option $level 'test $1,%%rbx\nmov $-1,%%rax\nmov $5,%%rax\nxor %%r9,%%r9\nand %%al,%%al\nlea (%%rax),%%rbx\nvpxord %%zmm1,%%zmm1,%%zmm2\nvmovdqu8 1(%%rax),%%xmm2\nvpand %%xmm9,%%xmm1,%%xmm2\n{nooptimize} mov $5,%%rax\n'; done
option -mx86-used-note=yes 'vaddps %%ymm1,%%ymm2,%%ymm3\nfsin\ncmove %%eax,%%ebx\n'
option -mintel64 'data16 jmp f\nlcallq *(%%rax)\nmovsxd %%ax,%%cx\n'
option -mfence-as-lock-add=yes 'mfence\n'
option -mrelax-relocations=no 'mov f@GOTPCREL(%%rip),%%rax\n'
option '' 'data16 jmp f\nmov f@GOTPCREL,%%rax\nxcryptecb\nvrcp28ps %%zmm1,%%zmm2\nlar %%dx,%%rdx\nclrq %%rax\naddb $300,%%al\naddb.s %%dl,%%cl\n'
option '-march=generic64+avx' 'vaddps %%ymm1,%%ymm2,%%ymm3\n.arch push\n.arch .avx2\nvpaddb %%ymm1,%%ymm2,%%ymm3\n.arch pop\n'
alike 'names of thread-local data' 'leaq a@tlsgd(%%rip),%%rdi\nleaq b@tlsld(%%rip),%%rdi\nmovq c@gottpoff(%%rip),%%rax\nmovq %%fs:d@tpoff,%%rax\n.data\n.quad e@dtpoff\n.quad f\n'
# Boot sectors: branches have 16 bits in code of 16 bits, and there are instructions that code of 64 bits has not.
alike 'branches in code of 16 bits' '.code16\nx: call y\njmp y\nje y\ncall z\njmp z\njne z\ny: ret\n.fill 200,1,0x90\nz: jmp x\ncall f\njmp f\njae f\ncalll y\ncallw y\ndata32 call z\nloop z\ncall 0x1234\n.code32\ncallw z\nje z\njmp z\n'
alike 'far jumps' '.code16\nljmp $0, $x\nljmpl $8, $x\nlcall $0x10, $0x1234\ndata32 ljmp $8, $x\nx:\n.code32\nljmp $0x10, $x\nljmpw $8, $x\n.intel_syntax noprefix\njmp 8:x\n.set seg, 0x18\njmp seg:x+4\ncall 0x10:0x7c00\n'
for w in 16 32; do alike "instructions that code of 64 bits has not, .code$w" ".code$w\\n$(printf '%s\\n' 'push %%cs' 'pushw %%ds' 'pushl %%es' 'pop %%ds' 'pop %%ss' pusha pushaw popal aaa aas daa das into aam 'aad $16' 'inc %%ax' 'decl %%esi' 'inc %%bl' 'incw (%%ebx)' 'push %%fs' 'pop %%gs')"; done
# The distance of the table of addresses, and of anything to a label, in instructions: what gcc -mcmodel=large -fPIC writes.
alike 'distances in instructions' 'f: lea f(%%rip), %%r15\nmovabs $_GLOBAL_OFFSET_TABLE_-f, %%r11\nmovabs $_GLOBAL_OFFSET_TABLE_-., %%r11\nmov $_GLOBAL_OFFSET_TABLE_-., %%rax\nadd $_GLOBAL_OFFSET_TABLE_+[.-f], %%rbx\nmov _GLOBAL_OFFSET_TABLE_-f(%%rbx), %%rbx\nadd $_GLOBAL_OFFSET_TABLE_, %%ebx\nmovabs $_GLOBAL_OFFSET_TABLE_, %%r11\nlea _GLOBAL_OFFSET_TABLE_(%%rip), %%rbx\nmovabs $e-f, %%rax\nmov $e-., %%eax\n.quad _GLOBAL_OFFSET_TABLE_-., e-f\n'
# Blanks that the C preprocessor puts between `\` and a parameter; not in strings.
alike 'blanks behind the sign of a parameter' '.macro m callee\ncall \\ callee@PLT\nmov $\\ callee, %%eax\n.ascii "\\\\ callee"\n.endm\nm f\n'
printf '\tmovq "a b"@GOTPCREL(%%rip),%%rax\n\tcall "c"@PLT\n\t.data\n"a b":\t.quad "d e"@GOTOFF\n' > q.s && equal 'quoted names with modifiers' q.s
same 'the order of their symbols' "$(nm -p theirs.o)" "$(nm -p ours.o)"
# What they refuse is refused, at the same lines.
refused() { n=$((n+1)); printf "$2" > opt.s; as $1 opt.s -o theirs.o 2>&1 | grep -o '^opt.s:[0-9]*: Error' > theirs.txt; $KIT as $1 opt.s -o ours.o 2>&1 | grep -o '^opt.s:[0-9]*: Error' > ours.txt
  if [ -s theirs.txt ] && cmp -s theirs.txt ours.txt; then ok; else no "refused by $1: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
refused '' 'pusha\npush %%cs\nljmp $8, $1\naaa\nlds (%%eax), %%ebx\n'
refused '-march=generic64+avx' 'vaddps %%ymm1,%%ymm2,%%ymm3\nvpermq $1,%%ymm1,%%ymm2\nlzcnt %%eax,%%ebx\n'
refused '' '.arch .noavx512vl\nvpternlogd $1,%%xmm1,%%xmm2,%%xmm3\nvpternlogd $1,%%zmm1,%%zmm2,%%zmm3\n'
refused '' 'rep add %%eax,%%ebx\nbnd incl (%%rax)\nlock add (%%rax),%%eax\nxacquire incl (%%rax)\nxrelease mov (%%rax),%%eax\nnotrack ret\ndata16 paddb %%mm0,%%mm1\n'
refused '' 'lcallq *(%%rax)\nmovsxd %%ax,%%cx\nmovl %%ds,(%%rax)\nmov 0x80000000(%%rax),%%ebx\nshl %%cxl,%%eax\n{rex} vmovaps %%xmm7,%%xmm2\ncalll *(%%rax)\n'
refused -mintel64 'retw\ncallw *%%ax\nmovsxd %%eax,%%cx\n'
refused '-moperand-check=error -msse-check=error' 'vgatherdps %%xmm2,(%%rax,%%xmm1,2),%%xmm2\naddps %%xmm1,%%xmm2\nextrq $0,$0,%%xmm0\n'
refused '' 'vaddps %%zmm3,%%zmm1{%%k3},%%zmm2\nvcvtps2pd (%%rax),%%zmm1{1to8}\ntileloadd (%%rip),%%tmm1\nkmovq f@gottpoff(%%rip),%%k0\n'
# What linkers may keep of another file is named; sections of one name; sizes beyond 4 GiB; what may be relaxed; sums of files.
printf '\t.section .text.f,"axG",@progbits,f,comdat\n\t.weak f\nf:\tnop\n.Lx:\tnop\nloc:\tnop\n\tcall loc\n\t.quad loc+2\n\t.section .rodata.f,"aG",@progbits,f,comdat\nr2:\t.quad loc\n\t.section .gnu.linkonce.t.q,"ax",@progbits\nq:\tnop\n\t.text\n\tcall .Lx\n\tcall loc\n\tjmp loc\n\t.set alias, loc\n\tcall alias\n\tmov r2(%%rip),%%rax\n\t.quad q\n' > g.s && equal 'sections of which one is kept' g.s
printf '\t.section x,"",@progbits\n\t.long 1\n\t.section x,"G",@progbits,g1,comdat\n.Lx1:\t.long 1\n\t.section x,"G",@progbits,g2,comdat\n.Lx2:\t.long 1\n\t.section y,"",@progbits\n.Ly:\t.long 1\nfoo:\t.long .Lx2, .Ly, .Lx1, foo\n' > x.s && equal 'sections of one name' x.s
same 'order of their symbols' "$(readelf -sW theirs.o | awk '{print $4, $7, $8}')" "$(readelf -sW ours.o | awk '{print $4, $7, $8}')"
printf '\t.bss\na:\t.zero 2400000000000000024\n\t.size a, .-a\n\t.balign 32\nb:\t.zero 4\n\t.local c\n\t.comm c,0x7000000001,64\n\t.section .tbss,"awT",@nobits\n\t.skip 0x7fffffffff\nt:\t.zero 4\n\t.text\n\tmovabs $b, %%rax\n\t.quad b-a, a+2400000000000000000\n' > z.s && equal 'sizes beyond 4 GiB' z.s
printf '\tdata16 rex.W call *f@GOTPCREL(%%rip)\n\tdata16 call *f@GOTPCREL(%%rip)\n\trex.W call *f@GOTPCREL(%%rip)\n\tcall *f@GOTPCREL(%%rip)\n\tmov f@GOTPCREL(%%rip),%%ax\n\tmov f@GOTPCREL(%%rip),%%r8d\n\tadd f@GOTPCREL(%%rip),%%rax\n\ttest %%ax,f@GOTPCREL(%%rip)\n\tcs mov f@GOTPCREL(%%rip),%%rax\n' > r.s && equal 'what may be relaxed' r.s
printf '\t.section .rodata.q,"aMS",@progbits,2\n\t.byte 1\n\t.subsection 3\n\t.byte 3\n\t.section .foo,"aM",@progbits,12\n\t.byte 1\n' > e.s && equal 'entries are filled' e.s
for last in 00 11; do printf '\t.file 0 "/d" "a.c" md5 0x112233445566778899aabbccddeeff00\n\t.file 1 "b.c" md5 0x112233445566778899aabbccddeeff'$last'\n\t.loc 1 1\n\tnop\n\t.section .debug_info,"",@progbits\n\t.byte 0\n' > m.s && equal "sums of files, $last" m.s; done
mkdir -p inc; printf '\t.byte 42\n' > inc/part.s; printf 'xyz' > inc/b.bin; printf '\t.include "part.s"\n\t.incbin "b.bin", 1, 1\n' > i.s
check '-I, .include, .incbin, --MD' $KIT as -Iinc --MD i.d i.s -o i.o; same 'bytes' "$(objdump -s -j .text i.o | tail -1 | awk '{print $2}')" 2a79
same '--MD' "$(cat i.d)" 'i.o: i.s inc/part.s inc/b.bin'
printf '\tnop\n' > s.s; check 'standard input' sh -c "$KIT as - -o s.o < s.s"; check '@file' sh -c "echo '-o s2.o s.s' > r; $KIT as @r"; same 'the same' "$(cksum < s.o)" "$(cksum < s2.o)"
check '--noexecstack' $KIT as --noexecstack s.s -o s3.o; check 'a note of the stack' sh -c 'readelf -SW s3.o | grep -q GNU-stack'
check 'kit cc of .s' $CC -c d.s -o cc.o; $KIT as d.s -o as.o; same 'kit cc is kit as' "$(cksum < cc.o)" "$(cksum < as.o)"
# Gaps by processor and width, nops whose length is settled late, code behind .struct, distances as immediates.
cat > late.s <<'S'
	.text
	.nops 0
	.nops 8, 4
	.nops 90, 3
	.nops 129
140:	testl %eax, %eax
141:	.nops -(((144f-143f)-(141b-140b)) > 0)*((144f-143f)-(141b-140b)), 5
142:	xor %eax, %eax
	.pushsection .alt, "ax"
143:	mov %eax, %eax
	jmp foo
144:	.popsection
	.arch i386
	.p2align 4
	.arch pentium4
	nop
	.p2align 4
	.arch generic64
	nop
	.p2align 4
	.arch default
	.struct
	inc %eax
	mov $0x876543210, %rcx
	call .
size_of = .
	.struct 8
field:	vpextrw $0, %xmm0, %eax
after:
	.text
	.if after > 8
	.long size_of, field, after
	.endif
	movb $(xtrn - .), %al
	movl $(xtrn - .), %eax
	movabs $(xtrn - .), %rax
	mov there+0x7ffff000(%eip), %eax
there:	movl $.text@SIZE, %eax
	movl $.data@SIZE + 4, %eax
	jmp 0x876543210
	call sym+4
	jmp sym-4
	call sym@PLT+4
	callw there
	add $_GLOBAL_OFFSET_TABLE_, %rax
	.data
	.slong xtrn, xtrn - ., xtrn@tpoff
	.long xtrn@tlsgd, xtrn@got
	.hfloat 1, -2
	.equ addend, 8
S
equal 'late nops, gaps by processor, .struct' late.s
printf '\t.code16\n\tnop\n\t.p2align 4\n\t.nops 30\n' > narrow.s; equal 'gaps of 16 bits' narrow.s
cat > words.s <<'S'
	.intel_syntax noprefix
	.data
	.long not 3, 8 mod 5, 9 shl 6, 11 and 8, 14 eq 14, 19 gt 19
	.byte byte, word, dword, fword, qword, tbyte, oword, zmmword
	.word near, far
	.text
	.set acc, xmm17
	vaddss xmm0, xmm1, acc
	push [rip + x1@GOTPCREL + x2]
	umwait esi, edx, eax
	cmps byte ptr cs:[rsi], [rdi]
	ins byte ptr es:[rdi], dx
	vpermil2ps xmm1, xmm2, xmm3, [rax], 3
	.equ x2, 8
S
equal 'words in expressions of Intel syntax' words.s
echo "figure: objects $n"
finish
