//! Where a stopped program stands: its stack walked from outside, every frame with function, file and line.
//!
//! The program waits in its fault handler (or in a debugger): its saved registers, its memory and the list of its mappings
//! are all that is looked at, and each may be damaged. Nothing here can fail: what is not known is left out, and every
//! walk ends. Walking goes by call frame information; where a place has none (a call through a null pointer, code of
//! unknown make) by the return address that a call leaves, or by frame pointers.

use crate::inspect::{Program, read_program};
use crate::plugins::TargetRow;
use base::io::{FileBytes, InputSource};
use dwarf::symbolize::Symbolizer;
use dwarf::unwind::{self, FrameRegs, FrameTables, Registers};
use obj::program::{ProgramSection, ProgramSymbol, SegmentKind, SymbolPlace};
use obj::{SectionFlags, SectionKind, SymbolKind};
use std::cell::OnceCell;
use std::path::Path;

/// What walking a stack needs to know of a target.
#[derive(Debug)]
pub struct StackFacts {
    /// Of each register that is saved: its DWARF number and its offset in the saved context, in bytes.
    pub saved: &'static [(u16, u64)],
    pub regs: FrameRegs,
    pub leaf_return: LeafReturn,
    pub frame_record: FrameRecord,
}

/// Where a function that has done nothing yet finds its return address.
#[derive(Clone, Copy, Debug)]
pub enum LeafReturn {
    /// On top of the stack.
    OnStack,
    /// In the register with this DWARF number.
    Register(u16),
}

/// What the frame pointer points to: offsets in bytes from it.
#[derive(Clone, Copy, Debug)]
pub struct FrameRecord {
    pub caller_frame: u64,
    pub return_address: u64,
    /// The caller's stack pointer is this much above the frame pointer.
    pub size: u64,
}

/// A stopped program.
pub struct Stopped<'s> {
    pub target: &'static TargetRow,
    /// The program's own file, which it may have been started from without a name.
    pub image: &'s [u8],
    /// The same program with what is known of it: the file itself, or one that [loads the same](loads_the_same).
    pub described: &'s [u8],
    /// Address in the process of its saved registers.
    pub context: u64,
    /// The address that the fault is about, if it is about one.
    pub address: Option<u64>,
    /// The mappings, as Linux' `/proc/PID/maps` has them.
    pub maps: &'s str,
    /// Where the system keeps what was stripped from its libraries: `/usr/lib/debug`.
    pub debug_dirs: &'s [&'s str],
}

/// Reads memory of the process at an address; the number of bytes that are there.
pub type ReadMemory<'m> = dyn FnMut(u64, &mut [u8]) -> usize + 'm;

/// One line of a backtrace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Frame {
    /// Where it stands, or returns to.
    pub pc: u64,
    pub function: Option<String>,
    /// With line and column, from 1; 0 when unknown.
    pub file: Option<(String, u32, u32)>,
    /// The file name of the shared library it lies in; `None` for the program itself.
    pub library: Option<String>,
    /// Was inlined into the next one.
    pub inlined: bool,
}

/// A backtrace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Backtrace {
    pub parts: Vec<Part>,
    /// The walk was given up before the outermost frame: there are more than [`MAX_DEPTH`].
    pub cut: bool,
    /// The fault is that the stack has no room left.
    pub stack_overflow: bool,
}

/// A piece of a backtrace, innermost first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    Frame(Frame),
    /// The `n_frames` before this come `times` more, as in a recursion.
    Repeated {
        n_frames: usize,
        times: usize,
    },
    /// This many were left out.
    More(usize),
}

/// Frames that are walked at most.
pub const MAX_DEPTH: usize = 200_000;
/// Frames that are shown at the inner end and at the outer end.
const SHOWN: (usize, usize) = (70, 30);
/// The longest cycle of calls that is recognized as a recursion.
const MAX_CYCLE: usize = 8;

/// Whether two images are the same in memory, whatever else they hold.
pub fn loads_the_same(one: &[u8], other: &[u8]) -> bool {
    let (Ok(one), Ok(other)) = (read_program(one), read_program(other)) else { return false };
    /// Address, size and bytes of what is loaded; of an identity of the whole file, which differs by what else the file
    /// holds, no bytes.
    fn loaded<'a>(program: &Program<'a>) -> Vec<(u64, u64, &'a [u8])> {
        let sections = program.sections.iter().filter(|section| section.flags.has(SectionFlags::ALLOC));
        let bytes = |section: &ProgramSection<'a>| if section.kind == SectionKind::Note { &[] } else { section.data };
        sections.map(|section| (section.address, section.size, bytes(section))).collect()
    }
    loaded(&one) == loaded(&other)
}

