//! The end of a unit: sections of assembly text become atoms, its symbols symbols of the object, and fixups bytes or
//! relocations. Where a field's value is certain it is stored, as other assemblers do; else it is left to the linker.

use crate::expr::Expr;
use crate::syntax::Syntax;
use crate::unit::{AsmError, Assembler, Field, Fixup, Place, SymRef, reach};
use base::{Id, Pos};
use mc::rows::UnwindRow;
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, Binding, GroupId, RelocTarget, SectionFlags, SectionKind, SymId, SymbolDef, SymbolKind};
use target::{Arch, Formula, RelocKind};

/// The object that text is assembled into, and the symbols that something else put there.
pub trait Host {
    fn builder(&mut self) -> &mut ObjectBuilder;

    /// The symbol of that name, if the unit declares or defines one.
    fn symbol(&mut self, name: &[u8]) -> Option<SymId>;
}

/// A function between `.cfi_startproc` and `.cfi_endproc`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AsmFrame {
    pub atom: AtomId,
    /// In the atom, in bytes.
    pub offset: u32,
    pub size: u32,
    /// Offsets count from the function's start.
    pub unwind: Vec<UnwindRow>,
}

/// `.set` of `.set` of …: more is a circle.
const MAX_CHAIN: u32 = 100;

/// What a symbol is when all places are known.
#[derive(Clone, Copy)]
struct Found {
    placed: Option<(AtomId, i64)>,
    /// Not to be replaced by its place.
    symbol: Option<SymId>,
}

type Outcome<T> = Result<T, String>;

impl Assembler {
    /// Ends the unit. Everything that is wrong is told.
    pub fn finish(&mut self, host: &mut dyn Host, arch: &Arch, frames: &mut Vec<AsmFrame>) -> Vec<AsmError> {
        let mut errors = Vec::new();
        for at in 0..self.sections.len() {
            if let Err(error) = self.section(at, host, frames) {
                errors.push(error);
            }
        }
        let at = |pos: Pos, message: String| AsmError { pos, line: 0, message };
        for idx in 0..self.tables.syms.len() {
            let (symbol, pos) = (SymRef(idx as u32), self.tables.syms[idx].pos);
            if let Err(message) = self.symbol(symbol, host) {
                errors.push(at(pos, message));
            }
        }
        for fixup in std::mem::take(&mut self.tables.fixups) {
            if let Err(message) = self.fix(&fixup, host, arch) {
                errors.push(at(fixup.pos, message));
            }
        }
        errors
    }

    fn section(&mut self, at: usize, host: &mut dyn Host, frames: &mut Vec<AsmFrame>) -> Result<(), AsmError> {
        let syntax: &dyn Syntax = self.syntax;
        let section = &self.sections[at];
        let piece = section.piece;
        if section.code.is_empty() && self.tables.pieces[piece].is_empty() && section.name.starts_with(b".") {
            return Ok(());
        }
        let group = match section.group {
            Some(signature) => {
                let signature = self.object(signature, host);
                host.builder().add_group(signature, true)
            }
            None => GroupId::NONE,
        };
        let section = &mut self.sections[at];
        let (flags, entry_size, kind) = (section.flags, section.entry_size, section.kind);
        let spec = SectionSpec { name: &section.name, kind, flags, entry_size, group };
        self.tables.externalize(piece, &mut section.code, syntax)?;
        let builder = host.builder();
        let mut pad = [0];
        if flags.has(SectionFlags::EXEC) {
            (syntax.nops())(&mut pad, 0);
        }
        let id = builder.section(spec, pad[0]);
        let align = self.tables.pieces[piece].align.max(1);
        let code = &mut section.code;
        let atom = if kind == SectionKind::Nobits {
            let size = code.finish(&mut Vec::new());
            builder.add_zero_atom(id, align, u64::from(size))
        } else {
            let atom = builder.begin_atom(id, align);
            code.finish(builder.buffer(id));
            builder.finish_atom(id);
            atom
        };
        self.tables.place(piece, code, atom);
        let rows = code.unwind_rows();
        for proc in &section.procs {
            let Some(end) = proc.end else {
                let message = "‘.cfi_startproc’ without ‘.cfi_endproc’".into();
                return Err(AsmError { pos: proc.pos, line: 0, message });
            };
            let (offset, end) = (code.place(proc.start), code.place(end));
            let own = rows.iter().filter(|row| (offset..end).contains(&row.offset));
            let unwind = own.map(|row| UnwindRow { offset: row.offset - offset, op: row.op }).collect();
            frames.push(AsmFrame { atom, offset, size: end - offset, unwind });
        }
        reach(code, self.tables.pos)
    }

