//! Content ids: "did this atom change?", and the interface of an object: "did anything that others rely on change?".
//!
//! A content id is a hash of the bytes, with the fields of relocations blanked (some compilers leave garbage there), and
//! of the relocations in canonical form: by the target's *name*, or, for what has none, by the name of its section and
//! its place among the atoms of sections of that name. Ids, string offsets and symbol order do not matter, so the same
//! code in two builds has the same id.

use crate::{AtomId, Binding, Object, RelocTargetKind, Section, SectionKind, SymId, SymbolDef};
use base::hash::{ContentHasher, ContentId};
use base::{Id, IdVec};
use std::collections::HashMap;
use target::Arch;

/// What content ids need to know of one object, computed once.
pub struct Contents<'o, 'a> {
    object: &'o Object<'a>,
    arch: &'static Arch,
    occurrences: IdVec<AtomId, u32>,
}

impl<'o, 'a> Contents<'o, 'a> {
    pub fn new(object: &'o Object<'a>, arch: &'static Arch) -> Contents<'o, 'a> {
        Contents { object, arch, occurrences: occurrences(object) }
    }

    /// The atom's place among the atoms of all sections with its section's name: with that name, its key in the object.
    pub fn occurrence(&self, atom: AtomId) -> u32 {
        self.occurrences[atom]
    }

    /// The content id of an atom.
    pub fn id(&self, atom: AtomId) -> ContentId {
        content_id(self.object, atom, self.arch, &self.occurrences)
    }
}

/// For each atom its place among the atoms of all sections with the same name.
pub fn occurrences(object: &Object<'_>) -> IdVec<AtomId, u32> {
    let mut counts: HashMap<&[u8], u32> = HashMap::with_capacity(object.sections.len());
    let mut result = IdVec::with_capacity(object.atoms.len());
    for section in &object.sections {
        let count = counts.entry(&section.name).or_default();
        for _ in section.atoms.start.index()..section.atoms.end.index() {
            result.push(*count);
            *count += 1;
        }
    }
    result
}

/// The content id of an atom, given its object's [`occurrences`].
pub fn content_id(object: &Object<'_>, atom_id: AtomId, arch: &Arch, occurrences: &IdVec<AtomId, u32>) -> ContentId {
    let atom = &object.atoms[atom_id];
    let section = &object.sections[atom.section];
    let mut hasher = ContentHasher::new();
    hash_section(&mut hasher, section);
    hasher.update_u64(u64::from(atom.align));
    hasher.update_u64(atom.size);
    hash_bytes(&mut hasher, object, atom_id, arch);
    for reloc in object.atom_relocs(atom_id) {
        hasher.update_u64(u64::from(reloc.offset));
        hasher.update_u64(u64::from(reloc.kind.0) << 16 | u64::from(reloc.aux));
        hasher.update_u64(reloc.addend as u64);
        match reloc.target.kind() {
            RelocTargetKind::Atom(target) => hash_place(&mut hasher, object, target, 0, occurrences),
            RelocTargetKind::Symbol(sym) => {
                let symbol = &object.symbols[sym];
                match symbol.def {
                    SymbolDef::Atom(target) if symbol.name.len == 0 => {
                        hash_place(&mut hasher, object, target, symbol.value, occurrences);
                    }
                    // Several local symbols of an object may have one name.
                    SymbolDef::Atom(target) if symbol.binding == Binding::Local => {
                        hash_name(&mut hasher, object.symbol_name(sym));
                        hash_place(&mut hasher, object, target, symbol.value, occurrences);
                    }
                    SymbolDef::Absolute => {
                        hash_name(&mut hasher, object.symbol_name(sym));
                        hasher.update_u64(symbol.value);
                    }
                    _ => hash_name(&mut hasher, object.symbol_name(sym)),
                }
            }
        }
    }
    hasher.finish()
}

