//! `cargo xtask l0`: the disassembler under test and GNU objdump over the same files, line by line and address by address.
//! Both run at once and are read as streams, so that five million instructions need no more memory than one.
//!
//! Lines are equal; or equal but for the `<symbol>` or the comment; or different in mnemonic or operands; or one side
//! could not decode. What the tool under test does not decode counts as a gap unless GNU's mnemonic belongs to a set that
//! kit does not cover (`outside.rs`).

use crate::outside;
use crate::record::{self, Row};
use crate::sources::{self, Source};
use crate::tool::{self, Bench, Groups, Tool};
use crate::util;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Stdio};

const SECONDS: u32 = 900;

/// What a comparison adds up to.
#[derive(Default)]
pub struct Counts {
    pub lines: u64,
    /// The whole line.
    pub equal: u64,
    /// Mnemonic and operands, but not the symbol or comment behind them.
    pub annotation: u64,
    pub different: u64,
    /// Decoded by GNU objdump only, in covered sets.
    pub undecoded: u64,
    /// Decoded by GNU objdump only, of sets that are not covered.
    pub outside: u64,
    /// Decoded by the tool under test only.
    pub guessed: u64,
    /// Lines of labels and headers that differ.
    pub labels: u64,
    groups: Groups,
    label_groups: Groups,
}

impl Counts {
    fn take(&mut self, other: Counts) {
        self.lines += other.lines;
        self.equal += other.equal;
        self.annotation += other.annotation;
        self.different += other.different;
        self.undecoded += other.undecoded;
        self.outside += other.outside;
        self.guessed += other.guessed;
        self.labels += other.labels;
        self.groups.take(other.groups);
        self.label_groups.take(other.label_groups);
    }

    /// Lines whose mnemonic and operands agree, of those that are in covered sets.
    pub fn percent(&self) -> f64 {
        100.0 * (self.equal + self.annotation) as f64 / (self.lines - self.outside).max(1) as f64
    }

    fn line(&self) -> String {
        format!(
            "{} lines: {} equal, {} in symbol or comment, {} different, {} undecoded, {} outside, {} guessed, {} labels; {:.4} %",
            self.lines,
            self.equal,
            self.annotation,
            self.different,
            self.undecoded,
            self.outside,
            self.guessed,
            self.labels,
            self.percent()
        )
    }
}

pub fn run(args: &[String]) -> Result<bool, String> {
    let total = judge(args)?;
    let most = tool::number(args, "--kinds", 60)?;
    total.label_groups.print("labels and headers", 6);
    total.groups.print("different", most);
    println!("figure: l0 lines {}", total.lines);
    println!("figure: l0 percent {:.4}", total.percent());
    println!("figure: l0 undecoded {}", total.undecoded);
    println!("total {}", total.line());
    if util::flag(args, "--record") {
        record_figures(args, &total)?;
    }
    Ok(total.lines > 0 && total.undecoded == 0 && total.percent() >= 99.9)
}

