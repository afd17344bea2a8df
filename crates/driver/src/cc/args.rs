//! The command line of `kit cc` as data: options parsed by the table, in the order given, nothing decided yet that
//! depends on the machine.

use crate::flags::cc::{Cc, FEATURES, Feature, MACHINE, MACHINE_PROTECTS, OPTIONS, PROBES};
use crate::flags::{Word, next_word};
use kit::lang_c::options::{MacroOption, Standard};
use kit::lang_c::warnings::Warning;
use std::path::PathBuf;

/// How far to go. Of several options the one that stops earliest counts, whatever their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Mode {
    Preprocess,
    SyntaxOnly,
    Assembly,
    Compile,
    #[default]
    Link,
}

/// What an input is taken for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    C,
    /// C that others include (`.h`, `-x c-header`): checked; what gcc would make of it, kit does not need.
    Header,
    /// C that is preprocessed already (`.i`).
    CppOutput,
    Assembler,
    AssemblerWithCpp,
    /// Anything the linker takes.
    Object,
}

/// Something of the command line whose order matters to the linker.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    Source(String, Language),
    /// `-lname`.
    Library(String),
    /// One word for the linker.
    Linker(String),
}

/// Make rules.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DepsArgs {
    /// `-M`, `-MM`: the rule is the output.
    pub only: bool,
    /// `-MD`, `-MMD`: the rule is written beside it.
    pub beside: bool,
    /// Leave system headers out.
    pub user_only: bool,
    pub file: Option<String>,
    /// Targets, already quoted where asked.
    pub targets: Vec<String>,
    pub phony: bool,
    pub missing_ok: bool,
    /// `-MD` or `-MMD` were the driver's, which then names the output as target; not so behind `-Wp,`.
    pub target_is_output: bool,
}

impl DepsArgs {
    /// Something is said about a rule, whether one is asked for or not.
    pub fn has_details(&self) -> bool {
        self.file.is_some() || !self.targets.is_empty() || self.phony
    }
}

/// Which start files and libraries stay out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct LinkArgs {
    pub is_static: bool,
    pub shared: bool,
    /// `Some` when `-pie` or `-no-pie` was given.
    pub pie: Option<bool>,
    pub relocatable: bool,
    pub no_start_files: bool,
    pub no_default_libs: bool,
    pub static_libgcc: bool,
}

/// Switches of code generation.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CodeArgs {
    /// `Some((level, is_pie))` when `-fPIC`, `-fPIE` or their negations were given; level 0 for none.
    pub pic: Option<(u8, bool)>,
    pub optimize: u8,
    pub optimize_size: bool,
    pub debug: bool,
    /// With `debug`: functions and lines only.
    pub lines_only: bool,
    /// The version of DWARF that was asked for: what is made of assembly text has it; 0 for the usual one.
    pub dwarf_version: u8,
    /// With `debug`: code as it is with debug information, and none of it yet. No option: `kit run` asks for it.
    pub lines_later: bool,
    pub function_sections: bool,
    pub data_sections: bool,
    pub frame_pointer: bool,
    pub no_unwind_tables: bool,
    pub no_plt: bool,
    pub common: bool,
    /// `-fvisibility=`; empty for the default.
    pub visibility: String,
    /// `old=new`, in order.
    pub prefix_maps: Vec<(String, String)>,
}

/// A parsed command line.
#[derive(Clone, Debug, Default)]
pub struct CcArgs {
    pub mode: Mode,
    pub output: Option<String>,
    pub items: Vec<Item>,
    /// Anything that only asks.
    pub query: Option<(Cc, String)>,
    pub verbose: bool,
    pub dry_run: bool,
    pub no_line_markers: bool,
    pub dump_macros: bool,
    pub keep_macros: bool,
    pub keep_comments: bool,
    pub no_std_inc: bool,
    pub deps: DepsArgs,
    pub link: LinkArgs,
    pub code: CodeArgs,
    pub target: Option<String>,
    pub sysroot: PathBuf,
    pub tool_dirs: Vec<PathBuf>,
    pub assembler_args: Vec<String>,
    /// `-m` options, as they stand behind it.
    pub machine: Vec<String>,
    pub color: Option<bool>,
    pub no_caret: bool,
    /// `-fdiagnostics-format=json`.
    pub json: bool,
    pub parseable_fixits: bool,
    pub max_errors: usize,
    /// Everything about text; the system's directories are added later.
    pub c: kit::lang_c::options::Options,
    pub gnu89_inline: bool,
    /// `-fverbose-asm`
    pub verbose_asm: bool,
    pub no_builtin: bool,
    pub short_enums: bool,
    /// `-fpack-struct`: members are aligned to so many bytes at most; 0 for no limit.
    pub pack: u32,
    /// Said before anything else, as warnings.
    pub warnings: Vec<String>,
    /// Options that are taken and do nothing although they should: said once.
    pub without_effect: Vec<String>,
    /// Unknown `-Wno-…`: mentioned only when something else is wrong.
    pub late_warnings: Vec<String>,
}

