//! Complex arithmetic (C11 6.2.5p13, G.5): a complex value lives in memory as its two parts; operations work on the parts
//! and multiplication and division call the runtime, which knows about infinities.

use crate::ast::{Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::expr::arithmetic;
use crate::lower::facts::{Fact, complex_part};
use crate::lower::place::{Access, Place};
use crate::types::{Basic, QualTy, TypeData};
use ir::func::CallFlags;
use ir::ops::{Cond, FCond, Op};
use ir::types::{Ext, Param, Signature};
use ir::{Ty, Value};

/// Real and imaginary part.
type Parts = (Value, Value);

impl<'a> Lower<'a> {
    pub(crate) fn is_complex(&self, ty: QualTy) -> bool {
        matches!(self.tree.types.get(ty), TypeData::Basic(basic) if basic.is_complex())
    }

    /// Facts of the parts of complex type `ty`.
    fn part_fact(&mut self, ty: QualTy) -> Fact {
        let part = QualTy::plain(complex_part(self.tree.types.get(ty)));
        self.fact(part)
    }

    /// The parts of complex rvalue `id`.
    fn parts(&mut self, id: NodeId) -> Parts {
        let node = self.tree.node(id);
        let part = self.part_fact(node.ty);
        match node.op {
            NodeOp::ComplexMake => {
                let real = self.value(NodeId(node.a));
                (real, self.value(NodeId(node.b)))
            }
            NodeOp::ComplexCast => {
                let from = NodeId(node.a);
                let from_ty = self.tree.ast.nodes[from].ty;
                if self.is_complex(from_ty) {
                    let from_part = self.part_fact(from_ty);
                    let (real, imaginary) = self.parts(from);
                    return (self.convert(real, &from_part, &part), self.convert(imaginary, &from_part, &part));
                }
                let fact = self.fact(from_ty);
                let value = self.value(from);
                (self.convert(value, &fact, &part), self.zero(part.ty))
            }
            NodeOp::NopCast => self.parts(NodeId(node.a)),
            NodeOp::Neg => {
                let (real, imaginary) = self.parts(NodeId(node.a));
                (self.negative(&part, real), self.negative(&part, imaginary))
            }
            NodeOp::BitNot => {
                let (real, imaginary) = self.parts(NodeId(node.a));
                (real, self.negative(&part, imaginary))
            }
            NodeOp::Add | NodeOp::Sub | NodeOp::Mul | NodeOp::Div => {
                let a = self.parts(NodeId(node.a));
                let b = self.parts(NodeId(node.b));
                self.combine(node.op, &part, a, b)
            }
            _ => {
                let place = self.place(id);
                self.load_parts(place, &part)
            }
        }
    }

    fn load_parts(&mut self, place: Place, part: &Fact) -> Parts {
        let mem = self.st.facts.mem(part.align_log2.min(place.align_log2), false);
        let (address, offset) = self.split_address(place);
        let real = self.b.load(part.ty, address, offset, mem);
        let (address, offset) = self.split_address(place.at(part.size as i64));
        (real, self.b.load(part.ty, address, offset, mem))
    }

    fn store_parts(&mut self, place: Place, part: &Fact, parts: Parts) {
        let mem = self.st.facts.mem(part.align_log2.min(place.align_log2), false);
        let (address, offset) = self.split_address(place);
        self.b.store(part.ty, address, offset, parts.0, mem);
        let (address, offset) = self.split_address(place.at(part.size as i64));
        self.b.store(part.ty, address, offset, parts.1, mem);
    }

    fn negative(&mut self, part: &Fact, value: Value) -> Value {
        if part.ty.is_float() {
            return self.b.unary(Op::Fneg, part.ty, value);
        }
        let zero = self.zero(part.ty);
        self.part_op(NodeOp::Sub, part, zero, value)
    }

    /// An operation on parts; integers narrower than an int are computed as ints.
    fn part_op(&mut self, op: NodeOp, part: &Fact, a: Value, b: Value) -> Value {
        if !matches!(part.ty, Ty::I8 | Ty::I16) {
            return self.b.binary(arithmetic(op, part), part.ty, a, b);
        }
        let work = Fact { ty: Ty::I32, size: 4, align_log2: 2, ..*part };
        let (a, b) = (self.convert(a, part, &work), self.convert(b, part, &work));
        let value = self.b.binary(arithmetic(op, &work), work.ty, a, b);
        self.convert(value, &work, part)
    }

    fn int_product(&mut self, part: &Fact, a: Parts, b: Parts) -> Parts {
        let (rr, ii) = (self.part_op(NodeOp::Mul, part, a.0, b.0), self.part_op(NodeOp::Mul, part, a.1, b.1));
        let (ri, ir) = (self.part_op(NodeOp::Mul, part, a.0, b.1), self.part_op(NodeOp::Mul, part, a.1, b.0));
        (self.part_op(NodeOp::Sub, part, rr, ii), self.part_op(NodeOp::Add, part, ri, ir))
    }

    /// By the smaller part of the divisor first, as gcc does: with integers the order shows.
    fn int_quotient(&mut self, part: &Fact, a: Parts, b: Parts) -> Parts {
        let (size_0, size_1) = (self.part_size(part, b.0), self.part_size(part, b.1));
        let unsigned = Fact { signed: false, ..*part };
        let work = Fact { ty: if part.ty.size() < 4 { Ty::I32 } else { part.ty }, ..unsigned };
        let (x, y) = (self.convert(size_0, &unsigned, &work), self.convert(size_1, &unsigned, &work));
        let less = self.b.icmp(if part.signed { Cond::Slt } else { Cond::Ult }, work.ty, x, y);
        let slots = [self.b.scalar_slot(part.ty), self.b.scalar_slot(part.ty)];
        let (first, second, join) = (self.block(), self.block(), self.block());
        self.branch(Ty::I32, less, first, second);
        for (block, swapped) in [(first, true), (second, false)] {
            self.start_reached(block);
            // `small` and `large` parts of the divisor.
            let (small, large) = if swapped { (b.0, b.1) } else { (b.1, b.0) };
            let ratio = self.part_op(NodeOp::Div, part, small, large);
            let product = self.part_op(NodeOp::Mul, part, small, ratio);
            let divisor = self.part_op(NodeOp::Add, part, product, large);
            let (with_ratio, without) = if swapped { (a.0, a.1) } else { (a.1, a.0) };
            let product = self.part_op(NodeOp::Mul, part, with_ratio, ratio);
            let real = self.part_op(NodeOp::Add, part, product, without);
            let product = self.part_op(NodeOp::Mul, part, if swapped { a.1 } else { a.0 }, ratio);
            let imaginary = if swapped {
                self.part_op(NodeOp::Sub, part, product, a.0)
            } else {
                self.part_op(NodeOp::Sub, part, a.1, product)
            };
            for (slot, value) in slots.into_iter().zip([real, imaginary]) {
                let value = self.part_op(NodeOp::Div, part, value, divisor);
                self.b.slot_set(slot, value);
            }
            self.jump(join);
        }
        self.start_reached(join);
        (self.b.slot_get(slots[0]), self.b.slot_get(slots[1]))
    }

    /// The absolute value of a part.
    fn part_size(&mut self, part: &Fact, value: Value) -> Value {
        if !part.signed {
            return value;
        }
        let work = Fact { ty: if part.ty.size() < 4 { Ty::I32 } else { part.ty }, ..*part };
        let wide = self.convert(value, part, &work);
        let size = self.absolute_value(work.ty, wide);
        self.convert(size, &work, part)
    }

    fn combine(&mut self, op: NodeOp, part: &Fact, a: Parts, b: Parts) -> Parts {
        if matches!(op, NodeOp::Add | NodeOp::Sub) {
            return (self.part_op(op, part, a.0, b.0), self.part_op(op, part, a.1, b.1));
        }
        if !part.ty.is_float() {
            return if op == NodeOp::Mul { self.int_product(part, a, b) } else { self.int_quotient(part, a, b) };
        }
        let name = match (part.ty, op) {
            (Ty::F32, NodeOp::Mul) => "__mulsc3",
            (Ty::F32, _) => "__divsc3",
            (Ty::F64, NodeOp::Mul) => "__muldc3",
            (Ty::F64, _) => "__divdc3",
            (Ty::F80, NodeOp::Mul) => "__mulxc3",
            (Ty::F80, _) => "__divxc3",
            (_, NodeOp::Mul) => "__multc3",
            _ => "__divtc3",
        };
        let basic = match part.ty {
            Ty::F32 => Basic::ComplexFloat,
            Ty::F64 => Basic::ComplexDouble,
            Ty::F128 => Basic::ComplexFloat128,
            _ => Basic::ComplexLongDouble,
        };
        let ty = QualTy::plain(basic.id());
        let fact = self.fact(ty);
        let layout = self.st.facts.layout(self.b.module, self.tree.types, ty);
        let params = vec![Param::Scalar { ty: part.ty, ext: Ext::None }; 4];
        let ret = Param::Aggregate(layout);
        let sig = self.b.module.intern_sig(Signature { ret, params, variadic: false, unprototyped: false });
        let symbol = self.st.library_symbol(self.b.module, name);
        let place = self.temporary(&fact);
        let address = self.address(place);
        self.b.call(symbol, sig, Ty::Void, &[address, a.0, a.1, b.0, b.1], CallFlags::default());
        self.load_parts(place, part)
    }

    /// The place of complex rvalue `id` that is no object: a temporary with its parts.
    pub(crate) fn complex_temporary(&mut self, id: NodeId) -> Place {
        let ty = self.tree.ast.nodes[id].ty;
        let part = self.part_fact(ty);
        let fact = self.fact(ty);
        let parts = self.parts(id);
        let place = self.temporary(&fact);
        self.store_parts(place, &part, parts);
        place
    }

    /// A part of complex rvalue `node.a`, or the real number that it is cast to.
    pub(crate) fn complex_to_real(&mut self, node: &Node) -> Value {
        let from = self.tree.ast.nodes[NodeId(node.a)].ty;
        let part = self.part_fact(from);
        let (real, imaginary) = self.parts(NodeId(node.a));
        let value = if node.op == NodeOp::ComplexPartRvalue && node.aux == 1 { imaginary } else { real };
        let to = self.fact(node.ty);
        self.convert(value, &part, &to)
    }

    /// `==` and `!=` of complex numbers, as i32.
    pub(crate) fn compare_complex(&mut self, node: &Node, negate: bool) -> Value {
        let part = self.part_fact(self.tree.ast.nodes[NodeId(node.a)].ty);
        let a = self.parts(NodeId(node.a));
        let b = self.parts(NodeId(node.b));
        self.differ(&part, a, b, (node.op == NodeOp::Ne) != negate)
    }

    /// Whether complex `id` is not 0 (or, negated, is), as i32.
    pub(crate) fn complex_truth(&mut self, id: NodeId, negate: bool) -> Value {
        let part = self.part_fact(self.tree.ast.nodes[id].ty);
        let parts = self.parts(id);
        let zero = self.zero(part.ty);
        self.differ(&part, parts, (zero, zero), !negate)
    }

    fn differ(&mut self, part: &Fact, a: Parts, b: Parts, differ: bool) -> Value {
        let (cond, op) = if differ { (FCond::Ne, Op::Or) } else { (FCond::Eq, Op::And) };
        if !part.ty.is_float() {
            let cond = if differ { Cond::Ne } else { Cond::Eq };
            let real = self.b.icmp(cond, part.ty, a.0, b.0);
            let imaginary = self.b.icmp(cond, part.ty, a.1, b.1);
            return self.b.binary(op, Ty::I32, real, imaginary);
        }
        let real = self.b.fcmp(cond, part.ty, a.0, b.0);
        let imaginary = self.b.fcmp(cond, part.ty, a.1, b.1);
        self.b.binary(op, Ty::I32, real, imaginary)
    }

    /// `a op= b` where one of the two is complex; gives the place of `a`, or its value when it is real.
    pub(crate) fn complex_assign_op(&mut self, node: &Node, op: NodeOp, work: QualTy) -> Value {
        let to = NodeId(node.a);
        let to_ty = self.tree.ast.nodes[to].ty;
        let part = self.part_fact(work);
        let right_ty = self.tree.ast.nodes[NodeId(node.b)].ty;
        let right = if self.is_complex(right_ty) {
            self.parts(NodeId(node.b))
        } else {
            let fact = self.fact(right_ty);
            let value = self.value(NodeId(node.b));
            (self.convert(value, &fact, &part), self.zero(part.ty))
        };
        if self.is_complex(to_ty) {
            let to_part = self.part_fact(to_ty);
            let place = self.place(to);
            let update = |lower: &mut Self, old: Place, new: Place| {
                let old = lower.load_parts(old, &to_part);
                let old = (lower.convert(old.0, &to_part, &part), lower.convert(old.1, &to_part, &part));
                let value = lower.combine(op, &part, old, right);
                let value = (lower.convert(value.0, &part, &to_part), lower.convert(value.1, &part, &to_part));
                lower.store_parts(new, &to_part, value);
            };
            if self.is_atomic(to) {
                let fact = self.fact(to_ty);
                let (_, new) = self.atomic_change(place, &fact, update);
                return self.address(new);
            }
            update(self, place, place);
            return self.address(place);
        }
        let fact = self.fact(to_ty);
        let access = self.access(to);
        if let Access::Memory { place, mem, atomic: true, .. } = access {
            let (_, new) = self.atomic_update(place, mem, fact.ty, |lower, old| {
                let old = (lower.convert(old, &fact, &part), lower.zero(part.ty));
                let new = lower.combine(op, &part, old, right);
                lower.convert(new.0, &part, &fact)
            });
            return new;
        }
        let old = self.load_access(&access);
        let old = (self.convert(old, &fact, &part), self.zero(part.ty));
        let new = self.combine(op, &part, old, right);
        let new = self.convert(new.0, &part, &fact);
        self.store_access(&access, new);
        new
    }

    /// `++` and `--` of complex lvalues: the place of the new value, or of a copy of the old one.
    pub(crate) fn complex_step(&mut self, node: &Node) -> Value {
        let ty = self.tree.ast.nodes[NodeId(node.a)].ty;
        let part = self.part_fact(ty);
        let fact = self.fact(ty);
        let down = matches!(node.op, NodeOp::PreDec | NodeOp::PostDec);
        let post = matches!(node.op, NodeOp::PostInc | NodeOp::PostDec);
        let place = self.place(NodeId(node.a));
        let one = if part.ty.is_float() { self.float_one(part.ty) } else { self.int(&part, 1) };
        if self.is_atomic(NodeId(node.a)) {
            let (old, new) = self.atomic_change(place, &fact, |lower, old, new| {
                let old = lower.load_parts(old, &part);
                let real = lower.part_op(if down { NodeOp::Sub } else { NodeOp::Add }, &part, old.0, one);
                lower.store_parts(new, &part, (real, old.1));
            });
            return self.address(if post { old } else { new });
        }
        let old = self.load_parts(place, &part);
        let real = self.part_op(if down { NodeOp::Sub } else { NodeOp::Add }, &part, old.0, one);
        self.store_parts(place, &part, (real, old.1));
        if !post {
            return self.address(place);
        }
        let copy = self.temporary(&fact);
        self.store_parts(copy, &part, old);
        self.address(copy)
    }
}
