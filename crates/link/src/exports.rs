//! Phase 6, exports: what each name means outside this image: exported, imported, bound here, or at which version.
//!
//! Version scripts, dynamic lists and visibility meet here; afterwards `scan` only asks the flags. Rules as in GNU ld's
//! manual ("VERSION", "--dynamic-list", "-Bsymbolic"): an exact pattern beats a wildcard, a wildcard beats `*`.

use crate::edges::Edge;
use crate::error::{ErrorKind, show};
use crate::options::{OutputKind, Symbolic, Unresolved};
use crate::resolve::NameMap;
use crate::script::{VersionNode, parse_versions};
use crate::symbols::{Def, Global, GlobalFlags, GlobalId};
use crate::{Link, Options};
use obj::{SymbolDef, SymbolKind, Visibility};
use std::collections::HashSet;

/// The versions that the output defines.
#[derive(Default, Debug)]
pub struct Versions {
    /// Named nodes in order; the first has index [`Versions::FIRST`].
    pub nodes: Vec<VersionNode>,
}

impl Versions {
    /// Index of the symbol version of local names, of unversioned global names, and of the first named node.
    pub const LOCAL: u16 = 0;
    pub const GLOBAL: u16 = 1;
    pub const FIRST: u16 = 2;

    fn index_of(&self, name: &[u8]) -> Option<u16> {
        self.nodes.iter().position(|node| node.name == name).map(|at| at as u16 + Self::FIRST)
    }
}

/// The dynamic symbol table's names: imports, then exports; the format orders the exports.
#[derive(Default, Debug)]
pub struct DynamicNames {
    pub imports: Vec<GlobalId>,
    pub exports: Vec<GlobalId>,
}

/// Patterns of one script, the exact ones by hash.
struct Patterns<'p> {
    /// Version (0: local) of exactly named symbols.
    exact: NameMap<'p, u16>,
    /// In order of decreasing priority; `*` stands last.
    globs: Vec<(&'p crate::script::Pattern, u16)>,
}

impl<'p> Patterns<'p> {
    fn new(nodes: &'p [VersionNode]) -> Patterns<'p> {
        let mut patterns = Patterns { exact: NameMap::default(), globs: Vec::new() };
        let mut next = Versions::FIRST;
        for node in nodes {
            let version = if node.name.is_empty() { Versions::GLOBAL } else { next };
            next += u16::from(!node.name.is_empty());
            let globals = node.globals.iter().map(|p| (p, version));
            let locals = node.locals.iter().map(|p| (p, Versions::LOCAL));
            for (pattern, version) in globals.chain(locals) {
                if pattern.glob {
                    patterns.globs.push((pattern, version));
                } else {
                    patterns.exact.entry(&pattern.text).or_insert(version);
                }
            }
        }
        patterns.globs.sort_by_key(|(pattern, _)| pattern.text == b"*");
        patterns
    }

    fn find(&self, name: &[u8]) -> Option<u16> {
        if let Some(&version) = self.exact.get(name) {
            return Some(version);
        }
        self.globs.iter().find(|(pattern, _)| pattern.matches(name)).map(|&(_, version)| version)
    }
}

/// Options and lists that export names, for this phase and for garbage collection.
pub(crate) struct ExportRules {
    list: Vec<VersionNode>,
    hidden_by_default: bool,
    versions: Vec<VersionNode>,
}

impl ExportRules {
    pub(crate) fn new(link: &Link<'_>) -> ExportRules {
        let options = link.options;
        // Errors are reported once, by `choose`.
        let parse = |scripts: &[crate::options::Script]| {
            scripts.iter().filter_map(|s| parse_versions(&s.bytes).ok()).flatten().collect::<Vec<_>>()
        };
        let versions = parse(&options.version_scripts);
        let hidden_by_default = versions.iter().any(|node| node.locals.iter().any(|p| p.glob && p.text == b"*"));
        ExportRules { list: parse(&options.dynamic_lists), hidden_by_default, versions }
    }

