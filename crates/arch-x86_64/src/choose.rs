//! The choice of a row, an operand size and a vector length for a statement.
//!
//! Rows of a name stand in the order in which GNU as prefers equal encodings; the first that fits is taken, but for a
//! shorter immediate further on, and for bytes where memory alone says nothing of its size.

use crate::features::{Feature, Mask};
use crate::isa::{self, Class, ModRm, Op, Place, Sizes, Space, Width};
use crate::mnemonics::How;
use crate::operand::{ANY_NUMBER, Byte, Operand, Rounding, Stmt};
use crate::options::{self, Bits};
use crate::regs::{RAX, RCX, RDX};
use crate::rows::{self, ASKED_VEX, BYTES, Row, SHORTER_LATER, Suffix, bytes, kind, kinds_at as kinds};

/// A row with what it leaves open.
#[derive(Clone, Copy)]
pub struct Choice {
    pub row: &'static Row,
    /// Operand size in bytes; 4 where there is none.
    pub size: u8,
    /// Vector length in bytes.
    pub length: u8,
}

/// What is asked beside the operands.
#[derive(Clone, Copy)]
pub struct Wish {
    pub how: How,
    /// Letter behind the name, 0 for none.
    pub suffix: u8,
    /// Width of code in bytes: 8, 4, 2.
    pub code: u8,
    /// Intel's syntax: memory without a size has any.
    pub intel: bool,
    /// What options ask for; 0 for nothing.
    pub bits: Bits,
    /// Features that are not there.
    pub off: Mask,
}

/// The memory of an operand, in bytes; 0 for none said.
pub fn memory_bytes(op: &Op, size: u8, length: u8) -> u8 {
    bytes(op.mem, size, length)
}

fn vector_index(op: &Op, length: u8) -> u16 {
    match bytes(op.reg, 0, length) {
        64 => kind::ZMM,
        32 => kind::YMM,
        _ => kind::XMM,
    }
}

#[inline]
fn fits_signed(value: i64, bits: u32) -> bool {
    value >> (bits - 1) == 0 || value >> (bits - 1) == -1
}

#[inline]
fn fits_either(value: i64, bits: u32) -> bool {
    fits_signed(value, bits) || value >> bits == 0
}

/// Whether an immediate suits its operand.
fn immediate(op: &Op, stmt: &Stmt, operand: &Operand, row: &Row, size: u8, wish: &Wish) -> bool {
    let value = stmt.imm(operand).constant();
    match op.place {
        Place::One => value == Some(1),
        Place::ImmSx => match (value, size) {
            (Some(value), 2) => fits_either(value, 16) && fits_signed(i64::from(value as i16), 8),
            (Some(value), 4) => fits_either(value, 32) && fits_signed(i64::from(value as i32), 8),
            (Some(value), _) => fits_signed(value, 8),
            // What is not known yet might not fit.
            (None, _) => false,
        },
        _ => match (op.reg, value) {
            (Width::V, _) if wish.how == How::Absolute => size == 8,
            (Width::V, Some(value)) if size == 8 => !fits_signed(value, 32),
            (Width::V, None) if size == 8 => stmt.is_wide || stmt.may_be_wide,
            (_, None) => !(stmt.is_wide && size == 8),
            (Width::B1, Some(value)) => fits_either(value, 8),
            (Width::B2, Some(value)) => fits_either(value, 16),
            (Width::B4, Some(value)) => fits_either(value, 32),
            (_, Some(value)) => match size {
                2 => fits_either(value, 16),
                // Of 64 bits, or extended to them.
                4 if row.flags & isa::DEF64 == 0 || wish.code != 8 => fits_either(value, 32),
                _ => fits_signed(value, 32),
            },
        },
    }
}

