# Listings (`-a…`): what GNU as lists, line by line, and what kit cc lists of a C source.
. "$ROOT/tests/accept/common.sh"; need as
command -v as > /dev/null || missing "GNU as"; command -v gcc > /dev/null || missing gcc
# lists OPTIONS FILE: standard output is GNU as's.
lists() { as $1 "$2" -o theirs.o > theirs.txt 2> /dev/null; $KIT as $1 "$2" -o ours.o > ours.txt 2> last.out
  if [ -s theirs.txt ] && cmp -s theirs.txt ours.txt; then ok; else no "$1 $2: $(diff theirs.txt ours.txt | head -6 | tr '\n' ' ')"; fi; }
cat > p.c <<'C'
#include <string.h>
static int table[10] = {1, 2, 3}; const char *names[] = {"a", "bc", "def"};
extern int other(int, const char *);
int work(int n, char *buf)
{
  for (int i = 0; i < n; i++)
    buf[i] = table[i] * n;
  if (n > 3)
    return other(n, names[0]);
  return strlen(buf);
}
C
gcc -O1 -S p.c -o p.s; gcc -O1 -g -S p.c -o pg.s
mkdir -p sub; cp p.c sub/; gcc -g -S sub/p.c -o sub.s; gcc -g -S "$PWD/sub/p.c" -o whole.s
{ seq -f '.set a%g, 1' 998; printf '.ascii "%0100d"\n\tnop\n' 1 2 3; } > thousand.s
cat > a.s <<'S'
	.text
	.globl f
f:	movl $1, %eax	# a comment
	jmp 1f; nop
	.macro twice x, more:vararg
	inc \x
	addl  $1 ,	\x
	.ascii	"a  b", "\more"
	.endm
	twice %eax, long
	.p2align 4
1:	ret
	/* over
	lines */ nop
	.data
tab:	.long 1,2,3,4,5,6,7,8
	.ascii "hello world, a long text that goes over lines and over the width of the page that it stands on, to its end"
	.skip 100
	.quad f, there
	.set k, 5
	.if k == 4
	.byte 4
	.else
	.byte k
	.endif
	.include "part.s"
	.nolist
	.byte 9
	.list
	.bss
buf:	.skip 64
	.comm c,4
	.subsection 1
	.skip 4
	.subsection 0
end:	.skip 2
S
printf '\tnop\n\t.rept 2\n\t.byte 1,2\n\t.endr\n\t.irp x,5,6\n\t.byte \\x\n\t.endr\n' > r.s
printf '\t.byte 42\npart:\n\t.long .\n' > part.s
printf '\t.title "A title"\n\t.sbttl "and another"\n\t.psize 12,80\n\tnop\n\t.eject\n\tnop\n\t.rept 30\n\tnop\n\t.endr\n' > pages.s; for i in 1 2 3 4 5 6 7 8 9; do printf '\t.quad 1,2\n'; done >> pages.s
for letters in -aln -al -a -alcn -as -asn -almn -a=; do case $letters in -a=) letters='-a --listing-lhs-width=2 --listing-lhs-width2=3 --listing-cont-lines=2 --listing-rhs-width=20';; esac; lists "$letters" a.s; done
lists -aln r.s; lists -al pages.s; lists -aln pages.s; lists -a p.s; lists -ahls p.s; lists -adhln pg.s; lists -adhl pg.s; lists -adhln sub.s; lists -adhln whole.s; lists -aln thousand.s
check 'a file' $KIT as -aln=a.lst a.s -o ours.o; as -aln a.s -o theirs.o > theirs.txt; same 'the listing in it' "$(cksum < theirs.txt)" "$(cksum < a.lst)"; same 'nothing beside it' "$(wc -c < last.out)" 0
check 'general facts' $KIT as -alng a.s -o ours.o; says 'what was asked' 'options passed.*-alng'
fails 'a letter that nobody knows' $KIT as -aq a.s; says 'which one' 'invalid listing option.*q'
fails 'the input as listing' $KIT as -al=a.s a.s -o ours.o; says 'why' "is the same as"
printf '\tnop\n\tfoo %%eax\n' > e.s; fails 'an error' $KIT as -aln e.s -o ours.o; says 'its line' '^   2              .*foo'; says 'what is wrong' '^\*\*\*\*  Error: no such instruction'
# A C source: its lines, the assembly, the bytes; and the object is the one that is made without a listing.
check 'kit cc -Wa,-adhln' $CC -c -g -Wa,-adhln p.c -o l.o; says 'lines of C' '^   7:p.c           \*\*\*\*     buf\[i\] = table\[i\] \* n;$'; says 'bytes' '^ +[0-9]+ [0-9a-f]{4} [0-9A-F]{2,8} +.+push.%rbp'
$CC -c -g p.c -o o.o; same 'its code' "$(objdump -d o.o | tail -n +4)" "$(objdump -d l.o | tail -n +4)"
check 'a listing in a file, of two sources' sh -c "$CC -c -Wa,-aln=p.lst p.c; grep -q 'call.*strlen' p.lst"
check 'kit cc of .s' $CC -c -Wa,-aln a.s; as -aln a.s -o theirs.o > theirs.txt; same 'as kit as lists' "$(cksum < theirs.txt)" "$(cksum < last.out)"
finish
