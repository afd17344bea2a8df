//! What the project does with itself: `cargo xtask` lists it.
//!
//! No crate of kit is imported and nothing outside the standard library is used, so that the gate builds in a second
//! and still runs when everything else is broken. The tools it drives (apt, gcc, csmith, strace, …) are those that
//! `.ci/run` installs.
#![forbid(unsafe_code)]

mod accept;
mod are;
mod assembly;
mod ci;
mod compare;
mod corpora;
mod elf;
mod expect;
mod gas;
mod gccs;
mod judge;
mod l0;
mod l1;
mod l2;
mod mc;
mod mutants;
mod outside;
mod random;
mod record;
mod sources;
mod tidy;
mod tool;
mod util;

use std::process::ExitCode;

/// One command: its name, what follows it, what it is for, and its function, which tells whether all went well.
struct Command {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<bool, String>,
}

static COMMANDS: &[Command] = &[
    Command { name: "tidy", usage: "", about: "check the rules of the house", run: tidy::run },
    Command {
        name: "ci",
        usage: "[--quick]",
        about: "everything a change must pass, with a closing count",
        run: ci::run,
    },
    Command {
        name: "accept",
        usage: "1|2|3 [--list] [NAME...]",
        about: "the acceptance checks of a step: pass, fail or missing for each",
        run: accept::run,
    },
    Command {
        name: "corpora",
        usage: "list | fetch [--dir DIR] NAME...",
        about: "fetch pinned and verified test sources (default: target/corpora)",
        run: corpora::run,
    },
    Command {
        name: "torture",
        usage: "--cc CMD [--only GLOB] [--jobs N] [--json F] [-O LEVEL]",
        about: "gcc's c-torture/execute",
        run: judge::torture,
    },
    Command { name: "tests2", usage: "--cc CMD", about: "tcc's tests2 and pp", run: judge::tests2 },
    Command {
        name: "csmith",
        usage: "--cc CMD [--count N] [--seed HASH] [--interpret] [--record]",
        about: "random programs, results equal to gcc's; --record goes on where it was broken off",
        run: random::csmith,
    },
    Command {
        name: "abi-fuzz",
        usage: "[--functions N] [--seed HASH] [--record]",
        about: "random functions that kit and gcc call of each other",
        run: random::abi_fuzz,
    },
    Command {
        name: "mutants",
        usage: "--kit PROGRAM [--tools T,..|all] [--count N] [--seed S] [--from N] [--jobs N] [--record]",
        about: "damaged sources, objects, archives: no panic, signal, time-out",
        run: mutants::run,
    },
    Command {
        name: "programs",
        usage: "lua|sqlite|zlib... --cc CMD [--mixed]",
        about: "real programs with their own tests",
        run: judge::programs,
    },
    Command {
        name: "gas",
        usage: "--as CMD [--objdump CMD --readelf CMD --nm CMD] [--no-debug-dumps] [--list] [CASE...]",
        about: "binutils' tests of gas; those beyond the covered sets counted apart",
        run: gas::run,
    },
    Command {
        name: "gccs",
        usage: "--as CMD [--variants V,..] [--only GROUP,..] [--sample N] [--record] [NAME...]",
        about: "what gcc and clang write, assembled: objects equal to GNU as's",
        run: gccs::run,
    },
    Command {
        name: "assembly",
        usage: "--as CMD [PROJECT|FOLDER...]",
        about: "the assembly of real projects: objects equal to GNU as's",
        run: assembly::run,
    },
    Command {
        name: "l0",
        usage: "--objdump CMD [--cc CMD] [--syntax att|intel] [--record] [FILE...]",
        about: "disassembly of the machine's files, or of a compiler's objects, line by line beside GNU's",
        run: l0::run,
    },
    Command {
        name: "mc",
        usage: "--as CMD [FILE...]",
        about: "LLVM's x86 encodings: the bytes of each instruction",
        run: mc::run,
    },
    Command {
        name: "l1",
        usage: "--cc CMD --as CMD [--gas CMD] [--only GROUP,..] [--sample N] [--record] [NAME...]",
        about: "`cc -c` against `cc -S` and as: bytes, relocations, symbols, lines, frames",
        run: l1::run,
    },
    Command {
        name: "l2",
        usage: "--cc CMD --as CMD [torture|tests2|PROGRAM...]",
        about: "programs made by way of `cc -S` and as behave as those made directly",
        run: l2::run,
    },
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(command) = args.first().and_then(|name| COMMANDS.iter().find(|c| c.name == name)) else {
        for c in COMMANDS {
            println!("cargo xtask {:<10} {:<58} {}", c.name, c.usage, c.about);
        }
        return ExitCode::from(2);
    };
    match (command.run)(&args[1..]) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("xtask {}: {message}", command.name);
            ExitCode::from(2)
        }
    }
}
