//! `kit rt`: the compiler runtime as an archive, for links that kit does not make.

use super::option_value;
use crate::host::{Failure, Shell};
use lexopt::prelude::*;
use std::path::Path;

const HELP: &str = "Usage: kit rt -o FILE [--target=TRIPLE]\n\n\
Compiles kit's runtime library and writes it as an archive that any linker takes: gcc x.o librt.a. What it defines is\n\
weak and hidden, so that it may stand beside gcc's or clang's own. Links that kit makes need no such file.\n\n  \
-o FILE            where to write it\n      \
--target=TRIPLE  for another target\n      \
--list           show what it defines, a unit a line\n";

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let (mut output, mut target, mut list) = (None, None, false);
    let mut parser = lexopt::Parser::from_args(args);
    let usage = |error: lexopt::Error| Failure::usage(error.to_string());
    while let Some(arg) = parser.next().map_err(usage)? {
        match arg {
            Short('o') | Long("output") => output = Some(option_value(&mut parser)?),
            Long("target") => target = Some(option_value(&mut parser)?),
            Long("list") => list = true,
            Short('h') | Long("help") => return shell.print(HELP.as_bytes()).map(|()| 0),
            _ => return Err(usage(arg.unexpected())),
        }
    }
    let shell = shell.for_target(target.as_deref())?;
    if list {
        let line = |(name, symbols): (&str, &[&str])| format!("{name}: {}\n", symbols.join(" "));
        let text: String = kit::runtime::units().map(line).collect();
        shell.print(text.as_bytes())?;
        if output.is_none() {
            return Ok(0);
        }
    }
    let output = output.ok_or_else(|| Failure::usage("no output file: -o FILE"))?;
    let archive = kit::runtime::archive(shell.target).map_err(Failure::new)?;
    sys::write_output(Path::new(&output), &archive, 0o666)?;
    Ok(0)
}
