//! `.debug_line`, version 5 (DWARF 5, 6.2): one sequence per function, so that functions may move on their own.
//! Strings stand in the table itself: no other section need change when a unit does.

use crate::bytes::SectionBytes;
use crate::consts::{
    DW_FORM_string, DW_FORM_udata, DW_LNCT_directory_index, DW_LNCT_path, DW_LNE_end_sequence, DW_LNE_set_address,
    DW_LNS_advance_line, DW_LNS_advance_pc, DW_LNS_const_add_pc, DW_LNS_copy, DW_LNS_negate_stmt, DW_LNS_set_column,
    DW_LNS_set_epilogue_begin, DW_LNS_set_file, DW_LNS_set_prologue_end,
};
use base::source::Line;
use base::{Pos, SourceMap};
use mc::rows::{FuncRows, LineRow};
use obj::RelocTarget;
use std::collections::HashMap;
use target::Arch;

const LINE_BASE: i64 = -5;
const LINE_RANGE: i64 = 14;
const OPCODE_BASE: u8 = 13;
/// Address advance of the last special opcode, in instruction units.
const CONST_ADD_PC: u64 = ((255 - OPCODE_BASE as i64) / LINE_RANGE) as u64;

/// The table of one unit under construction.
pub struct LineWriter {
    arch: &'static Arch,
    /// Directory 0 is the compilation directory.
    directories: Vec<String>,
    /// Directory index and name; 0 and 1 are both the unit's own file, as gcc has it.
    files: Vec<(usize, String)>,
    by_name: HashMap<String, u32>,
    /// The presumed name looked up last, as most positions lie in one file.
    last: Option<(String, u32)>,
    /// The line looked up last, its file's number and its own: most positions lie on it or a little below.
    line: Option<(Line, u32, u32)>,
    program: SectionBytes,
}

impl LineWriter {
    pub fn new(arch: &'static Arch, directory: &str, file_name: &str) -> LineWriter {
        let mut writer = LineWriter {
            arch,
            directories: vec![directory.to_string()],
            files: Vec::new(),
            by_name: HashMap::new(),
            last: None,
            line: None,
            program: SectionBytes::default(),
        };
        let main = writer.file_entry(file_name);
        writer.files.push(main.clone());
        writer.files.push(main);
        writer.by_name.insert(file_name.to_string(), 1);
        writer
    }

    /// File number, line and column that the user sees of `pos`; `None` when it has none.
    pub fn place(&mut self, sources: &SourceMap, pos: Pos) -> Option<(u32, u32, u32)> {
        if let Some((line, file, number)) = self.line
            && line.start <= pos
            && pos < line.end
        {
            return Some((file, number, pos.0 - line.start.0 + 1));
        }
        let line = sources.line_near(pos, self.line.map(|(line, ..)| line))?;
        let place = sources.place_on(line, pos);
        let file = self.file(place.file);
        self.line = Some((line, file, place.line));
        Some((file, place.line, place.column))
    }

    /// The number of a file by its presumed name.
    fn file(&mut self, name: &str) -> u32 {
        if let Some((last, file)) = &self.last
            && last == name
        {
            return *file;
        }
        let file = match self.by_name.get(name) {
            Some(&file) => file,
            None => {
                let entry = self.file_entry(name);
                let file = self.files.len() as u32;
                self.files.push(entry);
                self.by_name.insert(name.to_string(), file);
                file
            }
        };
        self.last = Some((name.to_string(), file));
        file
    }

    /// What the table says of a function: rows with their files, lines and columns.
    pub fn places(&mut self, sources: &SourceMap, rows: &FuncRows) -> Vec<(LineRow, (u32, u32, u32))> {
        let mut places: Vec<(LineRow, (u32, u32, u32))> = Vec::with_capacity(rows.lines.len());
        for (idx, row) in rows.lines.iter().enumerate() {
            // Of several rows at one address the last one counts.
            let replaced = rows.lines.get(idx + 1).is_some_and(|next| next.offset == row.offset);
            let Some(place) = self.place(sources, row.pos).filter(|_| !replaced) else { continue };
            let marks = LineRow::PROLOGUE_END | LineRow::EPILOGUE_BEGIN;
            let repeats = places.last().is_some_and(|(before, last)| *last == place && before.flags == row.flags);
            if !repeats || row.flags & marks != 0 {
                places.push((*row, place));
            }
        }
        places
    }

