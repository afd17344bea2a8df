//! `kit as`: assembly to an object, with GNU as's options and messages.

use crate::flags::as_::{As, OPTIONS};
use crate::flags::{self, Word, expand_response_files, next_word};
use crate::host::{Failure, Guarded, Shell};
use base::io::InputSource;
use kit::assemble::{AsmOptions, AssembleRequest, Multibyte, assemble};
use std::io::Read;
use std::path::Path;

/// What the command line says.
#[derive(Default)]
pub struct Command {
    pub options: AsmOptions,
    output: Option<String>,
    dependencies: Option<String>,
    files: Vec<String>,
    statistics: bool,
    pub compress: bool,
    /// `-v`
    pub verbose: bool,
}

/// The version of GNU as whose options these are: scripts look for it.
const VERSION: &str = "GNU assembler (kit) 2.40";

/// What `-v` says. OpenSSL's scripts leave out what is newer than SSE2 unless they find GNU as's words and number here.
pub fn verbose_version(shell: &Shell) -> String {
    format!("GNU assembler version 2.40 ({}) using kit {}\n", shell.target.triple, kit::VERSION)
}

/// The tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    let words = expand_response_files(args);
    let mut command = Command::default();
    if !parse(shell, &words, &mut command)? {
        return Ok(0);
    }
    if command.verbose {
        shell.say(&verbose_version(shell));
    }
    let start = sys::process::monotonic_ns();
    let output = command.output.clone().unwrap_or_else(|| "a.out".into());
    if command.files.is_empty() {
        command.files.push("-".into());
    }
    let mut guarded = Guarded::default();
    let mut files = Vec::new();
    for name in &command.files {
        if name == "-" {
            let mut text = Vec::new();
            let read = std::io::stdin().lock().read_to_end(&mut text);
            read.map_err(|error| Failure::new(format!("cannot read standard input: {error}")))?;
            files.push(("{standard input}".to_string(), text));
            continue;
        }
        guarded.add(Path::new(name));
        let mut text = Vec::new();
        match shell.host.read_if_file(Path::new(name), &mut text) {
            Ok(Some(_)) => files.push((name.clone(), text)),
            other => {
                let why = match other {
                    Err(error) => error.text,
                    Ok(_) if Path::new(name).exists() => "Is a directory".to_string(),
                    Ok(_) => "No such file or directory".to_string(),
                };
                shell.say("Assembler messages:\n");
                shell.say(&format!("Error: can't open {name} for reading: {why}\n"));
                return Ok(1);
            }
        }
    }
    guarded.check(Path::new(&output))?;
    let request = AssembleRequest {
        target: shell.target,
        options: command.options.clone(),
        compress: command.compress,
        files: files.iter().map(|(name, text)| (name.clone(), &text[..])).collect(),
    };
    let done = assemble(&request, &shell.host);
    shell.print(done.printed.as_bytes())?;
    shell.say(&done.report);
    if let Some(path) = &command.dependencies {
        let mut rule = format!("{output}:");
        for name in command.files.iter().filter(|name| *name != "-").chain(&done.opened) {
            rule.push(' ');
            rule.push_str(name);
        }
        rule.push('\n');
        sys::write_output(Path::new(path), rule.as_bytes(), 0o666)?;
    }
    match &done.object {
        Some(object) => sys::write_output(Path::new(&output), object, 0o666)?,
        // What is there from before is not what was asked for.
        None if Path::new(&output).is_file() => {
            let _ = std::fs::remove_file(&output);
        }
        None => {}
    }
    if command.statistics {
        let seconds = (sys::process::monotonic_ns() - start) as f64 / 1e9;
        shell.say(&format!("{}: total time in assembly: {seconds:.6}\n", shell.program));
    }
    Ok(i32::from(done.n_errors != 0))
}

