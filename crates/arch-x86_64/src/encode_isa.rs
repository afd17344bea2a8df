//! From a chosen row and a statement's operands to bytes and relocations (Intel SDM, volume 2, chapter 2): what text is
//! assembled by. Prefixes stand in the order in which GNU as writes them.

use crate::choose::{Choice, Wish};
use crate::isa::{self, Class, ModRm, Op, Place, Prefix, Sizes, Space, Width};
use crate::operand::{Byte, Mem, NO_INDEX, NONE, Operand, Rounding, Stmt};
use crate::options::{self, Bits};
use crate::regs::{RIP, RSP};
use crate::relocs;
use crate::rows::kind;
use asm::{Emit, Expr};
use target::RelocKind;

/// Bytes of an instruction with all prefixes that a statement can name.
const CAPACITY: usize = 32;

/// The map whose opcodes are the last byte.
const AMD_LAST: u8 = 4;
/// The first map of XOP's prefix.
const XOP: u8 = 8;

struct Bytes {
    bytes: [u8; CAPACITY],
    len: usize,
}

impl Bytes {
    #[inline(always)]
    fn byte(&mut self, byte: u8) {
        // No statement makes so many; the mask spares a check of bounds.
        self.bytes[self.len % CAPACITY] = byte;
        self.len += 1;
    }

    #[inline]
    fn word(&mut self, value: i64, len: u8) {
        for byte in value.to_le_bytes().iter().take(usize::from(len)) {
            self.byte(*byte);
        }
    }
}

/// What a field's value is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// An address.
    Nothing,
    /// The distance to the end of the instruction.
    FromEnd,
    /// The same, cut where it does not fit.
    Around,
    /// The address of the global offset table, which stands for the distance from the beginning of the instruction.
    FromStart,
}

/// A field that a relocation fills.
#[derive(Clone, Copy)]
struct Field {
    at: usize,
    kind: RelocKind,
    expr: Expr,
    counts: Counts,
}

/// What goes into which field.
struct Fields<'s> {
    reg: u8,
    /// Register in ModRM.rm, the opcode or its second byte.
    rm: u8,
    vvvv: u8,
    is4: Option<u8>,
    mem: Option<&'s Mem>,
    modrm: bool,
    /// A byte register that excludes REX, one that needs it.
    high: bool,
    low: bool,
    imms: [Option<(&'s Op, &'s Operand)>; 2],
    moffs: Option<&'s Mem>,
}

