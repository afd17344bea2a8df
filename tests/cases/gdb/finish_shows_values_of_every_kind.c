// `finish` prints what a function returns: in registers of both kinds, in memory, or nothing.

struct small { int a, b; };
struct large { long a, b, c; };
struct mixed { double d; int i; };
static char text[] = "text";

int get_int(void) { return -7; }
double get_double(void) { return 2.5; }
float get_float(void) { return 0.25f; }
char get_char(void) { return 'k'; }
struct small get_small(void) { struct small s = { 1, 2 }; return s; }
struct large get_large(void) { struct large l = { 1, 2, 3 }; return l; }
struct mixed get_mixed(void) { struct mixed m = { 1.5, 9 }; return m; }
char *get_pointer(void) { return text; }
void get_nothing(void) { text[0] = 'T'; }
long double get_long_double(void) { return 1.125L; }
_Bool get_flag(void) { return 1; }

int main(void)
{
    get_int();
    get_double();
    get_float();
    get_char();
    struct small small = get_small();
    struct large large = get_large();
    struct mixed mixed = get_mixed();
    get_pointer();
    get_nothing();
    get_long_double();
    get_flag();
    return small.a + (int)large.a + mixed.i == 0;
}

/* gdb
> break get_int
Breakpoint 1 at ADDR: file finish_shows_values_of_every_kind.c, line 8.
> break get_double
Breakpoint 2 at ADDR: file finish_shows_values_of_every_kind.c, line 9.
> break get_float
Breakpoint 3 at ADDR: file finish_shows_values_of_every_kind.c, line 10.
> break get_char
Breakpoint 4 at ADDR: file finish_shows_values_of_every_kind.c, line 11.
> break get_small
Breakpoint 5 at ADDR: file finish_shows_values_of_every_kind.c, line 12.
> break get_large
Breakpoint 6 at ADDR: file finish_shows_values_of_every_kind.c, line 13.
> break get_mixed
Breakpoint 7 at ADDR: file finish_shows_values_of_every_kind.c, line 14.
> break get_pointer
Breakpoint 8 at ADDR: file finish_shows_values_of_every_kind.c, line 15.
> break get_nothing
Breakpoint 9 at ADDR: file finish_shows_values_of_every_kind.c, line 16.
> break get_long_double
Breakpoint 10 at ADDR: file finish_shows_values_of_every_kind.c, line 17.
> break get_flag
Breakpoint 11 at ADDR: file finish_shows_values_of_every_kind.c, line 18.
> run

Breakpoint 1, get_int () at finish_shows_values_of_every_kind.c:8
8	int get_int(void) { return -7; }
> finish
main () at finish_shows_values_of_every_kind.c:23
23	    get_double();
Value returned is $1 = -7
> continue

Breakpoint 2, get_double () at finish_shows_values_of_every_kind.c:9
9	double get_double(void) { return 2.5; }
> finish
main () at finish_shows_values_of_every_kind.c:24
24	    get_float();
Value returned is $2 = 2.5
> continue

Breakpoint 3, get_float () at finish_shows_values_of_every_kind.c:10
10	float get_float(void) { return 0.25f; }
> finish
main () at finish_shows_values_of_every_kind.c:25
25	    get_char();
Value returned is $3 = 0.25
> continue

Breakpoint 4, get_char () at finish_shows_values_of_every_kind.c:11
11	char get_char(void) { return 'k'; }
> finish
main () at finish_shows_values_of_every_kind.c:26
26	    struct small small = get_small();
Value returned is $4 = 107 'k'
> continue

Breakpoint 5, get_small () at finish_shows_values_of_every_kind.c:12
12	struct small get_small(void) { struct small s = { 1, 2 }; return s; }
> finish
main () at finish_shows_values_of_every_kind.c:26
26	    struct small small = get_small();
Value returned is $5 = {a = 1, b = 2}
> continue

Breakpoint 6, get_large () at finish_shows_values_of_every_kind.c:13
13	struct large get_large(void) { struct large l = { 1, 2, 3 }; return l; }
> finish
main () at finish_shows_values_of_every_kind.c:28
28	    struct mixed mixed = get_mixed();
Value returned is $6 = {a = 1, b = 2, c = 3}
> continue

Breakpoint 7, get_mixed () at finish_shows_values_of_every_kind.c:14
14	struct mixed get_mixed(void) { struct mixed m = { 1.5, 9 }; return m; }
> finish
main () at finish_shows_values_of_every_kind.c:28
28	    struct mixed mixed = get_mixed();
Value returned is $7 = {d = 1.5, i = 9}
> continue

Breakpoint 8, get_pointer () at finish_shows_values_of_every_kind.c:15
15	char *get_pointer(void) { return text; }
> finish
main () at finish_shows_values_of_every_kind.c:30
30	    get_nothing();
Value returned is $8 = ADDR <text> "text"
> continue

Breakpoint 9, get_nothing () at finish_shows_values_of_every_kind.c:16
16	void get_nothing(void) { text[0] = 'T'; }
> finish
main () at finish_shows_values_of_every_kind.c:31
31	    get_long_double();
> continue

Breakpoint 10, get_long_double () at finish_shows_values_of_every_kind.c:17
17	long double get_long_double(void) { return 1.125L; }
> finish
main () at finish_shows_values_of_every_kind.c:31
31	    get_long_double();
Value returned is $9 = 1.125
> continue

Breakpoint 11, get_flag () at finish_shows_values_of_every_kind.c:18
18	_Bool get_flag(void) { return 1; }
> finish
main () at finish_shows_values_of_every_kind.c:33
33	    return small.a + (int)large.a + mixed.i == 0;
Value returned is $10 = true
> up
Initial frame selected; you cannot go up.
*/