    /// The symbol of the object for `symbol`.
    fn object(&mut self, symbol: SymRef, host: &mut dyn Host) -> SymId {
        let sym = self.tables.sym(symbol);
        if let Some(known) = sym.object {
            return known;
        }
        let known = match sym.place {
            Place::Object(known) => Some(known),
            _ if sym.name.is_empty() => None,
            _ => host.symbol(&sym.name),
        };
        let id = known.unwrap_or_else(|| {
            let defined = !matches!(sym.place, Place::Undefined | Place::Common { .. });
            let binding = sym.binding.unwrap_or(if defined { Binding::Local } else { Binding::Global });
            host.builder().add_symbol(&sym.name, binding, SymbolKind::None)
        });
        sym.object = Some(id);
        id
    }

    /// Gives the object what the text says of a named symbol.
    fn symbol(&mut self, symbol: SymRef, host: &mut dyn Host) -> Outcome<()> {
        let sym = self.tables.sym(symbol).clone();
        if sym.name.is_empty() || matches!(sym.place, Place::Object(_)) {
            return Ok(());
        }
        let private = sym.name.starts_with(b".L");
        if private && sym.place != Place::Undefined {
            return Ok(());
        }
        let declared = sym.binding.is_some() || sym.visibility.is_some() || sym.kind.is_some() || sym.size.is_some();
        if sym.place == Place::Undefined && sym.versions.is_empty() {
            // Only said of a symbol that others define or use, unless it is weak.
            let wanted = sym.binding == Some(Binding::Weak) || sym.object.is_some() || host.symbol(&sym.name).is_some();
            if !declared || !wanted {
                return Ok(());
            }
        }
        let size = match sym.size {
            Some(size) => Some(self.number(size, host).ok_or("the size of a symbol is not a number")?),
            None => None,
        };
        let found = match sym.place {
            Place::Value(_) => Some(self.resolve(Expr::symbol(symbol), host)?),
            _ => None,
        };
        let id = self.object(symbol, host);
        let before = *host.builder().symbol(id);
        if matches!(sym.place, Place::Value(_)) && before.def != SymbolDef::Undefined {
            // A definition in C comes later and wins.
            return Ok(());
        }
        if sym.place != Place::Undefined && before.def != SymbolDef::Undefined {
            return Err(format!("symbol ‘{}’ is already defined", String::from_utf8_lossy(&sym.name)));
        }
        match (sym.place, found) {
            (Place::Placed(atom, at), _) => host.builder().define(id, atom, u64::from(at), 0),
            (Place::Common { size, align }, _) => {
                let made = host.builder().symbol_mut(id);
                (made.def, made.value, made.size, made.kind) = (SymbolDef::Common, align, size, SymbolKind::Object);
            }
            (Place::Value(_), Some((expr, found))) => self.set(id, expr, found, host)?,
            (Place::Open(..), _) => return Err("a label stands in a function that was not made".into()),
            _ => {}
        }
        let defined = sym.place != Place::Undefined;
        let made = host.builder().symbol_mut(id);
        if let Some(kind) = sym.kind {
            made.kind = kind;
        }
        if let Some(size) = size {
            made.size = size as u64;
        }
        if let Some(visibility) = sym.visibility {
            made.visibility = visibility;
        }
        if let Some(binding) = sym.binding {
            made.binding = binding;
        } else if defined && !matches!(sym.place, Place::Common { .. }) {
            made.binding = Binding::Local;
        }
        let made = *made;
        for version in &sym.versions {
            let alias = host.builder().add_symbol(version, made.binding, made.kind);
            let (start, name) = (host.builder().symbol(alias).name, alias);
            *host.builder().symbol_mut(name) = obj::Symbol { name: start, ..made };
        }
        Ok(())
    }

