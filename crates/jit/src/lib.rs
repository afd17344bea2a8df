//! An image in the memory of this process: the linker's memory sink, with names to look up.
//!
//! Address space is reserved first, because an image is linked for its place; then the linked bytes are copied in and
//! every segment gets the permissions it asks for, never writable and executable at once. Code that needs its own
//! thread-local storage, a loader or a process of its own is refused here: it belongs into a started program.
#![forbid(unsafe_code)]

use link::options::OutputKind;
use link::{Image, LinkError, Options};
use obj::SectionFlags;
use std::collections::BTreeMap;
use std::fmt;
use sys::code_memory::{CodeMemory, Protection};

/// Why an image cannot live here.
#[derive(Debug)]
pub enum JitError {
    Link(Vec<LinkError>),
    /// The system refused memory.
    Memory(std::io::Error),
    /// The image is larger than what was reserved, in bytes.
    TooLarge {
        needed: u64,
        reserved: u64,
    },
    /// Thread-local variables have no block in a process that runs already.
    ThreadLocal,
}

impl fmt::Display for JitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JitError::Link(errors) => {
                let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
                f.write_str(&texts.join("\n"))
            }
            JitError::Memory(error) => write!(f, "cannot get memory for code: {error}"),
            JitError::TooLarge { needed, reserved } => {
                write!(f, "the image needs {needed} bytes of the {reserved} that are reserved")
            }
            JitError::ThreadLocal => {
                f.write_str("code with thread-local variables cannot be added to a running process")
            }
        }
    }
}

impl std::error::Error for JitError {}

/// Address space in which one image will live.
pub struct Reservation {
    memory: CodeMemory,
}

impl Reservation {
    /// Reserves `size` bytes of addresses; memory is used only where something is put.
    pub fn new(size: usize) -> Result<Reservation, JitError> {
        CodeMemory::reserve(size).map(|memory| Reservation { memory }).map_err(JitError::Memory)
    }

    /// Makes a link produce an image for this place: fixed addresses, no loader, nothing shared. References to the host's
    /// symbols, which may be far away, go through the image's own table, so instructions are left as they are.
    pub fn place(&self, options: &mut Options) {
        options.output = OutputKind::Exec;
        options.is_static = true;
        options.interpreter = None;
        options.relax = false;
        options.entry = Some("0".into());
        options.image_base = Some(self.memory.address() as u64);
    }

    /// Puts a linked image in its place.
    pub fn load(mut self, image: &Image<'_>) -> Result<Code, JitError> {
        let base = self.memory.address() as u64;
        if image.link.tls.align != 0 {
            return Err(JitError::ThreadLocal);
        }
        let end = image.link.segments.iter().map(|s| s.address + s.memory_size).max().unwrap_or(base);
        if end - base > self.memory.size() as u64 {
            return Err(JitError::TooLarge { needed: end - base, reserved: self.memory.size() as u64 });
        }
        let bytes = image.to_vec().map_err(JitError::Link)?;
        for segment in &image.link.segments {
            let from = segment.file_offset as usize;
            let content = &bytes[from..from + segment.file_size as usize];
            let protection =
                match (segment.permissions.has(SectionFlags::WRITE), segment.permissions.has(SectionFlags::EXEC)) {
                    (_, true) => Protection::ReadExecute,
                    (true, false) => Protection::ReadWrite,
                    (false, false) => Protection::Read,
                };
            let at = (segment.address - base) as usize;
            self.memory.fill(at, content, segment.memory_size as usize, protection).map_err(JitError::Memory)?;
        }
        let symbols = image.link.defined_globals().map(|(name, value)| (name.to_vec(), value)).collect();
        Ok(Code { memory: self.memory, symbols })
    }
}

/// A loaded image. Its memory goes away with it.
pub struct Code {
    memory: CodeMemory,
    symbols: BTreeMap<Vec<u8>, u64>,
}

impl Code {
    /// Address of a global function or object. It is valid as long as this value lives.
    pub fn lookup(&self, name: &str) -> Option<*const ()> {
        self.symbols.get(name.as_bytes()).map(|&address| address as *const ())
    }

    /// Lowest address of the image.
    pub fn address(&self) -> usize {
        self.memory.address()
    }
}

pub use sys::code_memory::library_function;
