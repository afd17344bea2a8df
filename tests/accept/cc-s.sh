# cc -S: text that GNU as and kit as assemble to the object of -c, that clang's assembler takes, that people can read.
. "$ROOT/tests/accept/common.sh"; need_cc
cat > values.c <<'C'
#include <stdarg.h>
#include <stdio.h>
static int choose(int x) { switch (x) { case 1: return 5; case 2: return 8; case 3: return 77; case 4: return 1; case 5: return 3; } return x * 2; }
int common_one; static int local = 4; _Thread_local int counter = 3; static _Thread_local long zeroed;
const char *text = "hello \"quoted\" \\ \t\n", *inside = "tail of this" + 5, *nothing = "";
const int wide[] = L"wide \x1234 text"; double ratio = 1.5; long double exact = 1.25L; struct { char c; short s; int *p; } mixed = { 'x', 7, &local };
int (*table[])(int) = { choose, 0, choose }; char zeros[5000] = { 1 }; static const unsigned char bytes[] = { 0, 1, 2, 0, 255, 'a', 'b', 'c', 'd', 'e', 'f', 0 };
int sum(int n, ...) { va_list list; va_start(list, n); int all = 0; while (n--) all += va_arg(list, int); va_end(list); return all; }
int jump(int n) { static void *places[] = { &&zero, &&one, &&two }; goto *places[n]; zero: return 10; one: return 11; two: return 12; }
extern int weak_one(void) __attribute__((weak)); __attribute__((weak)) int mine(void) { return 9; }
int same(void) __attribute__((alias("mine"))); __attribute__((visibility("hidden"))) int hidden_one = 6;
__attribute__((section("odd.section"), used)) static int placed = 5; __attribute__((constructor)) static void early(void) { local++; }
static int pick_a(void) { return 21; } static void *resolve(void) { return pick_a; } int picked(void) __attribute__((ifunc("resolve")));
int assembled(int x) { int y; __asm__ volatile("leal 3(%1), %0\n\t.p2align 2\n1:\tdecl %0\n\tjs 1b\n\t.byte 0x90" : "=r"(y) : "r"(x) : "cc"); return y; }
__asm__(".text\n.globl by_text\n.type by_text, @function\nby_text:\n\tmovl $17, %eax\n\tret\n\t.size by_text, .-by_text\n.data\n.Lhere: .long 1f-.Lhere\n1:\n.text");
int by_text(void); float halves(float x, double y) { return x / 2 + (float)y * 0.25f; } __int128 product(__int128 a, long b) { return a * b; }
int main(int argc, char **argv) {
  counter += argc; zeroed = 12;
  printf("%d %d %d %d %s%s %d %f %Lf\n", choose(argc), common_one + local + counter + (int)zeroed, sum(3, 1, 2, 3), jump(argc), text, inside, wide[5], ratio * halves(3, 4), exact);
  printf("%d %d %d %d %d %d %d %d %d %d\n", weak_one ? 1 : 0, mine(), same(), hidden_one, placed, picked(), assembled(4), by_text(), table[2](2), mixed.s + *mixed.p + bytes[4] + zeros[0] + (int)product(3, 5) + *nothing);
  return choose(3);
}
C
# whole OBJECT: bytes of allocated sections with the fields of the first object's relocations blanked, and what they hold.
cat > compare.py <<'P'
import re, subprocess, sys
def run(*words): return subprocess.run(words, capture_output=True, text=True, check=True).stdout
def load(path):
    data, sections = open(path, "rb").read(), {}
    for line in run("readelf", "-SW", path).splitlines():
        m = re.match(r"\s*\[\s*\d+\] (\S+)\s+(\S+)\s+\S+\s+(\S+)\s+(\S+)\s+\S+\s+([A-Za-z]*)\s", line)
        if m and "A" in m[5]: sections[m[1]] = (m[2], int(m[4], 16), b"" if m[2] == "NOBITS" else data[int(m[3], 16):int(m[3], 16) + int(m[4], 16)])
    fields, name = {}, None
    for line in run("readelf", "-rW", path).splitlines():
        m = re.match(r"Relocation section '\.rela(\S+)'", line); name = m[1] if m else name
        m = re.match(r"([0-9a-f]{16})\s+\S+\s+(R_\S+)\s+\S+\s+(.*)", line)
        if m: fields.setdefault(name, {})[int(m[1], 16)] = (m[2], re.sub(r"\s+", " ", m[3]))
    symbols, names = {}, {n: m for n, m in re.findall(r"^\s*\[\s*(\d+)\] (\S+)", run("readelf", "-SW", path), re.M)}
    places = {}
    for line in run("readelf", "-sW", path).splitlines():
        f = line.split()
        if len(f) >= 8 and f[0][:-1].isdigit() and f[4] == "LOCAL" and f[6] in names and f[3] != "TLS": places[f[7]] = (names[f[6]], int(f[1], 16))
        if len(f) >= 8 and f[0][:-1].isdigit() and f[3] not in ("SECTION", "FILE") and not f[7].startswith(".L") and f[7] != "_GLOBAL_OFFSET_TABLE_": symbols[f[7]] = f[1:6]
    # Local symbols are their places; the kinds that keep their symbol are the same in both.
    def placed(kind, target):
        name, sign, addend = re.search(r"(\S+) ([+-]) ([0-9a-f]+)$", target).groups()
        at = int(sign + addend, 16); section, value = places.get(name, (name, 0))
        # GNU as drops the mark of a branch where it knows the target.
        return "R_X86_64_PC32" if kind == "R_X86_64_PLT32" and name in places or section in names.values() else kind, section, at + value
    return sections, {s: {at: placed(*f) for at, f in of.items()} for s, of in fields.items()}, symbols
