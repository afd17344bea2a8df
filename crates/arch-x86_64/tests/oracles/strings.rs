//! Byte strings for decoders: a row of the table with fields of all kinds, the same with bytes changed, a grammar of prefixes, maps
//! and opcodes that need not exist, and plain random bytes. All of it depends on the seed alone.

use arch_x86_64::isa::{self, Insn, ModRm, Place, Prefix, Sizes, Space};
use std::sync::LazyLock;

/// xorshift64*.
pub struct Random(u64);

const LEGACY: [u8; 11] = [0x66, 0xf2, 0xf3, 0xf0, 0x2e, 0x36, 0x3e, 0x26, 0x64, 0x65, 0x67];

static ROWS: LazyLock<Vec<&'static Insn>> = LazyLock::new(|| isa::insns().map(|(_, row)| row).collect());

impl Random {
    /// One of many streams of a seed.
    pub fn new(seed: u64, stream: u64) -> Random {
        // splitmix64, so that neighbours have nothing in common.
        let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(stream.wrapping_mul(0xd134_2543_de82_ef95));
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        Random((z ^ z >> 31) | 1)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit
    }

    fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }

    fn of(&mut self, bytes: &[u8]) -> u8 {
        bytes[self.below(bytes.len())]
    }

    /// One time of so many.
    fn rarely(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// At most `count` legacy prefixes.
    fn prefixes(&mut self, count: usize, out: &mut Vec<u8>) {
        for _ in 0..self.below(count + 1) {
            let prefix = if self.rarely(40) { 0x9b } else { self.of(&LEGACY) };
            out.push(prefix);
            if self.rarely(30) {
                let rex = 0x40 | self.byte() & 15;
                out.push(rex);
            }
        }
    }

    /// The next string.
    pub fn string(&mut self, out: &mut Vec<u8>) {
        out.clear();
        match self.below(20) {
            0..=8 => self.row(out),
            9..=10 => {
                self.row(out);
                for _ in 0..=self.below(2) {
                    let at = self.below(out.len().min(6));
                    out[at] = if self.rarely(2) { self.byte() } else { out[at] ^ 1 << self.below(8) };
                }
            }
            11..=17 => self.grammar(out),
            _ => {
                for _ in 0..16 {
                    let byte = self.byte();
                    out.push(byte);
                }
            }
        }
    }

    /// An encoding of some row.
    fn row(&mut self, out: &mut Vec<u8>) {
        let row = ROWS[self.below(ROWS.len())];
        let enc = &row.enc;
        let pp = match enc.prefix {
            Prefix::Any | Prefix::No => 0,
            Prefix::P66 => 1,
            Prefix::F3 => 2,
            Prefix::F2 => 3,
        };
        let w = match enc.sizes {
            Sizes::W0 => false,
            Sizes::W1 | Sizes::Of(4) => !self.rarely(8),
            _ => self.rarely(2),
        };
        if self.rarely(3) {
            self.prefixes(2, out);
        }
        let rxb = if self.rarely(2) { self.byte() & 7 } else { 0 };
        match enc.space {
            Space::Legacy => self.legacy_head(row, pp, w, rxb, out),
            Space::Vex => {
                let vvvv = self.vvvv(row) & 15;
                let length = self.length(enc.lengths, 2);
                let short = enc.map == 1 && !w && self.rarely(2);
                if short {
                    out.extend([0xc5, !rxb << 5 & 0x80 | (!vvvv & 15) << 3 | length << 2 | pp]);
                } else {
                    let first = if enc.map < 8 { 0xc4 } else { 0x8f };
                    let last = u8::from(w) << 7 | (!vvvv & 15) << 3 | length << 2 | pp;
                    out.extend([first, !rxb << 5 | enc.map, last]);
                }
            }
            Space::Evex => {
                let vvvv = self.vvvv(row);
                let length = self.length(enc.lengths, 3);
                let high = if self.rarely(3) { 0 } else { 0x10 };
                let special = u8::from(self.rarely(4)) << 4;
                let mask = if self.rarely(2) { self.byte() & 7 } else { u8::from(row.has(isa::KREQ)) };
                let zero = u8::from(self.rarely(6)) << 7;
                let one = !rxb << 5 | high | enc.map;
                let two = u8::from(w) << 7 | (!vvvv & 15) << 3 | 4 | pp;
                out.extend([0x62, one, two, zero | length << 5 | special | (!vvvv >> 4 & 1) << 3 | mask]);
            }
        }
        let now = enc.space == Space::Legacy && enc.map == 4;
        if !now {
            let register = if enc.modrm == ModRm::InOpcode { self.byte() & 7 } else { 0 };
            out.push(enc.opcode + register);
        }
        self.modrm(row, out);
        if now {
            out.push(enc.opcode);
        }
        self.tail(out);
    }

    fn legacy_head(&mut self, row: &Insn, pp: u8, w: bool, rxb: u8, out: &mut Vec<u8>) {
        if row.enc.sizes == Sizes::Of(1) || row.enc.prefix == Prefix::Any && self.rarely(5) {
            out.push(0x66);
        }
        out.extend([0x66u8, 0xf3, 0xf2].get(usize::from(pp).wrapping_sub(1)));
        if w || rxb != 0 {
            out.push(0x40 | u8::from(w) << 3 | rxb);
        }
        let escapes: [&[u8]; 5] = [&[], &[0x0f], &[0x0f, 0x38], &[0x0f, 0x3a], &[0x0f, 0x0f]];
        out.extend_from_slice(escapes[usize::from(row.enc.map)]);
    }

    fn vvvv(&mut self, row: &Insn) -> u8 {
        let uses = row.ops.iter().any(|op| matches!(op.place, Place::Vvvv | Place::Vsib));
        if uses || self.rarely(12) { self.byte() & 31 } else { 0 }
    }

    fn length(&mut self, lengths: u8, count: usize) -> u8 {
        let any = self.below(count) as u8;
        if lengths >> any & 1 != 0 || self.rarely(12) { any } else { lengths.trailing_zeros() as u8 & 3 }
    }

    fn modrm(&mut self, row: &Insn, out: &mut Vec<u8>) {
        let has = |place: Place| row.ops.iter().any(|op| op.place == place);
        let memory = has(Place::RmMem) || has(Place::Vsib) || row.has(isa::MEMORY | isa::SIB);
        let register = has(Place::RmReg);
        let mut digit = self.byte() & 7;
        match row.enc.modrm {
            ModRm::Exact(byte) => return out.push(byte),
            ModRm::Second(byte) => {
                let low = self.byte() & 7;
                return out.push(byte & 0xf8 | low);
            }
            ModRm::InOpcode => return,
            ModRm::None if !(memory || register || has(Place::Reg) || has(Place::Rm)) => return,
            ModRm::Digit(wanted) => digit = wanted,
            ModRm::Reg | ModRm::None => {}
        }
        let mode = if register || !memory && self.rarely(2) { 3 } else { self.below(3) as u8 };
        let rm = if memory && has(Place::Vsib) || row.has(isa::SIB) { 4 } else { self.byte() & 7 };
        out.push(mode << 6 | digit << 3 | rm);
        if mode != 3 && rm == 4 {
            let sib = self.byte();
            out.push(sib);
        }
    }

    /// Displacement and immediates, small ones often.
    fn tail(&mut self, out: &mut Vec<u8>) {
        let small = self.rarely(2);
        for _ in 0..12 {
            let byte = if small { self.below(36) as u8 } else { self.byte() };
            out.push(byte);
        }
    }

    /// Something that may be an instruction: prefixes, a map, an opcode, fields.
    fn grammar(&mut self, out: &mut Vec<u8>) {
        let many = self.below(6).saturating_sub(1);
        self.prefixes(many, out);
        match self.below(5) {
            0 | 1 => {
                if self.rarely(3) {
                    let rex = 0x40 | self.byte() & 15;
                    out.push(rex);
                }
                let escapes: [&[u8]; 5] = [&[], &[0x0f], &[0x0f, 0x38], &[0x0f, 0x3a], &[0x0f, 0x0f]];
                let at = if self.rarely(12) { 4 } else { self.below(4) };
                out.extend_from_slice(escapes[at]);
            }
            2 => {
                let map = if self.rarely(12) { self.byte() & 31 } else { self.of(&[1, 2, 3]) };
                let (one, two) = (self.byte() & 0xe0 | map, self.byte() | self.of(&[0, 0x78]));
                if self.rarely(4) {
                    out.extend([0xc5, two]);
                } else {
                    out.extend([0xc4, one, two]);
                }
            }
            3 => {
                let map = if self.rarely(12) { self.byte() & 15 } else { self.of(&[1, 2, 3, 5, 6]) };
                let one = self.byte() & 0xf0 | map;
                let (two, three) =
                    (self.byte() | self.of(&[4, 4, 0x7c, 0]), self.byte() & self.of(&[0xff, 0x7f, 0x6f]));
                out.extend([0x62, one, two, three]);
            }
            _ => {
                let map = if self.rarely(12) { self.byte() & 31 } else { self.of(&[8, 9, 10]) };
                let one = self.byte() & 0xe0 | map;
                out.extend([0x8f, one, self.byte() & 0xfc | self.of(&[0x78, 0, 1, 2, 3])]);
            }
        }
        for _ in 0..14 {
            let byte = self.byte();
            out.push(byte);
        }
    }
}
