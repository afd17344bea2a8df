//! Expressions (gas manual, chapter 6) as sums: symbol minus symbol plus number. Other operations need numbers on both
//! sides, for which differences of labels count whose distance is already certain.

use crate::cursor::{Cursor, begins_name};
use crate::unit::{SymRef, Tables};
use mc::CodeBuffer;

/// A value that may depend on places.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Expr {
    pub plus: Option<SymRef>,
    pub minus: Option<SymRef>,
    pub offset: i64,
    /// `symbol@MODIFIER`, by its place in [`Tables::modifiers`], from 1; 0 for none.
    pub(crate) modifier: u8,
}

impl Expr {
    pub const ZERO: Expr = Expr { plus: None, minus: None, offset: 0, modifier: 0 };

    pub fn number(offset: i64) -> Expr {
        Expr { offset, ..Expr::default() }
    }

    pub fn symbol(symbol: SymRef) -> Expr {
        Expr { plus: Some(symbol), ..Expr::default() }
    }

    /// The sum of two, each of which has at most one symbol of a sign.
    pub fn plus(&self, other: &Expr) -> Result<Expr, String> {
        let one = |a: Option<SymRef>, b: Option<SymRef>| match (a, b) {
            (Some(_), Some(_)) => Err("a sum of two symbols cannot be expressed".to_string()),
            _ => Ok(a.or(b)),
        };
        Ok(Expr {
            plus: one(self.plus, other.plus)?,
            minus: one(self.minus, other.minus)?,
            offset: self.offset.wrapping_add(other.offset),
            modifier: self.modifier.max(other.modifier),
        })
    }

    /// The same with the other sign.
    pub fn negated(&self) -> Result<Expr, String> {
        if self.modifier != 0 {
            return Err("a symbol with a modifier cannot be subtracted".into());
        }
        Ok(Expr { plus: self.minus, minus: self.plus, offset: self.offset.wrapping_neg(), modifier: 0 })
    }

    /// The value if it depends on nothing.
    pub fn constant(&self) -> Option<i64> {
        (self.plus.is_none() && self.minus.is_none()).then_some(self.offset)
    }
}

/// Nesting of parentheses and signs.
const MAX_DEPTH: u32 = 100;

/// Reads expressions with the code they stand in, of which `.` is the end.
pub(crate) struct Reader<'a> {
    pub tables: &'a mut Tables,
    pub code: &'a mut CodeBuffer,
}

