//! Floating-point numbers as text, exactly: every digit of the binary value, rounded half to even where cut (C11
//! 7.21.6.1, as glibc does it).

use ir::Ty;

/// A floating-point value taken apart: `(-1)^negative * digits * 2^exponent`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Float {
    pub negative: bool,
    pub class: Class,
    pub digits: u64,
    pub exponent: i32,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    Finite,
    Infinite,
    Nan,
}

impl Float {
    pub fn from_f64(value: f64) -> Float {
        let bits = value.to_bits();
        let (exponent, fraction) = ((bits >> 52) as i32 & 0x7ff, bits & ((1 << 52) - 1));
        let class = match (exponent, fraction) {
            (0x7ff, 0) => Class::Infinite,
            (0x7ff, _) => Class::Nan,
            _ => Class::Finite,
        };
        let digits = if exponent == 0 { fraction } else { fraction | 1 << 52 };
        Float { negative: bits >> 63 != 0, class, digits, exponent: exponent.max(1) - 1075 }
    }

    /// From the 80 bits of an extended value.
    pub fn from_f80(bits: u128) -> Float {
        let (exponent, digits) = ((bits >> 64) as i32 & 0x7fff, bits as u64);
        let class = match (exponent, digits << 1) {
            (0x7fff, 0) => Class::Infinite,
            (0x7fff, _) => Class::Nan,
            _ => Class::Finite,
        };
        Float { negative: bits >> 79 & 1 != 0, class, digits, exponent: exponent.max(1) - 16446 }
    }
}

/// How `%a`, `%e`, `%f`, `%g` and their capitals want it.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// In lower case.
    pub conversion: u8,
    pub precision: Option<usize>,
    /// `#`.
    pub alternate: bool,
    /// For `%a`: the type's own first digit.
    pub ty: Ty,
}

/// The digits of a number without its sign, in lower case.
pub fn format_float(value: Float, style: Style) -> String {
    match value.class {
        Class::Infinite => return "inf".into(),
        Class::Nan => return "nan".into(),
        Class::Finite => {}
    }
    let precision = style.precision.unwrap_or(6);
    match style.conversion {
        b'a' => hexadecimal(value, style),
        b'e' => exponential(&exact(value), precision, style.alternate, false),
        b'f' => fixed(&exact(value), precision, style.alternate, false),
        _ => {
            let number = exact(value);
            let precision = precision.max(1);
            let exponent = number.rounded(precision as i64).exponent();
            if exponent < -4 || exponent >= precision as i64 {
                exponential(&number, precision - 1, style.alternate, !style.alternate)
            } else {
                fixed(&number, (precision as i64 - 1 - exponent) as usize, style.alternate, !style.alternate)
            }
        }
    }
}

/// A decimal number: digits 0 to 9, of which the first `point` stand before the decimal point (negative: zeros
/// follow the point first). No leading zeros; empty for 0.
#[derive(Clone)]
struct Decimal {
    digits: Vec<u8>,
    point: i64,
}

impl Decimal {
    /// Of the first digit; 0 for 0.
    fn exponent(&self) -> i64 {
        if self.digits.is_empty() { 0 } else { self.point - 1 }
    }

    /// With `n` digits kept, half to even; `n` may be 0 or less.
    fn rounded(&self, n: i64) -> Decimal {
        let mut result = self.clone();
        if n >= self.digits.len() as i64 {
            return result;
        }
        if n < 0 {
            return Decimal { digits: Vec::new(), point: 0 };
        }
        let n = n as usize;
        let half = self.digits[n..].iter().enumerate().map(|(idx, &d)| d.cmp(&if idx == 0 { 5 } else { 0 }));
        let half = half.fold(std::cmp::Ordering::Equal, |all, one| all.then(one));
        let odd = n > 0 && self.digits[n - 1] % 2 == 1;
        result.digits.truncate(n);
        if half == std::cmp::Ordering::Greater || half == std::cmp::Ordering::Equal && odd {
            let nines = result.digits.iter().rev().take_while(|&&d| d == 9).count();
            let kept = n - nines;
            result.digits[kept..].fill(0);
            if kept == 0 {
                result.digits.insert(0, 1);
                result.point += 1;
            } else {
                result.digits[kept - 1] += 1;
            }
        }
        if result.digits.is_empty() {
            result.point = 0;
        }
        result
    }
}

/// Every digit of a value.
fn exact(value: Float) -> Decimal {
    if value.digits == 0 {
        return Decimal { digits: Vec::new(), point: 0 };
    }
    // Whole digits in base 10^9, lowest first; a negative power of two is so many fives, the point moved.
    let mut limbs = vec![(value.digits % 1_000_000_000) as u32, (value.digits / 1_000_000_000 % 1_000_000_000) as u32];
    limbs.push((value.digits / 1_000_000_000_000_000_000) as u32);
    let (factor, step) = if value.exponent < 0 { (5u64, 13) } else { (2, 29) };
    let mut left = value.exponent.unsigned_abs();
    while left > 0 {
        let now = left.min(step);
        let by = factor.pow(now);
        let mut carry = 0;
        for limb in &mut limbs {
            let product = u64::from(*limb) * by + carry;
            *limb = (product % 1_000_000_000) as u32;
            carry = product / 1_000_000_000;
        }
        while carry != 0 {
            limbs.push((carry % 1_000_000_000) as u32);
            carry /= 1_000_000_000;
        }
        left -= now;
    }
    let text: String = limbs.iter().rev().map(|limb| format!("{limb:09}")).collect();
    let digits: Vec<u8> = text.bytes().map(|b| b - b'0').skip_while(|&d| d == 0).collect();
    let point = digits.len() as i64 + i64::from(value.exponent.min(0));
    Decimal { digits, point }
}