/// The object's symbols in an order that does not depend on their numbers: by name, then by what and where they are.
/// Compilers number symbols by first use, which any change of code may change.
pub fn symbol_order(object: &Object<'_>, occurrences: &IdVec<AtomId, u32>) -> Vec<SymId> {
    let key = |id: SymId| {
        let symbol = &object.symbols[id];
        let place = match symbol.def {
            SymbolDef::Undefined => (0, &b""[..], 0),
            SymbolDef::Absolute => (1, &b""[..], 0),
            SymbolDef::Common => (2, &b""[..], 0),
            SymbolDef::Atom(atom) => (3, &*object.sections[object.atoms[atom].section].name, occurrences[atom]),
        };
        (object.symbol_name(id), symbol.binding as u8, symbol.kind as u8, place, symbol.value, symbol.size)
    };
    let mut order: Vec<SymId> = object.symbols.ids().collect();
    order.sort_by(|&a, &b| key(a).cmp(&key(b)));
    order
}

/// A hash of everything about an object that does not lie within one atom's bytes and relocations: its sections and how
/// they are cut, and its symbols with the places of their definitions. While it stays the same, a change of one atom's
/// content (and size) concerns nobody else. Sizes of what is defined in atoms are left out: they are told in symbol tables,
/// and whoever asks for one by a relocation has to be known otherwise.
pub fn interface_id(object: &Object<'_>) -> ContentId {
    let places = occurrences(object);
    let mut hasher = ContentHasher::new();
    for section in &object.sections {
        hash_section(&mut hasher, section);
        hasher.update_u64(section.align);
        hasher.update_u64(u64::from(section.group.0));
        hasher.update_u64((section.atoms.end.index() - section.atoms.start.index()) as u64);
    }
    for group in &object.groups {
        hash_name(&mut hasher, object.symbol_name(group.signature));
        hasher.update_u64(u64::from(group.comdat));
    }
    for id in symbol_order(object, &places) {
        let symbol = &object.symbols[id];
        hash_name(&mut hasher, object.symbol_name(id));
        let facts = [symbol.binding as u64, symbol.kind as u64, symbol.visibility as u64];
        hasher.update_u64(facts[0] << 16 | facts[1] << 8 | facts[2]);
        match symbol.def {
            SymbolDef::Undefined => hasher.update_u64(0),
            SymbolDef::Atom(atom) => hash_place(&mut hasher, object, atom, symbol.value, &places),
            SymbolDef::Absolute | SymbolDef::Common => {
                hasher.update_u64(if symbol.def == SymbolDef::Common { 3 } else { 2 });
                hasher.update_u64(symbol.value);
            }
        }
        if !matches!(symbol.def, SymbolDef::Atom(_)) {
            hasher.update_u64(symbol.size);
        }
    }
    hasher.finish()
}

fn hash_section(hasher: &mut ContentHasher, section: &Section<'_>) {
    hash_name(hasher, &section.name);
    let (kind, number) = match section.kind {
        SectionKind::Progbits => (0, 0),
        SectionKind::Nobits => (1, 0),
        SectionKind::Note => (2, 0),
        SectionKind::InitArray => (3, 0),
        SectionKind::FiniArray => (4, 0),
        SectionKind::PreinitArray => (5, 0),
        SectionKind::Unwind => (6, 0),
        SectionKind::Other(number) => (7, number),
    };
    hasher.update_u64(u64::from(number) << 32 | kind);
    hasher.update_u64(u64::from(section.flags.0));
    hasher.update_u64(section.entry_size);
}

/// A tag, section name, occurrence and offset.
fn hash_place(
    hasher: &mut ContentHasher,
    object: &Object<'_>,
    target: AtomId,
    value: u64,
    occurrences: &IdVec<AtomId, u32>,
) {
    hasher.update_u64(1);
    hash_name(hasher, &object.sections[object.atoms[target].section].name);
    hasher.update_u64(u64::from(occurrences[target]));
    hasher.update_u64(value);
}

fn hash_name(hasher: &mut ContentHasher, name: &[u8]) {
    hasher.update_u64(name.len() as u64);
    hasher.update(name);
}

