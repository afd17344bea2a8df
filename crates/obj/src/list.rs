//! What `nm` and `objdump -h -t -r -s` print, as GNU binutils print it: pure functions from bytes to text, for objects,
//! programs and archives of any format that a [`FileReader`] reads.
//!
//! The text is an interface (build scripts parse it), so that columns, letters and blank lines follow binutils 2.40 to
//! the byte; the tests compare.

use crate::archive::{Archive, is_archive};
use crate::program::{GroupRole, Program, ProgramSection, ProgramSymbol, SymbolPlace};
use crate::{Binding, ReadError, SectionFlags, SectionKind, SymbolKind, Visibility};
use std::fmt::Write;

/// Reads files of some formats for the listers.
pub trait FileReader {
    /// # Errors
    /// When the file is of no known format, or malformed.
    fn read<'a>(&self, bytes: &'a [u8]) -> Result<Program<'a>, ReadError>;
    /// The name of a relocation number in such a file.
    fn reloc_name(&self, program: &Program<'_>, number: u32) -> Option<&'static str>;
}

/// How `nm` names what it lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NmFormat {
    #[default]
    Bsd,
    /// `-P`
    Posix,
}

/// The options of `nm`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct NmOptions {
    pub format: NmFormat,
    /// `-a`: also symbols that are only for debuggers.
    pub debug_symbols: bool,
    /// `-g`
    pub external_only: bool,
    /// `-u`
    pub undefined_only: bool,
    /// `--defined-only`
    pub defined_only: bool,
    /// `-n`
    pub sort_by_address: bool,
    /// `-p`: in the order of the file.
    pub no_sort: bool,
    /// `-r`
    pub reverse: bool,
    /// `-D`
    pub dynamic: bool,
    /// `-S`
    pub print_size: bool,
    /// `-A`: the file's name on each line.
    pub print_file_name: bool,
    /// `-s`: the index of an archive.
    pub archive_index: bool,
    /// Several files are listed, each under its name.
    pub several_files: bool,
}

/// Lists the symbols of the file `name`. Returns what is to be said on standard error, without the tool's name.
///
/// # Errors
/// When the file or archive cannot be read at all.
pub fn nm(
    reader: &dyn FileReader,
    name: &str,
    bytes: &[u8],
    options: &NmOptions,
    out: &mut String,
) -> Result<Vec<String>, ReadError> {
    let mut complaints = Vec::new();
    if !is_archive(bytes) {
        let program = reader.read(bytes)?;
        if options.several_files && !options.print_file_name {
            match options.format {
                NmFormat::Bsd => line(out, format_args!("\n{name}:")),
                NmFormat::Posix => line(out, format_args!("{name}:")),
            }
        }
        nm_program(&program, None, name, options, out, &mut complaints);
        return Ok(complaints);
    }
    let archive = Archive::parse(bytes)?;
    if options.format == NmFormat::Bsd && options.several_files && !options.print_file_name {
        line(out, format_args!("\n{name}:"));
    }
    if options.archive_index && archive.has_index() {
        line(out, format_args!("\nArchive index:"));
        for (symbol, offset) in archive.index() {
            let member = archive.member_at(offset)?;
            line(out, format_args!("{} in {}", text(symbol), text(&member.name)));
        }
    }
    for member in archive.members() {
        let member = member?;
        let member_name = text(&member.name);
        if !options.print_file_name {
            match options.format {
                NmFormat::Bsd => line(out, format_args!("\n{member_name}:")),
                NmFormat::Posix => line(out, format_args!("{name}[{member_name}]:")),
            }
        }
        match reader.read(member.data) {
            Ok(program) => nm_program(&program, Some(name), &member_name, options, out, &mut complaints),
            Err(_) => complaints.push(format!("{member_name}: file format not recognized")),
        }
    }
    Ok(complaints)
}

