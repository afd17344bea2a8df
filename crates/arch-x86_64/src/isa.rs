//! The instructions of x86-64, a row for each encoding: what the assembler, the disassembler, the encoder and selection read.
//! Intel SDM, volume 2, chapters 2 to 5 and appendix A; AMD APM, volume 3, for what only AMD has.
//!
//! A row is a family. Over operand sizes: widths `v`, `z`, `y` follow the operand-size attribute or `REX.W`. Over vector
//! lengths: widths `x`, `h`, `f`, `e` follow `VEX.L` or `EVEX.L'L`. Rows stand in the order of their opcodes, one file for
//! each kind of encoding; what is looked for by name or by bytes is found through indexes that are made from the rows
//! once, at first use.
//!
//! Columns of a row: Intel's mnemonic, operands in Intel's order, encoding, the set of instructions it belongs to, flags.
//! AT&T's name where it differs stands behind the row (`.att(…)`).

pub mod amd;
pub mod base;
pub mod evex;
pub mod ops;
pub mod sse;
pub mod system;
pub mod vex;
pub mod x87;

/// Where an operand is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// ModRM.reg.
    Reg,
    /// ModRM.rm, register or memory.
    Rm,
    /// ModRM.rm, a register only.
    RmReg,
    /// ModRM.rm, memory only.
    RmMem,
    /// ModRM.rm, memory with a vector of indexes; [`Op::reg`] is the width of the index register.
    Vsib,
    /// VEX.vvvv.
    Vvvv,
    /// The high half of the immediate byte.
    Is4,
    /// The number in its low half.
    Imm4,
    /// The low bits of the opcode, or of its second byte.
    Opcode,
    Imm,
    /// An immediate byte that is extended by its sign to the operand's size.
    ImmSx,
    /// Relative to the next instruction.
    Rel,
    /// An absolute address of the address size.
    Moffs,
    // What the opcode implies:
    /// `al`, `ax`, `eax`, `rax`.
    Acc,
    Cl,
    Dx,
    Fs,
    Gs,
    St0,
    /// The count 1.
    One,
    /// `ds:rsi`, whose segment can be overridden.
    StrSrc,
    /// `es:rdi`.
    StrDst,
    /// `ds:rdi` of masked stores.
    MaskDst,
    /// `ds:rbx + al`.
    Xlat,
}

/// What kind of thing an operand is when it is not in memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Gpr,
    Seg,
    Cr,
    Dr,
    St,
    Mmx,
    Vec,
    Mask,
    /// Two masks, named by the even one.
    MaskPair,
    Tile,
    Bound,
    /// A number.
    Imm,
    /// Memory alone.
    Mem,
}

/// How wide, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Width {
    /// Not said: memory without a size, no memory.
    None,
    B1,
    B2,
    B4,
    B8,
    B10,
    B16,
    B32,
    B64,
    /// The operand size: 2, 4, 8.
    V,
    /// The operand size, at most 4.
    Z,
    /// 4, or 8 with `W`.
    Y,
    /// The address size.
    Address,
    /// A far pointer: the operand size and 2 more.
    Far,
    /// The vector length: 16, 32, 64.
    X,
    /// A half, a quarter, an eighth of it; of a register at least 16.
    H,
    Q,
    E,
}

/// An operand of a row; see [`ops`] for the names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Op {
    pub place: Place,
    pub class: Class,
    /// Of the register or immediate.
    pub reg: Width,
    /// Of memory.
    pub mem: Width,
}

/// Which prefixes make the encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Space {
    Legacy,
    Vex,
    Evex,
}

/// The mandatory prefix, or `pp`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prefix {
    /// Any: 0x66 is the operand size, 0xf2 and 0xf3 repeat.
    Any,
    /// None of them.
    No,
    P66,
    F3,
    F2,
}
pub const ANY: Prefix = Prefix::Any;
pub const NP: Prefix = Prefix::No;
pub const P66: Prefix = Prefix::P66;
pub const PF3: Prefix = Prefix::F3;
pub const PF2: Prefix = Prefix::F2;

