//! Numbers and record layouts of ELF64: System V gABI chapters 4 and 5, GNU extensions as in glibc's `elf.h`.
//! Names are spelled as in the specification.

pub const EHDR_SIZE: usize = 64;
pub const SHDR_SIZE: usize = 64;
pub const PHDR_SIZE: usize = 56;
pub const SYM_SIZE: usize = 24;
pub const RELA_SIZE: usize = 24;
pub const REL_SIZE: usize = 16;
pub const DYN_SIZE: usize = 16;
pub const CHDR_SIZE: usize = 24;

pub const ELFMAG: &[u8; 4] = b"\x7fELF";
/// Place of the operating system in `e_ident`, and the value for what relies on GNU extensions.
pub const EI_OSABI: usize = 7;
pub const ELFOSABI_GNU: u8 = 3;
pub const ELFCLASS64: u8 = 2;
pub const ELFDATA2LSB: u8 = 1;

pub const ET_REL: u16 = 1;
pub const ET_EXEC: u16 = 2;
pub const ET_DYN: u16 = 3;
pub const ET_CORE: u16 = 4;

pub const EM_X86_64: u16 = 62;
pub const EM_AARCH64: u16 = 183;
pub const EM_RISCV: u16 = 243;

pub const SHN_UNDEF: u16 = 0;
pub const SHN_LORESERVE: u16 = 0xff00;
pub const SHN_ABS: u16 = 0xfff1;
pub const SHN_COMMON: u16 = 0xfff2;
pub const SHN_XINDEX: u16 = 0xffff;
/// Common symbols of the large model (x86-64 psABI).
pub const SHN_X86_64_LCOMMON: u16 = 0xff02;

pub const SHT_NULL: u32 = 0;
pub const SHT_PROGBITS: u32 = 1;
pub const SHT_SYMTAB: u32 = 2;
pub const SHT_STRTAB: u32 = 3;
pub const SHT_RELA: u32 = 4;
pub const SHT_HASH: u32 = 5;
pub const SHT_DYNAMIC: u32 = 6;
pub const SHT_NOTE: u32 = 7;
pub const SHT_NOBITS: u32 = 8;
pub const SHT_REL: u32 = 9;
pub const SHT_DYNSYM: u32 = 11;
pub const SHT_INIT_ARRAY: u32 = 14;
pub const SHT_FINI_ARRAY: u32 = 15;
pub const SHT_PREINIT_ARRAY: u32 = 16;
pub const SHT_GROUP: u32 = 17;
pub const SHT_SYMTAB_SHNDX: u32 = 18;
pub const SHT_RELR: u32 = 19;
pub const SHT_LLVM_ADDRSIG: u32 = 0x6fff_4c03;
pub const SHT_GNU_HASH: u32 = 0x6fff_fff6;
pub const SHT_GNU_VERDEF: u32 = 0x6fff_fffd;
pub const SHT_GNU_VERNEED: u32 = 0x6fff_fffe;
pub const SHT_GNU_VERSYM: u32 = 0x6fff_ffff;

pub const SHF_WRITE: u64 = 1;
pub const SHF_ALLOC: u64 = 2;
pub const SHF_EXECINSTR: u64 = 4;
pub const SHF_MERGE: u64 = 0x10;
pub const SHF_STRINGS: u64 = 0x20;
pub const SHF_INFO_LINK: u64 = 0x40;
pub const SHF_LINK_ORDER: u64 = 0x80;
pub const SHF_OS_NONCONFORMING: u64 = 0x100;
pub const SHF_GROUP: u64 = 0x200;
pub const SHF_TLS: u64 = 0x400;
pub const SHF_COMPRESSED: u64 = 0x800;
pub const SHF_GNU_RETAIN: u64 = 0x20_0000;
pub const SHF_GNU_MBIND: u64 = 0x100_0000;
pub const SHF_X86_64_LARGE: u64 = 0x1000_0000;
pub const SHF_EXCLUDE: u64 = 0x8000_0000;

pub const GRP_COMDAT: u32 = 1;

pub const STB_LOCAL: u8 = 0;
pub const STB_GLOBAL: u8 = 1;
pub const STB_WEAK: u8 = 2;
pub const STB_GNU_UNIQUE: u8 = 10;

pub const STT_NOTYPE: u8 = 0;
pub const STT_OBJECT: u8 = 1;
pub const STT_FUNC: u8 = 2;
pub const STT_SECTION: u8 = 3;
pub const STT_FILE: u8 = 4;
pub const STT_COMMON: u8 = 5;
pub const STT_TLS: u8 = 6;
pub const STT_GNU_IFUNC: u8 = 10;

pub const STV_DEFAULT: u8 = 0;
pub const STV_INTERNAL: u8 = 1;
pub const STV_HIDDEN: u8 = 2;
pub const STV_PROTECTED: u8 = 3;

