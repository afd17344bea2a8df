//! Phase 1, load: bytes become objects, shared libraries and archive indices, in parallel, borrowed from their files.
//!
//! What is loaded does not take part yet: `resolve` adds objects and libraries in command-line order and pulls archive
//! members one by one.

use crate::error::{ErrorKind, LinkError};
use crate::facets::{FileKind, Format, LazyShared, SharedNames};
use crate::files::{Files, Step};
use crate::parallel;
use crate::symbols::{GlobalId, Globals};
use base::define_id;
use base::ids::{Id, IdVec};
use obj::archive::Archive;
use obj::shared::SharedLib;
use obj::{AtomId, Binding, Object, Section, SectionId};
use std::borrow::Cow;
use target::Arch;

define_id! {
    /// An object that takes part in the link.
    pub struct ObjId; "obj"
    /// A shared library that takes part in the link.
    pub struct SharedId; "lib"
}

/// Where an atom stands in the output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The output section, or one of the reserved values below.
    pub section: u32,
    /// Bytes from its start.
    pub offset: u64,
}

impl Place {
    /// Not in the output.
    pub const DROPPED: u32 = u32::MAX;
    /// Cut into records that are placed one by one (merged strings, frames): ask [`crate::Link::atom_address`].
    pub const CUT: u32 = u32::MAX - 1;

    pub fn dropped() -> Place {
        Place { section: Place::DROPPED, offset: 0 }
    }
}

/// What becomes of an input section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SectionFate {
    /// Not reached (yet).
    Dead,
    /// Copied.
    Live,
    /// Its elements are merged; index into [`ObjectInput::merged`].
    Merged(u32),
    /// Its records are kept one by one.
    Frames,
    /// Belongs to a group that another object brought first.
    Discarded,
    /// Not for the output (exclude flag, notes the format makes anew, stripped).
    Ignored,
}

/// An object with what the link found out about it.
pub struct ObjectInput<'a> {
    pub file: usize,
    /// Name in its archive.
    pub member: Option<&'a [u8]>,
    pub object: Object<'a>,
    /// The object's file or member; empty for objects that were never bytes.
    pub raw: &'a [u8],
    /// Hashes of global names, by symbol; locals have 0.
    pub hashes: Vec<u64>,
    /// The global of each symbol, NONE for locals.
    pub globals: Vec<GlobalId>,
    pub fates: IdVec<SectionId, SectionFate>,
    pub places: IdVec<AtomId, Place>,
    pub merged: Vec<crate::merge::MergedSection>,
    /// Local symbols that need entries of their own: `(symbol, needs)`, sorted; then their slots.
    pub local_slots: Vec<crate::slots::LocalSlot>,
    /// Run-time relocations of its atoms.
    pub dynamic_relocs: Vec<crate::scan::DynamicReloc>,
    /// The symbols are not exported (`--exclude-libs`).
    pub excluded: bool,
}

/// A shared library with what the link found out about it.
pub struct SharedInput<'a> {
    pub file: usize,
    pub lib: SharedLib<'a>,
    /// The name it is needed by.
    pub soname: Vec<u8>,
    /// Of each symbol that is read: its position in the library's own table.
    pub positions: Vec<u32>,
    /// … and its global.
    pub globals: Vec<GlobalId>,
    /// The symbols that are read when they are asked for.
    pub names: Option<Box<dyn SharedNames<'a> + 'a>>,
    pub needed: bool,
}

/// An archive that may still give members.
pub struct ArchiveInput<'a> {
    pub file: usize,
    pub archive: Archive<'a>,
    /// The symbol index.
    pub index: Vec<IndexEntry<'a>>,
    /// Offsets of the members that the index mentions, sorted, and whether they have been taken.
    pub members: Vec<(u64, bool)>,
    /// With `--whole-archive`: all members, parsed.
    pub whole: Vec<ObjectInput<'a>>,
}

/// A name that an archive offers.
#[derive(Clone, Copy, Debug)]
pub struct IndexEntry<'a> {
    pub name: &'a [u8],
    pub hash: u64,
    /// Position in [`ArchiveInput::members`].
    pub member: u32,
}

