//! Linking as a library call: inputs and options in, an output file or an image in memory out.

use crate::plugins::TargetRow;
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
}

/// How the output came about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LinkOutcome {
    /// Made from nothing; with the reason when a patch was wanted.
    Full(Option<String>),
}

impl fmt::Display for LinkOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkOutcome::Full(None) => f.write_str("FULL"),
            LinkOutcome::Full(Some(reason)) => write!(f, "FULL ({reason})"),
        }
    }
}

/// What a finished link tells.
pub struct Linked {
    pub outcome: LinkOutcome,
    pub warnings: Vec<String>,
    pub map: Option<String>,
    /// Names of the files that took part, in order.
    pub inputs: Vec<String>,
}

/// Links and puts the output in place: the old output stays until the new one is whole.
pub fn link_to_file<H: InputSource + ImageIo>(
    request: &LinkRequest,
    host: &H,
    target: &TargetRow,
) -> Result<Linked, Vec<LinkError>> {
    let files = Files::open(host, &request.inputs, &request.options, target.format)?;
    let image = ::link::prepare(&files, &request.options, target.format, target.link)?;
    let warnings = image.warnings().to_vec();
    let mode = if request.options.output == ::link::options::OutputKind::Relocatable { 0o666 } else { 0o777 };
    let mut bytes = vec![0; image.size() as usize];
    image.write_into(&mut bytes)?;
    let world = |e: base::io::IoError| vec![LinkError::new(::link::ErrorKind::Io, e.to_string())];
    let (file, temp) = host.create_beside(&request.output, mode).map_err(world)?;
    let written = file.write_at(0, &bytes).and_then(|()| host.rename(&temp, &request.output));
    if let Err(error) = written {
        // The temporary file is ours; that it cannot be removed adds nothing to the first error.
        let _ = host.remove(&temp);
        return Err(world(error));
    }
    Ok(Linked {
        outcome: LinkOutcome::Full(None),
        warnings,
        map: request.want_map.then(|| ::link::map::text(&image.link)),
        inputs: files.list.iter().map(|file| file.name.clone()).collect(),
    })
}

/// Links into memory: the bytes of the output file.
pub fn link_to_bytes(
    options: &Options,
    inputs: &[Input],
    host: &dyn InputSource,
    target: &TargetRow,
) -> Result<FileBytes, Vec<LinkError>> {
    let files = Files::open(host, inputs, options, target.format)?;
    let image = ::link::prepare(&files, options, target.format, target.link)?;
    let mut bytes = vec![0; image.size() as usize];
    image.write_into(&mut bytes)?;
    Ok(FileBytes::from_vec(bytes))
}
