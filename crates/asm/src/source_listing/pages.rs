//! The listing as text: lines and their bytes, sources, symbols, pages.

use super::{Edict, Entry, Range, Recorder};
use crate::symbols::{Message, PRIVATE, Place, Severity, Sym, SymRef, USED};
use crate::unit::Assembler;
use obj::build::ObjectBuilder;
use obj::{AtomId, SectionKind};
use std::collections::HashMap;
use std::io::Write;

/// The atoms that pieces begin with, where there are any.
pub(crate) type Sections = [Option<AtomId>];

/// Bytes of one word.
const WORD: usize = 4;
/// A line that is not shown unless the text is of interest as it is (`d`).
const DEBUGGING: &[&str] =
    &[".def", ".val", ".scl", ".line", ".ln", ".endef", ".type", ".size", ".stabs", ".stabn", ".stabd", ".tag"];

/// Writes it all. Without an object, which errors leave none of, places are `????`.
pub(super) fn write(asm: &Assembler, recorder: &Recorder, builder: Option<(&mut ObjectBuilder, &Sections)>) -> Vec<u8> {
    let mut pages = Pages {
        name: recorder.files.first().map_or(String::new(), |file| file.name.clone()),
        height: if recorder.options.omits_pages { None } else { Some(recorder.height) },
        ..Pages::default()
    };
    pages.out.extend_from_slice(recorder.options.head.as_deref().unwrap_or("").as_bytes());
    let mut code = Code { asm, object: builder };
    if recorder.options.assembly {
        Lines::new(recorder, asm).write(&mut code, &mut pages);
    }
    if recorder.options.symbols {
        pages.break_page();
        symbols(asm, code.object.is_some(), &mut pages);
    }
    pages.out
}

/// Lines on pages.
#[derive(Default)]
struct Pages {
    out: Vec<u8>,
    name: String,
    title: String,
    subtitle: String,
    /// Lines of a page, 0 where it never ends; none without pages.
    height: Option<u32>,
    number: u32,
    used: u32,
    breaks: bool,
}

impl Pages {
    fn break_page(&mut self) {
        self.breaks = true;
    }

    /// The next line begins a page.
    fn is_full(&self) -> bool {
        let Some(height) = self.height else { return false };
        self.number == 0 || self.breaks || height != 0 && self.used >= height
    }

    fn line(&mut self, text: std::fmt::Arguments<'_>) {
        self.line_with(text, b"");
    }

    /// A line that ends with text of a file, as it is there.
    fn line_with(&mut self, text: std::fmt::Arguments<'_>, rest: &[u8]) {
        if self.is_full() {
            self.number += 1;
            if self.number > 1 {
                self.out.push(b'\x0c');
            }
            let (name, title, subtitle, number) = (&self.name, &self.title, &self.subtitle, self.number);
            // Writing into memory does not fail.
            let _ = write!(self.out, "GAS LISTING {name} \t\t\tpage {number}\n{title}\n{subtitle}\n");
            (self.used, self.breaks) = (3, false);
        }
        let _ = self.out.write_fmt(text);
        self.out.extend_from_slice(rest);
        self.out.push(b'\n');
        self.used += 1;
    }
}

/// Where bytes are.
struct Code<'a, 'b> {
    asm: &'a Assembler,
    object: Option<(&'b mut ObjectBuilder, &'b Sections)>,
}

impl Code<'_, '_> {
    /// Where an entry's code begins, and its first bytes.
    fn of(&mut self, ranges: &[Range], most: usize) -> Option<(Option<u64>, Vec<u8>)> {
        ranges.first()?;
        let Some((builder, sections)) = &mut self.object else { return Some((None, Vec::new())) };
        let mut first = None;
        let mut bytes = Vec::new();
        for range in ranges {
            let code = &self.asm.pieces[range.piece as usize].code;
            let (from, to) = (code.wide_place(range.from), code.wide_place(range.to));
            let atom = sections.get(range.piece as usize).copied().flatten();
            if to <= from {
                continue;
            }
            first.get_or_insert(from);
            let wanted = usize::try_from(to - from).unwrap_or(most).min(most - bytes.len());
            let from = from as usize;
            let held = atom.filter(|&atom| builder.section_kind(atom) != SectionKind::Nobits);
            let held = held.and_then(|atom| {
                let section = builder.section_of(atom);
                builder.buffer(section).get(from..from + wanted)
            });
            match held {
                Some(held) => bytes.extend_from_slice(held),
                None => bytes.resize(bytes.len() + wanted, 0),
            }
        }
        first.map(|first| (Some(first).filter(|_| !self.asm.has_errors()), bytes))
    }
}

