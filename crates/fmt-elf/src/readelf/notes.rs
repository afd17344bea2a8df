//! Notes: gABI chapter 5, "Note Section"; Linux extensions to the gABI for properties.

use super::Cx;
use super::dump::relocate;
use super::names::find;
use super::notes_names::{ABI_SYSTEMS, CORE_NOTES, GNU_NOTES, OTHER_NOTES, PROPERTIES};
use super::relocs::sections_for;
use crate::defs::{ET_CORE, PT_NOTE, SHT_NOTE};
use crate::raw::{slice, u32_at, u64_at};

const NT_FILE: u32 = 0x4649_4c45;
const NT_STAPSDT: u32 = 3;

pub(super) fn all_notes(cx: &mut Cx<'_, '_>) {
    if !cx.options.notes {
        return;
    }
    let mut found = false;
    // A core file has segments alone; what is linked or not yet has sections.
    if cx.file.kind != ET_CORE {
        for idx in 0..cx.file.shdrs.len() {
            let shdr = cx.file.shdrs[idx];
            if shdr.kind == SHT_NOTE {
                found = true;
                let name = cx.file.section_name(&shdr);
                cx.bytes(b"\nDisplaying notes found in: ");
                cx.section_name(name);
                cx.bytes(b"\n");
                // In an object the addresses in notes (SystemTap's) are still to be relocated.
                let tables = sections_for(cx, idx);
                match cx.file.data(&shdr) {
                    Some(data) if !tables.is_empty() => {
                        let mut data = data.to_vec();
                        tables.iter().for_each(|table| relocate(cx, &mut data, &shdr, table));
                        notes_of(cx, Some(&data), shdr.align);
                    }
                    data => notes_of(cx, data, shdr.align),
                }
            }
        }
        if found {
            return;
        }
    }
    for idx in 0..cx.file.phdrs.len() {
        let phdr = cx.file.phdrs[idx];
        if phdr.kind == PT_NOTE {
            let (offset, size) = (phdr.offset, phdr.filesz);
            cx.put(format_args!("\nDisplaying notes found at file offset {offset:#010x} with length {size:#010x}:\n"));
            let data = slice(cx.file.bytes, offset, size);
            notes_of(cx, data, phdr.align);
        }
    }
}

/// One note.
struct Note<'n> {
    owner: &'n [u8],
    kind: u32,
    desc: &'n [u8],
}

fn notes_of(cx: &mut Cx<'_, '_>, data: Option<&[u8]>, align: u64) {
    let Some(data) = data else {
        cx.warn("notes reach past the end of the file");
        return;
    };
    if data.is_empty() {
        return;
    }
    cx.put(format_args!("  {:<20} {:<10}\tDescription\n", "Owner", "Data size"));
    // The smallest alignment is four, also where the header says less.
    let align = if align == 8 { 8 } else { 4usize };
    let mut at = 0usize;
    while let Some(record) = data.get(at..).and_then(|tail| tail.get(..12)) {
        if !cx.spend() {
            return;
        }
        let (name_size, desc_size) = (u32_at(record, 0) as usize, u32_at(record, 4) as usize);
        let desc_at = (12usize.saturating_add(name_size)).next_multiple_of(align);
        let owner = slice(&data[at..], 12, name_size as u64);
        let desc = slice(&data[at..], desc_at as u64, desc_size as u64);
        let (Some(owner), Some(desc)) = (owner, desc) else {
            cx.warn(format!("a note at offset {at:#x} reaches past the end of the notes"));
            return;
        };
        let end = owner.iter().position(|&byte| byte == 0).unwrap_or(owner.len());
        note(cx, &Note { owner: &owner[..end], kind: u32_at(record, 8), desc });
        at = at.saturating_add(desc_at.saturating_add(desc_size).next_multiple_of(align));
    }
}

