//! Expressions (gas manual, chapter 6): sums of a symbol, the negative of a symbol and a number, in place; everything else is
//! an operation of its own, behind a nameless symbol. What is certain is a number at once; the rest is settled when every place
//! is known.

use crate::cursor::{Cursor, begins_name, is_name};
use crate::symbols::{Place, SymRef, Tables};
use crate::syntax::Word;
use mc::CodeBuffer;

/// A value that may depend on places.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Expr {
    pub plus: Option<SymRef>,
    pub minus: Option<SymRef>,
    pub offset: i64,
    /// `symbol@MODIFIER`, by its place in the unit's list, from 1; 0 for none.
    pub(crate) modifier: u8,
}

impl Expr {
    pub const ZERO: Expr = Expr { plus: None, minus: None, offset: 0, modifier: 0 };

    #[inline]
    pub fn number(offset: i64) -> Expr {
        Expr { plus: None, minus: None, offset, modifier: 0 }
    }

    #[inline]
    pub fn symbol(symbol: SymRef) -> Expr {
        Expr { plus: Some(symbol), minus: None, offset: 0, modifier: 0 }
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
    #[inline]
    pub fn constant(&self) -> Option<i64> {
        (self.plus.is_none() && self.minus.is_none()).then_some(self.offset)
    }
}

/// An operation whose operands depend on places.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Node {
    pub op: Op,
    pub left: Expr,
    /// Nothing for operators with one operand.
    pub right: Expr,
}

/// Operators (gas manual, 6.2); the first three have one operand.
#[allow(missing_docs)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Op {
    Negative,
    Not,
    IsZero,
    Multiply,
    Divide,
    Modulus,
    Left,
    Right,
    Or,
    OrNot,
    Xor,
    And,
    Add,
    Subtract,
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    GreaterOrEqual,
    Greater,
    LogicalAnd,
    LogicalOr,
}

impl Op {
    /// Those of higher rank bind closer.
    fn rank(self) -> u8 {
        match self {
            Op::Negative | Op::Not | Op::IsZero => 9,
            Op::Multiply | Op::Divide | Op::Modulus | Op::Left | Op::Right => 8,
            Op::Or | Op::OrNot | Op::Xor | Op::And => 7,
            Op::Add | Op::Subtract => 5,
            Op::Equal | Op::Unequal | Op::Less | Op::LessOrEqual | Op::GreaterOrEqual | Op::Greater => 4,
            Op::LogicalAnd => 3,
            Op::LogicalOr => 2,
        }
    }
}

/// Nesting of parentheses and signs.
const MAX_DEPTH: u32 = 100;

/// Reads expressions with the code they stand in, of which `.` is the end.
pub(crate) struct Reader<'a> {
    pub tables: &'a mut Tables,
    pub code: &'a CodeBuffer,
}

