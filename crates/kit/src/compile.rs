//! C to preprocessed text, and C to an object.

use crate::headers::{self, WithHeaders};
use crate::listing;
use crate::pipeline::{CodeSink, Processors};
use crate::plugins::TargetRow;
use base::io::InputSource;
use base::{Diag, DiagSink, Pos, SourceMap, Span};
use codegen::NativeSink;
use dwarf::{FrameKind, FrameWriter, UnitFacts, UnitWriter};
use ir::debug::FuncDebug;
use ir::module::{DataDef, Module, PicLevel, UnitOptions};
use ir::{Func, FunctionSink, Symbol};
use lang_c::ast::Visibility;
use lang_c::lower::LowerOptions;
use lang_c::options::{Features, MacroTable, Options};
use lang_c::parse::ParseOptions;
use lang_c::pp::deps::Dependency;
use lang_c::pp::print::PrintOptions;
use lang_c::pp::{self, Pp};
use lang_c::token::Tok;
use lang_c::unit::{CompileOptions, UnitResult, compile_shared, compile_unit};
use mc::rows::FuncRows;
use obj::build::ObjectBuilder;
use obj::{SectionId, SymId};
use std::collections::HashMap;
use std::sync::Arc;
use target::Arch;

/// What `-E` prints.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrintStyle {
    pub line_markers: bool,
    /// Macro definitions instead of text (`-dM`).
    pub macros_only: bool,
    /// Macro definitions within the text (`-dD`).
    pub keep_macros: bool,
    pub comments: bool,
    /// Only what was read matters (`-M`): no text is made.
    pub rule_only: bool,
}

/// Preprocessed text and what was said and read on the way.
pub struct Preprocessed {
    pub text: Vec<u8>,
    pub diags: DiagSink,
    pub map: SourceMap,
    /// kit's own headers, which are no files, are not among them.
    pub dependencies: Vec<Dependency>,
}

/// Options of code generation. Levels are as in [`Options`]; strings are empty for the default.
#[derive(Clone, Debug, Default)]
pub struct CodeOptions {
    pub pic: u8,
    pub pie: u8,
    pub optimize: u8,
    pub debug: bool,
    /// `-g1`: with `debug`, functions and lines only.
    pub lines_only: bool,
    /// With `debug`: code as it is with debug information, and none of it. Who needs some compiles once more.
    pub lines_later: bool,
    pub function_sections: bool,
    pub data_sections: bool,
    pub frame_pointer: bool,
    pub unwind_tables: bool,
    pub no_plt: bool,
    /// Which of the target's syntaxes of assembly `asm` is in, and the text that is made; 0 is the usual one.
    pub asm_syntax: u8,
    pub common: bool,
    pub visibility: String,
    pub gnu89_inline: bool,
    pub no_builtin: bool,
    pub short_enums: bool,
    /// `-fpack-struct`: the `#pragma pack` in force at the start; 0 for none.
    pub pack: u32,
    /// Compilation directory, for debug information.
    pub directory: String,
    /// `(old, new)` prefixes of paths in debug information and `__FILE__`; the last that fits counts.
    pub prefix_maps: Vec<(String, String)>,
}

/// What a compilation makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Goal {
    #[default]
    Object,
    /// The object as assembly text.
    Assembly {
        /// With the lines of the source as comments.
        verbose: bool,
    },
    /// Nothing: the source is only checked.
    Check,
}

/// One compilation.
pub struct CompileRequest {
    pub target: &'static TargetRow,
    pub c: Options,
    pub code: CodeOptions,
    pub goal: Goal,
    /// A large unit may use an idle one of these beside the thread of the caller, who has [entered](Processors::enter).
    /// The object does not depend on it.
    pub processors: Option<Arc<Processors>>,
}

/// What came of it. `object` is missing when there were errors.
pub struct Compiled {
    /// Or the text, when that was asked for.
    pub object: Option<Vec<u8>>,
    /// Code of it runs on the stack: the process needs an executable one.
    pub executable_stack: bool,
    /// How many threads worked on it.
    pub threads: usize,
    pub diags: DiagSink,
    pub map: SourceMap,
    pub dependencies: Vec<Dependency>,
}

