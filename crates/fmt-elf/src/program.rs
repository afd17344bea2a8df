//! Any ELF64 file as listers, debugger and emulator see it: [`obj::program::Program`]. System V gABI, chapters 4 and 5.

use crate::defs::{
    self, DT_NEEDED, DT_NULL, DT_SONAME, DYN_SIZE, ET_CORE, ET_DYN, ET_EXEC, ET_REL, GRP_COMDAT, PF_R, PF_W, PF_X,
    PT_DYNAMIC, PT_GNU_EH_FRAME, PT_GNU_RELRO, PT_GNU_STACK, PT_INTERP, PT_LOAD, PT_NOTE, PT_TLS, REL_SIZE, RELA_SIZE,
    SHF_ALLOC, SHF_COMPRESSED, SHN_ABS, SHN_COMMON, SHN_LORESERVE, SHN_UNDEF, SHN_X86_64_LCOMMON, SHN_XINDEX,
    SHT_DYNAMIC, SHT_DYNSYM, SHT_FINI_ARRAY, SHT_GNU_VERDEF, SHT_GNU_VERNEED, SHT_GNU_VERSYM, SHT_GROUP,
    SHT_INIT_ARRAY, SHT_NOBITS, SHT_NOTE, SHT_NULL, SHT_PREINIT_ARRAY, SHT_PROGBITS, SHT_REL, SHT_RELA, SHT_STRTAB,
    SHT_SYMTAB, SHT_SYMTAB_SHNDX, SYM_SIZE, VER_NDX_GLOBAL, VERSYM_HIDDEN,
};
use crate::raw::{Elf, Phdr, Result, Shdr, err, slice, u16_at, u32_at, u64_at};
use crate::read::{RawSym, section_flags};
use crate::shared::{read_verdef, read_verneed, string, strings_of};
use obj::program::{
    GroupRole, Program, ProgramKind, ProgramReloc, ProgramSection, ProgramSymbol, Segment, SegmentKind, SymbolPlace,
};
use obj::{ReadErrorKind, SectionKind};
use std::borrow::Cow;

/// Reads a file of any type, for any machine that has a row in [`defs::MACHINES`].
///
/// # Errors
/// Anything malformed, or a machine without a row.
pub fn read_program(bytes: &[u8]) -> Result<Program<'_>> {
    let elf = Elf::parse(bytes)?;
    let mut program = read_outline(&elf)?;
    read_groups(&elf, &mut program)?;
    if let Some((idx, shdr)) = elf.find(SHT_SYMTAB) {
        program.symbols = read_symbols(&elf, idx, &shdr, &Versions::default())?;
        read_relocs(&elf, idx, &mut program)?;
    }
    if let Some((idx, shdr)) = elf.find(SHT_DYNSYM) {
        let versions = read_versions(&elf)?;
        program.dynamic_symbols = read_symbols(&elf, idx, &shdr, &versions)?;
        program.versioned = !versions.of_symbols.is_empty();
        read_dynamic_relocs(&elf, idx, &mut program)?;
    }
    read_dynamic(&elf, &mut program)?;
    if let Some(phdr) = elf.phdrs()?.iter().find(|phdr| phdr.kind == PT_INTERP) {
        let Some(path) = slice(bytes, phdr.offset, phdr.filesz) else {
            return err(ReadErrorKind::Truncated, phdr.offset);
        };
        program.interpreter = Some(Cow::Borrowed(path.strip_suffix(b"\0").unwrap_or(path)));
    }
    Ok(program)
}

/// The same without symbols, relocations and what is for the dynamic linker: a look at one section of a large file does
/// not wait for the rest.
///
/// # Errors
/// As [`read_program`].
pub fn read_program_sections(bytes: &[u8]) -> Result<Program<'_>> {
    read_outline(&Elf::parse(bytes)?)
}

