//! Builtin functions of the target's own: each is a statement of inline assembly whose text and constraints its row gives.
//!
//! So an architecture adds an instruction to C by a row, and everything behind is there already: constraints, registers, the
//! assembler. Vectors are values on the way in; the result has a slot of its own, which is then the place of the vector.

use crate::ast::{Node, NodeId};
use crate::lower::Lower;
use base::ids::Id;
use ir::func::{Asm, AsmOperand, AsmRole};
use ir::{Slot, Ty, Value};

impl Lower<'_> {
    /// A call with a scalar result or none.
    #[cold]
    pub(super) fn machine_scalar(&mut self, node: &Node) -> Value {
        if self.fact(node.ty).ty == Ty::Void {
            self.machine_statement(node, None);
            return Value::NONE;
        }
        let slot = self.machine_builtin(node);
        self.b.slot_get(slot)
    }

    /// A call with a result: the slot that holds it.
    #[cold]
    pub(super) fn machine_builtin(&mut self, node: &Node) -> Slot {
        let fact = self.fact(node.ty);
        let ty = if fact.is_aggregate() { Ty::V128 } else { fact.ty };
        let slot = self.b.scalar_slot(ty);
        // Vectors are looked at in memory, by element; some instructions write nowhere else.
        let to_memory = self.tree.machine[node.c as usize].constraints.starts_with("=m");
        self.b.func.slots[slot].pinned_to_memory = to_memory || ty == Ty::V128;
        self.machine_statement(node, Some((slot, ty.size())));
        slot
    }

    fn machine_statement(&mut self, node: &Node, result: Option<(Slot, u32)>) {
        let row = &self.tree.machine[node.c as usize];
        let mut constraints = row.constraints.split_ascii_whitespace();
        let mut operands = Vec::new();
        let mut operand = |role, size| {
            let constraint = constraints.next().unwrap_or("").as_bytes().into();
            operands.push(AsmOperand { role, constraint, name: [].into(), register: [].into(), size });
        };
        if let Some((slot, size)) = result {
            operand(AsmRole::Output(slot), size);
        }
        let tree = self.tree;
        let mut values = Vec::new();
        for &arg in tree.ast.list(node.b) {
            let fact = self.node_fact(NodeId(arg));
            let value =
                if fact.is_aggregate() { self.load_whole(NodeId(arg), Ty::V128) } else { self.value(NodeId(arg)) };
            operand(AsmRole::Input, fact.size as u32);
            values.push(value);
        }
        let template = row.template.as_bytes().into();
        let (clobbers, labels) = (Vec::new(), Vec::new());
        let asm = Asm { template, plain: false, syntax: 0, operands, clobbers, labels, pos: node.pos };
        self.b.asm(asm, &values, None);
    }
}
