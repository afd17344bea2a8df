//! Intel's syntax: operands (gas manual, 9.16.3.1; what gcc and clang write under `-masm=intel`). An operand is an expression in
//! which registers may be summed; brackets, a segment or a symbol make it memory.

use crate::isa::Class;
use crate::operand::{ANY_NUMBER, Distance, Mem, NO_INDEX, NONE, Named, OVERRIDES, Operand, Stmt};
use crate::regs::{RIP, RSP};
use crate::rows::kind;
use crate::syntax::mode;
use crate::syntax_att::{decorations, is_none, naked_register, register_operand, set_base, set_index, stack_number};
use asm::cursor::{begins_name, is_name};
use asm::expr::Op;
use asm::{Cursor, Emit, Expr, Word};

/// Operands to the end of the statement.
pub fn operands(stmt: &mut Stmt, line: &mut Cursor, emit: &mut Emit, naked: bool) -> Result<(), String> {
    if line.is_end() {
        return Ok(());
    }
    loop {
        if line.peek() == b'{' {
            decorations(stmt, line)?;
        } else {
            operand(stmt, line, emit, naked)?;
            if line.peek() == b'{' {
                decorations(stmt, line)?;
            }
        }
        if !line.eat(b',') {
            break;
        }
    }
    if stmt.needs_evex {
        crate::syntax_att::check_decorations(stmt, 1)?;
    }
    Ok(())
}

/// Registers in an address, with what they are multiplied by.
#[derive(Clone, Copy)]
struct Scaled {
    named: Named,
    scale: i64,
    /// A factor was written.
    starred: bool,
}

/// What an expression comes to.
#[derive(Clone, Copy)]
struct Sum {
    expr: Expr,
    registers: [Option<Scaled>; 2],
    /// Brackets were around it.
    in_memory: bool,
    /// `OFFSET` stood before it.
    is_offset: bool,
}

impl Sum {
    fn number(value: i64) -> Sum {
        Sum::of(Expr::number(value))
    }

    fn of(expr: Expr) -> Sum {
        Sum { expr, registers: [None; 2], in_memory: false, is_offset: false }
    }

    fn constant(&self) -> Option<i64> {
        self.expr.constant().filter(|_| self.registers[0].is_none() && !self.in_memory)
    }
}

/// Words and the bytes that they say.
static SIZES: &[(&[u8], u8)] = &[
    (b"byte", 1),
    (b"word", 2),
    (b"dword", 4),
    (b"fword", 6),
    (b"qword", 8),
    (b"mmword", 8),
    (b"tbyte", 10),
    (b"oword", 16),
    (b"xmmword", 16),
    (b"ymmword", 32),
    (b"zmmword", 64),
];

/// Words between operands, as the sign that they stand for, with their rank.
static OPERATORS: &[(&[u8], u8, u8)] = &[
    (b"and", b'&', 3),
    (b"or", b'|', 2),
    (b"xor", b'^', 2),
    (b"shl", b'l', 6),
    (b"shr", b'r', 6),
    (b"mod", b'%', 6),
    (b"eq", b'E', 4),
    (b"ne", b'N', 4),
    (b"lt", b'<', 4),
    (b"le", b'L', 4),
    (b"gt", b'>', 4),
    (b"ge", b'G', 4),
];

/// Words before operands.
static QUALIFIERS: &[&[u8]] = &[b"offset", b"flat", b"not", b"short", b"near", b"far", b"ptr", b"bcst"];

/// A name that stands for something else where registers need no sign: no symbol can be called so.
pub fn is_reserved(name: &[u8]) -> bool {
    let line = Cursor::new(name);
    let (found, len) = word(&line);
    let found = &found[..len];
    naked_register(&line).is_some_and(|(_, len)| len == name.len())
        || len == name.len() && {
            SIZES.iter().any(|row| row.0 == found)
                || OPERATORS.iter().any(|row| row.0 == found)
                || QUALIFIERS.contains(&found)
        }
}

