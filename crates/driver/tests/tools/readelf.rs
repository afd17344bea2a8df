//! `kit readelf` writes what GNU readelf writes, byte for byte; damaged files are shown or refused.

use crate::support::{compare, dir, have, kit, run, system_file};
use kit::inspect::readelf::{Dump, DumpKind, Facts, Options, show};
use std::path::PathBuf;
use std::process::Command;

const C_SOURCE: &str = r#"
#include <stdio.h>
int com; static int b; int d = 3; __thread int t = 1; __attribute__((visibility("hidden"))) int hid = 3;
static void *res(void) { return &d; } void ifn(void) __attribute__((ifunc("res"))); void (*p)(void) = ifn;
__attribute__((weak)) int a_function_with_a_long_name_for_the_column(void) { return 1; }
int main(void) { puts("x"); return com + b + t + d + hid + a_function_with_a_long_name_for_the_column(); }
"#;

const CXX_SOURCE: &str = r#"
#include <string>
inline int &counter() { static int x = 3; return x; }
template <class T> T twice(T a) { return a + a + counter(); }
int main() { std::string s = "abc"; try { return twice(3) + (int)s.size(); } catch (...) { return 1; } }
"#;

const OPTIONS: &[&str] = &[
    "-a",
    "-aW",
    "-hlS",
    "--wide --section-details --section-groups",
    "-t",
    "-e",
    "-s",
    "-sW --sym-base=16",
    "--dyn-syms",
    "-D -s -r -W",
    "-T -s -r",
    "-r",
    "-d -n -V -I -u -A",
    "-p .comment -x .rodata -p.strtab -x 1",
    "-R .eh_frame -R.debug_info",
    "-z -x .debug_str",
];

fn samples(name: &str) -> (PathBuf, Vec<PathBuf>) {
    let dir = dir(name);
    std::fs::write(dir.join("a.c"), C_SOURCE).unwrap();
    std::fs::write(dir.join("x.cc"), CXX_SOURCE).unwrap();
    std::fs::write(
        dir.join("v.c"),
        "__asm__(\".symver o,f@V1\\n.symver n,f@@V2\"); int o(void) { return 1; } int n(void) { return 2; }",
    )
    .unwrap();
    std::fs::write(dir.join("v.map"), "V1 { f; }; V2 { f; } V1;").unwrap();
    std::fs::write(dir.join("k.c"), "int f(int x) { return x + 1; } int data = 3;").unwrap();
    run(kit("cc").current_dir(&dir).args(["-g", "-c", "k.c", "-o", "k.o"]));
    let lines = [
        "gcc -g -fcommon -c a.c -o a.o",
        "gcc -g -gz -c a.c -o compressed.o",
        "g++ -g -ffunction-sections -c x.cc -o x.o",
        "gcc a.o -o dynamic -Wl,-z,now -Wl,--hash-style=both",
        "g++ x.o -o cxx",
        "g++ -s x.o -o stripped",
        "gcc -shared -fPIC v.c -Wl,--version-script=v.map -Wl,-soname,libv.so.1 -Wl,-rpath,/x -o libv.so",
        "gcc -no-pie -static a.o -o static",
        "ar rcsD lib.a a.o x.o k.o",
        "ar rcST thin.a a.o x.o",
        "objcopy --only-keep-debug cxx cxx.debug",
    ];
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        run(Command::new(words[0]).current_dir(&dir).args(&words[1..]));
    }
    let names = [
        "k.o",
        "a.o",
        "compressed.o",
        "x.o",
        "dynamic",
        "cxx",
        "stripped",
        "libv.so",
        "static",
        "lib.a",
        "thin.a",
        "cxx.debug",
    ];
    let files = names.iter().map(|name| PathBuf::from(*name)).collect();
    (dir, files)
}

