//! Values that are computed for nothing (`-Wunused-value`), and objects that one expression changes more than once between
//! sequence points (C11 6.5p2, `-Wsequence-point`).

use super::{Object, is_comparison, is_conversion};
use crate::ast::{NodeId, NodeOp};
use crate::parse::{Loc, Parser};
use crate::warnings::Warning;
use base::ids::Id;

/// What an expression does to an object, without a sequence point to the rest of it.
#[derive(Clone, Copy)]
struct Access {
    object: Object,
    write: bool,
    /// The node that does it.
    node: NodeId,
}

/// Accesses kept of one expression: what is longer is not plain.
const MAX_ACCESSES: usize = 64;

impl Parser<'_> {
    /// All statements of a function's body.
    pub(crate) fn lint_effects(&mut self, body: NodeId) {
        let values = self.values_of_statement_expressions();
        let mut todo = vec![body];
        let mut parts = Vec::new();
        while let Some(node) = todo.pop() {
            let data = self.ast.nodes[node];
            match data.op {
                NodeOp::ExprStmt => {
                    let value = NodeId(data.a);
                    self.lint_sequence(value);
                    if !values.contains(&node) {
                        let start = self.start_of(value);
                        self.lint_dropped(value, start);
                    }
                }
                NodeOp::Comma => {
                    let left = NodeId(data.a);
                    if self.is_dropped(left) && !self.has_effects(left, 0) {
                        let loc = self.loc_of(node);
                        self.lint(Warning::UnusedValue, loc, "left-hand operand of comma expression has no effect");
                    }
                }
                NodeOp::For => {
                    let step = NodeId(self.ast.list(data.a)[2]);
                    if !step.is_none() {
                        let start = self.start_of(step);
                        self.lint_dropped(step, start);
                        self.lint_sequence(step);
                    }
                }
                NodeOp::If | NodeOp::While | NodeOp::Switch | NodeOp::Return if data.a != NodeId::NONE.0 => {
                    self.lint_sequence(NodeId(data.a));
                }
                NodeOp::DoWhile => self.lint_sequence(NodeId(data.b)),
                _ => {}
            }
            parts.clear();
            self.children(node, &mut parts);
            todo.extend_from_slice(&parts);
        }
    }

    /// The last statements of `({ … })`: their values are used.
    pub(crate) fn values_of_statement_expressions(&self) -> Vec<NodeId> {
        let mut values = Vec::new();
        for data in self.ast.nodes.iter().filter(|data| data.op == NodeOp::StmtExpr) {
            let block = &self.ast.nodes[NodeId(data.a)];
            if block.op != NodeOp::Block {
                continue;
            }
            let Some(&last) = self.ast.list(block.a).last() else { continue };
            let mut last = NodeId(last);
            while self.op(last) == NodeOp::Label {
                last = NodeId(self.ast.nodes[last].b);
            }
            values.push(last);
        }
        values
    }

    /// Is it an expression with a value that somebody wrote?
    fn is_dropped(&self, node: NodeId) -> bool {
        let data = &self.ast.nodes[node];
        !matches!(data.op, NodeOp::VoidCast | NodeOp::Error | NodeOp::VlaType) && !self.types.is_void(data.ty)
    }

    /// `node` stands as a statement, which begins at `start`.
    fn lint_dropped(&mut self, node: NodeId, start: Loc) {
        if !self.is_dropped(node) {
            return;
        }
        let data = self.ast.nodes[node];
        if !self.has_effects(node, 0) {
            let loc = if data.op == NodeOp::Comma { start } else { self.loc_of(node) };
            return self.lint(Warning::UnusedValue, loc, "statement with no effect");
        }
        if data.op == NodeOp::Comma {
            let mut right = node;
            while self.op(right) == NodeOp::Comma {
                right = NodeId(self.ast.nodes[right].b);
            }
            if !self.has_effects(right, 0) && self.is_dropped(right) && self.int_value(right).is_none() {
                let loc = self.loc_of(node);
                self.lint(Warning::UnusedValue, loc, "right-hand operand of comma expression has no effect");
            }
            return;
        }
        let mut value = node;
        loop {
            let data = self.ast.nodes[value];
            match data.op {
                NodeOp::LogAnd | NodeOp::LogOr => value = NodeId(data.b),
                NodeOp::Comma => {
                    if self.int_value(NodeId(data.b)).is_some() {
                        return;
                    }
                    value = NodeId(data.b);
                }
                _ => break,
            }
        }
        let data = self.ast.nodes[value];
        let computed = super::is_pure_binary(data.op)
            || matches!(data.op, NodeOp::Neg | NodeOp::BitNot | NodeOp::LogNot)
            || matches!(data.op, NodeOp::Deref | NodeOp::Member)
                && !self.types.quals(data.ty).has(crate::types::Quals::VOLATILE);
        if computed && !self.types.is_void(data.ty) {
            let loc = self.loc_of(value);
            self.lint(Warning::UnusedValue, loc, "value computed is not used");
        }
    }

    // ---- Sequence points ----

    fn lint_sequence(&mut self, node: NodeId) {
        if self.pp.is_on(Warning::SequencePoint) {
            let mut told = Vec::new();
            let _ = self.accesses(node, 0, &mut told);
        }
    }

    fn collide(&mut self, one: &[Access], other: &[Access], told: &mut Vec<Object>) {
        for x in one {
            for y in other {
                if x.object == y.object && (x.write || y.write) && !told.contains(&x.object) {
                    told.push(x.object);
                    // The write that the other one does not see is shown: the later one of two.
                    let shown = match (x.write, y.write) {
                        (true, true) if x.node > y.node => x,
                        (true, false) => x,
                        _ => y,
                    };
                    let loc = self.loc_of(shown.node);
                    let text = format!("operation on ‘{}’ may be undefined", self.object_name(x.object));
                    self.lint(Warning::SequencePoint, loc, &text);
                }
            }
        }
    }

    /// What evaluating `node` reads and writes.
    fn accesses(&mut self, node: NodeId, depth: u32, told: &mut Vec<Object>) -> Vec<Access> {
        if node.is_none() || depth > 100 {
            return Vec::new();
        }
        let data = self.ast.nodes[node];
        let (a, b, c) = (NodeId(data.a), NodeId(data.b), NodeId(data.c));
        let mut list = match data.op {
            NodeOp::Load => match self.object_of(a) {
                Some(object) => vec![Access { object, write: false, node: a }],
                None => self.accesses(a, depth + 1, told),
            },
            NodeOp::Assign | NodeOp::AssignOp => {
                let target = self.object_of(a);
                let mut left = if target.is_some() { Vec::new() } else { self.accesses(a, depth + 1, told) };
                let right = self.accesses(b, depth + 1, told);
                let writes = |list: &[Access]| -> Vec<Access> { list.iter().copied().filter(|x| x.write).collect() };
                self.collide(&writes(&left), &right, told);
                self.collide(&left, &writes(&right), told);
                if let Some(object) = target {
                    let own = Access { object, write: true, node };
                    self.collide(&[own], &writes(&right), told);
                    left.push(own);
                }
                left.extend(right);
                left
            }
            NodeOp::PreInc | NodeOp::PreDec | NodeOp::PostInc | NodeOp::PostDec => match self.object_of(a) {
                Some(object) => vec![Access { object, write: true, node }],
                None => self.accesses(a, depth + 1, told),
            },
            NodeOp::LogAnd | NodeOp::LogOr => {
                let mut list = self.accesses(a, depth + 1, told);
                list.extend(self.accesses(b, depth + 1, told));
                list
            }
            NodeOp::Comma => {
                let _ = self.accesses(a, depth + 1, told);
                self.accesses(b, depth + 1, told)
            }
            NodeOp::Cond => {
                let mut list = self.accesses(a, depth + 1, told);
                list.extend(self.accesses(b, depth + 1, told));
                list.extend(self.accesses(c, depth + 1, told));
                list
            }
            NodeOp::Call => {
                let mut all: Vec<Access> = self.accesses(a, depth + 1, told);
                for at in 0..self.ast.list(data.b).len() {
                    let argument = NodeId(self.ast.list(data.b)[at]);
                    let next = self.accesses(argument, depth + 1, told);
                    self.collide(&all, &next, told);
                    all.extend(next);
                    if all.len() > MAX_ACCESSES {
                        break;
                    }
                }
                // The call is a sequence point after all of them.
                Vec::new()
            }
            op if super::is_pure_binary(op) || is_comparison(op) => {
                let mut left = self.accesses(a, depth + 1, told);
                let right = self.accesses(b, depth + 1, told);
                self.collide(&left, &right, told);
                left.extend(right);
                left
            }
            op if is_conversion(op) => self.accesses(a, depth + 1, told),
            NodeOp::Deref | NodeOp::Member | NodeOp::MemberRvalue | NodeOp::AddrOf if self.object_of(a).is_none() => {
                self.accesses(a, depth + 1, told)
            }
            NodeOp::Neg | NodeOp::BitNot | NodeOp::LogNot => self.accesses(a, depth + 1, told),
            _ => Vec::new(),
        };
        list.truncate(MAX_ACCESSES);
        list
    }
}
