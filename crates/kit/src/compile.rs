//! C to preprocessed text, and C to an object.

use crate::headers::{self, WithHeaders};
use crate::plugins::TargetRow;
use base::io::InputSource;
use base::{DiagSink, SourceMap};
use lang_c::options::Options;
use lang_c::pp::deps::Dependency;
use lang_c::pp::print::PrintOptions;
use lang_c::pp::{self, Pp};
use lang_c::token::Tok;

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
    pub function_sections: bool,
    pub data_sections: bool,
    pub frame_pointer: bool,
    pub unwind_tables: bool,
    pub no_plt: bool,
    pub common: bool,
    pub visibility: String,
    pub gnu89_inline: bool,
    pub no_builtin: bool,
    pub short_enums: bool,
    /// Compilation directory, for debug information.
    pub directory: String,
    /// `(old, new)` prefixes of paths in debug information and `__FILE__`; the last that fits counts.
    pub prefix_maps: Vec<(String, String)>,
}

/// One compilation.
pub struct CompileRequest {
    pub target: &'static TargetRow,
    pub c: Options,
    pub code: CodeOptions,
    /// Check, make no object.
    pub check_only: bool,
}

/// What came of it. `object` is missing when there were errors.
pub struct Compiled {
    pub object: Option<Vec<u8>>,
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

fn add_target(target: &'static TargetRow, c: &mut Options) {
    c.target_macros.extend_from_slice(target.macros);
}

fn real_files(mut files: Vec<Dependency>) -> Vec<Dependency> {
    files.retain(|file| !headers::is_embedded(&file.path));
    files
}
