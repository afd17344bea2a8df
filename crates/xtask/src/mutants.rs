//! Mutants: C sources, objects and archives with seeded damage, given to the program as a user would. Whatever they are,
//! kit answers with success or with an error; it never panics, is never ended by a signal, ends in time and within
//! memory, and leaves no file behind when it failed.
//!
//! A mutant is a function of the seed and its number alone: `--seed S --from N --count 1` makes it again.

use crate::record::{self, Row};
use crate::util;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A mutant that takes longer is a failure. The sound inputs take milliseconds.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// Address space of a run: 4 GiB.
const MEMORY_LIMIT: u64 = 4 << 30;
/// Larger sources are left out: mutants of small ones reach as far in the same time.
const MAX_SOURCE_BYTES: usize = 40_000;
/// Runs of one mutant use these files of a working directory: `{in}` is the mutant, `{out}` what is to be written.
const SOURCE_COMMANDS: &[&str] = &[
    "cc -c {in} -o {out}",
    "cc -g -O2 -c {in} -o {out}",
    "cc -Wall -Wextra -c {in} -o {out}",
    "cc -std=c89 -pedantic -fsyntax-only {in}",
    "cc -E -dD {in} -o {out}",
    "cc -M {in} -MF {out}",
    "cc -fPIC -g1 -ffunction-sections -fdata-sections -c {in} -o {out}",
    "cc {in} -o {out} -lm",
];
const OBJECT_COMMANDS: &[&str] = &[
    "nm -a {in}",
    "objdump -h -t -r -s {in}",
    "ld -r -o {out} {in}",
    "ld -shared -o {out} {in}",
    "ld -shared --gc-sections --build-id -o {out} {in}",
    "ld -e main --unresolved-symbols=ignore-all -o {out} {in}",
    "cc {in} -o {out} -lm",
    "cc -Wl,--incremental {in} -o {out} -lm",
];
const ARCHIVE_COMMANDS: &[&str] = &[
    "ar tv {in}",
    "ar p {in}",
    "nm -s {in}",
    "ranlib {in}",
    "ld -shared --whole-archive -o {out} {in}",
    "cc sound.o {in} -o {out} -lm",
];

/// The tools that assemble and inspect, with `--tools`: what a user or a build system gives them.
const ASSEMBLY_COMMANDS: &[&str] = &[
    "as {in} -o {out}",
    "as --64 --gdwarf-5 {in} -o {out}",
    "as -g {in} -o {out}",
    "as --noexecstack -I. {in} -o {out}",
    "cc -c {in} -o {out}",
];
const INSPECT_COMMANDS: &[&str] = &[
    "objdump -d {in}",
    "objdump -d -r -M intel -w {in}",
    "objdump -d -S -l {in}",
    "objdump -D --no-show-raw-insn {in}",
    "objdump -x -s {in}",
    "objdump -p -T -t -r -h {in}",
    "readelf -a {in}",
    "readelf -a -W {in}",
    "readelf -h -l -S -s -r -d -n -V -W {in}",
    "nm -a {in}",
    "nm -D -S -n {in}",
    "nm -C {in}",
    "strip -o {out} {in}",
    "strip --strip-debug -o {out} {in}",
    "strip --strip-unneeded -o {out} {in}",
    "objcopy {in} {out}",
    "objcopy -O binary {in} {out}",
    "objcopy --only-keep-debug {in} {out}",
    "objcopy -j .text -R .comment {in} {out}",
    "addr2line -e {in} 0x0 0x10 0x1139 0x1150 0x401000",
    "addr2line -f -i -C -p -a -e {in} 0 0x4 0x20 0x1139 0x1160 0x2000",
    "symbolize -e {in} 0x10 0x1139",
    "size {in}",
    "strings {in}",
];

