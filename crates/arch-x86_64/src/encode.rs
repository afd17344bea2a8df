//! From rows to bytes (Intel SDM, volume 2, chapter 2), and the sequences and frame code that are written by hand.
//!
//! Prefixes, opcode, ModRM and SIB are gathered in one word and stored at once; displacement and immediate follow in a
//! second store. The hot register and frame moves of the allocator skip the row: a test holds them against it.

use crate::insns::{self as x, ACC, BYTE_RM, CC, INSNS, Imm, InsnRow, ONE, Shape, W};
use crate::regs::{RAX, RBP, RCX, RIP, RSP, XMM0};
use crate::relocs;
use codegen::machine::{Addr, Assigned, Class, MInst, PReg, Reg};
use mc::CodeBuffer;
use mc::buffer::BranchRow;
use obj::{RelocTarget, SymId};
use target::RelocKind;

/// Rows of [`BRANCHES`]: jumps, conditional jumps, calls, and what has a short form only (`loop`), of which `aux` is the opcode.
pub const JMP: u8 = 0;
pub const JCC: u8 = 1;
pub const CALL: u8 = 2;
pub const SHORT: u8 = 3;
/// The same in code of 16 bits, where what goes far has 16 bits, too: `NARROW` more than the row of the usual code.
pub const NARROW: u8 = 4;
pub const JMP16: u8 = JMP + NARROW;
pub const JCC16: u8 = JCC + NARROW;
pub const CALL16: u8 = CALL + NARROW;

/// Condition codes as in opcodes.
pub mod cc {
    pub const B: u8 = 2;
    pub const AE: u8 = 3;
    pub const E: u8 = 4;
    pub const NE: u8 = 5;
    pub const BE: u8 = 6;
    pub const A: u8 = 7;
    pub const P: u8 = 10;
    pub const NP: u8 = 11;
    pub const L: u8 = 12;
    pub const GE: u8 = 13;
    pub const LE: u8 = 14;
    pub const G: u8 = 15;
}

/// Branches in both forms.
pub static BRANCHES: &[BranchRow] = &[
    BranchRow { short_len: 2, long_len: 5, short_range: (-128, 127), word: jmp_word },
    BranchRow { short_len: 2, long_len: 6, short_range: (-128, 127), word: jcc_word },
    BranchRow { short_len: 5, long_len: 5, short_range: (i32::MIN, i32::MAX), word: call_word },
    BranchRow { short_len: 2, long_len: 2, short_range: (-128, 127), word: short_word },
    BranchRow { short_len: 2, long_len: 3, short_range: (-128, 127), word: jmp_word },
    BranchRow { short_len: 2, long_len: 4, short_range: (-128, 127), word: jcc_word },
    BranchRow { short_len: 3, long_len: 3, short_range: (i32::MIN, i32::MAX), word: call_word },
];

fn jmp_word(len: u8, _: u8, displacement: i32) -> u64 {
    u64::from(displacement as u32) << 8 | if len == 2 { 0xeb } else { 0xe9 }
}

fn jcc_word(len: u8, aux: u8, displacement: i32) -> u64 {
    let disp = u64::from(displacement as u32);
    if len == 2 { disp << 8 | u64::from(0x70 | aux) } else { disp << 16 | u64::from(0x80 | aux) << 8 | 0x0f }
}

fn call_word(_: u8, _: u8, displacement: i32) -> u64 {
    u64::from(displacement as u32) << 8 | 0xe8
}

fn short_word(_: u8, aux: u8, displacement: i32) -> u64 {
    u64::from(displacement as u32) << 8 | u64::from(aux)
}

/// A memory operand that is not there.
pub const NO_MEM: Addr = Addr {
    base: Reg::NONE,
    index: Reg::NONE,
    scale: 0,
    flags: 0,
    kind: RelocKind(0),
    disp: 0,
    target: RelocTarget::symbol(SymId(0)),
};

/// [`Addr::flags`]: in the thread's block (`%fs:`).
pub const FS: u8 = 1;

/// Bytes gathered for one store. Shifts and sums cannot overflow: at most 8 bytes are gathered.
struct Head {
    word: u64,
    len: u32,
}

impl Head {
    #[inline]
    fn byte(&mut self, byte: u8) {
        self.word |= u64::from(byte).wrapping_shl(self.len.wrapping_mul(8));
        self.len = self.len.wrapping_add(1);
    }

