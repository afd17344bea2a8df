//! Which files a link reads, found and opened once: paths, `-l` names, and what input scripts lead to.
//!
//! This runs before anything is parsed, so that every later phase borrows from bytes that no longer move. Libraries are
//! looked for as GNU ld's manual says for `-l` and `INPUT`.

use crate::error::{ErrorKind, LinkError};
use crate::facets::{FileKind, Format};
use crate::options::Options;
use crate::script::{self, ScriptInput};
use base::io::{FileBytes, InputSource};
use obj::Object;
use obj::archive::Archive;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use target::Arch;

/// One input as the command line gives it, with the positional options in force there.
#[derive(Clone, Debug)]
pub struct Input {
    pub what: InputWhat,
    /// Shared libraries only count if something needs them (`--as-needed`).
    pub as_needed: bool,
    /// Every member of an archive is taken.
    pub whole_archive: bool,
    /// `-l` looks for archives only (`-Bstatic`).
    pub prefer_static: bool,
}

#[derive(Clone, Debug)]
pub enum InputWhat {
    Path(PathBuf),
    /// `-lname`; `:file` for an exact file name.
    Library(String),
    /// Bytes that are in memory already.
    Bytes {
        name: String,
        bytes: FileBytes,
    },
    /// An archive whose members become objects when they are taken.
    Lazy {
        name: String,
        bytes: FileBytes,
        make: MakeMember,
    },
    /// An object that was never a file.
    Object {
        name: String,
        object: Arc<Object<'static>>,
    },
    GroupStart,
    GroupEnd,
}

/// Makes the object that a member's bytes stand for.
pub type MakeMember = fn(&[u8]) -> Result<Vec<u8>, String>;

impl Input {
    pub fn new(what: InputWhat) -> Input {
        Input { what, as_needed: false, whole_archive: false, prefer_static: false }
    }

    pub fn path(path: impl Into<PathBuf>) -> Input {
        Input::new(InputWhat::Path(path.into()))
    }
}

/// One opened file.
#[derive(Debug)]
pub struct File {
    /// As the user knows it.
    pub name: String,
    /// `None` for bytes from memory.
    pub path: Option<PathBuf>,
    pub bytes: FileBytes,
    pub kind: FileKind,
    /// An object that is in memory already; then `bytes` is empty.
    pub object: Option<Arc<Object<'static>>>,
    /// Of an archive whose members are other files: offset of each member's header, and its file.
    pub thin: Vec<(u64, usize)>,
    /// Found by `-l`: a library without a name of its own is needed by its file name.
    pub from_search: bool,
}

/// The order in which files take part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    File { file: usize, as_needed: bool, whole_archive: bool },
    GroupStart,
    GroupEnd,
}

/// All files of a link, and names that options make (which symbols borrow).
#[derive(Debug, Default)]
pub struct Files {
    pub list: Vec<File>,
    pub steps: Vec<Step>,
    /// `EXTERN` names of scripts.
    pub externs: Vec<String>,
    /// `(name, __wrap_name, __real_name)` for every `--wrap`.
    pub wraps: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)>,
    /// Where libraries were looked for and not found: a file that appears there changes the link.
    pub absent: Vec<PathBuf>,
    /// Libraries that libraries of this link need, found by `-rpath-link`; they only tell what is defined.
    pub indirect: Vec<usize>,
    /// Archives whose members are made when they are taken.
    pub(crate) makers: Vec<(usize, MakeMember)>,
    kept: Kept,
}

/// Bytes that readers had to make (few: names of unnamed symbols, decompressed sections), kept as long as the files.
/// A chain of cells, because cells only change from empty to full and so can be shared while others are added.
#[derive(Debug, Default)]
struct Kept(OnceLock<Box<(Vec<u8>, Kept)>>);

impl Files {
    /// About how many bytes of input a link goes through. Of libraries it takes a small part: names, and some members.
    pub(crate) fn size(&self) -> u64 {
        let size = |file: &File| match (&file.object, file.kind) {
            (Some(object), _) => object.sections.iter().map(|section| section.data.len() as u64).sum(),
            (None, FileKind::Object) => file.bytes.len() as u64,
            (None, _) => file.bytes.len() as u64 / 16,
        };
        self.list.iter().map(size).sum()
    }

