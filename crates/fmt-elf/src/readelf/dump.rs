//! The contents of single sections: in hexadecimal, as strings, with relocations applied.

use super::file::Symbol;
use super::relocs::sections_for;
use super::{Cx, DumpKind};
use crate::defs::{
    CHDR_SIZE, EM_X86_64, REL_SIZE, RELA_SIZE, SHF_COMPRESSED, SHT_NOBITS, SHT_NULL, SHT_RELA, STT_SECTION,
};
use crate::raw::{Shdr, u32_at, u64_at};
use std::borrow::Cow;
use std::io::Read;

/// Relocations that need no more than a symbol and an addend: machine, number, bytes, relative to the place.
static SIMPLE: &[(u16, u32, usize, bool)] = &[
    (EM_X86_64, 1, 8, false),
    (EM_X86_64, 2, 4, true),
    (EM_X86_64, 10, 4, false),
    (EM_X86_64, 11, 4, false),
    (EM_X86_64, 12, 2, false),
    (EM_X86_64, 14, 1, false),
    (EM_X86_64, 24, 8, true),
];

pub(super) fn section_contents(cx: &mut Cx<'_, '_>) {
    // Several requests for one section are shown together, sections in the file's order.
    let dumps = &cx.options.dumps;
    let mut found = vec![false; dumps.len()];
    for idx in 0..cx.file.shdrs.len() {
        let shdr = cx.file.shdrs[idx];
        let name = cx.file.section_name(&shdr);
        let is_this = |wanted: &str| match wanted.parse::<usize>() {
            Ok(number) => number == idx,
            Err(_) => wanted.as_bytes() == name,
        };
        for kind in [DumpKind::Hex, DumpKind::Relocated, DumpKind::Strings] {
            let mut any = false;
            for (dump, found) in dumps.iter().zip(&mut found) {
                if dump.kind == kind && is_this(&dump.section) {
                    *found = true;
                    any = true;
                }
            }
            if any {
                match kind {
                    DumpKind::Hex => hex(cx, idx, &shdr, false),
                    DumpKind::Relocated => hex(cx, idx, &shdr, true),
                    DumpKind::Strings => strings(cx, &shdr),
                }
            }
        }
        if let Some(debug) = cx.facts.debug {
            let warnings = debug(idx, cx.out);
            cx.warnings.extend(warnings);
        }
    }
    for (dump, _) in dumps.iter().zip(found).filter(|(_, found)| !found) {
        match dump.section.parse::<u64>() {
            Ok(number) => cx.warn(format!("Section {number} was not dumped because it does not exist!")),
            Err(_) => cx.warn(format!("Section '{}' was not dumped because it does not exist", dump.section)),
        }
    }
}

/// The bytes to show, with what is to be said of them; `None` when there are none, which was said.
fn contents<'a>(cx: &mut Cx<'a, '_>, shdr: &Shdr, what: &str) -> Option<Cow<'a, [u8]>> {
    let name = cx.file.section_name(shdr);
    if shdr.size == 0 || shdr.kind == SHT_NOBITS || shdr.kind == SHT_NULL {
        cx.bytes(b"Section '");
        cx.section_name(name);
        cx.bytes(b"' has no data to dump.\n");
        return None;
    }
    cx.put(format_args!("\n{what} dump of section '"));
    cx.section_name(name);
    cx.bytes(b"':\n");
    let Some(data) = cx.file.data(shdr) else {
        cx.warn(format!("section {} reaches past the end of the file", String::from_utf8_lossy(name)));
        return None;
    };
    if !cx.options.decompress || shdr.flags & SHF_COMPRESSED == 0 {
        return Some(Cow::Borrowed(data));
    }
    match decompressed(data) {
        Ok(data) => Some(Cow::Owned(data)),
        Err(text) => {
            cx.warn(format!("section {}: {text}", String::from_utf8_lossy(name)));
            None
        }
    }
}

fn decompressed(data: &[u8]) -> Result<Vec<u8>, String> {
    let body = data.get(CHDR_SIZE..).ok_or("the compression header is cut")?;
    if u32_at(data, 0) != 1 {
        return Err("it is compressed by other means than zlib".into());
    }
    // What it claims to be is the limit; deflate makes at most 1032 bytes of one.
    let size = u64_at(data, 8).min(body.len() as u64 * 1032);
    let mut out = Vec::new();
    match flate2::read::ZlibDecoder::new(body).take(size).read_to_end(&mut out) {
        Ok(_) => Ok(out),
        Err(error) => Err(error.to_string()),
    }
}

