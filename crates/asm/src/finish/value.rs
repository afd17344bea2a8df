//! What expressions stand for once places are known: a base, minus a base, and a number.

use super::{Host, MAX_CHAIN};
use crate::expr::{Expr, Op};
use crate::symbols::{Place, SymRef};
use crate::unit::Assembler;
use obj::{AtomId, SymbolDef};

/// What a value counts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Base {
    Nothing,
    /// The beginning of a section's code, by its first piece.
    Piece(u32),
    Atom(AtomId),
    /// Not known here.
    Symbol(SymRef),
}

/// A value as far as it is known: what it counts from, minus what else, and a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Value {
    pub base: Base,
    pub minus: Base,
    pub offset: i64,
}

impl Value {
    const fn number(offset: i64) -> Value {
        Value { base: Base::Nothing, minus: Base::Nothing, offset }
    }

    pub(crate) fn constant(&self) -> Option<i64> {
        (self.base == Base::Nothing && self.minus == Base::Nothing).then_some(self.offset)
    }

    /// The sum, if it is one.
    pub(super) fn plus(self, other: Value) -> Option<Value> {
        let (mut a, mut b) = ([self.base, other.base], [self.minus, other.minus]);
        for plus in &mut a {
            for minus in &mut b {
                if *plus == *minus && *plus != Base::Nothing {
                    (*plus, *minus) = (Base::Nothing, Base::Nothing);
                }
            }
        }
        let one = |pair: [Base; 2]| match pair {
            [base, Base::Nothing] | [Base::Nothing, base] => Some(base),
            _ => None,
        };
        Some(Value { base: one(a)?, minus: one(b)?, offset: self.offset.wrapping_add(other.offset) })
    }

    pub(super) fn negative(self) -> Value {
        Value { base: self.minus, minus: self.base, offset: self.offset.wrapping_neg() }
    }
}

pub(super) type Outcome<T> = Result<T, String>;

impl Assembler {
    /// What a symbol stands for.
    pub(super) fn term(
        &self,
        symbol: SymRef,
        host: Option<&dyn Fn(SymRef) -> Option<Value>>,
        depth: u32,
    ) -> Outcome<Value> {
        if depth > MAX_CHAIN {
            return Err("symbol definition loop encountered".into());
        }
        let at = |base, offset| Ok(Value { base, minus: Base::Nothing, offset });
        match self.tables.syms[symbol.index()].place {
            Place::At(piece, mark) => match &self.pieces[piece as usize].code {
                code if code.has_places() => at(Base::Piece(piece), code.wide_place(mark) as i64),
                _ => Err("a place in a section is not known where numbers are".into()),
            },
            Place::Placed(atom, offset) => at(Base::Atom(atom), i64::from(offset)),
            Place::Value(expr) => self.resolve(expr, host, depth + 1),
            Place::Node(node) => {
                let node = self.tables.nodes[node as usize];
                let left = self.resolve(node.left, host, depth + 1)?;
                let right = self.resolve(node.right, host, depth + 1)?;
                self.operate(node.op, left, right)
            }
            Place::Home(_) => Err("a label stands in a function that was not made".into()),
            Place::Undefined | Place::Common { .. } | Place::Object(_) => match host.and_then(|host| host(symbol)) {
                Some(value) => Ok(value),
                None => at(Base::Symbol(symbol), 0),
            },
        }
    }

    /// What a symbol stands for once pieces have places: a piece, or none for a number, and the offset; `None` for what only
    /// the linker will know.
    pub(crate) fn value_of(&self, symbol: SymRef) -> Option<(Option<u32>, i64)> {
        let value = self.term(symbol, None, 0).ok()?;
        match (value.base, value.minus) {
            (Base::Nothing, Base::Nothing) => Some((None, value.offset)),
            (Base::Piece(piece), Base::Nothing) => Some((Some(piece), value.offset)),
            _ => None,
        }
    }

    /// The symbol is a place or a number here.
    pub(crate) fn is_defined(&self, symbol: SymRef) -> bool {
        !matches!(self.tables.syms[symbol.index()].place, Place::Home(_))
            && self.term(symbol, None, 0).is_ok_and(|value| !matches!(value.base, Base::Symbol(_)))
    }

    pub(super) fn operate(&self, op: Op, left: Value, right: Value) -> Outcome<Value> {
        let sum = match op {
            Op::Add => left.plus(right),
            Op::Subtract => left.plus(right.negative()),
            Op::Negative => Some(left.negative()),
            // Places of one section compare as their offsets do.
            Op::Equal | Op::Unequal | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual
                if left.base == right.base && left.minus == right.minus =>
            {
                crate::expr::calculate(op, left.offset, right.offset).map(Value::number)
            }
            _ => {
                let both = left.constant().zip(right.constant());
                both.and_then(|(a, b)| crate::expr::calculate(op, a, b)).map(Value::number)
            }
        };
        sum.ok_or_else(|| match right.constant() {
            Some(0) if matches!(op, Op::Divide | Op::Modulus) => "division by zero".to_string(),
            _ => "invalid operands in an expression".to_string(),
        })
    }

    /// What an expression stands for.
    pub(crate) fn resolve(
        &self,
        expr: Expr,
        host: Option<&dyn Fn(SymRef) -> Option<Value>>,
        depth: u32,
    ) -> Outcome<Value> {
        let mut sum = Value::number(expr.offset);
        let complex = || "an expression is too complex".to_string();
        if let Some(plus) = expr.plus {
            sum = sum.plus(self.term(plus, host, depth)?).ok_or_else(complex)?;
        }
        if let Some(minus) = expr.minus {
            sum = sum.plus(self.term(minus, host, depth)?.negative()).ok_or_else(complex)?;
        }
        Ok(sum)
    }

    /// What C knows of a symbol that text does not define.
    pub(super) fn of_host(&mut self, symbol: SymRef, host: &mut dyn Host) -> Option<Value> {
        let known = match self.tables.sym(symbol).place {
            Place::Object(known) => known,
            _ => host.symbol(self.tables.spelling(symbol))?,
        };
        let made = host.builder().symbol(known);
        match made.def {
            SymbolDef::Atom(atom) => {
                Some(Value { base: Base::Atom(atom), minus: Base::Nothing, offset: made.value as i64 })
            }
            _ => None,
        }
    }

    /// The same as [`Assembler::resolve`], with what C defines.
    pub(super) fn resolve_with(&mut self, expr: Expr, host: &mut dyn Host) -> Outcome<Value> {
        if self.is_file {
            return self.resolve(expr, None, 0);
        }
        let mut value = self.resolve(expr, None, 0)?;
        if let Base::Symbol(symbol) = value.base
            && let Some(known) = self.of_host(symbol, host)
        {
            value.base = Base::Nothing;
            value = value.plus(known).ok_or("an expression is too complex")?;
        }
        if let Base::Symbol(symbol) = value.minus
            && let Some(known) = self.of_host(symbol, host)
        {
            value.minus = Base::Nothing;
            value = value.plus(known.negative()).ok_or("an expression is too complex")?;
        }
        Ok(value)
    }
}