/// Walks the stack.
pub fn backtrace(stopped: &Stopped<'_>, read: &mut ReadMemory<'_>, source: &dyn InputSource) -> Backtrace {
    let files = open_files(stopped, read, source);
    let modules: Vec<Module<'_>> =
        files.iter().map(|file| Module { file, parsed: OnceCell::new(), stripped: OnceCell::new() }).collect();
    let (mut places, cut) = walk(stopped, &modules, read);
    // What called `main` is of no interest.
    let main = modules.iter().find(|module| module.file.library.is_none()).and_then(Module::main);
    if let Some(main) = main
        && let Some(outermost) = places.iter().rposition(|place| main.contains(&place.inside()))
    {
        places.truncate(outermost + 1);
    }
    let mut parts = Vec::new();
    for piece in collapse(&places) {
        match piece {
            Piece::Frames(range) => {
                for &place in &places[range] {
                    parts.extend(symbolize(stopped, &modules, place, source).into_iter().map(Part::Frame));
                }
            }
            Piece::Repeated { n_frames, times } => parts.push(Part::Repeated { n_frames, times }),
            Piece::More(n) => parts.push(Part::More(n)),
        }
    }
    Backtrace { parts, cut, stack_overflow: is_stack_overflow(stopped, read) }
}

/// The fault is about an address where nothing is mapped, or which must not be touched, near the top of the stack.
fn is_stack_overflow(stopped: &Stopped<'_>, read: &mut ReadMemory<'_>) -> bool {
    const NEAR: u64 = 1 << 16;
    let facts = stopped.target.stack;
    let saved = facts.saved.iter().find(|(reg, _)| *reg == facts.regs.stack_pointer);
    let Some((&(_, offset), address)) = saved.zip(stopped.address) else { return false };
    let mut word = [0; 8];
    let known = read(stopped.context.wrapping_add(offset), &mut word) == word.len();
    let usable = parse_maps(stopped.maps).iter().any(|map| map.readable && (map.start..map.end).contains(&address));
    known && !usable && u64::from_le_bytes(word).abs_diff(address) < NEAR
}

/// The text, one line a frame, each indented by two spaces.
pub fn render(backtrace: &Backtrace) -> String {
    let mut out = String::new();
    let mut number = 0;
    for part in &backtrace.parts {
        match part {
            Part::Frame(frame) => {
                out.push_str(&format!("  #{number} {:#018x}", frame.pc));
                if let Some(function) = &frame.function {
                    out.push_str(&format!(" {function}"));
                }
                if let Some((file, line, column)) = &frame.file {
                    out.push_str(&format!(" at {file}"));
                    for number in [line, column].into_iter().take_while(|number| **number != 0) {
                        out.push_str(&format!(":{number}"));
                    }
                }
                if let Some(library) = &frame.library {
                    out.push_str(&format!(" in {library}"));
                }
                if frame.inlined {
                    out.push_str(" (inlined)");
                }
                out.push('\n');
                number += 1;
            }
            Part::Repeated { n_frames: 1, times } => {
                out.push_str(&format!("     … this frame {times} more times\n"));
                number += times;
            }
            Part::Repeated { n_frames, times } => {
                out.push_str(&format!("     … these {n_frames} frames {times} more times\n"));
                number += n_frames * times;
            }
            Part::More(n) => {
                out.push_str(&format!("     … {n} more\n"));
                number += n;
            }
        }
    }
    if backtrace.cut {
        out.push_str("     … more\n");
    }
    out
}

/// Where a frame stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Place {
    pc: u64,
    /// `pc` is a return address: the call lies before it.
    is_call: bool,
    /// What a signal's handler returns to.
    interrupts: bool,
}

impl Place {
    /// An address within the instruction concerned.
    fn inside(self) -> u64 {
        self.pc.wrapping_sub(u64::from(self.is_call))
    }
}

