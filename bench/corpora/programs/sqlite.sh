# SQLite: the amalgamation's makefile generates with the host's compiler; then shell and speedtest1.
SQL='-DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_ENABLE_MATH_FUNCTIONS -I. -O1 -w'
sqlite_ref() { cp -a "$SRC" gen && (cd gen && ./configure --disable-tcl && make -s -j1 sqlite3.c shell.c && rm -rf .libs) &&
  cp gen/sqlite3.[ch] gen/shell.c gen/test/speedtest1.c . && sqlite_build gcc gcc gcc gcc &&
  sqlite_run gcc > ref.out && sqlite_speed gcc > ref.speed && grep -q 'Verification Hash: 8' ref.speed; }
sqlite_build() { units "$4" "$1" "$2" "$SQL" sqlite3.c shell.c speedtest1.c &&
  $3 "$4/sqlite3.o" "$4/shell.o" -o "$4/shell" $LIBS && $3 "$4/sqlite3.o" "$4/speedtest1.o" -o "$4/speed" $LIBS; }
sqlite_run() { "$1/shell" -batch :memory: < "$T/sqlite.sql" 2>&1 || true; } # its status tells of the script's wrong statements
sqlite_speed() { "$1/speed" --size 5 --verify --memdb | grep 'Verification Hash'; }
sqlite_mixed() { sqlite_build "$@" && sqlite_run "$4" > "$4/out" && cmp "$4/out" ref.out && sqlite_speed "$4" > "$4/hash" && cmp "$4/hash" ref.speed; }
sqlite_plain() { sqlite_mixed "$1" "$1" "$1" "$2"; }
