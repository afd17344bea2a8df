/* The stack of a running program, without a C library: where it was called from, by frame pointers. */
#ifndef _KIT_BACKTRACE_H
#define _KIT_BACKTRACE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Stores return addresses into buffer, innermost first, at most max of them, and returns how many. The first lies in
   the function that calls; skip leaves out so many in front. Stops where a frame cannot be one. May be called in a
   signal handler. */
int __kit_backtrace(void **buffer, int max, int skip);

/* Writes a line for each caller, `#0 0x401136`, which `kit symbolize` makes functions and lines of. */
void __kit_print_backtrace(void);

/* What is written goes here. The program may define it; otherwise it goes to standard error, where there is one. */
void __kit_backtrace_write(const char *text, size_t length);

/* Says what was asserted and where, writes a backtrace and traps. */
__attribute__((__noreturn__)) void __kit_assert_fail(const char *expression, const char *file, unsigned line,
                                                     const char *function);

#ifdef __cplusplus
}
#endif

#endif
