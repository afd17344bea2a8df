#if 1
int x;
// GCC-DIFFERS: it gives no column
// DIAG: 1:2: error: unterminated #if
