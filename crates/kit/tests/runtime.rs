//! The runtime library against gcc's: kit compiles each of its units under other names, and a program of gcc's calls both
//! with the same operands, special and random ones (`runtime/compare.c`).

mod common;

use common::TARGET;
use std::process::Command;
use testkit::tools::{TempDir, have, run, run_gcc};

/// Operands for each function.
const TIMES: usize = 100_000;

#[test]
fn results_are_those_of_gccs_runtime() {
    if !have("gcc") {
        return;
    }
    let dir = TempDir::new("runtime").expect("a temporary directory");
    let symbols: Vec<&str> = rt::UNITS.iter().flat_map(|unit| unit.symbols.iter().copied()).collect();
    let renamed: Vec<String> = symbols.iter().map(|name| format!("{name}=kit_{name}")).collect();
    let program = dir.file("compare");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/runtime/compare.c");
    let mut args: Vec<String> = ["-O1", "-w", "-fno-builtin", "-DSEED=1", source].map(str::to_owned).to_vec();
    args.extend([format!("-DTIMES={TIMES}"), "-o".into(), program.display().to_string()]);
    for unit in rt::UNITS {
        let object = kit::runtime::library_object(TARGET, unit, &renamed).unwrap_or_else(|why| panic!("{why}"));
        args.push(dir.write(unit.name, &object[..]).expect("writable").display().to_string());
    }
    run_gcc(&args).unwrap_or_else(|why| panic!("{why}"));
    let output = run(&mut Command::new(&program)).expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    println!("{text}");
    assert!(output.status.success() && text.contains("figure: runtime wrong 0"));
}

/// What the library offers, unit for unit, is what its units define. Objects named `__kit_` are what units share among themselves.
#[test]
fn units_define_what_they_offer() {
    for unit in rt::UNITS {
        let object = kit::runtime::library_object(TARGET, unit, &[]).unwrap_or_else(|why| panic!("{why}"));
        let object = fmt_elf::read_object(&object, TARGET.arch).expect("an object");
        let mut defined: Vec<&[u8]> = object
            .symbols
            .iter()
            .filter(|symbol| symbol.kind != obj::SymbolKind::None && symbol.binding == obj::Binding::Weak)
            .map(|symbol| (symbol.kind, object.str(symbol.name)))
            .filter(|(kind, name)| *kind == obj::SymbolKind::Function || !name.starts_with(b"__kit_"))
            .map(|(_, name)| name)
            .collect();
        let mut offered: Vec<&[u8]> = unit.symbols.iter().map(|name| name.as_bytes()).collect();
        defined.sort_unstable();
        offered.sort_unstable();
        let text =
            |names: &[&[u8]]| names.iter().map(|name| String::from_utf8_lossy(name)).collect::<Vec<_>>().join(" ");
        assert_eq!(text(&defined), text(&offered), "{}", unit.name);
    }
}