fn note(cx: &mut Cx<'_, '_>, note: &Note<'_>) {
    let owner = if note.owner.is_empty() { b"(NONE)" } else { note.owner };
    cx.bytes(b"  ");
    cx.name(20, true, owner);
    let kind = note_type(cx, note);
    cx.put(format_args!(" {:#010x}\t{kind}", note.desc.len()));
    cx.bytes(if cx.options.wide { b"\t" } else { b"\n" });
    match note.owner {
        b"GNU" if is_plain(cx) => gnu_note(cx, note),
        b"stapsdt" if note.kind == NT_STAPSDT => probe(cx, note.desc),
        b"CORE" if note.kind == NT_FILE => mapped_files(cx, note.desc),
        b"CORE" => {
            if cx.options.wide {
                cx.bytes(b"\n");
            }
        }
        b"FDO" if note.kind == 0xcafe_1a7e => {
            cx.bytes(b"    Packaging Metadata: ");
            cx.bytes(until_nul(note.desc));
            cx.bytes(b"\n");
        }
        _ => {
            if !note.desc.is_empty() {
                cx.bytes(b"   description data: ");
                for byte in note.desc {
                    cx.put(format_args!("{byte:02x} "));
                }
                if !cx.options.wide {
                    cx.bytes(b"\n");
                }
            }
            if cx.options.wide {
                cx.bytes(b"\n");
            }
        }
    }
}

/// Types of GNU notes are those of ordinary files.
fn is_plain(cx: &Cx<'_, '_>) -> bool {
    cx.file.kind != ET_CORE
}

fn until_nul(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len())]
}

fn note_type(cx: &Cx<'_, '_>, note: &Note<'_>) -> String {
    let table = match note.owner {
        b"GNU" if is_plain(cx) => GNU_NOTES,
        b"stapsdt" => {
            return match note.kind {
                NT_STAPSDT => "NT_STAPSDT (SystemTap probe descriptors)".into(),
                kind => format!("Unknown note type: ({kind:#010x})"),
            };
        }
        b"Go" if note.kind == 4 => return "GO BUILDID".into(),
        _ if cx.file.kind == ET_CORE => CORE_NOTES,
        _ => OTHER_NOTES,
    };
    find(table, note.kind).map_or_else(|| format!("Unknown note type: ({:#010x})", note.kind), Into::into)
}

fn gnu_note(cx: &mut Cx<'_, '_>, note: &Note<'_>) {
    let desc = note.desc;
    match note.kind {
        1 => {
            if desc.len() < 16 {
                cx.bytes(b"    <corrupt GNU_ABI_TAG>\n");
                return;
            }
            let system = find(ABI_SYSTEMS, u32_at(desc, 0)).unwrap_or("Unknown");
            let (major, minor, sub) = (u32_at(desc, 4), u32_at(desc, 8), u32_at(desc, 12));
            cx.put(format_args!("    OS: {system}, ABI: {major}.{minor}.{sub}\n"));
        }
        3 => {
            cx.bytes(b"    Build ID: ");
            for byte in desc {
                cx.put(format_args!("{byte:02x}"));
            }
            cx.bytes(b"\n");
        }
        4 => {
            cx.bytes(b"    Version: ");
            cx.bytes(until_nul(desc));
            cx.bytes(b"\n");
        }
        5 => properties(cx, desc),
        _ => {
            cx.bytes(b"    Description data: ");
            for byte in desc {
                cx.put(format_args!("{byte:02x} "));
            }
            cx.bytes(b"\n");
        }
    }
}

fn properties(cx: &mut Cx<'_, '_>, desc: &[u8]) {
    cx.bytes(b"      Properties: ");
    if desc.len() < 8 || !desc.len().is_multiple_of(8) {
        cx.put(format_args!("<corrupt GNU_PROPERTY_TYPE, size = {:#x}>\n", desc.len()));
        return;
    }
    let mut at = 0usize;
    while let Some(record) = desc.get(at..).filter(|tail| tail.len() >= 8) {
        let (kind, size) = (u32_at(record, 0), u32_at(record, 4) as usize);
        let Some(data) = record.get(8..8usize.saturating_add(size)) else {
            cx.put(format_args!("<corrupt type ({kind:#x}) datasz: {size:#x}>"));
            break;
        };
        property(cx, kind, data);
        at = at.saturating_add(8 + size.next_multiple_of(8));
        if at >= desc.len() {
            break;
        }
        cx.bytes(if cx.options.wide { b", " } else { b"\n\t" });
    }
    cx.bytes(b"\n");
}

