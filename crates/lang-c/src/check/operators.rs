//! Operators (6.5): operand checks, usual conversions, folding, nodes.

use crate::ast::{NodeId, NodeOp};
use crate::consts::float::{self, FloatOp};
use crate::parse::{Loc, Parser};
use crate::token::Tok;
use crate::types::{Basic, FieldId, LocalId, QualTy, Quals, TypeData};
use crate::warnings::{Warning, hook};
use base::ids::Id;
use base::{Name, Pos};

const INT: QualTy = Basic::Int.qual();

/// The operator of a binary token.
#[inline]
pub(crate) fn binary_op(kind: Tok) -> NodeOp {
    BINARY[kind as usize]
}

/// By token kind: the table that [`binary_op`] reads.
static BINARY: [NodeOp; 256] = {
    let mut ops = [NodeOp::Comma; 256];
    let mut kind = 0;
    while kind < 256 {
        ops[kind] = op_of_token(Tok::KINDS[kind]);
        kind += 1;
    }
    ops
};

const fn op_of_token(kind: Tok) -> NodeOp {
    match kind {
        Tok::Star | Tok::StarEq => NodeOp::Mul,
        Tok::Slash | Tok::SlashEq => NodeOp::Div,
        Tok::Percent | Tok::PercentEq => NodeOp::Rem,
        Tok::Plus | Tok::PlusEq => NodeOp::Add,
        Tok::Minus | Tok::MinusEq => NodeOp::Sub,
        Tok::Shl | Tok::ShlEq => NodeOp::Shl,
        Tok::Shr | Tok::ShrEq => NodeOp::Shr,
        Tok::Lt => NodeOp::Lt,
        Tok::Gt => NodeOp::Gt,
        Tok::Le => NodeOp::Le,
        Tok::Ge => NodeOp::Ge,
        Tok::EqEq => NodeOp::Eq,
        Tok::Ne => NodeOp::Ne,
        Tok::Amp | Tok::AmpEq => NodeOp::BitAnd,
        Tok::Caret | Tok::CaretEq => NodeOp::BitXor,
        Tok::Pipe | Tok::PipeEq => NodeOp::BitOr,
        _ => NodeOp::Comma,
    }
}

pub(super) fn spelling(op: NodeOp) -> &'static str {
    match op {
        NodeOp::Mul => "*",
        NodeOp::Div => "/",
        NodeOp::Rem => "%",
        NodeOp::Add => "+",
        NodeOp::Sub => "-",
        NodeOp::Shl => "<<",
        NodeOp::Shr => ">>",
        NodeOp::Lt => "<",
        NodeOp::Gt => ">",
        NodeOp::Le => "<=",
        NodeOp::Ge => ">=",
        NodeOp::Eq => "==",
        NodeOp::Ne => "!=",
        NodeOp::BitAnd => "&",
        NodeOp::BitXor => "^",
        NodeOp::BitOr => "|",
        NodeOp::LogAnd => "&&",
        NodeOp::LogOr => "||",
        _ => "?",
    }
}

