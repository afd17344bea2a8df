//! The audit: a patched image against a full link of the same inputs. Nothing of what the patch computed is believed; of
//! the state only where atoms and entries were placed.
//!
//! Atoms pair by object and number (their objects have the same interface). Bytes outside relocation fields are equal;
//! each field is decoded in both images back to the address that it means, and both addresses are the same place of the
//! same atom, or table words of the same meaning. What a table word means is read from the images: from the run-time
//! relocation that stands for it, or from the word itself. Symbol tables, run-time relocations and the unwind record that
//! a search finds for each function agree.

use crate::error::show;
use crate::facets::PltDesc;
use crate::frames::{FrameRecord, FrameSection};
use crate::load::{ObjId, Place};
use crate::place::OutId;
use crate::state::{AtomFate, AtomRec, FrameRec, NONE, ObjectRec, Region, SectionRec, State, SymbolRec, Unusable};
use crate::state_write::kept_records;
use crate::{ErrorKind, Image, Link, LinkError, Target, apply, slack};
use base::bytes::{align_up, get_u32, get_u64};
use obj::program::{Program, ProgramSymbol, SymbolPlace};
use obj::{AtomId, Reloc, SectionFlags, SymbolDef, SymbolKind};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use target::Formula;

/// What one of the images has where.
struct View<'v> {
    bytes: &'v [u8],
    program: Program<'v>,
    /// Start, end and label of every placed atom and unwind record, sorted.
    pieces: Vec<(u64, u64, Piece)>,
    /// Start of every placed atom of a section that is not loaded, in its output section.
    unloaded: HashMap<(u32, u32), u64>,
    /// Run-time relocation of each address.
    relocs: HashMap<u64, usize>,
    tables: Tables,
    tls: Block,
    plt: &'static PltDesc,
    /// Numbers of the run-time relocations that put a function's address into a word, at once or lazily.
    binding: [Option<u32>; 2],
}

/// Addresses of a thread-local block: start, and what counts as its end for the thread pointer.
#[derive(Clone, Copy)]
struct Block {
    address: u64,
    end: u64,
}

