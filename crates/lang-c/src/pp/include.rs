//! `#include` (C11 6.10.2), `#include_next`, `#import`, `__has_include`: where headers are looked for, what is known of
//! files already read.
//!
//! Each (directory, name) pair is looked up once, failures included, and each file is read once: later includes share
//! its text. A file whose guard is in force is not even opened.

use super::directives::{Directive, skip_blank};
use super::{Event, MAX_INCLUDE_DEPTH, OpenFile, Pp};
use crate::lex::Lexer;
use crate::options::Options;
use crate::token::{Tok, Token, TokenFlags};
use base::io::FileStat;
use base::source::{Included, TEXT_PADDING};
use base::{Name, Pos};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::path::Path;
use std::sync::Arc;

/// Not found through a search directory.
pub(super) const NO_DIR: u32 = u32::MAX;

/// A hash for keys that are words already. The table is never iterated.
#[derive(Default)]
pub(super) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u64(&mut self, word: u64) {
        let mixed = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ (mixed >> 32);
    }
}

pub(super) type WordMap<V> = HashMap<u64, V, BuildHasherDefault<WordHasher>>;

/// The search path.
pub(crate) struct Dirs {
    /// All directories in order of search: `-iquote` first, then those for `<…>` as well.
    dirs: Vec<Dir>,
    /// Index of the first that `<…>` searches.
    angled: usize,
}

struct Dir {
    path: String,
    system: bool,
}

impl Dirs {
    pub fn new(options: &Options) -> Dirs {
        let mut dirs: Vec<Dir> = Vec::new();
        let mut add = |list: &[String], system: bool, from: usize| {
            for path in list {
                let path = path.trim_end_matches('/');
                let path = if path.is_empty() { "/" } else { path };
                // A directory given twice is searched once: as a system directory where it is one, as in gcc.
                if !dirs[from.min(dirs.len())..].iter().any(|d| d.path == path) {
                    dirs.push(Dir { path: path.to_string(), system });
                }
            }
            dirs.len()
        };
        let angled = add(&options.quote_dirs, false, 0);
        let user: Vec<String> = options
            .include_dirs
            .iter()
            .filter(|d| {
                !options
                    .system_dirs
                    .iter()
                    .chain(&options.after_dirs)
                    .any(|s| s.trim_end_matches('/') == d.trim_end_matches('/'))
            })
            .cloned()
            .collect();
        add(&user, false, angled);
        add(&options.system_dirs, true, angled);
        add(&options.after_dirs, true, angled);
        Dirs { dirs, angled }
    }
}

/// A file that was read or asked for.
struct Entry {
    path: String,
    text: Arc<Vec<u8>>,
    stat: FileStat,
    /// Not to be read while this is defined.
    guard: Option<Name>,
    /// What stands at its very start, if it looks like a guard: offset of the `#` and the macro tested.
    opening: Option<(usize, Name)>,
    /// `#pragma once` or `#import`.
    once: bool,
    system: bool,
    /// It was entered at least once.
    used: bool,
}

impl Entry {
    /// Was it read, and is it the same file as `other`?
    fn is_same(&self, other: &Entry) -> bool {
        let (a, b) = (&self.stat, &other.stat);
        self.used && a.inode == b.inode && a.device == b.device && b.inode != 0
    }
}

/// All files known.
#[derive(Default)]
pub(crate) struct Known {
    entries: Vec<Entry>,
    /// (directory, name) to entry + 1; 0: there is no such file.
    lookups: WordMap<u32>,
    /// Path (a name) to entry + 1.
    paths: WordMap<u32>,
    /// Entries in order of first use.
    order: Vec<u32>,
    /// Headers that were not found but may be (`-MG`).
    missing: Vec<(String, bool)>,
    /// Some entry is `once`.
    any_once: bool,
}

impl Known {
    pub fn set_guard(&mut self, entry: u32, guard: Name) {
        self.entries[entry as usize].guard = Some(guard);
    }

