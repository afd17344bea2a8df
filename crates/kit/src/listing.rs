//! What code generation made as assembly text: `cc -S`. The object is finished as for a file, but for what directives make
//! again: lines and unwind tables.

use crate::compile::{CompileRequest, Described};
use crate::plugins::TargetRow;
use asm::print::{self, Function, LineFile, LinePlace};
use base::{Pos, SourceMap};
use codegen::native::Output;
use dwarf::{LineWriter, UnitWriter};
use ir::debug::FuncDebug;
use ir::module::Module;
use mc::rows::{FuncRows, LineRow};

/// What was made of a unit.
pub(crate) struct Made {
    pub output: Output,
    /// By function.
    pub debug: Vec<Option<Box<FuncDebug>>>,
    /// With the source's lines.
    pub verbose: bool,
}

/// A row of the table of lines: file, line, column.
type Row = (LineRow, (u32, u32, u32));

impl Made {
    pub fn text(self, request: &CompileRequest, module: &Module, map: &SourceMap, producer: &str) -> Vec<u8> {
        let Made { output, debug, verbose } = self;
        let (target, code) = (request.target, &request.code);
        let mut builder = output.builder;
        let (mut files, mut line_section) = (Vec::new(), None);
        let mut lines: Vec<Vec<Row>> = Vec::new();
        if code.debug && !code.lines_later {
            let described = Described { module, map, producer, symbols: &output.symbols };
            let mut each = |unit: &mut UnitWriter, rows: &FuncRows, described: bool| {
                lines.push(if described { unit.lines().places(map, rows) } else { Vec::new() });
            };
            let unit = described.add_unit(&mut builder, target.arch, &output.rows, &debug, &mut each);
            (files, line_section) = (unit.files, Some(unit.line_section));
        } else if code.debug {
            let mut table = LineWriter::new(target.arch, &module.debug.directory, &module.options.file_name);
            lines = output.rows.iter().map(|rows| table.places(map, rows)).collect();
        }
        (target.add_notes)(&mut builder, producer, module.closures);
        let (object, renumbered) = builder.finish_renumbered();
        let unwind = code.unwind_tables || code.debug;
        let mut functions: Vec<Function<'_>> = Vec::with_capacity(output.rows.len() + output.frames.len());
        for (at, rows) in output.rows.iter().enumerate() {
            functions.push(function(rows, renumbered.atoms[rows.atom], lines.get(at).map_or(&[], |lines| lines)));
        }
        for frame in output.frames.iter().filter(|_| unwind) {
            let atom = renumbered.atoms[frame.atom];
            let (offset, size) = (frame.offset, frame.size);
            functions.push(Function { atom, offset, size, unwind: &frame.unwind, lines: Vec::new() });
        }
        functions.sort_by_key(|function| (function.atom, function.offset));
        let quote = |pos: Pos| quoted(map, pos);
        print::print(&print::Unit {
            object: &object,
            arch: target.arch,
            dialect: target.dialect,
            spelling: usize::from(code.asm_syntax),
            functions,
            frames: unwind.then_some(if code.unwind_tables { ".eh_frame" } else { ".debug_frame" }),
            files: numbered(files),
            line_section,
            quote: if verbose { Some(&quote) } else { None },
            maker: Some(producer),
            heading: if verbose { heading(request, target, producer) } else { Vec::new() },
        })
    }
}

fn function<'a>(rows: &'a FuncRows, atom: obj::AtomId, lines: &[Row]) -> Function<'a> {
    let place = |&(row, (file, line, column)): &Row| LinePlace {
        offset: row.offset,
        file,
        line,
        column,
        flags: row.flags,
        pos: row.pos,
    };
    Function { atom, offset: 0, size: rows.size, unwind: &rows.unwind, lines: lines.iter().map(place).collect() }
}

/// Directories that are the first one, the compilation's, are left out but for file 0, which tells it.
fn numbered(files: Vec<(String, String)>) -> Vec<LineFile> {
    let own = files.first().map(|file| file.0.clone()).unwrap_or_default();
    let row = |(number, (directory, name)): (usize, (String, String))| {
        let directory = if number > 0 && directory == own { String::new() } else { directory };
        LineFile { number: number as u32, directory, name }
    };
    files.into_iter().enumerate().map(row).collect()
}

fn quoted(map: &SourceMap, pos: Pos) -> String {
    let text = String::from_utf8_lossy(map.line_text(pos)).trim().to_string();
    match map.place(pos) {
        Some(place) => format!("{}:{}: {text}", place.file, place.line),
        None => text,
    }
}

fn heading(request: &CompileRequest, target: &TargetRow, producer: &str) -> Vec<String> {
    let code = &request.code;
    let mut options = format!("-O{}", code.optimize);
    for (given, option) in [
        (code.pic > 0 && code.pie == 0, " -fpic"),
        (code.pie > 0, " -fpie"),
        (code.debug && !code.lines_later, " -g"),
        (code.function_sections, " -ffunction-sections"),
        (code.data_sections, " -fdata-sections"),
    ] {
        if given {
            options.push_str(option);
        }
    }
    if code.asm_syntax != 0 {
        let name = target.dialect.disassembler.syntaxes()[usize::from(code.asm_syntax)];
        options.push_str(&format!(" -masm={name}"));
    }
    vec![format!("{producer} ({})", target.triple), format!("options passed: {options}")]
}
