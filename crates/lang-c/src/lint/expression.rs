//! Operators whose operands say that something else was meant: missing parentheses, comparisons of what cannot be compared
//! so, tautologies.

use super::{Object, is_comparison};
use crate::ast::{NodeId, NodeOp};
use crate::parse::{Loc, Parser};
use crate::types::{Basic, TypeData};
use crate::warnings::Warning;
use base::Span;

/// A binary operator as it was written, before its operands are converted.
pub(crate) struct Operands {
    pub op: NodeOp,
    pub left: NodeId,
    pub left_paren: bool,
    pub right: NodeId,
    /// Of the operator.
    pub loc: Loc,
}

impl Parser<'_> {
    /// `&&` and `||`.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_logical(&mut self, o: &Operands) {
        let right_paren = self.last_paren == o.right;
        if o.op == NodeOp::LogOr && self.pp.is_on(Warning::Parentheses) {
            for (node, paren) in [(o.left, o.left_paren), (o.right, right_paren)] {
                if !paren && self.op(node) == NodeOp::LogAnd {
                    let loc = self.loc_of(node);
                    self.lint(Warning::Parentheses, loc, "suggest parentheses around ‘&&’ within ‘||’");
                    break;
                }
            }
        }
        let left_loc = self.start_of(o.left);
        let right_loc = self.start_of(o.right);
        self.lint_truth(o.left, o.left_paren, left_loc);
        self.lint_truth(o.right, right_paren, right_loc);
    }

    /// The other binary operators.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_binary(&mut self, o: &Operands) {
        let right_paren = self.last_paren == o.right;
        if self.pp.is_on(Warning::Parentheses) {
            self.lint_precedence(o, right_paren);
        }
        if is_comparison(o.op) {
            self.lint_not_compared(o, right_paren);
            self.lint_comparison(o);
        }
        match o.op {
            NodeOp::Shl | NodeOp::Shr => self.lint_shift(o),
            NodeOp::Div => self.lint_sizeof_division(o, right_paren),
            _ => {}
        }
    }

    /// Operators that bind otherwise than they look.
    fn lint_precedence(&mut self, o: &Operands, right_paren: bool) {
        let left = if o.left_paren { NodeOp::Error } else { self.op(o.left) };
        let right = if right_paren { NodeOp::Error } else { self.op(o.right) };
        let sides = [(left, o.left), (right, o.right)];
        let find = |wanted: &[NodeOp]| sides.iter().find(|side| wanted.contains(&side.0)).map(|side| side.1);
        let compared = || sides.iter().find(|side| is_comparison(side.0)).map(|side| side.1);
        let sign = match o.op {
            NodeOp::Shl => "<<",
            NodeOp::Shr => ">>",
            NodeOp::BitOr => "|",
            NodeOp::BitXor => "^",
            NodeOp::BitAnd => "&",
            NodeOp::Eq => "==",
            NodeOp::Ne => "!=",
            _ => "",
        };
        let found = match o.op {
            NodeOp::Shl | NodeOp::Shr => find(&[NodeOp::Add])
                .map(|node| (node, format!("suggest parentheses around ‘+’ inside ‘{sign}’")))
                .or_else(|| {
                    find(&[NodeOp::Sub]).map(|node| (node, format!("suggest parentheses around ‘-’ inside ‘{sign}’")))
                }),
            NodeOp::BitOr | NodeOp::BitXor => {
                let all = [NodeOp::BitAnd, NodeOp::Add, NodeOp::Sub, NodeOp::BitXor];
                let wanted = if o.op == NodeOp::BitOr { &all[..] } else { &all[..3] };
                find(wanted)
                    .map(|node| (node, format!("suggest parentheses around arithmetic in operand of ‘{sign}’")))
                    .or_else(|| {
                        compared()
                            .map(|node| (node, format!("suggest parentheses around comparison in operand of ‘{sign}’")))
                    })
            }
            NodeOp::BitAnd => find(&[NodeOp::Add])
                .map(|node| (node, "suggest parentheses around ‘+’ in operand of ‘&’".to_string()))
                .or_else(|| {
                    find(&[NodeOp::Sub])
                        .map(|node| (node, "suggest parentheses around ‘-’ in operand of ‘&’".to_string()))
                })
                .or_else(|| {
                    compared().map(|node| (node, "suggest parentheses around comparison in operand of ‘&’".to_string()))
                })
                .or_else(|| {
                    let text = "suggest parentheses around operand of ‘!’ or change ‘&’ to ‘&&’ or ‘!’ to ‘~’";
                    let mistaken = left == NodeOp::LogNot && !self.is_boolean(o.right);
                    mistaken.then(|| (o.left, text.to_string()))
                }),
            NodeOp::Eq | NodeOp::Ne => {
                compared().map(|node| (node, format!("suggest parentheses around comparison in operand of ‘{sign}’")))
            }
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge => {
                find(&[NodeOp::Lt, NodeOp::Gt, NodeOp::Le, NodeOp::Ge])
                    .map(|node| (node, "comparisons like ‘X<=Y<=Z’ do not have their mathematical meaning".to_string()))
            }
            _ => None,
        };
        if let Some((node, text)) = found {
            let loc = self.loc_of(node);
            self.lint(Warning::Parentheses, loc, &text);
        }
    }

    /// A warning at the operator, with its operands underlined.
    fn lint_operands(&mut self, warning: Warning, o: &Operands, text: &str) {
        let (left, right) = (self.start_of(o.left), self.start_of(o.right));
        let last = self.previous();
        let plain = [left, right, o.loc, last].iter().all(|loc| loc.expansion == 0);
        let (left_end, right_end) = (self.operand_end(o.loc.pos), self.end_of(last.pos));
        self.lint_with(warning, o.loc, text, |diag| {
            if plain && left.pos < left_end && right.pos < right_end {
                diag.range(Span::new(left.pos, left_end)).range(Span::new(right.pos, right_end))
            } else {
                diag
            }
        });
    }

    /// `!x == y`.
    fn lint_not_compared(&mut self, o: &Operands, right_paren: bool) {
        if o.left_paren || self.op(o.left) != NodeOp::LogNot || !self.pp.is_on(Warning::LogicalNotParentheses) {
            return;
        }
        let inner = crate::ast::NodeId(self.ast.nodes[o.left].a);
        let twice = self.op(inner) == NodeOp::LogNot;
        let right_not = !right_paren && self.op(o.right) == NodeOp::LogNot;
        let against_zero = matches!(o.op, NodeOp::Eq | NodeOp::Ne) && self.int_value(o.right) == Some(0);
        if twice || right_not || against_zero || self.is_boolean(o.right) || self.is_boolean(inner) {
            return;
        }
        let text = "logical not is only applied to the left hand side of comparison";
        let start = self.loc_of(o.left);
        let end = self.operand_end(o.loc.pos);
        let note = "add parentheses around left hand side expression to silence this warning";
        self.lint_with(Warning::LogicalNotParentheses, o.loc, text, |diag| {
            let diag = diag.note(Span::at(start.pos), note);
            if start.expansion == 0 && !end.is_none() {
                diag.note_fixit(Span::at(start.pos), "(").note_fixit(Span::at(end), ")")
            } else {
                diag
            }
        });
    }

    /// The position behind the last character before `pos` that is no blank.
    fn operand_end(&self, pos: base::Pos) -> base::Pos {
        let Some(file) = self.pp.map.file_of(pos) else { return base::Pos::NONE };
        let start = self.pp.map.start(file);
        let before = self.pp.map.bytes(start, pos.0.saturating_sub(start.0));
        let blanks = before.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
        base::Pos(pos.0 - blanks as u32)
    }

    fn lint_comparison(&mut self, o: &Operands) {
        let (left, right) = (self.ty(o.left), self.ty(o.right));
        if self.types.is_error(left) || self.types.is_error(right) {
            return;
        }
        self.lint_enum_compare(o);
        self.lint_addresses(o);
        self.lint_tautology(o);
        let (Some(x), Some(y)) = (self.types.arith(left), self.types.arith(right)) else { return };
        if (x.is_float() || y.is_float()) && matches!(o.op, NodeOp::Eq | NodeOp::Ne) {
            self.lint_operands(Warning::FloatEqual, o, "comparing floating-point with ‘==’ or ‘!=’ is unsafe");
        }
        if !x.is_integer() || !y.is_integer() || self.unevaluated > 0 {
            return;
        }
        if self.pp.is_on(Warning::BoolCompare) && self.lint_bool_compare(o) {
            return;
        }
        if self.pp.is_on(Warning::TypeLimits) && self.lint_type_limits(o) {
            return;
        }
        if self.pp.is_on(Warning::SignCompare) {
            self.lint_sign_compare(o);
        }
    }

    fn lint_enum_compare(&mut self, o: &Operands) {
        if !self.pp.is_on(Warning::EnumCompare) {
            return;
        }
        let (TypeData::Enum(x), TypeData::Enum(y)) =
            (self.types.get(self.ty(o.left)), self.types.get(self.ty(o.right)))
        else {
            return;
        };
        if x != y {
            let (left, right) = (self.types.unqualified(self.ty(o.left)), self.types.unqualified(self.ty(o.right)));
            let text = format!("comparison between {} and {}", self.quoted(left), self.quoted(right));
            self.lint_operands(Warning::EnumCompare, o, &text);
        }
    }

    /// What an address is of that cannot be null: a variable or function.
    pub(crate) fn addressed_object(&self, node: NodeId) -> Option<Object> {
        let data = &self.ast.nodes[node];
        let inner = match data.op {
            NodeOp::Local | NodeOp::Decl if self.types.is_array(data.ty) || self.types.is_function(data.ty) => node,
            NodeOp::AddrOf | NodeOp::Decay | NodeOp::FunctionDecay => NodeId(data.a),
            _ => return None,
        };
        let object = self.object_of(inner)?;
        match object {
            Object::Decl(decl) if self.unit.decls[decl].weak => None,
            Object::Local(local) if self.ast.locals[local].name == crate::types::NO_NAME => None,
            _ => Some(object),
        }
    }

    fn lint_addresses(&mut self, o: &Operands) {
        // Not in macros, as gcc: they test what callers may give.
        let quiet = o.loc.expansion != 0 || !self.pp.is_on(Warning::Address);
        if quiet || !matches!(o.op, NodeOp::Eq | NodeOp::Ne) {
            return;
        }
        for (node, other) in [(o.left, o.right), (o.right, o.left)] {
            let null = self.op(other) == NodeOp::IntConst && self.ast.nodes[other].int_value() == 0;
            if self.op(node) == NodeOp::Str {
                if !null {
                    self.lint_operands(
                        Warning::Address,
                        o,
                        "comparison with string literal results in unspecified behavior",
                    );
                    return;
                }
                continue;
            }
            if !null {
                continue;
            }
            if let Some(object) = self.addressed_object(node) {
                let value = if o.op == NodeOp::Eq { "false" } else { "true" };
                let name = self.object_name(object);
                let text = format!(
                    "the comparison will always evaluate as ‘{value}’ for the address of ‘{name}’ will never be NULL"
                );
                let pos = self.object_pos(object);
                self.lint_note(Warning::Address, o.loc, &text, pos, &format!("‘{name}’ declared here"));
                return;
            }
        }
    }

    fn lint_tautology(&mut self, o: &Operands) {
        if !self.pp.is_on(Warning::TautologicalCompare) || o.loc.expansion != 0 {
            return;
        }
        let from_macro = self.loc_of(o.left).expansion != 0 || self.loc_of(o.right).expansion != 0;
        let float = self.types.arith(self.ty(o.left)).is_some_and(|basic| basic.is_float() || basic.is_complex());
        let constant = self.int_value(o.left).is_some();
        let cast = super::is_conversion(self.op(o.left)) && self.op(o.left) != NodeOp::Load;
        if from_macro
            || float
            || constant
            || cast
            || self.has_constant_index(o.left)
            || self.has_effects(o.left, 0)
            || !self.same_value(o.left, o.right, 0)
        {
            return;
        }
        let value = matches!(o.op, NodeOp::Eq | NodeOp::Le | NodeOp::Ge);
        self.lint_operands(Warning::TautologicalCompare, o, &format!("self-comparison always evaluates to {value}"));
    }

    /// `a[5]`, `a[N]`: tests of macros' values compare those.
    fn has_constant_index(&self, node: NodeId) -> bool {
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            let data = &self.ast.nodes[node];
            if data.op == NodeOp::PtrAdd && self.int_value(NodeId(data.b)).is_some() {
                return true;
            }
            self.children(node, &mut todo);
        }
        false
    }

    /// A boolean against a constant that it cannot have. True: said so.
    fn lint_bool_compare(&mut self, o: &Operands) -> bool {
        let (value, other, swapped) = match (self.int_value(o.left), self.int_value(o.right)) {
            (None, Some(value)) => (value, o.left, false),
            (Some(value), None) => (value, o.right, true),
            _ => return false,
        };
        if !self.is_boolean(other) {
            return false;
        }
        // As if the constant stood on the right.
        let op = match (o.op, swapped) {
            (NodeOp::Lt, true) => NodeOp::Gt,
            (NodeOp::Gt, true) => NodeOp::Lt,
            (NodeOp::Le, true) => NodeOp::Ge,
            (NodeOp::Ge, true) => NodeOp::Le,
            (op, _) => op,
        };
        let result = match (op, value) {
            (NodeOp::Eq | NodeOp::Ne, 0 | 1) => return false,
            (NodeOp::Eq, _) => false,
            (NodeOp::Ne, _) => true,
            (NodeOp::Lt, value) if value <= 0 => false,
            (NodeOp::Lt, value) if value > 1 => true,
            (NodeOp::Gt, value) if value >= 1 => false,
            (NodeOp::Gt, value) if value < 0 => true,
            (NodeOp::Le, value) if value < 0 => false,
            (NodeOp::Le, value) if value >= 1 => true,
            (NodeOp::Ge, value) if value > 1 => false,
            (NodeOp::Ge, value) if value <= 0 => true,
            _ => return false,
        };
        let text = format!("comparison of constant ‘{value}’ with boolean expression is always {result}");
        self.lint_operands(Warning::BoolCompare, o, &text);
        true
    }

    /// `u < 0`, `c == 300`. True: said so.
    fn lint_type_limits(&mut self, o: &Operands) -> bool {
        let (value, other, swapped) = match (self.int_value(o.left), self.int_value(o.right)) {
            (None, Some(value)) => (value, o.left, false),
            (Some(value), None) => (value, o.right, true),
            _ => return false,
        };
        let Some(basic) = self.types.integer(self.ty(other)) else { return false };
        let constant = if swapped { o.left } else { o.right };
        let (Some(x), Some(y)) = (self.operand_basic(other), self.operand_basic(constant)) else { return false };
        let common = self.common_type(x, y);
        let op = match (o.op, swapped) {
            (NodeOp::Lt, true) => NodeOp::Gt,
            (NodeOp::Gt, true) => NodeOp::Lt,
            (NodeOp::Le, true) => NodeOp::Ge,
            (NodeOp::Ge, true) => NodeOp::Le,
            (op, _) => op,
        };
        if value == 0 && !self.types.is_signed(common) {
            let (sign, result) = match (op, swapped) {
                (NodeOp::Lt, _) => ("<", false),
                (NodeOp::Ge, _) => (">=", true),
                _ => return false,
            };
            let text = format!("comparison of unsigned expression in ‘{sign} 0’ is always {result}");
            self.lint_operands(Warning::TypeLimits, o, &text);
            return true;
        }
        // Only what was widened can be compared with more than it holds.
        let bits = self.types.bits(basic);
        if bits >= self.types.bits(common) || basic == Basic::Bool || self.bit_field(other).is_some() {
            return false;
        }
        let signed = self.types.is_signed(basic);
        let low = if signed { -(1i128 << (bits - 1)) } else { 0 };
        let high = if signed { (1i128 << (bits - 1)) - 1 } else { (1i128 << bits) - 1 };
        let value = self.types.wrap(common, value);
        if !self.types.is_signed(common) && signed {
            return false;
        }
        let result = match op {
            NodeOp::Eq if value < low || value > high => false,
            NodeOp::Ne if value < low || value > high => true,
            NodeOp::Lt if value > high => true,
            NodeOp::Lt if value <= low => false,
            NodeOp::Le if value >= high => true,
            NodeOp::Le if value < low => false,
            NodeOp::Gt if value >= high => false,
            NodeOp::Gt if value < low => true,
            NodeOp::Ge if value > high => false,
            NodeOp::Ge if value <= low => true,
            _ => return false,
        };
        let text = format!("comparison is always {result} due to limited range of data type");
        self.lint_operands(Warning::TypeLimits, o, &text);
        true
    }

    fn lint_sign_compare(&mut self, o: &Operands) {
        let (Some(x), Some(y)) = (self.operand_basic(o.left), self.operand_basic(o.right)) else { return };
        let common = self.common_type(x, y);
        let (left, right) = (self.types.integer(self.ty(o.left)), self.types.integer(self.ty(o.right)));
        let (Some(left), Some(right)) = (left, right) else { return };
        let signed = (self.types.is_signed(left), self.types.is_signed(right));
        if self.types.is_signed(common) || signed.0 == signed.1 {
            return;
        }
        let (signed_one, unsigned_one) = if signed.0 { (o.left, o.right) } else { (o.right, o.left) };
        if self.is_nonnegative(signed_one, 0) {
            return;
        }
        if let Some(value) = self.int_value(unsigned_one) {
            let fits = self.types.wrap(common.signed(), value) == value;
            let equality = matches!(o.op, NodeOp::Eq | NodeOp::Ne);
            let is_enum = matches!(self.types.get(self.ty(unsigned_one)), TypeData::Enum(_));
            if fits && (equality || is_enum) {
                return;
            }
        }
        let (left, right) = (self.types.unqualified(self.ty(o.left)), self.types.unqualified(self.ty(o.right)));
        let text = format!(
            "comparison of integer expressions of different signedness: {} and {}",
            self.quoted(left),
            self.quoted(right)
        );
        self.lint_operands(Warning::SignCompare, o, &text);
    }

    fn lint_shift(&mut self, o: &Operands) {
        if o.op == NodeOp::Shl
            && self.unevaluated == 0
            && self.int_value(o.left).is_some_and(|value| value < 0)
            && self.pp.options().standard.year >= 1999
        {
            self.lint_operands(Warning::ShiftNegativeValue, o, "left shift of negative value");
        }
    }

    /// `sizeof p / sizeof *p`, where `p` is a pointer.
    fn lint_sizeof_division(&mut self, o: &Operands, right_paren: bool) {
        if right_paren || !self.pp.is_on(Warning::SizeofPointerDiv) {
            return;
        }
        let find = |node: NodeId| self.sizeofs.iter().rev().find(|row| row.node == node).copied();
        let (Some(left), Some(right)) = (find(o.left), find(o.right)) else { return };
        let Some(element) = self.types.pointee(left.ty) else { return };
        if let Some(Object::Local(local)) = left.object
            && self.ast.locals[local].array_param
        {
            return;
        }
        if self.types.is_array(left.ty) || !self.types.compatible_unqualified(element, right.ty) {
            return;
        }
        let text = format!(
            "division ‘sizeof ({}) / sizeof ({})’ does not compute the number of array elements",
            self.types.show(&self.pp.names, self.types.unqualified(left.ty)),
            self.types.show(&self.pp.names, self.types.unqualified(right.ty))
        );
        let pos = left.object.map_or(base::Pos::NONE, |object| self.object_pos(object));
        self.lint_note(Warning::SizeofPointerDiv, o.loc, &text, pos, "first ‘sizeof’ operand was declared here");
    }

    /// `~b` of something true or false.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_complement(&mut self, operand: NodeId, loc: Loc) {
        if !self.is_boolean(operand) || matches!(self.op(operand), NodeOp::BitAnd | NodeOp::BitOr | NodeOp::BitXor) {
            return;
        }
        let of_bool = self.types.integer(self.ty(operand)) == Some(Basic::Bool);
        let text =
            if of_bool { "‘~’ on an expression of type ‘_Bool’" } else { "‘~’ on a boolean expression" };
        self.lint_with(Warning::BoolOperation, loc, text, |diag| {
            let place = diag.span;
            let bang = Span::new(place.lo, place.lo.offset(1));
            diag.note(Span::at(place.lo), "did you mean to use logical not?").note_fixit(bang, "!")
        });
    }

    /// A cast from one pointer type to another.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_pointer_cast(&mut self, from: crate::types::QualTy, to: crate::types::QualTy, loc: Loc) {
        let (Some(a), Some(b)) = (self.types.pointee(from), self.types.pointee(to)) else { return };
        let function = self.types.is_function(a) || self.types.is_function(b);
        let lost = self.types.quals(a).0 & !self.types.quals(b).0;
        if !function && lost & (crate::types::Quals::CONST.0 | crate::types::Quals::VOLATILE.0) != 0 {
            let word = match lost & 3 {
                1 => "const",
                2 => "volatile",
                _ => "const volatile",
            };
            let text = format!("cast discards ‘{word}’ qualifier from pointer target type");
            self.lint(Warning::CastQual, loc, &text);
        }
        if self.types.is_function(a) && self.types.is_function(b) {
            if !self.types.compatible_unqualified(a, b)
                && !self.is_any_function(a)
                && !self.is_any_function(b)
                && !self.functions_agree(a, b)
            {
                let (shown, wanted) = (self.quoted(from), self.quoted(to));
                let text = format!("cast between incompatible function types from {shown} to {wanted}");
                self.lint(Warning::CastFunctionType, loc, &text);
            }
            return;
        }
        // Only with =strict is this asked for on a machine that reads anywhere.
        let strict = self.pp.options().warnings.is_named(Warning::CastAlign)
            && self.pp.options().warnings.level(Warning::CastAlign) == Some(1);
        if strict
            && !function
            && !self.types.is_void(a)
            && !self.types.is_void(b)
            && self.types.size(a).is_some()
            && self.types.size(b).is_some()
            && self.types.align(b) > self.types.align(a)
        {
            self.lint(Warning::CastAlign, loc, "cast increases required alignment of target type");
        }
    }

    /// `void (*)(void)`, to which gcc lets every function be cast.
    fn is_any_function(&self, ty: crate::types::QualTy) -> bool {
        matches!(
            self.types.get(ty),
            TypeData::Function { ret, n_params: 0, .. } if self.types.is_void(ret)
        )
    }

    /// Are results and parameters passed alike: all pointers, integers of one size?
    fn functions_agree(&self, a: crate::types::QualTy, b: crate::types::QualTy) -> bool {
        let (
            TypeData::Function { ret: x, params: p, n_params: n, shape: s },
            TypeData::Function { ret: y, params: q, n_params: m, shape: t },
        ) = (self.types.get(a), self.types.get(b))
        else {
            return false;
        };
        let alike = |x: crate::types::QualTy, y: crate::types::QualTy| {
            self.types.compatible_unqualified(x, y)
                || self.types.is_pointer(x) && self.types.is_pointer(y)
                || self.types.integer(x).is_some()
                    && self.types.integer(y).is_some()
                    && self.types.size(x) == self.types.size(y)
        };
        use crate::types::FunctionShape::{Unprototyped, Variadic};
        let result = self.types.is_void(y) || alike(x, y);
        if s == Unprototyped || t == Unprototyped {
            return result;
        }
        let (first, second) = (self.types.params(p, n), self.types.params(q, m));
        let n_common = match (s, t) {
            (Variadic, Variadic) | (Variadic, _) if n <= m => n as usize,
            (_, Variadic) if m <= n => m as usize,
            _ if n == m => n as usize,
            _ => return false,
        };
        result && first.iter().zip(second).take(n_common).all(|(&x, &y)| alike(x, y))
    }

    /// `sizeof a`, where `a` is a parameter declared as an array.
    pub(crate) fn lint_sizeof_parameter(&mut self, operand: NodeId) {
        let local = self.ast.locals[crate::types::LocalId(self.ast.nodes[operand].a)];
        if local.array_param {
            let ty = self.types.unqualified(local.ty);
            let name = self.text(local.name);
            let text = format!("‘sizeof’ on array function parameter ‘{name}’ will return size of {}", self.quoted(ty));
            let loc = self.loc_of(operand);
            self.lint_note(Warning::SizeofArrayArgument, loc, &text, local.pos, "declared here");
        }
    }

    /// An array subscript of type `char`, a pointer to `void` that is added to.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_subscript(&mut self, index: NodeId, loc: Loc) {
        let ty = self.types.canon(self.ty(index));
        if ty.basic() == Some(Basic::Char) && self.int_value(index).is_none() {
            self.lint(Warning::CharSubscripts, loc, "array subscript has type ‘char’");
        }
    }

    /// Arithmetic on pointers to what has no size.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_pointer_arithmetic(&mut self, element: crate::types::QualTy, what: &str, loc: Loc) {
        let text = if self.types.is_void(element) {
            match what {
                "" => "pointer of type ‘void *’ used in arithmetic".to_string(),
                "subtraction" => "pointer of type ‘void *’ used in subtraction".to_string(),
                verb => format!("wrong type argument to {verb}"),
            }
        } else if self.types.is_function(element) {
            match what {
                "" => "pointer to a function used in arithmetic".to_string(),
                "subtraction" => "pointer to a function used in subtraction".to_string(),
                verb => format!("wrong type argument to {verb}"),
            }
        } else {
            return;
        };
        self.lint(Warning::PointerArith, loc, &text);
    }
}
