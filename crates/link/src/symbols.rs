//! The table of global names: one entry a name, one hash a mention, no allocation a symbol.
//!
//! Names are borrowed from the inputs and keyed with their version: `foo` stands for an unversioned or default-versioned
//! (`foo@@V`) symbol, `foo@V` for one that only an explicit request binds.

use crate::load::{ObjId, SharedId};
use base::define_id;
use base::ids::{Id, IdVec};
use obj::{SymId, Visibility};

define_id! {
    /// A global name of this link.
    pub struct GlobalId; "global"
    /// Something that this link makes itself.
    pub struct SynthId; "synth"
}

/// Where a name is defined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Def {
    Undefined,
    /// A definition, or a tentative one, in an object.
    Object {
        obj: ObjId,
        sym: SymId,
    },
    /// A symbol of a shared library, by its position there.
    Shared {
        lib: SharedId,
        sym: u32,
    },
    /// In something that this link makes, at an offset.
    Synth {
        synth: SynthId,
        offset: u64,
    },
    /// A boundary or header symbol; index into [`crate::Link::edges`].
    Edge(u32),
    /// A number.
    Absolute(u64),
}

/// Facts about a global name, gathered by `resolve` and `exports`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct GlobalFlags(pub u32);

impl GlobalFlags {
    /// Mentioned by a regular object.
    pub const REF_REGULAR: u32 = 1;
    /// Mentioned by a regular object other than weakly.
    pub const REF_STRONG: u32 = 2;
    /// Mentioned by a shared library (undefined there).
    pub const REF_SHARED: u32 = 4;
    /// The winning definition is tentative.
    pub const COMMON: u32 = 8;
    /// The winning definition is weak.
    pub const WEAK_DEF: u32 = 16;
    /// Also defined by a shared library that is linked in.
    pub const SHARED_DEF: u32 = 32;
    /// Made local by a version script or `--exclude-libs`.
    pub const FORCED_LOCAL: u32 = 64;
    /// In the dynamic symbol table.
    pub const DYNAMIC: u32 = 128;
    /// Bound at run time: another module's definition may be taken.
    pub const PREEMPTIBLE: u32 = 256;
    pub const TLS: u32 = 512;
    pub const FUNCTION: u32 = 1024;
    pub const IFUNC: u32 = 2048;
    /// Its value does not move with the image.
    pub const ABSOLUTE: u32 = 4096;
    /// Nobody defines it and that is allowed: its address is 0 (or bound at run time, if `PREEMPTIBLE`).
    pub const UNDEF_ZERO: u32 = 8192;
    /// Undefined, and that is an error where it is used.
    pub const UNDEF_ERROR: u32 = 1 << 14;
    /// An export option or dynamic list names it.
    pub const EXPORT: u32 = 1 << 15;
    /// Defined in an input of an archive named by `--exclude-libs`.
    pub const EXCLUDED: u32 = 1 << 16;
    /// A duplicate was reported.
    pub const REPORTED: u32 = 1 << 17;
    /// The definition is at the default version (`foo@@V`).
    pub const VERSIONED: u32 = 1 << 18;
    /// Defined at a non-default version (`foo@V`).
    pub const HIDDEN_VERSION: u32 = 1 << 19;
    /// Protected or otherwise bound inside this module although others may see it.
    pub const LINKER_MADE: u32 = 1 << 20;

    #[inline]
    pub fn has(self, bits: u32) -> bool {
        self.0 & bits != 0
    }

    #[inline]
    pub fn set(&mut self, bits: u32) {
        self.0 |= bits;
    }

    #[inline]
    pub fn clear(&mut self, bits: u32) {
        self.0 &= !bits;
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Global<'a> {
    /// With `@VERSION` if that is part of the key.
    pub name: &'a [u8],
    pub def: Def,
    pub flags: GlobalFlags,
    pub visibility: Visibility,
    /// Version that the output gives it: 0 local, 1 global, others index [`crate::exports::Versions`].
    pub version: u16,
    /// The object that mentioned it first, for messages.
    pub first: ObjId,
    /// Size and alignment of a tentative definition.
    pub common_size: u64,
    pub common_align: u32,
    /// Offset among the tentative definitions.
    pub common_offset: u64,
    /// Position in the dynamic symbol table, 0 when not there.
    pub dynamic_index: u32,
}

impl<'a> Global<'a> {
    fn new(name: &'a [u8]) -> Global<'a> {
        Global {
            name,
            def: Def::Undefined,
            flags: GlobalFlags::default(),
            visibility: Visibility::Default,
            version: 1,
            first: ObjId::NONE,
            common_size: 0,
            common_align: 0,
            common_offset: 0,
            dynamic_index: 0,
        }
    }

    /// The name without its version.
    pub fn base_name(&self) -> &'a [u8] {
        match self.name.iter().position(|&b| b == b'@') {
            Some(at) if at > 0 => &self.name[..at],
            _ => self.name,
        }
    }

