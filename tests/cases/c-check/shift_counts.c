int f(int x)
{
  return (x << 32) + (x >> -1);
}
// DIAG: 3:13: warning: left shift count >= width of type [-Wshift-count-overflow]
// DIAG: 3:25: warning: right shift count is negative [-Wshift-count-negative]
