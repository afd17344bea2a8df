//! The options of `kit strip` and `kit objcopy`: tables of GNU binutils' spellings (2.40), and what each means.
//!
//! Words are read as `getopt_long` reads them: short options may be joined, long ones shortened as long as they are
//! unambiguous, options and files mixed.

use crate::host::Failure;
use base::io::InputSource;
use kit::copy::{
    AddBinding, AddKind, AddSymbol, Change, Compression, Discard, FLAT_FORMATS, FlatOptions, Names, Plan, Rename,
    SectionWords, Strip,
};
use std::path::Path;

/// Whether an option has an argument.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Arg {
    None,
    Needed,
    /// Only joined with `=`.
    Optional,
}

/// One option.
pub struct Row {
    /// Letters, each of which stands for it.
    short: &'static str,
    long: &'static str,
    arg: Arg,
    does: Does,
    metavar: &'static str,
    /// Empty for spellings that help does not show.
    help: &'static str,
}

/// What an option does.
enum Does {
    Plan(fn(&mut Plan)),
    /// Adds a name, or those in a file.
    Name(fn(&mut Plan) -> &mut Names),
    NamesIn(fn(&mut Plan) -> &mut Names),
    /// Adds a pattern of sections.
    Section(fn(&mut Plan, &str)),
    Command(fn(&mut Command)),
    /// Reads its argument.
    Value(fn(&mut Command, &str) -> Result<(), String>),
    /// Reads the file in its argument: `name=file` or the file alone.
    File(fn(&mut Command, &str, &dyn InputSource) -> Result<(), String>),
    /// Has no effect on the files that kit copies.
    Nothing,
    /// Is known and cannot be done.
    Refused,
}

/// A command line, read.
#[derive(Default)]
pub struct Command {
    pub plan: Plan,
    pub flat: FlatOptions,
    /// GNU's name of the formats, where one is given.
    pub input_format: Option<String>,
    pub output_format: Option<String>,
    pub arch: Option<String>,
    pub preserve_dates: bool,
    pub real_dates: bool,
    pub verbose: bool,
    pub output: Option<String>,
    /// Dumped sections' names, and the files they go to.
    pub dumps: Vec<(Vec<u8>, String)>,
    pub files: Vec<String>,
    pub wants_help: bool,
    pub wants_version: bool,
    globalizes: bool,
}

const fn row(
    short: &'static str,
    long: &'static str,
    arg: Arg,
    metavar: &'static str,
    does: Does,
    help: &'static str,
) -> Row {
    Row { short, long, arg, does, metavar, help }
}

