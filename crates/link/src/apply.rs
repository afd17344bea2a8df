//! Phase 10, apply: the image's bytes are produced once, in parallel, straight into the caller's memory.
//!
//! Nothing is decided here: a relocation's row says what value it wants and how the field takes it; a rewrite was chosen
//! by `scan`. A value that does not fit is an error that names place, target and distance.

use crate::error::{ErrorKind, LinkError};
use crate::facets::Tables;
use crate::load::{ObjId, SectionFate};
use crate::place::{Member, MemberWhat, OutId, OutSection, SynthContent};
use crate::slots::Owner;
use crate::symbols::{Def, GlobalFlags};
use crate::{Link, Target, frames, parallel, slack};
use base::bytes::put_u64;
use obj::{AtomId, Reloc, SectionFlags};
use target::Formula;

/// A linked program or library: placements, and the bytes on demand.
pub struct Image<'a> {
    pub link: Link<'a>,
    pub(crate) content: Content<'a>,
}

pub(crate) enum Content<'a> {
    /// Made by [`Image::write_into`] from placements; the format's tables come last.
    Placed(Box<dyn Tables + 'a>),
    /// A relocatable object, already written.
    Bytes(Vec<u8>),
}

/// Bytes of output that one task makes, at least.
const TASK_BYTES: usize = 1 << 17;

/// One thread's piece of work: a run of members of one section.
struct Task<'o> {
    section: OutId,
    members: std::ops::Range<usize>,
    /// Where `out` starts in the section.
    start: u64,
    out: &'o mut [u8],
}

impl<'a> Image<'a> {
    pub(crate) fn new(link: Link<'a>, tables: Box<dyn Tables + 'a>) -> Image<'a> {
        Image { link, content: Content::Placed(tables) }
    }

    pub(crate) fn of_bytes(mut link: Link<'a>, bytes: Vec<u8>) -> Image<'a> {
        link.file_size = bytes.len() as u64;
        Image { link, content: Content::Bytes(bytes) }
    }

    /// Size of the file in bytes.
    pub fn size(&self) -> u64 {
        self.link.file_size
    }

    pub fn warnings(&self) -> &[String] {
        &self.link.warnings
    }

    /// Makes the image's bytes. `out` is [`Image::size`] bytes of zeros.
    pub fn write_into(&self, out: &mut [u8]) -> Result<(), Vec<LinkError>> {
        assert_eq!(out.len() as u64, self.size(), "the sink has the image's size");
        let link = &self.link;
        let tables = match &self.content {
            Content::Placed(tables) => tables,
            Content::Bytes(bytes) => {
                out.copy_from_slice(bytes);
                return Ok(());
            }
        };
        let tasks = tasks(link, out);
        let results = parallel::map(link.threads, tasks, |task| run(link, task));
        let mut errors: Vec<LinkError> = results.into_iter().flatten().collect();
        if !errors.is_empty() {
            errors.truncate(link.options.error_limit.max(1));
            return Err(errors);
        }
        frame_header(link, out);
        tables.write(link, out);
        Ok(())
    }

    /// The image in memory of its own.
    pub fn to_vec(&self) -> Result<Vec<u8>, Vec<LinkError>> {
        let mut out = vec![0; self.size() as usize];
        self.write_into(&mut out)?;
        Ok(out)
    }
}

/// Cuts the output into disjoint pieces, in file order.
fn tasks<'o>(link: &Link<'_>, out: &'o mut [u8]) -> Vec<Task<'o>> {
    let mut order: Vec<OutId> = link.ordered();
    order.retain(|&id| link.sections[id].file_size() > 0);
    order.sort_by_key(|&id| link.sections[id].file_offset);
    let mut tasks = Vec::new();
    let mut rest = out;
    let mut at = 0u64;
    for id in order {
        let section = &link.sections[id];
        let (_, tail) = rest.split_at_mut((section.file_offset - at) as usize);
        let (mut bytes, tail) = tail.split_at_mut(section.size as usize);
        rest = tail;
        at = section.file_offset + section.size;
        let mut start = 0u64;
        let mut first = 0;
        for idx in 0..section.members.len() {
            let end = section.members.get(idx + 1).map_or(section.size, |next| next.offset);
            if (end - start) as usize >= TASK_BYTES || idx + 1 == section.members.len() {
                let (piece, tail) = bytes.split_at_mut((end - start) as usize);
                tasks.push(Task { section: id, members: first..idx + 1, start, out: piece });
                bytes = tail;
                start = end;
                first = idx + 1;
            }
        }
    }
    tasks
}

