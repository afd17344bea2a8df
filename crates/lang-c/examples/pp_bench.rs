//! Preprocesses a file and counts what comes out: the subject of instruction counts.
//!
//! `pp_bench [-I dir]... [-D name=value]... [-E] [-q] file.c`: `-E` prints the text, otherwise the number of tokens.

use base::io::{FileBytes, FileStat, InputSource, IoError};
use lang_c::options::{MacroOption, Options};
use lang_c::pp::Pp;
use lang_c::token::Tok;
use std::io::{Read, Write};
use std::path::Path;

#[path = "../tests/support/target_macros.rs"]
mod target_macros;

struct Files;

impl InputSource for Files {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        let meta = std::fs::metadata(path).map_err(|e| IoError::new(path, "stat", &e))?;
        Ok(FileStat { size: meta.len(), ..FileStat::default() })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        std::fs::read(path).map(FileBytes::from_vec).map_err(|e| IoError::new(path, "read", &e))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        let mut file = std::fs::File::open(path).map_err(|e| IoError::new(path, "open", &e))?;
        file.read_to_end(out).map_err(|e| IoError::new(path, "read", &e))?;
        Ok(FileStat::default())
    }
}

fn main() {
    let mut options = Options { target_macros: target_macros::tables(), ..Options::default() };
    options.system_dirs = [
        "/usr/lib/gcc/x86_64-linux-gnu/12/include",
        "/usr/local/include",
        "/usr/include/x86_64-linux-gnu",
        "/usr/include",
    ]
    .map(String::from)
    .to_vec();
    let mut args = std::env::args().skip(1);
    let mut print = false;
    let mut print_options = lang_c::pp::print::PrintOptions::default();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "-I" => options.include_dirs.extend(args.next()),
            "-D" => options.macros.extend(args.next().map(MacroOption::Define)),
            "-E" => print = true,
            "-P" => print_options.no_markers = true,
            "-dM" => print_options.macros_only = true,
            "-dD" => print_options.definitions = true,
            "-g" => options.gnuc = Some((12, 2, 0)),
            _ => options.file = arg,
        }
    }
    options.print_mode = print;
    let input = Files;
    let mut pp = Pp::new(options, &input);
    if print {
        let text = lang_c::pp::print::print(&mut pp, print_options);
        let _ = std::io::stdout().write_all(&text);
    } else {
        let mut n_tokens = 0u64;
        while pp.next().kind != Tok::Eof {
            n_tokens += 1;
        }
        println!("{n_tokens} tokens");
    }
    let mut text = String::new();
    for diag in &pp.diags.diags {
        base::diag::render(&mut text, &pp.map, "pp_bench", diag, base::diag::RenderOptions::default());
    }
    eprint!("{text}");
}
