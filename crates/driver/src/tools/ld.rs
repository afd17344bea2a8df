//! `kit ld`: GNU ld's command line over the link session. `kit cc` comes through here, too: it makes the words that gcc
//! would give to its linker.

use crate::flags::ld::{Ld, OPTIONS};
use crate::flags::{Word, expand_response_files, next_word};
use crate::host::{Failure, Guarded, Shell};
use kit::link::LinkRequest;
use kit::linker::options::{BuildId, Discard, HashStyle, OutputKind, Script, Strip, Symbolic, Unresolved};
use kit::linker::session::Machine;
use kit::linker::{Input, InputWhat, Options};
use std::path::{Path, PathBuf};

/// Finds the archive of helper functions, if the machine has one.
pub type FindHelpers = Box<dyn Fn() -> Option<PathBuf>>;

/// A parsed linker command line.
#[derive(Default)]
pub struct LdArgs {
    pub options: Options,
    pub inputs: Vec<Input>,
    pub output: Option<PathBuf>,
    pub map: Option<PathBuf>,
    pub print_map: bool,
    pub trace: bool,
    pub explain: bool,
    pub audit: bool,
    /// Finds an archive when something stays undefined: helpers that other compilers' objects may call.
    pub helpers: Option<FindHelpers>,
    /// Symbols without a version get the library's name as theirs.
    pub default_symver: bool,
    /// `-nostdlib`: libraries are in `-L`'s directories only.
    pub no_standard_dirs: bool,
    /// `-v`: say who we are first.
    pub show_version: bool,
    /// Only asks: `--help`, `--version`.
    pub query: Option<Ld>,
}

/// Positional options: what `--push-state` remembers.
#[derive(Clone, Copy, Default)]
struct State {
    as_needed: bool,
    whole_archive: bool,
    prefer_static: bool,
}

struct Parser<'s> {
    shell: &'s Shell,
    out: LdArgs,
    state: State,
    saved: Vec<State>,
}

/// The first line of `--version`: build systems look for `GNU ld`.
pub fn version_line() -> String {
    format!("kit ld {} (compatible with GNU ld)", kit::VERSION)
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let mut args = parse(shell, &words)?;
    if !args.no_standard_dirs {
        // As the script says that is built into GNU ld.
        let root = args.options.sysroot.as_deref().unwrap_or(Path::new(""));
        let standard = crate::toolchain::library_dirs(shell.target, root);
        args.options.library_paths.extend(standard);
    }
    match args.query {
        Some(Ld::Help) => {
            // libtool looks for the formats, as GNU ld names them.
            let text = format!(
                "Usage: kit ld [options] file...\n{}\nkit ld: supported targets: {}\nkit ld: supported emulations: {}\n",
                crate::flags::help(OPTIONS),
                shell.target.bfd_target,
                shell.target.emulation
            );
            shell.print(text.as_bytes())?;
            return Ok(0);
        }
        Some(_) => {
            shell.print(format!("{}\n", version_line()).as_bytes())?;
            return Ok(0);
        }
        None => {}
    }
    if args.show_version {
        shell.print(format!("{}\n", version_line()).as_bytes())?;
        if args.inputs.is_empty() {
            return Ok(0);
        }
    }
    link(shell, args)
}

