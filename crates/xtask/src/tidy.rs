//! `cargo xtask tidy`: the rules of the house that a machine can check. Each rule is one function that is given all
//! files and says what is wrong, as `path:line: what`.
//!
//! The tables at the top are the design: which crate may import which, where unsafe code may stand, which files may be
//! generic no longer. Changing one of them is a decision (`docs/decisions/`), not a repair.

use crate::util;
use std::collections::BTreeMap;
use std::fs;

/// Layers 0 and 1: what the machinery stands on.
const MODELS: &[&str] = &["base", "target", "obj", "mc", "dwarf", "ir"];
/// Layers 0 to 2 without `sys`: what a plug-in or a product may import.
const MACHINERY: &[&str] = &["base", "target", "obj", "mc", "dwarf", "ir", "asm", "codegen", "opt", "link"];

/// Which crate may import which, as `ARCHITECTURE.md` has it. A name that ends in `*` stands for a family; `*` alone in
/// the second column for everything.
static MAY_IMPORT: &[(&str, &[&str])] = &[
    ("base", &[]),
    ("sys", &["base"]),
    ("target", &["base"]),
    ("obj", &["base", "target"]),
    ("mc", &["base", "target", "obj"]),
    ("ir", &["base", "target"]),
    ("dwarf", &["base", "target", "obj", "mc", "ir"]),
    ("asm", MODELS),
    ("codegen", &["base", "target", "obj", "mc", "dwarf", "ir", "asm"]),
    ("opt", &["base", "target", "ir"]),
    ("link", &["base", "target", "obj", "dwarf"]),
    ("jit", &["base", "sys", "target", "obj", "link"]),
    ("arch-*", MACHINERY),
    ("fmt-*", MACHINERY),
    ("lang-*", &["base", "target", "ir"]),
    ("emu", MACHINERY),
    ("debug", MACHINERY),
    ("store", MACHINERY),
    ("pkg", &["base", "target", "obj", "mc", "dwarf", "ir", "asm", "codegen", "opt", "link", "store"]),
    ("rt", &[]),
    ("kit", &["*"]),
    ("driver", &["base", "sys", "kit"]),
    ("capi", &["base", "sys", "kit"]),
    ("testkit", &["*"]),
    ("xtask", &[]),
];

/// Where unsafe code may stand, and for what. Every other crate forbids it.
static MAY_BE_UNSAFE: &[(&str, &str)] = &[
    ("sys", "system calls"),
    ("jit", "code that was just made is called"),
    ("capi", "pointers come from C"),
    ("lang-c", "source text is scanned sixteen bytes at a time"),
    ("driver", "C's `main` has to have its name"),
];

/// Words that name an architecture or a format. A generic crate asks for the fact instead.
const PLUGIN_WORDS: &[&str] = &[
    "x86", "amd64", "i386", "aarch64", "arm64", "riscv", "riscv32", "riscv64", "elf", "elf32", "elf64", "coff",
    "macho", "wasm", "wasm32",
];

/// Crates and files that may use those words in code, and why.
static MAY_NAME_PLUGINS: &[(&str, &str)] = &[
    ("crates/arch-", "an architecture names itself"),
    ("crates/fmt-", "a format names itself"),
    ("crates/lang-wasm/", "a front end names its language"),
    ("crates/lang-c/src/pp/predefined.rs", "names of macros that C programs ask for, such as __ELF__"),
    ("crates/emu/", "guests are plug-ins' facets, tools name them"),
    ("crates/kit/src/plugins.rs", "the one file that names the plug-ins"),
    ("crates/driver/", "defaults for the machine it runs on"),
    ("crates/rt/", "sources for targets"),
    ("crates/sys/", "the host is one machine"),
    ("crates/testkit/", "tests name targets"),
    ("crates/xtask/", "this table"),
];

/// A file may have this many lines outside its tests; one that must be longer says why in a header line
/// `//! Long because …`.
const MAX_LINES: usize = 1000;

/// One file of the project.
struct File {
    path: String,
    text: String,
}

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The lines before the unit tests, which may name and do what the code itself may not.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]").enumerate().map(|(at, line)| (at + 1, line))
    }

    fn is_test(&self) -> bool {
        ["/tests/", "/benches/", "/examples/"].iter().any(|dir| self.path.contains(dir))
            || self.path.starts_with("tests/")
    }
}

type Rule = fn(&[File], &mut Vec<String>);

