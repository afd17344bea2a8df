//! Paths, processes and arguments, as every command of xtask needs them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The root of the workspace.
pub fn root() -> &'static Path {
    static ROOT: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    ROOT.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().nth(2).expect("crates/xtask lies two levels down").to_path_buf()
    })
}

/// Where cargo builds.
pub fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// A command in the root of the workspace, with nothing on its standard input.
pub fn command<S: AsRef<OsStr>>(program: &str, args: &[S]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).stdin(Stdio::null());
    command
}

/// Runs a command with its output shown; tells whether it succeeded.
pub fn succeeds<S: AsRef<OsStr>>(program: &str, args: &[S]) -> Result<bool, String> {
    Ok(command(program, args).status().map_err(|e| format!("cannot start {program}: {e}"))?.success())
}

/// Runs a command and keeps its output.
pub fn output_of<S: AsRef<OsStr>>(program: &str, args: &[S]) -> Result<Output, String> {
    command(program, args).output().map_err(|e| format!("cannot start {program}: {e}"))
}

/// The standard output of a command that must succeed, without surrounding space.
pub fn text_of<S: AsRef<OsStr>>(program: &str, args: &[S]) -> Result<String, String> {
    let output = output_of(program, args)?;
    if !output.status.success() {
        return Err(format!("{program} failed: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs a command with its output shown and also kept (standard output only).
pub fn tee<S: AsRef<OsStr>>(program: &str, args: &[S]) -> Result<(bool, String), String> {
    use std::io::{BufRead, BufReader};
    let mut child =
        command(program, args).stdout(Stdio::piped()).spawn().map_err(|e| format!("cannot start {program}: {e}"))?;
    let pipe = child.stdout.take().expect("standard output was asked for");
    let mut kept = String::new();
    for line in BufReader::new(pipe).split(b'\n') {
        let line = line.map_err(|e| format!("{program}: {e}"))?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        kept.push_str(&line);
        kept.push('\n');
    }
    let status = child.wait().map_err(|e| format!("{program}: {e}"))?;
    Ok((status.success(), kept))
}

/// The value of `--name VALUE` or `--name=VALUE`, the last one given.
pub fn option<'a>(args: &'a [String], name: &str) -> Option<&'a str> {
    let mut found = None;
    for (at, arg) in args.iter().enumerate() {
        if let Some(value) = arg.strip_prefix(name).and_then(|rest| rest.strip_prefix('=')) {
            found = Some(value);
        } else if arg == name {
            found = args.get(at + 1).map(String::as_str);
        }
    }
    found
}

/// Whether the flag `name` was given.
pub fn flag(args: &[String], name: &str) -> bool {
    args.iter().any(|arg| arg == name)
}

/// The arguments that are neither options nor their values. `with_value` names the options that take one.
pub fn positional<'a>(args: &'a [String], with_value: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut skip = false;
    for arg in args {
        if skip {
            skip = false;
        } else if with_value.contains(&arg.as_str()) {
            skip = true;
        } else if !arg.starts_with('-') {
            found.push(arg.as_str());
        }
    }
    found
}

/// The files that belong to the project: what git tracks or would track, with paths relative to the root.
pub fn project_files() -> Result<Vec<String>, String> {
    let list = text_of("git", &["ls-files", "--cached", "--others", "--exclude-standard"])?;
    let mut files: Vec<String> = list.lines().filter(|f| root().join(f).is_file()).map(str::to_owned).collect();
    files.sort();
    files.dedup();
    Ok(files)
}

/// The short hash of the commit that is checked out, or `unknown` outside a repository.
pub fn commit() -> String {
    text_of("git", &["rev-parse", "HEAD"]).unwrap_or_else(|_| "unknown".to_owned())
}

/// Finds the figures that a check prints: lines `figure: NAME VALUE`.
pub fn figures(text: &str) -> Vec<(String, f64)> {
    text.lines()
        .filter_map(|line| {
            let (name, value) = line.trim().trim_start_matches('.').strip_prefix("figure: ")?.rsplit_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn options_are_found_in_both_shapes() {
        let args = strings(&["lua", "--cc", "kit cc", "--jobs=3", "zlib", "--mixed"]);
        assert_eq!(option(&args, "--cc"), Some("kit cc"));
        assert_eq!(option(&args, "--jobs"), Some("3"));
        assert!(flag(&args, "--mixed") && !flag(&args, "--list"));
        assert_eq!(positional(&args, &["--cc"]), ["lua", "zlib"]);
    }

    #[test]
    fn figures_are_read_from_lines() {
        let text = "noise\nfigure: torture percent 81.5\n  figure: cases 60\n..figure: dotted 1\nfigure: broken\n";
        assert_eq!(
            figures(text),
            [("torture percent".to_owned(), 81.5), ("cases".to_owned(), 60.0), ("dotted".to_owned(), 1.0)]
        );
    }
}
