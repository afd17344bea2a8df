//! From declarations to symbols: names, linkage, what is emitted when, and what is only known at the end of the unit.

use crate::ast::{Definition, Linkage as CLinkage, Visibility as CVisibility};
use crate::lower::{State, Tree};
use crate::types::{DeclId, StrId};
use base::ids::Id;
use base::{Name, Pos};
use ir::FunctionSink;
use ir::module::{DataDef, DataReloc, Linkage, Module, SectionName, Symbol, SymbolDecl, SymbolKind, Visibility};

/// Priority of constructors and destructors that name none; their section has no number.
const DEFAULT_PRIORITY: u16 = 65535;

/// Library functions that are one operation, an absolute value.
const ABSOLUTES: [&[u8]; 6] = [b"fabs", b"fabsf", b"fabsl", b"abs", b"labs", b"llabs"];

impl State {
    /// The symbol of `decl`, declared when it is first referred to.
    pub(crate) fn symbol(&mut self, module: &mut Module, tree: Tree<'_>, decl: DeclId) -> Symbol {
        let is_function = tree.unit.decls[decl].is_function;
        if is_function {
            self.refer(decl);
        }
        if let Some(&symbol) = self.symbols.get(decl)
            && !symbol.is_none()
        {
            return symbol;
        }
        let symbol = self.declare(module, tree, decl);
        if self.symbols.len() <= decl.index() {
            self.symbols.resize(tree.unit.decls.len().max(decl.index() + 1), Symbol::NONE);
        }
        self.symbols[decl] = symbol;
        symbol
    }

    #[cold]
    fn declare(&mut self, module: &mut Module, tree: Tree<'_>, id: DeclId) -> Symbol {
        let decl = &tree.unit.decls[id];
        let weakref = is_weakref(tree, id);
        let name: Box<[u8]> = if weakref {
            tree.names.text(decl.alias).into()
        } else if !decl.asm_name.is_none() {
            tree.names.text(decl.asm_name).into()
        } else if decl.name.is_none() {
            self.private_name("L")
        } else if decl.linkage == CLinkage::None {
            self.n_static_locals += 1;
            let mut name = tree.names.text(decl.name).to_vec();
            name.extend_from_slice(format!(".{}", self.n_static_locals - 1).as_bytes());
            name.into()
        } else {
            tree.names.text(decl.name).into()
        };
        let linkage = if weakref { Linkage::Weak } else { linkage(decl) };
        if linkage != Linkage::Local
            && let Some(&symbol) = self.globals.get(&name)
        {
            return symbol;
        }
        if self.options.inline_library
            && decl.is_function
            && linkage != Linkage::Local
            && ABSOLUTES.contains(&&name[..])
        {
            self.absolute.push(id);
        }
        let kind = if decl.is_function {
            SymbolKind::Function
        } else if decl.thread_local {
            SymbolKind::Tls
        } else {
            SymbolKind::Data
        };
        let section = section(module, tree, decl.section);
        let defined = decl.definition != Definition::Declared && !decl.inline_only && !decl.is_function;
        let visibility = visibility(decl, decl.definition != Definition::Declared && !decl.inline_only);
        let declared = SymbolDecl { name: name.clone(), kind, linkage, visibility, defined, section, alias: None };
        let symbol = module.declare(declared);
        if linkage != Linkage::Local {
            self.globals.insert(name, symbol);
        }
        symbol
    }

    /// A function of a library, by the name that objects show.
    pub(crate) fn library_symbol(&mut self, module: &mut Module, name: &str) -> Symbol {
        if let Some(&symbol) = self.globals.get(name.as_bytes()) {
            return symbol;
        }
        let name: Box<[u8]> = name.as_bytes().into();
        let symbol = module.declare(SymbolDecl {
            name: name.clone(),
            kind: SymbolKind::Function,
            linkage: Linkage::Global,
            visibility: Visibility::Default,
            defined: false,
            section: SectionName::NONE,
            alias: None,
        });
        self.globals.insert(name, symbol);
        symbol
    }

    fn private_name(&mut self, prefix: &str) -> Box<[u8]> {
        let mut left = self.n_private;
        self.n_private += 1;
        let mut digits = [b'0'; 10];
        let mut first = digits.len();
        while first == digits.len() || left != 0 {
            first -= 1;
            digits[first] += (left % 10) as u8;
            left /= 10;
        }
        [b".L", prefix.as_bytes(), &digits[first..]].concat().into()
    }

    /// A nameless object of ours, defined at once.
    pub(crate) fn private_symbol(&mut self, module: &mut Module, prefix: &str) -> Symbol {
        let name = self.private_name(prefix);
        self.local_symbol(module, name, SymbolKind::Data, SectionName::NONE)
    }

    fn local_symbol(&mut self, module: &mut Module, name: Box<[u8]>, kind: SymbolKind, section: SectionName) -> Symbol {
        let (linkage, visibility) = (Linkage::Local, Visibility::Default);
        module.declare(SymbolDecl { name, kind, linkage, visibility, defined: true, section, alias: None })
    }

