//! What a link leaves beside its output so that the next one can patch: a file that is read by record, never whole.
//!
//! A header of one page names the regions; a region is an array of records of one size. Every record ends with a checksum
//! over itself, its region and its index, so that whatever is read is known to be what was written there; nothing else is
//! looked at. Small ranges of few records are read where they stand, because one `pread` of 100 bytes costs a fifth of a
//! microsecond and a page fault ten times as much. Any mismatch is a reason for a full link, never an error.
//!
//! The format is kit's own and changes with [`SCHEMA`]; `docs/decisions/0030-state-of-a-link.md` says why it is as it is.

use base::hash::{content_id, hash64};
use base::io::{FileStat, ImageFile, IoError};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

pub(crate) const MAGIC: u64 = u64::from_le_bytes(*b"kit-link");
/// Raised whenever a record changes its meaning.
pub(crate) const SCHEMA: u32 = 2;
/// The header's room, and the unit in which touched pages are counted.
pub(crate) const PAGE: u64 = 4096;
/// "None" in a record's 32-bit field.
pub(crate) const NONE: u32 = u32::MAX;
/// Children of a node of the identity tree.
pub(crate) const FAN: usize = 16;

/// What happened inside a patch, as counts that do not depend on the machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Files asked for their identity.
    pub inputs_checked: u64,
    /// Inputs whose bytes were looked at.
    pub inputs_opened: u64,
    /// Bytes of changed inputs, state and image that were read.
    pub bytes_read: u64,
    /// Bytes written to state and image.
    pub bytes_written: u64,
    /// Different pages of the state that were touched.
    pub pages_touched: u64,
    pub atoms_visited: u64,
    pub atoms_patched: u64,
    pub relocations_applied: u64,
}

/// Why the state cannot be used. Always leads to a full link.
#[derive(Clone, Debug)]
pub(crate) enum Unusable {
    /// The state lies.
    Corrupt(&'static str),
    /// What a change refers to was left out of the output.
    LeftOut,
    Io(IoError),
}

impl std::fmt::Display for Unusable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unusable::Corrupt(what) => write!(f, "the state of the previous link is damaged: {what}"),
            Unusable::LeftOut => f.write_str("a change refers to something that was left out"),
            Unusable::Io(error) => write!(f, "{error}"),
        }
    }
}

impl From<IoError> for Unusable {
    fn from(error: IoError) -> Unusable {
        Unusable::Io(error)
    }
}

/// A field of a record: how it lies in bytes.
pub(crate) trait Field: Copy {
    const SIZE: usize;
    fn put(self, out: &mut Vec<u8>);
    fn get(bytes: &[u8], at: &mut usize) -> Option<Self>;
}

