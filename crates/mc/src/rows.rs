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

/// Where a variable is while its scope lasts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Optimized away or never made.
    Nowhere,
    /// In a register, by DWARF number.
    Reg(u8),
    /// In memory at the canonical frame address plus this many bytes.
    Frame(i32),
}

/// What code generation tells the debug and unwind writers of one function. Offsets are in bytes from its start.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FuncRows {
    /// The symbol of the function in the object under construction.
    pub symbol: obj::SymId,
    /// The atom that holds its code.
    pub atom: obj::AtomId,
    pub size: u32,
    /// In order of offset; empty without `-g`.
    pub lines: Vec<LineRow>,
    /// In order of offset.
    pub unwind: Vec<UnwindRow>,
    /// By slot of the function; empty without `-g`.
    pub places: Vec<Place>,
    /// Code range of each scope of the function's debug description; empty without `-g`.
    pub scopes: Vec<(u32, u32)>,
}
