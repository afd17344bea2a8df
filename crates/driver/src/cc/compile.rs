//! Everything before the link: each input preprocessed, compiled or assembled, on as many threads as there are cores when
//! there are several, with messages and outputs in command-line order.

use super::args::{CcArgs, Item, Language, Mode};
use super::kept::{Kept, Recorder};
use super::link_line::{MadeContent, MadeObject, assembly_name, object_name};
use super::{json, query};
use crate::host::{Failure, Guarded, Shell};
use crate::toolchain::Toolchain;
use base::diag::{RenderOptions, Severity};
use base::io::{FileBytes, FileStat, InputSource, IoError};
use kit::compile::{CodeOptions, CompileRequest, Compiled, Goal, Shared};
use kit::lang_c::options::{BuildTime, Options};
use kit::lang_c::pp::deps::{Dependency, RuleOptions, default_target, make_rule};
use kit::pipeline::Processors;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What came of all inputs.
#[derive(Default)]
pub struct Status {
    pub failed: bool,
    pub objects: Vec<MadeObject>,
    /// How many inputs were worked on.
    pub n_inputs: usize,
}

/// One input to work on.
struct Job {
    path: String,
    language: Language,
}

/// What one job has to say and to write; nothing is written until every earlier job's was.
#[derive(Default)]
struct Done {
    messages: String,
    failed: bool,
    object: Option<MadeObject>,
    writes: Vec<Write>,
}

struct Write {
    /// `None` for standard output.
    path: Option<PathBuf>,
    bytes: Vec<u8>,
}

/// How standard input is called in messages and line markers.
const STDIN: &str = "<stdin>";

/// The host's files, and standard input under [`STDIN`]. A first line `#!…` is for whoever started the file, and is no
/// part of the program.
struct Inputs<'h> {
    host: &'h sys::Host,
}

impl InputSource for Inputs<'_> {
    fn stat(&self, path: &Path) -> Result<FileStat, IoError> {
        if is_stdin(path) { Ok(FileStat::default()) } else { self.host.stat(path) }
    }

    fn read(&self, path: &Path) -> Result<FileBytes, IoError> {
        self.host.read(path)
    }

    fn read_into(&self, path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
        let start = out.len();
        let stat = if is_stdin(path) { read_stdin(path, out)? } else { self.host.read_into(path, out)? };
        without_interpreter(&mut out[start..]);
        Ok(stat)
    }

    fn read_if_file(&self, path: &Path, out: &mut Vec<u8>) -> Result<Option<FileStat>, IoError> {
        let start = out.len();
        let stat = if is_stdin(path) { Some(read_stdin(path, out)?) } else { self.host.read_if_file(path, out)? };
        without_interpreter(&mut out[start..]);
        Ok(stat)
    }
}

/// Compared as it is spelled: a path is compared by components, which takes longer than to fail to open it.
fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == STDIN
}

fn read_stdin(path: &Path, out: &mut Vec<u8>) -> Result<FileStat, IoError> {
    let read = std::io::Read::read_to_end(&mut std::io::stdin().lock(), out);
    read.map_err(|e| IoError::new(path, "read", &e))?;
    Ok(FileStat::default())
}

fn without_interpreter(text: &mut [u8]) {
    if text.starts_with(b"#!") {
        text[..2].copy_from_slice(b"//");
    }
}

/// What the work may be given besides its inputs.
#[derive(Default, Clone, Copy)]
pub struct Extras<'e> {
    /// Objects of earlier builds.
    pub kept: Option<&'e Kept>,
    /// Told how many of all inputs are done, whenever one is.
    pub progress: Option<&'e (dyn Fn(usize, usize) + Sync)>,
}

/// Works on every input that is not the linker's.
pub fn all(shell: &Shell, args: &CcArgs, toolchain: &Toolchain) -> Result<Status, Failure> {
    all_with(shell, args, toolchain, Extras::default())
}

