//! What functions share: symbols, data definitions, interned layouts, signatures and memory descriptions.
//!
//! Tables are append-only while a unit is compiled; a [`crate::FunctionSink`] sees the module as it stands.

use crate::debug::DebugInfo;
use crate::types::{Layout, LayoutId, SigId, Signature};
use base::define_id;
use base::hash::QuickMap;
use base::ids::IdVec;

define_id! {
    /// A symbol of the module: function, object or label; defined here or elsewhere.
    pub struct Symbol; "g"
    /// An interned description of a memory access.
    pub struct Mem; "m"
    /// A constant of 16 bytes (i128, f80, f128, v128) in the module's pool.
    pub struct Wide; "w"
    /// A named section that symbols may ask for.
    pub struct SectionName; "s"
}

/// [`Mem`] as it stands in an instruction: 16 bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MemId(pub u16);

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum SymbolKind {
    Function,
    /// A function whose address is what its alias, a function without parameters, gives when the program starts.
    Indirect,
    Data,
    /// Thread-local data.
    Tls,
    /// A block of a function whose address is taken (`&&label`); defined by that function.
    Label,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Linkage {
    Local,
    Global,
    Weak,
    /// A tentative definition that the linker merges (`-fcommon`).
    Common,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Visibility {
    Default,
    Hidden,
    Protected,
    Internal,
}

/// A symbol as front ends declare it. `name` is what the object file shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SymbolDecl {
    pub name: Box<[u8]>,
    pub kind: SymbolKind,
    pub linkage: Linkage,
    pub visibility: Visibility,
    /// A definition was or will be given in this module.
    pub defined: bool,
    /// Section asked for by the source (`__attribute__((section))`), or [`SectionName::NONE`](base::Id::NONE).
    pub section: SectionName,
    /// Same as another symbol: `alias`, `weakref`.
    pub alias: Option<Symbol>,
}

impl SymbolDecl {
    /// A declaration with nothing special about it: default visibility, no section, no alias, not defined (yet).
    pub fn new(name: &[u8], kind: SymbolKind, linkage: Linkage) -> SymbolDecl {
        SymbolDecl {
            name: name.into(),
            kind,
            linkage,
            visibility: Visibility::Default,
            defined: false,
            section: <SectionName as base::Id>::NONE,
            alias: None,
        }
    }

    /// Everything but the name.
    fn facts(&self) -> (SymbolKind, Linkage, Visibility, bool, SectionName, Option<Symbol>) {
        (self.kind, self.linkage, self.visibility, self.defined, self.section, self.alias)
    }
}

/// The symbols of a module. Those that are declared otherwise later are listed, so that who follows a module need not
/// look at all of them.
#[derive(Clone, Default, Debug)]
pub struct SymbolTable {
    decls: IdVec<Symbol, SymbolDecl>,
    changes: Vec<Symbol>,
}

impl SymbolTable {
    /// Adds a symbol.
    pub fn push(&mut self, decl: SymbolDecl) -> Symbol {
        self.decls.push(decl)
    }

    /// Declares a symbol otherwise (it became defined, weak, hidden, …). Its name stays.
    pub fn change(&mut self, symbol: Symbol, how: impl FnOnce(&mut SymbolDecl)) {
        let decl = &mut self.decls[symbol];
        let before = decl.facts();
        how(decl);
        if decl.facts() != before {
            self.changes.push(symbol);
        }
    }

    /// The symbols that changed after they were added, in the order of the changes.
    pub fn changes(&self) -> &[Symbol] {
        &self.changes
    }
}

impl std::ops::Deref for SymbolTable {
    type Target = IdVec<Symbol, SymbolDecl>;

    #[inline]
    fn deref(&self) -> &IdVec<Symbol, SymbolDecl> {
        &self.decls
    }
}

/// The same symbols, whichever way they came to be so.
impl PartialEq for SymbolTable {
    fn eq(&self, other: &SymbolTable) -> bool {
        self.decls == other.decls
    }
}

/// How an address is reached, decided per module by code model and PIC level.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum PicLevel {
    /// Fixed addresses.
    #[default]
    None,
    /// Position independent executable.
    Pie,
    /// Shared library: default-visibility symbols may be replaced.
    Pic,
}

/// Options that every function of a unit shares; a function may override some.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UnitOptions {
    /// Name of the source file, for the symbol table and the debug unit.
    pub file_name: String,
    pub pic: PicLevel,
    pub opt_level: u8,
    /// `-g`.
    pub debug: bool,
    /// `-g1`: debug information is of functions and lines, enough for backtraces; not of types and variables.
    pub lines_only: bool,
    pub function_sections: bool,
    pub data_sections: bool,
    /// Keep the frame pointer in leaf functions too.
    pub frame_pointer: bool,
    /// Unwind tables for functions (`-fasynchronous-unwind-tables`, on by default).
    pub unwind_tables: bool,
    /// Call imported functions through the GOT (`-fno-plt`).
    pub no_plt: bool,
    /// Which of the target's syntaxes of assembly the unit's `asm` is in; 0 is the usual one (`-masm=`).
    pub asm_syntax: u8,
}

/// A memory access: what the instruction's type does not say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct MemDesc {
    /// Known alignment of the address, log2 of bytes.
    pub align_log2: u8,
    pub volatile: bool,
    pub order: AtomicOrder,
    /// Accesses with different roots do not overlap, unless one root is 0 (anything).
    pub alias_root: u32,
}

