//! `kit ar` and `kit ranlib`: GNU ar's operations and modifiers. The command word is no option in the usual sense
//! (`ar rcs lib.a x.o`), so it is read letter by letter.

use crate::flags::expand_response_files;
use crate::host::{Failure, Guarded, Shell};
use base::io::{FileBytes, InputSource};
use kit::archive::{Archive, ArchiveBuilder, ArchiveOptions, Member, NewMember, defined_names, verbose_line};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

const HELP: &str = "Usage: kit ar [-]{dmpqrstx}[abcDfioPsSTuUvV] [--thin] [--output=DIR] [member] archive file...\n\n\
Commands: d delete, m move, p print, q append, r replace or insert, s make the index, t list, x extract\n\
Modifiers:\n  a, b, i  after, before the named member\n  c        do not say that the archive is made\n  \
D, U      dates and owners zero (default), or the files' own\n  o         keep dates when extracting\n  \
P         match whole paths\n  s, S      make an index (default), make none\n  T         as --thin: members stay in their files\n  \
u         replace only by newer files\n  v         say what is done\n";

/// What the command word asks for.
#[derive(Default)]
struct Command {
    operation: Option<char>,
    /// `a`, `b`.
    position: Option<char>,
    create_silently: bool,
    real_dates: bool,
    keep_dates: bool,
    whole_paths: bool,
    no_index: bool,
    index: bool,
    newer_only: bool,
    verbose: bool,
    thin: bool,
    output: Option<PathBuf>,
    member: Option<String>,
    archive: PathBuf,
    files: Vec<String>,
}

/// `kit ar`.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    if words.iter().any(|word| word == "--help") {
        return shell.print(HELP.as_bytes()).map(|()| 0);
    }
    if words.iter().any(|word| word == "--version") || words.first().is_some_and(|word| word == "-V") {
        return shell.print(format!("kit ar {} (compatible with GNU ar)\n", kit::VERSION).as_bytes()).map(|()| 0);
    }
    let command = parse(words)?;
    run(shell, &command)
}

/// `kit ranlib`: the index of each archive is made anew.
pub fn ranlib(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    if args.iter().any(|word| word == "--help") {
        return shell.print(b"Usage: kit ranlib archive...\n\nMakes the symbol index of archives.\n").map(|()| 0);
    }
    if args.iter().any(|word| matches!(word.as_str(), "--version" | "-v" | "-V")) {
        return shell
            .print(format!("kit ranlib {} (compatible with GNU ranlib)\n", kit::VERSION).as_bytes())
            .map(|()| 0);
    }
    let archives: Vec<String> = args.into_iter().filter(|word| !word.starts_with('-')).collect();
    if archives.is_empty() {
        return Err(Failure::usage("no archive is named"));
    }
    for path in archives {
        run(shell, &Command { operation: Some('s'), archive: path.into(), ..Command::default() })?;
    }
    Ok(0)
}

fn parse(words: Vec<String>) -> Result<Command, Failure> {
    let mut command = Command::default();
    let mut rest = Vec::new();
    let mut letters: Option<String> = None;
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--thin" => command.thin = true,
            "--plugin" | "--target" => drop(words.next()),
            "--output" => command.output = words.next().map(PathBuf::from),
            _ if word.starts_with("--output=") => command.output = Some(PathBuf::from(&word["--output=".len()..])),
            _ if word.starts_with("--target=") || word.starts_with("--record-libdeps=") => {}
            _ if word.starts_with("--") => return Err(Failure::usage(format!("unrecognized option ‘{word}’"))),
            _ if word.starts_with('-') && word.len() > 1 && rest.is_empty() => {
                letters.get_or_insert_default().push_str(&word[1..]);
            }
            _ if letters.is_none() => letters = Some(word),
            _ => rest.push(word),
        }
    }
    for letter in letters.unwrap_or_default().chars() {
        match letter {
            'd' | 'm' | 'p' | 'q' | 'r' | 't' | 'x' => {
                if command.operation.replace(letter).is_some_and(|before| before != letter) {
                    return Err(Failure::usage("two different operation options specified"));
                }
            }
            'a' => command.position = Some('a'),
            'b' | 'i' => command.position = Some('b'),
            'c' => command.create_silently = true,
            'D' => command.real_dates = false,
            'U' => command.real_dates = true,
            'o' => command.keep_dates = true,
            'P' => command.whole_paths = true,
            's' => command.index = true,
            'S' => command.no_index = true,
            'T' => command.thin = true,
            'u' => command.newer_only = true,
            'v' => command.verbose = true,
            'f' | 'V' | 'O' => {}
            _ => return Err(Failure::usage(format!("invalid option -- ‘{letter}’"))),
        }
    }
    if command.operation.is_none() {
        if !command.index {
            return Err(Failure::usage("no operation specified"));
        }
        command.operation = Some('s');
    }
    let mut rest = rest.into_iter();
    if command.position.is_some() {
        command.member = rest.next();
    }
    let Some(archive) = rest.next() else { return Err(Failure::usage("no archive is named")) };
    command.archive = PathBuf::from(archive);
    command.files = rest.collect();
    Ok(command)
}

