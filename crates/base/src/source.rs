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
        let file = self.file_of(pos)?;
        let offset = pos.0 - self.files[file].start.0;
        let lines = self.lines(file);
        let idx = lines.partition_point(|&l| l <= offset) - 1;
        Some((file, idx as u32 + 1, offset - lines[idx] + 1))
    }

    /// What the user sees of `pos`, `#line` considered.
    pub fn place(&self, pos: Pos) -> Option<Place<'_>> {
        let (file, line, column) = self.line_column(pos)?;
        let mut place = Place { file: &self.files[file].name, line, column };
        if let Some(last) = self.mark_of(file, pos) {
            let (_, mark_line, _) = self.line_column(self.marks[last].start)?;
            place.line = self.marks[last].line.wrapping_add(line.wrapping_sub(mark_line));
            let start = self.files[file].start;
            let named =
                self.marks[..=last].iter().rev().take_while(|m| m.start >= start).find_map(|m| m.name.as_deref());
            if let Some(name) = named {
                place.file = name;
            }
        }
        Some(place)
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
            let mut starts = vec![0];
            let text = self.text(file);
            let mut at = 0;
            while let Some(len) = crate::bytes::find_byte(&text[at..], b'\n') {
                at += len + 1;
                starts.push(at as u32);
            }
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
