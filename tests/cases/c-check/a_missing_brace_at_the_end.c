int f(int x)
{
  if (x) {
    x = 2;
  return 1;
}
int main(void)
{
  return f(0);
}
// CLANG-DIFFERS: it takes the next function for a nested one
// DIAG: 10:1: error: expected declaration or statement at end of input
