//! Arithmetic on floating-point types and conversions: f32 and f64 by the machine that runs us, the others in software.

use super::Word;
use crate::ops::{FCond, Op};
use crate::types::Ty;
use rustc_apfloat::ieee::{Double, Half, Quad, Single, X87DoubleExtended};
use rustc_apfloat::{Float, FloatConvert, Round, Status};
use std::cmp::Ordering;

/// Runs `$body` with `$float` as the software type of `$ty`.
macro_rules! with_float {
    ($ty:expr, $float:ident => $body:expr) => {
        match $ty {
            Ty::F16 => {
                type $float = Half;
                $body
            }
            Ty::F32 => {
                type $float = Single;
                $body
            }
            Ty::F64 => {
                type $float = Double;
                $body
            }
            Ty::F80 => {
                type $float = X87DoubleExtended;
                $body
            }
            _ => {
                type $float = Quad;
                $body
            }
        }
    };
}

/// `a op b` in type `ty`.
#[inline]
pub(super) fn binary(op: Op, ty: Ty, a: Word, b: Word) -> Word {
    match ty {
        Ty::F32 => {
            let (x, y) = (f32::from_bits(a.lo as u32), f32::from_bits(b.lo as u32));
            let result = match op {
                Op::Fadd => x + y,
                Op::Fsub => x - y,
                Op::Fmul => x * y,
                Op::Fdiv => x / y,
                _ => x.copysign(y),
            };
            Word::new(result.to_bits().into())
        }
        Ty::F64 => {
            let (x, y) = (f64::from_bits(a.lo), f64::from_bits(b.lo));
            let result = match op {
                Op::Fadd => x + y,
                Op::Fsub => x - y,
                Op::Fmul => x * y,
                Op::Fdiv => x / y,
                _ => x.copysign(y),
            };
            Word::new(result.to_bits())
        }
        _ => with_float!(ty, F => {
            let (x, y) = (F::from_bits(a.u128()), F::from_bits(b.u128()));
            let result = match op {
                Op::Fadd => (x + y).value,
                Op::Fsub => (x - y).value,
                Op::Fmul => (x * y).value,
                Op::Fdiv => (x / y).value,
                _ => x.copy_sign(y),
            };
            Word::from_u128(result.to_bits())
        }),
    }
}

/// Negation and absolute value change the sign bit only, of NaNs too.
pub(super) fn unary(op: Op, ty: Ty, a: Word) -> Word {
    let sign = 1u128 << (if ty == Ty::F80 { 79 } else { 8 * ty.size() - 1 });
    match op {
        Op::Fneg => Word::from_u128(a.u128() ^ sign),
        Op::Fabs => Word::from_u128(a.u128() & !sign),
        _ => match ty {
            Ty::F32 => Word::new(f32::from_bits(a.lo as u32).sqrt().to_bits().into()),
            Ty::F64 => Word::new(a.f64().sqrt().to_bits()),
            _ => with_float!(ty, F => Word::from_u128(sqrt(F::from_bits(a.u128())).to_bits())),
        },
    }
}

/// The square root, correctly rounded: digit by digit on the significand, one more digit than the type has.
fn sqrt<F: Float>(x: F) -> F {
    if x.is_negative() && !x.is_zero() && !x.is_nan() {
        return F::NAN.copy_sign(x);
    }
    if !x.is_finite() || x.is_zero() {
        return x;
    }
    // x = digits * 2^(exponent - (PRECISION - 1)), digits a whole number of PRECISION bits.
    let exponent = x.ilogb();
    let digits = x.scalbn(F::PRECISION as i32 - 1 - exponent);
    let digits = digits.to_u128_r(128, Round::TowardZero, &mut true).value;
    let odd = exponent.rem_euclid(2);
    // The root of digits * 2^odd * 2^(PRECISION + 1) has PRECISION + 1 bits: two bits of the radicand for each.
    let n = F::PRECISION as u32 + 1;
    let radicand = digits << odd;
    let (mut root, mut rest) = (0u128, 0u128);
    for step in 0..n {
        let shift = (F::PRECISION as i32 + 1) - 2 * (step as i32 + 1);
        let pair = if shift >= 0 {
            radicand >> shift
        } else if shift == -1 {
            radicand << 1
        } else {
            0
        };
        rest = rest << 2 | pair & 3;
        let trial = root << 2 | 1;
        root <<= 1;
        if rest >= trial {
            rest -= trial;
            root |= 1;
        }
    }
    // The last digit rounds; what is left over says that it is not a tie.
    let sticky = u128::from(rest != 0);
    let rounded = F::from_u128_r((root << 1) | sticky, Round::NearestTiesToEven).value;
    rounded.scalbn((exponent - odd) / 2 - F::PRECISION as i32 - 1)
}

