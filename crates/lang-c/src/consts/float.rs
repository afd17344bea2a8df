//! Floating constants in the precision of their type: parsing and folding. binary32 and binary64 are computed by the
//! host's IEEE arithmetic, the wider formats by `rustc_apfloat`.

use crate::ast::FloatBits;
use crate::types::{Basic, Types};
use rustc_apfloat::ieee::{Double, Quad, Single, X87DoubleExtended};
use rustc_apfloat::{Float, FloatConvert, Round, Status};
use target::layout::FloatFormat;

/// A representation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    F32,
    F64,
    F80,
    F128,
}

/// How a real floating type is represented.
pub fn format(types: &Types, basic: Basic) -> Format {
    match basic.real_part() {
        Basic::Float => Format::F32,
        Basic::LongDouble => match types.layout.long_double_format {
            FloatFormat::Double => Format::F64,
            FloatFormat::Extended80 => Format::F80,
            FloatFormat::Quad => Format::F128,
        },
        Basic::Float128 => Format::F128,
        _ => Format::F64,
    }
}

pub fn from_f32(value: f32) -> FloatBits {
    from_bits(u128::from(value.to_bits()))
}

pub fn from_f64(value: f64) -> FloatBits {
    from_bits(u128::from(value.to_bits()))
}

pub fn from_bits(bits: u128) -> FloatBits {
    FloatBits(bits.to_le_bytes())
}

pub fn to_bits(bits: FloatBits) -> u128 {
    u128::from_le_bytes(bits.0)
}

pub fn to_f32(bits: FloatBits) -> f32 {
    f32::from_bits(to_bits(bits) as u32)
}

pub fn to_f64(bits: FloatBits) -> f64 {
    f64::from_bits(to_bits(bits) as u64)
}

fn f80(bits: FloatBits) -> X87DoubleExtended {
    X87DoubleExtended::from_bits(to_bits(bits) & ((1 << 80) - 1))
}

fn quad(bits: FloatBits) -> Quad {
    Quad::from_bits(to_bits(bits))
}

/// The nearest value to a spelling without suffix; zero when it is not one (the lexer has checked it).
pub fn parse(text: &str, format: Format) -> FloatBits {
    let hex = text.len() > 1 && text.as_bytes()[1] | 0x20 == b'x';
    fn wide<F: Float>(text: &str) -> u128 {
        F::from_str(text).map_or(0, |v| v.to_bits())
    }
    from_bits(match format {
        Format::F32 if !hex => return from_f32(text.parse().unwrap_or(0.0)),
        Format::F64 if !hex => return from_f64(text.parse().unwrap_or(0.0)),
        Format::F32 => wide::<Single>(text),
        Format::F64 => wide::<Double>(text),
        Format::F80 => wide::<X87DoubleExtended>(text),
        Format::F128 => wide::<Quad>(text),
    })
}

pub fn is_infinite(bits: FloatBits, format: Format) -> bool {
    match format {
        Format::F32 => to_f32(bits).is_infinite(),
        Format::F64 => to_f64(bits).is_infinite(),
        Format::F80 => f80(bits).is_infinite(),
        Format::F128 => quad(bits).is_infinite(),
    }
}

pub fn is_nan(bits: FloatBits, format: Format) -> bool {
    match format {
        Format::F32 => to_f32(bits).is_nan(),
        Format::F64 => to_f64(bits).is_nan(),
        Format::F80 => f80(bits).is_nan(),
        Format::F128 => quad(bits).is_nan(),
    }
}

pub fn is_zero(bits: FloatBits, format: Format) -> bool {
    match format {
        Format::F32 => to_f32(bits) == 0.0,
        Format::F64 => to_f64(bits) == 0.0,
        Format::F80 => f80(bits).is_zero(),
        Format::F128 => quad(bits).is_zero(),
    }
}

/// Infinity, or a quiet NaN with a payload.
pub fn infinity(format: Format) -> FloatBits {
    from_bits(match format {
        Format::F32 => u128::from(f32::INFINITY.to_bits()),
        Format::F64 => u128::from(f64::INFINITY.to_bits()),
        Format::F80 => X87DoubleExtended::INFINITY.to_bits(),
        Format::F128 => Quad::INFINITY.to_bits(),
    })
}

pub fn nan(format: Format, payload: u128, signaling: bool) -> FloatBits {
    fn make<F: Float>(payload: u128, signaling: bool) -> u128 {
        if signaling { F::snan(Some(payload)).to_bits() } else { F::qnan(Some(payload)).to_bits() }
    }
    from_bits(match format {
        Format::F32 => make::<Single>(payload, signaling),
        Format::F64 => make::<Double>(payload, signaling),
        Format::F80 => make::<X87DoubleExtended>(payload, signaling),
        Format::F128 => make::<Quad>(payload, signaling),
    })
}

/// The nearest value of an integer.
pub fn from_int(value: i128, signed: bool, format: Format) -> FloatBits {
    fn make<F: Float>(value: i128, signed: bool) -> u128 {
        if signed { F::from_i128(value).value.to_bits() } else { F::from_u128(value as u128).value.to_bits() }
    }
    from_bits(match format {
        Format::F32 => make::<Single>(value, signed),
        Format::F64 => make::<Double>(value, signed),
        Format::F80 => make::<X87DoubleExtended>(value, signed),
        Format::F128 => make::<Quad>(value, signed),
    })
}

