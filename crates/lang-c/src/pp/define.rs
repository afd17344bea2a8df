//! Macro definitions: `#define`, `#undef` (C11 6.10.3), `-D`, `-U`, the predefined ones.
//!
//! A body is a run of tokens in one vector. `#` and `##` are not tokens of it but bits of the operand before or behind
//! them, and a parameter is known by its number, so that substitution never compares names. Definitions are
//! append-only: what a name means now stands in its tag, and `push_macro` is a saved number.

use super::{Event, Pp};
use crate::lex::Lexer;
use crate::options::MacroOption;
use crate::token::{Tok, Token, TokenFlags};
use base::{Name, Pos};

/// [`Token::aux`] of a body token: number of the parameter + 1, 0 for none.
pub(super) const PARAM_MASK: u16 = 0x1fff;
/// `##` stands behind this token.
pub(super) const PASTE: u16 = 0x8000;
/// `#` stands before this parameter.
pub(super) const STRINGIZE: u16 = 0x4000;
/// `__VA_OPT__`; its value is the number of body tokens inside its parentheses.
pub(super) const VA_OPT: u16 = 0x2000;

/// What a name in the table of macros is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MacroKind {
    Object,
    Function,
    /// Not yet lexed: `body` is the position where its text begins, which goes on to the end of the line.
    Text,
    /// The same with parameters, which are known.
    TextFunction,
    /// Predefined and not yet lexed: `body` is its row in the table of predefined macros.
    Lazy,
    /// Computed at each use: `body` says which.
    Builtin,
    /// `#pragma GCC poison`.
    Poisoned,
    /// `__VA_ARGS__`, `__VA_OPT__`: mean something inside variadic definitions only.
    VaWord,
}

/// One definition.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Macro {
    pub name: Name,
    /// Where its name is spelled in the definition.
    pub pos: Pos,
    /// First token of the body in `Pp::bodies`.
    pub body: u32,
    pub len: u32,
    /// First parameter in `Pp::params`.
    pub params: u32,
    pub n_params: u16,
    pub kind: MacroKind,
    pub variadic: bool,
    /// The variable parameter has a name of its own (`args...`).
    pub named_variadic: bool,
    /// Its replacement is being read: its name is not replaced (6.10.3.4p2).
    pub disabled: bool,
    /// Some body token has a bit in `aux`: substitution has work to do.
    pub has_ops: bool,
    /// Defined in a system header; known of [`MacroKind::Text`] and [`MacroKind::TextFunction`].
    pub system: bool,
}

impl Macro {
    pub const NONE: Macro = Macro {
        name: Name(u32::MAX),
        pos: Pos::NONE,
        body: 0,
        len: 0,
        params: 0,
        n_params: 0,
        kind: MacroKind::Object,
        variadic: false,
        named_variadic: false,
        disabled: false,
        has_ops: false,
        system: false,
    };
}

/// What a token in a body says besides itself.
pub(super) trait BodyToken {
    fn param(&self) -> Option<usize>;
}

impl BodyToken for Token {
    #[inline]
    fn param(&self) -> Option<usize> {
        usize::from(self.aux & PARAM_MASK).checked_sub(1)
    }
}

/// The definitions of the command line as text.
pub(super) fn command_line_text(options: &[MacroOption]) -> Vec<u8> {
    let mut text = Vec::new();
    for option in options {
        match option {
            MacroOption::Define(definition) => {
                let (name, body) = definition.split_once('=').unwrap_or((definition, "1"));
                // gcc: the definition ends at the first newline.
                let body = body.split('\n').next().unwrap_or("");
                text.extend_from_slice(format!("#define {name} {body}\n").as_bytes());
            }
            MacroOption::Undef(name) => text.extend_from_slice(format!("#undef {name}\n").as_bytes()),
        }
    }
    text
}

