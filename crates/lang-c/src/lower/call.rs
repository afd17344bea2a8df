//! Calls. Which registers carry what is decided in code generation; here arguments are scalars or addresses of aggregates.

use crate::ast::{Ast, Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::place::Place;
use crate::types::{DeclId, QualTy, TypeData};
use base::Pos;
use base::ids::Id;
use ir::func::CallFlags;
use ir::types::{Param, SigId, Signature};
use ir::{Ty, Value};

impl<'a> Lower<'a> {
    /// A call with a scalar result (or none: then the value means nothing).
    pub(crate) fn call(&mut self, node: &Node) -> Value {
        if self.fact(node.ty).is_aggregate() {
            self.aggregate_call(node, None);
            return Value::NONE;
        }
        self.make_call(node, None).0
    }

    /// A call whose result is not wanted; says what is special about it. Control ends behind one that does not return.
    pub(crate) fn call_for_effect(&mut self, node: &Node) -> CallFlags {
        let fact = self.fact(node.ty);
        let to = fact.is_aggregate().then(|| self.temporary(&fact));
        self.make_call(node, to).1
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
        let pos = if outer == Pos::NONE { node.pos } else { outer };
        let (function, decl) = self.callee_type(NodeId(node.a));
        let named = decl.some().map(|decl| &self.tree.unit.decls[decl]);
        let nested = named.is_some_and(|named| named.nested != 0);
        let address = match named {
            None => Some(self.value(NodeId(node.a))),
            // A nested function that has a closure is called through it, so that there is one way it is called.
            Some(_) if nested && self.st.has_closure(decl) => Some(self.closure_address(decl)),
            Some(_) => None,
        };
        let base = self.w.args.len();
        if let Some(place) = result {
            let address = self.address(place);
            self.w.args.push(address);
        }
        if nested && address.is_none() {
            let chain = self.chain_for(decl);
            self.w.args.push(chain);
        }
        let first = self.w.args.len();
        let list = node.b as usize;
        let ast: &'a Ast = self.tree.ast;
        let args = ast.list(node.b);
        let mut any_aggregate = false;
        for &arg in args {
            let arg = NodeId(arg);
            let operand = self.node(arg);
            if self.debug && operand.op == NodeOp::Call {
                self.argument_of = pos;
            }
            let fact = self.fact(operand.ty);
            let value = if fact.is_aggregate() {
                any_aggregate = true;
                if fact.kind == crate::lower::facts::Kind::Variable {
                    self.pos = node.pos;
                    self.unsupported("arguments of variable size");
                }
                let place = self.place(arg);
                self.address(place)
            } else {
                self.value_of(arg, operand)
            };
            self.w.args.push(value);
        }
        let mut sig = self.st.facts.signature(self.b.module, self.tree.types, function);
        if any_aggregate && self.b.module.sig(sig).params.len() < args.len() {
            sig = self.extended_signature(sig, list, args.len());
        }
        if nested && address.is_none() {
            sig = self.st.nested_sig(self.b.module, sig);
        }
        let ret = match self.b.module.sig(sig).ret {
            Param::Scalar { ty, .. } => ty,
            Param::Aggregate(_) => Ty::Void,
        };
        if self.debug {
            self.b.set_pos(pos);
        }
        let mut flags = CallFlags::default();
        let value = match (named, address) {
            (Some(named), address) => {
                if named.noreturn {
                    flags.0 |= CallFlags::NORETURN.0;
                }
                if named.returns_twice {
                    flags.0 |= CallFlags::RETURNS_TWICE.0;
                }
                self.call_named(decl, address, sig, ret, (base, first), flags)
            }
            (None, Some(address)) => self.b.call_indirect(address, sig, ret, &self.w.args[base..], flags),
            (None, None) => unreachable!("a callee is a declaration or an address"),
        };
        self.w.args.truncate(base);
        (value, flags)
    }

    /// A call of `decl`, through `address` if it is given. All its operands begin at `base`, its arguments at `first`.
    fn call_named(
        &mut self,
        decl: DeclId,
        address: Option<Value>,
        sig: SigId,
        ret: Ty,
        (base, first): (usize, usize),
        flags: CallFlags,
    ) -> Value {
        if let Some(address) = address {
            return self.b.call_indirect(address, sig, ret, &self.w.args[base..], flags);
        }
        let symbol = self.decl_symbol(decl);
        if let &[value] = &self.w.args[first..]
            && self.st.absolute.contains(&decl)
            && (ret.is_float() || ret.is_int())
            && self.b.func.inst(value).result_ty() == ret
        {
            return self.absolute_value(ret, value);
        }
        self.b.call(symbol, sig, ret, &self.w.args[base..], flags)
    }

    /// The function type that a call's first operand has, and the function itself when it is named, or `NONE`.
    fn callee_type(&self, mut id: NodeId) -> (QualTy, DeclId) {
        let mut ty = self.node(id).ty;
        if let TypeData::Pointer(to) = self.tree.types.get(ty) {
            ty = to;
        }
        // `(*f)()`, `(&f)()` and `f()` call the same.
        loop {
            let node = self.node(id);
            match node.op {
                NodeOp::Decl if self.tree.unit.decls[DeclId(node.a)].is_function => return (ty, DeclId(node.a)),
                NodeOp::FunctionDecay | NodeOp::AddrOf | NodeOp::Deref | NodeOp::PtrCast | NodeOp::NopCast => {
                    id = NodeId(node.a);
                }
                _ => return (ty, DeclId::NONE),
            }
        }
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
