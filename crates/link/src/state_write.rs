//! After a full link: everything that a later patch asks for, as records.
//!
//! Objects are read once more, because `scan` has rewritten relocations by now and content ids are those of the inputs.

use crate::apply::Content;
use crate::frames::{self, FrameRecord, FrameSection, NO_CIE};
use crate::load::{ObjId, ObjectInput, Place, SectionFate};
use crate::scan::{DynamicKind, DynamicReloc};
use crate::slots::{Owner, Slot};
use crate::state::{
    AtomFate, AtomRec, DefKind, DynamicRec, FrameRec, HeaderRec, IndexRec, InputKind, InputRec, LocalRec, N_REGIONS,
    NONE, ObjectRec, READ_ONLY_COPY, Region, SLOT_CANONICAL, SectionRec, SizeRec, SlotFields, StateBuilder, SymbolRec,
};
use crate::symbols::{Def, GlobalId};
use crate::{Image, Link, Target, parallel};
use base::hash::{content_id, hash64};
use base::ids::{Id, IdVec};
use obj::archive::Archive;
use obj::content::{Contents, interface_id, occurrences, symbol_order};
use obj::{AtomId, Object, Reloc, RelocTargetKind, SectionFlags, SectionKind, SymId};
use std::collections::HashMap;
use target::Formula;

/// What identifies an object's contents, read from its bytes.
struct Digest {
    raw: u128,
    interface: u128,
    references: u64,
    atoms: Vec<u128>,
    /// Of each kept unwind record of a function, in order: its content and its CIE's.
    frames: Vec<(u64, u64)>,
}

/// Hash of an unwind record as far as the object determines it: its bytes without the distance to its CIE, and its
/// relocations. Symbols count by rank, which is the same in objects of equal interface.
pub(crate) fn frame_digest(data: &[u8], relocs: &[Reloc], ranks: &IdVec<SymId, u32>, record: &FrameRecord) -> u64 {
    let start = record.offset as usize;
    let bytes = data.get(start..start + record.size as usize).unwrap_or(&[]);
    let mut text = bytes.to_vec();
    if record.cie != NO_CIE && text.len() >= 8 {
        text[4..8].fill(0);
    }
    for reloc in relocs.get(record.relocs.start as usize..record.relocs.end as usize).unwrap_or(&[]) {
        let offset = i64::from(reloc.offset) + record.bias;
        let (tag, target) = match reloc.target.kind() {
            RelocTargetKind::Symbol(sym) => (0u8, ranks[sym]),
            RelocTargetKind::Atom(atom) => (1, atom.0),
        };
        text.extend_from_slice(&offset.to_le_bytes());
        text.extend_from_slice(&reloc.kind.0.to_le_bytes());
        text.extend_from_slice(&reloc.addend.to_le_bytes());
        text.push(tag);
        text.extend_from_slice(&target.to_le_bytes());
    }
    hash64(&text)
}

/// The object's symbols by rank, and the rank of each: how the state numbers them.
pub(crate) fn symbol_ranks(object: &Object<'_>) -> (Vec<SymId>, IdVec<SymId, u32>) {
    let order = symbol_order(object, &occurrences(object));
    let mut ranks: IdVec<SymId, u32> = object.symbols.ids().map(|_| 0).collect();
    for (rank, &sym) in order.iter().enumerate() {
        ranks[sym] = rank as u32;
    }
    (order, ranks)
}

/// The kept records of functions of an object, in order, with their sections.
pub(crate) fn kept_records(sections: &[FrameSection]) -> impl Iterator<Item = (&FrameSection, &FrameRecord)> {
    sections.iter().flat_map(|section| {
        let kept = section.records.iter().filter(|record| record.kept && record.cie != NO_CIE);
        kept.map(move |record| (section, record))
    })
}