/// The command line is wrong: what to say.
pub type UsageError = String;

/// Parses the words behind `cc`.
pub fn parse(args: &[String]) -> Result<CcArgs, UsageError> {
    let mut parser = Parser { out: CcArgs::default(), language: None };
    parser.out.c.version = kit::VERSION;
    parser.out.c.gnuc = Some(super::query::GCC_VERSION);
    let mut at = 0;
    while at < args.len() {
        match next_word(OPTIONS, args, &mut at) {
            Word::Option(found) => parser.option(found.row.action, found.arg, found.text)?,
            Word::Operand(path) => parser.input(path),
            Word::MissingArgument(text) => return Err(format!("missing argument to ‘{text}’")),
            Word::Unknown(text) => return Err(unrecognized(text)),
        }
    }
    parser.finish();
    Ok(parser.out)
}

/// An option that there is not, with the one that was meant perhaps.
fn unrecognized(text: &str) -> UsageError {
    let features: Vec<String> = FEATURES.iter().map(|(name, _)| format!("-f{}", name.trim_end_matches('='))).collect();
    let names = OPTIONS.iter().map(|row| row.spelling).chain(features.iter().map(String::as_str));
    let mut message = format!("unrecognized command-line option ‘{text}’");
    if !PROBES.contains(&text)
        && let Some(other) = kit::lang_c::nearest(text, names.filter(|name| name.len() > 2))
    {
        message.push_str(&format!("; did you mean ‘{other}’?"));
    }
    message
}

struct Parser {
    out: CcArgs,
    /// `-x`.
    language: Option<Language>,
}

/// The macro by which the C library's headers are asked for checked calls.
const FORTIFY: &str = "_FORTIFY_SOURCE";

impl Parser {
    /// What can be said only when every word is known.
    fn finish(&mut self) {
        let last = self.out.c.macros.iter().rev().find_map(|one| match one {
            MacroOption::Define(text) => {
                text.strip_prefix(FORTIFY).filter(|rest| rest.is_empty() || rest.starts_with('='))
            }
            MacroOption::Undef(name) => (name == FORTIFY).then_some("=0"),
        });
        // Without optimization the C library's headers say themselves that nothing is checked.
        if self.out.code.optimize > 0
            && let Some(value) = last.filter(|value| value.trim_start_matches('=').trim() != "0")
        {
            let text = format!("-D{FORTIFY}{value}");
            self.without_effect(&text);
        }
    }

    fn input(&mut self, path: &str) {
        let language = self.language.unwrap_or_else(|| by_extension(path));
        self.out.items.push(Item::Source(path.to_string(), language));
    }

    fn linker(&mut self, word: &str) {
        self.out.items.push(Item::Linker(word.to_string()));
    }

