//! A seeded generator of random numbers: the same seed gives the same numbers everywhere, forever.
//!
//! SplitMix64 (Steele, Lea, Flood 2014): one addition and a mix; good enough to draw tests.

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Rng {
    state: u64,
}

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng { state: seed }
    }

    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `n`, which must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next_u64()) * n as u128) >> 64) as usize
    }

    /// True once in `n` times.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// A number of `bits` bits as programs and bugs like them: often small, extreme, or a power of two nearby.
    pub fn interesting(&mut self, bits: u32) -> u64 {
        let mask = u64::MAX >> (64 - bits.clamp(1, 64));
        let value = match self.below(6) {
            0 => self.below(17) as u64,
            1 => (self.below(17) as u64).wrapping_neg(),
            2 => (1u64 << self.below(bits as usize)).wrapping_add(self.below(3) as u64).wrapping_sub(1),
            3 => mask >> self.below(2),
            _ => self.next_u64(),
        };
        value & mask
    }
}
