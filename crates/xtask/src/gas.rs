//! `cargo xtask gas`: binutils' own tests of its assembler, with any assembler and dump programs in place of binutils'.
//!
//! Which cases run for 64-bit Linux the suite's scripts say (`expect.rs`). A `.d` case assembles, dumps and holds the dump
//! against regular expressions line by line, exactly as the suite's `regexp_diff` does (`are.rs`). Of a case that expects
//! complaints the exit status and the lines with errors are judged, never the texts, and listings (`-a`) are not asked
//! for: those are GNU as's own words. Cases of sets that kit does not cover are counted apart (`outside.rs`).

use crate::are::Regex;
use crate::expect::{self, Call};
use crate::gccs::pattern;
use crate::outside;
use crate::tool::{self, Bench, Case, Difference, Groups, Report, Tool};
use crate::{corpora, util};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Folders of the suite with their scripts.
static FOLDERS: &[(&str, &str)] = &[
    ("i386", "i386.exp"),
    ("i386/ilp32", "ilp32.exp"),
    ("elf", "elf.exp"),
    ("macros", "macros.exp"),
    ("cfi", "cfi.exp"),
    ("all", "gas.exp"),
    ("symver", "symver.exp"),
];
/// One program may take this long.
const SECONDS: u32 = 60;
/// The dump programs that `.d` files name.
const DUMPERS: &[&str] = &["objdump", "readelf", "nm", "size", "addr2line"];

pub fn run(args: &[String]) -> Result<bool, String> {
    judge(args)?.print("gas", args)
}

/// Judges the cases and prints what is beside the counts.
pub fn judge(args: &[String]) -> Result<Report, String> {
    let mut tools = BTreeMap::new();
    tools.insert("as", Tool::option(args, "--as", None)?);
    for name in DUMPERS {
        tools.insert(*name, Tool::option(args, &format!("--{name}"), Some(name))?);
    }
    let mut with_value = vec!["--as".to_owned(), "--jobs".to_owned(), "--kinds".to_owned()];
    with_value.extend(DUMPERS.iter().map(|name| format!("--{name}")));
    let with_value: Vec<&str> = with_value.iter().map(String::as_str).collect();
    let filters = util::positional(args, &with_value);
    let suite = corpora::fetch(&corpora::default_dir(), "binutils")?.join("gas/testsuite/gas");
    let mut cases = Vec::new();
    for (folder, script) in FOLDERS {
        cases.extend(read_folder(&suite, folder, script)?);
    }
    cases.retain(|case| filters.is_empty() || filters.iter().any(|filter| case.matches(filter)));
    let mut outside_sets = Groups::default();
    cases.retain(|case| match case.outside() {
        Some(set) => {
            outside_sets.add(&format!("{}: {}", set.name, set.reason), || case.name());
            false
        }
        None => true,
    });
    let bench = Bench::new("gas")?;
    let judged = tool::parallel(cases.len(), tool::jobs(args)?, |worker, at| {
        let judge = Judge { tools: &tools, bench: &bench };
        judge.one(&cases[at], worker).unwrap_or_else(|why| Case::Skipped(format!("judge: {why}")))
    });
    let mut report = Report::default();
    let mut per_folder: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for (case, verdict) in cases.iter().zip(judged) {
        let count = per_folder.entry(case.folder).or_default();
        match &verdict {
            Case::Equal => count.0 += 1,
            Case::Different(_) => count.1 += 1,
            Case::Skipped(_) => {}
        }
        if util::flag(args, "--list")
            && let Case::Different(_) = &verdict
        {
            println!("FAIL {}", case.name());
        }
        report.add(&case.name(), verdict);
    }
    bench.clean();
    outside_sets.print(&format!("outside, {} cases", outside_sets.total()), 40);
    for (folder, (passed, failed)) in per_folder {
        println!("{folder:<8} {passed} of {} pass", passed + failed);
    }
    Ok(report)
}

