//! What is shown of a row of [`isa`](crate::isa), worked out once for each: its names in both syntaxes by operand size, the letters
//! behind them, and what stands for an immediate. GNU objdump 2.40's words.

use crate::isa::{self, Class, Insn, Op, Set, Space, Width};
use crate::print_intel;

/// When a letter for the operands' size stands behind the name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Suffix {
    None,
    /// AT&T, with memory: that of the memory's size.
    Memory,
    /// AT&T, with memory of the operand size 16: `w`.
    Data16,
    /// AT&T, with memory: always these letters.
    Fixed(&'static str),
    /// AT&T, with memory: `l`, or `q` with `W`.
    ByW,
    /// AT&T, with memory: that of the vector length; up to 32 bytes, up to 64.
    Xy,
    Xyz,
}

/// Names that tell the immediate instead of writing it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Alias {
    None,
    /// A condition in front of the last letters, how many conditions there are.
    /// XOP has other words.
    CompareXop {
        tail: u8,
    },
    Compare {
        tail: u8,
        count: u8,
    },
    /// Which quadwords are multiplied.
    Carryless,
}

/// Registers that are not to be the same (Intel SDM, the exceptions of each instruction): GNU says `(bad)` where they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Distinct {
    No,
    /// Each from each.
    All,
    /// The index from the result.
    Index,
    /// The result from the sources.
    Result,
}