    /// `len` bytes of `value`, whose other bytes may be anything when they are the last ones.
    #[inline]
    fn tail(&mut self, code: &mut CodeBuffer, value: u64, len: u32) {
        if self.len.wrapping_add(len) > 8 {
            code.put(self.word, self.len as usize);
            (self.word, self.len) = (value, len);
        } else {
            self.word |= value.wrapping_shl(self.len.wrapping_mul(8));
            self.len = self.len.wrapping_add(len);
        }
    }
}

/// The rm operand.
#[derive(Clone, Copy)]
pub(crate) enum Rm {
    None,
    Reg(PReg),
    Mem,
}

/// What the common forms need of a row, in one word.
#[derive(Clone, Copy)]
#[repr(C, align(8))]
pub(crate) struct Quick {
    /// `0x0f` and the opcode, or the opcode.
    op: u16,
    op_bits: u8,
    pub kind: Kind,
    prefix: u8,
    digit: u8,
    /// Bytes of the immediate; 4 stands for the operand's size.
    imm: u8,
    /// Those of the row that ask for care, [`TIED`] and [`FIXED`].
    flags: u8,
}

/// [`Quick::flags`]: `dst` and `a` are one register.
const TIED: u8 = 64;
/// [`Quick::flags`]: the row asks for more than that of its registers.
const FIXED: u8 = 128;

#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Not one of these.
    Other,
    /// reg `b`, rm `dst`.
    Mr,
    /// reg `dst`, rm `b`.
    Rm,
    /// Digit, rm `dst`.
    M,
    /// Digit, rm `b`.
    Mb,
    /// `dst` in the opcode.
    O,
    /// reg `dst`, memory.
    RMem,
    /// reg `b`, memory.
    MemR,
    /// Digit, memory.
    Mem,
}

impl Quick {
    #[inline]
    pub fn is_tied(&self) -> bool {
        self.flags & TIED != 0
    }

    /// What stands in the place of a register.
    #[inline]
    pub fn digit(&self) -> PReg {
        self.digit
    }

    /// Of this kind, and asks for nothing but perhaps a tie.
    #[inline]
    pub fn is_free(&self, kind: Kind) -> bool {
        self.kind == kind && self.flags & FIXED == 0
    }
}

const fn quick_row(row: &InsnRow) -> Quick {
    let kind = match row.shape {
        Shape::MR => Kind::Mr,
        Shape::RM => Kind::Rm,
        Shape::M => Kind::M,
        Shape::MB => Kind::Mb,
        Shape::O => Kind::O,
        Shape::RMem => Kind::RMem,
        Shape::MemR => Kind::MemR,
        Shape::Mem => Kind::Mem,
        _ => Kind::Other,
    };
    let (imm, plain) = match row.imm {
        Imm::No => (0, true),
        Imm::Byte => (1, true),
        Imm::Full => (4, true),
        Imm::Eight | Imm::Symbol => (0, false),
    };
    let kind = if plain && row.flags & CC == 0 && row.map < 2 { kind } else { Kind::Other };
    let (op, op_bits) = if row.map == 1 { (0x0f | (row.opcode as u16) << 8, 16) } else { (row.opcode as u16, 8) };
    let mut flags = (row.flags & (W | ACC | ONE | BYTE_RM)) as u8;
    if row.cons.tied {
        flags |= TIED;
    }
    if !row.cons.is_simple() {
        flags |= FIXED;
    }
    Quick { kind, op, op_bits, prefix: row.prefix, digit: row.digit, imm, flags }
}

/// A power of two, so that a mask spares a check of bounds.
const N_QUICK: usize = INSNS.len().next_power_of_two();

static QUICK: [Quick; N_QUICK] = {
    let mut table = [quick_row(&INSNS[0]); N_QUICK];
    let mut at = 0;
    while at < INSNS.len() {
        table[at] = quick_row(&INSNS[at]);
        at += 1;
    }
    table
};

/// The row in short.
#[inline]
pub(crate) fn quick(form: u16) -> &'static Quick {
    &QUICK[form as usize % N_QUICK]
}