fn run(shell: &Shell, command: &Command) -> Result<i32, Failure> {
    let operation = command.operation.unwrap_or('s');
    let existing = match shell.host.read(&command.archive) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.is_not_found() && matches!(operation, 'r' | 'q') => None,
        Err(error) => return Err(error.into()),
    };
    let wrong = |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", command.archive.display()));
    // An empty file counts as an empty archive.
    let archive = match existing.as_deref() {
        Some(bytes) if !bytes.is_empty() => Some(Archive::parse(bytes).map_err(|e| wrong(&e))?),
        _ => None,
    };
    match operation {
        'p' | 't' | 'x' => match &archive {
            Some(archive) => show(shell, command, archive, operation),
            None => Err(wrong(&"file format not recognized")),
        },
        _ => change(shell, command, archive.as_ref(), operation),
    }
}

/// How a file or member is matched: by its base name unless `P` asks for the path.
fn key<'n>(command: &Command, name: &'n str) -> &'n str {
    if command.whole_paths { name } else { name.rsplit('/').next().unwrap_or(name) }
}

fn wants(command: &Command, member: &Member<'_>) -> bool {
    let name = String::from_utf8_lossy(&member.name);
    command.files.is_empty() || command.files.iter().any(|file| key(command, file) == key(command, &name))
}

/// `p`, `t`, `x`.
fn show(shell: &Shell, command: &Command, archive: &Archive<'_>, operation: char) -> Result<i32, Failure> {
    let mut seen: Vec<String> = Vec::new();
    for member in archive.members() {
        let member = member.map_err(|e| Failure::new(format!("{}: {e}", command.archive.display())))?;
        if !wants(command, &member) {
            continue;
        }
        let name = String::from_utf8_lossy(&member.name).into_owned();
        seen.push(name.clone());
        match operation {
            't' if command.verbose => shell.print(format!("{}\n", verbose_line(&member)).as_bytes())?,
            't' => shell.print(format!("{name}\n").as_bytes())?,
            'p' => {
                if command.verbose {
                    shell.print(format!("\n<{name}>\n\n").as_bytes())?;
                }
                shell.print(&contents(shell, command, archive, &member)?)?;
            }
            _ => extract(shell, command, archive, &member, &name)?,
        }
    }
    let missing: Vec<&String> =
        command.files.iter().filter(|file| !seen.iter().any(|name| key(command, name) == key(command, file))).collect();
    for file in &missing {
        shell.error(&format!("no entry {file} in archive"));
    }
    Ok(i32::from(!missing.is_empty()))
}

/// A member's bytes; those of a thin archive lie in their own file, named from the archive's directory.
fn contents(
    shell: &Shell,
    command: &Command,
    archive: &Archive<'_>,
    member: &Member<'_>,
) -> Result<FileBytes, Failure> {
    if !archive.thin {
        return Ok(FileBytes::from_vec(member.data.to_vec()));
    }
    let name = String::from_utf8_lossy(&member.name).into_owned();
    let dir = command.archive.parent().unwrap_or(Path::new(""));
    Ok(shell.host.read(&dir.join(name))?)
}

