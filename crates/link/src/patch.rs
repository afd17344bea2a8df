//! One changed object against what an earlier link left: is the change local, and which bytes does it touch?
//!
//! Everything is decided before a byte is written. A change is local when sections and symbols of the object are as they
//! were, every changed atom fits its slot, and the changed relocations need no entry or run-time relocation that the
//! image does not have. Whatever else it is, a full link makes it, and the error text here becomes the reason.

use crate::facets::ArchLink;
use crate::frames::{self, NO_CIE};
use crate::load::SectionFate;
use crate::patch_restore::{Frame, OBJECT, Restored, restore};
use crate::place::OutId;
use crate::scan::{self, DynamicReloc, module_needs, needs};
use crate::slots::{Owner, Slot};
use crate::state::{
    AtomFate, AtomRec, Counters, DynamicRec, FrameRec, ObjectRec, Region, SectionRec, SizeRec, State, Unusable,
};
use crate::state_write::{atom_contents, dynamic_fields, frame_digest, references, symbol_ranks};
use crate::{apply, slack};
use base::bytes::put_u32;
use base::hash::content_id;
use base::ids::IdVec;
use obj::content::interface_id;
use obj::{AtomId, Reloc, SectionFlags, SectionKind, SymId};
use target::Formula;

/// Why a change is not patched.
pub(crate) type Reason = String;

impl From<Unusable> for Reason {
    fn from(unusable: Unusable) -> Reason {
        unusable.to_string()
    }
}

/// What a patch will write to the image.
#[derive(Default)]
pub(crate) struct Writes {
    pub ranges: Vec<(u64, Vec<u8>)>,
}

impl Writes {
    fn push(&mut self, offset: u64, bytes: Vec<u8>) {
        self.ranges.push((offset, bytes));
    }
}

/// Finds out what becomes of object number `number`, whose bytes are now `bytes`.
pub(crate) fn object(
    frame: &Frame<'_>,
    state: &mut State,
    number: u32,
    name: &str,
    bytes: &[u8],
    writes: &mut Writes,
    counters: &mut Counters,
) -> Result<(), Reason> {
    let mut record: ObjectRec = state.record(Region::Objects, u64::from(number))?;
    let raw = content_id(bytes).0;
    if record.raw == raw {
        return Ok(());
    }
    let object = frame.format.read_object(frame.arch.arch, bytes)?;
    if interface_id(&object).0 != record.interface {
        return Err(format!("{name}: its sections or symbols have changed"));
    }
    let left: Vec<AtomRec> = state.range(Region::Atoms, record.atoms)?;
    let contents = atom_contents(&object, frame.arch.arch);
    if left.len() != contents.len() || record.globals[1] as usize != object.symbols.len() {
        return Err(Unusable::Corrupt("an object").into());
    }
    counters.atoms_visited += contents.len() as u64;
    let changed: Vec<AtomId> =
        object.atoms.ids().filter(|&atom| contents[atom.0 as usize] != left[atom.0 as usize].content).collect();
    for &atom in &changed {
        let section = &object.sections[object.atoms[atom].section];
        let part = crate::error::show(&section.name);
        let (old, size) = (&left[atom.0 as usize], object.atoms[atom].size);
        match old.fate {
            AtomFate::PLACED if size > old.capacity => {
                return Err(format!("{name}: {part} has {size} bytes and its place {}", old.capacity));
            }
            AtomFate::PLACED if !address_of(state, old)?.is_multiple_of(u64::from(object.atoms[atom].align.max(1))) => {
                return Err(format!("{name}: {part} is aligned more than its place"));
            }
            AtomFate::READ | AtomFate::REVERSED => return Err(format!("{name}: {part} has changed")),
            _ => {}
        }
        let lonely = |reloc: &Reloc| frame.arch.arch.reloc(reloc.kind).formula == Formula::Size;
        if old.fate != AtomFate::DISCARDED && object.atom_relocs(atom).iter().any(lonely) {
            return Err(format!("{name}: {part} asks for the size of a symbol"));
        }
    }
    let (order, ranks) = symbol_ranks(&object);
    if frame.options.gc_sections {
        let live = |atom: AtomId| left[atom.0 as usize].fate != AtomFate::DISCARDED;
        if references(&object, &ranks, live) != record.references {
            return Err(format!("{name}: it refers to other things than before, which --gc-sections follows"));
        }
    }
    let sizes_now = order.iter().map(|&sym| object.symbols[sym].size).collect::<Vec<u64>>();
    sizes(state, &record, &sizes_now, writes)?;
    let mut restored = restore(frame, state, &record, &left, object, &changed, (&order, &ranks))?;
    let of_fate = |fate: u32| {
        let left = &left;
        changed.iter().copied().filter(move |atom| left[atom.0 as usize].fate == fate)
    };
    let placed: Vec<AtomId> = of_fate(AtomFate::PLACED).collect();
    let frames_changed = of_fate(AtomFate::FRAMES).next().is_some();
    let records = if frames_changed { unwind(&mut restored, state, &record, &ranks, name)? } else { Vec::new() };
    let spans = spans(&restored, &records);
    let rescan = scan::rescan(&mut restored.link, OBJECT, &placed, &spans);
    settled(&restored, &rescan, name)?;
    dynamic(&restored, state, &record, &placed, &rescan.dynamic, name, writes)?;
    for &atom in &placed {
        atom_bytes(&restored, frame.arch, atom, &left[atom.0 as usize], name, writes, counters)?;
    }
    for record in &records {
        record_bytes(&restored, record, name, writes, counters)?;
    }
    for &atom in &changed {
        let idx = atom.0 as usize;
        let size = restored.link.objects[OBJECT].object.atoms[atom].size;
        let now = AtomRec { content: contents[idx], size, ..left[idx] };
        state.set(Region::Atoms, u64::from(record.atoms[0]) + idx as u64, now)?;
    }
    record.raw = raw;
    state.set(Region::Objects, u64::from(number), record)?;
    counters.atoms_patched += placed.len() as u64;
    Ok(())
}

