//! The tools of `kit`, one file each, and how a name selects one.

pub mod addr2line;
pub mod ar;
pub mod as_;
mod backtrace;
pub mod build_exe;
mod copying;
pub mod cxxfilt;
pub mod doctor;
pub mod help;
pub mod install;
pub mod ld;
pub mod nm;
pub mod objcopy;
pub mod objdump;
pub mod readelf;
pub mod rt;
pub mod run;
pub mod size;
pub mod strings;
pub mod strip;
pub mod symbolize;

use crate::host::{Failure, Shell};
use kit::debug_text::{PART_NAMES, PartName, Parts};
use kit::plugins::TargetRow;

/// One tool.
pub struct Tool {
    /// The word behind `kit`, also reached by a program name that ends in `kit-<name>` or `-<name>`.
    pub name: &'static str,
    /// Further program names that select it.
    pub links: &'static [&'static str],
    /// One sentence for `kit help`.
    pub summary: &'static str,
    pub run: fn(&Shell, Vec<String>) -> Result<i32, Failure>,
}

/// Every tool, in the order in which `kit help` shows them.
pub static TOOLS: &[Tool] = &[
    Tool {
        name: "cc",
        links: &["cc", "kit-gcc"],
        summary: "Compile C and link, with gcc's options",
        run: crate::cc::main,
    },
    Tool { name: "cpp", links: &[], summary: "Preprocess C", run: crate::cc::cpp_main },
    Tool { name: "run", links: &[], summary: "Compile, link in memory and run", run: run::main },
    Tool {
        name: "build-exe",
        links: &[],
        summary: "Compile sources in parallel and link them into a program",
        run: build_exe::main,
    },
    Tool { name: "as", links: &["kit-gas"], summary: "Assemble, with GNU as's options", run: as_::main },
    Tool { name: "ld", links: &["ld.kit", "ld"], summary: "Link, with GNU ld's options", run: ld::main },
    Tool { name: "ar", links: &["kit-gcc-ar"], summary: "Make and change archives", run: ar::main },
    Tool { name: "ranlib", links: &["kit-gcc-ranlib"], summary: "Make the index of archives", run: ar::ranlib },
    Tool { name: "nm", links: &["kit-gcc-nm"], summary: "List symbols", run: nm::main },
    Tool { name: "objdump", links: &[], summary: "Show what is in objects and programs", run: objdump::main },
    Tool { name: "readelf", links: &[], summary: "Show what is in ELF files", run: readelf::main },
    Tool { name: "strip", links: &[], summary: "Remove symbols and sections from files", run: strip::main },
    Tool { name: "objcopy", links: &[], summary: "Copy files with changes", run: objcopy::main },
    Tool {
        name: "addr2line",
        links: &[],
        summary: "Show functions, files and lines of addresses, as GNU addr2line",
        run: addr2line::main,
    },
    Tool { name: "size", links: &[], summary: "Show how large sections are", run: size::main },
    Tool { name: "strings", links: &[], summary: "Show the texts in files", run: strings::main },
    Tool { name: "c++filt", links: &[], summary: "Show names of C++ and Rust as in their sources", run: cxxfilt::main },
    Tool {
        name: "symbolize",
        links: &[],
        summary: "Add functions, files and lines to raw backtraces in a text",
        run: symbolize::main,
    },
    Tool { name: "rt", links: &[], summary: "Write kit's runtime library as an archive", run: rt::main },
    Tool { name: "install", links: &[], summary: "Install kit and a link for every tool name", run: install::main },
    Tool { name: "doctor", links: &[], summary: "Show what kit found on this machine and why", run: doctor::main },
    Tool { name: "help", links: &[], summary: "Show the help of a tool", run: help::main },
];

