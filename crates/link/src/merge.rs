//! Phase 4, merge: sections of equal elements (strings, constants) become pools that hold each element once.
//!
//! Elements are cut and hashed per object in parallel, then entered pool by pool in input order, so that the output does
//! not depend on threads. Tails of strings are not shared: it would make a pool's layout depend on all of it.

use crate::load::{ObjId, ObjectInput, Place, SectionFate};
use crate::symbols::SynthId;
use crate::{Link, parallel};
use base::bytes::align_up;
use base::ids::Id;
use obj::{Section, SectionFlags, SectionId, SectionKind};
use std::borrow::Cow;

/// One pool: everything mergeable of one output section, element size and alignment.
pub struct MergePool<'a> {
    /// Name of the output section and the flags of the first member.
    pub section_name: Vec<u8>,
    pub flags: SectionFlags,
    pub entry_size: u64,
    pub align: u64,
    pub entries: Vec<MergeEntry<'a>>,
    pub size: u64,
    /// What stands for the pool in its output section.
    pub synth: SynthId,
    table: Vec<u32>,
}

#[derive(Clone, Copy)]
pub struct MergeEntry<'a> {
    pub bytes: &'a [u8],
    hash: u32,
    /// In the pool.
    pub offset: u32,
}

/// One input section of a pool: where each of its elements went.
pub struct MergedSection {
    pub section: SectionId,
    pub pool: u32,
    /// Offset in the input section and entry of the pool; sorted by offset.
    pub pieces: Vec<(u32, u32)>,
}

impl MergedSection {
    /// Where byte `offset` of the input section went in the pool. The end of the section belongs to its last element.
    pub fn offset_of(&self, pool: &MergePool<'_>, offset: u64) -> u64 {
        let after = self.pieces.partition_point(|&(start, _)| u64::from(start) <= offset);
        let Some(&(start, entry)) = after.checked_sub(1).and_then(|at| self.pieces.get(at)) else { return 0 };
        u64::from(pool.entries[entry as usize].offset) + (offset - u64::from(start))
    }
}

const EMPTY: u32 = u32::MAX;

impl<'a> MergePool<'a> {
    fn enter(&mut self, bytes: &'a [u8], hash: u64) -> u32 {
        if (self.entries.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mark = (hash >> 32) as u32;
        let mut at = mark as usize & mask;
        loop {
            match self.table[at] {
                EMPTY => break,
                idx => {
                    let entry = &self.entries[idx as usize];
                    if entry.hash == mark && entry.bytes == bytes {
                        return idx;
                    }
                }
            }
            at = (at + 1) & mask;
        }
        let idx = self.entries.len() as u32;
        let offset = align_up(self.size, self.align);
        self.size = offset + bytes.len() as u64;
        self.entries.push(MergeEntry { bytes, hash: mark, offset: offset as u32 });
        self.table[at] = idx;
        idx
    }

    fn grow(&mut self) {
        let len = (self.table.len() * 2).max(1024);
        let mut table = vec![EMPTY; len];
        for (idx, entry) in self.entries.iter().enumerate() {
            let mut at = entry.hash as usize & (len - 1);
            while table[at] != EMPTY {
                at = (at + 1) & (len - 1);
            }
            table[at] = idx as u32;
        }
        self.table = table;
    }

    /// Copies the pool's bytes to where it was placed.
    pub(crate) fn write(&self, out: &mut [u8]) {
        for entry in &self.entries {
            let at = entry.offset as usize;
            out[at..at + entry.bytes.len()].copy_from_slice(entry.bytes);
        }
    }
}

/// A mergeable section, cut: offset and hash of each element.
struct Cut<'a> {
    section: SectionId,
    bytes: &'a [u8],
    elements: Vec<(u32, u64)>,
}

/// Cuts all live mergeable sections and enters their elements.
pub(crate) fn collect(link: &mut Link<'_>) {
    // A patch must be able to change an element without asking who else has an equal one.
    if !link.options.merge || link.options.incremental {
        return;
    }
    let inputs: Vec<&ObjectInput<'_>> = link.objects.iter().collect();
    let cuts = parallel::map(link.threads, inputs, |input| {
        let live = input.object.sections.enumerated().filter(|(id, _)| input.fates[*id] == SectionFate::Live);
        live.filter_map(|(id, section)| cut(input, id, section)).collect::<Vec<_>>()
    });
    for (idx, cuts) in cuts.into_iter().enumerate() {
        for cut in cuts {
            enter(link, ObjId::from_index(idx), cut);
        }
    }
}

