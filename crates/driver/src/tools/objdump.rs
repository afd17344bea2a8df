//! `kit objdump`: what is in objects, archives, programs and shared libraries, with GNU objdump's options and text.

use super::backtrace::DEBUG_DIRS;
use super::nm::read_failure;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use base::io::{FileBytes, InputSource};
use kit::copy::{Input, Request, copy_file, target_named};
use kit::debug_text::{DebugText, Parts as DebugParts};
use kit::inspect::list_objdump::{self, Facts, Parts, Wanted};
use kit::inspect::listing::{self, Wish};
use kit::inspect::{
    Item, Place, Program, Style, disassembler, for_each_object, is_archive, private_headers, read_program, reloc_name,
};
use kit::plugins::TargetRow;
use kit::sources::{self, Sources};
use kit::symbols::{Files, Module};
use lexopt::prelude::*;
use std::cell::RefCell;
use std::path::Path;

const HELP: &str = "Usage: kit objdump <options> [file]... (a.out when none is named)\n\n\
At least one of:\n  \
-a, --archive-headers  the headers of archive members\n  \
-f, --file-headers     architecture, flags, start address\n  \
-p, --private-headers  what only the file's format has: segments, dynamic section, versions\n  \
-h, --section-headers  sections (also --headers)\n  \
-x, --all-headers      all of these, with symbols and relocations\n  \
-t, --syms             symbols\n  \
-T, --dynamic-syms     dynamic symbols\n  \
-r, --reloc            relocations\n  \
-R, --dynamic-reloc    dynamic relocations\n  \
-s, --full-contents    contents in hexadecimal\n  \
-d, --disassemble[=SYM] the instructions of code, or of one symbol\n  \
-D, --disassemble-all  the same of every section\n  \
-W, --dwarf[=PARTS]    debug information: abbrev (a), addr (A), aranges (r), decodedline (L), frames (f),\n      \
frames-interp (F), info (i), loc (o), Ranges (R), rawline (l), str (s), str-offsets (O)\n  \
-S, --source[-comment=TEXT]  and the source between them, TEXT (or '# ') before each of its lines\n\n\
And:\n  \
-l, --line-numbers     functions, files and lines between instructions; --inlines: also where inlined code was called\n  \
--prefix=PATH, --prefix-strip=N  sources with absolute names are below PATH, but for N directories\n  \
-I, --include=DIR      a directory that may have sources\n  \
--file-start-context   sources from their beginning\n  \
-j, --section=NAME     only this section\n  \
-b, --target=binary    bytes without a format, -m i386:x86-64[:intel] for -D\n  \
-w, --wide             one line for each section\n  \
-C, --demangle[=STYLE], --no-demangle  names of C++ and Rust as in their sources, or not (default)\n  \
-F, --file-offsets     contents with their offsets in the file\n  \
-M, --disassembler-options=WORDS  att, intel, suffix, intel-mnemonic, att-mnemonic\n  \
-z, --disassemble-zeroes  also runs of zeroes\n  \
--[no-]show-raw-insn, --insn-width=N  bytes beside the instructions\n  \
--prefix-addresses, --no-addresses\n  \
-i, --info             the formats and architectures that are known\n  \
--start-address=ADDR, --stop-address=ADDR, --adjust-vma=OFFSET\n\nOptions may be read from a file: @file.\n";

#[derive(Default)]
struct Command {
    parts: Parts,
    wanted: Wanted,
    files: Vec<String>,
    /// What is disassembled, if anything is.
    code: Option<listing::Options>,
    /// The source between instructions.
    sources: sources::Options,
    debug: DebugParts,
    /// Added to all addresses.
    adjust: u64,
    /// Files have no format (`-b binary`): one section of all bytes.
    raw: bool,
    /// The machine that `-m` names, which no such file does.
    machine: Option<&'static TargetRow>,
}