/// As [`all`], with more to go by.
pub fn all_with(shell: &Shell, args: &CcArgs, toolchain: &Toolchain, extras: Extras<'_>) -> Result<Status, Failure> {
    let mut jobs = Vec::new();
    for item in &args.items {
        match item {
            Item::Source(path, Language::Object) if args.mode != Mode::Link => {
                shell.warning(&format!("{path}: linker input file unused because linking not done"));
            }
            Item::Source(path, language) if *language != Language::Object => {
                jobs.push(Job { path: path.clone(), language: *language });
            }
            _ => {}
        }
    }
    let (base, asm_syntax) = (text_options(args, toolchain)?, asm_syntax(args, toolchain)?);
    if args.verbose || args.dry_run {
        for job in &jobs {
            say_step(shell, args, &base, job);
        }
        if args.dry_run {
            return Ok(Status::default());
        }
    }
    let mut status = Status { n_inputs: jobs.len(), ..Status::default() };
    let (done, processors) = (AtomicUsize::new(0), Processors::new());
    let work = Work { shell, args, toolchain, base: &base, asm_syntax, extras, n_jobs: jobs.len(), done, processors };
    for done in run_jobs(&work, &jobs) {
        shell.say(&done.messages);
        status.failed |= done.failed;
        for write in done.writes {
            match &write.path {
                Some(path) => sys::write_output(path, &write.bytes, 0o666)?,
                None => shell.print(&write.bytes)?,
            }
        }
        status.objects.extend(done.object);
    }
    Ok(status)
}

/// The front end's options that all inputs share: the user's and the machine's directories, time, dialect.
fn text_options(args: &CcArgs, toolchain: &Toolchain) -> Result<Options, Failure> {
    let mut c = args.c.clone();
    // gcc's environment variables, behind the options they stand for.
    c.include_dirs.extend(path_list("CPATH"));
    c.system_dirs.extend(path_list("C_INCLUDE_PATH"));
    for at in 0..c.includes.len() {
        if let Some(header) = stood_for(&c.includes[at], &c) {
            c.includes[at] = header;
        }
    }
    if !args.no_std_inc {
        c.system_dirs.extend(kit::headers::dirs(toolchain.target.arch.name));
        c.system_dirs.extend(toolchain.include_dirs.iter().map(|dir| dir.display().to_string()));
        c.predef_header = toolchain.include_dirs.iter().any(|dir| dir.join("stdc-predef.h").exists());
    }
    c.target_macros.extend(kit::compile::machine_macros(toolchain.target, &args.machine));
    c.time = Some(build_time()?);
    let (pic, pie) = pic_levels(args);
    c.pic = pic;
    c.pie = pie;
    Ok(c)
}

/// The syntax of assembly that `-masm=` names.
fn asm_syntax(args: &CcArgs, toolchain: &Toolchain) -> Result<u8, Failure> {
    let Some(name) = args.machine.iter().rev().find_map(|option| option.strip_prefix("asm=")) else { return Ok(0) };
    let dialect = toolchain.target.dialect;
    let names = &dialect.disassembler.syntaxes()[..dialect.spellings.len()];
    let found = names.iter().position(|known| *known == name);
    let wrong = || format!("unrecognized argument in option ‘-masm={name}’ (valid arguments are: {})", names.join(" "));
    found.map(|at| at as u8).ok_or_else(|| Failure::usage(wrong()))
}

/// `-fPIC`, `-fPIE`, or neither: what was asked for, else PIE (Debian's default), unless this run's link says otherwise: an
/// object for later may go into any.
fn pic_levels(args: &CcArgs) -> (u8, u8) {
    match args.code.pic {
        Some((level, false)) => (level, 0),
        Some((level, true)) => (level, level),
        None if args.mode == Mode::Link
            && (args.link.pie == Some(false) || args.link.is_static && args.link.pie.is_none()) =>
        {
            (0, 0)
        }
        None => (2, 2),
    }
}

