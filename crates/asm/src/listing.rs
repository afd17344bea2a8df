//! The text of `objdump -d`: sections as instructions, with symbols and relocations; as GNU objdump 2.40 writes it.
//!
//! Each section is cut at its symbols into stretches that do not depend on each other, so that several threads write them;
//! their text comes out in order. What an architecture knows comes through [`Disassembler`], what a format knows is in the
//! [`Program`] and in a function for relocations' names. Which of several symbols stands for an address follows GNU's
//! order and search (functions before objects before others, larger before smaller, global before local, those of
//! the section at hand before all), because people compare such listings.

use crate::disasm::{Disassembler, Names, Place, Role, Style};
use crate::listing_symbols::{Choice, SymbolTable};
use obj::SectionKind;
use obj::program::{Program, ProgramReloc, ProgramSection};
use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// What is shown, and how.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Every section with contents, not only code.
    pub all: bool,
    pub style: Style,
    /// Raw bytes beside the instructions; `None` for the usual way.
    pub raw: Option<bool>,
    /// Bytes on one line.
    pub width: Option<usize>,
    /// Lines are not broken, relocations stand on the instruction's line.
    pub wide: bool,
    /// Runs of zeroes are disassembled, too.
    pub zeroes: bool,
    /// Whole addresses with symbols in front of each line.
    pub prefix_addresses: bool,
    pub no_addresses: bool,
    pub relocs: bool,
    pub dynamic_relocs: bool,
    pub start: Option<u64>,
    pub stop: Option<u64>,
    /// Only what this symbol stands for.
    pub symbol: Option<Vec<u8>>,
    /// Added to all addresses.
    pub adjust: u64,
    /// How many threads write.
    pub threads: usize,
}

/// What is known of a file beside its contents.
pub struct Facts<'f> {
    pub disassembler: &'static dyn Disassembler,
    /// The name of a relocation, by the format's number.
    pub reloc_name: &'f (dyn Fn(u32) -> Option<&'static str> + Sync),
    /// How a symbol's name is shown; `None` as it is.
    pub demangle: Option<&'f Demangle<'f>>,
}

/// What a symbol's name is in its source, where it is another one.
pub type Demangle<'f> = dyn Fn(&[u8]) -> Option<Vec<u8>> + Sync + 'f;

/// Writes what belongs in front of an instruction: source lines. Given are the section's index and the offset in it; the
/// answer is the offset up to which there is nothing more to write.
pub type Before<'b> = dyn FnMut(usize, u64, &mut Vec<u8>) -> u64 + 'b;

/// Stretches of a section are given to threads in pieces of about so many bytes.
const PIECE: usize = 64 << 10;
/// Runs of zeroes are skipped from this length, or at the end of a stretch below that one.
const MIN_ZEROES: usize = 8;
const END_ZEROES: usize = 3;
/// Zero-filled sections beyond this size (bytes) are not shown, not even as zeroes.
const MAX_ZERO_FILLED: u64 = 64 << 20;

/// Lists the sections for which `wanted` holds. The text goes piece by piece to `sink`, which says whether to go on.
pub fn list(
    program: &Program<'_>,
    facts: &Facts<'_>,
    options: &Options,
    wanted: &mut dyn FnMut(&ProgramSection<'_>) -> Wish,
    mut before: Option<&mut Before<'_>>,
    sink: &mut dyn FnMut(&[u8]) -> bool,
) {
    let mut table = SymbolTable::new(program, facts, options);
    for (idx, section) in program.sections.iter().enumerate() {
        let wish = wanted(section);
        let is_code = section.flags.has(obj::SectionFlags::EXEC);
        let is_shown = wish == Wish::Named || wish == Wish::Any && (options.all || is_code);
        if section.bookkeeping || !is_shown {
            continue;
        }
        let data = match section.kind {
            SectionKind::Nobits if section.size > MAX_ZERO_FILLED => continue,
            SectionKind::Nobits => Cow::Owned(vec![0; section.size as usize]),
            _ => Cow::Borrowed(section.data),
        };
        let Some(range) = range(section.address, data.len(), options) else { continue };
        table.enter(idx as u32);
        let mut out = b"\nDisassembly of section ".to_vec();
        out.extend_from_slice(&section.name);
        out.extend_from_slice(b":\n");
        let view = View::new(program, (section, &data), idx, facts, options, &table);
        let pieces = view.pieces(range);
        if !sink(&out) {
            return;
        }
        let mut quiet = 0;
        let on = in_threads(&view, &pieces, before.is_some(), options.threads, &mut |piece| {
            let Some(before) = before.as_deref_mut() else { return sink(&piece.text) };
            out.clear();
            let mut done = 0;
            for &(offset, at) in piece.marks.iter() {
                if offset >= quiet {
                    out.extend_from_slice(piece.text.get(done..at).unwrap_or_default());
                    done = at;
                    quiet = before(idx, offset, &mut out);
                }
            }
            out.extend_from_slice(piece.text.get(done..).unwrap_or_default());
            sink(&out)
        });
        if !on {
            return;
        }
    }
}

/// Whether a section is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wish {
    No,
    /// As its kind has it.
    Any,
    /// Asked for by its name.
    Named,
}

