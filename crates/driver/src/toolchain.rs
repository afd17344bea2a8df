//! What this machine has: headers, start files, libraries, the system's assembler. Found the way gcc finds them on
//! Debian and on distributions without multiarch directories; `kit doctor` prints it with reasons.
//!
//! A dynamic program needs only the C library's development package. gcc's directory is looked for, too, but only for
//! what belongs to other compilers' objects: the unwinder (`libgcc_eh.a`, `libgcc_s.so.1`) and their runtime.

use kit::plugins::{LibcPlace, TargetRow};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The places of one target on this machine.
#[derive(Debug, Clone)]
pub struct Toolchain {
    pub target: &'static TargetRow,
    pub sysroot: PathBuf,
    /// System header directories that exist, in order, kit's own headers not among them.
    pub include_dirs: Vec<PathBuf>,
    /// Library directories that exist, in order.
    pub lib_dirs: Vec<PathBuf>,
    /// gcc's own directory, looked for when something else is not found: most links need nothing of it.
    gcc_dir: OnceLock<Option<PathBuf>>,
    root: PathBuf,
}

/// The directories below `sysroot` (empty for `/`) that exist and hold libraries of `target`, in order.
pub fn library_dirs(target: &'static TargetRow, sysroot: &Path) -> Vec<PathBuf> {
    existing(root_of(sysroot), libc_place(target, sysroot).map_or(&[], |place| place.lib))
}

fn root_of(sysroot: &Path) -> &Path {
    if sysroot.as_os_str().is_empty() { Path::new("/") } else { sysroot }
}

fn libc_place(target: &'static TargetRow, sysroot: &Path) -> Option<&'static LibcPlace> {
    target.libc.iter().find(|place| place.mark.is_empty() || root_of(sysroot).join(place.mark).exists())
}

fn existing(root: &Path, dirs: &[&str]) -> Vec<PathBuf> {
    dirs.iter().map(|dir| root.join(dir)).filter(|dir| dir.is_dir()).collect()
}

impl Toolchain {
    /// Looks around below `sysroot` (empty for `/`); `tool_dirs` are `-B`'s.
    pub fn find(target: &'static TargetRow, sysroot: &Path, tool_dirs: &[PathBuf]) -> Toolchain {
        let root = root_of(sysroot);
        let place = libc_place(target, sysroot);
        let (include, lib) = place.map_or((&[][..], &[][..]), |place| (place.include, place.lib));
        let mut lib_dirs: Vec<PathBuf> = tool_dirs.to_vec();
        // gcc's environment variable: behind `-L`, in front of the machine's own.
        let listed = std::env::var_os("LIBRARY_PATH").filter(|list| !list.is_empty());
        if let Some(list) = listed.filter(|_| sysroot.as_os_str().is_empty()) {
            let name = |dir: PathBuf| if dir.as_os_str().is_empty() { ".".into() } else { dir };
            lib_dirs.extend(std::env::split_paths(&list).map(name).filter(|dir| dir.is_dir()));
        }
        lib_dirs.extend(existing(root, lib));
        Toolchain {
            target,
            sysroot: sysroot.to_path_buf(),
            include_dirs: existing(root, include),
            lib_dirs,
            gcc_dir: OnceLock::new(),
            root: root.to_path_buf(),
        }
    }

    /// gcc's own directory of the newest version, if any.
    pub fn gcc_dir(&self) -> Option<&Path> {
        self.gcc_dir.get_or_init(|| find_gcc_dir(&self.root, self.target.unwinder.gcc_names)).as_deref()
    }

    /// The path of a file in the library directories, gcc's directory last.
    pub fn find_file(&self, name: &str) -> Option<PathBuf> {
        let here = self.lib_dirs.iter().map(|dir| dir.join(name)).find(|path| path.exists());
        here.or_else(|| self.gcc_dir().map(|dir| dir.join(name)).filter(|path| path.exists()))
    }

    /// True when `-lNAME` is found without gcc's directory.
    pub fn has_library(&self, name: &str) -> bool {
        let names = [format!("lib{name}.so"), format!("lib{name}.a")];
        self.lib_dirs.iter().any(|dir| names.iter().any(|file| dir.join(file).exists()))
    }

    /// The path of a start file (`Scrt1.o`), or a message that names the package.
    pub fn start_file(&self, name: &str) -> Result<PathBuf, String> {
        self.find_file(name).ok_or_else(|| {
            format!("cannot find {name}: install the C library's development files ({})", self.target.libc_package)
        })
    }
}

/// The directory of the newest gcc, `usr/lib/gcc/<name>/<version>`, for the first of the names that is there.
fn find_gcc_dir(root: &Path, names: &[&str]) -> Option<PathBuf> {
    let gcc = root.join("usr/lib/gcc");
    let entries = names.iter().find_map(|name| std::fs::read_dir(gcc.join(name)).ok())?;
    let version = |path: &PathBuf| -> Vec<u32> {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
        name.split('.').map_while(|part| part.parse().ok()).collect()
    };
    let mut dirs: Vec<PathBuf> =
        entries.filter_map(|e| Some(e.ok()?.path())).filter(|p| !version(p).is_empty() && p.is_dir()).collect();
    dirs.sort_by_key(version);
    dirs.pop()
}

/// The path of a program in `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(name)).find(|candidate| candidate.is_file())
}
