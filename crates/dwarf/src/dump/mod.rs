//! Debug information as text: `readelf --debug-dump`, `objdump --dwarf`, in the shape of GNU binutils 2.40.
//!
//! Other than [`crate::read`], which looks for answers, this shows what is there, record by record, as far as it can be
//! read: where a record is damaged its table ends with a warning. DWARF 2 to 5 in both byte orders. One file a section; reading
//! order: `reader` (numbers out of bytes), `names` (numbers in words), `units` (what the units say that other sections need), then
//! the sections as the options name them.

mod abbrev;
mod aranges;
mod declared;
mod expr;
mod frames;
mod frames_rows;
mod info;
mod info_values;
mod line;
mod line_header;
mod lists;
mod names;
mod ranges;
mod reader;
mod tables;
mod units;

pub use declared::{Declaration, declarations};

use reader::Reader;
use std::cell::OnceCell;
use std::fmt::Arguments;
use std::io::Write;
use units::Units;

/// What is shown; a set.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parts(u32);

impl Parts {
    pub const ABBREV: Parts = Parts(1);
    pub const ADDR: Parts = Parts(1 << 1);
    pub const ARANGES: Parts = Parts(1 << 2);
    pub const DECODED_LINE: Parts = Parts(1 << 3);
    pub const FRAMES: Parts = Parts(1 << 4);
    pub const FRAMES_INTERP: Parts = Parts(1 << 5);
    pub const INFO: Parts = Parts(1 << 6);
    pub const LOC: Parts = Parts(1 << 7);
    pub const RANGES: Parts = Parts(1 << 8);
    pub const RAW_LINE: Parts = Parts(1 << 9);
    pub const STR: Parts = Parts(1 << 10);
    pub const STR_OFFSETS: Parts = Parts(1 << 11);
    pub const LINE_STR: Parts = Parts(1 << 12);
    /// All sections; lines and frames as they stand.
    pub const ALL: Parts = Parts(((1 << 13) - 1) & !(Parts::DECODED_LINE.0 | Parts::FRAMES_INTERP.0));

    pub fn has(self, other: Parts) -> bool {
        self.0 & other.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn add(&mut self, other: Parts) {
        self.0 |= other.0;
    }
}

/// A part that kit shows, or one that it does not: its word, its letter, and what it is (`None` when it is not shown).
pub struct PartName {
    pub word: &'static str,
    pub letter: char,
    pub parts: Option<Parts>,
}

const fn part(word: &'static str, letter: char, parts: Parts) -> PartName {
    PartName { word, letter, parts: Some(parts) }
}

const fn unknown(word: &'static str, letter: char) -> PartName {
    PartName { word, letter, parts: None }
}

/// binutils' words and letters; some words of ours without a letter (a blank) name single sections.
pub static PART_NAMES: &[PartName] = &[
    part("abbrev", 'a', Parts::ABBREV),
    part("addr", 'A', Parts::ADDR),
    part("aranges", 'r', Parts::ARANGES),
    part("decodedline", 'L', Parts::DECODED_LINE),
    part("frames", 'f', Parts::FRAMES),
    part("frames-interp", 'F', Parts::FRAMES_INTERP),
    part("info", 'i', Parts::INFO),
    part("loc", 'o', Parts::LOC),
    part("loclists", ' ', Parts::LOC),
    part("Ranges", 'R', Parts::RANGES),
    part("ranges", ' ', Parts::RANGES),
    part("rnglists", ' ', Parts::RANGES),
    part("rawline", 'l', Parts::RAW_LINE),
    part("line", ' ', Parts::RAW_LINE),
    part("str", 's', Parts::STR),
    part("line-str", ' ', Parts::LINE_STR),
    part("str-offsets", 'O', Parts::STR_OFFSETS),
    unknown("cu_index", 'c'),
    unknown("gdb_index", 'g'),
    unknown("links", 'k'),
    unknown("macro", 'm'),
    unknown("pubnames", 'p'),
    unknown("pubtypes", 't'),
    unknown("trace_abbrev", 'u'),
    unknown("trace_aranges", 'T'),
    unknown("trace_info", 'U'),
];

/// A section of the file, inflated and relocated.
#[derive(Clone, Copy, Debug, Default)]
pub struct Section<'a> {
    pub name: &'a [u8],
    pub data: &'a [u8],
    pub address: u64,
}

/// A file as it is shown.
#[derive(Default)]
pub struct Input<'a> {
    /// All of them, by their numbers in the file; what is no debug section may be without data.
    pub sections: Vec<Section<'a>>,
    pub big_endian: bool,
    /// Bytes of an address.
    pub address_size: u8,
    /// Of the architecture, by DWARF number; empty strings are gaps.
    pub registers: &'a [&'a str],
    /// Lines may be longer than a terminal's.
    pub wide: bool,
    pub(crate) units: OnceCell<Units>,
}

