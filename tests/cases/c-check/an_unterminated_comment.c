int x;
/* the end is missing
int y;
// DIAG: 2:1: error: unterminated comment
