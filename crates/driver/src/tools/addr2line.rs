//! `kit addr2line`: functions, files and lines of addresses, with GNU addr2line's options and text.

use super::backtrace::DEBUG_DIRS;
use super::option_value;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use kit::demangle::Style;
use kit::symbols::{Call, Files, Module};
use lexopt::prelude::*;
use std::borrow::Cow;
use std::io::{Read, Write};
use std::mem::ManuallyDrop;

const HELP: &str = "Usage: kit addr2line [option(s)] [addr(s)]\n\
 Convert addresses into line number/file name pairs.\n\
 If no addresses are specified on the command line, they will be read from stdin\n\
 The options are:\n\
\x20 @<file>                Read options from <file>\n\
\x20 -a --addresses         Show addresses\n\
\x20 -b --target=<bfdname>  Set the binary file format (found by itself)\n\
\x20 -e --exe=<executable>  Set the input file name (default is a.out)\n\
\x20 -i --inlines           Unwind inlined functions\n\
\x20 -j --section=<name>    Read section-relative offsets instead of addresses\n\
\x20 -p --pretty-print      Make the output easier to read for humans\n\
\x20 -s --basenames         Strip directory names\n\
\x20 -f --functions         Show function names\n\
\x20 -C --demangle[=style]  Demangle function names\n\
\x20 -R --recurse-limit     Enable a limit on recursion whilst demangling.  [Default]\n\
\x20 -r --no-recurse-limit  Disable a limit on recursion whilst demangling\n\
\x20 -h --help              Display this information\n\
\x20 -v --version           Display the program's version\n";

#[derive(Default)]
struct Command {
    file: Option<String>,
    section: Option<String>,
    addresses: bool,
    inlines: bool,
    pretty: bool,
    basenames: bool,
    functions: bool,
    demangle: Option<Style>,
    words: Vec<String>,
}

/// So many addresses at once are worth several threads.
const WORTH_THREADS: usize = 64;
/// So many are answered before anything is written.
const BATCH: usize = 1 << 14;

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(command) = parse(shell, words)? else { return Ok(0) };
    let path = command.file.as_deref().unwrap_or("a.out");
    // The system takes back what was mapped and made faster than it can be taken apart here.
    let files = match Files::open(path, &shell.host, DEBUG_DIRS) {
        Ok(files) => ManuallyDrop::new(files),
        Err(why) => return Ok(complain(shell, &why)),
    };
    let module = match Module::read(&files) {
        Ok(module) => ManuallyDrop::new(module),
        Err(why) => return Ok(complain(shell, &format!("{path}: {why}"))),
    };
    let section = match &command.section {
        Some(name) => match module.section(name) {
            Some(section) => Some(section),
            None => return Ok(complain(shell, &format!("{path}: cannot find section {name}"))),
        },
        None => None,
    };
    let job = Job { shell, command: &command, module: &module, section };
    if command.words.is_empty() {
        job.read_addresses()?;
    } else {
        let addresses: Vec<u64> = command.words.iter().map(|word| scan_address(word.as_bytes())).collect();
        job.answer(&addresses)?;
    }
    Ok(0)
}

/// As binutils word it: without ‘error’.
fn complain(shell: &Shell, why: &str) -> i32 {
    shell.say(&format!("{}: {why}\n", shell.program));
    1
}

/// A hexadecimal number as C's `strtoul` reads it: blanks, a sign and `0x` may stand in front, what follows does not
/// matter.
pub fn scan_address(text: &[u8]) -> u64 {
    let text = text.trim_ascii_start();
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        Some((b'+', rest)) => (false, rest),
        _ => (false, text),
    };
    let text = match text {
        [b'0', b'x' | b'X', rest @ ..] if rest.first().is_some_and(u8::is_ascii_hexdigit) => rest,
        _ => text,
    };
    let mut value = 0u64;
    for &byte in text {
        let Some(digit) = char::from(byte).to_digit(16) else { break };
        let Some(next) = value.checked_mul(16) else { return u64::MAX };
        value = next | u64::from(digit);
    }
    if negative { value.wrapping_neg() } else { value }
}

struct Job<'j> {
    shell: &'j Shell,
    command: &'j Command,
    module: &'j Module<'j>,
    section: Option<usize>,
}

