//! Instructions that were assembled before. Compilers write the same few thousand statements again and again; two that are
//! equal as text have equal bytes, if nothing in them depends on symbols, on places or on what directives changed in between.
//!
//! Direct-mapped by the text, which is compared whole. `bench/run as` tells what assembling costs with it.

/// Bytes of the longest text that is kept.
const MAX_TEXT: usize = 24;
const BITS: u32 = 13;

/// The text of a statement and what else its meaning depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Key {
    text: [u64; 3],
    /// Mode of the architecture; how often the memo forgot; length of the text, which is never 0.
    state: u64,
}

/// The bytes of an instruction, the last one their number.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known(u128);

impl Known {
    /// At most 15 bytes.
    fn new(bytes: &[u8]) -> Option<Known> {
        let mut all = [0; 16];
        all[..15].get_mut(..bytes.len())?.copy_from_slice(bytes);
        all[15] = bytes.len() as u8;
        Some(Known(u128::from_le_bytes(all)))
    }

    /// The first eight bytes, those behind them, and how many there are in all.
    #[inline]
    pub fn words(self) -> (u64, u64, usize) {
        (self.0 as u64, (self.0 >> 64) as u64, (self.0 >> 120) as usize)
    }
}

/// See the module's description.
#[derive(Default)]
pub(crate) struct Memo {
    /// None when nothing is to be kept.
    entries: Vec<(Key, Known)>,
    /// In the bits above those of the length.
    n_forgotten: u32,
}

/// The bits of the words that belong to a text, by its length.
static KEEP: [[u64; 3]; MAX_TEXT + 1] = {
    let mut keep = [[0; 3]; MAX_TEXT + 1];
    let mut len = 1;
    while len <= MAX_TEXT {
        let mut at = 0;
        while at < len {
            keep[len][at / 8] |= 0xff << (8 * (at % 8));
            at += 1;
        }
        len += 1;
    }
    keep
};

impl Memo {
    pub fn new() -> Memo {
        Memo { entries: vec![(Key::default(), Known::default()); 1 << BITS], n_forgotten: 0 }
    }

    #[inline]
    pub fn is_on(&self) -> bool {
        !self.entries.is_empty()
    }

    /// What statements mean may be another from here on.
    pub fn forget(&mut self) {
        self.n_forgotten = self.n_forgotten.wrapping_add(1 << 8);
        if self.n_forgotten == 0 {
            self.entries = Vec::new();
        }
    }

    /// The key of the statement `text[at..end]`; `None` for one that is too long, and near the text's end.
    #[inline]
    pub fn key(&self, text: &[u8], at: usize, end: usize, mode: u32) -> Option<Key> {
        let len = end - at;
        let keep = KEEP.get(len)?;
        let (words, _) = text.get(at..)?.first_chunk::<MAX_TEXT>()?.as_chunks::<8>();
        let word = |at: usize| u64::from_le_bytes(words[at]) & keep[at];
        let state = u64::from(mode) << 32 | u64::from(self.n_forgotten) | len as u64;
        Some(Key { text: [word(0), word(1), word(2)], state })
    }

    #[inline]
    fn slot(key: &Key) -> usize {
        let [a, b, c] = key.text;
        let mixed = (a ^ b.rotate_left(23) ^ c.rotate_left(46)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (64 - BITS)) as usize
    }

    #[inline]
    pub fn find(&self, key: &Key) -> Option<Known> {
        let (known, code) = self.entries.get(Memo::slot(key))?;
        (known == key).then_some(*code)
    }

    pub fn keep(&mut self, key: Key, code: &[u8]) {
        if let (Some(entry), Some(code)) = (self.entries.get_mut(Memo::slot(&key)), Known::new(code)) {
            *entry = (key, code);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_text_in_the_same_state_is_known() {
        let mut memo = Memo::new();
        let text = b"movq %rax, %rbx\nmovq %rax, %rbp\n                        ";
        let key = memo.key(text, 0, 15, 0).unwrap();
        memo.keep(key, &[0x48, 0x89, 0xc3]);
        assert_eq!(memo.find(&key).map(Known::words), Some((0xc38948, 3 << 56, 3)));
        let other = |memo: &Memo, at: usize, end: usize, mode: u32| memo.find(&memo.key(text, at, end, mode).unwrap());
        assert!(other(&memo, 0, 15, 0).is_some());
        assert!(
            other(&memo, 0, 14, 0).is_none() && other(&memo, 16, 31, 0).is_none() && other(&memo, 0, 15, 1).is_none()
        );
        assert!(memo.key(text, 0, 25, 0).is_none() && memo.key(text, text.len() - 3, text.len(), 0).is_none());
        memo.keep(key, &[0; 16]);
        assert!(other(&memo, 0, 15, 0).is_some());
        memo.forget();
        assert!(other(&memo, 0, 15, 0).is_none());
    }
}
