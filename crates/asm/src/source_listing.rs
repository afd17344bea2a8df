//! Listings of assembly text (`kit as -a…`): each line beside the bytes that it became. While text is assembled, statements
//! note which places of which pieces they filled ([`Recorder`]); when the object is done, `pages` writes lines and bytes down.
//! Shapes are those of GNU as 2.40 (GNU as manual, 2.1 "-a"; listing directives in chapter 7).

mod pages;

use crate::cursor::Cursor;
use crate::directive::{Outcome, number};
use crate::unit::{Assembler, Text};
use base::io::InputSource;
use mc::buffer::Mark;
use obj::AtomId;
use obj::build::ObjectBuilder;
use std::path::Path;

/// What a listing shows, and how wide: the letters behind `-a` and `--listing-…`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListingOptions {
    /// `l`
    pub assembly: bool,
    /// `h`: lines of the source that `.loc` speaks of.
    pub source: bool,
    /// `s`
    pub symbols: bool,
    /// `m`: what macros and repetitions became.
    pub macros: bool,
    /// `c`: without what conditions left out.
    pub omits_skipped: bool,
    /// `d`: without `.type`, `.size` and their like.
    pub omits_debugging: bool,
    /// `n`: without pages.
    pub omits_pages: bool,
    /// `g`: what stands before everything.
    pub head: Option<String>,
    /// Words of four bytes in a first line, and in those that go on.
    pub words: usize,
    pub more_words: usize,
    /// Lines that go on, at the most.
    pub more_lines: usize,
    /// Characters of a line of text, and one more.
    pub width: usize,
}

impl Default for ListingOptions {
    fn default() -> ListingOptions {
        ListingOptions {
            assembly: false,
            source: false,
            symbols: false,
            macros: false,
            omits_skipped: false,
            omits_debugging: false,
            omits_pages: false,
            head: None,
            words: 1,
            more_words: 1,
            more_lines: 4,
            width: 100,
        }
    }
}

/// Code between two places of a piece.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Range {
    pub piece: u32,
    pub from: Mark,
    pub to: Mark,
}

/// What a directive asks of the pages.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) enum Edict {
    #[default]
    Nothing,
    Title(String),
    Subtitle(String),
    Eject,
}

/// A line of the listing; lines of files between two of them are shown as they are.
#[derive(Debug, Default)]
pub(crate) struct Entry {
    /// Of [`Recorder::files`].
    pub file: u32,
    /// From 1; of an expansion, that of what made it.
    pub line: u32,
    /// A line that macros made, with their depth.
    pub made: Option<(u32, String)>,
    pub ranges: Vec<Range>,
    pub is_hidden: bool,
    pub edict: Edict,
    /// File and line of the source that `.loc` named.
    pub source: Option<(u32, u32)>,
}

/// A file of text.
#[derive(Debug)]
pub(crate) struct Listed {
    pub name: String,
    pub text: Vec<u8>,
}

/// What happened to each line.
#[derive(Debug)]
pub(crate) struct Recorder {
    pub options: ListingOptions,
    pub files: Vec<Listed>,
    /// Names of sources, and what is in them.
    pub sources: Vec<Listed>,
    pub entries: Vec<Entry>,
    /// Lines of a page; 0 for no pages.
    pub height: u32,
    /// `.list` less `.nolist`, from 1.
    shown: i32,
    edict: Edict,
    source: Option<(u32, u32)>,
    /// Texts that were begun.
    n_texts: u32,
    /// Of expansions within each other.
    depth: u32,
    /// Of expansions that are not shown: the statement that made them takes it.
    pending: Vec<Range>,
    /// That pieces begin with, in the end.
    pub atoms: Vec<Option<AtomId>>,
}

/// Before a statement.
pub(crate) struct Begun {
    piece: u32,
    mark: Mark,
    entry: usize,
    n_texts: u32,
    was_skipping: bool,
}

impl Recorder {
    pub fn new(options: ListingOptions) -> Recorder {
        Recorder {
            options,
            files: Vec::new(),
            sources: Vec::new(),
            entries: Vec::new(),
            height: 60,
            shown: 1,
            edict: Edict::Nothing,
            source: None,
            n_texts: 0,
            depth: 0,
            pending: Vec::new(),
            atoms: Vec::new(),
        }
    }