    /// `id` becomes what `.set` says.
    fn set(&mut self, id: SymId, expr: Expr, found: Found, host: &mut dyn Host) -> Outcome<()> {
        match (expr.plus, found.placed, found.symbol) {
            (None, ..) => {
                let made = host.builder().symbol_mut(id);
                (made.def, made.value) = (SymbolDef::Absolute, expr.offset as u64);
            }
            (_, Some((atom, at)), target) => {
                let target = target.map(|target| *host.builder().symbol(target));
                let made = host.builder().symbol_mut(id);
                (made.def, made.value) = (SymbolDef::Atom(atom), at.wrapping_add(expr.offset) as u64);
                if let Some(target) = target {
                    (made.kind, made.size) = (target.kind, target.size);
                }
            }
            _ => return Err("a symbol is set to one that is not defined in this unit".into()),
        }
        Ok(())
    }

    /// Follows `.set`: the expression over symbols that are not set, and where its first one is.
    fn resolve(&mut self, mut expr: Expr, host: &mut dyn Host) -> Outcome<(Expr, Found)> {
        for _ in 0..MAX_CHAIN {
            let value = |symbol: Option<SymRef>, asm: &Self| match asm.tables.syms[symbol?.0 as usize].place {
                Place::Value(value) => Some(value),
                _ => None,
            };
            if let Some(inner) = value(expr.plus, self) {
                if inner.minus.is_some() && expr.minus.is_some() {
                    return Err("a difference of differences cannot be expressed".into());
                }
                expr = Expr {
                    plus: inner.plus,
                    minus: expr.minus.or(inner.minus),
                    offset: expr.offset.wrapping_add(inner.offset),
                    modifier: expr.modifier,
                };
            } else if let Some(inner) = value(expr.minus, self) {
                if inner.minus.is_some() {
                    return Err("a difference of differences cannot be expressed".into());
                }
                expr = Expr { minus: inner.plus, offset: expr.offset.wrapping_sub(inner.offset), ..expr };
            } else {
                let found = match expr.plus {
                    Some(symbol) => self.find(symbol, host),
                    None => Found { placed: None, symbol: None },
                };
                return self.simplify(expr, found, host);
            }
        }
        Err("symbols are set in a circle".into())
    }

    /// Differences within one atom are numbers.
    fn simplify(&mut self, expr: Expr, found: Found, host: &mut dyn Host) -> Outcome<(Expr, Found)> {
        let (Some(_), Some(minus)) = (expr.plus, expr.minus) else { return Ok((expr, found)) };
        let minus = self.find(minus, host);
        match (found.placed, minus.placed) {
            (Some((a, at)), Some((b, from))) if a == b => {
                let offset = expr.offset.wrapping_add(at).wrapping_sub(from);
                Ok((Expr::number(offset), Found { placed: None, symbol: None }))
            }
            _ => Ok((expr, found)),
        }
    }

    fn number(&mut self, expr: Expr, host: &mut dyn Host) -> Option<i64> {
        self.resolve(expr, host).ok()?.0.constant()
    }

    fn find(&mut self, symbol: SymRef, host: &mut dyn Host) -> Found {
        let sym = self.tables.sym(symbol);
        let stays = matches!(sym.binding, Some(Binding::Global | Binding::Weak));
        if let Place::Placed(atom, at) = sym.place {
            let symbol = stays.then(|| self.object(symbol, host));
            return Found { placed: Some((atom, i64::from(at))), symbol };
        }
        let id = self.object(symbol, host);
        let made = host.builder().symbol(id);
        let placed = match made.def {
            SymbolDef::Atom(atom) => Some((atom, made.value as i64)),
            _ => None,
        };
        Found { placed, symbol: Some(id) }
    }

