//! The file header: gABI chapter 4, "ELF Header".

use super::Cx;
use super::names::{FILE_TYPES, MACHINE_NAMES, OS_NAMES, find};
use crate::defs::{DT_FLAGS_1, EM_RISCV, ET_DYN, SHN_XINDEX};
use crate::raw::{u16_at, u32_at};

/// A program that may be loaded anywhere says so.
const DF_1_PIE: u64 = 0x0800_0000;

pub(super) fn file_header(cx: &mut Cx<'_, '_>) {
    if !cx.options.header {
        return;
    }
    let bytes = cx.file.bytes;
    cx.bytes(b"ELF Header:\n  Magic:   ");
    for byte in &bytes[..16] {
        cx.put(format_args!("{byte:02x} "));
    }
    cx.bytes(b"\n");
    let os_abi = find(OS_NAMES, u32::from(bytes[7])).map_or_else(|| format!("<unknown: {:x}>", bytes[7]), Into::into);
    let machine = machine_name(cx.file.machine);
    let shnum = cx.file.shdrs.len();
    let field = |cx: &mut Cx<'_, '_>, name: &str, text: &str| cx.put(format_args!("  {name:<34} {text}\n"));
    field(cx, "Class:", "ELF64");
    field(cx, "Data:", "2's complement, little endian");
    field(cx, "Version:", &format!("{} (current)", bytes[6]));
    field(cx, "OS/ABI:", &os_abi);
    field(cx, "ABI Version:", &bytes[8].to_string());
    let file_type = file_type(cx);
    field(cx, "Type:", &file_type);
    field(cx, "Machine:", &machine);
    field(cx, "Version:", &format!("{:#x}", u32_at(bytes, 20)));
    field(cx, "Entry point address:", &format!("{:#x}", cx.file.entry));
    field(cx, "Start of program headers:", &format!("{} (bytes into file)", cx.file.phoff));
    field(cx, "Start of section headers:", &format!("{} (bytes into file)", cx.file.shoff));
    field(cx, "Flags:", &format!("{:#x}{}", cx.file.flags, machine_flags(cx.file.machine, cx.file.flags)));
    field(cx, "Size of this header:", &format!("{} (bytes)", u16_at(bytes, 52)));
    field(cx, "Size of program headers:", &format!("{} (bytes)", u16_at(bytes, 54)));
    // What does not fit into the header stands in the first section's.
    let mut phnum = cx.file.raw_phnum.to_string();
    if cx.file.raw_phnum == 0xffff && cx.file.phdrs.len() != 0xffff {
        phnum.push_str(&format!(" ({})", cx.file.phdrs.len()));
    }
    field(cx, "Number of program headers:", &phnum);
    field(cx, "Size of section headers:", &format!("{} (bytes)", u16_at(bytes, 58)));
    let mut number = cx.file.raw_shnum.to_string();
    if cx.file.raw_shnum == 0 && shnum != 0 {
        number.push_str(&format!(" ({shnum})"));
    }
    field(cx, "Number of section headers:", &number);
    let mut index = cx.file.raw_shstrndx.to_string();
    if cx.file.raw_shstrndx == SHN_XINDEX && shnum != 0 {
        index.push_str(&format!(" ({})", cx.file.shstrndx));
    }
    if cx.file.shstrndx != 0 && cx.file.shstrndx as usize >= shnum {
        index.push_str(" <corrupt: out of range>");
    }
    field(cx, "Section header string table index:", &index);
}

/// The file's type in words.
pub(super) fn file_type(cx: &Cx<'_, '_>) -> String {
    let kind = cx.file.kind;
    if kind == ET_DYN {
        let pie = cx.file.tag(DT_FLAGS_1).is_some_and(|flags| flags & DF_1_PIE != 0);
        return if pie { "DYN (Position-Independent Executable file)" } else { "DYN (Shared object file)" }.into();
    }
    match find(FILE_TYPES, u32::from(kind)) {
        Some(name) => name.into(),
        None if kind >= 0xff00 => format!("Processor Specific: ({kind:x})"),
        None if kind >= 0xfe00 => format!("OS Specific: ({kind:x})"),
        None => format!("<unknown>: {kind:x}"),
    }
}

fn machine_name(machine: u16) -> String {
    find(MACHINE_NAMES, u32::from(machine)).map_or_else(|| format!("<unknown>: {machine:#x}"), Into::into)
}

/// RISC-V ELF psABI, "File Header": `e_flags`.
fn machine_flags(machine: u16, flags: u32) -> String {
    let mut text = String::new();
    if machine == EM_RISCV && flags != 0 {
        for (bit, word) in [(1, ", RVC"), (8, ", RVE"), (16, ", TSO")] {
            if flags & bit != 0 {
                text.push_str(word);
            }
        }
        text.push_str(match flags & 6 {
            0 => ", soft-float ABI",
            2 => ", single-float ABI",
            4 => ", double-float ABI",
            _ => ", quad-float ABI",
        });
    }
    text
}
