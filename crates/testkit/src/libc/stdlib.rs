//! `<stdlib.h>`, and what else ends a program.

use super::{Args, Libc, NOTHING, Row, Table, c_string, get, give, give_int, put, set_errno};
use ir::Ty;
use ir::interp::{Arg, Machine, Stop, Word};
use rustc_apfloat::ieee::X87DoubleExtended;

pub(super) const TABLE: Table = &[
    ("malloc", Row::General(|l, m, a| give(l.allocate(m, a.u64(0))?))),
    (
        "calloc",
        Row::General(|l, m, a| {
            let size = a.u64(0).saturating_mul(a.u64(1));
            let addr = l.allocate(m, size)?;
            fill(m, addr, 0, size)?;
            give(addr)
        }),
    ),
    ("realloc", Row::General(realloc)),
    ("free", Row::General(|l, m, a| l.release(m, a.u64(0)))),
    ("aligned_alloc", Row::General(|l, m, a| give(l.allocate_aligned(m, a.u64(1), a.u64(0))?))),
    ("memalign", Row::General(|l, m, a| give(l.allocate_aligned(m, a.u64(1), a.u64(0))?))),
    (
        "posix_memalign",
        Row::General(|l, m, a| {
            let addr = l.allocate_aligned(m, a.u64(2), a.u64(1))?;
            put(m, a.u64(0), &addr.to_le_bytes())?;
            NOTHING
        }),
    ),
    ("exit", Row::General(|_, _, a| Err(Stop::Exit(a.i32(0))))),
    ("_exit", Row::General(quick_exit)),
    ("_Exit", Row::General(quick_exit)),
    ("quick_exit", Row::General(quick_exit)),
    ("abort", Row::General(|_, m, _| Err(m.trap("abort")))),
    (
        "__assert_fail",
        Row::General(|l, m, a| {
            let line = format!(":{}: ", a.i32(2) as u32);
            let text = [
                c_string(m, a.u64(1))?,
                line.as_bytes(),
                if a.u64(3) == 0 { b"?" } else { c_string(m, a.u64(3))? },
                b": Assertion `",
                c_string(m, a.u64(0))?,
                b"' failed.\n",
            ];
            l.write(2, &text.concat())?;
            Err(m.trap("assertion failed"))
        }),
    ),
    ("__stack_chk_fail", Row::General(|_, m, _| Err(m.trap("stack smashing detected")))),
    (
        "atexit",
        Row::General(|l, _, a| {
            l.exit_handlers.push(a.u64(0));
            NOTHING
        }),
    ),
    ("abs", Row::General(|_, _, a| give_int(a.i32(0).wrapping_abs().into()))),
    ("labs", Row::General(|_, _, a| give_int(a.i64(0).wrapping_abs()))),
    ("llabs", Row::General(|_, _, a| give_int(a.i64(0).wrapping_abs()))),
    // Their results are structures: the first argument says where they go.
    (
        "div",
        Row::General(|_, m, a| {
            let (x, y) = (a.i32(1), a.i32(2));
            let (Some(quotient), Some(rest)) = (x.checked_div(y), x.checked_rem(y)) else {
                return Err(m.trap("division by zero"));
            };
            put(m, a.u64(0), &[quotient.to_le_bytes(), rest.to_le_bytes()].concat())?;
            NOTHING
        }),
    ),
    ("ldiv", Row::General(long_div)),
    ("lldiv", Row::General(long_div)),
    ("rand", Row::General(|l, _, _| give(l.random.draw().into()))),
    ("random", Row::General(|l, _, _| give(l.random.draw().into()))),
    (
        "srand",
        Row::General(|l, _, a| {
            l.random = Random::new(a.i32(0) as u32);
            NOTHING
        }),
    ),
    (
        "srandom",
        Row::General(|l, _, a| {
            l.random = Random::new(a.i32(0) as u32);
            NOTHING
        }),
    ),
    ("getenv", Row::General(|_, _, _| NOTHING)),
    ("setlocale", Row::General(|l, m, _| give(l.object(m, "locale", b"C\0")?))),
    ("qsort", Row::General(qsort)),
    ("bsearch", Row::General(bsearch)),
    ("atoi", Row::General(|l, m, a| give_int((strtol(l, m, a.u64(0), 0, 10, true)?.lo as i32).into()))),
    ("atol", Row::General(|l, m, a| strtol(l, m, a.u64(0), 0, 10, true))),
    ("atoll", Row::General(|l, m, a| strtol(l, m, a.u64(0), 0, 10, true))),
    ("atof", Row::General(|_, m, a| strto_double(m, a.u64(0), 0))),
    ("strtol", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), true))),
    ("strtoll", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), true))),
    ("strtoimax", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), true))),
    ("__isoc23_strtol", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), true))),
    ("__isoc23_strtoll", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), true))),
    ("strtoul", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), false))),
    ("strtoull", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), false))),
    ("__isoc23_strtoul", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), false))),
    ("__isoc23_strtoull", Row::General(|l, m, a| strtol(l, m, a.u64(0), a.u64(1), a.i32(2), false))),
    ("strtod", Row::General(|_, m, a| strto_double(m, a.u64(0), a.u64(1)))),
    (
        "strtof",
        Row::General(|_, m, a| {
            let text = float_text(m, a.u64(0), a.u64(1))?;
            give(u64::from(parse_float::<rustc_apfloat::ieee::Single>(&text) as u32))
        }),
    ),
    (
        "strtold",
        Row::General(|_, m, a| {
            let text = float_text(m, a.u64(0), a.u64(1))?;
            Ok(Word::from_u128(parse_float::<X87DoubleExtended>(&text)))
        }),
    ),
    ("__errno_location", Row::General(|l, m, _| give(l.object(m, "errno", &[0; 4])?))),
];