/// Whether an operand suits its place beyond its kind.
fn suits(op: &Op, stmt: &Stmt, operand: &Operand, row: &Row, choice: (u8, u8), wish: &Wish) -> bool {
    let size = choice.0;
    if operand.kind & (kind::MEM | kind::VSIB) != 0 {
        return suits_memory(op, stmt, operand, row, choice, wish);
    }
    match op.place {
        // Of itself with itself: at 4 bytes the upper half is cleared, which a `nop` does not.
        Place::Acc if row.enc.modrm == ModRm::InOpcode && size == 4 && wish.code == 8 => {
            operand.number == RAX && (stmt.ops[0].number != RAX || stmt.ops[1].number != RAX)
        }
        Place::Acc => operand.number == RAX && operand.byte == Byte::Any,
        Place::Cl => operand.number == RCX && operand.byte == Byte::Any,
        Place::Dx => operand.number == RDX,
        Place::St0 => operand.number == 0,
        Place::Fs => operand.number == 4,
        Place::Gs => operand.number == 5,
        Place::Imm | Place::ImmSx | Place::One => immediate(op, stmt, operand, row, size, wish),
        _ if rows::is_forced(op, row.flags) => operand.kind == if wish.code == 8 { kind::R64 } else { kind::R32 },
        // In 64-bit code there are 16 registers without EVEX.
        _ => match op.class {
            Class::Vec => operand.number < 16 || row.enc.space == Space::Evex,
            Class::Mmx | Class::St | Class::Seg => true,
            class => {
                let same = operand.class == class || class == Class::MaskPair && operand.class == Class::Mask;
                // Of `movdir64b` the register has the address's width, and says it where the address does not.
                let open = stmt.mems[0].address == 0 && !stmt.prefixes.address && wish.code == 8;
                same && (op.reg != Width::Address
                    || operand.kind == address_kind(stmt, wish)
                    || open && operand.kind == kind::R32)
            }
        },
    }
}

/// The kind of a register as wide as the statement's address.
fn address_kind(stmt: &Stmt, wish: &Wish) -> u16 {
    let width = match stmt.mems[0].address {
        0 if stmt.prefixes.address => wish.code / 2,
        0 => wish.code,
        width => width,
    };
    match width {
        2 => kind::R16,
        4 => kind::R32,
        _ => kind::R64,
    }
}

fn suits_memory(op: &Op, stmt: &Stmt, operand: &Operand, row: &Row, choice: (u8, u8), wish: &Wish) -> bool {
    let (size, length) = choice;
    let mem = stmt.mem(operand);
    if op.place == Place::Vsib {
        return mem.vector == vector_index(op, length)
            && (operand.size == 0 || operand.size == bytes(op.mem, size, length));
    }
    if mem.vector != 0 {
        return false;
    }
    if stmt.broadcast != 0 {
        let element = row.enc.broadcast;
        let width = bytes(op.mem, size, length);
        return element != 0
            && (stmt.broadcast == ANY_NUMBER || width == element.wrapping_mul(stmt.broadcast))
            && (operand.size == 0 || operand.size == element);
    }
    match op.place {
        // Only where no displacement reaches.
        Place::Moffs if stmt.prefixes.repeat != 0 => return false,
        Place::Moffs => {
            let far = |value: i64| !fits_signed(value, 32);
            let wide = mem.disp.constant().is_some_and(far)
                || wish.how == How::Absolute
                || wish.code != 8
                || stmt.prefixes.address;
            if !mem.is_plain_but_segment() || !wide {
                return false;
            }
        }
        _ if wish.how == How::Absolute => return false,
        Place::Rel => return mem.is_plain() && !stmt.indirect,
        // A place to go to, which another size (`callw there`) makes no address of one.
        _ if rows::is_near_indirect(&row.enc) && mem.is_plain() && !stmt.indirect => return false,
        _ => {}
    }
    let width = bytes(op.mem, size, length);
    operand.size == 0 || width == 0 || operand.size == width
}

/// Whether the decorations of the statement suit the row.
fn decorated(stmt: &Stmt, row: &Row) -> bool {
    if row.enc.space != Space::Evex {
        return !stmt.needs_evex;
    }
    let has = |flag: u32| row.flags & flag != 0;
    let memory = stmt.have & (0x0100_0100_0100_0100 | 0x8000_8000_8000_8000) != 0;
    (stmt.mask == 0 || has(isa::MASK))
        && (stmt.mask != 0 || !has(isa::KREQ))
        && (!stmt.zeroing || has(isa::ZERO) && stmt.mask != 0)
        && (stmt.broadcast == 0 || row.enc.broadcast != 0 && memory)
        && match stmt.rounding {
            Rounding::No => true,
            Rounding::Sae => has(isa::SAE) && !memory,
            Rounding::To(_) => has(isa::RC) && !memory,
        }
}