impl Reader<'_> {
    /// The expression that stands here, folded as far as is certain.
    #[inline]
    pub fn expr(&mut self, line: &mut Cursor) -> Result<Expr, String> {
        self.binary(line, 0, 0)
    }

    fn binary(&mut self, line: &mut Cursor, least: u8, depth: u32) -> Result<Expr, String> {
        let mut left = self.unary(line, depth)?;
        while let Some((op, len)) = self.operator(line).filter(|op| op.0.rank() > least) {
            let before = *line;
            line.skip(len);
            // `8+(%rax)`: nothing stands between the sum and the register.
            if matches!(op, Op::Add | Op::Subtract)
                && (line.is_end() || line.peek() == b'(' && line.peek_second() == b'%')
            {
                break;
            }
            if op == Op::Modulus && begins_name(line.peek()) && before.peek_second() == line.peek() {
                *line = before;
                break;
            }
            let right = self.binary(line, op.rank(), depth + 1)?;
            left = self.apply(op, left, right)?;
        }
        Ok(left)
    }

    /// The operator that stands here, a word or not, and its length.
    #[inline]
    fn operator(&self, line: &Cursor) -> Option<(Op, usize)> {
        if matches!(line.peek(), 0 | b',' | b'(' | b')') {
            return None;
        }
        match operator(line) {
            None if self.tables.has_words && begins_name(line.peek()) => match self.word(line)? {
                (Word::Operator(op), len) => Some((op, len)),
                _ => None,
            },
            found => found,
        }
    }

    /// The word that stands here, if it is more than a name, and its length.
    #[cold]
    fn word(&self, line: &Cursor) -> Option<(Word, usize)> {
        let len = line.name_len();
        let word = self.tables.syntax?.word(&line.rest()[..len], self.tables.mode)?;
        Some((word, len))
    }

    /// `not 3`, `dword`
    #[cold]
    fn worded(&mut self, word: (Word, usize), line: &mut Cursor, depth: u32) -> Result<Expr, String> {
        line.skip(word.1);
        match word.0 {
            Word::Number(number) => Ok(Expr::number(number)),
            Word::Nothing => self.unary(line, depth + 1),
            Word::Not => {
                let operand = self.unary(line, depth + 1)?;
                Ok(match self.fold(operand) {
                    Some(value) => Expr::number(!value),
                    None => self.node(Op::Not, operand, Expr::number(0)),
                })
            }
            Word::Operator(_) => Err("missing or invalid expression".into()),
        }
    }

    fn unary(&mut self, line: &mut Cursor, depth: u32) -> Result<Expr, String> {
        if depth > MAX_DEPTH {
            return Err("an expression is nested too deeply".into());
        }
        let op = match line.peek() {
            b'0'..=b'9' => return self.number_or_label(line),
            byte if begins_name(byte) => {
                return match self.tables.has_words.then(|| self.word(line)).flatten() {
                    Some(word) => self.worded(word, line, depth),
                    None => self.name(line),
                };
            }
            b'"' => return self.name(line),
            b'-' => Op::Negative,
            b'+' => {
                line.bump();
                return self.unary(line, depth + 1);
            }
            b'~' => Op::Not,
            b'!' => Op::IsZero,
            open @ (b'(' | b'[') => {
                line.bump();
                let inner = self.binary(line, 0, depth + 1)?;
                let close = if open == b'(' { b')' } else { b']' };
                if !line.eat(close) {
                    return Err(format!("missing '{}'", char::from(close)));
                }
                return self.suffix(line, inner);
            }
            b'\'' => {
                line.step();
                return self.character(line);
            }
            _ if line.is_end() || line.peek() == b',' => return Err("missing or invalid expression".into()),
            _ => return Err(format!("expected an expression before ‘{}’", line.shown())),
        };
        line.bump();
        let operand = self.unary(line, depth + 1)?;
        if let Some(value) = self.fold(operand) {
            return Ok(Expr::number(calculate(op, value, 0).unwrap_or(0)));
        }
        if op == Op::Negative && operand.modifier == 0 {
            let Expr { plus, minus, offset, modifier } = operand;
            return Ok(Expr { plus: minus, minus: plus, offset: offset.wrapping_neg(), modifier });
        }
        Ok(self.node(op, operand, Expr::number(0)))
    }

    /// `'c`, `'\n`, `'c'`
    fn character(&mut self, line: &mut Cursor) -> Result<Expr, String> {
        let rest = line.rest();
        let (value, len) = match *rest {
            [b'\\', escaped, ..] => {
                let value = match escaped {
                    b'n' => b'\n',
                    b't' => b'\t',
                    b'r' => b'\r',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                };
                (value, 2)
            }
            [byte, ..] => (byte, 1),
            [] => return Err("missing character constant".into()),
        };
        let closed = rest.get(len) == Some(&b'\'');
        line.skip(len + usize::from(closed));
        Ok(Expr::number(i64::from(value)))
    }

    fn number_or_label(&mut self, line: &mut Cursor) -> Result<Expr, String> {
        let rest = line.rest();
        let len = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
        let after = rest.get(len).copied().unwrap_or(0);
        if !is_name(after) {
            if len < 19 && (rest[0] != b'0' || len == 1) {
                let value = rest[..len].iter().fold(0, |value, &digit| value * 10 + i64::from(digit - b'0'));
                line.skip(len);
                return Ok(Expr::number(value));
            }
        } else if matches!(after, b'f' | b'b' | b'F' | b'B' | b'$') && rest.get(len + 1).is_none_or(|&b| !is_name(b)) {
            let text = std::str::from_utf8(&rest[..len]).unwrap_or("");
            let number: u32 = text.parse().map_err(|_| format!("‘{text}’ is no label"))?;
            line.skip(len + 1);
            self.tables.is_plain = false;
            let symbol = match after {
                b'f' | b'F' => self.tables.forward(number),
                b'b' | b'B' => self.tables.backward(number)?,
                _ => self.tables.dollar(number),
            };
            return Ok(Expr::symbol(symbol));
        }
        match line.number() {
            Some(value) => Ok(Expr::number(value as i64)),
            None => Err(format!("‘{}’ is not a number", line.shown())),
        }
    }

    fn name(&mut self, line: &mut Cursor) -> Result<Expr, String> {
        self.tables.is_plain = false;
        let symbol = if line.peek() == b'"' {
            let name = line.string()?;
            if line.peek() == b'@' {
                return self.modified(line, |tables| tables.named(&name));
            }
            self.tables.named(&name)
        } else {
            let (text, at, _) = line.place();
            let len = line.name_len();
            line.skip(len);
            if len == 1 && text[at] == b'.' {
                return Ok(Expr::symbol(self.tables.here(self.code)));
            }
            if let b".startof." | b".sizeof." = &text[at..at + len]
                && line.eat(b'(')
            {
                let section = line.run(|b| b.is_ascii_graphic() && !matches!(b, b'(' | b')' | b','));
                line.expect(b')')?;
                let symbol = self.tables.named(&[&text[at..at + len], section].concat());
                return Ok(self.tables.value_of(symbol));
            }
            if line.peek() == b'@' {
                return self.modified(line, |tables| tables.named_at(text, at, len));
            }
            self.tables.named_at(text, at, len)
        };
        if self.tables.sym(symbol).flags & crate::symbols::FINAL != 0
            && let Some(again) = self.read_again(symbol)
        {
            return again;
        }
        Ok(self.tables.value_of(symbol))
    }

    /// A symbol with a modifier: what that brings into the object stands before what it modifies.
    #[inline]
    fn modified(&mut self, line: &mut Cursor, named: impl FnOnce(&mut Tables) -> SymRef) -> Result<Expr, String> {
        let modified = self.suffix(line, Expr::ZERO)?;
        let symbol = named(self.tables);
        self.tables.sym(symbol).flags |= crate::symbols::USED;
        Ok(Expr { plus: Some(symbol), ..modified })
    }

    /// What a name that `.eqv` gave a text means here.
    #[cold]
    fn read_again(&mut self, symbol: SymRef) -> Option<Result<Expr, String>> {
        let text = self.tables.extra_of(symbol)?.text.clone()?;
        if self.tables.n_texts >= MAX_DEPTH {
            return Some(Err("symbol definition loop encountered".into()));
        }
        self.tables.n_texts += 1;
        let value = self.expr(&mut Cursor::new(&text));
        self.tables.n_texts -= 1;
        Some(value)
    }

    /// `@MODIFIER`
    fn suffix(&mut self, line: &mut Cursor, expr: Expr) -> Result<Expr, String> {
        if line.peek() != b'@' {
            return Ok(expr);
        }
        line.bump();
        let modifier = line.run(|b| b.is_ascii_alphanumeric() || b == b'_');
        Ok(Expr { modifier: self.tables.modifier(modifier)?, ..expr })
    }

    fn node(&mut self, op: Op, left: Expr, right: Expr) -> Expr {
        self.tables.nodes.push(Node { op, left, right });
        let place = Place::Node(self.tables.nodes.len() as u32 - 1);
        Expr::symbol(self.tables.nameless(place))
    }

    #[inline]
    pub(crate) fn apply(&mut self, op: Op, left: Expr, right: Expr) -> Result<Expr, String> {
        let same = left.constant().zip(right.constant());
        if let Some((a, b)) = same.or_else(|| Some((self.fold(left)?, self.fold(right)?))) {
            return match calculate(op, a, b) {
                Some(value) => Ok(Expr::number(value)),
                None => {
                    self.tables.warn("division by zero");
                    Ok(Expr::number(0))
                }
            };
        }
        let addend = match op {
            Op::Add => right,
            Op::Subtract if right.modifier == 0 => {
                Expr { plus: right.minus, minus: right.plus, offset: right.offset.wrapping_neg(), modifier: 0 }
            }
            _ => return Ok(self.node(op, left, right)),
        };
        let sum = Expr {
            plus: left.plus.or(addend.plus),
            minus: left.minus.or(addend.minus),
            offset: left.offset.wrapping_add(addend.offset),
            modifier: left.modifier.max(addend.modifier),
        };
        let fits = !(left.plus.is_some() && addend.plus.is_some() || left.minus.is_some() && addend.minus.is_some());
        if fits {
            return Ok(match self.fold(sum) {
                Some(value) => Expr::number(value),
                None => sum,
            });
        }
        // `a - b + c - a`: what cancels does so.
        let (mut plus, mut minus) = ([left.plus, addend.plus], [left.minus, addend.minus]);
        for p in &mut plus {
            for m in &mut minus {
                let value = match (*p, *m) {
                    (Some(a), Some(b)) if a == b => Some(0),
                    (Some(a), Some(b)) => self.tables.distance(self.code, b, a),
                    _ => None,
                };
                if let Some(value) = value {
                    (*p, *m) = (None, None);
                    let left = Expr {
                        plus: plus[0].or(plus[1]),
                        minus: minus[0].or(minus[1]),
                        offset: sum.offset.wrapping_add(value),
                        modifier: sum.modifier,
                    };
                    return Ok(self.fold(left).map_or(left, Expr::number));
                }
            }
        }
        // What a modifier asks for is asked of the whole.
        let sum = self.node(op, Expr { modifier: 0, ..left }, Expr { modifier: 0, ..right });
        Ok(Expr { modifier: left.modifier.max(addend.modifier), ..sum })
    }

    /// The number that an expression certainly is: labels whose distance no branch can change count.
    #[inline]
    pub fn fold(&self, expr: Expr) -> Option<i64> {
        match (expr.plus, expr.minus) {
            (None, None) => Some(expr.offset),
            (Some(plus), Some(minus)) => Some(self.tables.distance(self.code, minus, plus)?.wrapping_add(expr.offset)),
            _ => None,
        }
    }
}

