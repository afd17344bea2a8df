//! `.eh_frame` and `.debug_frame` (DWARF 5, 6.4; LSB core, "Exception Frames"): the instructions as they stand.
//! The rows that they make are those of [`super::frames_rows`].

use super::expr::Expressions;
use super::frames_rows::{Columns, Rows};
use super::reader::Reader;
use super::{Input, Output, Parts, Section, heading};

/// What the descriptions of functions have in common.
#[derive(Clone, Default)]
pub(super) struct Cie<'a> {
    pub offset: usize,
    pub version: u8,
    pub augmentation: &'a [u8],
    pub augmentation_data: &'a [u8],
    pub pointer_size: u8,
    pub segment_size: u8,
    pub code_factor: u64,
    pub data_factor: i64,
    pub return_column: u64,
    /// How addresses of functions are encoded (`DW_EH_PE_*`).
    pub encoding: u8,
    /// Offset in the section of its instructions, and their end.
    pub code: (usize, usize),
    /// What its instructions leave.
    pub columns: Columns,
}

/// `DW_EH_PE_*`: the sizes, and what addresses are relative to.
const PE_SIGNED: u8 = 8;
const PE_PCREL: u8 = 0x10;
const PE_RELATIVE: u8 = 0x70;

pub(super) fn show(input: &Input<'_>, section: &Section<'_>, parts: Parts, out: &mut Output<'_>) {
    heading(section, out);
    let is_eh = section.name == b".eh_frame";
    let rows = parts.has(Parts::FRAMES_INTERP);
    let mut frames = Frames { input, section, is_eh, rows, cies: Vec::new() };
    let mut reader = input.reader(section.data);
    out.bytes(b"\n");
    let mut first = true;
    while reader.left() >= 4 {
        if !first {
            out.bytes(b"\n");
        }
        first = false;
        out.flush_some();
        if frames.record(&mut reader, out).is_none() {
            out.warn(format!("the frame information is damaged at {:#x}", reader.at));
            break;
        }
    }
    out.bytes(b"\n");
}

struct Frames<'f, 'a> {
    input: &'f Input<'a>,
    section: &'f Section<'a>,
    is_eh: bool,
    /// Rows instead of instructions.
    rows: bool,
    cies: Vec<Cie<'a>>,
}

