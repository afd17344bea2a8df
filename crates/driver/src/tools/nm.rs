//! `kit nm`: symbols of objects, archives, programs and shared libraries, with GNU nm's options and text.

use super::backtrace::DEBUG_DIRS;
use super::option_value;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use base::io::{FileBytes, InputSource, IoError};
use kit::inspect::list_nm::{self, Format, Options, Order, Radix};
use kit::inspect::{Archive, Item, for_each_object, is_archive, read_program};
use kit::inspect::{Program, Symbol as ProgramSymbol};
use kit::symbols::{Files, Module};
use lexopt::prelude::*;
use std::path::Path;

const HELP: &str = "Usage: kit nm [options] [file]... (a.out when none is named)\n\n  \
-a, --debug-syms        also symbols of sections and source files\n  \
-C, --demangle[=STYLE], --no-demangle  names of C++ and Rust as in their sources, or not (default)\n  \
-A, -o, --print-file-name  the file's name before every symbol\n  \
-D, --dynamic           dynamic symbols instead of normal ones\n  \
-f, --format=FORMAT     bsd (default), posix, sysv or just-symbols; -B, -P and -j in short\n  \
-g, --extern-only       only external symbols\n  \
-l, --line-numbers      the file and the line where each symbol is declared\n  \
-n, -v, --numeric-sort  sort by value\n  \
-p, --no-sort           leave the file's order\n  \
-r, --reverse-sort      turn the order round\n  \
-S, --print-size        sizes beside the values\n  \
-s, --print-armap       the index of archives\n  \
    --size-sort         sort by size\n  \
    --ifunc-chars=CHARS  the letters for indirect functions, global and local\n  \
-t, --radix=RADIX       d, o or x\n  \
-u, --undefined-only    only undefined symbols\n  \
-U, --defined-only      only defined symbols\n  \
-W, --no-weak           no weak symbols\n  \
    --quiet             do not say that a file has no symbols\n  \
    --with-symbol-versions, --without-symbol-versions\n\nOptions may be read from a file: @file.\n";

#[derive(Default)]
struct Command {
    options: Options,
    archive_index: bool,
    quiet: bool,
    /// Files and lines behind the symbols.
    lines: bool,
    files: Vec<String>,
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(command) = parse(shell, words)? else { return Ok(0) };
    let mut failed = false;
    for path in &command.files {
        let mut out = Vec::new();
        let mut say = |text: String| shell.say(&format!("{}: {text}\n", shell.program));
        match shell.host.read(Path::new(path)) {
            Ok(bytes) => failed |= !list(&command, path, &bytes, &shell.host, &mut out, &mut say),
            Err(error) => {
                failed = true;
                say(read_failure(path, &error));
            }
        }
        shell.print(&out)?;
    }
    Ok(i32::from(failed))
}

/// Why a file could not be read, as binutils word it.
pub fn read_failure(path: &str, error: &IoError) -> String {
    if error.is_not_found() { format!("'{path}': No such file") } else { error.to_string() }
}

/// False when something was wrong.
fn list(
    command: &Command,
    path: &str,
    bytes: &[u8],
    host: &sys::Host,
    out: &mut Vec<u8>,
    say: &mut dyn FnMut(String),
) -> bool {
    let mut options = command.options;
    options.headings = command.files.len() > 1;
    if is_archive(bytes) {
        list_nm::archive_heading(path, &options, out);
        if let Ok(archive) = Archive::parse(bytes)
            && command.archive_index
        {
            list_nm::archive_index(&archive, out);
        }
    }
    let mut messages = Vec::new();
    let mut fine = true;
    let mut each = |item: &Item<'_>| match read_program(item.bytes) {
        Ok(program) => {
            let listed = match command.lines {
                true => with_lines(&program, item, &options, host, out),
                false => list_nm::list(&program, item.place, &options, None, out),
            };
            if !listed && !command.quiet {
                messages.push(format!("{}: no symbols", item.place.name));
            }
        }
        Err(text) => {
            // Other things than objects may lie in an archive.
            fine &= item.member.is_some();
            messages.push(format!("{}: {text}", item.place.name));
        }
    };
    let mut wrong = Vec::new();
    for_each_object(path, bytes, host, &mut each, &mut |name, text| wrong.push(format!("{name}: {text}")));
    fine &= wrong.is_empty();
    messages.into_iter().chain(wrong).for_each(say);
    fine
}

