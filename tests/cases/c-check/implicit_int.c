x;
f(void)
{
  static y;
  return y;
}
// DIAG: 1:1: warning: data definition has no type or storage class
// DIAG: 1:1: warning: type defaults to ‘int’ in declaration of ‘x’ [-Wimplicit-int]
// DIAG: 2:1: warning: return type defaults to ‘int’ [-Wimplicit-int]
// DIAG: 4:10: warning: type defaults to ‘int’ in declaration of ‘y’ [-Wimplicit-int]
