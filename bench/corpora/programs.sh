#!/bin/bash
# Build a real C program by a given compiler and run its tests, beside gcc.
#   programs.sh NAME plain|mixed 'CC' CORPORA-DIR WORK-DIR          NAME: a file of programs/ beside this one
# plain: the program's own configure, make or CMake with CC=…, with the flags that it chooses itself, and its own tests.
# mixed (some programs): every other unit by gcc, both ways round, each linked by CC and by gcc with GNU ld.
# What the tests say is compared with what they say of a build by gcc alone. Prints one line per build and a closing count.
#
# A file of programs/ is read into this shell; it defines
#   NAME_ref                     the build and test by gcc; returns whether that is a reference at all
#   NAME_plain CC DIR            the same by CC in DIR; NAME_mixed EVEN ODD LINKER DIR where there is a mixed build
#   NAME_more CC                 further steps of the plain build, if there are
# Most are `both NAME`: then it only defines NAME_build CC (in an empty folder) and NAME_check CC (there), which prints its result
# lines, free of times and paths. Sources are in $S/CORPUS, read-only: `take CORPUS` copies one here.
# `alone CC` lets what follows see no tool but kit: other compilers fail, and binutils' names are kit's tools; `alone_kept` tells
# whether nobody asked for another one.
name=$1 mode=$2 CC=$3 S=$4 WORK=$5
HERE=$(cd "$(dirname "$0")" && pwd); T=$HERE/../programs; SRC=$S/$name passed=0 failed=0
export LC_ALL=C MAKEFLAGS=-j$(nproc) # what a builder would say
[ -f "$HERE/programs/$name.sh" ] || { echo "no programs/$name.sh"; echo '0 passed, 1 failed'; exit 1; }
cd "$WORK" || exit 2
# Build systems want a compiler of one word, as `kit install` makes it.
case $CC in */kit\ cc) mkdir -p "$WORK/bin" && ln -sf "${CC% cc}" "$WORK/bin/kit-cc" && CC=$WORK/bin/kit-cc;; esac
# The reference is wanted for its results, not for its speed: -O1 builds in half the time of the -O3 that some ask for.
mkdir -p "$WORK/ref"; printf '#!/bin/sh\nexec %s "$@" -O1\n' "$(command -v gcc)" > "$WORK/ref/gcc"; chmod +x "$WORK/ref/gcc"
LIBS='-lm -ldl -lpthread'