    fn option(&mut self, action: Cc, arg: &str, text: &str) -> Result<(), UsageError> {
        let out = &mut self.out;
        match action {
            Cc::CompileOnly => out.mode = out.mode.min(Mode::Compile),
            Cc::Preprocess => out.mode = out.mode.min(Mode::Preprocess),
            Cc::AssemblyOut => out.mode = out.mode.min(Mode::Assembly),
            Cc::SyntaxOnly => out.mode = out.mode.min(Mode::SyntaxOnly),
            Cc::Output => out.output = Some(arg.to_string()),
            Cc::Language => self.language = language(arg)?,
            Cc::Help
            | Cc::HelpOf
            | Cc::Version
            | Cc::DumpMachine
            | Cc::DumpVersion
            | Cc::DumpFullVersion
            | Cc::PrintProgName
            | Cc::PrintFileName
            | Cc::PrintSearchDirs
            | Cc::PrintSysroot
            | Cc::PrintMultiOsDirectory
            | Cc::PrintMultiarch
            | Cc::PrintMultiLib
            | Cc::PrintLibgcc => out.query = Some((action, arg.to_string())),
            Cc::Verbose => out.verbose = true,
            Cc::DryRun => out.dry_run = true,
            Cc::IncludeDir => out.c.include_dirs.push(arg.to_string()),
            Cc::QuoteDir => out.c.quote_dirs.push(arg.to_string()),
            Cc::SystemDir => out.c.system_dirs.push(arg.to_string()),
            Cc::AfterDir => out.c.after_dirs.push(arg.to_string()),
            Cc::NoStdInc => out.no_std_inc = true,
            Cc::Define => out.c.macros.push(MacroOption::Define(arg.to_string())),
            Cc::Undefine => out.c.macros.push(MacroOption::Undef(arg.to_string())),
            Cc::IncludeFile => out.c.includes.push(arg.to_string()),
            Cc::ImacrosFile => out.c.imacros.push(arg.to_string()),
            Cc::NoLineMarkers => out.no_line_markers = true,
            Cc::DumpMacros => match arg {
                "M" => out.dump_macros = true,
                "D" => out.keep_macros = true,
                _ => return Err(format!("‘{text}’ is not supported")),
            },
            Cc::KeepComments => out.keep_comments = true,
            Cc::Undef => out.c.undef = true,
            Cc::Trigraphs => out.c.trigraphs = Some(true),
            Cc::PreprocessorArgs => return self.preprocessor_args(arg),
            Cc::PreprocessorArg => return self.preprocessor_args(arg),
            Cc::DepsOnly | Cc::UserDepsOnly => {
                out.deps.only = true;
                out.deps.user_only = action == Cc::UserDepsOnly;
                out.mode = Mode::Preprocess;
            }
            Cc::Deps | Cc::UserDeps => {
                out.deps.beside = true;
                out.deps.user_only |= action == Cc::UserDeps;
                out.deps.target_is_output = true;
            }
            Cc::DepsFile => out.deps.file = Some(arg.to_string()),
            Cc::DepsTarget => out.deps.targets.push(arg.to_string()),
            Cc::DepsTargetQuoted => out.deps.targets.push(kit::lang_c::pp::deps::quote(arg)),
            Cc::DepsPhony => out.deps.phony = true,
            Cc::DepsMissing => {
                out.deps.missing_ok = true;
                out.c.missing_headers_ok = true;
            }
            Cc::Standard => {
                out.c.standard =
                    Standard::parse(arg).ok_or_else(|| format!("unrecognized command-line option ‘-std={arg}’"))?;
            }
            Cc::Ansi => out.c.standard = Standard { year: 1989, gnu: false },
            Cc::Pedantic => {
                out.c.pedantic = true;
                out.c.pedantic_errors |= text.ends_with("errors");
            }
            Cc::Optimize => return self.optimize(arg, text),
            Cc::Debug => match arg {
                "0" => out.code.debug = false,
                "1" | "gdb1" | "line-tables-only" => {
                    out.code.debug = true;
                    out.code.lines_only = true;
                }
                // The program can be debugged; only there is one file less.
                "split-dwarf" => {
                    out.code.debug = true;
                    out.code.lines_only = false;
                    self.without_effect(text);
                }
                ""
                | "2"
                | "3"
                | "gdb"
                | "gdb2"
                | "gdb3"
                | "dwarf"
                | "column-info"
                | "no-column-info"
                | "strict-dwarf"
                | "no-strict-dwarf"
                | "record-gcc-switches"
                | "no-record-gcc-switches"
                | "no-split-dwarf"
                | "z"
                | "z=none"
                | "z=zlib" => {
                    let asks = !arg.starts_with("no-") && !arg.starts_with('z');
                    out.code.debug |= asks;
                    out.code.lines_only &= !asks;
                }
                "dwarf-2" | "dwarf-3" | "dwarf-4" | "dwarf-5" => {
                    out.code.debug = true;
                    out.code.lines_only = false;
                    out.code.dwarf_version = arg.as_bytes()[arg.len() - 1] - b'0';
                }
                _ => return Err(format!("unrecognized debug output level ‘{arg}’")),
            },
            Cc::NoWarnings => out.c.no_warnings = true,
            Cc::Warning => return self.warning(arg),
            Cc::Feature => return self.feature(arg, text),
            Cc::Machine => return self.machine(arg, text),
            Cc::Target => out.target = Some(arg.to_string()),
            Cc::Sysroot => out.sysroot = PathBuf::from(arg),
            Cc::ToolDir => out.tool_dirs.push(PathBuf::from(arg)),
            Cc::Pthread => out.c.pthread = true,
            Cc::Assembler => out.assembler_args.extend(arg.split(',').map(str::to_string)),
            Cc::AssemblerArg => out.assembler_args.push(arg.to_string()),
            Cc::Library => out.items.push(Item::Library(arg.to_string())),
            Cc::LibraryDir => self.linker(&format!("-L{arg}")),
            Cc::LinkerArgs => arg.split(',').for_each(|word| self.linker(word)),
            Cc::LinkerArg => self.linker(arg),
            Cc::Static => out.link.is_static = true,
            Cc::StaticPie => {
                out.link.is_static = true;
                out.link.pie = Some(true);
            }
            Cc::Shared => out.link.shared = true,
            Cc::Pie => out.link.pie = Some(true),
            Cc::NoPie => out.link.pie = Some(false),
            Cc::Relocatable => out.link.relocatable = true,
            Cc::NoStdLib => {
                out.link.no_start_files = true;
                out.link.no_default_libs = true;
            }
            Cc::NoStartFiles => out.link.no_start_files = true,
            Cc::NoDefaultLibs => out.link.no_default_libs = true,
            Cc::ExportDynamic => self.linker("--export-dynamic"),
            Cc::Strip => self.linker("-s"),
            Cc::Script | Cc::Undefined | Cc::Entry | Cc::LinkerKeyword => {
                self.linker(&text[..2]);
                self.linker(arg);
            }
            Cc::Specs => self.specs(arg, text),
            Cc::StaticLibgcc => out.link.static_libgcc = true,
            Cc::Ignored | Cc::IgnoredWithArg => {}
        }
        Ok(())
    }

