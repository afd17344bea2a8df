//! The records of a file, without judgement: what reaches past the end is cut and told, never an error.
//! System V gABI chapter 4 ("ELF Header", "Sections") and 5 ("Program Header").

use crate::defs::{
    DT_NULL, DYN_SIZE, EHDR_SIZE, PHDR_SIZE, PT_DYNAMIC, PT_LOAD, SHDR_SIZE, SHN_XINDEX, SHT_DYNAMIC, SHT_NOBITS,
    SHT_NULL,
};
use crate::raw::{Phdr, Result, Shdr, c_str, err, ident, phdr_at, shdr_at, slice, u16_at, u32_at, u64_at};
use obj::ReadErrorKind;

/// A file with its tables decoded.
pub(super) struct File<'a> {
    pub bytes: &'a [u8],
    pub kind: u16,
    pub machine: u16,
    pub os_abi: u8,
    pub entry: u64,
    pub phoff: u64,
    pub shoff: u64,
    pub flags: u32,
    /// The numbers as the header has them; the real ones are those of `shdrs` and `phdrs`.
    pub raw_phnum: u16,
    pub raw_shnum: u16,
    pub raw_shstrndx: u16,
    pub shstrndx: u32,
    pub shdrs: Vec<Shdr>,
    pub phdrs: Vec<Phdr>,
    shstrtab: Option<&'a [u8]>,
    /// Where the dynamic section lies in the file, its entries up to the end mark, which is among them.
    pub dynamic_offset: u64,
    pub dynamic: Vec<(u64, u64)>,
}

impl<'a> File<'a> {
    pub fn read(bytes: &'a [u8], warnings: &mut Vec<String>) -> Result<File<'a>> {
        let (kind, machine) = ident(bytes)?;
        if bytes.len() < EHDR_SIZE {
            return err(ReadErrorKind::Truncated, bytes.len() as u64);
        }
        let mut file = File {
            bytes,
            kind,
            machine,
            os_abi: bytes[7],
            entry: u64_at(bytes, 24),
            phoff: u64_at(bytes, 32),
            shoff: u64_at(bytes, 40),
            flags: u32_at(bytes, 48),
            raw_phnum: u16_at(bytes, 56),
            raw_shnum: u16_at(bytes, 60),
            raw_shstrndx: u16_at(bytes, 62),
            shstrndx: 0,
            shdrs: Vec::new(),
            phdrs: Vec::new(),
            shstrtab: None,
            dynamic_offset: 0,
            dynamic: Vec::new(),
        };
        file.read_shdrs(warnings);
        file.read_phdrs(warnings);
        file.read_dynamic();
        Ok(file)
    }

    fn read_shdrs(&mut self, warnings: &mut Vec<String>) {
        self.shstrndx = u32::from(self.raw_shstrndx);
        if self.shoff == 0 {
            return;
        }
        let table = usize::try_from(self.shoff).ok().and_then(|at| self.bytes.get(at..)).unwrap_or(&[]);
        let Some(first) = table.get(..SHDR_SIZE) else {
            warnings.push("the section headers reach past the end of the file".into());
            return;
        };
        let first = shdr_at(first, self.shoff);
        let wanted = if self.raw_shnum == 0 { first.size } else { u64::from(self.raw_shnum) };
        if self.raw_shstrndx == SHN_XINDEX {
            self.shstrndx = first.link;
        }
        let fits = (table.len() / SHDR_SIZE) as u64;
        if wanted > fits || usize::from(u16_at(self.bytes, 58)) != SHDR_SIZE {
            warnings.push("the section headers reach past the end of the file, or are of a wrong size".into());
            return;
        }
        let records = table.chunks_exact(SHDR_SIZE).take(wanted as usize);
        self.shdrs = records.enumerate().map(|(idx, r)| shdr_at(r, self.shoff + (idx * SHDR_SIZE) as u64)).collect();
        if let Some(names) = self.shdrs.get(self.shstrndx as usize).copied().filter(|_| self.shstrndx != 0) {
            self.shstrtab = self.data(&names);
        }
    }

    fn read_phdrs(&mut self, warnings: &mut Vec<String>) {
        let mut wanted = u64::from(self.raw_phnum);
        if wanted == 0xffff {
            wanted = self.shdrs.first().filter(|shdr| shdr.info != 0).map_or(wanted, |shdr| u64::from(shdr.info));
        }
        if wanted == 0 || self.phoff == 0 {
            return;
        }
        let fits = slice(self.bytes, self.phoff, wanted.saturating_mul(PHDR_SIZE as u64));
        match fits.filter(|_| usize::from(u16_at(self.bytes, 54)) == PHDR_SIZE) {
            Some(table) => self.phdrs = table.chunks_exact(PHDR_SIZE).map(phdr_at).collect(),
            None => warnings.push("the program headers reach past the end of the file, or are of a wrong size".into()),
        }
    }

    /// By the program header; a file without any has it by its section.
    fn read_dynamic(&mut self) {
        let by_segment = self.phdrs.iter().find(|phdr| phdr.kind == PT_DYNAMIC).map(|phdr| (phdr.offset, phdr.filesz));
        let section = self.shdrs.iter().find(|shdr| shdr.kind == SHT_DYNAMIC);
        // A file with debug information alone has the header of a section whose contents lie elsewhere.
        let moved = self.shdrs.iter().any(|shdr| shdr.kind == SHT_NOBITS && self.section_name(shdr) == b".dynamic");
        let by_section = section.map(|shdr| (shdr.offset, shdr.size));
        let found = if moved { None } else { by_section.or(by_segment) };
        let Some((offset, size)) = found else { return };
        self.dynamic_offset = offset;
        for record in slice(self.bytes, offset, size).unwrap_or(&[]).chunks_exact(DYN_SIZE) {
            let entry = (u64_at(record, 0), u64_at(record, 8));
            self.dynamic.push(entry);
            if entry.0 == DT_NULL {
                break;
            }
        }
    }

    /// The bytes of a section in the file.
    pub fn data(&self, shdr: &Shdr) -> Option<&'a [u8]> {
        if shdr.kind == SHT_NOBITS || shdr.kind == SHT_NULL {
            return Some(&[]);
        }
        slice(self.bytes, shdr.offset, shdr.size)
    }

