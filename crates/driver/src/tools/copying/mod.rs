//! What `kit strip` and `kit objcopy` share: one input file read, copied by `kit::copy`, and written to its output, which
//! appears whole or not at all and keeps mode and owner when it is the input itself.

pub mod options;

use crate::host::{Failure, Shell};
use base::io::{FileBytes, InputSource};
use kit::archive::{Archive, ArchiveBuilder, ArchiveOptions, NewMember, defined_names};
use kit::copy::{Copied, Input, Output, Request, copy_archive, copy_file, format_name, is_linked, target_named};
use kit::inspect::is_archive;
use options::{Command, flat_named};
use std::fs::Metadata;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// One file.
pub struct Job<'j> {
    pub input: &'j str,
    pub output: &'j str,
}

/// Copies one file; false when something was wrong although the output was made.
pub fn carry_out(shell: &Shell, command: &Command, job: &Job<'_>) -> Result<bool, Failure> {
    let input = Path::new(job.input);
    let bytes = match shell.host.read(input) {
        Ok(bytes) => bytes,
        Err(error) if error.is_not_found() => return Err(Failure::new(format!("‘{}’: No such file", job.input))),
        Err(error) => return Err(error.into()),
    };
    let meta = std::fs::metadata(input).map_err(|e| Failure::new(format!("{}: {e}", job.input)))?;
    let wrong = |text: String| Failure::new(format!("{}: {text}", job.input));
    let request = request(command, job).map_err(wrong)?;
    let archive = is_archive(&bytes) && matches!(request.input, Input::Recognized);
    if bytes.is_empty() && matches!(request.input, Input::Recognized) {
        return Err(wrong("the file is empty".into()));
    }
    check_format(command, &bytes, archive).map_err(wrong)?;
    if command.verbose {
        let name = format_name(&bytes).unwrap_or("binary");
        let to = command.output_format.as_deref().unwrap_or(name);
        shell.print(format!("copy from ‘{}’ [{name}] to ‘{}’ [{to}]\n", job.input, job.output).as_bytes())?;
    }
    let copied = if archive {
        let opened = Archive::parse(&bytes).map_err(|e| wrong(e.to_string()))?;
        if opened.thin {
            return thin(shell, command, job, &opened);
        }
        archive_copy(shell, command, job, &bytes, request)?
    } else {
        copy_file(&bytes, &request).map_err(wrong)?
    };
    write_dumps(shell, command, &copied)?;
    for text in &copied.warnings {
        shell.warning(&format!("{}: {text}", job.input));
    }
    for text in &copied.complaints {
        shell.error(&format!("{}: {text}", job.input));
    }
    write(command, job, &bytes, &copied.bytes, &meta)?;
    Ok(copied.complaints.is_empty())
}

/// What the options ask of the library.
fn request(command: &Command, job: &Job<'_>) -> Result<Request, String> {
    let mut request = Request { plan: command.plan.clone(), ..Request::default() };
    let output = command.output_format.as_deref();
    if command.input_format.as_deref() == Some("binary") {
        let name = command.arch.as_deref().or(output.filter(|&name| name != "binary"));
        let target = match name {
            Some(name) => target_named(name).ok_or_else(|| format!("architecture ‘{name}’ is not supported"))?,
            None => &kit::plugins::TARGETS[0],
        };
        request.input = Input::Binary { name: job.input.into(), target };
    }
    // Without an output format the input's is meant.
    let output = output.or(command.input_format.as_deref());
    if let Some(name) = output {
        if let Some(format) = flat_named(name) {
            let mut flat = command.flat.clone();
            flat.name = job.output.into();
            request.output = Output::Flat(format, flat);
        } else if target_named(name).is_none() {
            return Err(format!("output format ‘{name}’ is not supported"));
        }
    }
    let fills = command.flat.gap_fill.is_some() || command.flat.pad_to.is_some();
    if fills && matches!(request.output, Output::Same) {
        return Err("‘--gap-fill’ and ‘--pad-to’ are supported for output formats without sections only".into());
    }
    Ok(request)
}

/// A format that is named must be the file's.
fn check_format(command: &Command, bytes: &[u8], archive: bool) -> Result<(), String> {
    if archive {
        return Ok(());
    }
    let file = format_name(bytes);
    match command.input_format.as_deref() {
        None | Some("binary") => {}
        Some(name) if flat_named(name).is_some() || target_named(name).is_none() => {
            return Err(format!("input format ‘{name}’ is not supported"));
        }
        Some(name) if file != Some(name) => return Err("file format not recognized".into()),
        Some(_) => {}
    }
    match (command.output_format.as_deref(), file) {
        (Some(name), Some(file))
            if name != file && flat_named(name).is_none() && command.input_format.as_deref() != Some("binary") =>
        {
            Err(format!("a file of format {file} cannot be made one of format {name}"))
        }
        _ => Ok(()),
    }
}