fn run(link: &Link<'_>, task: Task<'_>) -> Vec<LinkError> {
    let section = &link.sections[task.section];
    let mut errors = Vec::new();
    let mut filled = 0usize;
    for member in &section.members[task.members] {
        let at = (member.offset - task.start) as usize;
        if section.is_exec() && at > filled {
            (link.arch.fill_code)(&mut task.out[filled..at]);
        }
        filled = at + member.size as usize;
        let bytes = &mut task.out[at..at + member.size as usize];
        one_member(link, section, member, bytes, &mut errors);
        if let MemberWhat::Atom(obj, atom) = member.what
            && member.capacity > member.size
        {
            filled = at + member.capacity as usize;
            let slot = &mut task.out[at..filled];
            slot_end(link, section, obj, atom, slot, member.size as usize, &mut errors);
        }
    }
    if section.is_exec() && task.out.len() > filled {
        (link.arch.fill_code)(&mut task.out[filled..]);
    }
    errors
}

/// Fills what an atom leaves of its slot, by itself, so that a patch can do the same without a look at what follows.
fn slot_end(
    link: &Link<'_>,
    section: &OutSection,
    obj: ObjId,
    atom: AtomId,
    slot: &mut [u8],
    size: usize,
    errors: &mut Vec<LinkError>,
) {
    if section.is_exec() {
        return (link.arch.fill_code)(&mut slot[size..]);
    }
    let object = &link.objects[obj].object;
    let input = &object.sections[object.atoms[atom].section];
    if !section.is_alloc() && !slack::cover(input, slot, size) {
        let name = crate::error::show(&input.name);
        let text = format!("{}: the units of {name} cannot be told apart", link.object_name(obj));
        errors.push(LinkError::new(ErrorKind::Input, text));
    }
}

fn one_member(link: &Link<'_>, section: &OutSection, member: &Member, out: &mut [u8], errors: &mut Vec<LinkError>) {
    let address = section.address + member.offset;
    match member.what {
        MemberWhat::Atom(obj, atom) => {
            let bytes = link.objects[obj].object.atom_bytes(atom);
            if bytes.is_empty() {
                return;
            }
            out[..bytes.len()].copy_from_slice(bytes);
            if member.reverse {
                reverse_words(out);
            }
            let relocs = link.objects[obj].object.atom_relocs(atom);
            apply_atom(link, obj, atom, relocs, section.is_alloc(), out, address, errors);
        }
        MemberWhat::Frames(part) => {
            let (obj, start, _) = link.frames.parts[part as usize];
            // Frames follow each other without gaps, so the part's offset is its place.
            let atom =
                link.frames.sections[obj].first().map(|f| link.objects[obj].object.sections[f.section].atoms.start);
            frames::write_part(link, obj, start, out, |record, bytes, address| {
                let relocs = &link.objects[obj].object.relocs[record.relocs.start as usize..record.relocs.end as usize];
                for reloc in relocs {
                    let offset = i64::from(reloc.offset) + record.bias;
                    let Ok(offset) = u32::try_from(offset) else { continue };
                    let moved = Reloc { offset, ..*reloc };
                    if let Err(error) = apply_one(link, obj, &moved, bytes, address, true) {
                        errors.push(describe(link, obj, atom.unwrap_or(AtomId(0)), reloc, error));
                    }
                }
            });
        }
        MemberWhat::FramesEnd => frames::write_linkage(link, out, address),
        MemberWhat::Synth(synth) => match link.synths[synth].content {
            SynthContent::Pool(pool) => link.merges[pool as usize].write(out),
            SynthContent::Got => {
                for (idx, &word) in link.slots.words.iter().enumerate() {
                    put_u64(out, idx * 8, link.word(idx as u32, word).0);
                }
            }
            SynthContent::GotPlt => write_got_plt(link, out),
            SynthContent::Plt => write_plt(link, address, out),
            SynthContent::PltDirect => {
                let size = link.arch.plt.direct_entry_size as usize;
                for (idx, &(_, word)) in link.slots.direct.iter().enumerate() {
                    let entry = link.direct_entry_address(idx as u32);
                    (link.arch.plt.write_direct)(&mut out[idx * size..][..size], entry, link.word_address(word));
                }
            }
            // Written when everything else is.
            SynthContent::Zero | SynthContent::FrameHeader | SynthContent::Format(_) => {}
        },
    }
}

