int f(void)
{
  return g(1);
}
// DIAG: 3:10: warning: implicit declaration of function ‘g’ [-Wimplicit-function-declaration]
