//! What is at an address of a finished file or an object: debug information first, wherever it is kept, then symbols.
//!
//! [`Files`] holds the bytes: of the file, of what was stripped from it, of what it shares with other programs, of its
//! split units; and what has to be made of them first (decompressed sections; in an object, relocated ones).
//! [`Module`] reads them. Answers follow GNU addr2line, also where debug information is silent.

use crate::inspect::{Program, read_program, reader};
use crate::plugins::TARGETS;
use base::io::{FileBytes, InputSource};
use dwarf::symbolize::{Frame, Sections, Symbolizer};
use obj::program::{ProgramKind, ProgramSection, ProgramSymbol, SegmentKind, SymbolPlace};
use obj::{Binding, SectionFlags, SymbolKind, Visibility};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use target::Formula;

/// One file that a module is described by.
struct Described {
    bytes: FileBytes,
    /// Sections whose bytes had to be made, by their index.
    made: Vec<(usize, Vec<u8>)>,
    /// Of an object: where each section is taken to be, so that no two are in one place.
    bases: Vec<u64>,
}

/// The bytes that a module is read from.
pub struct Files {
    main: Described,
    /// What was stripped from it.
    separate: Option<Described>,
    /// What several programs share.
    shared: Option<Described>,
    /// Its split units: of each the identity and the file, by its number in `packages`.
    split: Vec<(u64, usize)>,
    packages: Vec<Described>,
}

/// Where an object's sections are taken to be: not at 0, which stands for what was left out of a link.
const FIRST_BASE: u64 = 1 << 16;
/// Inflated sections of one file take no more than this.
const MOST_MADE: u64 = 8 << 30;

impl Files {
    /// Reads the file at `path` and what belongs to it. `debug_dirs` are where the system keeps what was stripped.
    ///
    /// # Errors
    /// Why the file cannot be read. What else there is can be absent.
    pub fn open(path: &str, source: &dyn InputSource, debug_dirs: &[&str]) -> Result<Files, String> {
        let bytes = source.read(Path::new(path)).map_err(|error| {
            if error.is_not_found() { format!("'{path}': No such file") } else { error.to_string() }
        })?;
        if crate::inspect::is_archive(&bytes) {
            return Err(format!("{path}: cannot get addresses from archive"));
        }
        Files::of_bytes(path, bytes, source, debug_dirs).map_err(|why| format!("{path}: {why}"))
    }

    /// The same of bytes that were read before: a file's, or those of an archive's member.
    ///
    /// # Errors
    /// Why the file cannot be read.
    pub fn of_bytes(path: &str, bytes: FileBytes, source: &dyn InputSource, dirs: &[&str]) -> Result<Files, String> {
        let main = Described::new(bytes)?;
        let mut files = Files { main, separate: None, shared: None, split: Vec::new(), packages: Vec::new() };
        if !files.main.has_lines() {
            files.separate = files.main.find_stripped(path, source, dirs);
        }
        let described = files.separate.as_ref().unwrap_or(&files.main);
        files.shared = described.find_shared(path, source, dirs);
        files.open_split(path, source);
        Ok(files)
    }

    fn described(&self) -> &Described {
        self.separate.as_ref().unwrap_or(&self.main)
    }

    /// Opens the package beside the file, or each unit's own file.
    fn open_split(&mut self, path: &str, source: &dyn InputSource) {
        let described = self.described();
        let Ok(program) = described.program() else { return };
        let sections = described.sections(&program);
        // Skeletons have their addresses in a section of its own.
        let skeletons = if sections.addr.is_empty() { Vec::new() } else { Symbolizer::new(sections).skeletons() };
        let wanted: Vec<(u64, PathBuf)> = skeletons
            .iter()
            .map(|unit| {
                let file = String::from_utf8_lossy(unit.file).into_owned();
                (unit.id, Path::new(&*String::from_utf8_lossy(unit.directory)).join(file))
            })
            .collect();
        drop(program);
        if wanted.is_empty() {
            return;
        }
        let open = |path: &Path| Described::new(source.read(path).ok()?).ok();
        let package = open(Path::new(&format!("{path}.dwp")));
        let packed = package.is_some();
        self.packages.extend(package);
        for (id, file) in wanted {
            if packed {
                self.split.push((id, 0));
            } else if let Some(file) = open(&file) {
                self.split.push((id, self.packages.len()));
                self.packages.push(file);
            }
        }
    }
}

