//! Division by constants: shifts and multiplications instead of the slowest instruction there is (Granlund and Montgomery,
//! "Division by invariant integers using multiplication"; Warren, "Hacker's Delight", chapter 10).

use crate::encode::{I32, I64};
use crate::insns as x;
use crate::regs::RAX;
use crate::select::{Sel, inst};
use codegen::machine::{MInst, Reg};
use ir::func::Inst;
use ir::{Op, Ty};

/// `floor(value * factor / 2^(bits + shift))` is the quotient, but for the sign of negative ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Magic {
    factor: u64,
    shift: u32,
}

/// The smallest factor of `bits` bits that divides all numbers of `bits` bits by `divisor`, no power of two. Unsigned numbers may
/// need one of a bit more.
fn magic(divisor: u64, bits: u32, signed: bool) -> Option<Magic> {
    let divisor = u128::from(divisor);
    for shift in 0..bits {
        let power = 1u128 << (bits + shift);
        let factor = power / divisor + 1;
        if factor >> bits != 0 {
            return None;
        }
        // How much too large the factor is, in units of 1/2^(bits + shift): the largest number must not feel it.
        if factor * divisor - power <= 1 << (shift + u32::from(signed)) {
            return Some(Magic { factor: factor as u64, shift });
        }
    }
    None
}

impl Sel<'_, '_> {
    /// `None` for what may trap or is not worth while.
    pub fn divide_by_constant(&mut self, i: &Inst, want: Reg) -> Option<Reg> {
        let raw = self.constant(i.value_b())?;
        let signed = matches!(i.op, Op::SDiv | Op::SRem);
        let above = 64 - 8 * i.ty.size();
        let divisor = if signed { (raw << above) as i64 >> above } else { raw as i64 };
        let size = if i.ty.size() == 8 { divisor.unsigned_abs() } else { divisor.unsigned_abs() & 0xffff_ffff };
        let magnitude = if signed { size } else { raw };
        let least = signed && raw == 1 << (8 * i.ty.size() - 1);
        if magnitude < 2 || least {
            return None;
        }
        let value = match i.ty {
            Ty::I8 | Ty::I16 => self.extend(i.value_a(), Ty::I32, signed, Reg::NONE),
            _ => self.reg(i.value_a()),
        };
        let wide = i.ty.size() == 8;
        let dst = self.dst(want, if wide { I64 } else { I32 });
        if magnitude.is_power_of_two() {
            self.divide_by_power(i.op, wide, dst, value, magnitude.trailing_zeros());
        } else {
            let quotient = self.quotient(wide, signed, value, magnitude);
            let size = if wide { 3 } else { 2 };
            if matches!(i.op, Op::SDiv | Op::UDiv) {
                self.mov(if wide { I64 } else { I32 }, dst, quotient.last());
                if value.is_last() {
                    self.cx.regs.release(value);
                }
            } else {
                self.multiply_by(wide, quotient, magnitude);
                self.rr(x::SUB_RR, size, dst, value, quotient.last());
            }
        }
        if i.op == Op::SDiv && divisor < 0 {
            self.rr(x::NEG, if wide { 3 } else { 2 }, dst, dst, Reg::NONE);
        }
        Some(dst.last())
    }

    /// By `2^count`, count at least 1.
    fn divide_by_power(&mut self, op: Op, wide: bool, dst: Reg, value: Reg, count: u32) {
        let (size, class, width) = if wide { (3, I64, 64) } else { (2, I32, 32) };
        match op {
            Op::UDiv => self.ri(x::SHR_RI, size, dst, value, i64::from(count)),
            Op::URem => {
                self.mov(class, dst, value);
                self.keep_low_bits(wide, dst, count);
            }
            _ => {
                // What is added to negative numbers, so that they are rounded toward zero.
                let bias = self.vreg(class);
                self.mov(class, bias, value.again());
                if count > 1 {
                    self.ri(x::SAR_RI, size, bias, bias, i64::from(width - 1));
                }
                self.ri(x::SHR_RI, size, bias, bias, i64::from(width - count));
                self.rr(x::ADD_RR, size, dst, value, if op == Op::SDiv { bias.last() } else { bias });
                if op == Op::SDiv {
                    self.ri(x::SAR_RI, size, dst, dst, i64::from(count));
                } else {
                    self.keep_low_bits(wide, dst, count);
                    self.rr(x::SUB_RR, size, dst, dst, bias.last());
                }
            }
        }
    }

    fn keep_low_bits(&mut self, wide: bool, reg: Reg, count: u32) {
        match count {
            0..=31 => self.alu_imm(4, 2, reg, reg, ((1u32 << count) - 1) as i32),
            32 => self.rr(x::MOV_RR, 2, reg, Reg::NONE, reg),
            _ => {
                debug_assert!(wide);
                self.ri(x::SHL_RI, 3, reg, reg, i64::from(64 - count));
                self.ri(x::SHR_RI, 3, reg, reg, i64::from(64 - count));
            }
        }
    }

