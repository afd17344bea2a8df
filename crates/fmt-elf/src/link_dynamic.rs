//! What the loader reads: dynamic symbols, their strings, hashes and versions, and the dynamic section.
//!
//! System V gABI chapter 5 ("Dynamic Linking"); `.gnu.hash` as in glibc's `dl-lookup.c`; versions as in LSB core,
//! "Symbol Versioning". Sizes are settled before addresses, contents written after.

use crate::defs::{
    DT_BIND_NOW, DT_DEBUG, DT_FINI, DT_FINI_ARRAY, DT_FINI_ARRAYSZ, DT_FLAGS, DT_FLAGS_1, DT_GNU_HASH, DT_HASH,
    DT_INIT, DT_INIT_ARRAY, DT_INIT_ARRAYSZ, DT_JMPREL, DT_NEEDED, DT_NULL, DT_PLTGOT, DT_PLTREL, DT_PLTRELSZ,
    DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ, DT_RELA, DT_RELACOUNT, DT_RELAENT, DT_RELASZ, DT_RPATH, DT_RUNPATH,
    DT_SONAME, DT_STRSZ, DT_STRTAB, DT_SYMBOLIC, DT_SYMENT, DT_SYMTAB, DT_TEXTREL, DT_VERDEF, DT_VERDEFNUM, DT_VERNEED,
    DT_VERNEEDNUM, DT_VERSYM, RELA_SIZE, SYM_SIZE, VER_FLG_BASE, VERSYM_HIDDEN,
};
use link::Link;
use link::exports::Versions;
use link::options::{OutputKind, Symbolic};
use link::scan::module_needs;
use link::symbols::{Def, GlobalFlags, GlobalId};
use std::collections::HashMap;

/// Strings with NULs between them, each once.
#[derive(Default)]
pub(crate) struct Strings {
    pub bytes: Vec<u8>,
    known: HashMap<Vec<u8>, u32>,
}

impl Strings {
    pub fn new() -> Strings {
        Strings { bytes: vec![0], known: HashMap::new() }
    }

    pub fn add(&mut self, text: &[u8]) -> u32 {
        if text.is_empty() {
            return 0;
        }
        if let Some(&at) = self.known.get(text) {
            return at;
        }
        let at = self.bytes.len() as u32;
        self.bytes.extend_from_slice(text);
        self.bytes.push(0);
        self.known.insert(text.to_vec(), at);
        at
    }
}

