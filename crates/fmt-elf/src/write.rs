//! The object model into an ELF64 relocatable object, the way GNU as lays one out: groups, sections each followed by its
//! relocations, symbol table with locals first, string tables, section headers at the end. System V gABI, chapter 4.
//!
//! The same object gives the same bytes. Relocations between atoms of one section are all kept, so that kit can cut the
//! object again (`cut`). A reference to an atom is written against the section's symbol, as GNU as does, except into
//! mergeable sections: there the linker looks up the piece that symbol + addend lies in, which a biased PC-relative
//! addend misses, so that each atom referred to gets a local `.LC` symbol (an *anchor*), as gcc's constants have.

use crate::cut;
use crate::defs::{
    self, EHDR_SIZE, EI_OSABI, ELFCLASS64, ELFDATA2LSB, ELFMAG, ELFOSABI_GNU, ET_REL, GRP_COMDAT, Machine, RELA_SIZE,
    SHDR_SIZE, SHF_EXCLUDE, SHF_GROUP, SHF_INFO_LINK, SHN_ABS, SHN_COMMON, SHN_LORESERVE, SHN_UNDEF, SHN_XINDEX,
    SHT_FINI_ARRAY, SHT_GROUP, SHT_INIT_ARRAY, SHT_NOBITS, SHT_NOTE, SHT_PREINIT_ARRAY, SHT_PROGBITS, SHT_RELA,
    SHT_STRTAB, SHT_SYMTAB, SHT_SYMTAB_SHNDX, SYM_SIZE,
};
use crate::raw::{Elf, Shdr};
use crate::read::{NULL_SYMBOL, SECTION_FLAGS};
use base::bytes::{align_up, push_uleb128};
use base::{Id, IdVec};
use obj::{
    AtomId, Binding, Object, Reloc, RelocTargetKind, Section, SectionFlags, SectionId, SectionKind, SymId, Symbol,
    SymbolDef, SymbolKind, Visibility,
};
use std::borrow::Cow;
use std::collections::HashMap;
use target::Arch;

/// How an object is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WriteOptions {
    /// Record atom boundaries, so that reading gives the same atoms. Needless where every section is one atom.
    pub atoms: bool,
    /// Let the names of symbols share their ends, as GNU as does, and leave out what no symbol is called.
    pub merge_names: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        WriteOptions { atoms: true, merge_names: false }
    }
}

/// Writes `object`, whose local symbols stand before the others.
///
/// # Panics
/// When the architecture has no ELF machine number, or the object has a relocation that ELF cannot express.
pub fn write_object(object: &Object<'_>, arch: &'static Arch, options: WriteOptions) -> Vec<u8> {
    let machine = defs::machine(arch.name).expect("an architecture that ELF knows");
    let mut writer = Writer {
        object,
        arch,
        numbers: arch.relocs.iter().map(|reloc| reloc.wire_number(crate::FORMAT)).collect(),
        machine,
        options,
        indices: IdVec::with_capacity(object.sections.len()),
        n_relocs: IdVec::with_capacity(object.sections.len()),
        section_symbols: IdVec::with_capacity(object.sections.len()),
        anchors: vec![0; object.atoms.len()],
        symbols: IdVec::with_capacity(object.symbols.len()),
        payload: Vec::new(),
        headers: Vec::new(),
    };
    writer.number_sections();
    let locals = writer.number_symbols();
    writer.emit(locals)
}

/// How an atom is referred to from a relocation.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reference {
    SectionSymbol,
    Anchor,
}

/// The symbol table in the order of the file; numbers of entries after the null symbol.
struct Locals {
    /// Local symbols of the model that name files; they come first.
    n_files: usize,
    /// Sections that relocations refer to and the model has no symbol for, in the order of their symbols.
    sections: Vec<SectionId>,
    /// Atoms that have an anchor, in the order of their anchors.
    anchors: Vec<AtomId>,
    /// Index of the first symbol that is not local.
    first_global: u32,
}

/// Where the names of symbols stand in the table of strings.
enum SymbolNames {
    /// Where the model's own table has them.
    Kept,
    Placed(IdVec<SymId, u32>),
    /// Each at the end, when its symbol is written.
    Added,
}

