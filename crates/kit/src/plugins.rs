//! The only file that names plug-ins: which architectures, formats and targets this kit has.

/// A target that kit can make programs for.
pub struct TargetRow {
    /// As `-dumpmachine` prints it and `--target=` takes it.
    pub triple: &'static str,
    /// Name of its directories below `/usr/include` and `/usr/lib`.
    pub multiarch: &'static str,
    /// GNU ld's name of the output kind (`-m`).
    pub emulation: &'static str,
    /// Path of the dynamic loader.
    pub loader: &'static str,
    pub arch: &'static target::Arch,
    /// How its instructions and tables take part in a link.
    pub link: &'static link::ArchLink,
    pub format: &'static dyn link::Format,
    /// Macros that the compiler predefines for it.
    pub macros: &'static [lang_c::options::MacroTable],
    /// Package that brings headers, start files and libraries, for messages.
    pub libc_package: &'static str,
    /// Package that brings the static unwinder, for messages.
    pub unwinder_package: &'static str,
}

/// Every target; the first is the default.
pub static TARGETS: &[TargetRow] = &[TargetRow {
    triple: "x86_64-linux-gnu",
    multiarch: "x86_64-linux-gnu",
    emulation: "elf_x86_64",
    loader: "/lib64/ld-linux-x86-64.so.2",
    arch: &arch_x86_64::ARCH,
    link: &arch_x86_64::link::ARCH_LINK,
    format: &fmt_elf::link::ElfFormat,
    macros: &[X86_64_MACROS, LINUX_MACROS],
    libc_package: "libc6-dev on Debian and Ubuntu",
    unwinder_package: "libgcc-12-dev or newer on Debian and Ubuntu",
}];

/// The target that `triple` names; vendor names make no difference.
pub fn find_target(triple: &str) -> Option<&'static TargetRow> {
    let wanted = target::Triple::parse(triple)?;
    TARGETS.iter().find(|row| target::Triple::parse(row.triple).as_ref() == Some(&wanted))
}

/// What the psABI's data model and the instruction set make true (as gcc's `-dM -E` names it).
static X86_64_MACROS: lang_c::options::MacroTable = &[
    ("__x86_64", "1"),
    ("__x86_64__", "1"),
    ("__amd64", "1"),
    ("__amd64__", "1"),
    ("__SSE__", "1"),
    ("__SSE2__", "1"),
    ("__SSE_MATH__", "1"),
    ("__SSE2_MATH__", "1"),
    ("__MMX__", "1"),
    ("__FXSR__", "1"),
    ("__k8", "1"),
    ("__k8__", "1"),
    ("__code_model_small__", "1"),
    ("__SEG_FS", "1"),
    ("__SEG_GS", "1"),
];

/// The system's own macros.
static LINUX_MACROS: lang_c::options::MacroTable = &[
    ("__linux", "1"),
    ("__linux__", "1"),
    ("__gnu_linux__", "1"),
    ("__unix", "1"),
    ("__unix__", "1"),
    ("__ELF__", "1"),
    ("__DECIMAL_BID_FORMAT__", "1"),
];

impl std::fmt::Debug for TargetRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.triple)
    }
}
