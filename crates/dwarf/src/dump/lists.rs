//! Location lists: `.debug_loc` (DWARF 4, 2.6.2) and `.debug_loclists` (DWARF 5, 2.6.2, 7.29), with gcc's views of places in one
//! address beside them (`DW_AT_GNU_locviews`).

use super::expr::Expressions;
use super::ranges::ListsHeader;
use super::reader::Reader;
use super::units::{ListKind, ListUse, Unit, lists};
use super::{Hex, Input, Output, Parts, Section, heading};
use gimli::DwLle;

/// Lists as entries name them.
pub(super) fn show_old(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    by_use(input, section, &|unit| unit.version < 5, true, out);
}

/// Lists as their tables name them; where the first table names none, as entries do.
pub(super) fn show(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    let mut reader = input.reader(section.data);
    if ListsHeader::read(&mut reader).is_some_and(|header| header.n_offsets > 0) {
        return by_table(input, section, out);
    }
    by_use(input, section, &|unit| unit.version >= 5, false, out);
}

fn by_use(input: &Input<'_>, section: &Section<'_>, wanted: &dyn Fn(&Unit) -> bool, old: bool, out: &mut Output<'_>) {
    let mut uses = lists(input, ListKind::Locations, wanted);
    if uses.is_empty() {
        return out.warn("No location lists in .debug_info section!");
    }
    uses.sort_by_key(|list| (list.offset, list.views));
    uses.dedup_by_key(|list| (list.offset, list.views));
    heading(section, out);
    out.bytes(b"    Offset   Begin            End              Expression\n");
    for list in uses {
        out.flush_some();
        let Some(unit) = input.units().all.get(list.unit) else { continue };
        let mut show = List {
            input,
            section,
            unit,
            old,
            next_view: None,
            base: list.base,
            frame_base: list.frame_base,
            start: usize::try_from(list.offset).unwrap_or(usize::MAX),
            parentheses: true,
        };
        if list.views.is_some() {
            out.bytes(b"\n");
        }
        if show.views(&list, out).is_none() || show.entries(list.offset, section.data.len(), out).is_none() {
            out.warn(format!("the location list at {:#x} is damaged", list.offset));
        }
    }
    out.bytes(b"\n");
}

fn by_table(input: &Input<'_>, section: &Section<'_>, out: &mut Output<'_>) {
    heading(section, out);
    let mut reader = input.reader(section.data);
    while !reader.is_done() {
        let Some(header) = ListsHeader::read(&mut reader) else {
            return out.warn("the table of location lists is damaged, or of a version that is not known");
        };
        out.put(format_args!("Table at Offset {}\n", Hex(header.offset)));
        out.put(format_args!("  Length:          {}\n  DWARF version:   {}\n", Hex(header.length), header.version));
        out.put(format_args!(
            "  Address size:    {}\n  Segment size:    {}\n",
            header.address_size, header.segment_size
        ));
        out.put(format_args!("  Offset entries:  {}\n", header.n_offsets));
        let mut offsets = Vec::new();
        out.put(format_args!("\n   Offset Entries starting at {}:\n", Hex(header.base as u64)));
        let mut table = reader.until(header.end);
        for number in 0..header.n_offsets {
            let Some(offset) = table.uint(usize::from(header.offset_size)) else { break };
            out.put(format_args!("    [{number:6}] {}\n", Hex(offset)));
            offsets.push(offset);
        }
        let found = input.units().all.iter().find(|unit| unit.loclists_base == Some(header.base as u64));
        let unknown = Unit { address_size: header.address_size, version: 5, offset_size: 4, ..Unit::default() };
        let unit = found.unwrap_or(&unknown);
        for (number, offset) in offsets.iter().enumerate() {
            out.put(format_args!("\n   Offset Entry {number}\n"));
            let at = offset.saturating_add(header.base as u64);
            // GNU's text: offsets stay what they are until a list says what they are relative to.
            let base = 0;
            let mut show = List {
                input,
                section,
                unit,
                old: false,
                next_view: None,
                base,
                frame_base: true,
                start: 0,
                parentheses: false,
            };
            if show.entries(at, header.end, out).is_none() {
                out.warn(format!("the location list at {at:#x} is damaged"));
            }
        }
        out.bytes(b"\n");
        reader.at = header.end;
        if !reader.is_done() {
            out.bytes(b"\n");
        }
    }
    out.bytes(b"\n");
}

struct List<'l, 'a> {
    input: &'l Input<'a>,
    section: &'l Section<'a>,
    unit: &'l Unit,
    old: bool,
    /// Where the views of the next entry stand.
    next_view: Option<Reader<'a>>,
    base: u64,
    frame_base: bool,
    /// Where the list begins: what stands before it are its views.
    start: usize,
    parentheses: bool,
}

