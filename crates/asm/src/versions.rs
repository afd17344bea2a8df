//! `.symver` (gas manual, 7.97): names with versions that stand beside a symbol's own name, or in its place. What a directive
//! says is only kept; the names become symbols when it is known what is defined, behind all others and the last one first, as
//! GNU as has them.

use crate::cursor::Cursor;
use crate::directive::{Outcome, symbol};
use crate::expr::Expr;
use crate::finish::Host;
use crate::symbols::{Place, REMOVED, SymRef, VERSION};
use crate::unit::Assembler;
use obj::{Binding, SymbolDef, Visibility};

/// What the last `.symver` of a symbol says of the symbol's own name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum OwnName {
    #[default]
    AsItIs,
    Local,
    Hidden,
    Removed,
}

/// `.symver NAME, NAME@VERSION[, VISIBILITY]`
pub(crate) fn symver(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let symbol = symbol(asm, line)?;
    if !line.eat(b',') {
        return Err("expected comma after name in .symver".into());
    }
    let own;
    let version = if line.peek() == b'"' {
        own = line.string()?;
        &own[..]
    } else {
        line.run(|b| b.is_ascii_graphic() && b != b',')
    };
    let version = version.to_vec();
    let (name, shown) = (asm.tables.shown(symbol), String::from_utf8_lossy(&version).into_owned());
    let n_ats = version.iter().filter(|&&b| b == b'@').count();
    if n_ats == 0 || n_ats > 3 {
        return Err(format!("missing version name in `{shown}' for symbol `{name}'"));
    }
    let own_name = match if line.eat(b',') { line.word().unwrap_or(b"") } else { b"keep" } {
        b"keep" => OwnName::AsItIs,
        b"local" => OwnName::Local,
        b"hidden" => OwnName::Hidden,
        b"remove" => OwnName::Removed,
        _ => return Err("junk at end of line".into()),
    };
    let place = asm.tables.sym(symbol).place;
    let extra = asm.tables.extra(symbol);
    if extra.versions.iter().any(|known| **known == *version) {
        return Ok(());
    }
    let has_three = |name: &[u8]| name.windows(3).any(|three| three == b"@@@");
    if has_three(&version) && extra.versions.iter().any(|known| has_three(known)) {
        return Err(format!("only one version name with `@@@' is allowed for symbol `{name}'"));
    }
    if matches!(place, Place::Common { .. }) {
        return Err(format!("`{shown}' can't be versioned to common symbol '{name}'"));
    }
    extra.versions.push(version.into());
    if own_name != OwnName::AsItIs {
        extra.own_name = own_name;
    }
    Ok(())
}

impl Assembler {
    /// Makes the symbols of versions. Beyond this point no symbol is added.
    pub(crate) fn settle_versions(&mut self, host: &mut dyn Host) {
        for idx in 0..self.tables.syms.len() {
            let symbol = SymRef::new(idx);
            if self.tables.extra_of(symbol).is_none_or(|extra| extra.versions.is_empty()) {
                continue;
            }
            if let Err(text) = self.settle_versions_of(symbol, host) {
                self.error(text);
            }
        }
    }