/// GOT, GOT of the PLT, PLT and direct entries, as far as there are any, and the words that direct entries jump through.
#[derive(Default)]
struct Tables {
    got: Option<u64>,
    got_plt: Option<u64>,
    plt: Option<u64>,
    direct: Option<u64>,
    plt_header: u64,
    direct_words: HashMap<u32, u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Piece {
    Atom(u32, u32),
    Frame(u32, u32),
}

/// One piece of both images.
struct Pair<'p> {
    full: (&'p [u8], u64),
    patched: (&'p [u8], u64),
    alloc: bool,
}

struct Audit<'l, 'a> {
    link: &'l Link<'a>,
    full: View<'l>,
    patched: View<'l>,
    findings: Vec<String>,
}

/// Compares; every finding is a difference that should not be.
pub(crate) fn compare(image: &Image<'_>, state: &State, patched: &[u8]) -> Result<Vec<String>, Vec<LinkError>> {
    let bytes = image.to_vec()?;
    let link = &image.link;
    let fail = |text: String| vec![LinkError::new(ErrorKind::Input, format!("audit: {text}"))];
    let objects: Vec<ObjectRec> =
        state.records(Region::Objects, 0, state.count(Region::Objects)).map_err(|e| fail(e.to_string()))?;
    if objects.len() != link.objects.len() {
        return Ok(vec!["the full link has other objects".into()]);
    }
    let full = View::of_link(link, &bytes).map_err(fail)?;
    let left = Left::read(state, &objects).map_err(|e| fail(e.to_string()))?;
    let patched = View::of_state(link, state, &left, patched).map_err(fail)?;
    let mut audit = Audit { link, full, patched, findings: Vec::new() };
    let sections = left_sections(state).map_err(|e| fail(e.to_string()))?;
    for (obj, (atoms, frames)) in link.objects.ids().zip(&left.objects) {
        audit.atoms(obj, atoms, &sections);
        audit.frames(obj, frames, sections.get(state.header.frames_section as usize));
    }
    audit.symbols();
    audit.run_relocs();
    audit.lookups();
    Ok(audit.findings)
}

/// What the state says of atoms and unwind records.
struct Left {
    objects: Vec<(Vec<AtomRec>, Vec<FrameRec>)>,
}

impl Left {
    fn read(state: &State, objects: &[ObjectRec]) -> Result<Left, Unusable> {
        let of = |record: &ObjectRec| {
            Ok((state.range(Region::Atoms, record.atoms)?, state.range(Region::Frames, record.frames)?))
        };
        Ok(Left { objects: objects.iter().map(of).collect::<Result<_, Unusable>>()? })
    }
}

fn left_sections(state: &State) -> Result<Vec<SectionRec>, Unusable> {
    state.records(Region::Sections, 0, state.count(Region::Sections))
}

impl<'v> View<'v> {
    fn new(link: &Link<'_>, bytes: &'v [u8], tables: Tables, tls: Block) -> Result<View<'v>, String> {
        let program = link.format.read_image(bytes)?;
        let relocs = program.relocs.iter().enumerate().map(|(idx, reloc)| (reloc.offset, idx)).collect();
        let arch = link.arch.arch;
        let number = |kind| arch.reloc(kind).wire_number(link.format.name());
        Ok(View {
            bytes,
            program,
            pieces: Vec::new(),
            unloaded: HashMap::new(),
            relocs,
            tables,
            tls,
            plt: &link.arch.plt,
            binding: [arch.common.glob_dat, arch.common.jump_slot].map(number),
        })
    }

    fn of_link(link: &Link<'_>, bytes: &'v [u8]) -> Result<View<'v>, String> {
        let slots = &link.slots;
        let address = |synth: Option<crate::symbols::SynthId>| synth.map(|synth| link.synth_address(synth));
        let header = if slots.n_lazy() > 0 { u64::from(link.arch.plt.header_size) } else { 0 };
        let tables = Tables {
            got: address(slots.got),
            got_plt: address(slots.got_plt),
            plt: address(slots.plt_synth),
            direct: address(slots.direct_synth),
            plt_header: header,
            direct_words: slots.direct.iter().enumerate().map(|(idx, &(_, word))| (idx as u32, word)).collect(),
        };
        let tls = &link.tls;
        let end = tls.address + align_up(tls.size, tls.align.max(1));
        let mut view = View::new(link, bytes, tables, Block { address: tls.address, end })?;
        for (obj, input) in link.objects.enumerated() {
            for atom in input.object.atoms.ids() {
                if input.places[atom].section < Place::CUT {
                    let start = link.atom_address(obj, atom, 0);
                    view.add(
                        start,
                        input.object.atoms[atom].size,
                        is_alloc(link, obj, atom),
                        Piece::Atom(obj.0, atom.0),
                    );
                }
            }
            let base = link.frames.out.map_or(0, |out| link.sections[out].address);
            let sections = link.frames.sections.get(obj).map_or(&[][..], |sections| sections);
            for (idx, (_, record)) in kept_records(sections).enumerate() {
                let start = base + u64::from(record.out);
                view.add(start, u64::from(record.capacity), true, Piece::Frame(obj.0, idx as u32));
            }
        }
        view.pieces.sort_unstable_by_key(|piece| (piece.0, piece.1));
        Ok(view)
    }

