//! Interned spellings. A [`Name`] is a spelling, never a symbol or a declaration.
//!
//! The table is open addressing over 32-byte entries that hold the first bytes of the spelling, so that a lookup of a
//! short name (nearly all C identifiers) touches one cache line and compares two words. Measured on sqlite3.c: a
//! general hash map here costs 22 % (Fx) to 72 % (SipHash) of all preprocessing.

use crate::define_id;
use crate::ids::Id;

define_id! {
    /// An interned spelling. Ids are dense and given out in order of first appearance.
    pub struct Name; "n"
}

#[derive(Clone, Copy)]
struct Entry {
    /// The first 16 bytes, zero padded, as two little-endian words.
    prefix: [u64; 2],
    /// Offset of the whole spelling in `Names::text`.
    start: u32,
    len: u32,
    hash: u32,
    /// One word for the owner of the table: the C front end keeps the keyword or macro of a name here.
    tag: u32,
}

const _: () = assert!(size_of::<Entry>() == 32);

/// The bits of a pair of words that hold its first `len` bytes.
static KEEP: [[u64; 2]; 32] = {
    let mut masks = [[0u64; 2]; 32];
    let mut len = 1;
    while len <= 16 {
        masks[len] = if len <= 8 { [u64::MAX >> (64 - len * 8), 0] } else { [u64::MAX, u64::MAX >> (128 - len * 8)] };
        len += 1;
    }
    masks
};

/// The interner. Append-only: [`Names::mark`] and [`Names::rewind`] drop the newest names again.
pub struct Names {
    entries: Vec<Entry>,
    /// Slots hold entry index + 1; 0 is free. Length is a power of two, load at most one half.
    slots: Vec<u32>,
    text: Vec<u8>,
}

impl Names {
    pub fn new() -> Names {
        Names { entries: Vec::new(), slots: vec![0; 1024], text: Vec::new() }
    }

    /// The name of `spelling`, made if it is new.
    pub fn intern(&mut self, spelling: &[u8]) -> Name {
        if spelling.len() > 16 {
            return self.intern_long(spelling).0;
        }
        let prefix = first_words(spelling);
        self.intern_prefix(spelling, prefix)
    }

    /// The name of `text[at..at + len]` and its tag. `text` must go on for at least 16 bytes behind `at`: that lets
    /// the first bytes be loaded as two words without asking how many there are.
    pub fn intern_at(&mut self, text: &[u8], at: usize, len: usize) -> (Name, u32) {
        if len > 16 {
            return self.intern_long(&text[at..at + len]);
        }
        self.intern_short(text, at, len)
    }

