//! One source space: every byte of every file read has a `u32` position.
//!
//! Files lie one after the other in the space, with a gap of at least one position between them, so that a position
//! names a file and an offset, the end of a file included. Line tables are built when the first line number is asked
//! for. The text itself is kept by the [`SourceMap`], because diagnostics quote it.

use crate::define_id;
use crate::ids::{Id, IdVec};
use std::cell::OnceCell;
use std::sync::Arc;

/// A byte position in the source space. [`Pos::NONE`] stands for "no place".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
#[repr(transparent)]
pub struct Pos(pub u32);

impl Pos {
    /// No place: position 0 belongs to no file.
    pub const NONE: Pos = Pos(0);

    pub fn is_none(self) -> bool {
        self == Pos::NONE
    }

    /// The position `n_bytes` further on.
    pub fn offset(self, n_bytes: u32) -> Pos {
        Pos(self.0.saturating_add(n_bytes))
    }
}

/// A half-open range of positions in one file.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Span {
    pub lo: Pos,
    pub hi: Pos,
}

impl Span {
    pub const NONE: Span = Span { lo: Pos::NONE, hi: Pos::NONE };

    pub fn new(lo: Pos, hi: Pos) -> Span {
        Span { lo, hi }
    }

    /// An empty span at `pos`.
    pub fn at(pos: Pos) -> Span {
        Span { lo: pos, hi: pos }
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Span) -> Span {
        Span { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }
}

define_id! {
    /// A file (or a buffer such as `<command-line>` or `<scratch space>`) of the source space. A file that is included
    /// twice has two ids, as its positions must tell the includes apart.
    pub struct FileId; "f"
}

/// Why and from where a file was entered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Included {
    /// Position of the `#include`, or [`Pos::NONE`] for the main file and for built-in buffers.
    pub from: Pos,
    /// Found in a system directory: warnings are off.
    pub system: bool,
}

/// One line-numbering override, from `#line` or a line marker: from `start` on, lines count from `line` in `name`.
#[derive(Clone, Debug)]
pub struct LineMark {
    /// Position of the first byte of the line after the directive.
    pub start: Pos,
    /// Presumed number of that line.
    pub line: u32,
    /// Presumed file name; `None` keeps the one in force.
    pub name: Option<String>,
    pub system: bool,
}

/// What the user sees of a position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Presumed file name (after `#line`).
    pub file: &'a str,
    /// Presumed line, from 1.
    pub line: u32,
    /// Byte column, from 1.
    pub column: u32,
}

/// A line of a file: every position from its first byte up to the next line's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    pub file: FileId,
    /// Real number, from 1.
    pub number: u32,
    pub start: Pos,
    /// Where the next line starts, or behind the end of the file.
    pub end: Pos,
}

struct File {
    name: String,
    start: Pos,
    /// Padded; shared by all includes of one file.
    text: Arc<Vec<u8>>,
    included: Included,
    /// Offsets of line starts.
    lines: OnceCell<Vec<u32>>,
}

/// All text of one compilation.
#[derive(Default)]
pub struct SourceMap {
    files: IdVec<FileId, File>,
    marks: Vec<LineMark>,
    next: u32,
}

/// The source space is full: 4 GiB of text in one compilation.
#[derive(Debug, Clone, Copy)]
pub struct SourceSpaceFull;

/// Zero bytes kept behind every text, so that scanners may read whole vectors past its end.
pub const TEXT_PADDING: usize = 64;

impl SourceMap {
    pub fn new() -> SourceMap {
        SourceMap { files: IdVec::new(), marks: Vec::new(), next: 1 }
    }

    /// Adds a text. `text` is what was read; [`TEXT_PADDING`] zero bytes are appended here.
    pub fn add(&mut self, name: String, mut text: Vec<u8>, included: Included) -> Result<FileId, SourceSpaceFull> {
        text.resize(text.len() + TEXT_PADDING, 0);
        self.add_shared(name, Arc::new(text), included)
    }