    fn of_state(link: &Link<'_>, state: &State, left: &Left, bytes: &'v [u8]) -> Result<View<'v>, String> {
        let header = &state.header;
        let sections = left_sections(state).map_err(|e| e.to_string())?;
        let symbols: Vec<SymbolRec> =
            state.records(Region::Symbols, 0, state.count(Region::Symbols)).map_err(|e| e.to_string())?;
        let [got, got_plt, plt, direct] = header.tables.map(|address| Some(address).filter(|&a| a != u64::MAX));
        let plt_header = if header.lazy != 0 { u64::from(link.arch.plt.header_size) } else { 0 };
        let words = symbols.iter().map(|symbol| (symbol.slot[5], symbol.slot[0]));
        let direct_words = words.filter(|(direct, _)| *direct != NONE).collect();
        let tables = Tables { got, got_plt, plt, direct, plt_header, direct_words };
        let [address, _, _, size, align] = header.tls;
        let tls = Block { address, end: address + align_up(size, align.max(1)) };
        let mut view = View::new(link, bytes, tables, tls)?;
        for (obj, (atoms, frames)) in left.objects.iter().enumerate() {
            for (atom, record) in atoms.iter().enumerate() {
                let placed = matches!(record.fate, AtomFate::PLACED | AtomFate::REVERSED);
                if let Some(section) = sections.get(record.section as usize).filter(|_| placed) {
                    let alloc = SectionFlags(section.flags).has(SectionFlags::ALLOC);
                    let start = section.address + record.offset;
                    view.add(start, record.size, alloc, Piece::Atom(obj as u32, atom as u32));
                }
            }
            let base = sections.get(header.frames_section as usize).map_or(0, |section| section.address);
            for (idx, record) in frames.iter().enumerate() {
                let start = base + u64::from(record.offset);
                view.add(start, u64::from(record.capacity), true, Piece::Frame(obj as u32, idx as u32));
            }
        }
        view.pieces.sort_unstable_by_key(|piece| (piece.0, piece.1));
        Ok(view)
    }

    fn add(&mut self, start: u64, size: u64, alloc: bool, piece: Piece) {
        // Sections that are not loaded all begin at 0, so that an address alone does not say which is meant.
        match piece {
            _ if alloc => self.pieces.push((start, start + size, piece)),
            Piece::Atom(obj, atom) => {
                self.unloaded.insert((obj, atom), start);
            }
            Piece::Frame(..) => {}
        }
    }

    /// What stands at an address. An address at the end of one piece and the start of the next is the latter.
    fn label(&self, address: u64, hint: Option<&[u8]>) -> String {
        if address == 0 {
            return "nothing".into();
        }
        if let Some(label) = self.entry(address) {
            return label;
        }
        let after = self.pieces.partition_point(|piece| piece.0 <= address);
        let before = self.pieces[..after].iter().rev().take_while(|piece| piece.1 >= address).collect::<Vec<_>>();
        let inside = before.iter().find(|piece| address < piece.1).or(before.iter().find(|piece| address == piece.1));
        if let Some((start, _, piece)) = inside {
            return format!("{piece:?}+{:#x}", address - start);
        }
        if let Some(name) = hint
            && self.program.symbols.iter().any(|symbol| *symbol.name == *name && symbol.value == address)
        {
            return format!("symbol {}", show(name));
        }
        let holds = |section: &&obj::program::ProgramSection<'_>| {
            section.flags.has(SectionFlags::ALLOC)
                && (section.address..=section.address + section.size).contains(&address)
        };
        match self.program.sections.iter().find(holds) {
            Some(section) => format!("{}+{:#x}", show(&section.name), address - section.address),
            None => format!("{address:#x}"),
        }
    }

    /// The meaning of a table entry: of the word that it jumps through.
    fn entry(&self, address: u64) -> Option<String> {
        let (entry_size, direct_size) = (u64::from(self.plt.entry_size), u64::from(self.plt.direct_entry_size));
        let section = |start: Option<u64>, size: u64, skip: u64| {
            let start = start?.checked_add(skip)?;
            let index = address.checked_sub(start)? / size.max(1);
            let section = self.program.sections.iter().find(|s| s.address <= start && start < s.address + s.size)?;
            (address < section.address + section.size && (address - start).is_multiple_of(size.max(1))).then_some(index)
        };
        if let Some(index) = section(self.tables.plt, entry_size, self.tables.plt_header) {
            let slot = self.tables.got_plt? + (u64::from(self.plt.reserved_got_words) + index) * 8;
            return Some(format!("entry of {}", self.jump(slot)));
        }
        let index = section(self.tables.direct, direct_size, 0)?;
        let word = *self.tables.direct_words.get(&u32::try_from(index).ok()?)?;
        Some(format!("entry of {}", self.jump(self.tables.got? + u64::from(word) * 8)))
    }

    /// Where a jump through a word ends. A function that is called and has its address taken is called through the word of
    /// its address, bound at the start; a patch that takes the address no more leaves it so.
    fn jump(&self, address: u64) -> String {
        let reloc = self.relocs.get(&address).map(|&idx| &self.program.relocs[idx]);
        let bound = reloc.filter(|reloc| self.binding.contains(&Some(reloc.number)));
        let symbol = bound.and_then(|reloc| self.program.dynamic_symbols.get(reloc.symbol? as usize));
        match symbol {
            Some(symbol) if !symbol.name.is_empty() => show(&symbol.name).into_owned(),
            _ => self.word(address),
        }
    }

    /// What a word of a table holds when the program runs.
    fn word(&self, address: u64) -> String {
        if let Some(&idx) = self.relocs.get(&address) {
            return self.run_reloc(idx);
        }
        match self.bytes_at(address, 8).and_then(|bytes| get_u64(bytes, 0)) {
            Some(value) => match self.pieces.iter().any(|piece| (piece.0..=piece.1).contains(&value)) {
                true => format!("word {}", self.label(value, None)),
                // A number: an offset from the thread pointer, say.
                false if value as i64 <= 0 && value as i64 > -(1 << 32) => {
                    format!("word {}", self.label(self.tls.end.wrapping_add(value), None))
                }
                false => format!("word {value:#x}"),
            },
            None => "no word".into(),
        }
    }

    fn run_reloc(&self, idx: usize) -> String {
        let reloc = &self.program.relocs[idx];
        let symbol = reloc.symbol.and_then(|at| self.program.dynamic_symbols.get(at as usize));
        match symbol {
            Some(symbol) if !symbol.name.is_empty() => {
                format!("{} {}+{:#x}", reloc.number, show(&symbol.name), reloc.addend)
            }
            _ => format!("{} {}", reloc.number, self.label(reloc.addend as u64, None)),
        }
    }

    fn bytes_at(&self, address: u64, len: u64) -> Option<&'v [u8]> {
        let section = self.program.sections.iter().find(|section| {
            section.flags.has(SectionFlags::ALLOC)
                && !section.data.is_empty()
                && section.address <= address
                && address + len <= section.address + section.size
        })?;
        let start = usize::try_from(section.file_offset + (address - section.address)).ok()?;
        self.bytes.get(start..start.checked_add(usize::try_from(len).ok()?)?)
    }
}

