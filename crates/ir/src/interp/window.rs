//! The loop: instructions that touch nothing but one frame's registers and memory. All others are handed back.

use super::Word;
use super::exec::{cut, sext};
use super::float::{self, mask};
use super::link::IN_FRAME;
use super::memory::{Fault, Memory};
use crate::func::Inst;
use crate::ops::{AtomicRmw, Cond, FCond, Op};
use crate::types::Ty;

/// Why an instruction does not go on.
pub(super) enum Why {
    Fault(Fault),
    Message(&'static str),
}

impl From<Fault> for Why {
    fn from(fault: Fault) -> Why {
        Why::Fault(fault)
    }
}

/// What most instructions need: one frame's registers, and memory.
pub(super) struct Window<'a> {
    pub insts: &'a [Inst],
    pub lists: &'a [u32],
    pub wides: &'a [[u8; 16]],
    pub regs: &'a mut [u64],
    pub his: &'a mut [u64],
    pub memory: &'a mut Memory,
    pub frame: u64,
    pub steps_left: u64,
}

impl Window<'_> {
    #[inline]
    fn a(&self, inst: &Inst) -> u64 {
        self.regs[inst.a as usize]
    }

    #[inline]
    fn b(&self, inst: &Inst) -> u64 {
        self.regs[inst.b as usize]
    }

    #[inline]
    fn word(&self, word: u32) -> Word {
        Word { lo: self.regs[word as usize], hi: self.his[word as usize] }
    }

    #[inline]
    fn set_word(&mut self, at: usize, word: Word) {
        self.regs[at] = word.lo;
        self.his[at] = word.hi;
    }

    /// Both operands of an i128 operation.
    #[inline]
    fn wide(&self, inst: &Inst) -> (u128, u128) {
        (self.word(inst.a).u128(), self.word(inst.b).u128())
    }

    /// Runs from `pc` to the first instruction that needs the whole machine. Errors say where, and `None` for no more
    /// steps. Steps are counted where control goes elsewhere.
    #[allow(clippy::too_many_lines)]
    pub(super) fn run(&mut self, pc: u32) -> Result<u32, (u32, Option<Why>)> {
        let mut pc = pc as usize;
        let mut from = pc;
        // Counts what ran since `from` and goes on at `$target`.
        macro_rules! go {
            ($target:expr) => {{
                let n = (pc - from) as u64;
                if self.steps_left < n {
                    return Err((pc as u32, None));
                }
                self.steps_left -= n;
                pc = $target as usize;
                from = pc;
            }};
        }
        macro_rules! check {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(why) => return Err((pc as u32 - 1, Some(why.into()))),
                }
            };
        }
        loop {
            let at = pc;
            let inst = &self.insts[at];
            pc += 1;
            // Integer operations of at most 64 bits, of i128.
            macro_rules! int {
                (|$a:ident, $b:ident| $narrow:expr, $wide:expr) => {
                    if inst.ty != Ty::I128 {
                        let ($a, $b) = (self.a(inst), self.b(inst));
                        self.regs[at] = $narrow & mask(inst.ty);
                    } else {
                        let ($a, $b) = self.wide(inst);
                        self.set_word(at, Word::from_u128($wide));
                    }
                };
            }
            match inst.op {
                Op::Nop | Op::BlockParam | Op::Fence | Op::Prefetch | Op::VaEnd => {}
                Op::Iconst | Op::Fconst | Op::SymAddr => self.regs[at] = inst.imm64(),
                Op::WideConst => {
                    let word = cut(inst.ty, u128::from_le_bytes(self.wides[inst.a as usize]));
                    self.set_word(at, word);
                }
                Op::SlotAddr => {
                    let addr = self.frame + u64::from(inst.a);
                    self.regs[at] = addr.wrapping_add(i64::from(inst.b as i32) as u64);
                }
                Op::Param => {
                    let word = self.word(inst.a);
                    let word = if inst.ty.size() < 8 { Word::new(word.lo & mask(inst.ty)) } else { word };
                    self.set_word(at, word);
                }
                Op::SlotGet if inst.aux == IN_FRAME => {
                    let addr = self.frame + u64::from(inst.a);
                    check!(self.load(at, inst.ty, addr));
                }
                Op::SlotGet => {
                    let word = self.word(inst.a);
                    self.set_word(at, word);
                }
                Op::SlotSet if inst.aux == IN_FRAME => {
                    let addr = self.frame + u64::from(inst.a);
                    check!(self.store(inst.ty, addr, inst.b));
                }
                Op::SlotSet => {
                    let word = self.word(inst.b);
                    self.set_word(inst.a as usize, word);
                }
                Op::Load => {
                    let addr = self.a(inst).wrapping_add(i64::from(inst.b as i32) as u64);
                    check!(self.load(at, inst.ty, addr));
                }
                Op::Store => {
                    let addr = self.a(inst).wrapping_add(i64::from(inst.c as i32) as u64);
                    check!(self.store(inst.ty, addr, inst.b));
                }
                Op::Copy => check!(self.memory.copy(self.a(inst), self.b(inst), inst.c.into())),
                Op::Fill => {
                    let addr = self.a(inst);
                    if inst.c != 0 {
                        check!(self.memory.bytes_mut(addr, inst.c.into())).fill(inst.b as u8);
                    }
                }
                Op::Add => int!(|a, b| a.wrapping_add(b), a.wrapping_add(b)),
                Op::Sub => int!(|a, b| a.wrapping_sub(b), a.wrapping_sub(b)),
                Op::Mul => int!(|a, b| a.wrapping_mul(b), a.wrapping_mul(b)),
                Op::And => int!(|a, b| a & b, a & b),
                Op::Or => int!(|a, b| a | b, a | b),
                Op::Xor => int!(|a, b| a ^ b, a ^ b),
                Op::SDiv | Op::UDiv | Op::SRem | Op::URem => check!(self.divide(at, inst)),
                Op::Shl | Op::LShr | Op::AShr | Op::RotL | Op::RotR => self.shift(at, inst),
                Op::MulHighS | Op::MulHighU => self.mul_high(at, inst),
                Op::Neg => int!(|a, _b| a.wrapping_neg(), a.wrapping_neg()),
                Op::Not => int!(|a, _b| !a, !a),
                Op::Clz | Op::Ctz | Op::Popcnt | Op::Bswap => self.bits(at, inst),
                Op::Icmp => {
                    let cond = Cond::from_aux(inst.aux);
                    self.regs[at] = if inst.ty != Ty::I128 {
                        let (a, b) = (self.a(inst), self.b(inst));
                        u64::from(holds(cond, a, b, sext(inst.ty, a), sext(inst.ty, b)))
                    } else {
                        let (a, b) = self.wide(inst);
                        u64::from(holds(cond, a, b, a as i128, b as i128))
                    };
                }
                Op::Select => {
                    let word = self.word(if self.a(inst) != 0 { inst.b } else { inst.c });
                    self.set_word(at, word);
                }
                Op::Trunc => {
                    let word = self.word(inst.a);
                    self.regs[at] = word.lo & mask(inst.ty);
                }
                Op::Zext => {
                    let word = Word::new(self.a(inst));
                    self.set_word(at, word);
                }
                Op::Sext => {
                    let value = sext(self.insts[inst.a as usize].result_ty(), self.a(inst));
                    let hi = if inst.ty == Ty::I128 { (value >> 63) as u64 } else { 0 };
                    self.set_word(at, Word { lo: value as u64 & mask(inst.ty), hi });
                }
                Op::Bitcast => {
                    let word = self.word(inst.a);
                    self.set_word(at, word);
                }
                Op::Fpext | Op::Fptrunc => {
                    let from_ty = self.insts[inst.a as usize].result_ty();
                    let word = float::convert(from_ty, inst.ty, self.word(inst.a));
                    self.set_word(at, word);
                }
                Op::FptoS | Op::FptoU => {
                    let from_ty = self.insts[inst.a as usize].result_ty();
                    let word = float::to_int(inst.op, from_ty, inst.ty, self.word(inst.a));
                    self.set_word(at, word);
                }
                Op::StoFp | Op::UtoFp => {
                    let from_ty = self.insts[inst.a as usize].result_ty();
                    let word = cut(from_ty, self.word(inst.a).u128());
                    self.set_word(at, float::from_int(inst.op, from_ty, inst.ty, word));
                }
                Op::Fadd | Op::Fsub | Op::Fmul | Op::Fdiv | Op::Fcopysign => {
                    let word = float::binary(inst.op, inst.ty, self.fp(inst.a, inst.ty), self.fp(inst.b, inst.ty));
                    self.set_word(at, word);
                }
                Op::Fneg | Op::Fabs | Op::Fsqrt => {
                    let word = float::unary(inst.op, inst.ty, self.fp(inst.a, inst.ty));
                    self.set_word(at, word);
                }
                Op::Fcmp => {
                    let (a, b) = (self.fp(inst.a, inst.ty), self.fp(inst.b, inst.ty));
                    self.regs[at] = float::compare(FCond::from_aux(inst.aux), inst.ty, a, b).into();
                }
                Op::AtomicRmw | Op::AtomicCmpxchg => check!(self.atomic(at, inst)),
                Op::Trap => check!(Err(Why::Message("trap"))),
                Op::Unreachable => check!(Err(Why::Message("control came to `unreachable`"))),
                Op::Jump => {
                    let n = inst.c as usize;
                    if n != 0 {
                        self.pass(inst.a as usize, inst.b as usize, n);
                    }
                    go!(inst.a);
                }
                Op::Branch => {
                    let taken = self.a(inst) != 0 || inst.ty == Ty::I128 && self.his[inst.a as usize] != 0;
                    go!(if taken { inst.b } else { inst.c });
                }
                Op::Switch => go!(self.switch_target(inst)),
                Op::Call
                | Op::CallIndirect
                | Op::Ret
                | Op::VaStart
                | Op::VaCopy
                | Op::VaArg
                | Op::VaArgAggregate
                | Op::Alloca
                | Op::StackSave
                | Op::StackRestore
                | Op::Chain
                | Op::Closure
                | Op::FrameAddress
                | Op::ReturnAddress
                | Op::Asm
                | Op::AsmGoto
                | Op::JumpIndirect => {
                    let n = (pc - from) as u64;
                    self.steps_left = self.steps_left.checked_sub(n).ok_or((at as u32, None))?;
                    return Ok(at as u32);
                }
            }
        }
    }

    /// An operand of floating-point type: `hi` of narrow types is not kept, so it is cleared here.
    #[inline]
    fn fp(&self, word: u32, ty: Ty) -> Word {
        if ty.size() == 16 { self.word(word) } else { Word::new(self.regs[word as usize]) }
    }

    #[inline]
    fn load(&mut self, at: usize, ty: Ty, addr: u64) -> Result<(), Fault> {
        self.regs[at] = match ty {
            Ty::I8 => u64::from(self.memory.load::<1>(addr)?[0]),
            Ty::I16 | Ty::F16 => u64::from(u16::from_le_bytes(self.memory.load(addr)?)),
            Ty::I32 | Ty::F32 => u64::from(u32::from_le_bytes(self.memory.load(addr)?)),
            Ty::I64 | Ty::Ptr | Ty::F64 => u64::from_le_bytes(self.memory.load(addr)?),
            Ty::F80 => {
                self.his[at] = u64::from(u16::from_le_bytes(self.memory.load(addr.wrapping_add(8))?));
                u64::from_le_bytes(self.memory.load(addr)?)
            }
            Ty::I128 | Ty::F128 | Ty::V128 => {
                self.his[at] = u64::from_le_bytes(self.memory.load(addr.wrapping_add(8))?);
                u64::from_le_bytes(self.memory.load(addr)?)
            }
            Ty::Void => 0,
        };
        Ok(())
    }

    #[inline]
    fn store(&mut self, ty: Ty, addr: u64, value: u32) -> Result<(), Fault> {
        let lo = self.regs[value as usize];
        match ty {
            Ty::I8 => self.memory.store(addr, &[lo as u8]),
            Ty::I16 | Ty::F16 => self.memory.store(addr, &(lo as u16).to_le_bytes()),
            Ty::I32 | Ty::F32 => self.memory.store(addr, &(lo as u32).to_le_bytes()),
            Ty::I64 | Ty::Ptr | Ty::F64 => self.memory.store(addr, &lo.to_le_bytes()),
            Ty::F80 => self.memory.store(addr, &self.word(value).u128().to_le_bytes()[..10]),
            Ty::I128 | Ty::F128 | Ty::V128 => self.memory.store(addr, &self.word(value).u128().to_le_bytes()),
            Ty::Void => Ok(()),
        }
    }

    /// Arguments to block parameters, which may be arguments themselves.
    fn pass(&mut self, start: usize, list: usize, n: usize) {
        if let [value] = self.lists[list..list + n] {
            let word = self.word(value);
            self.set_word(start, word);
            return;
        }
        let words: Vec<Word> = self.lists[list..list + n].iter().map(|&value| self.word(value)).collect();
        for (idx, word) in words.into_iter().enumerate() {
            self.set_word(start + idx, word);
        }
    }

    fn switch_target(&self, inst: &Inst) -> u32 {
        let value = self.a(inst);
        let at = inst.b as usize;
        let n = self.lists[at] as usize;
        let cases = &self.lists[at + 1..at + 1 + 3 * n];
        let case = |idx: usize| u64::from(cases[3 * idx]) | u64::from(cases[3 * idx + 1]) << 32;
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = (low + high) / 2;
            if case(middle) < value {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low < n && case(low) == value { cases[3 * low + 2] } else { inst.c }
    }

    fn divide(&mut self, at: usize, inst: &Inst) -> Result<(), Why> {
        let zero = Why::Message("division by zero");
        let overflow = Why::Message("quotient does not fit");
        if inst.ty == Ty::I128 {
            let (a, b) = self.wide(inst);
            if b == 0 {
                return Err(zero);
            }
            let (x, y) = (a as i128, b as i128);
            let result = match inst.op {
                Op::UDiv => Some(a / b),
                Op::URem => Some(a % b),
                Op::SDiv => x.checked_div(y).map(|q| q as u128),
                _ => x.checked_rem(y).map(|r| r as u128),
            };
            self.set_word(at, Word::from_u128(result.ok_or(overflow)?));
            return Ok(());
        }
        let (a, b) = (self.a(inst), self.b(inst));
        if b == 0 {
            return Err(zero);
        }
        let (x, y) = (sext(inst.ty, a), sext(inst.ty, b));
        if matches!(inst.op, Op::SDiv | Op::SRem) && y == -1 && x == sext(inst.ty, mask(inst.ty) / 2 + 1) {
            return Err(overflow);
        }
        let result = match inst.op {
            Op::UDiv => a / b,
            Op::URem => a % b,
            Op::SDiv => (x / y) as u64,
            _ => (x % y) as u64,
        };
        self.regs[at] = result & mask(inst.ty);
        Ok(())
    }

    /// Amounts are taken modulo the width.
    fn shift(&mut self, at: usize, inst: &Inst) {
        let width = 8 * inst.ty.size();
        let n = self.b(inst) as u32 & (width - 1);
        if inst.ty == Ty::I128 {
            let (a, _) = self.wide(inst);
            let result = match inst.op {
                Op::Shl => a << n,
                Op::LShr => a >> n,
                Op::AShr => (a as i128 >> n) as u128,
                Op::RotL => a.rotate_left(n),
                _ => a.rotate_right(n),
            };
            self.set_word(at, Word::from_u128(result));
            return;
        }
        let a = self.a(inst);
        let back = (width - n) & (width - 1);
        let result = match inst.op {
            Op::Shl => a << n,
            Op::LShr => a >> n,
            Op::AShr => (sext(inst.ty, a) >> n) as u64,
            Op::RotL => a << n | a >> back,
            _ => a >> n | a << back,
        };
        self.regs[at] = result & mask(inst.ty);
    }

    fn mul_high(&mut self, at: usize, inst: &Inst) {
        let signed = inst.op == Op::MulHighS;
        if inst.ty == Ty::I128 {
            let (a, b) = self.wide(inst);
            let mut high = mul_high_u128(a, b);
            if signed {
                // Two's complement: each negative operand counted the other one 2^128 times too often.
                high = high.wrapping_sub(if (a as i128) < 0 { b } else { 0 });
                high = high.wrapping_sub(if (b as i128) < 0 { a } else { 0 });
            }
            self.set_word(at, Word::from_u128(high));
            return;
        }
        let (a, b) = (self.a(inst), self.b(inst));
        let product = if signed {
            (i128::from(sext(inst.ty, a)) * i128::from(sext(inst.ty, b))) as u128
        } else {
            u128::from(a) * u128::from(b)
        };
        self.regs[at] = (product >> (8 * inst.ty.size())) as u64 & mask(inst.ty);
    }

    fn bits(&mut self, at: usize, inst: &Inst) {
        let a = if inst.ty == Ty::I128 { self.word(inst.a).u128() } else { u128::from(self.a(inst)) };
        let width = 8 * inst.ty.size();
        let result = match inst.op {
            Op::Clz => u128::from(a.leading_zeros() - (128 - width)),
            Op::Ctz => u128::from(a.trailing_zeros().min(width)),
            Op::Popcnt => u128::from(a.count_ones()),
            _ => a.swap_bytes() >> (128 - width),
        };
        self.set_word(at, Word::from_u128(result));
    }

    fn atomic(&mut self, at: usize, inst: &Inst) -> Result<(), Why> {
        let addr = self.a(inst);
        self.load(at, inst.ty, addr)?;
        let wide = inst.ty == Ty::I128;
        let old = if wide { self.word(at as u32).u128() } else { self.regs[at].into() };
        let operand = |window: &Self, word: u32| {
            if wide { window.word(word).u128() } else { window.regs[word as usize].into() }
        };
        let new = if inst.op == Op::AtomicCmpxchg {
            let list = inst.b as usize + 1;
            let (expected, desired) = (self.lists[list], self.lists[list + 1]);
            if operand(self, expected) == old { operand(self, desired) } else { old }
        } else {
            let b = operand(self, inst.b);
            match AtomicRmw::ALL[inst.c as usize] {
                AtomicRmw::Xchg => b,
                AtomicRmw::Add => old.wrapping_add(b),
                AtomicRmw::Sub => old.wrapping_sub(b),
                AtomicRmw::And => old & b,
                AtomicRmw::Or => old | b,
                AtomicRmw::Xor => old ^ b,
                AtomicRmw::Nand => !(old & b),
            }
        };
        self.memory.store(addr, &new.to_le_bytes()[..inst.ty.size() as usize])?;
        Ok(())
    }
}

/// The upper half of the product of 128-bit numbers.
fn mul_high_u128(a: u128, b: u128) -> u128 {
    let (a_low, a_high) = (a & u128::from(u64::MAX), a >> 64);
    let (b_low, b_high) = (b & u128::from(u64::MAX), b >> 64);
    let low = a_low * b_low;
    let cross = a_high * b_low + (low >> 64);
    let middle = a_low * b_high + (cross & u128::from(u64::MAX));
    a_high * b_high + (cross >> 64) + (middle >> 64)
}

#[inline]
fn holds<U: Ord, S: Ord>(cond: Cond, a: U, b: U, x: S, y: S) -> bool {
    match cond {
        Cond::Eq => a == b,
        Cond::Ne => a != b,
        Cond::Slt => x < y,
        Cond::Sle => x <= y,
        Cond::Sgt => x > y,
        Cond::Sge => x >= y,
        Cond::Ult => a < b,
        Cond::Ule => a <= b,
        Cond::Ugt => a > b,
        Cond::Uge => a >= b,
    }
}
