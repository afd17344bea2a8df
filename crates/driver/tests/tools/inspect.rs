//! `kit size`, `kit strings`, `kit c++filt`, and `-C` of the listers write what GNU binutils write; every tool ends
//! quietly when its reader has seen enough.

use crate::support::{compare, dir, have, kit, run, system_file};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const CXX_SOURCE: &str = r#"
#include <functional>
#include <map>
#include <string>
#include <vector>
struct Base { virtual ~Base() {} virtual int f() { return 1; } };
struct Other { virtual ~Other() {} virtual int g() { return 2; } };
struct Both : virtual Base, Other { int f() override { return 3; } int g() override { return 4; } };
template <unsigned N, class... T> int many(T &&...t) { return sizeof...(t) + N; }
int apply(std::function<bool(int const &)> f, std::map<std::string, std::vector<long>> m) { return f(m.size()); }
int common_thing; thread_local int tl = apply(nullptr, {});
int main() { Both b; std::string s = "text"; static std::string once = s + "!"; auto l = [](int x) { return x; };
  return b.f() + many<3>(s, 1, 'c') + many<4>() + l(tl) + (int)once.size(); }
"#;

fn samples(name: &str) -> (PathBuf, Vec<PathBuf>) {
    let dir = dir(name);
    std::fs::write(dir.join("x.cc"), CXX_SOURCE).unwrap();
    std::fs::write(
        dir.join("c.c"),
        "int com; int com2[7]; const char text[] = \"a text\\nof lines\"; short wide[] = {'w','i','d','e','!'};",
    )
    .unwrap();
    for line in
        ["g++ -std=c++17 -g -c x.cc -o x.o", "g++ x.o -o x", "gcc -fcommon -c c.c -o c.o", "ar rcsD lib.a x.o c.o"]
    {
        let words: Vec<&str> = line.split(' ').collect();
        run(Command::new(words[0]).current_dir(&dir).args(&words[1..]));
    }
    let files = ["x.o", "x", "c.o", "lib.a"].iter().map(PathBuf::from).chain(system_file("libc.so.6")).collect();
    (dir, files)
}

#[test]
fn size_measures_as_gnu_size_does() {
    if !have(&["gcc", "g++", "ar", "size"]) {
        return;
    }
    let (dir, files) = samples("size");
    for options in
        ["", "-A", "-A -x", "-t", "-o", "-x", "-d --common", "-G", "-A --common -o", "--format=SysV --radix=8"]
    {
        for file in &files {
            compare(&dir, "size", options, &[file]);
        }
        compare(&dir, "size", options, &[&files[0], &files[3], &files[1]]);
    }
    compare(&dir, "size", "", &[Path::new("absent"), Path::new("c.c"), &files[0]]);
}

#[test]
fn strings_finds_what_gnu_strings_finds() {
    if !have(&["gcc", "g++", "ar", "strings"]) {
        return;
    }
    let (dir, files) = samples("strings");
    let options = [
        "",
        "-d",
        "-a -n 8 -t x",
        "-8 -t d -f",
        "-e S -o",
        "-e l",
        "-e b -tx",
        "-e L -n 2",
        "-e B -n 3",
        "-w -t o",
        "-s , -n 10",
    ];
    for options in options {
        for file in &files {
            compare(&dir, "strings", options, &[file]);
        }
    }
    compare(&dir, "strings", "-f", &[Path::new("absent"), Path::new("."), Path::new("c.c")]);
}

/// Standard output of a filter.
fn filtered(command: &mut Command, input: &[u8]) -> Vec<u8> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || pipe.write_all(&input));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output.stdout
}

