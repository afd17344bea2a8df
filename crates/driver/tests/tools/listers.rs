//! `kit nm` and `kit objdump` write what GNU nm and objdump write, byte for byte.

use crate::support::{compare_lines, dir, have, kit, link, run, system_file};
use kit::inspect::list_nm::{self, Format, Options, Order};
use kit::inspect::list_objdump::{self, Facts, Parts, Wanted};
use kit::inspect::{Place, disassembler, listing, private_headers, read_program, reloc_name};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every kind of symbol and section that C and assembly can make.
const C_SOURCE: &str = r#"
#include <stdio.h>
int com; static int b; int d = 3; const int r = 5; static int sd = 2; __thread int t = 1; __thread int tb;
__attribute__((weak)) int wobj = 3; __attribute__((weak)) void wf(void) {}
extern __attribute__((weak)) int uw; extern __attribute__((weak)) void uwf(void);
static void *res(void) { return wf; } void ifn(void) __attribute__((ifunc("res")));
__attribute__((visibility("hidden"))) int hid = 3; __attribute__((visibility("protected"))) int prot = 3;
__attribute__((constructor)) void ctor(void) {}
static int used(void) { return b + sd; }
int main(void) { puts("x"); if (&uw) return uw; uwf(); return com + used() + t + tb + r; }
__asm__(".local note_it\n.comm note_it,4\ncall 0x1234\n"
        ".globl absy\nabsy = 0x1234\nlabs = 7\n.section .debug_foo,\"\"\ndbg:\n.byte 1\n"
        ".section foo,\"\"\nfoosym: .long 3\n.section .edata$x,\"aw\"\nedsym: .quad absy - 5\n.text");
"#;

/// Groups, unique symbols, exception tables.
const CXX_SOURCE: &str = r#"
#include <string>
inline int &counter() { static int x = 3; return x; }
template <class T> T twice(T a) { return a + a + counter(); }
int main() { std::string s = "abc"; try { return twice(3) + (int)s.size(); } catch (...) { return 1; } }
"#;

/// For kit's own compiler.
const KIT_SOURCE: &str = r#"
#include <stdio.h>
static int counter; int shown = 3; const char *const text = "text"; _Thread_local int tl = 1; extern int absent;
static int count(int n) { static int last; last = n; return counter += n; }
__attribute__((weak)) int weak(void) { return 1; }
int main(void) { printf("%s %d\n", text, count(shown + tl + weak())); return absent; }
"#;

const VERSIONED_SOURCE: &str = r#"
__asm__(".symver old,f@V1\n.symver new,f@@V2");
int old(void) { return 1; } int new(void) { return 2; } int plain;
"#;

const NM_OPTIONS: &[&str] = &[
    "",
    "-g",
    "-u",
    "-n",
    "-p",
    "-r",
    "-D",
    "-A",
    "-P",
    "-S",
    "-s",
    "-a",
    "-a -f sysv",
    "-a -n",
    "-nr",
    "-D -P",
    "-D -S -n",
    "-f sysv",
    "-f sysv -D",
    "-f posix -A",
    "-j",
    "--size-sort",
    "--size-sort -S -r",
    "-t d",
    "-t o -S",
    "-P -t o -S",
    "--defined-only",
    "-g --defined-only",
    "-W",
    "-u -f sysv",
    "-A -D",
    "--with-symbol-versions",
    "-D --with-symbol-versions",
    "-s -A -P",
    "--size-sort -f sysv",
    "--size-sort -P",
    "-o --no-sort",
];

const OBJDUMP_OPTIONS: &[&str] = &[
    "-h",
    "-w -h",
    "-t",
    "-r",
    "-s",
    "-f",
    "-a",
    "-x",
    "-p",
    "-xs -w",
    "-s -F",
    "-h -j .text",
    "-st -j .data",
    "-r -j .text",
];

/// For files that have what they ask for.
const DYNAMIC_OPTIONS: &[&str] = &["-T", "-R", "-x -T -R"];