/// Kind, sections and segments.
fn read_outline<'a>(elf: &Elf<'a>) -> Result<Program<'a>> {
    let Some(machine) = defs::MACHINES.iter().find(|machine| machine.number == elf.machine) else {
        return err(ReadErrorKind::Machine, 18);
    };
    let kind = match elf.kind {
        ET_REL => ProgramKind::Object,
        ET_EXEC => ProgramKind::Fixed,
        ET_DYN => ProgramKind::Shared,
        ET_CORE => ProgramKind::Core,
        _ => return err(ReadErrorKind::FileType, 16),
    };
    let phdrs = elf.phdrs()?;
    let mut program = Program {
        kind,
        format_name: machine.bfd_target,
        arch_name: machine.bfd_arch,
        entry: elf.entry,
        segments: phdrs.iter().map(segment).collect(),
        ..Program::default()
    };
    for shdr in elf.shdrs.iter().skip(1) {
        program.sections.push(section(elf, shdr, machine, &phdrs)?);
    }
    Ok(program)
}

/// The names that an object defines for the index of an archive: global, weak and common symbols in the order of its
/// symbol table. Nothing for what is not an ELF file.
pub fn defined_names(bytes: &[u8]) -> Vec<Vec<u8>> {
    let names = || -> Result<Vec<Vec<u8>>> {
        let elf = Elf::parse(bytes)?;
        let Some((_, shdr)) = elf.find(SHT_SYMTAB) else { return Ok(Vec::new()) };
        let strings = strings_of(&elf, &shdr)?;
        let mut names = Vec::new();
        for record in elf.records(&shdr, SYM_SIZE, ReadErrorKind::Symbol)?.chunks_exact(SYM_SIZE) {
            let raw = RawSym::decode(record);
            if raw.shndx != SHN_UNDEF && raw.binding(shdr.at)? != obj::Binding::Local {
                names.push(string(strings, raw.name.into(), shdr.at)?.to_vec());
            }
        }
        Ok(names)
    };
    names().unwrap_or_default()
}

fn segment(phdr: &Phdr) -> Segment {
    Segment {
        kind: match phdr.kind {
            PT_LOAD => SegmentKind::Load,
            PT_DYNAMIC => SegmentKind::Dynamic,
            PT_INTERP => SegmentKind::Interpreter,
            PT_NOTE => SegmentKind::Note,
            PT_TLS => SegmentKind::Tls,
            PT_GNU_STACK => SegmentKind::Stack,
            PT_GNU_RELRO => SegmentKind::ReadOnlyAfterRelocation,
            PT_GNU_EH_FRAME => SegmentKind::FrameHeader,
            number => SegmentKind::Other(number),
        },
        readable: phdr.flags & PF_R != 0,
        writable: phdr.flags & PF_W != 0,
        executable: phdr.flags & PF_X != 0,
        file_offset: phdr.offset,
        address: phdr.vaddr,
        physical_address: phdr.paddr,
        file_size: phdr.filesz,
        size: phdr.memsz,
        align: phdr.align,
    }
}

fn section<'a>(elf: &Elf<'a>, shdr: &Shdr, machine: &defs::Machine, phdrs: &[Phdr]) -> Result<ProgramSection<'a>> {
    let data = elf.data(shdr)?;
    let kind = match shdr.kind {
        SHT_PROGBITS => SectionKind::Progbits,
        SHT_NOBITS => SectionKind::Nobits,
        SHT_NOTE => SectionKind::Note,
        SHT_INIT_ARRAY => SectionKind::InitArray,
        SHT_FINI_ARRAY => SectionKind::FiniArray,
        SHT_PREINIT_ARRAY => SectionKind::PreinitArray,
        number => SectionKind::Other(number),
    };
    // Relocations that are loaded are for the dynamic linker, those that are not for another link.
    let is_loaded = shdr.flags & SHF_ALLOC != 0;
    let bookkeeping = match shdr.kind {
        SHT_NULL | SHT_SYMTAB | SHT_SYMTAB_SHNDX => true,
        SHT_STRTAB | SHT_REL | SHT_RELA => !is_loaded,
        _ => false,
    };
    let loaded_by = phdrs.iter().find(|phdr| {
        phdr.kind == PT_LOAD && is_loaded && shdr.addr >= phdr.vaddr && shdr.addr - phdr.vaddr < phdr.memsz
    });
    // A compressed section begins with what it will be.
    let compressed = shdr.flags & SHF_COMPRESSED != 0;
    Ok(ProgramSection {
        name: Cow::Borrowed(elf.name(shdr)?),
        kind,
        flags: section_flags(shdr.flags, machine),
        address: shdr.addr,
        load_address: loaded_by.map_or(shdr.addr, |phdr| shdr.addr.wrapping_sub(phdr.vaddr).wrapping_add(phdr.paddr)),
        size: shdr.size,
        file_offset: shdr.offset,
        align: shdr.align,
        decompressed: compressed.then(|| (u64_at(data, 8), u64_at(data, 16))),
        data,
        bookkeeping,
        group: GroupRole::None,
        relocs: 0..0,
    })
}

