//! Initialisers (6.7.9), flattened as they are read: every scalar, string or whole aggregate becomes one item with its
//! offset. Braces may be left out, designators jump, later items override earlier ones.
//!
//! Large tables are the case to be fast in: an element costs one expression, one conversion and one item.

use super::{Loc, Parser};
use crate::ast::{Definition, Init, InitItem, Linkage, NodeId, NodeOp};
use crate::check::convert::Context;
use crate::check::declare::blank_decl;
use crate::consts;
use crate::token::Tok;
use crate::types::{ArrayLen, Basic, DeclId, FieldData, FieldId, QualTy, RecordId, StrId, TypeData};
use crate::warnings::hook;
use base::ids::Id;
use base::{Name, Pos};

/// Items that one range designator may make.
const MAX_RANGE_ITEMS: u64 = 1 << 22;

/// A part of the object under initialisation.
#[derive(Clone, Copy)]
struct Place {
    ty: QualTy,
    offset: u64,
    /// Bit-field: first bit and width; width 0 for none.
    bit: u8,
    width: u8,
}

/// How the elements of an aggregate are given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Behind its own `{`.
    Braced,
    /// Without braces; the first element's expression was read already.
    Elided(NodeId),
    /// At a designator that selects within it.
    Designated,
}

impl Parser<'_> {
    /// An initialiser for an object of type `ty`, behind the `=`: the type (arrays completed) and the number in
    /// [`Ast::inits`](crate::ast::Ast).
    pub(crate) fn initializer(&mut self, ty: QualTy, loc: Loc, is_static: bool) -> (QualTy, u32) {
        let outer = std::mem::replace(
            &mut self.init,
            InitState { is_static, end: 0, covered: 0, gaps: false, brace: Pos::NONE },
        );
        let start = self.pending_items.len();
        let place = Place { ty, offset: 0, bit: 0, width: 0 };
        let ty = self.whole(place, loc);
        let state = std::mem::replace(&mut self.init, outer);
        let size = self.types.size(ty).unwrap_or(0).max(state.end);
        let first = self.ast.init_items.len() as u32;
        let n = (self.pending_items.len() - start) as u32;
        if state.gaps && self.hooked(hook::INITIALIZER) {
            self.lint_overridden(start);
        }
        self.ast.init_items.extend_from_slice(&self.pending_items[start..]);
        self.pending_items.truncate(start);
        self.ast.inits.push(Init { first, n, size, zero_first: state.gaps || state.covered < size });
        (ty, self.ast.inits.len() as u32 - 1)
    }

    /// The initialiser of a whole object: braces, a string, or one expression.
    fn whole(&mut self, place: Place, loc: Loc) -> QualTy {
        let ty = place.ty;
        if self.at(Tok::LBrace) {
            let is_aggregate =
                matches!(self.types.get(ty), TypeData::Array { .. } | TypeData::Record(_) | TypeData::Vector { .. });
            if let TypeData::Record(id) = self.types.get(ty)
                && !self.types.records[id].complete
            {
                self.skip_braces();
                return ty;
            }
            if !is_aggregate {
                self.braced_scalar(place);
                return ty;
            }
            let n = self.braced(place);
            return self.array_of_len(ty, n);
        }
        if let TypeData::Array { .. } = self.types.get(ty) {
            let value = self.assignment();
            let value_loc = self.loc_of(value);
            if self.is_string_for(value, ty) {
                let n = self.string_item(place, value);
                return self.array_of_len(ty, n);
            }
            // GNU: from a compound literal of the same type.
            let from = self.ty(value);
            if self.static_literal(value).is_some() && self.types.compatible_unqualified(from, ty) {
                self.flatten_literal(value, place);
                return self.types.composite(ty, from);
            }
            if self.op(value) == NodeOp::CompoundLocal && self.types.compatible_unqualified(from, ty) {
                let size = self.types.size(from).unwrap_or(0);
                let load = self.node1(NodeOp::Load, from, value, loc.pos);
                self.push_item(Place { ty: from, ..place }, load, size);
                return self.types.composite(ty, from);
            }
            if !self.types.is_error(from) && !self.types.is_error(ty) {
                self.error(value_loc, "invalid initializer");
            }
            return if self.types.size(ty).is_none() { Basic::Error.qual() } else { ty };
        }
        let value = self.assignment();
        self.scalar(place, value);
        ty
    }

    #[cold]
    fn skip_braces(&mut self) {
        self.bump();
        self.skip_to_end_of_nesting();
        while self.at(Tok::Semi) || self.at(Tok::RParen) || self.at(Tok::RBracket) {
            self.bump();
            self.skip_to_end_of_nesting();
        }
        self.eat(Tok::RBrace);
    }

    /// `{ value }` for a scalar.
    fn braced_scalar(&mut self, place: Place) {
        let loc = self.loc();
        self.bump();
        if !self.enter() {
            return;
        }
        if self.at(Tok::RBrace) {
            if self.pp.options().standard.year < 2023 && !self.types.is_error(place.ty) {
                self.error(loc, "empty scalar initializer");
            }
        } else if self.at(Tok::LBrace) {
            self.braced_scalar(place);
        } else {
            if self.at_designator() {
                let loc = self.loc();
                let text = if self.at(Tok::LBracket) {
                    "array index in non-array initializer"
                } else {
                    "field name not in record or union initializer"
                };
                self.error(loc, text);
                self.skip_designator();
            }
            let value = self.assignment();
            self.scalar(place, value);
        }
        let mut warned = false;
        while self.eat(Tok::Comma) {
            if self.at(Tok::RBrace) {
                break;
            }
            self.excess("scalar", &mut warned);
        }
        self.leave();
        self.end_of_braces();
    }

    fn end_of_braces(&mut self) {
        if !self.at(Tok::RBrace) {
            self.missing("expected ‘}’");
            self.skip_to_end_of_nesting();
        }
        self.eat(Tok::RBrace);
    }

    #[cold]
    fn skip_designator(&mut self) {
        while !matches!(self.tok.kind, Tok::Eq | Tok::RBrace | Tok::Eof | Tok::Comma | Tok::Semi) {
            self.bump();
        }
        self.eat(Tok::Eq);
    }

    /// One element too many: a warning, and its expression is dropped.
    #[cold]
    fn excess(&mut self, what: &str, warned: &mut bool) {
        let loc = self.loc();
        if !*warned && !self.recovering {
            let text = format!("excess elements in {what} initializer");
            self.warn("", loc, &text);
            *warned = true;
        }
        if self.at_designator() {
            self.skip_designator();
        }
        self.unevaluated += 1;
        if self.at(Tok::LBrace) {
            self.skip_braces();
        } else {
            let _ = self.assignment();
        }
        self.unevaluated -= 1;
    }

    /// `{ … }` for an array or record: the number of elements it reaches.
    fn braced(&mut self, place: Place) -> u64 {
        let here = if self.tok.expansion == 0 { self.tok.pos } else { Pos::NONE };
        let outer = std::mem::replace(&mut self.init.brace, here);
        let n = self.in_braces(place);
        self.init.brace = outer;
        n
    }

    fn in_braces(&mut self, place: Place) -> u64 {
        self.bump();
        if !self.enter() {
            return 0;
        }
        // `{"text"}` is `"text"`.
        if self.at(Tok::Str) && self.is_character_array(place.ty) {
            let value = self.assignment();
            if self.is_string_for(value, place.ty) {
                let n = self.string_item(place, value);
                let mut warned = false;
                while self.eat(Tok::Comma) {
                    if self.at(Tok::RBrace) {
                        break;
                    }
                    self.excess("array", &mut warned);
                }
                self.leave();
                self.end_of_braces();
                return n;
            }
            let n = self.elements(place, Mode::Elided(value));
            self.finish_braced(place);
            return n;
        }
        let n = self.elements(place, Mode::Braced);
        self.finish_braced(place);
        n
    }

    fn finish_braced(&mut self, place: Place) {
        let what = match self.types.get(place.ty) {
            TypeData::Array { .. } => "array",
            TypeData::Vector { .. } => "vector",
            TypeData::Record(id) if self.types.records[id].union => "union",
            _ => "struct",
        };
        let mut warned = false;
        while !self.recovering && self.eat(Tok::Comma) {
            if self.at(Tok::RBrace) {
                break;
            }
            self.excess(what, &mut warned);
        }
        if self.recovering {
            self.leave();
            self.skip_to_end_of_nesting();
            self.eat(Tok::RBrace);
            return;
        }
        self.leave();
        self.end_of_braces();
    }

    #[inline]
    fn at_designator(&mut self) -> bool {
        match self.tok.kind {
            Tok::Dot | Tok::LBracket => true,
            Tok::Identifier => self.peek().kind == Tok::Colon,
            _ => false,
        }
    }

    fn elements(&mut self, place: Place, mode: Mode) -> u64 {
        match self.types.get(place.ty) {
            TypeData::Array { element, len } => self.array_elements(place, element, len, mode),
            TypeData::Vector { element, n } => {
                self.array_elements(place, QualTy::plain(element), ArrayLen::Fixed(n), mode)
            }
            TypeData::Record(id) => {
                self.record_elements(place, id, mode);
                0
            }
            _ => 0,
        }
    }

    /// After an element: does another one of this aggregate follow? Takes the comma then.
    #[inline]
    fn goes_on(&mut self, braced: bool) -> bool {
        if !self.at(Tok::Comma) || self.recovering {
            return false;
        }
        if braced {
            self.bump();
            return !self.at(Tok::RBrace);
        }
        // Without braces a designator belongs to the braces further out.
        let next = self.peek().kind;
        if matches!(next, Tok::RBrace | Tok::Dot | Tok::LBracket) {
            return false;
        }
        self.bump();
        true
    }

    fn array_elements(&mut self, place: Place, element: QualTy, len: ArrayLen, mode: Mode) -> u64 {
        let limit = self.types.array_len(len);
        let size = self.types.size(element).unwrap_or(0);
        let braced = mode == Mode::Braced;
        let element_quals = element;
        let (mut index, mut reached) = (0u64, 0u64);
        if braced && self.at(Tok::RBrace) {
            return 0;
        }
        let mut first = mode;
        loop {
            let mut last = index;
            let from_item = self.pending_items.len();
            let from_node = self.ast.nodes.len();
            let mut pending = None;
            let mut designated = false;
            match first {
                Mode::Elided(node) => pending = Some(node),
                Mode::Designated => designated = true,
                Mode::Braced => designated = self.at_designator(),
            }
            first = Mode::Braced;
            let mut nested = false;
            if designated {
                if !self.at(Tok::LBracket) {
                    let loc = self.loc();
                    self.error(loc, "field name not in record or union initializer");
                    self.skip_designator();
                } else {
                    let Some((low, high)) = self.index_designator(limit) else {
                        if self.recovering {
                            return reached;
                        }
                        index += 1;
                        if !self.goes_on(braced) {
                            return reached;
                        }
                        continue;
                    };
                    self.init.gaps = true;
                    index = low;
                    last = high;
                    nested = matches!(self.tok.kind, Tok::LBracket | Tok::Dot);
                    if !nested {
                        // GNU's old style has no `=`.
                        self.eat(Tok::Eq);
                    }
                }
            }
            if let Some(limit) = limit
                && index >= limit
            {
                if !braced && pending.is_none() {
                    return reached;
                }
                let loc = self.loc();
                let mut warned = false;
                match pending {
                    Some(_) => self.warn("", loc, "excess elements in array initializer"),
                    None => self.excess("array", &mut warned),
                }
                while self.goes_on(braced) {
                    warned = true;
                    self.excess("array", &mut warned);
                }
                return reached;
            }
            let offset = place.offset.wrapping_add(index.wrapping_mul(size));
            let part = Place { ty: element_quals, offset, bit: 0, width: 0 };
            if nested {
                self.elements(part, Mode::Designated);
            } else {
                self.element(part, pending);
            }
            if last > index {
                self.repeat_items(from_item, from_node, index, last, size);
            }
            reached = reached.max(last + 1);
            index = last + 1;
            if !braced && limit.is_some_and(|l| index >= l) {
                return reached;
            }
            if !self.goes_on(braced) {
                return reached;
            }
        }
    }

    /// `[n]`, `[n ... m]`; `None` after an error.
    fn index_designator(&mut self, limit: Option<u64>) -> Option<(u64, u64)> {
        self.bump();
        let loc = self.loc();
        let low = self.constant_expression("array index in initializer not of integer type");
        let mut high = low;
        if self.eat(Tok::Ellipsis) {
            high = self.constant_expression("array index in initializer not of integer type");
        }
        self.expect(Tok::RBracket);
        let (low, high) = (low?, high?);
        let in_bounds = low >= 0 && high >= low && limit.is_none_or(|l| high < i128::from(l)) && high < 1 << 60;
        if !in_bounds {
            let text = if high < low {
                "empty index range in initializer"
            } else {
                "array index in initializer exceeds array bounds"
            };
            self.error(loc, text);
            self.skip_designator();
            self.unevaluated += 1;
            if self.at(Tok::LBrace) {
                self.skip_braces();
            } else if !matches!(self.tok.kind, Tok::Comma | Tok::RBrace) {
                let _ = self.assignment();
            }
            self.unevaluated -= 1;
            return None;
        }
        Some((low as u64, high as u64))
    }

    /// A range designator: the items of its first element once more for every other one.
    fn repeat_items(&mut self, from: usize, from_node: usize, low: u64, high: u64, size: u64) {
        let n_items = (self.pending_items.len() - from) as u64;
        let total = n_items.saturating_mul(high - low);
        if total > MAX_RANGE_ITEMS {
            let loc = self.loc();
            self.error(loc, "range designator makes too many elements");
            return;
        }
        let items: Vec<InitItem> = self.pending_items[from..].to_vec();
        if !self.init.is_static {
            // The values are evaluated once for each element: nothing may show it.
            let effects = self.ast.nodes.as_slice()[from_node..].iter().any(|n| has_effect(n.op));
            if effects {
                let loc = self.loc();
                return self.error(loc, "range designators with values that have side effects are not supported yet");
            }
        }
        for index in low + 1..=high {
            for item in &items {
                let item = InitItem { offset: item.offset.saturating_add((index - low).saturating_mul(size)), ..*item };
                self.init.end = self.init.end.max(item.end());
                self.init.covered = self.init.covered.saturating_add(item.size);
                self.pending_items.push(item);
            }
        }
    }

    fn record_elements(&mut self, place: Place, id: RecordId, mode: Mode) {
        let fields = self.types.records[id].fields.clone();
        let union = self.types.records[id].union;
        let braced = mode == Mode::Braced;
        if braced && self.at(Tok::RBrace) {
            return;
        }
        let mut at = self.next_field(fields.start, fields.end);
        let mut first = mode;
        let mut union_done = false;
        let mut by_name = mode == Mode::Designated;
        let (first_item, first_token) = (self.pending_items.len(), self.tok);
        loop {
            let mut pending = None;
            let mut designated = false;
            match first {
                Mode::Elided(node) => pending = Some(node),
                Mode::Designated => designated = true,
                Mode::Braced => designated = self.at_designator(),
            }
            first = Mode::Braced;
            by_name |= designated;
            if designated {
                self.init.gaps = true;
                match self.field_designator(place, id) {
                    Designated::Error => {
                        if !self.recovering {
                            self.drop_value();
                        }
                    }
                    Designated::Here(index) => {
                        at = index;
                        union_done = false;
                        let field = self.types.fields[FieldId(at)];
                        let part = self.part(place, &field);
                        if matches!(self.tok.kind, Tok::LBracket | Tok::Dot) {
                            self.elements(part, Mode::Designated);
                        } else {
                            self.eat(Tok::Eq);
                            self.element(part, None);
                        }
                        at = self.next_field(at + 1, fields.end);
                        union_done |= union;
                    }
                    // The name is a member of an anonymous member: it is selected there, and the list goes on in it.
                    Designated::Within(index) => {
                        at = index;
                        let field = self.types.fields[FieldId(at)];
                        let part = self.part(place, &field);
                        self.elements(part, Mode::Designated);
                        at = self.next_field(at + 1, fields.end);
                        union_done = union;
                    }
                }
            } else {
                if at >= fields.end || union_done {
                    if !braced && pending.is_none() {
                        return;
                    }
                    let what = if union { "union" } else { "struct" };
                    let mut warned = false;
                    match pending {
                        Some(node) => {
                            let loc = self.loc_of(node);
                            let text = format!("excess elements in {what} initializer");
                            self.warn("", loc, &text);
                        }
                        None => self.excess(what, &mut warned),
                    }
                    while self.goes_on(braced) {
                        warned = true;
                        self.excess(what, &mut warned);
                    }
                    return;
                }
                let field = self.types.fields[FieldId(at)];
                let part = self.part(place, &field);
                self.element(part, pending);
                at = self.next_field(at + 1, fields.end);
                union_done = union;
            }
            if !braced && (at >= fields.end || union_done) {
                return;
            }
            if !self.goes_on(braced) {
                if at < fields.end && !by_name && !union && self.hooked(hook::INITIALIZER) {
                    self.lint_missing_field(place.ty, at, fields.end, first_item, &first_token);
                }
                return;
            }
        }
    }

    fn drop_value(&mut self) {
        self.skip_designator();
        self.unevaluated += 1;
        if self.at(Tok::LBrace) {
            self.skip_braces();
        } else if !matches!(self.tok.kind, Tok::Comma | Tok::RBrace | Tok::Eof) {
            let _ = self.assignment();
        }
        self.unevaluated -= 1;
    }

    /// The first member from `at` on that an initialiser is for: unnamed bit-fields are not.
    fn next_field(&self, at: u32, end: u32) -> u32 {
        let mut at = at;
        while at < end {
            let field = &self.types.fields[FieldId(at)];
            if !(field.name.is_none() && field.is_bit_field()) {
                return at;
            }
            at += 1;
        }
        end
    }

    fn part(&self, place: Place, field: &FieldData) -> Place {
        let offset = place.offset.saturating_add(field.offset);
        if field.is_bit_field() {
            Place { ty: field.ty, offset, bit: field.bit, width: field.width }
        } else {
            Place { ty: field.ty, offset, bit: 0, width: 0 }
        }
    }

    /// `.name` or GNU's `name:`. A name within an anonymous member is not taken: the member's own list takes it.
    fn field_designator(&mut self, place: Place, id: RecordId) -> Designated {
        let old_style = self.at(Tok::Identifier);
        let token = if old_style { self.tok } else { self.peek() };
        let loc = Loc { pos: token.pos, expansion: token.expansion };
        if self.at(Tok::LBracket) {
            let loc = self.loc();
            self.error(loc, "array index in non-array initializer");
            return Designated::Error;
        }
        if token.kind != Tok::Identifier {
            self.bump();
            self.missing("expected identifier");
            return Designated::Error;
        }
        let name = Name(token.value);
        self.path.clear();
        let mut path = std::mem::take(&mut self.path);
        let found = self.types.find_field(id, name, &mut path);
        let (field, deep) = (path.first().copied(), path.len() > 1);
        self.path = path;
        match (found, field) {
            (true, Some(field)) if deep => Designated::Within(field.0),
            (true, Some(field)) => {
                self.bump();
                if old_style {
                    self.bump();
                    return Designated::Here(field.0);
                }
                self.bump();
                Designated::Here(field.0)
            }
            _ => {
                let text = format!(
                    "{} has no member named ‘{}’",
                    self.quoted(self.types.unqualified(place.ty)),
                    self.text(name)
                );
                self.error(loc, &text);
                self.bump();
                self.bump();
                Designated::Error
            }
        }
    }

    /// One element of an aggregate; `pending` is its expression when that was read already.
    #[inline]
    fn element(&mut self, place: Place, pending: Option<NodeId>) {
        let operators = self.operators;
        if pending.is_none() && self.types.kind(place.ty).plain_scalar && !self.at(Tok::LBrace) {
            let value = self.assignment();
            self.scalar(place, value);
        } else {
            self.element_value(place, pending);
        }
        self.operators = operators;
    }

    fn element_value(&mut self, place: Place, pending: Option<NodeId>) {
        let data = self.types.get(place.ty);
        if pending.is_none() && self.at(Tok::LBrace) {
            match data {
                TypeData::Array { len, .. } => {
                    let n = self.braced(place);
                    self.flexible(place, len, n);
                }
                TypeData::Record(_) | TypeData::Vector { .. } => {
                    self.braced(place);
                }
                _ => self.braced_scalar(place),
            }
            return;
        }
        let value = match pending {
            Some(node) => node,
            None => self.assignment(),
        };
        match data {
            TypeData::Array { len, .. } => {
                if self.is_string_for(value, place.ty) {
                    let n = self.string_item(place, value);
                    return self.flexible(place, len, n);
                }
                if self.recovering {
                    return;
                }
                let n = self.elements(place, Mode::Elided(value));
                self.flexible(place, len, n);
            }
            TypeData::Record(_) => {
                let from = self.ty(value);
                if self.types.is_record(from) && self.types.compatible_unqualified(from, place.ty)
                    || self.types.is_error(from)
                {
                    return self.scalar(place, value);
                }
                if self.recovering {
                    return;
                }
                if self.hooked(hook::INITIALIZER) {
                    self.lint_missing_braces(value);
                }
                self.elements(place, Mode::Elided(value));
            }
            TypeData::Vector { .. } if self.types.is_scalar(self.ty(value)) && !self.recovering => {
                if self.hooked(hook::INITIALIZER) {
                    self.lint_missing_braces(value);
                }
                self.elements(place, Mode::Elided(value));
            }
            _ => self.scalar(place, value),
        }
    }

    /// A flexible array member's elements lie behind the record.
    fn flexible(&mut self, place: Place, len: ArrayLen, n: u64) {
        if len == ArrayLen::Incomplete
            && let TypeData::Array { element, .. } = self.types.get(place.ty)
        {
            if !self.init.is_static && n > 0 {
                let loc = self.loc();
                self.error(loc, "non-static initialization of a flexible array member");
            }
            let size = self.types.size(element).unwrap_or(0);
            self.init.end = self.init.end.max(place.offset.saturating_add(n.saturating_mul(size)));
        }
    }

    /// One expression stored as a whole: scalars, records from records.
    fn scalar(&mut self, place: Place, value: NodeId) {
        let value = self.rvalue(value);
        let value = self.assign_convert(value, place.ty, &Context::Init);
        match self.op(value) {
            NodeOp::IntConst | NodeOp::FloatConst | NodeOp::WideConst => {}
            NodeOp::Error => return,
            _ if self.init.is_static => {
                if self.flatten_loaded(value, place) {
                    return;
                }
                if self.unevaluated == 0 && consts::evaluate(&self.ast, &self.types, value).is_none() {
                    return self.not_constant(value);
                }
            }
            _ => {}
        }
        let size = self.types.size(place.ty).unwrap_or(0);
        self.push_item(place, value, size);
    }

    #[cold]
    fn not_constant(&mut self, value: NodeId) {
        let loc = self.loc_of(value);
        self.error(loc, "initializer element is not constant");
    }

    #[inline]
    fn push_item(&mut self, place: Place, value: NodeId, size: u64) {
        let item = InitItem { offset: place.offset, value, size, bit: place.bit, width: place.width };
        self.init.end = self.init.end.max(item.end());
        // Bit-fields share bytes: they never count as covering them.
        if place.width == 0 {
            self.init.covered = self.init.covered.saturating_add(size);
        }
        self.pending_items.push(item);
    }

    fn is_character_array(&self, ty: QualTy) -> bool {
        match self.types.get(ty) {
            TypeData::Array { element, .. } => self.types.integer(element).is_some(),
            _ => false,
        }
    }

    /// Is the expression a string literal that fits the array's element type (6.7.9p14, p15)?
    fn is_string_for(&self, value: NodeId, ty: QualTy) -> bool {
        let data = &self.ast.nodes[value];
        if data.op != NodeOp::Str {
            return false;
        }
        let TypeData::Array { element, .. } = self.types.get(ty) else { return false };
        let Some(basic) = self.types.integer(element) else { return false };
        basic != Basic::Bool && self.types.basic_size(basic) == u64::from(self.unit.strings[StrId(data.a)].char_size)
    }

    /// Stores a string literal into a character array; the array's length.
    fn string_item(&mut self, place: Place, value: NodeId) -> u64 {
        let data = self.ast.nodes[value];
        let string = &self.unit.strings[StrId(data.a)];
        let char_size = u64::from(string.char_size);
        let n = string.bytes.len() as u64 / char_size;
        let limit = match self.types.get(place.ty) {
            TypeData::Array { len, .. } => self.types.array_len(len),
            _ => None,
        };
        let length = limit.unwrap_or(n);
        // The terminating zero may be cut off.
        if n - 1 > length {
            let loc = self.loc_of(value);
            let shown = match self.types.get(place.ty) {
                TypeData::Array { element, .. } => self.quoted(self.types.unqualified(element)),
                _ => String::new(),
            };
            let text = format!("initializer-string for array of {shown} is too long");
            self.warn("", loc, &text);
        }
        self.push_item(place, value, length * char_size);
        length
    }

    /// The declaration behind a compound literal with static storage whose initialiser is in this tree.
    fn static_literal(&self, value: NodeId) -> Option<u32> {
        let data = &self.ast.nodes[value];
        if data.op != NodeOp::Decl {
            return None;
        }
        let decl = DeclId(data.a);
        if !self.unit.decls[decl].name.is_none() {
            return None;
        }
        self.ast.static_inits.iter().find(|s| s.0 == decl).map(|s| s.1)
    }

    /// `static struct s x = (struct s){ … };`: the literal's items are the object's (GNU).
    fn flatten_loaded(&mut self, value: NodeId, place: Place) -> bool {
        let data = self.ast.nodes[value];
        data.op == NodeOp::Load && self.flatten_literal(NodeId(data.a), place)
    }

    fn flatten_literal(&mut self, literal: NodeId, place: Place) -> bool {
        let Some(number) = self.static_literal(literal) else { return false };
        if number == u32::MAX {
            return true;
        }
        let init = self.ast.inits[number as usize].clone();
        for idx in init.first..init.first + init.n {
            let item = self.ast.init_items[idx as usize];
            let item = InitItem { offset: place.offset.saturating_add(item.offset), ..item };
            self.init.end = self.init.end.max(item.end());
            self.pending_items.push(item);
        }
        self.init.gaps = true;
        true
    }

    /// `(ty){ … }` behind the type (6.5.2.5): an unnamed object.
    pub(super) fn compound_literal(&mut self, ty: QualTy, pos: Pos) -> NodeId {
        let loc = Loc::at(pos);
        if self.types.is_function(ty) || self.types.is_vla(ty) || self.types.is_void(ty) {
            let text = if self.types.is_vla(ty) {
                "compound literal has variable size"
            } else {
                "compound literal has incomplete or function type"
            };
            self.error(loc, text);
            self.skip_braces();
            return self.poison(pos);
        }
        if self.function.is_none() {
            let mut data = blank_decl(Name::NONE, ty, pos);
            data.linkage = Linkage::None;
            data.definition = Definition::Defined;
            data.used = true;
            let decl = self.unit.decls.push(data);
            let (ty, init) = self.initializer(ty, loc, true);
            self.unit.decls[decl].ty = ty;
            if self.unevaluated == 0 {
                self.ast.static_inits.push((decl, init));
            }
            return self.checked_literal(NodeOp::Decl, ty, decl.0, 0, pos);
        }
        let local = self.new_local(Name::NONE, ty, false);
        self.ast.locals[local].address_taken = true;
        let (ty, init) = self.initializer(ty, loc, false);
        self.ast.locals[local].ty = ty;
        self.checked_literal(NodeOp::CompoundLocal, ty, local.0, init, pos)
    }

    fn checked_literal(&mut self, op: NodeOp, ty: QualTy, a: u32, b: u32, pos: Pos) -> NodeId {
        if self.types.size(ty).is_none() {
            if !self.types.is_error(ty) {
                let text = format!("invalid use of undefined type {}", self.quoted(ty));
                self.error(Loc::at(pos), &text);
            }
            return self.poison(pos);
        }
        self.node(op, ty, a, b, 0, pos)
    }
}

/// What a field designator selects.
enum Designated {
    /// The member with this number; the designator is taken.
    Here(u32),
    /// Something in the anonymous member with this number; the designator is still to be read.
    Within(u32),
    Error,
}

/// What is known of the initialiser at hand.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct InitState {
    pub is_static: bool,
    /// End of the last item, in bytes.
    pub end: u64,
    /// Bytes that items store, counted without regard to overlaps.
    pub covered: u64,
    /// Some item may have been skipped or stored twice.
    pub gaps: bool,
    /// The innermost brace around the value at hand, until something was said about what is in it.
    pub brace: Pos,
}

fn has_effect(op: NodeOp) -> bool {
    matches!(
        op,
        NodeOp::Assign
            | NodeOp::AssignOp
            | NodeOp::PreInc
            | NodeOp::PreDec
            | NodeOp::PostInc
            | NodeOp::PostDec
            | NodeOp::Call
            | NodeOp::Builtin
            | NodeOp::VaArg
            | NodeOp::StmtExpr
            | NodeOp::CompoundLocal
    )
}
