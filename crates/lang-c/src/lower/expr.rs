//! Rvalues: scalars as values, aggregates as the places that hold them.

use crate::ast::{Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::facts::{Fact, Kind};
use crate::lower::place::{Access, Home, Place};
use crate::types::{LabelId, LocalId, QualTy, Quals};
use base::ids::Id;
use ir::ops::{Cond, FCond, Op};
use ir::{Ty, Value};

impl<'a> Lower<'a> {
    /// The value of scalar rvalue `id`. Control is behind it afterwards, in a block that may be unreachable.
    pub(crate) fn value(&mut self, id: NodeId) -> Value {
        // Half of all nodes are these two: they do not pay for the frame of the others.
        let node = self.tree.node(id);
        match node.op {
            NodeOp::Load => self.load(NodeId(node.a)),
            NodeOp::IntConst => self.int_node(node),
            _ => self.computed(id),
        }
    }

    fn int_node(&mut self, node: &Node) -> Value {
        let fact = self.fact(node.ty);
        self.int(&fact, node.int_value())
    }

    #[inline(never)]
    fn computed(&mut self, id: NodeId) -> Value {
        let node = self.tree.node(id);
        match node.op {
            NodeOp::WideConst => {
                let wide = self.tree.ast.wides[node.a as usize];
                self.b.wide_const(Ty::I128, wide.to_le_bytes())
            }
            NodeOp::FloatConst => {
                let ty = self.fact(node.ty).ty;
                self.float(ty, self.tree.ast.floats[node.a as usize].0)
            }
            NodeOp::LabelAddr => {
                let symbol = self.label_symbol(LabelId(node.a));
                self.b.sym_addr(symbol, 0)
            }
            NodeOp::MemberRvalue => self.load(id),
            NodeOp::Decay | NodeOp::FunctionDecay | NodeOp::AddrOf => {
                let place = self.place(NodeId(node.a));
                self.address(place)
            }
            NodeOp::PtrAdd | NodeOp::PtrSub => {
                let place = self.pointer(id);
                self.address(place)
            }
            NodeOp::IntCast
            | NodeOp::BoolCast
            | NodeOp::IntToFloat
            | NodeOp::FloatToInt
            | NodeOp::FloatCast
            | NodeOp::PtrToInt
            | NodeOp::IntToPtr
            | NodeOp::PtrCast
            | NodeOp::NopCast => self.conversion(node),
            NodeOp::ComplexPartRvalue | NodeOp::ComplexCast => self.complex_to_real(node),
            NodeOp::VectorCast => self.vector_as_int(node),
            NodeOp::Neg | NodeOp::BitNot => self.unary(node),
            NodeOp::Mul
            | NodeOp::Div
            | NodeOp::Rem
            | NodeOp::Add
            | NodeOp::Sub
            | NodeOp::Shl
            | NodeOp::Shr
            | NodeOp::BitAnd
            | NodeOp::BitXor
            | NodeOp::BitOr => {
                let fact = self.fact(node.ty);
                let a = self.value(NodeId(node.a));
                let b = self.operand(node.op, NodeId(node.b), &fact);
                self.come_back(node, NodeId(node.a), NodeId(node.b));
                self.b.binary(arithmetic(node.op, &fact), fact.ty, a, b)
            }
            NodeOp::PtrDiff => self.pointer_difference(node),
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne => self.compare(node, false),
            NodeOp::LogNot => self.negation(node),
            NodeOp::LogAnd | NodeOp::LogOr => self.truth(id),
            NodeOp::Cond => self.conditional(node),
            NodeOp::Comma => {
                self.effect(NodeId(node.a));
                self.value(NodeId(node.b))
            }
            NodeOp::Assign | NodeOp::AssignOp | NodeOp::PreInc | NodeOp::PreDec | NodeOp::PostInc | NodeOp::PostDec => {
                self.assignment(node, true)
            }
            NodeOp::Call => self.call(node),
            NodeOp::Builtin => self.builtin(node),
            NodeOp::VaArg => {
                let ty = self.fact(node.ty).ty;
                let list = self.value(NodeId(node.a));
                self.b.va_arg(ty, list)
            }
            NodeOp::StmtExpr => self.statement_expression(node),
            NodeOp::SizeofVla => {
                let ty = self.tree.ast.types[node.a as usize];
                let size = self.size_value(ty);
                let to = self.fact(node.ty).ty;
                self.resize_as(size, Ty::I64, false, to)
            }
            _ => self.misplaced(node),
        }
    }

    /// Nodes that are no scalar rvalues. The checker makes none here; a poisoned tree is never lowered.
    #[cold]
    fn misplaced(&mut self, node: &Node) -> Value {
        self.pos = node.pos;
        self.unsupported("such expressions");
        let ty = self.fact(node.ty).ty;
        self.zero(if ty == Ty::Void { Ty::I32 } else { ty })
    }

    /// Value of lvalue `id`.
    pub(crate) fn load(&mut self, id: NodeId) -> Value {
        let node = self.tree.node(id);
        if node.op == NodeOp::Local
            && let Home::Slot(slot) = self.w.homes[node.a as usize]
            && let Some(value) = self.b.scalar_get(slot)
        {
            return value;
        }
        self.load_memory(node, id)
    }

    #[inline(never)]
    fn load_memory(&mut self, node: &Node, id: NodeId) -> Value {
        if self.is_bit_field(node) {
            let access = self.access(id);
            return self.load_access(&access);
        }
        let place = self.place(id);
        let fact = self.fact(node.ty);
        if Quals(node.ty.quals().0 | fact.quals.0).has(Quals(Quals::VOLATILE.0 | Quals::ATOMIC.0)) {
            self.pos = node.pos;
            let access = self.access_at(place, node.ty);
            return self.load_access(&access);
        }
        if let Some(slot) = self.whole_slot(&place, fact.ty) {
            return self.b.slot_get(slot);
        }
        let mem = self.st.facts.mem(place.align_log2, false);
        let (address, offset) = self.split_address(place);
        self.b.load(fact.ty, address, offset, mem)
    }

    /// Computes `id` for its effects alone.
    pub(crate) fn effect(&mut self, id: NodeId) {
        let node = self.tree.node(id);
        match node.op {
            NodeOp::Assign | NodeOp::AssignOp | NodeOp::PreInc | NodeOp::PreDec | NodeOp::PostInc | NodeOp::PostDec => {
                self.assignment(node, false);
            }
            NodeOp::Call => {
                self.call_for_effect(node);
            }
            NodeOp::Builtin if self.fact(node.ty).is_aggregate() => {
                self.aggregate(id);
            }
            NodeOp::Builtin => {
                self.builtin(node);
            }
            NodeOp::Comma => {
                self.effect(NodeId(node.a));
                self.effect(NodeId(node.b));
            }
            NodeOp::Cond => self.conditional_effect(node),
            NodeOp::LogAnd | NodeOp::LogOr => {
                let (right, join) = (self.block(), self.block());
                if node.op == NodeOp::LogAnd {
                    self.branch_on(NodeId(node.a), right, join);
                } else {
                    self.branch_on(NodeId(node.a), join, right);
                }
                if self.start_if_reached(right) {
                    self.effect(NodeId(node.b));
                    self.jump(join);
                }
                self.start_reached(join);
            }
            NodeOp::Load => {
                let ty = self.tree.ast.nodes[NodeId(node.a)].ty;
                let quals = Quals(ty.quals().0 | self.fact(ty).quals.0);
                if quals.has(Quals::VOLATILE) && self.fact(ty).is_scalar() {
                    self.load(NodeId(node.a));
                } else {
                    self.effect(NodeId(node.a));
                }
            }
            NodeOp::StmtExpr => {
                self.stmt(NodeId(node.a));
                self.revive();
            }
            NodeOp::VaArg if self.fact(node.ty).is_aggregate() => {
                self.aggregate(id);
            }
            NodeOp::VaArg => {
                self.value(id);
            }
            NodeOp::CompoundLocal => {
                self.place(id);
            }
            NodeOp::IntConst
            | NodeOp::WideConst
            | NodeOp::FloatConst
            | NodeOp::LabelAddr
            | NodeOp::Local
            | NodeOp::Decl
            | NodeOp::Str
            | NodeOp::Error
            | NodeOp::SizeofVla => {}
            NodeOp::Deref
            | NodeOp::Member
            | NodeOp::MemberRvalue
            | NodeOp::ComplexPart
            | NodeOp::ComplexPartRvalue
            | NodeOp::Decay
            | NodeOp::FunctionDecay
            | NodeOp::AddrOf
            | NodeOp::IntCast
            | NodeOp::BoolCast
            | NodeOp::IntToFloat
            | NodeOp::FloatToInt
            | NodeOp::FloatCast
            | NodeOp::PtrToInt
            | NodeOp::IntToPtr
            | NodeOp::PtrCast
            | NodeOp::VoidCast
            | NodeOp::NopCast
            | NodeOp::ComplexCast
            | NodeOp::VectorSplat
            | NodeOp::VectorCast
            | NodeOp::Neg
            | NodeOp::BitNot
            | NodeOp::LogNot => self.effect(NodeId(node.a)),
            NodeOp::Mul
            | NodeOp::Div
            | NodeOp::Rem
            | NodeOp::Add
            | NodeOp::Sub
            | NodeOp::Shl
            | NodeOp::Shr
            | NodeOp::BitAnd
            | NodeOp::BitXor
            | NodeOp::BitOr
            | NodeOp::ComplexMake
            | NodeOp::PtrAdd
            | NodeOp::PtrSub
            | NodeOp::PtrDiff
            | NodeOp::Lt
            | NodeOp::Gt
            | NodeOp::Le
            | NodeOp::Ge
            | NodeOp::Eq
            | NodeOp::Ne => {
                self.effect(NodeId(node.a));
                self.effect(NodeId(node.b));
            }
            _ => self.stmt(id),
        }
    }

    /// The place that holds aggregate rvalue `id`, until something is stored there.
    pub(crate) fn aggregate(&mut self, id: NodeId) -> Place {
        let node = self.tree.node(id);
        match node.op {
            NodeOp::Load => {
                let place = self.place(NodeId(node.a));
                if self.is_atomic(NodeId(node.a)) {
                    let fact = self.fact(node.ty);
                    return self.atomic_copy(place, &fact);
                }
                place
            }
            NodeOp::NopCast => self.place(NodeId(node.a)),
            NodeOp::VectorSplat | NodeOp::VectorCast => self.vector(node),
            NodeOp::Builtin => self.vector_builtin(node),
            op if op >= NodeOp::Neg && op <= NodeOp::Ne && self.lanes(node.ty).is_some() => self.vector(node),
            NodeOp::ComplexMake
            | NodeOp::ComplexCast
            | NodeOp::Neg
            | NodeOp::BitNot
            | NodeOp::Add
            | NodeOp::Sub
            | NodeOp::Mul
            | NodeOp::Div => self.complex_temporary(id),
            NodeOp::AssignOp | NodeOp::PreInc | NodeOp::PreDec | NodeOp::PostInc | NodeOp::PostDec => {
                let align_log2 = self.fact(node.ty).align_log2;
                let address = self.assignment(node, true);
                Place::value(address, align_log2)
            }
            NodeOp::Comma => {
                self.effect(NodeId(node.a));
                self.place(NodeId(node.b))
            }
            NodeOp::Assign => self.assign_aggregate(node),
            NodeOp::Cond => self.conditional_place(node),
            NodeOp::Call => self.aggregate_call(node, None),
            NodeOp::VaArg => {
                let fact = self.fact(node.ty);
                if fact.kind == Kind::Variable {
                    self.pos = node.pos;
                    self.unsupported("arguments of variable size");
                }
                let list = self.value(NodeId(node.a));
                let layout = self.st.facts.layout(self.b.module, self.tree.types, node.ty);
                let place = self.temporary(&fact);
                let address = self.address(place);
                self.b.va_arg_aggregate(layout, list, address);
                place
            }
            NodeOp::StmtExpr => self.statement_expression_place(node),
            _ => {
                self.misplaced(node);
                let fact = self.fact(node.ty);
                self.temporary(&fact)
            }
        }
    }

    /// A nameless object.
    pub(crate) fn temporary(&mut self, fact: &Fact) -> Place {
        let slot = self.b.slot(fact.size, fact.align(), Ty::Void);
        Place { base: crate::lower::place::Base::Slot(slot), offset: 0, align_log2: fact.align_log2 }
    }

    // Constants.

    /// An integer constant expression's value.
    #[inline]
    pub(crate) fn int_const(&self, id: NodeId) -> Option<i64> {
        let node = self.tree.node(id);
        (node.op == NodeOp::IntConst).then(|| node.int_value())
    }

    /// Constant `value` of the type that `fact` describes.
    #[inline]
    pub(crate) fn int(&mut self, fact: &Fact, value: i64) -> Value {
        if matches!(fact.ty, Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr) {
            return self.b.iconst(fact.ty, value);
        }
        self.odd_int(fact, value)
    }

    #[cold]
    fn odd_int(&mut self, fact: &Fact, value: i64) -> Value {
        match fact.ty {
            Ty::I128 => {
                let wide = if fact.signed { value as i128 } else { i128::from(value as u64) };
                self.b.wide_const(Ty::I128, wide.to_le_bytes())
            }
            ty => self.zero(if ty == Ty::Void { Ty::I32 } else { ty }),
        }
    }

    fn float(&mut self, ty: Ty, bytes: [u8; 16]) -> Value {
        let low = u64::from_le_bytes(bytes[..8].try_into().expect("eight bytes"));
        match ty {
            Ty::F32 => self.b.f32const(f32::from_bits(low as u32)),
            Ty::F64 => self.b.f64const(f64::from_bits(low)),
            Ty::F80 => {
                let mut padded = [0; 16];
                padded[..10].copy_from_slice(&bytes[..10]);
                self.b.wide_const(ty, padded)
            }
            _ => self.b.wide_const(ty, bytes),
        }
    }

    /// One of floating type `ty`.
    pub(crate) fn float_one(&mut self, ty: Ty) -> Value {
        match ty {
            Ty::F32 => self.b.f32const(1.0),
            Ty::F64 => self.b.f64const(1.0),
            _ => {
                let one = self.b.iconst(Ty::I32, 1);
                self.b.unary(Op::StoFp, ty, one)
            }
        }
    }

    /// Zero of type `ty`.
    pub(crate) fn zero(&mut self, ty: Ty) -> Value {
        match ty {
            Ty::F32 => self.b.f32const(0.0),
            Ty::F64 => self.b.f64const(0.0),
            ty if ty.size() == 16 => self.b.wide_const(ty, [0; 16]),
            ty => self.b.iconst(ty, 0),
        }
    }

    // Conversions.

    fn conversion(&mut self, node: &Node) -> Value {
        let operand = NodeId(node.a);
        if node.op == NodeOp::BoolCast {
            let truth = self.truth(operand);
            return self.b.unary(Op::Trunc, Ty::I8, truth);
        }
        if matches!(node.op, NodeOp::PtrCast | NodeOp::NopCast) && self.fact(node.ty).ty == Ty::Ptr {
            return self.value(operand);
        }
        let from = self.node_fact(operand);
        let to = self.fact(node.ty);
        let value = self.value(operand);
        self.convert(value, &from, &to)
    }

    /// `value` of scalar type `from` as `to`. To `_Bool`: compares with 0.
    pub(crate) fn convert(&mut self, value: Value, from: &Fact, to: &Fact) -> Value {
        let (a, b) = (from.ty, to.ty);
        if to.boolean && !from.boolean {
            let truth = self.nonzero(value, a);
            return self.b.unary(Op::Trunc, Ty::I8, truth);
        }
        if a == b {
            return value;
        }
        match (a.is_float(), b.is_float()) {
            (false, false) => self.resize_int(value, from, b),
            (true, true) => {
                let op = if precision(b) > precision(a) { Op::Fpext } else { Op::Fptrunc };
                self.b.unary(op, b, value)
            }
            (false, true) => {
                // Only integers of at least 32 bits are converted; narrower ones fit an int.
                if a.size() < 4 {
                    let value = self.resize_int(value, from, Ty::I32);
                    return self.b.unary(Op::StoFp, b, value);
                }
                self.b.unary(if from.signed { Op::StoFp } else { Op::UtoFp }, b, value)
            }
            (true, false) if b.size() < 4 => {
                // Through int, which holds every value that the narrow type does.
                let int = self.b.unary(Op::FptoS, Ty::I32, value);
                self.b.unary(Op::Trunc, b, int)
            }
            (true, false) => self.b.unary(if to.signed { Op::FptoS } else { Op::FptoU }, b, value),
        }
    }

    /// An integer or pointer as type `to`, widened by its own sign.
    pub(crate) fn resize_int(&mut self, value: Value, from: &Fact, to: Ty) -> Value {
        self.resize_as(value, from.ty, from.signed, to)
    }

    pub(crate) fn resize_as(&mut self, value: Value, from: Ty, signed: bool, to: Ty) -> Value {
        if from == to {
            return value;
        }
        let op = match from.size().cmp(&to.size()) {
            std::cmp::Ordering::Equal => Op::Bitcast,
            std::cmp::Ordering::Greater => Op::Trunc,
            std::cmp::Ordering::Less if signed => Op::Sext,
            std::cmp::Ordering::Less => Op::Zext,
        };
        self.b.unary(op, to, value)
    }

    // Operators.

    fn unary(&mut self, node: &Node) -> Value {
        let fact = self.fact(node.ty);
        let value = self.value(NodeId(node.a));
        let op = match node.op {
            NodeOp::Neg if fact.ty.is_float() => Op::Fneg,
            NodeOp::Neg => Op::Neg,
            _ => Op::Not,
        };
        self.b.unary(op, fact.ty, value)
    }

    /// The right operand of `op`: that of a shift takes the left one's type.
    pub(crate) fn operand(&mut self, op: NodeOp, id: NodeId, fact: &Fact) -> Value {
        if !matches!(op, NodeOp::Shl | NodeOp::Shr) {
            return self.value(id);
        }
        if let Some(count) = self.int_const(id) {
            return self.int(fact, count);
        }
        let from = self.node_fact(id);
        let value = self.value(id);
        self.resize_int(value, &from, fact.ty)
    }

    fn pointer_difference(&mut self, node: &Node) -> Value {
        let to = crate::lower::facts::pointee(&self.tree, self.tree.ast.nodes[NodeId(node.a)].ty);
        let of = self.fact(to);
        let a = self.value(NodeId(node.a));
        let b = self.value(NodeId(node.b));
        let bytes = self.b.binary(Op::Sub, Ty::I64, a, b);
        let result = self.fact(node.ty).ty;
        let elements = if of.kind == Kind::Variable {
            let size = self.size_value(to);
            self.b.binary(Op::SDiv, Ty::I64, bytes, size)
        } else if of.size <= 1 {
            bytes
        } else if of.size.is_power_of_two() {
            // The difference is a multiple of the size.
            let shift = self.b.iconst(Ty::I64, i64::from(crate::lower::facts::log2(of.size)));
            self.b.binary(Op::AShr, Ty::I64, bytes, shift)
        } else {
            let size = self.b.iconst(Ty::I64, of.size as i64);
            self.b.binary(Op::SDiv, Ty::I64, bytes, size)
        };
        self.resize_as(elements, Ty::I64, true, result)
    }

    /// A compare as a value, or its negation.
    pub(crate) fn compare(&mut self, node: &Node, negate: bool) -> Value {
        let fact = self.node_fact(NodeId(node.a));
        if fact.is_aggregate() {
            return self.compare_complex(node, negate);
        }
        let a = self.value(NodeId(node.a));
        let b = self.value(NodeId(node.b));
        self.come_back(node, NodeId(node.a), NodeId(node.b));
        if fact.ty.is_float() {
            let cond = float_cond(node.op);
            return self.b.fcmp(if negate { cond.negated() } else { cond }, fact.ty, a, b);
        }
        let cond = int_cond(node.op, fact.signed);
        self.b.icmp(if negate { cond.negated() } else { cond }, fact.ty, a, b)
    }

    /// 1 when `value` is not 0, else 0, as i32.
    pub(crate) fn nonzero(&mut self, value: Value, ty: Ty) -> Value {
        let zero = self.zero(ty);
        if ty.is_float() {
            return self.b.fcmp(FCond::Ne, ty, value, zero);
        }
        self.b.icmp(Cond::Ne, ty, value, zero)
    }

    fn negation(&mut self, node: &Node) -> Value {
        let operand = self.tree.ast.nodes[NodeId(node.a)];
        match operand.op {
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne => self.compare(&operand, true),
            NodeOp::LogAnd | NodeOp::LogOr => self.truth_of(NodeId(node.a), true),
            _ if self.is_complex(operand.ty) => self.complex_truth(NodeId(node.a), true),
            _ => {
                let ty = self.fact(operand.ty).ty;
                let value = self.value(NodeId(node.a));
                let zero = self.zero(ty);
                if ty.is_float() {
                    self.b.fcmp(FCond::Eq, ty, value, zero)
                } else {
                    self.b.icmp(Cond::Eq, ty, value, zero)
                }
            }
        }
    }

    /// 1 or 0 as i32: whether scalar `id` is not 0.
    pub(crate) fn truth(&mut self, id: NodeId) -> Value {
        let node = self.tree.node(id);
        match node.op {
            NodeOp::Lt | NodeOp::Gt | NodeOp::Le | NodeOp::Ge | NodeOp::Eq | NodeOp::Ne | NodeOp::LogNot => {
                self.value(id)
            }
            NodeOp::LogAnd | NodeOp::LogOr => self.truth_of(id, false),
            _ if self.is_complex(node.ty) => self.complex_truth(id, false),
            _ => {
                let ty = self.fact(node.ty).ty;
                let value = self.value(id);
                self.nonzero(value, ty)
            }
        }
    }

    /// Branches and joins again with 1 or 0.
    fn truth_of(&mut self, id: NodeId, negate: bool) -> Value {
        let (yes, no, join) = (self.block(), self.block(), self.block());
        self.branch_on(id, yes, no);
        for (block, value) in [(yes, !negate), (no, negate)] {
            if self.start_if_reached(block) {
                let value = self.b.iconst(Ty::I32, i64::from(value));
                self.jump_with(join, value);
            }
        }
        self.start_reached(join);
        self.b.block_param(Ty::I32)
    }

    fn conditional(&mut self, node: &Node) -> Value {
        let fact = self.fact(node.ty);
        let (first, cond) = (NodeId(node.b), NodeId(node.a));
        let (yes, no, join) = (self.block(), self.block(), self.block());
        if first.is_none() {
            let from = self.node_fact(cond);
            let value = self.value(cond);
            let truth = self.branchable(value, from.ty);
            self.branch(truth.0, truth.1, yes, no);
            self.start_reached(yes);
            let value = self.convert(value, &from, &fact);
            self.jump_with(join, value);
        } else {
            self.branch_on(cond, yes, no);
            if self.start_if_reached(yes) {
                let value = self.value(first);
                self.jump_with(join, value);
            }
        }
        if self.start_if_reached(no) {
            let value = self.value(NodeId(node.c));
            self.jump_with(join, value);
        }
        self.start_reached(join);
        self.b.block_param(fact.ty)
    }

    fn conditional_effect(&mut self, node: &Node) {
        if self.fact(node.ty).is_aggregate() && NodeId(node.b).is_none() {
            return;
        }
        let (yes, no, join) = (self.block(), self.block(), self.block());
        self.branch_on(NodeId(node.a), yes, no);
        for (block, arm) in [(yes, NodeId(node.b)), (no, NodeId(node.c))] {
            if self.start_if_reached(block) {
                if !arm.is_none() {
                    self.effect(arm);
                }
                self.jump(join);
            }
        }
        self.start_reached(join);
    }

    /// `a ? b : c` of aggregates: the address of the one chosen.
    fn conditional_place(&mut self, node: &Node) -> Place {
        let align_log2 = self.fact(node.ty).align_log2;
        let (yes, no, join) = (self.block(), self.block(), self.block());
        self.branch_on(NodeId(node.a), yes, no);
        for (block, arm) in [(yes, NodeId(node.b)), (no, NodeId(node.c))] {
            if self.start_if_reached(block) {
                let place = self.place(arm);
                let address = self.address(place);
                self.jump_with(join, address);
            }
        }
        self.start_reached(join);
        let address = self.b.block_param(Ty::Ptr);
        Place::value(address, align_log2)
    }

    // Access helpers for variables by number.

    pub(crate) fn local_access(&mut self, local: LocalId) -> Access {
        let place = self.local_place(local);
        let ty = self.tree.ast.locals[local].ty;
        self.access_at(place, ty)
    }

    pub(crate) fn is_volatile(&mut self, ty: QualTy) -> bool {
        ty.quals().has(Quals::VOLATILE) || self.fact(ty).quals.has(Quals::VOLATILE)
    }
}

/// Bits of precision, to tell extension from truncation.
fn precision(ty: Ty) -> u32 {
    match ty {
        Ty::F16 => 11,
        Ty::F32 => 24,
        Ty::F64 => 53,
        Ty::F80 => 64,
        _ => 113,
    }
}

/// The operation for arithmetic of the type that `fact` describes.
pub(crate) fn arithmetic(op: NodeOp, fact: &Fact) -> Op {
    if fact.ty.is_float() {
        return match op {
            NodeOp::Mul => Op::Fmul,
            NodeOp::Div => Op::Fdiv,
            NodeOp::Add => Op::Fadd,
            NodeOp::Sub => Op::Fsub,
            _ => unreachable!("{op:?} of floating operands"),
        };
    }
    match op {
        NodeOp::Mul => Op::Mul,
        NodeOp::Div if fact.signed => Op::SDiv,
        NodeOp::Div => Op::UDiv,
        NodeOp::Rem if fact.signed => Op::SRem,
        NodeOp::Rem => Op::URem,
        NodeOp::Add => Op::Add,
        NodeOp::Sub => Op::Sub,
        NodeOp::Shl => Op::Shl,
        NodeOp::Shr if fact.signed => Op::AShr,
        NodeOp::Shr => Op::LShr,
        NodeOp::BitAnd => Op::And,
        NodeOp::BitXor => Op::Xor,
        NodeOp::BitOr => Op::Or,
        _ => unreachable!("{op:?} is no arithmetic"),
    }
}

pub(crate) fn int_cond(op: NodeOp, signed: bool) -> Cond {
    match (op, signed) {
        (NodeOp::Lt, true) => Cond::Slt,
        (NodeOp::Lt, false) => Cond::Ult,
        (NodeOp::Gt, true) => Cond::Sgt,
        (NodeOp::Gt, false) => Cond::Ugt,
        (NodeOp::Le, true) => Cond::Sle,
        (NodeOp::Le, false) => Cond::Ule,
        (NodeOp::Ge, true) => Cond::Sge,
        (NodeOp::Ge, false) => Cond::Uge,
        (NodeOp::Eq, _) => Cond::Eq,
        _ => Cond::Ne,
    }
}

pub(crate) fn float_cond(op: NodeOp) -> FCond {
    match op {
        NodeOp::Lt => FCond::Lt,
        NodeOp::Gt => FCond::Gt,
        NodeOp::Le => FCond::Le,
        NodeOp::Ge => FCond::Ge,
        NodeOp::Eq => FCond::Eq,
        _ => FCond::Ne,
    }
}
