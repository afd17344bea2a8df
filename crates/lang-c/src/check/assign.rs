//! Operators with effects (6.5.2.4, 6.5.3.1, 6.5.16): what may be changed, assignment, increment and decrement.

use super::convert::Context;
use crate::ast::{NodeId, NodeOp};
use crate::parse::{Loc, Parser};
use crate::types::{Basic, FieldId, LocalId, QualTy, Quals, Shape, TypeData};
use base::Pos;

impl Parser<'_> {
    /// Is the node something that may be changed by `verb`? Reports when not.
    #[inline]
    pub(crate) fn modifiable(&mut self, node: NodeId, verb: &str, loc: Loc) -> bool {
        let ty = self.ty(node);
        if self.is_lvalue(node) && self.types.kind(ty).plain_scalar && !ty.quals().has(Quals::CONST) {
            // All enumerations but those without a definition are complete.
            return self.types.kind(ty).shape != Shape::Enum || self.modifiable_other(node, verb, loc);
        }
        self.modifiable_other(node, verb, loc)
    }

    #[inline(never)]
    fn modifiable_other(&mut self, node: NodeId, verb: &str, loc: Loc) -> bool {
        let ty = self.ty(node);
        if self.types.is_error(ty) {
            return false;
        }
        if !self.is_lvalue(node) || self.types.is_function(ty) {
            let what = if verb == "assignment" { "left operand of assignment" } else { verb };
            let more = if verb == "assignment" { "" } else { " operand" };
            self.error(loc, &format!("lvalue required as {what}{more}"));
            return false;
        }
        if self.types.is_array(ty) {
            let text = if verb == "assignment" {
                "assignment to expression with array type".to_string()
            } else {
                format!("wrong type argument to {verb}")
            };
            self.error(loc, &text);
            return false;
        }
        let inner_const = matches!(self.types.get(ty), TypeData::Record(id) if self.types.records[id].has_const);
        if self.types.canon(ty).quals().has(Quals::CONST) || inner_const {
            self.read_only(node, verb, loc);
            return false;
        }
        if self.types.size(ty).is_none() && !self.types.is_vla(ty) {
            let text = format!("invalid use of incomplete type {}", self.quoted(ty));
            self.error(loc, &text);
            return false;
        }
        true
    }

    #[cold]
    pub(super) fn read_only(&mut self, node: NodeId, verb: &str, loc: Loc) {
        let data = self.ast.nodes[node];
        let verb = match verb {
            "assignment" => "assignment of",
            "increment" => "increment of",
            _ => "decrement of",
        };
        let text = match data.op {
            NodeOp::Member | NodeOp::MemberRvalue => {
                let name = self.types.fields[FieldId(data.b)].name;
                format!("{verb} read-only member ‘{}’", self.text(name))
            }
            NodeOp::Local => {
                let local = self.ast.locals[LocalId(data.a)];
                let word = if local.param { "parameter" } else { "variable" };
                format!("{verb} read-only {word} ‘{}’", self.text(local.name))
            }
            NodeOp::Decl => {
                let name = self.unit.decls[crate::types::DeclId(data.a)].name;
                format!("{verb} read-only variable ‘{}’", self.text(name))
            }
            _ => {
                let shown = self.show_lvalue(node, 0);
                format!("{verb} read-only location ‘{shown}’")
            }
        };
        self.error(loc, &text);
    }

    /// An lvalue as source text, roughly as gcc prints it.
    pub(super) fn show_lvalue(&self, node: NodeId, depth: u32) -> String {
        if depth > 16 {
            return "...".into();
        }
        let data = &self.ast.nodes[node];
        let a = NodeId(data.a);
        match data.op {
            NodeOp::Local => self.text(self.ast.locals[LocalId(data.a)].name),
            NodeOp::Decl => self.text(self.unit.decls[crate::types::DeclId(data.a)].name),
            NodeOp::Load | NodeOp::Decay | NodeOp::FunctionDecay | NodeOp::IntCast => self.show_lvalue(a, depth + 1),
            NodeOp::IntConst => format!("{}", data.int_value()),
            NodeOp::Str => "\"...\"".into(),
            NodeOp::Member => {
                let name = self.text(self.types.fields[FieldId(data.b)].name);
                let inner = &self.ast.nodes[a];
                if inner.op == NodeOp::Deref {
                    format!("{}->{name}", self.show_lvalue(NodeId(inner.a), depth + 1))
                } else {
                    format!("{}.{name}", self.show_lvalue(a, depth + 1))
                }
            }
            NodeOp::Deref => {
                let inner = &self.ast.nodes[a];
                if inner.op == NodeOp::PtrAdd {
                    let base = NodeId(inner.a);
                    let index = self.show_lvalue(NodeId(inner.b), depth + 1);
                    if self.op(base) == NodeOp::Decay {
                        return format!("{}[{index}]", self.show_lvalue(base, depth + 1));
                    }
                    return format!("*({} + {index})", self.show_lvalue(base, depth + 1));
                }
                format!("*{}", self.show_lvalue(a, depth + 1))
            }
            _ => "({...})".into(),
        }
    }

    /// `a = b`.
    #[inline(never)]
    pub(crate) fn assign(&mut self, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let ok = self.modifiable(a, "assignment", loc);
        let b = self.rvalue(b);
        if !ok {
            return self.poison(pos);
        }
        let ty = self.ty(a);
        let mut b = b;
        if self.ty(b) != ty {
            let outer = self.assign_loc.replace(loc);
            b = self.assign_convert(b, ty, &Context::Assign);
            self.assign_loc = outer;
        }
        let ty = self.types.unqualified(ty);
        self.node2(NodeOp::Assign, ty, a, b, pos)
    }

    /// `a op= b`.
    #[inline(never)]
    pub(crate) fn compound_assign(&mut self, op: NodeOp, a: NodeId, b: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let ok = self.modifiable(a, "assignment", loc);
        let b = self.rvalue(b);
        if !ok {
            return self.poison(pos);
        }
        let ty = self.types.unqualified(self.ty(a));
        let tb = self.ty(b);
        if let Some(element) = self.types.pointee(ty) {
            let pointer_op = match op {
                NodeOp::Add => NodeOp::PtrAdd,
                NodeOp::Sub => NodeOp::PtrSub,
                _ => return self.invalid_operands(op, ty, tb, loc, pos),
            };
            if self.types.integer(tb).is_none() || self.types.is_error(tb) {
                return self.invalid_operands(op, ty, tb, loc, pos);
            }
            if !self.is_complete_object(element, loc) {
                return self.poison(pos);
            }
            let b = self.promote(b);
            return self.assign_op(pointer_op, ty, ty, a, b, pos);
        }
        let (Some(x), Some(y)) = (self.types.arith(ty), self.types.arith(tb)) else {
            let vector = self.vector_compound(op, a, b, loc, pos);
            return vector.unwrap_or_else(|| self.invalid_operands(op, ty, tb, loc, pos));
        };
        if x == Basic::Error || y == Basic::Error {
            return self.poison(pos);
        }
        let integers_only =
            matches!(op, NodeOp::Rem | NodeOp::BitAnd | NodeOp::BitXor | NodeOp::BitOr | NodeOp::Shl | NodeOp::Shr);
        if integers_only && !(x.is_integer() && y.is_integer()) {
            return self.invalid_operands(op, ty, tb, loc, pos);
        }
        let left = self.promoted_lvalue(a, x);
        let b = self.promote(b);
        if matches!(op, NodeOp::Shl | NodeOp::Shr) {
            if let Some(count) = self.int_value(b) {
                let side = if op == NodeOp::Shl { "left" } else { "right" };
                if count < 0 {
                    self.warn("shift-count-negative", loc, &format!("{side} shift count is negative"));
                } else if count >= i128::from(self.types.bits(left)) {
                    self.warn("shift-count-overflow", loc, &format!("{side} shift count >= width of type"));
                }
            }
            return self.assign_op(op, left.qual(), ty, a, b, pos);
        }
        let right = self.types.arith(self.ty(b)).unwrap_or(y);
        if left.is_integer() && right.is_integer() {
            let narrow = ((left, self.field_width(a)), (right, self.narrow_width(b)));
            if let Some(common) = self.narrow_common(narrow.0, narrow.1) {
                let b = self.convert_narrow(b, common);
                return self.assign_op(op, common.0.qual(), ty, a, b, pos);
            }
        }
        let common = self.common_type(left, right);
        let b = self.convert(b, common.qual());
        if matches!(op, NodeOp::Div | NodeOp::Rem) && self.int_value(b) == Some(0) {
            self.warn("div-by-zero", loc, "division by zero");
        }
        self.assign_op(op, common.qual(), ty, a, b, pos)
    }

    /// The promoted type of an lvalue's value, bit-fields by their width.
    pub(super) fn promoted_lvalue(&self, a: NodeId, basic: Basic) -> Basic {
        if let Some(field) = self.bit_field(a) {
            let width = u32::from(self.types.fields[field].width);
            let int_bits = self.types.bits(Basic::Int);
            if width < int_bits || (width == int_bits && self.types.is_signed(basic)) {
                return Basic::Int;
            }
        }
        self.promoted_basic(basic)
    }

    pub(super) fn assign_op(
        &mut self,
        op: NodeOp,
        computed: QualTy,
        ty: QualTy,
        a: NodeId,
        b: NodeId,
        pos: Pos,
    ) -> NodeId {
        // Mostly the last one again.
        if self.ast.types.last() != Some(&computed) {
            self.ast.types.push(computed);
        }
        let number = self.ast.types.len() as u32 - 1;
        let node = self.node(NodeOp::AssignOp, ty, a.0, b.0, number, pos);
        self.ast.nodes[node].aux = op as u16;
        node
    }

    /// `++a`, `a--` and so on.
    #[inline(never)]
    pub(crate) fn step(&mut self, op: NodeOp, a: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let verb = if matches!(op, NodeOp::PreInc | NodeOp::PostInc) { "increment" } else { "decrement" };
        let ty = self.ty(a);
        if self.types.is_error(ty) {
            return self.poison(pos);
        }
        if !self.modifiable(a, verb, loc) {
            return self.poison(pos);
        }
        let ty = self.types.unqualified(ty);
        if let Some(element) = self.types.pointee(ty) {
            if !self.is_complete_object(element, loc) {
                return self.poison(pos);
            }
        } else if self.types.arith(ty).is_none() && self.vector_of(ty).is_none() {
            self.error(loc, &format!("wrong type argument to {verb}"));
            return self.poison(pos);
        }
        self.node1(op, ty, a, pos)
    }
}
