//! Statements. Behind a jump nothing is lowered until a label, a case or the end of the construct makes code reachable.

use crate::ast::{Ast, Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::place::Place;
use crate::types::{LabelId, LocalId};
use base::ids::Id;
use ir::func::{Block, CallFlags};
use ir::ops::{Cond, Op};
use ir::{Slot, Ty, Value};
use std::collections::HashMap;

/// Ranges of at most this many values become cases of their own; longer ones are compared.
const SMALL_RANGE: u64 = 64;

/// A label of the function.
#[derive(Clone, Copy)]
pub(crate) struct LabelState {
    /// `NONE` until something needs it.
    pub block: Block,
    /// It was lowered.
    pub placed: bool,
}

impl Default for LabelState {
    fn default() -> LabelState {
        LabelState { block: Block::NONE, placed: false }
    }
}

/// Where `break` and `continue` go, and how many scopes are open there.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub breaks: Block,
    /// `NONE` in a switch that is in no loop.
    pub continues: Block,
    pub break_depth: u32,
    pub continue_depth: u32,
}

/// An open scope.
pub(crate) struct ScopeFrame {
    /// The block or loop statement.
    pub node: NodeId,
    /// What ends with the scope, in the order of declarations.
    pub marks: Vec<Mark>,
}

/// Something to do where control leaves a scope.
#[derive(Clone, Copy)]
pub(crate) enum Mark {
    /// Back to this stack, saved before a variable-length array.
    Stack(Slot),
    /// This call of a `cleanup` function.
    Cleanup(NodeId),
}

/// Which blocks a label stands in: the innermost by label, the enclosing one by block.
#[derive(Default)]
pub(crate) struct LabelBlocks {
    block_of: HashMap<LabelId, NodeId>,
    parent: HashMap<NodeId, NodeId>,
    /// Of labels lowered: variable arrays declared before them, by scope around them.
    n_marks: HashMap<(LabelId, NodeId), usize>,
}

impl LabelBlocks {
    pub fn clear(&mut self) {
        self.block_of.clear();
        self.parent.clear();
        self.n_marks.clear();
    }

    fn contains(&self, block: NodeId, label: LabelId) -> bool {
        let mut at = self.block_of.get(&label).copied();
        while let Some(here) = at {
            if here == block {
                return true;
            }
            at = self.parent.get(&here).copied();
        }
        false
    }
}

impl<'a> Lower<'a> {
    pub(crate) fn stmt(&mut self, id: NodeId) {
        if self.debug || self.b.is_ended() {
            return self.stmt_with_care(id);
        }
        self.stmt_here(id);
    }

    /// A statement that control may not reach, or that a debugger is to know of.
    #[inline(never)]
    fn stmt_with_care(&mut self, id: NodeId) {
        let node = self.node(id);
        if self.b.is_ended() && !self.worth_lowering(id, node) {
            if node.op == NodeOp::LocalDecl {
                // A jump over it into its scope meets its end all the same.
                self.mark_cleanup(node);
            }
            return;
        }
        if self.debug && has_code(node.op) {
            self.b.set_pos(node.pos);
        }
        if self.debug && self.is_bare_jump(node) {
            self.b.nop();
        }
        self.stmt_here(id);
    }

    /// Sends every kind of statement where it is lowered, as the last thing to do: what needs registers of its own stands there.
    fn stmt_here(&mut self, id: NodeId) {
        let node = self.node(id);
        match node.op {
            NodeOp::Block => self.block_stmt(id, node),
            NodeOp::Empty | NodeOp::Attribute => {}
            NodeOp::ExprStmt => self.expression_statement(NodeId(node.a)),
            NodeOp::If => self.if_stmt(node),
            NodeOp::While => self.while_stmt(node),
            NodeOp::DoWhile => self.do_stmt(node),
            NodeOp::For => self.for_stmt(id, node),
            NodeOp::Switch => self.switch_stmt(node),
            NodeOp::Case | NodeOp::Default => self.case_stmt(node),
            NodeOp::Goto => self.goto_stmt(LabelId(node.a)),
            NodeOp::GotoComputed => self.computed_goto(NodeId(node.a)),
            NodeOp::Label => self.label_stmt(node),
            NodeOp::Break | NodeOp::Continue => self.leave_stmt(node.op == NodeOp::Break),
            NodeOp::Return => self.return_stmt(NodeId(node.a)),
            NodeOp::LocalDecl => self.local_decl(node),
            NodeOp::VlaType => self.vla_type(node),
            NodeOp::Asm => self.asm_stmt(node),
            NodeOp::Error => {}
            _ => self.effect(id),
        }
    }

