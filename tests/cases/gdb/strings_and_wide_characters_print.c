// Strings, wide characters and arrays of characters print as text, cut and repeated as gdb does.

#include <stddef.h>
#include <uchar.h>

static const char *greeting = "hello\tworld\n";
static char exact[4] = { 'a', 'b', 'c', 'd' };
static char padded[16] = "pad";
static wchar_t wide[] = L"w\u00efde";
static char16_t utf16[] = u"\u00e4b";
static char32_t utf32[] = U"\U0001F600";
static char repeated[300];
static unsigned char raw[3] = { 0, 200, 'x' };
static signed char letter = 'Z';

int main(void)
{
    char local[] = "on the stack";
    char *cursor = local + 3;
    for (int i = 0; i < 299; i++)
        repeated[i] = 'r';
    const char *words[2] = { greeting, cursor };
    return *words[1] + exact[0] + padded[0] + (int)wide[0] + utf16[0] + (int)utf32[0] + raw[0] + letter == 0;
}

/* gdb
> break 24
Breakpoint 1 at ADDR: file strings_and_wide_characters_print.c, line 24.
> run

Breakpoint 1, main () at strings_and_wide_characters_print.c:24
24	}
> print greeting
$1 = ADDR "hello\tworld\n"
> print *greeting
$2 = 104 'h'
> print exact
$3 = "abcd"
> print padded
$4 = "pad", '\000' <repeats 12 times>
> print wide
$5 = L"w\357de"
> print wide[0]
$6 = 119 L'w'
> print utf16
$7 = u"\344b"
> print utf32
$8 = U"\x1f600"
> print repeated
$9 = 'r' <repeats 299 times>
> print raw
$10 = "\000\310x"
> print letter
$11 = 90 'Z'
> print local
$12 = "on the stack"
> print cursor
$13 = ADDR "the stack"
> print *cursor@5
$14 = "the s"
> print words
$15 = {ADDR "hello\tworld\n", ADDR "the stack"}
> print &local[3]
$16 = ADDR "the stack"
> print (char)65
$17 = 65 'A'
> set print elements 4
> print local
$18 = "on t"...
> set print elements 200
> set var local[0] = 'O'
> print local
$19 = "On the stack"
> set var cursor = local
> print cursor
$20 = ADDR "On the stack"
> ptype wide
type = int [5]
> ptype utf16
type = unsigned short [3]
> whatis local
type = char [13]
> whatis letter
type = signed char
> info locals
local = "On the stack"
cursor = ADDR "On the stack"
words = {ADDR "hello\tworld\n", ADDR "the stack"}
*/
