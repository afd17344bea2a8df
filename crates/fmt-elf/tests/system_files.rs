//! The readers on what the system's compiler and libraries are made of.

use fmt_elf::{read_object, read_shared};
use obj::{RelocTargetKind, SymbolDef};
use std::path::PathBuf;

const LIBRARIES: &str = "/usr/lib/x86_64-linux-gnu";

/// The loose objects that a compiler driver links into every program.
fn system_objects() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for dir in [LIBRARIES, "/usr/lib/gcc/x86_64-linux-gnu/12"] {
        let Ok(entries) = std::fs::read_dir(dir) else { continue };
        found.extend(entries.flatten().map(|e| e.path()).filter(|path| path.extension().is_some_and(|e| e == "o")));
    }
    found.sort();
    found
}

#[test]
fn system_objects_are_read() {
    let objects = system_objects();
    assert!(objects.len() >= 10);
    for path in objects {
        let bytes = std::fs::read(&path).unwrap();
        if bytes.starts_with(b"!<thin>") || fmt_elf::identify(&bytes).is_err() {
            continue;
        }
        let object = read_object(&bytes, &arch_x86_64::ARCH).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert_eq!(object.atoms.len(), object.sections.len());
        for (_, atom) in object.atoms.enumerated() {
            for reloc in &object.relocs[atom.relocs.start as usize..atom.relocs.end as usize] {
                match reloc.target.kind() {
                    RelocTargetKind::Symbol(sym) => assert!(sym.0 < object.symbols.len() as u32),
                    RelocTargetKind::Atom(atom) => assert!(atom.0 < object.atoms.len() as u32),
                }
            }
        }
    }
    let bytes = std::fs::read(format!("{LIBRARIES}/crt1.o")).unwrap();
    let crt1 = read_object(&bytes, &arch_x86_64::ARCH).unwrap();
    let start = crt1.symbols.ids().find(|&sym| crt1.symbol_name(sym) == b"_start").unwrap();
    let SymbolDef::Atom(atom) = crt1.symbols[start].def else { panic!() };
    assert_eq!(&*crt1.sections[crt1.atoms[atom].section].name, b".text");
    assert!(!crt1.atom_relocs(atom).is_empty());
}

#[test]
fn libc_is_read_with_versions() {
    let bytes = std::fs::read(format!("{LIBRARIES}/libc.so.6")).unwrap();
    let libc = read_shared(&bytes, &arch_x86_64::ARCH).unwrap();
    assert_eq!(libc.soname.as_deref(), Some(&b"libc.so.6"[..]));
    assert_eq!(libc.needed, [&b"ld-linux-x86-64.so.2"[..]]);
    assert!(libc.symbols.len() > 2000);
    let memcpy: Vec<_> = libc.symbols.iter().filter(|sym| &*sym.name == b"memcpy").collect();
    let versions: Vec<_> = memcpy
        .iter()
        .map(|sym| (String::from_utf8_lossy(&libc.versions[usize::from(sym.version)]), sym.hidden_version))
        .collect();
    assert!(versions.contains(&("GLIBC_2.2.5".into(), true)) && versions.contains(&("GLIBC_2.14".into(), false)));
    let environ = libc.symbols.iter().find(|sym| &*sym.name == b"environ").unwrap();
    assert!(environ.defined && environ.align >= 8 && !environ.read_only);
}