macro_rules! fields {
    ($($ty:ty),+) => {$(
        impl Field for $ty {
            const SIZE: usize = size_of::<$ty>();
            fn put(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn get(bytes: &[u8], at: &mut usize) -> Option<$ty> {
                let raw = bytes.get(*at..*at + Self::SIZE)?;
                *at += Self::SIZE;
                Some(<$ty>::from_le_bytes(raw.try_into().ok()?))
            }
        }
    )+};
}

fields!(u32, u64, i64, u128);

impl<T: Field, const N: usize> Field for [T; N] {
    const SIZE: usize = T::SIZE * N;
    fn put(self, out: &mut Vec<u8>) {
        self.into_iter().for_each(|item| item.put(out));
    }
    fn get(bytes: &[u8], at: &mut usize) -> Option<[T; N]> {
        let mut items = [T::get(bytes, &mut at.clone())?; N];
        for item in &mut items {
            *item = T::get(bytes, at)?;
        }
        Some(items)
    }
}

/// Something of fixed size that stands in a region.
pub(crate) trait Record: Copy {
    const SIZE: usize;
    fn encode(self, out: &mut Vec<u8>);
    fn decode(bytes: &[u8]) -> Option<Self>;
}

macro_rules! records {
    ($($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident: $ty:ty,)+ })+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(crate) struct $name { $($(#[$field_meta])* pub $field: $ty,)+ }

        impl Record for $name {
            const SIZE: usize = 0 $(+ <$ty as Field>::SIZE)+;
            fn encode(self, out: &mut Vec<u8>) {
                $(self.$field.put(out);)+
            }
            fn decode(bytes: &[u8]) -> Option<$name> {
                let mut at = 0;
                Some($name { $($field: <$ty as Field>::get(bytes, &mut at)?,)+ })
            }
        }
    )+};
}

records! {
    /// One file whose identity is part of the link, in the order of [`crate::session`]'s list.
    InputRec {
        /// See [`InputKind`].
        kind: u32,
        /// Its objects in region [`Region::InputObjects`].
        first: u32,
        count: u32,
        /// Of an archive: its members' names and its symbol index.
        index: u64,
    }
    /// A number in a region of plain indices.
    IndexRec {
        value: u32,
    }
    /// An input that changed so recently that its time stamps may not tell the next change.
    RacyRec {
        input: u32,
        content: u128,
    }
    /// A node of the identity tree.
    NodeRec {
        hash: u64,
    }
    ObjectRec {
        /// Hash of the member's name, and its place among the members of that name; 0 for plain objects.
        member: u64,
        occurrence: u32,
        /// Hash of all its bytes.
        raw: u128,
        /// [`obj::content::interface_id`].
        interface: u128,
        /// Hash of what its sections refer to, if that decides which sections are in the output; else 0.
        references: u64,
        /// Its records in the regions below: first and count.
        atoms: [u32; 2],
        globals: [u32; 2],
        frames: [u32; 2],
        sizes: [u32; 2],
        locals: [u32; 2],
        dynamic: [u32; 2],
    }
    AtomRec {
        content: u128,
        /// See [`AtomFate`].
        fate: u32,
        section: u32,
        /// In its output section.
        offset: u64,
        size: u64,
        capacity: u64,
    }
    SymbolRec {
        flags: u32,
        /// See [`DefKind`].
        def: u32,
        /// The object that defines it, or [`NONE`].
        object: u32,
        visibility: u32,
        value: u64,
        slot: SlotFields,
    }
    /// Entries of a local symbol.
    LocalRec {
        /// Its rank among the object's symbols.
        symbol: u32,
        slot: SlotFields,
    }
    /// One kept unwind record of a function.
    FrameRec {
        /// In the output section of frames, and of its CIE.
        offset: u32,
        cie_offset: u32,
        capacity: u32,
        /// Hash of the record and its relocations, and of its CIE.
        content: u64,
        cie: u64,
        /// Where its function begins.
        begin: u64,
    }
    /// Where the size of a symbol stands in the file.
    SizeRec {
        /// Its rank among the object's symbols.
        symbol: u32,
        size: u64,
        /// File offsets, 0 for "not there".
        at: [u64; 2],
    }
    /// A run-time relocation of an atom.
    DynamicRec {
        atom: u32,
        offset: u32,
        kind: u32,
        /// Global of the link, or [`NONE`].
        symbol: u32,
        /// File offset of the 64-bit addend.
        addend_at: u64,
    }
    SectionRec {
        address: u64,
        file_offset: u64,
        size: u64,
        flags: u32,
        zero: u32,
    }
    HeaderRec {
        magic: u64,
        schema: u32,
        /// See [`Phase`].
        phase: u32,
        generation: u64,
        /// Who wrote it, and in which run of the machine.
        build: u64,
        boot: u128,
        /// Hashes of options and working directory, and of the list of inputs.
        options: u128,
        inputs: u128,
        /// The output as the last commit left it: device, inode, size, times, mode, links.
        output: [u64; 7],
        /// Root of the identity tree, number of leaves.
        root: u64,
        n_leaves: u32,
        n_racy: u32,
        /// Hash of the paths that are no explicit inputs.
        found: u64,
        found_size: u64,
        /// Address, file offset, file size, size, alignment.
        tls: [u64; 5],
        /// GOT, GOT of the PLT, PLT, direct entries; [`u64::MAX`] for "none".
        tables: [u64; 4],
        /// A PLT header exists.
        lazy: u32,
        own_module: u32,
        frames_section: u32,
        /// File offset and length of the build id; length 0 when there is none.
        build_id: [u64; 2],
        regions: [RegionFields; N_REGIONS],
    }
}

/// GOT word, thread-pointer word, pair, descriptor, PLT entry, direct entry, offset of the copy, flags.
pub(crate) type SlotFields = [u32; 8];
/// Offset and count.
pub(crate) type RegionFields = [u64; 2];

pub(crate) const SLOT_CANONICAL: u32 = 1;
/// Of the offset of a copy: it lies in the area that is read-only after relocation.
pub(crate) const READ_ONLY_COPY: u32 = 1 << 31;

/// Numbers of [`InputRec::kind`].
pub(crate) struct InputKind;
impl InputKind {
    /// Libraries, scripts, places where nothing was found: any change of them changes everything.
    pub const WHOLE: u32 = 0;
    pub const OBJECT: u32 = 1;
    pub const ARCHIVE: u32 = 2;
}

/// Numbers of [`AtomRec::fate`].
pub(crate) struct AtomFate;
impl AtomFate {
    /// Not in the output, and nothing was made of it.
    pub const DISCARDED: u32 = 0;
    pub const PLACED: u32 = 1;
    /// Cut into unwind records.
    pub const FRAMES: u32 = 2;
    /// Not copied, but the link read it.
    pub const READ: u32 = 3;
    /// Copied backwards.
    pub const REVERSED: u32 = 4;
}

/// Numbers of [`SymbolRec::def`].
pub(crate) struct DefKind;
impl DefKind {
    pub const UNDEFINED: u32 = 0;
    pub const OBJECT: u32 = 1;
    pub const SHARED: u32 = 2;
    pub const OTHER: u32 = 3;
    /// Defined by an object in a section that is not in the output.
    pub const LEFT_OUT: u32 = 4;
}

/// Numbers of [`HeaderRec::phase`].
pub(crate) struct Phase;
impl Phase {
    /// The output is being written: whatever is there, only a full link can tell.
    pub const WRITING: u32 = 1;
    pub const CLEAN: u32 = 2;
}

/// The arrays of a state file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Region {
    Tree,
    Racy,
    Inputs,
    InputObjects,
    Objects,
    Atoms,
    /// For each symbol of an object, by rank, the number of its global.
    Globals,
    Symbols,
    Locals,
    Frames,
    Sizes,
    Dynamic,
    Sections,
}
pub(crate) const N_REGIONS: usize = 13;

