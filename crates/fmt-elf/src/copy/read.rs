//! The input: section headers sorted into what is copied (with the relocations that belong to it) and what is made
//! anew, and the symbol table decoded.
//!
//! A relocation section belongs to the section that its `sh_info` names only when it uses the main symbol table;
//! a program's dynamic relocations are contents like any other.

use super::{File, Group, Place, Relocs, Result, Role, Section, Symbol, refuse};
use crate::defs::{
    ET_CORE, ET_DYN, ET_EXEC, ET_REL, PT_LOAD, PT_TLS, REL_SIZE, RELA_SIZE, SHF_ALLOC, SHF_COMPRESSED, SHF_GROUP,
    SHF_TLS, SHN_LORESERVE, SHN_XINDEX, SHT_GROUP, SHT_NOBITS, SHT_NULL, SHT_REL, SHT_RELA, SHT_STRTAB, SHT_SYMTAB,
    SHT_SYMTAB_SHNDX, STT_NOTYPE, STT_OBJECT, STT_TLS, SYM_SIZE,
};
use crate::raw::{Elf, Phdr, Shdr, c_str, err, slice, u16_at, u32_at, u64_at};
use obj::ReadErrorKind;
use std::borrow::Cow;

/// Reads `bytes`.
pub(super) fn read(bytes: &[u8]) -> Result<File<'_>> {
    let elf = Elf::parse(bytes)?;
    let linked = match elf.kind {
        ET_REL => false,
        ET_EXEC | ET_DYN => true,
        ET_CORE => return refuse("core files cannot be copied"),
        kind => return refuse(format!("files of ELF type {kind:#x} cannot be copied")),
    };
    if elf.shdrs.len() < 2 {
        return refuse("the file has no sections");
    }
    let phdrs = if linked { elf.phdrs()? } else { Vec::new() };
    let mut file = File {
        bytes,
        kind: elf.kind,
        entry: elf.entry,
        linked,
        phdrs,
        sections: Vec::new(),
        symbols: Vec::new(),
        roles: roles(&elf, linked),
        warnings: Vec::new(),
        complaints: Vec::new(),
    };
    read_sections(&elf, &mut file)?;
    read_symbols(&elf, &mut file)?;
    read_groups(&elf, &mut file)?;
    Ok(file)
}

/// What each header stands for; sections are numbered in the order of the file.
fn roles(elf: &Elf<'_>, linked: bool) -> Vec<Role> {
    let symtab = elf.find(SHT_SYMTAB).filter(|(_, shdr)| shdr.flags & SHF_ALLOC == 0);
    let symtab_idx = symtab.map(|(idx, _)| idx);
    let names_idx = names_index(elf);
    let mut roles: Vec<Role> = Vec::with_capacity(elf.shdrs.len());
    let mut n_sections = 0;
    let is_relocs = |shdr: &Shdr| matches!(shdr.kind, SHT_REL | SHT_RELA);
    for (idx, shdr) in elf.shdrs.iter().enumerate() {
        let idx = idx as u32;
        let own_relocs = is_relocs(shdr)
            && !(linked && shdr.flags & SHF_ALLOC != 0)
            && shdr.flags & SHF_COMPRESSED == 0
            && shdr.link != 0
            && Some(shdr.link) == symtab_idx
            && shdr.info != 0
            && elf.shdrs.get(shdr.info as usize).is_some_and(|target| !is_relocs(target));
        let role = match shdr.kind {
            SHT_NULL => Role::None,
            SHT_SYMTAB if Some(idx) == symtab_idx => Role::Symtab,
            SHT_SYMTAB_SHNDX => Role::Xindex,
            SHT_STRTAB if symtab.is_some_and(|(_, table)| table.link == idx) => Role::Strtab,
            SHT_STRTAB if idx == names_idx && shdr.flags & SHF_ALLOC == 0 => Role::Names,
            // Which section it belongs to is known when all are numbered.
            _ if own_relocs => Role::Relocs(usize::MAX),
            _ => {
                n_sections += 1;
                Role::Section(n_sections - 1)
            }
        };
        roles.push(role);
    }
    for idx in 0..roles.len() {
        if roles[idx] == Role::Relocs(usize::MAX) {
            roles[idx] = match roles.get(elf.shdrs[idx].info as usize) {
                Some(Role::Section(target)) => Role::Relocs(*target),
                _ => Role::None,
            };
        }
    }
    roles
}

