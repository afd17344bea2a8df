# Objects of kit are ordinary ones: notes, symbols and sections as other tools expect; kit's tools read everyone's.
. "$ROOT/tests/accept/common.sh"; need_cc
printf 'static int s; int g = 4; const char t[] = "text"; __attribute__((weak)) int w(void) { return s; } int f(void) { return w() + g; } int c; extern int u; int *pu = &u;\n' > o.c
check compile $CC -fcommon -g -c o.c -o o.o; check 'eu-elflint or readelf' readelf -aW o.o; same 'readelf has no complaint' '' "$(readelf -aW o.o 2>&1 > /dev/null | head -1)"
readelf -SW o.o > last.out; says .note.GNU-stack '\.note\.GNU-stack +PROGBITS'; says .eh_frame '\.eh_frame'
gcc -fcommon -c o.c -o g.o; nm o.o | awk '{print $NF, $(NF-1)}' | sort > ours; nm g.o | awk '{print $NF, $(NF-1)}' | sort > theirs; same 'symbols as gcc' "$(cat theirs)" "$(cat ours)"
check 'the same bytes twice' bash -c "$CC -g -c o.c -o 1.o && $CC -g -c o.c -o 2.o && cmp 1.o 2.o"
need nm; need ar; need objdump
for x in o.o g.o; do $KIT nm $x > a; nm $x > b; same "kit nm $x" "$(cat b)" "$(cat a)"; $KIT objdump -h -t -r -s $x > a 2>&1 || no "kit objdump $x"; objdump -h -t -r -s $x > b; same "kit objdump $x" "$(cat b)" "$(cat a)"; done
check 'kit ar rcs' $KIT ar rcs lib.a o.o g.o; same 'members' "$(printf 'o.o\ng.o')" "$(ar t lib.a)"; check 'kit ar x' bash -c "mkdir -p x && cd x && $KIT ar x ../lib.a && cmp g.o ../g.o"
printf '#define A 1\nA\n' > e.c; need cpp; same 'kit cpp' 1 "$($KIT cpp -P e.c | tail -1)"
printf 'int f(void); int u; int main(void) { return f() - 4; }\n' > m.c; $CC -c m.c -o m.o; need ld
check 'kit ld' $KIT ld -o p -dynamic-linker /lib64/ld-linux-x86-64.so.2 $($CC -print-file-name=crt1.o) $($CC -print-file-name=crti.o) -L/usr/lib/x86_64-linux-gnu m.o o.o -lc $($CC -print-file-name=crtn.o); check runs ./p
$KIT ld --version > last.out; says 'kit ld names itself as build tools want' 'GNU ld'
mkdir -p d e; cp o.o d/same.o; cp g.o e/same.o; $KIT ar rc two.a d/same.o e/same.o; ar rcD two-gnu.a d/same.o e/same.o
same 'files of one name are members of their own, as GNU ar has them' "$(ar t two-gnu.a | wc -l)" "$(ar t two.a | wc -l)"; $KIT ar rc two.a e/same.o; ar rcD two-gnu.a e/same.o; same 'the first is replaced' "$(cksum < two-gnu.a)" "$(cksum < two.a)"
finish
