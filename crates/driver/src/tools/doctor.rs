//! `kit doctor`: what kit found on this machine, why it looked there, and what a missing piece would be needed for.

use crate::host::{Failure, Shell};
use crate::toolchain::{Toolchain, find_program};
use std::path::Path;

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    if let Some(arg) = args.first() {
        return match arg.as_str() {
            "--help" | "-h" => {
                shell.print(b"Usage: kit doctor\n\nShows what kit found on this machine and why.\n").map(|()| 0)
            }
            _ => Err(Failure::usage(format!("unexpected argument ‘{arg}’"))),
        };
    }
    let toolchain = Toolchain::find(shell.target, Path::new(""), &[]);
    let target = toolchain.target;
    let mut out = format!("kit {}\ntarget      {}\n", kit::VERSION, target.triple);
    out.push_str("headers     kit's own freestanding ones, then:\n");
    for dir in &toolchain.include_dirs {
        out.push_str(&format!("            {}\n", dir.display()));
    }
    out.push_str("libraries\n");
    for dir in &toolchain.lib_dirs {
        out.push_str(&format!("            {}\n", dir.display()));
    }
    let mut missing = 0;
    let mut line = |what: &str, found: Option<String>, needed: &str, out: &mut String| match found {
        Some(path) => out.push_str(&format!("{what:<16}{path}\n")),
        None => {
            missing += 1;
            out.push_str(&format!("{what:<16}NOT FOUND: {needed}\n"));
        }
    };
    let package = format!("needed to link programs; install {}", target.libc_package);
    for name in ["Scrt1.o", "crt1.o", "rcrt1.o", "crti.o", "crtn.o", "libc.so", "libc.a"] {
        line(name, toolchain.find_file(name).map(|p| p.display().to_string()), &package, &mut out);
    }
    let header = toolchain.include_dirs.iter().map(|dir| dir.join("stdio.h")).find(|path| path.exists());
    line("stdio.h", header.map(|p| p.display().to_string()), &package, &mut out);
    let loader = Path::new(target.loader);
    let found = loader.exists().then(|| target.loader.to_string());
    line("loader", found, "needed to run dynamic programs of this target", &mut out);
    let unwinder = format!("only for static programs; install {}", target.unwinder_package);
    for name in ["libgcc_eh.a", "libgcc.a"] {
        line(name, toolchain.find_file(name).map(|p| p.display().to_string()), &unwinder, &mut out);
    }
    let as_needed = "only for .s and .S inputs, until kit has its own assembler; install binutils";
    line("as", find_program("as").map(|p| p.display().to_string()), as_needed, &mut out);
    out.push_str(if missing == 0 { "everything kit can use is there\n" } else { "what is missing is named above\n" });
    shell.print(out.as_bytes())?;
    Ok(0)
}
