//! Phase 7, scan: every relocation of the image is looked at once, to settle what it needs: a GOT or PLT entry, a copy, a
//! run-time relocation, or a rewrite of its instruction. `apply` later decides nothing.
//!
//! Objects are scanned in parallel. Needs of globals are sets of bits that only grow, so that the order does not matter;
//! what concerns one object (rewrites, run-time relocations, needs of its local symbols) stays with the object.

use crate::error::{ErrorKind, LinkError, show};
use crate::facets::Transition;
use crate::load::{ObjId, ObjectInput, SectionFate};
use crate::slots::LocalSlot;
use crate::symbols::{Def, GlobalFlags, GlobalId};
use crate::{Link, Target, parallel};
use base::ids::{Id, IdVec};
use obj::{AtomId, Reloc, SectionFlags, SymId, SymbolDef, SymbolKind};
use std::sync::atomic::{AtomicU16, Ordering};
use target::{Formula, RelocFlags};

/// What a symbol needs, as bits.
pub mod needs {
    pub const GOT: u16 = 1;
    pub const PLT: u16 = 2;
    /// A GOT word with its offset from the thread pointer.
    pub const GOT_TP: u16 = 4;
    /// A GOT pair for general dynamic access.
    pub const TLS_GD: u16 = 8;
    pub const TLS_DESC: u16 = 16;
    /// Its bytes are copied into the program.
    pub const COPY: u16 = 32;
    /// Its address is that of its PLT entry.
    pub const CANONICAL: u16 = 64;
    /// A run-time relocation or live code mentions it.
    pub const USED: u16 = 128;
    /// A run-time relocation of an atom names it.
    pub const RUN_TIME: u16 = 256;
    /// Any of these makes the loader look the name up.
    pub const BOUND: u16 = GOT | PLT | GOT_TP | TLS_GD | TLS_DESC | RUN_TIME;
}

/// Needs of the link as a whole.
pub mod module_needs {
    /// The GOT pair of this module (local dynamic TLS).
    pub const TLS_LD: u16 = 1;
    /// GOT-relative values: the GOT must exist.
    pub const GOT_BASE: u16 = 2;
    /// Read-only memory is relocated at run time.
    pub const TEXT_RELOCS: u16 = 4;
    /// Thread-pointer offsets are fixed into code of a shared library.
    pub const STATIC_TLS: u16 = 8;
}

/// A relocation that the loader applies to an atom's bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DynamicReloc {
    pub atom: AtomId,
    pub offset: u32,
    pub kind: DynamicKind,
    pub target: Target,
    pub addend: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DynamicKind {
    /// Base plus the target's address.
    Relative,
    /// The target's run-time address, as the row of the same kind says.
    Symbolic,
    /// What the target's resolver returns.
    Indirect,
}

/// How one relocation may treat its target.
struct Facts {
    flags: GlobalFlags,
    global: Option<GlobalId>,
    /// For locals, the symbol if there is one.
    local: Option<SymId>,
    /// The shared library's symbol is a function.
    imported: bool,
    discarded: bool,
}

struct Scanner<'a, 'l> {
    link: &'l Link<'a>,
    needs: &'l [AtomicU16],
    module: &'l AtomicU16,
}

/// What scanning one object found.
#[derive(Default)]
struct Found {
    locals: Vec<(SymId, u16)>,
    dynamic: Vec<DynamicReloc>,
    errors: Vec<LinkError>,
    undefined: Vec<(GlobalId, AtomId, u32)>,
}

/// Scans all objects and keeps what they need in `link.slots`.
pub(crate) fn scan(link: &mut Link<'_>) {
    let needs: Vec<AtomicU16> = link.globals.items.iter().map(|_| AtomicU16::new(0)).collect();
    let module = AtomicU16::new(0);
    // Relocations leave their objects while they are scanned, because rewrites change them.
    let work: Vec<(ObjId, Vec<Reloc>)> = link
        .objects
        .as_mut_slice()
        .iter_mut()
        .enumerate()
        .map(|(idx, input)| (ObjId::from_index(idx), std::mem::take(&mut input.object.relocs)))
        .collect();
    let shared = &*link;
    let results = parallel::map(link.threads, work, |(obj, mut relocs)| {
        let scanner = Scanner { link: shared, needs: &needs, module: &module };
        let mut found = Found::default();
        scanner.object(obj, &mut relocs, &mut found);
        (relocs, found)
    });
    let mut undefined = Vec::new();
    for (idx, (relocs, found)) in results.into_iter().enumerate() {
        let obj = ObjId::from_index(idx);
        let input = &mut link.objects[obj];
        input.object.relocs = relocs;
        input.dynamic_relocs = found.dynamic;
        let mut locals = found.locals;
        locals.sort_unstable();
        input.local_slots = merge_needs(&locals);
        link.errors.extend(found.errors);
        undefined.extend(found.undefined.into_iter().map(|(global, atom, offset)| (global, obj, atom, offset)));
    }
    link.slots.needs = needs.into_iter().map(AtomicU16::into_inner).collect::<IdVec<GlobalId, u16>>();
    link.slots.module = module.into_inner();
    report_undefined(link, undefined);
    let limit = link.options.error_limit.max(1);
    if link.errors.len() > limit {
        let more = link.errors.len() - limit;
        link.errors.truncate(limit);
        link.error(ErrorKind::Undefined, format!("{more} more errors are not shown"));
    }
}

