//! What only ELF has, as `objdump -p` shows it: program headers, the dynamic section, version definitions and needs.
//! System V gABI chapter 5; the text is that of GNU objdump 2.40.

use crate::defs::{
    self, DT_NULL, DYN_SIZE, PF_R, PF_W, PF_X, SHT_DYNAMIC, SHT_GNU_VERDEF, SHT_GNU_VERNEED, SHT_NOBITS,
};
use crate::raw::{Elf, Phdr, Result, c_str, u16_at, u32_at, u64_at};
use crate::shared::strings_of;
use std::io::Write;

/// The names of segment types.
static SEGMENT_NAMES: &[(u32, &str)] = &[
    (0, "NULL"),
    (defs::PT_LOAD, "LOAD"),
    (defs::PT_DYNAMIC, "DYNAMIC"),
    (defs::PT_INTERP, "INTERP"),
    (defs::PT_NOTE, "NOTE"),
    (5, "SHLIB"),
    (defs::PT_PHDR, "PHDR"),
    (defs::PT_TLS, "TLS"),
    (defs::PT_GNU_EH_FRAME, "EH_FRAME"),
    (defs::PT_GNU_STACK, "STACK"),
    (defs::PT_GNU_RELRO, "RELRO"),
];

/// The names of dynamic tags, and whether the value is a string.
static DYNAMIC_NAMES: &[(u64, &str, bool)] = &[
    (defs::DT_NEEDED, "NEEDED", true),
    (defs::DT_PLTRELSZ, "PLTRELSZ", false),
    (defs::DT_PLTGOT, "PLTGOT", false),
    (defs::DT_HASH, "HASH", false),
    (defs::DT_STRTAB, "STRTAB", false),
    (defs::DT_SYMTAB, "SYMTAB", false),
    (defs::DT_RELA, "RELA", false),
    (defs::DT_RELASZ, "RELASZ", false),
    (defs::DT_RELAENT, "RELAENT", false),
    (defs::DT_STRSZ, "STRSZ", false),
    (defs::DT_SYMENT, "SYMENT", false),
    (defs::DT_INIT, "INIT", false),
    (defs::DT_FINI, "FINI", false),
    (defs::DT_SONAME, "SONAME", true),
    (defs::DT_RPATH, "RPATH", true),
    (defs::DT_SYMBOLIC, "SYMBOLIC", false),
    (17, "REL", false),
    (18, "RELSZ", false),
    (19, "RELENT", false),
    (defs::DT_PLTREL, "PLTREL", false),
    (defs::DT_DEBUG, "DEBUG", false),
    (defs::DT_TEXTREL, "TEXTREL", false),
    (defs::DT_JMPREL, "JMPREL", false),
    (defs::DT_BIND_NOW, "BIND_NOW", false),
    (defs::DT_INIT_ARRAY, "INIT_ARRAY", false),
    (defs::DT_FINI_ARRAY, "FINI_ARRAY", false),
    (defs::DT_INIT_ARRAYSZ, "INIT_ARRAYSZ", false),
    (defs::DT_FINI_ARRAYSZ, "FINI_ARRAYSZ", false),
    (defs::DT_RUNPATH, "RUNPATH", true),
    (defs::DT_FLAGS, "FLAGS", false),
    (defs::DT_PREINIT_ARRAY, "PREINIT_ARRAY", false),
    (defs::DT_PREINIT_ARRAYSZ, "PREINIT_ARRAYSZ", false),
    (34, "SYMTAB_SHNDX", false),
    (35, "RELRSZ", false),
    (36, "RELR", false),
    (37, "RELRENT", false),
    (0x6fff_fdf8, "CHECKSUM", false),
    (0x6fff_fdf9, "PLTPADSZ", false),
    (0x6fff_fdfa, "MOVEENT", false),
    (0x6fff_fdfb, "MOVESZ", false),
    (0x6fff_fdfc, "FEATURE", false),
    (0x6fff_fdfd, "POSFLAG_1", false),
    (0x6fff_fdfe, "SYMINSZ", false),
    (0x6fff_fdff, "SYMINENT", false),
    (0x6fff_fefa, "CONFIG", true),
    (0x6fff_fefb, "DEPAUDIT", true),
    (0x6fff_fefc, "AUDIT", true),
    (0x6fff_fefd, "PLTPAD", false),
    (0x6fff_fefe, "MOVETAB", false),
    (0x6fff_feff, "SYMINFO", false),
    (defs::DT_GNU_HASH, "GNU_HASH", false),
    (defs::DT_VERSYM, "VERSYM", false),
    (defs::DT_RELACOUNT, "RELACOUNT", false),
    (0x6fff_fffa, "RELCOUNT", false),
    (defs::DT_FLAGS_1, "FLAGS_1", false),
    (defs::DT_VERDEF, "VERDEF", false),
    (defs::DT_VERDEFNUM, "VERDEFNUM", false),
    (defs::DT_VERNEED, "VERNEED", false),
    (defs::DT_VERNEEDNUM, "VERNEEDNUM", false),
    (0x7fff_fffd, "AUXILIARY", true),
    (0x7fff_fffe, "USED", false),
    (0x7fff_ffff, "FILTER", true),
];