/// One test of the suite.
struct Test {
    folder: &'static str,
    /// Where the folder is.
    dir: PathBuf,
    call: Call,
    /// Header and file of a `.d` case.
    dump: Option<Dump>,
}

/// What stands at the head of a `.d` file.
#[derive(Default, Clone)]
struct Dump {
    /// `#name: value` lines but `#as:`, the values of one name joined.
    options: BTreeMap<String, String>,
    /// Each `#as:` line is a run of its own.
    flags: Vec<String>,
}

fn read_folder(suite: &Path, folder: &'static str, script: &str) -> Result<Vec<Test>, String> {
    let dir = suite.join(folder);
    let path = dir.join(script);
    let text = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let calls = expect::calls(&String::from_utf8_lossy(&text), &dir.display().to_string())
        .map_err(|why| format!("{}: {why}", path.display()))?;
    let mut tests = Vec::new();
    for call in calls {
        let calls: Vec<Call> = match call.procedure.as_str() {
            "all" => files(&dir, |name| name.strip_suffix(".d"))?
                .into_iter()
                .map(|name| Call { procedure: "run_dump_test".to_owned(), args: vec![name], ..call.clone() })
                .collect(),
            // The sources that say in comments which of their lines are wrong.
            "dg-runtest" => files(&dir, |name| {
                (name.ends_with(".s") && (name.starts_with("err-") || name.starts_with("warn-"))).then_some(name)
            })?
            .into_iter()
            .map(|name| Call { args: vec![name], ..call.clone() })
            .collect(),
            _ => vec![call],
        };
        for call in calls {
            let is_dump = call.procedure == "run_dump_test";
            let dump = if is_dump { Some(Dump::read(&dir, &call)?) } else { None };
            tests.push(Test { folder, dir: dir.clone(), call, dump });
        }
    }
    Ok(tests)
}

/// Files of a folder in order, by what `choose` makes of their names.
fn files(dir: &Path, choose: impl Fn(&str) -> Option<&str>) -> Result<Vec<String>, String> {
    let list = fs::read_dir(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let names = list.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| choose(&name).map(str::to_owned)).collect();
    names.sort();
    Ok(names)
}

impl Dump {
    fn read(dir: &Path, call: &Call) -> Result<Dump, String> {
        let path = dir.join(format!("{}.d", call.args[0]));
        let text = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let text = String::from_utf8_lossy(&text);
        let mut dump = Dump::default();
        for line in text.lines().map(str::trim) {
            let Some(rest) = line.strip_prefix('#') else { break };
            let Some((name, value)) = rest.split_once(':') else { continue };
            let (name, value) = (name.trim(), value.trim());
            if name.bytes().any(|byte| !byte.is_ascii_alphanumeric() && byte != b'_') {
                continue;
            }
            let here = dir.display().to_string();
            let value = value.replace("${srcdir}/$subdir", &here).replace("$srcdir/$subdir", &here);
            if name == "as" {
                dump.flags.push(value);
            } else {
                let joined = dump.options.entry(name.to_owned()).or_default();
                *joined = format!("{joined} {value}").trim().to_owned();
            }
        }
        if dump.flags.is_empty() {
            dump.flags.push(String::new());
        }
        // The script may add options: `[list [list as "--defsym x=1"]]`.
        let added =
            call.args.get(1).and_then(|text| text.split_once("as \"")).and_then(|(_, rest)| rest.split_once('"'));
        if let Some((added, _)) = added {
            dump.flags.iter_mut().for_each(|flags| *flags = format!("{flags} {added}"));
        }
        Ok(dump)
    }

    fn option(&self, name: &str) -> Option<&str> {
        self.options.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    fn dumper(&self) -> Option<&'static str> {
        DUMPERS.iter().find(|name| self.options.contains_key(**name)).copied()
    }
}

impl Test {
    fn name(&self) -> String {
        format!("{}/{}", self.folder, self.call.args.first().map_or(self.call.procedure.as_str(), String::as_str))
    }

    fn matches(&self, filter: &str) -> bool {
        let name = self.name();
        if filter.contains('*') { outside::matches(filter, &name) } else { name.contains(filter) }
    }

