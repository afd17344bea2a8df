//! What is at an address, of whole and of damaged files.

mod common;

use base::io::{FileBytes, FileStat, InputSource, IoError};
use kit::symbols::{Files, Module};
use std::path::Path;
use testkit::tools::{TempDir, have, run_gcc};

/// One file, and nothing else.
struct One<'b>(&'b [u8]);

impl InputSource for One<'_> {
    fn stat(&self, _: &Path) -> Result<FileStat, IoError> {
        Ok(FileStat { size: self.0.len() as u64, ..FileStat::default() })
    }
    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        match path.to_str() {
            Some("one") => Ok(FileBytes::from_vec(self.0.to_vec())),
            _ => Err(IoError::new(path, "open", &std::io::Error::from(std::io::ErrorKind::NotFound))),
        }
    }
    fn read_into(&self, path: &Path, _: &mut Vec<u8>) -> Result<FileStat, IoError> {
        self.stat(path)
    }
}

const TEXT: &str = "volatile int v;\nstatic inline __attribute__((always_inline)) int twice(int x) {\n  return x * v;\n}\n\
    int f(int x) {\n  return twice(x) / x;\n}\nint main(void) { return f(3); }\n";

fn compiled(dir: &TempDir, flags: &[&str]) -> Vec<u8> {
    let source = dir.write("a.c", TEXT.as_bytes()).expect("writable").display().to_string();
    let out = dir.file("out").display().to_string();
    let mut args: Vec<String> = flags.iter().map(|flag| (*flag).to_owned()).collect();
    args.extend([source, "-o".into(), out]);
    run_gcc(&args).unwrap_or_else(|why| panic!("{why}"));
    std::fs::read(dir.file("out")).expect("gcc wrote it")
}

/// Every place in the executable sections, as text.
fn all_places(bytes: &[u8]) -> Result<String, String> {
    let files = Files::open("one", &One(bytes), &[])?;
    let module = Module::read(&files)?;
    let mut out = String::new();
    for idx in 0..module.program().sections.len().min(64) {
        let section = &module.program().sections[idx];
        if !section.flags.has(obj::SectionFlags::EXEC) {
            continue;
        }
        let step = (section.size / 64).max(1);
        for offset in (0..section.size.min(1 << 20)).step_by(step as usize).take(80) {
            let Some(place) = module.find(offset, Some(idx), true) else { continue };
            for call in place.calls {
                let mut path = Vec::new();
                if let Some(file) = call.frame.file {
                    file.push_path(&mut path);
                }
                let function = call.function.unwrap_or_default();
                let (function, path) = (String::from_utf8_lossy(&function), String::from_utf8_lossy(&path));
                out.push_str(&format!("{function} {path}:{}\n", call.frame.line));
            }
        }
        module.find(section.address, None, false);
    }
    Ok(out)
}

#[test]
fn calls_are_found_however_the_file_was_made() {
    if !have("gcc") {
        return;
    }
    let dir = TempDir::new("symbols").expect("a temporary directory");
    let kinds: &[&[&str]] = &[
        &["-O2", "-g"],
        &["-O2", "-gdwarf-2"],
        &["-O2", "-gdwarf-4"],
        &["-O2", "-g", "-c"],
        &["-O2", "-g", "-gz"],
        &["-O2", "-g", "-c", "-gz"],
        &["-O2", "-g", "-shared", "-fPIC"],
        &["-O2", "-g", "-fdebug-types-section"],
    ];
    for flags in kinds {
        let text = all_places(&compiled(&dir, flags)).expect("a sound file");
        for wanted in ["twice ", "a.c:3\n", "f ", "a.c:6\n"] {
            assert!(text.contains(wanted), "{flags:?}: no {wanted:?} in {text}");
        }
    }
}

#[test]
fn damaged_files_do_no_harm() {
    if !have("gcc") {
        return;
    }
    let dir = TempDir::new("symbols-damaged").expect("a temporary directory");
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |limit: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as usize % limit
    };
    let (mut read, mut tried) = (0, 0);
    for flags in [&["-O2", "-g"][..], &["-O1", "-g", "-c"], &["-O2", "-gdwarf-4", "-c", "-gz"], &["-O2", "-gdwarf-3"]] {
        let sound = compiled(&dir, flags);
        // Where the bytes of the debug sections are; of others little is looked at.
        let program = fmt_elf::read_program(&sound).expect("a sound file");
        let debug: Vec<_> = program.sections.iter().filter(|s| s.name.starts_with(b".debug_")).collect();
        let spans: Vec<_> = debug.iter().map(|s| (s.file_offset as usize, s.data.len().max(1))).collect();
        for _ in 0..1000 {
            let mut bytes = sound.clone();
            for _ in 0..1 + random(4) {
                let at = match random(4) {
                    0 => random(bytes.len()),
                    _ => {
                        let (start, len) = spans[random(spans.len())];
                        (start + random(len)).min(bytes.len() - 1)
                    }
                };
                match random(6) {
                    0 => bytes[at] = 0xff,
                    1 => bytes[at] = 0,
                    2 => bytes[at] ^= 1 << random(8),
                    3 if random(40) == 0 => bytes.truncate(at.max(64)),
                    _ => bytes[at] = random(256) as u8,
                }
            }
            tried += 1;
            read += usize::from(all_places(&bytes).is_ok());
        }
    }
    assert!(read * 4 > tried * 3, "only {read} of {tried} were looked into");
}