    /// Adds a text that already ends in [`TEXT_PADDING`] zero bytes, as [`SourceMap::shared_text`] returns it.
    pub fn add_shared(
        &mut self,
        name: String,
        text: Arc<Vec<u8>>,
        included: Included,
    ) -> Result<FileId, SourceSpaceFull> {
        assert!(text.len() >= TEXT_PADDING, "a text without padding");
        let start = self.next.max(1);
        let len = u32::try_from(text.len() - TEXT_PADDING).map_err(|_| SourceSpaceFull)?;
        let end = start.checked_add(len).and_then(|e| e.checked_add(2)).ok_or(SourceSpaceFull)?;
        self.next = end;
        Ok(self.files.push(File { name, start: Pos(start), text, included, lines: OnceCell::new() }))
    }

    /// As [`SourceMap::add_shared`], with `room` positions set aside, so that [`SourceMap::replace`] may put another text there.
    pub fn add_with_room(
        &mut self,
        name: String,
        text: Arc<Vec<u8>>,
        included: Included,
        room: u32,
    ) -> Result<FileId, SourceSpaceFull> {
        let file = self.add_shared(name, text, included)?;
        let end = self.files[file].start.0.checked_add(room).and_then(|e| e.checked_add(2)).ok_or(SourceSpaceFull)?;
        self.next = self.next.max(end);
        Ok(file)
    }

    /// Puts another text in the place of a file that was [added with room](SourceMap::add_with_room) for it. False, and nothing
    /// is changed, when it is too long. Line marks of the old text are gone.
    pub fn replace(&mut self, file: FileId, name: String, text: Arc<Vec<u8>>, room: u32) -> bool {
        assert!(text.len() >= TEXT_PADDING, "a text without padding");
        if text.len() - TEXT_PADDING > room as usize {
            return false;
        }
        let File { start, included, .. } = self.files[file];
        let end = start.offset(room);
        self.marks.retain(|mark| mark.start < start || mark.start > end);
        self.files[file] = File { name, start, text, included, lines: OnceCell::new() };
        true
    }

    /// Says anew from where a file was entered.
    pub fn set_included_from(&mut self, file: FileId, from: Pos) {
        self.files[file].included.from = from;
    }

    /// Positions given out so far.
    pub fn n_positions(&self) -> u32 {
        self.next
    }

    /// The padded text of a file, to be scanned while the map is changed or to be added once more.
    pub fn shared_text(&self, file: FileId) -> Arc<Vec<u8>> {
        Arc::clone(&self.files[file].text)
    }

    /// The `n_bytes` bytes at `pos`; fewer where the file ends before, none for [`Pos::NONE`].
    pub fn bytes(&self, pos: Pos, n_bytes: u32) -> &[u8] {
        let Some(file) = self.file_of(pos) else { return &[] };
        let text = self.text(file);
        let from = ((pos.0 - self.files[file].start.0) as usize).min(text.len());
        &text[from..(from + n_bytes as usize).min(text.len())]
    }

    /// The text of a file, without padding.
    pub fn text(&self, file: FileId) -> &[u8] {
        let text = &self.files[file].text;
        &text[..text.len() - TEXT_PADDING]
    }

    /// The text of a file with its [`TEXT_PADDING`] zero bytes.
    pub fn padded_text(&self, file: FileId) -> &[u8] {
        &self.files[file].text
    }

    /// The name under which a file was opened (not presumed).
    pub fn name(&self, file: FileId) -> &str {
        &self.files[file].name
    }

    /// Position of the first byte of a file.
    pub fn start(&self, file: FileId) -> Pos {
        self.files[file].start
    }

    pub fn included(&self, file: FileId) -> Included {
        self.files[file].included
    }

    pub fn n_files(&self) -> usize {
        self.files.len()
    }

    /// The file that `pos` lies in (its end included).
    pub fn file_of(&self, pos: Pos) -> Option<FileId> {
        if pos.is_none() || pos.0 >= self.next {
            return None;
        }
        let after = self.files.as_slice().partition_point(|f| f.start <= pos);
        after.checked_sub(1).map(FileId::from_index)
    }

    /// Adds a line override. Within one file marks come in increasing order; files may interleave.
    pub fn add_line_mark(&mut self, mark: LineMark) {
        let at = self.marks.partition_point(|m| m.start <= mark.start);
        self.marks.insert(at, mark);
    }

    /// From `start` on its file counts as a system header (`#pragma GCC system_header`); lines stay as they are.
    pub fn mark_system_from(&mut self, start: Pos) {
        let Some(line) = self.place(start).map(|p| p.line) else { return };
        self.add_line_mark(LineMark { start, line, name: None, system: true });
    }

