//! `read(write(o)) == o`, for generated objects and for what gcc makes; and other tools understand what is written.

use arch_x86_64::{ARCH, relocs};
use base::Id;
use fmt_elf::{WriteOptions, read_object, write_object};
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, Binding, GroupId, Object, RelocTarget, SectionFlags, SectionKind, SymId, SymbolKind, Visibility};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A seeded generator (xorshift64*).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }
    fn chance(&mut self, one_in: u64) -> bool {
        self.below(one_in) == 0
    }
}

const ALLOC: SectionFlags = SectionFlags::ALLOC;

fn specs(group: GroupId) -> Vec<SectionSpec<'static>> {
    let strings = ALLOC.with(SectionFlags::MERGE).with(SectionFlags::STRINGS);
    let data = ALLOC.with(SectionFlags::WRITE);
    vec![
        SectionSpec::progbits(b".text", ALLOC.with(SectionFlags::EXEC)),
        SectionSpec::progbits(b".data", data),
        SectionSpec::nobits(b".bss", data),
        SectionSpec { entry_size: 1, ..SectionSpec::progbits(b".rodata.str1.1", strings) },
        SectionSpec { group, ..SectionSpec::progbits(b".text.inline", ALLOC.with(SectionFlags::EXEC)) },
        SectionSpec::nobits(b".tbss", data.with(SectionFlags::TLS)),
        SectionSpec { kind: SectionKind::InitArray, ..SectionSpec::progbits(b".init_array", data) },
        SectionSpec { kind: SectionKind::Unwind, ..SectionSpec::progbits(b".eh_frame", ALLOC) },
        SectionSpec::progbits(b".debug_info", SectionFlags::NONE),
    ]
}

fn symbol(builder: &mut ObjectBuilder, random: &mut Random, n: u64) -> SymId {
    let binding = [Binding::Local, Binding::Global, Binding::Weak, Binding::Unique][random.below(4) as usize];
    let kind = [SymbolKind::None, SymbolKind::Object, SymbolKind::Function, SymbolKind::Tls][random.below(4) as usize];
    let sym = builder.add_symbol(format!("sym{n}").as_bytes(), binding, kind);
    if random.chance(3) {
        builder.symbol_mut(sym).visibility = Visibility::Hidden;
    }
    sym
}

fn generate(seed: u64) -> Object<'static> {
    let mut random = Random(seed | 1);
    let mut builder = ObjectBuilder::new();
    let file = builder.add_symbol(b"test.c", Binding::Local, SymbolKind::File);
    builder.symbol_mut(file).def = obj::SymbolDef::Absolute;
    let signature = builder.add_symbol(b"inline_thing", Binding::Weak, SymbolKind::Function);
    let group = builder.add_group(signature, true);
    let specs = specs(group);
    let mut atoms: Vec<AtomId> = Vec::new();
    for n in 0..1 + random.below(40) {
        let spec = specs[random.below(specs.len() as u64) as usize];
        let section = builder.section(spec, 0x90);
        let align = 1 << random.below(5);
        let size = if random.chance(8) { 0 } else { random.below(60) };
        let atom = if spec.kind == SectionKind::Nobits {
            builder.add_zero_atom(section, align, size)
        } else {
            let bytes: Vec<u8> = (0..size).map(|_| random.next() as u8).collect();
            builder.add_atom(section, align, &bytes)
        };
        atoms.push(atom);
        for _ in 0..random.below(3) {
            let sym = symbol(&mut builder, &mut random, n);
            // Also an end label, which stands where the next atom may begin.
            let value = if random.chance(4) { size } else { random.below(size + 1) };
            builder.define(sym, atom, value, size - value);
        }
    }
    let mut symbols: Vec<SymId> =
        (0..1 + random.below(5)).map(|n| symbol(&mut builder, &mut random, 1000 + n)).collect();
    symbols.push(signature);
    let kinds = [relocs::R_X86_64_64, relocs::R_X86_64_PC32, relocs::R_X86_64_PLT32, relocs::R_X86_64_TLSDESC_CALL];
    for &atom in &atoms {
        for _ in 0..random.below(6) {
            let kind = kinds[random.below(4) as usize];
            let size = u64::from(ARCH.reloc(kind).size);
            if builder.atom_size(atom) < size || builder_is_nobits(&builder, atom) {
                continue;
            }
            let offset = random.below(builder.atom_size(atom) - size + 1) as u32;
            let target = if random.chance(2) {
                RelocTarget::symbol(symbols[random.below(symbols.len() as u64) as usize])
            } else {
                RelocTarget::atom(atoms[random.below(atoms.len() as u64) as usize])
            };
            builder.add_reloc(atom, offset, kind, target, random.below(200) as i64 - 100);
        }
    }
    builder.finish()
}

