//! The bytes of one section under construction, with its relocations.

use base::bytes::{push_sleb128, push_uleb128};
use obj::build::ObjectBuilder;
use obj::{AtomId, RelocTarget};
use target::RelocKind;

/// Bytes of one debug section. Little-endian.
#[derive(Default)]
pub(crate) struct SectionBytes {
    pub bytes: Vec<u8>,
    pub relocs: Vec<DebugReloc>,
}

/// A relocation of a debug section.
#[derive(Clone, Copy)]
pub(crate) struct DebugReloc {
    pub offset: u32,
    pub kind: RelocKind,
    pub target: RelocTarget,
    pub addend: i64,
}

impl SectionBytes {
    pub fn len(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect("a debug section below 4 GiB")
    }

    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    pub fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    pub fn uleb(&mut self, value: u64) {
        push_uleb128(&mut self.bytes, value);
    }

    pub fn sleb(&mut self, value: i64) {
        push_sleb128(&mut self.bytes, value);
    }

    /// A NUL-terminated string; what follows a NUL within is dropped.
    pub fn string(&mut self, text: &str) {
        let text = text.as_bytes();
        let len = text.iter().position(|&byte| byte == 0).unwrap_or(text.len());
        self.bytes.extend_from_slice(&text[..len]);
        self.bytes.push(0);
    }

    pub fn set_u32(&mut self, at: u32, value: u32) {
        self.bytes[at as usize..at as usize + 4].copy_from_slice(&value.to_le_bytes());
    }

    /// A field of `size` bytes, 4 or 8, that a relocation fills.
    pub fn reloc(&mut self, size: usize, kind: RelocKind, target: RelocTarget, addend: i64) {
        self.relocs.push(DebugReloc { offset: self.len(), kind, target, addend });
        self.bytes.resize(self.bytes.len() + size, 0);
    }

    /// Appends the relocations to `atom`, which holds these bytes.
    pub fn add_relocs(&self, builder: &mut ObjectBuilder, atom: AtomId) {
        for reloc in &self.relocs {
            builder.add_reloc(atom, reloc.offset, reloc.kind, reloc.target, reloc.addend);
        }
    }
}
