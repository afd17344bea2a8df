//! What the tests of patching share: a project of C units that are edited at random, and links of it in this process.
//!
//! A unit's text is made from numbers, and so is what the program must print: no other tool is asked.
#![allow(dead_code, reason = "each test uses its part")]

use base::io::{ImageIo, InputSource};
use kit::link::{LinkOutcome, LinkRequest, Linked, link_to_file};
use kit::linker::options::{BuildId, OutputKind};
use kit::linker::session::Machine;
use kit::linker::{Input, InputWhat, Options};
use kit::plugins::{TARGETS, TargetRow};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// xorshift64*: the same edits on every machine.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n.max(1)
    }
}

/// How the program is linked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Pie,
    Fixed,
    Static,
    /// A position-independent program with `--gc-sections`.
    Collected,
    /// A shared library; a program that GNU ld makes calls it.
    Shared,
}

/// One function: `x = x * multiply + add` for each step, then the letters of its text.
#[derive(Clone)]
pub struct Function {
    pub steps: Vec<(u32, u32)>,
    pub text: String,
    /// Calls the next unit's first function, too.
    pub calls: bool,
}

/// One source file.
#[derive(Clone)]
pub struct Unit {
    pub functions: Vec<Function>,
    pub table: Vec<u32>,
    pub shared_table: Vec<u32>,
    /// Which functions the unit's pointers point to.
    pub pointers: [usize; 2],
    pub thread: u32,
    pub blank_lines: usize,
    pub flags: &'static [&'static str],
    pub cxx: bool,
    /// Compiled by kit.
    pub own: bool,
    pub archived: bool,
}

/// Units, their objects and the program made of them.
pub struct Project {
    pub dir: PathBuf,
    pub kind: Kind,
    pub units: Vec<Unit>,
}

const FLAGS: &[&[&str]] = &[
    &["-O0", "-g", "-ffunction-sections", "-fdata-sections"],
    &["-O2", "-g"],
    &["-O1"],
    &["-O0"],
    &["-Os", "-g", "-ffunction-sections"],
    &["-O0", "-g", "-gdwarf-4"],
];

impl Unit {
    pub fn new(number: usize, random: &mut Random) -> Unit {
        let function = |random: &mut Random| Function {
            steps: (0..2 + random.below(4)).map(|_| (random.next() as u32, random.next() as u32)).collect(),
            text: "some text".into(),
            calls: random.below(2) == 0,
        };
        Unit {
            functions: (0..2 + number % 2).map(|_| function(random)).collect(),
            table: (0..8).map(|_| random.next() as u32).collect(),
            shared_table: (0..8).map(|_| random.next() as u32).collect(),
            pointers: [0, 1],
            thread: random.next() as u32 % 1000,
            blank_lines: 0,
            flags: FLAGS[number % FLAGS.len()],
            cxx: number % 6 == 4,
            own: matches!(number % 6, 3 | 5),
            archived: number % 3 == 2,
        }
    }

    fn source(&self, u: usize, n_units: usize) -> String {
        let next = (u + 1) % n_units;
        let list = |values: &[u32]| values.iter().map(|v| format!("{v}u")).collect::<Vec<_>>().join(", ");
        let mut out = "\n".repeat(self.blank_lines);
        let linkage = if self.cxx { "extern \"C\" " } else { "extern " };
        out += &format!("{linkage}unsigned f{next}_0(unsigned, int);\n{linkage}unsigned long strlen(const char *);\n");
        out += &format!("{linkage}long labs(long);\n");
        out += &format!("static unsigned table[] = {{ {} }};\n", list(&self.table));
        if self.cxx {
            out += "extern \"C\" {\n";
        }
        out += &format!(
            "unsigned shared{u}[] = {{ {} }};\n__thread unsigned thread{u} = {};\n",
            list(&self.shared_table),
            self.thread
        );
        for idx in 0..self.functions.len() {
            out += &format!("unsigned f{u}_{idx}(unsigned, int);\n");
        }
        let [a, b] = self.pointers;
        out += &format!("unsigned (*volatile pointers{u}[2])(unsigned, int) = {{ f{u}_{a}, f{u}_{b} }};\n");
        for (idx, function) in self.functions.iter().enumerate() {
            out += &format!("unsigned f{u}_{idx}(unsigned x, int depth) {{\n");
            out += "  if (depth > 2) return x;\n";
            for (multiply, add) in &function.steps {
                out += &format!("  x = x * {multiply}u + {add}u;\n");
            }
            out += &format!("  const char *s = \"{}\";\n  while (*s) x += *s++;\n", function.text);
            out += &format!("  x += table[x % 8] + shared{u}[x % {}] + thread{u};\n", self.shared_table.len());
            out += "  x += (unsigned)labs((long)(x & 0xffff) - 77);\n";
            if self.cxx {
                out += "  try { if (x & 1) throw (int)(x & 15); } catch (int e) { x += e; }\n";
            }
            if idx == 0 {
                out += &format!(
                    "  x += pointers{u}[0](x, depth + 3) ^ pointers{u}[1](x, depth + 1 > 2 ? 3 : depth + 1);\n"
                );
            }
            // The mention stays when the call goes, so that the unit's imports are the same.
            let call = if function.calls { "1" } else { "0" };
            out +=
                &format!("  volatile int call = {call};\n  if (call) x += f{next}_0(x, depth + 1);\n  return x;\n}}\n");
        }
        if self.cxx {
            out += "}\n";
        }
        out
    }
}