/// What both tools have.
#[rustfmt::skip]
pub static BOTH: &[Row] = &[
    row("I", "input-target", Arg::Needed, "format", Does::Value(input_format), "the input is of this format"),
    row("O", "output-target", Arg::Needed, "format", Does::Value(output_format), "make the output in this format"),
    row("F", "target", Arg::Needed, "format", Does::Value(both_formats), "both are of this format"),
    row("p", "preserve-dates", Arg::None, "", Does::Command(|c| c.preserve_dates = true), "keep the file's dates"),
    row("D", "enable-deterministic-archives", Arg::None, "", Does::Command(|c| c.real_dates = false), "no dates and owners in archives (default)"),
    row("U", "disable-deterministic-archives", Arg::None, "", Does::Command(|c| c.real_dates = true), "keep those of the members"),
    row("R", "remove-section", Arg::Needed, "name", Does::Section(remove_section), "remove these sections"),
    row("", "remove-relocations", Arg::Needed, "name", Does::Section(|p, n| p.sections.remove_relocs.push(n, ())), "remove the relocations of these sections"),
    row("", "keep-section", Arg::Needed, "name", Does::Section(|p, n| p.sections.keep.push(n, ())), "keep these sections"),
    row("", "strip-dwo", Arg::None, "", Does::Plan(|p| p.strip = Strip::Dwo), "remove sections of split debug information"),
    row("", "strip-unneeded", Arg::None, "", Does::Plan(|p| p.strip = Strip::Unneeded), "remove what relocations do not need"),
    row("", "only-keep-debug", Arg::None, "", Does::Plan(|p| p.strip = Strip::NonDebug), "remove everything but debug information"),
    row("M", "merge-notes", Arg::None, "", Does::Nothing, "accepted; notes are kept as they are"),
    row("", "no-merge-notes", Arg::None, "", Does::Nothing, ""),
    row("N", "strip-symbol", Arg::Needed, "name", Does::Name(|p| &mut p.symbols.strip), "remove this symbol"),
    row("", "strip-symbols", Arg::Needed, "file", Does::NamesIn(|p| &mut p.symbols.strip), "remove the symbols that the file lists"),
    row("K", "keep-symbol", Arg::Needed, "name", Does::Name(|p| &mut p.symbols.keep), "keep this symbol"),
    row("", "keep-symbols", Arg::Needed, "file", Does::NamesIn(|p| &mut p.symbols.keep), "keep the symbols that the file lists"),
    row("", "keep-section-symbols", Arg::None, "", Does::Plan(|p| p.symbols.keep_sections = true), "keep the symbols of sections"),
    row("", "keep-file-symbols", Arg::None, "", Does::Plan(|p| p.symbols.keep_files = true), "keep the symbols of source files"),
    row("w", "wildcard", Arg::None, "", Does::Plan(|p| p.wildcard = true), "names of symbols are patterns"),
    row("x", "discard-all", Arg::None, "", Does::Plan(|p| p.discard = Discard::All), "remove local symbols"),
    row("X", "discard-locals", Arg::None, "", Does::Plan(|p| p.discard = Discard::Labels), "remove those that compilers made"),
    row("v", "verbose", Arg::None, "", Does::Command(|c| c.verbose = true), "say which files are changed"),
    row("V", "version", Arg::None, "", Does::Command(|c| c.wants_version = true), "show the version"),
    row("hH", "help", Arg::None, "", Does::Command(|c| c.wants_help = true), "show this"),
    row("", "info", Arg::None, "", Does::Refused, ""),
    row("", "plugin", Arg::Needed, "", Does::Nothing, ""),
];

/// What only `strip` has.
#[rustfmt::skip]
pub static STRIP: &[Row] = &[
    row("s", "strip-all", Arg::None, "", Does::Plan(|p| p.strip = Strip::All), "remove symbols, relocations and debug information (default)"),
    row("gSd", "strip-debug", Arg::None, "", Does::Plan(|p| p.strip = Strip::Debug), "remove debug information"),
    row("o", "output-file", Arg::Needed, "file", Does::Value(|c, v| { c.output = Some(v.into()); Ok(()) }), "write to this file"),
];

