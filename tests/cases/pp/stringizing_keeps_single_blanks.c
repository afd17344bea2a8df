#define str(x) #x
#define xstr(x) str(x)
#define EMPTY
#define f(x) a x-b
str(  a   b	c  )
str(a
 b)
str("x\n" 'c' '\'' '"' "\"" L"w" \)
xstr(a EMPTY-b) xstr(f()) xstr(f( )) xstr(f(c)) xstr(EMPTY a)
str(a/**/b) str(a /* x */ b) str(/**/a) str()
str(@ ` $ # ## \n)
xstr(xstr(x)) str(<:%:) str(u8"x" u'y')
#define hash(x, y) # x #y # x
hash(a, b)
str(f(1)) str(,) 
#define g(...) #__VA_ARGS__
g(a,b) g( a , b ) g()
#define SA(x) x EMPTY
xstr(|SA()|) xstr(| SA()|) xstr(|SA( )b|) xstr(|SA(a)|)
/* EXPECT: "a b c" */
/* EXPECT: "a b" */
/* EXPECT: "\"x\\n\" 'c' '\\'' '\"' \"\\\"\" L\"w\" " */
/* EXPECT: "a -b" "a -b" "a -b" "a c-b" "a" */
/* EXPECT: "a b" "a b" "a" "" */
/* EXPECT: "@ ` $ # ## \n" */
/* EXPECT: "\"x\"" "<:%:" "u8\"x\" u'y'" */
/* EXPECT: "a" "b" "a" */
/* EXPECT: "f(1)" str */
/* EXPECT: "a,b" "a , b" "" */
/* EXPECT: "| |" "| |" "| b|" "|a |" */
/* DIAG: 8:35: warning: invalid string literal, ignoring final '\' */
/* DIAG: 15:16: error: macro "str" passed 2 arguments, but takes just 1 */
