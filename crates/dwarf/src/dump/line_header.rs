//! The header of a line table (DWARF 5, 6.2.4; DWARF 4, 6.2.4) with its directories and files.

use super::reader::{Reader, text_at};
use super::{Hex, Input, Output};
use gimli::{DwForm, DwLnct};

pub(super) struct Header<'a> {
    pub offset: u64,
    pub length: u64,
    pub offset_size: u8,
    pub version: u16,
    pub address_size: u8,
    pub segment_size: u8,
    pub prologue: u64,
    pub unit: u8,
    pub max_ops: u8,
    pub default_is_stmt: bool,
    pub line_base: i8,
    pub line_range: u8,
    pub opcode_base: u8,
    pub lengths: &'a [u8],
    /// Where in the section the table, its first directory and its statements begin and the whole ends.
    pub tables: usize,
    pub statements: usize,
    pub end: usize,
}

impl<'a> Header<'a> {
    /// The header at the reader, which is behind it afterwards.
    pub fn read(reader: &mut Reader<'a>, input: &Input<'a>) -> Option<Header<'a>> {
        let offset = reader.at as u64;
        let (length, offset_size) = reader.initial_length()?;
        let end = reader.at.checked_add(usize::try_from(length).ok()?)?;
        if end > reader.len() {
            return None;
        }
        let version = reader.u16()?;
        if !(2..=5).contains(&version) {
            return None;
        }
        let (mut address_size, mut segment_size) = (input.address_size, 0);
        if version >= 5 {
            address_size = reader.u8()?;
            segment_size = reader.u8()?;
        }
        let prologue = reader.uint(usize::from(offset_size))?;
        let statements = reader.at.checked_add(usize::try_from(prologue).ok()?)?.min(end);
        let unit = reader.u8()?;
        let max_ops = if version >= 4 { reader.u8()? } else { 1 };
        let default_is_stmt = reader.u8()? != 0;
        let (line_base, line_range, opcode_base) = (reader.u8()? as i8, reader.u8()?, reader.u8()?);
        let lengths = reader.bytes(usize::from(opcode_base).saturating_sub(1))?;
        Some(Header {
            offset,
            length,
            offset_size,
            version,
            address_size,
            segment_size,
            prologue,
            unit,
            max_ops,
            default_is_stmt,
            line_base,
            line_range,
            opcode_base,
            lengths,
            tables: reader.at,
            statements,
            end,
        })
    }

    pub fn show(&self, out: &mut Output<'_>) {
        out.put(format_args!("  Offset:                      {}\n", Hex(self.offset)));
        out.put(format_args!("  Length:                      {}\n", self.length));
        out.put(format_args!("  DWARF Version:               {}\n", self.version));
        if self.version >= 5 {
            out.put(format_args!("  Address size (bytes):        {}\n", self.address_size));
            out.put(format_args!("  Segment selector (bytes):    {}\n", self.segment_size));
        }
        out.put(format_args!("  Prologue Length:             {}\n", self.prologue));
        out.put(format_args!("  Minimum Instruction Length:  {}\n", self.unit));
        if self.version >= 4 {
            out.put(format_args!("  Maximum Ops per Instruction: {}\n", self.max_ops));
        }
        out.put(format_args!("  Initial value of 'is_stmt':  {}\n", u8::from(self.default_is_stmt)));
        out.put(format_args!("  Line Base:                   {}\n", self.line_base));
        out.put(format_args!("  Line Range:                  {}\n", self.line_range));
        out.put(format_args!("  Opcode Base:                 {}\n", self.opcode_base));
        out.bytes(b"\n Opcodes:\n");
        for (number, &count) in self.lengths.iter().enumerate() {
            let plural = if count == 1 { "" } else { "s" };
            out.put(format_args!("  Opcode {} has {count} arg{plural}\n", number + 1));
        }
    }
}

/// A file of a table.
#[derive(Clone, Copy, Default)]
pub(super) struct FileName<'a> {
    pub name: &'a [u8],
    pub directory: u64,
}

