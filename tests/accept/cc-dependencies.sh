# -M and its family write what gcc writes.
. "$ROOT/tests/accept/common.sh"; need_cc
mkdir -p sub; echo '#include "b.h"' > a.h; echo 'int b;' > b.h; printf '#include "a.h"\n#include "sub/c d.h"\nint x;\n' > x.c; : > 'sub/c d.h'
flat() { tr -d '\\\n' < "$1" | tr -s ' '; }
try() { rm -f ./*.d ./*.o ours theirs; $CC "$@" > ours.txt 2>&1; for f in *.d; do [ -f "$f" ] && flat "$f" > ours; done; [ -f ours ] || flat ours.txt > ours
  rm -f ./*.d; gcc "$@" > theirs.txt 2>&1; for f in *.d; do [ -f "$f" ] && flat "$f" > theirs; done; [ -f theirs ] || flat theirs.txt > theirs
  same "$*" "$(cat theirs)" "$(cat ours)"; }
try -M x.c; try -MM x.c; try -MMD -c x.c; try -MD -c x.c -o y.o; try -MMD -MF z.d -c x.c; try -MMD -MFz.d -MT 'a target' -c x.c; try -MMD -MQ 'a$b' -c x.c
try -MMD -MP -c x.c; try -Wp,-MD,w.d -c x.c; try -Wp,-MMD,w.d -c x.c; try -MM -MG -DX x.c; try -MM -MT one -MT two x.c
finish