/// Encodes one instruction with its registers assigned. The common forms at 4 and 8 bytes take the quick way; a test holds
/// both against an assembler.
pub fn encode(code: &mut CodeBuffer, inst: &MInst, regs: &Assigned) {
    if inst.form == x::CALL {
        return put_call(code, inst);
    }
    let quick = quick(inst.form);
    let first = if inst.dst.is_none() { regs.a } else { regs.dst };
    let is_word = inst.size & !1 == 2;
    let done = match quick.kind {
        Kind::Other => false,
        Kind::Mr => is_word && quick_registers(code, quick, inst.size, inst.imm, regs.b, first),
        Kind::Rm => is_word && quick_registers(code, quick, inst.size, inst.imm, first, regs.b),
        Kind::M => is_word && quick_registers(code, quick, inst.size, inst.imm, quick.digit, first),
        Kind::Mb => is_word && quick_registers(code, quick, inst.size, inst.imm, quick.digit, regs.b),
        Kind::O => {
            if is_word {
                quick_opcode(code, quick, inst.size, inst.imm, first);
            }
            is_word
        }
        Kind::RMem => is_word && any_memory(code, quick, inst, first, regs),
        Kind::MemR => inst.size != 1 && any_memory(code, quick, inst, regs.b, regs),
        Kind::Mem => inst.size != 1 && any_memory(code, quick, inst, quick.digit, regs),
    };
    if !done {
        encode_any(code, inst, regs);
    }
}

fn put_call(code: &mut CodeBuffer, inst: &MInst) {
    code.put(0xe8, 1);
    code.reloc(inst.mem.kind, inst.mem.target, i64::from(inst.mem.disp) - 4);
    code.put(0, 4);
}

/// Two registers of an instruction of 4 or 8 bytes, or one and an immediate; kinds `Mr`, `Rm`, `M`, `Mb`. `first` is the register
/// that is written, or the first that is read where none is.
#[inline]
pub(crate) fn put_registers(code: &mut CodeBuffer, form: u16, size: u8, imm: i64, first: PReg, b: PReg) {
    let quick = quick(form);
    let (reg, rm) = match quick.kind {
        Kind::Mr => (b, first),
        Kind::Rm => (first, b),
        Kind::Mb => (quick.digit, b),
        _ => (quick.digit, first),
    };
    if !quick_registers(code, quick, size, imm, reg, rm) {
        put_registers_with_care(code, form, size, imm, first, b);
    }
}

/// The same for a row that has a shorter form, or whose registers need care.
#[inline(never)]
fn put_registers_with_care(code: &mut CodeBuffer, form: u16, size: u8, imm: i64, first: PReg, b: PReg) {
    let regs = Assigned { dst: first, a: first, b, ..Assigned::default() };
    encode_any(code, &raw(form, size, Some(first), None, NO_MEM, imm), &regs);
}

/// Prefix, REX and opcode.
#[inline(always)]
fn quick_head(quick: &Quick, op: u16, rex: u8) -> (u64, u32) {
    let (mut word, mut bits) = (u64::from(op), u32::from(quick.op_bits));
    if rex != 0 {
        word = word << 8 | u64::from(0x40 | rex);
        bits += 8;
    }
    if quick.prefix != 0 {
        word = word << 8 | u64::from(quick.prefix);
        bits += 8;
    }
    (word, bits)
}

/// Both operands are registers. False when there is a shorter form or a register needs care.
#[inline(always)]
fn quick_registers(code: &mut CodeBuffer, quick: &Quick, size: u8, imm: i64, reg: PReg, rm: PReg) -> bool {
    let care = quick.flags & (ACC | ONE | BYTE_RM) as u8;
    if care != 0 {
        let flags = u16::from(care);
        if flags & ACC != 0 && rm == RAX || flags & ONE != 0 && imm == 1 || flags & BYTE_RM != 0 && rm & 0x1c == 4 {
            return false;
        }
    }
    let rex = (size & 1) << 3 | (reg & 8) >> 1 | (rm & 8) >> 3;
    let (mut word, mut bits) = quick_head(quick, quick.op, rex);
    word |= u64::from(0xc0 | (reg & 7) << 3 | rm & 7).wrapping_shl(bits);
    bits += 8;
    code.put_two(word, (bits / 8) as usize, imm as u64, usize::from(quick.imm));
    true
}

/// The register is in the opcode; sizes of 4 and 8 bytes.
#[inline(always)]
pub(crate) fn quick_opcode(code: &mut CodeBuffer, quick: &Quick, size: u8, imm: i64, rm: PReg) {
    let rex = (size & 1) << 3 | (rm & 8) >> 3;
    let (mut word, bits) = quick_head(quick, quick.op, rex);
    word |= u64::from(rm & 7).wrapping_shl(bits - 8);
    code.put_two(word, (bits / 8) as usize, imm as u64, usize::from(quick.imm));
}