fn builder_is_nobits(builder: &ObjectBuilder, atom: AtomId) -> bool {
    builder.section_kind(atom) == SectionKind::Nobits
}

#[test]
fn generated_objects_survive() {
    for seed in 1..400 {
        let object = generate(seed * 0x9e37_79b9);
        let bytes = write_object(&object, &ARCH, WriteOptions::default());
        assert_eq!(bytes, write_object(&object, &ARCH, WriteOptions::default()));
        let again = read_object(&bytes, &ARCH).unwrap_or_else(|e| panic!("seed {seed}: {e}"));
        assert!(again == object, "seed {seed}");
    }
}

#[test]
fn more_sections_than_sixteen_bits_survive() {
    let mut builder = ObjectBuilder::new();
    let mut last = AtomId::NONE;
    for n in 0..66_000u32 {
        let name = format!(".text.f{n}");
        let section = builder.section(SectionSpec::progbits(name.as_bytes(), ALLOC.with(SectionFlags::EXEC)), 0);
        last = builder.add_atom(section, 1, &[0xc3]);
        let sym = builder.add_symbol(format!("f{n}").as_bytes(), Binding::Global, SymbolKind::Function);
        builder.define(sym, last, 0, 1);
    }
    let data = builder.section(SectionSpec::progbits(b".data", ALLOC.with(SectionFlags::WRITE)), 0);
    let table = builder.add_atom(data, 8, &[0; 8]);
    builder.add_reloc(table, 0, relocs::R_X86_64_64, RelocTarget::atom(last), 0);
    let object = builder.finish();
    let bytes = write_object(&object, &ARCH, WriteOptions::default());
    assert!(read_object(&bytes, &ARCH).unwrap() == object);
}

/// A directory of this test, removed when dropped.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("fmt-elf-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        Scratch(dir)
    }
    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

const PROGRAM: &str = r#"
#include <stdio.h>
#include <string.h>
#include <math.h>
static int counter; int big = 5; static const char *names[] = {"aa", "b", "shared tail", "tail"};
__thread int tl = 3; static __thread long tz; int common[7];
__attribute__((weak)) int maybe(int);
static int helper(int x) { static int k; k += x; return k + counter + tl++; }
static int (*table[])(int) = { helper, 0 };
__attribute__((constructor)) static void before(void) { counter = 40; }
__attribute__((section("odd_section"))) int odd[3] = {1, 2, 3};
double half(double x) { return x * 0.5; }
int sw(int x) { switch (x) { case 1: return 10; case 2: return 99; case 3: return 7; case 4: return 8; case 5: return 3; } return 0; }
int main(int argc, char **argv) {
    tz += big;
    printf("%d %d %s %s %g %d\n", table[0](argc), helper(2), names[argc & 1], names[2], half(3) + floor(2.5), sw(argc + 1));
    printf("%d %ld %d %s\n", odd[1] + common[3], tz, maybe ? 1 : 0, strchr(names[2], 't'));
    return counter;
}
"#;

const CXX_PROGRAM: &str = r#"
#include <iostream>
#include <stdexcept>
#include <vector>
#include <string>
template <class T> T twice(T x) { static int calls; calls++; return x + x; }
struct A { virtual ~A() {} virtual int f() { return 1; } };
struct B : A { int f() override { throw std::runtime_error("thrown"); } };
int main() {
    std::vector<std::string> v{"x", "y"};
    A *a = new B;
    try { a->f(); } catch (const std::exception &e) { std::cout << e.what() << twice(v[1]) << twice(4) << "\n"; }
    delete a;
}
"#;

