# pcre2: configure with libtool, three widths, make check.
both pcre2
pcre2_build() { take pcre2; ./configure CC="$1" --enable-pcre2-16 --enable-pcre2-32; make -s; make -s check TESTS=; }
pcre2_check() { make -s check 1>&2; [ $? = 0 ] && grep -h -E '^# (TOTAL|PASS|SKIP|FAIL|ERROR)' test-suite.log; }