/// The instruction is written with a field for each relocation.
pub fn write(choice: &Choice, stmt: &Stmt, wish: &Wish, relax: bool, emit: &mut Emit) -> Result<(), String> {
    let row = choice.row;
    let mut fields = Fields {
        reg: 0,
        rm: 0,
        vvvv: 0,
        is4: None,
        mem: None,
        modrm: row.enc.modrm == ModRm::Reg,
        high: false,
        low: false,
        imms: [None; 2],
        moffs: None,
    };
    for (op, operand) in row.ops[..usize::from(row.n_ops)].iter().zip(&stmt.ops) {
        place(&mut fields, op, operand, stmt);
    }
    if let ModRm::Digit(digit) = row.enc.modrm {
        fields.reg = digit;
        fields.modrm = true;
    }
    if stmt.n_mems == 2 && stmt.mems[0].address != stmt.mems[1].address {
        return Err("the two addresses have different widths".into());
    }
    let mut out = Bytes { bytes: [0; CAPACITY], len: 0 };
    match row.enc.space {
        Space::Legacy => legacy(&mut out, choice, stmt, wish, &fields)?,
        Space::Vex | Space::Evex => {
            prefixes(&mut out, choice, stmt, wish, &fields);
            if (stmt.prefixes.rex != 0 || stmt.asked.rex) && !stmt.rare.keeps_rex {
                return Err("a REX prefix cannot stand before VEX".into());
            }
            if row.enc.space == Space::Vex {
                vex(&mut out, choice, stmt, wish.bits, &fields)
            } else {
                evex(&mut out, choice, stmt, wish.bits, &fields)
            }
        }
    }
    match row.enc.modrm {
        ModRm::InOpcode => out.byte(row.enc.opcode | fields.rm & 7),
        // 3DNow!: behind the operands.
        _ if row.enc.map == AMD_LAST => {}
        _ => out.byte(row.enc.opcode),
    }
    let opcode_at = out.len;
    let mut disp = None;
    match row.enc.modrm {
        ModRm::Exact(byte) => out.byte(byte),
        ModRm::Second(byte) => out.byte(byte | fields.rm & 7),
        _ if fields.modrm => match fields.mem {
            Some(mem) => disp = memory(&mut out, mem, fields.reg, choice, stmt, wish, emit)?,
            None => out.byte(0xc0 | (fields.reg & 7) << 3 | fields.rm & 7),
        },
        _ => {}
    }
    if let Some(mem) = fields.moffs {
        disp = offset(&mut out, mem, stmt, wish, emit)?;
    }
    if let Some(value) = fields.mem.and_then(|mem| mem.disp.constant())
        && value.unsigned_abs() > u64::from(u32::MAX)
    {
        emit.warn(format!("{value:#x} shortened to {:#x}", value as u32));
    }
    if let Some(field) = &disp
        && is_through_table(field.kind)
        && (row.enc.space != Space::Legacy || row.ops.iter().any(|op| op.class == Class::Vec))
    {
        return Err(format!("TLS relocation cannot be used with ‘{}’", crate::rows::name_of(row)));
    }
    if let Some(field) = &mut disp
        && relax
        && emit.modifier(&field.expr) == "gotpcrel"
    {
        // What has an operand-size prefix no linker relaxes; a REX prefix that the text names is none of the instruction's.
        let has_prefix = out.bytes[..opcode_at % CAPACITY].contains(&0x66);
        let before = if stmt.prefixes.rex != 0 { 0 } else { out.bytes[opcode_at.saturating_sub(2) % CAPACITY] };
        field.kind = if has_prefix { relocs::R_X86_64_GOTPCREL } else { relaxed(choice, &fields, before) };
    }
    let mut constant = None;
    for (op, operand) in fields.imms.iter().flatten() {
        constant = immediate(&mut out, op, stmt.imm(operand), choice, wish, emit)?.or(constant);
    }
    if let Some(number) = fields.is4 {
        out.byte(number << 4 | stmt.rare.half_imm.saturating_sub(1));
    }
    if row.enc.map == AMD_LAST {
        out.byte(row.enc.opcode);
    }
    put(&out, [disp, constant], emit);
    Ok(())
}

fn put(out: &Bytes, fields: [Option<Field>; 2], emit: &mut Emit) {
    let word = |at: usize| {
        let mut word = [0; 8];
        word.copy_from_slice(&out.bytes[at..at + 8]);
        u64::from_le_bytes(word)
    };
    emit.code.put(word(0), out.len.min(8));
    if out.len > 8 {
        emit.code.put(word(8), (out.len - 8).min(8));
    }
    if out.len > 16 {
        emit.code.put(word(16), (out.len - 16).min(8));
    }
    for field in fields.into_iter().flatten() {
        let at = emit.code.mark_back(out.len - field.at);
        let to_end = field.at as i64 - out.len as i64;
        match field.counts {
            Counts::Nothing => emit.fixup(at, field.kind, &field.expr, 0),
            Counts::FromEnd => emit.fixup(at, field.kind, &field.expr, to_end),
            Counts::Around => emit.wrapped_fixup(at, field.kind, &field.expr, to_end),
            Counts::FromStart => emit.fixup(at, field.kind, &field.expr, field.at as i64),
        }
    }
}

