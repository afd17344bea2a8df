# kit run: arguments, standard input, status, libraries, several sources, everything a started program has; faults.
. "$ROOT/tests/accept/common.sh"; need run
R="$KIT run"
printf '#include <stdio.h>\nint main(int c, char **v) { int n = 0, ch; while ((ch = getchar()) != EOF) n++; printf("%%d %%s %%d\\n", c, v[c - 1], n); return 7; }\n' > a.c
echo 12345 | $R a.c one --two > out; same status 7 $?; same 'arguments and stdin' '3 --two 6' "$(cat out)"
printf '#include <math.h>\ndouble half(double); int main(void) { return (int)half(pow(2, 3)) - 4; }\n' > m.c; echo 'double half(double x) { return x / 2; }' > h.c
check 'several sources and -l' $R -lm m.c h.c
cat > all.c <<'C'
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/wait.h>
static __thread int t = 1; static int made; static volatile sig_atomic_t got; __attribute__((constructor)) static void c(void) { made = 1; }
static void h(int s) { got = s; } static void *r(void *p) { t += 5; return (void *)(long)t; }
int main(void) { pthread_t p; void *x; pthread_create(&p, 0, r, 0); pthread_join(p, &x); signal(SIGUSR1, h); raise(SIGUSR1); void *l = dlopen("libm.so.6", RTLD_NOW); double (*f)(double) = (double (*)(double))dlsym(l, "sqrt");
  int st; pid_t k = fork(); if (k == 0) _exit(9); waitpid(k, &st, 0); printf("%d %ld %d %d %g %d\n", made, (long)x, t, got == SIGUSR1, f(16), WEXITSTATUS(st)); return 0; }
C
same 'TLS, threads, constructors, dlopen, signals, fork' '1 6 1 1 4 9' "$($R -ldl -lpthread all.c 2>&1)"
printf 'static int deep(int *p) { return *p; }\nstatic int mid(int n) {\n  return deep((int *)(long)n) + 1;\n}\nint main(void) { return mid(0); }\n' > crash.c
$R crash.c > last.out 2>&1; same 'status of a fault' 139 $?; says 'function of the fault' 'deep'; says 'its caller' 'mid'; says 'file and line' 'crash\.c:(1|3)'
# Lines come from a second compilation: of a source that has changed since they would be wrong, and are not told.
printf '#include <stdio.h>\nstatic int changed(int *p) { return *p; }\nint main(void) { fputs("int main(void) { return 0; }", fopen("changes.c", "w")); fflush(0); return changed(0); }\n' > changes.c
$R changes.c > last.out 2>&1; says 'function of a changed source' 'changed'; ! grep -q 'changes\.c:[0-9]' last.out; same 'no line of a changed source' 0 $?
printf '#include <stdlib.h>\nint main(void) { abort(); }\n' > abort.c; $R abort.c > last.out 2>&1; same 'status of abort' 134 $?
printf '#!/usr/bin/env -S kit run\nint main(void) { return 3; }\n' > script.c; $R script.c; same '#! line' 3 $?
# What is whose: options in front, then files, then the program's words; a script has all of them.
cat > show.c <<'C'
#!/usr/bin/env -S kit run
#include <stdio.h>
int main(int c, char **v) { for (int i = 1; i < c; i++) printf("[%s]", v[i]); return 0; }
C
cp show.c script; chmod +x script show.c; tail -n +2 show.c > plain.c; odd='-o x --help -v -c -lfoo plain.c x.o -- - --version -E @f'
for f in ./show.c ./script; do same "$f" '[-o][x][--help][-v][-c][-lfoo][plain.c][x.o][--][-][--version][-E][@f]' "$($R $f $odd 2>&1)"; done
mkdir -p bin; ln -sf "$KIT" bin/kit; same 'started by its first line' '[-o][x][--help]' "$(PATH=$PWD/bin:$PATH; ./script -o x --help 2>&1)"
sed -i '1s/.*/#!\/usr\/bin\/env -S kit run -O2 --/' script; same 'a first line with options' '[-v][--][plain.c]' "$(PATH=$PWD/bin:$PATH; ./script -v -- plain.c 2>&1)"
same 'a word ends the files' '[one][m.c]' "$($R plain.c one m.c)"; same 'an option ends the files' '[-O2][m.c]' "$($R plain.c -O2 m.c)"; same '-- ends the files' '[m.c][--]' "$($R plain.c -- m.c --)"; same '-- in front' '[m.c][-x]' "$($R -- plain.c m.c -x)"
same 'standard input' '[a]' "$($R - a < plain.c)"; fails 'no file' $R -O2; fails 'not a run' $R -c m.c
printf 'char big[3000000000];\nint main(void) { big[2999999999] = 4; return big[2999999999]; }\n' > big.c; $R big.c > last.out 2>&1; same '3 GB of bss' '4 0' "$? $(wc -c < last.out)"
ls -A > before; $R -lm m.c h.c; ls -A > after; same 'nothing on disk here' '' "$(diff before after | grep '^[<>]' | grep -v after)"
check 'strace' strace -f -qq -e trace=openat,open,creat -o trace $R -lm m.c h.c; same 'nothing written anywhere' 0 "$(grep -E 'O_CREAT' trace | grep -cvE 'O_TMPFILE')"
need build-exe; check build-exe $KIT build-exe -o prog m.c h.c -lm; check runs ./prog; check '--run' $KIT build-exe -o prog2 m.c h.c -lm --run
# The README's tour: its programs, and its edit.
mkdir -p tour/examples; cp "$ROOT"/examples/*.c tour/examples; cd tour
gcc -w -o ref examples/words.c; ./ref "$ROOT/README.md" > ref.txt; $R examples/words.c "$ROOT/README.md" > ours.txt; check 'words as by gcc' cmp ref.txt ours.txt
$R examples/fault.c > last.out 2>&1; same 'status of the fault' 139 $?; says 'line of the fault' 'sum at examples/fault\.c:7'; says 'its caller' 'main at examples/fault\.c:14'
B="$KIT build-exe -o words examples/words.c --incremental --explain"; $B > last.out 2>&1; says 'first' 'FULL'; $B > last.out 2>&1; says 'again' 'UNCHANGED'
sed -i 's/least = 2/least = 3/' examples/words.c; $B > last.out 2>&1; says 'edited' 'PATCHED'
gcc -w -o ref examples/words.c; check 'the edit is in it' cmp <(./ref "$ROOT/README.md") <(./words "$ROOT/README.md")
finish