/// Old-style constructor tables run backwards.
fn reverse_words(out: &mut [u8]) {
    let len = out.len() / 8 * 8;
    let words: Vec<[u8; 8]> = out[..len].chunks_exact(8).map(|w| w.try_into().expect("8 bytes")).collect();
    for (chunk, word) in out[..len].chunks_exact_mut(8).zip(words.iter().rev()) {
        chunk.copy_from_slice(word);
    }
}

fn write_got_plt(link: &Link<'_>, out: &mut [u8]) {
    let dynamic = link.format.dynamic_address(link);
    if link.arch.plt.reserved_got_words > 0 && out.len() >= 8 {
        put_u64(out, 0, dynamic);
    }
    let reserved = link.arch.plt.reserved_got_words as usize;
    for (idx, entry) in link.slots.plt.iter().enumerate() {
        let target = if entry.indirect { 0 } else { (link.arch.plt.lazy_target)(link.plt_entry_address(idx as u32)) };
        put_u64(out, (reserved + idx) * 8, target);
    }
}

fn write_plt(link: &Link<'_>, address: u64, out: &mut [u8]) {
    let plt = &link.arch.plt;
    let header = if link.slots.n_lazy() > 0 { plt.header_size as usize } else { 0 };
    if header > 0 {
        (plt.write_header)(&mut out[..header], address, link.got_base());
    }
    let size = plt.entry_size as usize;
    for idx in 0..link.slots.plt.len() {
        let entry = link.plt_entry_address(idx as u32);
        let slot = link.plt_slot_address(idx as u32);
        (plt.write_entry)(&mut out[header + idx * size..][..size], entry, slot, address, idx as u32);
    }
}

fn frame_header(link: &Link<'_>, out: &mut [u8]) {
    let (Some(header), Some(frames_out)) = (link.frames.header, link.frames.out) else { return };
    let frames_section = &link.sections[frames_out];
    // Members of the frame section that are no records (none in practice) would follow the parts.
    let start = frames_section.file_offset as usize;
    let frames_bytes = out[start..start + frames_section.size as usize].to_vec();
    let synth = &link.synths[header];
    let section = &link.sections[synth.section];
    let at = (section.file_offset + synth.place.offset) as usize;
    let address = link.synth_address(header);
    let bytes = &mut out[at..at + synth.size as usize];
    frames::write_header(link, &frames_bytes, frames_section.address, address, bytes);
}

/// Why a relocation could not be applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ApplyError {
    /// The field does not lie in the atom.
    Outside,
    /// The value does not fit.
    Range(i64),
    /// The instruction is not what the rewrite was chosen for.
    Rewrite,
    /// There is no entry for the symbol.
    NoEntry,
}

/// Applies all relocations of an atom to its bytes at `address`.
pub(crate) fn apply_atom(
    link: &Link<'_>,
    obj: ObjId,
    atom: AtomId,
    relocs: &[Reloc],
    alloc: bool,
    out: &mut [u8],
    address: u64,
    errors: &mut Vec<LinkError>,
) {
    let tombstone = if alloc { None } else { Some(dead_value(link, obj, atom)) };
    for reloc in relocs {
        if let Some(value) = tombstone
            && is_dead(link, obj, reloc)
        {
            let desc = link.arch.arch.reloc(reloc.kind);
            let at = reloc.offset as usize;
            if let Some(field) = out.get_mut(at..at + desc.size as usize) {
                (desc.encode)(field, value);
            }
            continue;
        }
        if let Err(error) = apply_one(link, obj, reloc, out, address, alloc) {
            errors.push(describe(link, obj, atom, reloc, error));
        }
    }
}

/// What debug information says of code that is not there: 0, and 1 in old range lists, where 0 would end the list.
fn dead_value(link: &Link<'_>, obj: ObjId, atom: AtomId) -> u64 {
    let object = &link.objects[obj].object;
    let name = &object.sections[object.atoms[atom].section].name;
    u64::from(**name == *b".debug_ranges" || **name == *b".debug_loc")
}

