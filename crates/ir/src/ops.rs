//! Every operation. Adding one: a variant, its row in [`OPS`], then follow the compiler.
//!
//! Semantics are total: what C leaves undefined has one meaning here, the same for interpreter and machine code.
//! - Integer arithmetic wraps. Shift amounts are taken modulo the width of the type.
//! - Division and remainder by zero, and the signed quotient that does not fit, trap.
//! - `Load`/`Store` of memory that is not there trap.
//! - Float to integer out of range gives the target's "integer indefinite" value.

/// The operations. Operand words: `a`, `b`, `c`, `aux` of [`crate::Inst`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum Op {
    /// No effect. A statement that may need no code, such as a jump to what follows it, begins with one where it is to
    /// be a place to stop for debuggers: code generation then sees to it that the statement has code.
    Nop,

    // Constants and addresses.
    /// Integer or pointer constant: the value, zero-extended to 64 bits, in `b`, `c`.
    Iconst,
    /// f32 or f64: the bits in `b`, `c`.
    Fconst,
    /// 16-byte constant: `a` is a [`crate::module::Wide`].
    WideConst,
    /// Address of slot `a` plus the signed byte offset `b`.
    SlotAddr,
    /// Address of symbol `a` plus the signed 64-bit byte offset in `b`, `c`.
    SymAddr,
    /// Parameter number `a` of the function, a scalar. Only in the entry block, before anything else.
    Param,
    /// Parameter number `a` of its block. Only at the start of a block.
    BlockParam,

    // Memory.
    /// Value of scalar slot `a`.
    SlotGet,
    /// Scalar slot `a` becomes value `b`. `ty` is the slot's type. No result.
    SlotSet,
    /// `ty` at address `a` plus the signed offset `b`; `aux` is a [`crate::MemId`].
    Load,
    /// `ty` value `b` to address `a` plus the signed offset `c`; `aux` is a [`crate::MemId`]. No result.
    Store,
    /// Copies `c` bytes from address `b` to address `a`; the areas are the same or do not overlap.
    /// `aux` is a [`crate::MemId`] whose alignment holds for both. No result.
    Copy,
    /// Sets `c` bytes at address `a` to the byte `b` (an immediate, 0 to 255). `aux` is a [`crate::MemId`]. No result.
    Fill,

    // Integer arithmetic: `ty` is the type of operands `a`, `b` and of the result. Ptr is allowed for Add and Sub with an
    // i64 (or ptr, for Sub giving i64: then `ty` is I64) operand `b`.
    Add,
    Sub,
    Mul,
    SDiv,
    UDiv,
    SRem,
    URem,
    And,
    Or,
    Xor,
    Shl,
    LShr,
    AShr,
    Neg,
    Not,
    /// High half of the signed, unsigned product.
    MulHighS,
    MulHighU,
    RotL,
    RotR,
    /// Bit counts and swaps of `a`. Clz and Ctz of 0 give the width.
    Clz,
    Ctz,
    Popcnt,
    Bswap,

    // Compares: `ty` is the type of the operands `a`, `b`; `aux` is a [`Cond`] or [`FCond`]; the result is i32, 0 or 1.
    Icmp,
    Fcmp,
    /// `b` when the i32 `a` is not 0, else `c`; both are evaluated.
    Select,

    // Conversions of `a` to `ty`.
    /// To a narrower integer (pointers count as 64-bit integers in all of these).
    Trunc,
    Zext,
    Sext,
    /// Same size, other type: i64 ↔ ptr, i32 ↔ f32, i64 ↔ f64, i128 ↔ f128.
    Bitcast,
    Fpext,
    Fptrunc,
    /// To integers: toward zero.
    FptoS,
    FptoU,
    StoFp,
    UtoFp,

    // Floating point: `ty` is the type of operands and result. Round to nearest even, exceptions masked.
    Fadd,
    Fsub,
    Fmul,
    Fdiv,
    Fneg,
    Fabs,
    Fsqrt,
    Fcopysign,

    // Calls.
    /// Calls symbol `a` with the list at `b` (count, then values) and signature `c`; `aux` is a
    /// [`crate::func::CallFlags`]. `ty` is the result's type (`Void` for none and for aggregates).
    Call,
    /// Calls the address `a`; else as [`Op::Call`].
    CallIndirect,

    // Variable arguments. The operand is the address of a `va_list`.
    VaStart,
    /// Copies the `va_list` at `b` to the one at `a`.
    VaCopy,
    VaEnd,
    /// Next argument of scalar type `ty` from the list at `a`.
    VaArg,
    /// Next argument, an aggregate of layout `b`, from the list at `a`: copied to the address `c`. No result.
    VaArgAggregate,

    // The stack.
    /// `a` (i64) bytes of stack with alignment `b` bytes, until the function returns or [`Op::StackRestore`].
    Alloca,
    StackSave,
    StackRestore,
    /// The chain with which the function was called through an [`Op::Closure`]. Only in the entry block, behind nothing
    /// but parameters, of functions with the flag `CHAIN`.
    Chain,
    /// Makes the [`CLOSURE_SIZE`] bytes at `a` a function that calls `b` with chain `c` and else just as it is called; gives
    /// its address. It is there as long as the memory is.
    Closure,
    /// Address of the frame, of the return address' target, `a` levels up (immediate).
    FrameAddress,
    ReturnAddress,

    // Atomics: `a` is the address, `aux` a [`crate::MemId`] whose order holds.
    /// Operation `c` (an [`AtomicRmw`]) with value `b`; gives the old value.
    AtomicRmw,
    /// List at `b`: expected, desired. Gives the old value.
    AtomicCmpxchg,
    /// Fence with the order in `aux` (an [`crate::module::AtomicOrder`] as a number).
    Fence,
    /// Stops here with a fault.
    Trap,
    /// Tells the cache that address `a` is wanted. No result.
    Prefetch,
    /// Inline assembly: statement `a` of [`crate::func::Func::asms`], values at `b` for its operands that take one. No result: what it
    /// writes goes to slots and memory.
    Asm,

    // Ends of blocks.
    /// To block `a` with `c` arguments in the list at `b`. The only one that passes arguments.
    Jump,
    /// To block `b` when the i32 (or any integer or pointer: `ty`) `a` is not 0, else to block `c`.
    Branch,
    /// By the integer `a` of type `ty`: list at `b` (count, then triples), default block `c`.
    Switch,
    /// To the block whose address `a` is; candidates are all blocks with labels.
    JumpIndirect,
    /// Returns nothing, the scalar `a` (when `ty` is not Void), or the aggregate at address `a` (when the signature says so).
    Ret,
    /// [`Op::Asm`] that may jump to its labels; else control goes to block `c`.
    AsmGoto,
    Unreachable,
}

