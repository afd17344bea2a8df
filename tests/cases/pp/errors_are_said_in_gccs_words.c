#define f2(a,b) a
int k = f2(1);
f2(1,2,3)
f2(1
#if 1 +
#endif
#if (1
#endif
#if 1)
#endif
#if
#endif
#if 1 2
#endif
#if x y
#endif
#if 1.5
#endif
#if "a"
#endif
#if 1 / 0
#endif
#foo
#ifdef 3
#endif
#ifdef
#endif
#ifdef A B
#endif x
#else
#elif
#endif
#define
#define 3
#define defined
#define D(a a
#define D(a,a)
#define D(a,
#define D(1)
#define S(x) #y
#define P ## a
#define P a ##
#define cat(a,b) a ## b
cat(1,+) cat(a,"b")
#error stop here  now
#warning look out
#line x
#line 0x10
#include
#include foo
#if 1
#else
#else
#endif
#undef
#pragma GCC poison bad
bad
#if 08
#endif
#if 1x
#endif
__VA_ARGS__
#if 1 ? 2
#endif
#if 1 == == 2
#endif
#if ()
#endif
#if defined
#endif
#if defined(x
#endif
#if 'a
#endif
"abc
#if 0
#elif
#endif
#if 1
/* EXPECT: int k = f2 ; */
/* EXPECT: f2 */
/* EXPECT: f2 */
/* DIAG: 2:13: error: macro "f2" requires 2 arguments, but only 1 given */
/* DIAG: 3:9: error: macro "f2" passed 3 arguments, but takes just 2 */
/* DIAG: 5:7: error: operator '+' has no right operand */
/* DIAG: 7:7: error: missing ')' in expression */
/* DIAG: 9:6: error: missing '(' in expression */
/* DIAG: 11:4: error: #if with no expression */
/* DIAG: 13:7: error: missing binary operator before token "2" */
/* DIAG: 15:7: error: missing binary operator before token "y" */
/* DIAG: 17:5: error: floating constant in preprocessor expression */
/* DIAG: 19:5: error: token ""a"" is not valid in preprocessor expressions */
/* DIAG: 21:7: error: division by zero in #if */
/* DIAG: 23:2: error: invalid preprocessing directive #foo */
/* DIAG: 24:8: error: macro names must be identifiers */
/* DIAG: 26:7: error: no macro name given in #ifdef directive */
/* DIAG: 28:10: warning: extra tokens at end of #ifdef directive */
/* DIAG: 29:8: warning: extra tokens at end of #endif directive [-Wendif-labels] */
/* DIAG: 30:2: error: #else without #if */
/* DIAG: 31:2: error: #elif without #if */
/* DIAG: 32:2: error: #endif without #if */
/* DIAG: 33:8: error: no macro name given in #define directive */
/* DIAG: 34:9: error: macro names must be identifiers */
/* DIAG: 35:9: error: "defined" cannot be used as a macro name */
/* DIAG: 36:13: error: expected ',' or ')', found "a" */
/* DIAG: 37:13: error: duplicate macro parameter "a" */
/* DIAG: 38:13: error: expected parameter name before end of line */
/* DIAG: 39:11: error: expected parameter name, found "1" */
/* DIAG: 40:14: error: '#' is not followed by a macro parameter */
/* DIAG: 41:11: error: '##' cannot appear at either end of a macro expansion */
/* DIAG: 42:15: error: '##' cannot appear at either end of a macro expansion */
/* DIAG: 45:2: error: #error stop here now */
/* DIAG: 46:2: warning: #warning look out [-Wcpp] */
/* DIAG: 47:7: error: "x" after #line is not a positive integer */
/* DIAG: 48:7: error: "0x10" after #line is not a positive integer */
/* DIAG: 49:9: error: #include expects "FILENAME" or <FILENAME> */
/* DIAG: 50:10: error: #include expects "FILENAME" or <FILENAME> */
/* DIAG: 53:2: error: #else after #else */
/* DIAG: 55:7: error: no macro name given in #undef directive */
/* DIAG: 58:5: error: invalid digit "8" in octal constant */
/* DIAG: 60:5: error: invalid suffix "x" on integer constant */
/* DIAG: 63:10: error: '?' without following ':' */
/* DIAG: 65:10: error: operator '==' has no left operand */
/* DIAG: 67:6: error: missing expression between '(' and ')' */
/* DIAG: 69:12: error: operator "defined" requires an identifier */
/* DIAG: 71:14: error: missing ')' after "defined" */
/* DIAG: 73:5: warning: missing terminating ' character */
/* DIAG: 73:5: error: token "'a" is not valid in preprocessor expressions */
/* DIAG: 75:1: warning: missing terminating " character */
/* DIAG: 77:6: error: #if with no expression */
/* DIAG: 4:1: error: unterminated argument list invoking macro "f2" */
/* DIAG: 79:2: error: unterminated #if */
