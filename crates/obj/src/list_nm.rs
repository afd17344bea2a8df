//! The text of `nm`: one line for each symbol. POSIX.1-2017 `nm`, GNU nm 2.40's three formats and its one-letter classes.

use crate::archive::Archive;
use crate::list::{
    Attributes, Demangle, Place, attributes, is_debugging, is_global, section_name, section_of, shown_name,
    shown_value, symbol_name,
};
use crate::program::{Program, ProgramSymbol, SymbolPlace};
use crate::{Binding, SymbolKind};
use std::cmp::Ordering;
use std::io::Write;

/// How lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    #[default]
    Bsd,
    Posix,
    Sysv,
    /// Names alone.
    Names,
}

/// How numbers are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Radix {
    Octal,
    Decimal,
    #[default]
    Hexadecimal,
}

/// The order of the lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    #[default]
    Name,
    Value,
    Size,
    /// As in the file.
    File,
}

/// What is listed, and how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    pub format: Format,
    pub radix: Radix,
    pub order: Order,
    pub reverse: bool,
    /// Dynamic symbols instead of normal ones.
    pub dynamic: bool,
    /// Also symbols of sections and source files.
    pub debug: bool,
    pub extern_only: bool,
    pub undefined_only: bool,
    pub defined_only: bool,
    pub no_weak: bool,
    pub print_size: bool,
    /// The file's name before every symbol.
    pub print_file_name: bool,
    /// Several files are listed: each has a heading.
    pub headings: bool,
    /// Versions of normal symbols are asked for, too; dynamic ones have them always.
    pub no_versions: bool,
    /// For the names of C++ and others.
    pub demangle: Option<Demangle>,
    /// The letters for functions that choose their address, bound globally and locally, instead of `i`.
    pub ifunc_letters: Option<[u8; 2]>,
}

/// What stands behind a symbol: the file and the line where it is declared, if that is known.
pub type LineOf<'l> = dyn Fn(&ProgramSymbol<'_>) -> Option<Vec<u8>> + 'l;

/// Lists one object. False when there is no symbol to list, which is said on standard error.
pub fn list(
    program: &Program<'_>,
    place: Place<'_>,
    options: &Options,
    lines: Option<&LineOf<'_>>,
    out: &mut Vec<u8>,
) -> bool {
    heading(place, options, out);
    let all = if options.dynamic { &program.dynamic_symbols } else { &program.symbols };
    if all.is_empty() {
        return false;
    }
    let mut listed: Vec<&ProgramSymbol<'_>> = all.iter().filter(|symbol| is_listed(symbol, options)).collect();
    sort(program, &mut listed, options);
    for symbol in listed {
        if options.print_file_name {
            file_name(place, options, out);
        }
        line(program, symbol, options, out);
        if let Some(text) = lines.and_then(|line_of| line_of(symbol)) {
            out.pop();
            out.push(b'\t');
            out.extend_from_slice(&text);
            out.push(b'\n');
        }
    }
    true
}

/// The heading of an archive, before its members.
pub fn archive_heading(path: &str, options: &Options, out: &mut Vec<u8>) {
    if options.headings && options.format == Format::Bsd {
        write(out, format_args!("\n{path}:\n"));
    }
}

/// The symbol index of an archive.
pub fn archive_index(archive: &Archive<'_>, out: &mut Vec<u8>) {
    if !archive.has_index() {
        return;
    }
    out.extend_from_slice(b"\nArchive index:\n");
    for (name, offset) in archive.index() {
        let Ok(member) = archive.member_at(offset) else { continue };
        out.extend_from_slice(name);
        out.extend_from_slice(b" in ");
        out.extend_from_slice(&member.name);
        out.push(b'\n');
    }
}

fn write(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing into memory does not fail.
    let _ = out.write_fmt(text);
}

fn heading(place: Place<'_>, options: &Options, out: &mut Vec<u8>) {
    let name = place.name;
    match (options.format, place.archive) {
        (Format::Sysv, archive) => {
            let what = if options.undefined_only { "Undefined symbols" } else { "Symbols" };
            match archive {
                Some(archive) => write(out, format_args!("\n\n{what} from {archive}[{name}]:\n\n")),
                None => write(out, format_args!("\n\n{what} from {name}:\n\n")),
            }
            out.extend_from_slice(
                b"Name                  Value           Class        Type         Size             Line  Section\n\n",
            );
        }
        (Format::Bsd, Some(_)) if !options.print_file_name => write(out, format_args!("\n{name}:\n")),
        (Format::Bsd, None) if options.headings && !options.print_file_name => {
            write(out, format_args!("\n{name}:\n"));
        }
        (Format::Posix, Some(archive)) if !options.print_file_name => write(out, format_args!("{archive}[{name}]:\n")),
        (Format::Posix, None) if options.headings && !options.print_file_name => write(out, format_args!("{name}:\n")),
        _ => {}
    }
}

