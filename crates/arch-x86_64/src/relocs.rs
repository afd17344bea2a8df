//! The relocation kinds of x86-64, one row each: System V psABI (x86-64), table 4.9 "Relocation Types", and the APX
//! `CODE_n` kinds. Rows stand in the order of their ELF numbers; a kind is the index of its row.

use target::reloc::fields::{get_le8, get_le16, get_le32, get_le64, get_none, le8, le16, le32, le64, none as put_none};
use target::{CommonRelocs, Formula, RelocDesc, RelocFlags, RelocKind, RelocRange};

const NONE: RelocFlags = RelocFlags::NONE;
const WORD: RelocFlags = RelocFlags::WORD;
const BRANCH: RelocFlags = RelocFlags::BRANCH;
const TLS: RelocFlags = RelocFlags::TLS;
const RELAX: RelocFlags = RelocFlags::RELAX;
const TLS_RELAX: RelocFlags = RelocFlags::TLS.with(RelocFlags::RELAX);
const TLS_WORD: RelocFlags = RelocFlags::TLS.with(RelocFlags::WORD);

/// Defines the constant and the row of every kind. Columns: name, ELF number, formula, field size in bytes, range, flags.
macro_rules! relocs {
    ($($name:ident $number:literal $formula:ident $size:tt $range:expr, $flags:expr;)+) => {
        /// Positions of the rows, which are the values of the constants.
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Row { $($name),+ }
        $(
            #[doc = concat!("`", stringify!($name), "`, row and ELF number ", stringify!($number), ".")]
            pub const $name: RelocKind = RelocKind(Row::$name as u16);
        )+
        /// Every relocation kind; indexed by [`RelocKind`].
        pub static RELOCS: &[RelocDesc] = &[$(RelocDesc {
            name: stringify!($name),
            wire: &[("elf", $number)],
            formula: Formula::$formula,
            size: $size,
            range: $range,
            flags: $flags,
            encode: relocs!(@put $size),
            decode: relocs!(@get $size),
        }),+];
    };
    (@put 0) => { put_none };
    (@put 1) => { le8 };
    (@put 2) => { le16 };
    (@put 4) => { le32 };
    (@put 8) => { le64 };
    (@get 0) => { get_none };
    (@get 1) => { get_le8 };
    (@get 2) => { get_le16 };
    (@get 4) => { get_le32 };
    (@get 8) => { get_le64 };
}

use RelocRange::{Any, Either, Signed, Unsigned};