fn is_alloc(link: &Link<'_>, obj: ObjId, atom: AtomId) -> bool {
    let object = &link.objects[obj].object;
    object.sections[object.atoms[atom].section].flags.has(SectionFlags::ALLOC)
}

impl Audit<'_, '_> {
    fn find(&mut self, text: String) {
        self.findings.push(text);
    }

    fn atoms(&mut self, obj: ObjId, left: &[AtomRec], sections: &[SectionRec]) {
        let link = self.link;
        let input = &link.objects[obj];
        for (atom, record) in input.object.atoms.ids().zip(left) {
            let at = &input.object.atoms[atom];
            let section = &input.object.sections[at.section];
            let what = format!("{}: {}", link.object_name(obj), show(&section.name));
            let place = input.places[atom];
            let placed = matches!(record.fate, AtomFate::PLACED | AtomFate::REVERSED);
            if placed != (place.section < Place::CUT) || placed && record.size != at.size {
                self.find(format!("{what}: its place or size differs"));
                continue;
            }
            let Some(out) = sections.get(record.section as usize).filter(|_| placed) else { continue };
            let full_out = &link.sections[OutId(place.section)];
            if full_out.zero || out.zero != 0 {
                continue;
            }
            let full_at = (full_out.file_offset + place.offset) as usize;
            let start = (out.file_offset + record.offset) as usize;
            let full = self.full.bytes.get(full_at..full_at + at.size as usize);
            let patched = self.patched.bytes.get(start..start + record.capacity as usize);
            let (Some(full), Some(patched)) = (full, patched) else {
                self.find(format!("{what}: it lies outside the file"));
                continue;
            };
            let alloc = section.flags.has(SectionFlags::ALLOC);
            self.slot_end(&what, section, patched, at.size as usize, alloc, out);
            let pair = Pair {
                full: (full, full_out.address + place.offset),
                patched: (&patched[..at.size as usize], out.address + record.offset),
                alloc,
            };
            // Stretched over the slot, whose size is its own in each image.
            let masks = if alloc { None } else { slack::last_length(section, input.object.atom_bytes(atom)) };
            let relocs: Vec<Reloc> = input.object.atom_relocs(atom).to_vec();
            self.piece(obj, &what, &pair, &relocs, masks.as_slice());
        }
    }

    /// What follows an atom in its slot does no harm.
    fn slot_end(
        &mut self,
        what: &str,
        section: &obj::Section<'_>,
        slot: &[u8],
        size: usize,
        alloc: bool,
        out: &SectionRec,
    ) {
        let mut wanted = slot.to_vec();
        if SectionFlags(out.flags).has(SectionFlags::EXEC) {
            (self.link.arch.fill_code)(&mut wanted[size..]);
        } else if alloc {
            wanted[size..].fill(0);
        } else {
            slack::cover(section, &mut wanted, size);
        }
        if wanted != slot {
            self.find(format!("{what}: the rest of its slot is not as it should be"));
        }
    }

