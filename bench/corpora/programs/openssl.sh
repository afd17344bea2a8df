# OpenSSL with its assembly (perlasm): Configure and make by kit alone, then the whole of make test. gcc's build only says
# which recipes there are to pass: an -O1 build of it, and its tests, would take as long again.
openssl_ref() { ls "$SRC"/test/recipes/*.t | wc -l | sed 's/^/recipes: /' > "$WORK/gcc.result"; [ -s "$WORK/gcc.result" ]; }
openssl_plain() { side cc "$1"; s=$?; alone_kept || return 1; [ $s = 0 ] && grep -q '^All tests successful' "$WORK/cc.result"; }
openssl_build() { take openssl; alone "$1"; CC=$1 CXX=$1 AR=ar RANLIB=ranlib NM=nm ./Configure linux-x86_64; make -s; }
openssl_check() { alone "$1"; HARNESS_JOBS=$(nproc) make test > test.log 2>&1; s=$?
  grep -E '^(All tests successful|Files=|Result:|Failed|  Failed)' test.log | sed 's/, *[0-9]* wallclock.*//'; return $s; }