/// Bytes of memory, aligned to 16, in which [`Op::Closure`] makes a function on any architecture.
pub const CLOSURE_SIZE: u64 = 32;

/// Integer conditions.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum Cond {
    Eq,
    Ne,
    Slt,
    Sle,
    Sgt,
    Sge,
    Ult,
    Ule,
    Ugt,
    Uge,
}

impl Cond {
    pub const ALL: [Cond; 10] =
        [Cond::Eq, Cond::Ne, Cond::Slt, Cond::Sle, Cond::Sgt, Cond::Sge, Cond::Ult, Cond::Ule, Cond::Ugt, Cond::Uge];

    pub fn from_aux(aux: u16) -> Cond {
        Cond::ALL[aux as usize]
    }

    /// The name in text form.
    pub const fn name(self) -> &'static str {
        ["eq", "ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge"][self as usize]
    }

    /// True exactly when `self` is false.
    #[must_use]
    pub fn negated(self) -> Cond {
        match self {
            Cond::Eq => Cond::Ne,
            Cond::Ne => Cond::Eq,
            Cond::Slt => Cond::Sge,
            Cond::Sle => Cond::Sgt,
            Cond::Sgt => Cond::Sle,
            Cond::Sge => Cond::Slt,
            Cond::Ult => Cond::Uge,
            Cond::Ule => Cond::Ugt,
            Cond::Ugt => Cond::Ule,
            Cond::Uge => Cond::Ult,
        }
    }

    /// The same with operands exchanged.
    #[must_use]
    pub fn swapped(self) -> Cond {
        match self {
            Cond::Eq => Cond::Eq,
            Cond::Ne => Cond::Ne,
            Cond::Slt => Cond::Sgt,
            Cond::Sle => Cond::Sge,
            Cond::Sgt => Cond::Slt,
            Cond::Sge => Cond::Sle,
            Cond::Ult => Cond::Ugt,
            Cond::Ule => Cond::Uge,
            Cond::Ugt => Cond::Ult,
            Cond::Uge => Cond::Ule,
        }
    }
}

