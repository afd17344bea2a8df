int f(int x)
{
  while x { x--; }
  return x;
}
// DIAG: 3:9: error: expected ‘(’ before ‘x’
