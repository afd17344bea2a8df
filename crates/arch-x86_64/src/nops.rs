//! Instructions that do nothing, for gaps in code: the long forms of `nop` (Intel SDM, volume 2, "NOP", recommended sequences), and the
//! moves that older processors and code of 16 bits take in their place. Which ones assembled code gets is GNU as's choice: by the
//! processor that `.arch` or `-march=` names where the gap stands, else by `-mtune=`, and by the width of code at the end of the unit.

use crate::features::Feature;
use crate::options;
use crate::syntax::mode;
use asm::Keep;

/// Upper bits of what the filler is told.
mod told {
    /// Processors without the long forms.
    pub const OLD: u8 = 0x10;
    /// Code of 16 bits.
    pub const NARROW: u8 = 0x20;
    /// No processor is named: the one that code is tuned for decides at the end.
    pub const OPEN: u8 = 0x40;
}

/// Instructions by their lengths from 1; empty where there is none of that length.
struct Nops {
    forms: &'static [&'static [u8]],
    /// More of the longest are jumped over.
    most: usize,
    /// The jump that reaches everywhere, without its displacement of 4 bytes.
    jump: &'static [u8],
}

#[rustfmt::skip]
static USUAL: Nops = Nops {
    forms: &[
        &[0x90],
        &[0x66, 0x90],
        &[0x0f, 0x1f, 0x00],
        &[0x0f, 0x1f, 0x40, 0x00],
        &[0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
        &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
    ],
    most: 7,
    jump: &[0xe9],
};

/// `lea 0(%esi), %esi` and its like.
#[rustfmt::skip]
static OLD: Nops = Nops {
    forms: &[
        &[0x90],
        &[0x66, 0x90],
        &[0x8d, 0x76, 0x00],
        &[0x8d, 0x74, 0x26, 0x00],
        &[],
        &[0x8d, 0xb6, 0x00, 0x00, 0x00, 0x00],
        &[0x8d, 0xb4, 0x26, 0x00, 0x00, 0x00, 0x00],
    ],
    most: 2,
    jump: &[0xe9],
};

/// `lea 0(%si), %si`
#[rustfmt::skip]
static NARROW: Nops = Nops {
    forms: &[
        &[0x90],
        &[0x66, 0x90],
        &[0x8d, 0x74, 0x00],
        &[0x8d, 0xb4, 0x00, 0x00],
    ],
    most: 2,
    jump: &[0x66, 0xe9],
};

fn nops(style: u8) -> &'static Nops {
    match style {
        _ if style & told::NARROW != 0 => &NARROW,
        _ if style & told::OLD != 0 => &OLD,
        _ => &USUAL,
    }
}

/// See [`asm::Syntax::longest_nop`].
pub fn longest(style: u8) -> u8 {
    nops(style).forms.len() as u8
}

/// See [`asm::Syntax::nop_style`].
pub fn style(keep: &Keep) -> u8 {
    let is_old = options::off(keep).has(Feature::Nop) && !crate::features::has_long_nops_always(keep);
    let open = if options::bits(keep).has(options::NAMED_CPU) { 0 } else { told::OPEN };
    open | if is_old { told::OLD } else { 0 }
}

/// See [`asm::Syntax::final_nop_style`].
pub fn final_style(style: u8, mode: u32, keep: &Keep) -> u8 {
    let mut style = style;
    if style & told::OPEN != 0
        && let Some(is_old) = crate::features::is_tuned_old(keep)
    {
        style = if is_old { style | told::OLD } else { style & !told::OLD };
    }
    if mode & mode::CODE16 != 0 { style | told::NARROW } else { style }
}

/// Gaps in assembled code, as GNU as fills them: so many of the longest that a jump is quicker are jumped over.
pub fn fill(gap: &mut [u8], style: u8) {
    if style & !told::OPEN == 0 && gap.len() <= USUAL.most * USUAL.forms.len() {
        fill_usual(gap);
        return;
    }
    let nops = nops(style);
    let limit = match usize::from(style & 15) {
        0 => nops.forms.len(),
        limit => limit.min(nops.forms.len()),
    };
    let (code, len) = match gap.len() / nops.forms.len() > nops.most {
        true => jump_to_end(gap.len(), nops.jump),
        false => ([0; 6], 0),
    };
    let (jump, rest) = gap.split_at_mut(len);
    jump.copy_from_slice(&code[..len]);
    for chunk in rest.chunks_mut(limit) {
        put(nops, chunk);
    }
}

/// One gap of at most the longest form: where there is none of that length, the next shorter and one byte.
fn put(nops: &Nops, gap: &mut [u8]) {
    let form = match nops.forms.get(gap.len().wrapping_sub(1)) {
        Some([]) => nops.forms[gap.len() - 2],
        Some(form) => form,
        None => return,
    };
    let (long, one) = gap.split_at_mut(form.len());
    long.copy_from_slice(form);
    one.fill(0x90);
}

/// The long forms and no jump: what linkers fill with.
pub fn fill_usual(gap: &mut [u8]) {
    for chunk in gap.chunks_mut(USUAL.forms.len()) {
        put(&USUAL, chunk);
    }
}

/// A jump at the start of a gap of `len` bytes to behind it, and its own length; none for a gap that is too long.
fn jump_to_end(len: usize, long: &[u8]) -> ([u8; 6], usize) {
    let mut code = [0; 6];
    if let Ok(distance) = i8::try_from(len - 2) {
        code[..2].copy_from_slice(&[0xeb, distance as u8]);
        return (code, 2);
    }
    let size = long.len() + 4;
    let Ok(distance) = i32::try_from(len - size) else { return (code, 0) };
    code[..long.len()].copy_from_slice(long);
    code[long.len()..size].copy_from_slice(&distance.to_le_bytes());
    (code, size)
}
