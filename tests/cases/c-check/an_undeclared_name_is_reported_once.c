int f(void)
{
  return count + count;
}
// DIAG: 3:10: error: ‘count’ undeclared (first use in this function)
// DIAG: 3:10: note: each undeclared identifier is reported only once for each function it appears in
