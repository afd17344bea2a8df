//! Bit-fields wider than `int` but narrower than their declared type: gcc gives them an integer type of their own width, and
//! computes in it (C11 6.7.2.1p10 leaves it open; clang computes in the declared type).
//!
//! Such a type is no row of the type table: the few nodes that have one are noted with their width beside the tree, and
//! results that may leave the width are cut back to it. Everything else sees the declared type.

use crate::ast::{NodeId, NodeOp};
use crate::parse::Parser;
use crate::types::{Basic, FieldId, QualTy};
use base::Pos;

/// An integer type of one operand after promotion: the declared type, and its width when that is narrower.
pub(super) type Operand = (Basic, Option<u32>);

impl Parser<'_> {
    /// The width of a promoted integer rvalue, when it is less than its type's.
    #[inline]
    pub(super) fn narrow_width(&self, node: NodeId) -> Option<u32> {
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::Comma => self.narrow_width(NodeId(data.b)),
            _ => self.valued_field(node).and_then(|field| self.width_of(field)).or_else(|| self.noted_width(node)),
        }
    }

    #[inline]
    fn noted_width(&self, node: NodeId) -> Option<u32> {
        if self.ast.narrow.is_empty() { None } else { self.ast.narrow.get(&node).copied() }
    }

    /// The width of a bit-field that is not promoted to a basic type.
    pub(super) fn field_width(&self, lvalue: NodeId) -> Option<u32> {
        self.width_of(self.bit_field(lvalue)?)
    }

    fn width_of(&self, field: FieldId) -> Option<u32> {
        let field = &self.types.fields[field];
        let declared = self.types.bits(self.types.integer(field.ty)?);
        let width = u32::from(field.width);
        (width > self.types.bits(Basic::Int) && width < declared).then_some(width)
    }

    /// The common type of two operands one of which is narrow; `None` when none is.
    pub(super) fn narrow_common(&self, a: Operand, b: Operand) -> Option<Operand> {
        let bits = |(basic, width): Operand| width.unwrap_or_else(|| self.types.bits(basic));
        match (a.1, b.1) {
            (None, None) => None,
            _ if bits(a) == bits(b) => Some(if self.types.is_signed(a.0) { b } else { a }),
            _ => Some(if bits(a) > bits(b) { a } else { b }),
        }
    }

    /// What [`Parser::usual`] does when one of two promoted integers is narrow.
    #[cold]
    pub(super) fn narrow_usual(
        &mut self,
        a: (NodeId, Operand),
        b: (NodeId, Operand),
    ) -> Option<(NodeId, NodeId, QualTy)> {
        let common = self.narrow_common(a.1, b.1)?;
        let (x, y) = (self.convert_narrow(a.0, common), self.convert_narrow(b.0, common));
        Some((x, y, common.0.qual()))
    }

    /// `c ? a : b` when an arm is narrow; `ty` is the type otherwise.
    #[cold]
    pub(super) fn narrow_conditional(&mut self, c: NodeId, a: NodeId, b: NodeId, ty: QualTy, pos: Pos) -> NodeId {
        let (a, b) = (self.promote(a), self.promote(b));
        let (x, y) = (self.types.integer(self.ty(a)), self.types.integer(self.ty(b)));
        let common = match (x, y) {
            (Some(x), Some(y)) => self.narrow_common((x, self.narrow_width(a)), (y, self.narrow_width(b))),
            _ => None,
        };
        let Some(common) = common else {
            let (a, b) = (self.convert(a, ty), self.convert(b, ty));
            return self.node(NodeOp::Cond, ty, c.0, a.0, b.0, pos);
        };
        let (a, b) = (self.convert_narrow(a, common), self.convert_narrow(b, common));
        let node = self.node(NodeOp::Cond, common.0.qual(), c.0, a.0, b.0, pos);
        if let Some(width) = common.1 {
            self.ast.narrow.insert(node, width);
        }
        node
    }

    /// `node` as a value of its declared type, for what hands its operand on as it is.
    pub(super) fn widened(&mut self, node: NodeId) -> NodeId {
        if self.narrow_width(node).is_none() {
            return node;
        }
        let (ty, pos) = (self.ty(node), self.pos_of(node));
        self.node1(NodeOp::NopCast, ty, node, pos)
    }

    /// Converts a promoted integer to a common type that is at least as wide.
    pub(super) fn convert_narrow(&mut self, node: NodeId, to: Operand) -> NodeId {
        let (width, ty) = (self.narrow_width(node), to.0.qual());
        let signed = self.types.integer(self.ty(node)).is_some_and(|basic| self.types.is_signed(basic));
        // A load of its own, as the width that is noted is the result's.
        let node = if self.types.same(self.ty(node), ty) && width.is_some() && width != to.1 {
            let pos = self.pos_of(node);
            self.node1(NodeOp::NopCast, ty, node, pos)
        } else {
            self.convert(node, ty)
        };
        match to.1 {
            Some(bits) if signed && !self.types.is_signed(to.0) => self.cut(node, bits),
            Some(bits) => {
                self.ast.narrow.insert(node, bits);
                node
            }
            None => node,
        }
    }

    /// The width in which an operation on two converted operands is computed.
    #[inline]
    pub(super) fn common_width(&self, a: NodeId, b: NodeId) -> Option<u32> {
        if self.ast.narrow.is_empty() {
            return None;
        }
        self.noted_width(a).filter(|&width| self.noted_width(b) == Some(width))
    }

    /// The result of `op` on operands of `width` bits.
    #[cold]
    pub(super) fn narrow_result(&mut self, op: NodeOp, node: NodeId, width: u32) -> NodeId {
        let leaves = matches!(
            op,
            NodeOp::Add | NodeOp::Sub | NodeOp::Mul | NodeOp::Div | NodeOp::Shl | NodeOp::Neg | NodeOp::BitNot
        );
        if leaves {
            return self.cut(node, width);
        }
        self.ast.narrow.insert(node, width);
        node
    }

    /// The low `width` bits of an integer, extended by its type's sign.
    fn cut(&mut self, node: NodeId, width: u32) -> NodeId {
        let (ty, pos) = (self.ty(node), self.pos_of(node));
        let Some(basic) = self.types.integer(ty) else { return node };
        let unused = self.types.bits(basic) - width;
        let cut = if let Some(value) = self.int_value(node) {
            let shifted = self.types.wrap(basic, value << unused);
            self.int_node(shifted >> unused, ty, pos)
        } else {
            let count = self.int_node(i128::from(unused), Basic::Int.qual(), pos);
            let high = self.node2(NodeOp::Shl, ty, node, count, pos);
            let count = self.int_node(i128::from(unused), Basic::Int.qual(), pos);
            self.node2(NodeOp::Shr, ty, high, count, pos)
        };
        self.ast.narrow.insert(cut, width);
        cut
    }
}
