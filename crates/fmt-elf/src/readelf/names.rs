//! Numbers in the words of GNU readelf. gABI chapters 4 and 5; `elf.h` of glibc for the GNU extensions; the psABIs for
//! what is below a machine's own numbers.

use crate::defs;

/// The word for a number.
pub(super) fn find<'t>(table: &'t [(u32, &'t str)], number: u32) -> Option<&'t str> {
    table.iter().find(|(row, _)| *row == number).map(|(_, name)| *name)
}

pub(super) static FILE_TYPES: &[(u32, &str)] = &[
    (0, "NONE (None)"),
    (1, "REL (Relocatable file)"),
    (2, "EXEC (Executable file)"),
    (3, "DYN (Shared object file)"),
    (4, "CORE (Core file)"),
];

pub(super) static OS_NAMES: &[(u32, &str)] = &[
    (0, "UNIX - System V"),
    (1, "UNIX - HP-UX"),
    (2, "UNIX - NetBSD"),
    (3, "UNIX - GNU"),
    (6, "UNIX - Solaris"),
    (7, "UNIX - AIX"),
    (8, "UNIX - IRIX"),
    (9, "UNIX - FreeBSD"),
    (10, "UNIX - TRU64"),
    (11, "Novell - Modesto"),
    (12, "UNIX - OpenBSD"),
    (13, "VMS - OpenVMS"),
    (14, "HP - Non-Stop Kernel"),
    (15, "AROS"),
    (16, "FenixOS"),
    (17, "Nuxi CloudABI"),
    (18, "Stratus Technologies OpenVOS"),
];

pub(super) static MACHINE_NAMES: &[(u32, &str)] = &[
    (0, "None"),
    (1, "WE32100"),
    (2, "Sparc"),
    (3, "Intel 80386"),
    (4, "MC68000"),
    (5, "MC88000"),
    (6, "Intel MCU"),
    (7, "Intel 80860"),
    (8, "MIPS R3000"),
    (9, "IBM System/370"),
    (10, "MIPS R4000 big-endian"),
    (15, "HPPA"),
    (18, "Sparc v8+"),
    (19, "Intel 80960"),
    (20, "PowerPC"),
    (21, "PowerPC64"),
    (22, "IBM S/390"),
    (23, "SPU"),
    (40, "ARM"),
    (41, "Digital Alpha (old)"),
    (42, "Renesas / SuperH SH"),
    (43, "Sparc v9"),
    (44, "Siemens Tricore"),
    (45, "ARC"),
    (50, "Intel IA-64"),
    (51, "Stanford MIPS-X"),
    (52, "Motorola Coldfire"),
    (62, "Advanced Micro Devices X86-64"),
    (75, "Digital VAX"),
    (80, "Donald Knuth's educational 64-bit processor"),
    (83, "Atmel AVR 8-bit microcontroller"),
    (92, "OpenRISC 1000"),
    (94, "Tensilica Xtensa Processor"),
    (105, "Texas Instruments msp430 microcontroller"),
    (106, "Analog Devices Blackfin"),
    (113, "Altera Nios II"),
    (164, "QUALCOMM Hexagon"),
    (180, "Intel L1OM"),
    (181, "Intel K1OM"),
    (183, "AArch64"),
    (189, "Xilinx MicroBlaze"),
    (191, "Tilera TILE-Gx multicore architecture family"),
    (195, "ARCv2"),
    (224, "AMD GPU"),
    (243, "RISC-V"),
    (247, "Linux BPF"),
    (252, "C-SKY"),
    (258, "LoongArch"),
    (0x9026, "Alpha"),
];

pub(super) static SECTION_TYPES: &[(u32, &str)] = &[
    (defs::SHT_NULL, "NULL"),
    (defs::SHT_PROGBITS, "PROGBITS"),
    (defs::SHT_SYMTAB, "SYMTAB"),
    (defs::SHT_STRTAB, "STRTAB"),
    (defs::SHT_RELA, "RELA"),
    (defs::SHT_HASH, "HASH"),
    (defs::SHT_DYNAMIC, "DYNAMIC"),
    (defs::SHT_NOTE, "NOTE"),
    (defs::SHT_NOBITS, "NOBITS"),
    (defs::SHT_REL, "REL"),
    (10, "SHLIB"),
    (defs::SHT_DYNSYM, "DYNSYM"),
    (defs::SHT_INIT_ARRAY, "INIT_ARRAY"),
    (defs::SHT_FINI_ARRAY, "FINI_ARRAY"),
    (defs::SHT_PREINIT_ARRAY, "PREINIT_ARRAY"),
    (defs::SHT_GROUP, "GROUP"),
    (defs::SHT_SYMTAB_SHNDX, "SYMTAB SECTION INDICES"),
    (defs::SHT_RELR, "RELR"),
    (0x6fff_fff5, "GNU_ATTRIBUTES"),
    (defs::SHT_GNU_HASH, "GNU_HASH"),
    (0x6fff_fff7, "GNU_LIBLIST"),
    (0x6fff_fff0, "VERSYM"),
    (0x6fff_fffc, "VERDEF"),
    (defs::SHT_GNU_VERDEF, "VERDEF"),
    (defs::SHT_GNU_VERNEED, "VERNEED"),
    (defs::SHT_GNU_VERSYM, "VERSYM"),
    (0x7fff_fffd, "AUXILIARY"),
    (0x7fff_ffff, "FILTER"),
];

/// Types of one machine: machine, number, word.
pub(super) static MACHINE_SECTION_TYPES: &[(u16, u32, &str)] = &[
    (defs::EM_X86_64, 0x7000_0001, "X86_64_UNWIND"),
    (defs::EM_AARCH64, 0x7000_0003, "AARCH64_ATTRIBUTES"),
    (defs::EM_RISCV, 0x7000_0003, "RISCV_ATTRIBUTES"),
];

/// A section type in words.
pub(super) fn section_type(machine: u16, number: u32) -> String {
    if let Some(name) = find(SECTION_TYPES, number) {
        return name.into();
    }
    match number {
        0x7000_0000..=0x7fff_ffff => {
            let own = MACHINE_SECTION_TYPES.iter().find(|(row, kind, _)| (*row, *kind) == (machine, number));
            own.map_or_else(|| format!("LOPROC+{:#x}", number - 0x7000_0000), |(.., name)| (*name).into())
        }
        0x6000_0000..=0x6fff_ffff => format!("LOOS+{:#x}", number - 0x6000_0000),
        0x8000_0000.. => format!("LOUSER+{:#x}", number - 0x8000_0000),
        _ => format!("<unknown>: {number:x}"),
    }
}

pub(crate) static SEGMENT_TYPES: &[(u32, &str)] = &[
    (0, "NULL"),
    (defs::PT_LOAD, "LOAD"),
    (defs::PT_DYNAMIC, "DYNAMIC"),
    (defs::PT_INTERP, "INTERP"),
    (defs::PT_NOTE, "NOTE"),
    (5, "SHLIB"),
    (defs::PT_PHDR, "PHDR"),
    (defs::PT_TLS, "TLS"),
    (defs::PT_GNU_EH_FRAME, "GNU_EH_FRAME"),
    (defs::PT_GNU_STACK, "GNU_STACK"),
    (defs::PT_GNU_RELRO, "GNU_RELRO"),
    (defs::PT_GNU_PROPERTY, "GNU_PROPERTY"),
    (0x6474_e554, "GNU_SFRAME"),
    (0x65a3_dbe6, "OPENBSD_RANDOMIZE"),
    (0x65a3_dbe7, "OPENBSD_WXNEEDED"),
    (0x65a4_1be6, "OPENBSD_BOOTDATA"),
];

/// A segment type in words.
pub(super) fn segment_type(machine: u16, number: u32) -> String {
    if let Some(name) = find(SEGMENT_TYPES, number) {
        return name.into();
    }
    match number {
        0x6474_e555..=0x6474_f554 => format!("GNU_MBIND+{:#x}", number - 0x6474_e555),
        0x7000_0003 if machine == defs::EM_RISCV => "RISCV_ATTRIBUTES".into(),
        0x7000_0002 if machine == defs::EM_AARCH64 => "AARCH64_MEMTAG_MTE".into(),
        0x7000_0000..=0x7fff_ffff => format!("LOPROC+{:#x}", number - 0x7000_0000),
        0x6000_0000..=0x6fff_ffff => format!("LOOS+{:#x}", number - 0x6000_0000),
        _ => format!("<unknown>: {number:x}"),
    }
}

/// How the value of a dynamic tag is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Address,
    Bytes,
    Number,
    /// A string, with what it is.
    Text(&'static str),
    /// The number of another tag: the kind of relocations.
    Tag,
    /// Bits with these names, and the word in front of them.
    Bits(&'static str, &'static [(u64, &'static str)]),
    /// Says all by being there.
    Nothing,
    /// Seconds since 1970.
    Time,
}

static DF: &[(u64, &str)] = &[(1, "ORIGIN"), (2, "SYMBOLIC"), (4, "TEXTREL"), (8, "BIND_NOW"), (16, "STATIC_TLS")];

static DF_1: &[(u64, &str)] = &[
    (0x1, "NOW"),
    (0x2, "GLOBAL"),
    (0x4, "GROUP"),
    (0x8, "NODELETE"),
    (0x10, "LOADFLTR"),
    (0x20, "INITFIRST"),
    (0x40, "NOOPEN"),
    (0x80, "ORIGIN"),
    (0x100, "DIRECT"),
    (0x200, "TRANS"),
    (0x400, "INTERPOSE"),
    (0x800, "NODEFLIB"),
    (0x1000, "NODUMP"),
    (0x2000, "CONFALT"),
    (0x4000, "ENDFILTEE"),
    (0x8000, "DISPRELDNE"),
    (0x1_0000, "DISPRELPND"),
    (0x2_0000, "NODIRECT"),
    (0x4_0000, "IGNMULDEF"),
    (0x8_0000, "NOKSYMS"),
    (0x10_0000, "NOHDR"),
    (0x20_0000, "EDITED"),
    (0x40_0000, "NORELOC"),
    (0x80_0000, "SYMINTPOSE"),
    (0x100_0000, "GLOBAUDIT"),
    (0x200_0000, "SINGLETON"),
    (0x400_0000, "STUB"),
    (0x800_0000, "PIE"),
    (0x1000_0000, "KMOD"),
    (0x2000_0000, "WEAKFILTER"),
    (0x4000_0000, "NOCOMMON"),
];

pub(crate) static DYNAMIC_TAGS: &[(u64, &str, Value)] = &[
    (defs::DT_NULL, "NULL", Value::Address),
    (defs::DT_NEEDED, "NEEDED", Value::Text("Shared library")),
    (defs::DT_PLTRELSZ, "PLTRELSZ", Value::Bytes),
    (defs::DT_PLTGOT, "PLTGOT", Value::Address),
    (defs::DT_HASH, "HASH", Value::Address),
    (defs::DT_STRTAB, "STRTAB", Value::Address),
    (defs::DT_SYMTAB, "SYMTAB", Value::Address),
    (defs::DT_RELA, "RELA", Value::Address),
    (defs::DT_RELASZ, "RELASZ", Value::Bytes),
    (defs::DT_RELAENT, "RELAENT", Value::Bytes),
    (defs::DT_STRSZ, "STRSZ", Value::Bytes),
    (defs::DT_SYMENT, "SYMENT", Value::Bytes),
    (defs::DT_INIT, "INIT", Value::Address),
    (defs::DT_FINI, "FINI", Value::Address),
    (defs::DT_SONAME, "SONAME", Value::Text("Library soname")),
    (defs::DT_RPATH, "RPATH", Value::Text("Library rpath")),
    (defs::DT_SYMBOLIC, "SYMBOLIC", Value::Address),
    (17, "REL", Value::Address),
    (18, "RELSZ", Value::Bytes),
    (19, "RELENT", Value::Bytes),
    (defs::DT_PLTREL, "PLTREL", Value::Tag),
    (defs::DT_DEBUG, "DEBUG", Value::Address),
    (defs::DT_TEXTREL, "TEXTREL", Value::Address),
    (defs::DT_JMPREL, "JMPREL", Value::Address),
    (defs::DT_BIND_NOW, "BIND_NOW", Value::Nothing),
    (defs::DT_INIT_ARRAY, "INIT_ARRAY", Value::Address),
    (defs::DT_FINI_ARRAY, "FINI_ARRAY", Value::Address),
    (defs::DT_INIT_ARRAYSZ, "INIT_ARRAYSZ", Value::Bytes),
    (defs::DT_FINI_ARRAYSZ, "FINI_ARRAYSZ", Value::Bytes),
    (defs::DT_RUNPATH, "RUNPATH", Value::Text("Library runpath")),
    (defs::DT_FLAGS, "FLAGS", Value::Bits("", DF)),
    (defs::DT_PREINIT_ARRAY, "PREINIT_ARRAY", Value::Address),
    (defs::DT_PREINIT_ARRAYSZ, "PREINIT_ARRAYSZ", Value::Bytes),
    (34, "SYMTAB_SHNDX", Value::Address),
    (35, "RELRSZ", Value::Bytes),
    (36, "RELR", Value::Address),
    (37, "RELRENT", Value::Bytes),
    (0x6fff_fdf5, "GNU_PRELINKED", Value::Time),
    (0x6fff_fdf6, "GNU_CONFLICTSZ", Value::Bytes),
    (0x6fff_fdf7, "GNU_LIBLISTSZ", Value::Bytes),
    (0x6fff_fdf8, "CHECKSUM", Value::Address),
    (0x6fff_fdf9, "PLTPADSZ", Value::Bytes),
    (0x6fff_fdfa, "MOVEENT", Value::Bytes),
    (0x6fff_fdfb, "MOVESZ", Value::Bytes),
    (0x6fff_fdfc, "FEATURE", Value::Bits("Flags:", &[(1, "PARINIT"), (2, "CONFEXP")])),
    (0x6fff_fdfd, "POSFLAG_1", Value::Bits("Flags:", &[(1, "LAZYLOAD"), (2, "GROUPPERM")])),
    (0x6fff_fdfe, "SYMINSZ", Value::Bytes),
    (0x6fff_fdff, "SYMINENT", Value::Bytes),
    (defs::DT_GNU_HASH, "GNU_HASH", Value::Address),
    (0x6fff_fef6, "TLSDESC_PLT", Value::Address),
    (0x6fff_fef7, "TLSDESC_GOT", Value::Address),
    (0x6fff_fef8, "GNU_CONFLICT", Value::Address),
    (0x6fff_fef9, "GNU_LIBLIST", Value::Address),
    (0x6fff_fefa, "CONFIG", Value::Text("Configuration file")),
    (0x6fff_fefb, "DEPAUDIT", Value::Text("Dependency audit library")),
    (0x6fff_fefc, "AUDIT", Value::Text("Audit library")),
    (0x6fff_fefd, "PLTPAD", Value::Address),
    (0x6fff_fefe, "MOVETAB", Value::Address),
    (0x6fff_feff, "SYMINFO", Value::Address),
    (defs::DT_VERSYM, "VERSYM", Value::Address),
    (defs::DT_RELACOUNT, "RELACOUNT", Value::Number),
    (0x6fff_fffa, "RELCOUNT", Value::Number),
    (defs::DT_FLAGS_1, "FLAGS_1", Value::Bits("Flags:", DF_1)),
    (defs::DT_VERDEF, "VERDEF", Value::Address),
    (defs::DT_VERDEFNUM, "VERDEFNUM", Value::Number),
    (defs::DT_VERNEED, "VERNEED", Value::Address),
    (defs::DT_VERNEEDNUM, "VERNEEDNUM", Value::Number),
    (0x7fff_fffd, "AUXILIARY", Value::Text("Auxiliary library")),
    (0x7fff_fffe, "USED", Value::Text("Not needed object")),
    (0x7fff_ffff, "FILTER", Value::Text("Filter library")),
];

/// Tags of one machine: machine, number, word.
pub(super) static MACHINE_DYNAMIC_TAGS: &[(u16, u64, &str)] = &[
    (defs::EM_X86_64, 0x7000_0000, "X86_64_PLT"),
    (defs::EM_X86_64, 0x7000_0001, "X86_64_PLTSZ"),
    (defs::EM_X86_64, 0x7000_0003, "X86_64_PLTENT"),
    (defs::EM_AARCH64, 0x7000_0001, "AARCH64_BTI_PLT"),
    (defs::EM_AARCH64, 0x7000_0003, "AARCH64_PAC_PLT"),
    (defs::EM_AARCH64, 0x7000_0005, "AARCH64_VARIANT_PCS"),
    (defs::EM_RISCV, 0x7000_0001, "RISCV_VARIANT_CC"),
];

pub(super) static SYMBOL_TYPES: &[(u32, &str)] = &[
    (0, "NOTYPE"),
    (1, "OBJECT"),
    (2, "FUNC"),
    (3, "SECTION"),
    (4, "FILE"),
    (5, "COMMON"),
    (6, "TLS"),
    (8, "RELC"),
    (9, "SRELC"),
];

pub(super) static BINDINGS: &[(u32, &str)] = &[(0, "LOCAL"), (1, "GLOBAL"), (2, "WEAK")];

pub(super) static VISIBILITIES: [&str; 4] = ["DEFAULT", "INTERNAL", "HIDDEN", "PROTECTED"];
