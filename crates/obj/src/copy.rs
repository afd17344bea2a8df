//! What `strip` and `objcopy` ask for, without a word of any format: a [`Plan`] of edits that a format's copier carries
//! out on the bytes of one file.
//!
//! The options of GNU binutils 2.40 are the model: the later of two rules for a section wins, a pattern that begins
//! with `!` excepts what it matches, names of symbols are patterns only where the user asked for it.

use crate::ReadError;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Everything that is to be done to a file. The default copies it as it is.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub strip: Strip,
    pub discard: Discard,
    /// Names of symbols are patterns (`-w`).
    pub wildcard: bool,
    pub sections: SectionEdits,
    pub symbols: SymbolEdits,
    /// Replaces the entry address (`--set-start`).
    pub set_start: Option<u64>,
    /// Added to the entry address.
    pub change_start: i64,
    /// Drop contents, keep symbols with their values (`--extract-symbol`).
    pub extract_symbols: bool,
    pub compression: Compression,
}

/// Which class of symbols and sections goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Strip {
    #[default]
    Nothing,
    All,
    Debug,
    Unneeded,
    /// Everything but debug information goes: contents of allocated sections (`--only-keep-debug`).
    NonDebug,
    /// Sections of split debug information.
    Dwo,
    /// Everything but these.
    NonDwo,
}

/// Which local symbols go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Discard {
    #[default]
    Nothing,
    /// Those that compilers made (`.L…`).
    Labels,
    All,
}

/// What becomes of debug sections.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Compression {
    #[default]
    AsIs,
    Zlib,
    /// Compressed ones are expanded.
    Expand,
}

/// Edits of sections.
#[derive(Clone, Debug, Default)]
pub struct SectionEdits {
    pub remove: Rules<()>,
    /// When not empty, only what it matches is copied.
    pub only: Rules<()>,
    pub keep: Rules<()>,
    /// Sections whose relocations go.
    pub remove_relocs: Rules<()>,
    pub set_flags: Rules<SectionWords>,
    /// In bytes, a power of two.
    pub set_align: Rules<u64>,
    pub change_vma: Rules<Change>,
    pub change_lma: Rules<Change>,
    /// Added to the addresses of every section without a rule of its own.
    pub change_all: i64,
    pub rename: Vec<Rename>,
    pub prefix: Vec<u8>,
    /// For allocated sections, instead of `prefix`.
    pub prefix_alloc: Vec<u8>,
    /// Names and contents.
    pub add: Vec<(Vec<u8>, Vec<u8>)>,
    pub update: Vec<(Vec<u8>, Vec<u8>)>,
    /// Names of sections whose contents the caller wants.
    pub dump: Vec<Vec<u8>>,
    pub debug_link: Option<DebugLink>,
}

/// The file that has the debug information of this one.
#[derive(Clone, Debug)]
pub struct DebugLink {
    /// Its name without directory.
    pub name: Vec<u8>,
    /// CRC-32 of its contents, as gdb computes it.
    pub crc: u32,
}

/// A section gets another name, and other flags if they are given.
#[derive(Clone, Debug)]
pub struct Rename {
    pub old: Vec<u8>,
    pub new: Vec<u8>,
    pub flags: Option<SectionWords>,
}

/// How an address changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Set(u64),
    Add(i64),
}

impl Change {
    pub fn apply(self, address: u64) -> u64 {
        match self {
            Change::Set(value) => value,
            Change::Add(delta) => address.wrapping_add_signed(delta),
        }
    }
}

/// The words of `--set-section-flags`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SectionWords {
    pub alloc: bool,
    pub load: bool,
    pub noload: bool,
    pub readonly: bool,
    pub debug: bool,
    pub code: bool,
    pub data: bool,
    pub rom: bool,
    pub exclude: bool,
    pub contents: bool,
    pub merge: bool,
    pub strings: bool,
    pub large: bool,
}

impl SectionWords {
    /// Reads `alloc,readonly,…`.
    ///
    /// # Errors
    /// The word that is none; `share` among them, which only COFF has.
    pub fn parse(text: &str) -> Result<SectionWords, String> {
        let mut words = SectionWords::default();
        for word in text.split(',') {
            let flag = match word.to_ascii_lowercase().as_str() {
                "alloc" => &mut words.alloc,
                "load" => &mut words.load,
                "noload" => &mut words.noload,
                "readonly" => &mut words.readonly,
                "debug" => &mut words.debug,
                "code" => &mut words.code,
                "data" => &mut words.data,
                "rom" => &mut words.rom,
                "exclude" => &mut words.exclude,
                "contents" => &mut words.contents,
                "merge" => &mut words.merge,
                "strings" => &mut words.strings,
                "large" => &mut words.large,
                _ => return Err(word.to_string()),
            };
            *flag = true;
        }
        Ok(words)
    }
}