/// Where an atom was placed.
fn address_of(state: &State, left: &AtomRec) -> Result<u64, Reason> {
    let section: SectionRec = state.record(Region::Sections, u64::from(left.section))?;
    Ok(section.address.wrapping_add(left.offset))
}

/// Sizes in the symbol tables.
fn sizes(state: &mut State, record: &ObjectRec, sizes: &[u64], writes: &mut Writes) -> Result<(), Reason> {
    for (idx, mut left) in state.range::<SizeRec>(Region::Sizes, record.sizes)?.into_iter().enumerate() {
        let Some(&size) = sizes.get(left.symbol as usize) else { return Err(Unusable::Corrupt("a symbol").into()) };
        if size == left.size {
            continue;
        }
        left.size = size;
        for at in left.at.into_iter().filter(|&at| at != 0) {
            writes.push(at, size.to_le_bytes().to_vec());
        }
        state.set(Region::Sizes, u64::from(record.sizes[0]) + idx as u64, left)?;
    }
    Ok(())
}

/// A changed unwind record: its section and place in it, and where its function began.
struct Changed {
    section: usize,
    idx: usize,
    begin: u64,
}

/// Puts the unwind records where they were; returns those that changed.
fn unwind(
    restored: &mut Restored<'_>,
    state: &mut State,
    record: &ObjectRec,
    ranks: &IdVec<SymId, u32>,
    name: &str,
) -> Result<Vec<Changed>, Reason> {
    let left: Vec<FrameRec> = state.range(Region::Frames, record.frames)?;
    let link = &mut restored.link;
    let mut all = std::mem::take(&mut link.frames.sections[OBJECT]);
    let mut records = Vec::new();
    let mut next = 0;
    for (section_idx, section) in all.iter_mut().enumerate() {
        for idx in 0..section.records.len() {
            let frame = &section.records[idx];
            let live = frame.cie != NO_CIE && frame.function.is_some_and(|(o, atom)| link.is_live(o, atom));
            if !live {
                continue;
            }
            let Some(old) = left.get(next) else { return Err(format!("{name}: it has more unwind records")) };
            let object = &link.objects[OBJECT].object;
            let data = &object.sections[section.section].data;
            let cie = frame.cie as usize;
            if frame_digest(data, &object.relocs, ranks, &section.records[cie]) != old.cie {
                return Err(format!("{name}: its unwind rules have changed"));
            }
            let content = frame_digest(data, &object.relocs, ranks, frame);
            let frame = &mut section.records[idx];
            frame.out = old.offset;
            frame.kept = true;
            if content != old.content {
                if frame.size > old.capacity {
                    return Err(format!("{name}: an unwind record has outgrown its place"));
                }
                let number = record.frames[0] + next as u32;
                state.set(Region::Frames, u64::from(number), FrameRec { content, ..*old })?;
                records.push(Changed { section: section_idx, idx, begin: old.begin });
            }
            frame.capacity = old.capacity;
            section.records[cie].out = old.cie_offset;
            next += 1;
        }
        let id = section.section;
        link.objects[OBJECT].fates[id] = SectionFate::Frames;
    }
    if next != left.len() {
        return Err(format!("{name}: it has fewer unwind records"));
    }
    link.frames.sections[OBJECT] = all;
    Ok(records)
}

