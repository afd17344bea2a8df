//! `cargo xtask mc`: LLVM's tests of x86 encodings. Their `CHECK` comments say what bytes each instruction is; the
//! instructions of a file are assembled at once, each behind a label, and cut out of the object by these labels.
//!
//! Where LLVM's bytes differ GNU as is asked, too: of two encodings of one instruction kit takes GNU's. Bytes that a
//! fixup fills are not compared, nor branches whose length is the linker's or the assembler's choice.

use crate::elf::{Elf, Place};
use crate::gccs::pattern;
use crate::outside;
use crate::tool::{self, Bench, Case, Difference, Groups, Report, Tool};
use crate::{corpora, util};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const SECONDS: u32 = 60;

pub fn run(args: &[String]) -> Result<bool, String> {
    judge(args)?.print("mc", args)
}

/// Judges the instructions and prints what is beside the counts.
pub fn judge(args: &[String]) -> Result<Report, String> {
    let tested = Tool::option(args, "--as", None)?;
    let gnu = Tool::option(args, "--gnu", Some("as"))?;
    let filters = util::positional(args, &["--as", "--gnu", "--jobs", "--kinds"]);
    let root = corpora::fetch(&corpora::default_dir(), "llvm-mc")?.join("llvm/test/MC/X86");
    let mut files = Vec::new();
    source_files(&root, &root, &mut files)?;
    files.retain(|(name, _)| filters.is_empty() || filters.iter().any(|filter| name.contains(filter)));
    let bench = Bench::new("mc")?;
    let judged = tool::parallel(files.len(), tool::jobs(args)?, |worker, at| {
        let (name, path) = &files[at];
        let text = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        let Some(source) = Source::read(&String::from_utf8_lossy(&text)) else { return Ok(None) };
        judge_file(name, source, &tested, &gnu, &bench, worker).map(Some)
    });
    let (mut report, mut outside_sets, mut as_gnu) = (Report::default(), Groups::default(), 0);
    let mut n_files = 0;
    for result in judged {
        let Some(file) = result? else { continue };
        n_files += 1;
        outside_sets.take(file.outside);
        as_gnu += file.as_gnu;
        for (name, case) in file.cases {
            report.add(&name, case);
        }
    }
    bench.clean();
    outside_sets.print(&format!("outside, {} instructions", outside_sets.total()), 30);
    println!("{n_files} files; {as_gnu} instructions are not LLVM's bytes but GNU as's, and count as equal");
    Ok(report)
}

/// The sources below a folder, by their names there.
fn source_files(root: &Path, dir: &Path, found: &mut Vec<(String, PathBuf)>) -> Result<(), String> {
    let list = fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut paths: Vec<PathBuf> = list.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            source_files(root, &path, found)?;
        } else if path.extension().is_some_and(|end| end == "s") {
            let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
            found.push((name, path));
        }
    }
    Ok(())
}

/// A byte of an encoding; `None` is filled by a fixup.
type Encoding = Vec<Option<u8>>;

/// A line for the assembler, and what it must come to if it is an instruction that is checked.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Line {
    number: usize,
    text: String,
    encoding: Option<Encoding>,
}

struct Source {
    intel: bool,
    lines: Vec<Line>,
}

impl Source {
    /// The instructions of a file that LLVM runs for 64-bit mode and whose encodings it checks.
    fn read(text: &str) -> Option<Source> {
        let joined = text.replace("\\\n", " ");
        let run = joined.lines().find_map(|line| {
            let run = line.split_once("RUN:")?.1;
            let wanted = run.contains("x86_64") && run.contains("show-encoding") && !run.contains("not --crash");
            (wanted && !run.contains("gnux32")).then(|| run.to_owned())
        })?;
        let intel = run.contains("-x86-asm-syntax=intel");
        let prefixes: Vec<&str> = run
            .split_whitespace()
            .filter_map(|word| word.trim_start_matches('-').strip_prefix("check-prefix"))
            .flat_map(|rest| rest.trim_start_matches("es").trim_start_matches('=').split(','))
            .collect();
        let prefixes = if prefixes.is_empty() { vec!["CHECK"] } else { prefixes };
        // Comments stand before their instructions or behind them; the order that makes more pairs is the file's.
        let ways = [false, true].map(|before| lines(text, &prefixes, before));
        let pairs = |lines: &[Line]| lines.iter().filter(|line| line.encoding.is_some()).count();
        let [behind, before] = ways;
        Some(Source { intel, lines: if pairs(&before) > pairs(&behind) { before } else { behind } })
    }
}

