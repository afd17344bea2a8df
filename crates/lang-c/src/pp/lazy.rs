//! Definitions whose bodies are lexed when they are first used: of the macros that system headers define, few ever are.
//!
//! A line is taken this way when a scan of its bytes shows that lexing it can have nothing to say: no `#`, no splice, no
//! literal left open, no `__VA_ARGS__`. Every other definition is read by [`Pp::define`] at once.

use super::Pp;
use super::define::{Macro, MacroKind};
use super::directives::skip_spaces;
use crate::lex::{self, Lexer, N_READY};
use crate::lex_scan;
use crate::token::TokenFlags;
use base::Pos;

/// More parameters than this are read the usual way: they are compared with each other.
const MAX_PARAMS: usize = 32;

/// Length of the plain ASCII name at `at`; 0 when there is none, or when it may go on.
fn name_len(text: &[u8], at: usize) -> usize {
    if !(text[at].is_ascii_alphabetic() || text[at] == b'_') {
        return 0;
    }
    let len = lex_scan::ident_len(text, at);
    if matches!(text[at + len], b'\\' | b'"' | b'\'' | 0x80..) { 0 } else { len }
}

impl Pp<'_> {
    /// `# define` as a whole, when the `#` was just read, what follows is that word, and the definition may wait. True: it
    /// is done, and the lexer stands at the end of the line.
    #[inline]
    pub(super) fn define_later(&mut self) -> bool {
        let lexer = &self.file.lexer;
        let at = skip_spaces(&lexer.text, lexer.at);
        let is_define = lexer.text[at..at + 8].starts_with(b"define");
        if !is_define || !matches!(lexer.text[at + 6], b' ' | b'\t') || self.options.print_mode {
            return false;
        }
        self.try_define(at + 6)
    }

    fn try_define(&mut self, at: usize) -> bool {
        let lexer = &self.file.lexer;
        let text: &[u8] = &lexer.text;
        let name_at = skip_spaces(text, at);
        let len = name_len(text, name_at);
        if len == 0 {
            return false;
        }
        let (name, tag) = self.names.intern_at(text, name_at, len);
        // What is a macro already is compared.
        if tag > 0xff || name == self.builtin.defined {
            return false;
        }
        let n_params = self.params.len();
        let mut mac = Macro { name, pos: Pos(lexer.start + name_at as u32), params: n_params as u32, ..Macro::NONE };
        let mut at = name_at + len;
        mac.kind = match text[at] {
            b'(' => match self.plain_params(at + 1, n_params) {
                Some(behind) => {
                    at = behind;
                    MacroKind::TextFunction
                }
                None => {
                    self.params.truncate(n_params);
                    return false;
                }
            },
            b' ' | b'\t' | b'\n' => MacroKind::Text,
            _ => return false,
        };
        let lexer = &self.file.lexer;
        at = skip_spaces(&lexer.text, at);
        let Some(end) = plain_line(&lexer.text, at, lexer.line_comments) else {
            self.params.truncate(n_params);
            return false;
        };
        mac.n_params = (self.params.len() - n_params) as u16;
        mac.system = lexer.base_flags.has(TokenFlags::SYSTEM);
        mac.body = lexer.start + at as u32;
        self.file.lexer.at = end;
        self.ask(name, 0);
        self.settle(mac, self.bodies.len(), n_params);
        self.report_problems();
        true
    }

    /// Reads `a, b, c)`; the offset behind it.
    fn plain_params(&mut self, at: usize, first: usize) -> Option<usize> {
        let text: &[u8] = &self.file.lexer.text;
        let mut at = skip_spaces(text, at);
        if text[at] == b')' {
            return Some(at + 1);
        }
        loop {
            let len = name_len(text, at);
            if len == 0 || self.params.len() - first >= MAX_PARAMS {
                return None;
            }
            let (name, _) = self.names.intern_at(text, at, len);
            if name == self.builtin.va_args || self.params[first..].contains(&name) {
                return None;
            }
            self.params.push(name);
            at = skip_spaces(text, at + len);
            match text[at] {
                b',' => at = skip_spaces(text, at + 1),
                b')' => return Some(at + 1),
                _ => return None,
            }
        }
    }

    /// Lexes the body of a definition that waited.
    #[cold]
    pub(super) fn read_body(&mut self, idx: u32) {
        let old = self.macros[idx as usize];
        let pos = Pos(old.body);
        let Some(file) = self.map.file_of(pos) else { return };
        let (text, start) = (self.map.shared_text(file), self.map.start(file));
        let mut lexer = Lexer::new(text, start, file, old.system, self.options.line_comments());
        lexer.dollars = !self.options.assembler;
        lexer.in_directive = true;
        lexer.at = (pos.0 - start.0) as usize;
        let kind = if old.kind == MacroKind::TextFunction { MacroKind::Function } else { MacroKind::Object };
        let mut mac = Macro { body: self.bodies.len() as u32, kind, ..old };
        // What was read ahead stays as it lies, with the token before it, which says where reading stands.
        let places = (self.raw_at, self.raw_end, self.raw_plain);
        let mut ahead = std::mem::take(&mut self.set_aside);
        ahead.clear();
        let from = (self.raw_at as usize - 1).max(N_READY);
        ahead.extend_from_slice(&self.buffer[from..self.raw_end as usize]);
        self.drop_raw();
        std::mem::swap(&mut lexer, &mut self.file.lexer);
        let token = self.lex();
        let whole = self.parse_body(&mut mac, token);
        debug_assert!(whole, "the line was looked over");
        std::mem::swap(&mut lexer, &mut self.file.lexer);
        self.buffer[from..from + ahead.len()].copy_from_slice(&ahead);
        (self.raw_at, self.raw_end, self.raw_plain) = places;
        self.set_aside = ahead;
        let body = &self.bodies[mac.body as usize..];
        mac.len = body.len() as u32;
        mac.has_ops = body.iter().any(|token| token.aux != 0);
        self.macros[idx as usize] = mac;
        self.keep_tables();
    }
}

/// The end of the line that goes on at `at`, if lexing it has nothing to say and it holds no operator of the preprocessor's.
fn plain_line(text: &[u8], mut at: usize, line_comments: bool) -> Option<usize> {
    loop {
        at = lex_scan::body_stop(text, at);
        match text[at] {
            b'\n' => return Some(at),
            b'/' => match text[at + 1] {
                b'*' => at = lex::comment_end(text, at)?,
                b'/' if line_comments => at = lex::line_comment(text, at),
                b'\\' => return None,
                _ => at += 1,
            },
            quote @ (b'"' | b'\'') => at = plain_literal(text, at + 1, quote)?,
            b'%' if text[at + 1] != b':' => at += 1,
            b'V' if !text[at..].starts_with(b"VA_") => at += 1,
            _ => return None,
        }
    }
}

/// Offset behind a literal whose inside begins at `at`: one that ends on its line, has something in it and no backslash.
fn plain_literal(text: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start;
    loop {
        at = lex_scan::body_stop(text, at);
        match text[at] {
            b'\n' | b'\\' | 0 => return None,
            byte if byte == quote => return (quote == b'"' || at > start).then_some(at + 1),
            _ => at += 1,
        }
    }
}
