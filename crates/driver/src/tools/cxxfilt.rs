//! `kit c++filt`: names of C++ and Rust as in their sources, in arguments or in any text, with GNU c++filt's options.

use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use kit::demangle::{Parts, Style, demangle_parts, demangle_type};
use lexopt::prelude::*;
use std::io::{BufRead, BufReader};

const HELP: &str = "Usage: kit c++filt [options] [name]... (standard input when none is named)\n\n  \
-n, --no-strip-underscore  names begin as they are (default)\n  \
-_, --strip-underscore     names have an underscore in front that is not theirs\n  \
-p, --no-params            functions without their parameters\n  \
-i, --no-verbose           short names of the standard library, no hashes of Rust's crates\n  \
-t, --types                also the codes of types\n  \
-s, --format=STYLE         auto (default), gnu-v3, rust or none\n  \
-r, --no-recurse-limit, -R, --recurse-limit  accepted: depth is always limited\n\n\
What is no such name is shown as it is. Options may be read from a file: @file.\n";

#[derive(Default)]
struct Command {
    /// `None`: names stay as they are.
    style: Option<Style>,
    strip_underscore: bool,
    types: bool,
    parts: Parts,
    names: Vec<String>,
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(command) = parse(shell, words)? else { return Ok(0) };
    let mut out = Vec::new();
    for name in &command.names {
        filtered(&command, name.as_bytes(), &mut out);
        out.push(b'\n');
    }
    if !command.names.is_empty() {
        return shell.print(&out).map(|()| 0);
    }
    // Line by line: it may stand at the end of a pipe that somebody watches.
    let mut input = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.read_until(b'\n', &mut line);
        if read.map_err(|e| Failure::new(format!("standard input: {e}")))? == 0 {
            return shell.print(&out).map(|()| 0);
        }
        text(&command, &line, &mut out);
        if out.len() > 1 << 16 || input.buffer().is_empty() {
            shell.print(&out)?;
            out.clear();
        }
    }
}

/// A line of text: its names are shown demangled, everything else stays.
fn text(command: &Command, mut line: &[u8], out: &mut Vec<u8>) {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_$.".contains(byte);
    while !line.is_empty() {
        let len = line.iter().position(|byte| !is_name(byte)).unwrap_or(line.len());
        if len == 0 {
            out.push(line[0]);
            line = &line[1..];
            continue;
        }
        filtered(command, &line[..len], out);
        line = &line[len..];
    }
}

fn filtered(command: &Command, name: &[u8], out: &mut Vec<u8>) {
    // Assemblers' names may begin with a dot or a dollar sign to be told from registers.
    let dot = usize::from(matches!(name.first(), Some(b'.' | b'$')));
    let underscore = usize::from(command.strip_underscore && name.get(dot) == Some(&b'_'));
    let mangled = &name[dot + underscore..];
    let text = match command.style {
        // As it is, but for what was to be taken off.
        None => Some(mangled.to_vec()),
        Some(style) => {
            let plain = demangle_parts(mangled, style, command.parts);
            plain.or_else(|| if command.types { demangle_type(mangled) } else { None }).map(String::into_bytes)
        }
    };
    match text {
        Some(text) => {
            if dot != 0 && name[0] == b'.' {
                out.push(b'.');
            }
            out.extend_from_slice(&text);
        }
        None => out.extend_from_slice(name),
    }
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command =
        Command { style: Some(Style::Auto), parts: Parts { verbose: true, ..Parts::default() }, ..Command::default() };
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Short('n') | Long("no-strip-underscore") => command.strip_underscore = false,
            Short('_') | Long("strip-underscore") => command.strip_underscore = true,
            Short('p') | Long("no-params") => command.parts.no_parameters = true,
            Short('t') | Long("types") => command.types = true,
            Short('i') | Long("no-verbose") => command.parts.verbose = false,
            Short('r' | 'R') | Long("recurse-limit" | "no-recurse-limit") => {}
            Short('s') | Long("format") => {
                let word = parser.value().map_err(usage)?;
                command.style = super::demangle_style(Some(word), "c++filt")?;
            }
            Short('h') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('v') | Long("version") => {
                let text = format!("kit c++filt {} (compatible with GNU c++filt)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Value(name) => command.names.push(name.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    Ok(Some(command))
}
