//! Shared libraries as link inputs: names, needs, dynamic symbols with their versions. System V gABI chapter 5; symbol
//! versions as in the LSB core specification, "Symbol Versioning".
//!
//! Read by section headers, as linkers do; a library stripped of them cannot be linked against.

use crate::defs::{
    self, DT_NEEDED, DT_NULL, DT_SONAME, DYN_SIZE, ET_DYN, PT_GNU_RELRO, SHF_WRITE, SHN_LORESERVE, SHN_UNDEF,
    SHN_XINDEX, SHT_DYNAMIC, SHT_DYNSYM, SHT_GNU_VERDEF, SHT_GNU_VERNEED, SHT_GNU_VERSYM, STT_SECTION, SYM_SIZE,
    VER_FLG_BASE, VERSYM_HIDDEN,
};
use crate::raw::{Elf, Result, Shdr, c_str, err, u16_at, u32_at, u64_at};
use crate::read::RawSym;
use obj::shared::{SharedLib, SharedSymbol};
use obj::{Binding, ReadErrorKind};
use std::borrow::Cow;
use std::ops::Range;
use target::Arch;

/// Reads a shared library made for `arch`.
///
/// # Errors
/// Anything malformed, another machine, another type of file.
pub fn read_shared<'a>(bytes: &'a [u8], arch: &Arch) -> Result<SharedLib<'a>> {
    let (mut lib, table) = open(bytes, arch)?;
    if let Some(table) = table {
        lib.symbols = table.all()?;
    }
    Ok(lib)
}

/// What a shared library made for `arch` says of itself, and its symbols, not read yet.
///
/// # Errors
/// Anything malformed but for symbols, another machine, another type of file.
pub(crate) fn open<'a>(bytes: &'a [u8], arch: &Arch) -> Result<(SharedLib<'a>, Option<SymbolTable<'a>>)> {
    let elf = Elf::parse(bytes)?;
    if defs::machine(arch.name).is_none_or(|machine| machine.number != elf.machine) {
        return err(ReadErrorKind::Machine, 18);
    }
    if elf.kind != ET_DYN {
        return err(ReadErrorKind::FileType, 16);
    }
    let mut lib = SharedLib::default();
    read_dynamic(&elf, &mut lib)?;
    if let Some((_, shdr)) = elf.find(SHT_GNU_VERDEF) {
        read_verdef(&elf, &shdr, &mut lib.versions)?;
    }
    if let Some((_, shdr)) = elf.find(SHT_GNU_VERNEED) {
        read_verneed(&elf, &shdr, &mut lib.versions)?;
    }
    let table = SymbolTable::open(elf, &lib)?;
    Ok((lib, table))
}

fn read_dynamic<'a>(elf: &Elf<'a>, lib: &mut SharedLib<'a>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_DYNAMIC) else { return err(ReadErrorKind::Dynamic, 0) };
    let strings = strings_of(elf, &shdr)?;
    for (idx, record) in elf.records(&shdr, DYN_SIZE, ReadErrorKind::Dynamic)?.chunks_exact(DYN_SIZE).enumerate() {
        let at = shdr.offset + (idx * DYN_SIZE) as u64;
        let value = u64_at(record, 8);
        match u64_at(record, 0) {
            DT_NULL => break,
            DT_NEEDED => lib.needed.push(Cow::Borrowed(string(strings, value, at)?)),
            DT_SONAME => lib.soname = Some(Cow::Borrowed(string(strings, value, at)?)),
            _ => {}
        }
    }
    Ok(())
}

