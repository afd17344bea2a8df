//! The only file that names plug-ins: which architectures, formats and targets this kit has.

use lang_c::pp::predefined::{ELF_LINUX, GNU_LIBRARY, IEEE_FLOATS, LONG_DOUBLE_X87, LP64};

/// A target that kit can make programs for.
pub struct TargetRow {
    /// As `-dumpmachine` prints it and `--target=` takes it.
    pub triple: &'static str,
    /// Name of its directories below `/usr/include` and `/usr/lib`.
    pub multiarch: &'static str,
    /// GNU ld's name of the output kind (`-m`).
    pub emulation: &'static str,
    /// GNU binutils' name of its object format.
    pub bfd_target: &'static str,
    /// Path of the dynamic loader.
    pub loader: &'static str,
    pub arch: &'static target::Arch,
    /// How its instructions and tables take part in a link.
    pub link: &'static link::ArchLink,
    pub format: &'static dyn link::Format,
    /// How its code is written as text.
    pub dialect: &'static asm::print::Dialect,
    /// Its instruction selection and encoder.
    pub select: &'static codegen::Select,
    /// Adds what its objects say of themselves: who made them, what they need. The text names the compiler, the
    /// answer is whether code runs on the stack.
    pub add_notes: fn(&mut obj::build::ObjectBuilder, &str, bool),
    /// The object as a file.
    pub write_object: fn(&obj::Object<'_>, &'static target::Arch) -> Vec<u8>,
    /// The same without a record of atoms, and with symbols in the order in which they were made: as an assembler does it.
    pub write_plain: fn(&obj::Object<'_>, &'static target::Arch) -> Vec<u8>,
    /// How a stopped program's stack is walked.
    pub stack: &'static crate::backtrace::StackFacts,
    /// Macros that the compiler predefines for it.
    pub macros: &'static [lang_c::options::MacroTable],
    /// Where its C library may be installed; the first place that is there counts.
    pub libc: &'static [LibcPlace],
    /// Package that brings headers, start files and libraries, for messages.
    pub libc_package: &'static str,
    /// What the compiler's runtime of other compilers' objects is called there.
    pub unwinder: Unwinder,
    /// Package that brings the static unwinder, for messages.
    pub unwinder_package: &'static str,
}

/// A layout of a C library's development files, all paths below the root of the system.
pub struct LibcPlace {
    /// A file that only such an installation has; empty for a place that is always taken.
    pub mark: &'static str,
    pub include: &'static [&'static str],
    pub lib: &'static [&'static str],
}

/// gcc's unwinder and helpers, which other compilers' objects may ask for.
#[derive(Clone, Copy)]
pub struct Unwinder {
    /// Names of the directories below `usr/lib/gcc` that fit.
    pub gcc_names: &'static [&'static str],
    /// The shared library, by its run-time name; `None` where gcc's does not go with this C library.
    pub shared: Option<&'static str>,
    /// The static C library itself asks for it.
    pub static_required: bool,
}

/// Every target; the first is the default.
pub static TARGETS: &[TargetRow] = &[X86_64_LINUX_GNU, X86_64_LINUX_MUSL];

const X86_64_LINUX_GNU: TargetRow = TargetRow {
    triple: "x86_64-linux-gnu",
    multiarch: "x86_64-linux-gnu",
    emulation: "elf_x86_64",
    bfd_target: "elf64-x86-64",
    loader: "/lib64/ld-linux-x86-64.so.2",
    arch: &arch_x86_64::ARCH,
    link: &arch_x86_64::link::ARCH_LINK,
    format: &fmt_elf::link::ElfFormat,
    dialect: &arch_x86_64::dialect::DIALECT,
    select: &arch_x86_64::SELECT,
    add_notes: |builder, producer, executable_stack| {
        let notes =
            fmt_elf::notes::Notes { producer: Some(producer), executable_stack, ..fmt_elf::notes::Notes::default() };
        fmt_elf::notes::add_notes(builder, &notes);
    },
    write_object: |object, arch| fmt_elf::write_object(object, arch, fmt_elf::WriteOptions::default()),
    write_plain: |object, arch| {
        fmt_elf::write_object(object, arch, fmt_elf::WriteOptions { atoms: false, merge_names: true })
    },
    stack: &X86_64_LINUX_STACK,
    macros: &[LP64, IEEE_FLOATS, LONG_DOUBLE_X87, ELF_LINUX, GNU_LIBRARY, arch_x86_64::macros::MACROS],
    libc: &[LibcPlace {
        mark: "",
        include: &["usr/local/include", "usr/include/x86_64-linux-gnu", "usr/include"],
        lib: &[
            "usr/local/lib/x86_64-linux-gnu",
            "lib/x86_64-linux-gnu",
            "usr/lib/x86_64-linux-gnu",
            "lib64",
            "usr/lib64",
            "usr/local/lib",
            "lib",
            "usr/lib",
        ],
    }],
    libc_package: "libc6-dev on Debian and Ubuntu",
    unwinder: Unwinder {
        gcc_names: &["x86_64-linux-gnu", "x86_64-redhat-linux", "x86_64-suse-linux", "x86_64-pc-linux-gnu"],
        shared: Some("libgcc_s.so.1"),
        static_required: true,
    },
    unwinder_package: "libgcc-12-dev or newer on Debian and Ubuntu",
};