/// What the system's compiler, archiver and kit's linker make; objects first, then programs.
struct Samples {
    dir: PathBuf,
    objects: Vec<PathBuf>,
    archive: PathBuf,
    dynamic: Vec<PathBuf>,
    fixed: Vec<PathBuf>,
}

fn samples(name: &str) -> Samples {
    let dir = dir(name);
    let write = |name: &str, text: &str| std::fs::write(dir.join(name), text).unwrap();
    write("a.c", C_SOURCE);
    write("x.cc", CXX_SOURCE);
    write("v.c", VERSIONED_SOURCE);
    write("v.map", "V1 { f; }; V2 { f; plain; } V1;");
    write("e.c", "int ext;");
    write("k.c", KIT_SOURCE);
    let gcc = |program: &str, line: &str| {
        let words: Vec<&str> = line.split(' ').collect();
        run(Command::new(program).current_dir(&dir).args(&words));
        dir.join(words[words.iter().position(|word| *word == "-o").unwrap() + 1])
    };
    run(kit("cc").current_dir(&dir).args(["-g", "-c", "k.c", "-o", "k.o"]));
    let objects = vec![
        gcc("gcc", "-g -O1 -fcommon -c a.c -o a.o"),
        gcc("gcc", "-fcommon -fPIC -ffunction-sections -fdata-sections -c a.c -o pic.o"),
        gcc("gcc", "-g -gz -c a.c -o compressed.o"),
        gcc("gcc", "-c e.c -o e.o"),
        gcc("g++", "-g -c x.cc -o x.o"),
        gcc("g++", "-O2 -c x.cc -o x2.o"),
        dir.join("k.o"),
    ];
    let archive = dir.join("lib.a");
    run(Command::new("ar").arg("rcsD").arg(&archive).args(&objects));
    let by_kit = dir.join("by-kit");
    link(&[&objects[1]], &by_kit);
    let dynamic = vec![
        gcc("gcc", "a.o -o dynamic"),
        gcc("g++", "x.o -o cxx"),
        gcc("g++", "-s x.o -o stripped"),
        gcc("gcc", "-shared -fPIC v.c -Wl,--version-script=v.map -o libv.so"),
        by_kit,
    ];
    let fixed = vec![gcc("gcc", "-no-pie -static a.o -o static")];
    Samples { dir, objects, archive, dynamic, fixed }
}

/// Compares the lines but those that name an address where one section ends and the next begins: which of the symbols there
/// stands for it, GNU decides by where it keeps the sections in memory.
fn compare(tool: &str, options: &str, files: &[&Path], dir: &Path) {
    let ends = ["<completed", "<_edata", "<__TMC_END__", "<__bss_start"];
    compare_lines(dir, tool, options, files, |line| !ends.iter().any(|end| line.contains(end)));
}

#[test]
fn nm_lists_as_gnu_nm_does() {
    if !have(&["gcc", "g++", "nm", "ar"]) {
        return;
    }
    let samples = samples("nm");
    let mut files: Vec<&Path> = samples.objects.iter().map(PathBuf::as_path).collect();
    files.push(&samples.archive);
    files.extend(samples.dynamic.iter().chain(&samples.fixed).map(PathBuf::as_path));
    for (nth, options) in NM_OPTIONS.iter().enumerate() {
        // The first options are tried on every file, the others on every third, in turn.
        for (_, file) in files.iter().enumerate().filter(|(at, _)| nth < 4 || (at + nth) % 3 == 0) {
            compare("nm", options, &[file], &samples.dir);
        }
        compare("nm", options, &[files[0], files[3], &samples.archive], &samples.dir);
    }
}