/// Memory that [`put_memory`] encodes.
#[inline(always)]
pub(crate) fn is_plain(mem: &Addr) -> bool {
    mem.flags == 0 && !mem.base.is_none() && (mem.kind == relocs::R_X86_64_NONE || mem.base == Reg::phys(RIP))
}

fn any_memory(code: &mut CodeBuffer, quick: &Quick, inst: &MInst, reg: PReg, regs: &Assigned) -> bool {
    let plain = is_plain(&inst.mem);
    if plain {
        put_memory(code, quick, inst.size, reg, regs, &inst.mem, Some(inst.imm));
    }
    plain
}

/// Memory that [`put_near`] encodes: a base and a displacement.
#[inline(always)]
pub(crate) fn is_near(mem: &Addr) -> bool {
    mem.index.is_none() && mem.flags == 0 && mem.kind == relocs::R_X86_64_NONE && !mem.base.is_none()
}

/// One operand is memory at a base. Not for 2 bytes, nor for rows with an immediate.
#[inline(always)]
pub(crate) fn put_near(code: &mut CodeBuffer, quick: &Quick, size: u8, reg: PReg, base: PReg, disp: i32) {
    let (mut op, mut rex) = (quick.op, 0);
    if size == 0 {
        (op, rex) = byte_op(quick, reg);
    }
    rex |= (size & size >> 1 & 1) << 3 | (reg & 8) >> 1 | (base & 8) >> 3;
    let (mut word, mut bits) = quick_head(quick, op, rex);
    let low = base & 7;
    if let Some(has_disp) = short_displacement(low, disp) {
        let modrm = has_disp << 6 | (reg & 7) << 3 | low;
        word |= (u64::from(modrm) | u64::from(disp as u8) << 8).wrapping_shl(bits);
        return code.put(word, (bits / 8) as usize + 1 + usize::from(has_disp));
    }
    let (mode, disp_len) = displacement(low, disp);
    word |= u64::from(mode | (reg & 7) << 3 | low).wrapping_shl(bits);
    bits += 8;
    if low == RSP {
        // No index.
        word |= 0x24u64.wrapping_shl(bits);
        bits += 8;
    }
    code.put_two(word, (bits / 8) as usize, u64::from(disp as u32), disp_len as usize);
}

/// Of a displacement of at most one byte from a base that needs no more: whether there is one, 0 or 1.
#[inline(always)]
fn short_displacement(base: PReg, disp: i32) -> Option<u8> {
    (disp as i8 as i32 == disp && base != RSP).then_some(u8::from(disp != 0 || base == RBP))
}

/// Opcode and prefix of the form for bytes: of the registers without REX the upper four are others.
#[inline(always)]
fn byte_op(quick: &Quick, reg: PReg) -> (u16, u8) {
    let rex = if quick.kind == Kind::MemR && reg & 0x1c == 4 { 0x40 } else { 0 };
    (quick.op & !(u16::from(quick.flags & W as u8) << (quick.op_bits - 8)), rex)
}

/// The mode field and the bytes of a displacement from the register whose low bits are `base`.
#[inline(always)]
fn displacement(base: PReg, disp: i32) -> (u8, u32) {
    if disp == 0 && base != RBP {
        (0, 0)
    } else if disp as i8 as i32 == disp {
        (0x40, 1)
    } else {
        (0x80, 4)
    }
}

