//! `switch`: values of an enumeration that no case handles, cases that are none of its values, code that no case reaches.

use crate::ast::{NodeId, NodeOp};
use crate::parse::{Loc, OpenSwitch, Parser};
use crate::types::EnumId;
use crate::warnings::Warning;
use base::Name;

/// What is known of a finished `switch`.
pub(crate) struct SwitchFacts {
    /// Of the word.
    pub loc: Loc,
    /// Where the controlling expression begins.
    pub value_loc: Loc,
    pub of: Option<EnumId>,
    pub boolean: bool,
    pub body: NodeId,
}

impl Parser<'_> {
    #[inline(never)]
    pub(crate) fn lint_switch(&mut self, facts: &SwitchFacts, open: &OpenSwitch) {
        let has_default = self.ast.switches[open.number as usize].has_default;
        if !has_default {
            self.lint(Warning::SwitchDefault, facts.loc, "switch missing default case");
        }
        if facts.boolean {
            let wrong = open.seen.iter().any(|&(low, high, _)| low < 0 || high > 1);
            if wrong || open.seen.len() + usize::from(has_default) < 2 {
                // Constants beyond the two values are what makes it suspicious.
                if wrong || open.seen.is_empty() {
                    self.lint(Warning::SwitchBool, facts.value_loc, "switch condition has boolean value");
                }
            }
        }
        if let Some(of) = facts.of {
            self.lint_enum_cases(facts, open, of, has_default);
        }
        if self.pp.is_on(Warning::SwitchUnreachable) {
            self.lint_before_cases(facts.body);
        }
    }

    fn lint_enum_cases(&mut self, facts: &SwitchFacts, open: &OpenSwitch, of: EnumId, has_default: bool) {
        if !self.pp.is_on(Warning::Switch) && !self.pp.is_on(Warning::SwitchEnum) {
            return;
        }
        let data = self.types.enums[of];
        let values = self.types.enumerators[data.first as usize..(data.first + data.n) as usize].to_vec();
        let covered = |value: i64| open.seen.iter().any(|&(low, high, _)| (low..=high).contains(&i128::from(value)));
        let missing: Vec<Name> = values.iter().filter(|row| !covered(row.1)).map(|row| row.0).collect();
        // Told once, by the option that asks for more.
        let warning = if has_default { Warning::SwitchEnum } else { Warning::Switch };
        let warning = if !has_default && !self.pp.is_on(Warning::Switch) { Warning::SwitchEnum } else { warning };
        for name in missing {
            let text = format!("enumeration value ‘{}’ not handled in switch", self.text(name));
            self.lint(warning, facts.loc, &text);
        }
        for &(low, high, pos) in &open.seen {
            for value in if low == high { vec![low] } else { vec![low, high] } {
                if values.iter().any(|row| i128::from(row.1) == value) {
                    continue;
                }
                let ty = self.types.enum_ty(of);
                let what = if data.tag == crate::types::NO_NAME {
                    "enumerated type".to_string()
                } else {
                    format!("enumerated type {}", self.quoted(ty))
                };
                let text = format!("case value ‘{value}’ not in {what}");
                self.lint(Warning::Switch, Loc::at(pos), &text);
            }
        }
    }

    /// A statement in front of the first case.
    fn lint_before_cases(&mut self, body: NodeId) {
        let data = self.ast.nodes[body];
        if data.op != NodeOp::Block {
            return;
        }
        for at in 0..self.ast.list(data.a).len() {
            let node = NodeId(self.ast.list(data.a)[at]);
            let data = self.ast.nodes[node];
            match data.op {
                NodeOp::Case | NodeOp::Default | NodeOp::Label | NodeOp::Error => return,
                NodeOp::LocalDecl if data.b == u32::MAX => {}
                NodeOp::VlaType | NodeOp::Empty | NodeOp::Attribute => {}
                NodeOp::LocalDecl | NodeOp::ExprStmt | NodeOp::Return | NodeOp::Goto | NodeOp::If => {
                    let place = if data.op == NodeOp::ExprStmt { NodeId(data.a) } else { node };
                    let loc = self.loc_of(place);
                    return self.lint(Warning::SwitchUnreachable, loc, "statement will never be executed");
                }
                _ => return,
            }
        }
    }
}
