//! `kit build-exe`: several sources into one program, compiled on all cores and linked; with `--run` it is started
//! afterwards. Shows progress on a terminal once it takes longer than half a second. With `--incremental` it keeps the
//! objects, so that a build after an edit compiles one source and patches the program.

use crate::cc::args;
use crate::cc::kept::Kept;
use crate::cc::{compile, link_line};
use crate::flags::build_exe::{BuildExe, OPTIONS};
use crate::flags::{Word, expand_response_files, help, next_word};
use crate::host::{Failure, Shell};
use crate::toolchain::Toolchain;
use crate::tools::ld;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::path::Path;
use std::time::{Duration, Instant};

const USAGE: &str = "Usage: kit build-exe [options] file... [--run [arguments]]\n\n\
Compiles the sources in parallel, links them and writes the program (-o, default a.out).\n\
Options are those of kit cc (see kit cc --help), and:\n";

/// A parsed command line.
#[derive(Default)]
struct Words {
    /// For `kit cc`'s parser.
    cc: Vec<String>,
    help: bool,
    incremental: bool,
    explain: bool,
    /// The program's arguments, if it is to be started.
    program: Option<Vec<String>>,
}

fn parse(words: &[String]) -> Words {
    let mut out = Words::default();
    let mut at = 0;
    while at < words.len() {
        let start = at;
        let Word::Option(found) = next_word(OPTIONS, words, &mut at) else {
            out.cc.push(words[start].clone());
            continue;
        };
        match found.row.action {
            BuildExe::Help => out.help = true,
            BuildExe::Incremental => out.incremental = true,
            BuildExe::Explain => out.explain = true,
            BuildExe::Audit => {}
            BuildExe::Run => {
                out.program = Some(words[at..].to_vec());
                return out;
            }
        }
        if found.row.action != BuildExe::Help {
            // The linker has these, too.
            out.cc.push(format!("-Wl,{}", found.text));
        }
    }
    out
}

/// The tool.
pub fn main(shell: &Shell, words: Vec<String>) -> Result<i32, Failure> {
    let words = parse(&expand_response_files(words));
    if words.help || words.cc.is_empty() {
        let text = format!("{USAGE}{}", help(OPTIONS));
        return shell.print(text.as_bytes()).map(|()| i32::from(!words.help));
    }
    let args = args::parse(&words.cc).map_err(Failure::usage)?;
    if args.mode != args::Mode::Link {
        return Err(Failure::usage("build-exe makes programs: -c, -E and -S belong to kit cc"));
    }
    let shell = &shell.for_target(args.target.as_deref())?;
    let toolchain = Toolchain::find(shell.target, &args.sysroot, &args.tool_dirs);
    crate::cc::say_warnings(shell, &args)?;
    crate::cc::guard_inputs(&args)?;
    let output = args.output.clone().unwrap_or_else(|| "a.out".into());
    let kept = if words.incremental { Some(Kept::open(Path::new(&output))?) } else { None };
    let _lock = kept.as_ref().map(Kept::lock).transpose()?;
    let bar = Bar::new();
    let progress = |done, all| bar.show(done, all);
    let extras = compile::Extras { kept: kept.as_ref(), progress: Some(&progress) };
    let status = compile::all_with(shell, &args, &toolchain, extras);
    bar.end();
    let status = status?;
    if let Some(kept) = kept.as_ref().filter(|_| words.explain) {
        let text = format!("{}: {} of {} sources compiled\n", shell.program, kept.n_compiled(), status.n_inputs);
        shell.say(&text);
    }
    if status.failed {
        return Ok(1);
    }
    let mut parsed = link_line::request(shell, &args, &toolchain, status.objects, None)?;
    parsed.helpers = link_line::helpers(&args, &toolchain);
    let status = ld::link(shell, parsed)?;
    match words.program {
        Some(rest) if status == 0 => {
            let image = base::io::InputSource::read(&shell.host, Path::new(&output))?;
            super::run::start(shell, &image, &output, &rest, &mut || None)
        }
        _ => Ok(status),
    }
}

/// Whoever waits shorter needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// The progress bar: on standard error, and only when that is a terminal.
struct Bar {
    start: Instant,
    bar: ProgressBar,
}

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("compiling [{bar:30}] {pos}/{len}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
        Bar { start: Instant::now(), bar }
    }

    fn show(&self, done: usize, all: usize) {
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
        if self.start.elapsed() >= PATIENCE {
            if self.bar.is_hidden() && sys::is_terminal(sys::Stream::Stderr) {
                self.bar.set_draw_target(ProgressDrawTarget::stderr());
            }
            self.bar.tick();
        }
    }

    /// Takes the bar away, in front of messages.
    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
