//! `.debug_aranges` (DWARF 5, 6.1.2): which unit covers which addresses.

use super::reader::Reader;
use super::{Hex, Input, Output, Parts, Section, heading};

pub(super) fn show(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    let mut reader = input.reader(section.data);
    while !reader.is_done() {
        if set(&mut reader, out).is_none() {
            out.warn("the address ranges are damaged");
            break;
        }
    }
    out.bytes(b"\n");
}

fn set(reader: &mut Reader<'_>, out: &mut Output<'_>) -> Option<()> {
    let start = reader.at;
    let (length, offset_size) = reader.initial_length()?;
    let end = reader.at.checked_add(usize::try_from(length).ok()?).filter(|&end| end <= reader.len())?;
    let version = reader.u16()?;
    let unit = reader.uint(usize::from(offset_size))?;
    let (address_size, segment_size) = (reader.u8()?, reader.u8()?);
    if !(2..=5).contains(&version) {
        out.warn("Only DWARF 2..5 aranges are currently supported.");
        reader.at = end;
        return Some(());
    }
    out.put(format_args!("  Length:                   {length}\n  Version:                  {version}\n"));
    out.put(format_args!("  Offset into .debug_info:  {}\n", Hex(unit)));
    out.put(format_args!("  Pointer Size:             {address_size}\n  Segment Size:             {segment_size}\n"));
    let pair = 2 * usize::from(address_size) + usize::from(segment_size);
    if address_size == 0 || address_size > 8 {
        return None;
    }
    out.bytes(if address_size > 4 { b"\n    Address            Length\n" } else { b"\n    Address    Length\n" });
    // Pairs are aligned to their size from the start of the set.
    reader.at = start + (reader.at - start).next_multiple_of(pair);
    while reader.at + pair <= end {
        let (address, size) = (reader.uint(usize::from(address_size))?, reader.uint(usize::from(address_size))?);
        out.bytes(b"    ");
        out.digits(address, address_size);
        out.bytes(b" ");
        out.digits(size, address_size);
        out.bytes(b"\n");
    }
    reader.at = end;
    Some(())
}