fn cut<'a>(input: &ObjectInput<'a>, id: SectionId, section: &Section<'a>) -> Option<Cut<'a>> {
    let size = section.entry_size as usize;
    let mergeable = section.flags.has(SectionFlags::MERGE)
        && section.kind == SectionKind::Progbits
        && !section.flags.has(SectionFlags::WRITE.with(SectionFlags::COMPRESSED).with(SectionFlags::TLS))
        && size > 0
        && section.data.len().is_multiple_of(size)
        && u32::try_from(section.data.len()).is_ok();
    if !mergeable || section.atoms.start.0 >= section.atoms.end.0 {
        return None;
    }
    // Elements that hold addresses are not equal by their bytes.
    let atoms = input.object.atoms.range(section.atoms.clone());
    if atoms.iter().any(|atom| !atom.relocs.is_empty()) {
        return None;
    }
    let Cow::Borrowed(bytes) = section.data else { return None };
    let strings = section.flags.has(SectionFlags::STRINGS);
    let elements = if strings { cut_strings(bytes, size)? } else { cut_constants(bytes, size) };
    Some(Cut { section: id, bytes, elements })
}

/// NUL-terminated strings of `size`-byte characters; `None` when the last is not terminated.
fn cut_strings(bytes: &[u8], size: usize) -> Option<Vec<(u32, u64)>> {
    let mut elements = Vec::with_capacity(bytes.len() / (size * 16) + 1);
    let mut at = 0;
    while at < bytes.len() {
        let len = match size {
            1 => bytes[at..].iter().position(|&b| b == 0)? + 1,
            _ => (bytes[at..].chunks_exact(size).position(|c| c.iter().all(|&b| b == 0))? + 1) * size,
        };
        elements.push((at as u32, base::hash::hash64(&bytes[at..at + len])));
        at += len;
    }
    Some(elements)
}

fn cut_constants(bytes: &[u8], size: usize) -> Vec<(u32, u64)> {
    let chunks = bytes.chunks_exact(size).enumerate();
    chunks.map(|(idx, chunk)| ((idx * size) as u32, base::hash::hash64(chunk))).collect()
}

fn enter<'a>(link: &mut Link<'a>, obj: ObjId, cut: Cut<'a>) {
    let input = &mut link.objects[obj];
    let section = &input.object.sections[cut.section];
    let rule = link.format.rule(section, link.options);
    let align = section.align.max(1);
    let found = link.merges.iter().position(|pool| {
        pool.section_name == rule.name
            && pool.entry_size == section.entry_size
            && pool.align == align
            && pool.flags == section.flags
    });
    let pool_idx = found.unwrap_or_else(|| {
        link.merges.push(MergePool {
            section_name: rule.name.to_vec(),
            flags: section.flags,
            entry_size: section.entry_size,
            align,
            entries: Vec::new(),
            size: 0,
            synth: SynthId::NONE,
            table: Vec::new(),
        });
        link.merges.len() - 1
    });
    let pool = &mut link.merges[pool_idx];
    let mut pieces = Vec::with_capacity(cut.elements.len());
    let ends = cut.elements.iter().skip(1).map(|&(start, _)| start as usize).chain([cut.bytes.len()]);
    for (&(start, hash), end) in cut.elements.iter().zip(ends) {
        pieces.push((start, pool.enter(&cut.bytes[start as usize..end], hash)));
    }
    if pool.size > u64::from(u32::MAX) {
        let name = crate::error::show(&pool.section_name).into_owned();
        link.error(crate::ErrorKind::Unsupported, format!("merged section {name} is larger than 4 GiB"));
        return;
    }
    input.fates[cut.section] = SectionFate::Merged(input.merged.len() as u32);
    let atoms = input.object.sections[cut.section].atoms.clone();
    for atom in atoms.start.0..atoms.end.0 {
        input.places[obj::AtomId(atom)] = Place { section: Place::CUT, offset: 0 };
    }
    input.merged.push(MergedSection { section: cut.section, pool: pool_idx as u32, pieces });
}

#[cfg(test)]
mod tests {
    use super::{cut_constants, cut_strings};

    #[test]
    fn strings_end_at_their_nul() {
        let starts = |cut: Option<Vec<(u32, u64)>>| cut.map(|c| c.iter().map(|e| e.0).collect::<Vec<_>>());
        assert_eq!(starts(cut_strings(b"ab\0\0c\0", 1)), Some(vec![0, 3, 4]));
        assert_eq!(starts(cut_strings(b"a\0\0\0b\0\0\0", 2)), Some(vec![0, 4]));
        assert_eq!(cut_strings(b"ab", 1), None);
        assert_eq!(cut_constants(&[0; 16], 8).len(), 2);
    }
}
