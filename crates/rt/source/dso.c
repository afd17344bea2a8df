/* The identity of a program towards __cxa_atexit (Itanium C++ ABI 3.3.6.3): a program's is null. */
void *__dso_handle __attribute__((visibility("hidden"))) = 0;