    /// Keeps `bytes` and lends them.
    pub(crate) fn keep(&self, bytes: Vec<u8>) -> &[u8] {
        let mut cell = &self.kept;
        let mut item = Box::new((bytes, Kept::default()));
        loop {
            let taken = cell.0.set(item);
            let content = cell.0.get().expect("just filled, or found full");
            match taken {
                Ok(()) => return &content.0,
                Err(back) => item = back,
            }
            cell = &content.1;
        }
    }
}

struct Opener<'o> {
    source: &'o dyn InputSource,
    options: &'o Options,
    format: &'o dyn Format,
    library_paths: Vec<PathBuf>,
    by_path: HashMap<PathBuf, usize>,
    files: Files,
    errors: Vec<LinkError>,
}

/// How a name was found, for scripts' relative names.
struct Context<'c> {
    input: &'c Input,
    /// The script that names it.
    script: Option<&'c Path>,
    depth: u32,
}

/// Scripts may name scripts, to this depth.
const MAX_SCRIPT_DEPTH: u32 = 16;

impl Files {
    /// Finds and opens every input. All files that cannot be found are reported together.
    pub fn open(
        source: &dyn InputSource,
        inputs: &[Input],
        options: &Options,
        format: &dyn Format,
    ) -> Result<Files, Vec<LinkError>> {
        let mut opener = Opener {
            source,
            options,
            format,
            library_paths: options.library_paths.clone(),
            by_path: HashMap::new(),
            files: Files::default(),
            errors: Vec::new(),
        };
        for name in &options.wrap {
            let with = |prefix: &[u8]| [prefix, name.as_bytes()].concat();
            opener.files.wraps.push((name.as_bytes().to_vec(), with(b"__wrap_"), with(b"__real_")));
        }
        for input in inputs {
            opener.input(&Context { input, script: None, depth: 0 });
        }
        if opener.errors.is_empty() { Ok(opener.files) } else { Err(opener.errors) }
    }

    /// Opens what the shared libraries need and the command line does not name, in the directories of `-rpath-link` and then
    /// of `-rpath` (GNU ld, "-rpath-link"). What is not found is not judged.
    pub fn open_indirect(
        &mut self,
        source: &dyn InputSource,
        options: &Options,
        format: &dyn Format,
        arch: &'static Arch,
    ) {
        if options.rpath_link.is_empty() {
            return;
        }
        let dirs = options.rpath_link.iter().cloned().chain(options.rpaths.iter().map(PathBuf::from));
        let dirs: Vec<PathBuf> = dirs.map(|dir| in_sysroot(options, &dir)).collect();
        let mut known: HashSet<Vec<u8>> = HashSet::new();
        let mut wanted: Vec<String> = Vec::new();
        let mut at = 0;
        while at < self.list.len() || !wanted.is_empty() {
            // All names that the files bring are known before one is looked for.
            if at == self.list.len() {
                let names = std::mem::take(&mut wanted);
                names.iter().filter(|name| known.insert(name.as_bytes().to_vec())).for_each(|name| {
                    self.needed(source, format, name, &dirs);
                });
                continue;
            }
            let file = &self.list[at];
            at += 1;
            if file.kind != FileKind::Shared {
                continue;
            }
            // A damaged library is reported where it takes part.
            let Ok(lib) = format.read_shared(arch, &file.bytes) else { continue };
            let file_name = file.path.as_deref().and_then(Path::file_name).map(|name| name.as_encoded_bytes().to_vec());
            known.extend(lib.soname.as_ref().map(|name| name.to_vec()).or(file_name));
            wanted.extend(lib.needed.iter().filter_map(|name| String::from_utf8(name.to_vec()).ok()));
        }
    }

    fn needed(&mut self, source: &dyn InputSource, format: &dyn Format, name: &str, dirs: &[PathBuf]) {
        for path in dirs.iter().map(|dir| dir.join(name)) {
            let found = source.read(&path).ok().map(|bytes| (format.identify(&bytes), bytes));
            let Some((FileKind::Shared, bytes)) = found else {
                self.absent.push(path);
                continue;
            };
            self.indirect.push(self.list.len());
            self.list.push(File {
                name: path.display().to_string(),
                path: Some(path),
                bytes,
                kind: FileKind::Shared,
                object: None,
                thin: Vec::new(),
                from_search: false,
            });
            return;
        }
    }
}

fn in_sysroot(options: &Options, path: &Path) -> PathBuf {
    match (&options.sysroot, path.to_str().and_then(|p| p.strip_prefix('='))) {
        (Some(root), Some(rest)) => root.join(rest.trim_start_matches('/')),
        (None, Some(rest)) => PathBuf::from(rest),
        _ => path.to_path_buf(),
    }
}