/// Version definitions: a chain of Elf64_Verdef, each with a chain of Elf64_Verdaux of which the first names it.
pub(crate) fn read_verdef<'a>(elf: &Elf<'a>, shdr: &Shdr, versions: &mut Vec<Cow<'a, [u8]>>) -> Result<()> {
    let (data, strings) = (elf.data(shdr)?, strings_of(elf, shdr)?);
    let mut at = 0usize;
    loop {
        let Some(record) = data.get(at..).and_then(|tail| tail.get(..20)) else { return bad_version(shdr, at) };
        let (flags, index) = (u16_at(record, 2), u16_at(record, 4));
        let aux = at.saturating_add(u32_at(record, 12) as usize);
        let Some(aux_record) = data.get(aux..).and_then(|tail| tail.get(..8)) else { return bad_version(shdr, at) };
        // The base definition is the library itself; its index 1 stands for "global, unversioned".
        if flags & VER_FLG_BASE == 0 {
            let name = string(strings, u64::from(u32_at(aux_record, 0)), shdr.offset + aux as u64)?;
            set_version(versions, index, name);
        }
        match u32_at(record, 16) as usize {
            0 => return Ok(()),
            next => at += next,
        }
    }
}

/// Needed versions: a chain of Elf64_Verneed, one a library, each with a chain of Elf64_Vernaux, one a version.
pub(crate) fn read_verneed<'a>(elf: &Elf<'a>, shdr: &Shdr, versions: &mut Vec<Cow<'a, [u8]>>) -> Result<()> {
    let (data, strings) = (elf.data(shdr)?, strings_of(elf, shdr)?);
    let mut at = 0usize;
    // Chains that overlap could make quadratic work of a small file.
    let mut budget = data.len() / 16 + 1;
    loop {
        let Some(record) = data.get(at..).and_then(|tail| tail.get(..16)) else { return bad_version(shdr, at) };
        let mut aux = at.saturating_add(u32_at(record, 8) as usize);
        for _ in 0..u16_at(record, 2) {
            let Some(entry) = data.get(aux..).and_then(|tail| tail.get(..16)) else { return bad_version(shdr, aux) };
            if budget == 0 {
                return bad_version(shdr, aux);
            }
            budget -= 1;
            let name = string(strings, u64::from(u32_at(entry, 8)), shdr.offset + aux as u64)?;
            set_version(versions, u16_at(entry, 6), name);
            match u32_at(entry, 12) as usize {
                0 => break,
                next => aux += next,
            }
        }
        match u32_at(record, 12) as usize {
            0 => return Ok(()),
            next => at += next,
        }
    }
}

fn bad_version<T>(shdr: &Shdr, at: usize) -> Result<T> {
    err(ReadErrorKind::Version, shdr.offset.saturating_add(at as u64))
}

fn set_version<'a>(versions: &mut Vec<Cow<'a, [u8]>>, index: u16, name: &'a [u8]) {
    let index = usize::from(index & !VERSYM_HIDDEN);
    if versions.len() <= index {
        versions.resize(index + 1, Cow::Borrowed(&[]));
    }
    versions[index] = Cow::Borrowed(name);
}

/// The dynamic symbols of a library, decoded one at a time.
pub(crate) struct SymbolTable<'a> {
    pub elf: Elf<'a>,
    /// Number of the section.
    pub section: u32,
    /// Where the table stands in the file.
    offset: u64,
    records: &'a [u8],
    strings: &'a [u8],
    /// Empty when the symbols have no versions.
    versym: &'a [u8],
    /// Bit of each version that has a name.
    named_versions: Vec<bool>,
    relro: Range<u64>,
}

