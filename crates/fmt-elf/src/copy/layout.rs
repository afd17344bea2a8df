//! Where everything goes in the output file.
//!
//! Of a linked file the loaded part stays as it is, and the rest follows it. A file of debug information alone has no
//! loaded part any more: its segments are laid out anew, as GNU objcopy does it, with what has no contents at offsets
//! that keep the segments' alignment. Relocations, and names of sections, come behind the symbol table.

use super::write::{Body, OutSection};
use super::{File, Result, Section, refuse, shown};
use crate::defs::{EHDR_SIZE, PHDR_SIZE, PT_GNU_RELRO, PT_LOAD, PT_PHDR, PT_TLS, SHF_ALLOC, SHF_TLS, SHT_NOBITS};
use crate::raw::{Phdr, slice, u64_at};
use base::bytes::align_up;
use obj::copy::{Plan, Strip};

/// The places of everything.
pub(super) struct Layout {
    /// Program headers of the output, and where they stand.
    pub phdrs: Vec<Phdr>,
    pub phoff: u64,
    /// Where the section headers stand: the end of everything else.
    pub shoff: u64,
    /// Ranges of the input that go along as they are, at the same place.
    pub copied: Vec<(u64, u64)>,
}

/// Gives every section of the output its file offset.
pub(super) fn layout(file: &File<'_>, plan: &Plan, out: &mut [OutSection<'_>]) -> Result<Layout> {
    let mut layout = Layout { phdrs: Vec::new(), phoff: 0, shoff: 0, copied: Vec::new() };
    let mut end = EHDR_SIZE as u64;
    if file.linked {
        layout.phdrs = moved_segments(file)?;
        if !layout.phdrs.is_empty() {
            layout.phoff = u64_at(file.bytes, 32);
        }
        end = if plan.strip == Strip::NonDebug {
            layout.phoff = if layout.phdrs.is_empty() { 0 } else { EHDR_SIZE as u64 };
            place_without_contents(file, out, &mut layout)
        } else {
            keep_places(file, out, &mut layout)?
        };
    }
    let mut place = |section: &mut OutSection<'_>| {
        end = align_up(end, section.header.align.max(1));
        section.header.offset = end;
        if section.header.kind != SHT_NOBITS {
            end = end.saturating_add(section.header.size);
        }
    };
    // Everything that is not placed yet; then the symbol table and its names; then relocations; then names of sections.
    for wanted in [Body::is_contents, Body::is_symbols, Body::is_relocs, Body::is_names] {
        for section in out.iter_mut().filter(|section| wanted(&section.body) && !section.placed) {
            place(section);
        }
    }
    layout.shoff = align_up(end, 8);
    Ok(layout)
}

/// True when a section of the input lies in a segment.
fn is_in(section: &Section<'_>, phdr: &Phdr) -> bool {
    let header = &section.header;
    let tls = header.flags & SHF_TLS != 0;
    if header.flags & SHF_ALLOC == 0 || (tls && !matches!(phdr.kind, PT_LOAD | PT_TLS | PT_GNU_RELRO)) {
        return false;
    }
    if (!tls && phdr.kind == PT_TLS) || phdr.kind == PT_PHDR {
        return false;
    }
    let size = if tls && header.kind == SHT_NOBITS && phdr.kind != PT_TLS { 0 } else { section.old_size };
    let Some(start) = section.old_addr.checked_sub(phdr.vaddr) else { return false };
    // What is empty belongs to the segment that it lies inside of, not to one that it merely touches.
    start.checked_add(size).is_some_and(|end| end <= phdr.memsz)
        && (start < phdr.memsz || (size == 0 && phdr.memsz == 0))
}