/// The relocation refers to a section that is not in the output.
pub(crate) fn is_dead(link: &Link<'_>, obj: ObjId, reloc: &Reloc) -> bool {
    let dropped = |obj: ObjId, atom: AtomId| {
        let input = &link.objects[obj];
        !input.fates[input.object.atoms[atom].section].is_live()
    };
    match link.target(obj, reloc.target) {
        Target::Atom(atom) => dropped(obj, atom),
        Target::Local(sym) => match link.objects[obj].object.symbols[sym].def {
            obj::SymbolDef::Atom(atom) => dropped(obj, atom),
            _ => false,
        },
        Target::Global(global) => {
            // An object's own discarded copy is dead even if another object's lives.
            let obj::RelocTargetKind::Symbol(sym) = reloc.target.kind() else { return false };
            match link.objects[obj].object.symbols[sym].def {
                obj::SymbolDef::Atom(atom) if dropped(obj, atom) => true,
                _ => link.defining_atom(global).is_some_and(|(o, atom, _)| dropped(o, atom)),
            }
        }
    }
}

/// Applies one relocation to `out`, which stands at `address`.
pub fn apply_one(
    link: &Link<'_>,
    obj: ObjId,
    reloc: &Reloc,
    out: &mut [u8],
    address: u64,
    alloc: bool,
) -> Result<(), ApplyError> {
    let mut offset = reloc.offset as usize;
    if reloc.aux != 0 {
        let rewrite = &link.arch.rewrites[reloc.aux as usize - 1];
        if !(rewrite.write)(out, offset) {
            return Err(ApplyError::Rewrite);
        }
        offset = offset.wrapping_add_signed(isize::from(rewrite.offset));
    }
    let desc = link.arch.arch.reloc(reloc.kind);
    if desc.size == 0 {
        return Ok(());
    }
    let end = offset.checked_add(desc.size as usize).ok_or(ApplyError::Outside)?;
    let field = out.get_mut(offset..end).ok_or(ApplyError::Outside)?;
    let place = address.wrapping_add(offset as u64);
    let target = link.target(obj, reloc.target);
    let Some(value) = value_of(link, obj, desc.formula, target, reloc.addend, place, alloc)? else { return Ok(()) };
    if !desc.range.fits(value as i64) {
        return Err(ApplyError::Range(value as i64));
    }
    (desc.encode)(field, value);
    Ok(())
}

/// The value of a formula; `None` when the field stays (the loader fills it).
#[inline]
fn value_of(
    link: &Link<'_>,
    obj: ObjId,
    formula: Formula,
    target: Target,
    addend: i64,
    place: u64,
    alloc: bool,
) -> Result<Option<u64>, ApplyError> {
    let direct = || link.target_value(obj, target, addend);
    let a = addend as u64;
    let owner = || match target {
        Target::Global(global) => Ok(Owner::Global(global)),
        Target::Local(sym) => Ok(Owner::Local(obj, sym)),
        Target::Atom(_) => Err(ApplyError::NoEntry),
    };
    let slot = || owner().and_then(|owner| link.slot_of(owner).ok_or(ApplyError::NoEntry));
    let word = |word: Option<u32>| word.map(|at| link.word_address(at)).ok_or(ApplyError::NoEntry);
    let via_plt = || {
        let slot = owner().ok().and_then(|owner| link.slot_of(owner));
        match slot.and_then(|slot| link.entry_address(slot)) {
            Some(entry) => entry.wrapping_add(a),
            None => direct(),
        }
    };
    Ok(Some(match formula {
        Formula::None | Formula::Dynamic | Formula::TlsDescCall => return Ok(None),
        Formula::Abs => {
            if alloc && is_filled_at_run_time(link, target) {
                return Ok(None);
            }
            direct()
        }
        Formula::PcRel => direct().wrapping_sub(place),
        Formula::PltPcRel => via_plt().wrapping_sub(place),
        Formula::PltOff => via_plt().wrapping_sub(link.got_base()),
        Formula::GotPcRel => word(slot()?.got)?.wrapping_add(a).wrapping_sub(place),
        Formula::GotSlot => word(slot()?.got)?.wrapping_sub(link.got_base()).wrapping_add(a),
        Formula::GotOff => direct().wrapping_sub(link.got_base()),
        Formula::GotBasePcRel => link.got_base().wrapping_add(a).wrapping_sub(place),
        Formula::Size => size_of_target(link, obj, target).wrapping_add(a),
        Formula::TlsGdPcRel => word(slot()?.tls_gd)?.wrapping_add(a).wrapping_sub(place),
        Formula::TlsLdPcRel => word(link.slots.own_module)?.wrapping_add(a).wrapping_sub(place),
        Formula::DtpOff => direct().wrapping_sub(link.tls.address),
        Formula::TpOff if is_undefined(link, target) => a,
        Formula::TpOff => link.tp_offset(direct()),
        Formula::GotTpOffPcRel => word(slot()?.got_tp)?.wrapping_add(a).wrapping_sub(place),
        Formula::TlsDescPcRel => word(slot()?.tls_desc)?.wrapping_add(a).wrapping_sub(place),
        Formula::PageRel => {
            let mask = !0xfffu64;
            (direct() & mask).wrapping_sub(place & mask)
        }
    }))
}

