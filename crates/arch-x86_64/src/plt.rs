//! Procedure linkage of x86-64: the templates of psABI figure 5.2 ("Procedure Linkage Table, small and medium models").

use link::facets::{PltDesc, PltUnwind};

/// Relative distance from the end of a 4-byte field to a target. Images are below 2 GiB in the models that have a PLT.
fn relative(target: u64, field: u64) -> [u8; 4] {
    (target.wrapping_sub(field + 4) as u32).to_le_bytes()
}

/// `push GOT+8(%rip); jmp *GOT+16(%rip); nopl 0(%rax)`
fn write_header(out: &mut [u8], plt: u64, plt_got: u64) {
    out.copy_from_slice(&[0xff, 0x35, 0, 0, 0, 0, 0xff, 0x25, 0, 0, 0, 0, 0x0f, 0x1f, 0x40, 0]);
    out[2..6].copy_from_slice(&relative(plt_got + 8, plt + 2));
    out[8..12].copy_from_slice(&relative(plt_got + 16, plt + 8));
}

/// `jmp *slot(%rip); push $index; jmp plt`
fn write_entry(out: &mut [u8], entry: u64, slot: u64, plt: u64, index: u32) {
    out.copy_from_slice(&[0xff, 0x25, 0, 0, 0, 0, 0x68, 0, 0, 0, 0, 0xe9, 0, 0, 0, 0]);
    out[2..6].copy_from_slice(&relative(slot, entry + 2));
    out[7..11].copy_from_slice(&index.to_le_bytes());
    out[12..16].copy_from_slice(&relative(plt, entry + 12));
}

/// `jmp *slot(%rip); xchg %ax,%ax`
fn write_direct(out: &mut [u8], entry: u64, slot: u64) {
    out.copy_from_slice(&[0xff, 0x25, 0, 0, 0, 0, 0x66, 0x90]);
    out[2..6].copy_from_slice(&relative(slot, entry + 2));
}

/// An unbound slot leads back to the `push` of its entry.
fn lazy_target(entry: u64) -> u64 {
    entry + 6
}

pub(crate) const PLT: PltDesc = PltDesc {
    header_size: 16,
    entry_size: 16,
    direct_entry_size: 8,
    align: 16,
    reserved_got_words: 3,
    write_header,
    write_entry,
    write_direct,
    lazy_target,
    unwind: UNWIND,
};

const NOP: u8 = 0;

/// On entry the return address is the only thing pushed. An entry has pushed its index when it is past its byte 11, and the
/// header a word more past its byte 6 (psABI figure 5.2, DWARF 5, 2.5 and 6.4.2).
const UNWIND: PltUnwind = PltUnwind {
    cie: &[
        20, 0, 0, 0, 0, 0, 0, 0, // length, this is a CIE
        1, b'z', b'R', 0, // version, augmentation: addresses' encoding follows
        1, 0x78, 16, // code alignment 1, data alignment -8, column of the return address
        1, 0x1b, // 4 bytes, relative to their place
        0x0c, 7, 8, // DW_CFA_def_cfa rsp+8
        0x90, 1, // DW_CFA_offset: return address at CFA-8
        NOP, NOP,
    ],
    lazy: &[
        0x0e, 16,   // DW_CFA_def_cfa_offset: an entry has pushed the index
        0x46, // DW_CFA_advance_loc 6
        0x0e, 24,   // DW_CFA_def_cfa_offset
        0x4a, // DW_CFA_advance_loc 10: behind the header
        0x0f, 11, // DW_CFA_def_cfa_expression
        0x77, 8, 0x80, 0, // DW_OP_breg7 8, DW_OP_breg16 0
        0x3f, 0x1a, 0x3b, 0x2a, // DW_OP_lit15, and, lit11, ge
        0x33, 0x24, 0x22, // DW_OP_lit3, shl, plus
        NOP, NOP, NOP, NOP,
    ],
    jump: &[NOP, NOP, NOP, NOP, NOP, NOP, NOP],
};

#[cfg(test)]
mod tests {
    use super::{write_direct, write_entry, write_header};

    #[test]
    fn templates_reach_their_targets() {
        let mut header = [0; 16];
        write_header(&mut header, 0x1020, 0x3fe8);
        assert_eq!(header, [0xff, 0x35, 0xca, 0x2f, 0, 0, 0xff, 0x25, 0xcc, 0x2f, 0, 0, 0x0f, 0x1f, 0x40, 0]);
        let mut entry = [0; 16];
        write_entry(&mut entry, 0x1030, 0x4000, 0x1020, 0);
        assert_eq!(entry, [0xff, 0x25, 0xca, 0x2f, 0, 0, 0x68, 0, 0, 0, 0, 0xe9, 0xe0, 0xff, 0xff, 0xff]);
        let mut direct = [0; 8];
        write_direct(&mut direct, 0x1040, 0x3fe0);
        assert_eq!(direct, [0xff, 0x25, 0x9a, 0x2f, 0, 0, 0x66, 0x90]);
    }
}
