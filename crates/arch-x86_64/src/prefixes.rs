//! The prefixes in front of an opcode, and which of them are left to be shown (SDM, volume 2, 2.1).

// Names under which a prefix is shown where the instruction gives it another meaning; no prefix has these bytes.
pub(crate) const SHOW_REP: u8 = 1;
pub(crate) const SHOW_BND: u8 = 2;
pub(crate) const SHOW_NOTRACK: u8 = 3;
pub(crate) const SHOW_XACQUIRE: u8 = 4;
pub(crate) const SHOW_XRELEASE: u8 = 5;

/// No prefix of the kind.
pub(crate) const NOT: u8 = 0xff;

/// The prefixes in front of an opcode.
#[derive(Clone, Copy)]
pub(crate) struct Prefixes {
    /// In their order; what is left of them after decoding (not 0) the instruction has no use for, and is shown.
    pub(crate) all: [u8; 16],
    pub(crate) count: u8,
    /// The REX prefix, 0 for none.
    pub(crate) rex: u8,
    /// Bits of it that the instruction uses, and 0x40 if it uses any or its presence.
    pub(crate) rex_used: u8,
    /// The last segment prefix that counts in 64-bit mode, 0 for none.
    pub(crate) segment: u8,
    // Indexes in `all` of the last of each kind.
    pub(crate) data: u8,
    pub(crate) addr: u8,
    pub(crate) repz: u8,
    pub(crate) repnz: u8,
    pub(crate) lock: u8,
    pub(crate) seg: u8,
    pub(crate) rex_at: u8,
    /// A `ds` or a `cs` is there.
    pub(crate) ds: bool,
    pub(crate) cs: bool,
    /// An `fwait` precedes, and belongs to the instruction.
    pub(crate) wait: bool,
    /// How many prefixes stand before it.
    pub(crate) wait_at: u8,
}

impl Prefixes {
    pub(crate) const NONE: Prefixes = Prefixes {
        all: [0; 16],
        count: 0,
        rex: 0,
        rex_used: 0,
        segment: 0,
        data: NOT,
        addr: NOT,
        repz: NOT,
        repnz: NOT,
        lock: NOT,
        seg: NOT,
        rex_at: NOT,
        ds: false,
        cs: false,
        wait: false,
        wait_at: 0,
    };

    pub(crate) fn has_data(&self) -> bool {
        self.data != NOT
    }

    pub(crate) fn has_addr(&self) -> bool {
        self.addr != NOT
    }

    pub(crate) fn has_lock(&self) -> bool {
        self.lock != NOT
    }

    pub(crate) fn drop(&mut self, at: u8) {
        if let Some(byte) = self.all.get_mut(usize::from(at)) {
            *byte = 0;
        }
    }

    pub(crate) fn show(&mut self, at: u8, as_what: u8) {
        if let Some(byte) = self.all.get_mut(usize::from(at)) {
            *byte = as_what;
        }
    }

    /// Marks bits of REX as used; 0 for its presence alone.
    pub(crate) fn use_rex(&mut self, bits: u8) {
        if bits == 0 {
            self.rex_used |= 0x40;
        } else if self.rex & bits != 0 {
            self.rex_used |= (self.rex & bits) | 0x40;
        }
    }
}
