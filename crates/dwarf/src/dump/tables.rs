//! Sections that are but tables: texts, offsets of texts, addresses (DWARF 5, 7.26, 7.27).

use super::reader::text_at;
use super::{Hex, Input, Output, Parts, Section, heading};

/// `.debug_str` and its kin, in hexadecimal and as characters.
pub(super) fn strings(_input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    for (row, bytes) in section.data.chunks(16).enumerate() {
        out.flush_some();
        out.put(format_args!("  0x{:08x} ", section.address.wrapping_add(16 * row as u64)));
        for at in 0..16 {
            match bytes.get(at) {
                Some(byte) => out.put(format_args!("{byte:02x}")),
                None => out.bytes(b"  "),
            }
            if at % 4 == 3 {
                out.bytes(b" ");
            }
        }
        let shown = |&byte: &u8| if (b' '..0x7f).contains(&byte) { byte } else { b'.' };
        out.text.extend(bytes.iter().map(shown));
        out.bytes(b"\n");
    }
    out.bytes(b"\n");
}

/// `.debug_str_offsets`.
pub(super) fn string_offsets(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    let is_split = section.name.ends_with(b".dwo");
    let texts = input.data(if is_split { ".debug_str.dwo" } else { ".debug_str" });
    let mut reader = input.reader(section.data);
    let mut table = || {
        let start = reader.at;
        let (length, offset_size) = reader.initial_length()?;
        let version = reader.u16();
        // A split unit of version 4 has offsets alone.
        let plain = is_split && version != Some(5);
        let end = match plain {
            true => {
                reader.at = start;
                reader.len()
            }
            false => {
                reader.u16()?;
                let from = start + if offset_size == 8 { 12 } else { 4 };
                from.checked_add(usize::try_from(length).ok()?).filter(|&end| end <= reader.len())?
            }
        };
        let (length, version, size) = if plain { (0, 4, 4) } else { (length, version?, usize::from(offset_size)) };
        out.put(format_args!("    Length: {}\n    Version: {}\n", Hex(length), Hex(u64::from(version))));
        out.bytes(b"       Index   Offset [String]\n");
        let mut idx = 0u64;
        while reader.at + size <= end {
            let offset = reader.uint(size)?;
            out.put(format_args!("    {idx:8} "));
            out.digits(offset, size as u8);
            out.bytes(b"  ");
            out.bytes(text_at(texts, offset).unwrap_or(b"<offset is too big>"));
            out.bytes(b"\n");
            idx += 1;
        }
        reader.at = end;
        (!reader.is_done()).then_some(())
    };
    while table().is_some() {}
}

/// `.debug_addr`.
pub(super) fn addresses(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    // Units say where their addresses begin.
    let mut bases: Vec<(u64, u8, u16, u64)> = Vec::new();
    for unit in &input.units().all {
        if let Some(base) = unit.addr_base {
            bases.push((base, unit.address_size, unit.version, unit.start));
        }
    }
    bases.sort_unstable();
    bases.dedup_by_key(|base| base.0);
    let mut table = |at: usize| {
        let &(base, address_size, version, unit) = bases.get(at)?;
        let mut reader = input.reader(section.data);
        let mut end = bases.get(at + 1).map_or(section.data.len() as u64, |next| next.0);
        out.put(format_args!("  For compilation unit at offset {}:\n", Hex(unit)));
        let mut size = address_size;
        if version >= 5 {
            let header = base.checked_sub(8)?;
            reader.at = usize::try_from(header).ok()?;
            let (length, _) = reader.initial_length()?;
            reader.u16()?;
            size = reader.u8()?;
            end = header.checked_add(4)?.checked_add(length)?.min(section.data.len() as u64);
        }
        if !matches!(size, 1..=8) {
            return None;
        }
        out.bytes(b"\tIndex\tAddress\n");
        reader.at = usize::try_from(base).ok()?;
        let mut idx = 0u64;
        while (reader.at as u64).checked_add(u64::from(size))? <= end {
            let address = reader.uint(usize::from(size))?;
            out.put(format_args!("\t{idx}:\t"));
            out.digits(address, size);
            out.bytes(b"\n");
            idx += 1;
        }
        Some(())
    };
    for at in 0..bases.len() {
        let _: Option<()> = table(at);
    }
    out.bytes(b"\n");
}
