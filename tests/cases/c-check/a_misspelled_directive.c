#inclde "x.h"
int x;
