//! Vectors: they live in memory, and every operation is done element by element, in the order of the elements.
//!
//! What an operation gives is a temporary of its own, so that operands and result never overlap. Elements narrower than an
//! int are computed as ints and cut, as in C.

use crate::ast::{Node, NodeId, NodeOp};
use crate::builtins::Builtin;
use crate::lower::Lower;
use crate::lower::expr::{arithmetic, float_cond, int_cond};
use crate::lower::facts::Fact;
use crate::lower::place::{Base, Place};
use crate::types::{QualTy, TypeData};
use ir::ops::Op;
use ir::{Ty, Value};

/// A vector type taken apart.
#[derive(Clone, Copy)]
pub(crate) struct Lanes {
    of: QualTy,
    fact: Fact,
    n: u32,
}

impl Lanes {
    fn offset(&self, idx: u32) -> i64 {
        i64::from(idx) * self.fact.size as i64
    }

    /// The type in which elements are computed.
    fn work(&self) -> Fact {
        match self.fact.ty {
            Ty::I8 | Ty::I16 => Fact { ty: Ty::I32, size: 4, align_log2: 2, ..self.fact },
            _ => self.fact,
        }
    }
}

impl<'a> Lower<'a> {
    /// `ty` taken apart, when it is a vector.
    pub(crate) fn lanes(&mut self, ty: QualTy) -> Option<Lanes> {
        match self.tree.types.get(ty) {
            TypeData::Vector { element, n } => {
                let of = QualTy::plain(element);
                Some(Lanes { of, fact: self.fact(of), n })
            }
            _ => None,
        }
    }

    fn lanes_of(&mut self, id: NodeId) -> Lanes {
        let ty = self.tree.ast.nodes[id].ty;
        self.lanes(ty).unwrap_or_else(|| unreachable!("the checker gives vectors to operators on vectors"))
    }

    fn element(&mut self, place: Place, lanes: &Lanes, idx: u32) -> Value {
        let access = self.access_at(place.at(lanes.offset(idx)), lanes.of);
        self.load_access(&access)
    }

    fn set_element(&mut self, place: Place, lanes: &Lanes, idx: u32, value: Value) {
        let access = self.access_at(place.at(lanes.offset(idx)), lanes.of);
        self.store_access(&access, value);
    }

    /// A temporary aligned to 16 bytes at most, as the stack is: nobody outside sees it.
    fn vector_temporary(&mut self, fact: &Fact) -> Place {
        self.temporary(&Fact { align_log2: fact.align_log2.min(4), ..*fact })
    }

    /// A place that stays where it is: an address that is read many times is computed once.
    fn fixed(&mut self, place: Place) -> Place {
        let address = self.address(place);
        Place::value(address, place.align_log2)
    }

    /// The place of an operand.
    fn operand_place(&mut self, id: NodeId) -> Place {
        let place = self.place(id);
        match place.base {
            Base::Value(_) if place.offset != 0 => self.fixed(place),
            _ => place,
        }
    }

    /// The place of vector rvalue `node`, an operator.
    pub(crate) fn vector(&mut self, node: &Node) -> Place {
        match node.op {
            NodeOp::VectorCast => self.vector_cast(node),
            NodeOp::VectorSplat => {
                let fact = self.fact(node.ty);
                let Some(lanes) = self.lanes(node.ty) else { unreachable!("a vector of equal elements is a vector") };
                let value = self.value(NodeId(node.a));
                let to = self.vector_temporary(&fact);
                for idx in 0..lanes.n {
                    self.set_element(to, &lanes, idx, value);
                }
                to
            }
            NodeOp::Neg | NodeOp::BitNot => self.vector_unary(node),
            _ => {
                let a = self.operand_place(NodeId(node.a));
                self.vector_binary(node.op, node.ty, NodeId(node.a), a, NodeId(node.b))
            }
        }
    }

