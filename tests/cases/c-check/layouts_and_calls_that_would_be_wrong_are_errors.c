struct __attribute__((scalar_storage_order("big-endian"))) s { int a; };
struct __attribute__((ms_struct)) m { int a : 3; char b : 3; };
int __attribute__((ms_abi)) f(int a);
// CLANG-DIFFERS: it ignores them
// GCC-DIFFERS: it has them
// DIAG: 1:23: error: attribute ‘scalar_storage_order’ is not supported yet
// DIAG: 2:23: error: attribute ‘ms_struct’ is not supported yet
// DIAG: 3:20: error: attribute ‘ms_abi’ is not supported yet