/// Size of a record's checksum.
const CHECK: usize = 4;

fn check(region: u32, index: u64, body: &[u8]) -> [u8; CHECK] {
    let seed = (u64::from(region) << 48 ^ index).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    ((hash64(body) ^ seed).wrapping_mul(0xff51_afd7_ed55_8ccd) >> 32).to_le_bytes()[..CHECK]
        .try_into()
        .expect("four bytes")
}

/// A record with its checksum.
pub(crate) fn seal<R: Record>(region: u32, index: u64, record: R, out: &mut Vec<u8>) {
    let start = out.len();
    record.encode(out);
    let sum = check(region, index, &out[start..]);
    out.extend_from_slice(&sum);
}

fn unseal<R: Record>(region: u32, index: u64, bytes: &[u8]) -> Option<R> {
    let (body, sum) = bytes.split_at_checked(R::SIZE)?;
    if check(region, index, body) != *sum {
        return None;
    }
    R::decode(body)
}

/// The header's own number as a region.
const HEADER: u32 = 0xffff;

impl HeaderRec {
    pub fn to_bytes(self) -> Vec<u8> {
        let mut out = Vec::with_capacity(PAGE as usize);
        seal(HEADER, 0, self, &mut out);
        out
    }
}

/// The header fits its page.
const _: () = assert!(HeaderRec::SIZE + CHECK <= PAGE as usize);

/// An open state file. Reads are counted; writes are collected and made by the session's commit.
pub(crate) struct State {
    file: Box<dyn ImageFile>,
    pub header: HeaderRec,
    len: u64,
    pub writes: Vec<(u64, Vec<u8>)>,
    bytes_read: Cell<u64>,
    pages: RefCell<BTreeSet<u64>>,
}