/// Compares the disassemblies of the files, or of the objects, that the arguments choose.
pub fn judge(args: &[String]) -> Result<Counts, String> {
    let tested = Tool::option(args, "--objdump", None)?;
    let gnu = Tool::option(args, "--gnu", Some("objdump"))?;
    let with_value = ["--objdump", "--gnu", "--jobs", "--kinds", "--cc", "--only", "--sample", "--syntax"];
    let names = util::positional(args, &with_value);
    let syntaxes: &[&str] = match util::option(args, "--syntax").unwrap_or("both") {
        "att" => &[""],
        "intel" => &["intel"],
        _ => &["", "intel"],
    };
    let jobs = tool::jobs(args)?;
    let bench = Bench::new("l0")?;
    let mut total = Counts::default();
    let mut inputs: Vec<(String, PathBuf)> = Vec::new();
    match util::option(args, "--cc") {
        Some(cc) => {
            let cc = Tool::parse(cc)?;
            let sources = sources::chosen(args, &names)?;
            let judged = tool::parallel(sources.len() * 2, jobs, |worker, case| {
                let level = ["-O0", "-O2"][case % 2];
                object(&cc, &sources[case / 2], level, &bench, worker, |path| {
                    let mut counts = Counts::default();
                    for syntax in syntaxes {
                        let name = format!("{} {level}", sources[case / 2].name);
                        counts.take(compare(&tested, &gnu, path, syntax, &name)?);
                    }
                    Ok(counts)
                })
            });
            let mut refused = 0;
            for counts in judged {
                match counts? {
                    Some(counts) => total.take(counts),
                    None => refused += 1,
                }
            }
            println!(
                "{} objects of {} ({refused} sources refused): {}",
                sources.len() * 2 - refused,
                cc.name(),
                total.line()
            );
        }
        None if names.is_empty() => inputs = machine_files()?,
        None => inputs.extend(names.iter().map(|name| ((*name).to_owned(), PathBuf::from(name)))),
    }
    let cases = inputs.len() * syntaxes.len();
    let judged = tool::parallel(cases, jobs, |_, case| {
        let (name, path) = &inputs[case / syntaxes.len()];
        let path = std::fs::canonicalize(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let syntax = syntaxes[case % syntaxes.len()];
        compare(&tested, &gnu, &path, syntax, name).map(|counts| (format!("{name} {syntax}"), counts))
    });
    for result in judged {
        let (name, counts) = result?;
        println!("{name}: {}", counts.line());
        total.take(counts);
    }
    bench.clean();
    Ok(total)
}

fn record_figures(args: &[String], total: &Counts) -> Result<(), String> {
    let objects = util::option(args, "--cc").is_some();
    let names = if objects {
        ["l0.objects.lines", "l0.objects.percent", "l0.objects.undecoded"]
    } else {
        ["l0.machine.lines", "l0.machine.percent", "l0.machine.undecoded"]
    };
    let of = if objects { "objects of kit's corpus" } else { "libc, libcrypto, libstdc++, python, cc1" };
    let more = if objects { " --cc 'kit cc'" } else { "" };
    let row = |name, value: f64, what: String| Row {
        name,
        value,
        what,
        made_by: format!("cargo xtask l0 --objdump 'kit objdump'{more} --record"),
    };
    record::record(&[
        row(names[0], total.lines as f64, format!("instructions of {of}, AT&T and Intel syntax")),
        row(names[1], (total.percent() * 1e4).floor() / 1e4, "percent with GNU objdump's mnemonic and operands".into()),
        row(names[2], total.undecoded as f64, format!("not decoded in covered sets; {} beyond them", total.outside)),
    ])
}

/// The files of the machine that point 1 of the step names.
fn machine_files() -> Result<Vec<(String, PathBuf)>, String> {
    let mut list = Vec::new();
    for name in ["libc.so.6", "libcrypto.so.3", "libstdc++.so.6"] {
        list.push((name.to_owned(), PathBuf::from(util::text_of("gcc", &[format!("-print-file-name={name}")])?)));
    }
    list.push(("python3".to_owned(), PathBuf::from("/usr/bin/python3")));
    list.push(("cc1".to_owned(), PathBuf::from(util::text_of("gcc", &["-print-prog-name=cc1"])?)));
    for (name, path) in &mut list {
        if !path.is_absolute() || !path.is_file() {
            // libcrypto is not gcc's to find everywhere.
            let other = PathBuf::from(format!("/usr/lib/x86_64-linux-gnu/{name}"));
            if !other.is_file() {
                return Err(format!("{name} is not on this machine"));
            }
            *path = other;
        }
    }
    Ok(list)
}

/// Compiles a source and looks at the object; `None` when the compiler refuses it.
fn object<T>(
    cc: &Tool,
    source: &Source,
    level: &str,
    bench: &Bench,
    worker: usize,
    look: impl FnOnce(&Path) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let work = bench.work(worker)?;
    let out = work.join("made.o");
    let mut args = vec!["-w".to_owned(), "-c".to_owned(), level.to_owned()];
    args.extend(source.flags.iter().cloned());
    args.extend([source.path.display().to_string(), "-o".to_owned(), out.display().to_string()]);
    if cc.run(&args, &work, 120)?.ok() { look(&out).map(Some) } else { Ok(None) }
}

/// A disassembly that is read as it is made: one instruction at a time.
struct Stream {
    child: Child,
    lines: BufReader<ChildStdout>,
    line: Vec<u8>,
    /// Which section, counted from the first; and the address of the line at hand. `None` at the end.
    place: Option<(u32, u64)>,
    section: u32,
    /// Lines of no instruction since the last one.
    others: Vec<String>,
}

impl Stream {
    fn start(tool: &Tool, file: &Path, syntax: &str) -> Result<Stream, String> {
        let mut args = vec!["-d", "--no-show-raw-insn", "-w"];
        if !syntax.is_empty() {
            args.extend(["-M", syntax]);
        }
        let file = file.display().to_string();
        args.push(&file);
        let mut child = tool
            .command(&args, Path::new("/"), SECONDS)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("cannot start {}: {e}", tool.name()))?;
        let pipe = child.stdout.take().expect("standard output was asked for");
        let lines = BufReader::with_capacity(1 << 18, pipe);
        let mut stream = Stream { child, lines, line: Vec::new(), place: None, section: 0, others: Vec::new() };
        stream.next()?;
        Ok(stream)
    }

    /// Goes on to the next instruction.
    fn next(&mut self) -> Result<(), String> {
        self.others.clear();
        loop {
            self.line.clear();
            if self.lines.read_until(b'\n', &mut self.line).map_err(|e| e.to_string())? == 0 {
                self.place = None;
                return Ok(());
            }
            let end = self.line.trim_ascii_end().len();
            self.line.truncate(end);
            if let Some(address) = instruction_address(&self.line) {
                self.place = Some((self.section, address));
                return Ok(());
            }
            if self.line.starts_with(b"Disassembly of section") {
                self.section += 1;
            }
            // The head of the page names the file's format; llvm's differs in nothing but capitals.
            if !self.line.is_empty() && !self.line.windows(12).any(|w| w == b"file format ") && self.others.len() < 50 {
                self.others.push(String::from_utf8_lossy(&self.line).into_owned());
            }
        }
    }

    /// What stands behind the address.
    fn text(&self) -> &[u8] {
        let start = self.line.iter().position(|byte| *byte == b':').map_or(0, |at| at + 1);
        self.line[start..].trim_ascii_start()
    }

    fn finish(mut self, tool: &Tool, file: &Path) -> Result<(), String> {
        drop(self.lines);
        let status = self.child.wait().map_err(|e| e.to_string())?;
        if status.success() { Ok(()) } else { Err(format!("{} {}: {status}", tool.name(), file.display())) }
    }
}