/// Floating-point conditions. All are false on unordered operands but `Ne`, `Uno` and the `U*` ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum FCond {
    Eq,
    /// Unordered or not equal: C's `!=`.
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
    /// Ordered.
    Ord,
    Uno,
    /// Unordered or …: the negations of `Ge`, `Gt`, `Le`, `Lt`.
    Ult,
    Ule,
    Ugt,
    Uge,
}

impl FCond {
    pub const ALL: [FCond; 12] = [
        FCond::Eq,
        FCond::Ne,
        FCond::Lt,
        FCond::Le,
        FCond::Gt,
        FCond::Ge,
        FCond::Ord,
        FCond::Uno,
        FCond::Ult,
        FCond::Ule,
        FCond::Ugt,
        FCond::Uge,
    ];

    pub fn from_aux(aux: u16) -> FCond {
        FCond::ALL[aux as usize]
    }

    /// The name in text form.
    pub const fn name(self) -> &'static str {
        ["eq", "ne", "lt", "le", "gt", "ge", "ord", "uno", "ult", "ule", "ugt", "uge"][self as usize]
    }

    /// True exactly when `self` is false.
    #[must_use]
    pub fn negated(self) -> FCond {
        match self {
            FCond::Eq => FCond::Ne,
            FCond::Ne => FCond::Eq,
            FCond::Lt => FCond::Uge,
            FCond::Le => FCond::Ugt,
            FCond::Gt => FCond::Ule,
            FCond::Ge => FCond::Ult,
            FCond::Ord => FCond::Uno,
            FCond::Uno => FCond::Ord,
            FCond::Ult => FCond::Ge,
            FCond::Ule => FCond::Gt,
            FCond::Ugt => FCond::Le,
            FCond::Uge => FCond::Lt,
        }
    }
}

/// What [`Op::AtomicRmw`] does with the old value and the operand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u8)]
pub enum AtomicRmw {
    Xchg,
    Add,
    Sub,
    And,
    Or,
    Xor,
    Nand,
}

impl AtomicRmw {
    pub const ALL: [AtomicRmw; 7] = [
        AtomicRmw::Xchg,
        AtomicRmw::Add,
        AtomicRmw::Sub,
        AtomicRmw::And,
        AtomicRmw::Or,
        AtomicRmw::Xor,
        AtomicRmw::Nand,
    ];

    /// The name in text form.
    pub const fn name(self) -> &'static str {
        ["xchg", "add", "sub", "and", "or", "xor", "nand"][self as usize]
    }
}

/// What an operand word of an operation holds: one table for printer, parser, verifier and use counting.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operand {
    /// Not used: must be 0.
    None,
    /// A value.
    Value,
    /// A signed 32-bit number.
    Imm,
    /// An unsigned number.
    Uimm,
    /// Low half of a 64-bit number whose high half is the next word.
    Imm64,
    Slot,
    Symbol,
    Block,
    Wide,
    Layout,
    Sig,
    /// A list: count, then values.
    List,
    /// A list of values whose count is the next word.
    Args,
    /// The count of the [`Operand::Args`] before it.
    Count,
    /// A list: count, then triples of a 64-bit number (low half, high half) and a block.
    Cases,
    /// A value, unless `ty` is `Void`: then 0.
    ValueUnlessVoid,
    /// An [`AtomicRmw`] as a number.
    Rmw,
    /// Index of [`crate::func::Func::asms`].
    Asm,
}

/// Facts of one operation.
#[derive(Clone, Copy, Debug)]
pub struct OpRow {
    pub op: Op,
    /// The name in text form.
    pub name: &'static str,
    pub a: Operand,
    pub b: Operand,
    pub c: Operand,
    /// What `aux` is.
    pub aux: Aux,
    /// Makes a value (of `ty`, or i32 for compares).
    pub result: bool,
    /// Ends a block.
    pub ends: bool,
    /// Must be kept and kept in order: writes, calls, traps, control.
    pub effect: bool,
}