    /// `-Wp,a,b`: options that the preprocessor knows; Kbuild uses `-Wp,-MD,file`.
    fn preprocessor_args(&mut self, arg: &str) -> Result<(), UsageError> {
        let words: Vec<&str> = arg.split(',').collect();
        let mut at = 0;
        while at < words.len() {
            let word = words[at];
            at += 1;
            let mut value = || {
                at += 1;
                words.get(at - 1).copied().ok_or_else(|| format!("missing argument to ‘{word}’ in ‘-Wp,{arg}’"))
            };
            match word {
                "-MD" | "-MMD" => {
                    let file = value()?;
                    self.out.deps.beside = true;
                    self.out.deps.user_only |= word == "-MMD";
                    self.out.deps.file = Some(file.to_string());
                }
                "-MT" => self.out.deps.targets.push(value()?.to_string()),
                "-MQ" => self.out.deps.targets.push(kit::lang_c::pp::deps::quote(value()?)),
                "-MF" => self.out.deps.file = Some(value()?.to_string()),
                _ => {
                    let args: Vec<String> = words[at - 1..].iter().map(|w| w.to_string()).collect();
                    let mut used = 0;
                    match next_word(OPTIONS, &args, &mut used) {
                        Word::Option(found) => self.option(found.row.action, found.arg, found.text)?,
                        _ => return Err(format!("the preprocessor does not know ‘{word}’")),
                    }
                    at += used - 1;
                }
            }
        }
        Ok(())
    }

    fn optimize(&mut self, arg: &str, text: &str) -> Result<(), UsageError> {
        let (level, size) = match arg {
            "" | "1" | "g" => (1, false),
            "s" | "z" => (2, true),
            "fast" => (3, false),
            number => match number.parse::<u32>() {
                Ok(level) => (level.min(3) as u8, false),
                Err(_) => {
                    return Err(format!(
                        "argument to ‘-O’ should be a non-negative integer, ‘g’, ‘s’, ‘z’ or ‘fast’: ‘{text}’"
                    ));
                }
            },
        };
        self.out.code.optimize = level;
        self.out.code.optimize_size = size;
        self.out.c.optimize = level;
        self.out.c.optimize_size = size;
        Ok(())
    }

