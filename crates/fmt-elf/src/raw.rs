//! The records of an ELF64 file, decoded and bounds-checked, without interpretation: what every reader starts from.
//! System V gABI, chapter 4. Counts are checked against the file's size before anything is allocated.

use crate::defs::{
    ELFCLASS64, ELFDATA2LSB, ELFMAG, PHDR_SIZE, SHDR_SIZE, SHN_XINDEX, SHT_NOBITS, SHT_NULL, SHT_STRTAB,
};
use base::bytes::{find_byte, get_u16, get_u32, get_u64};
use obj::{ReadError, ReadErrorKind};

pub(crate) type Result<T> = std::result::Result<T, ReadError>;

pub(crate) fn err<T>(kind: ReadErrorKind, offset: u64) -> Result<T> {
    Err(ReadError::new(kind, offset))
}

/// A section header, field by field.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Shdr {
    pub name: u32,
    pub kind: u32,
    pub flags: u64,
    pub addr: u64,
    pub offset: u64,
    pub size: u64,
    pub link: u32,
    pub info: u32,
    pub align: u64,
    pub entsize: u64,
    /// Where the header itself stands, for messages.
    pub at: u64,
}

/// A program header, field by field.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Phdr {
    pub kind: u32,
    pub flags: u32,
    pub offset: u64,
    pub vaddr: u64,
    pub paddr: u64,
    pub filesz: u64,
    pub memsz: u64,
    pub align: u64,
}

/// A file with its tables decoded.
pub(crate) struct Elf<'a> {
    pub bytes: &'a [u8],
    pub kind: u16,
    pub machine: u16,
    pub entry: u64,
    pub shdrs: Vec<Shdr>,
    /// Section names.
    pub shstrtab: &'a [u8],
}

/// Type and machine of a file that begins as an ELF file of our flavor does.
pub(crate) fn ident(bytes: &[u8]) -> Result<(u16, u16)> {
    if bytes.get(..4) != Some(ELFMAG) {
        return err(ReadErrorKind::Magic, 0);
    }
    if bytes.get(4..7) != Some(&[ELFCLASS64, ELFDATA2LSB, 1]) {
        return err(ReadErrorKind::Flavor, 4);
    }
    if bytes.len() < crate::defs::EHDR_SIZE {
        return err(ReadErrorKind::Truncated, bytes.len() as u64);
    }
    Ok((u16_at(bytes, 16), u16_at(bytes, 18)))
}

impl<'a> Elf<'a> {
    /// Decodes the file header and the section headers.
    pub fn parse(bytes: &'a [u8]) -> Result<Elf<'a>> {
        let (kind, machine) = ident(bytes)?;
        let shoff = u64_at(bytes, 40);
        let mut elf = Elf { bytes, kind, machine, entry: u64_at(bytes, 24), shdrs: Vec::new(), shstrtab: &[] };
        if shoff == 0 {
            return Ok(elf);
        }
        if usize::from(u16_at(bytes, 58)) != SHDR_SIZE {
            return err(ReadErrorKind::Header, 58);
        }
        let Some(table) = usize::try_from(shoff).ok().and_then(|at| bytes.get(at..)) else {
            return err(ReadErrorKind::Truncated, shoff);
        };
        let Some(first) = table.get(..SHDR_SIZE) else { return err(ReadErrorKind::Truncated, shoff) };
        let first = shdr_at(first, shoff);
        let mut n_sections = u64::from(u16_at(bytes, 60));
        if n_sections == 0 {
            n_sections = first.size;
        }
        let mut names_idx = u32::from(u16_at(bytes, 62));
        if names_idx == u32::from(SHN_XINDEX) {
            names_idx = first.link;
        }
        if n_sections > (table.len() / SHDR_SIZE) as u64 {
            return err(ReadErrorKind::Truncated, shoff);
        }
        let table = &table[..n_sections as usize * SHDR_SIZE];
        elf.shdrs = table
            .chunks_exact(SHDR_SIZE)
            .enumerate()
            .map(|(idx, record)| shdr_at(record, shoff + (idx * SHDR_SIZE) as u64))
            .collect();
        if names_idx != 0 {
            let names = elf.shdr(names_idx, shoff)?;
            if names.kind != SHT_STRTAB {
                return err(ReadErrorKind::Section, names.at);
            }
            elf.shstrtab = elf.data(&names)?;
        }
        Ok(elf)
    }

    /// The header of section `idx`, which the record at `from` refers to.
    pub fn shdr(&self, idx: u32, from: u64) -> Result<Shdr> {
        match self.shdrs.get(idx as usize) {
            Some(shdr) => Ok(*shdr),
            None => err(ReadErrorKind::Section, from),
        }
    }

    /// The bytes of a section in the file; none for [`SHT_NOBITS`].
    pub fn data(&self, shdr: &Shdr) -> Result<&'a [u8]> {
        if shdr.kind == SHT_NOBITS || shdr.kind == SHT_NULL {
            return Ok(&[]);
        }
        match slice(self.bytes, shdr.offset, shdr.size) {
            Some(data) => Ok(data),
            None => err(ReadErrorKind::Truncated, shdr.at),
        }
    }