    /// True when some `#line` or marker changes the numbering of this file.
    pub fn has_line_marks(&self, file: FileId) -> bool {
        let Some(file) = self.files.get(file) else { return false };
        let after = self.marks.partition_point(|m| m.start < file.start);
        let end = file.start.offset((file.text.len() - TEXT_PADDING) as u32 + 1);
        self.marks.get(after).is_some_and(|m| m.start < end)
    }

    /// Real line (from 1) and byte column (from 1) of `pos` in its file.
    pub fn line_column(&self, pos: Pos) -> Option<(FileId, u32, u32)> {
        let line = self.line_near(pos, None)?;
        Some((line.file, line.number, pos.0 - line.start.0 + 1))
    }

    /// The whole line that `pos` lies in, given where the line asked for before it began: positions that are asked for in
    /// order are found in a few steps.
    pub fn line_near(&self, pos: Pos, before: Option<Line>) -> Option<Line> {
        let near = before.filter(|line| {
            let file = &self.files[line.file];
            pos >= line.start && pos.0 - file.start.0 <= (file.text.len() - TEXT_PADDING) as u32
        });
        let file = match near {
            Some(line) => line.file,
            None => self.file_of(pos)?,
        };
        let start = self.files[file].start;
        let (offset, lines) = (pos.0 - start.0, self.lines(file));
        let mut idx = near.map_or(0, |line| line.number as usize - 1);
        // A few lines on are found at a walk.
        let mut steps = if near.is_some() { 8 } else { 0 };
        while steps > 0 && lines.get(idx + 1).is_some_and(|&next| next <= offset) {
            idx += 1;
            steps -= 1;
        }
        if steps == 0 {
            idx += lines[idx..].partition_point(|&line| line <= offset) - 1;
        }
        let end = lines.get(idx + 1).map_or(u32::MAX, |&next| next);
        let end = end.min((self.files[file].text.len() - TEXT_PADDING) as u32 + 1);
        Some(Line { file, number: idx as u32 + 1, start: start.offset(lines[idx]), end: start.offset(end) })
    }

