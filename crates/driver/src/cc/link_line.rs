//! The link step of `kit cc`: the words that gcc would give to its linker, then the linker, in this process.

use super::args::{CcArgs, Item, Language};
use crate::host::{Failure, Shell};
use crate::toolchain::Toolchain;
use crate::tools::ld;
use base::io::FileBytes;
use kit::linker::{Input, InputWhat};
use std::collections::HashMap;
use std::path::PathBuf;

/// An object made in this run: the source it came from (its place on the command line) and its bytes.
pub struct MadeObject {
    pub source: String,
    pub name: String,
    pub content: MadeContent,
}

/// Where an object is.
pub enum MadeContent {
    Memory(FileBytes),
    /// Kept from an earlier build, or for the next one.
    File(PathBuf),
}

/// What kind of program the words ask for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Exec,
    Pie,
    Static,
    StaticPie,
    Shared,
    Relocatable,
}

/// Links the made objects and everything else on the command line.
pub fn link(shell: &Shell, args: &CcArgs, toolchain: &Toolchain, objects: Vec<MadeObject>) -> Result<i32, Failure> {
    let made = by_source(objects);
    let words = words(args, toolchain, &made)?;
    if args.verbose || args.dry_run {
        // Build systems look for a line that starts with a linker's path.
        let program = std::env::current_exe().map(|me| me.with_file_name("ld.kit").display().to_string());
        let quoted: Vec<String> =
            words.iter().filter(|word| *word != RUNTIME).map(|w| quote(w, args.dry_run)).collect();
        shell.say(&format!(" {} {}\n", program.unwrap_or_else(|_| "ld.kit".into()), quoted.join(" ")));
    }
    if args.dry_run {
        return Ok(0);
    }
    if words.iter().any(|word| QUESTIONS.contains(&word.as_str())) {
        return ld::main(shell, words);
    }
    let mut parsed = parsed(shell, args, toolchain, &words, made, None)?;
    parsed.helpers = helpers(args, toolchain);
    if parsed.show_version {
        shell.print(format!("{}\n", ld::version_line()).as_bytes())?;
    }
    ld::link(shell, parsed)
}

/// Finds what other compilers' objects may call without naming it.
pub fn helpers(args: &CcArgs, toolchain: &Toolchain) -> Option<ld::FindHelpers> {
    if args.link.no_default_libs || args.link.is_static {
        return None;
    }
    let toolchain = toolchain.clone();
    Some(Box::new(move || toolchain.find_file("libgcc.a")))
}

/// The same as a request: for links into memory. `extra` is one more object.
pub fn request(
    shell: &Shell,
    args: &CcArgs,
    toolchain: &Toolchain,
    objects: Vec<MadeObject>,
    extra: Option<Input>,
) -> Result<ld::LdArgs, Failure> {
    let made = by_source(objects);
    let words = words(args, toolchain, &made)?;
    parsed(shell, args, toolchain, &words, made, extra)
}

fn by_source(objects: Vec<MadeObject>) -> HashMap<String, MadeObject> {
    objects.into_iter().map(|object| (object.source.clone(), object)).collect()
}

fn parsed(
    shell: &Shell,
    args: &CcArgs,
    toolchain: &Toolchain,
    words: &[String],
    made: HashMap<String, MadeObject>,
    extra: Option<Input>,
) -> Result<ld::LdArgs, Failure> {
    let mut parsed = ld::parse(shell, words)?;
    for input in &mut parsed.inputs {
        take_made(input, &made, toolchain);
    }
    // In front, too: what watches for faults must be near its data, whatever the size of the program's.
    parsed.inputs.splice(0..0, extra);
    add_runtime(args, &mut parsed.inputs, toolchain)?;
    Ok(parsed)
}

/// Replaces the path that stands for an object made in this run by its bytes, and the one for the runtime library.
fn take_made(input: &mut Input, made: &HashMap<String, MadeObject>, toolchain: &Toolchain) {
    let InputWhat::Path(path) = &input.what else { return };
    if path.to_str() == Some(RUNTIME) {
        *input = kit::runtime::library(toolchain.target);
        return;
    }
    let Some(source) = path.to_str().and_then(|p| p.strip_prefix(MADE)) else { return };
    if let Some(object) = made.get(source) {
        input.what = match &object.content {
            MadeContent::Memory(bytes) => InputWhat::Bytes { name: object.name.clone(), bytes: bytes.clone() },
            MadeContent::File(path) => InputWhat::Path(path.clone()),
        };
    }
}

/// What asks the linker something, with or without anything to link (`-Wl,--version`).
pub const QUESTIONS: &[&str] = &["--version", "--help"];

/// Marks the words that stand for objects in memory; no path starts so.
const MADE: &str = "\u{1}made:";

/// Stands for kit's runtime library.
const RUNTIME: &str = "\u{1}runtime";

fn kind(args: &CcArgs) -> Kind {
    let link = &args.link;
    match (link.relocatable, link.shared, link.is_static, link.pie) {
        (true, ..) => Kind::Relocatable,
        (_, true, ..) => Kind::Shared,
        (_, _, true, Some(true)) => Kind::StaticPie,
        (_, _, true, _) => Kind::Static,
        (_, _, _, Some(false)) => Kind::Exec,
        _ => Kind::Pie,
    }
}

