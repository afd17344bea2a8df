struct s { int a; } v;
int f(int *p, int *q, double d)
{
  return p + q, v * 2, d % 2, d << 1;
}
// DIAG: 4:12: error: invalid operands to binary + (have ‘int *’ and ‘int *’)
// DIAG: 4:19: error: invalid operands to binary * (have ‘struct s’ and ‘int’)
// DIAG: 4:26: error: invalid operands to binary % (have ‘double’ and ‘int’)
// DIAG: 4:33: error: invalid operands to binary << (have ‘double’ and ‘int’)