impl Described {
    fn new(bytes: FileBytes) -> Result<Described, String> {
        let mut described = Described { bytes, made: Vec::new(), bases: Vec::new() };
        let mut room = MOST_MADE;
        let row = reader(&described.bytes).ok_or("file format not recognized")?;
        let program = described.program()?;
        let mut made = Vec::new();
        for (idx, section) in program.sections.iter().enumerate().filter(|(_, section)| is_debug(section)) {
            let Some((size, _)) = section.decompressed else { continue };
            // What cannot be inflated is as if it were not there.
            if size <= room
                && let Ok(bytes) = (row.inflate)(section.data)
            {
                room -= size;
                made.push((idx, bytes));
            }
        }
        let is_object = program.kind == ProgramKind::Object;
        drop(program);
        described.made = made;
        if is_object {
            described.relocate()?;
        }
        Ok(described)
    }

    fn program(&self) -> Result<Program<'_>, String> {
        let row = reader(&self.bytes).ok_or("file format not recognized")?;
        (row.read_sections)(&self.bytes).map_err(|error| error.to_string())
    }

    /// The bytes of a section, made or as they are.
    fn data<'d>(&'d self, idx: usize, section: &ProgramSection<'d>) -> &'d [u8] {
        match self.made.iter().find(|(made, _)| *made == idx) {
            Some((_, bytes)) => bytes,
            None if section.flags.has(SectionFlags::COMPRESSED) => &[],
            None => section.data,
        }
    }

    fn named<'d>(&'d self, program: &Program<'d>, name: &str) -> &'d [u8] {
        let found = program.sections.iter().enumerate().find(|(_, section)| *section.name == *name.as_bytes());
        found.map_or(&[], |(idx, section)| self.data(idx, section))
    }

    fn sections<'d>(&'d self, program: &Program<'d>) -> Sections<'d> {
        let is_low = |section: &ProgramSection<'_>| section.address == 0 && section.flags.has(SectionFlags::EXEC);
        let code_at_zero = program.kind != ProgramKind::Object && program.sections.iter().any(is_low);
        Sections { code_at_zero, ..Sections::find(|name| self.named(program, name)) }
    }

    fn has_lines(&self) -> bool {
        let has = |program: Program<'_>| program.sections.iter().any(|section| *section.name == *b".debug_info");
        self.program().is_ok_and(has)
    }

    /// Gives each section of an object a place of its own and applies what debug sections have of relocations.
    fn relocate(&mut self) -> Result<(), String> {
        let program = read_program(&self.bytes)?;
        let mut at = FIRST_BASE;
        let mut bases = Vec::with_capacity(program.sections.len());
        for section in &program.sections {
            if !section.flags.has(SectionFlags::ALLOC) {
                bases.push(0);
                continue;
            }
            let align = section.align.clamp(1, 1 << 16).next_power_of_two();
            at = at.next_multiple_of(align);
            bases.push(at);
            at = at.saturating_add(section.size.max(1)).min(1 << 60);
        }
        let row = reader(&self.bytes).ok_or("file format not recognized")?;
        let arch = (row.arch_name)(&self.bytes);
        let arch = TARGETS.iter().map(|target| target.arch).find(|known| Some(known.name) == arch);
        let relocs = arch.map_or(&[][..], |arch| arch.relocs);
        let mut made = Vec::new();
        for (idx, section) in program.sections.iter().enumerate().filter(|(_, section)| is_debug(section)) {
            let range = section.relocs.start as usize..section.relocs.end as usize;
            let Some(of_section) = program.relocs.get(range).filter(|relocs| !relocs.is_empty()) else { continue };
            let mut bytes = self.data(idx, section).to_vec();
            let mut known = None;
            for reloc in of_section {
                if known.is_none_or(|(number, _)| number != reloc.number) {
                    known = relocs
                        .iter()
                        .find(|row_of| row_of.wire_number(row.format) == Some(reloc.number))
                        .map(|found| (reloc.number, found));
                }
                let Some((_, desc)) = known.filter(|(_, desc)| matches!(desc.formula, Formula::Abs)) else { continue };
                let symbol = reloc.symbol.and_then(|symbol| program.symbols.get(symbol as usize));
                let value = symbol.map_or(0, |symbol| match symbol.place {
                    SymbolPlace::Section(section) => {
                        symbol.value.wrapping_add(bases.get(section as usize).copied().unwrap_or(0))
                    }
                    _ => symbol.value,
                });
                let end = reloc.offset.saturating_add(u64::from(desc.size));
                if let Ok(end) = usize::try_from(end)
                    && end <= bytes.len()
                {
                    (desc.encode)(&mut bytes[reloc.offset as usize..], value.wrapping_add_signed(reloc.addend));
                }
            }
            made.push((idx, bytes));
        }
        drop(program);
        self.made.retain(|(idx, _)| made.iter().all(|(made, _)| made != idx));
        self.made.extend(made);
        self.bases = bases;
        Ok(())
    }

    /// The file with what was stripped from this one: by its build id, else by name and checksum.
    fn find_stripped(&self, path: &str, source: &dyn InputSource, dirs: &[&str]) -> Option<Described> {
        let program = self.program().ok()?;
        let open = |path: PathBuf| source.read(&path).ok();
        if let Some(id) = build_id(&program)
            && let Some(bytes) = dirs.iter().find_map(|dir| open(Path::new(dir).join(id_path(id)?)))
            && let Ok(found) = Described::new(bytes)
            && found.program().is_ok_and(|other| build_id(&other) == Some(id))
        {
            return Some(found);
        }
        let link = self.named(&program, ".gnu_debuglink");
        let name = link.split(|byte| *byte == 0).next().filter(|name| !name.is_empty())?;
        let checksum = link.get((name.len() + 1).next_multiple_of(4)..)?.get(..4)?;
        let name = String::from_utf8_lossy(name).into_owned();
        let beside = directory_of(path);
        let below = |dir: &&str| Path::new(dir).join(beside.strip_prefix("/").unwrap_or(&beside)).join(&name);
        let mut places = vec![beside.join(&name), beside.join(".debug").join(&name)];
        places.extend(dirs.iter().map(below));
        let fits = |bytes: &FileBytes| crc32(bytes).to_le_bytes() == *checksum;
        Described::new(places.into_iter().filter_map(open).find(fits)?).ok()
    }

    /// The file that names and entries are shared in.
    fn find_shared(&self, path: &str, source: &dyn InputSource, dirs: &[&str]) -> Option<Described> {
        let program = self.program().ok()?;
        let link = self.named(&program, ".gnu_debugaltlink");
        let name = link.split(|byte| *byte == 0).next().filter(|name| !name.is_empty())?;
        let id = link.get(name.len() + 1..)?;
        let name = String::from_utf8_lossy(name).into_owned();
        let by_id = |dir: &&str| Some(Path::new(dir).join(id_path(id)?));
        let mut places: Vec<PathBuf> = dirs.iter().filter_map(by_id).collect();
        places.push(directory_of(path).join(&name));
        // The name is relative to the file it stands in, which may be one of those below.
        let last = |dir: &&str| Path::new(dir).join(".dwz").join(name.rsplit(".dwz/").next().unwrap_or(&name));
        places.extend(dirs.iter().map(last));
        let fits = |bytes: &FileBytes| read_program(bytes).is_ok_and(|other| build_id(&other) == Some(id));
        Described::new(places.into_iter().filter_map(|path| source.read(&path).ok()).find(fits)?).ok()
    }
}

