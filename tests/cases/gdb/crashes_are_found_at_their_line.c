// A fault stops at the line and variables that caused it.

struct node { int value; struct node *next; };

static int walk(const struct node *node, int steps)
{
    int sum = 0;
    while (steps-- > 0) {
        sum += node->value;
        node = node->next;
    }
    return sum;
}

int main(void)
{
    struct node second = { 2, 0 };
    struct node first = { 1, &second };
    struct node *node = &first;
    int result = walk(node, 3);
    return result;
}

/* gdb
> run

Program received signal SIGSEGV, Segmentation fault.
walk (node=0x0, steps=0) at crashes_are_found_at_their_line.c:9
9	        sum += node->value;
> bt
#0  walk (node=0x0, steps=0) at crashes_are_found_at_their_line.c:9
#1  ADDR in main () at crashes_are_found_at_their_line.c:20
> info locals
sum = 3
> info args
node = 0x0
steps = 0
> up
#1  ADDR in main () at crashes_are_found_at_their_line.c:20
20	    int result = walk(node, 3);
> info locals
second = {value = 2, next = 0x0}
first = {value = 1, next = ADDR}
node = ADDR
result = 0
> print *node
$1 = {value = 1, next = ADDR}
*/
