//! Layout of records against gcc: 20,000 random structures and unions with bit-fields of every base type, packing, alignment,
//! anonymous and nested members, arrays and empty parts. Size, alignment and offsets stand in constant tables; where a
//! bit-field lies is told by an object in which it alone is all ones. Both compilers' objects hold the same symbols, whose
//! bytes are compared: nothing is run.

mod common;

use common::{TARGET, compile, request};
use std::collections::BTreeMap;
use std::fmt::Write;
use testkit::corpus::{CProgram, in_parallel};
use testkit::rng::Rng;
use testkit::tools::{TempDir, have, run_gcc};

const RECORDS: usize = 20_000;
/// Records in one file: gcc is slow with many.
const PER_FILE: usize = 500;

/// Types of plain members; those of [`BIT_TYPES`] are members too.
const SCALARS: &[&str] = &[
    "signed char",
    "float",
    "double",
    "long double",
    "char *",
    "void (*",
    "__int128",
    "_Float128",
    "float _Complex",
    "double _Complex",
    "long double _Complex",
    "char _Complex",
    "four",
    "wide_int",
    "low_double",
    "struct empty",
];

/// Types of bit-fields, and how wide they may be.
const BIT_TYPES: &[(&str, usize)] = &[
    ("int", 32),
    ("unsigned", 32),
    ("short", 16),
    ("unsigned short", 16),
    ("char", 8),
    ("unsigned char", 8),
    ("long", 64),
    ("unsigned long long", 64),
    ("_Bool", 1),
    ("enum plain", 32),
    ("enum small", 8),
    ("enum large", 64),
    ("__int128", 128),
    ("unsigned __int128", 128),
    ("low_int", 32),
    ("wide_int", 32),
    ("low_long", 64),
];

const PRELUDE: &str = "enum plain { A, B };\n\
    enum __attribute__((packed)) small { C, D };\n\
    enum large { E = 1, F = 0x7fffffffffffffff };\n\
    struct empty { };\n\
    typedef int four __attribute__((vector_size(16)));\n\
    typedef int low_int __attribute__((aligned(2)));\n\
    typedef int wide_int __attribute__((aligned(8)));\n\
    typedef long low_long __attribute__((aligned(1)));\n\
    typedef double low_double __attribute__((aligned(4)));\n";

/// Random records and the tables over them.
struct Gen {
    rng: Rng,
    text: String,
    /// Members of the record that is being made: how they are reached, and whether they are bit-fields.
    members: Vec<(String, bool)>,
    n_names: usize,
}

impl Gen {
    fn attribute(&mut self, often: usize) -> String {
        match self.rng.below(often) {
            0 => " __attribute__((packed))".into(),
            1 => format!(" __attribute__((aligned({})))", 1 << self.rng.below(6)),
            _ => String::new(),
        }
    }

    fn record(&mut self, number: usize) {
        let pack = self.rng.one_in(6);
        if pack {
            let _ = writeln!(self.text, "#pragma pack(push, {})", 1 << self.rng.below(5));
        }
        let word = if self.rng.one_in(5) { "union" } else { "struct" };
        let before = self.attribute(16);
        let _ = write!(self.text, "typedef {word}{before} s{number} {{ ");
        self.members.clear();
        self.n_names = 0;
        // The compilers agree on few long ones when they agree on many short ones.
        let n_members = if self.rng.one_in(6) { self.rng.below(14) } else { 1 + self.rng.below(6) };
        self.body(n_members, "", number, 2);
        if word == "struct" && !self.members.is_empty() && self.rng.one_in(12) {
            let (name, ty) = (self.name(""), self.element());
            let tail = if ty.ends_with('*') && ty.contains('(') { ")(void)" } else { "" };
            let _ = write!(self.text, "{ty} {name}[]{tail}; ");
        }
        let after = match self.rng.below(12) {
            0 => " __attribute__((packed, aligned(2)))".into(),
            _ => self.attribute(8),
        };
        let _ = writeln!(self.text, "}}{after} TAG{number};");
        if pack {
            self.text.push_str("#pragma pack(pop)\n");
        }
        self.tables(word, number);
    }

