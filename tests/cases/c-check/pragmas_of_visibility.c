#pragma GCC visibility pop
#pragma GCC visibility foo
#pragma GCC visibility push hidden
#pragma GCC visibility push(nope)
#pragma GCC visibility push(hidden
#pragma GCC visibility push(hidden) x
int x;
// DIAG: 1:9: warning: no matching push for ‘#pragma GCC visibility pop’ [-Wpragmas]
// DIAG: 2:9: warning: ‘#pragma GCC visibility’ must be followed by ‘push’ or ‘pop’ [-Wpragmas]
// DIAG: 3:9: warning: missing ‘(’ after ‘#pragma GCC visibility push’ - ignored [-Wpragmas]
// DIAG: 4:9: warning: ‘#pragma GCC visibility push()’ must specify ‘default’, ‘internal’, ‘hidden’ or ‘protected’ [-Wpragmas]
// DIAG: 5:9: warning: missing ‘(’ after ‘#pragma GCC visibility push’ - ignored [-Wpragmas]
// DIAG: 6:9: warning: junk at end of ‘#pragma GCC visibility’ [-Wpragmas]