impl Project {
    pub fn new(dir: &Path, kind: Kind, n_units: usize, random: &mut Random) -> Project {
        let units = (0..n_units).map(|u| Unit::new(u, random)).collect();
        fs::create_dir_all(dir).expect("a directory");
        let project = Project { dir: dir.to_path_buf(), kind, units };
        let all: Vec<usize> = (0..n_units).collect();
        project.compile(&all, true);
        project
    }

    /// Compiles units, and the main program if the set of functions changed.
    pub fn compile(&self, units: &[usize], main: bool) {
        let mut children = Vec::new();
        for &u in units {
            let unit = &self.units[u];
            let name = format!("u{u}.{}", if unit.cxx { "cc" } else { "c" });
            fs::write(self.dir.join(&name), unit.source(u, self.units.len())).expect("a source");
            let compiler: &[&str] = match (unit.cxx, unit.own) {
                (true, _) => &["g++"],
                (false, true) => &[env!("CARGO_BIN_EXE_kit"), "cc"],
                (false, false) => &["gcc"],
            };
            children.push(self.compiler(compiler, unit.flags, &name, &format!("u{u}.o")));
        }
        if main {
            let mut text = "#include <stdio.h>\n".to_string();
            let mut body = String::new();
            for (u, unit) in self.units.iter().enumerate() {
                for idx in 0..unit.functions.len() {
                    text += &format!("unsigned f{u}_{idx}(unsigned, int);\n");
                    body += &format!("  printf(\"%u\\n\", f{u}_{idx}({}, 0));\n", 7 + idx);
                }
            }
            fs::write(self.dir.join("main.c"), format!("{text}int main(void) {{\n{body}  return 0;\n}}\n"))
                .expect("main.c");
            children.push(self.compiler(&["gcc"], &["-O1", "-g"], "main.c", "main.o"));
        }
        for mut child in children {
            assert!(child.wait().expect("gcc ends").success(), "gcc compiles");
        }
        if units.iter().any(|&u| self.units[u].archived) {
            let members = (0..self.units.len()).filter(|&u| self.units[u].archived).map(|u| format!("u{u}.o"));
            let _ = fs::remove_file(self.dir.join("lib.a"));
            let status = Command::new("ar").arg("rcs").arg("lib.a").args(members).current_dir(&self.dir).status();
            assert!(status.expect("ar starts").success());
        }
    }

    fn compiler(&self, words: &[&str], flags: &[&str], source: &str, object: &str) -> std::process::Child {
        let position = match self.kind {
            Kind::Pie | Kind::Collected => "-fPIE",
            Kind::Shared => "-fPIC",
            Kind::Fixed | Kind::Static => "-fno-pie",
        };
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .args(flags)
            .args([position, "-w", "-fno-builtin", "-c", source, "-o", object])
            .current_dir(&self.dir);
        command.spawn().expect("gcc starts")
    }

    pub fn output(&self) -> PathBuf {
        self.dir.join(if self.kind == Kind::Shared { "libproject.so" } else { "program" })
    }

