//! Seeded damage to ELF files, most of it in headers and tables, where it hurts.

/// A seeded generator (xorshift64*).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        ((self.next() >> 11) % limit as u64) as usize
    }
}

const INTERESTING: &[u64] =
    &[0, 1, 2, 7, 8, 0x7f, 0xff, 0xff00, 0xffff, 0x7fff_ffff, 0xffff_ffff, u64::MAX, 1 << 63, u64::MAX - 7, 1 << 32];

/// Changes a few bytes of a file, or cuts it off.
pub fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..1 + random.below(4) {
        if bytes.len() < 80 {
            return;
        }
        let table = u64::from_le_bytes(bytes[40..48].try_into().unwrap()) as usize;
        let at = match random.below(5) {
            0 => random.below(64),
            1 => random.below(900.min(bytes.len())),
            2 | 3 if table < bytes.len() => table + random.below(bytes.len() - table),
            _ => random.below(bytes.len()),
        };
        match random.below(8) {
            0 if random.below(2) == 0 => bytes.truncate(at),
            0 | 1 => bytes[at] ^= 1 << random.below(8),
            2 => bytes[at] = random.next() as u8,
            choice => {
                let value = INTERESTING[random.below(INTERESTING.len())].to_le_bytes();
                let len = [1, 2, 4, 4, 8][choice - 3].min(bytes.len() - at);
                bytes[at..at + len].copy_from_slice(&value[..len]);
            }
        }
    }
}
