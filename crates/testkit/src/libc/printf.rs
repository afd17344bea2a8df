//! The formatted output of C11 7.21.6.1 with POSIX' `%n$`, as glibc does it.

use super::decimal::{Class, Float, Style, format_float};
use super::{Libc, c_string, put};
use ir::Ty;
use ir::interp::{Arg, Machine, Stop, Word};

/// Where arguments come from.
pub(super) enum Source<'a> {
    Args(&'a [Arg]),
    /// The address of a `va_list`.
    List(u64),
}

/// One conversion.
#[derive(Clone, Copy, Default)]
struct Spec {
    left: bool,
    plus: bool,
    space: bool,
    alternate: bool,
    zero: bool,
    width: Count,
    precision: Count,
    /// `h`, `l`, … as written, packed: `hh` is `H`, `ll` is `q`.
    length: u8,
    conversion: u8,
    /// Index of the argument.
    arg: usize,
}

/// A width or precision.
#[derive(Clone, Copy, Default, PartialEq)]
enum Count {
    #[default]
    None,
    Number(usize),
    /// In an argument.
    Arg(usize),
}

/// A piece of a format.
enum Piece<'f> {
    Text(&'f [u8]),
    Spec(Spec),
}

/// A format taken apart, with the types of the arguments it wants.
struct Format<'f> {
    pieces: Vec<Piece<'f>>,
    args: Vec<Ty>,
}

/// `format` with its arguments.
pub(super) fn format(
    libc: &Libc,
    machine: &mut Machine<'_>,
    format: &[u8],
    source: Source<'_>,
) -> Result<Vec<u8>, Stop> {
    let parsed = Parser { rest: format, args: Vec::new(), next: 0, long_double: libc.long_double }.parse()?;
    let mut words = Vec::with_capacity(parsed.args.len());
    for (idx, &ty) in parsed.args.iter().enumerate() {
        words.push(match source {
            Source::Args(args) => args.get(idx).map_or(Word::default(), |arg| arg.word),
            Source::List(list) => machine.va_arg(list, ty)?,
        });
    }
    let mut out = Vec::with_capacity(format.len() + 16);
    for piece in &parsed.pieces {
        match piece {
            Piece::Text(text) => out.extend_from_slice(text),
            Piece::Spec(spec) => convert(machine, spec, &words, libc.long_double, &mut out)?,
        }
    }
    Ok(out)
}

struct Parser<'f> {
    rest: &'f [u8],
    args: Vec<Ty>,
    next: usize,
    long_double: Ty,
}

impl<'f> Parser<'f> {
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.rest.first() == Some(&byte);
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    fn number(&mut self) -> Option<usize> {
        let len = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let digits = std::str::from_utf8(&self.rest[..len]).ok()?;
        let number = digits.parse().ok()?;
        self.rest = &self.rest[len..];
        Some(number)
    }

    /// `n$`, if it stands here.
    fn place(&mut self) -> Option<usize> {
        let before = self.rest;
        match self.number() {
            Some(n) if n > 0 && n < 1000 && self.eat(b'$') => Some(n - 1),
            _ => {
                self.rest = before;
                None
            }
        }
    }

    /// The argument at `place`, or the next one, is a `ty`.
    fn want(&mut self, place: Option<usize>, ty: Ty) -> usize {
        let idx = place.unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        if self.args.len() <= idx {
            self.args.resize(idx + 1, Ty::I32);
        }
        self.args[idx] = ty;
        idx
    }

    fn count(&mut self) -> Count {
        if self.eat(b'*') {
            let place = self.place();
            return Count::Arg(self.want(place, Ty::I32));
        }
        self.number().map_or(Count::None, Count::Number)
    }

