//! Symbol tables and the histograms of their hash tables: gABI chapter 4, "Symbol Table", and 5, "Hash Table".

use super::file::Symbol;
use super::names::{BINDINGS, SYMBOL_TYPES, VISIBILITIES, find};
use super::versions::{Bound, Versions};
use super::{Cx, SizeBase};
use crate::defs::{
    DT_GNU_HASH, DT_HASH, DT_SYMTAB, EM_X86_64, SHN_ABS, SHN_COMMON, SHN_UNDEF, SHN_X86_64_LCOMMON, SHN_XINDEX,
    SHT_DYNSYM, SHT_SYMTAB, SHT_SYMTAB_SHNDX, STT_SECTION, SYM_SIZE,
};
use crate::raw::{c_str, u32_at, u64_at};

const HEADING: &[u8] = b"   Num:    Value          Size Type    Bind   Vis      Ndx Name\n";
const OS_GNU: u8 = 3;
const OS_FREEBSD: u8 = 9;

pub(super) fn symbol_tables(cx: &mut Cx<'_, '_>) {
    let options = cx.options;
    if !options.symbols && !options.dynamic_symbols {
        return;
    }
    if options.use_dynamic {
        if !cx.file.dynamic.is_empty() {
            image_symbols(cx);
        } else if options.symbols {
            cx.bytes(b"\nDynamic symbol information is not available for displaying symbols.\n");
        }
        return;
    }
    let versions = Versions::read(cx);
    for idx in 0..cx.file.shdrs.len() {
        let shdr = cx.file.shdrs[idx];
        let dynamic = shdr.kind == SHT_DYNSYM;
        let wanted = dynamic || (shdr.kind == SHT_SYMTAB && options.symbols);
        if !wanted {
            continue;
        }
        let name = cx.file.section_name(&shdr);
        if shdr.entsize == 0 {
            cx.bytes(b"\nSymbol table '");
            cx.bytes(name);
            cx.bytes(b"' has a sh_entsize of zero!\n");
            continue;
        }
        let table = cx.file.data(&shdr).unwrap_or(&[]);
        let n = table.len() / SYM_SIZE;
        cx.bytes(b"\nSymbol table '");
        cx.section_name(name);
        cx.put(format_args!("' contains {n} {}:\n", if n == 1 { "entry" } else { "entries" }));
        cx.bytes(HEADING);
        let strings = cx.file.data_of(shdr.link);
        let high = cx.file.shdrs.iter().find(|high| high.kind == SHT_SYMTAB_SHNDX && high.link as usize == idx);
        let high = high.and_then(|high| cx.file.data(high)).unwrap_or(&[]);
        let versions = dynamic.then_some(&versions);
        for at in 0..n {
            if let Some(symbol) = Symbol::at(table, at) {
                line(cx, at, symbol, strings, versions, high);
            }
        }
    }
}

/// The symbols that the dynamic section leads to; how many there are only the hash tables know.
fn image_symbols(cx: &mut Cx<'_, '_>) {
    let (table, n) = image_table(cx);
    let strings = super::dynamic::dynamic_strings(cx);
    let versions = Versions::read(cx);
    let entries = if n == 1 { "entry" } else { "entries" };
    cx.put(format_args!("\nSymbol table for image contains {n} {entries}:\n"));
    cx.bytes(HEADING);
    for at in 0..n {
        if let Some(symbol) = Symbol::at(table, at) {
            line(cx, at, symbol, strings, Some(&versions), &[]);
        }
    }
}

/// The dynamic symbol table, and the number of its entries.
pub(super) fn image_table<'a>(cx: &Cx<'a, '_>) -> (&'a [u8], usize) {
    let table = cx.file.tag(DT_SYMTAB).map_or(&[][..], |address| cx.file.tail_at(address));
    let by_section = cx.file.find(SHT_DYNSYM).and_then(|shdr| cx.file.data(shdr)).map(|data| data.len() / SYM_SIZE);
    let by_hash = || cx.file.tag(DT_HASH).map(|address| u32_at(cx.file.tail_at(address), 4) as usize);
    // An empty table says nothing of the symbols that are not in it.
    let hash = || gnu_hash(cx).filter(|hash| hash.buckets.iter().any(|&byte| byte != 0));
    let by_gnu_hash = || hash().map(|hash| hash.n_symbols());
    let n = by_hash().or_else(by_gnu_hash).or(by_section).unwrap_or(0);
    (table, n.min(table.len() / SYM_SIZE))
}