    /// The set that is not covered to which the case belongs: by its flags, by its name, or by its source's.
    fn outside(&self) -> Option<&'static outside::Set> {
        let flags = match &self.dump {
            Some(dump) => dump.flags.join(" "),
            None => self.call.args.get(1).cloned().unwrap_or_default(),
        };
        let flags = format!("{} {flags}", self.call.asflags);
        if let Some(set) = flags.split_whitespace().find_map(outside::flag) {
            return Some(set);
        }
        let source = self.dump.as_ref().and_then(|dump| dump.option("source")).unwrap_or_default();
        outside::case(&self.name())
            .or_else(|| outside::case(&format!("{}/{}", self.folder, source.trim_end_matches(".s"))))
    }
}

/// A case's verdict: what differs, or why it was not judged.
enum Verdict {
    Pass,
    Fail(Difference),
    Skip(&'static str),
}

fn fail(kind: impl Into<String>, detail: impl Into<String>) -> Result<Verdict, String> {
    Ok(Verdict::Fail(Difference::new(kind, detail)))
}

struct Judge<'a> {
    tools: &'a BTreeMap<&'static str, Tool>,
    bench: &'a Bench,
}

/// What a program said, both streams as one.
struct Said {
    ok: bool,
    status: i32,
    text: String,
}

