//! Prologue and epilogue with their unwind rows: exact at every instruction.
//!
//! Every function keeps `rbp` as its frame pointer, so that variables have one address for the whole function and
//! dynamic stack allocation needs nothing more. Saved registers lie right below it; they are restored by moves, then `leave`.

use crate::encode::{at, put, raw, reload};
use crate::insns as x;
use crate::regs::{DWARF, RBP, RSP};
use codegen::machine::{Frame, RegSet};
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
    let push = |code: &mut CodeBuffer, preg| {
        put(code, &raw(x::PUSH_R, x::SIZE_PLAIN64, Some(preg), None, crate::encode::NO_MEM, 0));
    };
    let (rbp, rsp) = (DWARF[RBP as usize], DWARF[RSP as usize]);
    push(code, RBP);
    code.unwind(UnwindOp::DefCfaOffset { offset: CFA_OFFSET });
    code.unwind(UnwindOp::Offset { reg: rbp, offset: -16 });
    put(code, &raw(x::MOV_RR, 3, Some(RBP), Some(RSP), crate::encode::NO_MEM, 0));
    code.unwind(UnwindOp::DefCfaRegister { reg: rbp });
    debug_assert_ne!(rbp, rsp);
    let mut offset = -CFA_OFFSET;
    for preg in 0..16 {
        if saved & 1 << preg != 0 {
            push(code, preg);
            offset -= 8;
            code.unwind(UnwindOp::Offset { reg: DWARF[preg as usize], offset });
        }
    }
    code.reserve(7)
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
    for preg in 0..16 {
        if frame.saved & 1 << preg != 0 {
            offset -= 8;
            reload(code, crate::encode::I64, preg, offset);
        }
    }
    put(code, &raw(x::LEAVE, 2, None, None, at(RBP, 0), 0));
    code.unwind(UnwindOp::DefCfa { reg: DWARF[RSP as usize], offset: 8 });
    put(code, &raw(x::RET, 2, None, None, at(RBP, 0), 0));
}