fn line(cx: &mut Cx<'_, '_>, idx: usize, symbol: Symbol, strings: &[u8], versions: Option<&Versions<'_>>, high: &[u8]) {
    cx.put(format_args!("{idx:6}: {:016x} ", symbol.value));
    let size = symbol.size;
    match cx.options.size_base {
        SizeBase::Mixed if size > 99_999 => cx.put(format_args!("{size:#x}")),
        SizeBase::Mixed | SizeBase::Decimal => cx.put(format_args!("{size:5}")),
        SizeBase::Octal => cx.put(format_args!("0{size:04o}")),
        SizeBase::Hexadecimal => cx.put(format_args!("{size:#07x}")),
    }
    let kind = symbol_type(cx, symbol.kind());
    let binding = symbol_binding(cx, symbol.binding());
    let visibility = VISIBILITIES[usize::from(symbol.other & 3)];
    cx.put(format_args!(" {kind:<7} {binding:<6} {visibility:<7}"));
    let other = symbol.other & !3;
    if other != 0 {
        cx.put(format_args!(" {:<10}", format!(" [<other>: {other:x}]")));
    }
    let place = section_index(cx, idx, symbol.shndx, high);
    cx.put(format_args!(" {place:>4} "));
    let name = if symbol.kind() == STT_SECTION && symbol.name == 0 {
        cx.file.section_name_at(u32::from(symbol.shndx))
    } else {
        c_str(strings, symbol.name as usize).unwrap_or(b"<corrupt>")
    };
    let version = versions.and_then(|versions| versions.of(idx, symbol.shndx));
    let mut width = 21isize;
    let mut tail = Vec::new();
    // A version's own symbol is called as the version.
    if let Some((version, bound)) = version.filter(|(version, _)| *version != name) {
        tail.extend_from_slice(if bound == Bound::Default { b"@@" } else { b"@" });
        tail.extend_from_slice(version);
        if let Bound::Undefined(number) = bound {
            tail.extend_from_slice(format!(" ({number})").as_bytes());
        }
        if !cx.options.wide {
            width -= tail.len() as isize;
        }
    }
    // A version that leaves no room makes a width below zero, which asks for blanks behind the name.
    cx.name(width.unsigned_abs(), width < 0, name);
    cx.bytes(&tail);
    cx.bytes(b"\n");
}

fn symbol_type(cx: &Cx<'_, '_>, kind: u8) -> String {
    match find(SYMBOL_TYPES, u32::from(kind)) {
        Some(name) => name.into(),
        None if kind == 10 && matches!(cx.file.os_abi, OS_GNU | OS_FREEBSD) => "IFUNC".into(),
        None if kind >= 13 => format!("<processor specific>: {kind}"),
        None if kind >= 10 => format!("<OS specific>: {kind}"),
        None => format!("<unknown>: {kind}"),
    }
}

fn symbol_binding(cx: &Cx<'_, '_>, binding: u8) -> String {
    match find(BINDINGS, u32::from(binding)) {
        Some(name) => name.into(),
        None if binding == 10 && cx.file.os_abi == OS_GNU => "UNIQUE".into(),
        None if binding >= 13 => format!("<processor specific>: {binding}"),
        None if binding >= 10 => format!("<OS specific>: {binding}"),
        None => format!("<unknown>: {binding}"),
    }
}

fn section_index(cx: &Cx<'_, '_>, idx: usize, shndx: u16, high: &[u8]) -> String {
    match shndx {
        SHN_UNDEF => "UND".into(),
        SHN_ABS => "ABS".into(),
        SHN_COMMON => "COM".into(),
        SHN_X86_64_LCOMMON if cx.file.machine == EM_X86_64 => "LARGE_COM".into(),
        SHN_XINDEX if !high.is_empty() => format!("{:3}", u32_at(high, idx.saturating_mul(4))),
        0xff00..=0xff1f => format!("PRC[0x{shndx:04x}]"),
        0xff20..=0xff3f => format!("OS [0x{shndx:04x}]"),
        0xff40.. => format!("RSV[0x{shndx:04x}]"),
        _ if usize::from(shndx) >= cx.file.shdrs.len() && !cx.file.shdrs.is_empty() => {
            format!("bad section index[{shndx:3}]")
        }
        _ => format!("{shndx:3}"),
    }
}

/// A GNU hash table in its parts.
struct GnuHash<'a> {
    first_symbol: usize,
    buckets: &'a [u8],
    chains: &'a [u8],
}

impl GnuHash<'_> {
    /// The length of the chain that begins with symbol `start`.
    fn chain(&self, start: u32) -> usize {
        let Some(first) = (start as usize).checked_sub(self.first_symbol) else { return 0 };
        let words = self.chains.chunks_exact(4).skip(first);
        let inner = words.take_while(|word| u32_at(word, 0) & 1 == 0).count();
        if first.saturating_add(inner) < self.chains.len() / 4 { inner + 1 } else { inner }
    }

    fn n_symbols(&self) -> usize {
        let last = self.buckets.chunks_exact(4).map(|word| u32_at(word, 0)).max().unwrap_or(0);
        if last == 0 { self.first_symbol } else { (last as usize).saturating_add(self.chain(last)) }
    }
}