    /// The bytes of the section with number `idx`; none when there is no such section.
    pub fn data_of(&self, idx: u32) -> &'a [u8] {
        self.shdrs.get(idx as usize).and_then(|shdr| self.data(shdr)).unwrap_or(&[])
    }

    pub fn section_name(&self, shdr: &Shdr) -> &'a [u8] {
        match self.shstrtab {
            None => b"<no-strings>",
            Some(names) => c_str(names, shdr.name as usize).unwrap_or(b"<corrupt>"),
        }
    }

    pub fn section_name_at(&self, idx: u32) -> &'a [u8] {
        self.shdrs.get(idx as usize).map_or(b"<corrupt>", |shdr| self.section_name(shdr))
    }

    pub fn find(&self, kind: u32) -> Option<&Shdr> {
        self.shdrs.iter().find(|shdr| shdr.kind == kind)
    }

    /// The value of a dynamic tag.
    pub fn tag(&self, tag: u64) -> Option<u64> {
        self.dynamic.iter().rev().find(|(number, _)| *number == tag).map(|(_, value)| *value)
    }

    /// Where `address` lies in the file.
    pub fn offset_of(&self, address: u64) -> Option<u64> {
        let holds =
            |phdr: &&Phdr| phdr.kind == PT_LOAD && address >= phdr.vaddr && address - phdr.vaddr < phdr.filesz.max(1);
        self.phdrs.iter().find(holds).map(|phdr| (address - phdr.vaddr).wrapping_add(phdr.offset))
    }

    /// The bytes of the file from `address` on, as far as they go.
    pub fn tail_at(&self, address: u64) -> &'a [u8] {
        let offset = self.offset_of(address).and_then(|offset| usize::try_from(offset).ok());
        offset.and_then(|offset| self.bytes.get(offset..)).unwrap_or(&[])
    }

    /// Up to `size` bytes at `address`.
    pub fn bytes_at(&self, address: u64, size: u64) -> &'a [u8] {
        let tail = self.tail_at(address);
        &tail[..usize::try_from(size).unwrap_or(usize::MAX).min(tail.len())]
    }
}

/// A symbol, field by field.
#[derive(Clone, Copy)]
pub(super) struct Symbol {
    pub name: u32,
    pub info: u8,
    pub other: u8,
    pub shndx: u16,
    pub value: u64,
    pub size: u64,
}

impl Symbol {
    /// The symbol at `idx` of a table.
    pub fn at(table: &[u8], idx: usize) -> Option<Symbol> {
        let start = idx.checked_mul(crate::defs::SYM_SIZE)?;
        let record = table.get(start..start.checked_add(crate::defs::SYM_SIZE)?)?;
        Some(Symbol {
            name: u32_at(record, 0),
            info: record[4],
            other: record[5],
            shndx: u16_at(record, 6),
            value: u64_at(record, 8),
            size: u64_at(record, 16),
        })
    }

    pub fn kind(self) -> u8 {
        self.info & 15
    }

    pub fn binding(self) -> u8 {
        self.info >> 4
    }
}
