//! Formatted input (C11 7.21.6.2) from strings and from `stdin`.

use super::stdlib::{float_len, is_space, parse_float, parse_integer};
use super::{Args, Libc, Row, Table, c_string, give, give_int, put};
use ir::interp::{Arg, Machine, Stop, Word};
use rustc_apfloat::ieee::{Double, Single, X87DoubleExtended};

pub(super) const TABLE: Table = &[
    ("sscanf", Row::General(sscanf)),
    ("__isoc99_sscanf", Row::General(sscanf)),
    ("__isoc23_sscanf", Row::General(sscanf)),
    ("scanf", Row::General(scanf)),
    ("__isoc99_scanf", Row::General(scanf)),
    ("__isoc23_scanf", Row::General(scanf)),
];

fn sscanf(_: &mut Libc, machine: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    let input = c_string(machine, args.u64(0))?.to_vec();
    let format = c_string(machine, args.u64(1))?.to_vec();
    let (n, _) = scan(machine, &input, &format, &args.0[2.min(args.0.len())..])?;
    give_int(n)
}

fn scanf(libc: &mut Libc, machine: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    let format = c_string(machine, args.u64(0))?.to_vec();
    let (n, used) = scan(machine, &libc.stdin[libc.stdin_at..], &format, &args.0[1.min(args.0.len())..])?;
    libc.stdin_at += used;
    give(n as u64)
}

/// Assigns what `format` finds in `input`: how many it assigned (-1 at the end of input), how much it took.
fn scan(machine: &mut Machine<'_>, input: &[u8], mut format: &[u8], args: &[Arg]) -> Result<(i64, usize), Stop> {
    let mut args = args.iter();
    let (mut at, mut n_assigned) = (0, 0);
    let skip_space = |at: usize| at + input[at..].iter().take_while(|b| is_space(**b)).count();
    while let Some((&byte, rest)) = format.split_first() {
        format = rest;
        if is_space(byte) {
            at = skip_space(at);
            continue;
        }
        if byte != b'%' || format.first() == Some(&b'%') {
            if byte == b'%' {
                format = &format[1..];
                at = skip_space(at);
            }
            if input.get(at) != Some(&byte) {
                let end = at >= input.len() && n_assigned == 0;
                return Ok((if end { -1 } else { n_assigned }, at));
            }
            at += 1;
            continue;
        }
        let spec = Spec::take(&mut format)?;
        if !matches!(spec.conversion, b'c' | b'[' | b'n') {
            at = skip_space(at);
        }
        if at >= input.len() && spec.conversion != b'n' {
            return Ok((if n_assigned == 0 { -1 } else { n_assigned }, at));
        }
        let Some((bytes, len)) = spec.read(&input[at..], at) else { return Ok((n_assigned, at)) };
        at += len;
        if !spec.suppress {
            let Some(arg) = args.next() else {
                return Err(machine.trap("scanf has fewer arguments than conversions"));
            };
            put(machine, arg.word.lo, &bytes)?;
            n_assigned += i64::from(spec.conversion != b'n');
        }
    }
    Ok((n_assigned, at))
}

struct Spec<'f> {
    suppress: bool,
    width: usize,
    length: u8,
    conversion: u8,
    /// Of `%[…]`.
    set: &'f [u8],
    inverted: bool,
}

impl<'f> Spec<'f> {
    fn take(format: &mut &'f [u8]) -> Result<Spec<'f>, Stop> {
        let bad = || Stop::CannotRun("a scanf format that is not understood".into());
        let mut spec = Spec { suppress: false, width: usize::MAX, length: 0, conversion: 0, set: b"", inverted: false };
        if let [b'*', rest @ ..] = *format {
            spec.suppress = true;
            *format = rest;
        }
        let (width, len) = parse_integer(&format[..format.iter().take_while(|b| b.is_ascii_digit()).count()], 10);
        if len > 0 {
            spec.width = (width as usize).max(1);
            *format = &format[len..];
        }
        while let [length @ (b'h' | b'l' | b'j' | b'z' | b't' | b'L'), rest @ ..] = *format {
            spec.length = if (spec.length, *length) == (b'h', b'h') { b'H' } else { *length };
            *format = rest;
        }
        let (&conversion, rest) = format.split_first().ok_or_else(bad)?;
        spec.conversion = conversion;
        *format = rest;
        if conversion == b'[' {
            if let [b'^', rest @ ..] = *format {
                spec.inverted = true;
                *format = rest;
            }
            let end = format.iter().skip(1).position(|&b| b == b']').ok_or_else(bad)? + 1;
            spec.set = &format[..end];
            *format = &format[end + 1..];
        }
        if matches!(conversion, b'd' | b'i' | b'u' | b'x' | b'X' | b'o' | b'p' | b'c' | b's' | b'[' | b'n')
            || matches!(conversion.to_ascii_lowercase(), b'e' | b'f' | b'g' | b'a')
        {
            Ok(spec)
        } else {
            Err(bad())
        }
    }

    /// What is stored, and how much input it took.
    fn read(&self, input: &[u8], at: usize) -> Option<(Vec<u8>, usize)> {
        let input = &input[..input.len().min(self.width)];
        let size = match self.length {
            b'H' => 1,
            b'h' => 2,
            0 => 4,
            _ => 8,
        };
        match self.conversion {
            b'n' => Some(((at as u64).to_le_bytes()[..size].to_vec(), 0)),
            b'c' => {
                let n = if self.width == usize::MAX { 1 } else { self.width };
                (input.len() >= n).then(|| (input[..n].to_vec(), n))
            }
            b's' | b'[' => {
                let member = |b: u8| if self.conversion == b's' { !is_space(b) } else { self.in_set(b) };
                let n = input.iter().take_while(|b| member(**b)).count();
                (n > 0).then(|| ([&input[..n], b"\0"].concat(), n))
            }
            b'd' | b'i' | b'u' | b'x' | b'X' | b'o' | b'p' => {
                let base = match self.conversion {
                    b'i' => 0,
                    b'o' => 8,
                    b'd' | b'u' => 10,
                    _ => 16,
                };
                let size = if self.conversion == b'p' { 8 } else { size };
                let (value, len) = parse_integer(input, base);
                (len > 0).then(|| ((value as u64).to_le_bytes()[..size].to_vec(), len))
            }
            _ => {
                let len = float_len(input);
                let text = std::str::from_utf8(&input[..len]).ok()?;
                let bytes = match self.length {
                    0 => (parse_float::<Single>(text) as u32).to_le_bytes().to_vec(),
                    b'L' => parse_float::<X87DoubleExtended>(text).to_le_bytes()[..10].to_vec(),
                    _ => (parse_float::<Double>(text) as u64).to_le_bytes().to_vec(),
                };
                (len > 0).then_some((bytes, len))
            }
        }
    }

    /// Membership in `%[…]`, with ranges.
    fn in_set(&self, byte: u8) -> bool {
        let mut found = false;
        let mut set = self.set;
        while let Some((&first, rest)) = set.split_first() {
            match rest {
                [b'-', last, tail @ ..] => {
                    found |= (first..=*last).contains(&byte);
                    set = tail;
                }
                _ => {
                    found |= first == byte;
                    set = rest;
                }
            }
        }
        found != self.inverted
    }
}
