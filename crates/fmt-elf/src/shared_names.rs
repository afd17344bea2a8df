//! The symbols of a shared library, found by the hash table that its loader uses (`.gnu.hash`).
//!
//! A link asks for a few dozen of the 3,000 names of a libc: reading the others costs ten times what the look-ups do.
//! The table has what the library defines, from some position of the symbol table on; what stands in front of that is read
//! at once, because what a library lacks counts even if nobody asks. Its form, as GNU ld writes it: four words (buckets,
//! first symbol, words of the filter, shift), the filter's 64-bit words, the buckets with the first symbol of each, and a
//! word a symbol: its hash, whose lowest bit ends the bucket's run.

use crate::defs::SHT_GNU_HASH;
use crate::link_dynamic::gnu_hash;
use crate::raw::{Result, u32_at, u64_at};
use crate::shared::{self, SymbolTable};
use link::facets::{LazyShared, SharedNames};
use obj::shared::SharedSymbol;
use target::Arch;

/// Reads what has to be read of a library made for `arch`; the rest when it is asked for.
///
/// # Errors
/// Anything malformed so far, another machine, another type of file.
pub(crate) fn read_lazily<'a>(bytes: &'a [u8], arch: &Arch) -> Result<LazyShared<'a>> {
    let (mut lib, table) = shared::open(bytes, arch)?;
    let Some(table) = table else { return Ok(LazyShared { lib, positions: Vec::new(), names: None }) };
    let names = HashTable::new(table);
    let mut positions = Vec::new();
    for idx in 1..names.first {
        if let Some(symbol) = names.table.symbol(idx)? {
            lib.symbols.push(symbol);
            positions.push(idx as u32);
        }
    }
    let names: Option<Box<dyn SharedNames<'a> + 'a>> =
        if names.first < names.table.len() { Some(Box::new(names)) } else { None };
    Ok(LazyShared { lib, positions, names })
}

/// A symbol table with its hash table.
struct HashTable<'a> {
    table: SymbolTable<'a>,
    /// Position of the first symbol that is hashed; the number of symbols if none is.
    first: usize,
    parts: Parts<'a>,
}

/// The parts of a hash table.
#[derive(Default)]
struct Parts<'a> {
    filter: &'a [u8],
    shift: u32,
    buckets: &'a [u8],
    /// Of each symbol from the first hashed one on.
    hashes: &'a [u8],
}

impl<'a> HashTable<'a> {
    fn new(table: SymbolTable<'a>) -> HashTable<'a> {
        // None, or one of another form: all symbols are read.
        let (first, parts) = Parts::of(&table).unwrap_or((table.len(), Parts::default()));
        HashTable { table, first, parts }
    }

    /// The run of symbols that a hash may belong to begins there; `None` when it belongs to none.
    fn bucket(&self, hash: u32) -> Option<usize> {
        let word = u64_at(self.parts.filter, (hash as usize / 64 % (self.parts.filter.len() / 8)) * 8);
        let bits = 1u64 << (hash % 64) | 1 << ((hash >> self.parts.shift) % 64);
        if word & bits != bits {
            return None;
        }
        let first = u32_at(self.parts.buckets, (hash as usize % (self.parts.buckets.len() / 4)) * 4) as usize;
        (first >= self.first).then_some(first)
    }
}

impl<'a> Parts<'a> {
    /// The hash table of a symbol table, with the position of the first symbol that it has.
    fn of(table: &SymbolTable<'a>) -> Option<(usize, Parts<'a>)> {
        let (_, shdr) = table.elf.find(SHT_GNU_HASH).filter(|(_, shdr)| shdr.link == table.section)?;
        let data = table.elf.data(&shdr).ok()?;
        let (head, rest) = data.split_at_checked(16)?;
        let [n_buckets, first, n_words] = [0, 4, 8].map(|at| u32_at(head, at) as usize);
        let shift = u32_at(head, 12);
        let (filter, rest) = rest.split_at_checked(n_words.checked_mul(8)?)?;
        let (buckets, rest) = rest.split_at_checked(n_buckets.checked_mul(4)?)?;
        let n_hashed = table.len().checked_sub(first)?;
        let hashes = rest.get(..n_hashed.checked_mul(4)?)?;
        let usable = n_buckets > 0 && n_words.is_power_of_two() && first > 0 && shift < 32;
        usable.then_some((first, Parts { filter, shift, buckets, hashes }))
    }
}

impl<'a> SharedNames<'a> for HashTable<'a> {
    fn count(&self) -> usize {
        self.table.len() - self.first
    }

    fn named(&self, name: &[u8], found: &mut Vec<(u32, SharedSymbol<'a>)>) -> std::result::Result<(), String> {
        let hash = gnu_hash(name);
        let Some(start) = self.bucket(hash) else { return Ok(()) };
        for (idx, word) in self.parts.hashes.chunks_exact(4).enumerate().skip(start - self.first) {
            let word = u32_at(word, 0);
            let idx = self.first + idx;
            if (word ^ hash) >> 1 == 0 && self.table.name(idx).map_err(|error| error.to_string())? == name {
                let symbol = self.table.symbol(idx).map_err(|error| error.to_string())?;
                found.extend(symbol.map(|symbol| (idx as u32, symbol)));
            }
            if word & 1 != 0 {
                break;
            }
        }
        Ok(())
    }

    fn at(&self, addresses: &[u64], found: &mut Vec<&'a [u8]>) -> std::result::Result<(), String> {
        for idx in self.first..self.table.len() {
            if addresses.contains(&self.table.value(idx)) {
                found.push(self.table.name(idx).map_err(|error| error.to_string())?);
            }
        }
        Ok(())
    }

    fn all(&self, found: &mut Vec<(u32, SharedSymbol<'a>)>) -> std::result::Result<(), String> {
        for idx in self.first..self.table.len() {
            let symbol = self.table.symbol(idx).map_err(|error| error.to_string())?;
            found.extend(symbol.map(|symbol| (idx as u32, symbol)));
        }
        Ok(())
    }
}