    /// Makes all files ones that were not read yet, for another unit.
    pub fn next_unit(&mut self) {
        for entry in &mut self.entries {
            (entry.used, entry.once) = (false, false);
        }
        self.order.clear();
        self.missing.clear();
        self.any_once = false;
    }

    /// A file is entered.
    fn enter(&mut self, entry: u32, system: bool) {
        let known = &mut self.entries[entry as usize];
        if !known.used {
            known.used = true;
            known.system = system;
            self.order.push(entry);
        }
    }

    /// Was this file, under this path or another, read and is to be read once?
    fn is_passed(&self, entry: u32) -> bool {
        let known = &self.entries[entry as usize];
        known.once && known.used || self.any_once && self.entries.iter().any(|e| e.once && e.is_same(known))
    }

    pub fn dependencies(&self) -> Vec<super::deps::Dependency> {
        let read = self.order.iter().map(|&e| {
            let entry = &self.entries[e as usize];
            super::deps::Dependency { path: entry.path.clone(), system: entry.system }
        });
        let missing =
            self.missing.iter().map(|(path, system)| super::deps::Dependency { path: path.clone(), system: *system });
        read.chain(missing).collect()
    }
}

/// What an `#include` names.
pub(super) struct Header {
    name: String,
    angled: bool,
    token: Token,
}

