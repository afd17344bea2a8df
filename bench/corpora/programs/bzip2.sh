# bzip2: both of its makefiles (static and shared), its six samples with either program.
both bzip2
bzip2_build() { take bzip2; make -s -j1 CC="$1" libbz2.a bzip2 bzip2recover; make -s CC="$1" -f Makefile-libbz2_so clean; mkdir shared; cp -a *.c *.h Makefile* shared; make -s -C shared -f Makefile-libbz2_so CC="$1"; make -s CC="$1" libbz2.a bzip2; }
bzip2_check() { local b n
  make -s CC="$1" test 1>&2 && echo "makefile's samples equal" && for b in ./bzip2 './shared/bzip2-shared'; do n=0
    for i in 1 2 3; do LD_LIBRARY_PATH=shared $b -$i < sample$i.ref | cmp - sample$i.bz2 1>&2 && LD_LIBRARY_PATH=shared $b -d < sample$i.bz2 | cmp - sample$i.ref 1>&2 && n=$((n+2)); done
    echo "${b##*/}: $n of 6"; done; }
