_Static_assert(sizeof(int) == 8, "ints are small");
_Static_assert(1, "fine");
// DIAG: 1:1: error: static assertion failed: "ints are small"
