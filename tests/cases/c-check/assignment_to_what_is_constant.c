const int c = 1;
void f(const int *p)
{
  c = 2;
  *p = 3;
  p[1]++;
  const int k = 0;
  k--;
}
// DIAG: 4:5: error: assignment of read-only variable ‘c’
// DIAG: 5:6: error: assignment of read-only location ‘*p’
// DIAG: 6:7: error: increment of read-only location ‘*(p + 1)’
// DIAG: 8:4: error: decrement of read-only variable ‘k’
