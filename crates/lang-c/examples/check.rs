//! Parses and checks C files as `cc -fsyntax-only` does.
//!
//! `check [-I dir] [-D name=value] [-std=x] [-W…] [-w] [-q] file.c...`: says what is wrong, one summary line a file with
//! `-q`; exit status 1 when some file has an error. `-n` counts nodes.

use lang_c::options::{MacroOption, Standard};

#[path = "../tests/common/mod.rs"]
mod common;

fn main() {
    let mut template = common::options("");
    let mut files = Vec::new();
    let mut quiet = false;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if let Some(dir) = arg.strip_prefix("-I") {
            let dir = if dir.is_empty() { args.next().unwrap_or_default() } else { dir.into() };
            template.include_dirs.push(dir);
        } else if let Some(text) = arg.strip_prefix("-D") {
            let text = if text.is_empty() { args.next().unwrap_or_default() } else { text.into() };
            template.macros.push(MacroOption::Define(text));
        } else if let Some(name) = arg.strip_prefix("-std=") {
            template.standard = Standard::parse(name).expect("a known standard");
        } else if arg == "-w" {
            template.no_warnings = true;
        } else if arg == "-q" {
            quiet = true;
        } else if arg == "-g" {
            template.gnuc = Some((12, 2, 0));
        } else if let Some(name) = arg.strip_prefix("-W") {
            template.warnings.option(name).expect("a known warning");
        } else {
            files.push(arg);
        }
    }
    let mut failed = 0;
    for file in &files {
        let mut options = template.clone();
        options.file = file.clone();
        let (text, n_errors) = common::check(options, &common::Files { text: None });
        failed += u32::from(n_errors > 0);
        if quiet {
            let first = text.lines().find(|l| l.contains("error: ")).unwrap_or("");
            println!("{} {file} {first}", if n_errors > 0 { "FAIL" } else { "ok" });
        } else {
            print!("{text}");
        }
    }
    if failed > 0 {
        std::process::exit(1);
    }
}