/// The word that stands here, in small letters; empty for none or one that is no operator.
fn word(line: &Cursor) -> ([u8; 8], usize) {
    let mut word = [0; 8];
    let rest = line.rest();
    let len = rest.iter().position(|&b| !is_name(b)).unwrap_or(rest.len());
    if len > 8 || !rest.first().is_some_and(|&b| begins_name(b)) {
        return (word, 0);
    }
    for (spot, byte) in word.iter_mut().zip(&rest[..len]) {
        *spot = byte.to_ascii_lowercase();
    }
    (word, len)
}

/// Takes `text` if it is the word that stands here.
fn eat_word(line: &mut Cursor, text: &[u8]) -> bool {
    let (found, len) = word(line);
    let same = found[..len] == *text;
    if same {
        line.skip(len);
    }
    same
}

/// What stands before an operand's expression.
#[derive(Default)]
struct Said {
    size: u8,
    segment: u8,
    broadcast: bool,
    distance: Option<Distance>,
}

fn operand(stmt: &mut Stmt, line: &mut Cursor, emit: &mut Emit, naked: bool) -> Result<(), String> {
    let mut said = Said::default();
    let mut reader = Reader { emit, naked, said: &mut said, depth: 0 };
    let sum = reader.binary(line, 0)?;
    if line.peek() == b':' && sum.constant().is_some() {
        // A far place: `jmp 8:start`.
        line.bump();
        let place = reader.binary(line, 0)?;
        stmt.push_imm(sum.expr)?;
        return stmt.push_imm(place.expr);
    }
    if let Some(distance) = said.distance {
        stmt.distance = distance;
    }
    // A register by itself.
    if let (Some(only), None, false) = (sum.registers[0], sum.registers[1], sum.in_memory)
        && sum.expr == Expr::ZERO
        && !only.starred
        && said.segment == 0
    {
        return stmt.push(Operand::register(only.named));
    }
    let is_memory = sum.in_memory
        || said.segment != 0
        || sum.registers[0].is_some()
        || sum.expr.plus.is_some() && sum.expr.minus.is_none() && !sum.is_offset;
    if !is_memory {
        return stmt.push_imm(sum.expr);
    }
    let mut mem = Mem { segment: said.segment, disp: sum.expr, ..Mem::NOWHERE };
    address(&mut mem, sum.registers)?;
    stmt.indirect |= sum.in_memory || said.size != 0;
    if said.broadcast {
        stmt.broadcast = ANY_NUMBER;
        stmt.told_memory = true;
        stmt.needs_evex = true;
    }
    stmt.push_mem(mem, said.size)
}

/// Registers become base and index.
fn address(mem: &mut Mem, registers: [Option<Scaled>; 2]) -> Result<(), String> {
    let (mut base, mut index) = (None, None);
    for scaled in registers.into_iter().flatten() {
        let only_index = scaled.starred || scaled.named.class == Class::Vec || scaled.named.number & 0x3f == NO_INDEX;
        let spot = if only_index || base.is_some() { &mut index } else { &mut base };
        if spot.is_some() {
            return Err("invalid base/index expression".into());
        }
        *spot = Some(scaled);
    }
    let is_stack =
        |scaled: &Option<Scaled>| scaled.is_some_and(|s| s.named.class == Class::Gpr && s.named.number == RSP);
    // The stack pointer is no index, but may be the base in its place.
    if is_stack(&index) && index.is_some_and(|index| index.scale == 1) {
        std::mem::swap(&mut base, &mut index);
    }
    // Of 16 bits the base is bx or bp.
    if base.is_some_and(|base| base.named.kind == kind::R16 && matches!(base.named.number, 6 | 7)) && index.is_some() {
        std::mem::swap(&mut base, &mut index);
    }
    if let Some(base) = base {
        set_base(mem, base.named)?;
    }
    if let Some(index) = index {
        set_index(mem, index.named)?;
        mem.scale = match index.scale {
            factor @ (1 | 2 | 4 | 8) => factor.trailing_zeros() as u8,
            factor => return Err(format!("expecting scale factor of 1, 2, 4, or 8: got ‘{factor}’")),
        };
    }
    if mem.base == RIP && mem.index != NONE {
        return Err("invalid base/index expression".into());
    }
    Ok(())
}

/// Rank of sums.
const SUM: u8 = 5;

/// Nesting of parentheses and signs.
const MAX_DEPTH: u32 = 100;