    fn frames(&mut self, obj: ObjId, left: &[FrameRec], out: Option<&SectionRec>) {
        let link = self.link;
        let sections: &[FrameSection] = link.frames.sections.get(obj).map_or(&[], |sections| sections);
        let records: Vec<(&FrameSection, &FrameRecord)> = kept_records(sections).collect();
        if records.len() != left.len() {
            self.find(format!("{}: it has another number of unwind records", link.object_name(obj)));
            return;
        }
        let (Some(out), Some(full_out)) = (out, link.frames.out.map(|out| &link.sections[out])) else { return };
        for (idx, ((section, record), left)) in records.into_iter().zip(left).enumerate() {
            let what = format!("{}: unwind record {idx}", link.object_name(obj));
            let cie = &section.records[record.cie as usize];
            let full = slice(self.full.bytes, full_out.file_offset + u64::from(record.out), record.size);
            let patched = slice(self.patched.bytes, out.file_offset + u64::from(left.offset), left.capacity);
            let (Some(full), Some(patched)) = (full, patched) else {
                self.find(format!("{what}: it lies outside the file"));
                continue;
            };
            let pointer = u64::from(get_u32(patched, 4).unwrap_or(0));
            let rest = patched.get(record.size as usize..).unwrap_or(&[1]);
            if get_u32(patched, 0) != Some(left.capacity - 4) || rest.iter().any(|&byte| byte != 0) {
                self.find(format!("{what}: its length or its end is wrong"));
                continue;
            }
            let relocs = frame_relocs(link, obj, record);
            let at = out.address + u64::from(left.offset);
            let pair = Pair {
                full: (full, full_out.address + u64::from(record.out)),
                patched: (&patched[..record.size as usize], at),
                alloc: true,
            };
            self.piece(obj, &what, &pair, &relocs, std::slice::from_ref(&(0..8)));
            let cie_at = (u64::from(left.offset) + 4).checked_sub(pointer);
            let full = slice(self.full.bytes, full_out.file_offset + u64::from(cie.out), cie.size);
            let patched = cie_at.and_then(|at| slice(self.patched.bytes, out.file_offset + at, cie.size));
            let (Some(full), Some(patched), Some(cie_at)) = (full, patched, cie_at) else {
                self.find(format!("{what}: its rules are not there"));
                continue;
            };
            let pair = Pair {
                full: (full, full_out.address + u64::from(cie.out)),
                patched: (patched, out.address + cie_at),
                alloc: true,
            };
            let relocs = frame_relocs(link, obj, cie);
            self.piece(obj, &format!("{what}: rules"), &pair, &relocs, &[]);
        }
    }