(a, ra, sa), (b, rb, sb) = load(sys.argv[1]), load(sys.argv[2])
for name, (kind, size, data) in a.items():
    if name == ".eh_frame" or size == 0: continue
    if name not in b: sys.exit(f"{name} is missing")
    if b[name][:2] != (kind, size): sys.exit(f"{name}: {(kind, size)} against {b[name][:2]}")
    x, y = bytearray(data), bytearray(b[name][2])
    for at, reloc in ra.get(name, {}).items():
        n = 8 if reloc[0].endswith("64") else 4; x[at:at + n] = y[at:at + n] = bytes(n)
    if x != y: sys.exit(f"{name}: bytes differ")
    for at, was in rb.get(name, {}).items():
        if ra.get(name, {}).get(at) != was: sys.exit(f"{name}+{at:#x}: {ra.get(name, {}).get(at)} against {was}")
if sa != sb: sys.exit(f"symbols differ: {sorted(set(map(str, sa.items())) ^ set(map(str, sb.items())))[:4]}")
def decoded(path, what, keep): return [l for l in run(*what, path).splitlines() if re.search(keep, l)]
if ".eh_frame" in a:
    keep = r"DW_CFA_|FDE"; x, y = (["|".join(re.sub(r"^[0-9a-f]+ \S+ \S+ FDE cie=\S+", "FDE", l) for l in decoded(p, ["readelf", "--debug-dump=frames"], keep))] for p in sys.argv[1:3])
    if x != y: sys.exit("unwind tables differ")
P
n=0
for o in "" -g -O2 -fPIC "-fPIC -g -O2" "-ffunction-sections -fdata-sections" -fno-pie "-fcommon" "-fno-asynchronous-unwind-tables"; do
  rm -f a.o a.s b.o k.o
  check "$o: -c" $CC $o -w -c values.c -o a.o; check "$o: -S" $CC $o -w -S values.c -o a.s
  check "$o: GNU as" as a.s -o b.o; check "$o: equal" python3 compare.py a.o b.o
  if $KIT as --help > /dev/null 2>&1; then check "$o: kit as" $KIT as a.s -o k.o; check "$o: equal by kit as" python3 compare.py a.o k.o; n=$((n+1)); fi
  [ "$o" = -fno-pie ] && pie=-no-pie || pie=
  check "$o: the program" $CC $pie a.o -o direct; check "$o: of the text" gcc $pie b.o -o text; ./direct > direct.out; ds=$?; ./text > text.out; same "$o: ends alike" $ds $?; check "$o: says the same" cmp direct.out text.out
  # clang 14 takes no lines of DWARF 5, from gcc neither.
  grep -vP '^\s\.(loc|file)\s' a.s > c.s; if clang -c -x assembler c.s -o c.o 2> last.out; then gcc $pie c.o -o byclang && ./byclang > text.out; same "$o: clang's object ends alike" $ds $?; check "$o: and says the same" cmp direct.out text.out; else no "$o: clang refuses: $(head -3 last.out | tr '\n' ' ')"; fi