impl Job<'_> {
    /// Answers what there is to read before it waits for more: who writes one address gets one answer, and a file of
    /// them is one piece of work.
    fn read_addresses(&self) -> Result<(), Failure> {
        let mut input = std::io::stdin().lock();
        let mut text = Vec::new();
        let mut chunk = vec![0; 1 << 20];
        loop {
            let n = match input.read(&mut chunk) {
                Ok(n) => n,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(Failure::new(format!("cannot read addresses: {error}"))),
            };
            text.extend_from_slice(&chunk[..n]);
            let end = if n == 0 { text.len() } else { text.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1) };
            let lines = text[..end].split_inclusive(|&byte| byte == b'\n');
            let addresses: Vec<u64> = lines.map(scan_address).collect();
            self.answer(&addresses)?;
            text.drain(..end);
            if n == 0 {
                return Ok(());
            }
        }
    }

    fn answer(&self, addresses: &[u64]) -> Result<(), Failure> {
        let with_calls = self.command.functions || self.command.inlines;
        if addresses.len() >= WORTH_THREADS {
            self.module.prepare(addresses, self.section, with_calls, sys::parallelism());
        }
        let answer_some = |addresses: &[u64]| {
            let mut out = Vec::with_capacity(addresses.len() * 64);
            addresses.iter().for_each(|&address| self.push_answer(address, with_calls, &mut out));
            out
        };
        for batch in addresses.chunks(BATCH) {
            let threads = if batch.len() < WORTH_THREADS { 1 } else { sys::parallelism() };
            let parts: Vec<&[u64]> = batch.chunks(batch.len().div_ceil(threads)).collect();
            let texts: Vec<Vec<u8>> = std::thread::scope(|scope| {
                let (first, rest) = parts.split_first().unwrap_or_else(|| unreachable!("a batch is not empty"));
                let others: Vec<_> = rest.iter().map(|part| scope.spawn(|| answer_some(part))).collect();
                let first = answer_some(first);
                let others = others.into_iter().map(|other| match other.join() {
                    Ok(text) => text,
                    Err(panic) => std::panic::resume_unwind(panic),
                });
                std::iter::once(first).chain(others).collect()
            });
            texts.iter().try_for_each(|text| self.shell.print(text))?;
        }
        Ok(())
    }

    fn push_answer(&self, address: u64, with_calls: bool, out: &mut Vec<u8>) {
        let Command { addresses, functions, pretty, inlines, .. } = *self.command;
        if addresses {
            push_hex(out, address);
            out.extend_from_slice(if pretty { b": " } else { b"\n" });
        }
        let Some(place) = self.module.find(address, self.section, with_calls) else {
            if functions {
                out.extend_from_slice(if pretty { b"?? " } else { b"??\n" });
            }
            out.extend_from_slice(b"??:0\n");
            return;
        };
        // A block's number is said again for each call around it.
        let discriminator = place.calls.first().map_or(0, |call| call.frame.discriminator);
        for (number, call) in place.calls.iter().enumerate() {
            if number > 0 && !inlines {
                break;
            }
            if number > 0 && pretty {
                out.extend_from_slice(b" (inlined by) ");
            }
            if functions {
                let name = call.function.as_deref().filter(|name| !name.is_empty()).unwrap_or(b"??");
                out.extend_from_slice(&self.shown(name));
                out.extend_from_slice(if pretty { b" at " } else { b"\n" });
            }
            self.push_place(call, discriminator, out);
        }
    }

    fn push_place(&self, call: &Call<'_>, discriminator: u32, out: &mut Vec<u8>) {
        let start = out.len();
        match (&call.frame.file, &call.file) {
            (Some(file), _) => file.push_path(out),
            (None, Some(file)) => out.extend_from_slice(file),
            (None, None) => out.extend_from_slice(b"??"),
        }
        if self.command.basenames
            && let Some(slash) = out[start..].iter().rposition(|&byte| byte == b'/')
        {
            out.drain(start..=start + slash);
        }
        out.push(b':');
        match call.frame.line {
            0 => out.push(b'?'),
            line => push_decimal(out, line),
        }
        if discriminator != 0 && call.frame.line != 0 {
            out.extend_from_slice(b" (discriminator ");
            push_decimal(out, discriminator);
            out.push(b')');
        }
        out.push(b'\n');
    }

    fn shown<'n>(&self, name: &'n [u8]) -> Cow<'n, [u8]> {
        match self.command.demangle {
            Some(style) => demangled(name, style),
            None => Cow::Borrowed(name),
        }
    }
}

/// A name as the source has it.
pub fn demangled(name: &[u8], style: Style) -> Cow<'_, [u8]> {
    match kit::demangle::demangle_symbol(name, style) {
        Some(text) => Cow::Owned(text.into_bytes()),
        None => Cow::Borrowed(name),
    }
}

fn push_hex(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(b"0x");
    out.extend((0..16).rev().map(|at| b"0123456789abcdef"[(value >> (at * 4) & 15) as usize]));
}

fn push_decimal(out: &mut Vec<u8>, value: u32) {
    let _ = write!(out, "{value}");
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command = Command::default();
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Short('a') | Long("addresses") => command.addresses = true,
            Short('b') | Long("target") => drop(option_value(&mut parser)?),
            Short('e') | Long("exe") => command.file = Some(option_value(&mut parser)?),
            Short('i') | Long("inlines") => command.inlines = true,
            Short('j') | Long("section") => command.section = Some(option_value(&mut parser)?),
            Short('p') | Long("pretty-print") => command.pretty = true,
            Short('s') | Long("basenames") => command.basenames = true,
            Short('f') | Long("functions") => command.functions = true,
            Short('C') => command.demangle = Some(Style::Auto),
            Long("demangle") => command.demangle = super::demangle_style(parser.optional_value(), "addr2line")?,
            // Names are never taken apart without a limit.
            Short('r' | 'R')
            | Long("recurse-limit" | "no-recurse-limit" | "recursion-limit" | "no-recursion-limit") => {}
            Short('h' | 'H') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Short('v' | 'V') | Long("version") => {
                let text = format!("kit addr2line {} (compatible with GNU addr2line)\n", kit::VERSION);
                return shell.print(text.as_bytes()).map(|()| None);
            }
            Value(word) => command.words.push(word.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    Ok(Some(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_scanned_as_by_strtoul() {
        let all: &[(&str, u64)] = &[
            ("0x1f", 31),
            ("1F\n", 31),
            ("  +ff junk", 255),
            ("-1", u64::MAX),
            ("0xg", 0),
            ("", 0),
            ("12345678123456781", u64::MAX),
        ];
        for &(text, value) in all {
            assert_eq!(scan_address(text.as_bytes()), value, "{text}");
        }
    }
}