fn quick_exit(libc: &mut Libc, _: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    libc.exit_handlers.clear();
    Err(Stop::Exit(args.i32(0)))
}

fn long_div(_: &mut Libc, machine: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    let (x, y) = (args.i64(1), args.i64(2));
    let (Some(quotient), Some(rest)) = (x.checked_div(y), x.checked_rem(y)) else {
        return Err(machine.trap("division by zero"));
    };
    put(machine, args.u64(0), &[quotient.to_le_bytes(), rest.to_le_bytes()].concat())?;
    NOTHING
}

fn fill(machine: &mut Machine<'_>, addr: u64, byte: u8, size: u64) -> Result<(), Stop> {
    if size != 0 {
        let result = machine.memory.bytes_mut(addr, size).map(|bytes| bytes.fill(byte));
        result.map_err(|fault| machine.fault(fault))?;
    }
    Ok(())
}

impl Libc {
    /// A block of `size` bytes; never null.
    pub(super) fn allocate(&mut self, machine: &mut Machine<'_>, size: u64) -> Result<u64, Stop> {
        let size = size.max(1).checked_next_multiple_of(16).ok_or(Stop::Limit("heap"))?;
        let addr = match self.free.get_mut(&size).and_then(Vec::pop) {
            Some(addr) => addr,
            None => machine.grow_heap(size)?,
        };
        self.live.insert(addr, size);
        Ok(addr)
    }

    fn allocate_aligned(&mut self, machine: &mut Machine<'_>, size: u64, align: u64) -> Result<u64, Stop> {
        if align <= 16 {
            return self.allocate(machine, size);
        }
        let size = size.max(1).checked_next_multiple_of(16).ok_or(Stop::Limit("heap"))?;
        let start = machine.grow_heap(size.checked_add(align).ok_or(Stop::Limit("heap"))?)?;
        let addr = start.next_multiple_of(align);
        self.live.insert(addr, size);
        Ok(addr)
    }

    fn release(&mut self, machine: &mut Machine<'_>, addr: u64) -> Result<Word, Stop> {
        if addr != 0 {
            let Some(size) = self.live.remove(&addr) else {
                return Err(machine.trap(&format!("free of {addr:#x}, which is no block")));
            };
            self.free.entry(size).or_default().push(addr);
        }
        NOTHING
    }
}

fn realloc(libc: &mut Libc, machine: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    let (old, size) = (args.u64(0), args.u64(1));
    if old == 0 {
        return give(libc.allocate(machine, size)?);
    }
    let Some(&old_size) = libc.live.get(&old) else {
        return Err(machine.trap(&format!("realloc of {old:#x}, which is no block")));
    };
    if size <= old_size && size * 2 >= old_size {
        return give(old);
    }
    let new = libc.allocate(machine, size)?;
    machine.memory.copy(new, old, size.min(old_size)).map_err(|fault| machine.fault(fault))?;
    libc.release(machine, old)?;
    give(new)
}