/// One step of the command line, loaded.
pub enum Loaded<'a> {
    Object(Box<ObjectInput<'a>>),
    Shared { input: Box<SharedInput<'a>>, as_needed: bool },
    Archive(Box<ArchiveInput<'a>>),
    GroupStart,
    GroupEnd,
}

/// Parses one object and hashes its global names.
pub(crate) fn parse_object<'a>(
    files: &'a Files,
    format: &dyn Format,
    arch: &'static Arch,
    bytes: &'a [u8],
    file: usize,
    member: Option<&'a [u8]>,
) -> Result<ObjectInput<'a>, String> {
    let mut object = format.read_object(arch, bytes)?;
    if let Cow::Owned(strings) = &mut object.strings {
        object.strings = Cow::Borrowed(files.keep(std::mem::take(strings)));
    }
    for section in object.sections.iter_mut() {
        if let Cow::Owned(data) = &mut section.data {
            section.data = Cow::Borrowed(files.keep(std::mem::take(data)));
        }
    }
    Ok(ObjectInput { raw: bytes, ..make_input(object, file, member) })
}

/// An input around an object that is already read.
pub(crate) fn make_input<'a>(object: Object<'a>, file: usize, member: Option<&'a [u8]>) -> ObjectInput<'a> {
    let hash = |symbol: &obj::Symbol| match symbol.binding {
        Binding::Local => 0,
        _ => Globals::hash(object.str(symbol.name)),
    };
    let hashes = object.symbols.iter().map(hash).collect();
    let globals = vec![GlobalId::NONE; object.symbols.len()];
    let fates = vec![SectionFate::Dead; object.sections.len()].into();
    let places = vec![Place::dropped(); object.atoms.len()].into();
    ObjectInput {
        file,
        member,
        object,
        raw: &[],
        hashes,
        globals,
        fates,
        places,
        merged: Vec::new(),
        local_slots: Vec::new(),
        dynamic_relocs: Vec::new(),
        excluded: false,
    }
}

/// Loads every step. Errors of all files are reported together.
pub(crate) fn load<'a>(
    files: &'a Files,
    format: &dyn Format,
    arch: &'static Arch,
    threads: usize,
) -> Result<Vec<Loaded<'a>>, Vec<LinkError>> {
    let results = parallel::map(threads, files.steps.clone(), |step| match step {
        Step::GroupStart => Ok(Loaded::GroupStart),
        Step::GroupEnd => Ok(Loaded::GroupEnd),
        Step::File { file, as_needed, whole_archive } => load_file(files, format, arch, file, as_needed, whole_archive)
            .map_err(|text| LinkError::new(ErrorKind::Input, format!("{}: {text}", files.list[file].name))),
    });
    let mut loaded = Vec::with_capacity(results.len());
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(one) => loaded.push(one),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(loaded) } else { Err(errors) }
}

fn load_file<'a>(
    files: &'a Files,
    format: &dyn Format,
    arch: &'static Arch,
    idx: usize,
    as_needed: bool,
    whole_archive: bool,
) -> Result<Loaded<'a>, String> {
    let file = &files.list[idx];
    let bytes: &'a [u8] = &file.bytes;
    match file.kind {
        FileKind::Object if file.object.is_some() => {
            let object = file.object.as_deref().expect("just asked");
            Ok(Loaded::Object(Box::new(make_input(view(object), idx, None))))
        }
        FileKind::Object => Ok(Loaded::Object(Box::new(parse_object(files, format, arch, bytes, idx, None)?))),
        FileKind::Shared => {
            let LazyShared { lib, positions, names } = format.read_shared_lazily(arch, bytes)?;
            let soname = match &lib.soname {
                Some(name) => name.to_vec(),
                None if file.from_search => {
                    let name = file.path.as_deref().and_then(|p| p.file_name()).unwrap_or_default();
                    name.to_string_lossy().into_owned().into_bytes()
                }
                None => file.name.clone().into_bytes(),
            };
            let globals = vec![GlobalId::NONE; lib.symbols.len()];
            let input = SharedInput { file: idx, lib, soname, positions, globals, names, needed: !as_needed };
            Ok(Loaded::Shared { input: Box::new(input), as_needed })
        }
        FileKind::Archive => {
            let archive = Archive::parse(bytes).map_err(|error| error.to_string())?;
            open_archive(files, format, arch, idx, archive, whole_archive)
        }
        FileKind::Script | FileKind::Foreign(_) => unreachable!("scripts are followed and others refused when opened"),
    }
}

