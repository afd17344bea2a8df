/* What processor a program runs on, for __builtin_cpu_supports and __builtin_cpu_is: x86-64's CPUID (Intel SDM volume 2,
   "CPUID"; AMD64 manual volume 3, appendix E) as words whose names, order of bits and numbers are those of gcc's runtime, so
   that objects of gcc may ask here and objects of kit there. */

#define EXPORT __attribute__((weak))
typedef unsigned word;

EXPORT struct { word maker, family, kind, features[1]; } __cpu_model;
EXPORT word __cpu_features2[3];
EXPORT int __cpu_indicator_init(void);

enum { INTEL = 1, AMD, OTHER };

/* Registers of leaves that tell of features. */
enum { L1_ECX, L1_EDX, L7_EBX, L7_ECX, L7_EDX, L7_1_EAX, LD_1_EAX, L14_EBX, L19_EBX, X1_ECX, X1_EDX, X8_EBX, N_REGISTERS };

/* What the system must save for a feature to be of use: bits of XCR0. */
enum { ALWAYS = 0, AVX = 0x6, AVX512 = 0xe6, AMX = 0x60000 };

/* In the order of the features' bits. */
static const struct { word where, bit, saved; } FEATURES[] = {
    { L1_EDX, 15, ALWAYS }, /* cmov */
    { L1_EDX, 23, ALWAYS }, /* mmx */
    { L1_ECX, 23, ALWAYS }, /* popcnt */
    { L1_EDX, 25, ALWAYS }, /* sse */
    { L1_EDX, 26, ALWAYS }, /* sse2 */
    { L1_ECX, 0, ALWAYS }, /* sse3 */
    { L1_ECX, 9, ALWAYS }, /* ssse3 */
    { L1_ECX, 19, ALWAYS }, /* sse4.1 */
    { L1_ECX, 20, ALWAYS }, /* sse4.2 */
    { L1_ECX, 28, AVX }, /* avx */
    { L7_EBX, 5, AVX }, /* avx2 */
    { X1_ECX, 6, ALWAYS }, /* sse4a */
    { X1_ECX, 16, AVX }, /* fma4 */
    { X1_ECX, 11, AVX }, /* xop */
    { L1_ECX, 12, AVX }, /* fma */
    { L7_EBX, 16, AVX512 }, /* avx512f */
    { L7_EBX, 3, ALWAYS }, /* bmi */
    { L7_EBX, 8, ALWAYS }, /* bmi2 */
    { L1_ECX, 25, ALWAYS }, /* aes */
    { L1_ECX, 1, ALWAYS }, /* pclmul */
    { L7_EBX, 31, AVX512 }, /* avx512vl */
    { L7_EBX, 30, AVX512 }, /* avx512bw */
    { L7_EBX, 17, AVX512 }, /* avx512dq */
    { L7_EBX, 28, AVX512 }, /* avx512cd */
    { L7_EBX, 27, AVX512 }, /* avx512er */
    { L7_EBX, 26, AVX512 }, /* avx512pf */
    { L7_ECX, 1, AVX512 }, /* avx512vbmi */
    { L7_EBX, 21, AVX512 }, /* avx512ifma */
    { L7_EDX, 2, AVX512 }, /* avx5124vnniw */
    { L7_EDX, 3, AVX512 }, /* avx5124fmaps */
    { L7_ECX, 14, AVX512 }, /* avx512vpopcntdq */
    { L7_ECX, 6, AVX512 }, /* avx512vbmi2 */
    { L7_ECX, 8, ALWAYS }, /* gfni */
    { L7_ECX, 10, AVX }, /* vpclmulqdq */
    { L7_ECX, 11, AVX512 }, /* avx512vnni */
    { L7_ECX, 12, AVX512 }, /* avx512bitalg */
    { L7_1_EAX, 5, AVX512 }, /* avx512bf16 */
    { L7_EDX, 8, AVX512 }, /* avx512vp2intersect */
    { X1_EDX, 31, ALWAYS }, /* 3dnow */
    { X1_EDX, 30, ALWAYS }, /* 3dnowp */
    { L7_EBX, 19, ALWAYS }, /* adx */
    { X1_ECX, 5, ALWAYS }, /* abm */
    { L7_ECX, 25, ALWAYS }, /* cldemote */
    { L7_EBX, 23, ALWAYS }, /* clflushopt */
    { L7_EBX, 24, ALWAYS }, /* clwb */
    { X8_EBX, 0, ALWAYS }, /* clzero */
    { L1_ECX, 13, ALWAYS }, /* cmpxchg16b */
    { L1_EDX, 8, ALWAYS }, /* cmpxchg8b */
    { L7_ECX, 29, ALWAYS }, /* enqcmd */
    { L1_ECX, 29, AVX }, /* f16c */
    { L7_EBX, 0, ALWAYS }, /* fsgsbase */
    { L1_EDX, 24, ALWAYS }, /* fxsave */
    { L7_EBX, 4, ALWAYS }, /* hle */
    { L7_EDX, 20, ALWAYS }, /* ibt */
    { X1_ECX, 0, ALWAYS }, /* lahf_lm */
    { X1_EDX, 29, ALWAYS }, /* lm */
    { X1_ECX, 15, ALWAYS }, /* lwp */
    { X1_ECX, 5, ALWAYS }, /* lzcnt */
    { L1_ECX, 22, ALWAYS }, /* movbe */
    { L7_ECX, 28, ALWAYS }, /* movdir64b */
    { L7_ECX, 27, ALWAYS }, /* movdiri */
    { X1_ECX, 29, ALWAYS }, /* mwaitx */
    { L1_ECX, 27, ALWAYS }, /* osxsave */
    { L7_EDX, 18, ALWAYS }, /* pconfig */
    { L7_ECX, 3, ALWAYS }, /* pku */
    { L7_ECX, 0, ALWAYS }, /* prefetchwt1 */
    { X1_ECX, 8, ALWAYS }, /* prfchw */
    { L14_EBX, 4, ALWAYS }, /* ptwrite */
    { L7_ECX, 22, ALWAYS }, /* rdpid */
    { L1_ECX, 30, ALWAYS }, /* rdrnd */
    { L7_EBX, 18, ALWAYS }, /* rdseed */
    { L7_EBX, 11, ALWAYS }, /* rtm */
    { L7_EDX, 14, ALWAYS }, /* serialize */
    { L7_EBX, 2, ALWAYS }, /* sgx */
    { L7_EBX, 29, ALWAYS }, /* sha */
    { L7_ECX, 7, ALWAYS }, /* shstk */
    { X1_ECX, 21, ALWAYS }, /* tbm */
    { L7_EDX, 16, ALWAYS }, /* tsxldtrk */
    { L7_ECX, 9, AVX }, /* vaes */
    { L7_ECX, 5, ALWAYS }, /* waitpkg */
    { X8_EBX, 9, ALWAYS }, /* wbnoinvd */
    { L1_ECX, 26, ALWAYS }, /* xsave */
    { LD_1_EAX, 1, ALWAYS }, /* xsavec */
    { LD_1_EAX, 0, ALWAYS }, /* xsaveopt */
    { LD_1_EAX, 3, ALWAYS }, /* xsaves */
    { L7_EDX, 24, AMX }, /* amx-tile */
    { L7_EDX, 25, AMX }, /* amx-int8 */
    { L7_EDX, 22, AMX }, /* amx-bf16 */
    { L7_EDX, 5, ALWAYS }, /* uintr */
    { L7_1_EAX, 22, ALWAYS }, /* hreset */
    { L7_ECX, 23, ALWAYS }, /* kl */
    { L19_EBX, 0, ALWAYS }, /* aeskle */
    { L19_EBX, 2, ALWAYS }, /* widekl */
    { L7_1_EAX, 4, AVX }, /* avxvnni */
    { L7_EDX, 23, AVX512 }, /* avx512fp16 */
};

