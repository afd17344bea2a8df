//! Calls (6.5.2.2): identifiers that name functions, arguments against parameters, undeclared functions.

use super::convert::Context;
use super::declare::blank_decl;
use super::suggest;
use crate::ast::{Definition, Linkage, NodeId, NodeOp};
use crate::builtins;
use crate::lint::call::CallFacts;
use crate::parse::{Loc, Meaning, Parser, Space};
use crate::types::{Basic, DeclId, FunctionShape, QualTy, TypeData};
use crate::warnings::hook;
use base::diag::Severity;
use base::ids::Id;
use base::{Diag, Name, Pos, Span};

impl Parser<'_> {
    /// A call of `callee` with the arguments collected in [`Parser::words`] since `from` (rvalues).
    pub(crate) fn call(&mut self, callee: NodeId, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let data = self.ast.nodes[callee];
        if self.types.is_error(data.ty) {
            self.words.truncate(from);
            return self.poison(pos);
        }
        let mut name = Name::NONE;
        let mut decl_pos = Pos::NONE;
        let direct = data.op == NodeOp::Decl && self.types.is_function(data.ty);
        let (function, callee) = if direct {
            let decl = DeclId(data.a);
            name = self.unit.decls[decl].name;
            decl_pos = self.unit.decls[decl].pos;
            if name == self.alloca.0
                && self.unit.decls[decl].definition == Definition::Declared
                && self.words.len() == from + 1
            {
                return self.builtin_call(self.alloca.1, from, loc, pos);
            }
            if self.unit.decls[decl].returns_twice
                && let Some(function) = &mut self.function
            {
                function.calls_returns_twice = true;
            }
            (data.ty, callee)
        } else {
            let callee = self.rvalue(callee);
            let ty = self.ty(callee);
            match self.types.pointee(ty) {
                Some(to) if self.types.is_function(to) => (to, callee),
                _ => {
                    self.not_a_function(data.op, data.a, loc);
                    self.words.truncate(from);
                    return self.poison(pos);
                }
            }
        };
        let TypeData::Function { ret, params, n_params, shape } = self.types.get(function) else {
            self.words.truncate(from);
            return self.poison(pos);
        };
        let n_args = self.words.len() - from;
        let n_params = n_params as usize;
        if shape != FunctionShape::Unprototyped
            && (n_args < n_params || n_args > n_params && shape == FunctionShape::Prototype)
        {
            let few = n_args < n_params;
            self.wrong_count(few, name, loc, decl_pos);
        }
        let n_fixed = if shape == FunctionShape::Unprototyped { 0 } else { n_params.min(n_args) };
        for idx in 0..n_fixed {
            let arg = NodeId(self.words[from + idx]);
            let to = self.types.lists[params as usize + idx];
            if self.ty(arg) != to {
                let context = Context::Argument { name, number: idx as u32 + 1, pos: decl_pos };
                self.words[from + idx] = self.assign_convert(arg, to, &context).0;
            }
        }
        for idx in n_fixed..n_args {
            let arg = NodeId(self.words[from + idx]);
            if self.types.is_void(self.ty(arg)) {
                let loc = self.loc_of(arg);
                self.error(loc, "invalid use of void expression");
            }
            self.words[from + idx] = self.promote_argument(arg).0;
        }
        if !self.types.is_void(ret) && self.types.size(ret).is_none() && !self.types.is_error(ret) {
            let text = format!("invalid use of incomplete type {}", self.quoted(ret));
            self.error(loc, &text);
        }
        if direct && self.hooked(hook::CALL) {
            self.lint_call(&CallFacts { decl: DeclId(data.a), loc, from });
        }
        let list = self.list_from(from);
        let node = self.node(NodeOp::Call, ret, callee.0, list, 0, pos);
        self.spelled_at(node, loc);
        node
    }

    #[cold]
    fn wrong_count(&mut self, few: bool, name: Name, loc: Loc, decl_pos: Pos) {
        let what = if few { "few" } else { "many" };
        let text = if name.is_none() {
            format!("too {what} arguments to function call")
        } else {
            format!("too {what} arguments to function {}", self.callee(name))
        };
        self.error_note(loc, &text, decl_pos, "declared here");
    }

    #[cold]
    fn not_a_function(&mut self, op: NodeOp, a: u32, loc: Loc) {
        let (name, pos) = match op {
            NodeOp::Local => {
                let local = &self.ast.locals[crate::types::LocalId(a)];
                (local.name, local.pos)
            }
            NodeOp::Decl => {
                let decl = &self.unit.decls[DeclId(a)];
                (decl.name, decl.pos)
            }
            _ => (Name::NONE, Pos::NONE),
        };
        if name.is_none() {
            return self.error(loc, "called object is not a function or function pointer");
        }
        let text = format!("called object ‘{}’ is not a function or function pointer", self.text(name));
        self.error_note(loc, &text, pos, "declared here");
    }

    /// What an identifier means in an expression. `call`: a `(` follows.
    #[inline(always)]
    pub(crate) fn identifier(&mut self, name: Name, call: bool, loc: Loc, pos: Pos) -> NodeId {
        let cell = self.lookup(Space::Ordinary, name);
        match cell.meaning {
            Meaning::Local => {
                let local = &mut self.ast.locals[crate::types::LocalId(cell.value)];
                local.n_uses += 1;
                let ty = local.ty;
                if local.owner != self.current {
                    self.capture(crate::types::LocalId(cell.value));
                }
                self.node(NodeOp::Local, ty, cell.value, 0, 0, pos)
            }
            Meaning::Decl => {
                let decl = DeclId(cell.value);
                self.mark_used(decl);
                let data = &self.unit.decls[decl];
                let (ty, deprecated) = (data.ty, data.deprecated);
                if !data.mentioned {
                    self.mention(decl);
                }
                if deprecated {
                    self.warn_deprecated(decl, loc);
                }
                self.node(NodeOp::Decl, ty, cell.value, 0, 0, pos)
            }
            Meaning::EnumConst => {
                let constant = self.enum_consts[cell.value as usize];
                self.mark_enum_used(constant.of);
                if constant.ty == Basic::Int.qual() {
                    // It fits: nothing is to be wrapped.
                    let bits = constant.value as u64;
                    return self.node(NodeOp::IntConst, constant.ty, bits as u32, (bits >> 32) as u32, 0, pos);
                }
                self.int_node(constant.value, constant.ty, pos)
            }
            _ => self.other_identifier(name, call, loc, pos),
        }
    }

    #[cold]
    fn warn_deprecated(&mut self, decl: DeclId, loc: Loc) {
        let data = &self.unit.decls[decl];
        let (name, pos) = (data.name, data.pos);
        let text = format!("‘{}’ is deprecated", self.text(name));
        self.warn_note("deprecated-declarations", loc, &text, pos, "declared here");
    }

    #[inline(never)]
    fn other_identifier(&mut self, name: Name, call: bool, loc: Loc, pos: Pos) -> NodeId {
        let cell = self.meaning_of(name);
        match cell.meaning {
            Meaning::Builtin if call && !matches!(builtins::row(cell.value).how, builtins::How::Library(..)) => {
                return self.builtin_arguments(cell.value, loc, pos);
            }
            Meaning::Builtin => return self.builtin_designator(cell.value, loc, pos),
            Meaning::Typedef => {
                let text = format!("expected expression before ‘{}’", self.text(name));
                self.syntax_error(loc, &text);
                return self.poison(pos);
            }
            Meaning::Poison => return self.poison(pos),
            _ => {}
        }
        if self.known.func.contains(&name) && self.function.is_some() {
            return self.function_name(pos);
        }
        if call {
            let table = self.pp.options().machine_builtins;
            return match builtins::machine(table, &self.text(name)) {
                Some(number) => self.machine_builtin(number, loc, pos),
                None => self.implicit_function(name, loc, pos),
            };
        }
        self.undeclared_identifier(name, loc);
        self.poison(pos)
    }

    /// The function that a builtin is another name of.
    fn builtin_designator(&mut self, number: u32, loc: Loc, pos: Pos) -> NodeId {
        let row = builtins::row(number);
        match row.how {
            builtins::How::Library(target, signature) => {
                let decl = self.library_function(target, signature);
                self.mark_used(decl);
                let ty = self.unit.decls[decl].ty;
                self.node(NodeOp::Decl, ty, decl.0, 0, 0, pos)
            }
            _ => {
                let text = format!("builtin function ‘{}’ must be directly called", row.name);
                self.error(loc, &text);
                self.poison(pos)
            }
        }
    }

    /// The library function of this name, declared when it is not.
    pub(crate) fn library_function(&mut self, target: &str, signature: &str) -> DeclId {
        let name = self.pp.names.intern(target.as_bytes());
        let cell = self.lookup(Space::Linked, name);
        if cell.meaning == Meaning::Decl {
            return DeclId(cell.value);
        }
        let va_list = self.va_list;
        let ty = builtins::signature(&mut self.types, signature, va_list);
        let mut data = blank_decl(name, ty, Pos::NONE);
        data.is_function = true;
        data.implicit = true;
        let decl = self.unit.decls.push(data);
        self.link(name, decl);
        decl
    }

    /// `f(…)` where nothing declares `f` (C89; a warning since).
    #[cold]
    #[inline(never)]
    fn implicit_function(&mut self, name: Name, loc: Loc, pos: Pos) -> NodeId {
        let text = self.text(name);
        let linked = self.lookup(Space::Linked, name);
        let known = builtins::LIBRARY.iter().find(|row| row.0 == text);
        let warn = self.pp.options().standard.year >= 1999;
        if warn && linked.meaning != Meaning::Decl {
            let mut message = format!("implicit declaration of function ‘{text}’");
            if known.is_none()
                && suggest::header_of(text.as_bytes()).is_none()
                && let Some(other) = self.similar_name(name, false)
            {
                message.push_str(&format!("; did you mean ‘{other}’?"));
            }
            let hosted = self.pp.options().hosted;
            match known.filter(|_| hosted) {
                Some(row) => {
                    let start = self.header_place(row.2, loc);
                    let note = format!("include ‘{}’ or provide a declaration of ‘{text}’", row.2);
                    self.warn_note("implicit-function-declaration", loc, &message, start, &note);
                }
                None => match suggest::header_of(self.pp.names.text(name)) {
                    Some(header) => {
                        let note = suggest::header_note(&text, header);
                        let place = self.header_place(header, loc);
                        self.warn_note("implicit-function-declaration", loc, &message, place, &note);
                    }
                    None => self.warn("implicit-function-declaration", loc, &message),
                },
            }
        }
        let decl = if linked.meaning == Meaning::Decl {
            DeclId(linked.value)
        } else if let Some(&(_, signature, header)) = known.filter(|_| self.pp.options().hosted) {
            let decl = self.library_function(&text, signature);
            let assumed = self.types.function(Basic::Int.qual(), &[], FunctionShape::Unprototyped);
            if warn && !self.types.compatible(assumed, self.unit.decls[decl].ty) {
                let diag = Diag::warning(
                    "builtin-declaration-mismatch",
                    Span::NONE,
                    format!("incompatible implicit declaration of built-in function ‘{text}’"),
                );
                let diag = self.pp.locate(diag, loc.pos, loc.expansion);
                let note = format!("include ‘{header}’ or provide a declaration of ‘{text}’");
                let (span, at) = (diag.span, self.pp.user_pos(loc.pos, loc.expansion));
                self.pp.report_for(diag.note(Span::at(span.lo), note), at);
            }
            decl
        } else {
            let ty = self.types.function(Basic::Int.qual(), &[], FunctionShape::Unprototyped);
            let mut data = blank_decl(name, ty, loc.pos);
            data.is_function = true;
            data.implicit = true;
            data.linkage = Linkage::External;
            let decl = self.unit.decls.push(data);
            self.link(name, decl);
            decl
        };
        // Known from here on to the end of the block.
        self.bind(Space::Ordinary, name, Meaning::Decl, decl.0);
        self.mark_used(decl);
        let ty = self.unit.decls[decl].ty;
        self.node(NodeOp::Decl, ty, decl.0, 0, 0, pos)
    }

    /// Where the note that asks for `header` stands: the first one where the line belongs, the start of the file.
    pub(crate) fn header_place(&mut self, header: &'static str, loc: Loc) -> Pos {
        if self.headers_named.contains(&header) {
            return loc.pos;
        }
        self.headers_named.push(header);
        self.pp.map.file_of(loc.pos).map_or(loc.pos, |file| self.pp.map.start(file))
    }

    #[cold]
    fn undeclared_identifier(&mut self, name: Name, loc: Loc) {
        if self.undeclared.contains(&name) {
            return;
        }
        let mut text = format!("‘{}’ undeclared", self.text(name));
        if self.function.is_some() {
            text.push_str(" (first use in this function)");
        } else {
            text.push_str(" here (not in a function)");
        }
        let header = suggest::header_of(self.pp.names.text(name));
        let meant = if header.is_none() { self.similar_name(name, false) } else { None };
        if let Some(other) = &meant {
            text.push_str(&format!("; did you mean ‘{other}’?"));
        }
        if let Some(header) = header {
            let note = suggest::header_note(&self.text(name), header);
            let place = self.header_place(header, loc);
            self.error_note(loc, &text, place, &note);
            if self.undeclared.is_empty() && self.function.is_some() {
                let note = "each undeclared identifier is reported only once for each function it appears in";
                let diag = Diag { severity: Severity::Note, ..Diag::error(Span::NONE, note) };
                let diag = self.pp.locate(diag, loc.pos, loc.expansion);
                self.pp.report(diag);
            }
        } else if self.undeclared.is_empty() && self.function.is_some() {
            let note = "each undeclared identifier is reported only once for each function it appears in";
            self.error_with(loc, &text, |diag| meant_instead(diag, loc, meant).note(Span::at(loc.pos), note));
        } else {
            self.error_with(loc, &text, |diag| meant_instead(diag, loc, meant));
        }
        self.undeclared.push(name);
    }

    /// `__func__` (6.4.2.2): a static array of the function's name.
    fn function_name(&mut self, pos: Pos) -> NodeId {
        let Some(function) = &self.function else { return self.poison(pos) };
        let (decl, function_name) = (function.name_decl, function.name);
        if !decl.is_none() {
            let ty = self.unit.decls[decl].ty;
            self.mark_used(decl);
            return self.node(NodeOp::Decl, ty, decl.0, 0, 0, pos);
        }
        let mut bytes = self.pp.names.text(function_name).to_vec();
        bytes.push(0);
        let len = bytes.len() as u64;
        let element = Basic::Char.qual().with(crate::types::Quals::CONST);
        let ty: QualTy = self.types.array(element, len);
        if self.unevaluated > 0 {
            // Nothing of it may stay: the tree of `sizeof` is dropped.
            let string = self.unit.strings.push(crate::ast::StrData { bytes: bytes.into(), char_size: 1 });
            return self.node(NodeOp::Str, ty, string.0, 0, 0, pos);
        }
        let mut data = blank_decl(self.known.func[0], ty, pos);
        data.linkage = Linkage::None;
        data.definition = crate::ast::Definition::Defined;
        data.used = true;
        data.unused_is_fine = true;
        let decl = self.unit.decls.push(data);
        let string = self.unit.strings.push(crate::ast::StrData { bytes: bytes.into(), char_size: 1 });
        let value = self.node(NodeOp::Str, ty, string.0, 0, 0, pos);
        let init = self.single_init(value, ty);
        self.ast.static_inits.push((decl, init));
        if let Some(function) = &mut self.function {
            function.name_decl = decl;
        }
        self.node(NodeOp::Decl, ty, decl.0, 0, 0, pos)
    }
}

/// Offers the name that was meant in place of the one that stands at `loc`.
pub(crate) fn meant_instead(diag: Diag, loc: Loc, meant: Option<String>) -> Diag {
    let span = diag.span;
    match meant {
        Some(other) if loc.expansion == 0 => diag.fixit(span, other),
        _ => diag,
    }
}