fn read_groups(elf: &Elf<'_>, program: &mut Program<'_>) -> Result<()> {
    for (idx, shdr) in elf.shdrs.iter().enumerate().skip(1).filter(|(_, shdr)| shdr.kind == SHT_GROUP) {
        let words = elf.data(shdr)?;
        let comdat = words.len() >= 4 && u32_at(words, 0) & GRP_COMDAT != 0;
        program.sections[idx - 1].group = GroupRole::Table { comdat };
        for word in words.chunks_exact(4).skip(1) {
            let section = (u32_at(word, 0) as usize).checked_sub(1).and_then(|idx| program.sections.get_mut(idx));
            let Some(section) = section else { return err(ReadErrorKind::Group, shdr.at) };
            section.group = GroupRole::Member { comdat };
        }
    }
    Ok(())
}

/// Symbol versions, by their numbers in this file.
#[derive(Default)]
struct Versions<'a> {
    defined: Vec<Cow<'a, [u8]>>,
    needed: Vec<Cow<'a, [u8]>>,
    /// The version number of every dynamic symbol.
    of_symbols: &'a [u8],
}

impl<'a> Versions<'a> {
    /// The version of symbol `idx`, and whether it is the default one of its name; nothing when it has no name.
    fn of(&self, idx: usize) -> Option<(Cow<'a, [u8]>, bool)> {
        let number = u16_at(self.of_symbols, idx * 2);
        let named = |names: &[Cow<'a, [u8]>]| {
            names.get(usize::from(number & !VERSYM_HIDDEN)).filter(|name| !name.is_empty()).cloned()
        };
        let own = named(&self.defined).map(|name| (name, number & VERSYM_HIDDEN == 0));
        own.or_else(|| named(&self.needed).map(|name| (name, false)))
    }

    fn is_base(&self, idx: usize) -> bool {
        u16_at(self.of_symbols, idx * 2) & !VERSYM_HIDDEN == VER_NDX_GLOBAL
    }
}

fn read_versions<'a>(elf: &Elf<'a>) -> Result<Versions<'a>> {
    let mut versions = Versions::default();
    if let Some((_, shdr)) = elf.find(SHT_GNU_VERDEF) {
        read_verdef(elf, &shdr, &mut versions.defined)?;
    }
    if let Some((_, shdr)) = elf.find(SHT_GNU_VERNEED) {
        read_verneed(elf, &shdr, &mut versions.needed)?;
    }
    if let Some((_, shdr)) = elf.find(SHT_GNU_VERSYM) {
        versions.of_symbols = elf.records(&shdr, 2, ReadErrorKind::Version)?;
    }
    Ok(versions)
}

/// The symbols of a table without its null entry.
fn read_symbols<'a>(
    elf: &Elf<'a>,
    table_idx: u32,
    shdr: &Shdr,
    versions: &Versions<'a>,
) -> Result<Vec<ProgramSymbol<'a>>> {
    let table = elf.records(shdr, SYM_SIZE, ReadErrorKind::Symbol)?;
    let strings = strings_of(elf, shdr)?;
    let high_indices = match elf.find(SHT_SYMTAB_SHNDX) {
        Some((_, high)) if high.link == table_idx => elf.data(&high)?,
        _ => &[],
    };
    let mut symbols = Vec::with_capacity(table.len() / SYM_SIZE);
    for (idx, record) in table.chunks_exact(SYM_SIZE).enumerate().skip(1) {
        let at = shdr.offset + (idx * SYM_SIZE) as u64;
        let raw = RawSym::decode(record);
        let section = match raw.shndx {
            SHN_XINDEX => u32_at(high_indices, idx * 4),
            number => u32::from(number),
        };
        let place = match raw.shndx {
            SHN_UNDEF => SymbolPlace::Undefined,
            SHN_ABS => SymbolPlace::Absolute,
            SHN_COMMON | SHN_X86_64_LCOMMON => SymbolPlace::Common,
            number if number < SHN_LORESERVE || number == SHN_XINDEX => {
                // May be the index of a section that some tool removed.
                SymbolPlace::Section(section.saturating_sub(1))
            }
            _ => SymbolPlace::Absolute,
        };
        let version = versions.of(idx).map(|(name, default)| (name, default && place != SymbolPlace::Undefined));
        symbols.push(ProgramSymbol {
            name: Cow::Borrowed(string(strings, raw.name.into(), at)?),
            base_version: version.is_none() && versions.is_base(idx),
            version,
            place,
            value: raw.value,
            size: raw.size,
            binding: raw.binding(at)?,
            kind: raw.symbol_kind(at)?,
            visibility: raw.visibility(),
        });
    }
    Ok(symbols)
}

