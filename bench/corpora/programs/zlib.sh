# zlib: configure, make with static and shared library, example and minigzip.
zlib_plain() { cp -a "$SRC" "$2" && (cd "$2" && CC="$1" ./configure && make -s && make -s test && zlib_gzip ./minigzip) | tee "$2.out" && zlib_said "$2.out"; }
zlib_said() { grep -q 'zlib test OK' "$1" && grep -q 'zlib shared test OK' "$1" && grep -q 'zlib 64-bit test OK' "$1" && grep -q 'gzip equal' "$1"; }
zlib_gzip() { "$1" -9 < "$SRC/deflate.c" > z.gz && gzip -dc z.gz | cmp - "$SRC/deflate.c" && "$1" -d < z.gz | cmp - "$SRC/deflate.c" && cmp z.gz "$WORK/ref.gz" && echo 'gzip equal'; }
zlib_ref() { cp -a "$SRC" gcc && cd gcc && CC=gcc ./configure && make -s && make -s test && ./minigzip -9 < "$SRC/deflate.c" > "$WORK/ref.gz" && ls *.c | grep -v -E 'example|minigzip' > "$WORK/units"; }
zlib_mixed() { units "$4" "$1" "$2" "-O1 -I$SRC -DHAVE_UNISTD_H -DZ_HAVE_UNISTD_H -D_LARGEFILE64_SOURCE=1" $(sed "s,^,$SRC/," units) &&
  (units "$4/e" "$1" "$2" "-O1 -I$SRC" "$SRC/test/example.c" && units "$4/m" "$2" "$1" "-O1 -I$SRC" "$SRC/test/minigzip.c") &&
  $3 "$4"/*.o "$4/e/example.o" -o "$4/example" && $3 "$4"/*.o "$4/m/minigzip.o" -o "$4/minigzip" && cd "$4" &&
  ./example | tee example.out && grep -q 'inflate with dictionary: hello, hello!' example.out && zlib_gzip ./minigzip; }
