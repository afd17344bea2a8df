//! A C program's way through kit, cut open so that tests can look at and exchange its stages: front end → recorded IR →
//! object → program → what it prints.
#![allow(dead_code)] // Each test uses a part.

use base::diag::{RenderOptions, render};
use base::io::FileBytes;
use base::{DiagSink, SourceMap};
use codegen::NativeSink;
use ir::module::Module;
use ir::record::{Recorder, Unit, replay};
use kit::compile::{CodeOptions, CompileRequest, Goal, NativeUnit, lower_to};
use kit::linker::{Input, InputWhat, Options as LinkOptions};
use kit::plugins::{TARGETS, TargetRow};
use lang_c::options::{MacroOption, Options};
use std::path::{Path, PathBuf};
use std::process::Command;
use testkit::corpus::CProgram;
use testkit::tools::{TempDir, status_code};

pub const TARGET: &TargetRow = &TARGETS[0];

/// What `kit cc -w` compiles a file of the program with.
pub fn request(program: &CProgram, source: &Path, debug: bool) -> CompileRequest {
    let mut c = Options::new(source.to_str().expect("a UTF-8 path"));
    c.no_warnings = true;
    c.pie = 2;
    c.pthread = program.pthread;
    c.include_dirs.clone_from(&program.include_dirs);
    c.macros = program.macros.iter().map(|text| MacroOption::Define(text.clone())).collect();
    c.system_dirs = vec![
        kit::headers::DIR.to_string(),
        "/usr/local/include".to_string(),
        format!("/usr/include/{}", TARGET.multiarch),
        "/usr/include".to_string(),
    ];
    let code = CodeOptions { pie: 2, unwind_tables: true, debug, ..CodeOptions::default() };
    CompileRequest { target: TARGET, c, code, goal: Goal::Object, processors: None }
}

/// A unit as the front end gave it.
pub struct Lowered {
    pub unit: Unit,
    pub module: Module,
    pub map: SourceMap,
}

/// The front end's work alone; what it had to say when there were errors.
pub fn lower(request: &CompileRequest) -> Result<Lowered, String> {
    let mut recorder = Recorder::new();
    let done = lower_to(request, &sys::Host, &mut recorder);
    if done.diags.has_errors() {
        return Err(messages(&done.diags, &done.map));
    }
    Ok(Lowered { unit: recorder.unit, module: done.module, map: done.map })
}

/// Every source of a program, lowered.
pub fn lower_all(program: &CProgram) -> Result<Vec<(CompileRequest, Lowered)>, String> {
    let one = |source: &PathBuf| {
        let request = request(program, source, false);
        lower(&request).map(|lowered| (request, lowered))
    };
    program.sources.iter().map(one).collect()
}

fn messages(diags: &DiagSink, map: &SourceMap) -> String {
    let mut text = String::new();
    for diag in &diags.diags {
        render(&mut text, map, "kit", diag, RenderOptions::default());
    }
    text
}

/// The object that code generation makes of a recorded unit.
pub fn object_of(
    request: &CompileRequest,
    unit: &Unit,
    module: &Module,
    map: &SourceMap,
    native: NativeSink,
) -> Result<Vec<u8>, String> {
    let mut sink = NativeUnit::new(native);
    replay(unit, &mut sink);
    let mut diags = DiagSink::default();
    sink.finish(request, module, map, &mut diags).ok_or_else(|| messages(&diags, map))
}

/// The object by the usual way, front end and code generation hand in hand.
pub fn compile(request: &CompileRequest) -> Result<Vec<u8>, String> {
    let done = kit::compile::compile(request, &sys::Host);
    done.object.ok_or_else(|| messages(&done.diags, &done.map))
}

fn find_library(name: &str) -> Option<PathBuf> {
    let dirs = [format!("/usr/lib/{}", TARGET.multiarch), "/usr/lib64".into(), "/usr/lib".into()];
    dirs.iter().map(|dir| Path::new(dir).join(name)).find(|path| path.exists())
}

/// Links objects with the C library, by kit's linker.
pub fn link(objects: Vec<(String, Vec<u8>)>) -> Result<FileBytes, String> {
    let library = |name: &str| find_library(name).map(Input::path).ok_or_else(|| format!("cannot find {name}"));
    let bytes = |name: String, bytes: FileBytes| Input::new(InputWhat::Bytes { name, bytes });
    let mut inputs = vec![library("Scrt1.o")?, library("crti.o")?];
    inputs.push(bytes("kit's runtime".into(), kit::runtime::start_object(TARGET, false)?));
    inputs.extend(objects.into_iter().map(|(name, object)| bytes(name, FileBytes::from_vec(object))));
    inputs.push(library("libm.so.6")?);
    inputs.push(Input::new(InputWhat::Library("c".into())));
    // Objects of other compilers may need their unwinder.
    inputs.extend(find_library("libgcc_s.so.1").map(|path| Input { as_needed: true, ..Input::path(path) }));
    inputs.push(library("crtn.o")?);
    let options = LinkOptions {
        interpreter: Some(TARGET.loader.into()),
        library_paths: find_library("libc.so")
            .and_then(|path| Some(path.parent()?.to_path_buf()))
            .into_iter()
            .collect(),
        ..LinkOptions::default()
    };
    kit::link::link_to_bytes(&options, &inputs, &sys::Host, TARGET)
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

/// What a program did.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ran {
    /// Exit status, or 128 and the signal: 137 when the time was up.
    pub status: i32,
    pub stdout: String,
}

/// The status of a program whose time was up.
pub const TIME_UP: i32 = 137;

/// Links and runs a program, in a directory of its own, for at most `seconds`.
pub fn run(
    objects: Vec<(String, Vec<u8>)>,
    args: &[String],
    stdin: Option<&Path>,
    seconds: u32,
) -> Result<Ran, String> {
    use std::os::unix::fs::PermissionsExt;
    let image = link(objects)?;
    let fail = |error: std::io::Error| error.to_string();
    let dir = TempDir::new("program").map_err(fail)?;
    let program = dir.write("a.out", &image[..]).map_err(fail)?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).map_err(fail)?;
    let stdin = stdin.unwrap_or(Path::new("/dev/null"));
    let start = || {
        let mut command = Command::new("timeout");
        command.args(["--signal=KILL", &seconds.to_string(), "./a.out"]).args(args).current_dir(dir.path());
        command.stdin(std::fs::File::open(stdin)?);
        command.output()
    };
    let mut output = start().map_err(fail)?;
    // Another thread's child holds our descriptor of the program from its fork to its exec: nobody can start it then.
    for _ in 0..100 {
        if output.status.code() != Some(126) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
        output = start().map_err(fail)?;
    }
    Ok(Ran { status: status_code(output.status), stdout: String::from_utf8_lossy(&output.stdout).into_owned() })
}
