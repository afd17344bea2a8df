/* assert for programs without a C library, or that want to know who called: what was asserted, where, and a backtrace.
   As <assert.h>, it may be included again with another NDEBUG (ISO C11 7.2). */
#include <kit/backtrace.h>

#undef assert
#ifdef NDEBUG
#define assert(expression) ((void)0)
#else
#define assert(expression) \
    ((expression) ? (void)0 : __kit_assert_fail(#expression, __FILE__, __LINE__, __func__))
#endif

#undef static_assert
#define static_assert _Static_assert
