//! Whether two objects say the same: one comparison for every judge that has two ways to an object, with rules that say how
//! strict it is. What differs is told by kind, and where code differs, by the first instruction that does.

use crate::elf::{self, Elf, Place, Reloc, Section, Symbol};
use crate::tool::Difference;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// How strict a comparison is.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Everything in the file and its order; else allocated sections' bytes, and relocations and symbols by meaning.
    pub whole: bool,
    /// The second object is GNU as's: a relocation that only the first has, to a place in the same section, counts as applied,
    /// one to a local function by way of the PLT is an ordinary one, and the offset table's name may be mentioned.
    pub applied: bool,
}

/// Sections that say who made the object, or how to cut it, and not what is in it.
const NOT_COMPARED: &[&str] = &[".kit.atoms", ".comment", ".note.gnu.property", ".llvm_addrsig"];

/// Everything in which `b` differs from `a`. The paths are those of the objects, for a look at their instructions.
pub fn objects(a: &Path, b: &Path, rules: Rules) -> Vec<Difference> {
    let read = |path: &Path| Elf::read_file(path).map_err(|why| Difference::new("not readable", why));
    let (first, second) = match (read(a), read(b)) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(why), _) | (_, Err(why)) => return vec![why],
    };
    let mut comparison = Comparison::new(&first, &second, rules);
    comparison.header();
    comparison.sections();
    comparison.symbols();
    let mut found = comparison.found;
    if comparison.code_differs
        && let Some(difference) = first_instruction(a, b)
    {
        found.insert(0, difference);
    }
    found
}

/// Whether sections of a name have the same bytes and the same relocations by meaning.
pub fn same_section(a: &Elf, b: &Elf, name: &str) -> bool {
    let comparison = Comparison::new(a, b, Rules { whole: false, applied: false });
    let all = |elf: &Elf| -> Vec<usize> {
        elf.sections.iter().enumerate().filter(|(_, section)| section.name == name).map(|(at, _)| at).collect()
    };
    let (first, second) = (all(a), all(b));
    first.len() == second.len()
        && first.into_iter().zip(second).all(|(at, other)| {
            let mut bytes = a.sections[at].bytes.clone();
            bytes == b.sections[other].bytes && comparison.relocs(name, at, other, &mut bytes).is_empty()
        })
}

struct Comparison<'a> {
    a: &'a Elf,
    b: &'a Elf,
    keys: [Vec<String>; 2],
    rules: Rules,
    found: Vec<Difference>,
    code_differs: bool,
}

impl<'a> Comparison<'a> {
    fn new(a: &'a Elf, b: &'a Elf, rules: Rules) -> Self {
        Comparison { a, b, keys: [a.keys(), b.keys()], rules, found: Vec::new(), code_differs: false }
    }

    fn say(&mut self, kind: impl Into<String>, detail: impl Into<String>) {
        self.found.push(Difference::new(kind, detail));
    }

    fn header(&mut self) {
        if self.a.header != self.b.header {
            let detail = format!("{:x?}, not {:x?}", self.b.header, self.a.header);
            self.say("header", detail);
        }
    }

    /// Whether a section takes part.
    fn counts(&self, section: &Section) -> bool {
        let bookkeeping = matches!(section.kind, 0 | elf::SHT_SYMTAB | elf::SHT_STRTAB | elf::SHT_RELA | elf::SHT_REL)
            || section.kind == elf::SHT_SYMTAB_SHNDX;
        if bookkeeping {
            return false;
        }
        if self.rules.whole {
            return section.name != ".kit.atoms";
        }
        if NOT_COMPARED.contains(&section.name.as_str()) || section.flags & elf::SHF_EXCLUDE != 0 {
            return false;
        }
        section.flags & elf::SHF_ALLOC != 0 && (section.size > 0 || section.kind == elf::SHT_NOBITS)
    }