fn is_undefined(link: &Link<'_>, target: Target) -> bool {
    matches!(target, Target::Global(global) if link.globals[global].is(GlobalFlags::UNDEF_ZERO))
}

/// A word whose symbol the loader binds: the field is left as it is.
fn is_filled_at_run_time(link: &Link<'_>, target: Target) -> bool {
    let Target::Global(global) = target else { return false };
    link.globals[global].is(GlobalFlags::PREEMPTIBLE) && link.values[global] == 0
}

fn size_of_target(link: &Link<'_>, obj: ObjId, target: Target) -> u64 {
    match target {
        Target::Atom(atom) => link.objects[obj].object.atoms[atom].size,
        Target::Local(sym) => link.objects[obj].object.symbols[sym].size,
        Target::Global(global) => match link.globals[global].def {
            Def::Object { obj, sym } => link.objects[obj].object.symbols[sym].size,
            Def::Shared { lib, sym } => link.shared[lib].lib.symbols[sym as usize].size,
            _ => 0,
        },
    }
}

fn describe(link: &Link<'_>, obj: ObjId, atom: AtomId, reloc: &Reloc, error: ApplyError) -> LinkError {
    let place = link.describe_place(obj, atom, u64::from(reloc.offset));
    let target = link.describe_target(obj, reloc.target);
    let name = link.arch.arch.reloc(reloc.kind).name;
    let what = match error {
        ApplyError::Outside => "lies outside its section".to_string(),
        ApplyError::Range(value) => format!("is out of range: {value:#x} does not fit its field"),
        ApplyError::Rewrite => "stands in an unexpected instruction".to_string(),
        ApplyError::NoEntry => "has no table entry".to_string(),
    };
    LinkError::new(ErrorKind::Range, format!("{place}: relocation {name} against {target} {what}"))
}

impl Link<'_> {
    /// `file.o:(function f, .text+0x12)`.
    pub fn describe_place(&self, obj: ObjId, atom: AtomId, offset: u64) -> String {
        let object = &self.objects[obj].object;
        let at = &object.atoms[atom];
        let section = crate::error::show(&object.sections[at.section].name);
        let in_section = at.offset + offset;
        let file = self.object_name(obj);
        match enclosing(object, atom, offset) {
            Some(name) => format!("{file}:(function {}: {section}+{in_section:#x})", crate::error::show(name)),
            None => format!("{file}:({section}+{in_section:#x})"),
        }
    }

    /// A relocation's target for messages.
    pub fn describe_target(&self, obj: ObjId, target: obj::RelocTarget) -> String {
        let object = &self.objects[obj].object;
        match self.target(obj, target) {
            Target::Atom(atom) => crate::error::show(&object.sections[object.atoms[atom].section].name).into_owned(),
            Target::Local(sym) => format!("`{}'", crate::error::show(object.symbol_name(sym))),
            Target::Global(global) => format!("`{}'", crate::error::show(self.globals[global].name)),
        }
    }

    /// The section of an atom is in the output and takes part in the image.
    pub fn is_alloc_live(&self, obj: ObjId, atom: AtomId) -> bool {
        let input = &self.objects[obj];
        let section = input.object.atoms[atom].section;
        input.fates[section] == SectionFate::Live && input.object.sections[section].flags.has(SectionFlags::ALLOC)
    }
}

/// The function around an offset of an atom.
fn enclosing<'o>(object: &'o obj::Object<'_>, atom: AtomId, offset: u64) -> Option<&'o [u8]> {
    let is_code = object.sections[object.atoms[atom].section].flags.has(SectionFlags::EXEC);
    let covers = |symbol: &&obj::Symbol| {
        symbol.def == obj::SymbolDef::Atom(atom)
            && symbol.kind == obj::SymbolKind::Function
            && (symbol.value..symbol.value.saturating_add(symbol.size.max(1))).contains(&offset)
    };
    let found = object.symbols.iter().filter(|_| is_code).find(covers);
    found.map(|symbol| object.str(symbol.name))
}
