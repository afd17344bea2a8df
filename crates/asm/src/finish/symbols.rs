//! Symbols of assembly text become symbols of the object: bindings, sizes, versions, and what C says of the same names.

use super::Host;
use super::place::Layout;
use super::value::{Base, Outcome};
use crate::expr::Expr;
use crate::symbols::{NEEDED, PRIVATE, Place, REMOVED, SIGNATURE, SymRef, USED, VERSION, WEAKREF};
use crate::unit::Assembler;
use base::Id;
use obj::{Binding, SectionFlags, SymId, SymbolDef, SymbolKind};

impl Assembler {
    /// The symbol of the object for `symbol`.
    pub(crate) fn object(&mut self, symbol: SymRef, host: &mut dyn Host) -> SymId {
        let sym = *self.tables.sym(symbol);
        if !sym.object.is_none() {
            return sym.object;
        }
        let name = self.tables.spelling(symbol);
        let known = match sym.place {
            Place::Object(known) => Some(known),
            _ if name.is_empty() => None,
            _ => host.symbol(name),
        };
        let id = known.unwrap_or_else(|| {
            let defined = !matches!(sym.place, Place::Undefined | Place::Common { .. });
            let binding = sym.binding.unwrap_or(if defined { Binding::Local } else { Binding::Global });
            host.builder().add_symbol(name, binding, SymbolKind::None)
        });
        self.tables.sym(symbol).object = id;
        id
    }

