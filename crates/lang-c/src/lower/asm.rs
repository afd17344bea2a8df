//! `asm` statements (GNU). Operands become slots, values and addresses; their constraints, the template and the clobbers
//! are carried as they stand, as only an architecture knows what they mean. What is the same on every machine is decided
//! here: which operands are memory, and that `+` is an output with an input tied to it.
//!
//! Statements without text (barriers, and ways to hide a value from an optimiser) become ordinary code: what an empty
//! template does to its operands follows from their constraints alone. An output that is matched with an input (`"+r" (x)`, `"=r" (x) :
//! "0" (y)`) gets its value, any other output may have any value and keeps its own.

use crate::ast::{AsmData, AsmOperand, Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::facts::{Fact, Kind};
use crate::lower::place::{Access, int_of_size};
use crate::parse::{allows_memory, allows_value};
use crate::types::LocalId;
use base::ids::Id;
use ir::func::{Asm, AsmRole};
use ir::module::AtomicOrder;
use ir::{Slot, Ty, Value};

/// An output that is stored when the statement is done.
struct Late {
    access: Access,
    slot: Slot,
}

/// The operands of a statement as they are gathered.
#[derive(Default)]
struct Gathered {
    operands: Vec<ir::func::AsmOperand>,
    values: Vec<Value>,
    late: Vec<Late>,
}

impl Lower<'_> {
    #[cold]
    pub(super) fn asm_stmt(&mut self, node: &Node) {
        self.pos = node.pos;
        let tree = self.tree;
        let data = &tree.ast.asms[node.a as usize];
        let any_place =
            |operand: &AsmOperand| is_any_place(self.constraint(operand)) && self.register(operand).is_none();
        if tree.unit.strings[data.template].bytes.trim_ascii().is_empty()
            && data.labels.is_empty()
            && data.outputs.iter().all(any_place)
            && data.inputs.iter().all(|operand| self.is_matched_or_scalar(data, operand))
        {
            return self.empty_asm(data);
        }
        let mut gathered = Gathered::default();
        let mut tied = Vec::new();
        for (number, output) in data.outputs.iter().enumerate() {
            self.gather_output(number, output, &mut gathered, &mut tied);
        }
        for input in &data.inputs {
            self.gather_input(input, &mut gathered);
        }
        for (number, value, size) in tied {
            let constraint = number.to_string().into_bytes().into();
            let (name, register) = ([].into(), [].into());
            gathered.operands.push(ir::func::AsmOperand { role: AsmRole::Input, constraint, name, register, size });
            gathered.values.push(value);
        }
        let asm = Asm {
            template: tree.unit.strings[data.template].bytes.clone(),
            plain: !data.extended,
            syntax: self.b.module.options.asm_syntax,
            operands: std::mem::take(&mut gathered.operands),
            clobbers: data.clobbers.iter().map(|&text| tree.unit.strings[text].bytes.clone()).collect(),
            labels: Vec::new(),
            pos: node.pos,
        };
        if data.labels.is_empty() {
            self.b.asm(asm, &gathered.values, None);
            return self.store_late(&gathered.late);
        }
        self.asm_goto(data, asm, &gathered);
    }

    /// An `asm goto`: outputs are stored on every way out.
    fn asm_goto(&mut self, data: &AsmData, mut asm: Asm, gathered: &Gathered) {
        let next = self.block();
        let needs_code = !gathered.late.is_empty() || self.has_marks();
        let mut edges = Vec::new();
        for &label in &data.labels {
            let block = if needs_code { self.block() } else { self.label_block(label) };
            if needs_code {
                edges.push((block, label));
            }
            let name = self.tree.names.text(self.tree.ast.labels[label].name).into();
            asm.labels.push((name, block));
        }
        for &(_, block) in &asm.labels {
            self.target(block);
        }
        self.target(next);
        self.b.asm(asm, &gathered.values, Some(next));
        for (block, label) in edges {
            self.b.start(block);
            self.store_late(&gathered.late);
            self.goto_stmt(label);
        }
        self.b.start(next);
        self.store_late(&gathered.late);
    }

    fn store_late(&mut self, late: &[Late]) {
        for Late { access, slot } in late {
            let value = self.b.slot_get(*slot);
            self.store_access(access, value);
        }
    }

    /// The IR's operand for one of the source's.
    fn asm_operand(&self, role: AsmRole, operand: &AsmOperand, fact: &Fact) -> ir::func::AsmOperand {
        let text = |name: base::Name| if name.is_none() { [].into() } else { self.tree.names.text(name).into() };
        ir::func::AsmOperand {
            role,
            constraint: self.constraint(operand).into(),
            name: text(operand.name),
            register: self.register(operand).map_or_else(|| [].into(), text),
            size: if fact.ty == Ty::F80 { 10 } else { u32::try_from(fact.size).unwrap_or(u32::MAX) },
        }
    }

    /// The register that the operand's variable was declared with.
    fn register(&self, operand: &AsmOperand) -> Option<base::Name> {
        let ast = self.tree.ast;
        let mut node = &ast.nodes[operand.node];
        while matches!(node.op, NodeOp::Load | NodeOp::NopCast | NodeOp::PtrCast) {
            node = &ast.nodes[NodeId(node.a)];
        }
        let local = (node.op == NodeOp::Local).then_some(LocalId(node.a))?;
        ast.locals[local].register.some()
    }

    fn gather_output(
        &mut self,
        number: usize,
        output: &AsmOperand,
        gathered: &mut Gathered,
        tied: &mut Vec<(usize, Value, u32)>,
    ) {
        let constraint = self.constraint(output).to_vec();
        let fact = self.node_fact(output.node);
        let whole = self.asm_aggregate(output.node, &fact);
        let in_memory = allows_memory(&constraint) && (!allows_value(&constraint) || !fact.is_scalar());
        if in_memory || !(fact.is_scalar() || whole.is_some()) {
            let place = self.place(output.node);
            let address = self.address(place);
            gathered.operands.push(self.asm_operand(AsmRole::OutputAt, output, &fact));
            gathered.values.push(address);
            return;
        }
        let access = match whole {
            None => self.access(output.node),
            Some(ty) => {
                let place = self.place(output.node);
                let mem = self.st.facts.mem(place.align_log2.min(5), false);
                Access::Memory { place, ty, mem, atomic: false }
            }
        };
        if constraint.first() == Some(&b'+') {
            let value = self.load_access(&access);
            tied.push((number, value, fact.size as u32));
        }
        // One alternative may want it in memory though another has registers.
        let may_be_in_memory = allows_memory(&constraint) && constraint.contains(&b',');
        let slot = match access {
            Access::Slot(slot) if !self.b.func.slots[slot].pinned_to_memory && !may_be_in_memory => slot,
            _ => {
                let ty = match access {
                    Access::Memory { ty, .. } => ty,
                    _ => fact.ty,
                };
                let slot = self.b.scalar_slot(ty);
                self.b.func.slots[slot].pinned_to_memory = may_be_in_memory || ty == Ty::V128;
                gathered.late.push(Late { access, slot });
                slot
            }
        };
        gathered.operands.push(self.asm_operand(AsmRole::Output(slot), output, &fact));
    }

    fn gather_input(&mut self, input: &AsmOperand, gathered: &mut Gathered) {
        let constraint = self.constraint(input).to_vec();
        let fact = self.node_fact(input.node);
        // A memory operand that is no lvalue has been given its value in the tree.
        let is_place = matches!(
            self.tree.ast.nodes[input.node].op,
            NodeOp::Local | NodeOp::Decl | NodeOp::Str | NodeOp::Deref | NodeOp::Member | NodeOp::CompoundLocal
        );
        let in_memory = allows_memory(&constraint) && (is_place || !fact.is_scalar());
        if in_memory && fact.kind != Kind::Function {
            let place = self.place(input.node);
            let address = self.address(place);
            gathered.operands.push(self.asm_operand(AsmRole::InputAt, input, &fact));
            gathered.values.push(address);
            return;
        }
        let value = if fact.is_scalar() {
            self.value(input.node)
        } else if let Some(ty) = self.asm_aggregate(input.node, &fact) {
            self.load_whole(input.node, ty)
        } else {
            self.effect(input.node);
            self.st.errors.push((self.pos, "impossible constraint in ‘asm’".into()));
            return;
        };
        gathered.operands.push(self.asm_operand(AsmRole::Input, input, &fact));
        gathered.values.push(value);
    }

    /// As what an aggregate that is an operand by value travels: a small structure as an integer, a vector as itself.
    fn asm_aggregate(&mut self, id: NodeId, fact: &Fact) -> Option<Ty> {
        match fact.size {
            _ if fact.kind != Kind::Aggregate => None,
            1 | 2 | 4 | 8 => Some(int_of_size(fact.size as u32)),
            16 if self.lanes(self.tree.ast.nodes[id].ty).is_some() => Some(Ty::V128),
            _ => None,
        }
    }

    /// All bytes of aggregate `id` as one value.
    pub(super) fn load_whole(&mut self, id: NodeId, ty: Ty) -> Value {
        let place = self.place(id);
        let (address, offset) = self.split_address(place);
        let mem = self.st.facts.mem(place.align_log2.min(5), false);
        self.b.load(ty, address, offset, mem)
    }

    fn is_matched_or_scalar(&mut self, data: &AsmData, input: &AsmOperand) -> bool {
        match self.matched_output(data, input) {
            None => true,
            Some(output) => {
                let fact = self.node_fact(input.node);
                let to = data.outputs.get(output).map(|output| self.node_fact(output.node));
                fact.is_scalar()
                    && to.is_some_and(|to| {
                        to.is_scalar() && (to.ty == fact.ty || to.ty.is_int_like() && fact.ty.is_int_like())
                    })
            }
        }
    }

    /// A statement without text.
    fn empty_asm(&mut self, data: &AsmData) {
        // All inputs are read before any output is written.
        let mut matched: Vec<Option<(Value, Fact)>> = vec![None; data.outputs.len()];
        for input in &data.inputs {
            match self.matched_output(data, input) {
                None => self.effect(input.node),
                Some(output) => {
                    let fact = self.node_fact(input.node);
                    if output >= matched.len() || !fact.is_scalar() {
                        return self.unsupported("inline assembly statements with such operands");
                    }
                    matched[output] = Some((self.value(input.node), fact));
                }
            }
        }
        for (output, matched) in data.outputs.iter().zip(matched) {
            self.asm_output(output, matched);
        }
        self.b.fence(AtomicOrder::Relaxed);
    }

    fn asm_output(&mut self, output: &AsmOperand, matched: Option<(Value, Fact)>) {
        let fact = self.node_fact(output.node);
        if !fact.is_scalar() {
            if matched.is_some() {
                return self.unsupported("inline assembly statements with such operands");
            }
            self.place(output.node);
            return;
        }
        let access = self.access(output.node);
        let value = match matched {
            Some((value, from)) if from.ty.is_int_like() && fact.ty.is_int_like() && from.ty != fact.ty => {
                self.resize_int(value, &from, fact.ty)
            }
            Some((value, from)) if from.ty == fact.ty => value,
            Some(_) => return self.unsupported("inline assembly statements with such operands"),
            None if self.constraint(output).starts_with(b"+") => self.load_access(&access),
            None => return,
        };
        self.store_access(&access, value);
    }

    fn constraint(&self, operand: &AsmOperand) -> &[u8] {
        &self.tree.unit.strings[operand.constraint].bytes
    }

    /// The output that an input's constraint names: `"0"`, `"[name]"`.
    fn matched_output(&self, data: &AsmData, input: &AsmOperand) -> Option<usize> {
        let text = self.constraint(input);
        let text = text.strip_prefix(b"%").unwrap_or(text);
        if let Some(name) = text.strip_prefix(b"[") {
            let name = name.strip_suffix(b"]").unwrap_or(name);
            let named = |output: &AsmOperand| !output.name.is_none() && self.tree.names.text(output.name) == name;
            // A name that no output has is out of range: refused.
            return Some(data.outputs.iter().position(named).unwrap_or(usize::MAX));
        }
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let number = std::str::from_utf8(&text[..digits]).ok().and_then(|digits| digits.parse().ok());
        Some(number.unwrap_or(usize::MAX))
    }
}

/// The operand may be in any register or in memory: nothing ties it to another one.
fn is_any_place(constraint: &[u8]) -> bool {
    constraint.iter().all(|byte| b"=+&rmgoVXqQRl, ".contains(byte))
}