/* Bits for sets of features (psABI, "Micro-Architecture Levels"), and the features of each beyond the one before. */
enum { CMOV = 0, POPCNT = 2, SSE2 = 4, SSE4_2 = 8, AVX2_BIT = 10, FMA = 14, BMI = 16, BMI2 = 17, VL = 20, BW = 21, DQ = 22, CD = 23 };
enum { CMPXCHG16B = 46, F16C = 49, LAHF_LM = 54, LM = 55, LZCNT = 57, MOVBE = 58, LEVEL_1 = 95 };
static const signed char LEVELS[4][8] = {
    { SSE2, LM, -1 },
    { CMPXCHG16B, POPCNT, LAHF_LM, SSE4_2, -1 },
    { AVX2_BIT, BMI, BMI2, F16C, FMA, LZCNT, MOVBE, -1 },
    { BW, CD, DQ, VL, -1 },
};

/* Processors: models from the first to the last of a family, and the numbers that say so. */
static const struct { word maker, family, first, last, number, kind; } MODELS[] = {
    { INTEL, 0x06, 0x0f, 0x0f, 2, 0 }, { INTEL, 0x06, 0x17, 0x17, 2, 0 }, { INTEL, 0x06, 0x1d, 0x1d, 2, 0 },
    { INTEL, 0x06, 0x1c, 0x1c, 1, 0 }, { INTEL, 0x06, 0x26, 0x26, 1, 0 },
    { INTEL, 0x06, 0x1a, 0x1a, 3, 1 }, { INTEL, 0x06, 0x1e, 0x1f, 3, 1 }, { INTEL, 0x06, 0x2e, 0x2e, 3, 1 },
    { INTEL, 0x06, 0x25, 0x25, 3, 2 }, { INTEL, 0x06, 0x2c, 0x2c, 3, 2 }, { INTEL, 0x06, 0x2f, 0x2f, 3, 2 },
    { INTEL, 0x06, 0x2a, 0x2a, 3, 3 }, { INTEL, 0x06, 0x2d, 0x2d, 3, 3 },
    { INTEL, 0x06, 0x37, 0x37, 6, 0 }, { INTEL, 0x06, 0x4a, 0x4a, 6, 0 }, { INTEL, 0x06, 0x4d, 0x4d, 6, 0 },
    { INTEL, 0x06, 0x5a, 0x5a, 6, 0 }, { INTEL, 0x06, 0x5d, 0x5d, 6, 0 },
    { INTEL, 0x06, 0x3a, 0x3a, 3, 12 }, { INTEL, 0x06, 0x3e, 0x3e, 3, 12 },
    { INTEL, 0x06, 0x3c, 0x3c, 3, 13 }, { INTEL, 0x06, 0x3f, 0x3f, 3, 13 }, { INTEL, 0x06, 0x45, 0x46, 3, 13 },
    { INTEL, 0x06, 0x3d, 0x3d, 3, 14 }, { INTEL, 0x06, 0x47, 0x47, 3, 14 }, { INTEL, 0x06, 0x4f, 0x4f, 3, 14 },
    { INTEL, 0x06, 0x56, 0x56, 3, 14 },
    { INTEL, 0x06, 0x4e, 0x4e, 3, 15 }, { INTEL, 0x06, 0x5e, 0x5e, 3, 15 }, { INTEL, 0x06, 0x8e, 0x8e, 3, 15 },
    { INTEL, 0x06, 0x9e, 0x9e, 3, 15 }, { INTEL, 0x06, 0xa5, 0xa6, 3, 15 },
    { INTEL, 0x06, 0x55, 0x55, 3, 16 }, { INTEL, 0x06, 0x66, 0x66, 3, 17 },
    { INTEL, 0x06, 0x7d, 0x7e, 3, 18 }, { INTEL, 0x06, 0x6a, 0x6a, 3, 19 }, { INTEL, 0x06, 0x6c, 0x6c, 3, 19 },
    { INTEL, 0x06, 0x8c, 0x8d, 3, 22 }, { INTEL, 0x06, 0x8f, 0x8f, 3, 24 }, { INTEL, 0x06, 0x97, 0x97, 3, 25 },
    { INTEL, 0x06, 0x9a, 0x9a, 3, 25 }, { INTEL, 0x06, 0xa7, 0xa7, 3, 27 },
    { INTEL, 0x06, 0x5c, 0x5c, 12, 0 }, { INTEL, 0x06, 0x5f, 0x5f, 12, 0 }, { INTEL, 0x06, 0x7a, 0x7a, 13, 0 },
    { INTEL, 0x06, 0x86, 0x86, 14, 0 }, { INTEL, 0x06, 0x96, 0x96, 14, 0 }, { INTEL, 0x06, 0x9c, 0x9c, 14, 0 },
    { INTEL, 0x06, 0x57, 0x57, 7, 0 }, { INTEL, 0x06, 0x85, 0x85, 11, 0 },
    { AMD, 0x10, 0x02, 0x02, 4, 4 }, { AMD, 0x10, 0x04, 0x04, 4, 5 }, { AMD, 0x10, 0x08, 0x08, 4, 6 }, { AMD, 0x10, 0x00, 0xff, 4, 0 },
    { AMD, 0x14, 0x00, 0xff, 8, 0 },
    { AMD, 0x15, 0x02, 0x02, 5, 8 }, { AMD, 0x15, 0x00, 0x0f, 5, 7 }, { AMD, 0x15, 0x10, 0x1f, 5, 8 }, { AMD, 0x15, 0x30, 0x3f, 5, 9 },
    { AMD, 0x15, 0x60, 0x7f, 5, 10 }, { AMD, 0x15, 0x00, 0xff, 5, 0 },
    { AMD, 0x16, 0x00, 0xff, 9, 0 },
    { AMD, 0x17, 0x00, 0x1f, 10, 11 }, { AMD, 0x17, 0x20, 0xff, 10, 20 },
    { AMD, 0x19, 0x00, 0x0f, 15, 26 }, { AMD, 0x19, 0x00, 0xff, 15, 0 },
};
enum { SKYLAKE_SERVER = 16, CASCADELAKE = 21, COOPERLAKE = 23, VNNI = 34, BF16 = 36 };

