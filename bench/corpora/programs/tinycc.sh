# tinycc: configure and make; it compiles itself, twice, to the same bytes; the result passes tests2.
both tinycc
tinycc_build() { mkdir 1; (cd 1; take tcc; ./configure --cc="$1"; make -s -j1)
  for i in 2 3; do cp -a "$S/tcc" $i; (cd $i; tinycc_wrap $((i-1)) "$PWD/../$((i-1))"; ./configure --cc="$WORK/tcc-$((i-1))" --triplet=x86_64-linux-gnu; make -s -j1 AR=ar tcc libtcc1.a); done; }
tinycc_wrap() { printf '#!/bin/sh\nexec %s/tcc -B%s -I%s/include -I%s "$@"\n' "$2" "$2" "$2" "$2" > "$WORK/tcc-$1"; chmod +x "$WORK/tcc-$1"; }
tinycc_check() { cmp 2/tcc 3/tcc 1>&2 && echo 'it reproduces itself' && bash "$HERE/tests2.sh" "$PWD/2/tcc -B$PWD/2 -I$PWD/2/include -I$PWD/2" "$S/tcc" "$PWD/t2" x86_64 | tee /dev/stderr | grep -E '^(tests2|pp): '; }