done
# A function of the runtime that the unit calls by itself is one symbol, and labels of a function need no relocation.
printf 'struct big { char a[300]; } x, y; char t[100];\nvoid f(void) { __builtin_memcpy(t, x.a, 9); x = y; }\nint g(int x) { void *p = &&a; if (x) p = &&b; goto *p; a: return 1; b: return 2; }\n' > once.c
check 'runtime and labels' $CC -c once.c -o once.o; same 'one memcpy' 1 "$(nm once.o | grep -c memcpy)"; same 'no relocation of .text for a label' 0 "$(objdump -r -j .text once.o | grep -c 'R_.*\.text')"
$CC -S once.c -o once.s; as once.s -o twice.o; check 'the same as text' python3 compare.py once.o twice.o; check 'the same by kit as' $KIT as once.s -o twice.o; check 'equal' python3 compare.py once.o twice.o
# A place inside the only string, a line at a thread-local sequence, an array beyond 4 GiB.
printf 'static const char *const in[] = { "one" + 1 };\nconst char *f(void) { return in[0]; }\n' > inside.c
printf 'extern __thread struct { int a, b; } t;\nint g(int x) {\n  x++;\n  return t.b + x;\n}\n' > tls.c
printf 'struct s { int f : 1; } huge[100000000000000001][3];\nint small = 1, after, last;\nvoid h(void) { huge[100000000000000000][0].f = 1; after = last; }\n' > huge.c
for f in inside tls huge; do
  check "$f: -c" $CC -w -O2 -g -fPIC -c $f.c -o a.o; check "$f: -S" $CC -w -O2 -g -fPIC -S $f.c -o a.s; objdump --dwarf=decodedline a.o | grep 0x > lines.out
  for by in as "$KIT as"; do check "$f: $by" $by a.s -o b.o; check "$f: equal by $by" python3 compare.py a.o b.o; objdump --dwarf=decodedline b.o | grep 0x | diff - lines.out > last.out; same "$f: lines by $by" 0 $?; done
