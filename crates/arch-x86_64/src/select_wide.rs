//! i128 values: pairs of 64-bit registers, low half first. They are never lazy.

use crate::encode::{I64, NO_MEM, cc};
use crate::insns as x;
use crate::regs::{RAX, RCX, RDI, RDX, RSI, XMM0};
use crate::select::{Sel, inst};
use crate::select_flow::Test;
use crate::select_mem::again;
use codegen::machine::{Addr, MInst, PReg, Reg};
use ir::func::Inst;
use ir::ops::Cond;
use ir::{Op, Ty, Value};

impl Sel<'_, '_> {
    /// Two registers with numbers one after the other: what an i128 value is kept in.
    pub fn new_pair(&mut self) -> (Reg, Reg) {
        let low = self.vreg(I64);
        let high = self.vreg(I64);
        debug_assert_eq!(low.idx() + 1, high.idx());
        (low, high)
    }

    /// `v` is in the pair, which belongs to it.
    pub fn keep_pair(&mut self, v: Value, low: Reg, high: Reg) {
        if self.func().uses.of(v) == 0 {
            self.cx.regs.release(low);
            self.cx.regs.release(high);
        } else {
            self.lazy.set(v, low.again());
        }
    }

    /// Loads `v` from memory and keeps it.
    pub fn keep_pair_from(&mut self, v: Value, mem: Addr) {
        let (low, high) = self.new_pair();
        self.rm(x::MOV_RM, 3, low, Reg::NONE, again(mem, 0));
        self.rm(x::MOV_RM, 3, high, Reg::NONE, Addr { disp: mem.disp + 8, ..mem });
        self.keep_pair(v, low, high);
    }

    /// The halves of a value, read once.
    pub fn pair(&mut self, v: Value) -> (Reg, Reg) {
        if let Some(reg) = self.lazy.consume_regs(v, 2) {
            let high = Reg::virt(reg.idx() as u32 + 1);
            return (reg, if reg.is_last() { high.last() } else { high });
        }
        let i = self.get(v);
        debug_assert_eq!(i.op, Op::WideConst, "only constants are made anew");
        let bytes = self.cx.module.wide[ir::module::Wide(i.a)];
        let half = |at: usize| i64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"));
        let (low, high) = self.new_pair();
        self.imm(I64, low, half(0));
        self.imm(I64, high, half(8));
        (low.last(), high.last())
    }

    /// The halves in registers of their own.
    fn own_pair(&mut self, v: Value) -> (Reg, Reg) {
        let (low, high) = self.pair(v);
        (self.own(I64, low), self.own(I64, high))
    }

    pub fn store_pair(&mut self, mem: Addr, v: Value) {
        let (low, high) = self.pair(v);
        self.mr(x::MOV_MR, 3, again(mem, 0), low);
        self.mr(x::MOV_MR, 3, Addr { disp: mem.disp + 8, ..mem }, high);
    }

    /// `Trunc` of an i128.
    pub fn low_half(&mut self, v: Value, _: Reg) -> Reg {
        let (low, high) = self.pair(v);
        if high.is_last() {
            self.cx.regs.release(high);
        }
        low
    }