/// The address of a line such as `  401000:\tpush   %rbp`.
fn instruction_address(line: &[u8]) -> Option<u64> {
    let rest = line.trim_ascii_start();
    if rest.len() == line.len() && !line.first()?.is_ascii_hexdigit() {
        return None;
    }
    let digits = rest.iter().position(|byte| *byte == b':')?;
    let after = *rest.get(digits + 1)?;
    if digits == 0 || digits > 16 || !(after == b'\t' || after == b' ') {
        return None;
    }
    let text = std::str::from_utf8(&rest[..digits]).ok()?;
    u64::from_str_radix(text, 16).ok()
}

/// Compares two disassemblies of one file.
fn compare(tested: &Tool, gnu: &Tool, file: &Path, syntax: &str, name: &str) -> Result<Counts, String> {
    let (mut theirs, mut ours) = (Stream::start(gnu, file, syntax)?, Stream::start(tested, file, syntax)?);
    let mut counts = Counts::default();
    // The instruction before, for the kind of a wrong length.
    let mut before = (String::new(), String::new());
    let mut in_step = true;
    while let Some(wanted) = theirs.place {
        match ours.place {
            Some(got) if got == wanted => {
                if in_step && theirs.others != ours.others {
                    label(&mut counts, &theirs.others, &ours.others, name);
                }
                counts.lines += 1;
                let (a, b) = (theirs.text(), ours.text());
                if a == b {
                    counts.equal += 1;
                } else {
                    differing(&mut counts, a, b, name, wanted.1);
                }
                before.0.clear();
                before.0.push_str(&String::from_utf8_lossy(theirs.text()));
                before.1.clear();
                before.1.push_str(&String::from_utf8_lossy(ours.text()));
                in_step = true;
                theirs.next()?;
                ours.next()?;
            }
            Some(got) if got < wanted => {
                if in_step {
                    length(&mut counts, &before, name, got.1);
                }
                in_step = false;
                ours.next()?;
            }
            other => {
                if in_step {
                    length(&mut counts, &before, name, wanted.1);
                }
                counts.lines += 1;
                // Behind an instruction that is not covered nothing can agree for a while.
                if outside::instruction(&before.0).is_some() && undecoded(before.1.as_bytes()) && other.is_some() {
                    counts.outside += 1;
                } else {
                    counts.different += 1;
                }
                in_step = false;
                theirs.next()?;
            }
        }
    }
    while ours.place.is_some() {
        counts.guessed += 1;
        ours.next()?;
    }
    theirs.finish(gnu, file)?;
    if let Err(why) = ours.finish(tested, file) {
        counts.groups.add("failed", || why);
        counts.different += 1;
    }
    Ok(counts)
}

