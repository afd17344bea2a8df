//! `kit install --prefix DIR`: kit itself and a link for every name that selects a tool, so that build systems which look
//! at file names (ccache, libtool, gcc's `-B`) find what they look for.

use super::TOOLS;
use crate::host::{Failure, Shell};
use lexopt::prelude::*;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

const HELP: &str = "Usage: kit install --prefix DIR [--force]\n\n\
Copies kit to DIR/bin and links its tool names there (kit-cc, kit-ld, ld.kit, …), and man pages to DIR/share/man/man1.\n\n  \
--prefix DIR  where to install\n  --force       replace what stands there\n";

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let mut prefix: Option<PathBuf> = None;
    let mut force = false;
    let mut parser = lexopt::Parser::from_args(args);
    while let Some(arg) = parser.next().map_err(|e| Failure::usage(e.to_string()))? {
        match arg {
            Long("prefix") => prefix = Some(parser.value().map_err(|e| Failure::usage(e.to_string()))?.into()),
            Long("force") => force = true,
            Long("help") | Short('h') => return shell.print(HELP.as_bytes()).map(|()| 0),
            _ => return Err(Failure::usage(arg.unexpected().to_string())),
        }
    }
    let prefix = prefix.ok_or_else(|| Failure::usage("--prefix DIR is missing"))?;
    let bin = prefix.join("bin");
    make_dir(&bin)?;
    let me = std::env::current_exe().map_err(|e| Failure::new(format!("cannot find this program: {e}")))?;
    let kit = bin.join("kit");
    if std::fs::canonicalize(&me).ok() != std::fs::canonicalize(&kit).ok() {
        let bytes = base::io::InputSource::read(&shell.host, &me)?;
        sys::write_output(&kit, &bytes, 0o777)?;
    }
    let mut n_links = 0;
    for name in link_names() {
        let path = bin.join(&name);
        if let Ok(meta) = std::fs::symlink_metadata(&path) {
            let same_file =
                || std::fs::metadata(&kit).is_ok_and(|kit| (kit.dev(), kit.ino()) == (meta.dev(), meta.ino()));
            let ours = std::fs::read_link(&path).is_ok_and(|to| to == Path::new("kit")) || same_file();
            if !ours && !force {
                return Err(Failure::new(format!("{} exists and is not kit's: --force replaces it", path.display())));
            }
            if meta.is_dir() {
                return Err(Failure::new(format!("{} is a directory", path.display())));
            }
            std::fs::remove_file(&path).map_err(|e| Failure::new(format!("cannot replace {}: {e}", path.display())))?;
        }
        // ccache looks behind symbolic links to see by the name whose compiler it is; where there are no hard links it
        // will know less, but work.
        let linked = if name.contains("gcc") { std::fs::hard_link(&kit, &path).is_ok() } else { false };
        let link = || std::os::unix::fs::symlink("kit", &path);
        if linked { Ok(()) } else { link() }
            .map_err(|e| Failure::new(format!("cannot link {}: {e}", path.display())))?;
        n_links += 1;
    }
    let man = prefix.join("share/man/man1");
    make_dir(&man)?;
    for (name, text) in super::help::man_pages() {
        sys::write_output(&man.join(format!("{name}.1")), text.as_bytes(), 0o666)?;
    }
    shell.print(format!("installed {} and {n_links} links in {}\n", kit.display(), bin.display()).as_bytes())?;
    Ok(0)
}

/// Every name that is linked: never a bare `cc` or `ld`, which belong to the system.
pub fn link_names() -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for tool in TOOLS {
        names.push(format!("kit-{}", tool.name));
        names.extend(tool.links.iter().filter(|link| link.contains("kit")).map(|link| link.to_string()));
    }
    names.sort();
    names.dedup();
    names
}

fn make_dir(dir: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(dir).map_err(|e| Failure::new(format!("cannot make {}: {e}", dir.display())))
}
