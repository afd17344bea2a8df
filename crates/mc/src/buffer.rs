//! The code of one function under construction: bytes, labels, branches that relax, relocations, line and unwind rows.
//!
//! Instructions are written forward, one unaligned 8-byte store each where they fit, into a scratch area that is reused
//! from function to function. Branches are written in their long form. [`CodeBuffer::finish`] finds the smallest set
//! of long branches, as GNU as does (all short, then grow until nothing changes), and copies the code once into the
//! section, closing the gaps. Whatever names a place in the code is a [`Mark`] until then: an offset, and how many flexible
//! spots lie before it, so that its final offset is one subtraction.

pub use crate::relax::Filler;
use crate::relax::Spot;
use crate::rows::{LineRow, UnwindOp, UnwindRow};
use base::Pos;
use obj::RelocTarget;
use target::RelocKind;

/// A place in the code that branches go to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Label(pub u32);

/// A place in the code before relaxation; what was written later is greater.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Mark {
    pub(crate) offset: u32,
    /// Flexible spots before it.
    pub(crate) n_flex: u32,
}

impl Mark {
    /// Bytes to another place of the same code, if nothing between the two can change its length.
    pub fn plain_distance(self, to: Mark) -> Option<i64> {
        (self.n_flex == to.n_flex).then(|| i64::from(to.offset) - i64::from(self.offset))
    }
}

/// A branch that exists in a short and a long form. Displacements count from the end of the instruction.
pub struct BranchRow {
    pub short_len: u8,
    pub long_len: u8,
    /// Least and greatest displacement of the short form.
    pub short_range: (i32, i32),
    /// Makes an instruction of `short_len` or `long_len` (the first operand) bytes: the branch's `aux` (a condition), displacement.
    /// The bytes are the low ones of the word; what stands above them means nothing.
    pub word: fn(u8, u8, i32) -> u64,
}

/// A relocation of the code under construction; the place of its field is a mark.
#[derive(Clone, Copy, Debug)]
pub struct CodeReloc {
    pub at: Mark,
    pub kind: RelocKind,
    pub target: RelocTarget,
    pub addend: i64,
}

/// A spot whose final length is decided at the end.
#[derive(Clone, Copy)]
pub(crate) struct Flex {
    pub at: u32,
    /// Label of a branch, or index of the bytes of a reserved spot.
    pub target: u32,
    /// Index of the branch's row; `RESERVED` for other spots.
    pub row: u8,
    pub aux: u8,
    /// Bytes of the buffer that it takes.
    pub long_len: u16,
    pub len: u16,
}

pub(crate) const RESERVED: u8 = u8::MAX;
/// `target` is an index of [`CodeBuffer::spots`]; it takes no bytes of the buffer.
pub(crate) const SPOT: u8 = u8::MAX - 1;

/// Bytes that are moved at once.
pub(crate) const CHUNK: usize = 32;
/// Longer pieces are copied by a call.
const MAX_CHUNKED: usize = 128;

/// Copies a range to `to`, by chunks, the last of which may reach beyond the end; returns where the copy ends. Branches stand so
/// close that a call for each piece between them would cost more than the copy.
#[inline(always)]
pub(crate) fn copy_chunks(bytes: &[u8], range: std::ops::Range<usize>, spot: &mut [u8], to: usize) -> usize {
    let len = range.len();
    let end = to + len;
    if len > MAX_CHUNKED {
        spot[to..end].copy_from_slice(&bytes[range]);
        return end;
    }
    let (mut from, mut at) = (range.start, to);
    while at < end {
        spot[at..at + CHUNK].copy_from_slice(&bytes[from..from + CHUNK]);
        from += CHUNK;
        at += CHUNK;
    }
    end
}

const UNBOUND: u32 = u32::MAX;

/// A reserved spot: see [`CodeBuffer::reserve`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reserved(u32);

