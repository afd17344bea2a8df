//! Conditions: what counts as true or false though it was hardly meant so.

use crate::ast::{NodeId, NodeOp};
use crate::parse::{Loc, Parser};
use crate::types::Basic;
use crate::warnings::Warning;
use base::ids::Id;

impl Parser<'_> {
    /// `node` is asked whether it is true. `loc`: where it begins.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_truth(&mut self, node: NodeId, paren: bool, loc: Loc) {
        let data = self.ast.nodes[node];
        match data.op {
            NodeOp::Assign if !paren => {
                self.lint(Warning::Parentheses, loc, "suggest parentheses around assignment used as truth value");
            }
            NodeOp::Mul if self.is_integer(node) => {
                let loc = self.loc_of(node);
                self.lint(Warning::IntInBoolContext, loc, "‘*’ in boolean context, suggest ‘&&’ instead");
            }
            NodeOp::Shl if self.types.integer(data.ty).is_some_and(|basic| self.types.is_signed(basic)) => {
                let loc = self.loc_of(node);
                self.lint(Warning::IntInBoolContext, loc, "‘<<’ in boolean context, did you mean ‘<’?");
            }
            NodeOp::Cond if data.b != NodeId::NONE.0 => {
                let loc = self.loc_of(node);
                let values = (self.int_value(NodeId(data.b)), self.int_value(NodeId(data.c)));
                if let (Some(x), Some(y)) = values
                    && x != 0
                    && y != 0
                    && (x != 1 || y != 1)
                    && loc.expansion == 0
                {
                    self.lint(
                        Warning::IntInBoolContext,
                        loc,
                        "‘?:’ using integer constants in boolean context, the expression will always evaluate to ‘true’",
                    );
                }
            }
            NodeOp::AddrOf | NodeOp::Local | NodeOp::Decl | NodeOp::Decay | NodeOp::FunctionDecay => {
                if self.pp.is_on(Warning::Address)
                    && let Some(object) = self.addressed_object(node)
                {
                    let name = self.object_name(object);
                    let text = format!("the address of ‘{name}’ will always evaluate as ‘true’");
                    let pos = self.object_pos(object);
                    self.lint_note(Warning::Address, loc, &text, pos, &format!("‘{name}’ declared here"));
                }
            }
            _ => {}
        }
    }

    fn is_integer(&self, node: NodeId) -> bool {
        self.types.integer(self.ty(node)).is_some_and(|basic| basic != Basic::Error)
    }
}
