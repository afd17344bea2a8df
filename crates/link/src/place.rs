//! Phase 9, place: output sections in the format's order, members in input order, then addresses, file offsets and
//! loadable segments.
//!
//! Each atom has its own place. With `Options::incremental` every member gets a slot with room to grow. A run of
//! sections with equal permissions is one segment; what is read-only after relocation ends on a page boundary, reached
//! by starting the segment late, so that the file does not grow.

use crate::error::ErrorKind;
use crate::facets::{Rule, SynthRule};
use crate::load::{ObjId, Place, SectionFate};
use crate::options::OutputKind;
use crate::symbols::{Def, GlobalFlags, GlobalId, SynthId};
use crate::{Link, Target, edges, frames, slack};
use base::bytes::align_up;
use base::define_id;
use base::ids::Id;
use obj::{AtomId, Section, SectionFlags, SectionId, SectionKind, SymbolKind};
use std::collections::HashMap;

define_id! {
    /// A section of the output.
    pub struct OutId; "out"
}

/// What the link makes itself, for the format to name and order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SynthKind {
    Commons,
    TlsCommons,
    Copies,
    CopiesReadOnly,
    Got,
    GotPlt,
    Plt,
    PltDirect,
    FrameHeader,
}

/// Who fills a synthetic member.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SynthContent {
    /// Nobody: zero.
    Zero,
    Pool(u32),
    Got,
    GotPlt,
    Plt,
    PltDirect,
    FrameHeader,
    /// The format's [`crate::Tables`], by a number of its own.
    Format(u32),
}

/// A member that the link or the format made.
#[derive(Clone, Debug)]
pub struct Synth {
    pub content: SynthContent,
    /// In bytes.
    pub size: u64,
    pub align: u64,
    /// Its section's position in [`Link::sections`] and its offset there.
    pub place: Place,
    pub section: OutId,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemberWhat {
    Atom(ObjId, AtomId),
    /// One object's unwind records; position in [`frames::Frames::parts`].
    Frames(u32),
    /// Records of procedure linkage, and the terminator.
    FramesEnd,
    Synth(SynthId),
}

/// One placed piece of an output section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Member {
    pub what: MemberWhat,
    pub sort: u32,
    pub align: u64,
    /// In the section.
    pub offset: u64,
    /// Bytes it has, and bytes it may grow to.
    pub size: u64,
    pub capacity: u64,
    /// Elements are reversed when copied.
    pub reverse: bool,
}

#[derive(Clone, Debug)]
pub struct OutSection {
    pub name: Vec<u8>,
    pub kind: SectionKind,
    pub flags: SectionFlags,
    pub rank: u32,
    pub relro: bool,
    pub align: u64,
    pub entry_size: u64,
    pub members: Vec<Member>,
    pub address: u64,
    pub file_offset: u64,
    pub size: u64,
    /// Position in the section table, from 1; 0 while or when it is not in the image.
    pub index: u32,
    pub in_image: bool,
    /// In the section table: everything but sections that only hold empty members (which still have addresses).
    pub listed: bool,
    /// Has no bytes in the file.
    pub zero: bool,
}

impl OutSection {
    pub fn is_alloc(&self) -> bool {
        self.flags.has(SectionFlags::ALLOC)
    }
    pub fn is_exec(&self) -> bool {
        self.flags.has(SectionFlags::EXEC)
    }
    pub fn is_write(&self) -> bool {
        self.flags.has(SectionFlags::WRITE)
    }
    pub fn is_tls(&self) -> bool {
        self.flags.has(SectionFlags::TLS)
    }
    pub fn is_zero(&self) -> bool {
        self.zero
    }
    /// Thread-local zeros take no room in the image.
    pub fn is_tls_zero(&self) -> bool {
        self.zero && self.is_tls()
    }
    /// Bytes in the file.
    pub fn file_size(&self) -> u64 {
        if self.zero { 0 } else { self.size }
    }
    fn permissions(&self) -> SectionFlags {
        SectionFlags(self.flags.0 & (SectionFlags::WRITE.0 | SectionFlags::EXEC.0))
    }
}

/// A loadable run of sections.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Segment {
    /// `WRITE` and `EXEC`.
    pub permissions: SectionFlags,
    pub address: u64,
    pub file_offset: u64,
    pub file_size: u64,
    pub memory_size: u64,
    pub align: u64,
}

