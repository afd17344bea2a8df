//! Macros that a C compiler predefines for the architecture (names and values as gcc's `-dM -E` prints them), beside those
//! of the data model, the floating-point formats and the platform.

use target::MachineFeature;

/// Name and body.
pub static MACROS: &[(&str, &str)] = &[
    ("__amd64", "1"),
    ("__amd64__", "1"),
    ("__x86_64", "1"),
    ("__x86_64__", "1"),
    ("__k8", "1"),
    ("__k8__", "1"),
    ("__MMX__", "1"),
    ("__MMX_WITH_SSE__", "1"),
    ("__SSE__", "1"),
    ("__SSE2__", "1"),
    ("__SSE_MATH__", "1"),
    ("__SSE2_MATH__", "1"),
    ("__FXSR__", "1"),
    ("__SEG_FS", "1"),
    ("__SEG_GS", "1"),
    ("__code_model_small__", "1"),
    ("__BIGGEST_ALIGNMENT__", "16"),
    ("__GCC_ASM_FLAG_OUTPUTS__", "1"),
    ("__ATOMIC_HLE_ACQUIRE", "65536"),
    ("__ATOMIC_HLE_RELEASE", "131072"),
    ("__GCC_HAVE_DWARF2_CFI_ASM", "1"),
    ("__GCC_HAVE_SYNC_COMPARE_AND_SWAP_1", "1"),
    ("__GCC_HAVE_SYNC_COMPARE_AND_SWAP_2", "1"),
    ("__GCC_HAVE_SYNC_COMPARE_AND_SWAP_4", "1"),
    ("__GCC_HAVE_SYNC_COMPARE_AND_SWAP_8", "1"),
    ("__GCC_CONSTRUCTIVE_SIZE", "64"),
    ("__GCC_DESTRUCTIVE_SIZE", "64"),
];

const fn feature(
    name: &'static str,
    macros: &'static [(&'static str, &'static str)],
    needs: &'static [&'static str],
) -> MachineFeature {
    MachineFeature { name, macros, needs, brings: &[] }
}

/// What kit has intrinsics for. Other instruction sets are accepted as options, but nothing tells of them.
pub static FEATURES: &[MachineFeature] = &[
    feature("sse3", &[("__SSE3__", "1")], &[]),
    feature("ssse3", &[("__SSSE3__", "1")], &["sse3"]),
    feature("sse4.1", &[("__SSE4_1__", "1")], &["ssse3"]),
    MachineFeature { brings: &["popcnt", "crc32"], ..feature("sse4.2", &[("__SSE4_2__", "1")], &["sse4.1"]) },
    feature("sse4", &[], &["sse4.2"]),
    feature("popcnt", &[("__POPCNT__", "1")], &[]),
    feature("crc32", &[("__CRC32__", "1")], &[]),
    feature("aes", &[("__AES__", "1")], &[]),
    feature("pclmul", &[("__PCLMUL__", "1")], &[]),
    feature("arch=x86-64-v2", &[], &["sse4.2"]),
    feature("arch=x86-64-v3", &[], &["sse4.2"]),
    feature("arch=x86-64-v4", &[], &["sse4.2"]),
];
