//! Conversion as if by assignment (6.5.16.1): initialisers, arguments, results, and what is said when types disagree.

use super::convert::{Class, Context};
use crate::ast::{NodeId, NodeOp};
use crate::consts::{self, Const, float};
use crate::parse::{Loc, Parser};
use crate::types::{ArrayLen, Basic, FieldId, QualTy, Quals, RecordId, TypeData};
use crate::warnings::{Warning, hook};
use base::ids::Id;
use base::{Name, Pos};

impl Parser<'_> {
    /// Converts `value` to `to` as if by assignment, or says why not.
    #[inline(always)]
    pub(crate) fn assign_convert(&mut self, value: NodeId, to: QualTy, context: &Context) -> NodeId {
        if self.ty(value) == to { value } else { self.assign_convert_other(value, to, context) }
    }

    #[inline(never)]
    fn assign_convert_other(&mut self, value: NodeId, to: QualTy, context: &Context) -> NodeId {
        let from = self.ty(value);
        // Nearly always one integer becomes another.
        let (source, target) = (self.types.kind(from).basic, self.types.kind(to).basic);
        if source.is_short_integer()
            && target.is_short_integer()
            && !self.hooked(hook::CONVERSION)
            && (self.op(value) != NodeOp::IntConst || self.constant_fits(value, source, target))
        {
            return self.convert(value, to);
        }
        self.assign_convert_by_class(value, to, context)
    }

    #[inline(never)]
    fn assign_convert_by_class(&mut self, value: NodeId, to: QualTy, context: &Context) -> NodeId {
        let from = self.ty(value);
        let (source, target) = (self.class(from), self.class(to));
        if self.hooked(hook::CONVERSION) {
            let loc = self.loc_of(value);
            self.lint_conversion(value, to, loc);
        }
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

    pub(super) fn assign_other(
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
            (Class::Other, Class::Other) => match self.vector_assign(value, to) {
                Some(node) => node,
                None => {
                    self.report_incompatible(from, to, loc, context);
                    self.poison(loc.pos)
                }
            },
            _ => {
                self.report_incompatible(from, to, loc, context);
                self.poison(loc.pos)
            }
        }
    }

    pub(super) fn is_transparent(&self, to: QualTy) -> bool {
        matches!(self.types.get(to), TypeData::Record(id) if self.types.records[id].transparent)
    }

    /// An argument for a transparent union: stored in the first member that takes it (GNU).
    pub(super) fn transparent_argument(&mut self, value: NodeId, to: QualTy, context: &Context) -> NodeId {
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

    pub(super) fn same_pointee(&self, a: QualTy, b: QualTy) -> bool {
        match (self.types.pointee(a), self.types.pointee(b)) {
            (Some(a), Some(b)) => self.types.compatible_unqualified(a, b),
            _ => false,
        }
    }

    /// A union rvalue with `value` in it.
    pub(super) fn union_value(&mut self, _id: RecordId, member: QualTy, value: NodeId, ty: QualTy, pos: Pos) -> NodeId {
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
    pub(super) fn check_pointers(&mut self, value: NodeId, from: QualTy, to: QualTy, loc: Loc, context: &Context) {
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
        } else if !void_a
            && !void_b
            && self.differ_in_sign(a, b)
            && !self.types.compatible_unqualified(a, b)
            && self.pp.is_on(Warning::PointerSign)
        {
            let what = match context {
                Context::Assign => format!("assignment from {} to {}", self.quoted(from), self.quoted(to)),
                Context::Init => format!("initialization of {} from {}", self.quoted(to), self.quoted(from)),
                Context::Return => {
                    format!("returning {} from a function with return type {}", self.quoted(from), self.quoted(to))
                }
                Context::Argument { name, number, .. } => {
                    format!("passing argument {number} of {}", self.callee(*name))
                }
            };
            let text = format!("pointer targets in {what} differ in signedness");
            self.warn_assignment("pointer-sign", loc, &text, from, to, context);
        }
    }

    /// `char *` and `unsigned char *`: a matter of `-Wpointer-sign`, which is off by default.
    pub(super) fn differ_in_sign(&self, a: QualTy, b: QualTy) -> bool {
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
    pub(super) fn report_conversion(
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
    pub(super) fn warn_assignment(
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
    pub(super) fn context_loc(&self, loc: Loc, context: &Context) -> Loc {
        match context {
            Context::Assign => self.assign_loc.unwrap_or(loc),
            _ => loc,
        }
    }

    #[cold]
    pub(super) fn report_incompatible(&mut self, from: QualTy, to: QualTy, loc: Loc, context: &Context) {
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

    /// Surely holds `target` the value of an integer constant? Both types are [short](Basic::is_short_integer).
    #[inline]
    fn constant_fits(&self, node: NodeId, source: Basic, target: Basic) -> bool {
        let bits = self.ast.nodes[node].int_value() as u64;
        // -1 and the greatest `unsigned long` look the same.
        let clear = bits >> 63 == 0 || self.types.is_signed(source) == self.types.is_signed(target);
        clear && self.types.wrap_short(target, bits) == bits
    }

    /// `char c = 300;`
    pub(super) fn check_constant_fits(&mut self, node: NodeId, from: QualTy, to: QualTy) {
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

    pub(super) fn check_float_fits(&mut self, node: NodeId, from: QualTy, to: QualTy) {
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
