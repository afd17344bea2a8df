//! From an address to what the user wrote there: function, file, line, and the calls that were inlined around it.
//!
//! For one address of a large program as for a hundred thousand: units are found by `.debug_aranges` or what their first
//! entries say; then the entries and lines of the units concerned are read once each into tables ([`crate::read`]), by
//! several threads if the addresses are known beforehand ([`Symbolizer::prepare`]). Names and files are looked up
//! only for what is asked. Whatever is damaged is left out of the answer. DWARF 2 to 5; split units and the file that
//! several programs share their names in, once they are given.

use crate::form::Encoding;
use crate::read::calls::{self, Calls};
use crate::read::entries::{Attr, Plans, Value};
use crate::read::lines::Lines;
use crate::read::units::{self, Cover, Header, Reference, Root};
use gimli::{DebugCuIndex, LittleEndian};
use obj::program::Program;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

/// The bytes of the debug sections of one file; those that it lacks are empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sections<'a> {
    pub info: &'a [u8],
    pub abbrev: &'a [u8],
    pub line: &'a [u8],
    pub str: &'a [u8],
    pub line_str: &'a [u8],
    pub str_offsets: &'a [u8],
    pub addr: &'a [u8],
    pub ranges: &'a [u8],
    pub rnglists: &'a [u8],
    pub aranges: &'a [u8],
    /// The index of a package of split units.
    pub cu_index: &'a [u8],
    /// `.debug_str` of the supplementary file.
    pub sup_str: &'a [u8],
    /// There is code at address 0. Otherwise it stands for code that was left out of the link.
    pub code_at_zero: bool,
}

impl<'a> Sections<'a> {
    /// Those that `section` finds by name; one that it does not know is empty.
    pub fn find(section: impl Fn(&str) -> &'a [u8]) -> Sections<'a> {
        Sections {
            info: section(".debug_info"),
            abbrev: section(".debug_abbrev"),
            line: section(".debug_line"),
            str: section(".debug_str"),
            line_str: section(".debug_line_str"),
            str_offsets: section(".debug_str_offsets"),
            addr: section(".debug_addr"),
            ranges: section(".debug_ranges"),
            rnglists: section(".debug_rnglists"),
            aranges: section(".debug_aranges"),
            cu_index: section(".debug_cu_index"),
            sup_str: &[],
            code_at_zero: false,
        }
    }

    /// Those of a file of split units, alone or packed.
    pub fn find_split(section: impl Fn(&str) -> &'a [u8]) -> Sections<'a> {
        Sections {
            info: section(".debug_info.dwo"),
            abbrev: section(".debug_abbrev.dwo"),
            str: section(".debug_str.dwo"),
            str_offsets: section(".debug_str_offsets.dwo"),
            rnglists: section(".debug_rnglists.dwo"),
            cu_index: section(".debug_cu_index"),
            ..Sections::default()
        }
    }

    /// Out of a package the part of one unit (DWARF 5, 7.3.5).
    pub fn part_of_package(&self, id: u64) -> Option<Sections<'a>> {
        let index = DebugCuIndex::from(gimli::EndianSlice::new(self.cu_index, LittleEndian)).index().ok()?;
        let mut part = Sections { str: self.str, cu_index: &[], ..*self };
        for section in index.sections(index.find(id)?).ok()? {
            let cut = |whole: &'a [u8]| {
                let start = usize::try_from(section.offset).ok()?;
                whole.get(start..start.checked_add(usize::try_from(section.size).ok()?)?)
            };
            match section.section {
                gimli::IndexSectionId::DebugInfo => part.info = cut(self.info)?,
                gimli::IndexSectionId::DebugAbbrev => part.abbrev = cut(self.abbrev)?,
                gimli::IndexSectionId::DebugStrOffsets => part.str_offsets = cut(self.str_offsets)?,
                gimli::IndexSectionId::DebugRngLists => part.rnglists = cut(self.rnglists)?,
                _ => {}
            }
        }
        Some(part)
    }

    /// Code at `low` was left out of the link: linkers write 0 or the last addresses there.
    pub(crate) fn is_gone(&self, low: u64, address_size: u8) -> bool {
        let last = if address_size == 4 { u64::from(u32::MAX) } else { u64::MAX };
        low >= last - 1 || low == 0 && !self.code_at_zero
    }
}