static RULES: &[(&str, Rule)] = &[
    ("crate edges", crate_edges),
    ("file headers", file_headers),
    ("plug-ins named in one place", plugin_names),
    ("no unfinished code", unfinished),
    ("file length", file_length),
    ("unsafe", unsafe_code),
    ("no path of one machine", machine_paths),
    ("dependencies are accounted for", dependencies),
    ("ARCHITECTURE.md is true", architecture_page),
];

/// Runs all rules; prints what is wrong and a count.
pub fn run(_args: &[String]) -> Result<bool, String> {
    let mut files = Vec::new();
    for path in util::project_files()? {
        // What is not text (there is next to none) has no rules.
        if let Ok(text) = fs::read_to_string(util::root().join(&path)) {
            files.push(File { path, text });
        }
    }
    let mut failed = 0;
    for (name, rule) in RULES {
        let mut wrong = Vec::new();
        rule(&files, &mut wrong);
        if !wrong.is_empty() {
            failed += 1;
            println!("tidy: {name}:");
            for line in &wrong {
                println!("  {line}");
            }
        }
    }
    println!("tidy: {} rules passed, {failed} failed, {} files", RULES.len() - failed, files.len());
    Ok(failed == 0)
}

/// The dependencies of a manifest by section (`dependencies`, `dev-dependencies`, `build-dependencies`).
fn manifest_edges(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut edges: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name.to_owned();
            // `[dependencies.foo]` is an edge by itself.
            if let Some((kind, name)) = section.split_once('.').filter(|(kind, _)| kind.ends_with("dependencies")) {
                edges.entry(kind.to_owned()).or_default().push(name.to_owned());
            }
        } else if section.ends_with("dependencies") && !line.is_empty() && !line.starts_with('#') {
            let name = line.split(['=', '.', ' ']).next().unwrap_or_default();
            edges.entry(section.clone()).or_default().push(name.to_owned());
        }
    }
    edges
}

fn is_named(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => name.starts_with(stem),
        None => pattern == name,
    }
}

fn manifests(files: &[File]) -> impl Iterator<Item = (&str, &File)> {
    files.iter().filter_map(|file| {
        let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        (!name.contains('/')).then_some((name, file))
    })
}

fn crate_edges(files: &[File], wrong: &mut Vec<String>) {
    let ours: Vec<&str> = manifests(files).map(|(name, _)| name).collect();
    for (name, file) in manifests(files) {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(pattern, _)| is_named(pattern, name)) else {
            wrong.push(format!("{}: the crate is in no layer of the table", file.path));
            continue;
        };
        for (section, edges) in manifest_edges(&file.text) {
            for edge in edges.iter().filter(|edge| ours.contains(&edge.as_str())) {
                // Tests of a generic crate may walk the tables of a real plug-in.
                let for_tests = section == "dev-dependencies"
                    && ["testkit", "arch-*", "fmt-*"].iter().any(|pattern| is_named(pattern, edge));
                if !for_tests && !allowed.iter().any(|pattern| is_named(pattern, edge)) {
                    wrong.push(format!("{}: {name} may not import {edge}", file.path));
                }
            }
        }
    }
}

fn file_headers(files: &[File], wrong: &mut Vec<String>) {
    for file in files.iter().filter(|f| f.is_rust()) {
        if !file.text.starts_with("//! ") {
            wrong.push(format!("{}:1: does not open with `//! `: what it is for, why this shape", file.path));
        }
    }
}

fn plugin_names(files: &[File], wrong: &mut Vec<String>) {
    for file in files.iter().filter(|f| f.is_rust() && f.path.starts_with("crates/") && !f.is_test()) {
        if MAY_NAME_PLUGINS.iter().any(|(prefix, _)| file.path.starts_with(prefix)) {
            continue;
        }
        let mut in_block = false;
        for (number, line) in file.code_lines() {
            let code = without_comments(line, &mut in_block);
            // What the host offers to the code itself is not what kit compiles for.
            if code.contains("target_arch") || code.contains("std::arch::") {
                continue;
            }
            for word in words(&code) {
                if PLUGIN_WORDS.contains(&word.as_str()) {
                    wrong.push(format!("{}:{number}: names `{word}` in a generic crate", file.path));
                }
            }
        }
    }
}