/// Whether all operands fit at these sizes, of which `at` is the index.
#[inline]
fn fits(row: &Row, stmt: &Stmt, at: usize, size: u8, length: u8, wish: &Wish) -> bool {
    if stmt.have & !row.at[at] != 0 {
        return false;
    }
    let mut careful = row.careful | if stmt.told_memory || wish.how == How::Absolute { 0xf } else { 0 };
    while careful != 0 {
        let at = careful.trailing_zeros() as usize & 3;
        careful &= careful - 1;
        let operand = &stmt.ops[at];
        if operand.kind != kind::ABSENT && !suits(&row.ops[at], stmt, operand, row, (size, length), wish) {
            return false;
        }
    }
    true
}

/// The same where both an operand size and a vector length are open.
fn fits_both(row: &Row, stmt: &Stmt, size: u8, length: u8, wish: &Wish) -> bool {
    let ops = row.ops[..usize::from(row.n_ops)].iter().zip(&stmt.ops);
    ops.clone().all(|(op, operand)| operand.kind & kinds(op, size, length) != 0)
        && ops.clone().all(|(op, operand)| suits(op, stmt, operand, row, (size, length), wish))
}

/// The operand size that is likely, 0 when the one that the text asks for does not exist; and whether only that will do.
#[inline]
fn likely(row: &Row, stmt: &Stmt, wish: &Wish) -> (u8, bool) {
    let mask = match row.enc.sizes {
        Sizes::Of(mask) => mask,
        Sizes::ByW => 6,
        _ => return (4, true),
    };
    let by_itself = row.flags & (isa::DEF64 | isa::FORCE64) != 0;
    // What is always 8 in code of 64 bits is 4 elsewhere.
    let mask = match wish.code {
        8 => mask,
        _ if by_itself && mask & 4 != 0 => mask & !4 | 2,
        _ => mask & 3,
    } << 1;
    let asked = match (wish.how, wish.suffix) {
        (How::Size(size), _) => size,
        (_, 0) => 0,
        (_, b'w' | b's') if row.suffix == Suffix::Size => 2,
        (_, b'l') if row.suffix == Suffix::Size => 4,
        (_, b'q') if row.suffix == Suffix::Size => 8,
        _ => 0,
    };
    if asked != 0 {
        return (mask & asked, true);
    }
    if stmt.word & mask != 0 {
        return (stmt.word, false);
    }
    // A prefix says what nothing else does.
    if stmt.prefixes.data {
        let by_prefix = if wish.code == 2 { 4 } else { 2 };
        if by_prefix & mask != 0 && !stmt.told_memory {
            return (by_prefix, true);
        }
    }
    let usual = match wish.code {
        8 if row.flags & isa::DEF64 != 0 => 8,
        2 => 2,
        _ => 4,
    };
    match mask & usual {
        0 if mask & 4 != 0 => (4, false),
        0 if mask & 8 != 0 => (8, false),
        0 => (mask & 2, false),
        size => (size, false),
    }
}

/// Operand sizes to try in turn, 0 behind the last.
fn sizes(row: &Row, stmt: &Stmt, wish: &Wish) -> [u8; 4] {
    let mask = match row.enc.sizes {
        Sizes::Of(mask) => mask,
        Sizes::ByW => 6,
        _ => return [4, 0, 0, 0],
    };
    let by_itself = row.flags & (isa::DEF64 | isa::FORCE64) != 0;
    // What is always 8 in code of 64 bits is 4 elsewhere.
    let mask = match wish.code {
        8 => mask,
        _ if by_itself && mask & 4 != 0 => mask & !4 | 2,
        _ => mask & 3,
    };
    let asked = match (wish.how, wish.suffix) {
        (How::Size(size), _) => size,
        (_, b'w' | b's') if row.suffix == Suffix::Size => 2,
        (_, b'l') if row.suffix == Suffix::Size => 4,
        (_, b'q') if row.suffix == Suffix::Size => 8,
        _ => 0,
    };
    if asked != 0 {
        return [if mask << 1 & asked != 0 { asked } else { 0 }, 0, 0, 0];
    }
    let usual = match wish.code {
        8 if row.flags & isa::DEF64 != 0 => 8,
        2 => 2,
        _ => 4,
    };
    let said = stmt.word;
    let mut list = [0; 4];
    let mut n = 0;
    for size in [said, usual, 4, 8, 2] {
        if size != 0 && mask << 1 & size != 0 && !list.contains(&size) {
            list[n] = size;
            n += 1;
        }
    }
    list
}