/// Directories and files as they are numbered: from 1 before version 5.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub directories: Vec<&'a [u8]>,
    pub files: Vec<FileName<'a>>,
}

/// Reads both tables; with `out` they are shown as they are read.
pub(super) fn names<'a>(
    header: &Header<'_>,
    reader: &mut Reader<'a>,
    input: &Input<'a>,
    out: Option<&mut Output<'_>>,
) -> Option<Names<'a>> {
    if header.version >= 5 { new_names(header, reader, input, out) } else { old_names(reader, out) }
}

fn old_names<'a>(reader: &mut Reader<'a>, mut out: Option<&mut Output<'_>>) -> Option<Names<'a>> {
    let mut names = Names::default();
    if let Some(out) = &mut out {
        match reader.peek()? {
            0 => out.bytes(b"\n The Directory Table is empty.\n"),
            _ => out.put(format_args!("\n The Directory Table (offset {}):\n", Hex(reader.at as u64))),
        }
    }
    while reader.peek()? != 0 {
        let directory = reader.text()?;
        names.directories.push(directory);
        if let Some(out) = &mut out {
            out.put(format_args!("  {}\t", names.directories.len()));
            out.bytes(directory);
            out.bytes(b"\n");
        }
    }
    reader.u8()?;
    if let Some(out) = &mut out {
        match reader.peek()? {
            0 => out.bytes(b"\n The File Name Table is empty.\n"),
            _ => {
                out.put(format_args!("\n The File Name Table (offset {}):\n", Hex(reader.at as u64)));
                out.bytes(b"  Entry\tDir\tTime\tSize\tName\n");
            }
        }
    }
    while reader.peek()? != 0 {
        let name = reader.text()?;
        let (directory, time, size) = (reader.uleb()?, reader.uleb()?, reader.uleb()?);
        names.files.push(FileName { name, directory });
        if let Some(out) = &mut out {
            out.put(format_args!("  {}\t{directory}\t{time}\t{size}\t", names.files.len()));
            out.bytes(name);
            out.bytes(b"\n");
        }
    }
    reader.u8()?;
    Some(names)
}

fn new_names<'a>(
    header: &Header<'_>,
    reader: &mut Reader<'a>,
    input: &Input<'a>,
    mut out: Option<&mut Output<'_>>,
) -> Option<Names<'a>> {
    let mut names = Names::default();
    let mut directory = |file: FileName<'a>| names.directories.push(file.name);
    table("Directory", header, reader, input, out.as_deref_mut(), &mut directory)?;
    let mut file = |file: FileName<'a>| names.files.push(file);
    table("File Name", header, reader, input, out, &mut file)?;
    Some(names)
}