    /// The name of a section.
    pub fn name(&self, shdr: &Shdr) -> Result<&'a [u8]> {
        if shdr.name == 0 && self.shstrtab.is_empty() {
            return Ok(&[]);
        }
        match c_str(self.shstrtab, shdr.name as usize) {
            Some(name) => Ok(name),
            None => err(ReadErrorKind::String, shdr.at),
        }
    }

    /// The records of a table section of `size` bytes each.
    pub fn records(&self, shdr: &Shdr, size: usize, kind: ReadErrorKind) -> Result<&'a [u8]> {
        let data = self.data(shdr)?;
        if shdr.entsize != size as u64 || !data.len().is_multiple_of(size) {
            return err(kind, shdr.at);
        }
        Ok(data)
    }

    /// The only section of `kind`, if there is one.
    pub fn find(&self, kind: u32) -> Option<(u32, Shdr)> {
        let idx = self.shdrs.iter().position(|shdr| shdr.kind == kind)?;
        Some((idx as u32, self.shdrs[idx]))
    }

    /// Decodes the program headers.
    pub fn phdrs(&self) -> Result<Vec<Phdr>> {
        let phoff = u64_at(self.bytes, 32);
        let mut n_phdrs = u64::from(u16_at(self.bytes, 56));
        if n_phdrs == 0xffff {
            n_phdrs = self.shdrs.first().map_or(n_phdrs, |shdr| u64::from(shdr.info));
        }
        if n_phdrs == 0 {
            return Ok(Vec::new());
        }
        if usize::from(u16_at(self.bytes, 54)) != PHDR_SIZE {
            return err(ReadErrorKind::Header, 54);
        }
        let Some(table) = slice(self.bytes, phoff, n_phdrs * PHDR_SIZE as u64) else {
            return err(ReadErrorKind::Truncated, phoff);
        };
        Ok(table.chunks_exact(PHDR_SIZE).map(phdr_at).collect())
    }
}

/// `size` bytes at `offset`, or `None` when they do not lie within `bytes`.
pub(crate) fn slice(bytes: &[u8], offset: u64, size: u64) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    let end = start.checked_add(usize::try_from(size).ok()?)?;
    bytes.get(start..end)
}

/// The NUL-terminated string at `offset`, without the NUL.
#[inline]
pub(crate) fn c_str(table: &[u8], offset: usize) -> Option<&[u8]> {
    let tail = table.get(offset..)?;
    Some(&tail[..find_byte(tail, 0)?])
}

// Accessors for records whose size was checked; a shorter one reads as 0.

#[inline]
pub(crate) fn u16_at(record: &[u8], offset: usize) -> u16 {
    get_u16(record, offset).unwrap_or(0)
}

#[inline]
pub(crate) fn u32_at(record: &[u8], offset: usize) -> u32 {
    get_u32(record, offset).unwrap_or(0)
}

#[inline]
pub(crate) fn u64_at(record: &[u8], offset: usize) -> u64 {
    get_u64(record, offset).unwrap_or(0)
}

pub(crate) fn shdr_at(record: &[u8], at: u64) -> Shdr {
    Shdr {
        name: u32_at(record, 0),
        kind: u32_at(record, 4),
        flags: u64_at(record, 8),
        addr: u64_at(record, 16),
        offset: u64_at(record, 24),
        size: u64_at(record, 32),
        link: u32_at(record, 40),
        info: u32_at(record, 44),
        align: u64_at(record, 48),
        entsize: u64_at(record, 56),
        at,
    }
}

pub(crate) fn phdr_at(record: &[u8]) -> Phdr {
    Phdr {
        kind: u32_at(record, 0),
        flags: u32_at(record, 4),
        offset: u64_at(record, 8),
        vaddr: u64_at(record, 16),
        paddr: u64_at(record, 24),
        filesz: u64_at(record, 32),
        memsz: u64_at(record, 40),
        align: u64_at(record, 48),
    }
}