/// The same machine and format with musl: what differs is where things are and what is not there.
const X86_64_LINUX_MUSL: TargetRow = TargetRow {
    triple: "x86_64-linux-musl",
    multiarch: "x86_64-linux-musl",
    loader: "/lib/ld-musl-x86_64.so.1",
    macros: &[LP64, IEEE_FLOATS, LONG_DOUBLE_X87, ELF_LINUX, arch_x86_64::macros::MACROS],
    // Beside another C library: Debian's and musl's own; a system that is built on it. Never another library's headers.
    libc: &[
        LibcPlace {
            mark: "usr/lib/x86_64-linux-musl/crt1.o",
            include: &["usr/include/x86_64-linux-musl"],
            lib: &["usr/lib/x86_64-linux-musl"],
        },
        LibcPlace {
            mark: "usr/local/musl/lib/crt1.o",
            include: &["usr/local/musl/include"],
            lib: &["usr/local/musl/lib"],
        },
        LibcPlace {
            mark: "lib/libc.musl-x86_64.so.1",
            include: &["usr/local/include", "usr/include"],
            lib: &["usr/local/lib", "usr/lib", "lib"],
        },
    ],
    libc_package: "musl-dev on Debian, Ubuntu and Alpine",
    // gcc's static helpers know nothing of the C library; its shared ones are linked with one.
    unwinder: Unwinder {
        gcc_names: &["x86_64-linux-musl", "x86_64-alpine-linux-musl", "x86_64-linux-gnu"],
        shared: None,
        static_required: false,
    },
    ..X86_64_LINUX_GNU
};

/// Saved registers as in Linux' `ucontext_t` (`sys/ucontext.h`: general registers follow flags, link and stack, 40 bytes);
/// numbers as in the psABI, figure 3.36.
static X86_64_LINUX_STACK: crate::backtrace::StackFacts = crate::backtrace::StackFacts {
    saved: &[
        (8, 40),
        (9, 48),
        (10, 56),
        (11, 64),
        (12, 72),
        (13, 80),
        (14, 88),
        (15, 96),
        (5, 104),
        (4, 112),
        (6, 120),
        (3, 128),
        (1, 136),
        (0, 144),
        (2, 152),
        (7, 160),
        (16, 168),
    ],
    regs: dwarf::unwind::FrameRegs { stack_pointer: 7, frame_pointer: 6, return_address: 16 },
    leaf_return: crate::backtrace::LeafReturn::OnStack,
    frame_record: crate::backtrace::FrameRecord { caller_frame: 0, return_address: 8, size: 16 },
};

/// The target that `triple` names; vendor names make no difference.
pub fn find_target(triple: &str) -> Option<&'static TargetRow> {
    let wanted = target::Triple::parse(triple)?;
    TARGETS.iter().find(|row| target::Triple::parse(row.triple).as_ref() == Some(&wanted))
}

