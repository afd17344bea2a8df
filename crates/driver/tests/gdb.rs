//! gdb transcripts: one C file a case under `tests/cases/gdb`, compiled with `kit cc -g` and with `gcc -O0 -g`, each run
//! under gdb. Both transcripts must be the one that the case expects, so that a user cannot tell the compilers apart.
//!
//! A case begins with a comment that says what it is about. Lines `// flags: …` add compiler flags, `// no -g` leaves
//! debug information out. It ends with the transcript, in a comment that opens with a line `/* gdb`: each line
//! `> command` is given to gdb, and what follows it up to the next command is its answer. Addresses, process ids, kinds of
//! watchpoints and frames of the system's libraries are made neutral first: see [`neutral`].
//!
//! `KIT_CASE=word` runs the cases whose name contains the word. `KIT_BLESS=1` writes what gdb says of gcc's program into
//! the cases: an answer is never written by hand, and never taken from kit.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What opens a transcript, and what closes it.
const OPENING: &str = "\n/* gdb\n";
const CLOSING: &str = "*/\n";

/// What a gdb says that cannot set registers, as Debian 12's cannot on processors with AMX: it knows less state than they have.
/// Every call of the program's functions fails then, whoever compiled them.
const CANNOT_SET: &str = "Couldn't write extended state status";

/// Settings that make gdb's answers those of any terminal, machine and user.
const SETTINGS: [&str; 7] = [
    // Separate debug information of the C library is not on every machine.
    "set debug-file-directory /nonexistent",
    "set width 0",
    "set height 0",
    "set confirm off",
    "set breakpoint pending off",
    "set style enabled off",
    "set debuginfod enabled off",
];

struct Case {
    /// File name in the directory of the cases: what the compilers are given.
    file: String,
    flags: Vec<String>,
    /// The C program, up to [`OPENING`].
    program: String,
    transcript: String,
}

impl Case {
    fn read(path: &Path) -> Result<Case, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let (program, rest) = text.split_once(OPENING).ok_or("no transcript")?;
        let transcript = rest.strip_suffix(CLOSING).ok_or("the transcript does not end the file")?;
        let mut flags: Vec<String> = vec!["-O0".into(), "-g".into()];
        for line in program.lines() {
            if let Some(more) = line.strip_prefix("// flags: ") {
                flags.extend(more.split_whitespace().map(String::from));
            }
            if line.starts_with("// no -g") {
                flags.retain(|flag| flag != "-g");
            }
        }
        let file = path.file_name().ok_or("no name")?.to_string_lossy().into_owned();
        Ok(Case { file, flags, program: program.into(), transcript: transcript.into() })
    }

    fn commands(&self) -> impl Iterator<Item = &str> {
        self.transcript.lines().filter_map(|line| line.strip_prefix("> "))
    }
}

/// Compiles a case and gives back what gdb says, or why there is nothing to say.
fn transcript(case: &Case, compiler: &mut Command, cases: &Path, made: &Path) -> Result<String, String> {
    let program = made.join("program");
    let done = compiler.args(&case.flags).arg(&case.file).arg("-o").arg(&program).current_dir(cases).output();
    let done = done.map_err(|error| error.to_string())?;
    if !done.status.success() {
        return Err(format!("does not compile\n{}", String::from_utf8_lossy(&done.stderr)));
    }
    // One file for both streams keeps errors where they belong.
    let said = made.join("said");
    let stream = std::fs::File::create(&said).map_err(|error| error.to_string())?;
    let errors = stream.try_clone().map_err(|error| error.to_string())?;
    let mut gdb = Command::new("timeout");
    gdb.args(["120", "gdb", "-nx", "-batch"]).env("LC_ALL", "C").env("HOME", made).env_remove("DEBUGINFOD_URLS");
    for setting in SETTINGS {
        gdb.args(["-iex", setting]);
    }
    for command in case.commands() {
        // A command is one argument, so that an error does not end the session.
        gdb.args(["-ex", &format!("echo > {}\\n", command.replace('\\', "\\\\")), "-ex", command]);
    }
    gdb.arg(&program).current_dir(cases).stdin(std::process::Stdio::null()).stdout(stream).stderr(errors);
    gdb.status().map_err(|error| error.to_string())?;
    let said = std::fs::read(&said).map_err(|error| error.to_string())?;
    Ok(neutral(&String::from_utf8_lossy(&said)))
}

