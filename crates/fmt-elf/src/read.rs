//! ELF64 relocatable objects into the object model, one pass over each table, section bytes borrowed.
//!
//! A section of another compiler's object is one atom. Our own objects are cut where `.kit.atoms` says (`cut`).
//! Section symbols disappear: relocations against them target the atom. Bookkeeping sections (symbol and string tables,
//! relocations, groups) become the model's tables. System V gABI, chapter 4.

use crate::cut::{self, Cut};
use crate::defs::{
    self, CHDR_SIZE, ET_REL, GRP_COMDAT, Machine, REL_SIZE, RELA_SIZE, SHF_ALLOC, SHF_COMPRESSED, SHF_EXCLUDE,
    SHF_EXECINSTR, SHF_GNU_MBIND, SHF_GNU_RETAIN, SHF_LINK_ORDER, SHF_MERGE, SHF_OS_NONCONFORMING, SHF_STRINGS,
    SHF_TLS, SHF_WRITE, SHN_ABS, SHN_COMMON, SHN_LORESERVE, SHN_UNDEF, SHN_X86_64_LCOMMON, SHN_XINDEX, SHT_FINI_ARRAY,
    SHT_GROUP, SHT_INIT_ARRAY, SHT_LLVM_ADDRSIG, SHT_NOBITS, SHT_NOTE, SHT_NULL, SHT_PREINIT_ARRAY, SHT_PROGBITS,
    SHT_REL, SHT_RELA, SHT_STRTAB, SHT_SYMTAB, SHT_SYMTAB_SHNDX, STB_GLOBAL, STB_GNU_UNIQUE, STB_LOCAL, STB_WEAK,
    STT_COMMON, STT_FILE, STT_FUNC, STT_GNU_IFUNC, STT_NOTYPE, STT_OBJECT, STT_SECTION, STT_TLS, SYM_SIZE,
};
use crate::raw::{Elf, Result, Shdr, c_str, err, slice, u16_at, u32_at, u64_at};
use base::{Id, IdVec};
use obj::{
    Atom, AtomId, Binding, Group, GroupId, Object, ReadError, ReadErrorKind, Reloc, RelocTarget, RelocTargetKind,
    Section, SectionFlags, SectionId, SectionKind, StrRef, SymId, Symbol, SymbolDef, SymbolKind, Visibility,
};
use std::borrow::Cow;
use target::{Arch, RelocKind};

/// Reads a relocatable object made for `arch`.
///
/// # Errors
/// Anything malformed, another machine, another type of file; never a panic, and no allocation that the file's own
/// size does not bound.
pub fn read_object<'a>(bytes: &'a [u8], arch: &'static Arch) -> Result<Object<'a>> {
    let elf = Elf::parse(bytes)?;
    let Some(machine) = defs::machine(arch.name).filter(|machine| machine.number == elf.machine) else {
        return err(ReadErrorKind::Machine, 18);
    };
    if elf.kind != ET_REL {
        return err(ReadErrorKind::FileType, 16);
    }
    let mut reader = Reader {
        section_of: vec![SectionId::NONE; elf.shdrs.len()],
        elf,
        machine,
        arch,
        object: Object { strings: Cow::Borrowed(&[0]), ..Object::default() },
        tables: Tables::default(),
        cut: None,
        targets: Vec::new(),
        null_symbol: None,
    };
    reader.read_sections()?;
    reader.read_atoms()?;
    reader.read_symbols()?;
    reader.read_relocs()?;
    reader.read_groups()?;
    Ok(reader.object)
}

/// The bookkeeping sections, by index in the section table.
#[derive(Default)]
struct Tables {
    symtab: Option<u32>,
    symtab_shndx: Option<u32>,
    groups: Vec<u32>,
    /// Relocation sections, in file order.
    relocs: Vec<u32>,
    atoms: Option<u32>,
}

/// What an ELF symbol became.
#[derive(Clone, Copy)]
enum Target {
    /// A symbol of the model, or the atom that the symbol begins.
    Is(RelocTarget),
    /// The symbol of a section of several atoms.
    Section(SectionId),
    /// The symbol of a section that is not in the model.
    Nothing,
}

