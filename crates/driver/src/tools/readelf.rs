//! `kit readelf`: what is in ELF files, with GNU readelf's options and text.

use super::nm::read_failure;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use base::io::InputSource;
use kit::debug_text::{self, DebugText, Input, Output, Parts};
use kit::inspect::readelf::{Dump, DumpKind, Facts, Options, SizeBase, show};
use kit::inspect::{Archive, for_each_object, is_archive, reloc_name};
use lexopt::prelude::*;
use std::cell::RefCell;
use std::path::Path;

const HELP: &str = "Usage: kit readelf <options> file...\n\n\
At least one of:\n  \
-a, --all              -h -l -S -g -s -r -d -V -A -I -n -u\n  \
-h, --file-header      the file header\n  \
-l, --program-headers  segments (also --segments)\n  \
-S, --section-headers  sections (also --sections)\n  \
-g, --section-groups   section groups\n  \
-t, --section-details  sections with their flags in words\n  \
-e, --headers          -h -l -S\n  \
-s, --syms             symbols (also --symbols)\n      \
--dyn-syms         dynamic symbols\n  \
-n, --notes            notes\n  \
-r, --relocs           relocations\n  \
-u, --unwind           processor specific unwind tables\n  \
-d, --dynamic          the dynamic section\n  \
-V, --version-info     symbol versions\n  \
-A, --arch-specific    what only the architecture has\n  \
-c, --archive-index    the symbol index of an archive\n  \
-I, --histogram        how full the hash tables of symbols are\n  \
-x, --hex-dump=SECTION      a section in hexadecimal, by number or name\n  \
-p, --string-dump=SECTION   a section as strings\n  \
-R, --relocated-dump=SECTION  a section in hexadecimal with relocations applied\n  \
-w, --debug-dump[=PARTS]  debug information: abbrev (a), addr (A), aranges (r), decodedline (L), frames (f),\n      \
frames-interp (F), info (i), loc (o), Ranges (R), rawline (l), str (s), str-offsets (O)\n\n\
And:\n  \
-D, --use-dynamic      symbols and relocations as the dynamic section names them\n  \
-W, --wide             lines may be longer than a terminal's\n  \
-T, --silent-truncation  no [...] where a name is shortened\n  \
-z, --decompress       compressed sections as they were\n  \
-C, --demangle[=STYLE], --no-demangle  names of C++ and Rust as in their sources, or not (default)\n      \
--sym-base=BASE    sizes of symbols in base 8, 10, 16 or mixed (0)\n  \
-H, --help; -v, --version\n\nOptions may be read from a file: @file.\n";

#[derive(Default)]
struct Command {
    options: Options,
    archive_index: bool,
    /// Anything but the index of archives.
    contents: bool,
    demangle: Option<kit::demangle::Style>,
    debug: Parts,
    files: Vec<String>,
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(command) = parse(shell, words)? else { return Ok(0) };
    let mut failed = false;
    for path in &command.files {
        let mut out = Vec::new();
        let mut messages = Vec::new();
        match shell.host.read(Path::new(path)) {
            Ok(bytes) => failed |= !file(shell, &command, path, &bytes, &mut out, &mut messages)?,
            Err(error) => {
                failed = true;
                messages.push(format!("Error: {}", read_failure(path, &error)));
            }
        }
        shell.print(&out)?;
        for text in messages {
            shell.say(&format!("{}: {text}\n", shell.program));
        }
    }
    Ok(i32::from(failed))
}

/// Shows a file, or the members of an archive; false when something was wrong. What is ready is printed as it comes.
fn file(
    shell: &Shell,
    command: &Command,
    path: &str,
    bytes: &[u8],
    out: &mut Vec<u8>,
    messages: &mut Vec<String>,
) -> Result<bool, Failure> {
    if !is_archive(bytes) {
        if command.archive_index {
            messages.push(format!("Error: File {path} is not an archive so its index cannot be displayed."));
        }
        let heading = (command.files.len() > 1).then_some(path);
        return Ok(!command.contents || one(shell, command, heading, path, bytes, out, messages));
    }
    let mut fine = true;
    if command.archive_index {
        index(path, bytes, out, messages);
    }
    if !command.contents {
        return Ok(true);
    }
    let thin = Archive::parse(bytes).is_ok_and(|archive| archive.thin);
    let mut wrong = Vec::new();
    let mut written = Ok(());
    let mut each = |item: &kit::inspect::Item<'_>| {
        if written.is_err() {
            return;
        }
        let name = item.member.map_or_else(|| item.place.name.into(), |member| String::from_utf8_lossy(&member.name));
        let heading = if thin { format!("{path}[{name}]") } else { format!("{path}({name})") };
        fine &= one(shell, command, Some(&heading), &heading, item.bytes, out, messages);
        // An archive may be large: its text need not be in memory as a whole.
        written = shell.print(out);
        out.clear();
    };
    for_each_object(path, bytes, &shell.host, &mut each, &mut |name, text| {
        wrong.push(format!("Error: {name}: {text}"))
    });
    written?;
    fine &= wrong.is_empty();
    messages.append(&mut wrong);
    Ok(fine)
}

