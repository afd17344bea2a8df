/* The first program of the README: arguments, the C library, a little arithmetic. */
#include <stdio.h>

static unsigned gcd(unsigned a, unsigned b) { return b ? gcd(b, a % b) : a; }

int main(int argc, char **argv) {
  printf("hello from %s, gcd(1071, 462) = %u\n", argc > 1 ? argv[1] : "kit", gcd(1071, 462));
  return 0;
}