/// The bytes with zeros in the fields of relocations.
fn hash_bytes(hasher: &mut ContentHasher, object: &Object<'_>, id: AtomId, arch: &Arch) {
    const ZEROS: [u8; 255] = [0; 255];
    let bytes = object.atom_bytes(id);
    let mut at = 0;
    for reloc in object.atom_relocs(id) {
        let start = (reloc.offset as usize).clamp(at, bytes.len());
        let end = (reloc.offset as usize + usize::from(arch.reloc(reloc.kind).size)).clamp(start, bytes.len());
        hasher.update(&bytes[at..start]);
        hasher.update(&ZEROS[..end - start]);
        at = end;
    }
    hasher.update(&bytes[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{ObjectBuilder, SectionSpec};
    use crate::{RelocTarget, SectionFlags, SymbolKind};
    use target::RelocKind;
    use target::reloc::{Formula, RelocDesc, RelocFlags, RelocRange, fields};

    static ROWS: &[RelocDesc] = &[RelocDesc {
        name: "R_TEST_32",
        wire: &[],
        formula: Formula::Abs,
        size: 4,
        range: RelocRange::Any,
        flags: RelocFlags::NONE,
        encode: fields::le32,
        decode: fields::get_le32,
    }];

    static ARCH: Arch = {
        const ANY: RelocKind = RelocKind(0);
        const S: target::ScalarLayout = target::ScalarLayout { size: 8, align: 8 };
        static LAYOUT: target::DataLayout = target::DataLayout {
            big_endian: false,
            pointer: S,
            long: S,
            int64: S,
            int128: S,
            double: S,
            long_double: S,
            long_double_format: target::FloatFormat::Double,
            char_signed: true,
            wchar_size: 4,
            wchar_signed: true,
            va_list: target::layout::VaListLayout { size: 8, align: 8, is_array: false },
            stack_align: 16,
            max_align: 16,
            frame_to_cfa: 16,
        };
        Arch {
            name: "test",
            layout: &LAYOUT,
            relocs: ROWS,
            common: target::CommonRelocs {
                none: ANY,
                abs32: ANY,
                abs64: ANY,
                pc32: ANY,
                pc64: ANY,
                dtpoff64: ANY,
                dtpoff32: ANY,
                relative: ANY,
                glob_dat: ANY,
                jump_slot: ANY,
                copy: ANY,
                irelative: ANY,
                dtpmod: ANY,
                dtpoff: ANY,
                tpoff: ANY,
                tlsdesc: ANY,
            },
            dwarf_regs: &[],
            return_address_reg: 0,
            stack_pointer_reg: 0,
            code_align: 1,
            data_align: 1,
            max_page_size: 4096,
            image_base: 0,
            builtins: &[],
            features: &[],
            processor: None,
        }
    };

    /// Two functions of which the second refers to `name`; `field` is what stands where the relocation writes.
    fn object(name: &[u8], field: u8, extra_symbol: bool) -> Object<'static> {
        let mut builder = ObjectBuilder::new();
        if extra_symbol {
            builder.add_symbol(b"other", Binding::Global, SymbolKind::None);
        }
        let text = SectionSpec::progbits(b".text", SectionFlags::ALLOC.with(SectionFlags::EXEC));
        let text = builder.section(text, 0);
        let first = builder.add_atom(text, 16, b"abc");
        let second = builder.add_atom(text, 16, &[1, field, field, field, field, 9]);
        let target = builder.add_symbol(name, Binding::Global, SymbolKind::Function);
        builder.add_reloc(second, 1, RelocKind(0), RelocTarget::symbol(target), 4);
        let sym = builder.add_symbol(b"first", Binding::Local, SymbolKind::Function);
        builder.define(sym, first, 0, 3);
        builder.finish()
    }

    #[test]
    fn content_ids_see_code_and_names_but_not_numbering() {
        let ids = |object: &Object<'_>| {
            let contents = Contents::new(object, &ARCH);
            [contents.id(AtomId(0)), contents.id(AtomId(1))]
        };
        let base = ids(&object(b"callee", 0, false));
        assert_eq!(base, ids(&object(b"callee", 0x55, false)), "relocated bytes do not count");
        assert_eq!(base, ids(&object(b"callee", 0, true)), "symbol numbers do not count");
        let renamed = ids(&object(b"callee2", 0, false));
        assert_eq!(base[0], renamed[0]);
        assert_ne!(base[1], renamed[1]);
    }

    #[test]
    fn the_interface_sees_symbols() {
        let base = interface_id(&object(b"callee", 0, false));
        assert_eq!(base, interface_id(&object(b"callee", 1, false)));
        assert_ne!(base, interface_id(&object(b"callee", 0, true)));
    }
}
