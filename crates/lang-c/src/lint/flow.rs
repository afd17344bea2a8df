//! Over the tree of a finished function, in the order in which it runs: does control reach the end of a function that must
//! return a value, does a case fall into the next one, is a variable read before anything was stored in it.
//!
//! What is not plain is left alone: a label that something goes to may be reached with everything assigned, a loop with all
//! that is assigned in it. That is what gcc sees at -O0, too.

use crate::ast::{FunctionDef, Linkage, NodeId, NodeOp};
use crate::builtins::Builtin;
use crate::parse::{Loc, Parser};
use crate::types::{DeclId, LabelId, LocalId, QualTy};
use crate::warnings::{Warning, hook};
use base::ids::Id;

/// A warning about a `static` function's body, given when the unit ends if something uses the function.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    decl: DeclId,
    warning: Warning,
    loc: Loc,
    text: &'static str,
}

/// Statements and expressions within one another that are walked.
const MAX_DEPTH: u32 = 1000;

/// Which variables some path has stored something in.
type Assigned = Vec<u64>;

struct Walk {
    assigned: Assigned,
    reachable: bool,
    /// Of each open loop or switch: what is assigned where it is left by `break`, if it is.
    breaks: Vec<Option<Assigned>>,
    /// Of each open loop: `continue` was seen.
    continues: Vec<bool>,
    /// Of each open switch: what was assigned at its head, if it is reached.
    heads: Vec<Option<Assigned>>,
    /// Conditions around the place at hand, and whether the function may have been left before it.
    conditions: u32,
    may_have_left: bool,
    /// Variables already told of, or not to be told of.
    told: Assigned,
    n_returns: u32,
    depth: u32,
}

fn has(set: &Assigned, local: LocalId) -> bool {
    set.get(local.0 as usize / 64).is_some_and(|word| word >> (local.0 % 64) & 1 != 0)
}

fn insert(set: &mut Assigned, local: LocalId) {
    if let Some(word) = set.get_mut(local.0 as usize / 64) {
        *word |= 1 << (local.0 % 64);
    }
}

fn join(into: &mut Assigned, other: &Assigned) {
    into.iter_mut().zip(other).for_each(|(a, b)| *a |= b);
}

/// Library functions that do not come back, for headers that do not say so.
static NO_RETURN: &[&str] = &["abort", "exit", "_exit", "_Exit", "quick_exit", "longjmp", "siglongjmp", "_longjmp"];

