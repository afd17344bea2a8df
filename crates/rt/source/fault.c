/* Linked into programs that `kit run` starts. Where the program left a fatal signal at its default action, a handler
   on a stack of its own tells the waiting parent where the registers are and waits until it has read what it wants;
   then the default action follows. Nothing is symbolized in here: this process may be damaged.

   KIT_FAULT_FD is the descriptor of a socket to the parent, made known when this unit is compiled. Declared here what
   the system's headers declare, because they would cost more than the program's own compilation; the layouts are those
   of Linux' 64-bit C libraries (struct sigaction: handler, mask of 128 bytes, flags; stack_t: pointer, flags, size). */

extern int sigaction(int, const void *, void *), sigaltstack(const void *, void *);
extern int raise(int), getpid(void), fcntl(int, int, ...);
extern long write(int, const void *, unsigned long), read(int, void *, unsigned long);

enum { SIGINFO = 4, ON_STACK = 0x08000000, RESET = 0x80000000, SET_FD = 2, CLOSE_ON_EXEC = 1, MAGIC = 0x4b465431 };

struct action {
    void (*handler)(int, int *, void *);
    unsigned long mask[16];
    unsigned flags;
    void (*restorer)(void);
};

static void on_fault(int signal, int *info, void *context)
{
    struct {
        int magic, signal, process, code;
        void *info, *context;
    } message = { MAGIC, signal, getpid(), info[2], info, context };

    if (write(KIT_FAULT_FD, &message, sizeof message) == sizeof message)
        read(KIT_FAULT_FD, &message, 1);
    /* A fault comes again when the instruction is tried again; a signal that was sent does not. */
    if (info[2] <= 0)
        raise(signal);
}

static void __attribute__((constructor(101), used)) kit_watch_faults(void)
{
    static const struct action mine = { on_fault, { 0 }, SIGINFO | ON_STACK | RESET };
    static char stack[16384] __attribute__((aligned(16)));
    static const struct {
        void *base;
        int flags;
        unsigned long size;
    } alternate = { stack, 0, sizeof stack };
    struct action old;
    const char *fatal;

    if (fcntl(KIT_FAULT_FD, SET_FD, CLOSE_ON_EXEC))
        return;
    sigaltstack(&alternate, 0);
    /* SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGSEGV SIGSYS */
    for (fatal = "\4\5\6\7\10\13\37"; *fatal; fatal++)
        if (!sigaction(*fatal, 0, &old) && !old.handler)
            sigaction(*fatal, &mine, 0);
}
