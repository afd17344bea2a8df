//! Macros whose value depends on where they stand (C11 6.10.8.1 and gcc's), and how predefined ones come into being.
//!
//! The predefined macros are rows of static tables; a row is turned into tokens when its macro is first used. At start
//! only the names are interned.

use super::define::{Macro, MacroKind};
use super::{Pp, predefined};
use crate::lex_scan;
use crate::token::{Tok, Token, TokenFlags};
use base::{FileId, Name, Pos};
use std::borrow::Cow;
use std::fmt::Write;

/// Which computed macro: `Macro::body` of [`MacroKind::Builtin`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
pub(super) enum Builtin {
    File,
    BaseFile,
    FileName,
    Line,
    Date,
    Time,
    Timestamp,
    Counter,
    IncludeLevel,
    Pragma,
    HasInclude,
    HasIncludeNext,
    HasAttribute,
    HasStandardAttribute,
    HasFunction,
    HasFeature,
}

/// Names of computed macros.
const BUILTINS: &[(&str, Builtin)] = &[
    ("__FILE__", Builtin::File),
    ("__BASE_FILE__", Builtin::BaseFile),
    ("__FILE_NAME__", Builtin::FileName),
    ("__LINE__", Builtin::Line),
    ("__DATE__", Builtin::Date),
    ("__TIME__", Builtin::Time),
    ("__TIMESTAMP__", Builtin::Timestamp),
    ("__COUNTER__", Builtin::Counter),
    ("__INCLUDE_LEVEL__", Builtin::IncludeLevel),
    ("_Pragma", Builtin::Pragma),
    ("__has_include", Builtin::HasInclude),
    ("__has_include_next", Builtin::HasIncludeNext),
    ("__has_attribute", Builtin::HasAttribute),
    ("__has_c_attribute", Builtin::HasStandardAttribute),
    ("__has_builtin", Builtin::HasFunction),
    ("__has_feature", Builtin::HasFeature),
    ("__has_extension", Builtin::HasFeature),
];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// State of the computed macros.
pub(crate) struct State {
    pub va_args: Name,
    pub va_opt: Name,
    pub defined: Name,
    pub pragma: Name,
    /// Rows of the predefined macros: name with parameters, body.
    pub rows: Vec<(&'static str, Cow<'static, str>)>,
    counter: u32,
    /// The last line asked for: file, offset, line.
    line: (FileId, usize, u32),
}

impl Default for State {
    fn default() -> State {
        State {
            va_args: Name(u32::MAX),
            va_opt: Name(u32::MAX),
            defined: Name(u32::MAX),
            pragma: Name(u32::MAX),
            rows: Vec::new(),
            counter: 0,
            line: (FileId(u32::MAX), 0, 1),
        }
    }
}

impl State {
    /// Forgets what belongs to one unit.
    pub fn next_unit(&mut self) {
        self.counter = 0;
        self.line = (FileId(u32::MAX), 0, 1);
    }
}

