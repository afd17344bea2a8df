//! Section headers and section groups: gABI chapter 4, "Sections".

use super::Cx;
use super::names::section_type;
use crate::defs::{
    CHDR_SIZE, EM_X86_64, GRP_COMDAT, SHF_ALLOC, SHF_COMPRESSED, SHF_EXCLUDE, SHF_EXECINSTR, SHF_GNU_RETAIN, SHF_GROUP,
    SHF_INFO_LINK, SHF_LINK_ORDER, SHF_MERGE, SHF_OS_NONCONFORMING, SHF_STRINGS, SHF_TLS, SHF_WRITE, SHF_X86_64_LARGE,
    SHT_GROUP, SYM_SIZE,
};
use crate::raw::{Shdr, c_str, u32_at, u64_at};
use crate::readelf::file::Symbol;

const SHF_MASKOS: u64 = 0x0ff0_0000;
const SHF_MASKPROC: u64 = 0xf000_0000;
const SHF_GNU_MBIND: u64 = 0x0100_0000;
const OS_GNU: u8 = 3;
const OS_FREEBSD: u8 = 9;

/// Bit, letter, word.
static FLAGS: &[(u64, char, &str)] = &[
    (SHF_WRITE, 'W', "WRITE"),
    (SHF_ALLOC, 'A', "ALLOC"),
    (SHF_EXECINSTR, 'X', "EXEC"),
    (SHF_MERGE, 'M', "MERGE"),
    (SHF_STRINGS, 'S', "STRINGS"),
    (SHF_INFO_LINK, 'I', "INFO LINK"),
    (SHF_LINK_ORDER, 'L', "LINK ORDER"),
    (SHF_OS_NONCONFORMING, 'O', "OS NONCONF"),
    (SHF_GROUP, 'G', "GROUP"),
    (SHF_TLS, 'T', "TLS"),
    (SHF_EXCLUDE, 'E', "EXCLUDE"),
    (SHF_COMPRESSED, 'C', "COMPRESSED"),
];

/// Compression algorithms (`ch_type`).
static COMPRESSIONS: &[(u32, &str)] = &[(1, "ZLIB"), (2, "ZSTD")];

pub(super) fn section_headers(cx: &mut Cx<'_, '_>) {
    if !cx.options.sections {
        return;
    }
    let n = cx.file.shdrs.len();
    if n == 0 {
        cx.bytes(b"\nThere are no sections in this file.\n");
        return;
    }
    if !cx.options.header {
        let (verb, noun) = if n == 1 { ("is", "header") } else { ("are", "headers") };
        let offset = cx.file.shoff;
        cx.put(format_args!("There {verb} {n} section {noun}, starting at offset {offset:#x}:\n"));
    }
    cx.bytes(if n > 1 { b"\nSection Headers:\n" } else { b"\nSection Header:\n" });
    let heading: &[u8] = match (cx.options.section_details, cx.options.wide) {
        (true, true) => {
            b"  [Nr] Name\n       Type            Address          Off    Size   ES   Lk Inf Al\n       Flags\n"
        }
        (true, false) => {
            b"  [Nr] Name\n       Type              Address          Offset            Link\n       \
              Size              EntSize          Info              Align\n       Flags\n"
        }
        (false, true) => b"  [Nr] Name              Type            Address          Off    Size   ES Flg Lk Inf Al\n",
        (false, false) => {
            b"  [Nr] Name              Type             Address           Offset\n       \
              Size              EntSize          Flags  Link  Info  Align\n"
        }
    };
    cx.bytes(heading);
    for idx in 0..n {
        let shdr = cx.file.shdrs[idx];
        section(cx, idx, &shdr);
    }
    if !cx.options.section_details {
        key_to_flags(cx);
    }
}

