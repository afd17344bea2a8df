//! A linker command for trying the link phases on other compilers' objects: `gcc -B DIR` with this program as `DIR/ld`.
//!
//! It reads the options that compiler drivers pass. The product's own command line is the driver's; this one only serves
//! tests of this crate.

use base::io::{FileBytes, FileStat, InputSource, IoError};
use fmt_elf::link::ElfFormat;
use link::files::{Files, Input, InputWhat};
use link::options::{BuildId, Discard, HashStyle, OutputKind, Script, Strip, Symbolic, Unresolved};
use link::{LinkError, Options};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Instant;

struct Disk;

impl InputSource for Disk {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        let meta = std::fs::metadata(path).map_err(|error| IoError::new(path, "open", &error))?;
        Ok(FileStat { size: meta.len(), mode: meta.mode(), ..FileStat::default() })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        std::fs::read(path).map(FileBytes::from_vec).map_err(|error| IoError::new(path, "open", &error))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        out.extend_from_slice(&self.read(path)?);
        self.stat(path)
    }
}

#[derive(Default)]
struct Command {
    options: Options,
    inputs: Vec<Input>,
    map: Option<String>,
    time: bool,
}

fn main() {
    let args: Vec<String> = expand(std::env::args().skip(1).collect());
    let command = parse(&args);
    if let Err(errors) = run(&command) {
        for error in errors {
            eprintln!("ld: error: {error}");
        }
        std::process::exit(1);
    }
}

/// Response files.
fn expand(args: Vec<String>) -> Vec<String> {
    let mut out = Vec::new();
    for arg in args {
        match arg.strip_prefix('@').and_then(|path| std::fs::read_to_string(path).ok()) {
            Some(text) => out.extend(text.split_whitespace().map(|word| word.trim_matches('"').to_string())),
            None => out.push(arg),
        }
    }
    out
}

fn run(command: &Command) -> Result<(), Vec<LinkError>> {
    let options = &command.options;
    let start = Instant::now();
    let files = Files::open(&Disk, &command.inputs, options, &ElfFormat)?;
    let opened = start.elapsed();
    let image = link::prepare(&files, options, &ElfFormat, &arch_x86_64::link::ARCH_LINK)?;
    let prepared = start.elapsed();
    let bytes = image.to_vec()?;
    let written = start.elapsed();
    for warning in image.warnings() {
        eprintln!("ld: warning: {warning}");
    }
    let io = |error: std::io::Error| vec![LinkError::new(link::ErrorKind::Io, error.to_string())];
    let _ = std::fs::remove_file(&options.output_name);
    let mut open = std::fs::OpenOptions::new();
    let mode = if options.output == OutputKind::Relocatable { 0o666 } else { 0o777 };
    let mut file = open.write(true).create(true).truncate(true).mode(mode).open(&options.output_name).map_err(io)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(io)?;
    if command.time {
        eprintln!("open {opened:?} prepare {prepared:?} write {written:?} end {:?}", start.elapsed());
    }
    match command.map.as_deref() {
        None => {}
        Some("-") => print!("{}", link::map::text(&image.link)),
        Some(path) => std::fs::write(path, link::map::text(&image.link)).map_err(io)?,
    }
    Ok(())
}

#[derive(Clone, Default)]
struct Position {
    as_needed: bool,
    whole_archive: bool,
    prefer_static: bool,
}

