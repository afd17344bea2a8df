//! Floating-point literals of `.float` and its like: rounded to nearest, in the format's own bytes.

use crate::cursor::Cursor;
use rustc_apfloat::ieee::{BFloat, Double, Half, Single, X87DoubleExtended};
use rustc_apfloat::{Float, Round};

/// Reads one literal. `format` is the size in bytes, 3 for `bfloat16`; the bytes and how many there are.
pub(crate) fn read(line: &mut Cursor, format: u32) -> Result<([u8; 16], usize), String> {
    let rest = line.rest();
    let len = rest.iter().position(|&b| b == b',').unwrap_or(rest.len());
    let text = String::from_utf8_lossy(&rest[..len]).trim().to_ascii_lowercase();
    line.skip(len);
    let (sign, plain) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, &text[..]),
    };
    let size = match format {
        3 => 2,
        12 | 10 => {
            if format == 12 {
                12
            } else {
                10
            }
        }
        size => size as usize,
    };
    // `0f:3f800000`, with any letter.
    let plain = match plain.as_bytes() {
        [b'0', letter, b':', ..] if letter.is_ascii_alphabetic() => &plain[2..],
        _ => plain,
    };
    if let Some(hex) = plain.strip_prefix("0x:").or_else(|| plain.strip_prefix(":")) {
        return bits(hex, size).ok_or_else(|| format!("‘{text}’ is not a floating-point number"));
    }
    // `0f1.5`, `0d1.5`: a letter says that a number follows, which the directive knows.
    let plain = match plain.as_bytes() {
        [b'0', b'a'..=b'w' | b'y' | b'z', ..] if plain.len() > 2 => &plain[2..],
        _ => plain,
    };
    let number = match plain {
        "nan" | "qnan" | "snan" | "inf" | "infinity" => plain.to_string(),
        _ => match plain.strip_prefix("0x") {
            Some(hex) if !hex.contains('p') => format!("0x{hex}p0"),
            _ => plain.to_string(),
        },
    };
    let bits = match format {
        2 => value::<Half>(&number, sign),
        3 => value::<BFloat>(&number, sign),
        4 => value::<Single>(&number, sign),
        8 => value::<Double>(&number, sign),
        _ => value::<X87DoubleExtended>(&number, sign),
    };
    let bits = bits.ok_or_else(|| format!("‘{text}’ is not a floating-point number"))?;
    Ok((bits.to_le_bytes(), size))
}

fn value<F: Float>(text: &str, negative: bool) -> Option<u128> {
    let value = match text {
        "snan" => {
            let value = F::snan(Some(u128::MAX >> 1));
            if negative { -value } else { value }
        }
        "nan" | "qnan" => {
            // Every bit of the fraction, as GNU as has it.
            let value = F::qnan(Some(u128::MAX >> 1));
            if negative { -value } else { value }
        }
        "inf" | "infinity" => {
            if negative {
                -F::INFINITY
            } else {
                F::INFINITY
            }
        }
        _ => {
            if !text.bytes().next()?.is_ascii_digit() && !text.starts_with('.') {
                return None;
            }
            let value = F::from_str_r(text, Round::NearestTiesToEven).ok()?.value;
            if negative { -value } else { value }
        }
    };
    Some(value.to_bits())
}

/// `0x:3f800000`: the bits, the highest first.
fn bits(hex: &str, size: usize) -> Option<([u8; 16], usize)> {
    let digits: String = hex.chars().filter(|&c| c != '_').collect();
    if digits.is_empty() || digits.len() > 2 * size {
        return None;
    }
    // What is left out stands at the end.
    let value = u128::from_str_radix(&digits, 16).ok()?;
    let width = size.min(10) * 2;
    let value = if digits.len() < width { value << (4 * (width - digits.len())) } else { value };
    Some((value.to_le_bytes(), size))
}
