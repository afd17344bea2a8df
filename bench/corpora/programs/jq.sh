# jq with oniguruma: both by autoreconf and configure with libtool; both projects' make check.
both jq
jq_build() { mkdir onig; (cd onig; take onig; autoreconf -fi; ./configure CC="$1" --prefix="$PWD/inst"; make -s; make -s check TESTS=; make -s install)
  take jq; printf '#!/bin/sh\necho 1.7.1\n' > scripts/version; autoreconf -fi; ./configure CC="$1" --disable-docs --disable-valgrind --with-oniguruma="$PWD/onig/inst" LDFLAGS="-Wl,-rpath,$PWD/onig/inst/lib"; make -s; }
jq_check() { (cd onig && make -s check 1>&2; [ $? = 0 ] && grep -h -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR)' test/test-suite.log) && make -s check NO_VALGRIND=1 1>&2; [ $? = 0 ] && grep -h -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR)' test-suite.log && ./jq -L tests/modules --run-tests tests/jq.test | grep -E 'tests passed'; }
