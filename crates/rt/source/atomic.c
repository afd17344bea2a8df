/* Atomic operations on objects that are not lock-free, and by address and size on those that are (the interface of
   libatomic, as gcc's manual and LLVM's "Atomic Instructions and Concurrency Guide" describe it). An object whose size the
   machine handles is always handled so, as code inline does it. For the others a table of locks is shared by all of a
   program: by the definition that the dynamic linker finds first. */

typedef unsigned long size_t;
typedef unsigned char u1;
typedef unsigned short u2;
typedef unsigned u4;
typedef unsigned long long u8;
typedef unsigned __int128 u16;

#define EXPORT __attribute__((weak))

/* A lock each; neighbours in memory lie on cache lines of their own. */
struct lock {
    int taken;
    char apart[60];
};

__attribute__((weak, visibility("default"))) struct lock __kit_atomic_locks[64];

extern int sched_yield(void) __attribute__((weak));

static struct lock *take(const volatile void *object)
{
    size_t at = (size_t)object;
    struct lock *lock = &__kit_atomic_locks[(at >> 4 ^ at >> 10 ^ at >> 20) & 63];
    unsigned tries = 0;

    while (__atomic_exchange_n(&lock->taken, 1, __ATOMIC_ACQUIRE)) {
        while (__atomic_load_n(&lock->taken, __ATOMIC_RELAXED)) {
            if (++tries % 64 == 0 && sched_yield)
                sched_yield();
        }
    }
    return lock;
}

static void give_back(struct lock *lock)
{
    __atomic_store_n(&lock->taken, 0, __ATOMIC_RELEASE);
}

static void copy(volatile void *to, const volatile void *from, size_t size)
{
    volatile char *t = to;
    const volatile char *f = from;

    while (size--)
        *t++ = *f++;
}

static int equal(const volatile void *a, const volatile void *b, size_t size)
{
    const volatile char *x = a, *y = b;

    while (size--) {
        if (*x++ != *y++)
            return 0;
    }
    return 1;
}

/* Two words are exchanged by an instruction where there is one for them. */
#ifdef __x86_64__
#define HAVE_16 1

static int exchange_16(volatile void *object, u16 *expected, u16 desired)
{
    u8 low = *expected, high = *expected >> 64;
    u1 done;

    __asm__ volatile("lock cmpxchg16b %1\n\tsete %0"
                     : "=q"(done), "+m"(*(volatile u16 *)object), "+a"(low), "+d"(high)
                     : "b"((u8)desired), "c"((u8)(desired >> 64))
                     : "memory", "cc");
    *expected = (u16)high << 64 | low;
    return done;
}
#else
#define HAVE_16 0
static int exchange_16(volatile void *object, u16 *expected, u16 desired) { return 0; }
#endif

#define ALIGNED(object, size) (((size_t)(object) & ((size)-1)) == 0)

/* Names of builtins that take other arguments. */
EXPORT _Bool is_lock_free(size_t, const volatile void *) __asm__("__atomic_is_lock_free");
EXPORT void load(size_t, const volatile void *, void *, int) __asm__("__atomic_load");
EXPORT void store(size_t, volatile void *, void *, int) __asm__("__atomic_store");
EXPORT void exchange(size_t, volatile void *, void *, void *, int) __asm__("__atomic_exchange");
EXPORT _Bool compare_exchange(size_t, volatile void *, void *, void *, int, int) __asm__("__atomic_compare_exchange");

_Bool is_lock_free(size_t size, const volatile void *object)
{
    return (size == 1 || size == 2 || size == 4 || size == 8 || (size == 16 && HAVE_16)) && ALIGNED(object, size);
}