#[inline]
fn place<'s>(fields: &mut Fields<'s>, op: &'s Op, operand: &'s Operand, stmt: &'s Stmt) {
    fields.high |= operand.byte == Byte::High;
    fields.low |= operand.byte == Byte::Low;
    match op.place {
        Place::Reg => (fields.reg, fields.modrm) = (operand.number, true),
        Place::Rm | Place::RmMem | Place::Vsib | Place::RmReg => {
            fields.modrm = true;
            if operand.kind & (kind::MEM | kind::VSIB) != 0 {
                fields.mem = Some(stmt.mem(operand));
            } else {
                fields.rm = operand.number;
            }
        }
        Place::Opcode => fields.rm = operand.number,
        Place::Vvvv => fields.vvvv = operand.number,
        Place::Is4 => fields.is4 = Some(operand.number),
        Place::Imm | Place::ImmSx => {
            let spot = usize::from(fields.imms[0].is_some());
            fields.imms[spot] = Some((op, operand));
        }
        Place::Moffs => fields.moffs = Some(stmt.mem(operand)),
        // The address is implied, its width and segment are not.
        Place::StrSrc | Place::StrDst | Place::Xlat => {}
        Place::Rel
        | Place::Acc
        | Place::Cl
        | Place::Dx
        | Place::Fs
        | Place::Gs
        | Place::St0
        | Place::One
        | Place::MaskDst
        | Place::Imm4 => {}
    }
}

/// The segment's prefix, unless the address has that segment by itself.
fn segment(stmt: &Stmt, choice: &Choice) -> u8 {
    // Of two addresses only the source's segment can be chosen.
    let mut said = stmt.prefixes.segment;
    for (op, operand) in choice.row.ops.iter().zip(&stmt.ops[..stmt.n]) {
        if operand.kind & (kind::MEM | kind::VSIB) == 0 || op.place == Place::StrDst {
            continue;
        }
        let mem = stmt.mem(operand);
        let stack = matches!(mem.base, 4 | 5);
        match mem.segment {
            0 => {}
            0x3e if !stack => {}
            0x36 if stack => {}
            other => said = other,
        }
    }
    said
}

/// Segment, address and repeat prefixes.
#[inline]
fn prefixes(out: &mut Bytes, choice: &Choice, stmt: &Stmt, wish: &Wish, _: &Fields) {
    let given = &stmt.prefixes;
    if given.wait {
        out.byte(0x9b);
    }
    if stmt.n_mems != 0 || given.segment != 0 {
        let segment = segment(stmt, choice);
        if segment != 0 {
            out.byte(segment);
        }
    }
    let of_registers = stmt.n_mems != 0 && stmt.mems[0].address != 0 && stmt.mems[0].address != wish.code;
    let of_operand = stmt.mems[0].address == 0
        && choice.row.ops[0].reg == Width::Address
        && stmt.ops[0].kind == kind::R32
        && wish.code == 8;
    if given.address || of_registers || of_operand {
        out.byte(0x67);
    }
}

/// The operand size has its prefix.
fn has_size_prefix(choice: &Choice, stmt: &Stmt, wish: &Wish) -> bool {
    if matches!(choice.row.enc.sizes, Sizes::Of(_)) {
        // Segment registers move without, unless a word is stored in a register.
        let ops = &choice.row.ops;
        let is_load = ops[0].class == Class::Seg && choice.row.n_ops == 2;
        let is_store = ops[1].class == Class::Seg && stmt.ops[0].kind & kind::GPR == 0;
        if choice.row.n_ops == 2 && (is_load || is_store) {
            return false;
        }
        // A word in memory is one anyway.
        if choice.row.n_ops == 1 && ops[0].mem == Width::B2 && stmt.ops[0].kind == kind::MEM {
            return false;
        }
        return match wish.code {
            2 => choice.size == 4,
            _ => choice.size == 2,
        };
    }
    false
}

