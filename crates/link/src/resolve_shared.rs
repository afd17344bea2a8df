//! What shared libraries have to do with names, a part of phase 2.
//!
//! A library is asked for the names that somebody mentions, not read whole: a libc has 3,000, of which a program mentions a
//! few dozen. The result is the same as if every name of every library took part in its turn; names that only libraries
//! define play no part in a link, with two exceptions that [`Resolver::other_names`] looks after. What a library lacks
//! is read at once, because it counts even if no object mentions it.

use crate::Link;
use crate::error::ErrorKind;
use crate::load::{SharedId, SharedInput};
use crate::options::OutputKind;
use crate::resolve::{Resolver, claim_on};
use crate::symbols::{Def, GlobalFlags, GlobalId, Globals};
use base::ids::{Id, IdVec};
use obj::resolve::{Claim, Outcome, decide, is_weak};
use obj::shared::SharedSymbol;
use obj::{SymbolKind, Visibility};
use std::borrow::Cow;

/// Names that were mentioned behind the library that has them, and where each library's turn came.
#[derive(Default)]
pub(crate) struct LateNames {
    /// The name, the first library that defines it, the position there.
    names: Vec<(GlobalId, SharedId, u32)>,
    /// Of each library: the names it found and left.
    turns: IdVec<SharedId, (u32, u32)>,
}