static void cpuid(word leaf, word sub, word out[4])
{
    __asm__ volatile("cpuid" : "=a"(out[0]), "=b"(out[1]), "=c"(out[2]), "=d"(out[3]) : "a"(leaf), "c"(sub));
}

static int has(const word *features, int bit)
{
    return features[bit >> 5] >> (bit & 31) & 1;
}

/* The features' bits. */
static void find(word last, word features[4])
{
    word registers[N_REGISTERS], out[4], saved = 0, beyond, i, level;

    for (i = 0; i < N_REGISTERS; i++)
        registers[i] = 0;
    cpuid(1, 0, out);
    registers[L1_ECX] = out[2];
    registers[L1_EDX] = out[3];
    if (out[2] >> 27 & 1)
        __asm__ volatile("xgetbv" : "=a"(saved) : "c"(0) : "edx");
    if (last >= 7) {
        cpuid(7, 0, out);
        registers[L7_EBX] = out[1];
        registers[L7_ECX] = out[2];
        registers[L7_EDX] = out[3];
        if (out[0]) {
            cpuid(7, 1, out);
            registers[L7_1_EAX] = out[0];
        }
    }
    if (last >= 0xd) {
        cpuid(0xd, 1, out);
        registers[LD_1_EAX] = out[0];
    }
    if (last >= 0x14) {
        cpuid(0x14, 0, out);
        registers[L14_EBX] = out[1];
    }
    if (last >= 0x19) {
        cpuid(0x19, 0, out);
        registers[L19_EBX] = out[1];
    }
    cpuid(0x80000000, 0, out);
    beyond = out[0];
    if (beyond >= 0x80000001) {
        cpuid(0x80000001, 0, out);
        registers[X1_ECX] = out[2];
        registers[X1_EDX] = out[3];
    }
    if (beyond >= 0x80000008) {
        cpuid(0x80000008, 0, out);
        registers[X8_EBX] = out[1];
    }
    for (i = 0; i < sizeof FEATURES / sizeof FEATURES[0]; i++)
        if (registers[FEATURES[i].where] >> FEATURES[i].bit & 1 && (saved & FEATURES[i].saved) == FEATURES[i].saved)
            features[i >> 5] |= 1u << (i & 31);
    for (level = 0; level < 4; level++) {
        for (i = 0; LEVELS[level][i] >= 0; i++)
            if (!has(features, LEVELS[level][i]))
                return;
        features[(LEVEL_1 + level) >> 5] |= 1u << ((LEVEL_1 + level) & 31);
    }
}