#define OF_SIZE(n) \
    EXPORT u##n __atomic_load_##n(const volatile void *object, int order) \
    { \
        return __atomic_load_n((const volatile u##n *)object, __ATOMIC_SEQ_CST); \
    } \
    EXPORT void __atomic_store_##n(volatile void *object, u##n value, int order) \
    { \
        __atomic_store_n((volatile u##n *)object, value, __ATOMIC_SEQ_CST); \
    } \
    EXPORT u##n __atomic_exchange_##n(volatile void *object, u##n value, int order) \
    { \
        return __atomic_exchange_n((volatile u##n *)object, value, __ATOMIC_SEQ_CST); \
    } \
    EXPORT _Bool __atomic_compare_exchange_##n(volatile void *object, void *expected, u##n desired, int yes, int no) \
    { \
        return __atomic_compare_exchange_n((volatile u##n *)object, (u##n *)expected, desired, 0, __ATOMIC_SEQ_CST, \
                                           __ATOMIC_SEQ_CST); \
    }

OF_SIZE(1)
OF_SIZE(2)
OF_SIZE(4)
OF_SIZE(8)

EXPORT _Bool __atomic_compare_exchange_16(volatile void *object, void *expected, u16 desired, int yes, int no)
{
    u16 found = *(u16 *)expected;
    int done;

    if (HAVE_16 && ALIGNED(object, 16)) {
        done = exchange_16(object, &found, desired);
    } else {
        struct lock *lock = take(object);

        done = equal(object, expected, 16);
        copy(&found, object, 16);
        if (done)
            copy(object, &desired, 16);
        give_back(lock);
    }
    if (!done)
        *(u16 *)expected = found;
    return done;
}

EXPORT u16 __atomic_load_16(const volatile void *object, int order)
{
    u16 value = 0;

    /* Writes what it finds, or finds something else. */
    __atomic_compare_exchange_16((volatile void *)object, &value, value, order, order);
    return value;
}

EXPORT u16 __atomic_exchange_16(volatile void *object, u16 value, int order)
{
    u16 old = 0;

    while (!__atomic_compare_exchange_16(object, &old, value, order, order))
        ;
    return old;
}

EXPORT void __atomic_store_16(volatile void *object, u16 value, int order)
{
    __atomic_exchange_16(object, value, order);
}

#define CHANGE_16(name, expression) \
    EXPORT u16 __atomic_fetch_##name##_16(volatile void *object, u16 value, int order) \
    { \
        u16 old = 0; \
        while (!__atomic_compare_exchange_16(object, &old, expression, order, order)) \
            ; \
        return old; \
    } \
    EXPORT u16 __atomic_##name##_fetch_16(volatile void *object, u16 value, int order) \
    { \
        u16 old = __atomic_fetch_##name##_16(object, value, order); \
        return expression; \
    }

CHANGE_16(add, old + value)
CHANGE_16(sub, old - value)
CHANGE_16(and, old & value)
CHANGE_16(or, old | value)
CHANGE_16(xor, old ^ value)
CHANGE_16(nand, ~(old & value))

EXPORT _Bool __atomic_test_and_set_16(volatile void *object, int order)
{
    return __atomic_exchange_16(object, 1, order) != 0;
}

EXPORT u16 __sync_val_compare_and_swap_16(volatile void *object, u16 expected, u16 desired)
{
    __atomic_compare_exchange_16(object, &expected, desired, 0, 0);
    return expected;
}

EXPORT _Bool __sync_bool_compare_and_swap_16(volatile void *object, u16 expected, u16 desired)
{
    return __atomic_compare_exchange_16(object, &expected, desired, 0, 0);
}

/* What is to be done for each size that is handled without a lock. */
#define BY_SIZE(object, size, what) \
    if (ALIGNED(object, size)) { \
        switch (size) { \
        case 1: what(1); \
        case 2: what(2); \
        case 4: what(4); \
        case 8: what(8); \
        case 16: what(16); \
        default: break; \
        } \
    }

void load(size_t size, const volatile void *object, void *result, int order)
{
    struct lock *lock;

#define LOAD(n) *(u##n *)result = __atomic_load_##n(object, order); return
    BY_SIZE(object, size, LOAD)
    lock = take(object);
    copy(result, object, size);
    give_back(lock);
}

void store(size_t size, volatile void *object, void *value, int order)
{
    struct lock *lock;

#define STORE(n) __atomic_store_##n(object, *(u##n *)value, order); return
    BY_SIZE(object, size, STORE)
    lock = take(object);
    copy(object, value, size);
    give_back(lock);
}

void exchange(size_t size, volatile void *object, void *value, void *result, int order)
{
    struct lock *lock;

#define EXCHANGE(n) *(u##n *)result = __atomic_exchange_##n(object, *(u##n *)value, order); return
    BY_SIZE(object, size, EXCHANGE)
    lock = take(object);
    copy(result, object, size);
    copy(object, value, size);
    give_back(lock);
}

_Bool compare_exchange(size_t size, volatile void *object, void *expected, void *desired, int yes, int no)
{
    struct lock *lock;
    int done;

#define COMPARE(n) return __atomic_compare_exchange_##n(object, expected, *(u##n *)desired, yes, no)
    BY_SIZE(object, size, COMPARE)
    lock = take(object);
    done = equal(object, expected, size);
    if (done)
        copy(object, desired, size);
    else
        copy(expected, object, size);
    give_back(lock);
    return done;
}