/// What gdb says of processes and threads, in an order and with numbers that are not the program's.
const NOISE: [&str; 6] = [
    "[Thread debugging using",
    "Using host libthread_db",
    "warning: ",
    "[New Thread",
    "[Switching to Thread",
    "[Thread ADDR",
];

/// Kinds of watchpoints, which depend on the machine, and what would end the comment around a transcript.
const REPLACED: [(&str, &str); 3] = [("Hardware watchpoint", "Watchpoint"), ("/*", "/ *"), ("*/", "* /")];

/// A transcript without what changes from run to run and from machine to machine.
fn neutral(said: &str) -> String {
    let mut out = String::new();
    // Behind frames of a library, whose number is not ours, frames are not numbered.
    let (mut in_library, mut seen_library) = (false, false);
    let mut in_place = false;
    for line in said.lines() {
        let line = without_addresses(line.trim_end());
        if NOISE.iter().any(|noise| line.starts_with(noise)) {
            continue;
        }
        let line = REPLACED.iter().fold(line, |line, (from, to)| line.replace(from, to));
        // Where a variable is, is the compiler's choice. It may take several lines to say.
        let (symbol, rest) = line.split_once(" is ").unwrap_or_default();
        if symbol.starts_with("Symbol ") && (rest.starts_with("a ") || rest.starts_with("multi-")) {
            let _ = write!(out, "{symbol} is somewhere");
            in_place = true;
        }
        if in_place {
            let Some((_, length)) = line.rsplit_once(", length ") else { continue };
            let _ = writeln!(out, ", length {length}");
            in_place = false;
            continue;
        }
        // Whether a call's return address begins a row of the line table depends on how fine the rows are.
        let line = line.strip_prefix("ADDR in ").unwrap_or(&line).replace("#0  ADDR in ", "#0  ");
        let frame = line.strip_prefix('#').map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
        let is_library = line.contains(" from /");
        if is_library && in_library && frame.is_some() {
            continue;
        }
        in_library = is_library;
        seen_library |= is_library;
        match frame {
            Some(_) if is_library => out.push_str("#_ (library)"),
            None if is_library => out.push_str("(library)"),
            Some(frame) if seen_library => {
                out.push_str("#_");
                out.push_str(frame);
            }
            _ => out.push_str(&line),
        }
        out.push('\n');
    }
    out
}

/// Puts words in the place of addresses, offsets in code and process ids.
fn without_addresses(line: &str) -> String {
    // Of values only those as long as an address are taken for one.
    let shortest = if line.starts_with('$') { 10 } else { 4 };
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        out.push_str(before);
        let hex = number.strip_prefix("0x").map(|digits| digits.len() - digits.trim_start_matches(is_hex).len());
        let len = match hex {
            Some(n) if n >= shortest => {
                out.push_str("ADDR");
                n + 2
            }
            Some(n) => {
                out.push_str(&number[..n + 2]);
                n + 2
            }
            None => {
                let n = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
                let text = match before {
                    _ if before.ends_with("(process ") || before.ends_with("(LWP ") => "PID",
                    _ if before.ends_with('+') && number[n..].starts_with('>') => "N",
                    _ => &number[..n],
                };
                out.push_str(text);
                n
            }
        };
        rest = &number[len..];
    }
    out.push_str(rest);
    out
}

fn is_hex(c: char) -> bool {
    c.is_ascii_hexdigit()
}

/// The first lines in which two transcripts differ, with the command they answer.
fn difference(wanted: &str, got: &str) -> String {
    let (wanted, got): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), got.lines().collect());
    let same = wanted.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let command = wanted[..same].iter().rposition(|line| line.starts_with("> ")).unwrap_or(0);
    let mut out = String::new();
    for line in &wanted[command..same] {
        let _ = writeln!(out, "      {line}");
    }
    for (mark, lines) in [('-', &wanted), ('+', &got)] {
        for line in lines[same.min(lines.len())..].iter().take(8) {
            let _ = writeln!(out, "    {mark} {line}");
        }
    }
    out
}