fn archive_copy(
    shell: &Shell,
    command: &Command,
    job: &Job<'_>,
    bytes: &[u8],
    mut request: Request,
) -> Result<Copied, Failure> {
    if matches!(request.output, Output::Flat(..)) {
        return Err(Failure::new(format!("{}: an archive cannot be copied to that format", job.input)));
    }
    if request.plan.sections.debug_link.take().is_some() {
        shell.warning(&format!("{}: ‘--add-gnu-debuglink’ is ignored for an archive", job.input));
    }
    copy_archive(bytes, &request, !command.real_dates).map_err(|text| Failure::new(format!("{}: {text}", job.input)))
}

/// The members of a thin archive are files of their own: they are changed, and the archive that tells their sizes is
/// made anew. Only in place, as nobody said where the files' copies should go.
fn thin(shell: &Shell, command: &Command, job: &Job<'_>, archive: &Archive<'_>) -> Result<bool, Failure> {
    if !is_same_file(job.input, job.output) {
        return Err(Failure::new(format!("{}: a thin archive can be changed in place only", job.input)));
    }
    let dir = Path::new(job.input).parent().unwrap_or(Path::new("")).to_path_buf();
    let mut builder = ArchiveBuilder::new();
    let mut fine = true;
    for member in archive.members() {
        let member = member.map_err(|e| Failure::new(format!("{}: {e}", job.input)))?;
        let path = dir.join(String::from_utf8_lossy(&member.name).as_ref()).display().to_string();
        fine &= carry_out(shell, command, &Job { input: &path, output: &path })?;
        let bytes: FileBytes = shell.host.read(Path::new(&path))?;
        let mut new = NewMember::new(member.name.to_vec(), bytes.to_vec());
        if command.real_dates {
            (new.mtime, new.uid, new.gid, new.mode) = (member.mtime, member.uid, member.gid, member.mode);
        }
        builder.members.push(new);
    }
    let options = ArchiveOptions { thin: true, index: archive.has_index(), ..ArchiveOptions::default() };
    let bytes = builder.write(options, &|bytes| defined_names(bytes));
    let meta = std::fs::metadata(job.input).map_err(|e| Failure::new(format!("{}: {e}", job.input)))?;
    write(command, job, &[], &bytes, &meta)?;
    Ok(fine)
}

/// The sections that were asked for. They are written before the output, which is the last thing that happens.
fn write_dumps(shell: &Shell, command: &Command, copied: &Copied) -> Result<(), Failure> {
    for (name, path) in &command.dumps {
        if let Some((_, contents)) = copied.dumps.iter().find(|(dumped, _)| dumped == name) {
            sys::write_output(Path::new(path), contents, 0o666)?;
            if command.verbose {
                shell.print(format!("section ‘{}’ to ‘{path}’\n", String::from_utf8_lossy(name)).as_bytes())?;
            }
        }
    }
    Ok(())
}

fn is_same_file(input: &str, output: &str) -> bool {
    let identity = |path: &str| std::fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()));
    input == output || identity(input).is_some_and(|input| identity(output) == Some(input))
}

/// Writes the output. In place it keeps what the file had; a new file is executable when it is a program.
fn write(command: &Command, job: &Job<'_>, input: &[u8], bytes: &[u8], meta: &Metadata) -> Result<(), Failure> {
    let mut kept = sys::Kept::default();
    let mut path = PathBuf::from(job.output);
    if is_same_file(job.input, job.output) {
        kept.owner = Some((meta.permissions().mode(), meta.uid(), meta.gid()));
        // A link to the file stays a link.
        if path.is_symlink()
            && let Ok(real) = std::fs::canonicalize(&path)
        {
            path = real;
        }
    }
    if command.preserve_dates
        && let (Ok(accessed), Ok(modified)) = (meta.accessed(), meta.modified())
    {
        kept.times = Some((accessed, modified));
    }
    let program = is_linked(input) && is_linked(bytes);
    sys::write_output_keeping(&path, bytes, if program { 0o777 } else { 0o666 }, &kept)?;
    Ok(())
}
