# musl: configure, make (static and shared; its assembly by the assembler), install; programs on it, static and dynamic.
both musl
musl_build() { take musl; ./configure CC="$1" --prefix="$PWD/inst" --syslibdir="$PWD/inst/lib"; make -s; make -s install
  printf '#include <stdio.h>\n#include <math.h>\n#include <stdlib.h>\n#include <string.h>\n#include <pthread.h>\nstatic int cmp(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }\nstatic void *run(void *p) { *(int *)p = 42; return p; }\nint main(void) { int a[] = { 3, 1, 2 }, n = 0; pthread_t t; char *end; qsort(a, 3, sizeof *a, cmp); pthread_create(&t, 0, run, &n); pthread_join(t, 0); return printf("%%.6f %%d%%d%%d %%a %%d %%s\\n", sqrt(2), a[0], a[1], a[2], strtod("0x1.8p3", &end), n, "musl") < 0; }\n' > h.c
  L=inst/lib; G=$(gcc -print-libgcc-file-name); $1 -O1 -fno-stack-protector -fno-pie -nostdinc -isystem inst/include -c h.c
  ld -static -o static $L/crt1.o $L/crti.o h.o --start-group $L/libc.a $G --end-group $L/crtn.o
  $1 -no-pie -nostdlib -nostartfiles $L/crt1.o $L/crti.o h.o -o dynamic -L$L -lc $L/crtn.o -Wl,-dynamic-linker,$PWD/inst/lib/ld-musl-x86_64.so.1 -Wl,-rpath,$PWD/inst/lib; }
musl_check() { ./static && ./dynamic && nm inst/lib/libc.a 2> /dev/null | grep -c ' T ' | sed 's/$/ functions/'; }