/// Which transcript both programs have.
enum Judged {
    AsExpected,
    /// What gdb can say on this machine of gcc's program: see [`CANNOT_SET`].
    AsHere,
    /// The expected one as far as gdb could go: gcc has in memory what kit has in a register that gdb cannot set.
    InPart,
}

fn check(path: &Path, scratch: &Path) -> Result<Judged, String> {
    let mut case = Case::read(path)?;
    let cases = path.parent().ok_or("no directory")?;
    let made = |name: &str| {
        let dir = scratch.join(name);
        std::fs::create_dir_all(&dir).map(|()| dir).map_err(|error| error.to_string())
    };
    let gnu = transcript(&case, &mut Command::new("gcc"), cases, &made("gnu")?);
    let gnu = gnu.map_err(|error| format!("gcc: {error}"))?;
    let as_here = gnu != case.transcript && gnu.contains(CANNOT_SET);
    if as_here {
        case.transcript = gnu.clone();
    }
    if std::env::var_os("KIT_BLESS").is_some() && gnu != case.transcript {
        let text = format!("{}{OPENING}{gnu}{CLOSING}", case.program);
        std::fs::write(path, text).map_err(|error| error.to_string())?;
        case.transcript = gnu.clone();
    }
    if gnu != case.transcript {
        return Err(format!("gcc's program is not as expected\n{}", difference(&case.transcript, &gnu)));
    }
    let mut kit = Command::new(env!("CARGO_BIN_EXE_kit"));
    let kit = transcript(&case, kit.arg("cc"), cases, &made("kit")?).map_err(|error| format!("kit: {error}"))?;
    if let Some((told, _)) = kit.split_once(CANNOT_SET)
        && !as_here
        && case.transcript.starts_with(told)
    {
        return Ok(Judged::InPart);
    }
    if kit != case.transcript {
        return Err(format!("kit's program is not as expected\n{}", difference(&case.transcript, &kit)));
    }
    Ok(if as_here { Judged::AsHere } else { Judged::AsExpected })
}

#[test]
fn gdb_says_of_kits_programs_what_it_says_of_gccs() {
    let tools = ["gcc", "gdb", "timeout"];
    let missing: Vec<&str> =
        tools.into_iter().filter(|tool| Command::new(tool).arg("--version").output().is_err()).collect();
    if !missing.is_empty() {
        assert!(std::env::var_os("KIT_CI").is_none(), "missing tools: {missing:?}");
        eprintln!("skipped: gdb transcripts need {missing:?}");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/gdb");
    let scratch = std::env::temp_dir().join(format!("kit-gdb-{}", std::process::id()));
    let only = std::env::var("KIT_CASE").unwrap_or_default();
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&root).expect("the cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "c") && path.to_string_lossy().contains(&only));
    paths.sort();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let [n_as_here, n_in_part] = [0, 0].map(std::sync::atomic::AtomicUsize::new);
    let work = || {
        let mut failures = Vec::new();
        while let Some(path) = paths.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            match check(path, &scratch.join(&name)) {
                Ok(Judged::AsExpected) => {}
                Ok(Judged::AsHere) => _ = n_as_here.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
                Ok(Judged::InPart) => _ = n_in_part.fetch_add(1, std::sync::atomic::Ordering::Relaxed),
                Err(text) => failures.push(format!("{name}: {text}")),
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
    let _ = std::fs::remove_dir_all(&scratch);
    assert!(!paths.is_empty(), "there are cases");
    let (n_as_here, n_in_part) = (n_as_here.into_inner(), n_in_part.into_inner());
    if n_as_here + n_in_part != 0 {
        println!(
            "gdb cannot set registers on this processor: {n_as_here} cases by what it says of gcc's program, {n_in_part} in part"
        );
    }
    println!("figure: transcripts {}", paths.len() - failures.len() - n_in_part);
    assert!(failures.is_empty(), "{} of {} cases fail\n{}", failures.len(), paths.len(), failures.join("\n"));
}
