//! Symbol versions: the three sections, and the version of one symbol. "ELF Symbol Versioning" (Drepper), LSB Core 10.7.

use super::Cx;
use super::dynamic::dynamic_strings;
use crate::defs::{
    DT_VERDEF, DT_VERNEED, DT_VERSYM, SHN_UNDEF, SHT_GNU_VERDEF, SHT_GNU_VERNEED, SHT_GNU_VERSYM, VERSYM_HIDDEN,
};
use crate::raw::{Shdr, c_str, u16_at, u32_at};

/// The versions that the file defines and needs, by number.
#[derive(Default)]
pub(super) struct Versions<'a> {
    of_symbols: &'a [u8],
    defined: Vec<(u16, &'a [u8])>,
    needed: Vec<(u16, &'a [u8])>,
}

/// How a symbol is bound to its version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    Undefined(u16),
    /// Another version is the default one.
    Hidden,
    Default,
}

impl<'a> Versions<'a> {
    /// By the dynamic section, as the dynamic linker finds them.
    pub fn read(cx: &Cx<'a, '_>) -> Versions<'a> {
        let strings = dynamic_strings(cx);
        let at = |tag: u64, kind: u32| match cx.file.tag(tag) {
            Some(address) => cx.file.tail_at(address),
            None => cx.file.find(kind).and_then(|shdr| cx.file.data(shdr)).unwrap_or(&[]),
        };
        let mut versions = Versions { of_symbols: at(DT_VERSYM, SHT_GNU_VERSYM), ..Versions::default() };
        for_each(at(DT_VERDEF, SHT_GNU_VERDEF), 20, 16, |data, start| {
            let aux = start + u32_at(data, start + 12) as usize;
            let name = data.get(aux..).and_then(|entry| c_str(strings, u32_at(entry, 0) as usize));
            versions.defined.push((u16_at(data, start + 4), name.unwrap_or(b"<corrupt>")));
        });
        for_each(at(DT_VERNEED, SHT_GNU_VERNEED), 16, 12, |data, start| {
            let first = start + u32_at(data, start + 8) as usize;
            let Some(tail) = data.get(first..) else { return };
            for_each(tail, 16, 12, |data, entry| {
                let name = c_str(strings, u32_at(data, entry + 8) as usize);
                versions.needed.push((u16_at(data, entry + 6), name.unwrap_or(b"<corrupt>")));
            });
        });
        versions
    }

    /// The version of the dynamic symbol `idx`.
    pub fn of(&self, idx: usize, shndx: u16) -> Option<(&'a [u8], Bound)> {
        let raw = u16_at(self.of_symbols, idx.checked_mul(2)?);
        let number = raw & !VERSYM_HIDDEN;
        if number <= 1 {
            return None;
        }
        let named = |rows: &[(u16, &'a [u8])]| rows.iter().find(|(row, _)| *row == number).map(|(_, name)| *name);
        if shndx != SHN_UNDEF
            && let Some(name) = named(&self.defined)
        {
            return Some((name, if raw & VERSYM_HIDDEN != 0 { Bound::Hidden } else { Bound::Default }));
        }
        named(&self.needed).map(|name| (name, Bound::Undefined(number)))
    }
}

/// Calls `each` for the records of a chain: `size` bytes each, the distance to the next at `next`.
fn for_each(data: &[u8], size: usize, next: usize, mut each: impl FnMut(&[u8], usize)) {
    let mut at = 0usize;
    // A chain cannot have more records than fit beside each other; one that goes on meets itself.
    for _ in 0..0x8000.min(data.len() / 8 + 1) {
        if data.len() < at.saturating_add(size) {
            return;
        }
        each(data, at);
        match u32_at(data, at + next) as usize {
            0 => return,
            step => at = at.saturating_add(step),
        }
    }
}

pub(super) fn version_sections(cx: &mut Cx<'_, '_>) {
    if !cx.options.versions {
        return;
    }
    let mut found = false;
    for idx in 0..cx.file.shdrs.len() {
        let shdr = cx.file.shdrs[idx];
        match shdr.kind {
            SHT_GNU_VERDEF => definitions(cx, &shdr),
            SHT_GNU_VERNEED => needs(cx, &shdr),
            SHT_GNU_VERSYM => of_symbols(cx, &shdr),
            _ => continue,
        }
        found = true;
    }
    if !found {
        cx.bytes(b"\nNo version information found in this file.\n");
    }
}

fn heading(cx: &mut Cx<'_, '_>, what: &str, shdr: &Shdr, n: usize) {
    let (name, link) = (cx.file.section_name(shdr), cx.file.section_name_at(shdr.link));
    cx.put(format_args!("\nVersion {what} section '"));
    cx.section_name(name);
    let entries = if n == 1 { "entry" } else { "entries" };
    cx.put(format_args!("' contains {n} {entries}:\n Addr: {:#018x}  Offset: {:#010x}", shdr.addr, shdr.offset));
    cx.put(format_args!("  Link: {} (", shdr.link));
    cx.section_name(link);
    cx.bytes(b")\n");
}

fn flags(number: u16) -> String {
    if number == 0 {
        return "none".into();
    }
    let known = [(1, "BASE"), (2, "WEAK"), (4, "INFO")];
    let mut words: Vec<&str> = known.iter().filter(|(bit, _)| number & bit != 0).map(|(_, word)| *word).collect();
    if number & !7 != 0 {
        words.push("<unknown>");
    }
    words.join(" | ")
}

fn put_name(cx: &mut Cx<'_, '_>, strings: &[u8], offset: u32) {
    match c_str(strings, offset as usize) {
        Some(name) => {
            cx.name(usize::MAX, false, name);
        }
        None => cx.put(format_args!("{offset}")),
    }
}

fn definitions(cx: &mut Cx<'_, '_>, shdr: &Shdr) {
    heading(cx, "definition", shdr, shdr.info as usize);
    let (data, strings) = (cx.file.data(shdr).unwrap_or(&[]), cx.file.data_of(shdr.link));
    let mut at = 0usize;
    for _ in 0..shdr.info {
        let Some(record) = data.get(at..).and_then(|tail| tail.get(..20)) else { break };
        if !cx.spend() {
            return;
        }
        let (rev, bits, index, count) = (u16_at(record, 0), u16_at(record, 2), u16_at(record, 4), u16_at(record, 6));
        address(cx, at);
        let bits = flags(bits);
        cx.put(format_args!(" Rev: {rev}  Flags: {bits}  Index: {index}  Cnt: {count}  "));
        let mut aux = at.saturating_add(u32_at(record, 12) as usize);
        for nth in 0..count.max(1) {
            let Some(entry) = data.get(aux..).and_then(|tail| tail.get(..8)) else { break };
            if !cx.spend() {
                return;
            }
            if nth == 0 {
                cx.bytes(b"Name: ");
            } else {
                cx.put(format_args!("  {aux:#06x}: Parent {nth}: "));
            }
            put_name(cx, strings, u32_at(entry, 0));
            cx.bytes(b"\n");
            match u32_at(entry, 4) as usize {
                0 => break,
                next => aux = aux.saturating_add(next),
            }
        }
        match u32_at(record, 16) as usize {
            0 => break,
            next => at = at.saturating_add(next),
        }
    }
}

/// The place of a record; the first one's is written without a sign.
fn address(cx: &mut Cx<'_, '_>, at: usize) {
    match at {
        0 => cx.bytes(b"  000000:"),
        _ => cx.put(format_args!("  {at:#06x}:")),
    }
}

fn needs(cx: &mut Cx<'_, '_>, shdr: &Shdr) {
    heading(cx, "needs", shdr, shdr.info as usize);
    let (data, strings) = (cx.file.data(shdr).unwrap_or(&[]), cx.file.data_of(shdr.link));
    let mut at = 0usize;
    for _ in 0..shdr.info {
        let Some(record) = data.get(at..).and_then(|tail| tail.get(..16)) else { break };
        if !cx.spend() {
            return;
        }
        let (version, count) = (u16_at(record, 0), u16_at(record, 2));
        address(cx, at);
        cx.put(format_args!(" Version: {version}  File: "));
        put_name(cx, strings, u32_at(record, 4));
        cx.put(format_args!("  Cnt: {count}\n"));
        let mut aux = at.saturating_add(u32_at(record, 8) as usize);
        for _ in 0..count {
            let Some(entry) = data.get(aux..).and_then(|tail| tail.get(..16)) else { break };
            if !cx.spend() {
                return;
            }
            cx.put(format_args!("  {aux:#06x}:   Name: "));
            put_name(cx, strings, u32_at(entry, 8));
            let bits = flags(u16_at(entry, 4));
            cx.put(format_args!("  Flags: {bits}  Version: {}\n", u16_at(entry, 6)));
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
}

fn of_symbols(cx: &mut Cx<'_, '_>, shdr: &Shdr) {
    let data = cx.file.data(shdr).unwrap_or(&[]);
    let n = data.len() / 2;
    heading(cx, "symbols", shdr, n);
    let symbols = cx.file.data_of(shdr.link);
    let versions = Versions::read(cx);
    for first in (0..n).step_by(4) {
        cx.put(format_args!("  {first:03x}:"));
        for idx in first..n.min(first + 4) {
            let raw = u16_at(data, idx * 2);
            match raw {
                0 => cx.bytes(b"   0 (*local*)    "),
                1 => cx.bytes(b"   1 (*global*)   "),
                _ => {
                    let number = raw & !VERSYM_HIDDEN;
                    let hidden = if raw & VERSYM_HIDDEN != 0 { 'h' } else { ' ' };
                    let text = format!("{number:4x}{hidden}");
                    let shndx = super::file::Symbol::at(symbols, idx).map_or(0, |symbol| symbol.shndx);
                    let name = version_name(&versions, number, shndx);
                    cx.put(format_args!("{text}("));
                    cx.bytes(name);
                    cx.bytes(b")");
                    // A longer name than the column is wide gets as many blanks as it is too long.
                    cx.pad(12usize.abs_diff(name.len()).saturating_sub(1));
                }
            }
        }
        cx.bytes(b"\n");
    }
}

fn version_name<'a>(versions: &Versions<'a>, number: u16, shndx: u16) -> &'a [u8] {
    let named = |rows: &[(u16, &'a [u8])]| rows.iter().find(|(row, _)| *row == number).map(|(_, name)| *name);
    let own = if shndx == SHN_UNDEF { None } else { named(&versions.defined) };
    own.or_else(|| named(&versions.needed)).or_else(|| named(&versions.defined)).unwrap_or(b"*invalid*")
}