struct Reader<'a, 'e> {
    emit: &'a mut Emit<'e>,
    naked: bool,
    said: &'a mut Said,
    depth: u32,
}

impl Reader<'_, '_> {
    fn binary(&mut self, line: &mut Cursor, least: u8) -> Result<Sum, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("an expression is nested too deeply".into());
        }
        let mut left = self.unary(line)?;
        loop {
            // `8[rax]` is a sum.
            if line.peek() == b'[' && least < SUM {
                let inner = self.primary(line)?;
                left = apply(self.emit, b'+', left, inner)?;
                continue;
            }
            let Some((op, len, rank)) = operator(line).filter(|op| op.2 > least) else { break };
            line.skip(len);
            let right = self.binary(line, rank)?;
            left = apply(self.emit, op, left, right)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn unary(&mut self, line: &mut Cursor) -> Result<Sum, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err("an expression is nested too deeply".into());
        }
        let number = |sum: Sum| sum.constant().ok_or_else(|| "an operator needs a number".to_string());
        let sum = match line.peek() {
            b'-' => {
                line.bump();
                let of = self.unary(line)?;
                apply(self.emit, b'-', Sum::number(0), of)
            }
            b'+' => {
                line.bump();
                self.unary(line)
            }
            b'~' | b'!' => {
                let is_not = line.peek() == b'!';
                line.bump();
                let of = number(self.unary(line)?)?;
                Ok(Sum::number(if is_not { i64::from(of == 0) } else { !of }))
            }
            _ => self.primary(line),
        };
        self.depth -= 1;
        sum
    }

    fn primary(&mut self, line: &mut Cursor) -> Result<Sum, String> {
        match line.peek() {
            b'[' => {
                line.bump();
                let inner = self.binary(line, 0)?;
                line.expect(b']')?;
                Ok(Sum { in_memory: true, ..inner })
            }
            b'(' => {
                line.bump();
                let inner = self.binary(line, 0)?;
                line.expect(b')')?;
                Ok(inner)
            }
            b'%' => {
                let named = register_operand(line)?;
                self.register(named, line)
            }
            b'\'' => {
                let byte = line.peek_second();
                line.skip(2);
                line.eat(b'\'');
                Ok(Sum::number(i64::from(byte)))
            }
            b'0'..=b'9' => self.number(line),
            b'$' if !is_name(line.peek_second()) => {
                line.bump();
                self.leaf(b".", line, 0)
            }
            _ => self.name(line),
        }
    }

    fn register(&mut self, named: Named, line: &mut Cursor) -> Result<Sum, String> {
        let named = stack_number(named, line)?;
        if named.kind == kind::SEG && line.eat(b':') {
            self.said.segment = OVERRIDES[usize::from(named.number)];
            return self.unary(line);
        }
        let scaled = Scaled { named, scale: 1, starred: false };
        Ok(Sum { registers: [Some(scaled), None], ..Sum::number(0) })
    }

    fn name(&mut self, line: &mut Cursor) -> Result<Sum, String> {
        if self.naked
            && let Some((named, len)) = naked_register(line)
            && (!is_none(named) || *self.emit.mode & mode::INDEX_REGISTERS != 0)
        {
            line.skip(len);
            return self.register(named, line);
        }
        let (found, len) = word(line);
        let text = &found[..len];
        if let Some(&(_, size)) = SIZES.iter().find(|row| row.0 == text) {
            let mut ahead = *line;
            ahead.skip(len);
            let broadcast = eat_word(&mut ahead, b"bcst");
            if broadcast || eat_word(&mut ahead, b"ptr") {
                *line = ahead;
                self.said.size = size;
                self.said.broadcast |= broadcast;
                return self.binary(line, 0);
            }
        }
        let distance = match text {
            b"short" => Some(Distance::Short),
            b"near" => Some(Distance::Near),
            b"far" => Some(Distance::Far),
            _ => None,
        };
        if distance.is_some() {
            line.skip(len);
            eat_word(line, b"ptr");
            self.said.distance = distance;
            return self.binary(line, 0);
        }
        match text {
            b"offset" => {
                line.skip(len);
                let of = self.unary(line)?;
                Ok(Sum { is_offset: true, ..of })
            }
            b"flat" => {
                let mut ahead = *line;
                ahead.skip(len);
                if ahead.eat(b':') {
                    *line = ahead;
                    return self.unary(line);
                }
                self.symbol(line)
            }
            b"not" => {
                line.skip(len);
                let of = self.unary(line)?;
                let value = of.constant().ok_or("an operator needs a number")?;
                Ok(Sum::number(!value))
            }
            _ => self.symbol(line),
        }
    }

    /// A symbol, with its modifier.
    fn symbol(&mut self, line: &mut Cursor) -> Result<Sum, String> {
        let rest = line.rest();
        let mut len = match rest.first() {
            Some(b'"') => rest[1..].iter().position(|&b| b == b'"').map_or(rest.len(), |at| at + 2),
            _ => rest.iter().position(|&b| !is_name(b)).unwrap_or(rest.len()),
        };
        if rest.get(len) == Some(&b'@') {
            len += 1 + rest[len + 1..].iter().position(|&b| !is_name(b)).unwrap_or(rest.len() - len - 1);
        }
        if len == 0 {
            return Err(format!("expected an expression before ‘{}’", line.shown()));
        }
        self.leaf(&rest[..len], line, len)
    }

    fn leaf(&mut self, text: &[u8], line: &mut Cursor, len: usize) -> Result<Sum, String> {
        if let Some(at) = text.iter().position(|&b| b == b'@').filter(|_| text[0] != b'"') {
            // Here a name stands before what its modifier brings.
            self.emit.expr(&mut Cursor::new(&text[..at]))?;
        }
        let expr = self.emit.expr(&mut Cursor::new(text))?;
        self.emit.looked_up(&expr, usize::MAX);
        line.skip(len);
        Ok(Sum::of(expr))
    }

    /// A number, perhaps with a letter for its base behind it, or a local label.
    fn number(&mut self, line: &mut Cursor) -> Result<Sum, String> {
        let rest = line.rest();
        let len = rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (text, last) = (&rest[..len], rest[len - 1].to_ascii_lowercase());
        let radix = match last {
            _ if text.starts_with(b"0x") || text.starts_with(b"0X") => None,
            b'h' => Some(16),
            b'o' | b'q' => Some(8),
            b'd' => Some(10),
            b'b' | b'f' if text[..len - 1].iter().all(u8::is_ascii_digit) => None,
            _ => None,
        };
        if let Some(radix) = radix
            && let Ok(digits) = std::str::from_utf8(&text[..len - 1])
            && let Ok(value) = u64::from_str_radix(digits, radix)
        {
            line.skip(len);
            return Ok(Sum::number(value as i64));
        }
        let text = &rest[..len];
        self.leaf(text, line, len)
    }
}