/// The part of a section, in offsets, that is asked for.
fn range(address: u64, len: usize, options: &Options) -> Option<(usize, usize)> {
    let address = address.wrapping_add(options.adjust);
    let offset = |at: u64| usize::try_from(at.saturating_sub(address)).unwrap_or(len).min(len);
    let start = options.start.map_or(0, offset);
    let stop = options.stop.map_or(len, offset);
    (start < stop).then_some((start, stop))
}

/// A run of bytes under one symbol.
struct Stretch {
    start: usize,
    stop: usize,
    /// Its symbol, by the table's order.
    symbol: Option<u32>,
    /// Instructions, or the bytes of an object.
    code: bool,
}

/// The text of a piece.
#[derive(Default)]
struct Piece {
    text: Vec<u8>,
    /// If asked for: where in the text the lines of instructions begin, behind their offsets in the section.
    marks: Vec<(u64, usize)>,
    marked: bool,
}

/// Writes the pieces with several threads, in order.
fn in_threads(
    view: &View<'_>,
    pieces: &[Vec<Stretch>],
    marked: bool,
    threads: usize,
    sink: &mut dyn FnMut(Piece) -> bool,
) -> bool {
    let piece = |at: usize| {
        let mut piece = Piece { marked, ..Piece::default() };
        pieces.get(at).into_iter().flatten().for_each(|stretch| view.stretch(stretch, &mut piece));
        piece
    };
    if threads < 2 || pieces.len() < 2 {
        return (0..pieces.len()).all(|at| sink(piece(at)));
    }
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel::<(usize, Piece)>(2 * threads);
        for _ in 0..threads.min(pieces.len()) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= pieces.len() || sender.send((at, piece(at))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut early: Vec<Option<Piece>> = Vec::new();
        early.resize_with(pieces.len(), || None);
        let mut written = 0;
        for (at, text) in &receiver {
            early[at] = Some(text);
            while let Some(text) = early.get_mut(written).and_then(Option::take) {
                written += 1;
                if !sink(text) {
                    return false;
                }
            }
        }
        true
    })
}

/// One section while it is written.
struct View<'v> {
    program: &'v Program<'v>,
    section: &'v ProgramSection<'v>,
    data: &'v [u8],
    idx: usize,
    facts: &'v Facts<'v>,
    options: &'v Options,
    table: &'v SymbolTable,
    /// Its relocations by offset, and what turns their offsets into offsets of the section.
    relocs: Vec<&'v ProgramReloc>,
    dynamic: bool,
    /// Address of the first byte.
    address: u64,
    /// Digits of an address that are not shown.
    skip: usize,
}

impl<'v> View<'v> {
    fn new(
        program: &'v Program<'v>,
        (section, data): (&'v ProgramSection<'v>, &'v [u8]),
        idx: usize,
        facts: &'v Facts<'v>,
        options: &'v Options,
        table: &'v SymbolTable,
    ) -> View<'v> {
        let dynamic = options.dynamic_relocs;
        let mut relocs: Vec<&ProgramReloc> = if dynamic {
            program.dynamic_relocs.iter().collect()
        } else if options.relocs {
            let range = section.relocs.start as usize..section.relocs.end as usize;
            program.relocs.get(range).unwrap_or(&[]).iter().collect()
        } else {
            Vec::new()
        };
        relocs.sort_by_key(|reloc| reloc.offset);
        let address = section.address.wrapping_add(options.adjust);
        // Whole groups of four zeroes, of the end's address.
        let zeroes = address.wrapping_add(data.len() as u64).leading_zeros() as usize / 4;
        let skip = if options.no_addresses || options.prefix_addresses { 0 } else { zeroes.saturating_sub(1) / 4 * 4 };
        View { program, section, data, idx, facts, options, table, relocs, dynamic, address, skip: skip.min(12) }
    }

