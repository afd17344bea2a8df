//! Calls. Which registers carry what is decided in code generation; here arguments are scalars or addresses of aggregates.

use crate::ast::{Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::place::Place;
use crate::types::{DeclId, QualTy, TypeData};
use base::Pos;
use base::ids::Id;
use ir::func::CallFlags;
use ir::module::Symbol;
use ir::types::{Param, SigId, Signature};
use ir::{Ty, Value};

/// Whom a call reaches.
enum Callee {
    Symbol(Symbol),
    Address(Value),
}

impl<'a> Lower<'a> {
    /// A call with a scalar result (or none: then the value means nothing).
    pub(crate) fn call(&mut self, node: &Node) -> Value {
        if self.fact(node.ty).is_aggregate() {
            self.aggregate_call(node, None);
            return Value::NONE;
        }
        self.make_call(node, None).0
    }

    /// A call whose result is not wanted. Control ends behind one that does not return.
    pub(crate) fn call_for_effect(&mut self, node: &Node) {
        if self.fact(node.ty).is_aggregate() {
            self.aggregate_call(node, None);
            return;
        }
        self.make_call(node, None);
    }

    /// A call with an aggregate result, which goes to `to` or else to a temporary.
    pub(crate) fn aggregate_call(&mut self, node: &Node, to: Option<Place>) -> Place {
        let fact = self.fact(node.ty);
        let to = to.unwrap_or_else(|| self.temporary(&fact));
        self.make_call(node, Some(to));
        to
    }

    fn make_call(&mut self, node: &Node, result: Option<Place>) -> (Value, CallFlags) {
        // A call that is an argument belongs to the line of the outermost one: a debugger stops once for both.
        let outer = std::mem::replace(&mut self.argument_of, Pos::NONE);
        let pos = if outer.is_none() { node.pos } else { outer };
        let (function, mut flags, decl) = self.callee_type(NodeId(node.a));
        // A nested function that has a closure is called through it, so that there is one way it is called.
        let nested = decl.filter(|&decl| self.tree.unit.decls[decl].nested != 0);
        let address = match decl {
            _ if nested.is_some_and(|decl| self.st.has_closure(decl)) => {
                Some(self.closure_address(nested.unwrap_or(DeclId(0))))
            }
            Some(_) => None,
            None => Some(self.value(NodeId(node.a))),
        };
        let base = self.w.args.len();
        if let Some(place) = result {
            let address = self.address(place);
            self.w.args.push(address);
        }
        if let (Some(decl), None) = (nested, address) {
            let chain = self.chain_for(decl);
            self.w.args.push(chain);
        }
        let first = self.w.args.len();
        let list = node.b as usize;
        let n = self.tree.ast.lists[list] as usize;
        let mut any_aggregate = false;
        for at in list + 1..=list + n {
            let arg = NodeId(self.tree.ast.lists[at]);
            if self.tree.ast.nodes[arg].op == NodeOp::Call {
                self.argument_of = pos;
            }
            let value = if self.node_fact(arg).is_aggregate() {
                any_aggregate = true;
                if self.node_fact(arg).kind == crate::lower::facts::Kind::Variable {
                    self.pos = node.pos;
                    self.unsupported("arguments of variable size");
                }
                let place = self.place(arg);
                self.address(place)
            } else {
                self.value(arg)
            };
            self.w.args.push(value);
        }
        let mut sig = self.st.facts.signature(self.b.module, self.tree.types, function);
        if any_aggregate && self.b.module.sig(sig).params.len() < n {
            sig = self.extended_signature(sig, list, n);
        }
        if nested.is_some() && address.is_none() {
            sig = self.st.nested_sig(self.b.module, sig);
        }
        let ret = match self.b.module.sig(sig).ret {
            Param::Scalar { ty, .. } => ty,
            Param::Aggregate(_) => Ty::Void,
        };
        if self.debug {
            self.b.set_pos(pos);
        }
        let callee = match (decl, address) {
            (_, Some(address)) => Callee::Address(address),
            (Some(decl), None) => Callee::Symbol(self.decl_symbol(decl)),
            (None, None) => unreachable!("a callee is a declaration or an address"),
        };
        if let Some(decl) = decl {
            let decl = &self.tree.unit.decls[decl];
            if decl.noreturn {
                flags.0 |= CallFlags::NORETURN.0;
            }
            if decl.returns_twice {
                flags.0 |= CallFlags::RETURNS_TWICE.0;
            }
        }
        if let Some(decl) = decl
            && self.st.absolute.contains(&decl)
            && (ret.is_float() || ret.is_int())
            && let &[value] = &self.w.args[first..]
            && self.b.func.inst(value).result_ty() == ret
        {
            self.w.args.truncate(base);
            return (self.absolute_value(ret, value), flags);
        }
        let args = &self.w.args[base..];
        let value = match callee {
            Callee::Symbol(symbol) => self.b.call(symbol, sig, ret, args, flags),
            Callee::Address(address) => self.b.call_indirect(address, sig, ret, args, flags),
        };
        self.w.args.truncate(base);
        (value, flags)
    }

    /// The function type that a call's first operand has, and the function itself when it is named.
    fn callee_type(&self, mut id: NodeId) -> (QualTy, CallFlags, Option<DeclId>) {
        let ast = self.tree.ast;
        let mut ty = ast.nodes[id].ty;
        if let TypeData::Pointer(to) = self.tree.types.get(ty) {
            ty = to;
        }
        // `(*f)()`, `(&f)()` and `f()` call the same.
        loop {
            let node = &ast.nodes[id];
            match node.op {
                NodeOp::Decl if self.tree.unit.decls[DeclId(node.a)].is_function => {
                    return (ty, CallFlags::default(), Some(DeclId(node.a)));
                }
                NodeOp::FunctionDecay | NodeOp::AddrOf | NodeOp::Deref | NodeOp::PtrCast | NodeOp::NopCast => {
                    id = NodeId(node.a);
                }
                _ => return (ty, CallFlags::default(), None),
            }
        }
    }

    /// Whether calling `id` never comes back.
    pub(crate) fn call_ends(&self, node: &Node) -> bool {
        let (_, _, decl) = self.callee_type(NodeId(node.a));
        decl.is_some_and(|decl| self.tree.unit.decls[decl].noreturn)
    }

    /// The signature of a call with aggregates among its variable arguments: they are listed, as an operand alone does
    /// not tell an aggregate's address from a pointer.
    fn extended_signature(&mut self, sig: SigId, list: usize, n: usize) -> SigId {
        let old = self.b.module.sig(sig).clone();
        let mut params = old.params;
        for at in list + 1 + params.len()..=list + n {
            let ty = self.tree.ast.nodes[NodeId(self.tree.ast.lists[at])].ty;
            let param = self.st.facts.param(self.b.module, self.tree.types, ty);
            params.push(param);
        }
        self.b.module.intern_sig(Signature { params, ..old })
    }
}