    /// The same for at most 16 bytes.
    #[inline(always)]
    pub fn intern_short(&mut self, text: &[u8], at: usize, len: usize) -> (Name, u32) {
        debug_assert!(len <= 16);
        let chunk = &text[at..at + 16];
        let lo = u64::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]]);
        let hi =
            u64::from_le_bytes([chunk[8], chunk[9], chunk[10], chunk[11], chunk[12], chunk[13], chunk[14], chunk[15]]);
        let [lo_mask, hi_mask] = KEEP[len % KEEP.len()];
        let prefix = [lo & lo_mask, hi & hi_mask];
        let hash = short_hash(prefix, len);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return (self.insert_short(text, at, len, slot), 0);
            }
            let idx = found.wrapping_sub(1);
            let entry = &self.entries[idx as usize];
            let differs =
                (entry.prefix[0] ^ prefix[0]) | (entry.prefix[1] ^ prefix[1]) | (entry.len ^ len as u32) as u64;
            if differs == 0 {
                return (Name(idx), entry.tag);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Off the way of those that are found: nothing is kept in registers for it.
    #[cold]
    #[inline(never)]
    fn insert_short(&mut self, text: &[u8], at: usize, len: usize, slot: usize) -> Name {
        let spelling = &text[at..at + len];
        let (prefix, hash) = prefix_and_hash(spelling);
        self.insert(spelling, prefix, hash, slot)
    }

    /// The same for more than 16 bytes.
    #[inline(never)]
    fn intern_long(&mut self, spelling: &[u8]) -> (Name, u32) {
        let prefix = [word_at(spelling, 0), word_at(spelling, 8)];
        let hash = long_hash(prefix, spelling);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return (self.insert(spelling, prefix, hash, slot), 0);
            }
            let entry = &self.entries[found as usize - 1];
            if entry.hash == hash && entry.len as usize == spelling.len() && entry.prefix == prefix {
                let known = &self.text[entry.start as usize..][..spelling.len()];
                if same_behind_prefix(known, spelling) {
                    return (Name(found - 1), entry.tag);
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The name of at most 16 bytes.
    fn intern_prefix(&mut self, spelling: &[u8], prefix: [u64; 2]) -> Name {
        let hash = short_hash(prefix, spelling.len());
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return self.insert(spelling, prefix, hash, slot);
            }
            let entry = &self.entries[found as usize - 1];
            if entry.prefix == prefix && entry.len as usize == spelling.len() {
                return Name(found - 1);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The name of `spelling` if it was interned before.
    pub fn find(&self, spelling: &[u8]) -> Option<Name> {
        let (prefix, hash) = prefix_and_hash(spelling);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return None;
            }
            let entry = &self.entries[found as usize - 1];
            if entry.prefix == prefix && self.text(Name(found - 1)) == spelling {
                return Some(Name(found - 1));
            }
            slot = (slot + 1) & mask;
        }
    }

    /// The spelling of `name`.
    #[inline]
    pub fn text(&self, name: Name) -> &[u8] {
        let entry = &self.entries[name.index()];
        &self.text[entry.start as usize..entry.start as usize + entry.len as usize]
    }

    /// The spelling as text for messages; bytes that are not UTF-8 are replaced.
    pub fn display(&self, name: Name) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(self.text(name))
    }

    /// The owner's word of `name`, 0 until set.
    #[inline]
    pub fn tag(&self, name: Name) -> u32 {
        self.entries[name.index()].tag
    }

    #[inline]
    pub fn set_tag(&mut self, name: Name, tag: u32) {
        self.entries[name.index()].tag = tag;
    }

    /// Gets memory for `more` names of usual length at once.
    pub fn reserve(&mut self, more: usize) {
        self.entries.reserve(more);
        self.text.reserve(more * 12);
        let n_slots = ((self.entries.len() + more) * 2).next_power_of_two();
        if n_slots > self.slots.len() {
            self.rebuild(n_slots);
        }
    }

    /// Keeps of every name's word only the bits of `mask`.
    pub fn mask_tags(&mut self, mask: u32) {
        self.entries.iter_mut().for_each(|entry| entry.tag &= mask);
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A mark for [`Names::rewind`]: the number of names.
    pub fn mark(&self) -> Name {
        Name::from_index(self.entries.len())
    }

    /// Forgets every name made after `mark`. Tags of older names are the owner's to restore.
    pub fn rewind(&mut self, mark: Name) {
        if let Some(first) = self.entries.get(mark.index()) {
            self.text.truncate(first.start as usize);
            self.entries.truncate(mark.index());
            self.rebuild(self.slots.len());
        }
    }

    #[cold]
    fn insert(&mut self, spelling: &[u8], prefix: [u64; 2], hash: u32, slot: usize) -> Name {
        let name = Name::from_index(self.entries.len());
        let start = u32::try_from(self.text.len()).expect("more than 4 GiB of names");
        self.text.extend_from_slice(spelling);
        let len = u32::try_from(spelling.len()).expect("a name of more than 4 GiB");
        self.entries.push(Entry { prefix, start, len, hash, tag: 0 });
        self.slots[slot] = name.0 + 1;
        if self.entries.len() * 2 > self.slots.len() {
            self.rebuild(self.slots.len() * 4);
        }
        name
    }

    fn rebuild(&mut self, n_slots: usize) {
        // Fresh memory is zero without being written.
        self.slots = vec![0; n_slots];
        for (idx, entry) in self.entries.iter().enumerate() {
            let mut slot = entry.hash as usize & (n_slots - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (n_slots - 1);
            }
            self.slots[slot] = idx as u32 + 1;
        }
    }
}

impl Default for Names {
    fn default() -> Self {
        Names::new()
    }
}

fn prefix_and_hash(spelling: &[u8]) -> ([u64; 2], u32) {
    let prefix = first_words(spelling);
    if spelling.len() <= 16 {
        return (prefix, short_hash(prefix, spelling.len()));
    }
    (prefix, long_hash(prefix, spelling))
}

/// Eight bytes as a little-endian word; 0 when there are not so many.
#[inline(always)]
fn word_at(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8) {
        Some(&[a, b, c, d, e, f, g, h]) => u64::from_le_bytes([a, b, c, d, e, f, g, h]),
        _ => 0,
    }
}

