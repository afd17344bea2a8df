//! Units (DWARF 5, 7.5.1): their headers, what their first entries say that other sections need, and which lists their
//! entries name.

use super::Input;
use super::abbrev::Table;
use super::info_values::{Value, value};
use super::reader::Reader;
use crate::form::Encoding;
use gimli::DwAt;

/// A unit, with the offsets in its section of its beginning, its end and its first entry.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unit {
    pub start: u64,
    pub end: usize,
    pub entries: usize,
    pub length: u64,
    pub version: u16,
    /// `DW_UT_*`; 0 before version 5.
    pub kind: u8,
    pub address_size: u8,
    pub offset_size: u8,
    pub abbreviations: u64,
    /// The identity of a type or of what a skeleton stands for.
    pub id: u64,
    pub type_offset: u64,
    pub is_split: bool,
    pub addr_base: Option<u64>,
    pub str_offsets_base: Option<u64>,
    pub loclists_base: Option<u64>,
    pub rnglists_base: Option<u64>,
    /// What lists are relative to.
    pub low: u64,
}

/// All units of `.debug_info`.
#[derive(Debug, Default)]
pub(crate) struct Units {
    pub all: Vec<Unit>,
}

impl Units {
    pub fn read(input: &Input<'_>) -> Units {
        let mut reader = input.reader(input.data(".debug_info"));
        let mut all = Vec::new();
        while let Some(mut unit) = Unit::read(&mut reader, false) {
            let table = Table::read(input, ".debug_abbrev", unit.abbreviations);
            unit.read_first(input, ".debug_info", &table);
            all.push(unit);
        }
        Units { all }
    }
}

/// What a section of entries goes with: its abbreviations, by its name.
pub(super) fn abbreviations_of(section: &[u8]) -> &'static str {
    if section.ends_with(b".dwo") { ".debug_abbrev.dwo" } else { ".debug_abbrev" }
}

impl Unit {
    /// What the sizes of values hang on.
    pub fn encoding(&self) -> Encoding {
        Encoding { version: self.version, address_size: self.address_size, offset_size: self.offset_size }
    }

    /// The header at the reader, which goes on to the next one; `None` for what is no unit.
    pub fn read(reader: &mut Reader<'_>, types: bool) -> Option<Unit> {
        let start = reader.at as u64;
        let (length, offset_size) = reader.initial_length()?;
        let end = reader.at.checked_add(usize::try_from(length).ok()?).filter(|&end| end <= reader.len())?;
        let mut unit = Unit { start, end, length, offset_size, version: reader.u16()?, ..Unit::default() };
        match unit.version {
            2..=4 => {
                unit.abbreviations = reader.uint(usize::from(offset_size))?;
                unit.address_size = reader.u8()?;
            }
            5 => {
                unit.kind = reader.u8()?;
                unit.address_size = reader.u8()?;
                unit.abbreviations = reader.uint(usize::from(offset_size))?;
            }
            _ => return None,
        }
        let kind = gimli::DwUt(unit.kind);
        let is_type = types || matches!(kind, gimli::DW_UT_type | gimli::DW_UT_split_type);
        if is_type || matches!(kind, gimli::DW_UT_skeleton | gimli::DW_UT_split_compile) {
            unit.id = reader.uint(8)?;
        }
        if is_type {
            unit.type_offset = reader.uint(usize::from(offset_size))?;
        }
        if !matches!(unit.address_size, 1..=8) {
            return None;
        }
        unit.entries = reader.at;
        reader.at = end;
        Some(unit)
    }

    /// Takes what other sections need from the first entry.
    pub(super) fn read_first(&mut self, input: &Input<'_>, section: &str, table: &Table) {
        let mut reader = input.reader(input.data(section)).until(self.end).from(self.entries);
        self.is_split = section.ends_with(".dwo");
        let mut low = None;
        let mut first = || {
            let found = table.get(reader.uleb()?)?;
            for attribute in &found.attributes {
                let value = value(attribute.form, attribute.implicit, self, &mut reader)?;
                let number = value.number();
                match DwAt(u16::try_from(attribute.name).unwrap_or(u16::MAX)) {
                    gimli::DW_AT_addr_base | gimli::DW_AT_GNU_addr_base => self.addr_base = number,
                    gimli::DW_AT_str_offsets_base => self.str_offsets_base = number,
                    gimli::DW_AT_loclists_base => self.loclists_base = number,
                    gimli::DW_AT_rnglists_base | gimli::DW_AT_GNU_ranges_base => self.rnglists_base = number,
                    gimli::DW_AT_low_pc => low = Some((attribute.form, number?)),
                    _ => {}
                }
            }
            Some(())
        };
        first();
        if let Some((form, number)) = low {
            let direct = form == u64::from(gimli::DW_FORM_addr.0);
            self.low = if direct { number } else { self.indexed_address(input, number).unwrap_or(0) };
        }
    }