/// The directories of an environment variable; an empty element is the current directory.
fn path_list(variable: &str) -> Vec<String> {
    let Some(list) = std::env::var_os(variable).filter(|list| !list.is_empty()) else { return Vec::new() };
    let name = |dir: PathBuf| if dir.as_os_str().is_empty() { ".".into() } else { dir.display().to_string() };
    std::env::split_paths(&list).map(name).collect()
}

/// 9999-12-31 23:59:59: what `__DATE__` has room for.
const LAST_SECOND: u64 = 253_402_300_799;

/// `SOURCE_DATE_EPOCH`, or now.
fn build_time() -> Result<BuildTime, Failure> {
    if let Some(text) = std::env::var_os("SOURCE_DATE_EPOCH") {
        let seconds = text.to_str().and_then(|text| text.parse().ok()).filter(|seconds| *seconds <= LAST_SECOND);
        return seconds.map(BuildTime::utc).ok_or_else(|| {
            Failure::new(format!(
                "environment variable ‘SOURCE_DATE_EPOCH’ must expand to a non-negative integer less than or equal \
                 to {LAST_SECOND}"
            ))
        });
    }
    let sys::LocalTime { year, month, day, hour, minute, second } = sys::local_time();
    Ok(BuildTime { year, month, day, hour, minute, second })
}

/// What all jobs share.
struct Work<'w> {
    shell: &'w Shell,
    args: &'w CcArgs,
    toolchain: &'w Toolchain,
    base: &'w Options,
    /// See [`CodeOptions::asm_syntax`].
    asm_syntax: u8,
    extras: Extras<'w>,
    n_jobs: usize,
    done: AtomicUsize,
    processors: Arc<Processors>,
}

fn run_jobs(work: &Work<'_>, jobs: &[Job]) -> Vec<Done> {
    let threads = if jobs.len() > 1 { sys::parallelism().min(jobs.len()) } else { 1 };
    // Units that one thread compiles one after the other share what their headers did.
    let share = jobs.len() > threads;
    if threads <= 1 {
        let mut shared = share.then(Shared::default);
        let _busy = work.processors.enter();
        return jobs.iter().map(|job| one(work, job, shared.as_mut())).collect();
    }
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, Done)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let run = || {
                    let mut mine = Vec::new();
                    let mut shared = share.then(Shared::default);
                    let _busy = work.processors.enter();
                    while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let idx = job as *const Job as usize;
                        mine.push((idx, one(work, job, shared.as_mut())));
                    }
                    mine
                };
                std::thread::Builder::new()
                    .stack_size(64 << 20)
                    .spawn_scoped(scope, run)
                    .expect("a thread can be started")
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker's panic is the program's")).collect()
    });
    // Addresses within one slice: command-line order.
    done.sort_by_key(|(idx, _)| *idx);
    done.into_iter().map(|(_, done)| done).collect()
}

fn one(work: &Work<'_>, job: &Job, shared: Option<&mut Shared>) -> Done {
    let &Work { shell, args, base, .. } = work;
    let mut done = Done::default();
    let result = match (args.mode, job.language) {
        (Mode::Preprocess, Language::Assembler) => Ok(()),
        (Mode::Preprocess, _) => preprocess(shell, args, base, job, &mut done),
        (Mode::SyntaxOnly | Mode::Assembly, Language::Assembler) => Ok(()),
        (Mode::SyntaxOnly, Language::AssemblerWithCpp) => Ok(()),
        (Mode::Assembly, Language::AssemblerWithCpp) => preprocess(shell, args, base, job, &mut done),
        (_, Language::Assembler | Language::AssemblerWithCpp) => assemble(shell, args, base, job, &mut done),
        _ => compile(work, job, &mut done, shared),
    };
    if let Err(failure) = result {
        done.messages.push_str(&format!("{}: error: {}\n", shell.program, failure.text));
        done.failed = true;
        done.writes.clear();
        done.object = None;
    }
    let n_done = work.done.fetch_add(1, Ordering::Relaxed) + 1;
    if let Some(progress) = work.extras.progress {
        progress(n_done, work.n_jobs);
    }
    done
}

