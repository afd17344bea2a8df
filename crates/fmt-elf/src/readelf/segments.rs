//! Program headers, and which sections lie in which segment: gABI chapter 5, "Program Header".

use super::Cx;
use super::header::file_type;
use super::names::segment_type;
use crate::defs::{
    PF_R, PF_W, PF_X, PT_DYNAMIC, PT_GNU_EH_FRAME, PT_GNU_RELRO, PT_GNU_STACK, PT_INTERP, PT_LOAD, PT_NOTE, PT_PHDR,
    PT_TLS, SHF_ALLOC, SHF_TLS, SHT_NOBITS,
};
use crate::raw::{Phdr, Shdr, slice};

pub(super) fn program_headers(cx: &mut Cx<'_, '_>) {
    if !cx.options.segments {
        return;
    }
    let n = cx.file.phdrs.len();
    if n == 0 {
        cx.bytes(b"\nThere are no program headers in this file.\n");
        return;
    }
    if !cx.options.header {
        let (verb, noun) = if n == 1 { ("is", "header") } else { ("are", "headers") };
        let (kind, entry, phoff) = (file_type(cx), cx.file.entry, cx.file.phoff);
        cx.put(format_args!("\nElf file type is {kind}\nEntry point {entry:#x}\n"));
        cx.put(format_args!("There {verb} {n} program {noun}, starting at offset {phoff}\n"));
    }
    cx.bytes(if n > 1 { b"\nProgram Headers:\n" } else { b"\nProgram Header:\n" });
    cx.bytes(if cx.options.wide {
        b"  Type           Offset   VirtAddr           PhysAddr           FileSiz  MemSiz   Flg Align\n"
    } else {
        b"  Type           Offset             VirtAddr           PhysAddr\n                 \
          FileSiz            MemSiz              Flags  Align\n"
    });
    for idx in 0..n {
        let phdr = cx.file.phdrs[idx];
        segment(cx, &phdr);
    }
    if !cx.file.shdrs.is_empty() {
        mapping(cx);
    }
}

fn segment(cx: &mut Cx<'_, '_>, phdr: &Phdr) {
    let kind = segment_type(cx.file.machine, phdr.kind);
    let flag = |bit: u32, letter: char| if phdr.flags & bit != 0 { letter } else { ' ' };
    let (r, w, x) = (flag(PF_R, 'R'), flag(PF_W, 'W'), flag(PF_X, 'E'));
    let Phdr { offset, vaddr, paddr, filesz, memsz, align, .. } = *phdr;
    if cx.options.wide {
        cx.put(format_args!(
            "  {kind:<14.14} {offset:#08x} {vaddr:#018x} {paddr:#018x} {filesz:#08x} {memsz:#08x} {r}{w}{x} "
        ));
    } else {
        cx.put(format_args!(
            "  {kind:<14.14} {offset:#018x} {vaddr:#018x} {paddr:#018x}\n                 {filesz:#018x} {memsz:#018x}  {r}{w}{x}    "
        ));
    }
    // In long lines C's `%#lx` writes it, which puts no sign before a zero.
    match align {
        0 if cx.options.wide => cx.bytes(b"0"),
        _ => cx.put(format_args!("{align:#x}")),
    }
    cx.bytes(b"\n");
    if phdr.kind == PT_INTERP && filesz != 0 {
        match slice(cx.file.bytes, offset, filesz) {
            Some(path) => {
                let end = path.iter().position(|&byte| byte == 0).unwrap_or(path.len());
                cx.bytes(b"      [Requesting program interpreter: ");
                cx.bytes(&path[..end]);
                cx.bytes(b"]\n");
            }
            None => cx.warn("the program interpreter's name reaches past the end of the file"),
        }
    }
}

fn mapping(cx: &mut Cx<'_, '_>) {
    cx.bytes(b"\n Section to Segment mapping:\n  Segment Sections...\n");
    for idx in 0..cx.file.phdrs.len() {
        let phdr = cx.file.phdrs[idx];
        cx.put(format_args!("   {idx:02}     "));
        for at in 1..cx.file.shdrs.len() {
            let shdr = cx.file.shdrs[at];
            if !is_tls_zeroes(&shdr, &phdr) && is_in(&shdr, &phdr) {
                if !cx.spend() {
                    return;
                }
                let name = cx.file.section_name(&shdr);
                cx.section_name(name);
                cx.bytes(b" ");
            }
        }
        cx.bytes(b"\n");
    }
}

/// Thread-local zeroes take no room but in their own segment.
fn is_tls_zeroes(shdr: &Shdr, phdr: &Phdr) -> bool {
    shdr.flags & SHF_TLS != 0 && shdr.kind == SHT_NOBITS && phdr.kind != PT_TLS
}

/// Whether a section belongs to a segment: by what both are, by offsets, and by addresses.
fn is_in(shdr: &Shdr, phdr: &Phdr) -> bool {
    let tls = shdr.flags & SHF_TLS != 0;
    let alloc = shdr.flags & SHF_ALLOC != 0;
    let kinds_fit =
        if tls { matches!(phdr.kind, PT_TLS | PT_GNU_RELRO | PT_LOAD) } else { !matches!(phdr.kind, PT_TLS | PT_PHDR) };
    let loaded_only = matches!(phdr.kind, PT_LOAD | PT_DYNAMIC | PT_GNU_EH_FRAME | PT_GNU_STACK | PT_GNU_RELRO)
        || (0x6474_e555..=0x6474_f554).contains(&phdr.kind);
    if !kinds_fit || (!alloc && loaded_only) {
        return false;
    }
    let size = if is_tls_zeroes(shdr, phdr) { 0 } else { shdr.size };
    // Strictly inside: what begins at the end is not in.
    let within = |start: u64, first: u64, room: u64| {
        start >= first
            && start - first <= room.wrapping_sub(1)
            && (start - first).checked_add(size).is_some_and(|end| end <= room)
    };
    let by_offset = shdr.kind == SHT_NOBITS || within(shdr.offset, phdr.offset, phdr.filesz);
    let by_address = !alloc || within(shdr.addr, phdr.vaddr, phdr.memsz);
    // Empty sections at either end of these belong to their neighbours.
    let inner = !matches!(phdr.kind, PT_DYNAMIC | PT_NOTE)
        || shdr.size != 0
        || phdr.memsz == 0
        || ((shdr.kind == SHT_NOBITS || (shdr.offset > phdr.offset && shdr.offset - phdr.offset < phdr.filesz))
            && (!alloc || (shdr.addr > phdr.vaddr && shdr.addr - phdr.vaddr < phdr.memsz)));
    by_offset && by_address && inner
}
