//! Literals from spelling to value: numbers (C11 6.4.4.1, 6.4.4.2), characters (6.4.4.4), strings (6.4.5).

use crate::ast::FloatBits;
use crate::consts::float;
use crate::types::{Basic, Types};

/// A number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    Int { value: u64, basic: Basic, imaginary: bool },
    Float { bits: FloatBits, basic: Basic, imaginary: bool },
}

/// What is wrong with a number, or worth a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The suffix, as it stands there.
    BadSuffix(String, bool),
    BadOctalDigit(char),
    NoExponentDigits,
    HexFloatNeedsExponent,
    TooManyPoints,
    /// A warning: the value was cut.
    TooLarge,
    /// A warning: it only fits the unsigned type.
    Unsigned,
    FloatOverflow,
}

/// Converts a preprocessing number. A problem with a value beside it is a warning.
pub(crate) fn number(text: &[u8], types: &Types, old_c89: bool) -> (Option<Number>, Option<Problem>) {
    // Most numbers are a few decimal digits.
    if text.len() <= 9 && text[0] != b'0' {
        let mut value = 0u64;
        if text.iter().all(|b| {
            value = value * 10 + u64::from(b.wrapping_sub(b'0'));
            b.is_ascii_digit()
        }) {
            return (Some(Number::Int { value, basic: Basic::Int, imaginary: false }), None);
        }
    }
    if is_float(text) { float_number(text, types) } else { int_number(text, types, old_c89) }
}

fn is_float(text: &[u8]) -> bool {
    let hex = matches!(text, [b'0', b'x' | b'X', ..]);
    text.iter().any(|&b| b == b'.' || (!hex && (b == b'e' || b == b'E')) || (hex && (b == b'p' || b == b'P')))
}

fn int_number(text: &[u8], types: &Types, old_c89: bool) -> (Option<Number>, Option<Problem>) {
    let (radix, digits) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (16u64, rest),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest),
        _ => (10, text),
    };
    let mut value = 0u64;
    let mut overflow = false;
    let mut at = 0;
    while let Some(&b) = digits.get(at) {
        let digit = match b {
            b'0'..=b'9' => u64::from(b - b'0'),
            b'a'..=b'f' if radix == 16 => u64::from(b - b'a' + 10),
            b'A'..=b'F' if radix == 16 => u64::from(b - b'A' + 10),
            _ => break,
        };
        if digit >= radix {
            return (None, Some(Problem::BadOctalDigit(b as char)));
        }
        let (product, over) = value.overflowing_mul(radix);
        let (sum, carry) = product.overflowing_add(digit);
        overflow |= over | carry;
        value = sum;
        at += 1;
    }
    let suffix = &digits[at..];
    if at == 0 && (radix == 16 || radix == 2) {
        let shown = String::from_utf8_lossy(&text[1..]).into_owned();
        return (None, Some(Problem::BadSuffix(shown, false)));
    }
    let Some((unsigned, longs, imaginary)) = int_suffix(suffix) else {
        return (None, Some(Problem::BadSuffix(String::from_utf8_lossy(suffix).into_owned(), false)));
    };
    let decimal = radix == 10;
    let candidates: &[Basic] = match (unsigned, longs, decimal) {
        (false, 0, true) if old_c89 => &[Basic::Int, Basic::Long, Basic::ULong],
        (false, 0, true) => &[Basic::Int, Basic::Long, Basic::LLong],
        (false, 0, false) => &[Basic::Int, Basic::UInt, Basic::Long, Basic::ULong, Basic::LLong, Basic::ULLong],
        (true, 0, _) => &[Basic::UInt, Basic::ULong, Basic::ULLong],
        (false, 1, true) if old_c89 => &[Basic::Long, Basic::ULong],
        (false, 1, true) => &[Basic::Long, Basic::LLong],
        (false, 1, false) => &[Basic::Long, Basic::ULong, Basic::LLong, Basic::ULLong],
        (true, 1, _) => &[Basic::ULong, Basic::ULLong],
        (false, _, true) => &[Basic::LLong],
        (false, _, false) => &[Basic::LLong, Basic::ULLong],
        (true, _, _) => &[Basic::ULLong],
    };
    let fits = |basic: Basic| {
        let bits = types.bits(basic) - u32::from(types.is_signed(basic));
        bits >= 64 || value >> bits == 0
    };
    if overflow {
        return (Some(Number::Int { value, basic: Basic::ULLong, imaginary }), Some(Problem::TooLarge));
    }
    match candidates.iter().copied().find(|&b| fits(b)) {
        Some(basic) => (Some(Number::Int { value, basic, imaginary }), None),
        None => (Some(Number::Int { value, basic: Basic::Int128, imaginary }), Some(Problem::Unsigned)),
    }
}