/// What some atoms of one object need, found by the same rules as for a whole link.
pub(crate) struct Rescan {
    pub needs: IdVec<GlobalId, u16>,
    pub module: u16,
    pub locals: Vec<LocalSlot>,
    pub dynamic: Vec<DynamicReloc>,
    /// Something the link would complain about.
    pub refused: bool,
}

/// Scans `atoms` and the unwind records with relocations `records` of an object; rewrites stay in its relocations.
pub(crate) fn rescan(
    link: &mut Link<'_>,
    obj: ObjId,
    atoms: &[AtomId],
    records: &[(AtomId, std::ops::Range<u32>)],
) -> Rescan {
    let needs: Vec<AtomicU16> = link.globals.items.iter().map(|_| AtomicU16::new(0)).collect();
    let module = AtomicU16::new(0);
    let mut relocs = std::mem::take(&mut link.objects[obj].object.relocs);
    let mut found = Found::default();
    let scanner = Scanner { link, needs: &needs, module: &module };
    let input = &link.objects[obj];
    for &atom in atoms {
        let at = &input.object.atoms[atom];
        let section = &input.object.sections[at.section];
        let range = at.relocs.start as usize..at.relocs.end as usize;
        if section.flags.has(SectionFlags::ALLOC)
            && let Some(relocs) = relocs.get_mut(range)
        {
            scanner.atom(obj, input, atom, section.flags, relocs, &mut found);
        }
    }
    for (atom, range) in records {
        let flags = input.object.sections[input.object.atoms[*atom].section].flags;
        for reloc in relocs.get_mut(range.start as usize..range.end as usize).into_iter().flatten() {
            scanner.one(obj, input, *atom, &[], flags, reloc, &mut found);
        }
    }
    link.objects[obj].object.relocs = relocs;
    found.locals.sort_unstable();
    Rescan {
        needs: needs.into_iter().map(AtomicU16::into_inner).collect(),
        module: module.into_inner(),
        locals: merge_needs(&found.locals),
        dynamic: found.dynamic,
        refused: !found.errors.is_empty() || !found.undefined.is_empty(),
    }
}

fn merge_needs(sorted: &[(SymId, u16)]) -> Vec<LocalSlot> {
    let mut slots: Vec<LocalSlot> = Vec::new();
    for &(sym, needs) in sorted {
        match slots.last_mut() {
            Some(last) if last.symbol == sym => last.needs |= needs,
            _ => slots.push(LocalSlot { symbol: sym, needs, slot: Default::default() }),
        }
    }
    slots
}

impl Scanner<'_, '_> {
    fn object(&self, obj: ObjId, relocs: &mut [Reloc], found: &mut Found) {
        let input = &self.link.objects[obj];
        for (section_id, section) in input.object.sections.enumerated() {
            if input.fates[section_id] != SectionFate::Live || !section.flags.has(SectionFlags::ALLOC) {
                continue;
            }
            for atom in section.atoms.start.0..section.atoms.end.0 {
                let atom = AtomId(atom);
                let range = input.object.atoms[atom].relocs.clone();
                let Some(atom_relocs) = relocs.get_mut(range.start as usize..range.end as usize) else { continue };
                self.atom(obj, input, atom, section.flags, atom_relocs, found);
            }
        }
        // Kept unwind records: their personality pointers may need entries.
        for frames in self.link.frames.sections.get(obj).into_iter().flatten() {
            let flags = input.object.sections[frames.section].flags;
            for record in frames.records.iter().filter(|record| record.kept) {
                for idx in record.relocs.clone() {
                    let Some(reloc) = relocs.get_mut(idx as usize) else { continue };
                    let first = input.object.sections[frames.section].atoms.start;
                    self.one(obj, input, first, &[], flags, reloc, found);
                }
            }
        }
    }