    /// Whether nothing but a jump, perhaps to what follows, comes of a statement.
    fn is_bare_jump(&self, node: &Node) -> bool {
        match node.op {
            NodeOp::Goto => true,
            NodeOp::Break | NodeOp::Continue => !self.w.targets.is_empty(),
            NodeOp::Return => NodeId(node.a).is_none(),
            _ => false,
        }
    }

    /// In unreachable code: whether statement `id` can become reachable by a label or case in it. Starts a block for
    /// constructs whose labels stand deeper.
    fn worth_lowering(&mut self, id: NodeId, node: &Node) -> bool {
        match node.op {
            NodeOp::Label | NodeOp::Case | NodeOp::Default | NodeOp::Block => true,
            _ if self.has_entry(id) => {
                self.revive();
                true
            }
            _ => false,
        }
    }

    /// A label or case of an enclosing switch stands in statement `id`.
    fn has_entry(&self, mut id: NodeId) -> bool {
        if id.is_none() {
            return false;
        }
        let ast = self.tree.ast;
        while ast.nodes[id].op == NodeOp::If && !NodeId(ast.nodes[id].c).is_none() {
            if self.has_entry(NodeId(ast.nodes[id].b)) {
                return true;
            }
            id = NodeId(ast.nodes[id].c);
        }
        let node = &ast.nodes[id];
        match node.op {
            NodeOp::Label | NodeOp::Case | NodeOp::Default => true,
            NodeOp::Block => ast.list(node.a).iter().any(|&stmt| self.has_entry(NodeId(stmt))),
            NodeOp::If => self.has_entry(NodeId(node.b)),
            NodeOp::While => self.has_entry(NodeId(node.b)),
            NodeOp::DoWhile => self.has_entry(NodeId(node.a)),
            NodeOp::For => self.has_entry(NodeId(ast.list(node.a)[3])),
            // Cases in there belong to it, labels do not; telling them apart is not worth the trouble.
            NodeOp::Switch => self.has_entry(NodeId(node.b)),
            // Statement expressions may hold labels of their own.
            NodeOp::ExprStmt => !ast.labels.is_empty() && self.has_statements(NodeId(node.a)),
            _ => false,
        }
    }

    fn has_statements(&self, id: NodeId) -> bool {
        let node = self.node(id);
        match node.op {
            NodeOp::StmtExpr => self.has_entry(NodeId(node.a)),
            NodeOp::VoidCast | NodeOp::Load => self.has_statements(NodeId(node.a)),
            _ => false,
        }
    }

    #[inline(never)]
    fn block_stmt(&mut self, id: NodeId, node: &Node) {
        self.open_scope(id, node);
        let ast: &'a Ast = self.tree.ast;
        for &stmt in ast.list(node.a) {
            self.stmt(NodeId(stmt));
        }
        self.close_scope(node);
    }

    fn open_scope(&mut self, id: NodeId, node: &Node) {
        self.w.scopes.push(ScopeFrame { node: id, marks: Vec::new() });
        if let Some(range) = self.w.scope_ranges.get_mut(node.b as usize)
            && range.1 == 0
        {
            range.0 = self.b.func.insts.len() as u32;
        }
    }

