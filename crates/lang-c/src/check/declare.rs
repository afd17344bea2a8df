//! Declarations against earlier ones (6.2.2, 6.7, 6.9): linkage, redeclaration, merging, typedef names.

use crate::ast::{DeclData, Definition, Linkage};
use crate::attributes::{Attributes, flag};
use crate::parse::specifiers::{Specifiers, Storage};
use crate::parse::{Cell, Loc, Meaning, Parser, Space};
use crate::types::{ArrayLen, DeclId, LocalId, QualTy, TyId, TypeData};
use crate::warnings::hook;
use base::ids::Id;
use base::{Name, Pos};

/// One declarator with everything around it.
pub(crate) struct Declaration<'s> {
    pub name: Name,
    pub ty: QualTy,
    pub loc: Loc,
    pub specs: &'s Specifiers,
    pub attributes: &'s Attributes,
    pub asm_name: Name,
    /// `=` follows.
    pub initialized: bool,
    /// A function's body follows.
    pub body: bool,
}

impl Parser<'_> {
    /// Declares a typedef name.
    pub(crate) fn declare_typedef(&mut self, name: Name, ty: QualTy, loc: Loc, attributes: &Attributes) {
        let cell = self.lookup(Space::Ordinary, name);
        if self.is_here(cell) && cell.meaning != Meaning::Builtin {
            if cell.meaning == Meaning::Typedef {
                let old = QualTy::plain(TyId(cell.value));
                if self.types.compatible(old, ty) {
                    // C11 6.7p3: the same type once more.
                    return;
                }
                let text = format!("conflicting types for ‘{}’; have {}", self.text(name), self.quoted(ty));
                let note = self.previous_note(name, cell);
                let pos = self.place_of_meaning(cell);
                self.error_note(loc, &text, pos, &note);
            } else {
                self.different_kind(name, loc, cell);
            }
            return;
        }
        let id = self.types.typedef(name, ty, attributes.align);
        if self.function.is_some() && self.hooked(hook::UNUSED) && !attributes.has(flag::UNUSED) {
            self.local_typedefs.push((id, name, loc));
        }
        // A record without tag gets its first typedef name's attributes of layout: `transparent_union`.
        if attributes.has(flag::TRANSPARENT_UNION)
            && let TypeData::Record(record) = self.types.get(ty)
        {
            self.types.records[record].transparent = true;
        }
        self.types.typedef_pos.push((id, loc.pos));
        self.bind(Space::Ordinary, name, Meaning::Typedef, id.0);
    }

    #[cold]
    pub(crate) fn different_kind(&mut self, name: Name, loc: Loc, cell: Cell) {
        if cell.meaning == Meaning::Poison {
            return;
        }
        let text = format!("‘{}’ redeclared as different kind of symbol", self.text(name));
        let note = self.previous_note(name, cell);
        let pos = self.place_of_meaning(cell);
        self.error_note(loc, &text, pos, &note);
    }

    /// “previous declaration of ‘x’ with type …”
    pub(crate) fn previous_note(&self, name: Name, cell: Cell) -> String {
        let (ty, defined) = match cell.meaning {
            Meaning::Decl => {
                let data = &self.unit.decls[DeclId(cell.value)];
                (data.ty, data.definition == Definition::Defined)
            }
            Meaning::Local => (self.ast.locals[LocalId(cell.value)].ty, true),
            Meaning::EnumConst => (self.enum_consts[cell.value as usize].ty, true),
            Meaning::Typedef => {
                let ty = QualTy::plain(TyId(cell.value));
                match self.types.data[ty.ty()] {
                    TypeData::Typedef { of, .. } => (of, false),
                    _ => (ty, false),
                }
            }
            _ => return format!("previous declaration of ‘{}’", self.text(name)),
        };
        let word = if defined { "definition" } else { "declaration" };
        format!("previous {word} of ‘{}’ with type {}", self.text(name), self.quoted(ty))
    }

    /// Where a meaning was declared.
    pub(crate) fn place_of_meaning(&self, cell: Cell) -> Pos {
        match cell.meaning {
            Meaning::Decl => self.unit.decls[DeclId(cell.value)].pos,
            Meaning::Local => self.ast.locals[LocalId(cell.value)].pos,
            Meaning::EnumConst => self.enum_consts[cell.value as usize].pos,
            Meaning::Typedef => self.typedef_place(TyId(cell.value)),
            _ => Pos::NONE,
        }
    }

    /// Declares a function or an object with linkage, at file level or in a block (`extern`).
    pub(crate) fn declare_linked(&mut self, d: &Declaration<'_>) -> DeclId {
        let is_function = self.types.is_function(d.ty);
        self.check_declared_type(d, is_function);
        let here = self.meaning_of(d.name);
        if self.is_here(here) && !matches!(here.meaning, Meaning::Decl | Meaning::Builtin) {
            self.different_kind(d.name, d.loc, here);
            // The entity is made nevertheless, under no name.
            return self.new_decl(d, is_function, Linkage::Internal);
        }
        let linked = self.lookup(Space::Linked, d.name);
        if self.hooked(hook::DECLARATION) {
            self.lint_linked(d, linked, is_function);
        }
        let at_file_level = self.depth == 0;
        if linked.meaning != Meaning::Decl {
            let linkage =
                if at_file_level && d.specs.storage == Storage::Static { Linkage::Internal } else { Linkage::External };
            let decl = self.new_decl(d, is_function, linkage);
            // A builtin that is declared (`void *alloca (size_t)`, when that is a macro for it) stays one.
            let builtin = here.meaning == Meaning::Builtin && is_function && !d.body;
            if !builtin {
                self.link(d.name, decl);
                self.bind(Space::Ordinary, d.name, Meaning::Decl, decl.0);
            }
            return decl;
        }
        let decl = DeclId(linked.value);
        let ok = self.merge_declaration(decl, d, is_function, at_file_level);
        if !self.is_here(here) || here.meaning == Meaning::Builtin {
            self.bind(Space::Ordinary, d.name, Meaning::Decl, decl.0);
        }
        if !ok && d.body {
            // A body for a conflicting declaration is still checked, against its own type.
            let other = self.new_decl(d, is_function, Linkage::Internal);
            self.unit.decls[other].linkage = Linkage::None;
            return other;
        }
        decl
    }

    fn check_declared_type(&mut self, d: &Declaration<'_>, is_function: bool) {
        if !is_function {
            if self.types.is_void(d.ty) {
                if d.specs.storage != Storage::Extern {
                    let text = format!("variable or field ‘{}’ declared void", self.text(d.name));
                    self.error(d.loc, &text);
                }
            } else if self.types.is_variably_modified(d.ty) {
                let text = format!("variably modified ‘{}’ at file scope", self.text(d.name));
                self.error(d.loc, &text);
            }
            if d.specs.inline {
                let text = format!("variable ‘{}’ declared ‘inline’", self.text(d.name));
                self.warn("", d.loc, &text);
            }
        }
    }

    fn definition_of(&self, d: &Declaration<'_>, is_function: bool) -> Definition {
        if d.body || d.initialized {
            Definition::Defined
        } else if is_function || d.specs.storage == Storage::Extern || self.depth > 0 {
            Definition::Declared
        } else {
            Definition::Tentative
        }
    }

    /// Is this an inline definition that makes no external one (6.7.4p7; GNU's older rule is the reverse)?
    fn inline_only(&self, d: &Declaration<'_>) -> bool {
        if !d.specs.inline {
            return false;
        }
        let gnu = d.attributes.has(flag::GNU_INLINE) || self.pp.options().gnu_inline();
        (d.specs.storage == Storage::Extern) == gnu && d.specs.storage != Storage::Static
    }

    fn new_decl(&mut self, d: &Declaration<'_>, is_function: bool, linkage: Linkage) -> DeclId {
        let definition = self.definition_of(d, is_function);
        let mut data = blank_decl(d.name, d.ty, d.loc.pos);
        data.linkage = linkage;
        data.definition = definition;
        data.is_function = is_function;
        data.thread_local = d.specs.thread_local;
        data.used = false;
        data.inline_only = is_function && self.inline_only(d);
        data.is_inline = is_function && d.specs.inline;
        data.visibility = self.options.visibility;
        self.apply_visibility(&mut data, d.attributes);
        if let Some(&(_, new)) = self.renamed.iter().find(|renamed| renamed.0 == d.name)
            && linkage == Linkage::External
        {
            data.asm_name = new;
        }
        if !self.weak_names.is_empty() && self.weak_names.contains(&d.name) {
            data.weak = true;
        }
        self.apply_attributes(&mut data, d);
        let decl = self.unit.decls.push(data);
        if definition == Definition::Tentative {
            self.tentative.push(decl);
        }
        decl
    }

    /// An attribute's visibility, else that of `#pragma GCC visibility` around the declaration.
    fn apply_visibility(&mut self, data: &mut DeclData, attributes: &Attributes) {
        let pragma = self.visibility_top.checked_sub(1).map(|entry| self.visibilities[entry as usize].visibility);
        if let Some(visibility) = attributes.visibility.or(pragma) {
            data.visibility = visibility;
            data.visibility_given = true;
        }
    }

    /// What specifiers and attributes add to a declaration.
    fn apply_attributes(&mut self, data: &mut DeclData, d: &Declaration<'_>) {
        let attributes = d.attributes;
        data.noreturn |= d.specs.noreturn || attributes.has(flag::NORETURN);
        data.align = data.align.max(d.specs.alignas).max(attributes.align);
        if d.asm_name.some().is_some() {
            data.asm_name = d.asm_name;
        }
        if attributes.flags == 0
            && attributes.section.is_none()
            && attributes.alias.is_none()
            && attributes.ifunc.is_none()
            && attributes.symver.is_none()
            && attributes.constructor.is_none()
            && attributes.destructor.is_none()
            && attributes.format.is_none()
            && attributes.nonnull == 0
        {
            return;
        }
        data.returns_twice |= attributes.has(flag::RETURNS_TWICE);
        data.weak |= attributes.has(flag::WEAK | flag::WEAKREF);
        data.attribute_used |= attributes.has(flag::USED);
        data.deprecated |= attributes.has(flag::DEPRECATED);
        data.warn_unused_result |= attributes.has(flag::WARN_UNUSED_RESULT);
        data.unused_is_fine |= attributes.has(flag::UNUSED);
        data.format = attributes.format.or(data.format);
        data.nonnull |= attributes.nonnull;
        data.always_inline |= attributes.has(flag::ALWAYS_INLINE);
        data.noinline |= attributes.has(flag::NOINLINE);
        data.gnu_inline |= attributes.has(flag::GNU_INLINE);
        if attributes.section.some().is_some() {
            data.section = attributes.section;
        }
        if attributes.alias.some().is_some() {
            data.alias = attributes.alias;
            if let cell @ Cell { meaning: Meaning::Decl, .. } = self.lookup(Space::Linked, attributes.alias) {
                self.mark_used(DeclId(cell.value));
            }
        }
        if attributes.symver.some().is_some() {
            self.unit.symvers.push((d.name, attributes.symver));
        }
        if attributes.ifunc.some().is_some() {
            data.ifunc = attributes.ifunc;
            if let cell @ Cell { meaning: Meaning::Decl, .. } = self.lookup(Space::Linked, attributes.ifunc) {
                self.mark_used(DeclId(cell.value));
            }
        }
        if attributes.has(flag::COMMON) {
            data.common = Some(true);
        }
        if attributes.has(flag::NO_COMMON) {
            data.common = Some(false);
        }
        data.constructor = attributes.constructor.or(data.constructor);
        data.destructor = attributes.destructor.or(data.destructor);
    }

    /// A further declaration of `decl`. False: it contradicts the earlier one (reported).
    fn merge_declaration(&mut self, decl: DeclId, d: &Declaration<'_>, is_function: bool, at_file_level: bool) -> bool {
        let old = &self.unit.decls[decl];
        let cell = Cell { value: decl.0, depth: 0, meaning: Meaning::Decl };
        let (old_ty, old_pos, old_linkage, old_definition) = (old.ty, old.pos, old.linkage, old.definition);
        // Qualified function types (GNU's old way to say `noreturn`) are the same type.
        let agrees = if is_function {
            self.types.compatible_unqualified(old_ty, d.ty)
        } else {
            self.types.compatible(old_ty, d.ty)
        };
        if !agrees && !self.agrees_in_old_style(old_ty, d.ty) {
            if self.unit.decls[decl].implicit {
                return self.conflict_with_implicit(decl, d);
            }
            let text = if is_function != self.unit.decls[decl].is_function {
                format!("‘{}’ redeclared as different kind of symbol", self.text(d.name))
            } else if self.types.compatible_unqualified(old_ty, d.ty) {
                format!("conflicting type qualifiers for ‘{}’", self.text(d.name))
            } else {
                format!("conflicting types for ‘{}’; have {}", self.text(d.name), self.quoted(d.ty))
            };
            let note = self.previous_note(d.name, cell);
            self.error_note(d.loc, &text, old_pos, &note);
            return false;
        }
        let definition = self.definition_of(d, is_function);
        if definition == Definition::Defined && old_definition == Definition::Defined {
            let old_inline = self.unit.decls[decl].gnu_inline || self.pp.options().gnu_inline();
            let replaceable = self.unit.decls[decl].inline_only && old_inline;
            if !replaceable {
                let text = format!("redefinition of ‘{}’", self.text(d.name));
                let note = self.previous_note(d.name, cell);
                self.error_note(d.loc, &text, old_pos, &note);
                return false;
            }
        }
        if at_file_level {
            let is_static = d.specs.storage == Storage::Static;
            if is_static && old_linkage == Linkage::External {
                if self.unit.decls[decl].implicit {
                    self.save_decl(decl);
                    self.unit.decls[decl].linkage = Linkage::Internal;
                } else {
                    let text = format!("static declaration of ‘{}’ follows non-static declaration", self.text(d.name));
                    let note = self.previous_note(d.name, cell);
                    self.error_note(d.loc, &text, old_pos, &note);
                    return false;
                }
            }
            if d.specs.storage == Storage::None && !is_function && old_linkage == Linkage::Internal {
                let text = format!("non-static declaration of ‘{}’ follows static declaration", self.text(d.name));
                let note = self.previous_note(d.name, cell);
                self.error_note(d.loc, &text, old_pos, &note);
                return false;
            }
        }
        if self.unit.decls[decl].thread_local != d.specs.thread_local && !is_function {
            let (this, other) = if d.specs.thread_local {
                ("thread-local", "non-thread-local")
            } else {
                ("non-thread-local", "thread-local")
            };
            let text = format!("{this} declaration of ‘{}’ follows {other} declaration", self.text(d.name));
            let note = self.previous_note(d.name, cell);
            self.error_note(d.loc, &text, old_pos, &note);
            return false;
        }
        self.save_decl(decl);
        let ty = self.types.composite(old_ty, d.ty);
        // A body's parameters arrive as the definition says, when no prototype says otherwise.
        let inline_only = if d.attributes.has(flag::GNU_INLINE) {
            self.inline_only(d)
        } else if self.unit.decls[decl].gnu_inline && !d.body {
            self.unit.decls[decl].inline_only
        } else if d.body && self.unit.decls[decl].gnu_inline {
            self.inline_only(d)
        } else if self.pp.options().gnu_inline() {
            if d.body { self.inline_only(d) } else { self.unit.decls[decl].inline_only }
        } else {
            self.unit.decls[decl].inline_only && self.inline_only(d)
        };
        let mut data = self.unit.decls[decl].clone();
        data.ty = ty;
        data.implicit = false;
        data.inline_only = inline_only;
        data.is_inline |= d.specs.inline;
        if definition == Definition::Defined {
            data.definition = Definition::Defined;
            data.pos = d.loc.pos;
        } else if definition == Definition::Tentative && data.definition == Definition::Declared {
            data.definition = Definition::Tentative;
            data.pos = d.loc.pos;
            self.tentative.push(decl);
        } else if data.definition == Definition::Declared {
            data.pos = d.loc.pos;
        }
        self.apply_visibility(&mut data, d.attributes);
        self.apply_attributes(&mut data, d);
        self.unit.decls[decl] = data;
        true
    }

    /// A K&R definition whose parameters have the types of the prototype before promotion is accepted, as gcc does.
    fn agrees_in_old_style(&self, old: QualTy, new: QualTy) -> bool {
        use crate::types::FunctionShape;
        match (self.types.get(old), self.types.get(new)) {
            (
                TypeData::Function { ret: a, n_params: n, shape: FunctionShape::Prototype, .. },
                TypeData::Function { ret: b, n_params: m, shape: FunctionShape::Unprototyped, .. },
            ) => n == m && m > 0 && self.types.compatible_unqualified(a, b),
            _ => false,
        }
    }

    /// The declaration that an undeclared function's call made does not agree: gcc warns when only the call was wrong.
    fn conflict_with_implicit(&mut self, decl: DeclId, d: &Declaration<'_>) -> bool {
        let old = &self.unit.decls[decl];
        let pos = old.pos;
        let note =
            format!("previous implicit declaration of ‘{}’ with type {}", self.text(d.name), self.quoted(old.ty));
        let text = format!("conflicting types for ‘{}’; have {}", self.text(d.name), self.quoted(d.ty));
        let same_kind = self.types.is_function(d.ty);
        let returns_void = matches!(self.types.get(d.ty), TypeData::Function { ret, .. } if self.types.is_void(ret));
        if same_kind && returns_void {
            self.warn_note("", d.loc, &text, pos, &note);
            self.save_decl(decl);
            self.unit.decls[decl].ty = d.ty;
            self.unit.decls[decl].implicit = false;
            if d.body {
                self.unit.decls[decl].definition = Definition::Defined;
            }
            return true;
        }
        self.error_note(d.loc, &text, pos, &note);
        false
    }

    /// `#pragma weak name [= target]`.
    /// `#pragma redefine_extname old new`: what is declared as `old` is `new` to the linker.
    pub(crate) fn redefine_name(&mut self, old: Name, new: Name) {
        let cell = self.lookup(Space::Linked, old);
        if cell.meaning == Meaning::Decl {
            let decl = DeclId(cell.value);
            self.save_decl(decl);
            if self.unit.decls[decl].asm_name.is_none() {
                self.unit.decls[decl].asm_name = new;
            }
            return;
        }
        self.renamed.push((old, new));
    }

    pub(crate) fn pragma_weak(&mut self, name: Name, target: Name) {
        let cell = self.lookup(Space::Linked, name);
        if cell.meaning == Meaning::Decl {
            let decl = DeclId(cell.value);
            self.save_decl(decl);
            self.unit.decls[decl].weak = true;
            if target.some().is_some() {
                self.unit.decls[decl].alias = target;
            }
            return;
        }
        // Declared later, or an alias that nothing declares: then it is a symbol of its own with the target's type.
        let known = self.lookup(Space::Linked, target);
        if target.some().is_some() && known.meaning == Meaning::Decl {
            let mut data = self.unit.decls[DeclId(known.value)].clone();
            data.name = name;
            data.alias = target;
            data.weak = true;
            data.definition = Definition::Declared;
            let decl = self.unit.decls.push(data);
            self.link(name, decl);
            self.mark_used(DeclId(known.value));
        } else {
            self.weak_names.push(name);
        }
    }

    /// The storage of a local variable must be known.
    pub(crate) fn check_local_size(&mut self, name: Name, ty: QualTy, loc: Loc) -> QualTy {
        if self.types.is_error(ty) || self.types.size(ty).is_some() && !self.types.is_void(ty) || self.types.is_vla(ty)
        {
            return ty;
        }
        let text = if self.types.is_void(ty) {
            format!("variable or field ‘{}’ declared void", self.text(name))
        } else if matches!(self.types.get(ty), TypeData::Array { len: ArrayLen::Incomplete, .. }) {
            format!("array size missing in ‘{}’", self.text(name))
        } else {
            format!("storage size of ‘{}’ isn’t known", self.text(name))
        };
        self.error(loc, &text);
        crate::types::Basic::Error.qual()
    }
}

/// A declaration about which nothing is known but name, type and place.
pub(crate) fn blank_decl(name: Name, ty: QualTy, pos: Pos) -> DeclData {
    DeclData {
        name,
        ty,
        pos,
        linkage: Linkage::External,
        definition: Definition::Declared,
        is_function: false,
        thread_local: false,
        used: false,
        inline_only: false,
        is_inline: false,
        noreturn: false,
        returns_twice: false,
        weak: false,
        visibility: crate::ast::Visibility::Default,
        visibility_given: false,
        align: 0,
        common: None,
        constructor: None,
        destructor: None,
        asm_name: Name::NONE,
        section: Name::NONE,
        alias: Name::NONE,
        attribute_used: false,
        deprecated: false,
        warn_unused_result: false,
        unused_is_fine: false,
        mentioned: false,
        format: None,
        nonnull: 0,
        always_inline: false,
        gnu_inline: false,
        noinline: false,
        ifunc: Name::NONE,
        implicit: false,
        nested: 0,
        constant: None,
    }
}
