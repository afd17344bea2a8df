//! `kit strip` and `kit objcopy` as programs: GNU's bytes, files replaced whole or not at all, modes and links kept.

use crate::support::{dir, have, kit, run};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

const SOURCE: &str = "#include <stdio.h>\nstatic int b; int d = 3; int com; _Thread_local int t = 1;\n\
    static int used(void) { return b; } __attribute__((weak)) int weak(void) { return used() + t; }\n\
    int main(void) { printf(\"%d\\n\", weak() + d + com); return 0; }\n";

/// Objects and programs of gcc and kit in a fresh directory.
fn files(dir: &Path) -> Vec<&'static str> {
    std::fs::write(dir.join("a.c"), SOURCE).unwrap();
    for args in [
        &["-g", "-fcommon", "-c", "a.c", "-o", "gcc.o"][..],
        &["-g", "a.c", "-o", "gcc.pie"],
        &["-g", "-no-pie", "a.c", "-o", "gcc.fixed"],
        &["-g", "-shared", "-fPIC", "a.c", "-o", "gcc.so"],
    ] {
        run(Command::new("gcc").current_dir(dir).args(args));
    }
    run(kit("cc").current_dir(dir).args(["-g", "a.c", "-o", "kit.pie"]));
    vec!["gcc.o", "gcc.pie", "gcc.fixed", "gcc.so", "kit.pie"]
}

fn fails(command: &mut Command, text: &str) {
    let Output { status, stderr, .. } = command.output().unwrap();
    let said = String::from_utf8_lossy(&stderr);
    assert_eq!(status.code(), Some(1), "{command:?}: {said}");
    assert!(said.contains(text), "{command:?}: {said}");
}

#[test]
fn stripped_and_copied_files_are_gnus() {
    if !have(&["gcc", "strip", "objcopy"]) {
        return;
    }
    let dir = dir("copying-equal");
    let files = files(&dir);
    std::fs::write(dir.join("new"), "contents\n").unwrap();
    let tools: &[(&str, &[&str])] = &[
        ("strip", &["", "-g", "--strip-unneeded", "--only-keep-debug", "-R .comment", "-K main", "-w -N *main*"]),
        (
            "objcopy",
            &[
                "-S",
                "--add-section .mine=new",
                "--update-section .comment=new",
                "--rename-section .comment=.other",
                "--redefine-sym main=start_here",
                "--prefix-symbols=p_",
                "--weaken",
                "-L main",
                "--globalize-symbol=used",
                "--add-symbol x=.text:4,function,global",
                "--add-gnu-debuglink=new",
                "-O binary -R .note -R .comment -S",
                "-O ihex",
                "-O verilog",
            ],
        ),
    ];
    let mut compared = 0;
    for (tool, options) in tools {
        for file in &files {
            for option in options.iter() {
                let words = || option.split_whitespace();
                let to = |out: &'static str| if *tool == "strip" { vec!["-o", out, file] } else { vec![*file, out] };
                run(Command::new(tool).current_dir(&dir).args(words()).args(to("theirs")));
                run(kit(tool).current_dir(&dir).args(words()).args(to("ours")));
                let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
                assert!(read("theirs") == read("ours"), "{tool} {option} {file}");
                compared += 1;
            }
        }
    }
    println!("compared {compared}");
}

#[test]
fn files_are_replaced_in_place() {
    if !have(&["gcc"]) {
        return;
    }
    let dir = dir("copying-place");
    files(&dir);
    let mode = |name: &str| std::fs::metadata(dir.join(name)).unwrap().permissions().mode() & 0o7777;
    std::fs::set_permissions(dir.join("gcc.pie"), std::fs::Permissions::from_mode(0o750)).unwrap();
    symlink("gcc.pie", dir.join("link")).unwrap();
    let before = std::fs::metadata(dir.join("gcc.pie")).unwrap();
    run(kit("strip").current_dir(&dir).args(["-p", "link"]));
    let after = std::fs::metadata(dir.join("gcc.pie")).unwrap();
    assert!(after.len() < before.len() && dir.join("link").is_symlink());
    assert_eq!((mode("gcc.pie"), after.modified().unwrap()), (0o750, before.modified().unwrap()));
    assert_eq!(run(&mut Command::new(dir.join("gcc.pie"))).stdout, b"4\n");
    // A new program is executable, a new object is not.
    run(kit("objcopy").current_dir(&dir).args(["-g", "gcc.fixed", "new"]));
    run(kit("objcopy").current_dir(&dir).args(["-g", "gcc.o", "new.o"]));
    assert!(mode("new") & 0o111 != 0 && mode("new.o") & 0o111 == 0);
}