    fn close_scope(&mut self, node: &Node) {
        let depth = self.w.scopes.len() - 1;
        if !self.b.is_ended() {
            if depth > 0 {
                self.release_from(depth);
            } else {
                // What the body allocated goes with the frame.
                self.clean_up(0);
            }
        }
        self.w.scopes.truncate(depth);
        if let Some(range) = self.w.scope_ranges.get_mut(node.b as usize) {
            range.1 = self.b.func.insts.len() as u32;
        }
    }

    #[inline(never)]
    fn expression_statement(&mut self, mut id: NodeId) {
        let mut node = self.node(id);
        while node.op == NodeOp::VoidCast {
            id = NodeId(node.a);
            node = self.node(id);
        }
        match node.op {
            NodeOp::StmtExpr => self.stmt(NodeId(node.a)),
            NodeOp::Assign | NodeOp::AssignOp | NodeOp::PreInc | NodeOp::PreDec | NodeOp::PostInc | NodeOp::PostDec => {
                self.assignment(node, false);
            }
            NodeOp::Call => self.call_statement(node),
            NodeOp::Builtin => self.builtin_statement(node),
            _ => self.effect(id),
        }
    }

    #[inline(never)]
    fn call_statement(&mut self, node: &Node) {
        if self.call_for_effect(node).has(CallFlags::NORETURN) {
            self.b.unreachable();
        }
    }

    #[inline(never)]
    fn computed_goto(&mut self, address: NodeId) {
        let address = self.value(address);
        self.b.jump_indirect(address);
    }

    #[inline(never)]
    fn leave_stmt(&mut self, breaks: bool) {
        let Some(&target) = self.w.targets.last() else { return };
        if breaks {
            self.leave(target.break_depth, target.breaks);
        } else {
            self.leave(target.continue_depth, target.continues);
        }
    }

    #[inline(never)]
    fn vla_type(&mut self, node: &Node) {
        let ty = self.tree.ast.types[node.a as usize];
        self.evaluate_vla_lens(ty);
    }

    #[inline(never)]
    fn label_stmt(&mut self, node: &Node) {
        self.place_label(LabelId(node.a));
        self.stmt(NodeId(node.b));
    }

    // Selection.

    /// An `if` with all its `else if`: generated chains are long, so this is a loop. All arms meet in one block.
    #[inline(never)]
    fn if_stmt(&mut self, node: &Node) {
        let mut node = node;
        let mut join = Block::NONE;
        loop {
            let (then, other) = (NodeId(node.b), NodeId(node.c));
            if let Some(constant) = self.int_const(NodeId(node.a)) {
                self.constant_if(constant != 0, then, other);
                break;
            }
            let yes = self.block();
            let no = if other.is_none() && !join.is_none() { join } else { self.block() };
            if join.is_none() {
                join = if other.is_none() { no } else { self.block() };
            }
            self.branch_on(NodeId(node.a), yes, no);
            self.start_if_reached(yes);
            self.stmt(then);
            if other.is_none() {
                break;
            }
            if !self.b.is_ended() {
                self.jump(join);
            }
            self.start_if_reached(no);
            node = self.node(other);
            if node.op != NodeOp::If || self.b.is_ended() {
                self.stmt(other);
                break;
            }
            if self.debug {
                self.b.set_pos(node.pos);
            }
        }
        if join.is_none() {
            return;
        }
        if !self.b.is_ended() {
            self.jump(join);
        }
        self.start_if_reached(join);
    }

    /// One arm is never entered at its start, but may have labels in it.
    fn constant_if(&mut self, truth: bool, then: NodeId, other: NodeId) {
        let (live, dead) = if truth { (then, other) } else { (other, then) };
        let join = self.block();
        if !live.is_none() {
            self.stmt(live);
        }
        if self.has_entry(dead) {
            if !self.b.is_ended() {
                self.jump(join);
            }
            self.stmt(dead);
            if !self.b.is_ended() {
                self.jump(join);
            }
            self.start_if_reached(join);
        }
    }

    // Loops.

