//! Floating point: f32 and f64 in SSE registers, f80 on the x87 stack, conversions without branches.
//!
//! An f80 value lives in the frame; a lazy f80 tree is evaluated on the x87 stack, which its depth never overflows.

use crate::encode::{F32, F64, I32, I64, NO_MEM, cc};
use crate::insns as x;
use crate::regs::RIP;
use crate::relocs;
use crate::select::{Opnd, Sel, inst, size_of};
use crate::select_flow::Test;
use crate::select_mem::again;
use codegen::machine::{Addr, MInst, Reg, SlotPlace};
use ir::func::Inst;
use ir::ops::FCond;
use ir::{Op, Ty, Value};

/// 0 and 2^64, 0 and -2^63, as pairs of f32: what unsigned conversions add by sign.
const ADD_2_64: [u8; 8] = [0, 0, 0, 0, 0, 0, 0x80, 0x5f];
const SUB_2_63: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 0xdf];

/// Row of an operation on two f32 registers; that on f64 is the next one.
pub(crate) fn float_form(op: Op) -> Option<u16> {
    Some(match op {
        Op::Fadd => x::ADDSS_RR,
        Op::Fsub => x::SUBSS_RR,
        Op::Fmul => x::MULSS_RR,
        Op::Fdiv => x::DIVSS_RR,
        _ => return None,
    })
}

impl Sel<'_, '_> {
    /// A constant in memory.
    pub fn constant_mem(&mut self, bytes: &[u8]) -> Addr {
        let target = self.cx.symbols.constant(bytes);
        Addr { base: Reg::phys(RIP), kind: relocs::R_X86_64_PC32, target, ..NO_MEM }
    }

    /// An operand of an SSE operation of type `ty`.
    pub fn float_operand(&mut self, v: Value, ty: Ty) -> Opnd {
        let i = self.get(v);
        if i.op == Op::Fconst {
            let bits = i.imm64().to_le_bytes();
            return Opnd::Mem(self.constant_mem(&bits[..ty.size() as usize]));
        }
        if self.is_memory(v)
            && let Some(mem) = self.memory(i)
        {
            return Opnd::Mem(mem);
        }
        Opnd::Reg(self.reg(v))
    }

    /// `dst = a op operand`; the memory row stands two rows behind the register row.
    pub fn float_rx(&mut self, form: u16, dst: Reg, a: Reg, operand: Opnd) {
        match operand {
            Opnd::Reg(b) => self.rr(form, 2, dst, a, b),
            Opnd::Mem(mem) => self.rm(form + 2, 2, dst, a, mem),
            Opnd::Imm(_) => unreachable!("no immediates in SSE operations"),
        }
    }

