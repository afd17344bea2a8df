//! `<string.h>`, `<strings.h>` and `<ctype.h>`.

use super::stdlib::is_space;
use super::{Args, Libc, Row, Table, c_string, get, give, order, put};
use ir::interp::{Machine, Stop, Word};

pub(super) const TABLE: Table = &[
    ("memcpy", Row::General(memmove)),
    ("memmove", Row::General(memmove)),
    ("mempcpy", Row::General(|l, m, a| Ok(Word::new(memmove(l, m, a)?.lo + a.u64(2))))),
    ("memset", Row::General(|_, m, a| fill(m, a.u64(0), a.u64(1) as u8, a.u64(2)))),
    ("bzero", Row::General(|_, m, a| fill(m, a.u64(0), 0, a.u64(1)))),
    ("memcmp", Row::General(|_, m, a| order(get(m, a.u64(0), a.u64(2))?.cmp(get(m, a.u64(1), a.u64(2))?)))),
    ("bcmp", Row::General(|_, m, a| order(get(m, a.u64(0), a.u64(2))?.cmp(get(m, a.u64(1), a.u64(2))?)))),
    (
        "memchr",
        Row::General(|_, m, a| {
            let byte = a.u64(1) as u8;
            let found = get(m, a.u64(0), a.u64(2))?.iter().position(|&b| b == byte);
            give(found.map_or(0, |idx| a.u64(0) + idx as u64))
        }),
    ),
    (
        "memrchr",
        Row::General(|_, m, a| {
            let byte = a.u64(1) as u8;
            let found = get(m, a.u64(0), a.u64(2))?.iter().rposition(|&b| b == byte);
            give(found.map_or(0, |idx| a.u64(0) + idx as u64))
        }),
    ),
    ("strlen", Row::General(|_, m, a| give(c_string(m, a.u64(0))?.len() as u64))),
    ("strnlen", Row::General(|_, m, a| give(bounded(m, a.u64(0), a.u64(1))?.len() as u64))),
    (
        "strcpy",
        Row::General(|_, m, a| {
            copy_string(m, a.u64(0), a.u64(1))?;
            give(a.u64(0))
        }),
    ),
    (
        "stpcpy",
        Row::General(|_, m, a| {
            let n = copy_string(m, a.u64(0), a.u64(1))?;
            give(a.u64(0) + n)
        }),
    ),
    (
        "strncpy",
        Row::General(|_, m, a| {
            let mut text = bounded(m, a.u64(1), a.u64(2))?.to_vec();
            get(m, a.u64(0), a.u64(2))?;
            text.resize(a.u64(2) as usize, 0);
            put(m, a.u64(0), &text)?;
            give(a.u64(0))
        }),
    ),
    (
        "strcat",
        Row::General(|_, m, a| {
            let end = a.u64(0) + c_string(m, a.u64(0))?.len() as u64;
            copy_string(m, end, a.u64(1))?;
            give(a.u64(0))
        }),
    ),
    (
        "strncat",
        Row::General(|_, m, a| {
            let end = a.u64(0) + c_string(m, a.u64(0))?.len() as u64;
            let text = [bounded(m, a.u64(1), a.u64(2))?, b"\0"].concat();
            put(m, end, &text)?;
            give(a.u64(0))
        }),
    ),
    ("strcmp", Row::General(|_, m, a| order(c_string(m, a.u64(0))?.cmp(c_string(m, a.u64(1))?)))),
    ("strcoll", Row::General(|_, m, a| order(c_string(m, a.u64(0))?.cmp(c_string(m, a.u64(1))?)))),
    ("strncmp", Row::General(|_, m, a| order(bounded(m, a.u64(0), a.u64(2))?.cmp(bounded(m, a.u64(1), a.u64(2))?)))),
    ("strcasecmp", Row::General(|_, m, a| order(lower(c_string(m, a.u64(0))?).cmp(&lower(c_string(m, a.u64(1))?))))),
    (
        "strncasecmp",
        Row::General(|_, m, a| {
            order(lower(bounded(m, a.u64(0), a.u64(2))?).cmp(&lower(bounded(m, a.u64(1), a.u64(2))?)))
        }),
    ),
    ("strchr", Row::General(|_, m, a| find(m, a.u64(0), a.u64(1) as u8))),
    ("index", Row::General(|_, m, a| find(m, a.u64(0), a.u64(1) as u8))),
    (
        "strchrnul",
        Row::General(|_, m, a| {
            let byte = a.u64(1) as u8;
            let text = c_string(m, a.u64(0))?;
            give(a.u64(0) + text.iter().position(|&b| b == byte).unwrap_or(text.len()) as u64)
        }),
    ),
    (
        "strrchr",
        Row::General(|_, m, a| {
            let byte = a.u64(1) as u8;
            let text = c_string(m, a.u64(0))?;
            let found = if byte == 0 { Some(text.len()) } else { text.iter().rposition(|&b| b == byte) };
            give(found.map_or(0, |idx| a.u64(0) + idx as u64))
        }),
    ),
    (
        "strstr",
        Row::General(|_, m, a| {
            let (text, word) = (c_string(m, a.u64(0))?, c_string(m, a.u64(1))?);
            let found =
                if word.is_empty() { Some(0) } else { text.windows(word.len()).position(|window| window == word) };
            give(found.map_or(0, |idx| a.u64(0) + idx as u64))
        }),
    ),
    ("strspn", Row::General(|_, m, a| give(span(m, a.u64(0), a.u64(1), true)?))),
    ("strcspn", Row::General(|_, m, a| give(span(m, a.u64(0), a.u64(1), false)?))),
    (
        "strpbrk",
        Row::General(|_, m, a| {
            let at = span(m, a.u64(0), a.u64(1), false)?;
            give(if at == c_string(m, a.u64(0))?.len() as u64 { 0 } else { a.u64(0) + at })
        }),
    ),
    (
        "strtok",
        Row::General(|l, m, a| {
            let start = if a.u64(0) != 0 { a.u64(0) } else { l.strtok_at };
            let (token, next) = token(m, start, a.u64(1))?;
            l.strtok_at = next;
            give(token)
        }),
    ),
    (
        "strtok_r",
        Row::General(|_, m, a| {
            let saved = m.memory.load_u64(a.u64(2)).map_err(|fault| m.fault(fault));
            let start = if a.u64(0) != 0 { a.u64(0) } else { saved? };
            let (token, next) = token(m, start, a.u64(1))?;
            put(m, a.u64(2), &next.to_le_bytes())?;
            give(token)
        }),
    ),
    (
        "strdup",
        Row::General(|l, m, a| {
            let text = c_string(m, a.u64(0))?.to_vec();
            duplicate(l, m, text)
        }),
    ),
    (
        "strndup",
        Row::General(|l, m, a| {
            let text = bounded(m, a.u64(0), a.u64(1))?.to_vec();
            duplicate(l, m, text)
        }),
    ),
    (
        "strerror",
        Row::General(|l, m, a| {
            let text = if a.i32(0) == 0 { "Success".into() } else { format!("Error {}", a.i32(0)) };
            duplicate(l, m, text.into_bytes())
        }),
    ),
];