impl State {
    /// Reads and checks the header.
    pub fn open(file: Box<dyn ImageFile>) -> Result<State, Unusable> {
        let len = file.len()?;
        let size = HeaderRec::SIZE + CHECK;
        if len < PAGE {
            return Err(Unusable::Corrupt("it is cut off"));
        }
        let mut bytes = vec![0; size];
        file.read_at(0, &mut bytes)?;
        // Magic and schema come first: another version's header has another size.
        let magic = base::bytes::get_u64(&bytes, 0);
        if magic != Some(MAGIC) || base::bytes::get_u32(&bytes, 8) != Some(SCHEMA) {
            return Err(Unusable::Corrupt("it is of another version"));
        }
        let header = unseal::<HeaderRec>(HEADER, 0, &bytes).ok_or(Unusable::Corrupt("header"))?;
        let pages = RefCell::new(BTreeSet::from([0]));
        Ok(State { file, header, len, writes: Vec::new(), bytes_read: Cell::new(size as u64), pages })
    }

    pub fn count(&self, region: Region) -> u64 {
        self.header.regions[region as usize][1]
    }

    fn read(&self, offset: u64, len: usize) -> Result<Vec<u8>, Unusable> {
        let end = offset.checked_add(len as u64).filter(|&end| end <= self.len);
        let Some(end) = end else { return Err(Unusable::Corrupt("it is cut off")) };
        let mut bytes = vec![0; len];
        if len > 0 {
            self.file.read_at(offset, &mut bytes)?;
            self.bytes_read.set(self.bytes_read.get() + len as u64);
            self.pages.borrow_mut().extend(offset / PAGE..=(end - 1) / PAGE);
        }
        Ok(bytes)
    }

    fn place<R: Record>(&self, region: Region, first: u64, count: u64) -> Result<u64, Unusable> {
        let [offset, n] = self.header.regions[region as usize];
        let stride = (R::SIZE + CHECK) as u64;
        if first.checked_add(count).is_none_or(|end| end > n) {
            return Err(Unusable::Corrupt("an index leads outside its region"));
        }
        first.checked_mul(stride).and_then(|at| at.checked_add(offset)).ok_or(Unusable::Corrupt("region"))
    }

    /// `count` records from `first` on.
    pub fn records<R: Record>(&self, region: Region, first: u64, count: u64) -> Result<Vec<R>, Unusable> {
        let offset = self.place::<R>(region, first, count)?;
        let stride = R::SIZE + CHECK;
        let len = usize::try_from(count).ok().and_then(|n| n.checked_mul(stride));
        let len = len.filter(|&len| len as u64 <= self.len).ok_or(Unusable::Corrupt("region"))?;
        let bytes = self.read(offset, len)?;
        let each = bytes.chunks_exact(stride).enumerate();
        let read = each.map(|(idx, bytes)| unseal(region as u32, first + idx as u64, bytes));
        read.collect::<Option<Vec<R>>>().ok_or(Unusable::Corrupt("a record"))
    }

    /// Records of a range as [`ObjectRec`] gives it.
    pub fn range<R: Record>(&self, region: Region, range: [u32; 2]) -> Result<Vec<R>, Unusable> {
        self.records(region, u64::from(range[0]), u64::from(range[1]))
    }

    pub fn record<R: Record>(&self, region: Region, index: u64) -> Result<R, Unusable> {
        let found = self.records(region, index, 1)?;
        found.into_iter().next().ok_or(Unusable::Corrupt("a record"))
    }

    /// The paths that are no explicit inputs.
    pub fn found(&self) -> Result<Vec<u8>, Unusable> {
        let size = usize::try_from(self.header.found_size).unwrap_or(usize::MAX).min(self.len as usize);
        let bytes = self.read(PAGE, size)?;
        if hash64(&bytes) != self.header.found {
            return Err(Unusable::Corrupt("list of libraries"));
        }
        Ok(bytes)
    }

    /// Replaces a record at commit.
    pub fn set<R: Record>(&mut self, region: Region, index: u64, record: R) -> Result<(), Unusable> {
        let offset = self.place::<R>(region, index, 1)?;
        let mut bytes = Vec::with_capacity(R::SIZE + CHECK);
        seal(region as u32, index, record, &mut bytes);
        self.pages.borrow_mut().insert(offset / PAGE);
        self.writes.push((offset, bytes));
        Ok(())
    }

    /// Writes the header at once.
    pub fn write_header(&mut self, counters: &mut Counters) -> Result<(), IoError> {
        let bytes = self.header.to_bytes();
        counters.bytes_written += bytes.len() as u64;
        self.file.write_at(0, &bytes)
    }

