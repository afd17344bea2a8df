//! What programs and libraries get from kit where gcc links `crtbegin.o` and `libgcc.a`: compiled from `rt`'s source, in memory.

use crate::compile::{CodeOptions, CompileRequest, Goal, compile, without_front_end};
use crate::plugins::{TARGETS, TargetRow};
use ::link::{Input, InputWhat};
use base::io::{FileBytes, FileStat, InputSource, IoError};
use ir::module::{DataDef, Linkage, SymbolDecl, SymbolKind, Visibility};
use lang_c::options::MacroOption;
use obj::archive::{ArchiveBuilder, ArchiveOptions, NewMember};
use std::path::Path;

/// The object with `__dso_handle`, and in a shared library the call of its `atexit` functions when it is unloaded.
/// An error is a defect of kit's own source.
pub fn start_object(target: &'static TargetRow, shared: bool) -> Result<FileBytes, String> {
    if shared {
        return compile_unit(target, "dso_shared.c", Vec::new());
    }
    // Every link of a program has it: made of its one definition, it costs a tenth of compiling the text.
    let object = without_front_end(&request(target, "dso.c", Vec::new()), |module, sink| {
        let mut handle = SymbolDecl::new(b"__dso_handle", SymbolKind::Data, Linkage::Global);
        (handle.visibility, handle.defined) = (Visibility::Hidden, true);
        let symbol = module.declare(handle);
        let pointer = target.arch.layout.pointer;
        let (bytes, relocs) = (Vec::new(), Vec::new());
        let (size, align) = (u64::from(pointer.size), u32::from(pointer.align));
        let data = DataDef { symbol, align, size, bytes, relocs, read_only: false, merge: 0 };
        sink.data(module, data);
    });
    object.map(FileBytes::from_vec).ok_or_else(|| "kit's start object cannot be made".into())
}

/// The object that tells the process behind descriptor `fd` of fatal faults.
pub fn fault_object(target: &'static TargetRow, fd: i32) -> Result<FileBytes, String> {
    let mut request = request(target, "fault.c", vec![MacroOption::Define(format!("KIT_FAULT_FD={fd}"))]);
    // It uses none of the target's macros, and 300 take longer to define than the text to compile.
    request.c.undef = true;
    compiled(&request)
}

/// The runtime library: an archive of names, whose members are compiled when a link takes them. What it defines is weak and
/// hidden: definitions of other compilers' libraries win, and nobody sees them from outside.
pub fn library(target: &'static TargetRow) -> Input {
    let mut archive = ArchiveBuilder::new();
    for unit in rt::UNITS {
        archive
            .members
            .push(NewMember::new(unit.name.as_bytes(), format!("{} {}", target.triple, unit.name).into_bytes()));
    }
    let names = |data: &[u8]| {
        let unit = rt::UNITS.iter().find(|unit| data.rsplit(|byte| *byte == b' ').next() == Some(unit.name.as_bytes()));
        unit.map_or_else(Vec::new, |unit| unit.symbols.iter().map(|symbol| symbol.as_bytes().to_vec()).collect())
    };
    let bytes = FileBytes::from_vec(archive.write(ArchiveOptions::default(), &names));
    Input::new(InputWhat::Lazy { name: "kit's runtime library".into(), bytes, make: make_member })
}

/// The units of the runtime library and what each defines.
pub fn units() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    rt::UNITS.iter().map(|unit| (unit.name, unit.symbols))
}

/// The whole runtime library as a file for other linkers.
///
/// # Errors
/// The message names the unit of kit's own that does not compile: a defect.
pub fn archive(target: &'static TargetRow) -> Result<Vec<u8>, String> {
    let mut archive = ArchiveBuilder::new();
    for unit in rt::UNITS {
        let object = library_object(target, unit, &[])?;
        archive.members.push(NewMember::new(unit.name.as_bytes(), object.to_vec()));
    }
    Ok(archive.write(ArchiveOptions::default(), &crate::plugins::defined_names))
}

/// Compiles the unit that a member of [`library`] names.
fn make_member(data: &[u8]) -> Result<Vec<u8>, String> {
    let text = String::from_utf8_lossy(data);
    let (triple, name) = text.split_once(' ').unwrap_or_default();
    let target = TARGETS.iter().find(|target| target.triple == triple);
    let unit = rt::UNITS.iter().find(|unit| unit.name == name);
    let (Some(target), Some(unit)) = (target, unit) else { return Err("no unit of kit's runtime".into()) };
    library_object(target, unit, &[]).map(|bytes| bytes.to_vec())
}

/// The object of a unit of [`library`], compiled with more macros (`NAME=TEXT`) than its own.
pub fn library_object(target: &'static TargetRow, unit: &rt::Unit, more: &[String]) -> Result<FileBytes, String> {
    let own = unit.macros.iter().map(|text| (*text).to_owned());
    let macros = own.chain(more.iter().cloned()).map(MacroOption::Define).collect();
    compile_unit(target, unit.source, macros)
}

/// How a unit of `rt` is compiled.
fn request(target: &'static TargetRow, unit: &str, macros: Vec<MacroOption>) -> CompileRequest {
    let mut c = lang_c::options::Options::new(unit);
    c.macros = macros;
    c.hosted = false;
    c.pic = 2;
    let code = CodeOptions { pic: 2, unwind_tables: true, visibility: "hidden".into(), ..CodeOptions::default() };
    CompileRequest { target, c, code, goal: Goal::Object, processors: None }
}

/// Compiles one unit of `rt`.
fn compile_unit(target: &'static TargetRow, unit: &str, macros: Vec<MacroOption>) -> Result<FileBytes, String> {
    compiled(&request(target, unit, macros))
}

fn compiled(request: &CompileRequest) -> Result<FileBytes, String> {
    let out = compile(request, &Source);
    let first = out.diags.diags.first().map(|diag| diag.text.clone()).unwrap_or_default();
    let unit = &request.c.file;
    out.object.map(FileBytes::from_vec).ok_or_else(|| format!("kit's runtime unit {unit} does not compile: {first}"))
}

/// `rt`'s sources as files.
struct Source;

fn source(path: &Path) -> Result<&'static [u8], IoError> {
    path.to_str()
        .and_then(rt::source)
        .ok_or_else(|| IoError::new(path, "open", &std::io::Error::from(std::io::ErrorKind::NotFound)))
}

impl InputSource for Source {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        source(path).map(|bytes| FileStat { size: bytes.len() as u64, ..FileStat::default() })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        source(path).map(|bytes| FileBytes::from_vec(bytes.to_vec()))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        out.extend_from_slice(source(path)?);
        self.stat(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_object_is_what_its_source_says() {
        for target in TARGETS {
            let made = start_object(target, false).unwrap();
            assert!(made[..] == compile_unit(target, "dso.c", Vec::new()).unwrap()[..], "{}", target.triple);
        }
    }

    #[test]
    fn the_fault_handler_needs_no_macros() {
        for target in TARGETS {
            let macros = vec![MacroOption::Define("KIT_FAULT_FD=7".into())];
            let with = compile_unit(target, "fault.c", macros).unwrap();
            assert!(fault_object(target, 7).unwrap()[..] == with[..], "{}", target.triple);
        }
    }
}
