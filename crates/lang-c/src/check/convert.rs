//! Conversions (6.3) and assignment compatibility (6.5.16.1): every one is a node, constants are converted in place.

use crate::ast::{FloatBits, NodeId, NodeOp};
use crate::consts::{self, Const, float};
use crate::parse::{Loc, Parser};
use crate::types::{Basic, FieldId, QualTy, Quals, Shape, TypeData};
use base::{Name, Pos};

/// Where a value is assigned, for messages.
#[derive(Clone, Copy)]
pub(crate) enum Context {
    Assign,
    Init,
    Return,
    /// Argument number (from 1) of a function ([`Name::NONE`] through a pointer), with its declaration's place.
    Argument {
        name: Name,
        number: u32,
        pos: Pos,
    },
}

/// What kind of conversion a type takes part in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Class {
    Error,
    Void,
    Bool,
    Int(Basic),
    Float(Basic),
    Complex(Basic),
    Pointer,
    Record,
    Other,
}

impl Parser<'_> {
    #[inline]
    pub(super) fn class(&self, ty: QualTy) -> Class {
        let kind = self.types.kind(ty);
        match kind.shape {
            Shape::Pointer => Class::Pointer,
            Shape::Record => Class::Record,
            Shape::Enum => self.types.arith(ty).map_or(Class::Other, class_of),
            _ => class_of(kind.basic),
        }
    }

    // ---- Lvalues ----

    /// Does the node designate an object or function?
    pub(crate) fn is_lvalue(&self, node: NodeId) -> bool {
        matches!(
            self.op(node),
            NodeOp::Local
                | NodeOp::Decl
                | NodeOp::Str
                | NodeOp::Deref
                | NodeOp::Member
                | NodeOp::CompoundLocal
                | NodeOp::ComplexPart
        )
    }

    /// The member that an lvalue is, when it is a bit-field.
    pub(crate) fn bit_field(&self, node: NodeId) -> Option<FieldId> {
        let data = &self.ast.nodes[node];
        if matches!(data.op, NodeOp::Member | NodeOp::MemberRvalue) {
            let field = FieldId(data.b);
            return self.types.fields[field].is_bit_field().then_some(field);
        }
        None
    }

    /// Notes that the variable under an lvalue needs an address.
    pub(crate) fn take_address(&mut self, node: NodeId) {
        let mut id = node;
        loop {
            let data = &self.ast.nodes[id];
            match data.op {
                NodeOp::Local => {
                    if self.unevaluated == 0 {
                        let local = crate::types::LocalId(data.a);
                        self.ast.locals[local].address_taken = true;
                    }
                    return;
                }
                NodeOp::Member | NodeOp::ComplexPart => id = NodeId(data.a),
                _ => return,
            }
        }
    }

    /// The value of an expression: loads lvalues, decays arrays and functions (6.3.2.1).
    #[inline(always)]
    pub(crate) fn rvalue(&mut self, node: NodeId) -> NodeId {
        match self.op(node) {
            NodeOp::Local
            | NodeOp::Decl
            | NodeOp::Str
            | NodeOp::Deref
            | NodeOp::Member
            | NodeOp::MemberRvalue
            | NodeOp::CompoundLocal
            | NodeOp::ComplexPart => self.rvalue_of_place(node),
            _ => node,
        }
    }

    /// The same of what is a place, or a member of a value. Nearly always a scalar is loaded.
    #[inline(never)]
    fn rvalue_of_place(&mut self, node: NodeId) -> NodeId {
        let data = &self.ast.nodes[node];
        let (ty, pos) = (data.ty, data.pos);
        let loaded = !matches!(data.op, NodeOp::MemberRvalue | NodeOp::ComplexPart);
        if loaded && self.types.kind(ty).plain_scalar && !self.init.is_static {
            return self.node1(NodeOp::Load, QualTy::plain(ty.ty()), node, pos);
        }
        self.rvalue_of_other(node)
    }

    /// The same of anything, with all that may be special about it.
    #[inline(never)]
    fn rvalue_of_other(&mut self, node: NodeId) -> NodeId {
        let data = self.ast.nodes[node];
        let (ty, pos) = (data.ty, data.pos);
        if data.op == NodeOp::ComplexPart {
            return self.node1(NodeOp::Load, ty, node, pos);
        }
        // An array within a structure that is a value decays all the same (C11 6.2.4p8).
        if data.op == NodeOp::MemberRvalue {
            return match self.types.get(ty) {
                TypeData::Array { element, .. } => {
                    let ty = self.types.pointer(element);
                    self.node1(NodeOp::Decay, ty, node, pos)
                }
                _ => node,
            };
        }
        match self.types.get(ty) {
            TypeData::Array { element, .. } => {
                let ty = self.types.pointer(element);
                self.take_address(node);
                let folded = self.null_based(node);
                match folded {
                    Some(value) => self.int_node(value, ty, pos),
                    None => self.node1(NodeOp::Decay, ty, node, pos),
                }
            }
            TypeData::Function { .. } => {
                let ty = self.types.pointer(ty);
                self.node1(NodeOp::FunctionDecay, ty, node, pos)
            }
            TypeData::Basic(Basic::Error) => node,
            TypeData::Record(id) => {
                if !self.types.records[id].complete {
                    return self.incomplete_value(ty, pos);
                }
                let ty = self.types.unqualified(ty);
                self.node1(NodeOp::Load, ty, node, pos)
            }
            TypeData::Basic(Basic::Void) => {
                // `*p` of a `void *`: no value, usable only where none is needed.
                self.node1(NodeOp::VoidCast, Basic::Void.qual(), node, pos)
            }
            _ => {
                let ty = self.types.unqualified(ty);
                if self.init.is_static
                    && let Some(value) = self.constant_of(node, ty, pos)
                {
                    return value;
                }
                self.node1(NodeOp::Load, ty, node, pos)
            }
        }
    }

    /// The value of a `const` object whose initialiser is known, within the initialiser of another.
    fn constant_of(&mut self, node: NodeId, ty: QualTy, pos: Pos) -> Option<NodeId> {
        let data = self.ast.nodes[node];
        if data.op != NodeOp::Decl {
            return None;
        }
        match self.unit.decls[crate::types::DeclId(data.a)].constant? {
            Const::Int(value) => Some(self.int_node(value, ty, pos)),
            Const::Float(bits) => Some(self.float_node(bits, ty, pos)),
            _ => None,
        }
    }

    #[cold]
    fn incomplete_value(&mut self, ty: QualTy, pos: Pos) -> NodeId {
        let text = match self.types.get(ty) {
            TypeData::Record(_) => format!("invalid use of undefined type {}", self.quoted(ty)),
            _ => format!("invalid use of incomplete type {}", self.quoted(ty)),
        };
        self.error(Loc::at(pos), &text);
        self.poison(pos)
    }

    /// The address of an lvalue that hangs on a constant pointer: `&((struct s *)0)->m`.
    pub(crate) fn null_based(&self, node: NodeId) -> Option<i128> {
        let mut id = node;
        loop {
            let data = &self.ast.nodes[id];
            match data.op {
                NodeOp::Member => id = NodeId(data.a),
                NodeOp::Deref if self.op(NodeId(data.a)) == NodeOp::IntConst => break,
                _ => return None,
            }
        }
        match consts::place(&self.ast, &self.types, node)? {
            (consts::Base::Null, offset) => Some(i128::from(offset as u64)),
            _ => None,
        }
    }

    // ---- Constants ----

    /// An integer or pointer constant. `value` is wrapped to the type.
    pub(crate) fn int_node(&mut self, value: i128, ty: QualTy, pos: Pos) -> NodeId {
        if ty == Basic::Int.qual()
            && let Ok(value) = i32::try_from(value)
        {
            let bits = i64::from(value) as u64;
            return self.node(NodeOp::IntConst, ty, bits as u32, (bits >> 32) as u32, 0, pos);
        }
        let bits = match self.types.integer(ty) {
            Some(basic) => {
                let value = self.types.wrap(basic, value);
                if matches!(basic, Basic::Int128 | Basic::UInt128) {
                    self.ast.wides.push(value as u128);
                    let number = self.ast.wides.len() as u32 - 1;
                    return self.node(NodeOp::WideConst, ty, number, 0, 0, pos);
                }
                value as u64
            }
            None if self.types.layout.pointer.size < 8 => value as u64 & 0xffff_ffff,
            None => value as u64,
        };
        self.node(NodeOp::IntConst, ty, bits as u32, (bits >> 32) as u32, 0, pos)
    }

    pub(crate) fn float_node(&mut self, bits: FloatBits, ty: QualTy, pos: Pos) -> NodeId {
        self.ast.floats.push(bits);
        let number = self.ast.floats.len() as u32 - 1;
        self.node(NodeOp::FloatConst, ty, number, 0, 0, pos)
    }

    /// The value of an integer constant node.
    #[inline]
    pub(crate) fn int_value(&self, node: NodeId) -> Option<i128> {
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::IntConst => {
                let basic = self.types.integer(data.ty)?;
                let bits = data.int_value();
                Some(if self.types.is_signed(basic) { i128::from(bits) } else { i128::from(bits as u64) })
            }
            NodeOp::WideConst => Some(self.ast.wides[data.a as usize] as i128),
            _ => None,
        }
    }

    /// The value of a floating constant node with its format.
    pub(crate) fn float_value(&self, node: NodeId) -> Option<(FloatBits, float::Format)> {
        let data = &self.ast.nodes[node];
        if data.op != NodeOp::FloatConst {
            return None;
        }
        Some((self.ast.floats[data.a as usize], float::format(&self.types, self.types.arith(data.ty)?)))
    }

    /// Zero, or zero cast to `void *` (6.3.2.3p3).
    pub(crate) fn is_null_constant(&self, node: NodeId) -> bool {
        let data = &self.ast.nodes[node];
        if data.op != NodeOp::IntConst || data.a != 0 || data.b != 0 {
            return false;
        }
        match self.types.get(data.ty) {
            TypeData::Pointer(to) => self.types.is_void(to) && self.types.canon(to).quals() == Quals::NONE,
            _ => self.types.integer(data.ty).is_some(),
        }
    }

    // ---- Promotions ----

    pub(crate) fn promoted_basic(&self, basic: Basic) -> Basic {
        if basic.is_integer() && basic.rank() < Basic::Int.rank() { Basic::Int } else { basic }
    }

    /// Integer promotions of an rvalue (6.3.1.1p2); bit-fields by their width.
    #[inline]
    pub(crate) fn promote(&mut self, node: NodeId) -> NodeId {
        let ty = self.ty(node);
        // So does every bit-field of type `int`.
        if ty == Basic::Int.qual() { node } else { self.promote_other(node, ty) }
    }

    /// The bit-field whose value `node` is: read, or as an assignment or a comma leaves it, which gcc promotes alike.
    pub(super) fn valued_field(&self, node: NodeId) -> Option<FieldId> {
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::Load
            | NodeOp::Assign
            | NodeOp::AssignOp
            | NodeOp::PreInc
            | NodeOp::PreDec
            | NodeOp::PostInc
            | NodeOp::PostDec => self.bit_field(NodeId(data.a)),
            NodeOp::MemberRvalue => self.bit_field(node),
            NodeOp::Comma => self.valued_field(NodeId(data.b)),
            _ => None,
        }
    }

    #[inline(never)]
    fn promote_other(&mut self, node: NodeId, ty: QualTy) -> NodeId {
        let Some(basic) = self.types.integer(ty) else { return node };
        if basic.rank() >= Basic::Int.rank() {
            if let Some(field) = self.valued_field(node) {
                return self.promote_bit_field(node, basic, field);
            }
            if matches!(self.types.get(ty), TypeData::Enum(_)) {
                return self.convert(node, basic.qual());
            }
            return node;
        }
        self.convert(node, Basic::Int.qual())
    }

    fn promote_bit_field(&mut self, node: NodeId, basic: Basic, field: FieldId) -> NodeId {
        let width = u32::from(self.types.fields[field].width);
        let int_bits = self.types.bits(Basic::Int);
        let fits_int = width < int_bits || (width == int_bits && self.types.is_signed(basic));
        if fits_int && basic != Basic::Int {
            return self.convert(node, Basic::Int.qual());
        }
        if width == int_bits && basic != Basic::UInt && !fits_int {
            return self.convert(node, Basic::UInt.qual());
        }
        if matches!(self.types.get(self.ty(node)), TypeData::Enum(_)) {
            return self.convert(node, basic.qual());
        }
        node
    }

    /// Default argument promotions (6.5.2.2p6).
    pub(crate) fn promote_argument(&mut self, node: NodeId) -> NodeId {
        match self.types.arith(self.ty(node)) {
            Some(Basic::Float) => self.convert(node, Basic::Double.qual()),
            Some(_) => self.promote(node),
            None => node,
        }
    }

    /// The common type of two arithmetic types after promotion (6.3.1.8).
    pub(crate) fn common_type(&self, a: Basic, b: Basic) -> Basic {
        if a == b {
            return a;
        }
        if a.is_complex() || b.is_complex() {
            return self.common_type(a.real_part(), b.real_part()).complex();
        }
        let float_rank = |x: Basic| match x {
            Basic::Float => 1,
            Basic::Double => 2,
            Basic::LongDouble => 3,
            Basic::Float128 => 4,
            _ => 0,
        };
        if a.is_float() || b.is_float() {
            return if float_rank(a) >= float_rank(b) { a } else { b };
        }
        let (signed_a, signed_b) = (self.types.is_signed(a), self.types.is_signed(b));
        if signed_a == signed_b {
            return if a.rank() >= b.rank() { a } else { b };
        }
        let (unsigned, signed) = if signed_a { (b, a) } else { (a, b) };
        if unsigned.rank() >= signed.rank() {
            unsigned
        } else if self.types.bits(signed) > self.types.bits(unsigned) {
            signed
        } else {
            signed.unsigned()
        }
    }

    /// Usual arithmetic conversions of two rvalues; `None` when one is not arithmetic.
    #[inline(always)]
    pub(crate) fn usual(&mut self, a: NodeId, b: NodeId) -> Option<(NodeId, NodeId, QualTy)> {
        let int = Basic::Int.qual();
        if self.ty(a) == int && self.ty(b) == int { Some((a, b, int)) } else { self.usual_of_others(a, b) }
    }

    #[inline(never)]
    fn usual_of_others(&mut self, a: NodeId, b: NodeId) -> Option<(NodeId, NodeId, QualTy)> {
        let int = Basic::Int.qual();
        let (a, b) = (self.promote(a), self.promote(b));
        if self.ty(a) == int && self.ty(b) == int {
            return Some((a, b, int));
        }
        let (x, y) = (self.types.arith(self.ty(a))?, self.types.arith(self.ty(b))?);
        if x == Basic::Error || y == Basic::Error {
            return None;
        }
        if x.is_integer() && y.is_integer() {
            let (m, n) = (self.narrow_width(a), self.narrow_width(b));
            if m.is_some() || n.is_some() {
                return self.narrow_usual((a, (x, m)), (b, (y, n)));
            }
        }
        let common = self.common_type(x, y);
        let ty = common.qual();
        // A real operand of a complex operation keeps its domain's precision but becomes complex here: the tree knows
        // operators on one type only.
        let a = if x == common { a } else { self.convert(a, ty) };
        let b = if y == common { b } else { self.convert(b, ty) };
        Some((a, b, ty))
    }

    // ---- Conversion ----

    /// Converts an rvalue; both types allow it. Constants change in place.
    #[inline]
    pub(crate) fn convert(&mut self, node: NodeId, to: QualTy) -> NodeId {
        if self.ty(node) == to { node } else { self.convert_other(node, to) }
    }

    #[inline(never)]
    fn convert_other(&mut self, node: NodeId, to: QualTy) -> NodeId {
        let data = &self.ast.nodes[node];
        let from = data.ty;
        let (source, basic) = (self.types.kind(from).basic, self.types.kind(to).basic);
        if basic.is_short_integer() && source.is_short_integer() {
            if source == basic {
                return node;
            }
            let to = self.types.unqualified(to);
            if data.op != NodeOp::IntConst {
                let pos = data.pos;
                return self.node1(NodeOp::IntCast, to, node, pos);
            }
            let bits = self.types.wrap_short(basic, data.int_value() as u64);
            let data = &mut self.ast.nodes[node];
            (data.a, data.b, data.ty) = (bits as u32, (bits >> 32) as u32, to);
            return node;
        }
        self.convert_between(node, from, to)
    }

    /// A conversion that is not between two of the usual integer types.
    #[inline(never)]
    fn convert_between(&mut self, node: NodeId, from: QualTy, to: QualTy) -> NodeId {
        if self.types.same(from, to) {
            return node;
        }
        let pos = self.pos_of(node);
        let to = self.types.unqualified(to);
        let (source, target) = (self.class(from), self.class(to));
        match self.op(node) {
            NodeOp::IntConst | NodeOp::WideConst | NodeOp::FloatConst => {
                if let Some(folded) = self.convert_constant(node, source, target, to, pos) {
                    return folded;
                }
            }
            NodeOp::Error => return node,
            _ => {}
        }
        let op = match (source, target) {
            (Class::Error, _) | (_, Class::Error) => return self.poison(pos),
            (_, Class::Void) => NodeOp::VoidCast,
            (Class::Complex(_), Class::Bool) => {
                let zero = self.zero_node(from, pos);
                let differs = self.node2(NodeOp::Ne, Basic::Int.qual(), node, zero, pos);
                return self.node1(NodeOp::IntCast, to, differs, pos);
            }
            (Class::Bool | Class::Int(_) | Class::Float(_) | Class::Pointer, Class::Bool) => NodeOp::BoolCast,
            (Class::Bool | Class::Int(_), Class::Int(_)) => NodeOp::IntCast,
            (Class::Bool | Class::Int(_), Class::Float(_)) => NodeOp::IntToFloat,
            (Class::Float(_), Class::Int(_)) => NodeOp::FloatToInt,
            (Class::Float(_), Class::Float(_)) => NodeOp::FloatCast,
            (Class::Pointer, Class::Int(_)) => NodeOp::PtrToInt,
            (Class::Bool | Class::Int(_), Class::Pointer) => NodeOp::IntToPtr,
            (Class::Pointer, Class::Pointer) => NodeOp::PtrCast,
            (Class::Complex(part), Class::Int(_)) => {
                // Through the real part.
                let real = part.real_part().qual();
                let node = self.node1(NodeOp::ComplexCast, real, node, pos);
                return self.convert(node, to);
            }
            (Class::Bool | Class::Int(_) | Class::Float(_), Class::Complex(part)) => {
                let real = self.convert(node, part.real_part().qual());
                return self.node1(NodeOp::ComplexCast, to, real, pos);
            }
            (Class::Complex(_), Class::Float(_) | Class::Complex(_)) => NodeOp::ComplexCast,
            _ => NodeOp::NopCast,
        };
        self.node1(op, to, node, pos)
    }

    /// Zero of an arithmetic or pointer type.
    pub(crate) fn zero_node(&mut self, ty: QualTy, pos: Pos) -> NodeId {
        match self.class(ty) {
            Class::Float(_) => self.float_node(float::from_bits(0), ty, pos),
            Class::Complex(basic) => {
                let real = self.zero_node(basic.real_part().qual(), pos);
                self.node1(NodeOp::ComplexCast, ty, real, pos)
            }
            _ => self.int_node(0, ty, pos),
        }
    }

    fn convert_constant(&mut self, node: NodeId, source: Class, target: Class, to: QualTy, pos: Pos) -> Option<NodeId> {
        if self.op(node) == NodeOp::FloatConst {
            let (bits, format) = self.float_value(node)?;
            return match target {
                Class::Float(basic) => {
                    let bits = float::convert(bits, format, float::format(&self.types, basic));
                    let number = self.ast.nodes[node].a as usize;
                    self.ast.floats[number] = bits;
                    self.ast.nodes[node].ty = to;
                    Some(node)
                }
                Class::Int(basic) => {
                    let width = self.types.bits(basic);
                    // Beyond the type: the nearest value it has, as gcc folds it.
                    let value = float::to_int_saturating(bits, format, width, self.types.is_signed(basic));
                    Some(self.int_node(value, to, pos))
                }
                Class::Bool => Some(self.int_node(i128::from(!float::is_zero(bits, format)), to, pos)),
                _ => None,
            };
        }
        let value = match source {
            Class::Pointer => i128::from(self.ast.nodes[node].int_value() as u64),
            _ => self.int_value(node)?,
        };
        match target {
            Class::Int(basic) if self.op(node) == NodeOp::IntConst && basic.rank() < 7 => {
                let bits = self.types.wrap(basic, value) as u64;
                let data = &mut self.ast.nodes[node];
                data.a = bits as u32;
                data.b = (bits >> 32) as u32;
                data.ty = to;
                Some(node)
            }
            Class::Int(_) | Class::Bool => Some(self.int_node(value, to, pos)),
            Class::Pointer => Some(self.int_node(value, to, pos)),
            Class::Float(basic) => {
                let signed = match source {
                    Class::Int(b) => self.types.is_signed(b),
                    _ => false,
                };
                let bits = float::from_int(value, signed, float::format(&self.types, basic));
                Some(self.float_node(bits, to, pos))
            }
            _ => None,
        }
    }

    /// A condition: a scalar rvalue (6.8.4.1p1), unchanged in type.
    #[inline]
    pub(crate) fn condition_value(&mut self, node: NodeId) -> NodeId {
        let node = self.rvalue(node);
        let kind = self.types.kind(self.ty(node));
        if kind.plain_scalar && !kind.basic.is_complex() { node } else { self.other_condition(node) }
    }

    #[inline(never)]
    fn other_condition(&mut self, node: NodeId) -> NodeId {
        let ty = self.ty(node);
        match self.class(ty) {
            Class::Void => {
                let loc = self.loc_of(node);
                self.error(loc, "void value not ignored as it ought to be");
                self.poison(loc.pos)
            }
            Class::Record => {
                let text = match self.types.get(ty) {
                    TypeData::Record(id) if self.types.records[id].union => {
                        "used union type value where scalar is required"
                    }
                    _ => "used struct type value where scalar is required",
                };
                let loc = self.loc_of(node);
                self.error(loc, text);
                self.poison(loc.pos)
            }
            Class::Other => {
                let loc = self.loc_of(node);
                self.error(loc, "used vector type where scalar is required");
                self.poison(loc.pos)
            }
            Class::Complex(_) => {
                let pos = self.pos_of(node);
                let zero = self.zero_node(ty, pos);
                self.node2(NodeOp::Ne, Basic::Int.qual(), node, zero, pos)
            }
            _ => node,
        }
    }

    /// An expression whose value is dropped: nothing is loaded that is not volatile.
    #[inline]
    pub(crate) fn discarded(&mut self, node: NodeId) -> NodeId {
        let data = &self.ast.nodes[node];
        if data.op == NodeOp::Call {
            self.check_unused_result(node);
        } else if self.is_lvalue(node) && self.types.quals(data.ty).has(Quals::VOLATILE) {
            return self.rvalue(node);
        }
        node
    }

    #[inline(never)]
    fn check_unused_result(&mut self, node: NodeId) {
        let data = self.ast.nodes[node];
        let callee = &self.ast.nodes[NodeId(data.a)];
        if callee.op == NodeOp::Decl {
            let decl = &self.unit.decls[crate::types::DeclId(callee.a)];
            if decl.warn_unused_result && !self.types.is_void(data.ty) {
                let (name, pos) = (decl.name, decl.pos);
                let text = format!(
                    "ignoring return value of ‘{}’ declared with attribute ‘warn_unused_result’",
                    self.text(name)
                );
                self.warn_note("unused-result", Loc::at(data.pos), &text, pos, "declared here");
            }
        }
    }
}

