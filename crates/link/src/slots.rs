//! Phase 8, slots: what `scan` found needed gets its place in GOT, PLT and copy area, in symbol order.
//!
//! A word of the GOT is described by what it holds, so that the words, the run-time relocations they need and their
//! values come from one list. Procedure entries of imports are bound lazily; an import whose address is loaded from the
//! GOT anyway jumps through that word. A function behind a resolver (IFUNC) always has an entry of its own.

use crate::error::{ErrorKind, show};
use crate::facets::TlsModel;
use crate::load::ObjId;
use crate::place::{SynthContent, SynthKind};
use crate::scan::{DynamicKind, module_needs, needs};
use crate::symbols::{Def, GlobalFlags, GlobalId, SynthId};
use crate::{Link, Target};
use base::bytes::align_up;
use base::ids::{Id, IdVec};
use obj::{SymId, SymbolKind};
use target::RelocKind;

/// Whose entry it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Owner {
    Global(GlobalId),
    Local(ObjId, SymId),
}

/// The content of one GOT word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    /// The owner's address.
    Address(Owner),
    /// The owner's offset from the thread pointer.
    TpOffset(Owner),
    /// Module number and offset in its block, for `__tls_get_addr`.
    Module(Owner),
    ModuleOffset(Owner),
    /// This module's number; a zero follows.
    OwnModule,
    Zero,
    /// The two words of a TLS descriptor.
    Descriptor(Owner),
    DescriptorArg,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PltEntry {
    pub owner: Owner,
    /// The owner is a resolver: its slot is filled before the program starts.
    pub indirect: bool,
}

/// Where one symbol's entries are; positions count words or entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Slot {
    pub got: Option<u32>,
    pub got_tp: Option<u32>,
    pub tls_gd: Option<u32>,
    pub tls_desc: Option<u32>,
    /// Entry in the PLT.
    pub plt: Option<u32>,
    /// Entry that jumps through the GOT word.
    pub direct: Option<u32>,
    /// Its address is that of its entry.
    pub canonical: bool,
    /// Its place among the copies.
    pub copy: Option<Copied>,
}

/// A local symbol with needs of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocalSlot {
    pub symbol: SymId,
    pub needs: u16,
    pub slot: Slot,
}

/// A variable of a shared library that lives in the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Copied {
    /// In the area that is read-only after relocation.
    pub read_only: bool,
    pub offset: u32,
}

#[derive(Default)]
pub struct Slots {
    pub needs: IdVec<GlobalId, u16>,
    pub module: u16,
    /// Position in `items`, or `u32::MAX`.
    index: Vec<u32>,
    items: Vec<Slot>,
    pub words: Vec<Word>,
    pub plt: Vec<PltEntry>,
    /// Owner and GOT word of each direct entry.
    pub direct: Vec<(Owner, u32)>,
    /// The GOT pair of this module.
    pub own_module: Option<u32>,
    /// One per copied variable (aliases not repeated).
    pub copies: Vec<(GlobalId, Copied)>,
    pub got: Option<SynthId>,
    pub got_plt: Option<SynthId>,
    pub plt_synth: Option<SynthId>,
    pub direct_synth: Option<SynthId>,
    /// Copies of variables, and of those that are read-only after relocation.
    pub copy_synths: [Option<SynthId>; 2],
    pub common_synth: Option<SynthId>,
    pub tls_common_synth: Option<SynthId>,
    /// The tables of run-time relocations.
    pub relocs: Option<SynthId>,
    pub plt_relocs: Option<SynthId>,
}

/// A run-time relocation, ready for the format.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunReloc {
    pub address: u64,
    pub kind: RelocKind,
    /// Dynamic symbol, or NONE.
    pub symbol: GlobalId,
    pub addend: u64,
}

const WORD_SIZE: u64 = 8;

impl Slots {
    pub fn of(&self, id: GlobalId) -> Option<&Slot> {
        let at = *self.index.get(id.index())?;
        self.items.get(at as usize)
    }

