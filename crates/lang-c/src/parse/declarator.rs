//! Declarators (6.7.6): read as a list of steps from the name outwards, then applied to the base type from the far end.

use super::specifiers::{Specifiers, Storage};
use super::{Loc, Meaning, Parser, Space};
use crate::ast::LocalData;
use crate::attributes::Attributes;
use crate::token::Tok;
use crate::types::{ArrayLen, Basic, FunctionShape, LocalId, QualTy, Quals, TypeData};
use crate::warnings::hook;
use base::Name;
use base::ids::Id;

/// One step of a declarator.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    Pointer(Quals),
    Array {
        len: ArrayLen,
        big: u64,
        /// Qualifiers in the brackets of a parameter.
        quals: Quals,
        loc: Loc,
    },
    /// Parameters `first..first + n` of [`Parser::params`].
    Function {
        first: u32,
        n: u32,
        shape: FunctionShape,
        loc: Loc,
    },
}

/// A parameter as declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Param {
    pub name: Name,
    /// Adjusted.
    pub ty: QualTy,
    pub local: LocalId,
    pub loc: Loc,
    /// K&R: its declaration was seen.
    pub declared: bool,
}

/// A whole declarator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declarator {
    pub name: Name,
    pub loc: Loc,
    pub ty: QualTy,
    /// The parameters of the function declared, when the outermost step is one: `first..first + n` of [`Parser::params`].
    pub params: (u32, u32),
    pub is_function: bool,
    /// A list of names without types, or none: `f()`, `f(a, b)`.
    pub old_style: bool,
}