/// How finished files of one format are looked at.
pub struct ReaderRow {
    pub format: &'static str,
    /// True for bytes that begin as a file of the format does.
    pub recognizes: fn(&[u8]) -> bool,
    pub read_program: for<'a> fn(&'a [u8]) -> Result<obj::program::Program<'a>, obj::ReadError>,
    /// The same without symbols and relocations.
    pub read_sections: for<'a> fn(&'a [u8]) -> Result<obj::program::Program<'a>, obj::ReadError>,
    /// The bytes of a compressed section.
    pub inflate: fn(&[u8]) -> Result<Vec<u8>, String>,
    /// The sections with debug information, and what was wrong with them.
    pub debug_sections: for<'a> fn(&'a [u8]) -> DebugResult<'a>,
    /// [`target::Arch::name`] of the machine that a file is for.
    pub arch_name: fn(&[u8]) -> Option<&'static str>,
    /// The headers that only this format has, as `objdump -p` shows them.
    pub private_headers: fn(&[u8]) -> Result<Vec<u8>, obj::ReadError>,
}

/// What [`ReaderRow::debug_sections`] gives.
pub type DebugResult<'a> = Result<(obj::program::DebugFile<'a>, Vec<String>), obj::ReadError>;

/// Every format that can be looked at.
pub static READERS: &[ReaderRow] = &[ReaderRow {
    format: fmt_elf::FORMAT,
    recognizes: |bytes| bytes.starts_with(fmt_elf::defs::ELFMAG),
    read_program: fmt_elf::read_program,
    read_sections: fmt_elf::read_program_sections,
    inflate: fmt_elf::inflate,
    debug_sections: readelf::debug_sections,
    arch_name: |bytes| fmt_elf::identify(bytes).ok()?.arch_name(),
    private_headers: fmt_elf::list::private_headers,
}];

/// The lister that only one format has.
pub use fmt_elf::readelf;
/// What copying gives.
pub type CopyResult<T> = Result<T, obj::copy::CopyError>;

/// How files of one format are copied with changes.
pub struct CopierRow {
    pub format: &'static str,
    /// True for bytes that begin as a file of the format does.
    pub recognizes: fn(&[u8]) -> bool,
    /// True for a file that is linked: a program or a shared library.
    pub is_linked: fn(&[u8]) -> bool,
    /// GNU binutils' name of the format of a file.
    pub bfd_target: fn(&[u8]) -> Option<&'static str>,
    /// [`target::Arch::name`] of what GNU binutils call by this name: a format of object files or an architecture.
    pub arch_named: fn(&str) -> Option<&'static str>,
    pub copy: fn(&[u8], &obj::copy::Plan) -> CopyResult<obj::copy::Copied>,
    /// What is loaded of a file.
    pub load_image: fn(&[u8], &obj::copy::Plan) -> CopyResult<obj::copy::LoadImage>,
    /// Bytes without a format as an object for the architecture, under the name that its symbols get.
    pub wrap: fn(&[u8], &[u8], &target::Arch, &obj::copy::Plan) -> CopyResult<obj::copy::Copied>,
}

/// Every format that can be copied.
pub static COPIERS: &[CopierRow] = &[CopierRow {
    format: fmt_elf::FORMAT,
    recognizes: |bytes| bytes.starts_with(fmt_elf::defs::ELFMAG),
    is_linked: |bytes| {
        let kind = fmt_elf::identify(bytes).map(|ident| ident.file_type);
        matches!(kind, Ok(fmt_elf::FileType::Program | fmt_elf::FileType::Shared))
    },
    bfd_target: |bytes| Some(fmt_elf::defs::machine(fmt_elf::identify(bytes).ok()?.arch_name()?)?.bfd_target),
    arch_named: |name| {
        let row = fmt_elf::defs::MACHINES.iter().find(|row| name == row.bfd_target || name == row.bfd_arch)?;
        Some(row.arch)
    },
    copy: fmt_elf::copy::copy,
    load_image: fmt_elf::copy::load_image,
    wrap: |bytes, name, arch, plan| {
        let machine = fmt_elf::defs::machine(arch.name).map_or(0, |machine| machine.number);
        fmt_elf::copy::from_binary(fmt_elf::copy::BinaryInput { bytes, name, machine }, plan)
    },
}];

/// The names that an object of any of these formats defines for an archive's index; none for what is no object.
pub fn defined_names(bytes: &[u8]) -> Vec<Vec<u8>> {
    fmt_elf::defined_names(bytes)
}

impl std::fmt::Debug for TargetRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.triple)
    }
}
