int f(int a)
{
  a + 1 = 2;
  5++;
  &3;
  f(1) = 2;
  return 0;
}
// DIAG: 3:9: error: lvalue required as left operand of assignment
// DIAG: 4:4: error: lvalue required as increment operand
// DIAG: 5:3: error: lvalue required as unary ‘&’ operand
// DIAG: 6:8: error: lvalue required as left operand of assignment