fn job_options(base: &Options, job: &Job) -> Options {
    let mut c = base.clone();
    c.file = if job.path == "-" { STDIN.into() } else { job.path.clone() };
    // Preprocessed text has its predefinitions behind it.
    c.predef_header &= job.language != Language::CppOutput;
    c.assembler = job.language == Language::AssemblerWithCpp;
    c
}

fn preprocess(shell: &Shell, args: &CcArgs, base: &Options, job: &Job, done: &mut Done) -> Result<(), Failure> {
    let style = kit::compile::PrintStyle {
        line_markers: !args.no_line_markers,
        macros_only: args.dump_macros,
        keep_macros: args.keep_macros,
        comments: args.keep_comments,
        rule_only: args.deps.only,
    };
    let out = kit::compile::preprocess(shell.target, job_options(base, job), style, &Inputs { host: &shell.host });
    done.failed |= report(shell, args, &out.diags, &out.map, &mut done.messages);
    if done.failed {
        return Ok(());
    }
    let path = args.output.as_ref().filter(|path| *path != "-").map(PathBuf::from);
    if args.deps.only {
        let file = deps_file(args, &job.path).or(args.output.clone()).filter(|path| path != "-");
        return write_rule(args, job, &out.dependencies, file, done);
    }
    write_deps(args, job, &out.dependencies, done)?;
    done.writes.push(Write { path, bytes: out.text });
    Ok(())
}

fn compile(work: &Work<'_>, job: &Job, done: &mut Done, shared: Option<&mut Shared>) -> Result<(), Failure> {
    let &Work { shell, args, toolchain, base, .. } = work;
    let request = CompileRequest {
        target: toolchain.target,
        c: job_options(base, job),
        code: code_options(args, base, work.asm_syntax),
        goal: match args.mode {
            _ if job.language == Language::Header => Goal::Check,
            Mode::SyntaxOnly => Goal::Check,
            Mode::Assembly => Goal::Assembly { verbose: args.verbose_asm },
            _ if wants_listing(args) => Goal::Assembly { verbose: args.verbose_asm },
            _ => Goal::Object,
        },
        processors: Some(work.processors.clone()),
    };
    let inputs = Inputs { host: &shell.host };
    // Standard input is read once, and a rule is to be written anew.
    let kept = work.extras.kept.filter(|_| {
        let is_plain = job.language != Language::Header && job.path != "-" && !wants_listing(args);
        args.mode == Mode::Link && is_plain && !args.deps.beside
    });
    if let Some(kept) = kept {
        return compile_kept(work, kept, &request, &inputs, job, done);
    }
    let mut shared = shared.filter(|_| job.path != "-");
    let out: Compiled = kit::compile::compile_with(&request, &inputs, shared.as_deref_mut());
    done.failed |= report(shell, args, &out.diags, &out.map, &mut done.messages);
    if !out.diags.has_errors() {
        write_deps(args, job, &out.dependencies, done)?;
    }
    match out.object {
        Some(text) if !done.failed && wants_listing(args) && args.mode != Mode::Assembly => {
            assemble_text(shell, args, job, (&assembly_name(&job.path), &text), done)?;
        }
        Some(bytes) if !done.failed => made(args, job, bytes, done),
        // Build systems want the file that they asked for; other compilers see that it is none of theirs.
        None if !done.failed && job.language == Language::Header && args.mode != Mode::SyntaxOnly => {
            let path = args.output.clone().unwrap_or_else(|| output_name(&job.path, job.language, args.mode));
            let header = std::path::absolute(&job.path).unwrap_or_else(|_| PathBuf::from(&job.path));
            let bytes = format!("{STANDS_FOR}{}\n", header.display()).into_bytes();
            done.writes.push(Write { path: Some(path.into()), bytes });
        }
        _ => {}
    }
    if let Some(shared) = shared {
        shared.give_back(out.map);
    }
    Ok(())
}