fn words(args: &CcArgs, toolchain: &Toolchain, made: &HashMap<String, MadeObject>) -> Result<Vec<String>, Failure> {
    let kind = kind(args);
    let mut out: Vec<String> = Vec::new();
    let mut push = |word: &str| out.push(word.to_string());
    if !args.sysroot.as_os_str().is_empty() {
        push(&format!("--sysroot={}", args.sysroot.display()));
    }
    push("--build-id");
    push("--eh-frame-hdr");
    push("-m");
    push(toolchain.target.emulation);
    push("--hash-style=gnu");
    match kind {
        Kind::Relocatable => push("-r"),
        Kind::Shared => push("-shared"),
        Kind::Static => push("-static"),
        Kind::StaticPie => {
            for word in ["-static", "-pie", "--no-dynamic-linker", "-z", "text"] {
                push(word);
            }
        }
        Kind::Exec | Kind::Pie => {
            push("-dynamic-linker");
            push(toolchain.target.loader);
            if kind == Kind::Pie {
                push("-pie");
            }
        }
    }
    push("-o");
    push(args.output.as_deref().unwrap_or("a.out"));
    let start_files = !args.link.no_start_files && kind != Kind::Relocatable;
    if start_files {
        let first = match kind {
            Kind::Exec | Kind::Static => Some("crt1.o"),
            Kind::Pie => Some("Scrt1.o"),
            Kind::StaticPie => Some("rcrt1.o"),
            Kind::Shared | Kind::Relocatable => None,
        };
        for name in first.into_iter().chain(["crti.o"]) {
            push(&toolchain.start_file(name).map_err(Failure::new)?.display().to_string());
        }
    }
    for dir in &args.tool_dirs {
        push(&format!("-L{}", dir.display()));
    }
    // `-L` of the user counts for the libraries in front of it, too.
    for item in &args.items {
        if let Item::Linker(word) = item
            && word.starts_with("-L")
        {
            push(word);
        }
    }
    for dir in &toolchain.lib_dirs {
        push(&format!("-L{}", dir.display()));
    }
    let elsewhere = |item: &Item| matches!(item, Item::Library(name) if !toolchain.has_library(name));
    if (args.link.is_static || args.items.iter().any(elsewhere))
        && let Some(dir) = toolchain.gcc_dir()
    {
        push(&format!("-L{}", dir.display()));
    }
    for item in &args.items {
        match item {
            Item::Source(path, Language::Object) => push(path),
            Item::Source(path, _) if args.dry_run && !made.contains_key(path) => push(&object_name(path)),
            Item::Source(path, _) => push(&format!("{MADE}{path}")),
            Item::Library(name) => push(&format!("-l{name}")),
            Item::Linker(word) if word.starts_with("-L") => {}
            Item::Linker(word) => push(word),
        }
    }
    if !args.link.no_default_libs && kind != Kind::Relocatable {
        default_libraries(args, toolchain, kind, &mut push)?;
    } else if kind != Kind::Relocatable {
        push(RUNTIME);
    }
    if start_files {
        push(&toolchain.start_file("crtn.o").map_err(Failure::new)?.display().to_string());
    }
    Ok(out)
}

/// `-lc` and what it needs, and kit's runtime library. A dynamic program takes the unwinder's shared library when something asks for it, and then
/// by its run-time name, which is there without a compiler; a static one needs gcc's unwinder archive.
fn default_libraries(
    args: &CcArgs,
    toolchain: &Toolchain,
    kind: Kind,
    push: &mut dyn FnMut(&str),
) -> Result<(), Failure> {
    if args.c.pthread {
        push("-lpthread");
    }
    if matches!(kind, Kind::Static | Kind::StaticPie) {
        let archive = |name: &str| toolchain.find_file(name).map(|path| path.display().to_string());
        let found = (archive("libgcc.a"), archive("libgcc_eh.a"));
        if toolchain.target.unwinder.static_required && (found.0.is_none() || found.1.is_none()) {
            return Err(Failure::new(format!(
                "a static program needs libgcc.a and libgcc_eh.a, which are not on this machine: install {}",
                toolchain.target.unwinder_package
            )));
        }
        push("--start-group");
        push(RUNTIME);
        found.0.iter().chain(&found.1).for_each(|path| push(path));
        push("-lc");
        push("--end-group");
        return Ok(());
    }
    push("-lc");
    push(RUNTIME);
    if let Some(path) = toolchain.target.unwinder.shared.and_then(|name| toolchain.find_file(name)) {
        for word in ["--push-state", "--as-needed", &path.display().to_string(), "--pop-state"] {
            push(word);
        }
    }
    Ok(())
}

/// What gcc's start files bring and kit's runtime brings instead. It stands in front as `crtbegin.o` does: a static C
/// library has its own `__dso_handle` for those who bring none, and what it finalizes comes after all destructors.
fn add_runtime(args: &CcArgs, inputs: &mut Vec<Input>, toolchain: &Toolchain) -> Result<(), Failure> {
    if args.link.relocatable || args.link.no_start_files {
        return Ok(());
    }
    let shared = kind(args) == Kind::Shared;
    let bytes = kit::runtime::start_object(toolchain.target, shared).map_err(Failure::new)?;
    let name = String::from("kit's runtime");
    inputs.insert(0, Input::new(InputWhat::Bytes { name, bytes }));
    Ok(())
}

/// `dir/x.c` becomes `x.o`, in the current directory.
pub fn object_name(source: &str) -> String {
    named_after(source, "o")
}

/// The same for text of assembly.
pub fn assembly_name(source: &str) -> String {
    named_after(source, "s")
}

fn named_after(source: &str, suffix: &str) -> String {
    let name = source.rsplit('/').next().unwrap_or(source);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let path: PathBuf = format!("{stem}.{suffix}").into();
    path.display().to_string()
}

/// gcc quotes every word of `-###`, and those with special characters of `-v`.
fn quote(word: &str, always: bool) -> String {
    let word = word.strip_prefix(MADE).map_or_else(|| word.to_string(), object_name);
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "-_./=+:,@%".contains(c));
    if plain && !always { word } else { format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")) }
}