relocs! {
    R_X86_64_NONE                      0 None           0 Any,          NONE;
    R_X86_64_64                        1 Abs            8 Any,          WORD;
    R_X86_64_PC32                      2 PcRel          4 Signed(32),   NONE;
    R_X86_64_GOT32                     3 GotSlot        4 Signed(32),   NONE;
    R_X86_64_PLT32                     4 PltPcRel       4 Signed(32),   BRANCH;
    R_X86_64_COPY                      5 Dynamic        0 Any,          NONE;
    R_X86_64_GLOB_DAT                  6 Dynamic        8 Any,          NONE;
    R_X86_64_JUMP_SLOT                 7 Dynamic        8 Any,          NONE;
    R_X86_64_RELATIVE                  8 Dynamic        8 Any,          NONE;
    R_X86_64_GOTPCREL                  9 GotPcRel       4 Signed(32),   NONE;
    R_X86_64_32                       10 Abs            4 Unsigned(32), NONE;
    R_X86_64_32S                      11 Abs            4 Signed(32),   NONE;
    R_X86_64_16                       12 Abs            2 Either(16),   NONE;
    R_X86_64_PC16                     13 PcRel          2 Signed(16),   NONE;
    R_X86_64_8                        14 Abs            1 Either(8),    NONE;
    R_X86_64_PC8                      15 PcRel          1 Signed(8),    NONE;
    R_X86_64_DTPMOD64                 16 Dynamic        8 Any,          TLS;
    R_X86_64_DTPOFF64                 17 DtpOff         8 Any,          TLS;
    R_X86_64_TPOFF64                  18 TpOff          8 Any,          TLS_WORD;
    R_X86_64_TLSGD                    19 TlsGdPcRel     4 Signed(32),   TLS_RELAX;
    R_X86_64_TLSLD                    20 TlsLdPcRel     4 Signed(32),   TLS_RELAX;
    R_X86_64_DTPOFF32                 21 DtpOff         4 Signed(32),   TLS;
    R_X86_64_GOTTPOFF                 22 GotTpOffPcRel  4 Signed(32),   TLS_RELAX;
    R_X86_64_TPOFF32                  23 TpOff          4 Signed(32),   TLS;
    R_X86_64_PC64                     24 PcRel          8 Any,          NONE;
    R_X86_64_GOTOFF64                 25 GotOff         8 Any,          NONE;
    R_X86_64_GOTPC32                  26 GotBasePcRel   4 Signed(32),   NONE;
    R_X86_64_GOT64                    27 GotSlot        8 Any,          NONE;
    R_X86_64_GOTPCREL64               28 GotPcRel       8 Any,          NONE;
    R_X86_64_GOTPC64                  29 GotBasePcRel   8 Any,          NONE;
    R_X86_64_GOTPLT64                 30 GotSlot        8 Any,          NONE;
    R_X86_64_PLTOFF64                 31 PltOff         8 Any,          NONE;
    R_X86_64_SIZE32                   32 Size           4 Unsigned(32), NONE;
    R_X86_64_SIZE64                   33 Size           8 Any,          NONE;
    R_X86_64_GOTPC32_TLSDESC          34 TlsDescPcRel   4 Signed(32),   TLS_RELAX;
    R_X86_64_TLSDESC_CALL             35 TlsDescCall    0 Any,          TLS_RELAX;
    R_X86_64_TLSDESC                  36 Dynamic        0 Any,          TLS;
    R_X86_64_IRELATIVE                37 Dynamic        8 Any,          NONE;
    R_X86_64_RELATIVE64               38 Dynamic        8 Any,          NONE;
    R_X86_64_PC32_BND                 39 PcRel          4 Signed(32),   NONE;
    R_X86_64_PLT32_BND                40 PltPcRel       4 Signed(32),   BRANCH;
    R_X86_64_GOTPCRELX                41 GotPcRel       4 Signed(32),   RELAX;
    R_X86_64_REX_GOTPCRELX            42 GotPcRel       4 Signed(32),   RELAX;
    R_X86_64_CODE_4_GOTPCRELX         43 GotPcRel       4 Signed(32),   RELAX;
    R_X86_64_CODE_4_GOTTPOFF          44 GotTpOffPcRel  4 Signed(32),   TLS_RELAX;
    R_X86_64_CODE_4_GOTPC32_TLSDESC   45 TlsDescPcRel   4 Signed(32),   TLS_RELAX;
    R_X86_64_CODE_5_GOTPCRELX         46 GotPcRel       4 Signed(32),   RELAX;
    R_X86_64_CODE_5_GOTTPOFF          47 GotTpOffPcRel  4 Signed(32),   TLS_RELAX;
    R_X86_64_CODE_5_GOTPC32_TLSDESC   48 TlsDescPcRel   4 Signed(32),   TLS_RELAX;
    R_X86_64_CODE_6_GOTPCRELX         49 GotPcRel       4 Signed(32),   RELAX;
    R_X86_64_CODE_6_GOTTPOFF          50 GotTpOffPcRel  4 Signed(32),   TLS_RELAX;
    R_X86_64_CODE_6_GOTPC32_TLSDESC   51 TlsDescPcRel   4 Signed(32),   TLS_RELAX;
    R_X86_64_GNU_VTINHERIT           250 None           0 Any,          NONE;
    R_X86_64_GNU_VTENTRY             251 None           0 Any,          NONE;
}

