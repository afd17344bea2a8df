#define A 1 + 2
#define A 1  +  2
#define A 1 + /* c */ 2
#define A 1+2
#define F(a, b) a b
#define F(a, b) a b
#define F(b, a) b a
#define F x
#define __FILE__ 1
#undef __LINE__
#undef NEVER
A F
/* EXPECT: 1 + 2 x */
/* DIAG: 4:9: warning: "A" redefined */
/* DIAG: 7:9: warning: "F" redefined */
/* DIAG: 8:9: warning: "F" redefined */
/* DIAG: 9:9: warning: redefining builtin macro "__FILE__" [-Wbuiltin-macro-redefined] */
/* DIAG: 10:8: warning: undefining "__LINE__" [-Wbuiltin-macro-redefined] */
