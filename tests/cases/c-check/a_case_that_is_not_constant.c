int f(int a, int b)
{
  switch (a) {
  case b: return 1;
  }
  return 0;
}
// GCC-DIFFERS: it shows the word, not the value
// DIAG: 4:8: error: case label does not reduce to an integer constant
// DIAG: 4:11: warning: statement will never be executed [-Wswitch-unreachable]