    fn atom(
        &self,
        obj: ObjId,
        input: &ObjectInput<'_>,
        atom: AtomId,
        section: SectionFlags,
        relocs: &mut [Reloc],
        found: &mut Found,
    ) {
        let bytes = input.object.atom_bytes(atom);
        let mut idx = 0;
        while idx < relocs.len() {
            let drops_next = self.one(obj, input, atom, bytes, section, &mut relocs[idx], found);
            idx += 1;
            if drops_next && let Some(next) = relocs.get_mut(idx) {
                next.kind = self.link.arch.arch.common.none;
                idx += 1;
            }
        }
    }

    fn facts(&self, obj: ObjId, input: &ObjectInput<'_>, reloc: &Reloc) -> Facts {
        let mut facts =
            Facts { flags: GlobalFlags::default(), global: None, local: None, imported: false, discarded: false };
        match self.link.target(obj, reloc.target) {
            Target::Atom(atom) => {
                let section = input.object.atoms[atom].section;
                if input.object.sections[section].flags.has(SectionFlags::TLS) {
                    facts.flags.set(GlobalFlags::TLS);
                }
                facts.discarded = input.fates[section] == SectionFate::Discarded;
            }
            Target::Local(sym) => {
                let symbol = &input.object.symbols[sym];
                facts.local = Some(sym);
                match symbol.kind {
                    SymbolKind::Tls => facts.flags.set(GlobalFlags::TLS),
                    SymbolKind::IFunc => facts.flags.set(GlobalFlags::IFUNC | GlobalFlags::FUNCTION),
                    SymbolKind::Function => facts.flags.set(GlobalFlags::FUNCTION),
                    SymbolKind::None
                    | SymbolKind::Object
                    | SymbolKind::Common
                    | SymbolKind::Section
                    | SymbolKind::File => {}
                }
                match symbol.def {
                    SymbolDef::Absolute => facts.flags.set(GlobalFlags::ABSOLUTE),
                    SymbolDef::Undefined | SymbolDef::Common => facts.flags.set(GlobalFlags::UNDEF_ZERO),
                    SymbolDef::Atom(atom) => {
                        let section = input.object.atoms[atom].section;
                        facts.discarded = input.fates[section] == SectionFate::Discarded;
                        if input.object.sections[section].flags.has(SectionFlags::TLS) {
                            facts.flags.set(GlobalFlags::TLS);
                        }
                    }
                }
            }
            Target::Global(global) => {
                facts.global = Some(global);
                facts.flags = self.link.globals[global].flags;
                facts.imported = matches!(self.link.globals[global].def, Def::Shared { .. });
            }
        }
        facts
    }

    fn need(&self, facts: &Facts, bits: u16, found: &mut Found, reloc: &Reloc, obj: ObjId, atom: AtomId) {
        match (facts.global, facts.local) {
            (Some(global), _) => {
                let cell = &self.needs[global.index()];
                // Most needs are already known: a load is cheaper than a locked store.
                let bits = bits | needs::USED;
                if cell.load(Ordering::Relaxed) & bits != bits {
                    cell.fetch_or(bits, Ordering::Relaxed);
                }
            }
            (None, Some(local)) => {
                if found.locals.last() != Some(&(local, bits)) {
                    found.locals.push((local, bits));
                }
            }
            (None, None) => found.errors.push(self.refuse(obj, atom, reloc, "needs a named symbol")),
        }
    }

    fn module_need(&self, bits: u16) {
        if self.module.load(Ordering::Relaxed) & bits != bits {
            self.module.fetch_or(bits, Ordering::Relaxed);
        }
    }