#[inline]
fn class_of(basic: Basic) -> Class {
    CLASSES[basic as usize]
}

/// Classes of the basic types, in order of their ids; then that of what is none.
static CLASSES: [Class; Basic::Count as usize + 1] = [
    Class::Error,
    Class::Void,
    Class::Bool,
    Class::Int(Basic::Char),
    Class::Int(Basic::SChar),
    Class::Int(Basic::UChar),
    Class::Int(Basic::Short),
    Class::Int(Basic::UShort),
    Class::Int(Basic::Int),
    Class::Int(Basic::UInt),
    Class::Int(Basic::Long),
    Class::Int(Basic::ULong),
    Class::Int(Basic::LLong),
    Class::Int(Basic::ULLong),
    Class::Int(Basic::Int128),
    Class::Int(Basic::UInt128),
    Class::Float(Basic::Float),
    Class::Float(Basic::Double),
    Class::Float(Basic::LongDouble),
    Class::Float(Basic::Float128),
    Class::Complex(Basic::ComplexFloat),
    Class::Complex(Basic::ComplexDouble),
    Class::Complex(Basic::ComplexLongDouble),
    Class::Complex(Basic::ComplexFloat128),
    Class::Complex(Basic::ComplexChar),
    Class::Complex(Basic::ComplexSChar),
    Class::Complex(Basic::ComplexUChar),
    Class::Complex(Basic::ComplexShort),
    Class::Complex(Basic::ComplexUShort),
    Class::Complex(Basic::ComplexInt),
    Class::Complex(Basic::ComplexUInt),
    Class::Complex(Basic::ComplexLong),
    Class::Complex(Basic::ComplexULong),
    Class::Complex(Basic::ComplexLLong),
    Class::Complex(Basic::ComplexULLong),
    Class::Complex(Basic::ComplexInt128),
    Class::Complex(Basic::ComplexUInt128),
    Class::Other,
];