impl Judge<'_> {
    fn one(&self, test: &Test, worker: usize) -> Result<Case, String> {
        if test.call.xfail {
            return Ok(Case::Skipped("the suite expects it to fail here".to_owned()));
        }
        // Some dumps name the folder in which the suite runs.
        let work = self.bench.work(worker)?.join("gas/testsuite");
        let _ = fs::remove_dir_all(work.join("tmpdir"));
        fs::create_dir_all(work.join("tmpdir")).map_err(|e| format!("{}: {e}", work.display()))?;
        let args = &test.call.args;
        let arg = |at: usize| args.get(at).map_or("", String::as_str);
        let verdict = match (test.call.procedure.as_str(), &test.dump) {
            ("run_dump_test", Some(dump)) => self.dump(test, dump, &work)?,
            ("run_list_test" | "run_error_test", _) => self.list(test, &format!("{}.s", arg(0)), arg(1), &work)?,
            ("gas_test", _) => {
                let said = self.assemble(test, arg(0), arg(1), "tmpdir/a.o", &work)?;
                match said.ok {
                    true => Verdict::Pass,
                    false => Verdict::Fail(refused(&said)),
                }
            }
            // An output over its input is another judge's: a tool that gets it wrong would destroy the suite.
            ("gas_test_error", _) if arg(1).contains("-o ") => Verdict::Skip("names its output"),
            ("gas_test_error", _) => {
                let said = self.assemble(test, arg(0), arg(1), "tmpdir/a.o", &work)?;
                must_fail(&said)
            }
            ("dg-runtest", _) => self.marked(test, &work)?,
            ("run_elf_list_test", _) => self.elf_list(test, &work)?,
            _ => Verdict::Skip("about listings"),
        };
        Ok(match verdict {
            Verdict::Pass => Case::Equal,
            Verdict::Skip(why) => Case::Skipped(why.to_owned()),
            Verdict::Fail(difference) => {
                let source = test.dir.join(format!("{}.s", arg(0).trim_end_matches(".s")));
                let differences = vec![difference];
                let objects = [work.join("tmpdir/a.o"), work.join("tmpdir/dump.out")];
                let files = [(source.as_path(), "s"), (objects[0].as_path(), "o"), (objects[1].as_path(), "out")];
                self.bench.keep(&test.name(), &files, &differences);
                Case::Different(differences)
            }
        })
    }

    /// Runs a shell line of a tool: the suite quotes its flags for a shell.
    fn shell(&self, tool: &str, rest: &str, work: &Path) -> Result<Said, String> {
        let words: Vec<String> = self.tools[tool].words().iter().map(|word| format!("'{word}'")).collect();
        // Complaints stay apart from what `rest` writes into a file.
        let line = format!("exec 2>&1; {} {rest}", words.join(" "));
        let ran = Tool::parse("sh")?.run(&["-c", &line], work, SECONDS)?;
        let text = String::from_utf8_lossy(&ran.out).into_owned();
        Ok(Said { ok: ran.ok(), status: ran.status.unwrap_or(137), text })
    }

    fn assemble(&self, test: &Test, source: &str, flags: &str, object: &str, work: &Path) -> Result<Said, String> {
        let flags: Vec<&str> = flags.split_whitespace().filter(|flag| !is_listing(flag)).collect();
        let source = test.dir.join(source);
        let rest = format!("{} {} -o {object} '{}'", test.call.asflags, flags.join(" "), source.display());
        self.shell("as", &rest, work)
    }

    fn dump(&self, test: &Test, dump: &Dump, work: &Path) -> Result<Verdict, String> {
        let known = [
            "name",
            "source",
            "target",
            "notarget",
            "skip",
            "xfail",
            "noskip",
            "anyskip",
            "alltargets",
            "error",
            "error_output",
            "warning",
            "warning_output",
            "dump",
            "section_subst",
            "DUMPPROG",
            "failif",
            "pass",
        ];
        if dump.options.keys().any(|name| !known.contains(&name.as_str()) && !DUMPERS.contains(&name.as_str())) {
            return Ok(Verdict::Skip("needs a linker or objcopy"));
        }
        let holds = |name: &str| dump.option(name).is_some_and(expect::is_target);
        let is_not = |name: &str| dump.option(name).is_some_and(|list| !expect::is_target(list));
        if holds("notarget") || holds("skip") || holds("anyskip") || is_not("target") || is_not("noskip") {
            return Ok(Verdict::Skip("not for this target"));
        }
        if holds("xfail") {
            return Ok(Verdict::Skip("the suite expects it to fail here"));
        }
        for flags in &dump.flags {
            match self.dump_once(test, dump, flags, work)? {
                Verdict::Pass => {}
                other => return Ok(other),
            }
        }
        Ok(Verdict::Pass)
    }

    fn dump_once(&self, test: &Test, dump: &Dump, flags: &str, work: &Path) -> Result<Verdict, String> {
        let own = format!("{}.s", test.call.args[0]);
        // The suite names the object by the source, and without one by the case.
        let source = dump.option("source").unwrap_or(&own);
        let (source, more) = source.split_once(char::is_whitespace).unwrap_or((source, ""));
        let stem = Path::new(source).file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let object = format!("tmpdir/{stem}.o");
        let said = self.assemble(test, source, &format!("{flags} {more}"), &object, work)?;
        let _ = fs::copy(work.join(&object), work.join("tmpdir/a.o"));
        if let Some(file) = dump.option("error_output") {
            return self.errors(test, &said, file);
        }
        if dump.option("error").is_some() {
            return Ok(must_fail(&said));
        }
        if !said.ok {
            return Ok(Verdict::Fail(refused(&said)));
        }
        if let Some(file) = dump.option("warning_output") {
            match self.errors(test, &said, file)? {
                Verdict::Pass => {}
                other => return Ok(other),
            }
        }
        let Some(dumper) = dump.dumper() else { return Ok(Verdict::Pass) };
        let options = dump.option(dumper).unwrap_or("-r");
        let line = format!("{options} {object} > tmpdir/dump.out");
        let ran = self.shell(dumper, &line, work)?;
        // The suite wants no complaint either.
        if !ran.ok || !ran.text.trim().is_empty() {
            let first = ran.text.lines().next().unwrap_or("without a word");
            return fail(format!("{dumper} complains: {}", pattern(first)), ran.text);
        }
        let wanted = test.dir.join(dump.option("dump").map_or(format!("{}.d", test.call.args[0]), str::to_owned));
        let got = work.join("tmpdir/dump.out");
        match compare_files(&got, &wanted)? {
            None => Ok(Verdict::Pass),
            Some(mismatch) => {
                fail(format!("{dumper} {options}: {}", mismatch.kind()), format!("{flags} {}", mismatch.detail()))
            }
        }
    }

    /// Judges exit status and the lines with errors against a file of messages.
    fn errors(&self, test: &Test, said: &Said, file: &str) -> Result<Verdict, String> {
        let path = test.dir.join(file);
        let text = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let wanted = String::from_utf8_lossy(&text).into_owned();
        Ok(errors(&wanted, said))
    }

    fn list(&self, test: &Test, source: &str, flags: &str, work: &Path) -> Result<Verdict, String> {
        let path = test.dir.join(format!("{}.l", test.call.args[0]));
        let text = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let wanted = String::from_utf8_lossy(&text).into_owned();
        if !wanted.contains("Error:") && !wanted.contains("Warning:") && flags.split_whitespace().any(is_listing) {
            return Ok(Verdict::Skip("about listings"));
        }
        let said = self.assemble(test, source, flags, "tmpdir/a.o", work)?;
        Ok(errors(&wanted, &said))
    }

    /// A source whose comments say what is wrong with their lines.
    fn marked(&self, test: &Test, work: &Path) -> Result<Verdict, String> {
        let path = test.dir.join(&test.call.args[0]);
        let text = fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let text = String::from_utf8_lossy(&text);
        // A mark is about its own line, or names another one at its end: `{ dg-error "text" "" { target * } 3 }`.
        let named = |line: &str| line.trim().strip_suffix('}')?.trim().rsplit_once(' ')?.1.parse::<usize>().ok();
        let lines = text.lines().enumerate().filter(|(_, line)| line.contains("dg-error"));
        let wanted: String = lines.map(|(at, line)| format!(":{}: Error:\n", named(line).unwrap_or(at + 1))).collect();
        let said = self.assemble(test, &test.call.args[0], "", "tmpdir/a.o", work)?;
        Ok(errors(&wanted, &said))
    }

    /// Messages as a list test, and what readelf says of the object.
    fn elf_list(&self, test: &Test, work: &Path) -> Result<Verdict, String> {
        let [name, suffix, flags, options, pipe] = test.call.args.as_slice() else {
            return Err(format!("{} has other arguments", test.name()));
        };
        let said = self.assemble(test, &format!("{name}.s"), flags, "tmpdir/a.o", work)?;
        let messages = test.dir.join(format!("{name}.l"));
        if !flags.is_empty() && messages.is_file() {
            match self.errors(test, &said, &format!("{name}.l"))? {
                Verdict::Pass => {}
                other => return Ok(other),
            }
        } else if !said.ok {
            return Ok(Verdict::Fail(refused(&said)));
        }
        // The suite reads the filter twice as Tcl.
        let pipe = pipe.replace("\\[", "[").replace("\\]", "]").replace("\\\\", "\\");
        let ran = self.shell("readelf", &format!("{options} tmpdir/a.o {pipe} > tmpdir/dump.out"), work)?;
        // A filter's status is its own.
        if !ran.ok && pipe.is_empty() {
            return fail("readelf fails", ran.text);
        }
        match compare_files(&work.join("tmpdir/dump.out"), &test.dir.join(format!("{name}.e{suffix}")))? {
            None => Ok(Verdict::Pass),
            Some(mismatch) => fail(format!("readelf {options}: {}", mismatch.kind()), mismatch.detail()),
        }
    }
}