    /// Defined in this image, not imported.
    pub fn is_defined_here(&self) -> bool {
        !matches!(self.def, Def::Undefined | Def::Shared { .. })
    }

    pub fn is(&self, bits: u32) -> bool {
        self.flags.has(bits)
    }
}

/// All global names, found by hash.
#[derive(Default)]
pub struct Globals<'a> {
    pub items: IdVec<GlobalId, Global<'a>>,
    /// Open addressing: upper half of the hash, and the id. A power of two long, at most half full.
    table: Vec<(u32, u32)>,
}

const EMPTY: u32 = u32::MAX;

impl<'a> Globals<'a> {
    /// A table that takes `n` names without growing.
    pub fn with_capacity(n: usize) -> Globals<'a> {
        let slots = (n.max(512) * 2).next_power_of_two();
        Globals { items: IdVec::with_capacity(n), table: vec![(0, EMPTY); slots] }
    }

    /// The hash that [`Globals::find`] and [`Globals::intern`] want.
    #[inline]
    pub fn hash(name: &[u8]) -> u64 {
        base::hash::hash64(name)
    }

    pub fn find(&self, name: &[u8], hash: u64) -> Option<GlobalId> {
        let mask = self.table.len() - 1;
        let mark = (hash >> 32) as u32;
        let mut at = hash as usize & mask;
        loop {
            let (found, id) = self.table[at];
            if id == EMPTY {
                return None;
            }
            if found == mark && self.items[GlobalId(id)].name == name {
                return Some(GlobalId(id));
            }
            at = (at + 1) & mask;
        }
    }

    pub fn find_name(&self, name: &[u8]) -> Option<GlobalId> {
        self.find(name, Self::hash(name))
    }

    /// The entry of `name`, made if need be.
    pub fn intern(&mut self, name: &'a [u8], hash: u64) -> GlobalId {
        if (self.items.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let mask = self.table.len() - 1;
        let mark = (hash >> 32) as u32;
        let mut at = hash as usize & mask;
        loop {
            let (found, id) = self.table[at];
            if id == EMPTY {
                let id = self.items.push(Global::new(name));
                self.table[at] = (mark, id.0);
                return id;
            }
            if found == mark && self.items[GlobalId(id)].name == name {
                return GlobalId(id);
            }
            at = (at + 1) & mask;
        }
    }

    /// Puts the entries in the order of `order`; `renew` gives an entry's new number.
    pub(crate) fn renumber(&mut self, order: &[GlobalId], renew: impl Fn(&mut GlobalId)) {
        let mut items = IdVec::with_capacity(self.items.len());
        for &old in order {
            items.push(self.items[old]);
        }
        self.items = items;
        for (_, id) in self.table.iter_mut().filter(|(_, id)| *id != EMPTY) {
            let mut now = GlobalId(*id);
            renew(&mut now);
            *id = now.0;
        }
    }

    /// An entry that no name finds.
    pub(crate) fn add_unnamed(&mut self) -> GlobalId {
        self.items.push(Global::new(b""))
    }

    pub fn intern_name(&mut self, name: &'a [u8]) -> GlobalId {
        self.intern(name, Self::hash(name))
    }

    fn grow(&mut self) {
        let slots = self.table.len() * 2;
        let mut table = vec![(0, EMPTY); slots];
        for (id, item) in self.items.enumerated() {
            let hash = Self::hash(item.name);
            let mut at = hash as usize & (slots - 1);
            while table[at].1 != EMPTY {
                at = (at + 1) & (slots - 1);
            }
            table[at] = ((hash >> 32) as u32, id.0);
        }
        self.table = table;
    }
}

impl<'a> std::ops::Index<GlobalId> for Globals<'a> {
    type Output = Global<'a>;
    #[inline]
    fn index(&self, id: GlobalId) -> &Global<'a> {
        &self.items[id]
    }
}

impl std::ops::IndexMut<GlobalId> for Globals<'_> {
    #[inline]
    fn index_mut(&mut self, id: GlobalId) -> &mut Self::Output {
        &mut self.items[id]
    }
}
