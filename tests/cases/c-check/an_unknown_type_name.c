foo x;
int f(bar y)
{
  baz z;
  return 0;
}
// DIAG: 1:1: error: unknown type name ‘foo’
// DIAG: 2:7: error: unknown type name ‘bar’
// DIAG: 4:3: error: unknown type name ‘baz’
