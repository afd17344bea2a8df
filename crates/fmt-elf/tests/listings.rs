//! The listers' text against GNU `nm` and `objdump`, for objects, archives, programs and libraries.

use fmt_elf::ElfReader;
use obj::list::{NmFormat, NmOptions, ObjdumpOptions, nm, objdump};
use std::path::PathBuf;
use std::process::Command;

const READER: ElfReader<'static> = ElfReader { arches: &[&arch_x86_64::ARCH] };

const TEXT: &str = r#"
#include <stdio.h>
static int counter; int big = 5; static const char *names[] = {"a", "b"}; const int constant = 3;
__thread int tl = 3; static __thread int tlz; int common[7];
extern int strange __attribute__((weak)); __attribute__((weak)) int weak_data = 1;
__attribute__((weak)) void weak_function(void) {} extern void weak_missing(void) __attribute__((weak));
static void *resolve(void) { return (void *)0; } int chosen(void) __attribute__((ifunc("resolve")));
__attribute__((visibility("hidden"))) int hidden = 2; __attribute__((visibility("protected"))) int shielded(void) { return 1; }
__attribute__((constructor)) static void before(void) { counter++; }
asm(".globl absolute\n absolute = 0x1234\n .local note_it\n .comm note_it,4\n call 0x1234");
int main(int argc, char **argv) {
    if (weak_missing) weak_missing();
    printf("%d %s %p\n", counter + tl + tlz, names[argc & 1], (void *)&strange);
    fflush(stdout);
    return 0;
}
"#;

struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("fmt-elf-list-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::write(dir.join("a.c"), TEXT).unwrap();
        std::fs::write(dir.join("b.cc"), "#include <string>\n#include <iostream>\ntemplate <class T> T id(T x) { static T last; last = x; return last; }\nint main() { std::cout << id(std::string(\"x\")) << id(4); }\n").unwrap();
        let scratch = Scratch(dir);
        scratch.run("gcc", &["-c", "-g", "-fcommon", "a.c", "-o", "a.o"]);
        scratch.run("g++", &["-c", "b.cc", "-o", "b.o"]);
        scratch.run("gcc", &["a.o", "-o", "program"]);
        scratch.run("gcc", &["-shared", "-fPIC", "a.c", "-o", "library.so"]);
        scratch.run("strip", &["program", "-o", "stripped"]);
        scratch.run("ar", &["rcsD", "both.a", "a.o", "b.o"]);
        scratch
    }
    fn run(&self, tool: &str, args: &[&str]) -> String {
        let output = Command::new(tool).args(args).env("LC_ALL", "C").current_dir(&self.0).output().unwrap();
        assert!(output.status.success(), "{tool} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Compares line by line, so that a failure shows its line.
fn same(ours: &str, theirs: &str, what: &str) {
    for (n, (ours, theirs)) in ours.lines().zip(theirs.lines()).enumerate() {
        assert_eq!(ours, theirs, "{what}, line {}", n + 1);
    }
    assert_eq!(ours.lines().count(), theirs.lines().count(), "{what}");
    assert!(ours == theirs, "{what}");
}

const FILES: [&str; 6] = ["a.o", "b.o", "program", "library.so", "stripped", "both.a"];

#[test]
fn nm_prints_what_gnu_nm_prints() {
    let scratch = Scratch::new("nm");
    let base = NmOptions::default();
    let cases: [(&[&str], NmOptions); 13] = [
        (&[], base),
        (&["-a"], NmOptions { debug_symbols: true, ..base }),
        (&["-g"], NmOptions { external_only: true, ..base }),
        (&["-u"], NmOptions { undefined_only: true, ..base }),
        (&["--defined-only"], NmOptions { defined_only: true, ..base }),
        (&["-n"], NmOptions { sort_by_address: true, ..base }),
        (&["-p"], NmOptions { no_sort: true, ..base }),
        (&["-r"], NmOptions { reverse: true, ..base }),
        (&["-S"], NmOptions { print_size: true, ..base }),
        (&["-A"], NmOptions { print_file_name: true, ..base }),
        (&["-P"], NmOptions { format: NmFormat::Posix, ..base }),
        (&["-P", "-A"], NmOptions { format: NmFormat::Posix, print_file_name: true, ..base }),
        (&["-D"], NmOptions { dynamic: true, ..base }),
    ];
    for (flags, options) in cases {
        for file in FILES {
            let mut ours = String::new();
            let bytes = scratch.read(file);
            let complaints = nm(&READER, file, &bytes, &options, &mut ours).unwrap();
            let theirs = scratch.run("nm", &[flags, &[file]].concat());
            same(&ours, &theirs, &format!("nm {flags:?} {file}"));
            assert_eq!(
                complaints.is_empty(),
                !theirs.trim().is_empty() && (file != "both.a" || !options.dynamic),
                "{complaints:?}"
            );
        }
    }
    let options = NmOptions { archive_index: true, ..base };
    let mut ours = String::new();
    nm(&READER, "both.a", &scratch.read("both.a"), &options, &mut ours).unwrap();
    same(&ours, &scratch.run("nm", &["-s", "both.a"]), "nm -s");
    let options = NmOptions { several_files: true, ..base };
    let mut ours = String::new();
    for file in ["a.o", "both.a"] {
        nm(&READER, file, &scratch.read(file), &options, &mut ours).unwrap();
    }
    same(&ours, &scratch.run("nm", &["a.o", "both.a"]), "nm of two");
}

#[test]
fn objdump_prints_what_gnu_objdump_prints() {
    let scratch = Scratch::new("objdump");
    let base = ObjdumpOptions::default();
    let cases: [(&[&str], ObjdumpOptions<'_>); 6] = [
        (&["-h"], ObjdumpOptions { section_headers: true, ..base }),
        (&["-t"], ObjdumpOptions { symbols: true, ..base }),
        (&["-r"], ObjdumpOptions { relocs: true, ..base }),
        (&["-s"], ObjdumpOptions { contents: true, ..base }),
        (
            &["-s", "-h", "-j", ".text", "-j", ".data"],
            ObjdumpOptions { contents: true, section_headers: true, only_sections: &[".text", ".data"], ..base },
        ),
        (&["-htrs"], ObjdumpOptions { section_headers: true, symbols: true, relocs: true, contents: true, ..base }),
    ];
    for (flags, options) in cases {
        for file in FILES {
            let mut ours = String::new();
            let complaints = objdump(&READER, file, &scratch.read(file), &options, &mut ours).unwrap();
            assert!(complaints.is_empty());
            same(&ours, &scratch.run("objdump", &[flags, &[file]].concat()), &format!("objdump {flags:?} {file}"));
        }
    }
}
