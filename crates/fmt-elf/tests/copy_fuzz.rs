//! Seeded, bounded mutations of files and plans: copying gives an error or a file, never a panic, and a file that kit
//! made can be copied again.

mod mutation;

use arch_x86_64::ARCH;
use fmt_elf::copy::{copy, load_image};
use fmt_elf::{read_object, read_program};
use mutation::{Random, mutate};
use obj::copy::{Change, Compression, Discard, Plan, Rename, SectionWords, Strip};
use obj::copy_flat::{FLAT_FORMATS, FlatOptions, write_flat};
use std::process::Command;

/// A plan of some of the edits.
fn plan(random: &mut Random) -> Plan {
    use Strip::{All, Debug, Dwo, NonDebug, NonDwo, Nothing, Unneeded};
    let mut plan = Plan {
        strip: [Nothing, All, Debug, Unneeded, NonDebug, Dwo, NonDwo][random.below(7)],
        discard: [Discard::Nothing, Discard::Labels, Discard::All][random.below(3)],
        wildcard: random.below(2) == 0,
        ..Plan::default()
    };
    match random.below(9) {
        0 => plan.sections.remove.push(".note*", ()),
        1 => plan.sections.only.push(".text*", ()),
        2 => plan.compression = [Compression::Zlib, Compression::Expand][random.below(2)],
        3 => plan.sections.add.push((b".mine".to_vec(), b"contents".to_vec())),
        4 => plan.sections.update.push((b".comment".to_vec(), vec![1; random.below(300)])),
        5 => plan.sections.change_all = random.next() as i64,
        6 => plan.sections.change_vma.push(".data", Change::Set(random.next())),
        7 => {
            let flags = Some(SectionWords { alloc: true, load: true, contents: true, ..SectionWords::default() });
            for (old, new) in [(".bss", ".tss"), (".data", ".mine")] {
                plan.sections.rename.push(Rename { old: old.into(), new: new.into(), flags });
            }
        }
        _ => {
            plan.symbols.strip.insert("*a*");
            plan.symbols.localize.insert("f");
            plan.symbols.prefix = b"x_".to_vec();
            plan.symbols.keep.insert("f");
        }
    }
    plan
}

const TEXT: &str = "#include <stdio.h>\nstatic int a = 1; int b; extern int c; __thread int t;\n\
    int f(int x) { a += x; printf(\"%d\\n\", a); return t; }\nint *p = &b; const char *s = \"text\";\n";
const GROUPS: &str = "inline int &n() { static int x = 3; return x; }\n\
    template <class T> T twice(T a) { return a + a + n(); }\nint f(int a) { return twice(a); }\n";

fn compiled(name: &str, compiler: &str, text: &str, flags: &[&str]) -> Vec<u8> {
    let dir = std::env::temp_dir().join(format!("fmt-elf-copy-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let (source, output) = (dir.join(if compiler == "g++" { "x.cc" } else { "x.c" }), dir.join("out"));
    std::fs::write(&source, text).unwrap();
    let status = Command::new(compiler).args(flags).arg("-o").arg(&output).arg(&source).status().unwrap();
    assert!(status.success());
    let bytes = std::fs::read(&output).unwrap();
    let _ = std::fs::remove_dir_all(dir);
    bytes
}

#[test]
fn mutated_files_are_copied_or_refused() {
    let plain = compiled("object", "gcc", TEXT, &["-c", "-g", "-O1"]);
    let own = fmt_elf::write_object(&read_object(&plain, &ARCH).unwrap(), &ARCH, fmt_elf::WriteOptions::default());
    let library = compiled("library", "gcc", TEXT, &["-shared", "-fPIC", "-g"]);
    let grouped = compiled("groups", "g++", GROUPS, &["-c", "-g", "-gz"]);
    let debug = copy(&library, &Plan { strip: Strip::NonDebug, ..Plan::default() }).unwrap().bytes;
    let files = [plain, own, library, grouped, debug];
    let mut random = Random(0x5eed_c0de);
    let (mut copied, mut refused, mut flat) = (0, 0, 0);
    for round in 0..6000 {
        let mut bytes = files[round % files.len()].clone();
        mutate(&mut bytes, &mut random);
        let plan = plan(&mut random);
        match copy(&bytes, &plan) {
            Ok(made) => {
                copied += 1;
                // What came out is a file that everything here can look at, and copy.
                let _ = read_program(&made.bytes);
                let _ = read_object(&made.bytes, &ARCH);
                let _ = copy(&made.bytes, &Plan::default());
            }
            Err(_) => refused += 1,
        }
        if let Ok(image) = load_image(&bytes, &plan) {
            let (_, format) = FLAT_FORMATS[round % FLAT_FORMATS.len()];
            // Gigabytes of zeros between two sections are what was asked for; they are not what is tested here.
            let near = |piece: &obj::copy::Piece| piece.address < 1 << 24;
            flat += usize::from(
                image.pieces.iter().all(near) && write_flat(&image, format, &FlatOptions::default()).is_ok(),
            );
        }
    }
    println!("mutants {} copied {copied} refused {refused} flat {flat}", copied + refused);
    assert!(copied > 1500 && refused > 300 && flat > 500, "{copied} {refused} {flat}");
}

#[test]
fn a_copy_of_a_copy_is_the_same() {
    for (name, flags) in [("o", &["-c", "-g"][..]), ("so", &["-shared", "-fPIC", "-g"])] {
        let file = compiled(name, "gcc", TEXT, flags);
        for strip in [Strip::Nothing, Strip::All, Strip::Debug, Strip::Unneeded] {
            let plan = Plan { strip, ..Plan::default() };
            let once = copy(&file, &plan).unwrap().bytes;
            assert_eq!(copy(&once, &plan).unwrap().bytes, once, "{name} {strip:?}");
        }
    }
}

/// The record of atoms goes when what it seals is changed, and the object is then read as anyone's.
#[test]
fn a_broken_seal_goes() {
    let plain = compiled("seal", "gcc", TEXT, &["-c", "-g", "-O1"]);
    let own = fmt_elf::write_object(&read_object(&plain, &ARCH).unwrap(), &ARCH, fmt_elf::WriteOptions::default());
    let has_record = |bytes: &[u8]| bytes.windows(10).any(|window| window == b".kit.atoms");
    assert!(has_record(&own));
    let stripped = copy(&own, &Plan { strip: Strip::Debug, ..Plan::default() }).unwrap().bytes;
    assert!(!has_record(&stripped));
    assert!(read_object(&stripped, &ARCH).is_ok());
}

#[test]
fn files_with_more_sections_than_numbers_are_copied() {
    // More than 0xff00 sections: the symbol table needs its second table of section indices.
    let mut text = String::new();
    for n in 0..33_000 {
        text.push_str(&format!(".section .text.f{n},\"ax\"\n.globl f{n}\nf{n}: .quad f{}\n", (n + 1) % 33_000));
    }
    let dir = std::env::temp_dir().join(format!("fmt-elf-copy-many-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join("x.s"), text).unwrap();
    let made = Command::new("as").current_dir(&dir).args(["x.s", "-o", "x.o"]).status().unwrap();
    let copied = Command::new("objcopy").current_dir(&dir).args(["x.o", "y.o"]).status().unwrap();
    assert!(made.success() && copied.success());
    let (input, wanted) = (std::fs::read(dir.join("x.o")).unwrap(), std::fs::read(dir.join("y.o")).unwrap());
    let _ = std::fs::remove_dir_all(dir);
    assert!(copy(&input, &Plan::default()).unwrap().bytes == wanted, "differs from GNU objcopy's");
}
