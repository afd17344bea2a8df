//! Implicit conversions that may change a value: `-Wconversion` and its parts.

use crate::ast::{NodeId, NodeOp};
use crate::parse::{Loc, Parser};
use crate::types::{Basic, QualTy};
use crate::warnings::Warning;

impl Parser<'_> {
    /// `value` is about to become a `to`, as if by assignment. Arithmetic types only.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_conversion(&mut self, value: NodeId, to: QualTy, loc: Loc) {
        if self.unevaluated > 0
            || !self.pp.is_on(Warning::Conversion)
                && !self.pp.is_on(Warning::SignConversion)
                && !self.pp.is_on(Warning::FloatConversion)
        {
            return;
        }
        let from = self.ty(value);
        let (Some(source), Some(target)) = (self.types.arith(from), self.types.arith(to)) else { return };
        if source == Basic::Error || target == Basic::Error || target == Basic::Bool {
            return;
        }
        let shown = |parser: &Self| {
            (parser.quoted(parser.types.unqualified(from)), parser.quoted(parser.types.unqualified(to)))
        };
        if target.is_complex() || source.is_complex() {
            return;
        }
        if source.is_float() {
            let narrower = !target.is_float() || self.types.size(to) < self.types.size(from);
            if !narrower || self.float_fits(value, target) {
                return;
            }
            let (from, to) = shown(self);
            let text = format!("conversion from {from} to {to} may change value");
            return self.lint(Warning::FloatConversion, loc, &text);
        }
        if target.is_float() {
            let digits = match target {
                Basic::Float => 24,
                Basic::Double => 53,
                Basic::LongDouble => 64,
                _ => 113,
            };
            if self.int_value(value).is_none() && self.value_bits(value, 0).0 > digits {
                let (from, to) = shown(self);
                let text = format!("conversion from {from} to {to} may change value");
                self.lint(Warning::Conversion, loc, &text);
            }
            return;
        }
        if let Some(constant) = self.int_value(value) {
            let wrapped = self.types.wrap(target, constant);
            if wrapped != constant && constant < 0 && !self.types.is_signed(target) {
                // What fits with the other sign is only a matter of sign; the rest is -Woverflow.
                if self.types.wrap(target.signed(), constant) == constant {
                    let (from, to) = shown(self);
                    let text = format!(
                        "unsigned conversion from {from} to {to} changes value from ‘{constant}’ to ‘{wrapped}’"
                    );
                    self.lint(Warning::SignConversion, loc, &text);
                }
            }
            return;
        }
        if self.is_narrow_arithmetic(value, target) {
            return;
        }
        let (bits, nonnegative) = self.value_bits(value, 0);
        let target_bits = self.types.bits(target);
        let target_signed = self.types.is_signed(target);
        let room = if target_signed && nonnegative { target_bits - 1 } else { target_bits };
        let (from_shown, to_shown) = shown(self);
        if bits > target_bits || target_signed && nonnegative && bits > room && self.types.bits(source) > target_bits {
            let text = format!("conversion from {from_shown} to {to_shown} may change value");
            self.lint(Warning::Conversion, loc, &text);
        } else if target_signed && nonnegative && bits > room || !target_signed && !nonnegative {
            let text = format!("conversion to {to_shown} from {from_shown} may change the sign of the result");
            self.lint(Warning::SignConversion, loc, &text);
        }
    }

    /// Arithmetic on operands that are no wider than the target: gcc takes its overflow for intended (`-Warith-conversion`).
    fn is_narrow_arithmetic(&self, node: NodeId, target: Basic) -> bool {
        let data = &self.ast.nodes[node];
        let fits = |word: u32| {
            let (bits, nonnegative) = self.value_bits(NodeId(word), 0);
            let room = self.types.bits(target) - u32::from(nonnegative && self.types.is_signed(target));
            bits <= room && (nonnegative || self.types.is_signed(target))
        };
        match data.op {
            NodeOp::Neg | NodeOp::BitNot => fits(data.a),
            NodeOp::Add | NodeOp::Sub | NodeOp::Mul | NodeOp::Div => fits(data.a) && fits(data.b),
            NodeOp::Shl => fits(data.a),
            _ => false,
        }
    }

    /// How many bits a value needs at most, and whether it cannot be negative.
    fn value_bits(&self, node: NodeId, depth: u32) -> (u32, bool) {
        let data = &self.ast.nodes[node];
        let Some(basic) = self.types.integer(data.ty) else { return (64, false) };
        let own = (self.types.bits(basic), !self.types.is_signed(basic));
        if depth > 32 {
            return own;
        }
        if let Some(value) = self.int_value(node) {
            let bits = if value < 0 { 128 - (!value).leading_zeros() + 1 } else { 128 - value.leading_zeros() };
            return (bits, value >= 0);
        }
        let inner = |word: u32| self.value_bits(NodeId(word), depth + 1);
        match data.op {
            op if super::is_comparison(op) => (1, true),
            NodeOp::LogNot | NodeOp::LogAnd | NodeOp::LogOr | NodeOp::BoolCast => (1, true),
            NodeOp::Load => match self.bit_field(NodeId(data.a)) {
                Some(field) => (u32::from(self.types.fields[field].width), own.1),
                None if basic == Basic::Bool => (1, true),
                None => own,
            },
            NodeOp::IntCast => {
                let from = inner(data.a);
                if from.0 < own.0 || from.0 == own.0 && from.1 == own.1 { from } else { own }
            }
            NodeOp::BitAnd => {
                let (x, y) = (inner(data.a), inner(data.b));
                match (x.1, y.1) {
                    (true, true) => (x.0.min(y.0), true),
                    (true, false) => x,
                    (false, true) => y,
                    _ => (x.0.max(y.0), false),
                }
            }
            NodeOp::BitOr | NodeOp::BitXor => {
                let (x, y) = (inner(data.a), inner(data.b));
                (x.0.max(y.0), x.1 && y.1)
            }
            NodeOp::Shr => {
                let x = inner(data.a);
                let count = self.int_value(NodeId(data.b)).and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
                (x.0.saturating_sub(count).max(1), x.1)
            }
            NodeOp::Rem => {
                let (x, y) = (inner(data.a), inner(data.b));
                (x.0.min(y.0), x.1)
            }
            NodeOp::Cond if data.b != <NodeId as base::ids::Id>::NONE.0 => {
                let (x, y) = (inner(data.b), inner(data.c));
                (x.0.max(y.0), x.1 && y.1)
            }
            _ => own,
        }
    }

    /// Does a floating constant keep its value?
    fn float_fits(&self, value: NodeId, target: Basic) -> bool {
        use crate::consts::float;
        let Some((bits, format)) = self.float_value(value) else { return false };
        if target.is_float() {
            // A decimal fraction loses digits in any binary format: gcc tells only of overflow.
            return true;
        }
        match float::to_int(bits, format, self.types.bits(target), self.types.is_signed(target)) {
            Some(int) => {
                let back = float::from_int(int, self.types.is_signed(target), format);
                float::compare(back, bits, format) == Some(std::cmp::Ordering::Equal)
            }
            // Out of range is told of by default.
            None => true,
        }
    }
}
