//! The text of `objdump`: headers, symbols, relocations, contents; as GNU objdump 2.40 writes it for 64-bit files.

use crate::archive::{Member, verbose_line};
use crate::list::{
    ATTRIBUTE_WORDS, Attributes, Demangle, Place, attributes, is_debugging, is_global, section_name, shown_name,
    shown_value,
};
use crate::program::{Program, ProgramKind, ProgramReloc, ProgramSection, ProgramSymbol, SymbolPlace};
use crate::{Binding, SymbolKind, Visibility};
use std::fmt::Arguments;
use std::io::Write;

/// What is shown. Several parts come in the order of these fields.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    pub archive_headers: bool,
    pub file_headers: bool,
    pub private_headers: bool,
    pub section_headers: bool,
    pub symbols: bool,
    pub dynamic_symbols: bool,
    pub relocs: bool,
    pub dynamic_relocs: bool,
    pub contents: bool,
    /// Lines longer than a terminal's are welcome.
    pub wide: bool,
    /// Contents begin with their offsets in the file.
    pub file_offsets: bool,
    /// Of contents only these addresses.
    pub start: Option<u64>,
    pub stop: Option<u64>,
    /// For the names of C++ and others.
    pub demangle: Option<Demangle>,
}

/// The sections that are asked for by name; all when there is none.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub names: Vec<String>,
    /// Which of them were found in any file.
    pub found: Vec<bool>,
}

impl Wanted {
    pub fn new(names: Vec<String>) -> Wanted {
        Wanted { found: vec![false; names.len()], names }
    }

    /// Whether a section is shown; notes that it was found.
    pub fn has(&mut self, section: &[u8]) -> bool {
        let mut any = self.names.is_empty();
        for (name, found) in self.names.iter().zip(&mut self.found) {
            if name.as_bytes() == section {
                *found = true;
                any = true;
            }
        }
        any
    }
}

/// What only the file's format and architecture know.
pub struct Facts<'f> {
    /// The name of a relocation, by the format's number.
    pub reloc_name: &'f dyn Fn(u32) -> Option<&'static str>,
    /// The text of [`Parts::private_headers`].
    pub private_headers: &'f [u8],
    /// Appends the text of the debug information that is wanted; the answer is what was wrong.
    pub debug: Option<ShowDebug<'f>>,
}

pub type ShowDebug<'f> = &'f dyn Fn(&mut Vec<u8>) -> Vec<String>;

/// Moves everything but debug information by `by`. Of what is linked, addresses of sections alone: where they are loaded and
/// symbols stay, as GNU has it.
pub fn move_program(program: &mut Program<'_>, by: u64) {
    let is_linked = program.kind != ProgramKind::Object;
    for section in program.sections.iter_mut().filter(|section| !attributes(section).has(Attributes::DEBUGGING)) {
        section.address = section.address.wrapping_add(by);
        if !is_linked {
            section.load_address = section.load_address.wrapping_add(by);
        }
    }
    if is_linked {
        return;
    }
    let sections = &program.sections;
    for symbol in program.symbols.iter_mut().chain(&mut program.dynamic_symbols) {
        if let SymbolPlace::Section(idx) = symbol.place
            && sections.get(idx as usize).is_some_and(|section| !attributes(section).has(Attributes::DEBUGGING))
        {
            symbol.value = symbol.value.wrapping_add(by);
        }
    }
}

