//! `cargo xtask gccs`: every assembly source that gcc and clang make of the C corpus, assembled by the tool under test and
//! by GNU as; the two objects must be equal in everything: sections and their bytes, relocations, symbols and their order,
//! line tables.
//!
//! One difference is counted apart, because it says how GNU as uses memory and not what the text says: code that it keeps in
//! blocks of 4 KB is cut where a block ends, and a row of the line table whose view begins anew behind such a cut gets its
//! address in full instead of the distance. The rows themselves must be equal, view by view, and everything else.
//!
//! Compiling takes ten times as long as assembling, so what the compilers and GNU as made is kept under
//! `target/judge-cache`, by the versions of all three.

use crate::compare::{self, Rules};
use crate::record::{self, Row};
use crate::sources::{self, Source};
use crate::tool::{self, Bench, Case, Difference, Report, Tool};
use crate::util;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// A compiler and the flags that it is given.
struct Variant {
    name: &'static str,
    compiler: &'static str,
    flags: &'static [&'static str],
    /// What the compiler itself gives to as beside `--64`.
    as_flags: &'static [&'static str],
}

const fn variant(
    name: &'static str,
    compiler: &'static str,
    flags: &'static [&'static str],
    as_flags: &'static [&'static str],
) -> Variant {
    Variant { name, compiler, flags, as_flags }
}

// What clang writes for its own assembler alone (`.addrsig`) it leaves out with -fno-integrated-as.
static VARIANTS: &[Variant] = &[
    variant("gcc-O0", "gcc", &["-O0"], &[]),
    variant("gcc-O2", "gcc", &["-O2"], &[]),
    variant("gcc-O0g", "gcc", &["-O0", "-g"], &["--gdwarf-5"]),
    variant("gcc-O2g", "gcc", &["-O2", "-g"], &["--gdwarf-5"]),
    variant("gcc-O2pic", "gcc", &["-O2", "-fPIC", "-ffunction-sections", "-fdata-sections"], &[]),
    variant("gcc-O3avx2", "gcc", &["-O3", "-march=haswell"], &[]),
    variant("clang-O0", "clang", &["-O0", "-fno-integrated-as"], &[]),
    variant("clang-O2", "clang", &["-O2", "-fno-integrated-as"], &[]),
    variant("clang-O0g", "clang", &["-O0", "-g", "-fno-integrated-as"], &[]),
    variant("clang-O2g", "clang", &["-O2", "-g", "-fno-integrated-as"], &[]),
    variant("clang-O2pic", "clang", &["-O2", "-fPIC", "-ffunction-sections", "-fno-integrated-as"], &[]),
];

/// One run of a compiler or an assembler may take this long; gcc needs half a minute for SQLite.
const SECONDS: u32 = 300;

pub fn run(args: &[String]) -> Result<bool, String> {
    let report = judge(args)?;
    if util::flag(args, "--record") {
        record_figures(&report)?;
    }
    report.print("gccs", args)
}

fn record_figures(report: &Report) -> Result<(), String> {
    let row = |name, value: u32, what: &str| Row {
        name,
        value: value.into(),
        what: what.to_owned(),
        made_by: "cargo xtask gccs --as 'kit as' --record".to_owned(),
    };
    record::record(&[
        row("gccs.equal", report.equal, "assembly sources of gcc and clang whose objects equal GNU as's"),
        row("gccs.different", report.different, "of them, different"),
    ])
}