/// The initial thread-local block of the image.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TlsBlock {
    pub address: u64,
    pub file_offset: u64,
    pub file_size: u64,
    pub size: u64,
    /// 0 when there is no such block.
    pub align: u64,
}

impl<'a> Link<'a> {
    /// Adds something that the link makes, where the format says.
    pub(crate) fn add_synth(&mut self, kind: SynthKind, content: SynthContent, size: u64, align: u64) -> SynthId {
        let rule = self.format.synth_rule(kind, self.options);
        self.add_member(&rule, content, size, align)
    }

    /// Adds a synthetic member to the output section that `rule` names.
    pub fn add_member(&mut self, rule: &SynthRule<'_>, content: SynthContent, size: u64, align: u64) -> SynthId {
        let section = self.out_section(rule.name, rule.rank, rule.kind, rule.flags, rule.entry_size, rule.relro);
        let synth = self.synths.push(Synth { content, size, align, place: Place::dropped(), section });
        let zero = content == SynthContent::Zero;
        let out = &mut self.sections[section];
        out.align = out.align.max(align);
        out.zero &= zero;
        let capacity = size;
        let what = MemberWhat::Synth(synth);
        out.members.push(Member { what, sort: rule.sort, align, offset: 0, size, capacity, reverse: false });
        synth
    }

    fn out_section(
        &mut self,
        name: &[u8],
        rank: u32,
        kind: SectionKind,
        flags: SectionFlags,
        entry_size: u64,
        relro: bool,
    ) -> OutId {
        if let Some(found) = self.sections.ids().find(|&id| self.sections[id].name == name) {
            return found;
        }
        self.sections.push(OutSection {
            name: name.to_vec(),
            kind,
            flags,
            rank,
            relro,
            align: 1,
            entry_size,
            members: Vec::new(),
            address: 0,
            file_offset: 0,
            size: 0,
            index: 0,
            in_image: true,
            listed: true,
            zero: true,
        })
    }

    /// Address of the first byte of the image.
    pub fn image_base(&self) -> u64 {
        match self.options.image_base {
            Some(base) => base,
            None if self.options.output == OutputKind::Exec => self.arch.arch.image_base,
            None => 0,
        }
    }

    /// Page size that segments respect.
    pub fn page_size(&self) -> u64 {
        self.options.z.max_page_size.unwrap_or(self.arch.arch.max_page_size).next_power_of_two()
    }

    /// The output section of that name, if it is in the image.
    pub fn section_named(&self, name: &[u8]) -> Option<&OutSection> {
        self.sections.iter().find(|section| section.name == name && section.in_image)
    }

    /// Sections in output order.
    pub fn ordered(&self) -> Vec<OutId> {
        let mut order: Vec<OutId> = self.sections.ids().filter(|&id| self.sections[id].in_image).collect();
        order.sort_by_key(|&id| self.sections[id].rank);
        order
    }

    /// Sections of the section table, in its order.
    pub fn listed(&self) -> Vec<OutId> {
        let mut order = self.ordered();
        order.retain(|&id| self.sections[id].listed);
        order
    }

    /// Address (or number) that a target stands for, with an addend that may select an element of a merged section.
    pub fn target_value(&self, obj: ObjId, target: Target, addend: i64) -> u64 {
        match target {
            // Into a merged section the addend belongs to the search, because elements move apart; but not one that leads
            // out of the atom, as that of a field before the end of its instruction.
            Target::Atom(atom) if self.objects[obj].places[atom].section == Place::CUT => match u64::try_from(addend) {
                Ok(inside) if inside <= self.objects[obj].object.atoms[atom].size => {
                    self.atom_address(obj, atom, inside)
                }
                _ => self.atom_address(obj, atom, 0).wrapping_add(addend as u64),
            },
            Target::Atom(atom) => self.atom_address(obj, atom, 0).wrapping_add(addend as u64),
            Target::Local(sym) => {
                let slot = self.slot_of(crate::slots::Owner::Local(obj, sym)).filter(|slot| slot.canonical);
                let value = match slot.and_then(|slot| self.entry_address(slot)) {
                    Some(entry) => entry,
                    None => self.symbol_address(obj, sym),
                };
                value.wrapping_add(addend as u64)
            }
            Target::Global(global) => self.values[global].wrapping_add(addend as u64),
        }
    }
}