/// What `aux` holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Aux {
    None,
    Mem,
    Cond,
    FCond,
    Call,
    Order,
}

impl OpRow {
    /// What the three operand words hold.
    #[inline]
    pub fn operands(&self) -> [Operand; 3] {
        [self.a, self.b, self.c]
    }
}

const fn row(op: Op, name: &'static str, operands: [Operand; 3], aux: Aux, kind: u8) -> OpRow {
    let [a, b, c] = operands;
    OpRow { op, name, a, b, c, aux, result: kind & R != 0, ends: kind & T != 0, effect: kind & (E | T) != 0 }
}

/// Makes a result.
const R: u8 = 1;
/// Has an effect.
const E: u8 = 2;
/// Ends a block.
const T: u8 = 4;

use Aux as X;
use Operand as O;

const NULLARY: [O; 3] = [O::None, O::None, O::None];
const UNARY: [O; 3] = [O::Value, O::None, O::None];
const BINARY: [O; 3] = [O::Value, O::Value, O::None];

/// One row per operation, in the order of [`Op`].
pub static OPS: &[OpRow] = &[
    row(Op::Nop, "nop", NULLARY, X::None, 0),
    row(Op::Iconst, "iconst", [O::None, O::Imm64, O::None], X::None, R),
    row(Op::Fconst, "fconst", [O::None, O::Imm64, O::None], X::None, R),
    row(Op::WideConst, "wideconst", [O::Wide, O::None, O::None], X::None, R),
    row(Op::SlotAddr, "slot_addr", [O::Slot, O::Imm, O::None], X::None, R),
    row(Op::SymAddr, "sym_addr", [O::Symbol, O::Imm64, O::None], X::None, R),
    row(Op::Param, "param", [O::Uimm, O::None, O::None], X::None, R),
    row(Op::BlockParam, "block_param", [O::Uimm, O::None, O::None], X::None, R),
    row(Op::SlotGet, "get", [O::Slot, O::None, O::None], X::None, R),
    row(Op::SlotSet, "set", [O::Slot, O::Value, O::None], X::None, E),
    row(Op::Load, "load", [O::Value, O::Imm, O::None], X::Mem, R),
    row(Op::Store, "store", [O::Value, O::Value, O::Imm], X::Mem, E),
    row(Op::Copy, "copy", [O::Value, O::Value, O::Uimm], X::Mem, E),
    row(Op::Fill, "fill", [O::Value, O::Uimm, O::Uimm], X::Mem, E),
    row(Op::Add, "add", BINARY, X::None, R),
    row(Op::Sub, "sub", BINARY, X::None, R),
    row(Op::Mul, "mul", BINARY, X::None, R),
    row(Op::SDiv, "sdiv", BINARY, X::None, R | E),
    row(Op::UDiv, "udiv", BINARY, X::None, R | E),
    row(Op::SRem, "srem", BINARY, X::None, R | E),
    row(Op::URem, "urem", BINARY, X::None, R | E),
    row(Op::And, "and", BINARY, X::None, R),
    row(Op::Or, "or", BINARY, X::None, R),
    row(Op::Xor, "xor", BINARY, X::None, R),
    row(Op::Shl, "shl", BINARY, X::None, R),
    row(Op::LShr, "lshr", BINARY, X::None, R),
    row(Op::AShr, "ashr", BINARY, X::None, R),
    row(Op::Neg, "neg", UNARY, X::None, R),
    row(Op::Not, "not", UNARY, X::None, R),
    row(Op::MulHighS, "mulhs", BINARY, X::None, R),
    row(Op::MulHighU, "mulhu", BINARY, X::None, R),
    row(Op::RotL, "rotl", BINARY, X::None, R),
    row(Op::RotR, "rotr", BINARY, X::None, R),
    row(Op::Clz, "clz", UNARY, X::None, R),
    row(Op::Ctz, "ctz", UNARY, X::None, R),
    row(Op::Popcnt, "popcnt", UNARY, X::None, R),
    row(Op::Bswap, "bswap", UNARY, X::None, R),
    row(Op::Icmp, "icmp", BINARY, X::Cond, R),
    row(Op::Fcmp, "fcmp", BINARY, X::FCond, R),
    row(Op::Select, "select", [O::Value, O::Value, O::Value], X::None, R),
    row(Op::Trunc, "trunc", UNARY, X::None, R),
    row(Op::Zext, "zext", UNARY, X::None, R),
    row(Op::Sext, "sext", UNARY, X::None, R),
    row(Op::Bitcast, "bitcast", UNARY, X::None, R),
    row(Op::Fpext, "fpext", UNARY, X::None, R),
    row(Op::Fptrunc, "fptrunc", UNARY, X::None, R),
    row(Op::FptoS, "fptos", UNARY, X::None, R),
    row(Op::FptoU, "fptou", UNARY, X::None, R),
    row(Op::StoFp, "stofp", UNARY, X::None, R),
    row(Op::UtoFp, "utofp", UNARY, X::None, R),
    row(Op::Fadd, "fadd", BINARY, X::None, R),
    row(Op::Fsub, "fsub", BINARY, X::None, R),
    row(Op::Fmul, "fmul", BINARY, X::None, R),
    row(Op::Fdiv, "fdiv", BINARY, X::None, R),
    row(Op::Fneg, "fneg", UNARY, X::None, R),
    row(Op::Fabs, "fabs", UNARY, X::None, R),
    row(Op::Fsqrt, "fsqrt", UNARY, X::None, R),
    row(Op::Fcopysign, "fcopysign", BINARY, X::None, R),
    row(Op::Call, "call", [O::Symbol, O::List, O::Sig], X::Call, R | E),
    row(Op::CallIndirect, "call_indirect", [O::Value, O::List, O::Sig], X::Call, R | E),
    row(Op::VaStart, "va_start", UNARY, X::None, E),
    row(Op::VaCopy, "va_copy", BINARY, X::None, E),
    row(Op::VaEnd, "va_end", UNARY, X::None, E),
    row(Op::VaArg, "va_arg", UNARY, X::None, R | E),
    row(Op::VaArgAggregate, "va_arg_agg", [O::Value, O::Layout, O::Value], X::None, E),
    row(Op::Alloca, "alloca", [O::Value, O::Uimm, O::None], X::None, R | E),
    row(Op::StackSave, "stack_save", NULLARY, X::None, R | E),
    row(Op::StackRestore, "stack_restore", UNARY, X::None, E),
    row(Op::Chain, "chain", NULLARY, X::None, R),
    row(Op::Closure, "closure", [O::Value, O::Value, O::Value], X::None, R | E),
    row(Op::FrameAddress, "frame_address", [O::Uimm, O::None, O::None], X::None, R),
    row(Op::ReturnAddress, "return_address", [O::Uimm, O::None, O::None], X::None, R),
    row(Op::AtomicRmw, "atomic_rmw", [O::Value, O::Value, O::Rmw], X::Mem, R | E),
    row(Op::AtomicCmpxchg, "atomic_cmpxchg", [O::Value, O::List, O::None], X::Mem, R | E),
    row(Op::Fence, "fence", NULLARY, X::Order, E),
    row(Op::Trap, "trap", NULLARY, X::None, E),
    row(Op::Prefetch, "prefetch", UNARY, X::None, E),
    row(Op::Asm, "asm", [O::Asm, O::List, O::None], X::None, E),
    row(Op::Jump, "jump", [O::Block, O::Args, O::Count], X::None, T),
    row(Op::Branch, "branch", [O::Value, O::Block, O::Block], X::None, T),
    row(Op::Switch, "switch", [O::Value, O::Cases, O::Block], X::None, T),
    row(Op::JumpIndirect, "jump_indirect", UNARY, X::None, T),
    row(Op::Ret, "ret", [O::ValueUnlessVoid, O::None, O::None], X::None, T),
    row(Op::AsmGoto, "asm_goto", [O::Asm, O::List, O::Block], X::None, T),
    row(Op::Unreachable, "unreachable", NULLARY, X::None, T),
];

impl Op {
    /// The operation's facts.
    #[inline]
    pub fn row(self) -> &'static OpRow {
        &OPS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_operations() {
        for (idx, row) in OPS.iter().enumerate() {
            assert_eq!(row.op as usize, idx, "{}", row.name);
            assert_eq!(OPS.iter().filter(|other| other.name == row.name).count(), 1, "{}", row.name);
        }
        assert_eq!(OPS.last().map(|row| row.op), Some(Op::Unreachable));
    }
}