/// Lists one object with the lines where symbols are declared.
fn with_lines(program: &Program<'_>, item: &Item<'_>, options: &Options, host: &sys::Host, out: &mut Vec<u8>) -> bool {
    let bytes = FileBytes::from_vec(item.bytes.to_vec());
    let Ok(files) = Files::of_bytes(item.place.name, bytes, host, DEBUG_DIRS) else {
        return list_nm::list(program, item.place, options, None, out);
    };
    let Ok(module) = Module::read(&files) else {
        return list_nm::list(program, item.place, options, None, out);
    };
    let known = module.declarations();
    let line_of = |symbol: &ProgramSymbol<'_>| {
        let (mut text, line) = module.line_of(symbol, &known)?;
        text.extend_from_slice(format!(":{line}").as_bytes());
        Some(text)
    };
    list_nm::list(program, item.place, options, Some(&line_of), out)
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command = Command::default();
    let options = &mut command.options;
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Short('a') | Long("debug-syms") => options.debug = true,
            Short('A' | 'o') | Long("print-file-name") => options.print_file_name = true,
            Short('B') => options.format = Format::Bsd,
            Short('D') | Long("dynamic") => options.dynamic = true,
            Short('P') | Long("portability") => options.format = Format::Posix,
            Short('j') | Long("just-symbols") => options.format = Format::Names,
            Short('f') | Long("format") => options.format = format(&option_value(&mut parser)?)?,
            Short('g') | Long("extern-only") => options.extern_only = true,
            Short('n' | 'v') | Long("numeric-sort") => options.order = Order::Value,
            Short('p') | Long("no-sort") => options.order = Order::File,
            Short('r') | Long("reverse-sort") => options.reverse = true,
            Short('S') | Long("print-size") => options.print_size = true,
            Short('s') | Long("print-armap") => command.archive_index = true,
            Long("size-sort") => options.order = Order::Size,
            Short('t') | Long("radix") => options.radix = radix(&option_value(&mut parser)?)?,
            Short('u') | Long("undefined-only") => options.undefined_only = true,
            Short('U') | Long("defined-only") => options.defined_only = true,
            Short('W') | Long("no-weak") => options.no_weak = true,
            Long("quiet") => command.quiet = true,
            Long("with-symbol-versions") => options.no_versions = false,
            Long("without-symbol-versions") => options.no_versions = true,
            // Without effect on what kit lists, as in GNU nm on these files.
            Short('e') | Long("special-syms" | "recurse-limit" | "no-recurse-limit") => {}
            Short('X') | Long("plugin" | "target") => drop(option_value(&mut parser)?),
            Long("ifunc-chars") => options.ifunc_letters = Some(letters(&option_value(&mut parser)?)?),
            Short('h') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('V') | Long("version") => {
                let text = format!("kit nm {} (compatible with GNU nm)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Short('C') => options.demangle = Some(kit::demangle::Style::Auto.function()),
            Long("demangle") => {
                let style = super::demangle_style(parser.optional_value(), "nm")?;
                options.demangle = style.map(|style| style.function());
            }
            Long("no-demangle") => options.demangle = None,
            Short('l') | Long("line-numbers") => command.lines = true,
            Long("synthetic") => return Err(Failure::usage("synthetic symbols cannot be listed yet")),
            Value(path) => command.files.push(path.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    if command.files.is_empty() {
        command.files.push("a.out".into());
    }
    Ok(Some(command))
}

/// One letter for both, or one for each.
fn letters(word: &str) -> Result<[u8; 2], Failure> {
    match *word.as_bytes() {
        [both] => Ok([both, both]),
        [global, local] => Ok([global, local]),
        _ => Err(Failure::usage("--ifunc-chars wants one or two characters")),
    }
}

fn format(word: &str) -> Result<Format, Failure> {
    match word.as_bytes().first() {
        Some(b'b' | b'B') => Ok(Format::Bsd),
        Some(b'p' | b'P') => Ok(Format::Posix),
        Some(b's' | b'S') => Ok(Format::Sysv),
        Some(b'j' | b'J') => Ok(Format::Names),
        _ => Err(Failure::usage(format!("{word}: invalid output format"))),
    }
}

fn radix(word: &str) -> Result<Radix, Failure> {
    match word {
        "d" => Ok(Radix::Decimal),
        "o" => Ok(Radix::Octal),
        "x" => Ok(Radix::Hexadecimal),
        _ => Err(Failure::usage(format!("{word}: invalid radix"))),
    }
}
