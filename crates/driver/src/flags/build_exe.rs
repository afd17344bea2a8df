//! The options of `kit build-exe` that are not `kit cc`'s.

use super::{Form, Row};

/// What such an option does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuildExe {
    Help,
    Incremental,
    Explain,
    Audit,
    Run,
}

const fn row(spelling: &'static str, action: BuildExe, help: &'static str) -> Row<BuildExe> {
    Row { spelling, form: Form::Exact, metavar: "", action, group: "Building", help }
}

/// Every option.
pub static OPTIONS: &[Row<BuildExe>] = &[
    row("--help", BuildExe::Help, "Show this text"),
    row(
        "--incremental",
        BuildExe::Incremental,
        "Keep objects and state, so that the next build compiles and patches what changed",
    ),
    row("--explain", BuildExe::Explain, "Say what was compiled, whether the output was patched, and why not"),
    row("--audit", BuildExe::Audit, "Compare a patched output with a full link"),
    row("--run", BuildExe::Run, "Start the program; what follows are its arguments"),
];