fn open_archive<'a>(
    files: &'a Files,
    format: &dyn Format,
    arch: &'static Arch,
    file: usize,
    archive: Archive<'a>,
    whole_archive: bool,
) -> Result<Loaded<'a>, String> {
    let mut input = ArchiveInput { file, archive, index: Vec::new(), members: Vec::new(), whole: Vec::new() };
    if whole_archive {
        for member in input.archive.members() {
            let member = member.map_err(|error| error.to_string())?;
            input.whole.extend(parse_member(files, format, arch, &input, member.offset)?);
        }
        return Ok(Loaded::Archive(Box::new(input)));
    }
    if !input.archive.has_index() {
        if input.archive.members().next().is_some() {
            return Err("archive has no index; run ranlib to add one".into());
        }
        return Ok(Loaded::Archive(Box::new(input)));
    }
    let mut offsets: Vec<u64> = input.archive.index().map(|(_, offset)| offset).collect();
    offsets.sort_unstable();
    offsets.dedup();
    input.index = input
        .archive
        .index()
        .map(|(name, offset)| IndexEntry {
            name,
            hash: Globals::hash(name),
            member: offsets.binary_search(&offset).expect("it is one of them") as u32,
        })
        .collect();
    input.members = offsets.into_iter().map(|offset| (offset, false)).collect();
    Ok(Loaded::Archive(Box::new(input)))
}

/// Parses the member at `offset` of an archive; `None` for members that are no objects (README files and the like).
pub(crate) fn parse_member<'a>(
    files: &'a Files,
    format: &dyn Format,
    arch: &'static Arch,
    input: &ArchiveInput<'a>,
    offset: u64,
) -> Result<Option<ObjectInput<'a>>, String> {
    let member = input.archive.member_at(offset).map_err(|error| error.to_string())?;
    let outside = files.list[input.file].thin.iter().find(|(at, _)| *at == offset);
    let data = outside.map_or(member.data, |&(_, file)| &files.list[file].bytes);
    let name = match member.name {
        Cow::Borrowed(name) => name,
        Cow::Owned(_) => b"?",
    };
    let with_name = |text: &str| format!("member {}: {text}", crate::error::show(name));
    let maker = files.makers.iter().find(|(file, _)| *file == input.file);
    let data = match maker {
        Some((_, make)) => files.keep(make(data).map_err(|text| with_name(&text))?),
        None => data,
    };
    match format.identify(data) {
        FileKind::Object => {}
        FileKind::Foreign(what) => return Err(with_name(what)),
        _ => return Ok(None),
    }
    parse_object(files, format, arch, data, input.file, Some(name)).map(Some).map_err(|text| with_name(&text))
}

/// An object that borrows everything large from another.
fn view<'a>(object: &'a Object<'static>) -> Object<'a> {
    let borrow = |section: &'a Section<'static>| Section {
        name: Cow::Borrowed(&*section.name),
        data: Cow::Borrowed(&*section.data),
        atoms: section.atoms.clone(),
        ..*section
    };
    Object {
        sections: object.sections.iter().map(borrow).collect(),
        atoms: object.atoms.clone(),
        symbols: object.symbols.clone(),
        relocs: object.relocs.clone(),
        groups: object.groups.clone(),
        strings: Cow::Borrowed(&*object.strings),
    }
}

impl SectionFate {
    /// In the output in some form.
    #[inline]
    pub fn is_live(self) -> bool {
        matches!(self, SectionFate::Live | SectionFate::Merged(_) | SectionFate::Frames)
    }
}

impl Loaded<'_> {
    /// About how many names it brings.
    pub(crate) fn n_names(&self) -> usize {
        let of = |object: &ObjectInput<'_>| object.hashes.iter().filter(|&&hash| hash != 0).count();
        match self {
            Loaded::Object(object) => of(object),
            Loaded::Shared { input, .. } => input.globals.len(),
            Loaded::Archive(input) => input.whole.iter().map(of).sum::<usize>() + 64,
            Loaded::GroupStart | Loaded::GroupEnd => 0,
        }
    }
}