/// The program headers, with the addresses that their sections got.
fn moved_segments(file: &File<'_>) -> Result<Vec<Phdr>> {
    let fixed: Vec<&Section<'_>> = file.sections.iter().filter(|section| section.fixed).collect();
    let moves = |section: &Section<'_>| {
        (section.header.addr.wrapping_sub(section.old_addr), section.lma.wrapping_sub(section.old_lma))
    };
    let mut phdrs = file.phdrs.clone();
    let anything_moved = fixed.iter().any(|section| section.keep && moves(section) != (0, 0));
    let anything_gone = fixed.iter().any(|section| !section.keep);
    let mut kept = fixed.iter().filter(|section| section.keep);
    let Some(first) = kept.next() else {
        // Nothing that is loaded is left.
        return Ok(if fixed.is_empty() { phdrs } else { Vec::new() });
    };
    let all_alike = kept.all(|section| moves(section) == moves(first));
    if anything_moved && all_alike {
        // The whole image moves, with its segments that have no sections.
        let (vma, lma) = moves(first);
        for phdr in phdrs.iter_mut().filter(|phdr| phdr.memsz != 0) {
            phdr.vaddr = phdr.vaddr.wrapping_add(vma);
            phdr.paddr = phdr.paddr.wrapping_add(lma);
        }
        return Ok(phdrs);
    }
    for phdr in phdrs.iter_mut().filter(|_| anything_moved || anything_gone) {
        let inside: Vec<&&Section<'_>> = fixed.iter().filter(|section| is_in(section, phdr)).collect();
        let mut kept = inside.iter().filter(|section| section.keep);
        let Some(first) = kept.next() else {
            // All that it was for is gone.
            if !inside.is_empty() && phdr.kind != PT_LOAD {
                *phdr = Phdr { offset: 0, paddr: 0, filesz: 0, memsz: 0, ..*phdr };
            }
            continue;
        };
        let (vma, lma) = moves(first);
        if let Some(other) = kept.find(|section| moves(section) != (vma, lma)) {
            let name = shown(&other.name);
            return refuse(format!("section {name} cannot be given another address than the rest of its segment"));
        }
        phdr.vaddr = phdr.vaddr.wrapping_add(vma);
        phdr.paddr = phdr.paddr.wrapping_add(lma);
        shrink(phdr, &inside);
    }
    Ok(phdrs)
}

/// Takes the sections that are gone off the end of a segment that describes part of a loaded one.
fn shrink(phdr: &mut Phdr, inside: &[&&Section<'_>]) {
    let is_last_gone = inside.last().is_some_and(|section| !section.keep);
    if phdr.kind == PT_LOAD || phdr.kind == PT_GNU_RELRO || !is_last_gone {
        return;
    }
    let Some(last) = inside.iter().rfind(|section| section.keep) else { return };
    let size = (last.old_addr.wrapping_add(last.old_size)).wrapping_sub(phdr.vaddr);
    if size <= phdr.memsz {
        phdr.filesz = phdr.filesz.min(size);
        phdr.memsz = size;
    }
}

/// The loaded part stays; the end of it.
fn keep_places(file: &File<'_>, out: &mut [OutSection<'_>], layout: &mut Layout) -> Result<u64> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    if !layout.phdrs.is_empty() {
        ranges.push((layout.phoff, (layout.phdrs.len() * PHDR_SIZE) as u64));
    }
    // What a segment has beside its sections is loaded as well.
    ranges.extend(layout.phdrs.iter().filter(|p| p.filesz != 0).map(|p| (p.offset, p.filesz)));
    for section in out.iter_mut().filter(|section| section.fixed) {
        section.placed = true;
        if section.header.kind == SHT_NOBITS {
            continue;
        }
        if section.was_nobits && section.header.size > 0 {
            return refuse(format!("section {} has no room for contents in the file", shown(&section.name)));
        }
        ranges.push((section.header.offset, section.header.size));
    }
    // A file of debug information may have segments of which nothing is there.
    ranges.retain(|&(offset, size)| slice(file.bytes, offset, size).is_some());
    let end = ranges.iter().map(|&(offset, size)| offset + size).max().unwrap_or(0);
    layout.copied = ranges;
    Ok(end.max(EHDR_SIZE as u64))
}

