//! Fields: a value that is certain is stored, as GNU as does; else a relocation leaves it to the linker.

use super::place::Layout;
use super::value::{Base, Outcome, Value};
use super::{Host, MAX_CHAIN};
use crate::expr::Expr;
use crate::sections::NOWHERE;
use crate::symbols::{Field, Fixup, NEEDED, PRIVATE, Place, Severity, SymRef, WEAKREF};
use crate::unit::Assembler;
use base::Id;
use obj::{AtomId, Binding, RelocTarget, RelocTargetKind, SectionFlags, SymbolDef, SymbolKind};
use target::{Arch, Formula, RelocFlags, RelocKind};

/// What a relocation refers to, until symbols have their numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Target {
    Place(AtomId),
    Symbol(SymRef),
    /// Address 0.
    Nothing,
}

/// A relocation under construction.
pub(super) struct Pending {
    pub atom: AtomId,
    pub offset: u32,
    kind: RelocKind,
    pub target: Target,
    addend: i64,
}

impl Assembler {
    /// Symbols and fields, when every section has its atom.
    pub(super) fn resolve_all(&mut self, host: &mut dyn Host, arch: &'static Arch, layout: &Layout) {
        self.settle_versions(host);
        let mut pending = Vec::new();
        let placed = std::mem::take(&mut self.tables.placed_fixups);
        for fixup in &placed {
            if let Err(message) = self.fix(fixup, None, host, arch, layout, &mut pending) {
                self.tables.say(Severity::Error, fixup.loc, message);
            }
        }
        let fixups = std::mem::take(&mut self.tables.fixups);
        pending.reserve(fixups.len());
        for fixup in &fixups {
            let (piece, mark) = fixup.at;
            let Some((atom, start)) = self.atom_at(layout, piece, mark, u32::MAX) else { continue };
            let at = self.pieces[piece as usize].code.place(mark).wrapping_sub(start as u32);
            let moved = fixup.moved((atom, at));
            if let Err(message) = self.fix(&moved, Some(piece), host, arch, layout, &mut pending) {
                self.tables.say(Severity::Error, fixup.loc, message);
            }
        }
        self.fix_relocs(host, arch, layout, &mut pending);
        let needed = self.needed_sections(&pending, host.builder());
        for symbol in self.turns(&pending, layout, host.builder()) {
            if let Err(message) = self.symbol(symbol, host, layout, &needed) {
                let loc = self.tables.sym(symbol).loc;
                self.tables.say(Severity::Error, loc, message);
            }
        }
        for at in 0..self.groups.len() {
            let (signature, group) = self.groups[at];
            let signature = self.object(signature, host);
            host.builder().set_signature(group, signature);
        }
        let mut nothing = None;
        for reloc in pending {
            let target = match reloc.target {
                Target::Place(atom) => RelocTarget::atom(atom),
                Target::Symbol(symbol) => RelocTarget::symbol(self.object(symbol, host)),
                Target::Nothing => RelocTarget::symbol(*nothing.get_or_insert_with(|| {
                    // The entry that every table begins with.
                    let symbol = host.builder().add_symbol(b"", Binding::Local, SymbolKind::None);
                    host.builder().symbol_mut(symbol).def = SymbolDef::Absolute;
                    symbol
                })),
            };
            if let RelocTargetKind::Symbol(symbol) = target.kind()
                && arch.reloc(reloc.kind).is(RelocFlags::TLS)
            {
                // What is used as thread-local data is such, wherever it is.
                let symbol = host.builder().symbol_mut(symbol);
                if symbol.kind == SymbolKind::None {
                    symbol.kind = SymbolKind::Tls;
                }
            }
            host.builder().add_reloc(reloc.atom, reloc.offset, reloc.kind, target, reloc.addend);
        }
    }