#[test]
fn readelf_shows_as_gnu_readelf_does() {
    if !have(&["gcc", "g++", "ar", "objcopy", "readelf"]) {
        return;
    }
    let (dir, files) = samples("readelf");
    for options in OPTIONS {
        for file in &files {
            compare(&dir, "readelf", options, &[file]);
        }
        compare(&dir, "readelf", options, &[&files[0], &files[9], &files[4]]);
    }
    compare(&dir, "readelf", "-c", &[&files[9]]);
    compare(&dir, "readelf", "-c -h", &[&files[9]]);
    for file in ["libc.so.6", "libm.so.6", "libgcc_s.so.1", "crt1.o", "libgcc_eh.a"].into_iter().filter_map(system_file)
    {
        compare(&dir, "readelf", "-aW", &[&file]);
        compare(&dir, "readelf", "-a", &[&file]);
    }
}

#[test]
fn readelf_names_wrong_files() {
    let dir = dir("readelf-wrong");
    std::fs::write(dir.join("text"), "no object").unwrap();
    let output = kit("readelf").current_dir(&dir).args(["-h", "absent", "text"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("Error: 'absent': No such file") && said.contains("Error: Not an ELF file"), "{said}");
    let output = kit("readelf").arg("-h").output().unwrap();
    assert!(!output.status.success());
    assert!(!run(kit("readelf").arg("--help")).stdout.is_empty());
    assert!(String::from_utf8_lossy(&run(kit("readelf").arg("-v")).stdout).contains("compatible with GNU readelf"));
}

#[test]
fn damaged_files_are_shown_by_readelf_or_refused() {
    if !have(&["gcc", "g++", "ar", "objcopy", "readelf"]) {
        return;
    }
    let (dir, _) = samples("readelf-damaged");
    let sections = [".text", ".comment", ".debug_str", ".eh_frame", "3"];
    let kinds = [DumpKind::Hex, DumpKind::Strings, DumpKind::Relocated];
    let dumps = kinds.iter().flat_map(|&kind| sections.map(|section| Dump { kind, section: section.into() })).collect();
    let mut options = Options {
        header: true,
        segments: true,
        sections: true,
        section_groups: true,
        symbols: true,
        dynamic_symbols: true,
        relocs: true,
        unwind: true,
        dynamic: true,
        versions: true,
        notes: true,
        histogram: true,
        decompress: true,
        dumps,
        ..Options::default()
    };
    let facts = Facts { reloc_name: &|number| (number < 20).then_some("R_SOME"), demangle: None, debug: None };
    let mut state = 0x1234_5678_9abc_def1u64;
    let mut random = |limit: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as usize % limit
    };
    let mut shown = 0;
    for name in ["a.o", "compressed.o", "x.o", "dynamic", "libv.so", "cxx.debug", "k.o"] {
        let whole = std::fs::read(dir.join(name)).unwrap();
        let tables = u64::from_le_bytes(whole[40..48].try_into().unwrap()) as usize;
        for round in 0..500 {
            let mut bytes = whole.clone();
            for _ in 0..1 + random(4) {
                let len = bytes.len();
                let at = match random(5) {
                    0 => random(64.min(len)),
                    1 => random(4096.min(len)),
                    2 | 3 if tables < len => tables + random(len - tables),
                    _ => random(len),
                };
                match random(12) {
                    0 => bytes.truncate(at.max(1)),
                    1 => bytes[at] = 0xff,
                    2 => bytes[at] ^= 1 << random(8),
                    _ => bytes[at] = random(256) as u8,
                }
            }
            options.wide = round % 2 == 0;
            options.use_dynamic = round % 3 == 0;
            options.section_details = round % 5 == 0;
            let mut out = Vec::new();
            shown += usize::from(show(&bytes, &options, &facts, &mut out).is_ok());
            assert!(out.len() < 400 * whole.len() + 1_000_000, "{name}: {} bytes of text", out.len());
        }
    }
    assert!(shown > 1000, "only {shown} were readable");
}