    /// Looks at one relocation; true when the following one belongs to it and disappears.
    fn one(
        &self,
        obj: ObjId,
        input: &ObjectInput<'_>,
        atom: AtomId,
        bytes: &[u8],
        section: SectionFlags,
        reloc: &mut Reloc,
        found: &mut Found,
    ) -> bool {
        let desc = self.link.arch.arch.reloc(reloc.kind);
        if desc.formula == Formula::None {
            return false;
        }
        let facts = self.facts(obj, input, reloc);
        if facts.flags.has(GlobalFlags::UNDEF_ERROR)
            && let Some(global) = facts.global
        {
            found.undefined.push((global, atom, reloc.offset));
            return false;
        }
        if let Some(global) = facts.global {
            let cell = &self.needs[global.index()];
            if cell.load(Ordering::Relaxed) & needs::USED == 0 {
                cell.fetch_or(needs::USED, Ordering::Relaxed);
            }
        }
        let tls_target = facts.flags.has(GlobalFlags::TLS);
        let undefined = facts.flags.has(GlobalFlags::UNDEF_ZERO);
        if desc.is(RelocFlags::TLS) != tls_target
            && !undefined
            && !facts.discarded
            && !matches!(desc.formula, Formula::Size | Formula::TlsLdPcRel)
        {
            let text = if tls_target {
                "refers to a thread-local symbol as if it were not"
            } else {
                "refers to a symbol that is not thread-local"
            };
            found.errors.push(self.mismatch(obj, atom, reloc, text));
            return false;
        }
        let options = self.link.options;
        let preemptible = facts.flags.has(GlobalFlags::PREEMPTIBLE);
        let ifunc = facts.flags.has(GlobalFlags::IFUNC) && !preemptible;
        match desc.formula {
            Formula::None | Formula::Size | Formula::PageRel => {}
            Formula::Abs => {
                self.absolute(obj, atom, section, reloc, &facts, desc.is(RelocFlags::WORD), found);
            }
            Formula::PcRel => {
                if ifunc {
                    self.need(&facts, needs::PLT | needs::CANONICAL, found, reloc, obj, atom);
                } else if preemptible {
                    self.direct(obj, atom, section, reloc, &facts, found);
                }
            }
            Formula::PltPcRel | Formula::PltOff => {
                if desc.formula == Formula::PltOff {
                    self.module_need(module_needs::GOT_BASE);
                }
                if ifunc || preemptible {
                    self.need(&facts, needs::PLT, found, reloc, obj, atom);
                }
            }
            Formula::GotPcRel | Formula::GotSlot => {
                let near = !preemptible && !ifunc && !undefined;
                if near && options.relax && desc.is(RelocFlags::RELAX) && desc.formula == Formula::GotPcRel {
                    let absolute = facts.flags.has(GlobalFlags::ABSOLUTE);
                    let relative = !absolute && self.rewrite(reloc, bytes, Transition::GotToRelative);
                    if relative
                        || !options.is_pic() && !absolute && self.rewrite(reloc, bytes, Transition::GotToAbsolute)
                    {
                        return false;
                    }
                }
                self.need(&facts, needs::GOT, found, reloc, obj, atom);
            }
            Formula::GotOff => {
                self.module_need(module_needs::GOT_BASE);
                if preemptible {
                    found.errors.push(self.recompile(obj, atom, reloc));
                } else if ifunc {
                    self.need(&facts, needs::PLT | needs::CANONICAL, found, reloc, obj, atom);
                }
            }
            Formula::GotBasePcRel => self.module_need(module_needs::GOT_BASE),
            Formula::Dynamic => found.errors.push(self.refuse(obj, atom, reloc, "only has a meaning at run time")),
            Formula::TlsGdPcRel
            | Formula::TlsLdPcRel
            | Formula::DtpOff
            | Formula::TpOff
            | Formula::GotTpOffPcRel
            | Formula::TlsDescPcRel
            | Formula::TlsDescCall => return self.tls(obj, atom, bytes, reloc, &facts, desc.formula, found),
        }
        false
    }

    /// Chooses a rewrite for the relocation and makes it the relocation's kind.
    fn rewrite(&self, reloc: &mut Reloc, bytes: &[u8], transition: Transition) -> bool {
        let Some(id) = (self.link.arch.relax)(reloc.kind, bytes, reloc.offset as usize, transition) else {
            return false;
        };
        let rewrite = &self.link.arch.rewrites[id.0 as usize];
        reloc.kind = rewrite.kind;
        reloc.aux = id.0 + 1;
        reloc.addend = reloc.addend.wrapping_add(i64::from(rewrite.addend));
        true
    }