    /// Gives the object what the text says of a named symbol.
    pub(super) fn symbol(
        &mut self,
        symbol: SymRef,
        host: &mut dyn Host,
        layout: &Layout,
        needed: &[bool],
    ) -> Outcome<()> {
        let sym = *self.tables.sym(symbol);
        let has_flag = |flag: u8| sym.flags & flag != 0;
        if sym.kind == Some(SymbolKind::Section) && sym.binding == Some(Binding::Local) {
            self.section_symbol(symbol, host, layout, needed);
            return Ok(());
        }
        if sym.kind == Some(SymbolKind::File) {
            let name = self.lines.file_symbols.iter().find(|file| file.1 == symbol).map(|file| &*file.0);
            super::add_file_symbol(name.unwrap_or_default(), host.builder());
            return Ok(());
        }
        if sym.name.is_none() || matches!(sym.place, Place::Object(_) | Place::Home(_) | Place::Node(_)) {
            return Ok(());
        }
        let is_defined = !matches!(sym.place, Place::Undefined);
        let is_external = matches!(sym.binding, Some(Binding::Global | Binding::Weak | Binding::Unique));
        let is_needed = has_flag(NEEDED) || has_flag(SIGNATURE);
        if has_flag(WEAKREF) || has_flag(REMOVED) && !has_flag(VERSION) {
            return Ok(());
        }
        if has_flag(PRIVATE) && is_defined && !is_needed && !is_external && !self.tables.keep_locals {
            return Ok(());
        }
        if !is_defined {
            let is_weak = sym.binding == Some(Binding::Weak);
            let is_renamed = self.renamed(symbol) != symbol;
            let is_wanted = if self.is_file {
                // Text with atoms is a compiler's, whose objects have only what they use.
                !is_renamed && (is_needed || !is_weak && !self.has_atoms())
            } else {
                let declared = sym.binding.is_some()
                    || sym.visibility.is_some()
                    || sym.kind.is_some()
                    || self.tables.extra_of(symbol).is_some_and(|extra| extra.size.is_some());
                let is_known = is_weak || is_needed || host.symbol(self.tables.spelling(symbol)).is_some();
                declared && is_known
            };
            if !is_wanted {
                return Ok(());
            }
        }
        let size = match self.tables.extra_of(symbol).and_then(|extra| extra.size) {
            Some(size) => match self.resolve_with(size, host)?.constant() {
                Some(size) => Some(size),
                None => {
                    let name = self.tables.shown(symbol);
                    return Err(format!(".size expression for {name} does not evaluate to a constant"));
                }
            },
            None => None,
        };
        let def = match sym.place {
            Place::Value(expr) => {
                let value = self.resolve_with(expr, host)?;
                match (value.base, value.minus) {
                    (Base::Nothing, Base::Nothing) => Some((SymbolDef::Absolute, value.offset as u64)),
                    (Base::Piece(piece), Base::Nothing) => match self.atom_of(layout, piece, expr.plus) {
                        Some((atom, start)) => Some((SymbolDef::Atom(atom), (value.offset as u64).wrapping_sub(start))),
                        None => return Ok(()),
                    },
                    (Base::Atom(atom), Base::Nothing) => Some((SymbolDef::Atom(atom), value.offset as u64)),
                    (Base::Symbol(to), Base::Nothing) if value.offset == 0 && has_flag(VERSION) => {
                        return self.versioned(symbol, to, host);
                    }
                    (Base::Symbol(to), _) if matches!(self.tables.sym(to).place, Place::Common { .. }) => {
                        return Err(self.not_of_common(symbol, to));
                    }
                    // What is equal to a symbol of elsewhere is that symbol.
                    (Base::Symbol(_), Base::Nothing) => return Ok(()),
                    _ => {
                        let name = self.tables.shown(symbol);
                        return Err(format!("can't resolve the value of `{name}'"));
                    }
                }
            }
            Place::At(piece, mark) => {
                let Some((atom, start)) = self.atom_at(layout, piece, mark, sym.loc.line) else { return Ok(()) };
                let at = self.pieces[piece as usize].code.wide_place(mark);
                Some((SymbolDef::Atom(atom), at.wrapping_sub(start)))
            }
            Place::Placed(atom, at) => Some((SymbolDef::Atom(atom), u64::from(at))),
            Place::Common { align, .. } => Some((SymbolDef::Common, u64::from(align))),
            _ => None,
        };
        let is_number = matches!(def, Some((SymbolDef::Absolute, _)));
        if self.options.strip_local_absolute && is_number && !is_external && !is_needed {
            return Ok(());
        }
        let id = self.object(symbol, host);
        let before = *host.builder().symbol(id);
        if is_defined && before.def != SymbolDef::Undefined {
            // A definition in C comes later and wins over `.set`.
            if matches!(sym.place, Place::Value(_)) {
                return Ok(());
            }
            return Err(format!("symbol `{}' is already defined", self.tables.shown(symbol)));
        }
        // What a version stands for says what it is.
        let source = match sym.place {
            Place::Value(Expr { plus: Some(of), minus: None, offset: 0, .. }) => Some(of),
            _ => None,
        };
        let said = if has_flag(VERSION) { source.map(|of| *self.tables.sym(of)) } else { None };
        let is_resolver = source.is_some_and(|of| self.tables.sym(of).kind == Some(SymbolKind::IFunc));
        let kind = if is_resolver { Some(SymbolKind::IFunc) } else { sym.kind };
        let kind = kind.or(said.and_then(|said| said.kind)).or_else(|| {
            if self.is_file {
                // What was said of it after the alias was made.
                let kind = source.and_then(|of| self.tables.sym(of).kind);
                return kind.filter(|&kind| kind != SymbolKind::Section);
            }
            // An alias of what C defines.
            let of = source?;
            let known = host.symbol(self.tables.spelling(of))?;
            Some(host.builder().symbol(known).kind)
        });
        let alias_size = source.and_then(|of| {
            let own = self.size_of(of);
            match own {
                Some(size) => self.resolve(size, None, 0).ok()?.constant(),
                None if self.is_file => None,
                None => host.symbol(self.tables.spelling(of)).map(|known| host.builder().symbol(known).size as i64),
            }
        });
        let version_of = source.filter(|_| has_flag(VERSION) && !self.is_file).and_then(|of| {
            let known = host.symbol(self.tables.spelling(of))?;
            Some(*host.builder().symbol(known))
        });
        let is_signature = has_flag(SIGNATURE) && !is_defined && !has_flag(NEEDED) && sym.binding.is_none();
        let made = host.builder().symbol_mut(id);
        if let Some((def, value)) = def {
            (made.def, made.value) = (def, value);
        }
        if is_signature && self.is_file {
            // Local, in the group itself.
            (made.def, made.binding) = (SymbolDef::Absolute, Binding::Local);
            return Ok(());
        }
        if let Some(kind) = kind {
            made.kind = kind;
        }
        if let Place::Common { size, .. } = sym.place {
            let kind = match sym.kind {
                Some(SymbolKind::Tls) => SymbolKind::Tls,
                _ if self.options.common_kind => SymbolKind::Common,
                _ => SymbolKind::Object,
            };
            (made.size, made.kind) = (size, kind);
        }
        if let Some(size) = size.or(alias_size) {
            made.size = size as u64;
        }
        let visibility = sym.visibility.or(said.and_then(|said| said.visibility));
        if let Some(visibility) = self.own_visibility(symbol, visibility) {
            made.visibility = visibility;
        }
        let known_binding = version_of.map(|known| known.binding);
        if let Some(known) = version_of {
            made.visibility = known.visibility;
        }
        if self.is_localized(symbol) {
            made.binding = Binding::Local;
        } else if let Some(binding) = sym.binding.or(said.and_then(|said| said.binding)).or(known_binding) {
            made.binding = binding;
        } else if is_defined && !matches!(sym.place, Place::Common { .. }) {
            made.binding = Binding::Local;
        }
        if sym.binding == Some(Binding::Weak) && matches!(sym.place, Place::Common { .. }) {
            self.tables.sym(symbol).loc.line = 0;
            return Err(format!("symbol `{}' can not be both weak and common", self.tables.shown(symbol)));
        }
        if let Some(binding) = self.weak_through_alias(symbol) {
            host.builder().symbol_mut(id).binding = binding;
        }
        self.tls_symbol(symbol, id, host);
        Ok(())
    }

