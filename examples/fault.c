/* What `kit run` says when a program goes wrong: the functions and lines it was in. */
#include <stdio.h>

struct node { int value; struct node *next; };

static int sum(const struct node *n, int count) {
  return count ? n->value + sum(n->next, count - 1) : 0;
}

int main(void) {
  struct node last = { 2, 0 }, first = { 1, &last };
  printf("%d\n", sum(&first, 2));
  fflush(stdout);
  return sum(&first, 3);
}
