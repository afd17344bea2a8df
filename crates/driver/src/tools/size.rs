//! `kit size`: how large the sections of objects, archives and programs are, with GNU size's options and text.

use super::nm::read_failure;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use base::io::InputSource;
use kit::inspect::list_size::{self, Format, Options, Radix, Sizes};
use kit::inspect::{Item, for_each_object, read_program};
use lexopt::prelude::*;
use std::path::Path;

const HELP: &str = "Usage: kit size [options] [file]... (a.out when none is named)\n\n  \
-A, -B, -G, --format=FORMAT  sysv, berkeley (default) or gnu\n  \
-o, -d, -x, --radix=RADIX    numbers in base 8, 10 (default) or 16\n  \
-t, --totals                 also the sums of all files\n      \
--common                 count common symbols\n\nOptions may be read from a file: @file.\n";

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some((options, with_totals, files)) = parse(shell, words)? else { return Ok(0) };
    let mut sum = Sizes::default();
    let mut failures = 0;
    let mut heading = Vec::new();
    list_size::heading(&options, &mut heading);
    for path in &files {
        let mut out = Vec::new();
        let mut messages = Vec::new();
        match shell.host.read(Path::new(path)) {
            Ok(bytes) => {
                let mut wrong = Vec::new();
                let mut each = |item: &Item<'_>| match read_program(item.bytes) {
                    Ok(program) => sum.add(list_size::list(&program, item.place, &options, &mut out)),
                    Err(text) => messages.push(format!("{}: {text}", item.place.name)),
                };
                for_each_object(path, &bytes, &shell.host, &mut each, &mut |name, text| {
                    wrong.push(format!("{name}: {text}"));
                });
                messages.append(&mut wrong);
                // What is there and no object counts double.
                failures += i32::from(!messages.is_empty());
            }
            Err(error) => messages.push(read_failure(path, &error)),
        }
        if !out.is_empty() {
            shell.print(&std::mem::take(&mut heading))?;
        }
        shell.print(&out)?;
        for text in &messages {
            shell.say(&format!("{}: {text}\n", shell.program));
        }
        failures += i32::from(!messages.is_empty());
    }
    let mut out = Vec::new();
    if with_totals {
        out.append(&mut heading);
        list_size::totals(sum, &options, &mut out);
    }
    shell.print(&out)?;
    Ok(failures.min(127))
}

/// Options, whether the sums are wanted, files; `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<(Options, bool, Vec<String>)>, Failure> {
    let (mut options, mut totals, mut files) = (Options::default(), false, Vec::new());
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Short('A') => options.format = Format::Sysv,
            Short('B') => options.format = Format::Berkeley,
            Short('G') => options.format = Format::Gnu,
            Long("format") => {
                let word = parser.value().map_err(usage)?.to_string_lossy().into_owned();
                options.format = match word.as_bytes().first() {
                    Some(b's' | b'S') => Format::Sysv,
                    Some(b'b' | b'B') => Format::Berkeley,
                    Some(b'g' | b'G') => Format::Gnu,
                    _ => return Err(Failure::usage(format!("invalid argument to --format: {word}"))),
                };
            }
            Short('o') => options.radix = Radix::Octal,
            Short('d') => options.radix = Radix::Decimal,
            Short('x') => options.radix = Radix::Hexadecimal,
            Long("radix") => {
                let word = parser.value().map_err(usage)?.to_string_lossy().into_owned();
                options.radix = match word.as_str() {
                    "8" => Radix::Octal,
                    "10" => Radix::Decimal,
                    "16" => Radix::Hexadecimal,
                    _ => return Err(Failure::usage(format!("Invalid radix: {word}"))),
                };
            }
            Short('t') | Long("totals") => totals = true,
            Long("common") => options.common = true,
            Short('f') => {}
            Long("target") => drop(parser.value().map_err(usage)?),
            Short('h' | 'H' | '?') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('v' | 'V') | Long("version") => {
                let text = format!("kit size {} (compatible with GNU size)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Value(path) => files.push(path.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    if files.is_empty() {
        files.push("a.out".into());
    }
    Ok(Some((options, totals, files)))
}
