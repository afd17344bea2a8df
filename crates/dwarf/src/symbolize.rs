//! From an address to what the user wrote there: function, file, line, and the calls that were inlined around it.
//!
//! For backtraces: a handful of addresses of one program. Units are found by their ranges, then only the entries and
//! lines of the unit concerned are read. Whatever is damaged is left out of the answer (DWARF 5; gimli reads older too).

use gimli::{EndianSlice, LittleEndian, SectionId};
use obj::program::Program;

type Slice<'a> = EndianSlice<'a, LittleEndian>;
type Dwarf<'a> = gimli::Dwarf<Slice<'a>>;
type Unit<'a> = gimli::Unit<Slice<'a>>;
type Entry<'a> = gimli::DebuggingInformationEntry<Slice<'a>>;

/// The debug sections of one program.
pub struct Symbolizer<'a> {
    dwarf: Dwarf<'a>,
}

/// One call, real or inlined, at an address.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Frame {
    pub function: Option<String>,
    /// With its directory, as far as the line table tells.
    pub file: Option<String>,
    /// From 1; 0 when unknown.
    pub line: u32,
    pub column: u32,
    /// Was inlined into the next one.
    pub inlined: bool,
}

impl<'a> Symbolizer<'a> {
    /// Over the sections that `section` finds by name; one that it does not know is empty.
    pub fn new(section: impl Fn(&str) -> &'a [u8]) -> Symbolizer<'a> {
        let load = |id: SectionId| Ok::<_, gimli::Error>(Slice::new(section(id.name()), LittleEndian));
        let dwarf = Dwarf::load(load).unwrap_or_else(|_| unreachable!("loading a section does not fail"));
        Symbolizer { dwarf }
    }

    /// Over the sections of a program. Compressed ones count as absent.
    pub fn of_program(program: &Program<'a>) -> Symbolizer<'a> {
        Symbolizer::new(|name| match program.section(name.as_bytes()) {
            Some(section) if !section.flags.has(obj::SectionFlags::COMPRESSED) => section.data,
            _ => &[],
        })
    }

    /// The calls at `address` (before loading), innermost first. Empty when nothing is known.
    pub fn frames(&self, address: u64) -> Vec<Frame> {
        let mut units = self.dwarf.units();
        while let Ok(Some(header)) = units.next() {
            let Ok(unit) = self.dwarf.unit(header) else { continue };
            if self.covers_unit(&unit, address)
                && let Ok(frames) = self.frames_in(&unit, address)
                && !frames.is_empty()
            {
                return frames;
            }
        }
        Vec::new()
    }

    fn covers_unit(&self, unit: &Unit<'a>, address: u64) -> bool {
        let mut entries = unit.entries();
        match entries.next_dfs() {
            // A unit that does not say what it covers may cover anything.
            Ok(Some(root)) => self.covers(unit, root, address).unwrap_or(true),
            _ => false,
        }
    }

    fn frames_in(&self, unit: &Unit<'a>, address: u64) -> gimli::Result<Vec<Frame>> {
        let calls = self.calls(unit, address)?;
        let mut at = self.line_of(unit, address).unwrap_or_default();
        if calls.is_empty() && at.file.is_none() {
            return Ok(Vec::new());
        }
        let mut frames = Vec::new();
        // From the innermost call outwards; each knows where it was called from.
        for call in calls.iter().rev() {
            let frame = Frame { function: call.function.clone(), inlined: call.inlined, ..at };
            frames.push(frame);
            at = call.from.clone();
        }
        if frames.is_empty() {
            frames.push(at);
        }
        Ok(frames)
    }

    /// The function at `address` and the inlined calls within it, outermost first.
    fn calls(&self, unit: &Unit<'a>, address: u64) -> gimli::Result<Vec<Call>> {
        let mut calls: Vec<(isize, Call)> = Vec::new();
        let mut cursor = unit.entries();
        while let Some(entry) = cursor.next_dfs()? {
            let depth = entry.depth();
            let inlined = match entry.tag() {
                gimli::DW_TAG_subprogram => false,
                gimli::DW_TAG_inlined_subroutine => true,
                _ => continue,
            };
            if self.covers(unit, entry, address) != Some(true) {
                continue;
            }
            calls.retain(|(at, _)| *at < depth);
            let mut from = Frame::default();
            if inlined {
                let number = |name| Some(entry.attr_value(name)?.udata_value()? as u32);
                from.line = number(gimli::DW_AT_call_line).unwrap_or(0);
                from.column = number(gimli::DW_AT_call_column).unwrap_or(0);
                from.file = entry.attr_value(gimli::DW_AT_call_file).and_then(|value| match value {
                    gimli::AttributeValue::FileIndex(file) => self.file_name(unit, file),
                    value => self.file_name(unit, value.udata_value()?),
                });
            }
            calls.push((depth, Call { function: self.name_of(unit, entry, 0), inlined, from }));
        }
        Ok(calls.into_iter().map(|(_, call)| call).collect())
    }

    /// Whether an entry's code includes `address`; `None` when it does not say what its code is.
    fn covers(&self, unit: &Unit<'a>, entry: &Entry<'a>, address: u64) -> Option<bool> {
        if let Some(value) = entry.attr_value(gimli::DW_AT_ranges) {
            let mut ranges = self.dwarf.attr_ranges(unit, value).ok()??;
            while let Ok(Some(range)) = ranges.next() {
                if (range.begin..range.end).contains(&address) {
                    return Some(true);
                }
            }
            return Some(false);
        }
        let low = self.dwarf.attr_address(unit, entry.attr_value(gimli::DW_AT_low_pc)?).ok()??;
        let high = match entry.attr_value(gimli::DW_AT_high_pc)? {
            gimli::AttributeValue::Udata(size) => low.checked_add(size)?,
            value => self.dwarf.attr_address(unit, value).ok()??,
        };
        Some((low..high).contains(&address))
    }

    /// The name of an entry, or of what it is an instance of.
    fn name_of(&self, unit: &Unit<'a>, entry: &Entry<'a>, depth: u32) -> Option<String> {
        if let Some(value) = entry.attr_value(gimli::DW_AT_name) {
            let name = self.dwarf.attr_string(unit, value).ok()?;
            return Some(name.to_string_lossy().into_owned());
        }
        // Origins form a chain of at most two or three; a damaged one may be a ring.
        if depth > 8 {
            return None;
        }
        [gimli::DW_AT_abstract_origin, gimli::DW_AT_specification].into_iter().find_map(|attribute| {
            match entry.attr_value(attribute)? {
                gimli::AttributeValue::UnitRef(offset) => self.name_of(unit, &unit.entry(offset).ok()?, depth + 1),
                _ => None,
            }
        })
    }

    /// The row of the line table that `address` lies in.
    fn line_of(&self, unit: &Unit<'a>, address: u64) -> Option<Frame> {
        let program = unit.line_program.clone()?;
        let mut rows = program.rows();
        let mut before: Option<(u64, u64, u32, u32)> = None;
        while let Ok(Some((_, row))) = rows.next_row() {
            if let Some((start, file, line, column)) = before
                && (start..row.address()).contains(&address)
            {
                return Some(Frame { file: self.file_name(unit, file), line, column, ..Frame::default() });
            }
            let column = match row.column() {
                gimli::ColumnType::LeftEdge => 0,
                gimli::ColumnType::Column(column) => column.get() as u32,
            };
            let line = row.line().map_or(0, |line| line.get() as u32);
            before = (!row.end_sequence()).then_some((row.address(), row.file_index(), line, column));
        }
        None
    }

    fn file_name(&self, unit: &Unit<'a>, index: u64) -> Option<String> {
        let header = unit.line_program.as_ref()?.header();
        let file = header.file(index)?;
        let text = |value| Some(self.dwarf.attr_string(unit, value).ok()?.to_string_lossy().into_owned());
        let name = text(file.path_name())?;
        let directory = match file.directory(header) {
            // Directory 0 is the compilation directory: names relative to it are shown as the user gave them.
            Some(directory) if file.directory_index() != 0 => text(directory)?,
            _ => return Some(name),
        };
        if name.starts_with('/') { Some(name) } else { Some(format!("{directory}/{name}")) }
    }
}

struct Call {
    function: Option<String>,
    inlined: bool,
    /// Of an inlined call: where it was called from.
    from: Frame,
}
