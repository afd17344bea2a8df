//! Overflow checks where a 128-bit integer takes part: no type holds every result, so the exact one is kept as its low 128
//! bits and a word of what stands above them, 0 or -1 where that is only a sign.

use crate::lower::Lower;
use ir::ops::{Cond, Op};
use ir::{Ty, Value};

/// An exact result: low bits, what stands above them, and whether even that does not hold it (an i32).
pub(super) struct Exact {
    pub low: Value,
    pub above: Value,
    pub lost: Option<Value>,
}

impl<'a> Lower<'a> {
    /// `a op b`; each operand is an i128 and may be signed.
    pub(super) fn exact(&mut self, op: Op, a: (Value, bool), b: (Value, bool)) -> Exact {
        let (sign_a, sign_b) = (self.sign_word(a), self.sign_word(b));
        let (a, b) = (a.0, b.0);
        match op {
            Op::Add => {
                let low = self.b.binary(Op::Add, Ty::I128, a, b);
                let carry = self.less(low, a);
                let above = self.b.binary(Op::Add, Ty::I128, sign_a, sign_b);
                let above = self.b.binary(Op::Add, Ty::I128, above, carry);
                Exact { low, above, lost: None }
            }
            Op::Sub => {
                let low = self.b.binary(Op::Sub, Ty::I128, a, b);
                let borrow = self.less(a, b);
                let above = self.b.binary(Op::Sub, Ty::I128, sign_a, sign_b);
                let above = self.b.binary(Op::Sub, Ty::I128, above, borrow);
                Exact { low, above, lost: None }
            }
            _ => self.exact_product(a, sign_a, b, sign_b),
        }
    }

    /// Of the absolute values in halves; of the upper ones at most one may count.
    fn exact_product(&mut self, a: Value, sign_a: Value, b: Value, sign_b: Value) -> Exact {
        let (a, b) = (self.with_sign(a, sign_a), self.with_sign(b, sign_b));
        let (a_low, a_high) = (self.low_word(a), self.high_word(a));
        let (b_low, b_high) = (self.low_word(b), self.high_word(b));
        let low = self.b.binary(Op::Mul, Ty::I128, a_low, b_low);
        let one = self.b.binary(Op::Mul, Ty::I128, a_high, b_low);
        let other = self.b.binary(Op::Mul, Ty::I128, a_low, b_high);
        let zero = self.zero(Ty::I128);
        let high_a = self.b.icmp(Cond::Ne, Ty::I128, a_high, zero);
        let high_b = self.b.icmp(Cond::Ne, Ty::I128, b_high, zero);
        let both = self.b.binary(Op::And, Ty::I32, high_a, high_b);
        let middle = self.b.binary(Op::Or, Ty::I128, one, other);
        let beyond = self.high_word(middle);
        let beyond = self.b.icmp(Cond::Ne, Ty::I128, beyond, zero);
        let lost = self.b.binary(Op::Or, Ty::I32, both, beyond);
        let middle = self.wide_shift(Op::Shl, middle, 64);
        let size = self.b.binary(Op::Add, Ty::I128, low, middle);
        let carry = self.b.icmp(Cond::Ult, Ty::I128, size, low);
        let lost = self.b.binary(Op::Or, Ty::I32, lost, carry);
        let sign = self.b.binary(Op::Xor, Ty::I128, sign_a, sign_b);
        let low = self.with_sign(size, sign);
        // There is no negative zero.
        let some = self.less(zero, size);
        let some = self.b.unary(Op::Neg, Ty::I128, some);
        let above = self.b.binary(Op::And, Ty::I128, sign, some);
        Exact { low, above, lost: Some(lost) }
    }

    /// -1 for negative values, else 0.
    pub(super) fn sign_word(&mut self, (value, signed): (Value, bool)) -> Value {
        if signed { self.wide_shift(Op::AShr, value, 127) } else { self.zero(Ty::I128) }
    }

    /// `value`, or where `sign` is -1 its opposite.
    fn with_sign(&mut self, value: Value, sign: Value) -> Value {
        let flipped = self.b.binary(Op::Xor, Ty::I128, value, sign);
        self.b.binary(Op::Sub, Ty::I128, flipped, sign)
    }

    /// 1 or 0.
    fn less(&mut self, a: Value, b: Value) -> Value {
        let less = self.b.icmp(Cond::Ult, Ty::I128, a, b);
        self.b.unary(Op::Zext, Ty::I128, less)
    }

    fn low_word(&mut self, value: Value) -> Value {
        let word = self.b.unary(Op::Trunc, Ty::I64, value);
        self.b.unary(Op::Zext, Ty::I128, word)
    }

    fn high_word(&mut self, value: Value) -> Value {
        self.wide_shift(Op::LShr, value, 64)
    }

    fn wide_shift(&mut self, op: Op, value: Value, by: u128) -> Value {
        let by = self.b.wide_const(Ty::I128, by.to_le_bytes());
        self.b.binary(op, Ty::I128, value, by)
    }
}