impl<'a> SymbolTable<'a> {
    fn open(elf: Elf<'a>, lib: &SharedLib<'_>) -> Result<Option<SymbolTable<'a>>> {
        let Some((section, shdr)) = elf.find(SHT_DYNSYM) else { return Ok(None) };
        let records = elf.records(&shdr, SYM_SIZE, ReadErrorKind::Symbol)?;
        let strings = strings_of(&elf, &shdr)?;
        let versym = match elf.find(SHT_GNU_VERSYM) {
            Some((_, versym)) if versym.link == section => {
                let data = elf.records(&versym, 2, ReadErrorKind::Version)?;
                if data.len() / 2 != records.len() / SYM_SIZE {
                    return err(ReadErrorKind::Version, versym.at);
                }
                data
            }
            _ => &[],
        };
        let relro = relro(&elf)?;
        let named_versions = lib.versions.iter().map(|name| !name.is_empty()).collect();
        Ok(Some(SymbolTable { elf, section, offset: shdr.offset, records, strings, versym, named_versions, relro }))
    }

    /// How many records there are, the first of which stands for none.
    pub fn len(&self) -> usize {
        self.records.len() / SYM_SIZE
    }

    /// All symbols in order.
    pub fn all(&self) -> Result<Vec<SharedSymbol<'a>>> {
        let mut symbols = Vec::with_capacity(self.len());
        for idx in 1..self.len() {
            symbols.extend(self.symbol(idx)?);
        }
        Ok(symbols)
    }

    /// The name of symbol `idx` as it stands there; the empty name for what is no symbol.
    pub fn name(&self, idx: usize) -> Result<&'a [u8]> {
        let at = idx.saturating_mul(SYM_SIZE);
        let name = self.records.get(at..).map_or(0, |record| u32_at(record, 0));
        string(self.strings, u64::from(name), self.offset + at as u64)
    }

    /// The address of symbol `idx`.
    pub fn value(&self, idx: usize) -> u64 {
        self.records.get(idx.saturating_mul(SYM_SIZE)..).map_or(0, |record| u64_at(record, 8))
    }

    /// Symbol `idx`; `None` for what other modules do not see.
    pub fn symbol(&self, idx: usize) -> Result<Option<SharedSymbol<'a>>> {
        let offset = idx.saturating_mul(SYM_SIZE);
        let Some(record) = self.records.get(offset..).and_then(|tail| tail.get(..SYM_SIZE)) else { return Ok(None) };
        let at = self.offset + offset as u64;
        let raw = RawSym::decode(record);
        let binding = raw.binding(at)?;
        if binding == Binding::Local || raw.kind() == STT_SECTION {
            return Ok(None);
        }
        let defined = raw.shndx != SHN_UNDEF;
        let section = match raw.shndx {
            SHN_UNDEF | SHN_XINDEX => None,
            number if number >= SHN_LORESERVE => None,
            // Some tools leave indices of sections that they removed; only the alignment of copies is lost.
            number => self.elf.shdrs.get(usize::from(number)),
        };
        let version = if self.versym.is_empty() { 1 } else { u16_at(self.versym, idx * 2) };
        let index = version & !VERSYM_HIDDEN;
        if index > 1 && self.named_versions.get(usize::from(index)) != Some(&true) {
            return err(ReadErrorKind::Version, at);
        }
        Ok(Some(SharedSymbol {
            name: Cow::Borrowed(string(self.strings, u64::from(raw.name), at)?),
            defined,
            binding,
            kind: raw.symbol_kind(at)?,
            visibility: raw.visibility(),
            value: raw.value,
            size: raw.size,
            version: index,
            hidden_version: defined && version & VERSYM_HIDDEN != 0,
            align: alignment(raw.value, section),
            read_only: section.is_some_and(|section| section.flags & SHF_WRITE == 0) || self.relro.contains(&raw.value),
        }))
    }
}

/// The addresses that become read-only after relocation.
fn relro(elf: &Elf<'_>) -> Result<Range<u64>> {
    let found = elf.phdrs()?.into_iter().find(|phdr| phdr.kind == PT_GNU_RELRO);
    Ok(found.map_or(0..0, |phdr| phdr.vaddr..phdr.vaddr.saturating_add(phdr.memsz)))
}

/// The largest power of two that divides the address, at most its section's alignment.
fn alignment(value: u64, section: Option<&Shdr>) -> u64 {
    let Some(section) = section else { return 1 };
    let align = if section.align.is_power_of_two() { section.align } else { 1 };
    1 << align.trailing_zeros().min(value.trailing_zeros())
}

pub(crate) fn strings_of<'a>(elf: &Elf<'a>, shdr: &Shdr) -> Result<&'a [u8]> {
    let strings = elf.shdr(shdr.link, shdr.at)?;
    elf.data(&strings)
}

pub(crate) fn string(table: &[u8], offset: u64, at: u64) -> Result<&[u8]> {
    match usize::try_from(offset).ok().and_then(|offset| c_str(table, offset)) {
        Some(text) => Ok(text),
        None => err(ReadErrorKind::String, at),
    }
}
