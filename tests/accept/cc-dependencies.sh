# -M and its family write what gcc writes.
. "$ROOT/tests/accept/common.sh"; need_cc
mkdir -p sub; echo '#include "b.h"' > a.h; echo 'int b;' > b.h; printf '#include "a.h"\n#include "sub/c d.h"\nint x;\n' > x.c; : > 'sub/c d.h'
flat() { tr -d '\\\n' < "$1" | tr -s ' '; }
try() { rm -f ./*.d ./*.o ours theirs; $CC "$@" > ours.txt 2>&1; for f in *.d; do [ -f "$f" ] && flat "$f" > ours; done; [ -f ours ] || flat ours.txt > ours
  rm -f ./*.d; gcc "$@" > theirs.txt 2>&1; for f in *.d; do [ -f "$f" ] && flat "$f" > theirs; done; [ -f theirs ] || flat theirs.txt > theirs
  same "$*" "$(cat theirs)" "$(cat ours)"; }
try -M x.c; try -MM x.c; try -MMD -c x.c; try -MD -c x.c -o y.o; try -MMD -MF z.d -c x.c; try -MMD -MFz.d -MT 'a target' -c x.c; try -MMD -MQ 'a$b' -c x.c
try -MMD -MP -c x.c; try -Wp,-MD,w.d -c x.c; try -Wp,-MMD,w.d -c x.c; try -MM -MG -DX x.c; try -MM -MT one -MT two x.c
# Names and targets in every combination: the files and what is in them.
mkdir -p t/d; echo 'int h(void);' > t/h.h; for f in p p.x d/q; do printf '#include "%sh.h"\n' "$(dirname $f | sed 's/^\.$//; s/^d$/..\//')" > t/$f.c; done; echo 'int main(void) { return 0; }' >> t/p.c; echo 'int main(void) { return 0; }' >> t/p.x.c; printf '#include "h.h"\n' > t/b.S; sed -i 's/.*/#ifndef __ASSEMBLER__\n&\n#endif/' t/h.h
all() { cd t; rm -f *.d d/*.d zz; "$@" > ../out.txt 2> ../err.txt; echo "status $?"; for f in *.d d/*.d zz; do [ -f "$f" ] && echo "$f: $(flat $f)"; done; cd ..; }
for m in -MD -MMD '-MMD -MF zz' '-MD -MT x' '-MD -MMD -MP' '-MMD -MF z.d -MQ a$b'; do
  for o in '' '-o p' '-o p.exe' '-o d/p' '-o d/p.exe' '-o o.t.h' '-o ./p'; do for i in 'p.c' '-c p.c' '-c d/q.c' '-c p.x.c' '-E p.c' '-fsyntax-only p.c' 'p.c d/q.c' 'p.x.c' '-c b.S' '-c p.c d/q.c' 'p.c b.S'; do
    same "$m $o $i" "$(all gcc $m $o $i)" "$(all $CC $m $o $i)"; done; done; done
for w in '-Wp,-MD,zz p.c -o p' '-Wp,-MMD,zz -c p.c -o d/p.o' '-MF zz -c p.c' '-MT a -c p.c' '-MM -c p.c -o zz' '-MM p.c -o zz -MT t' '-MMD -MD -c p.c'; do same "$w" "$(all gcc $w)" "$(all $CC $w)"; done
# Rules are made of markers, too: a header of kit's own is no file.
echo '#include <float.h>' > own.c; same 'markers name files' '' "$($CC -E own.c | grep '^#' | grep -v '"<built-in>"\|"<command-line>"' | cut -d'"' -f2 | while read -r f; do [ -e "$f" ] || echo "$f"; done)"
finish