fn nm_program(
    program: &Program<'_>,
    archive: Option<&str>,
    name: &str,
    options: &NmOptions,
    out: &mut String,
    complaints: &mut Vec<String>,
) {
    let symbols = if options.dynamic { &program.dynamic_symbols } else { &program.symbols };
    let mut listed: Vec<&ProgramSymbol<'_>> = symbols.iter().filter(|symbol| nm_keeps(symbol, options)).collect();
    if symbols.is_empty() {
        complaints.push(format!("{name}: no symbols"));
        return;
    }
    if !options.no_sort {
        // binutils' names are those of sections for section symbols; equal ones keep the file's order.
        let key = |symbol: &&ProgramSymbol<'_>| {
            let address = options.sort_by_address.then(|| {
                let defined = symbol.place != SymbolPlace::Undefined;
                (defined, if defined { nm_value(symbol) } else { 0 })
            });
            (address, symbol_name(program, symbol).to_vec())
        };
        listed.sort_by_cached_key(key);
        if options.reverse {
            listed.reverse();
        }
    }
    let prefix = match (options.print_file_name, options.format, archive) {
        (false, _, _) => String::new(),
        (true, NmFormat::Bsd, None) => format!("{name}:"),
        (true, NmFormat::Bsd, Some(archive)) => format!("{archive}:{name}:"),
        (true, NmFormat::Posix, None) => format!("{name}: "),
        (true, NmFormat::Posix, Some(archive)) => format!("{archive}[{name}]: "),
    };
    for symbol in listed {
        out.push_str(&prefix);
        nm_line(program, symbol, options, out);
    }
}

/// One symbol, without the prefix of `-A`.
fn nm_line(program: &Program<'_>, symbol: &ProgramSymbol<'_>, options: &NmOptions, out: &mut String) {
    let letter = nm_letter(program, symbol);
    let undefined = matches!(letter, 'U' | 'w' | 'v');
    let value = nm_value(symbol);
    let mut shown = text(symbol_name(program, symbol));
    // The symbol that stands for a version itself has its name.
    if let Some((version, default)) = symbol.version.as_ref().filter(|(version, _)| *version != symbol.name) {
        shown.push_str(if *default { "@@" } else { "@" });
        shown.push_str(&text(version));
    }
    match options.format {
        NmFormat::Bsd => {
            if undefined {
                let _ = write!(out, "{:16}", "");
            } else {
                let _ = write!(out, "{value:016x}");
                if options.print_size && symbol.size != 0 {
                    let _ = write!(out, " {:016x}", symbol.size);
                }
            }
            line(out, format_args!(" {letter} {shown}"));
        }
        NmFormat::Posix => {
            let _ = write!(out, "{shown} {letter} ");
            if undefined {
                out.push_str("        ");
            } else {
                let _ = write!(out, "{value:x} ");
                if symbol.size != 0 {
                    let _ = write!(out, "{:x}", symbol.size);
                }
            }
            out.push('\n');
        }
    }
}

fn nm_keeps(symbol: &ProgramSymbol<'_>, options: &NmOptions) -> bool {
    let undefined = symbol.place == SymbolPlace::Undefined;
    let debugging = matches!(symbol.kind, SymbolKind::Section | SymbolKind::File);
    let wanted = if options.undefined_only {
        undefined
    } else {
        !options.external_only || symbol.binding != Binding::Local || undefined || symbol.place == SymbolPlace::Common
    };
    wanted && (options.debug_symbols || !debugging) && !(options.defined_only && undefined)
}

/// The value as binutils have it: of a common symbol its size.
fn nm_value(symbol: &ProgramSymbol<'_>) -> u64 {
    if symbol.place == SymbolPlace::Common { symbol.size } else { symbol.value }
}

