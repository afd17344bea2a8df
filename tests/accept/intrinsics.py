"""A C program over every intrinsic that the given headers declare: each is called with random operands (and, where it wants
constants, with several), and one line says what came out. Two compilers' programs must print the same.

    intrinsics.py SEED HEADER...

Functions are read from the headers' text as it stands: `RET NAME (TYPE __a, …) {`, and macros `#define _mm_name(__a, …) (…)`,
whose operands' types are the casts in front of them. What has another shape is called by hand below, or not compared: see SKIP.
"""
import random
import re
import sys

# Undefined values, clocks, and what changes the state that everything else depends on (tried by hand in `SPECIAL`).
SKIP = re.compile(r"_mm_undefined|__rdtscp?$|_mm_setcsr|_MM_SET_|_mm_malloc|_mm_free|__get_cpuid")
FUNCTION = re.compile(
    r"^(?:__KIT_INTRINSIC|static __inline__ __attribute__ \(\([a-z_, ]*\)\)) ([a-z0-9_ ]+?[ *]+)(\w+) \(([^()]*)\)", re.M)
MACRO = re.compile(r"^#define (_mm_\w+)\(([^()]*)\) \((.*)\)$", re.M)
VECTORS = {"__m64": "random_m64", "__m128": "random_m128", "__m128d": "random_m128d", "__m128i": "random_m128i"}

# The constants worth trying, by the end of the name; the first that matches counts.
IMMEDIATES = [
    (r"(extract|insert)_epi64|shuffle_pd", range(2)), (r"blend_pd", range(4)), (r"(extract|insert)_epi32|extract_ps", range(4)),
    (r"(extract|insert)_pi16", range(4)), (r"(extract|insert)_epi16|mpsadbw", range(8)), (r"(extract|insert)_epi8|blend_ps", range(16)),
    (r"round_", (0, 1, 2, 3, 4, 8, 9, 10, 11, 12)), (r"b?s[lr]li_si128|alignr", range(0, 20)), (r"clmulepi64", (0, 1, 16, 17)),
    (r"cmp[ei]str", range(128)), (r"", (0, 1, 2, 3, 7, 8, 0x1b, 0x4e, 0x55, 0x80, 0x93, 0xb1, 0xe4, 0xff)),
]

PRELUDE = r"""
#include <x86intrin.h>
#include <cpuid.h>
#include <stdio.h>
#include <string.h>
static unsigned long long state = SEED;
static unsigned long long next(void) { state ^= state << 13; state ^= state >> 7; state ^= state << 17; return state * 0x2545f4914f6cdd1dull; }
static int without_nan; static unsigned char memory[128] __attribute__((aligned(64)));
static double random_double(void) {
    static const double odd[] = { 0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 1e300, -1e300, 1e-310, 2147483648.0, -2147483648.5, 9.3e18, 3e9 };
    double x; unsigned long long bits = next();
    if (bits % 16 == 0) { bits = 0x7ff8ull << 48; if (without_nan) bits = 0; memcpy(&x, &bits, 8); return x; }
    if (bits % 16 == 1) return 1.0 / ((bits & 32) ? 0.0 : -0.0) * 1.0;
    if (bits % 16 < 8) return odd[(bits >> 8) % (sizeof odd / sizeof *odd)];
    return ((double) (long long) next()) / (1ll << (bits >> 8) % 63); }
static float random_float(void) { return (float) random_double(); }
static __m128 random_m128(void) { union { float f[4]; __m128 v; } x; for (int i = 0; i < 4; i++) x.f[i] = random_float(); return x.v; }
static __m128d random_m128d(void) { union { double f[2]; __m128d v; } x; for (int i = 0; i < 2; i++) x.f[i] = random_double(); return x.v; }
static __m128i random_m128i(void) { union { unsigned long long q[2]; unsigned char b[16]; __m128i v; } x; x.q[0] = next(); x.q[1] = next();
    if (next() % 4 == 0) for (int i = 0; i < 16; i++) x.b[i] = "\x00\x01\x7f\x80\xff""AZaz"[x.b[i] % 9]; return x.v; }
static __m64 random_m64(void) { union { __m128i v; __m64 m[2]; } x; x.v = random_m128i(); return x.m[0]; }
static __m64 random_m64_count(void) { union { long long q; __m64 m; } x; x.q = next() % 80; return x.m; }
static __m128i random_m128i_count(void) { union { unsigned long long q[2]; __m128i v; } x; x.q[0] = next() % 80; x.q[1] = next(); if (next() % 8 == 0) x.q[0] <<= 32; return x.v; }
static unsigned long long hash; static void mix(const void *p, int n) { const unsigned char *b = p; while (n--) hash = (hash ^ *b++) * 0x100000001b3ull; }
#define MIX(x) do { __typeof__(x) mixed = (x); mix(&mixed, sizeof mixed); } while (0)
static void reset(void) { unsigned csr = 0x1f80; __asm__ volatile("ldmxcsr %0" : : "m"(csr)); for (unsigned i = 0; i < sizeof memory; i++) memory[i] = (unsigned char) next(); }
static void fresh(void) { hash = 0xcbf29ce484222325ull; }
"""

