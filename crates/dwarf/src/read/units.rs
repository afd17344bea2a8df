//! Units: their headers (DWARF 5, 7.5.1), what the first entry of each says, and which unit covers which addresses.

use super::entries::{Attr, Cursor, Plans, Value, Values};
use crate::form::Encoding;
use crate::symbolize::Sections;
use base::bytes::{find_byte, get_u16, get_u32, get_u64, read_uleb128};
use gimli::{DebugAddr, DebugAddrBase, DebugRanges, DebugRngLists, DebugRngListsBase, DebugRngListsIndex};
use gimli::{EndianSlice, LittleEndian, RangeListsOffset};

/// The header of a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    /// Where it begins and the unit ends in `.debug_info`, and where its entries begin.
    pub start: u64,
    pub end: u64,
    pub entries: u64,
    pub abbreviations: u64,
    pub encoding: Encoding,
    /// Names the unit of another file that a skeleton stands for.
    pub dwo_id: Option<u64>,
    /// Describes a type alone.
    pub is_type: bool,
}

impl Header {
    pub fn cursor<'a>(&self, info: &'a [u8], at: u64) -> Cursor<'a> {
        let end = usize::try_from(self.end).unwrap_or(usize::MAX);
        let info = info.get(..end).unwrap_or(info);
        Cursor { info, at: usize::try_from(at).unwrap_or(usize::MAX), unit: self.start, encoding: self.encoding }
    }
}

/// All headers, in the order of the section; it ends with the first that is damaged.
pub(crate) fn headers(info: &[u8]) -> Vec<Header> {
    let mut headers = Vec::new();
    let mut at = 0;
    while let Some((header, end)) = header(info, at) {
        headers.extend(header);
        at = end;
    }
    headers
}

/// The header at `start` and where the next one begins. A unit of a version that nobody knows is passed over.
fn header(info: &[u8], start: usize) -> Option<(Option<Header>, usize)> {
    let (length, offset_size, mut at) = match get_u32(info, start)? {
        0xffff_ffff => (get_u64(info, start + 4)?, 8u8, start + 12),
        length => (u64::from(length), 4, start + 4),
    };
    let end = at.checked_add(usize::try_from(length).ok()?)?.min(info.len());
    let mut rest = || -> Option<Header> {
        let version = get_u16(info, at)?;
        at += 2;
        let offset = |at: &mut usize| {
            let value = if offset_size == 8 { get_u64(info, *at) } else { get_u32(info, *at).map(u64::from) };
            *at += usize::from(offset_size);
            value
        };
        let (kind, address_size, abbreviations);
        match version {
            2..=4 => {
                kind = gimli::DW_UT_compile;
                abbreviations = offset(&mut at)?;
                address_size = *info.get(at)?;
                at += 1;
            }
            5 => {
                kind = gimli::DwUt(*info.get(at)?);
                address_size = *info.get(at + 1)?;
                at += 2;
                abbreviations = offset(&mut at)?;
            }
            _ => return None,
        }
        let mut dwo_id = None;
        let is_type = matches!(kind, gimli::DW_UT_type | gimli::DW_UT_split_type);
        if matches!(kind, gimli::DW_UT_skeleton | gimli::DW_UT_split_compile) {
            dwo_id = Some(get_u64(info, at)?);
            at += 8;
        } else if is_type {
            at += 8 + usize::from(offset_size);
        }
        let encoding = Encoding { version, address_size, offset_size };
        let (start, end) = (start as u64, end as u64);
        matches!(address_size, 2 | 4 | 8).then_some(())?;
        Some(Header { start, end, entries: at as u64, abbreviations, encoding, dwo_id, is_type })
    };
    let header = rest();
    // A length of nothing would stand still.
    (end > start).then_some((header, end))
}

/// What the first entry of a unit says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Root<'a> {
    pub values: Values<'a>,
    /// What its ranges are relative to.
    pub low: u64,
    pub addr_base: u64,
    pub str_offsets_base: u64,
    pub ranges_base: u64,
}