fn parse(args: &[String]) -> Command {
    let mut command = Command {
        options: Options { output: OutputKind::Exec, eh_frame_hdr: false, ..Options::default() },
        ..Command::default()
    };
    let mut at = Position::default();
    let mut stack = Vec::new();
    let mut idx = 0;
    while idx < args.len() {
        let arg = args[idx].clone();
        idx += 1;
        let (name, joined) = match arg.split_once('=') {
            Some((name, value)) if arg.starts_with('-') => (name.to_string(), Some(value.to_string())),
            _ => (arg.clone(), None),
        };
        let mut value = || {
            joined.clone().unwrap_or_else(|| {
                idx += 1;
                args.get(idx - 1).cloned().unwrap_or_default()
            })
        };
        let o = &mut command.options;
        let canonical = if name.starts_with("--") { name[1..].to_string() } else { name.clone() };
        match canonical.as_str() {
            "-o" | "-output" => o.output_name = value(),
            "-m" | "-plugin" | "-plugin-opt" | "-sort-section" | "-sort-common" => drop(value()),
            "-dynamic-linker" | "-I" => o.interpreter = Some(value()),
            "-no-dynamic-linker" => o.interpreter = None,
            "-pie" | "-pic-executable" => o.output = OutputKind::Pie,
            "-no-pie" => o.output = OutputKind::Exec,
            "-shared" | "-Bshareable" => o.output = OutputKind::Shared,
            "-r" | "-relocatable" => o.output = OutputKind::Relocatable,
            "-static" | "-Bstatic" | "-dn" | "-non_shared" => {
                if arg == "-static" {
                    o.is_static = true;
                }
                at.prefer_static = true;
            }
            "-Bdynamic" | "-dy" | "-call_shared" => at.prefer_static = false,
            "-as-needed" => at.as_needed = true,
            "-no-as-needed" => at.as_needed = false,
            "-whole-archive" => at.whole_archive = true,
            "-no-whole-archive" => at.whole_archive = false,
            "-push-state" => stack.push(at.clone()),
            "-pop-state" => at = stack.pop().unwrap_or_default(),
            "-start-group" | "-(" => command.inputs.push(Input::new(InputWhat::GroupStart)),
            "-end-group" | "-)" => command.inputs.push(Input::new(InputWhat::GroupEnd)),
            "-eh-frame-hdr" => o.eh_frame_hdr = true,
            "-no-eh-frame-hdr" => o.eh_frame_hdr = false,
            "-gc-sections" => o.gc_sections = true,
            "-print-gc-sections" => o.print_gc_sections = true,
            "-export-dynamic" | "-E" => o.export_dynamic = true,
            "-Bsymbolic" => o.symbolic = Symbolic::All,
            "-Bsymbolic-functions" => o.symbolic = Symbolic::Functions,
            "-soname" | "-h" => o.soname = Some(value()),
            "-rpath" | "-R" => o.rpaths.push(value()),
            "-rpath-link" => o.rpath_link.push(value().into()),
            "-enable-new-dtags" => o.new_dtags = true,
            "-disable-new-dtags" => o.new_dtags = false,
            "-version-script" => o.version_scripts.push(script(&value())),
            "-dynamic-list" => o.dynamic_lists.push(script(&value())),
            "-no-undefined" => o.z.defs = true,
            "-allow-shlib-undefined" => o.allow_shlib_undefined = Some(true),
            "-no-allow-shlib-undefined" => o.allow_shlib_undefined = Some(false),
            "-unresolved-symbols" => {
                o.unresolved = if value() == "ignore-all" { Unresolved::Ignore } else { Unresolved::Default }
            }
            "-warn-unresolved-symbols" => o.unresolved = Unresolved::Warn,
            "-fatal-warnings" => o.fatal_warnings = true,
            "-undefined" | "-u" => o.undefined.push(value()),
            "-defsym" => {
                let text = value();
                let (name, expression) = text.split_once('=').unwrap_or((&text, "0"));
                o.defsym.push((name.into(), expression.into()));
            }
            "-wrap" => o.wrap.push(value()),
            "-exclude-libs" => o.exclude_libs.extend(value().split([',', ':']).map(String::from)),
            "-entry" | "-e" => o.entry = Some(value()),
            "-init" => o.init = value(),
            "-fini" => o.fini = value(),
            "-Map" => command.map = Some(value()),
            "-print-map" | "-M" => command.map = Some("-".into()),
            "-strip-all" | "-s" => o.strip = Strip::All,
            "-strip-debug" | "-S" => o.strip = Strip::Debug,
            "-discard-all" | "-x" => o.discard = Discard::Locals,
            "-discard-locals" | "-X" => o.discard = Discard::Temporaries,
            "-hash-style" => {
                let style = value();
                o.hash_style = HashStyle { gnu: style != "sysv", sysv: style != "gnu" };
            }
            "-build-id" => o.build_id = build_id(joined.as_deref().unwrap_or("sha1")),
            "-z" => keyword(o, &value()),
            "-incremental" => o.incremental = true,
            "-no-relax" => o.relax = false,
            "-threads" => o.threads = value().parse().unwrap_or(1),
            "-time" => command.time = true,
            "-sysroot" => o.sysroot = Some(PathBuf::from(value())),
            "-Ttext-segment" | "-image-base" => {
                o.image_base = u64::from_str_radix(value().trim_start_matches("0x"), 16).ok();
            }
            _ if arg.starts_with("-L") => {
                let path = if arg.len() > 2 { arg[2..].to_string() } else { value() };
                o.library_paths.push(path.into());
            }
            _ if arg.starts_with("-l") => {
                let name = if arg.len() > 2 { arg[2..].to_string() } else { value() };
                command.inputs.push(input(InputWhat::Library(name), &at));
            }
            _ if arg.starts_with("-z") => keyword(o, &arg[2..]),
            _ if arg.starts_with("-u") => o.undefined.push(arg[2..].into()),
            _ if arg.starts_with("-plugin-opt") || arg.starts_with("-O") || arg.starts_with("-no-warn") => {}
            _ if arg.starts_with('-') => eprintln!("ld: warning: option {arg} is ignored"),
            path => command.inputs.push(input(InputWhat::Path(path.into()), &at)),
        }
    }
    command
}

