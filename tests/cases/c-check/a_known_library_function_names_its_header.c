int main(void)
{
  printf("x");
  return 0;
}
// DIAG: 3:3: warning: implicit declaration of function ‘printf’ [-Wimplicit-function-declaration]
// DIAG: 1:1: note: include ‘<stdio.h>’ or provide a declaration of ‘printf’
// DIAG: 3:3: warning: incompatible implicit declaration of built-in function ‘printf’ [-Wbuiltin-declaration-mismatch]
// DIAG: 3:3: note: include ‘<stdio.h>’ or provide a declaration of ‘printf’
