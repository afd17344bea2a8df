//! Prologue and epilogue with their unwind rows: exact at every instruction.
//!
//! Every function keeps `rbp` as its frame pointer, so that variables have one address for the whole function and
//! dynamic stack allocation needs nothing more. Saved registers lie right below it; they are restored by moves, then `leave`.

use crate::encode::{I64, mov, reload};
use crate::regs::{DWARF, RBP, RSP};
use codegen::machine::{Frame, PReg, RegSet};
use mc::CodeBuffer;
use mc::buffer::Reserved;
use mc::rows::UnwindOp;

/// Canonical frame address minus `rbp`.
pub const CFA_OFFSET: i32 = 16;

/// At a function's first instruction: the return address is on top of the stack.
pub static INITIAL: &[UnwindOp] = &[UnwindOp::DefCfa { reg: 7, offset: 8 }, UnwindOp::Offset { reg: 16, offset: -8 }];

/// Bytes below the stack pointer that signal handlers leave alone (psABI, 3.2.2).
const RED_ZONE: u32 = 128;

pub fn prologue(code: &mut CodeBuffer, saved: RegSet) -> Reserved {
    let rbp = DWARF[RBP as usize];
    push(code, RBP);
    code.unwind(UnwindOp::DefCfaOffset { offset: CFA_OFFSET });
    code.unwind(UnwindOp::Offset { reg: rbp, offset: -16 });
    mov(code, I64, RBP, RSP);
    code.unwind(UnwindOp::DefCfaRegister { reg: rbp });
    let mut offset = -CFA_OFFSET;
    each(saved, |preg| {
        push(code, preg);
        offset -= 8;
        code.unwind(UnwindOp::Offset { reg: DWARF[preg as usize], offset });
    });
    code.reserve(7)
}

/// Calls `act` with the registers of a set, ascending.
fn each(set: RegSet, mut act: impl FnMut(PReg)) {
    let mut left = set;
    while left != 0 {
        act(left.trailing_zeros() as PReg);
        left &= left - 1;
    }
}

fn push(code: &mut CodeBuffer, preg: PReg) {
    let opcode = 0x50 | u64::from(preg & 7);
    if preg < 8 { code.put(opcode, 1) } else { code.put(opcode << 8 | 0x41, 2) }
}

/// Makes room below the saved registers; the stack pointer stays a multiple of 16.
pub fn fill_prologue(code: &mut CodeBuffer, spot: Reserved, frame: &Frame) {
    let saved = frame.saved.count_ones() * 8;
    let below = frame.size - saved.min(frame.size);
    let in_red_zone = frame.leaf && !frame.dynamic && below <= RED_ZONE;
    let amount = if in_red_zone { 0 } else { frame.size.max(saved).next_multiple_of(16) - saved };
    let bytes = amount.to_le_bytes();
    match amount {
        0 => code.fill(spot, &[]),
        1..=127 => code.fill(spot, &[0x48, 0x83, 0xec, bytes[0]]),
        _ => code.fill(spot, &[0x48, 0x81, 0xec, bytes[0], bytes[1], bytes[2], bytes[3]]),
    }
}

pub fn epilogue(code: &mut CodeBuffer, frame: &Frame) {
    let mut offset = 0;
    each(frame.saved, |preg| {
        offset -= 8;
        reload(code, I64, preg, offset);
    });
    code.put(0xc9, 1); // leave
    code.unwind(UnwindOp::DefCfa { reg: DWARF[RSP as usize], offset: 8 });
    code.put(0xc3, 1); // ret
}