/// Instructions and the checks beside them: a run of comments and the run of instructions behind it, or `before` it, belong
/// together when there are as many of one as of the other.
fn lines(text: &str, prefixes: &[&str], before: bool) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let (mut checks, mut block): (Vec<Checked>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut is_64 = true;
    let mut was_check = false;
    for (number, line) in text.lines().enumerate() {
        if let Some(check) = Check::read(line, prefixes) {
            if !was_check && !before {
                pair(&mut lines, &mut checks, &mut block);
            }
            was_check = true;
            check.add_to(&mut checks);
            continue;
        }
        let code = line.split("//").next().unwrap_or_default();
        let code = if code.trim_start().starts_with('#') { "" } else { code }.trim();
        if code.is_empty() {
            continue;
        }
        if code.starts_with(".code") {
            pair(&mut lines, &mut checks, &mut block);
            is_64 = code == ".code64";
        }
        if was_check && before {
            pair(&mut lines, &mut checks, &mut block);
        }
        was_check = false;
        let is_setting =
            code.contains(" = ") || [".set", ".equ", ".intel_", ".att_"].iter().any(|s| code.starts_with(s));
        let is_instruction = !code.starts_with('.') && !code.ends_with(':') && !is_setting;
        if is_instruction {
            block.push(lines.len());
        }
        if is_instruction || is_64 && is_setting {
            let text = if is_64 { code.to_owned() } else { String::new() };
            lines.push(Line { number: number + 1, text, encoding: None });
        }
    }
    pair(&mut lines, &mut checks, &mut block);
    lines.retain(|line| !line.text.is_empty());
    lines
}

/// The text of an instruction as LLVM prints it, and its bytes.
type Checked = (String, Option<Encoding>);

fn pair(lines: &mut [Line], checks: &mut Vec<Checked>, block: &mut Vec<usize>) {
    let encodings = checks.iter().filter(|(_, encoding)| encoding.is_some()).count();
    if checks.len() == block.len() || encodings == block.len() {
        let all = checks.len() == block.len();
        let chosen = checks.drain(..).filter(|(_, encoding)| all || encoding.is_some());
        for (at, (text, encoding)) in block.iter().zip(chosen) {
            // LLVM may print another name of an instruction, but hardly with another first letter.
            let first = |text: &str| text.trim_start().chars().next().map(|c| c.to_ascii_lowercase());
            if text.is_empty() || first(&text) == first(&lines[*at].text) {
                lines[*at].encoding = encoding;
            }
        }
    }
    checks.clear();
    block.clear();
}

/// What a `CHECK` comment is about.
enum Check {
    /// An instruction's text, and its encoding on the same line; an encoding that is an expression is none.
    Text(String, Option<Encoding>),
    /// The encoding of the instruction named before.
    Bytes(Option<Encoding>),
    Fixup,
}

impl Check {
    fn read(line: &str, prefixes: &[&str]) -> Option<Check> {
        let comment = line.trim_start();
        let comment = comment.strip_prefix("//").or_else(|| comment.strip_prefix('#'))?.trim_start();
        let rest = prefixes.iter().find_map(|prefix| {
            let rest = comment.strip_prefix(prefix)?;
            [":", "-NEXT:", "-SAME:"].iter().find_map(|end| rest.strip_prefix(end))
        })?;
        let Some((head, list)) = rest.split_once("encoding: [") else {
            return Some(if rest.trim_start().starts_with("fixup") {
                Check::Fixup
            } else {
                Check::Text(rest.to_owned(), None)
            });
        };
        let items = list.split(']').next().unwrap_or_default();
        let encoding = items.split(',').map(|item| byte(item.trim())).collect();
        let is_alone = head.trim_matches(['#', ' ', '\t']).is_empty();
        Some(if is_alone { Check::Bytes(encoding) } else { Check::Text(head.to_owned(), encoding) })
    }

