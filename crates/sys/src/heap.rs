//! The allocator of the program `kit`: small blocks of 45 sizes on lists, pages of their own for large ones, and the
//! system's allocator for what is aligned to more than either.
//!
//! A compiler's small blocks live as long as the file they belong to, and a process compiles few files. A general
//! allocator spends its time on merging neighbours, which here is never worth it: 130 instructions for a block taken
//! and given back, against 20 for a list per size. A list belongs to a thread, so there is nothing to lock; a block that
//! another thread gives back joins that thread's list. Memory of small blocks never returns to the system: what a
//! command needs at its peak it keeps until it ends.
//!
//! A large block is a mapping: when it grows the kernel moves pages, and nothing is copied. Very large ones (the text of an
//! amalgamated source) are mapped with huge pages where the system has them, which saves a page fault per 4 KiB.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ptr;

/// Blocks of more bytes are mappings.
const MAX_BYTES: usize = 1 << 15;
/// Steps of 16 bytes to 256, then four sizes for each doubling.
const N_CLASSES: usize = 17 + 4 * 7;
/// Least size of a mapping. A vector that grows is copied up to there, and moved beyond.
const MAP_BYTES: usize = MAX_BYTES + 1;
/// … and those with huge pages.
const HUGE_BYTES: usize = 1 << 22;
/// What is fetched from the system at a time. Pages that nothing is written to cost nothing.
const CHUNK_BYTES: usize = 1 << 19;
/// What the kernel is asked to give pages for at a time: on a virtual machine a page costs 0.5 µs so, and 1.5 µs by a fault.
const PAGES_BYTES: usize = 1 << 16;
/// All blocks have it; what asks for more is the system's.
const ALIGN: usize = 16;

/// The class of a size from 0 to [`MAX_BYTES`].
#[inline(always)]
fn class_of(size: usize) -> usize {
    if size <= 256 {
        return size.div_ceil(16);
    }
    // 256 < size <= 2^15: the two bits below the highest one of `size - 1` tell the quarter.
    let top = (size - 1).ilog2() as usize;
    let quarter = ((size - 1) >> (top - 2)) & 3;
    17 + (top - 8) * 4 + quarter
}

/// Bytes of a block of a class.
static SIZES: [u32; N_CLASSES] = {
    let mut sizes = [16u32; N_CLASSES];
    let mut class = 1;
    while class < N_CLASSES {
        sizes[class] = if class <= 16 {
            class as u32 * 16
        } else {
            let (power, quarter) = ((class - 17) / 4, (class - 17) % 4);
            (256 << power) + (quarter as u32 + 1) * (64 << power)
        };
        class += 1;
    }
    sizes
};

/// One thread's free blocks.
struct Lists {
    /// First free block of each class; a free block's first word is the next one's address.
    free: [Cell<*mut u8>; N_CLASSES],
    /// What is left of the chunk at hand: bytes that have pages, and bytes behind them that have none yet.
    next: Cell<*mut u8>,
    left: Cell<usize>,
    later: Cell<usize>,
}

thread_local! {
    static LISTS: Lists = const {
        Lists {
            free: [const { Cell::new(ptr::null_mut()) }; N_CLASSES],
            next: Cell::new(ptr::null_mut()),
            left: Cell::new(0),
            later: Cell::new(0),
        }
    };
}

impl Lists {
    #[inline(always)]
    fn take(&self, class: usize) -> *mut u8 {
        let block = self.free[class].get();
        if block.is_null() {
            return self.carve(SIZES[class] as usize);
        }
        // SAFETY: a block on a list is free, at least 16 bytes long and aligned; its first word was written by `give`.
        self.free[class].set(unsafe { *block.cast::<*mut u8>() });
        block
    }

    /// As [`Lists::take`], filled with zeros.
    #[inline]
    fn take_zeroed(&self, class: usize) -> *mut u8 {
        let size = SIZES[class] as usize;
        if self.free[class].get().is_null() {
            return self.carve(size);
        }
        let block = self.take(class);
        // SAFETY: a block that was on a list has the bytes of its class.
        unsafe { block.write_bytes(0, size) };
        block
    }

