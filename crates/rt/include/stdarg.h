/* <stdarg.h>: ISO C11 7.16.
   With __need___va_list a libc asks for the type alone, under the name __gnuc_va_list, so that <stdio.h> can declare
   vprintf without making va_list visible. */
#ifndef __GNUC_VA_LIST
#define __GNUC_VA_LIST 1
typedef __builtin_va_list __gnuc_va_list;
#endif

#ifdef __need___va_list
#undef __need___va_list
#elif !defined _STDARG_H
#define _STDARG_H 1

#ifndef _VA_LIST_DEFINED
#define _VA_LIST_DEFINED 1
typedef __gnuc_va_list va_list;
#endif

#if defined __STDC_VERSION__ && __STDC_VERSION__ >= 202311L
#define __STDC_VERSION_STDARG_H__ 202311L
/* C23 makes the last named parameter optional and never evaluates it. */
#define va_start(ap, ...) __builtin_va_start(ap, 0)
#else
#define va_start(ap, last) __builtin_va_start(ap, last)
#endif
#define va_arg(ap, type) __builtin_va_arg(ap, type)
#define va_end(ap) __builtin_va_end(ap)
#if !defined __STRICT_ANSI__ || __STDC_VERSION__ >= 199901L || __cplusplus >= 201103L
#define va_copy(to, from) __builtin_va_copy(to, from)
#endif
#define __va_copy(to, from) __builtin_va_copy(to, from)

#endif