impl<'a> Resolver<'a, '_> {
    pub(crate) fn add_shared(&mut self, mut input: SharedInput<'a>, as_needed: bool) {
        if let Some(&same) = self.sonames.get(&input.soname) {
            self.link.shared[same].needed |= !as_needed;
            return;
        }
        if as_needed && !self.satisfies(&input) {
            return;
        }
        input.needed = true;
        let lib = self.link.shared.next_id();
        self.sonames.insert(input.soname.clone(), lib);
        // Asking for more names than there are costs more than reading them.
        let many = self.link.globals.items.len();
        let whole = input.names.take_if(|names| names.count() < many);
        self.link.shared.push(input);
        if let Some(names) = whole {
            let mut found = Vec::new();
            let done = names.all(&mut found);
            self.report(lib, done);
            for (position, symbol) in found {
                self.link.shared[lib].keep(position, symbol);
            }
        }
        let before = self.link.globals.items.len() as u32;
        for idx in 0..self.link.shared[lib].lib.symbols.len() {
            let symbol = &self.link.shared[lib].lib.symbols[idx];
            let Some(name) = seen_by_others(symbol) else { continue };
            let (defined, weak) = (symbol.defined, is_weak(symbol.binding));
            let id = self.mention(name, Globals::hash(name));
            self.link.shared[lib].globals[idx] = id;
            if defined {
                self.link.claim_shared(id, lib, idx);
            } else if !weak {
                self.link.globals[id].flags.set(GlobalFlags::REF_SHARED);
            }
        }
        for id in (0..self.link.globals.items.len()).map(GlobalId::from_index) {
            self.ask(lib, id);
        }
        self.late.turns.push((before, self.link.globals.items.len() as u32));
    }

    /// Does a library define something that regular objects need other than weakly?
    fn satisfies(&mut self, input: &SharedInput<'a>) -> bool {
        let needs =
            |global: &crate::symbols::Global<'_>| global.def == Def::Undefined && global.is(GlobalFlags::REF_STRONG);
        let link = &*self.link;
        let read = input.lib.symbols.iter().any(|symbol| {
            let wanted = || link.globals.find_name(&symbol.name).is_some_and(|id| needs(&link.globals[id]));
            symbol.defined && !symbol.hidden_version && wanted()
        });
        let Some(names) = input.names.as_ref().filter(|_| !read) else { return read };
        let mut found = Vec::new();
        let mut done = Ok(());
        for global in link.globals.items.iter().filter(|global| needs(global)) {
            done = done.and(names.named(global.name, &mut found));
            if found.iter().any(|(_, symbol)| symbol.defined && !symbol.hidden_version) {
                return true;
            }
            found.clear();
        }
        if let Err(text) = done {
            let text = format!("{}: {text}", link.files.list[input.file].name);
            self.link.error(ErrorKind::Input, text);
        }
        false
    }

    /// The entry of `name`. Libraries that had their turn are asked for a new one.
    pub(crate) fn mention(&mut self, name: &'a [u8], hash: u64) -> GlobalId {
        let n_names = self.link.globals.items.len();
        let id = self.link.globals.intern(name, hash);
        if id.index() == n_names && !self.link.shared.is_empty() {
            // The turn of the last one may not be over: then it has the next names, too.
            for lib in self.link.shared.ids().take(self.late.turns.len()) {
                if let Some(position) = self.ask(lib, id)
                    && self.late.names.last().is_none_or(|late| late.0 != id)
                {
                    self.late.names.push((id, lib, position));
                }
            }
        }
        id
    }

    pub(crate) fn mention_name(&mut self, name: &'a [u8]) -> GlobalId {
        self.mention(name, Globals::hash(name))
    }

    /// The entry of a name that somebody mentioned or a library defines.
    pub(crate) fn find_anywhere(&mut self, name: &'a [u8]) -> Option<GlobalId> {
        let known = self.link.globals.find_name(name);
        if known.is_some() || !self.link.defined_by_library(name) {
            return known;
        }
        Some(self.mention_name(name))
    }

    /// Lets a library claim a name if it defines it; where.
    fn ask(&mut self, lib: SharedId, id: GlobalId) -> Option<u32> {
        let link = &mut *self.link;
        let names = link.shared[lib].names.as_ref()?;
        let mut found = Vec::new();
        let done = names.named(link.globals[id].name, &mut found);
        let mut first = None;
        for (position, symbol) in found {
            if seen_by_others(&symbol).is_some() && symbol.defined {
                let idx = link.shared[lib].keep(position, symbol);
                link.shared[lib].globals[idx] = id;
                link.claim_shared(id, lib, idx);
                first = first.or(Some(position));
            }
        }
        self.report(lib, done);
        first
    }

    fn report(&mut self, lib: SharedId, done: Result<(), String>) {
        if let Err(text) = done {
            let text = format!("{}: {text}", self.link.files.list[self.link.shared[lib].file].name);
            if !self.link.errors.iter().any(|error| error.text == text) {
                self.link.error(ErrorKind::Input, text);
            }
        }
    }

    /// Names of libraries that count although no object mentions them: those of the boundaries that every program has,
    /// and those that stand for a variable that a program may have to copy.
    pub(crate) fn other_names(&mut self) {
        let output = self.link.options.output;
        let lazy = self.link.shared.iter().any(|input| input.names.is_some());
        if !lazy || self.link.options.is_shared() || output == OutputKind::Relocatable {
            return;
        }
        for row in self.link.format.edges().iter().filter(|row| row.always) {
            self.find_anywhere(row.name.as_bytes());
        }
        let mut variables: IdVec<SharedId, Vec<u64>> = self.link.shared.iter().map(|_| Vec::new()).collect();
        for global in self.link.globals.items.iter().filter(|global| global.is(GlobalFlags::REF_REGULAR)) {
            let Def::Shared { lib, sym } = global.def else { continue };
            let symbol = &self.link.shared[lib].lib.symbols[sym as usize];
            if !matches!(symbol.kind, SymbolKind::Function | SymbolKind::IFunc | SymbolKind::Tls) {
                variables[lib].push(symbol.value);
            }
        }
        for (lib, addresses) in variables.enumerated().filter(|(_, addresses)| !addresses.is_empty()) {
            let Some(names) = &self.link.shared[lib].names else { continue };
            let mut aliases = Vec::new();
            let done = names.at(addresses, &mut aliases);
            self.report(lib, done);
            for name in aliases.into_iter().filter(|name| !name.is_empty()) {
                if self.link.defined_by_library(name) {
                    self.mention_name(name);
                }
            }
        }
    }

    /// Numbers the names as if each library had brought all of its own in its turn: the numbers settle the order of
    /// everything that is made for names.
    pub(crate) fn in_order(&mut self) {
        if self.late.names.is_empty() {
            return;
        }
        let link = &mut *self.link;
        // Turn of the library in front, a name of a library or of others, position or number.
        let mut keys: IdVec<GlobalId, (u32, bool, u32)> = IdVec::with_capacity(link.globals.items.len());
        let mut n_turns = 0;
        for id in link.globals.items.ids() {
            while self.late.turns.iter().nth(n_turns).is_some_and(|turn| turn.1 <= id.0) {
                n_turns += 1;
            }
            keys.push((n_turns as u32, false, id.0));
        }
        for (lib, input) in link.shared.enumerated() {
            let (start, end) = self.late.turns[lib];
            for (&id, &position) in input.globals.iter().zip(&input.positions) {
                if (start..end).contains(&id.0) {
                    keys[id] = (lib.0, true, position);
                }
            }
        }
        for &(id, lib, position) in &self.late.names {
            keys[id] = (lib.0, true, position);
        }
        let mut order: Vec<GlobalId> = link.globals.items.ids().collect();
        order.sort_by_key(|&id| keys[id]);
        link.renumber(&order);
    }
}