    pub fn request(&self, audit: bool) -> LinkRequest {
        let crt = |name: &str| Input::path(gcc_file(name));
        let library = |name: &str| Input::new(InputWhat::Library(name.into()));
        let (first, begin, end) = match self.kind {
            Kind::Pie | Kind::Collected => (Some("Scrt1.o"), "crtbeginS.o", "crtendS.o"),
            Kind::Shared => (None, "crtbeginS.o", "crtendS.o"),
            Kind::Fixed => (Some("crt1.o"), "crtbegin.o", "crtend.o"),
            Kind::Static => (Some("crt1.o"), "crtbeginT.o", "crtend.o"),
        };
        let mut inputs: Vec<Input> = first.into_iter().chain(["crti.o", begin]).map(crt).collect();
        if self.kind != Kind::Shared {
            inputs.push(Input::path(self.dir.join("main.o")));
        }
        let plain = (0..self.units.len()).filter(|&u| !self.units[u].archived);
        inputs.extend(plain.map(|u| Input::path(self.dir.join(format!("u{u}.o")))));
        if self.units.iter().any(|unit| unit.archived) {
            inputs.push(Input::path(self.dir.join("lib.a")));
        }
        if self.units.iter().any(|unit| unit.cxx) {
            inputs.push(library("stdc++"));
            inputs.push(library("m"));
        }
        inputs.push(Input::new(InputWhat::GroupStart));
        inputs.push(library("c"));
        let unwinder: &[&str] = if self.kind == Kind::Static { &["gcc", "gcc_eh"] } else { &["gcc", "gcc_s"] };
        inputs.extend(unwinder.iter().map(|name| library(name)));
        inputs.push(Input::new(InputWhat::GroupEnd));
        inputs.push(crt(end));
        inputs.push(crt("crtn.o"));
        let options = Options {
            output: match self.kind {
                Kind::Pie | Kind::Collected => OutputKind::Pie,
                Kind::Shared => OutputKind::Shared,
                Kind::Fixed | Kind::Static => OutputKind::Exec,
            },
            is_static: self.kind == Kind::Static,
            gc_sections: self.kind == Kind::Collected,
            interpreter: (!matches!(self.kind, Kind::Static | Kind::Shared)).then(|| target().loader.to_string()),
            library_paths: library_paths(),
            build_id: BuildId::Hash(20),
            incremental: true,
            ..Options::default()
        };
        let machine = Machine {
            build: 1,
            boot: sys::machine::boot_id(),
            now_ns: sys::machine::now_ns(),
            directory: self.dir.clone(),
        };
        LinkRequest { options, inputs, output: self.output(), want_map: false, audit, machine }
    }

    /// The same link as words for `kit ld`.
    pub fn words(&self) -> Vec<String> {
        let request = self.request(false);
        let mut words: Vec<String> =
            ["--incremental", "--explain", "--build-id", "--eh-frame-hdr", "-o", "program"].map(String::from).to_vec();
        words.extend(match self.kind {
            Kind::Pie => vec!["-pie".to_string()],
            Kind::Collected => vec!["-pie".to_string(), "--gc-sections".to_string()],
            Kind::Shared => vec!["-shared".to_string()],
            Kind::Fixed => vec!["-no-pie".to_string()],
            Kind::Static => vec!["-static".to_string()],
        });
        if let Some(loader) = &request.options.interpreter {
            words.extend(["-dynamic-linker".to_string(), loader.clone()]);
        }
        words.extend(request.options.library_paths.iter().map(|path| format!("-L{}", path.display())));
        words.extend(request.inputs.iter().map(|input| match &input.what {
            InputWhat::Path(path) => path.display().to_string(),
            InputWhat::Library(name) => format!("-l{name}"),
            InputWhat::GroupStart => "--start-group".into(),
            InputWhat::GroupEnd => "--end-group".into(),
            InputWhat::Bytes { .. } | InputWhat::Object { .. } | InputWhat::Lazy { .. } => {
                unreachable!("every input is a file")
            }
        }));
        words
    }

