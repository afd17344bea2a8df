//! What the preprocessor says, and how everybody's diagnostics get their macro notes and their filters.
//!
//! As gcc does, an error in a macro's body is shown where it is spelled, with one note for each use that led there;
//! when that is a system header, the first use outside of it is shown instead.

use super::Pp;
use super::define::{Macro, MacroKind};
use crate::lex::Problem;
use crate::options::{Level, Options};
use crate::warnings::{Set, Warning};
use base::{Diag, Pos, Severity, Span};

/// Notes about macro expansions that one diagnostic gets at most.
const MAX_NOTES: usize = 16;
/// Errors after which preprocessing is given up.
const MAX_ERRORS: u32 = 1000;

/// A change of a warning's level by `#pragma GCC diagnostic`, from a position on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub pos: Pos,
    pub warning: Warning,
    /// `None`: as the command line says.
    pub level: Option<Level>,
}

/// Levels of warnings over the text.
pub(crate) struct State {
    /// In the order in which they are read.
    pub changes: Vec<Change>,
    /// Lengths of `changes` at `#pragma GCC diagnostic push`.
    pub pushed: Vec<usize>,
    /// On by the command line, or switched on by some pragma so far: what is not in it need not be looked for.
    on: Set,
    /// The hooks at which something in `on` is checked.
    pub hooks: u16,
}

impl State {
    pub fn new(options: &Options) -> State {
        let mut on = options.warnings.resolve();
        if options.pedantic {
            on.insert(Warning::Pedantic);
        }
        let hooks = if options.no_warnings { 0 } else { on.hooks() };
        State { changes: Vec::new(), pushed: Vec::new(), on, hooks }
    }

    /// A pragma changes the level of a warning and of what it switches on.
    pub fn change(&mut self, pos: Pos, warning: Warning, level: Option<Level>) {
        self.changes.push(Change { pos, warning, level });
        if level.is_some_and(|level| level != Level::Ignored) {
            self.on.insert(warning);
            self.hooks |= self.on.hooks();
        }
    }
}