fn legacy(out: &mut Bytes, choice: &Choice, stmt: &Stmt, wish: &Wish, fields: &Fields) -> Result<(), String> {
    let row = choice.row;
    prefixes(out, choice, stmt, wish, fields);
    let given = &stmt.prefixes;
    let sized = has_size_prefix(choice, stmt, wish);
    if sized || given.data || row.enc.prefix == Prefix::P66 {
        out.byte(0x66);
    }
    let mandatory = match row.enc.prefix {
        Prefix::F3 => 0xf3,
        Prefix::F2 => 0xf2,
        _ => 0,
    };
    let always = if row.flags & isa::REPEATED != 0 { 0xf3 } else { 0 };
    let repeat = given.repeat | mandatory | always;
    if repeat != 0 {
        out.byte(repeat);
    }
    if given.lock {
        out.byte(0xf0);
    }
    let is_wide = choice.size == 8
        && matches!(row.enc.sizes, Sizes::Of(_) | Sizes::ByW)
        && row.flags & (isa::DEF64 | isa::FORCE64) == 0
        && row.traits & crate::rows::NO_REX_W == 0;
    // The accumulator with itself is a `nop`, which needs no size.
    let is_nop = row.enc.modrm == ModRm::InOpcode && row.enc.opcode == 0x90 && row.enc.map == 0 && fields.rm == 0;
    let mut rex = u8::from(is_wide && !is_nop) << 3 | (fields.reg & 8) >> 1 | given.rex;
    match fields.mem {
        Some(mem) => rex |= extension(mem.base) >> 3 | extension(mem.index) >> 2,
        None => rex |= (fields.rm & 8) >> 3,
    }
    if fields.low || stmt.asked.rex && !fields.high {
        rex |= 0x40;
    }
    if rex != 0 {
        if fields.high {
            return Err("a register of the second byte cannot stand in an instruction with a REX prefix".into());
        }
        if wish.code != 8 {
            return Err("a REX prefix exists only in 64-bit code".into());
        }
        out.byte(0x40 | rex);
    }
    match row.enc.map {
        0 => {}
        AMD_LAST => {
            out.byte(0x0f);
            out.byte(0x0f);
        }
        map => {
            out.byte(0x0f);
            if map > 1 {
                out.byte(if map == 2 { 0x38 } else { 0x3a });
            }
        }
    }
    Ok(())
}

/// Bit 3 of a base or index that exists.
#[inline]
fn extension(number: u8) -> u8 {
    if number < 32 { number & 8 } else { 0 }
}

fn pp(prefix: Prefix) -> u8 {
    match prefix {
        Prefix::Any | Prefix::No => 0,
        Prefix::P66 => 1,
        Prefix::F3 => 2,
        Prefix::F2 => 3,
    }
}

fn is_w1(choice: &Choice, bits: Bits) -> bool {
    match choice.row.enc.sizes {
        Sizes::Ignored => bits.ignored_w(choice.row.enc.space),
        Sizes::W1 => true,
        Sizes::ByW if choice.row.traits & crate::rows::NO_REX_W != 0 => bits.ignored_w(choice.row.enc.space),
        Sizes::ByW | Sizes::Of(_) => choice.size == 8 && choice.row.traits & crate::rows::NO_REX_W == 0,
        _ => false,
    }
}

/// Bits R, X, B as in REX.
fn rxb(fields: &Fields) -> u8 {
    let low = match fields.mem {
        Some(mem) => extension(mem.base) >> 3 | extension(mem.index) >> 2,
        None => (fields.rm & 8) >> 3,
    };
    (fields.reg & 8) >> 1 | low
}

/// Of VEX: scalars of vectors ignore the length.
fn takes_length(choice: &Choice) -> bool {
    choice.row.ops.iter().any(|op| op.class == Class::Vec)
}

fn vex(out: &mut Bytes, choice: &Choice, stmt: &Stmt, bits: Bits, fields: &Fields) {
    let enc = &choice.row.enc;
    let given = stmt.prefixes.rex;
    let (rxb, w) = (rxb(fields) | given & 7, is_w1(choice, bits));
    let long = if enc.lengths == 0 && takes_length(choice) {
        bits.get(options::VEX_LENGTH) as u8
    } else {
        u8::from(choice.length == 32 && enc.lengths != 0)
    };
    let last = (!fields.vvvv & 15) << 3 | long << 2 | pp(enc.prefix);
    if rxb & 3 == 0 && !w && given & 8 == 0 && enc.map == 1 && stmt.asked.space != 3 {
        out.byte(0xc5);
        out.byte((!rxb >> 2 & 1) << 7 | last);
    } else {
        out.byte(if enc.map >= XOP { 0x8f } else { 0xc4 });
        out.byte((!rxb & 7) << 5 | enc.map);
        out.byte(u8::from(w) << 7 | last);
    }
}

