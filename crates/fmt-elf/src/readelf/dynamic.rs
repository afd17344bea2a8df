//! The dynamic section: gABI chapter 5, "Dynamic Section".

use super::Cx;
use super::names::{DYNAMIC_TAGS, MACHINE_DYNAMIC_TAGS, Value};
use crate::defs::{DT_RPATH, DT_RUNPATH, DT_STRSZ, DT_STRTAB, SHT_DYNAMIC};
use crate::raw::c_str;

pub(super) fn dynamic_section(cx: &mut Cx<'_, '_>) {
    if !cx.options.dynamic {
        return;
    }
    let n = cx.file.dynamic.len();
    if n == 0 {
        cx.bytes(b"\nThere is no dynamic section in this file.\n");
        return;
    }
    let entries = if n == 1 { "entry" } else { "entries" };
    let offset = cx.file.dynamic_offset;
    cx.put(format_args!("\nDynamic section at offset {offset:#x} contains {n} {entries}:\n"));
    cx.bytes(b"  Tag        Type                         Name/Value\n");
    let strings = dynamic_strings(cx);
    for (tag, value) in cx.file.dynamic.clone() {
        let row = DYNAMIC_TAGS.iter().find(|(number, ..)| *number == tag);
        let name = match row {
            Some((_, name, _)) => (*name).to_string(),
            None => other_tag(cx.file.machine, tag),
        };
        cx.put(format_args!(" {tag:#018x} ({name}){:<width$}", "", width = 19usize.saturating_sub(name.len())));
        if name.len() >= 19 {
            cx.bytes(b" ");
        }
        entry(cx, tag, row.map_or(Value::Address, |(.., value)| *value), value, strings);
        cx.bytes(b"\n");
    }
}

/// The string table of the dynamic section.
pub(super) fn dynamic_strings<'a>(cx: &Cx<'a, '_>) -> &'a [u8] {
    let by_address =
        cx.file.tag(DT_STRTAB).map_or(&[][..], |address| cx.file.bytes_at(address, cx.file.tag(DT_STRSZ).unwrap_or(0)));
    if !by_address.is_empty() {
        return by_address;
    }
    cx.file.find(SHT_DYNAMIC).map_or(&[], |shdr| cx.file.data_of(shdr.link))
}

fn other_tag(machine: u16, tag: u64) -> String {
    match tag {
        0x7000_0000..=0x7fff_ffff => {
            let own = MACHINE_DYNAMIC_TAGS.iter().find(|(row, number, _)| (*row, *number) == (machine, tag));
            own.map_or_else(|| format!("Processor Specific: {tag:x}"), |(.., name)| (*name).to_string())
        }
        0x6000_000d..=0x6fff_ffff => format!("Operating System specific: {tag:x}"),
        _ => format!("<unknown>: {tag:x}"),
    }
}

fn entry(cx: &mut Cx<'_, '_>, tag: u64, kind: Value, value: u64, strings: &[u8]) {
    match kind {
        Value::Address => cx.put(format_args!("{value:#x}")),
        Value::Bytes => cx.put(format_args!("{value} (bytes)")),
        Value::Number => cx.put(format_args!("{value}")),
        Value::Nothing => {}
        Value::Text(what) => match usize::try_from(value).ok().and_then(|at| c_str(strings, at)) {
            Some(text) => {
                cx.put(format_args!("{what}: ["));
                cx.bytes(text);
                cx.bytes(b"]");
            }
            None if tag == DT_RPATH || tag == DT_RUNPATH => cx.put(format_args!("{what}: [{value:x}]")),
            None => cx.put(format_args!("{value:#x}")),
        },
        Value::Tag => match DYNAMIC_TAGS.iter().find(|(number, ..)| *number == value) {
            Some((_, name, _)) => cx.bytes(name.as_bytes()),
            None => cx.put(format_args!("{value:#x}")),
        },
        Value::Bits(front, names) => {
            let mut words: Vec<String> = Vec::new();
            if !front.is_empty() {
                words.push(front.to_string());
            }
            if value == 0 && !front.is_empty() {
                words.push("None".into());
            }
            words.extend(names.iter().filter(|(bit, _)| value & bit != 0).map(|(_, word)| (*word).to_string()));
            let other = names.iter().fold(value, |left, (bit, _)| left & !bit);
            if other != 0 {
                words.push(if front.is_empty() { "unknown".into() } else { format!("Unknown flags {other:x}") });
            }
            cx.put(format_args!("{}", words.join(" ")));
        }
        Value::Time => cx.put(format_args!("{value:#x}")),
    }
}