/// What only `objcopy` has.
#[rustfmt::skip]
pub static OBJCOPY: &[Row] = &[
    row("S", "strip-all", Arg::None, "", Does::Plan(|p| p.strip = Strip::All), "remove symbols, relocations and debug information"),
    row("g", "strip-debug", Arg::None, "", Does::Plan(|p| p.strip = Strip::Debug), "remove debug information"),
    row("s", "source-target", Arg::Needed, "", Does::Value(input_format), ""),
    row("d", "destination-target", Arg::Needed, "", Does::Value(output_format), ""),
    row("B", "binary-architecture", Arg::Needed, "arch", Does::Value(|c, v| { c.arch = Some(v.into()); Ok(()) }), "architecture of an output from binary input"),
    row("j", "only-section", Arg::Needed, "name", Does::Section(|p, n| p.sections.only.push(n, ())), "copy only these sections"),
    row("", "add-gnu-debuglink", Arg::Needed, "file", Does::File(debug_link), "add a section that names this file of debug information"),
    row("", "extract-dwo", Arg::None, "", Does::Plan(|p| p.strip = Strip::NonDwo), "copy only sections of split debug information"),
    row("", "extract-symbol", Arg::None, "", Does::Plan(|p| p.extract_symbols = true), ""),
    row("", "strip-unneeded-symbol", Arg::Needed, "name", Does::Name(|p| &mut p.symbols.strip_unneeded), "remove this symbol unless a relocation needs it"),
    row("", "strip-unneeded-symbols", Arg::Needed, "file", Does::NamesIn(|p| &mut p.symbols.strip_unneeded), "so those that the file lists"),
    row("L", "localize-symbol", Arg::Needed, "name", Does::Name(|p| &mut p.symbols.localize), "make this symbol local"),
    row("", "localize-symbols", Arg::Needed, "file", Does::NamesIn(|p| &mut p.symbols.localize), "so those that the file lists"),
    row("", "localize-hidden", Arg::None, "", Does::Plan(|p| p.symbols.localize_hidden = true), "make hidden symbols local"),
    row("", "globalize-symbol", Arg::Needed, "name", Does::Name(|p| &mut p.symbols.globalize), "make this symbol global"),
    row("", "globalize-symbols", Arg::Needed, "file", Does::NamesIn(|p| &mut p.symbols.globalize), "so those that the file lists"),
    row("G", "keep-global-symbol", Arg::Needed, "name", Does::Name(|p| &mut p.symbols.keep_global), "make all but this symbol local"),
    row("", "keep-global-symbols", Arg::Needed, "file", Does::NamesIn(|p| &mut p.symbols.keep_global), "so but those that the file lists"),
    row("W", "weaken-symbol", Arg::Needed, "name", Does::Name(|p| &mut p.symbols.weaken), "make this symbol weak"),
    row("", "weaken-symbols", Arg::Needed, "file", Does::NamesIn(|p| &mut p.symbols.weaken), "so those that the file lists"),
    row("", "weaken", Arg::None, "", Does::Plan(|p| p.symbols.weaken_all = true), "make all global symbols weak"),
    row("", "redefine-sym", Arg::Needed, "old=new", Does::Value(redefine), "give a symbol another name"),
    row("", "redefine-syms", Arg::Needed, "file", Does::File(redefine_all), "so for the pairs that the file lists"),
    row("", "prefix-symbols", Arg::Needed, "text", Does::Value(|c, v| { c.plan.symbols.prefix = v.into(); Ok(()) }), "put this before the names of symbols"),
    row("", "prefix-sections", Arg::Needed, "text", Does::Value(|c, v| { c.plan.sections.prefix = v.into(); Ok(()) }), "put this before the names of sections"),
    row("", "prefix-alloc-sections", Arg::Needed, "text", Does::Value(|c, v| { c.plan.sections.prefix_alloc = v.into(); Ok(()) }), "so for allocated sections"),
    row("", "add-symbol", Arg::Needed, "name=[section:]value[,flags]", Does::Value(add_symbol), "add a symbol"),
    row("", "add-section", Arg::Needed, "name=file", Does::File(add_section), "add a section"),
    row("", "update-section", Arg::Needed, "name=file", Does::File(update_section), "replace the contents of a section"),
    row("", "dump-section", Arg::Needed, "name=file", Does::Value(dump_section), "write the contents of a section to a file"),
    row("", "rename-section", Arg::Needed, "old=new[,flags]", Does::Value(rename_section), "give a section another name"),
    row("", "set-section-flags", Arg::Needed, "name=flags", Does::Value(set_flags), "give sections other flags"),
    row("", "set-section-alignment", Arg::Needed, "name=bytes", Does::Value(set_alignment), "give sections another alignment"),
    row("", "change-section-address", Arg::Needed, "name{=,+,-}value", Does::Value(|c, v| change(c, v, true, true)), "change addresses of sections"),
    row("", "adjust-section-vma", Arg::Needed, "", Does::Value(|c, v| change(c, v, true, true)), ""),
    row("", "change-section-vma", Arg::Needed, "name{=,+,-}value", Does::Value(|c, v| change(c, v, true, false)), "where they run"),
    row("", "change-section-lma", Arg::Needed, "name{=,+,-}value", Does::Value(|c, v| change(c, v, false, true)), "where they are loaded"),
    row("", "change-addresses", Arg::Needed, "value", Does::Value(change_all), "change addresses of all sections and the entry"),
    row("", "adjust-vma", Arg::Needed, "", Does::Value(change_all), ""),
    row("", "set-start", Arg::Needed, "address", Does::Value(|c, v| { c.plan.set_start = Some(number(v)?); Ok(()) }), "set the entry address"),
    row("", "change-start", Arg::Needed, "value", Does::Value(change_start), "change the entry address"),
    row("", "adjust-start", Arg::Needed, "", Does::Value(change_start), ""),
    row("", "change-warnings", Arg::None, "", Does::Nothing, ""),
    row("", "no-change-warnings", Arg::None, "", Does::Nothing, ""),
    row("", "adjust-warnings", Arg::None, "", Does::Nothing, ""),
    row("", "no-adjust-warnings", Arg::None, "", Does::Nothing, ""),
    row("", "gap-fill", Arg::Needed, "value", Does::Value(gap_fill), "fill gaps between sections (formats without sections)"),
    row("", "pad-to", Arg::Needed, "address", Does::Value(|c, v| { c.flat.pad_to = Some(number(v)?); Ok(()) }), "fill up to this address (formats without sections)"),
    row("", "srec-len", Arg::Needed, "bytes", Does::Value(|c, v| { c.flat.record_len = number(v)? as usize; Ok(()) }), "data in an S-record"),
    row("", "srec-forceS3", Arg::None, "", Does::Command(|c| c.flat.force_s3 = true), "S-records of 32-bit addresses"),
    row("", "verilog-data-width", Arg::Needed, "bytes", Does::Value(word_bytes), "bytes of a Verilog word"),
    row("", "compress-debug-sections", Arg::Optional, "none|zlib", Does::Value(compression), "compress debug sections"),
    row("", "decompress-debug-sections", Arg::None, "", Does::Plan(|p| p.compression = Compression::Expand), "expand compressed debug sections"),
    row("", "elf-stt-common", Arg::Needed, "yes|no", Does::Value(common_type), "type of common symbols"),
    row("", "long-section-names", Arg::Needed, "", Does::Nothing, ""),
    row("", "writable-text", Arg::None, "", Does::Nothing, ""),
    row("", "readonly-text", Arg::None, "", Does::Nothing, ""),
    row("", "pure", Arg::None, "", Does::Nothing, ""),
    row("", "impure", Arg::None, "", Does::Nothing, ""),
    row("", "change-leading-char", Arg::None, "", Does::Nothing, ""),
    row("", "remove-leading-char", Arg::None, "", Does::Nothing, ""),
    row("i", "interleave", Arg::Optional, "", Does::Refused, ""),
    row("", "interleave-width", Arg::Needed, "", Does::Refused, ""),
    row("b", "byte", Arg::Needed, "", Does::Refused, ""),
    row("", "reverse-bytes", Arg::Needed, "", Does::Refused, ""),
    row("", "debugging", Arg::None, "", Does::Refused, ""),
    row("", "alt-machine-code", Arg::Needed, "", Does::Refused, ""),
    row("", "file-alignment", Arg::Needed, "", Does::Refused, ""),
    row("", "heap", Arg::Needed, "", Does::Refused, ""),
    row("", "image-base", Arg::Needed, "", Does::Refused, ""),
    row("", "section-alignment", Arg::Needed, "", Does::Refused, ""),
    row("", "stack", Arg::Needed, "", Does::Refused, ""),
    row("", "subsystem", Arg::Needed, "", Does::Refused, ""),
];