    /// Cuts the range at symbols.
    fn pieces(&self, (start, stop): (usize, usize)) -> Vec<Vec<Stretch>> {
        let mut pieces = Vec::new();
        let mut piece: Vec<Stretch> = Vec::new();
        let mut bytes = 0;
        let mut at = start;
        let mut choice = self.table.find(self.address.wrapping_add(at as u64), true);
        let mut limit: Option<u64> = None;
        while at < stop {
            let here = self.address.wrapping_add(at as u64);
            let symbol = match choice {
                Choice::Symbol(symbol) => Some(symbol),
                Choice::Reloc(_) | Choice::None => None,
            };
            let value = symbol.map(|symbol| self.table.value(symbol));
            let next = match (symbol, value) {
                (Some(symbol), Some(value)) if value > here => Some(symbol),
                (Some(symbol), _) => self.table.next_in_section(symbol),
                _ => None,
            };
            let mut end = next.map_or(stop, |next| {
                usize::try_from(self.table.value(next).wrapping_sub(self.address)).unwrap_or(stop)
            });
            if end > stop || end <= at {
                end = stop;
            }
            let code = self.options.all
                || symbol.is_none_or(|symbol| {
                    value.is_some_and(|value| value > here) || !self.table.is_data(symbol, self.idx as u32)
                });
            let mut shown = true;
            if let Some(wanted) = &self.options.symbol {
                if let Some(symbol) = symbol {
                    let named = self.table.raw_name(symbol) == &wanted[..];
                    if named && limit.is_none() {
                        let size = self.table.size(symbol);
                        limit = Some(if size == 0 { u64::MAX } else { self.table.value(symbol).saturating_add(size) });
                    } else if limit == Some(u64::MAX) && self.table.is_function(symbol) {
                        limit = Some(0);
                    }
                }
                shown = limit.is_some_and(|limit| here < limit);
                if let Some(limit) = limit.filter(|_| shown) {
                    let most = usize::try_from(limit.saturating_sub(self.address)).unwrap_or(end);
                    end = end.min(most.max(at + 1));
                }
                if !shown && limit.is_some() {
                    limit = None;
                }
            }
            if shown {
                bytes += end - at;
                piece.push(Stretch { start: at, stop: end, symbol, code });
                if bytes >= PIECE {
                    bytes = 0;
                    pieces.push(std::mem::take(&mut piece));
                }
            }
            at = end;
            choice = next.map_or(Choice::None, Choice::Symbol);
        }
        if !piece.is_empty() {
            pieces.push(piece);
        }
        pieces
    }

    fn stretch(&self, stretch: &Stretch, piece: &mut Piece) {
        let out = &mut piece.text;
        let address = self.address.wrapping_add(stretch.start as u64);
        if !self.options.prefix_addresses {
            out.push(b'\n');
            if !self.options.no_addresses {
                digits(address, 16, out);
                out.push(b' ');
            }
            self.symbol_at(stretch.symbol.map_or(Choice::None, Choice::Symbol), address, out);
            out.extend_from_slice(b":\n");
        }
        self.lines(stretch, piece);
    }

    /// ` <name+0x10>` without the blank.
    fn symbol_at(&self, choice: Choice, address: u64, out: &mut Vec<u8>) {
        out.push(b'<');
        let value = match choice {
            Choice::Symbol(symbol) => {
                out.extend_from_slice(self.table.name(symbol));
                self.table.value(symbol)
            }
            Choice::Reloc(reloc) => {
                out.extend_from_slice(self.table.reloc_name(reloc));
                self.table.reloc_value(reloc).unwrap_or(address)
            }
            Choice::None => {
                out.extend_from_slice(&self.section.name);
                self.address
            }
        };
        if address > value {
            out.push(b'+');
            hex(address - value, out);
        } else if address < value {
            out.push(b'-');
            hex(value - address, out);
        }
        out.push(b'>');
    }