fn input(what: InputWhat, at: &Position) -> Input {
    Input { what, as_needed: at.as_needed, whole_archive: at.whole_archive, prefer_static: at.prefer_static }
}

fn script(path: &str) -> Script {
    let bytes = std::fs::read(path).unwrap_or_else(|error| {
        eprintln!("ld: error: {path}: {error}");
        std::process::exit(1);
    });
    Script { name: path.into(), bytes }
}

fn build_id(style: &str) -> BuildId {
    match style {
        "none" => BuildId::None,
        "md5" | "uuid" => BuildId::Hash(16),
        "fast" => BuildId::Hash(8),
        hex if hex.starts_with("0x") => {
            let digits = &hex.as_bytes()[2..];
            BuildId::Bytes(
                digits.chunks(2).filter_map(|d| u8::from_str_radix(std::str::from_utf8(d).ok()?, 16).ok()).collect(),
            )
        }
        _ => BuildId::Hash(20),
    }
}

fn keyword(o: &mut Options, word: &str) {
    let z = &mut o.z;
    match word.split_once('=').unwrap_or((word, "")) {
        ("now", _) => z.now = true,
        ("lazy", _) => z.now = false,
        ("relro", _) => z.relro = true,
        ("norelro", _) => z.relro = false,
        ("execstack", _) => z.exec_stack = Some(true),
        ("noexecstack", _) => z.exec_stack = Some(false),
        ("defs", _) => z.defs = true,
        ("undefs", _) => z.defs = false,
        ("text", _) => z.text = true,
        ("notext", _) => z.text = false,
        ("muldefs", _) => z.mul_defs = true,
        ("nodelete", _) => z.no_delete = true,
        ("nodlopen", _) => z.no_dlopen = true,
        ("initfirst", _) => z.init_first = true,
        ("origin", _) => z.origin = true,
        ("interpose", _) => z.interpose = true,
        ("nodefaultlib", _) => z.no_default_lib = true,
        ("nocopyreloc", _) => z.no_copy_reloc = true,
        ("separate-code", _) => z.separate_code = true,
        ("noseparate-code", _) => z.separate_code = false,
        ("stack-size", value) => z.stack_size = value.parse().ok(),
        ("max-page-size", value) => z.max_page_size = u64::from_str_radix(value.trim_start_matches("0x"), 16).ok(),
        _ => eprintln!("ld: warning: -z {word} is ignored"),
    }
}
