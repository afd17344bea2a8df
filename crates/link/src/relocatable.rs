//! Relocatable output (`-r`): the inputs become one object, sections of equal name one after the other, relocations kept.
//!
//! Names are resolved as in a full link (duplicates are errors, groups are kept once), undefined ones stay undefined.
//! Sections of groups stay sections of their own. Element merging is left to the final link; a mergeable section that is
//! referred to by offset loses the mark, because after concatenation an offset no longer selects an element by itself.

use crate::Link;
use crate::frames;
use crate::load::{ObjId, SectionFate};
use crate::symbols::{Def, GlobalFlags, GlobalId};
use base::ids::{Id, IdVec};
use obj::{
    Atom, AtomId, Binding, Group, GroupId, Object, Reloc, RelocTarget, RelocTargetKind, Section, SectionFlags,
    SectionId, SectionKind, StrRef, SymId, Symbol, SymbolDef, SymbolKind,
};
use std::borrow::Cow;
use std::collections::HashMap;

/// Maps of one link's ids to the new object's.
struct Builder<'l, 'a> {
    link: &'l Link<'a>,
    object: Object<'static>,
    strings: Vec<u8>,
    sections: HashMap<(Vec<u8>, SectionFlags, GroupId), SectionId>,
    /// Members of each new section, in order.
    members: IdVec<SectionId, Vec<(ObjId, AtomId)>>,
    atoms: Vec<IdVec<AtomId, AtomId>>,
    locals: Vec<IdVec<SymId, SymId>>,
    globals: IdVec<GlobalId, SymId>,
    /// Unwind sections without the records of dropped functions.
    frames: HashMap<(ObjId, AtomId), (Vec<u8>, Vec<Reloc>)>,
    /// New group of each input group.
    groups: HashMap<(ObjId, GroupId), GroupId>,
}

