//! The calling convention: random functions, defined by one compiler and called by the other, in both directions.

mod common;
mod signatures;

use common::{compile, request, run};
use std::path::Path;
use testkit::corpus::{CProgram, in_parallel};
use testkit::tools::{TempDir, have, run_gcc};

/// Functions of one seed: a program.
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

/// `guard` gives a function that calls its argument with known values in the registers that calls preserve, and looks
/// afterwards whether they are still there: the return address makes room for its own, so that the arguments on the stack
/// are where the callee expects them.
const MAIN: &str = r#"
#include <stdio.h>
static int failures;
void fail(const char *unit, int function, const char *what) {
    failures++; printf("%s: f%d: %s\n", unit, function, what);
}
int broken;
void *guarded_target, *guarded_return;
unsigned long guarded_saved[7];
void guarded(void);
void *guard(void *f) { guarded_target = f; return guarded; }
#define SAVE "movq %rbx, guarded_saved(%rip)\n movq %rbp, guarded_saved+8(%rip)\n movq %r12, guarded_saved+16(%rip)\n" \
    "movq %r13, guarded_saved+24(%rip)\n movq %r14, guarded_saved+32(%rip)\n movq %r15, guarded_saved+40(%rip)\n"
#define LOAD "movq guarded_saved(%rip), %rbx\n movq guarded_saved+8(%rip), %rbp\n movq guarded_saved+16(%rip), %r12\n" \
    "movq guarded_saved+24(%rip), %r13\n movq guarded_saved+32(%rip), %r14\n movq guarded_saved+40(%rip), %r15\n"
#define SET(reg, n) "movq $0x5a5a000" #n ", %" #reg "\n"
#define CHECK(reg, n) "cmpq $0x5a5a000" #n ", %" #reg "\n jne 1f\n"
asm(".text\n guarded:\n popq guarded_return(%rip)\n" SAVE "movq %rsp, guarded_saved+48(%rip)\n"
    "testq $15, %rsp\n jz 3f\n incl broken(%rip)\n 3:\n"
    SET(rbx, 1) SET(rbp, 2) SET(r12, 3) SET(r13, 4) SET(r14, 5) SET(r15, 6)
    "call *guarded_target(%rip)\n"
    CHECK(rbx, 1) CHECK(rbp, 2) CHECK(r12, 3) CHECK(r13, 4) CHECK(r14, 5) CHECK(r15, 6)
    "cmpq guarded_saved+48(%rip), %rsp\n jne 1f\n"
    "2:\n" LOAD "jmp *guarded_return(%rip)\n"
    "1: incl broken(%rip)\n movq guarded_saved+48(%rip), %rsp\n jmp 2b\n");
void kit_gcc_calls(void); void gcc_kit_calls(void); void kit_kit_calls(void);
int main(void) {
    setvbuf(stdout, 0, _IONBF, 0);
    kit_gcc_calls(); gcc_kit_calls(); kit_kit_calls();
    printf("end\n");
    return failures != 0;
}
"#;

/// What `cargo xtask abi-fuzz` asks for, or the default.
fn asked(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// The functions of one seed that differ, and the first messages about them.
fn compare(seed: u64) -> (usize, String) {
    let dir = TempDir::new("abi").expect("a temporary directory");
    let texts = signatures::generate(seed, FUNCTIONS);
    let mut objects = Vec::new();
    let mut add = |name: String, text: String, compiler: Compiler| -> Result<(), String> {
        let path = dir.write(&name, text).map_err(|error| error.to_string())?;
        objects.push((name, compiler(&path)?));
        Ok(())
    };
    let mut make = || {
        for (prefix, definer, caller) in PAIRS {
            let definitions = unit(&texts.header, &texts.definitions, prefix, "definitions");
            add(format!("{prefix}-definitions.c"), definitions, definer)?;
            add(format!("{prefix}-calls.c"), unit(&texts.header, &texts.calls, prefix, "calls"), caller)?;
        }
        add("main.c".into(), MAIN.into(), by_gcc)
    };
    let ran = make().and_then(|()| run(objects, &[], None, 60));
    let (n_different, why) = match ran {
        Ok(ran) if ran.stdout == "end\n" && ran.status == 0 => return (0, String::new()),
        Ok(ran) => {
            let lines: Vec<&str> = ran.stdout.lines().filter(|line| *line != "end").collect();
            let mut functions: Vec<&str> =
                lines.iter().map(|line| line.rsplit_once(": ").map_or(*line, |l| l.0)).collect();
            functions.dedup();
            let crashed = usize::from(!ran.stdout.ends_with("end\n"));
            (functions.len() + crashed, format!("status {}\n{}", ran.status, lines[..lines.len().min(12)].join("\n")))
        }
        Err(why) => (1, why),
    };
    // Kept for whoever looks for the reason.
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("abi-{seed}"));
    std::fs::create_dir_all(&kept).expect("writable");
    for (name, text) in [("header.h", &texts.header), ("d.c", &texts.definitions), ("c.c", &texts.calls)] {
        std::fs::write(kept.join(name), text).expect("writable");
    }
    (n_different, format!("seed {seed}, texts in {}: {why}\n", kept.display()))
}

#[test]
fn calls_between_compilers_pass_every_value() {
    if !have("gcc") {
        return;
    }
    let n_seeds = asked("KIT_ABI_FUNCTIONS", 450).div_ceil(FUNCTIONS as u64).max(1);
    let first = asked("KIT_ABI_SEED", 1);
    let seeds: Vec<u64> = (0..n_seeds).map(|at| first.wrapping_add(at)).collect();
    let results = in_parallel(&seeds, |&seed| compare(seed));
    let n_different: usize = results.iter().map(|result| result.0).sum();
    for (_, why) in results.iter().filter(|result| result.0 > 0).take(10) {
        println!("{why}");
    }
    println!("figure: functions {}", seeds.len() * FUNCTIONS);
    println!("figure: different {n_different}");
    assert_eq!(n_different, 0);
}