/// See the module's description.
pub struct CodeBuffer {
    pub(crate) bytes: Vec<u8>,
    /// Narrower than a length, so that nothing added to it can overflow one.
    pub(crate) pos: u32,
    pub(crate) branch_rows: &'static [BranchRow],
    /// Code of at most this many bytes has only short branches.
    reach: u32,
    /// Branches are written in their long form: a branch that is short goes to a place at most so many bytes off in what is written.
    pub(crate) near: u32,
    labels: Vec<Mark>,
    pub(crate) flex: Vec<Flex>,
    pub(crate) fixed: Vec<[u8; 16]>,
    pub(crate) spots: Vec<Spot>,
    /// Bytes beyond what the length of a spot can say, in code without bytes: flexible place, sum of all up to this one.
    pub(crate) huge: Vec<(u32, u64)>,
    /// Lengths are decided ([`crate::relax`]): where each branch goes.
    pub(crate) settled: Option<Vec<Mark>>,
    /// Blocks of flexible places near which some length changed in the last pass; none when all are to be looked at.
    pub(crate) restless: Vec<bool>,
    /// How many alignments lie before each flexible place.
    pub(crate) regions: Vec<u32>,
    /// Of each block the bits of an address that its alignments ask for.
    pub(crate) grids: Vec<u32>,
    /// Some spot has the length that its owner asks for.
    pub(crate) has_askers: bool,
    /// The last pass changed nothing.
    pub(crate) is_calm: bool,
    pub relocs: Vec<CodeReloc>,
    lines: Vec<(Mark, Pos, u8)>,
    unwind: Vec<(Mark, UnwindOp)>,
    /// Bytes saved by the flexible spots before each, after `finish`; spots that grew from nothing wrap around.
    pub(crate) saved: Vec<u32>,
    /// Branches that may have to be long.
    far: Vec<u32>,
}

impl CodeBuffer {
    pub fn new(branch_rows: &'static [BranchRow]) -> CodeBuffer {
        CodeBuffer { bytes: vec![0; 4096], ..CodeBuffer::empty(branch_rows) }
    }

    /// One that has no memory yet: of thousands, most hold little.
    pub fn empty(branch_rows: &'static [BranchRow]) -> CodeBuffer {
        CodeBuffer {
            bytes: Vec::new(),
            pos: 0,
            branch_rows,
            reach: branch_rows
                .iter()
                .map(|row| row.short_range.0.unsigned_abs().min(row.short_range.1 as u32))
                .min()
                .unwrap_or(0),
            near: branch_rows
                .iter()
                .filter(|row| row.long_len > row.short_len)
                .map(|row| {
                    (row.short_range.0.unsigned_abs() / u32::from(row.short_len.max(1)) + 1)
                        .saturating_mul(u32::from(row.long_len))
                })
                .max()
                .unwrap_or(0),
            labels: Vec::new(),
            flex: Vec::new(),
            fixed: Vec::new(),
            spots: Vec::new(),
            huge: Vec::new(),
            settled: None,
            restless: Vec::new(),
            regions: Vec::new(),
            grids: Vec::new(),
            has_askers: false,
            is_calm: false,
            relocs: Vec::new(),
            lines: Vec::new(),
            unwind: Vec::new(),
            saved: Vec::new(),
            far: Vec::new(),
        }
    }