impl<'a> Frames<'_, 'a> {
    fn record(&mut self, reader: &mut Reader<'a>, out: &mut Output<'_>) -> Option<()> {
        let start = reader.at;
        let (length, offset_size) = reader.initial_length()?;
        if length == 0 {
            out.put(format_args!("{start:08x} ZERO terminator\n\n"));
            while reader.peek() == Some(0) {
                reader.at += 1;
            }
            return Some(());
        }
        let end = reader.at.checked_add(usize::try_from(length).ok()?).filter(|&end| end <= reader.len())?;
        let id_at = reader.at;
        let id = reader.uint(usize::from(offset_size))?;
        let all_ones = if offset_size == 8 { u64::MAX } else { u64::from(u32::MAX) };
        let is_cie = if self.is_eh { id == 0 } else { id == all_ones };
        let mut body = reader.until(end);
        reader.at = end;
        out.put(format_args!("{start:08x} "));
        out.digits(length, self.input.address_size);
        out.bytes(b" ");
        out.digits(id, offset_size);
        if is_cie {
            let mut cie = self.read_cie(start, &mut body)?;
            self.show_cie(&cie, out);
            let mut columns = Columns::new();
            self.instructions(&cie, None, &mut columns, 0, cie.code, out);
            cie.columns = columns;
            self.cies.push(cie);
            return Some(());
        }
        let offset = if self.is_eh { (id_at as u64).wrapping_sub(id) } else { id };
        let found = self.cies.iter().rev().find(|cie| cie.offset as u64 == offset).cloned();
        let cie = match found {
            Some(cie) => cie,
            None => self.cie_elsewhere(offset)?,
        };
        self.fde(&cie, &mut body, end, out)
    }

    /// One that stands behind what names it.
    fn cie_elsewhere(&self, offset: u64) -> Option<Cie<'a>> {
        let start = usize::try_from(offset).ok()?;
        let mut reader = self.input.reader(self.section.data).from(start);
        let (length, offset_size) = reader.initial_length()?;
        let end = reader.at.checked_add(usize::try_from(length).ok()?).filter(|&end| end <= reader.len())?;
        reader.uint(usize::from(offset_size))?;
        let mut cie = self.read_cie(start, &mut reader.until(end))?;
        let mut columns = Columns::new();
        self.instructions(&cie, None, &mut columns, 0, cie.code, &mut Output::default());
        cie.columns = columns;
        Some(cie)
    }

    fn read_cie(&self, offset: usize, body: &mut Reader<'a>) -> Option<Cie<'a>> {
        let mut cie = Cie { offset, version: body.u8()?, augmentation: body.text()?, ..Cie::default() };
        cie.pointer_size = self.input.address_size;
        if cie.augmentation == b"eh" {
            body.bytes(usize::from(self.input.address_size))?;
        } else if cie.version >= 4 {
            cie.pointer_size = body.u8()?;
            cie.segment_size = body.u8()?;
        }
        if !matches!(cie.pointer_size, 1..=8) || cie.segment_size > 8 {
            return None;
        }
        cie.code_factor = body.uleb()?;
        cie.data_factor = body.sleb()?;
        cie.return_column = if cie.version == 1 { u64::from(body.u8()?) } else { body.uleb()? };
        if cie.augmentation.first() == Some(&b'z') {
            let n = usize::try_from(body.uleb()?).ok()?;
            cie.augmentation_data = body.bytes(n)?;
            let mut data = Reader::new(cie.augmentation_data, body.is_big());
            for letter in &cie.augmentation[1..] {
                match letter {
                    b'L' => data.at += 1,
                    b'P' => {
                        let encoding = data.u8()?;
                        data.at += self.encoded_size(encoding);
                    }
                    b'R' => cie.encoding = data.u8()?,
                    b'S' | b'B' => {}
                    _ => break,
                }
            }
        }
        cie.code = (body.at, body.len());
        Some(cie)
    }

    fn encoded_size(&self, encoding: u8) -> usize {
        match encoding & 7 {
            2 => 2,
            3 => 4,
            4 => 8,
            _ => usize::from(self.input.address_size),
        }
    }

    fn show_cie(&self, cie: &Cie<'_>, out: &mut Output<'_>) {
        if self.rows {
            out.bytes(b" CIE \"");
            out.bytes(cie.augmentation);
            out.put(format_args!(
                "\" cf={} df={} ra={}\n",
                cie.code_factor as i32, cie.data_factor, cie.return_column as i32
            ));
            return;
        }
        out.put(format_args!(" CIE\n  Version:               {}\n  Augmentation:          \"", cie.version));
        out.bytes(cie.augmentation);
        out.bytes(b"\"\n");
        if cie.version >= 4 {
            out.put(format_args!("  Pointer Size:          {}\n", cie.pointer_size));
            out.put(format_args!("  Segment Size:          {}\n", cie.segment_size));
        }
        out.put(format_args!("  Code alignment factor: {}\n", cie.code_factor));
        out.put(format_args!("  Data alignment factor: {}\n", cie.data_factor));
        out.put(format_args!("  Return address column: {}\n", cie.return_column));
        augmentation_data(cie.augmentation_data, out);
        out.bytes(b"\n");
    }

    fn fde(&self, cie: &Cie<'a>, body: &mut Reader<'a>, end: usize, out: &mut Output<'_>) -> Option<()> {
        let segment = if cie.segment_size > 0 { Some(body.uint(usize::from(cie.segment_size))?) } else { None };
        let size = match self.is_eh {
            true => self.encoded_size(cie.encoding),
            false => usize::from(cie.pointer_size),
        };
        let at = body.at;
        let mut low = match cie.encoding & PE_SIGNED {
            0 => body.uint(size)?,
            _ => body.sint(size)? as u64,
        };
        if cie.encoding & PE_RELATIVE == PE_PCREL {
            low = low.wrapping_add(self.section.address).wrapping_add(at as u64);
        }
        if cie.pointer_size < 8 {
            low &= (1 << (8 * u32::from(cie.pointer_size))) - 1;
        }
        let length = body.uint(size)?;
        let mut data: &[u8] = &[];
        if cie.augmentation.first() == Some(&b'z') {
            let n = usize::try_from(body.uleb()?).ok()?;
            data = body.bytes(n)?;
        }
        out.put(format_args!(" FDE cie={:08x} pc=", cie.offset));
        if let Some(segment) = segment {
            out.digits(segment, cie.segment_size);
            out.bytes(b":");
        }
        out.digits(low, cie.pointer_size);
        out.bytes(b"..");
        out.digits(low.wrapping_add(length), cie.pointer_size);
        out.bytes(b"\n");
        if !self.rows && !data.is_empty() {
            augmentation_data(data, out);
            out.bytes(b"\n");
        }
        let mut columns = cie.columns.clone();
        self.instructions(cie, Some(cie), &mut columns, low, (body.at, end), out);
        Some(())
    }

    /// Shows instructions, or the rows that they make; `initial` is what they start from, in a function's.
    fn instructions(
        &self,
        cie: &Cie<'a>,
        initial: Option<&Cie<'a>>,
        columns: &mut Columns,
        low: u64,
        (start, end): (usize, usize),
        out: &mut Output<'_>,
    ) {
        let code = self.input.reader(self.section.data).until(end).from(start);
        let mut scan = code;
        while let Some(instruction) = instruction(&mut scan, self, cie) {
            columns.mention(&instruction);
        }
        let mut rows = Rows::new(self.input, cie, initial.map(|cie| &cie.columns), low);
        let mut reader = code;
        while !reader.is_done() {
            let at = reader.at;
            let Some(instruction) = instruction(&mut reader, self, cie) else {
                out.warn(format!("the call frame instruction at {at:#x} is damaged or not known"));
                break;
            };
            if self.rows {
                rows.step(&instruction, columns, out);
            } else {
                self.show_instruction(&instruction, cie, &mut rows, out);
            }
        }
        if self.rows {
            rows.finish(columns, out);
        } else {
            // What functions start from is known by their rows alone.
            let mut state = Rows::new(self.input, cie, initial.map(|cie| &cie.columns), low);
            let mut reader = code;
            let mut unseen = Output::default();
            if initial.is_none() {
                while let Some(instruction) = instruction(&mut reader, self, cie) {
                    state.step(&instruction, columns, &mut unseen);
                }
            }
        }
    }

    fn show_instruction(&self, op: &Instruction<'a>, cie: &Cie<'_>, rows: &mut Rows<'_, '_>, out: &mut Output<'_>) {
        let reg = |number: u64| self.input.register(number);
        out.bytes(b"  ");
        out.bytes(op.name().as_bytes());
        match *op {
            Instruction::Advance(_, by) => {
                rows.location = rows.location.wrapping_add(by);
                out.put(format_args!(": {by} to "));
                out.digits(rows.location, cie.pointer_size);
            }
            Instruction::SetLocation(to) => {
                rows.location = to;
                out.bytes(b": ");
                out.digits(to, cie.pointer_size);
            }
            Instruction::Offset(_, register, offset) => {
                out.put(format_args!(": {} at cfa{offset:+}", reg(register)));
            }
            Instruction::ValOffset(_, register, offset) => {
                out.put(format_args!(": {} is cfa{offset:+}", reg(register)));
            }
            Instruction::Restore(_, register) | Instruction::Undefined(register) | Instruction::Same(register) => {
                out.put(format_args!(": {}", reg(register)));
            }
            Instruction::Register(register, other) => {
                out.put(format_args!(": {} in {}", reg(register), reg(other)));
            }
            Instruction::DefCfa(_, register, offset) => out.put(format_args!(": {} ofs {offset}", reg(register))),
            Instruction::DefCfaRegister(register) => out.put(format_args!(": {}", reg(register))),
            Instruction::DefCfaOffset(_, offset) => out.put(format_args!(": {offset}")),
            Instruction::DefCfaExpression(code) => self.expression(code, out),
            Instruction::Expression(_, register, code) => {
                out.put(format_args!(": {}", reg(register)));
                self.expression(code, out);
            }
            Instruction::ArgsSize(size) => out.put(format_args!(": {size}")),
            Instruction::Remember | Instruction::RestoreState | Instruction::Nop | Instruction::WindowSave => {}
        }
        out.bytes(b"\n");
    }

    fn expression(&self, code: &'a [u8], out: &mut Output<'_>) {
        out.bytes(b" (");
        Expressions::new(self.input, self.input.address_size).show(code, out);
        out.bytes(b")");
    }
}

