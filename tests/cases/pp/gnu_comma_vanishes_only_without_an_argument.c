#define e1(f, ...) p(f, ## __VA_ARGS__)
e1(a) e1(a,) e1(a,b) e1(a,b,c) e1()
#define e2(f, a...) p(f, ## a)
e2(1) e2(1,2,3) e2(1,)
#define e3(...) g(x, ##__VA_ARGS__)
e3() e3(1) e3(1,2) e3(,)
#define M2 7
e1(a, M2) e1(a, e1(b, c))
#define e4(x, ...) x ## __VA_ARGS__
e4(a) e4(a, b) e4(,b)
/* EXPECT: p ( a ) p ( a , ) p ( a , b ) p ( a , b , c ) p ( ) */
/* EXPECT: p ( 1 ) p ( 1 , 2 , 3 ) p ( 1 , ) */
/* EXPECT: g ( x ) g ( x , 1 ) g ( x , 1 , 2 ) g ( x , , ) */
/* EXPECT: p ( a , 7 ) p ( a , e1 ( b , c ) ) */
/* EXPECT: a ab b */