/// `u`, `l`, `ll` and GNU's `i`, `j`, in any order that C allows: (unsigned, number of `l`, imaginary).
fn int_suffix(suffix: &[u8]) -> Option<(bool, u8, bool)> {
    let (mut unsigned, mut longs, mut imaginary) = (false, 0, false);
    let mut at = 0;
    while at < suffix.len() {
        match suffix[at] {
            b'u' | b'U' if !unsigned => unsigned = true,
            b'l' | b'L' if longs == 0 => {
                longs = 1;
                if suffix.get(at + 1) == Some(&suffix[at]) {
                    longs = 2;
                    at += 1;
                }
            }
            b'i' | b'I' | b'j' | b'J' if !imaginary => imaginary = true,
            _ => return None,
        }
        at += 1;
    }
    Some((unsigned, longs, imaginary))
}

fn float_number(text: &[u8], types: &Types) -> (Option<Number>, Option<Problem>) {
    let hex = matches!(text, [b'0', b'x' | b'X', ..]);
    let mut at = if hex { 2 } else { 0 };
    let mut points = 0;
    while let Some(&b) = text.get(at) {
        match b {
            b'.' => points += 1,
            b'0'..=b'9' => {}
            b'a'..=b'f' | b'A'..=b'F' if hex => {}
            _ => break,
        }
        at += 1;
    }
    if points > 1 {
        return (None, Some(Problem::TooManyPoints));
    }
    let exponent = match text.get(at) {
        Some(b'e' | b'E') if !hex => true,
        Some(b'p' | b'P') if hex => true,
        _ => false,
    };
    if hex && !exponent {
        return (None, Some(Problem::HexFloatNeedsExponent));
    }
    if exponent {
        at += 1;
        if matches!(text.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        let from = at;
        while text.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        if at == from {
            return (None, Some(Problem::NoExponentDigits));
        }
    }
    let bad = || {
        let shown = String::from_utf8_lossy(&text[at..]).into_owned();
        (None, Some(Problem::BadSuffix(shown, true)))
    };
    let mut suffix = text[at..].to_ascii_lowercase();
    let mut imaginary = false;
    if let Some(i) = suffix.iter().position(|b| matches!(b, b'i' | b'j')) {
        suffix.remove(i);
        imaginary = true;
    }
    let basic = match suffix.as_slice() {
        b"" | b"d" | b"f64" | b"f32x" => Basic::Double,
        b"f" | b"f32" => Basic::Float,
        b"l" | b"f64x" | b"w" => Basic::LongDouble,
        b"q" | b"f128" => Basic::Float128,
        _ => return bad(),
    };
    let Ok(spelling) = std::str::from_utf8(&text[..at]) else { return bad() };
    let format = float::format(types, basic);
    let bits = float::parse(spelling, format);
    let problem = float::is_infinite(bits, format).then_some(Problem::FloatOverflow);
    (Some(Number::Float { bits, basic, imaginary }), problem)
}

/// What a prefix says of a character or string literal: bytes per character, and whether it is `L`.
pub(crate) fn prefix(text: &[u8], wchar_size: u8) -> (usize, u8, bool) {
    match text {
        [b'u', b'8', b'"' | b'\'', ..] => (2, 1, false),
        [b'L', ..] => (1, wchar_size, true),
        [b'u', ..] => (1, 2, false),
        [b'U', ..] => (1, 4, false),
        _ => (0, 1, false),
    }
}

/// One character of a literal's body, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// A byte of the source, or an escape's value: stored as it is.
    Value(u32),
    /// A universal character name: encoded.
    Point(u32),
}

/// Problems within escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EscapeProblem {
    Unknown(u8),
    NoHexDigits,
    OutOfRange,
    BadUniversal,
}

