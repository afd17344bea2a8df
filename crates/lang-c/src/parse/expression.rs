//! Expressions (6.5): recursive descent for primary, postfix and unary forms, precedence climbing for binary ones.

use super::{Loc, Meaning, Parser, Space};
use crate::ast::{NodeId, NodeOp};
use crate::builtins::{self, How};
use crate::check::operators::binary_op;
use crate::lint::SizeofOperand;
use crate::lint::expression::Operands;
use crate::token::Tok;
use crate::types::{Basic, FieldId, LocalId, QualTy, TypeData};
use crate::warnings::hook;
use base::ids::Id;
use base::{Name, Pos};

const INT: QualTy = Basic::Int.qual();

/// Binding strength of a binary operator; 0 for other tokens. `?:` is 1, assignment stands apart.
#[inline(always)]
fn precedence(kind: Tok) -> u8 {
    STRENGTHS[kind as usize]
}

/// A table, as this is asked behind every operand.
static STRENGTHS: [u8; 256] = {
    let mut strengths = [0; 256];
    let mut kind = 0;
    while kind < 256 {
        strengths[kind] = strength(Tok::KINDS[kind]);
        kind += 1;
    }
    strengths
};

const fn strength(kind: Tok) -> u8 {
    match kind {
        Tok::Question => 1,
        Tok::PipePipe => 2,
        Tok::AmpAmp => 3,
        Tok::Pipe => 4,
        Tok::Caret => 5,
        Tok::Amp => 6,
        Tok::EqEq | Tok::Ne => 7,
        Tok::Lt | Tok::Gt | Tok::Le | Tok::Ge => 8,
        Tok::Shl | Tok::Shr => 9,
        Tok::Plus | Tok::Minus => 10,
        Tok::Star | Tok::Slash | Tok::Percent => 11,
        _ => 0,
    }
}