fn directory_of(path: &str) -> PathBuf {
    Path::new(path).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}

fn is_debug(section: &ProgramSection<'_>) -> bool {
    section.name.starts_with(b".debug_")
}

/// The identity in a program's notes.
fn build_id<'p>(program: &Program<'p>) -> Option<&'p [u8]> {
    // Size of the note's header with its name, `GNU`.
    const HEADER: usize = 16;
    let data = program.section(b".note.gnu.build-id")?.data;
    data.get(HEADER..).filter(|id| !id.is_empty())
}

/// `.build-id/ab/cdef.debug`.
fn id_path(id: &[u8]) -> Option<PathBuf> {
    let (first, rest) = id.split_first()?;
    let rest: String = rest.iter().map(|byte| format!("{byte:02x}")).collect();
    Some(PathBuf::from(format!(".build-id/{first:02x}/{rest}.debug")))
}

/// The checksum in `.gnu_debuglink` (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let mut table = [0u32; 256];
    for (at, slot) in table.iter_mut().enumerate() {
        *slot = (0..8).fold(at as u32, |crc, _| if crc & 1 != 0 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 });
    }
    !bytes.iter().fold(!0u32, |crc, byte| table[usize::from(crc as u8 ^ byte)] ^ crc >> 8)
}

/// A file that can be asked.
pub struct Module<'f> {
    files: &'f Files,
    program: Program<'f>,
    symbolizer: Symbolizer<'f>,
    table: OnceLock<SymbolTable>,
    /// With symbols and relocations, once they are asked for.
    whole: OnceLock<Option<Program<'f>>>,
}

