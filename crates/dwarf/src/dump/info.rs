//! `.debug_info` and `.debug_types` (DWARF 5, 7.5): units, entries, attributes.

use super::abbrev::{Abbreviation, Table};
use super::info_values::{Value, Writer, is_expression, is_location, value};
use super::reader::Reader;
use super::units::{Unit, abbreviations_of};
use super::{Hex, Input, Output, Parts, Section, heading, names};
use gimli::{DwAt, DwForm, DwTag};

pub(super) fn show(input: &Input<'_>, section: &Section<'_>, _parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    let types = section.name.starts_with(b".debug_types");
    let name = String::from_utf8_lossy(section.name).into_owned();
    let mut reader = input.reader(section.data);
    let mut known: Option<(u64, Table)> = None;
    while !reader.is_done() {
        let at = reader.at;
        let Some(mut unit) = Unit::read(&mut reader, types) else {
            out.warn(format!("the unit at offset {at:#x} is damaged, or of a version that is not known"));
            break;
        };
        // Units of one link often share their abbreviations.
        let table = match known.take().filter(|(offset, _)| *offset == unit.abbreviations) {
            Some((_, table)) => table,
            None => Table::read(input, abbreviations_of(section.name), unit.abbreviations),
        };
        unit.read_first(input, &name, &table);
        unit_header(&unit, types, out);
        let entries = input.reader(section.data).until(unit.end).from(unit.entries);
        let writer = Writer { input, unit: &unit, signed: false };
        let mut walk = Walk { writer, table: &table, section, frame_base: false, signed: Vec::new() };
        if let Err(at) = walk.entries(entries, out) {
            out.warn(format!("the entry at offset {at:#x} is damaged"));
        }
        known = Some((unit.abbreviations, table));
    }
    out.bytes(b"\n");
}

fn unit_header(unit: &Unit, types: bool, out: &mut Output<'_>) {
    let kind = gimli::DwUt(unit.kind);
    out.put(format_args!("  Compilation Unit @ offset {}:\n", Hex(unit.start)));
    let bits = if unit.offset_size == 8 { 64 } else { 32 };
    out.put(format_args!("   Length:        {} ({bits}-bit)\n", Hex(unit.length)));
    out.put(format_args!("   Version:       {}\n", unit.version));
    if unit.version >= 5 {
        let name = kind.static_string().unwrap_or("???");
        out.put(format_args!("   Unit Type:     {name} ({:x})\n", unit.kind));
    }
    out.put(format_args!("   Abbrev Offset: {}\n", Hex(unit.abbreviations)));
    out.put(format_args!("   Pointer Size:  {}\n", unit.address_size));
    if types || matches!(kind, gimli::DW_UT_type | gimli::DW_UT_split_type) {
        out.put(format_args!("   Signature:     {}\n   Type Offset:   {}\n", Hex(unit.id), Hex(unit.type_offset)));
    }
    if matches!(kind, gimli::DW_UT_skeleton | gimli::DW_UT_split_compile) {
        out.put(format_args!("   DWO ID:        {}\n", Hex(unit.id)));
    }
}

struct Walk<'w, 'a> {
    writer: Writer<'w, 'a>,
    table: &'w Table,
    section: &'w Section<'a>,
    /// The function at hand says what its frame's base is.
    frame_base: bool,
    /// For each depth whether the last type named there has a sign.
    signed: Vec<bool>,
}

/// Entries within entries.
const MAX_DEPTH: usize = 1 << 16;

