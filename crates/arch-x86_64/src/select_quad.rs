//! f128 values: 16 bytes in an SSE register, and functions of the runtime that compute with them (names as in "GCC
//! Internals", "Routines for floating point emulation"; mode TF). They are never lazy, as a call is in each of them.

use crate::encode::{I32, I64, NO_MEM, V128, cc};
use crate::insns as x;
use crate::regs::{RAX, RDI, RDX, RSI, RSP, XMM0};
use crate::select::{Sel, inst};
use crate::select_flow::Test;
use codegen::machine::{Addr, MInst, PReg, Reg};
use ir::func::Inst;
use ir::ops::FCond;
use ir::{Op, Ty, Value};

impl Sel<'_, '_> {
    /// The value of an operation that gives an f128, or takes one and gives what one register holds.
    pub fn quad_tree(&mut self, i: &Inst) -> Reg {
        let (a, from) = (i.value_a(), self.ty(i.value_a()));
        let signed = matches!(i.op, Op::StoFp | Op::FptoS);
        match i.op {
            Op::Fadd => self.quad_call("__addtf3", i),
            Op::Fsub => self.quad_call("__subtf3", i),
            Op::Fmul => self.quad_call("__multf3", i),
            Op::Fdiv => self.quad_call("__divtf3", i),
            Op::Fpext if from == Ty::F80 => self.extended_to_quad(a),
            Op::Fpext => {
                let name = if from == Ty::F32 { "__extendsftf2" } else { "__extenddftf2" };
                self.call_of_one(name, a, XMM0, Ty::F128)
            }
            Op::StoFp | Op::UtoFp if from == Ty::I128 => {
                let (low, high) = self.pair(a);
                let dst = self.vreg(V128);
                let name = if signed { "__floattitf" } else { "__floatuntitf" };
                self.call_runtime(name, &[(low, RDI), (high, RSI)], &[(dst, XMM0)]);
                dst.last()
            }
            Op::StoFp | Op::UtoFp => {
                let name = match (from.size() == 8, signed) {
                    (false, true) => "__floatsitf",
                    (false, false) => "__floatunsitf",
                    (true, true) => "__floatditf",
                    (true, false) => "__floatunditf",
                };
                self.call_of_one(name, a, RDI, Ty::F128)
            }
            Op::FptoS | Op::FptoU => {
                let name = match (i.ty.size() == 8, signed) {
                    (false, true) => "__fixtfsi",
                    (false, false) => "__fixunstfsi",
                    (true, true) => "__fixtfdi",
                    (true, false) => "__fixunstfdi",
                };
                self.call_of_one(name, a, XMM0, i.ty)
            }
            Op::Fptrunc => {
                let name = if i.ty == Ty::F32 { "__trunctfsf2" } else { "__trunctfdf2" };
                self.call_of_one(name, a, XMM0, i.ty)
            }
            op => {
                let what = format!("`{}` on f128 is not supported", op.row().name);
                self.fail(&what);
                self.vreg(V128)
            }
        }
    }

    /// Whether an operation takes an f128 and gives something else.
    pub fn takes_quad(&self, i: &Inst) -> bool {
        matches!(i.op, Op::Fptrunc | Op::FptoS | Op::FptoU) && self.ty(i.value_a()) == Ty::F128
    }

    pub fn quad_constant(&mut self, i: &Inst, want: Reg) -> Reg {
        let bytes = self.cx.module.wide[ir::module::Wide(i.a)];
        let mem = self.constant_mem(&bytes);
        self.load(Ty::F128, mem, want)
    }

    fn quad_call(&mut self, name: &'static str, i: &Inst) -> Reg {
        let a = self.compute_for(i.value_a(), V128, XMM0);
        let b = self.compute_for(i.value_b(), V128, XMM0 + 1);
        let dst = self.vreg(V128);
        self.call_runtime(name, &[(a, XMM0), (b, XMM0 + 1)], &[(dst, XMM0)]);
        dst.last()
    }

