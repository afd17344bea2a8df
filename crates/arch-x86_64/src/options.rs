//! What GNU as's x86 options ask for (gas manual, 9.16.1 "Options"), packed in the words that are kept from statement to
//! statement: which sets of instructions there are ([`crate::features`]), which bits of encodings that processors ignore, what is
//! said of doubtful operands. Of a unit without options all words are 0, and nothing here is asked.

use crate::features::{self, Mask};
use crate::isa::Space;
use crate::syntax::mode;
use asm::Keep;

/// Words of [`Keep::words`].
pub const BITS: usize = 0;
/// Features that are not there; two words.
pub const OFF: usize = 1;
/// Features and sets that were used, for the note.
pub const USED: usize = 3;
/// The processor that is named, from 1.
pub const CPU: usize = 4;
/// The processor that `-mtune=` names, from 1.
pub const TUNE: usize = 5;

/// The options as one word of bits; 0 for what is usual.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bits(pub u32);

/// Where a field of [`Bits`] lies, and how many bits it has.
#[derive(Clone, Copy)]
pub struct Spot(u32, u32);

/// `-mevexlig`: 0, 1, 2 for 128, 256, 512 bits.
pub const EVEX_LENGTH: Spot = Spot(0, 2);
pub const EVEX_W: Spot = Spot(2, 1);
/// `-mevexrcig`
pub const EVEX_ROUNDING: Spot = Spot(3, 2);
/// `-mavxscalar=256`
pub const VEX_LENGTH: Spot = Spot(5, 1);
pub const VEX_W: Spot = Spot(6, 1);
pub const SSE_TO_AVX: Spot = Spot(7, 1);
/// `-O`: 1, `-O2`: 2, `-Os`: 3.
pub const OPTIMIZE: Spot = Spot(8, 2);
/// `-moperand-check`: 0 is a warning, 1 nothing, 2 an error.
pub const OPERAND_CHECK: Spot = Spot(10, 2);
/// `-msse-check`: 0 is nothing, 1 a warning, 2 an error.
pub const SSE_CHECK: Spot = Spot(12, 2);
pub const USED_NOTE: Spot = Spot(14, 1);
/// 0: what both have; [`AMD64`]; [`INTEL64`].
pub const ISA64: Spot = Spot(15, 2);
pub const ADD_BND: Spot = Spot(17, 1);
pub const OMIT_LOCK: Spot = Spot(18, 1);
pub const FENCE_AS_ADD: Spot = Spot(19, 1);
pub const UNALIGNED: Spot = Spot(20, 1);
/// Some set of instructions is not there.
pub const RESTRICTED: Spot = Spot(21, 1);
/// `.arch` or `-march=` named a processor.
pub const NAMED_CPU: Spot = Spot(22, 1);

/// `.arch` or `-march=` named AVX-512 with short vectors.
pub const NAMED_VL: Spot = Spot(23, 1);

pub const AMD64: u32 = 1;
pub const INTEL64: u32 = 2;

impl Bits {
    #[inline]
    pub fn get(self, spot: Spot) -> u32 {
        self.0 >> spot.0 & ((1 << spot.1) - 1)
    }

    #[inline]
    pub fn has(self, spot: Spot) -> bool {
        self.get(spot) != 0
    }

    pub fn set(&mut self, spot: Spot, value: u32) {
        let mask = ((1 << spot.1) - 1) << spot.0;
        self.0 = self.0 & !mask | value << spot.0 & mask;
    }

    /// `W` of an encoding that ignores it.
    #[inline]
    pub fn ignored_w(self, space: Space) -> bool {
        self.has(if space == Space::Evex { EVEX_W } else { VEX_W })
    }
}

/// The options as they are kept.
#[inline]
pub fn bits(keep: &Keep) -> Bits {
    Bits(keep.words[BITS] as u32)
}

/// Changes a field; what asks for more than the usual way of a statement is marked in the mode.
pub fn set(keep: &mut Keep, mode: &mut u32, spot: Spot, value: u32) {
    let mut bits = bits(keep);
    bits.set(spot, value);
    keep.words[BITS] = u64::from(bits.0);
    update(keep, mode);
}

/// Statements are looked at more closely while any option asks for it.
pub fn update(keep: &Keep, mode: &mut u32) {
    let is_usual = keep.words[BITS] == 0 && off(keep) == Mask::NONE;
    *mode = if is_usual { *mode & !mode::CAREFUL } else { *mode | mode::CAREFUL };
}

/// Features that are not there.
#[inline]
pub fn off(keep: &Keep) -> Mask {
    Mask([keep.words[OFF], keep.words[OFF + 1]])
}