    /// Holds one piece against the other: first the bytes outside fields and `masks`, then what each field means.
    fn piece(&mut self, obj: ObjId, what: &str, pair: &Pair<'_>, relocs: &[Reloc], masks: &[Range<usize>]) {
        let link = self.link;
        let (mut full, mut patched) = (pair.full.0.to_vec(), pair.patched.0.to_vec());
        let mut fields = Vec::new();
        for reloc in relocs {
            let rewrite = (reloc.aux != 0).then(|| &link.arch.rewrites[reloc.aux as usize - 1]);
            let at = (reloc.offset as usize).wrapping_add_signed(rewrite.map_or(0, |row| isize::from(row.offset)));
            let size = usize::from(link.arch.arch.reloc(reloc.kind).size);
            if size > 0 && at + size <= full.len() {
                fields.push((at..at + size, reloc));
            }
        }
        for mask in fields.iter().map(|(field, _)| field).chain(masks) {
            full[mask.clone()].fill(0);
            patched[mask.clone()].fill(0);
        }
        if let Some(at) = full.iter().zip(&patched).position(|(a, b)| a != b) {
            self.find(format!("{what}+{at:#x}: a byte differs"));
        }
        for (field, reloc) in fields {
            let at = field.start as u64;
            let meaning = |view: &View<'_>, (bytes, address): (&[u8], u64)| {
                self.meaning(view, obj, reloc, &bytes[field.clone()], address + at, pair.alloc)
            };
            let full = meaning(&self.full, pair.full);
            let patched = meaning(&self.patched, pair.patched);
            if full != patched {
                let name = link.arch.arch.reloc(reloc.kind).name;
                self.find(format!("{what}+{at:#x}: {name} means {patched}, should mean {full}"));
            }
        }
    }

    /// What a field says, decoded by its row.
    fn meaning(&self, view: &View<'_>, obj: ObjId, reloc: &Reloc, field: &[u8], place: u64, alloc: bool) -> String {
        let link = self.link;
        let desc = link.arch.arch.reloc(reloc.kind);
        let value = (desc.decode)(field) as u64;
        let target = link.target(obj, reloc.target);
        if !alloc && apply::is_dead(link, obj, reloc) {
            return format!("{value:#x}");
        }
        let hint = match target {
            Target::Global(global) => Some(link.globals[global].base_name()),
            Target::Local(_) | Target::Atom(_) => None,
        };
        let minus = value.wrapping_sub(reloc.addend as u64);
        let from_place = minus.wrapping_add(place);
        let base = view.tables.got_plt.or(view.tables.got).unwrap_or(0);
        let word = |address: u64| view.word(address);
        match desc.formula {
            Formula::Abs if alloc && view.relocs.contains_key(&place) && value == 0 => "filled at run time".into(),
            Formula::Abs => match self.unloaded(view, obj, target) {
                Some((atom, start)) => format!("{atom:?}{:+}", minus.wrapping_sub(start) as i64),
                None => view.label(minus & ones(desc.size), hint),
            },
            Formula::PcRel | Formula::PltPcRel => view.label(from_place, hint),
            Formula::GotPcRel | Formula::GotTpOffPcRel => word(from_place),
            Formula::TlsGdPcRel | Formula::TlsLdPcRel | Formula::TlsDescPcRel => {
                format!("{}, {}", word(from_place), word(from_place.wrapping_add(8)))
            }
            Formula::GotOff | Formula::PltOff => view.label(minus.wrapping_add(base), hint),
            Formula::GotSlot => word(minus.wrapping_add(base)),
            Formula::GotBasePcRel => format!("GOT{:+}", from_place.wrapping_sub(base) as i64),
            Formula::TpOff => view.label(minus.wrapping_add(view.tls.end), hint),
            Formula::DtpOff => view.label(minus.wrapping_add(view.tls.address), hint),
            Formula::None | Formula::Size | Formula::TlsDescCall | Formula::Dynamic | Formula::PageRel => {
                format!("{value:#x}")
            }
        }
    }

    /// The target's atom and where it starts, if it is in a section that is not loaded.
    fn unloaded(&self, view: &View<'_>, obj: ObjId, target: Target) -> Option<(AtomId, u64)> {
        let atom = match target {
            Target::Atom(atom) => atom,
            Target::Local(sym) => match self.link.objects[obj].object.symbols[sym].def {
                SymbolDef::Atom(atom) => atom,
                _ => return None,
            },
            Target::Global(_) => return None,
        };
        Some((atom, *view.unloaded.get(&(obj.0, atom.0))?))
    }

    /// Every symbol of the full link is in the patched image, and the other way round, except imports that nobody uses
    /// any more.
    fn symbols(&mut self) {
        let full = symbol_facts(&self.full, &self.full.program.symbols);
        let patched = symbol_facts(&self.patched, &self.patched.program.symbols);
        self.same_facts("symbol table", &full, &patched);
        let full = symbol_facts(&self.full, &self.full.program.dynamic_symbols);
        let patched = symbol_facts(&self.patched, &self.patched.program.dynamic_symbols);
        self.same_facts("dynamic symbols", &full, &patched);
    }

    fn same_facts(&mut self, what: &str, full: &BTreeMap<String, u32>, patched: &BTreeMap<String, u32>) {
        for (fact, n) in full {
            if patched.get(fact) != Some(n) {
                self.find(format!("{what}: {fact} is missing"));
            }
        }
        for fact in patched.keys().filter(|fact| !full.contains_key(*fact) && !fact.ends_with("undefined")) {
            self.findings.push(format!("{what}: {fact} is too much"));
        }
    }

    /// Run-time relocations of atoms, by place and meaning. Those of table words were looked at where they are used.
    fn run_relocs(&mut self) {
        let of = |view: &View<'_>| -> BTreeMap<String, u32> {
            let mut facts = BTreeMap::new();
            for (idx, reloc) in view.program.relocs.iter().enumerate() {
                let place = view.label(reloc.offset, None);
                if place.starts_with("Atom") {
                    *facts.entry(format!("{place}: {}", view.run_reloc(idx))).or_default() += 1;
                }
            }
            facts
        };
        let (full, patched) = (of(&self.full), of(&self.patched));
        self.same_facts("run-time relocations", &full, &patched);
    }

    /// The search for each function's unwind record ends at the same record.
    fn lookups(&mut self) {
        let full = lookups(&self.full);
        let patched = lookups(&self.patched);
        self.same_facts("unwind lookup", &full, &patched);
    }
}

