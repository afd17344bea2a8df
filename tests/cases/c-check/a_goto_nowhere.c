int f(void)
{
  goto end;
  return 1;
}
