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
finish