pub fn set_off(keep: &mut Keep, mode: &mut u32, mask: Mask) {
    keep.words[OFF] = mask.0[0];
    keep.words[OFF + 1] = mask.0[1];
    set(keep, mode, RESTRICTED, u32::from(mask != Mask::NONE));
}

/// An option, its values and what they are in its field.
struct Choice {
    option: &'static str,
    spot: Spot,
    values: &'static [(&'static str, u32)],
}

const fn choice(option: &'static str, spot: Spot, values: &'static [(&'static str, u32)]) -> Choice {
    Choice { option, spot, values }
}

const BIT: &[(&str, u32)] = &[("0", 0), ("1", 1)];
const YES: &[(&str, u32)] = &[("no", 0), ("yes", 1)];

/// Options that fill one field.
#[rustfmt::skip]
static CHOICES: &[Choice] = &[
    choice("-mevexlig", EVEX_LENGTH, &[("128", 0), ("256", 1), ("512", 2)]),
    choice("-mevexwig", EVEX_W, BIT),
    choice("-mevexrcig", EVEX_ROUNDING, &[("rne", 0), ("rd", 1), ("ru", 2), ("rz", 3)]),
    choice("-mavxscalar", VEX_LENGTH, &[("128", 0), ("256", 1)]),
    choice("-mvexwig", VEX_W, BIT),
    choice("-moperand-check", OPERAND_CHECK, &[("warning", 0), ("none", 1), ("error", 2)]),
    choice("-msse-check", SSE_CHECK, &[("none", 0), ("warning", 1), ("error", 2)]),
    choice("-mx86-used-note", USED_NOTE, YES),
    choice("-momit-lock-prefix", OMIT_LOCK, YES),
    choice("-mfence-as-lock-add", FENCE_AS_ADD, YES),
];

/// Options without a value.
static SWITCHES: &[(&str, Spot, u32)] = &[
    ("-msse2avx", SSE_TO_AVX, 1),
    ("-mamd64", ISA64, AMD64),
    ("-mintel64", ISA64, INTEL64),
    ("-madd-bnd-prefix", ADD_BND, 1),
    ("-muse-unaligned-vector-move", UNALIGNED, 1),
    ("-O0", OPTIMIZE, 0),
    ("-O", OPTIMIZE, 1),
    ("-O1", OPTIMIZE, 1),
    ("-O2", OPTIMIZE, 2),
    ("-Os", OPTIMIZE, 3),
];

/// The same as bits of the mode: set, cleared.
static MODES: &[(&str, u32, u32)] = &[
    ("--64", 0, 0),
    ("-q", 0, 0),
    ("-msyntax=att", 0, mode::INTEL),
    ("-msyntax=intel", mode::INTEL, 0),
    ("-mmnemonic=att", 0, mode::INTEL_MNEMONICS),
    ("-mmnemonic=intel", mode::INTEL_MNEMONICS, 0),
    ("-mrelax-relocations=yes", 0, mode::NO_RELAX),
    ("-mrelax-relocations=no", mode::NO_RELAX, 0),
    ("-mnaked-reg", mode::NAKED, 0),
    ("-mindex-reg", mode::INDEX_REGISTERS, 0),
];

/// See [`asm::Syntax::option`].
pub fn take(option: &str, mode: &mut u32, keep: &mut Keep) -> Option<Result<(), String>> {
    if let Some(&(_, on, off)) = MODES.iter().find(|row| row.0 == option) {
        *mode = *mode & !off | on;
        return Some(Ok(()));
    }
    if let Some(&(_, spot, value)) = SWITCHES.iter().find(|row| row.0 == option) {
        set(keep, mode, spot, value);
        return Some(Ok(()));
    }
    let (name, value) = option.split_once('=')?;
    if let Some(row) = CHOICES.iter().find(|row| row.option == name) {
        return Some(match row.values.iter().find(|known| known.0 == value) {
            Some(&(_, number)) => {
                set(keep, mode, row.spot, number);
                Ok(())
            }
            None => Err(format!("invalid {name}= option: ‘{value}’")),
        });
    }
    match name {
        "-march" => Some(features::march(value, keep, mode)),
        "-mtune" => Some(features::tune(value, keep)),
        _ => None,
    }
}

/// `.sse_check` and `.operand_check`
pub fn check(directive: &str, value: &str, keep: &mut Keep, mode: &mut u32) -> Result<(), String> {
    let row = CHOICES.iter().find(|row| row.option.strip_prefix("-m").is_some_and(|name| name == directive));
    let found = row.and_then(|row| row.values.iter().find(|known| known.0 == value).map(|known| (row.spot, known.1)));
    match found {
        Some((spot, number)) => {
            set(keep, mode, spot, number);
            Ok(())
        }
        None => Err(format!("bad argument to {} directive: ‘{value}’", directive.replace('-', "_"))),
    }
}