/// Preprocesses `c.file`.
pub fn preprocess(
    target: &'static TargetRow,
    mut c: Options,
    style: PrintStyle,
    host: &dyn InputSource,
) -> Preprocessed {
    c.print_mode = !style.rule_only;
    add_target(target, &mut c);
    let source = WithHeaders { host };
    let mut pp = Pp::new(c, &source);
    let text = if style.rule_only {
        while pp.next().kind != Tok::Eof {}
        Vec::new()
    } else {
        let options = PrintOptions {
            no_markers: !style.line_markers,
            definitions: style.keep_macros,
            macros_only: style.macros_only,
        };
        pp::print::print(&mut pp, options)
    };
    let dependencies = real_files(pp.dependencies());
    Preprocessed { text, dependencies, diags: pp.diags, map: pp.map }
}

/// What several compilations share, one after the other; the objects are those of compiling each alone.
pub use lang_c::unit::Shared;

/// Compiles `c.file` to an object.
pub fn compile(request: &CompileRequest, host: &dyn InputSource) -> Compiled {
    compile_with(request, host, None)
}

/// As [`compile`], for one of several files. The map of the result is to be [given back](Shared::give_back).
pub fn compile_with(request: &CompileRequest, host: &dyn InputSource, shared: Option<&mut Shared>) -> Compiled {
    let native = NativeUnit::new(NativeSink::new(request.target.select));
    let mut sink = CodeSink::new(native, request.processors.clone());
    let unit = lower_with(request, host, &mut sink, shared);
    let dependencies = real_files(unit.dependencies);
    let (mut diags, map) = (unit.diags, unit.map);
    let (mut object, threads) = (None, 1 + usize::from(sink.is_beside()));
    if !diags.has_errors() && request.goal != Goal::Check {
        object = sink.into_unit().finish(request, &unit.module, &map, &mut diags);
    }
    let executable_stack = unit.module.closures;
    Compiled { object, executable_stack, threads, diags, map, dependencies }
}

/// An object of what `define` declares and gives to the sink, as compiling `c.file` would make it: for what is so small that
/// the front end's start would cost more than all else.
pub(crate) fn without_front_end(
    request: &CompileRequest,
    define: impl FnOnce(&mut Module, &mut dyn FunctionSink),
) -> Option<Vec<u8>> {
    let mut sink = NativeUnit::new(NativeSink::new(request.target.select));
    let mut module = Module::new(unit_options(&request.c.file, &request.code));
    define(&mut module, &mut sink);
    FunctionSink::finish(&mut sink, &module);
    sink.finish(request, &module, &SourceMap::new(), &mut DiagSink::new())
}

/// The front end alone: `c.file` is checked and lowered, and every function and object goes to `sink`.
pub fn lower_to(request: &CompileRequest, host: &dyn InputSource, sink: &mut dyn FunctionSink) -> UnitResult {
    lower_with(request, host, sink, None)
}

fn lower_with(
    request: &CompileRequest,
    host: &dyn InputSource,
    sink: &mut dyn FunctionSink,
    shared: Option<&mut Shared>,
) -> UnitResult {
    let (target, code) = (request.target, &request.code);
    let mut text = request.c.clone();
    text.gnu89_inline |= code.gnu89_inline;
    add_target(target, &mut text);
    let options = CompileOptions {
        parse: ParseOptions {
            visibility: visibility(&code.visibility),
            short_enums: code.short_enums,
            pack: code.pack,
            common: code.common,
        },
        lower: LowerOptions { common: code.common, inline_library: text.hosted && !code.no_builtin },
        unit: unit_options(&text.file, code),
        directory: map_prefix(&code.prefix_maps, &code.directory),
        producer: producer(),
        text,
    };
    let (layout, source) = (target.arch.layout, WithHeaders { host });
    match shared {
        Some(shared) => compile_shared(&options, layout, &source, sink, shared),
        None => compile_unit(&options, layout, &source, sink),
    }
}

