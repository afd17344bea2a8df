int f(int x)
{
  FILE *f = fopen("a", "b");
  assert(x);
  return isdigit(x);
}
// DIAG: 3:3: error: unknown type name ‘FILE’
// DIAG: 1:1: note: ‘FILE’ is defined in header ‘<stdio.h>’; did you forget to ‘#include <stdio.h>’?
// DIAG: 3:13: warning: implicit declaration of function ‘fopen’ [-Wimplicit-function-declaration]
// DIAG: 3:13: note: ‘fopen’ is defined in header ‘<stdio.h>’; did you forget to ‘#include <stdio.h>’?
// DIAG: 4:3: warning: implicit declaration of function ‘assert’ [-Wimplicit-function-declaration]
// DIAG: 1:1: note: ‘assert’ is defined in header ‘<assert.h>’; did you forget to ‘#include <assert.h>’?
// DIAG: 5:10: warning: implicit declaration of function ‘isdigit’ [-Wimplicit-function-declaration]
// DIAG: 1:1: note: include ‘<ctype.h>’ or provide a declaration of ‘isdigit’