/// What is shown of a row.
pub(crate) struct Shown {
    /// Names by operand size: 2, 4, 8.
    pub(crate) att: [&'static str; 3],
    pub(crate) intel: [&'static str; 3],
    pub(crate) suffix: Suffix,
    pub(crate) distinct: Distinct,
    pub(crate) alias: Alias,
    /// The name says `{vex}`, for EVEX has the same one.
    pub(crate) vex: bool,
    /// VEX has the same name: `{evex}` is said where only that tells them apart.
    pub(crate) evex: bool,
    /// Only the first operand is shown.
    pub(crate) first_only: bool,
    /// The first vector register is a last operand that is always the same.
    pub(crate) xmm0: bool,
    /// In Intel's syntax memory has this size.
    pub(crate) odd_size: Option<&'static str>,
}

type ByOperandSize = (&'static str, u8, [&'static str; 3], [&'static str; 3]);

/// Names that depend on the operand size. The second column is the opcode.
#[rustfmt::skip]
static BY_SIZE: &[ByOperandSize] = &[
    ("cbw", 0x98, ["cbtw", "cwtl", "cltq"], ["cbw", "cwde", "cdqe"]),
    ("cwd", 0x99, ["cwtd", "cltd", "cqto"], ["cwd", "cdq", "cqo"]),
    ("movzx", 0xb6, ["movzbw", "movzbl", "movzbq"], ["movzx"; 3]),
    ("movzx", 0xb7, ["movzww", "movzwl", "movzwq"], ["movzx"; 3]),
    ("movsx", 0xbe, ["movsbw", "movsbl", "movsbq"], ["movsx"; 3]),
    ("movsx", 0xbf, ["movsww", "movswl", "movswq"], ["movsx"; 3]),
    ("movsxd", 0x63, ["movsxd", "movsxd", "movslq"], ["movsxd"; 3]),
    ("retf", 0xca, ["lretw", "lret", "lretq"], ["retfw", "retf", "retfq"]),
    ("retf", 0xcb, ["lretw", "lret", "lretq"], ["retfw", "retf", "retfq"]),
    ("iret", 0xcf, ["iretw", "iret", "iretq"], ["iretw", "iret", "iretq"]),
    ("sysret", 0x07, ["sysretl", "sysretl", "sysretq"], ["sysretd", "sysretd", "sysretq"]),
    ("sysexit", 0x35, ["sysexitl", "sysexitl", "sysexitq"], ["sysexitd", "sysexitd", "sysexitq"]),
    ("pushf", 0x9c, ["pushfw", "pushf", "pushf"], ["pushfw", "pushf", "pushf"]),
    ("popf", 0x9d, ["popfw", "popf", "popf"], ["popfw", "popf", "popf"]),
    ("ret", 0xc2, ["retw", "ret", "ret"], ["retw", "ret", "ret"]),
    ("ret", 0xc3, ["retw", "ret", "ret"], ["retw", "ret", "ret"]),
    ("enter", 0xc8, ["enterw", "enter", "enter"], ["enterw", "enter", "enter"]),
    ("leave", 0xc9, ["leavew", "leave", "leave"], ["leavew", "leave", "leave"]),
    ("push", 0x68, ["pushw", "push", "push"], ["pushw", "push", "push"]),
    ("push", 0x6a, ["pushw", "push", "push"], ["pushw", "push", "push"]),
    ("push", 0xa0, ["pushw", "push", "push"], ["pushw", "push", "push"]),
    ("push", 0xa8, ["pushw", "push", "push"], ["pushw", "push", "push"]),
    ("pop", 0xa1, ["popw", "pop", "pop"], ["popw", "pop", "pop"]),
    ("pop", 0xa9, ["popw", "pop", "pop"], ["popw", "pop", "pop"]),
    ("call", 0xe8, ["callw", "call", "call"], ["callw", "call", "call"]),
    ("jmp", 0xe9, ["jmpw", "jmp", "jmp"], ["jmpw", "jmp", "jmp"]),
    ("xbegin", 0xc7, ["xbeginw", "xbegin", "xbegin"], ["xbeginw", "xbegin", "xbegin"]),
    ("ins", 0x6c, ["insb"; 3], ["ins"; 3]),
    ("ins", 0x6d, ["insw", "insl", "insl"], ["ins"; 3]),
    ("outs", 0x6e, ["outsb"; 3], ["outs"; 3]),
    ("outs", 0x6f, ["outsw", "outsl", "outsl"], ["outs"; 3]),
    ("movs", 0xa4, ["movsb"; 3], ["movs"; 3]),
    ("movs", 0xa5, ["movsw", "movsl", "movsq"], ["movs"; 3]),
    ("cmps", 0xa6, ["cmpsb"; 3], ["cmps"; 3]),
    ("cmps", 0xa7, ["cmpsw", "cmpsl", "cmpsq"], ["cmps"; 3]),
    ("mov", 0xb8, ["mov", "mov", "movabs"], ["mov", "mov", "movabs"]),
    ("mov", 0xa0, ["movabs"; 3], ["movabs"; 3]),
    ("mov", 0xa1, ["movabs"; 3], ["movabs"; 3]),
    ("mov", 0xa2, ["movabs"; 3], ["movabs"; 3]),
    ("mov", 0xa3, ["movabs"; 3], ["movabs"; 3]),
    ("wait", 0x9b, ["fwait"; 3], ["fwait"; 3]),
    ("retf", 0, ["lret"; 3], ["retf"; 3]),
    ("fldenv", 0xd9, ["fldenvs", "fldenv", "fldenv"], ["fldenvw", "fldenv", "fldenv"]),
    ("fnstenv", 0xd9, ["fnstenvs", "fnstenv", "fnstenv"], ["fnstenvw", "fnstenv", "fnstenv"]),
    ("frstor", 0xdd, ["frstors", "frstor", "frstor"], ["frstorw", "frstor", "frstor"]),
    ("fnsave", 0xdd, ["fnsaves", "fnsave", "fnsave"], ["fnsavew", "fnsave", "fnsave"]),
    ("fneni", 0xdb, ["fneni(8087 only)"; 3], ["fneni(8087 only)"; 3]),
    ("fndisi", 0xdb, ["fndisi(8087 only)"; 3], ["fndisi(8087 only)"; 3]),
    ("frstpm", 0xdb, ["frstpm(287 only)"; 3], ["frstpm(287 only)"; 3]),
    ("fnsetpm", 0xdb, ["fnsetpm(287 only)"; 3], ["fnsetpm(287 only)"; 3]),
];

impl Shown {
    pub(crate) fn new(row: &Insn) -> Shown {
        let legacy = row.enc.space == Space::Legacy;
        let by_size = BY_SIZE
            .iter()
            .find(|(name, opcode, ..)| legacy && row.enc.map < 2 && *name == row.name && *opcode == row.enc.opcode);
        let far = row.ops.iter().any(|op| op.mem == Width::Far);
        let (mut att, mut intel) = match by_size {
            Some((_, _, att, intel)) => (*att, *intel),
            None if row.name == "reservednop" => (["nop"; 3], ["nop"; 3]),
            None => ([if row.att.is_empty() { row.name } else { row.att }; 3], [row.name; 3]),
        };
        match row.name {
            "call" if far => att = ["lcallw", "lcall", "lcall"],
            "jmp" if far => att = ["ljmpw", "ljmp", "ljmp"],
            "pcmpestrm64" => (att, intel) = (["pcmpestrmq"; 3], ["pcmpestrmq"; 3]),
            "pcmpestri64" => (att, intel) = (["pcmpestriq"; 3], ["pcmpestriq"; 3]),
            "vpcmpestrm64" => (att, intel) = (["vpcmpestrmq"; 3], ["vpcmpestrmq"; 3]),
            "vpcmpestri64" => (att, intel) = (["vpcmpestriq"; 3], ["vpcmpestriq"; 3]),
            _ => {}
        }
        let alias = match row.name {
            "cmpps" | "cmppd" | "cmpss" | "cmpsd" => Alias::Compare { tail: 2, count: 8 },
            name if name.starts_with("vcmp") => Alias::Compare { tail: 2, count: 32 },
            "vpcmpb" | "vpcmpw" | "vpcmpd" | "vpcmpq" => Alias::Compare { tail: 1, count: 7 },
            "vpcmpub" | "vpcmpuw" | "vpcmpud" | "vpcmpuq" => Alias::Compare { tail: 2, count: 7 },
            "vpcomb" | "vpcomw" | "vpcomd" | "vpcomq" => Alias::CompareXop { tail: 1 },
            name if name.starts_with("vpcomu") => Alias::CompareXop { tail: 2 },
            "pclmulqdq" | "vpclmulqdq" => Alias::Carryless,
            _ => Alias::None,
        };
        let alias = if row.ops.iter().any(|op| op.place == isa::Place::Imm) { alias } else { Alias::None };
        let vex = row.enc.space == Space::Vex
            && (matches!(row.set, Set::AvxVnni | Set::AvxIfma) || row.name == "vcvtneps2bf16");
        let xmm0 = matches!(row.name, "sha256rnds2" | "blendvps" | "blendvpd" | "pblendvb");
        // General registers are no source of VEX' broadcasts.
        let from_general = row.name.starts_with("vpbroadcast") && row.ops.iter().any(|op| op.class == Class::Gpr);
        // Nor is a vector one of the indexes of these.
        let by_vector = row.name == "vpermq" && row.ops.iter().any(|op| op.place == isa::Place::Vvvv);
        let evex = row.enc.space == Space::Evex && has_vex_twin(row.name) && !from_general && !by_vector;
        Shown {
            att,
            intel,
            suffix: suffix(row),
            distinct: distinct(row),
            alias,
            vex,
            evex,
            first_only: row.name == "reservednop",
            xmm0,
            odd_size: print_intel::odd_size(row.name),
        }
    }
}

/// EVEX's instructions of these names differ from VEX' in their operands, or GNU does not say it.
const TOLD_APART: &[&str] =
    &["vcmp", "vcvtneps2bf16", "vgather", "vpgather", "vpcmp", "vpdp", "vpmadd52", "vpsllv", "vpsrlv", "vpsrav"];

fn has_vex_twin(name: &str) -> bool {
    !TOLD_APART.iter().any(|start| name.starts_with(start)) && isa::vex::VEX.iter().any(|row| row.name == name)
}

fn distinct(row: &Insn) -> Distinct {
    let gathers = row.ops.first().is_some_and(|op| op.place == isa::Place::Reg)
        && row.ops.iter().any(|op| op.place == isa::Place::Vsib);
    let complex = ["vfmaddc", "vfcmaddc", "vfmulc", "vfcmulc"].iter().any(|start| row.name.starts_with(start));
    match row.enc.space {
        Space::Vex if gathers || row.name.starts_with("tdp") => Distinct::All,
        Space::Evex if gathers => Distinct::Index,
        Space::Evex if complex => Distinct::Result,
        _ => Distinct::No,
    }
}

fn suffix(row: &Insn) -> Suffix {
    let memory = row.ops.iter().find(|op| matches!(op.place, isa::Place::Rm | isa::Place::RmMem));
    let Some(memory) = memory else { return Suffix::None };
    match row.set {
        Set::X87 | Set::Sse3 if row.name.starts_with('f') => return float_suffix(row.name, memory.mem),
        _ => {}
    }
    if row.enc.space != Space::Legacy {
        return vector_suffix(row, memory);
    }
    match row.name {
        "push" | "pop" | "call" | "jmp" if memory.mem == Width::V => return Suffix::Data16,
        "cvtsi2sd" | "cvtsi2ss" | "ptwrite" => return Suffix::ByW,
        "movzx" | "movsx" | "movsxd" | "sldt" | "str" | "verr" | "verw" | "smsw" | "lar" | "lsl" => {
            return Suffix::None;
        }
        "crc32" | "reservednop" | "nop" => return Suffix::Memory,
        name if name.starts_with("set") => return Suffix::None,
        _ => {}
    }
    // A register that has the memory's size.
    let told = row
        .ops
        .iter()
        .any(|op| matches!(op.class, Class::Gpr | Class::Seg) && matches!(op.place, isa::Place::Reg | isa::Place::Acc));
    if row.has(isa::SUFFIX) && !told && memory.class == Class::Gpr { Suffix::Memory } else { Suffix::None }
}

/// x87: of integers `s`, `l`, `ll`, of numbers `s`, `l`, `t`.
fn float_suffix(name: &str, memory: Width) -> Suffix {
    let integer = name.starts_with("fi");
    match memory {
        _ if name.starts_with("fb") || name.ends_with("cw") || name.ends_with("sw") => Suffix::None,
        Width::B2 => Suffix::Fixed("s"),
        Width::B4 => Suffix::Fixed(if integer { "l" } else { "s" }),
        Width::B8 => Suffix::Fixed(if integer { "ll" } else { "l" }),
        Width::B10 => Suffix::Fixed("t"),
        _ => Suffix::None,
    }
}

fn vector_suffix(row: &Insn, memory: &Op) -> Suffix {
    let converts = row.ops.iter().any(|op| op.mem == Width::Y && op.reg == Width::Y && op.place == isa::Place::Rm)
        && row.name.contains("cvt");
    if converts {
        return Suffix::ByW;
    }
    let narrow = memory.mem == Width::X && row.enc.lengths.count_ones() > 1;
    let others = || row.ops.iter().filter(|op| !std::ptr::eq(*op, memory) && op.class == Class::Vec);
    if !narrow || others().any(|op| op.reg == Width::X) {
        Suffix::None
    } else if row.enc.lengths & isa::L512 != 0 && !others().any(|op| op.reg == Width::H) {
        Suffix::Xyz
    } else {
        Suffix::Xy
    }
}