    pub fn define_wide(&mut self, v: Value, i: &Inst) {
        match i.op {
            Op::Load => {
                let mem = self.addr(i.value_a(), i.b as i32);
                return self.keep_pair_from(v, mem);
            }
            Op::SlotGet => {
                let mem = self.slot_mem(i.slot(), 0);
                return self.keep_pair_from(v, mem);
            }
            Op::SDiv => return self.wide_call(v, "__divti3", i),
            Op::UDiv => return self.wide_call(v, "__udivti3", i),
            Op::SRem => return self.wide_call(v, "__modti3", i),
            Op::URem => return self.wide_call(v, "__umodti3", i),
            Op::FptoS | Op::FptoU => return self.float_to_wide(v, i),
            _ => {}
        }
        let (low, high) = self.new_pair();
        match i.op {
            Op::Add | Op::Sub | Op::And | Op::Or | Op::Xor => {
                let (first, second) = match i.op {
                    Op::Add => (x::ADD_RR, x::ADC_RR),
                    Op::Sub => (x::SUB_RR, x::SBB_RR),
                    Op::And => (x::AND_RR, x::AND_RR),
                    Op::Or => (x::OR_RR, x::OR_RR),
                    _ => (x::XOR_RR, x::XOR_RR),
                };
                let (a_low, a_high) = self.pair(i.value_a());
                self.mov(I64, low, a_low);
                self.mov(I64, high, a_high);
                let (b_low, b_high) = self.pair(i.value_b());
                self.rr(first, 3, low, low, b_low);
                self.rr(second, 3, high, high, b_high);
            }
            Op::Neg => {
                let (a_low, a_high) = self.own_pair(i.value_a());
                self.imm(I64, low, 0);
                self.imm(I64, high, 0);
                self.rr(x::SUB_RR, 3, low, low, a_low.last());
                self.rr(x::SBB_RR, 3, high, high, a_high.last());
            }
            Op::Not => {
                let (a_low, a_high) = self.pair(i.value_a());
                self.rr(x::NOT, 3, low, a_low, Reg::NONE);
                self.rr(x::NOT, 3, high, a_high, Reg::NONE);
            }
            Op::Mul => self.wide_multiply(i, low, high),
            Op::Shl | Op::LShr | Op::AShr => self.wide_shift(i, low, high),
            Op::Zext | Op::Sext => {
                let a = self.extend_or_copy(i.value_a(), i.op == Op::Sext);
                self.mov(I64, low, a);
                if i.op == Op::Zext {
                    self.imm(I64, high, 0);
                } else {
                    self.ri(x::SAR_RI, 3, high, low, 63);
                }
            }
            Op::Select => {
                let (then_low, then_high) = self.own_pair(i.value_b());
                let (other_low, other_high) = self.own_pair(i.value_c());
                let test = self.truth(Ty::I32, i.value_a());
                let chosen_low = self.choose(test, 3, then_low, other_low);
                let chosen_high = self.choose(test, 3, then_high, other_high);
                self.mov(I64, low, chosen_low.last());
                self.mov(I64, high, chosen_high.last());
            }
            op => {
                let what = format!("`{}` on i128 is not supported", op.row().name);
                self.fail(&what);
                self.imm(I64, low, 0);
                self.imm(I64, high, 0);
            }
        }
        self.keep_pair(v, low, high);
    }

    fn extend_or_copy(&mut self, v: Value, signed: bool) -> Reg {
        if self.ty(v).size() == 8 { self.reg(v) } else { self.extend(v, Ty::I64, signed, Reg::NONE) }
    }

    /// `low = a.low * b.low`; `high` = its high half + both cross products.
    fn wide_multiply(&mut self, i: &Inst, low: Reg, high: Reg) {
        let (a_low, a_high) = self.own_pair(i.value_a());
        let (b_low, b_high) = self.own_pair(i.value_b());
        self.rr(x::IMUL_RR, 3, a_high, a_high, b_low);
        self.rr(x::IMUL_RR, 3, b_high, b_high, a_low);
        self.rr(x::ADD_RR, 3, a_high, a_high, b_high.last());
        self.rr(x::MULH, 3, high, a_low, b_low);
        self.rr(x::ADD_RR, 3, high, high, a_high.last());
        self.rr(x::IMUL_RR, 3, low, a_low.last(), b_low.last());
    }

    /// Shifts by up to 63, then the halves change places when bit 6 of the count is set.
    fn wide_shift(&mut self, i: &Inst, low: Reg, high: Reg) {
        let (a_low, a_high) = self.pair(i.value_a());
        self.mov(I64, low, a_low);
        self.mov(I64, high, a_high);
        let (count, rest) = self.pair(i.value_b());
        if rest.is_last() {
            self.cx.regs.release(rest);
        }
        let count = self.own(I64, count);
        let (near, far, double, single) = match i.op {
            Op::Shl => (low, high, x::SHLD_RRC, x::SHL_RC),
            Op::LShr => (high, low, x::SHRD_RRC, x::SHR_RC),
            _ => (high, low, x::SHRD_RRC, x::SAR_RC),
        };
        let mem = Addr { base: near, ..NO_MEM };
        self.emit(&MInst { dst: far, a: far, b: count, mem, ..inst(double, 3) });
        self.rr(single, 3, near, near, count);
        let filler = self.vreg(I64);
        if i.op == Op::AShr {
            self.ri(x::SAR_RI, 3, filler, near, 63);
        } else {
            self.imm(I64, filler, 0);
        }
        self.ri(x::TEST_RI, 2, Reg::NONE, count.last(), 64);
        self.emit(&MInst { dst: far, a: far, b: near, aux: cc::NE, ..inst(x::CMOV_RR, 3) });
        self.emit(&MInst { dst: near, a: near, b: filler.last(), aux: cc::NE, ..inst(x::CMOV_RR, 3) });
    }