/// Reads a command line by the rows of a tool.
pub fn parse(words: Vec<String>, rows: &[&'static [Row]], source: &dyn InputSource) -> Result<Command, Failure> {
    let mut command = Command::default();
    let mut words = words.into_iter();
    let mut only_files = false;
    while let Some(word) = words.next() {
        if only_files || word == "-" || !word.starts_with('-') {
            command.files.push(word);
        } else if word == "--" {
            only_files = true;
        } else if let Some(long) = word.strip_prefix("--") {
            let (name, joined) = match long.split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (long, None),
            };
            let row = find_long(rows, name)?;
            let value = match (row.arg, joined) {
                (Arg::None, Some(_)) => {
                    return Err(Failure::usage(format!("option ‘--{}’ takes no argument", row.long)));
                }
                (Arg::Needed, None) => Some(words.next().ok_or_else(|| missing(&format!("--{}", row.long)))?),
                (_, joined) => joined,
            };
            carry_out(&mut command, row, &format!("--{}", row.long), value.as_deref(), source)?;
        } else {
            let mut letters = word[1..].chars();
            while let Some(letter) = letters.next() {
                let row = rows.iter().flat_map(|rows| rows.iter()).find(|row| row.short.contains(letter));
                let row = row.ok_or_else(|| Failure::usage(format!("unrecognized option ‘-{letter}’")))?;
                let value = match row.arg {
                    Arg::Needed if letters.as_str().is_empty() => {
                        Some(words.next().ok_or_else(|| missing(&format!("-{letter}")))?)
                    }
                    Arg::Needed => Some(letters.by_ref().collect()),
                    Arg::None | Arg::Optional => None,
                };
                carry_out(&mut command, row, &format!("-{letter}"), value.as_deref(), source)?;
            }
        }
    }
    if command.globalizes && !command.plan.symbols.keep_global.is_empty() {
        return Err(Failure::usage("‘--globalize-symbol’ and ‘--keep-global-symbol’ exclude each other"));
    }
    Ok(command)
}

