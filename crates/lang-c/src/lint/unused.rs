//! Names that nothing uses: variables, parameters, labels and types of a function when it ends, functions and objects of the
//! unit when that ends.

use super::is_conversion;
use crate::ast::{Definition, FunctionDef, Linkage, NodeId, NodeOp};
use crate::parse::{Loc, Parser};
use crate::types::{DeclId, LocalId, Quals};
use crate::warnings::Warning;
use base::Pos;
use base::ids::Id;

/// What becomes of the reads and stores of a function's variables.
#[derive(Clone, Copy, Default)]
struct Uses {
    /// Nodes that name it.
    named: u32,
    /// Of those: as the target of an assignment whose value is dropped.
    stored: u32,
}

impl Parser<'_> {
    /// At the end of a function. Variables are told in the order of their scopes' ends, as gcc does: inner ones first.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_unused_locals(&mut self, def: &FunctionDef, first_decl: usize) {
        let uses = self.uses_of_locals();
        let mut found: Vec<(u32, Pos, Warning, String)> = Vec::new();
        for (id, local) in self.ast.locals.enumerated() {
            if local.name == crate::types::NO_NAME || local.unused_is_fine || self.types.is_error(local.ty) {
                continue;
            }
            let end = self.ast.scopes.get(local.scope as usize).map_or(u32::MAX, |scope| scope.end.0);
            let (variable, name) = (!local.param, self.text(local.name));
            let uses = uses[id.0 as usize];
            if local.n_uses == 0 {
                let (warning, what) = if variable {
                    (Warning::UnusedVariable, "variable")
                } else {
                    (Warning::UnusedParameter, "parameter")
                };
                if variable || def.params.contains(&id) {
                    found.push((end, local.pos, warning, format!("unused {what} ‘{name}’")));
                }
            } else if uses.named == local.n_uses && uses.stored == uses.named {
                // gcc leaves volatile variables alone no more than others.
                let (warning, what) = if variable {
                    (Warning::UnusedButSetVariable, "variable")
                } else {
                    (Warning::UnusedButSetParameter, "parameter")
                };
                if variable || def.params.contains(&id) {
                    found.push((end, local.pos, warning, format!("{what} ‘{name}’ set but not used")));
                }
            }
        }
        for idx in first_decl..self.unit.decls.len() {
            let data = &self.unit.decls[DeclId(idx as u32)];
            let fine = data.mentioned || data.unused_is_fine || data.attribute_used || data.is_function;
            if data.linkage == Linkage::None && !fine && data.name != crate::types::NO_NAME && !data.pos.is_none() {
                let scopes = self.ast.scopes.iter().filter(|scope| scope.start <= data.pos && data.pos <= scope.end);
                let end = scopes.map(|scope| scope.end.0).min().unwrap_or(u32::MAX);
                let text = format!("unused variable ‘{}’", self.text(data.name));
                found.push((end, data.pos, Warning::UnusedVariable, text));
            }
        }
        for label in self.ast.labels.iter() {
            if label.defined && !label.used {
                let text = format!("label ‘{}’ defined but not used", self.text(label.name));
                found.push((u32::MAX, label.pos, Warning::UnusedLabel, text));
            }
        }
        for (_, name, loc) in std::mem::take(&mut self.local_typedefs) {
            let text = format!("typedef ‘{}’ locally defined but not used", self.text(name));
            found.push((u32::MAX, loc.pos, Warning::UnusedLocalTypedefs, text));
        }
        found.sort_by_key(|row| (row.0, row.1));
        for (_, pos, warning, text) in found {
            self.lint(warning, Loc::at(pos), &text);
        }
    }

    fn uses_of_locals(&self) -> Vec<Uses> {
        let mut uses = vec![Uses::default(); self.ast.locals.len()];
        for data in self.ast.nodes.iter() {
            if data.op == NodeOp::Local {
                uses[data.a as usize].named += 1;
            }
        }
        // An assignment's value is dropped in a statement, in front of a comma, in a `for`'s step.
        let values = self.values_of_statement_expressions();
        for (node, data) in self.ast.nodes.enumerated() {
            match data.op {
                NodeOp::ExprStmt if values.contains(&node) => {}
                NodeOp::ExprStmt | NodeOp::Comma => self.count_store(NodeId(data.a), &mut uses),
                NodeOp::For => {
                    let list = self.ast.list(data.a);
                    self.count_store(NodeId(list[2]), &mut uses);
                }
                _ => {}
            }
        }
        uses
    }

    /// `node` is evaluated for its effect: if that is an assignment, its target is stored to.
    fn count_store(&self, node: NodeId, uses: &mut [Uses]) {
        if node.is_none() {
            return;
        }
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::Assign => {
                if let Some(local) = self.stored_local(NodeId(data.a)) {
                    uses[local.0 as usize].stored += 1;
                }
            }
            NodeOp::Comma => self.count_store(NodeId(data.b), uses),
            NodeOp::Cond if data.b != NodeId::NONE.0 => {
                self.count_store(NodeId(data.b), uses);
                self.count_store(NodeId(data.c), uses);
            }
            _ => {}
        }
    }

    /// The variable that an lvalue is a part of.
    pub(crate) fn stored_local(&self, lvalue: NodeId) -> Option<LocalId> {
        let mut node = lvalue;
        loop {
            let data = &self.ast.nodes[node];
            match data.op {
                NodeOp::Local => return Some(LocalId(data.a)),
                NodeOp::Member | NodeOp::ComplexPart => node = NodeId(data.a),
                NodeOp::Deref => {
                    // `array[i]`
                    let sum = &self.ast.nodes[NodeId(data.a)];
                    let base = if sum.op == NodeOp::PtrAdd { NodeId(sum.a) } else { return None };
                    if self.op(base) != NodeOp::Decay {
                        return None;
                    }
                    node = NodeId(self.ast.nodes[base].a);
                }
                op if is_conversion(op) => return None,
                _ => return None,
            }
        }
    }

    /// Functions and objects that only the unit could use. In order of declaration.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_unused_declarations(&mut self) {
        for idx in 0..self.unit.decls.len() {
            let data = &self.unit.decls[DeclId(idx as u32)];
            if data.linkage != Linkage::Internal
                || data.mentioned
                || data.unused_is_fine
                || data.attribute_used
                || data.alias != crate::types::NO_NAME
                || data.weak
                || data.constructor.is_some()
                || data.destructor.is_some()
                || data.name == crate::types::NO_NAME
            {
                continue;
            }
            let (pos, name, ty) = (data.pos, self.text(data.name), data.ty);
            if data.is_function {
                // An inline one in a header is there for whoever needs it.
                if data.is_inline {
                    continue;
                }
                let text = if data.definition == Definition::Declared {
                    format!("‘{name}’ declared ‘static’ but never defined")
                } else {
                    format!("‘{name}’ defined but not used")
                };
                self.lint(Warning::UnusedFunction, Loc::at(pos), &text);
            } else if data.definition != Definition::Declared {
                let quals = self.types.quals(ty);
                if quals.has(Quals::VOLATILE) {
                    continue;
                }
                let is_const = quals.has(Quals::CONST);
                let text = format!("‘{name}’ defined but not used");
                if !is_const {
                    self.lint(Warning::UnusedVariable, Loc::at(pos), &text);
                } else if self.is_main_file(pos)
                    || self.pp.options().warnings.level(Warning::UnusedConstVariable) == Some(2)
                    || self.pp.options().warnings.is_named(Warning::UnusedConstVariable)
                {
                    self.lint(Warning::UnusedConstVariable, Loc::at(pos), &text);
                }
            }
        }
    }

    fn is_main_file(&self, pos: Pos) -> bool {
        self.pp.map.file_of(pos).is_some_and(|file| self.pp.map.included(file).from.is_none())
    }
}
