//! The linker: objects, archives and shared libraries of any compiler become an image.
//!
//! [`prepare`] is the list of phases, one file each, in reading order: [`files`] (what is read), [`load`], [`resolve`],
//! [`live`], [`merge`], [`frames`], [`exports`], [`scan`], [`slots`], [`place`]; then [`Image::write_into`] runs `apply`.
//! The architecture and the format are two [`facets`]; nothing here knows which. Until `scan` has decided what is
//! needed nothing has an address; after `place` nothing is decided any more.
//!
//! [`session`] stands around them: it leaves an output alone, has `patch` overwrite the changed atoms, or links in full.
//!
//! Every atom is addressed by (input, section name, occurrence) and placed on its own, so that a later link can
//! overwrite or move one without visiting the others.
#![forbid(unsafe_code)]

pub mod error;
pub mod facets;
pub mod files;
pub mod options;
mod parallel;
pub mod script;

pub mod load;
pub mod symbols;

pub mod resolve;
mod resolve_shared;

pub mod edges;
pub mod live;

pub mod frames;
pub mod merge;

pub mod exports;
pub mod scan;
pub mod slots;

pub mod place;

pub mod apply;
pub mod map;
mod relocatable;

mod slack;

mod state;
mod state_write;

pub mod session;

mod patch;
mod patch_restore;

pub mod audit;

pub use apply::Image;
pub use error::{ErrorKind, LinkError};
pub use facets::{ArchLink, FileFormat, FileKind, Format, Rule, Tables};
pub use files::{Files, Input, InputWhat, MakeMember};
pub use options::Options;

use base::ids::{Id, IdVec};
use load::{ObjId, ObjectInput, Place, SharedId, SharedInput};
use obj::{AtomId, RelocTarget, RelocTargetKind, SymId, SymbolDef};
use place::{OutId, OutSection, Segment};
use symbols::{Def, GlobalFlags, GlobalId, Globals, SynthId};

/// Everything one link knows, filled phase by phase.
pub struct Link<'a> {
    pub options: &'a Options,
    pub arch: &'static ArchLink,
    pub format: &'a dyn Format,
    pub files: &'a Files,
    /// How many threads this link is worth.
    pub threads: usize,
    pub objects: IdVec<ObjId, ObjectInput<'a>>,
    pub shared: IdVec<SharedId, SharedInput<'a>>,
    pub globals: Globals<'a>,
    /// Definitions with a version in their name: the name's global, the version, whether it is the default.
    pub versioned: Vec<(GlobalId, &'a [u8], bool)>,
    pub versions: exports::Versions,
    pub edges: Vec<edges::Edge>,
    pub entry: Option<GlobalId>,
    pub merges: Vec<merge::MergePool<'a>>,
    pub frames: frames::Frames,
    pub synths: IdVec<SynthId, place::Synth>,
    pub slots: slots::Slots,
    pub dynamic: exports::DynamicNames,
    pub sections: IdVec<OutId, OutSection>,
    pub segments: Vec<Segment>,
    /// The value of each global, after `place`.
    pub values: IdVec<GlobalId, u64>,
    pub tls: place::TlsBlock,
    pub relro: Option<std::ops::Range<u64>>,
    pub headers_size: u64,
    pub file_size: u64,
    pub image_end: u64,
    pub warnings: Vec<String>,
    pub errors: Vec<LinkError>,
}

/// Links `files` up to addresses; [`Image::write_into`] makes the bytes.
pub fn prepare<'a>(
    files: &'a Files,
    options: &'a Options,
    format: &'a dyn Format,
    arch: &'static ArchLink,
) -> Result<Image<'a>, Vec<LinkError>> {
    let threads = parallel::worthwhile(options.threads, files.size());
    let loaded = load::load(files, format, arch.arch, threads)?;
    let mut link = Link::new(files, options, format, arch, &loaded);
    resolve::resolve(&mut link, loaded);
    link.check()?;
    // Beyond this point no input is added and no name changes its definition.
    if options.output == options::OutputKind::Relocatable {
        let object = relocatable::combine(&mut link);
        let bytes = format.write_object(arch.arch, &object);
        return Ok(Image::of_bytes(link, bytes.map_err(|text| vec![LinkError::new(ErrorKind::Unsupported, text)])?));
    }
    live::mark(&mut link);
    merge::collect(&mut link);
    frames::collect(&mut link);
    edges::define(&mut link);
    exports::choose(&mut link);
    scan::scan(&mut link);
    link.check()?;
    // Beyond this point it is settled which entries and run-time relocations exist.
    slots::assign(&mut link);
    exports::number(&mut link);
    place::collect(&mut link);
    let tables = format.tables(&mut link);
    link.check()?;
    // Beyond this point no section changes its size.
    let header_size = tables.header_size(&link);
    place::addresses(&mut link, header_size);
    link.check()?;
    link.file_size += tables.trailer_size(&link);
    Ok(Image::new(link, tables))
}