fn digest(link: &Link<'_>, obj: ObjId) -> Result<Digest, String> {
    let input = &link.objects[obj];
    let object = link.format.read_object(link.arch.arch, input.raw)?;
    let contents = Contents::new(&object, link.arch.arch);
    let atoms = object.atoms.ids().map(|atom| contents.id(atom).0).collect();
    let (_, ranks) = symbol_ranks(&object);
    if object.relocs.iter().any(|reloc| link.arch.arch.reloc(reloc.kind).formula == Formula::Size) {
        return Err(format!("{} asks for the size of a symbol", link.object_name(obj)));
    }
    let fate = |atom: AtomId| input.fates[object.atoms[atom].section];
    let live = |atom: AtomId| !matches!(fate(atom), SectionFate::Dead | SectionFate::Discarded);
    let references = if link.options.gc_sections { references(&object, &ranks, live) } else { 0 };
    let sections = link.frames.sections.get(obj).map_or(&[][..], |sections| sections);
    let frames = kept_records(sections).map(|(section, record)| {
        let data = &object.sections[section.section].data;
        let cie = &section.records[record.cie as usize];
        (frame_digest(data, &object.relocs, &ranks, record), frame_digest(data, &object.relocs, &ranks, cie))
    });
    let frames = frames.collect();
    Ok(Digest { raw: content_id(input.raw).0, interface: interface_id(&object).0, references, frames, atoms })
}

/// Hash of what the sections that are in the output refer to: while it is the same, so is what is kept. Of a section counts the set;
/// unwind records belong to a function each, so there the order counts, too. Symbols count by rank.
pub(crate) fn references(object: &Object<'_>, ranks: &IdVec<SymId, u32>, live: impl Fn(AtomId) -> bool) -> u64 {
    let mut text = Vec::new();
    for (id, section) in object.sections.enumerated() {
        if !section.flags.has(SectionFlags::ALLOC) || section.atoms.is_empty() || !live(section.atoms.start) {
            continue;
        }
        let atoms = (section.atoms.start.0..section.atoms.end.0).map(AtomId);
        let relocs = atoms.flat_map(|atom| object.atom_relocs(atom));
        let target = |reloc: &Reloc| match reloc.target.kind() {
            RelocTargetKind::Symbol(sym) => [0, ranks[sym]],
            RelocTargetKind::Atom(atom) => [1, atom.0],
        };
        let mut targets: Vec<[u32; 2]> = relocs.map(target).collect();
        if section.kind != SectionKind::Unwind {
            targets.sort_unstable();
            targets.dedup();
        }
        text.extend_from_slice(&[id.0, targets.len() as u32].map(u32::to_le_bytes).concat());
        text.extend(targets.iter().flatten().flat_map(|number| number.to_le_bytes()));
    }
    hash64(&text)
}

/// A file of the identity list, as the state needs it.
pub(crate) struct LeafFile {
    /// Position in [`crate::Files::list`], if it was opened.
    pub file: Option<usize>,
    /// Named on the command line; others are libraries, scripts and places where nothing is.
    pub explicit: bool,
}

/// Fills the regions of objects and symbols, and the header's facts about the image. `Err` says why there is no state. Of
/// an output that is no image only the identities of its inputs are noted.
pub(crate) fn build(image: &Image<'_>, leaves: &[LeafFile], out: &mut StateBuilder) -> Result<HeaderRec, String> {
    let link = &image.link;
    if let Some(obj) = link.objects.ids().find(|&obj| link.objects[obj].raw.is_empty()) {
        return Err(format!("{} was never a file", link.object_name(obj)));
    }
    let Content::Placed(tables) = &image.content else {
        for _ in leaves {
            out.push(Region::Inputs, InputRec { kind: InputKind::WHOLE, first: 0, count: 0, index: 0 });
        }
        return Ok(facts(image, 0..0));
    };
    let ids: Vec<ObjId> = link.objects.ids().collect();
    let digests = parallel::map(link.threads, ids, |obj| digest(link, obj));
    let digests = digests.into_iter().collect::<Result<Vec<_>, _>>()?;
    let points = tables.patch_points(link);
    let mut sizes: HashMap<ObjId, Vec<SizeRec>> = HashMap::new();
    for &(obj, sym, at) in &points.sizes {
        let size = link.objects[obj].object.symbols[sym].size;
        sizes.entry(obj).or_default().push(SizeRec { symbol: sym.0, size, at });
    }
    let addends: HashMap<u64, u64> =
        link.run_relocs().iter().zip(&points.addends).map(|(reloc, &at)| (reloc.address, at)).collect();
    let members = member_places(link)?;
    // Names that only shared libraries mention (all of libc's) are of no use to a patch.
    let mut numbers: IdVec<GlobalId, u32> = link.globals.items.ids().map(|_| NONE).collect();
    for &global in link.objects.iter().flat_map(|input| &input.globals).filter(|global| !global.is_none()) {
        if numbers[global] == NONE {
            numbers[global] = out.push(Region::Symbols, symbol_record(link, global));
        }
    }
    for (obj, digest) in link.objects.ids().zip(digests) {
        let sizes = sizes.remove(&obj).unwrap_or_default();
        push_object(link, obj, digest, &sizes, &addends, &numbers, members.get(&obj), out);
    }
    push_inputs(link, leaves, out)?;
    for section in link.sections.iter() {
        out.push(
            Region::Sections,
            SectionRec {
                address: section.address,
                file_offset: section.file_offset,
                size: section.size,
                flags: section.flags.0,
                zero: u32::from(section.zero),
            },
        );
    }
    Ok(facts(image, points.build_id.unwrap_or(0..0)))
}

