//! Phase 2, resolve: inputs take part in command-line order, names find their definitions, archives give members.
//!
//! Which claim wins is decided by [`obj::resolve`]; this file knows the order of things: an archive member is taken when
//! it defines a name that is undefined at that moment, a shared library under `--as-needed` when it defines one that a
//! regular object needs other than weakly (GNU ld, "--as-needed"; gABI, "Archive File").

use crate::error::{ErrorKind, show};
use crate::load::{ArchiveInput, Loaded, ObjId, ObjectInput, SectionFate, SharedId, parse_member};
use crate::resolve_shared::LateNames;
use crate::symbols::{Def, GlobalFlags, GlobalId, Globals};
use crate::{Link, Options};
use base::ids::Id;
use obj::resolve::{Claim, Outcome, decide, is_weak, merge_visibility};
use obj::{SectionFlags, SymId, Symbol, SymbolDef, SymbolKind};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Hashes names with the table's own hash. Maps of this kind are never iterated.
#[derive(Default)]
pub(crate) struct NameHasher(u64);

impl Hasher for NameHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(5) ^ base::hash::hash64(bytes);
    }
    fn write_usize(&mut self, _: usize) {}
}

pub(crate) type NameMap<'a, V> = HashMap<&'a [u8], V, BuildHasherDefault<NameHasher>>;

/// State that only this phase needs.
pub(crate) struct Resolver<'a, 'l> {
    pub(crate) link: &'l mut Link<'a>,
    /// Signatures of groups that have a winner.
    groups: NameMap<'a, ()>,
    pub(crate) sonames: HashMap<Vec<u8>, SharedId>,
    pub(crate) late: LateNames,
    /// Names redirected by `--wrap`, for references.
    wraps: NameMap<'a, &'a [u8]>,
}

/// Adds all inputs. Errors (duplicates, unreadable members) go to `link.errors`.
pub(crate) fn resolve<'a>(link: &mut Link<'a>, loaded: Vec<Loaded<'a>>) {
    let files = link.files;
    let mut wraps = NameMap::default();
    for (name, wrapped, real) in &files.wraps {
        wraps.insert(&name[..], &wrapped[..]);
        wraps.insert(&real[..], &name[..]);
    }
    let mut resolver =
        Resolver { link, groups: NameMap::default(), sonames: HashMap::new(), late: LateNames::default(), wraps };
    resolver.start_symbols();
    resolver.steps(loaded);
    resolver.bind_explicit_versions();
    resolver.define_symbols();
    resolver.other_names();
    resolver.in_order();
}