    /// Empties it and makes the labels 0 to `n_labels`.
    pub fn reset(&mut self, n_labels: usize) {
        self.pos = 0;
        self.labels.clear();
        self.labels.resize(n_labels, Mark { offset: UNBOUND, n_flex: 0 });
        self.flex.clear();
        self.fixed.clear();
        self.spots.clear();
        self.huge.clear();
        self.settled = None;
        self.relocs.clear();
        self.lines.clear();
        self.unwind.clear();
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn grow(&mut self) {
        let len = (self.bytes.len() * 2).max(64);
        self.bytes.resize(len, 0);
    }

    /// Appends the low `len` (at most 8) bytes of `word`.
    #[inline]
    pub fn put(&mut self, word: u64, len: usize) {
        debug_assert!(len <= 8);
        let at = self.pos as usize;
        match self.bytes.get_mut(at..at + 8) {
            Some(spot) => {
                spot.copy_from_slice(&word.to_le_bytes());
                self.pos += len as u32;
            }
            None => self.put_grown(word, len),
        }
    }

    /// The last thing its caller does, so that the short way keeps nothing for it.
    #[cold]
    #[inline(never)]
    fn put_grown(&mut self, word: u64, len: usize) {
        self.grow();
        self.put(word, len);
    }

    /// Appends the low `len` (at most 7) bytes of `head` and the low `tail_len` (at most 8) bytes of `tail`.
    #[inline(always)]
    pub fn put_two(&mut self, head: u64, len: usize, tail: u64, tail_len: usize) {
        debug_assert!(len <= 7 && tail_len <= 8);
        let start = self.pos as usize;
        match self.bytes.get_mut(start..start + 16) {
            Some(spot) => {
                spot[..8].copy_from_slice(&head.to_le_bytes());
                // The mask spares a check of bounds.
                let at = len & 7;
                spot[at..at + 8].copy_from_slice(&tail.to_le_bytes());
                self.pos += (len + tail_len) as u32;
            }
            None => self.put_two_grown(head, len, tail, tail_len),
        }
    }

    #[cold]
    #[inline(never)]
    fn put_two_grown(&mut self, head: u64, len: usize, tail: u64, tail_len: usize) {
        self.grow();
        self.put_two(head, len, tail, tail_len);
    }

    /// Changes the byte at `at`, counted before relaxation.
    pub fn patch(&mut self, at: usize, byte: u8) {
        self.bytes[at] = byte;
    }

    #[inline]
    pub fn mark(&self) -> Mark {
        Mark { offset: self.pos, n_flex: self.flex.len() as u32 }
    }

    /// Bytes written so far, before relaxation.
    #[inline]
    pub fn len(&self) -> usize {
        self.pos as usize
    }

    pub fn is_empty(&self) -> bool {
        self.pos == 0
    }

    pub fn new_label(&mut self) -> Label {
        self.labels.push(Mark { offset: UNBOUND, n_flex: 0 });
        Label(self.labels.len() as u32 - 1)
    }

    /// A label for a place that was passed.
    pub fn new_label_at(&mut self, mark: Mark) -> Label {
        self.labels.push(mark);
        Label(self.labels.len() as u32 - 1)
    }

    /// The next instruction is where `label` is.
    #[inline]
    pub fn bind(&mut self, label: Label) {
        debug_assert!(self.labels[label.0 as usize].offset == UNBOUND, "a label is bound once");
        self.labels[label.0 as usize] = self.mark();
    }

    /// A branch of the kind in row `row` to `label`.
    #[inline]
    pub fn branch(&mut self, row: u8, aux: u8, label: Label) {
        let BranchRow { short_len, long_len, .. } = self.branch_rows[row as usize];
        let (len, long) = (u16::from(short_len), u16::from(long_len));
        self.flex.push(Flex { at: self.pos, target: label.0, row, aux, long_len: long, len });
        self.put(0, long_len as usize);
    }

    /// Keeps room for at most `len` (up to 16) bytes that are known later: see [`CodeBuffer::fill`].
    pub fn reserve(&mut self, len: usize) -> Reserved {
        debug_assert!(len <= 16);
        let at = self.pos;
        self.fixed.push([0; 16]);
        self.flex.push(Flex {
            at,
            target: self.fixed.len() as u32 - 1,
            row: RESERVED,
            aux: 0,
            long_len: len as u16,
            len: 0,
        });
        self.put(0, len.min(8));
        self.put(0, len.saturating_sub(8));
        Reserved(self.flex.len() as u32 - 1)
    }

    /// The bytes of a reserved spot.
    pub fn fill(&mut self, spot: Reserved, bytes: &[u8]) {
        let flex = &mut self.flex[spot.0 as usize];
        assert!(flex.row == RESERVED && bytes.len() <= flex.long_len as usize);
        flex.len = bytes.len() as u16;
        self.fixed[flex.target as usize][..bytes.len()].copy_from_slice(bytes);
    }

    /// Appends bytes, however many.
    pub fn put_bytes(&mut self, bytes: &[u8]) {
        let at = self.pos as usize;
        while self.bytes.len() < at + bytes.len() {
            self.grow();
        }
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
        self.pos += bytes.len() as u32;
    }

    /// Where each label is, if it is bound.
    pub fn label_marks(&self) -> impl Iterator<Item = Option<Mark>> {
        self.labels.iter().map(|&mark| (mark.offset != UNBOUND).then_some(mark))
    }

    /// Where `label` is, if it is bound.
    pub fn label_mark(&self, label: Label) -> Option<Mark> {
        self.labels.get(label.0 as usize).copied().filter(|mark| mark.offset != UNBOUND)
    }

    /// A relocation of the field that starts at the current place.
    #[inline]
    pub fn reloc(&mut self, kind: RelocKind, target: RelocTarget, addend: i64) {
        let at = self.mark();
        self.relocs.push(CodeReloc { at, kind, target, addend });
    }

    /// From here on code belongs to `pos`. Rows at one place collapse into the last one; flags add up.
    pub fn line(&mut self, pos: Pos, flags: u8) {
        let at = self.mark();
        match self.lines.last_mut() {
            Some(last) if last.0 == at => *last = (at, pos, last.2 | flags),
            Some(last) if last.1 == pos && flags & !LineRow::IS_STMT == 0 => {}
            _ => self.lines.push((at, pos, flags)),
        }
    }

    pub fn unwind(&mut self, op: UnwindOp) {
        let at = self.mark();
        self.unwind.push((at, op));
    }

    /// Decides the lengths and appends the code to `out`. Returns its size. Every label that a branch names is bound.
    pub fn finish(&mut self, out: &mut Vec<u8>) -> u32 {
        if self.settled.is_some() {
            return self.finish_settled(out);
        }
        debug_assert!(self.spots.is_empty(), "spots are settled before");
        self.relax();
        let start = out.len();
        let pos = self.pos as usize;
        let total = pos - self.saved[self.flex.len()] as usize;
        // Whole words and chunks are moved: the rest of the last one is cut off.
        while self.bytes.len() < pos + CHUNK {
            self.grow();
        }
        out.resize(start + total + CHUNK, 0);
        let spot = &mut out[start..];
        let (mut from, mut to) = (0, 0);
        for (flex, &saved) in self.flex.iter().zip(&self.saved) {
            let at = flex.at as usize;
            to = copy_chunks(&self.bytes, from..at, spot, to);
            from = at + flex.long_len as usize;
            debug_assert_eq!(to, at - saved as usize);
            if flex.row < SPOT {
                let displacement = self.displacement(flex, saved);
                let word = (self.branch_rows[flex.row as usize].word)(flex.len as u8, flex.aux, displacement);
                spot[to..to + 8].copy_from_slice(&word.to_le_bytes());
            } else {
                let len = usize::from(flex.len);
                spot[to..to + len].copy_from_slice(&self.fixed[flex.target as usize][..len]);
            }
            to += flex.len as usize;
        }
        to = copy_chunks(&self.bytes, from..pos, spot, to);
        debug_assert_eq!(to, total);
        out.truncate(start + total);
        total as u32
    }

    /// The least fixed point of "a branch is long when its target is out of reach".
    fn relax(&mut self) {
        self.saved.clear();
        self.saved.reserve(self.flex.len() + 1);
        let mut sum = 0;
        self.saved.extend(self.flex.iter().map(|flex| {
            let before = sum;
            sum += u32::from(flex.long_len - flex.len);
            before
        }));
        self.saved.push(sum);
        // Nothing is out of reach in so little code.
        if self.pos - sum <= self.reach {
            return;
        }
        // A branch whose target is near even with long branches between them stays short.
        self.far.clear();
        for (idx, flex) in self.flex.iter().enumerate() {
            let distance = self.labels.get(flex.target as usize).map_or(u32::MAX, |mark| mark.offset.abs_diff(flex.at));
            if distance.saturating_add(u32::from(flex.long_len)) > self.reach && flex.row < SPOT {
                self.far.push(idx as u32);
            }
        }
        let mut far = std::mem::take(&mut self.far);
        loop {
            let n_far = far.len();
            far.retain(|&idx| {
                let row = &self.branch_rows[self.flex[idx as usize].row as usize];
                let displacement = self.displacement(&self.flex[idx as usize], self.saved[idx as usize]);
                let is_short = row.short_range.0 <= displacement && displacement <= row.short_range.1;
                if !is_short {
                    self.flex[idx as usize].len = u16::from(row.long_len);
                }
                is_short
            });
            if far.len() == n_far {
                break;
            }
            let mut sum = 0;
            for (flex, saved) in self.flex.iter().zip(&mut self.saved) {
                *saved = sum;
                sum += u32::from(flex.long_len - flex.len);
            }
            self.saved[self.flex.len()] = sum;
        }
        self.far = far;
    }

    /// Of a branch that `saved` bytes are saved before.
    #[inline(always)]
    fn displacement(&self, flex: &Flex, saved: u32) -> i32 {
        let target = self.labels[flex.target as usize];
        assert!(target.offset != UNBOUND, "a branch to label {} that is nowhere", flex.target);
        let end = flex.at - saved + u32::from(flex.len);
        self.place(target) as i32 - end as i32
    }

    /// Marks have places: lengths were decided at least once.
    #[inline]
    pub fn has_places(&self) -> bool {
        !self.saved.is_empty()
    }

    /// Offset of a mark in the finished code.
    #[inline]
    pub fn place(&self, mark: Mark) -> u32 {
        mark.offset.wrapping_sub(self.saved[mark.n_flex as usize])
    }

    /// Offset of a label in the finished code; `None` when it was never bound.
    pub fn label_place(&self, label: Label) -> Option<u32> {
        let mark = self.labels[label.0 as usize];
        (mark.offset != UNBOUND).then(|| self.place(mark))
    }

    /// The line rows of the finished code.
    pub fn line_rows(&self) -> Vec<LineRow> {
        self.lines.iter().map(|&(mark, pos, flags)| LineRow { offset: self.place(mark), pos, flags }).collect()
    }

    /// The unwind rows of the finished code.
    pub fn unwind_rows(&self) -> Vec<UnwindRow> {
        self.unwind.iter().map(|&(mark, op)| UnwindRow { offset: self.place(mark), op }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(len: u8, aux: u8, displacement: i32) -> u64 {
        u64::from(if len == 2 { 1 } else { 2 } | aux) | u64::from(displacement as u32) << 8
    }

    static ROWS: &[BranchRow] = &[BranchRow { short_len: 2, long_len: 5, short_range: (-128, 127), word }];

    fn nops(buffer: &mut CodeBuffer, n: usize) {
        for _ in 0..n {
            buffer.put(0x90, 1);
        }
    }

    #[test]
    fn branches_are_as_short_as_can_be() {
        let mut buffer = CodeBuffer::new(ROWS);
        buffer.reset(3);
        buffer.branch(0, 0, Label(1)); // short only when the one in between is short
        nops(&mut buffer, 123);
        buffer.branch(0, 0x10, Label(0));
        buffer.bind(Label(1));
        let spot = buffer.reserve(7);
        buffer.bind(Label(0));
        let mark = buffer.mark();
        nops(&mut buffer, 200);
        buffer.branch(0, 0, Label(1));
        buffer.bind(Label(2));
        buffer.fill(spot, &[7, 7]);
        let mut out = vec![0xcc];
        assert_eq!(buffer.finish(&mut out), 2 + 123 + 2 + 2 + 200 + 5);
        assert_eq!(buffer.place(mark), 129);
        assert_eq!(out[1..3], [1, 125]);
        assert_eq!(out[126..130], [0x11, 2, 7, 7]);
        assert_eq!(out[330..], [2, 0x31, 0xff, 0xff, 0xff][..]);
        assert_eq!(buffer.label_place(Label(2)), Some(334));
    }
}
