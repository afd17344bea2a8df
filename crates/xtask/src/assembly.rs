//! `cargo xtask assembly`: the assembly that real projects are made of, assembled by the tool under test and by GNU as; the
//! two objects must be equal: sections and their bytes, relocations, symbols.
//!
//! What a project hands to its assembler comes out of generators (perlasm, m4) and out of the preprocessor with the
//! project's own flags. `bench/corpora/assembly.sh` makes that text, one `.s` each, in a folder that is kept.

use crate::compare::{self, Rules};
use crate::gccs;
use crate::tool::{self, Bench, Case, Difference, Report, Tool};
use crate::{corpora, util};
use std::fs;
use std::path::{Path, PathBuf};

/// A project with assembly: its sources, and how many files its script must make, so that a broken script is seen.
struct Project {
    name: &'static str,
    corpus: &'static str,
    at_least: usize,
}

const fn project(name: &'static str, corpus: &'static str, at_least: usize) -> Project {
    Project { name, corpus, at_least }
}

static PROJECTS: &[Project] = &[
    project("openssl", "openssl", 29),
    project("musl", "musl", 60),
    project("libffi", "libffi", 2),
    project("gmp", "gmp", 100),
];

/// One run of an assembler may take this long.
const SECONDS: u32 = 60;

pub fn run(args: &[String]) -> Result<bool, String> {
    judge(args)?.print("assembly", args)
}

/// Judges the projects that the arguments name, or all; a folder is taken as a project whose text is already there.
pub fn judge(args: &[String]) -> Result<Report, String> {
    let tested = Tool::option(args, "--as", None)?;
    let gnu = Tool::option(args, "--gnu", Some("as"))?;
    let names = util::positional(args, &["--as", "--gnu", "--jobs", "--kinds"]);
    let mut files = Vec::new();
    for name in &names {
        if Path::new(name).is_dir() {
            files.extend(assembly_in(Path::new(name))?);
        } else if PROJECTS.iter().all(|project| project.name != *name) {
            let known: Vec<&str> = PROJECTS.iter().map(|project| project.name).collect();
            return Err(format!("no project is called {name}: {}", known.join(" ")));
        }
    }
    for project in PROJECTS.iter().filter(|project| names.is_empty() || names.contains(&project.name)) {
        files.extend(project.files()?);
    }
    let bench = Bench::new("assembly")?;
    println!("{} sources, by {} and by {}", files.len(), tested.name(), gnu.name());
    let judged = tool::parallel(files.len(), tool::jobs(args)?, |worker, case| {
        one(&tested, &gnu, &bench, &files[case], worker).unwrap_or_else(|why| Case::Skipped(format!("judge: {why}")))
    });
    let mut report = Report::default();
    for (case, file) in judged.into_iter().zip(&files) {
        report.add(&name_of(file), case);
    }
    bench.clean();
    Ok(report)
}

impl Project {
    /// The project's assembly, made when it is not there yet.
    fn files(&self) -> Result<Vec<PathBuf>, String> {
        let source = corpora::fetch(&corpora::default_dir(), self.corpus)?;
        let dir = util::target_dir().join("judge-cache/assembly").join(self.name);
        if !dir.is_dir() {
            let fresh = dir.with_extension("new");
            let _ = fs::remove_dir_all(&fresh);
            fs::create_dir_all(&fresh).map_err(|e| format!("{}: {e}", fresh.display()))?;
            let script = util::root().join("bench/corpora/assembly.sh");
            let words = [&script, Path::new(self.name), &source, &fresh].map(|path| path.display().to_string());
            if !util::succeeds("bash", &words)? {
                return Err(format!("{}: {} fails", self.name, script.display()));
            }
            fs::rename(&fresh, &dir).map_err(|e| format!("{}: {e}", dir.display()))?;
        }
        let files = assembly_in(&dir)?;
        match files.len() >= self.at_least {
            true => Ok(files),
            false => Err(format!("{}: {} sources, not {}", self.name, files.len(), self.at_least)),
        }
    }
}

fn assembly_in(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let dir = fs::canonicalize(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let entries = fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "s"));
    files.sort();
    Ok(files)
}

/// The folder and the file.
fn name_of(file: &Path) -> String {
    let part = |path: Option<&Path>| path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
    format!("{}/{}", part(file.parent()), part(Some(file)))
}

fn one(tested: &Tool, gnu: &Tool, bench: &Bench, file: &Path, worker: usize) -> Result<Case, String> {
    let work = bench.work(worker)?;
    let [wanted, got] = ["wanted.o", "got.o"].map(|name| work.join(name));
    let _ = fs::remove_file(&got);
    // Both assemble in one folder and by one name, which may reach the object.
    let dir = file.parent().unwrap_or(&work);
    let args = |output: &Path| {
        ["--64".to_owned(), file.file_name().unwrap_or_default().to_string_lossy().into_owned(), "-o".to_owned()]
            .into_iter()
            .chain([output.display().to_string()])
            .collect::<Vec<String>>()
    };
    if !gnu.run(&args(&wanted), dir, SECONDS)?.ok() {
        return Ok(Case::Skipped("GNU as refuses it".to_owned()));
    }
    let ran = tested.run(&args(&got), dir, SECONDS)?;
    let differences = if ran.ok() {
        let equal = fs::read(&got).ok() == fs::read(&wanted).ok();
        if equal { Vec::new() } else { compare::objects(&wanted, &got, Rules { whole: true, applied: false }) }
    } else {
        vec![Difference::new(format!("refused: {}", gccs::pattern(&ran.complaint())), ran.complaint())]
    };
    if differences.is_empty() {
        return Ok(Case::Equal);
    }
    bench.keep(&name_of(file), &[(file, "s"), (&got, "o"), (&wanted, "gnu.o")], &differences);
    Ok(Case::Different(differences))
}
