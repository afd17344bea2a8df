//! `kit strip`: symbols and sections taken out of files, each replaced when its copy is whole.

use super::copying::options::{BOTH, STRIP, help, parse};
use super::copying::{Job, carry_out};
use crate::flags::expand_response_files;
use crate::host::{Failure, Shell};
use kit::copy::{Discard, Strip};

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let mut command = parse(expand_response_files(args), &[STRIP, BOTH], &shell.host)?;
    if command.wants_help {
        let text = format!(
            "Usage: kit strip [options] file...\n\nRemoves symbols and sections.\n\n{}\nOptions may be read from a file: @file.\n",
            help(&[STRIP, BOTH])
        );
        return shell.print(text.as_bytes()).map(|()| 0);
    }
    if command.wants_version {
        let text = format!("kit strip {} (compatible with GNU strip)\n", kit::VERSION);
        return shell.print(text.as_bytes()).map(|()| 0);
    }
    let plan = &mut command.plan;
    if plan.strip == Strip::Nothing && plan.discard == Discard::Nothing && plan.symbols.strip.is_empty() {
        plan.strip = Strip::All;
    }
    let files = std::mem::take(&mut command.files);
    if files.is_empty() {
        return Err(Failure::usage("no file is named"));
    }
    if command.output.is_some() && files.len() > 1 {
        return Err(Failure::usage("‘-o’ takes one file"));
    }
    let mut failed = false;
    for file in &files {
        let output = command.output.clone().unwrap_or_else(|| file.clone());
        // Whatever happens to one file, the others get their turn.
        match carry_out(shell, &command, &Job { input: file, output: &output }) {
            Ok(fine) => failed |= !fine,
            Err(error) => {
                failed = true;
                shell.error(&error.text);
            }
        }
    }
    Ok(i32::from(failed))
}