impl Parser<'_> {
    /// `a, b, c`: an expression, perhaps an lvalue.
    #[inline]
    pub(crate) fn expression(&mut self) -> NodeId {
        let node = self.assignment();
        if self.at(Tok::Comma) { self.comma_rest(node) } else { node }
    }

    /// The same behind its first operand, in front of a comma.
    #[inline(never)]
    fn comma_rest(&mut self, mut node: NodeId) -> NodeId {
        while self.at(Tok::Comma) {
            let pos = self.pos();
            if !self.count_operator() {
                return self.poison(pos);
            }
            self.bump();
            let left = self.discarded(node);
            let right = self.assignment();
            let right = self.rvalue(right);
            let ty = self.ty(right);
            node = self.node2(NodeOp::Comma, ty, left, right, pos);
        }
        node
    }

    /// An expression that may be an lvalue, for `typeof` and `asm`.
    pub(crate) fn expression_any(&mut self) -> NodeId {
        self.expression()
    }

    /// An assignment expression's value.
    pub(crate) fn assignment_value(&mut self) -> NodeId {
        let node = self.assignment();
        self.rvalue(node)
    }

    /// An assignment expression.
    #[inline]
    pub(crate) fn assignment(&mut self) -> NodeId {
        let left = self.cast_expression();
        // Most operands stand alone.
        match self.tok.kind {
            Tok::Comma | Tok::RParen | Tok::Semi | Tok::RBracket => left,
            _ => self.assignment_rest(left),
        }
    }

    /// The same behind its first operand.
    #[inline(never)]
    fn assignment_rest(&mut self, left: NodeId) -> NodeId {
        let left = if precedence(self.tok.kind) > 0 { self.binary_rest(left, 1) } else { left };
        match self.tok.kind {
            Tok::Eq => {
                let (loc, pos) = (self.loc(), self.pos());
                self.bump();
                if !self.enter() {
                    return self.poison(pos);
                }
                let right = self.assignment();
                self.leave();
                self.assign(left, right, loc, pos)
            }
            kind @ (Tok::StarEq
            | Tok::SlashEq
            | Tok::PercentEq
            | Tok::PlusEq
            | Tok::MinusEq
            | Tok::ShlEq
            | Tok::ShrEq
            | Tok::AmpEq
            | Tok::CaretEq
            | Tok::PipeEq) => {
                let (loc, pos) = (self.loc(), self.pos());
                self.bump();
                if !self.enter() {
                    return self.poison(pos);
                }
                let right = self.assignment();
                self.leave();
                self.compound_assign(binary_op(kind), left, right, loc, pos)
            }
            _ => left,
        }
    }

    /// Operands joined by operators that bind at least as strongly as `least`.
    #[inline]
    fn binary_expression(&mut self, least: u8) -> NodeId {
        let left = self.cast_expression();
        // No operator has strength 0, and nobody asks for it.
        if precedence(self.tok.kind) < least { left } else { self.binary_rest(left, least) }
    }

    /// The same behind its first operand.
    fn binary_rest(&mut self, mut left: NodeId, least: u8) -> NodeId {
        loop {
            let kind = self.tok.kind;
            let strength = precedence(kind);
            if strength < least {
                return left;
            }
            let (loc, pos) = (self.loc(), self.pos());
            if !self.count_operator() {
                return self.poison(pos);
            }
            let left_paren = self.last_paren == left;
            self.bump();
            match kind {
                Tok::Question => {
                    if self.hooked(hook::EXPRESSION) {
                        let start = self.start_of(left);
                        self.lint_truth(left, left_paren, start);
                    }
                    left = self.conditional_rest(left, loc, pos);
                    self.spelled_at(left, loc);
                }
                Tok::AmpAmp | Tok::PipePipe => {
                    let op = if kind == Tok::AmpAmp { NodeOp::LogAnd } else { NodeOp::LogOr };
                    let bare_left = left;
                    left = self.condition_value(left);
                    let dead = self.truth(left) == Some(kind == Tok::PipePipe);
                    self.unevaluated += u32::from(dead);
                    let right = self.binary_expression(strength + 1);
                    if self.hooked(hook::EXPRESSION) {
                        let operands = Operands { op, left: bare_left, left_paren, right, loc };
                        self.lint_logical(&operands);
                    }
                    let right = self.condition_value(right);
                    self.unevaluated -= u32::from(dead);
                    if self.op(left) == NodeOp::Error || self.op(right) == NodeOp::Error {
                        left = self.poison(pos);
                    } else {
                        left = self.logical(op, left, right, pos);
                    }
                }
                _ => {
                    let right = self.binary_expression(strength + 1);
                    let op = binary_op(kind);
                    if self.hooked(hook::EXPRESSION) {
                        self.lint_binary(&Operands { op, left, left_paren, right, loc });
                    }
                    left = self.binary(op, left, right, loc, pos);
                    self.spelled_at(left, loc);
                }
            }
        }
    }

    /// Behind `c ?`.
    #[inline(never)]
    fn conditional_rest(&mut self, condition: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let condition = self.condition_value(condition);
        if !self.enter() {
            return self.poison(pos);
        }
        let truth = self.truth(condition);
        let middle = if self.at(Tok::Colon) {
            None
        } else {
            self.unevaluated += u32::from(truth == Some(false));
            let node = self.expression();
            self.unevaluated -= u32::from(truth == Some(false));
            Some(node)
        };
        let middle = middle.map(|m| self.rvalue(m));
        self.expect(Tok::Colon);
        self.unevaluated += u32::from(truth == Some(true));
        let last = self.binary_expression(1);
        self.unevaluated -= u32::from(truth == Some(true));
        self.leave();
        self.conditional(condition, middle, last, loc, pos)
    }

    /// A cast, a compound literal, or a unary expression.
    ///
    /// Four of ten are a local variable, spelled where it stands: a way of their own that calls nothing.
    fn cast_expression(&mut self) -> NodeId {
        match self.tok.kind {
            Tok::Identifier => {}
            Tok::Number => return self.number_operand(),
            Tok::LParen => return self.parenthesis(),
            _ => return self.unary_expression(),
        }
        if self.tok.expansion == 0 && self.pp.is_ready() {
            let cell = self.lookup(Space::Ordinary, Name(self.tok.value));
            if cell.meaning == Meaning::Local
                && let Some(local) = self.ast.locals.get_mut(LocalId(cell.value))
                && local.owner == self.current
            {
                local.n_uses = local.n_uses.wrapping_add(1);
                let (ty, pos) = (local.ty, self.tok.pos);
                self.bump_ready();
                let node = self.node(NodeOp::Local, ty, cell.value, 0, 0, pos);
                return self.postfix(node);
            }
        }
        self.named_operand()
    }

    #[inline(never)]
    fn named_operand(&mut self) -> NodeId {
        let node = self.named();
        self.postfix(node)
    }

    /// A cast, or an operand that begins with a parenthesis.
    #[inline(never)]
    fn parenthesis(&mut self) -> NodeId {
        let next = self.peek();
        if self.starts_type(next.kind, next.value) {
            return self.cast_or_literal();
        }
        let node = self.parenthesized();
        self.postfix(node)
    }

    #[inline(never)]
    fn number_operand(&mut self) -> NodeId {
        let node = self.number();
        self.postfix(node)
    }

    /// `( expression )`
    #[inline]
    fn parenthesized(&mut self) -> NodeId {
        self.bump();
        if !self.enter() {
            let pos = self.prev_place();
            return self.poison(pos);
        }
        let node = if self.at(Tok::LBrace) { self.statement_expression() } else { self.expression() };
        self.leave();
        self.expect(Tok::RParen);
        self.last_paren = node;
        node
    }

    /// Behind a `(` that a type name follows.
    #[inline(never)]
    fn cast_or_literal(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        self.bump();
        if !self.enter() {
            return self.poison(pos);
        }
        let ty = self.type_name();
        self.expect(Tok::RParen);
        let node = if self.at(Tok::LBrace) {
            let literal = self.compound_literal(ty, pos);
            self.postfix(literal)
        } else {
            let operand = self.cast_expression();
            let vla = self.types.is_variably_modified(ty);
            let node = self.cast(ty, operand, loc, pos);
            if vla { self.after_vla(ty, node, pos) } else { node }
        };
        self.leave();
        node
    }

    /// `node`, with the sizes of a variable type evaluated before it.
    fn after_vla(&mut self, ty: QualTy, node: NodeId, pos: Pos) -> NodeId {
        self.ast.types.push(ty);
        let number = self.ast.types.len() as u32 - 1;
        let sizes = self.node(NodeOp::VlaType, Basic::Void.qual(), number, 0, 0, pos);
        let ty = self.ty(node);
        self.node2(NodeOp::Comma, ty, sizes, node, pos)
    }

    #[inline(never)]
    fn unary_expression(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        let kind = self.tok.kind;
        match kind {
            Tok::Minus
            | Tok::Plus
            | Tok::Tilde
            | Tok::Bang
            | Tok::Star
            | Tok::Amp
            | Tok::PlusPlus
            | Tok::MinusMinus => {
                self.bump();
                if !self.enter() {
                    return self.poison(pos);
                }
                let operand = self.cast_expression();
                self.leave();
                match kind {
                    Tok::Star => self.deref(operand, loc, pos),
                    Tok::Amp => self.address_of(operand, loc, pos),
                    Tok::PlusPlus => self.step(NodeOp::PreInc, operand, loc, pos),
                    Tok::MinusMinus => self.step(NodeOp::PreDec, operand, loc, pos),
                    _ => self.unary(kind, operand, loc, pos),
                }
            }
            Tok::KwSizeof => self.sizeof_expression(),
            Tok::KwAlignof => self.alignof_expression(),
            Tok::KwExtension => {
                self.bump();
                self.cast_expression()
            }
            Tok::KwReal | Tok::KwImag => {
                self.bump();
                if !self.enter() {
                    return self.poison(pos);
                }
                let operand = self.cast_expression();
                self.leave();
                self.complex_part(operand, kind == Tok::KwImag, loc, pos)
            }
            Tok::AmpAmp => {
                self.bump();
                if !self.at(Tok::Identifier) {
                    self.missing("expected identifier");
                    return self.poison(pos);
                }
                if self.function.is_none() {
                    self.error(loc, "label address outside of any function");
                    self.bump();
                    return self.poison(pos);
                }
                let label = self.label(Name(self.tok.value));
                self.ast.labels[label].address_taken = true;
                self.ast.labels[label].used = true;
                self.bump();
                let ty = self.types.pointer(Basic::Void.qual());
                self.node(NodeOp::LabelAddr, ty, label.0, 0, 0, pos)
            }
            _ => {
                let node = self.primary();
                self.postfix(node)
            }
        }
    }

    #[inline(never)]
    fn complex_part(&mut self, operand: NodeId, imaginary: bool, loc: Loc, pos: Pos) -> NodeId {
        let ty = self.ty(operand);
        let Some(basic) = self.types.arith(ty) else {
            if !self.types.is_error(ty) {
                let word = if imaginary { "__imag" } else { "__real" };
                let text = format!("wrong type argument to {word}");
                self.error(loc, &text);
            }
            return self.poison(pos);
        };
        if !basic.is_complex() {
            let value = self.rvalue(operand);
            let ty = self.ty(value);
            return if imaginary { self.zero_node(ty, pos) } else { value };
        }
        let part = basic.real_part().qual();
        let lvalue = self.is_lvalue(operand);
        let (op, part) = if lvalue {
            self.take_address(operand);
            let quals = self.types.quals(ty);
            (NodeOp::ComplexPart, part.with(quals))
        } else {
            (NodeOp::ComplexPartRvalue, part)
        };
        let node = self.node1(op, part, operand, pos);
        self.ast.nodes[node].aux = u16::from(imaginary);
        node
    }

    #[inline(never)]
    fn sizeof_expression(&mut self) -> NodeId {
        let (mut loc, pos) = (self.loc(), self.pos());
        self.bump();
        let before = self.ast.nodes.len();
        let words = self.words.len();
        self.unevaluated += 1;
        let mut is_type = false;
        let (mut ty, mut bit_field) = (Basic::Error.qual(), false);
        let mut of = None;
        if self.at(Tok::LParen) {
            let next = self.peek();
            if self.starts_type(next.kind, next.value) {
                self.bump();
                loc = self.loc();
                ty = self.type_name();
                self.expect(Tok::RParen);
                is_type = true;
                if self.at(Tok::LBrace) {
                    // `sizeof (type){…}` is of the literal.
                    let literal = self.compound_literal(ty, pos);
                    let operand = self.postfix(literal);
                    ty = self.ty(operand);
                    is_type = false;
                }
            }
        }
        if !is_type && self.types.is_error(ty) && !self.recovering {
            if !self.enter() {
                self.unevaluated -= 1;
                return self.poison(pos);
            }
            let operand = self.unary_operand();
            self.leave();
            ty = self.ty(operand);
            bit_field = self.bit_field(operand).is_some();
            if self.op(operand) == NodeOp::Local {
                self.lint_sizeof_parameter(operand);
            }
            if self.hooked(hook::CALL | hook::EXPRESSION) {
                of = self.sizeof_operand(operand, pos);
            }
        }
        self.unevaluated -= 1;
        self.words.truncate(words);
        if bit_field {
            self.error(loc, "‘sizeof’ applied to a bit-field");
        }
        if self.types.is_vla(ty) {
            let size = self.size_of(ty, loc, pos);
            return if is_type { self.after_vla(ty, size, pos) } else { size };
        }
        if !self.types.is_variably_modified(ty) {
            self.ast.nodes.truncate(before);
        }
        let node = self.size_of(ty, loc, pos);
        if self.hooked(hook::CALL | hook::EXPRESSION) {
            let of = of.unwrap_or(SizeofOperand { node, is_type, ty, object: None, pointee: false, pos });
            self.sizeofs.push(SizeofOperand { node, ..of });
        }
        node
    }

    /// What stands behind `sizeof`: a unary expression.
    fn unary_operand(&mut self) -> NodeId {
        match self.tok.kind {
            Tok::Identifier | Tok::Number | Tok::LParen => {
                let node = self.primary();
                self.postfix(node)
            }
            _ => self.unary_expression(),
        }
    }

    #[inline(never)]
    fn alignof_expression(&mut self) -> NodeId {
        let pos = self.pos();
        let loc = self.loc();
        let standard = self.pp.spelling(&self.tok) == b"_Alignof";
        self.bump();
        let before = self.ast.nodes.len();
        self.unevaluated += 1;
        let mut align = None;
        let mut ty = Basic::Error.qual();
        let mut is_type = false;
        if self.at(Tok::LParen) {
            let next = self.peek();
            if self.starts_type(next.kind, next.value) {
                self.bump();
                let given;
                (ty, given) = self.type_name_aligned();
                align = Some(given);
                self.expect(Tok::RParen);
                is_type = true;
            }
        }
        if !is_type {
            if !self.enter() {
                self.unevaluated -= 1;
                return self.poison(pos);
            }
            let operand = self.unary_operand();
            self.leave();
            ty = self.ty(operand);
            align = self.declared_align(operand);
        }
        self.unevaluated -= 1;
        if !self.types.is_variably_modified(ty) {
            self.ast.nodes.truncate(before);
        }
        let incomplete = match self.types.get(ty) {
            TypeData::Record(id) => !self.types.records[id].complete,
            _ => false,
        };
        if incomplete {
            let text = format!("invalid application of ‘_Alignof’ to incomplete type {}", self.quoted(ty));
            self.error(loc, &text);
            return self.poison(pos);
        }
        if self.types.is_error(ty) {
            return self.poison(pos);
        }
        // C's own word says what a member gets at least, which no machine's vectors change.
        let limit =
            if standard && self.vector_of(ty).is_some() { self.types.layout.max_align.into() } else { u32::MAX };
        let natural = self.types.align(ty).min(limit);
        let align = align.filter(|&a| a != 0).unwrap_or(natural);
        let size_ty = self.types.size_ty();
        self.int_node(i128::from(align), size_ty, pos)
    }

    /// The alignment a variable was declared with.
    fn declared_align(&self, node: NodeId) -> Option<u32> {
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::Local => Some(self.ast.locals[crate::types::LocalId(data.a)].align),
            NodeOp::Decl => Some(self.unit.decls[crate::types::DeclId(data.a)].align),
            _ => None,
        }
    }

    /// An identifier, or the call of a builtin.
    #[inline(always)]
    fn named(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        let name = Name(self.tok.value);
        self.bump();
        let call = self.at(Tok::LParen);
        self.identifier(name, call, loc, pos)
    }

    fn primary(&mut self) -> NodeId {
        match self.tok.kind {
            Tok::Identifier => self.named(),
            Tok::Number => self.number(),
            Tok::Char => self.character(),
            Tok::Str => self.string(),
            Tok::LParen => self.parenthesized(),
            Tok::KwGeneric => self.generic(),
            Tok::KwBuiltinVaArg => self.va_arg(),
            Tok::KwBuiltinOffsetof => self.offsetof(),
            Tok::KwBuiltinTypesCompatible => self.types_compatible(),
            Tok::KwBuiltinChooseExpr => self.choose_expr(),
            Tok::KwBuiltinConvertVector => self.convert_vector(),
            _ => self.expected_expression(),
        }
    }

    #[cold]
    #[inline(never)]
    fn expected_expression(&mut self) -> NodeId {
        let pos = self.pos();
        self.missing("expected expression");
        self.poison(pos)
    }

    /// Behind a primary expression: calls, subscripts, members, `++`.
    #[inline(always)]
    fn postfix(&mut self, node: NodeId) -> NodeId {
        match self.tok.kind {
            Tok::LParen | Tok::LBracket | Tok::Dot | Tok::Arrow | Tok::PlusPlus | Tok::MinusMinus => {
                self.postfix_rest(node)
            }
            _ => node,
        }
    }

    #[inline(never)]
    fn postfix_rest(&mut self, node: NodeId) -> NodeId {
        let mut node = node;
        loop {
            let kind = self.tok.kind;
            match kind {
                Tok::LParen => {
                    let pos = self.pos_of(node);
                    let loc = Loc { pos: self.ast.nodes[node].pos, expansion: 0 };
                    let from = self.words.len();
                    if !self.count_operator() || !self.arguments(true) {
                        self.words.truncate(from);
                        return self.poison(pos);
                    }
                    node = self.call(node, from, loc, pos);
                }
                Tok::LBracket => {
                    let (loc, pos) = (self.loc(), self.pos());
                    self.bump();
                    if !self.count_operator() || !self.enter() {
                        return self.poison(pos);
                    }
                    let index = self.expression();
                    self.leave();
                    self.expect(Tok::RBracket);
                    node = self.subscript(node, index, loc, pos);
                }
                Tok::Dot | Tok::Arrow => {
                    let pos = self.pos();
                    self.bump();
                    if !self.count_operator() {
                        return self.poison(pos);
                    }
                    if !self.at(Tok::Identifier) {
                        self.missing("expected identifier");
                        return self.poison(pos);
                    }
                    let name = Name(self.tok.value);
                    let known = self.known_member(node, kind == Tok::Arrow, name, pos);
                    if known.is_none() {
                        node = self.unknown_member(node, kind == Tok::Arrow, pos);
                    } else {
                        node = known;
                        self.bump();
                    }
                }
                Tok::PlusPlus | Tok::MinusMinus => {
                    let (loc, pos) = (self.loc(), self.pos());
                    self.bump();
                    let op = if kind == Tok::PlusPlus { NodeOp::PostInc } else { NodeOp::PostDec };
                    node = self.step(op, node, loc, pos);
                }
                _ => return node,
            }
        }
    }

    /// A member that is not found at once. Its name is the token at hand.
    #[inline(never)]
    fn unknown_member(&mut self, node: NodeId, arrow: bool, pos: Pos) -> NodeId {
        let loc = self.previous();
        let (name, name_loc) = (Name(self.tok.value), self.loc());
        self.bump();
        self.member(node, arrow, name, loc, name_loc, pos)
    }

    /// `( a, b )`, pushed on [`Parser::words`]: their values, or as they are. False: too deep.
    pub(crate) fn arguments(&mut self, values: bool) -> bool {
        self.bump();
        if !self.enter() {
            return false;
        }
        if !self.at(Tok::RParen) {
            loop {
                let mut arg = self.assignment();
                if values {
                    arg = self.rvalue(arg);
                }
                self.words.push(arg.0);
                if !self.eat(Tok::Comma) {
                    break;
                }
            }
        }
        self.leave();
        self.expect(Tok::RParen);
        true
    }

    /// The call of a builtin, in front of its `(`.
    pub(crate) fn builtin_arguments(&mut self, number: u32, loc: Loc, pos: Pos) -> NodeId {
        let from = self.words.len();
        let unevaluated = matches!(
            builtins::row(number).how,
            How::Special(
                builtins::Special::ConstantP | builtins::Special::ClassifyType | builtins::Special::ObjectSize
            )
        );
        self.unevaluated += u32::from(unevaluated);
        let ok = self.arguments(false);
        self.unevaluated -= u32::from(unevaluated);
        if !ok || self.recovering {
            self.words.truncate(from);
            return self.poison(pos);
        }
        self.builtin_call(number, from, loc, pos)
    }

    /// `({ … })`, behind the parenthesis.
    #[inline(never)]
    fn statement_expression(&mut self) -> NodeId {
        let pos = self.prev_place();
        if self.function.is_none() {
            let loc = self.loc();
            self.error(loc, "braced-group within expression allowed only inside a function");
            self.bump();
            self.skip_to_end_of_nesting();
            while self.at(Tok::Semi) {
                self.bump();
                self.skip_to_end_of_nesting();
            }
            self.eat(Tok::RBrace);
            return self.poison(pos);
        }
        let block = self.compound_statement();
        let mut ty = Basic::Void.qual();
        let data = self.ast.nodes[block];
        if data.op == NodeOp::Block
            && let Some(&last) = self.ast.list(data.a).last()
        {
            // The value is that of the last statement, behind its labels.
            let mut last = NodeId(last);
            loop {
                let node = self.ast.nodes[last];
                match node.op {
                    NodeOp::Label => last = NodeId(node.b),
                    NodeOp::ExprStmt => {
                        let value = self.rvalue(NodeId(node.a));
                        self.ast.nodes[last].a = value.0;
                        // The statement now comes before its value in the arena; it is the list that orders them.
                        ty = self.ty(value);
                        break;
                    }
                    _ => break,
                }
            }
        }
        self.node1(NodeOp::StmtExpr, ty, block, pos)
    }

    /// `_Generic (value, type: a, default: b)`
    #[inline(never)]
    fn generic(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        self.bump();
        if !self.expect(Tok::LParen) || !self.enter() {
            return self.poison(pos);
        }
        let before = self.ast.nodes.len();
        self.unevaluated += 1;
        let control = self.assignment_value();
        self.unevaluated -= 1;
        let control_ty = self.types.unqualified(self.ty(control));
        self.ast.nodes.truncate(before);
        let mut chosen: Option<NodeId> = None;
        let mut default: Option<NodeId> = None;
        let mut matched = false;
        while !self.recovering && self.eat(Tok::Comma) {
            let mut matches = false;
            let mut is_default = false;
            if self.eat(Tok::KwDefault) {
                is_default = true;
                if default.is_some() {
                    self.error(loc, "duplicate ‘default’ case in ‘_Generic’");
                }
            } else {
                let ty = self.type_name();
                matches = !matched && self.types.compatible(control_ty, ty);
                matched |= matches;
            }
            self.expect(Tok::Colon);
            let dead = !matches && !is_default;
            self.unevaluated += u32::from(dead);
            let value = self.assignment();
            self.unevaluated -= u32::from(dead);
            if matches {
                chosen = Some(value);
            } else if is_default {
                default = Some(value);
            }
        }
        self.leave();
        self.expect(Tok::RParen);
        if let Some(node) = chosen.or(default) {
            return node;
        }
        if !self.types.is_error(control_ty) {
            let text = format!(
                "‘_Generic’ selector of type {} is not compatible with any association",
                self.quoted(control_ty)
            );
            self.error(loc, &text);
        }
        self.poison(pos)
    }

    /// `__builtin_va_arg (list, type)`
    #[inline(never)]
    fn va_arg(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        self.bump();
        if !self.expect(Tok::LParen) || !self.enter() {
            return self.poison(pos);
        }
        let list = self.assignment();
        self.expect(Tok::Comma);
        let ty = self.type_name();
        self.leave();
        self.expect(Tok::RParen);
        let list = self.address_of_va_list(list, loc);
        if self.types.is_error(ty) || self.op(list) == NodeOp::Error {
            return self.poison(pos);
        }
        if self.types.size(ty).is_none() {
            let text = format!("second argument to ‘va_arg’ is of incomplete type {}", self.quoted(ty));
            self.error(loc, &text);
            return self.poison(pos);
        }
        let promoted = match self.types.arith(ty) {
            Some(Basic::Float) => Basic::Double,
            Some(b) => self.promoted_basic(b),
            None => Basic::Error,
        };
        if let Some(basic) = self.types.arith(ty)
            && promoted != basic
        {
            let text = format!(
                "{} is promoted to {} when passed through ‘...’",
                self.quoted(ty),
                self.quoted(promoted.qual())
            );
            self.warn("", loc, &text);
        }
        let ty = self.types.unqualified(ty);
        self.node1(NodeOp::VaArg, ty, list, pos)
    }

    /// `__builtin_offsetof (type, member.designator[index])`
    #[inline(never)]
    fn offsetof(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        self.bump();
        if !self.expect(Tok::LParen) || !self.enter() {
            return self.poison(pos);
        }
        let ty = self.type_name();
        self.expect(Tok::Comma);
        let null = self.types.pointer(ty);
        let base = self.int_node(0, null, pos);
        let mut node = self.node1(NodeOp::Deref, ty, base, pos);
        let mut first = true;
        loop {
            match self.tok.kind {
                Tok::Identifier if first => {
                    let name = Name(self.tok.value);
                    let name_loc = self.loc();
                    self.bump();
                    node = self.member(node, false, name, loc, name_loc, pos);
                }
                Tok::Dot | Tok::Arrow if !first => {
                    let arrow = self.at(Tok::Arrow);
                    self.bump();
                    if !self.at(Tok::Identifier) {
                        self.missing("expected identifier");
                        break;
                    }
                    let name = Name(self.tok.value);
                    let name_loc = self.loc();
                    self.bump();
                    node = self.member(node, arrow, name, loc, name_loc, pos);
                }
                Tok::LBracket if !first => {
                    self.bump();
                    let index = self.expression();
                    self.expect(Tok::RBracket);
                    node = self.subscript(node, index, loc, pos);
                }
                _ => break,
            }
            first = false;
        }
        self.leave();
        self.expect(Tok::RParen);
        if self.op(node) == NodeOp::Error {
            return node;
        }
        if self.bit_field(node).is_some() {
            let field = FieldId(self.ast.nodes[node].b);
            let text = format!(
                "attempt to take address of bit-field structure member ‘{}’",
                self.text(self.types.fields[field].name)
            );
            self.error(loc, &text);
            return self.poison(pos);
        }
        let address = self.address_of(node, loc, pos);
        let size_ty = self.types.size_ty();
        self.convert(address, size_ty)
    }

    #[inline(never)]
    fn types_compatible(&mut self) -> NodeId {
        let pos = self.pos();
        self.bump();
        if !self.expect(Tok::LParen) || !self.enter() {
            return self.poison(pos);
        }
        let a = self.type_name();
        self.expect(Tok::Comma);
        let b = self.type_name();
        self.leave();
        self.expect(Tok::RParen);
        // Qualifiers on top do not count; an enumeration is not its integer type here.
        let enums = matches!(self.types.get(a), TypeData::Enum(_)) != matches!(self.types.get(b), TypeData::Enum(_));
        let value = !enums && self.types.compatible_unqualified(a, b);
        self.int_node(i128::from(value), INT, pos)
    }

    #[inline(never)]
    fn choose_expr(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        self.bump();
        if !self.expect(Tok::LParen) || !self.enter() {
            return self.poison(pos);
        }
        let condition = self.assignment_value();
        let truth = self.folded_int(condition);
        if truth.is_none() && !self.types.is_error(self.ty(condition)) {
            self.error(loc, "first argument to ‘__builtin_choose_expr’ not a constant");
        }
        self.expect(Tok::Comma);
        let take_first = truth.is_some_and(|t| t != 0);
        self.unevaluated += u32::from(!take_first);
        let a = self.assignment();
        self.unevaluated -= u32::from(!take_first);
        self.expect(Tok::Comma);
        self.unevaluated += u32::from(take_first);
        let b = self.assignment();
        self.unevaluated -= u32::from(take_first);
        self.leave();
        self.expect(Tok::RParen);
        if take_first { a } else { b }
    }

    // ---- Constant expressions ----

    /// An integer constant expression; its nodes are dropped. `message` is reported when it is none.
    pub(crate) fn constant_expression(&mut self, message: &str) -> Option<i128> {
        self.constant_expression_or(message, Name::NONE)
    }

    /// The same, with the name of what needs it in the message: `… for ‘x’ is not an integer constant`.
    pub(crate) fn constant_expression_or(&mut self, message: &str, name: Name) -> Option<i128> {
        let loc = self.loc();
        let before = self.ast.nodes.len();
        let operators = self.operators;
        let node = self.binary_expression(1);
        self.operators = operators;
        let node = self.rvalue(node);
        let value = if self.types.integer(self.ty(node)).is_some() { self.folded_int(node) } else { None };
        if value.is_none() && !self.types.is_error(self.ty(node)) && !self.recovering {
            self.report_not_constant(message, name, loc);
        }
        self.ast.nodes.truncate(before);
        value
    }

    #[cold]
    fn report_not_constant(&mut self, message: &str, name: Name, loc: Loc) {
        let quoted = if name.is_none() { String::new() } else { format!("‘{}’ ", self.text(name)) };
        let message = match message {
            "bit-field width not an integer constant" => format!("bit-field {quoted}width not an integer constant"),
            "enumerator value is not an integer constant" if name.some().is_some() => {
                format!("enumerator value for {quoted}is not an integer constant")
            }
            other => other.to_string(),
        };
        self.error(loc, &message);
    }
}
