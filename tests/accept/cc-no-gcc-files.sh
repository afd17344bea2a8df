# A dynamic program is made without a single file of gcc's: no headers, no crtbegin, no libgcc.
. "$ROOT/tests/accept/common.sh"; need_cc
cat > p.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <stddef.h>
#include <limits.h>
#include <float.h>
#include <stdint.h>
#include <stdbool.h>
#include <math.h>
int main(void) { printf("%d %g %zu\n", INT_MAX, sqrt(DBL_MAX) > 0 ? 1.0 : 0, sizeof(max_align_t)); return 0; }
C
check compile strace -f -qq -e trace=open,openat,execve,access,stat -o trace $CC p.c -o p -lm
same 'opens of /usr/lib/gcc' 0 "$(grep 'open' trace | grep -v ENOENT | grep -c '/lib/gcc')"
same 'programs started besides itself' 1 "$(grep -c 'execve(.*= 0' trace)"
same runs '2147483647 1 32' "$(./p)"
readelf -hW p > last.out; says 'PIE by default' 'DYN'; readelf -lW p > last.out; says 'has an interpreter' 'ld-linux-x86-64.so.2'
readelf -lW p | grep GNU_STACK > last.out; says 'stack not executable' 'RW +0x'
finish