impl Parser<'_> {
    /// A declarator, named or abstract, applied to `base`. Leaves its parameters in [`Parser::params`] for a definition;
    /// the caller truncates.
    pub(crate) fn declarator(&mut self, base: QualTy, attributes: &mut Attributes) -> Declarator {
        let loc = self.loc();
        self.declared = (Name::NONE, loc);
        let mut declarator =
            Declarator { name: Name::NONE, loc, ty: base, params: (0, 0), is_function: false, old_style: false };
        // Pointers bind last: they are the first that is made of the base type.
        loop {
            match self.tok.kind {
                Tok::Star => {
                    self.bump();
                    let quals = self.pointer_qualifiers(attributes);
                    declarator.ty = self.pointer_step(quals, declarator.ty);
                }
                Tok::KwAttribute => self.attributes(attributes),
                Tok::KwExtension => self.bump(),
                _ => break,
            }
        }
        let named = self.at(Tok::Identifier);
        if named {
            self.declarator_name(&mut declarator);
        }
        // Nearly all declarators are a name, perhaps with pointers before it.
        if matches!(self.tok.kind, Tok::LParen | Tok::LBracket) {
            self.whole_declarator(&mut declarator, named, attributes);
        }
        declarator
    }

    #[inline]
    fn declarator_name(&mut self, declarator: &mut Declarator) {
        declarator.name = Name(self.tok.value);
        declarator.loc = self.loc();
        self.declared = (declarator.name, declarator.loc);
        self.bump();
    }

    /// What stands behind the pointers and, when it is `named`, the name; applied to the type so far.
    #[inline(never)]
    fn whole_declarator(&mut self, declarator: &mut Declarator, named: bool, attributes: &mut Attributes) {
        if !self.enter() {
            return;
        }
        let first_op = self.declarator_ops.len();
        if !named {
            self.nested_declarator(declarator, attributes);
        }
        self.declarator_suffixes(attributes);
        self.leave();
        if let Some(Op::Function { first, n, shape, .. }) = self.declarator_ops.get(first_op).copied() {
            declarator.is_function = true;
            declarator.params = (first, n);
            declarator.old_style = shape == FunctionShape::Unprototyped;
        }
        while self.declarator_ops.len() > first_op {
            let Some(op) = self.declarator_ops.pop() else { break };
            declarator.ty = self.apply(op, declarator.ty, declarator.name);
        }
    }

    /// For callers that need only the type and name.
    pub(super) fn declarator_type(&mut self, base: QualTy) -> (QualTy, Name, Loc) {
        let mut ignored = Attributes::NONE;
        self.declarator_type_attributed(base, &mut ignored)
    }

    pub(super) fn declarator_type_attributed(
        &mut self,
        base: QualTy,
        attributes: &mut Attributes,
    ) -> (QualTy, Name, Loc) {
        let n_params = self.params.len();
        let declarator = self.declarator(base, attributes);
        self.params.truncate(n_params);
        (declarator.ty, declarator.name, declarator.loc)
    }

    fn declarator_steps(&mut self, declarator: &mut Declarator, attributes: &mut Attributes) {
        if !self.enter() {
            return;
        }
        // Pointers bind last: remembered here, pushed behind everything else.
        let mut pointers = [Quals::NONE; 8];
        let mut n_pointers = 0;
        let mut more: Vec<Quals> = Vec::new();
        loop {
            match self.tok.kind {
                Tok::Star => {
                    self.bump();
                    let quals = self.pointer_qualifiers(attributes);
                    if n_pointers < pointers.len() {
                        pointers[n_pointers] = quals;
                        n_pointers += 1;
                    } else {
                        more.push(quals);
                    }
                }
                Tok::KwAttribute => self.attributes(attributes),
                Tok::KwExtension => self.bump(),
                _ => break,
            }
        }
        match self.tok.kind {
            Tok::Identifier => self.declarator_name(declarator),
            Tok::LParen => self.nested_declarator(declarator, attributes),
            _ => {}
        }
        self.declarator_suffixes(attributes);
        while let Some(quals) = more.pop() {
            self.declarator_ops.push(Op::Pointer(quals));
        }
        for idx in (0..n_pointers).rev() {
            self.declarator_ops.push(Op::Pointer(pointers[idx]));
        }
        self.leave();
    }

    /// A declarator in parentheses, if they are that: in an abstract one they may hold parameters.
    fn nested_declarator(&mut self, declarator: &mut Declarator, attributes: &mut Attributes) {
        if !self.at(Tok::LParen) {
            return;
        }
        let next = self.peek();
        let nested = match next.kind {
            Tok::Star | Tok::LParen | Tok::LBracket | Tok::Caret => true,
            Tok::KwAttribute => true,
            Tok::Identifier => self.lookup(Space::Ordinary, Name(next.value)).meaning != Meaning::Typedef,
            _ => false,
        };
        if nested {
            self.bump();
            self.attributes(attributes);
            self.declarator_steps(declarator, attributes);
            self.expect(Tok::RParen);
        }
    }

    /// Arrays and parameters behind a name.
    fn declarator_suffixes(&mut self, attributes: &mut Attributes) {
        loop {
            let kind = self.tok.kind;
            match kind {
                Tok::LBracket if self.peek().kind == Tok::LBracket => self.standard_attributes(attributes),
                Tok::LBracket => self.array_step(),
                Tok::LParen => self.function_step(),
                _ => break,
            }
            if self.recovering {
                break;
            }
        }
    }

    #[inline]
    fn pointer_qualifiers(&mut self, attributes: &mut Attributes) -> Quals {
        match self.tok.kind {
            Tok::KwConst | Tok::KwVolatile | Tok::KwRestrict | Tok::KwAtomic | Tok::KwAttribute => {
                self.some_qualifiers(attributes)
            }
            _ => Quals::NONE,
        }
    }

    #[inline(never)]
    fn some_qualifiers(&mut self, attributes: &mut Attributes) -> Quals {
        let mut quals = Quals::NONE;
        loop {
            quals = quals.with(match self.tok.kind {
                Tok::KwConst => Quals::CONST,
                Tok::KwVolatile => Quals::VOLATILE,
                Tok::KwRestrict => Quals::RESTRICT,
                Tok::KwAtomic => Quals::ATOMIC,
                Tok::KwAttribute => {
                    self.attributes(attributes);
                    continue;
                }
                _ => return quals,
            });
            self.bump();
        }
    }

    fn array_step(&mut self) {
        let loc = if self.declared.0.is_none() { self.loc() } else { self.declared.1 };
        self.bump();
        let mut quals = Quals::NONE;
        loop {
            quals = quals.with(match self.tok.kind {
                Tok::KwConst => Quals::CONST,
                Tok::KwVolatile => Quals::VOLATILE,
                Tok::KwRestrict => Quals::RESTRICT,
                Tok::KwAtomic => Quals::ATOMIC,
                Tok::KwStatic => Quals::NONE,
                _ => break,
            });
            self.bump();
        }
        let mut big = 0;
        let star = self.at(Tok::Star) && self.peek().kind == Tok::RBracket;
        let len = match self.tok.kind {
            Tok::RBracket => ArrayLen::Incomplete,
            Tok::Star if star => {
                self.bump();
                ArrayLen::Star
            }
            _ => {
                let (len, n) = self.array_length();
                big = n;
                len
            }
        };
        self.expect(Tok::RBracket);
        self.declarator_ops.push(Op::Array { len, big, quals, loc });
    }

    /// The length in brackets: a constant, or an expression kept for the run time.
    fn array_length(&mut self) -> (ArrayLen, u64) {
        let (name, loc) = self.declared;
        let before = self.ast.nodes.len();
        let node = self.assignment_value();
        let ty = self.ty(node);
        let Some(basic) = self.types.integer(ty) else {
            if !self.types.is_error(ty) && !self.recovering {
                self.bad_length(name, loc, "has non-integer type");
            }
            return (ArrayLen::Fixed(1), 1);
        };
        if basic == Basic::Error {
            return (ArrayLen::Fixed(1), 1);
        }
        match self.int_value(node) {
            Some(n) => {
                self.ast.nodes.truncate(before);
                if n < 0 {
                    self.bad_length(name, loc, "is negative");
                    return (ArrayLen::Fixed(1), 1);
                }
                match u64::try_from(n).ok().filter(|&n| n <= i64::MAX as u64) {
                    Some(n) => match u32::try_from(n) {
                        Ok(short) => (ArrayLen::Fixed(short), n),
                        Err(_) => (ArrayLen::Big(0), n),
                    },
                    None => {
                        self.bad_length(name, loc, "is too large");
                        (ArrayLen::Fixed(1), 1)
                    }
                }
            }
            None => {
                if self.function.is_none() && self.depth == 0 {
                    self.error(loc, &format!("variably modified ‘{}’ at file scope", self.text(name)));
                    return (ArrayLen::Fixed(1), 1);
                }
                let size_ty = self.types.size_ty();
                let node = self.convert(node, size_ty);
                self.ast.vla_lens.push(node);
                self.ast.vla_owners.push(self.current);
                (ArrayLen::Variable(self.ast.vla_lens.len() as u32 - 1), 0)
            }
        }
    }

    #[cold]
    fn bad_length(&mut self, name: Name, loc: Loc, what: &str) {
        let text = if name.is_none() {
            format!("size of unnamed array {what}")
        } else {
            format!("size of array ‘{}’ {what}", self.text(name))
        };
        self.error(loc, &text);
    }

    fn function_step(&mut self) {
        let loc = self.loc();
        self.bump();
        let first = self.params.len() as u32;
        if self.at(Tok::RParen) {
            self.bump();
            let shape = if self.pp.options().standard.year >= 2023 {
                FunctionShape::Prototype
            } else {
                FunctionShape::Unprototyped
            };
            self.declarator_ops.push(Op::Function { first, n: 0, shape, loc });
            return;
        }
        // `f(a, b)`: K&R, names only.
        if self.at(Tok::Identifier) && !self.at_type() && matches!(self.peek().kind, Tok::Comma | Tok::RParen) {
            self.old_style_names();
            let n = self.params.len() as u32 - first;
            self.expect(Tok::RParen);
            self.declarator_ops.push(Op::Function { first, n, shape: FunctionShape::Unprototyped, loc });
            return;
        }
        let scope = self.open_scope();
        let variadic = self.parameter_list(first as usize);
        self.close_scope(scope);
        self.expect(Tok::RParen);
        let n = self.params.len() as u32 - first;
        if n > u32::from(u16::MAX) {
            self.error(loc, "functions of more than 65535 parameters are not supported");
        }
        let shape = if variadic { FunctionShape::Variadic } else { FunctionShape::Prototype };
        self.declarator_ops.push(Op::Function { first, n, shape, loc });
    }

    fn old_style_names(&mut self) {
        loop {
            if !self.at(Tok::Identifier) {
                return self.missing("expected identifier");
            }
            let loc = self.loc();
            let name = Name(self.tok.value);
            let local = self.new_local(name, Basic::Int.qual(), true);
            self.params.push(Param { name, ty: Basic::Int.qual(), local, loc, declared: false });
            self.bump();
            if !self.eat(Tok::Comma) {
                return;
            }
        }
    }

    /// Parameters up to the closing parenthesis; true: `...` ends them.
    fn parameter_list(&mut self, first: usize) -> bool {
        // Inner declarators push and drop parameters of their own: collected here by declaration order.
        loop {
            if self.at(Tok::Ellipsis) {
                if self.params.len() == first {
                    let loc = self.loc();
                    self.error(loc, "ISO C requires a named argument before ‘...’");
                }
                self.bump();
                return true;
            }
            if !self.at_declaration() {
                if !self.at(Tok::Identifier) {
                    self.missing("expected declaration specifiers or ‘...’");
                    self.skip_to_end_of_nesting();
                    return false;
                }
                self.report_unknown_type();
                self.bump();
                self.parameter_after(Basic::Error.qual(), &mut { Attributes::NONE });
            } else {
                let mut specs = Specifiers::none(self.loc());
                self.specifiers(true, &mut specs);
                if !matches!(specs.storage, Storage::None | Storage::Register) {
                    self.error(specs.storage_loc, "storage class specified for parameter");
                }
                if specs.implicit_int && !self.recovering {
                    self.warn("implicit-int", specs.loc, "type defaults to ‘int’ in declaration of parameter");
                }
                specs.attributes.align = 0;
                let only_void = self.at(Tok::RParen)
                    && self.params.len() == first
                    && self.types.is_void(specs.ty)
                    && specs.ty.quals() == Quals::NONE;
                if only_void {
                    return false;
                }
                self.parameter_after(specs.ty, &mut specs.attributes);
            }
            if self.recovering {
                self.skip_to_end_of_nesting();
                return false;
            }
            if !self.eat(Tok::Comma) {
                if !self.at(Tok::RParen) {
                    self.missing("expected ‘;’, ‘,’ or ‘)’");
                    self.skip_to_end_of_nesting();
                }
                return false;
            }
        }
    }

    fn parameter_after(&mut self, base: QualTy, attributes: &mut Attributes) {
        let (ty, name, loc) = self.declarator_type_attributed(base, attributes);
        self.attributes(attributes);
        let mut ty = ty;
        if attributes.mode.some().is_some() || attributes.vector_size != 0 {
            ty = self.machine_type(ty, attributes, loc);
        }
        if self.types.is_void(ty) {
            let text = if name.is_none() {
                "‘void’ must be the only parameter".to_string()
            } else {
                format!("parameter ‘{}’ has incomplete type", self.text(name))
            };
            self.error(loc, &text);
            ty = Basic::Error.qual();
        }
        let is_array = self.types.is_array(ty);
        let mut len = self.qualified_len.take();
        if !self.types.kind(ty).plain_scalar {
            if let TypeData::Array { len: ArrayLen::Variable(number), .. } = self.types.get(ty) {
                len = Some(self.ast.vla_lens[number as usize]);
            }
            ty = self.adjust_parameter(ty, Quals::NONE);
        }
        let local = self.new_local(name, ty, true);
        let data = &mut self.ast.locals[local];
        data.array_param = is_array;
        data.pos = loc.pos;
        data.unused_is_fine = attributes.has(crate::attributes::flag::UNUSED);
        if let Some(len) = len {
            self.ast.param_lens.push((local, len));
        }
        if let Some(n) = name.some() {
            let cell = self.lookup(Space::Ordinary, n);
            if self.is_here(cell) && cell.meaning == Meaning::Local {
                let text = format!("redefinition of parameter ‘{}’", self.text(n));
                let pos = self.place_of_meaning(cell);
                let note = format!("previous definition of ‘{}’ was here", self.text(n));
                self.error_note(loc, &text, pos, &note);
            }
            self.bind(Space::Ordinary, n, Meaning::Local, local.0);
        }
        self.params.push(Param { name, ty, local, loc, declared: true });
    }

    /// Arrays and functions become pointers (6.7.6.3p7, p8).
    pub(crate) fn adjust_parameter(&mut self, ty: QualTy, quals: Quals) -> QualTy {
        match self.types.get(ty) {
            TypeData::Array { element, .. } => self.types.pointer(element).with(quals),
            TypeData::Function { .. } => self.types.pointer(ty),
            _ => ty,
        }
    }

    pub(crate) fn new_local(&mut self, name: Name, ty: QualTy, param: bool) -> LocalId {
        let pos = self.pos();
        let scope = self.function.as_ref().map_or(0, |f| f.scope);
        let owner = self.current;
        let data = LocalData {
            name,
            ty,
            pos,
            param,
            address_taken: false,
            align: 0,
            scope,
            owner,
            captured: false,
            n_uses: 0,
            array_param: false,
            unused_is_fine: false,
            register: Name::NONE,
        };
        self.ast.locals.push(data)
    }

    /// A pointer to what is unknown is unknown itself: nothing more is said about it.
    #[inline]
    fn pointer_step(&mut self, quals: Quals, ty: QualTy) -> QualTy {
        if self.types.is_error(ty) { ty } else { self.types.pointer(ty).with(quals) }
    }

    /// Applies one step to the type behind it.
    fn apply(&mut self, op: Op, ty: QualTy, name: Name) -> QualTy {
        match op {
            Op::Pointer(quals) => self.pointer_step(quals, ty),
            Op::Array { len, big, quals, loc } => {
                if self.types.is_error(ty) {
                    return ty;
                }
                if self.types.is_function(ty) || self.types.is_void(ty) || self.is_incomplete_element(ty) {
                    return self.bad_element(ty, name, loc);
                }
                if quals != Quals::NONE {
                    // Only a parameter has them, and it is a pointer, whose length is still evaluated.
                    if let ArrayLen::Variable(number) = len {
                        self.qualified_len = Some(self.ast.vla_lens[number as usize]);
                    }
                    return self.types.pointer(ty).with(quals);
                }
                if len == ArrayLen::Big(0) {
                    let array = self.types.array(ty, big);
                    return self.checked_array(array, name, loc);
                }
                let array = QualTy::plain(self.types.add(TypeData::Array { element: ty, len }));
                if let ArrayLen::Fixed(n) = len
                    && n > 0xffff
                {
                    return self.checked_array(array, name, loc);
                }
                array
            }
            Op::Function { first, n, shape, loc } => {
                if self.types.is_function(ty) || self.types.is_array(ty) {
                    let what = if self.types.is_function(ty) { "a function" } else { "an array" };
                    let text = format!("‘{}’ declared as function returning {what}", self.text(name));
                    self.error(loc, &text);
                    return Basic::Error.qual();
                }
                self.param_types.clear();
                for idx in first as usize..(first + n) as usize {
                    let ty = self.types.unqualified(self.params[idx].ty);
                    self.param_types.push(ty);
                }
                // A K&R definition's types come with its declarations.
                if shape == FunctionShape::Unprototyped {
                    self.param_types.clear();
                }
                if ty.quals() != Quals::NONE && self.hooked(hook::DECLARATION) {
                    self.lint_result_qualifiers(ty, loc);
                }
                let ret = self.types.unqualified(ty);
                self.types.function(ret, &self.param_types, shape)
            }
        }
    }

    fn is_incomplete_element(&self, ty: QualTy) -> bool {
        match self.types.get(ty) {
            TypeData::Record(id) => !self.types.records[id].complete,
            TypeData::Array { len, .. } => len == ArrayLen::Incomplete,
            _ => false,
        }
    }

    /// Arrays whose size does not fit a signed 64-bit number are refused.
    fn checked_array(&mut self, array: QualTy, name: Name, loc: Loc) -> QualTy {
        if self.types.is_vla(array) || self.types.size(array).is_some_and(|s| s <= i64::MAX as u64) {
            return array;
        }
        let text = format!("size of array ‘{}’ is too large", self.text(name));
        self.error(loc, &text);
        Basic::Error.qual()
    }

    #[cold]
    fn bad_element(&mut self, ty: QualTy, name: Name, loc: Loc) -> QualTy {
        let shown = if name.is_none() { "type name".to_string() } else { format!("‘{}’", self.text(name)) };
        let text = if self.types.is_function(ty) {
            format!("declaration of {shown} as array of functions")
        } else if self.types.is_void(ty) {
            format!("declaration of {shown} as array of voids")
        } else {
            format!("array type has incomplete element type {}", self.quoted(ty))
        };
        self.error(loc, &text);
        Basic::Error.qual()
    }
}
