//! AT&T syntax: operands (gas manual, 9.16 "80386 Dependent Features").

use crate::isa::Class;
use crate::operand::{EIGHT, Mem, NO_INDEX, Named, OVERRIDES, Operand, Rounding, Stmt, leading, register};
use crate::regs::{RDX, RIP, RSP};
use crate::rows::kind;
use crate::syntax::mode;
use asm::{Cursor, Emit, Expr};

/// Operands to the end of the statement, left in Intel's order.
pub fn operands(stmt: &mut Stmt, line: &mut Cursor, emit: &mut Emit, naked: bool) -> Result<(), String> {
    if line.is_end() {
        return Ok(());
    }
    loop {
        operand(stmt, line, emit, naked)?;
        if line.peek() == b'{' {
            decorations(stmt, line)?;
        }
        if !line.eat(b',') {
            break;
        }
    }
    if stmt.needs_evex {
        check_decorations(stmt, stmt.n)?;
    }
    stmt.reverse();
    Ok(())
}

/// Masks stand behind the destination, which is operand `destination` of the text, broadcasts behind memory.
pub fn check_decorations(stmt: &Stmt, destination: usize) -> Result<(), String> {
    let [mask, zeroing, broadcast] = stmt.decorated;
    if stmt.mask != 0 && usize::from(mask) != destination || stmt.zeroing && usize::from(zeroing) != destination {
        return Err("a write mask stands behind the destination".into());
    }
    let at = usize::from(broadcast);
    if stmt.broadcast != 0 && at != 0 && stmt.ops[..stmt.n].get(at - 1).is_none_or(|op| op.kind != kind::MEM) {
        return Err("a broadcast stands behind memory".into());
    }
    Ok(())
}

#[inline]
fn operand(stmt: &mut Stmt, line: &mut Cursor, emit: &mut Emit, naked: bool) -> Result<(), String> {
    let mut byte = line.peek();
    if byte == b'*' {
        line.bump();
        stmt.star = true;
        byte = line.peek();
    }
    match byte {
        b'%' => {
            let named = register_operand(line)?;
            if named.kind == kind::SEG && line.eat(b':') {
                stmt.star |= line.eat(b'*');
                return memory(stmt, line, emit, OVERRIDES[usize::from(named.number)], naked);
            }
            stmt.push(Operand::register(named))
        }
        b'$' => {
            line.bump();
            let value = value(line, emit)?;
            stmt.push_imm(value)
        }
        b'{' => decorations(stmt, line),
        _ if naked && naked_register(line).is_some() => {
            let Some((named, len)) = naked_register(line) else { return Ok(()) };
            line.skip(len);
            let named = stack_number(named, line)?;
            if named.kind == kind::SEG && line.eat(b':') {
                stmt.star |= line.eat(b'*');
                return memory(stmt, line, emit, OVERRIDES[usize::from(named.number)], naked);
            }
            stmt.push(Operand::register(named))
        }
        _ => memory(stmt, line, emit, 0, naked),
    }
}

/// A register without `%`, and the length of its name.
pub fn naked_register(line: &Cursor) -> Option<(Named, usize)> {
    let rest = line.rest();
    let len = rest.iter().position(|&b| !asm::cursor::is_name(b)).unwrap_or(rest.len());
    let named = register(&rest[..len])?;
    Some((named, len))
}

/// `%name`
#[inline]
pub fn register_operand(line: &mut Cursor) -> Result<Named, String> {
    let mut rest = line.rest();
    if rest.first() != Some(&b'%') {
        return Err(format!("expected a register before ‘{}’", line.shown()));
    }
    rest = &rest[1..];
    let mut blanks = 1;
    while let [b' ' | b'\t', tail @ ..] = rest {
        rest = tail;
        blanks += 1;
    }
    let (found, len) = leading(rest);
    match found {
        Some(named) => {
            line.skip(blanks + len);
            if named.class == Class::St { stack_number(named, line) } else { Ok(named) }
        }
        None => Err(format!("bad register name ‘%{}’", String::from_utf8_lossy(&rest[..len]))),
    }
}

/// `(3)` behind `%st`.
pub fn stack_number(named: Named, line: &mut Cursor) -> Result<Named, String> {
    if named.class != Class::St || line.peek() != b'(' {
        return Ok(named);
    }
    line.bump();
    let number = line.number().filter(|&number| number < 8).ok_or("bad register name ‘%st(…)’")?;
    line.expect(b')')?;
    Ok(Named { number: number as u8, ..named })
}

