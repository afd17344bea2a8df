enum e { red, green, red };
int f(void) { return red; }
