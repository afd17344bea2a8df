//! Directives (C11 6.10): which there are, conditional groups, `#line`, `#error`.
//!
//! The words of directives are the first names interned, so that the number of a name says which directive it is.

use super::{Cond, Event, Pp};
use crate::lex::{self, Lexer};
use crate::lex_scan;
use crate::token::{Tok, Token, TokenFlags};
use base::source::LineMark;
use base::{Name, Names, Pos};

macro_rules! directives {
    ($($name:ident $text:literal,)+) => {
        /// A directive; its number is that of its word's [`Name`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u8)]
        pub(super) enum Directive { $($name,)+ }
        const DIRECTIVES: &[(&str, Directive)] = &[$(($text, Directive::$name),)+];
    };
}

directives! {
    Define "define", Undef "undef", Include "include", IncludeNext "include_next", Import "import", If "if",
    Ifdef "ifdef", Ifndef "ifndef", Elif "elif", Elifdef "elifdef", Elifndef "elifndef", Else "else", Endif "endif",
    Line "line", Error "error", Warning "warning", Pragma "pragma", Ident "ident", Sccs "sccs", Assert "assert",
    Unassert "unassert",
}

/// Interns the words of directives; the table must be empty.
pub(super) fn intern_names(names: &mut Names) {
    for (idx, (word, _)) in DIRECTIVES.iter().enumerate() {
        let name = names.intern(word.as_bytes());
        assert!(name == Name(idx as u32), "directive words come first");
    }
}

fn directive_of(token: &Token) -> Option<Directive> {
    if !token.kind.is_name() {
        return None;
    }
    DIRECTIVES.get(token.value as usize).map(|row| row.1)
}

