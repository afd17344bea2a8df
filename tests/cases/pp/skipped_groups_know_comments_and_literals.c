#if 0
 it's /* #endif
 #endif */ "a /* b"
 'x /* y
 // #endif \
 #endif
 #error no
 #foo
 # if 1
 #   endif
 "unterminated
 '#endif'
 /* x */ #  else // c
kept
#endif /* c */
#if 0
\
#endif
#\
endif
after
/* c */ # /* d */ define /* e */ X /* f
 g */ 1 /* h */
X
/* EXPECT: 'x /* y */
/* EXPECT: "unterminated */
/* EXPECT: '#endif' */
/* EXPECT: kept */
/* EXPECT: after */
/* EXPECT: 1 */
/* DIAG: 3:9: warning: extra tokens at end of #endif directive [-Wendif-labels] */
/* DIAG: 4:2: warning: missing terminating ' character */
/* DIAG: 7:3: error: #error no */
/* DIAG: 8:3: error: invalid preprocessing directive #foo */
/* DIAG: 11:2: warning: missing terminating " character */
/* DIAG: 13:13: error: #else without #if */
/* DIAG: 15:2: error: #endif without #if */
/* DIAG: 20:1: error: #endif without #if */
