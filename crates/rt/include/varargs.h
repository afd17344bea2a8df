/* <varargs.h> belongs to C before 1989 and cannot be had with prototypes. */
#error "<varargs.h> is not supported; use <stdarg.h>"
