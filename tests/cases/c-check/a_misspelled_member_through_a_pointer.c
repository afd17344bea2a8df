struct list { struct list *next; int length; };
int f(struct list *l)
{
  return l->lenght;
}
// DIAG: 4:13: error: ‘struct list’ has no member named ‘lenght’; did you mean ‘length’?
