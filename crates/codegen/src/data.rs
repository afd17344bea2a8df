//! Data objects: which section each goes to (as gcc sorts them), its bytes and its relocations.

use crate::native::asked_section;
use crate::symbols::Symbols;
use base::Id;
use ir::module::{DataDef, Linkage, Module, PicLevel, SymbolKind, Visibility};
use obj::build::SectionSpec;
use obj::{SectionFlags, SectionKind};
use target::Arch;

const ALLOC: SectionFlags = SectionFlags::ALLOC;
const WRITE: SectionFlags = SectionFlags::WRITE;
const TLS: SectionFlags = SectionFlags::TLS;
const MERGE: SectionFlags = SectionFlags::MERGE;
const STRINGS: SectionFlags = SectionFlags::STRINGS;

/// A kind of section that data goes to.
struct Place {
    name: &'static [u8],
    flags: SectionFlags,
    entry_size: u64,
    zero: bool,
}

const fn place(name: &'static [u8], flags: SectionFlags) -> Place {
    Place { name, flags, entry_size: 0, zero: false }
}

static RODATA: Place = place(b".rodata", ALLOC);
static DATA: Place = place(b".data", ALLOC.with(WRITE));
static RELRO: Place = place(b".data.rel.ro", ALLOC.with(WRITE));
static RELRO_LOCAL: Place = place(b".data.rel.ro.local", ALLOC.with(WRITE));
static DATA_REL: Place = place(b".data.rel", ALLOC.with(WRITE));
static DATA_REL_LOCAL: Place = place(b".data.rel.local", ALLOC.with(WRITE));
static TDATA: Place = place(b".tdata", ALLOC.with(WRITE).with(TLS));
static BSS: Place = Place { zero: true, ..place(b".bss", ALLOC.with(WRITE)) };
static TBSS: Place = Place { zero: true, ..place(b".tbss", ALLOC.with(WRITE).with(TLS)) };

const fn merged(name: &'static [u8], entry_size: u64, strings: bool) -> Place {
    let flags = if strings { ALLOC.with(MERGE).with(STRINGS) } else { ALLOC.with(MERGE) };
    Place { name, flags, entry_size, zero: false }
}

/// Constants by size, strings by character size and alignment.
static CONSTANTS: [(u64, Place); 4] = [
    (4, merged(b".rodata.cst4", 4, false)),
    (8, merged(b".rodata.cst8", 8, false)),
    (16, merged(b".rodata.cst16", 16, false)),
    (32, merged(b".rodata.cst32", 32, false)),
];
static TEXTS: [(u8, u32, Place); 12] = [
    (1, 1, merged(b".rodata.str1.1", 1, true)),
    (1, 2, merged(b".rodata.str1.2", 1, true)),
    (1, 4, merged(b".rodata.str1.4", 1, true)),
    (1, 8, merged(b".rodata.str1.8", 1, true)),
    (1, 16, merged(b".rodata.str1.16", 1, true)),
    (2, 2, merged(b".rodata.str2.2", 2, true)),
    (2, 4, merged(b".rodata.str2.4", 2, true)),
    (2, 8, merged(b".rodata.str2.8", 2, true)),
    (2, 16, merged(b".rodata.str2.16", 2, true)),
    (4, 4, merged(b".rodata.str4.4", 4, true)),
    (4, 8, merged(b".rodata.str4.8", 4, true)),
    (4, 16, merged(b".rodata.str4.16", 4, true)),
];

/// Puts one object into its section.
pub(crate) fn define(symbols: &mut Symbols, arch: &Arch, module: &Module, def: &DataDef) -> Result<(), String> {
    if def.bytes.len() as u64 > def.size {
        return Err("an initializer is larger than its object".into());
    }
    let decl = &module.symbols[def.symbol];
    let zero = def.relocs.is_empty() && def.bytes.iter().all(|&byte| byte == 0);
    let chosen = choose(module, def, zero);
    let flags = chosen.flags;
    let name = match asked_section(module, decl.section) {
        Some(name) => name.to_vec(),
        None => {
            let mut name = chosen.name.to_vec();
            if module.options.data_sections && chosen.entry_size == 0 {
                name.push(b'.');
                name.extend_from_slice(&decl.name);
            }
            name
        }
    };
    let asked = !decl.section.is_none();
    let nobits = if asked { zero && name.starts_with(b".bss") } else { chosen.zero };
    let kind = match &name[..] {
        _ if nobits => SectionKind::Nobits,
        name => match asm::section_kind(name) {
            Some(kind @ (SectionKind::InitArray | SectionKind::FiniArray | SectionKind::PreinitArray)) => kind,
            _ => SectionKind::Progbits,
        },
    };
    let (flags, entry_size) = if asked { asked_flags(def, flags) } else { (flags, chosen.entry_size) };
    // As assemblers have it.
    let is_array = !matches!(kind, SectionKind::Nobits | SectionKind::Progbits);
    let entry_size = if is_array { u64::from(arch.layout.pointer.size) } else { entry_size };
    let spec = SectionSpec { kind, entry_size, ..SectionSpec::progbits(&name, flags) };
    let section = symbols.builder.section(spec, 0);
    let atom = if nobits {
        symbols.builder.add_zero_atom(section, def.align, def.size)
    } else {
        let size = usize::try_from(def.size).map_err(|_| "an object is too large")?;
        let atom = symbols.builder.begin_atom(section, def.align);
        let buffer = symbols.builder.buffer(section);
        buffer.extend_from_slice(&def.bytes);
        buffer.resize(buffer.len() + size - def.bytes.len(), 0);
        symbols.builder.finish_atom(section);
        atom
    };
    let id = symbols.id(module, def.symbol);
    symbols.builder.define(id, atom, 0, def.size);
    symbols.builder.symbol_mut(id).kind = match decl.kind {
        SymbolKind::Tls => obj::SymbolKind::Tls,
        _ if chosen.entry_size != 0 && !asked => obj::SymbolKind::None,
        _ => obj::SymbolKind::Object,
    };
    for reloc in &def.relocs {
        let offset = u32::try_from(reloc.offset).map_err(|_| "an initializer is too large")?;
        let common = &arch.common;
        let (kind, target, addend) = if reloc.base.is_none() {
            let kind = if reloc.size == 4 { common.abs32 } else { common.abs64 };
            (kind, symbols.target(module, reloc.target), reloc.addend)
        } else {
            let kind = if reloc.size == 4 { common.pc32 } else { common.pc64 };
            if reloc.base == def.symbol {
                (kind, symbols.target(module, reloc.target), reloc.addend + i64::from(offset))
            } else {
                let addend = difference(symbols, module, reloc.target, reloc.base, reloc.addend)?;
                store(symbols, atom, offset, reloc.size, addend);
                continue;
            }
        };
        symbols.builder.add_reloc(atom, offset, kind, target, addend);
    }
    Ok(())
}