/// What is damaged, and how what comes of it is tried.
#[derive(Clone)]
struct Kind {
    name: &'static str,
    ending: &'static str,
    commands: &'static [&'static str],
    /// How many of six mutants are of this kind.
    share: usize,
    damage: fn(&mut Random, &[Vec<u8>]) -> Vec<u8>,
}

static KINDS: &[Kind] = &[
    Kind { name: "sources", ending: "c", commands: SOURCE_COMMANDS, share: 3, damage: damaged_text },
    Kind { name: "objects", ending: "o", commands: OBJECT_COMMANDS, share: 2, damage: damaged_bytes },
    Kind { name: "archives", ending: "a", commands: ARCHIVE_COMMANDS, share: 1, damage: damaged_bytes },
];

static TOOL_KINDS: &[Kind] = &[
    Kind { name: "assembly sources", ending: "s", commands: ASSEMBLY_COMMANDS, share: 2, damage: damaged_assembly },
    Kind { name: "objects", ending: "o", commands: INSPECT_COMMANDS, share: 2, damage: damaged_bytes },
    Kind { name: "programs", ending: "exe", commands: INSPECT_COMMANDS, share: 2, damage: damaged_bytes },
];

/// The tools that `--tools all` stands for: those of step 3's last point.
pub const TOOLS: &str = "as,objdump,readelf,nm,strip,addr2line";

/// `cargo xtask mutants`.
pub fn run(args: &[String]) -> Result<bool, String> {
    let number = |name: &str, default: u64| match util::option(args, name) {
        Some(text) => text.parse().map_err(|_| format!("{name} {text}: not a number")),
        None => Ok(default),
    };
    let (count, from, seed) = (number("--count", 1000)?, number("--from", 0)?, number("--seed", 1)?);
    let jobs = number("--jobs", 2)?.max(1);
    let kit = util::option(args, "--kit").ok_or("--kit PROGRAM is needed: the program to be tried")?;
    let kit = fs::canonicalize(kit).map_err(|e| format!("{kit}: {e}"))?;
    let tools = util::option(args, "--tools").map(|text| if text == "all" { TOOLS } else { text });
    let verdict = try_mutants(&kit, seed, from..from + count, jobs, tools)?;
    println!("figure: mutants {}", verdict.tried);
    println!("figure: failures {}", verdict.failures.len());
    if util::flag(args, "--record") {
        let flag = tools.map(|tools| format!(" --tools {tools}")).unwrap_or_default();
        let made_by = format!("cargo xtask mutants --kit kit --count {count} --seed {seed}{flag} --record");
        let row = |name, value, what: &str| Row { name, value, what: what.to_owned(), made_by: made_by.clone() };
        let [tried, failures] = if tools.is_some() {
            ["fuzz.tools.mutants", "fuzz.tools.failures"]
        } else {
            ["fuzz.mutants", "fuzz.failures"]
        };
        record::record(&[
            row(tried, verdict.tried as f64, &format!("mutants: {}", verdict.spread())),
            row(failures, verdict.failures.len() as f64, "panics, signals, time-outs, files left"),
        ])?;
    }
    Ok(verdict.failures.is_empty())
}

pub struct Mutants {
    pub tried: u64,
    per_kind: Vec<(&'static str, u64)>,
    pub failures: Vec<String>,
}

impl Mutants {
    fn spread(&self) -> String {
        self.per_kind.iter().map(|(kind, n)| format!("{n} {kind}")).collect::<Vec<_>>().join(", ")
    }
}

/// The kinds of mutants, each with the commands that try it; of `tools` when these are named.
fn kinds(tools: Option<&str>) -> Result<Vec<(Kind, Vec<&'static str>)>, String> {
    let Some(tools) = tools else {
        return Ok(KINDS.iter().map(|kind| (kind.clone(), kind.commands.to_vec())).collect());
    };
    let names: Vec<&str> = tools.split(',').collect();
    let tool = |command: &str| command.split(' ').next().unwrap_or_default().to_owned();
    let all = || TOOL_KINDS.iter().flat_map(|kind| kind.commands);
    if let Some(name) = names.iter().find(|name| all().all(|command| tool(command) != **name)) {
        return Err(format!("--tools: no command of `{name}` is known"));
    }
    let of = |kind: &Kind| -> Vec<&'static str> {
        kind.commands.iter().copied().filter(|command| names.contains(&tool(command).as_str())).collect()
    };
    let kinds = TOOL_KINDS.iter().map(|kind| (kind.clone(), of(kind)));
    Ok(kinds.filter(|(_, commands)| !commands.is_empty()).collect())
}

