#inclde "x.h"
int x;
// DIAG: 1:2: error: invalid preprocessing directive #inclde; did you mean #include?
