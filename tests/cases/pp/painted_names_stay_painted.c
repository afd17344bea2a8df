#define foo foo a
foo foo
#define A B C
#define B A D
A B
#define NIL(xxx) xxx
#define G_0(arg) NIL(G_1)(arg)
#define G_1(arg) NIL(arg)
G_0(42)
#define ff(a) a*gg
#define gg(a) ff(a)
ff(2)(9)
#define AA BB
#define BB AA
AA BB (AA)
#define id(x) x
id(id)(1) id(id(id))(2) id(id (3))
#define xx(a) a xx
xx(1)(2) (xx)(3)
#define call(f) f(call)
call(id) call(call)
#define a a b
#define EVAL(x) x
EVAL(EVAL(a))
#define EMPTY
#define DEFER(x) x EMPTY
#define OBSTRUCT(...) __VA_ARGS__ DEFER(EMPTY)()
#define EXPAND(...) __VA_ARGS__
#define AX() 123
DEFER(AX)()
EXPAND(DEFER(AX)())
/* EXPECT: foo a foo a */
/* EXPECT: A D C B C D */
/* EXPECT: 42 */
/* EXPECT: 2 * 9 * gg */
/* EXPECT: AA BB ( AA ) */
/* EXPECT: id ( 1 ) id ( 2 ) 3 */
/* EXPECT: 1 xx ( 2 ) ( xx ) ( 3 ) */
/* EXPECT: call call ( call ) */
/* EXPECT: a b */
/* EXPECT: AX ( ) */
/* EXPECT: 123 */
