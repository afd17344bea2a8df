#define cat(a,b) a ## b
#define xcat(a,b) cat(a,b)
cat(+,+) cat(<,<=) cat(-,>) cat(1,2) cat(1,e) cat(.,5) cat(x,1) cat(L,"s") cat(L,'c') cat(|,|)
cat(%:,%:) cat(.,..)x cat(1.,e+) cat(,) cat(a,) cat(,b) cat(<,:) cat(#,#)
xcat(cat(a,b),c) cat(cat(a,),b) cat(cat,(1,2)) cat(ca,t)(3,4)
#define three(a,b,c) x a##b##c y
three(1,2,3) three(,,) three(,2,) three(p q,r s,t u)
#define obj a ## b ## c
obj
#define objhash a ## ## ## b
#define chain(a) a ## _ ## a ## 1
chain(q) chain(1)
#define in_body(x) x ## x x
in_body(obj)
#define HEX(n) 0x ## n ## UL
HEX(ff) HEX(1e) + 1
cat(__LI, NE__) cat(ob, j)
/* EXPECT: ++ <<= -> 12 1e .5 x1 L"s" L'c' || */
/* EXPECT: %:%: . . . x 1.e + a b <: ## */
/* EXPECT: abc cat ( a , ) b cat ( 1 , 2 ) cat ( 3 , 4 ) */
/* EXPECT: x 123 y x y x 2 y x p qr st u y */
/* EXPECT: abc */
/* EXPECT: q_q1 1_11 */
/* EXPECT: objobj abc */
/* EXPECT: 0xffUL 0x1eUL + 1 */
/* EXPECT: 17 abc */
/* DIAG: 4:16: error: pasting "." and "." does not give a valid preprocessing token */
/* DIAG: 5:28: error: pasting ")" and "b" does not give a valid preprocessing token */
/* DIAG: 5:37: error: pasting "cat" and "(" does not give a valid preprocessing token */