/// An object around bytes that have no format.
fn wrap(path: &str, bytes: &[u8], target: &'static TargetRow) -> Result<Vec<u8>, String> {
    let input = Input::Binary { name: path.into(), target };
    Ok(copy_file(bytes, &Request { input, ..Request::default() })?.bytes)
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(mut command) = parse(shell, words)? else { return Ok(0) };
    let mut messages = Vec::new();
    for path in std::mem::take(&mut command.files) {
        match shell.host.read(Path::new(&path)) {
            Ok(bytes) => show(shell, &mut command, &path, &bytes, &mut messages)?,
            Err(error) => messages.push(read_failure(&path, &error)),
        }
    }
    // Of several names that are asked for one is enough.
    let any_found = command.wanted.found.iter().any(|&found| found);
    for (name, found) in command.wanted.names.iter().zip(&command.wanted.found) {
        if !found && !any_found {
            messages.push(format!("section '{name}' mentioned in a -j option, but not found in any input file"));
        }
    }
    for text in &messages {
        shell.say(&format!("{}: {text}\n", shell.program));
    }
    Ok(i32::from(!messages.is_empty()))
}

fn show(
    shell: &Shell,
    command: &mut Command,
    path: &str,
    bytes: &[u8],
    messages: &mut Vec<String>,
) -> Result<(), Failure> {
    let mut out = Vec::new();
    let (is_raw, machine) = (command.raw, command.machine);
    if is_archive(bytes) && !is_raw {
        out.extend_from_slice(format!("In archive {path}:\n").as_bytes());
    }
    let Command { parts, wanted, code, sources, debug, adjust, .. } = command;
    let mut wrong = Vec::new();
    let mut written = Ok(());
    let mut each = |item: &Item<'_>| {
        let say = |text: String| format!("{}: {text}", item.place.name);
        let mut program = match read_program(item.bytes) {
            Ok(program) => program,
            Err(text) => return messages.push(say(text)),
        };
        if is_raw {
            (program.format_name, program.arch_name) = ("binary", "UNKNOWN!");
            program.symbols.clear();
        }
        let private = match private_headers(item.bytes) {
            Ok(private) => private,
            Err(text) => return messages.push(say(text)),
        };
        let text = if debug.is_empty() { None } else { DebugText::read(item.bytes).ok() };
        let failed = RefCell::new(Ok(()));
        let show_debug = |out: &mut Vec<u8>| match &text {
            Some(text) => all_debug(shell, text, parts.wide, *debug, out, &failed),
            None => Vec::new(),
        };
        let facts = Facts {
            reloc_name: &|number| reloc_name(item.bytes, number),
            private_headers: &private,
            debug: text.is_some().then_some(&show_debug),
        };
        let mut moved = None;
        if *adjust != 0 {
            let moved = moved.insert(program.clone());
            list_objdump::move_program(moved, *adjust);
        }
        let shown = moved.as_ref().unwrap_or(&program);
        let missing = list_objdump::list(shown, item.place, item.member, parts, wanted, &facts, &mut out);
        messages.extend(missing.into_iter().map(say));
        if written.is_ok() {
            written = failed.into_inner();
        }
        if let Some(options) = code.as_ref().filter(|_| written.is_ok()) {
            let mut sink = |text: &[u8]| {
                written = shell.print(text);
                written.is_ok()
            };
            sink(&std::mem::take(&mut out));
            if is_raw && machine.is_none() {
                messages.push("can't disassemble for architecture UNKNOWN! (-m i386:x86-64 says which)".into());
                return;
            }
            let with = With { options, sources, demangle: parts.demangle, host: &shell.host };
            if let Err(text) = disassemble(&program, item, &with, wanted, &mut sink) {
                messages.push(say(text));
            }
        }
    };
    if is_raw {
        let place = Place { archive: None, name: path };
        match wrap(path, bytes, machine.unwrap_or(shell.target)) {
            Ok(object) => each(&Item { place, member: None, bytes: &object }),
            Err(text) => wrong.push(format!("{path}: {text}")),
        }
        messages.append(&mut wrong);
        written?;
        return shell.print(&out);
    }
    for_each_object(path, bytes, &shell.host, &mut each, &mut |name, text| wrong.push(format!("{name}: {text}")));
    messages.append(&mut wrong);
    written?;
    shell.print(&out)
}