/// The kinds that generic code asks for.
pub const COMMON: CommonRelocs = CommonRelocs {
    none: R_X86_64_NONE,
    abs32: R_X86_64_32,
    abs64: R_X86_64_64,
    pc32: R_X86_64_PC32,
    pc64: R_X86_64_PC64,
    dtpoff64: R_X86_64_DTPOFF64,
    dtpoff32: R_X86_64_DTPOFF32,
    relative: R_X86_64_RELATIVE,
    glob_dat: R_X86_64_GLOB_DAT,
    jump_slot: R_X86_64_JUMP_SLOT,
    copy: R_X86_64_COPY,
    irelative: R_X86_64_IRELATIVE,
    dtpmod: R_X86_64_DTPMOD64,
    dtpoff: R_X86_64_DTPOFF64,
    tpoff: R_X86_64_TPOFF64,
    tlsdesc: R_X86_64_TLSDESC,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_unique_names_and_numbers() {
        for (idx, row) in RELOCS.iter().enumerate() {
            assert_eq!(row.wire.len(), 1);
            for other in &RELOCS[idx + 1..] {
                assert_ne!(row.name, other.name);
                assert_ne!(row.wire_number("elf"), other.wire_number("elf"));
            }
        }
        assert_eq!(RELOCS[0].formula, Formula::None);
        assert_eq!(RELOCS[R_X86_64_GNU_VTENTRY.0 as usize].name, "R_X86_64_GNU_VTENTRY");
    }

    /// The system's `elf.h` is the oracle for every number that it knows.
    #[test]
    fn numbers_agree_with_the_system_header() {
        let Ok(header) = std::fs::read_to_string("/usr/include/elf.h") else { return };
        let mut seen = 0;
        for line in header.lines() {
            let mut words = line.split_whitespace();
            if words.next() != Some("#define") {
                continue;
            }
            let (Some(name), Some(number)) = (words.next(), words.next()) else { continue };
            if !name.starts_with("R_X86_64_") || name == "R_X86_64_NUM" {
                continue;
            }
            let row = RELOCS.iter().find(|row| row.name == name).unwrap_or_else(|| panic!("{name} has no row"));
            assert_eq!(row.wire_number("elf"), number.parse().ok(), "{name}");
            seen += 1;
        }
        assert!(seen >= 40, "{seen}");
    }

    #[test]
    fn decode_reverses_encode_at_the_edges_of_the_range() {
        for row in RELOCS {
            if row.size == 0 {
                continue;
            }
            let edges: &[i64] = match row.range {
                Any => &[0, 1, -1, i64::MAX, i64::MIN],
                Signed(bits) => &[0, 1, -1, (1i64 << (bits - 1)) - 1, -(1i64 << (bits - 1))],
                Unsigned(bits) => &[0, 1, (1i64 << bits) - 1],
                Either(bits) => &[0, -1, (1i64 << bits) - 1, -(1i64 << (bits - 1))],
            };
            for &value in edges {
                assert!(row.range.fits(value), "{} {value}", row.name);
                let mut field = [0xa5u8; 16];
                (row.encode)(&mut field, value as u64);
                let shift = 64 - 8 * u32::from(row.size);
                assert_eq!((row.decode)(&field) << shift, value << shift, "{} {value}", row.name);
                assert!(field[row.size as usize..].iter().all(|&b| b == 0xa5), "{} writes past its field", row.name);
            }
            let outside = match row.range {
                Any => continue,
                Signed(bits) => [1i64 << (bits - 1), -(1i64 << (bits - 1)) - 1],
                Unsigned(bits) => [1i64 << bits, -1],
                Either(bits) => [1i64 << bits, -(1i64 << (bits - 1)) - 1],
            };
            for value in outside {
                assert!(!row.range.fits(value), "{} {value}", row.name);
            }
        }
    }
}
