# The headers of the machine's vector instructions: every intrinsic that they declare gives what gcc's gives, on random operands.
. "$ROOT/tests/accept/common.sh"; need_cc
[ "$(uname -m)" = x86_64 ] || missing "an x86-64 machine"
for feature in sse4_2 aes pclmulqdq popcnt rdtscp; do grep -qw $feature /proc/cpuinfo || missing "a processor with $feature"; done
total=0
for seed in 1 2 3; do
  python3 "$ROOT/tests/accept/intrinsics.py" $seed "$ROOT"/crates/rt/include/x86_64/*.h > all.c
  check "gcc compiles, seed $seed" gcc -w -msse4.2 -maes -mpclmul -mpopcnt all.c -o theirs; check "compiles, seed $seed" $CC -w all.c -o ours
  ./theirs > theirs.out; ./ours > ours.out; total=$(wc -l < ours.out)
  while read -r line; do no "seed $seed: $line"; done < <(diff theirs.out ours.out | grep '^[<>]' | head -20)
  [ "$total" -ge 590 ] && ok || no "only $total results"
done
echo "figure: intrinsics $(grep -c '^_' ours.out)"
# Each header alone, in old and new C, without a word; and by gcc, whose builtins have these names and types, too.
for header in "$ROOT"/crates/rt/include/x86_64/*.h; do name=${header##*/}; echo "#include <$name>" > alone.c; echo 'int x;' >> alone.c
  for std in gnu89 c99 gnu17; do check "<$name> $std" $CC -std=$std -Wall -Wextra -Wsystem-headers -Werror -c alone.c -o alone.o; done
  check "<$name> by gcc" gcc -msse4.2 -maes -mpclmul -mpopcnt -nostdinc -isystem "$ROOT/crates/rt/include/x86_64" -isystem "$ROOT/crates/rt/include" -isystem /usr/include/x86_64-linux-gnu -isystem /usr/include -c alone.c -o alone.o
done
agree 'vectors in registers of inline asm' <<'C'
#include <stdio.h>
typedef int v4 __attribute__((vector_size(16))); typedef float f4 __attribute__((vector_size(16)));
static v4 kept = { 5, 6, 7, 8 }; struct pair { char c; v4 v; } pair = { 1, { 1, 1, 2, 3 } };
int main(void) {
  v4 a = { 1, 2, 3, 4 }, b = { 10, 20, 30, 40 }, c; f4 f = { 1, 4, 9, 16 }, *p = &f;
  __asm__("paddd %1, %0" : "+x"(a) : "x"(b)); __asm__("movdqa %1, %0\n\tpslld $2, %0" : "=&x"(c) : "x"(a)); __asm__("sqrtps %1, %0" : "=x"(*p) : "xm"(f));
  __asm__("psubd %2, %0" : "=x"(kept) : "0"(kept), "x"(pair.v)); __asm__ volatile("" : "+x"(b)); register v4 r __asm__("xmm5") = b; __asm__("paddd %%xmm5, %%xmm5" : "+x"(r));
  for (int i = 0; i < 4; i++) printf("%d %d %g %d %d\n", a[i], c[i], f[i], kept[i], r[i]);
  return 0; }
C
for options in '' -msse3 -mssse3 -msse4.1 -msse4.2 -msse4 -mpopcnt -maes -mpclmul -march=x86-64-v2 '-msse4.2 -mno-ssse3' '-msse4.2 -mno-popcnt'; do macros() { "$@" -dM -E - < /dev/null | grep -E '__(SSE|SSSE|POPCNT|AES|PCLMUL|CRC32)' | grep -v SAHF | sort; }
  same "macros of '$options'" "$(macros gcc $options)" "$(macros $CC $options)"; done
takes 'has_builtin knows them' <<'C'
#if !__has_builtin(__builtin_ia32_pshufd) || __has_builtin(__builtin_ia32_nothing)
#error
#endif
C
refuses 'a number that is none' 'must be an 8-bit immediate' <<'C'
#include <emmintrin.h>
__m128i f(__m128i a, int n) { return _mm_shuffle_epi32(a, n); }
C
refuses 'what there is not' 'implicit declaration' -Werror <<'C'
#include <immintrin.h>
int f(void) { return _mm256_nothing(1); }
C
finish