/// What follows the opcode.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModRm {
    None,
    /// `/r`
    Reg,
    /// `/digit`
    Digit(u8),
    /// No ModRM; the low three bits of the opcode are a register.
    InOpcode,
    /// Exactly this byte.
    Exact(u8),
    /// This byte, whose low three bits are a register.
    Second(u8),
}
pub const NONE: ModRm = ModRm::None;
pub const R: ModRm = ModRm::Reg;
pub const O: ModRm = ModRm::InOpcode;
#[allow(non_snake_case)]
pub const fn D(digit: u8) -> ModRm {
    ModRm::Digit(digit)
}
#[allow(non_snake_case)]
pub const fn X(byte: u8) -> ModRm {
    ModRm::Exact(byte)
}
#[allow(non_snake_case)]
pub const fn C(byte: u8) -> ModRm {
    ModRm::Second(byte)
}

/// `W`, or the operand sizes that exist: bits 1, 2 and 4 for 16, 32 and 64 bits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sizes {
    /// The encoding has no operand size; `W` is ignored.
    Ignored,
    W0,
    W1,
    /// `W` chooses 4 or 8 bytes.
    ByW,
    /// The operand-size attribute chooses among these.
    Of(u8),
}
pub const NOSIZE: Sizes = Sizes::Ignored;
pub const WIG: Sizes = Sizes::Ignored;
pub const W0: Sizes = Sizes::W0;
pub const W1: Sizes = Sizes::W1;
pub const BY_W: Sizes = Sizes::ByW;
pub const WY: Sizes = Sizes::ByW;
pub const W16: Sizes = Sizes::Of(1);
pub const D32: Sizes = Sizes::Of(2);
pub const WD: Sizes = Sizes::Of(3);
pub const Q64: Sizes = Sizes::Of(4);
pub const WQ: Sizes = Sizes::Of(5);
pub const DQ: Sizes = Sizes::Of(6);
pub const WDQ: Sizes = Sizes::Of(7);

/// Vector lengths that exist, as bits; none for encodings that ignore the length.
pub const LIG: u8 = 0;
pub const L128: u8 = 1;
pub const L256: u8 = 2;
pub const L512: u8 = 4;

/// The encoding of a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Encoding {
    pub space: Space,
    pub prefix: Prefix,
    /// 0: one-byte opcodes; 1, 2, 3: after 0x0f, 0x0f38, 0x0f3a; 5, 6: of EVEX; 8, 9, 10: of VEX' form with 0x8f (XOP);
    /// 4: 3DNow!, whose opcode is the last byte after 0x0f 0x0f.
    pub map: u8,
    pub opcode: u8,
    pub modrm: ModRm,
    pub sizes: Sizes,
    /// Of [`L128`], [`L256`], [`L512`].
    pub lengths: u8,
    /// EVEX: what a displacement of one byte counts in.
    pub scale: Width,
    /// EVEX: bytes of the element that may be broadcast, 0 for none.
    pub broadcast: u8,
}

pub const fn leg(prefix: Prefix, map: u8, opcode: u8, modrm: ModRm, sizes: Sizes) -> Encoding {
    let (space, scale) = (Space::Legacy, Width::B1);
    Encoding { space, prefix, map, opcode, modrm, sizes, lengths: LIG, scale, broadcast: 0 }
}

pub const fn vex(prefix: Prefix, map: u8, opcode: u8, modrm: ModRm, sizes: Sizes, lengths: u8) -> Encoding {
    let (space, scale) = (Space::Vex, Width::B1);
    Encoding { space, prefix, map, opcode, modrm, sizes, lengths, scale, broadcast: 0 }
}

pub const fn evex(
    prefix: Prefix,
    map: u8,
    opcode: u8,
    modrm: ModRm,
    sizes: Sizes,
    lengths: u8,
    scale: Width,
    broadcast: u8,
) -> Encoding {
    Encoding { space: Space::Evex, prefix, map, opcode, modrm, sizes, lengths, scale, broadcast }
}

/// Prefixes that go with the instruction: `lock`; `rep`; `repe` and `repne`; `bnd`; branch hints; `notrack`.
pub const LOCK: u32 = 1;
pub const REP: u32 = 2;
pub const REPE: u32 = 4;
pub const BND: u32 = 8;
pub const HINT: u32 = 16;
pub const NOTRACK: u32 = 32;
/// 64 bits without `REX.W`: stack operations; whatever the prefixes say: near branches, control registers.
pub const DEF64: u32 = 64;
pub const FORCE64: u32 = 128;
/// AT&T's mnemonic carries the size's letter where no register tells it.
pub const SUFFIX: u32 = 256;
/// ModRM.rm must be memory though no operand says so.
pub const MEMORY: u32 = 512;
/// The memory operand must have a SIB byte.
pub const SIB: u32 = 1024;
pub const PRIVILEGED: u32 = 2048;
/// EVEX: a mask is possible; zeroing with it; a mask other than `k0` is needed; rounding; no exceptions.
pub const MASK: u32 = 1 << 12;
pub const ZERO: u32 = 1 << 13;
pub const KREQ: u32 = 1 << 14;
pub const RC: u32 = 1 << 15;
pub const SAE: u32 = 1 << 16;
/// Decoded, but another row has the encoding that the assembler chooses.
pub const DECODE_ONLY: u32 = 1 << 17;
/// A second name: never printed.
pub const ENCODE_ONLY: u32 = 1 << 18;
/// 0xf3 always stands before it; it may.
pub const REPEATED: u32 = 1 << 19;
pub const REPEATABLE: u32 = 1 << 20;

