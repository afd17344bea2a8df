//! Statements that say less than their row: operands that are left out, commute, or are implied; AT&T's names of the
//! x87's subtractions.

use crate::operand::{Byte, MAX_OPERANDS, Mem, Operand, Stmt};
use crate::regs::{RAX, RCX, RDX};
use crate::rows::{self, Found, kind};
use asm::{Emit, Expr};

/// Names that GNU as took from the first AT&T assembler with the two directions exchanged, where the destination is not the top.
static TURNED: &[(&str, &str)] = &[
    ("fsub", "fsubr"),
    ("fsubr", "fsub"),
    ("fdiv", "fdivr"),
    ("fdivr", "fdiv"),
    ("fsubp", "fsubrp"),
    ("fsubrp", "fsubp"),
    ("fdivp", "fdivrp"),
    ("fdivrp", "fdivp"),
];

/// The rows that such a name means with these operands.
#[cold]
pub(crate) fn turned_around(name: &[u8], stmt: &Stmt) -> Option<Found> {
    let (_, other) = TURNED.iter().find(|row| row.0.as_bytes() == name)?;
    let pops = name.ends_with(b"p");
    let applies =
        stmt.n == 2 && stmt.ops[1].number == 0 && (pops || stmt.ops[0].number != 0 || stmt.asked.direction == 2);
    if applies { rows::named(other.as_bytes()) } else { None }
}

fn general(size: u8, number: u8) -> Operand {
    let kind = u16::from(size) << 1;
    let class = crate::isa::Class::Gpr;
    Operand { kind, class, number, ..Operand::NONE }
}

fn stack(number: u8) -> Operand {
    Operand { kind: kind::ST, class: crate::isa::Class::St, number, ..Operand::NONE }
}

fn bytes_of(letter: u8) -> u8 {
    match letter {
        b'b' => 1,
        b'w' => 2,
        b'l' => 4,
        b'q' => 8,
        _ => 0,
    }
}

/// Puts `operand` before the others.
fn push_front(stmt: &mut Stmt, operand: Operand) -> Result<(), String> {
    stmt.push(operand)?;
    let n = stmt.n;
    stmt.ops[..n].rotate_right(1);
    Ok(())
}

/// Adds what a statement leaves out, or turns around what commutes; false when there is nothing of that. `name` is the
/// row's, `letter` that of the size behind it.
pub(crate) fn complete(name: &str, letter: u8, stmt: &mut Stmt, (code, intel): (u8, bool)) -> Result<bool, String> {
    let stacked = stmt.n > 0 && stmt.ops[0].kind == kind::ST;
    match (name, stmt.n) {
        ("shl" | "shr" | "sar" | "rol" | "ror" | "rcl" | "rcr", 1) => stmt.push_imm(Expr::number(1))?,
        ("shld" | "shrd", 2) => stmt.push(general(1, RCX))?,
        ("imul", 2) if stmt.ops[1].kind == kind::IMM => {
            let register = stmt.ops[0];
            push_front(stmt, register)?;
        }
        ("div" | "idiv", 2)
            if stmt.ops[0].kind & kind::GPR != 0 && stmt.ops[0].number == RAX && stmt.ops[0].byte == Byte::Any =>
        {
            stmt.ops.rotate_left(1);
            (stmt.ops[1], stmt.n) = (Operand::NONE, 1);
        }
        ("in" | "out", 1) => {
            let size = match bytes_of(letter) {
                0 if intel => return Ok(false),
                0 => code.min(4),
                size => size,
            };
            let acc = general(size, RAX);
            if name == "in" { push_front(stmt, acc)? } else { stmt.push(acc)? }
        }
        ("in" | "out", 0) => return Ok(false),
        ("movs" | "cmps" | "lods" | "stos" | "scas" | "ins" | "outs" | "xlat", _) => {
            return string(name, letter, stmt, code, intel);
        }
        ("fnstsw", 0) => stmt.push(general(2, RAX))?,
        ("fcom" | "fcomp" | "fucom" | "fucomp" | "fxch", 0) => stmt.push(stack(1))?,
        ("fcom" | "fcomp" | "fucom" | "fucomp" | "fxch", 2) if stacked && stmt.ops[0].number == 0 => {
            stmt.ops.swap(0, 1);
            (stmt.ops[1], stmt.n) = (Operand::NONE, 1);
        }
        ("fcomi" | "fucomi" | "fcomip" | "fucomip", 0) => {
            stmt.push(stack(0))?;
            stmt.push(stack(1))?;
        }
        ("faddp" | "fmulp" | "fsubp" | "fsubrp" | "fdivp" | "fdivrp", 0) => {
            stmt.push(stack(1))?;
            stmt.push(stack(0))?;
        }
        ("faddp" | "fmulp" | "fsubp" | "fsubrp" | "fdivp" | "fdivrp", 1) if stacked => stmt.push(stack(0))?,
        ("fadd" | "fmul" | "fsub" | "fsubr" | "fdiv" | "fdivr", 1) if stacked => push_front(stmt, stack(0))?,
        (_, 1) if stacked => push_front(stmt, stack(0))?,
        ("blendvps" | "blendvpd" | "pblendvb" | "sha256rnds2", 3)
            if stmt.ops[2].kind == kind::XMM && stmt.ops[2].number == 0 =>
        {
            (stmt.ops[2], stmt.n) = (Operand::NONE, 2);
        }
        // What the counter is compared with stands where it always stands, behind what the text says first.
        ("tpause" | "umwait", 3) => {
            let [first, second, third] = [0, 1, 2].map(|at| stmt.ops[if intel { at } else { 2 - at }]);
            let is = |op: Operand, number: u8| op.kind == kind::R32 && op.number == number;
            if !is(second, RDX) || !is(third, RAX) {
                return Ok(false);
            }
            (stmt.ops, stmt.n) = ([Operand::NONE; MAX_OPERANDS], 1);
            stmt.ops[0] = first;
        }
        _ if implied(name, stmt) => {
            // `monitor %rax, %ecx, %edx`: what the instruction works on anyway.
            let acc = stmt.ops[..stmt.n].iter().find(|op| op.number == RAX).map_or(0, |op| op.kind);
            stmt.prefixes.address |= addresses(name) && (acc == kind::R32 && code == 8 || acc == kind::R16);
            (stmt.ops, stmt.n) = ([Operand::NONE; MAX_OPERANDS], 0);
        }
        _ => return Ok(false),
    }
    Ok(true)
}