impl Parser<'_> {
    /// Everything that is checked of a whole function.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_function(&mut self, def: &FunctionDef, ret: QualTy, first_decl: usize) {
        // Where something is wrong, uses and ends are missing that the user sees.
        if self.ast.nodes.iter().any(|node| node.op == NodeOp::Error) {
            return;
        }
        if self.hooked(hook::UNUSED) {
            self.lint_unused_locals(def, first_decl);
        }
        if !self.hooked(hook::TREE) {
            return;
        }
        self.lint_effects(def.body);
        let n_words = self.ast.locals.len().div_ceil(64);
        let mut walk = Walk {
            assigned: vec![0; n_words],
            reachable: true,
            breaks: Vec::new(),
            continues: Vec::new(),
            heads: Vec::new(),
            conditions: 0,
            may_have_left: false,
            told: vec![0; n_words],
            n_returns: 0,
            depth: 0,
        };
        for (id, local) in self.ast.locals.enumerated() {
            // What has an address may be changed anywhere; arrays and structures are not looked into.
            if local.param || local.address_taken || self.types.is_array(local.ty) || self.types.is_record(local.ty) {
                insert(&mut walk.told, id);
            }
        }
        self.walk(&mut walk, def.body);
        self.check_end(&walk, def, ret);
    }

    fn check_end(&mut self, walk: &Walk, def: &FunctionDef, ret: QualTy) {
        let data = &self.unit.decls[def.decl];
        let c89_main = self.pp.options().standard.year < 1999;
        if !walk.reachable
            || self.types.is_void(ret)
            || self.types.is_error(ret)
            || data.noreturn
            || def.implicit_zero && !c89_main
        {
            return;
        }
        let internal = data.linkage != Linkage::External;
        if internal && walk.n_returns == 0 && !def.implicit_zero {
            let loc = self.line_start(def.end);
            return self.lint(Warning::ReturnType, loc, "no return statement in function returning non-void");
        }
        let text = "control reaches end of non-void function";
        self.lint_later(def, Warning::ReturnType, Loc::at(def.end), text);
    }

    /// Whether a condition is always true or false: also that of `assert(!"text")`, which is no constant expression.
    fn known_truth(&self, id: NodeId) -> Option<bool> {
        let node = &self.ast.nodes[id];
        match node.op {
            NodeOp::Decay => (self.ast.nodes[NodeId(node.a)].op == NodeOp::Str).then_some(true),
            NodeOp::LogNot => self.known_truth(NodeId(node.a)).map(|truth| !truth),
            _ => self.truth(id),
        }
    }

    /// gcc looks for the end of `static` functions only when something uses them.
    fn lint_later(&mut self, def: &FunctionDef, warning: Warning, loc: Loc, text: &'static str) {
        let data = &self.unit.decls[def.decl];
        if data.linkage == Linkage::External && !data.inline_only {
            return self.lint(warning, loc, text);
        }
        self.pending_lints.push(Pending { decl: def.decl, warning, loc, text });
    }

    /// At the end of the unit.
    pub(crate) fn lint_pending(&mut self) {
        for pending in std::mem::take(&mut self.pending_lints) {
            if self.unit.decls[pending.decl].used {
                self.lint(pending.warning, pending.loc, pending.text);
            }
        }
    }

    fn walk(&mut self, walk: &mut Walk, node: NodeId) {
        if node.is_none() {
            return;
        }
        if walk.depth > MAX_DEPTH {
            // A generated chain: nothing is known behind it.
            walk.reachable = false;
            walk.told.fill(u64::MAX);
            return;
        }
        walk.depth += 1;
        self.walk_statement(walk, node);
        walk.depth -= 1;
    }

    fn walk_statement(&mut self, walk: &mut Walk, node: NodeId) {
        let data = self.ast.nodes[node];
        let (a, b, c) = (NodeId(data.a), NodeId(data.b), NodeId(data.c));
        match data.op {
            NodeOp::Block => self.walk_block(walk, data.a),
            NodeOp::ExprStmt => self.walk_value(walk, a),
            NodeOp::LocalDecl => {
                self.walk_init(walk, LocalId(data.a), data.b);
            }
            NodeOp::If => {
                let truth = self.known_truth(a);
                self.walk_value(walk, a);
                let (before, reached) = (walk.assigned.clone(), walk.reachable);
                walk.conditions += u32::from(truth.is_none());
                walk.reachable = reached && truth != Some(false);
                self.walk(walk, b);
                let (then, then_reached) = (std::mem::replace(&mut walk.assigned, before), walk.reachable);
                walk.reachable = reached && truth != Some(true);
                self.walk(walk, c);
                walk.conditions -= u32::from(truth.is_none());
                merge(walk, &then, then_reached);
            }
            NodeOp::While => {
                self.assume_stores(walk, node);
                let truth = self.known_truth(a);
                self.walk_value(walk, a);
                let reached = walk.reachable;
                let left = walk.assigned.clone();
                walk.breaks.push(None);
                walk.continues.push(false);
                walk.conditions += 1;
                walk.reachable = reached && truth != Some(false);
                self.walk(walk, b);
                walk.conditions -= 1;
                walk.continues.pop();
                walk.assigned = left;
                walk.reachable = reached && truth != Some(true);
                leave(walk);
            }
            NodeOp::DoWhile => {
                self.assume_stores(walk, node);
                walk.breaks.push(None);
                walk.continues.push(false);
                self.walk(walk, a);
                let again = walk.continues.pop().unwrap_or(false);
                walk.reachable |= again;
                self.walk_value(walk, b);
                walk.reachable &= self.known_truth(b) != Some(true);
                leave(walk);
            }
            NodeOp::For => self.walk_for(walk, node, data.a),
            NodeOp::Switch => self.walk_switch(walk, &data),
            NodeOp::Case | NodeOp::Default => {
                if let Some(Some(head)) = walk.heads.last() {
                    let head = head.clone();
                    merge(walk, &head, true);
                }
                self.walk(walk, c);
            }
            NodeOp::Label => {
                if self.ast.labels[LabelId(data.a)].used {
                    walk.reachable = true;
                    walk.assigned.fill(u64::MAX);
                }
                self.walk(walk, b);
            }
            NodeOp::Goto | NodeOp::GotoComputed => {
                walk.may_have_left |= walk.reachable;
                walk.reachable = false;
            }
            NodeOp::Break => {
                if walk.reachable
                    && let Some(slot) = walk.breaks.last_mut()
                {
                    match slot {
                        Some(set) => join(set, &walk.assigned),
                        None => *slot = Some(walk.assigned.clone()),
                    }
                }
                walk.reachable = false;
            }
            NodeOp::Continue => {
                if let Some(last) = walk.continues.last_mut() {
                    *last |= walk.reachable;
                }
                walk.reachable = false;
            }
            NodeOp::Return => {
                walk.n_returns += 1;
                if !a.is_none() {
                    self.walk_value(walk, a);
                }
                walk.may_have_left |= walk.reachable;
                walk.reachable = false;
            }
            NodeOp::Asm => {
                let asm = self.ast.asms[data.a as usize].clone();
                for operand in &asm.inputs {
                    self.walk_value(walk, operand.node);
                }
                for operand in &asm.outputs {
                    self.store_to(walk, operand.node);
                }
            }
            _ => {}
        }
    }

    fn walk_init(&mut self, walk: &mut Walk, local: LocalId, init: u32) {
        if init == u32::MAX {
            // In a loop it lives anew each time, but gcc does not tell rounds apart either.
            return;
        }
        let init = self.ast.inits[init as usize].clone();
        for at in init.first..init.first + init.n {
            let value = self.ast.init_items[at as usize].value;
            if self.is_self(value, local) && !self.pp.is_on(Warning::InitSelf) {
                continue;
            }
            self.walk_value(walk, value);
        }
        insert(&mut walk.assigned, local);
    }

    fn is_self(&self, value: NodeId, local: LocalId) -> bool {
        self.object_of(self.bare(value)) == Some(super::Object::Local(local))
    }

    fn walk_block(&mut self, walk: &mut Walk, list: u32) {
        let n = self.ast.list(list).len();
        let mut before: Option<NodeId> = None;
        for at in 0..n {
            let node = NodeId(self.ast.list(list)[at]);
            if walk.reachable && matches!(self.op(node), NodeOp::Case | NodeOp::Default | NodeOp::Label) {
                self.check_fallthrough(before, node, self.ast.list(list).get(at + 1).map(|&next| NodeId(next)));
            }
            self.walk(walk, node);
            before = Some(node);
        }
    }

    fn walk_for(&mut self, walk: &mut Walk, node: NodeId, list: u32) {
        let [init, condition, step, body] = *self.ast.list(list) else { return };
        let condition = NodeId(condition);
        self.walk(walk, NodeId(init));
        self.assume_stores(walk, node);
        let truth = if condition.is_none() { Some(true) } else { self.truth(condition) };
        if !condition.is_none() {
            self.walk_value(walk, condition);
        }
        let (reached, left) = (walk.reachable, walk.assigned.clone());
        walk.breaks.push(None);
        walk.continues.push(false);
        walk.conditions += 1;
        walk.reachable = reached && truth != Some(false);
        self.walk(walk, NodeId(body));
        let again = walk.continues.pop().unwrap_or(false);
        walk.reachable |= again;
        if step != NodeId::NONE.0 {
            self.walk_value(walk, NodeId(step));
        }
        walk.conditions -= 1;
        walk.assigned = left;
        walk.reachable = reached && truth != Some(true);
        leave(walk);
    }

    fn walk_switch(&mut self, walk: &mut Walk, data: &crate::ast::Node) {
        self.walk_value(walk, NodeId(data.a));
        let has_default = self.ast.switches[data.c as usize].has_default;
        let reached = walk.reachable;
        walk.heads.push(reached.then(|| walk.assigned.clone()));
        walk.breaks.push(None);
        walk.conditions += 1;
        walk.reachable = false;
        self.walk(walk, NodeId(data.b));
        walk.conditions -= 1;
        let head = walk.heads.pop().flatten();
        if let Some(head) = head.filter(|_| !has_default) {
            merge(walk, &head, true);
        }
        leave(walk);
    }

    /// What a loop stores anywhere may have been stored when it is at its head again.
    fn assume_stores(&mut self, walk: &mut Walk, node: NodeId) {
        let mut todo = vec![node];
        while let Some(node) = todo.pop() {
            if node.is_none() {
                continue;
            }
            let data = self.ast.nodes[node];
            match data.op {
                NodeOp::Assign
                | NodeOp::AssignOp
                | NodeOp::PreInc
                | NodeOp::PreDec
                | NodeOp::PostInc
                | NodeOp::PostDec => {
                    if let Some(local) = self.stored_local(NodeId(data.a)) {
                        insert(&mut walk.assigned, local);
                    }
                }
                NodeOp::LocalDecl if data.b != u32::MAX => insert(&mut walk.assigned, LocalId(data.a)),
                NodeOp::Asm => {
                    for idx in 0..self.ast.asms[data.a as usize].outputs.len() {
                        let output = self.ast.asms[data.a as usize].outputs[idx].node;
                        if let Some(local) = self.stored_local(output) {
                            insert(&mut walk.assigned, local);
                        }
                    }
                }
                _ => {}
            }
            self.children(node, &mut todo);
        }
    }

    fn store_to(&self, walk: &mut Walk, lvalue: NodeId) {
        if let Some(local) = self.stored_local(lvalue) {
            insert(&mut walk.assigned, local);
        }
    }

    /// An expression, its parts in some order that C allows.
    fn walk_value(&mut self, walk: &mut Walk, node: NodeId) {
        if node.is_none() || walk.depth > MAX_DEPTH {
            return;
        }
        walk.depth += 1;
        self.walk_parts(walk, node);
        walk.depth -= 1;
    }

    fn walk_parts(&mut self, walk: &mut Walk, node: NodeId) {
        let data = self.ast.nodes[node];
        let (a, b, c) = (NodeId(data.a), NodeId(data.b), NodeId(data.c));
        match data.op {
            NodeOp::Load if self.op(a) == NodeOp::Local => {
                self.read_of(walk, LocalId(self.ast.nodes[a].a), a);
            }
            NodeOp::Assign => {
                self.walk_value(walk, b);
                self.walk_place(walk, a);
                self.store_to(walk, a);
            }
            NodeOp::AssignOp => {
                self.walk_value(walk, b);
                self.walk_place(walk, a);
                self.read_place(walk, a, node);
                self.store_to(walk, a);
            }
            NodeOp::PreInc | NodeOp::PreDec | NodeOp::PostInc | NodeOp::PostDec => {
                self.walk_place(walk, a);
                self.read_place(walk, a, node);
                self.store_to(walk, a);
            }
            NodeOp::LogAnd | NodeOp::LogOr => {
                self.walk_value(walk, a);
                let (before, reached) = (walk.assigned.clone(), walk.reachable);
                walk.conditions += 1;
                self.walk_value(walk, b);
                walk.conditions -= 1;
                merge(walk, &before, reached);
            }
            NodeOp::Cond => {
                self.walk_value(walk, a);
                let (before, reached) = (walk.assigned.clone(), walk.reachable);
                walk.conditions += 1;
                if !b.is_none() {
                    self.walk_value(walk, b);
                }
                let (then, then_reached) = (std::mem::replace(&mut walk.assigned, before), walk.reachable);
                walk.reachable = reached;
                self.walk_value(walk, c);
                walk.conditions -= 1;
                match self.known_truth(a) {
                    Some(true) => (walk.assigned, walk.reachable) = (then, then_reached),
                    Some(false) => {}
                    None => merge(walk, &then, then_reached),
                }
            }
            NodeOp::StmtExpr => self.walk(walk, a),
            NodeOp::Call => {
                self.walk_value(walk, a);
                for at in 0..self.ast.list(data.b).len() {
                    let argument = NodeId(self.ast.list(data.b)[at]);
                    self.walk_value(walk, argument);
                }
                if self.never_returns(&data) {
                    walk.reachable = false;
                }
            }
            NodeOp::Builtin => {
                for at in 0..self.ast.list(data.b).len() {
                    let argument = NodeId(self.ast.list(data.b)[at]);
                    self.walk_value(walk, argument);
                }
                if data.aux == Builtin::Unreachable as u16 || data.aux == Builtin::Trap as u16 {
                    walk.reachable = false;
                }
            }
            NodeOp::CompoundLocal => {
                let init = self.ast.inits[data.b as usize].clone();
                for at in init.first..init.first + init.n {
                    let value = self.ast.init_items[at as usize].value;
                    self.walk_value(walk, value);
                }
            }
            NodeOp::Local | NodeOp::Decl => {}
            _ => {
                let mut parts = Vec::new();
                self.children(node, &mut parts);
                parts.reverse();
                for part in parts {
                    self.walk_value(walk, part);
                }
            }
        }
    }

    /// The parts of an lvalue that are evaluated to find it.
    fn walk_place(&mut self, walk: &mut Walk, lvalue: NodeId) {
        let data = self.ast.nodes[lvalue];
        match data.op {
            NodeOp::Local | NodeOp::Decl => {}
            NodeOp::Member | NodeOp::ComplexPart => self.walk_place(walk, NodeId(data.a)),
            _ => self.walk_value(walk, lvalue),
        }
    }

    fn read_place(&mut self, walk: &mut Walk, lvalue: NodeId, at: NodeId) {
        if self.op(lvalue) == NodeOp::Local {
            self.read_of(walk, LocalId(self.ast.nodes[lvalue].a), at);
        }
    }

    fn read_of(&mut self, walk: &mut Walk, local: LocalId, at: NodeId) {
        if !walk.reachable || has(&walk.assigned, local) || has(&walk.told, local) {
            return;
        }
        insert(&mut walk.told, local);
        let data = self.ast.locals[local];
        if data.name == crate::types::NO_NAME || data.ty.quals().has(crate::types::Quals::VOLATILE) {
            return;
        }
        let name = self.text(data.name);
        let loc = self.loc_of(at);
        let note = (data.pos, format!("‘{name}’ was declared here"));
        if walk.conditions == 0 && !walk.may_have_left {
            self.lint_note(Warning::Uninitialized, loc, &format!("‘{name}’ is used uninitialized"), note.0, &note.1);
        } else {
            let text = format!("‘{name}’ may be used uninitialized");
            self.lint_note(Warning::MaybeUninitialized, loc, &text, note.0, &note.1);
        }
    }

    fn never_returns(&self, call: &crate::ast::Node) -> bool {
        let callee = &self.ast.nodes[NodeId(call.a)];
        if callee.op != NodeOp::Decl {
            return false;
        }
        let decl = &self.unit.decls[DeclId(callee.a)];
        decl.noreturn
            || decl.linkage == Linkage::External
                && NO_RETURN.iter().any(|name| name.as_bytes() == self.pp.names.text(decl.name))
    }

    /// The operands of an expression and the parts of a statement, pushed on `out`.
    pub(crate) fn children(&self, node: NodeId, out: &mut Vec<NodeId>) {
        let data = &self.ast.nodes[node];
        let mut push = |word: u32| {
            if word != NodeId::NONE.0 {
                out.push(NodeId(word));
            }
        };
        match data.op {
            NodeOp::Error
            | NodeOp::IntConst
            | NodeOp::WideConst
            | NodeOp::FloatConst
            | NodeOp::LabelAddr
            | NodeOp::Local
            | NodeOp::Decl
            | NodeOp::Str
            | NodeOp::SizeofVla
            | NodeOp::Empty
            | NodeOp::Goto
            | NodeOp::Break
            | NodeOp::Continue
            | NodeOp::VlaType
            | NodeOp::Attribute => {}
            NodeOp::Block | NodeOp::For => self.ast.list(data.a).iter().rev().for_each(|&word| push(word)),
            NodeOp::Call => {
                self.ast.list(data.b).iter().rev().for_each(|&word| push(word));
                push(data.a);
            }
            NodeOp::Builtin => self.ast.list(data.b).iter().rev().for_each(|&word| push(word)),
            NodeOp::If | NodeOp::Cond => [data.c, data.b, data.a].into_iter().for_each(push),
            NodeOp::Switch => [data.b, data.a].into_iter().for_each(push),
            NodeOp::Case | NodeOp::Default => push(data.c),
            NodeOp::Label => push(data.b),
            NodeOp::LocalDecl => {
                if data.b != u32::MAX {
                    let init = &self.ast.inits[data.b as usize];
                    for at in (init.first..init.first + init.n).rev() {
                        push(self.ast.init_items[at as usize].value.0);
                    }
                }
            }
            NodeOp::CompoundLocal => {
                let init = &self.ast.inits[data.b as usize];
                for at in (init.first..init.first + init.n).rev() {
                    push(self.ast.init_items[at as usize].value.0);
                }
            }
            NodeOp::Asm => {
                let asm = &self.ast.asms[data.a as usize];
                asm.inputs.iter().chain(&asm.outputs).rev().for_each(|operand| push(operand.node.0));
            }
            NodeOp::Member | NodeOp::MemberRvalue | NodeOp::ComplexPart | NodeOp::ComplexPartRvalue => push(data.a),
            NodeOp::While
            | NodeOp::DoWhile
            | NodeOp::Assign
            | NodeOp::AssignOp
            | NodeOp::Comma
            | NodeOp::ComplexMake => [data.b, data.a].into_iter().for_each(push),
            op if super::is_pure_binary(op) => [data.b, data.a].into_iter().for_each(push),
            _ => push(data.a),
        }
    }

    // ---- Cases ----

    /// `label` is reached from `before`, the statement in front of it in its block.
    fn check_fallthrough(&mut self, before: Option<NodeId>, label: NodeId, after: Option<NodeId>) {
        let Some(before) = before else { return };
        if !self.pp.is_on(Warning::ImplicitFallthrough) || !self.is_case(label) {
            return;
        }
        if self.leads_out(label, after) || self.is_comment_before(label) {
            return;
        }
        let Some(place) = self.falls_from(before, 0) else { return };
        let loc = self.loc_of(place);
        let here = self.ast.nodes[label].pos;
        self.lint_note(Warning::ImplicitFallthrough, loc, "this statement may fall through", here, "here");
    }

    fn is_case(&self, label: NodeId) -> bool {
        let mut node = label;
        loop {
            let data = &self.ast.nodes[node];
            match data.op {
                NodeOp::Case | NodeOp::Default => return true,
                NodeOp::Label => node = NodeId(data.b),
                _ => return false,
            }
        }
    }

    /// What gcc points at when control falls out of a statement; `None` when it says that it shall, or does not.
    fn falls_from(&self, node: NodeId, depth: u32) -> Option<NodeId> {
        let data = &self.ast.nodes[node];
        if depth > 100 {
            return None;
        }
        let inner = |word: u32| self.falls_from(NodeId(word), depth + 1);
        match data.op {
            NodeOp::Block => inner(*self.ast.list(data.a).last()?),
            NodeOp::Case | NodeOp::Default => inner(data.c),
            NodeOp::Label => inner(data.b),
            NodeOp::Empty | NodeOp::LocalDecl | NodeOp::VlaType | NodeOp::Attribute => None,
            NodeOp::Break | NodeOp::Continue | NodeOp::Goto | NodeOp::GotoComputed | NodeOp::Return => None,
            NodeOp::If if data.c == NodeId::NONE.0 => Some(NodeId(data.a)),
            NodeOp::If => inner(data.b).or_else(|| inner(data.c)),
            NodeOp::ExprStmt => {
                let value = NodeId(data.a);
                let value = if self.op(value) == NodeOp::VoidCast { self.bare(value) } else { value };
                let call = &self.ast.nodes[value];
                if call.op == NodeOp::Call && self.never_returns(call) { None } else { Some(value) }
            }
            _ => Some(node),
        }
    }

    /// Is nothing behind the label but `break`, `goto` or `return`?
    fn leads_out(&self, label: NodeId, after: Option<NodeId>) -> bool {
        let mut node = label;
        loop {
            let data = &self.ast.nodes[node];
            match data.op {
                NodeOp::Case | NodeOp::Default => node = NodeId(data.c),
                NodeOp::Label => node = NodeId(data.b),
                NodeOp::Break | NodeOp::Goto | NodeOp::Continue => return true,
                NodeOp::Return => return data.a == NodeId::NONE.0,
                NodeOp::Empty => {
                    let Some(after) = after else { return true };
                    return matches!(self.op(after), NodeOp::Break | NodeOp::Goto | NodeOp::Continue);
                }
                NodeOp::Block => {
                    let Some(&first) = self.ast.list(data.a).first() else { return after.is_none() };
                    node = NodeId(first);
                }
                _ => return false,
            }
        }
    }

    /// A comment in front of the label that says so.
    fn is_comment_before(&self, label: NodeId) -> bool {
        let pos = self.ast.nodes[label].pos;
        let Some(file) = self.pp.map.file_of(pos) else { return false };
        let start = self.pp.map.start(file);
        let text = self.pp.map.bytes(start, pos.0 - start.0);
        let mut end = text.len();
        loop {
            while end > 0 && text[end - 1].is_ascii_whitespace() {
                end -= 1;
            }
            if text[..end].ends_with(b"*/") {
                let Some(open) = find_back(&text[..end - 2], b"/*") else { return false };
                if says_fallthrough(&text[open + 2..end - 2]) {
                    return true;
                }
                end = open;
                continue;
            }
            let line = text[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            if let Some(at) = find_back(&text[line..end], b"//") {
                if says_fallthrough(&text[line + at + 2..end]) {
                    return true;
                }
                if text[line..line + at].iter().all(u8::is_ascii_whitespace) {
                    end = line;
                    continue;
                }
            }
            return false;
        }
    }
}

