//! String tables in which a string that is the end of another one shares its bytes.
//!
//! Strings that need bytes of their own stand in the order in which they were added. Which longer string a shorter one
//! shares with when several end in it follows GNU's: the next one in the order of reversed spellings.

use std::collections::HashMap;

/// A table that is being filled.
#[derive(Default)]
pub(super) struct Strings<'s> {
    strings: Vec<&'s [u8]>,
    known: HashMap<&'s [u8], u32>,
}

/// A finished table.
pub(super) struct StringTable {
    pub bytes: Vec<u8>,
    /// By the number that [`Strings::add`] gave.
    offsets: Vec<u32>,
}

impl<'s> Strings<'s> {
    /// Adds a string, once; the number is for [`StringTable::offset`].
    pub fn add(&mut self, string: &'s [u8]) -> u32 {
        let next = self.strings.len() as u32;
        let number = *self.known.entry(string).or_insert(next);
        if number == next {
            self.strings.push(string);
        }
        number
    }

    /// The table; offset 0 is the empty string.
    pub fn finish(self) -> StringTable {
        let strings = self.strings;
        let mut order: Vec<u32> = (0..strings.len() as u32).filter(|&n| !strings[n as usize].is_empty()).collect();
        order.sort_unstable_by(|&a, &b| strings[a as usize].iter().rev().cmp(strings[b as usize].iter().rev()));
        // From the last on: what the one behind ends in needs no bytes.
        let mut holder: Vec<Option<u32>> = vec![None; strings.len()];
        let mut longest: Option<u32> = None;
        for &n in order.iter().rev() {
            match longest {
                Some(long) if strings[long as usize].ends_with(strings[n as usize]) => holder[n as usize] = Some(long),
                _ => longest = Some(n),
            }
        }
        let mut bytes = vec![0];
        let mut offsets = vec![0; strings.len()];
        for (n, string) in strings.iter().enumerate() {
            if holder[n].is_none() && !string.is_empty() {
                offsets[n] = bytes.len() as u32;
                bytes.extend_from_slice(string);
                bytes.push(0);
            }
        }
        for n in 0..strings.len() {
            if let Some(long) = holder[n] {
                let long = long as usize;
                offsets[n] = offsets[long] + (strings[long].len() - strings[n].len()) as u32;
            }
        }
        StringTable { bytes, offsets }
    }
}

impl StringTable {
    pub fn offset(&self, number: u32) -> u32 {
        self.offsets[number as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_shared() {
        let mut strings = Strings::default();
        let numbers = [&b".symtab"[..], b".rela.text", b".text", b"", b"ext", b".text"].map(|s| strings.add(s));
        let table = strings.finish();
        assert_eq!(table.bytes, b"\0.symtab\0.rela.text\0");
        assert_eq!(numbers.map(|n| table.offset(n)), [1, 9, 14, 0, 16, 14]);
    }
}
