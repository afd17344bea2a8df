//! Stable hashes: the same bytes give the same value on every machine and in every version of a schema.
//!
//! XXH3 is not cryptographic. That is enough where it is used: a content id answers "did this change?" between two
//! builds of the same tree, never "is this trustworthy?".

/// A 128-bit content hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Debug)]
pub struct ContentId(pub u128);

/// The content id of `bytes`.
pub fn content_id(bytes: &[u8]) -> ContentId {
    ContentId(xxhash_rust::xxh3::xxh3_128(bytes))
}

/// A 64-bit stable hash of `bytes`, for tables on disk and in memory.
#[inline]
pub fn hash64(bytes: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_64(bytes)
}

/// A content id built from pieces; feeding `ab` and `c` equals feeding `abc`.
pub struct ContentHasher(xxhash_rust::xxh3::Xxh3);

impl ContentHasher {
    pub fn new() -> ContentHasher {
        ContentHasher(xxhash_rust::xxh3::Xxh3::new())
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub fn update_u64(&mut self, value: u64) {
        self.0.update(&value.to_le_bytes());
    }

    pub fn finish(&self) -> ContentId {
        ContentId(self.0.digest128())
    }
}

impl Default for ContentHasher {
    fn default() -> Self {
        ContentHasher::new()
    }
}

/// A map for keys that nobody chooses to make it slow: names and types of the program at hand. Its order reaches no output.
pub type QuickMap<K, V> = std::collections::HashMap<K, V, std::hash::BuildHasherDefault<QuickHasher>>;

/// The hasher of [`QuickMap`]: one multiplication for each word.
#[derive(Clone, Copy, Default)]
pub struct QuickHasher(u64);

/// Odd, with as many ones as zeros: the golden ratio's digits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

impl QuickHasher {
    #[inline]
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    }
}

impl std::hash::Hasher for QuickHasher {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for &word in words {
            self.add(u64::from_le_bytes(word));
        }
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.add(u64::from_le_bytes(word));
        }
    }

    #[inline]
    fn write_u8(&mut self, value: u8) {
        self.add(value.into());
    }

    #[inline]
    fn write_u16(&mut self, value: u16) {
        self.add(value.into());
    }

    #[inline]
    fn write_u32(&mut self, value: u32) {
        self.add(value.into());
    }

    #[inline]
    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    #[inline]
    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    /// Tables take both ends of the word; a product's low bits depend on the low bits of its factors only.
    #[inline]
    fn finish(&self) -> u64 {
        (self.0 ^ self.0 >> 32).wrapping_mul(SPREAD)
    }
}