/// A name with the old way of asking for a form: `.s` for the one that is not usual, `.d8` and `.d32` for the displacement. The length of
/// the name without it.
#[cold]
pub(crate) fn forced(name: &[u8], stmt: &mut Stmt) -> Option<usize> {
    let at = name.iter().rposition(|&byte| byte == b'.')?;
    match &name[at..] {
        b".s" => stmt.asked.direction = 3,
        b".d8" => stmt.asked.disp = 1,
        b".d32" => stmt.asked.disp = 4,
        _ => return None,
    }
    Some(at)
}

/// An immediate that does not fit the operand size loses its upper bits, which is told; false where there is none.
#[cold]
pub(crate) fn shorten(stmt: &mut Stmt, letter: u8, code: u8, emit: &mut Emit) -> bool {
    let has_bytes = stmt.ops[..stmt.n].iter().any(|op| op.kind == kind::R8);
    let size = match (bytes_of(letter), stmt.word) {
        (0, 0) if has_bytes => 1,
        (0, 0) if stmt.prefixes.data && code != 2 && !stmt.told_memory => 2,
        (0, word) => word,
        (letter, _) => letter,
    };
    let Some(value) = stmt.imms[0].constant().filter(|_| stmt.n_imms == 1) else { return false };
    if !matches!(size, 1 | 2 | 4) {
        return false;
    }
    let shift = 64 - 8 * u32::from(size);
    let short = value << shift >> shift;
    if short == value {
        return false;
    }
    let mask = u64::MAX >> shift;
    if (value as u64 & !mask) != 0 && (value.wrapping_neg() as u64 & !mask) != 0 {
        emit.warn(format!("{value:#x} shortened to {:#x}", value as u64 & mask));
    }
    stmt.imms[0] = Expr::number(short);
    true
}

/// Instructions with registers that may be named, in Intel's order.
static IMPLIED: &[(&str, &[u8], bool)] = &[
    ("monitor", &[RAX, RCX, RDX], true),
    ("monitorx", &[RAX, RCX, RDX], true),
    ("mwait", &[RAX, RCX], false),
    ("mwaitx", &[RAX, RCX, 3], false),
    ("invlpga", &[RAX, RCX], true),
    ("vmload", &[RAX], true),
    ("vmsave", &[RAX], true),
    ("vmrun", &[RAX], true),
    ("skinit", &[RAX], false),
    ("clzero", &[RAX], true),
    ("rmpadjust", &[RAX, RCX, RDX], true),
    ("pvalidate", &[RAX, RCX, RDX], true),
    // As older texts have them.
    ("rmpadjust", &[RAX], true),
    ("pvalidate", &[RAX], true),
    ("rmpupdate", &[RAX], true),
    ("psmash", &[RAX], true),
    ("rmpupdate", &[RAX, RCX], true),
    ("invlpgb", &[RAX, RCX, RDX], true),
    ("rmpquery", &[RAX, RCX, RDX], true),
];