/// Runs the tool that `called` (`argv[0]`) or else the first argument selects; the exit status.
pub fn run(called: &str, mut args: Vec<String>) -> i32 {
    let name = called.rsplit('/').next().unwrap_or(called);
    if let Some(tool) = by_program_name(name) {
        let mut shell = Shell::new(name.to_string());
        shell.target = target_of_name(name).unwrap_or(shell.target);
        return crate::finish(&shell, (tool.run)(&shell, args));
    }
    let shell = Shell::new("kit".into());
    if args.is_empty() {
        shell.say(&usage());
        return 2;
    }
    let word = args.remove(0);
    match word.as_str() {
        "--version" | "-V" | "version" => crate::finish(&shell, shell.print(version().as_bytes()).map(|()| 0)),
        "--help" | "-h" => crate::finish(&shell, shell.print(usage().as_bytes()).map(|()| 0)),
        _ => match TOOLS.iter().find(|tool| tool.name == word) {
            Some(tool) => {
                let shell = Shell::new(format!("kit {word}"));
                crate::finish(&shell, (tool.run)(&shell, args))
            }
            None => {
                shell.error(&format!("no tool ‘{word}’; ‘kit help’ lists them"));
                2
            }
        },
    }
}

/// The tool that a program name selects: `kit-cc`, `x86_64-linux-gnu-kit-cc`, `ld.kit`, `cc`.
fn by_program_name(name: &str) -> Option<&'static Tool> {
    if name == "kit" {
        return None;
    }
    TOOLS.iter().find(|tool| {
        tool.links.contains(&name)
            || name.strip_suffix(tool.name).is_some_and(|front| front.ends_with("kit-"))
            || tool.links.iter().any(|link| name.strip_suffix(link).is_some_and(|front| front.ends_with('-')))
    })
}

/// The target that a program name starts with: `x86_64-linux-musl-kit-cc`.
fn target_of_name(name: &str) -> Option<&'static TargetRow> {
    let (front, _) = name.split_once("-kit-").or_else(|| name.rsplit_once('-'))?;
    kit::plugins::find_target(front)
}

fn version() -> String {
    format!("kit {}\n", kit::VERSION)
}

pub fn usage() -> String {
    let mut out = String::from("Usage: kit <tool> [arguments]\n\nTools:\n");
    for tool in TOOLS {
        out.push_str(&format!("  {:12} {}\n", tool.name, tool.summary));
    }
    out.push_str("\n‘kit <tool> --help’ shows a tool's options.\n");
    out
}

/// The parts of debug information that words, separated by commas, ask for; all without any.
fn debug_parts(words: Option<&str>) -> Result<Parts, Failure> {
    let Some(words) = words else { return Ok(Parts::ALL) };
    let mut parts = Parts::default();
    for word in words.split(',') {
        // Whether other files are looked at: they are not.
        if matches!(word, "follow-links" | "no-follow-links" | "use-debuginfod" | "do-not-use-debuginfod") {
            continue;
        }
        let known = PART_NAMES.iter().find(|name| name.word == word);
        parts.add(debug_part(known, word)?);
    }
    Ok(parts)
}

/// The same by letters.
fn debug_letters(letters: &str) -> Result<Parts, Failure> {
    let mut parts = Parts::default();
    for letter in letters.chars() {
        if matches!(letter, 'K' | 'N' | 'D' | 'E') {
            continue;
        }
        let known = PART_NAMES.iter().find(|name| name.letter == letter && letter != ' ');
        parts.add(debug_part(known, &letter.to_string())?);
    }
    Ok(parts)
}

fn debug_part(known: Option<&PartName>, word: &str) -> Result<Parts, Failure> {
    let Some(known) = known else {
        return Err(Failure::usage(format!("‘{word}’ is no part of debug information")));
    };
    known.parts.ok_or_else(|| Failure::usage(format!("‘{}’ of debug information cannot be shown yet", known.word)))
}

/// The argument of an option.
fn option_value(parser: &mut lexopt::Parser) -> Result<String, Failure> {
    let value = parser.value().map_err(|e| Failure::usage(e.to_string()))?;
    Ok(value.to_string_lossy().into_owned())
}

/// The style that `-C` or `--demangle=` asks for; `None` for names as they stand.
fn demangle_style(word: Option<std::ffi::OsString>, tool: &str) -> Result<Option<kit::demangle::Style>, Failure> {
    let Some(word) = word else { return Ok(Some(kit::demangle::Style::Auto)) };
    let word = word.to_string_lossy();
    let wrong =
        || Failure::usage(format!("unknown demangling style ‘{word}’: {tool} knows auto, gnu-v3, rust and none"));
    kit::demangle::Style::parse(&word).ok_or_else(wrong)
}
