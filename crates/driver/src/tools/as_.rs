//! `kit as`: assembly to an object, with GNU as's options and messages.

use crate::flags::as_::{As, OPTIONS};
use crate::flags::{self, Word, expand_response_files, next_word};
use crate::host::{Failure, Guarded, Shell};
use base::io::InputSource;
use kit::assemble::{AsmOptions, AssembleRequest, ListingOptions, Multibyte, assemble};
use std::io::Read;
use std::path::Path;

/// What the command line says.
#[derive(Default)]
pub struct Command {
    pub options: AsmOptions,
    output: Option<String>,
    dependencies: Option<String>,
    listing: Listing,
    files: Vec<String>,
    statistics: bool,
    pub compress: bool,
    /// `-v`
    pub verbose: bool,
}

/// What `-a` asked for.
#[derive(Default)]
struct Listing {
    options: ListingOptions,
    general: bool,
    file: Option<String>,
}

impl Listing {
    /// The letters behind `-a`, and perhaps a file: `hlsn=FILE`. Without any they are `hls`.
    fn letters(&mut self, arg: &str) -> Result<(), Failure> {
        let (letters, file) = arg.split_once('=').map_or((arg, None), |(letters, file)| (letters, Some(file)));
        if let Some(file) = file.filter(|file| !file.is_empty()) {
            self.file = Some(file.to_string());
        }
        let options = &mut self.options;
        for letter in if letters.is_empty() { "hls" } else { letters }.chars() {
            match letter {
                'l' => options.assembly = true,
                'h' => options.source = true,
                's' => options.symbols = true,
                'm' => options.macros = true,
                'c' => options.omits_skipped = true,
                'd' => options.omits_debugging = true,
                'n' => options.omits_pages = true,
                'g' => self.general = true,
                _ => return Err(Failure::usage(format!("invalid listing option ‘{letter}’"))),
            }
        }
        Ok(())
    }
}

impl Command {
    /// What is to be listed, if anything is; the words and files of the command line are for `g`.
    pub fn listing(&self, shell: &Shell, words: &[String], output: &str, files: &[String]) -> Option<ListingOptions> {
        let mut options = self.listing.options.clone();
        if self.listing.general {
            let words: String =
                words.iter().filter(|word| word.starts_with('-')).map(|word| format!("{word} ")).collect();
            let (version, inputs, target) = (verbose_version(shell), files.join(" "), shell.target.triple);
            options.head = Some(format!(
                " {version} options passed\t: {words}\n input file    \t: {inputs}\n output file   \t: {output}\n target        \t: {target}\n\n"
            ));
        }
        (options.assembly || options.symbols || self.listing.general).then_some(options)
    }

    /// Where the listing goes; none for standard output.
    pub fn listing_file(&self) -> Option<&str> {
        self.listing.file.as_deref()
    }
}

/// A number of something, at least `least`.
fn count(option: &str, arg: &str, least: usize) -> Result<usize, Failure> {
    let number = arg.parse().ok().filter(|number| (least..=4096).contains(number));
    number.ok_or_else(|| Failure::usage(format!("‘{option}’ needs a number from {least} to 4096, not ‘{arg}’")))
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
    if let Some(listing) = &command.listing.file {
        guarded.check(Path::new(listing))?;
    }
    let listing = command.listing(shell, &words, &output, &command.files);
    let request = AssembleRequest {
        target: shell.target,
        options: AsmOptions { listing, ..command.options.clone() },
        compress: command.compress,
        files: files.iter().map(|(name, text)| (name.clone(), &text[..])).collect(),
    };
    let done = assemble(&request, &shell.host);
    shell.print(done.printed.as_bytes())?;
    shell.say(&done.report);
    match &command.listing.file {
        Some(file) if request.options.listing.is_some() => sys::write_output(Path::new(file), &done.listing, 0o666)?,
        _ => shell.print(&done.listing)?,
    }
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
            As::Listing => command.listing.letters(arg)?,
            As::Words => command.listing.options.words = count(found.text, arg, 1)?,
            As::MoreWords => command.listing.options.more_words = count(found.text, arg, 1)?,
            As::MoreLines => command.listing.options.more_lines = count(found.text, arg, 0)?,
            As::TextWidth => command.listing.options.width = count(found.text, arg, 1)?,
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
