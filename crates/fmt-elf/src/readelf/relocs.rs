//! Relocations: gABI chapter 4, "Relocation"; packed relative ones as `SHT_RELR`.

use super::Cx;
use super::dynamic::dynamic_strings;
use super::file::Symbol;
use super::symbols::{image_table, relr_addresses};
use super::versions::{Bound, Versions};
use crate::defs::{
    DT_JMPREL, DT_PLTREL, DT_PLTRELSZ, DT_RELA, DT_RELASZ, REL_SIZE, RELA_SIZE, SHF_ALLOC, SHT_DYNSYM, SHT_REL,
    SHT_RELA, SHT_RELR, SHT_SYMTAB, STT_GNU_IFUNC, STT_SECTION, SYM_SIZE,
};
use crate::raw::{Shdr, c_str, u64_at};

const DT_REL: u64 = 17;
const DT_RELSZ: u64 = 18;
const DT_RELRSZ: u64 = 35;
const DT_RELR: u64 = 36;

/// The symbols that relocations refer to.
#[derive(Default)]
struct Table<'a> {
    symbols: &'a [u8],
    strings: &'a [u8],
    versions: Option<Versions<'a>>,
}

pub(super) fn relocations(cx: &mut Cx<'_, '_>) {
    if !cx.options.relocs {
        return;
    }
    if cx.options.use_dynamic {
        of_image(cx);
        return;
    }
    let mut found = false;
    for idx in 0..cx.file.shdrs.len() {
        let shdr = cx.file.shdrs[idx];
        if matches!(shdr.kind, SHT_REL | SHT_RELA | SHT_RELR) && shdr.size != 0 {
            of_section(cx, &shdr);
            found = true;
        }
    }
    if found {
        return;
    }
    let image = [DT_RELA, DT_REL, DT_JMPREL, DT_RELR].iter().any(|&tag| cx.file.tag(tag).is_some_and(|at| at != 0));
    cx.bytes(if image {
        b"\nThere are no static relocations in this file.\n\
          To see the dynamic relocations add --use-dynamic to the command line.\n"
    } else {
        b"\nThere are no relocations in this file.\n"
    });
}

fn of_section(cx: &mut Cx<'_, '_>, shdr: &Shdr) {
    let name = cx.file.section_name(shdr);
    let n = shdr.size.checked_div(shdr.entsize).unwrap_or(0);
    let entries = if n == 1 { "entry" } else { "entries" };
    cx.bytes(b"\nRelocation section '");
    cx.section_name(name);
    cx.put(format_args!("' at offset {:#x} contains {n} {entries}:\n", shdr.offset));
    let Some(data) = cx.file.data(shdr) else {
        cx.warn(format!("relocations of {} reach past the end of the file", String::from_utf8_lossy(name)));
        return;
    };
    if shdr.kind == SHT_RELR {
        relr(cx, data);
        return;
    }
    let mut table = Table::default();
    if let Some(symtab) = cx.file.shdrs.get(shdr.link as usize).filter(|_| shdr.link != 0)
        && matches!(symtab.kind, SHT_SYMTAB | SHT_DYNSYM)
    {
        table.symbols = cx.file.data(symtab).unwrap_or(&[]);
        table.strings = cx.file.data_of(symtab.link);
        table.versions = (symtab.kind == SHT_DYNSYM).then(|| Versions::read(cx));
    }
    records(cx, data, shdr.kind == SHT_RELA, &table);
}

fn of_image(cx: &mut Cx<'_, '_>) {
    let plt_is_rela = cx.file.tag(DT_PLTREL) == Some(DT_RELA);
    let parts = [
        ("REL", DT_REL, DT_RELSZ, Some(false)),
        ("RELA", DT_RELA, DT_RELASZ, Some(true)),
        ("RELR", DT_RELR, DT_RELRSZ, None),
        ("PLT", DT_JMPREL, DT_PLTRELSZ, Some(plt_is_rela)),
    ];
    let (symbols, n) = image_table(cx);
    let symbols = &symbols[..n * SYM_SIZE];
    let table = Table { symbols, strings: dynamic_strings(cx), versions: Some(Versions::read(cx)) };
    let mut found = false;
    for (name, address, size, rela) in parts {
        let (Some(address), Some(size)) = (cx.file.tag(address), cx.file.tag(size)) else { continue };
        if size == 0 {
            continue;
        }
        found = true;
        cx.put(format_args!("\n'{name}' relocation section at offset {address:#x} contains {size} bytes:\n"));
        let data = cx.file.bytes_at(address, size);
        match rela {
            None => relr(cx, data),
            Some(rela) => records(cx, data, rela, &table),
        }
    }
    if !found {
        cx.bytes(b"\nThere are no dynamic relocations in this file.\n");
    }
}