    /// Makes the collected writes.
    pub fn flush(&mut self, counters: &mut Counters) -> Result<(), IoError> {
        for (offset, bytes) in std::mem::take(&mut self.writes) {
            counters.bytes_written += bytes.len() as u64;
            self.file.write_at(offset, &bytes)?;
        }
        Ok(())
    }

    /// Adds what was read to the counters.
    pub fn count_reads(&self, counters: &mut Counters) {
        counters.bytes_read += self.bytes_read.get();
        counters.pages_touched = self.pages.borrow().len() as u64;
    }
}

/// A state file in the making: regions as sealed bytes.
pub(crate) struct StateBuilder {
    regions: Vec<(Vec<u8>, u64)>,
    found: Vec<u8>,
}

impl StateBuilder {
    pub fn new(found: Vec<u8>) -> StateBuilder {
        StateBuilder { regions: vec![(Vec::new(), 0); N_REGIONS], found }
    }

    /// Appends a record and returns its index.
    pub fn push<R: Record>(&mut self, region: Region, record: R) -> u32 {
        let (bytes, count) = &mut self.regions[region as usize];
        seal(region as u32, *count, record, bytes);
        *count += 1;
        (*count - 1) as u32
    }

    pub fn count(&self, region: Region) -> u32 {
        self.regions[region as usize].1 as u32
    }

    /// The file's bytes; fills what the header says of them.
    pub fn finish(self, header: &mut HeaderRec) -> Vec<u8> {
        let mut out = vec![0; PAGE as usize];
        header.found = hash64(&self.found);
        header.found_size = self.found.len() as u64;
        out.extend_from_slice(&self.found);
        for (idx, (bytes, count)) in self.regions.iter().enumerate() {
            // Records do not cross into the page of the region before, so that a region's pages are its own.
            out.resize(out.len().next_multiple_of(64), 0);
            header.regions[idx] = [out.len() as u64, *count];
            out.extend_from_slice(bytes);
        }
        let head = header.to_bytes();
        out[..head.len()].copy_from_slice(&head);
        out
    }
}

/// The output's identity as the header keeps it.
pub(crate) fn output_fields(stat: &FileStat) -> [u64; 7] {
    let FileStat { device, inode, size, mtime_ns, ctime_ns, mode, n_links } = *stat;
    [device, inode, size, mtime_ns as u64, ctime_ns as u64, u64::from(mode), u64::from(n_links)]
}

/// The identity tree over `leaves`: levels one after the other, leaves first, and the offset of each level.
pub(crate) fn tree(leaves: &[u64]) -> (Vec<u64>, Vec<usize>) {
    let mut nodes = leaves.to_vec();
    let mut levels = vec![0];
    let mut level = 0..nodes.len();
    while level.len() > 1 {
        let start = nodes.len();
        for group in level.clone().step_by(FAN) {
            let end = (group + FAN).min(level.end);
            nodes.push(node(&nodes[group..end]));
        }
        levels.push(start);
        level = start..nodes.len();
    }
    (nodes, levels)
}

fn node(children: &[u64]) -> u64 {
    let bytes: Vec<u8> = children.iter().flat_map(|hash| hash.to_le_bytes()).collect();
    content_id(&bytes).0 as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_and_lies_do_not() {
        let record = FrameRec { offset: 1, cie_offset: 2, capacity: 3, content: 4, cie: 5, begin: 6 };
        let mut bytes = Vec::new();
        seal(Region::Frames as u32, 7, record, &mut bytes);
        assert_eq!(unseal(Region::Frames as u32, 7, &bytes), Some(record));
        assert_eq!(unseal::<FrameRec>(Region::Frames as u32, 8, &bytes), None);
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 0x10;
            assert_eq!(unseal::<FrameRec>(Region::Frames as u32, 7, &bad), None);
        }
    }

    #[test]
    fn a_leaf_changes_its_path_only() {
        let leaves: Vec<u64> = (0..1000).collect();
        let (before, levels) = tree(&leaves);
        let mut changed = leaves.clone();
        changed[500] = 7_777;
        let (after, _) = tree(&changed);
        assert_eq!(levels.len(), 4);
        assert_eq!(before.iter().zip(&after).filter(|(a, b)| a != b).count(), 4);
        assert_eq!(tree(&[]).0.len(), 0);
    }
}