impl Pp<'_> {
    /// Executes the directive whose `#` was just read. `Some`: a token that the parser must see in this place.
    pub(super) fn directive(&mut self, hash: Token) -> Option<Token> {
        if self.define_later() {
            return None;
        }
        self.file.lexer.in_directive = true;
        let at = self.file.lexer.at;
        let word = self.directive_word();
        let mut result = None;
        match word.kind {
            Tok::Newline => {}
            Tok::Number => self.line_marker(&word),
            _ => match directive_of(&word) {
                Some(Directive::Define) => self.define(),
                Some(Directive::Undef) => self.undef(),
                Some(kind @ (Directive::Include | Directive::IncludeNext | Directive::Import)) => {
                    self.end_segment(hash, at);
                    // On success the lexer stands in the new file.
                    if !self.include(kind, &word) {
                        self.finish_directive();
                    }
                    self.begin_segment();
                    return None;
                }
                Some(Directive::If) => self.open_if(&word, &hash),
                Some(Directive::Ifdef) => self.open_ifdef(&word, &hash, true),
                Some(Directive::Ifndef) => self.open_ifdef(&word, &hash, false),
                Some(Directive::Elif | Directive::Elifdef | Directive::Elifndef | Directive::Else) => {
                    self.close_group(&word);
                }
                Some(Directive::Endif) => self.endif(&word),
                Some(Directive::Line) => self.line_directive(),
                Some(kind @ (Directive::Error | Directive::Warning)) => self.error_directive(&word, kind),
                Some(Directive::Pragma) => result = self.pragma_directive(&hash),
                Some(Directive::Ident | Directive::Sccs) => self.ident(),
                Some(Directive::Assert | Directive::Unassert) => {}
                None if self.options.assembler => {
                    // In assembler a `#` at the start of a line is a comment or the assembler's own.
                    self.file.lexer.in_directive = false;
                    self.file.lexer.at = at;
                    return Some(Token { aux: 0, ..hash });
                }
                None => {
                    let name = self.spelled(&word);
                    let mut text = format!("invalid preprocessing directive #{name}");
                    let meant = crate::check::suggest::nearest(&name, DIRECTIVES.iter().map(|row| row.0));
                    if let Some(other) = meant {
                        text.push_str(&format!("; did you mean #{other}?"));
                    }
                    let diag = self.locate(base::Diag::error(base::Span::NONE, text), word.pos, 0);
                    let span = diag.span;
                    self.report(match meant {
                        Some(other) => diag.fixit(span, other),
                        None => diag,
                    });
                }
            },
        }
        self.finish_directive();
        result
    }

    /// The word behind `#`, alone: what stands behind it may be no tokens, but the name of a header.
    fn directive_word(&mut self) -> Token {
        debug_assert!(self.raw_at == self.raw_end, "what was read ahead would be passed over");
        let lexer = &mut self.file.lexer;
        let text: &[u8] = &lexer.text;
        let at = skip_spaces(text, lexer.at);
        let bytes = lex_scan::step(text, at);
        let len = lex_scan::word_len(bytes);
        if !bytes[0].is_ascii_lowercase() || !matches!(bytes.get(len), Some(b' ' | b'\t' | b'\n')) {
            return self.lex_alone();
        }
        let (name, tag) = self.names.intern_short(bytes, len);
        let (kind, flags, pos) = (lex::keyword_of(tag), lexer.base_flags, Pos(lexer.start + at as u32));
        lexer.at = at + len;
        Token { kind, flags, aux: 0, value: name.0, pos, expansion: 0 }
    }

    /// Goes to the end of the line, if nothing but blanks and comments stands before it and nothing was read ahead.
    fn at_line_end(&mut self) -> bool {
        if self.raw_at != self.raw_end {
            return false;
        }
        let lexer = &mut self.file.lexer;
        let text: &[u8] = &lexer.text;
        let mut at = skip_spaces(text, lexer.at);
        while text[at] == b'/' && text[at + 1] == b'*' {
            let Some(behind) = lex::comment_end(text, at) else { return false };
            at = skip_spaces(text, behind);
        }
        let is = text[at] == b'\n';
        if is {
            lexer.at = at;
        }
        is
    }

    /// Goes to the end of the directive's line.
    pub(super) fn finish_directive(&mut self) {
        // The end of the text comes instead after a fatal error.
        while !self.at_line_end() && !matches!(self.lex().kind, Tok::Newline | Tok::Eof) {}
        self.file.lexer.in_directive = false;
        self.report_problems();
    }

    /// Complains about tokens behind the end of a directive.
    pub(super) fn end_of_directive(&mut self, word: &str) {
        if self.at_line_end() {
            return;
        }
        let token = self.lex();
        if token.kind != Tok::Newline {
            let text = format!("extra tokens at end of #{word} directive");
            let flag = if matches!(word, "else" | "endif") { "endif-labels" } else { "" };
            self.pedwarn_at(flag, token.pos, 0, &text);
        }
    }

    fn open_if(&mut self, word: &Token, hash: &Token) {
        let guard = self.guard_at(hash);
        let value = self.condition("if");
        self.open(word.pos, value, "if", guard);
    }

    fn open_ifdef(&mut self, word: &Token, hash: &Token, positive: bool) {
        let text = if positive { "ifdef" } else { "ifndef" };
        let guard = self.guard_at(hash);
        let Some(token) = self.macro_name(text, false) else {
            // gcc: an #ifdef without a name is false, and so is an #ifndef.
            return self.open(word.pos, false, text, None);
        };
        let defined = self.is_defined(Name(token.value));
        self.end_of_directive(text);
        self.open(word.pos, defined == positive, text, guard);
    }

    /// Is this name defined, for `#ifdef` and `defined`?
    pub(super) fn is_defined(&mut self, name: Name) -> bool {
        use super::define::MacroKind;
        self.ask_if(name);
        let mac = self.macro_of(name);
        mac != 0
            && !matches!(self.macros[mac as usize].kind, MacroKind::Poisoned | MacroKind::VaWord)
            && name != self.builtin.pragma
    }

    fn guard_at(&self, hash: &Token) -> Option<Name> {
        let (offset, name) = self.file.guard?;
        (hash.pos.0 == self.file.lexer.start + offset as u32 && self.conds.len() == self.file.cond_base).then_some(name)
    }

    fn open(&mut self, pos: Pos, value: bool, word: &'static str, guard: Option<Name>) {
        self.conds.push(Cond { pos, taken: value, seen_else: false, guard, word });
        if !value {
            self.skip_group();
        }
    }

    /// `#elif` or `#else` while its group's predecessor was read: the rest up to `#endif` is skipped.
    fn close_group(&mut self, word: &Token) {
        let kind = directive_of(word);
        let text = kind.map_or("", |k| DIRECTIVES[k as usize].0);
        if self.conds.len() <= self.file.cond_base {
            let message = format!("#{text} without #if");
            return self.error_at(word.pos, 0, &message);
        }
        if kind == Some(Directive::Else) {
            self.end_of_directive("else");
        }
        self.note_branch(word, text);
        if let Some(cond) = self.conds.last_mut() {
            cond.taken = true;
        }
        self.skip_group();
    }

    /// Bookkeeping and complaints common to `#elif` and `#else`.
    fn note_branch(&mut self, word: &Token, text: &str) {
        let Some(cond) = self.conds.last_mut() else { return };
        let opened = cond.pos;
        let again = cond.seen_else;
        cond.guard = None;
        cond.word = if text == "else" { "else" } else { cond.word };
        cond.seen_else |= text == "else";
        if again {
            self.error_with_note(word.pos, &format!("#{text} after #else"), opened, "the conditional began here");
        }
    }

    fn endif(&mut self, word: &Token) {
        if self.conds.len() <= self.file.cond_base {
            return self.error_at(word.pos, 0, "#endif without #if");
        }
        self.end_of_directive("endif");
        let cond = self.conds.pop();
        if let Some(guard) = cond.and_then(|c| c.guard) {
            self.note_guard(guard);
        }
    }

    /// The guard's `#endif` was read: when nothing but blanks and comments follows, the file need not be read again
    /// while `guard` is defined.
    fn note_guard(&mut self, guard: Name) {
        let lexer = &mut self.file.lexer;
        let line_end = lex_scan::line_end(&lexer.text, lexer.at);
        let rest = skip_blank(&lexer.text, line_end, lexer.end);
        if rest >= lexer.end
            && let Some(entry) = self.current_entry()
        {
            self.known.set_guard(entry, guard);
        }
    }

    /// Skips groups until one is to be read or the conditional ends (6.10.1p6). Stands behind the directive that
    /// began the group, on the same line.
    fn skip_group(&mut self) {
        let mut depth = 0usize;
        loop {
            self.drop_raw();
            self.file.lexer.in_directive = false;
            let found = skip_to_hash(&mut self.file.lexer);
            if !found {
                // The end of the file says what is missing.
                return;
            }
            self.file.lexer.in_directive = true;
            let n_problems = self.file.lexer.problems.len();
            let word = self.directive_word();
            match directive_of(&word) {
                Some(Directive::If | Directive::Ifdef | Directive::Ifndef) => depth += 1,
                Some(Directive::Endif) if depth > 0 => depth -= 1,
                Some(Directive::Endif) => {
                    self.endif(&word);
                    return;
                }
                Some(kind @ (Directive::Else | Directive::Elif | Directive::Elifdef | Directive::Elifndef))
                    if depth == 0 && self.branch(&word, kind) =>
                {
                    return;
                }
                _ => {}
            }
            self.file.lexer.problems.truncate(n_problems);
        }
    }

    /// A branch of the conditional whose groups were skipped so far. True when its group is to be read.
    fn branch(&mut self, word: &Token, kind: Directive) -> bool {
        let taken = self.conds.last().is_some_and(|c| c.taken);
        let text = DIRECTIVES[kind as usize].0;
        self.note_branch(word, text);
        if taken {
            return false;
        }
        let value = match kind {
            Directive::Else => {
                self.end_of_directive("else");
                true
            }
            Directive::Elif => self.condition("elif"),
            _ => match self.macro_name(text, false) {
                Some(token) => {
                    self.end_of_directive(text);
                    self.is_defined(Name(token.value)) == (kind == Directive::Elifdef)
                }
                None => false,
            },
        };
        if value && let Some(cond) = self.conds.last_mut() {
            cond.taken = true;
        }
        value
    }

    /// `#error` and `#warning`: the rest of the line as it is spelled.
    fn error_directive(&mut self, word: &Token, kind: Directive) {
        let text = self.rest_of_line();
        let text = format!("#{} {}", DIRECTIVES[kind as usize].0, text);
        let text = text.trim_end();
        match kind {
            Directive::Error => self.error_at(word.pos, 0, text),
            _ => self.warn_at("cpp", word.pos, 0, text),
        }
    }

    /// The tokens up to the end of the line, as text with single blanks.
    pub(super) fn rest_of_line(&mut self) -> String {
        let mut text = Vec::new();
        loop {
            let token = self.lex();
            if matches!(token.kind, Tok::Newline | Tok::Eof) {
                break;
            }
            if token.flags.has(TokenFlags::SPACE) && !text.is_empty() {
                text.push(b' ');
            }
            text.extend_from_slice(self.spelling(&token));
        }
        self.file.lexer.problems.clear();
        String::from_utf8_lossy(&text).into_owned()
    }

    fn ident(&mut self) {
        let pos = self.here();
        let text = self.rest_of_line();
        if self.options.print_mode {
            self.events.push(Event::Text(pos, format!("#ident {text}")));
        }
    }

    /// `#line digits ["name"]` (6.10.4), after macro replacement.
    fn line_directive(&mut self) {
        let number = self.expand_next();
        let limit = if self.options.standard.year >= 1999 { 0x7fff_ffff } else { 32_767 };
        let text = self.spelled(&number);
        let Some(line) = decimal(&text).filter(|_| number.kind == Tok::Number) else {
            let message = format!("\"{text}\" after #line is not a positive integer");
            return self.error_at(number.pos, number.expansion, &message);
        };
        if self.options.pedantic && (line == 0 || line > limit) {
            self.pedwarn_at("", number.pos, number.expansion, "line number out of range");
        }
        let name = self.expand_next();
        let file = match name.kind {
            Tok::Newline => None,
            Tok::Str => {
                let file = self.string_text(&name);
                let extra = self.expand_next();
                if extra.kind != Tok::Newline {
                    self.pedwarn_at("", extra.pos, extra.expansion, "extra tokens at end of #line directive");
                }
                Some(file)
            }
            _ => {
                let message = format!("invalid filename {}", quote(&self.spelled(&name)));
                return self.error_at(name.pos, name.expansion, &message);
            }
        };
        self.set_line(line, file, self.file.lexer.base_flags.has(TokenFlags::SYSTEM));
    }

    /// `# 33 "x.c" 1 3`: what preprocessed text says about itself.
    fn line_marker(&mut self, number: &Token) {
        let text = self.spelled(number);
        let Some(line) = decimal(&text) else {
            let message = format!("\"{text}\" after # is not a positive integer");
            return self.error_at(number.pos, 0, &message);
        };
        let name = self.lex();
        let mut file = None;
        let mut system = false;
        match name.kind {
            Tok::Newline => {}
            Tok::Str => {
                file = Some(self.string_text(&name));
                loop {
                    let flag = self.lex();
                    match (flag.kind, self.spelling(&flag)) {
                        (Tok::Newline, _) => break,
                        (Tok::Number, b"3") => system = true,
                        (Tok::Number, b"1" | b"2" | b"4") => {}
                        _ => {
                            let message = format!("invalid flag \"{}\" in line directive", self.spelled(&flag));
                            self.error_at(flag.pos, 0, &message);
                            break;
                        }
                    }
                }
            }
            _ => {
                let message = format!("invalid filename {}", quote(&self.spelled(&name)));
                return self.error_at(name.pos, 0, &message);
            }
        }
        let flags = if system { TokenFlags::SYSTEM } else { TokenFlags::default() };
        self.file.lexer.base_flags = flags;
        self.set_line(line, file, system);
    }

    fn set_line(&mut self, line: u32, name: Option<String>, system: bool) {
        let lexer = &self.file.lexer;
        let next = (lex_scan::line_end(&lexer.text, lexer.at) + 1).min(lexer.end);
        let start = Pos(lexer.start + next as u32);
        self.map.add_line_mark(LineMark { start, line, name, system });
        if self.options.print_mode {
            self.events.push(Event::Line(start));
        }
    }

    /// The contents of a plain string literal token, simple escapes undone.
    pub(super) fn string_text(&self, token: &Token) -> String {
        let spelling = self.spelling(token);
        let from = spelling.iter().position(|&b| b == b'"').map_or(0, |at| at + 1);
        let inner = spelling.get(from..spelling.len().saturating_sub(1)).unwrap_or(&[]);
        let mut out = Vec::with_capacity(inner.len());
        let mut bytes = inner.iter();
        while let Some(&byte) = bytes.next() {
            out.push(if byte == b'\\' { bytes.next().copied().unwrap_or(b'\\') } else { byte });
        }
        String::from_utf8_lossy(&out).into_owned()
    }
}