/// Links what was parsed and writes the output.
pub fn link(shell: &Shell, mut args: LdArgs) -> Result<i32, Failure> {
    if !args.inputs.iter().any(|input| !matches!(input.what, InputWhat::GroupStart | InputWhat::GroupEnd)) {
        return Err(Failure::new("no input files"));
    }
    let output = args.output.take().unwrap_or_else(|| PathBuf::from("a.out"));
    let mut inputs = Guarded::default();
    for input in &args.inputs {
        match &input.what {
            InputWhat::Path(path) => inputs.add(path),
            InputWhat::Library(name) => {
                // Whatever a search could find under this name.
                for file in library_files(name) {
                    args.options.library_paths.iter().for_each(|dir| inputs.add(&dir.join(&file)));
                }
            }
            _ => {}
        }
    }
    for written in args.map.iter().chain([&output]) {
        inputs.check(written)?;
    }
    args.options.output_name = output.display().to_string();
    args.options.threads = 0;
    let machine = match args.options.incremental {
        true => machine(),
        false => Machine::default(),
    };
    if args.options.incremental
        && let Some(helpers) = args.helpers.take().and_then(|find| find())
    {
        // The list of inputs must be the same in every link, also when it is known only later that something is missing.
        args.inputs.push(Input::path(helpers));
    }
    let mut request = LinkRequest {
        options: args.options,
        inputs: args.inputs,
        output: output.clone(),
        want_map: args.print_map || args.map.is_some(),
        audit: args.audit,
        machine,
    };
    let mut linked = kit::link::link_to_file(&request, &shell.host, shell.target);
    if let (Err(errors), Some(find)) = (&linked, args.helpers)
        && errors.iter().any(|error| error.kind == kit::linker::ErrorKind::Undefined)
        && let Some(helpers) = find()
    {
        request.inputs.push(Input::path(helpers));
        linked = kit::link::link_to_file(&request, &shell.host, shell.target);
    }
    let done = match linked {
        Ok(done) => done,
        Err(errors) => {
            for error in &errors {
                shell.error(&error.to_string());
            }
            return Ok(1);
        }
    };
    for warning in &done.warnings {
        shell.warning(warning);
    }
    if args.trace {
        for name in &done.inputs {
            shell.print(format!("{name}\n").as_bytes())?;
        }
    }
    if let Some(map) = &done.map {
        match &args.map {
            Some(path) if path.as_os_str() != "-" => sys::write_output(path, map.as_bytes(), 0o666)?,
            _ => shell.print(map.as_bytes())?,
        }
    }
    if args.explain {
        shell.say(&format!("{}: {}\n", shell.program, done.outcome));
    }
    Ok(0)
}

/// What a state beside the output is checked against.
fn machine() -> Machine {
    Machine {
        build: sys::machine::program_id(),
        boot: sys::machine::boot_id(),
        now_ns: sys::machine::now_ns(),
        directory: std::env::current_dir().unwrap_or_default(),
    }
}

/// The file names that `-l` may stand for.
fn library_files(name: &str) -> Vec<String> {
    match name.strip_prefix(':') {
        Some(file) => vec![file.to_string()],
        None => vec![format!("lib{name}.so"), format!("lib{name}.a")],
    }
}

/// Parses linker words.
pub fn parse(shell: &Shell, words: &[String]) -> Result<LdArgs, Failure> {
    let mut out = LdArgs::default();
    out.options.interpreter = Some(shell.target.loader.to_string());
    // Unlike gcc's, a bare linker makes a program at fixed addresses.
    out.options.output = OutputKind::Exec;
    // Compiler drivers ask for the search table.
    out.options.eh_frame_hdr = false;
    let mut parser = Parser { shell, out, state: State::default(), saved: Vec::new() };
    let mut at = 0;
    while at < words.len() {
        let start = at;
        match next_word(OPTIONS, words, &mut at) {
            Word::Option(found) => parser.option(found.row.action, found.arg)?,
            Word::Operand(path) => parser.input(InputWhat::Path(PathBuf::from(path))),
            Word::MissingArgument(text) => return Err(Failure::new(format!("missing argument to ‘{text}’"))),
            // One dash or two: GNU ld takes both for long names.
            Word::Unknown(text) => {
                let mut again = vec![match text.strip_prefix("--") {
                    Some(name) => format!("-{name}"),
                    None => format!("-{text}"),
                }];
                again.extend_from_slice(&words[start + 1..]);
                let mut used = 0;
                match next_word(OPTIONS, &again, &mut used) {
                    Word::Option(found) => parser.option(found.row.action, found.arg)?,
                    _ => return Err(Failure::new(format!("unrecognized option ‘{text}’"))),
                }
                at = start + used;
            }
        }
    }
    parser.default_symver();
    Ok(parser.out)
}