/// Walks through the entries and the lines of files between them.
struct Lines<'r> {
    recorder: &'r Recorder,
    /// Of each file: where its next line begins, and how many came before.
    at: Vec<(usize, u32)>,
    /// Of each source: its lines, and how many were shown.
    sources: Vec<(Vec<&'r [u8]>, u32)>,
    /// What is to be said, by file and line.
    messages: HashMap<(&'r str, u32), Vec<&'r Message>>,
    in_debugging: bool,
}

impl<'r> Lines<'r> {
    fn new(recorder: &'r Recorder, asm: &'r Assembler) -> Lines<'r> {
        let at = vec![(0, 0); recorder.files.len()];
        let lines = |text: &'r [u8]| {
            let mut at = (0, 0);
            std::iter::from_fn(|| next_line(text, &mut at)).collect()
        };
        let sources = recorder.sources.iter().map(|source| (lines(&source.text), 0)).collect();
        let mut messages: HashMap<_, Vec<_>> = HashMap::new();
        for message in asm.messages() {
            messages.entry((asm.file_name(message.loc.file), message.loc.line)).or_default().push(message);
        }
        Lines { recorder, at, sources, messages, in_debugging: false }
    }

    fn write(&mut self, code: &mut Code, pages: &mut Pages) {
        for (nth, entry) in self.recorder.entries.iter().enumerate() {
            if pages.is_full() {
                self.look_for_titles(nth, pages);
            }
            match &entry.edict {
                Edict::Title(title) => pages.title.clone_from(title),
                Edict::Subtitle(subtitle) => pages.subtitle.clone_from(subtitle),
                _ => {}
            }
            if let Some((source, line)) = entry.source.filter(|_| !entry.is_hidden) {
                self.source(source as usize, line, pages);
            }
            self.entry(entry, code, pages);
            if entry.edict == Edict::Eject {
                pages.break_page();
            }
        }
    }

    /// A title that comes soon is that of the page.
    fn look_for_titles(&self, nth: usize, pages: &mut Pages) {
        const SOON: usize = 10;
        for entry in self.recorder.entries[nth..].iter().take(SOON).rev() {
            match &entry.edict {
                Edict::Title(title) => pages.title.clone_from(title),
                Edict::Subtitle(subtitle) => pages.subtitle.clone_from(subtitle),
                _ => {}
            }
        }
    }

    fn entry(&mut self, entry: &Entry, code: &mut Code, pages: &mut Pages) {
        if let Some((depth, text)) = &entry.made {
            if !entry.is_hidden && !self.is_debugging(text.as_bytes()) {
                let text = format!("{} {text}", ">".repeat(*depth as usize));
                self.line(entry, text.as_bytes(), code, pages);
            }
            return;
        }
        let recorder = self.recorder;
        let Some(file) = recorder.files.get(entry.file as usize) else { return };
        while self.at[entry.file as usize].1 < entry.line {
            let Some(text) = next_line(&file.text, &mut self.at[entry.file as usize]) else { return };
            let is_own = self.at[entry.file as usize].1 == entry.line;
            let is_debugging = self.is_debugging(text);
            if entry.is_hidden || is_debugging {
                continue;
            }
            if is_own {
                self.line(entry, text, code, pages);
            } else {
                let line = self.at[entry.file as usize].1;
                self.line(&Entry { line, file: entry.file, ..Entry::default() }, text, code, pages);
            }
        }
    }

    /// A line is of no interest with `d`.
    fn is_debugging(&mut self, text: &[u8]) -> bool {
        if !self.recorder.options.omits_debugging {
            return false;
        }
        let text = text.trim_ascii_start();
        let len = text.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(text.len());
        let (word, rest) = text.split_at(len);
        let was_in = self.in_debugging;
        if matches!(word, b".section" | b".text" | b".data" | b".bss") {
            self.in_debugging = word == b".section" && rest.trim_ascii_start().starts_with(b".debug");
        }
        was_in || self.in_debugging || DEBUGGING.iter().any(|name| name.as_bytes() == word)
    }

    fn line(&self, entry: &Entry, text: &[u8], code: &mut Code, pages: &mut Pages) {
        let options = &self.recorder.options;
        let text = &text[..text.len().min(options.width.saturating_sub(1))];
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        let number = entry.line;
        let most = WORD * (options.words + options.more_lines * options.more_words);
        let field = (2 * WORD + 1) * options.words;
        match code.of(&entry.ranges, most) {
            None => pages.line_with(format_args!(" {number:3}     {:field$}\t", ""), text),
            Some((first, bytes)) => {
                let place = first.map_or_else(|| "????".to_string(), |first| format!("{first:04x}"));
                let (here, mut rest) = bytes.split_at(bytes.len().min(WORD * options.words));
                pages.line_with(format_args!(" {number:3} {place} {:field$}\t", hex(here)), text);
                while !rest.is_empty() {
                    let (here, behind) = rest.split_at(rest.len().min(WORD * options.more_words));
                    pages.line(format_args!(" {number:3}      {}", hex(here)));
                    rest = behind;
                }
            }
        }
        self.messages(entry, code.asm, pages);
    }

    /// What was said of a line of a file.
    fn messages(&self, entry: &Entry, asm: &Assembler, pages: &mut Pages) {
        if entry.made.is_some() {
            return;
        }
        let name = self.recorder.files.get(entry.file as usize).map_or("", |file| &file.name);
        for message in self.messages.get(&(name, entry.line)).into_iter().flatten() {
            let word = match message.severity {
                Severity::Error => "Error",
                Severity::Warning if !asm.options.no_warnings => "Warning",
                _ => continue,
            };
            pages.line(format_args!("****  {word}: {}", message.text));
        }
    }

    /// The lines of a source up to the one that code comes from; one that was passed is shown again, alone.
    fn source(&mut self, number: usize, line: u32, pages: &mut Pages) {
        let name = &self.recorder.sources[number].name;
        let width = self.recorder.options.width.saturating_sub(1);
        let (lines, n_shown) = &mut self.sources[number];
        let first = if line < *n_shown { line } else { *n_shown + 1 };
        *n_shown = line.max(*n_shown);
        for line in first.max(1)..=line {
            let Some(text) = lines.get(line as usize - 1) else { return };
            pages.line_with(format_args!("{line:4}:{name:<13} **** "), &text[..text.len().min(width)]);
        }
    }
}