    /// `S + A` as data.
    fn absolute(
        &self,
        obj: ObjId,
        atom: AtomId,
        section: SectionFlags,
        reloc: &Reloc,
        facts: &Facts,
        word: bool,
        found: &mut Found,
    ) {
        let options = self.link.options;
        let preemptible = facts.flags.has(GlobalFlags::PREEMPTIBLE);
        let fixed =
            facts.flags.has(GlobalFlags::ABSOLUTE) || facts.flags.has(GlobalFlags::UNDEF_ZERO) || facts.discarded;
        let target = self.link.target(obj, reloc.target);
        let dynamic = |kind: DynamicKind, found: &mut Found| {
            let addend = reloc.addend;
            found.dynamic.push(DynamicReloc { atom, offset: reloc.offset, kind, target, addend });
            if kind == DynamicKind::Symbolic {
                self.need(facts, needs::RUN_TIME, found, reloc, obj, atom);
            }
            if !section.has(SectionFlags::WRITE) {
                if options.z.text {
                    let text =
                        "in read-only memory needs a run-time relocation; recompile with -fPIC or link with -z notext";
                    found.errors.push(self.refuse(obj, atom, reloc, text));
                }
                self.module_need(module_needs::TEXT_RELOCS);
            }
        };
        if preemptible {
            let writable = section.has(SectionFlags::WRITE);
            if word && (options.is_pic() || writable) {
                dynamic(DynamicKind::Symbolic, found);
            } else if facts.flags.has(GlobalFlags::UNDEF_ZERO) {
                // A weak name in a fixed program: zero.
            } else if options.is_pic() {
                found.errors.push(self.recompile(obj, atom, reloc));
            } else {
                self.direct(obj, atom, section, reloc, facts, found);
            }
        } else if facts.flags.has(GlobalFlags::IFUNC) {
            self.need(facts, needs::PLT | needs::CANONICAL, found, reloc, obj, atom);
            if options.is_pic() {
                if word {
                    dynamic(DynamicKind::Relative, found);
                } else {
                    found.errors.push(self.recompile(obj, atom, reloc));
                }
            }
        } else if options.is_pic() && !fixed {
            if word {
                dynamic(DynamicKind::Relative, found);
            } else {
                found.errors.push(self.recompile(obj, atom, reloc));
            }
        }
    }

    /// Code refers to an imported symbol as if it were in the program: its address becomes that of a PLT entry, or its
    /// bytes are copied here.
    fn direct(&self, obj: ObjId, atom: AtomId, _: SectionFlags, reloc: &Reloc, facts: &Facts, found: &mut Found) {
        let options = self.link.options;
        let branch = self.link.arch.arch.reloc(reloc.kind).is(RelocFlags::BRANCH);
        if facts.flags.has(GlobalFlags::UNDEF_ZERO) && !options.is_shared() {
            return;
        }
        if options.is_shared() || !facts.imported {
            found.errors.push(self.recompile(obj, atom, reloc));
        } else if facts.flags.has(GlobalFlags::FUNCTION) {
            let canonical = if branch { 0 } else { needs::CANONICAL };
            self.need(facts, needs::PLT | canonical, found, reloc, obj, atom);
        } else if options.z.no_copy_reloc {
            found.errors.push(self.recompile(obj, atom, reloc));
        } else {
            self.need(facts, needs::COPY, found, reloc, obj, atom);
        }
    }

    fn tls(
        &self,
        obj: ObjId,
        atom: AtomId,
        bytes: &[u8],
        reloc: &mut Reloc,
        facts: &Facts,
        formula: Formula,
        found: &mut Found,
    ) -> bool {
        let options = self.link.options;
        let program = !options.is_shared();
        let local = !facts.flags.has(GlobalFlags::PREEMPTIBLE);
        let relax = program && (options.relax || options.is_static);
        let drops = |reloc: &Reloc| self.link.arch.rewrites[reloc.aux as usize - 1].drops_next;
        match formula {
            Formula::TlsGdPcRel => {
                if relax && local && self.rewrite(reloc, bytes, Transition::GdToLe) {
                    return drops(reloc);
                }
                if relax && self.rewrite(reloc, bytes, Transition::GdToIe) {
                    self.need(facts, needs::GOT_TP, found, reloc, obj, atom);
                    return drops(reloc);
                }
                self.need(facts, needs::TLS_GD, found, reloc, obj, atom);
            }
            Formula::TlsLdPcRel => {
                if relax && self.rewrite(reloc, bytes, Transition::LdToLe) {
                    return drops(reloc);
                }
                self.module_need(module_needs::TLS_LD);
            }
            Formula::GotTpOffPcRel => {
                if relax && local && self.rewrite(reloc, bytes, Transition::IeToLe) {
                    return drops(reloc);
                }
                if !program {
                    self.module_need(module_needs::STATIC_TLS);
                }
                self.need(facts, needs::GOT_TP, found, reloc, obj, atom);
            }
            Formula::TlsDescPcRel | Formula::TlsDescCall => {
                if relax && local && self.rewrite(reloc, bytes, Transition::DescToLe) {
                    return false;
                }
                if relax && self.rewrite(reloc, bytes, Transition::DescToIe) {
                    if formula == Formula::TlsDescPcRel {
                        self.need(facts, needs::GOT_TP, found, reloc, obj, atom);
                    }
                    return false;
                }
                self.need(facts, needs::TLS_DESC, found, reloc, obj, atom);
            }
            Formula::DtpOff => {
                // Code that used the module's block relative to itself now has the thread pointer in its place.
                if relax && let Some(kind) = self.link.arch.local_exec(reloc.kind) {
                    reloc.kind = kind;
                }
            }
            Formula::TpOff if !program => found.errors.push(self.recompile(obj, atom, reloc)),
            Formula::TpOff if !local => found.errors.push(self.recompile(obj, atom, reloc)),
            _ => {}
        }
        false
    }

