# gcc's environment variables: where headers and libraries are, what time it is, where temporary files go.
. "$ROOT/tests/accept/common.sh"; need_cc
mkdir -p one two sys tmp lib; echo '#define N 1' > one/n.h; echo '#define N 2' > two/n.h; echo '#define S 3' > sys/s.h; echo '#define N 4' > n.h; printf '#include <n.h>\n#ifdef WANT\n#include <s.h>\n#endif\nn=N S\n' > n.c
n() { "$@" -E -P n.c 2>&1 | tail -1; }
same CPATH 'n=1 S' "$(n env CPATH=one:two $CC)"; same 'an empty element' 'n=4 S' "$(n env CPATH=:one $CC)"; same 'behind -I' 'n=2 S' "$(n env CPATH=one $CC -Itwo)"; same 'before -isystem' 'n=1 S' "$(n env CPATH=one $CC -isystem two)"
same C_INCLUDE_PATH 'n=1 3' "$(n env C_INCLUDE_PATH=one:sys $CC -DWANT)"; same 'behind -isystem' 'n=2 S' "$(n env C_INCLUDE_PATH=one $CC -isystem two)"; same 'behind CPATH' 'n=2 S' "$(n env C_INCLUDE_PATH=one CPATH=two $CC)"
same 'system headers' 'n.o: n.c one/n.h' "$(env CPATH=one C_INCLUDE_PATH=sys $CC -DWANT -MM n.c)"; same 'with -nostdinc' 'n=1 S' "$(n env CPATH=one $CC -nostdinc)"
echo 'int f(void) { return 42; }' > f.c; $CC -c f.c; ar rc lib/libenv.a f.o; echo 'int f(void); int main(void) { return f() - 42; }' > m.c
fails 'without LIBRARY_PATH' $CC m.c -lenv -o p; check LIBRARY_PATH env LIBRARY_PATH=nosuch:lib $CC m.c -lenv -o p; check runs ./p; check '-L first' env LIBRARY_PATH=nosuch $CC m.c -Llib -lenv -o p
check '-print-file-name' env LIBRARY_PATH=lib $CC -print-file-name=libenv.a; says '-print-file-name' 'lib/libenv.a'
check 'build-exe, run' true; [ "$CC" = gcc ] || { check 'build-exe' env LIBRARY_PATH=lib $KIT build-exe m.c -lenv -o p; check 'run' env LIBRARY_PATH=lib $KIT run -lenv m.c; }
echo '__DATE__ __TIME__' > d.c; same SOURCE_DATE_EPOCH '"Jan  1 1970" "00:00:01"' "$(SOURCE_DATE_EPOCH=1 $CC -E -P d.c | tail -1)"; same 'the last second' '"Dec 31 9999" "23:59:59"' "$(SOURCE_DATE_EPOCH=253402300799 $CC -E -P d.c | tail -1)"
for wrong in '' -1 x 253402300800 99999999999999999999; do fails "SOURCE_DATE_EPOCH=$wrong" env SOURCE_DATE_EPOCH="$wrong" $CC -E -P d.c; says "SOURCE_DATE_EPOCH=$wrong" 'SOURCE_DATE_EPOCH.*non-negative'; done
printf '\tnop\n' > t.s; check TMPDIR env TMPDIR=$PWD/tmp $CC -c t.s; same 'nothing stays' '' "$(ls -A tmp)"; check 'an unusable TMPDIR' env TMPDIR=/nosuch $CC -c t.s
check 'others change nothing' env COMPILER_PATH=/nosuch GCC_EXEC_PREFIX=/nosuch $CC m.c f.c -o p
finish
