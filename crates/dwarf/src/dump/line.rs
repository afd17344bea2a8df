//! `.debug_line` (DWARF 5, 6.2): its statements one by one, or the rows that they make.

use super::line_header::{FileName, Header, Names, names};
use super::reader::Reader;
use super::{Hex, Input, Output, Parts, Section, heading};

pub(super) fn show(input: &Input<'_>, section: &Section<'_>, parts: Parts, out: &mut Output<'_>) {
    if parts.has(Parts::RAW_LINE) {
        out.bytes(b"Raw dump of debug contents of section ");
        out.bytes(section.name);
        out.bytes(b":\n\n");
        tables(input, section, true, out);
    }
    if parts.has(Parts::DECODED_LINE) {
        heading(section, out);
        tables(input, section, false, out);
    }
}

fn tables(input: &Input<'_>, section: &Section<'_>, raw: bool, out: &mut Output<'_>) {
    let mut reader = input.reader(section.data);
    while !reader.is_done() {
        let Some(header) = Header::read(&mut reader, input) else {
            return out.warn("the line table is damaged, or of a version that is not known");
        };
        if header.line_range == 0 || header.opcode_base == 0 {
            return out.warn("Line range of 0 is invalid");
        }
        if raw {
            header.show(out);
        }
        let mut at = input.reader(section.data).until(header.end).from(header.tables);
        let names = match names(&header, &mut at, input, if raw { Some(out) } else { None }) {
            Some(names) => names,
            None => {
                out.warn("the tables of directories and files are damaged");
                Names::default()
            }
        };
        let statements = input.reader(section.data).until(header.end).from(header.statements);
        let mut machine = Machine { header: &header, reader: statements, row: Row::new(&header), names };
        if raw {
            if header.statements < header.end {
                out.bytes(b"\n Line Number Statements:\n");
                machine.raw(out);
                out.bytes(b"\n");
            } else {
                out.bytes(b"\n No Line Number Statements.\n");
            }
        } else {
            machine.decoded(input, out);
            out.bytes(b"\n");
        }
        reader.at = header.end;
    }
}

/// The registers.
#[derive(Clone, Copy)]
struct Row {
    address: u64,
    op_index: u64,
    file: u64,
    line: u32,
    is_stmt: bool,
    /// How many rows there were at this address.
    view: u32,
}

impl Row {
    fn new(header: &Header<'_>) -> Row {
        Row { address: 0, op_index: 0, file: 1, line: 1, is_stmt: header.default_is_stmt, view: 0 }
    }
}

struct Machine<'m, 'a> {
    header: &'m Header<'a>,
    reader: Reader<'a>,
    row: Row,
    names: Names<'a>,
}

/// What a statement was.
enum Statement<'a> {
    /// The number behind the base, and what is added to address and line.
    Special(u8, u64, i64),
    Extended(u8, &'a [u8]),
    Standard(u8),
}

