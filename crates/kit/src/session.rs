//! A session of the library: C strings in, functions to call out. Nothing touches a file.
//!
//! A session owns everything it uses; several work side by side in several threads.

use crate::compile::{CodeOptions, CompileRequest, Goal, compile};
use crate::plugins::{TARGETS, TargetRow};
use base::diag::{RenderOptions, render};
use base::io::{FileBytes, FileStat, InputSource, IoError};
use jit::{Code, Reservation};
use link::{Files, Input, InputWhat, Options};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// What went wrong, as a user would read it.
#[derive(Debug)]
pub struct SessionError(pub String);

impl fmt::Display for SessionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SessionError {}

/// Stack of the thread that compiles, in bytes; only what is used of it costs memory.
const COMPILER_STACK: usize = 64 << 20;

/// Address space that is reserved for one image, in bytes.
const IMAGE_SPACE: usize = 64 << 20;

/// Collects compiled units and symbols of the host, then links them into this process.
pub struct Session {
    target: &'static TargetRow,
    units: Vec<(String, FileBytes)>,
    host: BTreeMap<String, usize>,
    headers: BTreeMap<String, Vec<u8>>,
}

impl Session {
    /// A session for the machine this runs on.
    pub fn new() -> Session {
        Session { target: &TARGETS[0], units: Vec::new(), host: BTreeMap::new(), headers: BTreeMap::new() }
    }

    /// Lets C code refer to a function or object of the host by `name`.
    pub fn define(&mut self, name: &str, address: *const ()) {
        self.host.insert(name.to_string(), address as usize);
    }

    /// Lets C code include `name`.
    pub fn add_header(&mut self, name: &str, text: &str) {
        self.headers.insert(name.to_string(), text.as_bytes().to_vec());
    }

    /// Compiles one unit. `name` is how messages call it.
    ///
    /// # Errors
    /// Everything that the compiler had to say, in gcc's shape, when there was an error.
    pub fn add_c(&mut self, name: &str, source: &str) -> Result<(), SessionError> {
        let world = Memory { name, source: source.as_bytes(), headers: &self.headers };
        let mut c = lang_c::options::Options::new(name);
        c.include_dirs.push(".".into());
        c.system_dirs.extend(crate::headers::dirs(self.target.arch.name));
        c.hosted = false;
        c.pic = 2;
        // Calls and data of the host may be anywhere: all go through the image's own table.
        let code = CodeOptions { pic: 2, no_plt: true, unwind_tables: true, ..CodeOptions::default() };
        let request = CompileRequest { target: self.target, c, code, goal: Goal::Object, processors: None };
        // The compiler counts its recursion against what a stack of this size bears; the caller's may be smaller.
        let out = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(COMPILER_STACK);
            let worker = thread.spawn_scoped(scope, || compile(&request, &world)).map_err(|e| e.to_string())?;
            worker.join().map_err(|_| "internal error: the compiler panicked".to_string())
        });
        let out = out.map_err(SessionError)?;
        match out.object {
            Some(_) if out.executable_stack => {
                let text =
                    "a nested function whose address is taken needs an executable stack, which this process has not";
                Err(SessionError(format!("{name}: error: {text}\n")))
            }
            Some(bytes) => {
                self.units.push((name.to_string(), FileBytes::from_vec(bytes)));
                Ok(())
            }
            None => {
                let mut text = String::new();
                for diag in &out.diags.diags {
                    render(&mut text, &out.map, "kit", diag, RenderOptions::default());
                }
                Err(SessionError(text))
            }
        }
    }

    /// Links everything added so far into this process.
    ///
    /// # Errors
    /// Undefined and duplicate symbols, and what the system refuses.
    pub fn link(&self) -> Result<Code, SessionError> {
        let place = Reservation::new(IMAGE_SPACE).map_err(|e| SessionError(e.to_string()))?;
        let mut options = Options { output_name: "the session".into(), eh_frame_hdr: false, ..Options::default() };
        place.place(&mut options);
        options.defsym = self.host_symbols();
        let inputs: Vec<Input> = self
            .units
            .iter()
            .map(|(name, bytes)| Input::new(InputWhat::Bytes { name: name.clone(), bytes: bytes.clone() }))
            .collect();
        let errors = |errors: Vec<link::LinkError>| {
            SessionError(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        };
        let nothing = Memory { name: "", source: b"", headers: &self.headers };
        let files = Files::open(&nothing, &inputs, &options, self.target.format).map_err(errors)?;
        let image = link::prepare(&files, &options, self.target.format, self.target.link).map_err(errors)?;
        place.load(&image).map_err(|e| SessionError(e.to_string()))
    }

    /// The host's symbols, and the few library functions that generated code calls on its own account.
    fn host_symbols(&self) -> Vec<(String, String)> {
        let own = ["memcpy", "memmove", "memset", "memcmp"];
        let library = own.into_iter().filter(|name| !self.host.contains_key(*name));
        let library = library.filter_map(|name| Some((name.to_string(), jit::library_function(name)?)));
        let given = self.host.iter().map(|(name, &address)| (name.clone(), address));
        library.chain(given).map(|(name, address)| (name, format!("{address:#x}"))).collect()
    }
}

impl Default for Session {
    fn default() -> Self {
        Session::new()
    }
}

/// The files that a session's units see: the unit itself and the session's headers.
struct Memory<'m> {
    name: &'m str,
    source: &'m [u8],
    headers: &'m BTreeMap<String, Vec<u8>>,
}

impl Memory<'_> {
    fn find(&self, path: &Path) -> Result<&[u8], IoError> {
        let text = path.to_str().unwrap_or("");
        let name = text.strip_prefix("./").unwrap_or(text);
        if text == self.name {
            return Ok(self.source);
        }
        let missing = || IoError::new(path, "open", &std::io::Error::from(std::io::ErrorKind::NotFound));
        self.headers.get(name).map(Vec::as_slice).ok_or_else(missing)
    }
}

impl InputSource for Memory<'_> {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        let inode = base::hash::hash64(path.as_os_str().as_encoded_bytes());
        self.find(path).map(|bytes| FileStat {
            inode,
            size: bytes.len() as u64,
            mode: 0o100_444,
            ..FileStat::default()
        })
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        self.find(path).map(|bytes| FileBytes::from_vec(bytes.to_vec()))
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        out.extend_from_slice(self.find(path)?);
        self.stat(path)
    }
}