    fn call_of_one(&mut self, name: &'static str, v: Value, preg: PReg, to: Ty) -> Reg {
        let class = self.class(self.ty(v));
        let a = self.compute_for(v, class, preg);
        let dst = self.vreg(self.class(to));
        self.call_runtime(name, &[(a, preg)], &[(dst, if to.is_float() { XMM0 } else { RAX })]);
        dst.last()
    }

    /// Sets the flags by a comparison: the functions give what relates to 0 as their operands relate to each other, and what
    /// fails the test that they are named by when these are unordered.
    pub fn compare_quads(&mut self, i: &Inst) -> Test {
        let (name, code) = match FCond::from_aux(i.aux) {
            FCond::Eq => ("__eqtf2", cc::E),
            FCond::Ne => ("__netf2", cc::NE),
            FCond::Lt => ("__lttf2", cc::L),
            FCond::Le => ("__letf2", cc::LE),
            FCond::Gt => ("__gttf2", cc::G),
            FCond::Ge => ("__getf2", cc::GE),
            FCond::Ord => ("__unordtf2", cc::E),
            FCond::Uno => ("__unordtf2", cc::NE),
            FCond::Ult => ("__getf2", cc::L),
            FCond::Ule => ("__gttf2", cc::LE),
            FCond::Ugt => ("__letf2", cc::G),
            FCond::Uge => ("__lttf2", cc::GE),
        };
        let a = self.compute_for(i.value_a(), V128, XMM0);
        let b = self.compute_for(i.value_b(), V128, XMM0 + 1);
        let order = self.vreg(I32);
        self.call_runtime(name, &[(a, XMM0), (b, XMM0 + 1)], &[(order, RAX)]);
        self.rr(x::TEST_RR, 2, Reg::NONE, order, order.last());
        Test::One(code)
    }

    /// An f128 as an i128.
    pub fn quad_to_wide(&mut self, v: Value, i: &Inst) {
        let name = if i.op == Op::FptoS { "__fixtfti" } else { "__fixunstfti" };
        let a = self.compute_for(i.value_a(), V128, XMM0);
        let (low, high) = self.new_pair();
        self.call_runtime(name, &[(a, XMM0)], &[(low, RAX), (high, RDX)]);
        self.keep_pair(v, low, high);
    }

    /// An f80 as an i128.
    pub fn x87_to_wide(&mut self, v: Value, i: &Inst) {
        let name = if i.op == Op::FptoS { "__fixxfti" } else { "__fixunsxfti" };
        let (low, high) = self.new_pair();
        self.call_with_x87(name, i.value_a(), &[(low, RAX), (high, RDX)]);
        self.keep_pair(v, low, high);
    }

    /// An f128, pushed on the x87 stack.
    pub fn quad_to_x87(&mut self, a: Value) {
        let a = self.compute_for(a, V128, XMM0);
        self.call_runtime("__trunctfxf2", &[(a, XMM0)], &[]);
    }

    fn extended_to_quad(&mut self, a: Value) -> Reg {
        let dst = self.vreg(V128);
        self.call_with_x87("__extendxftf2", a, &[(dst, XMM0)]);
        dst.last()
    }

    /// A function with one f80 argument, which travels on the stack.
    fn call_with_x87(&mut self, name: &'static str, v: Value, defs: &[(Reg, PReg)]) {
        let rsp = Reg::phys(RSP);
        self.push_x87(v);
        self.alu_imm(5, 3, rsp, rsp, 16);
        self.emit(&MInst { mem: Addr { base: rsp, ..NO_MEM }, ..inst(x::FSTP80, 2) });
        self.call_runtime(name, &[], defs);
        self.rm(x::LEA, 3, rsp, Reg::NONE, Addr { base: rsp, disp: 16, ..NO_MEM });
    }

    /// `va_arg`: from the place of one SSE register, or the caller's frame.
    pub fn va_arg_quad(&mut self, v: Value, list: Addr) {
        let room = self.cx.regs.room(16, 16);
        let mem = self.frame(room);
        let to = self.vreg(I64);
        self.rm(x::LEA, 3, to, Reg::NONE, mem);
        self.va_arg_wide(list, to.last());
        let reg = self.load(Ty::F128, mem, Reg::NONE);
        self.keep(v, reg);
    }
}
