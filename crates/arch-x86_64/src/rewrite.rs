//! Statements that options have encoded otherwise: `-O` (shorter forms of the same effect), `-msse2avx`,
//! `-muse-unaligned-vector-move` (gas manual, 9.16.1). A rewriting changes the statement and names other rows; they are chosen among
//! as for any statement.

use crate::choose::{self, Choice, Wish};
use crate::isa::{Class, Place, Set, Space};
use crate::mnemonics::How;
use crate::operand::{Byte, NO_INDEX, NONE, Operand, Stmt};
use crate::options;
use crate::regs::RIP;
use crate::rows::{self, kind};

/// What is chosen in place of `choice`, when an option asks for it; the statement is changed accordingly.
#[cold]
#[inline(never)]
pub fn rewritten(choice: Choice, stmt: &mut Stmt, wish: &mut Wish) -> Result<Choice, String> {
    let mut choice = choice;
    if wish.bits.has(options::SSE_TO_AVX) && rows::is_sse(choice.row.set) && choice.row.enc.space == Space::Legacy {
        choice = to_avx(choice, stmt, wish)?;
        swap_sources(&choice, stmt);
    }
    if wish.bits.has(options::UNALIGNED) {
        choice = renamed(UNALIGNED, choice, stmt, wish)?;
    }
    if wish.bits.has(options::OPTIMIZE) && !stmt.asked.as_is {
        choice = optimized(choice, stmt, wish)?;
    }
    Ok(choice)
}

/// Chooses among the rows of another name; the first choice stays where none fits.
fn again(name: &str, choice: Choice, stmt: &mut Stmt, wish: &Wish) -> Result<Option<Choice>, String> {
    stmt.gather();
    let usual = *wish;
    let Some(found) = rows::named(name.as_bytes()) else { return Ok(None) };
    // Where only memory would tell the length of vectors it is the short one.
    let chosen = match choose::choose(found.first, stmt, &usual) {
        Err(_) => choose::choose(found.first, stmt, &Wish { suffix: b'x', ..usual })?,
        Ok(chosen) => chosen,
    };
    Ok(chosen.filter(|other| {
        !std::ptr::eq(other.row, choice.row) || other.size != choice.size || other.length != choice.length
    }))
}

/// Makes room for `operand` behind the first one.
fn insert(stmt: &mut Stmt, operand: Operand) -> Result<(), String> {
    stmt.push(operand)?;
    let n = stmt.n;
    stmt.ops[1..n].rotate_right(1);
    Ok(())
}

/// Instructions of SSE with a VEX prefix: the destination is also the first source.
fn to_avx(choice: Choice, stmt: &mut Stmt, wish: &Wish) -> Result<Choice, String> {
    let has_mmx = stmt.ops[..stmt.n].iter().any(|op| op.kind == kind::MMX);
    if has_mmx || choice.row.set == Set::Gfni {
        return Ok(choice);
    }
    let name = match rows::name_of(choice.row) {
        // From memory it has nothing to do with MMX.
        "cvtpi2pd" => "vcvtdq2pd".to_string(),
        name @ ("pcmpestri" | "pcmpestrm") if stmt.prefixes.rex & 8 != 0 => format!("v{name}64"),
        name => format!("v{name}"),
    };
    let before = *stmt;
    let given = stmt.prefixes.rex;
    // Bits that the text asks for are those of the prefix; the destination may stand in another field, too.
    let is_extended = match choice.row.ops[0].place {
        Place::Reg => given & 4 != 0,
        Place::Rm | Place::RmReg => given & 1 != 0,
        _ => false,
    };
    (stmt.rare.keeps_rex, stmt.asked.rex) = (true, false);
    if given & 8 != 0 && stmt.word == 0 {
        stmt.word = 8;
    }
    let extended = |found: Choice, stmt: &mut Stmt| {
        for (op, operand) in found.row.ops.iter().zip(&mut stmt.ops) {
            if is_extended && op.place == Place::Vvvv {
                operand.number |= 8;
            }
        }
        found
    };
    stmt.asked.space = if before.asked.space == 0 { 1 } else { before.asked.space };
    if let Some(found) = again(&name, choice, stmt, wish)? {
        return Ok(extended(found, stmt));
    }
    let destination = stmt.ops[0];
    if stmt.n < 4 {
        insert(stmt, destination)?;
        if matches!(name.as_str(), "vblendvps" | "vblendvpd" | "vpblendvb") {
            stmt.push(Operand { kind: kind::XMM, class: Class::Vec, ..Operand::NONE })?;
        }
        if let Some(found) = again(&name, choice, stmt, wish)? {
            return Ok(extended(found, stmt));
        }
    }
    *stmt = before;
    Ok(choice)
}