    fn name(&mut self, path: &str) -> String {
        self.n_names += 1;
        format!("{path}m{}", self.n_names)
    }

    /// Members of a record that is reached by `path`; records within go `depth` deep.
    fn body(&mut self, n_members: usize, path: &str, number: usize, depth: usize) {
        for _ in 0..n_members {
            match self.rng.below(20) {
                0..=9 => self.bit_field(path),
                10 if number > 0 => {
                    let other = number - 1 - self.rng.below(number.min(50));
                    let name = self.name(path);
                    let attribute = self.attribute(6);
                    let _ = write!(self.text, "TAG{other} {}{attribute}; ", &name[path.len()..]);
                    self.members.push((name, false));
                }
                11 | 12 if depth > 0 => self.inner(path, number, depth),
                13 => {
                    let (name, ty) = (self.name(path), self.element());
                    let (attribute, n) = (self.attribute(8), self.rng.below(4));
                    let more = if self.rng.one_in(4) { "[2]" } else { "" };
                    let tail = if ty.ends_with('*') && ty.contains('(') { ")(void)" } else { "" };
                    let _ = write!(self.text, "{ty} {}[{n}]{more}{tail}{attribute}; ", &name[path.len()..]);
                    self.members.push((name, false));
                }
                _ => {
                    let (name, ty) = (self.name(path), self.scalar());
                    let attribute = self.attribute(8);
                    let tail = if ty.ends_with('*') && ty.contains('(') { ")(void)" } else { "" };
                    let _ = write!(self.text, "{ty} {}{tail}{attribute}; ", &name[path.len()..]);
                    self.members.push((name, false));
                }
            }
        }
    }

    fn scalar(&mut self) -> &'static str {
        if self.rng.one_in(2) { self.rng.pick(BIT_TYPES).0 } else { self.rng.pick::<&str>(SCALARS) }
    }

    /// A scalar of which there may be arrays.
    fn element(&mut self) -> &'static str {
        // There are none of elements that are aligned to more than their size.
        Some(self.scalar()).filter(|ty| *ty != "wide_int").unwrap_or("int")
    }

    fn bit_field(&mut self, path: &str) {
        let (ty, bits) = *self.rng.pick(BIT_TYPES);
        let width = match self.rng.below(10) {
            0 => 0,
            1 => bits,
            _ => self.rng.below(bits) + 1,
        };
        let attribute = self.attribute(12);
        if width == 0 || self.rng.one_in(10) {
            let _ = write!(self.text, "{ty} : {width}{attribute}; ");
            return;
        }
        let name = self.name(path);
        let _ = write!(self.text, "{ty} {} : {width}{attribute}; ", &name[path.len()..]);
        self.members.push((name, true));
    }

    /// A record within another, with a name or none.
    fn inner(&mut self, path: &str, number: usize, depth: usize) {
        let word = if self.rng.one_in(2) { "union" } else { "struct" };
        let before = self.attribute(12);
        let _ = write!(self.text, "{word}{before} {{ ");
        let n_members = 1 + self.rng.below(4);
        if self.rng.one_in(3) {
            let name = self.name(path);
            self.body(n_members, &format!("{name}."), number, depth - 1);
            let attribute = self.attribute(6);
            let _ = write!(self.text, "}} {}{attribute}; ", &name[path.len()..]);
            self.members.push((name, false));
        } else {
            self.body(n_members, path, number, depth - 1);
            let after = self.attribute(10);
            let _ = write!(self.text, "}}{after}; ");
        }
    }

    fn tables(&mut self, word: &str, number: usize) {
        let ty = format!("{word} s{number}");
        let _ = write!(self.text, "const unsigned long t{number}[] = {{ sizeof({ty}), _Alignof({ty})");
        for (path, _) in self.members.iter().filter(|(_, bits)| !bits) {
            let _ = write!(self.text, ", __builtin_offsetof({ty}, {path})");
        }
        self.text.push_str(" };\n");
        let bits: Vec<String> =
            self.members.iter().filter(|(_, bits)| *bits).map(|(path, _)| format!("{{ .{path} = -1 }}")).collect();
        if !bits.is_empty() {
            let list = bits.join(", ");
            let _ = writeln!(self.text, "{ty} b{number}[] __attribute__((section(\"bits\"))) = {{ {list} }};");
        }
    }
}

