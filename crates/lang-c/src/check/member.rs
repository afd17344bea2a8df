//! Members (C11 6.5.2.3), found by name through anonymous records.

use crate::ast::{NodeId, NodeOp};
use crate::parse::{FIELD_CACHE, KnownField, Loc, Parser};
use crate::types::{FieldId, QualTy, Quals, TypeData};
use base::{Id, Name, Pos, Span};

/// Where [`Parser::field_cache`] keeps a member.
#[inline]
fn field_slot(of: QualTy, name: Name) -> usize {
    (name.0 ^ of.ty().0.wrapping_mul(0x9e37_79b1)) as usize % FIELD_CACHE
}

impl Parser<'_> {
    /// `a.name`, `a->name` of a member that was met before; nothing is done and none is the result otherwise. Programs
    /// ask for few members many times.
    pub(crate) fn known_member(&mut self, a: NodeId, arrow: bool, name: Name, pos: Pos) -> NodeId {
        let mut of = self.ty(a);
        if arrow {
            let Some(to) = self.types.pointee(of) else { return NodeId::NONE };
            of = to;
        } else if !self.is_lvalue(a) {
            return NodeId::NONE;
        }
        let known = self.field_cache[field_slot(of, name)];
        if (known.of, known.name) != (of, name) {
            return NodeId::NONE;
        }
        let mut base = a;
        if arrow {
            base = self.rvalue(a);
            base = self.node1(NodeOp::Deref, of, base, pos);
        } else {
            self.take_address(a);
        }
        self.node(NodeOp::Member, known.ty, base.0, known.field.0, 0, pos)
    }

    /// `a.name`, `a->name`.
    #[inline(never)]
    pub(crate) fn member(&mut self, a: NodeId, arrow: bool, name: Name, loc: Loc, name_loc: Loc, pos: Pos) -> NodeId {
        let mut base = a;
        if arrow {
            base = self.rvalue(a);
            let ty = self.ty(base);
            let Some(to) = self.types.pointee(ty) else { return self.not_a_pointer(ty, loc, pos) };
            base = self.node1(NodeOp::Deref, to, base, pos);
        }
        self.member_of(base, arrow, name, loc, name_loc, pos)
    }

    #[cold]
    fn not_a_pointer(&mut self, ty: QualTy, loc: Loc, pos: Pos) -> NodeId {
        if !self.types.is_error(ty) {
            let text = format!("invalid type argument of ‘->’ (have {})", self.quoted(ty));
            let arrow = Span::new(loc.pos, loc.pos.offset(2));
            let mends = loc.expansion == 0 && self.types.is_record(ty);
            self.error_with(loc, &text, |diag| if mends { diag.fixit(arrow, ".") } else { diag });
        }
        self.poison(pos)
    }

    /// Member of a record, found in its list and put into [`Parser::field_cache`].
    fn member_of(&mut self, base: NodeId, arrow: bool, name: Name, loc: Loc, name_loc: Loc, pos: Pos) -> NodeId {
        let mut base = base;
        let ty = self.ty(base);
        let TypeData::Record(record) = self.types.get(ty) else {
            return self.not_a_record(base, name, arrow, loc, pos);
        };
        if !self.types.records[record].complete {
            let text = format!("invalid use of undefined type {}", self.quoted(ty));
            self.error(loc, &text);
            return self.poison(pos);
        }
        if let Some(field) = self.types.own_field(record, name) {
            let lvalue = arrow || self.is_lvalue(base);
            if lvalue && !arrow {
                self.take_address(base);
            }
            if ty.quals() == Quals::NONE && !self.types.kind(ty).qualified {
                let member = self.types.fields[field].ty;
                self.field_cache[field_slot(ty, name)] = KnownField { of: ty, name, field, ty: member };
            }
            return self.member_step(base, ty, field, lvalue, pos);
        }
        self.path.clear();
        let mut path = std::mem::take(&mut self.path);
        if !self.types.find_field(record, name, &mut path) {
            self.path = path;
            return self.no_member(ty, name, name_loc, pos);
        }
        let lvalue = self.is_lvalue(base);
        if lvalue {
            self.take_address(base);
        }
        for &field in &path {
            let outer = self.ty(base);
            base = self.member_step(base, outer, field, lvalue, pos);
        }
        self.path = path;
        base
    }

    /// Member `field` of `base`, a record of type `outer`.
    fn member_step(&mut self, base: NodeId, outer: QualTy, field: FieldId, lvalue: bool, pos: Pos) -> NodeId {
        let ty = self.types.fields[field].ty;
        if !lvalue {
            return self.node(NodeOp::MemberRvalue, self.types.unqualified(ty), base.0, field.0, 0, pos);
        }
        let plain = outer.quals() == Quals::NONE && !self.types.kind(outer).qualified;
        let ty = if plain { ty } else { self.member_type(outer, ty) };
        self.node(NodeOp::Member, ty, base.0, field.0, 0, pos)
    }

    #[cold]
    fn not_a_record(&mut self, base: NodeId, name: Name, arrow: bool, loc: Loc, pos: Pos) -> NodeId {
        let ty = self.ty(base);
        if !self.types.is_error(ty) {
            let to_record = self.types.pointee(ty).is_some_and(|t| self.types.is_record(t));
            let text = if !arrow && to_record {
                let text = format!("‘{}’ is a pointer; did you mean to use ‘->’?", self.show_lvalue(base, 0));
                let dot = Span::new(loc.pos, loc.pos.offset(1));
                self.error_with(loc, &text, |diag| if loc.expansion == 0 { diag.fixit(dot, "->") } else { diag });
                return self.poison(pos);
            } else {
                format!("request for member ‘{}’ in something not a structure or union", self.text(name))
            };
            self.error(loc, &text);
        }
        self.poison(pos)
    }

    #[cold]
    fn no_member(&mut self, ty: QualTy, name: Name, loc: Loc, pos: Pos) -> NodeId {
        let goal = self.text(name);
        let mut best: Option<(usize, String)> = None;
        if let TypeData::Record(record) = self.types.get(ty) {
            for at in self.types.records[record].fields.clone() {
                let other = self.types.fields[FieldId(at)].name;
                if other.is_none() {
                    continue;
                }
                let other = self.text(other);
                let cutoff = super::suggest::cutoff(goal.len(), other.len());
                let distance = super::suggest::distance(&goal, &other, cutoff);
                if distance <= cutoff && best.as_ref().is_none_or(|b| distance < b.0) {
                    best = Some((distance, other));
                }
            }
        }
        let shown = self.quoted(self.types.unqualified(ty));
        let meant = best.map(|(_, other)| other);
        let text = match &meant {
            Some(other) => format!("{shown} has no member named ‘{goal}’; did you mean ‘{other}’?"),
            None => format!("{shown} has no member named ‘{goal}’"),
        };
        self.error_with(loc, &text, |diag| super::call::meant_instead(diag, loc, meant));
        self.poison(pos)
    }
}