struct Reader<'a> {
    elf: Elf<'a>,
    machine: &'static Machine,
    arch: &'static Arch,
    object: Object<'a>,
    /// By index in the section table.
    section_of: Vec<SectionId>,
    tables: Tables,
    cut: Option<Cut<'a>>,
    /// By index in the symbol table.
    targets: Vec<Target>,
    /// Stands for ELF symbol 0 where a relocation refers to it.
    null_symbol: Option<SymId>,
}

impl<'a> Reader<'a> {
    /// Sorts the sections into those of the model and bookkeeping.
    fn read_sections(&mut self) -> Result<()> {
        let mut ordered = Vec::new();
        for idx in 1..self.elf.shdrs.len() {
            let shdr = self.elf.shdrs[idx];
            let at = idx as u32;
            let slot = match shdr.kind {
                SHT_NULL | SHT_STRTAB | SHT_LLVM_ADDRSIG => continue,
                SHT_SYMTAB => &mut self.tables.symtab,
                SHT_SYMTAB_SHNDX => &mut self.tables.symtab_shndx,
                SHT_RELA | SHT_REL => {
                    self.tables.relocs.push(at);
                    continue;
                }
                SHT_GROUP => {
                    self.tables.groups.push(at);
                    continue;
                }
                _ => {
                    let name = self.elf.name(&shdr)?;
                    if name == cut::SECTION_NAME && shdr.flags & SHF_EXCLUDE != 0 {
                        self.tables.atoms = Some(at);
                        continue;
                    }
                    let section = self.section(&shdr, name)?;
                    if shdr.flags & SHF_LINK_ORDER != 0 && shdr.link != 0 {
                        ordered.push((self.object.sections.next_id(), shdr));
                    }
                    self.section_of[idx] = self.object.sections.push(section);
                    continue;
                }
            };
            if slot.replace(at).is_some() {
                return err(ReadErrorKind::Section, shdr.at);
            }
        }
        for (section, shdr) in ordered {
            self.object.sections[section].link_order = self.section_at(shdr.link, shdr.at)?;
        }
        Ok(())
    }