impl Parser<'_> {
    /// `a op b` for the binary operators but `&&`, `||` and `,`. `loc` is the operator's place.
    pub(crate) fn binary(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let (a, b) = (self.rvalue(a), self.rvalue(b));
        if self.ty(a) == Basic::Void.qual() {
            let loc = self.loc_of(a);
            self.error(loc, "void value not ignored as it ought to be");
            return self.poison(pos);
        }
        match op {
            // Two `int` that are not both constants, which no rule speaks of.
            _ if self.both_are_int(a, b) && !matches!(op, NodeOp::Div | NodeOp::Rem | NodeOp::Shl | NodeOp::Shr) => {
                self.node2(op, INT, a, b, pos)
            }
            NodeOp::Add | NodeOp::Sub => self.additive(op, a, b, loc, pos),
            NodeOp::Shl | NodeOp::Shr => self.shift(op, a, b, loc, pos),
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne => {
                self.compare(op, a, b, loc, pos)
            }
            _ => self.arithmetic(op, a, b, loc, pos),
        }
    }

    #[inline]
    fn both_are_int(&self, a: NodeId, b: NodeId) -> bool {
        let (a, b) = (&self.ast.nodes[a], &self.ast.nodes[b]);
        a.ty == INT && b.ty == INT && (a.op != NodeOp::IntConst || b.op != NodeOp::IntConst)
    }

    /// Multiplication, division, remainder, bitwise operators, and sums of arithmetic types.
    #[inline(never)]
    fn arithmetic(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let (ta, tb) = (self.ty(a), self.ty(b));
        let Some((a, b, ty)) = self.usual(a, b) else { return self.other_operands(op, a, b, loc, pos) };
        let integers_only = matches!(op, NodeOp::Rem | NodeOp::BitAnd | NodeOp::BitXor | NodeOp::BitOr);
        if integers_only && self.types.integer(ty).is_none() {
            return self.invalid_operands(op, ta, tb, loc, pos);
        }
        if is_constant(self.op(b)) {
            if matches!(op, NodeOp::Div | NodeOp::Rem) && self.int_value(b) == Some(0) {
                if self.unevaluated == 0 {
                    self.warn("div-by-zero", loc, "division by zero");
                }
            } else if is_constant(self.op(a))
                && let Some(node) = self.fold(op, a, b, ty, loc, pos)
            {
                return node;
            }
        }
        let node = self.node2(op, ty, a, b, pos);
        match self.common_width(a, b) {
            None => node,
            Some(width) => self.narrow_result(op, node, width),
        }
    }

    /// Operands that are not both arithmetic: vectors, or wrong.
    #[cold]
    #[inline(never)]
    fn other_operands(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let (ta, tb) = (self.ty(a), self.ty(b));
        match self.vector_binary(op, a, b, loc, pos) {
            Some(node) => node,
            None => self.invalid_operands(op, ta, tb, loc, pos),
        }
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn invalid_operands(&mut self, op: NodeOp, a: QualTy, b: QualTy, loc: Loc, pos: Pos) -> NodeId {
        if self.types.is_error(a) || self.types.is_error(b) {
            return self.poison(pos);
        }
        if self.types.is_void(a) || self.types.is_void(b) {
            self.error(loc, "void value not ignored as it ought to be");
            return self.poison(pos);
        }
        let text =
            format!("invalid operands to binary {} (have {} and {})", spelling(op), self.quoted(a), self.quoted(b));
        self.error(loc, &text);
        self.poison(pos)
    }

    /// Folds two constants of one type.
    fn fold(&mut self, op: NodeOp, a: NodeId, b: NodeId, ty: QualTy, loc: Loc, pos: Pos) -> Option<NodeId> {
        if let (Some((x, format)), Some((y, _))) = (self.float_value(a), self.float_value(b)) {
            let op = match op {
                NodeOp::Add => FloatOp::Add,
                NodeOp::Sub => FloatOp::Sub,
                NodeOp::Mul => FloatOp::Mul,
                NodeOp::Div => FloatOp::Div,
                _ => return None,
            };
            let value = float::binary(op, x, y, format);
            return Some(self.float_node(value, ty, pos));
        }
        let (x, y) = (self.int_value(a)?, self.int_value(b)?);
        let basic = self.types.integer(ty)?;
        let (value, exact) = match op {
            NodeOp::Add => x.overflowing_add(y),
            NodeOp::Sub => x.overflowing_sub(y),
            NodeOp::Mul => x.overflowing_mul(y),
            NodeOp::Div if basic == Basic::UInt128 => ((x as u128 / y as u128) as i128, false),
            NodeOp::Rem if basic == Basic::UInt128 => ((x as u128 % y as u128) as i128, false),
            NodeOp::Div => x.overflowing_div(y),
            NodeOp::Rem => x.overflowing_rem(y),
            NodeOp::BitAnd => (x & y, false),
            NodeOp::BitXor => (x ^ y, false),
            NodeOp::BitOr => (x | y, false),
            _ => return None,
        };
        let wrapped = self.types.wrap(basic, value);
        if self.types.is_signed(basic) && (wrapped != value || exact) {
            self.report_overflow(ty, wrapped, loc);
        }
        Some(self.int_node(wrapped, ty, pos))
    }

    #[cold]
    fn report_overflow(&mut self, ty: QualTy, value: i128, loc: Loc) {
        if self.unevaluated > 0 {
            return;
        }
        let text = format!("integer overflow in expression of type {} results in ‘{value}’", self.quoted(ty));
        self.warn("overflow", loc, &text);
    }

    #[inline(never)]
    fn additive(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let (ta, tb) = (self.ty(a), self.ty(b));
        let (pa, pb) = (self.types.pointee(ta), self.types.pointee(tb));
        match (pa, pb) {
            (None, None) => self.arithmetic(op, a, b, loc, pos),
            (Some(_), None) => self.pointer_sum(op, a, b, loc, pos),
            (None, Some(_)) if op == NodeOp::Add => self.pointer_sum(op, b, a, loc, pos),
            (Some(x), Some(y)) if op == NodeOp::Sub => {
                if !self.types.compatible_unqualified(x, y) {
                    return self.invalid_operands(op, ta, tb, loc, pos);
                }
                if !self.is_complete_object(x, loc) {
                    return self.poison(pos);
                }
                let ty = self.types.ptrdiff_ty();
                if self.op(a) == NodeOp::IntConst && self.op(b) == NodeOp::IntConst {
                    let size = self.types.size(x).unwrap_or(1).max(1) as i64;
                    let (x, y) = (self.ast.nodes[a].int_value(), self.ast.nodes[b].int_value());
                    return self.int_node(i128::from(x.wrapping_sub(y) / size), ty, pos);
                }
                self.node2(NodeOp::PtrDiff, ty, a, b, pos)
            }
            _ => self.invalid_operands(op, ta, tb, loc, pos),
        }
    }

    /// Pointer plus or minus integer.
    pub(crate) fn pointer_sum(&mut self, op: NodeOp, pointer: NodeId, index: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let (ty, index_ty) = (self.ty(pointer), self.ty(index));
        let Some(element) = self.types.pointee(ty) else { return self.poison(pos) };
        if self.types.integer(index_ty).is_none_or(|b| b == Basic::Error) {
            return self.invalid_operands(op, ty, index_ty, loc, pos);
        }
        if !self.is_complete_object(element, loc) {
            return self.poison(pos);
        }
        if self.hooked(hook::EXPRESSION) {
            self.lint_pointer_arithmetic(element, if op == NodeOp::Sub { "subtraction" } else { "" }, loc);
        }
        // Enumerations and bit-fields are widened by their own type.
        let index = if matches!(self.types.get(index_ty), TypeData::Enum(_)) { self.promote(index) } else { index };
        if self.op(pointer) == NodeOp::IntConst
            && let (Some(n), Some(size)) = (self.int_value(index), self.types.size(element))
        {
            let bytes = n.wrapping_mul(i128::from(size));
            let base = i128::from(self.ast.nodes[pointer].int_value() as u64);
            let value = if op == NodeOp::Sub { base.wrapping_sub(bytes) } else { base.wrapping_add(bytes) };
            return self.int_node(value, ty, pos);
        }
        let op = if op == NodeOp::Sub { NodeOp::PtrSub } else { NodeOp::PtrAdd };
        self.node2(op, ty, pointer, index, pos)
    }

    /// Pointer arithmetic needs the size of what is pointed to (`void` and functions count 1).
    pub(super) fn is_complete_object(&mut self, element: QualTy, loc: Loc) -> bool {
        if self.types.size(element).is_some() || self.types.is_vla(element) {
            return true;
        }
        if !self.types.is_error(element) {
            let text = match self.types.get(element) {
                TypeData::Array { .. } => "arithmetic on a pointer to an incomplete type".to_string(),
                _ => format!("invalid use of undefined type {}", self.quoted(element)),
            };
            self.error(loc, &text);
        }
        false
    }

    #[inline(never)]
    fn shift(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let (ta, tb) = (self.ty(a), self.ty(b));
        if self.types.integer(ta).is_none() || self.types.integer(tb).is_none() {
            return self.other_operands(op, a, b, loc, pos);
        }
        let (a, b) = (self.promote(a), self.promote(b));
        let ty = self.ty(a);
        let Some(basic) = self.types.integer(ty) else { return self.poison(pos) };
        if basic == Basic::Error || self.types.is_error(tb) {
            return self.poison(pos);
        }
        if let Some(count) = self.int_value(b) {
            let bits = self.types.bits(basic);
            let side = if op == NodeOp::Shl { "left" } else { "right" };
            if count < 0 {
                if self.unevaluated == 0 {
                    self.warn("shift-count-negative", loc, &format!("{side} shift count is negative"));
                }
            } else if count >= i128::from(bits) {
                if self.unevaluated == 0 {
                    self.warn("shift-count-overflow", loc, &format!("{side} shift count >= width of type"));
                }
            } else if let Some(value) = self.int_value(a) {
                let count = count as u32;
                if op == NodeOp::Shl && self.types.is_signed(basic) {
                    self.warn_shifted_out(value, count, bits, ty, loc);
                }
                let result = match op {
                    NodeOp::Shl => value.wrapping_shl(count),
                    _ if basic == Basic::UInt128 => (value as u128 >> count) as i128,
                    _ => value >> count,
                };
                return self.int_node(result, ty, pos);
            }
        }
        let node = self.node2(op, ty, a, b, pos);
        match self.narrow_width(a) {
            None => node,
            Some(width) => self.narrow_result(op, node, width),
        }
    }

    /// A constant of `bits` bits whose bits a left shift moves out. At level 1 one may move into the sign bit.
    #[cold]
    fn warn_shifted_out(&mut self, value: i128, count: u32, bits: u32, ty: QualTy, loc: Loc) {
        let magnitude = if value < 0 { !value } else { value };
        let needed = 129 - magnitude.leading_zeros() + count;
        let is_strict = self.pp.options().warnings.level(Warning::ShiftOverflow) == Some(2);
        if needed <= bits || needed == bits + 1 && !is_strict || self.unevaluated != 0 {
            return;
        }
        if self.pp.options().standard.year >= 1999 {
            let text = format!(
                "result of ‘{value} << {count}’ requires {needed} bits to represent, but ‘{}’ only has {bits} bits",
                self.types.show(&self.pp.names, ty)
            );
            self.warn("shift-overflow=", loc, &text);
        }
    }

    #[inline(never)]
    fn compare(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let (ta, tb) = (self.ty(a), self.ty(b));
        let (pa, pb) = (self.types.is_pointer(ta), self.types.is_pointer(tb));
        if !pa && !pb {
            let Some((a, b, ty)) = self.usual(a, b) else { return self.other_operands(op, a, b, loc, pos) };
            let equality = matches!(op, NodeOp::Eq | NodeOp::Ne);
            if !equality && self.types.arith(ty).is_some_and(Basic::is_complex) {
                return self.invalid_operands(op, ta, tb, loc, pos);
            }
            if is_constant(self.op(a))
                && is_constant(self.op(b))
                && let Some(value) = self.fold_compare(op, a, b, ty)
            {
                return self.int_node(i128::from(value), INT, pos);
            }
            return self.node2(op, INT, a, b, pos);
        }
        let (mut a, mut b) = (a, b);
        match (pa, pb) {
            (true, true) => self.check_compared(ta, tb, a, b, loc),
            (true, false) => {
                if self.types.integer(tb).is_none() {
                    return self.invalid_operands(op, ta, tb, loc, pos);
                }
                if !self.is_null_constant(b) && !self.types.is_error(tb) {
                    self.warn("", loc, "comparison between pointer and integer");
                }
                b = self.convert(b, ta);
            }
            _ => {
                if self.types.integer(ta).is_none() {
                    return self.invalid_operands(op, ta, tb, loc, pos);
                }
                if !self.is_null_constant(a) && !self.types.is_error(ta) {
                    self.warn("", loc, "comparison between pointer and integer");
                }
                a = self.convert(a, tb);
            }
        }
        if self.op(a) == NodeOp::IntConst && self.op(b) == NodeOp::IntConst {
            let (x, y) = (self.ast.nodes[a].int_value() as u64, self.ast.nodes[b].int_value() as u64);
            let value = ordered(op, x.cmp(&y));
            return self.int_node(i128::from(value), INT, pos);
        }
        self.node2(op, INT, a, b, pos)
    }

    fn check_compared(&mut self, ta: QualTy, tb: QualTy, a: NodeId, b: NodeId, loc: Loc) {
        let (Some(x), Some(y)) = (self.types.pointee(ta), self.types.pointee(tb)) else { return };
        let fine = x == y
            || self.types.is_void(x)
            || self.types.is_void(y)
            || self.types.compatible_unqualified(x, y)
            || self.is_null_constant(a)
            || self.is_null_constant(b);
        if !fine {
            // Pointers that differ in signedness are the same question as in assignments.
            let similar = match (self.types.integer(x), self.types.integer(y)) {
                (Some(x), Some(y)) => x.unsigned() == y.unsigned(),
                _ => false,
            };
            if !similar {
                self.warn("", loc, "comparison of distinct pointer types lacks a cast");
            }
        }
    }

    fn fold_compare(&self, op: NodeOp, a: NodeId, b: NodeId, ty: QualTy) -> Option<bool> {
        if let (Some((x, format)), Some((y, _))) = (self.float_value(a), self.float_value(b)) {
            return Some(match float::compare(x, y, format) {
                Some(order) => ordered(op, order),
                None => op == NodeOp::Ne,
            });
        }
        let (x, y) = (self.int_value(a)?, self.int_value(b)?);
        if self.types.integer(ty) == Some(Basic::UInt128) {
            return Some(ordered(op, (x as u128).cmp(&(y as u128))));
        }
        Some(ordered(op, x.cmp(&y)))
    }

    /// `a && b`, `a || b`; both are condition values.
    pub(crate) fn logical(&mut self, op: NodeOp, a: NodeId, b: NodeId, pos: Pos) -> NodeId {
        if let Some(x) = self.truth(a) {
            // The right operand decides, or is never evaluated.
            if x != (op == NodeOp::LogAnd) {
                return self.int_node(i128::from(x), INT, pos);
            }
            if let Some(y) = self.truth(b) {
                return self.int_node(i128::from(y), INT, pos);
            }
        }
        self.node2(op, INT, a, b, pos)
    }

    /// Whether a constant counts as true.
    pub(crate) fn truth(&self, node: NodeId) -> Option<bool> {
        match self.op(node) {
            NodeOp::IntConst => {
                let data = &self.ast.nodes[node];
                Some(data.a != 0 || data.b != 0)
            }
            NodeOp::WideConst => Some(self.int_value(node)? != 0),
            NodeOp::FloatConst => {
                let (bits, format) = self.float_value(node)?;
                Some(!float::is_zero(bits, format))
            }
            _ => None,
        }
    }

    // ---- Unary operators ----

    /// `+a`, `-a`, `~a`, `!a`.
    #[inline(never)]
    pub(crate) fn unary(&mut self, kind: Tok, a: NodeId, loc: Loc, pos: Pos) -> NodeId {
        if kind == Tok::Bang {
            if self.hooked(hook::EXPRESSION) {
                self.lint_truth(a, self.last_paren == a, loc);
            }
            let a = self.condition_value(a);
            if self.types.is_error(self.ty(a)) {
                return a;
            }
            return match self.truth(a) {
                Some(value) => self.int_node(i128::from(!value), INT, pos),
                None => self.node1(NodeOp::LogNot, INT, a, pos),
            };
        }
        if kind == Tok::Tilde && self.hooked(hook::EXPRESSION) {
            self.lint_complement(a, loc);
        }
        let a = self.rvalue(a);
        let ty = self.ty(a);
        let Some(basic) = self.types.arith(ty) else {
            let vector = self.vector_unary(kind, a, pos);
            return vector.unwrap_or_else(|| self.wrong_unary(kind, ty, loc, pos));
        };
        if kind == Tok::Tilde && !basic.is_integer() {
            if basic.is_complex() {
                // GNU: the conjugate.
                return self.node1(NodeOp::BitNot, ty, a, pos);
            }
            return self.wrong_unary(kind, ty, loc, pos);
        }
        let a = self.promote(a);
        let ty = self.ty(a);
        match kind {
            Tok::Plus => {
                // No longer an lvalue or a plain variable, but the same value.
                a
            }
            Tok::Minus => {
                if let Some(value) = self.int_value(a) {
                    let Some(basic) = self.types.integer(ty) else { return a };
                    let negated = value.wrapping_neg();
                    let wrapped = self.types.wrap(basic, negated);
                    if self.types.is_signed(basic) && wrapped != negated {
                        self.report_overflow(ty, wrapped, loc);
                    }
                    return self.int_node(wrapped, ty, pos);
                }
                if let Some((bits, format)) = self.float_value(a) {
                    return self.float_node(float::negate(bits, format), ty, pos);
                }
                let node = self.node1(NodeOp::Neg, ty, a, pos);
                self.narrow_unary(NodeOp::Neg, node, a)
            }
            _ => {
                if let Some(value) = self.int_value(a) {
                    return self.int_node(!value, ty, pos);
                }
                let node = self.node1(NodeOp::BitNot, ty, a, pos);
                self.narrow_unary(NodeOp::BitNot, node, a)
            }
        }
    }

    fn narrow_unary(&mut self, op: NodeOp, node: NodeId, operand: NodeId) -> NodeId {
        match self.narrow_width(operand) {
            None => node,
            Some(width) => self.narrow_result(op, node, width),
        }
    }

    #[cold]
    fn wrong_unary(&mut self, kind: Tok, ty: QualTy, loc: Loc, pos: Pos) -> NodeId {
        if !self.types.is_error(ty) {
            let text = match kind {
                Tok::Plus => "wrong type argument to unary plus",
                Tok::Minus => "wrong type argument to unary minus",
                Tok::Tilde => "wrong type argument to bit-complement",
                _ => "wrong type argument to unary exclamation mark",
            };
            self.error(loc, text);
        }
        self.poison(pos)
    }

    /// `&a`.
    #[inline(never)]
    pub(crate) fn address_of(&mut self, a: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let ty = self.ty(a);
        if self.types.is_error(ty) {
            return a;
        }
        if !self.is_lvalue(a) && !self.types.is_function(ty) {
            // `&f().array` has no meaning; `&*p` is `p`.
            self.error(loc, "lvalue required as unary ‘&’ operand");
            return self.poison(pos);
        }
        if self.bit_field(a).is_some() {
            let field = FieldId(self.ast.nodes[a].b);
            let text = format!("cannot take address of bit-field ‘{}’", self.text(self.types.fields[field].name));
            self.error(loc, &text);
            return self.poison(pos);
        }
        if self.op(a) == NodeOp::Local && self.unevaluated == 0 {
            let local = LocalId(self.ast.nodes[a].a);
            if self.registers.binary_search(&local).is_ok() {
                let text =
                    format!("address of register variable ‘{}’ requested", self.text(self.ast.locals[local].name));
                self.error(loc, &text);
            }
        }
        self.take_address(a);
        let pointer = self.types.pointer(ty);
        if self.op(a) == NodeOp::Deref {
            // `&*p`: neither operator is evaluated (6.5.3.2p3). The cast keeps the type.
            let inner = NodeId(self.ast.nodes[a].a);
            if self.ty(inner) == pointer {
                return inner;
            }
            return self.convert(inner, pointer);
        }
        if let Some(value) = self.null_based(a) {
            return self.int_node(value, pointer, pos);
        }
        self.node1(NodeOp::AddrOf, pointer, a, pos)
    }

    /// `*a`.
    #[inline(never)]
    pub(crate) fn deref(&mut self, a: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let a = self.rvalue(a);
        let ty = self.ty(a);
        let Some(to) = self.types.pointee(ty) else {
            if !self.types.is_error(ty) {
                let text = format!("invalid type argument of unary ‘*’ (have {})", self.quoted(ty));
                self.error(loc, &text);
            }
            return self.poison(pos);
        };
        if self.types.is_void(to) && self.unevaluated == 0 {
            self.warn("", loc, "dereferencing ‘void *’ pointer");
        }
        self.node1(NodeOp::Deref, to, a, pos)
    }

    /// `a[b]`.
    #[inline(never)]
    pub(crate) fn subscript(&mut self, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        if let TypeData::Vector { .. } = self.types.get(self.ty(a))
            && let Some(node) = self.vector_subscript(a, b, loc, pos)
        {
            return node;
        }
        let (a, b) = (self.rvalue(a), self.rvalue(b));
        let (ta, tb) = (self.ty(a), self.ty(b));
        let (pointer, index) = match (self.types.pointee(ta), self.types.pointee(tb)) {
            (Some(_), None) => (a, b),
            (None, Some(_)) => (b, a),
            _ => {
                if !self.types.is_error(ta) && !self.types.is_error(tb) {
                    self.error(loc, "subscripted value is neither array nor pointer nor vector");
                }
                return self.poison(pos);
            }
        };
        let index_ty = self.ty(index);
        if self.types.integer(index_ty).is_none() {
            self.error(loc, "array subscript is not an integer");
            return self.poison(pos);
        }
        let element = self.types.pointee(self.ty(pointer)).unwrap_or(Basic::Error.qual());
        if self.types.is_function(element) {
            self.error(loc, "subscripted value is pointer to function");
            return self.poison(pos);
        }
        if self.hooked(hook::EXPRESSION) {
            let written = if self.types.is_pointer(ta) { b } else { a };
            if written == index {
                self.lint_subscript(index, loc);
            }
        }
        let sum = self.pointer_sum(NodeOp::Add, pointer, index, loc, pos);
        if self.op(sum) == NodeOp::Error {
            return sum;
        }
        self.node1(NodeOp::Deref, element, sum, pos)
    }

    /// `(ty) a`.
    #[inline(never)]
    pub(crate) fn cast(&mut self, ty: QualTy, a: NodeId, loc: Loc, pos: Pos) -> NodeId {
        if self.types.is_void(ty) {
            // Lvalues are not read for it, as in an expression statement.
            let a = self.discarded(a);
            return self.node1(NodeOp::VoidCast, Basic::Void.qual(), a, pos);
        }
        let a = self.rvalue(a);
        let from = self.ty(a);
        if self.types.is_error(from) || self.types.is_error(ty) {
            return self.poison(pos);
        }
        let to = self.types.unqualified(ty);
        if !self.types.is_scalar(to) || !self.types.is_scalar(from) {
            return self.cast_of_aggregate(to, from, a, loc, pos);
        }
        let (from_pointer, to_pointer) = (self.types.is_pointer(from), self.types.is_pointer(to));
        if (to_pointer && !from_pointer && self.types.integer(from).is_none())
            || (from_pointer && !to_pointer && self.types.integer(to).is_none())
        {
            let text = if to_pointer {
                "cannot convert to a pointer type"
            } else {
                "pointer value used where a floating-point was expected"
            };
            self.error(loc, text);
            return self.poison(pos);
        }
        if from_pointer && !to_pointer {
            let small = self.types.size(to).unwrap_or(8) < u64::from(self.types.layout.pointer.size);
            if small && !is_constant(self.op(a)) && self.types.integer(to) != Some(Basic::Bool) {
                self.warn("pointer-to-int-cast", loc, "cast from pointer to integer of different size");
            }
        }
        if to_pointer && !from_pointer {
            let size = self.types.size(from).unwrap_or(8);
            if size != u64::from(self.types.layout.pointer.size) && !is_constant(self.op(a)) {
                self.warn("int-to-pointer-cast", loc, "cast to pointer from integer of different size");
            }
        }
        if self.hooked(hook::EXPRESSION) && to_pointer && from_pointer {
            self.lint_pointer_cast(from, to, loc);
        }
        let same = self.types.same(from, to);
        let node = self.convert(a, to);
        if same {
            // A cast is not an lvalue; its value has the type as written.
            if is_constant(self.op(node)) {
                self.ast.nodes[node].ty = to;
                return node;
            }
            return self.node1(NodeOp::NopCast, to, node, pos);
        }
        node
    }

    #[cold]
    fn cast_of_aggregate(&mut self, to: QualTy, from: QualTy, a: NodeId, loc: Loc, pos: Pos) -> NodeId {
        if self.types.is_record(to) && self.types.same(to, from) {
            return a;
        }
        if let Some(node) = self.vector_cast(to, a, pos) {
            return node;
        }
        // GNU: cast to a union of a member's type.
        if let TypeData::Record(id) = self.types.get(to)
            && self.types.records[id].union
        {
            for at in self.types.records[id].fields.clone() {
                let field = self.types.fields[FieldId(at)];
                if self.types.compatible_unqualified(field.ty, from) {
                    return self.cast_to_union(to, field.ty, a, pos);
                }
            }
            self.error(loc, "cast to union type from type not present in union");
            return self.poison(pos);
        }
        let text = if self.types.is_array(to) {
            "cast specifies array type".to_string()
        } else if self.types.is_function(to) {
            "cast specifies function type".to_string()
        } else if self.types.is_record(to) {
            "conversion to non-scalar type requested".to_string()
        } else if self.types.is_void(from) {
            "void value not ignored as it ought to be".to_string()
        } else if self.types.is_pointer(to) {
            "cannot convert to a pointer type".to_string()
        } else if self.types.is_record(from) {
            "aggregate value used where an integer was expected".to_string()
        } else if self.vector_of(to).is_some() {
            format!(
                "cannot convert a value of type {} to vector type {} which has different size",
                self.quoted(from),
                self.quoted(to)
            )
        } else {
            format!(
                "cannot convert a vector of type {} to type {} which has different size",
                self.quoted(from),
                self.quoted(to)
            )
        };
        self.error(loc, &text);
        self.poison(pos)
    }

    fn cast_to_union(&mut self, to: QualTy, member: QualTy, a: NodeId, pos: Pos) -> NodeId {
        let local = self.new_local(Name::NONE, to, false);
        self.ast.locals[local].address_taken = true;
        let size = self.types.size(member).unwrap_or(0);
        let whole = self.types.size(to).unwrap_or(size);
        let first = self.ast.init_items.len() as u32;
        self.ast.init_items.push(crate::ast::InitItem { offset: 0, value: a, size, bit: 0, width: 0 });
        self.ast.inits.push(crate::ast::Init { first, n: 1, size: whole, zero_first: size < whole });
        let init = self.ast.inits.len() as u32 - 1;
        let literal = self.node(NodeOp::CompoundLocal, to, local.0, init, 0, pos);
        self.rvalue(literal)
    }

    /// `c ? a : b`; `a` is NONE for GNU's `c ?: b`. `c` is a condition value.
    pub(crate) fn conditional(&mut self, c: NodeId, a: Option<NodeId>, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let b = self.rvalue(b);
        let elvis = a.is_none();
        let a = match a {
            Some(a) => self.rvalue(a),
            None => c,
        };
        let (ta, tb) = (self.ty(a), self.ty(b));
        if self.types.is_error(ta) || self.types.is_error(tb) || self.types.is_error(self.ty(c)) {
            return self.poison(pos);
        }
        let Some(ty) = self.conditional_type(a, b, loc) else {
            self.error(loc, "type mismatch in conditional expression");
            return self.poison(pos);
        };
        if let Some(truth) = self.truth(c) {
            let chosen = if truth { a } else { b };
            let node = self.convert(chosen, ty);
            return self.plain_value(node, ty, pos);
        }
        if !elvis && (self.narrow_width(a).is_some() || self.narrow_width(b).is_some()) {
            return self.narrow_conditional(c, a, b, ty, pos);
        }
        let b = self.convert(b, ty);
        if elvis {
            return self.node(NodeOp::Cond, ty, c.0, NodeId::NONE.0, b.0, pos);
        }
        let a = self.convert(a, ty);
        self.node(NodeOp::Cond, ty, c.0, a.0, b.0, pos)
    }

    /// The arm of a constant condition: its value, not an lvalue, with the common type.
    fn plain_value(&mut self, node: NodeId, ty: QualTy, pos: Pos) -> NodeId {
        if is_constant(self.op(node)) {
            // `1 ? 0 : p` is no null pointer constant any more than its type says.
            self.ast.nodes[node].ty = ty;
            return node;
        }
        if self.ty(node) == ty { node } else { self.node1(NodeOp::NopCast, ty, node, pos) }
    }

    fn conditional_type(&mut self, a: NodeId, b: NodeId, loc: Loc) -> Option<QualTy> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        if let (Some(_), Some(_)) = (self.types.arith(ta), self.types.arith(tb)) {
            if self.types.same(ta, tb) && self.types.integer(ta).is_none() {
                return Some(ta);
            }
            let x = self.promoted_type_of(a);
            let y = self.promoted_type_of(b);
            return Some(self.common_type(x, y).qual());
        }
        if self.types.is_void(ta) || self.types.is_void(tb) {
            return Some(Basic::Void.qual());
        }
        match (self.types.pointee(ta), self.types.pointee(tb)) {
            (Some(x), Some(y)) => {
                if self.is_null_constant(a) && !self.is_null_constant(b) {
                    return Some(tb);
                }
                if self.is_null_constant(b) {
                    return Some(ta);
                }
                let quals = Quals(self.types.quals(x).0 | self.types.quals(y).0);
                if self.types.compatible_unqualified(x, y) {
                    let (x, y) = (self.types.unqualified(x), self.types.unqualified(y));
                    let target = self.types.composite(x, y);
                    let target = self.types.qualify(target, quals);
                    return Some(self.types.pointer(target));
                }
                if !self.types.is_void(x) && !self.types.is_void(y) {
                    self.warn("", loc, "pointer type mismatch in conditional expression");
                }
                let target = self.types.qualify(Basic::Void.qual(), quals);
                Some(self.types.pointer(target))
            }
            (Some(_), None) if self.types.integer(tb).is_some() => {
                if !self.is_null_constant(b) {
                    self.warn("", loc, "pointer/integer type mismatch in conditional expression");
                }
                Some(ta)
            }
            (None, Some(_)) if self.types.integer(ta).is_some() => {
                if !self.is_null_constant(a) {
                    self.warn("", loc, "pointer/integer type mismatch in conditional expression");
                }
                Some(tb)
            }
            _ if self.types.compatible_unqualified(ta, tb) => Some(self.types.unqualified(ta)),
            _ => None,
        }
    }

    fn promoted_type_of(&self, node: NodeId) -> Basic {
        let basic = self.types.arith(self.ty(node)).unwrap_or(Basic::Int);
        if self.op(node) == NodeOp::Load && basic.is_integer() {
            return self.promoted_lvalue(NodeId(self.ast.nodes[node].a), basic);
        }
        self.promoted_basic(basic)
    }

    /// `sizeof` a type.
    pub(crate) fn size_of(&mut self, ty: QualTy, loc: Loc, pos: Pos) -> NodeId {
        let size_ty = self.types.size_ty();
        if self.types.is_vla(ty) {
            self.ast.types.push(ty);
            let number = self.ast.types.len() as u32 - 1;
            return self.node(NodeOp::SizeofVla, size_ty, number, 0, 0, pos);
        }
        if self.types.is_error(ty) {
            return self.poison(pos);
        }
        match self.types.size(ty) {
            Some(size) => self.int_node(i128::from(size), size_ty, pos),
            None => {
                let text = format!("invalid application of ‘sizeof’ to incomplete type {}", self.quoted(ty));
                self.error(loc, &text);
                self.poison(pos)
            }
        }
    }
}

pub(crate) fn is_constant(op: NodeOp) -> bool {
    matches!(op, NodeOp::IntConst | NodeOp::FloatConst | NodeOp::WideConst)
}

fn ordered(op: NodeOp, order: std::cmp::Ordering) -> bool {
    match op {
        NodeOp::Lt => order.is_lt(),
        NodeOp::Gt => order.is_gt(),
        NodeOp::Le => order.is_le(),
        NodeOp::Ge => order.is_ge(),
        NodeOp::Eq => order.is_eq(),
        _ => order.is_ne(),
    }
}