/// Makes one object of all inputs.
pub(crate) fn combine(link: &mut Link<'_>) -> Object<'static> {
    frames::parse(link);
    let link = &*link;
    let mut builder = Builder {
        link,
        object: Object::default(),
        strings: vec![0],
        sections: HashMap::new(),
        members: IdVec::new(),
        atoms: link.objects.iter().map(|input| vec![AtomId::NONE; input.object.atoms.len()].into()).collect(),
        locals: link.objects.iter().map(|input| vec![SymId::NONE; input.object.symbols.len()].into()).collect(),
        globals: vec![SymId::NONE; link.globals.items.len()].into(),
        frames: live_frames(link),
        groups: HashMap::new(),
    };
    builder.collect_sections();
    builder.lay_out();
    builder.local_symbols();
    builder.global_symbols();
    builder.sign_groups();
    builder.relocations();
    builder.object.strings = Cow::Owned(builder.strings);
    builder.object
}

impl Builder<'_, '_> {
    fn name(&mut self, name: &[u8]) -> StrRef {
        let start = self.strings.len() as u32;
        self.strings.extend_from_slice(name);
        self.strings.push(0);
        StrRef { start, len: name.len() as u32 }
    }

    fn collect_sections(&mut self) {
        for (obj, input) in self.link.objects.enumerated() {
            for (id, section) in input.object.sections.enumerated() {
                if input.fates[id] == SectionFate::Discarded {
                    continue;
                }
                let group = match section.group.some() {
                    None => GroupId::NONE,
                    Some(group) => *self.groups.entry((obj, group)).or_insert_with(|| {
                        let comdat = input.object.groups[group].comdat;
                        self.object.groups.push(Group { signature: SymId::NONE, comdat, sections: Vec::new() })
                    }),
                };
                let new = self.section_for(section, group);
                for atom in (section.atoms.start.0..section.atoms.end.0).map(AtomId) {
                    self.members[new].push((obj, atom));
                }
            }
        }
    }

    fn section_for(&mut self, section: &Section<'_>, group: GroupId) -> SectionId {
        let key = (section.name.to_vec(), section.flags, group);
        // Elements of different sizes and ordered sections do not go together.
        let shared = !section.flags.has(SectionFlags::LINK_ORDER) && !section.flags.has(SectionFlags::COMPRESSED);
        if shared
            && let Some(&id) = self.sections.get(&key)
            && self.object.sections[id].entry_size == section.entry_size
            && self.object.sections[id].kind == section.kind
        {
            let old = &mut self.object.sections[id];
            old.align = old.align.max(section.align);
            return id;
        }
        let id = self.object.sections.push(Section {
            name: Cow::Owned(section.name.to_vec()),
            kind: section.kind,
            flags: SectionFlags(section.flags.0 & !SectionFlags::LINK_ORDER.0),
            align: section.align,
            entry_size: section.entry_size,
            data: Cow::Owned(Vec::new()),
            size: 0,
            atoms: AtomId::NONE..AtomId::NONE,
            group,
            link_order: SectionId::NONE,
            extra: section.extra,
        });
        self.members.push(Vec::new());
        self.sections.insert(key, id);
        if let Some(group) = group.some() {
            self.object.groups[group].sections.push(id);
        }
        id
    }

    /// Copies the sections' bytes and numbers the atoms.
    fn lay_out(&mut self) {
        for id in self.object.sections.ids() {
            let first = self.object.atoms.next_id();
            let section = &mut self.object.sections[id];
            let mut data = Vec::new();
            let mut size = 0u64;
            for &(obj, old) in &self.members[id] {
                let object = &self.link.objects[obj].object;
                let atom = &object.atoms[old];
                // Unwind records follow each other: a gap of zeros would end them.
                let packed = section.kind == SectionKind::Unwind;
                let align = if packed { atom.align.min(4) } else { atom.align };
                let offset = base::bytes::align_up(size, u64::from(align.max(1)));
                let bytes = match self.frames.get(&(obj, old)) {
                    Some((bytes, _)) => bytes,
                    None => object.atom_bytes(old),
                };
                let atom_size = if section.kind == SectionKind::Nobits { atom.size } else { bytes.len() as u64 };
                if section.kind != SectionKind::Nobits {
                    data.resize(offset as usize, 0);
                    data.extend_from_slice(bytes);
                }
                size = offset + atom_size;
                let new = Atom { section: id, offset, size: atom_size, align, relocs: 0..0 };
                self.atoms[obj.index()][old] = self.object.atoms.push(new);
            }
            section.size = size;
            section.data = Cow::Owned(data);
            section.atoms = first..self.object.atoms.next_id();
        }
    }

    fn symbol(&mut self, obj: ObjId, sym: SymId) -> Symbol {
        let link = self.link;
        let old = link.objects[obj].object.symbols[sym];
        let name = self.name(link.objects[obj].object.symbol_name(sym));
        let def = match old.def {
            SymbolDef::Atom(atom) => match self.atoms[obj.index()][atom].some() {
                Some(atom) => SymbolDef::Atom(atom),
                None => SymbolDef::Undefined,
            },
            other => other,
        };
        Symbol { name, def, ..old }
    }

    fn local_symbols(&mut self) {
        for (obj, input) in self.link.objects.enumerated() {
            for (sym, old) in input.object.symbols.enumerated() {
                if old.binding == Binding::Local && old.kind != SymbolKind::Section {
                    let symbol = self.symbol(obj, sym);
                    self.locals[obj.index()][sym] = self.object.symbols.push(symbol);
                }
            }
        }
    }

    fn global_symbols(&mut self) {
        let link = self.link;
        for (id, global) in link.globals.items.enumerated() {
            let symbol = match global.def {
                Def::Object { obj, sym } => {
                    let mut symbol = self.symbol(obj, sym);
                    if global.is(GlobalFlags::COMMON) {
                        symbol.size = global.common_size;
                        symbol.value = u64::from(global.common_align);
                    }
                    Symbol { visibility: global.visibility, ..symbol }
                }
                Def::Absolute(value) => self.made(global.name, SymbolDef::Absolute, value, Binding::Global),
                _ if global.is(GlobalFlags::REF_REGULAR) => {
                    let weak = !global.is(GlobalFlags::REF_STRONG);
                    let binding = if weak { Binding::Weak } else { Binding::Global };
                    let symbol = self.made(global.name, SymbolDef::Undefined, 0, binding);
                    Symbol { visibility: global.visibility, ..symbol }
                }
                _ => continue,
            };
            self.globals[id] = self.object.symbols.push(symbol);
        }
    }

    fn made(&mut self, name: &[u8], def: SymbolDef, value: u64, binding: Binding) -> Symbol {
        let name = self.name(name);
        let (kind, visibility) = (SymbolKind::None, obj::Visibility::Default);
        Symbol { name, def, binding, kind, visibility, value, size: 0 }
    }

    fn sign_groups(&mut self) {
        let groups: Vec<((ObjId, GroupId), GroupId)> = {
            let mut all: Vec<_> = self.groups.iter().map(|(&old, &new)| (old, new)).collect();
            all.sort_unstable_by_key(|&(_, new)| new);
            all
        };
        for ((obj, old), new) in groups {
            let signature = self.link.objects[obj].object.groups[old].signature;
            let found = match self.link.global_of(obj, signature) {
                Some(global) => self.globals[global],
                None => self.locals[obj.index()][signature],
            };
            self.object.groups[new].signature = match found.some() {
                Some(symbol) => symbol,
                None => {
                    let name = self.link.objects[obj].object.symbol_name(signature).to_vec();
                    let symbol = self.made(&name, SymbolDef::Undefined, 0, Binding::Global);
                    self.object.symbols.push(symbol)
                }
            };
        }
    }

    fn relocations(&mut self) {
        for id in self.object.sections.ids() {
            for (position, (obj, old)) in self.members[id].clone().into_iter().enumerate() {
                let start = self.object.relocs.len() as u32;
                let own = self.frames.remove(&(obj, old)).map(|(_, relocs)| relocs);
                let relocs = own.unwrap_or_else(|| self.link.objects[obj].object.atom_relocs(old).to_vec());
                for reloc in relocs {
                    if let Some(target) = self.target(obj, &reloc) {
                        self.object.relocs.push(Reloc { target, ..reloc });
                    }
                }
                let atom = AtomId(self.object.sections[id].atoms.start.0 + position as u32);
                self.object.atoms[atom].relocs = start..self.object.relocs.len() as u32;
            }
        }
    }

    /// The new target; `None` where the old one was dropped with its group and only tools refer to it.
    fn target(&mut self, obj: ObjId, reloc: &Reloc) -> Option<RelocTarget> {
        match reloc.target.kind() {
            RelocTargetKind::Atom(atom) => {
                let new = self.atoms[obj.index()][atom].some()?;
                let section = self.object.atoms[new].section;
                let merge = SectionFlags::MERGE.0 | SectionFlags::STRINGS.0;
                self.object.sections[section].flags.0 &= !merge;
                Some(RelocTarget::atom(new))
            }
            RelocTargetKind::Symbol(sym) => {
                let new = match self.link.global_of(obj, sym) {
                    Some(global) => self.globals[global],
                    None => self.locals[obj.index()][sym],
                };
                new.some().map(RelocTarget::symbol)
            }
        }
    }
}

/// Cuts the records of functions that went with their groups out of the unwind sections.
fn live_frames(link: &Link<'_>) -> HashMap<(ObjId, AtomId), (Vec<u8>, Vec<Reloc>)> {
    let mut all = HashMap::new();
    for (obj, sections) in link.frames.sections.enumerated() {
        let object = &link.objects[obj].object;
        for part in sections {
            let section = &object.sections[part.section];
            let dead = |record: &frames::FrameRecord| {
                let discarded = |(o, atom): (ObjId, AtomId)| {
                    let input = &link.objects[o];
                    input.fates[input.object.atoms[atom].section] == SectionFate::Discarded
                };
                record.function.is_some_and(discarded)
            };
            if section.atoms.end.0 - section.atoms.start.0 != 1 || !part.records.iter().any(dead) {
                continue;
            }
            let (mut bytes, mut relocs) = (Vec::new(), Vec::new());
            let mut starts = Vec::with_capacity(part.records.len());
            for record in &part.records {
                let start = bytes.len() as u32;
                starts.push(start);
                if dead(record) {
                    continue;
                }
                let range = record.offset as usize..(record.offset + record.size) as usize;
                bytes.extend_from_slice(&section.data[range]);
                if let Some(&cie) = starts.get(record.cie as usize) {
                    base::bytes::put_u32(&mut bytes, start as usize + 4, start + 4 - cie);
                }
                for reloc in &object.relocs[record.relocs.start as usize..record.relocs.end as usize] {
                    let offset = reloc.offset - record.offset + start;
                    relocs.push(Reloc { offset, ..*reloc });
                }
            }
            all.insert((obj, section.atoms.start), (bytes, relocs));
        }
    }
    all
}
