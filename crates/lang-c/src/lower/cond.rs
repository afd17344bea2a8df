//! Branch context: conditions become control flow at once; no boolean is made that a branch would test again.

use crate::ast::{NodeId, NodeOp};
use crate::lower::Lower;
use base::ids::Id;
use ir::func::Block;
use ir::{Ty, Value};

impl<'a> Lower<'a> {
    /// To `yes` when scalar `id` is not 0, else to `no`; ends the block.
    pub(crate) fn branch_on(&mut self, id: NodeId, yes: Block, no: Block) {
        let node = self.node(id);
        // The operands of a condition may stand on lines of their own.
        if self.debug && !matches!(node.op, NodeOp::LogAnd | NodeOp::LogOr | NodeOp::LogNot | NodeOp::BoolCast) {
            self.b.set_pos(node.pos);
        }
        match node.op {
            NodeOp::IntConst => self.jump(if node.int_value() != 0 { yes } else { no }),
            NodeOp::LogNot => self.branch_on(NodeId(node.a), no, yes),
            NodeOp::LogAnd => {
                let right = self.block();
                self.branch_on(NodeId(node.a), right, no);
                if self.start_if_reached(right) {
                    self.branch_on(NodeId(node.b), yes, no);
                }
            }
            NodeOp::LogOr => {
                let right = self.block();
                self.branch_on(NodeId(node.a), yes, right);
                if self.start_if_reached(right) {
                    self.branch_on(NodeId(node.b), yes, no);
                }
            }
            NodeOp::BoolCast => self.branch_on(NodeId(node.a), yes, no),
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne => {
                if matches!(node.op, NodeOp::Eq | NodeOp::Ne) && self.int_const(NodeId(node.b)) == Some(0) {
                    let ty = self.node_fact(NodeId(node.a)).ty;
                    if ty.is_int_like() {
                        let value = self.value(NodeId(node.a));
                        let (yes, no) = if node.op == NodeOp::Ne { (yes, no) } else { (no, yes) };
                        return self.branch(ty, value, yes, no);
                    }
                }
                let truth = self.compare(node, false);
                self.branch(Ty::I32, truth, yes, no);
            }
            NodeOp::IntCast if self.widens(id) => self.branch_on(NodeId(node.a), yes, no),
            NodeOp::Comma => {
                self.effect(NodeId(node.a));
                self.branch_on(NodeId(node.b), yes, no);
            }
            _ => {
                let ty = self.fact(node.ty).ty;
                if ty == Ty::Void && self.is_complex(node.ty) {
                    let truth = self.complex_truth(id, false);
                    return self.branch(Ty::I32, truth, yes, no);
                }
                let value = self.value(id);
                let (ty, value) = self.branchable(value, ty);
                self.branch(ty, value, yes, no);
            }
        }
    }

    /// Integer conversion `id` keeps every bit.
    fn widens(&mut self, id: NodeId) -> bool {
        let node = self.node(id);
        self.node_fact(NodeId(node.a)).size <= self.fact(node.ty).size
    }

    /// What a branch can test: integers and pointers as they are, floats compared with 0.
    pub(crate) fn branchable(&mut self, value: Value, ty: Ty) -> (Ty, Value) {
        if ty.is_float() { (Ty::I32, self.nonzero(value, ty)) } else { (ty, value) }
    }

    // Blocks, with a note of which ones something jumps to.

    pub(crate) fn block(&mut self) -> Block {
        let block = self.b.block();
        if self.w.targeted.len() == block.index() {
            self.w.targeted.push(false);
        } else {
            self.w.targeted.resize(block.index() + 1, false);
        }
        block
    }

    pub(crate) fn target(&mut self, block: Block) {
        self.w.targeted[block.index()] = true;
    }

    pub(crate) fn jump(&mut self, to: Block) {
        self.target(to);
        self.b.jump(to, &[]);
    }

    pub(crate) fn jump_with(&mut self, to: Block, value: Value) {
        self.target(to);
        self.b.jump(to, &[value]);
    }

    pub(crate) fn branch(&mut self, ty: Ty, cond: Value, yes: Block, no: Block) {
        self.target(yes);
        self.target(no);
        self.b.branch(ty, cond, yes, no);
    }

    pub(crate) fn switch(&mut self, ty: Ty, value: Value, cases: &[(u64, Block)], default: Block) {
        for &(_, block) in cases {
            self.target(block);
        }
        self.target(default);
        self.b.switch(ty, value, cases, default);
    }

    /// Starts `block` if something jumps to it; says whether.
    pub(crate) fn start_if_reached(&mut self, block: Block) -> bool {
        let reached = self.w.targeted[block.index()];
        if reached {
            self.b.start(block);
        }
        reached
    }

    /// Starts `block` within an expression. It is filled even if nothing jumps to it, as values must be made somewhere.
    pub(crate) fn start_reached(&mut self, block: Block) {
        self.b.start(block);
    }

    /// Makes room for code behind a point that control does not pass, within an expression.
    pub(crate) fn revive(&mut self) {
        if self.b.is_ended() {
            let block = self.block();
            self.b.start(block);
        }
    }
}