/// Shows one object. The messages say what was asked for and is not there.
pub fn list(
    program: &Program<'_>,
    place: Place<'_>,
    member: Option<&Member<'_>>,
    parts: &Parts,
    wanted: &mut Wanted,
    facts: &Facts<'_>,
    out: &mut Vec<u8>,
) -> Vec<String> {
    let mut missing = Vec::new();
    write(out, format_args!("\n{}:     file format {}\n", place.name, program.format_name));
    if parts.archive_headers {
        match member {
            Some(member) => write(out, format_args!("{}\n", verbose_line(member))),
            None => write(out, format_args!("{}\n", place.name)),
        }
    }
    if parts.file_headers {
        file_header(program, out);
    }
    if parts.private_headers {
        out.extend_from_slice(facts.private_headers);
    }
    out.push(b'\n');
    if parts.section_headers {
        section_headers(program, parts, wanted, out);
    }
    if (parts.dynamic_symbols || parts.dynamic_relocs) && !is_dynamic(program) {
        missing.push("not a dynamic object".to_string());
    }
    if parts.symbols {
        out.extend_from_slice(b"SYMBOL TABLE:\n");
        symbols(program, &program.symbols, false, parts, wanted, out);
    }
    if parts.dynamic_symbols {
        out.extend_from_slice(b"DYNAMIC SYMBOL TABLE:\n");
        symbols(program, &program.dynamic_symbols, true, parts, wanted, out);
    }
    if let Some(debug) = facts.debug {
        missing.extend(debug(out));
    }
    if parts.relocs {
        for section in shown(program) {
            if wanted.has(&section.name) && !section.relocs.is_empty() {
                section_relocs(program, section, parts, facts, out);
            }
        }
    }
    if parts.dynamic_relocs {
        if !is_dynamic(program) {
            missing.push("invalid operation".to_string());
            return missing;
        }
        out.extend_from_slice(b"DYNAMIC RELOCATION RECORDS");
        if program.dynamic_relocs.is_empty() {
            out.extend_from_slice(b" (none)\n\n");
        } else {
            out.push(b'\n');
            relocs(program, &program.dynamic_relocs, &program.dynamic_symbols, parts, facts, out);
        }
    }
    if parts.contents {
        for section in shown(program) {
            if wanted.has(&section.name) {
                contents(section, parts, out);
            }
        }
    }
    missing
}

fn write(out: &mut Vec<u8>, text: Arguments<'_>) {
    // Writing into memory does not fail.
    let _ = out.write_fmt(text);
}

/// Has a table for the dynamic linker, even an empty one.
fn is_dynamic(program: &Program<'_>) -> bool {
    !program.dynamic_symbols.is_empty() || !program.dynamic.is_empty()
}

/// The sections that are no bookkeeping of the format.
fn shown<'p, 'a>(program: &'p Program<'a>) -> impl Iterator<Item = &'p ProgramSection<'a>> {
    program.sections.iter().filter(|section| !section.bookkeeping)
}

