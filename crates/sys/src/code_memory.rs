//! Memory for code: reserved as addresses, filled piece by piece, writable or executable but never both.

use std::io;

/// What a piece of memory may be used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protection {
    Read,
    ReadWrite,
    ReadExecute,
}

/// A range of addresses of this process, released when the value is dropped.
#[derive(Debug)]
pub struct CodeMemory {
    address: usize,
    size: usize,
}

// SAFETY: the value is a range of addresses; whoever reads or runs what lies there answers for that.
unsafe impl Send for CodeMemory {}
// SAFETY: as above; shared references only tell numbers.
unsafe impl Sync for CodeMemory {}

const PAGE: usize = 4096;

impl CodeMemory {
    /// Reserves at least `size` bytes of addresses. Nothing can be read or written there yet.
    pub fn reserve(size: usize) -> io::Result<CodeMemory> {
        let size = size.max(1).next_multiple_of(PAGE);
        // SAFETY: asks for fresh addresses anywhere; nothing existing is touched.
        let address = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                size,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE,
                -1,
                0,
            )
        };
        if address == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(CodeMemory { address: address as usize, size })
    }

    pub fn address(&self) -> usize {
        self.address
    }

    /// In bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Puts `content` at `offset`, zeroes up to `size` bytes, and protects the pages that are touched. Pieces with
    /// different protections must not share a page.
    pub fn fill(&mut self, offset: usize, content: &[u8], size: usize, protection: Protection) -> io::Result<()> {
        let size = size.max(content.len());
        if offset.checked_add(size).is_none_or(|end| end > self.size) {
            return Err(io::Error::from(io::ErrorKind::InvalidInput));
        }
        let first = offset / PAGE * PAGE;
        let len = (offset + size).next_multiple_of(PAGE) - first;
        let prot = match protection {
            Protection::Read => libc::PROT_READ,
            Protection::ReadWrite => libc::PROT_READ | libc::PROT_WRITE,
            Protection::ReadExecute => libc::PROT_READ | libc::PROT_EXEC,
        };
        // SAFETY: the range lies within this reservation, as checked above, and is made writable before it is written.
        // Fresh anonymous pages are zero. x86 and the kernel keep instruction fetches coherent with these writes.
        unsafe {
            let start = (self.address + first) as *mut libc::c_void;
            if libc::mprotect(start, len, libc::PROT_READ | libc::PROT_WRITE) != 0 {
                return Err(io::Error::last_os_error());
            }
            std::ptr::copy_nonoverlapping(content.as_ptr(), (self.address + offset) as *mut u8, content.len());
            if prot != libc::PROT_READ | libc::PROT_WRITE && libc::mprotect(start, len, prot) != 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    }
}

impl Drop for CodeMemory {
    fn drop(&mut self) {
        // SAFETY: unmaps exactly what `reserve` mapped.
        unsafe { libc::munmap(self.address as *mut libc::c_void, self.size) };
    }
}

/// Addresses of the C library's functions that generated code calls on its own account.
pub fn library_function(name: &str) -> Option<usize> {
    Some(match name {
        "memcpy" => libc::memcpy as *const () as usize,
        "memmove" => libc::memmove as *const () as usize,
        "memset" => libc::memset as *const () as usize,
        "memcmp" => libc::memcmp as *const () as usize,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_a_function() {
        let mut memory = CodeMemory::reserve(3 * PAGE).unwrap();
        // mov eax, 42; ret
        memory.fill(0, &[0xb8, 42, 0, 0, 0, 0xc3], 6, Protection::ReadExecute).unwrap();
        memory.fill(PAGE, b"data", 2 * PAGE, Protection::ReadWrite).unwrap();
        assert!(memory.fill(PAGE, b"x", 3 * PAGE, Protection::Read).is_err());
        // SAFETY: the address holds the machine code above, a function of this type.
        let f: extern "C" fn() -> i32 = unsafe { std::mem::transmute(memory.address() as *const ()) };
        assert_eq!(f(), 42);
    }
}