fn decimal(text: &str) -> Option<u32> {
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = text.bytes().fold(0u64, |v, b| (v * 10 + u64::from(b - b'0')).min(1 << 33));
    Some(value.min(u64::from(u32::MAX)) as u32)
}

fn quote(text: &str) -> String {
    if text.starts_with('"') { text.to_string() } else { format!("\"{text}\"") }
}

/// Offset of the first byte from `at` on that is no space and no tab.
pub(super) fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    while matches!(text[at], b' ' | b'\t') {
        at += 1;
    }
    at
}

/// Offset of the first byte from `at` on that is neither blank nor in a comment.
pub(super) fn skip_blank(text: &[u8], mut at: usize, end: usize) -> usize {
    while at < end {
        match text[at] {
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => at += 1,
            b'/' if text[at + 1] == b'/' => at = lex::line_comment(text, at),
            b'/' if text[at + 1] == b'*' => at = lex::comment_end(text, at).unwrap_or(end),
            b'\\' if lex::splice_len(text, at) > 0 => at += lex::splice_len(text, at),
            _ => return at,
        }
    }
    end
}

/// In a skipped group: goes behind the next `#` that stands first on a line. False at the end of the file.
/// Only comments and literals matter on the way; a literal ends at its line's end.
fn skip_to_hash(lexer: &mut Lexer) -> bool {
    let text: &[u8] = &lexer.text;
    let end = lexer.end;
    let mut at = lexer.at;
    // Behind a comment that stands first on its line.
    let mut fresh = 0;
    loop {
        let Some(stop) = lex_scan::hash_stop(text, at) else {
            lexer.at = end;
            return false;
        };
        at = stop;
        match text[at] {
            b'#' if starts_line(text, fresh, at) => {
                lexer.at = at + 1;
                return true;
            }
            b'%' if text[at + 1] == b':' && starts_line(text, fresh, at) => {
                lexer.at = at + 2;
                return true;
            }
            b'/' => match text[at + 1] {
                b'*' => {
                    let first = starts_line(text, fresh, at);
                    at = lex::comment_end(text, at).unwrap_or(end);
                    if first {
                        fresh = at;
                    }
                }
                b'/' if lexer.line_comments => at = lex::line_comment(text, at),
                _ => at += 1,
            },
            quote @ (b'"' | b'\'') => at = literal_end(text, at + 1, end, quote),
            _ => at += 1,
        }
    }
}