/// Edits of symbols.
#[derive(Clone, Debug, Default)]
pub struct SymbolEdits {
    pub strip: Names,
    /// Go unless a relocation needs them.
    pub strip_unneeded: Names,
    pub keep: Names,
    pub localize: Names,
    pub globalize: Names,
    /// When not empty, all others become local.
    pub keep_global: Names,
    pub weaken: Names,
    pub weaken_all: bool,
    pub localize_hidden: bool,
    pub keep_files: bool,
    pub keep_sections: bool,
    /// Old name to new name.
    pub redefine: BTreeMap<Vec<u8>, Vec<u8>>,
    pub prefix: Vec<u8>,
    pub add: Vec<AddSymbol>,
    /// Common symbols get the type that says so, or the type of data.
    pub common_type: Option<bool>,
}

impl SymbolEdits {
    /// True when some rule asks for a look at every symbol.
    pub fn any(&self) -> bool {
        let names = [&self.strip, &self.keep, &self.localize, &self.globalize, &self.keep_global, &self.weaken];
        names.iter().any(|names| !names.is_empty())
            || !self.strip_unneeded.is_empty()
            || self.weaken_all
            || self.localize_hidden
            || !self.redefine.is_empty()
            || !self.prefix.is_empty()
            || !self.add.is_empty()
    }
}

/// A symbol to be added.
#[derive(Clone, Debug, Default)]
pub struct AddSymbol {
    pub name: Vec<u8>,
    /// Absolute without one.
    pub section: Option<Vec<u8>>,
    pub value: u64,
    pub kind: AddKind,
    pub binding: AddBinding,
    /// Stands before the symbol of this name.
    pub before: Option<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AddKind {
    #[default]
    None,
    Function,
    Object,
    File,
    Section,
    IndirectFunction,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum AddBinding {
    Local,
    #[default]
    Global,
    Weak,
    Unique,
}

/// Rules for sections by patterns; the later one wins.
#[derive(Clone, Debug)]
pub struct Rules<T> {
    rules: Vec<(Vec<u8>, T)>,
}

impl<T> Default for Rules<T> {
    fn default() -> Self {
        Rules { rules: Vec::new() }
    }
}

impl<T> Rules<T> {
    pub fn push(&mut self, pattern: impl Into<Vec<u8>>, value: T) {
        self.rules.push((pattern.into(), value));
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The patterns, in the order in which they were given.
    pub fn patterns(&self) -> impl Iterator<Item = &[u8]> {
        self.rules.iter().map(|(pattern, _)| &pattern[..])
    }

    /// What holds for the section `name`: the last rule that matches, unless an exception does.
    pub fn find(&self, name: &[u8]) -> Option<&T> {
        let mut found = None;
        for (pattern, value) in &self.rules {
            match pattern.strip_prefix(b"!") {
                Some(rest) if matches_glob(rest, name) => return None,
                Some(_) => {}
                None if matches_glob(pattern, name) => found = Some(value),
                None => {}
            }
        }
        found
    }

    pub fn has(&self, name: &[u8]) -> bool {
        self.find(name).is_some()
    }
}

/// Names of symbols, or patterns of names.
#[derive(Clone, Debug, Default)]
pub struct Names {
    names: BTreeSet<Vec<u8>>,
}

impl Names {
    pub fn insert(&mut self, name: impl Into<Vec<u8>>) {
        self.names.insert(name.into());
    }

    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// True when `name` is one of them; with `wildcard`, when a pattern matches and no exception does.
    pub fn has(&self, name: &[u8], wildcard: bool) -> bool {
        if !wildcard {
            return self.names.contains(name);
        }
        let mut found = false;
        for pattern in &self.names {
            match pattern.strip_prefix(b"!") {
                Some(rest) if matches_glob(rest, name) => return false,
                Some(_) => {}
                None => found = found || matches_glob(pattern, name),
            }
        }
        found
    }
}

/// Shell patterns as `fnmatch` has them: `*`, `?`, `[a-z]`, `[!a-z]`, `\` before a character that means itself.
pub fn matches_glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    // Where the last star stood, and how much it has taken: only the last one ever needs to take more.
    let mut star: Option<(usize, usize)> = None;
    loop {
        let step = match pattern.get(p) {
            Some(b'*') => {
                star = Some((p + 1, n));
                p += 1;
                continue;
            }
            None if n == name.len() => return true,
            None => None,
            Some(_) => name.get(n).and_then(|&byte| match_one(&pattern[p..], byte)),
        };
        match (step, star) {
            (Some(len), _) => {
                p += len;
                n += 1;
            }
            (None, Some((after, taken))) if taken < name.len() => {
                star = Some((after, taken + 1));
                (p, n) = (after, taken + 1);
            }
            (None, _) => return false,
        }
    }
}

/// How many bytes of `pattern` stand for the one character `byte`; `None` when they do not match it.
fn match_one(pattern: &[u8], byte: u8) -> Option<usize> {
    match pattern {
        [b'?', ..] => Some(1),
        [b'\\', escaped, ..] => (*escaped == byte).then_some(2),
        [b'[', rest @ ..] => {
            let negated = matches!(rest.first(), Some(b'!' | b'^'));
            let set = &rest[usize::from(negated)..];
            // A bracket in the first place is a member.
            let Some(end) = set.iter().skip(1).position(|&b| b == b']').map(|at| at + 1) else {
                return (byte == b'[').then_some(1);
            };
            let members = &set[..end];
            let mut found = false;
            let mut at = 0;
            while at < members.len() {
                if at + 2 < members.len() && members[at + 1] == b'-' {
                    found |= (members[at]..=members[at + 2]).contains(&byte);
                    at += 3;
                } else {
                    found |= members[at] == byte;
                    at += 1;
                }
            }
            (found != negated).then_some(1 + usize::from(negated) + end + 1)
        }
        [literal, ..] => (*literal == byte).then_some(1),
        [] => None,
    }
}

/// A finished copy.
#[derive(Clone, Debug, Default)]
pub struct Copied {
    pub bytes: Vec<u8>,
    /// Names and contents of the sections that were asked for and are there.
    pub dumps: Vec<(Vec<u8>, Vec<u8>)>,
    /// What the user should know although the copy was made.
    pub warnings: Vec<String>,
    /// What was wrong although the copy can be used; the tool's exit status says so.
    pub complaints: Vec<String>,
}

/// The parts of a file that are loaded, as formats without sections have them.
#[derive(Clone, Debug, Default)]
pub struct LoadImage {
    /// Contents with their load addresses, in the order of the file; no empty ones.
    pub pieces: Vec<Piece>,
    pub entry: u64,
    pub copied: Copied,
}

/// Bytes of a [`LoadImage`].
#[derive(Clone, Debug)]
pub struct Piece {
    pub name: Vec<u8>,
    pub address: u64,
    pub bytes: Vec<u8>,
}

/// Why a file cannot be copied as asked.
#[derive(Clone, Debug)]
pub enum CopyError {
    Read(ReadError),
    /// The plan and the file do not go together.
    Plan(String),
}

impl From<ReadError> for CopyError {
    fn from(error: ReadError) -> CopyError {
        CopyError::Read(error)
    }
}

impl fmt::Display for CopyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CopyError::Read(error) => error.fmt(f),
            CopyError::Plan(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for CopyError {}

/// CRC-32 as `.gnu_debuglink` wants it: the polynomial of zlib's, bits reversed, inverted before and after.
pub fn crc32(bytes: &[u8]) -> u32 {
    const TABLES: [[u32; 256]; 8] = crc_tables();
    let mut crc = !0u32;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        let low = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]) ^ crc;
        crc = TABLES[7][(low & 0xff) as usize]
            ^ TABLES[6][(low >> 8 & 0xff) as usize]
            ^ TABLES[5][(low >> 16 & 0xff) as usize]
            ^ TABLES[4][(low >> 24) as usize]
            ^ TABLES[3][usize::from(chunk[4])]
            ^ TABLES[2][usize::from(chunk[5])]
            ^ TABLES[1][usize::from(chunk[6])]
            ^ TABLES[0][usize::from(chunk[7])];
    }
    for &byte in chunks.remainder() {
        crc = TABLES[0][((crc ^ u32::from(byte)) & 0xff) as usize] ^ crc >> 8;
    }
    !crc
}

