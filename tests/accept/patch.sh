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
finish