fn push_inputs(link: &Link<'_>, leaves: &[LeafFile], out: &mut StateBuilder) -> Result<(), String> {
    let mut by_file: HashMap<usize, Vec<u32>> = HashMap::new();
    for (obj, input) in link.objects.enumerated() {
        by_file.entry(input.file).or_default().push(obj.0);
    }
    for leaf in leaves {
        let kind = match leaf.file.map(|file| link.files.list[file].kind) {
            Some(crate::FileKind::Object) if leaf.explicit => InputKind::OBJECT,
            // The members of a thin archive are files of their own, which are not patched.
            Some(crate::FileKind::Archive) if !is_thin(link, leaf.file) => InputKind::ARCHIVE,
            _ => InputKind::WHOLE,
        };
        let objects = leaf.file.and_then(|file| by_file.get(&file)).map_or(&[][..], |objects| objects);
        let first = out.count(Region::InputObjects);
        for &value in objects {
            out.push(Region::InputObjects, IndexRec { value });
        }
        let index = match (kind, leaf.file) {
            (InputKind::ARCHIVE, Some(file)) => archive_index(&parse_archive(&link.files.list[file].bytes)?)?,
            _ => 0,
        };
        out.push(Region::Inputs, InputRec { kind, first, count: objects.len() as u32, index });
    }
    Ok(())
}

pub(crate) fn parse_archive(bytes: &[u8]) -> Result<Archive<'_>, String> {
    Archive::parse(bytes).map_err(|error| error.to_string())
}

fn is_thin(link: &Link<'_>, file: Option<usize>) -> bool {
    let parsed = file.map(|file| Archive::parse(&link.files.list[file].bytes));
    parsed.is_some_and(|parsed| parsed.is_ok_and(|archive| archive.thin))
}

/// Hash of what decides which members of an archive a link takes: their names, and the symbol index.
pub(crate) fn archive_index(archive: &Archive<'_>) -> Result<u64, String> {
    let mut text = Vec::new();
    let mut ordinals: HashMap<u64, u64> = HashMap::new();
    for member in archive.members() {
        let member = member.map_err(|error| error.to_string())?;
        text.extend_from_slice(&member.name);
        text.push(0);
        ordinals.insert(member.offset, ordinals.len() as u64);
    }
    for (name, offset) in archive.index() {
        text.extend_from_slice(name);
        text.push(0);
        text.extend_from_slice(&ordinals.get(&offset).copied().unwrap_or(u64::MAX).to_le_bytes());
    }
    Ok(hash64(&text))
}

/// Of each object out of an archive: hash of its member's name, and its place among the members of that name.
fn member_places(link: &Link<'_>) -> Result<HashMap<ObjId, (u64, u32)>, String> {
    let mut places = HashMap::new();
    for (idx, file) in link.files.list.iter().enumerate() {
        if file.kind != crate::FileKind::Archive || !link.objects.iter().any(|input| input.file == idx) {
            continue;
        }
        let archive = parse_archive(&file.bytes)?;
        if archive.thin {
            continue;
        }
        let by_start: HashMap<*const u8, (u64, u32)> =
            members(&archive).into_iter().map(|(key, data)| (data.as_ptr(), key)).collect();
        for (obj, input) in link.objects.enumerated().filter(|(_, input)| input.file == idx) {
            let place = by_start.get(&input.raw.as_ptr());
            places.insert(obj, *place.ok_or("a member of an archive is not to be found")?);
        }
    }
    Ok(places)
}

/// The members of an archive by key: hash of the name, and place among those of that name.
pub(crate) fn members<'a>(archive: &Archive<'a>) -> Vec<((u64, u32), &'a [u8])> {
    let mut seen: HashMap<u64, u32> = HashMap::new();
    let key = |name: &[u8], seen: &mut HashMap<u64, u32>| {
        let name = hash64(name);
        let occurrence = seen.entry(name).or_default();
        *occurrence += 1;
        (name, *occurrence - 1)
    };
    archive.members().flatten().map(|member| (key(&member.name, &mut seen), member.data)).collect()
}

