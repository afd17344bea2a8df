//! Checks of what is right by the standard and probably wrong nevertheless: gcc's `-Wall -Wextra` and what else its users
//! know by name. Words and places are gcc 12's.
//!
//! Each check hangs on a hook (see [`crate::warnings::hook`]): the parser asks for the hook's bit and calls in here only
//! when something is on. Reading order: this file (what checks share), `expression` and `truth` (operators), `conversion`,
//! `call` and `format`, `statement` and `switch`, `declaration`, `unused`, and over the tree of a whole function `flow`
//! and `effects`.

pub(crate) mod call;
pub(crate) mod conversion;
pub(crate) mod declaration;
pub(crate) mod effects;
pub(crate) mod expression;
pub(crate) mod flow;
pub(crate) mod format;
pub(crate) mod initializer;
pub(crate) mod statement;
pub(crate) mod switch;
pub(crate) mod text;
pub(crate) mod truth;
pub(crate) mod unused;

use crate::ast::{NodeId, NodeOp};
use crate::parse::{Loc, Parser};
use crate::types::{Basic, DeclId, LocalId, QualTy, TypeData};
use base::Pos;
use base::ids::Id;

/// A `sizeof`, for checks that ask what the size is of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizeofOperand {
    /// The constant that it became.
    pub node: NodeId,
    /// `sizeof (type)`.
    pub is_type: bool,
    pub ty: QualTy,
    /// The variable or declared object that the operand is, the one behind `*`, if it is one.
    pub object: Option<Object>,
    /// The operand is what `object` points to: `sizeof *p`, `sizeof p[0]`.
    pub pointee: bool,
    pub pos: Pos,
}

/// A variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Object {
    Local(LocalId),
    Decl(DeclId),
}

