//! Frame tables that text writes value by value, as compilers did before `.cfi_*`: an advance of four bytes becomes as short as
//! what it says, as GNU as has it (DWARF 5, 6.4.2.1; LSB, "Exception Frames").
//!
//! Values are watched one after the other: the length of an entry, its table, begin and size, its augmentation, instructions.
//! Where something is not as expected the rest of the entry stays as it is.

use crate::data::Ask;
use crate::expr::Expr;
use crate::symbols::{Place, SymRef};
use crate::unit::Assembler;
use dwarf::consts::{DW_CFA_advance_loc, DW_CFA_advance_loc1, DW_CFA_advance_loc2, DW_CFA_advance_loc4};
use mc::CodeBuffer;
use mc::buffer::Mark;
use mc::relax::Fill;

/// What comes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum State {
    /// The length of an entry.
    #[default]
    Length,
    Table,
    Begin,
    Size,
    AugmentationLength,
    Augmentation,
    Instruction,
    /// What an advance goes on by.
    Advance,
    /// Nothing that is understood.
    Unknown,
}

/// The table that is being written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FrameText {
    state: State,
    /// Stands at the end of the entry.
    end: Option<SymRef>,
    /// Right behind the instruction: the piece, and where in it.
    advance: (u32, Mark),
    augmentation: i64,
    shift: u32,
    common: Option<Common>,
}

/// What the first entry says for others.
#[derive(Clone, Copy, Debug)]
struct Common {
    code_align: u8,
    has_augmentation: bool,
}

/// Which table a section is; none for others.
pub(crate) fn table_of(section: &[u8]) -> Option<u8> {
    match section {
        _ if section.starts_with(b".eh_frame") && section.get(9) != Some(&b'_') => Some(0),
        _ if section.starts_with(b".debug_frame") => Some(1),
        _ => None,
    }
}

/// An advance in as few bytes as it needs: none for none.
pub(crate) fn encode_advance(by: i64) -> ([u8; 16], usize) {
    let mut bytes = [0; 16];
    let (opcode, len) = match by {
        0 => return (bytes, 0),
        1..0x40 => (DW_CFA_advance_loc | by as u8, 0),
        0x40..0x100 => (DW_CFA_advance_loc1, 1),
        0x100..0x1_0000 => (DW_CFA_advance_loc2, 2),
        _ => (DW_CFA_advance_loc4, 4),
    };
    bytes[0] = opcode;
    bytes[1..=len].copy_from_slice(&by.to_le_bytes()[..len]);
    (bytes, 1 + len)
}

impl Assembler {
    /// A value of `size` bytes is about to be written to table `table`, `None` for one of variable length: how many bytes it is to
    /// have instead, 0 for none at all.
    pub(crate) fn frame_value(&mut self, table: u8, value: Expr, size: Option<u32>) -> Option<u32> {
        let mut seen = self.frame_text[usize::from(table)];
        let changed = self.next_frame_value(table, &mut seen, value, size);
        self.frame_text[usize::from(table)] = seen;
        changed
    }

    fn next_frame_value(&mut self, table: u8, seen: &mut FrameText, value: Expr, size: Option<u32>) -> Option<u32> {
        let is_defined = |asm: &Assembler, symbol: SymRef| asm.tables.syms[symbol.index()].place != Place::Undefined;
        if seen.state != State::Length && seen.end.is_some_and(|end| is_defined(self, end)) {
            seen.state = State::Length;
        }
        let number = value.constant().or_else(|| self.value_now(value));
        match seen.state {
            State::Length => {
                if size == Some(4)
                    && let Some(end) = value.plus.filter(|&end| !is_defined(self, end))
                {
                    (seen.state, seen.end) = (State::Table, Some(end));
                }
            }
            State::Table => seen.state = State::Begin,
            State::Begin => seen.state = State::Size,
            State::Size => {
                seen.common = seen.common.or_else(|| self.common_entry(table));
                (seen.augmentation, seen.shift) = (0, 0);
                seen.state = match seen.common {
                    None => State::Unknown,
                    Some(common) if common.has_augmentation => State::AugmentationLength,
                    Some(_) => State::Instruction,
                };
            }
            State::AugmentationLength => {
                let is_last = match (size, number) {
                    (None, Some(len)) => {
                        seen.augmentation = len;
                        true
                    }
                    (Some(1), Some(byte)) => {
                        seen.augmentation |= (byte & 0x7f).wrapping_shl(seen.shift);
                        seen.shift += 7;
                        byte & 0x80 == 0
                    }
                    _ => {
                        seen.state = State::Unknown;
                        false
                    }
                };
                if is_last {
                    seen.state = if seen.augmentation == 0 { State::Instruction } else { State::Augmentation };
                }
            }
            State::Augmentation => {
                seen.augmentation -= size.map_or(i64::MAX, i64::from);
                seen.state = match seen.augmentation {
                    0 => State::Instruction,
                    1.. => State::Augmentation,
                    _ => State::Unknown,
                };
            }
            State::Instruction => {
                if size == Some(1) && number == Some(i64::from(DW_CFA_advance_loc4)) {
                    seen.state = State::Advance;
                    // Behind the byte that is about to be written.
                    seen.advance = (self.tables.piece, CodeBuffer::shifted(self.code().mark(), 1));
                }
            }
            State::Advance => {
                seen.state = State::Instruction;
                if size == Some(4) && (self.tables.piece, self.code().mark()) == seen.advance {
                    return self.shorten_advance(seen, value, number);
                }
            }
            State::Unknown => {}
        }
        None
    }

    /// The instruction before is an advance by `value`.
    fn shorten_advance(&mut self, seen: &FrameText, value: Expr, number: Option<i64>) -> Option<u32> {
        match number {
            Some(by @ 0..0x40) => {
                self.code().patch_back(1, &[DW_CFA_advance_loc | by as u8]);
                Some(0)
            }
            Some(0x40..0x100) => {
                self.code().patch_back(1, &[DW_CFA_advance_loc1]);
                Some(1)
            }
            Some(0x100..0x1_0000) => {
                self.code().patch_back(1, &[DW_CFA_advance_loc2]);
                Some(2)
            }
            None if value.plus.is_some() && value.minus.is_some() && value.modifier == 0 => {
                if seen.common.is_none_or(|common| common.code_align != 1) {
                    return None;
                }
                self.code().take_back(1);
                self.ask(Ask::Advance, value, Fill::Bytes([0; 16]), 1);
                Some(0)
            }
            _ => None,
        }
    }

    /// What the table's first entry says, as far as it is written.
    fn common_entry(&self, table: u8) -> Option<Common> {
        const LENGTH: usize = 4;
        const VERSION: u8 = 1;
        let id = if table == 0 { [0; 4] } else { [0xff; 4] };
        let section = self.pieces[self.tables.piece as usize].section as usize;
        let bytes = self.pieces[self.sections.get(section)?.pieces.first()?.1 as usize].code.written();
        let rest = bytes.get(LENGTH..)?.strip_prefix(&id)?.strip_prefix(&[VERSION])?;
        let end = rest.iter().position(|&byte| byte == 0)?;
        let has_augmentation = match rest[..end] {
            [] => false,
            [b'z', ..] => true,
            _ => return None,
        };
        let code_align = *rest.get(end + 1)?;
        Some(Common { code_align: if code_align < 0x80 { code_align } else { 0 }, has_augmentation })
    }
}
