#define X 1
#pragma push_macro("X")
#undef X
#define X 2
X
#pragma push_macro("X")
#undef X
X
#pragma pop_macro("X")
X
#pragma pop_macro("X")
X
#pragma pop_macro("X")
X
#pragma push_macro("UNDEF")
#define UNDEF 3
UNDEF
#pragma pop_macro("UNDEF")
UNDEF
#define DO(x) _Pragma(#x) done
DO(GCC diagnostic push) a _Pragma("GCC diagnostic pop") b
/* EXPECT: 2 */
/* EXPECT: X */
/* EXPECT: 2 */
/* EXPECT: 1 */
/* EXPECT: 1 */
/* EXPECT: 3 */
/* EXPECT: UNDEF done a b */