fn gnu_hash<'a>(cx: &Cx<'a, '_>) -> Option<GnuHash<'a>> {
    let data = cx.file.tail_at(cx.file.tag(DT_GNU_HASH)?);
    let (n_buckets, first, n_words) = (u32_at(data, 0) as usize, u32_at(data, 4) as usize, u32_at(data, 8) as usize);
    let start = 16usize.checked_add(n_words.checked_mul(8)?)?;
    let end = start.checked_add(n_buckets.checked_mul(4)?)?;
    Some(GnuHash { first_symbol: first, buckets: data.get(start..end)?, chains: data.get(end..)? })
}

pub(super) fn histograms(cx: &mut Cx<'_, '_>) {
    if !cx.options.histogram {
        return;
    }
    if let Some(address) = cx.file.tag(DT_HASH) {
        let data = cx.file.tail_at(address);
        let lengths = sysv_lengths(data);
        if let Some(lengths) = lengths {
            histogram(cx, "", &lengths);
        }
    }
    if let Some(hash) = gnu_hash(cx).filter(|hash| hash.buckets.iter().any(|&byte| byte != 0)) {
        // Chains of a damaged table overlap; together they are no longer than the table.
        let mut left = hash.chains.len() / 4;
        let mut lengths = Vec::with_capacity(hash.buckets.len() / 4);
        for word in hash.buckets.chunks_exact(4) {
            let start = u32_at(word, 0);
            let length = if start == 0 || left == 0 { 0 } else { hash.chain(start) };
            left = left.saturating_sub(length);
            lengths.push(length);
        }
        histogram(cx, "`.gnu.hash' ", &lengths);
    }
}

fn sysv_lengths(data: &[u8]) -> Option<Vec<usize>> {
    let (n_buckets, n_chains) = (u32_at(data, 0) as usize, u32_at(data, 4) as usize);
    let buckets = data.get(8..8usize.checked_add(n_buckets.checked_mul(4)?)?)?;
    let chains = data.get(8 + buckets.len()..)?;
    let chains = chains.get(..n_chains.checked_mul(4)?)?;
    let mut left = n_chains;
    let mut lengths = Vec::with_capacity(n_buckets);
    for word in buckets.chunks_exact(4) {
        let (mut at, mut length) = (u32_at(word, 0), 0);
        while at != 0 && (at as usize) < n_chains && left != 0 {
            length += 1;
            left -= 1;
            at = u32_at(chains, at as usize * 4);
        }
        lengths.push(length);
    }
    Some(lengths)
}

fn histogram(cx: &mut Cx<'_, '_>, which: &str, lengths: &[usize]) {
    let total = lengths.len();
    let buckets = if total == 1 { "bucket" } else { "buckets" };
    cx.put(format_args!("\nHistogram for {which}bucket list length (total of {total} {buckets}):\n"));
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let n_symbols: usize = lengths.iter().sum();
    if total == 0 {
        return;
    }
    let mut counts = vec![0usize; longest + 1];
    for &length in lengths {
        counts[length] += 1;
    }
    cx.bytes(b" Length  Number     % of total  Coverage\n");
    let percent = |part: usize, whole: usize| part as f64 * 100.0 / whole as f64;
    cx.put(format_args!("      0  {:<10} ({:5.1}%)\n", counts[0], percent(counts[0], total)));
    let mut covered = 0;
    for (length, &count) in counts.iter().enumerate().skip(1) {
        covered += count * length;
        let (share, coverage) = (percent(count, total), percent(covered, n_symbols));
        cx.put(format_args!("{length:7}  {count:<10} ({share:5.1}%)    {coverage:5.1}%\n"));
    }
}

/// The addresses of a table of packed relative relocations: an address, then bit maps of the words behind it.
/// "RELR relocation type" of the gABI.
pub(super) fn relr_addresses(data: &[u8]) -> Vec<u64> {
    let mut addresses = Vec::new();
    let mut next = 0u64;
    for record in data.chunks_exact(8) {
        let word = u64_at(record, 0);
        if word & 1 == 0 {
            addresses.push(word);
            next = word.wrapping_add(8);
            continue;
        }
        addresses.extend((0..63u64).filter(|bit| word >> (bit + 1) & 1 != 0).map(|bit| next.wrapping_add(bit * 8)));
        next = next.wrapping_add(63 * 8);
    }
    addresses
}
