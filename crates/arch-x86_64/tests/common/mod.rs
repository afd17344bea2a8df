//! What the tests of native code share: IR text to an object, linked by gcc with a C driver, and run.

// Every test file uses a part of it.
#![allow(dead_code)]

use codegen::NativeSink;
use dwarf::{FrameKind, FrameWriter};
use ir::record::{Unit, replay};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Compiles a unit with the fast sink or the spilling one; gives the object's bytes.
pub fn compile_unit(unit: &Unit, spill: bool) -> Result<Vec<u8>, String> {
    let select = &arch_x86_64::SELECT;
    let mut sink = if spill { NativeSink::spilling(select) } else { NativeSink::new(select) };
    replay(unit, &mut sink);
    let module = unit.module();
    let mut output = sink.into_output(&module);
    if let Some(error) = output.errors.first() {
        return Err(error.message.clone());
    }
    let mut frames = FrameWriter::new(&mut output.builder, select.arch, FrameKind::EhFrame, select.initial_unwind);
    for rows in &output.rows {
        frames.function(rows);
    }
    frames.finish(&mut output.builder);
    let object = output.builder.finish();
    Ok(fmt_elf::write::write_object(
        &object,
        select.arch,
        fmt_elf::write::WriteOptions { atoms: false, merge_names: false },
    ))
}

/// Compiles IR text.
pub fn compile(text: &str, spill: bool) -> Result<Vec<u8>, String> {
    let unit = ir::text::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    compile_unit(&unit, spill)
}

/// A unit of assembly text by itself.
struct Alone(obj::build::ObjectBuilder);

impl asm::Host for Alone {
    fn builder(&mut self) -> &mut obj::build::ObjectBuilder {
        &mut self.0
    }

    fn symbol(&mut self, _: &[u8]) -> Option<obj::SymId> {
        None
    }
}

/// Assembles a text to an object.
pub fn assemble(text: &str) -> Result<obj::Object<'static>, String> {
    let mut asm = asm::Assembler::new(&arch_x86_64::syntax::AttSyntax);
    asm.file((text.as_bytes(), 0), base::Pos(1)).map_err(|error| error.message)?;
    let mut host = Alone(obj::build::ObjectBuilder::new());
    let errors = asm.finish(&mut host, &arch_x86_64::ARCH, &mut Vec::new());
    match errors.first() {
        Some(error) => Err(error.message.clone()),
        None => Ok(host.0.finish()),
    }
}

/// A directory of this test's own.
pub fn scratch(name: &str) -> PathBuf {
    let dir = std::env::temp_dir().join(format!("kit-native-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a writable temporary directory");
    dir
}

/// Runs a tool and fails with what it said.
pub fn tool(dir: &Path, program: &str, args: &[&str]) -> String {
    let output = Command::new(program).current_dir(dir).args(args).output().expect("the tool is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?} in {}: {}\n{text}{errors}", dir.display(), output.status);
    text
}

/// Compiles `text` with both sinks, links each with the C driver and gives what the programs print, which is the same.
pub fn run(name: &str, text: &str, driver: &str, flags: &[&str]) -> String {
    let dir = scratch(name);
    std::fs::write(dir.join("driver.c"), driver).expect("writable");
    let mut results = Vec::new();
    for (object, program, spill) in [("fast.o", "./fast", false), ("spill.o", "./spill", true)] {
        let bytes = compile(text, spill).unwrap_or_else(|error| panic!("{error}"));
        std::fs::write(dir.join(object), bytes).expect("writable");
        let mut args = vec!["-O1", "-w", "-o", program, "driver.c", object, "-lm"];
        args.extend(flags);
        tool(&dir, "gcc", &args);
        results.push(tool(&dir, program, &[]));
    }
    assert_eq!(results[0], results[1], "the two register sinks disagree");
    std::fs::remove_dir_all(&dir).expect("removable");
    results.swap_remove(0)
}
