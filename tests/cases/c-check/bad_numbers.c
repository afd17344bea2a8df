int a = 08;
int b = 12abc;
double c = 1e;
int d = 0x;
// DIAG: 1:9: error: invalid digit "8" in octal constant
// DIAG: 2:9: error: invalid suffix "abc" on integer constant
// DIAG: 3:12: error: exponent has no digits
// DIAG: 4:9: error: invalid suffix "x" on integer constant