    /// Follows `.set` to the symbol that a relocation is to name.
    fn named_target(&self, mut expr: Expr) -> Expr {
        for _ in 0..MAX_CHAIN {
            let Some(plus) = expr.plus else { break };
            let sym = &self.tables.syms[plus.index()];
            let Place::Value(inner) = sym.place else { break };
            if expr.minus.is_some() && inner.minus.is_some() {
                break;
            }
            // Known by its own name, if it is a place here and not only another word for one.
            let is_place = |value: Value| matches!(value.base, Base::Piece(_) | Base::Atom(_));
            if sym.flags & WEAKREF == 0 && self.resolve(inner, None, 0).is_ok_and(is_place) {
                break;
            }
            expr = Expr {
                plus: inner.plus,
                minus: expr.minus.or(inner.minus),
                offset: expr.offset.wrapping_add(inner.offset),
                modifier: expr.modifier.max(inner.modifier),
            };
        }
        expr
    }

    fn fix(
        &mut self,
        fixup: &Fixup<(AtomId, u32)>,
        piece: Option<u32>,
        host: &mut dyn Host,
        arch: &'static Arch,
        layout: &Layout,
        pending: &mut Vec<Pending>,
    ) -> Outcome<()> {
        let (atom, at) = fixup.at;
        let expr = if fixup.expr.plus.is_some() { self.named_target(fixup.expr) } else { fixup.expr };
        let own = piece.map_or(Base::Atom(atom), Base::Piece);
        let mut value = self.resolve_with(expr, host)?;
        let mut kind = match fixup.field {
            Field::Kind(kind) | Field::Always(kind) | Field::Wrapped(kind) => Some(kind),
            Field::Data(size) | Field::Signed(size) if expr.modifier != 0 => {
                let name = self.tables.modifier_name(&expr);
                let kind = self.syntax.modified_reloc(name, size);
                Some(kind.ok_or_else(|| format!("‘@{name}’ is not known here"))?)
            }
            Field::Data(_) | Field::Signed(_) => None,
        };
        if let Some(number) = value.constant().filter(|_| !matches!(fixup.field, Field::Always(_))) {
            return match (kind, fixup.field) {
                // What an entry of the table holds is the symbol's business.
                (Some(kind), _) if arch.reloc(kind).formula == Formula::GotPcRel && fixup.expr.plus.is_some() => {
                    let Some(symbol) = fixup.expr.plus else { return Ok(()) };
                    let own = self.resolve_with(Expr::symbol(symbol), host)?.offset;
                    self.tables.sym(symbol).flags |= NEEDED;
                    let addend = number.wrapping_sub(own);
                    pending.push(Pending { atom, offset: at, kind, target: Target::Symbol(symbol), addend });
                    Ok(())
                }
                (Some(kind), _) if is_relative(arch, kind) => {
                    let goes_through = arch.reloc(kind).formula == Formula::PltPcRel;
                    let kind = if goes_through && !self.has_atoms() { arch.common.pc32 } else { kind };
                    pending.push(Pending { atom, offset: at, kind, target: Target::Nothing, addend: number });
                    Ok(())
                }
                (Some(kind), _) => store(atom, at, kind, number, host, arch),
                (None, Field::Data(size) | Field::Signed(size)) => self.store_data(atom, at, size, number, host),
                _ => unreachable!("such a field has a kind"),
            };
        }
        // A distance to the field itself is what the linker can express.
        let mut is_relative_data = false;
        if value.minus != Base::Nothing {
            let minus = expr.minus.and_then(|minus| self.term(minus, None, 0).ok());
            let same = value.minus == own || minus.is_some_and(|minus| minus.base == own);
            // An address becomes a distance (`mov $there - ., %eax`).
            let of_size = |kind: RelocKind| match arch.reloc(kind).formula {
                Formula::Abs => self.syntax.data_reloc(arch.reloc(kind).size, true),
                _ => Some(kind).filter(|&kind| is_relative(arch, kind)),
            };
            if !same || value.base == Base::Nothing || kind.is_some_and(|kind| of_size(kind).is_none()) {
                return Err(self.unresolved(fixup.expr));
            }
            kind = kind.and_then(of_size);
            value.minus = Base::Nothing;
            let start = match piece {
                Some(piece) => layout.cut.get(piece as usize).and_then(|cut| cut.iter().find(|cut| cut.1 == atom)),
                None => None,
            };
            let start = start.map_or(0, |start| start.0);
            value.offset = value.offset.wrapping_add(i64::from(at)).wrapping_add(start as i64);
            is_relative_data = true;
        }
        if kind.is_none()
            && let Field::Data(size) | Field::Signed(size) = fixup.field
        {
            kind = match fixup.field {
                Field::Signed(_) if !is_relative_data => self.syntax.signed_reloc(size),
                _ => self.syntax.data_reloc(size, is_relative_data),
            };
        }
        let Some(mut kind) = kind else { return Err("cannot represent relocation type for this size".into()) };
        let Some(symbol) = expr.plus.map(|plus| self.renamed(plus)) else {
            if value.base == Base::Nothing {
                pending.push(Pending { atom, offset: at, kind, target: Target::Nothing, addend: value.offset });
                return Ok(());
            }
            return Err(self.unresolved(fixup.expr));
        };
        let formula = arch.reloc(kind).formula;
        let sym = *self.tables.sym(symbol);
        // A version is bound as what it stands for.
        let said = expr.plus.and_then(|plus| self.tables.sym(plus).binding);
        let is_external = matches!(sym.binding.or(said), Some(Binding::Global | Binding::Weak | Binding::Unique))
            || !self.is_file && self.is_external_in_c(symbol, host);
        let is_name = !layout.cut.is_empty() && !sym.name.is_none() && sym.flags & PRIVATE == 0;
        let is_name = is_name && sym.kind != Some(SymbolKind::Section);
        let may_be_discarded = self.may_be_discarded(symbol, value.base, own);
        let stays = is_external
            || is_name
            || may_be_discarded
            || sym.kind == Some(SymbolKind::IFunc)
            || matches!(fixup.field, Field::Always(_));
        let place = match value.base {
            Base::Piece(piece) => self
                .atom_of(layout, piece, Some(symbol))
                .map(|(found, start)| (found, value.offset.wrapping_sub(start as i64))),
            Base::Atom(found) => Some((found, value.offset)),
            _ => None,
        };
        if let (Formula::Size, Base::Piece(piece), Some(SymbolKind::Section)) = (formula, value.base, sym.kind) {
            let size = self.pieces[piece as usize].code.wide_len() as i64;
            return store(atom, at, kind, size.wrapping_add(expr.offset), host, arch);
        }
        if let (Formula::Size, Some(_), false) = (formula, place, is_external)
            && let Some(size) = self.tables.extra_of(symbol).and_then(|extra| extra.size)
            && let Some(size) = self.resolve_with(size, host)?.constant()
        {
            return store(atom, at, kind, size.wrapping_add(expr.offset), host, arch);
        }
        let is_branch = matches!(formula, Formula::PcRel | Formula::PltPcRel);
        if let (Some((to, offset)), false) = (place, stays) {
            if to == atom && is_branch {
                let mut distance = offset.wrapping_sub(i64::from(at));
                if let Field::Wrapped(_) = fixup.field {
                    let unused = 64 - 8 * u32::from(arch.reloc(kind).size.clamp(1, 8));
                    distance = distance << unused >> unused;
                }
                return store(atom, at, kind, distance, host, arch);
            }
            // Text with atoms keeps the mark of a branch, as code generation writes it.
            if formula == Formula::PltPcRel && !self.has_atoms() {
                kind = arch.common.pc32;
            }
            let (merges, is_tls) = self.flags_of(value.base);
            let keeps_symbol = is_tls || merges && (is_branch || expr.offset != 0 || is_relative_data);
            let is_named = !sym.name.is_none() && !matches!(sym.kind, Some(SymbolKind::Section));
            if (is_branch || formula == Formula::Abs) && !(keeps_symbol && is_named) {
                pending.push(Pending { atom, offset: at, kind, target: Target::Place(to), addend: offset });
                return Ok(());
            }
        }
        if may_be_discarded && !is_external && formula == Formula::PltPcRel && !self.has_atoms() {
            kind = arch.common.pc32;
        }
        let addend = match place {
            // The symbol is kept: what is beyond it is added.
            Some(_) => {
                let term = self.resolve_with(Expr::symbol(symbol), host)?;
                value.offset.wrapping_sub(term.offset)
            }
            None => value.offset,
        };
        if place.is_none() && !sym.name.is_none() {
            kind = self.syntax.named_reloc(self.tables.spelling(symbol), kind);
        }
        if sym.name.is_none() && sym.place != Place::Undefined && !matches!(sym.place, Place::Object(_)) {
            // A local label that only the linker can follow.
            if let Some((to, offset)) = place {
                let id = self.object(symbol, host);
                host.builder().define(id, to, offset.wrapping_sub(addend) as u64, 0);
            }
        } else if sym.name.is_none() && sym.place == Place::Undefined {
            return Err("a local label is not defined".into());
        }
        let target = match value.base {
            // Equal to a symbol of elsewhere.
            Base::Symbol(other) if place.is_none() => self.renamed(other),
            _ => symbol,
        };
        self.check_versions(expr.plus)?;
        self.tables.sym(target).flags |= NEEDED;
        pending.push(Pending { atom, offset: at, kind, target: Target::Symbol(target), addend });
        Ok(())
    }