    /// The size that the text gives a symbol, or what it is another name of.
    pub(crate) fn size_of(&self, of: SymRef) -> Option<Expr> {
        let mut of = of;
        for _ in 0..super::MAX_CHAIN {
            if let Some(size) = self.tables.extra_of(of).and_then(|extra| extra.size) {
                return Some(size);
            }
            match self.tables.syms[of.index()].place {
                Place::Value(Expr { plus: Some(next), minus: None, offset: 0, .. }) => of = next,
                _ => return None,
            }
        }
        None
    }

    /// A symbol in a section of thread-local data is thread-local, whatever was said.
    fn tls_symbol(&mut self, symbol: SymRef, id: SymId, host: &mut dyn Host) {
        if let Place::At(piece, _) = self.tables.sym(symbol).place {
            let section = self.pieces[piece as usize].section as usize;
            let is_tls = self.sections.get(section).is_some_and(|section| section.flags.has(SectionFlags::TLS));
            let made = host.builder().symbol_mut(id);
            if is_tls && matches!(made.kind, SymbolKind::None | SymbolKind::Object) {
                made.kind = SymbolKind::Tls;
            }
        }
    }

    /// A symbol that is not defined and only `.weakref` refers to is weak.
    fn weak_through_alias(&self, symbol: SymRef) -> Option<Binding> {
        let sym = &self.tables.syms[symbol.index()];
        if sym.place != Place::Undefined || sym.flags & USED != 0 || sym.binding.is_some() {
            return None;
        }
        let is_alias = |alias: &crate::symbols::Sym| {
            alias.flags & WEAKREF != 0 && matches!(alias.place, Place::Value(expr) if expr.plus == Some(symbol))
        };
        self.tables.syms.iter().any(is_alias).then_some(Binding::Weak)
    }
}