impl Opener<'_> {
    fn input(&mut self, cx: &Context<'_>) {
        match &cx.input.what {
            InputWhat::GroupStart => self.files.steps.push(Step::GroupStart),
            InputWhat::GroupEnd => self.files.steps.push(Step::GroupEnd),
            InputWhat::Path(path) => self.path(path, cx, false),
            InputWhat::Library(name) => self.library(name, cx),
            InputWhat::Bytes { name, bytes } | InputWhat::Lazy { name, bytes, .. } => {
                if let InputWhat::Lazy { make, .. } = cx.input.what {
                    self.files.makers.push((self.files.list.len(), make));
                }
                let file = File {
                    name: name.clone(),
                    path: None,
                    bytes: bytes.clone(),
                    kind: self.format.identify(bytes),
                    object: None,
                    thin: Vec::new(),
                    from_search: false,
                };
                self.add(file, cx);
            }
            InputWhat::Object { name, object } => {
                let file = File {
                    name: name.clone(),
                    path: None,
                    bytes: FileBytes::from_vec(Vec::new()),
                    kind: FileKind::Object,
                    object: Some(object.clone()),
                    thin: Vec::new(),
                    from_search: false,
                };
                self.add(file, cx);
            }
        }
    }

    /// Looks `-lname` up and opens what it finds.
    fn library(&mut self, name: &str, cx: &Context<'_>) {
        let candidates: Vec<String> = match name.strip_prefix(':') {
            Some(exact) => vec![exact.to_string()],
            None if cx.input.prefer_static || self.options.is_static => vec![format!("lib{name}.a")],
            None => vec![format!("lib{name}.so"), format!("lib{name}.a")],
        };
        for dir in self.library_paths.clone() {
            let dir = in_sysroot(self.options, &dir);
            for candidate in &candidates {
                let path = dir.join(candidate);
                if self.by_path.contains_key(&path) || self.source.stat(&path).is_ok_and(|s| is_regular(s.mode)) {
                    return self.path(&path, cx, true);
                }
                self.files.absent.push(path);
            }
        }
        let mut text = format!("cannot find -l{name}: No such file or directory");
        if let Some(dir) = self.find_unlinked(name) {
            text += &format!(
                "\n  note: {} is there, but its development link lib{name}.so is not (install the library's -dev package)",
                dir.display()
            );
        }
        self.errors.push(LinkError::new(ErrorKind::Io, text));
    }

    /// A run-time library whose development package is missing.
    fn find_unlinked(&self, name: &str) -> Option<PathBuf> {
        let dirs = self.library_paths.iter();
        dirs.flat_map(|dir| (0..10).map(move |n| dir.join(format!("lib{name}.so.{n}"))))
            .find(|path| self.source.stat(path).is_ok())
    }

    fn path(&mut self, path: &Path, cx: &Context<'_>, from_search: bool) {
        if let Some(&file) = self.by_path.get(path) {
            if self.files.list[file].kind == FileKind::Script {
                return self.script(file, cx);
            }
            return self.step(file, cx);
        }
        match self.source.read(path) {
            Ok(bytes) => {
                let kind = self.format.identify(&bytes);
                let name = path.display().to_string();
                self.by_path.insert(path.to_path_buf(), self.files.list.len());
                self.add(
                    File {
                        name,
                        path: Some(path.to_path_buf()),
                        bytes,
                        kind,
                        object: None,
                        thin: Vec::new(),
                        from_search,
                    },
                    cx,
                );
            }
            Err(error) => {
                let text = match cx.script {
                    Some(script) => format!("{error}\n  note: named by {}", script.display()),
                    None => error.to_string(),
                };
                self.errors.push(LinkError::new(ErrorKind::Io, text));
            }
        }
    }

    fn add(&mut self, file: File, cx: &Context<'_>) {
        let idx = self.files.list.len();
        let kind = file.kind;
        self.files.list.push(file);
        match kind {
            FileKind::Script => self.script(idx, cx),
            FileKind::Foreign(what) => {
                let text = format!("{}: {what}", self.files.list[idx].name);
                self.errors.push(LinkError::new(ErrorKind::Input, text));
            }
            FileKind::Archive => {
                self.thin_members(idx);
                self.step(idx, cx);
            }
            _ => self.step(idx, cx),
        }
    }

    /// Opens the members of a thin archive, which are files named relative to it.
    fn thin_members(&mut self, archive: usize) {
        let File { bytes, path, name, .. } = &self.files.list[archive];
        let (bytes, path, name) = (bytes.clone(), path.clone(), name.clone());
        // What is malformed is reported when the archive is loaded.
        let Ok(parsed) = Archive::parse(&bytes) else { return };
        if !parsed.thin {
            return;
        }
        let dir = path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        for member in parsed.members().flatten() {
            let member_path = dir.join(&*String::from_utf8_lossy(&member.name));
            match self.source.read(&member_path) {
                Ok(bytes) if member.origin.is_none() => {
                    let kind = self.format.identify(&bytes);
                    let file = File {
                        name: member_path.display().to_string(),
                        path: Some(member_path),
                        bytes,
                        kind,
                        object: None,
                        thin: Vec::new(),
                        from_search: false,
                    };
                    let idx = self.files.list.len();
                    self.files.list.push(file);
                    self.files.list[archive].thin.push((member.offset, idx));
                }
                Ok(_) => {
                    let text = format!("{name}: thin archives of archive members are not supported");
                    self.errors.push(LinkError::new(ErrorKind::Unsupported, text));
                }
                Err(error) => {
                    let text = format!("{error}\n  note: a member of {name}");
                    self.errors.push(LinkError::new(ErrorKind::Io, text));
                }
            }
        }
    }

    fn step(&mut self, file: usize, cx: &Context<'_>) {
        let Input { as_needed, whole_archive, .. } = *cx.input;
        self.files.steps.push(Step::File { file, as_needed, whole_archive });
    }

    /// Follows an input script.
    fn script(&mut self, file: usize, cx: &Context<'_>) {
        let File { name, bytes, path, .. } = &self.files.list[file];
        let (name, bytes, path) = (name.clone(), bytes.clone(), path.clone());
        if cx.depth >= MAX_SCRIPT_DEPTH {
            self.errors.push(LinkError::new(ErrorKind::Script, format!("{name}: scripts are nested too deeply")));
            return;
        }
        let items = match script::parse_inputs(&bytes) {
            Ok(items) => items,
            Err(text) => {
                self.errors.push(LinkError::new(ErrorKind::Script, format!("{name}:{text}")));
                return;
            }
        };
        for item in items {
            match item {
                ScriptInput::GroupStart => self.files.steps.push(Step::GroupStart),
                ScriptInput::GroupEnd => self.files.steps.push(Step::GroupEnd),
                ScriptInput::SearchDir(dir) => self.library_paths.push(dir.into()),
                ScriptInput::Extern(symbol) => self.files.externs.push(symbol),
                ScriptInput::File { name: wanted, as_needed } => {
                    let input = Input { as_needed: as_needed || cx.input.as_needed, ..cx.input.clone() };
                    let inner = Context { input: &input, script: path.as_deref(), depth: cx.depth + 1 };
                    match wanted.strip_prefix("-l") {
                        Some(library) => self.library(library, &inner),
                        None => {
                            let found = self.script_path(&wanted, path.as_deref());
                            self.path(&found, &inner, false);
                        }
                    }
                }
            }
        }
    }

    /// A name in a script: absolute (below the sysroot, if the script is), beside the script, or on the search path.
    fn script_path(&mut self, wanted: &str, script: Option<&Path>) -> PathBuf {
        let path = in_sysroot(self.options, Path::new(wanted));
        if path.is_absolute() {
            if let (Some(root), Some(script)) = (&self.options.sysroot, script)
                && script.starts_with(root)
                && !path.starts_with(root)
            {
                return root.join(wanted.trim_start_matches('/'));
            }
            return path;
        }
        let beside = script.and_then(Path::parent).map(|dir| dir.join(&path));
        let searched = self.library_paths.iter().map(|dir| in_sysroot(self.options, dir).join(&path));
        let candidates: Vec<PathBuf> = [path.clone()].into_iter().chain(beside).chain(searched).collect();
        let found = candidates.iter().position(|candidate| self.source.stat(candidate).is_ok());
        self.files.absent.extend_from_slice(&candidates[..found.unwrap_or(0)]);
        found.map_or(path, |at| candidates[at].clone())
    }
}

/// `st_mode` says regular file, or does not say.
fn is_regular(mode: u32) -> bool {
    mode & 0o170_000 == 0o100_000 || mode & 0o170_000 == 0
}
