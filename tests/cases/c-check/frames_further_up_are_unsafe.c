// OPTIONS: -Wall
// GCC-DIFFERS: gcc has no limit to how many frames up it looks
void *own(void) { return __builtin_return_address(0); }
void *callers(void) { return __builtin_frame_address(1); }
void *far(void) { return __builtin_return_address(100000); }
void *any(int n) { return __builtin_frame_address(n); }
// DIAG: 4:30: warning: calling ‘__builtin_frame_address’ with a nonzero argument is unsafe [-Wframe-address]
// DIAG: 5:26: error: argument of ‘__builtin_return_address’ is greater than 10000
// DIAG: 6:27: error: invalid argument to ‘__builtin_frame_address’
