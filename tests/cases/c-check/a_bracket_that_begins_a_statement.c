// Was read for ever: the attributes end in the middle of an expression.
#pragma GCC diagnostic ignored "-Wattributes"
int f(int n) {
    int v[3], m[2][2];
    for (int i = 0; i < n; i++)__attribute__((
        v[i] = m[i][0] = [i][1] = i * i;

    return v[1];
}
// DIAG: 6:10: error: expected ‘)’ before ‘[’ token