    fn sections(&mut self) {
        let list = |elf: &Elf, keys: &[String]| -> Vec<(String, usize)> {
            let counted = (0..elf.sections.len()).filter(|at| self.counts(&elf.sections[*at]));
            counted.map(|at| (keys[at].clone(), at)).collect()
        };
        let (first, second) = (list(self.a, &self.keys[0]), list(self.b, &self.keys[1]));
        let others: BTreeMap<&str, usize> = second.iter().map(|(key, at)| (key.as_str(), *at)).collect();
        let ours: BTreeMap<&str, usize> = first.iter().map(|(key, at)| (key.as_str(), *at)).collect();
        for (key, at) in &first {
            match others.get(key.as_str()) {
                Some(other) => self.section(key, *at, *other),
                None if self.must_exist(&self.a.sections[*at]) => {
                    self.say(format!("section {} missing", short(key)), key)
                }
                None => {}
            }
        }
        for (key, at) in &second {
            if !ours.contains_key(key.as_str()) && self.must_exist(&self.b.sections[*at]) {
                self.say(format!("section {} too many", short(key)), key);
            }
        }
        let order = |list: &[(String, usize)], other: &BTreeMap<&str, usize>| -> Vec<String> {
            list.iter().map(|(key, _)| key.clone()).filter(|key| other.contains_key(key.as_str())).collect()
        };
        let (a, b) = (order(&first, &others), order(&second, &ours));
        if self.rules.whole && a != b {
            let at = a.iter().zip(&b).position(|(a, b)| a != b).unwrap_or_default();
            self.say("order of sections", format!("{} where {} should be", b[at], a[at]));
        }
    }

    /// An empty section says nothing unless whole files are compared.
    fn must_exist(&self, section: &Section) -> bool {
        self.rules.whole || section.size > 0
    }

    fn section(&mut self, key: &str, at: usize, other: usize) {
        let (a, b) = (&self.a.sections[at], &self.b.sections[other]);
        let name = short(key);
        for (what, a, b) in [
            ("type", u64::from(a.kind), u64::from(b.kind)),
            ("flags", a.flags, b.flags),
            ("alignment", a.align, b.align),
            ("entry size", a.entsize, b.entsize),
            ("size", a.size, b.size),
        ] {
            if a != b {
                self.say(format!("{what} of {name}"), format!("{key}: {b:#x}, not {a:#x}"));
            }
        }
        if a.kind == elf::SHT_GROUP {
            return self.group(a, b);
        }
        let mut bytes = a.bytes.clone();
        let relocs = self.relocs(&name, at, other, &mut bytes);
        if bytes != b.bytes {
            let place = bytes.iter().zip(&b.bytes).position(|(a, b)| a != b).unwrap_or(bytes.len().min(b.bytes.len()));
            let piece = |bytes: &[u8]| -> String {
                bytes.iter().skip(place).take(12).map(|byte| format!("{byte:02x} ")).collect::<String>()
            };
            let detail = format!("{key}+{place:#x}: {}not {}", piece(&b.bytes), piece(&bytes));
            if a.flags & elf::SHF_EXECINSTR != 0 {
                self.code_differs = true;
            }
            self.say(format!("bytes of {name}"), detail);
        }
        // Where sizes differ every relocation behind does.
        if a.size == b.size {
            self.found.extend(relocs);
        }
    }

    /// Members of a group by their names.
    fn group(&mut self, a: &Section, b: &Section) {
        let members = |elf: usize, section: &Section| -> Vec<String> {
            let word = |w: &[u8]| u32::from_le_bytes([w[0], w[1], w[2], w[3]]) as usize;
            let name = |at: usize| self.keys[elf].get(at).cloned().unwrap_or_default();
            let flags = section.bytes.get(..4).map(word).unwrap_or_default();
            let members = section.bytes.chunks_exact(4).skip(1).map(|w| name(word(w)));
            [flags.to_string()].into_iter().chain(members).collect()
        };
        let (a, b) = (members(0, a), members(1, b));
        if a != b {
            self.say("group", format!("{b:?}, not {a:?}"));
        }
    }

