// Integers of 128 bits as variables, arguments and members.
typedef unsigned __int128 u128;

struct pair {
  __int128 low;
  u128 high;
};

static u128 mix(u128 a, __int128 b, struct pair p) {
  u128 sum = a + (u128)b + p.high;
  return sum;
}

int main(void) {
  __int128 minus = -5;
  u128 big = (u128)1 << 100;
  struct pair p = {minus, big};
  u128 r = mix(big, minus, p);
  return (int)(r >> 120);
}

/* gdb
> break mix
Breakpoint 1 at ADDR: file integers_of_128_bits.c, line 10.
> run

Breakpoint 1, mix (a=1267650600228229401496703205376, b=-5, p=...) at integers_of_128_bits.c:10
10	  u128 sum = a + (u128)b + p.high;
> ptype a
type = __int128 unsigned
> ptype p
type = struct pair {
    __int128 low;
    u128 high;
}
> print/x a
$1 = ADDR
> print/x p
$2 = {low = ADDR, high = ADDR}
> next
11	  return sum;
> print/x sum
$3 = ADDR
> up
#1  ADDR in main () at integers_of_128_bits.c:18
18	  u128 r = mix(big, minus, p);
> print/x big
$4 = ADDR
> print/x minus
$5 = ADDR
> print sizeof(big)
$6 = 16
> whatis p.high
type = u128
> continue
[Inferior 1 (process PID) exited normally]
*/