    /// Live code or data mentions it.
    pub fn is_used(&self, id: GlobalId) -> bool {
        self.needs.get(id).is_some_and(|bits| bits & needs::USED != 0)
    }

    pub fn n_lazy(&self) -> usize {
        self.plt.iter().filter(|entry| !entry.indirect).count()
    }

    pub(crate) fn slot_mut(&mut self, id: GlobalId) -> &mut Slot {
        if self.index.len() <= id.index() {
            self.index.resize(id.index() + 1, u32::MAX);
        }
        if self.index[id.index()] == u32::MAX {
            self.index[id.index()] = self.items.len() as u32;
            self.items.push(Slot::default());
        }
        &mut self.items[self.index[id.index()] as usize]
    }

    /// Bounds of the relocations that a static program applies itself.
    pub(crate) fn indirect_bounds(&self, link: &Link<'_>) -> (u64, u64) {
        let Some(synth) = self.plt_relocs.filter(|_| !link.is_dynamic()) else { return (0, 0) };
        let start = link.synth_address(synth);
        (start, start + link.synths[synth].size)
    }
}

/// Assigns entries and adds the sections that hold them.
pub(crate) fn assign(link: &mut Link<'_>) {
    // Values are asked for before there are any, where only the number of relocations counts.
    link.values = link.globals.items.ids().map(|_| 0).collect();
    commons(link);
    copies(link);
    for id in link.globals.items.ids() {
        let bits = link.slots.needs[id];
        if bits & !(needs::USED | needs::COPY | needs::RUN_TIME) == 0 {
            continue;
        }
        let flags = link.globals[id].flags;
        let slot = entries(link, Owner::Global(id), bits, flags);
        let target = link.slots.slot_mut(id);
        *target = Slot { copy: target.copy, ..slot };
    }
    for obj in link.objects.ids() {
        for idx in 0..link.objects[obj].local_slots.len() {
            let LocalSlot { symbol, needs, .. } = link.objects[obj].local_slots[idx];
            let kind = link.objects[obj].object.symbols[symbol].kind;
            let mut flags = GlobalFlags::default();
            if kind == SymbolKind::IFunc {
                flags.set(GlobalFlags::IFUNC);
            }
            let slot = entries(link, Owner::Local(obj, symbol), needs, flags);
            link.objects[obj].local_slots[idx].slot = slot;
        }
    }
    if link.slots.module & module_needs::TLS_LD != 0 {
        link.slots.own_module = Some(link.slots.words.len() as u32);
        link.slots.words.extend([Word::OwnModule, Word::Zero]);
    }
    // Lazily bound entries come first, so that their relocations do.
    order_plt(link);
    add_sections(link);
}

/// Gives one symbol the entries that `bits` ask for.
fn entries(link: &mut Link<'_>, owner: Owner, bits: u16, flags: GlobalFlags) -> Slot {
    let slots = &mut link.slots;
    let mut slot = Slot::default();
    let word = |slots: &mut Slots, first: Word, second: Option<Word>| {
        let at = slots.words.len() as u32;
        slots.words.push(first);
        slots.words.extend(second);
        Some(at)
    };
    let indirect = flags.has(GlobalFlags::IFUNC) && !flags.has(GlobalFlags::PREEMPTIBLE);
    slot.canonical = bits & needs::CANONICAL != 0;
    if bits & needs::GOT != 0 {
        slot.got = word(slots, Word::Address(owner), None);
    }
    if bits & needs::PLT != 0 {
        match slot.got {
            Some(got) if !slot.canonical => {
                slot.direct = Some(slots.direct.len() as u32);
                slots.direct.push((owner, got));
            }
            _ => {
                slot.plt = Some(slots.plt.len() as u32);
                slots.plt.push(PltEntry { owner, indirect });
            }
        }
    }
    if bits & needs::GOT_TP != 0 {
        slot.got_tp = word(slots, Word::TpOffset(owner), None);
    }
    if bits & needs::TLS_GD != 0 {
        slot.tls_gd = word(slots, Word::Module(owner), Some(Word::ModuleOffset(owner)));
    }
    if bits & needs::TLS_DESC != 0 {
        slot.tls_desc = word(slots, Word::Descriptor(owner), Some(Word::DescriptorArg));
    }
    slot
}