    fn enter(&mut self, breaks: Block, continues: Block) {
        let depth = self.w.scopes.len() as u32;
        self.w.targets.push(Target { breaks, continues, break_depth: depth, continue_depth: depth });
    }

    #[inline(never)]
    fn while_stmt(&mut self, node: &Node) {
        let (head, body, done) = (self.block(), self.block(), self.block());
        let below = self.tests_below(NodeId(node.a));
        self.jump(head);
        self.b.enter_loop();
        if below {
            self.b.start(body);
        } else {
            self.start_if_reached(head);
            self.branch_on(NodeId(node.a), body, done);
            self.start_if_reached(body);
        }
        self.enter(done, head);
        self.stmt(NodeId(node.b));
        self.w.targets.pop();
        if !self.b.is_ended() {
            self.jump(head);
        }
        if below {
            self.b.start(head);
            if self.debug {
                self.b.set_pos(self.tree.ast.nodes[NodeId(node.a)].pos);
            }
            self.branch_on(NodeId(node.a), body, done);
        }
        self.b.leave_loop();
        self.start_if_reached(done);
    }

    /// Whether the test of a loop stands behind its body, jumped to at first, so that a round costs one branch. A constant
    /// needs no test.
    fn tests_below(&self, test: NodeId) -> bool {
        !test.is_none() && self.int_const(test).is_none()
    }

    #[inline(never)]
    fn do_stmt(&mut self, node: &Node) {
        let (body, test, done) = (self.block(), self.block(), self.block());
        self.jump(body);
        self.b.enter_loop();
        self.start_if_reached(body);
        self.enter(done, test);
        self.stmt(NodeId(node.a));
        self.w.targets.pop();
        let reached = self.w.targeted[test.index()];
        if reached {
            if !self.b.is_ended() {
                self.jump(test);
            }
            self.start_if_reached(test);
        }
        if !self.b.is_ended() {
            if self.debug {
                self.b.set_pos(self.tree.ast.nodes[NodeId(node.b)].pos);
            }
            self.branch_on(NodeId(node.b), body, done);
        }
        self.b.leave_loop();
        self.start_if_reached(done);
    }

    #[inline(never)]
    fn for_stmt(&mut self, id: NodeId, node: &Node) {
        let parts = self.tree.ast.list(node.a);
        let (init, test, step, stmt) = (NodeId(parts[0]), NodeId(parts[1]), NodeId(parts[2]), NodeId(parts[3]));
        self.open_scope(id, node);
        if !init.is_none() {
            let first = self.tree.ast.nodes[init];
            if first.op == NodeOp::Block {
                // Several declarations: their scope is the loop's.
                for &stmt in self.tree.ast.list(first.a) {
                    self.stmt(NodeId(stmt));
                }
            } else {
                self.stmt(init);
            }
            self.revive();
        }
        let (head, body, next, done) = (self.block(), self.block(), self.block(), self.block());
        let below = self.tests_below(test);
        if below && self.debug {
            self.b.set_pos(self.tree.ast.nodes[test].pos);
        }
        self.jump(head);
        self.b.enter_loop();
        if below {
            self.b.start(body);
        } else {
            self.start_if_reached(head);
            if test.is_none() {
                self.jump(body);
            } else {
                self.branch_on(test, body, done);
            }
            self.start_if_reached(body);
        }
        self.enter(done, next);
        self.stmt(stmt);
        self.w.targets.pop();
        if !self.b.is_ended() {
            self.jump(next);
        }
        if self.start_if_reached(next) {
            if !step.is_none() {
                if self.debug {
                    self.b.set_pos(self.tree.ast.nodes[step].pos);
                }
                self.effect(step);
            }
            self.jump(head);
        }
        if below {
            self.b.start(head);
            if self.debug {
                self.b.set_pos(self.tree.ast.nodes[test].pos);
            }
            self.branch_on(test, body, done);
        }
        self.b.leave_loop();
        self.start_if_reached(done);
        self.close_scope(node);
    }

    // Switch.

