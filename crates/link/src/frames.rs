//! Unwind records: `.eh_frame`-style sections are cut into CIEs and FDEs, records of dropped functions are left out,
//! equal CIEs are kept once, and a binary search table is made (DWARF 5, 6.4; LSB core, "Exception Frames").
//!
//! Each object's records stay together and in order, so that an object's contribution is one place to write or patch.

use crate::error::ErrorKind;
use crate::facets::ArchLink;
use crate::load::{ObjId, ObjectInput, Place, SectionFate};
use crate::place::OutId;
use crate::slots::Slots;
use crate::symbols::{Def, SynthId};
use crate::{Link, Target, parallel};
use base::bytes::{get_u32, get_u64, put_u32, read_sleb128, read_uleb128};
use base::ids::{Id, IdVec};
use obj::{AtomId, RelocTargetKind, SectionId, SectionKind, SymbolDef};
use std::collections::HashMap;
use std::ops::Range;

/// One CIE or FDE of an input section.
#[derive(Clone, Debug)]
pub struct FrameRecord {
    /// In the input section, in bytes; the size includes the length field.
    pub offset: u32,
    pub size: u32,
    /// For an FDE: its CIE, as position in [`FrameSection::records`]. `u32::MAX` for a CIE.
    pub cie: u32,
    /// For an FDE: the atom of its function, NONE when no relocation says.
    pub function: Option<(ObjId, AtomId)>,
    /// Indices of the object's relocations, and what to add to their offsets to count from the record.
    pub relocs: Range<u32>,
    pub bias: i64,
    /// Offset among all frames in the output; `DROPPED` when not there. A dropped CIE has the place of its equal.
    pub out: u32,
    pub kept: bool,
    /// Bytes that it has in the output, at least `size`.
    pub capacity: u32,
}

/// A record of length 0 ends the section.
const TERMINATOR: usize = 4;
pub(crate) const DROPPED: u32 = u32::MAX;
pub(crate) const NO_CIE: u32 = u32::MAX;

#[derive(Debug)]
pub struct FrameSection {
    pub section: SectionId,
    pub records: Vec<FrameRecord>,
    /// With garbage collection: (section of the function, record), sorted.
    by_function: Vec<(SectionId, u32)>,
}

