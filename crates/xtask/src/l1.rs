//! `cargo xtask l1`: the two ways of one compiler to an object, `cc -c` and `cc -S` with an assembler, over the C corpus.
//!
//! Both objects must have the same bytes in allocated sections, the same relocations and symbols by meaning, and the same
//! line tables and frames when decoded. The same assembly through GNU as must come to the same, too, except that GNU as
//! resolves relocations between places of one section that kit keeps: those count as equal when their result is.

use crate::compare::{self, Rules};
use crate::elf::Elf;
use crate::gccs::pattern;
use crate::record::{self, Row};
use crate::sources::{self, Source};
use crate::tool::{self, Bench, Case, Difference, Report, Tool};
use crate::util;
use std::fs;
use std::path::Path;

/// Flags with which every source is compiled, each a case.
static VARIANTS: &[(&str, &[&str])] = &[
    ("-O0", &["-O0"]),
    ("-O0 -g", &["-O0", "-g"]),
    ("-O2", &["-O2"]),
    ("-O2 -g -fPIC", &["-O2", "-g", "-fPIC", "-ffunction-sections", "-fdata-sections"]),
];

/// GNU as takes a minute and a half for a hundred thousand symbols (limits-externalid.c).
const SECONDS: u32 = 300;

pub fn run(args: &[String]) -> Result<bool, String> {
    let (report, by_gnu) = judge(args)?;
    let mut ok = true;
    if util::option(args, "--gas") != Some("none") {
        println!("the same assembly by GNU as:");
        ok = by_gnu.print("l1-gas", args)?;
        println!("by the assembler under test:");
    }
    ok &= report.print("l1", args)?;
    if util::flag(args, "--record") {
        record_figures(&report, &by_gnu)?;
    }
    Ok(ok)
}

/// Judges the sources that the arguments choose: what the assembler under test makes, and what GNU as makes of the same.
pub fn judge(args: &[String]) -> Result<(Report, Report), String> {
    let with_value = ["--cc", "--as", "--gas", "--jobs", "--kinds", "--only", "--sample", "--variants"];
    let filters = util::positional(args, &with_value);
    let cc = Tool::option(args, "--cc", None)?;
    let tested = Tool::option(args, "--as", None)?;
    let gnu = match util::option(args, "--gas") {
        Some("none") => None,
        Some(text) => Some(Tool::parse(text)?),
        None => Some(Tool::parse("as")?),
    };
    let count = tool::number(args, "--variants", VARIANTS.len())?.clamp(1, VARIANTS.len());
    let sources = sources::chosen(args, &filters)?;
    let variants = &VARIANTS[..count];
    let bench = Bench::new("l1")?;
    println!("{} sources, {count} variants, by {} and {}", sources.len(), cc.name(), tested.name());
    let judged = tool::parallel(sources.len() * count, tool::jobs(args)?, |worker, case| {
        let (source, (name, flags)) = (&sources[case / count], variants[case % count]);
        let name = format!("{} {name}", source.name);
        let judge = Judge { cc: &cc, tested: &tested, gnu: gnu.as_ref(), bench: &bench };
        let results = judge.one(&name, source, flags, worker);
        (results.unwrap_or_else(|why| [skipped(&why), skipped(&why)]), name)
    });
    let (mut report, mut by_gnu) = (Report::default(), Report::default());
    for ([ours, theirs], name) in judged {
        report.add(&name, ours);
        by_gnu.add(&name, theirs);
    }
    bench.clean();
    Ok((report, by_gnu))
}

fn skipped(why: &str) -> Case {
    Case::Skipped(format!("judge: {why}"))
}

fn record_figures(report: &Report, by_gnu: &Report) -> Result<(), String> {
    let row = |name, value: u32, what: &str| Row {
        name,
        value: value.into(),
        what: what.to_owned(),
        made_by: "cargo xtask l1 --cc 'kit cc' --as 'kit as' --record".to_owned(),
    };
    record::record(&[
        row("l1.equal", report.equal, "sources and variants: `cc -c` equals `cc -S` by kit as"),
        row("l1.different", report.different, "of them, different"),
        row("l1.gas-equal", by_gnu.equal, "the same assembly by GNU as, kept relocations applied"),
        row("l1.gas-different", by_gnu.different, "of them, different"),
    ])
}

struct Judge<'a> {
    cc: &'a Tool,
    tested: &'a Tool,
    gnu: Option<&'a Tool>,
    bench: &'a Bench,
}