    pub fn compare_pairs(&mut self, i: &Inst, cond: Cond) -> Test {
        let (mut a, mut b) = (i.value_a(), i.value_b());
        let mut cond = cond;
        if matches!(cond, Cond::Sgt | Cond::Sle | Cond::Ugt | Cond::Ule) {
            (a, b) = (b, a);
            cond = cond.swapped();
        }
        let (a_low, a_high) = self.own_pair(a);
        let (b_low, b_high) = self.pair(b);
        let code = match cond {
            Cond::Eq | Cond::Ne => {
                self.rr(x::XOR_RR, 3, a_low, a_low, b_low);
                self.rr(x::XOR_RR, 3, a_high, a_high, b_high);
                self.rr(x::OR_RR, 3, a_low, a_low, a_high.last());
                self.cx.regs.release(a_low);
                return Test::One(if cond == Cond::Eq { cc::E } else { cc::NE });
            }
            Cond::Slt => cc::L,
            Cond::Sge => cc::GE,
            Cond::Ult => cc::B,
            _ => cc::AE,
        };
        // The borrow of the low halves goes into the subtraction of the high ones.
        self.rr(x::CMP_RR, 3, Reg::NONE, a_low.last(), b_low);
        self.rr(x::SBB_RR, 3, a_high, a_high, b_high);
        self.cx.regs.release(a_high);
        Test::One(code)
    }

    // Calls of the runtime.

    fn wide_call(&mut self, v: Value, name: &'static str, i: &Inst) {
        let (a_low, a_high) = self.pair(i.value_a());
        let (b_low, b_high) = self.pair(i.value_b());
        let (low, high) = self.new_pair();
        let uses: [(Reg, PReg); 4] = [(a_low, RDI), (a_high, RSI), (b_low, RDX), (b_high, RCX)];
        self.call_runtime(name, &uses, &[(low, RAX), (high, RDX)]);
        self.keep_pair(v, low, high);
    }

    fn float_to_wide(&mut self, v: Value, i: &Inst) {
        let signed = i.op == Op::FptoS;
        let from = self.ty(i.value_a());
        let name = match (from, signed) {
            (Ty::F32, true) => "__fixsfti",
            (Ty::F32, false) => "__fixunssfti",
            (Ty::F64, true) => "__fixdfti",
            (Ty::F64, false) => "__fixunsdfti",
            (Ty::F128, _) => return self.quad_to_wide(v, i),
            _ => return self.x87_to_wide(v, i),
        };
        let class = self.class(from);
        let a = self.compute_for(i.value_a(), class, XMM0);
        let (low, high) = self.new_pair();
        self.call_runtime(name, &[(a, XMM0)], &[(low, RAX), (high, RDX)]);
        self.keep_pair(v, low, high);
    }

    /// `StoFp` and `UtoFp` of an i128 to f32 or f64.
    pub fn wide_to_float(&mut self, i: &Inst) -> Reg {
        let name = match (i.ty, i.op == Op::StoFp) {
            (Ty::F32, true) => "__floattisf",
            (Ty::F32, false) => "__floatuntisf",
            (_, true) => "__floattidf",
            (_, false) => "__floatuntidf",
        };
        let (low, high) = self.pair(i.value_a());
        let class = self.class(i.ty);
        let dst = self.vreg(class);
        self.call_runtime(name, &[(low, RDI), (high, RSI)], &[(dst, XMM0)]);
        dst.last()
    }

    /// An i128 pushed on the x87 stack.
    pub fn wide_to_x87(&mut self, i: &Inst) {
        let name = if i.op == Op::StoFp { "__floattixf" } else { "__floatuntixf" };
        let (low, high) = self.pair(i.value_a());
        self.call_runtime(name, &[(low, RDI), (high, RSI)], &[]);
    }
}