/// One operand is memory at a base, perhaps with an index, or relative to the next instruction. Not for 2 bytes.
#[inline(always)]
pub(crate) fn put_memory(
    code: &mut CodeBuffer,
    quick: &Quick,
    size: u8,
    reg: PReg,
    regs: &Assigned,
    mem: &Addr,
    imm: Option<i64>,
) {
    let (mut op, mut rex, mut imm_len) = (quick.op, 0, if imm.is_some() { quick.imm } else { 0 });
    if size == 0 {
        (op, rex) = byte_op(quick, reg);
        imm_len = imm_len.min(1);
    }
    rex |= (size & size >> 1 & 1) << 3 | (reg & 8) >> 1 | (regs.base & 8) >> 3 | (regs.index & 8) >> 2;
    let (mut word, mut bits) = quick_head(quick, op, rex);
    let reg = (reg & 7) << 3;
    let imm = imm.unwrap_or(0) as u64;
    if mem.kind != relocs::R_X86_64_NONE {
        word |= u64::from(reg | 5).wrapping_shl(bits);
        code.put(word, (bits / 8 + 1) as usize);
        code.reloc(mem.kind, mem.target, i64::from(mem.disp) - 4 - i64::from(imm_len));
        return code.put(imm << 32, 4 + usize::from(imm_len));
    }
    let base = regs.base & 7;
    if mem.index.is_none()
        && let Some(has_disp) = short_displacement(base, mem.disp)
    {
        word |= u64::from(has_disp << 6 | reg | base).wrapping_shl(bits);
        let tail = u64::from(mem.disp as u8) | imm << (8 * has_disp);
        return code.put_two(word, (bits / 8) as usize + 1, tail, usize::from(has_disp) + usize::from(imm_len));
    }
    let (mode, disp_len) = displacement(base, mem.disp);
    if mem.index.is_none() && base != RSP {
        word |= u64::from(mode | reg | base).wrapping_shl(bits);
        bits += 8;
    } else {
        let index = if mem.index.is_none() { 4 } else { regs.index & 7 };
        let sib = mem.scale << 6 | index << 3 | base;
        word |= (u64::from(mode | reg | 4) | u64::from(sib) << 8).wrapping_shl(bits);
        bits += 16;
    }
    let mut tail = u64::from(mem.disp as u32);
    if imm_len != 0 {
        // What stands above the displacement's bytes is cut off.
        let keep = 1u64.wrapping_shl(8 * disp_len) - 1;
        tail = tail & keep | imm.wrapping_shl(8 * disp_len);
    }
    code.put_two(word, (bits / 8) as usize, tail, disp_len as usize + usize::from(imm_len));
}

/// Any row.
fn encode_any(code: &mut CodeBuffer, inst: &MInst, regs: &Assigned) {
    let row = &INSNS[inst.form as usize];
    debug_assert!(row.sizes & 1 << inst.size != 0, "{} has no size {}", row.mnemonic, inst.size);
    let first = if inst.dst.is_none() { regs.a } else { regs.dst };
    let (reg, rm) = match row.shape {
        Shape::MR => (regs.b, Rm::Reg(first)),
        Shape::RM => (first, Rm::Reg(regs.b)),
        Shape::RMem | Shape::MemD => (first, Rm::Mem),
        Shape::MemR => (regs.b, Rm::Mem),
        Shape::M => (row.digit, Rm::Reg(first)),
        Shape::MB => (row.digit, Rm::Reg(regs.b)),
        Shape::MX => (regs.base, Rm::Reg(first)),
        Shape::DD => (first, Rm::Reg(first)),
        Shape::Mem => (row.digit, Rm::Mem),
        Shape::O => (0, Rm::Reg(first)),
        Shape::Z | Shape::ZZ => (0, Rm::None),
        Shape::Sequence => return sequence(code, inst, regs),
    };
    write(code, row, inst, reg, rm, regs);
}

