#define f2(a,b) a
int k = f2(1);
f2(1,2,3)
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
#endif
f2(1
/* EXPECT: int k = f2 ; */
/* EXPECT: f2 */
/* EXPECT: 1 + a "b" */
/* EXPECT: bad */
/* EXPECT: __VA_ARGS__ */
/* EXPECT: "abc */
/* EXPECT: f2 */
/* DIAG: 2:13: error: macro "f2" requires 2 arguments, but only 1 given */
/* DIAG: 3:9: error: macro "f2" passed 3 arguments, but takes just 2 */
/* DIAG: 4:7: error: operator '+' has no right operand */
/* DIAG: 6:7: error: missing ')' in expression */
/* DIAG: 8:6: error: missing '(' in expression */
/* DIAG: 10:4: error: #if with no expression */
/* DIAG: 12:7: error: missing binary operator before token "2" */
/* DIAG: 14:7: error: missing binary operator before token "y" */
/* DIAG: 16:5: error: floating constant in preprocessor expression */
/* DIAG: 18:5: error: token ""a"" is not valid in preprocessor expressions */
/* DIAG: 20:7: error: division by zero in #if */
/* DIAG: 22:2: error: invalid preprocessing directive #foo */
/* DIAG: 23:8: error: macro names must be identifiers */
/* DIAG: 25:7: error: no macro name given in #ifdef directive */
/* DIAG: 27:10: warning: extra tokens at end of #ifdef directive */
/* DIAG: 28:8: warning: extra tokens at end of #endif directive [-Wendif-labels] */
/* DIAG: 29:2: error: #else without #if */
/* DIAG: 30:2: error: #elif without #if */
/* DIAG: 31:2: error: #endif without #if */
/* DIAG: 32:8: error: no macro name given in #define directive */
/* DIAG: 33:9: error: macro names must be identifiers */
/* DIAG: 34:9: error: "defined" cannot be used as a macro name */
/* DIAG: 35:13: error: expected ',' or ')', found "a" */
/* DIAG: 36:13: error: duplicate macro parameter "a" */
/* DIAG: 37:13: error: expected parameter name before end of line */
/* DIAG: 38:11: error: expected parameter name, found "1" */
/* DIAG: 39:14: error: '#' is not followed by a macro parameter */
/* DIAG: 40:9: error: '##' cannot appear at either end of a macro expansion */
/* DIAG: 41:9: error: '##' cannot appear at either end of a macro expansion */
/* DIAG: 43:5: error: pasting "1" and "+" does not give a valid preprocessing token */
/* DIAG: 43:14: error: pasting "a" and ""b"" does not give a valid preprocessing token */
/* DIAG: 44:2: error: #error stop here now */
/* DIAG: 45:2: warning: #warning look out [-Wcpp] */
/* DIAG: 46:7: error: "x" after #line is not a positive integer */
/* DIAG: 47:7: error: "0x10" after #line is not a positive integer */
/* DIAG: 48:9: error: #include expects "FILENAME" or <FILENAME> */
/* DIAG: 49:10: error: #include expects "FILENAME" or <FILENAME> */
/* DIAG: 52:2: error: #else after #else */
/* DIAG: 54:7: error: no macro name given in #undef directive */
/* DIAG: 56:1: error: attempt to use poisoned "bad" */
/* DIAG: 57:5: error: invalid digit "8" in octal constant */
/* DIAG: 59:5: error: invalid suffix "x" on integer constant */
/* DIAG: 61:1: warning: __VA_ARGS__ can only appear in the expansion of a C99 variadic macro */
/* DIAG: 62:10: error: '?' without following ':' */
/* DIAG: 64:10: error: operator '==' has no right operand */
/* DIAG: 66:6: error: missing expression between '(' and ')' */
/* DIAG: 68:12: error: operator "defined" requires an identifier */
/* DIAG: 70:14: error: missing ')' after "defined" */
/* DIAG: 72:5: warning: missing terminating ' character */
/* DIAG: 72:5: error: token "'a" is not valid in preprocessor expressions */
/* DIAG: 74:1: warning: missing terminating " character */
/* DIAG: 76:6: error: #elif with no expression */
/* DIAG: 80:1: error: unterminated argument list invoking macro "f2" */
