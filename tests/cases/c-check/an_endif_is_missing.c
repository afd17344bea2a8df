#if 1
int x;
// GCC-DIFFERS: it gives no column