static word maker_of(const word name[4])
{
    if (name[1] == 0x756e6547 && name[3] == 0x49656e69 && name[2] == 0x6c65746e) /* GenuineIntel */
        return INTEL;
    if (name[1] == 0x68747541 && name[3] == 0x69746e65 && name[2] == 0x444d4163) /* AuthenticAMD */
        return AMD;
    return OTHER;
}

EXPORT int __cpu_indicator_init(void)
{
    word out[4], features[4] = { 0, 0, 0, 0 }, last, maker, family, model, i;

    if (__cpu_model.maker)
        return 0;
    cpuid(0, 0, out);
    last = out[0];
    maker = maker_of(out);
    cpuid(1, 0, out);
    family = out[0] >> 8 & 15;
    model = out[0] >> 4 & 15;
    if (family == 15 || (maker == INTEL && family == 6))
        model += out[0] >> 12 & 0xf0;
    if (family == 15)
        family += out[0] >> 20 & 0xff;
    find(last, features);
    for (i = 0; i < sizeof MODELS / sizeof MODELS[0]; i++)
        if (MODELS[i].maker == maker && MODELS[i].family == family && MODELS[i].first <= model && model <= MODELS[i].last) {
            __cpu_model.family = MODELS[i].number;
            __cpu_model.kind = MODELS[i].kind;
            break;
        }
    if (__cpu_model.kind == SKYLAKE_SERVER)
        __cpu_model.kind = has(features, BF16) ? COOPERLAKE : has(features, VNNI) ? CASCADELAKE : SKYLAKE_SERVER;
    __cpu_model.features[0] = features[0];
    for (i = 0; i < 3; i++)
        __cpu_features2[i] = features[i + 1];
    __cpu_model.maker = maker;
    return 0;
}

/* Before constructors of programs and of libraries, as resolvers of their functions may ask. */
static __attribute__((constructor(101))) void at_start(void)
{
    __cpu_indicator_init();
}
