//! `__attribute__((…))` and the pragmas that change how declarations are read.

use super::{Loc, Parser};
use crate::ast::Visibility;
use crate::attributes::{self, Attributes, Format, FormatKind, Kind};
use crate::token::{Tok, Token};
use crate::warnings::Warning;
use base::diag::Severity;
use base::ids::Id;
use base::{Diag, Name, Span};

/// One `#pragma pack(push)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PushedPack {
    pub id: Name,
    /// In force before it.
    pub pack: u32,
    /// Number + 1 of the entry below; 0 for none.
    pub below: u32,
}

/// One `#pragma GCC visibility push`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PushedVisibility {
    pub visibility: Visibility,
    /// Number + 1 of the entry below; 0 for none.
    pub below: u32,
}

/// The visibilities by their names.
fn visibility_named(name: &[u8]) -> Option<Visibility> {
    match name {
        b"default" => Some(Visibility::Default),
        b"hidden" => Some(Visibility::Hidden),
        b"protected" => Some(Visibility::Protected),
        b"internal" => Some(Visibility::Internal),
        _ => None,
    }
}

/// Attributes that the parser remembers by name.
pub(super) const ATTRIBUTE_CACHE: usize = 32;

impl Parser<'_> {
    /// Any number of `__attribute__((…))`, added to `into`.
    #[inline]
    pub(super) fn attributes(&mut self, into: &mut Attributes) {
        loop {
            let kind = self.tok.kind;
            match kind {
                Tok::KwAttribute => self.attribute(into),
                Tok::LBracket if self.peek().kind == Tok::LBracket => self.standard_attributes(into),
                _ => return,
            }
        }
    }

    /// `[[…]]` (C23 6.7.13): the standard's own names, and GNU's with `gnu::` in front. Others are warned about.
    #[cold]
    pub(super) fn standard_attributes(&mut self, into: &mut Attributes) {
        self.bump();
        self.bump();
        while !matches!(self.tok.kind, Tok::RBracket | Tok::Eof) && !self.recovering {
            if self.eat(Tok::Comma) {
                continue;
            }
            if !self.tok.kind.is_name() {
                self.missing("expected identifier");
                break;
            }
            let (first, loc) = (Name(self.tok.value), self.loc());
            if !matches!(self.peek().kind, Tok::ColonColon | Tok::Colon) {
                let flags = attributes::standard(bare(self.pp.names.text(first)));
                self.bump();
                match flags {
                    Some(flags) => into.flags |= flags,
                    None => {
                        let text = format!("‘{}’ attribute ignored", self.text(first));
                        self.warn("attributes", loc, &text);
                    }
                }
                self.skip_arguments();
                continue;
            }
            let gnu = bare(self.pp.names.text(first)) == b"gnu";
            self.bump();
            // `::` is one token of C23, two of what came before.
            if !self.eat(Tok::ColonColon) {
                self.bump();
                self.expect(Tok::Colon);
            }
            if gnu && self.tok.kind.is_name() {
                self.one_attribute(into);
            } else {
                let text = format!("‘{}’ scoped attribute directive ignored", self.text(first));
                self.warn("attributes", loc, &text);
                self.bump();
                self.skip_arguments();
            }
        }
        if self.expect(Tok::RBracket) {
            self.expect(Tok::RBracket);
        }
    }

    #[inline(never)]
    fn attribute(&mut self, into: &mut Attributes) {
        self.bump();
        if !self.expect(Tok::LParen) || !self.expect(Tok::LParen) {
            return self.skip_to_end_of_nesting();
        }
        loop {
            if self.tok.kind.is_name() {
                self.one_attribute(into);
            }
            if self.recovering || !self.eat(Tok::Comma) {
                break;
            }
        }
        if self.recovering {
            self.skip_to_end_of_nesting();
        }
        if self.expect(Tok::RParen) {
            self.expect(Tok::RParen);
        }
    }

    fn one_attribute(&mut self, into: &mut Attributes) {
        let token = self.tok;
        let name = Name(token.value);
        let loc = self.loc();
        // Headers give the same few to every function.
        let slot = name.0 as usize % ATTRIBUTE_CACHE;
        let kind = match self.attribute_cache[slot] {
            (known, kind) if known == name => Some(kind),
            _ => attributes::find(bare(self.pp.names.text(name))),
        };
        self.bump();
        if let Some(kind) = kind {
            self.attribute_cache[slot] = (name, kind);
        }
        let Some(kind) = kind else {
            let text = format!("‘{}’ attribute directive ignored", self.text(name));
            self.warn("attributes", loc, &text);
            return self.skip_arguments();
        };
        match kind {
            Kind::Flag(flag) => into.flags |= flag,
            Kind::Ignored | Kind::Skipped => {}
            Kind::Aligned => {
                let mut align = u64::from(self.types.layout.max_align);
                if self.eat(Tok::LParen) {
                    let value = self.constant_expression("requested alignment is not an integer constant");
                    self.expect(Tok::RParen);
                    match value {
                        Some(v) if v > 0 && v & (v - 1) == 0 && v <= 1 << 28 => align = v as u64,
                        Some(_) => return self.error(loc, "requested alignment is not a positive power of 2"),
                        None => return,
                    }
                }
                into.align = into.align.max(align as u32);
                return;
            }
            Kind::Section => return into.section = self.string_argument(),
            Kind::Alias => return into.alias = self.string_argument(),
            Kind::Ifunc => return into.ifunc = self.string_argument(),
            Kind::Symver => return self.symver_arguments(into),
            Kind::Visibility => {
                let name = self.string_argument();
                if name.is_none() {
                    return;
                }
                into.visibility = visibility_named(self.pp.names.text(name));
                if into.visibility.is_none() {
                    let text = "‘visibility’ argument must be one of ‘default’, ‘hidden’, ‘protected’ or ‘internal’";
                    self.error(loc, text);
                }
                return;
            }
            Kind::Constructor => return into.constructor = Some(self.priority_argument()),
            Kind::Destructor => return into.destructor = Some(self.priority_argument()),
            Kind::Cleanup => return into.cleanup = self.name_argument(),
            Kind::Mode => return into.mode = self.name_argument(),
            Kind::VectorSize => {
                if self.expect(Tok::LParen) {
                    let value = self.constant_expression("‘vector_size’ attribute argument is not an integer constant");
                    self.expect(Tok::RParen);
                    into.vector_size = value.and_then(|v| u32::try_from(v).ok()).unwrap_or(0);
                }
                return;
            }
            Kind::Format => return self.format_argument(into),
            Kind::Nonnull => return self.nonnull_argument(into),
            Kind::Unsupported => {
                let text = format!("attribute ‘{}’ is not supported yet", self.text(name));
                self.error(loc, &text);
            }
        }
        if kind == Kind::Flag(attributes::flag::WEAKREF) && self.at(Tok::LParen) {
            into.alias = self.string_argument();
        }
        self.skip_arguments();
    }

    /// `(printf, 1, 2)` behind `format`. Kinds that are not known are skipped.
    fn format_argument(&mut self, into: &mut Attributes) {
        if !self.expect(Tok::LParen) {
            return;
        }
        let kind = match bare(self.pp.names.text(Name(self.tok.value))) {
            _ if !self.tok.kind.is_name() => None,
            b"printf" | b"gnu_printf" | b"syslog" => Some(FormatKind::Printf),
            b"scanf" | b"gnu_scanf" => Some(FormatKind::Scanf),
            b"strftime" | b"gnu_strftime" => Some(FormatKind::Strftime),
            b"strfmon" => Some(FormatKind::Strfmon),
            _ => None,
        };
        self.bump();
        let mut numbers = [0u8; 2];
        for number in &mut numbers {
            if !self.eat(Tok::Comma) {
                break;
            }
            let value = self.constant_expression("‘format’ attribute argument value is not an integer constant");
            *number = value.and_then(|value| u8::try_from(value).ok()).unwrap_or(0);
        }
        self.expect(Tok::RParen);
        let [number, first] = numbers;
        if let Some(kind) = kind.filter(|_| number > 0) {
            into.format = Some(Format { kind, number, first });
        }
    }

    /// `(1, 2)` behind `nonnull`, or nothing: all pointers.
    fn nonnull_argument(&mut self, into: &mut Attributes) {
        if !self.eat(Tok::LParen) {
            into.nonnull = u64::MAX;
            return;
        }
        while !self.at(Tok::RParen) {
            let value = self.constant_expression("‘nonnull’ attribute argument value is not an integer constant");
            if let Some(number) = value.filter(|value| (1..=64).contains(value)) {
                into.nonnull |= 1 << (number - 1);
            }
            if self.recovering || !self.eat(Tok::Comma) {
                break;
            }
        }
        self.expect(Tok::RParen);
    }

    /// Skips a parenthesized argument list.
    fn skip_arguments(&mut self) {
        if self.eat(Tok::LParen) {
            let mut open = 1u32;
            while open > 0 && !self.at(Tok::Eof) {
                match self.tok.kind {
                    Tok::LParen => open += 1,
                    Tok::RParen => open -= 1,
                    _ => {}
                }
                self.bump();
            }
        }
    }

    fn string_argument(&mut self) -> Name {
        if !self.expect(Tok::LParen) {
            return Name::NONE;
        }
        let name = self.plain_string();
        self.expect(Tok::RParen);
        name
    }

    /// `symver ("name@version", …)`
    fn symver_arguments(&mut self, into: &mut Attributes) {
        if !self.expect(Tok::LParen) {
            return;
        }
        loop {
            let loc = self.loc();
            let name = self.plain_string();
            if name.is_none() {
                break;
            }
            let text = self.pp.names.text(name);
            if text.iter().filter(|&&byte| byte == b'@').count() > 2 || !text.contains(&b'@') {
                self.error(loc, "symver attribute argument must have format ‘name@nodename’");
                break;
            }
            let mut all = if into.symver.is_none() { Vec::new() } else { self.pp.names.text(into.symver).to_vec() };
            if !all.is_empty() {
                all.push(b',');
            }
            all.extend_from_slice(self.pp.names.text(name));
            into.symver = self.pp.names.intern(&all);
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        self.expect(Tok::RParen);
    }

    /// A narrow string literal as a name: sections, aliases, asm labels.
    pub(super) fn plain_string(&mut self) -> Name {
        if !self.at(Tok::Str) {
            self.missing("expected string literal");
            return Name::NONE;
        }
        self.string_bytes();
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.pop();
        let name = self.pp.names.intern(&bytes);
        self.bytes = bytes;
        name
    }

    fn name_argument(&mut self) -> Name {
        if !self.expect(Tok::LParen) {
            return Name::NONE;
        }
        let mut name = Name::NONE;
        if self.tok.kind.is_name() {
            name = Name(self.tok.value);
            self.bump();
        } else {
            self.missing("expected identifier");
        }
        self.expect(Tok::RParen);
        name
    }

    fn priority_argument(&mut self) -> u16 {
        let mut priority = 65535;
        if self.eat(Tok::LParen) {
            let loc = self.loc();
            if let Some(value) = self.constant_expression("constructor priorities must be integers from 0 to 65535") {
                match u16::try_from(value) {
                    Ok(value) => priority = value,
                    Err(_) => {
                        self.error(loc, "constructor priorities must be integers from 0 to 65535 inclusive");
                    }
                }
            }
            self.expect(Tok::RParen);
        }
        priority
    }

    /// `#pragma pack`, `weak`; others are not ours.
    #[cold]
    pub(super) fn handle_pragma(&mut self, token: &Token) {
        let tokens: Vec<Token> = self.pp.pragma_tokens(token).to_vec();
        let Some(first) = tokens.first() else { return };
        let word = self.spelled(first);
        match word.as_str() {
            "pack" => self.pragma_pack(&tokens),
            "weak" => {
                if let Some(name) = tokens.get(1).filter(|t| t.kind == Tok::Identifier) {
                    let target = match (tokens.get(2).map(|t| t.kind), tokens.get(3)) {
                        (Some(Tok::Eq), Some(t)) if t.kind == Tok::Identifier => Name(t.value),
                        _ => Name::NONE,
                    };
                    self.pragma_weak(Name(name.value), target);
                }
            }
            "GCC" if tokens.get(1).is_some_and(|t| self.spelled(t) == "visibility") => {
                self.pragma_visibility(&tokens);
            }
            "GCC" | "STDC" | "clang" => {}
            "redefine_extname" => {
                if let [_, old, new] = &tokens[..]
                    && old.kind == Tok::Identifier
                    && new.kind == Tok::Identifier
                {
                    self.redefine_name(Name(old.value), Name(new.value));
                } else {
                    let loc = Loc { pos: first.pos, expansion: first.expansion };
                    self.warn("pragmas", loc, "malformed ‘#pragma redefine_extname’, ignored");
                }
            }
            "message" => {
                let loc = Loc { pos: first.pos, expansion: first.expansion };
                let text: String = tokens[1..]
                    .iter()
                    .filter(|token| token.kind == Tok::Str)
                    .map(|token| self.spelled(token).trim_matches('"').to_string())
                    .collect();
                let text = format!("‘#pragma message: {text}’");
                let note = Diag { severity: Severity::Note, ..Diag::error(Span::NONE, text) };
                let note = self.pp.locate(note, loc.pos, loc.expansion);
                self.pp.report(note);
            }
            // Skipping it would lay out what follows wrongly.
            "scalar_storage_order" => {
                let loc = Loc { pos: first.pos, expansion: first.expansion };
                self.error(loc, "‘#pragma scalar_storage_order’ is not supported yet");
            }
            _ => {
                let loc = Loc { pos: first.pos, expansion: first.expansion };
                let text = format!(
                    "ignoring ‘#pragma {}’",
                    tokens.iter().take(2).map(|t| self.spelled(t)).collect::<Vec<_>>().join(" ")
                );
                self.lint(Warning::UnknownPragmas, loc, &text);
            }
        }
    }

    /// `#pragma GCC visibility push(name)` and `pop`: for the declarations between them that have no attribute.
    fn pragma_visibility(&mut self, tokens: &[Token]) {
        let loc = Loc { pos: tokens[0].pos, expansion: tokens[0].expansion };
        let action = tokens.get(2).map(|t| self.spelled(t)).unwrap_or_default();
        let n_used = match action.as_str() {
            "pop" => {
                let Some(entry) = self.visibility_top.checked_sub(1) else {
                    return self.warn("pragmas", loc, "no matching push for ‘#pragma GCC visibility pop’");
                };
                self.visibility_top = self.visibilities[entry as usize].below;
                3
            }
            "push" => {
                let [open, name, close] = [3, 4, 5].map(|at| tokens.get(at));
                if open.map(|t| t.kind) != Some(Tok::LParen) || close.map(|t| t.kind) != Some(Tok::RParen) {
                    let text = "missing ‘(’ after ‘#pragma GCC visibility push’ - ignored";
                    return self.warn("pragmas", loc, text);
                }
                let name = name.map(|t| self.spelled(t)).unwrap_or_default();
                let Some(visibility) = visibility_named(name.as_bytes()) else {
                    let text = "‘#pragma GCC visibility push()’ must specify ‘default’, ‘internal’, ‘hidden’ or \
                                ‘protected’";
                    return self.warn("pragmas", loc, text);
                };
                self.visibilities.push(PushedVisibility { visibility, below: self.visibility_top });
                self.visibility_top = self.visibilities.len() as u32;
                6
            }
            _ => {
                let text = "‘#pragma GCC visibility’ must be followed by ‘push’ or ‘pop’";
                return self.warn("pragmas", loc, text);
            }
        };
        if tokens.len() > n_used {
            self.warn("pragmas", loc, "junk at end of ‘#pragma GCC visibility’");
        }
    }

    fn pragma_pack(&mut self, tokens: &[Token]) {
        let loc = Loc { pos: tokens[0].pos, expansion: tokens[0].expansion };
        let mut words: Vec<Token> = tokens[1..].to_vec();
        if words.first().map(|t| t.kind) != Some(Tok::LParen) || words.last().map(|t| t.kind) != Some(Tok::RParen) {
            return self.warn("pragmas", loc, "missing ‘(’ after ‘#pragma pack’ - ignored");
        }
        words.remove(0);
        words.pop();
        words.retain(|t| t.kind != Tok::Comma);
        let mut rest = words.as_slice();
        let mut value = None;
        let action = rest.first().filter(|t| t.kind.is_name()).map(|t| self.spelled(t));
        if action.is_some() {
            rest = &rest[1..];
        }
        let mut id = Name::NONE;
        for token in rest {
            if token.kind.is_name() {
                id = Name(token.value);
            } else {
                value = self.spelled(token).parse::<u32>().ok();
                if !matches!(value, Some(0 | 1 | 2 | 4 | 8 | 16)) {
                    let text = "alignment must be a small power of two, not ".to_string() + &self.spelled(token);
                    return self.warn("pragmas", loc, &text);
                }
            }
        }
        match action.as_deref() {
            None => self.pack = value.unwrap_or(0),
            Some("push") => {
                self.packs.push(PushedPack { id, pack: self.pack, below: self.pack_top });
                self.pack_top = self.packs.len() as u32;
                self.pack = value.unwrap_or(self.pack);
            }
            Some("pop") => {
                // The entry on top, or the topmost with this name.
                let mut at = self.pack_top;
                while at != 0 && id.some().is_some() && self.packs[at as usize - 1].id != id {
                    at = self.packs[at as usize - 1].below;
                }
                match at.checked_sub(1) {
                    Some(entry) => {
                        let entry = self.packs[entry as usize];
                        self.pack = value.unwrap_or(entry.pack);
                        self.pack_top = entry.below;
                    }
                    None => {
                        self.warn(
                            "pragmas",
                            loc,
                            "#pragma pack (pop) encountered without matching #pragma pack (push)",
                        );
                    }
                }
            }
            Some(_) => self.warn("pragmas", loc, "malformed ‘#pragma pack’ - ignored"),
        }
    }
}

/// An attribute's name without surrounding double underscores.
fn bare(text: &[u8]) -> &[u8] {
    match text {
        [b'_', b'_', inner @ .., b'_', b'_'] => inner,
        _ => text,
    }
}
