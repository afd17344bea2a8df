//! `.debug_abbrev` (DWARF 5, 7.5.3): shown as it is, and read for the entries that it describes.

use super::reader::Reader;
use super::{Hex, Input, Output, Parts, Section, heading, names};
use gimli::DW_FORM_implicit_const;

/// Name, form and, for a form that has it here, the value.
#[derive(Clone, Copy)]
pub(super) struct Attribute {
    pub name: u64,
    pub form: u64,
    pub implicit: i64,
}

pub(super) struct Abbreviation {
    pub code: u64,
    pub tag: u64,
    pub children: bool,
    /// Without the pair of zeroes at the end.
    pub attributes: Vec<Attribute>,
}

/// The table of a unit, by code.
#[derive(Default)]
pub(super) struct Table {
    all: Vec<Abbreviation>,
    sorted: bool,
}

impl Table {
    pub fn read(input: &Input<'_>, section: &str, offset: u64) -> Table {
        let mut table = Table { all: Vec::new(), sorted: true };
        let Ok(at) = usize::try_from(offset) else { return table };
        let mut reader = input.reader(input.data(section)).from(at);
        while let Some(Some(found)) = read_one(&mut reader) {
            table.sorted &= found.code == table.all.len() as u64 + 1;
            table.all.push(found);
        }
        if !table.sorted {
            table.all.sort_by_key(|found| found.code);
        }
        table
    }

    pub fn get(&self, code: u64) -> Option<&Abbreviation> {
        if self.sorted {
            return self.all.get(usize::try_from(code.checked_sub(1)?).ok()?);
        }
        let at = self.all.binary_search_by_key(&code, |found| found.code).ok()?;
        self.all.get(at)
    }
}

/// The next one; `Some(None)` at the end of a table, `None` at that of the section.
fn read_one(reader: &mut Reader<'_>) -> Option<Option<Abbreviation>> {
    let code = reader.uleb()?;
    if code == 0 {
        return Some(None);
    }
    let (tag, children) = (reader.uleb()?, reader.u8()? != 0);
    let mut attributes = Vec::new();
    loop {
        let (name, form) = (reader.uleb()?, reader.uleb()?);
        if name == 0 && form == 0 {
            return Some(Some(Abbreviation { code, tag, children, attributes }));
        }
        let implicit = if form == u64::from(DW_FORM_implicit_const.0) { reader.sleb()? } else { 0 };
        attributes.push(Attribute { name, form, implicit });
    }
}

pub(super) fn show(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    let mut reader = input.reader(section.data);
    while !reader.is_done() {
        out.flush_some();
        let start = reader.at;
        let Some(first) = read_one(&mut reader) else { break };
        let Some(first) = first else { continue };
        out.put(format_args!("  Number TAG ({})\n", Hex(start as u64)));
        show_one(&first, out);
        while let Some(Some(next)) = read_one(&mut reader) {
            show_one(&next, out);
        }
    }
    out.bytes(b"\n");
}

fn show_one(found: &Abbreviation, out: &mut Output<'_>) {
    let children = if found.children { "has children" } else { "no children" };
    out.put(format_args!("   {}      {}    [{children}]\n", found.code, names::tag(found.tag)));
    for attribute in &found.attributes {
        out.put(format_args!("    {:<18} {}", names::attribute(attribute.name), names::form(attribute.form)));
        if attribute.form == u64::from(DW_FORM_implicit_const.0) {
            out.put(format_args!(": {}", attribute.implicit));
        }
        out.bytes(b"\n");
    }
    out.put(format_args!("    {:<18} {}\n", names::attribute(0), names::form(0)));
}