fn extract(
    shell: &Shell,
    command: &Command,
    archive: &Archive<'_>,
    member: &Member<'_>,
    name: &str,
) -> Result<(), Failure> {
    // A member never leaves the directory that was asked for.
    let base = name.rsplit('/').next().unwrap_or(name);
    if base.is_empty() || base == "." || base == ".." {
        return Err(Failure::new(format!("illegal member name ‘{name}’")));
    }
    let path = command.output.as_deref().unwrap_or(Path::new("")).join(base);
    if command.verbose {
        shell.print(format!("x - {name}\n").as_bytes())?;
    }
    let bytes = contents(shell, command, archive, member)?;
    let mut sources = Guarded::default();
    sources.add(&command.archive);
    sources.check(&path)?;
    sys::write_output(&path, &bytes, if member.mode & 0o111 != 0 { 0o777 } else { 0o666 })?;
    if command.keep_dates {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_secs(member.mtime);
        let file = std::fs::OpenOptions::new().write(true).open(&path);
        file.and_then(|file| file.set_modified(time))
            .map_err(|e| Failure::new(format!("cannot set the date of {}: {e}", path.display())))?;
    }
    Ok(())
}

/// `d`, `m`, `q`, `r`, `s`: the archive is written anew and replaces the old one when it is whole.
fn change(shell: &Shell, command: &Command, archive: Option<&Archive<'_>>, operation: char) -> Result<i32, Failure> {
    let wrong = |e: &dyn std::fmt::Display| Failure::new(format!("{}: {e}", command.archive.display()));
    let mut builder = match archive {
        Some(archive) if archive.thin => thin_members(shell, command, archive)?,
        Some(archive) => ArchiveBuilder::from_archive(archive).map_err(|e| wrong(&e))?,
        None => ArchiveBuilder::new(),
    };
    let thin = command.thin || archive.is_some_and(|archive| archive.thin);
    if archive.is_some_and(|archive| archive.thin != thin) {
        return Err(wrong(&"a thin archive and an ordinary one cannot be mixed"));
    }
    if archive.is_none() && !command.create_silently && matches!(operation, 'r' | 'q') {
        shell.say(&format!("{}: creating {}\n", shell.program, command.archive.display()));
    }
    let mut files: Vec<(String, FileBytes)> = Vec::new();
    if matches!(operation, 'r' | 'q') {
        let mut members = Guarded::default();
        command.files.iter().for_each(|file| members.add(Path::new(file)));
        members.check(&command.archive)?;
        for file in &command.files {
            files.push((file.clone(), shell.host.read(Path::new(file))?));
        }
    }
    // `a`, `b`: new and moved members go beside the named one.
    let place = match (&command.member, command.position) {
        (Some(member), Some(side)) => {
            let at = builder.members.iter().position(|m| m.name.as_ref() == member.as_bytes());
            let at = at.ok_or_else(|| wrong(&format!("no entry {member} in archive")))?;
            Some(if side == 'a' { at + 1 } else { at })
        }
        _ => None,
    };
    match operation {
        'r' | 'q' => {
            let mut state = Insertion { place, is_old: vec![operation == 'r'; builder.members.len()] };
            for (path, bytes) in &files {
                let member = new_member(command, path, bytes, thin)?;
                insert(shell, command, &mut builder, member, &mut state, path)?;
            }
        }
        'd' => {
            for file in &command.files {
                let gone = builder.delete(key(command, file).as_bytes());
                if command.verbose && gone {
                    shell.print(format!("d - {file}\n").as_bytes())?;
                }
            }
        }
        'm' => {
            let moved: Vec<usize> = (0..builder.members.len())
                .filter(|&at| {
                    let name = String::from_utf8_lossy(&builder.members[at].name).into_owned();
                    command.files.iter().any(|file| key(command, file) == name)
                })
                .collect();
            let before = place.map_or(0, |p| moved.iter().filter(|&&at| at < p).count());
            let taken: Vec<NewMember<'_>> = moved.iter().rev().map(|&at| builder.members.remove(at)).collect();
            let at = place.map_or(builder.members.len(), |p| p - before);
            for member in taken {
                builder.members.insert(at, member);
            }
        }
        _ => {}
    }
    let options = ArchiveOptions { thin, index: !command.no_index, ..ArchiveOptions::default() };
    let bytes = builder.write(options, &|bytes| defined_names(bytes));
    sys::write_output(&command.archive, &bytes, 0o666)?;
    Ok(0)
}