fn addresses(name: &str) -> bool {
    IMPLIED.iter().any(|row| row.0 == name && row.2)
}

fn implied(name: &str, stmt: &Stmt) -> bool {
    let ops = &stmt.ops[..stmt.n];
    let same = |wanted: &[u8]| {
        ops.len() == wanted.len()
            && ops.iter().zip(wanted).all(|(op, &number)| op.kind & kind::GPR != 0 && op.number == number)
    };
    IMPLIED.iter().any(|row| {
        row.0 == name && {
            let mut turned = row.1.to_vec();
            turned.reverse();
            !ops.is_empty() && (same(row.1) || same(&turned))
        }
    })
}

/// String instructions without some or all of their operands.
fn string(name: &str, letter: u8, stmt: &mut Stmt, code: u8, intel: bool) -> Result<bool, String> {
    let mem = |base: u8| Mem { base, address: code, ..Mem::NOWHERE };
    let of_memory = stmt.ops[..stmt.n].iter().find(|op| op.kind == kind::MEM).map_or(0, |op| op.size);
    let size = match bytes_of(letter).max(of_memory) {
        // AT&T's usual one.
        0 if !intel => code.min(4),
        size => size,
    };
    let acc = general(size, RAX);
    match (name, stmt.n) {
        ("xlat", 0) => stmt.push_mem(mem(3), 0)?,
        (_, 0) if size == 0 => return Ok(false),
        ("movs", 0) => {
            stmt.push_mem(mem(7), 0)?;
            stmt.push_mem(mem(6), 0)?;
        }
        ("cmps", 0) => {
            stmt.push_mem(mem(6), 0)?;
            stmt.push_mem(mem(7), 0)?;
        }
        ("lods", 0) => {
            stmt.push(acc)?;
            stmt.push_mem(mem(6), 0)?;
        }
        ("stos", 0) => {
            stmt.push_mem(mem(7), 0)?;
            stmt.push(acc)?;
        }
        ("scas", 0) => {
            stmt.push(acc)?;
            stmt.push_mem(mem(7), 0)?;
        }
        ("ins", 0) => {
            stmt.push_mem(mem(7), 0)?;
            stmt.push(general(2, RDX))?;
        }
        ("outs", 0) => {
            stmt.push(general(2, RDX))?;
            stmt.push_mem(mem(6), 0)?;
        }
        ("lods" | "scas", 1) if size != 0 => push_front(stmt, acc)?,
        ("stos", 1) if size != 0 => stmt.push(acc)?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// The last of five operands is a number that shares its byte with a register.
#[cold]
pub(crate) fn take_fifth(name: &[u8], stmt: &mut Stmt) -> Result<(), String> {
    let shown = String::from_utf8_lossy(name);
    let last = stmt.ops[MAX_OPERANDS - 1];
    if !matches!(name, b"vpermil2ps" | b"vpermil2pd") || last.kind != kind::IMM {
        return Err(format!("number of operands mismatch for ‘{shown}’"));
    }
    let value = stmt.imm(&last).constant().and_then(|value| u8::try_from(value).ok()).filter(|&value| value < 16);
    stmt.rare.half_imm = 1 + value.ok_or_else(|| format!("constant doesn't fit in 4 bits for ‘{shown}’"))?;
    stmt.ops[MAX_OPERANDS - 1] = Operand::NONE;
    (stmt.n, stmt.n_imms) = (MAX_OPERANDS - 1, stmt.n_imms - 1);
    Ok(())
}

/// Names of what works on ports, with their letters.
#[cold]
pub(crate) fn takes_port(name: &[u8]) -> bool {
    let bare = name.strip_prefix(b"in").or_else(|| name.strip_prefix(b"out"));
    bare.is_some_and(|rest| matches!(rest.strip_prefix(b"s").unwrap_or(rest), [] | [b'b' | b'w' | b'l']))
}

/// `callw there`: the branch to a place with a displacement of 16 bits.
pub(crate) fn is_short_branch(found: Found, stmt: &Stmt) -> bool {
    rows::row(found.first).is_some_and(|row| row.traits & rows::BRANCH != 0)
        && !stmt.indirect
        && stmt.n == 1
        && stmt.n_mems == 1
        && stmt.mems[0].is_plain()
}