/// Options that ask for a listing.
fn is_listing(flag: &str) -> bool {
    let letters = flag.strip_prefix("-a").unwrap_or("?");
    flag.starts_with("--listing-")
        || letters.split('=').next().unwrap_or_default().bytes().all(|b| b"acdghilmns".contains(&b))
}

fn refused(said: &Said) -> Difference {
    let is_error = |line: &&str| line.contains("rror: ") || line.contains("panicked");
    let line = said.text.lines().find(is_error).or_else(|| said.text.lines().find(|line| !line.trim().is_empty()));
    let line = match said.status {
        137 => "not ended in time, or killed",
        _ => line.unwrap_or("refused without a word"),
    };
    Difference::new(format!("refused: {}", pattern(line)), format!("status {}: {line}", said.status))
}

/// The lines that messages are about: those with errors, and whether one names no certain line.
fn error_lines(text: &str) -> (BTreeSet<u32>, bool) {
    let (mut lines, mut uncertain) = (BTreeSet::new(), false);
    for line in text.lines() {
        let at = ["Error:", "error:", "Fatal error:", "fatal error:"].iter().find_map(|word| line.find(word));
        let Some(at) = at else { continue };
        // `file:12: Error:`, `.*12: Error:`, or `file:12:5: error:`.
        let place = line[..at].trim_end().trim_end_matches("fatal").trim_end().trim_end_matches(':');
        let parts: Vec<&str> = place.rsplit(':').take_while(|part| part.bytes().all(|b| b.is_ascii_digit())).collect();
        let digits = |text: &str| text.len() - text.bytes().rev().take_while(u8::is_ascii_digit).count();
        let number = parts.last().copied().unwrap_or(&place[digits(place)..]);
        match number.parse() {
            Ok(line) => drop(lines.insert(line)),
            // What is about the whole file names none.
            Err(_) => uncertain |= !place.is_empty(),
        }
    }
    (lines, uncertain)
}

