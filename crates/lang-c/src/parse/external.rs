//! The top of the grammar (6.9): external declarations, function definitions, the end of the unit; marks of the
//! parser's state.

use super::declarator::Declarator;
use super::specifiers::{Specifiers, Storage};
use super::{Function, KnownField, Loc, Meaning, Parser, Space, UnitUndo};
use crate::ast::{Definition, External, FunctionDef, Linkage, NodeId, NodeOp, ScopeInfo};
use crate::attributes::Attributes;
use crate::check::declare::Declaration;
use crate::token::Tok;
use crate::types::{ArrayLen, Basic, DeclId, FunctionShape, QualTy, Quals, TypeData, TypesMark};
use crate::warnings::{Warning, hook};
use base::ids::Id;
use base::{Name, Pos};

/// A state of the parser's tables between two external declarations: lengths and trail marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    types: TypesMark,
    n_decls: usize,
    n_strings: usize,
    n_symvers: usize,
    n_trail: usize,
    n_unit_trail: usize,
    n_enum_consts: usize,
    n_typedef_pos: usize,
    n_tentative: usize,
    pack: u32,
    n_packs: usize,
    n_weak_names: usize,
    pack_top: u32,
    n_visibilities: usize,
    visibility_top: u32,
}

impl Parser<'_> {
    /// The next external declaration, checked; `None` at the end of the unit. What the last call put into
    /// [`Parser::ast`] is gone.
    pub fn next_external(&mut self) -> Option<External> {
        self.ast.reset();
        self.origins.clear();
        self.sizeofs.clear();
        self.string_pieces.clear();
        loop {
            self.operators = 0;
            match self.tok.kind {
                Tok::Eof => return None,
                Tok::Semi => {
                    let loc = self.loc();
                    if self.pp.options().pedantic {
                        self.warn("pedantic", loc, "ISO C does not allow extra ‘;’ outside of a function");
                    }
                    self.bump();
                }
                Tok::KwExtension => self.bump(),
                Tok::KwAsm => {
                    let pos = self.pos();
                    if let Some(text) = self.file_asm() {
                        return Some(External::Asm(text, pos));
                    }
                }
                Tok::KwStaticAssert => self.static_assert(),
                _ => {
                    let before = (self.tok.pos, self.tok.expansion);
                    let external = self.external_declaration();
                    if self.recovering {
                        self.synchronize();
                        // A `}` too many, or a token nobody takes.
                        if (self.tok.pos, self.tok.expansion) == before || self.at(Tok::RBrace) {
                            self.bump();
                        }
                    }
                    return Some(external);
                }
            }
        }
    }

    fn external_declaration(&mut self) -> External {
        if !self.at_declaration() && !matches!(self.tok.kind, Tok::Identifier | Tok::Star | Tok::LParen) {
            self.missing("expected identifier or ‘(’");
            return External::Declarations;
        }
        let mut specs = Specifiers::none(self.loc());
        self.specifiers(true, &mut specs);
        if specs.storage != Storage::None && self.hooked(hook::DECLARATION) {
            self.lint_storage_place(&specs);
        }
        if self.eat(Tok::Semi) {
            self.empty_declaration(&specs);
            return External::Declarations;
        }
        let mut first = true;
        loop {
            self.params.clear();
            let mut attributes = specs.attributes;
            if self.at(Tok::KwAttribute) {
                self.attributes(&mut attributes);
            }
            let declarator = self.declarator(specs.ty, &mut attributes);
            if self.recovering {
                return External::Declarations;
            }
            if declarator.name.is_none() {
                self.missing("expected identifier or ‘(’");
                return External::Declarations;
            }
            if specs.implicit_int {
                self.implicit_int(&specs, &declarator, first);
            }
            if first && declarator.is_function && specs.storage != Storage::Typedef && self.at_body(&declarator) {
                return self.function_definition(&specs, declarator, attributes);
            }
            if !self.init_declarator(&specs, declarator, attributes) {
                return External::Declarations;
            }
            first = false;
            if self.eat(Tok::Comma) {
                continue;
            }
            if self.at(Tok::Semi) {
                self.bump();
            } else if !self.recovering {
                if declarator.is_function {
                    self.missing("expected ‘=’, ‘,’, ‘;’, ‘asm’ or ‘__attribute__’");
                } else {
                    self.missing("expected ‘,’ or ‘;’");
                }
            }
            return External::Declarations;
        }
    }

    /// `struct s;`, `enum { A };`, or nothing at all.
    pub(super) fn empty_declaration(&mut self, specs: &Specifiers) {
        if !specs.declares_tag {
            let text = match self.types.get(specs.ty) {
                TypeData::Record(_) if specs.storage == Storage::None => return,
                _ if self.types.is_error(specs.ty) => return,
                _ if specs.implicit_int => "empty declaration",
                _ => "useless type name in empty declaration",
            };
            self.warn("", specs.loc, text);
        } else if !matches!(specs.storage, Storage::None | Storage::Extern)
            && matches!(self.types.get(specs.ty), TypeData::Record(_) | TypeData::Enum(_))
        {
            self.warn("", specs.loc, "useless storage class specifier in empty declaration");
        }
    }

    fn implicit_int(&mut self, specs: &Specifiers, declarator: &Declarator, _first: bool) {
        let name = self.text(declarator.name);
        if declarator.is_function {
            self.warn("implicit-int", declarator.loc, "return type defaults to ‘int’");
        } else if specs.storage == Storage::None && specs.attributes.flags == 0 {
            self.warn("", declarator.loc, "data definition has no type or storage class");
            let text = format!("type defaults to ‘int’ in declaration of ‘{name}’");
            self.warn("implicit-int", declarator.loc, &text);
        } else {
            let text = format!("type defaults to ‘int’ in declaration of ‘{name}’");
            self.warn("implicit-int", declarator.loc, &text);
        }
    }

    /// Does a function's body, or the declarations of K&R parameters, follow?
    pub(super) fn at_body(&mut self, declarator: &Declarator) -> bool {
        match self.tok.kind {
            Tok::LBrace => true,
            Tok::KwAttribute | Tok::KwAsm | Tok::Semi | Tok::Comma | Tok::Eq => false,
            _ => declarator.old_style && declarator.params.1 > 0 && self.at_declaration(),
        }
    }

    /// One declarator of a declaration at file level, with its initialiser. False: recovery is needed.
    fn init_declarator(&mut self, specs: &Specifiers, declarator: Declarator, attributes: Attributes) -> bool {
        let mut attributes = attributes;
        let asm_name = self.asm_label();
        self.attributes(&mut attributes);
        let Declarator { name, loc, mut ty, .. } = declarator;
        if attributes.mode.some().is_some() || attributes.vector_size != 0 {
            ty = self.machine_type(ty, &attributes, loc);
        }
        if specs.storage == Storage::Typedef {
            self.declare_typedef(name, ty, loc, &attributes);
            if self.at(Tok::Eq) {
                let text = format!("typedef ‘{}’ is initialized (use ‘__typeof__’ instead)", self.text(name));
                self.error(loc, &text);
                self.recovering = true;
            }
            return !self.recovering;
        }
        if matches!(specs.storage, Storage::Auto | Storage::Register) {
            let word = if specs.storage == Storage::Auto { "auto" } else { "register" };
            let text = if specs.storage == Storage::Register && asm_name.some().is_some() {
                "global register variables are not supported yet".to_string()
            } else {
                format!("file-scope declaration of ‘{}’ specifies ‘{word}’", self.text(name))
            };
            self.error(loc, &text);
        }
        let initialized = self.at(Tok::Eq);
        if specs.auto_type {
            let text = "‘__auto_type’ at file level is not supported yet";
            self.error(loc, text);
            ty = Basic::Error.qual();
        }
        let declaration =
            Declaration { name, ty, loc, specs, attributes: &attributes, asm_name, initialized, body: false };
        let decl = self.declare_linked(&declaration);
        if initialized {
            self.bump();
            if self.types.is_function(ty) {
                let text = format!("function ‘{}’ is initialized like a variable", self.text(name));
                self.error(loc, &text);
                self.recovering = true;
                return false;
            }
            if specs.storage == Storage::Extern {
                let text = format!("‘{}’ initialized and declared ‘extern’", self.text(name));
                self.warn("", loc, &text);
            }
            self.static_initializer(decl, ty, loc);
        }
        !self.recovering
    }

    /// The initialiser of an object with static storage, behind the `=`.
    pub(super) fn static_initializer(&mut self, decl: DeclId, ty: QualTy, loc: Loc) {
        if self.types.is_vla(ty) {
            self.error(loc, "variable-sized object may not be initialized");
        }
        let (ty, init) = self.initializer(ty, loc, true);
        self.unit.decls[decl].ty = ty;
        if self.types.size(ty).is_none() && !self.types.is_error(ty) {
            let text =
                format!("variable ‘{}’ has initializer but incomplete type", self.text(self.unit.decls[decl].name));
            self.error(loc, &text);
            return;
        }
        self.ast.static_inits.push((decl, init));
        self.remember_constant(decl, ty, init);
    }

    /// Keeps the value of `const int x = 3;` for the initialisers of others.
    fn remember_constant(&mut self, decl: DeclId, ty: QualTy, init: u32) {
        let quals = self.types.canon(ty).quals();
        if !quals.has(Quals::CONST) || quals.has(Quals::VOLATILE) || self.types.arith(ty).is_none() {
            return;
        }
        let init = &self.ast.inits[init as usize];
        if init.n == 1 {
            let value = self.ast.init_items[init.first as usize].value;
            let value = crate::consts::evaluate(&self.ast, &self.types, value);
            if let Some(crate::consts::Const::Int(_) | crate::consts::Const::Float(_)) = value {
                self.unit.decls[decl].constant = value;
            }
        }
    }

    /// `asm("name")` behind a declarator.
    pub(super) fn asm_label(&mut self) -> Name {
        if !self.at(Tok::KwAsm) {
            return Name::NONE;
        }
        self.bump();
        if !self.expect(Tok::LParen) {
            return Name::NONE;
        }
        let name = self.plain_string();
        self.expect(Tok::RParen);
        name
    }

    /// The type of the function that is defined behind `declarator`, and of its result. Reads the declarations of an old-style
    /// one, which give its parameters their types. `None`, to recover, when that is no function's declarator.
    pub(super) fn definition_type(&mut self, declarator: &Declarator) -> Option<(QualTy, QualTy)> {
        let &Declarator { mut ty, loc, params: (first, n), old_style, .. } = declarator;
        let (first, n) = (first as usize, n as usize);
        if old_style && n > 0 {
            self.old_style_declarations(first, n);
        }
        let TypeData::Function { ret, .. } = self.types.get(ty) else {
            self.recovering = true;
            return None;
        };
        if old_style {
            self.param_types.clear();
            for idx in first..first + n {
                let promoted = self.promoted_parameter(self.params[idx].ty);
                self.param_types.push(promoted);
            }
            ty = self.types.function(ret, &self.param_types, FunctionShape::Unprototyped);
        }
        if !self.types.is_void(ret) && self.types.size(ret).is_none() {
            self.error(loc, "return type is an incomplete type");
        }
        Some((ty, ret))
    }

    fn function_definition(&mut self, specs: &Specifiers, declarator: Declarator, attributes: Attributes) -> External {
        let Declarator { name, loc, params: (first, n), old_style, .. } = declarator;
        let (first, n) = (first as usize, n as usize);
        let Some((ty, ret)) = self.definition_type(&declarator) else { return External::Declarations };
        let first_decl = self.unit.decls.len();
        let attributes_here = attributes;
        let declaration = Declaration {
            name,
            ty,
            loc,
            specs,
            attributes: &attributes_here,
            asm_name: Name::NONE,
            initialized: false,
            body: true,
        };
        let decl = self.declare_linked(&declaration);
        if name == self.known.main {
            self.check_main(ret, loc);
            if self.hooked(hook::DECLARATION) {
                let params: Vec<_> = self.params[first..first + n].iter().map(|param| param.local).collect();
                self.lint_main(&params, loc);
            }
            self.mark_used(decl);
        }
        let scope = self.open_scope();
        let mut params = Vec::with_capacity(n);
        for idx in first..first + n {
            let param = self.params[idx];
            params.push(param.local);
            self.ast.locals[param.local].ty = param.ty;
            if let Some(name) = param.name.some() {
                if self.hooked(hook::DECLARATION) {
                    self.lint_shadow(name, param.loc);
                }
                self.bind(Space::Ordinary, name, Meaning::Local, param.local.0);
            }
            if self.types.size(param.ty).is_none() && !self.types.is_error(param.ty) {
                let text = format!("parameter {} (‘{}’) has incomplete type", idx - first + 1, self.text(param.name));
                self.error(param.loc, &text);
            }
        }
        self.params.clear();
        let (body, end) = self.function_body(decl, name, ret, &params);
        self.close_scope(scope);
        let Some(function) = self.function.take() else { unreachable!("set by function_body") };
        self.check_labels();
        self.undeclared.clear();
        self.registers.clear();
        let implicit_zero = name == self.known.main && self.types.integer(ret).is_some();
        let def = FunctionDef {
            decl,
            params,
            body,
            end,
            old_style,
            calls_returns_twice: function.calls_returns_twice,
            implicit_zero,
        };
        if self.hooked(hook::TREE | hook::UNUSED) && self.op(body) == NodeOp::Block {
            self.lint_function(&def, ret, first_decl);
        }
        External::Function(def)
    }

    fn function_body(
        &mut self,
        decl: DeclId,
        name: Name,
        ret: QualTy,
        params: &[crate::types::LocalId],
    ) -> (NodeId, Pos) {
        let pos = self.pos();
        self.ast.scopes.push(ScopeInfo { parent: u32::MAX, start: pos, end: pos });
        self.pp.recorder.in_function = true;
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
            scope: 0,
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
        self.expect(Tok::LBrace);
        self.block_items();
        let end = self.pos();
        self.recovering = false;
        self.pp.recorder.in_function = false;
        if !self.at(Tok::RBrace) {
            let last = self.previous().pos;
            let loc = if last.is_none() { self.loc() } else { Loc::at(last) };
            self.syntax_error(loc, "expected declaration or statement at end of input");
            self.recovering = false;
        } else {
            // The next token is read when the function is out of scope: a macro could not tell, a snapshot could.
            self.bump();
        }
        self.ast.scopes[0].end = end;
        let body = self.close_block(first, 0, pos);
        (body, end)
    }

    /// Declarations of K&R parameters, up to the body.
    pub(super) fn old_style_declarations(&mut self, first: usize, n: usize) {
        while self.at_declaration() {
            let mut specs = Specifiers::none(self.loc());
            self.specifiers(true, &mut specs);
            if !matches!(specs.storage, Storage::None | Storage::Register) {
                self.error(specs.storage_loc, "storage class specified for parameter");
            }
            loop {
                if self.at(Tok::Semi) {
                    break;
                }
                let mut attributes = specs.attributes;
                let n_params = self.params.len();
                let declarator = self.declarator(specs.ty, &mut attributes);
                self.params.truncate(n_params);
                self.attributes(&mut attributes);
                let ty = self.adjust_parameter(declarator.ty, crate::types::Quals::NONE);
                let name = declarator.name;
                match self.params[first..first + n].iter_mut().find(|p| p.name == name) {
                    Some(param) if !param.declared => {
                        param.ty = ty;
                        param.loc = declarator.loc;
                        param.declared = true;
                        let local = param.local;
                        self.ast.locals[local].pos = declarator.loc.pos;
                    }
                    Some(_) => {
                        let text = format!("redefinition of parameter ‘{}’", self.text(name));
                        self.error(declarator.loc, &text);
                    }
                    None if name.is_none() => {}
                    None => {
                        let text = format!("declaration for parameter ‘{}’ but no such parameter", self.text(name));
                        self.error(declarator.loc, &text);
                    }
                }
                if !self.eat(Tok::Comma) {
                    break;
                }
            }
            if !self.expect(Tok::Semi) {
                self.synchronize();
            }
        }
        for idx in first..first + n {
            let param = self.params[idx];
            if !param.declared {
                let text = format!("type of ‘{}’ defaults to ‘int’", self.text(param.name));
                self.lint(Warning::MissingParameterType, param.loc, &text);
            }
        }
    }

    /// The type in which an argument for a K&R parameter arrives (6.5.2.2p6).
    pub(super) fn promoted_parameter(&mut self, ty: QualTy) -> QualTy {
        let ty = self.types.unqualified(ty);
        match self.types.arith(ty) {
            Some(Basic::Float) => Basic::Double.qual(),
            Some(b) if b.is_integer() => {
                let promoted = self.promoted_basic(b);
                if promoted == b { ty } else { promoted.qual() }
            }
            _ => ty,
        }
    }

    fn check_main(&mut self, ret: QualTy, loc: Loc) {
        if self.types.get(ret) != TypeData::Basic(Basic::Int) && self.pp.options().hosted {
            self.lint(Warning::Main, loc, "return type of ‘main’ is not ‘int’");
        }
    }

    /// Labels that were used must be there.
    fn check_labels(&mut self) {
        for idx in 0..self.ast.labels.len() {
            let label = self.ast.labels[crate::types::LabelId(idx as u32)];
            if !label.defined && label.owner == 0 {
                let text = format!("label ‘{}’ used but not defined", self.text(label.name));
                self.error(Loc::at(label.pos), &text);
            }
            self.forget_label(label.name);
        }
    }

    /// The end of the unit: tentative definitions become definitions (in [`Ast::static_inits`](crate::ast::Ast)), and
    /// what was promised but never defined is reported.
    pub fn finish(&mut self) {
        self.ast.reset();
        for idx in 0..self.tentative.len() {
            let decl = self.tentative[idx];
            if self.unit.decls[decl].definition == Definition::Tentative {
                self.finish_tentative(decl);
            }
        }
        if self.hooked(hook::UNUSED) {
            self.lint_unused_declarations();
        }
        self.lint_pending();
        if self.hooked(hook::TEXT) {
            self.lint_text();
        }
        for idx in 0..self.unit.decls.len() {
            let decl = DeclId(idx as u32);
            let data = &self.unit.decls[decl];
            if !data.is_function || data.definition != Definition::Declared || data.alias.some().is_some() {
                continue;
            }
            let (pos, name) = (data.pos, data.name);
            if data.linkage == Linkage::Internal && data.used {
                let text = format!("‘{}’ used but never defined", self.text(name));
                self.warn("", Loc::at(pos), &text);
            } else if data.inline_only && data.linkage == Linkage::External && !data.gnu_inline {
                let text = format!("inline function ‘{}’ declared but never defined", self.text(name));
                self.warn("", Loc::at(pos), &text);
            }
        }
    }

    fn finish_tentative(&mut self, decl: DeclId) {
        let data = &self.unit.decls[decl];
        let (mut ty, name, pos) = (data.ty, data.name, data.pos);
        if let TypeData::Array { element, len: ArrayLen::Incomplete } = self.types.get(ty) {
            let text = format!("array ‘{}’ assumed to have one element", self.text(name));
            self.warn("", Loc::at(pos), &text);
            ty = self.types.array(element, 1);
        }
        self.save_decl(decl);
        if self.types.size(ty).is_none() {
            if !self.types.is_error(ty) {
                let text = format!("storage size of ‘{}’ isn’t known", self.text(name));
                self.error(Loc::at(pos), &text);
            }
            return;
        }
        let data = &mut self.unit.decls[decl];
        data.ty = ty;
        data.definition = Definition::Defined;
        self.ast.static_inits.push((decl, u32::MAX));
    }

    // ---- Marks ----

    /// The state now, between two external declarations. One token has been read ahead: that one is not part of it.
    pub fn mark(&self) -> Mark {
        Mark {
            types: self.types.mark(),
            n_decls: self.unit.decls.len(),
            n_strings: self.unit.strings.len(),
            n_symvers: self.unit.symvers.len(),
            n_trail: self.trail.len(),
            n_unit_trail: self.unit_trail.len(),
            n_enum_consts: self.enum_consts.len(),
            n_typedef_pos: self.types.typedef_pos.len(),
            n_tentative: self.tentative.len(),
            pack: self.pack,
            n_packs: self.packs.len(),
            n_weak_names: self.weak_names.len(),
            pack_top: self.pack_top,
            n_visibilities: self.visibilities.len(),
            visibility_top: self.visibility_top,
        }
    }

    /// Forgets everything declared since `mark`.
    pub fn rewind(&mut self, mark: Mark) {
        while self.trail.len() > mark.n_trail {
            let Some(undo) = self.trail.pop() else { break };
            self.cells[undo.name.index()][undo.space as usize] = undo.old;
        }
        while self.unit_trail.len() > mark.n_unit_trail {
            match self.unit_trail.pop() {
                Some(UnitUndo::Linked(name, old)) => self.cells[name.index()][Space::Linked as usize] = old,
                Some(UnitUndo::Used(decl)) => self.unit.decls[decl].used = false,
                Some(UnitUndo::Mentioned(decl)) => self.unit.decls[decl].mentioned = false,
                Some(UnitUndo::Decl(decl, data)) => self.unit.decls[decl] = *data,
                Some(UnitUndo::Record(id, data)) => self.types.records[id] = *data,
                Some(UnitUndo::Enum(id, data)) => self.types.enums[id] = data,
                None => break,
            }
        }
        self.types.rewind(mark.types);
        self.field_cache.fill(KnownField::NONE);
        self.unit.decls.truncate(mark.n_decls);
        self.unit.strings.truncate(mark.n_strings);
        self.unit.symvers.truncate(mark.n_symvers);
        self.enum_consts.truncate(mark.n_enum_consts);
        self.types.typedef_pos.truncate(mark.n_typedef_pos);
        self.tentative.truncate(mark.n_tentative);
        self.pack = mark.pack;
        self.packs.truncate(mark.n_packs);
        self.weak_names.truncate(mark.n_weak_names);
        self.pack_top = mark.pack_top;
        self.visibilities.truncate(mark.n_visibilities);
        self.visibility_top = mark.visibility_top;
        self.ast.reset();
    }

    /// A text of everything that names mean and of all tables, for comparing states.
    pub fn dump_state(&self) -> String {
        use std::fmt::Write;
        let mut out = String::new();
        for (idx, row) in self.cells.iter().enumerate() {
            // Builtins come in as they are met, and stay.
            if row.iter().any(|c| !matches!(c.meaning, Meaning::Nothing | Meaning::Builtin)) {
                let _ = writeln!(out, "{}: {row:?}", self.pp.names.display(Name(idx as u32)));
            }
        }
        for (id, decl) in self.unit.decls.enumerated() {
            let _ = writeln!(out, "{id:?} {decl:?}");
        }
        for (id, record) in self.types.records.enumerated() {
            let _ = writeln!(out, "{id:?} {record:?}");
        }
        for (id, data) in self.types.enums.enumerated() {
            let _ = writeln!(out, "{id:?} {data:?}");
        }
        let _ = writeln!(out, "{:?} {:?}", self.mark(), self.types.data);
        out
    }

    /// Statement that evaluates the length that a parameter was declared with.
    #[cold]
    pub(super) fn length_of_parameter(&mut self, param: crate::types::LocalId, pos: Pos) {
        if let Some(&(_, len)) = self.ast.param_lens.iter().find(|row| row.0 == param) {
            let node = self.node1(NodeOp::VoidCast, Basic::Void.qual(), len, pos);
            let node = self.node1(NodeOp::ExprStmt, Basic::Void.qual(), node, pos);
            self.statements.push(node.0);
        }
    }

    /// Statement that evaluates the sizes of a variably modified type.
    pub(super) fn vla_statement(&mut self, ty: QualTy, pos: Pos) {
        self.ast.types.push(ty);
        let number = self.ast.types.len() as u32 - 1;
        let node = self.node(NodeOp::VlaType, Basic::Void.qual(), number, 0, 0, pos);
        self.statements.push(node.0);
    }
}
