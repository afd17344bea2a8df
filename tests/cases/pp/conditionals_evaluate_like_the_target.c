#define FOO 1
#define FN(x) x
#define DEF_FOO defined FOO
#if defined(FOO) && FOO == 1 && (2 - 3 < 0u) == 0 && -1 >> 1 == -1 && 'a' == 97
a
#endif
#if 1 ? 2 : (1/0)
b
#endif
#if 0 && (1 / 0) || 1
c
#endif
#if FN(3) == 3 && !BAR && BAR == 0 && DEF_FOO
d
#elif 1
bad
#else
bad
#endif
#if 18446744073709551615u == -1 && 0xffffffffffffffff == 0177777777777777777777777
bad
#elif -1 > 0u
e
#endif
#if (-9223372036854775807 - 1) / 2 == -4611686018427387904 && -7 / 2 == -3 && -7 % 3 == -1
f
#endif
#if 1 << 3 == 8 && 1 + 2 * 3 == 7 && (1 | 2 ^ 3 & 1) == 3 && ~0 == -1 && !0 && + 1
g
#endif
#if '\377' < 0 && '\x41' == 65 && L'\x100' == 256 && 'ab' == 24930 && '\n' == 10 && '\'' == 39
h
#endif
#if 0b101 == 5 && 1 ? 1 ? 2 : 3 : 0
i
#endif
#ifdef FOO
#ifndef FOO
bad
#else
j
#endif
#endif
#if 0
#if 1
bad
#else
bad
#endif
#elif 0
bad
#elif FOO
k
#elif 1/0
bad
#else
bad
#endif
#if int == 0 && while + 1
l
#endif
#if (2 || 1/0) == 1 && (0 && 1/0) == 0 && (1 ? 1u : 0) - 2 > 0 && -1 < (1 ? 0 : 0u) == 0
m
#endif
/* EXPECT: a */
/* EXPECT: b */
/* EXPECT: c */
/* EXPECT: d */
/* EXPECT: bad */
/* EXPECT: f */
/* EXPECT: g */
/* EXPECT: h */
/* EXPECT: i */
/* EXPECT: j */
/* EXPECT: k */
/* EXPECT: l */
/* EXPECT: m */
/* DIAG: 20:58: warning: integer constant is too large for its type */
/* DIAG: 31:54: warning: multi-character character constant [-Wmultichar] */