    fn section(&self, shdr: &Shdr, name: &'a [u8]) -> Result<Section<'a>> {
        let align = shdr.align.max(1);
        if !align.is_power_of_two() || align > 1 << 31 {
            return err(ReadErrorKind::Header, shdr.at);
        }
        if shdr.flags & SHF_OS_NONCONFORMING != 0 {
            return err(ReadErrorKind::Unsupported, shdr.at);
        }
        let data = self.elf.data(shdr)?;
        let kind = match shdr.kind {
            SHT_PROGBITS if name == b".eh_frame" => SectionKind::Unwind,
            SHT_PROGBITS => SectionKind::Progbits,
            SHT_NOBITS => SectionKind::Nobits,
            SHT_NOTE => SectionKind::Note,
            SHT_INIT_ARRAY => SectionKind::InitArray,
            SHT_FINI_ARRAY => SectionKind::FiniArray,
            SHT_PREINIT_ARRAY => SectionKind::PreinitArray,
            number if number == self.machine.unwind_type => SectionKind::Unwind,
            number => SectionKind::Other(number),
        };
        let nowhere = AtomId::NONE..AtomId::NONE;
        Ok(Section {
            name: Cow::Borrowed(name),
            kind,
            flags: section_flags(shdr.flags, self.machine),
            align,
            entry_size: shdr.entsize,
            size: if kind == SectionKind::Nobits { shdr.size } else { data.len() as u64 },
            data: Cow::Borrowed(data),
            atoms: nowhere,
            group: GroupId::NONE,
            link_order: SectionId::NONE,
            extra: obj::SectionExtra::default(),
        })
    }

    /// Cuts our own sections; makes one atom of each foreign one.
    fn read_atoms(&mut self) -> Result<()> {
        if let Some(idx) = self.tables.atoms {
            let shdr = self.elf.shdrs[idx as usize];
            self.cut = Cut::open(&self.elf, idx, &shdr)?;
        }
        let Some(cut) = &mut self.cut else {
            self.object.atoms = IdVec::with_capacity(self.object.sections.len());
            for id in self.object.sections.ids() {
                let section = &mut self.object.sections[id];
                let (size, align) = (section.size, section.align as u32);
                let atom = self.object.atoms.push(Atom { section: id, offset: 0, size, align, relocs: 0..0 });
                section.atoms = atom..self.object.atoms.next_id();
            }
            return Ok(());
        };
        if cut.next()? != self.object.sections.len() as u64 {
            return cut.fail();
        }
        cut.strings_len = cut.next()?;
        cut.n_anchors = cut.next()?;
        for id in self.object.sections.ids() {
            let section = &mut self.object.sections[id];
            let first = self.object.atoms.next_id();
            let mut end = 0u64;
            for _ in 0..cut.count()? {
                let offset = end.saturating_add(cut.next()?);
                let size = cut.next()?;
                let align = 1u32 << cut.next_below(32)?;
                let n_relocs = cut.next_below(u32::MAX as usize)? as u32;
                end = offset.saturating_add(size);
                if end > section.size {
                    return cut.fail();
                }
                // The number of relocations, until they are read.
                self.object.atoms.push(Atom { section: id, offset, size, align, relocs: 0..n_relocs });
            }
            section.atoms = first..self.object.atoms.next_id();
        }
        Ok(())
    }

    fn read_symbols(&mut self) -> Result<()> {
        let Some(idx) = self.tables.symtab else { return Ok(()) };
        let shdr = self.elf.shdrs[idx as usize];
        let table = self.elf.records(&shdr, SYM_SIZE, ReadErrorKind::Symbol)?;
        let n_symbols = table.len() / SYM_SIZE;
        if n_symbols >= 1 << 31 {
            return err(ReadErrorKind::TooLarge, shdr.at);
        }
        let strings_shdr = self.elf.shdr(shdr.link, shdr.at)?;
        let strings = self.elf.data(&strings_shdr)?;
        if strings.len() > u32::MAX as usize {
            return err(ReadErrorKind::TooLarge, strings_shdr.at);
        }
        // Behind the model's names stand those of the anchors.
        let kept = match &self.cut {
            Some(cut) => &strings[..cut.strings_len.min(strings.len() as u64) as usize],
            None => strings,
        };
        let high_indices = match self.tables.symtab_shndx {
            Some(idx) => self.elf.data(&self.elf.shdrs[idx as usize])?,
            None => &[],
        };
        // Anchors stand last among the locals; sh_info is the index of the first global.
        let anchors = match &self.cut {
            Some(cut) => u64::from(shdr.info).saturating_sub(cut.n_anchors)..u64::from(shdr.info),
            None => 0..0,
        };
        self.targets.reserve_exact(n_symbols);
        self.object.symbols = IdVec::with_capacity(n_symbols);
        for (idx, record) in table.chunks_exact(SYM_SIZE).enumerate() {
            let at = shdr.offset + (idx * SYM_SIZE) as u64;
            if idx == 0 {
                self.targets.push(Target::Nothing);
                continue;
            }
            let raw = RawSym::decode(record);
            let section = match raw.shndx {
                SHN_UNDEF => SectionId::NONE,
                SHN_XINDEX => self.section_at(u32_opt(high_indices, idx * 4, at)?, at)?,
                number if number < SHN_LORESERVE => self.section_at(u32::from(number), at)?,
                _ => SectionId::NONE,
            };
            let target = if anchors.contains(&(idx as u64)) {
                self.anchor(section, raw.value, at)?
            } else {
                self.symbol(&raw, section, kept, at)?
            };
            self.targets.push(target);
        }
        if !kept.is_empty() {
            self.object.strings = Cow::Borrowed(kept);
        }
        self.fix_symbol_atoms()
    }

    /// The atom that an anchor names, which the record tells: empty atoms share their offset with others.
    fn anchor(&mut self, section: SectionId, value: u64, at: u64) -> Result<Target> {
        let Some(cut) = &mut self.cut else { return err(ReadErrorKind::Atoms, at) };
        let id = AtomId::from_index(cut.next_below(self.object.atoms.len())?);
        let atom = &self.object.atoms[id];
        if atom.section != section || atom.offset != value {
            return err(ReadErrorKind::Atoms, at);
        }
        Ok(Target::Is(RelocTarget::atom(id)))
    }

    /// Adds a symbol to the model, unless it only stands for a section.
    fn symbol(&mut self, raw: &RawSym, section: SectionId, strings: &[u8], at: u64) -> Result<Target> {
        if raw.kind() == STT_SECTION && raw.value == 0 && raw.shndx != SHN_UNDEF {
            let Some(section) = section.some() else { return Ok(Target::Nothing) };
            let atoms = self.section_atoms(section);
            if cut::is_whole(atoms) {
                return Ok(Target::Is(RelocTarget::atom(self.object.sections[section].atoms.start)));
            }
            return Ok(Target::Section(section));
        }
        let Some(name) = c_str(strings, raw.name as usize) else {
            return err(ReadErrorKind::String, at);
        };
        let name = StrRef { start: raw.name, len: name.len() as u32 };
        let mut value = raw.value;
        let def = match raw.shndx {
            SHN_UNDEF => SymbolDef::Undefined,
            SHN_ABS => SymbolDef::Absolute,
            SHN_COMMON | SHN_X86_64_LCOMMON => SymbolDef::Common,
            // GNU as defines a signature that nothing else defines in the group's own section. Only its name counts.
            number if section.is_none() && self.is_group(number) => SymbolDef::Absolute,
            number if number < SHN_LORESERVE || number == SHN_XINDEX => {
                let atoms = self.section_atoms(section);
                let idx = cut::atom_at(atoms, value);
                let Some(atom) = atoms.get(idx) else { return err(ReadErrorKind::Symbol, at) };
                value = value.wrapping_sub(atom.offset);
                SymbolDef::Atom(cut::nth(self.object.sections[section].atoms.start, idx))
            }
            _ => return err(ReadErrorKind::Unsupported, at),
        };
        let symbol = Symbol {
            name: if name.len == 0 { StrRef::default() } else { name },
            def,
            binding: raw.binding(at)?,
            kind: raw.symbol_kind(at)?,
            visibility: raw.visibility(),
            value,
            size: raw.size,
        };
        Ok(Target::Is(RelocTarget::symbol(self.object.symbols.push(symbol))))
    }

    /// Moves symbols that belong to another atom than their address says: an end label, an empty atom.
    fn fix_symbol_atoms(&mut self) -> Result<()> {
        let Some(cut) = &mut self.cut else { return Ok(()) };
        for _ in 0..cut.count()? {
            let idx = cut.next_below(self.targets.len())?;
            let atom_id = AtomId::from_index(cut.next_below(self.object.atoms.len())?);
            let Target::Is(target) = self.targets[idx] else { return cut.fail() };
            let RelocTargetKind::Symbol(sym) = target.kind() else { return cut.fail() };
            let symbol = &mut self.object.symbols[sym];
            let SymbolDef::Atom(guess) = symbol.def else { return cut.fail() };
            let (guess, atom) = (&self.object.atoms[guess], &self.object.atoms[atom_id]);
            if guess.section != atom.section {
                return cut.fail();
            }
            symbol.value = symbol.value.wrapping_add(guess.offset).wrapping_sub(atom.offset);
            symbol.def = SymbolDef::Atom(atom_id);
        }
        Ok(())
    }

    fn read_relocs(&mut self) -> Result<()> {
        // The relocation section of each section.
        let mut tables: Vec<Option<u32>> = vec![None; self.object.sections.len()];
        let mut n_relocs = 0;
        for &idx in &self.tables.relocs {
            let shdr = self.elf.shdrs[idx as usize];
            // Relocations of a section that is not in the model have nothing to relocate.
            let Some(section) = self.section_at(shdr.info, shdr.at)?.some() else { continue };
            if Some(shdr.link) != self.tables.symtab {
                return err(ReadErrorKind::Reloc, shdr.at);
            }
            if tables[section.index()].replace(idx).is_some() {
                return err(ReadErrorKind::Unsupported, shdr.at);
            }
            let size = if shdr.kind == SHT_RELA { RELA_SIZE } else { REL_SIZE };
            n_relocs += self.elf.records(&shdr, size, ReadErrorKind::Reloc)?.len() / size;
        }
        if n_relocs >= u32::MAX as usize {
            return err(ReadErrorKind::TooLarge, 0);
        }
        self.object.relocs.reserve_exact(n_relocs);
        let kinds = crate::kinds_by_number(self.arch);
        for section in self.object.sections.ids() {
            let first = self.object.relocs.len();
            let mut at = 0;
            if let Some(idx) = tables[section.index()] {
                let shdr = self.elf.shdrs[idx as usize];
                at = shdr.at;
                self.read_section_relocs(section, &shdr, &kinds)?;
            }
            self.share_relocs(section, first, at)?;
        }
        Ok(())
    }

    /// Decodes one relocation section; offsets are of the section still.
    fn read_section_relocs(&mut self, id: SectionId, shdr: &Shdr, kinds: &[u16]) -> Result<()> {
        let section = &self.object.sections[id];
        let data: &[u8] = &section.data;
        let limit = if section.kind == SectionKind::Nobits {
            0
        } else if section.flags.has(SectionFlags::COMPRESSED) {
            // Offsets are of the bytes before compression (Elf64_Chdr.ch_size).
            if data.len() < CHDR_SIZE { 0 } else { u64_at(data, 8) }
        } else {
            data.len() as u64
        }
        .min(u64::from(u32::MAX));
        let lift = shdr.kind == SHT_REL;
        let record_size = if lift { REL_SIZE } else { RELA_SIZE };
        let table = self.elf.data(shdr)?;
        for (idx, record) in table.chunks_exact(record_size).enumerate() {
            let at = shdr.offset + (idx * record_size) as u64;
            let (offset, info) = (u64_at(record, 0), u64_at(record, 8));
            let kind = match kinds.get(info as u32 as usize) {
                Some(&kind) if kind != u16::MAX => RelocKind(kind),
                _ => return err(ReadErrorKind::RelocKind, at),
            };
            let desc = self.arch.reloc(kind);
            let size = u64::from(desc.size);
            if offset > limit || limit - offset < size {
                return err(ReadErrorKind::Reloc, at);
            }
            let mut addend = if lift {
                slice(data, offset, size).map_or(0, |field| (desc.decode)(field))
            } else {
                u64_at(record, 16) as i64
            };
            let target = match self.targets.get((info >> 32) as usize) {
                Some(Target::Is(target)) => *target,
                Some(Target::Section(section)) => {
                    let Some(cut) = &mut self.cut else { return err(ReadErrorKind::Reloc, at) };
                    let range = &self.object.sections[*section].atoms;
                    let idx = cut.next_below(range.end.index() - range.start.index())?;
                    let atom = cut::nth(range.start, idx);
                    addend = addend.wrapping_sub(self.object.atoms[atom].offset as i64);
                    RelocTarget::atom(atom)
                }
                _ if info >> 32 == 0 => {
                    let symbols = &mut self.object.symbols;
                    RelocTarget::symbol(*self.null_symbol.get_or_insert_with(|| symbols.push(NULL_SYMBOL)))
                }
                _ => return err(ReadErrorKind::Reloc, at),
            };
            self.object.relocs.push(Reloc { offset: offset as u32, kind, aux: 0, target, addend });
        }
        Ok(())
    }

    /// Gives the section's relocations, from `first` on, to its atoms. Beyond this point offsets are of the atom.
    fn share_relocs(&mut self, id: SectionId, first: usize, at: u64) -> Result<()> {
        let relocs = &mut self.object.relocs[first..];
        let range = self.object.sections[id].atoms.clone();
        let end = (first + relocs.len()) as u32;
        if self.cut.is_none() {
            // The order of relocations at one offset means something on some machines: stable.
            if !relocs.is_sorted_by_key(|reloc| reloc.offset) {
                relocs.sort_by_key(|reloc| reloc.offset);
            }
            self.object.atoms[range.start].relocs = first as u32..end;
            return Ok(());
        }
        // Offsets in a compressed section are those before compression; it is one atom.
        let compressed = self.object.sections[id].flags.has(SectionFlags::COMPRESSED);
        let mut next = first as u32;
        for idx in range.start.index()..range.end.index() {
            let atom = &mut self.object.atoms[AtomId::from_index(idx)];
            let n_relocs = atom.relocs.end;
            if n_relocs > end - next {
                return err(ReadErrorKind::Atoms, at);
            }
            atom.relocs = next..next + n_relocs;
            next += n_relocs;
            for reloc in &mut self.object.relocs[atom.relocs.start as usize..atom.relocs.end as usize] {
                let size = u64::from(self.arch.reloc(reloc.kind).size);
                match u64::from(reloc.offset).checked_sub(atom.offset) {
                    Some(offset) if compressed || offset + size <= atom.size => reloc.offset = offset as u32,
                    _ => return err(ReadErrorKind::Atoms, at),
                }
            }
        }
        if next == end { Ok(()) } else { err(ReadErrorKind::Atoms, at) }
    }

    fn read_groups(&mut self) -> Result<()> {
        for idx in std::mem::take(&mut self.tables.groups) {
            let shdr = self.elf.shdrs[idx as usize];
            let words = self.elf.data(&shdr)?;
            if words.len() < 4 || !words.len().is_multiple_of(4) || Some(shdr.link) != self.tables.symtab {
                return err(ReadErrorKind::Group, shdr.at);
            }
            let signature = match self.targets.get(shdr.info as usize) {
                Some(Target::Is(target)) => match target.kind() {
                    RelocTargetKind::Symbol(sym) => sym,
                    RelocTargetKind::Atom(atom) => self.section_symbol(shdr.info, atom)?,
                },
                _ => return err(ReadErrorKind::Group, shdr.at),
            };
            let mut group = Group { signature, comdat: u32_at(words, 0) & GRP_COMDAT != 0, sections: Vec::new() };
            let id = self.object.groups.next_id();
            for word in words[4..].chunks_exact(4) {
                let Some(section) = self.section_at(u32_at(word, 0), shdr.at)?.some() else { continue };
                if !self.object.sections[section].group.is_none() {
                    return err(ReadErrorKind::Group, shdr.at);
                }
                self.object.sections[section].group = id;
                group.sections.push(section);
            }
            self.object.groups.push(group);
        }
        Ok(())
    }

    /// A symbol of the model for ELF symbol `idx`, which stands for the section of `atom` and signs a group. Where it has
    /// no name of its own it gets the section's.
    fn section_symbol(&mut self, idx: u32, atom: AtomId) -> Result<SymId> {
        let symtab = self.tables.symtab.map_or(Shdr::default(), |idx| self.elf.shdrs[idx as usize]);
        let record = self.elf.data(&symtab)?.get(idx as usize * SYM_SIZE..).unwrap_or(&[]);
        let start = u32_at(record, 0);
        let own_name = c_str(&self.object.strings, start as usize).filter(|name| !name.is_empty());
        let name = match own_name {
            Some(name) => StrRef { start, len: name.len() as u32 },
            None => {
                let name = self.object.sections[self.object.atoms[atom].section].name.clone();
                let strings = self.object.strings.to_mut();
                let start = strings.len();
                strings.extend_from_slice(&name);
                strings.push(0);
                if strings.len() > u32::MAX as usize {
                    return err(ReadErrorKind::TooLarge, 0);
                }
                StrRef { start: start as u32, len: name.len() as u32 }
            }
        };
        Ok(self.object.symbols.push(Symbol {
            name,
            def: SymbolDef::Atom(atom),
            binding: Binding::Local,
            kind: SymbolKind::Section,
            visibility: Visibility::Default,
            value: 0,
            size: 0,
        }))
    }

    /// The model's section for index `idx` of the section table, which the record at `from` refers to; none for
    /// bookkeeping sections.
    fn section_at(&self, idx: u32, from: u64) -> Result<SectionId> {
        match self.section_of.get(idx as usize) {
            Some(&section) => Ok(section),
            None => err(ReadErrorKind::Section, from),
        }
    }

    fn is_group(&self, shndx: u16) -> bool {
        shndx < SHN_LORESERVE && self.elf.shdrs.get(usize::from(shndx)).is_some_and(|shdr| shdr.kind == SHT_GROUP)
    }

    fn section_atoms(&self, section: SectionId) -> &[Atom] {
        match section.some() {
            Some(section) => self.object.atoms.range(self.object.sections[section].atoms.clone()),
            None => &[],
        }
    }
}

/// Stands for ELF symbol 0: the writer recognises it by its fields.
pub(crate) const NULL_SYMBOL: Symbol = Symbol {
    name: StrRef { start: 0, len: 0 },
    def: SymbolDef::Absolute,
    binding: Binding::Local,
    kind: SymbolKind::None,
    visibility: Visibility::Default,
    value: 0,
    size: 0,
};

/// A symbol table entry, field by field.
pub(crate) struct RawSym {
    pub name: u32,
    info: u8,
    other: u8,
    pub shndx: u16,
    pub value: u64,
    pub size: u64,
}

impl RawSym {
    #[inline]
    pub fn decode(record: &[u8]) -> RawSym {
        let word = u32_at(record, 4).to_le_bytes();
        RawSym {
            name: u32_at(record, 0),
            info: word[0],
            other: word[1],
            shndx: u16_at(record, 6),
            value: u64_at(record, 8),
            size: u64_at(record, 16),
        }
    }