/// Collects the members of every output section, in input order.
pub(crate) fn collect(link: &mut Link<'_>) {
    // Sections are found by (name, group of flags) once, then by the rule's name without a search.
    let mut known: HashMap<Vec<u8>, OutId> = HashMap::new();
    let mut pools_done = vec![false; link.merges.len()];
    for obj in link.objects.ids() {
        for idx in 0..link.objects[obj].object.sections.len() {
            let id = SectionId::from_index(idx);
            let input = &link.objects[obj];
            let fate = input.fates[id];
            if !fate.is_live() {
                continue;
            }
            let section = &input.object.sections[id];
            let rule = link.format.rule(section, link.options);
            let out = match known.get(rule.name) {
                Some(&out) => out,
                None => {
                    let name = rule.name.to_vec();
                    let (rank, relro) = (rule.rank, rule.relro);
                    let (kind, flags, entry_size) = (section.kind, out_flags(section.flags), section.entry_size);
                    let out = link.out_section(&name, rank, kind, flags, entry_size, relro);
                    known.insert(name, out);
                    out
                }
            };
            add_section(link, obj, id, fate, out, &mut pools_done);
        }
    }
    frame_members(link);
    for section in link.sections.iter_mut() {
        if section.members.iter().any(|member| member.sort != 0) {
            section.members.sort_by_key(|member| member.sort);
        }
        section.in_image = !section.members.is_empty();
        let counts = |member: &Member| member.capacity > 0 || matches!(member.what, MemberWhat::Synth(_));
        section.listed = section.members.iter().any(counts);
    }
}

fn out_flags(flags: SectionFlags) -> SectionFlags {
    let dropped = SectionFlags::LINK_ORDER.0 | SectionFlags::RETAIN.0 | SectionFlags::EXCLUDE.0;
    SectionFlags(flags.0 & !dropped)
}

fn add_section(link: &mut Link<'_>, obj: ObjId, id: SectionId, fate: SectionFate, out: OutId, pools: &mut [bool]) {
    let incremental = link.options.incremental;
    let input = &link.objects[obj];
    let section = &input.object.sections[id];
    let rule = link.format.rule(section, link.options);
    let Rule { sort, reverse, .. } = rule;
    let target = &mut link.sections[out];
    merge_attributes(target, section);
    match fate {
        SectionFate::Live => {
            for atom in section.atoms.start.0..section.atoms.end.0 {
                let atom = AtomId(atom);
                let at = &input.object.atoms[atom];
                let capacity = if incremental {
                    slack::slot_size(input.object.atom_bytes(atom), at.size, section, &rule)
                } else {
                    at.size
                };
                let align = u64::from(at.align.max(1));
                let what = MemberWhat::Atom(obj, atom);
                target.align = target.align.max(align);
                target.members.push(Member { what, sort, align, offset: 0, size: at.size, capacity, reverse });
            }
            if reverse {
                mirror_relocs(link, obj, id);
            }
        }
        SectionFate::Frames => {
            let part = link.frames.parts.iter().position(|part| part.0 == obj);
            link.frames.out = Some(out);
            target.align = target.align.max(section.align);
            let Some(part) = part.map(|at| at as u32) else { return };
            let what = MemberWhat::Frames(part);
            if target.members.iter().rev().any(|member| member.what == what) {
                return;
            }
            let size = u64::from(link.frames.parts[part as usize].2);
            target.members.push(Member { what, sort, align: 1, offset: 0, size, capacity: size, reverse: false });
        }
        SectionFate::Merged(idx) => {
            let pool_idx = input.merged[idx as usize].pool as usize;
            if std::mem::replace(&mut pools[pool_idx], true) {
                return;
            }
            let pool = &mut link.merges[pool_idx];
            let (size, align) = (pool.size, pool.align);
            let content = SynthContent::Pool(pool_idx as u32);
            let place = Place::dropped();
            pool.synth = link.synths.push(Synth { content, size, align, place, section: out });
            target.align = target.align.max(align);
            let what = MemberWhat::Synth(pool.synth);
            target.members.push(Member { what, sort, align, offset: 0, size, capacity: size, reverse: false });
        }
        SectionFate::Dead | SectionFate::Discarded | SectionFate::Ignored => {}
    }
}

