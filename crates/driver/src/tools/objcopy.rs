//! `kit objcopy`: a file copied with changes, in place when no other name is given.

use super::copying::options::{BOTH, OBJCOPY, help, parse};
use super::copying::{Job, carry_out};
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let command = parse(expand_response_files(args), &[OBJCOPY, BOTH], &shell.host)?;
    if command.wants_help {
        let text = format!(
            "Usage: kit objcopy [options] input [output]\n\nCopies a file with changes.\n\n{}\n\
             Output formats without sections: binary, ihex, srec, verilog. Input of no format: -I binary.\n\
             Options may be read from a file: @file.\n",
            help(&[OBJCOPY, BOTH])
        );
        return shell.print(text.as_bytes()).map(|()| 0);
    }
    if command.wants_version {
        let text = format!("kit objcopy {} (compatible with GNU objcopy)\n", kit::VERSION);
        return shell.print(text.as_bytes()).map(|()| 0);
    }
    let (input, output) = match &command.files[..] {
        [input] => (input, input),
        [input, output] => (input, output),
        [] => return Err(Failure::usage("no file is named")),
        _ => return Err(Failure::usage("more than an input and an output are named")),
    };
    let fine = carry_out(shell, &command, &Job { input, output })?;
    Ok(i32::from(!fine))
}