const fn crc_tables() -> [[u32; 256]; 8] {
    let mut tables = [[0u32; 256]; 8];
    let mut n = 0;
    while n < 256 {
        let mut value = n as u32;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 != 0 { 0xedb8_8320 ^ value >> 1 } else { value >> 1 };
            bit += 1;
        }
        tables[0][n] = value;
        n += 1;
    }
    let mut table = 1;
    while table < 8 {
        let mut n = 0;
        while n < 256 {
            let before = tables[table - 1][n];
            tables[table][n] = tables[0][(before & 0xff) as usize] ^ before >> 8;
            n += 1;
        }
        table += 1;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_a_shell() {
        let yes = [
            ("*", ""),
            ("*", "abc"),
            (".debug_*", ".debug_info"),
            ("a*b*c", "a-b-b-c"),
            ("[a-c]?", "bz"),
            ("[!a-c]", "d"),
            ("[]x]", "]"),
            ("\\*", "*"),
            ("a[", "a["),
        ];
        let no =
            [("", "a"), ("a", ""), ("a*b", "abc"), ("[!a-c]", "b"), ("\\*", "x"), ("?", ""), (".debug_*", ".debug")];
        for (pattern, name) in yes {
            assert!(matches_glob(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
        for (pattern, name) in no {
            assert!(!matches_glob(pattern.as_bytes(), name.as_bytes()), "{pattern} {name}");
        }
        // No exponential search.
        assert!(!matches_glob("*a".repeat(30).as_bytes(), "a".repeat(29).as_bytes()));
    }

    #[test]
    fn later_rules_win_and_exceptions_except() {
        let mut rules = Rules::default();
        rules.push(".debug_*", 1);
        rules.push(".debug_str", 2);
        rules.push("!.debug_line", 3);
        assert_eq!(rules.find(b".debug_info"), Some(&1));
        assert_eq!(rules.find(b".debug_str"), Some(&2));
        assert_eq!(rules.find(b".debug_line"), None);
        let mut names = Names::default();
        names.insert("f*");
        names.insert("!fo");
        assert!(
            names.has(b"fi", true) && !names.has(b"fo", true) && !names.has(b"fi", false) && names.has(b"f*", false)
        );
    }

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