/// All of them, as far as the file has them; a string that lies outside its table is shown as `<corrupt>`.
///
/// # Errors
/// A header or a table reaches past the end of the file.
pub fn private_headers(bytes: &[u8]) -> Result<Vec<u8>> {
    let elf = Elf::parse(bytes)?;
    let mut out = Vec::new();
    let phdrs = elf.phdrs()?;
    if !phdrs.is_empty() {
        out.extend_from_slice(b"\nProgram Header:\n");
        for phdr in &phdrs {
            segment(phdr, &mut out);
        }
    }
    dynamic_section(&elf, &mut out)?;
    version_definitions(&elf, &mut out)?;
    version_needs(&elf, &mut out)?;
    Ok(out)
}

fn write(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing into memory does not fail.
    let _ = out.write_fmt(text);
}

fn segment(phdr: &Phdr, out: &mut Vec<u8>) {
    let name = SEGMENT_NAMES.iter().find(|(kind, _)| *kind == phdr.kind);
    let name = name.map_or_else(|| format!("{:#x}", phdr.kind), |(_, name)| (*name).to_string());
    let align = phdr.align.checked_next_power_of_two().map_or(64, u64::trailing_zeros);
    write(
        out,
        format_args!(
            "{name:>8} off    {:#018x} vaddr {:#018x} paddr {:#018x} align 2**{align}\n",
            phdr.offset, phdr.vaddr, phdr.paddr
        ),
    );
    let flag = |bit: u32, letter: char| if phdr.flags & bit != 0 { letter } else { '-' };
    let (r, w, x) = (flag(PF_R, 'r'), flag(PF_W, 'w'), flag(PF_X, 'x'));
    write(out, format_args!("         filesz {:#018x} memsz {:#018x} flags {r}{w}{x}", phdr.filesz, phdr.memsz));
    let other = phdr.flags & !(PF_R | PF_W | PF_X);
    if other != 0 {
        write(out, format_args!(" {other:x}"));
    }
    out.push(b'\n');
}

fn text(strings: &[u8], offset: u64) -> &[u8] {
    usize::try_from(offset).ok().and_then(|offset| c_str(strings, offset)).unwrap_or(b"<corrupt>")
}