/// The relocations that refer to the symbol table: those of an object, or those a link was asked to leave.
fn read_relocs(elf: &Elf<'_>, symtab: u32, program: &mut Program<'_>) -> Result<()> {
    for shdr in elf.shdrs.iter().filter(|shdr| matches!(shdr.kind, SHT_REL | SHT_RELA) && shdr.link == symtab) {
        // What is loaded with a program is for the dynamic linker, or for start code.
        if elf.kind != ET_REL && shdr.flags & SHF_ALLOC != 0 {
            continue;
        }
        let size = if shdr.kind == SHT_RELA { RELA_SIZE } else { REL_SIZE };
        let Some(target) = (shdr.info as usize).checked_sub(1).filter(|&idx| idx < program.sections.len()) else {
            return err(ReadErrorKind::Reloc, shdr.at);
        };
        let start = program.relocs.len() as u32;
        let n_symbols = program.symbols.len();
        push_relocs(elf, shdr, size, n_symbols, &mut program.relocs)?;
        program.sections[target].relocs = start..program.relocs.len() as u32;
    }
    Ok(())
}

/// The relocations that refer to the dynamic symbol table.
fn read_dynamic_relocs(elf: &Elf<'_>, dynsym: u32, program: &mut Program<'_>) -> Result<()> {
    for shdr in elf.shdrs.iter().filter(|shdr| matches!(shdr.kind, SHT_REL | SHT_RELA) && shdr.link == dynsym) {
        let size = if shdr.kind == SHT_RELA { RELA_SIZE } else { REL_SIZE };
        push_relocs(elf, shdr, size, program.dynamic_symbols.len(), &mut program.dynamic_relocs)?;
    }
    Ok(())
}

fn push_relocs(elf: &Elf<'_>, shdr: &Shdr, size: usize, n_symbols: usize, out: &mut Vec<ProgramReloc>) -> Result<()> {
    for record in elf.records(shdr, size, ReadErrorKind::Reloc)?.chunks_exact(size) {
        let info = u64_at(record, 8);
        let symbol = (info >> 32) as u32;
        if symbol as usize > n_symbols {
            return err(ReadErrorKind::Reloc, shdr.at);
        }
        out.push(ProgramReloc {
            offset: u64_at(record, 0),
            number: info as u32,
            symbol: symbol.checked_sub(1),
            addend: u64_at(record, 16) as i64,
        });
    }
    Ok(())
}

fn read_dynamic<'a>(elf: &Elf<'a>, program: &mut Program<'a>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_DYNAMIC) else { return Ok(()) };
    if shdr.kind == SHT_NOBITS {
        return Ok(());
    }
    let strings = strings_of(elf, &shdr)?;
    for record in elf.records(&shdr, DYN_SIZE, ReadErrorKind::Dynamic)?.chunks_exact(DYN_SIZE) {
        let (tag, value) = (u64_at(record, 0), u64_at(record, 8));
        match tag {
            DT_NULL => break,
            DT_NEEDED => program.needed.push(Cow::Borrowed(string(strings, value, shdr.at)?)),
            DT_SONAME => program.soname = Some(Cow::Borrowed(string(strings, value, shdr.at)?)),
            _ => {}
        }
        program.dynamic.push((tag, value));
    }
    Ok(())
}
