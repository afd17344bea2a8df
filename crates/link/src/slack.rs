//! Room to grow: how large the slot of an atom is, and what fills the part of it that the atom does not use.
//!
//! A slot is laid out by `place` when the image is to be patched later, and filled by `apply` and `patch` alike. Code is
//! followed by no-ops and data by zeros. Debug sections are walked from unit to unit by their consumers, so the last unit
//! of an input's contribution covers the slot: its length is stretched and the rest holds what means nothing there
//! (DWARF 5: 7.5.1 null entries, 6.2.5.2 `DW_LNS_set_basic_block`, 7.25 `DW_RLE_end_of_list`).

use crate::facets::Rule;
use base::bytes::{align_up, get_u32, get_u64, put_u32, put_u64};
use obj::{Section, SectionFlags, SectionKind};

/// How the unused end of a debug section's slot is made harmless.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cover {
    /// Nobody walks the section: the filler may stand between contributions.
    Plain,
    /// Units with a length in front: the last one is stretched over the filler.
    Unit,
}

struct DebugRow {
    name: &'static [u8],
    cover: Cover,
    filler: u8,
}

const DW_LNS_SET_BASIC_BLOCK: u8 = 7;

const fn row(name: &'static [u8], cover: Cover, filler: u8) -> DebugRow {
    DebugRow { name, cover, filler }
}

/// Debug sections that may have slack. Those not named here are packed.
static DEBUG: &[DebugRow] = &[
    row(b".debug_info", Cover::Unit, 0),
    row(b".debug_types", Cover::Unit, 0),
    row(b".debug_line", Cover::Unit, DW_LNS_SET_BASIC_BLOCK),
    row(b".debug_aranges", Cover::Unit, 0),
    row(b".debug_rnglists", Cover::Unit, 0),
    row(b".debug_loclists", Cover::Unit, 0),
    row(b".debug_addr", Cover::Unit, 0),
    row(b".debug_str_offsets", Cover::Unit, 0),
    row(b".debug_abbrev", Cover::Plain, 0),
    row(b".debug_str", Cover::Plain, 0),
    row(b".debug_line_str", Cover::Plain, 0),
    row(b".debug_ranges", Cover::Plain, 0),
    row(b".debug_loc", Cover::Plain, 0),
];

/// Slots begin and end at multiples of this, so that a table's alignment survives.
const GRAIN: u64 = 16;

fn debug_row(section: &Section<'_>) -> Option<&'static DebugRow> {
    if section.flags.has(SectionFlags::COMPRESSED) || section.flags.has(SectionFlags::ALLOC) {
        return None;
    }
    DEBUG.iter().find(|row| *section.name == *row.name)
}

/// Bytes that an atom of `size` bytes may grow to: code and debug information by an eighth, data by a quarter, at least
/// by 16 bytes. Tables whose elements must follow each other without gaps stay as they are.
pub(crate) fn slot_size(bytes: &[u8], size: u64, section: &Section<'_>, rule: &Rule<'_>) -> u64 {
    // A size that no memory has is told of where addresses are given.
    if size == 0 || size > u64::MAX / 4 {
        return size;
    }
    let flags = section.flags;
    let slack = if !flags.has(SectionFlags::ALLOC) {
        match debug_row(section) {
            Some(row) if row.cover == Cover::Plain || last_unit(bytes).is_some() => {}
            _ => return size,
        }
        size / 8
    } else {
        let table = section.kind != SectionKind::Progbits && section.kind != SectionKind::Nobits;
        if table || !rule.roomy || rule.reverse || flags.has(SectionFlags::TLS.with(SectionFlags::LINK_ORDER)) {
            return size;
        }
        if flags.has(SectionFlags::EXEC) { size / 8 } else { size / 4 }
    };
    align_up(size + slack.max(GRAIN), GRAIN)
}

/// Bytes that an unwind record of `size` bytes may grow to; the rest is `DW_CFA_nop`, which is 0.
pub(crate) fn frame_size(size: u32) -> u32 {
    size.saturating_add((size / 4).max(16)).checked_next_multiple_of(8).unwrap_or(size)
}

/// Fills `slot[size..]` of an input's contribution to a debug section and stretches its last unit over it. False when
/// the contribution's units cannot be walked, so that the slot's end would confuse its readers.
pub(crate) fn cover(section: &Section<'_>, slot: &mut [u8], size: usize) -> bool {
    if slot.len() <= size {
        return true;
    }
    let Some(row) = debug_row(section) else { return false };
    if row.cover == Cover::Unit && !stretch_last_unit(slot, size) {
        return false;
    }
    slot[size..].fill(row.filler);
    true
}

/// Where the length of the last unit of a contribution stands, if `cover` stretches it.
pub(crate) fn last_length(section: &Section<'_>, bytes: &[u8]) -> Option<std::ops::Range<usize>> {
    debug_row(section).filter(|row| row.cover == Cover::Unit)?;
    let (at, wide) = last_unit(bytes)?;
    Some(at..at + if wide { 12 } else { 4 })
}

/// Makes the last of the units in `slot[..size]` end with the slot.
fn stretch_last_unit(slot: &mut [u8], size: usize) -> bool {
    let Some((at, wide)) = slot.get(..size).and_then(last_unit) else { return false };
    let header = if wide { 12 } else { 4 };
    let stretched = (slot.len() - at - header) as u64;
    if wide {
        put_u64(slot, at + 4, stretched);
        return true;
    }
    match u32::try_from(stretched) {
        Ok(length) if length < 0xffff_fff0 => put_u32(slot, at, length),
        _ => return false,
    }
    true
}

/// Start of the last of the units that `bytes` consists of, and whether its length is 64 bits wide.
fn last_unit(bytes: &[u8]) -> Option<(usize, bool)> {
    let mut at = 0;
    loop {
        // DWARF 5, 7.4: an escape, then eight bytes.
        let length = get_u32(bytes, at)?;
        let wide = length == u32::MAX;
        let (header, length) = if wide { (12, get_u64(bytes, at + 4)?) } else { (4, u64::from(length)) };
        let end = usize::try_from(length).ok()?.checked_add(at + header).filter(|&end| end <= bytes.len())?;
        if end == bytes.len() {
            return Some((at, wide));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::stretch_last_unit;

    #[test]
    fn the_last_unit_ends_with_the_slot() {
        let mut slot = [2, 0, 0, 0, 9, 9, 1, 0, 0, 0, 7, 0, 0, 0];
        assert!(stretch_last_unit(&mut slot, 11));
        assert_eq!(slot, [2, 0, 0, 0, 9, 9, 4, 0, 0, 0, 7, 0, 0, 0]);
        let mut broken = [9, 0, 0, 0, 1, 0];
        assert!(!stretch_last_unit(&mut broken, 5));
    }
}
