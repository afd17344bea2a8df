//! Random edits of programs and a library of kit's, gcc's and g++'s objects, plain and in an archive: every link is audited, every program is run. And the audit itself:
//! one byte of each kind is corrupted, and it must see it.

mod patching;

use kit::link::{LinkOutcome, audit};
use patching::{Kind, Project, Random, change_a_number, is_patched, target};
use std::fs;

/// Edits a project `n` times; returns how many links were patches, and what was wrong.
fn edits(kind: Kind, n: usize, seed: u64) -> (usize, Vec<String>) {
    let dir = sys::TempDir::new().expect("a directory");
    let mut random = Random(seed);
    let mut project = Project::new(dir.path(), kind, 6, &mut random);
    let mut wrong = Vec::new();
    let mut patched = 0;
    project.link(true);
    let mut reasons = std::collections::BTreeMap::new();
    for round in 0..n {
        let what = project.edit(&mut random);
        let outcome = match project.link_on(&sys::Host, true) {
            Ok(done) => done.outcome,
            Err(text) => {
                wrong.push(format!("{kind:?} {round}: {what}: {text}"));
                let _ = fs::remove_file(kit::linker::session::state_path(&project.output()));
                project.link(false);
                continue;
            }
        };
        patched += usize::from(is_patched(&outcome));
        if let LinkOutcome::Full(reason) = &outcome {
            *reasons.entry(reason.clone().unwrap_or_default()).or_insert(0) += 1;
        }
        let got = project.run();
        if got.as_deref() != Ok(&project.expected()) {
            wrong.push(format!("{kind:?} {round}: {what}: {outcome}: printed {got:?}"));
        }
    }
    println!("{kind:?}: {patched} of {n} links were patches; full: {reasons:?}");
    (patched, wrong)
}

#[test]
fn random_edits_are_linked_right() {
    // Static programs bring much of libc, which every audit looks at: a few are enough.
    let rounds = [
        (Kind::Pie, 240, 0x5eed_0001),
        (Kind::Fixed, 100, 0x5eed_0002),
        (Kind::Static, 40, 0x5eed_0003),
        (Kind::Collected, 80, 0x5eed_0005),
        (Kind::Shared, 60, 0x5eed_0006),
    ];
    let (mut n, mut patched, mut wrong) = (0, 0, Vec::new());
    for (kind, rounds, seed) in rounds {
        let (some, bad) = edits(kind, rounds, seed);
        n += rounds;
        patched += some;
        wrong.extend(bad);
    }
    println!("figure: edits {n}");
    println!("figure: patched {patched}");
    println!("figure: wrong {}", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(patched * 2 > n, "{patched} of {n} links were patches");
}

/// File offset of something in the image, and what it is.
fn places(bytes: &[u8]) -> Vec<(&'static str, usize)> {
    let program = target().format.read_image(bytes).expect("an image");
    let section = |name: &[u8]| {
        let found = program.section(name);
        let found = found.unwrap_or_else(|| panic!("there is a section {}", String::from_utf8_lossy(name)));
        (found.file_offset as usize, found.address, found.size as usize)
    };
    let symbol = |name: &[u8]| {
        let found = program.symbols.iter().position(|symbol| *symbol.name == *name);
        let idx = found.unwrap_or_else(|| panic!("there is a symbol {}", String::from_utf8_lossy(name)));
        (idx, program.symbols[idx].value, program.symbols[idx].size as usize)
    };
    let in_section = |name: &[u8], address: u64| {
        let (offset, start, _) = section(name);
        offset + (address - start) as usize
    };
    let (function, at, size) = symbol(b"f0_0");
    let code = in_section(b".text", at);
    let text = &bytes[code..code + size];
    let call = text.windows(1).rposition(|byte| byte[0] == 0xe8).expect("a call");
    let (_, data, _) = symbol(b"shared0");
    let (_, pointers, _) = symbol(b"pointers0");
    let symtab = section(b".symtab").0 + (function + 1) * 24;
    let frame = section(b".eh_frame").0;
    let header = section(b".eh_frame_hdr").0;
    let relocs = section(b".rela.dyn");
    let wanted = program.relocs.iter().position(|reloc| reloc.offset == pointers).expect("a run-time relocation");
    vec![
        ("an instruction", code + 1),
        ("the field of a call", code + call + 1),
        ("the filler after a function", code + size),
        ("a number in data", in_section(b".data", data) + 2),
        ("a text", section(b".rodata").0 + 20),
        ("the size of a symbol", symtab + 16),
        ("the value of a symbol", symtab + 8),
        ("the kind of a symbol", symtab + 4),
        ("rules of unwinding", frame + 17),
        ("the place of an unwind record's function", frame + section(b".eh_frame").2 / 2),
        ("the search table", header + 12 + 8 * 4),
        ("a run-time relocation's place", relocs.0 + wanted * 24),
        ("a run-time relocation's addend", relocs.0 + wanted * 24 + 16),
        ("debug information", section(b".debug_info").0 + 40),
        ("a line table", section(b".debug_line").0 + section(b".debug_line").2 / 2),
    ]
}

#[test]
fn the_audit_sees_one_wrong_byte_of_each_kind() {
    let dir = sys::TempDir::new().expect("a directory");
    let mut random = Random(0x5eed_0004);
    let mut project = Project::new(dir.path(), Kind::Pie, 6, &mut random);
    project.link(false);
    change_a_number(&mut project, 0, &mut random);
    assert!(is_patched(&project.link(true).outcome));
    let good = fs::read(project.output()).expect("the program");
    let request = project.request(true);
    let findings = |bytes: &[u8]| {
        fs::write(project.output(), bytes).expect("the program");
        match audit(&request, &sys::Host, target()) {
            Ok(findings) => findings,
            Err(errors) => errors.iter().map(|error| error.to_string()).collect(),
        }
    };
    assert_eq!(findings(&good), Vec::<String>::new());
    let mut unseen = Vec::new();
    for (what, at) in places(&good) {
        let mut bad = good.clone();
        bad[at] ^= 0x04;
        if findings(&bad).is_empty() {
            unseen.push(what);
        }
    }
    println!("figure: corruptions seen {}", places(&good).len() - unseen.len());
    assert!(unseen.is_empty(), "not seen: {unseen:?}");
}