    fn vector_unary(&mut self, node: &Node) -> Place {
        let fact = self.fact(node.ty);
        let lanes = self.lanes_of(NodeId(node.a));
        let work = lanes.work();
        let from = self.operand_place(NodeId(node.a));
        let to = self.vector_temporary(&fact);
        let op = match node.op {
            NodeOp::Neg if work.ty.is_float() => Op::Fneg,
            NodeOp::Neg => Op::Neg,
            _ => Op::Not,
        };
        for idx in 0..lanes.n {
            let value = self.element(from, &lanes, idx);
            let value = self.convert(value, &lanes.fact, &work);
            let value = self.b.unary(op, work.ty, value);
            let value = self.convert(value, &work, &lanes.fact);
            self.set_element(to, &lanes, idx, value);
        }
        to
    }

    /// `a op b` with `a` at its place already; the result has type `ty`.
    fn vector_binary(&mut self, op: NodeOp, ty: QualTy, a: NodeId, a_place: Place, b: NodeId) -> Place {
        let fact = self.fact(ty);
        let left = self.lanes_of(a);
        let Some(result) = self.lanes(ty) else { unreachable!("operators on vectors give vectors") };
        let work = left.work();
        // A scalar in every element is computed once and never stored.
        let node = self.node(b);
        let scalar = match node.op {
            NodeOp::VectorSplat => {
                let from = self.node_fact(NodeId(node.a));
                let value = self.value(NodeId(node.a));
                Some(self.convert(value, &from, &work))
            }
            _ => None,
        };
        let right = self.lanes_of(b);
        let b_place = if scalar.is_none() { Some(self.operand_place(b)) } else { None };
        let to = self.vector_temporary(&fact);
        for idx in 0..left.n {
            let x = self.element(a_place, &left, idx);
            let x = self.convert(x, &left.fact, &work);
            let y = match (scalar, b_place) {
                (Some(value), _) => value,
                (None, Some(place)) => {
                    let y = self.element(place, &right, idx);
                    // Of another signedness at most.
                    let by = Fact { signed: right.fact.signed, ..left.fact };
                    self.convert(y, &by, &work)
                }
                (None, None) => unreachable!("an operand is a scalar or has a place"),
            };
            let value = self.combine_elements(op, &work, &result.fact, x, y);
            self.set_element(to, &result, idx, value);
        }
        to
    }

    /// `x op y` of two elements as an element of the result.
    fn combine_elements(&mut self, op: NodeOp, work: &Fact, result: &Fact, x: Value, y: Value) -> Value {
        let truth = match op {
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne if work.ty.is_float() => {
                self.b.fcmp(float_cond(op), work.ty, x, y)
            }
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne => {
                self.b.icmp(int_cond(op, work.signed), work.ty, x, y)
            }
            _ => {
                let value = self.b.binary(arithmetic(op, work), work.ty, x, y);
                return self.convert(value, work, result);
            }
        };
        let mask = self.b.unary(Op::Neg, Ty::I32, truth);
        self.resize_as(mask, Ty::I32, true, result.ty)
    }

    fn vector_cast(&mut self, node: &Node) -> Place {
        let from = NodeId(node.a);
        let fact = self.node_fact(from);
        if fact.is_aggregate() {
            return self.place(from);
        }
        let to = self.fact(node.ty);
        let ty = self.tree.ast.nodes[from].ty;
        let value = self.value(from);
        let place = self.vector_temporary(&to);
        let access = self.access_at(place, QualTy::plain(ty.ty()));
        self.store_access(&access, value);
        place
    }

    /// A vector cast to an integer of its size.
    pub(crate) fn vector_as_int(&mut self, node: &Node) -> Value {
        let place = self.place(NodeId(node.a));
        let access = self.access_at(place, QualTy::plain(node.ty.ty()));
        self.load_access(&access)
    }

    /// `a op= b`: the place of `a`.
    pub(crate) fn vector_assign_op(&mut self, node: &Node, op: NodeOp) -> Value {
        let to = NodeId(node.a);
        let fact = self.node_fact(to);
        let place = self.operand_place(to);
        let ty = self.tree.ast.nodes[to].ty;
        let new = self.vector_binary(op, ty, to, place, NodeId(node.b));
        self.copy(place, new, fact.size, false);
        self.address(place)
    }