    pub fn float_tree(&mut self, i: &Inst, want: Reg) -> Reg {
        let class = self.class(i.ty);
        let double = u16::from(i.ty == Ty::F64);
        let is_sign = matches!(i.op, Op::Fneg | Op::Fabs | Op::Fcopysign);
        if i.ty == Ty::F128 && !is_sign || self.has_wide && self.takes_quad(i) {
            return self.quad_tree(i);
        }
        match i.op {
            Op::Fconst => {
                let dst = self.dst(want, class);
                if i.imm64() == 0 {
                    self.emit(&MInst { dst, ..inst(x::XORPS_ZERO, 2) });
                    return dst.last();
                }
                let bits = i.imm64().to_le_bytes();
                let mem = self.constant_mem(&bits[..i.ty.size() as usize]);
                self.rm(x::MOVSS_RM + double, 2, dst, Reg::NONE, mem);
                dst.last()
            }
            Op::Fadd | Op::Fsub | Op::Fmul | Op::Fdiv => {
                let form = float_form(i.op).expect("listed");
                let (mut a, mut b) = (i.value_a(), i.value_b());
                if matches!(i.op, Op::Fadd | Op::Fmul) && self.is_memory(a) && !self.is_memory(b) {
                    (a, b) = (b, a);
                }
                let dst = self.dst(want, class);
                let ra = self.compute(a, dst);
                let operand = self.float_operand(b, i.ty);
                self.float_rx(form + double, dst, ra, operand);
                dst.last()
            }
            Op::Fsqrt => {
                let operand = self.float_operand(i.value_a(), i.ty);
                let dst = self.dst(want, class);
                self.float_rx(x::SQRTSS_RR + double, dst, Reg::NONE, operand);
                dst.last()
            }
            Op::Fneg | Op::Fabs => {
                let dst = self.dst(want, class);
                let a = self.compute(i.value_a(), dst);
                let mem = self.sign_mask(i.ty, i.op == Op::Fabs);
                self.rm(if i.op == Op::Fneg { x::XORPS_RM } else { x::ANDPS_RM }, 2, dst, a, mem);
                dst.last()
            }
            Op::Fcopysign => {
                let a = self.reg(i.value_a());
                let magnitude = self.own(class, a);
                let b = self.reg(i.value_b());
                let sign = self.own(class, b);
                let mask = self.sign_mask(i.ty, true);
                self.rm(x::ANDPS_RM, 2, magnitude, magnitude, mask);
                let mask = self.sign_mask(i.ty, false);
                self.rm(x::ANDPS_RM, 2, sign, sign, mask);
                let dst = self.dst(want, class);
                self.rr(x::ORPS_RR, 2, dst, magnitude.last(), sign.last());
                dst.last()
            }
            Op::Fpext => {
                let operand = self.float_operand(i.value_a(), Ty::F32);
                let dst = self.dst(want, F64);
                match operand {
                    Opnd::Mem(mem) => self.rm(x::CVTSS2SD_RM, 2, dst, Reg::NONE, mem),
                    Opnd::Reg(b) => self.rr(x::CVTSS2SD_RR, 2, dst, Reg::NONE, b),
                    Opnd::Imm(_) => unreachable!("no immediates in SSE operations"),
                }
                dst.last()
            }
            Op::Fptrunc if self.ty(i.value_a()) == Ty::F80 => self.pop_x87_as(i, want),
            Op::Fptrunc => {
                let a = self.reg(i.value_a());
                let dst = self.dst(want, F32);
                self.rr(x::CVTSD2SS_RR, 2, dst, Reg::NONE, a);
                dst.last()
            }
            Op::FptoS | Op::FptoU if self.ty(i.value_a()) == Ty::F80 => self.x87_to_int(i, want),
            Op::FptoS | Op::FptoU => self.float_to_int(i, want),
            Op::StoFp | Op::UtoFp if self.ty(i.value_a()) == Ty::I128 => self.wide_to_float(i),
            Op::StoFp | Op::UtoFp => self.int_to_float(i, want),
            op => unreachable!("{op:?} is no operation on floats"),
        }
    }

    /// 16 bytes: the sign bit of the first element, or every bit but that.
    fn sign_mask(&mut self, ty: Ty, inverted: bool) -> Addr {
        let mut bytes = [0; 16];
        bytes[ty.size() as usize - 1] = 0x80;
        if inverted {
            bytes = bytes.map(|byte| !byte);
        }
        self.constant_mem(&bytes)
    }

    pub fn bitcast(&mut self, i: &Inst, want: Reg) -> Reg {
        let v = i.value_a();
        if self.is_memory(v)
            && let Some(mem) = self.memory(self.get(v))
        {
            return self.load(i.ty, mem, want);
        }
        let (from, to) = (self.class(self.ty(v)), self.class(i.ty));
        let src = self.compute(v, if from == to { want } else { Reg::NONE });
        if (from >= F32) == (to >= F32) {
            return src;
        }
        let dst = self.dst(want, to);
        let size = size_of(i.ty).max(if i.ty == Ty::F64 { 3 } else { 2 });
        if to >= F32 {
            self.rr(x::MOVD_XR, size, dst, Reg::NONE, src);
        } else {
            self.rr(x::MOVD_RX, size, dst, Reg::NONE, src);
        }
        dst.last()
    }

    // Conversions.