struct Writer<'o, 'a> {
    object: &'o Object<'a>,
    arch: &'static Arch,
    /// By kind of relocation: its number in files.
    numbers: Vec<Option<u32>>,
    machine: &'static Machine,
    options: WriteOptions,
    /// Index in the section table.
    indices: IdVec<SectionId, u32>,
    n_relocs: IdVec<SectionId, u32>,
    /// ELF index of each section's symbol, 0 when it has none.
    section_symbols: IdVec<SectionId, u32>,
    /// ELF index of each atom's anchor by atom, 0 when it has none.
    anchors: Vec<u32>,
    /// ELF index of each symbol.
    symbols: IdVec<SymId, u32>,
    /// Of `.kit.atoms`.
    payload: Vec<u8>,
    headers: Vec<Shdr>,
}

impl<'o> Writer<'o, '_> {
    /// Groups first, then each section with its relocations behind it.
    fn number_sections(&mut self) {
        let mut next = 1 + self.object.groups.len() as u32;
        for section in &self.object.sections {
            let atoms = self.object.atoms.range(section.atoms.clone());
            let n_relocs = atoms.iter().map(|atom| atom.relocs.end - atom.relocs.start).sum();
            self.indices.push(next);
            self.n_relocs.push(n_relocs);
            next += 1 + u32::from(n_relocs != 0);
        }
    }

    /// Gives every symbol its place: files, section symbols, other locals, anchors, the rest.
    fn number_symbols(&mut self) -> Locals {
        let object = self.object;
        self.section_symbols.resize(object.sections.len(), 0);
        for reloc in &object.relocs {
            let RelocTargetKind::Atom(atom) = reloc.target.kind() else { continue };
            match self.reference(reloc, atom) {
                Reference::SectionSymbol => self.section_symbols[object.atoms[atom].section] = 1,
                Reference::Anchor => self.anchors[atom.index()] = 1,
            }
        }
        // A section symbol of the model stands where the model has it.
        for symbol in &object.symbols {
            if let Some(section) = self.stands_for_section(symbol) {
                self.section_symbols[section] = 0;
            }
        }
        let n_files = object.symbols.iter().take_while(|symbol| symbol.kind == SymbolKind::File).count();
        let mut next = 1 + n_files as u32;
        let mut locals = Locals { n_files, sections: Vec::new(), anchors: Vec::new(), first_global: 0 };
        for (id, index) in self.section_symbols.as_mut_slice().iter_mut().enumerate() {
            if *index != 0 {
                *index = next;
                next += 1;
                locals.sections.push(SectionId::from_index(id));
            }
        }
        self.symbols.resize(object.symbols.len(), 0);
        for (at, (id, symbol)) in object.symbols.enumerated().enumerate() {
            if symbol.binding != Binding::Local || *symbol == NULL_SYMBOL {
                continue;
            }
            if let Some(section) = self.stands_for_section(symbol) {
                if self.section_symbols[section] == 0 {
                    self.section_symbols[section] = next;
                    next += 1;
                }
                self.symbols[id] = self.section_symbols[section];
                continue;
            }
            self.symbols[id] = if at < n_files {
                1 + at as u32
            } else {
                next += 1;
                next - 1
            };
        }
        for (id, index) in self.anchors.iter_mut().enumerate() {
            if *index != 0 {
                *index = next;
                next += 1;
                locals.anchors.push(AtomId::from_index(id));
            }
        }
        locals.first_global = next;
        for (id, symbol) in object.symbols.enumerated() {
            if symbol.binding != Binding::Local {
                self.symbols[id] = next;
                next += 1;
            }
        }
        locals
    }

    /// How `reloc` refers to `atom`.
    fn reference(&self, reloc: &Reloc, atom: AtomId) -> Reference {
        if self.object.needs_name(self.arch, reloc, atom, self.options.atoms) {
            Reference::Anchor
        } else {
            Reference::SectionSymbol
        }
    }

    /// The section whose symbol this one is.
    fn stands_for_section(&self, symbol: &Symbol) -> Option<SectionId> {
        match symbol.def {
            SymbolDef::Atom(atom) if symbol.kind == SymbolKind::Section && symbol.value == 0 => {
                let atom = &self.object.atoms[atom];
                (atom.offset == 0).then_some(atom.section)
            }
            _ => None,
        }
    }

    /// True for symbols that need no entry of their own: those of sections, and the null symbol.
    fn is_implied(&self, symbol: &Symbol) -> bool {
        let is_null = symbol.name.len == 0 && Symbol { name: NULL_SYMBOL.name, ..*symbol } == NULL_SYMBOL;
        is_null || self.stands_for_section(symbol).is_some()
    }

    /// Lays out and writes everything.
    fn emit(mut self, locals: Locals) -> Vec<u8> {
        let object = self.object;
        let (mut strings, names) = if self.options.merge_names { self.merged_strings() } else { self.strings() };
        let strings_len = strings.len();
        let (symtab, high_indices) = self.symbol_table(&locals, &mut strings, &names);
        if self.options.atoms {
            self.record_atoms(&locals, strings_len);
        }
        let data_size: usize = object.sections.iter().map(|section| section.data.len() + 64).sum();
        let estimate = data_size + symtab.len() + strings.len() + object.relocs.len() * RELA_SIZE + 4096;
        let mut out = Vec::with_capacity(estimate + object.sections.len() * 2 * SHDR_SIZE);
        out.resize(EHDR_SIZE, 0);

        let strtab = self.headers_before_data();
        self.emit_groups(&mut out, strtab - 1);
        self.emit_sections(&mut out);
        let payload_index = self.options.atoms.then_some(self.headers.len() as u32);
        self.emit_payload(&mut out);
        if self.has_symbols(&symtab) {
            self.emit_symbols(&mut out, &symtab, &high_indices, &strings, &locals, strtab);
        }
        self.emit_relocs(&mut out, strtab - 1);
        let names = self.name_sections(self.has_symbols(&symtab));
        self.emit_table(&mut out, SHT_STRTAB, 1, 0, &names.bytes);
        for (header, &name) in self.headers.iter_mut().zip(&names.offsets) {
            header.name = name;
        }
        self.emit_headers(&mut out);
        if let Some(index) = payload_index {
            seal(&mut out, index);
        }
        out
    }

    /// Where nothing has or needs a symbol there is no table of them, as GNU as leaves it out.
    fn has_symbols(&self, symtab: &[u8]) -> bool {
        self.options.atoms
            || symtab.len() > SYM_SIZE
            || !self.object.groups.is_empty()
            || !self.object.relocs.is_empty()
    }

    /// The symbol table, the table of high indices if one is needed, and the names.
    fn emit_symbols(
        &mut self,
        out: &mut Vec<u8>,
        symtab: &[u8],
        high_indices: &[u8],
        strings: &[u8],
        locals: &Locals,
        strtab: u32,
    ) {
        self.emit_table(out, SHT_SYMTAB, 8, SYM_SIZE, symtab);
        let symtab_header = self.headers.last_mut().expect("just emitted");
        symtab_header.info = locals.first_global;
        symtab_header.link = strtab;
        if !high_indices.is_empty() {
            symtab_header.link += 1;
            self.emit_table(out, SHT_SYMTAB_SHNDX, 4, 4, high_indices);
            self.headers.last_mut().expect("just emitted").link = strtab - 1;
        }
        self.emit_table(out, SHT_STRTAB, 1, 0, strings);
    }

    /// The symbol names as the string table, and whether the model's own table could be taken as it is.
    fn strings(&self) -> (Cow<'o, [u8]>, SymbolNames) {
        let table: &'o [u8] = &self.object.strings;
        let kept = table.first() == Some(&0)
            && table.last() == Some(&0)
            && self.object.symbols.iter().all(|symbol| {
                let (start, end) = (symbol.name.start as usize, (symbol.name.start + symbol.name.len) as usize);
                table.get(end) == Some(&0) && !table[start..end].contains(&0)
            });
        if kept { (Cow::Borrowed(table), SymbolNames::Kept) } else { (Cow::Owned(vec![0]), SymbolNames::Added) }
    }

    /// The symbol names as GNU as has them: what ends another name stands in it.
    fn merged_strings(&self) -> (Cow<'o, [u8]>, SymbolNames) {
        let object = self.object;
        let locals = object.symbols.enumerated().filter(|(_, symbol)| symbol.binding == Binding::Local);
        let others = object.symbols.enumerated().filter(|(_, symbol)| symbol.binding != Binding::Local);
        let ids: Vec<SymId> = locals.chain(others).map(|(id, _)| id).collect();
        let names: Vec<&[u8]> = ids.iter().map(|&id| object.symbol_name(id)).collect();
        let (bytes, found) = crate::strtab::merged(&names);
        let mut offsets = IdVec::with_capacity(ids.len());
        offsets.resize(ids.len(), 0);
        for (&id, offset) in ids.iter().zip(found) {
            offsets[id] = offset;
        }
        (Cow::Owned(bytes), SymbolNames::Placed(offsets))
    }

    fn symbol_table(&self, locals: &Locals, strings: &mut Cow<'_, [u8]>, names: &SymbolNames) -> (Vec<u8>, Vec<u8>) {
        let object = self.object;
        let mut out =
            SymbolTable::with_capacity(1 + object.symbols.len() + locals.sections.len() + locals.anchors.len());
        out.bytes.resize(SYM_SIZE, 0);
        out.high.resize(4, 0);
        let mut name_of = |id: SymId, symbol: &Symbol| {
            if symbol.name.len == 0 {
                return 0;
            }
            match names {
                SymbolNames::Kept => return symbol.name.start,
                SymbolNames::Placed(offsets) => return offsets[id],
                SymbolNames::Added => {}
            }
            let start = strings.len() as u32;
            let strings = strings.to_mut();
            strings.extend_from_slice(object.symbol_name(id));
            strings.push(0);
            start
        };
        let mut files = 0;
        for (id, symbol) in object.symbols.enumerated().take(locals.n_files) {
            out.push_reserved(name_of(id, symbol), symbol, SHN_ABS);
            files += 1;
        }
        let section_symbol = Symbol { kind: SymbolKind::Section, ..NULL_SYMBOL };
        for &section in &locals.sections {
            out.push(0, &section_symbol, self.indices[section], 0);
        }
        for (id, symbol) in object.symbols.enumerated().skip(files) {
            if symbol.binding != Binding::Local || *symbol == NULL_SYMBOL {
                continue;
            }
            // A second symbol of one section is the first.
            if self.stands_for_section(symbol).is_none() || out.len() == self.symbols[id] as usize {
                // It has a name only when the model keeps it (as the signature of a group).
                self.push_symbol(&mut out, name_of(id, symbol), id, symbol);
            }
        }
        let mut globals = SymbolTable::with_capacity(0);
        for (id, symbol) in object.symbols.enumerated() {
            if symbol.binding != Binding::Local {
                self.push_symbol(&mut globals, name_of(id, symbol), id, symbol);
            }
        }
        for (n, &id) in locals.anchors.iter().enumerate() {
            let atom = &object.atoms[id];
            let start = strings.len() as u32;
            strings.to_mut().extend_from_slice(format!(".LC{n}\0").as_bytes());
            out.push(start, &NULL_SYMBOL, self.indices[atom.section], atom.offset);
        }
        out.bytes.extend_from_slice(&globals.bytes);
        out.high.extend_from_slice(&globals.high);
        let high = if out.any_high || globals.any_high { out.high } else { Vec::new() };
        (out.bytes, high)
    }

    /// The group whose signature this symbol is by its name alone: GNU as defines it there.
    fn group_named(&self, id: SymId, symbol: &Symbol) -> Option<u32> {
        if symbol.def != SymbolDef::Absolute || symbol.binding != Binding::Local {
            return None;
        }
        self.object.groups.iter().position(|group| group.signature == id).map(|at| 1 + at as u32)
    }

    fn push_symbol(&self, out: &mut SymbolTable, name: u32, id: SymId, symbol: &Symbol) {
        if let Some(group) = self.group_named(id, symbol) {
            return out.push(name, symbol, group, symbol.value);
        }
        match symbol.def {
            SymbolDef::Undefined => out.push(name, symbol, SHN_UNDEF.into(), symbol.value),
            SymbolDef::Absolute => out.push_reserved(name, symbol, SHN_ABS),
            SymbolDef::Common => out.push_reserved(name, symbol, SHN_COMMON),
            SymbolDef::Atom(atom) => {
                let atom = &self.object.atoms[atom];
                out.push(name, symbol, self.indices[atom.section], symbol.value.wrapping_add(atom.offset));
            }
        }
    }

    /// The payload of `.kit.atoms`, except what relocations add.
    fn record_atoms(&mut self, locals: &Locals, strings_len: usize) {
        let object = self.object;
        let mut out = Vec::new();
        push_uleb128(&mut out, object.sections.len() as u64);
        push_uleb128(&mut out, strings_len as u64);
        push_uleb128(&mut out, locals.anchors.len() as u64);
        for section in &object.sections {
            let atoms = object.atoms.range(section.atoms.clone());
            push_uleb128(&mut out, atoms.len() as u64);
            let mut end = 0;
            for atom in atoms {
                push_uleb128(&mut out, atom.offset - end);
                push_uleb128(&mut out, atom.size);
                push_uleb128(&mut out, u64::from(atom.align.trailing_zeros()));
                push_uleb128(&mut out, u64::from(atom.relocs.end - atom.relocs.start));
                end = atom.offset + atom.size;
            }
        }
        for anchor in &locals.anchors {
            push_uleb128(&mut out, u64::from(anchor.0));
        }
        let moved: Vec<(u32, AtomId)> = object
            .symbols
            .enumerated()
            .filter_map(|(id, symbol)| match symbol.def {
                SymbolDef::Atom(atom) if !self.is_implied(symbol) && !self.is_default_atom(symbol, atom) => {
                    Some((self.symbols[id], atom))
                }
                _ => None,
            })
            .collect();
        push_uleb128(&mut out, moved.len() as u64);
        for (index, atom) in moved {
            push_uleb128(&mut out, u64::from(index));
            push_uleb128(&mut out, u64::from(atom.0));
        }
        for reloc in &object.relocs {
            let RelocTargetKind::Atom(atom) = reloc.target.kind() else { continue };
            let section = &object.sections[object.atoms[atom].section];
            let whole = cut::is_whole(object.atoms.range(section.atoms.clone()));
            if !whole && self.reference(reloc, atom) == Reference::SectionSymbol {
                push_uleb128(&mut out, (atom.index() - section.atoms.start.index()) as u64);
            }
        }
        self.payload = out;
    }

    /// True when a reader finds `atom` from the symbol's address alone: when [`cut::atom_at`] gives it.
    fn is_default_atom(&self, symbol: &Symbol, atom: AtomId) -> bool {
        let offset = self.object.atoms[atom].offset;
        let atoms = &self.object.sections[self.object.atoms[atom].section].atoms;
        let at = symbol.value.wrapping_add(offset);
        let next = cut::nth(atom, 1);
        let is_last_before = next == atoms.end || self.object.atoms[next].offset > at;
        is_last_before && (offset <= at || atom == atoms.start)
    }

    /// Makes empty headers for everything before the symbol table; returns the index of the string table if no table of
    /// high indices comes between.
    fn headers_before_data(&mut self) -> u32 {
        let relocs = self.n_relocs.iter().filter(|&&n| n != 0).count();
        let n = 1 + self.object.groups.len() + self.object.sections.len() + relocs;
        self.headers = vec![Shdr::default(); n];
        (n + usize::from(self.options.atoms) + 1) as u32
    }

    fn emit_groups(&mut self, out: &mut Vec<u8>, symtab: u32) {
        for (at, group) in self.object.groups.iter().enumerate() {
            pad(out, 4);
            let offset = out.len() as u64;
            out.extend_from_slice(&(if group.comdat { GRP_COMDAT } else { 0 }).to_le_bytes());
            for &section in &group.sections {
                out.extend_from_slice(&self.indices[section].to_le_bytes());
                if self.n_relocs[section] != 0 {
                    out.extend_from_slice(&(self.indices[section] + 1).to_le_bytes());
                }
            }
            self.headers[1 + at] = Shdr {
                kind: SHT_GROUP,
                offset,
                size: out.len() as u64 - offset,
                link: symtab,
                info: self.symbols[group.signature],
                align: 4,
                entsize: 4,
                ..Shdr::default()
            };
        }
    }

    fn emit_sections(&mut self, out: &mut Vec<u8>) {
        for (id, section) in self.object.sections.enumerated() {
            if section.kind != SectionKind::Nobits {
                pad(out, section.align);
            }
            let offset = align_up(out.len() as u64, section.align);
            out.extend_from_slice(&section.data);
            self.headers[self.indices[id] as usize] = Shdr {
                kind: section_type(section, self.machine),
                flags: flag_bits(section, self.machine),
                offset,
                size: section.size,
                link: section.link_order.some().map_or(0, |other| self.indices[other]),
                info: section.extra.info,
                align: section.align,
                entsize: section.entry_size,
                ..Shdr::default()
            };
        }
    }

    fn emit_payload(&mut self, out: &mut Vec<u8>) {
        if !self.options.atoms {
            return;
        }
        let mut data = Vec::with_capacity(cut::HEADER_SIZE + self.payload.len());
        data.extend_from_slice(cut::MAGIC);
        data.extend_from_slice(&cut::SCHEMA.to_le_bytes());
        data.resize(cut::HEADER_SIZE, 0);
        data.extend_from_slice(&self.payload);
        self.emit_table(out, SHT_PROGBITS, 8, 0, &data);
        self.headers.last_mut().expect("just emitted").flags = SHF_EXCLUDE;
    }

    fn emit_table(&mut self, out: &mut Vec<u8>, kind: u32, align: u64, entsize: usize, data: &[u8]) {
        pad(out, align);
        let offset = out.len() as u64;
        out.extend_from_slice(data);
        let (size, entsize) = (data.len() as u64, entsize as u64);
        self.headers.push(Shdr { kind, offset, size, align, entsize, ..Shdr::default() });
    }

    fn emit_relocs(&mut self, out: &mut Vec<u8>, symtab: u32) {
        pad(out, 8);
        let object = self.object;
        for (id, section) in object.sections.enumerated() {
            if self.n_relocs[id] == 0 {
                continue;
            }
            let offset = out.len() as u64;
            for atom in object.atoms.range(section.atoms.clone()) {
                for reloc in &object.relocs[atom.relocs.start as usize..atom.relocs.end as usize] {
                    self.emit_reloc(out, reloc, atom.offset);
                }
            }
            let index = self.indices[id];
            self.headers[index as usize + 1] = Shdr {
                kind: SHT_RELA,
                flags: SHF_INFO_LINK | self.headers[index as usize].flags & SHF_GROUP,
                offset,
                size: out.len() as u64 - offset,
                link: symtab,
                info: index,
                align: 8,
                entsize: RELA_SIZE as u64,
                ..Shdr::default()
            };
        }
    }

    fn emit_reloc(&self, out: &mut Vec<u8>, reloc: &Reloc, base: u64) {
        let number = self.numbers[reloc.kind.0 as usize]
            .unwrap_or_else(|| panic!("{} is not an ELF relocation", self.arch.reloc(reloc.kind).name));
        let (symbol, addend) = match reloc.target.kind() {
            RelocTargetKind::Symbol(sym) => (self.symbols[sym], reloc.addend),
            RelocTargetKind::Atom(id) => {
                let atom = &self.object.atoms[id];
                match self.reference(reloc, id) {
                    Reference::Anchor => (self.anchors[id.index()], reloc.addend),
                    Reference::SectionSymbol => {
                        (self.section_symbols[atom.section], reloc.addend.wrapping_add(atom.offset as i64))
                    }
                }
            }
        };
        let mut record = [0u8; RELA_SIZE];
        record[..8].copy_from_slice(&(base + u64::from(reloc.offset)).to_le_bytes());
        record[8..16].copy_from_slice(&(u64::from(symbol) << 32 | u64::from(number)).to_le_bytes());
        record[16..].copy_from_slice(&addend.to_le_bytes());
        out.extend_from_slice(&record);
    }

    /// The names of all sections in the order of their headers, the name table's own last.
    fn name_sections(&self, has_symbols: bool) -> SectionNames {
        let object = self.object;
        let mut names = SectionNames { bytes: vec![0], offsets: vec![0], seen: HashMap::new() };
        for _ in &object.groups {
            let offset = names.add(b".group");
            names.offsets.push(offset);
        }
        for (id, section) in object.sections.enumerated() {
            if self.n_relocs[id] == 0 {
                let offset = names.add(&section.name);
                names.offsets.push(offset);
            } else {
                // `.rela.text` ends with `.text`.
                let offset = names.add(&[b".rela", &*section.name].concat());
                names.offsets.extend([offset + 5, offset]);
            }
        }
        if self.options.atoms {
            let offset = names.add(cut::SECTION_NAME);
            names.offsets.push(offset);
        }
        let has_high = self.headers.get(names.offsets.len() + 1).is_some_and(|header| header.kind == SHT_SYMTAB_SHNDX);
        for name in [&b".symtab"[..], b".symtab_shndx", b".strtab", b".shstrtab"] {
            let is_there = match name {
                b".symtab_shndx" => has_high,
                b".shstrtab" => true,
                _ => has_symbols,
            };
            if is_there {
                let offset = names.add(name);
                names.offsets.push(offset);
            }
        }
        names
    }

    /// Kinds and bindings of symbols, and flags of sections, that only GNU's loaders and linkers know (as GNU as marks them).
    fn uses_gnu_extensions(&self) -> bool {
        let symbol = |symbol: &Symbol| symbol.kind == SymbolKind::IFunc || symbol.binding == Binding::Unique;
        const MARKS: SectionFlags = SectionFlags::RETAIN.with(SectionFlags::MBIND);
        let section = |section: &Section<'_>| section.flags.has(MARKS);
        self.object.symbols.iter().any(symbol) || self.object.sections.iter().any(section)
    }

    fn emit_headers(&mut self, out: &mut Vec<u8>) {
        pad(out, 8);
        let table = out.len() as u64;
        let count = self.headers.len();
        let names = count as u32 - 1;
        let reserved = u32::from(SHN_LORESERVE);
        if count as u32 >= reserved {
            self.headers[0].size = count as u64;
        }
        if names >= reserved {
            self.headers[0].link = names;
        }
        for header in &self.headers {
            for word in [header.name, header.kind] {
                out.extend_from_slice(&word.to_le_bytes());
            }
            for word in [header.flags, header.addr, header.offset, header.size] {
                out.extend_from_slice(&word.to_le_bytes());
            }
            for word in [header.link, header.info] {
                out.extend_from_slice(&word.to_le_bytes());
            }
            for word in [header.align, header.entsize] {
                out.extend_from_slice(&word.to_le_bytes());
            }
        }
        out[..4].copy_from_slice(ELFMAG);
        out[4..7].copy_from_slice(&[ELFCLASS64, ELFDATA2LSB, 1]);
        if self.uses_gnu_extensions() {
            out[EI_OSABI] = ELFOSABI_GNU;
        }
        let mut put16 = |at: usize, value: u16| out[at..at + 2].copy_from_slice(&value.to_le_bytes());
        put16(16, ET_REL);
        put16(18, self.machine.number);
        put16(20, 1);
        put16(52, EHDR_SIZE as u16);
        put16(58, SHDR_SIZE as u16);
        put16(60, if count as u32 >= reserved { 0 } else { count as u16 });
        put16(62, if names >= reserved { SHN_XINDEX } else { names as u16 });
        out[40..48].copy_from_slice(&table.to_le_bytes());
    }
}

