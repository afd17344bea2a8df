#!/bin/bash
# Build a real C program by a given compiler and run its tests.
#   programs.sh NAME plain|mixed 'CC' SOURCE-DIR WORK-DIR          NAME: lua sqlite zlib
# plain: the program's own makefile with CC (sqlite: its amalgamation, three units).
# mixed: every other unit by gcc, both ways round, each linked by CC and by gcc with GNU ld.
# Results are compared with those of a build by gcc alone. Prints one line per build and a closing count.
name=$1 mode=$2 CC=$3 SRC=$4 WORK=$5
HERE=$(cd "$(dirname "$0")" && pwd); T=$HERE/../programs; passed=0 failed=0
cd "$WORK" || exit 2
LIBS='-lm -ldl -lpthread'

step() { # LABEL COMMAND...: runs in a subshell, output into a log
  local label=$1; shift
  if ("$@") > "$WORK/${label//[^a-zA-Z0-9]/-}.log" 2>&1; then passed=$((passed+1)); echo "ok   $name $label"
  else failed=$((failed+1)); echo "FAIL $name $label: $(tail -1 "$WORK/${label//[^a-zA-Z0-9]/-}.log" | cut -c1-160)"; fi; }

# units DIR EVEN ODD FLAGS FILE...: objects DIR/*.o, compiled in turn by EVEN and ODD
units() { local d=$1 e=$2 o=$3 f=$4 i=0 c; shift 4; mkdir -p "$d"
  for s; do [ $((i % 2)) = 0 ] && c=$e || c=$o; i=$((i+1)); $c $f -c "$s" -o "$d/$(basename "$s" .c).o" || return 1; done; }

# ---- Lua: interpreter and compiler by its own makefile, a broad script, the script again from byte code
lua_make() { cp -a "$SRC" "$2" && make -s -C "$2/src" linux CC="$1 -std=gnu99" && lua_test "$2/src/lua" "$2/src/luac" "$2"; }
lua_test() { "$1" "$T/lua.lua" > "$3/out" && cmp "$3/out" "$WORK/ref.out" && tail -1 "$3/out" | grep -q '^lua: all passed$' &&
  { [ ! -x "$2" ] || { "$2" -o "$3/code" "$T/lua.lua" && "$1" "$3/code" > "$3/out2" && cmp "$3/out2" "$WORK/ref.out"; }; }; }
lua_ref() { cp -a "$SRC" gcc && make -s -C gcc/src linux CC='gcc -std=gnu99' && gcc/src/lua "$T/lua.lua" > ref.out && grep -q '^lua: all passed$' ref.out; }
lua_mixed() { units "$4" "$1" "$2" '-std=gnu99 -O1 -DLUA_COMPAT_5_3 -DLUA_USE_LINUX' $(ls "$SRC"/src/*.c | grep -v '/luac.c') &&
  $3 "$4"/*.o -o "$4/lua" -Wl,-E $LIBS && lua_test "$4/lua" none "$4"; }

# ---- SQLite: the amalgamation's makefile generates with the host's compiler; then shell and speedtest1
SQL='-DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_ENABLE_MATH_FUNCTIONS -I.'
sqlite_ref() { cp -a "$SRC" gen && (cd gen && ./configure --disable-tcl && make -s sqlite3.c shell.c && rm -rf .libs) &&
  cp gen/sqlite3.[ch] gen/shell.c gen/test/speedtest1.c . && sqlite_build gcc gcc gcc gcc -O1 &&
  sqlite_run gcc > ref.out && sqlite_speed gcc > ref.speed && grep -q 'Verification Hash: 8' ref.speed; }
sqlite_build() { units "$4" "$1" "$2" "$SQL $5 -w" sqlite3.c shell.c speedtest1.c &&
  $3 "$4/sqlite3.o" "$4/shell.o" -o "$4/shell" $LIBS && $3 "$4/sqlite3.o" "$4/speedtest1.o" -o "$4/speed" $LIBS; }
sqlite_run() { "$1/shell" -batch :memory: < "$T/sqlite.sql" 2>&1 || true; } # its status tells of the script's wrong statements
sqlite_speed() { "$1/speed" --size 5 --verify --memdb | grep 'Verification Hash'; }
sqlite_test() { sqlite_build "$@" && sqlite_run "$4" > "$4/out" && cmp "$4/out" ref.out && sqlite_speed "$4" > "$4/hash" && cmp "$4/hash" ref.speed; }

# ---- zlib: configure, make with static and shared library, example and minigzip
zlib_make() { cp -a "$SRC" "$2" && (cd "$2" && CC="$1" ./configure && make -s && make -s test && zlib_gzip ./minigzip) | tee "$2.out" && zlib_said "$2.out"; }
zlib_said() { grep -q 'zlib test OK' "$1" && grep -q 'zlib shared test OK' "$1" && grep -q 'zlib 64-bit test OK' "$1" && grep -q 'gzip equal' "$1"; }
zlib_gzip() { "$1" -9 < "$SRC/deflate.c" > z.gz && gzip -dc z.gz | cmp - "$SRC/deflate.c" && "$1" -d < z.gz | cmp - "$SRC/deflate.c" && cmp z.gz "$WORK/ref.gz" && echo 'gzip equal'; }
zlib_ref() { cp -a "$SRC" gcc && cd gcc && CC=gcc ./configure && make -s && make -s test && ./minigzip -9 < "$SRC/deflate.c" > "$WORK/ref.gz" && ls *.c | grep -v -E 'example|minigzip' > "$WORK/units"; }
zlib_mixed() { units "$4" "$1" "$2" "-O1 -I$SRC -DHAVE_UNISTD_H -DZ_HAVE_UNISTD_H -D_LARGEFILE64_SOURCE=1" $(sed "s,^,$SRC/," units) &&
  (units "$4/e" "$1" "$2" "-O1 -I$SRC" "$SRC/test/example.c" && units "$4/m" "$2" "$1" "-O1 -I$SRC" "$SRC/test/minigzip.c") &&
  $3 "$4"/*.o "$4/e/example.o" -o "$4/example" && $3 "$4"/*.o "$4/m/minigzip.o" -o "$4/minigzip" && cd "$4" &&
  ./example | tee example.out && grep -q 'inflate with dictionary: hello, hello!' example.out && zlib_gzip ./minigzip; }

(${name}_ref) > ref.log 2>&1 || { tail -5 ref.log; echo "the reference build by gcc failed: $WORK/ref.log"; echo '0 passed, 1 failed'; exit 1; }
if [ "$mode" = plain ]; then
  case $name in
    sqlite) step "shell and speedtest1" sqlite_test "$CC" "$CC" "$CC" plain -O1;;
    *) step "by its makefile" ${name}_make "$CC" "$WORK/plain";;
  esac
else
  build=${name}_mixed; [ $name = sqlite ] && build=sqlite_test
  step 'even units by CC, linked by CC' $build "$CC" gcc "$CC" m1 -O1
  step 'even units by CC, linked by GNU ld' $build "$CC" gcc gcc m2 -O1
  step 'odd units by CC, linked by CC' $build gcc "$CC" "$CC" m3 -O1
  step 'odd units by CC, linked by GNU ld' $build gcc "$CC" gcc m4 -O1
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