/// What is wrong must be refused with a word.
fn must_fail(said: &Said) -> Verdict {
    match said.status {
        0 => Verdict::Fail(Difference::new("assembled what is wrong", "exit status 0")),
        1 | 2 if !said.text.trim().is_empty() => Verdict::Pass,
        _ => Verdict::Fail(refused(said)),
    }
}

fn errors(wanted: &str, said: &Said) -> Verdict {
    let (lines, uncertain) = error_lines(wanted);
    if wanted.contains("#failif") {
        // Anything but these words.
        return must_fail(said);
    }
    if lines.is_empty() && !uncertain {
        return if said.ok { Verdict::Pass } else { Verdict::Fail(refused(said)) };
    }
    if said.status != 1 && said.status != 2 {
        let kind = if said.ok { "assembled what is wrong".to_owned() } else { refused(said).kind };
        return Verdict::Fail(Difference::new(kind, format!("status {}, errors wanted at {lines:?}", said.status)));
    }
    let (got, _) = error_lines(&said.text);
    if uncertain || got == lines {
        return Verdict::Pass;
    }
    let missing: Vec<&u32> = lines.difference(&got).collect();
    let more: Vec<&u32> = got.difference(&lines).collect();
    let kind = match (missing.is_empty(), more.is_empty()) {
        (false, true) => "errors not seen",
        (true, false) => "errors too many",
        _ => "errors at other lines",
    };
    Verdict::Fail(Difference::new(kind, format!("not seen at {missing:?}, too many at {more:?}")))
}

/// Where a dump is not as wanted.
struct Mismatch {
    wanted: String,
    got: String,
}

impl Mismatch {
    /// A name for the group: the instruction, where there is one.
    fn kind(&self) -> String {
        let text = self.got.split('\t').nth(2).unwrap_or_default();
        match text.split_whitespace().next() {
            Some(mnemonic) => mnemonic.to_owned(),
            None => "other line".to_owned(),
        }
    }

    fn detail(&self) -> String {
        format!("got {:?}, wanted {:?}", self.got, self.wanted)
    }
}

fn compare_files(got: &Path, wanted: &Path) -> Result<Option<Mismatch>, String> {
    let read = |path: &Path| fs::read(path).map_err(|e| format!("{}: {e}", path.display()));
    regexp_diff(&read(got)?, &read(wanted)?)
}