/// The hash of a spelling of more than 16 bytes. What lies behind the prefix is read by words, the last of which overlaps the
/// one before it.
#[inline(always)]
fn long_hash(prefix: [u64; 2], spelling: &[u8]) -> u32 {
    let mix = |mixed: u64, word: u64| (mixed.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut mixed = u64::from(short_hash(prefix, spelling.len()));
    let last = spelling.len() - 8;
    let mut at = 16;
    while at < last {
        mixed = mix(mixed, word_at(spelling, at));
        at += 8;
    }
    mixed = mix(mixed, word_at(spelling, last));
    (mixed ^ (mixed >> 32)) as u32
}

/// Are two spellings of one length, more than 16 bytes, the same behind their first 16?
#[inline(always)]
fn same_behind_prefix(a: &[u8], b: &[u8]) -> bool {
    let last = b.len() - 8;
    let mut at = 16;
    while at < last {
        if word_at(a, at) != word_at(b, at) {
            return false;
        }
        at += 8;
    }
    word_at(a, last) == word_at(b, last)
}

/// The first 16 bytes, zero padded, as two words: by loads that overlap, as how many bytes there are is not known.
fn first_words(spelling: &[u8]) -> [u64; 2] {
    let word = |at: usize| word_at(spelling, at);
    let half = |at: usize| match spelling.get(at..at + 4) {
        Some(&[a, b, c, d]) => u64::from(u32::from_le_bytes([a, b, c, d])),
        _ => 0,
    };
    match spelling.len() {
        16.. => [word(0), word(8)],
        len @ 9..=15 => [word(0), word(len - 8) >> (128 - 8 * len)],
        8 => [word(0), 0],
        len @ 4..=7 => [half(0) | half(len - 4) << (8 * (len - 4)), 0],
        _ => [spelling.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)), 0],
    }
}

/// The hash of a spelling of at most 16 bytes, and the start of the hash of a longer one.
#[inline(always)]
fn short_hash(prefix: [u64; 2], len: usize) -> u32 {
    let mixed = (prefix[0] ^ len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        ^ prefix[1].wrapping_mul(0xc2b2_ae3d_27d4_eb4f).rotate_left(29);
    (mixed ^ (mixed >> 32)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interning_is_by_spelling() {
        let mut names = Names::new();
        let long = b"a_name_of_more_than_sixteen_bytes";
        let first = names.intern(long);
        assert_eq!(names.intern(b"x"), Name(1));
        assert_eq!(names.intern(long), first);
        assert_ne!(names.intern(b"a_name_of_more_than_sixteen_bytez"), first);
        assert_eq!(names.text(first), long);
        assert_eq!(names.find(b"absent"), None);
        assert_ne!(names.intern(b"a"), names.intern(b"a\0"));
    }

    #[test]
    fn interning_in_place_agrees_with_interning_a_slice() {
        let mut names = Names::new();
        let mut text = b"abcdefghijklmnopqrstuvwxyz".to_vec();
        text.resize(text.len() + 16, b'~');
        for len in 0..=26 {
            let name = names.intern(&text[..len]);
            names.set_tag(name, len as u32 + 7);
            assert_eq!(names.intern_at(&text, 0, len), (name, len as u32 + 7));
        }
        let n_names = names.len();
        let (fresh, tag) = names.intern_at(&text, 3, 5);
        assert_eq!((fresh.index(), tag), (n_names, 0));
        assert_eq!(names.text(fresh), b"defgh");
    }

    #[test]
    fn rewinding_forgets_only_newer_names() {
        let mut names = Names::new();
        names.intern(b"old");
        let mark = names.mark();
        for idx in 0..5000 {
            names.intern(format!("new{idx}").as_bytes());
        }
        names.rewind(mark);
        assert_eq!(names.len(), 1);
        assert_eq!(names.find(b"new7"), None);
        assert_eq!(names.find(b"old"), Some(Name(0)));
        assert_eq!(names.intern(b"next"), Name(1));
    }
}
