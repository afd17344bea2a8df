/* <stddef.h>: ISO C11 7.19, C23 7.21.
   A libc asks for single definitions with __need_size_t, __need_ptrdiff_t, __need_wchar_t, __need_NULL and
   __need_wint_t; such an inclusion gives exactly what was asked for. Repeated inclusion is always right: each
   definition has a guard of its own. */
#if !defined __need_size_t && !defined __need_ptrdiff_t && !defined __need_wchar_t && !defined __need_NULL \
    && !defined __need_wint_t
#define __KIT_STDDEF_ALL 1
#define _STDDEF_H 1
#define __need_size_t 1
#define __need_ptrdiff_t 1
#define __need_wchar_t 1
#define __need_NULL 1
#endif

#ifdef __need_size_t
#undef __need_size_t
#ifndef _SIZE_T
#define _SIZE_T 1
typedef __SIZE_TYPE__ size_t;
#endif
#endif

#ifdef __need_ptrdiff_t
#undef __need_ptrdiff_t
#ifndef _PTRDIFF_T
#define _PTRDIFF_T 1
typedef __PTRDIFF_TYPE__ ptrdiff_t;
#endif
#endif

#ifdef __need_wchar_t
#undef __need_wchar_t
#if !defined _WCHAR_T && !defined __cplusplus
#define _WCHAR_T 1
typedef __WCHAR_TYPE__ wchar_t;
#endif
#endif

#ifdef __need_wint_t
#undef __need_wint_t
#ifndef _WINT_T
#define _WINT_T 1
typedef __WINT_TYPE__ wint_t;
#endif
#endif

#ifdef __need_NULL
#undef __need_NULL
#undef NULL
#ifdef __cplusplus
#define NULL 0
#else
#define NULL ((void *)0)
#endif
#endif

#ifdef __KIT_STDDEF_ALL
#undef __KIT_STDDEF_ALL

#undef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)

#if defined __STDC_VERSION__ && __STDC_VERSION__ >= 201112L && !defined __KIT_MAX_ALIGN_T
#define __KIT_MAX_ALIGN_T 1
typedef struct {
  long long __widest_integer;
  long double __widest_real;
} max_align_t;
#endif

#if defined __STDC_VERSION__ && __STDC_VERSION__ > 201710L
#define __STDC_VERSION_STDDEF_H__ 202311L
#undef unreachable
#define unreachable() __builtin_unreachable()
#if __STDC_VERSION__ >= 202311L && !defined __KIT_NULLPTR_T
#define __KIT_NULLPTR_T 1
typedef __typeof__(nullptr) nullptr_t;
#endif
#endif

#endif