SPECIAL = r"""
static void special(void) {
    float f[16]; __m128 r0, r1, r2, r3; for (int i = 0; i < 16; i++) f[i] = i * 1.5f;
    r0 = _mm_loadu_ps(f); r1 = _mm_loadu_ps(f + 4); r2 = _mm_loadu_ps(f + 8); r3 = _mm_loadu_ps(f + 12); _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
    printf("transpose %g %g %g %g %g\n", _mm_cvtss_f32(r0), _mm_cvtss_f32(r1), r1[1], r2[2], r3[3]);
    for (unsigned mode = 0; mode < 4; mode++) { _MM_SET_ROUNDING_MODE(mode << 13); printf("rounding %x %d %d\n", _MM_GET_ROUNDING_MODE(), _mm_cvtss_si32(_mm_set_ss(2.5f)), _mm_cvtsd_si32(_mm_set_sd(-2.5))); }
    _MM_SET_ROUNDING_MODE(_MM_ROUND_NEAREST); _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON); printf("flush %x %d\n", _MM_GET_FLUSH_ZERO_MODE(), _mm_cvtss_f32(_mm_mul_ss(_mm_set_ss(1e-30f), _mm_set_ss(1e-10f))) == 0);
    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_OFF); _MM_SET_EXCEPTION_STATE(0); _MM_SET_EXCEPTION_MASK(_MM_MASK_MASK); _MM_SET_DENORMALS_ZERO_MODE(_MM_DENORMALS_ZERO_ON); printf("csr %x", _mm_getcsr());
    _mm_setcsr(0x1f80); printf(" %x %x\n", _mm_getcsr(), _MM_GET_EXCEPTION_MASK());
    for (unsigned align = 1; align < 4096; align *= 4) { char *p = _mm_malloc(100, align); printf("malloc %d\n", p && (unsigned long) p % align == 0); memset(p, 1, 100); _mm_prefetch(p, _MM_HINT_T0); _mm_prefetch(p, _MM_HINT_NTA); _mm_free(p); }
    unsigned a, b, c, d; printf("cpuid %d", __get_cpuid(1, &a, &b, &c, &d)); printf(" %x %x", a, d); printf(" %d", __get_cpuid_count(7, 0, &a, &b, &c, &d)); printf(" %x %x %d", a, b, __get_cpuid(0x7fffffff, &a, &b, &c, &d));
    printf(" %x", __get_cpuid_max(0, &b)); printf(" %d\n", (b == signature_INTEL_ebx) + (b == signature_AMD_ebx)); unsigned long long t = __rdtsc(); printf("clock %d %d\n", __rdtsc() >= t, __rdtscp(&a) >= t);
    printf("numbers %d %d %d\n", _MM_SHUFFLE(3, 1, 2, 0), _MM_SHUFFLE2(1, 0), (int) sizeof(__m64)); }
"""