fn missing(option: &str) -> Failure {
    Failure::usage(format!("option ‘{option}’ needs an argument"))
}

/// The row of that name, or the only one that begins so.
fn find_long(rows: &[&'static [Row]], name: &str) -> Result<&'static Row, Failure> {
    let all = || rows.iter().flat_map(|rows| rows.iter());
    if let Some(row) = all().find(|row| row.long == name) {
        return Ok(row);
    }
    let mut found = all().filter(|row| row.long.starts_with(name));
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row),
        (Some(_), Some(_)) => Err(Failure::usage(format!("option ‘--{name}’ is ambiguous"))),
        (None, _) => Err(Failure::usage(format!("unrecognized option ‘--{name}’"))),
    }
}

fn carry_out(
    command: &mut Command,
    row: &'static Row,
    spelled: &str,
    value: Option<&str>,
    source: &dyn InputSource,
) -> Result<(), Failure> {
    let text = value.unwrap_or_default();
    let done = match &row.does {
        Does::Plan(change) => {
            change(&mut command.plan);
            Ok(())
        }
        Does::Name(names) => {
            names(&mut command.plan).insert(text);
            Ok(())
        }
        Does::NamesIn(names) => listed(text, source).map(|list| {
            let names = names(&mut command.plan);
            list.into_iter().for_each(|name| names.insert(name));
        }),
        Does::Section(change) => {
            change(&mut command.plan, text);
            Ok(())
        }
        Does::Command(change) => {
            change(command);
            Ok(())
        }
        Does::Value(read) => read(command, text),
        Does::File(read) => read(command, text, source),
        Does::Nothing => Ok(()),
        Does::Refused => Err("is not supported".into()),
    };
    command.globalizes |= row.long.starts_with("globalize-symbol");
    done.map_err(|text| Failure::usage(format!("‘{spelled}’: {text}")))
}