/// Writes the digest into the record of atoms, section `index`.
pub(crate) fn seal(out: &mut [u8], index: u32) {
    let elf = Elf::parse(out).expect("what was just written can be read");
    let digest = cut::digest(&elf, index).expect("what was just written can be read");
    let at = elf.shdrs[index as usize].offset as usize + cut::DIGEST_AT;
    out[at..at + 8].copy_from_slice(&digest.to_le_bytes());
}

/// Symbol table entries under construction, with the table of section indices that do not fit 16 bits.
struct SymbolTable {
    bytes: Vec<u8>,
    high: Vec<u8>,
    any_high: bool,
}

impl SymbolTable {
    /// An empty table with room for `n` symbols.
    fn with_capacity(n: usize) -> SymbolTable {
        SymbolTable { bytes: Vec::with_capacity(n * SYM_SIZE), high: Vec::with_capacity(n * 4), any_high: false }
    }

    /// Entries so far.
    fn len(&self) -> usize {
        self.bytes.len() / SYM_SIZE
    }

    /// A symbol in section `index` of the section table.
    fn push(&mut self, name: u32, symbol: &Symbol, index: u32, value: u64) {
        let is_high = index >= u32::from(SHN_LORESERVE);
        let (shndx, high) = if is_high { (SHN_XINDEX, index) } else { (index as u16, 0) };
        self.any_high |= is_high;
        self.push_raw(name, symbol, shndx, high, value);
    }

