int *p = NULL;
size_t n;
int f(int x)
{
  FILE *f = 0;
  f = f;
  bool b = true;
  int e = errno;
	int t = zz;
  return INT_MAX + x + e;
}
// DIAG: 1:10: error: ‘NULL’ undeclared here (not in a function)
// DIAG: 1:1: note: ‘NULL’ is defined in header ‘<stddef.h>’; did you forget to ‘#include <stddef.h>’?
// DIAG: 2:1: error: unknown type name ‘size_t’
// DIAG: 2:1: note: ‘size_t’ is defined in header ‘<stddef.h>’; did you forget to ‘#include <stddef.h>’?
// DIAG: 5:3: error: unknown type name ‘FILE’
// DIAG: 1:1: note: ‘FILE’ is defined in header ‘<stdio.h>’; did you forget to ‘#include <stdio.h>’?
// DIAG: 7:3: error: unknown type name ‘bool’
// DIAG: 1:1: note: ‘bool’ is defined in header ‘<stdbool.h>’; did you forget to ‘#include <stdbool.h>’?
// DIAG: 7:12: error: ‘true’ undeclared (first use in this function)
// DIAG: 7:12: note: ‘true’ is defined in header ‘<stdbool.h>’; did you forget to ‘#include <stdbool.h>’?
// DIAG: 8:11: error: ‘errno’ undeclared (first use in this function)
// DIAG: 1:1: note: ‘errno’ is defined in header ‘<errno.h>’; did you forget to ‘#include <errno.h>’?
// DIAG: 9:17: error: ‘zz’ undeclared (first use in this function)
// DIAG: 10:10: error: ‘INT_MAX’ undeclared (first use in this function)
// DIAG: 1:1: note: ‘INT_MAX’ is defined in header ‘<limits.h>’; did you forget to ‘#include <limits.h>’?
