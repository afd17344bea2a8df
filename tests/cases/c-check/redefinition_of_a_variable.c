int x = 1;
int x = 2;
int f(void)
{
  int a;
  int a;
  return a;
}
// DIAG: 2:5: error: redefinition of ‘x’
// DIAG: 1:5: note: previous definition of ‘x’ with type ‘int’
// DIAG: 6:7: error: redeclaration of ‘a’ with no linkage
// DIAG: 5:7: note: previous declaration of ‘a’ with type ‘int’
