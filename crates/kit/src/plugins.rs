//! The only file that names plug-ins: which architectures, formats and targets this kit has.

/// A target that kit can make programs for.
#[derive(Debug)]
pub struct TargetRow {
    /// As `-dumpmachine` prints it and `--target=` takes it.
    pub triple: &'static str,
    /// Name of its directories below `/usr/include` and `/usr/lib`.
    pub multiarch: &'static str,
    /// GNU ld's name of the output kind (`-m`).
    pub emulation: &'static str,
    /// Path of the dynamic loader.
    pub loader: &'static str,
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
    libc_package: "libc6-dev on Debian and Ubuntu",
    unwinder_package: "libgcc-12-dev or newer on Debian and Ubuntu",
}];

/// The target that `triple` names; vendor names make no difference.
pub fn find_target(triple: &str) -> Option<&'static TargetRow> {
    let wanted = target::Triple::parse(triple)?;
    TARGETS.iter().find(|row| target::Triple::parse(row.triple).as_ref() == Some(&wanted))
}