/// The debug information of one program.
#[derive(Debug)]
pub struct Symbolizer<'a> {
    sections: Sections<'a>,
    units: OnceLock<Vec<Unit<'a>>>,
    covers: OnceLock<Vec<Cover>>,
    plans: Mutex<HashMap<(u64, Encoding), Arc<Plans>>>,
    supplementary: Option<Box<Symbolizer<'a>>>,
    /// Other files that have the units of skeletons, by their identity.
    split: Vec<(u64, Symbolizer<'a>)>,
}

/// A unit that is but the stand-in for one in another file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skeleton<'a> {
    pub id: u64,
    /// Relative to the directory, if it is.
    pub file: &'a [u8],
    pub directory: &'a [u8],
}

/// One call, real or inlined, at an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Frame<'a> {
    /// As the source has it.
    pub name: Option<&'a [u8]>,
    /// As the linker knows it, where that is another one.
    pub linkage_name: Option<&'a [u8]>,
    pub file: Option<File<'a>>,
    /// From 1; 0 when unknown.
    pub line: u32,
    pub column: u32,
    /// Tells blocks on one line apart; 0 when there is but one.
    pub discriminator: u32,
    /// Was inlined into the next one.
    pub inlined: bool,
    /// The function's lowest address, where a function is known.
    pub low: Option<u64>,
    /// The name without the types of arguments is what the linker knows (C and its like).
    pub plain_names: bool,
}

impl Frame<'_> {
    /// The function's name as the source has it.
    pub fn function(&self) -> Option<String> {
        let name = self.name.or(self.linkage_name)?;
        Some(String::from_utf8_lossy(name).into_owned())
    }
}

/// A source file.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct File<'a> {
    /// Where the compiler was called.
    pub compilation: &'a [u8],
    /// Relative to that; empty when the name is.
    pub directory: &'a [u8],
    /// The name is relative to another directory than that of the compilation.
    pub given: bool,
    pub name: &'a [u8],
}

impl File<'_> {
    /// As it was given to the compiler, or found by it.
    pub fn as_given(&self) -> String {
        let mut out = Vec::new();
        if self.given && !self.name.starts_with(b"/") && !self.directory.is_empty() {
            out.extend_from_slice(self.directory);
            out.push(b'/');
        }
        out.extend_from_slice(self.name);
        String::from_utf8_lossy(&out).into_owned()
    }

    /// Appends the whole path, as far as it is known.
    pub fn push_path(&self, out: &mut Vec<u8>) {
        if !self.name.starts_with(b"/") {
            if !self.directory.starts_with(b"/") && !self.compilation.is_empty() {
                out.extend_from_slice(self.compilation);
                out.push(b'/');
            }
            if !self.directory.is_empty() {
                out.extend_from_slice(self.directory);
                out.push(b'/');
            }
        }
        out.extend_from_slice(self.name);
    }
}

/// A unit and what was read of it so far.
#[derive(Debug)]
struct Unit<'a> {
    header: Header,
    root: OnceLock<Option<Root<'a>>>,
    plans: OnceLock<Option<Arc<Plans>>>,
    lines: OnceLock<Option<Lines<'a>>>,
    calls: OnceLock<Calls>,
}

impl<'a> Unit<'a> {
    fn new(header: Header) -> Unit<'a> {
        let (root, plans) = (OnceLock::new(), OnceLock::new());
        Unit { header, root, plans, lines: OnceLock::new(), calls: OnceLock::new() }
    }
}

/// Names are looked for in so many entries: a damaged chain may be a ring.
const MAX_CHAIN: usize = 8;

