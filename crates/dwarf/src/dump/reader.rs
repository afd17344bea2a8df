//! Numbers out of bytes, in either byte order; `None` behind the end.

use base::bytes::{find_byte, read_sleb128, read_uleb128};

/// A place in a section.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    data: &'a [u8],
    pub at: usize,
    big: bool,
}

impl<'a> Reader<'a> {
    pub fn new(data: &'a [u8], big: bool) -> Reader<'a> {
        Reader { data, at: 0, big }
    }

    /// The same up to `end` of the section.
    pub fn until(self, end: usize) -> Reader<'a> {
        Reader { data: &self.data[..end.min(self.data.len())], ..self }
    }

    pub fn from(self, at: usize) -> Reader<'a> {
        Reader { at, ..self }
    }

    pub fn is_big(&self) -> bool {
        self.big
    }

    pub fn len(&self) -> usize {
        self.data.len()
    }

    pub fn left(&self) -> usize {
        self.data.len().saturating_sub(self.at)
    }

    pub fn is_done(&self) -> bool {
        self.at >= self.data.len()
    }

    pub fn bytes(&mut self, n: usize) -> Option<&'a [u8]> {
        let bytes = self.data.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(bytes)
    }

    pub fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    pub fn u8(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        Some(self.uint(2)? as u16)
    }

    /// A number of at most eight bytes.
    pub fn uint(&mut self, n: usize) -> Option<u64> {
        if n > 8 {
            return None;
        }
        let bytes = self.bytes(n)?;
        let add = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
        Some(if self.big { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) })
    }

    pub fn sint(&mut self, n: usize) -> Option<i64> {
        let value = self.uint(n)?;
        let unused = 64 - 8 * n as u32;
        Some(if unused >= 64 { 0 } else { (value << unused) as i64 >> unused })
    }

    pub fn uleb(&mut self) -> Option<u64> {
        read_uleb128(self.data, &mut self.at)
    }

    pub fn sleb(&mut self) -> Option<i64> {
        read_sleb128(self.data, &mut self.at)
    }

    /// A text and the zero behind it.
    pub fn text(&mut self) -> Option<&'a [u8]> {
        let tail = self.data.get(self.at..)?;
        let len = find_byte(tail, 0)?;
        self.at += len + 1;
        Some(&tail[..len])
    }

    /// The length in front of a unit (DWARF 5, 7.4) with the size of offsets in it.
    pub fn initial_length(&mut self) -> Option<(u64, u8)> {
        match self.uint(4)? {
            0xffff_ffff => Some((self.uint(8)?, 8)),
            length => Some((length, 4)),
        }
    }
}

/// The text at `offset` of a section of texts.
pub(crate) fn text_at(section: &[u8], offset: u64) -> Option<&[u8]> {
    let tail = section.get(usize::try_from(offset).ok()?..)?;
    Some(&tail[..find_byte(tail, 0)?])
}