fn one(
    shell: &Shell,
    command: &Command,
    heading: Option<&str>,
    name: &str,
    bytes: &[u8],
    out: &mut Vec<u8>,
    messages: &mut Vec<String>,
) -> bool {
    if let Some(heading) = heading {
        out.extend_from_slice(format!("\nFile: {heading}\n").as_bytes());
    }
    let reloc_name = |number: u32| reloc_name(bytes, number);
    let demangle = |name: &[u8]| command.demangle.and_then(|style| kit::demangle::demangle(name, style));
    let text = if command.debug.is_empty() { None } else { DebugText::read(bytes).ok() };
    let input = text.as_ref().map(|text| text.input(command.options.wide));
    let failed = RefCell::new(Ok(()));
    let debug = |idx: usize, out: &mut Vec<u8>| match &input {
        Some(input) => show_debug(shell, input, idx, command.debug, out, &failed),
        None => Vec::new(),
    };
    let demangle = command.demangle.is_some().then_some(&demangle as &dyn Fn(&[u8]) -> Option<String>);
    let facts = Facts { reloc_name: &reloc_name, demangle, debug: input.is_some().then_some(&debug) };
    let shown = show(bytes, &command.options, &facts, out);
    if let Err(failure) = failed.into_inner() {
        let Failure { text, .. } = failure;
        messages.push(format!("Error: {text}"));
        return false;
    }
    match shown {
        Ok(warnings) => {
            messages.extend(text.iter().flat_map(|text| &text.warnings).map(|text| format!("Warning: {text}")));
            messages.extend(warnings.into_iter().map(|text| format!("Warning: {text}")));
            true
        }
        Err(error) => {
            let text = match bytes {
                [0x7f, b'E', b'L', b'F', class, order, ..] if (*class, *order) != (2, 1) => {
                    format!("{name}: only 64-bit little-endian ELF files can be shown yet")
                }
                [0x7f, b'E', b'L', b'F', ..] => format!("{name}: {error}"),
                _ => "Not an ELF file - it has the wrong magic bytes at the start".into(),
            };
            messages.push(format!("Error: {text}"));
            false
        }
    }
}

/// Shows the debug information in a section. It may be long: what is ready is printed as it comes.
pub(super) fn show_debug(
    shell: &Shell,
    input: &Input<'_>,
    idx: usize,
    parts: Parts,
    out: &mut Vec<u8>,
    failed: &RefCell<Result<(), Failure>>,
) -> Vec<String> {
    let mut print = |text: &[u8]| {
        let mut failed = failed.borrow_mut();
        if failed.is_ok() {
            *failed = shell.print(text);
        }
    };
    if !out.is_empty() {
        print(out);
        out.clear();
    }
    let mut text = Output { sink: Some(&mut print), ..Output::default() };
    debug_text::show(input, idx, parts, &mut text);
    out.append(&mut text.text);
    text.warnings
}