/// Tries the mutants with the numbers `range`; with `tools`, of what these tools read.
pub fn try_mutants(
    kit: &Path,
    seed: u64,
    range: std::ops::Range<u64>,
    jobs: u64,
    tools: Option<&str>,
) -> Result<Mutants, String> {
    let root = util::target_dir().join("mutants");
    let _ = fs::remove_dir_all(&root);
    let kinds = kinds(tools)?;
    let sound = match tools {
        None => sound_inputs(kit, &root.join("sound"))?.to_vec(),
        Some(_) => {
            let all = tool_inputs(kit, &root.join("sound"))?;
            let at = |kind: &Kind| TOOL_KINDS.iter().position(|other| other.name == kind.name).unwrap_or_default();
            kinds.iter().map(|(kind, _)| all[at(kind)].clone()).collect()
        }
    };
    let draw: Vec<usize> = kinds.iter().enumerate().flat_map(|(at, (kind, _))| vec![at; kind.share]).collect();
    let counts: Vec<AtomicU64> = kinds.iter().map(|_| AtomicU64::new(0)).collect();
    let next = AtomicU64::new(range.start);
    let worker = |job: u64| -> Result<Vec<String>, String> {
        let work = root.join(format!("job{job}"));
        fs::create_dir_all(&work).map_err(|e| format!("{}: {e}", work.display()))?;
        fs::copy(root.join("sound/0.gcc.o"), work.join("sound.o")).map_err(|e| format!("sound.o: {e}"))?;
        let mut failures = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= range.end {
                return Ok(failures);
            }
            let mut random = Random::new(seed, number);
            let which = draw[random.below(draw.len())];
            let (kind, commands) = &kinds[which];
            counts[which].fetch_add(1, Ordering::Relaxed);
            let mutant = (kind.damage)(&mut random, &sound[which]);
            let command = commands[random.below(commands.len())];
            if let Some(why) = try_one(kit, &work, kind, &mutant, command)? {
                let kept = root.join(format!("failed-{seed}-{number}.{}", kind.ending));
                fs::write(&kept, &mutant).map_err(|e| format!("{}: {e}", kept.display()))?;
                let line = format!("FAIL mutant {number} of seed {seed}: {why}: kit {command} ({})", kept.display());
                println!("{line}");
                failures.push(line);
            }
        }
    };
    let found: Vec<Result<Vec<String>, String>> = std::thread::scope(|scope| {
        let worker = &worker;
        let threads: Vec<_> = (0..jobs).map(|job| scope.spawn(move || worker(job))).collect();
        threads.into_iter().map(|t| t.join().unwrap_or_else(|_| Err("a worker failed".to_owned()))).collect()
    });
    let mut failures = Vec::new();
    for part in found {
        failures.append(&mut part?);
    }
    failures.sort();
    let per_kind: Vec<(&str, u64)> =
        kinds.iter().zip(counts).map(|((kind, _), count)| (kind.name, count.into_inner())).collect();
    Ok(Mutants { tried: per_kind.iter().map(|(_, count)| count).sum(), per_kind, failures })
}