/// Takes the object of an earlier build, or makes one that the next build may take.
fn compile_kept(
    work: &Work<'_>,
    kept: &Kept,
    request: &CompileRequest,
    inputs: &Inputs<'_>,
    job: &Job,
    done: &mut Done,
) -> Result<(), Failure> {
    let (shell, args) = (work.shell, work.args);
    let color = in_color(args);
    let object = |content| Some(MadeObject { source: job.path.clone(), name: job.path.clone(), content });
    if let Some(found) = kept.find(request, color) {
        done.messages.push_str(&found.messages);
        done.object = object(MadeContent::File(found.object));
        return Ok(());
    }
    kept.count();
    let recorder = Recorder::new(inputs);
    let out: Compiled = kit::compile::compile(request, &recorder);
    done.failed |= report(shell, args, &out.diags, &out.map, &mut done.messages);
    let Some(bytes) = out.object.filter(|_| !done.failed) else { return Ok(()) };
    done.object = object(match kept.keep(request, &recorder, &bytes, &done.messages, color) {
        Ok(path) => MadeContent::File(path),
        Err(error) => {
            done.messages.push_str(&format!("{}: warning: the object is not kept: {error}\n", shell.program));
            MadeContent::Memory(FileBytes::from_vec(bytes))
        }
    });
    Ok(())
}

/// What kit writes where gcc would write a precompiled header: where the header is.
const STANDS_FOR: &str = "kit reads headers as they are. This one is ";

/// The header that `-include NAME` means when only `NAME.gch` is on the search list, as Meson has it.
fn stood_for(name: &str, c: &Options) -> Option<String> {
    let dirs = [".".to_string()];
    for dir in dirs.iter().chain(&c.quote_dirs).chain(&c.include_dirs) {
        let path = Path::new(dir).join(name);
        if path.exists() {
            return None;
        }
        let mut compiled = path.into_os_string();
        compiled.push(".gch");
        if let Ok(text) = std::fs::read_to_string(&compiled) {
            return text.strip_prefix(STANDS_FOR).map(|header| header.trim_end().to_string());
        }
    }
    None
}

/// The file that an input becomes when no other name is given.
pub fn output_name(path: &str, language: Language, mode: Mode) -> String {
    match mode {
        _ if language == Language::Header => format!("{path}.gch"),
        Mode::Assembly => assembly_name(path),
        _ => object_name(path),
    }
}

/// An object goes to its file with `-c`, else to the linker.
fn made(args: &CcArgs, job: &Job, bytes: Vec<u8>, done: &mut Done) {
    if matches!(args.mode, Mode::Compile | Mode::Assembly) {
        let path = args.output.clone().unwrap_or_else(|| output_name(&job.path, job.language, args.mode));
        // Text may go to standard output.
        let path = (path != "-" || args.mode != Mode::Assembly).then(|| path.into());
        done.writes.push(Write { path, bytes });
    } else {
        // The linker's messages name what the user knows: there is no `x.o`.
        let name = job.path.clone();
        let content = MadeContent::Memory(FileBytes::from_vec(bytes));
        done.object = Some(MadeObject { source: job.path.clone(), name, content });
    }
}

/// `.s`, and `.S` after kit's preprocessor.
fn assemble(shell: &Shell, args: &CcArgs, base: &Options, job: &Job, done: &mut Done) -> Result<(), Failure> {
    let mut text = Vec::new();
    match job.language {
        Language::AssemblerWithCpp => {
            let style = kit::compile::PrintStyle { line_markers: true, ..Default::default() };
            let mut c = job_options(base, job);
            c.macros.insert(0, kit::lang_c::options::MacroOption::Define("__ASSEMBLER__".into()));
            let out = kit::compile::preprocess(shell.target, c, style, &Inputs { host: &shell.host });
            done.failed |= report(shell, args, &out.diags, &out.map, &mut done.messages);
            if done.failed {
                return Ok(());
            }
            write_deps(args, job, &out.dependencies, done)?;
            text = out.text;
        }
        _ if job.path == "-" => {
            let read = std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut text);
            read.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
        }
        _ => {
            base::io::InputSource::read_into(&shell.host, Path::new(&job.path), &mut text)?;
        }
    }
    let name = if job.path == "-" { "{standard input}" } else { &job.path };
    assemble_text(shell, args, job, (name, &text), done)
}

