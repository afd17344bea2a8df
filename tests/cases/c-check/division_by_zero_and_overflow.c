int a = 2147483647 + 1;
int f(int x)
{
  return x / 0 + x % 0;
}
unsigned char c = 300;
signed char d = 200;
// DIAG: 1:20: warning: integer overflow in expression of type ‘int’ results in ‘-2147483648’ [-Woverflow]
// DIAG: 4:12: warning: division by zero [-Wdiv-by-zero]
// DIAG: 4:20: warning: division by zero [-Wdiv-by-zero]
// DIAG: 6:19: warning: unsigned conversion from ‘int’ to ‘unsigned char’ changes value from ‘300’ to ‘44’ [-Woverflow]