/// Towards zero; `None` when it does not fit `bits` bits (NaN included).
pub fn to_int(value: FloatBits, format: Format, bits: u32, signed: bool) -> Option<i128> {
    let (value, fits) = round_to_int(value, format, bits, signed);
    fits.then_some(value)
}

/// Towards zero; what does not fit becomes the nearest value that does, and no number at all zero.
pub fn to_int_saturating(value: FloatBits, format: Format, bits: u32, signed: bool) -> i128 {
    round_to_int(value, format, bits, signed).0
}

fn round_to_int(value: FloatBits, format: Format, bits: u32, signed: bool) -> (i128, bool) {
    fn take<F: Float>(value: F, bits: u32, signed: bool) -> (i128, bool) {
        let mut exact = false;
        if signed {
            let got = value.to_i128_r(bits as usize, Round::TowardZero, &mut exact);
            (got.value, !got.status.contains(Status::INVALID_OP))
        } else {
            let got = value.to_u128_r(bits as usize, Round::TowardZero, &mut exact);
            (got.value as i128, !got.status.contains(Status::INVALID_OP))
        }
    }
    match format {
        Format::F32 => take(Single::from_bits(to_bits(value) & 0xffff_ffff), bits, signed),
        Format::F64 => take(Double::from_bits(to_bits(value) & u128::from(u64::MAX)), bits, signed),
        Format::F80 => take(f80(value), bits, signed),
        Format::F128 => take(quad(value), bits, signed),
    }
}

/// Between formats, to nearest.
pub fn convert(value: FloatBits, from: Format, to: Format) -> FloatBits {
    fn into<F>(value: F, to: Format) -> u128
    where
        F: Float + FloatConvert<Single> + FloatConvert<Double> + FloatConvert<X87DoubleExtended> + FloatConvert<Quad>,
    {
        let mut loses = false;
        match to {
            Format::F32 => FloatConvert::<Single>::convert(value, &mut loses).value.to_bits(),
            Format::F64 => FloatConvert::<Double>::convert(value, &mut loses).value.to_bits(),
            Format::F80 => FloatConvert::<X87DoubleExtended>::convert(value, &mut loses).value.to_bits(),
            Format::F128 => FloatConvert::<Quad>::convert(value, &mut loses).value.to_bits(),
        }
    }
    if from == to {
        return value;
    }
    from_bits(match from {
        Format::F32 => into(Single::from_bits(to_bits(value) & 0xffff_ffff), to),
        Format::F64 => into(Double::from_bits(to_bits(value) & u128::from(u64::MAX)), to),
        Format::F80 => into(f80(value), to),
        Format::F128 => into(quad(value), to),
    })
}

/// Arithmetic.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FloatOp {
    Add,
    Sub,
    Mul,
    Div,
}

/// `a op b` in `format`, rounded to nearest.
pub fn binary(op: FloatOp, a: FloatBits, b: FloatBits, format: Format) -> FloatBits {
    fn wide<F: Float>(op: FloatOp, a: F, b: F) -> u128 {
        match op {
            FloatOp::Add => a + b,
            FloatOp::Sub => a - b,
            FloatOp::Mul => a * b,
            FloatOp::Div => a / b,
        }
        .value
        .to_bits()
    }
    match format {
        Format::F32 => {
            let (a, b) = (to_f32(a), to_f32(b));
            from_f32(match op {
                FloatOp::Add => a + b,
                FloatOp::Sub => a - b,
                FloatOp::Mul => a * b,
                FloatOp::Div => a / b,
            })
        }
        Format::F64 => {
            let (a, b) = (to_f64(a), to_f64(b));
            from_f64(match op {
                FloatOp::Add => a + b,
                FloatOp::Sub => a - b,
                FloatOp::Mul => a * b,
                FloatOp::Div => a / b,
            })
        }
        Format::F80 => from_bits(wide(op, f80(a), f80(b))),
        Format::F128 => from_bits(wide(op, quad(a), quad(b))),
    }
}

pub fn negate(value: FloatBits, format: Format) -> FloatBits {
    let sign = match format {
        Format::F32 => 31,
        Format::F64 => 63,
        Format::F80 => 79,
        Format::F128 => 127,
    };
    from_bits(to_bits(value) ^ 1 << sign)
}

/// The sign bit off.
pub fn abs(value: FloatBits, format: Format) -> FloatBits {
    if is_negative(value, format) { negate(value, format) } else { value }
}

pub fn is_negative(value: FloatBits, format: Format) -> bool {
    let sign = match format {
        Format::F32 => 31,
        Format::F64 => 63,
        Format::F80 => 79,
        Format::F128 => 127,
    };
    to_bits(value) >> sign & 1 != 0
}

/// Order; `None` with a NaN.
pub fn compare(a: FloatBits, b: FloatBits, format: Format) -> Option<std::cmp::Ordering> {
    match format {
        Format::F32 => to_f32(a).partial_cmp(&to_f32(b)),
        Format::F64 => to_f64(a).partial_cmp(&to_f64(b)),
        Format::F80 => f80(a).partial_cmp(&f80(b)),
        Format::F128 => quad(a).partial_cmp(&quad(b)),
    }
}

/// Decimal text of a value, for messages.
pub fn show(value: FloatBits, format: Format) -> String {
    match format {
        Format::F32 => format!("{}", to_f32(value)),
        Format::F64 => format!("{}", to_f64(value)),
        Format::F80 => format!("{}", f80(value)),
        Format::F128 => format!("{}", quad(value)),
    }
}