impl Pp<'_> {
    /// Opens the main file; false when it cannot be read.
    pub(super) fn enter_main(&mut self) -> bool {
        let path = self.options.file.clone();
        match self.load(&path, false) {
            Ok(Some(entry)) => {
                // The empty base stays below: the main file's end is the end.
                self.enter_entry(entry, NO_DIR, Pos::NONE, false);
                self.files.clear();
                self.file.cond_base = 0;
                !self.stopped
            }
            Ok(None) => {
                self.fatal(Pos::NONE, &format!("{path}: No such file or directory"));
                false
            }
            Err(text) => {
                self.fatal(Pos::NONE, &format!("{path}: {text}"));
                false
            }
        }
    }

    /// `#include` and its kin, behind the word. True when another file is being read now.
    pub(super) fn include(&mut self, kind: Directive, word: &Token) -> bool {
        let text = match kind {
            Directive::Import => "import",
            Directive::IncludeNext => "include_next",
            _ => "include",
        };
        let Some(header) = self.header_name(text) else { return false };
        self.end_of_directive(text);
        self.finish_line();
        let from = word.pos;
        if header.name.is_empty() {
            self.error_at(header.token.pos, header.token.expansion, &format!("empty filename in #{text}"));
            self.leave_directive();
            return true;
        }
        let next = kind == Directive::IncludeNext && self.file_depth() > 0;
        if kind == Directive::IncludeNext && !next {
            self.warn_at("", word.pos, 0, "#include_next in primary source file");
        }
        let (entry, dir) = match self.find(&header.name, header.angled, next) {
            Ok(Some(found)) => found,
            Ok(None) => {
                if self.options.missing_headers_ok {
                    let system = header.angled;
                    self.known.missing.push((header.name, system));
                    self.leave_directive();
                    return true;
                }
                let text = format!("{}: No such file or directory", header.name);
                self.missing_header(&header.token, &text);
                return true;
            }
            Err(text) => {
                let text = format!("{}: {text}", header.name);
                self.missing_header(&header.token, &text);
                return true;
            }
        };
        self.leave_directive();
        let system = self.is_system_dir(dir) || (dir == NO_DIR && self.file.lexer.base_flags.has(TokenFlags::SYSTEM));
        if self.is_done(entry, kind == Directive::Import) {
            return true;
        }
        if self.files.len() >= MAX_INCLUDE_DEPTH {
            self.fatal(from, &format!("#include nested depth {} exceeds maximum of {MAX_INCLUDE_DEPTH} (use -fmax-include-depth=DEPTH to increase the maximum)", self.files.len() + 1));
            return true;
        }
        self.enter_entry(entry, dir, from, system);
        true
    }

    #[cold]
    fn missing_header(&mut self, token: &Token, text: &str) {
        let pos = self.user_pos(token.pos, token.expansion);
        self.fatal(pos, text);
    }

    fn file_depth(&self) -> usize {
        self.files.iter().filter(|f| f.entry != super::NO_ENTRY).count()
    }

    fn finish_line(&mut self) {
        // The end of the text comes instead after a fatal error.
        while !matches!(self.lex().kind, Tok::Newline | Tok::Eof) {}
    }

    fn leave_directive(&mut self) {
        self.file.lexer.in_directive = false;
        self.report_problems();
    }

    fn is_system_dir(&self, dir: u32) -> bool {
        self.dirs.dirs.get(dir as usize).is_some_and(|d| d.system)
    }

    /// The header named by the rest of the directive (6.10.2p2 to p4).
    fn header_name(&mut self, word: &str) -> Option<Header> {
        if let Some(header) = self.raw_header_name() {
            return Some(header);
        }
        let token = self.expand_next();
        self.computed_header(token, word)
    }

    /// `<…>` or `"…"` as the next thing in the text: not a token like others, a backslash in it is a byte.
    pub(super) fn raw_header_name(&mut self) -> Option<Header> {
        self.unread();
        let lexer = &mut self.file.lexer;
        let save = lexer.at;
        let token = lexer.next(&mut self.names, &mut self.side);
        let lexer = &mut self.file.lexer;
        let offset = (token.pos.0 - lexer.start) as usize;
        let close = match lexer.text[offset] {
            b'<' => b'>',
            b'"' => b'"',
            _ => {
                lexer.at = save;
                lexer.problems.clear();
                return None;
            }
        };
        let rest = &lexer.text[offset + 1..lexer.end];
        let line = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
        let Some(len) = rest[..line].iter().position(|&b| b == close) else {
            lexer.at = save;
            lexer.problems.clear();
            return None;
        };
        lexer.problems.clear();
        let name = String::from_utf8_lossy(&rest[..len]).into_owned();
        lexer.at = offset + len + 2;
        Some(Header { name, angled: close == b'>', token })
    }

    /// The header spelled by tokens after macro replacement, joined with their blanks.
    pub(super) fn computed_header(&mut self, token: Token, word: &str) -> Option<Header> {
        match token.kind {
            Tok::Str => {
                let spelling = self.spelling(&token);
                if spelling.first() == Some(&b'"') {
                    let name = String::from_utf8_lossy(&spelling[1..spelling.len() - 1]).into_owned();
                    return Some(Header { name, angled: false, token });
                }
            }
            kind => {
                // `<` may have been lexed together with what follows: `<=`, `<<`.
                let first = self.spelling(&token);
                if first.first() == Some(&b'<') && kind != Tok::Other {
                    let mut name = first[1..].to_vec();
                    loop {
                        let token = self.expand_next();
                        if matches!(token.kind, Tok::Newline | Tok::Eof) {
                            self.error_at(token.pos, 0, "missing terminating > character");
                            return None;
                        }
                        if token.flags.has(TokenFlags::SPACE) {
                            name.push(b' ');
                        }
                        let spelling = self.spelling(&token);
                        let end = spelling.iter().position(|&b| b == b'>');
                        name.extend_from_slice(&spelling[..end.unwrap_or(spelling.len())]);
                        if end.is_some() {
                            break;
                        }
                    }
                    let name = String::from_utf8_lossy(&name).into_owned();
                    return Some(Header { name, angled: true, token });
                }
            }
        }
        let text = if word.starts_with("__") {
            format!("operator \"{word}\" requires a header-name")
        } else {
            format!("#{word} expects \"FILENAME\" or <FILENAME>")
        };
        self.error_at(token.pos, token.expansion, &text);
        None
    }

    /// Is there such a header? For `__has_include`.
    pub(super) fn header_exists(&mut self, header: &Header, next: bool) -> bool {
        matches!(self.find(&header.name, header.angled, next && self.file_depth() > 0), Ok(Some(_)))
    }

    /// Looks for a header along the search path; the entry and the directory it was found in.
    fn find(&mut self, name: &str, angled: bool, next: bool) -> Result<Option<(u32, u32)>, String> {
        if name.is_empty() {
            return Err("empty filename".to_string());
        }
        if name.starts_with('/') {
            return Ok(self.load(name, false)?.map(|entry| (entry, NO_DIR)));
        }
        let mut first = if angled { self.dirs.angled } else { 0 };
        if next {
            first = if self.file.dir == NO_DIR { self.dirs.angled } else { self.file.dir as usize + 1 };
        } else if !angled {
            let path = match self.current_entry() {
                Some(entry) => {
                    let here = &self.known.entries[entry as usize].path;
                    here.rsplit_once('/').map_or_else(|| name.to_string(), |(dir, _)| format!("{dir}/{name}"))
                }
                None => name.to_string(),
            };
            let system = self.file.lexer.base_flags.has(TokenFlags::SYSTEM);
            if let Some(entry) = self.load(&path, system)? {
                // `#include_next` from a header found beside its includer goes on behind the includer's directory.
                return Ok(Some((entry, self.file.dir)));
            }
        }
        let word = self.names.intern(name.as_bytes());
        let mut path = String::with_capacity(128);
        for dir in first..self.dirs.dirs.len() {
            let key = (dir as u64) << 32 | u64::from(word.0);
            let found = match self.known.lookups.get(&key) {
                Some(&found) => found,
                None => {
                    let Dir { path: at, system } = &self.dirs.dirs[dir];
                    let system = *system;
                    path.clear();
                    path.push_str(at);
                    path.push('/');
                    path.push_str(name);
                    let found = self.load(&path, system)?.map_or(0, |entry| entry + 1);
                    self.known.lookups.insert(key, found);
                    found
                }
            };
            if found != 0 {
                return Ok(Some((found - 1, dir as u32)));
            }
        }
        Ok(None)
    }

    /// The entry of the file at `path`, read now if it was not before. `None`: there is no such file.
    fn load(&mut self, path: &str, system: bool) -> Result<Option<u32>, String> {
        let key = u64::from(self.names.intern(path.as_bytes()).0);
        if let Some(&found) = self.known.paths.get(&key) {
            return Ok(found.checked_sub(1));
        }
        let mut text = Vec::new();
        // A directory is not a file, as for gcc; the search goes on.
        let Some(stat) = self.input.read_if_file(Path::new(path), &mut text).map_err(|error| error.text)? else {
            self.known.paths.insert(key, 0);
            return Ok(None);
        };
        if text.starts_with(b"\xef\xbb\xbf") {
            // A byte order mark counts as blanks, so that positions stay.
            text[..3].fill(b' ');
        }
        if self.options.trigraphs_on() {
            replace_trigraphs(&mut text);
        }
        let end = text.len();
        text.resize(end + TEXT_PADDING, 0);
        let opening = self.guard_opening(&text, end);
        let entry = self.known.entries.len() as u32;
        self.known.entries.push(Entry {
            path: path.to_string(),
            text: Arc::new(text),
            stat,
            guard: None,
            opening,
            once: false,
            system,
            used: false,
        });
        self.known.paths.insert(key, entry + 1);
        Ok(Some(entry))
    }

    /// `#ifndef X` or `#if !defined X` as the first thing in a text.
    fn guard_opening(&mut self, text: &[u8], end: usize) -> Option<(usize, Name)> {
        let at = skip_blank(text, 0, end);
        if text[at] != b'#' {
            return None;
        }
        let line = crate::lex_scan::line_end(text, at);
        let words = std::str::from_utf8(&text[at + 1..line.min(end)]).ok()?.trim_start();
        let name = match words.strip_prefix("ifndef") {
            Some(rest) => rest.trim_start_matches([' ', '\t']),
            None => {
                let rest = words.strip_prefix("if")?.trim_start().strip_prefix('!')?.trim_start();
                let rest = rest.strip_prefix("defined")?.trim_start();
                rest.strip_prefix('(').map_or(rest, str::trim_start)
            }
        };
        let len = name.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        let rest = name[len..].trim_start().trim_start_matches(')').trim();
        if len == 0
            || name.as_bytes()[0].is_ascii_digit()
            || !(rest.is_empty() || rest.starts_with("/*") || rest.starts_with("//"))
        {
            return None;
        }
        Some((at, self.names.intern(&name.as_bytes()[..len])))
    }

    /// Would including this file again give nothing?
    fn is_done(&mut self, entry: u32, import: bool) -> bool {
        let known = &self.known.entries[entry as usize];
        if let Some(guard) = known.guard.filter(|_| known.used)
            && self.is_defined(guard)
        {
            return true;
        }
        if import {
            let known = &self.known.entries[entry as usize];
            let seen = self.known.entries.iter().any(|e| e.is_same(known)) || known.used;
            self.known.entries[entry as usize].once = true;
            self.known.any_once = true;
            return seen;
        }
        // The same file under another path counts, too.
        self.known.is_passed(entry)
    }

    /// `#pragma once` in the current file.
    pub(super) fn mark_once(&mut self) {
        if let Some(entry) = self.current_entry() {
            self.known.entries[entry as usize].once = true;
            self.known.any_once = true;
            self.note_once();
        }
    }

    /// `#pragma GCC system_header` in the current file.
    pub(super) fn mark_system(&mut self) {
        if let Some(entry) = self.current_entry() {
            self.known.entries[entry as usize].system = true;
        }
    }

    fn enter_entry(&mut self, entry: u32, dir: u32, from: Pos, system: bool) {
        let known = &self.known.entries[entry as usize];
        let (path, text) = (known.path.clone(), Arc::clone(&known.text));
        let included = Included { from, system };
        let place = if from.is_none() {
            self.place_main(path, text).map(|file| (file, 0))
        } else {
            self.place_file(entry, dir, from, system, |map| map.add_shared(path, text, included).ok())
        };
        let Some((file, instance)) = place else {
            return self.fatal(from, "the source text is larger than 4 GiB");
        };
        self.known.enter(entry, system);
        self.entered.push(file);
        let known = &self.known.entries[entry as usize];
        let start = self.map.start(file);
        let mut lexer = Lexer::new(Arc::clone(&known.text), start, file, system, self.options.line_comments());
        lexer.dollars = !self.options.assembler;
        let open = OpenFile { lexer, entry, dir, cond_base: self.conds.len(), guard: known.opening, instance };
        let below = std::mem::replace(&mut self.file, open);
        self.files.push(below);
        if self.options.print_mode {
            self.events.push(Event::Enter(start));
        }
    }

    /// The end of a file was reached: goes back to its includer. False when there is none.
    pub(super) fn leave_file(&mut self) -> bool {
        self.report_problems();
        while self.conds.len() > self.file.cond_base {
            if let Some(cond) = self.conds.pop() {
                let text = format!("unterminated #{}", cond.word);
                self.error_at(cond.pos, 0, &text);
            }
        }
        let Some(below) = self.files.pop() else { return false };
        self.file = below;
        self.begin_segment();
        if self.options.print_mode && self.file.entry != super::NO_ENTRY {
            // Reading goes on with the line behind the directive.
            self.events.push(Event::Return(self.file.lexer.pos().offset(1)));
        }
        true
    }
}

/// Replaces `??=` and the like (5.2.1.1). Columns behind one are two less than the user's editor says.
fn replace_trigraphs(text: &mut Vec<u8>) {
    if !text.windows(2).any(|w| w == b"??") {
        return;
    }
    let mut to = 0;
    let mut from = 0;
    while from < text.len() {
        let mut byte = text[from];
        let mut len = 1;
        if byte == b'?' && text.get(from + 1) == Some(&b'?') {
            let replaced = match text.get(from + 2) {
                Some(b'=') => b'#',
                Some(b'(') => b'[',
                Some(b'/') => b'\\',
                Some(b')') => b']',
                Some(b'\'') => b'^',
                Some(b'<') => b'{',
                Some(b'!') => b'|',
                Some(b'>') => b'}',
                Some(b'-') => b'~',
                _ => 0,
            };
            if replaced != 0 {
                byte = replaced;
                len = 3;
            }
        }
        text[to] = byte;
        to += 1;
        from += len;
    }
    text.truncate(to);
}
