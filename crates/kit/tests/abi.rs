//! The calling convention: random functions, defined by one compiler and called by the other, in both directions.

mod common;
mod signatures;

use common::{compile, request, run};
use std::path::Path;
use testkit::corpus::CProgram;
use testkit::tools::{TempDir, have, run_gcc};

const SEEDS: std::ops::Range<u64> = 1..4;
const FUNCTIONS: usize = 150;

/// The text of a unit: `unit` names who compiled it and what it is, `prefix` the pair of compilers.
fn unit(header: &str, body: &str, prefix: &str, unit: &str) -> String {
    format!("#define P(name) {prefix}_##name\n#define UNIT \"{prefix} {unit}\"\n{header}{body}")
}

fn by_kit(path: &Path) -> Result<Vec<u8>, String> {
    let program = CProgram::of(path.to_path_buf());
    compile(&request(&program, path, false))
}

fn by_gcc(path: &Path) -> Result<Vec<u8>, String> {
    let object = path.with_extension("o");
    let args = ["-O1", "-w", "-fPIE", "-c", "-o"].map(std::ffi::OsStr::new);
    run_gcc(&[&args[..], &[object.as_os_str(), path.as_os_str()]].concat())?;
    std::fs::read(&object).map_err(|error| error.to_string())
}

type Compiler = fn(&Path) -> Result<Vec<u8>, String>;

/// Prefix, who compiles the definitions, who the calls.
const PAIRS: [(&str, Compiler, Compiler); 3] =
    [("kit_gcc", by_kit, by_gcc), ("gcc_kit", by_gcc, by_kit), ("kit_kit", by_kit, by_kit)];

const MAIN: &str = "#include <stdio.h>\n\
    static int failures;\n\
    void fail(const char *unit, int function, const char *what) {\n\
        failures++; printf(\"%s: f%d: %s\\n\", unit, function, what);\n\
    }\n\
    void kit_gcc_calls(void); void gcc_kit_calls(void); void kit_kit_calls(void);\n\
    int main(void) { setvbuf(stdout, 0, _IONBF, 0); kit_gcc_calls(); gcc_kit_calls(); kit_kit_calls();\n\
        printf(\"end\\n\"); return failures != 0; }\n";

#[test]
fn calls_between_compilers_pass_every_value() {
    if !have("gcc") {
        return;
    }
    let mut wrong = String::new();
    for seed in SEEDS {
        let dir = TempDir::new("abi").expect("a temporary directory");
        let texts = signatures::generate(seed, FUNCTIONS);
        let mut objects = Vec::new();
        let mut add = |name: String, text: String, compiler: Compiler| {
            let path = dir.write(&name, text).expect("writable");
            let object = compiler(&path).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            objects.push((name, object));
        };
        for (prefix, definer, caller) in PAIRS {
            let definitions = unit(&texts.header, &texts.definitions, prefix, "definitions");
            add(format!("{prefix}-definitions.c"), definitions, definer);
            add(format!("{prefix}-calls.c"), unit(&texts.header, &texts.calls, prefix, "calls"), caller);
        }
        add("main.c".into(), MAIN.into(), by_gcc);
        let ran = run(objects, &[], None, 30).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        if ran.stdout != "end\n" || ran.status != 0 {
            let first: Vec<&str> = ran.stdout.lines().take(12).collect();
            // Kept for whoever looks for the reason.
            let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("abi-{seed}"));
            std::fs::create_dir_all(&kept).expect("writable");
            for (name, text) in [("header.h", &texts.header), ("d.c", &texts.definitions), ("c.c", &texts.calls)] {
                std::fs::write(kept.join(name), text).expect("writable");
            }
            let (first, kept) = (first.join("\n"), kept.display());
            wrong.push_str(&format!("seed {seed}, status {}, texts in {kept}:\n{first}\n", ran.status));
        }
    }
    println!("figure: functions {}", SEEDS.count() * FUNCTIONS);
    assert!(wrong.is_empty(), "{wrong}");
}