fn order_plt(link: &mut Link<'_>) {
    let old = std::mem::take(&mut link.slots.plt);
    let mut order: Vec<u32> = (0..old.len() as u32).collect();
    order.sort_by_key(|&idx| old[idx as usize].indirect);
    for (new, &idx) in order.iter().enumerate() {
        let entry = old[idx as usize];
        link.slots.plt.push(entry);
        let slot = match entry.owner {
            Owner::Global(id) => link.slots.slot_mut(id),
            Owner::Local(obj, sym) => {
                let slots = &mut link.objects[obj].local_slots;
                let at = slots.binary_search_by_key(&sym, |slot| slot.symbol).expect("it has a slot");
                &mut slots[at].slot
            }
        };
        slot.plt = Some(new as u32);
    }
}

/// Gives tentative definitions their places.
fn commons(link: &mut Link<'_>) {
    let (mut size, mut align) = ([0u64; 2], [1u64; 2]);
    for global in link.globals.items.iter_mut() {
        let Def::Object { obj, sym } = global.def else { continue };
        if !global.is(GlobalFlags::COMMON) {
            continue;
        }
        let tls = usize::from(link.objects[obj].object.symbols[sym].kind == SymbolKind::Tls);
        let wanted = u64::from(global.common_align.max(1)).next_power_of_two();
        let offset = align_up(size[tls], wanted);
        align[tls] = align[tls].max(wanted);
        size[tls] = offset.saturating_add(global.common_size);
        global.common_offset = offset;
    }
    if size[0] > 0 {
        let synth = link.add_synth(SynthKind::Commons, SynthContent::Zero, size[0], align[0]);
        link.slots.common_synth = Some(synth);
    }
    if size[1] > 0 {
        let synth = link.add_synth(SynthKind::TlsCommons, SynthContent::Zero, size[1], align[1]);
        link.slots.tls_common_synth = Some(synth);
    }
}

/// Gives copied variables their places; names that stand for the same variable share it.
fn copies(link: &mut Link<'_>) {
    let (mut size, mut align) = ([0u64; 2], [1u64; 2]);
    for id in link.globals.items.ids() {
        if link.slots.needs[id] & needs::COPY == 0 || link.slots.of(id).is_some_and(|slot| slot.copy.is_some()) {
            continue;
        }
        let Def::Shared { lib, sym } = link.globals[id].def else { continue };
        let symbol = &link.shared[lib].lib.symbols[sym as usize];
        if symbol.size == 0 || symbol.kind == SymbolKind::Tls {
            let text = format!(
                "cannot copy {} from {}: its size is not known; recompile with -fPIC",
                show(link.globals[id].name),
                show(&link.shared[lib].soname)
            );
            link.error(ErrorKind::Relocation, text);
            continue;
        }
        let own = 1u64 << symbol.value.trailing_zeros().min(12);
        let wanted = symbol.align.clamp(1, own.max(1));
        let area = usize::from(symbol.read_only && link.options.z.relro);
        let offset = align_up(size[area], wanted.next_power_of_two());
        size[area] = offset.saturating_add(symbol.size);
        align[area] = align[area].max(wanted);
        let place = Copied { read_only: area == 1, offset: offset as u32 };
        let value = symbol.value;
        let n_symbols = link.shared[lib].lib.symbols.len();
        for other in 0..n_symbols {
            let alias = &link.shared[lib].lib.symbols[other];
            if alias.defined && alias.value == value && alias.kind != SymbolKind::Tls {
                let global = link.shared[lib].globals[other];
                let same = link
                    .globals
                    .items
                    .get(global)
                    .is_some_and(|g| matches!(g.def, Def::Shared { lib: l, .. } if l == lib));
                if same {
                    link.slots.slot_mut(global).copy = Some(place);
                    link.globals[global].flags.set(GlobalFlags::DYNAMIC);
                }
            }
        }
        link.slots.slot_mut(id).copy = Some(place);
        link.slots.copies.push((id, place));
    }
    for (area, kind) in [SynthKind::Copies, SynthKind::CopiesReadOnly].into_iter().enumerate() {
        if size[area] > 0 {
            let synth = link.add_synth(kind, SynthContent::Zero, size[area], align[area]);
            link.slots.copy_synths[area] = Some(synth);
        }
    }
}