#[inline]
pub(crate) fn write(code: &mut CodeBuffer, row: &InsnRow, inst: &MInst, reg: PReg, rm: Rm, regs: &Assigned) {
    let flags = row.flags;
    let mut head = Head { word: 0, len: 0 };
    let is_mem = matches!(rm, Rm::Mem);
    if row.prefix != 0 || inst.size == 1 || is_mem && inst.mem.flags != 0 {
        prefixes(&mut head, row, inst, is_mem);
    }
    let mut rex = u8::from(inst.size == 3) << 3 | (reg & 8) >> 1;
    match rm {
        Rm::None => {}
        Rm::Reg(rm) => rex |= (rm & 8) >> 3,
        Rm::Mem => {
            // Registers that are not there are 0.
            rex |= (regs.base & 8) >> 3 | (regs.index & 8) >> 2;
        }
    }
    if inst.size == 0 || flags & BYTE_RM != 0 {
        rex |= byte_rex(row, inst, reg, rm);
    }
    if rex != 0 {
        head.byte(0x40 | rex);
    }
    if row.map != 0 {
        head.byte(0x0f);
        if row.map > 1 {
            head.byte(if row.map == 2 { 0x38 } else { 0x3a });
        }
    }
    let mut opcode = row.opcode;
    if flags & (W | CC) != 0 {
        if flags & CC != 0 {
            opcode |= inst.aux;
        } else if inst.size == 0 {
            opcode &= !1;
        }
    }
    match rm {
        Rm::Mem => {
            head.byte(opcode);
            memory(code, &mut head, reg, &inst.mem, regs, row, inst);
        }
        Rm::Reg(rm) if row.shape == Shape::O => head.byte(opcode | rm & 7),
        Rm::Reg(RAX) if flags & ACC != 0 => {
            let short = if row.opcode == 0xf7 { 0xa9 } else { row.digit << 3 | 5 };
            head.byte(if inst.size == 0 { short & !1 } else { short });
        }
        Rm::Reg(rm) => {
            let modrm = 0xc0 | (reg & 7) << 3 | rm & 7;
            if flags & ONE != 0 && inst.imm == 1 {
                head.byte(opcode | 0x10);
                head.byte(modrm);
                return code.put(head.word, head.len as usize);
            }
            head.byte(opcode);
            head.byte(modrm);
        }
        Rm::None => {
            head.byte(opcode);
            if row.shape == Shape::ZZ {
                head.byte(row.digit);
            }
        }
    }
    if row.imm == Imm::Symbol {
        code.put(head.word, head.len as usize);
        let addend = i64::from(inst.mem.disp) - if row.opcode == 0xe8 { 4 } else { 0 };
        code.reloc(inst.mem.kind, inst.mem.target, addend);
        return code.put(0, 4);
    }
    if row.imm != Imm::No {
        head.tail(code, inst.imm as u64, imm_len(row, inst));
    }
    code.put(head.word, head.len as usize);
}

fn prefixes(head: &mut Head, row: &InsnRow, inst: &MInst, is_mem: bool) {
    if is_mem && inst.mem.flags & FS != 0 {
        head.byte(0x64);
    }
    if inst.size == 1 {
        head.byte(0x66);
    }
    if row.prefix != 0 {
        head.byte(row.prefix);
    }
}

/// Without a prefix the byte registers 4 to 7 are `ah` to `bh`.
fn byte_rex(row: &InsnRow, inst: &MInst, reg: PReg, rm: Rm) -> u8 {
    let in_rm = matches!(rm, Rm::Reg(rm) if rm & 0x3c == 4);
    let reg_is_byte = inst.size == 0 && matches!(row.shape, Shape::MR | Shape::RMem | Shape::MemR | Shape::MemD);
    if in_rm || reg_is_byte && reg & 0x3c == 4 { 0x40 } else { 0 }
}

#[inline]
pub(crate) fn imm_len(row: &InsnRow, inst: &MInst) -> u32 {
    match row.imm {
        Imm::No => 0,
        Imm::Byte => 1,
        Imm::Full => [1, 2, 4, 4][inst.size as usize & 3],
        Imm::Eight => 8,
        Imm::Symbol => 4,
    }
}

/// ModRM, SIB and displacement behind the opcode.
#[inline]
fn memory(code: &mut CodeBuffer, head: &mut Head, reg: PReg, mem: &Addr, regs: &Assigned, row: &InsnRow, inst: &MInst) {
    let reg = (reg & 7) << 3;
    if mem.kind != relocs::R_X86_64_NONE || mem.base.is_none() {
        return far_memory(code, head, reg, mem, regs, row, inst);
    }
    let base = regs.base & 7;
    let (mode, disp_len) = if mem.disp == 0 && base != RBP {
        (0, 0)
    } else if mem.disp as i8 as i32 == mem.disp {
        (0x40, 1)
    } else {
        (0x80, 4)
    };
    if mem.index.is_none() && base != RSP {
        head.byte(mode | reg | base);
    } else {
        let index = if mem.index.is_none() { 4 } else { regs.index & 7 };
        head.byte(mode | reg | 4);
        head.byte(mem.scale << 6 | index << 3 | base);
    }
    if disp_len == 1 {
        head.byte(mem.disp as u8);
    } else if disp_len == 4 {
        head.tail(code, u64::from(mem.disp as u32), 4);
    }
}