    /// The symbol of a string literal, emitted when it is first referred to.
    pub(crate) fn string(&mut self, module: &mut Module, tree: Tree<'_>, id: StrId) -> Symbol {
        if let Some(&symbol) = self.strings.get(id)
            && !symbol.is_none()
        {
            return symbol;
        }
        let symbol = self.private_symbol(module, "C");
        if self.strings.len() <= id.index() {
            self.strings.resize(tree.unit.strings.len().max(id.index() + 1), Symbol::NONE);
        }
        self.strings[id] = symbol;
        let data = &tree.unit.strings[id];
        let char_size = usize::from(data.char_size).max(1);
        let is_zero = |char: &[u8]| char.iter().all(|&byte| byte == 0);
        // A string with zeros inside would be cut by the linker.
        let mut chars = data.bytes.chunks(char_size);
        let ends = chars.next_back().is_some_and(is_zero);
        let merge = if ends && !chars.any(is_zero) { data.char_size } else { 0 };
        self.unit_data.push(DataDef {
            symbol,
            align: u32::from(data.char_size),
            size: data.bytes.len() as u64,
            bytes: data.bytes.to_vec(),
            relocs: Vec::new(),
            read_only: true,
            merge,
        });
        symbol
    }

    /// Symbols for the labels of the function at hand whose address is taken.
    pub(crate) fn label_symbols(&mut self, module: &mut Module, tree: Tree<'_>) {
        self.labels.clear();
        if !tree.ast.labels.iter().any(|label| label.address_taken) {
            return;
        }
        for label in &tree.ast.labels {
            let symbol = if label.address_taken {
                let name = self.private_name("B");
                self.local_symbol(module, name, SymbolKind::Label, SectionName::NONE)
            } else {
                Symbol::NONE
            };
            self.labels.push(symbol);
        }
    }

    // What is emitted.

    /// Notes that the function at hand, or data, refers to `decl`.
    fn refer(&mut self, decl: DeclId) {
        match &mut self.refs {
            Some(refs) => refs.push(decl),
            None => self.want(decl),
        }
    }

    pub(crate) fn want(&mut self, decl: DeclId) {
        set(&mut self.wanted, decl);
    }

    pub(crate) fn is_wanted(&self, decl: DeclId) -> bool {
        self.wanted.get(decl).copied().unwrap_or(false)
    }

    pub(crate) fn set_defined(&mut self, decl: DeclId) {
        set(&mut self.defined, decl);
    }

    /// Entries of the arrays of functions that run before and after `main`.
    pub(crate) fn structors(&mut self, module: &mut Module, tree: Tree<'_>, id: DeclId) {
        let decl = &tree.unit.decls[id];
        for (priority, array) in [(decl.constructor, ".init_array"), (decl.destructor, ".fini_array")] {
            let Some(priority) = priority else { continue };
            let name = if priority == DEFAULT_PRIORITY { array.into() } else { format!("{array}.{priority:05}") };
            let section = section_named(module, name.as_bytes());
            let target = self.symbol(module, tree, id);
            let name = self.private_name("I");
            let symbol = self.local_symbol(module, name, SymbolKind::Data, section);
            let reloc = DataReloc { offset: 0, target, addend: 0, size: 8, base: Symbol::NONE };
            self.unit_data.push(DataDef {
                symbol,
                align: 8,
                size: 8,
                bytes: vec![0; 8],
                relocs: vec![reloc],
                read_only: false,
                merge: 0,
            });
        }
    }

    /// Tentative definitions that nothing completed become zero-filled objects (C11 6.9.2p2): at the end of the unit the
    /// tree lists them. A `static` one that nothing refers to is left out.
    pub(crate) fn tentative(&mut self, module: &mut Module, tree: Tree<'_>, sink: &mut dyn FunctionSink) {
        for &(id, _) in &tree.ast.static_inits {
            let decl = &tree.unit.decls[id];
            if self.defined.get(id).copied().unwrap_or(false) || !decl.alias.is_none() {
                continue;
            }
            let referred = self.symbols.get(id).is_some_and(|symbol| !symbol.is_none());
            if decl.linkage == CLinkage::Internal && !referred && !decl.attribute_used {
                continue;
            }
            let symbol = self.symbol(module, tree, id);
            let common = decl.common.unwrap_or(self.options.common)
                && decl.linkage == CLinkage::External
                && !decl.thread_local
                && !decl.weak
                && decl.section.is_none();
            if !common {
                self.define_object(module, tree, id, u32::MAX);
                continue;
            }
            let size = self.facts.fact(tree.types, decl.ty).size;
            let align = self.object_align(tree, id);
            module.symbols.change(symbol, |decl| (decl.linkage, decl.defined) = (Linkage::Common, true));
            self.set_defined(id);
            self.describe_global(module, tree, id, symbol);
            sink.common(module, symbol, size, align);
        }
    }