impl<'a> Walk<'_, 'a> {
    /// Shows all entries; the error is where the first damaged one begins.
    fn entries(&mut self, mut reader: Reader<'a>, out: &mut Output<'_>) -> Result<(), usize> {
        let mut depth = 0usize;
        while !reader.is_done() {
            out.flush_some();
            let at = reader.at;
            let code = reader.uleb().ok_or(at)?;
            if code == 0 {
                // Padding behind the last entry is not shown.
                let Some(above) = depth.checked_sub(1) else { continue };
                out.put(format_args!(" <{depth}><{at:x}>: Abbrev Number: 0\n"));
                depth = above;
                continue;
            }
            let found = self.table.get(code);
            out.put(format_args!(" <{depth}><{at:x}>: Abbrev Number: {code}"));
            let Some(found) = found else {
                out.bytes(b"\n");
                return Err(at);
            };
            out.put(format_args!(" ({})\n", names::tag(found.tag)));
            self.entry(found, depth, &mut reader, out).ok_or(at)?;
            if found.children {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(at);
                }
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        found: &Abbreviation,
        depth: usize,
        reader: &mut Reader<'a>,
        out: &mut Output<'_>,
    ) -> Option<()> {
        let tag = DwTag(u16::try_from(found.tag).unwrap_or(u16::MAX));
        // Also one within another, although that one's goes on behind it.
        self.frame_base &= !matches!(tag, gimli::DW_TAG_subprogram | gimli::DW_TAG_entry_point);
        self.signed.resize(depth + 1, false);
        self.signed[depth] = false;
        // The type may stand behind what is of that type.
        if let Some(attribute) = found.attributes.iter().position(|attribute| is(attribute.name, gimli::DW_AT_type)) {
            let mut ahead = *reader;
            for attribute in &found.attributes[..attribute] {
                value(attribute.form, attribute.implicit, self.writer.unit, &mut ahead)?;
            }
            let attribute = found.attributes[attribute];
            let target = value(attribute.form, attribute.implicit, self.writer.unit, &mut ahead)?;
            self.signed[depth] = self.is_signed(attribute.form, target, 0).unwrap_or(false);
        }
        for attribute in &found.attributes {
            out.put(format_args!("    <{:x}>   {:<18}:", reader.at, names::attribute(attribute.name)));
            let value = value(attribute.form, attribute.implicit, self.writer.unit, reader)?;
            let name = DwAt(u16::try_from(attribute.name).unwrap_or(u16::MAX));
            self.writer.signed = match name {
                gimli::DW_AT_const_value | gimli::DW_AT_lower_bound | gimli::DW_AT_upper_bound => {
                    self.has_signed_values(tag, depth)
                }
                _ => false,
            };
            self.writer.value(attribute.form, value, out);
            self.remark(name, attribute.form, value, out);
            out.bytes(b"\n");
        }
        Some(())
    }

    /// An enumerator is of the type around it.
    fn has_signed_values(&self, tag: DwTag, depth: usize) -> bool {
        let at = if tag == gimli::DW_TAG_enumerator { depth.checked_sub(1) } else { Some(depth) };
        at.and_then(|at| self.signed.get(at)).copied().unwrap_or(false)
    }

    /// What a value means.
    fn remark(&mut self, name: DwAt, form: u64, value: Value<'a>, out: &mut Output<'_>) {
        let unit = self.writer.unit;
        if let Some(number) = value.number()
            && let Some(text) = names::meaning(u64::from(name.0), number)
        {
            out.bytes(b"\t");
            out.bytes(text.as_bytes());
        }
        let form = DwForm(u16::try_from(form).unwrap_or(u16::MAX));
        self.frame_base |= name == gimli::DW_AT_frame_base;
        if name == gimli::DW_AT_import
            && let Some(number) = value.number()
            && form != gimli::DW_FORM_ref_sig8
        {
            let target = if form == gimli::DW_FORM_ref_addr { number } else { number.wrapping_add(unit.start) };
            self.imported(target, out);
        }
        let is_list = matches!(form, gimli::DW_FORM_sec_offset | gimli::DW_FORM_loclistx)
            || unit.version < 4 && matches!(form, gimli::DW_FORM_data4 | gimli::DW_FORM_data8);
        if is_list && (is_location(name) || name == gimli::DW_AT_loclists_base) {
            out.bytes(b" (location list)");
        }
        if let Value::Block(code) = value
            && is_expression(name)
        {
            let needs_frame_base = self.writer.expression(code, out);
            if needs_frame_base && !self.frame_base {
                out.bytes(b" [without DW_AT_frame_base]");
            }
        }
    }

    /// What the entry is that is imported.
    fn imported(&self, target: u64, out: &mut Output<'_>) {
        let found = || {
            let mut reader = self.writer.input.reader(self.section.data).from(usize::try_from(target).ok()?);
            let code = reader.uleb()?;
            let unit = self.writer.unit;
            let inside = (unit.start..unit.end as u64).contains(&target);
            match inside {
                true => Some((code, self.table.get(code)?.tag)),
                false => {
                    let units = &self.writer.input.units().all;
                    let unit = units.iter().find(|unit| (unit.start..unit.end as u64).contains(&target))?;
                    let table = Table::read(self.writer.input, abbreviations_of(self.section.name), unit.abbreviations);
                    Some((code, table.get(code)?.tag))
                }
            }
        };
        if let Some((code, tag)) = found() {
            out.put(format_args!("\t[Abbrev Number: {code} ({})]", names::tag(tag)));
        }
    }

    /// Whether the type at a reference is a number with a sign: found through what it is made of.
    fn is_signed(&self, form: u64, target: Value<'a>, depth: usize) -> Option<bool> {
        let unit = self.writer.unit;
        let form = DwForm(u16::try_from(form).ok()?);
        let at = match form {
            gimli::DW_FORM_ref1
            | gimli::DW_FORM_ref2
            | gimli::DW_FORM_ref4
            | gimli::DW_FORM_ref8
            | gimli::DW_FORM_ref_udata => target.number()?.checked_add(unit.start)?,
            gimli::DW_FORM_ref_addr => target.number()?,
            _ => return None,
        };
        if !(unit.start..unit.end as u64).contains(&at) || depth > 16 {
            return None;
        }
        let mut reader = self.writer.input.reader(self.section.data).until(unit.end).from(usize::try_from(at).ok()?);
        let found = self.table.get(reader.uleb()?)?;
        let mut answer = None;
        for attribute in &found.attributes {
            let value = value(attribute.form, attribute.implicit, unit, &mut reader)?;
            if is(attribute.name, gimli::DW_AT_type) {
                answer = self.is_signed(attribute.form, value, depth + 1);
            } else if is(attribute.name, gimli::DW_AT_encoding) {
                let encoding = gimli::DwAte(u8::try_from(value.number()?).ok()?);
                // Characters and what is signed.
                return Some(matches!(encoding, gimli::DW_ATE_signed | gimli::DW_ATE_signed_char));
            }
        }
        answer
    }
}

fn is(name: u64, attribute: DwAt) -> bool {
    name == u64::from(attribute.0)
}