/// Relocations of the changed unwind records.
fn spans(restored: &Restored<'_>, records: &[Changed]) -> Vec<(AtomId, std::ops::Range<u32>)> {
    let link = &restored.link;
    let of = |&Changed { section, idx, .. }: &Changed| {
        let frames = &link.frames.sections[OBJECT][section];
        let first = link.objects[OBJECT].object.sections[frames.section].atoms.start;
        (first, frames.records[idx].relocs.clone())
    };
    records.iter().map(of).collect()
}

/// True when the entries that `bits` ask for exist.
fn has_entries(slot: Option<&Slot>, bits: u16) -> bool {
    let slot = slot.copied().unwrap_or_default();
    let wanted = [
        (needs::GOT, slot.got.is_some()),
        (needs::PLT, slot.plt.is_some() || slot.direct.is_some()),
        (needs::GOT_TP, slot.got_tp.is_some()),
        (needs::TLS_GD, slot.tls_gd.is_some()),
        (needs::TLS_DESC, slot.tls_desc.is_some()),
        (needs::COPY, slot.copy.is_some()),
        (needs::CANONICAL, slot.canonical),
    ];
    wanted.into_iter().all(|(bit, there)| bits & bit == 0 || there)
}

/// Everything that the new relocations need is there already.
fn settled(restored: &Restored<'_>, found: &scan::Rescan, name: &str) -> Result<(), Reason> {
    let link = &restored.link;
    if found.refused {
        // The full link says what is wrong, in its own words.
        return Err(format!("{name}: it has relocations that need a closer look"));
    }
    for (id, &bits) in found.needs.enumerated() {
        if !has_entries(link.slots.of(id), bits & !needs::USED) {
            return Err(format!("{name}: a symbol needs a new entry in the GOT or PLT"));
        }
    }
    for local in &found.locals {
        if !has_entries(link.slot_of(Owner::Local(OBJECT, local.symbol)), local.needs) {
            return Err(format!("{name}: a local symbol needs a new entry in the GOT or PLT"));
        }
    }
    let module = found.module;
    let missing = module & module_needs::TLS_LD != 0 && link.slots.own_module.is_none()
        || module & module_needs::GOT_BASE != 0 && link.slots.got_plt.or(link.slots.got).is_none()
        || module & (module_needs::TEXT_RELOCS | module_needs::STATIC_TLS) != 0;
    if missing { Err(format!("{name}: the image needs a new table")) } else { Ok(()) }
}

/// Run-time relocations stay where and what they are; their addends may change.
fn dynamic(
    restored: &Restored<'_>,
    state: &State,
    record: &ObjectRec,
    changed: &[AtomId],
    now: &[DynamicReloc],
    name: &str,
    writes: &mut Writes,
) -> Result<(), Reason> {
    if now.is_empty() && record.dynamic[1] == 0 {
        return Ok(());
    }
    let left: Vec<DynamicRec> = state.range(Region::Dynamic, record.dynamic)?;
    let mut left: Vec<&DynamicRec> = left.iter().filter(|left| changed.contains(&AtomId(left.atom))).collect();
    left.sort_unstable_by_key(|left| (left.atom, left.offset));
    let mut now: Vec<&DynamicReloc> = now.iter().collect();
    now.sort_unstable_by_key(|now| (now.atom, now.offset));
    let same = left.len() == now.len()
        && left.iter().zip(&now).all(|(left, now)| {
            let (kind, symbol) = dynamic_fields(now, |global| restored.numbers[global]);
            (left.atom, left.offset, left.kind, left.symbol) == (now.atom.0, now.offset, kind, symbol)
                && left.addend_at != 0
        });
    if !same {
        return Err(format!("{name}: its run-time relocations have changed"));
    }
    for (left, now) in left.iter().zip(now) {
        let value = match left.kind {
            1 => now.addend as u64,
            _ => restored.link.target_value(OBJECT, now.target, now.addend),
        };
        writes.push(left.addend_at, value.to_le_bytes().to_vec());
    }
    Ok(())
}