impl<'a> List<'_, 'a> {
    /// The pairs of views in front of a list.
    fn views(&mut self, list: &ListUse, out: &mut Output<'_>) -> Option<()> {
        let Some(start) = list.views else { return Some(()) };
        let mut reader = self.input.reader(self.section.data).from(usize::try_from(start).ok()?);
        self.next_view = Some(reader);
        let end = usize::try_from(list.offset).ok()?;
        while reader.at < end {
            out.put(format_args!("    {:08x} ", reader.at));
            self.view(reader.uleb()?, out);
            self.view(reader.uleb()?, out);
            out.bytes(b"location view pair\n");
        }
        out.bytes(b"\n");
        Some(())
    }

    fn view(&self, number: u64, out: &mut Output<'_>) {
        let width = 2 * usize::from(self.unit.address_size) - 1;
        out.put(format_args!("v{number:0width$x} "));
    }

    fn entries(&mut self, offset: u64, end: usize, out: &mut Output<'_>) -> Option<()> {
        let mut reader = self.input.reader(self.section.data).until(end).from(usize::try_from(offset).ok()?);
        loop {
            out.put(format_args!("    {:08x} ", reader.at));
            let more = if self.old { self.old_entry(&mut reader, out)? } else { self.new_entry(&mut reader, out)? };
            if !more {
                return Some(());
            }
        }
    }

    fn address(&self, value: u64, out: &mut Output<'_>) {
        out.digits(value, self.unit.address_size);
    }

    /// False at the end of the list.
    fn old_entry(&mut self, reader: &mut Reader<'a>, out: &mut Output<'_>) -> Option<bool> {
        let size = usize::from(self.unit.address_size);
        let (low, high) = (reader.uint(size)?, reader.uint(size)?);
        // In an object a range of nothing may be what relocations have not moved yet: its views tell.
        let has_views = self.next_view.is_some_and(|views| views.at < self.start);
        if low == 0 && high == 0 && !has_views {
            out.bytes(b"<End of list>\n");
            return Some(false);
        }
        if low == u64::MAX >> (64 - 8 * u32::from(self.unit.address_size)) {
            self.base = high;
            self.address(low, out);
            out.bytes(b" ");
            self.address(high, out);
            out.bytes(b" (base address)\n");
            return Some(true);
        }
        let n = usize::from(reader.u16()?);
        self.range(low.wrapping_add(self.base), high.wrapping_add(self.base), reader.bytes(n)?, out);
        Some(true)
    }

    fn new_entry(&mut self, reader: &mut Reader<'a>, out: &mut Output<'_>) -> Option<bool> {
        let size = usize::from(self.unit.address_size);
        let indexed = |index: u64| self.unit.indexed_address(self.input, index).unwrap_or(0);
        let (low, high) = match DwLle(reader.u8()?) {
            gimli::DW_LLE_end_of_list => {
                out.bytes(b"<End of list>\n");
                return Some(false);
            }
            gimli::DW_LLE_base_addressx => {
                let index = reader.uleb()?;
                self.base = indexed(index);
                out.put(format_args!("(index into .debug_addr) {} (base address)\n", Hex(index)));
                return Some(true);
            }
            gimli::DW_LLE_base_address => {
                self.base = reader.uint(size)?;
                self.address(self.base, out);
                out.bytes(b" (base address)\n");
                return Some(true);
            }
            gimli::DW_LLE_startx_endx => (indexed(reader.uleb()?), indexed(reader.uleb()?)),
            gimli::DW_LLE_startx_length => {
                let low = indexed(reader.uleb()?);
                (low, low.wrapping_add(reader.uleb()?))
            }
            gimli::DW_LLE_offset_pair => {
                (self.base.wrapping_add(reader.uleb()?), self.base.wrapping_add(reader.uleb()?))
            }
            gimli::DW_LLE_default_location => (0, 0),
            gimli::DW_LLE_start_end => (reader.uint(size)?, reader.uint(size)?),
            gimli::DW_LLE_start_length => {
                let low = reader.uint(size)?;
                (low, low.wrapping_add(reader.uleb()?))
            }
            other => {
                out.put(format_args!("Invalid location list entry type {}\n", other.0));
                return None;
            }
        };
        let n = usize::try_from(reader.uleb()?).ok()?;
        self.range(low, high, reader.bytes(n)?, out);
        Some(true)
    }

    fn range(&mut self, low: u64, high: u64, code: &'a [u8], out: &mut Output<'_>) {
        let mut views = None;
        if let Some(mut reader) = self.next_view {
            let at = reader.at;
            if let (Some(first), Some(last)) = (reader.uleb(), reader.uleb()) {
                self.view(first, out);
                self.view(last, out);
                out.put(format_args!("views at {at:08x} for:\n             "));
                views = Some((first, last));
            }
            self.next_view = Some(reader);
        }
        self.address(low, out);
        out.bytes(b" ");
        self.address(high, out);
        out.bytes(if self.parentheses { b" (" } else { b" " });
        let unit = self.unit;
        let mut expressions = Expressions {
            offset_size: unit.offset_size,
            version: unit.version,
            unit: Some(unit.start),
            ..Expressions::new(self.input, unit.address_size)
        };
        expressions.show(code, out);
        let needs_frame_base = expressions.needs_frame_base;
        if self.parentheses {
            out.bytes(b")");
        }
        if needs_frame_base && !self.frame_base {
            out.bytes(b" [without DW_AT_frame_base]");
        }
        if low == high && views.is_none_or(|(first, last)| first == last) {
            out.bytes(b" (start == end)");
        } else if low > high {
            out.bytes(b" (start > end)");
        }
        out.bytes(b"\n");
    }
}