/// One of the self-describing tables.
fn table<'a>(
    what: &str,
    header: &Header<'_>,
    reader: &mut Reader<'a>,
    input: &Input<'a>,
    mut out: Option<&mut Output<'_>>,
    each: &mut dyn FnMut(FileName<'a>),
) -> Option<()> {
    let n_columns = reader.u8()?;
    let mut columns = Vec::with_capacity(usize::from(n_columns));
    for _ in 0..n_columns {
        let (content, form) = (reader.uleb()?, reader.uleb()?);
        columns.push((
            DwLnct(u16::try_from(content).unwrap_or(u16::MAX)),
            DwForm(u16::try_from(form).unwrap_or(u16::MAX)),
        ));
    }
    let n_rows = reader.uleb()?;
    if let Some(out) = &mut out {
        if n_rows == 0 {
            out.put(format_args!("\n The {what} Table is empty.\n"));
        } else {
            let at = Hex(reader.at as u64);
            out.put(format_args!("\n The {what} Table (offset {at}, lines {n_rows}, columns {n_columns}):\n  Entry"));
            // The name comes last.
            for last in [false, true] {
                for (content, _) in columns.iter().filter(|(content, _)| (*content == gimli::DW_LNCT_path) == last) {
                    match *content {
                        gimli::DW_LNCT_path => out.bytes(b"\tName"),
                        gimli::DW_LNCT_directory_index => out.bytes(b"\tDir"),
                        gimli::DW_LNCT_timestamp => out.bytes(b"\tTime"),
                        gimli::DW_LNCT_size => out.bytes(b"\tSize"),
                        gimli::DW_LNCT_MD5 => out.bytes(b"\tMD5\t\t\t"),
                        other => out.put(format_args!("\t(Unknown format content type {})", other.0)),
                    }
                }
            }
            out.bytes(b"\n");
        }
    }
    // A row without columns takes no bytes, so that a count of them is no measure.
    if columns.is_empty() {
        return Some(());
    }
    for row in 0..n_rows {
        if reader.is_done() {
            return None;
        }
        let mut file = FileName::default();
        let mut texts: [Vec<u8>; 2] = Default::default();
        for &(content, form) in &columns {
            let is_path = content == gimli::DW_LNCT_path;
            let text = &mut texts[usize::from(is_path)];
            let value = value(form, header, reader, input, text, out.is_some())?;
            match content {
                gimli::DW_LNCT_path => file.name = value.0,
                gimli::DW_LNCT_directory_index => file.directory = value.1,
                _ => {}
            }
        }
        each(file);
        if let Some(out) = &mut out {
            out.put(format_args!("  {row}"));
            texts.iter().for_each(|text| out.bytes(text));
            out.bytes(b"\n");
        }
    }
    Some(())
}

/// A value with its text; the first is what it says as a text, the second as a number.
fn value<'a>(
    form: DwForm,
    header: &Header<'_>,
    reader: &mut Reader<'a>,
    input: &Input<'a>,
    text: &mut Vec<u8>,
    wanted: bool,
) -> Option<(&'a [u8], u64)> {
    let mut push = |shown: std::fmt::Arguments<'_>, rest: &[u8]| {
        if wanted {
            text.extend_from_slice(shown.to_string().as_bytes());
            text.extend_from_slice(rest);
        }
    };
    let offset_size = usize::from(header.offset_size);
    let number = match form {
        gimli::DW_FORM_string => {
            let name = reader.text()?;
            push(format_args!("\t"), name);
            return Some((name, 0));
        }
        gimli::DW_FORM_strp | gimli::DW_FORM_line_strp => {
            let at = reader.uint(offset_size)?;
            let (section, what) = match form {
                gimli::DW_FORM_strp => (".debug_str", "string"),
                _ => (".debug_line_str", "line string"),
            };
            let name = text_at(input.data(section), at).unwrap_or(b"<offset is too big>");
            push(format_args!("\t(indirect {what}, offset: {}): ", Hex(at)), name);
            return Some((name, 0));
        }
        gimli::DW_FORM_udata => reader.uleb()?,
        gimli::DW_FORM_data1 => reader.uint(1)?,
        gimli::DW_FORM_data2 => reader.uint(2)?,
        gimli::DW_FORM_data4 => reader.uint(4)?,
        gimli::DW_FORM_data8 => reader.uint(8)?,
        gimli::DW_FORM_data16 => {
            let (low, high) = (reader.uint(8)?, reader.uint(8)?);
            match high {
                0 => push(format_args!(" 0x{low:x}"), b""),
                _ => push(format_args!(" 0x{high:x}{low:016x}"), b""),
            }
            return Some((b"", low));
        }
        gimli::DW_FORM_block => {
            let n = usize::try_from(reader.uleb()?).ok()?;
            let bytes = reader.bytes(n)?;
            let shown: String = bytes.iter().map(|byte| format!("{byte:02x} ")).collect();
            push(format_args!("\t{n} byte block: {shown}"), b"");
            return Some((b"", 0));
        }
        _ => return None,
    };
    match form {
        gimli::DW_FORM_data4 | gimli::DW_FORM_data8 => push(format_args!("\t{}", Hex(number)), b""),
        _ => push(format_args!("\t{number}"), b""),
    }
    Some((b"", number))
}
