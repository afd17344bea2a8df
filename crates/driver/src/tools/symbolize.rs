//! `kit symbolize`: a text with raw backtraces (`#0 0x401136`) becomes one with functions, files and lines.

use super::addr2line::demangled;
use super::backtrace::DEBUG_DIRS;
use super::option_value;
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use base::io::InputSource;
use kit::demangle::Style;
use kit::symbols::{Files, Module};
use lexopt::prelude::*;
use std::cell::OnceCell;
use std::io::{BufRead, Write};
use std::path::Path;

const HELP: &str = "Usage: kit symbolize -e FILE[@BASE]... [--maps FILE] [text]...\n\n\
Copies texts (or standard input) and adds to each line of a backtrace what is at its address:\n\
‘#1 0x401136’ becomes ‘#1 0x401136 work at main.c:12:3’; calls that were inlined there follow on lines of their own.\n\
All else stays as it is. Addresses are return addresses: the call before each is told.\n\n  \
-e, --exe=FILE[@BASE]  the program, or a library that was loaded at BASE (0x…); may be given for several. A file\n                         \
without BASE that can be loaded anywhere is taken to lie at 0\n      \
--maps=FILE        where files were loaded, as in /proc/PID/maps; -e is not needed then\n  \
-s, --basenames        files without their directories\n  \
-i, --no-inlines       only the functions that were called\n      \
--fault            the first address of a trace is that of an instruction\n";

#[derive(Default)]
struct Command {
    modules: Vec<(String, Option<u64>)>,
    maps: Option<String>,
    basenames: bool,
    no_inlines: bool,
    fault: bool,
    texts: Vec<String>,
}

/// A file and where it was loaded.
struct Loaded {
    path: String,
    /// What it covers in memory; empty for what was not told.
    ranges: Vec<(u64, u64, u64)>,
    base: Option<u64>,
    files: OnceCell<Option<Files>>,
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let Some(command) = parse(shell, words)? else { return Ok(0) };
    let mut loaded: Vec<Loaded> = Vec::new();
    for (path, base) in &command.modules {
        let files = Files::open(path, &shell.host, DEBUG_DIRS).map_err(Failure::new)?;
        let (files, ranges) = (OnceCell::from(Some(files)), Vec::new());
        loaded.push(Loaded { path: path.clone(), ranges, base: *base, files });
    }
    if let Some(maps) = &command.maps {
        let text = shell.host.read(Path::new(maps))?;
        loaded.extend(read_maps(&String::from_utf8_lossy(&text)));
    }
    if loaded.is_empty() {
        return Err(Failure::usage("no file: -e FILE or --maps FILE"));
    }
    let modules: Vec<Known<'_>> =
        loaded.iter().map(|loaded| Known { loaded, module: OnceCell::new(), shell }).collect();
    let work = Work { shell, command: &command, modules: &modules };
    if command.texts.is_empty() {
        work.copy(&mut std::io::stdin().lock())?;
    }
    for path in &command.texts {
        let bytes = shell.host.read(Path::new(path))?;
        work.copy(&mut &bytes[..])?;
    }
    Ok(0)
}

/// Files that code was mapped from, with all their mappings: start, end, offset in the file.
fn read_maps(text: &str) -> Vec<Loaded> {
    let mut all: Vec<Loaded> = Vec::new();
    for line in text.lines() {
        let mut fields = line.split_ascii_whitespace();
        let (Some(range), Some(_), Some(offset)) = (fields.next(), fields.next(), fields.next()) else { continue };
        let path = fields.skip(2).collect::<Vec<_>>().join(" ");
        let hex = |digits| u64::from_str_radix(digits, 16).ok();
        let Some((start, end)) = range.split_once('-') else { continue };
        let (Some(start), Some(end), Some(offset)) = (hex(start), hex(end), hex(offset)) else { continue };
        if !path.starts_with('/') {
            continue;
        }
        let range = (start, end, offset);
        match all.iter_mut().find(|loaded| loaded.path == path) {
            Some(loaded) => loaded.ranges.push(range),
            None => all.push(Loaded { path, ranges: vec![range], base: None, files: OnceCell::new() }),
        }
    }
    all
}

struct Known<'k> {
    loaded: &'k Loaded,
    module: OnceCell<Option<Module<'k>>>,
    shell: &'k Shell,
}

impl<'k> Known<'k> {
    fn module(&self) -> Option<&Module<'k>> {
        let open = || Files::open(&self.loaded.path, &self.shell.host, DEBUG_DIRS).ok();
        let read = || Module::read(self.loaded.files.get_or_init(open).as_ref()?).ok();
        self.module.get_or_init(read).as_ref()
    }

    /// Where in the file an address of the process is; `None` when it is elsewhere.
    fn in_file(&self, address: u64) -> Option<u64> {
        if self.loaded.ranges.is_empty() {
            return address.checked_sub(self.loaded.base.unwrap_or(0));
        }
        let inside = |range: &&(u64, u64, u64)| (range.0..range.1).contains(&address);
        let (start, _, offset) = *self.loaded.ranges.iter().find(inside)?;
        let offset = offset + (address - start);
        self.module()?.address_of_offset(offset)
    }
}