fn evex(out: &mut Bytes, choice: &Choice, stmt: &Stmt, bits: Bits, fields: &Fields) {
    let enc = &choice.row.enc;
    let mut rxb = rxb(fields);
    // Of a register in rm, bit 4 is X; of a vector of indexes it is V'.
    let mut upper = fields.vvvv >> 4 & 1;
    match fields.mem {
        Some(mem) if mem.vector != 0 => upper = mem.index >> 4 & 1,
        Some(_) => {}
        None => rxb |= (fields.rm >> 4 & 1) << 1,
    }
    let length = match (stmt.rounding, choice.length) {
        (Rounding::To(mode), _) => mode,
        (Rounding::Sae, _) => bits.get(options::EVEX_ROUNDING) as u8,
        _ if enc.lengths == 0 => bits.get(options::EVEX_LENGTH) as u8,
        (_, 32) => 1,
        (_, 64) => 2,
        _ => 0,
    };
    let b = u8::from(stmt.broadcast != 0 || stmt.rounding != Rounding::No);
    out.byte(0x62);
    out.byte((!rxb & 7) << 5 | (!fields.reg >> 4 & 1) << 4 | enc.map);
    out.byte(u8::from(is_w1(choice, bits)) << 7 | (!fields.vvvv & 15) << 3 | 4 | pp(enc.prefix));
    out.byte(u8::from(stmt.zeroing) << 7 | length << 5 | b << 4 | (!upper & 1) << 3 | stmt.mask);
}

/// What a displacement of one byte counts in.
fn unit(choice: &Choice, stmt: &Stmt) -> i64 {
    let enc = &choice.row.enc;
    if enc.space != Space::Evex {
        return 1;
    }
    if stmt.broadcast != 0 {
        return i64::from(enc.broadcast);
    }
    let op = Op { place: Place::Rm, class: Class::Mem, reg: Width::None, mem: enc.scale };
    i64::from(crate::choose::memory_bytes(&op, choice.size, choice.length).max(1))
}

/// Of the displacement only 32 bits count: addresses of 32 bits, and `lea` to a register of them.
#[inline]
fn is_cut(mem: &Mem, choice: &Choice, stmt: &Stmt, wish: &Wish) -> bool {
    let is_lea = (choice.row.enc.map, choice.row.enc.opcode) == (0, 0x8d) && choice.size < 8;
    wish.code != 8 || mem.address == 4 || mem.address == 0 && stmt.prefixes.address || is_lea && mem.base != RIP
}

