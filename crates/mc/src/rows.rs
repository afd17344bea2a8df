//! Line rows and unwind rows: what code generation and `.loc`/`.cfi_*` directives record, independent of any format.

use base::Pos;

/// From `offset` on, code belongs to `pos`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineRow {
    /// Offset in the atom, in bytes.
    pub offset: u32,
    pub pos: Pos,
    pub flags: u8,
}

impl LineRow {
    /// A good place for a breakpoint.
    pub const IS_STMT: u8 = 1;
    /// First instruction after the prologue.
    pub const PROLOGUE_END: u8 = 2;
    /// First instruction of an epilogue.
    pub const EPILOGUE_BEGIN: u8 = 4;
}

/// One change of the unwind rules, in effect from `offset` on. Registers are DWARF numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UnwindRow {
    /// Offset in the atom, in bytes.
    pub offset: u32,
    pub op: UnwindOp,
}

/// What changes (DWARF 5, 6.4.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnwindOp {
    /// The frame address is `reg + offset`.
    DefCfa {
        reg: u8,
        offset: i32,
    },
    DefCfaRegister {
        reg: u8,
    },
    DefCfaOffset {
        offset: i32,
    },
    /// The caller's `reg` is saved at frame address + `offset`.
    Offset {
        reg: u8,
        offset: i32,
    },
    /// The caller's `reg` is in `reg` again.
    Restore {
        reg: u8,
    },
    SameValue {
        reg: u8,
    },
    Undefined {
        reg: u8,
    },
    RememberState,
    RestoreState,
}