impl MemDesc {
    /// An ordinary access to something with an alignment of `align` bytes, which may overlap anything.
    pub fn plain(align: u32) -> MemDesc {
        let align_log2 = align.trailing_zeros() as u8;
        MemDesc { align_log2, volatile: false, order: AtomicOrder::None, alias_root: 0 }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum AtomicOrder {
    /// Not atomic.
    None,
    Relaxed,
    Acquire,
    Release,
    AcqRel,
    SeqCst,
}

impl AtomicOrder {
    pub const ALL: [AtomicOrder; 6] = [
        AtomicOrder::None,
        AtomicOrder::Relaxed,
        AtomicOrder::Acquire,
        AtomicOrder::Release,
        AtomicOrder::AcqRel,
        AtomicOrder::SeqCst,
    ];

    /// The name in text form.
    pub const fn name(self) -> &'static str {
        ["none", "relaxed", "acquire", "release", "acq_rel", "seq_cst"][self as usize]
    }
}

/// A data object: bytes with holes for addresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DataDef {
    pub symbol: Symbol,
    /// In bytes, a power of two.
    pub align: u32,
    /// In bytes. `bytes` may be shorter: the rest is zero (an empty `bytes` is a zero-filled object).
    pub size: u64,
    pub bytes: Vec<u8>,
    /// In order of offset.
    pub relocs: Vec<DataReloc>,
    pub read_only: bool,
    /// Nobody compares its address: equal ones may be merged. 0 for none, else the character size of a NUL-terminated
    /// string (1, 2, 4), or [`DataDef::MERGE_CONST`] for a constant of `size` bytes.
    pub merge: u8,
}

impl DataDef {
    pub const MERGE_CONST: u8 = 0xff;
}

/// The address of `target + addend`, pointer-sized unless `size` says 4, stored at `offset`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DataReloc {
    pub offset: u64,
    pub target: Symbol,
    pub addend: i64,
    /// Bytes of the field: 4 or 8.
    pub size: u8,
    /// `target - base` instead of an address (label differences), or [`Symbol::NONE`](base::Id::NONE).
    pub base: Symbol,
}

/// Everything that functions of one unit refer to.
#[derive(Default, Clone, PartialEq, Debug)]
pub struct Module {
    pub options: UnitOptions,
    pub symbols: SymbolTable,
    pub sections: IdVec<SectionName, Box<[u8]>>,
    pub wide: IdVec<Wide, [u8; 16]>,
    pub debug: DebugInfo,
    /// Some function makes closures, which are code in memory that is data.
    pub closures: bool,
    layouts: IdVec<LayoutId, Layout>,
    sigs: IdVec<SigId, Signature>,
    mems: IdVec<Mem, MemDesc>,
    layout_ids: QuickMap<Layout, LayoutId>,
    sig_ids: QuickMap<Signature, SigId>,
    mem_ids: QuickMap<MemDesc, MemId>,
}

impl Module {
    pub fn new(options: UnitOptions) -> Module {
        Module { options, ..Module::default() }
    }

    /// Declares a symbol. Names need not be unique among local symbols; callers keep global names unique.
    pub fn declare(&mut self, decl: SymbolDecl) -> Symbol {
        self.symbols.push(decl)
    }

    pub fn intern_layout(&mut self, layout: Layout) -> LayoutId {
        if let Some(&id) = self.layout_ids.get(&layout) {
            return id;
        }
        let id = self.layouts.push(layout.clone());
        self.layout_ids.insert(layout, id);
        id
    }

    pub fn intern_sig(&mut self, sig: Signature) -> SigId {
        if let Some(&id) = self.sig_ids.get(&sig) {
            return id;
        }
        let id = self.sigs.push(sig.clone());
        self.sig_ids.insert(sig, id);
        id
    }

    /// Interns a memory description. Front ends keep the result per type: this hashes. When 65,535 descriptions
    /// exist, new ones fall back to the equal one without an alias root.
    pub fn intern_mem(&mut self, desc: MemDesc) -> MemId {
        if let Some(&id) = self.mem_ids.get(&desc) {
            return id;
        }
        // Without alias roots there are few hundred distinct descriptions: room is kept for them.
        if self.mems.len() >= 60_000 && desc.alias_root != 0 {
            return self.intern_mem(MemDesc { alias_root: 0, ..desc });
        }
        let id = MemId(u16::try_from(self.mems.push(desc).0).expect("fewer rootless memory descriptions than 5,535"));
        self.mem_ids.insert(desc, id);
        id
    }

    #[inline]
    pub fn layout(&self, id: LayoutId) -> &Layout {
        &self.layouts[id]
    }

    #[inline]
    pub fn sig(&self, id: SigId) -> &Signature {
        &self.sigs[id]
    }

    #[inline]
    pub fn mem(&self, id: MemId) -> MemDesc {
        self.mems[Mem(u32::from(id.0))]
    }

    pub fn layouts(&self) -> &IdVec<LayoutId, Layout> {
        &self.layouts
    }

    pub fn sigs(&self) -> &IdVec<SigId, Signature> {
        &self.sigs
    }

    pub fn mems(&self) -> &IdVec<Mem, MemDesc> {
        &self.mems
    }
}