/// Sums of expressions and of registers.
fn apply(emit: &mut Emit, op: u8, left: Sum, right: Sum) -> Result<Sum, String> {
    let in_memory = left.in_memory | right.in_memory;
    let is_offset = left.is_offset | right.is_offset;
    if op == b'*' {
        // A register and its factor.
        let scaled = match (left.registers[0], right.registers[0]) {
            (Some(scaled), None) => right.expr.constant().map(|factor| (scaled, factor)),
            (None, Some(scaled)) => left.expr.constant().map(|factor| (scaled, factor)),
            (None, None) => None,
            _ => return Err("invalid base/index expression".into()),
        };
        if let Some((scaled, factor)) = scaled {
            let scaled = Scaled { scale: scaled.scale.wrapping_mul(factor), starred: true, ..scaled };
            return Ok(Sum { registers: [Some(scaled), None], in_memory, is_offset, expr: Expr::ZERO });
        }
    }
    if matches!(op, b'+' | b'-') {
        let mut registers = left.registers;
        for scaled in right.registers.into_iter().flatten() {
            if op == b'-' {
                return Err("invalid base/index expression".into());
            }
            let spot = registers.iter_mut().find(|spot| spot.is_none());
            *spot.ok_or("invalid base/index expression")? = Some(scaled);
        }
        let addend = if op == b'+' { right.expr } else { right.expr.negated()? };
        let expr = match left.expr.plus(&addend) {
            Ok(expr) => expr,
            Err(_) => emit.sum(left.expr, addend)?,
        };
        return Ok(Sum { expr, registers, in_memory, is_offset });
    }
    let (Some(a), Some(b)) = (left.constant(), right.constant()) else {
        return Err("this operator needs numbers on both sides".into());
    };
    calculate(op, a, b).map(Sum::number)
}