fn add_sections(link: &mut Link<'_>) {
    let plt = &link.arch.plt;
    let dynamic = link.is_dynamic();
    let n_plt = link.slots.plt.len() as u64;
    let n_lazy = link.slots.n_lazy() as u64;
    let n_words = link.slots.words.len() as u64;
    let needs_base = link.slots.module & module_needs::GOT_BASE != 0 || wants_got_base(link);
    if n_plt > 0 || dynamic || needs_base {
        let reserved = u64::from(plt.reserved_got_words);
        let size = (reserved + n_plt) * WORD_SIZE;
        link.slots.got_plt = Some(link.add_synth(SynthKind::GotPlt, SynthContent::GotPlt, size, WORD_SIZE));
    }
    if n_words > 0 {
        link.slots.got = Some(link.add_synth(SynthKind::Got, SynthContent::Got, n_words * WORD_SIZE, WORD_SIZE));
    }
    if n_plt > 0 {
        let header = if n_lazy > 0 { u64::from(plt.header_size) } else { 0 };
        let size = header + n_plt * u64::from(plt.entry_size);
        link.slots.plt_synth = Some(link.add_synth(SynthKind::Plt, SynthContent::Plt, size, u64::from(plt.align)));
    }
    let n_direct = link.slots.direct.len() as u64;
    if n_direct > 0 {
        let size = n_direct * u64::from(plt.direct_entry_size);
        let align = u64::from(plt.direct_entry_size).next_power_of_two();
        link.slots.direct_synth = Some(link.add_synth(SynthKind::PltDirect, SynthContent::PltDirect, size, align));
    }
}

fn wants_got_base(link: &Link<'_>) -> bool {
    link.edges.contains(&crate::edges::Edge::GotBase)
}

impl<'a> Link<'a> {
    /// The entries of a symbol.
    pub fn slot_of(&self, owner: Owner) -> Option<&Slot> {
        match owner {
            Owner::Global(id) => self.slots.of(id),
            Owner::Local(obj, sym) => {
                let slots = &self.objects[obj].local_slots;
                slots.binary_search_by_key(&sym, |slot| slot.symbol).ok().map(|at| &slots[at].slot)
            }
        }
    }

    /// Value of an owner: its address, without regard to its entries.
    pub fn owner_value(&self, owner: Owner) -> u64 {
        match owner {
            Owner::Global(id) => self.values[id],
            Owner::Local(obj, sym) => self.symbol_address(obj, sym),
        }
    }

    fn owner_flags(&self, owner: Owner) -> GlobalFlags {
        match owner {
            Owner::Global(id) => self.globals[id].flags,
            Owner::Local(obj, sym) => {
                let mut flags = GlobalFlags::default();
                let symbol = &self.objects[obj].object.symbols[sym];
                if symbol.kind == SymbolKind::IFunc {
                    flags.set(GlobalFlags::IFUNC);
                }
                if symbol.def == obj::SymbolDef::Absolute {
                    flags.set(GlobalFlags::ABSOLUTE);
                }
                flags
            }
        }
    }

    pub fn word_address(&self, word: u32) -> u64 {
        self.slots.got.map_or(0, |synth| self.synth_address(synth)) + u64::from(word) * WORD_SIZE
    }

    /// Address of the GOT word that a PLT entry jumps through.
    pub fn plt_slot_address(&self, entry: u32) -> u64 {
        let reserved = u64::from(self.arch.plt.reserved_got_words);
        self.slots.got_plt.map_or(0, |synth| self.synth_address(synth)) + (reserved + u64::from(entry)) * WORD_SIZE
    }