fn memmove(_: &mut Libc, machine: &mut Machine<'_>, args: Args<'_>) -> Result<Word, Stop> {
    let copied = machine.memory.copy(args.u64(0), args.u64(1), args.u64(2));
    copied.map_err(|fault| machine.fault(fault))?;
    give(args.u64(0))
}

fn fill(machine: &mut Machine<'_>, addr: u64, byte: u8, size: u64) -> Result<Word, Stop> {
    if size != 0 {
        let filled = machine.memory.bytes_mut(addr, size).map(|bytes| bytes.fill(byte));
        filled.map_err(|fault| machine.fault(fault))?;
    }
    give(addr)
}

/// A string of which at most `max` bytes count.
fn bounded<'m>(machine: &'m Machine<'_>, addr: u64, max: u64) -> Result<&'m [u8], Stop> {
    match machine.memory.c_string(addr) {
        Ok(text) => Ok(&text[..text.len().min(max as usize)]),
        Err(_) => get(machine, addr, max),
    }
}

/// Copies a string with its NUL; its length.
fn copy_string(machine: &mut Machine<'_>, to: u64, from: u64) -> Result<u64, Stop> {
    let n = c_string(machine, from)?.len() as u64;
    machine.memory.copy(to, from, n + 1).map_err(|fault| machine.fault(fault))?;
    Ok(n)
}

fn lower(text: &[u8]) -> Vec<u8> {
    text.to_ascii_lowercase()
}

fn find(machine: &Machine<'_>, addr: u64, byte: u8) -> Result<Word, Stop> {
    let text = c_string(machine, addr)?;
    let found = if byte == 0 { Some(text.len()) } else { text.iter().position(|&b| b == byte) };
    give(found.map_or(0, |idx| addr + idx as u64))
}

/// How many bytes at the start are (or are not) in a set.
fn span(machine: &Machine<'_>, addr: u64, set: u64, inside: bool) -> Result<u64, Stop> {
    let (text, set) = (c_string(machine, addr)?, c_string(machine, set)?);
    Ok(text.iter().take_while(|b| set.contains(b) == inside).count() as u64)
}

/// The next token (0 for none) and where to go on.
fn token(machine: &mut Machine<'_>, start: u64, set: u64) -> Result<(u64, u64), Stop> {
    if start == 0 {
        return Ok((0, 0));
    }
    let token = start + span(machine, start, set, true)?;
    let end = token + span(machine, token, set, false)?;
    if token == end {
        return Ok((0, 0));
    }
    let last = get(machine, end, 1)?[0] == 0;
    if last {
        return Ok((token, 0));
    }
    put(machine, end, b"\0")?;
    Ok((token, end + 1))
}