done
# Names that are no words stand in quotes in operands, too.
printf 'extern int odd __asm__("$odd"); int two(void) __asm__("two words"); int f(void) { return odd + two(); }\n' > odd.c; $CC -c odd.c -o a.o; $CC -S odd.c -o a.s; cp a.s last.out; says 'a name in quotes' '"\$odd"'; says 'another' '	call	"two words"'; same 'no bytes' 0 "$(grep -c '\.byte' a.s)"
for by in as "$KIT as"; do check "names in quotes: $by" $by a.s -o b.o; check "equal by $by" python3 compare.py a.o b.o; done
# Intel's syntax, of what is written and of asm statements; names that are words of it.
cat > intel.c <<'C'
#include <stdio.h>
static __thread int t = 3; extern int opterr; double d = 2.5; int arr[10] = { 1, 2, 3 }, eax = 4; __int128 wide = 7; const char *const at[] = { "x", "y" + 1 };
int and(int x) { return x & 7; }
__asm__(".text\n.globl by_text\nby_text:\n\tmov eax, DWORD PTR arr[rip+4]\n\tret");
int by_text(void);
static int rol(int x, int n) { __asm__("rol %0, %b1" : "+r"(x) : "c"(n)); return x; }
static long get(void) { long r; __asm__("{movq %1, %0|mov %0, %1}" : "=r"(r) : "m"(*(long *)&arr[1])); return r; }
static long high(__int128 *p) { long r; __asm__("mov %0, %H1" : "=r"(r) : "m"(*p)); return r; }
static long double twice(long double x) { long double r; __asm__("fld %1\n\tfadd st, st(0)\n\tfstp %0" : "=m"(r) : "m"(x)); return r; }
static double root(double x) { double r; __asm__("sqrtsd %0, %1" : "=x"(r) : "xm"(x)); return r; }
static int *address(void) { int *p; __asm__("lea %0, %a1" : "=r"(p) : "i"(arr + 2)); return p; }
static int positive(int x) { __asm__ goto("test %0, %0\n\tjg %l1" : : "r"(x) : "cc" : yes); return 0; yes: return 1; }
int main(int argc, char **argv) {
  unsigned char c = argc; int n = argc;
  __asm__ volatile("inc %0\n\tadd %1, %3\n\tlea rax, %2\n\tadd DWORD PTR [rax], 1" : "+m"(arr[0]), "+r"(n) : "m"(arr[2]), "i"(3) : "rax", "memory");
  wide = wide << 65;
  printf("%d %d %ld %f %Lf %d %d %d %d %ld %f %d %d %s\n", rol(1, 5), n, get() & 0xffffffff, d * 2 + t, twice(argc * 1.5L), opterr, arr[0], arr[2] + c, by_text() + eax, high(&wide), root(d), *address(), positive(n) + positive(-n), at[1]);
  return and(argc);
}
C
sed 's/\band\b/conjunction/; s/\band(/conjunction(/; s/\beax = 4/four = 4/; s/+ eax/+ four/' intel.c > plain.c
check "gcc's program" gcc -w -masm=intel plain.c -o program; ./program > theirs.out; status=$?
for f in intel plain; do for o in "" "-O2 -g -fPIC"; do
  check "$f $o: Intel's syntax: -c" $CC $o -masm=intel -c $f.c -o a.o; check "$f $o: -S" $CC $o -masm=intel -S $f.c -o a.s; $CC a.o -o program; ./program > ours.out; same "$f $o: status" $? $status; check "$f $o: says as gcc's" cmp theirs.out ours.out
  for by in as "$KIT as"; do check "$f $o: $by" $by a.s -o b.o; check "$f $o: equal by $by" python3 compare.py a.o b.o; done
done; done
cp a.s last.out; says 'its directive' '^	\.intel_syntax noprefix'; says 'operands without signs' '^	mov	rbp,rsp'; same 'one directive' "$(grep -c _syntax a.s)" 1
fails 'another syntax' $CC -masm=nasm -S plain.c; says 'which there are' 'valid arguments are: att intel'
# Names and places of files.
printf 'int f(int x) { return x + 1; }\n' > f.c; check '-S' $CC -S f.c; check 'f.s' test -s f.s; $CC -S f.c -o - > out.s; check 'to standard output' cmp f.s out.s
$CC -S f.c -o sub.asm; check 'named' cmp f.s sub.asm; $CC -c f.s -o f.o && gcc -c f.s -o g.o; check 'cc takes it' test -s f.o; cp f.c g.c; $CC -S f.c g.c; check 'several' test -s g.s; fails 'not all in one' $CC -S f.c g.c -o one.s
echo 'int f( {' > broken.c; fails 'an error' $CC -S broken.c; check 'leaves no text' test ! -e broken.s
# People read it.
printf 'int twice(int x) {\n  int y = x * 2;\n  return y;\n}\n' > r.c; $CC -S -fverbose-asm r.c -o - > last.out; says 'source lines' '# r.c:2: int y = x \* 2;'; says 'names' '^twice:'; says 'kind' '\.type	twice, @function'; says 'frames' '\.cfi_startproc'; grep -q '\.byte' last.out && no 'code as bytes'
$CC -S -g r.c -o - > last.out; says 'lines' '\.loc	1 3 3'; says 'files' '\.file	1 "r.c"'; $CC -S values.c -o - -w > last.out; says 'jump tables' '\.long	\.L[0-9]+-\.L[0-9]+'; says 'strings' '\.string	"hello \\"quoted\\"'; says 'zeroes' '\.zero	49'
same 'the same text twice' "$($CC -S values.c -w -o - | md5sum)" "$(cat last.out | md5sum)"
finish