fn property(cx: &mut Cx<'_, '_>, kind: u32, data: &[u8]) {
    let machine = cx.file.machine;
    let row = PROPERTIES
        .iter()
        .find(|(number, .., machines)| *number == kind && (machines.is_empty() || machines.contains(&machine)));
    if let Some((_, text, bits, _)) = row {
        cx.bytes(text.as_bytes());
        if data.len() != 4 {
            cx.put(format_args!("<corrupt length: {:#x}> ", data.len()));
        } else {
            bit_names(cx, u32_at(data, 0), bits);
        }
        return;
    }
    match kind {
        1 => {
            cx.bytes(b"stack size: ");
            match data.len() {
                8 => cx.put(format_args!("{:#x}", u64_at(data, 0))),
                n => cx.put(format_args!("<corrupt length: {n:#x}> ")),
            }
        }
        2 => {
            cx.bytes(b"no copy on protected ");
            if !data.is_empty() {
                cx.put(format_args!("<corrupt length: {:#x}> ", data.len()));
            }
        }
        3 => {
            cx.bytes(b"memory seal ");
        }
        _ => {
            if kind < 0xc000_0000 {
                cx.put(format_args!("<unknown type {kind:#x} data: "));
            } else if kind < 0xe000_0000 {
                cx.put(format_args!("<processor-specific type {kind:#x} data: "));
            } else {
                cx.put(format_args!("<application-specific type {kind:#x} data: "));
            }
            for byte in data {
                cx.put(format_args!("{byte:02x} "));
            }
            cx.bytes(b">");
        }
    }
}

fn bit_names(cx: &mut Cx<'_, '_>, value: u32, names: &[(u32, &str)]) {
    if value == 0 {
        cx.bytes(b"<None>");
        return;
    }
    let mut words: Vec<String> = Vec::new();
    let mut left = value;
    while left != 0 {
        let bit = left & left.wrapping_neg();
        left &= !bit;
        words.push(find(names, bit).map_or_else(|| format!("<unknown: {bit:x}>"), Into::into));
    }
    cx.put(format_args!("{}", words.join(", ")));
}

/// A probe of SystemTap: three addresses, then strings.
fn probe(cx: &mut Cx<'_, '_>, desc: &[u8]) {
    if desc.len() < 27 {
        cx.put(format_args!("  <corrupt - note is too small>\n"));
        return;
    }
    let (at, base, semaphore) = (u64_at(desc, 0), u64_at(desc, 8), u64_at(desc, 16));
    let mut texts = desc[24..].split(|&byte| byte == 0);
    let mut next = || texts.next().unwrap_or(b"");
    let (provider, name, arguments) = (next(), next(), next());
    cx.bytes(b"    Provider: ");
    cx.bytes(provider);
    cx.bytes(b"\n    Name: ");
    cx.bytes(name);
    cx.put(format_args!("\n    Location: {at:#018x}, Base: {base:#018x}, Semaphore: {semaphore:#018x}\n"));
    cx.bytes(b"    Arguments: ");
    cx.bytes(arguments);
    cx.bytes(b"\n");
}

/// The files that a process had mapped: count, page size, then ranges, then names.
fn mapped_files(cx: &mut Cx<'_, '_>, desc: &[u8]) {
    let (count, page) = (u64_at(desc, 0), u64_at(desc, 8));
    let ranges = usize::try_from(count).ok().and_then(|n| desc.get(16..16usize.checked_add(n.checked_mul(24)?)?));
    let Some(ranges) = ranges else {
        cx.bytes(b"    Malformed note - too short for supplied file count\n");
        return;
    };
    cx.put(format_args!("    Page size: {page}\n    {:>18}{:>20}{:>20}\n", "Start", "End", "Page Offset"));
    let mut names = desc[16 + ranges.len()..].split(|&byte| byte == 0);
    for range in ranges.chunks_exact(24) {
        let (start, end, offset) = (u64_at(range, 0), u64_at(range, 8), u64_at(range, 16));
        cx.put(format_args!("    {start:#018x}  {end:#018x}  {offset:#018x}\n        "));
        cx.bytes(names.next().unwrap_or(b""));
        cx.bytes(b"\n");
    }
}
