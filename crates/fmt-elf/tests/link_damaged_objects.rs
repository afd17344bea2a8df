//! Damaged objects: a link of them ends with a result or with errors, never with a panic.
//!
//! Seeded and bounded: single bytes and small fields of a real object are overwritten, then the object is linked in
//! memory in every kind of output.

use base::io::{FileBytes, FileStat, InputSource, IoError};
use fmt_elf::link::ElfFormat;
use link::files::{Files, Input, InputWhat};
use link::options::OutputKind;
use link::{LinkError, Options};
use std::path::Path;
use std::process::Command;

struct NoDisk;

impl InputSource for NoDisk {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        Err(IoError::new(path, "open", &std::io::ErrorKind::NotFound.into()))
    }
    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        Err(IoError::new(path, "open", &std::io::ErrorKind::NotFound.into()))
    }
    fn read_into(&self, path: &Path, _: &mut Vec<u8>) -> Result<FileStat, IoError> {
        self.stat(path)
    }
}

const SOURCE: &str = r#"
__thread int t = 3; static __thread char z[40]; extern int away; int common;
__attribute__((weak)) int w(void); __attribute__((section("named"))) int n = 1;
extern int __start_named[]; static const char *const names[] = { "one", "two", "three" };
__attribute__((constructor)) static void c(void) { t++; }
inline int group(int a) { return a + 1; } extern inline int group(int a);
int f(int a) { z[a] = 1; switch (a) { case 1: return t; case 2: return away; case 3: return w ? w() : 7;
  case 4: return names[a & 1][0]; case 5: return __start_named[0]; default: return group(a) + common; } }
"#;

/// The object to damage, or `None` without a compiler.
fn object() -> Option<Vec<u8>> {
    let dir = std::env::temp_dir().join(format!("kit-damaged-{}", std::process::id()));
    std::fs::create_dir_all(&dir).ok()?;
    std::fs::write(dir.join("a.c"), SOURCE).ok()?;
    let flags = ["-c", "-g", "-O1", "-fPIC", "-ffunction-sections", "a.c", "-o", "a.o"];
    let made = Command::new("gcc").args(flags).current_dir(&dir).status().is_ok_and(|status| status.success());
    let bytes = made.then(|| std::fs::read(dir.join("a.o")).ok()).flatten();
    let _ = std::fs::remove_dir_all(&dir);
    bytes
}

fn link_once(bytes: Vec<u8>, output: OutputKind, gc: bool) -> Result<usize, Vec<LinkError>> {
    let mut options = Options { output, gc_sections: gc, threads: 1, ..Options::default() };
    options.entry = Some("f".into());
    options.undefined = vec!["f".into()];
    options.unresolved = link::options::Unresolved::Ignore;
    let what = InputWhat::Bytes { name: "a.o".into(), bytes: FileBytes::from_vec(bytes) };
    let files = Files::open(&NoDisk, &[Input::new(what)], &options, &ElfFormat)?;
    let image = link::prepare(&files, &options, &ElfFormat, &arch_x86_64::link::ARCH_LINK)?;
    // A hostile size is refused by whoever provides the memory; here by a limit.
    if image.size() > 1 << 26 {
        return Ok(0);
    }
    image.to_vec().map(|bytes| bytes.len())
}

#[test]
fn damaged_objects_never_panic() {
    let Some(good) = object() else {
        assert!(std::env::var_os("KIT_CI").is_none(), "gcc is missing");
        eprintln!("skipped: gcc is missing");
        return;
    };
    let kinds = [
        (OutputKind::Shared, false),
        (OutputKind::Pie, true),
        (OutputKind::Exec, false),
        (OutputKind::Relocatable, false),
    ];
    for (output, gc) in kinds {
        let done = link_once(good.clone(), output, gc);
        assert!(done.is_ok(), "{output:?}: {done:?}");
    }
    let rounds: u64 = std::env::var("KIT_FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(1500);
    let seed: u64 = std::env::var("KIT_FUZZ_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let mut state = 0x9e37_79b9_7f4a_7c15u64 ^ seed;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut n_ok = 0;
    for round in 0..rounds {
        let mut bytes = good.clone();
        for _ in 0..1 + next() % 3 {
            // Half of the damage goes into the second half, where tables are.
            let half = bytes.len() / 2;
            let at = (next() as usize % half) + if next() & 1 == 0 { half } else { 0 };
            let values = [0, 1, 0x7f, 0x80, 0xff, next() as u8];
            let width = 1 << (next() % 4);
            for byte in bytes.iter_mut().skip(at).take(width) {
                *byte = values[next() as usize % values.len()];
            }
        }
        let (output, gc) = kinds[round as usize % kinds.len()];
        let copy = bytes.clone();
        match std::panic::catch_unwind(move || link_once(bytes, output, gc)) {
            Ok(result) => n_ok += u32::from(result.is_ok()),
            Err(_) => {
                let path = std::env::temp_dir().join(format!("kit-damaged-{round}.o"));
                let _ = std::fs::write(&path, copy);
                panic!("round {round} ({output:?}) panics: {}", path.display());
            }
        }
    }
    assert!(n_ok > 0, "some damage is harmless");
}
