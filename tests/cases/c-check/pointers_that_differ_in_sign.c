// OPTIONS: -Wpointer-sign
void f(const char *);
void g(unsigned char *);
unsigned char *r(char *p)
{
  const char *q = p;
  int *i = 0;
  const unsigned *u = i;
  f(p);
  f("a");
  g(p);
  q = u == 0 ? q : p;
  return p;
}
// DIAG: 8:23: warning: pointer targets in initialization of ‘const unsigned int *’ from ‘int *’ differ in signedness [-Wpointer-sign]
// DIAG: 11:5: warning: pointer targets in passing argument 1 of ‘g’ differ in signedness [-Wpointer-sign]
// DIAG: 3:6: note: expected ‘unsigned char *’ but argument is of type ‘char *’
// DIAG: 13:10: warning: pointer targets in returning ‘char *’ from a function with return type ‘unsigned char *’ differ in signedness [-Wpointer-sign]
