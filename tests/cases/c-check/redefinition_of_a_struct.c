struct s { int a; };
struct s { int b; };
enum e { A };
enum e { B };
// DIAG: 2:8: error: redefinition of ‘struct s’
// DIAG: 1:8: note: originally defined here
// DIAG: 4:6: error: redeclaration of ‘enum e’
// DIAG: 3:6: note: originally defined here
