# -Wl,--incremental: UNCHANGED, PATCHED and full with a reason, for kit's and gcc's objects, plain and in archives.
. "$ROOT/tests/accept/common.sh"; need_cc
for who in "$CC" gcc; do rm -rf w; mkdir w; cd w || exit 1; head -0 /dev/null > last.out
  printf 'int one(void) { return 1; }\n' > a.c; printf 'int two(void) { return 2; }\n' > b.c; printf '#include <stdio.h>\nint one(void), two(void); int main(void) { printf("%%d\\n", one() * 10 + two()); return 0; }\n' > m.c
  for f in a b m; do $who -g -c $f.c; done; ar rc libb.a b.o
  link() { $CC -Wl,--incremental -Wl,--explain m.o a.o libb.a -o p > last.out 2>&1; }
  check "first link ($who)" link; same first 12 "$(./p)"; check again link; says "unchanged ($who)" 'UNCHANGED'
  sed -i 's/return 1/return 7/' a.c; $who -g -c a.c; check patch link; says "an object ($who)" 'PATCHED'; same 'patched' 72 "$(./p)"
  sed -i 's/return 2/return 5/' b.c; $who -g -c b.c; ar rc libb.a b.o; check patch link; says "an archive member ($who)" 'PATCHED'; same 'patched' 75 "$(./p)"
  echo 'int three(void) { return 3; }' >> a.c; $who -g -c a.c; check full link; says "full with a reason ($who)" 'FULL|full'; same 'full' 75 "$(./p)"; cd ..
done
# What somebody else does to output, state and options: a full link with a reason, and never a wrong program.
rm -rf odd; mkdir odd; cd odd || exit 1; n=1
printf '#include <stdio.h>\n#include <unistd.h>\nint f(void); int main(int c, char **v) { if (c > 1) sleep(1); printf("%%d\\n", f()); return 0; }\n' > m.c; $CC -c m.c
edit() { n=$((n+1)); echo "int f(void) { return $n; }" > a.c; $CC -c a.c; }
link() { $CC -Wl,--incremental -Wl,--explain "$@" m.o a.o -o p > last.out 2>&1; }
# after WHAT PATTERN: an edit, a link that says so, a program that is right.
after() { edit; check "$1" link; says "$1" "$2"; same "$1" $n "$(./p)"; }
after 'no state' 'FULL.*no output|FULL.*no state'; after 'an edit' PATCHED
touch p; after 'a touched output' 'FULL.*someone else'
truncate -s 100 p; after 'a truncated output' 'FULL.*someone else'
cp p q; mv q p; after 'a replaced output' 'FULL.*someone else'
cp -p p q; mv q p; after 'an output replaced with its times' 'FULL.*someone else'
printf zzzz | dd of=p bs=1 seek=4000 conv=notrunc 2> dd.out; after 'an overwritten output' 'FULL.*someone else'
chmod -x p; after 'an output without its mode' 'FULL.*someone else'
rm p.kls; after 'a state that is gone' 'FULL.*no state'
: > p.kls; after 'an empty state' 'FULL.*damaged'
head -c 9000 /dev/urandom > p.kls; after 'a state of noise' 'FULL.*damaged'
$CC -Wl,--incremental m.o a.o -o other; cp other.kls p.kls; after "another output's state" FULL
mv p r; ln -s r p; after 'an output that is a link' FULL; after 'an edit' PATCHED
ln p second; before=$(cksum < second); after 'an output with two names' 'FULL|PATCHED'; same 'the other name' "$before" "$(cksum < second)"
after 'an edit' PATCHED; old=$n; ./p wait > waited & sleep 0.1; after 'a running output' PATCHED; wait $!; same 'the running program' $old "$(cat waited)"
edit; touch -d 2040-01-01 a.o; check 'a time in the future' link; same 'a time in the future' $n "$(./p)"
edit; touch -d 1980-01-01 a.o; check 'a time in the past' link; same 'a time in the past' $n "$(./p)"
for i in 1 2 3; do edit; for j in 1 2 3 4; do link & done; wait; same 'four at once' $n "$(./p)"; done
echo '{ local: f; };' > v; edit; check 'a script' link -rdynamic -Wl,--version-script=v; says 'other options' 'FULL.*options'; echo '{ local: g; };' > v
after 'without it again' 'FULL.*options'; check 'the other script' link -rdynamic -Wl,--version-script=v; says 'the other script' 'FULL.*options'
for kind in -shared -r -Wl,--gc-sections; do rm -f p p.kls; check "$kind" link $kind; check "$kind" link $kind; says "$kind again" UNCHANGED; done; cd ..
# build-exe keeps objects: what is compiled again, and what is not.
rm -rf kept; mkdir -p kept/early kept/inc; cd kept || exit 1; echo '#define H 1' > inc/h.h
for i in 1 2 3; do printf '#include "h.h"\nint f%d(int x) { return x + H + %d; }\n' $i $i > f$i.c; done
printf '#include <stdio.h>\nint f1(int), f2(int), f3(int);\nint main(void) { printf("%%d\\n", f1(0) + f2(0) + f3(0)); return 0; }\n' > m.c
build() { $KIT build-exe --incremental --explain -g -Iearly -Iinc -o prog "$@" m.c f1.c f2.c f3.c > last.out 2>&1; }
# builds WHAT COMPILED OUTCOME PRINTED [OPTIONS]
builds() { local what=$1 n=$2 outcome=$3 printed=$4; shift 4; check "$what" build "$@"; says "$what" "$n of 4 sources"; says "$what" "$outcome"; same "$what" "$printed" "$(./prog)"; }
builds 'a first build' 4 FULL 9; builds 'a second build' 0 UNCHANGED 9
sed -i 's/+ 2;/+ 5;/' f2.c; builds 'one source' 1 PATCHED 12; touch f1.c m.c inc/h.h; builds 'other times' 0 UNCHANGED 12
echo '#define H 2' > inc/h.h; builds 'a header' 3 PATCHED 15; echo '#define H 3' > early/h.h; builds 'a header in front' 3 PATCHED 18
rm early/h.h; builds 'gone again' 3 PATCHED 15; builds 'other options' 4 UNCHANGED 15 -DX; builds 'the same ones' 0 UNCHANGED 15 -DX
rm -r prog.kobj; builds 'no objects' 4 UNCHANGED 15; for f in prog.kobj/f1-*; do : > "$f"; done; builds 'spoilt objects' 1 UNCHANGED 15
echo 'int f3(int x) { return x + "a" - "a"; } int w(void) { return "a"; }' > f3.c; check warns build; says warns 'warning'; check 'warns again' build; says 'warns again' 'warning'; says 'warns again' '0 of 4'
echo 'int f3(int x) { return }' > f3.c; fails 'an error' build; fails 'an error again' build; says 'an error' 'error'; echo 'int f3(int x) { return x + 5; }' > f3.c; builds 'mended' 1 . 15
for call in rename write; do for n in 1 2 3 4 5; do sed -i "s/x + H + [0-9]*/x + H + $n/" f1.c; (strace -f -qq -o trace.out -e trace=$call -e inject=$call:signal=KILL:when=$n $KIT build-exe --incremental -g -Iearly -Iinc -o prog m.c f1.c f2.c f3.c; true) > last.out 2>&1
  check 'after a kill' build; same "killed at $call $n" $((14 + n)) "$(./prog)"; done; done
same 'no bar in a pipe' '' "$(grep -a compiling last.out)"; cd ..
finish
