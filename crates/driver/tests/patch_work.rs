//! The work of a patch is the edit's: with 100 and with 1,000 units no unchanged input is opened, and as many bytes are
//! read and written. Seen from outside by `strace`, and by the link's own counters.

mod patching;

use std::collections::HashSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The unit's text; 77777 stands for its number, 77778 for the next one's.
const UNIT: &str = r#"
extern int printf(const char *, ...);
extern unsigned f77778_a(unsigned, int);
static unsigned table[4] = { 1, 2, 3, 4 };
unsigned shared77777 = 5;
static unsigned f77777_b(unsigned x) { return x * 3 + table[x % 4]; }
unsigned f77777_c(const char *s) { unsigned x = 0; while (*s) x = x * 31 + *s++; return x; }
unsigned f77777_a(unsigned x, int depth) {
  if (depth > 3) return x;
  x = x * 123456789u + f77777_b(x) + shared77777;
  x += f77777_c("unit 77777");
  return f77778_a(x, depth + 1);
}
"#;

const MAIN: &str = r#"
#include <stdio.h>
unsigned f0_a(unsigned, int);
int main(void) { printf("%u\n", f0_a(1, 0)); return 0; }
"#;

struct Program {
    dir: PathBuf,
    n_units: usize,
    template: String,
}

/// What one link did, as the kernel saw it.
#[derive(Debug)]
struct Seen {
    said: String,
    opened: HashSet<PathBuf>,
    bytes: u64,
}

fn gcc(dir: &Path, args: &[&str]) {
    let status = Command::new("gcc").args(args).current_dir(dir).status().expect("gcc starts");
    assert!(status.success());
}

impl Program {
    fn new(dir: &Path, n_units: usize) -> Program {
        fs::create_dir_all(dir).expect("a directory");
        fs::write(dir.join("template.c"), UNIT).expect("a source");
        fs::write(dir.join("main.c"), MAIN).expect("a source");
        gcc(dir, &["-O0", "-g", "-ffunction-sections", "-S", "template.c"]);
        gcc(dir, &["-O0", "-g", "-c", "main.c"]);
        let template = fs::read_to_string(dir.join("template.s")).expect("assembly");
        let program = Program { dir: dir.to_path_buf(), n_units, template };
        std::thread::scope(|scope| {
            let halves = [0..n_units / 2, n_units / 2..n_units];
            for half in halves {
                scope.spawn(|| half.for_each(|unit| program.assemble(unit, 123456789)));
            }
        });
        program
    }

    fn object(&self, unit: usize) -> PathBuf {
        self.dir.join(format!("u{unit}.o"))
    }

    fn assemble(&self, unit: usize, number: u32) {
        let next = (unit + 1) % self.n_units;
        // Units are numbered with as many digits as the template has, where the number is data.
        let text = self.template.replace("unit 77777", &format!("unit {unit:05}"));
        let text = text.replace("77777", &unit.to_string()).replace("77778", &next.to_string());
        let text = text.replace("$123456789", &format!("${number}"));
        let source = self.dir.join(format!("u{unit}.s"));
        fs::write(&source, text).expect("assembly");
        let status = Command::new("as").arg(&source).arg("-o").arg(self.object(unit)).status();
        assert!(status.expect("as starts").success());
    }

    fn link(&self) -> Command {
        let mut command = Command::new("strace");
        let calls = "trace=open,openat,read,pread64,readv,write,pwrite64,writev,mmap,copy_file_range,sendfile";
        command.args(["-f", "-qq", "-y", "-e", calls, "-o", "trace"]);
        command.arg(env!("CARGO_BIN_EXE_kit")).args(["ld", "--incremental", "--explain", "-o", "program", "-pie"]);
        command.args(["-dynamic-linker", patching::target().loader]);
        command.args(["Scrt1.o", "crti.o", "crtbeginS.o"].map(patching::gcc_file));
        command.arg("main.o").args((0..self.n_units).map(|unit| format!("u{unit}.o")));
        command.args(patching::library_paths().iter().map(|path| format!("-L{}", path.display()))).arg("-lc");
        command.args(["crtendS.o", "crtn.o"].map(patching::gcc_file)).current_dir(&self.dir);
        command
    }