/// Where functions and variables of a file are declared.
pub struct Declarations<'f>(Vec<dwarf::dump::Declaration<'f>>);

impl Declarations<'_> {
    fn find(&self, address: u64, name: &[u8]) -> Option<(Vec<u8>, u64)> {
        let at = self.0.partition_point(|known| known.address < address);
        // Names of what is local to a function have more to them.
        let is_in = |known: &[u8]| !known.is_empty() && name.windows(known.len()).any(|part| part == known);
        let mut there = self.0.get(at..)?.iter().take_while(|known| known.address == address);
        let found = there.find(|known| is_in(known.name))?;
        Some((found.file.clone(), found.line))
    }
}

/// The names of the sections that declarations are read from.
fn debug_name(name: &[u8]) -> Option<&'static [u8]> {
    const NAMES: &[&[u8]] = &[
        b".debug_info",
        b".debug_abbrev",
        b".debug_str",
        b".debug_line",
        b".debug_line_str",
        b".debug_str_offsets",
        b".debug_addr",
    ];
    NAMES.iter().copied().find(|known| *known == name)
}

/// The function and the source file that symbols tell of an address.
struct BySymbol {
    name: Vec<u8>,
    value: u64,
    file: Option<Vec<u8>>,
}

/// What is known of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place<'f> {
    /// The calls, innermost first; at least one.
    pub calls: Vec<Call<'f>>,
}

/// One of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call<'f> {
    pub frame: Frame<'f>,
    /// The function as the linker names it, where it names it; else as the source does.
    pub function: Option<std::borrow::Cow<'f, [u8]>>,
    /// By the symbols, where debug information has none.
    pub file: Option<Vec<u8>>,
}

impl<'f> Module<'f> {
    /// # Errors
    /// Why the file cannot be read.
    pub fn read(files: &'f Files) -> Result<Module<'f>, String> {
        let program = files.main.program()?;
        let described = files.described();
        let mut symbolizer = Symbolizer::new(described.sections(&described.program()?));
        if let Some(shared) = &files.shared
            && let Ok(program) = shared.program()
        {
            symbolizer = symbolizer.with_supplementary(shared.sections(&program));
        }
        for &(id, package) in &files.split {
            let Some(package) = files.packages.get(package) else { continue };
            let Ok(program) = package.program() else { continue };
            let all = Sections::find_split(|name| package.named(&program, name));
            let part = if all.cu_index.is_empty() { Some(all) } else { all.part_of_package(id) };
            if let Some(part) = part {
                symbolizer = symbolizer.with_split(id, part);
            }
        }
        Ok(Module { files, program, symbolizer, table: OnceLock::new(), whole: OnceLock::new() })
    }

    pub fn program(&self) -> &Program<'f> {
        &self.program
    }

