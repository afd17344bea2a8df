int “x;
int y”= 1;
int été;
int *p = été;
// DIAG: 1:5: error: stray ‘\342’ in program
// DIAG: 2:6: error: stray ‘\342’ in program
// DIAG: 4:10: warning: initialization of ‘int *’ from ‘int’ makes pointer from integer without a cast [-Wint-conversion]
// DIAG: 4:10: error: initializer element is not constant