/// What mutants are made of: the sources of the test cases, objects of them by gcc and kit, and archives of those.
fn sound_inputs(kit: &Path, dir: &Path) -> Result<[Vec<Vec<u8>>; 3], String> {
    fs::create_dir_all(dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut sources: Vec<PathBuf> = Vec::new();
    for part in ["tests/cases/c-run", "tests/cases/c-check", "tests/cases/pp", "tests/cases/gdb", "bench/kernels"] {
        let list = fs::read_dir(util::root().join(part)).map_err(|e| format!("{part}: {e}"))?;
        sources.extend(list.filter_map(|entry| entry.ok().map(|entry| entry.path())));
    }
    sources.retain(|path| path.extension().is_some_and(|end| end == "c"));
    sources.sort();
    let (mut texts, mut objects, mut archives) = (Vec::new(), Vec::new(), Vec::new());
    let kit = kit.display().to_string();
    // Objects of both compilers, with what tools look at: debug information, sections of functions, thread-locals, groups.
    let makers: [(&str, &[&str]); 3] = [
        ("gcc", &["gcc", "-g", "-O2", "-ffunction-sections"]),
        ("kit", &[&kit, "cc", "-g"]),
        ("plain", &[&kit, "cc", "-fPIC", "-fdata-sections"]),
    ];
    let mut members: Vec<String> = Vec::new();
    for path in &sources {
        let text = fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        if text.len() > MAX_SOURCE_BYTES {
            continue;
        }
        texts.push(text);
        let from = path.display().to_string();
        for (name, command) in makers {
            let object = dir.join(format!("{}.{name}.o", members.len() / makers.len())).display().to_string();
            let words: Vec<&str> = command[1..].iter().copied().chain(["-w", "-c", &from, "-o", &object]).collect();
            let made = util::output_of(command[0], &words)?.status.success();
            if !made {
                break;
            }
            objects.push(fs::read(&object).map_err(|e| format!("{object}: {e}"))?);
            members.push(object);
        }
        members.truncate(members.len() / makers.len() * makers.len());
    }
    for (idx, group) in members.chunks(5).enumerate() {
        for flags in ["rcs", "rcST"] {
            let archive = dir.join(format!("{idx}.{flags}.a")).display().to_string();
            let words: Vec<&str> =
                [flags, archive.as_str()].into_iter().chain(group.iter().map(String::as_str)).collect();
            if !util::output_of("ar", &words)?.status.success() {
                return Err(format!("ar does not make {archive}"));
            }
            archives.push(fs::read(&archive).map_err(|e| format!("{archive}: {e}"))?);
        }
    }
    if objects.len() < 30 || archives.len() < 10 {
        return Err("gcc and kit compile too few of the cases to make mutants of".to_owned());
    }
    Ok([texts, objects, archives])
}

/// Larger inputs of tools are left out, as with sources.
const MAX_TOOL_INPUT_BYTES: usize = 200_000;

/// What mutants for tools are made of: assembly that compilers write and that tests of gas try, objects, and programs.
fn tool_inputs(kit: &Path, dir: &Path) -> Result<[Vec<Vec<u8>>; 3], String> {
    let [_, objects, _] = sound_inputs(kit, dir)?;
    let (mut texts, mut programs) = (Vec::new(), Vec::new());
    let suite = crate::corpora::fetch(&crate::corpora::default_dir(), "binutils")?.join("gas/testsuite/gas");
    let mut sources: Vec<PathBuf> = Vec::new();
    for part in ["elf", "macros", "cfi", "all", "i386"] {
        let list = fs::read_dir(suite.join(part)).map_err(|e| format!("{part}: {e}"))?;
        sources.extend(list.flatten().map(|entry| entry.path()));
    }
    // Of the many that are about instructions those for 64 bit.
    let of_64 = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("x86-64"));
    sources.retain(|path| path.extension().is_some_and(|end| end == "s"));
    sources.retain(|path| !path.parent().is_some_and(|dir| dir.ends_with("i386")) || of_64(path));
    sources.sort();
    let keep = |bytes: Vec<u8>, list: &mut Vec<Vec<u8>>| {
        if !bytes.is_empty() && bytes.len() <= MAX_TOOL_INPUT_BYTES {
            list.push(bytes);
        }
    };
    for path in &sources {
        keep(fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?, &mut texts);
    }
    let kit = kit.display().to_string();
    let cases = util::root().join("tests/cases/c-run");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(&cases).map_err(|e| format!("{}: {e}", cases.display()))?.flatten().map(|e| e.path()).collect();
    cases.retain(|path| path.extension().is_some_and(|end| end == "c"));
    cases.sort();
    let out = dir.join("made").display().to_string();
    for path in &cases {
        let from = path.display().to_string();
        let made = |command: &[&str]| -> Result<Option<Vec<u8>>, String> {
            let args: Vec<&str> = command[1..].iter().copied().chain(["-w", &from, "-o", &out]).collect();
            let ok = util::output_of(command[0], &args)?.status.success();
            Ok(if ok { fs::read(&out).ok() } else { None })
        };
        for command in [&["gcc", "-S", "-g", "-O2"][..], &["gcc", "-S", "-O0", "-masm=intel"], &["clang", "-S", "-g"]] {
            keep(made(command)?.unwrap_or_default(), &mut texts);
        }
        for command in [&["gcc", "-g", "-O1"][..], &[&kit, "cc", "-g"], &["gcc", "-shared", "-fPIC", "-s"]] {
            keep(made(command)?.unwrap_or_default(), &mut programs);
        }
    }
    if texts.len() < 100 || programs.len() < 30 {
        return Err("too few sound inputs for tools".to_owned());
    }
    Ok([texts, objects, programs])
}