#[test]
fn archives_keep_their_kind_and_index() {
    if !have(&["gcc", "ar", "strip"]) {
        return;
    }
    let dir = dir("copying-archives");
    files(&dir);
    std::fs::write(dir.join("note.txt"), "no object\n").unwrap();
    run(Command::new("ar").current_dir(&dir).args(["rcs", "l.a", "gcc.o", "note.txt"]));
    run(Command::new("strip").current_dir(&dir).args(["-g", "-o", "theirs.a", "l.a"]));
    run(kit("strip").current_dir(&dir).args(["-g", "l.a"]));
    assert!(std::fs::read(dir.join("l.a")).unwrap() == std::fs::read(dir.join("theirs.a")).unwrap());
    run(Command::new("ar").current_dir(&dir).args(["rcsT", "thin.a", "gcc.o"]));
    fails(kit("strip").current_dir(&dir).args(["-g", "-o", "other.a", "thin.a"]), "in place");
    let before = std::fs::metadata(dir.join("gcc.o")).unwrap().len();
    run(kit("strip").current_dir(&dir).args(["-g", "thin.a"]));
    assert!(std::fs::metadata(dir.join("gcc.o")).unwrap().len() < before);
    assert!(std::fs::read(dir.join("thin.a")).unwrap().starts_with(b"!<thin>\n"));
    run(Command::new("gcc").current_dir(&dir).args([
        "-Wl,--whole-archive",
        "thin.a",
        "-Wl,--no-whole-archive",
        "-o",
        "p",
    ]));
    assert_eq!(run(&mut Command::new(dir.join("p"))).stdout, b"4\n");
}

#[test]
fn a_failure_leaves_the_file_and_says_why() {
    if !have(&["gcc"]) {
        return;
    }
    let dir = dir("copying-failures");
    files(&dir);
    std::fs::write(dir.join("text"), "text\n").unwrap();
    std::fs::create_dir(dir.join("sub")).unwrap();
    let object = std::fs::read(dir.join("gcc.o")).unwrap();
    std::fs::write(dir.join("half.o"), &object[..900]).unwrap();
    let cases: &[(&str, &[&str], &str)] = &[
        ("strip", &["text"], "file format not recognized"),
        ("strip", &["absent"], "No such file"),
        ("strip", &["half.o"], "truncated"),
        ("strip", &[], "no file"),
        ("strip", &["-o", "sub", "gcc.o"], "directory"),
        ("strip", &["--bogus", "gcc.o"], "--bogus"),
        ("objcopy", &["-j", ".text", "gcc.o", "out"], "needed by relocations"),
        ("objcopy", &["-R", ".text", "-j", ".text", "gcc.o", "out"], "both remove and copy"),
        ("objcopy", &["-O", "pei-x86-64", "gcc.o", "out"], "pei-x86-64"),
        ("objcopy", &["--debugging", "gcc.o", "out"], "--debugging"),
        ("objcopy", &["--add-section", ".x=absent", "gcc.o", "out"], "absent"),
        ("objcopy", &["--set-section-flags", ".text=bogus", "gcc.o", "out"], "bogus"),
        ("objcopy", &["--change-section-address", ".data=0x9000", "gcc.fixed", "out"], "another address"),
        ("objcopy", &["--gap-fill", "255", "gcc.o", "out"], "--gap-fill"),
        ("objcopy", &["gcc.o", "sub"], "directory"),
    ];
    for (tool, args, text) in cases {
        fails(kit(tool).current_dir(&dir).args(*args), text);
    }
    assert_eq!(std::fs::read(dir.join("half.o")).unwrap(), &object[..900]);
    assert_eq!(std::fs::read(dir.join("gcc.o")).unwrap(), object);
    let left = std::fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| name != "out" && !name.contains(".kit-")));
}
