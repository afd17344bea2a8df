#include <stdio.h>
static int run(const unsigned char *code) {
  static const void *const ops[] = { &&push, &&add, &&mul, &&halt };
  static const int offsets[] = { &&push - &&push, &&add - &&push, &&mul - &&push, &&halt - &&push };
  int stack[16], sp = 0;
  goto *ops[*code++];
push:
  stack[sp++] = *code++;
  goto *ops[*code++];
add:
  sp--;
  stack[sp - 1] += stack[sp];
  goto *(&&push + offsets[*code++]);
mul:
  sp--;
  stack[sp - 1] *= stack[sp];
  goto *ops[*code++];
halt:
  return stack[sp - 1];
}
int main(void) {
  static const unsigned char program[] = { 0, 6, 0, 7, 2, 0, 5, 0, 3, 1, 1, 3 };
  printf("%d\n", run(program));
  void *next = 0;
  int n = 0;
again:
  n++;
  next = n < 3 ? &&again : &&done;
  goto *next;
done:
  printf("%d\n", n);
  return 0;
}
// output:
// 50
// 3