    /// Pieces became one.
    pub fn rebase(&mut self, rebase: impl Fn(&mut u32, &mut Mark)) {
        for range in self.entries.iter_mut().flat_map(|entry| &mut entry.ranges) {
            let mut piece = range.piece;
            rebase(&mut piece, &mut range.from);
            rebase(&mut range.piece, &mut range.to);
        }
    }

    /// The number of a file that is read.
    pub fn file(&mut self, name: &str, text: &[u8]) -> u32 {
        self.files.push(Listed { name: name.to_string(), text: text.to_vec() });
        self.files.len() as u32 - 1
    }

    /// A text begins.
    pub fn enter(&mut self, is_made: bool) {
        self.n_texts += 1;
        self.depth += u32::from(is_made);
    }

    pub fn leave(&mut self, is_made: bool) {
        self.depth -= u32::from(is_made);
    }
}

impl Assembler {
    /// What [`Self::listed`] needs to know of the time before a statement.
    pub(crate) fn about_to_list(&mut self) -> Option<Begun> {
        let (piece, was_skipping) = (self.tables.piece, self.is_skipping());
        let mark = self.pieces[piece as usize].code.mark();
        let recorder = self.recorder.as_deref_mut()?;
        let begun = Begun { piece, mark, entry: recorder.entries.len(), n_texts: recorder.n_texts, was_skipping };
        // What the statement makes comes behind it.
        recorder.entries.push(Entry::default());
        Some(begun)
    }

    /// Notes a statement, which ended in line `line` of its file.
    pub(crate) fn listed(&mut self, begun: Begun, text: &Text, statement: &[u8], line: u32) {
        let piece = self.tables.piece;
        let mark = self.pieces[piece as usize].code.mark();
        let is_skipping = self.is_skipping();
        let Some(recorder) = self.recorder.as_deref_mut() else { return };
        let has_texts = recorder.n_texts != begun.n_texts;
        let is_filled = !has_texts && piece == begun.piece && mark != begun.mark;
        let range = is_filled.then_some(Range { piece, from: begun.mark, to: mark });
        if text.listed.is_none() && !recorder.options.macros {
            // Goes to the statement of the file; nothing within it is a line of its own.
            recorder.pending.extend(range);
            recorder.entries.remove(begun.entry);
            recorder.edict = Edict::Nothing;
            return;
        }
        let entry = &mut recorder.entries[begun.entry];
        entry.ranges.extend(range);
        entry.is_hidden = recorder.shown <= 0 || recorder.options.omits_skipped && begun.was_skipping && is_skipping;
        entry.edict = std::mem::take(&mut recorder.edict);
        entry.source = recorder.source.take();
        let Some(file) = text.listed else {
            let shown = tidy(statement);
            entry.is_hidden |= shown.trim().is_empty();
            entry.made = Some((recorder.depth, shown));
            return;
        };
        (entry.file, entry.line) = (file, line);
        if entry.ranges.is_empty() {
            entry.ranges = std::mem::take(&mut recorder.pending);
        }
        for made in &mut recorder.entries[begun.entry + 1..] {
            if made.made.is_some() && made.line == 0 {
                (made.file, made.line) = (file, line);
            }
        }
        recorder.join(begun.entry);
    }

    /// The listing, once the object is done; without one, what errors left of it.
    pub fn write_listing(&mut self, object: Option<&mut ObjectBuilder>) {
        let Some(mut recorder) = self.recorder.take() else { return };
        let atoms = std::mem::take(&mut recorder.atoms);
        self.listing = pages::write(self, &recorder, object.map(|builder| (builder, &atoms[..])));
    }

    /// A `.loc` of this file and line.
    pub(crate) fn list_source(&mut self, name: &str, line: u32) {
        let Some(recorder) = self.recorder.as_deref_mut() else { return };
        if !recorder.options.source {
            return;
        }
        let known = recorder.sources.iter().position(|source| source.name == name);
        let number = known.unwrap_or_else(|| {
            recorder.sources.push(Listed { name: name.to_string(), text: Vec::new() });
            recorder.sources.len() - 1
        });
        recorder.source = Some((number as u32, line));
    }