step() { # LABEL COMMAND...: runs in a subshell, output into a log
  local label=$1; shift
  if ("$@") > "$WORK/${label//[^a-zA-Z0-9]/-}.log" 2>&1; then passed=$((passed+1)); echo "ok   $name $label"
  else failed=$((failed+1)); echo "FAIL $name $label: $(tail -1 "$WORK/${label//[^a-zA-Z0-9]/-}.log" | cut -c1-160)"; fi; }

# units DIR EVEN ODD FLAGS FILE...: objects DIR/*.o, compiled in turn by EVEN and ODD
units() { local d=$1 e=$2 o=$3 f=$4 i=0 c; shift 4; mkdir -p "$d"
  for s; do [ $((i % 2)) = 0 ] && c=$e || c=$o; i=$((i+1)); $c $f -c "$s" -o "$d/$(basename "$s" .c).o" || return 1; done; }

take() { cp -a "$S/$1/." .; }
seconds() { printf '%d.%01d' $(($1 / 1000)) $(($1 % 1000 / 100)); }
# side LABEL CC: builds and tests in $WORK/LABEL; result lines in LABEL.result, what each took in LABEL.line
side() { local l=$1 cc=$2 t0 t1 t2 s
  mkdir -p "$WORK/$l"; t0=$(date +%s%N)
  (set -e; cd "$WORK/$l"; ${name}_build "$cc") < /dev/null > "$WORK/$l.build.log" 2>&1; s=$?; t1=$(date +%s%N)
  echo "$l: build $(seconds $(((t1 - t0) / 1000000))) s" > "$WORK/$l.line"
  [ $s = 0 ] || { echo "does not build" >> "$WORK/$l.line"; grep -E 'error|undefined|Error' "$WORK/$l.build.log" | head -5; tail -3 "$WORK/$l.build.log"; return 1; }
  (set -o pipefail; cd "$WORK/$l" && ${name}_check "$cc") < /dev/null > "$WORK/$l.result" 2> "$WORK/$l.check.log"; s=$?; t2=$(date +%s%N)
  echo "tests $(seconds $(((t2 - t1) / 1000000))) s: $(paste -sd';' "$WORK/$l.result" | sed 's/;/; /g')" >> "$WORK/$l.line"
  [ $s = 0 ] && [ -s "$WORK/$l.result" ] || { tail -5 "$WORK/$l.check.log"; return 1; }; }
both() { # NAME: the reference is gcc's build and its results; CC's results must be the same
  eval "$1_ref() { side gcc \"\$WORK/ref/gcc\"; }; $1_plain() { side cc \"\$1\" && cmp \"\$WORK/gcc.result\" \"\$WORK/cc.result\"; }"; }
# kit's names for binutils' programs; what is no tool of kit fails, and what it was asked goes to $WORK/alone.log.
alone() { local tool prefix dir=$WORK/alone
  case $1 in *kit*) ;; *) return;; esac
  [ -d "$dir" ] || { mkdir -p "$dir"; for prefix in '' x86_64-linux-gnu-; do
    for tool in as ld ar ranlib nm strip objcopy objdump readelf size strings addr2line c++filt; do
      printf '#!/bin/sh\nexec %s %s "$@"\n' "$(readlink -f "${1%% *}")" $tool > "$dir/$prefix$tool"; done
    for tool in gcc gcc-12 cc c89 c99 g++ c++ cpp clang clang-14 tcc ld.bfd ld.gold ld.lld gold gcc-ar gcc-nm gcc-ranlib; do
      printf '#!/bin/sh\nfor w; do case $w in -) ;; -*|*conftest*) continue;; *.*) ;; *) continue;; esac; echo "$0 $*" >> %s/alone.log; break; done\necho "$0: not here" >&2\nexit 127\n' "$WORK" > "$dir/$prefix$tool"; done; done; chmod +x "$dir"/*; }
  export PATH=$dir:$PATH; }
# Who looks whether there is such a tool, and does not use it, does no harm: `configure` asks cc -dumpversion and tries conftest.cpp.
alone_kept() { [ ! -s "$WORK/alone.log" ] || { echo "called beside kit:"; head -5 "$WORK/alone.log"; return 1; }; }
show() { [ -f "$WORK/$1.line" ] && echo "     $name by $2 $(sed "1s/^$1: //" "$WORK/$1.line" | paste -sd, | sed 's/,/, /')"; }

. "$HERE/programs/$name.sh"
(${name}_ref) > ref.log 2>&1 || { show gcc gcc; tail -5 ref.log; echo "the reference build by gcc failed: $WORK/ref.log"; echo '0 passed, 1 failed'; exit 1; }
show gcc 'gcc:   '
if [ "$mode" = plain ]; then
  step 'as its authors build it' ${name}_plain "$CC" "$WORK/plain"
  show cc "${CC##*/}:"
  if declare -F ${name}_more > /dev/null; then ${name}_more "$CC"; fi
else
  step 'even units by CC, linked by CC' ${name}_mixed "$CC" gcc "$CC" m1
  step 'even units by CC, linked by GNU ld' ${name}_mixed "$CC" gcc gcc m2
  step 'odd units by CC, linked by CC' ${name}_mixed gcc "$CC" "$CC" m3
  step 'odd units by CC, linked by GNU ld' ${name}_mixed gcc "$CC" gcc m4
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
