/* The identity of a shared library towards __cxa_atexit (Itanium C++ ABI 3.3.6.3): its own address; and the call that
   runs what was registered under it when the library is unloaded. */
extern void __cxa_finalize(void *) __attribute__((weak));
void *__dso_handle __attribute__((visibility("hidden"))) = &__dso_handle;

static void __attribute__((destructor, used)) finalize(void)
{
    if (__cxa_finalize)
        __cxa_finalize(__dso_handle);
}