    fn relocs(&self, name: &str, at: usize, other: usize, bytes: &mut [u8]) -> Vec<Difference> {
        let a = self.a.sections[at].relocs.iter().map(|r| (r.offset, self.reloc(0, r), Some(r)));
        let b = self.b.sections[other].relocs.iter().map(|r| (r.offset, self.reloc(1, r), None));
        // In the order of their places: tools may write a table in another order, which means nothing.
        let mut a: Vec<(u64, [String; 2], Option<&Reloc>)> = a.collect();
        let mut b: Vec<(u64, [String; 2], Option<&Reloc>)> = b.collect();
        a.sort_by_key(|(offset, _, _)| *offset);
        b.sort_by_key(|(offset, _, _)| *offset);
        let mut found = Vec::new();
        let (mut i, mut j) = (0, 0);
        while i < a.len() || j < b.len() {
            let (left, right) = (a.get(i), b.get(j));
            match (left, right) {
                (Some(left), Some(right)) if left.0 == right.0 => {
                    let exact = if self.rules.whole { 0 } else { 1 };
                    if left.1[1] != right.1[1] {
                        let words = |text: &str| text.split(' ').next().unwrap_or_default().to_owned();
                        let (l, r) = (words(&left.1[1]), words(&right.1[1]));
                        let what = if l == r { format!("target of {l}") } else { format!("{r} for {l}") };
                        let detail = format!("{name}+{:#x}: {}, not {}", left.0, right.1[1], left.1[1]);
                        found.push(Difference::new(format!("relocation of {name}: {what}"), detail));
                    } else if left.1[exact] != right.1[exact] {
                        let detail = format!("{name}+{:#x}: {}, not {}", left.0, right.1[0], left.1[0]);
                        found.push(Difference::new(format!("relocation of {name}: other symbol, same place"), detail));
                    }
                    (i, j) = (i + 1, j + 1);
                }
                (Some(left), right) if right.is_none_or(|right| left.0 < right.0) => {
                    let applied = self.rules.applied && left.2.is_some_and(|reloc| self.apply(at, reloc, bytes));
                    if !applied {
                        let detail = format!("{name}+{:#x}: {}", left.0, left.1[0]);
                        found.push(Difference::new(format!("relocation of {name} missing"), detail));
                    }
                    i += 1;
                }
                (_, Some(right)) => {
                    let detail = format!("{name}+{:#x}: {}", right.0, right.1[0]);
                    found.push(Difference::new(format!("relocation of {name} too many"), detail));
                    j += 1;
                }
                (_, None) => i += 1,
            }
        }
        found
    }

    /// Writes what a relocation of the first object to a place in its own section comes to; whether it could.
    fn apply(&self, at: usize, reloc: &Reloc, bytes: &mut [u8]) -> bool {
        let Some(symbol) = self.a.symbols.get(reloc.symbol) else { return false };
        let len = match elf::reloc_name(reloc.kind).as_str() {
            "PC32" | "PLT32" => 4,
            "PC8" => 1,
            "PC16" => 2,
            "PC64" => 8,
            _ => return false,
        };
        let Some(field) = usize::try_from(reloc.offset).ok().and_then(|at| bytes.get_mut(at..at.checked_add(len)?))
        else {
            return false;
        };
        if symbol.place != Place::Section(at) {
            return false;
        }
        let value = (symbol.value as i64).wrapping_add(reloc.addend).wrapping_sub(reloc.offset as i64);
        field.copy_from_slice(&value.to_le_bytes()[..len]);
        true
    }

    /// A relocation as written and as meant: local symbols are places in their sections.
    fn reloc(&self, elf: usize, reloc: &Reloc) -> [String; 2] {
        let object = if elf == 0 { self.a } else { self.b };
        let kind = elf::reloc_name(reloc.kind);
        let Some(symbol) = object.symbols.get(reloc.symbol) else { return [kind.clone(), kind] };
        let name = if symbol.kind == elf::STT_SECTION { self.place(elf, symbol) } else { symbol.name.clone() };
        let written = format!("{kind} {name}{:+#x}", Signed(reloc.addend));
        let meant = match symbol.place {
            Place::Section(_) if symbol.bind == elf::STB_LOCAL => {
                let kind = if self.rules.applied && kind == "PLT32" { "PC32" } else { &kind };
                let sum = (symbol.value as i64).wrapping_add(reloc.addend);
                format!("{kind} {}{:+#x}", self.place(elf, symbol), Signed(sum))
            }
            _ => written.clone(),
        };
        [written, meant]
    }

