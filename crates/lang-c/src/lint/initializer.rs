//! Initialisers that leave members out, or give one twice.

use crate::parse::{Loc, Parser};
use crate::token::{Tok, Token};
use crate::types::{FieldId, QualTy};
use crate::warnings::Warning;
use base::ids::Id;

impl Parser<'_> {
    /// The list for a structure of type `ty` ends in front of member `at`. `first`: its first token and item.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_missing_field(&mut self, ty: QualTy, at: u32, end: u32, first_item: usize, first: &Token) {
        // `{ 0 }` and `{ }` say that all shall be zero.
        let items = &self.pending_items[first_item..];
        let zero = items.len() == 1 && self.int_value(items[0].value) == Some(0) && first.kind == Tok::Number;
        if items.is_empty() || zero || self.recovering {
            return;
        }
        let missing = (at..end).map(FieldId).find(|&field| {
            let data = &self.types.fields[field];
            data.name.some().is_some() && self.types.size(data.ty).is_some_and(|size| size > 0)
        });
        let Some(field) = missing else { return };
        let data = self.types.fields[field];
        let name = self.text(data.name);
        let text = format!("missing initializer for field ‘{name}’ of {}", self.quoted(self.types.unqualified(ty)));
        let loc = if self.tok.expansion == 0 { self.line_start(self.tok.pos) } else { self.loc() };
        self.lint_note(Warning::MissingFieldInitializers, loc, &text, data.pos, &format!("‘{name}’ declared here"));
    }

    /// `value` begins an aggregate that has no braces of its own.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_missing_braces(&mut self, value: crate::ast::NodeId) {
        let brace = std::mem::take(&mut self.init.brace);
        let ends = self.at(Tok::RBrace) || self.at(Tok::Comma) && self.peek().kind == Tok::RBrace;
        // `{ 0 }` is how everything is zeroed.
        if !(brace.is_none() || ends && self.int_value(value) == Some(0)) {
            self.lint(Warning::MissingBraces, Loc::at(brace), "missing braces around initializer");
        }
    }

    /// Of the items since `start`, some were chosen by designators: is one stored over another?
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_overridden(&mut self, start: usize) {
        if !self.pp.is_on(Warning::OverrideInit) {
            return;
        }
        let mut places: Vec<(u64, u8, usize)> = self.pending_items[start..]
            .iter()
            .enumerate()
            .filter(|(_, item)| item.size > 0)
            .map(|(idx, item)| (item.offset, item.bit, idx))
            .collect();
        places.sort_unstable();
        let twice: Vec<usize> =
            places.windows(2).filter(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)).map(|p| p[1].2).collect();
        for idx in twice {
            let item = self.pending_items[start + idx];
            // A range designator before single elements is the usual way to give a default.
            let loc: Loc = self.loc_of(item.value);
            self.lint(Warning::OverrideInit, loc, "initialized field overwritten");
        }
    }
}