    /// Instructions or bytes of a stretch.
    fn lines(&self, stretch: &Stretch, piece: &mut Piece) {
        let Piece { text: out, marks, marked } = piece;
        let options = self.options;
        let data = self.data;
        let raw = options.raw.unwrap_or(!options.prefix_addresses);
        let per_line = match options.width {
            Some(width) => width,
            None if stretch.code => self.facts.disassembler.bytes_per_line(),
            None => 16,
        };
        let mut namer = Namer { view: self, near: self.table.near(stretch.symbol) };
        let mut at = stretch.start;
        let mut reloc = self.relocs.partition_point(|reloc| self.reloc_offset(reloc) < at as u64);
        let mut line = Line { raw, per_line, at: 0, end: 0 };
        let zeroes = !options.zeroes;
        // In a listing of everything an instruction may reach over a symbol.
        let fence = if options.all { data.len() } else { stretch.stop };
        while at < stretch.stop {
            let rest = data.get(at..stretch.stop).unwrap_or_default();
            if zeroes && rest.first() == Some(&0) {
                let run = rest.iter().position(|&byte| byte != 0);
                let len = run.unwrap_or(rest.len());
                if len >= MIN_ZEROES || run.is_none() && len < END_ZEROES {
                    let len = if run.is_some() { len / 4 * 4 } else { len };
                    out.extend_from_slice(b"\t...\n");
                    self.relocs_before(&mut reloc, at + len, true, out);
                    at += len;
                    continue;
                }
            }
            let address = self.address.wrapping_add(at as u64);
            if *marked {
                marks.push((at as u64, out.len()));
            }
            self.line_address(address, out);
            line.at = at;
            if stretch.code {
                let code = data.get(at..fence).unwrap_or_default();
                let start = out.len();
                // The text comes before its length is known: the bytes are put in front where there is room for them.
                let room = line.room(options);
                out.resize(start + room, b' ');
                let decoded = self.facts.disassembler.instruction(code, address, options.style, &mut namer, out);
                line.end = (at + usize::from(decoded.len)).min(stretch.stop);
                self.raw_bytes(&line, start, out);
            } else {
                line.end = (at + per_line).min(stretch.stop);
                self.plain_bytes(&line, out);
            }
            if raw && !options.wide {
                self.more_bytes(&line, out);
            }
            let broken = self.relocs_before(&mut reloc, line.end, !options.wide, out);
            if !broken {
                out.push(b'\n');
            }
            at = line.end;
        }
    }

    /// `  401136:\t`
    fn line_address(&self, address: u64, out: &mut Vec<u8>) {
        if self.options.prefix_addresses {
            if !self.options.no_addresses {
                digits(address, 16, out);
                out.push(b' ');
            }
            self.symbol_at(self.table.find(address, true), address, out);
            out.push(b' ');
        } else if self.options.no_addresses {
            out.push(b'\t');
        } else {
            padded(address, 16 - self.skip, out);
            out.extend_from_slice(b":\t");
        }
    }

    /// Puts the first line's bytes into the room in front of the text.
    fn raw_bytes(&self, line: &Line, start: usize, out: &mut Vec<u8>) {
        if !line.raw {
            return;
        }
        let bytes = self.data.get(line.at..line.end).unwrap_or_default();
        let shown = if self.options.wide { bytes.len() } else { bytes.len().min(line.per_line) };
        let room = line.room(self.options);
        if 3 * shown + 1 > room {
            // Longer than usual: only where lines are not broken.
            let more = 3 * shown + 1 - room;
            out.splice(start..start, std::iter::repeat_n(b' ', more));
        }
        let end = start + (3 * shown + 1).max(room);
        if let Some(place) = out.get_mut(start..end) {
            for (cell, &byte) in place.chunks_exact_mut(3).zip(&bytes[..shown]) {
                cell.copy_from_slice(&HEX[usize::from(byte)]);
            }
            if let Some(last) = place.last_mut() {
                *last = b'\t';
            }
        }
    }

    /// Bytes of an object, and as characters.
    fn plain_bytes(&self, line: &Line, out: &mut Vec<u8>) {
        let bytes = self.data.get(line.at..line.end).unwrap_or_default();
        if line.raw {
            bytes.iter().for_each(|&byte| out.extend_from_slice(&HEX[usize::from(byte)]));
            out.extend(std::iter::repeat_n(b' ', 3 * line.per_line.saturating_sub(bytes.len()) + 4));
        }
        out.extend(bytes.iter().map(|&byte| if (b' '..=b'~').contains(&byte) { byte } else { b'.' }));
    }

    /// The bytes that the first line has no room for.
    fn more_bytes(&self, line: &Line, out: &mut Vec<u8>) {
        let mut at = line.at + line.per_line;
        while at < line.end {
            let end = line.end.min(at + line.per_line);
            out.push(b'\n');
            if self.options.no_addresses {
                out.push(b'\t');
            } else if self.options.prefix_addresses {
                digits(self.address.wrapping_add(at as u64), 16, out);
                out.extend_from_slice(b":\t");
            } else {
                padded(self.address.wrapping_add(at as u64), 16 - self.skip, out);
                out.extend_from_slice(b":\t");
            }
            let bytes = self.data.get(at..end).unwrap_or_default();
            bytes.iter().for_each(|&byte| out.extend_from_slice(&HEX[usize::from(byte)]));
            at = end;
        }
    }