impl Parser<'_> {
    fn input(&mut self, what: InputWhat) {
        let State { as_needed, whole_archive, prefer_static } = self.state;
        self.out.inputs.push(Input { what, as_needed, whole_archive, prefer_static });
    }

    fn script(&self, path: &str) -> Result<Script, Failure> {
        let bytes = base::io::InputSource::read(&self.shell.host, Path::new(path))?;
        Ok(Script { name: path.to_string(), bytes: bytes.to_vec() })
    }

    /// `--default-symver`: the library's name is the version of what scripts give none.
    fn default_symver(&mut self) {
        let options = &mut self.out.options;
        if self.out.default_symver && options.output == OutputKind::Shared {
            let file = |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
            options.default_version = options.soname.clone().or_else(|| self.out.output.as_ref().and_then(file));
        }
    }

    fn option(&mut self, action: Ld, arg: &str) -> Result<(), Failure> {
        let state = &mut self.state;
        let out = &mut self.out;
        let options = &mut out.options;
        match action {
            Ld::Help | Ld::Version => out.query = Some(action),
            Ld::VersionAndGo => out.show_version = true,
            Ld::Output => out.output = Some(PathBuf::from(arg)),
            Ld::Library => self.input(InputWhat::Library(arg.to_string())),
            Ld::LibraryDir => {
                let dir = match (arg.strip_prefix('='), &options.sysroot) {
                    (Some(rest), Some(root)) => root.join(rest.trim_start_matches('/')),
                    (Some(rest), None) => PathBuf::from(rest),
                    (None, _) => PathBuf::from(arg),
                };
                options.library_paths.push(dir);
            }
            Ld::NoStandardDirs => out.no_standard_dirs = true,
            Ld::Layout => {
                return Err(Failure::new(
                    "sections cannot be placed at addresses of their own; --image-base is that of the whole program",
                ));
            }
            Ld::OutputFormat if arg == self.shell.target.bfd_target => {}
            Ld::OutputFormat => {
                return Err(Failure::new(format!(
                    "output format ‘{arg}’ is not supported; kit objcopy -O {arg} may make it of the program"
                )));
            }
            Ld::Entry => options.entry = Some(arg.to_string()),
            Ld::Soname => options.soname = Some(arg.to_string()),
            Ld::Rpath => options.rpaths.push(arg.to_string()),
            Ld::RpathLink => options.rpath_link.extend(arg.split(':').map(PathBuf::from)),
            Ld::NewDtags => options.new_dtags = true,
            Ld::OldDtags => options.new_dtags = false,
            Ld::Interpreter => options.interpreter = Some(arg.to_string()),
            Ld::NoInterpreter => options.interpreter = None,
            Ld::Static => {
                options.is_static = true;
                options.interpreter = None;
                state.prefer_static = true;
            }
            Ld::StaticLibs => state.prefer_static = true,
            Ld::DynamicLibs => state.prefer_static = false,
            Ld::Shared => {
                options.output = OutputKind::Shared;
                options.interpreter = None;
            }
            Ld::Pie => options.output = OutputKind::Pie,
            Ld::NoPie => options.output = OutputKind::Exec,
            Ld::Relocatable => options.output = OutputKind::Relocatable,
            Ld::AsNeeded => state.as_needed = true,
            Ld::NoAsNeeded => state.as_needed = false,
            Ld::WholeArchive => state.whole_archive = true,
            Ld::NoWholeArchive => state.whole_archive = false,
            Ld::StartGroup => self.input(InputWhat::GroupStart),
            Ld::EndGroup => self.input(InputWhat::GroupEnd),
            Ld::PushState => self.saved.push(*state),
            Ld::PopState => {
                self.state = self.saved.pop().ok_or_else(|| Failure::new("--pop-state without --push-state"))?;
            }
            Ld::GcSections => options.gc_sections = true,
            Ld::NoGcSections => options.gc_sections = false,
            Ld::PrintGcSections => options.print_gc_sections = true,
            Ld::ExportDynamic => options.export_dynamic = true,
            Ld::NoExportDynamic => options.export_dynamic = false,
            Ld::ExportSymbol => options.export_symbols.push(arg.to_string()),
            Ld::DynamicList => {
                let script = self.script(arg)?;
                self.out.options.dynamic_lists.push(script);
            }
            Ld::VersionScript => {
                let script = self.script(arg)?;
                self.out.options.version_scripts.push(script);
            }
            Ld::DefaultSymver => out.default_symver = true,
            // A script among the inputs may add inputs; one that lays out sections is refused by the link.
            Ld::Script => self.input(InputWhat::Path(PathBuf::from(arg))),
            Ld::Symbolic => options.symbolic = Symbolic::All,
            Ld::SymbolicFunctions => options.symbolic = Symbolic::Functions,
            Ld::Keyword => return self.keyword(arg),
            Ld::NoUndefined => options.z.defs = true,
            Ld::UnresolvedSymbols => match arg {
                "ignore-all" | "ignore-in-object-files" => options.unresolved = Unresolved::Ignore,
                "report-all" => options.unresolved = Unresolved::Error,
                "ignore-in-shared-libs" => options.allow_shlib_undefined = Some(true),
                _ => return Err(Failure::new(format!("bad --unresolved-symbols method: {arg}"))),
            },
            Ld::WarnUnresolved => options.unresolved = Unresolved::Warn,
            Ld::ErrorUnresolved => options.unresolved = Unresolved::Error,
            Ld::AllowShlibUndefined => options.allow_shlib_undefined = Some(true),
            Ld::NoAllowShlibUndefined => options.allow_shlib_undefined = Some(false),
            Ld::HashStyle => {
                options.hash_style = match arg {
                    "gnu" => HashStyle { gnu: true, sysv: false },
                    "sysv" => HashStyle { gnu: false, sysv: true },
                    "both" => HashStyle { gnu: true, sysv: true },
                    _ => return Err(Failure::new(format!("invalid hash style ‘{arg}’"))),
                }
            }
            Ld::BuildId => options.build_id = build_id(arg)?,
            Ld::NoBuildId => options.build_id = BuildId::None,
            Ld::StripAll => options.strip = Strip::All,
            Ld::StripDebug => options.strip = Strip::Debug,
            Ld::DiscardAll => options.discard = Discard::Locals,
            Ld::DiscardLocals => options.discard = Discard::Temporaries,
            Ld::DiscardNone => options.discard = Discard::None,
            Ld::Wrap => options.wrap.push(arg.to_string()),
            Ld::Undefined => options.undefined.push(arg.to_string()),
            Ld::Defsym => {
                let (name, value) =
                    arg.split_once('=').ok_or_else(|| Failure::new("--defsym: symbol=expression is wanted"))?;
                options.defsym.push((name.to_string(), value.to_string()));
            }
            Ld::ExcludeLibs => options.exclude_libs.extend(arg.split([',', ':']).map(str::to_string)),
            Ld::EhFrameHdr => options.eh_frame_hdr = true,
            Ld::NoEhFrameHdr => options.eh_frame_hdr = false,
            Ld::Init => options.init = arg.to_string(),
            Ld::Fini => options.fini = arg.to_string(),
            Ld::FatalWarnings => options.fatal_warnings = true,
            Ld::NoFatalWarnings => options.fatal_warnings = false,
            Ld::ImageBase => options.image_base = Some(number(arg)?),
            Ld::Incremental => options.incremental = true,
            Ld::NoRelax => options.relax = false,
            Ld::Relax => options.relax = true,
            Ld::AllowMultiple => options.z.mul_defs = true,
            Ld::Map => out.map = Some(PathBuf::from(arg)),
            Ld::PrintMap => out.print_map = true,
            Ld::Sysroot => options.sysroot = Some(PathBuf::from(arg)),
            Ld::Emulation if arg != self.shell.target.emulation => {
                return Err(Failure::new(format!("unrecognised emulation mode: {arg}")));
            }
            Ld::NoMerge => options.merge = false,
            Ld::Explain => out.explain = true,
            Ld::Audit => out.audit = true,
            Ld::Trace => out.trace = true,
            Ld::Emulation | Ld::Optimize | Ld::Threads | Ld::Ignored | Ld::IgnoredWithArg => {}
        }
        Ok(())
    }

    fn keyword(&mut self, arg: &str) -> Result<(), Failure> {
        let z = &mut self.out.options.z;
        if let Some(value) = arg.strip_prefix("stack-size=") {
            z.stack_size = Some(number(value)?);
            return Ok(());
        }
        if let Some(value) = arg.strip_prefix("max-page-size=") {
            z.max_page_size = Some(number(value)?);
            return Ok(());
        }
        match arg {
            "now" => z.now = true,
            "lazy" => z.now = false,
            "relro" => z.relro = true,
            "norelro" => z.relro = false,
            "defs" => z.defs = true,
            "undefs" | "nodefs" => z.defs = false,
            "text" => z.text = true,
            "notext" | "textoff" => z.text = false,
            "execstack" => z.exec_stack = Some(true),
            "noexecstack" => z.exec_stack = Some(false),
            "muldefs" => z.mul_defs = true,
            "nodelete" => z.no_delete = true,
            "nodlopen" => z.no_dlopen = true,
            "initfirst" => z.init_first = true,
            "origin" => z.origin = true,
            "interpose" => z.interpose = true,
            "nodefaultlib" => z.no_default_lib = true,
            "separate-code" => z.separate_code = true,
            "noseparate-code" => z.separate_code = false,
            "nocopyreloc" => z.no_copy_reloc = true,
            "start-stop-gc" => z.start_stop_gc = true,
            "nostart-stop-gc" => z.start_stop_gc = false,
            "dynamic-undefined-weak" => z.dynamic_undefined_weak = Some(true),
            "nodynamic-undefined-weak" => z.dynamic_undefined_weak = Some(false),
            "combreloc" | "nocombreloc" | "global" | "common" | "nocommon" | "call-nop=suffix-nop" => {}
            _ if arg.starts_with("common-page-size=") => {}
            _ => self.shell.warning(&format!("-z {arg} ignored")),
        }
        Ok(())
    }
}

fn number(text: &str) -> Result<u64, Failure> {
    let parsed = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| Failure::new(format!("invalid number ‘{text}’")))
}

fn build_id(style: &str) -> Result<BuildId, Failure> {
    Ok(match style {
        "" | "sha1" | "tree" => BuildId::Hash(20),
        "md5" => BuildId::Hash(16),
        "fast" => BuildId::Hash(8),
        "none" => BuildId::None,
        "uuid" => {
            let mut bytes = vec![0; 16];
            sys::entropy(&mut bytes).map_err(|e| Failure::new(format!("cannot get random bytes: {e}")))?;
            // RFC 9562, version 4.
            bytes[6] = bytes[6] & 0x0f | 0x40;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            BuildId::Bytes(bytes)
        }
        _ => {
            let bad = || Failure::new(format!("unrecognized --build-id style ‘{style}’"));
            let hex: String = style.strip_prefix("0x").ok_or_else(bad)?.replace(['-', ':'], "");
            if hex.is_empty() || !hex.len().is_multiple_of(2) || !hex.is_ascii() {
                return Err(bad());
            }
            let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16));
            BuildId::Bytes(bytes.collect::<Result<_, _>>().map_err(|_| bad())?)
        }
    })
}
