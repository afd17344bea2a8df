//! The interpreter's address space: a few segments of at most 4 GiB, the upper half of an address says which.
//!
//! Segment 0 does not exist, so that null and what is near it traps. Functions and labels have addresses in a segment
//! without bytes. Little-endian.

/// Segments, as the upper half of addresses.
pub const CODE: u64 = 1 << 32;
/// Data that may be written.
pub const DATA: u64 = 2 << 32;
/// Data that may only be read.
pub const CONST: u64 = 3 << 32;
pub const HEAP: u64 = 4 << 32;
/// Grows upward.
pub const STACK: u64 = 5 << 32;
/// Objects that nobody defines: touching one says which.
pub const MISSING: u64 = 6 << 32;
const N_SEGMENTS: usize = 7;

/// An access to memory that is not there, or not to be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fault {
    pub addr: u64,
    pub size: u64,
    pub write: bool,
}

#[derive(Default)]
pub struct Memory {
    segments: [Vec<u8>; N_SEGMENTS],
}

fn segment_of(addr: u64) -> usize {
    (addr >> 32).min(N_SEGMENTS as u64) as usize
}

impl Memory {
    /// The `size` bytes at `addr`.
    #[inline]
    pub fn bytes(&self, addr: u64, size: u64) -> Result<&[u8], Fault> {
        let start = addr as u32 as usize;
        self.segments
            .get((addr >> 32) as usize)
            .and_then(|bytes| bytes.get(start..start.checked_add(size as usize)?))
            .ok_or(Fault { addr, size, write: false })
    }

    /// The `size` bytes at `addr`, to be written.
    #[inline]
    pub fn bytes_mut(&mut self, addr: u64, size: u64) -> Result<&mut [u8], Fault> {
        let start = addr as u32 as usize;
        let segment = (addr >> 32) as usize;
        if segment == (CONST >> 32) as usize {
            return Err(Fault { addr, size, write: true });
        }
        self.segments
            .get_mut(segment)
            .and_then(|bytes| bytes.get_mut(start..start.checked_add(size as usize)?))
            .ok_or(Fault { addr, size, write: true })
    }

    #[inline]
    pub fn load<const N: usize>(&self, addr: u64) -> Result<[u8; N], Fault> {
        let bytes = self.bytes(addr, N as u64)?;
        let mut out = [0; N];
        out.copy_from_slice(bytes);
        Ok(out)
    }

    #[inline]
    pub fn store(&mut self, addr: u64, bytes: &[u8]) -> Result<(), Fault> {
        self.bytes_mut(addr, bytes.len() as u64)?.copy_from_slice(bytes);
        Ok(())
    }

    pub fn load_u64(&self, addr: u64) -> Result<u64, Fault> {
        self.load(addr).map(u64::from_le_bytes)
    }

    /// Copies `size` bytes; the areas may overlap.
    pub fn copy(&mut self, dst: u64, src: u64, size: u64) -> Result<(), Fault> {
        if size == 0 {
            return Ok(());
        }
        self.bytes(src, size)?;
        self.bytes_mut(dst, size)?;
        let (to, from, n) = (dst as u32 as usize, src as u32 as usize, size as usize);
        let (to_segment, from_segment) = (segment_of(dst), segment_of(src));
        if to_segment == from_segment {
            self.segments[to_segment].copy_within(from..from + n, to);
        } else if let Ok([target, source]) = self.segments.get_disjoint_mut([to_segment, from_segment]) {
            target[to..to + n].copy_from_slice(&source[from..from + n]);
        }
        Ok(())
    }

    /// The bytes from `addr` to the next NUL.
    pub fn c_string(&self, addr: u64) -> Result<&[u8], Fault> {
        let fault = Fault { addr, size: 1, write: false };
        let rest = self.segments.get((addr >> 32) as usize).and_then(|bytes| bytes.get(addr as u32 as usize..));
        let rest = rest.ok_or(fault)?;
        let len = rest.iter().position(|&b| b == 0).ok_or(fault)?;
        Ok(&rest[..len])
    }

    /// Bytes in the segment at `base`.
    pub fn size(&self, base: u64) -> u64 {
        self.segments[segment_of(base)].len() as u64
    }

    /// Makes the segment at `base` at least `size` bytes long; new bytes are zero.
    pub fn grow(&mut self, base: u64, size: u64) {
        let bytes = &mut self.segments[segment_of(base)];
        if bytes.len() < size as usize {
            bytes.resize(size as usize, 0);
        }
    }

    /// Writes where only the linker may.
    pub(super) fn fill_in(&mut self, addr: u64, bytes: &[u8]) -> Result<(), Fault> {
        let start = addr as u32 as usize;
        let fault = Fault { addr, size: bytes.len() as u64, write: true };
        let segment = self.segments.get_mut((addr >> 32) as usize).ok_or(fault)?;
        segment.get_mut(start..start + bytes.len()).ok_or(fault)?.copy_from_slice(bytes);
        Ok(())
    }
}

impl Clone for Memory {
    fn clone(&self) -> Memory {
        Memory { segments: self.segments.clone() }
    }
}