    /// What the user sees of `pos`, `#line` considered.
    pub fn place(&self, pos: Pos) -> Option<Place<'_>> {
        Some(self.place_on(self.line_near(pos, None)?, pos))
    }

    /// [`SourceMap::place`] for a position on a line that is known. File and number are the same all along the line.
    pub fn place_on(&self, line: Line, pos: Pos) -> Place<'_> {
        let file = line.file;
        let mut place =
            Place { file: &self.files[file].name, line: line.number, column: pos.0.wrapping_sub(line.start.0) + 1 };
        if let Some(last) = self.mark_of(file, pos) {
            let marked = self.line_near(self.marks[last].start, None).map_or(1, |marked| marked.number);
            place.line = self.marks[last].line.wrapping_add(line.number.wrapping_sub(marked));
            let start = self.files[file].start;
            let named =
                self.marks[..=last].iter().rev().take_while(|m| m.start >= start).find_map(|m| m.name.as_deref());
            if let Some(name) = named {
                place.file = name;
            }
        }
        place
    }

    /// True when `pos` lies in text that counts as a system header.
    pub fn is_system(&self, pos: Pos) -> bool {
        let Some(file) = self.file_of(pos) else { return false };
        match self.mark_of(file, pos) {
            Some(mark) => self.marks[mark].system,
            None => self.files[file].included.system,
        }
    }

    /// The real line that `pos` lies in, without its newline.
    pub fn line_text(&self, pos: Pos) -> &[u8] {
        let Some((file, line, _)) = self.line_column(pos) else { return b"" };
        let lines = self.lines(file);
        let text = self.text(file);
        let start = lines[line as usize - 1] as usize;
        let end = lines.get(line as usize).map_or(text.len(), |&l| l as usize);
        let mut line = &text[start..end];
        while let [rest @ .., b'\n' | b'\r'] = line {
            line = rest;
        }
        line
    }

    fn mark_of(&self, file: FileId, pos: Pos) -> Option<usize> {
        let last = self.marks.partition_point(|m| m.start <= pos).checked_sub(1)?;
        (self.marks[last].start >= self.files[file].start).then_some(last)
    }

    fn lines(&self, file: FileId) -> &[u32] {
        self.files[file].lines.get_or_init(|| {
            let text = self.text(file);
            let mut starts = Vec::with_capacity(text.len() / 24 + 1);
            starts.push(0);
            crate::bytes::each_place(text, b'\n', |at| starts.push(at as u32 + 1));
            starts
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_name_files_lines_and_columns() {
        let mut map = SourceMap::new();
        let main = Included { from: Pos::NONE, system: false };
        let a = map.add("a.c".into(), b"one\ntwo\n".to_vec(), main).unwrap();
        let b = map.add("b.h".into(), b"x".to_vec(), Included { from: map.start(a), system: true }).unwrap();
        let two = map.start(a).offset(5);
        assert_eq!(map.place(two), Some(Place { file: "a.c", line: 2, column: 2 }));
        assert_eq!(map.line_text(two), b"two");
        assert_eq!(map.file_of(map.start(b).offset(1)), Some(b));
        assert!(map.is_system(map.start(b)) && !map.is_system(two));
        assert_eq!(map.place(Pos::NONE), None);
    }

    #[test]
    fn lines_are_the_same_wherever_the_search_begins() {
        let mut map = SourceMap::new();
        let main = Included { from: Pos::NONE, system: false };
        let text: Vec<u8> = (0..200u32).map(|at| if at * at % 7 == 2 || at > 180 { b'\n' } else { b'a' }).collect();
        let files = [text.clone(), Vec::new(), b"no end".to_vec(), text];
        let files = files.map(|text| map.add("a.c".into(), text, main).unwrap());
        let all: Vec<Pos> = files
            .iter()
            .flat_map(|&file| (0..=map.text(file).len() as u32).map(move |at| (file, at)))
            .map(|(file, at)| map.start(file).offset(at))
            .collect();
        for &pos in &all {
            let line = map.line_near(pos, None).unwrap();
            assert!(line.start <= pos && pos < line.end && map.file_of(pos) == Some(line.file));
            let text = map.text(line.file);
            let at = (pos.0 - map.start(line.file).0) as usize;
            assert_eq!(line.number as usize, 1 + text[..at].iter().filter(|&&b| b == b'\n').count());
            for &other in all.iter().step_by(7) {
                assert_eq!(map.line_near(pos, map.line_near(other, None)), Some(line));
            }
        }
    }

    #[test]
    fn a_text_takes_the_place_of_another() {
        let mut map = SourceMap::new();
        let main = Included { from: Pos::NONE, system: false };
        let padded = |text: &str| {
            let mut bytes = text.as_bytes().to_vec();
            bytes.resize(text.len() + TEXT_PADDING, 0);
            Arc::new(bytes)
        };
        let a = map.add_with_room("a.c".into(), padded("one\ntwo\n"), main, 100).unwrap();
        let b = map.add("b.h".into(), b"x".to_vec(), Included { from: map.start(a), system: true }).unwrap();
        assert_eq!(map.start(b), map.start(a).offset(102));
        map.add_line_mark(LineMark { start: map.start(a).offset(4), line: 90, name: None, system: false });
        assert_eq!(map.place(map.start(a).offset(4)).unwrap().line, 90);
        assert!(map.replace(a, "c.c".into(), padded("o\nn\ne"), 100));
        assert_eq!(map.place(map.start(a).offset(4)), Some(Place { file: "c.c", line: 3, column: 1 }));
        assert!(!map.replace(a, "d.c".into(), padded(&"x".repeat(101)), 100));
        map.set_included_from(b, map.start(a).offset(2));
        assert_eq!(map.included(b).from, map.start(a).offset(2));
        assert!(map.is_system(map.start(b)));
    }

    #[test]
    fn line_marks_renumber_what_follows_them() {
        let mut map = SourceMap::new();
        let main = Included { from: Pos::NONE, system: false };
        let a = map.add("a.c".into(), b"#line 90 \"y.y\"\nhere\nthere\n".to_vec(), main).unwrap();
        let start = map.start(a).offset(15);
        map.add_line_mark(LineMark { start, line: 90, name: Some("y.y".into()), system: false });
        assert_eq!(map.place(start.offset(6)), Some(Place { file: "y.y", line: 91, column: 2 }));
        assert_eq!(map.place(map.start(a)).unwrap().file, "a.c");
    }
}