fn push_object(
    link: &Link<'_>,
    obj: ObjId,
    digest: Digest,
    sizes: &[SizeRec],
    addends: &HashMap<u64, u64>,
    numbers: &IdVec<GlobalId, u32>,
    member: Option<&(u64, u32)>,
    out: &mut StateBuilder,
) {
    let input = &link.objects[obj];
    let since = |out: &StateBuilder, region: Region, first: u32| [first, out.count(region) - first];
    let starts: Vec<u32> =
        [Region::Atoms, Region::Globals, Region::Frames, Region::Sizes, Region::Locals, Region::Dynamic]
            .map(|region| out.count(region))
            .to_vec();
    for (atom, content) in input.object.atoms.ids().zip(&digest.atoms) {
        out.push(Region::Atoms, atom_record(link, input, atom, *content));
    }
    let (order, ranks) = symbol_ranks(&input.object);
    for sym in order {
        let global = input.globals[sym.index()];
        let value = if global.is_none() { NONE } else { numbers[global] };
        out.push(Region::Globals, IndexRec { value });
    }
    let sections = link.frames.sections.get(obj).map_or(&[][..], |sections| sections);
    for ((section, record), &(content, cie_content)) in kept_records(sections).zip(&digest.frames) {
        let cie = &section.records[record.cie as usize];
        let begin = record_begin(link, obj, section, record);
        let FrameRecord { out: offset, capacity, .. } = *record;
        out.push(Region::Frames, FrameRec { offset, cie_offset: cie.out, capacity, content, cie: cie_content, begin });
    }
    for &size in sizes {
        out.push(Region::Sizes, SizeRec { symbol: ranks[SymId(size.symbol)], ..size });
    }
    for local in &input.local_slots {
        out.push(Region::Locals, LocalRec { symbol: ranks[local.symbol], slot: slot_fields(&local.slot) });
    }
    for dynamic in &input.dynamic_relocs {
        let address = link.atom_address(obj, dynamic.atom, u64::from(dynamic.offset));
        let (kind, symbol) = dynamic_fields(dynamic, |global| numbers[global]);
        let addend_at = addends.get(&address).copied().unwrap_or(0);
        out.push(Region::Dynamic, DynamicRec { atom: dynamic.atom.0, offset: dynamic.offset, kind, symbol, addend_at });
    }
    let (member, occurrence) = member.copied().unwrap_or((0, 0));
    let record = ObjectRec {
        member,
        occurrence,
        raw: digest.raw,
        interface: digest.interface,
        references: digest.references,
        atoms: since(out, Region::Atoms, starts[0]),
        globals: since(out, Region::Globals, starts[1]),
        frames: since(out, Region::Frames, starts[2]),
        sizes: since(out, Region::Sizes, starts[3]),
        locals: since(out, Region::Locals, starts[4]),
        dynamic: since(out, Region::Dynamic, starts[5]),
    };
    out.push(Region::Objects, record);
}

/// Kind and symbol of a run-time relocation as the state numbers them.
pub(crate) fn dynamic_fields(dynamic: &DynamicReloc, number: impl Fn(GlobalId) -> u32) -> (u32, u32) {
    let kind = match dynamic.kind {
        DynamicKind::Relative => 0,
        DynamicKind::Symbolic => 1,
        DynamicKind::Indirect => 2,
    };
    let symbol = match (dynamic.kind, dynamic.target) {
        (DynamicKind::Symbolic, Target::Global(global)) => number(global),
        _ => NONE,
    };
    (kind, symbol)
}

fn atom_record(link: &Link<'_>, input: &ObjectInput<'_>, atom: AtomId, content: u128) -> AtomRec {
    let at = &input.object.atoms[atom];
    let place = input.places[atom];
    let fate = match input.fates[at.section] {
        SectionFate::Discarded | SectionFate::Dead => AtomFate::DISCARDED,
        SectionFate::Frames => AtomFate::FRAMES,
        SectionFate::Live if place.section < Place::CUT => AtomFate::PLACED,
        SectionFate::Live | SectionFate::Merged(_) | SectionFate::Ignored => AtomFate::READ,
    };
    let mut record = AtomRec { content, fate, section: NONE, offset: 0, size: at.size, capacity: at.size };
    if fate == AtomFate::PLACED {
        let rule = link.format.rule(&input.object.sections[at.section], link.options);
        record.section = place.section;
        record.offset = place.offset;
        let section = &input.object.sections[at.section];
        record.capacity = crate::slack::slot_size(input.object.atom_bytes(atom), at.size, section, &rule);
        if rule.reverse {
            record.fate = AtomFate::REVERSED;
        }
    }
    record
}

