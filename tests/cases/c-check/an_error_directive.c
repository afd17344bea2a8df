#error "not for this machine"
int x;
