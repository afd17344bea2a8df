int x;
#else
int y;
// DIAG: 2:2: error: #else without #if