pub const PT_LOAD: u32 = 1;
pub const PT_DYNAMIC: u32 = 2;
pub const PT_INTERP: u32 = 3;
pub const PT_NOTE: u32 = 4;
pub const PT_PHDR: u32 = 6;
pub const PT_TLS: u32 = 7;
pub const PT_GNU_EH_FRAME: u32 = 0x6474_e550;
pub const PT_GNU_STACK: u32 = 0x6474_e551;
pub const PT_GNU_RELRO: u32 = 0x6474_e552;
pub const PT_GNU_PROPERTY: u32 = 0x6474_e553;

pub const PF_X: u32 = 1;
pub const PF_W: u32 = 2;
pub const PF_R: u32 = 4;

pub const DT_NULL: u64 = 0;
pub const DT_NEEDED: u64 = 1;
pub const DT_PLTRELSZ: u64 = 2;
pub const DT_PLTGOT: u64 = 3;
pub const DT_HASH: u64 = 4;
pub const DT_STRTAB: u64 = 5;
pub const DT_SYMTAB: u64 = 6;
pub const DT_RELA: u64 = 7;
pub const DT_RELASZ: u64 = 8;
pub const DT_RELAENT: u64 = 9;
pub const DT_STRSZ: u64 = 10;
pub const DT_SYMENT: u64 = 11;
pub const DT_INIT: u64 = 12;
pub const DT_FINI: u64 = 13;
pub const DT_SONAME: u64 = 14;
pub const DT_RPATH: u64 = 15;
pub const DT_SYMBOLIC: u64 = 16;
pub const DT_DEBUG: u64 = 21;
pub const DT_TEXTREL: u64 = 22;
pub const DT_JMPREL: u64 = 23;
pub const DT_BIND_NOW: u64 = 24;
pub const DT_INIT_ARRAY: u64 = 25;
pub const DT_FINI_ARRAY: u64 = 26;
pub const DT_INIT_ARRAYSZ: u64 = 27;
pub const DT_FINI_ARRAYSZ: u64 = 28;
pub const DT_RUNPATH: u64 = 29;
pub const DT_FLAGS: u64 = 30;
pub const DT_PREINIT_ARRAY: u64 = 32;
pub const DT_PREINIT_ARRAYSZ: u64 = 33;
pub const DT_PLTREL: u64 = 20;
pub const DT_GNU_HASH: u64 = 0x6fff_fef5;
pub const DT_RELACOUNT: u64 = 0x6fff_fff9;
pub const DT_FLAGS_1: u64 = 0x6fff_fffb;
pub const DT_VERSYM: u64 = 0x6fff_fff0;
pub const DT_VERDEF: u64 = 0x6fff_fffc;
pub const DT_VERDEFNUM: u64 = 0x6fff_fffd;
pub const DT_VERNEED: u64 = 0x6fff_fffe;
pub const DT_VERNEEDNUM: u64 = 0x6fff_ffff;

pub const VER_FLG_BASE: u16 = 1;
/// Version index of what is global and bound to no version.
pub const VER_NDX_GLOBAL: u16 = 1;
/// Bit of a `.gnu.version` entry: not the default version of its name.
pub const VERSYM_HIDDEN: u16 = 0x8000;

/// What ELF knows of a machine beside its number.
#[derive(Debug)]
pub struct Machine {
    /// As [`target::Arch::name`] spells it.
    pub arch: &'static str,
    pub number: u16,
    /// Processor-specific section type of unwind tables, or 0.
    pub unwind_type: u32,
    /// Processor-specific section flag of the large model, or 0.
    pub large_flag: u64,
    /// As GNU binutils print it: `elf64-x86-64`.
    pub bfd_target: &'static str,
    /// As GNU binutils print it: `i386:x86-64`.
    pub bfd_arch: &'static str,
}

/// The machines, one row each.
pub static MACHINES: &[Machine] = &[
    Machine {
        arch: "x86_64",
        number: EM_X86_64,
        unwind_type: 0x7000_0001,
        large_flag: SHF_X86_64_LARGE,
        bfd_target: "elf64-x86-64",
        bfd_arch: "i386:x86-64",
    },
    Machine {
        arch: "aarch64",
        number: EM_AARCH64,
        unwind_type: 0,
        large_flag: 0,
        bfd_target: "elf64-littleaarch64",
        bfd_arch: "aarch64",
    },
    Machine {
        arch: "riscv64",
        number: EM_RISCV,
        unwind_type: 0,
        large_flag: 0,
        bfd_target: "elf64-littleriscv",
        bfd_arch: "riscv:rv64",
    },
];

/// The row of the architecture named `arch`, if ELF has one.
pub fn machine(arch: &str) -> Option<&'static Machine> {
    MACHINES.iter().find(|machine| machine.arch == arch)
}
