//! Archives against GNU `ar`, `nm -s` and `ranlib`, in both directions.

use fmt_elf::defined_names;
use obj::archive::{Archive, ArchiveBuilder, ArchiveOptions, NewMember, verbose_line};
use std::path::{Path, PathBuf};
use std::process::Command;

fn run(command: &mut Command) -> String {
    let output = command.env("LC_ALL", "C").env("TZ", "UTC").output().unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// A directory with three objects and a text file; removed when dropped.
struct Scratch(PathBuf);

const MEMBERS: [&str; 4] = ["a.o", "a_member_with_a_long_name.o", "notes.txt", "fifteen_chars.o"];

impl Scratch {
    fn new(name: &str) -> Scratch {
        let dir = std::env::temp_dir().join(format!("fmt-elf-ar-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        for (n, member) in MEMBERS.iter().enumerate().filter(|(n, _)| *n != 2) {
            let text = format!(
                "int f{n}(void) {{ return {n}; }} int common{n}; static int hidden; int *p{n} = &hidden;\n\
                __attribute__((weak)) int w{n}; extern int other; int g{n}(void) {{ return other; }}"
            );
            std::fs::write(dir.join("x.c"), text).unwrap();
            run(Command::new("gcc").args(["-c", "-fcommon", "x.c", "-o", member]).current_dir(&dir));
        }
        std::fs::write(dir.join(MEMBERS[2]), "no object").unwrap();
        Scratch(dir)
    }
    fn ar(&self, args: &[&str]) -> String {
        run(Command::new("ar").args(args).args(MEMBERS).current_dir(&self.0))
    }
    fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.join(name)).unwrap()
    }
    fn build(&self) -> ArchiveBuilder<'static> {
        let members = MEMBERS.map(|name| NewMember::new(name.as_bytes().to_vec(), self.read(name)));
        ArchiveBuilder { members: members.into() }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn archives_are_byte_for_byte_those_of_gnu_ar() {
    let scratch = Scratch::new("equal");
    scratch.ar(&["rcsD", "gnu.a"]);
    assert!(scratch.build().write(ArchiveOptions::default(), &defined_names) == scratch.read("gnu.a"));
    scratch.ar(&["rcSD", "plain.a"]);
    let plain = ArchiveOptions { index: false, ..Default::default() };
    assert!(scratch.build().write(plain, &defined_names) == scratch.read("plain.a"));
    scratch.ar(&["rcsDT", "thin.a"]);
    let thin = ArchiveOptions { thin: true, ..Default::default() };
    let written = String::from_utf8_lossy(&scratch.build().write(thin, &defined_names)).into_owned();
    // GNU ar leaves a slash from the short name of exactly 15 characters in the last column of its name field.
    let expected = String::from_utf8_lossy(&scratch.read("thin.a")).replace("/45            /", "/45             ");
    assert_eq!(written, expected);
}

fn nm_index(dir: &Path, name: &str) -> Vec<String> {
    let listing = run(Command::new("nm").args(["-s", name]).current_dir(dir));
    listing
        .lines()
        .skip_while(|line| *line != "Archive index:")
        .skip(1)
        .take_while(|l| !l.is_empty())
        .map(String::from)
        .collect()
}

#[test]
fn gnu_tools_read_what_we_write_and_we_what_they_write() {
    let scratch = Scratch::new("both");
    scratch.ar(&["rcsD", "gnu.a"]);
    std::fs::write(
        scratch.0.join("wide.a"),
        scratch.build().write(ArchiveOptions { index64: true, ..Default::default() }, &defined_names),
    )
    .unwrap();
    for name in ["gnu.a", "wide.a"] {
        let bytes = scratch.read(name);
        let archive = Archive::parse(&bytes).unwrap();
        let members: Vec<_> = archive.members().map(Result::unwrap).collect();
        for (member, name) in members.iter().zip(MEMBERS) {
            assert_eq!(*member.name, *name.as_bytes());
            assert!(member.data == scratch.read(name));
        }
        let index: Vec<String> = archive
            .index()
            .map(|(symbol, offset)| {
                let member = archive.member_at(offset).unwrap();
                format!("{} in {}", String::from_utf8_lossy(symbol), String::from_utf8_lossy(&member.name))
            })
            .collect();
        assert_eq!(index, nm_index(&scratch.0, name));
        assert!(index.contains(&"common0 in a.o".to_string()) && index.len() == 15);
        let lines: Vec<String> = members.iter().map(verbose_line).collect();
        let listing = run(Command::new("ar").args(["tv", name]).current_dir(&scratch.0));
        assert_eq!(lines, listing.lines().collect::<Vec<_>>());
    }
    // A link finds its members through our index.
    std::fs::write(scratch.0.join("main.c"), "int other, f1(void); int main(void) { return f1(); }").unwrap();
    let program = scratch.0.join("program");
    run(Command::new("gcc").args(["main.c", "wide.a", "-o"]).arg(&program).current_dir(&scratch.0));
    assert_eq!(Command::new(&program).status().unwrap().code(), Some(1));
    // Deleting and replacing as ar does.
    let bytes = scratch.read("gnu.a");
    let mut builder = ArchiveBuilder::from_archive(&Archive::parse(&bytes).unwrap()).unwrap();
    assert!(builder.delete(b"a.o"));
    run(Command::new("ar").args(["dD", "gnu.a", "a.o"]).current_dir(&scratch.0));
    assert!(builder.write(ArchiveOptions::default(), &defined_names) == scratch.read("gnu.a"));
}

#[test]
fn thin_archives_name_their_members() {
    let scratch = Scratch::new("thin");
    scratch.ar(&["rcsDT", "thin.a"]);
    let bytes = scratch.read("thin.a");
    let archive = Archive::parse(&bytes).unwrap();
    assert!(archive.thin && archive.has_index());
    for (member, name) in archive.members().map(Result::unwrap).zip(MEMBERS) {
        assert_eq!((&*member.name, member.size), (name.as_bytes(), scratch.read(name).len() as u64));
    }
}

#[test]
fn the_systems_archives_are_read() {
    for name in ["libc.a", "libm-2.36.a", "libc_nonshared.a"] {
        let Ok(bytes) = std::fs::read(format!("/usr/lib/x86_64-linux-gnu/{name}")) else { continue };
        let archive = Archive::parse(&bytes).unwrap();
        let mut n_members = 0;
        for member in archive.members() {
            let member = member.unwrap();
            fmt_elf::read_object(member.data, &arch_x86_64::ARCH)
                .unwrap_or_else(|e| panic!("{name}({}): {e}", String::from_utf8_lossy(&member.name)));
            fmt_elf::read_program(member.data).unwrap();
            n_members += 1;
        }
        assert!(n_members > 0 && archive.index().count() > 0);
    }
}
