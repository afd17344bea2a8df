// A variable of an inner scope hides the outer one of its name, and is gone behind its scope.

static int f(int x)
{
    int result = 0;
    {
        int x = 10;
        result += x;
        {
            double x = 2.5;
            result += (int)x;
            {
                static const char x[] = "inner";
                int y = 5;
                result += x[0] + y;
            }
        }
        result += x;
    }
    if (result) {
        result += x;
    }
    return result;
}

int main(void)
{
    return f(1) == 0;
}

/* gdb
> break 8
Breakpoint 1 at ADDR: file inner_scopes_shadow_outer_ones.c, line 8.
> break 11
Breakpoint 2 at ADDR: file inner_scopes_shadow_outer_ones.c, line 11.
> break 15
Breakpoint 3 at ADDR: file inner_scopes_shadow_outer_ones.c, line 15.
> break 18
Breakpoint 4 at ADDR: file inner_scopes_shadow_outer_ones.c, line 18.
> break 21
Breakpoint 5 at ADDR: file inner_scopes_shadow_outer_ones.c, line 21.
> run

Breakpoint 1, f (x=1) at inner_scopes_shadow_outer_ones.c:8
8	        result += x;
> info locals
x = 10
result = 0
> continue

Breakpoint 2, f (x=1) at inner_scopes_shadow_outer_ones.c:11
11	            result += (int)x;
> info locals
x = 2.5
x = 10
result = 10
> print x
$1 = 2.5
> continue

Breakpoint 3, f (x=1) at inner_scopes_shadow_outer_ones.c:15
15	                result += x[0] + y;
> info locals
x = "inner"
y = 5
x = 2.5
x = 10
result = 12
> print x
$2 = "inner"
> continue

Breakpoint 4, f (x=1) at inner_scopes_shadow_outer_ones.c:18
18	        result += x;
> info locals
x = 10
result = 122
> print x
$3 = 10
> continue

Breakpoint 5, f (x=1) at inner_scopes_shadow_outer_ones.c:21
21	        result += x;
> info locals
result = 132
*/