    /// The address with that number in `.debug_addr`.
    pub fn indexed_address(&self, input: &Input<'_>, index: u64) -> Option<u64> {
        let at = index.checked_mul(u64::from(self.address_size))?.checked_add(self.addr_base.unwrap_or(0))?;
        let mut reader = input.reader(input.data(".debug_addr")).from(usize::try_from(at).ok()?);
        reader.uint(usize::from(self.address_size))
    }

    /// The offset of the text with that number.
    pub fn indexed_text(&self, input: &Input<'_>, index: u64) -> Option<u64> {
        let size = usize::from(self.offset_size);
        // In a split unit, which cannot say it, the first table of the section is its own.
        let own = if self.is_split && self.version >= 5 { 2 * u64::from(self.offset_size) } else { 0 };
        let base = self.str_offsets_base.unwrap_or(own);
        let at = index.checked_mul(size as u64)?.checked_add(base)?;
        let section = if self.is_split { ".debug_str_offsets.dwo" } else { ".debug_str_offsets" };
        input.reader(input.data(section)).from(usize::try_from(at).ok()?).uint(size)
    }

    /// The offset of the list with that number in `section`, whose table is at `base`.
    pub fn indexed_list(&self, input: &Input<'_>, section: &str, base: Option<u64>, index: u64) -> Option<u64> {
        let size = usize::from(self.offset_size);
        let base = base?;
        let at = index.checked_mul(size as u64)?.checked_add(base)?;
        let offset = input.reader(input.data(section)).from(usize::try_from(at).ok()?).uint(size)?;
        offset.checked_add(base)
    }
}

/// A list that an entry names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct ListUse {
    pub offset: u64,
    /// Where the views of its entries stand, if it has any.
    pub views: Option<u64>,
    /// The unit, by its number.
    pub unit: usize,
    /// The base that ranges are relative to: that of the unit.
    pub base: u64,
    /// The function that the entry is in says what its frame's base is.
    pub frame_base: bool,
}

/// Which lists are asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum ListKind {
    Locations,
    Ranges,
}

/// All lists of a kind that entries of `.debug_info` name, for units that `wanted` takes, in the order of the entries.
pub(super) fn lists(input: &Input<'_>, kind: ListKind, wanted: &dyn Fn(&Unit) -> bool) -> Vec<ListUse> {
    let mut uses = Vec::new();
    for (number, unit) in input.units().all.iter().enumerate().filter(|(_, unit)| wanted(unit)) {
        let table = Table::read(input, ".debug_abbrev", unit.abbreviations);
        let mut reader = input.reader(input.data(".debug_info")).until(unit.end).from(unit.entries);
        let mut frame_base = false;
        let mut walk = || {
            while !reader.is_done() {
                let code = reader.uleb()?;
                if code == 0 {
                    continue;
                }
                let found = table.get(code)?;
                let tag = gimli::DwTag(u16::try_from(found.tag).unwrap_or(u16::MAX));
                frame_base &= !matches!(tag, gimli::DW_TAG_subprogram | gimli::DW_TAG_entry_point);
                let mut views = None;
                let first = uses.len();
                for attribute in &found.attributes {
                    let value = value(attribute.form, attribute.implicit, unit, &mut reader)?;
                    let name = DwAt(u16::try_from(attribute.name).unwrap_or(u16::MAX));
                    frame_base |= name == gimli::DW_AT_frame_base;
                    if name == gimli::DW_AT_GNU_locviews {
                        views = value.number();
                    } else if let Some(offset) = list_of(kind, name, attribute.form, &value, unit, input) {
                        uses.push(ListUse { offset, views: None, unit: number, base: unit.low, frame_base });
                    }
                }
                if kind == ListKind::Locations && views.is_some() {
                    uses[first..].iter_mut().for_each(|list| list.views = views);
                }
            }
            Some(())
        };
        // What stands before damage counts.
        let _: Option<()> = walk();
    }
    uses
}

fn list_of(kind: ListKind, name: DwAt, form: u64, value: &Value<'_>, unit: &Unit, input: &Input<'_>) -> Option<u64> {
    let form = gimli::DwForm(u16::try_from(form).ok()?);
    let is_offset = form == gimli::DW_FORM_sec_offset
        || unit.version < 4 && matches!(form, gimli::DW_FORM_data4 | gimli::DW_FORM_data8);
    match kind {
        ListKind::Ranges if name == gimli::DW_AT_ranges => match form {
            gimli::DW_FORM_rnglistx => unit.indexed_list(input, ".debug_rnglists", unit.rnglists_base, value.number()?),
            _ => value.number(),
        },
        ListKind::Locations if super::info_values::is_location(name) => match form {
            gimli::DW_FORM_loclistx => unit.indexed_list(input, ".debug_loclists", unit.loclists_base, value.number()?),
            _ if is_offset => value.number(),
            _ => None,
        },
        _ => None,
    }
}
