//! `kit cc`: gcc's command line. Parse the words ([`args`]), answer questions ([`query`]), then for each input preprocess,
//! compile or assemble ([`compile`]), then link ([`link_line`]).
//!
//! Nothing goes through temporary files but what the system's assembler needs; objects of a compile-and-link run are
//! handed to the linker in memory.

pub mod args;
pub mod compile;
pub mod kept;
pub mod link_line;
mod query;

use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use crate::toolchain::Toolchain;
use args::{CcArgs, Item, Language, Mode};

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
            args.items.retain(|item| source_path(item).as_deref() != Some(&sources[1]));
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

fn run(shell: &Shell, mut args: CcArgs) -> Result<i32, Failure> {
    let target = match &args.target {
        None => shell.target,
        Some(triple) => kit::plugins::find_target(triple)
            .ok_or_else(|| Failure::usage(format!("‘--target={triple}’: kit has no such target yet")))?,
    };
    let toolchain = Toolchain::find(target, &args.sysroot, &args.tool_dirs);
    for text in std::mem::take(&mut args.warnings) {
        if args.c.werror {
            return Err(Failure::usage(text));
        }
        shell.warning(&text);
    }
    if query::answer(shell, &args, &toolchain)? {
        return Ok(0);
    }
    if args.mode == Mode::Assembly {
        return Err(Failure::usage("-S is not supported yet: it comes later, with kit's assembler"));
    }
    let n_sources = args.items.iter().filter(|item| matches!(item, Item::Source(..))).count();
    let n_compiled =
        args.items.iter().filter(|item| matches!(item, Item::Source(_, l) if *l != Language::Object)).count();
    if n_sources == 0 && !args.items.iter().any(|item| matches!(item, Item::Library(_))) {
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
    let status = compile::all(shell, &args, &toolchain)?;
    if status.failed && !args.late_warnings.is_empty() {
        for text in &args.late_warnings {
            shell.warning(text);
        }
    }
    if status.failed {
        return Ok(1);
    }
    if args.mode == Mode::Link { link_line::link(shell, &args, &toolchain, status.objects) } else { Ok(0) }
}