    /// A symbol with a reserved section index.
    fn push_reserved(&mut self, name: u32, symbol: &Symbol, index: u16) {
        self.push_raw(name, symbol, index, 0, symbol.value);
    }

    fn push_raw(&mut self, name: u32, symbol: &Symbol, shndx: u16, high: u32, value: u64) {
        let mut record = [0u8; SYM_SIZE];
        record[..4].copy_from_slice(&name.to_le_bytes());
        record[4] = binding_number(symbol.binding) << 4 | kind_number(symbol.kind);
        record[5] = visibility_number(symbol.visibility);
        record[6..8].copy_from_slice(&shndx.to_le_bytes());
        record[8..16].copy_from_slice(&value.to_le_bytes());
        record[16..].copy_from_slice(&symbol.size.to_le_bytes());
        self.bytes.extend_from_slice(&record);
        self.high.extend_from_slice(&high.to_le_bytes());
    }
}

/// The section name table under construction; equal names share their bytes.
struct SectionNames {
    bytes: Vec<u8>,
    /// Of each header's name.
    offsets: Vec<u32>,
    seen: HashMap<Box<[u8]>, u32>,
}

impl SectionNames {
    fn add(&mut self, name: &[u8]) -> u32 {
        if let Some(&offset) = self.seen.get(name) {
            return offset;
        }
        let offset = self.bytes.len() as u32;
        self.bytes.extend_from_slice(name);
        self.bytes.push(0);
        self.seen.insert(name.into(), offset);
        offset
    }
}