    /// C gave the symbol a binding that others see.
    fn is_external_in_c(&mut self, symbol: SymRef, host: &mut dyn Host) -> bool {
        if matches!(self.tables.sym(symbol).place, Place::At(..) | Place::Placed(..) | Place::Value(_)) {
            return false;
        }
        let id = self.object(symbol, host);
        host.builder().symbol(id).binding != Binding::Local || !self.tables.spelling(symbol).is_empty()
    }

    /// Whether a place lies in mergeable, in thread-local data.
    fn flags_of(&self, base: Base) -> (bool, bool) {
        let Base::Piece(piece) = base else { return (false, false) };
        let section = self.pieces[piece as usize].section;
        debug_assert_ne!(section, NOWHERE);
        match self.sections.get(section as usize) {
            Some(section) => (section.flags.has(SectionFlags::MERGE), false),
            None => (false, false),
        }
    }

    /// Linkers keep one of many equal sections: what refers to a symbol of such a section from elsewhere names it, so that
    /// it may mean that of another file.
    fn may_be_discarded(&self, symbol: SymRef, base: Base, own: Base) -> bool {
        let Base::Piece(piece) = base else { return false };
        let sym = &self.tables.syms[symbol.index()];
        if base == own || !self.is_file || sym.name.is_none() || sym.flags & PRIVATE != 0 {
            return false;
        }
        let section = self.sections.get(self.pieces[piece as usize].section as usize);
        sym.kind != Some(SymbolKind::Section)
            && section.is_some_and(|section| section.comdat || section.name.starts_with(b".gnu.linkonce"))
    }