impl<'a> Machine<'_, 'a> {
    /// The next statement; of a special one the effect has taken place.
    fn next(&mut self) -> Option<Statement<'a>> {
        let opcode = self.reader.u8()?;
        if opcode >= self.header.opcode_base {
            let adjusted = opcode - self.header.opcode_base;
            let by = self.advance(u64::from(adjusted / self.header.line_range));
            let lines = i64::from(self.header.line_base) + i64::from(adjusted % self.header.line_range);
            self.row.line = self.row.line.wrapping_add(lines as u32);
            return Some(Statement::Special(adjusted, by, lines));
        }
        if opcode != 0 {
            return Some(Statement::Standard(opcode));
        }
        let length = usize::try_from(self.reader.uleb()?).ok()?;
        let (&kind, operands) = self.reader.bytes(length)?.split_first()?;
        Some(Statement::Extended(kind, operands))
    }

    /// By how many bytes the address went on.
    fn advance(&mut self, operations: u64) -> u64 {
        let max_ops = u64::from(self.header.max_ops.max(1));
        let ops = self.row.op_index.wrapping_add(operations);
        let n = if max_ops == 1 { operations } else { ops / max_ops };
        self.row.op_index = if max_ops == 1 { 0 } else { ops % max_ops };
        let by = n.wrapping_mul(u64::from(self.header.unit));
        self.row.address = self.row.address.wrapping_add(by);
        if by != 0 {
            self.row.view = 0;
        }
        by
    }

    fn set_address(&mut self, operands: &[u8], big: bool) {
        let mut reader = Reader::new(operands, big);
        self.row.address = reader.uint(operands.len().min(8)).unwrap_or(0);
        (self.row.op_index, self.row.view) = (0, 0);
    }

    fn define_file(&mut self, operands: &'a [u8], big: bool) -> Option<(FileName<'a>, u64, u64)> {
        let mut reader = Reader::new(operands, big);
        let file = FileName { name: reader.text()?, directory: reader.uleb()? };
        self.names.files.push(file);
        Some((file, reader.uleb()?, reader.uleb()?))
    }

    /// ` (view 1)`, and the end of the line.
    fn view(&mut self, out: &mut Output<'_>) {
        match self.row.view {
            0 => out.bytes(b"\n"),
            view => out.put(format_args!(" (view {view})\n")),
        }
        self.row.view += 1;
    }

    fn raw(&mut self, out: &mut Output<'_>) {
        while !self.reader.is_done() {
            out.flush_some();
            out.put(format_args!("  [0x{:08x}]", self.reader.at));
            if self.raw_statement(out).is_none() {
                out.bytes(b"\n");
                return out.warn("badly formed line operation");
            }
        }
    }

    fn raw_statement(&mut self, out: &mut Output<'_>) -> Option<()> {
        match self.next()? {
            Statement::Special(number, by, lines) => {
                let (address, line) = (Hex(self.row.address), self.row.line);
                out.put(format_args!("  Special opcode {number}: advance Address by {by} to {address}"));
                if self.header.max_ops > 1 {
                    out.put(format_args!("[{}]", self.row.op_index));
                }
                out.put(format_args!(" and Line by {lines} to {line}"));
                self.view(out);
            }
            Statement::Extended(kind, operands) => self.raw_extended(kind, operands, out),
            Statement::Standard(opcode) => self.raw_standard(opcode, out)?,
        }
        Some(())
    }

    fn raw_extended(&mut self, kind: u8, operands: &'a [u8], out: &mut Output<'_>) {
        let big = self.header_is_big();
        out.put(format_args!("  Extended opcode {kind}: "));
        match gimli::DwLne(kind) {
            gimli::DW_LNE_end_sequence => {
                out.bytes(b"End of Sequence\n\n");
                self.row = Row::new(self.header);
            }
            gimli::DW_LNE_set_address => {
                self.set_address(operands, big);
                out.put(format_args!("set Address to {}\n", Hex(self.row.address)));
            }
            gimli::DW_LNE_define_file => {
                out.bytes(b"define new File Table entry\n  Entry\tDir\tTime\tSize\tName\n");
                if let Some((file, time, size)) = self.define_file(operands, big) {
                    let number = self.names.files.len();
                    out.put(format_args!("   {number}\t{}\t{time}\t{size}\t", file.directory));
                    out.bytes(file.name);
                    out.bytes(b"\n\n");
                }
            }
            gimli::DW_LNE_set_discriminator => {
                let number = Reader::new(operands, big).uleb().unwrap_or(0);
                out.put(format_args!("set Discriminator to {number}\n"));
            }
            other => {
                out.bytes(if other.0 >= 0x80 { b"user defined: " } else { b"UNKNOWN: " });
                out.put(format_args!("length {} [", operands.len()));
                operands.iter().for_each(|byte| out.put(format_args!(" {byte:02x}")));
                out.bytes(b"]\n");
            }
        }
    }

    fn header_is_big(&self) -> bool {
        self.reader.is_big()
    }

    fn raw_standard(&mut self, opcode: u8, out: &mut Output<'_>) -> Option<()> {
        match gimli::DwLns(opcode) {
            gimli::DW_LNS_copy => {
                out.bytes(b"  Copy");
                self.view(out);
            }
            gimli::DW_LNS_advance_pc => {
                let n = self.reader.uleb()?;
                let by = self.advance(n);
                out.put(format_args!("  Advance PC by {by} to {}", Hex(self.row.address)));
                self.op_index_end(out);
            }
            gimli::DW_LNS_advance_line => {
                let by = self.reader.sleb()?;
                self.row.line = self.row.line.wrapping_add(by as u32);
                out.put(format_args!("  Advance Line by {by} to {}\n", self.row.line));
            }
            gimli::DW_LNS_set_file => {
                self.row.file = self.reader.uleb()?;
                out.put(format_args!("  Set File Name to entry {} in the File Name Table\n", self.row.file));
            }
            gimli::DW_LNS_set_column => {
                let column = self.reader.uleb()?;
                out.put(format_args!("  Set column to {column}\n"));
            }
            gimli::DW_LNS_negate_stmt => {
                self.row.is_stmt = !self.row.is_stmt;
                out.put(format_args!("  Set is_stmt to {}\n", u8::from(self.row.is_stmt)));
            }
            gimli::DW_LNS_set_basic_block => out.bytes(b"  Set basic block\n"),
            gimli::DW_LNS_const_add_pc => {
                let by = self.advance(u64::from((255 - self.header.opcode_base) / self.header.line_range));
                out.put(format_args!("  Advance PC by constant {by} to {}", Hex(self.row.address)));
                self.op_index_end(out);
            }
            gimli::DW_LNS_fixed_advance_pc => {
                let by = u64::from(self.reader.u16()?);
                self.row.address = self.row.address.wrapping_add(by);
                self.row.op_index = 0;
                out.put(format_args!("  Advance PC by fixed size amount {by} to {}\n", Hex(self.row.address)));
            }
            gimli::DW_LNS_set_prologue_end => out.bytes(b"  Set prologue_end to true\n"),
            gimli::DW_LNS_set_epilogue_begin => out.bytes(b"  Set epilogue_begin to true\n"),
            gimli::DW_LNS_set_isa => {
                let isa = self.reader.uleb()?;
                out.put(format_args!("  Set ISA to {isa}\n"));
            }
            _ => {
                out.put(format_args!("  Unknown opcode {opcode} with operands: "));
                let count = self.header.lengths.get(usize::from(opcode) - 1).copied().unwrap_or(0);
                for left in (0..count).rev() {
                    let operand = self.reader.uleb()?;
                    out.put(format_args!("0x{operand:x}{}", if left == 0 { "" } else { ", " }));
                }
                out.bytes(b"\n");
            }
        }
        Some(())
    }

    fn op_index_end(&self, out: &mut Output<'_>) {
        if self.header.max_ops > 1 {
            out.put(format_args!("[{}]", self.row.op_index));
        }
        out.bytes(b"\n");
    }

    /// A file by the number that statements give it.
    fn file(&self, number: u64) -> Option<&FileName<'a>> {
        let first = u64::from(self.header.version < 5);
        self.names.files.get(usize::try_from(number.checked_sub(first)?).ok()?)
    }

    /// Its directory; `None` for that of the compilation in versions that do not tell it.
    fn directory(&self, file: &FileName<'_>) -> Option<&'a [u8]> {
        let first = u64::from(self.header.version < 5);
        let at = usize::try_from(file.directory.checked_sub(first)?).unwrap_or(usize::MAX);
        Some(self.names.directories.get(at).copied().unwrap_or(b"<corrupt>"))
    }

    fn decoded(&mut self, input: &Input<'_>, out: &mut Output<'_>) {
        match self.names.files.first() {
            None => out.bytes(b"CU: No directory table\n"),
            Some(file) => {
                let known = !self.names.directories.is_empty();
                if input.wide || !known {
                    out.bytes(b"CU: ");
                }
                if input.wide && known {
                    out.bytes(self.directory(file).unwrap_or(b"."));
                    out.bytes(b"/");
                }
                out.bytes(file.name);
                out.bytes(b":\n");
                out.bytes(b"File name                            Line number    Starting address    View    Stmt\n");
            }
        }
        while !self.reader.is_done() {
            out.flush_some();
            if self.decoded_statement(input.wide, out).is_none() {
                return out.warn("badly formed line operation");
            }
        }
    }

    fn decoded_statement(&mut self, wide: bool, out: &mut Output<'_>) -> Option<()> {
        match self.next()? {
            Statement::Special(..) => self.line(false, wide, out),
            Statement::Extended(kind, operands) => match gimli::DwLne(kind) {
                gimli::DW_LNE_end_sequence => {
                    self.line(true, wide, out);
                    self.row = Row::new(self.header);
                    out.bytes(b"\n");
                }
                gimli::DW_LNE_set_address => self.set_address(operands, self.header_is_big()),
                gimli::DW_LNE_define_file => drop(self.define_file(operands, self.header_is_big())),
                _ => {}
            },
            Statement::Standard(opcode) => self.decoded_standard(opcode, wide, out)?,
        }
        Some(())
    }

    fn decoded_standard(&mut self, opcode: u8, wide: bool, out: &mut Output<'_>) -> Option<()> {
        match gimli::DwLns(opcode) {
            gimli::DW_LNS_copy => self.line(false, wide, out),
            gimli::DW_LNS_advance_pc => {
                let n = self.reader.uleb()?;
                self.advance(n);
            }
            gimli::DW_LNS_advance_line => {
                let by = self.reader.sleb()?;
                self.row.line = self.row.line.wrapping_add(by as u32);
            }
            gimli::DW_LNS_set_file => {
                self.row.file = self.reader.uleb()?;
                self.new_file(out);
            }
            gimli::DW_LNS_negate_stmt => self.row.is_stmt = !self.row.is_stmt,
            gimli::DW_LNS_const_add_pc => {
                self.advance(u64::from((255 - self.header.opcode_base) / self.header.line_range));
            }
            gimli::DW_LNS_fixed_advance_pc => {
                self.row.address = self.row.address.wrapping_add(u64::from(self.reader.u16()?));
                self.row.op_index = 0;
            }
            gimli::DW_LNS_set_basic_block | gimli::DW_LNS_set_prologue_end | gimli::DW_LNS_set_epilogue_begin => {}
            _ => {
                for _ in 0..self.header.lengths.get(usize::from(opcode) - 1).copied().unwrap_or(0) {
                    self.reader.uleb()?;
                }
            }
        }
        Some(())
    }

    /// The heading of rows of another file.
    fn new_file(&self, out: &mut Output<'_>) {
        let Some(file) = self.file(self.row.file) else {
            let first = u64::from(self.header.version < 5);
            out.put(format_args!("\n <over large file table index {}>", self.row.file.wrapping_sub(first) as u32));
            return;
        };
        out.bytes(b"\n");
        match self.directory(file) {
            None => {
                out.bytes(b"./");
                out.bytes(file.name);
                out.bytes(b":[++]\n");
            }
            Some(directory) => {
                out.bytes(directory);
                out.bytes(b"/");
                out.bytes(file.name);
                out.bytes(b":\n");
            }
        }
    }

    fn line(&mut self, last: bool, wide: bool, out: &mut Output<'_>) {
        // Columns that a name has.
        const WIDTH: usize = 35;
        let name = match self.file(self.row.file) {
            Some(file) => file.name,
            None if self.names.files.is_empty() => b"<unknown>",
            None => b"<corrupt>",
        };
        let cut = if wide { 0 } else { name.len().saturating_sub(WIDTH) };
        out.bytes(&name[cut..]);
        if name.len() < WIDTH {
            out.text.resize(out.text.len() + WIDTH - name.len(), b' ');
        }
        match last {
            true => out.bytes(b"            -"),
            false => out.put(format_args!("  {:>11}", self.row.line as i32)),
        }
        let address = Hex(self.row.address).to_string();
        match self.header.max_ops {
            0 | 1 => out.put(format_args!("  {address:>18}")),
            _ => out.put(format_args!("  {address:>18}[{}]", self.row.op_index)),
        }
        if !last {
            match self.row.view {
                0 => out.bytes(b"        "),
                view => out.put(format_args!("  {view:>6}")),
            }
            if self.row.is_stmt {
                out.bytes(b"       x");
            }
        }
        out.bytes(b"\n");
        self.row.view += 1;
    }
}
