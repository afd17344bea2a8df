/* The smallest program around Lua: runs the script that the first argument names. */
#include <stdio.h>
#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"

int main(int argc, char **argv) {
  lua_State *state = luaL_newstate();
  if (!state) return 1;
  luaL_openlibs(state);
  int failed = argc > 1 ? luaL_dofile(state, argv[1]) : luaL_dostring(state, "print(6 * 7)");
  if (failed) fprintf(stderr, "%s\n", lua_tostring(state, -1));
  lua_close(state);
  return failed;
}