pub(super) fn compare(cond: FCond, ty: Ty, a: Word, b: Word) -> bool {
    let order = match ty {
        Ty::F32 => f32::from_bits(a.lo as u32).partial_cmp(&f32::from_bits(b.lo as u32)),
        Ty::F64 => a.f64().partial_cmp(&b.f64()),
        _ => with_float!(ty, F => F::from_bits(a.u128()).partial_cmp(&F::from_bits(b.u128()))),
    };
    match cond {
        FCond::Eq => order == Some(Ordering::Equal),
        FCond::Ne => order != Some(Ordering::Equal),
        FCond::Lt => order == Some(Ordering::Less),
        FCond::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        FCond::Gt => order == Some(Ordering::Greater),
        FCond::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        FCond::Ord => order.is_some(),
        FCond::Uno => order.is_none(),
        FCond::Ult => !matches!(order, Some(Ordering::Greater | Ordering::Equal)),
        FCond::Ule => order != Some(Ordering::Greater),
        FCond::Ugt => !matches!(order, Some(Ordering::Less | Ordering::Equal)),
        FCond::Uge => order != Some(Ordering::Less),
    }
}

/// From one floating-point type to another.
pub(super) fn convert(from: Ty, to: Ty, a: Word) -> Word {
    fn to_type<F>(x: F, to: Ty) -> Word
    where
        F: Float
            + FloatConvert<Half>
            + FloatConvert<Single>
            + FloatConvert<Double>
            + FloatConvert<X87DoubleExtended>
            + FloatConvert<Quad>,
    {
        let bits = with_float!(to, T => {
            let result: T = x.convert(&mut false).value;
            result.to_bits()
        });
        Word::from_u128(bits)
    }
    match (from, to) {
        (Ty::F32, Ty::F64) => Word::new(f64::from(f32::from_bits(a.lo as u32)).to_bits()),
        (Ty::F64, Ty::F32) => Word::new((a.f64() as f32).to_bits().into()),
        _ => with_float!(from, F => to_type(F::from_bits(a.u128()), to)),
    }
}

/// Toward zero, to a signed integer of `bits` bits; out of range gives the lowest one.
fn to_signed(from: Ty, a: Word, bits: usize) -> i128 {
    let result = with_float!(from, F => {
        let result = F::from_bits(a.u128()).to_i128_r(bits, Round::TowardZero, &mut false);
        (!result.status.contains(Status::INVALID_OP)).then_some(result.value)
    });
    result.unwrap_or(i128::MIN >> (128 - bits))
}

/// To integers. Narrow types are made by way of the next wider signed conversion that machines have, so that values out
/// of range give the "integer indefinite" value's low bits.
pub(super) fn to_int(op: Op, from: Ty, to: Ty, a: Word) -> Word {
    let signed = op == Op::FptoS;
    let fast = match from {
        Ty::F32 => Some(f64::from(f32::from_bits(a.lo as u32))),
        Ty::F64 => Some(a.f64()),
        _ => None,
    };
    let narrow = to.size() < 4 || to.size() == 4 && signed;
    let limit = if narrow { 2147483648.0 } else { 9223372036854775808.0 };
    if let Some(x) = fast.filter(|x| x.abs() < limit && to != Ty::I128) {
        let bits = if narrow { (x as i32) as u64 } else { (x as i64) as u64 };
        return Word::new(bits & mask(to));
    }
    let bits = match (to, signed) {
        (Ty::I128, true) => to_signed(from, a, 128) as u128,
        (Ty::I128, false) => with_float!(from, F => {
            F::from_bits(a.u128()).to_u128_r(128, Round::TowardZero, &mut false).value
        }),
        (Ty::I64, false) => {
            // In the upper half: less 2^63, and the sign bit flipped back.
            let result = with_float!(from, F => {
                F::from_bits(a.u128()).to_u128_r(64, Round::TowardZero, &mut false)
            });
            if result.status.contains(Status::INVALID_OP) { 1 << 63 } else { result.value }
        }
        _ if narrow => to_signed(from, a, 32) as u128,
        _ => to_signed(from, a, 64) as u128,
    };
    if to == Ty::I128 { Word::from_u128(bits) } else { Word::new(bits as u64 & mask(to)) }
}

/// From an integer, zero-extended in `a`.
pub(super) fn from_int(op: Op, from: Ty, to: Ty, a: Word) -> Word {
    let signed = op == Op::StoFp;
    let value = a.u128();
    let shift = 128 - 8 * from.size();
    let wide = (value << shift) as i128 >> shift;
    match to {
        Ty::F32 if signed => Word::new((wide as f32).to_bits().into()),
        Ty::F32 => Word::new((value as f32).to_bits().into()),
        Ty::F64 if signed => Word::new((wide as f64).to_bits()),
        Ty::F64 => Word::new((value as f64).to_bits()),
        _ => with_float!(to, F => {
            let result = if signed {
                F::from_i128_r(wide, Round::NearestTiesToEven)
            } else {
                F::from_u128_r(value, Round::NearestTiesToEven)
            };
            Word::from_u128(result.value.to_bits())
        }),
    }
}

/// The bits of an integer type of at most 64 bits.
#[inline]
pub(super) fn mask(ty: Ty) -> u64 {
    u64::MAX >> (64 - 8 * ty.size().clamp(1, 8))
}