/// The debug information of all sections.
fn all_debug(
    shell: &Shell,
    text: &DebugText<'_>,
    wide: bool,
    parts: DebugParts,
    out: &mut Vec<u8>,
    failed: &RefCell<Result<(), Failure>>,
) -> Vec<String> {
    let input = text.input(wide);
    let shown = (0..input.sections.len())
        .flat_map(|idx| super::readelf::show_debug(shell, &input, idx, parts, out, failed))
        .collect::<Vec<_>>();
    [text.warnings.clone(), shown].concat()
}

/// How code is shown.
struct With<'w> {
    options: &'w listing::Options,
    sources: &'w sources::Options,
    demangle: Option<kit::inspect::Demangle>,
    host: &'w sys::Host,
}

fn disassemble(
    program: &Program<'_>,
    item: &Item<'_>,
    with: &With<'_>,
    wanted: &mut Wanted,
    sink: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), String> {
    let (bytes, options, demangle) = (item.bytes, with.options, with.demangle);
    let disassembler = disassembler(bytes).ok_or("code of this machine cannot be disassembled")?;
    let shown = move |name: &[u8]| demangle.and_then(|demangle| demangle(name)).map(String::into_bytes);
    let facts = listing::Facts {
        disassembler,
        reloc_name: &|number| reloc_name(bytes, number),
        demangle: demangle.is_some().then_some(&shown),
    };
    let any = wanted.names.is_empty();
    let mut wish = |section: &kit::inspect::Section<'_>| match (any, wanted.has(&section.name)) {
        (true, _) => Wish::Any,
        (false, true) => Wish::Named,
        (false, false) => Wish::No,
    };
    if !with.sources.lines && !with.sources.source {
        listing::list(program, &facts, options, &mut wish, None, sink);
        return Ok(());
    }
    let files = Files::of_bytes(item.place.name, FileBytes::from_vec(bytes.to_vec()), with.host, DEBUG_DIRS)?;
    let module = Module::read(&files)?;
    let mut sources = Sources::new(&module, with.sources, with.host, demangle.is_some().then_some(&shown));
    let mut before = |section: usize, offset: u64, out: &mut Vec<u8>| sources.before(section, offset, out);
    listing::list(program, &facts, options, &mut wish, Some(&mut before), sink);
    Ok(())
}

/// The formats and architectures that kit knows, as `objdump -i` has them.
fn formats() -> String {
    let mut out = format!("kit {}\n", kit::VERSION);
    let mut shown = Vec::new();
    for target in kit::plugins::TARGETS {
        if !shown.contains(&target.bfd_target) {
            shown.push(target.bfd_target);
            let order = "(header little endian, data little endian)";
            out.push_str(&format!("{}\n {order}\n  {}\n", target.bfd_target, target.arch.name));
        }
    }
    out
}

/// The words of `-M`.
fn disassembler_words(words: &str, style: &mut Style) -> Result<(), Failure> {
    // One numbering of syntaxes for every machine that has these two.
    let (mut intel, mut names) = (style.syntax == 1, style.syntax == 2);
    for word in words.split(',').filter(|word| !word.is_empty()) {
        match word {
            "intel" => intel = true,
            "att" => intel = false,
            "intel-mnemonic" => (intel, names) = (true, true),
            "att-mnemonic" => (intel, names) = (false, false),
            "suffix" => style.always_suffix = true,
            // What this machine does anyway.
            "x86-64" | "addr64" | "data32" | "amd64" | "intel64" => {}
            "i386" | "i8086" | "addr16" | "addr32" | "data16" => {
                return Err(Failure::usage(format!("-M {word}: only 64-bit code can be disassembled")));
            }
            _ => return Err(Failure::usage(format!("unrecognised disassembler option: {word}"))),
        }
    }
    style.syntax = match (intel, names) {
        (true, _) => 1,
        (false, true) => 2,
        (false, false) => 0,
    };
    Ok(())
}

