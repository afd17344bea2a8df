int f(int a)
{
  switch (a) {
  case 1 return 2;
  }
  return 0;
}
// DIAG: 4:10: error: expected ‘:’ or ‘...’ before ‘return’
