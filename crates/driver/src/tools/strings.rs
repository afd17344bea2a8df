//! `kit strings`: the texts in files of any kind, with GNU strings' options.

use super::nm::read_failure;
use super::option_value;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use base::io::InputSource;
use kit::inspect::list_strings::{self, Encoding, Options, Radix};
use kit::inspect::{loaded_parts, read_program};
use lexopt::prelude::*;
use std::io::Read;
use std::path::Path;

const HELP: &str = "Usage: kit strings [options] [file]... (standard input when none is named)\n\n  \
-a, -, --all               the whole file (default)\n  \
-d, --data                 only what is loaded, in objects and programs\n  \
-n, --bytes=N, -N          strings of at least N characters (4)\n  \
-t, --radix=RADIX          the place of each in base o, d or x; -o is -t o\n  \
-e, --encoding=ENCODING    s (7 bits, default), S (8), b, l (16, big or little end first), B, L (32)\n  \
-w, --include-all-whitespace  strings may have line ends in them\n  \
-f, --print-file-name      the file's name before each\n  \
-s, --output-separator=TEXT  what stands behind each instead of a line end\n\nOptions may be read from a file: @file.\n";

#[derive(Default)]
struct Command {
    options: Options,
    data_only: bool,
    files: Vec<String>,
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(command) = parse(shell, words)? else { return Ok(0) };
    let options = &command.options;
    if command.files.is_empty() {
        let mut bytes = Vec::new();
        let read = std::io::stdin().lock().read_to_end(&mut bytes);
        read.map_err(|e| Failure::new(format!("standard input: {e}")))?;
        let mut out = Vec::new();
        list_strings::list(&bytes, 0, "{standard input}", options, &mut out);
        return shell.print(&out).map(|()| 0);
    }
    let mut failed = false;
    for path in &command.files {
        if Path::new(path).is_dir() {
            shell.say(&format!("{}: Warning: '{path}' is a directory\n", shell.program));
            failed = true;
            continue;
        }
        let bytes = match shell.host.read(Path::new(path)) {
            Ok(bytes) => bytes,
            Err(error) => {
                shell.say(&format!("{}: {}\n", shell.program, read_failure(path, &error)));
                failed = true;
                continue;
            }
        };
        let mut out = Vec::new();
        let program = command.data_only.then(|| read_program(&bytes).ok()).flatten();
        match program {
            // What is no object has no parts.
            Some(program) if loaded_parts(&program).next().is_some() => {
                for (offset, data) in loaded_parts(&program) {
                    list_strings::list(data, offset, path, options, &mut out);
                }
            }
            _ => list_strings::list(&bytes, 0, path, options, &mut out),
        }
        shell.print(&out)?;
    }
    Ok(i32::from(failed))
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command = Command::default();
    let mut digits = String::new();
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        let options = &mut command.options;
        match arg {
            Short('a') | Long("all") => command.data_only = false,
            Short('d') | Long("data") => command.data_only = true,
            Short('f') | Long("print-file-name") => options.print_file_name = true,
            Short('n') | Long("bytes") => options.shortest = shortest(&option_value(&mut parser)?)?,
            Short(digit @ '0'..='9') => digits.push(digit),
            Short('o') => options.place = Some(Radix::Octal),
            Short('t') | Long("radix") => {
                options.place = Some(match option_value(&mut parser)?.as_str() {
                    "o" => Radix::Octal,
                    "d" => Radix::Decimal,
                    "x" => Radix::Hexadecimal,
                    word => return Err(Failure::usage(format!("{word}: invalid radix"))),
                });
            }
            Short('e') | Long("encoding") => options.encoding = encoding(&option_value(&mut parser)?)?,
            Short('w') | Long("include-all-whitespace") => options.all_whitespace = true,
            Short('s') | Long("output-separator") => options.separator = Some(option_value(&mut parser)?),
            Short('T' | 'U') | Long("target" | "unicode") => drop(option_value(&mut parser)?),
            Short('h') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('v' | 'V') | Long("version") => {
                let text = format!("kit strings {} (compatible with GNU strings)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Value(path) if path == "-" => command.data_only = false,
            Value(path) => command.files.push(path.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    if !digits.is_empty() {
        command.options.shortest = shortest(&digits)?;
    }
    Ok(Some(command))
}

/// A number as C reads it: octal behind a zero, hexadecimal behind `0x`.
fn shortest(word: &str) -> Result<usize, Failure> {
    let number = match word.strip_prefix("0x") {
        Some(hex) => usize::from_str_radix(hex, 16),
        None if word.len() > 1 && word.starts_with('0') => usize::from_str_radix(word, 8),
        None => word.parse(),
    };
    match number {
        Ok(0) => Err(Failure::usage("minimum string length is too small: 0")),
        Ok(number) => Ok(number),
        Err(_) => Err(Failure::usage(format!("invalid integer argument {word}"))),
    }
}

fn encoding(word: &str) -> Result<Encoding, Failure> {
    match word {
        "s" => Ok(Encoding::SevenBits),
        "S" => Ok(Encoding::EightBits),
        "b" => Ok(Encoding::Big16),
        "l" => Ok(Encoding::Little16),
        "B" => Ok(Encoding::Big32),
        "L" => Ok(Encoding::Little32),
        _ => Err(Failure::usage(format!("{word}: invalid encoding"))),
    }
}
