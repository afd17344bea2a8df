#define s(x) #x
#define v(x) s(x)
#define EOA
#define EFA()
#define EOB EFA()EFA()
#define EOC EFA()EOA
#define ARG(x) x
#define SOA EOA EOA
#define SFA() EOA EOA
#define SFC() ARG(SOA)
#define SOB ARG(EFA() EOA)
v(|EOA EOA|) v(|EOB|) v(|SOA|) v(|SOB|) v(|SFA()|) v(|SFC()|) v(|ARG( a)|) v(|ARG(EOA a)|) v(|EFA()EFA() |)
v(|ARG(EFA() EOA)|) v(|ARG(EOA EOA)|)
/* EXPECT: "| |" "||" "| |" "| |" "| |" "| |" "|a|" "| a|" "| |" */
/* EXPECT: "| |" "| |" */