/// Names that become others.
static UNALIGNED: &[(&str, &str)] = &[
    ("movaps", "movups"),
    ("movapd", "movupd"),
    ("movdqa", "movdqu"),
    ("vmovaps", "vmovups"),
    ("vmovapd", "vmovupd"),
    ("vmovdqa", "vmovdqu"),
    ("vmovdqa32", "vmovdqu32"),
    ("vmovdqa64", "vmovdqu64"),
];

/// Of EVEX, and what VEX has in their place.
static NARROWER: &[(&str, &str)] = &[
    ("vmovdqa32", "vmovdqa"),
    ("vmovdqa64", "vmovdqa"),
    ("vmovdqu8", "vmovdqu"),
    ("vmovdqu16", "vmovdqu"),
    ("vmovdqu32", "vmovdqu"),
    ("vmovdqu64", "vmovdqu"),
    ("vpandd", "vpand"),
    ("vpandq", "vpand"),
    ("vpandnd", "vpandn"),
    ("vpandnq", "vpandn"),
    ("vpord", "vpor"),
    ("vporq", "vpor"),
    ("vpxord", "vpxor"),
    ("vpxorq", "vpxor"),
];

/// Of a register with itself these are 0, whatever the length; the second column is VEX' name of 128 bits, of masks the one of 16.
static ZEROING: &[(&str, &str)] = &[
    ("vandnps", "vandnps"),
    ("vandnpd", "vandnpd"),
    ("vxorps", "vxorps"),
    ("vxorpd", "vxorpd"),
    ("vpsubb", "vpsubb"),
    ("vpsubw", "vpsubw"),
    ("vpsubd", "vpsubd"),
    ("vpsubq", "vpsubq"),
    ("vpandn", "vpandn"),
    ("vpandnd", "vpandn"),
    ("vpandnq", "vpandn"),
    ("vpxor", "vpxor"),
    ("vpxord", "vpxor"),
    ("vpxorq", "vpxor"),
    ("kxord", "kxorw"),
    ("kxorq", "kxorw"),
    ("kandnd", "kandnw"),
    ("kandnq", "kandnw"),
];

/// With VEX, sources that may change places.
static COMMUTATIVE: &[&str] = &[
    "vandpd", "vandps", "vorpd", "vorps", "vpaddb", "vpaddd", "vpaddq", "vpaddsb", "vpaddsw", "vpaddusb", "vpaddusw",
    "vpaddw", "vpand", "vpavgb", "vpavgw", "vpcmpeqb", "vpcmpeqd", "vpcmpeqw", "vpmaddwd", "vpmaxsw", "vpmaxub",
    "vpminsw", "vpminub", "vpmulhuw", "vpmulhw", "vpmullw", "vpmuludq", "vpor", "vpsadbw", "vpxor", "vxorpd", "vxorps",
];

/// Predicates of comparisons that are the same either way, a bit each: equality, order, what is always so or never.
const SYMMETRIC: u32 = 0x9999_9999;

