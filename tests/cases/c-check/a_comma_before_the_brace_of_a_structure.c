struct s { int a, };
struct t { int a };
// DIAG: 1:19: error: expected identifier or ‘(’ before ‘}’ token
// DIAG: 2:18: warning: no semicolon at end of struct or union