struct Work<'w> {
    shell: &'w Shell,
    command: &'w Command,
    modules: &'w [Known<'w>],
}

/// A line of a trace: its number, and where the address ends.
struct Line {
    number: u64,
    address: u64,
    end: usize,
}

/// `#1 0x401136` with anything before and behind.
fn parse_line(line: &[u8]) -> Option<Line> {
    for (at, _) in line.iter().enumerate().filter(|(_, byte)| **byte == b'#') {
        let digits = line[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let rest = &line[at + 1 + digits..];
        let blanks = rest.iter().take_while(|byte| **byte == b' ').count();
        let Some(hex) = rest[blanks..].strip_prefix(b"0x") else { continue };
        let n_hex = hex.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let number = text(&line[at + 1..at + 1 + digits]).parse();
        let address = u64::from_str_radix(&text(&hex[..n_hex]), 16);
        if let (Ok(number), Ok(address)) = (number, address)
            && blanks > 0
        {
            return Some(Line { number, address, end: line.len() - hex.len() + n_hex });
        }
    }
    None
}

impl Work<'_> {
    fn copy(&self, input: &mut dyn BufRead) -> Result<(), Failure> {
        let mut line = Vec::new();
        let mut out = Vec::new();
        let failed = |error: std::io::Error| Failure::new(format!("cannot read: {error}"));
        loop {
            line.clear();
            if input.read_until(b'\n', &mut line).map_err(failed)? == 0 {
                return Ok(());
            }
            out.clear();
            self.rewrite(&line, &mut out);
            // At once: who writes may be waiting, or about to die.
            self.shell.print(&out)?;
        }
    }

    fn rewrite(&self, line: &[u8], out: &mut Vec<u8>) {
        let found = parse_line(line).and_then(|parsed| {
            // A return address may lie in the next function already, where a call is the last instruction of one.
            let is_return = parsed.number > 0 || !self.command.fault;
            let inside = parsed.address.wrapping_sub(u64::from(is_return));
            let place = self.modules.iter().find_map(|known| {
                let at = known.in_file(inside)?;
                known.module()?.find(at, None, true)
            })?;
            Some((parsed, place))
        });
        let Some((parsed, place)) = found else { return out.extend_from_slice(line) };
        let (front, back) = line.split_at(parsed.end);
        let calls = if self.command.no_inlines {
            place.calls.len().saturating_sub(1)..place.calls.len()
        } else {
            0..place.calls.len()
        };
        let last = calls.end - 1;
        for number in calls {
            let call = &place.calls[number];
            out.extend_from_slice(front);
            let name = call.function.as_deref().filter(|name| !name.is_empty());
            out.push(b' ');
            out.extend_from_slice(&name.map_or("??".as_bytes().into(), |name| demangled(name, Style::Auto)));
            let mut path = Vec::new();
            match (&call.frame.file, &call.file) {
                (Some(file), _) => file.push_path(&mut path),
                (None, Some(file)) => path.extend_from_slice(file),
                (None, None) => {}
            }
            if !path.is_empty() {
                let start = path.iter().rposition(|&b| b == b'/').filter(|_| self.command.basenames);
                out.extend_from_slice(b" at ");
                out.extend_from_slice(&path[start.map_or(0, |slash| slash + 1)..]);
                for number in [call.frame.line, call.frame.column].into_iter().take_while(|&number| number != 0) {
                    let _ = write!(out, ":{number}");
                }
            }
            if call.frame.inlined {
                out.extend_from_slice(b" (inlined)");
            }
            if number == last { out.extend_from_slice(back) } else { out.push(b'\n') }
        }
    }
}

/// `None` when all was said.
fn parse(shell: &Shell, words: Vec<String>) -> Result<Option<Command>, Failure> {
    let mut command = Command::default();
    let mut parser = lexopt::Parser::from_args(words);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Short('e') | Long("exe") => {
                let word = option_value(&mut parser)?;
                let based = word.rsplit_once('@').and_then(|(path, base)| {
                    let base = u64::from_str_radix(base.strip_prefix("0x")?, 16).ok()?;
                    Some((path.to_string(), Some(base)))
                });
                command.modules.push(based.unwrap_or((word, None)));
            }
            Long("maps") => command.maps = Some(option_value(&mut parser)?),
            Short('s') | Long("basenames") => command.basenames = true,
            Short('i') | Long("no-inlines") => command.no_inlines = true,
            Long("fault") => command.fault = true,
            Short('h') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| None),
            Value(path) => command.texts.push(path.to_string_lossy().into_owned()),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    Ok(Some(command))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_traces_are_recognized() {
        let parsed = |text: &str| parse_line(text.as_bytes()).map(|line| (line.number, line.address, line.end));
        assert_eq!(parsed("#0 0x401136\n"), Some((0, 0x401136, 11)));
        assert_eq!(parsed("[12] #x #13   0xff more #1 0x1"), Some((13, 255, 18)));
        for other in ["", "#", "#1", "#1 401136", "# 0x1", "#10x1", "0x401136", "#1 0x", "#1 0x11112222333344445"] {
            assert_eq!(parsed(other), None, "{other}");
        }
    }
}