/// The additive feedback generator that glibc's `rand` is (TYPE_3: x[i] = x[i-3] + x[i-31]).
pub(super) struct Random {
    state: [u32; 31],
    at: usize,
}

impl Random {
    pub(super) fn new(seed: u32) -> Random {
        let mut state = [0u32; 31];
        state[0] = seed.max(1);
        for idx in 1..31 {
            let last = i64::from(state[idx - 1] as i32);
            state[idx] = (16807 * last).rem_euclid(2_147_483_647) as u32;
        }
        let mut random = Random { state, at: 3 };
        for _ in 0..310 {
            random.draw();
        }
        random
    }

    fn draw(&mut self) -> u32 {
        let at = self.at;
        self.state[at] = self.state[at].wrapping_add(self.state[(at + 28) % 31]);
        self.at = (at + 1) % 31;
        self.state[at] >> 1
    }
}

/// Merge sort, as glibc does: stable, and asks the comparison in a fixed order.
fn qsort(libc: &mut Libc, machine: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    let (base, n, size, compare) = (args.u64(0), args.u64(1), args.u64(2), args.u64(3));
    let bytes = get(machine, base, n.saturating_mul(size))?.to_vec();
    let scratch = libc.allocate(machine, bytes.len() as u64)?;
    put(machine, scratch, &bytes)?;
    let items: Vec<u64> = (0..n).map(|idx| scratch + idx * size).collect();
    let sorted = merge_sort(libc, machine, compare, &items)?;
    for (idx, from) in sorted.into_iter().enumerate() {
        let copied = machine.memory.copy(base + idx as u64 * size, from, size);
        copied.map_err(|fault| machine.fault(fault))?;
    }
    libc.release(machine, scratch)
}

fn merge_sort(libc: &mut Libc, machine: &mut Machine<'_>, compare: u64, items: &[u64]) -> Result<Vec<u64>, Stop> {
    if items.len() < 2 {
        return Ok(items.to_vec());
    }
    let (left, right) = items.split_at(items.len() / 2);
    let (left, right) = (merge_sort(libc, machine, compare, left)?, merge_sort(libc, machine, compare, right)?);
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    let mut out = Vec::with_capacity(items.len());
    while let (Some(&a), Some(&b)) = (left.peek(), right.peek()) {
        let from_left = compare_items(libc, machine, compare, a, b)? <= 0;
        out.extend(if from_left { left.next() } else { right.next() });
    }
    out.extend(left.chain(right));
    Ok(out)
}

fn compare_items(libc: &mut Libc, machine: &mut Machine<'_>, compare: u64, a: u64, b: u64) -> Result<i32, Stop> {
    let args = [Arg::scalar(Ty::Ptr, a), Arg::scalar(Ty::Ptr, b)];
    Ok(machine.call(libc, compare, &args)?.lo as i32)
}

fn bsearch(libc: &mut Libc, machine: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    let (key, base, size, compare) = (args.u64(0), args.u64(1), args.u64(3), args.u64(4));
    let (mut low, mut high) = (0, args.u64(2));
    while low < high {
        let middle = low + (high - low) / 2;
        let item = base + middle * size;
        match compare_items(libc, machine, compare, key, item)? {
            0 => return give(item),
            ..0 => high = middle,
            _ => low = middle + 1,
        }
    }
    NOTHING
}

/// C11 7.22.1.4. An `end` of 0 is not set.
fn strtol(
    libc: &mut Libc,
    machine: &mut Machine<'_>,
    text: u64,
    end: u64,
    base: i32,
    signed: bool,
) -> Result<Word, Stop> {
    let bytes = c_string(machine, text)?.to_vec();
    let (value, len) = parse_integer(&bytes, base as u32);
    if end != 0 {
        put(machine, end, &(text + len as u64).to_le_bytes())?;
    }
    let fits = if signed {
        i64::try_from(value).ok().map(|value| value as u64)
    } else {
        u64::try_from(value.unsigned_abs()).ok().map(|bits| if value < 0 { bits.wrapping_neg() } else { bits })
    };
    let Some(bits) = fits else {
        set_errno(libc, machine, 34)?;
        return give(match (signed, value < 0) {
            (true, true) => i64::MIN as u64,
            (true, false) => i64::MAX as u64,
            (false, _) => u64::MAX,
        });
    };
    give(bits)
}

