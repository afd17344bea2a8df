//! Statements (6.8).

use super::{Loc, Meaning, OpenSwitch, Parser, Space};
use crate::ast::{NodeId, NodeOp, ScopeInfo, SwitchData};
use crate::attributes::Attributes;
use crate::lint::statement::Guard;
use crate::lint::switch::SwitchFacts;
use crate::token::{Tok, Token};
use crate::types::{Basic, LabelId, QualTy};
use crate::warnings::{Warning, hook};
use base::ids::Id;
use base::{Name, Pos};

const VOID: QualTy = Basic::Void.qual();

impl Parser<'_> {
    /// A block in braces, a scope of its own.
    pub(super) fn compound_statement(&mut self) -> NodeId {
        let pos = self.pos();
        if !self.expect(Tok::LBrace) {
            return self.poison(pos);
        }
        if !self.enter() {
            return self.poison(pos);
        }
        let scope = self.open_scope();
        let number = self.open_debug_scope(pos);
        let first = self.statements.len();
        self.block_items();
        let end = self.pos();
        if !self.expect(Tok::RBrace) {
            self.recovering = true;
        }
        let block = self.close_block(first, number, pos);
        self.close_debug_scope(number, end);
        self.close_scope(scope);
        self.leave();
        self.ambiguous_else = false;
        block
    }

    /// Opens a scope for debug information; its number.
    pub(super) fn open_debug_scope(&mut self, start: Pos) -> u32 {
        let number = self.ast.scopes.len() as u32;
        let parent = self.function.as_ref().map_or(0, |f| f.scope);
        self.ast.scopes.push(ScopeInfo { parent, start, end: start });
        if let Some(function) = &mut self.function {
            function.scope = number;
        }
        number
    }

    pub(super) fn close_debug_scope(&mut self, number: u32, end: Pos) {
        self.ast.scopes[number as usize].end = end;
        let parent = self.ast.scopes[number as usize].parent;
        if let Some(function) = &mut self.function {
            function.scope = parent;
        }
    }

    /// Makes a block of the statements collected since `first`.
    pub(super) fn close_block(&mut self, first: usize, scope: u32, pos: Pos) -> NodeId {
        let at = self.ast.lists.len() as u32;
        self.ast.lists.push((self.statements.len() - first) as u32);
        self.ast.lists.extend_from_slice(&self.statements[first..]);
        self.statements.truncate(first);
        self.node(NodeOp::Block, VOID, at, scope, 0, pos)
    }

    /// Declarations and statements up to the closing brace, pushed on [`Parser::statements`].
    pub(super) fn block_items(&mut self) {
        while self.at(Tok::KwLabel) {
            self.local_labels();
        }
        let (first_statement, mut n_declared) = (self.statements.len(), 0);
        let operators = self.operators;
        loop {
            self.operators = operators;
            let before = (self.tok.pos, self.tok.expansion);
            let kind = self.tok.kind;
            if self.hooked(hook::STATEMENT) && self.pp.is_on(Warning::DeclarationAfterStatement) {
                self.lint_mixed(first_statement, &mut n_declared);
            }
            match kind {
                Tok::RBrace | Tok::Eof => return,
                Tok::KwStaticAssert => self.static_assert(),
                // `__extension__` may start either.
                Tok::KwExtension => {
                    let next = self.peek();
                    if self.starts_type(next.kind, next.value) || next.kind == Tok::KwTypedef {
                        self.bump();
                        self.local_declaration();
                    } else {
                        let statement = self.statement();
                        self.statements.push(statement.0);
                    }
                }
                Tok::KwAttribute | Tok::LBracket => {
                    let mut attributes = Attributes::NONE;
                    let pos = self.pos();
                    self.attributes(&mut attributes);
                    if self.at(Tok::Semi) {
                        self.bump();
                        let node = self.node(NodeOp::Attribute, VOID, 0, 0, 0, pos);
                        self.statements.push(node.0);
                    } else if self.at_declaration() {
                        self.local_declaration_with(Some(&attributes));
                    } else {
                        let statement = self.statement();
                        self.statements.push(statement.0);
                    }
                }
                Tok::KwCase | Tok::KwDefault => {
                    self.label_is_item = true;
                    let statement = self.statement();
                    self.statements.push(statement.0);
                }
                Tok::Identifier => self.named_item(),
                _ if self.at_declaration() => self.local_declaration(),
                _ => {
                    let statement = self.statement();
                    self.statements.push(statement.0);
                }
            }
            if self.recovering {
                self.synchronize();
                if (self.tok.pos, self.tok.expansion) == before && !matches!(self.tok.kind, Tok::RBrace | Tok::Eof) {
                    self.bump();
                }
            }
        }
    }

    /// An item of a block that begins with an identifier: a label, a declaration or an expression.
    #[inline]
    fn named_item(&mut self) {
        let next = self.peek().kind;
        let statement = if next == Tok::Colon {
            self.label_is_item = true;
            self.statement()
        } else {
            match self.lookup(Space::Ordinary, Name(self.tok.value)).meaning {
                Meaning::Typedef => return self.local_declaration(),
                // `foo x`, `foo *x` where `foo` is nothing: gcc calls it an unknown type name.
                Meaning::Nothing
                    if matches!(next, Tok::Identifier | Tok::Star)
                        && self.meaning_of(Name(self.tok.value)).meaning == Meaning::Nothing =>
                {
                    return self.local_declaration();
                }
                _ => self.expression_statement(),
            }
        };
        self.statements.push(statement.0);
    }

    /// `__label__ a, b;`
    fn local_labels(&mut self) {
        self.bump();
        loop {
            if !self.at(Tok::Identifier) {
                self.missing("expected identifier");
                break;
            }
            let name = Name(self.tok.value);
            let pos = self.pos();
            let data = self.new_label(name, pos);
            let id = self.ast.labels.push(data);
            self.bind(Space::Label, name, Meaning::Label, id.0);
            self.bump();
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        self.expect(Tok::Semi);
    }

    /// One statement. What it calls stays out of it, as most of it is rare.
    pub(super) fn statement(&mut self) -> NodeId {
        match self.tok.kind {
            Tok::LBrace => self.compound_statement(),
            Tok::KwIf => self.if_statement(),
            Tok::KwReturn => self.return_statement(),
            Tok::Identifier => {
                if self.peek().kind == Tok::Colon {
                    return self.nested(Self::labeled_statement);
                }
                self.expression_statement()
            }
            _ => self.other_statement(),
        }
    }

    #[inline(never)]
    fn other_statement(&mut self) -> NodeId {
        let pos = self.pos();
        match self.tok.kind {
            Tok::KwWhile => self.scoped(Self::while_statement),
            Tok::KwDo => self.scoped(Self::do_statement),
            Tok::KwFor => self.nested(Self::for_statement),
            Tok::KwSwitch => self.scoped(Self::switch_statement),
            Tok::KwBreak => {
                let loc = self.loc();
                self.bump();
                if self.function.as_ref().is_none_or(|f| f.breakables == 0) {
                    self.error(loc, "break statement not within loop or switch");
                }
                self.expect(Tok::Semi);
                self.node(NodeOp::Break, VOID, 0, 0, 0, pos)
            }
            Tok::KwContinue => {
                let loc = self.loc();
                self.bump();
                if self.function.as_ref().is_none_or(|f| f.loops == 0) {
                    self.error(loc, "continue statement not within a loop");
                }
                self.expect(Tok::Semi);
                self.node(NodeOp::Continue, VOID, 0, 0, 0, pos)
            }
            Tok::KwGoto => self.goto_statement(),
            Tok::KwCase | Tok::KwDefault => self.nested(Self::case_statement),
            Tok::Semi => {
                self.bump();
                self.node(NodeOp::Empty, VOID, 0, 0, 0, pos)
            }
            Tok::KwAsm => self.asm_statement(),
            Tok::KwElse => {
                let loc = self.loc();
                self.syntax_error(loc, "‘else’ without a previous ‘if’");
                self.bump();
                self.poison(pos)
            }
            Tok::KwAttribute | Tok::LBracket => {
                let mut attributes = Attributes::NONE;
                self.attributes(&mut attributes);
                if self.pos() == pos {
                    // A bracket alone begins nothing.
                    return self.expression_statement();
                }
                if self.eat(Tok::Semi) {
                    return self.node(NodeOp::Attribute, VOID, 0, 0, 0, pos);
                }
                self.statement()
            }
            _ => {
                if self.at_declaration() {
                    let loc = self.loc();
                    let text = format!("expected expression before ‘{}’", self.spelled(&self.tok.clone()));
                    self.syntax_error(loc, &text);
                    return self.poison(pos);
                }
                self.expression_statement()
            }
        }
    }

    #[inline(never)]
    fn nested(&mut self, parse: fn(&mut Self) -> NodeId) -> NodeId {
        if !self.enter() {
            let pos = self.pos();
            return self.poison(pos);
        }
        let node = parse(self);
        self.leave();
        node
    }

    /// The same in a scope of its own (6.8.4p3, 6.8.5p5).
    fn scoped(&mut self, parse: fn(&mut Self) -> NodeId) -> NodeId {
        let scope = self.open_scope();
        let node = self.nested(parse);
        self.close_scope(scope);
        node
    }

    /// `expression ;`
    fn expression_statement(&mut self) -> NodeId {
        let pos = self.pos();
        let node = self.expression();
        let node = self.discarded(node);
        self.expect(Tok::Semi);
        self.node1(NodeOp::ExprStmt, VOID, node, pos)
    }

    /// The body of a control statement: a scope of its own (6.8.4p3).
    fn body(&mut self) -> NodeId {
        if self.at(Tok::LBrace) {
            return self.compound_statement();
        }
        let scope = self.open_scope();
        let node = if self.at_declaration() && !self.at(Tok::Identifier) && !self.at(Tok::KwAttribute) {
            let pos = self.pos();
            let text = format!("expected expression before ‘{}’", self.spelled(&self.tok.clone()));
            let loc = self.loc();
            self.syntax_error(loc, &text);
            self.poison(pos)
        } else {
            self.statement()
        };
        self.close_scope(scope);
        node
    }

    /// `( expression )` as a condition: a scalar rvalue.
    fn condition(&mut self) -> NodeId {
        self.expect(Tok::LParen);
        let loc = self.loc();
        let operators = self.operators;
        let node = self.expression();
        self.operators = operators;
        if self.hooked(hook::EXPRESSION) {
            self.lint_truth(node, self.last_paren == node, loc);
        }
        let node = self.condition_value(node);
        self.expect(Tok::RParen);
        node
    }

    /// A chain of `else if` is read in a loop, as generated ones are long.
    #[inline(never)]
    fn if_statement(&mut self) -> NodeId {
        let first_pos = self.pos();
        if !self.enter() {
            return self.poison(first_pos);
        }
        let from = self.words.len();
        let scope = self.open_scope();
        let mut otherwise = NodeId::NONE;
        loop {
            let (pos, word) = (self.pos(), self.tok);
            self.bump();
            let condition = self.condition();
            if self.recovering {
                break;
            }
            if self.hooked(hook::STATEMENT) {
                self.lint_repeated_condition(condition, from);
            }
            let then = self.guarded_body("if", word);
            self.words.extend([condition.0, then.0, pos.0]);
            let word = self.tok;
            if self.recovering || !self.eat(Tok::KwElse) {
                if self.ambiguous_else && self.hooked(hook::STATEMENT) {
                    let text = "suggest explicit braces to avoid ambiguous ‘else’";
                    self.lint(Warning::DanglingElse, Loc::at(pos), text);
                }
                self.ambiguous_else = self.words.len() > from + 3;
                break;
            }
            if !self.at(Tok::KwIf) {
                otherwise = self.guarded_body("else", word);
                self.ambiguous_else = true;
                break;
            }
        }
        self.close_scope(scope);
        self.leave();
        if self.recovering {
            self.words.truncate(from);
            return self.poison(first_pos);
        }
        // From the last one inwards.
        while self.words.len() > from {
            let at = self.words.len() - 3;
            let [condition, then, pos] = [self.words[at], self.words[at + 1], self.words[at + 2]];
            self.words.truncate(at);
            otherwise = self.node(NodeOp::If, VOID, condition, then, otherwise.0, Pos(pos));
        }
        otherwise
    }

    /// The body behind `if (…)` or `else`, which `word` is.
    #[inline]
    fn guarded_body(&mut self, name: &'static str, word: Token) -> NodeId {
        self.ambiguous_else = false;
        if !self.hooked(hook::STATEMENT) {
            return self.body();
        }
        self.linted_body(name, word)
    }

    #[inline(never)]
    fn linted_body(&mut self, name: &'static str, word: Token) -> NodeId {
        let first = self.tok;
        let loc = self.loc();
        let node = self.body();
        if first.kind == Tok::Semi && !(name == "if" && self.at(Tok::KwElse)) && matches!(name, "if" | "else") {
            self.lint_empty_body(name, loc);
        }
        self.lint_indentation(Guard { word: name, token: word, body: first });
        node
    }

    fn loop_body(&mut self, name: &'static str, word: Token) -> NodeId {
        if let Some(function) = &mut self.function {
            function.loops += 1;
            function.breakables += 1;
        }
        let body =
            if name != "do" && self.hooked(hook::STATEMENT) { self.linted_body(name, word) } else { self.body() };
        if let Some(function) = &mut self.function {
            function.loops -= 1;
            function.breakables -= 1;
        }
        body
    }

    #[inline(never)]
    fn while_statement(&mut self) -> NodeId {
        let (pos, word) = (self.pos(), self.tok);
        self.bump();
        let condition = self.condition();
        if self.recovering {
            return self.poison(pos);
        }
        let body = self.loop_body("while", word);
        self.node2(NodeOp::While, VOID, condition, body, pos)
    }

    #[inline(never)]
    fn do_statement(&mut self) -> NodeId {
        let (pos, word) = (self.pos(), self.tok);
        self.bump();
        let (semicolon, loc) = (self.at(Tok::Semi), self.loc());
        let body = self.loop_body("do", word);
        if self.recovering {
            return self.poison(pos);
        }
        if semicolon && self.hooked(hook::STATEMENT) {
            self.lint_empty_body("do", loc);
        }
        self.ambiguous_else = false;
        if !self.expect(Tok::KwWhile) {
            return self.poison(pos);
        }
        let condition = self.condition();
        self.expect(Tok::Semi);
        self.node2(NodeOp::DoWhile, VOID, body, condition, pos)
    }

    #[inline(never)]
    fn for_statement(&mut self) -> NodeId {
        let (pos, word) = (self.pos(), self.tok);
        self.bump();
        if !self.expect(Tok::LParen) {
            return self.poison(pos);
        }
        let scope = self.open_scope();
        let number = self.open_debug_scope(pos);
        let mut init = NodeId::NONE;
        let first = self.statements.len();
        if self.at(Tok::KwExtension) {
            self.bump();
        }
        if self.at_declaration() {
            self.local_declaration();
            // Several declarators: a block without a scope of its own.
            if self.statements.len() == first + 1 {
                init = NodeId(self.statements[first]);
                self.statements.truncate(first);
            } else if self.statements.len() > first {
                init = self.close_block(first, number, pos);
            }
        } else if !self.eat(Tok::Semi) {
            init = self.expression_statement();
            self.ast.nodes[init].pos = pos;
        }
        let mut condition = NodeId::NONE;
        if !self.recovering && !self.at(Tok::Semi) {
            let loc = self.loc();
            let node = self.expression();
            if self.hooked(hook::EXPRESSION) {
                self.lint_truth(node, self.last_paren == node, loc);
            }
            condition = self.condition_value(node);
        }
        self.expect(Tok::Semi);
        let mut step = NodeId::NONE;
        if !self.recovering && !self.at(Tok::RParen) {
            let node = self.expression();
            step = self.discarded(node);
        }
        self.expect(Tok::RParen);
        let body = if self.recovering { self.poison(pos) } else { self.loop_body("for", word) };
        let words = self.words.len();
        self.words.extend([init.0, condition.0, step.0, body.0]);
        let list = self.list_from(words);
        let end = self.previous().pos;
        self.close_debug_scope(number, end);
        self.close_scope(scope);
        self.node(NodeOp::For, VOID, list, number, 0, pos)
    }

    #[inline(never)]
    fn switch_statement(&mut self) -> NodeId {
        let (pos, word_loc) = (self.pos(), self.loc());
        self.bump();
        self.expect(Tok::LParen);
        let loc = self.loc();
        let value = self.expression();
        let value = self.rvalue(value);
        let ty = self.ty(value);
        let (of, boolean) = (self.enum_of(value), self.is_boolean(value));
        let value = match self.types.integer(ty) {
            Some(_) => self.promote(value),
            None => {
                if !self.types.is_error(ty) && !self.recovering {
                    self.error(loc, "switch quantity not an integer");
                }
                self.poison(pos)
            }
        };
        self.expect(Tok::RParen);
        if self.recovering {
            return self.poison(pos);
        }
        let number = self.ast.switches.len() as u32;
        self.ast.switches.push(SwitchData::default());
        let ty = self.ty(value);
        if let Some(function) = &mut self.function {
            function.switches.push(OpenSwitch { number, ty, seen: Vec::new(), default_pos: Pos::NONE });
            function.breakables += 1;
        }
        let body = self.body();
        let open = self.function.as_mut().and_then(|function| {
            function.breakables -= 1;
            function.switches.pop()
        });
        if let Some(open) = open.filter(|_| !self.recovering) {
            self.lint_switch(&SwitchFacts { loc: word_loc, value_loc: loc, of, boolean, body }, &open);
        }
        self.node(NodeOp::Switch, VOID, value.0, body.0, number, pos)
    }

    #[inline(never)]
    fn case_statement(&mut self) -> NodeId {
        let item = std::mem::take(&mut self.label_is_item);
        let pos = self.pos();
        let loc = self.loc();
        let is_case = self.at(Tok::KwCase);
        self.bump();
        let (mut low, mut high) = (None, None);
        if is_case {
            low = self.constant_expression_or("case label does not reduce to an integer constant", Name::NONE);
            high = low;
            if self.eat(Tok::Ellipsis) {
                high = self.constant_expression_or("case label does not reduce to an integer constant", Name::NONE);
            }
        }
        if is_case && low == high && !self.at(Tok::Colon) && !self.recovering {
            self.missing("expected ‘:’ or ‘...’");
        } else {
            self.expect(Tok::Colon);
        }
        if self.recovering {
            return self.poison(pos);
        }
        let Some(open) = self.function.as_ref().and_then(|f| f.switches.last()) else {
            let text = if is_case {
                "case label not within a switch statement"
            } else {
                "‘default’ label not within a switch statement"
            };
            self.error(loc, text);
            return self.labeled(item);
        };
        let number = open.number;
        if !is_case {
            let before = open.default_pos;
            if !before.is_none() {
                self.error_note(
                    loc,
                    "multiple default labels in one switch",
                    before,
                    "this is the first default label",
                );
            }
            if let Some(open) = self.function.as_mut().and_then(|f| f.switches.last_mut()) {
                open.default_pos = loc.pos;
            }
            self.ast.switches[number as usize].has_default = true;
            let inner = self.labeled(item);
            return self.node(NodeOp::Default, VOID, number, 0, inner.0, pos);
        }
        let (Some(low), Some(high)) = (low, high) else { return self.labeled(item) };
        let entry = self.add_case(number, low, high, loc);
        let inner = self.labeled(item);
        match entry {
            Some(entry) => self.node(NodeOp::Case, VOID, number, entry, inner.0, pos),
            None => inner,
        }
    }

    fn add_case(&mut self, number: u32, low: i128, high: i128, loc: Loc) -> Option<u32> {
        let ty = self.function.as_ref()?.switches.last()?.ty;
        let basic = self.types.integer(ty)?;
        let (low, high) = (self.types.wrap(basic, low), self.types.wrap(basic, high));
        if low > high {
            self.warn("", loc, "empty range specified");
            // Nothing can match: a case behind the last value of the type is none at all.
            return None;
        }
        let open = self.function.as_mut()?.switches.last_mut()?;
        // Cases mostly come in increasing order.
        let at = match open.seen.last() {
            Some(last) if last.0 < low => open.seen.len(),
            None => 0,
            _ => open.seen.partition_point(|s| s.0 < low),
        };
        let clash = open
            .seen
            .get(at)
            .filter(|s| s.0 <= high)
            .or(at.checked_sub(1).map(|b| &open.seen[b]).filter(|s| s.1 >= low));
        if let Some(&(_, _, pos)) = clash {
            let text = if low == high { "duplicate case value" } else { "duplicate (or overlapping) case value" };
            self.error_note(loc, text, pos, "previously used here");
            return None;
        }
        open.seen.insert(at, (low, high, loc.pos));
        let cases = &mut self.ast.switches[number as usize].cases;
        cases.push((low as i64, high as i64));
        Some(cases.len() as u32 - 1)
    }

    /// The statement behind a label. A declaration, or nothing before `}`, is accepted (C23, GNU). Behind a label that is
    /// an item of its block, another label is the next item: generated code has thousands in a row.
    fn labeled(&mut self, item: bool) -> NodeId {
        let pos = self.pos();
        let mut attributes = Attributes::NONE;
        self.attributes(&mut attributes);
        let colon = self.at(Tok::Identifier) && self.peek().kind == Tok::Colon;
        let declaration = self.at_declaration() && !colon;
        match self.tok.kind {
            // C23, and gcc in every dialect: the label stands for itself, the declaration is the block's next item.
            Tok::RBrace => self.node(NodeOp::Empty, VOID, 0, 0, 0, pos),
            _ if declaration => self.node(NodeOp::Empty, VOID, 0, 0, 0, pos),
            Tok::KwCase | Tok::KwDefault if item => self.node(NodeOp::Empty, VOID, 0, 0, 0, pos),
            Tok::Identifier if item && colon => self.node(NodeOp::Empty, VOID, 0, 0, 0, pos),
            _ => self.statement(),
        }
    }

    #[inline(never)]
    fn labeled_statement(&mut self) -> NodeId {
        let item = std::mem::take(&mut self.label_is_item);
        let pos = self.pos();
        let loc = self.loc();
        let name = Name(self.tok.value);
        let label = self.own_label(name);
        let data = &mut self.ast.labels[label];
        if data.defined {
            let before = data.pos;
            let text = format!("duplicate label ‘{}’", self.text(name));
            let note = format!("previous definition of ‘{}’ with type ‘void’", self.text(name));
            self.error_note(loc, &text, before, &note);
        } else {
            data.defined = true;
            data.pos = loc.pos;
        }
        self.bump();
        self.bump();
        let mut attributes = Attributes::NONE;
        self.attributes(&mut attributes);
        if attributes.has(crate::attributes::flag::UNUSED) {
            self.ast.labels[label].used = true;
        }
        let inner = self.labeled(item);
        self.node(NodeOp::Label, VOID, label.0, inner.0, 0, pos)
    }

    #[inline(never)]
    fn goto_statement(&mut self) -> NodeId {
        let pos = self.pos();
        self.bump();
        if self.eat(Tok::Star) {
            let node = self.expression();
            let node = self.rvalue(node);
            let void_pointer = self.types.pointer(VOID);
            let ty = self.ty(node);
            let node = if self.types.is_pointer(ty) || self.types.is_error(ty) {
                node
            } else {
                self.convert(node, void_pointer)
            };
            self.expect(Tok::Semi);
            return self.node1(NodeOp::GotoComputed, VOID, node, pos);
        }
        if !self.at(Tok::Identifier) {
            self.missing("expected identifier or ‘*’");
            return self.poison(pos);
        }
        let label: LabelId = self.label(Name(self.tok.value));
        if self.ast.labels[label].owner != self.current {
            self.ast.labels[label].nonlocal = true;
        }
        self.ast.labels[label].used = true;
        if !self.ast.labels[label].defined && self.ast.labels[label].pos > pos {
            // What is missing is shown where it is first needed.
            self.ast.labels[label].pos = pos;
        }
        self.bump();
        self.expect(Tok::Semi);
        self.node(NodeOp::Goto, VOID, label.0, 0, 0, pos)
    }

    #[inline(never)]
    fn return_statement(&mut self) -> NodeId {
        let pos = self.pos();
        let loc = self.loc();
        self.bump();
        let Some(function) = &self.function else { return self.poison(pos) };
        let (ret, decl, noreturn) = (function.ret, function.decl, function.noreturn);
        let decl_pos = self.unit.decls[decl].pos;
        if noreturn {
            self.warn("", loc, "function declared ‘noreturn’ has a ‘return’ statement");
        }
        if self.at(Tok::Semi) {
            if !self.types.is_void(ret) && !self.types.is_error(ret) && self.pp.options().standard.year >= 1999 {
                let text = "‘return’ with no value, in function returning non-void";
                self.warn_note("", loc, text, decl_pos, "declared here");
            }
            self.bump();
            return self.node(NodeOp::Return, VOID, NodeId::NONE.0, 0, 0, pos);
        }
        let value = self.expression();
        let value = self.rvalue(value);
        let value_loc = self.loc_of(value);
        let ty = self.ty(value);
        let value = if self.types.is_void(ret) {
            if !self.types.is_void(ty) && !self.types.is_error(ty) {
                let text = "‘return’ with a value, in function returning void";
                self.warn_note("", value_loc, text, decl_pos, "declared here");
            }
            // Evaluated for its effects.
            let dropped = if self.types.is_void(ty) { value } else { self.node1(NodeOp::VoidCast, VOID, value, pos) };
            let statement = self.node1(NodeOp::ExprStmt, VOID, dropped, pos);
            self.expect(Tok::Semi);
            let leave = self.node(NodeOp::Return, VOID, NodeId::NONE.0, 0, 0, pos);
            let first = self.statements.len();
            self.statements.extend([statement.0, leave.0]);
            let scope = self.function.as_ref().map_or(0, |f| f.scope);
            return self.close_block(first, scope, pos);
        } else {
            self.check_returned_address(value);
            self.assign_convert(value, ret, &crate::check::convert::Context::Return)
        };
        self.expect(Tok::Semi);
        self.node1(NodeOp::Return, VOID, value, pos)
    }

    /// `return &local;`
    fn check_returned_address(&mut self, value: NodeId) {
        let node = self.ast.nodes[value];
        if !matches!(node.op, NodeOp::AddrOf | NodeOp::Decay) {
            return;
        }
        let inner = self.ast.nodes[NodeId(node.a)];
        if inner.op == NodeOp::Local {
            let loc = Loc::at(node.pos);
            self.warn("return-local-addr", loc, "function returns address of local variable");
        }
    }

    /// `_Static_assert (constant, "text");`
    pub(super) fn static_assert(&mut self) {
        let loc = self.loc();
        self.bump();
        if !self.expect(Tok::LParen) {
            return;
        }
        let value = self.constant_expression("expression in static assertion is not an integer constant expression");
        let mut text = None;
        if self.eat(Tok::Comma) {
            if self.at(Tok::Str) {
                let token = self.tok;
                text = Some(self.spelled(&token));
                self.string_bytes();
            } else {
                self.missing("expected string literal");
            }
        }
        if value == Some(0) {
            let text = match text {
                Some(text) => format!("static assertion failed: {text}"),
                None => "static assertion failed".into(),
            };
            self.error(loc, &text);
        }
        self.expect(Tok::RParen);
        self.expect(Tok::Semi);
    }
}
