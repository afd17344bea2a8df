struct a { int x; };
struct b { int x; };
void f(struct a *p, struct b *q) { *p = *q; }
// DIAG: 3:41: error: incompatible types when assigning to type ‘struct a’ from type ‘struct b’