    fn fix(&mut self, fixup: &Fixup<(AtomId, u32)>, host: &mut dyn Host, arch: &Arch) -> Outcome<()> {
        let (atom, at) = fixup.at;
        let (expr, found) = self.resolve(fixup.expr, host)?;
        let kind = match fixup.field {
            Field::Kind(kind) => Some(kind),
            Field::Data(size) if expr.modifier != 0 => {
                let name = self.tables.modifier_name(&expr);
                let kind = self.syntax.modified_reloc(name, size);
                Some(kind.ok_or_else(|| format!("‘@{name}’ is not known here"))?)
            }
            Field::Data(_) => None,
        };
        if let Some(value) = expr.constant() {
            return match (kind, fixup.field) {
                (Some(kind), _) => self.store(atom, at, kind, value, host, arch),
                (None, Field::Data(size)) => store_data(atom, at, size, value, host),
                (None, Field::Kind(_)) => unreachable!("such a field has a kind"),
            };
        }
        let Some(symbol) = expr.plus else { return Err("the negative of a symbol cannot be expressed".into()) };
        let mut addend = expr.offset;
        if let Some(minus) = expr.minus {
            let minus = self.find(minus, host);
            match minus.placed {
                Some((of, from)) if of == atom => addend = addend.wrapping_add(i64::from(at) - from),
                _ => return Err("a difference of two places that a linker cannot express".into()),
            }
        }
        let kind = match (kind, fixup.field) {
            (Some(_), _) if expr.minus.is_some() => return Err("a difference cannot stand in this field".into()),
            (Some(kind), _) => kind,
            (None, Field::Data(size)) => {
                let kind = self.syntax.data_reloc(size, expr.minus.is_some());
                kind.ok_or_else(|| format!("an address does not fit {size} bytes"))?
            }
            (None, Field::Kind(_)) => unreachable!("such a field has a kind"),
        };
        let formula = arch.reloc(kind).formula;
        if let (Some((of, to)), None) = (found.placed, found.symbol) {
            if of == atom && matches!(formula, Formula::PcRel | Formula::PltPcRel) {
                let value = to.wrapping_add(addend).wrapping_sub(i64::from(at));
                return store(atom, at, kind, value, host, arch);
            }
            if matches!(formula, Formula::Abs | Formula::PcRel | Formula::PltPcRel) {
                let addend = addend.wrapping_add(to);
                host.builder().add_reloc(atom, at, kind, RelocTarget::atom(of), addend);
                return Ok(());
            }
        }
        let target = self.object(symbol, host);
        if let (Some((of, to)), SymbolDef::Undefined) = (found.placed, host.builder().symbol(target).def) {
            // A private label that only the linker can follow.
            host.builder().define(target, of, to as u64, 0);
        }
        host.builder().add_reloc(atom, at, kind, RelocTarget::symbol(target), addend);
        Ok(())
    }

    fn store(
        &self,
        atom: AtomId,
        at: u32,
        kind: RelocKind,
        value: i64,
        host: &mut dyn Host,
        arch: &Arch,
    ) -> Outcome<()> {
        if matches!(arch.reloc(kind).formula, Formula::PcRel | Formula::PltPcRel) {
            return Err("a relative field cannot hold a number".into());
        }
        store(atom, at, kind, value, host, arch)
    }
}

fn store(atom: AtomId, at: u32, kind: RelocKind, value: i64, host: &mut dyn Host, arch: &Arch) -> Outcome<()> {
    let row = arch.reloc(kind);
    if !row.range.fits(value) {
        return Err(format!("value {value:#x} does not fit its field"));
    }
    let bytes = host.builder().atom_bytes_mut(atom);
    match bytes.get_mut(at as usize..at as usize + usize::from(row.size)) {
        Some(field) => (row.encode)(field, value as u64),
        None => return Err("a value in a section without bytes".into()),
    }
    Ok(())
}

fn store_data(atom: AtomId, at: u32, size: u8, value: i64, host: &mut dyn Host) -> Outcome<()> {
    let n = usize::from(size);
    let fits = n == 8 || value >> (8 * n) == 0 || value >> (8 * n - 1) == -1;
    if !fits {
        return Err(format!("value {value:#x} does not fit {n} bytes"));
    }
    let bytes = host.builder().atom_bytes_mut(atom);
    match bytes.get_mut(at as usize..at as usize + n) {
        Some(field) => field.copy_from_slice(&value.to_le_bytes()[..n]),
        None => return Err("a value in a section without bytes".into()),
    }
    Ok(())
}