/// Whether the name's letter and kind suit the row.
#[inline]
fn named(row: &Row, wish: &Wish) -> bool {
    if wish.suffix == 0 && wish.how == How::Same {
        return true;
    }
    let source = match wish.how {
        // The letter is that of a near branch.
        How::Same if (row.enc.map, row.enc.opcode) == (0, 0xff) && row.ops[0].mem == Width::Far => return false,
        How::Same | How::Wait | How::Count(_) | How::Absolute => 0,
        How::Size(_) => return wish.suffix == 0,
        How::Source(bytes) => bytes,
        How::Far => return row.ops[0].mem == Width::Far && matches!(wish.suffix, 0 | b'w' | b'l' | b'q'),
        How::Prefix(_) => return false,
    };
    if source != 0 {
        let op = row.ops[if row.n_ops == 1 { 0 } else { 1 }];
        return bytes(op.mem, 4, 0) == source && (row.n_ops > 1 || wish.suffix == 0);
    }
    match row.suffix {
        _ if wish.suffix == 0 => true,
        Suffix::No => false,
        Suffix::Only(b'q') if wish.code != 8 && row.flags & isa::FORCE64 != 0 => wish.suffix == b'l',
        Suffix::Only(letter) => wish.suffix == letter,
        Suffix::Size if wish.suffix == b'l' && wish.code == 8 && row.flags & (isa::DEF64 | isa::FORCE64) != 0 => false,
        Suffix::Size => matches!(wish.suffix, b'w' | b'l' | b'q') || wish.suffix == b's' && row.set == isa::Set::X87,
        Suffix::Length => matches!(wish.suffix, b'x' | b'y' | b'z'),
    }
}

/// Sizes at which the row fits.
#[inline]
fn at_sizes(row: &'static Row, stmt: &Stmt, wish: &Wish) -> Result<Option<Choice>, String> {
    if row.enc.lengths != 0 {
        return at_lengths(row, stmt, wish);
    }
    let (size, only) = likely(row, stmt, wish);
    if size != 0 && fits(row, stmt, usize::from(size >> 2), size, 16, wish) {
        return Ok(Some(Choice { row, size, length: 16 }));
    }
    if only {
        return Ok(None);
    }
    let others = sizes(row, stmt, wish);
    let mut others = others.into_iter().take_while(|&other| other != 0).filter(|&other| other != size);
    let found = others.find(|&size| fits(row, stmt, usize::from(size >> 2), size, 16, wish));
    Ok(found.map(|size| Choice { row, size, length: 16 }))
}

fn at_lengths(row: &'static Row, stmt: &Stmt, wish: &Wish) -> Result<Option<Choice>, String> {
    let by_size = matches!(row.enc.sizes, Sizes::Of(_) | Sizes::ByW);
    let mut found = None;
    for (at, (bit, length, letter)) in
        [(isa::L128, 16, b'x'), (isa::L256, 32, b'y'), (isa::L512, 64, b'z')].into_iter().enumerate()
    {
        let is_short = row.enc.space == Space::Evex && length < 64 && row.enc.lengths & isa::L512 != 0;
        if is_short && wish.bits.has(options::RESTRICTED) && wish.off.has(Feature::Avx512vl) {
            continue;
        }
        if length == 32 && wish.off.has(Feature::Avx2) && is_integer_of_avx(row) {
            continue;
        }
        if row.enc.lengths & bit == 0 || row.suffix == Suffix::Length && wish.suffix != 0 && wish.suffix != letter {
            continue;
        }
        let size = if by_size {
            sizes(row, stmt, wish).into_iter().find(|&size| size != 0 && fits_both(row, stmt, size, length, wish))
        } else {
            fits(row, stmt, at, 4, length, wish).then_some(4)
        };
        if let Some(size) = size {
            if found.is_some() && row.suffix == Suffix::Length {
                return Err("ambiguous operand size: the length of the vector is not said".into());
            }
            found = found.or(Some(Choice { row, size, length }));
            if row.suffix != Suffix::Length {
                break;
            }
        }
    }
    Ok(found)
}

