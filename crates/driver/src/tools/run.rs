//! `kit run`: compile, link in memory, execute; nothing on disk. The program is started as a process of its own, so it
//! finds what every program finds; its fatal faults are told with functions and lines.

use crate::cc::args::{CcArgs, Item, Language};
use crate::cc::{args, compile, link_line};
use crate::flags::cc::OPTIONS;
use crate::flags::{Word, next_word};
use crate::host::{Failure, Shell};
use crate::toolchain::Toolchain;
use kit::linker::{Input, InputWhat};
use std::ffi::OsString;

const HELP: &str = "Usage: kit run [options] file.c... [-l<name>...] [--] [arguments]\n\n\
Compiles and links in memory and runs the program, which finds the arguments, standard input, the environment and\n\
everything else a started program has. The exit status is the program's, or 128 + signal. Options are those of kit cc.\n\
Arguments begin behind --, or at the first word that is neither an input file nor an option for the link.\n";

/// The tool.
pub fn main(shell: &Shell, words: Vec<String>) -> Result<i32, Failure> {
    if words.is_empty() || words[0] == "--help" {
        return shell.print(HELP.as_bytes()).map(|()| i32::from(words.is_empty()));
    }
    let (own, program_args) = split(&words);
    let mut args = args::parse(&own).map_err(Failure::usage)?;
    // Backtraces need lines.
    args.code.debug = true;
    let name = args.items.iter().find_map(|item| match item {
        Item::Source(path, _) => Some(path.clone()),
        _ => None,
    });
    let Some(name) = name else { return Err(Failure::usage("no input files")) };
    let Some(image) = image(shell, &args)? else { return Ok(1) };
    start(shell, &image, &name, program_args)
}

/// Compiles and links into memory; `None` when errors were reported.
pub fn image(shell: &Shell, args: &CcArgs) -> Result<Option<base::io::FileBytes>, Failure> {
    let toolchain = Toolchain::find(shell.target, &args.sysroot, &args.tool_dirs);
    for text in &args.warnings {
        shell.warning(text);
    }
    let status = compile::all(shell, args, &toolchain)?;
    if status.failed {
        return Ok(None);
    }
    let bytes = kit::runtime::fault_object(shell.target, sys::watch::FAULT_FD).map_err(Failure::new)?;
    let watch = Input::new(InputWhat::Bytes { name: "kit's fault handler".into(), bytes });
    let parsed = link_line::request(shell, args, &toolchain, status.objects, Some(watch))?;
    match kit::link::link_to_bytes(&parsed.options, &parsed.inputs, &shell.host, shell.target) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(errors) => {
            for error in &errors {
                shell.error(&error.to_string());
            }
            Ok(None)
        }
    }
}

/// Runs an image; the status is the program's.
pub fn start(shell: &Shell, image: &[u8], name: &str, program_args: &[String]) -> Result<i32, Failure> {
    let mut argv = vec![OsString::from(name)];
    argv.extend(program_args.iter().map(OsString::from));
    let envp: Vec<(OsString, OsString)> = std::env::vars_os().collect();
    let mut told = false;
    let mut on_fault = |fault: &sys::watch::Fault| {
        told = true;
        super::backtrace::report(shell, name, image, fault);
    };
    let ended = sys::watch::exec_image_watched(image, &argv, &envp, &mut on_fault)
        .map_err(|e| Failure::new(format!("cannot start the program: {e}")))?;
    if let sys::run::Ended::Signaled(signal) = ended
        && !told
    {
        super::backtrace::report_end(shell, name, signal);
    }
    Ok(i32::from(ended.shell_status()))
}

/// kit's own words and the program's.
fn split(words: &[String]) -> (Vec<String>, &[String]) {
    let mut at = 0;
    let mut seen_source = false;
    while at < words.len() {
        let start = at;
        if words[at] == "--" {
            return (words[..at].to_vec(), &words[at + 1..]);
        }
        match next_word(OPTIONS, words, &mut at) {
            Word::Operand(path) => {
                let input = seen_source && !is_input(path);
                if input {
                    return (words[..start].to_vec(), &words[start..]);
                }
                seen_source = true;
                // Behind the only source of a `#!` script everything is the program's: see the manual.
            }
            Word::Option(_) => {}
            Word::Unknown(_) if seen_source => return (words[..start].to_vec(), &words[start..]),
            Word::Unknown(_) | Word::MissingArgument(_) => {}
        }
    }
    (words.to_vec(), &[])
}

/// Something that exists and that a C compiler takes by its name.
fn is_input(path: &str) -> bool {
    let known = [".c", ".i", ".s", ".S", ".o", ".a", ".so"].iter().any(|end| path.ends_with(end));
    known && std::path::Path::new(path).exists() && path != "-"
        || args::by_extension(path) == Language::C && path != "-"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_arguments_begin_where_inputs_end() {
        let words = |line: &str| line.split(' ').map(str::to_string).collect::<Vec<_>>();
        let line = words("-O2 a.c one --two");
        let (own, rest) = split(&line);
        assert_eq!((own.join(" ").as_str(), rest.join(" ").as_str()), ("-O2 a.c", "one --two"));
        let line = words("m.c h.c -lm");
        assert_eq!(split(&line).1.len(), 0);
        let line = words("m.c -lm -- -c x");
        let (own, rest) = split(&line);
        assert_eq!((own.join(" ").as_str(), rest.join(" ").as_str()), ("m.c -lm", "-c x"));
    }
}
