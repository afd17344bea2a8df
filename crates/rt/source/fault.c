/* Linked into programs that `kit run` starts. Where the program left a fatal signal at its default action, a handler
   on a stack of its own tells the waiting parent where the registers are and waits until it has read what it wants;
   then the default action follows. Nothing is symbolized in here: this process may be damaged.

   KIT_FAULT_FD is the descriptor of a socket to the parent, made known when this unit is compiled. Declared here what
   the system's headers declare, because they would cost more than the program's own compilation; the layouts are those
   of Linux' 64-bit C libraries (struct sigaction: handler, mask of 128 bytes, flags; stack_t: pointer, flags, size). */

typedef unsigned long size_t;
typedef long ssize_t;

extern int sigaction(int, const void *, void *);
extern int sigaltstack(const void *, void *);
extern ssize_t write(int, const void *, size_t);
extern ssize_t read(int, void *, size_t);
extern int raise(int);
extern int getpid(void);
extern int fcntl(int, int, ...);

enum { SIGINFO_FLAG = 4, ON_STACK = 0x08000000, RESET = 0x80000000, SET_FD = 2, CLOSE_ON_EXEC = 1 };

struct action {
    void (*handler)(int, int *, void *);
    unsigned long mask[16];
    unsigned flags;
    void (*restorer)(void);
};

struct alternate {
    void *base;
    int flags;
    size_t size;
};

struct message {
    unsigned magic;
    int signal;
    int process;
    int code;
    unsigned long info;
    unsigned long context;
};

static void on_fault(int signal, int *info, void *context)
{
    struct message message;
    char answer;

    message.magic = 0x4b465431;
    message.signal = signal;
    message.process = getpid();
    message.code = info[2];
    message.info = (unsigned long)info;
    message.context = (unsigned long)context;
    if (write(KIT_FAULT_FD, &message, sizeof message) == (ssize_t)sizeof message)
        read(KIT_FAULT_FD, &answer, 1);
    /* A fault comes again when the instruction is tried again; a signal that was sent does not. */
    if (info[2] <= 0)
        raise(signal);
}

static void __attribute__((constructor(101), used)) kit_watch_faults(void)
{
    /* SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGSEGV SIGSYS */
    static const unsigned char fatal[] = { 4, 5, 6, 7, 8, 11, 31 };
    static char stack[16384] __attribute__((aligned(16)));
    struct alternate alternate;
    struct action old;
    struct action mine;
    unsigned i;

    if (fcntl(KIT_FAULT_FD, SET_FD, CLOSE_ON_EXEC) != 0)
        return;
    alternate.base = stack;
    alternate.flags = 0;
    alternate.size = sizeof stack;
    sigaltstack(&alternate, (void *)0);
    for (i = 0; i < 16; i++)
        mine.mask[i] = 0;
    mine.handler = on_fault;
    mine.flags = SIGINFO_FLAG | ON_STACK | RESET;
    mine.restorer = (void (*)(void))0;
    for (i = 0; i < sizeof fatal; i++) {
        if (sigaction(fatal[i], (void *)0, &old) == 0 && old.handler == (void (*)(int, int *, void *))0)
            sigaction(fatal[i], &mine, (void *)0);
    }
}