/// An address or a count: decimal, octal after `0`, hexadecimal after `0x`.
fn number(text: &std::ffi::OsStr) -> Result<u64, Failure> {
    let text = text.to_string_lossy();
    let parsed = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16),
        None if text.starts_with('0') => u64::from_str_radix(&text, 8),
        None => text.parse(),
    };
    parsed.map_err(|_| Failure::usage(format!("bad number: {text}")))
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command = Command::default();
    let mut names = Vec::new();
    let parts = &mut command.parts;
    let mut code =
        listing::Options { threads: std::thread::available_parallelism().map_or(1, usize::from), ..Default::default() };
    let mut disassembles = false;
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    let mut any = false;
    while let Some(arg) = parser.next().map_err(usage)? {
        let mut show = |parts: &mut [&mut bool]| {
            any = true;
            parts.iter_mut().for_each(|part| **part = true);
        };
        match arg {
            Short('a') | Long("archive-headers") => show(&mut [&mut parts.archive_headers]),
            Short('f') | Long("file-headers") => show(&mut [&mut parts.file_headers]),
            Short('p') | Long("private-headers") => show(&mut [&mut parts.private_headers]),
            Short('h') | Long("section-headers" | "headers") => show(&mut [&mut parts.section_headers]),
            Short('x') | Long("all-headers") => show(&mut [
                &mut parts.archive_headers,
                &mut parts.file_headers,
                &mut parts.private_headers,
                &mut parts.section_headers,
                &mut parts.symbols,
                &mut parts.relocs,
            ]),
            Short('t') | Long("syms") => show(&mut [&mut parts.symbols]),
            Short('T') | Long("dynamic-syms") => show(&mut [&mut parts.dynamic_symbols]),
            Short('r') | Long("reloc") => show(&mut [&mut parts.relocs]),
            Short('R') | Long("dynamic-reloc") => show(&mut [&mut parts.dynamic_relocs]),
            Short('s') | Long("full-contents") => show(&mut [&mut parts.contents]),
            Short('j') | Long("section") => {
                names.push(parser.value().map_err(usage)?.to_string_lossy().into_owned());
            }
            Short('w') | Long("wide") => parts.wide = true,
            Short('F') | Long("file-offsets") => parts.file_offsets = true,
            // Without effect on what kit shows, as in GNU objdump on these files.
            Long("special-syms" | "recurse-limit" | "no-recurse-limit") => {}
            Short('b') | Long("target") => {
                let name = parser.value().map_err(usage)?.to_string_lossy().into_owned();
                command.raw = name == "binary";
                if !command.raw && name != "default" && target_named(&name).is_none() {
                    return Err(Failure::usage(format!(
                        "invalid bfd target: {name}; kit objdump -i lists those it knows"
                    )));
                }
            }
            Short('m') | Long("architecture") => {
                let name = parser.value().map_err(usage)?.to_string_lossy().into_owned();
                let plain = name.strip_suffix(":intel").unwrap_or(&name);
                command.machine = Some(target_named(plain).ok_or_else(|| {
                    Failure::usage(format!("-m {name}: only 64-bit code can be disassembled (i386:x86-64)"))
                })?);
                if plain.len() != name.len() {
                    disassembler_words("intel", &mut code.style)?;
                }
            }
            Short('i') | Long("info") => return shell.print(formats().as_bytes()).map(|()| None),
            Long("visualize-jumps") => {
                return Err(Failure::usage("--visualize-jumps: jumps cannot be drawn yet"));
            }
            Long("disassembler-color") => {
                let color = parser.value().map_err(usage)?;
                if !matches!(color.to_str(), Some("off" | "terminal")) {
                    return Err(Failure::usage("--disassembler-color: there are no colors"));
                }
            }
            Short('H') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('v' | 'V') | Long("version") => {
                let text = format!("kit objdump {} (compatible with GNU objdump)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Short('d') => {
                any = true;
                disassembles = true;
            }
            Long("disassemble") => {
                any = true;
                disassembles = true;
                if let Some(name) = parser.optional_value() {
                    code.symbol = Some(name.to_string_lossy().into_owned().into_bytes());
                }
            }
            Short('D') | Long("disassemble-all") => {
                any = true;
                disassembles = true;
                code.all = true;
            }
            Short('M') | Long("disassembler-options") => {
                disassembler_words(&parser.value().map_err(usage)?.to_string_lossy(), &mut code.style)?;
            }
            Short('z') | Long("disassemble-zeroes") => code.zeroes = true,
            Long("show-raw-insn") => code.raw = Some(true),
            Long("no-show-raw-insn") => code.raw = Some(false),
            Long("insn-width") => {
                let width = number(&parser.value().map_err(usage)?)?;
                if !(1..=64).contains(&width) {
                    return Err(Failure::usage("instruction width must be between 1 and 64"));
                }
                code.width = Some(width as usize);
            }
            Long("prefix-addresses") => {
                any = true;
                disassembles = true;
                code.prefix_addresses = true;
            }
            Long("no-addresses") => code.no_addresses = true,
            Long("start-address") => code.start = Some(number(&parser.value().map_err(usage)?)?),
            Long("stop-address") => code.stop = Some(number(&parser.value().map_err(usage)?)?),
            Long("adjust-vma") => code.adjust = number(&parser.value().map_err(usage)?)?,
            Short('S') | Long("source") => {
                any = true;
                disassembles = true;
                command.sources.source = true;
            }
            Long("source-comment") => {
                any = true;
                disassembles = true;
                command.sources.source = true;
                let text = parser.optional_value().map(|text| text.to_string_lossy().into_owned().into_bytes());
                command.sources.comment = Some(text.unwrap_or_else(|| b"# ".to_vec()));
            }
            Short('l') | Long("line-numbers") => command.sources.lines = true,
            Long("inlines") => command.sources.inlines = true,
            Long("file-start-context") => command.sources.from_start = true,
            Short('I') | Long("include") => {
                command.sources.directories.push(parser.value().map_err(usage)?.to_string_lossy().into_owned());
            }
            Long("prefix") => {
                let prefix = parser.value().map_err(usage)?.to_string_lossy().into_owned();
                command.sources.prefix = Some(prefix.trim_end_matches('/').as_bytes().to_vec());
            }
            Long("prefix-strip") => {
                let strip = number(&parser.value().map_err(usage)?)?;
                command.sources.strip = usize::try_from(strip).unwrap_or(usize::MAX);
            }
            Short('W') | Long("dwarf") => {
                any = true;
                let is_letters = matches!(arg, Short(_));
                let part = parser.optional_value().map(|part| part.to_string_lossy().into_owned());
                command.debug.add(match part.as_deref() {
                    Some(letters) if is_letters => super::debug_letters(letters)?,
                    words => super::debug_parts(words)?,
                });
            }
            Short('g' | 'e' | 'G') | Long("debugging" | "debugging-tags" | "stabs") => {
                return Err(Failure::usage(
                    "-g, -e and -G are not supported: debug information is shown by --dwarf, source lines by -S",
                ));
            }
            Short('C') => parts.demangle = Some(kit::demangle::Style::Auto.function()),
            Long("demangle") => {
                let style = super::demangle_style(parser.optional_value(), "objdump")?;
                parts.demangle = style.map(|style| style.function());
            }
            Long("no-demangle") => parts.demangle = None,
            Value(path) => command.files.push(path.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    if !any {
        shell.say(HELP);
        return Err(Failure::usage("nothing is asked for"));
    }
    if command.files.is_empty() {
        command.files.push("a.out".into());
    }
    command.wanted = Wanted::new(names);
    (command.parts.start, command.parts.stop, command.adjust) = (code.start, code.stop, code.adjust);
    if disassembles {
        // Relocations stand beside the instructions.
        code.relocs = std::mem::take(&mut command.parts.relocs);
        code.dynamic_relocs = std::mem::take(&mut command.parts.dynamic_relocs);
        code.wide = command.parts.wide;
        command.code = Some(code);
    }
    Ok(Some(command))
}
