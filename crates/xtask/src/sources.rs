//! The C corpus of the judges that compare ways to an object: which sources there are and with which flags each compiles.
//! Nothing here judges; a source that a compiler refuses is a skip of that judge.

use crate::{corpora, util};
use std::fs;
use std::path::{Path, PathBuf};

/// One C source.
#[derive(Clone, Debug)]
pub struct Source {
    /// Group and file: `lua/lapi.c`.
    pub name: String,
    pub path: PathBuf,
    pub flags: Vec<String>,
}

/// Where the sources of a group are.
enum Place {
    /// Folders of a pinned corpus.
    Corpus(&'static str, &'static [&'static str]),
    /// A folder of the project.
    Own(&'static str),
    /// Programs that csmith draws with the seeds 1, 2, 3…; how many of them.
    Random(u32),
}

struct Group {
    name: &'static str,
    place: Place,
    flags: &'static [&'static str],
}

static GROUPS: &[Group] = &[
    Group {
        name: "execute",
        place: Place::Corpus(
            "gcc14",
            &["gcc/testsuite/gcc.c-torture/execute", "gcc/testsuite/gcc.c-torture/execute/ieee"],
        ),
        flags: &["-std=gnu11", "-fgnu89-inline"],
    },
    Group {
        name: "compile",
        place: Place::Corpus("gcc14", &["gcc/testsuite/gcc.c-torture/compile"]),
        flags: &["-std=gnu11"],
    },
    Group { name: "tests2", place: Place::Corpus("tcc", &["tests/tests2"]), flags: &["-std=gnu11"] },
    Group { name: "lua", place: Place::Corpus("bench-lua", &["."]), flags: &["-DLUA_USE_POSIX"] },
    Group { name: "zlib", place: Place::Corpus("bench-zlib", &["."]), flags: &["-DHAVE_UNISTD_H", "-DHAVE_STDARG_H"] },
    Group {
        name: "sqlite",
        place: Place::Corpus("bench-sqlite", &["."]),
        flags: &["-DSQLITE_THREADSAFE=0", "-DSQLITE_OMIT_LOAD_EXTENSION"],
    },
    Group { name: "kernels", place: Place::Own("bench/kernels"), flags: &[] },
    Group { name: "cases", place: Place::Own("tests/cases/c-run"), flags: &[] },
    Group { name: "csmith", place: Place::Random(200), flags: &["-I/usr/include/csmith"] },
];

/// The sources that the arguments choose: `--only lua,zlib` groups, `--sample N` every Nth of them, `filters` parts of
/// names; a filter that is a file is that file.
pub fn chosen(args: &[String], filters: &[&str]) -> Result<Vec<Source>, String> {
    let files: Vec<&&str> = filters.iter().filter(|filter| Path::new(filter).is_file()).collect();
    if !files.is_empty() {
        let source = |file: &&&str| -> Result<Source, String> {
            let path = fs::canonicalize(file).map_err(|e| format!("{file}: {e}"))?;
            Ok(Source { name: (**file).to_string(), path, flags: Vec::new() })
        };
        return files.iter().map(source).collect();
    }
    let only: Option<Vec<&str>> = util::option(args, "--only").map(|text| text.split(',').collect());
    if let Some(name) = only.iter().flatten().find(|name| GROUPS.iter().all(|group| group.name != **name)) {
        let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
        return Err(format!("no group of sources is called {name}: {}", names.join(" ")));
    }
    let mut list = Vec::new();
    for group in GROUPS.iter().filter(|group| only.as_ref().is_none_or(|only| only.contains(&group.name))) {
        list.extend(group.sources()?);
    }
    list.retain(|source| filters.is_empty() || filters.iter().any(|filter| source.name.contains(filter)));
    let sample = crate::tool::number(args, "--sample", 1)?.max(1);
    Ok(list.into_iter().step_by(sample).collect())
}

impl Group {
    fn sources(&self) -> Result<Vec<Source>, String> {
        let folders: Vec<PathBuf> = match self.place {
            Place::Corpus(name, folders) => {
                let root = corpora::fetch(&corpora::default_dir(), name)?;
                folders.iter().map(|folder| root.join(folder)).collect()
            }
            Place::Own(folder) => vec![util::root().join(folder)],
            Place::Random(count) => vec![random_programs(count)?],
        };
        let mut list = Vec::new();
        for folder in folders {
            let folder = fs::canonicalize(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            let entries = fs::read_dir(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
            let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
            paths.retain(|path| path.extension().is_some_and(|end| end == "c"));
            paths.sort();
            for path in paths {
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let mut flags: Vec<String> = self.flags.iter().map(|flag| (*flag).to_owned()).collect();
                flags.push(format!("-I{}", folder.display()));
                list.push(Source { name: format!("{}/{file}", self.name), path, flags });
            }
        }
        Ok(list)
    }
}

/// A folder with the first programs that csmith draws; they are made once.
fn random_programs(count: u32) -> Result<PathBuf, String> {
    let dir = util::target_dir().join("judge-cache/csmith");
    fs::create_dir_all(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    for seed in 1..=count {
        let path = dir.join(format!("{seed}.c"));
        if path.is_file() {
            continue;
        }
        let seed = seed.to_string();
        let args = ["60", "csmith", "--seed", seed.as_str(), "--no-packed-struct", "--max-funcs", "6", "--concise"];
        let made = util::output_of("timeout", &args)?;
        let text = if made.status.success() { made.stdout } else { b"int main(void) { return 0; }\n".to_vec() };
        write_whole(&path, &text)?;
    }
    Ok(dir)
}

/// Writes a file that others may read at the same time: it is there whole or not at all.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let fresh = path.with_extension(format!("new{}-{:?}", std::process::id(), std::thread::current().id()));
    let written = fs::write(&fresh, bytes).and_then(|()| fs::rename(&fresh, path));
    written.map_err(|e| format!("{}: {e}", path.display()))
}
