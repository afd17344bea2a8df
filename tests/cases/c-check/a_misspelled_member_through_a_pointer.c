struct list { struct list *next; int length; };
int f(struct list *l)
{
  return l->lenght;
}