/// AVX has it with 128 bits, only AVX2 with more.
#[cold]
fn is_integer_of_avx(row: &Row) -> bool {
    let name = rows::name_of(row);
    let is_integer = name.starts_with("vp") || matches!(name, "vmpsadbw" | "vmovntdqa");
    row.set == isa::Set::Avx && is_integer && !matches!(name, "vptest" | "vpermilps" | "vpermilpd")
}

/// The row for a statement among those of one name.
pub fn choose(first: u16, stmt: &Stmt, wish: &Wish) -> Result<Option<Choice>, String> {
    let mut fallback: Option<Choice> = None;
    // Fits, but the other direction is asked for.
    let mut other: Option<(Choice, u8)> = None;
    let mut shorter = false;
    let mut rows = rows::rows_from(first).iter();
    let mut last = first == 0;
    while !last {
        let Some(row) = rows.next() else { break };
        last = row.next == 0;
        if stmt.have & !row.sig != 0 || !named(row, wish) {
            continue;
        }
        if wish.suffix != 0 && stmt.n_mems != 0 && is_segment_of_memory(row, wish) {
            continue;
        }
        let space = match stmt.asked.space {
            0 => row.traits & ASKED_VEX == 0,
            4 => row.enc.space == Space::Evex,
            _ => row.enc.space == Space::Vex,
        };
        if wish.bits != Bits(0) && !is_there(row, wish) {
            continue;
        }
        if !space || (stmt.needs_evex || row.flags & isa::KREQ != 0) && !decorated(stmt, row) {
            continue;
        }
        let Some(choice) = at_sizes(row, stmt, wish)? else { continue };
        if shorter {
            // Only for the short immediate was the search continued.
            if row.ops[..usize::from(row.n_ops)].iter().any(|op| op.place == Place::ImmSx) {
                return Ok(Some(choice));
            }
            continue;
        }
        if row.traits & BYTES != 0 && wish.suffix == 0 && is_open_at_all(row, stmt, wish) {
            fallback = fallback.or(Some(choice));
            continue;
        }
        let wide = row.traits & SHORTER_LATER != 0 && stmt.n_imms == 1 && is_short(stmt);
        if wide && row.ops[..usize::from(row.n_ops)].iter().any(|op| op.reg == Width::Z && op.place == Place::Imm) {
            fallback = Some(choice);
            shorter = true;
            continue;
        }
        if let Some((_, direction)) = other {
            if turned(direction, row) || row.enc.space != space_of(other) {
                continue;
            }
            return Ok(Some(choice));
        }
        let direction = match stmt.asked.direction {
            // The other one than usual.
            3 if matches!(row.ops[0].place, Place::Reg | Place::St0) => 2,
            3 => 1,
            _ if is_vex_longer(row, stmt) => 2,
            asked => asked,
        };
        if direction != 0 && turned(direction, row) && row.next != 0 {
            other = Some((choice, direction));
            continue;
        }
        return Ok(Some(choice));
    }
    Ok(other.map(|other| other.0).or(fallback))
}

/// Segment registers have 16 bits in memory, whatever letter is said.
fn is_segment_of_memory(row: &Row, wish: &Wish) -> bool {
    let is_move = row.n_ops == 2 && (row.ops[0].class == Class::Seg || row.ops[1].class == Class::Seg);
    is_move && wish.suffix != b'w'
}

/// Whether the processor has the row, and AMD or Intel if one of them is asked for.
#[cold]
#[inline(never)]
fn is_there(row: &Row, wish: &Wish) -> bool {
    !row.needs.iter().any(|&feature| feature != Feature::Always && wish.off.has(feature))
        && match wish.bits.get(options::ISA64) {
            options::AMD64 => row.set != isa::Set::Sep,
            _ => true,
        }
}

