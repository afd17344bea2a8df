//! `#pragma` (C11 6.10.6) and `_Pragma` (6.10.9): what concerns the preprocessor is done here, the rest becomes a
//! [`Tok::Pragma`] token in its place in the stream.

use super::{Event, Pp};
use crate::lex::Lexer;
use crate::options::Level;
use crate::token::{Tok, Token, TokenFlags};
use crate::warnings::{self, Warning};
use base::{Name, Pos};

/// Pragmas handed to the parser, and `push_macro`'s memory.
#[derive(Default)]
pub(crate) struct Pragmas {
    tokens: Vec<Token>,
    /// End of each pragma's tokens in `tokens`.
    ends: Vec<u32>,
    /// `push_macro`: the name and the macro it had (0 for none).
    pushed: Vec<(Name, u32)>,
}

impl Pragmas {
    pub fn tokens(&self, idx: u32) -> &[Token] {
        let idx = idx as usize;
        let start = if idx == 0 { 0 } else { self.ends[idx - 1] as usize };
        &self.tokens[start..self.ends[idx] as usize]
    }

    /// Forgets what belongs to one unit.
    pub fn next_unit(&mut self) {
        self.pushed.clear();
    }
}

/// Pragmas whose operands are macro-expanded, as gcc registers them.
const EXPANDED: &[&[u8]] = &[b"pack", b"message", b"redefine_extname", b"scalar_storage_order", b"omp"];