fn pad(out: &mut Vec<u8>, align: u64) {
    out.resize(align_up(out.len() as u64, align) as usize, 0);
}

fn section_type(section: &Section<'_>, machine: &Machine) -> u32 {
    match section.kind {
        SectionKind::Progbits => SHT_PROGBITS,
        SectionKind::Nobits => SHT_NOBITS,
        SectionKind::Note => SHT_NOTE,
        SectionKind::InitArray => SHT_INIT_ARRAY,
        SectionKind::FiniArray => SHT_FINI_ARRAY,
        SectionKind::PreinitArray => SHT_PREINIT_ARRAY,
        // GNU as gives the frame table no type of its own.
        SectionKind::Unwind if *section.name == *b".eh_frame" || machine.unwind_type == 0 => SHT_PROGBITS,
        SectionKind::Unwind => machine.unwind_type,
        SectionKind::Other(number) => number,
    }
}

fn flag_bits(section: &Section<'_>, machine: &Machine) -> u64 {
    let known = SECTION_FLAGS.iter().filter(|(flag, _)| section.flags.has(*flag));
    let mut bits = known.map(|&(_, bit)| bit).sum::<u64>() | section.extra.flags;
    if section.flags.has(SectionFlags::LARGE) {
        bits |= machine.large_flag;
    }
    if !section.group.is_none() {
        bits |= SHF_GROUP;
    }
    bits
}

fn binding_number(binding: Binding) -> u8 {
    match binding {
        Binding::Local => defs::STB_LOCAL,
        Binding::Global => defs::STB_GLOBAL,
        Binding::Weak => defs::STB_WEAK,
        Binding::Unique => defs::STB_GNU_UNIQUE,
    }
}

fn kind_number(kind: SymbolKind) -> u8 {
    match kind {
        SymbolKind::None => defs::STT_NOTYPE,
        SymbolKind::Object => defs::STT_OBJECT,
        SymbolKind::Function => defs::STT_FUNC,
        SymbolKind::Section => defs::STT_SECTION,
        SymbolKind::File => defs::STT_FILE,
        SymbolKind::Tls => defs::STT_TLS,
        SymbolKind::IFunc => defs::STT_GNU_IFUNC,
        SymbolKind::Common => defs::STT_COMMON,
    }
}

fn visibility_number(visibility: Visibility) -> u8 {
    match visibility {
        Visibility::Default => defs::STV_DEFAULT,
        Visibility::Internal => defs::STV_INTERNAL,
        Visibility::Hidden => defs::STV_HIDDEN,
        Visibility::Protected => defs::STV_PROTECTED,
    }
}