    #[inline(never)]
    fn switch_stmt(&mut self, node: &Node) {
        let number = node.c as usize;
        let data = &self.tree.ast.switches[number];
        let fact = self.node_fact(NodeId(node.a));
        let value = self.value(NodeId(node.a));
        let done = self.block();
        let first = self.w.case_blocks.len();
        for _ in 0..data.cases.len() {
            let block = self.block();
            self.w.case_blocks.push(block);
        }
        let default = if data.has_default { self.block() } else { done };
        self.w.switches[number] = (first as u32, default);
        self.dispatch(value, fact.ty, fact.signed, number, first, default);
        let outer = self.w.targets.last().copied();
        let depth = self.w.scopes.len() as u32;
        self.w.targets.push(Target {
            breaks: done,
            continues: outer.map_or(Block::NONE, |target| target.continues),
            break_depth: depth,
            continue_depth: outer.map_or(0, |target| target.continue_depth),
        });
        self.stmt(NodeId(node.b));
        self.w.targets.pop();
        if !self.b.is_ended() {
            self.jump(done);
        }
        self.start_if_reached(done);
    }

    /// Ends the block with the choice among the cases of switch `number`.
    fn dispatch(&mut self, value: Value, ty: Ty, signed: bool, number: usize, first: usize, default: Block) {
        let bits = ty.size() * 8;
        let mask = if bits >= 64 { u64::MAX } else { (1 << bits) - 1 };
        let mut cases = std::mem::take(&mut self.w.cases);
        cases.clear();
        for (idx, &(low, high)) in self.tree.ast.switches[number].cases.iter().enumerate() {
            let block = self.w.case_blocks[first + idx];
            let span = (high as u64).wrapping_sub(low as u64);
            let empty = if signed { high < low } else { (high as u64) < (low as u64) };
            if empty {
                continue;
            }
            if span < SMALL_RANGE && ty != Ty::I128 {
                cases.extend((0..=span).map(|at| ((low as u64).wrapping_add(at) & mask, block)));
                continue;
            }
            self.test_range(value, ty, signed, (low, high), block);
        }
        cases.sort_unstable_by_key(|case| case.0);
        // The checker has refused duplicates.
        cases.dedup_by_key(|case| case.0);
        if cases.is_empty() {
            self.jump(default);
        } else {
            self.switch(ty, value, &cases, default);
        }
        self.w.cases = cases;
    }

    fn test_range(&mut self, value: Value, ty: Ty, signed: bool, (low, high): (i64, i64), block: Block) {
        let fact = crate::lower::facts::Fact { ty, signed, ..self.fact(self.ret) };
        let least = self.int(&fact, low);
        let span = self.b.binary(Op::Sub, ty, value, least);
        let width = crate::lower::facts::Fact { signed: false, ..fact };
        let widest = self.int(&width, high.wrapping_sub(low));
        let inside = self.b.icmp(Cond::Ule, ty, span, widest);
        let next = self.block();
        self.branch(Ty::I32, inside, block, next);
        self.start_if_reached(next);
    }

    #[inline(never)]
    fn case_stmt(&mut self, node: &Node) {
        let (first, default) = self.w.switches[node.a as usize];
        let block = match node.op {
            NodeOp::Default => default,
            _ => self.w.case_blocks[first as usize + node.b as usize],
        };
        self.fall_into(block);
        self.stmt(NodeId(node.c));
    }

    fn fall_into(&mut self, block: Block) {
        if !self.b.is_ended() {
            self.jump(block);
        }
        self.b.start(block);
    }

    // Jumps.

    /// To `to`, giving back the variable arrays of scopes that are left.
    fn leave(&mut self, depth: u32, to: Block) {
        if to.is_none() {
            return;
        }
        self.release_from(depth as usize);
        self.jump(to);
    }

    pub(crate) fn label_block(&mut self, label: LabelId) -> Block {
        let known = self.w.labels[label.index()].block;
        if !known.is_none() {
            return known;
        }
        let block = self.block();
        self.w.labels[label.index()].block = block;
        if let Some(&symbol) = self.st.labels.get(label)
            && !symbol.is_none()
        {
            self.b.set_label(block, symbol);
        }
        block
    }