    pub fn plt_entry_address(&self, entry: u32) -> u64 {
        let header = if self.slots.n_lazy() > 0 { u64::from(self.arch.plt.header_size) } else { 0 };
        let base = self.slots.plt_synth.map_or(0, |synth| self.synth_address(synth));
        base + header + u64::from(entry) * u64::from(self.arch.plt.entry_size)
    }

    pub fn direct_entry_address(&self, entry: u32) -> u64 {
        let base = self.slots.direct_synth.map_or(0, |synth| self.synth_address(synth));
        base + u64::from(entry) * u64::from(self.arch.plt.direct_entry_size)
    }

    /// The procedure entry of a slot, if it has one.
    pub fn entry_address(&self, slot: &Slot) -> Option<u64> {
        slot.plt.map(|at| self.plt_entry_address(at)).or(slot.direct.map(|at| self.direct_entry_address(at)))
    }

    /// Address of a copied variable.
    pub fn copy_address(&self, copied: Copied) -> u64 {
        let synth = self.slots.copy_synths[usize::from(copied.read_only)];
        synth.map_or(0, |synth| self.synth_address(synth)) + u64::from(copied.offset)
    }

    /// What GOT-relative values count from.
    pub fn got_base(&self) -> u64 {
        self.slots.got_plt.or(self.slots.got).map_or(0, |synth| self.synth_address(synth))
    }

    /// Offset of a thread-local address from the thread pointer.
    pub fn tp_offset(&self, address: u64) -> u64 {
        let align = self.tls.align.max(1);
        match self.arch.tls {
            TlsModel::BlockBelow => address.wrapping_sub(self.tls.address + align_up(self.tls.size, align)),
            TlsModel::BlockAbove { gap } => address.wrapping_sub(self.tls.address).wrapping_add(align_up(gap, align)),
        }
    }

    /// What a GOT word holds in the file, and its run-time relocation.
    pub fn word(&self, idx: u32, word: Word) -> (u64, Option<RunReloc>) {
        let common = &self.arch.arch.common;
        let address = self.word_address(idx);
        let shared = self.options.is_shared();
        let reloc = |kind, symbol, addend| Some(RunReloc { address, kind, symbol, addend });
        let imported = |owner: Owner| match owner {
            Owner::Global(id) if self.globals[id].is(GlobalFlags::PREEMPTIBLE) => Some(id),
            _ => None,
        };
        match word {
            Word::Address(owner) => {
                if let Some(id) = imported(owner) {
                    return (0, reloc(common.glob_dat, id, 0));
                }
                let flags = self.owner_flags(owner);
                let value = self.owner_value(owner);
                let canonical = self.slot_of(owner).is_some_and(|slot| slot.canonical);
                if flags.has(GlobalFlags::IFUNC) && !canonical {
                    return (0, reloc(common.irelative, GlobalId::NONE, self.resolver_address(owner)));
                }
                if self.options.is_pic() && !flags.has(GlobalFlags::ABSOLUTE | GlobalFlags::UNDEF_ZERO) {
                    return (value, reloc(common.relative, GlobalId::NONE, value));
                }
                (value, None)
            }
            Word::TpOffset(owner) => match imported(owner) {
                Some(id) => (0, reloc(common.tpoff, id, 0)),
                None if self.is_unbound_tls(owner) => (0, None),
                None if shared => {
                    let offset = self.owner_value(owner).wrapping_sub(self.tls.address);
                    (offset, reloc(common.tpoff, GlobalId::NONE, offset))
                }
                None => (self.tp_offset(self.owner_value(owner)), None),
            },
            Word::Module(owner) => match imported(owner) {
                Some(id) => (0, reloc(common.dtpmod, id, 0)),
                None if shared => (0, reloc(common.dtpmod, GlobalId::NONE, 0)),
                None => (1, None),
            },
            Word::ModuleOffset(owner) => match imported(owner) {
                Some(id) => (0, reloc(common.dtpoff, id, 0)),
                None if self.is_unbound_tls(owner) => (0, None),
                None => (self.owner_value(owner).wrapping_sub(self.tls.address), None),
            },
            Word::OwnModule if shared => (0, reloc(common.dtpmod, GlobalId::NONE, 0)),
            Word::OwnModule => (1, None),
            Word::Descriptor(owner) => match imported(owner) {
                Some(id) => (0, reloc(common.tlsdesc, id, 0)),
                None => {
                    let offset = self.owner_value(owner).wrapping_sub(self.tls.address);
                    (0, reloc(common.tlsdesc, GlobalId::NONE, offset))
                }
            },
            Word::Zero | Word::DescriptorArg => (0, None),
        }
    }