/// All frames of the link.
#[derive(Default, Debug)]
pub struct Frames {
    pub sections: IdVec<ObjId, Vec<FrameSection>>,
    /// `(object, offset, size)` of each object's records in the output.
    pub parts: Vec<(ObjId, u32, u32)>,
    /// Of the objects' records in bytes, with the terminator.
    pub size: u32,
    pub n_fdes: u32,
    /// The output section, once there is one.
    pub out: Option<OutId>,
    /// The search table.
    pub header: Option<SynthId>,
    /// Procedure linkage that the link makes records for, which follow those of all objects, and their instructions.
    pub linkage: Vec<(SynthId, &'static [u8])>,
}

/// Cuts every live frame section into records.
pub(crate) fn parse(link: &mut Link<'_>) {
    let inputs: Vec<ObjId> = link.objects.ids().collect();
    let shared = &*link;
    let parsed = parallel::map(link.threads, inputs, |obj| parse_object(shared, obj));
    let mut all = IdVec::with_capacity(parsed.len());
    for (obj, result) in parsed.into_iter().enumerate() {
        match result {
            Ok(sections) => {
                all.push(sections);
            }
            Err((section, offset)) => {
                all.push(Vec::new());
                let obj = ObjId::from_index(obj);
                let name = crate::error::show(&link.objects[obj].object.sections[section].name).into_owned();
                let text = format!("{}: malformed unwind record at {name}+{offset:#x}", link.object_name(obj));
                link.error(ErrorKind::Input, text);
            }
        }
    }
    link.frames.sections = all;
}

pub(crate) fn parse_object(link: &Link<'_>, obj: ObjId) -> Result<Vec<FrameSection>, (SectionId, usize)> {
    let input = &link.objects[obj];
    let mut sections = Vec::new();
    for (id, section) in input.object.sections.enumerated() {
        let wanted = matches!(input.fates[id], SectionFate::Dead | SectionFate::Live);
        if section.kind == SectionKind::Unwind && wanted {
            let records = parse_section(link, obj, id).map_err(|offset| (id, offset))?;
            let mut by_function = Vec::new();
            if link.options.gc_sections {
                let of = |(idx, record): (usize, &FrameRecord)| {
                    let (_, atom) = record.function.filter(|(owner, _)| *owner == obj)?;
                    Some((input.object.atoms[atom].section, idx as u32))
                };
                by_function = records.iter().enumerate().filter_map(of).collect();
                by_function.sort_unstable();
            }
            sections.push(FrameSection { section: id, records, by_function });
        }
    }
    Ok(sections)
}

fn parse_section(link: &Link<'_>, obj: ObjId, id: SectionId) -> Result<Vec<FrameRecord>, usize> {
    let input = &link.objects[obj];
    let section = &input.object.sections[id];
    let data = &section.data[..];
    // Relocations of the section's atoms, in order, with the offsets of their atoms.
    let mut relocs = input
        .object
        .atoms
        .range(section.atoms.clone())
        .iter()
        .flat_map(|atom| atom.relocs.clone().map(move |idx| (idx, atom.offset)));
    let mut next = relocs.next();
    let mut records: Vec<FrameRecord> = Vec::with_capacity(data.len() / 32 + 1);
    let mut at = 0usize;
    while at < data.len() {
        let len = get_u32(data, at).ok_or(at)? as usize;
        if len == 0 {
            // A terminator: the link makes its own at the end.
            at += 4;
            continue;
        }
        if len >= 0xffff_fff0 {
            return Err(at);
        }
        let end = at + 4 + len;
        if end > data.len() || len < 4 {
            return Err(at);
        }
        let pointer = get_u32(data, at + 4).ok_or(at)?;
        // Empty until the record's first relocation is seen.
        let mut range: Option<Range<u32>> = None;
        let mut bias = -(at as i64);
        while let Some((idx, base)) = next {
            let offset = base + u64::from(input.object.relocs[idx as usize].offset);
            if offset >= end as u64 {
                break;
            }
            if range.is_none() {
                bias = base as i64 - at as i64;
            }
            let start = range.map_or(idx, |range| range.start);
            range = Some(start..idx + 1);
            next = relocs.next();
        }
        let mut record = FrameRecord {
            offset: u32::try_from(at).map_err(|_| at)?,
            size: (end - at) as u32,
            cie: NO_CIE,
            function: None,
            relocs: range.unwrap_or(0..0),
            bias,
            out: DROPPED,
            kept: false,
            capacity: (end - at) as u32,
        };
        if pointer != 0 {
            let cie_offset = (at + 4).checked_sub(pointer as usize).ok_or(at)?;
            let found = records.binary_search_by_key(&(cie_offset as u32), |r| r.offset).map_err(|_| at)?;
            if records[found].cie != NO_CIE {
                return Err(at);
            }
            record.cie = found as u32;
            record.function = function_of(link, obj, &record);
        }
        records.push(record);
        at = end;
    }
    Ok(records)
}

/// The atom that an FDE's first relocation (its `pc_begin`) refers to.
fn function_of(link: &Link<'_>, obj: ObjId, record: &FrameRecord) -> Option<(ObjId, AtomId)> {
    let input = &link.objects[obj];
    let reloc = input.object.relocs.get(record.relocs.start as usize).filter(|_| !record.relocs.is_empty())?;
    if i64::from(reloc.offset) + record.bias != 8 {
        return None;
    }
    // The record describes this object's function, whoever defines the name in the end.
    match reloc.target.kind() {
        RelocTargetKind::Atom(atom) => Some((obj, atom)),
        RelocTargetKind::Symbol(sym) => match input.object.symbols[sym].def {
            SymbolDef::Atom(atom) => Some((obj, atom)),
            _ => None,
        },
    }
}

/// Relocations that a function's section keeps alive through its frames: language data and personality.
pub(crate) fn relocs_of_section(link: &Link<'_>, obj: ObjId, section: SectionId) -> Vec<Range<u32>> {
    let mut ranges = Vec::new();
    for frames in link.frames.sections.get(obj).into_iter().flatten() {
        let first = frames.by_function.partition_point(|(s, _)| *s < section);
        for (_, idx) in frames.by_function[first..].iter().take_while(|(s, _)| *s == section) {
            let record = &frames.records[*idx as usize];
            ranges.push(record.relocs.start + 1..record.relocs.end);
            ranges.push(frames.records[record.cie as usize].relocs.clone());
        }
    }
    ranges
}

/// Decides which records are kept and where they go.
pub(crate) fn collect(link: &mut Link<'_>) {
    let mut all = std::mem::take(&mut link.frames.sections);
    let mut cies: HashMap<Vec<u8>, u32> = HashMap::new();
    let (mut offset, mut n_fdes) = (0u32, 0u32);
    let mut parts = Vec::new();
    let incremental = link.options.incremental;
    for (obj, sections) in all.as_mut_slice().iter_mut().enumerate() {
        let obj = ObjId::from_index(obj);
        let start = offset;
        for frames in sections.iter_mut() {
            if link.objects[obj].fates[frames.section] != SectionFate::Live {
                continue;
            }
            for idx in 0..frames.records.len() {
                let record = &frames.records[idx];
                let live = record.cie != NO_CIE && record.function.is_some_and(|(o, atom)| link.is_live(o, atom));
                if !live {
                    continue;
                }
                let cie = record.cie as usize;
                if frames.records[cie].out == DROPPED {
                    let key = cie_key(link, obj, frames, cie);
                    let cie_record = &mut frames.records[cie];
                    let place = *cies.entry(key).or_insert(offset);
                    cie_record.out = place;
                    if place == offset {
                        cie_record.kept = true;
                        offset += cie_record.size;
                    }
                }
                let record = &mut frames.records[idx];
                record.out = offset;
                record.kept = true;
                if incremental {
                    record.capacity = crate::slack::frame_size(record.size);
                }
                offset += record.capacity;
                n_fdes += 1;
            }
            let input = &mut link.objects[obj];
            input.fates[frames.section] = SectionFate::Frames;
            let atoms = input.object.sections[frames.section].atoms.clone();
            for atom in atoms.start.0..atoms.end.0 {
                input.places[AtomId(atom)] = Place { section: Place::CUT, offset: 0 };
            }
        }
        if !sections.is_empty() {
            parts.push((obj, start, offset - start));
        }
    }
    link.frames = Frames { sections: all, parts, size: offset + TERMINATOR as u32, n_fdes, ..Frames::default() };
}

/// What makes two CIEs equal: their bytes and what their relocations refer to.
fn cie_key(link: &Link<'_>, obj: ObjId, frames: &FrameSection, idx: usize) -> Vec<u8> {
    let record = &frames.records[idx];
    let input = &link.objects[obj];
    let data = &input.object.sections[frames.section].data;
    let mut key = data[record.offset as usize..(record.offset + record.size) as usize].to_vec();
    for reloc in &input.object.relocs[record.relocs.start as usize..record.relocs.end as usize] {
        key.extend_from_slice(&reloc.offset.wrapping_add(record.bias as u32).to_le_bytes());
        key.extend_from_slice(&reloc.kind.0.to_le_bytes());
        key.extend_from_slice(&reloc.addend.to_le_bytes());
        let (tag, a, b) = match link.target(obj, reloc.target) {
            Target::Atom(atom) => (0u8, obj.0, atom.0),
            Target::Local(sym) => (1, obj.0, sym.0),
            Target::Global(global) => match link.globals[global].def {
                Def::Object { obj, sym } => (2, obj.0, sym.0),
                _ => (3, global.0, 0),
            },
        };
        key.push(tag);
        key.extend_from_slice(&a.to_le_bytes());
        key.extend_from_slice(&b.to_le_bytes());
    }
    key
}

impl Frames {
    /// Address of a byte of a frame section (a symbol may stand there).
    pub(crate) fn address_of(&self, link: &Link<'_>, input: &ObjectInput<'_>, section: SectionId, offset: u64) -> u64 {
        let Some(out) = self.out else { return 0 };
        let base = link.sections[out].address;
        let part = self.parts.iter().find(|(obj, ..)| std::ptr::eq(&link.objects[*obj], input));
        let Some(&(obj, start, size)) = part else { return base };
        let records = self.sections[obj].iter().find(|frames| frames.section == section);
        let record = records.and_then(|frames| {
            let after = frames.records.partition_point(|r| u64::from(r.offset) <= offset);
            frames.records[..after].last().filter(|r| offset < u64::from(r.offset + r.size))
        });
        match record {
            Some(record) if record.out != DROPPED => base + u64::from(record.out) + (offset - u64::from(record.offset)),
            // Before the first record or after the last: the ends of the object's part.
            _ if offset == 0 => base + u64::from(start),
            _ => base + u64::from(start + size),
        }
    }
}

/// Copies one object's kept records into its part of the output; `each` applies a record's relocations.
pub(crate) fn write_part(
    link: &Link<'_>,
    obj: ObjId,
    start: u32,
    out: &mut [u8],
    mut each: impl FnMut(&FrameRecord, &mut [u8], u64),
) {
    let base = link.frames.out.map_or(0, |id| link.sections[id].address);
    let input = &link.objects[obj];
    for frames in &link.frames.sections[obj] {
        let data = &input.object.sections[frames.section].data;
        for record in frames.records.iter().filter(|record| record.kept) {
            let at = (record.out - start) as usize;
            let bytes = &mut out[at..at + record.capacity as usize];
            bytes[..record.size as usize]
                .copy_from_slice(&data[record.offset as usize..(record.offset + record.size) as usize]);
            // The rest is no-ops (DWARF 5, 6.4.2.5) and belongs to the record.
            put_u32(bytes, 0, record.capacity - 4);
            if record.cie != NO_CIE {
                let cie = &frames.records[record.cie as usize];
                put_u32(bytes, 4, record.out + 4 - cie.out);
            }
            each(record, bytes, base + u64::from(record.out));
        }
    }
}

/// How a CIE's FDEs encode addresses (`R` of the augmentation string); 0 (absolute) when it does not say.
pub(crate) fn pointer_encoding(cie: &[u8]) -> Option<u8> {
    let version = *cie.get(8)?;
    let mut at = 9;
    let text = base::bytes::get_c_str(cie, at)?;
    at += text.len() + 1;
    if text.first() != Some(&b'z') {
        return Some(0);
    }
    read_uleb128(cie, &mut at)?;
    read_sleb128(cie, &mut at)?;
    match version {
        1 => at += 1,
        _ => {
            read_uleb128(cie, &mut at)?;
        }
    }
    read_uleb128(cie, &mut at)?;
    for letter in &text[1..] {
        match letter {
            b'R' => return cie.get(at).copied(),
            b'L' => at += 1,
            b'P' => {
                let encoding = *cie.get(at)?;
                at += 1 + match encoding & 0xf {
                    0 | 4 | 12 => 8,
                    2 | 10 => 2,
                    3 | 11 => 4,
                    _ => return None,
                };
            }
            b'S' | b'B' => {}
            _ => return None,
        }
    }
    Some(0)
}

/// Where an FDE's function begins, read from the finished bytes.
pub(crate) fn initial_location(encoding: u8, fde: &[u8], address: u64) -> Option<u64> {
    let value = match encoding & 0xf {
        0 | 4 | 12 => get_u64(fde, 8)?,
        3 => u64::from(get_u32(fde, 8)?),
        11 => get_u32(fde, 8)? as i32 as u64,
        _ => return None,
    };
    match encoding & 0x70 {
        0 => Some(value),
        0x10 => Some((address + 8).wrapping_add(value)),
        _ => None,
    }
}

const DW_EH_PE_PCREL_SDATA4: u8 = 0x1b;
const DW_EH_PE_UDATA4: u8 = 0x03;
const DW_EH_PE_DATAREL_SDATA4: u8 = 0x3b;

/// Bytes of an FDE in front of its instructions.
const LINKAGE_HEAD: usize = 17;

impl Frames {
    /// Adds records for procedure linkage, when there are records at all; bytes of what follows the objects' records.
    pub(crate) fn add_linkage(&mut self, arch: &'static ArchLink, slots: &Slots) -> u64 {
        let unwind = &arch.plt.unwind;
        let instructions = if slots.n_lazy() > 0 { unwind.lazy } else { unwind.jump };
        self.linkage.extend(slots.plt_synth.map(|synth| (synth, instructions)));
        self.linkage.extend(slots.direct_synth.map(|synth| (synth, unwind.jump)));
        self.n_fdes += self.linkage.len() as u32;
        let records: usize = self.linkage.iter().map(|(_, instructions)| LINKAGE_HEAD + instructions.len()).sum();
        let cie = if self.linkage.is_empty() { 0 } else { unwind.cie.len() };
        (cie + records + TERMINATOR) as u64
    }