/// `line` without its comments; strings stay. `in_block` carries `/* … */` from line to line.
fn without_comments(line: &str, in_block: &mut bool) -> String {
    let bytes = line.as_bytes();
    let mut code = Vec::new();
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        let pair = (bytes[at], bytes.get(at + 1).copied().unwrap_or(0));
        if *in_block {
            if pair == (b'*', b'/') {
                *in_block = false;
                at += 1;
            }
        } else if quoted {
            quoted = bytes[at] != b'"';
            code.push(bytes[at]);
            if bytes[at] == b'\\' {
                at += 1;
                code.extend(bytes.get(at));
            }
        } else if pair == (b'/', b'/') {
            break;
        } else if pair == (b'/', b'*') {
            *in_block = true;
            at += 1;
        } else {
            quoted = bytes[at] == b'"' && !(at > 0 && bytes[at - 1] == b'\'');
            code.push(bytes[at]);
        }
        at += 1;
    }
    String::from_utf8_lossy(&code).into_owned()
}

/// The words of a line in lower case: `Elf64Sym`, `ELF_MAGIC` and `"elf64-x86-64"` have the word of their format, `self`
/// and `shelf` have not.
fn words(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for chunk in code.split(|c: char| !c.is_ascii_alphanumeric()) {
        let mut word = String::new();
        let mut before = '0';
        for c in chunk.chars() {
            if c.is_ascii_uppercase() && before.is_ascii_lowercase()
                || c.is_ascii_uppercase() && before.is_ascii_digit()
            {
                found.push(std::mem::take(&mut word));
            }
            word.push(c.to_ascii_lowercase());
            before = c;
        }
        found.push(word);
    }
    found.retain(|word| !word.is_empty());
    found
}

fn unfinished(files: &[File], wrong: &mut Vec<String>) {
    // Put together here so that this file does not accuse itself.
    let marks = [["to", "do!("], ["unimple", "mented!("], ["db", "g!("], ["#[ig", "nore"], ["FIX", "ME"], ["TO", "DO"]];
    let marks = marks.map(|halves| halves.concat());
    for file in files.iter().filter(|f| f.is_rust()) {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|mark| line.contains(mark.as_str())) {
                wrong.push(format!("{}:{}: `{mark}`", file.path, at + 1));
            }
        }
    }
}

fn file_length(files: &[File], wrong: &mut Vec<String>) {
    for file in files.iter().filter(|f| f.is_rust()) {
        let n_lines = file.code_lines().count();
        let excused = file.text.lines().take_while(|l| l.starts_with("//!")).any(|l| l.starts_with("//! Long because"));
        if n_lines > MAX_LINES && !excused {
            wrong.push(format!("{}: {n_lines} lines; split it, or say why in `//! Long because …`", file.path));
        }
    }
}

fn unsafe_code(files: &[File], wrong: &mut Vec<String>) {
    for (name, _) in manifests(files) {
        let may = MAY_BE_UNSAFE.iter().any(|(allowed, _)| *allowed == name);
        let prefix = format!("crates/{name}/src/");
        for top in files
            .iter()
            .filter(|f| f.path.strip_prefix(&prefix).is_some_and(|rest| rest == "lib.rs" || rest == "main.rs"))
        {
            // A crate root of a line or two is a place kept for its owner.
            let grown = top.text.lines().count() > 5;
            if !may && grown && !top.text.contains("#![forbid(unsafe_code)]") {
                wrong.push(format!("{}: lacks #![forbid(unsafe_code)]", top.path));
            }
        }
    }
    for file in files.iter().filter(|f| f.is_rust()) {
        let lines: Vec<&str> = file.text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let mut in_block = false;
            let code = without_comments(line, &mut in_block);
            if !code.contains(&["unsafe ", "{"].concat()) && !code.contains(&["unsafe ", "impl"].concat()) {
                continue;
            }
            let told = lines[at.saturating_sub(4)..=at].iter().any(|l| l.contains("SAFETY:"));
            if !told {
                wrong.push(format!("{}:{}: an unsafe block without `// SAFETY:`", file.path, at + 1));
            }
        }
    }
}

fn machine_paths(files: &[File], wrong: &mut Vec<String>) {
    let paths = [["/wo", "rk/"], ["/ho", "me/"], ["/ro", "ot/"]].map(|halves| halves.concat());
    for file in files {
        for (at, line) in file.text.lines().enumerate() {
            if let Some(path) = paths.iter().find(|path| line.contains(path.as_str())) {
                wrong.push(format!("{}:{}: `{path}`", file.path, at + 1));
            }
        }
    }
}

fn dependencies(files: &[File], wrong: &mut Vec<String>) {
    let page = files.iter().find(|f| f.path == "docs/dependencies.md").map_or("", |f| f.text.as_str());
    let ours: Vec<&str> = manifests(files).map(|(name, _)| name).collect();
    for (_, file) in manifests(files) {
        for edge in manifest_edges(&file.text).into_values().flatten() {
            if !ours.contains(&edge.as_str()) && !page.contains(&format!("`{edge}`")) {
                wrong.push(format!("{}: `{edge}` is not in docs/dependencies.md", file.path));
            }
        }
    }
}

