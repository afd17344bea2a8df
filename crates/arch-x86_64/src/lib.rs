//! x86-64: the row that everyone sees ([`ARCH`]) and one module per facet: [`relocs`], [`link`] (with `plt`),
//! [`macros`], assembly text ([`isa`] with [`rows`], [`mnemonics`], [`operand`], `syntax*`, [`choose`], [`encode_isa`]), `decode`
//! and `print*` (bytes to text, [`DISASSEMBLER`]), and for
//! native code ([`SELECT`]) [`regs`], [`insns`], [`encode`], [`abi`], `select*` (selection), `unwind` (prologue, epilogue).
#![forbid(unsafe_code)]

pub mod abi;
pub mod builtins;
mod careful;
pub mod choose;
mod decode;
pub mod dialect;
pub mod encode;
pub mod encode_isa;
pub mod features;
mod inline;
pub mod insns;
pub mod isa;
pub mod link;
pub mod macros;
pub mod mnemonics;
mod nops;
mod older;
pub mod operand;
pub mod options;
mod plt;
mod prefixes;
mod print;
mod print_att;
mod print_intel;
mod print_names;
mod print_suffix;
mod processor;
pub mod regs;
pub mod relocs;
mod rewrite;
pub mod rows;
mod select;
mod select_asm;
mod select_call;
mod select_div;
mod select_float;
mod select_flow;
mod select_int;
mod select_mem;
mod select_quad;
mod select_walk;
mod select_wide;
pub mod syntax;
mod syntax_att;
mod syntax_intel;
mod syntax_special;
mod unwind;

pub use print::DISASSEMBLER;

use codegen::machine::ClassRow;
use target::layout::{DataLayout, FloatFormat, ScalarLayout, VaListLayout};

const fn scalar(size: u8) -> ScalarLayout {
    ScalarLayout { size, align: size }
}

/// System V psABI (x86-64), figure 3.1.
pub static LAYOUT: DataLayout = DataLayout {
    big_endian: false,
    pointer: scalar(8),
    long: scalar(8),
    int64: scalar(8),
    int128: scalar(16),
    double: scalar(8),
    long_double: scalar(16),
    long_double_format: FloatFormat::Extended80,
    char_signed: true,
    wchar_size: 4,
    wchar_signed: true,
    va_list: VaListLayout { size: 24, align: 8, is_array: true },
    stack_align: 16,
    max_align: 16,
    frame_to_cfa: 16,
};

/// DWARF register numbers: psABI, figure 3.36.
#[rustfmt::skip]
static DWARF_REGS: &[&str] = &[
    "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp",
    "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "rip",
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
    "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
    "st0", "st1", "st2", "st3", "st4", "st5", "st6", "st7",
    "mm0", "mm1", "mm2", "mm3", "mm4", "mm5", "mm6", "mm7",
    "rflags", "es", "cs", "ss", "ds", "fs", "gs", "", "", "fs.base", "gs.base", "", "", "tr", "ldtr",
    "mxcsr", "fcw", "fsw",
    "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22", "xmm23",
    "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31",
    // 83 to 117 are nobody's.
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
    "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "", "",
    "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7",
];

/// The architecture's row.
pub static ARCH: target::Arch = target::Arch {
    name: "x86_64",
    layout: &LAYOUT,
    relocs: relocs::RELOCS,
    common: relocs::COMMON,
    dwarf_regs: DWARF_REGS,
    return_address_reg: 16,
    stack_pointer_reg: 7,
    code_align: 1,
    data_align: -8,
    max_page_size: 0x1000,
    image_base: 0x40_0000,
    builtins: builtins::BUILTINS,
    features: macros::FEATURES,
    processor: Some(&processor::PROCESSOR),
};

/// The facet for native code.
pub static SELECT: codegen::Select = codegen::Select {
    arch: &ARCH,
    classes: &[
        ClassRow { temps: regs::INT_TEMPS, bank: regs::INTS, spill_size: 4 },
        ClassRow { temps: regs::INT_TEMPS, bank: regs::INTS, spill_size: 8 },
        ClassRow { temps: regs::FLOAT_TEMPS, bank: regs::FLOATS, spill_size: 4 },
        ClassRow { temps: regs::FLOAT_TEMPS, bank: regs::FLOATS, spill_size: 8 },
        ClassRow { temps: regs::FLOAT_TEMPS, bank: regs::FLOATS, spill_size: 16 },
    ],
    branches: encode::BRANCHES,
    class_of: select::class_of,
    pins: regs::PINS,
    min_temps: regs::MIN_TEMPS,
    dwarf: &regs::DWARF,
    initial_unwind: unwind::INITIAL,
    cfa_offset: unwind::CFA_OFFSET,
    plan: select_call::plan,
    syntax: &syntax::AttSyntax,
    inline: &inline::INLINE,
    prologue: unwind::prologue,
    fill_prologue: unwind::fill_prologue,
    epilogue: unwind::epilogue,
    body: select::body,
    encode: encode::encode,
    mov: encode::mov,
    spill: encode::spill,
    reload: encode::reload,
};
