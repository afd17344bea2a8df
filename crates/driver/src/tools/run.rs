//! `kit run`: compile, link in memory, execute; nothing on disk. The program is started as a process of its own, so it
//! finds what every program finds; its fatal faults are told with functions and lines.

use crate::cc::args::{CcArgs, Item, Language, Mode};
use crate::cc::{args, compile, link_line};
use crate::flags::cc::OPTIONS;
use crate::flags::{Word, next_word};
use crate::host::{Failure, Shell};
use crate::toolchain::Toolchain;
use kit::linker::{Input, InputWhat};
use std::ffi::OsString;
use std::io::Read;

const HELP: &str = "Usage: kit run [options] file... [--] [arguments]\n       kit run [options] -- file [arguments]\n\n\
Compiles and links in memory and runs the program, which finds the arguments, standard input, the environment and\n\
everything else a started program has. The exit status is the program's, or 128 + signal.\n\n\
Options in front of the first file are kit's, the same as those of kit cc: kit run -O2 -lm prog.c one --two.\n\
Files are the words that follow each other, exist, and end in .c .i .s .S .o .a or .so: kit run a.c b.c one.\n\
Everything behind them belongs to the program, whatever it looks like; a -- right behind them is left out.\n\
With -- in front there is one file: kit run -- count.c other.c gives other.c to the program.\n\
So it is for a script, a file that begins with #!/usr/bin/env -S kit run: all words behind it are its own. A script\n\
needs no .c in its name. Libraries (-l) are linked behind the files, where the linker looks for what is missing.\n";

/// The tool.
pub fn main(shell: &Shell, words: Vec<String>) -> Result<i32, Failure> {
    if words.is_empty() || words[0] == "--help" {
        return shell.print(HELP.as_bytes()).map(|()| i32::from(words.is_empty()));
    }
    let split = split(&words);
    let mut args = args::parse(&split.own).map_err(Failure::usage)?;
    if args.mode != Mode::Link || args.query.is_some() {
        return Err(Failure::usage("run makes and starts programs: anything else is kit cc's"));
    }
    // Libraries are looked through for what the files in front of them lack.
    args.items.sort_by_key(|item| !matches!(item, Item::Source(..)));
    // Backtraces need lines, and no more than is asked for. Most programs end without one.
    if !args.code.debug {
        args.code.debug = true;
        args.code.lines_only = true;
        args.code.lines_later = args.items.iter().all(|item| match item {
            Item::Source(path, _) => std::fs::metadata(path).is_ok_and(|meta| meta.is_file()),
            _ => true,
        });
    }
    let name = args.items.iter().find_map(|item| match item {
        Item::Source(path, _) => Some(path.clone()),
        _ => None,
    });
    let Some(name) = name else { return Err(Failure::usage("no input files")) };
    let Some(kit::link::InMemory { bytes: image, files }) = image(shell, &args)? else { return Ok(1) };
    // Somebody waits for the program: what was mapped goes when this process does.
    let _files = std::mem::ManuallyDrop::new(files);
    let mut with_lines = || {
        if !args.code.lines_later {
            return None;
        }
        args.code.lines_later = false;
        // What was said of the sources once is not said again.
        let quiet = shell.quiet();
        let again = self::image(&quiet, &args).ok().flatten()?.bytes;
        // The sources may have changed since.
        kit::backtrace::loads_the_same(&image, &again).then_some(again)
    };
    start(shell, &image, &name, split.program, &mut with_lines)
}

/// Compiles and links into memory; `None` when errors were reported.
pub fn image(shell: &Shell, args: &CcArgs) -> Result<Option<kit::link::InMemory>, Failure> {
    let shell = &shell.for_target(args.target.as_deref())?;
    let toolchain = Toolchain::find(shell.target, &args.sysroot, &args.tool_dirs);
    crate::cc::say_warnings(shell, args)?;
    let status = compile::all(shell, args, &toolchain)?;
    if status.failed {
        return Ok(None);
    }
    let bytes = kit::runtime::fault_object(shell.target, sys::watch::FAULT_FD).map_err(Failure::new)?;
    let watch = Input::new(InputWhat::Bytes { name: "kit's fault handler".into(), bytes });
    let parsed = link_line::request(shell, args, &toolchain, status.objects, Some(watch))?;
    match kit::link::link_to_memory(&parsed.options, &parsed.inputs, &shell.host, shell.target) {
        Ok(made) => Ok(Some(made)),
        Err(errors) => {
            for error in &errors {
                shell.error(&error.to_string());
            }
            Ok(None)
        }
    }
}

