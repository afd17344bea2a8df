//! Vectors (GNU, "Using Vector Instructions through Built-in Functions"): operators element by element, scalars spread over
//! all elements, comparisons that give vectors of -1 and 0, subscripts, casts of the same size, shuffles.
//!
//! The tree uses the operators of scalars with a vector as the node's type; `lower/vector.rs` takes them apart. Nothing here
//! stands in the way of scalars: it is asked where those have been refused.

use crate::ast::{Init, InitItem, NodeId, NodeOp};
use crate::builtins::Builtin;
use crate::consts::float;
use crate::parse::{Loc, Parser};
use crate::token::Tok;
use crate::types::{Basic, QualTy, TypeData};
use base::{Name, Pos, ids::Id};

impl Parser<'_> {
    /// Element type and number of elements of a vector type.
    pub(crate) fn vector_of(&self, ty: QualTy) -> Option<(QualTy, u32)> {
        match self.types.get(ty) {
            TypeData::Vector { element, n } => Some((QualTy::plain(element), n)),
            _ => None,
        }
    }

    pub(crate) fn vector_type(&mut self, element: QualTy, n: u32) -> QualTy {
        let element = self.types.canon(element).ty();
        QualTy::plain(self.types.add(TypeData::Vector { element, n }))
    }

    /// The vector that comparing vectors of type `ty` gives: signed integers of the elements' size.
    fn truth_vector(&mut self, ty: QualTy) -> Option<QualTy> {
        let (element, n) = self.vector_of(ty)?;
        let size = self.types.size(element)?;
        let basic = self.types.signed_of_size(size as u8);
        Some(self.vector_type(basic.qual(), n))
    }

    /// `a op b` where one operand may be a vector; `None` when none is.
    #[cold]
    pub(crate) fn vector_binary(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> Option<NodeId> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        if self.vector_of(ta).is_none() && self.vector_of(tb).is_none() {
            return None;
        }
        if self.types.is_error(ta) || self.types.is_error(tb) {
            return Some(self.poison(pos));
        }
        Some(self.vector_operation(op, a, b, loc, pos).unwrap_or_else(|| {
            let text = format!(
                "invalid operands to binary {} (have {} and {})",
                super::operators::spelling(op),
                self.quoted(ta),
                self.quoted(tb)
            );
            self.error(loc, &text);
            self.poison(pos)
        }))
    }

    fn vector_operation(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> Option<NodeId> {
        let shift = matches!(op, NodeOp::Shl | NodeOp::Shr);
        let (a, b) = self.vector_operands(a, b, shift, loc)?;
        let ty = self.types.unqualified(self.ty(a));
        let (element, _) = self.vector_of(ty)?;
        let integers = matches!(op, NodeOp::Rem | NodeOp::BitAnd | NodeOp::BitXor | NodeOp::BitOr) || shift;
        if integers && self.types.integer(element).is_none() {
            return None;
        }
        let compares = matches!(op, NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne);
        let result = if compares { self.truth_vector(ty)? } else { ty };
        Some(self.node2(op, result, a, b, pos))
    }

    /// Both operands as vectors of one length: a scalar becomes a vector of equal elements.
    fn vector_operands(&mut self, a: NodeId, b: NodeId, shift: bool, loc: Loc) -> Option<(NodeId, NodeId)> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        match (self.vector_of(ta), self.vector_of(tb)) {
            (Some((x, n)), Some((y, m))) => {
                let integers = self.types.integer(x).is_some() && self.types.integer(y).is_some();
                let sizes = self.types.size(x) == self.types.size(y);
                let fits = self.types.same(x, y) || integers && sizes;
                (n == m && fits).then_some((a, b))
            }
            (Some(_), None) => {
                let b = self.spread(b, ta, shift, loc)?;
                Some((a, b))
            }
            (None, Some(_)) => {
                let a = self.spread(a, tb, false, loc)?;
                Some((a, b))
            }
            (None, None) => None,
        }
    }

    /// Scalar `value` in every element of a vector of type `ty`, if the element type holds it.
    fn spread(&mut self, value: NodeId, ty: QualTy, any: bool, loc: Loc) -> Option<NodeId> {
        let (element, _) = self.vector_of(ty)?;
        let from = self.ty(value);
        let (source, target) = (self.types.arith(from)?, self.types.arith(element)?);
        let fits = match (self.int_value(value), self.float_value(value)) {
            _ if any && source.is_integer() => true,
            _ if source.is_complex() || target.is_integer() && source.is_float() => return None,
            (Some(int), _) if target.is_integer() => {
                let fits = |basic: Basic| self.types.wrap(basic, int) == int;
                fits(target) || fits(target.unsigned()) || fits(target.signed())
            }
            (Some(int), _) => {
                let format = float::format(&self.types, target);
                let bits = float::from_int(int, true, format);
                float::to_int_saturating(bits, format, 128, true) == int
            }
            (_, Some((bits, format))) => {
                let narrow = float::format(&self.types, target);
                float::convert(float::convert(bits, format, narrow), narrow, format) == bits
            }
            _ if target.is_integer() => self.types.bits(source) <= self.types.bits(target),
            _ if source.is_integer() => self.types.bits(source) < self.types.basic_size(target) as u32 * 8,
            _ => self.types.basic_size(source) <= self.types.basic_size(target),
        };
        if !fits {
            let text =
                format!("conversion of scalar {} to vector {} involves truncation", self.quoted(from), self.quoted(ty));
            self.error(loc, &text);
        }
        let pos = self.pos_of(value);
        let value = self.convert(value, element);
        Some(self.node1(NodeOp::VectorSplat, self.types.unqualified(ty), value, pos))
    }

    /// `-v`, `~v`, `+v`; `None` when the operand is no vector for which that means something.
    #[cold]
    pub(crate) fn vector_unary(&mut self, kind: Tok, a: NodeId, pos: Pos) -> Option<NodeId> {
        let ty = self.types.unqualified(self.ty(a));
        let (element, _) = self.vector_of(ty)?;
        match kind {
            Tok::Plus => Some(self.node1(NodeOp::NopCast, ty, a, pos)),
            Tok::Minus => Some(self.node1(NodeOp::Neg, ty, a, pos)),
            Tok::Tilde if self.types.integer(element).is_some() => Some(self.node1(NodeOp::BitNot, ty, a, pos)),
            _ => None,
        }
    }

    /// `a op= b` of a vector `a`.
    #[cold]
    pub(crate) fn vector_compound(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> Option<NodeId> {
        let ty = self.types.unqualified(self.ty(a));
        self.vector_of(ty)?;
        // Checked as `a op b`, of which only the right operand is kept.
        let whole = self.vector_binary(op, a, b, loc, pos)?;
        let node = self.ast.nodes[whole];
        if node.op == NodeOp::Error {
            return Some(whole);
        }
        Some(self.assign_op(op, ty, ty, a, NodeId(node.b), pos))
    }

    /// `v[i]`: an lvalue of the element where `v` is one.
    #[cold]
    pub(crate) fn vector_subscript(&mut self, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> Option<NodeId> {
        let ty = self.ty(a);
        let (element, n) = self.vector_of(ty)?;
        let index = self.rvalue(b);
        if self.types.integer(self.ty(index)).is_none() {
            self.error(loc, "array subscript is not an integer");
            return Some(self.poison(pos));
        }
        if let Some(value) = self.int_value(index)
            && !(0..i128::from(n)).contains(&value)
            && self.unevaluated == 0
        {
            self.warn("array-bounds", loc, "index value is out of bound");
        }
        let lvalue = if self.is_lvalue(a) { a } else { self.in_memory(a, pos) };
        self.take_address(lvalue);
        let quals = self.types.quals(ty);
        let element = element.with(quals);
        let (whole, first) = (self.types.pointer(ty), self.types.pointer(element));
        let address = self.node1(NodeOp::AddrOf, whole, lvalue, pos);
        let address = self.node1(NodeOp::PtrCast, first, address, pos);
        let sum = self.pointer_sum(NodeOp::Add, address, index, loc, pos);
        Some(self.node1(NodeOp::Deref, element, sum, pos))
    }

    /// An aggregate rvalue as an object of its own.
    pub(crate) fn in_memory(&mut self, value: NodeId, pos: Pos) -> NodeId {
        let ty = self.types.unqualified(self.ty(value));
        let local = self.new_local(Name::NONE, ty, false);
        self.ast.locals[local].address_taken = true;
        let size = self.types.size(ty).unwrap_or(0);
        let first = self.ast.init_items.len() as u32;
        self.ast.init_items.push(InitItem { offset: 0, value, size, bit: 0, width: 0 });
        self.ast.inits.push(Init { first, n: 1, size, zero_first: false });
        let init = self.ast.inits.len() as u32 - 1;
        self.node(NodeOp::CompoundLocal, ty, local.0, init, 0, pos)
    }

    /// A cast from or to a vector: the same bytes. `None` when neither is one or the sizes differ.
    #[cold]
    pub(crate) fn vector_cast(&mut self, to: QualTy, a: NodeId, pos: Pos) -> Option<NodeId> {
        let from = self.ty(a);
        let (vector_from, vector_to) = (self.vector_of(from).is_some(), self.vector_of(to).is_some());
        let scalar = |parser: &Self, ty| parser.types.integer(ty).is_some();
        let fits = match (vector_from, vector_to) {
            (false, false) => false,
            (true, true) => true,
            (true, false) => scalar(self, to),
            (false, true) => scalar(self, from),
        };
        if !fits || self.types.size(from) != self.types.size(to) {
            return None;
        }
        Some(self.node1(NodeOp::VectorCast, to, a, pos))
    }

    /// Conversion between vectors as if by assignment: of equal size, both of integers or both of floating elements.
    #[cold]
    pub(crate) fn vector_assign(&mut self, value: NodeId, to: QualTy) -> Option<NodeId> {
        let from = self.ty(value);
        let ((x, _), (y, _)) = (self.vector_of(from)?, self.vector_of(to)?);
        let alike = self.types.integer(x).is_some() == self.types.integer(y).is_some();
        if !alike || self.types.size(from) != self.types.size(to) {
            return None;
        }
        let pos = self.pos_of(value);
        let to = self.types.unqualified(to);
        Some(self.node1(NodeOp::VectorCast, to, value, pos))
    }

    // Builtins.

    /// `__builtin_shuffle (a, mask)`, `(a, b, mask)`.
    pub(crate) fn shuffle(&mut self, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let n = self.words.len() - from;
        let args: Vec<NodeId> = (from..self.words.len()).map(|at| NodeId(self.words[at])).collect();
        let args: Vec<NodeId> = args.into_iter().map(|arg| self.rvalue(arg)).collect();
        let types: Vec<Option<(QualTy, u32)>> = args.iter().map(|&arg| self.vector_of(self.ty(arg))).collect();
        let [Some((element, len)), .., Some((mask, mask_len))] = types[..] else {
            self.error(loc, "‘__builtin_shuffle’ arguments must be vectors");
            return self.poison(pos);
        };
        let sizes = self.types.size(element) == self.types.size(mask);
        let ty = self.types.unqualified(self.ty(args[0]));
        let alike = n == 2 || self.types.compatible_unqualified(ty, self.ty(args[1]));
        if !(2..=3).contains(&n) || self.types.integer(mask).is_none() || len != mask_len || !sizes || !alike {
            self.error(loc, "‘__builtin_shuffle’ arguments have types that do not go together");
            return self.poison(pos);
        }
        self.builtin_of(Builtin::Shuffle, &args, ty, pos)
    }

    /// `__builtin_shufflevector (a, b, index…)`.
    pub(crate) fn shuffle_vector(&mut self, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let (a, b) = (NodeId(self.words[from]), NodeId(self.words[from + 1]));
        let (a, b) = (self.rvalue(a), self.rvalue(b));
        let (Some((element, n)), Some((other, m))) = (self.vector_of(self.ty(a)), self.vector_of(self.ty(b))) else {
            self.error(loc, "‘__builtin_shufflevector’ arguments must be vectors");
            return self.poison(pos);
        };
        let mut args = vec![a, b];
        for at in from + 2..self.words.len() {
            let index = NodeId(self.words[at]);
            match self.int_value(index) {
                Some(value) if (-1..i128::from(n + m)).contains(&value) => args.push(index),
                _ => {
                    self.error(loc, "invalid element index to ‘__builtin_shufflevector’");
                    return self.poison(pos);
                }
            }
        }
        let len = (args.len() - 2) as u32;
        if !self.types.same(element, other) || !len.is_power_of_two() {
            self.error(loc, "‘__builtin_shufflevector’ must specify a result with a power of two number of elements");
            return self.poison(pos);
        }
        let ty = self.vector_type(element, len);
        self.builtin_of(Builtin::ShuffleVector, &args, ty, pos)
    }

    /// `__builtin_convertvector (v, type)`, behind the parenthesis.
    pub(crate) fn convert_vector(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        self.bump();
        if !self.expect(Tok::LParen) || !self.enter() {
            return self.poison(pos);
        }
        let value = self.assignment_value();
        self.expect(Tok::Comma);
        let ty = self.type_name();
        self.leave();
        self.expect(Tok::RParen);
        let to = self.types.unqualified(ty);
        match (self.vector_of(self.ty(value)), self.vector_of(to)) {
            (Some((_, n)), Some((_, m))) if n == m => self.builtin_of(Builtin::ConvertVector, &[value], to, pos),
            _ => {
                if !self.types.is_error(self.ty(value)) && !self.types.is_error(ty) {
                    let text = "‘__builtin_convertvector’ arguments must be vectors with as many elements";
                    self.error(loc, text);
                }
                self.poison(pos)
            }
        }
    }
}

/// The basic type of an element's machine mode, and the number of elements, for `mode (V4SI)`.
pub(crate) fn vector_mode(text: &str) -> Option<(u32, &str)> {
    let digits = text.strip_prefix('V')?;
    let end = digits.find(|c: char| !c.is_ascii_digit())?;
    let n = digits[..end].parse().ok()?;
    Some((n, &digits[end..]))
}

/// Zero of an element type is all bits zero, whatever it is.
pub(crate) const fn is_vector_element(basic: Basic) -> bool {
    !matches!(basic, Basic::Error | Basic::Void | Basic::Bool) && !basic.is_complex()
}