impl Pp<'_> {
    /// Reports a diagnostic of the parser. Warnings in system headers and those that are off are dropped.
    pub fn report(&mut self, diag: Diag) {
        let at = diag.span.lo;
        self.report_for(diag, at);
    }

    /// The same, where pragmas count for another place than the one shown: the use of a macro.
    pub fn report_for(&mut self, diag: Diag, at: Pos) {
        self.spoil_by_report();
        if let Some(diag) = self.filter(diag, at) {
            self.diags.report(diag);
        }
    }

    /// An error at a place that may lie in a macro, with its expansion notes.
    pub fn error_at(&mut self, pos: Pos, expansion: u32, text: &str) {
        if self.diags.n_errors() >= MAX_ERRORS {
            return;
        }
        let diag = self.locate(Diag::error(Span::NONE, text), pos, expansion);
        self.report(diag);
    }

    /// A warning governed by `-Wflag`, as [`Pp::error_at`].
    pub fn warn_at(&mut self, flag: &'static str, pos: Pos, expansion: u32, text: &str) {
        let diag = self.locate(Diag::warning(flag, Span::NONE, text), pos, expansion);
        let at = self.user_pos(pos, expansion);
        self.report_for(diag, at);
    }

    /// What a strict reading of the standard forbids: a warning, an error with `-pedantic-errors`.
    pub fn pedwarn_at(&mut self, flag: &'static str, pos: Pos, expansion: u32, text: &str) {
        if self.options.pedantic_errors {
            self.error_at(pos, expansion, text);
        } else {
            self.warn_at(flag, pos, expansion, text);
        }
    }

    /// Gives a diagnostic the place the user is shown for `pos` in `expansion`, and its notes.
    pub fn locate(&self, mut diag: Diag, pos: Pos, expansion: u32) -> Diag {
        let mut shown = pos;
        let mut next = expansion;
        // Out of system headers, as far as there are uses outside.
        while next != 0 && (self.map.is_system(shown) || shown == self.builtin_pos || shown.is_none()) {
            let record = self.expansions[next as usize];
            shown = record.pos;
            next = record.parent;
        }
        diag.span = self.word_span(shown);
        let hidden = next == 0;
        let mut n_notes = 0;
        while next != 0 && n_notes < MAX_NOTES && !hidden {
            let record = self.expansions[next as usize];
            let mac = self.macros[record.mac as usize];
            let word = self.names.display(mac.name);
            if !self.map.is_system(record.pos) {
                // A token of an argument is spelled where the macro is used, one of the body in the definition.
                let from_arg = n_notes == 0 && !self.in_definition(shown, &mac);
                if from_arg {
                    diag = diag.note(self.word_span(mac.pos), format!("in definition of macro ‘{word}’"));
                } else {
                    diag = diag.note(self.word_span(record.pos), format!("in expansion of macro ‘{word}’"));
                }
            }
            n_notes += 1;
            next = record.parent;
        }
        diag
    }

    /// Is `pos` in the replacement list of `mac`? A definition's tokens lie together behind its name.
    pub(super) fn in_definition(&self, pos: Pos, mac: &Macro) -> bool {
        let last = (mac.body + mac.len).checked_sub(1).and_then(|at| self.bodies.get(at as usize));
        pos >= mac.pos && last.is_some_and(|t| pos <= t.pos)
    }

    /// The span of the word or character at `pos`.
    fn word_span(&self, pos: Pos) -> Span {
        let text = self.map.bytes(pos, 256);
        let len = text.iter().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | 128..)).count();
        Span::new(pos, pos.offset(len.max(1) as u32))
    }

    /// Is this warning on anywhere? Whether it is where it would be given, is decided when it is reported.
    #[inline]
    pub(crate) fn is_on(&self, warning: Warning) -> bool {
        self.report.on.has(warning)
    }

    /// The diagnostic as the user gets it. `at` is the place that pragmas count for.
    fn filter(&self, mut diag: Diag, at: Pos) -> Option<Diag> {
        if diag.severity != Severity::Warning {
            return Some(diag);
        }
        if self.options.no_warnings || !self.options.system_header_warnings && self.map.is_system(diag.span.lo) {
            return None;
        }
        let settings = &self.options.warnings;
        let by_default = if self.options.werror { Level::Error } else { Level::Warning };
        let mut level = by_default;
        if let Some(warning) = Warning::find(diag.flag) {
            let pedantic = warning == Warning::Pedantic && self.options.pedantic;
            level = match settings.as_error(warning) {
                _ if !pedantic && !settings.is_on(warning) => Level::Ignored,
                Some(true) => Level::Error,
                Some(false) => Level::Warning,
                None => by_default,
            };
            let changes = self.report.changes.iter().rev();
            let mut changes = changes.filter(|change| change.warning == warning);
            if let Some(change) = changes.find(|change| self.is_before(change.pos, at)) {
                level = change.level.unwrap_or(level);
            }
        }
        match level {
            Level::Ignored => return None,
            Level::Warning => {}
            Level::Error => {
                diag.severity = Severity::Error;
                diag.promoted = true;
            }
        }
        Some(diag)
    }

    /// Does a pragma make it matter which use of a macro the text at `pos` comes from?
    pub(crate) fn depends_on_use(&self, pos: Pos) -> bool {
        let read = |mac: &Macro| matches!(mac.kind, MacroKind::Object | MacroKind::Function);
        !self.report.changes.is_empty() && self.macros.iter().any(|mac| read(mac) && self.in_definition(pos, mac))
    }

    /// Is the text at `a` read before that at `b`? Positions alone do not tell: an included file lies behind its includer.
    fn is_before(&self, a: Pos, b: Pos) -> bool {
        let path = |mut pos: Pos| {
            let mut path = vec![pos];
            while let Some(file) = self.map.file_of(pos) {
                pos = self.map.included(file).from;
                if pos.is_none() {
                    break;
                }
                path.push(pos);
            }
            path.reverse();
            path
        };
        path(a) <= path(b)
    }

    pub(super) fn error_with_note(&mut self, pos: Pos, text: &str, note_pos: Pos, note: &str) {
        let diag = self.locate(Diag::error(Span::NONE, text), pos, 0).note(self.word_span(note_pos), note);
        self.report(diag);
    }

    pub(super) fn error_with_definition(&mut self, pos: Pos, expansion: u32, text: &str, mac: &Macro) {
        let note = format!("macro \"{}\" defined here", self.names.display(mac.name));
        let diag = self.locate(Diag::error(Span::NONE, text), pos, expansion).note(self.word_span(mac.pos), note);
        self.report(diag);
    }

    pub(super) fn warn_redefined(&mut self, mac: &Macro, before: &Macro, word: &str) {
        let diag = self
            .locate(Diag::warning("", Span::NONE, format!("\"{word}\" redefined")), mac.pos, 0)
            .note(self.word_span(before.pos), "this is the location of the previous definition");
        self.report(diag);
    }

    /// Reports a fatal error and ends preprocessing.
    #[cold]
    pub(crate) fn fatal(&mut self, pos: Pos, text: &str) {
        if !self.stopped {
            let span = if pos.is_none() { Span::NONE } else { self.word_span(pos) };
            self.diags.report(Diag::new(Severity::Fatal, span, text));
        }
        self.stop();
    }

    /// Says what the lexer noticed.
    pub(super) fn report_problems(&mut self) {
        if self.file.lexer.problems.is_empty() {
            return;
        }
        for (pos, problem) in std::mem::take(&mut self.file.lexer.problems) {
            let pos = Pos(pos);
            match problem {
                Problem::UnterminatedComment => self.error_at(pos, 0, "unterminated comment"),
                Problem::Unterminated(quote) => {
                    let text = format!("missing terminating {} character", char::from(quote));
                    if !self.options.assembler {
                        self.pedwarn_at("", pos, 0, &text);
                    }
                }
                Problem::EmptyChar => {
                    if self.options.print_mode {
                        continue;
                    }
                    self.error_at(pos, 0, "empty character constant");
                }
                Problem::NullCharacter => self.warn_at("", pos, 0, "null character(s) ignored"),
                Problem::BlankInSplice => self.warn_at("", pos, 0, "backslash and newline separated by space"),
                Problem::SpliceAtEof => self.warn_at("", pos, 0, "backslash-newline at end of file"),
            }
        }
    }

    /// A token's text for a message.
    pub(super) fn spelled(&self, token: &crate::token::Token) -> String {
        String::from_utf8_lossy(self.spelling(token)).into_owned()
    }
}