    fn reloc_offset(&self, reloc: &ProgramReloc) -> u64 {
        let in_object = !self.dynamic && self.program.kind == obj::program::ProgramKind::Object;
        if in_object { reloc.offset } else { reloc.offset.wrapping_sub(self.section.address) }
    }

    /// Writes the relocations up to `end`. `apart`: each on a line of its own. True when the line is over then.
    fn relocs_before(&self, next: &mut usize, end: usize, apart: bool, out: &mut Vec<u8>) -> bool {
        let mut any = false;
        while let Some(reloc) = self.relocs.get(*next).filter(|reloc| self.reloc_offset(reloc) < end as u64) {
            *next += 1;
            if apart && !any && out.last() != Some(&b'\n') {
                out.push(b'\n');
            }
            out.extend_from_slice(if self.options.wide { b"\t" } else { b"\t\t\t" });
            any = true;
            let address = self.address.wrapping_add(self.reloc_offset(reloc));
            bare_hex(address, out);
            match (self.facts.reloc_name)(reloc.number) {
                Some(name) => {
                    out.extend_from_slice(b": ");
                    out.extend_from_slice(name.as_bytes());
                    out.push(b'\t');
                }
                None => out.extend_from_slice(b": *unknown*\t"),
            }
            self.table.reloc_symbol(self.program, self.facts, reloc, self.dynamic, out);
            if reloc.addend != 0 {
                out.push(if reloc.addend < 0 { b'-' } else { b'+' });
                hex(reloc.addend.unsigned_abs(), out);
            }
            out.push(b'\n');
        }
        any
    }
}

/// Where a line's bytes are and how they are shown.
struct Line {
    raw: bool,
    per_line: usize,
    at: usize,
    end: usize,
}

impl Line {
    /// Columns that the raw bytes have in front of the text.
    fn room(&self, _options: &Options) -> usize {
        if self.raw { 3 * self.per_line + 1 } else { 0 }
    }
}

/// Names addresses by symbols.
struct Namer<'n> {
    view: &'n View<'n>,
    /// Addresses from the first up to the second are the stretch's own symbol's.
    near: Option<(u64, u64, u32)>,
}

impl Names for Namer<'_> {
    fn operand(&mut self, place: &Place, out: &mut Vec<u8>) -> bool {
        // Immediates and displacements stay numbers; a branch's text is that of an address.
        if place.role == Role::Branch {
            self.remark(place.address, out);
            return true;
        }
        false
    }

    fn remark(&mut self, address: u64, out: &mut Vec<u8>) {
        let table = self.view.table;
        if table.is_empty() {
            hex(address, out);
            return;
        }
        let choice = match self.near {
            Some((from, to, symbol)) if from <= address && address < to => Choice::Symbol(symbol),
            _ => table.find(address, false),
        };
        if !self.view.options.no_addresses {
            match self.view.options.prefix_addresses {
                true => digits(address, 16, out),
                false => bare_hex(address, out),
            }
            out.push(b' ');
        }
        self.view.symbol_at(choice, address, out);
    }
}

/// Two digits and a blank for each byte.
static HEX: [[u8; 3]; 256] = {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut table = [[b' '; 3]; 256];
    let mut at = 0;
    while at < 256 {
        table[at] = [DIGITS[at >> 4], DIGITS[at & 15], b' '];
        at += 1;
    }
    table
};

/// All 16 digits and as many of the last as are asked for.
fn digits(value: u64, count: usize, out: &mut Vec<u8>) {
    let mut text = [0; 16];
    for (pair, byte) in text.chunks_exact_mut(2).zip(value.to_be_bytes()) {
        pair.copy_from_slice(&HEX[usize::from(byte)][..2]);
    }
    out.extend_from_slice(&text[16 - count..]);
}

/// Right-aligned in `width` columns.
fn padded(value: u64, width: usize, out: &mut Vec<u8>) {
    let start = out.len();
    digits(value, width, out);
    let last = out.len() - 1;
    for digit in &mut out[start..last] {
        if *digit != b'0' {
            break;
        }
        *digit = b' ';
    }
}

fn bare_hex(value: u64, out: &mut Vec<u8>) {
    let count = (67 - (value | 1).leading_zeros()) / 4;
    digits(value, count as usize, out);
}

fn hex(value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(b"0x");
    bare_hex(value, out);
}
