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

/// Spellings of fewer bytes are short: their entry has their whole text and its length in two words, which tell them apart.
pub const SHORT: usize = 16;

/// Set in the second word of what is no short spelling's key.
const LONG: u64 = 1 << 63;

#[derive(Clone, Copy)]
struct Entry {
    /// The key of a short spelling; the first 16 bytes of a longer one, with [`LONG`].
    prefix: [u64; 2],
    /// Offset of the whole spelling in `Names::text`.
    start: u32,
    len: u32,
    hash: u32,
    /// One word for the owner of the table: the C front end keeps the keyword or macro of a name here.
    tag: u32,
}

const _: () = assert!(size_of::<Entry>() == 32);

/// What makes the key of a short spelling out of the two words that begin with it, by its length.
#[derive(Clone, Copy)]
struct ShortKey {
    /// The bits that hold its bytes.
    keep: [u64; 2],
    /// Its length, in the last byte, which it has no use for.
    length: u64,
    _room: u64,
}

static SHORT_KEYS: [ShortKey; SHORT] = {
    let mut keys = [ShortKey { keep: [0; 2], length: 0, _room: 0 }; SHORT];
    let mut len = 1;
    while len < SHORT {
        let keep = if len <= 8 { [u64::MAX >> (64 - len * 8), 0] } else { [u64::MAX, u64::MAX >> (128 - len * 8)] };
        keys[len] = ShortKey { keep, length: (len as u64) << 56, _room: 0 };
        len += 1;
    }
    keys
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
        if spelling.len() >= SHORT {
            return self.intern_long(spelling).0;
        }
        self.intern_short(&first_bytes(spelling), spelling.len()).0
    }

    /// The name of `text[at..at + len]` and its tag. `text` must go on for at least 16 bytes behind `at`: that lets
    /// the first bytes be loaded as two words without asking how many there are.
    pub fn intern_at(&mut self, text: &[u8], at: usize, len: usize) -> (Name, u32) {
        match text[at..].first_chunk() {
            Some(chunk) if len < SHORT => self.intern_short(chunk, len),
            _ => self.intern_long(&text[at..at + len]),
        }
    }

    /// The name of the first `len` bytes of `chunk`, fewer than 16, and its tag.
    #[inline(always)]
    pub fn intern_short(&mut self, chunk: &[u8; SHORT], len: usize) -> (Name, u32) {
        let prefix = short_key(chunk, len);
        let hash = short_hash(prefix);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return (self.insert_short(chunk, len, slot), 0);
            }
            let idx = found.wrapping_sub(1);
            let entry = &self.entries[idx as usize];
            if (entry.prefix[0] ^ prefix[0]) | (entry.prefix[1] ^ prefix[1]) == 0 {
                return (Name(idx), entry.tag);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Off the way of those that are found: nothing is kept in registers for it.
    #[cold]
    #[inline(never)]
    fn insert_short(&mut self, chunk: &[u8; SHORT], len: usize, slot: usize) -> Name {
        let prefix = short_key(chunk, len);
        self.insert(&chunk[..len], prefix, short_hash(prefix), slot)
    }

    /// The same for 16 bytes and more.
    #[inline(never)]
    pub fn intern_long(&mut self, spelling: &[u8]) -> (Name, u32) {
        let (prefix, hash) = long_prefix_and_hash(spelling);
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

    /// The name of `spelling` if it was interned before.
    pub fn find(&self, spelling: &[u8]) -> Option<Name> {
        let (prefix, hash) = if spelling.len() < SHORT {
            let prefix = short_key(&first_bytes(spelling), spelling.len());
            (prefix, short_hash(prefix))
        } else {
            long_prefix_and_hash(spelling)
        };
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

/// The two words that tell a short spelling from every other name: its bytes, zeros, and its length in the last byte.
#[inline(always)]
fn short_key(chunk: &[u8; SHORT], len: usize) -> [u64; 2] {
    let [lo, hi] = words_of(chunk);
    let ShortKey { keep, length, .. } = SHORT_KEYS[len % SHORT];
    [lo & keep[0], hi & keep[1] | length]
}

/// Sixteen bytes as two little-endian words.
#[inline(always)]
fn words_of(chunk: &[u8; SHORT]) -> [u64; 2] {
    let both = u128::from_le_bytes(*chunk);
    [both as u64, (both >> 64) as u64]
}

/// A short spelling, zero padded.
fn first_bytes(spelling: &[u8]) -> [u8; SHORT] {
    let mut chunk = [0; SHORT];
    chunk[..spelling.len()].copy_from_slice(spelling);
    chunk
}

/// The hash of a short spelling's key, and the start of the hash of a longer one: both halves of one product.
#[inline(always)]
fn short_hash(prefix: [u64; 2]) -> u32 {
    let mixed = prefix[0] ^ prefix[1].rotate_left(29);
    let product = u128::from(mixed) * 0x9e37_79b9_7f4a_7c15;
    (product as u64 ^ (product >> 64) as u64) as u32
}

/// The first 16 bytes and the hash of a spelling that has so many. What lies behind them is read by words, the last of
/// which may overlap the one before it.
#[inline(always)]
fn long_prefix_and_hash(spelling: &[u8]) -> ([u64; 2], u32) {
    let mix = |mixed: u64, word: u64| (mixed.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (Some((first, rest)), Some(last)) = (spelling.split_first_chunk(), spelling.last_chunk()) else {
        unreachable!("a long spelling has 16 bytes")
    };
    let [lo, hi] = words_of(first);
    let prefix = [lo, hi | LONG];
    let mut mixed = u64::from(short_hash(prefix)) ^ spelling.len() as u64;
    for word in rest.as_chunks().0 {
        mixed = mix(mixed, u64::from_le_bytes(*word));
    }
    mixed = mix(mixed, u64::from_le_bytes(*last));
    (prefix, (mixed ^ (mixed >> 32)) as u32)
}

/// Are two spellings of one length, 16 bytes or more, the same where their prefixes do not tell? Those lack one bit of the
/// 16th byte.
#[inline(always)]
fn same_behind_prefix(a: &[u8], b: &[u8]) -> bool {
    let ((a_words, _), (b_words, _)) = (a[SHORT - 1..].as_chunks::<8>(), b[SHORT - 1..].as_chunks::<8>());
    a.last_chunk::<8>() == b.last_chunk::<8>() && a_words.iter().zip(b_words).all(|(a, b)| a == b)
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
        let like_a_key = b"a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01";
        assert_ne!(names.intern(b"a"), names.intern(like_a_key));
        assert_ne!(names.intern(like_a_key), names.intern(b"a\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x81"));
        assert_ne!(names.intern(b"sixteen bytes, A more here"), names.intern(b"sixteen bytes, \xc1 more here"));
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