#[test]
fn names_are_demangled_as_binutils_do() {
    if !have(&["gcc", "g++", "ar", "c++filt", "nm", "objdump"]) {
        return;
    }
    let (dir, files) = samples("names");
    for file in &files[..4] {
        for options in ["-C", "-C -D", "-C -P", "-C -f sysv", "--demangle=gnu-v3 -n"] {
            compare(&dir, "nm", options, &[file]);
        }
        for options in ["-tC", "-rC"] {
            compare(&dir, "objdump", options, &[file]);
        }
        compare(&dir, "readelf", "-sW", &[file]);
    }
    compare(&dir, "objdump", "-TC", &[&files[1]]);
    for name in ["_Z1fv", "_Z", "i", "._Z1fv", "_ZTV1A", "_Z1fv.part.0", "plain", "__Z1fv", "_ZNSs6appendERKSs"] {
        for options in ["", "-_", "-p", "-i", "-s rust", "-s gnu-v3", "-s none", "-t"] {
            compare(&dir, "c++filt", options, &[Path::new(name)]);
        }
    }
    let text = b"call _Z1fv, x=_ZN1a1bEi; _ZTV1A+16(%rip)\n\xff_Z1gv\xff_Z1hv no newline _Z1kv";
    let theirs = filtered(&mut Command::new("c++filt"), text);
    assert_eq!(theirs, filtered(&mut kit("c++filt"), text));
}

#[test]
fn most_names_of_the_standard_library_are_equal() {
    let library = system_file("libstdc++.so.6").or_else(|| system_file("libstdc++.a"));
    let Some(library) = library.filter(|_| have(&["c++filt", "nm"])) else { return };
    let option = if library.to_string_lossy().ends_with(".a") { "-jp" } else { "-Djp" };
    let listed = run(Command::new("nm").arg(option).arg(&library)).stdout;
    let names: Vec<u8> = listed
        .split(|&byte| byte == b'\n')
        .filter(|name| name.starts_with(b"_Z"))
        .flat_map(|name| [name.split(|&byte| byte == b'@').next().unwrap(), b"\n"].concat())
        .collect();
    for option in ["-n", "-i"] {
        let theirs = filtered(Command::new("c++filt").arg(option), &names);
        let ours = filtered(kit("c++filt").arg(option), &names);
        let lines = |text: &[u8]| text.split(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
        let (theirs, ours) = (lines(&theirs), lines(&ours));
        assert_eq!(theirs.len(), ours.len());
        let equal = theirs.iter().zip(&ours).filter(|(a, b)| a == b).count();
        assert!(equal * 1000 >= theirs.len() * 995, "{equal} of {}", theirs.len());
    }
}

/// A reader that stops early ends every tool without a word: it dies of the signal, as binutils do.
#[test]
fn a_closed_pipe_ends_every_tool_quietly() {
    if !have(&["bash", "gcc"]) {
        return;
    }
    let dir = dir("pipe");
    let mut source = String::new();
    for n in 0..20_000 {
        source.push_str(&format!("int a_variable_with_a_long_name_{n} = {n};\n"));
    }
    std::fs::write(dir.join("big.c"), source).unwrap();
    run(Command::new("gcc").current_dir(&dir).args(["-g", "-c", "big.c", "-o", "big.o"]));
    run(Command::new("gcc").current_dir(&dir).args(["-shared", "-o", "big.so", "big.o"]));
    run(kit("ar").current_dir(&dir).args(["rcs", "big.a", "big.o"]));
    let program = env!("CARGO_BIN_EXE_kit");
    let lines = [
        "readelf -a big.o",
        "readelf -x .symtab big.o",
        "readelf -a big.a",
        "readelf -c big.a",
        "nm big.o",
        "nm -D big.so",
        "objdump -x -s big.o",
        "strings -n 1 big.o",
        "c++filt < big.c",
        "cpp big.c",
        "ar p big.a",
    ];
    for line in lines {
        let script = format!("'{program}' {line} | head -c 1; echo \" ${{PIPESTATUS[0]}}\"");
        let output = Command::new("bash").current_dir(&dir).args(["-c", &script]).output().unwrap();
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(out.ends_with(" 141\n"), "{line}: {out} {err}");
        assert_eq!(err, "", "{line}");
    }
}