/// Stands nothing but blanks, splices and comments before `at` on its line? `fresh` is the end of such a comment.
fn starts_line(text: &[u8], fresh: usize, at: usize) -> bool {
    let mut before = &text[fresh..at];
    loop {
        before = without_blanks(before);
        let Some((b'\n', above)) = before.split_last() else { return before.is_empty() };
        // A splice: the line goes on upwards.
        match without_blanks(above).split_last() {
            Some((b'\\', above)) => before = above,
            _ => return true,
        }
    }
}

/// `text` without the blanks at its end.
#[inline]
fn without_blanks(text: &[u8]) -> &[u8] {
    let len = text.iter().rposition(|byte| !lex::is_blank(*byte)).map_or(0, |last| last + 1);
    &text[..len]
}

/// Offset behind the literal in a skipped group whose inside begins at `at`, or of its line's end.
fn literal_end(text: &[u8], mut at: usize, end: usize, quote: u8) -> usize {
    loop {
        at = lex_scan::skip_stop(text, at);
        match text[at] {
            b'\n' => return at,
            0 if at >= end => return at,
            b'\\' => {
                let splice = lex::splice_len(text, at);
                at += if splice > 0 {
                    splice
                } else if text[at + 1] == b'\n' {
                    1
                } else {
                    2
                };
                at = at.min(end);
            }
            byte => {
                at += 1;
                if byte == quote {
                    return at;
                }
            }
        }
    }
}
