//! `.kit.atoms`: where the atoms of our own objects begin and end, so that they can be cut again.
//!
//! Everyone else sees an ordinary object and drops the section (`SHF_EXCLUDE`). It begins with a magic, a schema number
//! and a digest over section headers, names, symbols, relocations and groups of the file it stands in: an object that
//! another tool changed no longer matches and is read as a foreign one, whole sections as atoms, which is always right.
//!
//! The payload is unsigned LEB128 throughout:
//!  - number of sections kept by the reader, length of the model's string table, number of anchors (local symbols that
//!    the writer added, last among the locals, to name atoms of mergeable sections);
//!  - per section: number of atoms, then per atom the gap before it, its size, log2 of its alignment, its relocations;
//!  - the atom of each anchor;
//!  - symbols whose atom is not the one that [`atom_at`] finds: their number, then (ELF symbol index, atom) pairs;
//!  - per relocation against the section symbol of a section of several atoms, in file order: the target atom, as the
//!    addend alone cannot tell (a PC-relative addend is biased).

use crate::defs::{SHT_GROUP, SHT_REL, SHT_RELA, SHT_STRTAB, SHT_SYMTAB, SHT_SYMTAB_SHNDX};
use crate::raw::{Elf, Result, Shdr, err, u32_at, u64_at};
use base::Id;
use base::bytes::read_uleb128;
use base::hash::ContentHasher;
use obj::{Atom, AtomId, ReadErrorKind};

pub(crate) const SECTION_NAME: &[u8] = b".kit.atoms";
pub(crate) const MAGIC: &[u8; 8] = b"kitatoms";
pub(crate) const SCHEMA: u32 = 1;
/// Magic, schema, four bytes of padding, digest.
pub(crate) const HEADER_SIZE: usize = 24;
pub(crate) const DIGEST_AT: usize = 16;

/// The digest of everything in `elf` that the record relies on.
pub(crate) fn digest(elf: &Elf<'_>, own: u32) -> Result<u64> {
    let mut hasher = ContentHasher::new();
    for (idx, shdr) in elf.shdrs.iter().enumerate() {
        // The names of sections may be laid out anew without harm; the names themselves count.
        if idx as u32 == own {
            hasher.update(elf.data(shdr)?.get(HEADER_SIZE..).unwrap_or(&[]));
            continue;
        }
        hasher.update(elf.name(shdr)?);
        for field in [u64::from(shdr.kind), shdr.flags, shdr.align, shdr.entsize] {
            hasher.update_u64(field);
        }
        hasher.update_u64(u64::from(shdr.link) << 32 | u64::from(shdr.info));
        match shdr.kind {
            SHT_SYMTAB | SHT_SYMTAB_SHNDX | SHT_RELA | SHT_REL | SHT_GROUP => hasher.update(elf.data(shdr)?),
            SHT_STRTAB => {}
            _ => hasher.update_u64(shdr.size),
        }
    }
    Ok(hasher.finish().0 as u64)
}

/// The payload of an object that is as kit wrote it.
pub(crate) struct Cut<'a> {
    payload: &'a [u8],
    at: usize,
    /// File offset of the payload, for messages.
    start: u64,
    /// Length of the model's string table.
    pub strings_len: u64,
    /// Number of local symbols that the writer added.
    pub n_anchors: u64,
}

impl<'a> Cut<'a> {
    /// The record in section `idx`, or `None` when it is of another schema or the object was changed.
    pub fn open(elf: &Elf<'a>, idx: u32, shdr: &Shdr) -> Result<Option<Cut<'a>>> {
        let data = elf.data(shdr)?;
        if data.len() < HEADER_SIZE
            || &data[..8] != MAGIC
            || u32_at(data, 8) != SCHEMA
            || u64_at(data, DIGEST_AT) != digest(elf, idx)?
        {
            return Ok(None);
        }
        let start = shdr.offset + HEADER_SIZE as u64;
        Ok(Some(Cut { payload: &data[HEADER_SIZE..], at: 0, start, strings_len: 0, n_anchors: 0 }))
    }

    /// The next number.
    pub fn next(&mut self) -> Result<u64> {
        match read_uleb128(self.payload, &mut self.at) {
            Some(value) => Ok(value),
            None => self.fail(),
        }
    }

    /// The next number, which must be less than `limit`.
    pub fn next_below(&mut self, limit: usize) -> Result<usize> {
        let value = self.next()?;
        if value >= limit as u64 { self.fail() } else { Ok(value as usize) }
    }

    /// The next number as a count of things that take at least one byte of payload each.
    pub fn count(&mut self) -> Result<usize> {
        self.next_below(self.payload.len().saturating_add(1))
    }

    pub fn fail<T>(&self) -> Result<T> {
        err(ReadErrorKind::Atoms, self.start + self.at as u64)
    }
}

/// The atom of a section that offset `at` of the section belongs to by default: the last one that begins there or before.
/// `atoms` are those of the section, not empty; the result is an index into it.
pub(crate) fn atom_at(atoms: &[Atom], at: u64) -> usize {
    atoms.partition_point(|atom| atom.offset <= at).saturating_sub(1)
}

/// True when relocations against the section's symbol need no record: one atom that begins where the section does.
pub(crate) fn is_whole(atoms: &[Atom]) -> bool {
    matches!(atoms, [atom] if atom.offset == 0)
}

/// The id of the `idx`th atom after `first`.
pub(crate) fn nth(first: AtomId, idx: usize) -> AtomId {
    AtomId::from_index(first.index() + idx)
}

#[cfg(test)]
mod tests {
    use crate::defs::SHT_PROGBITS;
    use crate::raw::Elf;
    use crate::{WriteOptions, read_object, write_object};
    use arch_x86_64::{ARCH, relocs};
    use obj::build::{ObjectBuilder, SectionSpec};
    use obj::{RelocTarget, SectionFlags};

    /// A record that lies, under a digest that is right, gives an error or a sound model.
    #[test]
    fn a_wrong_record_does_no_harm() {
        let mut builder = ObjectBuilder::new();
        let text = builder.section(SectionSpec::progbits(b".text", SectionFlags::ALLOC), 0);
        let atoms = [16, 4, 40].map(|size| builder.add_atom(text, 8, &vec![0; size]));
        for (from, to) in [(0, 1), (0, 2), (2, 0), (1, 1)] {
            builder.add_reloc(atoms[from], 0, relocs::R_X86_64_PC32, RelocTarget::atom(atoms[to]), -4);
        }
        let good = write_object(&builder.finish(), &ARCH, WriteOptions::default());
        let elf = Elf::parse(&good).unwrap();
        let index = elf.shdrs.iter().position(|s| s.kind == SHT_PROGBITS && elf.name(s) == Ok(super::SECTION_NAME));
        let index = index.unwrap();
        let start = elf.shdrs[index].offset as usize + super::HEADER_SIZE;
        let len = elf.shdrs[index].size as usize - super::HEADER_SIZE;
        let mut rejected = 0;
        for n in 0..len * 256 {
            let mut bytes = good.clone();
            bytes[start + n / 256] = n as u8;
            crate::write::seal(&mut bytes, index as u32);
            match read_object(&bytes, &ARCH) {
                Ok(object) => {
                    for id in object.atoms.ids() {
                        assert_eq!(object.atom_bytes(id).len() as u64, object.atoms[id].size);
                        let _ = object.atom_relocs(id).len();
                    }
                }
                Err(_) => rejected += 1,
            }
        }
        assert!(rejected > len * 100, "{rejected} of {}", len * 256);
    }
}