    /// Links with the program `kit`; what it says.
    pub fn kit_ld(&self) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kit"));
        let output = command.arg("ld").args(self.words()).current_dir(&self.dir).output().expect("kit starts");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{text}");
        text
    }

    pub fn link(&self, audit: bool) -> Linked {
        self.link_on(&sys::Host, audit).expect("the link succeeds")
    }

    pub fn link_on<H: InputSource + ImageIo>(&self, host: &H, audit: bool) -> Result<Linked, String> {
        let text = |errors: Vec<kit::linker::LinkError>| {
            errors.iter().map(|error| error.to_string()).collect::<Vec<_>>().join("\n")
        };
        link_to_file(&self.request(audit), host, target()).map_err(text)
    }

    /// What the program prints; `Err` says why it cannot run or how it ended.
    pub fn run(&self) -> Result<String, String> {
        let mut program = self.output();
        if self.kind == Kind::Shared {
            program = self.dir.join("caller");
            let mut gcc = Command::new("gcc");
            gcc.arg("-no-pie").arg(self.dir.join("main.o")).arg(self.output()).arg("-o").arg(&program);
            assert!(gcc.status().expect("gcc starts").success(), "the library can be linked with");
        }
        let start = || Command::new(&program).stdin(Stdio::null()).stderr(Stdio::piped()).output();
        let mut child = start();
        // Another test's child holds our descriptors from its fork to its exec.
        while child.as_ref().is_err_and(|error| error.kind() == std::io::ErrorKind::ExecutableFileBusy) {
            std::thread::yield_now();
            child = start();
        }
        let output = child.map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr))),
        }
    }

    /// What it must print.
    pub fn expected(&self) -> String {
        let mut out = String::new();
        for (u, unit) in self.units.iter().enumerate() {
            for idx in 0..unit.functions.len() {
                out += &format!("{}\n", self.value(u, idx, 7 + idx as u32, 0));
            }
        }
        out
    }

    fn value(&self, u: usize, idx: usize, mut x: u32, depth: u32) -> u32 {
        if depth > 2 {
            return x;
        }
        let unit = &self.units[u];
        let function = &unit.functions[idx];
        for (multiply, add) in &function.steps {
            x = x.wrapping_mul(*multiply).wrapping_add(*add);
        }
        x = function.text.bytes().fold(x, |x, byte| x.wrapping_add(u32::from(byte)));
        let shared = unit.shared_table[x as usize % unit.shared_table.len()];
        x = x.wrapping_add(unit.table[x as usize % 8]).wrapping_add(shared).wrapping_add(unit.thread);
        x = x.wrapping_add((i64::from(x & 0xffff) - 77).unsigned_abs() as u32);
        if unit.cxx && x & 1 != 0 {
            x = x.wrapping_add(x & 15);
        }
        if idx == 0 {
            let inner = (depth + 1).min(3);
            let first = self.value(u, unit.pointers[0], x, depth + 3);
            x = x.wrapping_add(first ^ self.value(u, unit.pointers[1], x, inner));
        }
        if function.calls {
            x = x.wrapping_add(self.value((u + 1) % self.units.len(), 0, x, depth + 1));
        }
        x
    }

    /// One random edit, compiled. Says what it was.
    pub fn edit(&mut self, random: &mut Random) -> String {
        let u = random.below(self.units.len());
        let unit = &mut self.units[u];
        let f = random.below(unit.functions.len());
        let mut main = false;
        let function = &mut unit.functions[f];
        let what = match random.below(16) {
            0..=3 => {
                let step = random.below(function.steps.len());
                function.steps[step] = (random.next() as u32, random.next() as u32);
                "changes numbers"
            }
            4 => {
                function.steps.push((random.next() as u32, random.next() as u32));
                "adds a statement"
            }
            5 if function.steps.len() > 1 => {
                function.steps.pop();
                "removes a statement"
            }
            6 | 7 => {
                let letters = function.text.len();
                function.text = (0..letters).map(|_| (b'a' + random.below(26) as u8) as char).collect();
                "changes a text"
            }
            8 => {
                function.text.push_str("more");
                "lengthens a text"
            }
            9 => {
                let at = random.below(8);
                unit.table[at] = random.next() as u32;
                "changes data"
            }
            10 => {
                let at = random.below(unit.shared_table.len());
                unit.shared_table[at] = random.next() as u32;
                "changes shared data"
            }
            11 => {
                unit.pointers[1] = random.below(unit.functions.len());
                "points elsewhere"
            }
            12 => {
                unit.thread = random.next() as u32 % 1000;
                "changes thread-local data"
            }
            13 => {
                function.calls = !function.calls;
                "toggles a call"
            }
            14 => {
                unit.blank_lines = random.below(200);
                "moves lines"
            }
            _ => match random.below(4) {
                0 => {
                    unit.shared_table.push(1);
                    "makes shared data larger"
                }
                1 => {
                    let new = unit.functions[f].clone();
                    unit.functions.push(new);
                    main = true;
                    "adds a function"
                }
                2 if unit.functions.len() > 2 => {
                    unit.functions.pop();
                    unit.pointers = [0, 1];
                    main = true;
                    "removes a function"
                }
                _ => "changes nothing",
            },
        };
        self.compile(&[u], main);
        format!("unit {u} {what}")
    }
}

/// A change that always fits: other numbers of the same size.
pub fn change_a_number(project: &mut Project, u: usize, random: &mut Random) {
    let number = 0x4000_0000 | random.next() as u32 & 0x3fff_fff0 | 2;
    project.units[u].functions[0].steps[0] = (number, number ^ 0xff0);
    project.compile(&[u], false);
}

pub fn target() -> &'static TargetRow {
    &TARGETS[0]
}

pub fn is_patched(outcome: &LinkOutcome) -> bool {
    matches!(outcome, LinkOutcome::Patched(_))
}

/// Where gcc has one of its files.
pub fn gcc_file(name: &str) -> PathBuf {
    let output = Command::new("gcc").arg(format!("-print-file-name={name}")).output().expect("gcc starts");
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())
}

pub fn library_paths() -> Vec<PathBuf> {
    let gcc = gcc_file("crtbegin.o").parent().map(Path::to_path_buf);
    let system = PathBuf::from(format!("/usr/lib/{}", target().multiarch));
    gcc.into_iter().chain([system, PathBuf::from("/usr/lib")]).collect()
}
