//! Where functions and variables are declared, by what the linker knows of them: for `nm -l`. Over the same records as the texts.

use super::abbrev::{Abbreviation, Table};
use super::info_values::{Value, value};
use super::line_header::{Header, Names, names};
use super::reader::text_at;
use super::units::Unit;
use super::{Input, Output};
use gimli::{DwAt, DwForm, DwTag};

/// A function or a variable with a place in memory.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Declaration<'a> {
    pub address: u64,
    /// As the source has it, or as the linker knows it.
    pub name: &'a [u8],
    /// The whole path, as far as it is known.
    pub file: Vec<u8>,
    /// 0 for what has none.
    pub line: u64,
}

/// All declarations of a file, by address. What is damaged is left out.
pub fn declarations<'a>(input: &Input<'a>) -> Vec<Declaration<'a>> {
    let mut all = Vec::new();
    for unit in &input.units().all {
        let table = Table::read(input, ".debug_abbrev", unit.abbreviations);
        let cx = InUnit { input, unit, table: &table };
        let files = cx.files().unwrap_or_default();
        // What stands before damage counts.
        let _: Option<()> = cx.walk(&files, &mut all);
    }
    all.sort();
    all
}

/// The files of a unit, and where it was compiled.
#[derive(Default)]
struct Files<'a> {
    names: Names<'a>,
    version: u16,
    compilation: &'a [u8],
}

struct InUnit<'u, 'a> {
    input: &'u Input<'a>,
    unit: &'u Unit,
    table: &'u Table,
}

/// What an entry says, and what it is an instance of says for it.
#[derive(Clone, Copy, Default)]
struct Facts<'a> {
    address: Option<u64>,
    name: Option<&'a [u8]>,
    linkage_name: Option<&'a [u8]>,
    file: Option<u64>,
    line: Option<u64>,
    further: Option<u64>,
}

/// Chains of entries that stand for others.
const MAX_CHAIN: usize = 4;