fn augmentation_data(data: &[u8], out: &mut Output<'_>) {
    if data.is_empty() {
        return;
    }
    out.bytes(b"  Augmentation data:    ");
    data.iter().for_each(|byte| out.put(format_args!(" {byte:02x}")));
}

/// A call frame instruction (DWARF 5, 6.4.2), with its factors applied. The text in front tells those of one meaning apart.
pub(super) enum Instruction<'a> {
    Advance(&'static str, u64),
    SetLocation(u64),
    Offset(&'static str, u64, i64),
    ValOffset(&'static str, u64, i64),
    Restore(&'static str, u64),
    Undefined(u64),
    Same(u64),
    Register(u64, u64),
    Remember,
    RestoreState,
    DefCfa(&'static str, u64, i64),
    DefCfaRegister(u64),
    DefCfaOffset(&'static str, i64),
    DefCfaExpression(&'a [u8]),
    /// A place, or a value.
    Expression(&'static str, u64, &'a [u8]),
    ArgsSize(u64),
    WindowSave,
    Nop,
}

impl Instruction<'_> {
    fn name(&self) -> &'static str {
        match self {
            Instruction::Advance(name, _)
            | Instruction::Offset(name, ..)
            | Instruction::ValOffset(name, ..)
            | Instruction::Restore(name, _)
            | Instruction::DefCfa(name, ..)
            | Instruction::DefCfaOffset(name, _)
            | Instruction::Expression(name, ..) => name,
            Instruction::SetLocation(_) => "DW_CFA_set_loc",
            Instruction::Undefined(_) => "DW_CFA_undefined",
            Instruction::Same(_) => "DW_CFA_same_value",
            Instruction::Register(..) => "DW_CFA_register",
            Instruction::Remember => "DW_CFA_remember_state",
            Instruction::RestoreState => "DW_CFA_restore_state",
            Instruction::DefCfaRegister(_) => "DW_CFA_def_cfa_register",
            Instruction::DefCfaExpression(_) => "DW_CFA_def_cfa_expression",
            Instruction::ArgsSize(_) => "DW_CFA_GNU_args_size",
            Instruction::WindowSave => "DW_CFA_GNU_window_save",
            Instruction::Nop => "DW_CFA_nop",
        }
    }
}

/// The next instruction; `None` at the end, and for one that is damaged or not known.
fn instruction<'a>(reader: &mut Reader<'a>, frames: &Frames<'_, 'a>, cie: &Cie<'_>) -> Option<Instruction<'a>> {
    use Instruction as I;
    let opcode = reader.u8()?;
    let low = u64::from(opcode & 0x3f);
    let factored = |offset: u64| (offset as i64).wrapping_mul(cie.data_factor);
    let on = |by: u64| by.wrapping_mul(cie.code_factor);
    let block = |reader: &mut Reader<'a>| {
        let n = usize::try_from(reader.uleb()?).ok()?;
        reader.bytes(n)
    };
    Some(match opcode >> 6 {
        1 => I::Advance("DW_CFA_advance_loc", on(low)),
        2 => I::Offset("DW_CFA_offset", low, factored(reader.uleb()?)),
        3 => I::Restore("DW_CFA_restore", low),
        _ => match gimli::DwCfa(opcode) {
            gimli::DW_CFA_nop => I::Nop,
            gimli::DW_CFA_set_loc => {
                let at = reader.at as u64;
                let size = frames.encoded_size(cie.encoding);
                let to = reader.uint(size)?;
                let relative = cie.encoding & PE_RELATIVE == PE_PCREL;
                I::SetLocation(if relative { to.wrapping_add(frames.section.address).wrapping_add(at) } else { to })
            }
            gimli::DW_CFA_advance_loc1 => I::Advance("DW_CFA_advance_loc1", on(reader.uint(1)?)),
            gimli::DW_CFA_advance_loc2 => I::Advance("DW_CFA_advance_loc2", on(reader.uint(2)?)),
            gimli::DW_CFA_advance_loc4 => I::Advance("DW_CFA_advance_loc4", on(reader.uint(4)?)),
            gimli::DwCfa(0x1d) => I::Advance("DW_CFA_MIPS_advance_loc8", on(reader.uint(8)?)),
            gimli::DW_CFA_offset_extended => {
                I::Offset("DW_CFA_offset_extended", reader.uleb()?, factored(reader.uleb()?))
            }
            gimli::DW_CFA_offset_extended_sf => {
                I::Offset("DW_CFA_offset_extended_sf", reader.uleb()?, factored(reader.sleb()? as u64))
            }
            gimli::DwCfa(0x2f) => {
                let (register, offset) = (reader.uleb()?, reader.uleb()?);
                I::Offset("DW_CFA_GNU_negative_offset_extended", register, factored(offset).wrapping_neg())
            }
            gimli::DW_CFA_val_offset => I::ValOffset("DW_CFA_val_offset", reader.uleb()?, factored(reader.uleb()?)),
            gimli::DW_CFA_val_offset_sf => {
                I::ValOffset("DW_CFA_val_offset_sf", reader.uleb()?, factored(reader.sleb()? as u64))
            }
            gimli::DW_CFA_restore_extended => I::Restore("DW_CFA_restore_extended", reader.uleb()?),
            gimli::DW_CFA_undefined => I::Undefined(reader.uleb()?),
            gimli::DW_CFA_same_value => I::Same(reader.uleb()?),
            gimli::DW_CFA_register => I::Register(reader.uleb()?, reader.uleb()?),
            gimli::DW_CFA_remember_state => I::Remember,
            gimli::DW_CFA_restore_state => I::RestoreState,
            gimli::DW_CFA_def_cfa => I::DefCfa("DW_CFA_def_cfa", reader.uleb()?, reader.uleb()? as i64),
            gimli::DW_CFA_def_cfa_sf => I::DefCfa("DW_CFA_def_cfa_sf", reader.uleb()?, factored(reader.sleb()? as u64)),
            gimli::DW_CFA_def_cfa_register => I::DefCfaRegister(reader.uleb()?),
            gimli::DW_CFA_def_cfa_offset => I::DefCfaOffset("DW_CFA_def_cfa_offset", reader.uleb()? as i64),
            gimli::DW_CFA_def_cfa_offset_sf => {
                I::DefCfaOffset("DW_CFA_def_cfa_offset_sf", factored(reader.sleb()? as u64))
            }
            gimli::DW_CFA_def_cfa_expression => I::DefCfaExpression(block(reader)?),
            gimli::DW_CFA_expression => I::Expression("DW_CFA_expression", reader.uleb()?, block(reader)?),
            gimli::DW_CFA_val_expression => I::Expression("DW_CFA_val_expression", reader.uleb()?, block(reader)?),
            gimli::DW_CFA_GNU_args_size => I::ArgsSize(reader.uleb()?),
            gimli::DwCfa(0x2d) => I::WindowSave,
            _ => return None,
        },
    })
}
