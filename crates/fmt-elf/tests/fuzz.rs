//! Seeded, bounded mutations: a reader of untrusted bytes gives an error or a model, never a panic, in bounded time.

mod mutation;

use arch_x86_64::ARCH;
use fmt_elf::link::ElfFormat;
use fmt_elf::{WriteOptions, read_object, read_program, read_shared, write_object};
use link::facets::{FileFormat, LazyShared};
use mutation::{Random, mutate};
use obj::list::Place;
use obj::list_nm::{self, Options};
use obj::list_objdump::{self, Facts, Parts, Wanted};
use std::path::PathBuf;
use std::process::Command;

fn scratch(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("fmt-elf-fuzz-{}-{name}", std::process::id()))
}

fn compiled(name: &str, text: &str, flags: &[&str]) -> Vec<u8> {
    let (source, output) = (scratch(&format!("{name}.c")), scratch(name));
    std::fs::write(&source, text).unwrap();
    let status = Command::new("gcc").args(flags).arg("-o").arg(&output).arg(&source).status().unwrap();
    assert!(status.success());
    let bytes = std::fs::read(&output).unwrap();
    let _ = std::fs::remove_file(source);
    let _ = std::fs::remove_file(output);
    bytes
}

const TEXT: &str = "#include <stdio.h>\nstatic int a = 1; int b; extern int c; __thread int t;\n\
    int f(int x) { a += x; printf(\"%d\\n\", a); return c + t; }\nint *p = &b; const char *s = \"text\";\n";

#[test]
fn mutated_objects_do_no_harm() {
    let plain = compiled("object", TEXT, &["-c", "-g", "-O1"]);
    // One of our own, whose record of atoms stays valid under changes elsewhere.
    let object = read_object(&plain, &ARCH).unwrap();
    let own = write_object(&object, &ARCH, WriteOptions::default());
    let mut random = Random(0x1234_5678_9abc_def1);
    let mut accepted = 0;
    for round in 0..10_000 {
        let mut bytes = if round % 2 == 0 { plain.clone() } else { own.clone() };
        mutate(&mut bytes, &mut random);
        let Ok(object) = read_object(&bytes, &ARCH) else { continue };
        accepted += 1;
        // What was accepted is a sound model: everything in it can be looked at.
        for id in object.atoms.ids() {
            let _ = (object.atom_bytes(id).len(), object.atom_relocs(id).len());
        }
        for id in object.symbols.ids() {
            let _ = object.symbol_name(id);
        }
    }
    assert!(accepted > 100, "{accepted}");
}

#[test]
fn mutated_libraries_do_no_harm() {
    let library = compiled("library", TEXT, &["-shared", "-fPIC", "-s"]);
    let mut random = Random(0xfeed_f00d);
    let (mut accepted, mut looked_up) = (0, 0);
    for _ in 0..10_000 {
        let mut bytes = library.clone();
        mutate(&mut bytes, &mut random);
        accepted += usize::from(read_shared(&bytes, &ARCH).is_ok());
        // Looking up what is asked for does as little harm.
        if let Ok(LazyShared { names: Some(names), .. }) = ElfFormat.read_shared_lazily(&ARCH, &bytes) {
            let (mut found, mut aliases) = (Vec::new(), Vec::new());
            let done = [names.named(b"f", &mut found), names.all(&mut found), names.at(&[0, 0x4000], &mut aliases)];
            looked_up += usize::from(done.iter().all(Result::is_ok) && names.count() >= aliases.len());
        }
    }
    assert!(accepted > 100 && looked_up > 100, "{accepted} {looked_up}");
}

#[test]
fn mutated_files_are_listed_or_refused() {
    let parts = Parts {
        section_headers: true,
        symbols: true,
        dynamic_symbols: true,
        relocs: true,
        dynamic_relocs: true,
        contents: true,
        ..Parts::default()
    };
    let place = Place { archive: None, name: "x" };
    let files = [compiled("list.o", TEXT, &["-c", "-O1"]), compiled("list", TEXT, &["-shared", "-fPIC"])];
    let mut random = Random(0xabcd_ef12);
    let mut accepted = 0;
    let mut text = Vec::new();
    for round in 0..3_000 {
        let mut bytes = files[round % 2].clone();
        mutate(&mut bytes, &mut random);
        text.clear();
        let private = fmt_elf::list::private_headers(&bytes).unwrap_or_default();
        let facts = Facts { reloc_name: &|_| None, private_headers: &private, debug: None };
        let Ok(program) = read_program(&bytes) else { continue };
        accepted += 1;
        list_objdump::list(&program, place, None, &parts, &mut Wanted::default(), &facts, &mut text);
        list_nm::list(&program, place, &Options { dynamic: round % 3 == 0, ..Options::default() }, None, &mut text);
    }
    assert!(accepted > 100, "{accepted}");
}

#[test]
fn wrong_files_are_named() {
    use obj::ReadErrorKind;
    let kind = |bytes: &[u8]| read_object(bytes, &ARCH).unwrap_err().kind;
    assert_eq!(kind(b"int main;"), ReadErrorKind::Magic);
    assert_eq!(kind(b""), ReadErrorKind::Magic);
    assert_eq!(kind(b"\x7fELF\x01\x01\x01"), ReadErrorKind::Flavor);
    assert_eq!(kind(b"\x7fELF\x02\x01\x01"), ReadErrorKind::Truncated);
    let library = compiled("wrong", TEXT, &["-shared", "-fPIC"]);
    assert_eq!(kind(&library), ReadErrorKind::FileType);
    let mut object = compiled("machine", TEXT, &["-c"]);
    object[18] = 183;
    assert_eq!(kind(&object), ReadErrorKind::Machine);
}
