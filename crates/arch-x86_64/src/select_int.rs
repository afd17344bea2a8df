//! Integer values: arithmetic, shifts, division, conversions, bit counts. Values of 8 and 16 bits are computed in 32 bits;
//! what lies above their width in a register means nothing.

use crate::encode::{I32, I64, cc};
use crate::insns as x;
use crate::select::{Opnd, Sel, inst, size_of};
use codegen::machine::{Addr, MInst, Reg};
use ir::func::Inst;
use ir::{Op, Ty, Value};

/// Number in the family of arithmetic rows.
pub(crate) fn alu(op: Op) -> Option<u16> {
    Some(match op {
        Op::Add => 0,
        Op::Or => 1,
        Op::And => 4,
        Op::Sub => 5,
        Op::Xor => 6,
        _ => return None,
    })
}

const CMP: u16 = 7;

impl Sel<'_, '_> {
    /// Type of a value: compares give i32.
    #[inline]
    pub fn ty(&self, v: Value) -> Ty {
        let inst = self.get(v);
        if matches!(inst.op, Op::Icmp | Op::Fcmp) { Ty::I32 } else { inst.ty }
    }

    pub fn int_tree(&mut self, i: &Inst, want: Reg) -> Reg {
        match i.op {
            Op::Add => self.add(i, want),
            Op::Sub if self.subtracts_constant(i).is_some() => self.subtract_constant(i, want),
            Op::Sub | Op::And | Op::Or | Op::Xor => self.binary(i, alu(i.op).expect("listed"), want),
            Op::Mul => self.multiply(i, want),
            Op::SDiv | Op::UDiv | Op::SRem | Op::URem => self.divide(i, want),
            Op::Shl | Op::LShr | Op::AShr | Op::RotL | Op::RotR => self.shift(i, want),
            Op::Neg | Op::Not => {
                let form = if i.op == Op::Neg { x::NEG } else { x::NOT };
                let dst = self.dst(want, self.class(i.ty));
                let a = self.compute(i.value_a(), dst);
                self.rr(form, size_of(i.ty).max(2), dst, a, Reg::NONE);
                dst.last()
            }
            Op::MulHighS | Op::MulHighU => self.multiply_high(i, want),
            Op::Clz => self.leading_zeros(i, want),
            Op::Ctz => self.trailing_zeros(i, want),
            Op::Popcnt => self.ones(i, want),
            Op::Bswap => self.byte_swap(i, want),
            Op::Trunc => self.truncate(i, want),
            Op::Zext => self.extend(i.value_a(), i.ty, false, want),
            Op::Sext => self.extend(i.value_a(), i.ty, true, want),
            op => unreachable!("{op:?} makes no integer"),
        }
    }

    // Arithmetic.

    /// `n`-th operation of the arithmetic family.
    fn binary(&mut self, i: &Inst, n: u16, want: Reg) -> Reg {
        let (mut a, mut b) = (i.value_a(), i.value_b());
        let commutes = i.op != Op::Sub;
        // What can be folded goes right.
        if commutes && !self.folds(b) && (self.folds(a) || self.is_memory(a)) {
            (a, b) = (b, a);
        }
        let size = size_of(i.ty).max(2);
        let dst = self.dst(want, self.class(i.ty));
        let ra = self.compute(a, dst);
        let ob = self.operand(b, i.ty);
        match ob {
            Opnd::Imm(imm) => self.alu_imm(n, size, dst, ra, imm),
            Opnd::Mem(mem) => self.rm(x::ADD_RM + n, size, dst, ra, mem),
            Opnd::Reg(rb) if commutes && rb.is_last() && !ra.is_last() && ra.again() != dst => {
                self.rr(x::ADD_RR + n, size, dst, rb, ra);
            }
            Opnd::Reg(rb) => self.rr(x::ADD_RR + n, size, dst, ra, rb),
        }
        dst.last()
    }

    /// A constant, or a value that reading folds.
    fn folds(&self, v: Value) -> bool {
        self.get(v).op == Op::Iconst || self.is_memory(v)
    }

    pub fn alu_imm(&mut self, n: u16, size: u8, dst: Reg, a: Reg, imm: i32) {
        let form = if imm as i8 as i32 == imm { x::ADD_RI8 } else { x::ADD_RI };
        self.ri(form + n, size, dst, a, i64::from(imm));
    }

