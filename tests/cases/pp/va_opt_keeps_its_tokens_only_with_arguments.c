#define vo(x,...) f(x __VA_OPT__(,) __VA_ARGS__)
vo(1) vo(1,2) vo(1,)
#define F(...) f(0 __VA_OPT__(,) __VA_ARGS__)
#define G(X, ...) f(0, X __VA_OPT__(,) __VA_ARGS__)
#define SDEF(sname, ...) S sname __VA_OPT__(= { __VA_ARGS__ })
#define EMP
F(a, b, c) F() F(EMP) G(a, b, c) G(a, ) G(a)
SDEF(foo); SDEF(bar, 1, 2);
#define H1(X, ...) X __VA_OPT__(##) __VA_ARGS__
/* EXPECT: f ( 1 ) f ( 1 , 2 ) f ( 1 ) */
/* EXPECT: f ( 0 , a , b , c ) f ( 0 ) f ( 0 ) f ( 0 , a , b , c ) f ( 0 , a ) f ( 0 , a ) */
/* EXPECT: S foo ; S bar = { 1 , 2 } ; */
/* DIAG: 9:9: error: '##' cannot appear at either end of a macro expansion */