/// Addresses without a base, or with a field that is relocated.
fn far_memory(
    code: &mut CodeBuffer,
    head: &mut Head,
    reg: u8,
    mem: &Addr,
    regs: &Assigned,
    row: &InsnRow,
    inst: &MInst,
) {
    let relative = regs.base == RIP && !mem.base.is_none();
    if relative {
        head.byte(reg | 5);
    } else {
        let index = if mem.index.is_none() { 4 } else { regs.index & 7 };
        if mem.base.is_none() {
            // No base: absolute, or index and displacement.
            head.byte(reg | 4);
            head.byte(mem.scale << 6 | index << 3 | 5);
        } else if mem.index.is_none() && regs.base & 7 != RSP {
            head.byte(0x80 | reg | regs.base & 7);
        } else {
            head.byte(0x80 | reg | 4);
            head.byte(mem.scale << 6 | index << 3 | regs.base & 7);
        }
    }
    if mem.kind == relocs::R_X86_64_NONE {
        return head.tail(code, u64::from(mem.disp as u32), 4);
    }
    code.put(head.word, head.len as usize);
    let addend = i64::from(mem.disp) - if relative { 4 + i64::from(imm_len(row, inst)) } else { 0 };
    code.reloc(mem.kind, mem.target, addend);
    (head.word, head.len) = (0, 4);
}

/// An instruction over physical registers, for hand-written code.
pub fn raw(form: u16, size: u8, dst: Option<PReg>, b: Option<PReg>, mem: Addr, imm: i64) -> MInst {
    let reg = |preg: Option<PReg>| preg.map_or(Reg::NONE, Reg::phys);
    let cons = &INSNS[form as usize].cons;
    MInst { form, size, aux: 0, cons, dst: reg(dst), a: Reg::NONE, b: reg(b), mem, imm }
}

/// Encodes an instruction over physical registers.
pub fn put(code: &mut CodeBuffer, inst: &MInst) {
    let preg = |reg: Reg| if reg.is_none() { 0 } else { reg.preg() };
    let (dst, a, b) = (preg(inst.dst), preg(inst.a), preg(inst.b));
    encode(code, inst, &Assigned { dst, a, b, base: preg(inst.mem.base), index: preg(inst.mem.index) });
}

/// `base + disp` over physical registers.
pub fn at(base: PReg, disp: i32) -> Addr {
    Addr { base: Reg::phys(base), disp, ..NO_MEM }
}

fn sequence(code: &mut CodeBuffer, inst: &MInst, regs: &Assigned) {
    match inst.form {
        x::SDIV | x::SREM | x::UDIV | x::UREM => divide(code, inst, regs),
        x::RMW_LOOP => rmw_loop(code, inst, regs),
        // Text follows: see `select_asm`.
        x::ASM => {}
        x::SAVE_XMMS => save_xmms(code, inst.imm as i32),
        x::CALL_TLS_GD => {
            // psABI TLS supplement, general dynamic: padded so that a linker can rewrite it in place.
            code.put(0x66, 1);
            code.put(0x3d_8d48, 3);
            code.reloc(relocs::R_X86_64_TLSGD, inst.mem.target, -4);
            code.put(0, 4);
            code.put(0xe848_6666, 4);
            code.reloc(relocs::R_X86_64_PLT32, RelocTarget::symbol(SymId(inst.imm as u32)), -4);
            code.put(0, 4);
        }
        form => unreachable!("{} is not a sequence", INSNS[form as usize].mnemonic),
    }
}

/// Division: the dividend is in `rax`.
fn divide(code: &mut CodeBuffer, inst: &MInst, regs: &Assigned) {
    let signed = matches!(inst.form, x::SDIV | x::SREM);
    let digit = INSNS[inst.form as usize].digit;
    match (inst.size, signed) {
        (0, true) => code.put(0xc0_be0f, 3), // movsbl %al, %eax
        (0, false) => code.put(0xc0_b60f, 3),
        (1, true) => code.put(0x9966, 2),
        (2, true) => code.put(0x99, 1),
        (3, true) => code.put(0x9948, 2),
        _ => code.put(0xba, 1), // movl $0, %edx: flags stay
    }
    if inst.size != 0 && !signed {
        code.put(0, 4);
    }
    let row = &INSNS[inst.form as usize];
    write(code, row, inst, digit, Rm::Reg(regs.b), regs);
    if inst.size == 0 && matches!(inst.form, x::SREM | x::UREM) {
        code.put(0xd4_b60f, 3); // movzbl %ah, %edx
    }
}

/// [`MInst::aux`] of the atomic loop: number of the operation in its family, and whether its result is inverted.
pub const NEGATE: u8 = 0x80;