    fn warning(&mut self, arg: &str) -> Result<(), UsageError> {
        let c = &mut self.out.c;
        match arg {
            "" => c.warnings.set(Warning::Extra, true),
            "error" => c.werror = true,
            "no-error" => c.werror = false,
            "pedantic" => c.pedantic = true,
            // The spelling of gcc 3, which curl's configure still has.
            "error-implicit-function-declaration" => return self.warning("error=implicit-function-declaration"),
            "system-headers" => c.system_header_warnings = true,
            "no-system-headers" => c.system_header_warnings = false,
            "fatal-errors" => self.out.max_errors = 1,
            "no-fatal-errors" => self.out.max_errors = 0,
            _ => {
                let Err(unknown) = c.warnings.option(arg) else { return Ok(()) };
                let mut text = format!("unrecognized command-line option ‘-W{arg}’");
                if let Some(other) = unknown.suggestion {
                    let no = if unknown.negative { "no-" } else { "" };
                    text.push_str(&format!("; did you mean ‘-W{no}{other}’?"));
                }
                // Feature tests ask in this way, and believe the answer.
                if let Some(name) = arg.strip_prefix("error=") {
                    return Err(format!("‘-Werror={name}’: no option ‘-W{name}’"));
                }
                // Switching off what does not exist is told when something else is wrong.
                if unknown.negative {
                    self.out.late_warnings.push(text);
                } else {
                    self.out.warnings.push(text);
                }
            }
        }
        Ok(())
    }

    fn feature(&mut self, arg: &str, text: &str) -> Result<(), UsageError> {
        let unknown = || unrecognized(text);
        let (name, on) = match arg.strip_prefix("no-") {
            Some(name) if !FEATURES.iter().any(|(row, _)| *row == arg) => (name, false),
            _ => (arg, true),
        };
        let found = FEATURES
            .iter()
            .filter(|(row, _)| if row.ends_with(['=', '-']) { name.starts_with(row) } else { *row == name })
            .max_by_key(|(row, _)| row.len());
        let &(row, feature) = found.ok_or_else(unknown)?;
        let value = &name[row.len()..];
        let out = &mut self.out;
        match feature {
            Feature::Pic | Feature::Pie => {
                let level = if row.chars().all(char::is_uppercase) { 2 } else { 1 };
                out.code.pic = Some((if on { level } else { 0 }, feature == Feature::Pie));
            }
            Feature::Freestanding => out.c.hosted = (row == "hosted") == on,
            Feature::Common => out.code.common = on,
            Feature::FunctionSections => out.code.function_sections = on,
            Feature::DataSections => out.code.data_sections = on,
            Feature::SignedChar => out.c.unsigned_char = !on,
            Feature::UnsignedChar => out.c.unsigned_char = on,
            Feature::ShortEnums => out.short_enums = on,
            Feature::PackStruct => {
                out.pack = match value {
                    _ if !on => 0,
                    "" => 1,
                    "1" | "2" | "4" | "8" | "16" => value.parse().map_err(|_| unknown())?,
                    _ => return Err(format!("invalid argument to ‘{text}’: a small power of two is wanted")),
                }
            }
            Feature::InputCharset if !value.eq_ignore_ascii_case("utf-8") => {
                return Err(format!("‘{text}’: only UTF-8 is supported"));
            }
            Feature::Visibility => match value {
                "default" | "hidden" | "protected" | "internal" => out.code.visibility = value.to_string(),
                _ => return Err(format!("unrecognized visibility value ‘{value}’")),
            },
            Feature::OmitFramePointer => out.code.frame_pointer = !on,
            Feature::VerboseAsm => out.verbose_asm = on,
            Feature::UnwindTables => out.code.no_unwind_tables = !on,
            Feature::Plt => out.code.no_plt = !on,
            Feature::Builtin => out.no_builtin |= !on && value.is_empty(),
            Feature::GnuInline => out.gnu89_inline = on,
            Feature::DiagnosticsColor => {
                out.color = match value {
                    "always" => Some(true),
                    "never" => Some(false),
                    "auto" => None,
                    "" => Some(on),
                    _ => return Err(unknown()),
                }
            }
            Feature::DiagnosticsCaret => out.no_caret = !on,
            Feature::ParseableFixits => out.parseable_fixits = on,
            Feature::DiagnosticsFormat => {
                out.json = match value {
                    "text" => false,
                    "json" | "json-stderr" => true,
                    _ => return Err(format!("unrecognized argument in option ‘{text}’: text and json are known")),
                }
            }
            Feature::CxxOnly => {
                out.warnings.push(format!("command-line option ‘{text}’ is valid for C++/D/ObjC++ but not for C"));
            }
            Feature::MaxErrors => out.max_errors = value.parse().map_err(|_| unknown())?,
            Feature::PrefixMap => {
                let (old, new) =
                    value.split_once('=').ok_or_else(|| format!("invalid argument to ‘{text}’: old=new is wanted"))?;
                out.code.prefix_maps.push((old.to_string(), new.to_string()));
            }
            Feature::Preprocessed => self.language = Some(Language::CppOutput),
            Feature::StackProtector if on => self.without_effect(text),
            Feature::ControlFlow if on && value != "none" => self.without_effect(text),
            Feature::Sanitize if on => return Err(format!("‘{text}’ is not supported")),
            Feature::Wrapv
            | Feature::DollarsInIdentifiers
            | Feature::InputCharset
            | Feature::DirectivesOnly
            | Feature::StackProtector
            | Feature::ControlFlow
            | Feature::Sanitize
            | Feature::Lto
            | Feature::Ignored => {}
        }
        Ok(())
    }