fn names_index(elf: &Elf<'_>) -> u32 {
    match u16_at(elf.bytes, 62) {
        SHN_XINDEX => elf.shdrs.first().map_or(0, |shdr| shdr.link),
        idx => u32::from(idx),
    }
}

fn read_sections<'a>(elf: &Elf<'a>, file: &mut File<'a>) -> Result<()> {
    let load_addresses = LoadAddresses::new(&file.phdrs);
    for (idx, shdr) in elf.shdrs.iter().enumerate() {
        if !matches!(file.roles[idx], Role::Section(_)) {
            continue;
        }
        if shdr.align > 1 && !shdr.align.is_power_of_two() {
            return Err(err::<()>(ReadErrorKind::Header, shdr.at).unwrap_err().into());
        }
        let name = elf.name(shdr)?;
        let mut header = *shdr;
        header.align = header.align.max(1);
        file.sections.push(Section {
            old_addr: shdr.addr,
            old_size: shdr.size,
            lma: load_addresses.of(shdr),
            old_lma: load_addresses.of(shdr),
            old_kind: shdr.kind,
            fixed: file.linked && shdr.flags & SHF_ALLOC != 0,
            ..Section::new(Cow::Borrowed(name), header, Cow::Borrowed(elf.data(shdr)?))
        });
    }
    for (idx, shdr) in elf.shdrs.iter().enumerate() {
        let Role::Relocs(target) = file.roles[idx] else { continue };
        let rela = shdr.kind == SHT_RELA;
        let data = elf.records(shdr, if rela { RELA_SIZE } else { REL_SIZE }, ReadErrorKind::Reloc)?;
        if file.sections[target].relocs.is_some() {
            return refuse("a section with two relocation sections cannot be copied");
        }
        let in_group = shdr.flags & SHF_GROUP != 0;
        file.sections[target].relocs = Some(Relocs { rela, data: Cow::Borrowed(data), in_group, out: 0 });
    }
    Ok(())
}

/// Where sections are loaded: BFD believes `p_paddr` unless several segments have it all zero.
struct LoadAddresses<'p> {
    segments: Vec<&'p Phdr>,
}

impl LoadAddresses<'_> {
    fn new(phdrs: &[Phdr]) -> LoadAddresses<'_> {
        let segments: Vec<&Phdr> = phdrs.iter().filter(|p| matches!(p.kind, PT_LOAD | PT_TLS)).collect();
        let n_loads = phdrs.iter().filter(|p| p.kind == PT_LOAD).count();
        let none = phdrs.iter().all(|p| p.paddr == 0) && n_loads > 1;
        LoadAddresses { segments: if none { Vec::new() } else { segments } }
    }

    fn of(&self, shdr: &Shdr) -> u64 {
        if shdr.flags & SHF_ALLOC == 0 {
            return shdr.addr;
        }
        let within = |p: &&&Phdr| {
            let fits_kind = (p.kind == PT_TLS) == (shdr.flags & SHF_TLS != 0) || p.kind == PT_LOAD;
            let in_memory = shdr.addr >= p.vaddr && shdr.addr - p.vaddr <= p.memsz.saturating_sub(shdr.size);
            let in_file = shdr.kind == SHT_NOBITS
                || (shdr.offset >= p.offset && shdr.offset - p.offset <= p.filesz.saturating_sub(shdr.size));
            fits_kind && in_memory && in_file
        };
        match self.segments.iter().find(within) {
            Some(p) if shdr.kind == SHT_NOBITS => p.paddr.wrapping_add(shdr.addr - p.vaddr),
            Some(p) => p.paddr.wrapping_add(shdr.offset - p.offset),
            None => shdr.addr,
        }
    }
}