fn index(path: &str, bytes: &[u8], out: &mut Vec<u8>, messages: &mut Vec<String>) {
    let archive = match Archive::parse(bytes) {
        Ok(archive) if archive.has_index() => archive,
        Ok(_) => {
            out.extend_from_slice(format!("{path} has no archive index\n").as_bytes());
            messages.push(format!("Error: {path}: unable to dump the index as none was found"));
            return;
        }
        Err(error) => return messages.push(format!("Error: {path}: {error}")),
    };
    let (count, size) = (archive.index().count(), archive.index_names_size());
    out.extend_from_slice(
        format!("Index of archive {path}: ({count} entries, {size:#x} bytes in the symbol table)\n").as_bytes(),
    );
    let mut last = None;
    for (name, offset) in archive.index() {
        if last.replace(offset) != Some(offset) {
            let member = archive.member_at(offset).map(|member| member.name).unwrap_or_default();
            let member = String::from_utf8_lossy(&member).into_owned();
            let shown = if archive.thin { format!("{path}[{member}]") } else { format!("{path}({member})") };
            out.extend_from_slice(format!("Contents of binary {shown} at offset {offset:#x}\n").as_bytes());
        }
        out.push(b'\t');
        out.extend_from_slice(name);
        out.push(b'\n');
    }
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command = Command::default();
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        let options = &mut command.options;
        let mut show = |parts: &mut [&mut bool]| {
            command.contents = true;
            parts.iter_mut().for_each(|part| **part = true);
        };
        match arg {
            Short('a') | Long("all") => show(&mut [
                &mut options.header,
                &mut options.segments,
                &mut options.sections,
                &mut options.section_groups,
                &mut options.symbols,
                &mut options.dynamic_symbols,
                &mut options.relocs,
                &mut options.unwind,
                &mut options.dynamic,
                &mut options.versions,
                &mut options.arch_specific,
                &mut options.notes,
                &mut options.histogram,
            ]),
            Short('h') | Long("file-header") => show(&mut [&mut options.header]),
            Short('l') | Long("program-headers" | "segments") => show(&mut [&mut options.segments]),
            Short('S') | Long("section-headers" | "sections") => show(&mut [&mut options.sections]),
            Short('g') | Long("section-groups") => show(&mut [&mut options.section_groups]),
            Short('t' | 'N') | Long("section-details") => {
                show(&mut [&mut options.sections, &mut options.section_details])
            }
            Short('e') | Long("headers") => {
                show(&mut [&mut options.header, &mut options.segments, &mut options.sections]);
            }
            Short('s') | Long("syms" | "symbols") => show(&mut [&mut options.symbols, &mut options.dynamic_symbols]),
            Long("dyn-syms") => show(&mut [&mut options.dynamic_symbols]),
            Short('n') | Long("notes") => show(&mut [&mut options.notes]),
            Short('r') | Long("relocs") => show(&mut [&mut options.relocs]),
            Short('u') | Long("unwind") => show(&mut [&mut options.unwind]),
            Short('d') | Long("dynamic") => show(&mut [&mut options.dynamic]),
            Short('V') | Long("version-info") => show(&mut [&mut options.versions]),
            Short('A') | Long("arch-specific") => show(&mut [&mut options.arch_specific]),
            Short('I') | Long("histogram") => show(&mut [&mut options.histogram]),
            Short('c') | Long("archive-index") => command.archive_index = true,
            Short('D') | Long("use-dynamic") => options.use_dynamic = true,
            Short('W') | Long("wide") => options.wide = true,
            Short('T') | Long("silent-truncation") => options.silent_truncation = true,
            Short('z') | Long("decompress") => options.decompress = true,
            Short('x') | Long("hex-dump") => show_section(&mut command, DumpKind::Hex, &mut parser)?,
            Short('p') | Long("string-dump") => show_section(&mut command, DumpKind::Strings, &mut parser)?,
            Short('R') | Long("relocated-dump") => show_section(&mut command, DumpKind::Relocated, &mut parser)?,
            Long("sym-base") => options.size_base = size_base(&value(&mut parser)?)?,
            Short('C') => command.demangle = Some(kit::demangle::Style::Auto),
            Long("demangle") => command.demangle = super::demangle_style(parser.optional_value(), "readelf")?,
            Long("no-demangle") => command.demangle = None,
            // Nothing that kit shows depends on these.
            Short('L' | 'P') | Long("lint" | "enable-checks" | "process-links" | "lto-syms") => {}
            Long("recurse-limit" | "no-recurse-limit") => {}
            Short('U') | Long("unicode") => drop(value(&mut parser)?),
            Short('w') | Long("debug-dump") => {
                let is_letters = matches!(arg, Short(_));
                command.contents = true;
                let part = parser.optional_value().map(|part| part.to_string_lossy().into_owned());
                command.debug.add(match part.as_deref() {
                    Some(letters) if is_letters => super::debug_letters(letters)?,
                    words => super::debug_parts(words)?,
                });
            }
            Long("ctf" | "ctf-parent" | "ctf-symbols" | "ctf-strings" | "sframe") => {
                return Err(Failure::usage("CTF and SFrame information cannot be shown"));
            }
            Short('H') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('v') | Long("version") => {
                let text = format!("kit readelf {} (compatible with GNU readelf)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Value(path) => command.files.push(path.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    if !command.contents && !command.archive_index {
        shell.say(HELP);
        return Err(Failure::usage("nothing is asked for"));
    }
    if command.files.is_empty() {
        return Err(Failure::usage("no file is named"));
    }
    Ok(Some(command))
}

fn value(parser: &mut lexopt::Parser) -> Result<String, Failure> {
    let value = parser.value().map_err(|e| Failure::usage(e.to_string()))?;
    Ok(value.to_string_lossy().into_owned())
}

fn show_section(command: &mut Command, kind: DumpKind, parser: &mut lexopt::Parser) -> Result<(), Failure> {
    command.contents = true;
    command.options.dumps.push(Dump { kind, section: value(parser)? });
    Ok(())
}

fn size_base(word: &str) -> Result<SizeBase, Failure> {
    match word {
        "0" => Ok(SizeBase::Mixed),
        "8" => Ok(SizeBase::Octal),
        "10" => Ok(SizeBase::Decimal),
        "16" => Ok(SizeBase::Hexadecimal),
        _ => Err(Failure::usage(format!("{word}: no base for the sizes of symbols"))),
    }
}