    fn settle_versions_of(&mut self, symbol: SymRef, host: &mut dyn Host) -> Outcome {
        let place = self.tables.sym(symbol).place;
        let name = self.tables.shown(symbol);
        let names = std::mem::take(&mut self.tables.extra(symbol).versions);
        let in_c = match place {
            Place::Undefined if !self.is_file => host.symbol(self.tables.spelling(symbol)),
            _ => None,
        };
        let is_defined =
            place != Place::Undefined || in_c.is_some_and(|id| host.builder().symbol(id).def != SymbolDef::Undefined);
        if let (Place::Common { .. }, Some(version)) = (place, names.first()) {
            let version = String::from_utf8_lossy(version);
            return Err(format!("`{version}' can't be versioned to common symbol '{name}'"));
        }
        if let [first, second, ..] = &names[..]
            && !is_defined
        {
            let (first, second) = (String::from_utf8_lossy(first), String::from_utf8_lossy(second));
            return Err(format!("multiple versions [`{second}'|`{first}'] for symbol `{name}'"));
        }
        let mut stands_for_own = false;
        let mut made = Vec::new();
        for version in names.iter().rev() {
            let at = version.windows(3).position(|three| three == b"@@@");
            let mut version = version.to_vec();
            if let Some(at) = at {
                // The default where it is defined, and what is asked for elsewhere; the symbol has no other name.
                version.drain(at..at + if is_defined { 1 } else { 2 });
                stands_for_own = true;
            } else if !is_defined && version.windows(2).any(|two| two == b"@@") {
                let shown = String::from_utf8_lossy(&version);
                return Err(format!("invalid attempt to declare external version name as default in symbol `{shown}'"));
            }
            let alias = self.tables.named(&version);
            let sym = self.tables.sym(alias);
            if sym.place != Place::Undefined {
                return Err(format!("symbol `{}' is already defined", self.tables.shown(alias)));
            }
            sym.flags |= VERSION;
            sym.place = Place::Value(Expr::symbol(symbol));
            made.push(alias);
        }
        made.reverse();
        let extra = self.tables.extra(symbol);
        extra.aliases = made;
        let is_removed = extra.own_name == OwnName::Removed && is_defined || stands_for_own;
        if is_removed {
            self.tables.sym(symbol).flags |= REMOVED;
        }
        Ok(())
    }

    /// A version that stands in place of a symbol's own name.
    pub(crate) fn renamed(&self, symbol: SymRef) -> SymRef {
        let sym = &self.tables.syms[symbol.index()];
        if sym.extra == 0 {
            return symbol;
        }
        let is_removed = sym.flags & REMOVED != 0 || sym.place == Place::Undefined;
        let version = self.tables.extra_of(symbol).and_then(|extra| extra.aliases.first().copied());
        version.filter(|_| is_removed).unwrap_or(symbol)
    }

    /// A name that is not to be in the object cannot be what a relocation names, unless one version stands for it.
    pub(crate) fn check_versions(&self, symbol: Option<SymRef>) -> Outcome {
        let Some(symbol) = symbol.filter(|symbol| self.tables.syms[symbol.index()].flags & REMOVED != 0) else {
            return Ok(());
        };
        match self.tables.extra_of(symbol) {
            Some(extra) if extra.aliases.len() > 1 => {
                let name = self.tables.shown(symbol);
                Err(format!("symbol '{name}' with multiple versions cannot be used in relocation"))
            }
            _ => Ok(()),
        }
    }

    /// A version of what is not defined here takes its place.
    pub(crate) fn versioned(&mut self, symbol: SymRef, of: SymRef, host: &mut dyn Host) -> Outcome {
        let id = self.object(symbol, host);
        let said = *self.tables.sym(of);
        let made = host.builder().symbol_mut(id);
        made.binding = said.binding.unwrap_or(Binding::Global);
        if let Some(kind) = said.kind {
            made.kind = kind;
        }
        Ok(())
    }

    fn own_name(&self, symbol: SymRef) -> OwnName {
        self.tables
            .extra_of(symbol)
            .filter(|extra| !extra.aliases.is_empty())
            .map_or(OwnName::AsItIs, |extra| extra.own_name)
    }

    /// Versions stand behind all symbols and the symbol's own name is not there: none of them takes its place.
    pub(crate) fn is_removed(&self, symbol: SymRef) -> bool {
        self.own_name(symbol) == OwnName::Removed && self.tables.syms[symbol.index()].place != Place::Undefined
    }

    /// Versions are seen, the symbol's own name is not.
    pub(crate) fn is_localized(&self, symbol: SymRef) -> bool {
        self.own_name(symbol) == OwnName::Local
    }

    /// The visibility of a symbol's own name.
    pub(crate) fn own_visibility(&self, symbol: SymRef, said: Option<Visibility>) -> Option<Visibility> {
        if self.own_name(symbol) == OwnName::Hidden { Some(Visibility::Hidden) } else { said }
    }

    /// What a symbol that is equal to a common one is told.
    pub(crate) fn not_of_common(&self, symbol: SymRef, common: SymRef) -> String {
        format!("`{}' can't be equated to common symbol `{}'", self.tables.shown(symbol), self.tables.shown(common))
    }
}