    fn add_to(self, checks: &mut Vec<Checked>) {
        match self {
            Check::Text(text, encoding) => checks.push((text, encoding)),
            Check::Bytes(encoding) => match checks.last_mut() {
                Some((_, last @ None)) => *last = encoding,
                _ => checks.push((String::new(), encoding)),
            },
            Check::Fixup => {}
        }
    }
}

/// `0x0f` is a byte, `A` and `0x00'A'` are a fixup's.
fn byte(item: &str) -> Option<Option<u8>> {
    if item.contains('\'') || matches!(item, "A" | "B" | "C") {
        return Some(None);
    }
    u8::from_str_radix(item.strip_prefix("0x")?, 16).ok().map(Some)
}

struct File {
    cases: Vec<(String, Case)>,
    outside: Groups,
    as_gnu: u32,
}

/// What an assembler made of a line.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Made {
    Bytes(Vec<u8>),
    Refused(String),
}

fn judge_file(
    name: &str,
    source: Source,
    tested: &Tool,
    gnu: &Tool,
    bench: &Bench,
    worker: usize,
) -> Result<File, String> {
    let mut file = File { cases: Vec::new(), outside: Groups::default(), as_gnu: 0 };
    let (mut lines, mut skipped) = (Vec::new(), Vec::new());
    for line in source.lines {
        let Some(encoding) = &line.encoding else {
            // Only what others need is kept of what is not checked.
            if line.text.starts_with('.') || line.text.contains(" = ") {
                lines.push(line);
            }
            continue;
        };
        let set = outside::instruction(&line.text.to_lowercase());
        if let Some(set) = set.or_else(|| outside::case(&format!("mc/{name}")).map(|set| set.name)) {
            file.outside.add(set, || format!("{name}:{}: {}", line.number, line.text));
        } else if encoding.len() == 2 && encoding[1].is_none() {
            skipped.push((line, "a branch whose length is a choice"));
        } else {
            lines.push(line);
        }
    }
    let case_name = |line: &Line| format!("{name}:{}", line.number);
    file.cases.extend(skipped.into_iter().map(|(line, why)| (case_name(&line), Case::Skipped(why.to_owned()))));
    if lines.iter().all(|line| line.encoding.is_none()) {
        return Ok(file);
    }
    let work = bench.work(worker)?;
    let ours = assemble(&lines, source.intel, tested, &work)?;
    let as_wanted = |made: &Made, line: &Line| match (made, &line.encoding) {
        (Made::Bytes(bytes), Some(wanted)) => {
            bytes.len() == wanted.len() && bytes.iter().zip(wanted).all(|(b, w)| w.is_none_or(|w| w == *b))
        }
        _ => false,
    };
    let doubtful: Vec<usize> =
        (0..lines.len()).filter(|at| lines[*at].encoding.is_some() && !as_wanted(&ours[*at], &lines[*at])).collect();
    let asked: Vec<Line> = lines
        .iter()
        .enumerate()
        .filter(|(at, line)| line.encoding.is_none() || doubtful.binary_search(at).is_ok())
        .map(|(_, line)| line.clone())
        .collect();
    let theirs = if doubtful.is_empty() { Vec::new() } else { assemble(&asked, source.intel, gnu, &work)? };
    let mut theirs = asked.iter().zip(theirs).filter(|(line, _)| line.encoding.is_some()).map(|(_, made)| made);
    for (at, line) in lines.iter().enumerate() {
        let Some(wanted) = &line.encoding else { continue };
        if doubtful.binary_search(&at).is_err() {
            file.cases.push((case_name(line), Case::Equal));
            continue;
        }
        let of_gnu = theirs.next();
        let agrees = match (&ours[at], &of_gnu) {
            (Made::Refused(_), Some(Made::Refused(_))) => true,
            (ours, Some(theirs)) => ours == theirs,
            _ => false,
        };
        if agrees {
            file.as_gnu += 1;
            file.cases.push((case_name(line), Case::Equal));
            continue;
        }
        let mnemonic = line.text.split_whitespace().find(|word| !outside::is_prefix(word)).unwrap_or_default();
        let (kind, got) = match &ours[at] {
            Made::Refused(why) => (format!("refused: {}", pattern(&why.replace(mnemonic, "…"))), why.clone()),
            Made::Bytes(bytes) => (format!("bytes: {}", mnemonic.to_lowercase()), hex(bytes)),
        };
        let wanted: Vec<String> = wanted.iter().map(|b| b.map_or("..".to_owned(), |b| format!("{b:02x}"))).collect();
        let gnu = match &of_gnu {
            Some(Made::Bytes(bytes)) => hex(bytes),
            _ => "refuses it".to_owned(),
        };
        let detail = format!("{}: {got}, not {} (GNU as: {gnu})", line.text, wanted.join(" "));
        let differences = vec![Difference::new(kind, detail)];
        file.cases.push((case_name(line), Case::Different(differences)));
    }
    let differing = file.cases.iter().filter_map(|(_, case)| match case {
        Case::Different(differences) => differences.first().cloned(),
        _ => None,
    });
    let differing: Vec<Difference> = differing.collect();
    if !differing.is_empty() {
        bench.keep(name, &[(&work.join("batch.s"), "s")], &differing);
    }
    Ok(file)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

/// Assembles all lines in one run; lines that are refused are taken out and the rest tried again.
fn assemble(lines: &[Line], intel: bool, tool: &Tool, work: &Path) -> Result<Vec<Made>, String> {
    let mut made: Vec<Option<Made>> = vec![None; lines.len()];
    for _ in 0..6 {
        let left: Vec<usize> = (0..lines.len()).filter(|at| made[*at].is_none()).collect();
        match attempt(lines, &left, intel, tool, work)? {
            Ok(bytes) => {
                for (at, bytes) in left.iter().zip(bytes) {
                    made[*at] = Some(Made::Bytes(bytes));
                }
                return Ok(made.into_iter().flatten().collect());
            }
            Err((refused, why)) if refused.is_empty() => {
                bisect(lines, &left, &why, intel, tool, work, &mut made)?;
                break;
            }
            Err((refused, _)) => {
                for (at, why) in refused {
                    made[at] = Some(Made::Refused(why));
                }
            }
        }
    }
    Ok(made.into_iter().map(|made| made.unwrap_or_else(|| Made::Refused("never assembled".to_owned()))).collect())
}

/// Finds the lines that an assembler refuses without naming them.
fn bisect(
    lines: &[Line],
    which: &[usize],
    why: &str,
    intel: bool,
    tool: &Tool,
    work: &Path,
    made: &mut [Option<Made>],
) -> Result<(), String> {
    let (kept, judged): (Vec<usize>, Vec<usize>) = which.iter().partition(|at| lines[**at].encoding.is_none());
    if judged.len() <= 1 {
        for at in judged.iter().chain(&kept) {
            made[*at].get_or_insert_with(|| Made::Refused(why.to_owned()));
        }
        return Ok(());
    }
    for half in judged.chunks(judged.len().div_ceil(2)) {
        let mut part: Vec<usize> = kept.iter().chain(half).copied().collect();
        part.sort_unstable();
        match attempt(lines, &part, intel, tool, work)? {
            Ok(bytes) => {
                for (at, bytes) in part.iter().zip(bytes) {
                    made[*at] = Some(Made::Bytes(bytes));
                }
            }
            Err((refused, why)) => {
                let why = refused.first().map_or(why, |(_, why)| why.clone());
                bisect(lines, &part, &why, intel, tool, work, made)?;
            }
        }
    }
    Ok(())
}

/// Lines that were refused with the reason; and the first complaint of all.
type Refusal = (Vec<(usize, String)>, String);

/// One run over some lines: the bytes of each.
fn attempt(
    lines: &[Line],
    which: &[usize],
    intel: bool,
    tool: &Tool,
    work: &Path,
) -> Result<Result<Vec<Vec<u8>>, Refusal>, String> {
    let mut text = String::from(if intel { ".intel_syntax noprefix\n" } else { "\n" });
    let mut line_of = vec![0usize; 2];
    for at in which {
        text.push_str(&format!("judge_{at}:\n{}\n", lines[*at].text.replace('\n', " ")));
        line_of.extend([*at, *at]);
    }
    text.push_str("judge_end:\n");
    let (source, object) = (work.join("batch.s"), work.join("batch.o"));
    fs::write(&source, text).map_err(|e| format!("{}: {e}", source.display()))?;
    let _ = fs::remove_file(&object);
    let ran = tool.run(&["--64", "batch.s", "-o", "batch.o"], work, SECONDS)?;
    if !ran.ok() {
        let mut refused: Vec<(usize, String)> = Vec::new();
        let mut seen = BTreeSet::new();
        for line in ran.err.lines().filter(|line| line.contains("rror:")) {
            let mut parts = line.split(':').skip(1);
            let number = parts.next().and_then(|number| number.trim().parse::<usize>().ok());
            // The text's first line is a directive, each line then has its label before it.
            if let Some(at) = number.and_then(|number| line_of.get(number).copied())
                && seen.insert(at)
            {
                refused.push((at, line.split_once("rror:").map_or(line, |(_, why)| why).trim().to_owned()));
            }
        }
        return Ok(Err((refused, ran.complaint())));
    }
    let elf = match Elf::read_file(&object) {
        Ok(elf) => elf,
        Err(why) => return Ok(Err((Vec::new(), why))),
    };
    let mut starts = vec![None; which.len() + 1];
    for symbol in &elf.symbols {
        let Some(rest) = symbol.name.strip_prefix("judge_") else { continue };
        let at = match rest.parse::<usize>() {
            Ok(at) => which.binary_search(&at).ok(),
            Err(_) => Some(which.len()),
        };
        if let (Some(at), Place::Section(section)) = (at, symbol.place) {
            starts[at] = Some((section, symbol.value as usize));
        }
    }
    let cut = |at: usize| -> Vec<u8> {
        let (Some((section, from)), Some((_, to))) = (starts[at], starts[at + 1]) else { return Vec::new() };
        elf.sections.get(section).and_then(|section| section.bytes.get(from..to)).unwrap_or_default().to_vec()
    };
    Ok(Ok((0..which.len()).map(cut).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_belong_to_the_instructions_behind_them() {
        let text = "// RUN: llvm-mc -triple x86_64-unknown-unknown --show-encoding %s | FileCheck %s\n\
            // CHECK: nop\n// CHECK: encoding: [0x90]\nnop\n.code32\nret\n.code64\n\
            // CHECK: callq f\n// CHECK: encoding: [0xe8,A,A,A,A]\n  call f // c\n// CHECK: retq\nret\n";
        let source = Source::read(text).expect("is for 64 bit");
        let got: Vec<(&str, Option<usize>)> =
            source.lines.iter().map(|line| (line.text.as_str(), line.encoding.as_ref().map(Vec::len))).collect();
        assert_eq!(got, [("nop", Some(1)), ("call f", Some(5)), ("ret", None)]);
    }

    #[test]
    fn encodings_may_stand_behind() {
        let text = "nop\n// CHECK: nop # encoding: [0x90]\nret\n// CHECK: ret # encoding: [0xc3]\n";
        let got = lines(text, &["CHECK"], true);
        assert_eq!(got[1].encoding, Some(vec![Some(0xc3)]));
        assert_eq!(got[0].encoding, Some(vec![Some(0x90)]));
    }

    #[test]
    fn fixups_are_no_bytes() {
        let read = |line: &str| match Check::read(line, &["CHECK"]) {
            Some(Check::Text(_, encoding) | Check::Bytes(encoding)) => encoding,
            _ => None,
        };
        assert_eq!(read("// CHECK: encoding: [0x0f,0x00'A',A]"), Some(vec![Some(15), None, None]));
        assert_eq!(read("// X32: encoding: [0x0f]"), None);
        assert_eq!(read("# CHECK-NEXT: nop # encoding: [0x90]"), Some(vec![Some(0x90)]));
    }
}
