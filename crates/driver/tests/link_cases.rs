//! Link cases: one file a case under `tests/cases/link`, linked by GNU ld and by kit, run, and compared.
//!
//! A case is a text of parts, each opened by a line `--- name`:
//! - `--- FILE.c` (or any other file name): a source, written into the case's directory.
//! - `--- link`: shell lines that make the outputs; every `gcc` or `g++` in them links with the linker at hand.
//! - `--- run`: shell lines whose output must be that of GNU ld's result.
//! - `--- expect`: and must be exactly this.
//! - `--- compare FILE…`: dynamic section, dynamic symbols, versions, segments and sections must agree. Words with `-`
//!   (`-sections`) leave a comparison out.
//! - `--- fails`: linking must fail under both linkers, and kit's message must contain each of these lines.
//!
//! What stands before the first part says what the case is about.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Default)]
struct Case {
    files: Vec<(String, String)>,
    link: String,
    run: String,
    expect: Option<String>,
    compare: Vec<String>,
    fails: Vec<String>,
}

fn parse(text: &str) -> Case {
    let mut case = Case::default();
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("--- ") {
            Some(name) => parts.push((name.trim().to_string(), String::new())),
            None => {
                if let Some((_, body)) = parts.last_mut() {
                    body.push_str(line);
                    body.push('\n');
                }
            }
        }
    }
    for (name, body) in parts {
        match name.split_once(' ').unwrap_or((&name, "")) {
            ("link", _) => case.link = body,
            ("run", _) => case.run = body,
            ("expect", _) => case.expect = Some(body),
            ("compare", words) => case.compare = words.split_whitespace().map(String::from).collect(),
            ("fails", _) => case.fails = body.lines().map(String::from).filter(|line| !line.is_empty()).collect(),
            _ => case.files.push((name, body)),
        }
    }
    case
}

/// A directory in which the linker under test is called `ld`, as compiler drivers look for it.
fn linker_dir(scratch: &Path) -> PathBuf {
    let dir = scratch.join("bin");
    let _ = std::fs::remove_dir_all(&dir);
    std::fs::create_dir_all(&dir).expect("a directory for the linker");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_kit"), dir.join("ld")).expect("a link to kit");
    dir
}

struct Done {
    linked: bool,
    messages: String,
    output: String,
}

fn shell(dir: &Path, script: &str, with: Option<&Path>) -> (bool, String, String) {
    let choose = match with {
        Some(path) => format!(
            "export LINKER_DIR=-B{0}/\ngcc() {{ command gcc -B{0}/ \"$@\"; }}\ng++() {{ command g++ -B{0}/ \"$@\"; }}\nld() {{ {0}/ld \"$@\"; }}\n",
            path.display()
        ),
        None => String::new(),
    };
    let text = format!("set -e\nexport LC_ALL=C LD_LIBRARY_PATH=.\n{choose}{script}");
    let done = Command::new("bash").arg("-c").arg(text).current_dir(dir).output().expect("bash runs");
    let out = String::from_utf8_lossy(&done.stdout).into_owned();
    (done.status.success(), out, String::from_utf8_lossy(&done.stderr).into_owned())
}

fn make(case: &Case, dir: &Path, with: Option<&Path>) -> Done {
    let _ = std::fs::remove_dir_all(dir);
    std::fs::create_dir_all(dir).expect("a directory for the case");
    for (name, body) in &case.files {
        std::fs::write(dir.join(name), body).expect("a source is written");
    }
    let (linked, _, messages) = shell(dir, &case.link, with);
    let output = if linked && !case.run.is_empty() {
        // The exit status belongs to the output.
        let (_, out, _) = shell(dir, &format!("set +e\n{}\necho \"status $?\"", case.run), None);
        out
    } else {
        String::new()
    };
    Done { linked, messages, output }
}

fn readelf(dir: &Path, flags: &[&str], file: &str) -> String {
    let done = Command::new("readelf").args(flags).arg("-W").arg(file).current_dir(dir).output().expect("readelf runs");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// What both linkers must agree on: the same facts in the same words, addresses left out.
fn facts(dir: &Path, file: &str, leave_out: &[&str]) -> BTreeMap<&'static str, Vec<String>> {
    let mut all = BTreeMap::new();
    let words = |line: &str| line.split_whitespace().map(String::from).collect::<Vec<_>>();
    let mut dynamic = Vec::new();
    for line in readelf(dir, &["-d"], file).lines().filter(|line| line.trim_start().starts_with("0x")) {
        let line = words(line)[1..].join(" ");
        let value = line.split_once(' ').map_or("", |(_, value)| value);
        // Addresses and sizes differ, names and flags do not.
        let numeric =
            value.starts_with("0x") || value.ends_with("(bytes)") || line.contains("COUNT") || line.contains("NUM");
        dynamic.push(if numeric { words(&line)[0].clone() } else { line });
    }
    dynamic.sort();
    all.insert("dynamic", dynamic);
    let mut symbols = Vec::new();
    for line in readelf(dir, &["--dyn-syms"], file).lines() {
        let w = words(line);
        if w.len() >= 8 && w[0].ends_with(':') && w[0] != "Num:" {
            let place = match w[6].as_str() {
                "UND" | "ABS" => w[6].as_str(),
                _ => "DEF",
            };
            symbols.push(format!("{} {} {} {place} {}", w[3], w[4], w[5], w[7]));
        }
    }
    symbols.sort();
    all.insert("symbols", symbols);
    let versions = readelf(dir, &["-V"], file);
    let mut versions: Vec<String> =
        versions.lines().filter_map(|line| line.find("Name: ").map(|at| words(&line[at + 6..])[0].clone())).collect();
    versions.sort();
    all.insert("versions", versions);
    let mut segments = Vec::new();
    for line in readelf(dir, &["-l"], file).lines() {
        let w = words(line);
        if w.len() >= 7 && w[1].starts_with("0x") && w[0].chars().all(|c| c.is_ascii_uppercase() || c == '_') {
            segments.push(format!("{} {}", w[0], w[6..w.len() - 1].join("")));
        }
    }
    all.insert("segments", segments);
    let sections = readelf(dir, &["-S"], file);
    let sections = sections.lines().filter_map(|line| {
        let (number, rest) = line.trim_start().strip_prefix('[')?.split_once(']')?;
        number.trim().parse::<u32>().ok()?;
        let w = words(rest);
        (w.len() > 6).then(|| format!("{} {}", w[0], w[1]))
    });
    // GNU ld keeps an empty procedure linkage table in places.
    all.insert("sections", sections.filter(|section| !section.starts_with(".plt ")).collect());
    all.retain(|name, _| !leave_out.iter().any(|out| out.strip_prefix('-') == Some(name)));
    all
}

