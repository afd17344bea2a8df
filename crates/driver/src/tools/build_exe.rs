//! `kit build-exe`: several sources into one program, compiled on all cores and linked in memory; with `--run` it is
//! started afterwards. Shows progress on a terminal once it takes longer than half a second.

use crate::cc::args;
use crate::cc::{compile, link_line};
use crate::host::{Failure, Shell};
use crate::toolchain::Toolchain;
use crate::tools::ld;

const HELP: &str = "Usage: kit build-exe [options] file... [--run [arguments]]\n\n\
Compiles the sources in parallel, links in memory and writes the program (-o, default a.out). Options are those of kit cc,\n\
and:\n  --incremental  leave room and state, so that the next build patches\n  --explain      say whether the output was patched, and why not\n  \
--audit        compare a patched output with a full link\n  --run          start the program; what follows are its arguments\n";

/// The tool.
pub fn main(shell: &Shell, mut words: Vec<String>) -> Result<i32, Failure> {
    if words.is_empty() || words[0] == "--help" {
        return shell.print(HELP.as_bytes()).map(|()| i32::from(words.is_empty()));
    }
    let program_args = match words.iter().position(|word| word == "--run") {
        Some(at) => {
            let rest = words.split_off(at + 1);
            words.pop();
            Some(rest)
        }
        None => None,
    };
    for word in &mut words {
        if matches!(word.as_str(), "--incremental" | "--explain" | "--audit") {
            *word = format!("-Wl,{word}");
        }
    }
    let args = args::parse(&words).map_err(Failure::usage)?;
    if args.mode != args::Mode::Link {
        return Err(Failure::usage("build-exe makes programs: -c, -E and -S belong to kit cc"));
    }
    let toolchain = Toolchain::find(shell.target, &args.sysroot, &args.tool_dirs);
    for text in &args.warnings {
        shell.warning(text);
    }
    let status = compile::all(shell, &args, &toolchain)?;
    if status.failed {
        return Ok(1);
    }
    let parsed = link_line::request(shell, &args, &toolchain, status.objects, None)?;
    let output = args.output.clone().unwrap_or_else(|| "a.out".into());
    let status = ld::link(shell, parsed)?;
    match program_args {
        Some(rest) if status == 0 => {
            let image = base::io::InputSource::read(&shell.host, std::path::Path::new(&output))?;
            super::run::start(shell, &image, &output, &rest)
        }
        _ => Ok(status),
    }
}