/// What objects say about who made them.
fn producer() -> String {
    format!("kit {}", crate::VERSION)
}

fn unit_options(file: &str, code: &CodeOptions) -> UnitOptions {
    UnitOptions {
        file_name: map_prefix(&code.prefix_maps, file),
        pic: match (code.pic, code.pie) {
            (0, 0) => PicLevel::None,
            (_, 0) => PicLevel::Pic,
            _ => PicLevel::Pie,
        },
        opt_level: code.optimize,
        debug: code.debug,
        lines_only: code.lines_only,
        function_sections: code.function_sections,
        data_sections: code.data_sections,
        frame_pointer: code.frame_pointer,
        unwind_tables: code.unwind_tables,
        no_plt: code.no_plt,
        asm_syntax: code.asm_syntax,
    }
}

/// The last `-ffile-prefix-map` that fits counts, as with gcc.
fn map_prefix(maps: &[(String, String)], path: &str) -> String {
    let fitting = maps.iter().rev().find_map(|(old, new)| Some((path.strip_prefix(old.as_str())?, new)));
    fitting.map_or_else(|| path.to_string(), |(rest, new)| format!("{new}{rest}"))
}

fn visibility(name: &str) -> Visibility {
    match name {
        "hidden" => Visibility::Hidden,
        "protected" => Visibility::Protected,
        "internal" => Visibility::Internal,
        _ => Visibility::Default,
    }
}

/// Code generation that keeps what debuggers are told of each function, in order: IR in, an object out.
pub struct NativeUnit {
    native: NativeSink,
    debug: Vec<Option<Box<FuncDebug>>>,
}

impl FunctionSink for NativeUnit {
    fn function(&mut self, module: &Module, func: &mut Func) {
        self.native.function(module, func);
        if module.options.debug {
            self.debug.push(func.debug.take());
        }
    }

    fn data(&mut self, module: &Module, data: DataDef) {
        self.native.data(module, data);
    }

    fn common(&mut self, module: &Module, symbol: Symbol, size: u64, align: u32) {
        self.native.common(module, symbol, size, align);
    }

    fn assembly(&mut self, module: &Module, text: &[u8], pos: Pos) {
        self.native.assembly(module, text, pos);
    }

    fn finish(&mut self, module: &Module) {
        self.native.finish(module);
    }
}

impl NativeUnit {
    /// Over a sink for the target of the request that is given to [`NativeUnit::finish`].
    pub fn new(native: NativeSink) -> NativeUnit {
        NativeUnit { native, debug: Vec::new() }
    }

    /// Adds unwind tables, debug sections and notes to what code generation made, and writes the file.
    pub fn finish(
        self,
        request: &CompileRequest,
        module: &Module,
        map: &SourceMap,
        diags: &mut DiagSink,
    ) -> Option<Vec<u8>> {
        let (target, producer) = (request.target, &producer());
        let output = self.native.into_output(module);
        for error in &output.errors {
            if !error.pos.is_none() {
                diags.report(Diag::error(Span::at(error.pos), error.message.clone()));
                continue;
            }
            let name = module.symbols.get(error.symbol).map(|symbol| String::from_utf8_lossy(&symbol.name));
            let text = format!("cannot compile ‘{}’: {}", name.unwrap_or_default(), error.message);
            diags.report(Diag::error(Span::NONE, text));
        }
        if diags.has_errors() {
            return None;
        }
        if let Goal::Assembly { verbose } = request.goal {
            let unit = listing::Made { output, debug: self.debug, verbose };
            return Some(unit.text(request, module, map, producer));
        }
        let mut builder = output.builder;
        if (request.code.unwind_tables || request.code.debug) && !(output.rows.is_empty() && output.frames.is_empty()) {
            let kind = if request.code.unwind_tables { FrameKind::EhFrame } else { FrameKind::DebugFrame };
            let mut frames = FrameWriter::new(&mut builder, target.arch, kind, target.select.initial_unwind);
            for rows in &output.rows {
                frames.function(rows);
            }
            for frame in &output.frames {
                frames.entry(frame.atom, i64::from(frame.offset), u64::from(frame.size), &frame.unwind);
            }
            frames.finish(&mut builder);
        }
        if request.code.debug && !request.code.lines_later {
            let described = Described { module, map, producer, symbols: &output.symbols };
            described.add_unit(&mut builder, target.arch, &output.rows, &self.debug, &mut |_, _, _| ());
        }
        (target.add_notes)(&mut builder, producer, module.closures);
        Some((target.write_object)(&builder.finish(), target.arch))
    }
}

