# Several inputs in one call: the bytes, messages and rules of compiling each alone, both cores used; build-exe as well.
. "$ROOT/tests/accept/common.sh"; need_cc
mkdir -p src/inc && cd src || exit 1
printf '#ifndef COMMON_H\n#define COMMON_H\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include "mode.h"\n#define TWICE(x) ((x) + (x))\nstruct pair { int a, b; };\nstatic inline int sum(struct pair p) { return p.a + p.b; }\n#endif\n' > inc/common.h
printf '#ifdef MODE\nstatic const char *mode_name = NAME(MODE);\n#else\nstatic const char *mode_name = "none";\n#endif\n#if LEVEL > 1\nenum { DEEP = LEVEL };\n#endif\n' > inc/mode.h
printf '#pragma once\n#include "common.h"\nint counted = __COUNTER__ + __COUNTER__;\nconst char *where = __FILE__; int line = __LINE__, level = __INCLUDE_LEVEL__; const char *base = __BASE_FILE__;\n' > inc/special.h
printf '#pragma push_macro("TWICE")\n#undef TWICE\n#define TWICE(x) 0\nstatic int pushed = TWICE(3);\n#pragma pop_macro("TWICE")\n#ifdef ITEM\nITEM(one) ITEM(two)\n#undef ITEM\n#endif\n' > inc/push.h
printf '#warning look here\n#define REDEFINED 1\n#define REDEFINED 2\nstatic int unused_in_header(void) { return 1; }\nint shady(int x) { int y; if (x = 1) return 0; return 1; }\n' > inc/noisy.h
unit() { local n=$1; shift; { echo "/* unit $n */"; echo "#define unit_$n"; printf '%b' "$@"; echo "int f_$n(int x) { struct pair p = { x, TWICE(x) }; printf(\"%d %s\\n\", sum(p), mode_name); return p.b; }"; } > "u$n.c"; }
for n in 1 2 3; do unit $n '#define CORE\n#include "common.h"\n'; done
unit 4 '\n\n\n#include <string.h>\n#include "common.h"\n#include "special.h"\n#include "special.h"\n'
unit 5 '#define MODE 7\n#define NAME(x) #x\n#include "common.h"\n#include "push.h"\n'
unit 6 '#define MODE other\n#define NAME(x) NAME_(x)\n#define NAME_(x) #x\n#define LEVEL 3\n#include "common.h"\n#define ITEM(n) int item_##n;\n#include "push.h"\n'
unit 7 '#include "common.h"\n#include "noisy.h"\n'
unit 8 '#include "noisy.h"\n#include "common.h"\n#include "special.h"\n'
unit 9 '#define unused_in_header renamed\n#include "common.h"\n#define ITEM(n) extern int item_##n;\n#include "push.h"\n#include "noisy.h"\n'
for n in 10 11 12 13 14; do unit $n '#include <math.h>\n#include <stdint.h>\n#include "common.h"\n#include "special.h"\n'; done
units=$(ls u*.c | sort -V)
# both FLAGS...: all in one call against one by one, in this order and in the reverse.
both() {
  rm -rf alone many back; mkdir alone many back
  for u in $units; do $CC -Iinc "$@" -c "$u" 2>> alone/messages; done; mv ./*.o ./*.d alone 2> /dev/null
  $CC -Iinc "$@" -c $units 2> many/messages; mv ./*.o ./*.d many 2> /dev/null
  $CC -Iinc "$@" -c $(echo "$units" | tac) 2> /dev/null; mv ./*.o ./*.d back 2> /dev/null
  [ "$(ls alone/*.o | wc -l)" = "$(echo "$units" | wc -l)" ] || no "$*: not every unit compiles: $(head -c 300 alone/messages)"
  check "$*: the same files and messages" diff -r alone many
  rm -f alone/messages; check "$*: in any order" diff -r alone back
}
both; both -g -MD; both -Wall -Wextra -MD -MP; both -O2 -std=c99 -pedantic -D_GNU_SOURCE -Wsystem-headers; both -g -include inc/common.h -DLEVEL=2 -Wundef
grep -q 'look here' alone/messages 2> /dev/null; $CC -Iinc -c $units 2> all; same 'a warning of a header for each unit' 3 "$(grep -c 'warning: #warning look here' all)"
echo 'int broken = ;' > bad.c; $CC -Iinc -c u1.c bad.c u2.c 2> all && no 'an error is no error'; same 'the others are made' 'u1.o u2.o' "$(ls u1.o u2.o | tr '\n' ' ' | sed 's/ $//')"; rm -f ./*.o
if [ "$CC" = "$KIT cc" ]; then
  # Programs made in one call.
  printf '#include "common.h"\nint f_1(int), f_2(int), f_5(int);\nint main(void) { return f_1(1) + f_2(2) + f_5(3) != 12; }\n' > main.c
  check 'build-exe of several' $KIT build-exe -Iinc main.c u1.c u2.c u5.c -o one; $CC -Iinc -c main.c u1.c u2.c u5.c; check 'the program of the objects' $CC main.o u1.o u2.o u5.o -o two
  check 'it runs' ./one; same 'and says the same' "$(./two)" "$(./one)"
fi
# Both cores: more processor time than time passes, where there are two processors.
if [ "$(nproc)" -gt 1 ] && [ "$CC" = "$KIT cc" ]; then
  for n in $(seq 40); do { cat u1.c; for m in $(seq 300); do echo "int g_${n}_$m(int x) { for (int i = 0; i < x; i++) if (i & x) x += i * $m; return x; }"; done; } > "big$n.c"; done
  cat > threads.py <<'P'
import os, subprocess, sys, threading, time
most, p = 0, subprocess.Popen(sys.argv[1:])
while p.poll() is None:
    try: most = max(most, len(os.listdir('/proc/%d/task' % p.pid)))
    except OSError: pass
print(most)
P
  most=$(python3 threads.py $CC -Iinc -c big*.c 2> /dev/null); [ "${most:-0}" -ge 2 ] && ok || no "both cores: $most thread(s)"
fi
finish
