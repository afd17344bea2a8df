int f(void)
{
  goto out;
in:
in:
  return 0;
}
// CLANG-DIFFERS: the second label is the wrong one, not the first
// DIAG: 5:1: error: duplicate label ‘in’
// DIAG: 4:1: note: previous definition of ‘in’ with type ‘void’
// DIAG: 3:3: error: label ‘out’ used but not defined