    fn parse(mut self) -> Result<Format<'f>, Stop> {
        let mut pieces = Vec::new();
        while !self.rest.is_empty() {
            let len = self.rest.iter().position(|&b| b == b'%').unwrap_or(self.rest.len());
            let (text, rest) = self.rest.split_at(len);
            if !text.is_empty() {
                pieces.push(Piece::Text(text));
            }
            self.rest = rest;
            if self.eat(b'%') {
                if self.eat(b'%') {
                    pieces.push(Piece::Text(b"%"));
                } else {
                    pieces.push(Piece::Spec(self.spec()?));
                }
            }
        }
        Ok(Format { pieces, args: self.args })
    }

    fn spec(&mut self) -> Result<Spec, Stop> {
        let mut spec = Spec::default();
        let place = self.place();
        while let Some((&flag, rest)) = self.rest.split_first() {
            match flag {
                b'-' => spec.left = true,
                b'+' => spec.plus = true,
                b' ' => spec.space = true,
                b'#' => spec.alternate = true,
                b'0' => spec.zero = true,
                // Grouping: the C locale has none.
                b'\'' => {}
                _ => break,
            }
            self.rest = rest;
        }
        spec.width = self.count();
        if self.eat(b'.') {
            spec.precision = match self.count() {
                Count::None => Count::Number(0),
                count => count,
            };
        }
        while let Some((&length @ (b'h' | b'l' | b'j' | b'z' | b't' | b'L' | b'q'), rest)) = self.rest.split_first() {
            spec.length = match (spec.length, length) {
                (b'h', b'h') => b'H',
                (b'l', b'l') => b'q',
                _ => length,
            };
            self.rest = rest;
        }
        let Some((&conversion, rest)) = self.rest.split_first() else {
            return Err(Stop::CannotRun("a printf format ends within a conversion".into()));
        };
        self.rest = rest;
        spec.conversion = conversion;
        let is_64 = matches!(spec.length, b'l' | b'q' | b'j' | b'z' | b't' | b'L');
        let ty = match conversion {
            b'd' | b'i' | b'o' | b'u' | b'x' | b'X' if is_64 => Ty::I64,
            b'd' | b'i' | b'o' | b'u' | b'x' | b'X' | b'c' => Ty::I32,
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A' if spec.length == b'L' => self.long_double,
            b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A' => Ty::F64,
            b's' | b'p' | b'n' => Ty::Ptr,
            b'm' => return Ok(spec),
            _ => {
                let name = char::from(conversion);
                return Err(Stop::CannotRun(format!("printf has no conversion `%{name}` here")));
            }
        };
        spec.arg = self.want(place, ty);
        Ok(spec)
    }
}

/// The value of a width or precision; negative ones from arguments are `None` and said.
fn count(words: &[Word], count: Count) -> (Option<usize>, bool) {
    match count {
        Count::None => (None, false),
        Count::Number(number) => (Some(number.min(1 << 20)), false),
        Count::Arg(idx) => {
            let value = words[idx].lo as i32;
            (Some(value.unsigned_abs().min(1 << 20) as usize), value < 0)
        }
    }
}

fn convert(
    machine: &mut Machine<'_>,
    spec: &Spec,
    words: &[Word],
    long_double: Ty,
    out: &mut Vec<u8>,
) -> Result<(), Stop> {
    let (width, negative_width) = count(words, spec.width);
    let (precision, no_precision) = count(words, spec.precision);
    let precision = precision.filter(|_| !no_precision);
    let spec = &Spec { left: spec.left || negative_width, ..*spec };
    let word = words.get(spec.arg).copied().unwrap_or_default();
    let width = width.unwrap_or(0);
    match spec.conversion {
        b'd' | b'i' => {
            let value = signed(spec.length, word.lo);
            let sign = sign(spec, value < 0);
            number(out, spec, width, sign, &integer_digits(value.unsigned_abs(), 10, precision), precision);
        }
        b'u' => number(out, spec, width, "", &integer_digits(unsigned(spec.length, word.lo), 10, precision), precision),
        b'o' | b'x' | b'X' => {
            let value = unsigned(spec.length, word.lo);
            let mut digits = integer_digits(value, if spec.conversion == b'o' { 8 } else { 16 }, precision);
            let mut prefix = "";
            if spec.alternate && spec.conversion == b'o' && !digits.starts_with('0') {
                digits.insert(0, '0');
            } else if spec.alternate && value != 0 && spec.conversion != b'o' {
                prefix = if spec.conversion == b'x' { "0x" } else { "0X" };
            }
            if spec.conversion == b'X' {
                digits.make_ascii_uppercase();
            }
            number(out, spec, width, prefix, &digits, precision);
        }
        b'p' if word.lo == 0 => pad(out, spec, width, b"(nil)"),
        b'p' => number(out, spec, width, "0x", &format!("{:x}", word.lo), None),
        b'c' => pad(out, spec, width, &[word.lo as u8]),
        b's' => {
            let text = if word.lo == 0 {
                b"(null)"
            } else if let Some(precision) = precision {
                bounded_string(machine, word.lo, precision)?
            } else {
                c_string(machine, word.lo)?
            };
            let text = &text[..precision.unwrap_or(text.len()).min(text.len())];
            pad(out, spec, width, text);
        }
        b'n' => {
            let n = out.len() as u64;
            let size = match spec.length {
                b'H' => 1,
                b'h' => 2,
                0 => 4,
                _ => 8,
            };
            put(machine, word.lo, &n.to_le_bytes()[..size])?;
        }
        b'm' => pad(out, spec, width, b"Success"),
        _ => float(out, spec, width, precision, word, long_double),
    }
    Ok(())
}

