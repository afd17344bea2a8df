#define t(x,y,z) x ## y ## z
int j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,),
 t(10,,), t(,11,), t(,,12), t(,,) };
#define debug(...) fprintf(stderr, __VA_ARGS__)
#define showlist(...) puts(#__VA_ARGS__)
#define report(test, ...) ((test)?puts(#test):\
 printf(__VA_ARGS__))
debug("Flag");
debug("X = %d\n", x);
showlist(The first, second, and third items.);
report(x>y, "x is %d but y is %d", x, y);
#define hash_hash # ## #
#define mkstr(a) # a
#define in_between(a) mkstr(a)
#define join(c, d) in_between(c hash_hash d)
char p[] = join(x, y);
/* EXPECT: int j [ ] = { 123 , 45 , 67 , 89 , */
/* EXPECT: 10 , 11 , 12 , } ; */
/* EXPECT: fprintf ( stderr , "Flag" ) ; */
/* EXPECT: fprintf ( stderr , "X = %d\n" , x ) ; */
/* EXPECT: puts ( "The first, second, and third items." ) ; */
/* EXPECT: ( ( x > y ) ? puts ( "x>y" ) : printf ( "x is %d but y is %d" , x , y ) ) ; */
/* EXPECT: char p [ ] = "x ## y" ; */