/// A section that the source named has the flags that its contents need and no merging.
fn asked_flags(def: &DataDef, flags: SectionFlags) -> (SectionFlags, u64) {
    let mut flags = SectionFlags(flags.0 & !(MERGE.0 | STRINGS.0));
    if !def.read_only {
        flags = flags.with(WRITE);
    }
    (flags, 0)
}

fn choose(module: &Module, def: &DataDef, zero: bool) -> &'static Place {
    if module.symbols[def.symbol].kind == SymbolKind::Tls {
        return if zero { &TBSS } else { &TDATA };
    }
    let pic = module.options.pic != PicLevel::None;
    if !def.relocs.is_empty() {
        let local = def.relocs.iter().all(|reloc| binds_here(module, reloc.target));
        return match (def.read_only, pic, local) {
            (true, false, _) => &RODATA,
            (true, true, true) => &RELRO_LOCAL,
            (true, true, false) => &RELRO,
            (false, false, _) => &DATA,
            (false, true, true) => &DATA_REL_LOCAL,
            (false, true, false) => &DATA_REL,
        };
    }
    if !def.read_only {
        return if zero { &BSS } else { &DATA };
    }
    let found = match def.merge {
        0 => None,
        DataDef::MERGE_CONST => CONSTANTS
            .iter()
            .find(|(size, _)| *size == def.size && u64::from(def.align) <= *size)
            .map(|(_, place)| place),
        chars if is_text(def, usize::from(chars)) => {
            TEXTS.iter().find(|&&(size, align, _)| size == chars && align == def.align).map(|(_, _, place)| place)
        }
        _ => None,
    };
    found.unwrap_or(&RODATA)
}

/// Ends with its only NUL character.
fn is_text(def: &DataDef, char_size: usize) -> bool {
    let n = def.size as usize;
    let is_nul = |chars: &[u8]| chars.iter().all(|&byte| byte == 0);
    if n < char_size || !n.is_multiple_of(char_size) || def.bytes.len() + char_size < n {
        return false;
    }
    let body = &def.bytes[..def.bytes.len().min(n - char_size)];
    body.len() == n - char_size
        && is_nul(&def.bytes[body.len()..])
        && if char_size == 1 { !body.contains(&0) } else { !body.chunks(char_size).any(is_nul) }
}

fn binds_here(module: &Module, symbol: ir::Symbol) -> bool {
    let decl = &module.symbols[symbol];
    decl.linkage == Linkage::Local || decl.defined && decl.visibility != Visibility::Default
}

/// Distance of two labels of one function, which are both defined by now.
fn difference(
    symbols: &mut Symbols,
    module: &Module,
    target: ir::Symbol,
    base: ir::Symbol,
    addend: i64,
) -> Result<i64, String> {
    let (to, from) = (symbols.id(module, target), symbols.id(module, base));
    let (to, from) = (symbols.builder.symbol(to), symbols.builder.symbol(from));
    if to.def != from.def || !matches!(to.def, obj::SymbolDef::Atom(_)) {
        return Err("a difference of addresses that are not both in one defined function or object".into());
    }
    Ok((to.value as i64).wrapping_sub(from.value as i64).wrapping_add(addend))
}

fn store(symbols: &mut Symbols, atom: obj::AtomId, offset: u32, size: u8, value: i64) {
    let bytes = symbols.builder.atom_bytes_mut(atom);
    let at = offset as usize;
    bytes[at..at + usize::from(size)].copy_from_slice(&value.to_le_bytes()[..usize::from(size)]);
}
