//! What every program or library gets from kit where gcc links `crtbegin.o`: compiled from `rt`'s source, in memory.

use crate::compile::{CodeOptions, CompileRequest, compile};
use crate::plugins::TargetRow;
use base::io::{FileBytes, FileStat, InputSource, IoError};
use lang_c::options::MacroOption;
use std::path::Path;

/// The object with `__dso_handle`, and in a shared library the call of its `atexit` functions when it is unloaded.
/// An error is a defect of kit's own source.
pub fn start_object(target: &'static TargetRow, shared: bool) -> Result<FileBytes, String> {
    let unit = if shared { "dso_shared.c" } else { "dso.c" };
    compile_unit(target, unit, Vec::new())
}

/// The object that tells the process behind descriptor `fd` of fatal faults.
pub fn fault_object(target: &'static TargetRow, fd: i32) -> Result<FileBytes, String> {
    compile_unit(target, "fault.c", vec![MacroOption::Define(format!("KIT_FAULT_FD={fd}"))])
}

/// Compiles one unit of `rt`.
fn compile_unit(target: &'static TargetRow, unit: &str, macros: Vec<MacroOption>) -> Result<FileBytes, String> {
    let mut c = lang_c::options::Options::new(unit);
    c.macros = macros;
    c.hosted = false;
    c.pic = 2;
    let code = CodeOptions { pic: 2, unwind_tables: true, visibility: "hidden".into(), ..CodeOptions::default() };
    let request = CompileRequest { target, c, code, check_only: false };
    let out = compile(&request, &Source);
    let first = out.diags.diags.first().map(|diag| diag.text.clone()).unwrap_or_default();
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
