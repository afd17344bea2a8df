int x;
/* the end is missing
int y;