    fn add(&mut self, i: &Inst, want: Reg) -> Reg {
        let (a, b) = (i.value_a(), i.value_b());
        let size = size_of(i.ty).max(2);
        // Addresses: three operands and scales in one instruction.
        if size == 3 && (self.scaled(a).is_some() || self.scaled(b).is_some() || self.get(a).op == Op::SlotAddr) {
            let mem = self.addr_of_add(i, 0);
            return self.lea(mem, want);
        }
        if self.is_memory(b) || self.is_memory(a) {
            return self.binary(i, 0, want);
        }
        let (a, b) = if self.get(a).op == Op::Iconst { (b, a) } else { (a, b) };
        let dst = self.dst(want, self.class(i.ty));
        let ra = self.compute(a, dst);
        let in_place = ra.is_last() || ra.again() == dst;
        match self.operand(b, i.ty) {
            Opnd::Imm(imm) if !in_place => {
                let mem = Addr { base: ra, disp: imm, ..crate::encode::NO_MEM };
                self.rm(x::LEA, size, dst, Reg::NONE, mem);
            }
            Opnd::Imm(imm) => self.alu_imm(0, size, dst, ra, imm),
            Opnd::Mem(mem) => self.rm(x::ADD_RM, size, dst, ra, mem),
            Opnd::Reg(rb) if in_place => self.rr(x::ADD_RR, size, dst, ra, rb),
            Opnd::Reg(rb) if rb.is_last() => self.rr(x::ADD_RR, size, dst, rb, ra),
            Opnd::Reg(rb) => {
                let mem = Addr { base: ra, index: rb, ..crate::encode::NO_MEM };
                self.rm(x::LEA, size, dst, Reg::NONE, mem);
            }
        }
        dst.last()
    }

    /// The constant that is added when `i` subtracts one.
    fn subtracts_constant(&self, i: &Inst) -> Option<i32> {
        let b = self.get(i.value_b());
        if b.op != Op::Iconst || self.is_memory(i.value_a()) {
            return None;
        }
        crate::select::immediate(b, i.ty)?.checked_neg()
    }

    /// Into another register by one `lea`.
    fn subtract_constant(&mut self, i: &Inst, want: Reg) -> Reg {
        let imm = self.subtracts_constant(i).expect("asked before");
        let size = size_of(i.ty).max(2);
        let dst = self.dst(want, self.class(i.ty));
        let ra = self.compute(i.value_a(), dst);
        if ra.is_last() || ra.again() == dst {
            self.alu_imm(5, size, dst, ra, imm.wrapping_neg());
        } else {
            let mem = Addr { base: ra, disp: imm, ..crate::encode::NO_MEM };
            self.rm(x::LEA, size, dst, Reg::NONE, mem);
        }
        dst.last()
    }

    /// True when the lazy 32-bit value `v` is never negative and made by an instruction that clears the upper half.
    fn is_small(&self, v: Value) -> bool {
        if !self.lazy.is_lazy(v) {
            return false;
        }
        let i = self.get(v);
        match i.op {
            Op::And => self.constant(i.value_b()).is_some_and(|mask| mask as u32 as i32 >= 0),
            Op::LShr => self.constant(i.value_b()).is_some_and(|count| count & 31 != 0),
            Op::Zext => self.ty(i.value_a()).size() < 4,
            Op::Icmp | Op::Fcmp => true,
            _ => false,
        }
    }

    fn multiply(&mut self, i: &Inst, want: Reg) -> Reg {
        let size = size_of(i.ty).max(2);
        let (mut a, mut b) = (i.value_a(), i.value_b());
        if self.get(a).op == Op::Iconst || (self.is_memory(a) && self.get(b).op != Op::Iconst) {
            (a, b) = (b, a);
        }
        let dst = self.dst(want, self.class(i.ty));
        if let Some(factor) = self.constant(b) {
            if factor.is_power_of_two() {
                let ra = self.compute(a, dst);
                let count = factor.trailing_zeros();
                if count == 0 {
                    return ra;
                }
                self.ri(x::SHL_RI, size, dst, ra, i64::from(count));
                return dst.last();
            }
            if let Some(imm) = crate::select::immediate(self.get(b), i.ty) {
                let short = imm as i8 as i32 == imm;
                match self.operand(a, i.ty) {
                    Opnd::Mem(mem) => {
                        let form = if short { x::IMUL_RMI8 } else { x::IMUL_RMI };
                        self.emit(&MInst { dst, mem, imm: i64::from(imm), ..inst(form, size) });
                    }
                    Opnd::Reg(ra) => {
                        let form = if short { x::IMUL_RRI8 } else { x::IMUL_RRI };
                        self.emit(&MInst { dst, b: ra, imm: i64::from(imm), ..inst(form, size) });
                    }
                    Opnd::Imm(other) => self.imm(self.class(i.ty), dst, i64::from(imm).wrapping_mul(i64::from(other))),
                }
                return dst.last();
            }
        }
        let ra = self.compute(a, dst);
        match self.operand(b, i.ty) {
            Opnd::Mem(mem) => self.rm(x::IMUL_RM, size, dst, ra, mem),
            Opnd::Reg(rb) if rb.is_last() && !ra.is_last() && ra.again() != dst => {
                self.rr(x::IMUL_RR, size, dst, rb, ra);
            }
            Opnd::Reg(rb) => self.rr(x::IMUL_RR, size, dst, ra, rb),
            Opnd::Imm(imm) => self.emit(&MInst { dst, b: ra, imm: i64::from(imm), ..inst(x::IMUL_RRI, size) }),
        }
        dst.last()
    }

