//! What code and data refer to: symbols made when they are first wanted, constants, jump tables, runtime functions.

use base::hash::QuickMap;
use base::{Id, IdVec};
use ir::module::{Linkage, Module, PicLevel, SymbolKind, Visibility};
use mc::Label;
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, Binding, RelocTarget, SectionFlags, SymId};

/// A table of code addresses of the function under construction.
pub(crate) struct Table {
    pub atom: AtomId,
    pub labels: Vec<Label>,
}

/// The object's symbols, by the module's.
pub struct Symbols {
    pub builder: ObjectBuilder,
    ids: IdVec<ir::Symbol, SymId>,
    runtime: Vec<(&'static str, SymId)>,
    /// By bytes and size. Never iterated.
    constants: QuickMap<([u8; 16], u8), AtomId>,
    pub(crate) tables: Vec<Table>,
    /// Section of jump tables for the current function; empty for `.rodata`.
    pub(crate) table_suffix: Vec<u8>,
}

impl Symbols {
    pub(crate) fn new() -> Symbols {
        Symbols {
            builder: ObjectBuilder::new(),
            ids: IdVec::new(),
            runtime: Vec::new(),
            constants: QuickMap::default(),
            tables: Vec::new(),
            table_suffix: Vec::new(),
        }
    }

    /// The object's symbol for `symbol`; made now if nothing referred to it yet.
    #[inline]
    pub fn id(&mut self, module: &Module, symbol: ir::Symbol) -> SymId {
        match self.ids.get(symbol) {
            Some(&id) if !id.is_none() => id,
            _ => self.make(module, symbol),
        }
    }

    /// The symbol if anything referred to it or defined it.
    pub fn known(&self, symbol: ir::Symbol) -> Option<SymId> {
        self.ids.get(symbol).copied().and_then(Id::some)
    }

    #[inline]
    pub fn target(&mut self, module: &Module, symbol: ir::Symbol) -> RelocTarget {
        RelocTarget::symbol(self.id(module, symbol))
    }

    #[cold]
    fn make(&mut self, module: &Module, symbol: ir::Symbol) -> SymId {
        let decl = &module.symbols[symbol];
        let id = match decl.alias {
            // A weak reference stands for its target, which nobody must define for its sake.
            Some(to) if !decl.defined => {
                let is_new = self.known(to).is_none();
                let id = self.id(module, to);
                if is_new && !module.symbols[to].defined {
                    self.builder.symbol_mut(id).binding = Binding::Weak;
                }
                id
            }
            _ => {
                let binding = match decl.linkage {
                    Linkage::Local => Binding::Local,
                    Linkage::Weak => Binding::Weak,
                    Linkage::Global | Linkage::Common => Binding::Global,
                };
                let kind = match decl.kind {
                    SymbolKind::Tls => obj::SymbolKind::Tls,
                    SymbolKind::Label => obj::SymbolKind::None,
                    // As other assemblers do it, the kind of what is defined elsewhere stays open.
                    _ if !decl.defined => obj::SymbolKind::None,
                    SymbolKind::Function => obj::SymbolKind::Function,
                    SymbolKind::Indirect => obj::SymbolKind::IFunc,
                    SymbolKind::Data => obj::SymbolKind::Object,
                };
                // As with other assemblers, names in `.L` are nobody else's business.
                let is_private = decl.name.is_empty() || binding == Binding::Local && decl.name.starts_with(b".L");
                let of_runtime = |(name, _): &&(&str, SymId)| name.as_bytes() == &*decl.name;
                let id = if is_private {
                    self.builder.add_private()
                } else if let Some(&(_, id)) =
                    self.runtime.iter().find(of_runtime).filter(|_| binding != Binding::Local)
                {
                    let symbol = self.builder.symbol_mut(id);
                    (symbol.binding, symbol.kind) = (binding, kind);
                    id
                } else {
                    self.builder.add_symbol(&decl.name, binding, kind)
                };
                self.builder.symbol_mut(id).visibility = match decl.visibility {
                    Visibility::Default => obj::Visibility::Default,
                    Visibility::Hidden => obj::Visibility::Hidden,
                    Visibility::Protected => obj::Visibility::Protected,
                    Visibility::Internal => obj::Visibility::Internal,
                };
                id
            }
        };
        if self.ids.len() <= symbol.index() {
            self.ids.resize(module.symbols.len().max(symbol.index() + 1), SymId::NONE);
        }
        self.ids[symbol] = id;
        id
    }

    /// A function of the compiler's runtime, by name.
    pub fn runtime(&mut self, name: &'static str) -> RelocTarget {
        if let Some(&(_, id)) = self.runtime.iter().find(|(known, _)| *known == name) {
            return RelocTarget::symbol(id);
        }
        // The unit may have spoken of it before.
        let known = self.builder.global_named(name.as_bytes());
        let id =
            known.unwrap_or_else(|| self.builder.add_symbol(name.as_bytes(), Binding::Global, obj::SymbolKind::None));
        self.runtime.push((name, id));
        RelocTarget::symbol(id)
    }

    /// A read-only constant of 4, 8 or 16 bytes, aligned to its size; equal ones are one.
    pub fn constant(&mut self, bytes: &[u8]) -> RelocTarget {
        let mut key = [0; 16];
        key[..bytes.len()].copy_from_slice(bytes);
        let size = bytes.len();
        if let Some(&atom) = self.constants.get(&(key, size as u8)) {
            return RelocTarget::atom(atom);
        }
        let name: &[u8] = match size {
            4 => b".rodata.cst4",
            8 => b".rodata.cst8",
            16 => b".rodata.cst16",
            _ => unreachable!("constants have 4, 8 or 16 bytes"),
        };
        let flags = SectionFlags::ALLOC.with(SectionFlags::MERGE);
        let spec = SectionSpec { entry_size: size as u64, ..SectionSpec::progbits(name, flags) };
        let section = self.builder.section(spec, 0);
        let atom = self.builder.add_atom(section, size as u32, bytes);
        self.constants.insert((key, size as u8), atom);
        RelocTarget::atom(atom)
    }

    /// A table of 4-byte differences "label minus table" for the function under construction.
    pub fn jump_table(&mut self, labels: Vec<Label>) -> RelocTarget {
        let mut name = b".rodata".to_vec();
        name.extend_from_slice(&self.table_suffix);
        let section = self.builder.section(SectionSpec::progbits(&name, SectionFlags::ALLOC), 0);
        let atom = self.builder.add_atom(section, 4, &vec![0; labels.len() * 4]);
        self.tables.push(Table { atom, labels });
        RelocTarget::atom(atom)
    }

    /// True when the address of `symbol` is certainly in this link unit, so that it can be formed without a table.
    pub fn is_direct(module: &Module, symbol: ir::Symbol) -> bool {
        let decl = &module.symbols[symbol];
        if decl.linkage == Linkage::Local || decl.kind == SymbolKind::Label {
            return true;
        }
        if decl.alias.is_some() && !decl.defined {
            return false;
        }
        match module.options.pic {
            PicLevel::None => decl.linkage != Linkage::Weak || decl.defined,
            // Weak definitions included: a definition in an executable is the one that everybody uses.
            PicLevel::Pie => decl.defined || decl.visibility != Visibility::Default && decl.linkage != Linkage::Weak,
            PicLevel::Pic => decl.visibility != Visibility::Default && (decl.defined || decl.linkage != Linkage::Weak),
        }
    }
}
