//! Names of shared libraries are looked up, not read: a link says the same, byte for byte, as one that reads them all.

use arch_x86_64::{ARCH, link::ARCH_LINK};
use base::io::{FileBytes, FileStat, InputSource, IoError};
use fmt_elf::link::ElfFormat;
use fmt_elf::read_shared;
use link::edges::EdgeRow;
use link::facets::{FileFormat, FileKind, Format, LazyShared, Rule, SynthRule, Tables};
use link::files::{Files, Input, InputWhat};
use link::options::OutputKind;
use link::place::SynthKind;
use link::{Link, Options};
use obj::program::Program;
use obj::shared::SharedLib;
use obj::{Object, Section};
use std::path::{Path, PathBuf};
use std::process::Command;
use target::Arch;

const LIBC: &str = "/usr/lib/x86_64-linux-gnu/libc.so.6";

/// ELF as it is, but for libraries, which are read whole.
struct Whole;

impl FileFormat for Whole {
    fn name(&self) -> &'static str {
        ElfFormat.name()
    }
    fn identify(&self, bytes: &[u8]) -> FileKind {
        ElfFormat.identify(bytes)
    }
    fn read_object<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<Object<'a>, String> {
        ElfFormat.read_object(arch, bytes)
    }
    fn read_shared<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<SharedLib<'a>, String> {
        ElfFormat.read_shared(arch, bytes)
    }
    fn read_image<'a>(&self, bytes: &'a [u8]) -> Result<Program<'a>, String> {
        ElfFormat.read_image(bytes)
    }
    fn write_object(&self, arch: &'static Arch, object: &Object<'_>) -> Result<Vec<u8>, String> {
        ElfFormat.write_object(arch, object)
    }
}

impl Format for Whole {
    fn rule<'s>(&self, section: &'s Section<'_>, options: &Options) -> Rule<'s> {
        ElfFormat.rule(section, options)
    }
    fn synth_rule(&self, kind: SynthKind, options: &Options) -> SynthRule<'static> {
        ElfFormat.synth_rule(kind, options)
    }
    fn tables<'a>(&self, link: &mut Link<'a>) -> Box<dyn Tables + 'a> {
        ElfFormat.tables(link)
    }
    fn dynamic_address(&self, link: &Link<'_>) -> u64 {
        ElfFormat.dynamic_address(link)
    }
    fn edges(&self) -> &'static [EdgeRow] {
        ElfFormat.edges()
    }
}

/// The files that a directory has.
struct Dir(PathBuf);

impl InputSource for Dir {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        self.read(path).map(|bytes| FileStat { size: bytes.len() as u64, ..FileStat::default() })
    }
    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        let bytes = std::fs::read(self.0.join(path)).map_err(|e| IoError::new(path, "open", &e))?;
        Ok(FileBytes::from_vec(bytes))
    }
    fn read_into(&self, path: &Path, _: &mut Vec<u8>) -> Result<FileStat, IoError> {
        self.stat(path)
    }
}

const FILES: &[(&str, &str)] = &[
    ("one.map", "V1 { global: *; }; V2 { global: twice; } V1;"),
    (
        "one.c",
        "int data = 7; extern int alias __attribute__((alias(\"data\"))); extern int third __attribute__((alias(\"data\")));\n\
         int one_a(void) { return 1; } int one_b(void) { return 2; } int both(void) { return 3; }\n\
         int old_twice(void) { return 1; } __asm__(\".symver old_twice,twice@V1\");\n\
         int new_twice(void) { return 2; } __asm__(\".symver new_twice,twice@@V2\");\n\
         __attribute__((weak)) int weak_one(void) { return 9; } int _end_of_one, from_archive_too; __thread int local_to_thread;",
    ),
    (
        "two.c",
        "extern int one_b(void); extern int of_program(void); extern int wanted_by_two(void);\n\
         int both(void) { return one_b(); } int two_a(void) { return of_program() + wanted_by_two(); } int two_b;",
    ),
    (
        "early.c",
        "extern int two_a(void), one_a(void); extern int data; int of_program(void) { return data; }\n\
         int early(void) { return two_a() + one_a(); }",
    ),
    (
        "late.c",
        "extern int one_b(void), both(void), early(void), twice(void); extern int alias, two_b;\n\
         extern int nowhere(void) __attribute__((weak)); extern int old(void); __asm__(\".symver old,twice@V1\");\n\
         __attribute__((weak)) int weak_one(void) { return 4; } int from_archive_too = 1;\n\
         int start(void) { return one_b() + both() + early() + alias + two_b + twice() + (nowhere ? nowhere() : old()); }",
    ),
    (
        "member.c",
        "int wanted_by_two(void) { extern int one_a(void); extern int puts(const char *); return one_a() + puts(\"\"); }",
    ),
];