    /// Beyond this point no declaration adds to a symbol: linkage, visibility and aliases become final.
    pub(crate) fn settle_symbols(&mut self, module: &mut Module, tree: Tree<'_>) {
        self.describe_constants(module, tree);
        for (id, decl) in tree.unit.decls.enumerated() {
            if (!decl.alias.is_none() || !decl.ifunc.is_none()) && !is_weakref(tree, id) {
                self.symbol(module, tree, id);
            }
        }
        for (id, decl) in tree.unit.decls.enumerated() {
            let Some(symbol) = self.symbols.get(id).and_then(|symbol| symbol.some()) else { continue };
            if !decl.ifunc.is_none() {
                let target = self.alias_target(tree, decl.ifunc, decl.pos);
                module.symbols.change(symbol, |entry| {
                    (entry.kind, entry.alias, entry.defined) = (SymbolKind::Indirect, target, true);
                    entry.linkage = linkage(decl);
                    entry.visibility = visibility(decl, true);
                });
                continue;
            }
            if is_weakref(tree, id) {
                continue;
            }
            let target = if decl.alias.is_none() { None } else { self.alias_target(tree, decl.alias, decl.pos) };
            let defined = self.defined.get(id).copied().unwrap_or(false);
            module.symbols.change(symbol, |entry| {
                if entry.linkage != Linkage::Common {
                    entry.linkage = linkage(decl);
                }
                if target.is_some() {
                    entry.alias = target;
                    entry.defined = true;
                } else {
                    entry.defined |= defined;
                }
                entry.visibility = visibility(decl, entry.defined);
            });
        }
    }

    /// `symver` is what the assembler does for text.
    pub(crate) fn versions(&mut self, module: &Module, tree: Tree<'_>, sink: &mut dyn FunctionSink) {
        for &(name, versions) in &tree.unit.symvers {
            let Some((id, decl)) = tree.unit.decls.enumerated().find(|(_, decl)| decl.name == name) else { continue };
            let (pos, symbol) = (decl.pos, self.symbols.get(id).and_then(|symbol| symbol.some()));
            let Some(symbol) = symbol.filter(|&symbol| module.symbols[symbol].defined) else {
                self.errors.push((pos, "symbol needs to be defined to have a version".into()));
                continue;
            };
            for version in tree.names.text(versions).split(|&byte| byte == b',') {
                let text = [b".symver ", &*module.symbols[symbol].name, b",", version].concat();
                sink.assembly(module, &text, pos);
            }
        }
    }

    fn alias_target(&mut self, tree: Tree<'_>, name: Name, pos: Pos) -> Option<Symbol> {
        let text = tree.names.text(name);
        let of = |id: DeclId| self.symbols.get(id).and_then(|symbol| symbol.some());
        let found = self.globals.get(text).copied().or_else(|| {
            let mut decls = tree.unit.decls.enumerated();
            decls.find(|(_, decl)| decl.name == name || decl.asm_name == name).and_then(|(id, _)| of(id))
        });
        if found.is_none() {
            self.errors.push((pos, format!("alias of undefined symbol ‘{}’", tree.names.display(name))));
        }
        found
    }

    /// Functions that an alias names are referred to.
    pub(crate) fn want_alias_targets(&mut self, tree: Tree<'_>) {
        for decl in &tree.unit.decls {
            let target = if decl.alias.is_none() { decl.ifunc } else { decl.alias };
            if target.is_none() {
                continue;
            }
            if let Some((id, _)) = tree.unit.decls.enumerated().find(|(_, other)| other.name == target) {
                self.want(id);
            }
        }
    }
}

/// `weakref`: the name stands for another, weakly.
fn is_weakref(tree: Tree<'_>, id: DeclId) -> bool {
    let decl = &tree.unit.decls[id];
    decl.weak && !decl.alias.is_none() && decl.linkage == CLinkage::Internal
}

fn linkage(decl: &crate::ast::DeclData) -> Linkage {
    match decl.linkage {
        CLinkage::None | CLinkage::Internal => Linkage::Local,
        CLinkage::External if decl.weak => Linkage::Weak,
        CLinkage::External => Linkage::Global,
    }
}

/// What the command line says about visibility is for what is `defined` here only: what is not may well be elsewhere.
fn visibility(decl: &crate::ast::DeclData, defined: bool) -> Visibility {
    if !decl.visibility_given && !defined {
        return Visibility::Default;
    }
    match decl.visibility {
        CVisibility::Default => Visibility::Default,
        CVisibility::Hidden => Visibility::Hidden,
        CVisibility::Protected => Visibility::Protected,
        CVisibility::Internal => Visibility::Internal,
    }
}

fn section(module: &mut Module, tree: Tree<'_>, name: Name) -> SectionName {
    if name.is_none() {
        return SectionName::NONE;
    }
    section_named(module, tree.names.text(name))
}

fn section_named(module: &mut Module, name: &[u8]) -> SectionName {
    let found = module.sections.enumerated().find(|(_, known)| known.as_ref() == name).map(|(id, _)| id);
    found.unwrap_or_else(|| module.sections.push(name.into()))
}

fn set(flags: &mut base::ids::IdVec<DeclId, bool>, decl: DeclId) {
    if flags.len() <= decl.index() {
        flags.resize((decl.index() + 1).next_power_of_two(), false);
    }
    flags[decl] = true;
}
