struct s { int f(void); };
int x;
