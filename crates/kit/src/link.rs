//! Linking as a library call: inputs and options in, an output file or an image in memory out.

use crate::plugins::TargetRow;
use ::link::session::{self, Counters, Machine, Outcome, World};
use ::link::{Files, Input, LinkError, Options};
use base::io::{FileBytes, ImageIo, InputSource};
use std::fmt;
use std::path::PathBuf;

/// One link.
pub struct LinkRequest {
    pub options: Options,
    pub inputs: Vec<Input>,
    pub output: PathBuf,
    pub want_map: bool,
    /// Compare a patched output with a full link of the same inputs.
    pub audit: bool,
    /// What an incremental link is checked against; the default for others.
    pub machine: Machine,
}

/// How the output came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkOutcome {
    /// Made from nothing; with the reason when a patch was wanted.
    Full(Option<String>),
    /// Nothing changed; no byte of the output was written.
    Unchanged(Counters),
    /// Only what changed was written.
    Patched(Counters),
}

impl fmt::Display for LinkOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkOutcome::Full(None) => f.write_str("FULL"),
            LinkOutcome::Full(Some(reason)) => write!(f, "FULL ({reason})"),
            LinkOutcome::Unchanged(_) => f.write_str("UNCHANGED"),
            LinkOutcome::Patched(counters) => write!(
                f,
                "PATCHED ({} atoms, {} relocations, {} of {} inputs opened, {} bytes read, {} bytes written)",
                counters.atoms_patched,
                counters.relocations_applied,
                counters.inputs_opened,
                counters.inputs_checked,
                counters.bytes_read,
                counters.bytes_written
            ),
        }
    }
}

/// What a finished link tells.
pub struct Linked {
    pub outcome: LinkOutcome,
    pub warnings: Vec<String>,
    pub map: Option<String>,
    /// Names of the files that took part, in order; empty unless linked in full.
    pub inputs: Vec<String>,
}

/// Links and puts the output in place: the old output stays until the new one is whole, or is patched by the rules at
/// the head of [`session`].
pub fn link_to_file<H: InputSource + ImageIo>(
    request: &LinkRequest,
    host: &H,
    target: &TargetRow,
) -> Result<Linked, Vec<LinkError>> {
    let world = World { source: host, io: host };
    let done = session::link_to_file(&session_of(request), world, target.format, target.link, request.want_map)?;
    Ok(Linked {
        outcome: match done.outcome {
            Outcome::Full(reason) => LinkOutcome::Full(reason),
            Outcome::Unchanged(counters) => LinkOutcome::Unchanged(counters),
            Outcome::Patched(counters) => LinkOutcome::Patched(counters),
        },
        warnings: done.warnings,
        map: done.map,
        inputs: done.inputs,
    })
}

fn session_of(request: &LinkRequest) -> session::Request<'_> {
    session::Request {
        options: &request.options,
        inputs: &request.inputs,
        output: &request.output,
        audit: request.audit,
        machine: &request.machine,
    }
}

/// Holds an incremental output, as it is now, against a full link of its inputs: what differs, in words.
pub fn audit<H: InputSource + ImageIo>(
    request: &LinkRequest,
    host: &H,
    target: &TargetRow,
) -> Result<Vec<String>, Vec<LinkError>> {
    let world = World { source: host, io: host };
    session::audit(&session_of(request), world, target.format, target.link)
}

/// A link into memory.
pub struct InMemory {
    /// Of the output file.
    pub bytes: FileBytes,
    /// What was linked, mapped: letting go of it can wait until there is nothing better to do.
    pub files: Files,
}

/// Links into memory: the bytes of the output file.
pub fn link_to_bytes(
    options: &Options,
    inputs: &[Input],
    host: &dyn InputSource,
    target: &TargetRow,
) -> Result<FileBytes, Vec<LinkError>> {
    link_to_memory(options, inputs, host, target).map(|made| made.bytes)
}

/// As [`link_to_bytes`], for who is in a hurry.
pub fn link_to_memory(
    options: &Options,
    inputs: &[Input],
    host: &dyn InputSource,
    target: &TargetRow,
) -> Result<InMemory, Vec<LinkError>> {
    let mut files = Files::open(host, inputs, options, target.format)?;
    files.open_indirect(host, options, target.format, target.arch);
    let image = ::link::prepare(&files, options, target.format, target.link)?;
    let mut bytes = vec![0; image.size() as usize];
    image.write_into(&mut bytes)?;
    drop(image);
    Ok(InMemory { bytes: FileBytes::from_vec(bytes), files })
}