impl Pp<'_> {
    /// Gives every predefined macro its name; bodies wait.
    pub(super) fn define_predefined(&mut self) {
        self.builtin.va_args = self.names.intern(b"__VA_ARGS__");
        self.builtin.va_opt = self.names.intern(b"__VA_OPT__");
        self.builtin.defined = self.names.intern(b"defined");
        self.builtin.pragma = self.names.intern(b"_Pragma");
        for (word, which) in BUILTINS {
            let name = self.names.intern(word.as_bytes());
            let mac =
                Macro { name, kind: MacroKind::Builtin, body: *which as u32, pos: self.builtin_pos, ..Macro::NONE };
            self.install(mac);
        }
        self.install(Macro { name: self.builtin.va_args, kind: MacroKind::VaWord, ..Macro::NONE });
        if self.va_opt_on() {
            self.install(Macro { name: self.builtin.va_opt, kind: MacroKind::VaWord, ..Macro::NONE });
        }
        let rows = predefined::rows(&self.options);
        self.macros.reserve(rows.len() + 64);
        for (row, (signature, _)) in rows.iter().enumerate() {
            let len = signature.bytes().position(|b| b == b'(').unwrap_or(signature.len());
            let name = self.names.intern(&signature.as_bytes()[..len]);
            let mac = Macro { name, kind: MacroKind::Lazy, body: row as u32, pos: self.builtin_pos, ..Macro::NONE };
            self.install(mac);
        }
        self.builtin.rows = rows;
    }

    /// Replaces the name of a computed macro.
    pub(super) fn expand_builtin(&mut self, token: Token, idx: u32) -> Option<Token> {
        let which = self.macros[idx as usize].body;
        let Some(&(_, which)) = BUILTINS.iter().find(|row| row.1 as u32 == which) else { return Some(token) };
        let mut text = String::new();
        let _ = match which {
            Builtin::Line => write!(text, "{}", self.line_at(self.file_pos(&token))),
            Builtin::File => write!(text, "\"{}\"", quoted(&self.presumed_file())),
            Builtin::BaseFile | Builtin::Counter | Builtin::IncludeLevel if self.recorder_is_open() => {
                self.spoil();
                return self.expand_builtin(token, idx);
            }
            Builtin::BaseFile => write!(text, "\"{}\"", quoted(&self.options.file)),
            Builtin::FileName => {
                let file = self.presumed_file();
                write!(text, "\"{}\"", quoted(file.rsplit('/').next().unwrap_or(&file)))
            }
            Builtin::Date => match self.options.time {
                Some(t) => {
                    let month = MONTHS[usize::from(t.month.clamp(1, 12)) - 1];
                    write!(text, "\"{month} {:2} {}\"", t.day, t.year)
                }
                None => write!(text, "\"??? ?? ????\""),
            },
            Builtin::Time => match self.options.time {
                Some(t) => write!(text, "\"{:02}:{:02}:{:02}\"", t.hour, t.minute, t.second),
                None => write!(text, "\"??:??:??\""),
            },
            Builtin::Timestamp => write!(text, "\"??? ??? ?? ??:??:?? ????\""),
            Builtin::Counter => {
                let value = self.builtin.counter;
                self.builtin.counter = value.wrapping_add(1);
                write!(text, "{value}")
            }
            Builtin::IncludeLevel => write!(text, "{}", self.include_level()),
            Builtin::Pragma => {
                self.recorder.collecting += 1;
                let result = self.pragma_operator(token);
                self.recorder.collecting -= 1;
                return result;
            }
            Builtin::HasInclude
            | Builtin::HasIncludeNext
            | Builtin::HasAttribute
            | Builtin::HasStandardAttribute
            | Builtin::HasFunction
            | Builtin::HasFeature => {
                let answer = self.has_feature(which, &token)?;
                write!(text, "{answer}")
            }
        };
        let kind = if text.starts_with('"') { Tok::Str } else { Tok::Number };
        let value = self.keep_spelling(text.as_bytes());
        let flags = token.flags.with(TokenFlags::UNCLEAN);
        Some(Token { kind, flags, aux: 0, value, ..token })
    }

    /// Where a token stands in a file: macro bodies are left for their uses, arguments are where they are written.
    pub(super) fn file_pos(&self, token: &Token) -> Pos {
        let mut pos = token.pos;
        let mut next = token.expansion;
        while next != 0 {
            let record = self.expansions[next as usize];
            if self.in_definition(pos, &self.macros[record.mac as usize]) {
                pos = record.pos;
            }
            next = record.parent;
        }
        pos
    }

    /// The presumed line of `pos`, counted on from the last one asked for.
    fn line_at(&mut self, pos: Pos) -> u32 {
        let lexer = &self.file.lexer;
        let offset = pos.0.wrapping_sub(lexer.start) as usize;
        if offset > lexer.end || self.map.has_line_marks(lexer.file) {
            return self.map.place(pos).map_or(1, |p| p.line);
        }
        let (mut last, mut line) = (0, 1);
        if self.builtin.line.0 == lexer.file {
            (_, last, line) = self.builtin.line;
        }
        let line = if last <= offset {
            line + lex_scan::count_newlines(&lexer.text, last, offset)
        } else {
            line - lex_scan::count_newlines(&lexer.text, offset, last)
        };
        self.builtin.line = (lexer.file, offset, line);
        line
    }

    /// The current file's name after `#line`.
    pub(super) fn presumed_file(&self) -> String {
        // Inside a buffer of our own, and everywhere else: where the lexer stands.
        self.map.place(self.here()).map_or_else(|| self.options.file.clone(), |p| p.file.to_string())
    }

    fn include_level(&self) -> usize {
        self.files
            .iter()
            .chain(std::iter::once(&self.file))
            .filter(|f| f.entry != super::NO_ENTRY)
            .count()
            .saturating_sub(1)
    }

    /// Marks `name` as poisoned.
    pub(super) fn poison(&mut self, token: &Token) {
        let name = Name(token.value);
        let mac = self.macro_of(name);
        if mac != 0 {
            if self.macros[mac as usize].kind == MacroKind::Poisoned {
                return;
            }
            let text = format!("poisoning existing macro \"{}\"", self.names.display(name));
            self.warn_at("", token.pos, 0, &text);
        }
        self.install(Macro { name, kind: MacroKind::Poisoned, pos: token.pos, ..Macro::NONE });
    }
}

/// A file name as the inside of a string literal.
pub(super) fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