/// The suite's `regexp_diff` of a program's output and a file of expressions; `None` when they agree.
fn regexp_diff(got: &[u8], wanted: &[u8]) -> Result<Option<Mismatch>, String> {
    let mut lines = lines_of(got).filter(|line| !line.is_empty()).peekable();
    let mut patterns = lines_of(wanted);
    let mut fail_if_match = false;
    let mismatch = |line: Option<&[u8]>, pattern: Option<&[u8]>| {
        let text =
            |bytes: Option<&[u8]>| bytes.map_or("the end".to_owned(), |b| String::from_utf8_lossy(b).into_owned());
        Some(Mismatch { wanted: text(pattern), got: text(line) })
    };
    let found = 'compare: loop {
        let mut line = lines.next();
        let mut pattern: Option<&[u8]> = None;
        while let Some(next) = patterns.next() {
            if next.is_empty() {
                continue;
            }
            if next.starts_with(b"#pass") {
                break 'compare None;
            } else if next.starts_with(b"#failif") {
                fail_if_match = true;
            } else if next.starts_with(b"#...") {
                let Some(target) = patterns.next() else { break 'compare None };
                pattern = Some(target);
                while let Some(text) = line {
                    if line_matches(target, text)? {
                        break;
                    }
                    line = lines.next();
                }
                break;
            } else if let Some(optional) = next.strip_prefix(b"#?") {
                if let Some(text) = line
                    && line_matches(optional, text)?
                {
                    pattern = Some(optional);
                    break;
                }
            } else if !next.starts_with(b"#") {
                pattern = Some(next);
                break;
            }
        }
        match (line, pattern) {
            (None, None) => break None,
            (Some(text), Some(wanted)) if line_matches(wanted, text)? => {}
            (line, pattern) => break mismatch(line, pattern),
        }
    };
    Ok(match (found, fail_if_match) {
        (None, true) => mismatch(Some(b"as wanted"), Some(b"something else")),
        (Some(_), true) => None,
        (found, false) => found,
    })
}

/// Lines without their ends; what follows the last newline counts when it is not empty.
fn lines_of(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.strip_suffix(b"\n").unwrap_or(text).split(|byte| *byte == b'\n')
}

/// Whether a line is as an expression says; `!` turns it round.
fn line_matches(pattern: &[u8], line: &[u8]) -> Result<bool, String> {
    let (negated, pattern) = match pattern.strip_prefix(b"!") {
        Some(rest) => (true, rest),
        None => (false, pattern),
    };
    let anchored = [b"^", pattern, b"$"].concat();
    Ok(Regex::parse(&anchored)?.is_found(line) != negated)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agrees(got: &str, wanted: &str) -> bool {
        regexp_diff(got.as_bytes(), wanted.as_bytes()).expect("expressions are right").is_none()
    }

    #[test]
    fn dumps_are_held_against_expressions() {
        assert!(agrees("a\n\nb1\nc\n", "#name: x\n\na\nb[0-9]\n#pass\nnothing\n"));
        assert!(agrees("head\nx\ny\nend\n", "#...\ny\nend\n") && !agrees("head\nx\n", "#...\ny\n"));
        assert!(!agrees("a\nb\n", "a\n") && !agrees("a\n", "a\nb\n") && agrees("", ""));
        assert!(agrees("a\nc\n", "a\n#?b\nc\n") && agrees("a\nb\nc\n", "a\n#?b\nc\n"));
        assert!(agrees("x\n", "!y\n") && !agrees("y\n", "!y\n") && agrees("x\n", "#failif\ny\n"));
    }

    #[test]
    fn lines_with_errors_are_read_in_both_shapes() {
        let text = ".*: Assembler messages:\n.*:3: Error: x\n[^:]*:12: Warning: y\na.s:7:5: error: z\nb.s:9: fatal error: no\n";
        assert_eq!(error_lines(text), ([3, 7, 9].into(), false));
        assert!(error_lines(".*:[0-9]+: Error: x").1);
    }

    #[test]
    fn listing_options_are_known() {
        assert!(is_listing("-al") && is_listing("-alm") && is_listing("--listing-lhs-width=2"));
        assert!(!is_listing("-march=x") && !is_listing("--32") && !is_listing("-O2"));
    }
}
