//! The text of `readelf`: what is in an ELF64 file, as GNU readelf 2.40 writes it, because scripts read it.
//!
//! Other than the readers of the rest of this crate it takes a file as it finds it: a table that is damaged is told as a
//! warning, everything else is shown. System V gABI chapters 4 and 5; one file of this folder for each part of the text.
//! Reading order: `file` (the records of the file), `names` (numbers in words), then the parts as they are shown.

mod debug;
mod dump;
mod dynamic;
mod file;
mod header;
pub(crate) mod names;
mod notes;
mod notes_names;
mod relocs;
mod sections;
mod segments;
mod symbols;
mod versions;

pub use debug::debug_sections;

use crate::raw::Result;
use file::File;
use std::fmt::Arguments;
use std::io::Write;

/// How a section's contents are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DumpKind {
    Hex,
    Strings,
    /// In hexadecimal, with its relocations applied.
    Relocated,
}

/// A section to show, by its number or its name.
#[derive(Clone, Debug)]
pub struct Dump {
    pub kind: DumpKind,
    pub section: String,
}

/// In which base the sizes of symbols are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SizeBase {
    /// Decimal up to five digits, then hexadecimal.
    #[default]
    Mixed,
    Octal,
    Decimal,
    Hexadecimal,
}

/// What is shown.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub header: bool,
    pub segments: bool,
    pub sections: bool,
    pub section_details: bool,
    pub section_groups: bool,
    pub symbols: bool,
    pub dynamic_symbols: bool,
    pub relocs: bool,
    pub unwind: bool,
    pub dynamic: bool,
    pub versions: bool,
    pub arch_specific: bool,
    pub notes: bool,
    pub histogram: bool,
    /// Symbols and relocations are those that the dynamic section names.
    pub use_dynamic: bool,
    /// Lines longer than a terminal's are welcome.
    pub wide: bool,
    /// A shortened name ends without a mark.
    pub silent_truncation: bool,
    /// Compressed sections are shown as they were.
    pub decompress: bool,
    pub size_base: SizeBase,
    pub dumps: Vec<Dump>,
}

/// A name as it is to be shown, when that is not as it stands.
pub type Demangle<'f> = &'f dyn Fn(&[u8]) -> Option<String>;

/// What the format alone does not know.
pub struct Facts<'f> {
    /// The name of a relocation, by its number.
    pub reloc_name: &'f dyn Fn(u32) -> Option<&'static str>,
    /// For the names of symbols.
    pub demangle: Option<Demangle<'f>>,
    /// Shows the debug information in the section with that number, if it is wanted. What is ready before it comes first.
    pub debug: Option<ShowDebug<'f>>,
}

/// Appends its text; the answer is what was wrong.
pub type ShowDebug<'f> = &'f dyn Fn(usize, &mut Vec<u8>) -> Vec<String>;

/// One run over one file.
struct Cx<'a, 'o> {
    file: File<'a>,
    options: &'o Options,
    facts: &'o Facts<'o>,
    out: &'o mut Vec<u8>,
    warnings: Vec<String>,
    /// Damaged tables that point into each other must not make a text without end.
    budget: usize,
}

/// Shows one file. The answer is what was wrong with it, in the order found; it does not keep the rest from being shown.
///
/// # Errors
/// It is no ELF64 file of little-endian order, or has no whole header.
pub fn show(bytes: &[u8], options: &Options, facts: &Facts<'_>, out: &mut Vec<u8>) -> Result<Vec<String>> {
    let mut warnings = Vec::new();
    let file = File::read(bytes, &mut warnings)?;
    let budget = bytes.len().saturating_mul(4).saturating_add(100_000);
    let mut cx = Cx { file, options, facts, out, warnings, budget };
    header::file_header(&mut cx);
    sections::section_headers(&mut cx);
    sections::groups(&mut cx);
    segments::program_headers(&mut cx);
    dynamic::dynamic_section(&mut cx);
    relocs::relocations(&mut cx);
    if options.unwind {
        cx.put(format_args!("No processor specific unwind information to decode\n"));
    }
    symbols::symbol_tables(&mut cx);
    symbols::histograms(&mut cx);
    versions::version_sections(&mut cx);
    dump::section_contents(&mut cx);
    notes::all_notes(&mut cx);
    Ok(cx.warnings)
}

impl Cx<'_, '_> {
    fn put(&mut self, text: Arguments<'_>) {
        // Writing into memory does not fail.
        let _ = self.out.write_fmt(text);
    }

    fn bytes(&mut self, text: &[u8]) {
        self.out.extend_from_slice(text);
    }

    fn pad(&mut self, n: usize) {
        self.out.extend(std::iter::repeat_n(b' ', n));
    }

    fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(text.into());
    }

    /// Takes a line from the budget; false when there is none left.
    fn spend(&mut self) -> bool {
        match self.budget.checked_sub(1) {
            Some(left) => {
                self.budget = left;
                true
            }
            None => false,
        }
    }

    /// A section's name where it stands alone: what is not printable is made visible, and it ends after 256 columns.
    fn section_name(&mut self, name: &[u8]) {
        let mut left = 256usize;
        for &byte in name {
            let columns = match byte {
                0x80.. => 4,
                _ if byte.is_ascii_control() => 2,
                _ => 1,
            };
            let Some(rest) = left.checked_sub(columns) else { return };
            left = rest;
            match columns {
                4 => self.put(format_args!("<{byte:02X}>")),
                2 => self.bytes(&[b'^', byte ^ 0x40]),
                _ => self.out.push(byte),
            }
        }
    }

    /// A name in at most `width` columns (any number when lines may be long), control characters made visible, and
    /// blanks behind it up to `width` if `fill`. The number of columns written.
    fn name(&mut self, width: usize, fill: bool, name: &[u8]) -> usize {
        if width == 0 {
            return 0;
        }
        let demangled = self.facts.demangle.and_then(|demangle| demangle(name));
        let name = demangled.as_ref().map_or(name, |text| text.as_bytes());
        let (mut left, mut dots) = (usize::MAX, false);
        if !self.options.wide {
            left = width;
            if name.len() > width && !self.options.silent_truncation {
                left = left.saturating_sub(5);
                dots = true;
            }
        }
        let mut written = 0;
        for &byte in name {
            let columns = if byte.is_ascii_control() { 2 } else { 1 };
            if left < columns {
                break;
            }
            if columns == 2 {
                self.bytes(&[b'^', byte.wrapping_add(0x40)]);
            } else {
                self.out.push(byte);
            }
            left -= columns;
            written += columns;
        }
        if dots {
            self.bytes(b"[...]");
            written += 5;
        }
        if fill && written < width {
            self.pad(width - written);
            written = width;
        }
        written
    }
}