impl Judge<'_> {
    /// The verdicts on the assembler under test and on GNU as.
    fn one(&self, name: &str, source: &Source, flags: &[&str], worker: usize) -> Result<[Case; 2], String> {
        let work = self.bench.work(worker)?;
        let both = |case: fn() -> Case| [case(), case()];
        let compile = |how: &str, out: &str| {
            let mut args: Vec<String> = ["-w", how].map(str::to_owned).to_vec();
            args.extend(flags.iter().map(|flag| (*flag).to_owned()));
            args.extend(source.flags.iter().cloned());
            args.extend([source.path.display().to_string(), "-o".to_owned(), out.to_owned()]);
            self.cc.run(&args, &work, SECONDS)
        };
        for file in ["direct.o", "round.s", "round.o", "gnu.o"] {
            let _ = fs::remove_file(work.join(file));
        }
        if !compile("-c", "direct.o")?.ok() {
            return Ok(both(|| Case::Skipped("the compiler refuses the source".to_owned())));
        }
        let ran = compile("-S", "round.s")?;
        if !ran.ok() {
            let why = Difference::new(format!("-S refused: {}", pattern(&ran.complaint())), ran.complaint());
            return Ok([Case::Different(vec![why]), Case::Skipped("no assembly".to_owned())]);
        }
        let ours = self.assembled(name, self.tested, "round.o", false, &work)?;
        let theirs = match self.gnu {
            Some(gnu) => self.assembled(&format!("{name} gnu"), gnu, "gnu.o", true, &work)?,
            None => Case::Skipped("not asked".to_owned()),
        };
        Ok([ours, theirs])
    }

    fn assembled(&self, name: &str, tool: &Tool, object: &str, applied: bool, work: &Path) -> Result<Case, String> {
        let ran = tool.run(&["--64", "round.s", "-o", object], work, SECONDS)?;
        let (direct, round) = (work.join("direct.o"), work.join(object));
        let mut differences = if ran.ok() {
            compare::objects(&direct, &round, Rules { whole: false, applied })
        } else {
            vec![Difference::new(format!("refused: {}", pattern(&ran.complaint())), ran.complaint())]
        };
        if ran.ok() {
            differences.extend(decoded(&direct, &round)?);
        }
        if differences.is_empty() {
            return Ok(Case::Equal);
        }
        let files = [(work.join("round.s"), "s"), (direct, "direct.o"), (round, "o")];
        let files: Vec<(&Path, &str)> = files.iter().map(|(path, end)| (path.as_path(), *end)).collect();
        self.bench.keep(name, &files, &differences);
        Ok(Case::Different(differences))
    }
}

/// What binutils decode of line tables and frames, where the sections' bytes differ.
fn decoded(a: &Path, b: &Path) -> Result<Vec<Difference>, String> {
    let mut found = Vec::new();
    // What cannot be read is told by the comparison of objects.
    let (Ok(first), Ok(second)) = (Elf::read_file(a), Elf::read_file(b)) else { return Ok(found) };
    for (section, line) in [
        (".debug_line", "exec timeout 60 objdump --dwarf=decodedline \"$1\" | tail -n +3"),
        (".eh_frame", "exec timeout 60 readelf -wF \"$1\""),
        (".debug_info", "exec timeout 60 readelf -wi \"$1\""),
    ] {
        if compare::same_section(&first, &second, section) {
            continue;
        }
        let text = |object: &Path| -> Result<String, String> {
            let object = object.display().to_string();
            let output = util::output_of("sh", &["-c", line, "sh", &object])?;
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let (first, second) = (text(a)?, text(b)?);
        if let Some((wanted, got)) = different_line(section, &first, &second) {
            found.push(Difference::new(format!("decoded {section}"), format!("{got:?}, not {wanted:?}")));
        }
    }
    Ok(found)
}

/// The first lines that differ; offsets of strings in their tables and of entries are no part of what is said.
fn different_line(section: &str, first: &str, second: &str) -> Option<(String, String)> {
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().map(|line| normal(section, line));
        lines.filter(|line| !line.trim().is_empty()).collect()
    };
    let (a, b) = (lines(first), lines(second));
    let at = a.iter().zip(&b).position(|(a, b)| a != b);
    let at = at.or_else(|| (a.len() != b.len()).then_some(a.len().min(b.len())))?;
    let line = |list: &[String]| list.get(at).cloned().unwrap_or_else(|| "the end".to_owned());
    Some((line(&a), line(&b)))
}

fn normal(section: &str, line: &str) -> String {
    if section == ".debug_line" {
        // What is decoded is which line each address has. Where sequences end is how a table is cut: as has no directive for it.
        let cells: Vec<&str> = line.split_whitespace().collect();
        let is_row = cells.iter().any(|cell| cell.starts_with("0x") || cell.bytes().all(|b| b.is_ascii_digit()));
        return if is_row && !cells.contains(&"-") { cells.join(" ") } else { String::new() };
    }
    if section != ".debug_info" {
        return line.trim_end().to_owned();
    }
    // `(indirect string, offset: 0x12): int` says `int`.
    match (line.find("(indirect"), line.find("): ")) {
        (Some(from), Some(to)) if from < to => format!("{}{}", &line[..from], &line[to + 3..]),
        _ => line.trim_end().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_of_strings_are_not_compared() {
        let a = "    <c>   DW_AT_producer    : (indirect string, offset: 0x14): kit\n";
        let b = "    <c>   DW_AT_producer    : (indirect string, offset: 0x80): kit\n";
        assert_eq!(different_line(".debug_info", a, b), None);
        assert!(different_line(".debug_info", a, "    <c>   DW_AT_producer    : kat\n").is_some());
        let rows = "a.c:\nFile name  Line number  Starting address\na.c  1  0  x\na.c  -  0x9\na.c  2  0x10  x\n";
        assert_eq!(different_line(".debug_line", rows, "a.c  1  0 x\na.c  2  0x10  x\na.c  -  0x12\n"), None);
        assert!(different_line(".debug_line", rows, "a.c  1  0 x\na.c  3  0x10  x\n").is_some());
        assert!(different_line(".eh_frame", "a\nb\n", "a\n").is_some());
    }
}