    /// The symbol of a label whose address is taken.
    pub(crate) fn label_symbol(&mut self, label: LabelId) -> ir::Symbol {
        self.st.labels[label]
    }

    fn place_label(&mut self, label: LabelId) {
        let block = self.label_block(label);
        self.fall_into(block);
        self.w.labels[label.index()].placed = true;
        if self.has_marks() {
            for scope in &self.w.scopes {
                self.w.blocks_of_labels.n_marks.insert((label, scope.node), scope.marks.len());
            }
        }
    }

    pub(crate) fn goto_stmt(&mut self, label: LabelId) {
        if self.tree.ast.labels[label].owner != self.level.number {
            return self.leave_function(label);
        }
        let block = self.label_block(label);
        if self.has_marks()
            && let Some((depth, kept)) = self.first_mark_left(label)
        {
            self.release_marks(depth, kept);
        }
        self.jump(block);
    }

    /// Something in the function is to be done where control leaves a scope.
    pub(crate) fn has_marks(&self) -> bool {
        !self.tree.ast.vla_lens.is_empty() || self.tree.ast.has_cleanups
    }

    /// The first mark that a jump to `label` leaves: its scope's number and its own in it. All behind it are left too.
    fn first_mark_left(&self, label: LabelId) -> Option<(usize, usize)> {
        let placed = self.w.labels[label.index()].placed;
        let labels = &self.w.blocks_of_labels;
        self.w.scopes.iter().enumerate().find_map(|(depth, scope)| {
            let skip = match labels.contains(scope.node, label) {
                // A jump back leaves what was declared behind the label.
                true if placed => labels.n_marks.get(&(label, scope.node)).copied().unwrap_or(usize::MAX),
                true => usize::MAX,
                false => 0,
            };
            (skip < scope.marks.len()).then_some((depth, skip))
        })
    }

    /// Notes which blocks labels stand in.
    pub(crate) fn find_label_blocks(&mut self, body: NodeId) {
        let mut found = std::mem::take(&mut self.w.blocks_of_labels);
        self.label_blocks_in(body, NodeId::NONE, &mut found);
        self.w.blocks_of_labels = found;
    }

    fn label_blocks_in(&self, mut id: NodeId, block: NodeId, out: &mut LabelBlocks) {
        let ast = self.tree.ast;
        while !id.is_none() && ast.nodes[id].op == NodeOp::If {
            self.label_blocks_in(NodeId(ast.nodes[id].b), block, out);
            id = NodeId(ast.nodes[id].c);
        }
        if id.is_none() {
            return;
        }
        let node = &ast.nodes[id];
        match node.op {
            NodeOp::Block => {
                if !block.is_none() {
                    out.parent.insert(id, block);
                }
                for &stmt in ast.list(node.a) {
                    self.label_blocks_in(NodeId(stmt), id, out);
                }
            }
            NodeOp::Label => {
                out.block_of.insert(LabelId(node.a), block);
                self.label_blocks_in(NodeId(node.b), block, out);
            }
            NodeOp::Case | NodeOp::Default => self.label_blocks_in(NodeId(node.c), block, out),
            NodeOp::While | NodeOp::Switch => self.label_blocks_in(NodeId(node.b), block, out),
            NodeOp::DoWhile => self.label_blocks_in(NodeId(node.a), block, out),
            NodeOp::For => {
                if !block.is_none() {
                    out.parent.insert(id, block);
                }
                self.label_blocks_in(NodeId(ast.list(node.a)[3]), id, out);
            }
            _ => {}
        }
    }

