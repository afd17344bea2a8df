// Questions that headers ask before they use something.
#include <stdio.h>

#if !__has_attribute(aligned) || !__has_attribute(__packed__) || !__has_attribute(cleanup) || !__has_c_attribute(nodiscard)
#error attributes
#endif
#if __has_attribute(no_such_attribute) || __has_attribute(target_clones) || __has_c_attribute(no_such)
#error attributes that are not there
#endif
#if !__has_builtin(__builtin_expect) || !__has_builtin(__builtin_offsetof) || !__has_builtin(__builtin_memcpy)
#error builtins
#endif
#if __has_builtin(__builtin_no_such) || __has_builtin(__builtin_apply)
#error builtins that are not there
#endif
#if !__has_feature(c_alignas) || !__has_extension(c_static_assert) || __has_feature(blocks)
#error features
#endif

int main(void)
{
    puts("told");
    return 0;
}
// output:
// told