fn duplicate(libc: &mut Libc, machine: &mut Machine<'_>, mut text: Vec<u8>) -> Result<Word, Stop> {
    text.push(0);
    let addr = libc.allocate(machine, text.len() as u64)?;
    put(machine, addr, &text)?;
    give(addr)
}

/// The C locale's classes: name, bit in glibc's table, members.
type CharClass = (u16, fn(u8) -> bool);
const CLASSES: [CharClass; 12] = [
    (0x100, |b| b.is_ascii_uppercase()),
    (0x200, |b| b.is_ascii_lowercase()),
    (0x400, |b| b.is_ascii_alphabetic()),
    (0x800, |b| b.is_ascii_digit()),
    (0x1000, |b| b.is_ascii_hexdigit()),
    (0x2000, is_space),
    (0x4000, |b| matches!(b, b' '..=b'~')),
    (0x8000, |b| b.is_ascii_graphic()),
    (0x1, |b| matches!(b, b' ' | b'\t')),
    (0x2, |b| b.is_ascii_control()),
    (0x4, |b| b.is_ascii_punctuation()),
    (0x8, |b| b.is_ascii_alphanumeric()),
];

/// Whether the character in the first argument is of the class with that bit.
macro_rules! class {
    ($bit:literal) => {
        Row::General(|_, _, a| {
            let member = CLASSES.iter().find(|class| class.0 == $bit).map(|class| class.1);
            let byte = u8::try_from(a.i32(0)).ok();
            give(byte.zip(member).is_some_and(|(byte, member)| member(byte)).into())
        })
    };
}

pub(super) const CTYPE: Table = &[
    ("isupper", class!(0x100)),
    ("islower", class!(0x200)),
    ("isalpha", class!(0x400)),
    ("isdigit", class!(0x800)),
    ("isxdigit", class!(0x1000)),
    ("isspace", class!(0x2000)),
    ("isprint", class!(0x4000)),
    ("isgraph", class!(0x8000)),
    ("isblank", class!(0x1)),
    ("iscntrl", class!(0x2)),
    ("ispunct", class!(0x4)),
    ("isalnum", class!(0x8)),
    ("isascii", Row::General(|_, _, a| give(u64::from(a.i32(0) as u32 <= 127)))),
    ("toascii", Row::General(|_, _, a| give(a.u64(0) & 127))),
    ("tolower", Row::General(|_, _, a| give(u64::from(convert(a.i32(0), |b| b.to_ascii_lowercase()) as u32)))),
    ("toupper", Row::General(|_, _, a| give(u64::from(convert(a.i32(0), |b| b.to_ascii_uppercase()) as u32)))),
    (
        "__ctype_b_loc",
        Row::General(|l, m, _| {
            let of = |byte: u8| CLASSES.iter().filter(|class| class.1(byte)).fold(0, |bits, class| bits | class.0);
            let entry = |idx: i32| if (0..256).contains(&idx) { of(idx as u8) } else { 0 };
            let bytes: Vec<u8> = (-128..256).flat_map(|idx| entry(idx).to_le_bytes()).collect();
            table(l, m, ["__ctype_b", "__ctype_b_loc"], &bytes, 2)
        }),
    ),
    (
        "__ctype_tolower_loc",
        Row::General(|l, m, _| {
            let bytes: Vec<u8> =
                (-128..256).flat_map(|idx| convert(idx, |b| b.to_ascii_lowercase()).to_le_bytes()).collect();
            table(l, m, ["__ctype_tolower", "__ctype_tolower_loc"], &bytes, 4)
        }),
    ),
    (
        "__ctype_toupper_loc",
        Row::General(|l, m, _| {
            let bytes: Vec<u8> =
                (-128..256).flat_map(|idx| convert(idx, |b| b.to_ascii_uppercase()).to_le_bytes()).collect();
            table(l, m, ["__ctype_toupper", "__ctype_toupper_loc"], &bytes, 4)
        }),
    ),
];

fn convert(value: i32, to: fn(&u8) -> u8) -> i32 {
    u8::try_from(value).map_or(value, |byte| to(&byte).into())
}

/// The address of a pointer to entry 0 of a table that begins with entry -128.
fn table(
    libc: &mut Libc,
    machine: &mut Machine<'_>,
    [name, pointer]: [&'static str; 2],
    bytes: &[u8],
    entry_size: u64,
) -> Result<Word, Stop> {
    let start = libc.object(machine, name, bytes)?;
    let pointer = libc.object(machine, pointer, &(start + 128 * entry_size).to_le_bytes())?;
    give(pointer)
}