/// Lays out the segments of a file whose loaded contents are gone but for notes; the end of them.
fn place_without_contents(file: &File<'_>, out: &mut [OutSection<'_>], layout: &mut Layout) -> u64 {
    let headers_end = EHDR_SIZE as u64 + (layout.phdrs.len() * PHDR_SIZE) as u64;
    let mut end = if layout.phdrs.is_empty() { EHDR_SIZE as u64 } else { headers_end };
    let members = |phdr: &Phdr| -> Vec<usize> {
        let within = |&at: &usize| out[at].source.is_some_and(|source| is_in(&file.sections[source], phdr));
        (0..out.len()).filter(within).collect()
    };
    let segments: Vec<Vec<usize>> = file.phdrs.iter().map(members).collect();
    let mut loads: Vec<usize> = (0..layout.phdrs.len()).filter(|&n| layout.phdrs[n].kind == PT_LOAD).collect();
    loads.sort_by_key(|&n| layout.phdrs[n].paddr);
    for n in loads {
        if !segments[n].is_empty() {
            end = place_load(&mut layout.phdrs[n], &segments[n], out, end, headers_end);
        }
    }
    // Thread-local zeros in no segment of the file, as if they began one.
    for (_, members) in layout.phdrs.iter().zip(&segments).filter(|(phdr, _)| phdr.kind == PT_TLS) {
        for &at in members {
            if !out[at].placed {
                out[at].header.offset = end + bias(out[at].header.addr, end, out[at].header.align.max(1));
                out[at].placed = true;
            }
        }
    }
    for (n, phdr) in layout.phdrs.iter_mut().enumerate().filter(|(_, phdr)| phdr.kind != PT_LOAD) {
        let Some(&first) = segments[n].first() else { continue };
        phdr.offset = out[first].header.offset;
        let last = segments[n].iter().rfind(|&&at| out[at].header.kind != SHT_NOBITS);
        phdr.filesz = last.map_or(0, |&at| (out[at].header.offset + out[at].header.size).saturating_sub(phdr.offset));
    }
    for section in out.iter_mut().filter(|section| section.fixed && !section.placed) {
        section.placed = section.header.kind == SHT_NOBITS;
        section.header.offset = end;
    }
    end
}

/// What is to be added to the offset `end` so that it is congruent to `addr`.
fn bias(addr: u64, end: u64, align: u64) -> u64 {
    addr.wrapping_sub(end) & (align.max(1) - 1)
}

/// Lays out one loaded segment from offset `end` on; the new end. What has no contents takes no space, and does not move
/// the sections behind it; contents behind it have their distance in memory.
fn place_load(phdr: &mut Phdr, members: &[usize], out: &mut [OutSection<'_>], end: u64, headers_end: u64) -> u64 {
    let page = if phdr.align.is_power_of_two() { phdr.align } else { 1 };
    let align = members.iter().map(|&at| out[at].header.align.max(1)).fold(page, u64::max);
    let no_contents = members.iter().all(|&at| out[at].header.kind == SHT_NOBITS);
    let has_headers = phdr.offset == 0 && phdr.filesz >= EHDR_SIZE as u64;
    let aligned = bias(phdr.vaddr, end, align);
    let mut off = end;
    let mut give_back = 0;
    if has_headers {
        // Begins at the start of the file.
        phdr.filesz = headers_end.max(off);
    } else {
        off += aligned;
        give_back = if no_contents { aligned } else { 0 };
        phdr.offset = if no_contents { off % page } else { off };
        phdr.filesz = 0;
    }
    let mut memory = phdr.filesz;
    for (n, &at) in members.iter().enumerate() {
        let header = &mut out[at].header;
        let contents = header.kind != SHT_NOBITS;
        let is_zero_tls = !contents && header.flags & SHF_TLS != 0;
        if !is_zero_tls {
            let start = header.addr.wrapping_sub(phdr.vaddr);
            let mut adjust = start.saturating_sub(memory);
            memory = memory.saturating_add(adjust);
            if contents {
                adjust = memory.saturating_sub(phdr.filesz);
                phdr.filesz = phdr.filesz.saturating_add(adjust);
            }
            if contents || n == 0 {
                off = off.saturating_add(adjust);
            }
        }
        header.offset = off;
        if contents {
            off = off.saturating_add(header.size);
            phdr.filesz = phdr.filesz.saturating_add(header.size);
        }
        if !is_zero_tls {
            memory = memory.saturating_add(header.size);
        }
        out[at].placed = true;
    }
    off.saturating_sub(give_back)
}
