//! The rows of a unit's line program (DWARF 5, 6.2), as a table by address.

use super::units::{Header, Root};
use crate::symbolize::{File, Sections};
use base::bytes::{get_u16, get_u32, get_u64, read_sleb128, read_uleb128};
use gimli::{AttributeValue, DebugLine, DebugLineOffset, EndianSlice, IncompleteLineProgram, LittleEndian};

type Slice<'a> = EndianSlice<'a, LittleEndian>;

/// From its address up to that of the next row, the code comes from here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Row {
    pub address: u64,
    pub file: u32,
    /// From 1; 0 when unknown.
    pub line: u32,
    pub column: u32,
    pub discriminator: u32,
}

impl Row {
    fn says_as(&self, other: &Row) -> bool {
        Row { address: 0, ..*self } == Row { address: 0, ..*other }
    }
}

/// A run of code that the program describes.
#[derive(Clone, Copy, Debug)]
struct Sequence {
    low: u64,
    high: u64,
    /// Of this and all before.
    reach: u64,
    rows: (u32, u32),
}

/// The line table of a unit.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    program: IncompleteLineProgram<Slice<'a>>,
    compilation: &'a [u8],
    rows: Vec<Row>,
    /// By address.
    sequences: Vec<Sequence>,
}

impl<'a> Lines<'a> {
    /// The table at `offset` of `.debug_line`.
    pub fn read(offset: u64, compilation: &'a [u8], header: &Header, sections: &Sections<'a>) -> Option<Lines<'a>> {
        let section = DebugLine::new(sections.line, LittleEndian);
        let offset = DebugLineOffset(usize::try_from(offset).ok()?);
        let program = section.program(offset, header.encoding.address_size, None, None).ok()?;
        let mut lines = Lines { program, compilation, rows: Vec::new(), sequences: Vec::new() };
        let mut state = Machine::new(&lines.program)?;
        let gone = |low: u64| sections.is_gone(low, header.encoding.address_size);
        // What stands before damage counts.
        let _ = state.run(&mut lines.rows, &mut lines.sequences, &gone);
        lines.rows.truncate(lines.sequences.last().map_or(0, |last| last.rows.1 as usize));
        lines.sequences.sort_by_key(|sequence| (sequence.low, sequence.high));
        let mut reach = 0;
        for sequence in &mut lines.sequences {
            reach = reach.max(sequence.high);
            sequence.reach = reach;
        }
        Some(lines)
    }

    /// The row that `address` lies in.
    pub fn at(&self, address: u64) -> Option<Row> {
        let end = self.sequences.partition_point(|sequence| sequence.low <= address);
        let before = self.sequences[..end].iter().rev();
        let sequence = before.take_while(|s| s.reach > address).find(|sequence| sequence.high > address)?;
        let rows = self.rows.get(sequence.rows.0 as usize..sequence.rows.1 as usize)?;
        rows.get(rows.partition_point(|row| row.address <= address).checked_sub(1)?).copied()
    }

    /// Where, above `address`, the row is another one.
    pub fn next_border(&self, address: u64) -> u64 {
        let end = self.sequences.partition_point(|sequence| sequence.low <= address);
        let mut next = self.sequences.get(end).map_or(u64::MAX, |sequence| sequence.low);
        let before = self.sequences[..end].iter().rev().take_while(|s| s.reach > address);
        for sequence in before.filter(|sequence| sequence.high > address) {
            next = next.min(sequence.high);
            let rows = self.rows.get(sequence.rows.0 as usize..sequence.rows.1 as usize).unwrap_or_default();
            if let Some(row) = rows.get(rows.partition_point(|row| row.address <= address)) {
                next = next.min(row.address);
            }
        }
        next
    }

    /// The ranges of code that there are lines for.
    pub fn ranges(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.sequences.iter().map(|sequence| (sequence.low, sequence.high))
    }

    /// A source file, by its number in rows and entries.
    pub fn file(&self, index: u32, root: &Root<'a>, unit: &Header, sections: &Sections<'a>) -> Option<File<'a>> {
        let header = self.program.header();
        let file = header.file(u64::from(index))?;
        let text = |value: AttributeValue<Slice<'a>>| {
            use super::entries::Value;
            let value = match value {
                AttributeValue::String(text) => return Some(text.slice()),
                AttributeValue::DebugStrRef(at) => Value::Str(at.0 as u64),
                AttributeValue::DebugLineStrRef(at) => Value::LineStr(at.0 as u64),
                AttributeValue::DebugStrRefSup(at) => Value::SupStr(at.0 as u64),
                AttributeValue::DebugStrOffsetsIndex(at) => Value::StrIndex(at.0 as u64),
                _ => return None,
            };
            root.text(value, unit, sections)
        };
        let name = text(file.path_name())?;
        // Directory 0 is that of the compilation, which only newer versions say here.
        let given = file.directory_index() != 0;
        let directory = match file.directory_index() {
            0 if header.version() <= 4 => None,
            index => header.directory(index).and_then(text),
        };
        Some(File { compilation: self.compilation, directory: directory.unwrap_or_default(), given, name })
    }
}

/// The machine that a line program runs on, with what the program's header says of it.
struct Machine<'a> {
    code: &'a [u8],
    lengths: &'a [u8],
    opcode_base: u8,
    line_base: i64,
    line_range: u8,
    unit: u64,
    max_ops: u64,
    // Registers.
    row: Row,
    op_index: u64,
}

/// The registers that a sequence begins with.
const FIRST: Row = Row { address: 0, file: 1, line: 1, column: 0, discriminator: 0 };

