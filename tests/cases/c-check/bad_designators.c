struct s { int a; } v = { .b = 1 };
int a[2] = { [5] = 1 };
int i = { .x = 1 };
// DIAG: 1:28: error: ‘struct s’ has no member named ‘b’
// DIAG: 2:15: error: array index in initializer exceeds array bounds
// DIAG: 3:11: error: field name not in record or union initializer
