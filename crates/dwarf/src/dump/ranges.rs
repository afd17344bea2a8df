//! `.debug_ranges` (DWARF 4, 2.17.3) and `.debug_rnglists` (DWARF 5, 2.17.3, 7.28).

use super::reader::Reader;
use super::units::{ListKind, Unit, lists};
use super::{Hex, Input, Output, Parts, Section, heading};
use gimli::DwRle;

/// Lists as entries name them.
pub(super) fn show_old(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    let mut uses = lists(input, ListKind::Ranges, &|unit| unit.version < 5);
    if uses.is_empty() {
        return out.warn("No range lists in .debug_info section.");
    }
    uses.sort_by_key(|list| list.offset);
    uses.dedup_by_key(|list| list.offset);
    heading(section, out);
    out.bytes(b"\n    Offset   Begin    End\n");
    for list in uses {
        out.flush_some();
        let Ok(at) = usize::try_from(list.offset) else { continue };
        let size = input.units().all.get(list.unit).map_or(8, |unit| unit.address_size);
        let mut reader = input.reader(section.data).from(at);
        if old_list(&mut reader, list.offset, list.base, size, out).is_none() {
            out.warn(format!("the range list at {:#x} is cut off", list.offset));
        }
    }
    out.bytes(b"\n");
}

fn old_list(reader: &mut Reader<'_>, offset: u64, base: u64, size: u8, out: &mut Output<'_>) -> Option<()> {
    let all_ones = u64::MAX >> (64 - 8 * u32::from(size));
    let mut base = base;
    loop {
        let (low, high) = (reader.uint(usize::from(size))?, reader.uint(usize::from(size))?);
        out.put(format_args!("    {offset:08x} "));
        if low == 0 && high == 0 {
            out.bytes(b"<End of list>\n");
            return Some(());
        }
        if low == all_ones {
            base = high;
            out.digits(low, size);
            out.bytes(b" ");
            out.digits(high, size);
            out.bytes(b" (base address)\n");
            continue;
        }
        out.digits(low.wrapping_add(base), size);
        out.bytes(b" ");
        out.digits(high.wrapping_add(base), size);
        order(low, high, out);
        out.bytes(b"\n");
    }
}

/// What is empty, or less.
fn order(low: u64, high: u64, out: &mut Output<'_>) {
    if low == high {
        out.bytes(b" (start == end)");
    } else if low > high {
        out.bytes(b" (start > end)");
    }
}

/// The header of a table of lists (DWARF 5, 7.28, 7.29).
pub(super) struct ListsHeader {
    pub offset: u64,
    pub length: u64,
    pub version: u16,
    pub address_size: u8,
    pub segment_size: u8,
    pub offset_size: u8,
    pub n_offsets: u64,
    /// Where its offsets begin, and where it ends.
    pub base: usize,
    pub end: usize,
}

impl ListsHeader {
    /// The header at the reader, which is at the offsets then.
    pub fn read(reader: &mut Reader<'_>) -> Option<ListsHeader> {
        let offset = reader.at as u64;
        let (length, offset_size) = reader.initial_length()?;
        let end = reader.at.checked_add(usize::try_from(length).ok()?).filter(|&end| end <= reader.len())?;
        let (version, address_size, segment_size) = (reader.u16()?, reader.u8()?, reader.u8()?);
        let n_offsets = reader.uint(4)?;
        if version != 5 || !matches!(address_size, 1..=8) {
            return None;
        }
        let base = reader.at;
        Some(ListsHeader { offset, length, version, address_size, segment_size, offset_size, n_offsets, base, end })
    }
}

/// Lists as their tables name them.
pub(super) fn show(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    let mut reader = input.reader(section.data);
    while !reader.is_done() {
        let Some(header) = ListsHeader::read(&mut reader) else {
            out.warn("the table of range lists is damaged, or of a version that is not known");
            break;
        };
        out.put(format_args!(" Table at Offset: {}:\n", Hex(header.offset)));
        out.put(format_args!("  Length:          {}\n  DWARF version:   {}\n", Hex(header.length), header.version));
        out.put(format_args!(
            "  Address size:    {}\n  Segment size:    {}\n",
            header.address_size, header.segment_size
        ));
        out.put(format_args!("  Offset entries:  {}\n", header.n_offsets));
        let unit = input.units().all.iter().find(|unit| unit.rnglists_base == Some(header.base as u64));
        let mut offsets = Vec::new();
        if header.n_offsets > 0 {
            out.put(format_args!("\n   Offsets starting at {}:\n", Hex(header.base as u64)));
            let mut table = reader.until(header.end);
            for number in 0..header.n_offsets {
                let Some(offset) = table.uint(usize::from(header.offset_size)) else { break };
                out.put(format_args!("    [{number:6}] {}\n", Hex(offset)));
                offsets.push(offset);
            }
        } else {
            offsets.push(0);
        }
        for offset in offsets {
            let Some(at) = usize::try_from(offset).ok().and_then(|offset| header.base.checked_add(offset)) else {
                break;
            };
            out.put(format_args!(
                "\n  Offset: {}, Index: {}\n    Offset   Begin    End\n",
                Hex(at as u64),
                Hex(offset)
            ));
            let mut list = input.reader(section.data).until(header.end).from(at);
            if new_list(&mut list, header.address_size, unit, input, out).is_none() {
                out.warn(format!("the range list at {at:#x} is damaged"));
            }
        }
        out.bytes(b"\n");
        reader.at = header.end;
    }
}

fn new_list(
    reader: &mut Reader<'_>,
    size: u8,
    unit: Option<&Unit>,
    input: &Input<'_>,
    out: &mut Output<'_>,
) -> Option<()> {
    let mut base = unit.map_or(0, |unit| unit.low);
    let indexed = |index: u64| unit.and_then(|unit| unit.indexed_address(input, index)).unwrap_or(0);
    let address = usize::from(size);
    loop {
        out.put(format_args!("    {:08x} ", reader.at));
        let (low, high) = match DwRle(reader.u8()?) {
            gimli::DW_RLE_end_of_list => {
                out.bytes(b"<End of list>\n");
                return Some(());
            }
            gimli::DW_RLE_base_addressx => {
                let index = reader.uleb()?;
                base = indexed(index);
                out.digits(index, size);
                out.bytes(b" (base address index) ");
                out.digits(base, size);
                out.bytes(b" (base address)\n");
                continue;
            }
            gimli::DW_RLE_base_address => {
                base = reader.uint(address)?;
                out.digits(base, size);
                out.bytes(b" (base address)\n");
                continue;
            }
            gimli::DW_RLE_startx_endx => (indexed(reader.uleb()?), indexed(reader.uleb()?)),
            gimli::DW_RLE_startx_length => {
                let low = indexed(reader.uleb()?);
                (low, low.wrapping_add(reader.uleb()?))
            }
            gimli::DW_RLE_offset_pair => (base.wrapping_add(reader.uleb()?), base.wrapping_add(reader.uleb()?)),
            gimli::DW_RLE_start_end => (reader.uint(address)?, reader.uint(address)?),
            gimli::DW_RLE_start_length => {
                let low = reader.uint(address)?;
                (low, low.wrapping_add(reader.uleb()?))
            }
            other => {
                out.put(format_args!("Invalid range list entry type {}\n", other.0));
                return None;
            }
        };
        out.digits(low, size);
        out.bytes(b" ");
        out.digits(high, size);
        out.bytes(b" ");
        order(low, high, out);
        out.bytes(b"\n");
    }
}