fn architecture_page(files: &[File], wrong: &mut Vec<String>) {
    let Some(page) = files.iter().find(|f| f.path == "ARCHITECTURE.md") else {
        wrong.push("ARCHITECTURE.md is missing".to_owned());
        return;
    };
    for (name, _) in manifests(files) {
        if !page.text.contains(&format!("`{name}`")) {
            wrong.push(format!("ARCHITECTURE.md: does not say what `{name}` is for"));
        }
    }
    // Every path that the page names exists.
    for (at, line) in page.text.lines().enumerate() {
        for path in line.split('`').skip(1).step_by(2) {
            let is_path = ["crates/", "docs/", "tests/", "bench/", ".ci/"].iter().any(|dir| path.starts_with(dir));
            let inside = format!("{}/", path.trim_end_matches('/'));
            let exists = || files.iter().any(|f| f.path == path || f.path.starts_with(&inside));
            if is_path && !path.contains(['*', ' ', '<', '…']) && !exists() {
                wrong.push(format!("ARCHITECTURE.md:{}: `{path}` does not exist", at + 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    fn complaints(rule: Rule, files: &[File]) -> Vec<String> {
        let mut wrong = Vec::new();
        rule(files, &mut wrong);
        wrong
    }

    #[test]
    fn an_edge_outside_the_table_is_found() {
        let link = "[package]\nname = \"link\"\n[dependencies]\nbase.workspace = true\nfmt-elf = { path = \"x\" }\n";
        let files = [
            file("crates/link/Cargo.toml", link),
            file("crates/base/Cargo.toml", ""),
            file(
                "crates/fmt-elf/Cargo.toml",
                "[dev-dependencies]\ntestkit.workspace = true\nfmt-elf.workspace = true\n",
            ),
            file("crates/testkit/Cargo.toml", "[dependencies.link]\npath = \"y\"\n"),
            file("crates/novel/Cargo.toml", ""),
        ];
        let wrong = complaints(crate_edges, &files);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        assert!(wrong[0].contains("link may not import fmt-elf"));
        assert!(wrong[1].contains("novel"));
    }

    #[test]
    fn a_plugin_word_is_found_in_code_and_not_in_comments_or_tests() {
        let bad = "//! x\nlet a = Elf64Sym; // x86\nlet b = \"aarch64\";\n/* coff\nwasm */ let s = self.shelf;\n";
        let wrong = complaints(plugin_names, &[file("crates/link/src/a.rs", bad)]);
        assert_eq!(wrong.len(), 2, "{wrong:?}");
        for path in ["crates/fmt-elf/src/a.rs", "crates/kit/src/plugins.rs", "crates/link/tests/a.rs"] {
            assert!(complaints(plugin_names, &[file(path, bad)]).is_empty());
        }
        assert!(complaints(plugin_names, &[file("crates/link/src/a.rs", "#[cfg(test)]\nlet elf = 1;\n")]).is_empty());
        assert_eq!(words("IMAGE_ELF64 x86_64 selfElf"), ["image", "elf64", "x86", "64", "self", "elf"]);
    }

    #[test]
    fn text_rules_find_what_they_forbid() {
        let rust = |text: &str| [file("crates/obj/src/a.rs", text)];
        assert_eq!(complaints(file_headers, &rust("use std;\n")).len(), 1);
        assert_eq!(complaints(unfinished, &rust(&["//! x\nto", "do!()\n"].concat())).len(), 1);
        assert_eq!(complaints(machine_paths, &rust(&["//! /wo", "rk/x\n"].concat())).len(), 1);
        let long = format!("//! x\n{}", "x\n".repeat(MAX_LINES));
        assert_eq!(complaints(file_length, &rust(&long)).len(), 1);
        assert!(complaints(file_length, &rust(&long.replace("//! x", "//! Long because it is a table"))).is_empty());
        let block = ["unsafe ", "{ x }\n"].concat();
        assert_eq!(complaints(unsafe_code, &rust(&block)).len(), 1);
        assert!(complaints(unsafe_code, &rust(&format!("// SAFETY: so.\n{block}"))).is_empty());
    }

    #[test]
    fn an_unlisted_dependency_is_found() {
        let files = [
            file("crates/obj/Cargo.toml", "[dependencies]\nserde = \"1\"\nlibc.workspace = true\n"),
            file("docs/dependencies.md", "| `libc` | system calls |"),
        ];
        let wrong = complaints(dependencies, &files);
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].contains("serde"));
    }
}