impl<'a> InUnit<'_, 'a> {
    fn walk(&self, files: &Files<'a>, all: &mut Vec<Declaration<'a>>) -> Option<()> {
        let info = self.input.reader(self.input.data(".debug_info")).until(self.unit.end);
        let mut reader = info.from(self.unit.entries);
        while !reader.is_done() {
            let code = reader.uleb()?;
            if code == 0 {
                continue;
            }
            let found = self.table.get(code)?;
            let tag = DwTag(u16::try_from(found.tag).unwrap_or(u16::MAX));
            if !matches!(tag, gimli::DW_TAG_subprogram | gimli::DW_TAG_variable) {
                for attribute in &found.attributes {
                    value(attribute.form, attribute.implicit, self.unit, &mut reader)?;
                }
                continue;
            }
            let mut facts = self.facts(found, &mut reader)?;
            let Some(address) = facts.address else { continue };
            for _ in 0..MAX_CHAIN {
                let Some(at) = facts.further.take() else { break };
                let Some(more) = self.facts_at(at) else { break };
                facts.name = facts.name.or(more.name);
                facts.linkage_name = facts.linkage_name.or(more.linkage_name);
                if facts.line.is_none() {
                    (facts.file, facts.line) = (more.file, more.line);
                }
                facts.further = more.further;
            }
            // What compilers make themselves is declared nowhere.
            let line = facts.line.unwrap_or(0);
            let Some(file) = files.path(facts.file.unwrap_or(0)).or((line == 0).then(Vec::new)) else { continue };
            for name in [facts.name, facts.linkage_name].into_iter().flatten() {
                all.push(Declaration { address, name, file: file.clone(), line });
            }
        }
        Some(())
    }

    fn facts_at(&self, at: u64) -> Option<Facts<'a>> {
        let at = usize::try_from(at).ok().filter(|at| (self.unit.entries..self.unit.end).contains(at))?;
        let mut reader = self.input.reader(self.input.data(".debug_info")).until(self.unit.end).from(at);
        let found = self.table.get(reader.uleb()?)?;
        self.facts(found, &mut reader)
    }

    fn facts(&self, found: &Abbreviation, reader: &mut super::Reader<'a>) -> Option<Facts<'a>> {
        let mut facts = Facts::default();
        for attribute in &found.attributes {
            let value = value(attribute.form, attribute.implicit, self.unit, reader)?;
            let form = DwForm(u16::try_from(attribute.form).unwrap_or(u16::MAX));
            match DwAt(u16::try_from(attribute.name).unwrap_or(u16::MAX)) {
                gimli::DW_AT_low_pc => facts.address = self.address(form, value.number()?),
                gimli::DW_AT_location => facts.address = self.place(value),
                gimli::DW_AT_name => facts.name = self.text(form, value),
                gimli::DW_AT_linkage_name => facts.linkage_name = self.text(form, value),
                gimli::DW_AT_decl_file => facts.file = value.number(),
                gimli::DW_AT_decl_line => facts.line = value.number(),
                gimli::DW_AT_abstract_origin | gimli::DW_AT_specification => {
                    let base = if form == gimli::DW_FORM_ref_addr { 0 } else { self.unit.start };
                    facts.further = value.number().and_then(|offset| offset.checked_add(base));
                }
                _ => {}
            }
        }
        Some(facts)
    }

    fn address(&self, form: DwForm, number: u64) -> Option<u64> {
        if form == gimli::DW_FORM_addr { Some(number) } else { self.unit.indexed_address(self.input, number) }
    }

    /// An expression that is an address and nothing else, or an offset in thread-local storage.
    fn place(&self, value: Value<'a>) -> Option<u64> {
        let Value::Block(code) = value else { return None };
        let mut reader = self.input.reader(code);
        let address = match gimli::DwOp(reader.u8()?) {
            gimli::DW_OP_addr => reader.uint(usize::from(self.unit.address_size))?,
            gimli::DW_OP_addrx => self.unit.indexed_address(self.input, reader.uleb()?)?,
            gimli::DW_OP_const4u => reader.uint(4)?,
            gimli::DW_OP_const8u => reader.uint(8)?,
            _ => return None,
        };
        let is_local = |byte| byte == gimli::DW_OP_form_tls_address.0 || byte == gimli::DW_OP_GNU_push_tls_address.0;
        if code.first().is_some_and(|&byte| matches!(gimli::DwOp(byte), gimli::DW_OP_const4u | gimli::DW_OP_const8u)) {
            reader.u8().filter(|&byte| is_local(byte))?;
        }
        reader.is_done().then_some(address)
    }

    fn text(&self, form: DwForm, value: Value<'a>) -> Option<&'a [u8]> {
        let at = match value {
            Value::Text(text) => return Some(text),
            value => value.number()?,
        };
        match form {
            gimli::DW_FORM_strp => text_at(self.input.data(".debug_str"), at),
            gimli::DW_FORM_line_strp => text_at(self.input.data(".debug_line_str"), at),
            gimli::DW_FORM_GNU_strp_alt | gimli::DW_FORM_strp_sup => None,
            _ => text_at(self.input.data(".debug_str"), self.unit.indexed_text(self.input, at)?),
        }
    }

    fn files(&self) -> Option<Files<'a>> {
        let info = self.input.reader(self.input.data(".debug_info")).until(self.unit.end);
        let mut reader = info.from(self.unit.entries);
        let found = self.table.get(reader.uleb()?)?;
        let (mut offset, mut compilation): (_, &[u8]) = (None, b"");
        for attribute in &found.attributes {
            let value = value(attribute.form, attribute.implicit, self.unit, &mut reader)?;
            let form = DwForm(u16::try_from(attribute.form).unwrap_or(u16::MAX));
            match DwAt(u16::try_from(attribute.name).unwrap_or(u16::MAX)) {
                gimli::DW_AT_stmt_list => offset = value.number(),
                gimli::DW_AT_comp_dir => compilation = self.text(form, value).unwrap_or_default(),
                _ => {}
            }
        }
        let lines = self.input.reader(self.input.data(".debug_line"));
        let mut reader = lines.from(usize::try_from(offset?).ok()?);
        let header = Header::read(&mut reader, self.input)?;
        let mut at = lines.until(header.end).from(header.tables);
        let names = names(&header, &mut at, self.input, None::<&mut Output<'_>>)?;
        Some(Files { names, version: header.version, compilation })
    }
}

impl Files<'_> {
    fn path(&self, number: u64) -> Option<Vec<u8>> {
        let first = u64::from(self.version < 5);
        let file = self.names.files.get(usize::try_from(number.checked_sub(first)?).ok()?)?;
        let directory = file.directory.checked_sub(first).and_then(|at| usize::try_from(at).ok());
        let directory = directory.and_then(|at| self.names.directories.get(at)).copied().unwrap_or_default();
        let mut path = Vec::new();
        if !file.name.starts_with(b"/") {
            for part in [if directory.starts_with(b"/") { b"" } else { self.compilation }, directory] {
                if !part.is_empty() {
                    path.extend_from_slice(part);
                    path.push(b'/');
                }
            }
        }
        path.extend_from_slice(file.name);
        Some(path)
    }
}
