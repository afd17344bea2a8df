//! Conversions (6.3) and assignment compatibility (6.5.16.1): every one is a node, constants are converted in place.

use crate::ast::{FloatBits, NodeId, NodeOp};
use crate::consts::{self, Const, float};
use crate::parse::{Loc, Parser};
use crate::types::{ArrayLen, Basic, FieldId, QualTy, Quals, RecordId, TypeData};
use base::ids::Id;
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
enum Class {
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
    fn class(&self, ty: QualTy) -> Class {
        if let Some(basic) = ty.basic() {
            return CLASSES[basic as usize];
        }
        match self.types.get(ty) {
            TypeData::Basic(basic) => class_of(basic),
            TypeData::Enum(id) => class_of(self.types.underlying(id)),
            TypeData::Pointer(_) => Class::Pointer,
            TypeData::Record(_) => Class::Record,
            _ => Class::Other,
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
    #[inline]
    pub(crate) fn rvalue(&mut self, node: NodeId) -> NodeId {
        let data = self.ast.nodes[node];
        match data.op {
            NodeOp::Local | NodeOp::Deref | NodeOp::Decl | NodeOp::Str | NodeOp::Member | NodeOp::CompoundLocal => {
                self.rvalue_of_lvalue(node, data.ty, data.pos)
            }
            NodeOp::ComplexPart => self.node1(NodeOp::Load, data.ty, node, data.pos),
            // An array within a structure that is a value decays all the same (C11 6.2.4p8).
            NodeOp::MemberRvalue => match self.types.get(data.ty) {
                TypeData::Array { element, .. } => {
                    let ty = self.types.pointer(element);
                    self.node1(NodeOp::Decay, ty, node, data.pos)
                }
                _ => node,
            },
            _ => node,
        }
    }

    fn rvalue_of_lvalue(&mut self, node: NodeId, ty: QualTy, pos: Pos) -> NodeId {
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
                self.node1(NodeOp::Load, ty, node, pos)
            }
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
        if ty == Basic::Int.qual() && self.op(node) != NodeOp::Load {
            return node;
        }
        let Some(basic) = self.types.integer(ty) else { return node };
        if basic.rank() >= Basic::Int.rank() {
            if self.op(node) == NodeOp::Load
                && let Some(field) = self.bit_field(NodeId(self.ast.nodes[node].a))
            {
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
    #[inline]
    pub(crate) fn usual(&mut self, a: NodeId, b: NodeId) -> Option<(NodeId, NodeId, QualTy)> {
        let int = Basic::Int.qual();
        let (a, b) = (self.promote(a), self.promote(b));
        if self.ty(a) == int && self.ty(b) == int {
            return Some((a, b, int));
        }
        let (x, y) = (self.types.arith(self.ty(a))?, self.types.arith(self.ty(b))?);
        if x == Basic::Error || y == Basic::Error {
            return None;
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
    pub(crate) fn convert(&mut self, node: NodeId, to: QualTy) -> NodeId {
        let from = self.ty(node);
        if from == to || self.types.same(from, to) {
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
                let real = self.float_node(float::from_bits(0), basic.real_part().qual(), pos);
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
                    let value = float::to_int(bits, format, width, self.types.is_signed(basic))?;
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
    pub(crate) fn condition_value(&mut self, node: NodeId) -> NodeId {
        let node = self.rvalue(node);
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
    pub(crate) fn discarded(&mut self, node: NodeId) -> NodeId {
        let data = self.ast.nodes[node];
        self.check_unused_result(node);
        if self.is_lvalue(node) && self.types.quals(data.ty).has(Quals::VOLATILE) {
            return self.rvalue(node);
        }
        node
    }

    fn check_unused_result(&mut self, node: NodeId) {
        let data = self.ast.nodes[node];
        if data.op != NodeOp::Call {
            return;
        }
        let callee = self.ast.nodes[NodeId(data.a)];
        if callee.op == NodeOp::Decl {
            let decl = &self.unit.decls[crate::types::DeclId(callee.a)];
            if decl.warn_unused_result && !self.types.is_void(data.ty) {
                let (name, pos) = (decl.name, decl.pos);
                let text = format!(
                    "ignoring return value of {} declared with attribute ‘warn_unused_result’",
                    self.quoted_function(name, callee.ty)
                );
                self.warn_note("unused-result", Loc::at(data.pos), &text, pos, "declared here");
            }
        }
    }

    /// ‘f’ as gcc names a function in some messages.
    fn quoted_function(&self, name: Name, _ty: QualTy) -> String {
        format!("‘{}’", self.text(name))
    }

    // ---- Assignment ----

    /// Converts `value` to `to` as if by assignment, or says why not.
    #[inline]
    pub(crate) fn assign_convert(&mut self, value: NodeId, to: QualTy, context: &Context) -> NodeId {
        let from = self.ty(value);
        if from == to {
            return value;
        }
        let (source, target) = (self.class(from), self.class(to));
        match (source, target) {
            (Class::Int(_) | Class::Bool, Class::Int(_)) => {
                if self.op(value) == NodeOp::IntConst {
                    self.check_constant_fits(value, from, to);
                }
                self.convert(value, to)
            }
            (
                Class::Int(_) | Class::Bool | Class::Float(_) | Class::Complex(_),
                Class::Float(_) | Class::Complex(_),
            )
            | (Class::Int(_) | Class::Bool | Class::Float(_) | Class::Complex(_) | Class::Pointer, Class::Bool)
            | (Class::Complex(_), Class::Int(_)) => self.convert(value, to),
            (Class::Float(_), Class::Int(_)) => {
                self.check_float_fits(value, from, to);
                self.convert(value, to)
            }
            (Class::Error, _) => value,
            (_, Class::Error) => {
                let pos = self.pos_of(value);
                self.poison(pos)
            }
            _ => self.assign_other(value, from, to, source, target, context),
        }
    }

    fn assign_other(
        &mut self,
        value: NodeId,
        from: QualTy,
        to: QualTy,
        source: Class,
        target: Class,
        context: &Context,
    ) -> NodeId {
        let loc = self.loc_of(value);
        match (source, target) {
            (Class::Pointer, Class::Pointer) => {
                self.check_pointers(value, from, to, loc, context);
                self.convert(value, to)
            }
            (Class::Int(_) | Class::Bool, Class::Pointer) => {
                if !self.is_null_constant(value) {
                    self.report_conversion(
                        "int-conversion",
                        "makes pointer from integer without a cast",
                        from,
                        to,
                        loc,
                        context,
                    );
                }
                self.convert(value, to)
            }
            (Class::Pointer, Class::Int(_)) => {
                self.report_conversion(
                    "int-conversion",
                    "makes integer from pointer without a cast",
                    from,
                    to,
                    loc,
                    context,
                );
                self.convert(value, to)
            }
            (Class::Void, _) => {
                self.error(loc, "void value not ignored as it ought to be");
                self.poison(loc.pos)
            }
            (Class::Record, Class::Record) if self.types.compatible_unqualified(from, to) => value,
            (_, Class::Record) if self.is_transparent(to) => self.transparent_argument(value, to, context),
            (Class::Other, Class::Other) if self.types.compatible_unqualified(from, to) => value,
            _ => {
                self.report_incompatible(from, to, loc, context);
                self.poison(loc.pos)
            }
        }
    }

    fn is_transparent(&self, to: QualTy) -> bool {
        matches!(self.types.get(to), TypeData::Record(id) if self.types.records[id].transparent)
    }

    /// An argument for a transparent union: stored in the first member that takes it (GNU).
    fn transparent_argument(&mut self, value: NodeId, to: QualTy, context: &Context) -> NodeId {
        let TypeData::Record(id) = self.types.get(to) else { return value };
        let from = self.ty(value);
        let pos = self.pos_of(value);
        for at in self.types.records[id].fields.clone() {
            let field = self.types.fields[FieldId(at)];
            let fits = self.types.compatible_unqualified(from, field.ty)
                || (self.types.is_pointer(field.ty)
                    && (self.is_null_constant(value)
                        || self.types.pointee(field.ty).is_some_and(|t| self.types.is_void(t))
                            && self.types.is_pointer(from)
                        || self.same_pointee(from, field.ty)));
            if fits {
                let value = self.convert(value, field.ty);
                return self.union_value(id, field.ty, value, to, pos);
            }
        }
        let loc = Loc::at(pos);
        self.report_incompatible(from, to, loc, context);
        self.poison(pos)
    }

    fn same_pointee(&self, a: QualTy, b: QualTy) -> bool {
        match (self.types.pointee(a), self.types.pointee(b)) {
            (Some(a), Some(b)) => self.types.compatible_unqualified(a, b),
            _ => false,
        }
    }

    /// A union rvalue with `value` in it.
    fn union_value(&mut self, _id: RecordId, member: QualTy, value: NodeId, ty: QualTy, pos: Pos) -> NodeId {
        let local = self.new_local(Name::NONE, ty, false);
        self.ast.locals[local].address_taken = true;
        let size = self.types.size(member).unwrap_or(0);
        let whole = self.types.size(ty).unwrap_or(size);
        let first = self.ast.init_items.len() as u32;
        self.ast.init_items.push(crate::ast::InitItem { offset: 0, value, size, bit: 0, width: 0 });
        self.ast.inits.push(crate::ast::Init { first, n: 1, size: whole, zero_first: size < whole });
        let init = self.ast.inits.len() as u32 - 1;
        let literal = self.node(NodeOp::CompoundLocal, ty, local.0, init, 0, pos);
        self.rvalue(literal)
    }

    /// Pointer assignment (6.5.16.1p1): the target's qualifiers must include the source's.
    fn check_pointers(&mut self, value: NodeId, from: QualTy, to: QualTy, loc: Loc, context: &Context) {
        let (Some(a), Some(b)) = (self.types.pointee(from), self.types.pointee(to)) else { return };
        if a == b {
            return;
        }
        if self.is_null_constant(value) {
            return;
        }
        let (void_a, void_b) = (self.types.is_void(a), self.types.is_void(b));
        let similar = void_a || void_b || self.types.compatible_unqualified(a, b) || self.differ_in_sign(a, b);
        if !similar {
            let text = match context {
                Context::Assign => {
                    format!("assignment to {} from incompatible pointer type {}", self.quoted(to), self.quoted(from))
                }
                Context::Init => {
                    format!(
                        "initialization of {} from incompatible pointer type {}",
                        self.quoted(to),
                        self.quoted(from)
                    )
                }
                Context::Return => format!(
                    "returning {} from a function with incompatible return type {}",
                    self.quoted(from),
                    self.quoted(to)
                ),
                Context::Argument { name, number, .. } => {
                    format!("passing argument {number} of {} from incompatible pointer type", self.callee(*name))
                }
            };
            return self.warn_assignment("incompatible-pointer-types", loc, &text, from, to, context);
        }
        let (qa, qb) = (self.types.quals(a), self.types.quals(b));
        let lost = Quals(qa.0 & !qb.0 & (Quals::CONST.0 | Quals::VOLATILE.0));
        if lost != Quals::NONE && !self.types.is_function(a) {
            let word = if lost.has(Quals::CONST) { "const" } else { "volatile" };
            let what = match context {
                Context::Assign => "assignment".to_string(),
                Context::Init => "initialization".to_string(),
                Context::Return => "return".to_string(),
                Context::Argument { name, number, .. } => {
                    format!("passing argument {number} of {}", self.callee(*name))
                }
            };
            let text = format!("{what} discards ‘{word}’ qualifier from pointer target type");
            self.warn_assignment("discarded-qualifiers", loc, &text, from, to, context);
        } else if !void_a && !void_b && self.differ_in_sign(a, b) && self.is_asked("pointer-sign", &["all", "pedantic"])
        {
            let text = format!("pointer targets in {} differ in signedness", "conversion");
            self.warn_assignment("pointer-sign", loc, &text, from, to, context);
        }
    }

    /// `char *` and `unsigned char *`: a matter of `-Wpointer-sign`, which is off by default.
    fn differ_in_sign(&self, a: QualTy, b: QualTy) -> bool {
        match (self.types.integer(a), self.types.integer(b)) {
            (Some(a), Some(b)) => a == b || (a.unsigned() == b.unsigned() && a != Basic::Bool && b != Basic::Bool),
            _ => {
                // Pointers to those: the same question one level down.
                false
            }
        }
    }

    pub(crate) fn callee(&self, name: Name) -> String {
        if name.is_none() { "function".into() } else { format!("‘{}’", self.text(name)) }
    }

    #[cold]
    fn report_conversion(
        &mut self,
        flag: &'static str,
        what: &str,
        from: QualTy,
        to: QualTy,
        loc: Loc,
        context: &Context,
    ) {
        let text = match context {
            Context::Assign => format!("assignment to {} from {} {what}", self.quoted(to), self.quoted(from)),
            Context::Init => format!("initialization of {} from {} {what}", self.quoted(to), self.quoted(from)),
            Context::Return => {
                format!("returning {} from a function with return type {} {what}", self.quoted(from), self.quoted(to))
            }
            Context::Argument { name, number, .. } => {
                format!("passing argument {number} of {} {what}", self.callee(*name))
            }
        };
        self.warn_assignment(flag, loc, &text, from, to, context);
    }

    #[cold]
    fn warn_assignment(
        &mut self,
        flag: &'static str,
        loc: Loc,
        text: &str,
        from: QualTy,
        to: QualTy,
        context: &Context,
    ) {
        let loc = self.context_loc(loc, context);
        match context {
            Context::Argument { pos, .. } => {
                let note = format!("expected {} but argument is of type {}", self.quoted(to), self.quoted(from));
                self.warn_note(flag, loc, text, *pos, &note);
            }
            _ => self.warn(flag, loc, text),
        }
    }

    /// Assignments are reported at their operator.
    fn context_loc(&self, loc: Loc, context: &Context) -> Loc {
        match context {
            Context::Assign => self.assign_loc.unwrap_or(loc),
            _ => loc,
        }
    }

    #[cold]
    fn report_incompatible(&mut self, from: QualTy, to: QualTy, loc: Loc, context: &Context) {
        if self.refuse_vector(to, loc) || self.refuse_vector(from, loc) {
            return;
        }
        let (shown_from, shown_to) = (self.quoted(from), self.quoted(to));
        match context {
            Context::Assign => {
                let text = format!("incompatible types when assigning to type {shown_to} from type {shown_from}");
                self.error(loc, &text);
            }
            Context::Init if self.types.is_scalar(to) || self.types.is_record(to) => {
                let text = if self.types.is_record(to) && !self.types.is_record(from) {
                    "invalid initializer".to_string()
                } else {
                    format!("incompatible types when initializing type {shown_to} using type {shown_from}")
                };
                self.error(loc, &text);
            }
            Context::Init => self.error(loc, "invalid initializer"),
            Context::Return => {
                let text = format!("incompatible types when returning type {shown_from} but {shown_to} was expected");
                self.error(loc, &text);
            }
            Context::Argument { name, number, pos } => {
                let text = format!("incompatible type for argument {number} of {}", self.callee(*name));
                let note = format!("expected {shown_to} but argument is of type {shown_from}");
                self.error_note(loc, &text, *pos, &note);
            }
        }
    }

    /// `char c = 300;`
    fn check_constant_fits(&mut self, node: NodeId, from: QualTy, to: QualTy) {
        let (Some(value), Some(source), Some(target)) =
            (self.int_value(node), self.types.integer(from), self.types.integer(to))
        else {
            return;
        };
        if self.types.wrap(target, value) == value || target == Basic::Bool {
            return;
        }
        let other = if self.types.is_signed(target) { target.unsigned() } else { target.signed() };
        if self.types.wrap(other, value) == value {
            return;
        }
        let loc = self.loc_of(node);
        let cut = self.types.wrap(target, value);
        let what = if self.types.is_signed(target) { "overflow in conversion" } else { "unsigned conversion" };
        let text = format!(
            "{what} from {} to {} changes value from ‘{value}’ to ‘{cut}’",
            self.quoted(source.qual()),
            self.quoted(to)
        );
        self.warn("overflow", loc, &text);
    }

    fn check_float_fits(&mut self, node: NodeId, from: QualTy, to: QualTy) {
        let (Some((bits, format)), Some(target)) = (self.float_value(node), self.types.integer(to)) else { return };
        if float::to_int(bits, format, self.types.bits(target), self.types.is_signed(target)).is_none() {
            let loc = self.loc_of(node);
            let text = format!(
                "overflow in conversion from {} to {} changes value from ‘{}’",
                self.quoted(from),
                self.quoted(to),
                float::show(bits, format)
            );
            self.warn("overflow", loc, &text);
        }
    }

    /// The value of an integer constant expression, from constants or from what folds to one.
    pub(crate) fn folded_int(&self, node: NodeId) -> Option<i128> {
        if let Some(value) = self.int_value(node) {
            return Some(value);
        }
        self.types.integer(self.ty(node))?;
        match consts::evaluate(&self.ast, &self.types, node) {
            Some(Const::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// Completes an array type from its initialiser.
    pub(crate) fn array_of_len(&mut self, ty: QualTy, n: u64) -> QualTy {
        match self.types.get(ty) {
            TypeData::Array { element, len: ArrayLen::Incomplete } => self.types.array(element, n),
            _ => ty,
        }
    }
}

fn class_of(basic: Basic) -> Class {
    CLASSES[basic as usize]
}

/// Classes of the basic types, in order of their ids.
static CLASSES: [Class; Basic::Count as usize] = [
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
];