    fn place(&self, elf: usize, symbol: &Symbol) -> String {
        match symbol.place {
            Place::Undefined => "UND".to_owned(),
            Place::Absolute => "ABS".to_owned(),
            Place::Common => "COM".to_owned(),
            Place::Section(at) => self.keys[elf].get(at).cloned().unwrap_or_default(),
            Place::Other(index) => format!("{index:#x}"),
        }
    }

    fn symbols(&mut self) {
        let wanted = |symbol: &&Symbol| {
            let by_gnu = self.rules.applied && symbol.name == "_GLOBAL_OFFSET_TABLE_";
            self.rules.whole || symbol.kind != elf::STT_SECTION && !symbol.name.is_empty() && !by_gnu
        };
        let list = |elf: usize, object: &Elf| -> Vec<(String, String)> {
            let describe = |symbol: &Symbol| {
                let place = self.place(elf, symbol);
                let bare = if symbol.kind == elf::STT_SECTION { place.clone() } else { symbol.name.clone() };
                let what = format!(
                    "value {:#x} size {:#x} type {} bind {} other {:#x} in {place}",
                    symbol.value, symbol.size, symbol.kind, symbol.bind, symbol.other
                );
                (bare, what)
            };
            // Sections that do not take part are nobody's symbol either.
            let of_counted = |symbol: &&Symbol| match symbol.place {
                Place::Section(at) if symbol.kind == elf::STT_SECTION => self.counts(&object.sections[at]),
                _ => true,
            };
            object.symbols.iter().skip(1).filter(wanted).filter(of_counted).map(describe).collect()
        };
        let (a, b) = (list(0, self.a), list(1, self.b));
        let same_size = |at: &str| self.found.iter().all(|d| d.kind != format!("size of {at}"));
        let values_count = same_size(".text");
        let (mut left, mut right) = (a.clone(), b.clone());
        left.sort();
        right.sort();
        if left == right {
            if self.rules.whole && a != b {
                let at = a.iter().zip(&b).position(|(a, b)| a != b).unwrap_or_default();
                self.say("order of symbols", format!("{} where {} should be", b[at].0, a[at].0));
            }
            return;
        }
        let mut by_name: BTreeMap<&str, [Vec<&str>; 2]> = BTreeMap::new();
        for (side, list) in [&left, &right].into_iter().enumerate() {
            for (name, what) in list {
                by_name.entry(name).or_default()[side].push(what);
            }
        }
        for (name, [a, b]) in by_name {
            if a == b {
                continue;
            }
            match (a.first(), b.first()) {
                (Some(_), None) => self.say("symbol missing", format!("{name}: {}", a[0])),
                (None, Some(_)) => self.say("symbol too many", format!("{name}: {}", b[0])),
                _ => {
                    let (a, b) = (a.join("; "), b.join("; "));
                    let (ours, theirs): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
                    let at = ours.iter().zip(&theirs).position(|(a, b)| a != b).unwrap_or(1);
                    let what = ours.get(at.saturating_sub(1)).copied().unwrap_or("count");
                    // Behind code of another length every value differs.
                    if what != "value" || values_count {
                        self.say(format!("symbol: {what}"), format!("{name}: {b}, not {a}"));
                    }
                }
            }
        }
    }
}

/// A number with its sign, in hexadecimal.
struct Signed(i64);

impl std::fmt::LowerHex for Signed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{:#x}", if self.0 < 0 { '-' } else { '+' }, self.0.unsigned_abs())
    }
}

/// A section's name without what differs from function to function: `.text.f` is `.text.*`.
fn short(key: &str) -> String {
    let key = key.split(['[', '#']).next().unwrap_or(key);
    for start in
        [".text", ".data.rel.ro.local", ".data.rel.ro", ".data.rel.local", ".data.rel", ".data", ".rodata", ".bss"]
    {
        if key.strip_prefix(start).is_some_and(|rest| rest.starts_with('.')) {
            return format!("{start}.*");
        }
    }
    key.to_owned()
}

/// A line of a disassembly: its section, address, bytes, and text.
struct Line {
    place: String,
    bytes: String,
    text: String,
}