/// In a table that is copied backwards, what refers to a word moves with it.
fn mirror_relocs(link: &mut Link<'_>, obj: ObjId, id: SectionId) {
    let input = &mut link.objects[obj];
    let atoms = input.object.sections[id].atoms.clone();
    let mirrored = |size: u64, offset: u32| (size as u32).saturating_sub(8).saturating_sub(offset);
    for atom in (atoms.start.0..atoms.end.0).map(AtomId) {
        let at = input.object.atoms[atom].clone();
        for reloc in &mut input.object.relocs[at.relocs.start as usize..at.relocs.end as usize] {
            reloc.offset = mirrored(at.size, reloc.offset);
        }
        for dynamic in input.dynamic_relocs.iter_mut().filter(|dynamic| dynamic.atom == atom) {
            dynamic.offset = mirrored(at.size, dynamic.offset);
        }
    }
}

/// An output section is as writable, executable and present as any of its inputs, as mergeable as all of them.
fn merge_attributes(out: &mut OutSection, section: &Section<'_>) {
    let all = SectionFlags::MERGE.0 | SectionFlags::STRINGS.0;
    if section.kind != SectionKind::Nobits {
        out.zero = false;
    }
    if out.kind == SectionKind::Nobits {
        out.kind = section.kind;
    }
    if out.entry_size != section.entry_size {
        out.entry_size = 0;
        out.flags.0 &= !all;
    }
    let flags = out_flags(section.flags).0;
    out.flags.0 = (out.flags.0 | flags) & !all | out.flags.0 & flags & all;
}

/// Records of procedure linkage, the terminator and the search table of unwind records.
fn frame_members(link: &mut Link<'_>) {
    let Some(out) = link.frames.out else { return };
    let size = link.frames.add_linkage(link.arch, &link.slots);
    link.sections[out].members.push(Member {
        what: MemberWhat::FramesEnd,
        sort: u32::MAX,
        align: 1,
        offset: 0,
        size,
        capacity: size,
        reverse: false,
    });
    if link.options.eh_frame_hdr {
        let size = frames::header_size(link.frames.n_fdes);
        let synth = link.add_synth(SynthKind::FrameHeader, SynthContent::FrameHeader, size, 4);
        link.frames.header = Some(synth);
    }
}

/// Number of loadable segments, before addresses.
pub fn n_load_segments(link: &Link<'_>) -> usize {
    let mut n = 1;
    let mut current = SectionFlags::NONE;
    for id in link.ordered() {
        let section = &link.sections[id];
        if section.is_alloc() && section.listed && !section.is_tls_zero() && joined(link, section) != current {
            n += 1;
            current = joined(link, section);
        }
    }
    n
}

/// Permissions of the segment that a section goes to.
fn joined(link: &Link<'_>, section: &OutSection) -> SectionFlags {
    let permissions = section.permissions();
    if !link.options.z.separate_code && !permissions.has(SectionFlags::WRITE) {
        // Read-only data may share the code's pages.
        let any_exec = link.sections.iter().any(|s| s.in_image && s.is_exec() && !s.is_write());
        return if any_exec { SectionFlags::EXEC } else { permissions };
    }
    permissions
}

/// Gives everything its address.
pub(crate) fn addresses(link: &mut Link<'_>, header_size: u64) {
    link.headers_size = header_size;
    let order = link.ordered();
    for &id in &order {
        lay_out_members(link, id);
    }
    for (idx, id) in link.listed().into_iter().enumerate() {
        link.sections[id].index = idx as u32 + 1;
    }
    align_tls(link, &order);
    let end = load_segments(link, &order);
    link.image_end = end.0;
    let mut offset = end.1;
    for &id in &order {
        let section = &mut link.sections[id];
        if !section.is_alloc() {
            offset = align_up(offset, section.align);
            section.file_offset = offset;
            offset = offset.saturating_add(section.file_size());
        }
    }
    link.file_size = offset;
    // Other spaces (32-bit fields of formats, memory) are checked where they are used.
    if link.image_end.checked_sub(link.image_base()).is_none_or(|size| size > 1 << 46) || offset > 1 << 46 {
        link.error(ErrorKind::Range, "the image is too large");
        return;
    }
    link.values = link.globals.items.ids().map(|_| 0).collect();
    // Boundaries and definitions first, then what refers to them.
    for id in link.globals.items.ids() {
        link.values[id] = global_value(link, id);
    }
}

