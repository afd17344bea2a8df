//! Procedure linkage of x86-64: the templates of psABI figure 5.2 ("Procedure Linkage Table, small and medium models").

use link::facets::PltDesc;

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