impl Pp<'_> {
    /// Adds a definition and makes it the one in force.
    pub(super) fn install(&mut self, mac: Macro) -> u32 {
        let idx = self.macros.len() as u32;
        if idx >= 1 << 24 {
            self.fatal(mac.pos, "more than 16 million macro definitions");
            return 0;
        }
        self.macros.push(mac);
        self.set_macro(mac.name, idx);
        idx
    }

    /// The name behind `#define`, `#undef`, `#ifdef`, `#ifndef`; an error is reported when there is none.
    pub(super) fn macro_name(&mut self, word: &str, defining: bool) -> Option<Token> {
        let token = self.lex();
        if !token.kind.is_name() {
            if token.kind == Tok::Newline {
                let text = format!("no macro name given in #{word} directive");
                self.error_at(self.here(), 0, &text);
            } else {
                self.error_at(token.pos, 0, "macro names must be identifiers");
            }
            return None;
        }
        let name = Name(token.value);
        if defining && name == self.builtin.defined {
            self.error_at(token.pos, 0, "\"defined\" cannot be used as a macro name");
            return None;
        }
        let mac = self.macro_of(name);
        if mac != 0 {
            match self.macros[mac as usize].kind {
                MacroKind::Poisoned => {
                    let text = format!("attempt to use poisoned \"{}\"", self.names.display(name));
                    self.error_at(token.pos, 0, &text);
                    return None;
                }
                MacroKind::VaWord if defining => {
                    let text = format!("\"{}\" cannot be used as a macro name", self.names.display(name));
                    self.error_at(token.pos, 0, &text);
                    return None;
                }
                _ => {}
            }
        }
        Some(token)
    }

    /// `#define`, behind the word.
    pub(super) fn define(&mut self) {
        let Some(name) = self.macro_name("define", true) else { return };
        if let Some(mac) = self.parse_definition(&name) {
            self.check_redefinition(&mac);
            let idx = self.settle(mac, mac.body as usize, mac.params as usize);
            if self.options.print_mode {
                self.events.push(Event::Define(idx, mac.pos));
            }
        }
    }

    /// Installs what the file at hand defines, or what it defined in this very place in another unit: then the bodies and
    /// parameters from `n_bodies` and `n_params` on are not needed.
    pub(super) fn settle(&mut self, mac: Macro, n_bodies: usize, n_params: usize) -> u32 {
        if let Some(idx) = self.defined_before(mac.pos) {
            self.bodies.truncate(n_bodies);
            self.params.truncate(n_params);
            self.set_macro(mac.name, idx);
            return idx;
        }
        let idx = self.install(mac);
        self.note_defined(mac.pos, idx);
        idx
    }

    /// Parameters and body of a definition, to the end of the line.
    fn parse_definition(&mut self, name: &Token) -> Option<Macro> {
        let mut mac = Macro {
            name: Name(name.value),
            pos: name.pos,
            body: self.bodies.len() as u32,
            params: self.params.len() as u32,
            ..Macro::NONE
        };
        let mut token = self.lex();
        if token.kind == Tok::LParen && !token.flags.has(TokenFlags::SPACE) {
            mac.kind = MacroKind::Function;
            if !self.parse_params(&mut mac) {
                self.params.truncate(mac.params as usize);
                return None;
            }
            token = self.lex();
        } else if token.kind != Tok::Newline && !token.flags.has(TokenFlags::SPACE) && name.pos > self.builtin_pos {
            self.pedwarn_at("", token.pos, 0, "ISO C99 requires whitespace after the macro name");
        }
        let ok = self.parse_body(&mut mac, token);
        if !ok {
            self.bodies.truncate(mac.body as usize);
            self.params.truncate(mac.params as usize);
            return None;
        }
        let start = mac.body as usize;
        mac.len = (self.bodies.len() - start) as u32;
        mac.has_ops = self.bodies[start..].iter().any(|t| t.aux != 0);
        Some(mac)
    }

    fn parse_params(&mut self, mac: &mut Macro) -> bool {
        let mut token = self.lex();
        if token.kind == Tok::RParen {
            return true;
        }
        loop {
            let mut param = Name(token.value);
            match token.kind {
                Tok::Ellipsis => {
                    param = self.builtin.va_args;
                    mac.variadic = true;
                    token = self.lex();
                }
                kind if kind.is_name() => {
                    if param == self.builtin.va_args {
                        self.pedwarn_at(
                            "",
                            token.pos,
                            0,
                            "__VA_ARGS__ can only appear in the expansion of a C99 variadic macro",
                        );
                    }
                    let known = &self.params[mac.params as usize..];
                    if known.contains(&param) {
                        let text = format!("duplicate macro parameter \"{}\"", self.names.display(param));
                        self.error_at(token.pos, 0, &text);
                        return false;
                    }
                    token = self.lex();
                    if token.kind == Tok::Ellipsis {
                        mac.variadic = true;
                        mac.named_variadic = true;
                        token = self.lex();
                    }
                }
                Tok::RParen => {
                    self.error_at(token.pos, 0, "expected parameter name, found \")\"");
                    return false;
                }
                Tok::Newline => {
                    self.error_at(token.pos, 0, "expected parameter name before end of line");
                    return false;
                }
                _ => {
                    let text = format!("expected parameter name, found \"{}\"", self.spelled(&token));
                    self.error_at(token.pos, 0, &text);
                    return false;
                }
            }
            if mac.n_params >= PARAM_MASK - 1 {
                self.error_at(token.pos, 0, "too many macro parameters");
                return false;
            }
            self.params.push(param);
            mac.n_params += 1;
            match token.kind {
                Tok::RParen => return true,
                Tok::Comma if !mac.variadic => token = self.lex(),
                Tok::Newline => {
                    self.error_at(token.pos, 0, "expected ')' before end of line");
                    return false;
                }
                _ if mac.variadic => {
                    let text = format!("expected ')' after \"...\", found \"{}\"", self.spelled(&token));
                    self.error_at(token.pos, 0, &text);
                    return false;
                }
                _ => {
                    let text = format!("expected ',' or ')', found \"{}\"", self.spelled(&token));
                    self.error_at(token.pos, 0, &text);
                    return false;
                }
            }
        }
    }

    fn params_of(&self, mac: &Macro) -> &[Name] {
        &self.params[mac.params as usize..][..usize::from(mac.n_params)]
    }

    /// Reads the body from `token` on; false after an error.
    pub(super) fn parse_body(&mut self, mac: &mut Macro, mut token: Token) -> bool {
        let start = mac.body as usize;
        let function = mac.kind == MacroKind::Function;
        // Index of the `__VA_OPT__` being read and the depth of its parentheses.
        let mut va_opt: Option<(usize, u32)> = None;
        let mut stringize = false;
        token.flags.0 &= !(TokenFlags::SPACE.0 | TokenFlags::LINE_START.0);
        loop {
            token.aux = 0;
            token.flags.0 &= !TokenFlags::LINE_START.0;
            if token.kind == Tok::Newline {
                break;
            }
            if token.kind == Tok::HashHash {
                let nothing_before = match va_opt {
                    Some((open, _)) => self.bodies.len() == open + 1,
                    None => self.bodies.len() == start,
                };
                if nothing_before {
                    self.error_at(mac.pos, 0, "'##' cannot appear at either end of a macro expansion");
                    return false;
                }
                let last = self.bodies.len() - 1;
                // A `__VA_OPT__` that just ended: the bit belongs to the whole group.
                let owner = self.closed_va_opt(start, last).unwrap_or(last);
                self.bodies[owner].aux |= PASTE;
                token = self.lex();
                // `a ## ## b` pastes once, as in gcc.
                while token.kind == Tok::HashHash {
                    token = self.lex();
                }
                let ended =
                    token.kind == Tok::Newline || (va_opt.is_some_and(|v| v.1 == 1) && token.kind == Tok::RParen);
                if ended {
                    self.error_at(mac.pos, 0, "'##' cannot appear at either end of a macro expansion");
                    return false;
                }
                continue;
            }
            if function && token.kind == Tok::Hash {
                stringize = true;
                let (space, hash_pos) = (token.flags, token.pos);
                token = self.lex();
                token.flags.0 = (token.flags.0 & !TokenFlags::SPACE.0) | (space.0 & TokenFlags::SPACE.0);
                if !self.may_be_stringized(mac, &token) {
                    self.error_at(hash_pos, 0, "'#' is not followed by a macro parameter");
                    return false;
                }
                token.aux = 0;
            }
            let mut body = token;
            if std::mem::take(&mut stringize) {
                body.aux |= STRINGIZE;
            }
            if token.kind.is_name() {
                if function {
                    let known = self.params_of(mac);
                    if let Some(param) = known.iter().position(|p| p.0 == token.value) {
                        body.aux |= param as u16 + 1;
                    }
                }
                if !self.check_va_word(mac, &mut body) {
                    return false;
                }
                if body.aux & VA_OPT != 0 {
                    if va_opt.is_some() {
                        self.error_at(token.pos, 0, "__VA_OPT__ may not appear in a __VA_OPT__");
                        return false;
                    }
                    va_opt = Some((self.bodies.len(), 1));
                    body.value = 0;
                    self.bodies.push(body);
                    if self.lex().kind != Tok::LParen {
                        self.error_at(token.pos, 0, "__VA_OPT__ must be followed by an open parenthesis");
                        return false;
                    }
                    token = self.lex();
                    token.flags.0 &= !TokenFlags::SPACE.0;
                    continue;
                }
            }
            if let Some((open, depth)) = va_opt.as_mut() {
                match body.kind {
                    Tok::LParen => *depth += 1,
                    Tok::RParen => *depth -= 1,
                    _ => {}
                }
                if *depth == 0 {
                    let open = *open;
                    self.bodies[open].value = (self.bodies.len() - open - 1) as u32;
                    va_opt = None;
                    token = self.lex();
                    continue;
                }
            }
            self.bodies.push(body);
            token = self.lex();
        }
        if va_opt.is_some() {
            self.error_at(mac.pos, 0, "unterminated __VA_OPT__");
            return false;
        }
        true
    }

    /// The `__VA_OPT__` whose last token is `last`.
    fn closed_va_opt(&self, start: usize, last: usize) -> Option<usize> {
        (start..=last).rev().find(|&at| {
            let token = self.bodies[at];
            token.aux & VA_OPT != 0 && at + token.value as usize == last && last + 1 == self.bodies.len()
        })
    }

    fn may_be_stringized(&self, mac: &Macro, token: &Token) -> bool {
        token.kind.is_name()
            && (self.params_of(mac).iter().any(|p| p.0 == token.value)
                || (mac.variadic && Name(token.value) == self.builtin.va_opt && self.va_opt_on()))
    }

    pub(super) fn va_opt_on(&self) -> bool {
        self.options.standard.gnu || self.options.standard.year >= 2023
    }

    /// `__VA_ARGS__` and `__VA_OPT__` in a body: where may they stand?
    fn check_va_word(&mut self, mac: &Macro, token: &mut Token) -> bool {
        let name = Name(token.value);
        if name == self.builtin.va_args && (!mac.variadic || mac.named_variadic) && token.aux & PARAM_MASK == 0 {
            self.pedwarn_at("", token.pos, 0, "__VA_ARGS__ can only appear in the expansion of a C99 variadic macro");
        }
        if name == self.builtin.va_opt && self.va_opt_on() {
            if mac.variadic {
                token.aux |= VA_OPT;
            } else {
                self.pedwarn_at(
                    "",
                    token.pos,
                    0,
                    "__VA_OPT__ can only appear in the expansion of a C2X variadic macro",
                );
            }
        }
        true
    }

    /// A second definition must say the same (6.10.3p2).
    fn check_redefinition(&mut self, mac: &Macro) {
        let old = self.macro_of(mac.name);
        self.ask(mac.name, old);
        if old == 0 {
            return;
        }
        self.make_whole(old);
        let before = self.macros[old as usize];
        let word = self.names.display(mac.name).into_owned();
        if before.kind == MacroKind::Builtin {
            let text = format!("redefining builtin macro \"{word}\"");
            self.warn_at("builtin-macro-redefined", mac.pos, 0, &text);
            return;
        }
        if !self.same_definition(&before, mac) {
            self.warn_redefined(mac, &before, &word);
        }
    }

    /// Lexes a definition that waited for its first use.
    fn make_whole(&mut self, idx: u32) {
        match self.macros[idx as usize].kind {
            MacroKind::Lazy => self.materialize(idx),
            MacroKind::Text | MacroKind::TextFunction => self.read_body(idx),
            _ => {}
        }
    }

    fn same_definition(&self, a: &Macro, b: &Macro) -> bool {
        let params = |m: &Macro| self.params_of(m);
        a.kind == b.kind
            && a.len == b.len
            && a.variadic == b.variadic
            && params(a) == params(b)
            && (0..a.len).all(|at| {
                let (x, y) = (self.bodies[(a.body + at) as usize], self.bodies[(b.body + at) as usize]);
                x.kind == y.kind
                    && x.aux == y.aux
                    && x.flags.has(TokenFlags::SPACE) == y.flags.has(TokenFlags::SPACE)
                    && match x.kind {
                        kind if kind.is_name() => x.value == y.value,
                        _ => self.spelling(&x) == self.spelling(&y),
                    }
            })
    }

    /// `#undef`, behind the word.
    pub(super) fn undef(&mut self) {
        let Some(token) = self.macro_name("undef", true) else { return };
        let name = Name(token.value);
        self.ask_if(name);
        let mac = self.macro_of(name);
        if mac != 0 {
            if self.macros[mac as usize].kind == MacroKind::Builtin {
                let text = format!("undefining \"{}\"", self.names.display(name));
                self.warn_at("builtin-macro-redefined", token.pos, 0, &text);
            }
            self.set_macro(name, 0);
            if self.options.print_mode {
                self.events.push(Event::Undef(name, token.pos));
            }
        }
        self.end_of_directive("undef");
    }

    /// Lexes a predefined macro, at its first use.
    #[cold]
    pub(super) fn materialize(&mut self, idx: u32) {
        let row = self.macros[idx as usize].body as usize;
        let (signature, ref text) = self.builtin.rows[row];
        let name = self.macros[idx as usize].name;
        let mut source = String::with_capacity(signature.len() + text.len() + 1);
        source.push_str(signature);
        source.push(' ');
        source.push_str(text);
        let mac = self.parse_apart(source.as_bytes());
        let mac = Macro { name, pos: self.builtin_pos, disabled: self.macros[idx as usize].disabled, ..mac };
        self.macros[idx as usize] = mac;
        self.keep_tables();
    }

    /// Parses `NAME BODY` or `NAME(params) BODY` that stands in no file: its tokens keep their spelling themselves.
    fn parse_apart(&mut self, source: &[u8]) -> Macro {
        let mut lexer = Lexer::over(source, self.builtin_pos);
        lexer.in_directive = true;
        let ahead = self.take_raw();
        std::mem::swap(&mut lexer, &mut self.file.lexer);
        let name = self.lex();
        let from = self.bodies.len();
        let mac = self.parse_definition(&name);
        std::mem::swap(&mut lexer, &mut self.file.lexer);
        self.put_raw(&ahead);
        for idx in from..self.bodies.len() {
            let token = self.bodies[idx];
            if matches!(token.kind, Tok::Number | Tok::Str | Tok::Char | Tok::Other)
                && !token.flags.has(TokenFlags::UNCLEAN)
            {
                let at = (token.pos.0 - self.builtin_pos.0) as usize;
                let spelling = self.side.add(&source[at..at + token.spelled_len() as usize]);
                self.bodies[idx] = token.spelled_aside(spelling);
            }
            self.bodies[idx].pos = self.builtin_pos;
        }
        mac.unwrap_or(Macro::NONE)
    }

    /// The definition as text, without `#define `: `NAME(a,b) body`, as gcc prints it.
    pub(super) fn definition_text(&mut self, idx: u32, out: &mut Vec<u8>) {
        self.make_whole(idx);
        let mac = self.macros[idx as usize];
        out.extend_from_slice(self.names.text(mac.name));
        if mac.kind == MacroKind::Function {
            out.push(b'(');
            for at in 0..usize::from(mac.n_params) {
                if at > 0 {
                    out.push(b',');
                }
                let param = self.params[mac.params as usize + at];
                let last = at + 1 == usize::from(mac.n_params);
                if !(last && mac.variadic && !mac.named_variadic) {
                    out.extend_from_slice(self.names.text(param));
                }
                if last && mac.variadic {
                    out.extend_from_slice(b"...");
                }
            }
            out.push(b')');
        }
        out.push(b' ');
        self.body_text(mac.body, mac.body + mac.len, out);
    }

    fn body_text(&self, from: u32, to: u32, out: &mut Vec<u8>) {
        let mut at = from;
        while at < to {
            let token = self.bodies[at as usize];
            at += 1;
            if token.flags.has(TokenFlags::SPACE) {
                out.push(b' ');
            }
            if token.aux & STRINGIZE != 0 {
                out.push(b'#');
            }
            if token.aux & VA_OPT != 0 {
                out.extend_from_slice(b"__VA_OPT__(");
                self.body_text(at, at + token.value, out);
                out.push(b')');
                at += token.value;
            } else {
                out.extend_from_slice(self.spelling(&token));
            }
            if token.aux & PASTE != 0 {
                let next = self.bodies.get(at as usize);
                let spaced = next.is_some_and(|t| t.flags.has(TokenFlags::SPACE));
                out.extend_from_slice(if spaced { b" ##" } else { b"##" });
            }
        }
    }
}