fn compile(compiler: &str, flags: &[&str], source: &Path, object: &Path) {
    run(Command::new(compiler).args(flags).arg("-c").arg(source).arg("-o").arg(object));
}

/// Reads, writes and reads again; returns the rewritten bytes.
fn rewrite(bytes: &[u8], options: WriteOptions, what: &str) -> Vec<u8> {
    let object = read_object(bytes, &ARCH).unwrap_or_else(|e| panic!("{what}: {e}"));
    let written = write_object(&object, &ARCH, options);
    let again = read_object(&written, &ARCH).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert!(again == object, "{what}");
    written
}

#[test]
fn what_gcc_makes_survives_and_still_links() {
    let scratch = Scratch::new("gcc");
    for (compiler, name, text) in [("gcc", "a.c", PROGRAM), ("g++", "b.cc", CXX_PROGRAM), ("clang", "a.c", PROGRAM)] {
        if Command::new(compiler).arg("--version").output().is_err() {
            eprintln!("skipped: no {compiler}");
            assert!(std::env::var_os("KIT_CI").is_none(), "{compiler} is missing");
            continue;
        }
        let source = scratch.path(name);
        std::fs::write(&source, text).unwrap();
        for flags in [
            &["-O0", "-g"][..],
            &["-O2"],
            &["-O2", "-ffunction-sections", "-fdata-sections", "-fno-common"],
            &["-O1", "-fcommon", "-fno-pic", "-fno-pie", "-mcmodel=large"],
            &["-O1", "-fPIC", "-g", "-gz", "-ftls-model=global-dynamic"],
            &["-O1", "-fPIC", "-mtls-dialect=gnu2"],
        ] {
            if compiler == "clang" && flags.contains(&"-mtls-dialect=gnu2") {
                continue;
            }
            let what = format!("{compiler} {flags:?}");
            let object = scratch.path("original.o");
            compile(compiler, flags, &source, &object);
            let bytes = std::fs::read(&object).unwrap();
            let link = if flags.contains(&"-fno-pic") { "-no-pie" } else { "-pie" };
            let behaviour = |object: &Path| {
                let program = scratch.path("program");
                let linker = if compiler == "g++" { "g++" } else { "gcc" };
                run(Command::new(linker).args([link, "-o"]).arg(&program).arg(object).arg("-lm"));
                let output = Command::new(&program).output().unwrap();
                (output.status.code(), output.stdout)
            };
            let expected = behaviour(&object);
            assert!(expected.1.len() > 5, "{what}");
            for atoms in [false, true] {
                let written = rewrite(&bytes, WriteOptions { atoms, merge_names: false }, &what);
                let rewritten = scratch.path("rewritten.o");
                std::fs::write(&rewritten, &written).unwrap();
                assert_eq!(behaviour(&rewritten), expected, "{what}");
                let complaints = Command::new("readelf").arg("-aW").arg(&rewritten).output().unwrap().stderr;
                assert_eq!(String::from_utf8_lossy(&complaints), "", "{what}");
            }
        }
    }
}