fn file_name(place: Place<'_>, options: &Options, out: &mut Vec<u8>) {
    match (options.format, place.archive) {
        (Format::Posix, Some(archive)) => write(out, format_args!("{archive}[{}]: ", place.name)),
        (Format::Posix, None) => write(out, format_args!("{}: ", place.name)),
        (Format::Names, _) => {}
        (_, Some(archive)) => write(out, format_args!("{archive}:{}:", place.name)),
        (_, None) => write(out, format_args!("{}:", place.name)),
    }
}

fn is_listed(symbol: &ProgramSymbol<'_>, options: &Options) -> bool {
    let undefined = symbol.place == SymbolPlace::Undefined;
    let common = symbol.place == SymbolPlace::Common;
    let external =
        is_global(symbol) || matches!(symbol.binding, Binding::Weak | Binding::Unique) || undefined || common;
    (!options.undefined_only || undefined)
        && (options.undefined_only || !options.extern_only || external)
        && (!options.no_weak || symbol.binding != Binding::Weak)
        && (options.debug || !is_debugging(symbol))
        && !(options.order == Order::Size && (undefined || symbol.place == SymbolPlace::Absolute || symbol.size == 0))
        && !(options.defined_only && undefined)
}

fn sort(program: &Program<'_>, lines: &mut [&ProgramSymbol<'_>], options: &Options) {
    let by_name = |a: &ProgramSymbol<'_>, b: &ProgramSymbol<'_>| symbol_name(program, a).cmp(symbol_name(program, b));
    let is_undefined = |symbol: &ProgramSymbol<'_>| symbol.place == SymbolPlace::Undefined;
    let by_value = |a: &ProgramSymbol<'_>, b: &ProgramSymbol<'_>| match (is_undefined(a), is_undefined(b)) {
        (true, true) => by_name(a, b),
        (false, false) => shown_value(a).cmp(&shown_value(b)).then_with(|| by_name(a, b)),
        (undefined, _) => {
            if undefined {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
    };
    let compare: &dyn Fn(&ProgramSymbol<'_>, &ProgramSymbol<'_>) -> Ordering = match options.order {
        Order::File => return,
        Order::Name => &by_name,
        Order::Value => &by_value,
        Order::Size => &|a, b| a.size.cmp(&b.size).then_with(|| by_name(a, b)),
    };
    if options.order == Order::Size {
        // What is equal in size and name stays in this order, also when the order is turned round.
        lines.sort_by_key(|symbol| symbol.value);
    }
    lines.sort_by(|a, b| if options.reverse { compare(b, a) } else { compare(a, b) });
}

fn number(value: u64, radix: Radix, padded: bool, out: &mut Vec<u8>) {
    match (radix, padded) {
        (Radix::Hexadecimal, true) => write(out, format_args!("{value:016x}")),
        (Radix::Hexadecimal, false) => write(out, format_args!("{value:x}")),
        (Radix::Decimal, true) => write(out, format_args!("{:016}", value as i64)),
        (Radix::Decimal, false) => write(out, format_args!("{}", value as i64)),
        (Radix::Octal, true) => write(out, format_args!("{value:016o}")),
        (Radix::Octal, false) => write(out, format_args!("{value:o}")),
    }
}

const BLANK_NUMBER: &[u8] = b"                ";

fn line(program: &Program<'_>, symbol: &ProgramSymbol<'_>, options: &Options, out: &mut Vec<u8>) {
    let mut class = class(program, symbol);
    if let Some([global, local]) = options.ifunc_letters.filter(|_| class == b'i') {
        class = if symbol.binding == Binding::Local { local } else { global };
    }
    let undefined = matches!(class, b'U' | b'v' | b'w');
    let value = shown_value(symbol);
    match options.format {
        Format::Bsd => {
            if undefined {
                out.extend_from_slice(BLANK_NUMBER);
            } else {
                let shown = if options.order == Order::Size && !options.print_size { symbol.size } else { value };
                number(shown, options.radix, true, out);
                if options.print_size && symbol.size != 0 {
                    out.push(b' ');
                    number(symbol.size, options.radix, true, out);
                }
            }
            out.extend_from_slice(&[b' ', class, b' ']);
            name(program, symbol, options, out);
        }
        Format::Posix => {
            name(program, symbol, options, out);
            out.extend_from_slice(&[b' ', class, b' ']);
            if undefined {
                out.extend_from_slice(b"        ");
            } else {
                number(value, options.radix, false, out);
                out.push(b' ');
                if symbol.size != 0 {
                    number(symbol.size, options.radix, false, out);
                }
            }
        }
        Format::Sysv => sysv_line(program, symbol, class, options, out),
        Format::Names => name(program, symbol, options, out),
    }
    out.push(b'\n');
}

fn sysv_line(program: &Program<'_>, symbol: &ProgramSymbol<'_>, class: u8, options: &Options, out: &mut Vec<u8>) {
    let start = out.len();
    name(program, symbol, options, out);
    let width = out.len() - start;
    out.extend(std::iter::repeat_n(b' ', 20usize.saturating_sub(width)));
    out.push(b'|');
    if matches!(class, b'U' | b'v' | b'w') {
        out.extend_from_slice(BLANK_NUMBER);
    } else {
        number(shown_value(symbol), options.radix, true, out);
    }
    let kind = match symbol.kind {
        SymbolKind::None => "NOTYPE",
        SymbolKind::Object => "OBJECT",
        SymbolKind::Common => "COMMON",
        SymbolKind::Function => "FUNC",
        // It is made up: nothing of it stands in the symbol table but its section.
        SymbolKind::Section => "",
        SymbolKind::File => "FILE",
        SymbolKind::Tls => "TLS",
        // binutils have no name for it here.
        SymbolKind::IFunc => "<OS specific>: 10",
    };
    write(out, format_args!("|   {}  |{kind:>18}|", char::from(class)));
    if symbol.size == 0 {
        out.extend_from_slice(BLANK_NUMBER);
    } else {
        number(symbol.size, options.radix, true, out);
    }
    out.extend_from_slice(b"|     |");
    if symbol.kind != SymbolKind::Section {
        out.extend_from_slice(section_name(program, symbol));
    }
}

/// The name with its version.
fn name(program: &Program<'_>, symbol: &ProgramSymbol<'_>, options: &Options, out: &mut Vec<u8>) {
    let name = symbol_name(program, symbol);
    out.extend_from_slice(&shown_name(program, symbol, options.demangle));
    if let Some((version, is_default)) = &symbol.version
        && !options.no_versions
        // A version's own symbol is called as the version.
        && **version != *name
    {
        out.extend_from_slice(if *is_default { b"@@" } else { b"@" });
        out.extend_from_slice(version);
    }
}

/// Sections that Microsoft's tools know by name, before a digit, a dot, a dollar or their end.
const NAMED_CLASSES: &[(&[u8], u8)] = &[(b".drectve", b'i'), (b".edata", b'e'), (b".idata", b'i'), (b".pdata", b'p')];

/// The letter for a symbol.
pub fn class(program: &Program<'_>, symbol: &ProgramSymbol<'_>) -> u8 {
    let weak = symbol.binding == Binding::Weak;
    let object = symbol.kind == SymbolKind::Object;
    match symbol.place {
        SymbolPlace::Common => return b'C',
        SymbolPlace::Undefined => {
            return if !weak {
                b'U'
            } else if object {
                b'v'
            } else {
                b'w'
            };
        }
        _ => {}
    }
    if symbol.kind == SymbolKind::IFunc {
        return b'i';
    }
    if weak {
        return if object { b'V' } else { b'W' };
    }
    if symbol.binding == Binding::Unique {
        return b'u';
    }
    let letter = match section_of(program, symbol) {
        None => b'a',
        Some(section) => {
            let named = NAMED_CLASSES.iter().find(|(prefix, _)| {
                let rest = section.name.strip_prefix(*prefix);
                rest.is_some_and(|rest| rest.first().is_none_or(|byte| b".$0123456789".contains(byte)))
            });
            named.map_or_else(|| section_class(attributes(section)), |&(_, letter)| letter)
        }
    };
    if symbol.binding == Binding::Global { letter.to_ascii_uppercase() } else { letter }
}

fn section_class(attributes: Attributes) -> u8 {
    if attributes.has(Attributes::CODE) {
        return b't';
    }
    if attributes.has(Attributes::DATA) {
        return if attributes.has(Attributes::READONLY) { b'r' } else { b'd' };
    }
    if !attributes.has(Attributes::CONTENTS) {
        return b'b';
    }
    if attributes.has(Attributes::DEBUGGING) {
        return b'N';
    }
    if attributes.has(Attributes::READONLY) { b'n' } else { b'?' }
}