    /// `reg *= factor`.
    fn multiply_by(&mut self, wide: bool, reg: Reg, factor: u64) {
        let size = if wide { 3 } else { 2 };
        match i32::try_from(if wide { factor as i64 } else { i64::from(factor as i32) }) {
            Ok(imm) => {
                let form = if imm as i8 as i32 == imm { x::IMUL_RRI8 } else { x::IMUL_RRI };
                self.emit(&MInst { dst: reg, b: reg, imm: i64::from(imm), ..inst(form, size) });
            }
            Err(_) => {
                let by = self.vreg(I64);
                self.imm(I64, by, factor as i64);
                self.rr(x::IMUL_RR, size, reg, reg, by.last());
            }
        }
    }

    /// `value / divisor` in a new register; `value` is read again.
    fn quotient(&mut self, wide: bool, signed: bool, value: Reg, divisor: u64) -> Reg {
        let (size, bits, value) = if wide { (3, 64, value.again()) } else { (2, 32, value.again()) };
        if let Some(Magic { factor, shift }) = magic(divisor, bits, signed) {
            let quotient = self.high_product(wide, signed, value, factor, shift);
            if signed {
                // Negative ones were rounded down.
                let sign = self.vreg(if wide { I64 } else { I32 });
                self.mov(if wide { I64 } else { I32 }, sign, value);
                self.ri(x::SAR_RI, size, sign, sign, i64::from(bits - 1));
                self.rr(x::SUB_RR, size, quotient, quotient, sign.last());
            }
            return quotient;
        }
        // The factor is 2^bits too large for its field: the value is added once more, halved to stay in range.
        let log = 64 - (divisor - 1).leading_zeros();
        let rest = (1u128 << log) - u128::from(divisor);
        let factor = ((rest << bits) / u128::from(divisor) + 1) as u64;
        let product = self.high_product(wide, false, value, factor, 0);
        let sum = self.vreg(if wide { I64 } else { I32 });
        self.mov(if wide { I64 } else { I32 }, sum, value);
        self.rr(x::SUB_RR, size, sum, sum, product);
        self.ri(x::SHR_RI, size, sum, sum, 1);
        self.rr(x::ADD_RR, size, sum, sum, product.last());
        self.ri(x::SHR_RI, size, sum, sum, i64::from(log - 1));
        sum
    }

    /// `floor(value * factor / 2^(width + shift))`, all of the factor's bits counting as positive.
    fn high_product(&mut self, wide: bool, signed: bool, value: Reg, factor: u64, shift: u32) -> Reg {
        let down = if signed { x::SAR_RI } else { x::SHR_RI };
        if wide {
            let by = self.cx.regs.vreg_in(I64, RAX);
            self.imm(I64, by, factor as i64);
            let product = self.vreg(I64);
            self.rr(if signed { x::IMULH } else { x::MULH }, 3, product, by.last(), value);
            if signed && factor >> 63 != 0 {
                self.rr(x::ADD_RR, 3, product, product, value);
            }
            if shift != 0 {
                self.ri(down, 3, product, product, i64::from(shift));
            }
            return product;
        }
        // 64 bits hold the whole product.
        let product = self.vreg(I64);
        let (form, size) = if signed { (x::MOVSXD_RR, 3) } else { (x::MOV_RR, 2) };
        self.rr(form, size, product, Reg::NONE, value);
        self.multiply_by(true, product, factor);
        self.ri(down, 3, product, product, i64::from(32 + shift));
        product
    }
}

#[cfg(test)]
mod tests {
    use super::{Magic, magic};

    #[test]
    fn factors_divide_the_numbers_at_the_edges() {
        assert_eq!(magic(10, 32, true), Some(Magic { factor: 0x6666_6667, shift: 2 }));
        assert_eq!(magic(7, 32, false), None);
        let divisors = (3..2000).chain([0x7fff_ffff, 0x5555_5555, 641, 6_700_417]);
        for divisor in divisors.filter(|d: &u64| !d.is_power_of_two()) {
            for (bits, signed) in [(32, false), (32, true), (64, false), (64, true)] {
                let Some(Magic { factor, shift }) = magic(divisor, bits, signed) else {
                    assert!(!signed, "{divisor} has no factor");
                    continue;
                };
                let top = if signed { (1u128 << (bits - 1)) - 1 } else { (1 << bits) - 1 };
                let last = top / u128::from(divisor) * u128::from(divisor);
                let limbs = |value: u128| {
                    let (low, high) = (value & u128::from(u64::MAX), value >> 64);
                    assert_eq!(high, 0);
                    // value * factor >> (bits + shift) without overflow.
                    (low * u128::from(factor)) >> bits >> shift
                };
                for value in [0, 1, u128::from(divisor) - 1, u128::from(divisor), last - 1, last, top] {
                    assert_eq!(limbs(value), value / u128::from(divisor), "{value} / {divisor}, {bits} bits");
                }
            }
        }
    }
}