fn push_digits(out: &mut String, digits: impl Iterator<Item = u8>) {
    out.extend(digits.map(|d| char::from(b'0' + d)));
}

/// The part behind the point, perhaps without zeros at its end, and the point when it is wanted.
fn push_fraction(out: &mut String, mut fraction: Vec<u8>, alternate: bool, trim: bool) {
    while trim && fraction.last() == Some(&0) {
        fraction.pop();
    }
    if !fraction.is_empty() || alternate {
        out.push('.');
    }
    push_digits(out, fraction.into_iter());
}

fn fixed(number: &Decimal, precision: usize, alternate: bool, trim: bool) -> String {
    let number = number.rounded(number.point + precision as i64);
    let digit = |place: i64| {
        let idx = number.point - 1 - place;
        usize::try_from(idx).ok().and_then(|idx| number.digits.get(idx)).copied().unwrap_or(0)
    };
    let mut out = String::new();
    push_digits(&mut out, (0..number.point.max(1)).rev().map(digit));
    push_fraction(&mut out, (1..=precision as i64).map(|place| digit(-place)).collect(), alternate, trim);
    out
}

fn exponential(number: &Decimal, precision: usize, alternate: bool, trim: bool) -> String {
    let number = number.rounded(precision as i64 + 1);
    let digit = |idx: usize| number.digits.get(idx).copied().unwrap_or(0);
    let mut out = String::new();
    push_digits(&mut out, std::iter::once(digit(0)));
    push_fraction(&mut out, (1..=precision).map(digit).collect(), alternate, trim);
    let exponent = number.exponent();
    out.push_str(if exponent < 0 { "e-" } else { "e+" });
    out.push_str(&format!("{:02}", exponent.abs()));
    out
}

/// `%a`: the first digit is 1 (0 for subnormals) for `double`, the upper four bits for extended precision.
fn hexadecimal(value: Float, style: Style) -> String {
    // The fraction stands at the top of 64 bits below the first digit's four.
    let (first_bits, n_fraction) = if style.ty == Ty::F80 { (4, 60) } else { (1, 52) };
    let mut digits = u128::from(value.digits) << (64 - n_fraction);
    let mut exponent = if value.digits == 0 { 0 } else { value.exponent + n_fraction };
    let n_digits = (n_fraction as usize).div_ceil(4);
    if let Some(precision) = style.precision.filter(|&precision| precision < n_digits) {
        let unit = 1u128 << (64 - 4 * precision);
        let rest = digits & (unit - 1);
        digits -= rest;
        if rest > unit / 2 || rest == unit / 2 && digits & unit != 0 {
            digits += unit;
        }
        // 0xf.8 rounds to 0x10: one digit more than there may be.
        if digits >> 64 >= 16 && first_bits == 4 {
            digits >>= 4;
            exponent += 4;
        }
    }
    let fraction = format!("{:016x}", digits as u64);
    let mut shown = &fraction[..n_digits];
    let zeros = style.precision.unwrap_or(0).saturating_sub(n_digits);
    match style.precision {
        Some(precision) => shown = &shown[..precision.min(n_digits)],
        None => shown = shown.trim_end_matches('0'),
    }
    let point = if shown.is_empty() && zeros == 0 && !style.alternate { "" } else { "." };
    format!("0x{:x}{point}{shown}{}p{exponent:+}", digits >> 64, "0".repeat(zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: f64, conversion: char, precision: Option<usize>) -> String {
        let style = Style { conversion: conversion as u8, precision, alternate: false, ty: Ty::F64 };
        format_float(Float::from_f64(value), style)
    }

    #[test]
    fn digits_are_exact() {
        let table = [
            (0.1, 'f', Some(20), "0.10000000000000000555"),
            (2.5, 'f', Some(0), "2"),
            (3.5, 'f', Some(0), "4"),
            (0.5, 'f', Some(0), "0"),
            (0.05, 'f', Some(1), "0.1"),
            (999.96, 'f', Some(1), "1000.0"),
            (1e22, 'f', None, "10000000000000000000000.000000"),
            (5e-324, 'e', Some(3), "4.941e-324"),
            (0.0, 'e', Some(1), "0.0e+00"),
            (9.9999e9, 'e', Some(2), "1.00e+10"),
            (100000.0, 'g', None, "100000"),
            (1000000.0, 'g', None, "1e+06"),
            (0.0001, 'g', None, "0.0001"),
            (0.00001234, 'g', None, "1.234e-05"),
            (123.456, 'g', Some(4), "123.5"),
            (1.0, 'a', None, "0x1p+0"),
            (0.1, 'a', None, "0x1.999999999999ap-4"),
            (0.1, 'a', Some(2), "0x1.9ap-4"),
            (1.9999999, 'a', Some(0), "0x2p+0"),
            (5e-324, 'a', None, "0x0.0000000000001p-1022"),
        ];
        for (value, conversion, precision, expected) in table {
            assert_eq!(text(value, conversion, precision), expected, "{value} %{conversion}");
        }
        let one = Float::from_f80(0x3fff_8000_0000_0000_0000);
        let style = Style { conversion: b'a', precision: None, alternate: false, ty: Ty::F80 };
        assert_eq!(format_float(one, style), "0x8p-3");
    }
}