fn label(counts: &mut Counts, theirs: &[String], ours: &[String], name: &str) {
    counts.labels += 1;
    let at = theirs.iter().zip(ours).position(|(a, b)| a != b).unwrap_or(theirs.len().min(ours.len()));
    let line = |list: &[String]| list.get(at).cloned().unwrap_or_else(|| "nothing".to_owned());
    counts.label_groups.add("label or header", || format!("{name}: {:?}, not {:?}", line(ours), line(theirs)));
}

/// The lengths of two instructions differ: told by the line at which that showed.
fn length(counts: &mut Counts, before: &(String, String), name: &str, address: u64) {
    if undecoded(before.1.as_bytes()) || undecoded(before.0.as_bytes()) {
        return;
    }
    let kind = format!("{} | {} | length", mnemonic(&before.0), mnemonic(&before.1));
    counts.groups.add(&kind, || format!("{name} before {address:x}: {}, not {}", before.1, before.0));
}

fn differing(counts: &mut Counts, theirs: &[u8], ours: &[u8], name: &str, address: u64) {
    let (a, b) = (String::from_utf8_lossy(theirs), String::from_utf8_lossy(ours));
    let what = match (undecoded(theirs), undecoded(ours)) {
        (false, true) => match outside::instruction(&a) {
            Some(set) => {
                counts.outside += 1;
                counts.groups.add(&format!("outside: {set}"), || format!("{name} {address:x}: {a}"));
                return;
            }
            None => {
                counts.undecoded += 1;
                "undecoded"
            }
        },
        (true, false) => {
            counts.guessed += 1;
            counts.different += 1;
            "GNU does not decode it"
        }
        _ if squeezed(bare(&a)) == squeezed(bare(&b)) => {
            counts.annotation += 1;
            if bare(&a) == bare(&b) { "symbol or comment" } else { "spacing" }
        }
        _ => {
            counts.different += 1;
            if mnemonic(&a) == mnemonic(&b) { "operands" } else { "mnemonic" }
        }
    };
    let kind = match what {
        // These have nothing to do with the instruction.
        "symbol or comment" | "spacing" => what.to_owned(),
        _ => format!("{} | {} | {what}", mnemonic(&a), mnemonic(&b)),
    };
    counts.groups.add(&kind, || format!("{name} {address:x}: {b:?}, not {a:?}"));
}

/// Whether a line says that bytes are no instruction.
fn undecoded(text: &[u8]) -> bool {
    text.starts_with(b".byte") || text.starts_with(b"<unknown>") || text.windows(5).any(|window| window == b"(bad)")
}

/// A line without the symbol and the comment behind its operands.
fn bare(text: &str) -> &str {
    let text = text.split(" # ").next().unwrap_or(text).trim_end();
    match text.split_once(" <") {
        Some((head, _)) => head.trim_end(),
        None => text,
    }
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The mnemonic with the prefixes before it.
fn mnemonic(text: &str) -> String {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        words.push(word);
        if !outside::is_prefix(word) {
            break;
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_instructions_are_known() {
        assert_eq!(instruction_address(b"  401000:\tpush   %rbp"), Some(0x40_1000));
        assert_eq!(instruction_address(b"ffffffff81000000:\tnop"), Some(0xffff_ffff_8100_0000));
        assert_eq!(instruction_address(b"0000000000401000 <main>:"), None);
        assert_eq!(instruction_address(b"Disassembly of section .text:"), None);
        assert_eq!(instruction_address(b"\t..."), None);
    }

    #[test]
    fn differences_are_told_apart() {
        let mut counts = Counts::default();
        let mut see = |a: &str, b: &str| differing(&mut counts, a.as_bytes(), b.as_bytes(), "f", 1);
        see("call   1000 <f>", "call   1000 <g>");
        see("lea    0x1(%rip),%rax        # 10 <f>", "lea    0x1(%rip),%rax");
        see("mov    %eax,%ebx", "mov    %ebx,%eax");
        see("lock xadd %eax,(%rbx)", "(bad)");
        see("push2 %rax,%rbx", "(bad)");
        see("(bad)", "nop");
        let got = (counts.annotation, counts.different, counts.undecoded, counts.outside, counts.guessed);
        assert_eq!(got, (2, 2, 1, 1, 1));
    }

    #[test]
    fn mnemonics_have_their_prefixes() {
        assert_eq!(mnemonic("rep stos %al,%es:(%rdi)"), "rep stos");
        assert_eq!(mnemonic("rex.WRXB lock xadd %eax,(%rbx)"), "rex.WRXB lock xadd");
    }
}
