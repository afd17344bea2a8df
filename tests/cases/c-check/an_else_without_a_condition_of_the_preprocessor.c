int x;
#else
int y;
