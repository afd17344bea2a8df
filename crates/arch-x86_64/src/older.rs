//! What code of 16 and 32 bits (`.code16`, `.code32`: boot sectors, the way into long mode) has and code of 64 bits has not: Intel SDM,
//! volume 2, opcode map 1 (table A-2), entries marked i64. The table of instructions ([`crate::isa`]) is that of 64 bits; these few have
//! no operand but a register, numbers or none, and stand here.

use crate::operand::{Operand, Stmt};
use crate::relocs;
use crate::rows::kind;
use asm::{Emit, Expr};
use target::RelocKind;

/// What stands behind the opcode, and what the operand size does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing; of one size.
    Plain,
    /// Nothing; of the code's size or the letter's.
    Sized,
    /// A byte, ten when there is none.
    Base,
    /// Nothing: the segment register is in the opcode.
    Segment(u8),
    /// A word or a double word whose register is in the opcode.
    Register,
    /// A place and the selector of its segment.
    Far,
}

struct Older {
    name: &'static str,
    opcode: u8,
    form: Form,
}

const fn older(name: &'static str, opcode: u8, form: Form) -> Older {
    Older { name, opcode, form }
}

/// Numbers of segment registers.
const ES: u8 = 0;
const CS: u8 = 1;
const SS: u8 = 2;
const DS: u8 = 3;

static OLDER: &[Older] = &[
    older("aaa", 0x37, Form::Plain),
    older("aad", 0xd5, Form::Base),
    older("aam", 0xd4, Form::Base),
    older("aas", 0x3f, Form::Plain),
    older("call", 0x9a, Form::Far),
    older("daa", 0x27, Form::Plain),
    older("das", 0x2f, Form::Plain),
    older("dec", 0x48, Form::Register),
    older("inc", 0x40, Form::Register),
    older("into", 0xce, Form::Plain),
    older("jmp", 0xea, Form::Far),
    older("lcall", 0x9a, Form::Far),
    older("ljmp", 0xea, Form::Far),
    older("pop", 0x07, Form::Segment(ES)),
    older("pop", 0x17, Form::Segment(SS)),
    older("pop", 0x1f, Form::Segment(DS)),
    older("popa", 0x61, Form::Sized),
    older("push", 0x06, Form::Segment(ES)),
    older("push", 0x0e, Form::Segment(CS)),
    older("push", 0x16, Form::Segment(SS)),
    older("push", 0x1e, Form::Segment(DS)),
    older("pusha", 0x60, Form::Sized),
    older("salc", 0xd6, Form::Plain),
];

/// Names of such instructions that have operands which are encoded otherwise than those above: only refused by name.
static OTHERS: &[&str] = &["arpl", "bound", "lds", "les"];

/// Whether a name, in small letters, with or without the letter of a size, is that of an instruction which code of 64 bits lacks.
#[cold]
pub(crate) fn is_older(name: &[u8]) -> bool {
    let names = || OLDER.iter().map(|row| row.name).chain(OTHERS.iter().copied());
    names().any(|known| split(name, known.as_bytes()).is_some())
}

/// The bytes that `name` asks for beyond `stem`: 0 for no letter; `None` when it is another name.
fn split(name: &[u8], stem: &[u8]) -> Option<u8> {
    match name.strip_prefix(stem)? {
        b"" => Some(0),
        b"w" => Some(2),
        b"l" => Some(4),
        _ => None,
    }
}

/// Writes the statement if it is one of these; `code` is the width of the code in bytes. False: it is none, and nothing was written.
#[cold]
pub(crate) fn assemble(name: &[u8], stmt: &Stmt, code: u8, emit: &mut Emit) -> Result<bool, String> {
    for row in OLDER {
        let Some(said) = split(name, row.name.as_bytes()) else { continue };
        let Some(size) = size_of(row.form, said, stmt, code) else { continue };
        put(row, size, stmt, code, emit)?;
        return Ok(true);
    }
    Ok(false)
}

/// Bytes of the operand if the operands are those of the form.
fn size_of(form: Form, said: u8, stmt: &Stmt, code: u8) -> Option<u8> {
    let numbers = usize::from(stmt.n_imms);
    let sized = if said == 0 { code } else { said };
    let only: &Operand = &stmt.ops[0];
    let fits = match form {
        Form::Plain => said == 0 && stmt.n == 0,
        Form::Sized => stmt.n == 0,
        Form::Base => said == 0 && stmt.n == numbers && numbers <= 1,
        Form::Segment(number) => stmt.n == 1 && only.kind == kind::SEG && only.number == number,
        Form::Register => {
            let size = match only.kind {
                kind::R16 => 2,
                kind::R32 => 4,
                _ => return None,
            };
            return (stmt.n == 1 && (said == 0 || said == size)).then_some(size);
        }
        Form::Far => stmt.n == 2 && numbers == 2,
    };
    fits.then_some(if matches!(form, Form::Plain | Form::Base) { code } else { sized })
}

fn put(row: &Older, size: u8, stmt: &Stmt, code: u8, emit: &mut Emit) -> Result<(), String> {
    let given = &stmt.prefixes;
    if given.lock || given.repeat != 0 {
        return Err(format!("‘{}’ takes no such prefix", row.name));
    }
    // A prefix by its own name stands for the other size, too.
    let is_other = given.data || size != code;
    let field = match (given.data, code) {
        (true, 2) => 4,
        (true, _) => 2,
        (false, _) => size,
    };
    let prefixes = [given.segment, if given.address { 0x67 } else { 0 }, if is_other { 0x66 } else { 0 }];
    for byte in prefixes.into_iter().filter(|&byte| byte != 0) {
        emit.code.put(u64::from(byte), 1);
    }
    let register = if row.form == Form::Register { stmt.ops[0].number & 7 } else { 0 };
    emit.code.put(u64::from(row.opcode | register), 1);
    match row.form {
        Form::Plain | Form::Sized | Form::Segment(_) | Form::Register => {}
        Form::Base if stmt.n == 0 => emit.code.put(10, 1),
        Form::Base => number(&stmt.imms[0], 1, relocs::R_X86_64_8, emit),
        Form::Far => {
            let kind = if field == 2 { relocs::R_X86_64_16 } else { relocs::R_X86_64_32 };
            number(&stmt.imms[1], usize::from(field), kind, emit);
            number(&stmt.imms[0], 2, relocs::R_X86_64_16, emit);
        }
    }
    Ok(())
}

/// A number, or what is to be one.
fn number(value: &Expr, len: usize, kind: RelocKind, emit: &mut Emit) {
    let at = emit.code.mark();
    let known = value.constant();
    emit.code.put(known.unwrap_or(0) as u64 & (u64::MAX >> (64 - 8 * len)), len);
    if known.is_none() {
        emit.fixup(at, kind, value, 0);
    }
}
