// Each unit has its own statics and its own view of a type; names are found across units and by file.
// flags: include/other_unit.c

#include "include/other_unit.h"

static int counter = 10;

static int helper(int x)
{
    counter += x;
    return counter;
}

int main(void)
{
    struct account *account = open_account(5);
    int mine = helper(1);
    deposit(account, mine);
    return shared_total == 0;
}

/* gdb
> break other_unit.c:helper
Breakpoint 1 at ADDR: file include/other_unit.c, line 11.
> info breakpoints
Num     Type           Disp Enb Address            What
1       breakpoint     keep y   ADDR in helper at include/other_unit.c:11
> tbreak main
Temporary breakpoint 2 at ADDR: file several_units_keep_their_own_names.c, line 16.
> run

Temporary breakpoint 2, main () at several_units_keep_their_own_names.c:16
16	    struct account *account = open_account(5);
> next
17	    int mine = helper(1);
> continue

Breakpoint 1, helper (account=ADDR <the_account>) at include/other_unit.c:11
11	    counter++;
> bt
#0  helper (account=ADDR <the_account>) at include/other_unit.c:11
#1  ADDR in deposit (account=ADDR <the_account>, amount=11) at include/other_unit.c:19
#2  ADDR in main () at several_units_keep_their_own_names.c:18
> print counter
$1 = 0
> print 'several_units_keep_their_own_names.c'::counter
$2 = 11
> print 'other_unit.c'::counter
$3 = 0
> up
#1  ADDR in deposit (account=ADDR <the_account>, amount=11) at include/other_unit.c:19
19	    shared_total = helper(account);
> print counter
$4 = 0
> info locals
No locals.
> print *account
$5 = {balance = 16, n_deposits = 1}
> ptype account
type = struct account {
    int balance;
    int n_deposits;
} *
> print shared_total
$6 = 0
> whatis open_account
type = struct account *(int)
> info line deposit
Line 16 of "include/other_unit.c" starts at address ADDR <deposit> and ends at ADDR <deposit+N>.
> delete
> break include/other_unit.c:20
Breakpoint 3 at ADDR: file include/other_unit.c, line 20.
> continue

Breakpoint 3, deposit (account=ADDR <the_account>, amount=11) at include/other_unit.c:20
20	    return shared_total;
> bt
#0  deposit (account=ADDR <the_account>, amount=11) at include/other_unit.c:20
#1  ADDR in main () at several_units_keep_their_own_names.c:18
> print shared_total
$7 = 16
> list open_account
19	    shared_total = helper(account);
20	    return shared_total;
21	}
22
23	struct account *open_account(int start)
24	{
25	    the_account.balance = start;
26	    return &the_account;
27	}
> info scope deposit
Scope for deposit:
Symbol account is somewhere, length 8.
Symbol amount is somewhere, length 4.
> info scope open_account
Scope for open_account:
Symbol start is somewhere, length 4.
> finish
main () at several_units_keep_their_own_names.c:19
19	    return shared_total == 0;
Value returned is $8 = 16
> next
20	}
> next
(library)
*/