/// Judges the sources that the arguments choose.
pub fn judge(args: &[String]) -> Result<Report, String> {
    let tested = Tool::option(args, "--as", None)?;
    let gnu = Tool::option(args, "--gnu", Some("as"))?;
    let filters = util::positional(args, &["--as", "--gnu", "--jobs", "--kinds", "--variants", "--only", "--sample"]);
    let variants: Vec<&Variant> = match util::option(args, "--variants") {
        Some(text) => VARIANTS.iter().filter(|v| text.split(',').any(|part| v.name.starts_with(part))).collect(),
        None => VARIANTS.iter().collect(),
    };
    if variants.is_empty() {
        let names: Vec<&str> = VARIANTS.iter().map(|variant| variant.name).collect();
        return Err(format!("--variants: which of {}", names.join(" ")));
    }
    let sources = sources::chosen(args, &filters)?;
    let cache = cache(&gnu)?;
    let bench = Bench::new("gccs")?;
    let cases = sources.len() * variants.len();
    println!("{} sources, {} variants, by {} and by {}", sources.len(), variants.len(), tested.name(), gnu.name());
    let n_in_full = AtomicU32::new(0);
    let judged = tool::parallel(cases, tool::jobs(args)?, |worker, case| {
        let (source, variant) = (&sources[case / variants.len()], variants[case % variants.len()]);
        let name = format!("{} {}", source.name, variant.name);
        let judge = Judge { tested: &tested, gnu: &gnu, bench: &bench, cache: &cache, n_in_full: &n_in_full };
        (judge.one(&name, source, variant, worker).unwrap_or_else(|why| Case::Skipped(format!("judge: {why}"))), name)
    });
    let mut report = Report::default();
    for (case, name) in judged {
        report.add(&name, case);
    }
    bench.clean();
    println!(
        "figure: gccs addresses-in-full {} of the equal objects have the same rows with an address less in full",
        n_in_full.into_inner()
    );
    Ok(report)
}

/// The folder for what these versions of compilers and assembler make.
fn cache(gnu: &Tool) -> Result<PathBuf, String> {
    // `gcc (Debian 12.2.0-14) 12.2.0` is `12.2.0`: the last word with a digit.
    let version = |program: &str| -> Result<String, String> {
        let text = util::text_of("sh", &["-c", &format!("{program} --version | head -1")])?;
        let word = text.split_whitespace().rev().find(|word| word.contains(|c: char| c.is_ascii_digit()));
        Ok(word.unwrap_or("unknown").chars().filter(|c| c.is_ascii_alphanumeric() || *c == '.').collect())
    };
    let versions = format!("gcc{}-clang{}-as{}", version("gcc")?, version("clang")?, version(&gnu.name())?);
    let dir = util::target_dir().join("judge-cache/gccs").join(versions);
    fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    Ok(dir)
}

struct Judge<'a> {
    tested: &'a Tool,
    gnu: &'a Tool,
    bench: &'a Bench,
    cache: &'a Path,
    /// Objects that differ in nothing but where rows give their address in full.
    n_in_full: &'a AtomicU32,
}