    /// Named by a dynamic list or an export option.
    fn lists(&self, options: &Options, name: &[u8]) -> bool {
        options.export_symbols.iter().any(|s| s.as_bytes() == name)
            || self.list.iter().any(|node| node.globals.iter().any(|pattern| pattern.matches(name)))
    }

    /// May another module use this definition? (Garbage collection keeps it then.)
    pub(crate) fn keeps(&self, link: &Link<'_>, global: &Global<'_>) -> bool {
        let Def::Object { .. } = global.def else { return false };
        if matches!(global.visibility, Visibility::Hidden | Visibility::Internal) || global.is(GlobalFlags::EXCLUDED) {
            return false;
        }
        if self.hidden_by_default && !global.is(GlobalFlags::VERSIONED) {
            let named = |n: &VersionNode| n.globals.iter().any(|p| p.matches(global.name));
            if !self.versions.iter().any(named) {
                return false;
            }
        }
        let options = link.options;
        if options.is_shared() || options.output == OutputKind::Relocatable {
            return true;
        }
        !options.is_static
            && (options.export_dynamic
                || global.is(GlobalFlags::REF_SHARED | GlobalFlags::SHARED_DEF)
                || self.lists(options, global.name))
    }
}

/// Gives every global its flags.
pub(crate) fn choose(link: &mut Link<'_>) {
    let mut nodes = Vec::new();
    for script in link.options.version_scripts.iter() {
        match parse_versions(&script.bytes) {
            Ok(parsed) => nodes.extend(parsed),
            Err(text) => link.error(ErrorKind::Script, format!("{}:{text}", script.name)),
        }
    }
    for script in link.options.dynamic_lists.iter() {
        if let Err(text) = parse_versions(&script.bytes) {
            link.error(ErrorKind::Script, format!("{}:{text}", script.name));
        }
    }
    let demangling = |node: &VersionNode| node.globals.iter().chain(&node.locals).any(|p| p.cpp && p.text != b"*");
    if nodes.iter().any(demangling) {
        link.error(ErrorKind::Unsupported, "version script: patterns in extern \"C++\" are not supported");
    }
    let mut default_version = Versions::GLOBAL;
    if let Some(name) = &link.options.default_version {
        // The first, as in GNU ld.
        nodes.insert(0, VersionNode { name: name.clone().into_bytes(), ..VersionNode::default() });
        default_version = Versions::FIRST;
    }
    let rules = ExportRules::new(link);
    let patterns = Patterns::new(&nodes);
    let has_script = !nodes.is_empty();
    for id in link.globals.items.ids() {
        let facts = facts(link, id);
        let global = &mut link.globals[id];
        global.flags.set(facts);
        if has_script && global.is_defined_here() && !global.is(GlobalFlags::VERSIONED | GlobalFlags::HIDDEN_VERSION) {
            match patterns.find(global.name) {
                Some(Versions::LOCAL) => global.flags.set(GlobalFlags::FORCED_LOCAL),
                None | Some(Versions::GLOBAL) if default_version != Versions::GLOBAL => {
                    global.version = default_version
                }
                Some(version) => global.version = version,
                None => {}
            }
        }
        if global.is(GlobalFlags::EXCLUDED) {
            global.flags.set(GlobalFlags::FORCED_LOCAL);
        }
        if !rules.list.is_empty() || !link.options.export_symbols.is_empty() {
            let name = link.globals[id].name;
            if rules.lists(link.options, name) {
                link.globals[id].flags.set(GlobalFlags::EXPORT);
            }
        }
        bind(link, id, !rules.list.is_empty());
    }
    drop(patterns);
    link.versions.nodes = nodes.into_iter().filter(|node| !node.name.is_empty()).collect();
    explicit_versions(link);
    shared_undefined(link);
}

/// Kind of definition, as flags.
fn facts(link: &Link<'_>, id: GlobalId) -> u32 {
    let kind_flags = |kind: SymbolKind, own: bool| match kind {
        SymbolKind::Tls => GlobalFlags::TLS,
        SymbolKind::Function => GlobalFlags::FUNCTION,
        SymbolKind::IFunc if own => GlobalFlags::FUNCTION | GlobalFlags::IFUNC,
        SymbolKind::IFunc => GlobalFlags::FUNCTION,
        SymbolKind::None | SymbolKind::Object | SymbolKind::Common | SymbolKind::Section | SymbolKind::File => 0,
    };
    match link.globals[id].def {
        Def::Object { obj, sym } => {
            let symbol = &link.objects[obj].object.symbols[sym];
            let absolute = if symbol.def == SymbolDef::Absolute { GlobalFlags::ABSOLUTE } else { 0 };
            kind_flags(symbol.kind, true) | absolute
        }
        Def::Shared { lib, sym } => kind_flags(link.shared[lib].lib.symbols[sym as usize].kind, false),
        Def::Absolute(_) => GlobalFlags::ABSOLUTE,
        Def::Edge(edge) if link.edges[edge as usize] == Edge::TlsStart => GlobalFlags::TLS,
        Def::Undefined | Def::Synth { .. } | Def::Edge(_) => 0,
    }
}

/// Decides whether a name is exported and who binds it.
fn bind(link: &mut Link<'_>, id: GlobalId, has_list: bool) {
    let options = link.options;
    let no_libraries = link.shared.is_empty();
    // Boundaries of the image belong to it alone; those of named sections may be asked for from outside.
    let own_edge = match link.globals[id].def {
        Def::Edge(edge) => !matches!(link.edges[edge as usize], Edge::NamedStart(_) | Edge::NamedEnd(_)),
        _ => false,
    };
    let global = &mut link.globals[id];
    let visible = matches!(global.visibility, Visibility::Default | Visibility::Protected)
        && !global.is(GlobalFlags::FORCED_LOCAL);
    match global.def {
        Def::Undefined => {
            let weak = !global.is(GlobalFlags::REF_STRONG);
            let shared = options.is_shared();
            let reported = match options.unresolved {
                Unresolved::Ignore => false,
                Unresolved::Default if shared && !options.z.defs => false,
                Unresolved::Default | Unresolved::Error | Unresolved::Warn => true,
            };
            if global.visibility != Visibility::Default {
                global.flags.set(if weak { GlobalFlags::UNDEF_ZERO } else { GlobalFlags::UNDEF_ERROR });
            } else if !weak && reported {
                global.flags.set(GlobalFlags::UNDEF_ERROR);
            } else if options.is_static || (no_libraries && !shared) || options.z.dynamic_undefined_weak == Some(false)
            {
                global.flags.set(GlobalFlags::UNDEF_ZERO);
            } else {
                global.flags.set(GlobalFlags::UNDEF_ZERO | GlobalFlags::PREEMPTIBLE);
            }
        }
        Def::Shared { .. } => global.flags.set(GlobalFlags::PREEMPTIBLE),
        Def::Edge(_) if own_edge && options.is_shared() => global.flags.set(GlobalFlags::FORCED_LOCAL),
        Def::Object { .. } | Def::Synth { .. } | Def::Edge(_) | Def::Absolute(_) => {
            if !visible || options.is_static && !options.is_shared() {
                return;
            }
            let listed = global.is(GlobalFlags::EXPORT);
            if options.is_shared() {
                global.flags.set(GlobalFlags::DYNAMIC);
                let bound_here = global.visibility == Visibility::Protected
                    || match options.symbolic {
                        Symbolic::None => has_list && !listed,
                        Symbolic::Functions => global.is(GlobalFlags::FUNCTION) && !listed,
                        Symbolic::All => !listed,
                    };
                if !bound_here {
                    global.flags.set(GlobalFlags::PREEMPTIBLE);
                }
            } else if options.export_dynamic || listed || global.is(GlobalFlags::REF_SHARED | GlobalFlags::SHARED_DEF) {
                global.flags.set(GlobalFlags::DYNAMIC);
            }
        }
    }
}

/// Definitions that name their version themselves (`foo@V`, `foo@@V`).
fn explicit_versions(link: &mut Link<'_>) {
    for idx in 0..link.versioned.len() {
        let (id, version, _) = link.versioned[idx];
        if !link.globals[id].is_defined_here() {
            continue;
        }
        match link.versions.index_of(version) {
            Some(index) => link.globals[id].version = index,
            None if !link.options.is_shared() => {}
            None => {
                let name = show(link.globals[id].name).into_owned();
                let text = format!("{name}: version {} is not defined by a version script", show(version));
                link.error(ErrorKind::Script, text);
            }
        }
    }
}

/// Names that shared libraries leave undefined and that nobody in this program defines.
fn shared_undefined(link: &mut Link<'_>) {
    let allowed = link.options.allow_shlib_undefined.unwrap_or(link.options.is_shared());
    if allowed || link.options.is_shared() || link.options.unresolved != Unresolved::Default {
        return;
    }
    let mut errors = Vec::new();
    let indirect = link.files.indirect.iter().map(|&file| &link.files.list[file]);
    let indirect: Vec<obj::shared::SharedLib<'_>> =
        indirect.filter_map(|file| link.format.read_shared(link.arch.arch, &file.bytes).ok()).collect();
    let defined = indirect.iter().flat_map(|lib| &lib.symbols).filter(|symbol| symbol.defined);
    let defined: HashSet<&[u8]> = defined.map(|symbol| &*symbol.name).collect();
    for input in link.shared.iter() {
        // Only a library whose own needs are all here can be judged.
        let have = |name: &[u8]| {
            link.shared.iter().any(|other| other.soname == name)
                || indirect.iter().any(|lib| lib.soname.as_deref() == Some(name))
        };
        if !input.lib.needed.iter().all(|name| have(name)) {
            continue;
        }
        for (symbol, global) in input.lib.symbols.iter().zip(&input.globals) {
            if symbol.defined || symbol.binding == obj::Binding::Weak || symbol.kind == SymbolKind::Tls {
                continue;
            }
            let Some(global) = link.globals.items.get(*global) else { continue };
            if defined.contains(global.base_name()) {
                continue;
            }
            if global.def == Def::Undefined && !global.is(GlobalFlags::UNDEF_ERROR) && symbol.version <= 1 {
                let file = &link.files.list[input.file].name;
                errors.push(format!("undefined symbol: {}\n  needed by {file}", show(global.name)));
            }
        }
    }
    for text in errors {
        link.error(ErrorKind::Undefined, text);
    }
}

/// Lists the dynamic names once `scan` has said which imports are used.
pub(crate) fn number(link: &mut Link<'_>) {
    if !link.is_dynamic() {
        return;
    }
    for (id, global) in link.globals.items.enumerated() {
        // The loader must find copies and functions whose address is that of an entry here.
        let copied = link.slots.of(id).is_some_and(|slot| slot.copy.is_some() || slot.canonical);
        if global.is_defined_here() || copied {
            if copied && !global.is_defined_here() || global.is(GlobalFlags::DYNAMIC) && is_placed(link, id) {
                link.dynamic.exports.push(id);
            }
        } else if global.is(GlobalFlags::PREEMPTIBLE) {
            // A weak name that nobody defines needs no lookup where code has its zero already.
            let bound = link.slots.needs[id] & crate::scan::needs::BOUND != 0;
            if bound || link.slots.is_used(id) && !global.is(GlobalFlags::UNDEF_ZERO) {
                link.dynamic.imports.push(id);
            }
        }
    }
}

/// Not in a section that garbage collection dropped.
fn is_placed(link: &Link<'_>, id: GlobalId) -> bool {
    link.defining_atom(id).is_none_or(|(obj, atom, _)| link.is_live(obj, atom))
}