impl<'a> Root<'a> {
    /// Without the abbreviations, but for the one of the entry.
    pub fn read(header: &Header, sections: &Sections<'a>) -> Option<Root<'a>> {
        let mut cursor = header.cursor(sections.info, header.entries);
        let code = cursor.code()?;
        let plan = Plans::read_one(sections.abbrev, header.abbreviations, code, header.encoding)?;
        let values = cursor.take_all(&plan)?;
        let number = |attr| values.get(attr).number();
        // In a split unit, which cannot say it, the first table of the section is its own.
        let longer = if header.encoding.offset_size == 8 { 8 } else { 0 };
        let after_header = |size: u64| if header.encoding.version >= 5 { size + longer } else { 0 };
        let mut root = Root {
            values,
            low: 0,
            addr_base: number(Attr::AddrBase).unwrap_or(0),
            str_offsets_base: number(Attr::StrOffsetsBase).unwrap_or(after_header(8)),
            ranges_base: number(Attr::RangesBase).unwrap_or(after_header(12)),
        };
        root.low = root.address(values.get(Attr::LowPc), header, sections).unwrap_or(0);
        Some(root)
    }

    pub fn address(&self, value: Value<'_>, header: &Header, sections: &Sections<'_>) -> Option<u64> {
        match value {
            Value::Address(address) => Some(address),
            Value::AddressIndex(index) => {
                let at = index.checked_mul(u64::from(header.encoding.address_size))?.checked_add(self.addr_base)?;
                let at = usize::try_from(at).ok()?;
                match header.encoding.address_size {
                    4 => get_u32(sections.addr, at).map(u64::from),
                    8 => get_u64(sections.addr, at),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The ranges of an entry's code. Empty ones and those of code that was left out of the link are not among them.
    pub fn ranges(
        &self,
        values: &Values<'_>,
        header: &Header,
        sections: &Sections<'_>,
        each: &mut dyn FnMut(u64, u64),
    ) -> Option<()> {
        let mut keep = |low: u64, high: u64| {
            if low < high && !sections.is_gone(low, header.encoding.address_size) {
                each(low, high);
            }
        };
        let list = match values.get(Attr::Ranges) {
            Value::None => {
                let low = self.address(values.get(Attr::LowPc), header, sections)?;
                let high = match values.get(Attr::HighPc) {
                    Value::Number(size) => low.checked_add(size)?,
                    value => self.address(value, header, sections)?,
                };
                keep(low, high);
                return Some(());
            }
            list => list,
        };
        let encoding = gimli_encoding(header.encoding);
        let rnglists = DebugRngLists::new(sections.rnglists, LittleEndian);
        let lists = gimli::RangeLists::new(DebugRanges::new(sections.ranges, LittleEndian), rnglists);
        let base = DebugRngListsBase(usize::try_from(self.ranges_base).ok()?);
        let offset = match list {
            Value::Offset(offset) | Value::Number(offset) => RangeListsOffset(usize::try_from(offset).ok()?),
            Value::ListIndex(index) => {
                let index = DebugRngListsIndex(usize::try_from(index).ok()?);
                lists.get_offset(encoding, base, index).ok()?
            }
            _ => return None,
        };
        let addr = DebugAddr::from(EndianSlice::new(sections.addr, LittleEndian));
        let addr_base = DebugAddrBase(usize::try_from(self.addr_base).ok()?);
        let mut ranges = lists.ranges(offset, encoding, self.low, &addr, addr_base).ok()?;
        while let Ok(Some(range)) = ranges.next() {
            keep(range.begin, range.end);
        }
        Some(())
    }

    pub fn text(&self, value: Value<'a>, header: &Header, sections: &Sections<'a>) -> Option<&'a [u8]> {
        let in_section = |section: &'a [u8], at: u64| {
            let tail = section.get(usize::try_from(at).ok()?..)?;
            Some(&tail[..find_byte(tail, 0)?])
        };
        match value {
            Value::Text(text) => Some(text),
            Value::Str(at) => in_section(sections.str, at),
            Value::LineStr(at) => in_section(sections.line_str, at),
            Value::StrIndex(index) => {
                let size = u64::from(header.encoding.offset_size);
                let at = usize::try_from(index.checked_mul(size)?.checked_add(self.str_offsets_base)?).ok()?;
                let offset = match size {
                    8 => get_u64(sections.str_offsets, at)?,
                    _ => u64::from(get_u32(sections.str_offsets, at)?),
                };
                in_section(sections.str, offset)
            }
            Value::SupStr(at) => in_section(sections.sup_str, at),
            _ => None,
        }
    }
}

pub(crate) fn gimli_encoding(encoding: Encoding) -> gimli::Encoding {
    let format = if encoding.offset_size == 8 { gimli::Format::Dwarf64 } else { gimli::Format::Dwarf32 };
    gimli::Encoding { format, version: encoding.version, address_size: encoding.address_size }
}

/// A range of addresses and the unit, by its number, that covers it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover {
    pub low: u64,
    pub high: u64,
    pub unit: u32,
    /// The greatest end of this and all before.
    pub reach: u64,
}

/// Sorts by address.
pub(crate) fn sort_covers(covers: &mut Vec<Cover>) {
    covers.sort_by_key(|cover| (cover.low, cover.high, cover.unit));
    let mut reach = 0;
    for cover in covers {
        reach = reach.max(cover.high);
        cover.reach = reach;
    }
}

/// Where, above `address`, other units begin to cover or one of these ends.
pub(crate) fn next_border(covers: &[Cover], address: u64) -> u64 {
    let end = covers.partition_point(|cover| cover.low <= address);
    let next = covers.get(end).map_or(u64::MAX, |cover| cover.low);
    let before = covers[..end].iter().rev().take_while(|cover| cover.reach > address);
    before.filter(|cover| cover.high > address).fold(next, |next, cover| next.min(cover.high))
}

/// The numbers of the units that cover `address`, the narrowest first.
pub(crate) fn covering(covers: &[Cover], address: u64) -> impl Iterator<Item = u32> + '_ {
    let end = covers.partition_point(|cover| cover.low <= address);
    let before = covers[..end].iter().rev().take_while(move |cover| cover.reach > address);
    before.filter(move |cover| cover.high > address).map(|cover| cover.unit)
}

/// The ranges in `.debug_aranges` (DWARF 5, 6.1.2): for each set the offset of its unit, then `each` of its ranges.
/// A set that is damaged ends it.
pub(crate) fn aranges(section: &[u8], each_set: &mut dyn FnMut(u64), each: &mut dyn FnMut(u64, u64)) {
    let mut at = 0;
    while let Some(next) = arange_set(section, at, each_set, each) {
        at = next;
    }
}

fn arange_set(
    section: &[u8],
    start: usize,
    each_set: &mut dyn FnMut(u64),
    each: &mut dyn FnMut(u64, u64),
) -> Option<usize> {
    let (length, offset_size, at) = match get_u32(section, start)? {
        0xffff_ffff => (get_u64(section, start + 4)?, 8usize, start + 12),
        length => (u64::from(length), 4, start + 4),
    };
    let end = at.checked_add(usize::try_from(length).ok()?)?;
    let unit = match offset_size {
        8 => get_u64(section, at + 2)?,
        _ => u64::from(get_u32(section, at + 2)?),
    };
    let address_size = usize::from(*section.get(at + 2 + offset_size)?);
    let segment_size = *section.get(at + 3 + offset_size)?;
    if get_u16(section, at)? != 2 || segment_size != 0 || !matches!(address_size, 4 | 8) {
        return (end > start).then_some(end);
    }
    each_set(unit);
    let word = |at: usize| match address_size {
        8 => get_u64(section, at),
        _ => get_u32(section, at).map(u64::from),
    };
    // Pairs are aligned to their size from the start of the set.
    let pair = address_size * 2;
    let mut at = start + (at + 4 + offset_size - start).next_multiple_of(pair);
    while at + pair <= end.min(section.len()) {
        let (low, size) = (word(at)?, word(at + address_size)?);
        at += pair;
        if let Some(high) = low.checked_add(size)
            && size != 0
        {
            each(low, high);
        }
    }
    (end > start).then_some(end)
}

/// The entry's names, from itself and from what it is an instance of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reference<'a> {
    pub name: Option<&'a [u8]>,
    pub linkage_name: Option<&'a [u8]>,
    pub next: Value<'a>,
}

/// What one entry says of its name.
pub(crate) fn names_at<'a>(
    header: &Header,
    root: &Root<'a>,
    plans: &Plans,
    sections: &Sections<'a>,
    entry: u64,
) -> Option<Reference<'a>> {
    let mut cursor = header.cursor(sections.info, entry);
    let code = read_uleb128(cursor.info, &mut cursor.at)?;
    let values = cursor.take_all(plans.get(code)?)?;
    let text = |attr| root.text(values.get(attr), header, sections);
    let next = match values.get(Attr::Origin) {
        Value::None => values.get(Attr::Specification),
        origin => origin,
    };
    Some(Reference { name: text(Attr::Name), linkage_name: text(Attr::LinkageName), next })
}
