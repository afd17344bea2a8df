// Arrays of variable length: elements, slices, setting.

static int sum_of(int n)
{
    int sum = 0;
    int vla[n], matrix[n][2];
    for (int i = 0; i < n; i++)
        vla[i] = matrix[i][0] = matrix[i][1] = i * i;

    sum = vla[1] + vla[2] + matrix[n - 1][1];
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
10	    sum = vla[1] + vla[2] + matrix[n - 1][1];
> print n
$1 = 4
> print *vla@3
$2 = {0, 1, 4}
> print vla[1]
$3 = 1
> print matrix[2][1]
$4 = 4
> print *matrix@n
$5 = {{0, 0}, {1, 1}, {4, 4}, {9, 9}}
> set var vla[2] = 50
> next
11	    return sum;
> print sum
$6 = 60
> info args
n = 4
> whatis vla[0]
type = int
*/