    /// The address, before loading, of a byte of the file that is loaded.
    pub fn address_of_offset(&self, offset: u64) -> Option<u64> {
        let loads = self.program.segments.iter().filter(|segment| segment.kind == SegmentKind::Load);
        // Mappings are of whole pages and may show bytes before and behind the segment; code is within it.
        loads.into_iter().find_map(|segment| {
            let at = offset.checked_sub(segment.file_offset).filter(|&at| at < segment.file_size)?;
            Some(segment.address.wrapping_add(at))
        })
    }

    /// The section named `name`, by its index.
    pub fn section(&self, name: &str) -> Option<usize> {
        self.program.sections.iter().position(|section| *section.name == *name.as_bytes())
    }

    /// Reads what the answers to all these need beforehand, in so many threads.
    pub fn prepare(&self, addresses: &[u64], section: Option<usize>, functions: bool, threads: usize) {
        let known: Vec<u64> = addresses
            .iter()
            .filter_map(|&address| {
                let (section, offset) = self.places_of(address, section).next()?;
                Some(self.address_of(section, offset))
            })
            .collect();
        self.symbolizer.prepare(&known, functions, threads);
    }

    /// The sections that `address` may mean, and how far in each.
    fn places_of(&self, address: u64, section: Option<usize>) -> impl Iterator<Item = (usize, u64)> + '_ {
        let loaded = |section: &ProgramSection<'_>| section.flags.has(SectionFlags::ALLOC);
        let range = match section {
            Some(section) => section..section + 1,
            None => 0..self.program.sections.len(),
        };
        let by_offset = section.is_some();
        range.filter_map(move |idx| {
            let section = self.program.sections.get(idx)?;
            let start = if by_offset { 0 } else { section.address };
            let offset = address.checked_sub(start).filter(|&offset| offset < section.size)?;
            (loaded(section) || by_offset).then_some((idx, offset))
        })
    }

    /// Where debug information has it.
    fn address_of(&self, section: usize, offset: u64) -> u64 {
        let base = match self.files.main.bases.get(section) {
            Some(&base) => base,
            None => self.program.sections.get(section).map_or(0, |section| section.address),
        };
        base.wrapping_add(offset)
    }

    /// What is known of `address`, or of that offset in a section; `None` when nothing is. Without `functions` only the
    /// innermost file and line are looked for.
    pub fn find(&self, address: u64, section: Option<usize>, functions: bool) -> Option<Place<'f>> {
        self.places_of(address, section).find_map(|(section, offset)| self.find_in(section, offset, functions))
    }

    /// What is known of the code at an offset of a section, by its index.
    pub fn find_in(&self, section: usize, offset: u64, functions: bool) -> Option<Place<'f>> {
        let address = self.address_of(section, offset);
        if !functions && let Some(frame) = self.symbolizer.line(address) {
            return Some(Place { calls: vec![Call { frame, ..Call::default() }] });
        }
        let mut place = Place::default();
        for frame in self.symbolizer.frames(address) {
            let mut call = Call { frame, ..Call::default() };
            call.function = frame.linkage_name.or(frame.name).map(Into::into);
            // A name of the source is another one than the linker's, which it may know.
            let is_unsure = frame.linkage_name.is_none() && !frame.plain_names && !frame.inlined;
            if frame.name.is_none() && frame.linkage_name.is_none() || is_unsure {
                let symbol = self.by_symbol(section, offset);
                let fits = |symbol: &BySymbol| {
                    frame.name.is_none() || Some(self.address_of(section, symbol.value)) == frame.low
                };
                if let Some(symbol) = symbol.filter(fits) {
                    call.function = Some(symbol.name.into());
                    call.file = symbol.file.filter(|_| frame.file.is_none());
                }
            }
            place.calls.push(call);
        }
        if place.calls.is_empty() {
            let symbol = self.by_symbol(section, offset)?;
            let call = Call { function: Some(symbol.name.into()), file: symbol.file, ..Call::default() };
            place.calls.push(call);
        }
        Some(place)
    }

    /// Where functions and variables are declared.
    pub fn declarations(&self) -> Declarations<'f> {
        let described = self.files.described();
        let Ok(program) = described.program() else { return Declarations(Vec::new()) };
        let named = |(idx, section): (usize, &ProgramSection<'f>)| {
            let name = debug_name(&section.name)?;
            Some(dwarf::dump::Section { name, data: described.data(idx, section), address: 0 })
        };
        let input = dwarf::dump::Input::new(program.sections.iter().enumerate().filter_map(named).collect());
        Declarations(dwarf::dump::declarations(&input))
    }

    /// The file and the line where a symbol is declared, or, of one that is defined elsewhere, first asked for.
    pub fn line_of(&self, symbol: &ProgramSymbol<'_>, known: &Declarations<'_>) -> Option<(Vec<u8>, u64)> {
        let SymbolPlace::Section(section) = symbol.place else {
            return (symbol.place == SymbolPlace::Undefined).then(|| self.first_use(symbol)).flatten();
        };
        if symbol.kind == SymbolKind::Tls && self.program.kind != ProgramKind::Object {
            return known.find(symbol.value, &symbol.name).filter(|(_, line)| *line != 0);
        }
        let start = self.program.sections.get(section as usize)?.address;
        let start = if self.program.kind == ProgramKind::Object { 0 } else { start };
        let offset = symbol.value.checked_sub(start)?;
        if let Some(found) = known.find(self.address_of(section as usize, offset), &symbol.name) {
            return Some(found).filter(|(_, line)| *line != 0);
        }
        self.line_at(section as usize, offset)
    }

    fn line_at(&self, section: usize, offset: u64) -> Option<(Vec<u8>, u64)> {
        let place = self.find_in(section, offset, false)?;
        let frame = place.calls.first()?.frame;
        let mut path = Vec::new();
        frame.file?.push_path(&mut path);
        (frame.line != 0).then_some((path, u64::from(frame.line)))
    }

    fn first_use(&self, symbol: &ProgramSymbol<'_>) -> Option<(Vec<u8>, u64)> {
        let program = self.whole.get_or_init(|| read_program(&self.files.main.bytes).ok()).as_ref()?;
        if program.kind != ProgramKind::Object {
            return None;
        }
        let is_it = |idx: Option<u32>| {
            let other = idx.and_then(|idx| program.symbols.get(idx as usize));
            other.is_some_and(|other| other.place == SymbolPlace::Undefined && other.name == symbol.name)
        };
        program.sections.iter().enumerate().find_map(|(idx, section)| {
            let relocs = program.relocs.get(section.relocs.start as usize..section.relocs.end as usize)?;
            relocs.iter().filter(|reloc| is_it(reloc.symbol)).find_map(|reloc| self.line_at(idx, reloc.offset))
        })
    }

    /// Up to which offset of the section the answers are the same as at this one, at least.
    pub fn same_until(&self, section: usize, offset: u64) -> u64 {
        let address = self.address_of(section, offset);
        let known = offset.saturating_add(self.symbolizer.same_until(address, true) - address);
        let table = self.table.get_or_init(|| SymbolTable::read(self.files, &self.program));
        known.min(table.next_border(section as u32, offset))
    }

    fn by_symbol(&self, section: usize, offset: u64) -> Option<BySymbol> {
        let table = self.table.get_or_init(|| SymbolTable::read(self.files, &self.program));
        table.find(section as u32, offset)
    }
}