/// A plain number that ends the operand or stands before a parenthesis: the most of all values are such.
#[inline]
pub fn plain_number(line: &mut Cursor) -> Option<i64> {
    let rest = line.rest();
    let negative = rest.first() == Some(&b'-');
    let mut at = usize::from(negative);
    let first = *rest.get(at)?;
    if !first.is_ascii_digit() || first == b'0' && rest.get(at + 1).is_some_and(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let mut value = 0i64;
    while let Some(digit) = rest.get(at).map(|b| b.wrapping_sub(b'0')).filter(|&digit| digit < 10) {
        if at >= 18 {
            return None;
        }
        value = value * 10 + i64::from(digit);
        at += 1;
    }
    match rest.get(at) {
        None | Some(b',' | b')') => {}
        // `4(%rsp)`, but not `4(a)`.
        Some(b'(') if matches!(rest.get(at + 1), Some(b'%' | b',')) => {}
        Some(_) => return None,
    }
    line.skip(at);
    Some(if negative { -value } else { value })
}

/// A number or an expression.
#[inline]
pub fn value(line: &mut Cursor, emit: &mut Emit) -> Result<Expr, String> {
    match plain_number(line) {
        Some(number) => Ok(Expr::number(number)),
        None => emit.expr(line),
    }
}

/// `displacement(base, index, scale)`
fn memory(stmt: &mut Stmt, line: &mut Cursor, emit: &mut Emit, segment: u8, naked: bool) -> Result<(), String> {
    let mut mem = Mem { segment, ..Mem::NOWHERE };
    if !begins_registers(line, naked) {
        let known = if asm::cursor::begins_name(line.peek()) { emit.n_symbols() } else { 0 };
        mem.disp = value(line, emit)?;
        mem.has_disp = true;
        emit.looked_up(&mem.disp, known);
    }
    if line.eat(b'(') {
        registers(&mut mem, line, emit, naked)?;
        if mem.address == 2 && is_port(&mem) {
            // As what has a star it is looked at once more.
            (stmt.rare.is_port, stmt.star) = (true, true);
            return stmt.push(Operand { kind: kind::R16, class: Class::Gpr, number: RDX, ..Operand::NONE });
        }
    }
    stmt.push_mem(mem, 0)
}

/// `(%dx)`
fn is_port(mem: &Mem) -> bool {
    (mem.base, mem.index, mem.segment) == (RDX, crate::operand::NONE, 0) && mem.disp == Expr::ZERO
}

/// A parenthesis with registers, not one of an expression.
fn begins_registers(line: &Cursor, naked: bool) -> bool {
    if line.peek() != b'(' {
        return false;
    }
    let mut inner = *line;
    inner.bump();
    matches!(inner.peek(), b'%' | b',') || naked && naked_register(&inner).is_some()
}

fn registers(mem: &mut Mem, line: &mut Cursor, emit: &mut Emit, naked: bool) -> Result<(), String> {
    let take = |line: &mut Cursor| -> Result<Option<Named>, String> {
        if line.peek() == b'%' {
            return register_operand(line).map(Some);
        }
        match naked_register(line).filter(|_| naked) {
            Some((named, len)) => {
                line.skip(len);
                Ok(Some(named))
            }
            None => Ok(None),
        }
    };
    if let Some(named) = take(line)? {
        set_base(mem, named)?;
    }
    if line.eat(b',') {
        if let Some(named) = take(line)? {
            if is_none(named) && *emit.mode & mode::INDEX_REGISTERS == 0 {
                return Err("bad register name ‘%riz’".into());
            }
            set_index(mem, named)?;
            if line.eat(b',') && line.peek() != b')' {
                mem.scale = scale(line, emit)?;
            }
        } else if line.peek() != b')' {
            // `(%rax,,4)`, `foo(,1)`: a scale of nothing.
            line.eat(b',');
            scale(line, emit)?;
        }
    }
    line.expect(b')')
}

/// The index that is none.
pub fn is_none(named: Named) -> bool {
    named.kind == kind::OTHER && named.number & !EIGHT == NO_INDEX
}

fn scale(line: &mut Cursor, emit: &mut Emit) -> Result<u8, String> {
    match value(line, emit)?.constant() {
        Some(factor @ (1 | 2 | 4 | 8)) => Ok(factor.trailing_zeros() as u8),
        Some(factor) => Err(format!("expecting scale factor of 1, 2, 4, or 8: got ‘{factor}’")),
        None => Err("the scale of an address is a number".into()),
    }
}

/// Bytes of a general register.
fn width(named: Named) -> u8 {
    match named.kind {
        kind::R16 => 2,
        kind::R32 => 4,
        kind::R64 => 8,
        kind::OTHER if named.class == Class::Gpr => 8 >> (named.number >> 6 & 1),
        _ => 0,
    }
}

fn no_address(named: Named) -> String {
    let names = |number: u8| crate::regs::NAMES[0].get(usize::from(number)).copied().unwrap_or("…");
    match named.kind {
        kind::R8 => format!("‘%{}’ is not a valid base/index expression", names(named.number)),
        _ => "this register cannot be part of an address".into(),
    }
}

fn same_width(mem: &mut Mem, named: Named) -> Result<(), String> {
    let width = width(named);
    if width == 0 || mem.address != 0 && mem.address != width {
        return Err(no_address(named));
    }
    mem.address = width;
    Ok(())
}

/// `named` becomes the base of the address.
pub fn set_base(mem: &mut Mem, named: Named) -> Result<(), String> {
    same_width(mem, named)?;
    let number = named.number & !EIGHT;
    if number == NO_INDEX || mem.base != crate::operand::NONE {
        return Err(no_address(named));
    }
    mem.base = number;
    Ok(())
}

/// `named` becomes the index of the address.
pub fn set_index(mem: &mut Mem, named: Named) -> Result<(), String> {
    if mem.base == RIP || mem.index != crate::operand::NONE {
        return Err(no_address(named));
    }
    if named.class == Class::Vec {
        (mem.index, mem.vector) = (named.number, named.kind);
        return Ok(());
    }
    same_width(mem, named)?;
    let number = named.number & !EIGHT;
    if number == RIP || number == RSP {
        return Err("this register cannot be an index".into());
    }
    mem.index = number;
    Ok(())
}

/// `{%k1}`, `{z}`, `{1to8}`, `{rn-sae}`, `{sae}`.
pub fn decorations(stmt: &mut Stmt, line: &mut Cursor) -> Result<(), String> {
    while line.eat(b'{') {
        let rest = line.rest();
        let len = rest.iter().position(|&b| b == b'}').ok_or("missing ‘}’")?;
        let mut word = [0; 8];
        let mut used = 0;
        for byte in rest[..len].iter().filter(|b| !b.is_ascii_whitespace()) {
            *word.get_mut(used).ok_or("unknown vector operation")? = byte.to_ascii_lowercase();
            used += 1;
        }
        let text = &word[..used];
        let at = stmt.n as u8;
        if text.starts_with(b"1to") {
            stmt.decorated[2] = at;
        }
        let name = text.strip_prefix(b"%").unwrap_or(text);
        match text {
            b"z" if stmt.zeroing => return Err("duplicated ‘{z}’".into()),
            b"z" => (stmt.zeroing, stmt.decorated[1]) = (true, at),
            b"1to2" => stmt.broadcast = 2,
            b"1to4" => stmt.broadcast = 4,
            b"1to8" => stmt.broadcast = 8,
            b"1to16" => stmt.broadcast = 16,
            b"1to32" => stmt.broadcast = 32,
            b"rn-sae" => stmt.rounding = Rounding::To(0),
            b"rd-sae" => stmt.rounding = Rounding::To(1),
            b"ru-sae" => stmt.rounding = Rounding::To(2),
            b"rz-sae" => stmt.rounding = Rounding::To(3),
            b"sae" => stmt.rounding = Rounding::Sae,
            _ => match register(name) {
                Some(Named { class: Class::Mask, number, .. }) if stmt.mask == 0 && number != 0 => {
                    (stmt.mask, stmt.decorated[0]) = (number, at);
                }
                Some(Named { class: Class::Mask, number: 0, .. }) => {
                    return Err("‘%k0’ can't be used for write mask".into());
                }
                _ => return Err(format!("unknown vector operation: ‘{{{}}}’", String::from_utf8_lossy(text))),
            },
        }
        stmt.needs_evex = true;
        stmt.told_memory |= stmt.broadcast != 0;
        line.skip(len + 1);
    }
    Ok(())
}
