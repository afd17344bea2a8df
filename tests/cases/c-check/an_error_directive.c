#error "not for this machine"
int x;
// DIAG: 1:2: error: #error "not for this machine"
