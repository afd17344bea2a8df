int x;
typedef int x;
enum { y };
int y;
int f(int p)
{
  int p;
  return p;
}
// DIAG: 2:13: error: ‘x’ redeclared as different kind of symbol
// DIAG: 1:5: note: previous declaration of ‘x’ with type ‘int’
// DIAG: 4:5: error: ‘y’ redeclared as different kind of symbol
// DIAG: 3:8: note: previous definition of ‘y’ with type ‘int’
// DIAG: 7:7: error: ‘p’ redeclared as different kind of symbol
// DIAG: 5:11: note: previous definition of ‘p’ with type ‘int’
