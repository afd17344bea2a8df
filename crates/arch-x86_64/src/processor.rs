//! What `__builtin_cpu_supports` and `__builtin_cpu_is` ask of the words that the runtime fills in (`processor.c`). Names, bits
//! and numbers are those of gcc's runtime, whose objects share the words; gcc 12 has `shanghai`, `istanbul`, `bdver1`, `bdver2`
//! and `btver1` compared with the wrong word, which is not repeated here.

use target::{ProcessorTests, ProcessorWord};

/// The facet.
pub static PROCESSOR: ProcessorTests = ProcessorTests { fill: "__cpu_indicator_init", supports, is };

/// Features in the order of their bits: the first 32 stand in the model's last word, the others behind each other elsewhere.
#[rustfmt::skip]
static FEATURES: [&str; 99] = [
    "cmov", "mmx", "popcnt", "sse", "sse2", "sse3", "ssse3", "sse4.1", "sse4.2", "avx", "avx2", "sse4a", "fma4",
    "xop", "fma", "avx512f", "bmi", "bmi2", "aes", "pclmul", "avx512vl", "avx512bw", "avx512dq", "avx512cd",
    "avx512er", "avx512pf", "avx512vbmi", "avx512ifma", "avx5124vnniw", "avx5124fmaps", "avx512vpopcntdq",
    "avx512vbmi2", "gfni", "vpclmulqdq", "avx512vnni", "avx512bitalg", "avx512bf16", "avx512vp2intersect", "3dnow",
    "3dnowp", "adx", "abm", "cldemote", "clflushopt", "clwb", "clzero", "cmpxchg16b", "cmpxchg8b", "enqcmd", "f16c",
    "fsgsbase", "fxsave", "hle", "ibt", "lahf_lm", "lm", "lwp", "lzcnt", "movbe", "movdir64b", "movdiri", "mwaitx",
    "osxsave", "pconfig", "pku", "prefetchwt1", "prfchw", "ptwrite", "rdpid", "rdrnd", "rdseed", "rtm", "serialize",
    "sgx", "sha", "shstk", "tbm", "tsxldtrk", "vaes", "waitpkg", "wbnoinvd", "xsave", "xsavec", "xsaveopt", "xsaves",
    "amx-tile", "amx-int8", "amx-bf16", "uintr", "hreset", "kl", "aeskle", "widekl", "avxvnni", "avx512fp16",
    "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4",
];

/// Maker, family and kind: words of the model.
const MAKER: u32 = 0;
const FAMILY: u32 = 1;
const KIND: u32 = 2;
const FIRST_FEATURES: u32 = 3;

#[rustfmt::skip]
static PROCESSORS: &[(&str, u32, u32)] = &[
    ("intel", MAKER, 1), ("amd", MAKER, 2),
    ("atom", FAMILY, 1), ("bonnell", FAMILY, 1), ("core2", FAMILY, 2), ("corei7", FAMILY, 3), ("amdfam10h", FAMILY, 4),
    ("amdfam10", FAMILY, 4), ("amdfam15h", FAMILY, 5), ("amdfam15", FAMILY, 5), ("silvermont", FAMILY, 6), ("slm", FAMILY, 6),
    ("knl", FAMILY, 7), ("btver1", FAMILY, 8), ("btver2", FAMILY, 9), ("amdfam17h", FAMILY, 10), ("knm", FAMILY, 11),
    ("goldmont", FAMILY, 12), ("goldmont-plus", FAMILY, 13), ("tremont", FAMILY, 14), ("amdfam19h", FAMILY, 15),
    ("nehalem", KIND, 1), ("westmere", KIND, 2), ("sandybridge", KIND, 3), ("barcelona", KIND, 4), ("shanghai", KIND, 5),
    ("istanbul", KIND, 6), ("bdver1", KIND, 7), ("bdver2", KIND, 8), ("bdver3", KIND, 9), ("bdver4", KIND, 10),
    ("znver1", KIND, 11), ("ivybridge", KIND, 12), ("haswell", KIND, 13), ("broadwell", KIND, 14), ("skylake", KIND, 15),
    ("skylake-avx512", KIND, 16), ("cannonlake", KIND, 17), ("icelake-client", KIND, 18), ("icelake-server", KIND, 19),
    ("znver2", KIND, 20), ("cascadelake", KIND, 21), ("tigerlake", KIND, 22), ("cooperlake", KIND, 23),
    ("sapphirerapids", KIND, 24), ("alderlake", KIND, 25), ("znver3", KIND, 26), ("rocketlake", KIND, 27),
];

fn supports(name: &str) -> Option<ProcessorWord> {
    let bit = FEATURES.iter().position(|feature| *feature == name)? as u32;
    let value = 1 << (bit % 32);
    Some(match bit / 32 {
        0 => ProcessorWord { symbol: "__cpu_model", index: FIRST_FEATURES, value },
        word => ProcessorWord { symbol: "__cpu_features2", index: word - 1, value },
    })
}

fn is(name: &str) -> Option<ProcessorWord> {
    let &(_, index, value) = PROCESSORS.iter().find(|row| row.0 == name)?;
    Some(ProcessorWord { symbol: "__cpu_model", index, value })
}