#[test]
fn objdump_shows_as_gnu_objdump_does() {
    if !have(&["gcc", "g++", "objdump", "ar"]) {
        return;
    }
    let samples = samples("objdump");
    let mut files: Vec<&Path> = samples.objects.iter().map(PathBuf::as_path).collect();
    files.push(&samples.archive);
    files.extend(samples.fixed.iter().map(PathBuf::as_path));
    let dynamic: Vec<&Path> = samples.dynamic.iter().map(PathBuf::as_path).collect();
    for options in OBJDUMP_OPTIONS {
        for file in files.iter().chain(&dynamic) {
            compare("objdump", options, &[file], &samples.dir);
        }
        compare("objdump", options, &[files[0], &samples.archive, files[3]], &samples.dir);
    }
    for options in DYNAMIC_OPTIONS {
        for file in &dynamic {
            compare("objdump", options, &[file], &samples.dir);
        }
    }
}

const CODE_OPTIONS: &[&str] = &[
    "-d",
    "-dr",
    "-d -w -M intel",
    "-dr --no-show-raw-insn",
    "-d -z",
    "-d -j .text",
    "-d -j .data",
    "-d --prefix-addresses",
    "-d --no-addresses",
    "-d --insn-width=5",
    "--disassemble=main",
    "-d --start-address=0x10 --stop-address=0x40",
];

#[test]
fn objdump_disassembles_as_gnu_objdump_does() {
    if !have(&["gcc", "g++", "objdump", "ar"]) {
        return;
    }
    let samples = samples("code");
    let mut files: Vec<&Path> = samples.objects.iter().map(PathBuf::as_path).collect();
    files.push(&samples.archive);
    files.extend(samples.dynamic.iter().map(PathBuf::as_path));
    for (nth, options) in CODE_OPTIONS.iter().enumerate() {
        for (_, file) in files.iter().enumerate().filter(|(at, _)| nth < 3 || (at + nth) % 2 == 0) {
            compare("objdump", options, &[file], &samples.dir);
        }
    }
    let system = ["libm.so.6", "libgcc_s.so.1", "crt1.o", "libgcc.a"].into_iter().filter_map(system_file);
    for file in system.chain([PathBuf::from("/bin/ls")]) {
        compare("objdump", "-d", &[&file], &samples.dir);
        compare("objdump", "-d -M intel", &[&file], &samples.dir);
    }
}

#[test]
fn the_systems_own_files_are_listed_alike() {
    if !have(&["gcc", "nm", "objdump", "ar"]) {
        return;
    }
    let dir = dir("system");
    let mut files = vec![PathBuf::from("/bin/ls")];
    files.extend(["libc.so.6", "libm.so.6", "libgcc_s.so.1", "crt1.o", "libgcc.a"].into_iter().filter_map(system_file));
    for file in &files {
        for options in ["", "-D", "-a -n", "-S -P -s", "-D -f sysv"] {
            compare("nm", options, &[file], &dir);
        }
        compare("objdump", "-x", &[file], &dir);
    }
    for file in files.iter().filter(|file| file.to_string_lossy().contains(".so")) {
        compare("objdump", "-w -T -R -h", &[file], &dir);
    }
    // Members of the C library, extracted: assembly, versions, groups.
    if let Some(libc) = system_file("libc.a") {
        for member in ["printf.o", "memcpy.o", "dl-support.o", "memmove.o"] {
            let bytes = run(Command::new("ar").arg("p").arg(&libc).arg(member)).stdout;
            let path = dir.join(member);
            std::fs::write(&path, bytes).unwrap();
            compare("nm", "-S", &[&path], &dir);
            compare("objdump", "-x -s -w", &[&path], &dir);
        }
    }
}

