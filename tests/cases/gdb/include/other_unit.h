struct account;
extern int shared_total;
struct account *open_account(int start);
int deposit(struct account *account, int amount);
