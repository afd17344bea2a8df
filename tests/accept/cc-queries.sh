# What build systems ask a compiler driver.
. "$ROOT/tests/accept/common.sh"; need_cc
check --version $CC --version; says --version 'Free Software Foundation'; check -v $CC -v; check --help $CC --help; says --help '-c'
check -dumpmachine $CC -dumpmachine; says -dumpmachine '^x86_64-linux-gnu$'; check -dumpversion $CC -dumpversion; says -dumpversion '^[0-9]+'
for q in prog-name=ld file-name=libc.so file-name=crt1.o search-dirs sysroot multi-os-directory libgcc-file-name multiarch; do check -print-$q $CC -print-$q; done
$CC -print-file-name=crt1.o > last.out; says 'crt1.o is found' '^/.*crt1\.o$'
echo 'int x;' > x.c; $CC -v -c x.c > last.out 2>&1; says '-v shows where headers are' 'search starts here'; says '-v ends the list' 'End of search list'
finish