/// Where the function of an unwind record begins, by the record's first relocation.
pub(crate) fn record_begin(link: &Link<'_>, obj: ObjId, section: &FrameSection, record: &FrameRecord) -> u64 {
    let input = &link.objects[obj];
    let Some(reloc) = input.object.relocs.get(record.relocs.start as usize) else { return 0 };
    let cie = &section.records[record.cie as usize];
    let data = &input.object.sections[section.section].data;
    let bytes = data.get(cie.offset as usize..(cie.offset + cie.size) as usize).unwrap_or(&[]);
    if frames::pointer_encoding(bytes).is_none() {
        return 0;
    }
    // `S + A`: the place is part of the encoding, not of the value.
    link.target_value(obj, link.target(obj, reloc.target), reloc.addend)
}

pub(crate) fn slot_fields(slot: &Slot) -> SlotFields {
    let of = |field: Option<u32>| field.unwrap_or(NONE);
    let Slot { got, got_tp, tls_gd, tls_desc, plt, direct, canonical, copy } = *slot;
    let flags = if canonical { SLOT_CANONICAL } else { 0 };
    let copy = copy.map(|copy| copy.offset | if copy.read_only { READ_ONLY_COPY } else { 0 });
    [of(got), of(got_tp), of(tls_gd), of(tls_desc), of(plt), of(direct), of(copy), flags]
}

fn symbol_record(link: &Link<'_>, id: GlobalId) -> SymbolRec {
    let global = &link.globals[id];
    let left_out = link.defining_atom(id).is_some_and(|(obj, atom, _)| !link.is_live(obj, atom));
    let (def, object) = match global.def {
        Def::Object { obj, .. } if left_out => (DefKind::LEFT_OUT, obj.0),
        Def::Undefined => (DefKind::UNDEFINED, NONE),
        Def::Object { obj, .. } => (DefKind::OBJECT, obj.0),
        Def::Shared { .. } => (DefKind::SHARED, NONE),
        Def::Synth { .. } | Def::Edge(_) | Def::Absolute(_) => (DefKind::OTHER, NONE),
    };
    let slot = link.slot_of(Owner::Global(id)).copied().unwrap_or_default();
    SymbolRec {
        flags: global.flags.0,
        def,
        object,
        visibility: global.visibility as u32,
        value: link.values[id],
        slot: slot_fields(&slot),
    }
}

/// The header's facts about the image; the session adds who, when and which files.
fn facts(image: &Image<'_>, build_id: std::ops::Range<u64>) -> HeaderRec {
    let link = &image.link;
    let slots = &link.slots;
    let tables = [slots.got, slots.got_plt, slots.plt_synth, slots.direct_synth];
    let tls = &link.tls;
    HeaderRec {
        magic: crate::state::MAGIC,
        schema: crate::state::SCHEMA,
        phase: crate::state::Phase::WRITING,
        generation: 0,
        build: 0,
        boot: 0,
        options: 0,
        inputs: 0,
        output: [0; 7],
        root: 0,
        n_leaves: 0,
        n_racy: 0,
        found: 0,
        found_size: 0,
        tls: [tls.address, tls.file_offset, tls.file_size, tls.size, tls.align],
        tables: tables.map(|synth| synth.map_or(u64::MAX, |synth| link.synth_address(synth))),
        lazy: u32::from(slots.n_lazy() > 0),
        own_module: slots.own_module.unwrap_or(NONE),
        frames_section: link.frames.out.map_or(NONE, |out| out.0),
        build_id: [build_id.start, build_id.end - build_id.start],
        regions: [[0; 2]; N_REGIONS],
    }
}

/// The content ids of an object's atoms.
pub(crate) fn atom_contents(object: &Object<'_>, arch: &'static target::Arch) -> Vec<u128> {
    let contents = Contents::new(object, arch);
    object.atoms.ids().map(|atom| contents.id(atom).0).collect()
}