fn section(cx: &mut Cx<'_, '_>, idx: usize, shdr: &Shdr) {
    let name = cx.file.section_name(shdr);
    let kind = section_type(cx.file.machine, shdr.kind);
    cx.put(format_args!("  [{idx:2}] "));
    if cx.options.section_details {
        cx.name(usize::MAX, false, name);
        cx.bytes(b"\n      ");
    } else {
        cx.name(17, true, name);
    }
    let Shdr { addr, offset, size, link, info, align, entsize, .. } = *shdr;
    let flags = if cx.options.section_details { String::new() } else { flag_letters(cx, shdr.flags) };
    match (cx.options.section_details, cx.options.wide) {
        (false, true) => cx.put(format_args!(
            " {kind:<15} {addr:016x} {offset:06x} {size:06x} {entsize:02x} {flags:>3} {link:2} {info:3} {align:2}\n"
        )),
        (true, true) => cx.put(format_args!(
            " {kind:<15} {addr:016x} {offset:06x} {size:06x} {entsize:02x}  {link:2} {info:3} {align:2}\n"
        )),
        (false, false) => cx.put(format_args!(
            " {kind:<15.15}  {addr:016x}  {offset:08x}\n       {size:016x}  {entsize:016x} {flags:>3}      {link:2}   {info:3}     {align}\n"
        )),
        (true, false) => cx.put(format_args!(
            " {kind:<15.15}  {addr:016x}  {offset:016x}  {link}\n       {size:016x} {entsize:016x}  {info:<16}  {align}\n"
        )),
    }
    if cx.options.section_details {
        let words = flag_words(cx, shdr.flags);
        cx.put(format_args!("       [{:016x}]: {words}\n", shdr.flags));
        if shdr.flags & SHF_COMPRESSED != 0 {
            compression(cx, shdr);
        }
    }
}

fn compression(cx: &mut Cx<'_, '_>, shdr: &Shdr) {
    let data = cx.file.data(shdr).unwrap_or(&[]);
    if data.len() < CHDR_SIZE {
        cx.bytes(b"       [<corrupt>]\n");
        return;
    }
    let kind = u32_at(data, 0);
    match super::names::find(COMPRESSIONS, kind) {
        Some(name) => cx.put(format_args!("       {name}, ")),
        None => cx.put(format_args!("       [<unknown>: 0x{kind:x}], ")),
    }
    cx.put(format_args!("{:016x}, {}\n", u64_at(data, 8), u64_at(data, 16)));
}

fn knows_gnu_flags(cx: &Cx<'_, '_>) -> bool {
    matches!(cx.file.os_abi, OS_GNU | OS_FREEBSD)
}

/// The flags as letters, in the order of their bits; bits without a letter of their own share one.
fn flag_letters(cx: &Cx<'_, '_>, flags: u64) -> String {
    let mut text = String::new();
    let mut left = flags;
    while left != 0 {
        let bit = left & left.wrapping_neg();
        left &= !bit;
        let letter = match FLAGS.iter().find(|(row, ..)| *row == bit) {
            Some((_, letter, _)) => *letter,
            None if bit == SHF_X86_64_LARGE && cx.file.machine == EM_X86_64 => 'l',
            None if bit & SHF_MASKOS != 0 => match bit {
                SHF_GNU_RETAIN if knows_gnu_flags(cx) => 'R',
                SHF_GNU_MBIND if knows_gnu_flags(cx) || cx.file.os_abi == 0 => 'D',
                _ => {
                    left &= !SHF_MASKOS;
                    'o'
                }
            },
            None if bit & SHF_MASKPROC != 0 => {
                left &= !SHF_MASKPROC;
                'p'
            }
            None => 'x',
        };
        text.push(letter);
    }
    text
}