/// ModRM, SIB and displacement; a field if that is relocated.
fn memory(
    out: &mut Bytes,
    mem: &Mem,
    reg: u8,
    choice: &Choice,
    stmt: &Stmt,
    wish: &Wish,
    emit: &Emit,
) -> Result<Option<Field>, String> {
    let reg = (reg & 7) << 3;
    let is_cut = is_cut(mem, choice, stmt, wish);
    let constant = mem.disp.constant().map(|value| match u32::try_from(value) {
        Ok(value) if is_cut => i64::from(value as i32),
        _ => value,
    });
    let narrow = mem.address == 2 || mem.address == 0 && (wish.code == 2) != stmt.prefixes.address && wish.code != 8;
    if narrow {
        return memory16(out, mem, reg, constant, emit);
    }
    if choice.row.flags & isa::SIB != 0 && mem.base == RIP {
        return Err("an address relative to the instruction has no index".into());
    }
    if stmt.asked.disp == 2 {
        return Err("a displacement of 16 bits needs an address of 16 bits".into());
    }
    if mem.base == RIP {
        out.byte(reg | 5);
        if wish.code != 8 {
            return Err("an address relative to the instruction exists only in 64-bit code".into());
        }
        return displacement(out, mem, constant, (is_cut, wish.code == 8), emit);
    }
    let has_index = mem.index != NONE;
    let index = if !has_index || mem.index == NO_INDEX { 4 } else { mem.index & 7 };
    let sib = mem.scale << 6 | index << 3;
    if mem.base == NONE {
        if has_index || wish.code == 8 {
            out.byte(reg | 4);
            out.byte(sib | 5);
        } else {
            out.byte(reg | 5);
        }
        return displacement(out, mem, constant, (is_cut, wish.code == 8), emit);
    }
    let unit = unit(choice, stmt);
    let base = mem.base & 7;
    let (mode, short) = match (constant, stmt.asked.disp) {
        (Some(0), 0) if base != 5 => (0, None),
        (Some(value), 0 | 1) if value % unit == 0 && i8::try_from(value / unit).is_ok() => (0x40, Some(value / unit)),
        (None, 1) => return Err("a displacement that is not known cannot have one byte".into()),
        _ => (0x80, None),
    };
    if has_index || base == RSP || choice.row.flags & isa::SIB != 0 {
        out.byte(mode | reg | 4);
        out.byte(sib | base);
    } else {
        out.byte(mode | reg | base);
    }
    match (mode, short) {
        (0, _) => Ok(None),
        (_, Some(value)) => {
            out.byte(value as u8);
            Ok(None)
        }
        _ => displacement(out, mem, constant, (is_cut, wish.code == 8), emit),
    }
}

/// Addresses of 16 bits (SDM, volume 2, table 2-1).
fn memory16(out: &mut Bytes, mem: &Mem, reg: u8, constant: Option<i64>, emit: &Emit) -> Result<Option<Field>, String> {
    let code = match (mem.base, mem.index) {
        (3, 6) => 0,
        (3, 7) => 1,
        (5, 6) => 2,
        (5, 7) => 3,
        (6, NONE) => 4,
        (7, NONE) => 5,
        (5, NONE) => 6,
        (3, NONE) => 7,
        (NONE, NONE) => 8,
        _ => return Err("these registers make no address of 16 bits".into()),
    };
    let far = |value: i64| value >> 16 == 0 || value >> 15 == -1;
    match constant {
        Some(0) if code < 8 && code != 6 => out.byte(reg | code),
        Some(value) if code < 8 && i8::try_from(value).is_ok() => {
            out.byte(0x40 | reg | code);
            out.byte(value as u8);
        }
        _ => {
            out.byte(if code == 8 { reg | 6 } else { 0x80 | reg | code });
            let at = out.len;
            out.word(constant.unwrap_or(0), 2);
            match constant {
                Some(value) if !far(value) => return Err(format!("displacement {value:#x} does not fit 16 bits")),
                Some(_) => {}
                None if !emit.modifier(&mem.disp).is_empty() => return Err("no relocation of 16 bits does that".into()),
                None => {
                    return Ok(Some(Field { at, kind: relocs::R_X86_64_16, expr: mem.disp, counts: Counts::Nothing }));
                }
            }
        }
    }
    Ok(None)
}

/// Four bytes of displacement; whether they are not extended by their sign, and whether that is looked at.
fn displacement(
    out: &mut Bytes,
    mem: &Mem,
    constant: Option<i64>,
    (narrow, is_long): (bool, bool),
    emit: &Emit,
) -> Result<Option<Field>, String> {
    let at = out.len;
    if let Some(value) = constant {
        if !narrow && i32::try_from(value).is_err() {
            return Err(format!("{value:#x} out of range of signed 32bit displacement"));
        }
        out.word(value, 4);
        return Ok(None);
    }
    out.word(0, 4);
    let relative = mem.base == RIP;
    let kind = match emit.modifier(&mem.disp) {
        "" if relative => relocs::R_X86_64_PC32,
        "" if narrow => relocs::R_X86_64_32,
        "" => relocs::R_X86_64_32S,
        modifier => modified(modifier, false)?,
    };
    if relative && NOT_RELATIVE.contains(&kind) {
        return Err("non-pc-relative relocation for pc-relative field".into());
    }
    if !relative && is_long {
        check_sign(kind, !narrow)?;
    }
    let counts = match relative {
        // An address of 32 bits wraps around.
        true if mem.address == 4 => Counts::Around,
        true => Counts::FromEnd,
        false => counts_from(kind, &mem.disp, emit),
    };
    Ok(Some(Field { at, kind, expr: mem.disp, counts }))
}

