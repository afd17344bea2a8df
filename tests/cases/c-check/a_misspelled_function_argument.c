int total(int first, int second)
{
  return first + secnod;
}
// DIAG: 3:18: error: ‘secnod’ undeclared (first use in this function); did you mean ‘second’?
// DIAG: 3:18: note: each undeclared identifier is reported only once for each function it appears in
