//! Declarations: names that hide others, functions that nothing announced, and the older styles.

use crate::ast::{Definition, Linkage};
use crate::check::declare::Declaration;
use crate::parse::{Cell, Loc, Meaning, Parser, Space};
use crate::types::{DeclId, FunctionShape, LocalId, TypeData};
use crate::warnings::Warning;
use base::Name;
use base::ids::Id;

impl Parser<'_> {
    /// A variable, parameter or typedef name of a block is about to be declared.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_shadow(&mut self, name: Name, loc: Loc) {
        let cell = self.lookup(Space::Ordinary, name);
        if name.is_none() || !self.pp.is_on(Warning::Shadow) || self.is_here(cell) {
            return;
        }
        let what = match cell.meaning {
            Meaning::Local if self.ast.locals[LocalId(cell.value)].param => "a parameter",
            Meaning::Local => "a previous local",
            Meaning::Decl => {
                let data = &self.unit.decls[DeclId(cell.value)];
                if data.linkage == Linkage::None {
                    "a previous local"
                } else if data.is_function {
                    // A function is told only when a variable could be mistaken for it: a pointer to one.
                    return;
                } else {
                    "a global declaration"
                }
            }
            Meaning::EnumConst => "a global declaration",
            _ => return,
        };
        let pos = self.place_of_meaning(cell);
        let text = format!("declaration of ‘{}’ shadows {what}", self.text(name));
        self.lint_note(Warning::Shadow, loc, &text, pos, "shadowed declaration is here");
    }

    /// A function or object with linkage is about to be declared: `linked` is what its name meant before.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_linked(&mut self, d: &Declaration<'_>, linked: Cell, is_function: bool) {
        let name = self.text(d.name);
        if is_function {
            let TypeData::Function { shape, .. } = self.types.get(d.ty) else { return };
            let unprototyped = shape == FunctionShape::Unprototyped;
            if unprototyped {
                let loc = if d.body { d.loc } else { self.line_start(self.previous().pos) };
                self.lint(Warning::StrictPrototypes, loc, "function declaration isn’t a prototype");
            }
            if d.body && unprototyped {
                self.lint(Warning::OldStyleDefinition, d.loc, "old-style function definition");
            }
        }
        let public = d.specs.storage != crate::parse::specifiers::Storage::Static;
        let before = (linked.meaning == Meaning::Decl).then(|| self.unit.decls[DeclId(linked.value)].clone());
        let internal = before.as_ref().is_some_and(|data| data.linkage == Linkage::Internal);
        if d.body && public && !internal && !d.specs.inline && d.name != self.known.main {
            let announced = before.as_ref().filter(|data| !data.implicit);
            let prototype = announced.is_some_and(|data| {
                !matches!(self.types.get(data.ty), TypeData::Function { shape: FunctionShape::Unprototyped, .. })
            });
            if !prototype {
                let text = format!("no previous prototype for ‘{name}’");
                self.lint(Warning::MissingPrototypes, d.loc, &text);
                if announced.is_none() && !self.pp.is_on(Warning::MissingPrototypes) {
                    let text = format!("no previous declaration for ‘{name}’");
                    self.lint(Warning::MissingDeclarations, d.loc, &text);
                }
            }
        }
        let defines = d.initialized || d.specs.storage == crate::parse::specifiers::Storage::None;
        if !is_function && public && self.depth == 0 && defines && before.is_none() {
            let text = format!("no previous declaration for ‘{name}’");
            self.lint(Warning::MissingVariableDeclarations, d.loc, &text);
        }
        if self.depth > 0 && d.specs.storage == crate::parse::specifiers::Storage::Extern {
            self.lint(Warning::NestedExterns, d.loc, &format!("nested extern declaration of ‘{name}’"));
        }
        if let Some(before) = before
            && self.pp.is_on(Warning::RedundantDecls)
            && !before.implicit
            && !d.body
            && !d.initialized
            && (before.definition == Definition::Declared && (is_function || !defines)
                || before.definition == Definition::Defined)
        {
            let note = self.previous_note(d.name, linked);
            let text = format!("redundant redeclaration of ‘{name}’");
            self.lint_note(Warning::RedundantDecls, d.loc, &text, before.pos, &note);
        }
    }

    /// `int static x;`
    #[cold]
    pub(crate) fn lint_storage_place(&mut self, specs: &crate::parse::specifiers::Specifiers) {
        use crate::parse::specifiers::Storage;
        let word = match specs.storage {
            Storage::Static => "static",
            Storage::Extern => "extern",
            Storage::Typedef => "typedef",
            _ => return,
        };
        let first = self.pp.map.bytes(specs.loc.pos, 16);
        let others: [&[u8]; 6] =
            [word.as_bytes(), b"inline", b"__inline", b"_Noreturn", b"__attribute__", b"__extension__"];
        let threads: [&[u8]; 2] = [b"_Thread_local", b"__thread"];
        if specs.loc.expansion != 0 || others.iter().chain(&threads).any(|other| first.starts_with(other)) {
            return;
        }
        let loc = self.line_start(specs.storage_loc.pos);
        self.lint(Warning::OldStyleDeclaration, loc, &format!("‘{word}’ is not at beginning of declaration"));
    }

    /// `const int f (void)`.
    #[cold]
    pub(crate) fn lint_result_qualifiers(&mut self, ret: crate::types::QualTy, loc: Loc) {
        if !self.types.is_void(ret) {
            let text = "type qualifiers ignored on function return type";
            let loc = self.line_start(loc.pos);
            self.lint(Warning::IgnoredQualifiers, loc, text);
        }
    }

    /// `main` has one of two types.
    #[cold]
    pub(crate) fn lint_main(&mut self, params: &[LocalId], loc: Loc) {
        if !matches!(params.len(), 0 | 2 | 3) {
            self.lint(Warning::Main, loc, "‘main’ takes only zero or two arguments");
        }
    }
}