/// A dynamic entry's value, once addresses are known.
#[derive(Clone, Copy)]
pub(crate) enum Value {
    Number(u64),
    AddressOf(&'static [u8]),
    SizeOf(&'static [u8]),
    Symbol(GlobalId),
    GotBase,
}

/// A version that a library must have: its hash, output index and name.
struct NeededVersion {
    name: u32,
    hash: u32,
    index: u16,
}

/// Everything of `.dynsym` and around it.
#[derive(Default)]
pub(crate) struct Dynamic {
    pub strings: Strings,
    /// Names in table order, after the null symbol, with their positions in the string table.
    pub symbols: Vec<(GlobalId, u32)>,
    /// Version of each symbol, after the null symbol's.
    pub versym: Vec<u16>,
    pub verneed: Vec<u8>,
    pub n_verneed: u32,
    pub verdef: Vec<u8>,
    pub n_verdef: u32,
    pub gnu_hash: Vec<u8>,
    pub sysv_hash: Vec<u8>,
    pub entries: Vec<(u64, Value)>,
}

pub(crate) fn gnu_hash(name: &[u8]) -> u32 {
    name.iter().fold(5381u32, |hash, &b| hash.wrapping_mul(33).wrapping_add(u32::from(b)))
}

/// The gABI's hash, which versions use, too.
pub(crate) fn sysv_hash(name: &[u8]) -> u32 {
    name.iter().fold(0u32, |hash, &b| {
        let hash = (hash << 4).wrapping_add(u32::from(b));
        let high = hash & 0xf000_0000;
        (hash ^ (high >> 24)) & !high
    })
}

impl Dynamic {
    /// Settles names, their order, versions and the list of entries.
    pub fn new(link: &mut Link<'_>) -> Dynamic {
        let mut dynamic = Dynamic { strings: Strings::new(), ..Dynamic::default() };
        let needed: Vec<u32> =
            link.shared.iter().filter(|lib| lib.needed).map(|lib| dynamic.strings.add(&lib.soname)).collect();
        let n_imports = link.dynamic.imports.len();
        let (exports, buckets) = hash_order(link);
        let all: Vec<GlobalId> = link.dynamic.imports.iter().copied().chain(exports).collect();
        for (position, &id) in all.iter().enumerate() {
            link.globals[id].dynamic_index = position as u32 + 1;
            let name = dynamic.strings.add(link.globals[id].base_name());
            dynamic.symbols.push((id, name));
        }
        if link.options.hash_style.gnu {
            dynamic.gnu_hash = gnu_hash_table(link, &all[n_imports..], n_imports + 1, buckets);
        }
        if link.options.hash_style.sysv {
            dynamic.sysv_hash = sysv_hash_table(link, &all);
        }
        dynamic.versions(link);
        dynamic.entries(link, &needed);
        dynamic
    }

    /// Versions of symbols, and what libraries must define or this one does.
    fn versions(&mut self, link: &Link<'_>) {
        let own = &link.versions.nodes;
        if !own.is_empty() && link.options.output != OutputKind::Exec {
            self.version_definitions(link);
        }
        let mut next = if own.is_empty() { Versions::FIRST } else { own.len() as u16 + 2 };
        // Output index of each library's version, in the order of first use.
        let mut libs: Vec<(link::load::SharedId, Vec<NeededVersion>)> = Vec::new();
        let mut known: HashMap<(link::load::SharedId, u16), u16> = HashMap::new();
        for &(id, _) in &self.symbols {
            let global = &link.globals[id];
            let version = match global.def {
                Def::Shared { lib, sym } => {
                    let symbol = &link.shared[lib].lib.symbols[sym as usize];
                    let name = link.shared[lib].lib.versions.get(symbol.version as usize);
                    match name.filter(|name| symbol.version > Versions::GLOBAL && !name.is_empty()) {
                        None => Versions::GLOBAL,
                        Some(name) => *known.entry((lib, symbol.version)).or_insert_with(|| {
                            let needed =
                                NeededVersion { name: self.strings.add(name), hash: sysv_hash(name), index: next };
                            match libs.iter_mut().find(|(other, _)| *other == lib) {
                                Some((_, versions)) => versions.push(needed),
                                None => libs.push((lib, vec![needed])),
                            }
                            next += 1;
                            next - 1
                        }),
                    }
                }
                Def::Undefined => Versions::GLOBAL,
                // With versions of its own but none for this name: the base version.
                _ if global.is(GlobalFlags::HIDDEN_VERSION) && global.version >= Versions::FIRST => {
                    (global.version + 1 - Versions::FIRST + 1) | VERSYM_HIDDEN
                }
                _ if global.version >= Versions::FIRST => global.version + 1 - Versions::FIRST + 1,
                _ => Versions::GLOBAL,
            };
            self.versym.push(version);
        }
        if libs.is_empty() && self.n_verdef == 0 {
            self.versym.clear();
            return;
        }
        libs.sort_by_key(|(lib, _)| *lib);
        self.n_verneed = libs.len() as u32;
        for (position, (lib, versions)) in libs.iter().enumerate() {
            let file = self.strings.add(&link.shared[*lib].soname);
            let last = position + 1 == libs.len();
            let size = 16 + 16 * versions.len() as u32;
            self.verneed.extend_from_slice(&1u16.to_le_bytes());
            self.verneed.extend_from_slice(&(versions.len() as u16).to_le_bytes());
            self.verneed.extend_from_slice(&file.to_le_bytes());
            self.verneed.extend_from_slice(&16u32.to_le_bytes());
            self.verneed.extend_from_slice(&(if last { 0 } else { size }).to_le_bytes());
            for (idx, needed) in versions.iter().enumerate() {
                self.verneed.extend_from_slice(&needed.hash.to_le_bytes());
                self.verneed.extend_from_slice(&0u16.to_le_bytes());
                self.verneed.extend_from_slice(&needed.index.to_le_bytes());
                self.verneed.extend_from_slice(&needed.name.to_le_bytes());
                let next: u32 = if idx + 1 == versions.len() { 0 } else { 16 };
                self.verneed.extend_from_slice(&next.to_le_bytes());
            }
        }
    }

    /// Elf64_Verdef records: the file itself, then its versions.
    fn version_definitions(&mut self, link: &Link<'_>) {
        let file = link.options.soname.as_deref().unwrap_or(&link.options.output_name);
        let base = file.rsplit('/').next().unwrap_or(file).as_bytes().to_vec();
        let nodes = &link.versions.nodes;
        let mut all: Vec<(Vec<u8>, Vec<Vec<u8>>)> = vec![(base, Vec::new())];
        all.extend(nodes.iter().map(|node| (node.name.clone(), node.parents.clone())));
        self.n_verdef = all.len() as u32;
        for (idx, (name, parents)) in all.iter().enumerate() {
            let n_aux = 1 + parents.len() as u16;
            let size = 20 + 8 * u32::from(n_aux);
            let flags: u16 = if idx == 0 { VER_FLG_BASE } else { 0 };
            let next = if idx + 1 == all.len() { 0 } else { size };
            for half in [1u16, flags, idx as u16 + 1, n_aux] {
                self.verdef.extend_from_slice(&half.to_le_bytes());
            }
            for word in [sysv_hash(name), 20, next] {
                self.verdef.extend_from_slice(&word.to_le_bytes());
            }
            let names = [name].into_iter().chain(parents.iter());
            for (aux, name) in names.enumerate() {
                let at = self.strings.add(name);
                let next: u32 = if aux + 1 == n_aux as usize { 0 } else { 8 };
                self.verdef.extend_from_slice(&at.to_le_bytes());
                self.verdef.extend_from_slice(&next.to_le_bytes());
            }
        }
    }

    /// The entries of `.dynamic`, in GNU ld's order.
    fn entries(&mut self, link: &Link<'_>, needed: &[u32]) {
        let options = link.options;
        let mut out: Vec<(u64, Value)> = Vec::new();
        let number = |tag: u64, value: u64| (tag, Value::Number(value));
        out.extend(needed.iter().map(|&name| number(DT_NEEDED, u64::from(name))));
        if let (Some(soname), true) = (&options.soname, options.is_shared()) {
            let name = self.strings.add(soname.as_bytes());
            out.push(number(DT_SONAME, u64::from(name)));
        }
        if !options.rpaths.is_empty() {
            let path = self.strings.add(options.rpaths.join(":").as_bytes());
            out.push(number(if options.new_dtags { DT_RUNPATH } else { DT_RPATH }, u64::from(path)));
        }
        for (tag, name) in [(DT_INIT, &options.init), (DT_FINI, &options.fini)] {
            if let Some(id) = link.globals.find_name(name.as_bytes())
                && link.globals[id].is_defined_here()
            {
                out.push((tag, Value::Symbol(id)));
            }
        }
        let has = |name: &[u8]| link.sections.iter().any(|section| section.name == name && section.in_image);
        for (name, start, size) in [
            (&b".preinit_array"[..], DT_PREINIT_ARRAY, DT_PREINIT_ARRAYSZ),
            (b".init_array", DT_INIT_ARRAY, DT_INIT_ARRAYSZ),
            (b".fini_array", DT_FINI_ARRAY, DT_FINI_ARRAYSZ),
        ] {
            if has(name) {
                out.extend([(start, Value::AddressOf(name)), (size, Value::SizeOf(name))]);
            }
        }
        if options.hash_style.sysv {
            out.push((DT_HASH, Value::AddressOf(b".hash")));
        }
        if options.hash_style.gnu {
            out.push((DT_GNU_HASH, Value::AddressOf(b".gnu.hash")));
        }
        out.push((DT_STRTAB, Value::AddressOf(b".dynstr")));
        out.push((DT_SYMTAB, Value::AddressOf(b".dynsym")));
        out.push((DT_STRSZ, Value::SizeOf(b".dynstr")));
        out.push(number(DT_SYMENT, SYM_SIZE as u64));
        if !options.is_shared() {
            out.push(number(DT_DEBUG, 0));
        }
        if !link.slots.plt.is_empty() || !link.slots.direct.is_empty() {
            out.push((DT_PLTGOT, Value::GotBase));
        }
        if !link.slots.plt.is_empty() {
            out.push((DT_PLTRELSZ, Value::SizeOf(b".rela.plt")));
            out.push(number(DT_PLTREL, DT_RELA));
            out.push((DT_JMPREL, Value::AddressOf(b".rela.plt")));
        }
        let relocs = link.run_relocs();
        let relative = link.arch.arch.common.relative;
        let n_relative = relocs.iter().filter(|reloc| reloc.kind == relative).count();
        if !relocs.is_empty() {
            out.push((DT_RELA, Value::AddressOf(b".rela.dyn")));
            out.push((DT_RELASZ, Value::SizeOf(b".rela.dyn")));
            out.push(number(DT_RELAENT, RELA_SIZE as u64));
        }
        self.flags(link, &mut out);
        if self.n_verdef > 0 {
            out.push((DT_VERDEF, Value::AddressOf(b".gnu.version_d")));
            out.push(number(DT_VERDEFNUM, u64::from(self.n_verdef)));
        }
        if self.n_verneed > 0 {
            out.push((DT_VERNEED, Value::AddressOf(b".gnu.version_r")));
            out.push(number(DT_VERNEEDNUM, u64::from(self.n_verneed)));
        }
        if !self.versym.is_empty() {
            out.push((DT_VERSYM, Value::AddressOf(b".gnu.version")));
        }
        if n_relative > 0 {
            out.push(number(DT_RELACOUNT, n_relative as u64));
        }
        out.push(number(DT_NULL, 0));
        self.entries = out;
    }

    /// `DT_FLAGS`, `DT_FLAGS_1` and what says the same in older words.
    fn flags(&self, link: &Link<'_>, out: &mut Vec<(u64, Value)>) {
        let options = link.options;
        let z = &options.z;
        let module = link.slots.module;
        let text_relocs = module & module_needs::TEXT_RELOCS != 0;
        let symbolic = options.is_shared() && options.symbolic == Symbolic::All;
        if symbolic {
            out.push((DT_SYMBOLIC, Value::Number(0)));
        }
        if text_relocs {
            out.push((DT_TEXTREL, Value::Number(0)));
        }
        // DF_ORIGIN, DF_SYMBOLIC, DF_TEXTREL, DF_BIND_NOW, DF_STATIC_TLS.
        let flags = [
            (z.origin, 1u64),
            (symbolic, 2),
            (text_relocs, 4),
            (z.now, 8),
            (module & module_needs::STATIC_TLS != 0, 16),
        ];
        let flags = flags.iter().filter(|(on, _)| *on).fold(0, |all, (_, bit)| all | bit);
        if z.now && flags == 0 {
            out.push((DT_BIND_NOW, Value::Number(0)));
        }
        if flags != 0 {
            out.push((DT_FLAGS, Value::Number(flags)));
        }
        // DF_1_NOW, _NODELETE, _INITFIRST, _NOOPEN, _ORIGIN, _INTERPOSE, _NODEFLIB, _PIE.
        let flags_1 = [
            (z.now, 1u64),
            (z.no_delete, 8),
            (z.init_first, 0x20),
            (z.no_dlopen, 0x40),
            (z.origin, 0x80),
            (z.interpose, 0x400),
            (z.no_default_lib, 0x800),
            (options.output == OutputKind::Pie, 0x0800_0000),
        ];
        let flags_1 = flags_1.iter().filter(|(on, _)| *on).fold(0, |all, (_, bit)| all | bit);
        if flags_1 != 0 {
            out.push((DT_FLAGS_1, Value::Number(flags_1)));
        }
    }
}

/// About one bucket per two to four names.
fn n_buckets(n: usize) -> u32 {
    match n {
        0 | 1 => 1,
        2..=4 => 2,
        _ => (n as u32 / 3).max(3) | 1,
    }
}

/// Exports in the order of their buckets.
fn hash_order(link: &Link<'_>) -> (Vec<GlobalId>, u32) {
    let exports = &link.dynamic.exports;
    let buckets = n_buckets(exports.len());
    let mut keyed: Vec<(u32, GlobalId)> =
        exports.iter().map(|&id| (gnu_hash(link.globals[id].base_name()) % buckets, id)).collect();
    keyed.sort_by_key(|&(bucket, _)| bucket);
    (keyed.into_iter().map(|(_, id)| id).collect(), buckets)
}

fn gnu_hash_table(link: &Link<'_>, exports: &[GlobalId], first: usize, buckets: u32) -> Vec<u8> {
    const SHIFT: u32 = 26;
    let hashes: Vec<u32> = exports.iter().map(|&id| gnu_hash(link.globals[id].base_name())).collect();
    let words = (exports.len() / 8).next_power_of_two().max(1);
    let mut bloom = vec![0u64; words];
    let mut table = vec![0u32; buckets as usize];
    let mut chain = Vec::with_capacity(hashes.len());
    for (idx, &hash) in hashes.iter().enumerate() {
        bloom[(hash / 64) as usize & (words - 1)] |= 1 << (hash & 63) | 1 << ((hash >> SHIFT) & 63);
        let bucket = hash % buckets;
        if table[bucket as usize] == 0 {
            table[bucket as usize] = (first + idx) as u32;
        }
        let last = hashes.get(idx + 1).is_none_or(|next| next % buckets != bucket);
        chain.push(hash & !1 | u32::from(last));
    }
    let mut out = Vec::new();
    for word in [buckets, first as u32, words as u32, SHIFT] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    bloom.iter().for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
    table.iter().chain(&chain).for_each(|word| out.extend_from_slice(&word.to_le_bytes()));
    out
}

fn sysv_hash_table(link: &Link<'_>, all: &[GlobalId]) -> Vec<u8> {
    let buckets = n_buckets(all.len());
    let mut table = vec![0u32; buckets as usize];
    let mut chain = vec![0u32; all.len() + 1];
    for (idx, &id) in all.iter().enumerate() {
        let bucket = (sysv_hash(link.globals[id].base_name()) % buckets) as usize;
        chain[idx + 1] = table[bucket];
        table[bucket] = idx as u32 + 1;
    }
    let head = [buckets, all.len() as u32 + 1];
    head.iter().chain(&table).chain(&chain).flat_map(|word| word.to_le_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::{gnu_hash, sysv_hash};

    #[test]
    fn hashes_are_those_of_the_loader() {
        assert_eq!(gnu_hash(b""), 5381);
        assert_eq!(gnu_hash(b"printf"), 0x156b_2bb8);
        assert_eq!(sysv_hash(b"printf"), 0x077_905a6);
        assert_eq!(sysv_hash(b"GLIBC_2.2.5"), 0x0969_1a75);
    }
}