    fn float_to_int(&mut self, i: &Inst, want: Reg) -> Reg {
        let from = self.ty(i.value_a());
        let form = if from == Ty::F64 { x::CVTTSD2SI_RR } else { x::CVTTSS2SI_RR };
        let unsigned = i.op == Op::FptoU;
        if unsigned && size_of(i.ty) == 3 {
            return self.float_to_u64(i, from, form, want);
        }
        // An unsigned 32-bit number is a signed 64-bit one.
        let size = if size_of(i.ty) == 3 || unsigned && size_of(i.ty) == 2 { 3 } else { 2 };
        let operand = self.float_operand(i.value_a(), from);
        let dst = self.dst(want, self.class(i.ty));
        match operand {
            Opnd::Mem(mem) => self.rm(form + 2, size, dst, Reg::NONE, mem),
            Opnd::Reg(b) => self.rr(form, size, dst, Reg::NONE, b),
            Opnd::Imm(_) => unreachable!("no immediates in SSE operations"),
        }
        dst.last()
    }

    /// `a = int(x); b = int(x - 2^63); a | (b & a >> 63)`: `a` is negative exactly when `x` is too large.
    fn float_to_u64(&mut self, i: &Inst, from: Ty, form: u16, want: Reg) -> Reg {
        let class = self.class(from);
        let value = self.reg(i.value_a());
        let value = self.own(class, value);
        let low = self.vreg(I64);
        self.rr(form, 3, low, Reg::NONE, value);
        let limit = if from == Ty::F64 {
            self.constant_mem(&9_223_372_036_854_775_808_f64.to_le_bytes())
        } else {
            self.constant_mem(&9_223_372_036_854_775_808_f32.to_le_bytes())
        };
        let sub = if from == Ty::F64 { x::SUBSD_RM } else { x::SUBSS_RM };
        self.rm(sub, 2, value, value, limit);
        let high = self.vreg(I64);
        self.rr(form, 3, high, Reg::NONE, value.last());
        let mask = self.vreg(I64);
        self.ri(x::SAR_RI, 3, mask, low, 63);
        self.rr(x::AND_RR, 3, high, high, mask.last());
        let dst = self.dst(want, I64);
        self.rr(x::OR_RR, 3, dst, low.last(), high.last());
        dst.last()
    }

    fn int_to_float(&mut self, i: &Inst, want: Reg) -> Reg {
        let v = i.value_a();
        let from = self.ty(v);
        let double = u16::from(i.ty == Ty::F64);
        let signed = i.op == Op::StoFp;
        let class = self.class(i.ty);
        if !signed && size_of(from) == 3 {
            return self.u64_to_float(v, class, double, want);
        }
        let (src, size) = match (size_of(from), signed) {
            (0 | 1, _) => (self.extend(v, Ty::I32, signed, Reg::NONE), 2),
            (2, false) => (self.extend(v, Ty::I64, false, Reg::NONE), 3),
            (size, _) => (self.reg(v), size),
        };
        let dst = self.dst(want, class);
        // The conversion keeps the upper half of its register: break the chain on the old value.
        self.emit(&MInst { dst, ..inst(x::XORPS_ZERO, 2) });
        self.rr(x::CVTSI2SS_RR + double, size, dst, Reg::NONE, src);
        dst.last()
    }

    /// Numbers from 2^63 on are halved, with the lost bit kept for rounding, and doubled again.
    fn u64_to_float(&mut self, v: Value, class: u8, double: u16, want: Reg) -> Reg {
        let src = self.reg(v);
        let value = self.own(I64, src);
        let top = self.vreg(I64);
        self.ri(x::SHR_RI, 3, top, value, 63);
        let lost = self.vreg(I64);
        self.rr(x::AND_RR, 3, lost, value, top);
        self.rr(x::SHR_RC, 3, value, value, top);
        self.rr(x::OR_RR, 3, value, value, lost.last());
        let dst = self.dst(want, class);
        self.rr(x::CVTSI2SS_RR + double, 3, dst, Reg::NONE, value.last());
        self.rr(x::NEG, 3, top, top, Reg::NONE);
        let mask = self.vreg(F64);
        self.rr(x::MOVD_XR, 3, mask, Reg::NONE, top.last());
        self.rr(x::ANDPS_RR, 2, mask, mask, dst);
        self.rr(x::ADDSS_RR + double, 2, dst, dst, mask.last());
        dst.last()
    }

    // Compares: flags.