def operand(kind, name, position):
    """An expression of a random operand of this type."""
    kind = kind.replace("const ", "").strip()
    if kind.endswith("*"):
        # Those that need no alignment get none.
        offset = 3 if "_u *" in kind or re.search(r"loadu|storeu|lddqu|maskmove|clflush", name) else 16
        return f"({kind}) (memory + {offset})"
    if kind in VECTORS:
        by_element = position == 1 and re.match(r"_mm_s(ll|rl|ra)_[eps]+i", name)
        return f"{VECTORS[kind]}_count()" if by_element else f"{VECTORS[kind]}()"
    if kind in ("float", "double"):
        return f"random_{kind}()"
    if re.match(r"_mm_s(ll|rl|ra)i_", name):
        return "(int) (next() % 80)"
    if re.match(r"_mm_cmpestr", name):
        return "(int) (next() % 40) - 20"
    bit = " | 1" if re.match(r"__bs[fr]", name) else ""
    return f"({kind}) (next(){bit})"


def parameters(text):
    """Types of the parameters of a function."""
    if text in ("", "void"):
        return []
    return [re.match(r"(.*?)(__\w+)$", part.strip()).group(1).strip() for part in text.split(",")]


def macro_types(names, body, name):
    """Types of a macro's operands: the casts in front of them; `None` for constants."""
    types = []
    for parameter in names:
        cast = re.search(r"\(((?:const )?[a-z_][\w ]*?\*?)\) \(" + parameter + r"\)", body)
        if cast:
            types.append(cast.group(1))
        else:
            # A macro over another one: the end of the name says which vectors.
            types.append({"s": "__m128", "d": "__m128d"}[name[-1]])
    # Constants come last, numbers that are no constants are inserted.
    for at, kind in enumerate(types):
        if kind == "int" and not (at == 1 and re.search("insert_e?pi", name)) and not ("cmpestr" in name and at in (1, 3)):
            types[at] = None
    return types


def test(number, name, types, is_void):
    names = [f"x{at}" for at in range(len(types))]
    constants = next(values for pattern, values in IMMEDIATES if re.search(pattern, name)) if None in types else [None]
    nan = "without_nan = 1; " if "comi" in name else ""
    out = f"static void test{number}(void) {{ fresh(); {nan}for (int round = 0; round < 40; round++) {{ reset();\n"
    for variable, kind in zip(names, types):
        if kind is not None:
            at = names.index(variable)
            out += f"  {kind.replace('const ', '')} {variable} = {operand(kind, name, at)};\n"
    for constant in constants:
        args = ", ".join(variable if kind is not None else str(constant) for variable, kind in zip(names, types))
        out += f"  {name}({args});\n" if is_void else f"  MIX({name}({args}));\n"
    return out + f'  mix(memory, sizeof memory); }} without_nan = 0; printf("{name} %016llx\\n", hash); }}\n'


def main():
    seed, tests, taken = sys.argv[1], [], set()
    for path in sys.argv[2:]:
        text = open(path).read()
        for found in FUNCTION.finditer(text):
            result, name, params = found.group(1).strip(), found.group(2), found.group(3)
            if name not in taken and not SKIP.search(name):
                taken.add(name)
                tests.append(test(len(tests), name, parameters(params), result == "void"))
        for found in MACRO.finditer(text):
            name, names, body = found.group(1), [part.strip() for part in found.group(2).split(",")], found.group(3)
            if name not in taken and not SKIP.search(name) and name != "_mm_prefetch":
                taken.add(name)
                tests.append(test(len(tests), name, macro_types(names, body, name), False))
    random.seed(int(seed))
    print(PRELUDE.replace("SEED", str(random.getrandbits(62) | 1) + "ull"))
    print("".join(tests) + SPECIAL + "int main(void) { special();")
    print("".join(f" test{number}();" for number in range(len(tests))) + " return 0; }")


main()
