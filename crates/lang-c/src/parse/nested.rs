//! Nested functions (GNU, "Nested Functions"): definitions within a block. They share the tables of the function around
//! them; what they refer to there is marked, and lowering puts it into a record that they reach by a chain.

use super::declarator::Declarator;
use super::specifiers::Specifiers;
use super::{Function, Meaning, Parser, Space};
use crate::ast::{Definition, FunctionDef, Linkage, Nested, NodeOp, ScopeInfo};
use crate::attributes::Attributes;
use crate::check::declare::blank_decl;
use crate::token::Tok;
use crate::types::{DeclId, LabelId, LocalId, QualTy};
use base::Name;
use base::ids::Id;

impl Parser<'_> {
    /// Does the body of a nested function follow, or the declarations of its K&R parameters?
    pub(super) fn at_nested_body(&mut self, declarator: &Declarator) -> bool {
        !declarator.name.is_none() && !self.recovering && self.at_body(declarator)
    }

    /// A local of an outer function is named in a nested one.
    #[cold]
    pub(crate) fn capture(&mut self, local: LocalId) {
        if self.unevaluated == 0 || self.types.is_variably_modified(self.ast.locals[local].ty) {
            self.ast.locals[local].captured = true;
            self.ast.locals[local].address_taken = true;
        }
    }

    /// The declaration of a nested function in the block at hand: by `auto` ahead of its definition, or by that.
    #[cold]
    pub(super) fn nested_declaration(&mut self, name: Name, ty: QualTy, loc: super::Loc, body: bool) -> DeclId {
        let cell = self.lookup(Space::Ordinary, name);
        if self.is_here(cell) {
            if cell.meaning == Meaning::Decl && self.unit.decls[DeclId(cell.value)].nested == self.current + 1 {
                let decl = DeclId(cell.value);
                let known = self.unit.decls[decl].ty;
                if !self.types.compatible_unqualified(known, ty) {
                    let text = format!("conflicting types for ‘{}’; have {}", self.text(name), self.quoted(ty));
                    self.error(loc, &text);
                } else if body && self.unit.decls[decl].definition == Definition::Defined {
                    let text = format!("redefinition of ‘{}’", self.text(name));
                    self.error(loc, &text);
                }
                self.save_decl(decl);
                self.unit.decls[decl].ty = ty;
                if body {
                    self.unit.decls[decl].definition = Definition::Defined;
                }
                return decl;
            }
            if !matches!(cell.meaning, Meaning::Builtin | Meaning::Poison) {
                self.different_kind(name, loc, cell);
            }
        }
        let mut data = blank_decl(name, ty, loc.pos);
        data.linkage = Linkage::None;
        data.is_function = true;
        data.nested = self.current + 1;
        data.definition = if body { Definition::Defined } else { Definition::Declared };
        let decl = self.unit.decls.push(data);
        self.bind(Space::Ordinary, name, Meaning::Decl, decl.0);
        decl
    }

    /// The definition of a nested function, behind its declarator. `before`: how many nodes and lengths there were in front
    /// of that; what its parameters' types mention belongs to it.
    #[cold]
    pub(super) fn nested_function(
        &mut self,
        specs: &Specifiers,
        declarator: Declarator,
        attributes: Attributes,
        before: (usize, usize),
    ) {
        let Declarator { name, loc, params: (first, n), old_style, .. } = declarator;
        let (first, n) = (first as usize, n as usize);
        let parent = self.current;
        self.ast.n_nested += 1;
        let number = self.ast.n_nested;
        let Some((ty, ret)) = self.definition_type(&declarator) else { return };
        let decl = self.nested_declaration(name, ty, loc, true);
        self.unit.decls[decl].noreturn |= specs.noreturn || attributes.has(crate::attributes::flag::NORETURN);
        let outer = self.function.take();
        let labels = self.hide_labels();
        self.current = number;
        let scope = self.open_scope();
        let mut params = Vec::with_capacity(n);
        for idx in first..first + n {
            let param = self.params[idx];
            params.push(param.local);
            let data = &mut self.ast.locals[param.local];
            data.ty = param.ty;
            data.owner = number;
            if let Some(name) = param.name.some() {
                self.bind(Space::Ordinary, name, Meaning::Local, param.local.0);
            }
        }
        self.own_lengths(before, number);
        let (body, end) = self.nested_body(decl, name, ret, &params, outer.as_ref().map_or(0, |f| f.scope));
        self.close_scope(scope);
        let calls_returns_twice = self.function.take().is_some_and(|f| f.calls_returns_twice);
        self.end_labels(number);
        for (name, label) in labels {
            self.show_label(name, label);
        }
        self.current = parent;
        self.function = outer;
        let def = FunctionDef { decl, params, body, end, old_style, calls_returns_twice, implicit_zero: false };
        self.ast.nested.push(Nested { number, parent, def });
    }

    /// What the types of parameters evaluate is evaluated in the function that has them.
    fn own_lengths(&mut self, before: (usize, usize), number: u32) {
        for at in before.1..self.ast.vla_owners.len() {
            self.ast.vla_owners[at] = number;
        }
        if self.ast.vla_lens.len() == before.1 {
            return;
        }
        for at in before.0..self.ast.nodes.len() {
            let node = self.ast.nodes.as_slice()[at];
            if node.op == NodeOp::Local && self.ast.locals[LocalId(node.a)].owner != number {
                self.capture(LocalId(node.a));
            }
        }
    }

    fn nested_body(
        &mut self,
        decl: DeclId,
        name: Name,
        ret: QualTy,
        params: &[LocalId],
        parent: u32,
    ) -> (crate::ast::NodeId, base::Pos) {
        let pos = self.pos();
        let number = self.ast.scopes.len() as u32;
        self.ast.scopes.push(ScopeInfo { parent, start: pos, end: pos });
        self.function = Some(Function {
            decl,
            ret,
            name,
            loops: 0,
            breakables: 0,
            switches: Vec::new(),
            calls_returns_twice: false,
            noreturn: self.unit.decls[decl].noreturn,
            name_decl: DeclId::NONE,
            scope: number,
        });
        let first = self.statements.len();
        for &param in params {
            if !self.ast.param_lens.is_empty() {
                self.length_of_parameter(param, pos);
            }
            let ty = self.ast.locals[param].ty;
            if self.types.is_variably_modified(ty) {
                self.vla_statement(ty, pos);
            }
        }
        if self.expect(Tok::LBrace) && self.enter() {
            self.block_items();
            self.leave();
        }
        let end = self.pos();
        self.recovering = false;
        self.expect(Tok::RBrace);
        self.ast.scopes[number as usize].end = end;
        let body = self.close_block(first, number, pos);
        (body, end)
    }

    // Labels.

    /// Labels of the functions around are not seen within, but for those that `__label__` declares.
    fn hide_labels(&mut self) -> Vec<(Name, LabelId)> {
        let mut hidden = Vec::new();
        for idx in 0..self.ast.labels.len() {
            let id = LabelId(idx as u32);
            let name = self.ast.labels[id].name;
            let cell = self.lookup(Space::Label, name);
            if cell.meaning == Meaning::Label && cell.value == id.0 && cell.depth == 0 {
                self.forget_label(name);
                hidden.push((name, id));
            }
        }
        hidden
    }

    /// The labels of function `number` must be there; their names end.
    fn end_labels(&mut self, number: u32) {
        for idx in 0..self.ast.labels.len() {
            let label = self.ast.labels[LabelId(idx as u32)];
            if label.owner != number {
                continue;
            }
            if !label.defined {
                let text = format!("label ‘{}’ used but not defined", self.text(label.name));
                self.error(super::Loc::at(label.pos), &text);
            }
            self.forget_label(label.name);
        }
    }
}