/// The next line of a text, which is one more to the count behind its place.
fn next_line<'t>(text: &'t [u8], at: &mut (usize, u32)) -> Option<&'t [u8]> {
    let rest = text.get(at.0..).filter(|rest| !rest.is_empty())?;
    let len = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
    at.0 += len + 1;
    at.1 += 1;
    Some(&rest[..len])
}

/// Words of four bytes, with a blank behind each whole one.
fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 9 / 4);
    for (at, byte) in bytes.iter().enumerate() {
        out.push_str(&format!("{byte:02X}"));
        if at % WORD == WORD - 1 {
            out.push(' ');
        }
    }
    out
}

/// Tables of symbols: those that are defined, in the order in which they were first named, and those that are not.
fn symbols(asm: &Assembler, is_placed: bool, pages: &mut Pages) {
    let mut any = false;
    let shown = || {
        let all = asm.tables.syms.iter().enumerate();
        all.filter_map(|(nth, sym)| {
            let name = asm.tables.spelling(SymRef::new(nth));
            let is_section = sym.kind == Some(obj::SymbolKind::Section);
            let is_hidden = name.is_empty() || sym.flags & PRIVATE != 0 && !asm.tables.keep_locals || is_section;
            (!is_hidden).then_some((sym, SymRef::new(nth), String::from_utf8_lossy(name)))
        })
    };
    let mut head = |pages: &mut Pages| {
        if !std::mem::replace(&mut any, true) {
            pages.line(format_args!("DEFINED SYMBOLS"));
        }
    };
    for (name, _) in &asm.lines.file_symbols {
        head(pages);
        pages.line(format_args!("{:28}*ABS*:{:016x} {}", "", 0, String::from_utf8_lossy(name)));
    }
    for (sym, symbol, name) in shown() {
        let Some((section, value)) = value(asm, symbol, sym, is_placed) else { continue };
        head(pages);
        let place = if sym.loc.line == 0 || matches!(sym.place, Place::Common { .. }) {
            " ".repeat(26)
        } else {
            format!("{:>20}:{:<5}", asm.file_name(sym.loc.file), sym.loc.line)
        };
        pages.line(format_args!("{place}  {section}:{value:016x} {name}"));
    }
    if !any {
        pages.line(format_args!("NO DEFINED SYMBOLS"));
    }
    pages.line(format_args!(""));
    let is_wanted = |sym: &Sym| sym.place == Place::Undefined && (sym.flags & USED != 0 || sym.binding.is_some());
    let mut any = false;
    for (_, _, name) in shown().filter(|(sym, ..)| is_wanted(sym)) {
        if !std::mem::replace(&mut any, true) {
            pages.line(format_args!("UNDEFINED SYMBOLS"));
        }
        pages.line(format_args!("{name}"));
    }
    if !any {
        pages.line(format_args!("NO UNDEFINED SYMBOLS"));
    }
}

/// Section and value of a symbol that is defined.
fn value(asm: &Assembler, symbol: SymRef, sym: &Sym, is_placed: bool) -> Option<(String, u64)> {
    if let Place::Common { size, .. } = sym.place {
        return Some(("*COM*".to_string(), size));
    }
    if sym.place == Place::Undefined {
        return None;
    }
    if !is_placed {
        let Place::At(piece, _) = sym.place else { return Some(("*ABS*".to_string(), 0)) };
        return Some((asm.section_name(piece), 0));
    }
    let (piece, value) = asm.value_of(symbol)?;
    Some((piece.map_or_else(|| "*ABS*".to_string(), |piece| asm.section_name(piece)), value as u64))
}
