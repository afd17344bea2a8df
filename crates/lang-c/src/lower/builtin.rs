//! Builtin functions: operations, or calls of library functions.

use crate::ast::Node;
use crate::lower::Lower;
use ir::Value;

impl<'a> Lower<'a> {
    /// Builtin call `node`; the value means nothing where it has none.
    pub(crate) fn builtin(&mut self, node: &Node) -> Value {
        self.pos = node.pos;
        self.unsupported("builtin functions");
        let ty = self.fact(node.ty).ty;
        self.zero(if ty == ir::Ty::Void { ir::Ty::I32 } else { ty })
    }

    /// A builtin call as a statement: control may end behind it.
    pub(crate) fn builtin_statement(&mut self, node: &Node) {
        self.builtin(node);
    }
}