/// The letter of a symbol's class (`nm(1)`).
pub fn nm_letter(program: &Program<'_>, symbol: &ProgramSymbol<'_>) -> char {
    let object = symbol.kind == SymbolKind::Object;
    let weak = symbol.binding == Binding::Weak;
    match symbol.place {
        SymbolPlace::Common => return 'C',
        SymbolPlace::Undefined if weak => return if object { 'v' } else { 'w' },
        SymbolPlace::Undefined => return 'U',
        _ => {}
    }
    if symbol.kind == SymbolKind::IFunc {
        return 'i';
    }
    if weak {
        return if object { 'V' } else { 'W' };
    }
    if symbol.binding == Binding::Unique {
        return 'u';
    }
    let letter = match symbol.place {
        SymbolPlace::Section(idx) => match program.sections.get(idx as usize) {
            Some(section) => section_letter(section),
            None => '?',
        },
        _ => 'a',
    };
    if symbol.binding == Binding::Global { letter.to_ascii_uppercase() } else { letter }
}

fn section_letter(section: &ProgramSection<'_>) -> char {
    let facts = SectionFacts::of(section);
    if facts.code {
        't'
    } else if facts.data {
        if facts.read_only { 'r' } else { 'd' }
    } else if !facts.contents {
        'b'
    } else if facts.debugging {
        'N'
    } else if facts.read_only {
        'n'
    } else {
        '?'
    }
}

/// The properties that binutils give a section of its format.
struct SectionFacts {
    contents: bool,
    alloc: bool,
    load: bool,
    read_only: bool,
    code: bool,
    data: bool,
    debugging: bool,
    octets: bool,
}

impl SectionFacts {
    fn of(section: &ProgramSection<'_>) -> SectionFacts {
        const DEBUGGING: &[&[u8]] = &[b".debug", b".gnu.debuglto_.debug_", b".gnu.linkonce.wi.", b".zdebug"];
        const DEBUGGING_TEXT: &[&[u8]] = &[b".line", b".stab"];
        const NOTES: &[&[u8]] = &[b".gnu.build.attributes", b".note.gnu"];
        let flags = section.flags;
        let begins = |prefixes: &[&[u8]]| prefixes.iter().any(|prefix| section.name.starts_with(prefix));
        let contents = section.kind != SectionKind::Nobits;
        let alloc = flags.has(SectionFlags::ALLOC);
        let load = alloc && contents;
        let debug = !alloc && begins(DEBUGGING);
        SectionFacts {
            contents,
            alloc,
            load,
            read_only: !flags.has(SectionFlags::WRITE),
            code: flags.has(SectionFlags::EXEC),
            data: load && !flags.has(SectionFlags::EXEC),
            debugging: debug || !alloc && (begins(DEBUGGING_TEXT) || *section.name == *b".gdb_index"),
            octets: debug || !alloc && begins(NOTES),
        }
    }
}

/// What `objdump` shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ObjdumpOptions<'o> {
    /// `-h`
    pub section_headers: bool,
    /// `-t`
    pub symbols: bool,
    /// `-r`
    pub relocs: bool,
    /// `-s`
    pub contents: bool,
    /// `-j`: only these sections; all when empty.
    pub only_sections: &'o [&'o str],
}

/// Shows the file `name`. Returns what is to be said on standard error, without the tool's name.
///
/// # Errors
/// When the file or archive cannot be read at all.
pub fn objdump(
    reader: &dyn FileReader,
    name: &str,
    bytes: &[u8],
    options: &ObjdumpOptions<'_>,
    out: &mut String,
) -> Result<Vec<String>, ReadError> {
    let mut complaints = Vec::new();
    if !is_archive(bytes) {
        objdump_program(reader, &reader.read(bytes)?, name, options, out);
        return Ok(complaints);
    }
    let archive = Archive::parse(bytes)?;
    line(out, format_args!("In archive {name}:"));
    for member in archive.members() {
        let member = member?;
        let member_name = text(&member.name);
        match reader.read(member.data) {
            Ok(program) => objdump_program(reader, &program, &member_name, options, out),
            Err(_) => complaints.push(format!("{member_name}: file format not recognized")),
        }
    }
    Ok(complaints)
}