fn difference(gnu: &[String], kit: &[String]) -> String {
    let mut out = String::new();
    for line in gnu.iter().filter(|line| !kit.contains(line)) {
        out += &format!("    only GNU ld: {line}\n");
    }
    for line in kit.iter().filter(|line| !gnu.contains(line)) {
        out += &format!("    only kit:    {line}\n");
    }
    if out.is_empty() {
        out = "    the same, in another order or number\n".into();
    }
    out
}

fn check(path: &Path, dir: &Path, linker: &Path) -> Result<(), String> {
    let case = parse(&std::fs::read_to_string(path).map_err(|e| e.to_string())?);
    let gnu = make(&case, &dir.join("gnu"), None);
    let kit = make(&case, &dir.join("kit"), Some(linker));
    if !case.fails.is_empty() {
        if gnu.linked || kit.linked {
            return Err(format!("links (GNU ld: {}, kit: {})", gnu.linked, kit.linked));
        }
        return match case.fails.iter().find(|line| !kit.messages.contains(*line)) {
            Some(line) => Err(format!("kit's message lacks `{line}`:\n{}", kit.messages)),
            None => Ok(()),
        };
    }
    if !gnu.linked {
        return Err(format!("GNU ld refuses:\n{}", gnu.messages));
    }
    if !kit.linked {
        return Err(format!("kit refuses:\n{}", kit.messages));
    }
    if gnu.output != kit.output {
        return Err(format!("output differs\n  GNU ld:\n{}\n  kit:\n{}", gnu.output, kit.output));
    }
    if let Some(expect) = &case.expect {
        let want = format!("{}status 0\n", if expect.trim().is_empty() { "" } else { expect });
        if kit.output != want {
            return Err(format!("expected\n{want}but got\n{}", kit.output));
        }
    }
    let leave_out: Vec<&str> = case.compare.iter().map(String::as_str).filter(|word| word.starts_with('-')).collect();
    let mut text = String::new();
    for file in case.compare.iter().filter(|word| !word.starts_with('-')) {
        let wanted = facts(&dir.join("gnu"), file, &leave_out);
        let made = facts(&dir.join("kit"), file, &leave_out);
        for (name, gnu) in &wanted {
            if *gnu != made[name] {
                text += &format!("  {file}: {name} differ\n{}", difference(gnu, &made[name]));
            }
        }
    }
    if text.is_empty() { Ok(()) } else { Err(text) }
}

#[test]
fn every_case_links_as_gnu_ld_does() {
    let tools = ["gcc", "g++", "ld", "readelf", "bash"];
    let missing: Vec<&str> =
        tools.into_iter().filter(|tool| Command::new(tool).arg("--version").output().is_err()).collect();
    if !missing.is_empty() {
        assert!(std::env::var_os("KIT_CI").is_none(), "missing tools: {missing:?}");
        eprintln!("skipped: link cases need {missing:?}");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/link");
    let scratch = std::env::temp_dir().join(format!("kit-link-cases-{}", std::process::id()));
    let linker = linker_dir(&scratch);
    let only = std::env::var("KIT_CASE").unwrap_or_default();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&root).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "case") && path.to_string_lossy().contains(&only));
    paths.sort();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut failures = Vec::new();
        while let Some(path) = paths.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            if let Err(text) = check(path, &scratch.join(&name), &linker) {
                failures.push(format!("{name}: {text}"));
            }
        }
        failures
    };
    let mut failures = std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let mut all = work();
        all.extend(other.join().expect("a worker ends"));
        all
    });
    failures.sort();
    if failures.is_empty() {
        let _ = std::fs::remove_dir_all(&scratch);
    }
    assert!(!paths.is_empty(), "there are cases");
    println!("figure: link cases {}", paths.len() - failures.len());
    assert!(failures.is_empty(), "{} of {} cases fail\n{}", failures.len(), paths.len(), failures.join("\n"));
}