impl Parser<'_> {
    /// The variable that a node names.
    pub(crate) fn object_of(&self, node: NodeId) -> Option<Object> {
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::Local => Some(Object::Local(LocalId(data.a))),
            NodeOp::Decl => Some(Object::Decl(DeclId(data.a))),
            _ => None,
        }
    }

    pub(crate) fn object_pos(&self, object: Object) -> Pos {
        match object {
            Object::Local(local) => self.ast.locals[local].pos,
            Object::Decl(decl) => self.unit.decls[decl].pos,
        }
    }

    pub(crate) fn object_name(&self, object: Object) -> String {
        match object {
            Object::Local(local) => self.text(self.ast.locals[local].name),
            Object::Decl(decl) => self.text(self.unit.decls[decl].name),
        }
    }

    /// What stands behind a `sizeof`.
    pub(crate) fn sizeof_operand(&self, operand: NodeId, pos: Pos) -> Option<SizeofOperand> {
        let data = &self.ast.nodes[operand];
        let (object, pointee) = match data.op {
            NodeOp::Local | NodeOp::Decl => (self.object_of(operand), false),
            NodeOp::Deref => {
                let inner = self.bare(NodeId(data.a));
                let inner = match self.op(inner) {
                    NodeOp::PtrAdd => self.bare(NodeId(self.ast.nodes[inner].a)),
                    _ => inner,
                };
                (self.object_of(inner), true)
            }
            _ => (None, false),
        };
        Some(SizeofOperand { node: operand, is_type: false, ty: data.ty, object, pointee, pos })
    }

    /// The node below loads, decays and conversions.
    pub(crate) fn bare(&self, node: NodeId) -> NodeId {
        let mut node = node;
        while is_conversion(self.op(node)) {
            node = NodeId(self.ast.nodes[node].a);
        }
        node
    }

    /// The first token of a line: where gcc shows what it notices only later.
    pub(crate) fn line_start(&self, pos: Pos) -> Loc {
        let Some((_, _, column)) = self.pp.map.line_column(pos) else { return Loc::at(pos) };
        let blanks = self.pp.map.line_text(pos).iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        Loc::at(Pos(pos.0 - (column - 1) + (blanks as u32).min(column - 1)))
    }

    /// Where the first token of an expression stands.
    pub(crate) fn start_of(&self, node: NodeId) -> Loc {
        let (mut first, mut node) = (node, node);
        for _ in 0..200 {
            let data = &self.ast.nodes[node];
            if data.pos < self.ast.nodes[first].pos && !data.pos.is_none() {
                first = node;
            }
            if !has_left_operand(data.op) || data.a == NodeId::NONE.0 {
                break;
            }
            node = NodeId(data.a);
        }
        self.loc_of(first)
    }

    /// The promoted arithmetic type that an operand will have.
    pub(crate) fn operand_basic(&self, node: NodeId) -> Option<Basic> {
        let basic = self.types.arith(self.ty(node))?;
        if basic == Basic::Error {
            return None;
        }
        Some(self.promoted_lvalue_of(node, basic))
    }

    fn promoted_lvalue_of(&self, node: NodeId, basic: Basic) -> Basic {
        if !basic.is_integer() {
            return basic;
        }
        let lvalue = if self.op(node) == NodeOp::Load { NodeId(self.ast.nodes[node].a) } else { node };
        if let Some(field) = self.bit_field(lvalue) {
            let width = u32::from(self.types.fields[field].width);
            let int_bits = self.types.bits(Basic::Int);
            if width < int_bits || (width == int_bits && self.types.is_signed(basic)) {
                return Basic::Int;
            }
        }
        self.promoted_basic(basic)
    }

    /// Do two expressions read the same object in the same way, without effects?
    pub(crate) fn same_value(&self, a: NodeId, b: NodeId, depth: u32) -> bool {
        if depth > 32 {
            return false;
        }
        let (x, y) = (&self.ast.nodes[a], &self.ast.nodes[b]);
        if x.op != y.op || x.ty != y.ty {
            return false;
        }
        let inner = |a: u32, b: u32| self.same_value(NodeId(a), NodeId(b), depth + 1);
        match x.op {
            NodeOp::Local | NodeOp::Decl | NodeOp::Str => x.a == y.a,
            NodeOp::IntConst => (x.a, x.b) == (y.a, y.b),
            NodeOp::FloatConst => self.ast.floats[x.a as usize] == self.ast.floats[y.a as usize],
            NodeOp::Member | NodeOp::MemberRvalue => x.b == y.b && inner(x.a, y.a),
            NodeOp::Deref | NodeOp::AddrOf | NodeOp::Neg | NodeOp::BitNot | NodeOp::LogNot => inner(x.a, y.a),
            op if is_conversion(op) => inner(x.a, y.a),
            op if is_pure_binary(op) => inner(x.a, y.a) && inner(x.b, y.b),
            _ => false,
        }
    }

    /// Is something volatile read, or changed, in an expression?
    pub(crate) fn has_effects(&self, node: NodeId, depth: u32) -> bool {
        if depth > 64 || node.is_none() {
            return depth > 64;
        }
        let data = &self.ast.nodes[node];
        let inner = |word: u32| self.has_effects(NodeId(word), depth + 1);
        match data.op {
            NodeOp::Local | NodeOp::Decl => self.types.quals(data.ty).has(crate::types::Quals::VOLATILE),
            NodeOp::IntConst
            | NodeOp::WideConst
            | NodeOp::FloatConst
            | NodeOp::LabelAddr
            | NodeOp::Str
            | NodeOp::SizeofVla => false,
            NodeOp::Deref | NodeOp::Member => {
                self.types.quals(data.ty).has(crate::types::Quals::VOLATILE) || inner(data.a)
            }
            NodeOp::MemberRvalue | NodeOp::ComplexPart | NodeOp::ComplexPartRvalue => inner(data.a),
            op if is_conversion(op) || matches!(op, NodeOp::Neg | NodeOp::BitNot | NodeOp::LogNot | NodeOp::AddrOf) => {
                inner(data.a)
            }
            op if is_pure_binary(op) => inner(data.a) || inner(data.b),
            NodeOp::Cond => inner(data.a) || data.b != NodeId::NONE.0 && inner(data.b) || inner(data.c),
            NodeOp::Comma => inner(data.a) || inner(data.b),
            _ => true,
        }
    }

    /// Is an expression true or false by its own form: a comparison, `!`, `&&`, `||`, a `_Bool`?
    pub(crate) fn is_boolean(&self, node: NodeId) -> bool {
        let mut node = node;
        loop {
            if self.types.integer(self.ty(node)) == Some(Basic::Bool) {
                return true;
            }
            match self.op(node) {
                op if is_comparison(op) => return true,
                NodeOp::LogNot | NodeOp::LogAnd | NodeOp::LogOr => return true,
                NodeOp::BitAnd | NodeOp::BitXor | NodeOp::BitOr => {
                    if !self.is_boolean(NodeId(self.ast.nodes[node].a)) {
                        return false;
                    }
                    node = NodeId(self.ast.nodes[node].b);
                }
                NodeOp::IntCast | NodeOp::Load | NodeOp::NopCast => node = NodeId(self.ast.nodes[node].a),
                _ => return false,
            }
        }
    }

    /// Can a value of a signed type not be negative, by its form?
    pub(crate) fn is_nonnegative(&self, node: NodeId, depth: u32) -> bool {
        if depth > 32 {
            return false;
        }
        let data = &self.ast.nodes[node];
        let inner = |word: u32| self.is_nonnegative(NodeId(word), depth + 1);
        if let Some(value) = self.int_value(node) {
            return value >= 0;
        }
        let signed = |ty: QualTy| self.types.integer(ty).is_none_or(|basic| self.types.is_signed(basic));
        if !signed(data.ty) {
            return true;
        }
        match data.op {
            op if is_comparison(op) => true,
            NodeOp::LogNot | NodeOp::LogAnd | NodeOp::LogOr | NodeOp::BoolCast => true,
            NodeOp::Load => {
                let field = self.bit_field(NodeId(data.a));
                field.is_some_and(|field| !signed(self.types.fields[field].ty))
            }
            NodeOp::IntCast => {
                let from = self.ty(NodeId(data.a));
                let (Some(x), Some(y)) = (self.types.integer(from), self.types.integer(data.ty)) else { return false };
                if self.types.is_signed(x) {
                    self.types.bits(x) <= self.types.bits(y) && inner(data.a)
                } else {
                    self.types.bits(x) < self.types.bits(y)
                        || self.op(NodeId(data.a)) == NodeOp::Load
                            && self
                                .bit_field(NodeId(self.ast.nodes[NodeId(data.a)].a))
                                .is_some_and(|f| u32::from(self.types.fields[f].width) < self.types.bits(y))
                }
            }
            NodeOp::BitAnd => inner(data.a) || inner(data.b),
            NodeOp::BitOr | NodeOp::BitXor | NodeOp::Div => inner(data.a) && inner(data.b),
            NodeOp::Rem | NodeOp::Shr => inner(data.a),
            // A sum or product of narrower unsigned values, as gcc sees it.
            NodeOp::Add | NodeOp::Mul => self.is_widened(data.a) && self.is_widened(data.b),
            NodeOp::Cond => data.b != NodeId::NONE.0 && inner(data.b) && inner(data.c),
            NodeOp::Comma => inner(data.b),
            NodeOp::Assign => inner(data.b),
            _ => false,
        }
    }

    fn is_widened(&self, node: u32) -> bool {
        let data = &self.ast.nodes[NodeId(node)];
        if data.op == NodeOp::IntConst {
            return false;
        }
        data.op == NodeOp::IntCast
            && self.types.integer(self.ty(NodeId(data.a))).is_some_and(|basic| {
                !self.types.is_signed(basic)
                    && self.types.integer(data.ty).is_some_and(|to| self.types.bits(basic) * 2 <= self.types.bits(to))
            })
    }

    /// The enumeration that a node's type is.
    pub(crate) fn enum_of(&self, node: NodeId) -> Option<crate::types::EnumId> {
        match self.types.get(self.ty(node)) {
            TypeData::Enum(id) => Some(id),
            _ => None,
        }
    }
}