/// A file of records with the numbers `0..n`.
fn generate(seed: u64, n: usize) -> String {
    let mut generator = Gen { rng: Rng::new(seed), text: PRELUDE.into(), members: Vec::new(), n_names: 0 };
    for number in 0..n {
        generator.record(number);
    }
    generator.text
}

/// What each symbol of an object names.
fn symbols(object: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let object = fmt_elf::read_object(object, TARGET.arch).expect("an object");
    let mut found = BTreeMap::new();
    for symbol in object.symbols.iter() {
        let obj::SymbolDef::Atom(atom) = symbol.def else { continue };
        if symbol.kind != obj::SymbolKind::Object {
            continue;
        }
        let (start, end) = (symbol.value as usize, (symbol.value + symbol.size) as usize);
        let bytes = object.atom_bytes(atom).get(start..end).unwrap_or_default();
        found.insert(String::from_utf8_lossy(object.str(symbol.name)).into_owned(), bytes.to_vec());
    }
    found
}

/// Records that differ, each with a line that says how.
fn compare(seed: u64) -> Vec<String> {
    let dir = TempDir::new("layouts").expect("a temporary directory");
    let text = generate(seed, PER_FILE);
    let path = dir.write("a.c", &text).expect("writable");
    let object = dir.file("a.o");
    let args = ["-O0", "-w", "-c", "-o"].map(std::ffi::OsStr::new);
    run_gcc(&[&args[..], &[object.as_os_str(), path.as_os_str()]].concat()).unwrap_or_else(|why| panic!("{why}"));
    let theirs = symbols(&std::fs::read(&object).expect("gcc's object"));
    let ours = compile(&request(&CProgram::of(path.clone()), &path, false));
    let ours = symbols(&ours.unwrap_or_else(|why| panic!("seed {seed}: {why}")));
    assert!((0..PER_FILE).all(|number| theirs.contains_key(&format!("t{number}"))), "gcc's object has every table");
    let words = |bytes: &[u8]| -> Vec<u64> {
        bytes.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().expect("8 bytes"))).collect()
    };
    let mut different = BTreeMap::new();
    for (name, wanted) in &theirs {
        let number: usize = name[1..].parse().expect("a record's number");
        let found = ours.get(name).map(Vec::as_slice).unwrap_or_default();
        if found != wanted {
            let how = match name.starts_with('t') {
                true => format!("size, alignment, offsets {:?}, gcc's {:?}", words(found), words(wanted)),
                false => format!("bits {found:02x?}, gcc's {wanted:02x?}"),
            };
            let end = format!("TAG{number};");
            let definition = text.lines().find(|line| line.ends_with(&end)).unwrap_or_default();
            different.entry(number).or_insert(format!("seed {seed}: {definition}\n  {how}"));
        }
    }
    different.into_values().collect()
}

#[test]
fn records_lie_as_gcc_lays_them() {
    if !have("gcc") {
        return;
    }
    let seeds: Vec<u64> = (1..=(RECORDS / PER_FILE) as u64).collect();
    let different: Vec<String> = in_parallel(&seeds, |&seed| compare(seed)).into_iter().flatten().collect();
    for line in different.iter().take(20) {
        println!("{line}");
    }
    println!("figure: structs {}", seeds.len() * PER_FILE);
    println!("figure: different {}", different.len());
    assert!(different.is_empty());
}