impl<'a> Input<'a> {
    /// Over a little-endian file with addresses of eight bytes and no names of registers.
    pub fn new(sections: Vec<Section<'a>>) -> Input<'a> {
        Input { sections, address_size: 8, ..Input::default() }
    }

    /// With what else is known of the file, and of the listing.
    #[must_use]
    pub fn with(self, big_endian: bool, address_size: u8, registers: &'a [&'a str], wide: bool) -> Input<'a> {
        Input { big_endian, address_size, registers, wide, ..self }
    }

    /// The bytes of the section with that name; none when it is not there.
    pub(crate) fn data(&self, name: &str) -> &'a [u8] {
        self.sections.iter().find(|section| section.name == name.as_bytes()).map_or(&[], |section| section.data)
    }

    pub(crate) fn reader(&self, data: &'a [u8]) -> Reader<'a> {
        Reader::new(data, self.big_endian)
    }

    pub(crate) fn units(&self) -> &Units {
        self.units.get_or_init(|| Units::read(self))
    }

    /// A register with its name: `r7 (rsp)`.
    pub(crate) fn register(&self, number: u64) -> String {
        match self.register_name(number) {
            Some(name) => format!("r{number} ({name})"),
            None => format!("r{number}"),
        }
    }

    pub(crate) fn register_name(&self, number: u64) -> Option<&'a str> {
        let at = usize::try_from(number).ok()?;
        self.registers.get(at).copied().filter(|name| !name.is_empty())
    }
}

/// What is written, and what is to be said beside it.
#[derive(Default)]
pub struct Output<'s> {
    pub text: Vec<u8>,
    pub warnings: Vec<String>,
    /// Takes the text from time to time: the text of a large program is much larger than the program.
    pub sink: Option<&'s mut Sink<'s>>,
}

/// What takes text.
pub type Sink<'s> = dyn FnMut(&[u8]) + 's;

/// Text that is kept until it goes to the sink.
const KEPT: usize = 1 << 16;

impl Output<'_> {
    /// Between records: gives the text away if there is much of it.
    pub(crate) fn flush_some(&mut self) {
        if self.text.len() >= KEPT
            && let Some(sink) = &mut self.sink
        {
            sink(&self.text);
            self.text.clear();
        }
    }

    pub(crate) fn put(&mut self, text: Arguments<'_>) {
        // Writing into memory does not fail.
        let _ = self.text.write_fmt(text);
    }

    pub(crate) fn bytes(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        self.warnings.push(text.into());
    }

    /// All digits of an address of `size` bytes.
    pub(crate) fn digits(&mut self, value: u64, size: u8) {
        let size = usize::from(size.clamp(1, 8));
        let value = if size < 8 { value & ((1 << (8 * size)) - 1) } else { value };
        self.put(format_args!("{value:0width$x}", width = 2 * size));
    }
}

/// A number as C's `%#x` has it: 0 without the prefix.
pub(crate) struct Hex(pub u64);

impl std::fmt::Display for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            value => write!(f, "{value:#x}"),
        }
    }
}

type Show = fn(&Input<'_>, &Section<'_>, Parts, &mut Output<'_>);

/// What shows a section, by its name. Split units have theirs under names of their own.
static SHOWERS: &[(&str, Parts, Show)] = &[
    (".debug_abbrev", Parts::ABBREV, abbrev::show),
    (".debug_abbrev.dwo", Parts::ABBREV, abbrev::show),
    (".debug_addr", Parts::ADDR, tables::addresses),
    (".debug_aranges", Parts::ARANGES, aranges::show),
    (".debug_frame", Parts(Parts::FRAMES.0 | Parts::FRAMES_INTERP.0), frames::show),
    (".eh_frame", Parts(Parts::FRAMES.0 | Parts::FRAMES_INTERP.0), frames::show),
    (".debug_info", Parts::INFO, info::show),
    (".debug_info.dwo", Parts::INFO, info::show),
    (".debug_types", Parts::INFO, info::show),
    (".debug_line", Parts(Parts::RAW_LINE.0 | Parts::DECODED_LINE.0), line::show),
    (".debug_line.dwo", Parts(Parts::RAW_LINE.0 | Parts::DECODED_LINE.0), line::show),
    (".debug_loc", Parts::LOC, lists::show_old),
    (".debug_loclists", Parts::LOC, lists::show),
    (".debug_ranges", Parts::RANGES, ranges::show_old),
    (".debug_rnglists", Parts::RANGES, ranges::show),
    (".debug_str", Parts::STR, tables::strings),
    (".debug_str.dwo", Parts::STR, tables::strings),
    (".debug_line_str", Parts::LINE_STR, tables::strings),
    (".debug_str_offsets", Parts(Parts::STR_OFFSETS.0 | Parts::STR.0), tables::string_offsets),
    (".debug_str_offsets.dwo", Parts(Parts::STR_OFFSETS.0 | Parts::STR.0), tables::string_offsets),
];

/// Whether a section of this name is one of these parts.
pub fn is_shown(name: &[u8], parts: Parts) -> bool {
    SHOWERS.iter().any(|(known, kinds, _)| known.as_bytes() == name && parts.has(*kinds))
}

/// Shows the section with number `idx` if it is one of these parts.
pub fn show(input: &Input<'_>, idx: usize, parts: Parts, out: &mut Output<'_>) {
    let Some(section) = input.sections.get(idx) else { return };
    let shower = SHOWERS.iter().find(|(name, kinds, _)| name.as_bytes() == section.name && parts.has(*kinds));
    let Some((name, _, shower)) = shower else { return };
    if section.data.is_empty() {
        out.put(format_args!("\nSection '{name}' has no debugging data.\n"));
        return;
    }
    shower(input, section, parts, out);
}

/// `Contents of the .debug_info section:`, with an empty line behind it.
pub(crate) fn heading(section: &Section<'_>, out: &mut Output<'_>) {
    out.bytes(b"Contents of the ");
    out.bytes(section.name);
    out.bytes(b" section:\n\n");
}
