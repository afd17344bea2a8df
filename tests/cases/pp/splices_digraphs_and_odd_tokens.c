ab\
cd "st\
ring" 1\
2 +\
+ /\
* comment *\
/ x /\
/ line comment \
still
y
#def\
ine Q(a,\
b) a \
 + b
Q(1,
2)
%:define DIG <: :> <% %> %:
DIG
#define s(x) #x
s(DIG <: %:) s(a\
b)
0x1.8p+3 1e+5 1.e-5f .5 1..2 0xe+1 1_000 12abc.def+e+g
a+++++b x->y...z ##
"a\"b\\" L'x' u"y" U'z' u8"w" uu"v" R"q"
$dollar d$ é_ident à
\u00e9x
@ ` \
last \ line
/* EXPECT: abcd "string" 12 ++ x */
/* EXPECT: y */
/* EXPECT: 1 + 2 */
/* EXPECT: <: :> <% %> %: */
/* EXPECT: "DIG <: %:" "ab" */
/* EXPECT: 0x1.8p+3 1e+5 1.e-5f .5 1..2 0xe+1 1_000 12abc.def + e + g */
/* EXPECT: a ++ ++ + b x -> y ... z ## */
/* EXPECT: "a\"b\\" L'x' u"y" U'z' u8"w" uu "v" R "q" */
/* EXPECT: $dollar d$ é_ident à */
/* EXPECT: éx */
/* EXPECT: @ ` last \ line */