/// The flags as words.
fn flag_words(cx: &Cx<'_, '_>, flags: u64) -> String {
    let mut words: Vec<String> = Vec::new();
    let (mut os, mut machine, mut unknown) = (0, 0, 0);
    let mut left = flags;
    while left != 0 {
        let bit = left & left.wrapping_neg();
        left &= !bit;
        match FLAGS.iter().find(|(row, ..)| *row == bit) {
            Some((.., word)) => words.push((*word).into()),
            None if bit == SHF_X86_64_LARGE && cx.file.machine == EM_X86_64 => words.push("LARGE".into()),
            None if bit == SHF_GNU_RETAIN && knows_gnu_flags(cx) => words.push("GNU_RETAIN".into()),
            None if bit == SHF_GNU_MBIND && (knows_gnu_flags(cx) || cx.file.os_abi == 0) => {
                words.push("GNU_MBIND".into())
            }
            None if bit & SHF_MASKOS != 0 => os |= bit,
            None if bit & SHF_MASKPROC != 0 => machine |= bit,
            None => unknown |= bit,
        }
    }
    for (bits, what) in [(os, "OS"), (machine, "PROC"), (unknown, "UNKNOWN")] {
        if bits != 0 {
            words.push(format!("{what} ({bits:016x})"));
        }
    }
    words.join(", ")
}

fn key_to_flags(cx: &mut Cx<'_, '_>) {
    cx.bytes(
        b"Key to Flags:\n  W (write), A (alloc), X (execute), M (merge), S (strings), I (info),\n  \
          L (link order), O (extra OS processing required), G (group), T (TLS),\n  \
          C (compressed), x (unknown), o (OS specific), E (exclude),\n  ",
    );
    if knows_gnu_flags(cx) {
        cx.bytes(b"R (retain), ");
    }
    if knows_gnu_flags(cx) || cx.file.os_abi == 0 {
        cx.bytes(b"D (mbind), ");
    }
    if cx.file.machine == EM_X86_64 {
        cx.bytes(b"l (large), ");
    }
    cx.bytes(b"p (processor specific)\n");
}

pub(super) fn groups(cx: &mut Cx<'_, '_>) {
    if !cx.options.section_groups {
        return;
    }
    if cx.file.shdrs.is_empty() {
        cx.bytes(b"\nThere are no sections to group in this file.\n");
        return;
    }
    if cx.file.find(SHT_GROUP).is_none() {
        cx.bytes(b"\nThere are no section groups in this file.\n");
        return;
    }
    for idx in 0..cx.file.shdrs.len() {
        if cx.file.shdrs[idx].kind == SHT_GROUP {
            group(cx, idx);
        }
    }
}

fn group(cx: &mut Cx<'_, '_>, idx: usize) {
    let shdr = cx.file.shdrs[idx];
    let words = cx.file.data(&shdr).unwrap_or(&[]);
    let table = cx.file.shdrs.get(shdr.link as usize).copied();
    let signature = table.and_then(|table| {
        let symbols = cx.file.data(&table)?;
        let symbol = Symbol::at(&symbols[..symbols.len() / SYM_SIZE * SYM_SIZE], shdr.info as usize)?;
        if symbol.kind() == crate::defs::STT_SECTION {
            return Some(cx.file.section_name_at(u32::from(symbol.shndx)));
        }
        c_str(cx.file.data_of(table.link), symbol.name as usize)
    });
    let Some(signature) = signature.filter(|_| words.len() >= 4) else {
        cx.warn(format!("section group {idx} has no signature, or is cut"));
        return;
    };
    let kind = match u32_at(words, 0) {
        0 => String::new(),
        GRP_COMDAT => "COMDAT ".into(),
        other => format!("[<unknown>: 0x{other:x}] "),
    };
    cx.put(format_args!("\n{kind}group section [{idx:5}] `"));
    let name = cx.file.section_name(&shdr);
    cx.section_name(name);
    cx.bytes(b"' [");
    cx.bytes(signature);
    cx.put(format_args!("] contains {} sections:\n   [Index]    Name\n", words.len() / 4 - 1));
    for word in words.chunks_exact(4).skip(1) {
        let member = u32_at(word, 0);
        if !cx.spend() {
            return;
        }
        if member as usize >= cx.file.shdrs.len() {
            cx.warn(format!("section group {idx} names section {member}, which is not there"));
            continue;
        }
        cx.put(format_args!("   [{member:5}]   "));
        let name = cx.file.section_name_at(member);
        cx.section_name(name);
        cx.bytes(b"\n");
    }
}
