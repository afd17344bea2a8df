# libpng: configure with libtool over a zlib of the same compiler; make check.
both libpng
libpng_build() { mkdir z; cp -a "$S/zlib/." z; (cd z; CC="$1" ./configure --static; make -s libz.a); take libpng
  ./configure CC="$1" CPPFLAGS="-I$PWD/z" LDFLAGS="-L$PWD/z"; make -s; make -s check TESTS=; }
libpng_check() { make -s check 1>&2; [ $? = 0 ] && grep -h -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR)' test-suite.log && ./pngtest pngtest.png | grep -o 'libpng passes test'; }