/// A file that is mapped into the process, with code in it.
struct MappedFile {
    bytes: FileBytes,
    /// `None` for the program itself.
    library: Option<String>,
    maps: Vec<Map>,
    /// The file with what was stripped from it, once it was looked for.
    stripped: OnceCell<Option<FileBytes>>,
}

impl MappedFile {
    fn new(bytes: FileBytes, library: Option<&str>, maps: Vec<Map>) -> MappedFile {
        MappedFile { bytes, library: library.map(str::to_string), maps, stripped: OnceCell::new() }
    }
}

/// One line of the list of mappings.
#[derive(Clone, Debug)]
struct Map {
    start: u64,
    end: u64,
    readable: bool,
    executable: bool,
    file_offset: u64,
    /// Device and inode as they are written: what makes two mappings mappings of one file.
    identity: String,
    path: String,
}

fn parse_maps(text: &str) -> Vec<Map> {
    let line = |line: &str| {
        let mut fields = line.splitn(6, ' ');
        let (start, end) = fields.next()?.split_once('-')?;
        let permissions = fields.next()?;
        let offset = fields.next()?;
        let (device, inode) = (fields.next()?, fields.next()?);
        let hex = |digits: &str| u64::from_str_radix(digits, 16).ok();
        Some(Map {
            start: hex(start)?,
            end: hex(end)?,
            readable: permissions.contains('r'),
            executable: permissions.contains('x'),
            file_offset: hex(offset)?,
            identity: format!("{device} {inode}"),
            path: fields.next().unwrap_or("").trim_start().to_string(),
        })
    };
    text.lines().filter_map(line).collect()
}

/// The name of the code that the kernel itself puts into every process.
const KERNEL_CODE: &str = "[vdso]";

fn open_files(stopped: &Stopped<'_>, read: &mut ReadMemory<'_>, source: &dyn InputSource) -> Vec<MappedFile> {
    let maps = parse_maps(stopped.maps);
    let mut files: Vec<MappedFile> = Vec::new();
    for code in maps.iter().filter(|map| map.executable) {
        let known = files.iter().any(|file| file.maps.iter().any(|map| map.start == code.start));
        if known {
            continue;
        }
        if code.path == KERNEL_CODE {
            let mut bytes = vec![0; (code.end - code.start).min(1 << 20) as usize];
            let n = read(code.start, &mut bytes);
            bytes.truncate(n);
            files.push(MappedFile::new(FileBytes::from_vec(bytes), Some(KERNEL_CODE), vec![code.clone()]));
            continue;
        }
        if code.path.is_empty() || code.path.starts_with('[') {
            continue;
        }
        let maps: Vec<Map> =
            maps.iter().filter(|map| map.identity == code.identity && map.path == code.path).cloned().collect();
        if is_image(stopped.image, &maps, read) {
            files.push(MappedFile::new(FileBytes::from_vec(stopped.described.to_vec()), None, maps));
        } else if let Ok(bytes) = source.read(Path::new(&code.path)) {
            let name = code.path.rsplit('/').next().unwrap_or(&code.path);
            files.push(MappedFile::new(bytes, Some(name), maps));
        }
    }
    files
}

/// The program is known by what its mapping begins with: it may have no name, or another one.
fn is_image(image: &[u8], maps: &[Map], read: &mut ReadMemory<'_>) -> bool {
    let Some(first) = maps.iter().find(|map| map.file_offset == 0) else { return false };
    let mut head = vec![0; image.len().min(4096).min((first.end - first.start) as usize)];
    !head.is_empty() && read(first.start, &mut head) == head.len() && head[..] == image[..head.len()]
}

/// A mapped file and what was read of it.
struct Module<'m> {
    file: &'m MappedFile,
    parsed: OnceCell<Option<Parsed<'m>>>,
    stripped: OnceCell<Option<Program<'m>>>,
}

struct Parsed<'m> {
    program: Program<'m>,
    symbols: Symbolizer<'m>,
    bias: u64,
    tables: Option<FrameTables<'m>>,
}

impl<'m> Module<'m> {
    fn has(&self, address: u64) -> bool {
        self.file.maps.iter().any(|map| map.executable && (map.start..map.end).contains(&address))
    }

