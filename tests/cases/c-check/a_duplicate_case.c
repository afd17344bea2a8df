int f(int a)
{
  switch (a) {
  case 1: return 1;
  case 1: return 2;
  default: break;
  default: break;
  }
  return 0;
}
// CLANG-DIFFERS: it looks at values when the switch ends
// DIAG: 5:3: error: duplicate case value
// DIAG: 4:3: note: previously used here
// DIAG: 7:3: error: multiple default labels in one switch
// DIAG: 6:3: note: this is the first default label