/// Gives one mutant to kit; tells what was wrong with how it ended.
fn try_one(kit: &Path, work: &Path, kind: &Kind, mutant: &[u8], command: &str) -> Result<Option<String>, String> {
    let input = format!("in.{}", kind.ending);
    fs::write(work.join(&input), mutant).map_err(|e| format!("{}: {e}", work.display()))?;
    let out = work.join("out");
    let _ = fs::remove_file(&out);
    let said = work.join("said");
    let stream = fs::File::create(&said).map_err(|e| format!("{}: {e}", said.display()))?;
    let words = command.split(' ').map(|word| match word {
        "{in}" => input.as_str(),
        "{out}" => "out",
        word => word,
    });
    let mut child = Command::new("prlimit")
        .arg(format!("--as={MEMORY_LIMIT}"))
        .arg("--core=0")
        .arg(kit)
        .args(words)
        .current_dir(work)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(stream)
        .spawn()
        .map_err(|e| format!("cannot start prlimit: {e}"))?;
    let Some(status) = wait(&mut child)? else { return Ok(Some("not ended in time".to_owned())) };
    let Some(code) = status.code() else { return Ok(Some(format!("ended by {status}"))) };
    let text = String::from_utf8_lossy(&fs::read(&said).map_err(|e| format!("{}: {e}", said.display()))?).into_owned();
    if let Some(line) = text.lines().find(|line| line.contains("panicked at") || line.contains("memory allocation of"))
    {
        return Ok(Some(line.to_owned()));
    }
    let wrong = match code {
        0 => None,
        1 | 2 if text.trim().is_empty() => Some("failed without a word".to_owned()),
        1 | 2 if out.exists() => Some("failed and left its output".to_owned()),
        1 | 2 => None,
        code => Some(format!("exit status {code}")),
    };
    // A patch's state stands beside its output, and goes with it.
    for left in fs::read_dir(work).map_err(|e| format!("{}: {e}", work.display()))?.flatten() {
        let name = left.file_name().to_string_lossy().into_owned();
        if name != "sound.o" && name != "said" {
            let _ = if left.path().is_dir() { fs::remove_dir_all(left.path()) } else { fs::remove_file(left.path()) };
        }
    }
    Ok(wrong)
}