type FileFact = fn(&Program<'_>) -> bool;

/// Facts about a whole file in binutils' terms (`bfd/bfd.c`), with their bits.
static FILE_FLAGS: &[(u32, &str, FileFact)] = &[
    (0x001, "HAS_RELOC", |program| !program.relocs.is_empty()),
    (0x002, "EXEC_P", |program| program.kind == ProgramKind::Fixed),
    (0x010, "HAS_SYMS", |program| !program.symbols.is_empty() || !program.dynamic_symbols.is_empty()),
    (0x040, "DYNAMIC", |program| program.kind == ProgramKind::Shared),
    (0x100, "D_PAGED", |program| matches!(program.kind, ProgramKind::Fixed | ProgramKind::Shared)),
];

fn file_header(program: &Program<'_>, out: &mut Vec<u8>) {
    let flags: Vec<_> = FILE_FLAGS.iter().filter(|(_, _, holds)| holds(program)).collect();
    let bits = flags.iter().fold(0, |bits, (bit, ..)| bits | bit);
    let words: Vec<&str> = flags.iter().map(|(_, word, _)| *word).collect();
    write(out, format_args!("architecture: {}, flags {bits:#010x}:\n{}\n", program.arch_name, words.join(", ")));
    write(out, format_args!("start address {:#018x}\n", program.entry));
}

fn section_headers(program: &Program<'_>, parts: &Parts, wanted: &mut Wanted, out: &mut Vec<u8>) {
    let wide = parts.wide;
    let longest = if wide { shown(program).map(|section| section.name.len()).max().unwrap_or(0) } else { 0 };
    let width = longest.max(13);
    write(out, format_args!("Sections:\nIdx {:<width$} Size      {:18}{:18}File off  Algn", "Name", "VMA", "LMA"));
    out.extend_from_slice(if wide { b"  Flags\n" } else { b"\n" });
    for (idx, section) in shown(program).enumerate() {
        if !wanted.has(&section.name) {
            continue;
        }
        write(out, format_args!("{idx:3} "));
        out.extend_from_slice(&section.name);
        pad(width.saturating_sub(section.name.len()), out);
        // Where contents are shown they are those of the file, and so are the figures.
        let (size, align) = match section.decompressed {
            Some(facts) if !parts.contents => facts,
            _ => (section.size, section.align),
        };
        let align = align.checked_next_power_of_two().map_or(64, u64::trailing_zeros);
        write(
            out,
            format_args!(
                " {:08x}  {:016x}  {:016x}  {:08x}  2**{align}",
                size, section.address, section.load_address, section.file_offset
            ),
        );
        if !wide {
            out.extend_from_slice(b"\n                ");
        }
        let attributes = attributes(section);
        let words: Vec<&str> =
            ATTRIBUTE_WORDS.iter().filter(|(bit, _)| attributes.has(*bit)).map(|(_, word)| *word).collect();
        write(out, format_args!("  {}\n", words.join(", ")));
    }
}

fn pad(n: usize, out: &mut Vec<u8>) {
    out.extend(std::iter::repeat_n(b' ', n));
}

fn symbols(
    program: &Program<'_>,
    table: &[ProgramSymbol<'_>],
    dynamic: bool,
    parts: &Parts,
    wanted: &mut Wanted,
    out: &mut Vec<u8>,
) {
    if table.is_empty() {
        out.extend_from_slice(b"no symbols\n");
    }
    for symbol in table {
        if wanted.has(section_name(program, symbol)) {
            symbol_line(program, symbol, dynamic, parts, out);
        }
    }
    out.extend_from_slice(b"\n\n");
}

fn symbol_line(program: &Program<'_>, symbol: &ProgramSymbol<'_>, dynamic: bool, parts: &Parts, out: &mut Vec<u8>) {
    let bound = match symbol.binding {
        Binding::Local => 'l',
        Binding::Unique => 'u',
        _ if is_global(symbol) => 'g',
        _ => ' ',
    };
    let weak = if symbol.binding == Binding::Weak { 'w' } else { ' ' };
    let indirect = if symbol.kind == SymbolKind::IFunc { 'i' } else { ' ' };
    let debugging = match (is_debugging(symbol), dynamic) {
        (true, _) => 'd',
        (false, true) => 'D',
        (false, false) => ' ',
    };
    let kind = match symbol.kind {
        SymbolKind::Function => 'F',
        SymbolKind::File => 'f',
        SymbolKind::Object | SymbolKind::Common => 'O',
        SymbolKind::None | SymbolKind::Section | SymbolKind::Tls | SymbolKind::IFunc => ' ',
    };
    write(out, format_args!("{:016x} {bound}{weak}  {indirect}{debugging}{kind} ", shown_value(symbol)));
    out.extend_from_slice(section_name(program, symbol));
    // The size, or the alignment where the size stands in front.
    let other = if symbol.place == SymbolPlace::Common { symbol.value } else { symbol.size };
    write(out, format_args!("\t{other:016x}"));
    if program.versioned {
        match &symbol.version {
            Some((version, true)) => write(out, format_args!("  {:<11}", String::from_utf8_lossy(version))),
            Some((version, false)) => {
                write(out, format_args!(" ({})", String::from_utf8_lossy(version)));
                pad(10usize.saturating_sub(version.len()), out);
            }
            None => write(out, format_args!("  {:<11}", if symbol.base_version { "Base" } else { "" })),
        }
    }
    out.extend_from_slice(match symbol.visibility {
        Visibility::Default => b" ",
        Visibility::Internal => b" .internal ",
        Visibility::Hidden => b" .hidden ",
        Visibility::Protected => b" .protected ",
    });
    out.extend_from_slice(&shown_name(program, symbol, parts.demangle));
    out.push(b'\n');
}

fn section_relocs(
    program: &Program<'_>,
    section: &ProgramSection<'_>,
    parts: &Parts,
    facts: &Facts<'_>,
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(b"RELOCATION RECORDS FOR [");
    out.extend_from_slice(&section.name);
    out.extend_from_slice(b"]:\n");
    let range = section.relocs.start as usize..section.relocs.end as usize;
    relocs(program, program.relocs.get(range).unwrap_or(&[]), &program.symbols, parts, facts, out);
}

fn relocs(
    program: &Program<'_>,
    records: &[ProgramReloc],
    table: &[ProgramSymbol<'_>],
    parts: &Parts,
    facts: &Facts<'_>,
    out: &mut Vec<u8>,
) {
    out.extend_from_slice(b"OFFSET           TYPE              VALUE\n");
    for reloc in records {
        match (facts.reloc_name)(reloc.number) {
            Some(name) => write(out, format_args!("{:016x} {name:<16}  ", reloc.offset)),
            None => write(out, format_args!("{:016x} {:<16}  ", reloc.offset, reloc.number)),
        }
        match reloc.symbol.and_then(|idx| table.get(idx as usize)) {
            Some(symbol) => {
                out.extend_from_slice(&shown_name(program, symbol, parts.demangle));
                let base = symbol.base_version.then_some((&b"Base"[..], symbol.place != SymbolPlace::Undefined));
                let version = symbol.version.as_ref().map(|(name, default)| (&**name, *default));
                if let Some((version, default)) = version.or(base) {
                    out.extend_from_slice(if default { b"@@" } else { b"@" });
                    out.extend_from_slice(version);
                }
            }
            None => out.extend_from_slice(b"*ABS*"),
        }
        if reloc.addend != 0 {
            let sign = if reloc.addend < 0 { '-' } else { '+' };
            write(out, format_args!("{sign}0x{:016x}", reloc.addend.unsigned_abs()));
        }
        out.push(b'\n');
    }
    out.extend_from_slice(b"\n\n");
}

/// Bytes in hexadecimal and as characters, sixteen a line, in front the address in as many digits as the longest needs.
fn contents(section: &ProgramSection<'_>, parts: &Parts, out: &mut Vec<u8>) {
    let len = section.data.len();
    let offset = |address: u64| usize::try_from(address.saturating_sub(section.address)).unwrap_or(len).min(len);
    let (first, end) = (parts.start.map_or(0, offset), parts.stop.map_or(len, offset));
    if !attributes(section).has(Attributes::CONTENTS) || first >= end {
        return;
    }
    out.extend_from_slice(b"Contents of section ");
    out.extend_from_slice(&section.name);
    out.push(b':');
    if parts.file_offsets {
        let offset = section.file_offset.saturating_add(first as u64);
        write(out, format_args!("  (Starting at file offset: {offset:#x})"));
    }
    out.push(b'\n');
    let start = section.address.wrapping_add(first as u64);
    let last = section.address.wrapping_add(end as u64 - 1);
    let width = [start, last].map(|address| format!("{address:x}").len()).into_iter().fold(4, usize::max);
    for (idx, row) in section.data[first..end].chunks(16).enumerate() {
        let address = start.wrapping_add(16 * idx as u64);
        write(out, format_args!(" {address:0width$x} "));
        for at in 0..16 {
            match row.get(at) {
                Some(byte) => {
                    const DIGITS: &[u8; 16] = b"0123456789abcdef";
                    out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
                }
                None => out.extend_from_slice(b"  "),
            }
            if (first + at) % 4 == 3 {
                out.push(b' ');
            }
        }
        out.push(b' ');
        out.extend(row.iter().map(|&byte| if (b' '..=b'~').contains(&byte) { byte } else { b'.' }));
        pad(16 - row.len(), out);
        out.push(b'\n');
    }
}