    fn location(&self, obj: ObjId, atom: AtomId, reloc: &Reloc) -> (String, String, &'static str) {
        let place = self.link.describe_place(obj, atom, u64::from(reloc.offset));
        let target = self.link.describe_target(obj, reloc.target);
        (place, target, self.link.arch.arch.reloc(reloc.kind).name)
    }

    fn refuse(&self, obj: ObjId, atom: AtomId, reloc: &Reloc, text: &str) -> LinkError {
        let (place, target, name) = self.location(obj, atom, reloc);
        LinkError::new(ErrorKind::Relocation, format!("{place}: relocation {name} against {target} {text}"))
    }

    fn mismatch(&self, obj: ObjId, atom: AtomId, reloc: &Reloc, text: &str) -> LinkError {
        LinkError { kind: ErrorKind::Mismatch, ..self.refuse(obj, atom, reloc, text) }
    }

    fn recompile(&self, obj: ObjId, atom: AtomId, reloc: &Reloc) -> LinkError {
        let what = match (self.link.options.is_shared(), self.link.options.is_pic()) {
            (true, _) => "cannot be used when making a shared library; recompile with -fPIC",
            (_, true) => "cannot be used when making a PIE; recompile with -fPIE or link with -no-pie",
            _ => "cannot be used here; recompile with -fPIC",
        };
        self.refuse(obj, atom, reloc, what)
    }
}

/// At most so many references are named per undefined symbol.
const MAX_REFERENCES: usize = 3;

/// One message per undefined name, with its first references.
fn report_undefined(link: &mut Link<'_>, mut all: Vec<(GlobalId, ObjId, AtomId, u32)>) {
    // Names come in the order of their first reference.
    let mut first_at: std::collections::HashMap<GlobalId, usize> = std::collections::HashMap::new();
    for (idx, (global, ..)) in all.iter().enumerate() {
        first_at.entry(*global).or_insert(idx);
    }
    all.sort_by_key(|(global, ..)| first_at[global]);
    for references in all.chunk_by(|a, b| a.0 == b.0) {
        let id = references[0].0;
        let name = link.globals[id].name;
        let hidden = link.globals[id].visibility != obj::Visibility::Default;
        let mut text = format!("undefined {}symbol: {}", if hidden { "hidden " } else { "" }, show(name));
        for (_, obj, atom, offset) in references.iter().take(MAX_REFERENCES) {
            text += &format!("\n  referenced by {}", link.describe_place(*obj, *atom, u64::from(*offset)));
        }
        if references.len() > MAX_REFERENCES {
            text += &format!("\n  and {} more times", references.len() - MAX_REFERENCES);
        }
        if let Some(near) =
            crate::error::similar(name, link.globals.items.iter().filter(|g| g.is_defined_here()).map(|g| g.name))
        {
            text += &format!("\n  did you mean: {}", show(near));
        }
        if link.options.unresolved == crate::options::Unresolved::Warn {
            link.warnings.push(text);
            let flags = &mut link.globals[id].flags;
            flags.clear(GlobalFlags::UNDEF_ERROR);
            flags.set(GlobalFlags::UNDEF_ZERO);
        } else {
            link.error(ErrorKind::Undefined, text);
        }
    }
    if let Some(entry) = link.entry
        && link.globals[entry].def == Def::Undefined
        && link.globals[entry].is(GlobalFlags::UNDEF_ERROR)
    {
        let text = format!(
            "cannot find entry symbol {}; the program starts at the first byte of code",
            show(link.globals[entry].name)
        );
        link.warnings.push(text);
    }
}