/// The integer at the start of `text`, saturating far outside 64 bits, and how many bytes it takes (0 for none).
pub(super) fn parse_integer(text: &[u8], mut base: u32) -> (i128, usize) {
    let mut at = text.iter().take_while(|b| is_space(**b)).count();
    let negative = text.get(at) == Some(&b'-');
    if matches!(text.get(at), Some(b'-' | b'+')) {
        at += 1;
    }
    let digit = |at: usize, base: u32| text.get(at).and_then(|&b| char::from(b).to_digit(base.clamp(2, 36)));
    let is_hex = text.get(at) == Some(&b'0') && matches!(text.get(at + 1), Some(b'x' | b'X'));
    if matches!(base, 0 | 16) && is_hex && digit(at + 2, 16).is_some() {
        base = 16;
        at += 2;
    } else if base == 0 {
        base = if text.get(at) == Some(&b'0') { 8 } else { 10 };
    }
    let start = at;
    let mut value = 0i128;
    while let Some(digit) = digit(at, base) {
        value = (value * i128::from(base) + i128::from(digit)).min(1 << 100);
        at += 1;
    }
    if at == start {
        return (0, 0);
    }
    (if negative { -value } else { value }, at)
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn strto_double(machine: &mut Machine<'_>, text: u64, end: u64) -> Result<Word, Stop> {
    let text = float_text(machine, text, end)?;
    give(parse_float::<rustc_apfloat::ieee::Double>(&text) as u64)
}

/// The bits of a number that [`float_len`] found; 0 for none.
pub(super) fn parse_float<F: rustc_apfloat::Float>(text: &str) -> u128 {
    let digits = text.trim_start_matches(['-', '+']);
    let lower = digits.to_ascii_lowercase();
    let value = if lower.starts_with("inf") {
        F::INFINITY
    } else if lower.starts_with("nan") {
        F::NAN
    } else {
        // What the library wants of hexadecimal numbers: an exponent.
        let full = if lower.starts_with("0x") && !lower.contains('p') { format!("{lower}p0") } else { lower };
        F::from_str_r(&full, rustc_apfloat::Round::NearestTiesToEven).map_or(F::ZERO, |parsed| parsed.value)
    };
    (if text.starts_with('-') { -value } else { value }).to_bits()
}

/// The text of a number at `addr`; its end is stored at `end` unless that is 0.
fn float_text(machine: &mut Machine<'_>, addr: u64, end: u64) -> Result<String, Stop> {
    let bytes = c_string(machine, addr)?;
    let skip = bytes.iter().take_while(|b| is_space(**b)).count();
    let len = float_len(&bytes[skip..]);
    let text = String::from_utf8_lossy(&bytes[skip..skip + len]).into_owned();
    let used = if len == 0 { 0 } else { skip + len };
    if end != 0 {
        put(machine, end, &(addr + used as u64).to_le_bytes())?;
    }
    Ok(text)
}

/// How many bytes at the start of `text` are a number (C11 7.22.1.3); 0 for none.
pub(super) fn float_len(text: &[u8]) -> usize {
    let sign = usize::from(matches!(text.first(), Some(b'-' | b'+')));
    let rest = &text[sign..];
    let has = |word: &[u8]| rest.len() >= word.len() && rest[..word.len()].eq_ignore_ascii_case(word);
    for word in [&b"infinity"[..], b"inf", b"nan"] {
        if has(word) {
            return sign + word.len();
        }
    }
    let hex = has(b"0x");
    let digits = |from: usize| rest[from..].iter().take_while(|b| is_digit(**b, hex)).count();
    let mut at = if hex { 2 } else { 0 };
    let mut n = digits(at);
    at += n;
    if rest.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if n + fraction > 0 {
            n += fraction;
            at += 1 + fraction;
        }
    }
    if n == 0 {
        // Of `0x` alone, the zero is a number.
        return if hex { sign + 1 } else { 0 };
    }
    let mark = rest.get(at).map(u8::to_ascii_lowercase);
    if mark == Some(if hex { b'p' } else { b'e' }) {
        let sign = usize::from(matches!(rest.get(at + 1), Some(b'-' | b'+')));
        let exponent = rest[at + 1 + sign..].iter().take_while(|b| b.is_ascii_digit()).count();
        if exponent > 0 {
            at += 1 + sign + exponent;
        }
    }
    sign + at
}

fn is_digit(byte: u8, hex: bool) -> bool {
    if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() }
}
