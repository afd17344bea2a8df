//! Statements whose layout or form says something else than their meaning: empty bodies, an `else` that may belong to
//! another `if`, indentation that misleads.

use crate::parse::{Loc, Parser};
use crate::token::{Tok, Token};
use crate::warnings::Warning;

/// A guarded statement: `if (…) body`.
#[derive(Clone, Copy)]
pub(crate) struct Guard {
    /// `if`, `else`, `while`, `for`.
    pub word: &'static str,
    pub token: Token,
    /// The first token of the body.
    pub body: Token,
}

/// Columns are those of a terminal with tabs of eight.
struct Column {
    line: u32,
    /// Of the token, from 0.
    at: usize,
    /// Of the first character of its line that is no blank.
    first: usize,
}

impl Parser<'_> {
    /// After the body of an `if`, `else`, `do`: a `;` alone.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_empty_body(&mut self, word: &str, semicolon: Loc) {
        let article = if word == "do" { "" } else { "an " };
        let kind = if word == "do" { "" } else { " statement" };
        let text = format!("suggest braces around empty body in {article}‘{word}’{kind}");
        let text = if word == "do" { format!("{text} statement") } else { text };
        self.lint(Warning::EmptyBody, semicolon, &text);
    }

    /// `condition` in a chain of `else if`, whose earlier ones stand in [`Parser::words`] since `from`.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_repeated_condition(&mut self, condition: crate::ast::NodeId, from: usize) {
        use crate::ast::NodeId;
        if !self.pp.is_on(Warning::DuplicatedCond) || self.has_effects(condition, 0) {
            return;
        }
        let before = self.words[from..].chunks(3).map(|row| NodeId(row[0])).collect::<Vec<_>>();
        let Some(&same) = before.iter().find(|&&before| self.same_value(before, condition, 0)) else { return };
        let (loc, first) = (self.loc_of(condition), self.loc_of(same));
        self.lint_note(Warning::DuplicatedCond, loc, "duplicated ‘if’ condition", first.pos, "previously used here");
    }

    /// At an item of a block: a declaration behind a statement is C99's.
    #[cold]
    pub(crate) fn lint_mixed(&mut self, first: usize, n_declared: &mut usize) {
        use crate::ast::{NodeId, NodeOp};
        let is_declaration = self.at_declaration() && self.peek().kind != Tok::Colon;
        let is_statement = |parser: &Self, word: u32| {
            !matches!(parser.op(NodeId(word)), NodeOp::LocalDecl | NodeOp::VlaType | NodeOp::Error)
        };
        let seen = self.statements[first..].iter().any(|&word| is_statement(self, word));
        if is_declaration && seen && *n_declared == 0 && !self.at(Tok::KwAttribute) {
            let loc = self.loc();
            *n_declared += 1;
            self.lint(Warning::DeclarationAfterStatement, loc, "ISO C90 forbids mixed declarations and code");
        } else if !is_declaration {
            *n_declared = 0;
        }
    }

    /// After a guarded statement: is the next one indented as if it were guarded, too?
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_indentation(&mut self, guard: Guard) {
        let next = self.tok;
        let (body, token) = (guard.body, guard.token);
        let macros = next.expansion != 0 || body.expansion != 0 || token.expansion != 0;
        if macros
            || body.kind == Tok::LBrace
            || matches!(next.kind, Tok::RBrace | Tok::KwElse | Tok::Semi | Tok::Eof)
            || self.recovering
            || !self.pp.is_on(Warning::MisleadingIndentation)
        {
            return;
        }
        let file = self.pp.map.file_of(next.pos);
        if file.is_none() || file != self.pp.map.file_of(body.pos) || file != self.pp.map.file_of(token.pos) {
            return;
        }
        let (Some(next_at), Some(body_at), Some(guard_at)) =
            (self.column(&next), self.column(&body), self.column(&token))
        else {
            return;
        };
        let misleads = if next_at.line == body_at.line {
            guard_at.line < body_at.line || guard_at.line == body_at.line && guard_at.at == guard_at.first
        } else if next_at.line > body_at.line {
            self.aligned(&next_at, &body_at, &guard_at, next.kind, body.kind)
                && !self.directive_between(body.pos, next.pos)
        } else {
            false
        };
        if !misleads {
            return;
        }
        let word = guard.word;
        let loc = Loc { pos: token.pos, expansion: token.expansion };
        let note =
            format!("...this statement, but the latter is misleadingly indented as if it were guarded by the ‘{word}’");
        self.lint_note(
            Warning::MisleadingIndentation,
            loc,
            &format!("this ‘{word}’ clause does not guard..."),
            next.pos,
            &note,
        );
    }

    fn aligned(&self, next: &Column, body: &Column, guard: &Column, next_kind: Tok, body_kind: Tok) -> bool {
        if next.at != next.first {
            return false;
        }
        let hidden = body_kind == Tok::Semi && body.line > guard.line && body.first != body.at;
        if (body_kind != Tok::Semi && next.at == body.at) || (hidden && next.at > guard.first) {
            // Code that is not indented at all, or less than the guard, misleads nobody.
            return guard.first < body.at;
        }
        body_kind == Tok::Semi
            && body.line == guard.line
            && (next.at > guard.first || next_kind == Tok::LBrace && next.at == guard.first)
    }

    fn column(&self, token: &Token) -> Option<Column> {
        let (_, line, column) = self.pp.map.line_column(token.pos)?;
        let text = self.pp.map.line_text(token.pos);
        let mut at = 0;
        let mut first = None;
        for &byte in text.iter().take(column as usize - 1) {
            if first.is_none() && !byte.is_ascii_whitespace() {
                first = Some(at);
            }
            at = if byte == b'\t' { at / 8 * 8 + 8 } else { at + 1 };
        }
        Some(Column { line, at, first: first.unwrap_or(at) })
    }

    /// Does a directive stand between two places of one file?
    fn directive_between(&self, from: base::Pos, to: base::Pos) -> bool {
        let text = self.pp.map.bytes(from, to.0.saturating_sub(from.0));
        text.split(|byte| *byte == b'\n').skip(1).any(|line| line.trim_ascii_start().starts_with(b"#"))
    }
}
