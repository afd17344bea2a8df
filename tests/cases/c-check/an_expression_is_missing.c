int f(int a)
{
  a = ;
  return a + * ;
}
// DIAG: 3:7: error: expected expression before ‘;’ token
// DIAG: 4:16: error: expected expression before ‘;’ token
