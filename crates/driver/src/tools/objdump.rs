//! `kit objdump`: what is in objects, archives, programs and shared libraries, with GNU objdump's options and text.

use super::nm::read_failure;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use base::io::InputSource;
use kit::inspect::list_objdump::{self, Facts, Parts, Wanted};
use kit::inspect::{Item, for_each_object, is_archive, private_headers, read_program, reloc_name};
use lexopt::prelude::*;
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
-s, --full-contents    contents in hexadecimal\n\n\
And:\n  \
-j, --section=NAME     only this section\n  \
-w, --wide             one line for each section\n  \
-C, --demangle[=STYLE], --no-demangle  names of C++ and Rust as in their sources, or not (default)\n  \
-F, --file-offsets     contents with their offsets in the file\n\nOptions may be read from a file: @file.\n";

#[derive(Default)]
struct Command {
    parts: Parts,
    wanted: Wanted,
    files: Vec<String>,
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(mut command) = parse(shell, words)? else { return Ok(0) };
    let mut messages = Vec::new();
    for path in std::mem::take(&mut command.files) {
        let mut out = Vec::new();
        match shell.host.read(Path::new(&path)) {
            Ok(bytes) => show(shell, &mut command, &path, &bytes, &mut out, &mut messages),
            Err(error) => messages.push(read_failure(&path, &error)),
        }
        shell.print(&out)?;
    }
    for (name, found) in command.wanted.names.iter().zip(&command.wanted.found) {
        if !found {
            messages.push(format!("section '{name}' mentioned in a -j option, but not found in any input file"));
        }
    }
    for text in &messages {
        shell.say(&format!("{}: {text}\n", shell.program));
    }
    Ok(i32::from(!messages.is_empty()))
}

fn show(shell: &Shell, command: &mut Command, path: &str, bytes: &[u8], out: &mut Vec<u8>, messages: &mut Vec<String>) {
    if is_archive(bytes) {
        out.extend_from_slice(format!("In archive {path}:\n").as_bytes());
    }
    let Command { parts, wanted, .. } = command;
    let mut wrong = Vec::new();
    let mut each = |item: &Item<'_>| {
        let say = |text: String| format!("{}: {text}", item.place.name);
        let program = match read_program(item.bytes) {
            Ok(program) => program,
            Err(text) => return messages.push(say(text)),
        };
        let private = match private_headers(item.bytes) {
            Ok(private) => private,
            Err(text) => return messages.push(say(text)),
        };
        let facts = Facts { reloc_name: &|number| reloc_name(item.bytes, number), private_headers: &private };
        let missing = list_objdump::list(&program, item.place, item.member, parts, wanted, &facts, out);
        messages.extend(missing.into_iter().map(say));
    };
    for_each_object(path, bytes, &shell.host, &mut each, &mut |name, text| wrong.push(format!("{name}: {text}")));
    messages.append(&mut wrong);
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command = Command::default();
    let mut names = Vec::new();
    let parts = &mut command.parts;
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
            Short('b' | 'm') | Long("target" | "architecture") => drop(parser.value().map_err(usage)?),
            Short('H') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('v' | 'V') | Long("version") => {
                let text = format!("kit objdump {} (compatible with GNU objdump)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Short('d' | 'D' | 'S') | Long("disassemble" | "disassemble-all" | "source") => {
                return Err(Failure::usage(
                    "disassembling comes with kit's disassembler, which this version does not have",
                ));
            }
            Short('g' | 'e' | 'G' | 'W') | Long("debugging" | "debugging-tags" | "stabs" | "dwarf") => {
                return Err(Failure::usage("debug information cannot be shown yet"));
            }
            Short('C') | Long("demangle") => {
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
    Ok(Some(command))
}