/// An object cut into atoms by hand: two functions that call each other in one section, strings in a mergeable one.
fn cut_object() -> Object<'static> {
    let mut builder = ObjectBuilder::new();
    let text = builder.section(SectionSpec::progbits(b".text", ALLOC.with(SectionFlags::EXEC)), 0x90);
    let flags = ALLOC.with(SectionFlags::MERGE).with(SectionFlags::STRINGS);
    let strings = builder.section(SectionSpec { entry_size: 1, ..SectionSpec::progbits(b".rodata.str1.1", flags) }, 0);
    let other = builder.add_atom(strings, 1, b"unused\0");
    let message = builder.add_atom(strings, 1, b"hello from atoms\0");
    assert_ne!(other, message);
    // say: lea message(%rip),%rdi; jmp puts@plt
    let say = builder.add_atom(text, 16, &[0x48, 0x8d, 0x3d, 0, 0, 0, 0, 0xe9, 0, 0, 0, 0]);
    builder.add_reloc(say, 3, relocs::R_X86_64_PC32, RelocTarget::atom(message), -4);
    let puts = builder.add_symbol(b"puts", Binding::Global, SymbolKind::None);
    builder.add_reloc(say, 8, relocs::R_X86_64_PLT32, RelocTarget::symbol(puts), -4);
    // main: sub $8,%rsp; call say; xor %eax,%eax; add $8,%rsp; ret
    let code = [0x48, 0x83, 0xec, 8, 0xe8, 0, 0, 0, 0, 0x31, 0xc0, 0x48, 0x83, 0xc4, 8, 0xc3];
    let main = builder.add_atom(text, 16, &code);
    builder.add_reloc(main, 5, relocs::R_X86_64_PLT32, RelocTarget::atom(say), -4);
    for (name, atom, binding) in [(&b"say"[..], say, Binding::Local), (b"main", main, Binding::Global)] {
        let sym = builder.add_symbol(name, binding, SymbolKind::Function);
        let size = builder.atom_size(atom);
        builder.define(sym, atom, 0, size);
    }
    fmt_elf::notes::add_notes(
        &mut builder,
        &fmt_elf::notes::Notes { producer: Some("kit"), executable_stack: false, features: Some((0xc000_0002, 0)) },
    );
    builder.finish()
}

#[test]
fn a_cut_object_is_ordinary_to_others_and_cut_again_by_us() {
    let scratch = Scratch::new("cut");
    let object = cut_object();
    let bytes = write_object(&object, &ARCH, WriteOptions::default());
    assert!(read_object(&bytes, &ARCH).unwrap() == object);
    let path = scratch.path("cut.o");
    std::fs::write(&path, &bytes).unwrap();
    let program = scratch.path("program");
    run(Command::new("gcc").arg("-o").arg(&program).arg(&path));
    assert_eq!(run(&mut Command::new(&program)), "hello from atoms\n");
    let sections = run(Command::new("readelf").arg("-SlW").arg(&program));
    assert!(!sections.contains(".kit.atoms"), "{sections}");
    assert!(sections.lines().any(|line| line.contains("GNU_STACK") && line.contains(" RW ")), "{sections}");

    // Changed by another tool it is read as a foreign object: whole sections, no stale boundaries.
    for change in [&["--strip-symbol=say"][..], &["--remove-section=.comment"], &["--rename-section=.text=.text.x"]] {
        let changed = scratch.path("changed.o");
        run(Command::new("objcopy").args(change).arg(&path).arg(&changed));
        let bytes = std::fs::read(&changed).unwrap();
        let foreign = read_object(&bytes, &ARCH).unwrap();
        assert_eq!(foreign.atoms.len(), foreign.sections.len(), "{change:?}");
        run(Command::new("gcc").arg("-o").arg(&program).arg(&changed));
        assert_eq!(run(&mut Command::new(&program)), "hello from atoms\n");
    }
    // So is what `ld -r` makes of two of them.
    let merged = scratch.path("merged.o");
    std::fs::write(scratch.path("b.c"), "int b(void) { return 1; }").unwrap();
    compile("gcc", &[], &scratch.path("b.c"), &scratch.path("b.o"));
    run(Command::new("ld").args(["-r", "-o"]).arg(&merged).arg(&path).arg(scratch.path("b.o")));
    let bytes = std::fs::read(&merged).unwrap();
    let foreign = read_object(&bytes, &ARCH).unwrap();
    assert_eq!(foreign.atoms.len(), foreign.sections.len());
}

#[test]
fn notes_are_those_that_binutils_understand() {
    let scratch = Scratch::new("notes");
    let path = scratch.path("notes.o");
    std::fs::write(&path, write_object(&cut_object(), &ARCH, WriteOptions::default())).unwrap();
    let notes = run(Command::new("readelf").arg("-nW").arg(&path));
    assert!(notes.contains("NT_GNU_PROPERTY_TYPE_0") && notes.contains("x86 feature"), "{notes}");
    let comment = run(Command::new("readelf").args(["-p", ".comment"]).arg(&path));
    assert!(comment.contains("kit"), "{comment}");
}