    /// `++` and `--`: the place of the new value, or of a copy of the old one.
    pub(crate) fn vector_step(&mut self, node: &Node) -> Value {
        let id = NodeId(node.a);
        let fact = self.node_fact(id);
        let lanes = self.lanes_of(id);
        let down = matches!(node.op, NodeOp::PreDec | NodeOp::PostDec);
        let post = matches!(node.op, NodeOp::PostInc | NodeOp::PostDec);
        let place = self.operand_place(id);
        let old = if post { Some(self.copy_of(place, &fact)) } else { None };
        for idx in 0..lanes.n {
            let value = self.element(place, &lanes, idx);
            let value = self.stepped(value, lanes.of, &lanes.fact, down);
            self.set_element(place, &lanes, idx, value);
        }
        self.address(old.unwrap_or(place))
    }

    /// The place of what a builtin gives.
    pub(crate) fn vector_builtin(&mut self, node: &Node) -> Place {
        let fact = self.fact(node.ty);
        if Builtin::from_aux(node.aux) == Some(Builtin::Machine) {
            let slot = self.machine_builtin(node);
            return Place { base: Base::Slot(slot), offset: 0, align_log2: 4 };
        }
        let Some(lanes) = self.lanes(node.ty) else {
            self.unsupported("builtin functions that give such values");
            return self.vector_temporary(&fact);
        };
        let args: Vec<NodeId> = self.tree.ast.list(node.b).iter().map(|&arg| NodeId(arg)).collect();
        match Builtin::from_aux(node.aux) {
            Some(Builtin::ConvertVector) => {
                let source = self.lanes_of(args[0]);
                let from = self.operand_place(args[0]);
                let to = self.vector_temporary(&fact);
                for idx in 0..lanes.n {
                    let value = self.element(from, &source, idx);
                    let value = self.convert(value, &source.fact, &lanes.fact);
                    self.set_element(to, &lanes, idx, value);
                }
                to
            }
            Some(Builtin::ShuffleVector) => {
                let source = self.lanes_of(args[0]);
                let (a, b) = (self.operand_place(args[0]), self.operand_place(args[1]));
                let to = self.vector_temporary(&fact);
                for idx in 0..lanes.n {
                    // Any element will do for -1.
                    let at = self.int_const(args[idx as usize + 2]).and_then(|at| u32::try_from(at).ok()).unwrap_or(0);
                    let (from, at) = if at < source.n { (a, at) } else { (b, at - source.n) };
                    let value = self.element(from, &source, at);
                    self.set_element(to, &lanes, idx, value);
                }
                to
            }
            _ => self.shuffle(&args, &lanes, &fact),
        }
    }

    /// Elements chosen at run time. The mask counts modulo the number of elements of one or both vectors.
    fn shuffle(&mut self, args: &[NodeId], lanes: &Lanes, fact: &Fact) -> Place {
        let (vectors, mask) = args.split_at(args.len() - 1);
        let places: Vec<Place> = vectors.iter().map(|&id| self.operand_place(id)).collect();
        let mask_lanes = self.lanes_of(mask[0]);
        let mask = self.operand_place(mask[0]);
        let all = Fact { size: fact.size * places.len() as u64, ..*fact };
        let from = self.vector_temporary(&all);
        for (idx, &place) in places.iter().enumerate() {
            self.copy(from.at(idx as i64 * fact.size as i64), place, fact.size, false);
        }
        let base = self.address(from);
        let limit = u64::from(lanes.n) * places.len() as u64 - 1;
        let to = self.vector_temporary(fact);
        for idx in 0..lanes.n {
            let at = self.element(mask, &mask_lanes, idx);
            let at = self.resize_as(at, mask_lanes.fact.ty, false, Ty::I64);
            let last = self.b.iconst(Ty::I64, limit as i64);
            let at = self.b.binary(Op::And, Ty::I64, at, last);
            let bytes = self.times(at, lanes.fact.size);
            let address = self.b.binary(Op::Add, Ty::Ptr, base, bytes);
            let value = self.element(Place::value(address, lanes.fact.align_log2), &Lanes { n: 1, ..*lanes }, 0);
            self.set_element(to, lanes, idx, value);
        }
        to
    }
}