/// What debug information is written of.
pub(crate) struct Described<'d> {
    pub module: &'d Module,
    pub map: &'d SourceMap,
    pub producer: &'d str,
    /// Names and what stands for them in the object.
    pub symbols: &'d [(Symbol, SymId)],
}

/// What was written of it.
pub(crate) struct WrittenUnit {
    /// By their numbers: directory and name.
    pub files: Vec<(String, String)>,
    pub line_section: SectionId,
}

impl Described<'_> {
    /// Writes the unit: its functions in order, then what they refer to. `each` is told of every function's rows before they
    /// are written, and whether it is described.
    pub fn add_unit(
        &self,
        builder: &mut ObjectBuilder,
        arch: &'static Arch,
        rows: &[FuncRows],
        debug: &[Option<Box<FuncDebug>>],
        each: &mut dyn FnMut(&mut UnitWriter, &FuncRows, bool),
    ) -> WrittenUnit {
        let Described { module, map, producer, .. } = *self;
        let symbols: HashMap<Symbol, SymId> = self.symbols.iter().copied().collect();
        let defined = |symbol: Symbol| {
            module.symbols.get(symbol).filter(|decl| decl.defined).and_then(|_| symbols.get(&symbol).copied())
        };
        let facts = UnitFacts {
            file_name: &module.options.file_name,
            directory: &module.debug.directory,
            producer,
            language: dwarf::consts::DW_LANG_C11,
        };
        let mut unit = UnitWriter::new(builder, arch, &facts);
        for (rows, debug) in rows.iter().zip(debug) {
            each(&mut unit, rows, debug.is_some());
            if let Some(debug) = debug {
                unit.function(map, &module.debug, debug, rows, &defined);
            }
        }
        let line_section = unit.line_section();
        WrittenUnit { files: unit.finish(builder, map, &module.debug, &defined), line_section }
    }
}

/// The macros of what `-m` options ask for, in their order: `name` with what it needs, `no-name` with what needs it.
pub fn machine_macros(target: &TargetRow, asked: &[String]) -> Vec<MacroTable> {
    let rows = target.arch.features;
    let mut said: Vec<Option<bool>> = vec![None; rows.len()];
    for name in asked {
        let (name, wanted) = name.strip_prefix("no-").map_or((name.as_str(), true), |name| (name, false));
        let mut names = vec![name];
        while let Some(name) = names.pop() {
            for (row, said) in rows.iter().zip(&mut said).filter(|(row, _)| row.name == name) {
                *said = Some(wanted);
                names.extend(row.needs.iter().filter(|_| wanted));
            }
            names.extend(rows.iter().filter(|row| !wanted && row.needs.contains(&name)).map(|row| row.name));
        }
    }
    let chosen =
        |name: &str| rows.iter().zip(&said).any(|(row, said)| *said == Some(true) && row.brings.contains(&name));
    let is_on = |row: &target::MachineFeature, said: Option<bool>| said.unwrap_or_else(|| chosen(row.name));
    rows.iter().zip(&said).filter(|(row, said)| is_on(row, **said)).map(|(row, _)| row.macros).collect()
}

fn add_target(target: &'static TargetRow, c: &mut Options) {
    c.target_macros.extend_from_slice(target.macros);
    c.machine_builtins = target.arch.builtins;
    c.processor = target.arch.processor;
    c.features = Features::KIT;
}

fn real_files(mut files: Vec<Dependency>) -> Vec<Dependency> {
    files.retain(|file| !headers::is_embedded(&file.path));
    files
}
