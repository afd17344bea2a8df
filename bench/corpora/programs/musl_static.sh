# The programs of this folder, static on a musl that kit alone built (compiler, assembler, archiver, linker), with their own
# tests. gcc's part is only what SQLite's scripts say: the tests of the others judge themselves.
# expat is not among them: its configure leaves out the tests when there is no C++ compiler.
ON_MUSL='bzip2 lz4 zlib lua sqlite cjson jansson xz pcre2 quickjs jq libpng zstd'
musl_static_ref() { mkdir -p "$WORK/sqlite"; cd "$WORK/sqlite"; SRC=$S/sqlite . "$HERE/programs/sqlite.sh"; cp -a "$S/sqlite" gen && (cd gen && ./configure --disable-tcl && make -s -j1 sqlite3.c shell.c) &&
  cp gen/sqlite3.[ch] gen/shell.c gen/test/speedtest1.c . && units gcc gcc gcc "$SQL" sqlite3.c shell.c && gcc gcc/*.o -o gcc/shell $LIBS && sqlite_run gcc > ref.out && [ -s ref.out ]; }
musl_static_plain() { alone "$1"; mkdir -p musl && cd musl && take musl && ./configure CC="$1" AR=ar RANLIB=ranlib --prefix=/usr/local/musl && make -s && make -s install DESTDIR="$WORK/root" && alone_kept &&
  printf '#!/bin/sh\nexec %s --target=x86_64-linux-musl --sysroot=%s -static "$@"\n' "$1" "$WORK/root" > "$WORK/musl-cc" && chmod +x "$WORK/musl-cc"; }
musl_static_more() { local p; alone "$1"; for p in ${PROGRAMS:-$ON_MUSL}; do
  step "$p on it" on_musl $p "$WORK/musl-cc"; done; }
on_musl() { local p=$1 SRC=$S/$1; mkdir -p "$WORK/on/$p"; cd "$WORK/on/$p"; . "$HERE/programs/$p.sh"; (set -e; "static_$p" "$2") < /dev/null && alone_kept; }
is_static() { local f; for f; do ! readelf -lW "$f" | grep -q INTERP || { echo "$f is not static"; return 1; }; done; }
all_pass() { cat "$@" && ! grep -h -E '^# (FAIL|ERROR|XPASS): *[1-9]' "$@" && grep -q -E '^# PASS: *[1-9]' "$@"; }

static_bzip2() { take bzip2; make -s CC="$1" libbz2.a bzip2; is_static bzip2; make -s CC="$1" test; }
static_lz4() { take lz4; make -s -C lib CC="$1" liblz4.a; make -s -C programs CC="$1" lz4; make -s -C tests CC="$1" fuzzer frametest roundTripTest datagen; is_static programs/lz4 tests/fuzzer
  cd tests; ./fuzzer -i60 -s1 -T0s; ./frametest -i60 -s1 -T0s; ./datagen -g2M > data; ./roundTripTest data; ../programs/lz4 -9 -c data | ../programs/lz4 -dc | cmp - data; }
static_zlib() { take zlib; CC="$1" ./configure --static; make -s; make -s test | tee test.out; is_static example minigzip; grep -q 'zlib test OK' test.out; ./minigzip -9 < deflate.c | ./minigzip -d | cmp - deflate.c; }
static_lua() { take lua; make -s -C src linux CC="$1 -std=gnu99"; is_static src/lua; src/lua "$T/lua.lua" | tee out; tail -1 out | grep -q '^lua: all passed$'; src/luac -o code "$T/lua.lua"; src/lua code | cmp - out; }
static_sqlite() { cp "$WORK"/sqlite/*.[ch] .; units cc "$1" "$1" "$SQL" sqlite3.c shell.c speedtest1.c; $1 cc/sqlite3.o cc/shell.o -o cc/shell $LIBS; $1 cc/sqlite3.o cc/speedtest1.o -o cc/speed $LIBS; is_static cc/shell cc/speed
  sqlite_run cc > out; cmp out "$WORK/sqlite/ref.out"; sqlite_speed cc | grep 'Verification Hash: 8'; }
static_cjson() { cmake -S "$S/cjson" -B . -DCMAKE_C_COMPILER="$1" -DBUILD_SHARED_LIBS=OFF -DENABLE_CJSON_UTILS=ON; cmake --build .; is_static cJSON_test; ctest; }
static_jansson() { take jansson; autoreconf -fi; ./configure CC="$1" --disable-shared; make -s; make -s -j1 check; all_pass test/test-suite.log; }
static_xz() { take xz; ./configure CC="$1" --disable-doc --disable-nls --disable-scripts --disable-shared; make -s; is_static src/xz/xz; make -s check; all_pass tests/test-suite.log; }
# musl takes any name of a locale; its systems have no program `locale`, and without it the script leaves out the test of a wrong name.
static_pcre2() { take pcre2; sed -i 's/^which locale .*/false/' RunGrepTest; ./configure CC="$1" --enable-pcre2-16 --enable-pcre2-32 --disable-shared; make -s; is_static pcre2test; make -s -j1 check || make -s -j1 check; all_pass test-suite.log; }
static_quickjs() { local t; take quickjs; make -s CC="$1" HOST_CC="$1" qjs qjsc libquickjs.a; is_static qjs
  for t in closure language builtin loop bigint cyclic_import worker std; do [ ! -f tests/test_$t.js ] || ./qjs tests/test_$t.js; done; ./qjs -e 'if ([3, 1, 2].sort() + "" !== "1,2,3" || 2n ** 200n % 1000n !== 376n) throw 1'; }
static_jq() { mkdir onig; (cd onig; take onig; autoreconf -fi; ./configure CC="$1" --prefix="$PWD/inst" --disable-shared; make -s; make -s check; all_pass test/test-suite.log; make -s install)
  take jq; printf '#!/bin/sh\necho 1.7.1\n' > scripts/version; autoreconf -fi; ./configure CC="$1" --disable-docs --disable-valgrind --disable-shared --enable-all-static --with-oniguruma="$PWD/onig/inst"; make -s; is_static jq; make -s check NO_VALGRIND=1; all_pass test-suite.log; }
static_libpng() { mkdir z; cp -a "$S/zlib/." z; (cd z; CC="$1" ./configure --static; make -s libz.a); take libpng; ./configure CC="$1" --disable-shared CPPFLAGS="-I$PWD/z" LDFLAGS="-L$PWD/z"; make -s; make -s check; is_static pngtest; all_pass test-suite.log; }
static_zstd() { take zstd; make -s -C lib CC="$1" libzstd.a; make -s -C programs CC="$1" zstd; make -s -C tests CC="$1" fuzzer invalidDictionaries poolTests datagen; is_static programs/zstd
  cd tests; ./fuzzer -i40 -s5 --no-big-tests; ./invalidDictionaries; ./poolTests; ./datagen -g3M > data; ../programs/zstd -q -9 -T2 -c data | ../programs/zstd -q -dc | cmp - data; }