    /// Sets the flags for a floating-point compare.
    pub fn compare_floats(&mut self, i: &Inst) -> Test {
        if i.ty == Ty::F128 {
            return self.compare_quads(i);
        }
        let cond = FCond::from_aux(i.aux);
        // Conditions that the flags can only say with the operands exchanged.
        let swapped = matches!(cond, FCond::Lt | FCond::Le | FCond::Ugt | FCond::Uge);
        let (a, b) = if swapped { (i.value_b(), i.value_a()) } else { (i.value_a(), i.value_b()) };
        if i.ty == Ty::F80 {
            self.push_x87(b);
            self.push_x87(a);
            self.emit(&inst(x::FUCOMIP, 2));
            self.emit(&inst(x::FSTP_ST0, 2));
        } else {
            let ra = self.reg(a);
            let double = u16::from(i.ty == Ty::F64);
            match self.float_operand(b, i.ty) {
                Opnd::Mem(mem) => self.rm(x::UCOMISS_RM + double, 2, Reg::NONE, ra, mem),
                Opnd::Reg(rb) => self.rr(x::UCOMISS_RR + double, 2, Reg::NONE, ra, rb),
                Opnd::Imm(_) => unreachable!("no immediates in SSE operations"),
            }
        }
        match cond {
            FCond::Eq => Test::Both(cc::NP, cc::E),
            FCond::Ne => Test::Either(cc::P, cc::NE),
            FCond::Gt | FCond::Lt => Test::One(cc::A),
            FCond::Ge | FCond::Le => Test::One(cc::AE),
            FCond::Ord => Test::One(cc::NP),
            FCond::Uno => Test::One(cc::P),
            FCond::Ult | FCond::Ugt => Test::One(cc::B),
            FCond::Ule | FCond::Uge => Test::One(cc::BE),
        }
    }

    // x87.

    /// Marks an f80 value as computed: it is in its home.
    pub fn is_home(&mut self, v: Value) {
        self.lazy.set(v, Reg::phys(0));
    }

    /// The top of the x87 stack becomes `v`.
    pub fn keep_x87(&mut self, v: Value) {
        if self.func().uses.of(v) == 0 {
            return self.emit(&inst(x::FSTP_ST0, 2));
        }
        let home = self.home(v);
        let mem = self.frame(home);
        self.mi(x::FSTP80, 2, mem, 0);
        self.is_home(v);
    }

    /// Pushes the f80 value `v`.
    pub fn push_x87(&mut self, v: Value) {
        if self.lazy.consume(v).is_some() {
            let home = self.home(v);
            let mem = self.frame(home);
            return self.mi(x::FLD80, 2, mem, 0);
        }
        let i = self.get(v);
        self.push_tree(v, i);
    }

    pub fn push_tree(&mut self, _: Value, i: &Inst) {
        let form = match i.op {
            Op::Fadd => x::FADDP,
            Op::Fsub => x::FSUBP,
            Op::Fmul => x::FMULP,
            Op::Fdiv => x::FDIVP,
            Op::Fneg => x::FCHS,
            Op::Fabs => x::FABS,
            Op::Fsqrt => x::FSQRT,
            Op::WideConst => {
                let bytes = self.cx.module.wide[ir::module::Wide(i.a)];
                let mem = self.constant_mem(&bytes);
                return self.mi(x::FLD80, 2, mem, 0);
            }
            Op::Load => {
                let mem = self.addr(i.value_a(), i.b as i32);
                return self.mi(x::FLD80, 2, mem, 0);
            }
            Op::SlotGet => {
                debug_assert!(matches!(self.place(i.slot()), SlotPlace::Frame(_)));
                let mem = self.slot_mem(i.slot(), 0);
                return self.mi(x::FLD80, 2, mem, 0);
            }
            Op::Fpext => return self.push_float(i.value_a()),
            Op::Fptrunc => return self.quad_to_x87(i.value_a()),
            Op::StoFp | Op::UtoFp => return self.push_int(i),
            op => {
                let what = format!("`{}` on f80 is not supported", op.row().name);
                self.fail(&what);
                return self.emit(&inst(x::FABS, 2));
            }
        };
        self.push_x87(i.value_a());
        if form <= x::FDIVP {
            self.push_x87(i.value_b());
        }
        self.emit(&inst(form, 2));
    }

    /// Memory that holds the value of an SSE or general register.
    fn through_memory(&mut self, ty: Ty, reg: Reg) -> Addr {
        let room = self.cx.regs.room(8, 8);
        let mem = self.frame(room);
        self.store_reg(ty, mem, reg);
        mem
    }

