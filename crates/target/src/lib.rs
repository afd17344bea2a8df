//! What generic code may know of a target: facts, in tables that the architecture crates fill. No architecture in it.
//!
//! Reading order: [`layout`] (sizes and alignments, C-independent), [`reloc`] (one row per relocation kind), [`triple`],
//! and [`Arch`], the row that an architecture exports to everyone. Facets for one consumer (selection, linking,
//! assembling) are typed by that consumer, not here.
#![forbid(unsafe_code)]

pub mod layout;
pub mod reloc;
pub mod triple;

pub use layout::{DataLayout, FloatFormat, ScalarLayout};
pub use reloc::{Formula, RelocDesc, RelocFlags, RelocKind, RelocRange};
pub use triple::Triple;

/// An architecture, as everyone sees it. One `static` per architecture crate.
pub struct Arch {
    /// First component of a triple: `x86_64`.
    pub name: &'static str,
    pub layout: &'static DataLayout,
    /// Every relocation kind; indexed by [`RelocKind`].
    pub relocs: &'static [RelocDesc],
    /// Kinds that generic code must be able to ask for.
    pub common: CommonRelocs,
    /// Register names by DWARF number, for unwind and debug listings; empty strings are gaps.
    pub dwarf_regs: &'static [&'static str],
    /// DWARF number of the column that holds the return address.
    pub return_address_reg: u8,
    /// DWARF number of the stack pointer.
    pub stack_pointer_reg: u8,
    /// Unwind factors: code and data alignment (DWARF 5, 6.4.1).
    pub code_align: u8,
    pub data_align: i8,
    /// Largest page size an image must respect, in bytes.
    pub max_page_size: u64,
    /// Lowest address of a position-dependent image.
    pub image_base: u64,
    /// Builtin functions that only this architecture has, ordered by name.
    pub builtins: &'static [MachineBuiltin],
    /// What `-m` options may add.
    pub features: &'static [MachineFeature],
    /// How a program asks what the processor under it can do.
    pub processor: Option<&'static ProcessorTests>,
}

impl Arch {
    /// The row of `kind`.
    #[inline]
    pub fn reloc(&self, kind: RelocKind) -> &'static RelocDesc {
        &self.relocs[kind.0 as usize]
    }
}

/// A builtin function of C that is an instruction of one architecture, or a few of them: a row of a table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MachineBuiltin {
    pub name: &'static str,
    /// Result, then parameters; a letter each, which the front end knows (`lang_c::builtins`). Vectors have 16 bytes.
    pub signature: &'static str,
    /// Instructions in the architecture's assembly, operands as in inline assembly: `%0` is the result, where there is one.
    pub template: &'static str,
    /// Where each operand is, separated by blanks, as constraints of inline assembly: the result first.
    pub constraints: &'static str,
}

/// Instructions beyond those of every machine of an architecture, which a compiler may be told to use.
#[derive(Clone, Copy, Debug)]
pub struct MachineFeature {
    /// As `-m` names it.
    pub name: &'static str,
    /// Macros that say so: name and body.
    pub macros: &'static [(&'static str, &'static str)],
    /// Features that it cannot be without, by name.
    pub needs: &'static [&'static str],
    /// Features that it brings unless an option is against them.
    pub brings: &'static [&'static str],
}

/// What `__builtin_cpu_supports` and its kin stand for: words in memory that the runtime fills when a program starts.
#[derive(Clone, Copy, Debug)]
pub struct ProcessorTests {
    /// The runtime's function that fills them, for code that runs before that; no arguments, `int` for a result.
    pub fill: &'static str,
    /// By the name of a feature: which bits of which word say that it is there.
    pub supports: fn(&str) -> Option<ProcessorWord>,
    /// By the name of a maker or of processors: what a word then is.
    pub is: fn(&str) -> Option<ProcessorWord>,
}

impl PartialEq for ProcessorTests {
    /// There is one of each architecture.
    fn eq(&self, other: &ProcessorTests) -> bool {
        std::ptr::eq(self, other)
    }
}

/// A word of 32 bits of an array that the runtime defines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ProcessorWord {
    pub symbol: &'static str,
    /// Its index in the array.
    pub index: u32,
    /// Bits, or a whole value.
    pub value: u32,
}

/// The relocation kinds that exist on every architecture under different names.
#[derive(Clone, Copy, Debug)]
pub struct CommonRelocs {
    /// No relocation at all.
    pub none: RelocKind,
    /// `S + A`, 32 and 64 bits of data.
    pub abs32: RelocKind,
    pub abs64: RelocKind,
    /// `S + A - P`, 32 and 64 bits of data (frame tables, debug sections).
    pub pc32: RelocKind,
    pub pc64: RelocKind,
    /// Offset of a thread-local symbol within its module's block, 64 and 32 bits of data (debug sections).
    pub dtpoff64: RelocKind,
    pub dtpoff32: RelocKind,
    // Of the dynamic linker:
    /// `B + A`.
    pub relative: RelocKind,
    /// `S`, in a GOT entry.
    pub glob_dat: RelocKind,
    /// `S`, in a GOT entry that a PLT entry jumps through.
    pub jump_slot: RelocKind,
    pub copy: RelocKind,
    /// `indirect (B + A)`.
    pub irelative: RelocKind,
    pub dtpmod: RelocKind,
    pub dtpoff: RelocKind,
    pub tpoff: RelocKind,
    pub tlsdesc: RelocKind,
}
