/* Where a program was called from, by frame pointers: no C library, no tables, nothing allocated, so that it works in a
   signal handler, in an allocator and without a system. A frame begins with the caller's frame pointer and the return
   address (psABI, "The Stack Frame"; every function of ours has one). Code that keeps something else in that register
   ends the walk or hides its callers. The interface is <kit/backtrace.h>. */

typedef unsigned long size_t;
typedef unsigned long word;

#define EXPORT __attribute__((weak))

/* Every hosted program has it, and only those have a system to ask. */
extern int __libc_start_main() __attribute__((weak));

#if defined __linux__ && defined __x86_64__

#define HAVE_SYSTEM 1

/* By itself: a C library that is linked statically may lack the function. */
static long system_call(long number, long a, long b, long c, long d)
{
    register long fourth __asm__("r10") = d;
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                     : "rcx", "r11", "memory");
    return result;
}

enum { WRITE = 1, RT_SIGPROCMASK = 14 };

#else

#define HAVE_SYSTEM 0
enum { WRITE, RT_SIGPROCMASK };
static long system_call(long number, long a, long b, long c, long d) { return -1; }

#endif

#ifdef CAPTURE

/* No frame is larger: what lies further is no caller. */
#define FURTHEST (1ul << 26)
#define PAGE 4096ul

/* Whether a word can be read. A register that is no frame pointer may look like one, and a crash handler must not
   crash. */
static int readable(const word *at)
{
    enum { NO_WAY = -1, FAULT = -14 };

    /* The mask is looked at before the answer that there is no such way to change it (EINVAL, not EFAULT). */
    return !HAVE_SYSTEM || !__libc_start_main
        || system_call(RT_SIGPROCMASK, NO_WAY, (long)at, 0, sizeof *at) != FAULT;
}

EXPORT __attribute__((noinline)) int __kit_backtrace(void **buffer, int max, int skip)
{
    const word *frame = __builtin_frame_address(0);
    word known = 0;
    int n = 0;

    while (n < max) {
        word caller, from, at = (word)frame;

        if (!frame || at % sizeof *frame)
            break;
        /* Both words, of which the second may lie on another page. */
        if ((at + sizeof *frame) / PAGE != known) {
            if (!readable(frame) || !readable(frame + 1))
                break;
            known = (at + sizeof *frame) / PAGE;
        }
        caller = frame[0];
        from = frame[1];
        if (!from)
            break;
        if (skip > 0)
            skip--;
        else
            buffer[n++] = (void *)from;
        /* The stack grows downwards: who does not come up would walk for ever. */
        if (caller <= at || caller - at > FURTHEST)
            break;
        frame = (const word *)caller;
    }
    return n;
}

#endif

#ifdef PRINT

extern int __kit_backtrace(void **buffer, int max, int skip);

EXPORT __attribute__((visibility("default"))) void __kit_backtrace_write(const char *text, size_t length)
{
    while (HAVE_SYSTEM && __libc_start_main && length) {
        long n = system_call(WRITE, 2, (long)text, (long)length, 0);

        if (n <= 0)
            break;
        text += n;
        length -= n;
    }
}

EXPORT __attribute__((noinline)) void __kit_print_backtrace(void)
{
    enum { MOST = 64 };
    void *all[MOST];
    int n = __kit_backtrace(all, MOST, 1), i;

    for (i = 0; i < n; i++) {
        /* From the last digit on. */
        char text[32], *end = text + sizeof text, *at = end;
        word address = (word)all[i];
        int number = i;

        *--at = '\n';
        do
            *--at = "0123456789abcdef"[address % 16];
        while (address /= 16);
        *--at = 'x';
        *--at = '0';
        *--at = ' ';
        do
            *--at = '0' + number % 10;
        while (number /= 10);
        *--at = '#';
        __kit_backtrace_write(at, end - at);
    }
}

#endif

#ifdef ASSERT

extern void __kit_print_backtrace(void), __kit_backtrace_write(const char *text, size_t length);

static void say(const char *text)
{
    size_t length = 0;

    if (!text)
        text = "?";
    while (text[length])
        length++;
    __kit_backtrace_write(text, length);
}

EXPORT __attribute__((noreturn)) void __kit_assert_fail(const char *expression, const char *file, unsigned line,
                                                        const char *function)
{
    char digits[12], *at = digits + sizeof digits - 1;

    *at = 0;
    do
        *--at = '0' + line % 10;
    while (line /= 10);
    say("kit: assertion failed: ");
    say(expression);
    say(", file ");
    say(file);
    say(", line ");
    say(at);
    say(", function ");
    say(function);
    say("\n");
    __kit_print_backtrace();
    __builtin_trap();
}

#endif