fn dynamic_section(elf: &Elf<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_DYNAMIC) else {
        // A file with debug information alone keeps the header without the table.
        if elf.shdrs.iter().any(|shdr| shdr.kind == SHT_NOBITS && elf.name(shdr) == Ok(b".dynamic")) {
            out.extend_from_slice(b"\nDynamic Section:\n");
        }
        return Ok(());
    };
    let strings = strings_of(elf, &shdr)?;
    out.extend_from_slice(b"\nDynamic Section:\n");
    for record in elf.data(&shdr)?.chunks_exact(DYN_SIZE) {
        let (tag, value) = (u64_at(record, 0), u64_at(record, 8));
        if tag == DT_NULL {
            break;
        }
        match DYNAMIC_NAMES.iter().find(|(number, ..)| *number == tag) {
            Some((_, name, true)) => {
                write(out, format_args!("  {name:<20} "));
                out.extend_from_slice(text(strings, value));
                out.push(b'\n');
            }
            Some((_, name, false)) => write(out, format_args!("  {name:<20} {value:#018x}\n")),
            None => write(out, format_args!("  {:<20} {value:#018x}\n", format!("{tag:#x}"))),
        }
    }
    Ok(())
}

fn version_definitions(elf: &Elf<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_GNU_VERDEF) else { return Ok(()) };
    let (data, strings) = (elf.data(&shdr)?, strings_of(elf, &shdr)?);
    out.extend_from_slice(b"\nVersion definitions:\n");
    let mut at = 0usize;
    while let Some(record) = data.get(at..).and_then(|tail| tail.get(..20)) {
        let mut aux = at.saturating_add(u32_at(record, 12) as usize);
        write(out, format_args!("{} {:#04x} {:#010x} ", u16_at(record, 4), u16_at(record, 2), u32_at(record, 8)));
        for nth in 0..u16_at(record, 6) {
            let Some(entry) = data.get(aux..).and_then(|tail| tail.get(..8)) else { break };
            // The definition's own name ends its line; those that it inherits from share the next.
            if nth == 1 {
                out.push(b'\t');
            }
            out.extend_from_slice(text(strings, u64::from(u32_at(entry, 0))));
            out.push(if nth == 0 { b'\n' } else { b' ' });
            match u32_at(entry, 4) as usize {
                0 => break,
                next => aux = aux.saturating_add(next),
            }
        }
        if u16_at(record, 6) > 1 {
            out.push(b'\n');
        }
        match u32_at(record, 16) as usize {
            0 => break,
            next => at = at.saturating_add(next),
        }
    }
    Ok(())
}

fn version_needs(elf: &Elf<'_>, out: &mut Vec<u8>) -> Result<()> {
    let Some((_, shdr)) = elf.find(SHT_GNU_VERNEED) else { return Ok(()) };
    let (data, strings) = (elf.data(&shdr)?, strings_of(elf, &shdr)?);
    out.extend_from_slice(b"\nVersion References:\n");
    let mut at = 0usize;
    // Chains that overlap could make much text of a small file.
    let mut budget = data.len() / 16 + 1;
    while let Some(record) = data.get(at..).and_then(|tail| tail.get(..16)) {
        out.extend_from_slice(b"  required from ");
        out.extend_from_slice(text(strings, u64::from(u32_at(record, 4))));
        out.extend_from_slice(b":\n");
        let mut aux = at.saturating_add(u32_at(record, 8) as usize);
        for _ in 0..u16_at(record, 2) {
            let Some(entry) = data.get(aux..).and_then(|tail| tail.get(..16)) else { break };
            let Some(left) = budget.checked_sub(1) else { return Ok(()) };
            budget = left;
            let (hash, flags, index) = (u32_at(entry, 0), u16_at(entry, 4), u16_at(entry, 6));
            write(out, format_args!("    {hash:#010x} {flags:#04x} {index:02} "));
            out.extend_from_slice(text(strings, u64::from(u32_at(entry, 8))));
            out.push(b'\n');
            match u32_at(entry, 12) as usize {
                0 => break,
                next => aux = aux.saturating_add(next),
            }
        }
        match u32_at(record, 12) as usize {
            0 => break,
            next => at = at.saturating_add(next),
        }
    }
    Ok(())
}
