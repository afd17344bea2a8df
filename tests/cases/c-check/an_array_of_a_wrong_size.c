int a[-1];
int n;
int b[n];
int c[2.5];
void d[3];
// DIAG: 1:5: error: size of array ‘a’ is negative
// DIAG: 3:5: error: variably modified ‘b’ at file scope
// DIAG: 4:5: error: size of array ‘c’ has non-integer type
// DIAG: 5:6: error: declaration of ‘d’ as array of voids