/// At most `max` bytes of a string that need not end.
fn bounded_string<'m>(machine: &'m Machine<'_>, addr: u64, max: usize) -> Result<&'m [u8], Stop> {
    if let Ok(text) = machine.memory.c_string(addr) {
        return Ok(text);
    }
    machine.memory.bytes(addr, max as u64).map_err(|fault| machine.fault(fault))
}

fn signed(length: u8, bits: u64) -> i64 {
    match length {
        b'H' => i64::from(bits as i8),
        b'h' => i64::from(bits as i16),
        0 => i64::from(bits as i32),
        _ => bits as i64,
    }
}

fn unsigned(length: u8, bits: u64) -> u64 {
    match length {
        b'H' => u64::from(bits as u8),
        b'h' => u64::from(bits as u16),
        0 => u64::from(bits as u32),
        _ => bits,
    }
}

fn sign(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

fn integer_digits(mut value: u64, base: u64, precision: Option<usize>) -> String {
    let mut digits = Vec::new();
    while value != 0 {
        digits.push(b"0123456789abcdef"[(value % base) as usize]);
        value /= base;
    }
    while digits.len() < precision.unwrap_or(1) {
        digits.push(b'0');
    }
    digits.iter().rev().map(|&b| char::from(b)).collect()
}

/// A number, zeros between its sign and its digits if so asked.
fn number(out: &mut Vec<u8>, spec: &Spec, width: usize, sign: &str, digits: &str, precision: Option<usize>) {
    let missing = width.saturating_sub(sign.len() + digits.len());
    let zeros = if spec.zero && !spec.left && precision.is_none() { missing } else { 0 };
    let text = format!("{sign}{}{digits}", "0".repeat(zeros));
    pad(out, spec, width, text.as_bytes());
}

fn pad(out: &mut Vec<u8>, spec: &Spec, width: usize, text: &[u8]) {
    let missing = width.saturating_sub(text.len());
    if !spec.left {
        out.resize(out.len() + missing, b' ');
    }
    out.extend_from_slice(text);
    if spec.left {
        out.resize(out.len() + missing, b' ');
    }
}

fn float(out: &mut Vec<u8>, spec: &Spec, width: usize, precision: Option<usize>, word: Word, long_double: Ty) {
    let ty = if spec.length == b'L' { long_double } else { Ty::F64 };
    let value = if ty == Ty::F64 { Float::from_f64(word.f64()) } else { Float::from_f80(word.u128()) };
    let style = Style { conversion: spec.conversion.to_ascii_lowercase(), precision, alternate: spec.alternate, ty };
    let mut text = format_float(value, style);
    let mut sign = sign(spec, value.negative).to_string();
    if let Some(digits) = text.strip_prefix("0x") {
        sign.push_str("0x");
        text = digits.to_string();
    }
    if spec.conversion.is_ascii_uppercase() {
        text.make_ascii_uppercase();
        sign.make_ascii_uppercase();
    }
    // Zeros do not go in front of words.
    let spec = &Spec { zero: spec.zero && value.class == Class::Finite, ..*spec };
    number(out, spec, width, &sign, &text, None);
}
