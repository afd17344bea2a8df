//! The symbols of a listing, in the order of GNU objdump, and the search for the one that stands for an address
//! (`compare_symbols` and `find_symbol_for_address` in binutils' terms; facts, not code).

use crate::listing::{Facts, Options};
use obj::program::{Program, ProgramKind, ProgramReloc, ProgramSymbol, SymbolPlace};
use obj::{Binding, SymbolKind};
use std::cmp::Ordering;
use std::ops::Range;

/// What stands for an address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Choice {
    Symbol(u32),
    /// The symbol of a dynamic relocation there.
    Reloc(u32),
    None,
}

/// Section number of symbols that are in none.
const ABSOLUTE: u32 = u32::MAX;

#[derive(Clone)]
struct Symbol {
    value: u64,
    section: u32,
    size: u64,
    /// In [`SymbolTable::text`]: as it is, and as it is shown.
    raw: Range<u32>,
    shown: Range<u32>,
    function: bool,
    object: bool,
    global: bool,
    local: bool,
    /// Made from an entry of a linkage table.
    linkage: bool,
}

struct DynamicName {
    address: u64,
    value: Option<u64>,
    name: Range<u32>,
}

pub(crate) struct SymbolTable {
    symbols: Vec<Symbol>,
    text: Vec<u8>,
    /// Values that occur, rising, and the first symbol of each.
    values: Vec<u64>,
    firsts: Vec<u32>,
    /// Of the section at hand: its number, its symbols in order, its addresses.
    section: u32,
    within: Vec<u32>,
    /// Addresses of every section.
    sections: Vec<(u64, u64)>,
    /// The file has relocations: symbols of the section at hand are wanted.
    relocatable: bool,
    dynamic: Vec<DynamicName>,
}

impl SymbolTable {
    pub(crate) fn new(program: &Program<'_>, facts: &Facts<'_>, options: &Options) -> SymbolTable {
        let adjust = options.adjust;
        let sections = program.sections.iter().map(|section| {
            let start = section.address.wrapping_add(adjust);
            (start, start.wrapping_add(section.size))
        });
        let mut table = SymbolTable {
            symbols: Vec::new(),
            text: Vec::new(),
            values: Vec::new(),
            firsts: Vec::new(),
            section: ABSOLUTE,
            within: Vec::new(),
            sections: sections.collect(),
            relocatable: !program.relocs.is_empty(),
            dynamic: Vec::new(),
        };
        let own = if program.symbols.is_empty() { &program.dynamic_symbols } else { &program.symbols };
        for symbol in own {
            table.add(program, symbol, facts, adjust);
        }
        table.add_linkage(program, facts, adjust);
        let text = &table.text;
        table.symbols.sort_by(|a, b| compare(a, b, text));
        for (at, symbol) in table.symbols.iter().enumerate() {
            if table.values.last() != Some(&symbol.value) {
                table.values.push(symbol.value);
                table.firsts.push(at as u32);
            }
        }
        if program.kind != ProgramKind::Object {
            table.add_dynamic(program, facts, adjust);
        }
        table
    }

    fn add(&mut self, program: &Program<'_>, symbol: &ProgramSymbol<'_>, facts: &Facts<'_>, adjust: u64) {
        let name = name_of(program, symbol);
        let section = match symbol.place {
            SymbolPlace::Section(idx) => idx,
            SymbolPlace::Absolute => ABSOLUTE,
            SymbolPlace::Undefined | SymbolPlace::Common => return,
        };
        // What stands for sections and files names no place.
        if name.is_empty() || matches!(symbol.kind, SymbolKind::Section | SymbolKind::File) {
            return;
        }
        let raw = self.keep(name);
        let demangled = facts.demangle.and_then(|demangle| demangle(name));
        let version = version(symbol);
        let shown = if demangled.is_none() && version.is_none() {
            raw.clone()
        } else {
            let start = self.text.len() as u32;
            self.text.extend_from_slice(demangled.as_deref().unwrap_or(name));
            if let Some((version, default)) = version {
                self.text.extend_from_slice(if default { b"@@" } else { b"@" });
                self.text.extend_from_slice(version);
            }
            start..self.text.len() as u32
        };
        let base = if symbol.place == SymbolPlace::Absolute { 0 } else { adjust };
        let object = program.kind == ProgramKind::Object;
        let within =
            if object { self.sections.get(section as usize).map_or(0, |(start, _)| start - adjust) } else { 0 };
        let kind = symbol.kind;
        self.symbols.push(Symbol {
            value: symbol.value.wrapping_add(base).wrapping_add(within),
            section,
            size: symbol.size,
            raw,
            shown,
            function: kind == SymbolKind::Function,
            object: kind == SymbolKind::Object,
            global: symbol.binding == Binding::Global,
            local: symbol.binding == Binding::Local,
            linkage: false,
        });
    }