    fn trace(&self) -> Seen {
        let output = self.link().output().expect("strace starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let mut seen = Seen { said, opened: HashSet::new(), bytes: 0 };
        let trace = fs::read_to_string(self.dir.join("trace")).expect("a trace");
        for line in trace.lines() {
            let call = line.split_once(' ').map_or(line, |(_, call)| call.trim_start());
            let result = call.rsplit_once(" = ").map_or("", |(_, result)| result);
            let Ok(value) = result.split(['<', ' ']).next().unwrap_or("").parse::<i64>() else { continue };
            if call.starts_with("open") && value >= 0 {
                let name = call.split('"').nth(1).unwrap_or("");
                seen.opened.insert(self.dir.join(name));
            } else if call.starts_with("mmap") {
                // Only inputs of ours would be mapped for reading; the program's own libraries are no input.
                continue;
            } else if !call.contains("/lib/") && value > 0 {
                seen.bytes += value as u64;
            }
        }
        let dir = self.dir.to_string_lossy();
        let mapped = trace.lines().find(|line| line.contains("mmap(") && line.contains(&*dir));
        assert_eq!(mapped, None, "an input or the output is mapped");
        seen
    }

    fn inputs_opened(&self, seen: &Seen, except: Option<usize>) -> usize {
        let units = (0..self.n_units).filter(|&unit| Some(unit) != except).map(|unit| self.object(unit));
        let others = ["main.o", "program"].map(|name| self.dir.join(name)).into_iter().take(1);
        let system = ["Scrt1.o", "crti.o", "crtbeginS.o", "crtendS.o", "crtn.o"].map(patching::gcc_file);
        units.chain(others).chain(system).filter(|path| seen.opened.contains(path)).count()
    }
}

/// Numbers of a link of `n_units`: inputs opened in vain, bytes moved by a patch and when nothing changed.
fn measure(dir: &Path, n_units: usize, log: &mut String) -> (usize, u64, u64) {
    let program = Program::new(dir, n_units);
    // Time stamps as old as those of an edit loop, so that they need no proof.
    std::thread::sleep(std::time::Duration::from_millis(60));
    let full = program.trace();
    assert!(full.said.contains("FULL"), "{}", full.said);
    let before = program.run();
    let idle = program.trace();
    assert!(idle.said.contains("UNCHANGED"), "{}", idle.said);
    let unit = 3;
    program.assemble(unit, 987_654_321);
    std::thread::sleep(std::time::Duration::from_millis(60));
    let patch = program.trace();
    assert!(patch.said.contains("PATCHED (1 atoms"), "{}", patch.said);
    assert!(patch.opened.contains(&program.object(unit)), "{patch:?}");
    assert_ne!(program.run(), before, "the edit shows");
    let in_vain = program.inputs_opened(&idle, None) + program.inputs_opened(&patch, Some(unit));
    writeln!(
        log,
        "{n_units} units: {} bytes when unchanged, {} bytes in a patch: {}",
        idle.bytes, patch.bytes, patch.said
    )
    .expect("memory");
    (in_vain, patch.bytes, idle.bytes)
}

impl Program {
    fn run(&self) -> Vec<u8> {
        Command::new(self.dir.join("program")).output().expect("it runs").stdout
    }
}

#[test]
fn the_work_of_a_patch_is_the_edits() {
    let dir = sys::TempDir::new().expect("a directory");
    let mut log = String::new();
    let (small_opened, small, small_idle) = measure(&dir.path().join("small"), 100, &mut log);
    let (large_opened, large, large_idle) = measure(&dir.path().join("large"), 1000, &mut log);
    print!("{log}");
    println!("figure: unchanged inputs opened {}", small_opened + large_opened);
    println!("figure: growth of bytes {:.3}", large as f64 / small as f64);
    println!("figure: growth of bytes when unchanged {:.3}", large_idle as f64 / small_idle as f64);
    assert_eq!(small_opened + large_opened, 0);
    assert!(large as f64 <= small as f64 * 1.05, "{large} bytes for 1,000 units, {small} for 100");
}