impl Judge<'_> {
    fn one(&self, name: &str, source: &Source, variant: &Variant, worker: usize) -> Result<Case, String> {
        let work = self.bench.work(worker)?;
        let stem: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let [assembly, wanted, refused] = ["s", "o", "refused"].map(|end| self.cache.join(format!("{stem}.{end}")));
        if !wanted.is_file() {
            if let Ok(why) = fs::read_to_string(&refused) {
                return Ok(Case::Skipped(why));
            }
            if let Err(why) = self.make(source, variant, &work, &assembly, &wanted)? {
                sources::write_whole(&refused, why.as_bytes())?;
                return Ok(Case::Skipped(why));
            }
        }
        let got = work.join("got.o");
        let _ = fs::remove_file(&got);
        // Both assemble in one folder and by one name, which may reach the object.
        let input = Path::new(assembly.file_name().unwrap_or_default());
        let ran = self.tested.run(&as_args(variant, input, &got), self.cache, SECONDS)?;
        let differences = if ran.ok() {
            let equal = fs::read(&got).ok() == fs::read(&wanted).ok();
            if equal { Vec::new() } else { compare::objects(&wanted, &got, Rules { whole: true, applied: false }) }
        } else {
            vec![Difference::new(format!("refused: {}", pattern(&ran.complaint())), ran.complaint())]
        };
        if differences.is_empty() {
            return Ok(Case::Equal);
        }
        if differences.iter().all(|one| one.kind.contains(".debug_line")) && has_addresses_in_full(&wanted, &got)? {
            self.n_in_full.fetch_add(1, Ordering::Relaxed);
            return Ok(Case::Equal);
        }
        self.bench.keep(name, &[(&assembly, "s"), (&got, "o"), (&wanted, "gnu.o")], &differences);
        Ok(Case::Different(differences))
    }

    /// Compiles and assembles as wanted; the inner error is why that is not to be had.
    fn make(
        &self,
        source: &Source,
        variant: &Variant,
        work: &Path,
        assembly: &Path,
        wanted: &Path,
    ) -> Result<Result<(), String>, String> {
        let compiler = Tool::parse(variant.compiler)?;
        let (text, object) = (work.join("made.s"), work.join("made.o"));
        let mut args: Vec<String> = ["-w", "-S"].map(str::to_owned).to_vec();
        args.extend(variant.flags.iter().map(|flag| (*flag).to_owned()));
        args.extend(source.flags.iter().cloned());
        args.extend([source.path.display().to_string(), "-o".to_owned(), text.display().to_string()]);
        let ran = compiler.run(&args, work, SECONDS)?;
        if !ran.ok() {
            return Ok(Err(format!("{} refuses the source", variant.compiler)));
        }
        fs::copy(&text, assembly).map_err(|e| format!("{}: {e}", assembly.display()))?;
        let input = Path::new(assembly.file_name().unwrap_or_default());
        let ran = self.gnu.run(&as_args(variant, input, &object), self.cache, SECONDS)?;
        if !ran.ok() {
            return Ok(Err(format!("GNU as refuses what {} writes", variant.compiler)));
        }
        sources::write_whole(wanted, &fs::read(&object).map_err(|e| format!("{}: {e}", object.display()))?)?;
        Ok(Ok(()))
    }
}

fn as_args(variant: &Variant, input: &Path, output: &Path) -> Vec<String> {
    let mut args: Vec<String> = variant.as_flags.iter().map(|flag| (*flag).to_owned()).collect();
    args.extend(["--64".to_owned(), input.display().to_string(), "-o".to_owned(), output.display().to_string()]);
    args
}

/// The line tables of two objects have the same files and the same rows with the same views; only the first gives more of
/// their addresses in full.
fn has_addresses_in_full(wanted: &Path, got: &Path) -> Result<bool, String> {
    let text = |kind: &str, object: &Path| -> Result<String, String> {
        let args = [&format!("--dwarf={kind}"), &object.display().to_string()].map(String::clone);
        let output = util::output_of("objdump", &args)?;
        // The object's own name.
        let lines: Vec<String> = String::from_utf8_lossy(&output.stdout).lines().skip(3).map(str::to_owned).collect();
        Ok(lines.join("\n"))
    };
    let head = |raw: &str| -> String {
        let lines = raw.lines().take_while(|line| !line.contains("Line Number Statements"));
        lines.filter(|line| !line.contains("Length:")).collect::<Vec<_>>().join("\n")
    };
    let n_in_full = |raw: &str| raw.matches("Extended opcode 2: set Address").count();
    let (first, second) = (text("rawline", wanted)?, text("rawline", got)?);
    Ok(head(&first) == head(&second)
        && n_in_full(&first) > n_in_full(&second)
        && text("decodedline", wanted)? == text("decodedline", got)?)
}

/// A complaint without its place and its numbers, so that complaints can be grouped.
pub fn pattern(complaint: &str) -> String {
    let text = complaint.split_once("rror: ").map_or(complaint, |(_, text)| text);
    let mut grouped = String::new();
    for c in text.chars() {
        let c = if c.is_ascii_digit() { '0' } else { c };
        if c != '0' || !grouped.ends_with('0') {
            grouped.push(c);
        }
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_grouped_without_numbers() {
        assert_eq!(pattern("/tmp/x.s:12:3: error: no such directive ‘.foo12’"), "no such directive ‘.foo0’");
        assert_eq!(pattern("x.s:1: Error: bad 17"), "bad 0");
    }
}