fn calculate(op: u8, a: i64, b: i64) -> Result<i64, String> {
    let truth = |holds: bool| -i64::from(holds);
    Ok(match op {
        b'*' => a.wrapping_mul(b),
        b'/' | b'%' if b == 0 => return Err("division by zero".into()),
        b'/' => a.wrapping_div(b),
        b'%' => a.wrapping_rem(b),
        b'l' => u32::try_from(b).ok().and_then(|b| a.checked_shl(b)).unwrap_or(0),
        b'r' => u32::try_from(b).ok().and_then(|b| (a as u64).checked_shr(b)).unwrap_or(0) as i64,
        b'|' => a | b,
        b'&' => a & b,
        b'^' => a ^ b,
        b'E' => truth(a == b),
        b'N' => truth(a != b),
        b'L' => truth(a <= b),
        b'G' => truth(a >= b),
        b'<' => truth(a < b),
        _ => truth(a > b),
    })
}

/// The operator that stands here: its name as [`calculate`] has it, length and rank.
fn operator(line: &Cursor) -> Option<(u8, usize, u8)> {
    let two = [line.peek(), line.peek_second()];
    let symbol = match &two {
        b"<<" => Some((b'l', 2, 6)),
        b">>" => Some((b'r', 2, 6)),
        b"==" => Some((b'E', 2, 4)),
        b"!=" | b"<>" => Some((b'N', 2, 4)),
        b"<=" => Some((b'L', 2, 4)),
        b">=" => Some((b'G', 2, 4)),
        [b'*', _] => Some((b'*', 1, 6)),
        [b'/', _] => Some((b'/', 1, 6)),
        [b'%', _] => Some((b'%', 1, 6)),
        [b'|', _] => Some((b'|', 1, 2)),
        [b'&', _] => Some((b'&', 1, 3)),
        [b'^', _] => Some((b'^', 1, 2)),
        [b'+', _] => Some((b'+', 1, SUM)),
        [b'-', _] => Some((b'-', 1, SUM)),
        [b'<', _] => Some((b'<', 1, 4)),
        [b'>', _] => Some((b'>', 1, 4)),
        _ => None,
    };
    if symbol.is_some() {
        return symbol;
    }
    let (found, len) = word(line);
    OPERATORS.iter().find(|row| row.0 == &found[..len]).map(|&(_, op, rank)| (op, len, rank))
}

/// What a word is in expressions outside of operands (`.byte dword`).
#[cold]
pub fn word_of(name: &[u8], mode: u32) -> Option<Word> {
    let mut small = [0; 8];
    let small = small.get_mut(..name.len())?;
    small.iter_mut().zip(name).for_each(|(small, byte)| *small = byte.to_ascii_lowercase());
    let width = if mode & mode::CODE16 != 0 {
        2
    } else if mode & mode::CODE32 != 0 {
        4
    } else {
        8
    };
    Some(match &*small {
        b"and" => Word::Operator(Op::And),
        b"or" => Word::Operator(Op::Or),
        b"xor" => Word::Operator(Op::Xor),
        b"shl" => Word::Operator(Op::Left),
        b"shr" => Word::Operator(Op::Right),
        b"mod" => Word::Operator(Op::Modulus),
        b"eq" => Word::Operator(Op::Equal),
        b"ne" => Word::Operator(Op::Unequal),
        b"lt" => Word::Operator(Op::Less),
        b"le" => Word::Operator(Op::LessOrEqual),
        b"gt" => Word::Operator(Op::Greater),
        b"ge" => Word::Operator(Op::GreaterOrEqual),
        b"not" => Word::Not,
        b"offset" | b"short" => Word::Nothing,
        // Distances are numbers that no size is.
        b"near" => Word::Number(0xff00 + width),
        b"far" => Word::Number(if width == 2 { 0xff05 } else { 0xff06 }),
        size => Word::Number(i64::from(SIZES.iter().find(|row| row.0 == size)?.1)),
    })
}
