#define fn(x) <x>
#define EMPTY
#define LPAREN (
#define RPAREN )
#define F(x, y) x + y
#define ELLIP_FUNC(...) __VA_ARGS__
ELLIP_FUNC(F, LPAREN, 'a', 'b', RPAREN);
fn
(1) fn EMPTY (2) fn
;
fn /* c */ // d
  (
  /* e */ 3

  )
#define OBJ() a
OBJ OBJ() OBJ ( ) OBJ(
)
#define two(a,b) b a
two((1,2),3) two(,) two( , ) two([,],x)
#define end fn
end(4) end
(5) end 6
/* EXPECT: F , ( , 'a' , 'b' , ) ; */
/* EXPECT: < 1 > fn ( 2 ) fn */
/* EXPECT: ; */
/* EXPECT: < 3 > */
/* EXPECT: OBJ a a a */
/* EXPECT: 3 ( 1 , 2 ) two */
/* EXPECT: < 4 > < 5 > fn 6 */
/* DIAG: 20:39: error: macro "two" passed 3 arguments, but takes just 2 */
