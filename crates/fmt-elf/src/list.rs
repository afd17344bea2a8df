//! What only ELF has, as `objdump -p` shows it: program headers, the dynamic section, version definitions and needs.
//! System V gABI chapter 5; the text is that of GNU objdump 2.40.

use crate::defs::{
    self, DT_NULL, DYN_SIZE, PF_R, PF_W, PF_X, SHT_DYNAMIC, SHT_GNU_VERDEF, SHT_GNU_VERNEED, SHT_NOBITS,
};
use crate::raw::{Elf, Phdr, Result, c_str, u16_at, u32_at, u64_at};
use crate::readelf::names::{DYNAMIC_TAGS, SEGMENT_TYPES, Value};
use crate::shared::strings_of;
use std::io::Write;

// What objdump shows as numbers lies between these.
const DT_GNU_PRELINKED: u64 = 0x6fff_fdf5;
const DT_GNU_LIBLISTSZ: u64 = 0x6fff_fdf7;
const DT_TLSDESC_PLT: u64 = 0x6fff_fef6;
const DT_GNU_LIBLIST: u64 = 0x6fff_fef9;
/// A string to readelf alone.
const DT_USED: u64 = 0x7fff_fffe;

/// The name of a segment type: readelf's without its first word, where objdump has one.
fn segment_name(kind: u32) -> Option<&'static str> {
    let (_, name) = SEGMENT_TYPES.iter().find(|(number, _)| *number == kind)?;
    let has_none = kind == defs::PT_GNU_PROPERTY || name.starts_with("OPENBSD");
    (!has_none).then(|| name.strip_prefix("GNU_").unwrap_or(name))
}

/// The name of a dynamic tag, and whether its value is a string; readelf knows more than objdump.
fn dynamic_name(tag: u64) -> Option<(&'static str, bool)> {
    let (_, name, value) = DYNAMIC_TAGS.iter().find(|(number, ..)| *number == tag)?;
    let has_none = matches!(tag, DT_GNU_PRELINKED..=DT_GNU_LIBLISTSZ | DT_TLSDESC_PLT..=DT_GNU_LIBLIST);
    (!has_none).then_some((name, matches!(value, Value::Text(_)) && tag != DT_USED))
}

/// All of them, as far as the file has them; a string that lies outside its table is shown as `<corrupt>`.
///
/// # Errors
/// A header or a table reaches past the end of the file.
pub fn private_headers(bytes: &[u8]) -> Result<Vec<u8>> {
    let elf = Elf::parse(bytes)?;
    let mut out = Vec::new();
    let phdrs = elf.phdrs()?;
    if !phdrs.is_empty() {
        out.extend_from_slice(b"\nProgram Header:\n");
        for phdr in &phdrs {
            segment(phdr, &mut out);
        }
    }
    dynamic_section(&elf, &mut out)?;
    version_definitions(&elf, &mut out)?;
    version_needs(&elf, &mut out)?;
    Ok(out)
}

fn write(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing into memory does not fail.
    let _ = out.write_fmt(text);
}

fn segment(phdr: &Phdr, out: &mut Vec<u8>) {
    let name = segment_name(phdr.kind).map_or_else(|| format!("{:#x}", phdr.kind), str::to_string);
    let align = phdr.align.checked_next_power_of_two().map_or(64, u64::trailing_zeros);
    write(
        out,
        format_args!(
            "{name:>8} off    {:#018x} vaddr {:#018x} paddr {:#018x} align 2**{align}\n",
            phdr.offset, phdr.vaddr, phdr.paddr
        ),
    );
    let flag = |bit: u32, letter: char| if phdr.flags & bit != 0 { letter } else { '-' };
    let (r, w, x) = (flag(PF_R, 'r'), flag(PF_W, 'w'), flag(PF_X, 'x'));
    write(out, format_args!("         filesz {:#018x} memsz {:#018x} flags {r}{w}{x}", phdr.filesz, phdr.memsz));
    let other = phdr.flags & !(PF_R | PF_W | PF_X);
    if other != 0 {
        write(out, format_args!(" {other:x}"));
    }
    out.push(b'\n');
}

