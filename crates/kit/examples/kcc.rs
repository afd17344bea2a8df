//! The smallest compiler over the library: `kcc FILE.c OUT.o [-g] [-Idir] [-Dmacro]`.

use kit::compile::{CodeOptions, CompileRequest, Goal};
use kit::plugins::TARGETS;
use lang_c::options::{MacroOption, Options};

fn main() {
    let mut args = std::env::args().skip(1);
    let mut files = Vec::new();
    let mut c = Options::default();
    let mut code = CodeOptions { pie: 2, unwind_tables: true, ..CodeOptions::default() };
    for arg in &mut args {
        match arg.get(..2) {
            Some("-g") => code.debug = true,
            Some("-I") => c.include_dirs.push(arg[2..].into()),
            Some("-D") => c.macros.push(MacroOption::Define(arg[2..].into())),
            _ => files.push(arg),
        }
    }
    let [source, object] = &files[..] else {
        eprintln!("usage: kcc FILE.c OUT.o [-g] [-Idir] [-Dmacro]");
        std::process::exit(2);
    };
    c.file.clone_from(source);
    c.system_dirs = vec![
        kit::headers::DIR.to_string(),
        "/usr/local/include".to_string(),
        format!("/usr/include/{}", TARGETS[0].multiarch),
        "/usr/include".to_string(),
    ];
    let made = kit::compile::compile(
        &CompileRequest { target: &TARGETS[0], c, code, goal: Goal::Object, processors: None },
        &sys::Host,
    );
    let mut text = String::new();
    for diag in &made.diags.diags {
        base::diag::render(&mut text, &made.map, "kcc", diag, base::diag::RenderOptions::default());
    }
    eprint!("{text}");
    let Some(bytes) = made.object else { std::process::exit(1) };
    if let Err(error) = std::fs::write(object, bytes) {
        eprintln!("kcc: {object}: {error}");
        std::process::exit(1);
    }
}