fn find(table: &'static [(&str, &str)], choice: &Choice) -> Option<&'static str> {
    let name = rows::name_of(choice.row);
    table.iter().find(|row| row.0 == name).map(|row| row.1)
}

fn renamed(table: &'static [(&str, &str)], choice: Choice, stmt: &mut Stmt, wish: &Wish) -> Result<Choice, String> {
    match find(table, &choice) {
        Some(name) => Ok(again(name, choice, stmt, wish)?.unwrap_or(choice)),
        None => Ok(choice),
    }
}

/// The low part of a general register.
fn narrowed(operand: Operand, kind: u16) -> Operand {
    let byte = if kind == kind::R8 && (4..8).contains(&operand.number) { Byte::Low } else { Byte::Any };
    Operand { kind, byte, ..operand }
}

/// `-O`
fn optimized(choice: Choice, stmt: &mut Stmt, wish: &mut Wish) -> Result<Choice, String> {
    match choice.row.enc.space {
        Space::Legacy if choice.row.set == Set::Base => general(choice, stmt, wish),
        Space::Legacy => Ok(choice),
        Space::Vex | Space::Evex => vectors(choice, stmt, wish),
    }
}

fn general(choice: Choice, stmt: &mut Stmt, wish: &mut Wish) -> Result<Choice, String> {
    let name = rows::name_of(choice.row);
    if name == "lea" && stmt.n_mems == 1 && wish.code == 8 {
        return address(choice, stmt, wish);
    }
    let level = wish.bits.get(options::OPTIMIZE);
    let to = stmt.ops[0];
    let is_register = to.kind & kind::GPR != 0;
    let value = if stmt.n_imms == 1 { stmt.imms[0].constant() } else { None };
    let fits = |limit: i64| value.is_some_and(|value| (0..=limit).contains(&value));
    if level == 3 && name == "test" && is_register && to.kind != kind::R8 && fits(0x7f) {
        stmt.ops[0] = narrowed(to, kind::R8);
        return plain(name, choice, stmt, wish);
    }
    let is_pair = stmt.n == 2 && stmt.n_imms == 0 && stmt.n_mems == 0 && {
        let from = stmt.ops[1];
        (to.kind, to.number, to.byte) == (from.kind, from.number, from.byte) && is_register
    };
    if wish.code == 8 && to.kind == kind::R64 && stmt.n_mems == 0 {
        let shrinks = match name {
            "and" | "test" => fits(0x7fff_ffff),
            "mov" => fits(0xffff_ffff) && wish.how != How::Absolute,
            "xor" | "sub" => is_pair,
            _ => false,
        };
        if shrinks {
            for operand in stmt.ops[..stmt.n].iter_mut().filter(|op| op.kind == kind::R64) {
                *operand = narrowed(*operand, kind::R32);
            }
            return plain(name, choice, stmt, wish);
        }
    }
    let is_wide = wish.code != 8 || to.kind != kind::R32;
    if level == 2 && is_pair && matches!(name, "and" | "or") && is_wide {
        return plain("test", choice, stmt, wish);
    }
    Ok(choice)
}

/// The same by the operands alone, whatever letter stood behind the name.
fn plain(name: &str, choice: Choice, stmt: &mut Stmt, wish: &mut Wish) -> Result<Choice, String> {
    stmt.word = stmt.ops[..stmt.n]
        .iter()
        .fold(0, |word, op| if op.kind & kind::GPR > kind::R8 { (op.kind >> 1) as u8 } else { word });
    (wish.suffix, wish.how) = (0, How::Same);
    Ok(again(name, choice, stmt, wish)?.unwrap_or(choice))
}

/// `lea` of what is a number, a symbol or a register is a move; addresses of 32 bits need no prefix where the result is cut anyway.
fn address(choice: Choice, stmt: &mut Stmt, wish: &mut Wish) -> Result<Choice, String> {
    (stmt.mems[0].segment, stmt.prefixes.segment) = (0, 0);
    let mut mem = stmt.mems[0];
    let mut to = stmt.ops[0];
    let is_narrow = stmt.prefixes.address || mem.address == 4;
    // A register of 64 bits is cut to 32 by the address.
    if is_narrow && to.kind == kind::R64 && mem.base != RIP {
        to = narrowed(to, kind::R32);
    }
    let has_index = mem.index != NONE && mem.index != NO_INDEX;
    if mem.base == NONE && !has_index {
        if to.kind == kind::R16 && mem.disp.constant().is_none() {
            return widened(choice, stmt, to, is_narrow, wish);
        }
        if mem.index == NO_INDEX {
            return widened(choice, stmt, to, is_narrow, wish);
        }
        stmt.imms[0] = mem.disp;
        (stmt.n_imms, stmt.n_mems) = (1, 0);
        stmt.prefixes.address = false;
        stmt.mems[0] = crate::operand::Mem::NOWHERE;
        stmt.ops[0] = to;
        stmt.ops[1] = Operand { kind: kind::IMM, at: 0, ..Operand::NONE };
        let moved = plain("mov", choice, stmt, wish)?;
        // GNU as does not look at a number that was not written.
        return if mem.has_disp { general(moved, stmt, wish) } else { Ok(moved) };
    }
    let is_plain = mem.disp.constant() == Some(0) && stmt.asked.disp == 0;
    let register = match (mem.base, has_index) {
        (base, false) if base != NONE && base != RIP => base,
        (NONE, true) if mem.scale == 0 && mem.vector == 0 => mem.index,
        _ => NONE,
    };
    if !is_plain || register == NONE || mem.index == NO_INDEX {
        return widened(choice, stmt, to, is_narrow, wish);
    }
    stmt.n_mems = 0;
    stmt.prefixes.address = false;
    mem = crate::operand::Mem::NOWHERE;
    stmt.mems[0] = mem;
    stmt.ops[0] = to;
    stmt.ops[1] = Operand { kind: to.kind, class: Class::Gpr, number: register, ..Operand::NONE };
    stmt.asked.direction = 1;
    plain("mov", choice, stmt, wish)
}

/// A displacement as far as 32 bits go; one that is longer stays long, as GNU as has it.
fn cut(stmt: &mut Stmt, value: i64) {
    if i32::try_from(value).is_err() && u32::try_from(value).is_err() && stmt.asked.disp == 0 {
        stmt.asked.disp = 4;
    }
    stmt.mems[0].disp = asm::Expr::number(i64::from(value as i32));
}

/// An address without its prefix.
fn widened(choice: Choice, stmt: &mut Stmt, to: Operand, is_narrow: bool, wish: &mut Wish) -> Result<Choice, String> {
    if !is_narrow {
        return Ok(choice);
    }
    stmt.ops[0] = to;
    stmt.prefixes.address = false;
    if stmt.mems[0].address == 4 {
        stmt.mems[0].address = 8;
    }
    if let Some(value) = stmt.mems[0].disp.constant() {
        cut(stmt, value);
    }
    plain("lea", choice, stmt, wish)
}

/// Without decorations and in the other prefix.
fn short_vector(name: &str, kind: u16, choice: Choice, stmt: &mut Stmt, wish: &mut Wish) -> Result<Choice, String> {
    let before = *stmt;
    for operand in stmt.ops[..stmt.n].iter_mut().filter(|op| op.kind & kind::VEC != 0) {
        operand.kind = if kind == 0 { operand.kind } else { kind };
    }
    stmt.needs_evex = stmt.ops[..stmt.n].iter().any(|op| op.kind & kind::VEC != 0 && op.number >= 16);
    (stmt.mask, stmt.zeroing) = (0, false);
    if let Some(found) = again(name, choice, stmt, wish)? {
        return Ok(found);
    }
    *stmt = before;
    Ok(choice)
}

fn vectors(choice: Choice, stmt: &mut Stmt, wish: &mut Wish) -> Result<Choice, String> {
    let is_evex = choice.row.enc.space == Space::Evex;
    let asks_evex =
        stmt.asked.space == 4 || stmt.ops[..stmt.n].iter().any(|op| op.kind & kind::VEC != 0 && op.number >= 16);
    let level = wish.bits.get(options::OPTIMIZE);
    let is_zero = stmt.n == 3
        && stmt.n_mems == 0
        && stmt.ops[1].kind == stmt.ops[2].kind
        && stmt.ops[1].number == stmt.ops[2].number
        && stmt.ops[0].kind != kind::XMM
        && (stmt.mask == 0 || stmt.zeroing);
    if let Some(short) = find(ZEROING, &choice).filter(|_| is_zero) {
        if !is_evex || !asks_evex {
            return short_vector(short, if stmt.ops[0].kind == kind::K { 0 } else { kind::XMM }, choice, stmt, wish);
        }
        // Registers that only EVEX has, of 128 bits.
        let is_wide = stmt.ops[0].kind == kind::ZMM;
        if level < 2 || is_wide && !wish.bits.has(options::NAMED_VL) {
            return Ok(choice);
        }
        let (mask, zeroing) = (stmt.mask, stmt.zeroing);
        let name = rows::name_of(choice.row);
        let found = short_vector(name, kind::XMM, choice, stmt, wish)?;
        (stmt.mask, stmt.zeroing) = (mask, zeroing);
        return Ok(found);
    }
    let is_plain = stmt.mask == 0 && stmt.broadcast == 0 && !asks_evex && choice.length != 64;
    if is_evex
        && is_plain
        && let Some(short) = find(NARROWER, &choice)
    {
        // A displacement of one byte counts in vectors only with EVEX.
        let disp = if stmt.n_mems != 0 { stmt.mems[0].disp.constant() } else { None };
        let unit = i64::from(choice.length);
        let is_same = disp.is_none_or(|disp| {
            let scaled = disp % unit == 0 && i8::try_from(disp / unit).is_ok();
            !scaled || i8::try_from(disp).is_ok()
        });
        if !is_same {
            return Ok(choice);
        }
        let found = short_vector(short, 0, choice, stmt, wish)?;
        if level >= 2 {
            swap_sources(&found, stmt);
        }
        return Ok(found);
    }
    if choice.row.enc.space == Space::Vex && level >= 2 {
        swap_sources(&choice, stmt);
    }
    Ok(choice)
}

/// The prefix has two bytes when the register above 7 is not the last one.
pub fn swap_sources(choice: &Choice, stmt: &mut Stmt) {
    let ops = choice.row.ops;
    let name = rows::name_of(choice.row);
    let fits = choice.row.n_ops >= 3
        && choice.row.enc.space == Space::Vex
        && choice.row.enc.map == 1
        && stmt.n_mems == 0
        && stmt.asked.space != 3
        && (ops[0].place, ops[1].place) == (Place::Reg, Place::Vvvv)
        && stmt.ops[0].number < 8
        && stmt.ops[1].number < 8
        && stmt.ops[2].number >= 8
        && stmt.ops[2].kind & kind::VEC != 0;
    let compares = name.starts_with("vcmp")
        && stmt.is_predicate
        && stmt.imms[0].constant().is_some_and(|value| (0..32).contains(&value) && SYMMETRIC >> value & 1 != 0);
    if fits && (compares || COMMUTATIVE.contains(&name)) {
        stmt.ops.swap(1, 2);
    }
}