    fn unresolved(&self, expr: Expr) -> String {
        let shown = |symbol: Option<SymRef>| match symbol {
            Some(symbol) if self.tables.syms[symbol.index()].name.is_none() => match self.term(symbol, None, 0) {
                Ok(Value { base: Base::Piece(piece), .. }) => {
                    let section = self.pieces[piece as usize].section as usize;
                    self.sections
                        .get(section)
                        .map_or(String::new(), |section| String::from_utf8_lossy(&section.name).into_owned())
                }
                _ => "0".into(),
            },
            Some(symbol) => self.tables.shown(symbol),
            None => "0".into(),
        };
        format!("can't resolve {} - {}", shown(expr.plus), shown(expr.minus))
    }

    fn store_data(&mut self, atom: AtomId, at: u32, size: u8, value: i64, host: &mut dyn Host) -> Outcome<()> {
        let n = usize::from(size);
        let fits = n >= 8 || value >> (8 * n) == 0 || value.wrapping_neg() >> (8 * n) == 0;
        if !fits {
            return Err(format!("value of {value} too large for field of {n} bytes at {at:#018x}"));
        }
        let bytes = host.builder().atom_bytes_mut(atom);
        match bytes.get_mut(at as usize..at as usize + n) {
            Some(field) => field.copy_from_slice(&value.to_le_bytes()[..n]),
            None => return Err(self.no_bytes()),
        }
        Ok(())
    }