/// A listing of the assembly is wanted (`-Wa,-a…`), which only the assembler makes.
fn wants_listing(args: &CcArgs) -> bool {
    args.assembler_args.iter().any(|arg| arg.starts_with("-a"))
}

/// Assembles text of that name.
fn assemble_text(
    shell: &Shell,
    args: &CcArgs,
    job: &Job,
    (name, text): (&str, &[u8]),
    done: &mut Done,
) -> Result<(), Failure> {
    let mut command = crate::tools::as_::Command::default();
    crate::tools::as_::parse(shell, &args.assembler_args, &mut command)?;
    if command.verbose {
        done.messages.push_str(&crate::tools::as_::verbose_version(shell));
    }
    let output = args.output.clone().unwrap_or_else(|| object_name(&job.path));
    let listing = command.listing(shell, &args.assembler_args, &output, &[name.to_string()]);
    let file = command.listing_file().map(PathBuf::from);
    let mut options = command.options;
    options.include_dirs.extend(args.c.include_dirs.iter().cloned());
    options.no_warnings |= args.c.no_warnings;
    let is_compiled = !matches!(job.language, Language::Assembler | Language::AssemblerWithCpp);
    options.prefix_maps.extend(args.code.prefix_maps.iter().cloned());
    if args.code.debug && options.debug == 0 && !is_compiled {
        options.debug = if args.code.dwarf_version == 0 { 5 } else { args.code.dwarf_version };
    }
    options.listing = listing;
    let has_listing = options.listing.is_some();
    let files = vec![(name.to_string(), text)];
    let request = kit::assemble::AssembleRequest { target: shell.target, options, compress: command.compress, files };
    let out = kit::assemble::assemble(&request, &shell.host);
    done.messages.push_str(&out.report);
    done.failed |= out.n_errors != 0;
    if has_listing {
        done.writes.push(Write { path: file, bytes: out.listing });
    }
    if let Some(bytes) = out.object.filter(|_| !done.failed) {
        made(args, job, bytes, done);
    }
    Ok(())
}

fn code_options(args: &CcArgs, base: &Options, asm_syntax: u8) -> CodeOptions {
    let directory = std::env::current_dir().map(|dir| dir.display().to_string()).unwrap_or_default();
    // Comments want the lines.
    let quotes = args.mode == Mode::Assembly && args.verbose_asm;
    CodeOptions {
        pic: base.pic,
        pie: base.pie,
        optimize: args.code.optimize,
        debug: args.code.debug || quotes,
        lines_only: args.code.lines_only,
        lines_later: args.code.lines_later || quotes && !args.code.debug,
        function_sections: args.code.function_sections,
        data_sections: args.code.data_sections,
        frame_pointer: args.code.frame_pointer,
        unwind_tables: !args.code.no_unwind_tables,
        no_plt: args.code.no_plt,
        asm_syntax,
        common: args.code.common,
        visibility: args.code.visibility.clone(),
        gnu89_inline: args.gnu89_inline,
        no_builtin: args.no_builtin,
        short_enums: args.short_enums,
        pack: args.pack,
        directory,
        prefix_maps: args.code.prefix_maps.clone(),
    }
}

fn in_color(args: &CcArgs) -> bool {
    args.color.unwrap_or_else(|| sys::is_terminal(sys::Stream::Stderr) && std::env::var_os("NO_COLOR").is_none())
}