/// The names in a file, one a line; `#` begins a comment.
fn listed(path: &str, source: &dyn InputSource) -> Result<Vec<Vec<u8>>, String> {
    let bytes = source.read(Path::new(path)).map_err(|e| e.to_string())?;
    let lines = bytes.split(|&b| b == b'\n' || b == b'\r');
    let names = lines.filter_map(|line| {
        let line = line.split(|&b| b == b'#').next().unwrap_or_default();
        line.split(|&b| b == b' ' || b == b'\t').find(|word| !word.is_empty())
    });
    Ok(names.map(<[u8]>::to_vec).collect())
}

fn input_format(command: &mut Command, value: &str) -> Result<(), String> {
    command.input_format = Some(value.into());
    Ok(())
}

fn output_format(command: &mut Command, value: &str) -> Result<(), String> {
    command.output_format = Some(value.into());
    Ok(())
}

fn both_formats(command: &mut Command, value: &str) -> Result<(), String> {
    command.input_format = Some(value.into());
    command.output_format = Some(value.into());
    Ok(())
}

/// A pattern of relocation sections stands for the relocations of what it names.
fn remove_section(plan: &mut Plan, pattern: &str) {
    plan.sections.remove.push(pattern, ());
    let rest = pattern.strip_prefix(".rela").or_else(|| pattern.strip_prefix(".rel"));
    if let Some(rest) = rest.filter(|rest| !rest.is_empty()) {
        remove_relocs(plan, rest);
    }
}

fn remove_relocs(plan: &mut Plan, pattern: &str) {
    plan.sections.remove_relocs.push(pattern, ());
}

/// Numbers as C writes them.
fn number(text: &str) -> Result<u64, String> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let value = match digits {
        Some(digits) => u64::from_str_radix(digits, 16),
        None if text.len() > 1 && text.starts_with('0') => u64::from_str_radix(&text[1..], 8),
        None => text.parse(),
    };
    value.map_err(|_| format!("‘{text}’ is no number"))
}

fn signed(text: &str) -> Result<i64, String> {
    match text.strip_prefix('-') {
        Some(rest) => Ok((number(rest)? as i64).wrapping_neg()),
        None => Ok(number(text.strip_prefix('+').unwrap_or(text))? as i64),
    }
}

fn pair<'v>(value: &'v str, what: &str) -> Result<(&'v str, &'v str), String> {
    value.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or_else(|| format!("‘{value}’ is not {what}"))
}

fn change_all(command: &mut Command, value: &str) -> Result<(), String> {
    let delta = signed(value)?;
    command.plan.sections.change_all = delta;
    command.plan.change_start = delta;
    Ok(())
}

fn change_start(command: &mut Command, value: &str) -> Result<(), String> {
    command.plan.change_start = signed(value)?;
    Ok(())
}

fn change(command: &mut Command, value: &str, vma: bool, lma: bool) -> Result<(), String> {
    let Some(at) = value.find(['=', '+', '-']).filter(|&at| at > 0) else {
        return Err(format!("‘{value}’ is not name{{=,+,-}}value"));
    };
    let (name, amount) = (&value[..at], number(&value[at + 1..])?);
    let change = match value.as_bytes()[at] {
        b'=' => Change::Set(amount),
        b'+' => Change::Add(amount as i64),
        _ => Change::Add((amount as i64).wrapping_neg()),
    };
    if vma {
        command.plan.sections.change_vma.push(name, change);
    }
    if lma {
        command.plan.sections.change_lma.push(name, change);
    }
    Ok(())
}

fn gap_fill(command: &mut Command, value: &str) -> Result<(), String> {
    command.flat.gap_fill = Some(number(value)? as u8);
    Ok(())
}

fn word_bytes(command: &mut Command, value: &str) -> Result<(), String> {
    let width = number(value)?;
    if !matches!(width, 1 | 2 | 4 | 8 | 16) {
        return Err("a Verilog word has 1, 2, 4, 8 or 16 bytes".into());
    }
    command.flat.word_bytes = width as usize;
    Ok(())
}

