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