fn space_of(other: Option<(Choice, u8)>) -> Space {
    other.map_or(Space::Legacy, |other| other.0.row.enc.space)
}

/// Between registers the form that stores has a prefix of two bytes, this one of three.
fn is_vex_longer(row: &Row, stmt: &Stmt) -> bool {
    let last = usize::from(row.n_ops) - usize::from(row.n_ops != 0);
    row.enc.space == Space::Vex
        && row.enc.map == 1
        && row.n_ops >= 2
        && stmt.asked.space != 3
        && row.ops[0].place == Place::Reg
        && matches!(row.ops[last].place, Place::Rm | Place::RmReg)
        && stmt.ops[0].number < 8
        && stmt.ops[last].number >= 8
        && stmt.ops[last].kind & kind::VEC != 0
        && stmt.ops[0].kind & kind::VEC != 0
}

/// `{load}` of what stores, `{store}` of what loads, between registers.
fn turned(direction: u8, row: &Row) -> bool {
    let [to, from, ..] = &row.ops;
    // Of the x87's, the top of the stack stands for the register.
    let is_stack = to.class == Class::St && (to.place == Place::St0) != (from.place == Place::St0);
    row.n_ops >= 2
        && (is_stack || matches!(to.place, Place::Reg | Place::Rm | Place::RmReg))
        && matches!(to.place, Place::Reg | Place::St0) != (direction == 1)
}

/// Nothing says the size of the memory that the row works on.
pub fn is_unsaid(choice: &Choice, stmt: &Stmt, wish: &Wish) -> bool {
    let row = choice.row;
    stmt.word == 0
        && wish.suffix == 0
        && matches!(wish.how, How::Same)
        && row.flags & (isa::DEF64 | isa::FORCE64) == 0
        && (is_short_of_stack(row) || matches!(row.enc.sizes, Sizes::Of(mask) if mask.count_ones() > 1))
        && !stmt.prefixes.says_size()
        && row
            .ops
            .iter()
            .zip(&stmt.ops[..stmt.n])
            .any(|(op, operand)| (op.mem == Width::V || is_short_of_stack(row)) && operand.kind == kind::MEM)
        && is_open(stmt)
}

/// Of the x87: there is a longer form, which another letter asks for.
fn is_short_of_stack(row: &Row) -> bool {
    row.suffix == Suffix::Only(b's')
}

/// Registers say nothing of the size, which memory does not say either: the source of `crc32` has its own, ports have none, and what
/// a string instruction was completed with was a guess.
#[cold]
pub fn is_open_beside(row: &Row, stmt: &Stmt, wish: &Wish) -> bool {
    let is_crc = row.traits & rows::TOLD != 0 && matches!((row.enc.map, row.enc.opcode), (2, 0xf0 | 0xf1));
    let is_string =
        row.traits & rows::IMPLIED != 0 && row.enc.opcode != 0xd7 && (stmt.rare.is_completed || is_of_port(row));
    (is_crc || is_string) && !wish.intel && wish.suffix == 0 && stmt.n_mems != 0 && !stmt.told_memory
}

fn is_open_at_all(row: &Row, stmt: &Stmt, wish: &Wish) -> bool {
    is_open(stmt) || row.traits & (rows::TOLD | rows::IMPLIED) != 0 && is_open_beside(row, stmt, wish)
}

/// `ins`, `outs`
pub fn is_of_port(row: &Row) -> bool {
    row.ops[0].place == Place::Dx || row.ops[1].place == Place::Dx
}

/// Only memory and immediates, without a size.
fn is_open(stmt: &Stmt) -> bool {
    stmt.word == 0
        && stmt.ops[..stmt.n].iter().any(|op| op.kind == kind::MEM)
        && stmt.ops[..stmt.n].iter().all(|op| op.kind != kind::MEM || op.size == 0)
        && stmt.ops[..stmt.n]
            .iter()
            .all(|op| op.kind & (kind::MEM | kind::IMM) != 0 || op.kind == kind::R8 && op.number == RCX)
}

fn is_short(stmt: &Stmt) -> bool {
    stmt.imms[0].constant().is_some_and(|value| {
        fits_signed(value, 8) || fits_signed(i64::from(value as i16), 8) || fits_signed(i64::from(value as i32), 8)
    })
}