    /// `.reloc`
    fn fix_relocs(&mut self, host: &mut dyn Host, arch: &'static Arch, layout: &Layout, pending: &mut Vec<Pending>) {
        for reloc in std::mem::take(&mut self.relocs) {
            let result = self.fix_reloc(&reloc, host, arch, layout, pending);
            if let Err(message) = result {
                self.tables.say(Severity::Error, reloc.loc, message);
            }
        }
    }

    fn fix_reloc(
        &mut self,
        reloc: &crate::misc::Reloc,
        host: &mut dyn Host,
        arch: &'static Arch,
        layout: &Layout,
        pending: &mut Vec<Pending>,
    ) -> Outcome<()> {
        // BFD's own names stand for data of that size.
        let by_bfd = match &*reloc.name {
            "BFD_RELOC_NONE" => Some(arch.common.none),
            "BFD_RELOC_8" => self.syntax.data_reloc(1, false),
            "BFD_RELOC_16" => self.syntax.data_reloc(2, false),
            "BFD_RELOC_32" => self.syntax.data_reloc(4, false),
            "BFD_RELOC_64" => self.syntax.data_reloc(8, false),
            _ => None,
        };
        let by_name = || {
            let at = arch.relocs.iter().position(|row| row.name.eq_ignore_ascii_case(&reloc.name))?;
            Some(RelocKind(at as u16))
        };
        let kind = by_bfd.or_else(by_name);
        let kind = kind.ok_or_else(|| format!("unrecognized reloc type: \"{}\"", reloc.name))?;
        let value = self.resolve_with(reloc.offset, host)?;
        let (piece, offset) = match (value.base, value.minus) {
            (Base::Nothing, Base::Nothing) => (reloc.piece, value.offset),
            (Base::Piece(piece), Base::Nothing) => (piece, value.offset),
            _ => return Err("<local label> not in any section".into()),
        };
        let (Some(atom), Ok(offset)) = (layout.atoms[piece as usize], u32::try_from(offset)) else {
            return Err("bad reloc offset".into());
        };
        let fixup = Fixup { at: (atom, offset), field: Field::Always(kind), expr: reloc.value, loc: reloc.loc };
        if reloc.value.constant().is_some() {
            let addend = reloc.value.offset;
            pending.push(Pending { atom, offset, kind, target: Target::Nothing, addend });
            return Ok(());
        }
        self.fix(&fixup, Some(piece), host, arch, layout, pending)
    }
}

fn is_relative(arch: &Arch, kind: RelocKind) -> bool {
    matches!(arch.reloc(kind).formula, Formula::PcRel | Formula::PltPcRel | Formula::GotPcRel | Formula::GotBasePcRel)
}

fn store(atom: AtomId, at: u32, kind: RelocKind, value: i64, host: &mut dyn Host, arch: &Arch) -> Outcome<()> {
    let row = arch.reloc(kind);
    if !row.range.fits(value) {
        return Err(format!("value of {value} too large for field of {} bytes at {at:#018x}", row.size));
    }
    let bytes = host.builder().atom_bytes_mut(atom);
    match bytes.get_mut(at as usize..at as usize + usize::from(row.size)) {
        Some(field) => (row.encode)(field, value as u64),
        None => return Err("a value in a section without bytes".into()),
    }
    Ok(())
}
