//! `kit cc`: gcc's command line. Parse the words ([`args`]), answer questions ([`query`]), then for each input preprocess,
//! compile or assemble ([`compile`]), then link ([`link_line`]).
//!
//! Nothing goes through temporary files but what the system's assembler needs; objects of a compile-and-link run are
//! handed to the linker in memory.

pub mod args;
pub mod compile;
mod json;
pub mod kept;
pub mod link_line;
mod query;

use crate::flags::expand_response_files;
use crate::host::{Failure, Guarded, Shell};
use crate::toolchain::Toolchain;
use args::{CcArgs, Item, Language, Mode};
use std::path::Path;

/// The tool.
pub fn main(shell: &Shell, words: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(words);
    let args = args::parse(&words).map_err(Failure::usage)?;
    run(shell, args)
}

/// `kit cpp [options] [input [output]]`: as `kit cc -E`.
pub fn cpp_main(shell: &Shell, words: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(words);
    let mut args = args::parse(&words).map_err(Failure::usage)?;
    args.mode = Mode::Preprocess;
    let sources: Vec<String> = args.items.iter().filter_map(source_path).collect();
    match sources.len() {
        0 => args.items.push(Item::Source("-".into(), Language::C)),
        1 => {}
        2 if args.output.is_none() => {
            args.output = Some(sources[1].clone());
            if let Some(second) = args.items.iter().rposition(|item| source_path(item).is_some()) {
                args.items.remove(second);
            }
        }
        _ => return Err(Failure::usage("too many input files")),
    }
    for item in &mut args.items {
        if let Item::Source(_, language) = item {
            // What has no known extension is C here.
            *language = if *language == Language::Object { Language::C } else { *language };
        }
    }
    run(shell, args)
}

fn source_path(item: &Item) -> Option<String> {
    match item {
        Item::Source(path, _) => Some(path.clone()),
        Item::Library(_) | Item::Linker(_) => None,
    }
}

/// Says what is odd about the command line. What kit cannot do yet is told once, and is no warning that `-Werror` could
/// make an error of: build systems pass their hardening options everywhere.
pub fn say_warnings(shell: &Shell, args: &CcArgs) -> Result<(), Failure> {
    for text in &args.warnings {
        if args.c.werror {
            return Err(Failure::usage(text));
        }
        shell.warning(text);
    }
    let compiles = args
        .items
        .iter()
        .any(|item| matches!(item, Item::Source(_, Language::C | Language::Header | Language::CppOutput)));
    if compiles && args.mode != Mode::Preprocess && !args.c.no_warnings && !args.without_effect.is_empty() {
        let names: Vec<String> = args.without_effect.iter().map(|text| format!("‘{text}’")).collect();
        let (s, verb) = if names.len() == 1 { ("", "is") } else { ("s", "are") };
        shell.warning(&format!("option{s} {} {verb} not supported yet: no effect", names.join(", ")));
    }
    Ok(())
}

/// An error if something that would be written is one of the inputs.
pub fn guard_inputs(args: &CcArgs) -> Result<(), Failure> {
    let mut inputs = Guarded::default();
    let mut outputs: Vec<String> = Vec::new();
    for item in &args.items {
        let Item::Source(path, language) = item else { continue };
        if path != "-" {
            inputs.add(Path::new(path));
        }
        if *language == Language::Object {
            continue;
        }
        if matches!(args.mode, Mode::Compile | Mode::Assembly) && args.output.is_none() {
            outputs.push(compile::output_name(path, *language, args.mode));
        }
        outputs.extend(compile::deps_file(args, path));
    }
    outputs.extend(args.output.clone());
    if args.mode == Mode::Link && args.output.is_none() {
        outputs.push("a.out".into());
    }
    outputs.iter().filter(|path| *path != "-").try_for_each(|path| inputs.check(Path::new(path)))
}

fn run(shell: &Shell, args: CcArgs) -> Result<i32, Failure> {
    let shell = &shell.for_target(args.target.as_deref())?;
    let toolchain = Toolchain::find(shell.target, &args.sysroot, &args.tool_dirs);
    say_warnings(shell, &args)?;
    if query::answer(shell, &args, &toolchain)? {
        return Ok(0);
    }
    let n_sources = args.items.iter().filter(|item| matches!(item, Item::Source(..))).count();
    let n_compiled =
        args.items.iter().filter(|item| matches!(item, Item::Source(_, l) if *l != Language::Object)).count();
    let asks_linker = |item: &Item| matches!(item, Item::Linker(word) if link_line::QUESTIONS.contains(&word.as_str()));
    if n_sources == 0 && !args.items.iter().any(|item| matches!(item, Item::Library(_)) || asks_linker(item)) {
        return if args.verbose { Ok(0) } else { Err(Failure::new("no input files")) };
    }
    if args.mode != Mode::Link && args.output.is_some() && n_compiled > 1 {
        return Err(Failure::usage("cannot specify ‘-o’ with ‘-c’, ‘-S’ or ‘-E’ with multiple files"));
    }
    let missing: Vec<&String> = args
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Source(path, _) if path != "-" && !std::path::Path::new(path).exists() => Some(path),
            _ => None,
        })
        .collect();
    for path in &missing {
        shell.error(&format!("{path}: No such file or directory"));
    }
    if !missing.is_empty() {
        if missing.len() == n_sources {
            shell.say(&format!("{}: no input files that can be read\n", shell.program));
        }
        return Ok(1);
    }
    if n_compiled > 0 && args.deps.has_details() && !args.deps.only && !args.deps.beside {
        return Err(Failure::usage("to generate dependencies you must specify either ‘-M’ or ‘-MM’"));
    }
    if !args.dry_run {
        guard_inputs(&args)?;
    }
    let status = compile::all(shell, &args, &toolchain)?;
    if status.failed && !args.late_warnings.is_empty() {
        for text in &args.late_warnings {
            shell.warning(text);
        }
    }
    if status.failed {
        return Ok(1);
    }
    // Headers alone are only checked.
    let links = args.items.iter().any(|item| !matches!(item, Item::Source(_, Language::Header)));
    if args.mode == Mode::Link && links { link_line::link(shell, &args, &toolchain, status.objects) } else { Ok(0) }
}
