#define L() __LINE__
#define ID(x) x
#define TW(x) x __LINE__ x
L(

)
ID(
 L
 (
 )
 __LINE__
 ) __LINE__
TW(
 ID(__LINE__
   L())
 L())
__INCLUDE_LEVEL__ __COUNTER__ __COUNTER__ ID(__COUNTER__)
#line 100
__LINE__
#line 200 "foo.c"
__LINE__ __FILE__
#define N 300
#define FNAME "b\\ar.c"
#line N FNAME
__LINE__ __FILE__
# 17 "marker.c" 3
__LINE__ __FILE__
#include "inc/level.h"
__LINE__
/* EXPECT: 4 */
/* EXPECT: 8 11 12 */
/* EXPECT: 14 15 16 13 14 15 16 */
/* EXPECT: 0 0 1 2 */
/* EXPECT: 100 */
/* EXPECT: 200 "foo.c" */
/* EXPECT: 300 "b\\ar.c" */
/* EXPECT: 17 "marker.c" */
/* EXPECT: 1 1 3 */
/* EXPECT: 19 */
