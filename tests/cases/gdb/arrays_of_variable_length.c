// Arrays of variable length: elements, setting, type and size.

static int sum_of(int n)
{
    int sum = 0;
    int vla[n], matrix[2][n];
    for (int i = 0; i < n; i++)
        vla[i] = matrix[0][i] = matrix[1][i] = i * i;

    sum = vla[1] + vla[2] + matrix[1][n - 1];
    return sum;
}

int main(void)
{
    return sum_of(4) == 0;
}

/* gdb
> break 10
Breakpoint 1 at ADDR: file arrays_of_variable_length.c, line 10.
> run

Breakpoint 1, sum_of (n=4) at arrays_of_variable_length.c:10
10	    sum = vla[1] + vla[2] + matrix[1][n - 1];
> print n
$1 = 4
> print *vla@3
$2 = {0, 1, 4}
> print vla[1]
$3 = 1
> print matrix[1][2]
$4 = 4
> set var vla[2] = 50
> next
11	    return sum;
> print sum
$5 = 60
> info args
n = 4
> whatis vla[0]
type = int
> whatis matrix[0][0]
type = int
> print sizeof(vla)
$6 = 16
> ptype vla
type = int [4]
> print vla
$7 = {0, 1, 50, 9}
> print matrix
$8 = {{0, 1, 4, 9}, {0, 1, 4, 9}}
> whatis matrix
type = int [2][4]
*/
