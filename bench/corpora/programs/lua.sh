# Lua: interpreter and compiler by its own makefile, a broad script, the script again from byte code.
lua_plain() { cp -a "$SRC" "$2" && make -s -C "$2/src" linux CC="$1 -std=gnu99" && lua_test "$2/src/lua" "$2/src/luac" "$2"; }
lua_test() { "$1" "$T/lua.lua" > "$3/out" && cmp "$3/out" "$WORK/ref.out" && tail -1 "$3/out" | grep -q '^lua: all passed$' &&
  { [ ! -x "$2" ] || { "$2" -o "$3/code" "$T/lua.lua" && "$1" "$3/code" > "$3/out2" && cmp "$3/out2" "$WORK/ref.out"; }; }; }
lua_ref() { cp -a "$SRC" gcc && make -s -C gcc/src linux CC='gcc -std=gnu99' && gcc/src/lua "$T/lua.lua" > ref.out && grep -q '^lua: all passed$' ref.out; }
lua_mixed() { units "$4" "$1" "$2" '-std=gnu99 -O1 -DLUA_COMPAT_5_3 -DLUA_USE_LINUX' $(ls "$SRC"/src/*.c | grep -v '/luac.c') &&
  $3 "$4"/*.o -o "$4/lua" -Wl,-E $LIBS && lua_test "$4/lua" none "$4"; }
