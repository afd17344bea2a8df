int old(void) __attribute__((deprecated));
int must(void) __attribute__((warn_unused_result));
void f(void)
{
  old();
  must();
}
// DIAG: 5:3: warning: ‘old’ is deprecated [-Wdeprecated-declarations]
// DIAG: 1:5: note: declared here
// DIAG: 6:3: warning: ignoring return value of ‘must’ declared with attribute ‘warn_unused_result’ [-Wunused-result]
// DIAG: 2:5: note: declared here
