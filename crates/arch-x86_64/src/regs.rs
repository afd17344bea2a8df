//! Registers: one numbering for all banks, their roles, names and DWARF numbers (psABI, figures 3.4 and 3.36).
//!
//! 0 to 15 are the general registers by their hardware numbers, 16 to 31 the SSE registers. `RIP` and `NONE`-like roles
//! are never allocated.

use codegen::machine::PinKind::{Arrival, Saved, Scratch};
use codegen::machine::{PReg, PinKind, PinRow, RegSet};

pub const RAX: PReg = 0;
pub const RCX: PReg = 1;
pub const RDX: PReg = 2;
pub const RBX: PReg = 3;
pub const RSP: PReg = 4;
pub const RBP: PReg = 5;
pub const RSI: PReg = 6;
pub const RDI: PReg = 7;
pub const R8: PReg = 8;
pub const R9: PReg = 9;
pub const R10: PReg = 10;
pub const R11: PReg = 11;
pub const R12: PReg = 12;
pub const R13: PReg = 13;
pub const R14: PReg = 14;
pub const R15: PReg = 15;
pub const XMM0: PReg = 16;
/// Base of an address relative to the next instruction.
pub const RIP: PReg = 32;

const fn bits(regs: &[PReg]) -> RegSet {
    let (mut set, mut idx) = (0, 0);
    while idx < regs.len() {
        set |= 1 << regs[idx];
        idx += 1;
    }
    set
}

/// General registers for temporaries: those that calls do not preserve.
pub const INT_TEMPS: RegSet = bits(&[RAX, RCX, RDX, RSI, RDI, R8, R9, R10, R11]);
/// All SSE registers: calls preserve none.
pub const FLOAT_TEMPS: RegSet = 0xffff << XMM0;
/// What a call changes.
pub const CALL_CLOBBERS: RegSet = INT_TEMPS | FLOAT_TEMPS;
/// Static chain of nested functions (psABI, figure 3.4).
pub const CHAIN: PReg = R10;
/// General and SSE registers.
pub const INTS: RegSet = 0xffff;
pub const FLOATS: RegSet = 0xffff << XMM0;
/// For variables. `rbx` needs no prefix for 32-bit operations. Instruction rows, ends of blocks and results name none of
/// the scratch ones; `rdi` and `rsi` may hold block parameters.
#[rustfmt::skip]
pub static PINS: &[PinRow] = &[
    pin(RBX, Saved), pin(R12, Saved), pin(R13, Saved), pin(R14, Saved), pin(R15, Saved),
    pin(R8, Scratch), pin(R9, Scratch), pin(R10, Scratch), pin(R11, Scratch), pin(RDI, Arrival), pin(RSI, Arrival),
    pin(XMM0 + 8, Scratch), pin(XMM0 + 9, Scratch), pin(XMM0 + 10, Scratch), pin(XMM0 + 11, Scratch),
    pin(XMM0 + 12, Scratch), pin(XMM0 + 13, Scratch), pin(XMM0 + 14, Scratch), pin(XMM0 + 15, Scratch),
];
/// The atomic loop names two registers and takes an operand and an address beside them.
pub const MIN_TEMPS: u32 = 5;

const fn pin(preg: PReg, kind: PinKind) -> PinRow {
    PinRow { preg, kind }
}

/// Registers of integer arguments (psABI, 3.2.3).
pub static INT_ARGS: [PReg; 6] = [RDI, RSI, RDX, RCX, R8, R9];
pub const N_FLOAT_ARGS: usize = 8;

/// DWARF numbers by our numbers.
#[rustfmt::skip]
pub static DWARF: [u8; 32] = [
    0, 2, 1, 3, 7, 6, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15,
    17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32,
];

/// Names of the general registers at 8, 16, 32 and 64 bits.
#[rustfmt::skip]
pub static NAMES: [[&str; 16]; 4] = [
    ["al", "cl", "dl", "bl", "spl", "bpl", "sil", "dil", "r8b", "r9b", "r10b", "r11b", "r12b", "r13b", "r14b", "r15b"],
    ["ax", "cx", "dx", "bx", "sp", "bp", "si", "di", "r8w", "r9w", "r10w", "r11w", "r12w", "r13w", "r14w", "r15w"],
    ["eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi", "r8d", "r9d", "r10d", "r11d", "r12d", "r13d", "r14d", "r15d"],
    ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"],
];