/// A row.
#[derive(Clone, Copy, Debug)]
pub struct Insn {
    /// In Intel's syntax.
    pub name: &'static str,
    /// In AT&T's, without the size's letter; empty where it is the same.
    pub att: &'static str,
    /// In Intel's order: the destination first.
    pub ops: &'static [Op],
    pub enc: Encoding,
    pub set: Set,
    pub flags: u32,
}

pub const fn row(name: &'static str, ops: &'static [Op], enc: Encoding, set: Set, flags: u32) -> Insn {
    Insn { name, att: "", ops, enc, set, flags }
}

impl Insn {
    /// The same row, named otherwise in AT&T's syntax.
    pub const fn att(self, att: &'static str) -> Insn {
        Insn { att, ..self }
    }

    pub const fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }
}

/// Sets of instructions, as CPUID tells them apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[rustfmt::skip]
pub enum Set {
    Base, X87, Mmx, D3now, Lwp, Tbm, Xop, Sse, Sse2, Sse3, Ssse3, Sse41, Sse42, Sse4a, Adx, Aes, AmxBf16, AmxComplex, AmxFp16, AmxInt8, AmxTile,
    Avx, Avx2, Avx512Bf16, Avx512Bitalg, Avx512Fp16, Avx512Ifma, Avx512Vbmi, Avx512Vbmi2, Avx512Vnni,
    Avx512Vp2intersect, Avx512Vpopcntdq, Avx512bw, Avx512cd, Avx512dq, Avx512f, AvxAes, AvxGfni, AvxIfma, AvxNeConvert,
    AvxPclmulqdq, AvxSha512, AvxSm3, AvxSm4, AvxVnni, AvxVnniInt16, AvxVnniInt8, Bmi1, Bmi2, CetIbt, CetSs, Cldemote,
    Clflushopt, Clfsh, Clwb, Clzero, Cmpccxadd, Enqcmd, F16c, Fma, Fma4, Fred, Fsgsbase, Fxsr, Gfni, Hreset, Invlpgb,
    Invpcid, Kl, Lkgs, Lzcnt, Mcommit, Monitor, Monitorx, Movbe, Movdir64b, Movdiri, Mpx, Msrlist, Pclmulqdq, Pcommit,
    Pconfig, Pku, Popcnt, Prefetchiti, Prefetchw, Prefetchwt1, Ptwrite, RaoInt, Rdpid, Rdpru, Rdrand, Rdseed, Rdtscp,
    Rmpquery, Rtm, Sep, Serialize, SevEs, SevSnp, Sgx1, Sha, Smap, Smx, Svm, Tdx, Tsxldtrk, Uintr, Vaes, Vmx,
    Vpclmulqdq, Waitpkg, Wbnoinvd, WideKl, Wrmsrns, Xsave, Xsavec, Xsaveopt, Xsaves, Padlock, Avx512er, Avx512pf,
    Avx5124fmaps, Avx5124vnniw,
}

/// All rows, a slice for each file.
pub static TABLES: [&[Insn]; 7] = [base::BASE, system::SYSTEM, x87::X87, sse::SSE, vex::VEX, evex::EVEX, amd::AMD];

/// Index of a row in [`TABLES`], counted through.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct InsnId(pub u16);

/// Rows by number.
pub fn insn(id: InsnId) -> &'static Insn {
    let mut at = usize::from(id.0);
    for table in TABLES {
        match table.get(at) {
            Some(row) => return row,
            None => at -= table.len(),
        }
    }
    unreachable!("ids are made from the tables")
}

/// All rows with their numbers.
pub fn insns() -> impl Iterator<Item = (InsnId, &'static Insn)> {
    TABLES.into_iter().flatten().enumerate().map(|(at, row)| (InsnId(at as u16), row))
}