/// Adds what the words ask for; false when that was answered already.
pub fn parse(shell: &Shell, words: &[String], command: &mut Command) -> Result<bool, Failure> {
    let refuse = |text: &str| Failure::usage(format!("‘{text}’ is not supported"));
    let options = &mut command.options;
    let mut at = 0;
    while at < words.len() {
        if words[at] == "--" {
            command.files.push("-".into());
            at += 1;
            continue;
        }
        let found = match next_word(OPTIONS, words, &mut at) {
            Word::Operand(name) => {
                command.files.push(name.to_string());
                continue;
            }
            Word::Unknown(text) => return Err(Failure::usage(format!("unrecognized option ‘{text}’"))),
            Word::MissingArgument(text) => return Err(Failure::usage(format!("‘{text}’ needs an argument"))),
            Word::Option(found) => found,
        };
        let arg = found.arg;
        match found.row.action {
            As::Output => command.output = Some(arg.to_string()),
            As::Include => options.include_dirs.push(arg.to_string()),
            As::Define => options.symbols.push(definition(arg)?),
            As::KeepLocals => options.keep_locals = true,
            As::NoWarnings => options.no_warnings = true,
            As::Warnings => (options.no_warnings, options.fatal_warnings) = (false, false),
            As::FatalWarnings => options.fatal_warnings = true,
            As::AlwaysOutput => options.always_output = true,
            As::Debug => options.debug = 2,
            As::DebugVersion => match arg.parse() {
                Ok(version @ 2..=5) => options.debug = version,
                _ => return Err(refuse(found.text)),
            },
            As::LineSections => options.line_sections = true,
            As::PrefixMap => match arg.split_once('=') {
                Some((old, new)) => options.prefix_maps.push((old.to_string(), new.to_string())),
                None => return Err(Failure::usage(format!("‘{}’ needs OLD=NEW", found.text))),
            },
            As::ExecutableStack => options.executable_stack = Some(true),
            As::NoExecutableStack => options.executable_stack = Some(false),
            As::Alternate => options.alternate = true,
            As::DataInText => options.data_in_text = true,
            As::CommonKind => match arg {
                "no" => options.common_kind = false,
                "yes" => options.common_kind = true,
                _ => return Err(Failure::usage(format!("invalid --elf-stt-common= option: `{arg}'"))),
            },
            As::BuildNotes => match arg {
                "no" => options.build_notes = false,
                "yes" => options.build_notes = true,
                _ => {
                    let text = format!("Invalid --generate-missing-build-notes option: `{arg}'");
                    return Err(Failure::usage(text));
                }
            },
            As::CieVersion => match arg.parse() {
                Ok(version @ (1 | 3 | 4)) => options.cie_version = version,
                _ => return Err(Failure::usage(format!("invalid --gdwarf-cie-version `{arg}'"))),
            },
            As::Multibyte => {
                options.multibyte = match arg {
                    "allow" => Multibyte::Allowed,
                    "warn" => Multibyte::Told,
                    "warn-sym-only" | "warn_sym_only" => Multibyte::ToldInNames,
                    _ => {
                        return Err(Failure::usage(format!(
                            "unexpected argument to --multibyte-input-option: '{arg}'"
                        )));
                    }
                }
            }
            As::Shared => options.shared = true,
            As::StripLocalAbsolute => options.strip_local_absolute = true,
            As::Dependencies => command.dependencies = Some(arg.to_string()),
            As::Listing => {
                if !arg.chars().all(|letter| matches!(letter, 'c' | 'd' | 'n')) || arg.is_empty() {
                    return Err(Failure::usage(format!("‘{}’: listings are not supported", found.text)));
                }
            }
            As::Syntax => match shell.target.select.syntax.option(found.text, &mut options.mode, &mut options.keep) {
                Some(Ok(())) => {}
                Some(Err(why)) => return Err(Failure::usage(why)),
                None => return Err(refuse(found.text)),
            },
            As::Statistics => command.statistics = true,
            As::Verbose => command.verbose = true,
            As::Version => {
                let text = format!("{VERSION}\nkit {}\n", kit::VERSION);
                shell.print(text.as_bytes())?;
                return Ok(false);
            }
            As::Help => {
                let text = format!("Usage: kit as [options] [file]...\n{}", flags::help(OPTIONS));
                shell.print(text.as_bytes())?;
                return Ok(false);
            }
            As::Accepted => {}
            As::Refused => return Err(refuse(found.text)),
            As::OnlyUsual(values) => {
                if !values.contains(&arg) {
                    return Err(refuse(found.text));
                }
            }
            As::NoCompress => command.compress = false,
            As::Compress => {
                command.compress = match arg {
                    "" | "=zlib" | "=zlib-gabi" => true,
                    "=none" => false,
                    _ => return Err(refuse(found.text)),
                };
            }
        }
    }
    if options.directory.is_empty() {
        options.directory = std::env::current_dir().map(|dir| dir.display().to_string()).unwrap_or_default();
    }
    options.producer = VERSION.into();
    Ok(true)
}

/// `NAME=VALUE`
fn definition(text: &str) -> Result<(String, i64), Failure> {
    let bad = || Failure::usage(format!("bad defsym; format is --defsym name=value: ‘{text}’"));
    let (name, value) = text.split_once('=').ok_or_else(bad)?;
    let (negative, digits) = value.strip_prefix('-').map_or((false, value), |digits| (true, digits));
    let number = match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u64::from_str_radix(hex, 16),
        None if digits.len() > 1 && digits.starts_with('0') => u64::from_str_radix(digits, 8),
        None => digits.parse(),
    };
    let number = number.map_err(|_| bad())? as i64;
    Ok((name.to_string(), if negative { number.wrapping_neg() } else { number }))
}
