# Shared by the acceptance scripts. A script stands for one clause of the step: exit 0 pass, 77 missing, else fail.
# $KIT is the program; $CC may be set to another compiler to see whether a script is right. Runs in a fresh folder.
set -u -o pipefail
: "${KIT:?the path of kit}" "${ROOT:?the root of the project}"
CC=${CC:-$KIT cc}
bad=0 good=0
missing() { echo "missing: $*"; exit 77; }
ok() { good=$((good+1)); }
no() { bad=$((bad+1)); echo "FAIL $*"; }
# check LABEL COMMAND...: the command succeeds;  fails LABEL COMMAND...: it ends with status 1..127 (no crash)
check() { local l=$1; shift; if "$@" > last.out 2>&1; then ok; else no "$l: $(head -c 300 last.out | tr '\n' ' ')"; fi; }
fails() { local l=$1 s; shift; "$@" > last.out 2>&1; s=$?; if [ $s -ge 1 ] && [ $s -lt 126 ] && ! grep -q 'panicked at' last.out; then ok; else no "$l: status $s: $(head -c 300 last.out | tr '\n' ' ')"; fi; }
# same LABEL WANTED GOT;  says LABEL PATTERN: what the last command printed
same() { if [ "$2" = "$3" ]; then ok; else no "$1: wanted '$2', got '$3'"; fi; }
says() { if grep -qE -- "$2" last.out; then ok; else no "$1: does not say /$2/: $(head -c 300 last.out | tr '\n' ' ')"; fi; }
finish() { echo "figure: checks $good"; echo "$good passed, $bad failed"; [ $bad = 0 ]; exit; }
need_cc() { printf '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n' > need.c
  [ "$($CC need.c -o need 2> /dev/null && ./need)" = hello ] || missing "a kit cc that compiles hello"; }
need() { [ -n "$($KIT "$1" --help 2> /dev/null)" ] || missing "kit $1 (kit $1 --help says nothing)"; }
# agree LABEL [OPTION...] < program: $CC's program says and ends as gcc's.  $CHECKED_BY: gcc.
agree() { local l=$1; shift; cat > agree.c; rm -f ours theirs
  if ! gcc -w "$@" agree.c -o theirs -lm > last.out 2>&1; then no "$l: gcc refuses the program: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  if ! $CC -w "$@" agree.c -o ours -lm > last.out 2>&1; then no "$l: $(head -c 300 last.out | tr '\n' ' ')"; return; fi
  timeout 20 ./theirs > theirs.out 2>&1; echo "status $?" >> theirs.out; timeout 20 ./ours > ours.out 2>&1; echo "status $?" >> ours.out
  if cmp -s theirs.out ours.out; then ok; else no "$l: $(diff theirs.out ours.out | head -5 | tr '\n' ' ')"; fi; }
# refuses LABEL PATTERN [OPTION...] < program: a clear error, no crash.  takes LABEL [OPTION...] < program: it compiles.
refuses() { local l=$1 p=$2; shift 2; cat > agree.c; fails "$l" $CC "$@" -c agree.c -o agree.o; says "$l" "$p"; }
takes() { local l=$1; shift; cat > agree.c; check "$l" $CC -w "$@" -c agree.c -o agree.o; }
