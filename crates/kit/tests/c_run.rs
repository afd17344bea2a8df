//! Every case of `tests/cases/c-run`: the C text is lowered, each function obeys the IR's rules, and the program prints
//! what the comment at its end says (as gcc's and clang's did when it was written): in the interpreter, and compiled
//! and linked.

use ir::interp::Limits;
use ir::record::{Event, Recorder, Unit};
use kit::compile::{CodeOptions, CompileRequest, Goal};
use kit::plugins::TARGETS;
use lang_c::options::{Features, Options};
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::run::End;

fn cases() -> Vec<PathBuf> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/c-run");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(dir).expect("the cases").map(|e| e.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "c"));
    paths.sort();
    paths
}

fn expected(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("a case");
    let (_, output) = text.split_once("// output:\n").expect("an output comment");
    output.lines().map(|line| format!("{}\n", line.strip_prefix("// ").unwrap_or(""))).collect()
}

fn options(path: &Path) -> Options {
    let mut c = Options::new(path.to_str().expect("a UTF-8 path"));
    c.system_dirs = vec![
        kit::headers::DIR.to_string(),
        "/usr/local/include".to_string(),
        format!("/usr/include/{}", TARGETS[0].multiarch),
        "/usr/include".to_string(),
    ];
    c
}

fn compile(path: &Path, debug: bool) -> Result<Vec<u8>, String> {
    let code = CodeOptions { pie: 2, unwind_tables: true, debug, ..CodeOptions::default() };
    let request = CompileRequest { target: &TARGETS[0], c: options(path), code, goal: Goal::Object, processors: None };
    let made = kit::compile::compile(&request, &sys::Host);
    let mut text = String::new();
    for diag in &made.diags.diags {
        base::diag::render(&mut text, &made.map, "kit", diag, base::diag::RenderOptions::default());
    }
    made.object.ok_or(text)
}

/// The unit as a front end gives it, and what breaks the rules of the IR in it.
fn lower(path: &Path) -> (Unit, Vec<String>) {
    let mut text = options(path);
    text.target_macros.extend_from_slice(TARGETS[0].macros);
    text.features = Features::KIT;
    let options = lang_c::unit::CompileOptions {
        text,
        parse: lang_c::parse::ParseOptions::default(),
        lower: lang_c::lower::LowerOptions::default(),
        unit: ir::module::UnitOptions { debug: true, ..ir::module::UnitOptions::default() },
        directory: String::new(),
        producer: String::new(),
    };
    let mut recorder = Recorder::new();
    let host = kit::headers::WithHeaders { host: &sys::Host };
    lang_c::unit::compile_unit(&options, TARGETS[0].arch.layout, &host, &mut recorder);
    let unit = recorder.unit;
    let module = unit.module();
    let mut errors = Vec::new();
    for event in &unit.events {
        match event {
            Event::Function(func) => errors.extend(ir::verify::verify(&module, func)),
            Event::Data(data) => errors.extend(ir::verify::verify_data(&module, data)),
            _ => {}
        }
    }
    (unit, errors.iter().map(ToString::to_string).collect())
}

/// What the interpreter makes of it; `None` when it lacks something.
fn interpret(unit: Unit) -> Option<Result<String, String>> {
    let run = testkit::run::run_program(&[unit], &["case"], b"", Limits::default());
    match run.end {
        End::Exit(0) => Some(Ok(String::from_utf8_lossy(&run.stdout).into_owned())),
        End::Exit(status) => Some(Err(format!("exit status {status}"))),
        End::Trap(message) => Some(Err(message)),
        End::CannotRun(reason) => {
            eprintln!("not interpreted: {reason}");
            None
        }
    }
}

fn run(path: &Path, debug: bool) -> Result<String, String> {
    let object = compile(path, debug)?;
    let dir = std::env::temp_dir().join(format!("kit-c-run-{}", std::process::id()));
    std::fs::create_dir_all(&dir).map_err(|error| error.to_string())?;
    let stem = path.file_stem().expect("a name").to_string_lossy();
    let (object_path, program) = (dir.join(format!("{stem}.o")), dir.join(&*stem));
    std::fs::write(&object_path, object).map_err(|error| error.to_string())?;
    let linked = Command::new("cc").arg(&object_path).arg("-o").arg(&program).arg("-lm").output();
    let linked = linked.map_err(|error| error.to_string())?;
    if !linked.status.success() {
        return Err(String::from_utf8_lossy(&linked.stderr).into_owned());
    }
    let out = Command::new(&program).output().map_err(|error| error.to_string())?;
    let _ = std::fs::remove_file(&program);
    let _ = std::fs::remove_file(&object_path);
    if !out.status.success() {
        return Err(format!("{} after printing\n{}", out.status, String::from_utf8_lossy(&out.stdout)));
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

#[test]
fn cases_print_what_they_say() {
    let mut failures = Vec::new();
    let mut n_interpreted = 0;
    for path in cases() {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let (unit, errors) = lower(&path);
        if !errors.is_empty() {
            failures.push(format!("{name}: IR: {}", errors.join("\n")));
            continue;
        }
        match interpret(unit) {
            Some(Ok(output)) if output == expected(&path) => n_interpreted += 1,
            Some(Ok(output)) => failures.push(format!("{name}: interpreted, printed\n{output}")),
            Some(Err(error)) => failures.push(format!("{name}: interpreted: {error}")),
            None => {}
        }
        for debug in [false, true] {
            match run(&path, debug) {
                Ok(output) if output == expected(&path) => {}
                Ok(output) => failures.push(format!("{name}: printed\n{output}")),
                Err(error) => failures.push(format!("{name}: {error}")),
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    // Most can be run there: if not, the interpreter or lowering lost something.
    assert!(n_interpreted * 10 >= cases().len() * 7, "only {n_interpreted} cases were interpreted");
}
