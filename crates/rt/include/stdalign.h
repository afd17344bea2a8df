/* <stdalign.h>: ISO C11 7.15. In C23 the names are keywords and the header is empty. */
#ifndef _STDALIGN_H
#define _STDALIGN_H 1
#if !defined __cplusplus && (!defined __STDC_VERSION__ || __STDC_VERSION__ < 202311L)
#define alignas _Alignas
#define alignof _Alignof
#define __alignas_is_defined 1
#define __alignof_is_defined 1
#endif
#endif
