//! `<math.h>` for `double` and `float`: what the host's C library computes, so that results equal those of programs that
//! run on the host. Of `long double` only what is exact.

use super::{Row, Table, give, put};
use ir::interp::Word;
use rustc_apfloat::ieee::X87DoubleExtended;
use rustc_apfloat::{Float, Round};

/// Both types of a function of the standard library.
macro_rules! both {
    ($(($double:literal, $single:literal, $name:ident)),* $(,)?) => {
        &[$(($double, Row::Double(f64::$name)), ($single, Row::Single(f32::$name))),*]
    };
}

pub(super) const SIMPLE: Table = both![
    ("sin", "sinf", sin),
    ("cos", "cosf", cos),
    ("tan", "tanf", tan),
    ("asin", "asinf", asin),
    ("acos", "acosf", acos),
    ("atan", "atanf", atan),
    ("sinh", "sinhf", sinh),
    ("cosh", "coshf", cosh),
    ("tanh", "tanhf", tanh),
    ("exp", "expf", exp),
    ("exp2", "exp2f", exp2),
    ("expm1", "expm1f", exp_m1),
    ("log", "logf", ln),
    ("log2", "log2f", log2),
    ("log10", "log10f", log10),
    ("log1p", "log1pf", ln_1p),
    ("sqrt", "sqrtf", sqrt),
    ("cbrt", "cbrtf", cbrt),
    ("fabs", "fabsf", abs),
    ("floor", "floorf", floor),
    ("ceil", "ceilf", ceil),
    ("trunc", "truncf", trunc),
    ("round", "roundf", round),
    ("rint", "rintf", round_ties_even),
    ("nearbyint", "nearbyintf", round_ties_even),
];

pub(super) const TABLE: Table = &[
    ("pow", Row::Double2(f64::powf)),
    ("powf", Row::Single2(f32::powf)),
    ("atan2", Row::Double2(f64::atan2)),
    ("atan2f", Row::Single2(f32::atan2)),
    ("hypot", Row::Double2(f64::hypot)),
    ("hypotf", Row::Single2(f32::hypot)),
    ("fmod", Row::Double2(|x, y| x % y)),
    ("fmodf", Row::Single2(|x, y| x % y)),
    ("fmax", Row::Double2(f64::max)),
    ("fmaxf", Row::Single2(f32::max)),
    ("fmin", Row::Double2(f64::min)),
    ("fminf", Row::Single2(f32::min)),
    (
        "fdim",
        Row::Double2(|x, y| {
            if x > y {
                x - y
            } else if x <= y {
                0.0
            } else {
                x + y
            }
        }),
    ),
    ("copysign", Row::Double2(f64::copysign)),
    ("copysignf", Row::Single2(f32::copysign)),
    ("lround", Row::General(|_, _, a| give(a.f64(0).round() as i64 as u64))),
    ("llround", Row::General(|_, _, a| give(a.f64(0).round() as i64 as u64))),
    ("lrint", Row::General(|_, _, a| give(a.f64(0).round_ties_even() as i64 as u64))),
    ("llrint", Row::General(|_, _, a| give(a.f64(0).round_ties_even() as i64 as u64))),
    ("fma", Row::General(|_, _, a| give(a.f64(0).mul_add(a.f64(1), a.f64(2)).to_bits()))),
    ("ldexp", Row::General(|_, _, a| give(scale(a.f64(0), a.i32(1)).to_bits()))),
    ("scalbn", Row::General(|_, _, a| give(scale(a.f64(0), a.i32(1)).to_bits()))),
    (
        "frexp",
        Row::General(|_, m, a| {
            let x = a.f64(0);
            let exponent = if x == 0.0 || !x.is_finite() { 0 } else { double(x).ilogb() + 1 };
            put(m, a.u64(1), &exponent.to_le_bytes())?;
            give(scale(x, -exponent).to_bits())
        }),
    ),
    (
        "modf",
        Row::General(|_, m, a| {
            let x = a.f64(0);
            put(m, a.u64(1), &x.trunc().to_le_bytes())?;
            let fraction = if x.is_infinite() { 0.0 } else { x - x.trunc() };
            give(fraction.copysign(x).to_bits())
        }),
    ),
    ("fabsl", Row::General(|_, _, a| Ok(Word::from_u128(a.word(0).u128() & ((1 << 79) - 1))))),
    ("floorl", Row::General(|_, _, a| Ok(round_long(a.word(0), Round::TowardNegative)))),
    ("ceill", Row::General(|_, _, a| Ok(round_long(a.word(0), Round::TowardPositive)))),
    ("truncl", Row::General(|_, _, a| Ok(round_long(a.word(0), Round::TowardZero)))),
    ("roundl", Row::General(|_, _, a| Ok(round_long(a.word(0), Round::NearestTiesToAway)))),
    ("rintl", Row::General(|_, _, a| Ok(round_long(a.word(0), Round::NearestTiesToEven)))),
    ("__isnan", Row::General(|_, _, a| give(a.f64(0).is_nan().into()))),
    ("__isinf", Row::General(|_, _, a| give(if a.f64(0).is_infinite() { a.f64(0).signum() as i64 as u64 } else { 0 }))),
    ("__finite", Row::General(|_, _, a| give(a.f64(0).is_finite().into()))),
    ("__signbit", Row::General(|_, _, a| give(a.f64(0).is_sign_negative().into()))),
    ("__signbitf", Row::General(|_, _, a| give(a.f32(0).is_sign_negative().into()))),
];

fn double(value: f64) -> rustc_apfloat::ieee::Double {
    rustc_apfloat::ieee::Double::from_bits(value.to_bits().into())
}

/// `value * 2^n`, rounded once.
fn scale(value: f64, n: i32) -> f64 {
    f64::from_bits(double(value).scalbn(n.clamp(-5000, 5000)).to_bits() as u64)
}

fn round_long(value: Word, round: Round) -> Word {
    Word::from_u128(X87DoubleExtended::from_bits(value.u128()).round_to_integral(round).value.to_bits())
}