impl Pp<'_> {
    /// `#pragma`, behind the word: executed, or a token for the parser.
    pub(super) fn pragma_directive(&mut self, hash: &Token) -> Option<Token> {
        let mut tokens = Vec::new();
        loop {
            let token = self.lex();
            if matches!(token.kind, Tok::Newline | Tok::Eof) {
                break;
            }
            tokens.push(Token { aux: 0, ..token });
        }
        self.pragma(tokens, hash)
    }

    /// A pragma with its tokens. `place` is the `#` or the `_Pragma`.
    fn pragma(&mut self, mut tokens: Vec<Token>, place: &Token) -> Option<Token> {
        if self.options.print_mode {
            self.execute(&tokens, place);
            let mut text = b"#pragma".to_vec();
            for (idx, token) in tokens.iter().enumerate() {
                if idx == 0 || token.flags.has(TokenFlags::SPACE) {
                    text.push(b' ');
                }
                text.extend_from_slice(self.spelling(token));
            }
            let text = String::from_utf8_lossy(&text).into_owned();
            let pos = self.user_pos(place.pos, place.expansion);
            if place.kind == Tok::Hash && self.contexts.is_empty() {
                self.events.push(Event::Text(pos, text));
                return None;
            }
            return Some(self.pragma_token(&tokens, place));
        }
        if self.execute(&tokens, place) {
            if tokens.first().is_none_or(|first| self.spelling(first) != b"once") {
                self.spoil();
            }
            return None;
        }
        if let Some(first) = tokens.first()
            && first.kind.is_name()
            && EXPANDED.contains(&self.names.text(Name(first.value)))
        {
            let rest = self.expand_list(&tokens[1..]);
            tokens.truncate(1);
            tokens.extend(rest);
        }
        Some(self.pragma_token(&tokens, place))
    }

    fn pragma_token(&mut self, tokens: &[Token], place: &Token) -> Token {
        let value = self.pragmas.ends.len() as u32;
        self.pragmas.tokens.extend_from_slice(tokens);
        self.pragmas.ends.push(self.pragmas.tokens.len() as u32);
        Token { kind: Tok::Pragma, flags: place.flags, aux: 0, value, pos: place.pos, expansion: place.expansion }
    }

    /// Does what a pragma of the preprocessor's says. False: it is not one.
    fn execute(&mut self, tokens: &[Token], place: &Token) -> bool {
        let word = |pp: &Self, at: usize| tokens.get(at).map(|t| pp.spelled(t)).unwrap_or_default();
        let first = word(self, 0);
        match first.as_str() {
            "once" => {
                if self.files.is_empty() {
                    self.warn_at("", tokens[0].pos, 0, "#pragma once in main file");
                }
                self.mark_once();
                true
            }
            "push_macro" | "pop_macro" => {
                self.push_pop(tokens, first == "push_macro");
                true
            }
            "poison" => {
                self.pragma_poison(&tokens[1..]);
                true
            }
            "GCC" | "clang" => match word(self, 1).as_str() {
                "poison" => {
                    self.pragma_poison(&tokens[2..]);
                    true
                }
                "system_header" => {
                    self.system_header(&tokens[1]);
                    true
                }
                "diagnostic" => {
                    self.diagnostic(tokens, place);
                    true
                }
                "warning" | "error" => {
                    let text = tokens.get(2).filter(|t| t.kind == Tok::Str).map(|t| self.string_text(t));
                    match (text, word(self, 1) == "error") {
                        (None, _) => {
                            let text = format!("invalid \"#pragma GCC {}\" directive", word(self, 1));
                            self.error_at(tokens[1].pos, 0, &text);
                        }
                        (Some(text), true) => self.error_at(tokens[1].pos, place.expansion, &text),
                        (Some(text), false) => self.warn_at("", tokens[1].pos, place.expansion, &text),
                    }
                    true
                }
                "dependency" => true,
                _ => false,
            },
            _ => false,
        }
    }

    fn pragma_poison(&mut self, tokens: &[Token]) {
        for token in tokens {
            if !token.kind.is_name() {
                return self.error_at(token.pos, 0, "invalid #pragma GCC poison directive");
            }
            self.poison(token);
        }
    }

    fn system_header(&mut self, token: &Token) {
        if self.files.is_empty() {
            return self.warn_at("", token.pos, 0, "#pragma system_header ignored outside include file");
        }
        self.file.lexer.base_flags = TokenFlags::SYSTEM;
        self.mark_system();
        let lexer = &self.file.lexer;
        let at = crate::lex_scan::line_end(&lexer.text, lexer.at).min(lexer.end);
        self.map.mark_system_from(Pos(lexer.start + at as u32));
    }

    fn push_pop(&mut self, tokens: &[Token], push: bool) {
        let [_, open, text, close, ..] = tokens else {
            return self.bad_push_pop(tokens, push);
        };
        if open.kind != Tok::LParen || text.kind != Tok::Str || close.kind != Tok::RParen {
            return self.bad_push_pop(tokens, push);
        }
        let spelling = self.string_text(text);
        let name = self.names.intern(spelling.as_bytes());
        if push {
            let mac = self.macro_of(name);
            self.pragmas.pushed.push((name, mac));
        } else if let Some(at) = self.pragmas.pushed.iter().rposition(|p| p.0 == name) {
            let (_, mac) = self.pragmas.pushed.remove(at);
            self.set_macro(name, mac);
        }
    }

    fn bad_push_pop(&mut self, tokens: &[Token], push: bool) {
        let word = if push { "push_macro" } else { "pop_macro" };
        self.warn_at("", tokens[0].pos, 0, &format!("invalid #pragma {word} directive"));
    }

    /// `#pragma GCC diagnostic push | pop | ignored "-Wx" | warning "-Wx" | error "-Wx"`.
    fn diagnostic(&mut self, tokens: &[Token], place: &Token) {
        let pos = self.user_pos(place.pos, place.expansion);
        let action = tokens.get(2).map(|t| self.spelled(t)).unwrap_or_default();
        let level = match action.as_str() {
            "push" => return self.report.pushed.push(self.report.changes.len()),
            "pop" => {
                let n_kept = self.report.pushed.pop().unwrap_or(0);
                // Undo each change since, in the text that follows.
                let mut undone: Vec<Warning> = self.report.changes[n_kept..].iter().map(|c| c.warning).collect();
                undone.sort_unstable();
                undone.dedup();
                for warning in undone {
                    let before = self.report.changes[..n_kept].iter().rev().find(|c| c.warning == warning);
                    let level = before.and_then(|c| c.level);
                    self.report.change(pos, warning, level);
                }
                return;
            }
            "ignored" => Level::Ignored,
            "warning" => Level::Warning,
            "error" => Level::Error,
            _ => {
                let text =
                    "expected [error|warning|ignored|push|pop|ignored_attributes] after ‘#pragma GCC diagnostic’";
                return self.warn_at("pragmas", tokens.get(2).map_or(pos, |t| t.pos), 0, text);
            }
        };
        let Some(token) = tokens.get(3).filter(|t| t.kind == Tok::Str) else {
            let text = "missing option after ‘#pragma GCC diagnostic’ kind";
            return self.warn_at("pragmas", tokens.get(2).map_or(pos, |t| t.pos), 0, text);
        };
        let option = self.string_text(token);
        let name = option.strip_prefix("-W").unwrap_or_default();
        let name = name.split('=').next().unwrap_or_default();
        match Warning::find(name) {
            Some(group) => {
                for warning in warnings::members(group) {
                    self.report.change(pos, warning, Some(level));
                }
            }
            None if warnings::is_known(name) => {}
            None => {
                let text = "unknown option after ‘#pragma GCC diagnostic’ kind";
                self.warn_at("pragmas", token.pos, place.expansion, text);
            }
        }
    }

    /// `_Pragma ( string-literal )`.
    pub(super) fn pragma_operator(&mut self, token: Token) -> Option<Token> {
        let n_files = self.files.len();
        let open = self.read_raw(n_files);
        let mut rest = [open; 2];
        let mut ok = open.kind == Tok::LParen;
        if ok {
            for slot in &mut rest {
                *slot = self.expand_next();
            }
            ok = rest[0].kind == Tok::Str && rest[1].kind == Tok::RParen;
        } else if !matches!(open.kind, Tok::Eof | Tok::Newline) {
            self.push_back(open);
        }
        if !ok {
            self.error_at(token.pos, token.expansion, "_Pragma takes a parenthesized string literal");
            return Some(Token { flags: token.flags.with(TokenFlags::NO_EXPAND), ..token });
        }
        let text = self.string_text(&rest[0]);
        let tokens = self.lex_apart(text.as_bytes(), token.pos);
        self.pragma(tokens, &token)
    }

    /// The tokens of a text that stands in no file.
    fn lex_apart(&mut self, text: &[u8], pos: Pos) -> Vec<Token> {
        let mut lexer = Lexer::over(text, Pos(0));
        lexer.in_directive = true;
        let mut tokens = Vec::new();
        loop {
            let mut token = lexer.next(&mut self.names, &mut self.side);
            match token.kind {
                // A newline in the literal: gcc goes on as if it were a blank.
                Tok::Newline if lexer.at < lexer.end => {
                    lexer.at += 1;
                    continue;
                }
                Tok::Newline => return tokens,
                Tok::Number | Tok::Str | Tok::Char | Tok::Other if !token.flags.has(TokenFlags::UNCLEAN) => {
                    let at = token.pos.0 as usize;
                    let text = &text[at..at + token.spelled_len() as usize];
                    token = token.spelled_aside(self.keep_spelling(text));
                }
                _ => {}
            }
            token.aux = 0;
            token.pos = pos;
            token.flags.0 &= !TokenFlags::LINE_START.0;
            tokens.push(token);
        }
    }
}