fn read_symbols<'a>(elf: &Elf<'a>, file: &mut File<'a>) -> Result<()> {
    let Some(at) = file.roles.iter().position(|role| *role == Role::Symtab) else { return Ok(()) };
    let shdr = elf.shdrs[at];
    let records = elf.records(&shdr, SYM_SIZE, ReadErrorKind::Symbol)?;
    let names = elf.data(&elf.shdr(shdr.link, shdr.at)?)?;
    let xindex = elf.shdrs.iter().find(|s| s.kind == SHT_SYMTAB_SHNDX && s.link as usize == at);
    let xindex = match xindex {
        Some(shdr) => elf.data(shdr)?,
        None => &[],
    };
    for (idx, record) in records.chunks_exact(SYM_SIZE).enumerate() {
        let fail = |kind| err::<()>(kind, shdr.offset + (idx * SYM_SIZE) as u64).unwrap_err();
        let name_at = u32_at(record, 0) as usize;
        let name = match c_str(names, name_at) {
            Some(name) => name,
            None if name_at == 0 => &[],
            None => return Err(fail(ReadErrorKind::String).into()),
        };
        let (info, other) = (record[4], record[5]);
        let place = match u16_at(record, 6) {
            0 => Place::Undefined,
            SHN_XINDEX => {
                let entry = xindex.get(idx * 4..idx * 4 + 4).ok_or_else(|| fail(ReadErrorKind::Symbol))?;
                place(file, u32_at(entry, 0)).ok_or_else(|| fail(ReadErrorKind::Symbol))?
            }
            reserved @ SHN_LORESERVE.. => Place::Reserved(reserved),
            section => place(file, u32::from(section)).ok_or_else(|| fail(ReadErrorKind::Symbol))?,
        };
        file.symbols.push(Symbol {
            name: Cow::Borrowed(name),
            binding: info >> 4,
            kind: kind_in(file, info & 15, place),
            other,
            place,
            value: u64_at(record, 8),
            size: u64_at(record, 16),
            used: false,
            // The null symbol is made anew.
            keep: idx != 0,
            out: 0,
        });
    }
    Ok(())
}

/// What lies among thread-local data is thread-local, whatever its symbol says.
fn kind_in(file: &File<'_>, kind: u8, place: Place) -> u8 {
    match place {
        Place::Section(at) if file.sections[at].header.flags & SHF_TLS != 0 => match kind {
            STT_NOTYPE | STT_OBJECT => STT_TLS,
            kind => kind,
        },
        _ => kind,
    }
}

fn place(file: &File<'_>, idx: u32) -> Option<Place> {
    match *file.roles.get(idx as usize)? {
        Role::Section(at) => Some(Place::Section(at)),
        Role::None => Some(Place::Undefined),
        role => Some(Place::Table(role)),
    }
}

fn read_groups(elf: &Elf<'_>, file: &mut File<'_>) -> Result<()> {
    for (idx, shdr) in elf.shdrs.iter().enumerate() {
        let Role::Section(at) = file.roles[idx] else { continue };
        if shdr.kind != SHT_GROUP || file.linked {
            continue;
        }
        let data = elf.data(shdr)?;
        let is_of_table = file.roles.get(shdr.link as usize) == Some(&Role::Symtab);
        let signature = (shdr.info as usize) < file.symbols.len() && shdr.info != 0 && is_of_table;
        let Some(words) = slice(data, 4, (data.len() as u64).saturating_sub(4)) else {
            return Err(err::<()>(ReadErrorKind::Group, shdr.at).unwrap_err().into());
        };
        let members: Vec<u32> = words.chunks_exact(4).map(|word| u32_at(word, 0)).collect();
        if members.iter().any(|&member| member as usize >= file.roles.len()) {
            return Err(err::<()>(ReadErrorKind::Group, shdr.at).unwrap_err().into());
        }
        file.sections[at].group =
            Some(Group { flags: u32_at(data, 0), signature: signature.then_some(shdr.info as usize), members });
    }
    Ok(())
}
