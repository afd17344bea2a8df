//! How x86-64 assembly is written: operators behind symbols, by relocation (GNU as, "x86-Dependent Features").

use crate::relocs as r;
use asm::print::{DataOperator, Dialect, Spelling};
use target::RelocKind;

/// The facet for `cc -S`.
pub static DIALECT: Dialect = Dialect {
    disassembler: crate::print::DISASSEMBLER,
    spellings: &[
        Spelling { directive: ".att_syntax", immediate: "", is_reserved: |_| false },
        Spelling {
            directive: ".intel_syntax noprefix",
            immediate: "OFFSET FLAT:",
            is_reserved: crate::syntax_intel::is_reserved,
        },
    ],
    operands: OPERANDS,
    data: DATA,
    comment: "#",
};

/// In operands. Of a branch `symbol` alone is `R_X86_64_PLT32`, of memory `R_X86_64_PC32` or `R_X86_64_32S`.
static OPERANDS: &[(RelocKind, &str)] = &[
    (r::R_X86_64_PC32, ""),
    (r::R_X86_64_PLT32, "@PLT"),
    (r::R_X86_64_32, ""),
    (r::R_X86_64_32S, ""),
    (r::R_X86_64_64, ""),
    (r::R_X86_64_16, ""),
    (r::R_X86_64_8, ""),
    (r::R_X86_64_GOTPCREL, "@GOTPCREL"),
    (r::R_X86_64_GOTPCRELX, "@GOTPCREL"),
    (r::R_X86_64_REX_GOTPCRELX, "@GOTPCREL"),
    (r::R_X86_64_TLSGD, "@TLSGD"),
    (r::R_X86_64_TLSLD, "@TLSLD"),
    (r::R_X86_64_DTPOFF32, "@DTPOFF"),
    (r::R_X86_64_TPOFF32, "@TPOFF"),
    (r::R_X86_64_GOTTPOFF, "@GOTTPOFF"),
    (r::R_X86_64_GOTOFF64, "@GOTOFF"),
    (r::R_X86_64_GOTPC32_TLSDESC, "@TLSDESC"),
    (r::R_X86_64_SIZE32, "@SIZE"),
];

const fn data(kind: RelocKind, directive: &'static str, suffix: &'static str, relative: bool) -> DataOperator {
    DataOperator { kind, directive, suffix, relative }
}

static DATA: &[DataOperator] = &[
    data(r::R_X86_64_64, ".quad", "", false),
    data(r::R_X86_64_32, ".long", "", false),
    data(r::R_X86_64_16, ".value", "", false),
    data(r::R_X86_64_8, ".byte", "", false),
    data(r::R_X86_64_PC64, ".quad", "", true),
    data(r::R_X86_64_PC32, ".long", "", true),
    data(r::R_X86_64_PC16, ".value", "", true),
    data(r::R_X86_64_PC8, ".byte", "", true),
    data(r::R_X86_64_DTPOFF64, ".quad", "@DTPOFF", false),
    data(r::R_X86_64_DTPOFF32, ".long", "@DTPOFF", false),
    data(r::R_X86_64_TPOFF64, ".quad", "@TPOFF", false),
    data(r::R_X86_64_GOTOFF64, ".quad", "@GOTOFF", false),
    data(r::R_X86_64_SIZE64, ".quad", "@SIZE", false),
    data(r::R_X86_64_SIZE32, ".long", "@SIZE", false),
];