    fn is_unbound_tls(&self, owner: Owner) -> bool {
        matches!(owner, Owner::Global(id) if self.globals[id].is(GlobalFlags::UNDEF_ZERO))
    }

    /// The address of an indirect function's resolver (its own value, not its entry's).
    pub fn resolver_address(&self, owner: Owner) -> u64 {
        match owner {
            Owner::Global(id) => match self.globals[id].def {
                Def::Object { obj, sym } => self.symbol_address(obj, sym),
                _ => self.values[id],
            },
            Owner::Local(obj, sym) => self.symbol_address(obj, sym),
        }
    }

    /// Run-time relocations of the image outside the PLT: base-relative ones first, then by symbol, then those that call
    /// resolvers. Before addresses are known only their number is meaningful.
    pub fn run_relocs(&self) -> Vec<RunReloc> {
        let common = &self.arch.arch.common;
        let mut all = Vec::new();
        for (idx, &word) in self.slots.words.iter().enumerate() {
            all.extend(self.word(idx as u32, word).1);
        }
        for &(symbol, copied) in &self.slots.copies {
            all.push(RunReloc { address: self.copy_address(copied), kind: common.copy, symbol, addend: 0 });
        }
        for (obj, input) in self.objects.enumerated() {
            for dynamic in &input.dynamic_relocs {
                let address = self.atom_address(obj, dynamic.atom, u64::from(dynamic.offset));
                let value = self.target_value(obj, dynamic.target, dynamic.addend);
                all.push(match (dynamic.kind, dynamic.target) {
                    (DynamicKind::Symbolic, Target::Global(symbol)) => {
                        RunReloc { address, kind: common.abs64, symbol, addend: dynamic.addend as u64 }
                    }
                    (DynamicKind::Indirect, _) => {
                        RunReloc { address, kind: common.irelative, symbol: GlobalId::NONE, addend: value }
                    }
                    (DynamicKind::Relative | DynamicKind::Symbolic, _) => {
                        RunReloc { address, kind: common.relative, symbol: GlobalId::NONE, addend: value }
                    }
                });
            }
        }
        all.sort_unstable_by_key(|reloc| {
            let class = if reloc.kind == common.relative {
                0
            } else if reloc.kind == common.irelative {
                2
            } else {
                1
            };
            let symbol = self.globals.items.get(reloc.symbol).map_or(0, |g| g.dynamic_index);
            (class, if class == 1 { symbol } else { 0 }, reloc.address, reloc.kind)
        });
        all
    }

    /// Run-time relocations of the PLT's words, in its order.
    pub fn plt_run_relocs(&self) -> Vec<RunReloc> {
        let common = &self.arch.arch.common;
        let entries = self.slots.plt.iter().enumerate();
        let of = |(idx, entry): (usize, &PltEntry)| {
            let address = self.plt_slot_address(idx as u32);
            match (entry.indirect, entry.owner) {
                (false, Owner::Global(symbol)) => RunReloc { address, kind: common.jump_slot, symbol, addend: 0 },
                (_, owner) => {
                    let addend = self.resolver_address(owner);
                    RunReloc { address, kind: common.irelative, symbol: GlobalId::NONE, addend }
                }
            }
        };
        entries.map(of).collect()
    }
}
