// Arrays of variable length and matrices of two of them: types, elements, and setting them.
static int trace(int n, int m, int grid[n][m]) {
  int t = 0;
  for (int i = 0; i < n && i < m; i++)
    t += grid[i][i];
  return t;
}

static int run(int n, int m) {
  int grid[n][m];
  short row[m + 1];
  for (int i = 0; i < n; i++)
    for (int j = 0; j < m; j++)
      grid[i][j] = i * 10 + j;
  for (int j = 0; j <= m; j++)
    row[j] = (short)j;
  int t = trace(n, m, grid);
  return t + row[m];
}

int main(void) {
  int r = run(3, 4);
  return r == 0;
}

/* gdb
> break 17
Breakpoint 1 at ADDR: file variables_of_variable_length_are_set.c, line 17.
> run

Breakpoint 1, run (n=3, m=4) at variables_of_variable_length_are_set.c:17
17	  int t = trace(n, m, grid);
> ptype row
type = short [5]
> print row
$1 = {0, 1, 2, 3, 4}
> print sizeof row
$2 = 10
> print grid[1][2]
$3 = 12
> print grid[2]
$4 = {20, 21, 22, 23}
> set var grid[1][1] = 500
> set var row[4] = 1000
> next
18	  return t + row[m];
> print t
$5 = 522
> print row[m]
$6 = 1000
> finish
main () at variables_of_variable_length_are_set.c:22
22	  int r = run(3, 4);
Value returned is $7 = 1522
*/
