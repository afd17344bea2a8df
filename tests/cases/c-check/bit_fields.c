struct s { int a : 40; int b : -1; float c : 2; int d : 0; unsigned e : 3; };
unsigned *f(struct s *p)
{
  return &p->e;
}
// DIAG: 1:16: error: width of ‘a’ exceeds its type
// DIAG: 1:28: error: negative width in bit-field ‘b’
// DIAG: 1:42: error: bit-field ‘c’ has invalid type
// DIAG: 1:53: error: zero width for bit-field ‘d’
// DIAG: 4:10: error: cannot take address of bit-field ‘e’