    /// Division traps as the hardware does.
    fn divide(&mut self, i: &Inst, want: Reg) -> Reg {
        if let Some(result) = self.divide_by_constant(i, want) {
            return result;
        }
        let class = self.class(i.ty);
        let form = match i.op {
            Op::SDiv => x::SDIV,
            Op::SRem => x::SREM,
            Op::UDiv => x::UDIV,
            _ => x::UREM,
        };
        let a = self.compute_for(i.value_a(), class, crate::regs::RAX);
        let b = self.reg(i.value_b());
        let dst = self.dst(want, class);
        self.rr(form, size_of(i.ty), dst, a, b);
        dst.last()
    }

    fn multiply_high(&mut self, i: &Inst, want: Reg) -> Reg {
        let signed = i.op == Op::MulHighS;
        let size = size_of(i.ty);
        if size < 2 {
            let a = self.extend(i.value_a(), Ty::I32, signed, Reg::NONE);
            let b = self.extend(i.value_b(), Ty::I32, signed, Reg::NONE);
            let dst = self.dst(want, I32);
            self.rr(x::IMUL_RR, 2, dst, a, b);
            self.ri(x::SHR_RI, 2, dst, dst, 8 << size);
            return dst.last();
        }
        let class = self.class(i.ty);
        let a = self.compute_for(i.value_a(), class, crate::regs::RAX);
        let b = self.reg(i.value_b());
        let dst = self.dst(want, class);
        self.rr(if signed { x::IMULH } else { x::MULH }, size, dst, a, b);
        dst.last()
    }

    /// Shifts and rotations: the count is taken modulo the width.
    fn shift(&mut self, i: &Inst, want: Reg) -> Reg {
        let size = size_of(i.ty);
        let width = 8u64 << size;
        let rotates = matches!(i.op, Op::RotL | Op::RotR);
        let (by_imm, by_cl) = match i.op {
            Op::Shl => (x::SHL_RI, x::SHL_RC),
            Op::LShr => (x::SHR_RI, x::SHR_RC),
            Op::AShr => (x::SAR_RI, x::SAR_RC),
            Op::RotL => (x::ROL_RI, x::ROL_RC),
            _ => (x::ROR_RI, x::ROR_RC),
        };
        let dst = self.dst(want, self.class(i.ty));
        // Right shifts bring down what is above a small value's width.
        let a = match i.op {
            Op::LShr if size < 2 => self.extend(i.value_a(), Ty::I32, false, dst),
            Op::AShr if size < 2 => self.extend(i.value_a(), Ty::I32, true, dst),
            _ => self.compute(i.value_a(), dst),
        };
        let at = if rotates { size } else { size.max(2) };
        if let Some(count) = self.constant(i.value_b()) {
            let count = count & (width - 1);
            if count == 0 {
                return a;
            }
            self.ri(by_imm, at, dst, a, count as i64);
            return dst.last();
        }
        let mut count = self.compute_for(i.value_b(), self.class(i.ty), crate::regs::RCX);
        if !rotates && size < 2 {
            let masked = self.vreg(I32);
            self.alu_imm(4, 2, masked, count, width as i32 - 1);
            count = masked.last();
        }
        self.rr(by_cl, at, dst, a, count);
        dst.last()
    }

    // Conversions.

    fn truncate(&mut self, i: &Inst, want: Reg) -> Reg {
        let v = i.value_a();
        if self.ty(v) == Ty::I128 {
            return self.low_half(v, want);
        }
        if self.is_memory(v) {
            let from = self.get(v);
            if let Some(mem) = self.memory(from) {
                return self.load(i.ty, mem, want);
            }
        }
        // A temporary of the narrow class could not hold the wide value on the way.
        let fits = want.is_phys() || self.class(self.ty(v)) == self.class(i.ty);
        self.compute(v, if fits { want } else { Reg::NONE })
    }

