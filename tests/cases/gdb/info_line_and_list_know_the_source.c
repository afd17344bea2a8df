// Lines, functions, types and variables as gdb lists them without and with a process.
struct pair { int a, b; };
static int counter = 1;

static int total(struct pair pair)
{
    counter++;
    return pair.a + pair.b;
}

int main(void)
{
    struct pair pair = { 3, 4 };
    int result = total(pair);
    return result == 0;
}

/* gdb
> info line 8
Line 8 of "info_line_and_list_know_the_source.c" starts at address ADDR <total+N> and ends at ADDR <total+N>.
> list total
1	// Lines, functions, types and variables as gdb lists them without and with a process.
2	struct pair { int a, b; };
3	static int counter = 1;
4
5	static int total(struct pair pair)
6	{
7	    counter++;
8	    return pair.a + pair.b;
9	}
10
> list 12,14
12	{
13	    struct pair pair = { 3, 4 };
14	    int result = total(pair);
> break total
Breakpoint 1 at ADDR: file info_line_and_list_know_the_source.c, line 7.
> run

Breakpoint 1, total (pair=...) at info_line_and_list_know_the_source.c:7
7	    counter++;
> list
2	struct pair { int a, b; };
3	static int counter = 1;
4
5	static int total(struct pair pair)
6	{
7	    counter++;
8	    return pair.a + pair.b;
9	}
10
11	int main(void)
> info functions ^total$
All functions matching regular expression "^total$":

File info_line_and_list_know_the_source.c:
5:	static int total(struct pair);
> info types ^pair$
All types matching regular expression "^pair$":

File info_line_and_list_know_the_source.c:
2:	struct pair;
> info variables counter
All variables matching regular expression "counter":

File info_line_and_list_know_the_source.c:
3:	static int counter;

Non-debugging symbols:
ADDR  _thread_db_dtv_t_counter
*/
