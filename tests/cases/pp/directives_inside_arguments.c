#define f(x, y) [x|y]
f(1,
#define Z 3
#if 0
 nothing
#else
 Z
#endif
)
f(a
#undef Z
, Z)
#define g() G
g
#define h 1
()
/* EXPECT: [ 1 | 3 ] */
/* EXPECT: [ a | Z ] */
/* EXPECT: g */
/* EXPECT: ( ) */