fn compression(command: &mut Command, value: &str) -> Result<(), String> {
    command.plan.compression = match value {
        "" | "zlib" | "zlib-gabi" => Compression::Zlib,
        "none" => Compression::Expand,
        "zlib-gnu" | "zstd" => return Err(format!("compression by {value} is not supported")),
        _ => return Err(format!("‘{value}’ is no kind of compression")),
    };
    Ok(())
}

fn common_type(command: &mut Command, value: &str) -> Result<(), String> {
    command.plan.symbols.common_type = match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => return Err(format!("‘{value}’ is neither yes nor no")),
    };
    Ok(())
}

fn redefine(command: &mut Command, value: &str) -> Result<(), String> {
    let (old, new) = pair(value, "old=new")?;
    redefine_one(command, old.as_bytes(), new.as_bytes())
}

fn redefine_one(command: &mut Command, old: &[u8], new: &[u8]) -> Result<(), String> {
    let names = &mut command.plan.symbols.redefine;
    if names.contains_key(old) {
        return Err(format!("symbol ‘{}’ is redefined twice", String::from_utf8_lossy(old)));
    }
    if names.values().any(|other| other == new) {
        let new = String::from_utf8_lossy(new);
        return Err(format!("symbol ‘{new}’ is the new name of more than one symbol"));
    }
    names.insert(old.to_vec(), new.to_vec());
    Ok(())
}

fn redefine_all(command: &mut Command, path: &str, source: &dyn InputSource) -> Result<(), String> {
    let bytes = source.read(Path::new(path)).map_err(|e| e.to_string())?;
    for (at, line) in bytes.split(|&b| b == b'\n').enumerate() {
        let line = line.split(|&b| b == b'#').next().unwrap_or_default();
        let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        match (words.next(), words.next(), words.next()) {
            (None, ..) => {}
            (Some(old), Some(new), None) => redefine_one(command, old, new)?,
            (Some(_), None, _) => return Err(format!("{path}:{}: the new name is missing", at + 1)),
            _ => return Err(format!("{path}:{}: more than two names", at + 1)),
        }
    }
    Ok(())
}

fn section_file(value: &str, source: &dyn InputSource) -> Result<(Vec<u8>, Vec<u8>), String> {
    let (name, path) = pair(value, "name=file")?;
    let mut bytes = Vec::new();
    source.read_into(Path::new(path), &mut bytes).map_err(|e| e.to_string())?;
    Ok((name.into(), bytes))
}

fn add_section(command: &mut Command, value: &str, source: &dyn InputSource) -> Result<(), String> {
    command.plan.sections.add.push(section_file(value, source)?);
    Ok(())
}

fn update_section(command: &mut Command, value: &str, source: &dyn InputSource) -> Result<(), String> {
    command.plan.sections.update.push(section_file(value, source)?);
    Ok(())
}

fn dump_section(command: &mut Command, value: &str) -> Result<(), String> {
    let (name, path) = pair(value, "name=file")?;
    command.plan.sections.dump.push(name.into());
    command.dumps.push((name.into(), path.into()));
    Ok(())
}

fn debug_link(command: &mut Command, path: &str, source: &dyn InputSource) -> Result<(), String> {
    let bytes = source.read(Path::new(path)).map_err(|e| e.to_string())?;
    let name = path.rsplit('/').next().unwrap_or(path);
    command.plan.sections.debug_link = Some(kit::copy::DebugLink { name: name.into(), crc: kit::copy::crc32(&bytes) });
    Ok(())
}

fn words(text: &str) -> Result<SectionWords, String> {
    SectionWords::parse(text).map_err(|word| {
        format!(
            "unrecognized section flag ‘{word}’ (there are alloc, load, noload, readonly, debug, code, data, rom, \
             exclude, contents, merge, strings, large)"
        )
    })
}