fn hex(cx: &mut Cx<'_, '_>, idx: usize, shdr: &Shdr, relocated: bool) {
    let Some(mut data) = contents(cx, shdr, "Hex") else { return };
    let tables = sections_for(cx, idx);
    if relocated {
        for table in &tables {
            relocate(cx, data.to_mut(), shdr, table);
        }
    } else if !tables.is_empty() {
        cx.bytes(b" NOTE: This section has relocations against it, but these have NOT been applied to this dump.\n");
    }
    for (nth, row) in data.chunks(16).enumerate() {
        cx.put(format_args!("  {:#010x} ", shdr.addr.wrapping_add(16 * nth as u64)));
        for at in 0..16 {
            match row.get(at) {
                Some(byte) => cx.put(format_args!("{byte:02x}")),
                None => cx.bytes(b"  "),
            }
            if at % 4 == 3 {
                cx.bytes(b" ");
            }
        }
        let shown: Vec<u8> = row.iter().map(|&byte| if (b' '..=b'~').contains(&byte) { byte } else { b'.' }).collect();
        cx.bytes(&shown);
        cx.bytes(b"\n");
    }
    cx.bytes(b"\n");
}

/// Applies the relocations of `table` to the bytes of `shdr`, as far as they need no more than the file has.
pub(super) fn relocate(cx: &mut Cx<'_, '_>, data: &mut [u8], shdr: &Shdr, table: &Shdr) {
    let rela = table.kind == SHT_RELA;
    let size = if rela { RELA_SIZE } else { REL_SIZE };
    let symbols = cx.file.data_of(table.link);
    for record in cx.file.data(table).unwrap_or(&[]).chunks_exact(size) {
        let (offset, info) = (u64_at(record, 0), u64_at(record, 8));
        let number = info as u32;
        let row = SIMPLE.iter().find(|(machine, kind, ..)| (*machine, *kind) == (cx.file.machine, number));
        let Some(&(_, _, len, relative)) = row else {
            if number != 0 {
                cx.warn(format!("unable to apply unsupported reloc type {number} to the dump"));
            }
            continue;
        };
        let symbol = if info >> 32 == 0 { None } else { Symbol::at(symbols, (info >> 32) as usize) };
        // Other kinds of symbols mean a place in memory that only a link gives.
        if symbol.is_some_and(|symbol| symbol.kind() > STT_SECTION) {
            cx.warn(format!("skipping unexpected symbol type in a relocation at {offset:#x}"));
            continue;
        }
        let place = usize::try_from(offset.wrapping_sub(if cx.file.kind == 1 { 0 } else { shdr.addr })).ok();
        let field = place.and_then(|at| data.get_mut(at..at.checked_add(len)?));
        let Some(field) = field else {
            cx.warn(format!("skipping invalid relocation offset {offset:#x}"));
            continue;
        };
        let mut addend = u64_at(record, 16);
        if !rela {
            let mut old = [0u8; 8];
            old[..len].copy_from_slice(field);
            addend = u64::from_le_bytes(old);
        }
        let mut value = addend.wrapping_add(symbol.map_or(0, |symbol| symbol.value));
        if relative {
            value = value.wrapping_sub(offset);
        }
        field.copy_from_slice(&value.to_le_bytes()[..len]);
    }
}

fn strings(cx: &mut Cx<'_, '_>, shdr: &Shdr) {
    let Some(data) = contents(cx, shdr, "String") else { return };
    let name_idx = cx.file.shdrs.iter().position(|other| other.at == shdr.at).unwrap_or(0);
    if !sections_for(cx, name_idx).is_empty() {
        cx.bytes(b"  Note: This section has relocations against it, but these have NOT been applied to this dump.\n");
    }
    let printable = |byte: u8| (b' '..=b'~').contains(&byte);
    let (mut at, mut any) = (0, false);
    while let Some(skip) = data[at..].iter().position(|&byte| printable(byte)) {
        at += skip;
        any = true;
        cx.put(format_args!("  [{at:6x}]  "));
        let mut last = 0;
        while let Some(&byte) = data.get(at) {
            at += 1;
            last = byte;
            match byte {
                0 => break,
                b'\n' => {
                    cx.bytes(b"\\n\n");
                    // More of the same string stands below its beginning.
                    if data.get(at).is_some_and(|&next| next != 0) {
                        cx.pad(12);
                    }
                }
                0x80.. => cx.bytes(&[byte]),
                _ if printable(byte) => cx.bytes(&[byte]),
                _ => cx.bytes(&[b'^', (byte & 0x7f) ^ 0x40]),
            }
        }
        if last != b'\n' {
            cx.bytes(b"\n");
        }
    }
    if !any {
        cx.bytes(b"  No strings found in this section.");
    }
    cx.bytes(b"\n");
}