#[test]
fn wrong_files_are_told_and_the_others_listed() {
    if !have(&["gcc"]) {
        return;
    }
    let dir = dir("wrong");
    std::fs::write(dir.join("e.c"), "int ext;").unwrap();
    run(Command::new("gcc").current_dir(&dir).args(["-c", "e.c"]));
    for (tool, option) in [("nm", "-g"), ("objdump", "-t")] {
        let output = kit(tool).current_dir(&dir).args([option, "absent", "e.c", "e.o"]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(out.contains("ext"), "{out}");
        assert!(err.contains("'absent': No such file") && err.contains("e.c: file format not recognized"), "{err}");
    }
    let output = kit("objdump").current_dir(&dir).args(["-d", "-M", "nonsense", "e.o"]).output().unwrap();
    assert!(!output.status.success() && String::from_utf8_lossy(&output.stderr).contains("nonsense"));
    for tool in ["nm", "objdump"] {
        let output = run(kit(tool).arg("--version"));
        assert!(String::from_utf8_lossy(&output.stdout).contains(&format!("compatible with GNU {tool}")));
        assert!(!run(kit(tool).arg("--help")).stdout.is_empty());
    }
}

#[test]
fn a_closed_pipe_ends_a_listing_quietly() {
    let Some(kit) = Path::new(env!("CARGO_BIN_EXE_kit")).to_str() else { return };
    let line = format!("{kit} objdump -s {kit} | head -c 100; test ${{PIPESTATUS[0]}} -ne 101");
    let output = Command::new("bash").args(["-c", &line]).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Everything that can be shown of one file.
fn show_all(bytes: &[u8]) -> usize {
    let Ok(program) = read_program(bytes) else { return 0 };
    let place = Place { archive: None, name: "x" };
    let mut out = Vec::new();
    for format in [Format::Bsd, Format::Sysv] {
        for order in [Order::Name, Order::Value, Order::Size] {
            for dynamic in [false, true] {
                let options = Options { format, order, dynamic, debug: true, print_size: true, ..Options::default() };
                list_nm::list(&program, place, &options, None, &mut out);
            }
        }
    }
    let parts = Parts {
        file_headers: true,
        private_headers: true,
        section_headers: true,
        symbols: true,
        dynamic_symbols: true,
        relocs: true,
        dynamic_relocs: true,
        contents: true,
        ..Parts::default()
    };
    let private = private_headers(bytes).unwrap_or_default();
    let facts = Facts { reloc_name: &|number| reloc_name(bytes, number), private_headers: &private, debug: None };
    list_objdump::list(&program, place, None, &parts, &mut Wanted::default(), &facts, &mut out);
    if let Some(disassembler) = disassembler(bytes) {
        let facts = listing::Facts { disassembler, reloc_name: &|number| reloc_name(bytes, number), demangle: None };
        let options = listing::Options { all: true, relocs: true, threads: 2, ..Default::default() };
        // Not all of what a damaged header calls code.
        let mut shown = 0;
        let mut sink = |text: &[u8]| {
            shown += text.len();
            shown < 1 << 20
        };
        listing::list(&program, &facts, &options, &mut |_| listing::Wish::Any, None, &mut sink);
    }
    out.len()
}

#[test]
fn damaged_files_are_listed_or_refused() {
    if !have(&["gcc", "g++", "ar"]) {
        return;
    }
    let samples = samples("damaged");
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |limit: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as usize % limit
    };
    let mut shown = 0;
    for path in
        [&samples.objects[1], &samples.objects[4], &samples.dynamic[0], &samples.dynamic[3], &samples.dynamic[4]]
    {
        let whole = std::fs::read(path).unwrap();
        // Headers stand at the beginning and at the end, symbols and versions near to either.
        for _ in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..1 + random(4) {
                let at = match random(4) {
                    0 => random(bytes.len().min(64)),
                    1 => random(bytes.len().min(4096)),
                    2 => bytes.len() - 1 - random(bytes.len().min(4096)),
                    _ => random(bytes.len()),
                };
                match random(12) {
                    0 => bytes.truncate(at.max(1)),
                    1 => bytes[at] = 0xff,
                    _ => bytes[at] = random(256) as u8,
                }
            }
            let len = show_all(&bytes);
            // A damaged file makes no unbounded text.
            assert!(len < 100 * whole.len() + 100_000, "{len} bytes of text");
            shown += usize::from(len > 0);
        }
    }
    assert!(shown > 200, "only {shown} were readable");
}