    fn keep(&mut self, name: &[u8]) -> Range<u32> {
        let start = self.text.len() as u32;
        self.text.extend_from_slice(name);
        start..self.text.len() as u32
    }

    /// Symbols `name@plt` for the entries of procedure linkage tables: each ends in a jump through a slot that a dynamic
    /// relocation fills.
    fn add_linkage(&mut self, program: &Program<'_>, facts: &Facts<'_>, adjust: u64) {
        let mut slots: Vec<&ProgramReloc> = program.dynamic_relocs.iter().collect();
        slots.sort_by_key(|reloc| reloc.offset);
        for (idx, section) in program.sections.iter().enumerate() {
            if !section.name.starts_with(b".plt") || slots.is_empty() {
                continue;
            }
            let mut at = 0;
            let mut entry = 0;
            while let Some(code) = section.data.get(at..).filter(|code| !code.is_empty()) {
                let address = section.address.wrapping_add(at as u64);
                let decoded = facts.disassembler.measure(code, address);
                at += usize::from(decoded.len);
                // Entries are 8 or 16 bytes, and fill up what their jump leaves.
                let stops = decoded.flow == crate::disasm::Flow::Stop;
                let found = decoded.target.filter(|_| stops).and_then(|target| {
                    slots.binary_search_by_key(&target, |reloc| reloc.offset).ok().and_then(|at| slots.get(at))
                });
                if let Some(reloc) = found {
                    let start = self.text.len() as u32;
                    match reloc.symbol.and_then(|symbol| program.dynamic_symbols.get(symbol as usize)) {
                        Some(symbol) => {
                            let plain = facts.demangle.and_then(|demangle| demangle(&symbol.name));
                            self.text.extend_from_slice(plain.as_deref().unwrap_or(&symbol.name));
                        }
                        None => self.text.extend_from_slice(b"*ABS*"),
                    }
                    if reloc.addend != 0 {
                        self.text.extend_from_slice(format!("+{:#x}", reloc.addend).as_bytes());
                    }
                    self.text.extend_from_slice(b"@plt");
                    let name = start..self.text.len() as u32;
                    self.symbols.push(Symbol {
                        value: section.address.wrapping_add(entry as u64).wrapping_add(adjust),
                        section: idx as u32,
                        size: 0,
                        raw: name.clone(),
                        shown: name,
                        function: false,
                        object: false,
                        global: true,
                        local: false,
                        linkage: true,
                    });
                }
                if stops || decoded.flow == crate::disasm::Flow::Bad {
                    at = at.next_multiple_of(8);
                    let table = &section.data.get(at..at + 8).unwrap_or_default();
                    // What is left of an entry of 16 bytes: the rest of a lazy one, or padding.
                    if section.name.as_ref() != b".plt.got" || table.iter().all(|&byte| byte != 0xff) {
                        at = at.next_multiple_of(16);
                    }
                    entry = at;
                }
            }
        }
    }