fn disassembly(object: &Path) -> Option<Vec<Line>> {
    let output = Command::new("timeout").args(["60", "objdump", "-dwz"]).arg(object).output().ok()?;
    let mut section = String::new();
    let mut lines = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Some(name) = line.strip_prefix("Disassembly of section ") {
            section = name.to_owned();
        }
        let mut cells = line.split('\t');
        if let (Some(address), Some(bytes)) = (cells.next(), cells.next()) {
            let text = cells.next().unwrap_or_default().trim_end().to_owned();
            lines.push(Line { place: format!("{section}{}", address.trim()), bytes: bytes.trim().to_owned(), text });
        }
    }
    Some(lines)
}

/// The first instruction in which the code of two objects differs.
fn first_instruction(a: &Path, b: &Path) -> Option<Difference> {
    let (a, b) = (disassembly(a)?, disassembly(b)?);
    let (left, right) = a.iter().zip(&b).find(|(a, b)| a.bytes != b.bytes || a.place != b.place)?;
    let word = |line: &Line| line.text.split(' ').next().unwrap_or_default().to_owned();
    let kind = match (word(left), word(right)) {
        (a, b) if a == b && length(left) == length(right) => format!("instruction {a}: other bytes"),
        (a, b) if a == b => format!("instruction {a}: {} bytes, not {}", length(right), length(left)),
        (a, b) => format!("instruction {b} for {a}"),
    };
    let detail = format!("{} {} [{}], not {} [{}]", left.place, right.text, right.bytes, left.text, left.bytes);
    Some(Difference::new(kind, detail))
}

fn length(line: &Line) -> usize {
    line.bytes.split(' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(a: &str, b: &str, rules: Rules) -> Vec<String> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("xtask-compare-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&dir).expect("a folder");
        for (name, text) in [("a", a), ("b", b)] {
            std::fs::write(dir.join(format!("{name}.s")), text).expect("a source");
            let args = [format!("{name}.s"), "-o".to_owned(), format!("{name}.o")];
            assert!(Command::new("as").args(args).current_dir(&dir).status().expect("as").success());
        }
        let found = objects(&dir.join("a.o"), &dir.join("b.o"), rules);
        std::fs::remove_dir_all(&dir).expect("gone");
        found.into_iter().map(|d| d.kind).collect()
    }

    const WHOLE: Rules = Rules { whole: true, applied: false };
    const MEANT: Rules = Rules { whole: false, applied: true };

    #[test]
    fn equal_objects_are_equal_and_each_kind_is_seen() {
        let text = ".globl f\nf: call g\nmovq d(%rip),%rax\nret\n.data\nd: .quad 1\n.globl e\ne: .long 2\n";
        assert!(kinds(text, text, WHOLE).is_empty());
        assert_eq!(kinds(text, &text.replace("call g", "call h"), WHOLE)[0], "relocation of .text: target of PLT32");
        assert_eq!(kinds("addl $1,%eax\n", "subl $1,%eax\n", WHOLE)[0], "instruction sub for add");
        assert_eq!(kinds(text, &text.replace(".quad 1", ".quad 3"), WHOLE), ["bytes of .data"]);
        assert_eq!(kinds(text, &text.replace(".globl e\n", ""), WHOLE), ["symbol: bind"]);
        assert_eq!(kinds(".globl a,b\na:\nb:\n", ".globl b,a\na:\nb:\n", WHOLE), ["order of symbols"]);
        assert_eq!(kinds(text, &format!("{text}.section x,\"a\"\n.byte 1\n"), MEANT), ["section x too many"]);
        assert!(kinds(text, &format!("{text}.section .debug_x,\"\"\n.byte 1\n"), MEANT).is_empty());
    }

    #[test]
    fn a_kept_relocation_counts_as_applied() {
        let kept = "f: ret\n.reloc 2, R_X86_64_PLT32, f-4\n.byte 0xe8,0,0,0,0\n";
        let resolved = "f: ret\n.byte 0xe8\n.long f-.-4\n";
        assert!(kinds(kept, resolved, MEANT).is_empty());
        assert!(!kinds(kept, resolved, WHOLE).is_empty());
    }
}