fn objdump_program(
    reader: &dyn FileReader,
    program: &Program<'_>,
    name: &str,
    options: &ObjdumpOptions<'_>,
    out: &mut String,
) {
    line(out, format_args!("\n{name}:     file format {}\n", program.format_name));
    if options.section_headers {
        show_headers(program, options, out);
    }
    if options.symbols {
        show_symbols(program, out);
    }
    if options.relocs {
        show_relocs(reader, program, options, out);
    }
    if options.contents {
        show_contents(program, options, out);
    }
}

/// The sections that binutils see, each with its number among them.
fn shown_sections<'p, 'a>(program: &'p Program<'a>) -> impl Iterator<Item = (usize, &'p ProgramSection<'a>)> {
    program.sections.iter().filter(|section| !section.bookkeeping).enumerate()
}

fn is_selected(section: &ProgramSection<'_>, options: &ObjdumpOptions<'_>) -> bool {
    options.only_sections.is_empty() || options.only_sections.iter().any(|name| *section.name == *name.as_bytes())
}

fn show_headers(program: &Program<'_>, options: &ObjdumpOptions<'_>, out: &mut String) {
    out.push_str("Sections:\n");
    out.push_str("Idx Name          Size      VMA               LMA               File off  Algn\n");
    for (number, section) in shown_sections(program).filter(|(_, section)| is_selected(section, options)) {
        line(
            out,
            format_args!(
                "{number:3} {:<13} {:08x}  {:016x}  {:016x}  {:08x}  2**{}",
                text(&section.name),
                section.size,
                section.address,
                section.load_address,
                section.file_offset,
                section.align.max(1).trailing_zeros(),
            ),
        );
        let facts = SectionFacts::of(section);
        let is_table = section.group == GroupRole::Table;
        let link_once = is_table || section.group == GroupRole::None && section.name.starts_with(b".gnu.linkonce");
        let flags: Vec<&str> = [
            (facts.contents, "CONTENTS"),
            (facts.alloc, "ALLOC"),
            (facts.load, "LOAD"),
            (!section.relocs.is_empty(), "RELOC"),
            (facts.read_only, "READONLY"),
            (facts.code, "CODE"),
            (facts.data, "DATA"),
            (facts.debugging, "DEBUGGING"),
            (section.flags.has(SectionFlags::EXCLUDE), "EXCLUDE"),
            (section.flags.has(SectionFlags::TLS), "THREAD_LOCAL"),
            (is_table, "GROUP"),
            (facts.octets, "OCTETS"),
            (link_once, "LINK_ONCE_DISCARD"),
        ]
        .into_iter()
        .filter_map(|(set, name)| set.then_some(name))
        .collect();
        line(out, format_args!("                  {}", flags.join(", ")));
    }
}

fn show_symbols(program: &Program<'_>, out: &mut String) {
    out.push_str("SYMBOL TABLE:\n");
    if program.symbols.is_empty() {
        out.push_str("no symbols\n");
    }
    // Where the file has versions the symbol table has an empty column for them.
    let has_versions = program.dynamic_symbols.iter().any(|symbol| symbol.version.is_some());
    for symbol in &program.symbols {
        let common = symbol.place == SymbolPlace::Common;
        let undefined = symbol.place == SymbolPlace::Undefined;
        let scope = match symbol.binding {
            Binding::Local => 'l',
            Binding::Global if !common && !undefined => 'g',
            Binding::Unique => 'u',
            Binding::Global | Binding::Weak => ' ',
        };
        let section = match symbol.place {
            SymbolPlace::Undefined => "*UND*".into(),
            SymbolPlace::Absolute => "*ABS*".into(),
            SymbolPlace::Common => "*COM*".into(),
            SymbolPlace::Section(idx) => program.sections.get(idx as usize).map_or("?".into(), |s| text(&s.name)),
        };
        let kind = match symbol.kind {
            SymbolKind::Function => 'F',
            SymbolKind::File => 'f',
            SymbolKind::Object => 'O',
            _ => ' ',
        };
        let debugging = matches!(symbol.kind, SymbolKind::Section | SymbolKind::File);
        line(
            out,
            format_args!(
                "{:016x} {scope}{}  {}{}{kind} {section}\t{:016x}{}{} {}",
                if common { symbol.size } else { symbol.value },
                if symbol.binding == Binding::Weak { 'w' } else { ' ' },
                if symbol.kind == SymbolKind::IFunc { 'i' } else { ' ' },
                if debugging { 'd' } else { ' ' },
                if common { symbol.value } else { symbol.size },
                if has_versions { "             " } else { "" },
                match symbol.visibility {
                    Visibility::Default => "",
                    Visibility::Internal => " .internal",
                    Visibility::Hidden => " .hidden",
                    Visibility::Protected => " .protected",
                },
                text(symbol_name(program, symbol)),
            ),
        );
    }
    out.push_str("\n\n");
}

