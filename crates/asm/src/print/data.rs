//! Data: strings as strings, zeroes as a number, relocated fields as expressions, the rest in the units it is aligned to.

use super::labels::is_table_entry;
use super::{Printer, push_target};
use obj::{AtomId, Reloc, RelocTargetKind, Section, SectionFlags, SectionKind};

/// Shorter runs are bytes like others.
const LEAST_ZEROES: usize = 8;
const LEAST_TEXT: usize = 5;
/// Characters of a string on one line.
const MOST_TEXT: usize = 100;

impl Printer<'_, '_> {
    /// The bytes of an atom, with labels.
    pub(super) fn data(&mut self, id: AtomId, section: &Section<'_>) {
        let object = self.unit.object;
        let size = object.atoms[id].size;
        let (bytes, relocs) = (object.atom_bytes(id), object.atom_relocs(id));
        let names = self.labels.offsets(object, id);
        let (mut at, mut next_reloc) = (0, 0);
        let mut next_name = 0;
        loop {
            while names.get(next_name).is_some_and(|&offset| offset <= at) {
                self.labels_at(id, names[next_name]);
                next_name += 1;
            }
            if at >= size {
                break;
            }
            let limit = names.get(next_name).copied().unwrap_or(size).min(size);
            if section.kind == SectionKind::Nobits {
                self.line(&format!("\t.zero\t{}", limit - at));
                at = limit;
                continue;
            }
            let reloc = relocs.get(next_reloc);
            let before = reloc.map_or(limit, |reloc| u64::from(reloc.offset).min(limit));
            if at < before {
                let piece = &bytes[at as usize..before as usize];
                if section.flags.has(SectionFlags::STRINGS) && section.entry_size == 1 {
                    self.strings(piece);
                } else {
                    self.plain(piece, at);
                }
                at = before;
                continue;
            }
            let reloc = reloc.expect("the piece before it is empty");
            next_reloc += 1;
            at += self.field(id, reloc, bytes, limit);
        }
        for &name in &names[next_name..] {
            self.labels_at(id, name);
        }
    }

    /// A relocated field; how many bytes it takes.
    fn field(&mut self, id: AtomId, reloc: &Reloc, bytes: &[u8], limit: u64) -> u64 {
        let unit = self.unit;
        let row = unit.arch.reloc(reloc.kind);
        let (at, size) = (reloc.offset as usize, usize::from(row.size));
        let known = unit.dialect.data.iter().find(|operator| operator.kind == reloc.kind);
        let zero = bytes.get(at..at + size).is_some_and(|field| field.iter().all(|&byte| byte == 0));
        let Some(operator) = known.filter(|_| zero && (at + size) as u64 <= limit) else {
            self.out.extend_from_slice(format!("\t.reloc\t., {}, ", row.name).as_bytes());
            push_target(unit, &self.labels, reloc.target, "", reloc.addend, &mut self.out);
            self.out.push(b'\n');
            return 0;
        };
        self.out.extend_from_slice(format!("\t{}\t", operator.directive).as_bytes());
        let from_start = reloc.addend.wrapping_sub(i64::from(reloc.offset));
        let is_entry = match reloc.target.kind() {
            RelocTargetKind::Atom(target) => operator.relative && is_table_entry(unit.object, target, from_start),
            RelocTargetKind::Symbol(_) => false,
        };
        let addend = if is_entry { from_start } else { reloc.addend };
        push_target(unit, &self.labels, reloc.target, operator.suffix, addend, &mut self.out);
        if is_entry {
            let start = self.labels.private(id, 0).expect("a table has a label").to_string();
            self.out.extend_from_slice(format!("-{start}").as_bytes());
        } else if operator.relative {
            self.out.extend_from_slice(b"-.");
        }
        self.out.push(b'\n');
        size as u64
    }

    fn strings(&mut self, bytes: &[u8]) {
        for piece in bytes.split_inclusive(|&byte| byte == 0) {
            match piece.split_last() {
                Some((0, text)) => self.text(".string", text),
                _ => self.text(".ascii", piece),
            }
        }
    }

    fn text(&mut self, directive: &str, text: &[u8]) {
        let mut rest = text;
        while rest.len() > MOST_TEXT {
            let (now, later) = rest.split_at(MOST_TEXT);
            self.out.extend_from_slice(b"\t.ascii\t");
            self.quoted(now);
            self.out.push(b'\n');
            rest = later;
        }
        self.out.extend_from_slice(format!("\t{directive}\t").as_bytes());
        self.quoted(rest);
        self.out.push(b'\n');
    }

    /// Bytes that start `at` bytes into their atom.
    fn plain(&mut self, bytes: &[u8], at: u64) {
        let mut rest = bytes;
        let mut at = at;
        while !rest.is_empty() {
            let len = match run_of(rest, |byte| byte == 0) {
                len if len >= LEAST_ZEROES || len == rest.len() && len > 2 => {
                    self.line(&format!("\t.zero\t{len}"));
                    len
                }
                _ => match run_of(rest, is_text) {
                    len if len >= LEAST_TEXT => {
                        let ends = rest.get(len) == Some(&0);
                        self.text(if ends { ".string" } else { ".ascii" }, &rest[..len]);
                        len + usize::from(ends)
                    }
                    _ => self.number(rest, at),
                },
            };
            rest = &rest[len..];
            at += len as u64;
        }
    }

    /// The widest number that stands here aligned; its bytes.
    fn number(&mut self, bytes: &[u8], at: u64) -> usize {
        let fits = |size: usize| bytes.len() >= size && at.is_multiple_of(size as u64);
        let (size, directive) = [(8, ".quad"), (4, ".long"), (2, ".value"), (1, ".byte")]
            .into_iter()
            .find(|&(size, _)| fits(size) && (size == 1 || bytes.len().is_multiple_of(size)))
            .expect("a byte fits everywhere");
        let mut word = [0; 8];
        word[..size].copy_from_slice(&bytes[..size]);
        let value = u64::from_le_bytes(word);
        self.line(&match value {
            0..=9 => format!("\t{directive}\t{value}"),
            _ => format!("\t{directive}\t{value:#x}"),
        });
        size
    }
}

fn run_of(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    bytes.iter().position(|&byte| !is(byte)).unwrap_or(bytes.len())
}

fn is_text(byte: u8) -> bool {
    byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\t')
}

/// Text between quotes.
pub(super) fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    for &byte in text {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b' '..=b'~' => out.push(byte),
            _ => out.extend_from_slice(format!("\\{byte:03o}").as_bytes()),
        }
    }
}