impl<'a> Resolver<'a, '_> {
    /// Names that the command line wants or defines.
    fn start_symbols(&mut self) {
        let (options, files) = (self.link.options, self.link.files);
        let start = options.entry.as_deref().unwrap_or(if options.is_program() { "_start" } else { "" });
        if !start.is_empty() && !start.starts_with(|c: char| c.is_ascii_digit()) {
            let id = self.want(start.as_bytes());
            // A missing entry is reported as such, not as a reference.
            self.link.entry = Some(id);
        }
        for name in options.undefined.iter().chain(&files.externs) {
            self.want(name.as_bytes());
        }
        for (name, _) in &options.defsym {
            let id = self.link.globals.intern_name(name.as_bytes());
            // The value is filled in when all names are known.
            self.link.globals[id].def = Def::Absolute(0);
            self.link.globals[id].flags.set(GlobalFlags::LINKER_MADE | GlobalFlags::REF_REGULAR);
        }
    }

    fn want(&mut self, name: &'a [u8]) -> GlobalId {
        let id = self.link.globals.intern_name(name);
        self.link.globals[id].flags.set(GlobalFlags::REF_REGULAR | GlobalFlags::REF_STRONG);
        id
    }

    fn steps(&mut self, loaded: Vec<Loaded<'a>>) {
        let mut group: Option<Vec<ArchiveInput<'a>>> = None;
        for step in loaded {
            match step {
                Loaded::Object(object) => {
                    self.add_object(*object);
                }
                Loaded::Shared { input, as_needed } => self.add_shared(*input, as_needed),
                Loaded::Archive(archive) => {
                    let mut archive = *archive;
                    for member in std::mem::take(&mut archive.whole) {
                        self.add_member(&archive, member);
                    }
                    match &mut group {
                        // Inside a group each archive is searched in its turn and all of them again at the end.
                        Some(members) => {
                            self.pull(&mut archive);
                            members.push(archive);
                        }
                        None => {
                            self.pull(&mut archive);
                        }
                    }
                }
                Loaded::GroupStart => group = group.or(Some(Vec::new())),
                Loaded::GroupEnd => {
                    let mut members = group.take().unwrap_or_default();
                    while members.iter_mut().fold(false, |any, archive| self.pull(archive) | any) {}
                }
            }
        }
    }

    /// Takes every member that defines a name undefined at the time, until none does. True if any was taken.
    fn pull(&mut self, input: &mut ArchiveInput<'a>) -> bool {
        let mut any = false;
        loop {
            let mut pulled = false;
            for idx in 0..input.index.len() {
                let entry = input.index[idx];
                let member = entry.member as usize;
                if input.members[member].1 || !self.is_wanted(entry.name, entry.hash) {
                    continue;
                }
                input.members[member].1 = true;
                let offset = input.members[member].0;
                let link = &*self.link;
                match parse_member(link.files, link.format, link.arch.arch, input, offset) {
                    Ok(Some(object)) => {
                        self.add_member(input, object);
                        pulled = true;
                    }
                    Ok(None) => {}
                    Err(text) => {
                        let name = &self.link.files.list[input.file].name;
                        let text = format!("{name}: {text}");
                        self.link.error(ErrorKind::Input, text);
                    }
                }
            }
            any |= pulled;
            if !pulled {
                return any;
            }
        }
    }

    fn add_member(&mut self, archive: &ArchiveInput<'a>, mut object: ObjectInput<'a>) {
        object.excluded = is_excluded(self.link.options, &self.link.files.list[archive.file].name);
        self.add_object(object);
    }

    /// A name that an archive member may satisfy: undefined other than weakly.
    fn is_wanted(&self, name: &[u8], hash: u64) -> bool {
        let Some(id) = self.link.globals.find(name, hash) else { return false };
        let global = &self.link.globals[id];
        global.def == Def::Undefined
            && global.is(GlobalFlags::REF_STRONG | GlobalFlags::REF_SHARED)
            && (global.is(GlobalFlags::REF_STRONG) || !global.is(GlobalFlags::REF_REGULAR))
    }

    fn add_object(&mut self, mut input: ObjectInput<'a>) {
        let obj = self.link.objects.next_id();
        self.discard_groups(&mut input);
        let Some(strings) = borrowed(&input.object.strings) else {
            let name = self.link.files.list[input.file].name.clone();
            return self.link.error(ErrorKind::Unsupported, format!("{name}: symbol names are not in the file"));
        };
        let n_symbols = input.object.symbols.len();
        // The object must be in its place before its claims are compared, because errors name it.
        self.link.objects.push(input);
        for idx in 0..n_symbols {
            let sym = SymId::from_index(idx);
            let input = &self.link.objects[obj];
            let hash = input.hashes[idx];
            if hash == 0 {
                continue;
            }
            let symbol = input.object.symbols[sym];
            let range = symbol.name.start as usize..symbol.name.start as usize + symbol.name.len as usize;
            let Some(name) = strings.get(range) else { continue };
            let claim = claim_of(input, &symbol);
            let id = self.intern(name, hash, matches!(claim, Claim::Undefined { .. }));
            self.link.objects[obj].globals[idx] = id;
            self.claim(id, obj, sym, &symbol, claim);
        }
    }

    /// The entry of a name as an object spells it.
    fn intern(&mut self, name: &'a [u8], hash: u64, reference: bool) -> GlobalId {
        if reference
            && !self.wraps.is_empty()
            && let Some(&other) = self.wraps.get(name)
        {
            return self.mention_name(other);
        }
        // Symbols with a version are rare: one scan of the name finds them.
        let Some(at) = name.iter().position(|&b| b == b'@').filter(|&at| at > 0) else {
            return self.mention(name, hash);
        };
        let (base, version) = (&name[..at], &name[at + 1..]);
        match version.strip_prefix(b"@") {
            Some(version) => {
                let id = self.mention_name(base);
                if !reference {
                    self.link.versioned.push((id, version, true));
                    self.link.globals[id].flags.set(GlobalFlags::VERSIONED);
                }
                id
            }
            None => {
                let id = self.mention_name(name);
                if !reference {
                    self.link.versioned.push((id, version, false));
                    self.link.globals[id].flags.set(GlobalFlags::HIDDEN_VERSION);
                }
                id
            }
        }
    }

    /// Marks the sections of groups that an earlier object brought.
    fn discard_groups(&mut self, input: &mut ObjectInput<'a>) {
        for group in input.object.groups.iter() {
            if !group.comdat {
                continue;
            }
            let Some(strings) = borrowed(&input.object.strings) else { continue };
            let Some(signature) = input.object.symbols.get(group.signature) else { continue };
            let range = signature.name.start as usize..signature.name.start as usize + signature.name.len as usize;
            let Some(name) = strings.get(range) else { continue };
            if self.groups.insert(name, ()).is_some() {
                for &section in &group.sections {
                    input.fates[section] = SectionFate::Discarded;
                }
            }
        }
        for (id, section) in input.object.sections.enumerated() {
            // The older way to say the same: the section's name is the signature.
            if section.name.starts_with(b".gnu.linkonce.")
                && let Cow::Borrowed(name) = section.name
                && self.groups.insert(name, ()).is_some()
            {
                input.fates[id] = SectionFate::Discarded;
            }
            if section.flags.has(SectionFlags::EXCLUDE) && input.fates[id] == SectionFate::Dead {
                input.fates[id] = SectionFate::Ignored;
            }
        }
    }

    fn claim(&mut self, id: GlobalId, obj: ObjId, sym: SymId, symbol: &Symbol, claim: Claim) {
        let old = claim_on(&self.link.globals[id]);
        let global = &mut self.link.globals[id];
        global.visibility = merge_visibility(global.visibility, symbol.visibility);
        global.flags.set(GlobalFlags::REF_REGULAR);
        if global.first.is_none() {
            global.first = obj;
        }
        if let Claim::Undefined { weak } = claim {
            if !weak {
                global.flags.set(GlobalFlags::REF_STRONG);
            }
            return;
        }
        match decide(old, claim) {
            Outcome::Keep => {}
            Outcome::Grow { size, align } => {
                global.common_size = size;
                global.common_align = global.common_align.max(align as u32);
            }
            Outcome::Replace => {
                if old == Claim::Shared {
                    global.flags.set(GlobalFlags::SHARED_DEF);
                }
                global.def = Def::Object { obj, sym };
                global.flags.clear(GlobalFlags::COMMON | GlobalFlags::WEAK_DEF | GlobalFlags::EXCLUDED);
                if self.link.objects[obj].excluded {
                    global.flags.set(GlobalFlags::EXCLUDED);
                }
                match claim {
                    Claim::Common { size, align } => {
                        global.flags.set(GlobalFlags::COMMON);
                        global.common_size = size;
                        // The strictest alignment holds even if the largest definition asked for less.
                        global.common_align = global.common_align.max(align as u32);
                    }
                    Claim::Defined { weak: true } => global.flags.set(GlobalFlags::WEAK_DEF),
                    Claim::Defined { weak: false } | Claim::Shared | Claim::Undefined { .. } => {}
                }
            }
            Outcome::Duplicate => self.duplicate(id, obj),
        }
    }

    fn duplicate(&mut self, id: GlobalId, obj: ObjId) {
        let global = &self.link.globals[id];
        if self.link.options.z.mul_defs || global.is(GlobalFlags::LINKER_MADE) {
            return;
        }
        let Def::Object { obj: first, .. } = global.def else { return };
        let text = format!(
            "duplicate symbol: {}\n  defined in {}\n  and again in {}",
            show(global.name),
            self.link.object_name(first),
            self.link.object_name(obj)
        );
        self.link.error(ErrorKind::Duplicate, text);
    }

    /// References to `name@VERSION` find the definition with that version, in objects and then in libraries.
    fn bind_explicit_versions(&mut self) {
        let link = &mut *self.link;
        for id in link.globals.items.ids() {
            let global = &link.globals[id];
            if global.def != Def::Undefined {
                continue;
            }
            let Some(at) = global.name.iter().position(|&b| b == b'@').filter(|&at| at > 0) else { continue };
            let (base, version) = (&global.name[..at], &global.name[at + 1..]);
            let own = link.versioned.iter().find(|(def, v, default)| {
                *default && *v == version && link.globals[*def].name == base && link.globals[*def].is_defined_here()
            });
            if let Some(&(def, ..)) = own {
                link.globals[id].def = link.globals[def].def;
                continue;
            }
            if let Some((lib, sym)) = link.find_version(base, version) {
                link.globals[id].def = Def::Shared { lib, sym };
            }
        }
    }

    /// Gives `--defsym` names their values if they are plain numbers; the others wait for addresses.
    fn define_symbols(&mut self) {
        for (name, expression) in &self.link.options.defsym {
            let id = self.mention_name(name.as_bytes());
            match crate::edges::parse_expression(expression) {
                Ok((base, addend)) => {
                    if let Some(base) = &base {
                        let found = self.find_anywhere(self.link.files.keep(base.clone().into_bytes()));
                        if found.is_none_or(|other| self.link.globals[other].def == Def::Undefined) {
                            let text = format!("--defsym {name}={expression}: undefined symbol {base}");
                            self.link.error(ErrorKind::Undefined, text);
                            continue;
                        }
                        self.link.globals[id].def = Def::Edge(self.link.edges.len() as u32);
                        let target = found.expect("just found");
                        self.link.edges.push(crate::edges::Edge::Symbol { target, addend });
                    } else {
                        self.link.globals[id].def = Def::Absolute(addend);
                    }
                }
                Err(text) => self.link.error(ErrorKind::Script, format!("--defsym {name}={expression}: {text}")),
            }
        }
    }
}

