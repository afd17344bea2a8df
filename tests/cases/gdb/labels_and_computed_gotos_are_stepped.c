// A small interpreter with labels as values: stepping follows the computed jumps.
static int run(const unsigned char *code) {
  static void *const ops[] = {&&push, &&add, &&stop};
  int stack[8], top = 0;
  goto *ops[*code];
push:
  stack[top++] = code[1];
  code += 2;
  goto *ops[*code];
add:
  top--;
  stack[top - 1] += stack[top];
  code++;
  goto *ops[*code];
stop:
  return stack[0];
}

int main(void) {
  static const unsigned char program[] = {0, 7, 0, 8, 1, 2};
  return run(program) != 15;
}

/* gdb
> break run
Breakpoint 1 at ADDR: file labels_and_computed_gotos_are_stepped.c, line 4.
> run

Breakpoint 1, run (code=ADDR <program> "") at labels_and_computed_gotos_are_stepped.c:4
4	  int stack[8], top = 0;
> next
5	  goto *ops[*code];
> next
7	  stack[top++] = code[1];
> next
8	  code += 2;
> next
9	  goto *ops[*code];
> next
7	  stack[top++] = code[1];
> print top
$1 = 1
> print stack[0]
$2 = 7
> print *code
$3 = 0 '\000'
> break 12
Breakpoint 2 at ADDR: file labels_and_computed_gotos_are_stepped.c, line 12.
> continue

Breakpoint 2, run (code=ADDR <program+N> "\001\002") at labels_and_computed_gotos_are_stepped.c:12
12	  stack[top - 1] += stack[top];
> print stack[1]
$4 = 8
> next
13	  code++;
> next
14	  goto *ops[*code];
> next
16	  return stack[0];
> next
17	}
> finish
main () at labels_and_computed_gotos_are_stepped.c:21
21	  return run(program) != 15;
Value returned is $5 = 15
*/