    fn parsed(&self) -> Option<&Parsed<'m>> {
        self.parsed.get_or_init(|| self.parse()).as_ref()
    }

    fn parse(&self) -> Option<Parsed<'m>> {
        let program = read_program(&self.file.bytes).ok()?;
        let bias = bias(&program, &self.file.maps)?;
        let symbols = Symbolizer::of_program(&program);
        let tables = program.section(b".eh_frame").filter(|section| !section.data.is_empty()).map(|section| {
            let header = program.section(b".eh_frame_hdr").filter(|header| !header.data.is_empty());
            FrameTables {
                bias,
                eh_frame: section.data,
                eh_frame_address: section.address,
                eh_frame_hdr: header.map(|header| (header.data, header.address)),
            }
        });
        Some(Parsed { program, symbols, bias, tables })
    }

    /// Where the function `main` lies in memory.
    fn main(&self) -> Option<std::ops::Range<u64>> {
        let parsed = self.parsed()?;
        let is_main = |symbol: &&ProgramSymbol<'_>| *symbol.name == *b"main" && symbol.place != SymbolPlace::Undefined;
        let all = parsed.program.symbols.iter().chain(&parsed.program.dynamic_symbols);
        let main = all.filter(|symbol| symbol.kind == SymbolKind::Function).find(is_main)?;
        let start = main.value.wrapping_add(parsed.bias);
        Some(start..start.wrapping_add(main.size))
    }

    /// The symbols that were stripped from the file and are kept beside it: the file that its build id names.
    fn stripped_symbols(&self, stopped: &Stopped<'_>, source: &dyn InputSource) -> Option<&Program<'m>> {
        // Size of the note's header with its name, `GNU`.
        const HEADER: usize = 16;
        let found = self.stripped.get_or_init(|| {
            let file = self.file.stripped.get_or_init(|| {
                let id = self.parsed()?.program.section(b".note.gnu.build-id")?.data.get(HEADER..)?;
                let digits: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
                let (directory, name) = digits.split_at_checked(2)?;
                let path = format!(".build-id/{directory}/{name}.debug");
                stopped.debug_dirs.iter().find_map(|dir| source.read(&Path::new(dir).join(&path)).ok())
            });
            read_program(file.as_ref()?).ok()
        });
        found.as_ref()
    }
}

/// What was added to the file's addresses when it was mapped.
fn bias(program: &Program<'_>, maps: &[Map]) -> Option<u64> {
    let loads = program.segments.iter().filter(|segment| segment.kind == SegmentKind::Load);
    loads.into_iter().find_map(|segment| {
        // Mappings begin at pages; how large they are does not matter, as both are rounded alike.
        let map = maps.iter().find(|map| {
            let end = map.file_offset.saturating_add(map.end - map.start);
            (map.file_offset..end).contains(&segment.file_offset)
        })?;
        let at = map.start.wrapping_add(segment.file_offset - map.file_offset);
        Some(at.wrapping_sub(segment.address))
    })
}

/// The places of all frames, innermost first, and whether there are more.
fn walk(stopped: &Stopped<'_>, modules: &[Module<'_>], read: &mut ReadMemory<'_>) -> (Vec<Place>, bool) {
    let facts = stopped.target.stack;
    let mut memory = Memory { read, page: Vec::new(), start: u64::MAX };
    let mut regs = Registers::default();
    for &(reg, offset) in facts.saved {
        regs.set(reg, memory.word(stopped.context.wrapping_add(offset)));
    }
    let mut places = Vec::new();
    let mut is_call = false;
    while let Some(pc) = regs.get(facts.regs.return_address) {
        if places.len() == MAX_DEPTH {
            return (places, true);
        }
        let mut place = Place { pc, is_call, interrupts: false };
        let module = modules.iter().find(|module| module.has(place.inside()));
        let tables = module.and_then(|module| module.parsed()?.tables.as_ref());
        let described = tables.and_then(|tables| Some((tables, unwind::describe(tables, pc, is_call)?)));
        let caller = match described {
            Some((tables, _)) => unwind::step(tables, &regs, &facts.regs, pc, is_call, &mut |at| memory.word(at)),
            None => guess(facts, &regs, modules, places.is_empty(), &mut memory),
        };
        place.interrupts = described.is_some_and(|(_, described)| described.interrupts);
        is_call = !place.interrupts;
        places.push(place);
        let Some(caller) = caller else { break };
        // The stack grows downwards: who does not come up would walk for ever. Handlers may have a stack of their own.
        let sp = facts.regs.stack_pointer;
        if is_call && places.len() > 1 && caller.get(sp) <= regs.get(sp) {
            break;
        }
        regs = caller;
    }
    (places, false)
}

