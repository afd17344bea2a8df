//! The text of `size`: how much of a file is code, data and zeroes. GNU size 2.40's three formats.

use crate::list::{Attributes, Place, attributes};
use crate::program::{Program, SymbolPlace};
use std::fmt::Arguments;
use std::io::Write;

/// How lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    #[default]
    Berkeley,
    /// As Berkeley's, but read-only data counts as data.
    Gnu,
    /// Every section by its name.
    Sysv,
}

/// How numbers are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Radix {
    Octal,
    #[default]
    Decimal,
    Hexadecimal,
}

/// What is shown, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub format: Format,
    pub radix: Radix,
    /// Common symbols take room, too.
    pub common: bool,
}

/// The sizes of a file, or of several together, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sizes {
    pub text: u64,
    pub data: u64,
    pub bss: u64,
}

impl Sizes {
    pub fn add(&mut self, other: Sizes) {
        self.text = self.text.wrapping_add(other.text);
        self.data = self.data.wrapping_add(other.data);
        self.bss = self.bss.wrapping_add(other.bss);
    }
}

fn write(out: &mut Vec<u8>, text: Arguments<'_>) {
    // Writing into memory does not fail.
    let _ = out.write_fmt(text);
}

/// What stands above the lines; nothing in the format that has its own for each file.
pub fn heading(options: &Options, out: &mut Vec<u8>) {
    match options.format {
        Format::Berkeley => {
            let total = if options.radix == Radix::Octal { "oct" } else { "dec" };
            write(out, format_args!("   text\t   data\t    bss\t    {total}\t    hex\tfilename\n"));
        }
        Format::Gnu => out.extend_from_slice(b"      text       data        bss      total filename\n"),
        Format::Sysv => {}
    }
}

/// Shows one object.
pub fn list(program: &Program<'_>, place: Place<'_>, options: &Options, out: &mut Vec<u8>) -> Sizes {
    let mut sizes = Sizes::default();
    let common = if options.common { common_size(program) } else { 0 };
    for section in program.sections.iter().filter(|section| !section.bookkeeping) {
        let has = attributes(section);
        if !has.has(Attributes::ALLOC) {
            continue;
        }
        let read_only = options.format == Format::Berkeley && has.has(Attributes::READONLY);
        let sum = if has.has(Attributes::CODE) || read_only {
            &mut sizes.text
        } else if has.has(Attributes::CONTENTS) {
            &mut sizes.data
        } else {
            &mut sizes.bss
        };
        *sum = sum.wrapping_add(section.size);
    }
    sizes.bss = sizes.bss.wrapping_add(common);
    if options.format == Format::Sysv {
        sections(program, place, options, common, out);
    } else {
        let name = match place.archive {
            Some(archive) => format!("{} (ex {archive})", place.name),
            None => place.name.to_string(),
        };
        line(sizes, &name, options, out);
    }
    sizes
}

/// The line for everything shown together.
pub fn totals(sizes: Sizes, options: &Options, out: &mut Vec<u8>) {
    if options.format != Format::Sysv {
        line(sizes, "(TOTALS)", options, out);
    }
}

fn common_size(program: &Program<'_>) -> u64 {
    let commons = program.symbols.iter().filter(|symbol| symbol.place == SymbolPlace::Common);
    commons.fold(0, |sum, symbol| sum.wrapping_add(symbol.size))
}

fn number(value: u64, radix: Radix) -> String {
    match radix {
        Radix::Octal => format!("0{value:o}"),
        Radix::Decimal => value.to_string(),
        Radix::Hexadecimal => format!("{value:#x}"),
    }
}

fn line(sizes: Sizes, name: &str, options: &Options, out: &mut Vec<u8>) {
    let total = sizes.text.wrapping_add(sizes.data).wrapping_add(sizes.bss);
    let [text, data, bss, all] = [sizes.text, sizes.data, sizes.bss, total].map(|value| number(value, options.radix));
    if options.format == Format::Gnu {
        write(out, format_args!("{text:>10} {data:>10} {bss:>10} {all:>10} {name}\n"));
        return;
    }
    write(out, format_args!("{text:>7}\t{data:>7}\t{bss:>7}\t"));
    // The sum stands beside itself in hexadecimal: without a sign in front of either.
    match options.radix {
        Radix::Octal => write(out, format_args!("{total:7o}")),
        _ => write(out, format_args!("{total:7}")),
    }
    write(out, format_args!("\t{total:7x}\t{name}\n"));
}

fn sections(program: &Program<'_>, place: Place<'_>, options: &Options, common: u64, out: &mut Vec<u8>) {
    let mut rows: Vec<(&[u8], u64, u64)> = Vec::new();
    let shown = program.sections.iter().filter(|section| !section.bookkeeping);
    rows.extend(shown.map(|section| (&*section.name, section.size, section.address)));
    if options.common {
        rows.push((b"*COM*", common, 0));
    }
    let total = rows.iter().fold(0u64, |sum, row| sum.wrapping_add(row.1));
    let name_width = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let size_width = number(total, options.radix).len().max("size".len());
    let highest = rows.iter().map(|row| row.2).max().unwrap_or(0);
    let address_width = number(highest, options.radix).len().max("addr".len());
    write(out, format_args!("{}  ", place.name));
    if let Some(archive) = place.archive {
        write(out, format_args!(" (ex {archive})"));
    }
    write(out, format_args!(":\n{:<name_width$}   {:>size_width$}   {:>address_width$}\n", "section", "size", "addr"));
    for (name, size, address) in rows {
        out.extend_from_slice(name);
        out.extend(std::iter::repeat_n(b' ', name_width - name.len()));
        let (size, address) = (number(size, options.radix), number(address, options.radix));
        write(out, format_args!("   {size:>size_width$}   {address:>address_width$}\n"));
    }
    let total = number(total, options.radix);
    write(out, format_args!("{:<name_width$}   {total:>size_width$}\n\n\n", "Total"));
}