/// The operator that stands here, and its length.
#[inline]
fn operator(line: &Cursor) -> Option<(Op, usize)> {
    let first = line.peek();
    if matches!(first, 0 | b',' | b'(' | b')') {
        return None;
    }
    Some(match (first, line.peek_second()) {
        (b'<', b'<') => (Op::Left, 2),
        (b'>', b'>') => (Op::Right, 2),
        (b'=', b'=') => (Op::Equal, 2),
        (b'!', b'=') | (b'<', b'>') => (Op::Unequal, 2),
        (b'<', b'=') => (Op::LessOrEqual, 2),
        (b'>', b'=') => (Op::GreaterOrEqual, 2),
        (b'&', b'&') => (Op::LogicalAnd, 2),
        (b'|', b'|') => (Op::LogicalOr, 2),
        (b'!', b'!') => (Op::Xor, 2),
        (b'*', _) => (Op::Multiply, 1),
        (b'/', _) => (Op::Divide, 1),
        (b'%', _) => (Op::Modulus, 1),
        (b'|', _) => (Op::Or, 1),
        (b'!', _) => (Op::OrNot, 1),
        (b'&', _) => (Op::And, 1),
        (b'^', _) => (Op::Xor, 1),
        (b'+', _) => (Op::Add, 1),
        (b'-', _) => (Op::Subtract, 1),
        (b'<', _) => (Op::Less, 1),
        (b'>', _) => (Op::Greater, 1),
        _ => return None,
    })
}

