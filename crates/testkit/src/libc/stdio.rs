//! `<stdio.h>` without files: captured `stdout` and `stderr`, a given `stdin`.

use super::printf::{Source, format};
use super::{Libc, NOTHING, Row, STREAMS, Table, c_string, get, give, give_int, put};
use ir::interp::{Machine, Stop, Word};

const EOF: i64 = -1;

pub(super) const TABLE: Table = &[
    (
        "printf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(0), Source::Args(&a.0[1.min(a.0.len())..]))?;
            l.write(1, &text)
        }),
    ),
    (
        "fprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(1), Source::Args(&a.0[2.min(a.0.len())..]))?;
            l.write(stream(a.u64(0))?, &text)
        }),
    ),
    (
        "dprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(1), Source::Args(&a.0[2.min(a.0.len())..]))?;
            l.write(a.u64(0), &text)
        }),
    ),
    (
        "sprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(1), Source::Args(&a.0[2.min(a.0.len())..]))?;
            into_buffer(m, a.u64(0), None, &text)
        }),
    ),
    (
        "snprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(2), Source::Args(&a.0[3.min(a.0.len())..]))?;
            into_buffer(m, a.u64(0), Some(a.u64(1)), &text)
        }),
    ),
    (
        "asprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(1), Source::Args(&a.0[2.min(a.0.len())..]))?;
            into_new(l, m, a.u64(0), &text)
        }),
    ),
    (
        "vprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(0), Source::List(a.u64(1)))?;
            l.write(1, &text)
        }),
    ),
    (
        "vfprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(1), Source::List(a.u64(2)))?;
            l.write(stream(a.u64(0))?, &text)
        }),
    ),
    (
        "vsprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(1), Source::List(a.u64(2)))?;
            into_buffer(m, a.u64(0), None, &text)
        }),
    ),
    (
        "vsnprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(2), Source::List(a.u64(3)))?;
            into_buffer(m, a.u64(0), Some(a.u64(1)), &text)
        }),
    ),
    (
        "vasprintf",
        Row::General(|l, m, a| {
            let text = formatted(l, m, a.u64(1), Source::List(a.u64(2)))?;
            into_new(l, m, a.u64(0), &text)
        }),
    ),
    (
        "puts",
        Row::General(|l, m, a| {
            let mut text = c_string(m, a.u64(0))?.to_vec();
            text.push(b'\n');
            l.write(1, &text)
        }),
    ),
    ("putchar", Row::General(|l, _, a| put_char(l, 1, a.u64(0)))),
    ("putchar_unlocked", Row::General(|l, _, a| put_char(l, 1, a.u64(0)))),
    ("putc", Row::General(|l, _, a| put_char(l, stream(a.u64(1))?, a.u64(0)))),
    ("fputc", Row::General(|l, _, a| put_char(l, stream(a.u64(1))?, a.u64(0)))),
    ("_IO_putc", Row::General(|l, _, a| put_char(l, stream(a.u64(1))?, a.u64(0)))),
    (
        "fputs",
        Row::General(|l, m, a| {
            let text = c_string(m, a.u64(0))?.to_vec();
            l.write(stream(a.u64(1))?, &text)
        }),
    ),
    (
        "fwrite",
        Row::General(|l, m, a| {
            let size = a.u64(1).saturating_mul(a.u64(2));
            let text = get(m, a.u64(0), size)?.to_vec();
            l.write(stream(a.u64(3))?, &text)?;
            give(if a.u64(1) == 0 { 0 } else { a.u64(2) })
        }),
    ),
    (
        "write",
        Row::General(|l, m, a| {
            let text = get(m, a.u64(1), a.u64(2))?.to_vec();
            l.write(a.u64(0), &text)
        }),
    ),
    ("fflush", Row::General(|_, _, _| NOTHING)),
    ("fclose", Row::General(|_, _, _| NOTHING)),
    ("setvbuf", Row::General(|_, _, _| NOTHING)),
    ("setbuf", Row::General(|_, _, _| NOTHING)),
    ("ferror", Row::General(|_, _, _| NOTHING)),
    ("clearerr", Row::General(|_, _, _| NOTHING)),
    ("feof", Row::General(|l, _, _| give(u64::from(l.stdin_at >= l.stdin.len())))),
    ("fileno", Row::General(|_, _, a| give(a.u64(0).wrapping_sub(STREAMS)))),
    (
        "perror",
        Row::General(|l, m, a| {
            let text = [c_string(m, a.u64(0))?, b": Success\n"].concat();
            l.write(2, &text)
        }),
    ),
    ("getchar", Row::General(|l, _, _| get_char(l))),
    ("getc", Row::General(|l, _, _| get_char(l))),
    ("fgetc", Row::General(|l, _, _| get_char(l))),
    (
        "ungetc",
        Row::General(|l, _, a| {
            l.stdin_at = l.stdin_at.saturating_sub(1);
            give(a.u64(0) & 0xff)
        }),
    ),
    (
        "fgets",
        Row::General(|l, m, a| {
            let rest = &l.stdin[l.stdin_at..];
            let line = rest.split_inclusive(|&b| b == b'\n').next().unwrap_or(b"");
            let line = &line[..line.len().min((a.i64(1) - 1).max(0) as usize)];
            if line.is_empty() {
                return NOTHING;
            }
            l.stdin_at += line.len();
            put(m, a.u64(0), &[line, b"\0"].concat())?;
            give(a.u64(0))
        }),
    ),
    (
        "fread",
        Row::General(|l, m, a| {
            let rest = &l.stdin[l.stdin_at..];
            let size = a.u64(1).max(1);
            let n = (rest.len() as u64 / size).min(a.u64(2));
            let bytes = &rest[..(n * size) as usize];
            l.stdin_at += bytes.len();
            put(m, a.u64(0), bytes)?;
            give(n)
        }),
    ),
];