    #[inline(never)]
    fn return_stmt(&mut self, value: NodeId) {
        if value.is_none() {
            self.clean_up(0);
            return self.fall_off_the_end(false);
        }
        let fact = self.fact(self.ret);
        if fact.is_aggregate() {
            let mut place = self.place(value);
            if self.tree.ast.has_cleanups {
                // Cleaning up may change what is returned, or give it back.
                place = self.copy_of(place, &fact);
                self.clean_up(0);
            }
            let address = self.address(place);
            return self.b.ret(Ty::Ptr, Some(address));
        }
        if !fact.is_scalar() {
            // `return f();` of void.
            self.effect(value);
            self.clean_up(0);
            return self.b.ret(Ty::Void, None);
        }
        let value = self.value(value);
        self.clean_up(0);
        self.b.ret(fact.ty, Some(value));
    }

    #[inline(never)]
    fn local_decl(&mut self, node: &Node) {
        let local = LocalId(node.a);
        let ty = self.tree.ast.locals[local].ty;
        let fact = self.fact(ty);
        if fact.kind == crate::lower::facts::Kind::Variable {
            self.allocate_vla(local);
            return self.mark_cleanup(node);
        }
        if node.b != u32::MAX {
            self.initialise_local(local, node.b, ty);
        } else if self.debug {
            self.home(local);
        }
        self.mark_cleanup(node);
    }

    fn mark_cleanup(&mut self, decl: &Node) {
        let call = NodeId(decl.c);
        if !call.is_none()
            && let Some(scope) = self.w.scopes.last_mut()
        {
            scope.marks.push(Mark::Cleanup(call));
        }
    }

    // Statement expressions.

    /// The last expression statement of the block, whose value is the whole's; everything before it is lowered. The scope
    /// is still open.
    fn open_statement_expression(&mut self, block: NodeId) -> Option<NodeId> {
        let node = self.node(block);
        self.open_scope(block, node);
        self.w.loose_scopes.push(node.b);
        let list = self.tree.ast.list(node.a);
        let (&last, before) = list.split_last()?;
        for &stmt in before {
            self.stmt(NodeId(stmt));
        }
        let mut last = NodeId(last);
        loop {
            let node = self.node(last);
            match node.op {
                NodeOp::Label => {
                    self.place_label(LabelId(node.a));
                    last = NodeId(node.b);
                }
                NodeOp::ExprStmt => {
                    self.revive();
                    return Some(NodeId(node.a));
                }
                _ => {
                    self.stmt(last);
                    return None;
                }
            }
        }
    }

    pub(crate) fn statement_expression(&mut self, node: &Node) -> Value {
        let block = NodeId(node.a);
        let last = self.open_statement_expression(block);
        let fact = self.fact(node.ty);
        let value = match last {
            Some(last) if fact.is_scalar() => Some(self.value(last)),
            Some(last) => {
                self.effect(last);
                None
            }
            None => None,
        };
        let node = self.node(block);
        self.close_scope(node);
        self.revive();
        value.unwrap_or_else(|| self.zero(if fact.ty == Ty::Void { Ty::I32 } else { fact.ty }))
    }

    pub(crate) fn statement_expression_place(&mut self, node: &Node) -> Place {
        let block = NodeId(node.a);
        let last = self.open_statement_expression(block);
        let fact = self.fact(node.ty);
        let variable = fact.kind == crate::lower::facts::Kind::Variable;
        if let (true, Some(last)) = (variable, last) {
            let node = self.node(last);
            if self.tree.ast.has_cleanups || node.op == NodeOp::Load {
                // What is declared in there is gone when it is copied.
                self.pos = node.pos;
                self.unsupported("values of variable size from statement expressions");
            }
        }
        let place = match last {
            Some(last) if self.tree.ast.has_cleanups => {
                let place = self.place(last);
                self.copy_of(place, &fact)
            }
            Some(last) => self.place(last),
            None => self.temporary(&fact),
        };
        let node = self.node(block);
        self.close_scope(node);
        self.revive();
        place
    }
}

/// Statements that a debugger stops at.
fn has_code(op: NodeOp) -> bool {
    !matches!(op, NodeOp::Block | NodeOp::Empty | NodeOp::Attribute | NodeOp::Label | NodeOp::Case | NodeOp::Default)
}