/// The new bytes of an atom's whole slot.
fn atom_bytes(
    restored: &Restored<'_>,
    arch: &ArchLink,
    atom: AtomId,
    left: &AtomRec,
    name: &str,
    writes: &mut Writes,
    counters: &mut Counters,
) -> Result<(), Reason> {
    let link = &restored.link;
    let object = &link.objects[OBJECT].object;
    let input = &object.sections[object.atoms[atom].section];
    let section = &link.sections[OutId(left.section)];
    if section.zero || input.kind == SectionKind::Nobits {
        return Ok(());
    }
    let fits = left.offset.checked_add(left.capacity).is_some_and(|end| end <= section.size);
    let capacity = usize::try_from(left.capacity).ok().filter(|_| fits).ok_or(Unusable::Corrupt("an atom"))?;
    let source = object.atom_bytes(atom);
    let mut slot = vec![0; capacity];
    slot[..source.len()].copy_from_slice(source);
    let alloc = section.flags.has(SectionFlags::ALLOC);
    let relocs = object.atom_relocs(atom);
    let address = section.address.wrapping_add(left.offset);
    let mut errors = Vec::new();
    apply::apply_atom(link, OBJECT, atom, relocs, alloc, &mut slot[..source.len()], address, &mut errors);
    if let Some(error) = errors.first() {
        return Err(error.to_string());
    }
    if section.flags.has(SectionFlags::EXEC) {
        (arch.fill_code)(&mut slot[source.len()..]);
    } else if !alloc && !slack::cover(input, &mut slot, source.len()) {
        return Err(format!("{name}: the units of {} cannot be told apart", crate::error::show(&input.name)));
    }
    counters.relocations_applied += relocs.len() as u64;
    writes.push(section.file_offset.wrapping_add(left.offset), slot);
    Ok(())
}

/// The new bytes of an unwind record.
fn record_bytes(
    restored: &Restored<'_>,
    changed: &Changed,
    name: &str,
    writes: &mut Writes,
    counters: &mut Counters,
) -> Result<(), Reason> {
    let link = &restored.link;
    let frames = &link.frames.sections[OBJECT][changed.section];
    let record = &frames.records[changed.idx];
    let cie = &frames.records[record.cie as usize];
    let object = &link.objects[OBJECT].object;
    let Some(section) = link.frames.out.map(|out| &link.sections[out]) else {
        return Err(Unusable::Corrupt("section of unwind records").into());
    };
    let end = u64::from(record.out) + u64::from(record.capacity);
    if end > section.size || record.capacity < record.size || record.out < cie.out {
        return Err(Unusable::Corrupt("an unwind record").into());
    }
    let data = &object.sections[frames.section].data;
    let mut bytes = vec![0; record.capacity as usize];
    let source = &data[record.offset as usize..(record.offset + record.size) as usize];
    bytes[..source.len()].copy_from_slice(source);
    put_u32(&mut bytes, 0, record.capacity - 4);
    put_u32(&mut bytes, 4, record.out.wrapping_add(4).wrapping_sub(cie.out));
    let address = section.address.wrapping_add(u64::from(record.out));
    for reloc in &object.relocs[record.relocs.start as usize..record.relocs.end as usize] {
        let Ok(offset) = u32::try_from(i64::from(reloc.offset) + record.bias) else { continue };
        let moved = Reloc { offset, ..*reloc };
        apply::apply_one(link, OBJECT, &moved, &mut bytes, address, true)
            .map_err(|error| format!("{name}: an unwind record cannot be made: {error:?}"))?;
        counters.relocations_applied += 1;
    }
    let cie = data.get(cie.offset as usize..(cie.offset + cie.size) as usize).unwrap_or(&[]);
    let encoding = frames::pointer_encoding(cie);
    let begin = encoding.and_then(|encoding| frames::initial_location(encoding, &bytes, address));
    if begin != Some(changed.begin) {
        // The search table is sorted by where functions begin.
        return Err(format!("{name}: an unwind record describes another function"));
    }
    writes.push(section.file_offset.wrapping_add(u64::from(record.out)), bytes);
    Ok(())
}
