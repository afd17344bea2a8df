//! The types of notes in words: `elf.h` of glibc and Linux, SystemTap's and FDO's own.

/// Types of notes in core files.
pub(super) static CORE_NOTES: &[(u32, &str)] = &[
    (1, "NT_PRSTATUS (prstatus structure)"),
    (2, "NT_FPREGSET (floating point registers)"),
    (3, "NT_PRPSINFO (prpsinfo structure)"),
    (4, "NT_TASKSTRUCT (task structure)"),
    (6, "NT_AUXV (auxiliary vector)"),
    (10, "NT_PSTATUS (pstatus structure)"),
    (12, "NT_FPREGS (floating point registers)"),
    (13, "NT_PSINFO (psinfo structure)"),
    (16, "NT_LWPSTATUS (lwpstatus_t structure)"),
    (17, "NT_LWPSINFO (lwpsinfo_t structure)"),
    (18, "NT_WIN32PSTATUS (win32_pstatus structure)"),
    (0x100, "NT_PPC_VMX (ppc Altivec registers)"),
    (0x102, "NT_PPC_VSX (ppc VSX registers)"),
    (0x200, "NT_386_TLS (x86 TLS information)"),
    (0x201, "NT_386_IOPERM (x86 I/O permissions)"),
    (0x202, "NT_X86_XSTATE (x86 XSAVE extended state)"),
    (0x203, "NT_X86_CET (x86 CET state)"),
    (0x300, "NT_S390_HIGH_GPRS (s390 upper register halves)"),
    (0x400, "NT_ARM_VFP (arm VFP registers)"),
    (0x401, "NT_ARM_TLS (AArch TLS registers)"),
    (0x402, "NT_ARM_HW_BREAK (AArch hardware breakpoint registers)"),
    (0x403, "NT_ARM_HW_WATCH (AArch hardware watchpoint registers)"),
    (0x404, "NT_ARM_SYSTEM_CALL (AArch system call number)"),
    (0x405, "NT_ARM_SVE (AArch SVE registers)"),
    (0x406, "NT_ARM_PAC_MASK (AArch pointer authentication code masks)"),
    (0x4649_4c45, "NT_FILE (mapped files)"),
    (0x46e6_2b7f, "NT_PRXFPREG (user_xfpregs structure)"),
    (0x5349_4749, "NT_SIGINFO (siginfo_t data)"),
    (0xff00_0000, "NT_GDB_TDESC (GDB XML target description)"),
];

/// Types of notes whose owner is `GNU`.
pub(super) static GNU_NOTES: &[(u32, &str)] = &[
    (1, "NT_GNU_ABI_TAG (ABI version tag)"),
    (2, "NT_GNU_HWCAP (DSO-supplied software HWCAP info)"),
    (3, "NT_GNU_BUILD_ID (unique build ID bitstring)"),
    (4, "NT_GNU_GOLD_VERSION (gold version)"),
    (5, "NT_GNU_PROPERTY_TYPE_0"),
    (0x100, "NT_GNU_BUILD_ATTRIBUTE_OPEN"),
    (0x101, "NT_GNU_BUILD_ATTRIBUTE_FUNC"),
];

/// Types of any other owner's notes, in files that are no core files.
pub(super) static OTHER_NOTES: &[(u32, &str)] = &[
    (1, "NT_VERSION (version)"),
    (2, "NT_ARCH (architecture)"),
    (0x100, "OPEN"),
    (0x101, "func"),
    (4, "NT_GO_BUILDID"),
    (0xcafe_1a7e, "FDO_PACKAGING_METADATA"),
];

pub(super) static ABI_SYSTEMS: &[(u32, &str)] =
    &[(0, "Linux"), (1, "Hurd"), (2, "Solaris"), (3, "FreeBSD"), (4, "NetBSD"), (5, "Syllable"), (6, "NaCl")];

pub(super) static X86_FEATURES: &[(u32, &str)] = &[(1, "IBT"), (2, "SHSTK"), (4, "LAM_U48"), (8, "LAM_U57")];

pub(super) static X86_ISA: &[(u32, &str)] =
    &[(1, "x86-64-baseline"), (2, "x86-64-v2"), (4, "x86-64-v3"), (8, "x86-64-v4")];

pub(super) static X86_COMPAT_ISA: &[(u32, &str)] = &[
    (0x1, "i486"),
    (0x2, "586"),
    (0x4, "686"),
    (0x8, "SSE"),
    (0x10, "SSE2"),
    (0x20, "SSE3"),
    (0x40, "SSSE3"),
    (0x80, "SSE4_1"),
    (0x100, "SSE4_2"),
    (0x200, "AVX"),
    (0x400, "AVX2"),
    (0x800, "AVX512F"),
    (0x1000, "AVX512CD"),
    (0x2000, "AVX512ER"),
    (0x4000, "AVX512PF"),
    (0x8000, "AVX512VL"),
    (0x1_0000, "AVX512DQ"),
    (0x2_0000, "AVX512BW"),
];

pub(super) static X86_STATE: &[(u32, &str)] = &[
    (0x1, "x86"),
    (0x2, "x87"),
    (0x4, "MMX"),
    (0x8, "XMM"),
    (0x10, "YMM"),
    (0x20, "ZMM"),
    (0x40, "FXSR"),
    (0x80, "XSAVE"),
    (0x100, "XSAVEOPT"),
    (0x200, "XSAVEC"),
    (0x400, "TMM"),
    (0x800, "MASK"),
];

pub(super) static AARCH64_FEATURES: &[(u32, &str)] = &[(1, "BTI"), (2, "PAC")];

pub(super) static NEEDED_1: &[(u32, &str)] = &[(1, "indirect external access")];

/// Number of a property, its text, the names of its bits, and the machines it is for (none: all).
type Property = (u32, &'static str, &'static [(u32, &'static str)], &'static [u16]);

/// The properties whose value is a set of bits.
pub(super) static PROPERTIES: &[Property] = &[
    (0xc000_0000, "AArch64 feature: ", AARCH64_FEATURES, &[183]),
    (0xc000_0002, "x86 feature: ", X86_FEATURES, &[3, 62]),
    (0xc000_8001, "x86 feature needed: ", X86_STATE, &[3, 62]),
    (0xc000_8002, "x86 ISA needed: ", X86_ISA, &[3, 62]),
    (0xc001_0001, "x86 feature used: ", X86_STATE, &[3, 62]),
    (0xc001_0002, "x86 ISA used: ", X86_ISA, &[3, 62]),
    (0xc000_8000, "x86 ISA needed: ", X86_COMPAT_ISA, &[3, 62]),
    (0xc001_0000, "x86 ISA used: ", X86_COMPAT_ISA, &[3, 62]),
    (0xb000_8000, "1_needed: ", NEEDED_1, &[]),
];
