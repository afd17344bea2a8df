# xz: configure with libtool, static and shared liblzma with symbol versions, make check.
both xz
xz_build() { take xz; ./configure CC="$1" --disable-doc --disable-nls --disable-scripts; make -s; make -s check TESTS=; }
xz_check() { make -s check 1>&2; [ $? = 0 ] && grep -h -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR)' tests/test-suite.log && readelf -dW src/liblzma/.libs/liblzma.so | grep -o 'liblzma.so.5' && readelf --dyn-syms -W src/liblzma/.libs/liblzma.so | grep -o 'lzma_[a-z0-9_]*@@*XZ[_A-Z0-9.]*' | sort | sha256sum; }