    /// Notes an option that protects or measures, which the program will be without.
    fn without_effect(&mut self, text: &str) {
        if !self.out.without_effect.iter().any(|known| known == text) {
            self.out.without_effect.push(text.to_string());
        }
    }

    /// `-specs=`: Debian's and Fedora's packaging names files of gcc that choose PIE or no PIE; those are known by name.
    fn specs(&mut self, path: &str, text: &str) {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name {
            // What kit does anyway.
            "pie-compile.specs" | "pie-link.specs" | "redhat-hardened-cc1" | "redhat-hardened-ld" => {}
            "no-pie-compile.specs" => self.out.code.pic = self.out.code.pic.or(Some((0, true))),
            "no-pie-link.specs" => self.out.link.pie = self.out.link.pie.or(Some(false)),
            _ => self.without_effect(text),
        }
    }

    fn machine(&mut self, arg: &str, text: &str) -> Result<(), UsageError> {
        let known = MACHINE.iter().any(|row| if row.ends_with('=') { arg.starts_with(row) } else { *row == arg });
        let protects = MACHINE_PROTECTS
            .iter()
            .find(|(name, _)| arg.strip_suffix(name) == Some("") || name.ends_with('=') && arg.starts_with(name));
        if let Some((name, none)) = protects {
            if none.is_empty() || arg[name.len()..] != **none {
                self.without_effect(text);
            }
            return Ok(());
        }
        match arg {
            "32" | "x32" | "16" => Err(format!("‘{text}’: kit has no such target yet")),
            _ if known => {
                self.out.machine.push(arg.to_string());
                Ok(())
            }
            _ => Err(format!("unrecognized command-line option ‘{text}’")),
        }
    }
}

fn language(name: &str) -> Result<Option<Language>, UsageError> {
    Ok(Some(match name {
        "c" => Language::C,
        "c-header" => Language::Header,
        "cpp-output" => Language::CppOutput,
        "assembler" => Language::Assembler,
        "assembler-with-cpp" => Language::AssemblerWithCpp,
        "none" => return Ok(None),
        _ => return Err(format!("language {name} not recognized")),
    }))
}

pub fn by_extension(path: &str) -> Language {
    match path.rsplit_once('.').map(|(_, extension)| extension) {
        _ if path == "-" => Language::C,
        Some("c") => Language::C,
        Some("h") => Language::Header,
        Some("i") => Language::CppOutput,
        Some("s") => Language::Assembler,
        Some("S" | "sx") => Language::AssemblerWithCpp,
        _ => Language::Object,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Result<CcArgs, UsageError> {
        parse(&line.split(' ').map(str::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn unknown_options_are_errors_where_feature_tests_ask() {
        assert!(args("-c a.c -ffoo-bar").is_err());
        assert!(args("-c a.c -mfoo-bar").is_err());
        assert!(args("-qversion").is_err());
        let parsed = args("-c a.c -Wno-foo-bar -fno-strict-aliasing -march=native").unwrap();
        assert!(parsed.warnings.is_empty() && parsed.late_warnings.len() == 1);
        assert_eq!(args("-c a.c -Wfoo-bar").unwrap().warnings.len(), 1);
    }

    #[test]
    fn the_last_of_contradicting_options_wins() {
        let parsed = args("-O2 -O0 -fPIC -fno-PIC -Wp,-MD,x.d -std=c99 a.c").unwrap();
        assert_eq!(parsed.code.optimize, 0);
        assert_eq!(parsed.code.pic, Some((0, false)));
        assert_eq!(parsed.deps.file.as_deref(), Some("x.d"));
        assert_eq!(parsed.c.standard, Standard { year: 1999, gnu: false });
    }
}