/// Runs an image; the status is the program's. For a backtrace `with_lines` is asked for the same program with debug
/// information.
pub fn start(
    shell: &Shell,
    image: &[u8],
    name: &str,
    program_args: &[String],
    with_lines: &mut dyn FnMut() -> Option<base::io::FileBytes>,
) -> Result<i32, Failure> {
    let mut argv = vec![OsString::from(name)];
    argv.extend(program_args.iter().map(OsString::from));
    let (mut told, mut lines) = (false, None);
    let mut on_fault = |fault: &sys::watch::Fault| {
        told = true;
        if lines.is_none() {
            lines = with_lines();
        }
        super::backtrace::report(shell, name, image, lines.as_deref().unwrap_or(image), fault);
    };
    let ended = sys::watch::exec_image_watched(image, &argv, None, &mut on_fault)
        .map_err(|e| Failure::new(format!("cannot start the program: {e}")))?;
    if let sys::run::Ended::Signaled(signal) = ended
        && !told
    {
        super::backtrace::report_end(shell, name, signal);
    }
    Ok(i32::from(ended.shell_status()))
}

/// A command line taken apart.
struct Split<'w> {
    /// What `kit cc` would be given: options and files.
    own: Vec<String>,
    program: &'w [String],
}

/// Finds where kit's words end, by the rules in [`HELP`].
fn split(words: &[String]) -> Split<'_> {
    let mut at = 0;
    while at < words.len() {
        let start = at;
        if words[at] == "--" {
            let file = words.get(at + 1..at + 2).unwrap_or_default();
            return join(&words[..at], file, &words[at + 1 + file.len()..]);
        }
        if let Word::Operand(first) = next_word(OPTIONS, words, &mut at) {
            let n_files =
                if is_script(first) { 1 } else { 1 + words[at..].iter().take_while(|word| is_input(word)).count() };
            let (files, rest) = words[start..].split_at(n_files);
            let rest = match rest.split_first() {
                Some((word, rest)) if word == "--" && !is_script(first) => rest,
                _ => rest,
            };
            return join(&words[..start], files, rest);
        }
    }
    join(words, &[], &[])
}

fn join<'w>(options: &[String], files: &[String], program: &'w [String]) -> Split<'w> {
    let mut own = options.to_vec();
    for file in files {
        // A file that was named behind `--` may begin with a dash; a script needs no extension.
        let path = if file.starts_with('-') && file != "-" { format!("./{file}") } else { file.clone() };
        if args::by_extension(file) == Language::Object && is_script(file) {
            own.extend(["-x".into(), "c".into(), path, "-x".into(), "none".into()]);
        } else {
            own.push(path);
        }
    }
    Split { own, program }
}

/// A file that is started by its first line: what the system puts behind its name are its arguments.
fn is_script(path: &str) -> bool {
    let mut start = [0; 2];
    let file = std::fs::File::open(path).ok().filter(|file| file.metadata().is_ok_and(|meta| meta.is_file()));
    file.is_some_and(|mut file| file.read_exact(&mut start).is_ok()) && start == *b"#!"
}

/// Something that exists and that a C compiler takes by its name.
fn is_input(path: &str) -> bool {
    let known = [".c", ".i", ".s", ".S", ".o", ".a", ".so"].iter().any(|end| path.ends_with(end));
    known && !path.starts_with('-') && std::path::Path::new(path).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_arguments_begin_where_inputs_end() {
        let words = |line: &str| line.split(' ').map(str::to_string).collect::<Vec<_>>();
        for (line, own, program) in [
            ("-O2 a.c one --two", "-O2 a.c", "one --two"),
            ("-lm -I x a.c -lm", "-lm -I x a.c", "-lm"),
            ("a.c none.c -- x", "a.c", "none.c -- x"),
            ("a.c -- -c x", "a.c", "-c x"),
            ("-g -- a.c -- x", "-g a.c", "-- x"),
            ("-- -a.c", "./-a.c", ""),
            ("- x", "-", "x"),
        ] {
            let line = words(line);
            let split = split(&line);
            assert_eq!((split.own.join(" ").as_str(), split.program.join(" ").as_str()), (own, program));
        }
    }
}