/// The caller where nothing describes the place.
fn guess(
    facts: &StackFacts,
    regs: &Registers,
    modules: &[Module<'_>],
    is_innermost: bool,
    memory: &mut Memory<'_, '_>,
) -> Option<Registers> {
    let FrameRegs { stack_pointer, frame_pointer, return_address } = facts.regs;
    let is_code = |address: &u64| modules.iter().any(|module| module.has(address.wrapping_sub(1)));
    let sp = regs.get(stack_pointer)?;
    // A jump to nowhere has just been made: the return address is where the call put it.
    if is_innermost {
        let (found, above) = match facts.leaf_return {
            LeafReturn::OnStack => (memory.word(sp), sp.wrapping_add(8)),
            LeafReturn::Register(reg) => (regs.get(reg), sp),
        };
        if let Some(found) = found.filter(is_code) {
            let mut caller = *regs;
            caller.set(stack_pointer, Some(above));
            caller.set(return_address, Some(found));
            return Some(caller);
        }
    }
    let fp = regs.get(frame_pointer).filter(|&fp| fp >= sp && fp.is_multiple_of(8))?;
    let record = facts.frame_record;
    let found = memory.word(fp.wrapping_add(record.return_address)).filter(is_code)?;
    let mut caller = *regs;
    caller.set(frame_pointer, memory.word(fp.wrapping_add(record.caller_frame)));
    caller.set(stack_pointer, Some(fp.wrapping_add(record.size)));
    caller.set(return_address, Some(found));
    Some(caller)
}

/// Memory of the process, a page at a time: a walk reads the same page often.
struct Memory<'m, 'r> {
    read: &'r mut ReadMemory<'m>,
    page: Vec<u8>,
    start: u64,
}

impl Memory<'_, '_> {
    const PAGE: u64 = 4096;

    fn word(&mut self, address: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        let start = address & !(Self::PAGE - 1);
        let at = (address - start) as usize;
        if at + 8 > Self::PAGE as usize {
            return ((self.read)(address, &mut bytes) == 8).then(|| u64::from_le_bytes(bytes));
        }
        if start != self.start {
            self.page.resize(Self::PAGE as usize, 0);
            let n = (self.read)(start, &mut self.page);
            self.page.truncate(n);
            self.start = start;
        }
        bytes.copy_from_slice(self.page.get(at..at + 8)?);
        Some(u64::from_le_bytes(bytes))
    }
}

/// The calls at a place: the function and what was inlined into it, innermost first.
fn symbolize(stopped: &Stopped<'_>, modules: &[Module<'_>], place: Place, source: &dyn InputSource) -> Vec<Frame> {
    let bare = Frame { pc: place.pc, ..Frame::default() };
    let Some(module) = modules.iter().find(|module| module.has(place.inside())) else { return vec![bare] };
    let bare = Frame { library: module.file.library.clone(), ..bare };
    if place.interrupts {
        return vec![Frame { function: Some("<signal handler called>".into()), ..bare }];
    }
    let Some(parsed) = module.parsed() else { return vec![bare] };
    let address = place.inside().wrapping_sub(parsed.bias);
    let by_table = || {
        let own = parsed.program.function_at(address);
        let (symbol, _) = own.or_else(|| module.stripped_symbols(stopped, source)?.function_at(address))?;
        Some(String::from_utf8_lossy(&symbol.name).into_owned())
    };
    let calls = parsed.symbols.frames(address);
    if calls.is_empty() {
        return vec![Frame { function: by_table(), ..bare }];
    }
    let frame = |call: dwarf::symbolize::Frame<'_>| Frame {
        function: call.function().or_else(by_table),
        file: call.file.map(|file| (file.as_given(), call.line, call.column)),
        inlined: call.inlined,
        ..bare.clone()
    };
    calls.into_iter().map(frame).collect()
}

/// A piece of the walk.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Frames(std::ops::Range<usize>),
    Repeated { n_frames: usize, times: usize },
    More(usize),
}

