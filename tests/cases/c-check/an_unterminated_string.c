int puts(const char *);
int main(void)
{
  puts("hello);
  return 0;
}
// DIAG: 4:8: warning: missing terminating " character
// DIAG: 4:8: error: missing terminating " character
// DIAG: 5:3: error: expected expression before ‘return’