fn text(strings: &[u8], offset: u64) -> &[u8] {
    usize::try_from(offset).ok().and_then(|offset| c_str(strings, offset)).unwrap_or(b"<corrupt>")
}

fn dynamic_section(elf: &Elf<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_DYNAMIC) else {
        // A file with debug information alone keeps the header without the table.
        if elf.shdrs.iter().any(|shdr| shdr.kind == SHT_NOBITS && elf.name(shdr) == Ok(b".dynamic")) {
            out.extend_from_slice(b"\nDynamic Section:\n");
        }
        return Ok(());
    };
    let strings = strings_of(elf, &shdr)?;
    out.extend_from_slice(b"\nDynamic Section:\n");
    for record in elf.data(&shdr)?.chunks_exact(DYN_SIZE) {
        let (tag, value) = (u64_at(record, 0), u64_at(record, 8));
        if tag == DT_NULL {
            break;
        }
        match dynamic_name(tag) {
            Some((name, true)) => {
                write(out, format_args!("  {name:<20} "));
                out.extend_from_slice(text(strings, value));
                out.push(b'\n');
            }
            Some((name, false)) => write(out, format_args!("  {name:<20} {value:#018x}\n")),
            None => write(out, format_args!("  {:<20} {value:#018x}\n", format!("{tag:#x}"))),
        }
    }
    Ok(())
}

fn version_definitions(elf: &Elf<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_GNU_VERDEF) else { return Ok(()) };
    let (data, strings) = (elf.data(&shdr)?, strings_of(elf, &shdr)?);
    out.extend_from_slice(b"\nVersion definitions:\n");
    let mut at = 0usize;
    while let Some(record) = data.get(at..).and_then(|tail| tail.get(..20)) {
        let mut aux = at.saturating_add(u32_at(record, 12) as usize);
        write(out, format_args!("{} {:#04x} {:#010x} ", u16_at(record, 4), u16_at(record, 2), u32_at(record, 8)));
        for nth in 0..u16_at(record, 6) {
            let Some(entry) = data.get(aux..).and_then(|tail| tail.get(..8)) else { break };
            // The definition's own name ends its line; those that it inherits from share the next.
            if nth == 1 {
                out.push(b'\t');
            }
            out.extend_from_slice(text(strings, u64::from(u32_at(entry, 0))));
            out.push(if nth == 0 { b'\n' } else { b' ' });
            match u32_at(entry, 4) as usize {
                0 => break,
                next => aux = aux.saturating_add(next),
            }
        }
        if u16_at(record, 6) > 1 {
            out.push(b'\n');
        }
        match u32_at(record, 16) as usize {
            0 => break,
            next => at = at.saturating_add(next),
        }
    }
    Ok(())
}

fn version_needs(elf: &Elf<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_GNU_VERNEED) else { return Ok(()) };
    let (data, strings) = (elf.data(&shdr)?, strings_of(elf, &shdr)?);
    out.extend_from_slice(b"\nVersion References:\n");
    let mut at = 0usize;
    // Chains that overlap could make much text of a small file.
    let mut budget = data.len() / 16 + 1;
    while let Some(record) = data.get(at..).and_then(|tail| tail.get(..16)) {
        out.extend_from_slice(b"  required from ");
        out.extend_from_slice(text(strings, u64::from(u32_at(record, 4))));
        out.extend_from_slice(b":\n");
        let mut aux = at.saturating_add(u32_at(record, 8) as usize);
        for _ in 0..u16_at(record, 2) {
            let Some(entry) = data.get(aux..).and_then(|tail| tail.get(..16)) else { break };
            let Some(left) = budget.checked_sub(1) else { return Ok(()) };
            budget = left;
            let (hash, flags, index) = (u32_at(entry, 0), u16_at(entry, 4), u16_at(entry, 6));
            write(out, format_args!("    {hash:#010x} {flags:#04x} {index:02} "));
            out.extend_from_slice(text(strings, u64::from(u32_at(entry, 8))));
            out.push(b'\n');
            match u32_at(entry, 12) as usize {
                0 => break,
                next => aux = aux.saturating_add(next),
            }
        }
        match u32_at(record, 12) as usize {
            0 => break,
            next => at = at.saturating_add(next),
        }
    }
    Ok(())
}
