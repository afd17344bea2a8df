//! Questions that build systems ask a compiler instead of compiling. The shapes are gcc's, because configure scripts,
//! libtool, CMake and Meson take them apart.

use super::args::CcArgs;
use crate::flags::cc::{Cc, OPTIONS};
use crate::host::{Failure, Shell};
use crate::toolchain::{Toolchain, find_program};
use std::path::{Path, PathBuf};

/// The version of gcc whose interface kit follows: `__GNUC__` and its kin, what `-dumpversion` says, and the words in
/// `--version`. `docs/decisions/0005-the-version-of-gcc-that-kit-names.md` says why it is this one.
pub const GCC_VERSION: (u32, u32, u32) = (12, 2, 0);

fn gcc_version() -> String {
    let (major, minor, patch) = GCC_VERSION;
    format!("{major}.{minor}.{patch}")
}

/// Answers if the command line asks something; true when there is nothing else to do.
pub fn answer(shell: &Shell, args: &CcArgs, toolchain: &Toolchain) -> Result<bool, Failure> {
    if args.verbose && args.query.is_none() {
        shell.say(&verbose_head(toolchain));
    }
    let Some((question, arg)) = &args.query else { return Ok(false) };
    let text = match question {
        Cc::Help => format!("Usage: {} [options] file...\n{}", shell.program, crate::flags::help(OPTIONS)),
        Cc::HelpOf if arg == "warnings" => kit::lang_c::warnings::listing(&args.c.warnings),
        Cc::HelpOf => return Err(Failure::usage(format!("‘--help={arg}’: kit has ‘--help’ and ‘--help=warnings’"))),
        Cc::Version => version(),
        Cc::DumpMachine => format!("{}\n", toolchain.target.triple),
        Cc::DumpVersion | Cc::DumpFullVersion => format!("{}\n", gcc_version()),
        Cc::PrintProgName => format!("{}\n", program(arg)),
        Cc::PrintFileName => format!("{}\n", file(arg, toolchain)),
        Cc::PrintLibgcc => format!("{}\n", file("libgcc.a", toolchain)),
        Cc::PrintSearchDirs => search_dirs(toolchain),
        Cc::PrintSysroot => format!("{}\n", toolchain.sysroot.display()),
        Cc::PrintMultiOsDirectory => "../lib\n".into(),
        Cc::PrintMultiarch => format!("{}\n", toolchain.target.multiarch),
        Cc::PrintMultiLib => ".;\n".into(),
        _ => return Ok(false),
    };
    shell.print(text.as_bytes())?;
    Ok(true)
}

fn version() -> String {
    format!(
        "kit cc {} (GCC {} compatible)\n\
         Licence: MIT OR Apache-2.0. There is NO WARRANTY, to the extent permitted by law.\n\
         Interface compatible with GCC by the Free Software Foundation; kit is an independent program.\n",
        kit::VERSION,
        gcc_version()
    )
}

fn verbose_head(toolchain: &Toolchain) -> String {
    format!(
        "Using built-in specs.\nTarget: {}\nThread model: posix\nkit version {} (gcc version {} compatible)\n",
        toolchain.target.triple,
        kit::VERSION,
        gcc_version()
    )
}

/// gcc's `-v` shows where headers are looked for; CMake reads it.
pub fn include_search(quote: &[String], angle: &[String]) -> String {
    let mut out = String::from("#include \"...\" search starts here:\n");
    for dir in quote {
        out.push_str(&format!(" {dir}\n"));
    }
    out.push_str("#include <...> search starts here:\n");
    for dir in angle {
        out.push_str(&format!(" {dir}\n"));
    }
    out.push_str("End of search list.\n");
    out
}

/// `-print-prog-name`: kit's own tool beside this program, or the system's, or the bare name.
fn program(name: &str) -> String {
    if let Ok(me) = std::env::current_exe()
        && let Some(dir) = me.parent()
    {
        for link in [format!("kit-{name}"), format!("{name}.kit")] {
            let path = dir.join(&link);
            if path.exists() {
                return path.display().to_string();
            }
        }
    }
    find_program(name).map_or_else(|| name.to_string(), |path| path.display().to_string())
}

fn file(name: &str, toolchain: &Toolchain) -> String {
    toolchain.find_file(name).unwrap_or_else(|| PathBuf::from(name)).display().to_string()
}

fn search_dirs(toolchain: &Toolchain) -> String {
    let own = std::env::current_exe().ok().and_then(|me| me.parent().map(Path::to_path_buf)).unwrap_or_default();
    let list = |dirs: &[PathBuf]| dirs.iter().map(|dir| format!("{}/", dir.display())).collect::<Vec<_>>().join(":");
    format!(
        "install: {}/\nprograms: ={}\nlibraries: ={}\n",
        own.display(),
        list(std::slice::from_ref(&own)),
        list(&toolchain.lib_dirs)
    )
}
