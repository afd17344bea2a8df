//! The interpreter and machine code must agree: on the small language's programs, and on random units. Machine code is
//! made by both register sinks and linked by gcc.

mod common;

use codegen::NativeSink;
use common::PROGRAMS;
use dwarf::{FrameKind, FrameWriter};
use fmt_elf::write::{WriteOptions, write_object};
use ir::record::{Change, Event, Recorder, Unit, replay};
use std::fmt::Write;
use std::process::Command;
use testkit::gen_ir::{ARGUMENTS, Options, generate, interpret};
use testkit::tools::{TempDir, have, run, run_gcc, status_code};

fn object(unit: &Unit, spill: bool) -> Result<Vec<u8>, String> {
    let select = &arch_x86_64::SELECT;
    let mut sink = if spill { NativeSink::spilling(select) } else { NativeSink::new(select) };
    replay(unit, &mut sink);
    let mut output = sink.into_output(&unit.module());
    if let Some(error) = output.errors.first() {
        return Err(error.message.clone());
    }
    let mut frames = FrameWriter::new(&mut output.builder, select.arch, FrameKind::EhFrame, select.initial_unwind);
    for rows in &output.rows {
        frames.function(rows);
    }
    frames.finish(&mut output.builder);
    Ok(write_object(&output.builder.finish(), select.arch, WriteOptions { atoms: false, merge_names: false }))
}

#[test]
fn programs_of_the_second_front_end_run() {
    if !have("gcc") {
        return;
    }
    for (name, text, status, output) in PROGRAMS {
        for spill in [false, true] {
            let mut recorder = Recorder::new();
            testkit::mini::compile(text, &mut recorder).unwrap_or_else(|error| panic!("{name}: {error}"));
            let dir = TempDir::new("mini").expect("a temporary directory");
            let bytes = object(&recorder.unit, spill).unwrap_or_else(|error| panic!("{name}: {error}"));
            let object = dir.write("a.o", bytes).expect("writable");
            let program = dir.file("a.out");
            run_gcc(&["-no-pie".as_ref(), "-o".as_ref(), program.as_os_str(), object.as_os_str()]).unwrap();
            let found = run(&mut Command::new(&program)).unwrap();
            assert_eq!(String::from_utf8_lossy(&found.stdout), *output, "{name}");
            assert_eq!(status_code(found.status), i32::from(*status), "{name}");
        }
    }
}

/// Results of every unit's `entry`, as one program prints them.
fn native(units: &[(u64, Unit)], spill: bool) -> Result<String, String> {
    let dir = TempDir::new("gen").map_err(|error| error.to_string())?;
    let mut driver = String::from("#include <stdio.h>\n");
    let mut calls = String::new();
    let mut args = vec!["-no-pie".to_string(), "-w".into(), "-o".into(), dir.file("a.out").display().to_string()];
    for (seed, unit) in units {
        let bytes = object(&renamed(unit, *seed), spill).map_err(|error| format!("seed {seed}: {error}"))?;
        let path = dir.write(&format!("{seed}.o"), bytes).map_err(|error| error.to_string())?;
        args.push(path.display().to_string());
        let _ = writeln!(driver, "unsigned long entry{seed}(long, long);");
        for (a, b) in ARGUMENTS {
            let (a, b) = (a as u64, b as u64);
            let _ = writeln!(calls, "printf(\"{seed} %lx\\n\", entry{seed}({a}u, {b}u));");
        }
    }
    let _ = writeln!(driver, "int main(void) {{ setvbuf(stdout, 0, _IOLBF, 0); {calls} return 0; }}");
    let path = dir.write("driver.c", driver).map_err(|error| error.to_string())?;
    args.push(path.display().to_string());
    run_gcc(&args)?;
    let output = run(&mut Command::new(dir.file("a.out")))?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The unit with its `entry` under a name of its own.
fn renamed(unit: &Unit, seed: u64) -> Unit {
    let mut unit = unit.clone();
    for event in &mut unit.events {
        if let Event::Change(Change::Symbol(decl)) = event
            && *decl.name == *b"entry"
        {
            decl.name = format!("entry{seed}").into_bytes().into();
        }
    }
    unit
}

fn compare(units: &[(u64, Unit)], sinks: &[bool]) {
    let mut expected = String::new();
    for (seed, unit) in units {
        for result in interpret(unit).unwrap_or_else(|stop| panic!("seed {seed}: {stop:?}")) {
            let _ = writeln!(expected, "{seed} {result:x}");
        }
    }
    for &spill in sinks {
        let found = native(units, spill).unwrap();
        let different = expected.lines().zip(found.lines()).find(|(expected, found)| expected != found);
        assert_eq!(different, None, "seed and result; spilling: {spill}");
        assert_eq!(expected.lines().count(), found.lines().count(), "it ended early; spilling: {spill}");
    }
}

#[test]
fn random_units_agree_with_the_interpreter() {
    if !have("gcc") {
        return;
    }
    let options = Options { rare: false, atomics: false, ..Options::default() };
    let units: Vec<(u64, Unit)> = (0..150).map(|seed| (seed, generate(seed, options))).collect();
    compare(&units, &[false, true]);
    println!("figure: units {}", units.len());
}

/// By the fast sink alone: the spilling one is compared on everything else above.
#[test]
fn random_units_with_atomics_agree_with_the_interpreter() {
    if !have("gcc") {
        return;
    }
    let options = Options { floats: false, i128: false, aggregates: false, size: 60, ..Options::default() };
    let units: Vec<(u64, Unit)> = (1000..1100).map(|seed| (seed, generate(seed, options))).collect();
    compare(&units, &[false]);
    println!("figure: units {}", units.len());
}