/// `None` for a division by zero.
pub(crate) fn calculate(op: Op, a: i64, b: i64) -> Option<i64> {
    // Comparisons give all ones (gas manual, 6.2.4).
    let truth = |holds: bool| -i64::from(holds);
    let count = |b: i64| u32::try_from(b).ok().filter(|&b| b < 64);
    Some(match op {
        Op::Negative => a.wrapping_neg(),
        Op::Not => !a,
        Op::IsZero => i64::from(a == 0),
        Op::Multiply => a.wrapping_mul(b),
        Op::Divide | Op::Modulus if b == 0 => return None,
        Op::Divide => a.wrapping_div(b),
        Op::Modulus => a.wrapping_rem(b),
        Op::Left => count(b).map_or(0, |b| a << b),
        Op::Right => count(b).map_or(0, |b| (a as u64 >> b) as i64),
        Op::Or => a | b,
        Op::OrNot => a | !b,
        Op::Xor => a ^ b,
        Op::And => a & b,
        Op::Add => a.wrapping_add(b),
        Op::Subtract => a.wrapping_sub(b),
        Op::Equal => truth(a == b),
        Op::Unequal => truth(a != b),
        Op::Less => truth(a < b),
        Op::LessOrEqual => truth(a <= b),
        Op::GreaterOrEqual => truth(a >= b),
        Op::Greater => truth(a > b),
        Op::LogicalAnd => i64::from(a != 0 && b != 0),
        Op::LogicalOr => i64::from(a != 0 || b != 0),
    })
}