fn relr(cx: &mut Cx<'_, '_>, data: &[u8]) {
    let addresses = relr_addresses(data);
    let offsets = if addresses.len() == 1 { "offset" } else { "offsets" };
    cx.put(format_args!("  {} {offsets}\n", addresses.len()));
    for address in addresses {
        cx.put(format_args!("{address:016x}\n"));
    }
}

fn records(cx: &mut Cx<'_, '_>, data: &[u8], rela: bool, table: &Table<'_>) {
    cx.bytes(match (cx.options.wide, rela) {
        (true, true) => {
            b"    Offset             Info             Type               Symbol's Value  Symbol's Name + Addend\n"
        }
        (true, false) => b"    Offset             Info             Type               Symbol's Value  Symbol's Name\n",
        (false, true) => b"  Offset          Info           Type           Sym. Value    Sym. Name + Addend\n",
        (false, false) => b"  Offset          Info           Type           Sym. Value    Sym. Name\n",
    });
    let size = if rela { RELA_SIZE } else { REL_SIZE };
    for record in data.chunks_exact(size) {
        let (offset, info, addend) = (u64_at(record, 0), u64_at(record, 8), u64_at(record, 16) as i64);
        if cx.options.wide {
            cx.put(format_args!("{offset:016x}  {info:016x} "));
        } else {
            cx.put(format_args!("{offset:012x}  {info:012x} "));
        }
        let number = info as u32;
        match ((cx.facts.reloc_name)(number), cx.options.wide) {
            (Some(name), true) => cx.put(format_args!("{name:<22}")),
            (Some(name), false) => cx.put(format_args!("{name:<17.17}")),
            (None, _) => cx.put(format_args!("unrecognized: {number:<7x}")),
        }
        symbol_and_addend(cx, (info >> 32) as usize, rela.then_some(addend), table);
        cx.bytes(b"\n");
    }
}

fn symbol_and_addend(cx: &mut Cx<'_, '_>, idx: usize, addend: Option<i64>, table: &Table<'_>) {
    let (minus, absolute) = addend.map_or((false, 0), |addend| (addend < 0, addend.unsigned_abs()));
    if idx == 0 {
        if addend.is_some() {
            cx.pad(20);
            cx.put(format_args!("{}{absolute:x}", if minus { "-" } else { "" }));
        }
        return;
    }
    let Some(symbol) = Symbol::at(table.symbols, idx) else {
        cx.put(format_args!(" bad symbol index: {idx:08x} in reloc"));
        return;
    };
    cx.bytes(b" ");
    let version = table.versions.as_ref().and_then(|versions| versions.of(idx, symbol.shndx));
    let put_version = |cx: &mut Cx<'_, '_>| {
        if let Some((version, bound)) = version {
            cx.bytes(if bound == Bound::Default { b"@@" } else { b"@" });
            cx.bytes(version);
        }
    };
    let name = if symbol.name == 0 && symbol.kind() != STT_SECTION {
        None
    } else {
        Some(c_str(table.strings, symbol.name as usize).unwrap_or(b"<corrupt string table index>"))
    };
    if symbol.kind() == STT_GNU_IFUNC {
        // The value that counts is what the function answers.
        let len = cx.name(14, false, name.unwrap_or(b"<null>"));
        put_version(cx);
        cx.bytes(b"()");
        cx.pad(if len <= 14 { 15 - len } else { 1 });
    } else {
        cx.put(format_args!("{:016x} ", symbol.value));
    }
    if symbol.name != 0 {
        cx.name(22, false, name.unwrap_or(b""));
        put_version(cx);
    } else if symbol.kind() == STT_SECTION {
        let section: &[u8] = match symbol.shndx {
            0xfff1 => b"ABS",
            0xfff2 => b"COMMON",
            0 => b"UNDEF",
            number => cx.file.section_name_at(u32::from(number)),
        };
        cx.name(22, false, section);
    }
    if addend.is_some() {
        cx.put(format_args!(" {} {absolute:x}", if minus { '-' } else { '+' }));
    }
}

/// The relocation sections of section `idx`.
pub(super) fn sections_for(cx: &Cx<'_, '_>, idx: usize) -> Vec<Shdr> {
    let fits = |shdr: &&Shdr| matches!(shdr.kind, SHT_REL | SHT_RELA) && shdr.info as usize == idx && shdr.size != 0;
    cx.file.shdrs.iter().filter(fits).filter(|shdr| shdr.flags & SHF_ALLOC == 0 || cx.file.kind == 1).copied().collect()
}