    #[inline(always)]
    fn give(&self, class: usize, block: *mut u8) {
        // SAFETY: the caller gives up the block, which is at least 16 bytes long and aligned to 16.
        unsafe { *block.cast::<*mut u8>() = self.free[class].get() };
        self.free[class].set(block);
    }

    /// A block that was never used before: all zeros. `size` is a multiple of [`ALIGN`].
    fn carve(&self, size: usize) -> *mut u8 {
        if self.left.get() < size && !self.extend(size) {
            return ptr::null_mut();
        }
        let block = self.next.get();
        self.next.set(block.wrapping_add(size));
        self.left.set(self.left.get() - size);
        block
    }

    /// Makes room for `size` bytes: gets pages for more of the chunk at hand, or another chunk, in which case what is left of
    /// the one before is smaller than one block, and is lost. False when there is no memory.
    #[cold]
    fn extend(&self, size: usize) -> bool {
        if self.left.get() + self.later.get() < size {
            // SAFETY: size and alignment are valid and not zero.
            let chunk = unsafe { System.alloc_zeroed(Layout::from_size_align_unchecked(CHUNK_BYTES, ALIGN)) };
            if chunk.is_null() {
                return false;
            }
            self.next.set(chunk);
            self.left.set(0);
            self.later.set(CHUNK_BYTES);
        }
        let missing = (size - self.left.get()).max(PAGES_BYTES).min(self.later.get());
        populate(self.next.get().wrapping_add(self.left.get()), missing);
        self.left.set(self.left.get() + missing);
        self.later.set(self.later.get() - missing);
        true
    }
}

/// Gets pages for memory that is about to be written.
fn populate(start: *mut u8, size: usize) {
    const PAGE: usize = 4096;
    let from = (start as usize).next_multiple_of(PAGE);
    let to = (start as usize + size).next_multiple_of(PAGE);
    if from < to {
        // SAFETY: advice that changes no byte; a system that does not know it (before Linux 5.14) or a page that is not ours
        // behind the end gives an error, and pages come by faults.
        unsafe { libc::madvise(from as *mut libc::c_void, to - from, libc::MADV_POPULATE_WRITE) };
    }
}

#[inline(always)]
fn is_small(size: usize, align: usize) -> bool {
    size <= MAX_BYTES && align <= ALIGN
}

#[inline(always)]
fn is_mapped(size: usize, align: usize) -> bool {
    size >= MAP_BYTES && align <= 4096
}

/// Fresh pages, zeroed; null when there are none.
#[cold]
fn map(size: usize) -> *mut u8 {
    let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: a fresh mapping at an address of the kernel's choice touches no memory of ours.
    let start = unsafe { libc::mmap(ptr::null_mut(), size, access, kind, -1, 0) };
    if start == libc::MAP_FAILED {
        return ptr::null_mut();
    }
    if size >= HUGE_BYTES {
        // SAFETY: advice on the range just mapped; where it is not taken, nothing changes.
        unsafe { libc::madvise(start, size, libc::MADV_HUGEPAGE) };
    }
    start.cast()
}

/// The same pages and more or fewer of them, perhaps elsewhere; null, and nothing changed, when there is no room.
#[cold]
fn remap(block: *mut u8, size: usize, new_size: usize) -> *mut u8 {
    // SAFETY: the caller's block is a mapping of `size` bytes that `map` or `remap` made.
    let start = unsafe { libc::mremap(block.cast(), size, new_size, libc::MREMAP_MAYMOVE) };
    if start == libc::MAP_FAILED { ptr::null_mut() } else { start.cast() }
}

#[cold]
fn unmap(block: *mut u8, size: usize) {
    // SAFETY: the caller gives up its block, a mapping of `size` bytes.
    unsafe { libc::munmap(block.cast(), size) };
}

/// The allocator: made the program's by `#[global_allocator]` in `main.rs`.
pub struct Heap;