    fn push_float(&mut self, v: Value) {
        let ty = self.ty(v);
        let mem = match self.float_operand(v, ty) {
            Opnd::Mem(mem) => mem,
            Opnd::Reg(reg) => self.through_memory(ty, reg),
            Opnd::Imm(_) => unreachable!("no immediates in SSE operations"),
        };
        self.emit(&MInst { mem, ..inst(if ty == Ty::F32 { x::FLD32 } else { x::FLD64 }, 2) });
    }

    fn push_int(&mut self, i: &Inst) {
        let v = i.value_a();
        let from = self.ty(v);
        let signed = i.op == Op::StoFp;
        if from == Ty::I128 {
            return self.wide_to_x87(i);
        }
        if signed && size_of(from) == 2 {
            let reg = self.reg(v);
            let mem = self.through_memory(Ty::I32, reg);
            return self.mi(x::FILD32, 2, mem, 0);
        }
        let reg = if size_of(from) == 3 { self.reg(v) } else { self.extend(v, Ty::I64, signed, Reg::NONE) };
        let reg = self.own(I64, reg);
        let mem = self.through_memory(Ty::I64, reg);
        self.mi(x::FILD64, 2, mem, 0);
        if signed || size_of(from) != 3 {
            return self.cx.regs.release(reg);
        }
        self.ri(x::SHR_RI, 3, reg, reg, 63);
        self.add_by(reg, &ADD_2_64);
    }

    /// Adds the first or second f32 of `table` to the top of the stack. Uses up `which`.
    fn add_by(&mut self, which: Reg, table: &[u8; 8]) {
        let mem = self.constant_mem(table);
        let base = self.lea(mem, Reg::NONE);
        let mem = Addr { base, index: which.last(), scale: 2, ..NO_MEM };
        self.mi(x::FADD32, 2, mem, 0);
    }

    /// `Fptrunc` of an f80.
    fn pop_x87_as(&mut self, i: &Inst, want: Reg) -> Reg {
        self.push_x87(i.value_a());
        let room = self.cx.regs.room(8, 8);
        let mem = self.frame(room);
        self.emit(&MInst { mem, ..inst(if i.ty == Ty::F32 { x::FSTP32 } else { x::FSTP64 }, 2) });
        self.load(i.ty, mem, want)
    }

    fn x87_to_int(&mut self, i: &Inst, want: Reg) -> Reg {
        let unsigned = i.op == Op::FptoU;
        self.push_x87(i.value_a());
        let mut large = Reg::NONE;
        if unsigned && size_of(i.ty) == 3 {
            // From 2^63 on: subtract that, and put the top bit in afterwards.
            let limit = self.constant_mem(&9_223_372_036_854_775_808_f32.to_le_bytes());
            self.emit(&MInst { mem: limit, ..inst(x::FLD32, 2) });
            self.emit(&inst(x::FUCOMIP, 2));
            large = self.vreg(I64);
            self.set_by(Test::One(cc::BE), large);
            let which = self.vreg(I64);
            self.mov(I64, which, large);
            self.add_by(which, &SUB_2_63);
        }
        let room = self.cx.regs.room(16, 8);
        let mem = self.frame(room);
        // Rounding toward zero is a mode.
        self.mi(x::FNSTCW, 2, mem, 0);
        let mode = self.vreg(I32);
        self.rm(x::MOVZX16_RM, 2, mode, Reg::NONE, mem);
        self.alu_imm(1, 2, mode, mode, 0xc00);
        self.mr(x::MOV_MR, 1, again(mem, 2), mode.last());
        self.emit(&MInst { mem: again(mem, 2), ..inst(x::FLDCW, 2) });
        let wide = size_of(i.ty) == 3 || unsigned && size_of(i.ty) == 2;
        self.emit(&MInst { mem: again(mem, 8), ..inst(if wide { x::FISTP64 } else { x::FISTP32 }, 2) });
        self.mi(x::FLDCW, 2, mem, 0);
        let value = self.load(i.ty, again(mem, 8), want);
        if large.is_none() {
            return value;
        }
        self.ri(x::SHL_RI, 3, large, large, 63);
        let dst = value.again();
        self.rr(x::XOR_RR, 3, dst, dst, large.last());
        dst.last()
    }
}