/// Bytes that live as long as their file.
fn borrowed<'a>(bytes: &Cow<'a, [u8]>) -> Option<&'a [u8]> {
    match bytes {
        Cow::Borrowed(bytes) => Some(bytes),
        Cow::Owned(bytes) if bytes.is_empty() => Some(&[]),
        Cow::Owned(_) => None,
    }
}

/// What a symbol of an object says about its name.
fn claim_of(input: &ObjectInput<'_>, symbol: &Symbol) -> Claim {
    let weak = is_weak(symbol.binding);
    match symbol.def {
        SymbolDef::Undefined => Claim::Undefined { weak },
        SymbolDef::Common => Claim::Common { size: symbol.size, align: symbol.value.max(1) },
        SymbolDef::Absolute => Claim::Defined { weak },
        SymbolDef::Atom(atom) => match input.fates[input.object.atoms[atom].section] {
            // The group's winner defines it.
            SectionFate::Discarded => Claim::Undefined { weak: weak || symbol.kind == SymbolKind::Section },
            _ => Claim::Defined { weak },
        },
    }
}

/// What has been said about a name so far.
pub(crate) fn claim_on(global: &crate::symbols::Global<'_>) -> Claim {
    match global.def {
        Def::Undefined => Claim::Undefined { weak: !global.is(GlobalFlags::REF_STRONG) },
        Def::Shared { .. } => Claim::Shared,
        Def::Object { .. } if global.is(GlobalFlags::COMMON) => {
            Claim::Common { size: global.common_size, align: u64::from(global.common_align) }
        }
        Def::Object { .. } => Claim::Defined { weak: global.is(GlobalFlags::WEAK_DEF) },
        Def::Synth { .. } | Def::Edge(_) | Def::Absolute(_) => Claim::Defined { weak: false },
    }
}

/// `--exclude-libs` names archives by their file names, or all of them.
fn is_excluded(options: &Options, archive: &str) -> bool {
    let file = archive.rsplit('/').next().unwrap_or(archive);
    options.exclude_libs.iter().any(|name| name == "ALL" || name == file)
}

/// Looks a name up for messages and tests.
pub fn find(globals: &Globals<'_>, name: &[u8]) -> Option<GlobalId> {
    globals.find_name(name)
}
