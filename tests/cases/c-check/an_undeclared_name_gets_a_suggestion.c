int f(int count)
{
  return cuont;
}
// DIAG: 3:10: error: ‘cuont’ undeclared (first use in this function); did you mean ‘count’?
// DIAG: 3:10: note: each undeclared identifier is reported only once for each function it appears in