    /// The dynamic relocations that name a symbol.
    fn add_dynamic(&mut self, program: &Program<'_>, facts: &Facts<'_>, adjust: u64) {
        for reloc in &program.dynamic_relocs {
            let Some(symbol) = reloc.symbol.and_then(|symbol| program.dynamic_symbols.get(symbol as usize)) else {
                continue;
            };
            let start = self.text.len() as u32;
            let plain = facts.demangle.and_then(|demangle| demangle(&symbol.name));
            self.text.extend_from_slice(plain.as_deref().unwrap_or(&symbol.name));
            let defined = symbol.place != SymbolPlace::Undefined;
            if let Some((version, default)) = version(symbol) {
                self.text.extend_from_slice(if default { b"@@" } else { b"@" });
                self.text.extend_from_slice(version);
            }
            let name = start..self.text.len() as u32;
            let value = defined.then(|| symbol.value.wrapping_add(adjust));
            self.dynamic.push(DynamicName { address: reloc.offset.wrapping_add(adjust), value, name });
        }
        self.dynamic.sort_by_key(|reloc| reloc.address);
    }

    /// Goes to a section.
    pub(crate) fn enter(&mut self, section: u32) {
        self.section = section;
        let symbols = self.symbols.iter().enumerate();
        self.within = symbols.filter(|(_, symbol)| symbol.section == section).map(|(at, _)| at as u32).collect();
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.symbols.is_empty()
    }

    fn symbol(&self, at: u32) -> Option<&Symbol> {
        self.symbols.get(at as usize)
    }

    fn slice(&self, range: Option<&Range<u32>>) -> &[u8] {
        range.and_then(|range| self.text.get(range.start as usize..range.end as usize)).unwrap_or_default()
    }

    pub(crate) fn name(&self, at: u32) -> &[u8] {
        self.slice(self.symbol(at).map(|symbol| &symbol.shown))
    }

    pub(crate) fn raw_name(&self, at: u32) -> &[u8] {
        self.slice(self.symbol(at).map(|symbol| &symbol.raw))
    }

    pub(crate) fn value(&self, at: u32) -> u64 {
        self.symbol(at).map_or(0, |symbol| symbol.value)
    }

    pub(crate) fn size(&self, at: u32) -> u64 {
        self.symbol(at).map_or(0, |symbol| symbol.size)
    }

    pub(crate) fn is_function(&self, at: u32) -> bool {
        self.symbol(at).is_some_and(|symbol| symbol.function)
    }

    /// An object of this section, whose bytes are no instructions.
    pub(crate) fn is_data(&self, at: u32, section: u32) -> bool {
        self.symbol(at).is_some_and(|symbol| symbol.section == section && symbol.object && !symbol.function)
    }

    pub(crate) fn reloc_name(&self, at: u32) -> &[u8] {
        self.slice(self.dynamic.get(at as usize).map(|reloc| &reloc.name))
    }

    /// The value of the relocation's symbol; `None` when it is not of this file.
    pub(crate) fn reloc_value(&self, at: u32) -> Option<u64> {
        self.dynamic.get(at as usize).and_then(|reloc| reloc.value)
    }

    /// The next symbol of the section at hand with a higher value.
    pub(crate) fn next_in_section(&self, symbol: u32) -> Option<u32> {
        let value = self.value(symbol);
        let at = self.within.partition_point(|&other| self.value(other) <= value);
        self.within.get(at).copied()
    }

    /// The addresses for which the search gives this symbol of the section at hand.
    pub(crate) fn near(&self, symbol: Option<u32>) -> Option<(u64, u64, u32)> {
        let symbol = symbol?;
        let value = self.value(symbol);
        let at = self.values.binary_search(&value).ok()?;
        // Only exact addresses and those up to the next value, wherever that symbol is; others ask relocations first.
        let next = self.values.get(at + 1).copied().unwrap_or(u64::MAX);
        (self.find(value, false) == Choice::Symbol(symbol)).then_some((value, next, symbol))
    }