/// An absolute address in the instruction.
fn offset(out: &mut Bytes, mem: &Mem, stmt: &Stmt, wish: &Wish, emit: &Emit) -> Result<Option<Field>, String> {
    let len = if stmt.prefixes.address { if wish.code == 4 { 2 } else { 4 } } else { wish.code };
    let at = out.len;
    let constant = mem.disp.constant();
    out.word(constant.unwrap_or(0), len);
    if constant.is_some() {
        return Ok(None);
    }
    let kind = match emit.modifier(&mem.disp) {
        "" => absolute(len, false),
        modifier => modified(modifier, len == 8)?,
    };
    Ok(Some(Field { at, kind, expr: mem.disp, counts: Counts::Nothing }))
}

fn immediate(
    out: &mut Bytes,
    op: &Op,
    value: &Expr,
    choice: &Choice,
    wish: &Wish,
    emit: &Emit,
) -> Result<Option<Field>, String> {
    let len = match op.reg {
        _ if op.place == Place::ImmSx => 1,
        Width::B1 => 1,
        Width::B2 => 2,
        Width::B4 => 4,
        Width::V => choice.size,
        _ => choice.size.min(4),
    };
    let at = out.len;
    if let Some(number) = value.constant() {
        out.word(number, len);
        return Ok(None);
    }
    out.word(0, len);
    let kind = match emit.modifier(value) {
        "" => absolute(len, choice.size == 8 && wish.code == 8),
        modifier => {
            let kind = modified(modifier, len == 8)?;
            if wish.code == 8 && len != 8 {
                check_sign(kind, choice.size == 8)?;
            }
            kind
        }
    };
    Ok(Some(Field { at, kind, expr: *value, counts: counts_from(kind, value, emit) }))
}

/// What an absolute field counts from.
fn counts_from(kind: RelocKind, expr: &Expr, emit: &Emit) -> Counts {
    let is_address = [relocs::R_X86_64_32, relocs::R_X86_64_32S, relocs::R_X86_64_64].contains(&kind);
    match is_address && expr.minus.is_none() && emit.is_symbol(expr, b"_GLOBAL_OFFSET_TABLE_") {
        true => Counts::FromStart,
        false => Counts::Nothing,
    }
}

/// The kind for an absolute field by its size.
fn absolute(bytes: u8, signed: bool) -> RelocKind {
    match bytes {
        1 => relocs::R_X86_64_8,
        2 => relocs::R_X86_64_16,
        4 if signed => relocs::R_X86_64_32S,
        4 => relocs::R_X86_64_32,
        _ => relocs::R_X86_64_64,
    }
}

/// Entries of the table for thread-local storage: linkers rewrite the instruction.
fn is_through_table(kind: RelocKind) -> bool {
    [relocs::R_X86_64_GOTTPOFF, relocs::R_X86_64_TLSGD, relocs::R_X86_64_TLSLD, relocs::R_X86_64_GOTPC32_TLSDESC]
        .contains(&kind)
}

/// Values with a sign; those of fields of 8 bytes are not among them.
const SIGNED: [RelocKind; 8] = [
    relocs::R_X86_64_GOT32,
    relocs::R_X86_64_PLT32,
    relocs::R_X86_64_GOTPCREL,
    relocs::R_X86_64_GOTTPOFF,
    relocs::R_X86_64_TLSGD,
    relocs::R_X86_64_TLSLD,
    relocs::R_X86_64_DTPOFF32,
    relocs::R_X86_64_TPOFF32,
];