    pub fn kind(&self) -> u8 {
        self.info & 15
    }

    pub fn binding(&self, at: u64) -> Result<Binding> {
        Ok(match self.info >> 4 {
            STB_LOCAL => Binding::Local,
            STB_GLOBAL => Binding::Global,
            STB_WEAK => Binding::Weak,
            STB_GNU_UNIQUE => Binding::Unique,
            _ => return err(ReadErrorKind::Symbol, at),
        })
    }

    pub fn symbol_kind(&self, at: u64) -> Result<SymbolKind> {
        Ok(match self.kind() {
            STT_NOTYPE => SymbolKind::None,
            STT_OBJECT | STT_COMMON => SymbolKind::Object,
            STT_FUNC => SymbolKind::Function,
            STT_SECTION => SymbolKind::Section,
            STT_FILE => SymbolKind::File,
            STT_TLS => SymbolKind::Tls,
            STT_GNU_IFUNC => SymbolKind::IFunc,
            _ => return err(ReadErrorKind::Symbol, at),
        })
    }

    pub fn visibility(&self) -> Visibility {
        match self.other & 3 {
            defs::STV_INTERNAL => Visibility::Internal,
            defs::STV_HIDDEN => Visibility::Hidden,
            defs::STV_PROTECTED => Visibility::Protected,
            _ => Visibility::Default,
        }
    }
}

/// The word at `offset` of the table of high section indices.
fn u32_opt(table: &[u8], offset: usize, at: u64) -> Result<u32> {
    base::bytes::get_u32(table, offset).ok_or(ReadError::new(ReadErrorKind::Section, at))
}

/// Section flags and their ELF bits; the large-model flag is the machine's.
pub(crate) const SECTION_FLAGS: &[(SectionFlags, u64)] = &[
    (SectionFlags::ALLOC, SHF_ALLOC),
    (SectionFlags::WRITE, SHF_WRITE),
    (SectionFlags::EXEC, SHF_EXECINSTR),
    (SectionFlags::MERGE, SHF_MERGE),
    (SectionFlags::STRINGS, SHF_STRINGS),
    (SectionFlags::TLS, SHF_TLS),
    (SectionFlags::EXCLUDE, SHF_EXCLUDE),
    (SectionFlags::RETAIN, SHF_GNU_RETAIN),
    (SectionFlags::MBIND, SHF_GNU_MBIND),
    (SectionFlags::LINK_ORDER, SHF_LINK_ORDER),
    (SectionFlags::COMPRESSED, SHF_COMPRESSED),
];

pub(crate) fn section_flags(bits: u64, machine: &Machine) -> SectionFlags {
    let mut flags = SectionFlags::NONE;
    for &(flag, bit) in SECTION_FLAGS {
        if bits & bit != 0 {
            flags = flags.with(flag);
        }
    }
    if bits & machine.large_flag != 0 { flags.with(SectionFlags::LARGE) } else { flags }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{WriteOptions, write_object};
    use arch_x86_64::{ARCH, relocs};
    use obj::build::{ObjectBuilder, SectionSpec};

    /// Relocations without addends have them in the field.
    #[test]
    fn addends_are_lifted_from_rel_sections() {
        let mut builder = ObjectBuilder::new();
        let text = builder.section(SectionSpec::progbits(b".text", SectionFlags::ALLOC), 0);
        let atom = builder.add_atom(text, 1, &[0, 0xf9, 0xff, 0xff, 0xff, 9]);
        let sym = builder.add_symbol(b"f", Binding::Global, SymbolKind::Function);
        builder.add_reloc(atom, 1, relocs::R_X86_64_PC32, RelocTarget::symbol(sym), 0);
        let mut bytes = write_object(&builder.finish(), &ARCH, WriteOptions { atoms: false, merge_names: false });
        let rela = Elf::parse(&bytes).unwrap().find(SHT_RELA).unwrap().1;
        let at = rela.at as usize;
        // The first two words of Elf64_Rela are Elf64_Rel.
        bytes[at + 4] = SHT_REL as u8;
        bytes[at + 32] = REL_SIZE as u8;
        bytes[at + 56] = REL_SIZE as u8;
        let object = read_object(&bytes, &ARCH).unwrap();
        assert_eq!(object.relocs.len(), 1);
        assert_eq!((object.relocs[0].offset, object.relocs[0].addend), (1, -7));
    }
}