    /// Offset of each such record from the end of the objects' records.
    fn linkage_offsets(&self, cie: usize) -> impl Iterator<Item = usize> {
        self.linkage.iter().scan(cie, |at, (_, instructions)| {
            let start = *at;
            *at += LINKAGE_HEAD + instructions.len();
            Some(start)
        })
    }
}

/// Writes the records of procedure linkage to `out`, which stands at `address`; the terminator behind them is zeros.
pub(crate) fn write_linkage(link: &Link<'_>, out: &mut [u8], address: u64) {
    let cie = link.arch.plt.unwind.cie;
    if link.frames.linkage.is_empty() {
        return;
    }
    out[..cie.len()].copy_from_slice(cie);
    for (&(synth, instructions), at) in link.frames.linkage.iter().zip(link.frames.linkage_offsets(cie.len())) {
        let record = &mut out[at..at + LINKAGE_HEAD + instructions.len()];
        put_u32(record, 0, record.len() as u32 - 4);
        put_u32(record, 4, at as u32 + 4);
        put_u32(record, 8, link.synth_address(synth).wrapping_sub(address + at as u64 + 8) as u32);
        put_u32(record, 12, link.synths[synth].size as u32);
        record[LINKAGE_HEAD..].copy_from_slice(instructions);
    }
}

/// Size of the search table in bytes.
pub(crate) fn header_size(n_fdes: u32) -> u64 {
    12 + 8 * u64::from(n_fdes)
}

/// Makes the search table from the finished frames at address `frames_address` (LSB core, "The .eh_frame_hdr section").
pub(crate) fn write_header(link: &Link<'_>, frames: &[u8], frames_address: u64, address: u64, out: &mut [u8]) {
    out[..4].copy_from_slice(&[1, DW_EH_PE_PCREL_SDATA4, DW_EH_PE_UDATA4, DW_EH_PE_DATAREL_SDATA4]);
    put_u32(out, 4, frames_address.wrapping_sub(address + 4) as u32);
    let mut rows: Vec<(i32, i32)> = Vec::with_capacity(link.frames.n_fdes as usize);
    for sections in link.frames.sections.iter().flatten() {
        // FDEs of one object share few CIEs: remember the last.
        let mut last = (NO_CIE, Some(0u8));
        for record in sections.records.iter().filter(|record| record.kept && record.cie != NO_CIE) {
            if last.0 != record.cie {
                let cie = &sections.records[record.cie as usize];
                let bytes = frames.get(cie.out as usize..(cie.out + cie.size) as usize);
                last = (record.cie, bytes.and_then(pointer_encoding));
            }
            let fde = &frames[record.out as usize..(record.out + record.size) as usize];
            let at = frames_address + u64::from(record.out);
            if let Some(begin) = last.1.and_then(|encoding| initial_location(encoding, fde, at)) {
                rows.push((begin.wrapping_sub(address) as i32, at.wrapping_sub(address) as i32));
            }
        }
    }
    let end = frames_address + u64::from(link.frames.size) - TERMINATOR as u64;
    for (&(synth, _), at) in link.frames.linkage.iter().zip(link.frames.linkage_offsets(link.arch.plt.unwind.cie.len()))
    {
        let (begin, at) = (link.synth_address(synth), end + at as u64);
        rows.push((begin.wrapping_sub(address) as i32, at.wrapping_sub(address) as i32));
    }
    rows.sort_unstable();
    put_u32(out, 8, rows.len() as u32);
    for (row, chunk) in rows.iter().zip(out[12..].chunks_exact_mut(8)) {
        chunk[..4].copy_from_slice(&row.0.to_le_bytes());
        chunk[4..].copy_from_slice(&row.1.to_le_bytes());
    }
}