/// A directory with the files compiled; `None` without a compiler.
fn compiled() -> Option<Dir> {
    let dir = std::env::temp_dir().join(format!("kit-names-{}", std::process::id()));
    std::fs::create_dir_all(&dir).ok()?;
    for (name, text) in FILES {
        std::fs::write(dir.join(name), text).ok()?;
    }
    let run = |program: &str, words: &str| {
        let words = words.split(' ');
        Command::new(program).args(words).current_dir(&dir).status().is_ok_and(|status| status.success())
    };
    let shared = "-O1 -shared -fPIC -nostdlib";
    let made = run("gcc", &format!("{shared} -Wl,--version-script=one.map one.c -o one.so"))
        && run("gcc", &format!("{shared} -Wl,--hash-style=gnu two.c -o two.so"))
        && run("gcc", &format!("{shared} -Wl,--hash-style=sysv two.c -o two_sysv.so"))
        && ["-fPIC", "-fno-pie"].iter().all(|how| {
            ["early", "late", "member"]
                .iter()
                .all(|name| run("gcc", &format!("-O1 {how} -c {name}.c -o {name}{how}.o")))
        })
        && run("ar", "rcs pic.a member-fPIC.o")
        && run("ar", "rcs plain.a member-fno-pie.o");
    made.then_some(Dir(dir))
}

fn linked(dir: &Dir, names: &[&str], output: OutputKind, format: &dyn Format) -> Result<Vec<u8>, String> {
    let mut options = Options { output, threads: 1, entry: Some("start".into()), ..Options::default() };
    options.defsym.push(("other_name".into(), "two_a".into()));
    options.unresolved = link::options::Unresolved::Ignore;
    let texts = |errors: Vec<link::LinkError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let path = |name: &&str| Input {
        as_needed: name.ends_with('?'),
        ..Input::new(InputWhat::Path(name.trim_end_matches('?').into()))
    };
    let inputs: Vec<Input> = names.iter().map(path).collect();
    let files = Files::open(dir, &inputs, &options, format).map_err(texts)?;
    let image = link::prepare(&files, &options, format, &ARCH_LINK).map_err(texts)?;
    image.to_vec().map_err(texts)
}

#[test]
fn links_are_the_same_as_when_all_names_are_read() {
    let Some(dir) = compiled() else {
        assert!(std::env::var_os("KIT_CI").is_none(), "gcc is missing");
        eprintln!("skipped: gcc is missing");
        return;
    };
    let orders = [
        "early late one.so two.so ARCHIVE",
        "one.so two.so early late ARCHIVE",
        "two.so one.so late ARCHIVE early",
        "two.so early one.so late ARCHIVE",
        "late two_sysv.so early one.so ARCHIVE",
        "early one.so? two.so? late two_sysv.so? ARCHIVE",
        "LIBC two.so one.so late early ARCHIVE LIBC",
    ];
    let mut n_linked = 0;
    for order in orders {
        for (output, how, archive) in [
            (OutputKind::Pie, "-fPIC.o", "pic.a"),
            (OutputKind::Shared, "-fPIC.o", "pic.a"),
            (OutputKind::Exec, "-fno-pie.o", "plain.a"),
        ] {
            let names: Vec<String> = order
                .split(' ')
                .map(|name| match name {
                    "ARCHIVE" => archive.into(),
                    "LIBC" => LIBC.into(),
                    _ if name.contains('.') => name.into(),
                    _ => format!("{name}{how}"),
                })
                .collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let (lazy, whole) = (linked(&dir, &names, output, &ElfFormat), linked(&dir, &names, output, &Whole));
            assert!(lazy == whole, "{order} as {output:?}: {:?} {:?}", lazy.as_ref().err(), whole.as_ref().err());
            n_linked += usize::from(lazy.is_ok());
        }
    }
    assert!(n_linked >= 18, "{n_linked}");
    let _ = std::fs::remove_dir_all(&dir.0);
}

#[test]
fn each_name_of_libc_is_found_with_all_its_versions() {
    let bytes = std::fs::read(LIBC).unwrap();
    let whole = read_shared(&bytes, &ARCH).unwrap();
    let LazyShared { lib, positions, names } = ElfFormat.read_shared_lazily(&ARCH, &bytes).unwrap();
    let names = names.unwrap();
    assert_eq!((&lib.soname, &lib.needed, &lib.versions), (&whole.soname, &whole.needed, &whole.versions));
    assert!(lib.symbols.len() == positions.len() && lib.symbols.len() < 100 && names.count() > 2000);
    let shown = |symbol: &obj::shared::SharedSymbol<'_>| format!("{symbol:?}");
    let (mut all, mut found, mut aliases) = (Vec::new(), Vec::new(), Vec::new());
    names.all(&mut all).unwrap();
    let lazy: Vec<String> = lib.symbols.iter().chain(all.iter().map(|(_, symbol)| symbol)).map(shown).collect();
    assert_eq!(lazy, whole.symbols.iter().map(shown).collect::<Vec<_>>());
    for (position, symbol) in &all {
        found.clear();
        names.named(&symbol.name, &mut found).unwrap();
        assert!(found.iter().any(|(at, other)| at == position && shown(other) == shown(symbol)), "{symbol:?}");
        assert!(found.is_sorted_by_key(|(at, _)| *at) && found.iter().all(|(_, other)| other.name == symbol.name));
    }
    found.clear();
    names.named(b"no such function", &mut found).unwrap();
    assert!(found.is_empty());
    let environ = all.iter().find(|(_, symbol)| &*symbol.name == b"environ").unwrap().1.value;
    names.at(&[environ], &mut aliases).unwrap();
    aliases.sort_unstable();
    assert_eq!(aliases, [&b"__environ"[..], b"_environ", b"environ"]);
}
