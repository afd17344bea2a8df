//! A host for the parser in tests and examples: files of the machine or of memory, one target's data layout.
#![allow(dead_code)]

use base::diag::{RenderOptions, render};
use base::io::{FileBytes, FileStat, InputSource, IoError};
use lang_c::options::Options;
use lang_c::parse::{ParseOptions, Parser};
use lang_c::pp::Pp;
use std::io::Read;
use std::path::Path;
use target::layout::{DataLayout, FloatFormat, ScalarLayout, VaListLayout};

#[path = "../support/target_macros.rs"]
mod target_macros;

const fn scalar(size: u8) -> ScalarLayout {
    ScalarLayout { size, align: size }
}

/// The System V x86-64 data model.
pub static LAYOUT: DataLayout = DataLayout {
    big_endian: false,
    pointer: scalar(8),
    long: scalar(8),
    int64: scalar(8),
    int128: scalar(16),
    double: scalar(8),
    long_double: scalar(16),
    long_double_format: FloatFormat::Extended80,
    char_signed: true,
    wchar_size: 4,
    wchar_signed: true,
    va_list: VaListLayout { size: 24, align: 8, is_array: true },
    stack_align: 16,
    max_align: 16,
    frame_to_cfa: 16,
};

/// The file system, or one text under the name `t.c`.
pub struct Files {
    pub text: Option<Vec<u8>>,
}

impl InputSource for Files {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        if let (Some(text), "t.c") = (&self.text, path.to_str().unwrap_or("")) {
            return Ok(FileStat { size: text.len() as u64, ..FileStat::default() });
        }
        let meta = std::fs::metadata(path).map_err(|e| IoError::new(path, "stat", &e))?;
        Ok(FileStat { size: meta.len(), ..FileStat::default() })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        if let (Some(text), "t.c") = (&self.text, path.to_str().unwrap_or("")) {
            return Ok(FileBytes::from_vec(text.clone()));
        }
        std::fs::read(path).map(FileBytes::from_vec).map_err(|e| IoError::new(path, "read", &e))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        if let (Some(text), "t.c") = (&self.text, path.to_str().unwrap_or("")) {
            out.extend_from_slice(text);
            return Ok(FileStat::default());
        }
        let mut file = std::fs::File::open(path).map_err(|e| IoError::new(path, "open", &e))?;
        file.read_to_end(out).map_err(|e| IoError::new(path, "read", &e))?;
        Ok(FileStat::default())
    }
}

/// Options for `file` on this machine.
pub fn options(file: &str) -> Options {
    let mut options = Options { target_macros: target_macros::tables(), ..Options::new(file) };
    options.system_dirs = [
        "/usr/lib/gcc/x86_64-linux-gnu/12/include",
        "/usr/local/include",
        "/usr/include/x86_64-linux-gnu",
        "/usr/include",
    ]
    .map(String::from)
    .to_vec();
    options
}

/// Parses and checks a whole unit; what was said, rendered, and the number of errors.
pub fn check(options: Options, files: &Files) -> (String, u32) {
    let pp = Pp::new(options, files);
    let mut parser = Parser::new(pp, &LAYOUT, ParseOptions::default());
    while parser.next_external().is_some() {}
    parser.finish();
    let mut out = String::new();
    for diag in &parser.pp.diags.diags {
        render(&mut out, &parser.pp.map, "check", diag, RenderOptions { no_caret: true, ..RenderOptions::default() });
    }
    (out, parser.pp.diags.n_errors())
}

/// Checks a text under the name `t.c`.
pub fn check_text(text: &str) -> (String, u32) {
    check(options("t.c"), &Files { text: Some(text.as_bytes().to_vec()) })
}