    /// Reads the sources that lines come from; those that are not there are not shown.
    pub fn read_listed_sources(&mut self, source: &dyn InputSource) {
        for listed in self.recorder.iter_mut().flat_map(|recorder| &mut recorder.sources) {
            if source.read_if_file(Path::new(&listed.name), &mut listed.text).is_err() {
                listed.text.clear();
            }
        }
    }

    /// What was listed; empty where nobody asked.
    pub fn listing(&self) -> &[u8] {
        &self.listing
    }
}

impl Recorder {
    /// Several statements of one line are one entry.
    fn join(&mut self, at: usize) {
        if at + 1 != self.entries.len() || at == 0 {
            return;
        }
        let (before, here) = (&self.entries[at - 1], &self.entries[at]);
        if before.made.is_some() || (before.file, before.line) != (here.file, here.line) {
            return;
        }
        let Some(here) = self.entries.pop() else { return };
        let before = &mut self.entries[at - 1];
        before.ranges.extend(here.ranges);
        before.source = here.source.or(before.source);
        if here.edict != Edict::Nothing {
            before.edict = here.edict;
        }
    }
}

/// A line as macros made it: without blanks that say nothing, as GNU as keeps it.
fn tidy(statement: &[u8]) -> String {
    let mut out: Vec<u8> = Vec::with_capacity(statement.len());
    let mut quote = None;
    let mut at = 0;
    while at < statement.len() {
        let byte = statement[at];
        at += 1;
        match quote {
            Some(end) => {
                out.push(byte);
                if byte == b'\\' && at < statement.len() {
                    out.push(statement[at]);
                    at += 1;
                } else if byte == end {
                    quote = None;
                }
            }
            None if matches!(byte, b' ' | b'\t' | b'\r') => {
                let next = statement[at..].iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
                let says_nothing = matches!(out.last(), Some(b' ' | b',' | b':')) || matches!(next, None | Some(b','));
                if !says_nothing {
                    out.push(b' ');
                }
            }
            None => {
                quote = (byte == b'"').then_some(b'"');
                out.push(byte);
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

pub(crate) const LIST: u32 = 0;
pub(crate) const NOLIST: u32 = 1;
pub(crate) const EJECT: u32 = 2;
pub(crate) const TITLE: u32 = 3;
pub(crate) const SUBTITLE: u32 = 4;

/// `.list`, `.nolist`, `.eject`, `.title "TEXT"`, `.sbttl "TEXT"`
pub(crate) fn directive(asm: &mut Assembler, line: &mut Cursor, what: u32) -> Outcome {
    let rest = line.rest();
    line.finish();
    let Some(recorder) = asm.recorder.as_deref_mut() else { return Ok(()) };
    let said = String::from_utf8_lossy(rest).trim().trim_matches('"').to_string();
    match what {
        LIST => recorder.shown += 1,
        NOLIST => recorder.shown -= 1,
        EJECT => recorder.edict = Edict::Eject,
        TITLE => recorder.edict = Edict::Title(said),
        _ => recorder.edict = Edict::Subtitle(said),
    }
    Ok(())
}

/// `.psize HEIGHT[, WIDTH]`
pub(crate) fn page_size(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let mut height = number(asm, line)?;
    if !(0..=1000).contains(&height) {
        asm.tables.warn("strange paper height, set to no form");
        height = 0;
    }
    if let Some(recorder) = asm.recorder.as_deref_mut() {
        recorder.height = height as u32;
    }
    if !line.eat(b',') {
        return Ok(());
    }
    if line.is_end() {
        return Err("missing expression for paper width".into());
    }
    if number(asm, line)? < 8 {
        return Err("new paper width is too small".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::tidy;

    #[test]
    fn blanks_that_say_nothing_are_left_out() {
        assert_eq!(tidy(b"\tmovl\t$1 ,  %eax  "), " movl $1,%eax");
        assert_eq!(tidy(b"lab0:\tnop"), "lab0:nop");
        assert_eq!(tidy(b" .ascii\t\"a  b\\\"  \tc\" , \"x\""), " .ascii \"a  b\\\"  \tc\",\"x\"");
        assert_eq!(tidy(b" \t"), "");
    }
}