    /// `v` widened to `to`.
    pub fn extend(&mut self, v: Value, to: Ty, signed: bool, want: Reg) -> Reg {
        let from = self.ty(v);
        if let Some(value) = self.constant(v) {
            let shift = 64 - 8 * from.size();
            let value = if signed { (value as i64) << shift >> shift } else { value as i64 };
            let class = self.class(to);
            let dst = self.dst(want, class);
            self.imm(class, dst, value);
            return dst.last();
        }
        if self.is_memory(v)
            && let Some(mem) = self.memory(self.get(v))
        {
            let dst = self.dst(want, self.class(to));
            self.load_wide(from, mem, to, signed, dst);
            return dst.last();
        }
        // Writing 32 bits clears the rest.
        if from == Ty::I32 && self.is_small(v) {
            let dst = self.dst(want, self.class(to));
            self.compute_into(v, I64, dst);
            return dst.last();
        }
        let src = self.reg(v);
        let dst = self.dst(want, self.class(to));
        self.extend_reg(from, src, to, signed, dst);
        dst.last()
    }

    /// `dst` is `src` widened.
    pub fn extend_reg(&mut self, from: Ty, src: Reg, to: Ty, signed: bool, dst: Reg) {
        let wide = size_of(to).max(2);
        let (form, size) = match (size_of(from), signed) {
            (0, false) => (x::MOVZX8_RR, 2),
            (1, false) => (x::MOVZX16_RR, 2),
            (2, false) => (x::MOV_RR, 2),
            (0, true) => (x::MOVSX8_RR, wide),
            (1, true) => (x::MOVSX16_RR, wide),
            (2, true) if wide == 3 => (x::MOVSXD_RR, 3),
            _ => (x::MOV_RR, wide),
        };
        self.rr(form, size, dst, Reg::NONE, src);
    }

    // Bits.

    /// The operand widened to 32 bits at least, in a register of its own.
    fn bits_operand(&mut self, i: &Inst) -> Reg {
        let class = self.class(i.ty);
        let a =
            if size_of(i.ty) < 2 { self.extend(i.value_a(), Ty::I32, false, Reg::NONE) } else { self.reg(i.value_a()) };
        self.own(class, a)
    }

    fn leading_zeros(&mut self, i: &Inst, want: Reg) -> Reg {
        let (class, size) = (self.class(i.ty), size_of(i.ty).max(2));
        let width = i64::from(8 * i.ty.size());
        let a = self.bits_operand(i);
        let none = self.vreg(class);
        self.imm(class, none, -1);
        let top = self.vreg(class);
        // With 0 `bsr` leaves its result alone or undefined, and sets ZF.
        self.rr(x::BSR_RR, size, top, Reg::NONE, a.last());
        self.emit(&MInst { dst: top, a: top, b: none.last(), aux: cc::E, ..inst(x::CMOV_RR, size) });
        let dst = self.dst(want, class);
        self.rr(x::NEG, size, dst, top.last(), Reg::NONE);
        self.alu_imm(0, size, dst, dst, width as i32 - 1);
        dst.last()
    }

    fn trailing_zeros(&mut self, i: &Inst, want: Reg) -> Reg {
        let (class, size) = (self.class(i.ty), size_of(i.ty).max(2));
        let a = self.bits_operand(i);
        let none = self.vreg(class);
        self.imm(class, none, i64::from(8 * i.ty.size()));
        let dst = self.dst(want, class);
        self.rr(x::BSF_RR, size, dst, Reg::NONE, a.last());
        self.emit(&MInst { dst, a: dst, b: none.last(), aux: cc::E, ..inst(x::CMOV_RR, size) });
        dst.last()
    }

    /// Ones are summed up in ever wider fields.
    fn ones(&mut self, i: &Inst, want: Reg) -> Reg {
        let (class, size) = (self.class(i.ty), size_of(i.ty).max(2));
        let a = self.bits_operand(i);
        let half = self.vreg(class);
        self.ri(x::SHR_RI, size, half, a, 1);
        self.and_wide(class, half, 0x5555_5555_5555_5555);
        self.rr(x::SUB_RR, size, a, a, half.last());
        let pairs = self.vreg(class);
        self.ri(x::SHR_RI, size, pairs, a, 2);
        self.and_wide(class, a, 0x3333_3333_3333_3333);
        self.and_wide(class, pairs, 0x3333_3333_3333_3333);
        self.rr(x::ADD_RR, size, a, a, pairs.last());
        let fours = self.vreg(class);
        self.ri(x::SHR_RI, size, fours, a, 4);
        self.rr(x::ADD_RR, size, a, a, fours.last());
        self.and_wide(class, a, 0x0f0f_0f0f_0f0f_0f0f);
        let each = self.vreg(class);
        let sums = 0x0101_0101_0101_0101_u64;
        self.imm(class, each, if size == 2 { i64::from(sums as i32) } else { sums as i64 });
        let dst = self.dst(want, class);
        self.rr(x::IMUL_RR, size, dst, a.last(), each.last());
        self.ri(x::SHR_RI, size, dst, dst, if size == 2 { 24 } else { 56 });
        dst.last()
    }