/// Adds another way to get where the walk is.
fn merge(walk: &mut Walk, other: &Assigned, reached: bool) {
    if !reached {
        return;
    }
    if walk.reachable {
        join(&mut walk.assigned, other);
    } else {
        walk.assigned.clone_from(other);
        walk.reachable = true;
    }
}

/// Behind a loop or switch.
fn leave(walk: &mut Walk) {
    if let Some(Some(set)) = walk.breaks.pop() {
        merge(walk, &set, true);
    }
}

fn find_back(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).rposition(|window| window == what)
}

/// Does a comment's text say what gcc's third level of `-Wimplicit-fallthrough` takes?
fn says_fallthrough(text: &[u8]) -> bool {
    let text = String::from_utf8_lossy(text).to_lowercase();
    if text == "-fallthrough" || text == "@fallthrough@" || text.trim_end() == "lint -fallthrough" {
        return true;
    }
    let mut rest = text.trim_start_matches([' ', '\t', '.', '!', '\n', '*']);
    for lead in ["else, ", "else ", "intentionally ", "intentional "] {
        if let Some(tail) = rest.strip_prefix(lead) {
            rest = tail;
            break;
        }
    }
    let Some(tail) = rest.strip_prefix("fall") else { return false };
    let tail = tail.strip_prefix("s ").or_else(|| tail.strip_prefix([' ', '-'])).unwrap_or(tail);
    let Some(tail) = tail.strip_prefix("thr") else { return false };
    let Some(tail) = tail.strip_prefix("ough").or_else(|| tail.strip_prefix('u')) else { return false };
    let tail = tail.trim_start_matches([' ', '\t', '.', '!', '\n', '*']);
    tail.is_empty() || tail.starts_with('-')
}

#[cfg(test)]
mod tests {
    #[test]
    fn comments_that_say_so() {
        for text in
            [" fall through ", "FALLTHRU", " Else, fall-through.", " falls through - on purpose", "@fallthrough@"]
        {
            assert!(super::says_fallthrough(text.as_bytes()), "{text}");
        }
        for text in [" falling through", " now fall through", " fall", ""] {
            assert!(!super::says_fallthrough(text.as_bytes()), "{text}");
        }
    }
}