/// Reads the escape behind a backslash at `*at`.
pub(crate) fn escape(body: &[u8], at: &mut usize, char_size: u8, problem: &mut Option<EscapeProblem>) -> Unit {
    let limit = if char_size >= 4 { u64::from(u32::MAX) } else { (1u64 << (8 * u32::from(char_size))) - 1 };
    let Some(&b) = body.get(*at) else { return Unit::Value(u32::from(b'\\')) };
    *at += 1;
    Unit::Value(match b {
        b'n' => 10,
        b't' => 9,
        b'r' => 13,
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'v' => 11,
        b'e' | b'E' => 27,
        b'\\' | b'\'' | b'"' | b'?' => u32::from(b),
        b'0'..=b'7' => {
            let mut value = u64::from(b - b'0');
            for _ in 0..2 {
                match body.get(*at) {
                    Some(&d @ b'0'..=b'7') => {
                        value = value * 8 + u64::from(d - b'0');
                        *at += 1;
                    }
                    _ => break,
                }
            }
            if value > limit {
                *problem = Some(EscapeProblem::OutOfRange);
            }
            (value & limit) as u32
        }
        b'x' => {
            let (mut value, mut n, mut over) = (0u64, 0, false);
            while let Some(digit) = body.get(*at).and_then(|&d| (d as char).to_digit(16)) {
                value = value << 4 | u64::from(digit);
                over |= value > limit;
                value &= 0xffff_ffff;
                *at += 1;
                n += 1;
            }
            if n == 0 {
                *problem = Some(EscapeProblem::NoHexDigits);
            } else if over {
                *problem = Some(EscapeProblem::OutOfRange);
            }
            (value & limit) as u32
        }
        b'u' | b'U' => {
            let n = if b == b'u' { 4 } else { 8 };
            let mut value = 0u32;
            for _ in 0..n {
                match body.get(*at).and_then(|&d| (d as char).to_digit(16)) {
                    Some(digit) => {
                        value = value << 4 | digit;
                        *at += 1;
                    }
                    None => {
                        *problem = Some(EscapeProblem::BadUniversal);
                        return Unit::Value(0);
                    }
                }
            }
            if char::from_u32(value).is_none() {
                *problem = Some(EscapeProblem::BadUniversal);
            }
            return Unit::Point(value);
        }
        other => {
            *problem = Some(EscapeProblem::Unknown(other));
            u32::from(other)
        }
    })
}

/// Appends a literal's body (without quotes) in its execution encoding.
pub(crate) fn encode(body: &[u8], char_size: u8, out: &mut Vec<u8>, problem: &mut Option<EscapeProblem>) {
    if char_size == 1 {
        let mut at = 0;
        while at < body.len() {
            let b = body[at];
            if b != b'\\' {
                out.push(b);
                at += 1;
                continue;
            }
            at += 1;
            match escape(body, &mut at, 1, problem) {
                Unit::Value(value) => out.push(value as u8),
                Unit::Point(point) => push_utf8(out, point),
            }
        }
        return;
    }
    let mut at = 0;
    while at < body.len() {
        let point = if body[at] == b'\\' {
            at += 1;
            match escape(body, &mut at, char_size, problem) {
                Unit::Value(value) => {
                    push_unit(out, value, char_size);
                    continue;
                }
                Unit::Point(point) => point,
            }
        } else {
            decode_utf8(body, &mut at)
        };
        if char_size == 2 && point > 0xffff {
            let rest = point - 0x10000;
            push_unit(out, 0xd800 + (rest >> 10), 2);
            push_unit(out, 0xdc00 + (rest & 0x3ff), 2);
        } else {
            push_unit(out, point, char_size);
        }
    }
}

pub(crate) fn push_unit(out: &mut Vec<u8>, value: u32, char_size: u8) {
    out.extend_from_slice(&value.to_le_bytes()[..usize::from(char_size)]);
}

fn push_utf8(out: &mut Vec<u8>, point: u32) {
    let mut buffer = [0; 4];
    let text = char::from_u32(point).unwrap_or('\u{fffd}').encode_utf8(&mut buffer);
    out.extend_from_slice(text.as_bytes());
}

/// One UTF-8 character; a byte that starts none stands for itself.
pub(crate) fn decode_utf8(body: &[u8], at: &mut usize) -> u32 {
    let b = body[*at];
    let n = match b {
        0..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf7 => 4,
        _ => 1,
    };
    let end = (*at + n).min(body.len());
    if let Ok(text) = std::str::from_utf8(&body[*at..end])
        && let Some(c) = text.chars().next()
    {
        *at = end;
        return c as u32;
    }
    *at += 1;
    u32::from(b)
}
