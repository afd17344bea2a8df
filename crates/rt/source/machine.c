/* What other machines must do for code that is made at run time ("GCC Internals", "Trampolines for Nested Functions"):
   here caches follow by themselves, and stacks that code runs on are so from the start (PT_GNU_STACK). */

#define EXPORT __attribute__((weak))

EXPORT void __clear_cache(void *begin, void *end) { __asm__ volatile("" ::: "memory"); }
EXPORT void __enable_execute_stack(void *address) { }