fn lay_out_members(link: &mut Link<'_>, id: OutId) {
    let mut members = std::mem::take(&mut link.sections[id].members);
    let mut offset = 0u64;
    let mut sum_align = 1;
    for member in &mut members {
        offset = align_up(offset, member.align);
        sum_align = sum_align.max(member.align);
        member.offset = offset;
        offset = offset.saturating_add(member.capacity);
        let place = Place { section: id.0, offset: member.offset };
        match member.what {
            MemberWhat::Atom(obj, atom) => link.objects[obj].places[atom] = place,
            MemberWhat::Synth(synth) => link.synths[synth].place = place,
            MemberWhat::Frames(_) | MemberWhat::FramesEnd => {}
        }
    }
    let section = &mut link.sections[id];
    section.members = members;
    section.size = offset;
    section.align = section.align.max(sum_align);
    if section.zero && section.kind == SectionKind::Progbits {
        section.kind = SectionKind::Nobits;
    }
}

/// The block's first section carries the alignment of all of them.
fn align_tls(link: &mut Link<'_>, order: &[OutId]) {
    let tls = order.iter().copied().filter(|&id| link.sections[id].is_tls() && link.sections[id].is_alloc());
    let tls: Vec<OutId> = tls.collect();
    let align = tls.iter().map(|&id| link.sections[id].align).max().unwrap_or(0);
    if let Some(&first) = tls.first() {
        link.sections[first].align = align;
    }
    link.tls.align = align;
}

struct Cursor {
    address: u64,
    offset: u64,
}

/// Places allocated sections; returns the ends of memory and of the loaded part of the file.
fn load_segments(link: &mut Link<'_>, order: &[OutId]) -> (u64, u64) {
    let page = link.page_size();
    let base = link.image_base();
    let alloc: Vec<OutId> = order.iter().copied().filter(|&id| link.sections[id].is_alloc()).collect();
    let mut cursor = Cursor { address: base.saturating_add(link.headers_size), offset: link.headers_size };
    let mut segments = vec![Segment {
        permissions: SectionFlags::NONE,
        address: base,
        file_offset: 0,
        file_size: link.headers_size,
        memory_size: link.headers_size,
        align: page,
    }];
    let mut current = SectionFlags::NONE;
    for (position, &id) in alloc.iter().enumerate() {
        let section = &link.sections[id];
        let permissions = joined(link, section);
        if permissions != current && section.listed && !section.is_tls_zero() {
            current = permissions;
            let run = run_of(link, &alloc[position..], permissions);
            // Zeros in the middle of a segment become bytes.
            let last_bytes = run.iter().rposition(|&id| !link.sections[id].zero);
            for &id in &run[..last_bytes.unwrap_or(0)] {
                let section = &mut link.sections[id];
                section.zero &= section.is_tls();
            }
            start_segment(link, &mut cursor, &run, permissions, page);
            segments.push(Segment {
                permissions,
                address: cursor.address,
                file_offset: cursor.offset,
                file_size: 0,
                memory_size: 0,
                align: page,
            });
        }
        place_section(link, id, &mut cursor);
        let section = &link.sections[id];
        let segment = segments.last_mut().expect("there is one from the start");
        segment.align = segment.align.max(section.align);
        if section.listed && !section.is_tls_zero() {
            segment.memory_size = section.address + section.size - segment.address;
            if !section.zero {
                segment.file_size = section.file_offset + section.size - segment.file_offset;
            }
        }
        relro_end(link, &alloc, position, &mut cursor);
    }
    link.segments = segments;
    tls_block(link, &alloc);
    (cursor.address, cursor.offset)
}

/// The following sections that share a segment.
fn run_of(link: &Link<'_>, rest: &[OutId], permissions: SectionFlags) -> Vec<OutId> {
    let same = |id: &&OutId| {
        let section = &link.sections[**id];
        section.is_tls_zero() || !section.listed || joined(link, section) == permissions
    };
    rest.iter().take_while(same).copied().collect()
}