impl<'a> Link<'a> {
    fn new(
        files: &'a Files,
        options: &'a Options,
        format: &'a dyn Format,
        arch: &'static ArchLink,
        loaded: &[load::Loaded<'a>],
    ) -> Link<'a> {
        let n_names = loaded.iter().map(load::Loaded::n_names).sum();
        Link {
            options,
            arch,
            format,
            files,
            threads: parallel::worthwhile(options.threads, files.size()),
            objects: IdVec::new(),
            shared: IdVec::new(),
            globals: Globals::with_capacity(n_names),
            versioned: Vec::new(),
            versions: exports::Versions::default(),
            edges: Vec::new(),
            entry: None,
            merges: Vec::new(),
            frames: frames::Frames::default(),
            synths: IdVec::new(),
            slots: slots::Slots::default(),
            dynamic: exports::DynamicNames::default(),
            sections: IdVec::new(),
            segments: Vec::new(),
            values: IdVec::new(),
            tls: place::TlsBlock::default(),
            relro: None,
            headers_size: 0,
            file_size: 0,
            image_end: 0,
            warnings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// Ends the link if errors have been found.
    fn check(&mut self) -> Result<(), Vec<LinkError>> {
        if self.errors.is_empty() {
            if self.options.fatal_warnings && !self.warnings.is_empty() {
                let warnings = std::mem::take(&mut self.warnings);
                return Err(warnings.into_iter().map(|text| LinkError::new(ErrorKind::Input, text)).collect());
            }
            return Ok(());
        }
        Err(std::mem::take(&mut self.errors))
    }

    pub(crate) fn error(&mut self, kind: ErrorKind, text: impl Into<String>) {
        self.errors.push(LinkError::new(kind, text));
    }

    /// `file.o` or `libx.a(member.o)`.
    pub fn object_name(&self, obj: ObjId) -> String {
        let input = &self.objects[obj];
        let file = &self.files.list[input.file].name;
        match input.member {
            Some(member) => format!("{file}({})", error::show(member)),
            None => file.clone(),
        }
    }

    /// The global that a symbol of an object stands for.
    #[inline]
    pub fn global_of(&self, obj: ObjId, sym: SymId) -> Option<GlobalId> {
        self.objects[obj].globals[sym.index()].some()
    }

    /// True when the atom's section is copied, merged or kept by records.
    pub fn is_live(&self, obj: ObjId, atom: AtomId) -> bool {
        let input = &self.objects[obj];
        input.fates[input.object.atoms[atom].section].is_live()
    }

    /// Address of byte `offset` of an atom, 0 when it is not in the output.
    pub fn atom_address(&self, obj: ObjId, atom: AtomId, offset: u64) -> u64 {
        let input = &self.objects[obj];
        let place = input.places[atom];
        match place.section {
            Place::DROPPED => 0,
            Place::CUT => self.record_address(input, atom, offset),
            section => self.sections[OutId(section)].address.wrapping_add(place.offset).wrapping_add(offset),
        }
    }

    /// Address of a byte of an atom that was cut into records.
    fn record_address(&self, input: &ObjectInput<'a>, atom: AtomId, offset: u64) -> u64 {
        let at = &input.object.atoms[atom];
        let in_section = at.offset.wrapping_add(offset);
        match input.fates[at.section] {
            load::SectionFate::Merged(idx) => {
                let merged = &input.merged[idx as usize];
                let pool = &self.merges[merged.pool as usize];
                self.synth_address(pool.synth).wrapping_add(merged.offset_of(pool, in_section))
            }
            load::SectionFate::Frames => self.frames.address_of(self, input, at.section, in_section),
            _ => 0,
        }
    }

    pub fn synth_address(&self, synth: SynthId) -> u64 {
        let synth = &self.synths[synth];
        match synth.place.section {
            Place::DROPPED => 0,
            section => self.sections[OutId(section)].address + synth.place.offset,
        }
    }

    /// Value of an object's own symbol (not of the global that may win over it).
    pub fn symbol_address(&self, obj: ObjId, sym: SymId) -> u64 {
        let symbol = &self.objects[obj].object.symbols[sym];
        match symbol.def {
            SymbolDef::Atom(atom) => self.atom_address(obj, atom, symbol.value),
            SymbolDef::Absolute => symbol.value,
            SymbolDef::Undefined | SymbolDef::Common => 0,
        }
    }

    /// What a relocation of `obj` refers to.
    #[inline]
    pub fn target(&self, obj: ObjId, target: RelocTarget) -> Target {
        match target.kind() {
            RelocTargetKind::Atom(atom) => Target::Atom(atom),
            RelocTargetKind::Symbol(sym) => match self.objects[obj].globals[sym.index()] {
                GlobalId::NONE => Target::Local(sym),
                global => Target::Global(global),
            },
        }
    }
}

/// A relocation's target, resolved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    Atom(AtomId),
    Local(SymId),
    Global(GlobalId),
}

impl<'a> Link<'a> {
    /// The image carries tables for a dynamic loader (or for its own start code, as static-PIE does).
    pub fn is_dynamic(&self) -> bool {
        self.options.is_pic() || !self.shared.is_empty()
    }

    /// Names and values of the globals that objects define, in order of first mention; after `place`.
    pub fn defined_globals(&self) -> impl Iterator<Item = (&'a [u8], u64)> + '_ {
        let objects = self.globals.items.enumerated().filter(|(_, global)| matches!(global.def, Def::Object { .. }));
        objects.map(|(id, global)| (global.name, self.values[id]))
    }

    /// Facts of a global, as flags.
    #[inline]
    pub fn flags(&self, global: GlobalId) -> GlobalFlags {
        self.globals[global].flags
    }

    /// The atom that defines a global, if an object does.
    pub fn defining_atom(&self, global: GlobalId) -> Option<(ObjId, AtomId, u64)> {
        let Def::Object { obj, sym } = self.globals[global].def else { return None };
        let symbol = &self.objects[obj].object.symbols[sym];
        match symbol.def {
            SymbolDef::Atom(atom) => Some((obj, atom, symbol.value)),
            _ => None,
        }
    }
}