/// The name of a symbol that other modules can bind to without naming its version.
fn seen_by_others<'a>(symbol: &SharedSymbol<'a>) -> Option<&'a [u8]> {
    let Cow::Borrowed(name) = symbol.name else { return None };
    let hidden = matches!(symbol.visibility, Visibility::Hidden | Visibility::Internal);
    // One at another version is bound by explicit request only: see `find_version`.
    let other_version = symbol.defined && symbol.hidden_version;
    (!name.is_empty() && !hidden && !other_version).then_some(name)
}

impl<'a> Link<'a> {
    fn claim_shared(&mut self, id: GlobalId, lib: SharedId, idx: usize) {
        let global = &mut self.globals[id];
        match decide(claim_on(global), Claim::Shared) {
            Outcome::Replace => global.def = Def::Shared { lib, sym: idx as u32 },
            _ => {
                if !matches!(global.def, Def::Shared { .. }) {
                    global.flags.set(GlobalFlags::SHARED_DEF);
                }
            }
        }
    }

    /// Whether some library defines `name`, or lacks it, where nobody mentioned it.
    fn defined_by_library(&self, name: &[u8]) -> bool {
        let mut found = Vec::new();
        // An error is reported when the name is mentioned.
        let asks = |input: &SharedInput<'a>| {
            input.names.as_ref().is_some_and(|names| {
                names.named(name, &mut found).is_err()
                    || found.iter().any(|(_, s)| s.defined && seen_by_others(s).is_some())
            })
        };
        self.shared.iter().any(asks)
    }

    /// The definition of `base` that has a version.
    pub(crate) fn find_version(&mut self, base: &[u8], version: &[u8]) -> Option<(SharedId, u32)> {
        for lib in self.shared.ids() {
            let input = &mut self.shared[lib];
            let fits = |lib: &obj::shared::SharedLib<'_>, symbol: &SharedSymbol<'_>| {
                let named = lib.versions.get(symbol.version as usize).is_some_and(|v| **v == *version);
                symbol.defined && named && *symbol.name == *base
            };
            if let Some(idx) = input.lib.symbols.iter().position(|symbol| fits(&input.lib, symbol)) {
                return Some((lib, idx as u32));
            }
            let mut found = Vec::new();
            // A damaged entry is not the one that is looked for.
            let _ = input.names.as_ref().map(|names| names.named(base, &mut found));
            if let Some((position, symbol)) = found.into_iter().find(|(_, symbol)| fits(&input.lib, symbol)) {
                return Some((lib, input.keep(position, symbol) as u32));
            }
        }
        None
    }

    /// Gives the names new numbers: the first of `order` becomes number 0. For when `resolve` ends.
    fn renumber(&mut self, order: &[GlobalId]) {
        let mut new: IdVec<GlobalId, GlobalId> = self.globals.items.ids().collect();
        for (idx, &old) in order.iter().enumerate() {
            new[old] = GlobalId::from_index(idx);
        }
        let renew = |id: &mut GlobalId| {
            if let Some(&now) = new.get(*id) {
                *id = now;
            }
        };
        self.globals.renumber(order, renew);
        self.objects.iter_mut().flat_map(|input| &mut input.globals).for_each(renew);
        self.shared.iter_mut().flat_map(|input| &mut input.globals).for_each(renew);
        self.versioned.iter_mut().map(|(id, ..)| id).for_each(renew);
        self.entry.iter_mut().for_each(renew);
        for edge in &mut self.edges {
            if let crate::edges::Edge::Symbol { target, .. } = edge {
                renew(target);
            }
        }
    }
}

impl<'a> SharedInput<'a> {
    /// Adds a symbol that is read now; its index.
    fn keep(&mut self, position: u32, symbol: SharedSymbol<'a>) -> usize {
        self.lib.symbols.push(symbol);
        self.positions.push(position);
        self.globals.push(GlobalId::NONE);
        self.globals.len() - 1
    }
}