/// Moves the cursor to where a segment starts: a new page in memory, and in the file the same place within a page.
fn start_segment(link: &Link<'_>, cursor: &mut Cursor, run: &[OutId], permissions: SectionFlags, page: u64) {
    let mut start = align_up(cursor.address, page);
    if !permissions.has(SectionFlags::WRITE) {
        cursor.offset = align_up(cursor.offset, page);
    } else if link.options.z.relro {
        let relro: Vec<OutId> = run.iter().copied().take_while(|&id| link.sections[id].relro).collect();
        let end_from = |start: u64| {
            relro.iter().fold(start, |at, &id| {
                let section = &link.sections[id];
                let at = align_up(at, section.align);
                if section.is_tls_zero() { at } else { at + section.size }
            })
        };
        let align = relro.iter().map(|&id| link.sections[id].align).max().unwrap_or(1);
        let end = end_from(start);
        start += (align_up(end, page) - end) & !(align.min(page) - 1);
    } else {
        start += cursor.offset % page;
    }
    let align = run.first().map_or(1, |&id| link.sections[id].align);
    start = align_up(start, align);
    cursor.address = start;
    cursor.offset += (start.wrapping_sub(cursor.offset)) & (page - 1);
}

fn place_section(link: &mut Link<'_>, id: OutId, cursor: &mut Cursor) {
    let section = &mut link.sections[id];
    let address = align_up(cursor.address, section.align);
    section.address = address;
    if section.is_tls_zero() {
        section.file_offset = cursor.offset;
        return;
    }
    let offset = cursor.offset.saturating_add(address - cursor.address);
    section.file_offset = if section.zero { cursor.offset } else { offset };
    if !section.zero {
        cursor.offset = offset.saturating_add(section.size);
    }
    cursor.address = address.saturating_add(section.size);
}

/// After the last section that becomes read-only, memory goes on at a new page.
fn relro_end(link: &mut Link<'_>, alloc: &[OutId], position: usize, cursor: &mut Cursor) {
    let section = &link.sections[alloc[position]];
    let more = alloc[position + 1..].iter().any(|&id| link.sections[id].relro);
    if !section.relro || !link.options.z.relro || more {
        return;
    }
    let first = alloc.iter().find(|&&id| link.sections[id].relro).copied().unwrap_or(alloc[position]);
    let start = link.sections[first].address;
    let page = link.page_size();
    let end = align_up(cursor.address, page);
    link.relro = Some(start..end);
    let next = alloc.get(position + 1).map(|&id| &link.sections[id]);
    if next.is_some_and(OutSection::is_write) {
        cursor.offset = cursor.offset.saturating_add(end - cursor.address);
        cursor.address = end;
    }
}

fn tls_block(link: &mut Link<'_>, alloc: &[OutId]) {
    let tls: Vec<&OutSection> = alloc.iter().map(|&id| &link.sections[id]).filter(|s| s.is_tls()).collect();
    let Some(first) = tls.first() else { return };
    // Thread-local zeros overlap what follows in memory; in the block they come one after the other.
    let mut end = first.address;
    let mut file_end = first.file_offset;
    let mut zero_at = Vec::new();
    for section in &tls {
        let at = align_up(end, section.align);
        zero_at.push(at);
        end = at + section.size;
        if !section.zero {
            file_end = section.file_offset + section.size;
        }
    }
    let block = TlsBlock {
        address: first.address,
        file_offset: first.file_offset,
        file_size: file_end - first.file_offset,
        size: end - first.address,
        align: link.tls.align,
    };
    let ids: Vec<OutId> = alloc.iter().copied().filter(|&id| link.sections[id].is_tls()).collect();
    for (id, at) in ids.into_iter().zip(zero_at) {
        link.sections[id].address = at;
    }
    link.tls = block;
}

/// Value of a global: its address in this image, 0 when it has none.
pub(crate) fn global_value(link: &Link<'_>, id: GlobalId) -> u64 {
    let global = &link.globals[id];
    let slot = link.slots.of(id);
    if let Some(slot) = slot {
        if let Some(copy) = slot.copy {
            return link.copy_address(copy);
        }
        if slot.canonical
            && let Some(entry) = link.entry_address(slot)
        {
            return entry;
        }
    }
    match global.def {
        Def::Object { obj, sym } if global.is(GlobalFlags::COMMON) => {
            let tls = link.objects[obj].object.symbols[sym].kind == SymbolKind::Tls;
            let synth = if tls { link.slots.tls_common_synth } else { link.slots.common_synth };
            synth.map_or(0, |synth| link.synth_address(synth)) + global.common_offset
        }
        Def::Object { obj, sym } => link.symbol_address(obj, sym),
        Def::Synth { synth, offset } => link.synth_address(synth) + offset,
        Def::Edge(edge) => edges::value(link, &link.edges[edge as usize]),
        Def::Absolute(value) => value,
        Def::Undefined | Def::Shared { .. } => 0,
    }
}