/// Renders diagnostics; true when there was an error.
fn report(shell: &Shell, args: &CcArgs, diags: &base::DiagSink, map: &base::SourceMap, out: &mut String) -> bool {
    if args.json {
        json::render(out, map, diags);
        return diags.has_errors();
    }
    let options =
        RenderOptions { color: in_color(args), no_caret: args.no_caret, parseable_fixits: args.parseable_fixits };
    let mut n_errors = 0;
    for diag in &diags.diags {
        base::diag::render(out, map, &shell.program, diag, options);
        n_errors += usize::from(diag.severity >= Severity::Error);
        if args.max_errors != 0 && n_errors >= args.max_errors && diag.severity >= Severity::Error {
            out.push_str("compilation terminated.\n");
            break;
        }
    }
    diags.has_errors()
}

/// The file that a rule for `source` goes to, if it goes to one of its own, by gcc 12's rules: `-MF`; or the output's name
/// with its suffix replaced by `.d`; or the source's, in the current directory, with `a-` in front when a program is made.
/// Several sources may name one file: the last one stays.
pub fn deps_file(args: &CcArgs, source: &str) -> Option<String> {
    if args.deps.file.is_some() {
        return args.deps.file.clone();
    }
    if !args.deps.beside {
        return None;
    }
    let Some(output) = &args.output else {
        let object = object_name(source);
        let aside = matches!(args.mode, Mode::Link | Mode::SyntaxOnly) || args.deps.only;
        return Some(format!("{}{}d", if aside { "a-" } else { "" }, object.strip_suffix('o').unwrap_or(&object)));
    };
    if !matches!(sys::output_kind(Path::new(output)), Ok(sys::OutputKind::File)) {
        // gcc writes `/dev/null.d`, if it may.
        return None;
    }
    let name_at = output.rfind('/').map_or(0, |slash| slash + 1);
    let stem = output[name_at..].rfind('.').map_or(output.as_str(), |dot| &output[..name_at + dot]);
    Some(format!("{stem}.d"))
}

/// Adds the rule of `-MD` to what will be written.
fn write_deps(args: &CcArgs, job: &Job, files: &[Dependency], done: &mut Done) -> Result<(), Failure> {
    match deps_file(args, &job.path) {
        Some(file) if args.deps.beside => write_rule(args, job, files, Some(file), done),
        _ => Ok(()),
    }
}

/// Adds a rule to what will be written; `None` for standard output.
fn write_rule(
    args: &CcArgs,
    job: &Job,
    files: &[Dependency],
    file: Option<String>,
    done: &mut Done,
) -> Result<(), Failure> {
    let path = file.map(PathBuf::from);
    if let Some(path) = path.as_deref().filter(|path| path.is_file()) {
        let mut inputs = Guarded::default();
        files.iter().for_each(|file| inputs.add(Path::new(&file.path)));
        inputs.check(path)?;
    }
    let mut options =
        RuleOptions { targets: args.deps.targets.clone(), user_only: args.deps.user_only, phony: args.deps.phony };
    if options.targets.is_empty() {
        let output = args.output.as_ref().filter(|_| args.deps.target_is_output && args.mode != Mode::Preprocess);
        options.targets.push(match output {
            Some(name) => kit::lang_c::pp::deps::quote(name),
            None => default_target(&job.path),
        });
    }
    done.writes.push(Write { path, bytes: make_rule(files, &options).into_bytes() });
    Ok(())
}

fn say_step(shell: &Shell, args: &CcArgs, base: &Options, job: &Job) {
    if job.language == Language::Assembler {
        shell.say(&format!(" as --64 {}\n", job.path));
        return;
    }
    let mode = match args.mode {
        Mode::Preprocess => " -E",
        Mode::SyntaxOnly => " -fsyntax-only",
        _ => "",
    };
    shell.say(&format!(" {} cc1{mode} {}\n", shell.program, job.path));
    let mut angle = base.include_dirs.clone();
    angle.extend(base.system_dirs.iter().cloned());
    angle.extend(base.after_dirs.iter().cloned());
    if args.verbose {
        shell.say(&query::include_search(&base.quote_dirs, &angle));
    }
}
