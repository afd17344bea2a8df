//! Declarations in blocks (6.7): automatic variables, `static` ones, `extern` ones, types.

use super::specifiers::{Specifiers, Storage};
use super::{Loc, Meaning, Parser, Space};
use crate::ast::{Definition, Linkage, NodeId, NodeOp};
use crate::attributes::{Attributes, flag};
use crate::check::declare::{Declaration, blank_decl};
use crate::token::Tok;
use crate::types::{Basic, DeclId, LocalId, QualTy};
use crate::warnings::hook;
use base::Name;
use base::ids::Id;

impl Parser<'_> {
    /// A declaration within a function; its statements go to [`Parser::statements`].
    pub(super) fn local_declaration(&mut self) {
        self.local_declaration_with(None);
    }

    /// The same behind attributes.
    pub(super) fn local_declaration_with(&mut self, leading: Option<&Attributes>) {
        if self.at(Tok::KwStaticAssert) {
            return self.static_assert();
        }
        let pos = self.pos();
        let mut specs = Specifiers::none(self.loc());
        self.specifiers(true, &mut specs);
        if let Some(leading) = leading {
            specs.attributes.merge(leading);
        }
        if self.types.is_variably_modified(specs.ty) && self.at(Tok::Semi) {
            self.vla_statement(specs.ty, pos);
        }
        if self.eat(Tok::Semi) {
            return self.empty_declaration(&specs);
        }
        loop {
            let mut attributes = specs.attributes;
            self.attributes(&mut attributes);
            let n_params = self.params.len();
            let before = (self.ast.nodes.len(), self.ast.vla_lens.len());
            let declarator = self.declarator(specs.ty, &mut attributes);
            if declarator.is_function && specs.storage != Storage::Typedef && self.at_nested_body(&declarator) {
                self.nested_function(&specs, declarator, attributes, before);
                self.params.truncate(n_params);
                return;
            }
            self.params.truncate(n_params);
            if self.recovering {
                return;
            }
            if declarator.name.is_none() {
                return self.missing("expected identifier or ‘(’");
            }
            if specs.implicit_int && !specs.auto_type {
                let text = format!("type defaults to ‘int’ in declaration of ‘{}’", self.text(declarator.name));
                self.warn("implicit-int", declarator.loc, &text);
            }
            let asm_name = self.asm_label();
            self.attributes(&mut attributes);
            let mut ty = declarator.ty;
            if attributes.mode.some().is_some() || attributes.vector_size != 0 {
                ty = self.machine_type(ty, &attributes, declarator.loc);
            }
            if !matches!(self.tok.kind, Tok::Eq | Tok::Comma | Tok::Semi | Tok::LBrace | Tok::RBrace | Tok::Eof) {
                return self.missing("expected ‘=’, ‘,’, ‘;’, ‘asm’ or ‘__attribute__’");
            }
            self.local_declarator(&specs, declarator.name, ty, declarator.loc, &attributes, asm_name);
            if self.recovering {
                return;
            }
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        if self.at(Tok::Semi) {
            self.bump();
        } else {
            self.missing("expected ‘,’ or ‘;’");
        }
    }

    fn local_declarator(
        &mut self,
        specs: &Specifiers,
        name: Name,
        ty: QualTy,
        loc: Loc,
        attributes: &Attributes,
        asm_name: Name,
    ) {
        if specs.storage == Storage::Typedef {
            if self.types.is_variably_modified(ty) {
                self.vla_statement(ty, loc.pos);
            }
            self.declare_typedef(name, ty, loc, attributes);
            return;
        }
        let initialized = self.at(Tok::Eq);
        if self.types.is_function(ty) && specs.storage == Storage::Auto && !initialized {
            self.nested_declaration(name, ty, loc, false);
            return;
        }
        if self.types.is_function(ty) || specs.storage == Storage::Extern {
            if specs.storage == Storage::Static {
                let text = format!("invalid storage class for function ‘{}’", self.text(name));
                self.error(loc, &text);
            }
            let declaration =
                Declaration { name, ty, loc, specs, attributes, asm_name, initialized: false, body: false };
            self.declare_linked(&declaration);
            if initialized {
                let text = format!("‘{}’ has both ‘extern’ and initializer", self.text(name));
                self.error(loc, &text);
                self.bump();
                self.unevaluated += 1;
                let _ = self.initializer(ty, loc, false);
                self.unevaluated -= 1;
            }
            return;
        }
        self.check_local_redeclaration(name, loc);
        if self.hooked(hook::DECLARATION) {
            self.lint_shadow(name, loc);
        }
        if specs.storage == Storage::Static {
            return self.static_local(specs, name, ty, loc, attributes, asm_name);
        }
        if specs.thread_local {
            let text = format!("function-scope ‘{}’ implicitly auto and declared ‘_Thread_local’", self.text(name));
            self.error(loc, &text);
        }
        if specs.auto_type {
            return self.auto_type_local(specs, name, loc, attributes);
        }
        let local = self.new_local(name, ty, false);
        let data = &mut self.ast.locals[local];
        data.pos = loc.pos;
        data.align = specs.alignas.max(attributes.align);
        data.register = asm_name;
        data.unused_is_fine = attributes.has(flag::UNUSED) || attributes.cleanup.some().is_some();
        if specs.storage == Storage::Register {
            self.registers.push(local);
        }
        self.bind(Space::Ordinary, name, Meaning::Local, local.0);
        if self.types.is_variably_modified(ty) {
            self.vla_statement(ty, loc.pos);
            if self.types.is_vla(ty) && self.hooked(hook::DECLARATION) {
                let text = format!("ISO C90 forbids variable length array ‘{}’", self.text(name));
                self.lint(crate::warnings::Warning::Vla, loc, &text);
            }
        }
        let mut init = u32::MAX;
        let mut ty = ty;
        if initialized {
            self.bump();
            if self.types.is_vla(ty) {
                self.error(loc, "variable-sized object may not be initialized");
                ty = Basic::Error.qual();
            }
            (ty, init) = self.initializer(ty, loc, false);
            self.ast.locals[local].ty = ty;
        }
        let checked = self.check_local_size(name, ty, loc);
        if checked != ty {
            self.ast.locals[local].ty = checked;
        }
        self.local_statement(local, init, attributes, loc);
    }

    /// The statement where `local` begins to live.
    fn local_statement(&mut self, local: LocalId, init: u32, attributes: &Attributes, loc: Loc) {
        let pos = self.user_pos(loc);
        let cleanup = match attributes.cleanup.some() {
            Some(function) => self.cleanup_call(function, local, loc, pos),
            None => NodeId::NONE,
        };
        let node = self.node(NodeOp::LocalDecl, Basic::Void.qual(), local.0, init, cleanup.0, pos);
        self.statements.push(node.0);
    }

    /// The call that ends the life of `local`: `function (&local)`.
    #[cold]
    fn cleanup_call(&mut self, function: Name, local: LocalId, loc: Loc, pos: base::Pos) -> NodeId {
        let cell = self.lookup(Space::Ordinary, function);
        if cell.meaning != Meaning::Decl || !self.unit.decls[DeclId(cell.value)].is_function {
            self.error(loc, "‘cleanup’ argument not a function");
            return NodeId::NONE;
        }
        let decl = DeclId(cell.value);
        self.unit.decls[decl].used = true;
        let callee = self.node(NodeOp::Decl, self.unit.decls[decl].ty, decl.0, 0, 0, pos);
        let object = self.node(NodeOp::Local, self.ast.locals[local].ty, local.0, 0, 0, pos);
        let address = self.address_of(object, loc, pos);
        let from = self.words.len();
        self.words.push(address.0);
        let call = self.call(callee, from, loc, pos);
        self.ast.has_cleanups = true;
        call
    }

    fn check_local_redeclaration(&mut self, name: Name, loc: Loc) {
        let cell = self.lookup(Space::Ordinary, name);
        if !self.is_here(cell) {
            return;
        }
        match cell.meaning {
            Meaning::Builtin | Meaning::Poison => {}
            Meaning::Local if self.ast.locals[crate::types::LocalId(cell.value)].param => {
                self.different_kind(name, loc, cell);
            }
            Meaning::Local | Meaning::Decl => {
                let text = format!("redeclaration of ‘{}’", self.text(name));
                let text = if cell.meaning == Meaning::Local { format!("{text} with no linkage") } else { text };
                let note = self.previous_note(name, cell);
                let pos = self.place_of_meaning(cell);
                self.error_note(loc, &text, pos, &note.replace("previous definition", "previous declaration"));
            }
            _ => self.different_kind(name, loc, cell),
        }
    }

    fn static_local(
        &mut self,
        specs: &Specifiers,
        name: Name,
        ty: QualTy,
        loc: Loc,
        attributes: &Attributes,
        asm_name: Name,
    ) {
        let mut data = blank_decl(name, ty, loc.pos);
        data.linkage = Linkage::None;
        data.definition = Definition::Defined;
        data.thread_local = specs.thread_local;
        data.used = false;
        data.align = specs.alignas.max(attributes.align);
        data.section = attributes.section;
        data.asm_name = asm_name;
        data.attribute_used = attributes.has(flag::USED);
        data.unused_is_fine = attributes.has(flag::UNUSED);
        let decl: DeclId = self.unit.decls.push(data);
        self.bind(Space::Ordinary, name, Meaning::Decl, decl.0);
        if self.types.is_variably_modified(ty) {
            if self.types.size(ty).is_none() && self.types.is_array(ty) {
                let text = format!("storage size of ‘{}’ isn’t constant", self.text(name));
                self.error(loc, &text);
                self.unit.decls[decl].ty = Basic::Error.qual();
            } else {
                // A pointer to such an array may be static (6.7.6.2p2).
                self.vla_statement(ty, loc.pos);
            }
        }
        if self.at(Tok::Eq) {
            self.bump();
            self.static_initializer(decl, ty, loc);
            return;
        }
        let checked = self.check_local_size(name, ty, loc);
        self.unit.decls[decl].ty = checked;
        self.ast.static_inits.push((decl, u32::MAX));
    }

    /// `__auto_type x = value;`
    fn auto_type_local(&mut self, specs: &Specifiers, name: Name, loc: Loc, attributes: &Attributes) {
        if !self.at(Tok::Eq) {
            self.error(
                loc,
                "‘__auto_type’ requires a plain identifier as declarator and an initialized data declaration",
            );
            return;
        }
        self.bump();
        let value = self.assignment_value();
        let ty = self.ty(value);
        let ty = self.types.unqualified(ty);
        let local = self.new_local(name, ty, false);
        let data = &mut self.ast.locals[local];
        data.pos = loc.pos;
        data.align = specs.alignas.max(attributes.align);
        self.bind(Space::Ordinary, name, Meaning::Local, local.0);
        let init = self.single_init(value, ty);
        self.local_statement(local, init, attributes, loc);
    }

    /// An initialiser that stores one value over the whole object.
    pub(crate) fn single_init(&mut self, value: NodeId, ty: QualTy) -> u32 {
        let size = self.types.size(ty).unwrap_or(0);
        let first = self.ast.init_items.len() as u32;
        self.ast.init_items.push(crate::ast::InitItem { offset: 0, value, size, bit: 0, width: 0 });
        self.ast.inits.push(crate::ast::Init { first, n: 1, size, zero_first: false });
        self.ast.inits.len() as u32 - 1
    }
}