impl<'a> Symbolizer<'a> {
    pub fn new(sections: Sections<'a>) -> Symbolizer<'a> {
        let (units, covers, plans) = (OnceLock::new(), OnceLock::new(), Mutex::default());
        Symbolizer { sections, units, covers, plans, supplementary: None, split: Vec::new() }
    }

    /// Over the sections of a program. Compressed ones count as absent.
    pub fn of_program(program: &Program<'a>) -> Symbolizer<'a> {
        Symbolizer::new(Sections::find(|name| match program.section(name.as_bytes()) {
            Some(section) if !section.flags.has(obj::SectionFlags::COMPRESSED) => section.data,
            _ => &[],
        }))
    }

    /// With the file that `.gnu_debugaltlink` names: names and whole entries stand there for several programs.
    #[must_use]
    pub fn with_supplementary(mut self, sections: Sections<'a>) -> Symbolizer<'a> {
        self.sections.sup_str = sections.str;
        self.supplementary = Some(Box::new(Symbolizer::new(sections)));
        self
    }

    /// With the sections of another file that has what a skeleton lacks: [`Symbolizer::skeletons`] names it.
    #[must_use]
    pub fn with_split(mut self, id: u64, sections: Sections<'a>) -> Symbolizer<'a> {
        // Addresses are always here, and so are the ranges of older versions.
        let sections = Sections { addr: self.sections.addr, ranges: self.sections.ranges, ..sections };
        let at = self.split.partition_point(|(known, _)| *known < id);
        self.split.insert(at, (id, Symbolizer::new(sections)));
        self
    }

    /// The units that are but skeletons: what is in them stands in another file.
    pub fn skeletons(&self) -> Vec<Skeleton<'a>> {
        let skeleton = |unit: &Unit<'a>| {
            let root = self.root(unit)?;
            let text = |attr| root.text(root.values.get(attr), &unit.header, &self.sections);
            let id = self.split_id(unit)?;
            Some(Skeleton { id, file: text(Attr::DwoName)?, directory: text(Attr::Directory).unwrap_or_default() })
        };
        self.units().iter().filter_map(skeleton).collect()
    }

    fn split_id(&self, unit: &Unit<'a>) -> Option<u64> {
        let root = self.root(unit)?;
        (root.values.get(Attr::DwoName) != Value::None).then_some(())?;
        unit.header.dwo_id.or_else(|| root.values.get(Attr::DwoId).number())
    }

    /// The file and the unit in it that a skeleton stands for.
    fn split_of(&self, unit: &Unit<'a>) -> Option<(&Symbolizer<'a>, &Unit<'a>)> {
        if self.split.is_empty() {
            return None;
        }
        let id = self.split_id(unit)?;
        let at = self.split.binary_search_by_key(&id, |(known, _)| *known).ok()?;
        let other = &self.split[at].1;
        let is_it = |unit: &&Unit<'a>| {
            let root = || other.root(unit)?.values.get(Attr::DwoId).number();
            unit.header.dwo_id.or_else(root) == Some(id)
        };
        Some((other, other.units().iter().find(is_it)?))
    }

    fn units(&self) -> &[Unit<'a>] {
        self.units.get_or_init(|| units::headers(self.sections.info).into_iter().map(Unit::new).collect())
    }

    fn root(&self, unit: &Unit<'a>) -> Option<Root<'a>> {
        *unit.root.get_or_init(|| Root::read(&unit.header, &self.sections))
    }

    fn plans<'u>(&self, unit: &'u Unit<'a>) -> Option<&'u Plans> {
        let header = &unit.header;
        let plans = unit.plans.get_or_init(|| {
            let key = (header.abbreviations, header.encoding);
            // Units of one link often share their abbreviations.
            if let Ok(known) = self.plans.lock()
                && let Some(plans) = known.get(&key)
            {
                return Some(plans.clone());
            }
            let plans = Arc::new(Plans::read(self.sections.abbrev, header.abbreviations, header.encoding)?);
            if let Ok(mut known) = self.plans.lock() {
                known.insert(key, plans.clone());
            }
            Some(plans)
        });
        plans.as_deref()
    }

    fn lines<'u>(&self, unit: &'u Unit<'a>) -> Option<&'u Lines<'a>> {
        let lines = unit.lines.get_or_init(|| {
            let root = self.root(unit)?;
            let offset = root.values.get(Attr::Lines).number()?;
            let directory = root.text(root.values.get(Attr::Directory), &unit.header, &self.sections);
            Lines::read(offset, directory.unwrap_or_default(), &unit.header, &self.sections)
        });
        lines.as_ref()
    }

    fn calls<'u>(&self, unit: &'u Unit<'a>) -> &'u Calls {
        let read = || {
            let Some((other, split)) = self.split_of(unit) else {
                return Some(Calls::read(&unit.header, &self.root(unit)?, self.plans(unit)?, &self.sections));
            };
            // What addresses are relative to is said by the skeleton; older versions say it of ranges, too.
            let (own, mut root) = (self.root(unit)?, other.root(split)?);
            (root.low, root.addr_base) = (own.low, own.addr_base);
            if split.header.encoding.version < 5 {
                root.ranges_base = own.ranges_base;
            }
            Some(Calls::read(&split.header, &root, other.plans(split)?, &other.sections))
        };
        unit.calls.get_or_init(|| read().unwrap_or_default())
    }

    /// Which unit covers what: as `.debug_aranges` tells, and of the units that it does not mention as they tell
    /// themselves.
    fn covers(&self) -> &[Cover] {
        self.covers.get_or_init(|| {
            let units = self.units();
            let mut told = vec![false; units.len()];
            let mut covers = Vec::new();
            let current = std::cell::Cell::new(None);
            let mut begin = |offset: u64| {
                let found = units.binary_search_by_key(&offset, |unit| unit.header.start).ok();
                current.set(found);
                if let Some(unit) = found {
                    told[unit] = true;
                }
            };
            units::aranges(self.sections.aranges, &mut begin, &mut |low, high| {
                if let Some(unit) = current.get()
                    && !self.sections.is_gone(low, units[unit].header.encoding.address_size)
                {
                    covers.push(Cover { low, high, unit: unit as u32, reach: 0 });
                }
            });
            for (number, unit) in units.iter().enumerate().filter(|(number, _)| !told[*number]) {
                self.cover(unit, number as u32, &mut covers);
            }
            units::sort_covers(&mut covers);
            covers
        })
    }

    fn cover(&self, unit: &Unit<'a>, number: u32, covers: &mut Vec<Cover>) {
        let Some(root) = self.root(unit).filter(|_| !unit.header.is_type) else { return };
        let known = covers.len();
        let mut add = |low, high| covers.push(Cover { low, high, unit: number, reach: 0 });
        let said = root.ranges(&root.values, &unit.header, &self.sections, &mut add);
        // One that does not say what it covers covers what it has lines for.
        if said.is_none()
            && covers.len() == known
            && let Some(lines) = self.lines(unit)
        {
            covers.extend(lines.ranges().map(|(low, high)| Cover { low, high, unit: number, reach: 0 }));
        }
    }

    /// Reads what the answers to all these addresses need, in so many threads; `functions` when more is wanted than lines.
    pub fn prepare(&self, addresses: &[u64], functions: bool, threads: usize) {
        let covers = self.covers();
        let mut wanted: Vec<u32> =
            addresses.iter().flat_map(|&address| units::covering(covers, address).take(1)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        // The longest first, so that none ends long after the others.
        let size = |unit: &Header| unit.end - unit.start;
        wanted.sort_by_key(|&unit| std::cmp::Reverse(self.units().get(unit as usize).map(|unit| size(&unit.header))));
        let next = AtomicUsize::new(0);
        let jobs = wanted.len() * if functions { 2 } else { 1 };
        let work = || {
            loop {
                let job = next.fetch_add(1, Ordering::Relaxed);
                let per_unit = jobs / wanted.len().max(1);
                if job >= jobs {
                    return;
                }
                let unit = wanted[job / per_unit];
                let Some(unit) = self.units().get(unit as usize) else { continue };
                if job % per_unit == 1 {
                    self.calls(unit);
                } else {
                    self.lines(unit);
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.min(jobs) {
                scope.spawn(work);
            }
            work();
        });
    }

    /// The calls at `address` (before loading), innermost first. Empty when nothing is known.
    pub fn frames(&self, address: u64) -> Vec<Frame<'a>> {
        let mut frames = Vec::new();
        self.frames_into(address, &mut frames);
        frames
    }

    /// The same into a vector that is kept.
    pub fn frames_into(&self, address: u64, frames: &mut Vec<Frame<'a>>) {
        frames.clear();
        for unit in units::covering(self.covers(), address) {
            if let Some(unit) = self.units().get(unit as usize) {
                self.frames_in(unit, address, frames);
            }
            if !frames.is_empty() {
                return;
            }
        }
    }

    /// Where the code at `address` comes from, without the functions.
    pub fn line(&self, address: u64) -> Option<Frame<'a>> {
        units::covering(self.covers(), address).find_map(|unit| self.line_in(self.units().get(unit as usize)?, address))
    }

    /// Up to which address the answers to all are the same as to this one, at least: for who asks in order. Without
    /// `functions` that of [`Symbolizer::line`].
    pub fn same_until(&self, address: u64, functions: bool) -> u64 {
        let covers = self.covers();
        let mut end = units::next_border(covers, address);
        for unit in units::covering(covers, address) {
            let Some(unit) = self.units().get(unit as usize) else { continue };
            if let Some(lines) = self.lines(unit) {
                end = end.min(lines.next_border(address));
            }
            if functions {
                end = end.min(self.calls(unit).next_border(address));
            }
        }
        end
    }

    fn line_in(&self, unit: &Unit<'a>, address: u64) -> Option<Frame<'a>> {
        let row = self.lines(unit)?.at(address)?;
        Some(Frame {
            file: self.file(unit, row.file),
            line: row.line,
            column: row.column,
            discriminator: row.discriminator,
            ..Frame::default()
        })
    }

    fn file(&self, unit: &Unit<'a>, index: u32) -> Option<File<'a>> {
        let root = unit.root.get()?.as_ref()?;
        self.lines(unit)?.file(index, root, &unit.header, &self.sections)
    }

    fn frames_in(&self, unit: &Unit<'a>, address: u64, frames: &mut Vec<Frame<'a>>) {
        let found = self.line_in(unit, address);
        let mut at = found.unwrap_or_default();
        let plain_names = self.has_plain_names(unit);
        let calls = self.calls(unit);
        let mut next = calls.at(address);
        // From the innermost call outwards; each knows where it was called from.
        while let Some(call) = next.and_then(|call| calls.calls.get(call as usize)) {
            let names = match self.split_of(unit) {
                Some((other, split)) => other.names(split, call.entry, 0),
                None => self.names(unit, call.entry, 0),
            };
            let (name, linkage_name) = (names.name, names.linkage_name);
            frames.push(Frame { name, linkage_name, inlined: call.inlined, low: Some(call.low), plain_names, ..at });
            at = Frame::default();
            if call.inlined && call.parent != calls::NONE {
                at.file = self.file(unit, call.file);
                (at.line, at.column) = (call.line, call.column);
            }
            next = Some(call.parent).filter(|&parent| call.inlined && parent != calls::NONE);
        }
        if frames.is_empty() && found.is_some() {
            frames.push(at);
        }
    }

    /// The languages whose names the linker sees unchanged.
    fn has_plain_names(&self, unit: &Unit<'a>) -> bool {
        let root = match self.split_of(unit) {
            Some((other, split)) => other.root(split),
            None => self.root(unit),
        };
        let language = root.and_then(|root| root.values.get(Attr::Language).number());
        let Some(language) = language.and_then(|number| u16::try_from(number).ok()) else { return true };
        !matches!(
            gimli::DwLang(language),
            gimli::DW_LANG_C_plus_plus
                | gimli::DW_LANG_C_plus_plus_03
                | gimli::DW_LANG_C_plus_plus_11
                | gimli::DW_LANG_C_plus_plus_14
                | gimli::DW_LANG_C_plus_plus_17
                | gimli::DW_LANG_C_plus_plus_20
                | gimli::DW_LANG_Rust
                | gimli::DW_LANG_Java
                | gimli::DW_LANG_D
                | gimli::DW_LANG_Ada83
                | gimli::DW_LANG_Ada95
        )
    }

    /// The names of an entry, or of what it is an instance of.
    fn names(&self, unit: &Unit<'a>, entry: u64, depth: usize) -> Reference<'a> {
        let found = || units::names_at(&unit.header, &self.root(unit)?, self.plans(unit)?, &self.sections, entry);
        let mut names = found().unwrap_or_default();
        if names.linkage_name.is_some() && names.name.is_some() || depth == MAX_CHAIN {
            return names;
        }
        let further = match names.next {
            Value::Entry(next) if (unit.header.start..unit.header.end).contains(&next) => {
                self.names(unit, next, depth + 1)
            }
            Value::Entry(next) => self.names_anywhere(next, depth + 1),
            Value::SupEntry(next) => match &self.supplementary {
                Some(other) => other.names_anywhere(next, depth + 1),
                None => Reference::default(),
            },
            _ => Reference::default(),
        };
        names.name = names.name.or(further.name);
        names.linkage_name = names.linkage_name.or(further.linkage_name);
        names
    }

    fn names_anywhere(&self, entry: u64, depth: usize) -> Reference<'a> {
        let units = self.units();
        let at = units.partition_point(|unit| unit.header.start <= entry);
        match at.checked_sub(1).and_then(|at| units.get(at)) {
            Some(unit) if entry < unit.header.end => self.names(unit, entry, depth),
            _ => Reference::default(),
        }
    }
}