impl Reader<'_> {
    pub fn expr(&mut self, line: &mut Cursor) -> Result<Expr, String> {
        self.binary(line, 0, 0)
    }

    fn binary(&mut self, line: &mut Cursor, least: u8, depth: u32) -> Result<Expr, String> {
        if depth > MAX_DEPTH {
            return Err("an expression is nested too deeply".into());
        }
        let mut left = self.unary(line, depth + 1)?;
        while let Some((op, len, rank)) = operator(line).filter(|op| op.2 > least) {
            line.skip(len);
            // `8+(%rax)`: nothing stands between the sum and the register.
            if matches!(op, b'+' | b'-') && (line.is_end() || line.peek() == b'(' && line.peek_second() == b'%') {
                break;
            }
            let right = self.binary(line, rank, depth + 1)?;
            left = self.apply(op, left, right)?;
        }
        Ok(left)
    }

    fn unary(&mut self, line: &mut Cursor, depth: u32) -> Result<Expr, String> {
        if depth > MAX_DEPTH {
            return Err("an expression is nested too deeply".into());
        }
        let number = |expr: Expr| expr.constant().ok_or_else(|| "an operator needs a number".to_string());
        match line.peek() {
            b'-' => {
                line.bump();
                let Expr { plus, minus, offset, modifier } = self.unary(line, depth + 1)?;
                Ok(Expr { plus: minus, minus: plus, offset: offset.wrapping_neg(), modifier })
            }
            b'+' => {
                line.bump();
                self.unary(line, depth + 1)
            }
            b'~' => {
                line.bump();
                let operand = self.unary(line, depth + 1)?;
                Ok(Expr::number(!number(operand)?))
            }
            b'!' => {
                line.bump();
                let operand = self.unary(line, depth + 1)?;
                Ok(Expr::number(i64::from(number(operand)? == 0)))
            }
            b'(' => {
                line.bump();
                let inner = self.binary(line, 0, depth + 1)?;
                line.expect(b')')?;
                Ok(inner)
            }
            b'\'' => {
                let byte = line.peek_second();
                line.skip(2);
                line.eat(b'\'');
                Ok(Expr::number(i64::from(byte)))
            }
            b'0'..=b'9' => self.number_or_label(line),
            b'"' => self.name(line),
            byte if begins_name(byte) => self.name(line),
            _ => Err(format!("expected an expression before ‘{}’", line.shown())),
        }
    }

    fn number_or_label(&mut self, line: &mut Cursor) -> Result<Expr, String> {
        let rest = line.rest();
        let len = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        let direction = rest.get(len).copied().unwrap_or(0);
        let ends = rest.get(len + 1).is_none_or(|b| !b.is_ascii_alphanumeric());
        if matches!(direction, b'f' | b'b') && ends {
            let text = std::str::from_utf8(&rest[..len]).unwrap_or("");
            let number: u32 = text.parse().map_err(|_| format!("‘{text}’ is no label"))?;
            line.skip(len + 1);
            let symbol = if direction == b'f' { self.tables.forward(number) } else { self.tables.backward(number)? };
            return Ok(Expr::symbol(symbol));
        }
        match line.number() {
            Some(value) => Ok(Expr::number(value as i64)),
            None => Err(format!("‘{}’ is not a number", line.shown())),
        }
    }

    fn name(&mut self, line: &mut Cursor) -> Result<Expr, String> {
        let name = line.word().ok_or("a name does not end")?;
        if name == b"." {
            let symbol = self.tables.here(self.code);
            return Ok(Expr::symbol(symbol));
        }
        let symbol = self.tables.named(name);
        let mut expr = self.tables.value_of(symbol);
        if line.peek() == b'@' {
            line.bump();
            let modifier = line.run(|b| b.is_ascii_alphanumeric() || b == b'_');
            expr = Expr { modifier: self.tables.modifier(modifier)?, ..Expr::symbol(symbol) };
        }
        Ok(expr)
    }

    fn apply(&mut self, op: u8, left: Expr, right: Expr) -> Result<Expr, String> {
        if let (Some(a), Some(b)) = (self.fold(left), self.fold(right)) {
            return calculate(op, a, b).map(Expr::number);
        }
        let right = match op {
            b'+' => right,
            b'-' if right.modifier == 0 => {
                Expr { plus: right.minus, minus: right.plus, offset: right.offset.wrapping_neg(), modifier: 0 }
            }
            _ => return Err("this operator needs numbers on both sides".into()),
        };
        let mut plus: Vec<SymRef> = left.plus.into_iter().chain(right.plus).collect();
        let mut minus: Vec<SymRef> = left.minus.into_iter().chain(right.minus).collect();
        if let Some(at) = plus.iter().position(|symbol| minus.contains(symbol)) {
            let symbol = plus.remove(at);
            minus.retain(|other| *other != symbol);
        }
        if plus.len() > 1 || minus.len() > 1 {
            return Err("a sum of two symbols cannot be expressed".into());
        }
        Ok(Expr {
            plus: plus.first().copied(),
            minus: minus.first().copied(),
            offset: left.offset.wrapping_add(right.offset),
            modifier: left.modifier.max(right.modifier),
        })
    }

    /// The number that an expression certainly is: labels whose distance no branch can change count.
    pub fn fold(&self, expr: Expr) -> Option<i64> {
        match (expr.plus, expr.minus) {
            (None, None) => Some(expr.offset),
            (Some(plus), Some(minus)) => Some(self.tables.distance(self.code, minus, plus)?.wrapping_add(expr.offset)),
            _ => None,
        }
    }
}

/// The operator that stands here: its first byte (`l`, `r` for shifts, capitals for those with `=`), length and rank.
fn operator(line: &Cursor) -> Option<(u8, usize, u8)> {
    let two = [line.peek(), line.peek_second()];
    Some(match &two {
        b"<<" => (b'l', 2, 4),
        b">>" => (b'r', 2, 4),
        b"==" => (b'E', 2, 2),
        b"!=" | b"<>" => (b'N', 2, 2),
        b"<=" => (b'L', 2, 2),
        b">=" => (b'G', 2, 2),
        b"&&" | b"||" => return None,
        [b'*', _] => (b'*', 1, 4),
        [b'/', _] => (b'/', 1, 4),
        [b'%', second] if !second.is_ascii_alphabetic() => (b'%', 1, 4),
        [b'|', _] => (b'|', 1, 3),
        [b'&', _] => (b'&', 1, 3),
        [b'^', _] => (b'^', 1, 3),
        [b'+', _] => (b'+', 1, 2),
        [b'-', _] => (b'-', 1, 2),
        [b'<', _] => (b'<', 1, 1),
        [b'>', _] => (b'>', 1, 1),
        _ => return None,
    })
}

fn calculate(op: u8, a: i64, b: i64) -> Result<i64, String> {
    // Comparisons give all ones (gas manual, 6.2.4).
    let truth = |holds: bool| -i64::from(holds);
    Ok(match op {
        b'+' => a.wrapping_add(b),
        b'-' => a.wrapping_sub(b),
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