    /// The symbol for an address of the section at hand (`here`), or of any.
    pub(crate) fn find(&self, address: u64, here: bool) -> Choice {
        if self.symbols.is_empty() {
            return Choice::None;
        }
        let group = self.values.partition_point(|&value| value <= address).saturating_sub(1);
        let first = self.firsts[group];
        let end = self.firsts.get(group + 1).map_or(self.symbols.len() as u32, |&next| next);
        let same = self.within.partition_point(|&at| at < first);
        if let Some(&found) = self.within.get(same).filter(|&&at| at < end) {
            return Choice::Symbol(found);
        }
        let (start, stop) = self.sections.get(self.section as usize).copied().unwrap_or_default();
        let mut found = first;
        if here || self.relocatable && start <= address && address < stop {
            // The nearest below in this section, the first of its value; else the first above.
            let below = same.checked_sub(1).and_then(|at| self.within.get(at)).map(|&at| self.value(at));
            let at = match below {
                Some(value) => self.within.partition_point(|&at| self.value(at) < value),
                None => same,
            };
            match self.within.get(at) {
                Some(&symbol) => found = symbol,
                None => return Choice::None,
            }
        }
        // A slot that a relocation fills has that one's name, unless entries of the linkage table are all that is known.
        if self.symbol(found).is_some_and(|symbol| !symbol.linkage)
            && let Ok(at) = self.dynamic.binary_search_by_key(&address, |reloc| reloc.address)
        {
            return Choice::Reloc(at as u32);
        }
        Choice::Symbol(found)
    }

    /// The symbol of a relocation, as it stands behind its name.
    pub(crate) fn reloc_symbol(
        &self,
        program: &Program<'_>,
        facts: &Facts<'_>,
        reloc: &ProgramReloc,
        dynamic: bool,
        out: &mut Vec<u8>,
    ) {
        let table = if dynamic { &program.dynamic_symbols } else { &program.symbols };
        match reloc.symbol.and_then(|symbol| table.get(symbol as usize)) {
            Some(symbol) => {
                let name = name_of(program, symbol);
                let demangled = facts.demangle.and_then(|demangle| demangle(name));
                out.extend_from_slice(demangled.as_deref().unwrap_or(name));
                if let Some((version, default)) = version(symbol) {
                    out.extend_from_slice(if default { b"@@" } else { b"@" });
                    out.extend_from_slice(version);
                }
            }
            None => out.extend_from_slice(b"*ABS*"),
        }
    }
}

/// The version of a dynamic symbol, and whether it is the default one.
fn version<'p>(symbol: &'p ProgramSymbol<'_>) -> Option<(&'p [u8], bool)> {
    let defined = symbol.place != SymbolPlace::Undefined;
    match &symbol.version {
        Some((version, default)) => Some((version, *default && defined)),
        None => symbol.base_version.then_some((b"Base", defined)),
    }
}

/// A symbol's name; a section's is that of the section.
fn name_of<'p>(program: &'p Program<'_>, symbol: &'p ProgramSymbol<'_>) -> &'p [u8] {
    match symbol.place {
        SymbolPlace::Section(idx) if symbol.name.is_empty() && symbol.kind == SymbolKind::Section => {
            program.sections.get(idx as usize).map_or(&[], |section| &section.name)
        }
        _ => &symbol.name,
    }
}

/// GNU's order.
fn compare(a: &Symbol, b: &Symbol, text: &[u8]) -> Ordering {
    let name = |symbol: &Symbol| text.get(symbol.raw.start as usize..symbol.raw.end as usize).unwrap_or_default();
    // Most often GNU's order; of symbols at one address in different sections its text contradicts every order of sections.
    let by_place = a.value.cmp(&b.value).then(a.section.cmp(&b.section));
    if by_place != Ordering::Equal {
        return by_place;
    }
    let (an, bn) = (name(a), name(b));
    let is_mark = |name: &[u8]| {
        let has = |what: &[u8]| name.windows(what.len()).any(|part| part == what);
        has(b"gnu_compiled") || has(b"gcc2_compiled")
    };
    let is_file = |name: &[u8]| name.len() > 2 && matches!(name, [.., b'.', b'o' | b'a']);
    is_mark(an)
        .cmp(&is_mark(bn))
        .then_with(|| is_file(an).cmp(&is_file(bn)))
        .then(b.function.cmp(&a.function))
        .then(b.object.cmp(&a.object))
        .then(if a.linkage || b.linkage { Ordering::Equal } else { b.size.cmp(&a.size) })
        .then(b.global.cmp(&a.global))
        .then(b.local.cmp(&a.local))
        .then((an.first() == Some(&b'.')).cmp(&(bn.first() == Some(&b'.'))))
        .then_with(|| an.cmp(bn))
}
