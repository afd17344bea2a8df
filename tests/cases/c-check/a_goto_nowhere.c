int f(void)
{
  goto end;
  return 1;
}
// DIAG: 3:3: error: label ‘end’ used but not defined