    /// Directories and files by their numbers, as they are now.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(directory, name)| (&*self.directories[*directory], &**name))
    }

    /// The rows of a function.
    pub fn function(&mut self, sources: &SourceMap, rows: &FuncRows) {
        if rows.lines.is_empty() {
            return;
        }
        let pointer = self.arch.layout.pointer.size;
        self.extended(DW_LNE_set_address, 1 + u64::from(pointer));
        self.program.reloc(usize::from(pointer), self.arch.common.abs64, RelocTarget::atom(rows.atom), 0);
        let mut state = State { address: 0, file: 1, line: 1, column: 0, is_stmt: true };
        for (row, place) in self.places(sources, rows) {
            self.row(&mut state, &row, place);
        }
        self.advance_pc(u64::from(rows.size - state.address));
        self.extended(DW_LNE_end_sequence, 1);
    }

    /// The whole section. Beyond this point no file is added.
    pub(crate) fn finish(self) -> SectionBytes {
        let mut out = SectionBytes::default();
        out.u32(0);
        out.u16(5);
        out.u8(self.arch.layout.pointer.size);
        out.u8(0);
        let header_length_at = out.len();
        out.u32(0);
        out.u8(self.arch.code_align);
        out.u8(1);
        out.u8(1);
        out.u8(LINE_BASE as u8);
        out.u8(LINE_RANGE as u8);
        out.u8(OPCODE_BASE);
        out.bytes.extend_from_slice(&[0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
        out.u8(1);
        out.u8(DW_LNCT_path);
        out.u8(DW_FORM_string);
        out.uleb(self.directories.len() as u64);
        for directory in &self.directories {
            out.string(directory);
        }
        out.u8(2);
        for (content, form) in [(DW_LNCT_path, DW_FORM_string), (DW_LNCT_directory_index, DW_FORM_udata)] {
            out.u8(content);
            out.u8(form);
        }
        out.uleb(self.files.len() as u64);
        for (directory, name) in &self.files {
            out.string(name);
            out.uleb(*directory as u64);
        }
        out.set_u32(header_length_at, out.len() - header_length_at - 4);
        let start = out.len();
        out.bytes.extend_from_slice(&self.program.bytes);
        out.relocs = self.program.relocs;
        for reloc in &mut out.relocs {
            reloc.offset += start;
        }
        out.set_u32(0, out.len() - 4);
        out
    }

    fn row(&mut self, state: &mut State, row: &LineRow, (file, line, column): (u32, u32, u32)) {
        if file != state.file {
            self.program.u8(DW_LNS_set_file);
            self.program.uleb(u64::from(file));
            state.file = file;
        }
        if column != state.column {
            self.program.u8(DW_LNS_set_column);
            self.program.uleb(u64::from(column));
            state.column = column;
        }
        let is_stmt = row.flags & LineRow::IS_STMT != 0;
        if is_stmt != state.is_stmt {
            self.program.u8(DW_LNS_negate_stmt);
            state.is_stmt = is_stmt;
        }
        if row.flags & LineRow::PROLOGUE_END != 0 {
            self.program.u8(DW_LNS_set_prologue_end);
        }
        if row.flags & LineRow::EPILOGUE_BEGIN != 0 {
            self.program.u8(DW_LNS_set_epilogue_begin);
        }
        let mut line_delta = i64::from(line) - i64::from(state.line);
        let mut delta = u64::from(row.offset - state.address) / u64::from(self.arch.code_align);
        state.line = line;
        state.address = row.offset;
        if !(LINE_BASE..LINE_BASE + LINE_RANGE).contains(&line_delta) {
            self.program.u8(DW_LNS_advance_line);
            self.program.sleb(line_delta);
            line_delta = 0;
        }
        if delta > CONST_ADD_PC * 2 {
            self.program.u8(DW_LNS_advance_pc);
            self.program.uleb(delta);
            delta = 0;
        }
        if line_delta == 0 && delta == 0 {
            self.program.u8(DW_LNS_copy);
            return;
        }
        let special = |delta: u64| (line_delta - LINE_BASE) + LINE_RANGE * delta as i64 + i64::from(OPCODE_BASE);
        if special(delta) > 255 {
            if delta < CONST_ADD_PC {
                // Too far for this line step, too near for the constant.
                self.program.u8(DW_LNS_advance_pc);
                self.program.uleb(delta);
                delta = 0;
            } else {
                self.program.u8(DW_LNS_const_add_pc);
                delta -= CONST_ADD_PC;
                if special(delta) > 255 {
                    self.program.u8(DW_LNS_advance_pc);
                    self.program.uleb(delta);
                    delta = 0;
                }
            }
        }
        self.program.u8(special(delta) as u8);
    }

    fn advance_pc(&mut self, bytes: u64) {
        if bytes != 0 {
            self.program.u8(DW_LNS_advance_pc);
            self.program.uleb(bytes / u64::from(self.arch.code_align));
        }
    }

    fn extended(&mut self, opcode: u8, len: u64) {
        self.program.u8(0);
        self.program.uleb(len);
        self.program.u8(opcode);
    }

    /// Takes a path apart into a directory of the table and a name.
    fn file_entry(&mut self, path: &str) -> (usize, String) {
        let Some((directory, name)) = path.rsplit_once('/') else { return (0, path.to_string()) };
        let directory = if directory.is_empty() { "/" } else { directory };
        let idx = match self.directories.iter().position(|known| known == directory) {
            Some(idx) => idx,
            None => {
                self.directories.push(directory.to_string());
                self.directories.len() - 1
            }
        };
        (idx, name.to_string())
    }
}

/// Registers of the line-number state machine that the writer follows.
struct State {
    /// From the start of the function.
    address: u32,
    file: u32,
    line: u32,
    column: u32,
    is_stmt: bool,
}