/// Which stream a `FILE *` is.
fn stream(file: u64) -> Result<u64, Stop> {
    match file.wrapping_sub(STREAMS) {
        stream @ 0..=2 => Ok(stream),
        _ => Err(Stop::CannotRun("it writes to a file".into())),
    }
}

fn formatted(libc: &Libc, machine: &mut Machine<'_>, text: u64, source: Source<'_>) -> Result<Vec<u8>, Stop> {
    let text = c_string(machine, text)?.to_vec();
    format(libc, machine, &text, source)
}

/// Text and a NUL into a buffer of `size` bytes; the text's whole length.
fn into_buffer(machine: &mut Machine<'_>, addr: u64, size: Option<u64>, text: &[u8]) -> Result<Word, Stop> {
    let room = size.map_or(text.len(), |size| (size as usize).saturating_sub(1)).min(text.len());
    if size != Some(0) {
        put(machine, addr, &[&text[..room], b"\0"].concat())?;
    }
    give(text.len() as u64)
}

/// Text into a new block, whose address goes to `result`.
fn into_new(libc: &mut Libc, machine: &mut Machine<'_>, result: u64, text: &[u8]) -> Result<Word, Stop> {
    let addr = libc.allocate(machine, text.len() as u64 + 1)?;
    put(machine, result, &addr.to_le_bytes())?;
    into_buffer(machine, addr, None, text)
}

fn put_char(libc: &mut Libc, stream: u64, byte: u64) -> Result<Word, Stop> {
    libc.write(stream, &[byte as u8])?;
    give(byte & 0xff)
}

fn get_char(libc: &mut Libc) -> Result<Word, Stop> {
    match libc.stdin.get(libc.stdin_at) {
        Some(&byte) => {
            libc.stdin_at += 1;
            give(byte.into())
        }
        None => give_int(EOF),
    }
}

impl Libc {
    /// Captures text; how much it was.
    pub(super) fn write(&mut self, stream: u64, text: &[u8]) -> Result<Word, Stop> {
        let sink = match stream {
            1 => &mut self.stdout,
            2 => &mut self.stderr,
            _ => return Err(Stop::CannotRun("it writes to a file".into())),
        };
        sink.extend_from_slice(text);
        if sink.len() > self.max_output {
            return Err(Stop::Limit("output"));
        }
        give(text.len() as u64)
    }
}