fn rename_section(command: &mut Command, value: &str) -> Result<(), String> {
    let (old, rest) = pair(value, "old=new[,flags]")?;
    let (new, flags) = match rest.split_once(',') {
        Some((new, flags)) => (new, Some(words(flags)?)),
        None => (rest, None),
    };
    if new.is_empty() {
        return Err(format!("‘{value}’ is not old=new[,flags]"));
    }
    let renames = &mut command.plan.sections.rename;
    if renames.iter().any(|rename| rename.old == old.as_bytes() && rename.new != new.as_bytes()) {
        return Err(format!("section ‘{old}’ is renamed twice"));
    }
    renames.push(Rename { old: old.into(), new: new.into(), flags });
    Ok(())
}

fn set_flags(command: &mut Command, value: &str) -> Result<(), String> {
    let (name, flags) = pair(value, "name=flags")?;
    command.plan.sections.set_flags.push(name, words(flags)?);
    Ok(())
}

fn set_alignment(command: &mut Command, value: &str) -> Result<(), String> {
    let (name, bytes) = pair(value, "name=bytes")?;
    let align = number(bytes)?;
    if !align.is_power_of_two() {
        return Err("the alignment is no power of two".into());
    }
    command.plan.sections.set_align.push(name, align);
    Ok(())
}

fn add_symbol(command: &mut Command, value: &str) -> Result<(), String> {
    let (name, rest) = pair(value, "name=[section:]value[,flags]")?;
    let (place, flags) = match rest.split_once(',') {
        Some((place, flags)) => (place, Some(flags)),
        None => (rest, None),
    };
    let (section, value) = match place.split_once(':') {
        Some((section, value)) => (Some(section.into()), value),
        None => (None, place),
    };
    let mut symbol = AddSymbol { name: name.into(), section, value: signed(value)? as u64, ..AddSymbol::default() };
    // With flags, what none of them says is local.
    if flags.is_some() {
        symbol.binding = AddBinding::Local;
    }
    for flag in flags.into_iter().flat_map(|flags| flags.split(',')) {
        match flag.to_ascii_lowercase().as_str() {
            "local" => symbol.binding = AddBinding::Local,
            "global" | "export" => symbol.binding = AddBinding::Global,
            "weak" => symbol.binding = AddBinding::Weak,
            "unique-object" => (symbol.binding, symbol.kind) = (AddBinding::Unique, AddKind::Object),
            "function" => symbol.kind = AddKind::Function,
            "object" => symbol.kind = AddKind::Object,
            "file" => symbol.kind = AddKind::File,
            "section" => symbol.kind = AddKind::Section,
            "indirect-function" => symbol.kind = AddKind::IndirectFunction,
            "debug" | "constructor" | "warning" | "indirect" | "synthetic" => {}
            _ if flag.len() > 7 && flag[..7].eq_ignore_ascii_case("before=") => symbol.before = Some(flag[7..].into()),
            _ => return Err(format!("unrecognized symbol flag ‘{flag}’")),
        }
    }
    command.plan.symbols.add.push(symbol);
    Ok(())
}

/// The format without sections that GNU tools call `name`.
pub fn flat_named(name: &str) -> Option<kit::copy::FlatFormat> {
    FLAT_FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
}

/// The options part of the help.
pub fn help(rows: &[&'static [Row]]) -> String {
    let mut out = String::new();
    for row in rows.iter().flat_map(|rows| rows.iter()).filter(|row| !row.help.is_empty()) {
        let mut usage = String::new();
        row.short.chars().filter(|&c| c != 'H').for_each(|c| usage.push_str(&format!("-{c}, ")));
        let joiner = if row.arg == Arg::Optional { "[=" } else { "=" };
        usage.push_str(&format!("--{}", row.long));
        if !row.metavar.is_empty() {
            usage.push_str(&format!("{joiner}<{}>{}", row.metavar, if row.arg == Arg::Optional { "]" } else { "" }));
        }
        out.push_str(&format!("  {usage:44} {}\n", row.help));
    }
    out
}