/// Waits for the end; `None` and the process is gone when it takes too long.
fn wait(child: &mut Child) -> Result<Option<std::process::ExitStatus>, String> {
    let start = Instant::now();
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait().map_err(|e| e.to_string())? {
            return Ok(Some(status));
        }
        if start.elapsed() > TIME_LIMIT {
            child.kill().and_then(|()| child.wait()).map_err(|e| e.to_string())?;
            return Ok(None);
        }
        std::thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(20));
    }
}

/// xorshift64*: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn new(seed: u64, number: u64) -> Random {
        let mixed = (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mut random = Random(mixed ^ mixed >> 29 | 1);
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn of<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// Words that mean something somewhere.
const WORDS: &[&str] = &[
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    ";",
    ",",
    "*",
    "&",
    "=",
    "...",
    "->",
    ".",
    "?",
    ":",
    "#",
    "##",
    "\\\n",
    "\"",
    "'",
    "/*",
    "//",
    "int",
    "long",
    "unsigned",
    "_Bool",
    "__int128",
    "float",
    "long double",
    "_Complex",
    "void",
    "const",
    "volatile",
    "restrict",
    "static",
    "extern",
    "inline",
    "register",
    "_Thread_local",
    "typedef",
    "struct",
    "union",
    "enum",
    "struct s",
    "union u {",
    "enum e { A, B }",
    "typeof(",
    "__auto_type",
    "_Atomic",
    "_Alignas(8)",
    "_Alignof(",
    "_Static_assert(1, \"\");",
    "_Generic(0, default: 1)",
    "sizeof",
    "sizeof(int[n])",
    "__builtin_offsetof(struct s, a)",
    "__builtin_va_arg(ap, int)",
    "__builtin_constant_p(",
    "__builtin_choose_expr(1, 2, 3)",
    "__builtin_unreachable();",
    "__builtin_add_overflow(a, b, &c)",
    "__attribute__((packed))",
    "__attribute__((aligned(16)))",
    "__attribute__((alias(\"x\")))",
    "__attribute__((section(\"s\")))",
    "__attribute__((vector_size(16)))",
    "__attribute__((cleanup(f)))",
    "__attribute__((",
    "asm(\"nop\")",
    "asm volatile(\"\" : \"+r\"(x) :: \"memory\")",
    "asm goto(\"\" :::: l)",
    "goto l;",
    "l:",
    "goto *p;",
    "&&l",
    "case 1:",
    "case 1 ... 5:",
    "default:",
    "switch (x)",
    "if (",
    "else",
    "while (",
    "do",
    "for (;;)",
    "break;",
    "continue;",
    "return",
    "({ 1; })",
    "(int){1}",
    "(struct s){.a = 1}",
    "{ [3] = 1 }",
    "int a[n]",
    "int f(int a[static 3])",
    "int : 3",
    "0",
    "1",
    "-1",
    "0x7fffffff",
    "0x80000000",
    "4294967296",
    "18446744073709551615",
    "1e308",
    "1.0f",
    "0x1p-1074",
    "1.0il",
    "'\\0'",
    "'abcd'",
    "u8\"x\"",
    "L\"x\"",
    "\"\\xff\"",
    "\n#define X X\n",
    "\n#define F(a, ...) a ## __VA_ARGS__\n",
    "F(",
    "\n#if ",
    "\n#ifdef X\n",
    "\n#else\n",
    "\n#endif\n",
    "\n#include __FILE__\n",
    "\n#pragma pack(1)\n",
    "_Pragma(\"once\")",
    "__COUNTER__",
];

/// Words that mean something to an assembler.
const ASSEMBLY_WORDS: &[&str] = &[
    "\n.macro m a, b=1, c:vararg\n",
    "\n.endm\n",
    "\n.irp x,1,2,3\n",
    "\n.irpc x,abc\n",
    "\n.rept 100\n",
    "\n.endr\n",
    "\n.if 1\n",
    "\n.ifdef x\n",
    "\n.else\n",
    "\n.endif\n",
    "\n.altmacro\n",
    "\\a",
    "\\@",
    "\\()",
    "\nm 1,2,3\n",
    "\n.section .x,\"axG\",@progbits,g,comdat\n",
    "\n.pushsection .y\n",
    "\n.popsection\n",
    "\n.previous\n",
    "\n.subsection 1\n",
    "\n.text\n",
    "\n.data\n",
    "\n.bss\n",
    "\n.align 16\n",
    "\n.p2align 4,,10\n",
    "\n.org .+100\n",
    "\n.org 1<<40\n",
    "\n.fill 3,4,5\n",
    "\n.fill 1<<40\n",
    "\n.skip 1<<40\n",
    "\n.space -1\n",
    "\n.zero 8\n",
    "\n.quad x-y\n",
    "\n.long x-.\n",
    "\n.byte 1,2\n",
    "\n.octa 0x123456789abcdef0123456789abcdef\n",
    "\n.uleb128 y-x\n",
    "\n.sleb128 -1\n",
    "\n.string \"a\\0\\xff\"\n",
    "\n.ascii \"\n",
    "\n.float 1e400\n",
    "\n.double nan\n",
    "\n.set x, y\n",
    "\n.set y, x\n",
    "\n.equ x, x+1\n",
    "x = .\n",
    "\n.comm c,8,1<<20\n",
    "\n.lcomm d,4\n",
    "\n.globl x\n",
    "\n.weak x\n",
    "\n.hidden x\n",
    "\n.symver x,x@@V1\n",
    "\n.type x,@function\n",
    "\n.size x,.-x\n",
    "\n.weakref a,b\n",
    "\n.cfi_startproc\n",
    "\n.cfi_endproc\n",
    "\n.cfi_def_cfa_offset 16\n",
    "\n.cfi_escape 1,2,3\n",
    "\n.cfi_remember_state\n",
    "\n.file 1 \"a.c\"\n",
    "\n.loc 1 2 3\n",
    "\n.loc 7 0 view 1<<60\n",
    "\n.reloc ., R_X86_64_PC32, x\n",
    "\n.incbin \"in.s\"\n",
    "\n.include \"in.s\"\n",
    "\n.intel_syntax noprefix\n",
    "\n.att_syntax\n",
    "\n.code32\n",
    "\n.code64\n",
    "\n.end\n",
    "\n.err\n",
    "\n.nops 100\n",
    "1:",
    "1b",
    "1f",
    "99999999999f",
    "x:",
    "$",
    "%",
    "(",
    ")",
    ",",
    "*",
    "%rax",
    "%xmm31",
    "%zmm0{%k1}{z}",
    "{1to8}",
    "{rn-sae}",
    "(%rax,%rbx,8)",
    "x@GOTPCREL(%rip)",
    "x@PLT",
    "%fs:x@tpoff",
    "$0x7fffffffffffffff",
    "-1",
    "0",
    "1<<63",
    "(((",
    "~-!",
    "lock ",
    "rep ",
    "movabsq $x,%rax\n",
    "jmp x\n",
    "call *x(%rip)\n",
    "vpaddd ",
    "QWORD PTR [rax+rbx*8+1]",
    "offset x",
    "byte ptr ",
    "/*",
    "*/",
    "//",
    "#",
    ";",
    "\"",
    "\\",
];

/// An assembly source with damage as in text, in the assembler's words.
fn damaged_assembly(random: &mut Random, sound: &[Vec<u8>]) -> Vec<u8> {
    damaged(random, sound, ASSEMBLY_WORDS)
}

/// A C source with damage.
fn damaged_text(random: &mut Random, sound: &[Vec<u8>]) -> Vec<u8> {
    damaged(random, sound, WORDS)
}

/// A text with one to six pieces of damage.
fn damaged(random: &mut Random, sound: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut text = random.of(sound).clone();
    for _ in 0..1 + random.below(6) {
        let (from, to) = token(random, &text);
        match random.below(9) {
            0 => drop(text.drain(from..to)),
            1 => drop(text.splice(from..to, random.of(words).bytes())),
            2 => drop(text.splice(from..from, random.of(words).bytes())),
            3 => {
                let piece = text[from..to].to_vec();
                let (at, _) = token(random, &text);
                text.splice(at..at, piece);
            }
            4 => {
                let piece = text[from..to].to_vec();
                let (other, end) = token(random, &text);
                text.splice(other..end, piece);
            }
            5 => {
                // A stretch of another source, or of this one.
                let other = random.of(sound);
                let start = random.below(other.len());
                let end = (start + random.below(300)).min(other.len());
                text.splice(from..from, other[start..end].iter().copied());
            }
            6 => {
                let end = (from + random.below(400)).min(text.len());
                text.drain(from..end);
            }
            7 => {
                // Many times the same: depth, length.
                let piece = text[from..to].repeat(1 + random.below(40));
                text.splice(from..to, piece);
            }
            _ if from < text.len() => text[from] = random.next() as u8,
            _ => {}
        }
    }
    text
}

/// A word, a number or a single character of a text.
fn token(random: &mut Random, text: &[u8]) -> (usize, usize) {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let at = random.below(text.len());
    if !text.get(at).is_some_and(is_word) {
        return (at, (at + 1).min(text.len()));
    }
    let from = text[..at].iter().rposition(|byte| !is_word(byte)).map_or(0, |before| before + 1);
    let to = text[at..].iter().position(|byte| !is_word(byte)).map_or(text.len(), |len| at + len);
    (from, to)
}

/// Values that counts, sizes, offsets and indices of a format break at.
const NUMBERS: &[u64] = &[
    0,
    1,
    2,
    7,
    8,
    0x3f,
    0x40,
    0x7f,
    0x80,
    0xff,
    0xfff1,
    0xffff,
    0x7fff_ffff,
    0xffff_ffff,
    1 << 32,
    u64::MAX / 2,
    u64::MAX,
];

/// A file with one to five pieces of damage.
fn damaged_bytes(random: &mut Random, sound: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = random.of(sound).clone();
    for _ in 0..1 + random.below(5) {
        // Headers and tables stand at both ends.
        let at = match random.below(4) {
            0 => random.below(bytes.len().min(128)),
            1 => bytes.len() - random.below(bytes.len().min(2000)) - 1,
            _ => random.below(bytes.len()),
        };
        let width = [1, 2, 4, 8][random.below(4)];
        let at = if random.below(3) == 0 { at } else { at / width * width };
        let end = (at + width).min(bytes.len());
        match random.below(10) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2..=4 => {
                let value = random.of(NUMBERS).to_le_bytes();
                bytes[at..end].copy_from_slice(&value[..end - at]);
            }
            5 => {
                // A little more or less than what was there.
                let mut old = [0; 8];
                old[..end - at].copy_from_slice(&bytes[at..end]);
                let near = u64::from_le_bytes(old).wrapping_add(random.below(33) as u64).wrapping_sub(16);
                bytes[at..end].copy_from_slice(&near.to_le_bytes()[..end - at]);
            }
            6 => {
                let size = bytes.len() as u64 + random.below(3) as u64 - 1;
                bytes[at..end].copy_from_slice(&size.to_le_bytes()[..end - at]);
            }
            7 => {
                let (from, len) = (random.below(bytes.len()), random.below(64));
                let piece = bytes[from..(from + len).min(bytes.len())].to_vec();
                let end = (at + piece.len()).min(bytes.len());
                bytes[at..end].copy_from_slice(&piece[..end - at]);
            }
            8 => {
                let other = random.of(sound);
                let len = random.below(200).min(other.len()).min(bytes.len() - at);
                bytes[at..at + len].copy_from_slice(&other[..len]);
            }
            _ => match random.below(4) {
                0 if at > 0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..end)),
                2 => drop(bytes.splice(at..at, vec![0; width])),
                _ => bytes[at..end].fill(0),
            },
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}