fn ones(size: u8) -> u64 {
    if size >= 8 { u64::MAX } else { (1 << (u32::from(size) * 8)) - 1 }
}

fn slice(bytes: &[u8], offset: u64, len: u32) -> Option<&[u8]> {
    let start = usize::try_from(offset).ok()?;
    bytes.get(start..start.checked_add(len as usize)?)
}

/// A record's relocations, counted from its start.
fn frame_relocs(link: &Link<'_>, obj: ObjId, record: &FrameRecord) -> Vec<Reloc> {
    let relocs = &link.objects[obj].object.relocs;
    let each = relocs[record.relocs.start as usize..record.relocs.end as usize].iter();
    let moved = |reloc: &Reloc| {
        let offset = u32::try_from(i64::from(reloc.offset) + record.bias).ok()?;
        Some(Reloc { offset, ..*reloc })
    };
    each.filter_map(moved).collect()
}

/// Name, kind, size and place of every symbol, with how often it is there.
fn symbol_facts(view: &View<'_>, symbols: &[ProgramSymbol<'_>]) -> BTreeMap<String, u32> {
    let mut facts = BTreeMap::new();
    for symbol in symbols {
        let place = match symbol.place {
            SymbolPlace::Undefined => "undefined".to_string(),
            SymbolPlace::Absolute => format!("{:#x}", symbol.value),
            SymbolPlace::Common => "common".into(),
            SymbolPlace::Section(idx) => {
                let base = if symbol.kind == SymbolKind::Tls { view.tls.address } else { 0 };
                let label = view.label(symbol.value.wrapping_add(base), None);
                let section = view.program.sections.get(idx as usize).map_or(&b"?"[..], |section| &section.name);
                // Boundaries of the image are where its layout ends; what they bound is compared by itself.
                let place = if label.starts_with(['A', 'F']) { label } else { "layout".into() };
                format!("{} in {}", place, show(section))
            }
        };
        let ProgramSymbol { kind, binding, visibility, size, .. } = symbol;
        let fact = format!("{} {kind:?} {binding:?} {visibility:?} {size} {place}", show(&symbol.name));
        *facts.entry(fact).or_default() += 1;
    }
    facts
}

/// For every function the record that a binary search of the table finds (LSB core, ".eh_frame_hdr"), as any unwinder
/// would do it.
fn lookups(view: &View<'_>) -> BTreeMap<String, u32> {
    let mut facts = BTreeMap::new();
    let header = view.program.segments.iter().find(|segment| segment.kind == obj::program::SegmentKind::FrameHeader);
    let Some(header) = header else { return facts };
    let bytes = view.bytes_at(header.address, header.file_size).unwrap_or(&[]);
    let count = get_u32(bytes, 8).unwrap_or(0) as usize;
    let row = |idx: usize, at: usize| get_u32(bytes, 12 + idx * 8 + at).unwrap_or(0) as i32 as u64;
    let begins: Vec<u64> =
        (0..count.min(bytes.len() / 8)).map(|idx| header.address.wrapping_add(row(idx, 0))).collect();
    let functions = view.program.symbols.iter().filter(|symbol| {
        matches!(symbol.kind, SymbolKind::Function | SymbolKind::IFunc)
            && matches!(symbol.place, SymbolPlace::Section(_))
    });
    for symbol in functions {
        for pc in [symbol.value, symbol.value + symbol.size.saturating_sub(1)] {
            let after = begins.partition_point(|&begin| begin <= pc);
            let found = after.checked_sub(1).map_or("none".into(), |idx| {
                let record = header.address.wrapping_add(row(idx, 4));
                let length = view.bytes_at(record, 16).and_then(|bytes| get_u32(bytes, 12)).unwrap_or(0);
                format!("{} of {length} bytes", view.label(record, None))
            });
            let place = view.label(pc, None);
            *facts.entry(format!("{} at {place}: {found}", show(&symbol.name))).or_default() += 1;
        }
    }
    facts
}
