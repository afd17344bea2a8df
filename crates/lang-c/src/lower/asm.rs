//! `asm` statements (GNU) without instructions: barriers, and ways to hide a value from the optimiser. Nothing is assembled
//! here, so a template with text in it is an error.
//!
//! What an empty template does to its operands follows from their constraints alone: an output that is matched with an
//! input (`"+r" (x)`, `"=r" (x) : "0" (y)`) gets its value, any other output may have any value and keeps its own.

use crate::ast::{AsmData, AsmOperand, Node};
use crate::lower::Lower;
use crate::lower::facts::Fact;
use base::ids::Id;
use ir::Value;
use ir::module::AtomicOrder;

impl Lower<'_> {
    #[cold]
    pub(super) fn asm_stmt(&mut self, node: &Node) {
        self.pos = node.pos;
        let tree = self.tree;
        let data = &tree.ast.asms[node.a as usize];
        if !tree.unit.strings[data.template].bytes.trim_ascii().is_empty() {
            return self.unsupported("inline assembly statements");
        }
        let any_place = |operand: &AsmOperand| is_any_place(self.constraint(operand));
        if !data.labels.is_empty() || !data.outputs.iter().all(any_place) {
            return self.unsupported("inline assembly statements with labels or chosen registers");
        }
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