fn show_relocs(reader: &dyn FileReader, program: &Program<'_>, options: &ObjdumpOptions<'_>, out: &mut String) {
    for (_, section) in shown_sections(program) {
        let relocs = program.relocs.get(section.relocs.start as usize..section.relocs.end as usize).unwrap_or(&[]);
        if relocs.is_empty() || !is_selected(section, options) {
            continue;
        }
        line(out, format_args!("RELOCATION RECORDS FOR [{}]:", text(&section.name)));
        out.push_str("OFFSET           TYPE              VALUE\n");
        for reloc in relocs {
            let kind = match reader.reloc_name(program, reloc.number) {
                Some(name) => name.to_string(),
                None => format!("unknown ({})", reloc.number),
            };
            let symbol = reloc.symbol.and_then(|idx| program.symbols.get(idx as usize));
            let target = symbol.map_or("*ABS*".into(), |symbol| text(symbol_name(program, symbol)));
            let _ = write!(out, "{:016x} {kind:<16}  {target}", reloc.offset);
            if reloc.addend != 0 {
                let sign = if reloc.addend < 0 { '-' } else { '+' };
                let _ = write!(out, "{sign}0x{:016x}", reloc.addend.unsigned_abs());
            }
            out.push('\n');
        }
        out.push_str("\n\n");
    }
}

fn show_contents(program: &Program<'_>, options: &ObjdumpOptions<'_>, out: &mut String) {
    for (_, section) in shown_sections(program) {
        if section.data.is_empty() || !is_selected(section, options) {
            continue;
        }
        line(out, format_args!("Contents of section {}:", text(&section.name)));
        let last = section.address.wrapping_add(section.data.len() as u64 - 1);
        let digits = |address: u64| (64 - address.leading_zeros()).div_ceil(4) as usize;
        let width = digits(section.address).max(digits(last)).max(4);
        for (row, bytes) in section.data.chunks(16).enumerate() {
            let address = section.address.wrapping_add(row as u64 * 16);
            let _ = write!(out, " {address:0width$x} ");
            for at in 0..16 {
                match bytes.get(at) {
                    Some(byte) => {
                        let _ = write!(out, "{byte:02x}");
                    }
                    None => out.push_str("  "),
                }
                if at % 4 == 3 {
                    out.push(' ');
                }
            }
            out.push(' ');
            for at in 0..16 {
                out.push(match bytes.get(at) {
                    Some(&byte @ b' '..=b'~') => byte as char,
                    Some(_) => '.',
                    None => ' ',
                });
            }
            out.push('\n');
        }
    }
}

/// A symbol's name; of a section symbol without one, its section's.
fn symbol_name<'p>(program: &'p Program<'_>, symbol: &'p ProgramSymbol<'_>) -> &'p [u8] {
    match symbol.place {
        SymbolPlace::Section(idx) if symbol.kind == SymbolKind::Section && symbol.name.is_empty() => {
            program.sections.get(idx as usize).map_or(&[], |section| &section.name)
        }
        _ => &symbol.name,
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = out.write_fmt(text);
    out.push('\n');
}
