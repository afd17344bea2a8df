#include "other_unit.h"

struct account { int balance; int n_deposits; };

int shared_total;
static int counter;
static struct account the_account;

static int helper(struct account *account)
{
    counter++;
    return account->balance;
}

int deposit(struct account *account, int amount)
{
    account->balance += amount;
    account->n_deposits++;
    shared_total = helper(account);
    return shared_total;
}

struct account *open_account(int start)
{
    the_account.balance = start;
    return &the_account;
}