    fn and_wide(&mut self, class: u8, reg: Reg, mask: u64) {
        if class == I32 {
            return self.alu_imm(4, 2, reg, reg, mask as i32);
        }
        let temp = self.vreg(I64);
        self.imm(I64, temp, mask as i64);
        self.rr(x::AND_RR, 3, reg, reg, temp.last());
    }

    fn byte_swap(&mut self, i: &Inst, want: Reg) -> Reg {
        let dst = self.dst(want, self.class(i.ty));
        let a = self.compute(i.value_a(), dst);
        match size_of(i.ty) {
            0 => return a,
            1 => self.ri(x::ROL_RI, 1, dst, a, 8),
            size => self.rr(x::BSWAP, size, dst, a, Reg::NONE),
        }
        dst.last()
    }

    // Compares: flags.

    /// Sets the flags by `a - b` for operands of type `ty`; gives true when they were exchanged.
    pub fn compare(&mut self, ty: Ty, a: Value, b: Value, equality: bool) -> bool {
        let size = size_of(ty);
        if self.get(a).op == Op::Iconst && self.get(b).op != Op::Iconst {
            self.compare(ty, b, a, equality);
            return true;
        }
        if self.get(b).op == Op::Iconst
            && let Some(imm) = crate::select::immediate(self.get(b), ty)
        {
            self.compare_imm(ty, size, a, imm, equality);
            return false;
        }
        if self.is_memory(a) && self.ty(a).size() == ty.size() && !self.is_memory(b) {
            let rb = self.reg(b);
            if let Some(mem) = self.memory(self.get(a)) {
                self.mr(x::ADD_MR + CMP, size, mem, rb);
            }
            return false;
        }
        let ra = self.reg(a);
        if self.is_memory(b) && self.ty(b).size() == ty.size() {
            if let Some(mem) = self.memory(self.get(b)) {
                self.rm(x::ADD_RM + CMP, size, Reg::NONE, ra, mem);
            }
            return false;
        }
        let rb = self.reg(b);
        self.rr(x::ADD_RR + CMP, size, Reg::NONE, ra, rb);
        false
    }

    /// Sets the flags by `a - imm`.
    pub fn compare_imm(&mut self, ty: Ty, size: u8, a: Value, imm: i32, equality: bool) {
        let short = imm as i8 as i32 == imm && size != 0;
        if self.is_memory(a) && self.ty(a).size() == ty.size() {
            if let Some(mem) = self.memory(self.get(a)) {
                let form = if short { x::ADD_MI8 + CMP } else { x::ADD_MI + CMP };
                self.mi(form, size, mem, i64::from(imm));
            }
            return;
        }
        if imm == 0 && equality && self.test_and(size, a) {
            return;
        }
        let ra = self.reg(a);
        if imm == 0 {
            // Both may be read for the last time: mark only one.
            self.rr(x::TEST_RR, size, Reg::NONE, ra.again(), ra);
        } else {
            let form = if short { x::ADD_RI8 + CMP } else { x::ADD_RI + CMP };
            self.ri(form, size, Reg::NONE, ra, i64::from(imm));
        }
    }

    /// `(x & y) == 0` is one instruction.
    fn test_and(&mut self, size: u8, v: Value) -> bool {
        if !self.lazy.is_lazy(v) || self.get(v).op != Op::And {
            return false;
        }
        let i = self.get(v);
        let (a, b) = (i.value_a(), i.value_b());
        let ra = self.reg(a);
        match self.operand(b, i.ty) {
            Opnd::Imm(imm) => self.ri(x::TEST_RI, size, Reg::NONE, ra, i64::from(imm)),
            Opnd::Reg(rb) => self.rr(x::TEST_RR, size, Reg::NONE, ra, rb),
            Opnd::Mem(mem) => {
                let temp = self.load(i.ty, mem, Reg::NONE);
                self.rr(x::TEST_RR, size, Reg::NONE, ra, temp);
            }
        }
        true
    }
}