/// Recursions once, and of the rest the two ends.
fn collapse(places: &[Place]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    let mut at = 0;
    while at < places.len() {
        match cycle_at(places, at) {
            Some((n_frames, times)) => {
                pieces.push(Piece::Frames(plain..at + n_frames));
                pieces.push(Piece::Repeated { n_frames, times });
                at += n_frames * (times + 1);
                plain = at;
            }
            None => at += 1,
        }
    }
    if plain < places.len() {
        pieces.push(Piece::Frames(plain..places.len()));
    }
    limit(pieces)
}

/// The shortest cycle that begins at `at`, and how often it comes again; at least twice.
fn cycle_at(places: &[Place], at: usize) -> Option<(usize, usize)> {
    (1..=MAX_CYCLE).find_map(|len| {
        let mut times = 0;
        let cycle = places.get(at..at + len)?;
        while places.get(at + len * (times + 1)..at + len * (times + 2)) == Some(cycle) {
            times += 1;
        }
        (times >= 2).then_some((len, times))
    })
}

/// Leaves out the middle where there is too much to show.
fn limit(pieces: Vec<Piece>) -> Vec<Piece> {
    let shown = |piece: &Piece| if let Piece::Frames(range) = piece { range.len() } else { 0 };
    let total: usize = pieces.iter().map(shown).sum();
    if total <= SHOWN.0 + SHOWN.1 {
        return pieces;
    }
    let hidden = SHOWN.0..total - SHOWN.1;
    let mut out = Vec::new();
    let mut left_out = 0;
    let mut at = 0;
    for piece in pieces {
        let Piece::Frames(range) = piece else {
            if let Piece::Repeated { n_frames, times } = piece {
                // A recursion whose frames are not shown counts with them.
                if hidden.contains(&at) { left_out += n_frames * times } else { out.push(piece) }
            }
            continue;
        };
        let head = range.start..range.start + hidden.start.saturating_sub(at).min(range.len());
        let skip = hidden.end.saturating_sub(at).min(range.len()).max(head.len());
        let tail = range.start + skip..range.end;
        left_out += skip - head.len();
        at += range.len();
        if !head.is_empty() {
            out.push(Piece::Frames(head));
        }
        if at >= hidden.end && left_out != 0 {
            out.push(Piece::More(std::mem::take(&mut left_out)));
        }
        if !tail.is_empty() {
            out.push(Piece::Frames(tail));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(pcs: impl IntoIterator<Item = u64>) -> Vec<Place> {
        pcs.into_iter().map(|pc| Place { pc, is_call: true, interrupts: false }).collect()
    }

    #[test]
    fn recursions_are_shown_once() {
        let deep = places([1, 2].into_iter().chain(std::iter::repeat_n([3, 4], 50).flatten()).chain([5]));
        let pieces = [Piece::Frames(0..4), Piece::Repeated { n_frames: 2, times: 49 }, Piece::Frames(102..103)];
        assert_eq!(collapse(&deep), pieces);
        assert_eq!(collapse(&places([1, 1, 2])), [Piece::Frames(0..3)]);
        assert_eq!(collapse(&[]), []);
    }

    #[test]
    fn the_middle_of_a_long_walk_is_left_out() {
        let long = places(0..1000);
        let pieces = collapse(&long);
        assert_eq!(pieces, [Piece::Frames(0..70), Piece::More(900), Piece::Frames(970..1000)]);
        // Every frame is shown or counted, also where recursions lie in the middle.
        let mixed = places((0..60).chain(std::iter::repeat_n(100, 500)).chain(200..300).chain([7; 9]).chain(300..400));
        let count = |piece: &Piece| match piece {
            Piece::Frames(range) => range.len(),
            Piece::Repeated { n_frames, times } => n_frames * times,
            Piece::More(n) => *n,
        };
        assert_eq!(collapse(&mixed).iter().map(count).sum::<usize>(), mixed.len());
    }

    #[test]
    fn mappings_are_read() {
        let maps = parse_maps(
            "55d0-55d1 r-xp 00001000 00:01 77                         /memfd:kit-run (deleted)\nbad\n7f00-7f10 rw-p 00000000 00:00 0 \n",
        );
        assert_eq!(maps.len(), 2);
        assert_eq!((maps[0].start, maps[0].executable, maps[0].file_offset), (0x55d0, true, 0x1000));
        assert_eq!(maps[0].path, "/memfd:kit-run (deleted)");
        assert_eq!(maps[1].path, "");
    }
}