/// The members of a thin archive with their files' bytes, which the index is made from.
fn thin_members(shell: &Shell, command: &Command, archive: &Archive<'_>) -> Result<ArchiveBuilder<'static>, Failure> {
    let mut builder = ArchiveBuilder::new();
    for member in archive.members() {
        let member = member.map_err(|e| Failure::new(format!("{}: {e}", command.archive.display())))?;
        let bytes = contents(shell, command, archive, &member)?;
        let Member { name, mtime, uid, gid, mode, .. } = member;
        builder.members.push(NewMember {
            name: name.into_owned().into(),
            data: bytes.to_vec().into(),
            mtime,
            uid,
            gid,
            mode,
        });
    }
    Ok(builder)
}

fn new_member<'a>(command: &Command, path: &str, bytes: &'a FileBytes, thin: bool) -> Result<NewMember<'a>, Failure> {
    let name = if thin { relative_to(path, &command.archive) } else { key(command, path).to_string() };
    let mut member = NewMember::new(name.into_bytes(), &bytes[..]);
    if command.real_dates {
        let meta = std::fs::metadata(path).map_err(|e| Failure::new(format!("{path}: {e}")))?;
        member.mtime = meta.mtime().max(0) as u64;
        member.uid = meta.uid();
        member.gid = meta.gid();
        member.mode = meta.permissions().mode();
    }
    Ok(member)
}

/// A thin archive names its members from its own directory.
fn relative_to(path: &str, archive: &Path) -> String {
    let dir = archive.parent().unwrap_or(Path::new(""));
    match Path::new(path).strip_prefix(dir) {
        Ok(rest) => rest.display().to_string(),
        Err(_) if dir.as_os_str().is_empty() || path.starts_with('/') => path.to_string(),
        Err(_) => {
            let up = "../".repeat(dir.components().count());
            format!("{up}{path}")
        }
    }
}

/// Where new members go, and which members may be replaced: those that were there before. Files of one name from two
/// folders (`malloc/free.o`, `malloc/new/free.o`) are two members.
struct Insertion {
    place: Option<usize>,
    /// For each member.
    is_old: Vec<bool>,
}

fn insert<'a>(
    shell: &Shell,
    command: &Command,
    builder: &mut ArchiveBuilder<'a>,
    member: NewMember<'a>,
    state: &mut Insertion,
    path: &str,
) -> Result<(), Failure> {
    let mut olds = builder.members.iter().zip(&state.is_old);
    let old = olds.position(|(m, &is_old)| is_old && m.name == member.name);
    if command.newer_only
        && let Some(at) = old
    {
        let meta = std::fs::metadata(path).map_err(|e| Failure::new(format!("{path}: {e}")))?;
        if meta.mtime().max(0) as u64 <= builder.members[at].mtime {
            return Ok(());
        }
    }
    if command.verbose {
        let letter = if old.is_some() { 'r' } else { 'a' };
        shell.print(format!("{letter} - {path}\n").as_bytes())?;
    }
    match (old, state.place.as_mut()) {
        (Some(at), None) => {
            builder.members[at] = member;
            state.is_old[at] = false;
        }
        (None, None) => {
            builder.members.push(member);
            state.is_old.push(false);
        }
        (old, Some(to)) => {
            if let Some(at) = old {
                builder.members.remove(at);
                state.is_old.remove(at);
                *to -= usize::from(at < *to);
            }
            builder.members.insert(*to, member);
            state.is_old.insert(*to, false);
            *to += 1;
        }
    }
    Ok(())
}