/// `rax = old; do { rcx = rax op b } while (!cmpxchg(mem, rcx))`.
fn rmw_loop(code: &mut CodeBuffer, inst: &MInst, regs: &Assigned) {
    let size = inst.size.max(2);
    let mem = Addr {
        base: if inst.mem.base.is_none() { Reg::NONE } else { Reg::phys(regs.base) },
        index: if inst.mem.index.is_none() { Reg::NONE } else { Reg::phys(regs.index) },
        ..inst.mem
    };
    put(code, &raw(x::MOV_RM, inst.size, Some(RAX), None, mem, 0));
    let again = code.len();
    put(code, &raw(x::MOV_RR, size, Some(RCX), Some(RAX), NO_MEM, 0));
    let (form, negate) = (x::ADD_RR + u16::from(inst.aux & 7), inst.aux & NEGATE != 0);
    put(code, &raw(form, size, Some(RCX), Some(regs.b), NO_MEM, 0));
    if negate {
        put(code, &raw(x::NOT, size, Some(RCX), None, NO_MEM, 0));
    }
    put(code, &raw(x::LOCK_CMPXCHG, inst.size, None, Some(RCX), mem, 0));
    let back = again as i64 - (code.len() as i64 + 2);
    assert!(back >= -128, "an atomic loop is short");
    code.put(0x75 | (back as u8 as u64) << 8, 2);
}

/// `if (al != 0) save xmm0 to xmm7 at frame + offset`.
fn save_xmms(code: &mut CodeBuffer, offset: i32) {
    code.put(0xc084, 2);
    let branch = code.len();
    code.put(0x74, 2);
    let start = code.len();
    for idx in 0..8 {
        put(code, &raw(x::MOVAPS_MR, 2, None, Some(XMM0 + idx), at(RBP, offset + 16 * i32::from(idx)), 0));
    }
    let len = code.len() - start;
    assert!(len < 128);
    code.patch(branch + 1, len as u8);
}

/// Class numbers: i8 to i32, i64 and pointers, f32, f64, 16 bytes.
pub const I32: Class = 0;
pub const I64: Class = 1;
pub const F32: Class = 2;
pub const F64: Class = 3;
pub const V128: Class = 4;

/// `mov to, from` for one class.
pub fn mov(code: &mut CodeBuffer, class: Class, to: PReg, from: PReg) {
    let (reg, rm) = if class < F32 { (from, to) } else { (to, from) };
    let rex = u64::from(class == I64) << 3 | u64::from(reg & 8) >> 1 | u64::from(rm & 8) >> 3;
    let modrm = 0xc0 | u64::from(reg & 7) << 3 | u64::from(rm & 7);
    let (opcode, len) = if class < F32 { (0x89, 1) } else { (0x280f, 2) };
    let word = opcode | modrm << (8 * len);
    if rex == 0 { code.put(word, len + 1) } else { code.put(0x40 | rex | word << 8, len + 2) }
}

/// Opcode bytes of a move between register and frame, by class: prefix (0 for none), opcode after an optional 0x0f.
static FRAME_MOVES: [(u8, bool, u8, u8); 5] = [
    (0, false, 0x89, 0x8b),
    (0, false, 0x89, 0x8b),
    (0xf3, true, 0x11, 0x10),
    (0xf2, true, 0x11, 0x10),
    (0, true, 0x11, 0x10),
];

fn frame_move(code: &mut CodeBuffer, class: Class, preg: PReg, offset: i32, load: bool) {
    let (prefix, two, store_op, load_op) = FRAME_MOVES[class as usize];
    let mut head = Head { word: 0, len: 0 };
    if prefix != 0 {
        head.byte(prefix);
    }
    let rex = u8::from(class == I64) << 3 | (preg & 8) >> 1;
    if rex != 0 {
        head.byte(0x40 | rex);
    }
    if two {
        head.byte(0x0f);
    }
    head.byte(if load { load_op } else { store_op });
    let reg = (preg & 7) << 3 | RBP;
    if offset as i8 as i32 == offset {
        head.byte(0x40 | reg);
        head.byte(offset as u8);
        code.put(head.word, head.len as usize);
    } else {
        head.byte(0x80 | reg);
        code.put(head.word, head.len as usize);
        code.put(offset as u32 as u64, 4);
    }
}

/// Register to frame.
pub fn spill(code: &mut CodeBuffer, class: Class, offset: i32, from: PReg) {
    frame_move(code, class, from, offset, false);
}

/// Frame to register.
pub fn reload(code: &mut CodeBuffer, class: Class, to: PReg, offset: i32) {
    frame_move(code, class, to, offset, true);
}
