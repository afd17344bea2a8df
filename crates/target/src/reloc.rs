//! Relocations as rows: wire numbers, the psABI's formula, the field's encoder, range and flags.
//!
//! An architecture crate has one `static` table of [`RelocDesc`]. Static link, patch, JIT, assembler and emulator go
//! through the same row; no generic code lists kinds. Letters in formulas follow the System V psABI supplements: `S`
//! symbol value, `A` addend, `P` place, `B` load bias, `G` offset of the symbol's GOT entry from `GOT`, `L` the
//! symbol's PLT entry (or the symbol itself when it needs none), `Z` symbol size.

/// Index of a row in [`crate::Arch::relocs`]. Row 0 is always "no relocation".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct RelocKind(pub u16);

/// What value goes into the field.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Formula {
    /// Nothing is written.
    None,
    /// `S + A`
    Abs,
    /// `S + A - P`
    PcRel,
    /// `L + A - P`
    PltPcRel,
    /// `L + A - GOT`
    PltOff,
    /// `G + GOT + A - P`
    GotPcRel,
    /// `G + A`
    GotSlot,
    /// `S + A - GOT`
    GotOff,
    /// `GOT + A - P`
    GotBasePcRel,
    /// `Z + A`
    Size,
    /// Address of a GOT pair (module, offset) for general dynamic TLS, relative to the place.
    TlsGdPcRel,
    /// Address of the GOT pair of this module for local dynamic TLS, relative to the place.
    TlsLdPcRel,
    /// Offset in the module's TLS block: `S + A - TLS start`.
    DtpOff,
    /// Offset from the thread pointer, negative where the block lies below it.
    TpOff,
    /// Address of a GOT entry that holds the thread-pointer offset, relative to the place.
    GotTpOffPcRel,
    /// Address of a TLS descriptor in the GOT, relative to the place.
    TlsDescPcRel,
    /// Marks the call through a descriptor; nothing is written.
    TlsDescCall,
    /// Page difference `Page(S + A) - Page(P)`; the page size is the row's.
    PageRel,
    /// Only a dynamic linker applies it.
    Dynamic,
}

/// Which values fit the field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RelocRange {
    /// Any value is cut to the field.
    Any,
    /// Sign extension of the field must give the value back.
    Signed(u8),
    /// Zero extension must.
    Unsigned(u8),
    /// Either must (fields that hold addresses as well as differences).
    Either(u8),
}

impl RelocRange {
    /// True when `value` fits.
    #[inline]
    pub fn fits(self, value: i64) -> bool {
        match self {
            RelocRange::Any => true,
            RelocRange::Signed(bits) => bits >= 64 || (value << (64 - bits)) >> (64 - bits) == value,
            RelocRange::Unsigned(bits) => bits >= 64 || (value as u64) >> bits == 0,
            RelocRange::Either(bits) => RelocRange::Signed(bits).fits(value) || RelocRange::Unsigned(bits).fits(value),
        }
    }
}

/// Properties that phases ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RelocFlags(pub u16);

impl RelocFlags {
    pub const NONE: RelocFlags = RelocFlags(0);
    /// Transfers control: may go to a PLT entry, a thunk or an island without changing what the program sees.
    pub const BRANCH: RelocFlags = RelocFlags(1);
    /// Refers to thread-local storage.
    pub const TLS: RelocFlags = RelocFlags(2);
    /// The instruction may be rewritten when the target is near or local (`GOTPCRELX`, TLS transitions).
    pub const RELAX: RelocFlags = RelocFlags(4);
    /// As wide as a pointer: may become a dynamic relocation.
    pub const WORD: RelocFlags = RelocFlags(8);

    pub const fn has(self, other: RelocFlags) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub const fn with(self, other: RelocFlags) -> RelocFlags {
        RelocFlags(self.0 | other.0)
    }
}

/// One relocation kind.
pub struct RelocDesc {
    /// The psABI's name: `R_X86_64_PC32`.
    pub name: &'static str,
    /// Wire number per object format, by the format's name.
    pub wire: &'static [(&'static str, u32)],
    pub formula: Formula,
    /// Bytes of the field that `encode` may change; 0 when nothing is written.
    pub size: u8,
    pub range: RelocRange,
    pub flags: RelocFlags,
    /// Stores `value` into the field at the start of the slice, which holds at least `size` bytes.
    pub encode: fn(&mut [u8], u64),
    /// Reads the field back, sign-extended: lifted addends, audits.
    pub decode: fn(&[u8]) -> i64,
}

impl RelocDesc {
    pub fn is(&self, flag: RelocFlags) -> bool {
        self.flags.has(flag)
    }

    /// The wire number in the format named `format`.
    pub fn wire_number(&self, format: &str) -> Option<u32> {
        self.wire.iter().find(|(name, _)| *name == format).map(|&(_, number)| number)
    }
}

/// Plain data fields, shared by every little-endian architecture's rows.
pub mod fields {
    pub fn none(_: &mut [u8], _: u64) {}
    pub fn le8(field: &mut [u8], value: u64) {
        field[0] = value as u8;
    }
    pub fn le16(field: &mut [u8], value: u64) {
        field[..2].copy_from_slice(&(value as u16).to_le_bytes());
    }
    pub fn le32(field: &mut [u8], value: u64) {
        field[..4].copy_from_slice(&(value as u32).to_le_bytes());
    }
    pub fn le64(field: &mut [u8], value: u64) {
        field[..8].copy_from_slice(&value.to_le_bytes());
    }
    pub fn get_none(_: &[u8]) -> i64 {
        0
    }
    pub fn get_le8(field: &[u8]) -> i64 {
        i64::from(field[0] as i8)
    }
    pub fn get_le16(field: &[u8]) -> i64 {
        i64::from(i16::from_le_bytes([field[0], field[1]]))
    }
    pub fn get_le32(field: &[u8]) -> i64 {
        i64::from(i32::from_le_bytes([field[0], field[1], field[2], field[3]]))
    }
    pub fn get_le64(field: &[u8]) -> i64 {
        i64::from_le_bytes([field[0], field[1], field[2], field[3], field[4], field[5], field[6], field[7]])
    }
}
