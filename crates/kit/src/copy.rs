//! Files with changes: what `strip` and `objcopy` do to one file or to every member of an archive, whatever its format.

pub use obj::copy::{
    AddBinding, AddKind, AddSymbol, Change, Compression, Copied, DebugLink, Discard, Names, Plan, Rename, Rules,
    SectionWords, Strip, crc32, matches_glob,
};
pub use obj::copy_flat::{FLAT_FORMATS, FlatFormat, FlatOptions};

use crate::plugins::{COPIERS, CopierRow, TARGETS, TargetRow, defined_names};
use obj::archive::{Archive, ArchiveBuilder, ArchiveOptions, NewMember};

/// How a file is looked at and what comes out.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub plan: Plan,
    pub input: Input,
    pub output: Output,
}

/// What the input is.
#[derive(Clone, Debug, Default)]
pub enum Input {
    /// Tells by itself.
    #[default]
    Recognized,
    /// Bytes without a format: an object for the target is made around them, with symbols of this name.
    Binary { name: Vec<u8>, target: &'static TargetRow },
}

/// What the output is.
#[derive(Clone, Debug, Default)]
pub enum Output {
    /// As the input.
    #[default]
    Same,
    Flat(FlatFormat, FlatOptions),
}

/// The format of `bytes`, if it is one that can be copied.
pub fn copier(bytes: &[u8]) -> Option<&'static CopierRow> {
    COPIERS.iter().find(|row| (row.recognizes)(bytes))
}

/// True for a program or a shared library.
pub fn is_linked(bytes: &[u8]) -> bool {
    copier(bytes).is_some_and(|row| (row.is_linked)(bytes))
}

/// GNU binutils' name of the format of `bytes`.
pub fn format_name(bytes: &[u8]) -> Option<&'static str> {
    (copier(bytes)?.bfd_target)(bytes)
}

/// The target that GNU binutils call `name`, by its object format or its architecture.
pub fn target_named(name: &str) -> Option<&'static TargetRow> {
    let arch = COPIERS.iter().find_map(|row| (row.arch_named)(name))?;
    TARGETS.iter().find(|target| target.arch.name == arch)
}

/// Copies one file that is no archive.
///
/// # Errors
/// The message says what is wrong with the file, or why the request cannot be carried out on it.
pub fn copy_file(bytes: &[u8], request: &Request) -> Result<Copied, String> {
    let wrapped;
    let mut bytes = bytes;
    let mut plan = &request.plan;
    let untouched = Plan::default();
    if let Input::Binary { name, target } = &request.input {
        // The object that a request of another output starts from is made without changes, so that they are made once.
        let flat = matches!(request.output, Output::Flat(..));
        let format = copier_of(target)?;
        plan = if flat { &untouched } else { plan };
        let copied = (format.wrap)(bytes, name, target.arch, plan).map_err(|e| e.to_string())?;
        if !flat {
            return Ok(copied);
        }
        wrapped = copied.bytes;
        bytes = &wrapped;
        plan = &request.plan;
    }
    let format = copier(bytes).ok_or("file format not recognized")?;
    match &request.output {
        Output::Same => (format.copy)(bytes, plan).map_err(|e| e.to_string()),
        Output::Flat(kind, options) => {
            let image = (format.load_image)(bytes, plan).map_err(|e| e.to_string())?;
            let flat = obj::copy_flat::write_flat(&image, *kind, options)?;
            Ok(Copied { bytes: flat, ..image.copied })
        }
    }
}

fn copier_of(target: &TargetRow) -> Result<&'static CopierRow, String> {
    let format = target.format.name();
    COPIERS.iter().find(|row| row.format == format).ok_or_else(|| format!("files of format {format} cannot be made"))
}

/// The archive with every member copied; what is no object goes along as it is. `deterministic` clears dates and
/// owners.
///
/// # Errors
/// Names the member concerned. A thin archive has no members' bytes to be copied: that is an error here.
pub fn copy_archive(bytes: &[u8], request: &Request, deterministic: bool) -> Result<Copied, String> {
    let archive = Archive::parse(bytes).map_err(|e| e.to_string())?;
    let mut builder = ArchiveBuilder::from_archive(&archive).map_err(|e| e.to_string())?;
    let mut all = Copied::default();
    for member in &mut builder.members {
        copy_member(member, request, deterministic, &mut all)?;
    }
    let index = archive.has_index() && request.plan.strip != Strip::All;
    let options = ArchiveOptions { index, ..ArchiveOptions::default() };
    all.bytes = builder.write(options, &|bytes| defined_names(bytes));
    Ok(all)
}

fn copy_member(
    member: &mut NewMember<'_>,
    request: &Request,
    deterministic: bool,
    all: &mut Copied,
) -> Result<(), String> {
    let name = String::from_utf8_lossy(&member.name).into_owned();
    if copier(&member.data).is_some() {
        let Copied { bytes, dumps, warnings, complaints } =
            copy_file(&member.data, request).map_err(|e| format!("{name}: {e}"))?;
        member.data = bytes.into();
        all.dumps.extend(dumps);
        all.warnings.extend(warnings.into_iter().map(|text| format!("{name}: {text}")));
        all.complaints.extend(complaints.into_iter().map(|text| format!("{name}: {text}")));
    } else {
        all.warnings.push(format!("{name}: unable to recognise the format of file"));
    }
    if deterministic {
        (member.mtime, member.uid, member.gid, member.mode) = (0, 0, 0, 0o644);
    }
    Ok(())
}