/// Distances that do not count from the instruction.
const NOT_RELATIVE: [RelocKind; 4] =
    [relocs::R_X86_64_GOT32, relocs::R_X86_64_DTPOFF32, relocs::R_X86_64_TPOFF32, relocs::R_X86_64_SIZE32];

/// A field of 4 bytes that the instruction extends by its sign takes a value that has one, another field one that has none.
fn check_sign(kind: RelocKind, signed: bool) -> Result<(), String> {
    let differs = if signed { kind == relocs::R_X86_64_SIZE32 } else { SIGNED.contains(&kind) };
    if differs { Err("relocated field and relocation type differ in signedness".into()) } else { Ok(()) }
}

const NOT: RelocKind = relocs::R_X86_64_NONE;

/// Modifiers and their kinds in fields of four and of eight bytes (psABI, 4.4; gas manual, 9.16.3.2).
#[rustfmt::skip]
static MODIFIERS: &[(&str, RelocKind, RelocKind)] = &[
    ("gotpcrel", relocs::R_X86_64_GOTPCREL, relocs::R_X86_64_GOTPCREL64),
    ("plt", relocs::R_X86_64_PLT32, NOT),
    ("gottpoff", relocs::R_X86_64_GOTTPOFF, NOT),
    ("tpoff", relocs::R_X86_64_TPOFF32, relocs::R_X86_64_TPOFF64),
    ("dtpoff", relocs::R_X86_64_DTPOFF32, relocs::R_X86_64_DTPOFF64),
    ("tlsgd", relocs::R_X86_64_TLSGD, NOT),
    ("tlsld", relocs::R_X86_64_TLSLD, NOT),
    ("tlsldm", relocs::R_X86_64_TLSLD, NOT),
    ("tlsdesc", relocs::R_X86_64_GOTPC32_TLSDESC, NOT),
    ("got", relocs::R_X86_64_GOT32, relocs::R_X86_64_GOT64),
    ("gotoff", NOT, relocs::R_X86_64_GOTOFF64),
    ("gotplt", NOT, relocs::R_X86_64_GOTPLT64),
    ("pltoff", NOT, relocs::R_X86_64_PLTOFF64),
    ("size", relocs::R_X86_64_SIZE32, relocs::R_X86_64_SIZE64),
    ("gotpcrel_norelax", relocs::R_X86_64_GOTPCREL, NOT),
];

/// The kind for `symbol@MODIFIER`.
pub fn modified(modifier: &str, eight: bool) -> Result<RelocKind, String> {
    let row = MODIFIERS.iter().find(|row| row.0 == modifier);
    let kind = row.map(|row| if eight { row.2 } else { row.1 }).filter(|&kind| kind != NOT);
    kind.ok_or_else(|| format!("‘@{modifier}’ is not known here"))
}

/// Modifiers that only fields of eight bytes have.
pub fn is_wide(modifier: &str) -> bool {
    MODIFIERS.iter().any(|row| row.0 == modifier && row.1 == NOT)
}

/// What a linker may relax is marked (psABI, B.2): by opcode, and whether there is a REX prefix.
fn relaxed(choice: &Choice, fields: &Fields, before: u8) -> RelocKind {
    let enc = &choice.row.enc;
    let suits = enc.space == Space::Legacy
        && fields.mem.is_some_and(|mem| mem.base == RIP)
        && enc.map == 0
        && match enc.opcode {
            0x8b | 0x85 => true,
            0xff => matches!(enc.modrm, ModRm::Digit(2 | 4)),
            opcode => opcode & 0xc7 == 3,
        };
    let has_rex = before & 0xf0 == 0x40;
    match (suits, has_rex) {
        (false, _) => relocs::R_X86_64_GOTPCREL,
        (_, true) => relocs::R_X86_64_REX_GOTPCRELX,
        (_, false) => relocs::R_X86_64_GOTPCRELX,
    }
}