/// A symbol that names code.
struct CodeSymbol {
    section: u32,
    /// In the section.
    value: u64,
    size: u64,
    /// How well its type says what it is.
    kind: Kind,
    name: Vec<u8>,
    file: Option<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    None,
    Function,
}

/// The symbols that name code, by section and value, then in the file's order.
struct SymbolTable(Vec<CodeSymbol>);

impl SymbolTable {
    /// Of what was stripped; else of the file itself, else those for the dynamic linker.
    fn read(files: &Files, main: &Program<'_>) -> SymbolTable {
        let of = |file: &Described| {
            let program = read_program(&file.bytes).ok()?;
            let all = if program.symbols.is_empty() { &program.dynamic_symbols } else { &program.symbols };
            Some(SymbolTable::of_symbols(all, main))
        };
        let separate = files.separate.as_ref().and_then(of).filter(|table| !table.0.is_empty());
        separate.or_else(|| of(&files.main)).unwrap_or(SymbolTable(Vec::new()))
    }

    fn of_symbols(all: &[ProgramSymbol<'_>], main: &Program<'_>) -> SymbolTable {
        let mut table = Vec::new();
        // What was stripped may have other sections; where they are loaded is the same.
        let place_of = |symbol: &ProgramSymbol<'_>| match symbol.place {
            SymbolPlace::Section(section) if main.kind == ProgramKind::Object => Some((section, symbol.value)),
            SymbolPlace::Section(section) => {
                let has = |section: &ProgramSection<'_>| {
                    section.flags.has(SectionFlags::ALLOC) && symbol.value.wrapping_sub(section.address) < section.size
                };
                let same = main.sections.get(section as usize).filter(|section| has(section)).map(|_| section as usize);
                let section = same.or_else(|| main.sections.iter().position(has))?;
                Some((section as u32, symbol.value - main.sections[section].address))
            }
            _ => None,
        };
        let mut file: Option<&[u8]> = None;
        // Names of files stand before the local symbols they are of. Behind them all come global ones, of any file.
        let (mut seen, mut file_after) = (false, false);
        for symbol in all {
            if symbol.kind == SymbolKind::File {
                file = Some(&symbol.name);
                file_after |= seen;
                continue;
            }
            seen = true;
            let Some((section, value)) = place_of(symbol) else { continue };
            let kind = match symbol.kind {
                SymbolKind::Function | SymbolKind::IFunc => Kind::Function,
                SymbolKind::None => Kind::None,
                SymbolKind::Section | SymbolKind::Object | SymbolKind::Common | SymbolKind::Tls | SymbolKind::File => {
                    continue;
                }
            };
            let is_local = symbol.binding == Binding::Local;
            // Marks of a plug-in of gcc and clang.
            let is_mark = kind == Kind::None && symbol.size == 0 && symbol.visibility == Visibility::Hidden;
            if symbol.name.is_empty() || is_local && is_mark {
                continue;
            }
            let file = file.filter(|_| is_local || !file_after).map(<[u8]>::to_vec);
            let (size, name) = (symbol.size.max(1), symbol.name.to_vec());
            table.push(CodeSymbol { section, value, size, kind, name, file });
        }
        table.sort_by_key(|symbol| (symbol.section, symbol.value));
        SymbolTable(table)
    }

    /// Where, above the offset, the answer may be another one.
    fn next_border(&self, section: u32, offset: u64) -> u64 {
        let end = self.0.partition_point(|symbol| (symbol.section, symbol.value) <= (section, offset));
        let next = self.0.get(end).filter(|next| next.section == section).map_or(u64::MAX, |next| next.value);
        let Some(nearest) = self.0[..end].last().filter(|symbol| symbol.section == section) else { return next };
        // Of several at one value the best one depends on which of them cover the offset.
        let start = self.0[..end].partition_point(|s| (s.section, s.value) < (section, nearest.value));
        let ends = self.0[start..end].iter().map(|symbol| symbol.value.saturating_add(symbol.size));
        ends.filter(|&end| end > offset).fold(next, u64::min)
    }

    /// The nearest at or below the offset; of several there the one that covers it, is a function, has a type, is
    /// smaller.
    fn find(&self, section: u32, offset: u64) -> Option<BySymbol> {
        let end = self.0.partition_point(|symbol| (symbol.section, symbol.value) <= (section, offset));
        let nearest = self.0[..end].last().filter(|symbol| symbol.section == section)?;
        let start = self.0[..end].partition_point(|s| (s.section, s.value) < (section, nearest.value));
        let covers = |symbol: &CodeSymbol| symbol.size > offset - symbol.value;
        let best = self.0[start..end].iter().reduce(|best, symbol| {
            let better = if !covers(best) {
                symbol.size > best.size
            } else if !covers(symbol) {
                false
            } else if symbol.kind != best.kind {
                symbol.kind > best.kind
            } else {
                symbol.size < best.size
            };
            if better { symbol } else { best }
        })?;
        Some(BySymbol { name: best.name.clone(), value: best.value, file: best.file.clone() })
    }
}