// SAFETY: small blocks come from chunks of the system's allocator and are handed out once until they are given back; each
// has the size of its class, which is at least the layout's, and alignment 16. Mappings are aligned to pages. Size and
// alignment alone decide which of the three kinds a block is, and are the same when it is given back.
unsafe impl GlobalAlloc for Heap {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let (size, align) = (layout.size(), layout.align());
        if is_small(size, align) {
            return LISTS.with(|lists| lists.take(class_of(size)));
        }
        if is_mapped(size, align) {
            return map(size);
        }
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let (size, align) = (layout.size(), layout.align());
        if is_small(size, align) {
            return LISTS.with(|lists| lists.give(class_of(size), block));
        }
        if is_mapped(size, align) {
            return unmap(block, size);
        }
        // SAFETY: the block is the system's, as its layout says.
        unsafe { System.dealloc(block, layout) }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let (size, align) = (layout.size(), layout.align());
        if is_small(size, align) {
            return LISTS.with(|lists| lists.take_zeroed(class_of(size)));
        }
        if is_mapped(size, align) {
            return map(size);
        }
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        let (size, align) = (layout.size(), layout.align());
        if is_small(size, align) && is_small(new_size, align) && class_of(size) == class_of(new_size) {
            return block;
        }
        if is_mapped(size, align) && is_mapped(new_size, align) {
            return remap(block, size, new_size);
        }
        let between = |size| !is_small(size, align) && !is_mapped(size, align);
        if between(size) && between(new_size) {
            // SAFETY: the block is the system's, as its layout says.
            return unsafe { System.realloc(block, layout, new_size) };
        }
        // SAFETY: the caller promises that the size is valid for the alignment; both blocks have at least the bytes
        // that are copied, and a fresh block overlaps no other.
        unsafe {
            let new = self.alloc(Layout::from_size_align_unchecked(new_size, align));
            if !new.is_null() {
                ptr::copy_nonoverlapping(block, new, size.min(new_size));
                self.dealloc(block, layout);
            }
            new
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_fits_its_class_and_no_smaller_one() {
        for size in 0..=MAX_BYTES {
            let class = class_of(size);
            assert!(SIZES[class] as usize >= size && SIZES[class].is_multiple_of(ALIGN as u32));
            assert!(class == 0 || (SIZES[class - 1] as usize) < size || class == 1, "{size}");
        }
        assert_eq!(class_of(MAX_BYTES), N_CLASSES - 1);
    }

    #[test]
    fn blocks_keep_their_bytes_while_others_come_and_go() {
        let mut held: Vec<(*mut u8, Layout, u8)> = Vec::new();
        let mut state = 1u64;
        for step in 0..20_000u32 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let random = (state >> 33) as usize;
            let size = 1 + random % [40, 600, 70_000, 600_000][random % 4];
            if held.len() > 200 || (random.is_multiple_of(3) && !held.is_empty()) {
                let (block, layout, byte) = held.swap_remove(random % held.len());
                // SAFETY: the block was handed out with this layout and is given up here.
                unsafe {
                    assert!((0..layout.size()).all(|at| *block.add(at) == byte));
                    let grown = Heap.realloc(block, layout, size);
                    assert!((0..size.min(layout.size())).all(|at| *grown.add(at) == byte));
                    Heap.dealloc(grown, Layout::from_size_align(size, layout.align()).unwrap());
                }
                continue;
            }
            let layout = Layout::from_size_align(size, [1, 8, 16, 64][random % 4]).unwrap();
            // SAFETY: the layout is not empty; exactly its bytes are written.
            unsafe {
                let block = if step % 2 == 0 { Heap.alloc(layout) } else { Heap.alloc_zeroed(layout) };
                assert!(step % 2 == 0 || (0..size).all(|at| *block.add(at) == 0));
                assert!(!block.is_null() && (block as usize).is_multiple_of(layout.align()));
                block.write_bytes(step as u8, size);
                held.push((block, layout, step as u8));
            }
        }
    }
}