impl<'a> Machine<'a> {
    fn new(program: &IncompleteLineProgram<Slice<'a>>) -> Option<Machine<'a>> {
        let header = program.header();
        let line_range = header.line_range();
        (line_range != 0 && header.opcode_base() != 0).then_some(())?;
        Some(Machine {
            code: header.raw_program_buf().slice(),
            lengths: header.standard_opcode_lengths().slice(),
            opcode_base: header.opcode_base(),
            line_base: i64::from(header.line_base()),
            line_range,
            unit: u64::from(header.minimum_instruction_length()),
            max_ops: u64::from(header.maximum_operations_per_instruction()).max(1),
            row: FIRST,
            op_index: 0,
        })
    }

    fn advance(&mut self, n: u64) {
        let n = if self.max_ops == 1 {
            n
        } else {
            let ops = self.op_index.wrapping_add(n);
            self.op_index = ops % self.max_ops;
            ops / self.max_ops
        };
        self.row.address = self.row.address.wrapping_add(self.unit.wrapping_mul(n));
    }

    fn run(&mut self, rows: &mut Vec<Row>, sequences: &mut Vec<Sequence>, gone: &dyn Fn(u64) -> bool) -> Option<()> {
        let code = self.code;
        let mut at = 0;
        let mut first = rows.len();
        let mut sorted = true;
        while at < code.len() {
            let opcode = code[at];
            at += 1;
            if opcode >= self.opcode_base {
                let adjusted = opcode - self.opcode_base;
                self.advance(u64::from(adjusted / self.line_range));
                let by = self.line_base + i64::from(adjusted % self.line_range);
                self.row.line = self.row.line.wrapping_add(by as u32);
                self.emit(rows, first, &mut sorted);
                continue;
            }
            match gimli::DwLns(opcode) {
                gimli::DW_LNS_copy => self.emit(rows, first, &mut sorted),
                gimli::DW_LNS_advance_pc => {
                    let n = read_uleb128(code, &mut at)?;
                    self.advance(n);
                }
                gimli::DW_LNS_advance_line => {
                    self.row.line = self.row.line.wrapping_add(read_sleb128(code, &mut at)? as u32);
                }
                gimli::DW_LNS_set_file => self.row.file = number(read_uleb128(code, &mut at)?),
                gimli::DW_LNS_set_column => self.row.column = number(read_uleb128(code, &mut at)?),
                gimli::DW_LNS_negate_stmt
                | gimli::DW_LNS_set_basic_block
                | gimli::DW_LNS_set_prologue_end
                | gimli::DW_LNS_set_epilogue_begin => {}
                gimli::DW_LNS_const_add_pc => {
                    self.advance(u64::from((255 - self.opcode_base) / self.line_range));
                }
                gimli::DW_LNS_fixed_advance_pc => {
                    self.row.address = self.row.address.wrapping_add(u64::from(get_u16(code, at)?));
                    self.op_index = 0;
                    at += 2;
                }
                gimli::DwLns(0) => {
                    let length = usize::try_from(read_uleb128(code, &mut at)?).ok()?;
                    let rest = code.get(at..at.checked_add(length)?)?;
                    at += length;
                    if self.extended(rest) {
                        let end = self.row.address;
                        self.end(rows, sequences, first, sorted, end, gone);
                        first = rows.len();
                        sorted = true;
                        (self.row, self.op_index) = (FIRST, 0);
                    }
                }
                // One that is not known says how many operands it has.
                _ => {
                    for _ in 0..*self.lengths.get(usize::from(opcode) - 1)? {
                        read_uleb128(code, &mut at)?;
                    }
                }
            }
        }
        Some(())
    }

    /// True at the end of a sequence. One that is damaged does nothing.
    fn extended(&mut self, bytes: &[u8]) -> bool {
        let Some((&opcode, operands)) = bytes.split_first() else { return false };
        match gimli::DwLne(opcode) {
            gimli::DW_LNE_end_sequence => return true,
            gimli::DW_LNE_set_address => {
                let address = match operands.len() {
                    8.. => get_u64(operands, 0),
                    4.. => get_u32(operands, 0).map(u64::from),
                    _ => None,
                };
                self.row.address = address.unwrap_or(self.row.address);
                self.op_index = 0;
            }
            gimli::DW_LNE_set_discriminator => {
                self.row.discriminator = number(read_uleb128(operands, &mut 0).unwrap_or(0));
            }
            _ => {}
        }
        false
    }

    /// The last row of several at one address counts.
    #[inline]
    fn emit(&mut self, rows: &mut Vec<Row>, first: usize, sorted: &mut bool) {
        let row = self.row;
        self.row.discriminator = 0;
        if rows.len() > first
            && let Some(last) = rows.last_mut()
        {
            if last.address == row.address {
                *last = row;
                return;
            }
            *sorted &= last.address < row.address;
        }
        rows.push(row);
    }

    fn end(
        &self,
        rows: &mut Vec<Row>,
        sequences: &mut Vec<Sequence>,
        first: usize,
        sorted: bool,
        end: u64,
        gone: &dyn Fn(u64) -> bool,
    ) {
        if !sorted {
            rows[first..].sort_by_key(|row| row.address);
        }
        let low = rows.get(first).map_or(end, |row| row.address);
        let Ok(start) = u32::try_from(first) else { return rows.truncate(first) };
        if low >= end || gone(low) {
            return rows.truncate(first);
        }
        // What says the same as the row before it is not needed.
        let mut kept = first;
        for at in first + 1..rows.len() {
            let row = rows[at];
            if !row.says_as(&rows[kept]) {
                kept += 1;
                rows[kept] = row;
            }
        }
        rows.truncate(kept + 1);
        let Ok(stop) = u32::try_from(rows.len()) else { return rows.truncate(first) };
        sequences.push(Sequence { low, high: end, reach: 0, rows: (start, stop) });
    }
}

fn number(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}