/// One operand, the value of which it is in another type.
pub(crate) fn is_conversion(op: NodeOp) -> bool {
    matches!(
        op,
        NodeOp::Load
            | NodeOp::Decay
            | NodeOp::FunctionDecay
            | NodeOp::IntCast
            | NodeOp::BoolCast
            | NodeOp::IntToFloat
            | NodeOp::FloatToInt
            | NodeOp::FloatCast
            | NodeOp::PtrToInt
            | NodeOp::IntToPtr
            | NodeOp::PtrCast
            | NodeOp::VoidCast
            | NodeOp::NopCast
            | NodeOp::ComplexCast
    )
}

pub(crate) fn is_comparison(op: NodeOp) -> bool {
    matches!(op, NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne)
}

/// Two operands, no effect of its own.
pub(crate) fn is_pure_binary(op: NodeOp) -> bool {
    is_comparison(op)
        || matches!(
            op,
            NodeOp::Mul
                | NodeOp::Div
                | NodeOp::Rem
                | NodeOp::Add
                | NodeOp::Sub
                | NodeOp::Shl
                | NodeOp::Shr
                | NodeOp::BitAnd
                | NodeOp::BitXor
                | NodeOp::BitOr
                | NodeOp::PtrAdd
                | NodeOp::PtrSub
                | NodeOp::PtrDiff
                | NodeOp::LogAnd
                | NodeOp::LogOr
                | NodeOp::ComplexMake
        )
}

/// Is the text of operand `a` in front of the operator, perhaps?
fn has_left_operand(op: NodeOp) -> bool {
    is_conversion(op)
        || is_pure_binary(op)
        || matches!(
            op,
            NodeOp::Deref
                | NodeOp::Member
                | NodeOp::MemberRvalue
                | NodeOp::Assign
                | NodeOp::AssignOp
                | NodeOp::PostInc
                | NodeOp::PostDec
                | NodeOp::Call
                | NodeOp::Cond
                | NodeOp::Comma
        )
}
