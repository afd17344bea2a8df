//! Assignments, increments and the initialisers of automatic objects.

use crate::ast::{Init, InitItem, Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::data::Image;
use crate::lower::expr::arithmetic;
use crate::lower::facts::{Fact, Kind, log2, pointee};
use crate::lower::place::{Access, Base, Place, int_of_size};
use crate::types::{LocalId, QualTy, Quals, StrId};
use base::ids::Id;
use ir::module::{DataDef, MemId};
use ir::ops::{AtomicRmw, Cond, Op};
use ir::{Ty, Value};

/// Constant initialisers of at least this many bytes and items are copied from a read-only image.
const IMAGE_BYTES: u64 = 64;
const IMAGE_ITEMS: u32 = 5;
/// String initialisers up to this many bytes become stores of constants.
const SHORT_STRING: u64 = 16;
/// How deep the search for effects in an lvalue goes before it gives up and says yes.
const PURE_DEPTH: u32 = 8;

impl<'a> Lower<'a> {
    /// Any assignment, increment or decrement. The value is only meaningful when `wanted`.
    pub(crate) fn assignment(&mut self, node: &Node, wanted: bool) -> Value {
        match node.op {
            NodeOp::Assign => {
                if self.fact(node.ty).is_aggregate() {
                    self.assign_aggregate(node);
                    return Value::NONE;
                }
                self.assign(node, wanted)
            }
            NodeOp::AssignOp => self.assign_op(node, wanted),
            _ => self.step(node, wanted),
        }
    }

    fn assign(&mut self, node: &Node, wanted: bool) -> Value {
        let (to, from) = (NodeId(node.a), NodeId(node.b));
        // The right side first keeps addresses out of the way of its calls; where the left side has effects too, left
        // to right is what everybody expects.
        let (access, value);
        let target = self.tree.node(to);
        let fact = self.fact(target.ty);
        let special = self.is_bit_field(target) || Quals(target.ty.quals().0 | fact.quals.0).has(Quals::ATOMIC);
        if self.is_pure(to, PURE_DEPTH) {
            value = self.value(from);
            if target.op != NodeOp::Local {
                self.come_back(node, from, from);
            }
            if !special {
                let place = self.place(to);
                self.store_memory(target, place, &fact, value);
                return value;
            }
            access = self.access(to);
        } else {
            access = self.access(to);
            value = self.value(from);
        }
        self.store_access(&access, value);
        if wanted { self.as_stored(&access, value) } else { value }
    }

    /// Assigns an aggregate and gives the place assigned to.
    pub(crate) fn assign_aggregate(&mut self, node: &Node) -> Place {
        let (to, from) = (NodeId(node.a), NodeId(node.b));
        let volatile = self.is_volatile(self.tree.ast.nodes[to].ty);
        if self.is_atomic(to) {
            let to = self.place(to);
            let from = self.place(from);
            let size = self.fact(node.ty).size;
            self.atomic_write(to, from, size);
            return from;
        }
        if self.is_pure(to, PURE_DEPTH) {
            let from = self.place(from);
            let to = self.place(to);
            self.copy_object(to, from, node.ty, volatile);
            to
        } else {
            let to = self.place(to);
            let from = self.place(from);
            self.copy_object(to, from, node.ty, volatile);
            to
        }
    }

    /// Before the operation of `node`: who steps out of a call comes back to what is done with its result, if one of
    /// the operands is a call.
    pub(crate) fn come_back(&mut self, node: &Node, left: NodeId, right: NodeId) {
        if self.debug && (self.is_call(left) || self.is_call(right)) {
            self.b.set_pos(node.pos);
        }
    }

    /// Whether the value of `id` is what a call returns, but for its type.
    fn is_call(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        match node.op {
            NodeOp::Call => true,
            NodeOp::PtrCast | NodeOp::NopCast | NodeOp::IntCast => self.is_call(NodeId(node.a)),
            _ => false,
        }
    }

    /// True when computing the place of `id` (or its value) has no effects.
    fn is_pure(&self, mut id: NodeId, depth: u32) -> bool {
        for depth in (0..depth).rev() {
            let node = self.tree.node(id);
            match node.op {
                NodeOp::Local | NodeOp::Decl | NodeOp::Str | NodeOp::IntConst | NodeOp::LabelAddr => return true,
                NodeOp::Member
                | NodeOp::Deref
                | NodeOp::Load
                | NodeOp::Decay
                | NodeOp::AddrOf
                | NodeOp::FunctionDecay
                | NodeOp::ComplexPart
                | NodeOp::IntCast
                | NodeOp::PtrCast
                | NodeOp::NopCast
                | NodeOp::IntToPtr
                | NodeOp::PtrToInt => {}
                NodeOp::PtrAdd | NodeOp::PtrSub | NodeOp::Add | NodeOp::Sub | NodeOp::BitAnd | NodeOp::Mul => {
                    if !self.is_pure(NodeId(node.b), depth) {
                        return false;
                    }
                }
                _ => return false,
            }
            id = NodeId(node.a);
        }
        false
    }

    fn assign_op(&mut self, node: &Node, wanted: bool) -> Value {
        let to = NodeId(node.a);
        let ty = self.tree.ast.nodes[to].ty;
        let fact = self.fact(ty);
        let op = ASSIGN_OPS.iter().copied().find(|op| *op as u16 == node.aux).unwrap_or(NodeOp::Error);
        if matches!(op, NodeOp::PtrAdd | NodeOp::PtrSub) {
            let element = pointee(&self.tree, ty);
            let access = self.access(to);
            let bytes = self.scaled_index(NodeId(node.b), element);
            let op = if op == NodeOp::PtrAdd { Op::Add } else { Op::Sub };
            if let Access::Memory { place, mem, atomic: true, .. } = access {
                let add = |lower: &mut Self, old| lower.b.binary(op, Ty::Ptr, old, bytes);
                return self.atomic_update(place, mem, Ty::Ptr, add).1;
            }
            let old = self.load_access(&access);
            let new = self.b.binary(op, Ty::Ptr, old, bytes);
            self.store_access(&access, new);
            return new;
        }
        if op == NodeOp::Error {
            self.unsupported("such compound assignments");
            return self.zero(fact.ty);
        }
        let compute = self.tree.ast.types[node.c as usize];
        let work = self.fact(compute);
        if self.is_complex(compute) {
            return self.complex_assign_op(node, op, compute);
        }
        if self.lanes(ty).is_some() {
            return self.vector_assign_op(node, op);
        }
        let access = self.access(to);
        let right = self.operand(op, NodeId(node.b), &work);
        self.come_back(node, NodeId(node.b), NodeId(node.b));
        if let Access::Memory { place, mem, atomic: true, .. } = access {
            let (_, new) = self.atomic_update(place, mem, fact.ty, |lower, old| {
                let old = lower.convert(old, &fact, &work);
                let new = lower.b.binary(arithmetic(op, &work), work.ty, old, right);
                lower.convert(new, &work, &fact)
            });
            return new;
        }
        let old = self.load_access(&access);
        let old = self.convert(old, &fact, &work);
        let new = self.b.binary(arithmetic(op, &work), work.ty, old, right);
        let new = self.convert(new, &work, &fact);
        self.store_access(&access, new);
        if wanted { self.as_stored(&access, new) } else { new }
    }

    /// Changes an atomic object by a compare-and-exchange loop (C11 6.5.16.2p3): its values before and after.
    pub(crate) fn atomic_update(
        &mut self,
        place: Place,
        mem: MemId,
        ty: Ty,
        update: impl FnOnce(&mut Self, Value) -> Value,
    ) -> (Value, Value) {
        if ty.size() > 8 {
            return self.atomic_wide_change(place, ty, update);
        }
        let address = self.address(place);
        let int = int_of_size(ty.size());
        let first = self.b.load(int, address, 0, mem);
        let (again, done) = (self.block(), self.block());
        self.jump_with(again, first);
        self.start_reached(again);
        let bits = self.b.block_param(int);
        let old = self.resize_as(bits, int, false, ty);
        let new = update(self, old);
        let new_bits = self.resize_as(new, ty, false, int);
        let seen = self.b.atomic_cmpxchg(int, address, bits, new_bits, mem);
        let retry = self.block();
        let same = self.b.icmp(Cond::Eq, int, seen, bits);
        self.branch(Ty::I32, same, done, retry);
        self.start_reached(retry);
        self.jump_with(again, seen);
        self.start_reached(done);
        (old, new)
    }

    /// `++` and `--`.
    fn step(&mut self, node: &Node, wanted: bool) -> Value {
        let to = NodeId(node.a);
        let ty = self.tree.ast.nodes[to].ty;
        let fact = self.fact(ty);
        let down = matches!(node.op, NodeOp::PreDec | NodeOp::PostDec);
        let post = matches!(node.op, NodeOp::PostInc | NodeOp::PostDec);
        if self.is_complex(ty) {
            return self.complex_step(node);
        }
        if self.lanes(ty).is_some() {
            return self.vector_step(node);
        }
        let access = self.access(to);
        if let Access::Memory { place, mem, atomic: true, .. } = access
            && fact.ty.is_int_like()
            && fact.ty.size() <= 8
            && !fact.boolean
        {
            return self.atomic_step(place, mem, ty, &fact, down, post);
        }
        if let Access::Memory { place, mem, atomic: true, .. } = access {
            let (old, new) = self.atomic_update(place, mem, fact.ty, |lower, old| lower.stepped(old, ty, &fact, down));
            return if post { old } else { new };
        }
        let old = self.load_access(&access);
        let new = self.stepped(old, ty, &fact, down);
        self.store_access(&access, new);
        match (wanted, post) {
            (true, true) => old,
            (true, false) => self.as_stored(&access, new),
            _ => new,
        }
    }

    /// The value one step up or down from `old`.
    pub(crate) fn stepped(&mut self, old: Value, ty: QualTy, fact: &Fact, down: bool) -> Value {
        if fact.ty == Ty::Ptr {
            let element = pointee(&self.tree, ty);
            let of = self.fact(element);
            let bytes = if of.kind == Kind::Variable {
                let size = self.size_value(element);
                if down { self.b.unary(Op::Neg, Ty::I64, size) } else { size }
            } else {
                self.b.iconst(Ty::I64, if down { -(of.size as i64) } else { of.size as i64 })
            };
            self.b.binary(Op::Add, Ty::Ptr, old, bytes)
        } else if fact.ty.is_float() {
            let one = self.float_one(fact.ty);
            self.b.binary(if down { Op::Fsub } else { Op::Fadd }, fact.ty, old, one)
        } else if fact.boolean {
            // `b++` makes 1; `b--` is `b = b - 1 != 0`.
            if down {
                let one = self.b.iconst(Ty::I8, 1);
                self.b.binary(Op::Xor, Ty::I8, old, one)
            } else {
                self.b.iconst(Ty::I8, 1)
            }
        } else {
            let signed = Fact { signed: true, ..*fact };
            let one = self.int(&signed, if down { -1 } else { 1 });
            self.b.binary(Op::Add, fact.ty, old, one)
        }
    }

    fn atomic_step(&mut self, place: Place, mem: MemId, ty: QualTy, fact: &Fact, down: bool, post: bool) -> Value {
        let step = match fact.ty {
            Ty::Ptr => {
                let element = pointee(&self.tree, ty);
                self.fact(element).size as i64
            }
            _ => 1,
        };
        let signed = Fact { signed: true, ..*fact };
        let int = if fact.ty == Ty::Ptr { Ty::I64 } else { fact.ty };
        let step = self.int(&Fact { ty: int, ..signed }, if down { -step } else { step });
        let address = self.address(place);
        let old = self.b.atomic_rmw(AtomicRmw::Add, int, address, step, mem);
        let result = if post { old } else { self.b.binary(Op::Add, int, old, step) };
        self.resize_as(result, int, false, fact.ty)
    }

    // Initialisers.

    /// Local `id` begins to live: its type's lengths and its storage are there already.
    pub(crate) fn initialise_local(&mut self, id: LocalId, init: u32, ty: QualTy) {
        let data = &self.tree.ast.inits[init as usize];
        let fact = self.fact(ty);
        if fact.is_scalar() {
            let access = self.local_access(id);
            let Some(item) = self.last_item(data) else {
                let zero = self.zero(fact.ty);
                return self.store_access(&access, zero);
            };
            let value = self.value(item.value);
            return self.store_access(&access, value);
        }
        if self.initialise_whole(id, data, &fact) {
            return;
        }
        let place = self.local_place(id);
        self.initialise_place(place, data, &fact);
    }

    fn last_item(&self, init: &Init) -> Option<InitItem> {
        let items = &self.tree.ast.init_items[init.first as usize..(init.first + init.n) as usize];
        items.last().copied()
    }

    /// An object initialised by one expression of its own type.
    fn initialise_whole(&mut self, id: LocalId, init: &Init, fact: &Fact) -> bool {
        let (1, Some(item)) = (init.n, self.last_item(init)) else { return false };
        let value = self.tree.ast.nodes[item.value];
        if item.offset != 0 || item.size != fact.size || value.op == NodeOp::Str {
            return false;
        }
        if !self.fact(value.ty).is_aggregate() {
            return false;
        }
        let to = self.local_place(id);
        // A fresh variable that its own initialiser does not mention cannot be seen before the call returns, unless
        // control came back to its declaration by a goto.
        if value.op == NodeOp::Call && self.tree.ast.labels.is_empty() && !self.mentions(item.value, id) {
            self.aggregate_call(&value, Some(to));
            return true;
        }
        let from = self.place(item.value);
        self.copy(to, from, fact.size, false);
        true
    }

    /// Some node of the expression of which `root` is the last node names local `id`. Trees are postfix: an
    /// expression's nodes stand before its root; looking at a few too many is safe.
    fn mentions(&self, root: NodeId, id: LocalId) -> bool {
        let nodes = self.tree.ast.nodes.as_slice();
        let end = root.index();
        let start = end.saturating_sub(64);
        let stmt = nodes[start..end].iter().rposition(|node| node.op >= NodeOp::Block);
        if stmt.is_none() && start > 0 {
            return true;
        }
        let first = stmt.map_or(start, |at| start + at + 1);
        nodes[first..end].iter().any(|node| node.op == NodeOp::Local && node.a == id.0 || node.op == NodeOp::StmtExpr)
    }

    fn initialise_place(&mut self, place: Place, init: &Init, fact: &Fact) {
        let size = fact.size;
        if init.n >= IMAGE_ITEMS && size >= IMAGE_BYTES && self.initialise_from_image(place, init, size, fact) {
            return;
        }
        if init.zero_first {
            self.clear(place, size);
        }
        for at in init.first..init.first + init.n {
            let item = self.tree.ast.init_items[at as usize];
            self.initialise_item(place, size, &item, init.zero_first);
        }
    }

    fn initialise_item(&mut self, place: Place, size: u64, item: &InitItem, cleared: bool) {
        let node = self.tree.ast.nodes[item.value];
        if node.op == NodeOp::Str {
            return self.initialise_string(place.at(item.offset as i64), StrId(node.a), item.size, cleared);
        }
        let fact = self.fact(node.ty);
        if item.width != 0 {
            let value = self.value(item.value);
            let access = self.bit_field_at(place, size, item.offset, item.bit, item.width, node.ty);
            return self.store_access(&access, value);
        }
        let to = place.at(item.offset as i64);
        if fact.is_aggregate() {
            let from = self.place(item.value);
            return self.copy(to, from, fact.size.min(item.size), false);
        }
        if cleared && self.int_const(item.value) == Some(0) {
            return;
        }
        let value = self.value(item.value);
        let access = self.access_at(to, QualTy::plain(node.ty.ty()));
        self.store_access(&access, value);
    }

    /// The bytes of a string, cut or filled with zeros to `size`.
    fn initialise_string(&mut self, place: Place, id: StrId, size: u64, cleared: bool) {
        let bytes = &self.tree.unit.strings[id].bytes;
        let n = size.min(bytes.len() as u64);
        if n > SHORT_STRING {
            let symbol = self.st.string(self.b.module, self.tree, id);
            let align_log2 = log2(u64::from(self.tree.unit.strings[id].char_size));
            let from = Place { base: Base::Sym(symbol), offset: 0, align_log2 };
            self.copy(place, from, n, false);
        } else {
            let mut at = 0;
            while at < n {
                let left = n - at;
                let step = if left >= 8 { 8 } else { 1u64 << (63 - left.leading_zeros()) };
                let mut word = [0; 8];
                word[..step as usize].copy_from_slice(&bytes[at as usize..(at + step) as usize]);
                let ty = int_of_size(step as u32);
                let value = self.b.iconst(ty, i64::from_le_bytes(word));
                let place = place.at(at as i64);
                let mem = self.st.facts.mem(place.align_log2.min(log2(step)), false);
                let (address, offset) = self.split_address(place);
                self.b.store(ty, address, offset, value, mem);
                at += step;
            }
        }
        if size > n && !cleared {
            self.clear(place.at(n as i64), size - n);
        }
    }

    /// Copies a wholly constant initialiser from a read-only object.
    fn initialise_from_image(&mut self, place: Place, init: &Init, size: u64, fact: &Fact) -> bool {
        let Some(Image { bytes, relocs }) = self.st.image(self.b.module, self.tree, init, size, true) else {
            return false;
        };
        debug_assert!(relocs.is_empty());
        if bytes.is_empty() {
            self.clear(place, size);
            return true;
        }
        let symbol = self.st.private_symbol(self.b.module, "C");
        let align = fact.align().max(if size >= 16 { 16 } else { 1 });
        self.st.unit_data.push(DataDef { symbol, align, size, bytes, relocs, read_only: true, merge: 0 });
        let from = Place { base: Base::Sym(symbol), offset: 0, align_log2: log2(u64::from(align)) };
        self.copy(place, from, size, false);
        true
    }
}

/// What compound assignments compute.
const ASSIGN_OPS: [NodeOp; 12] = [
    NodeOp::Mul,
    NodeOp::Div,
    NodeOp::Rem,
    NodeOp::Add,
    NodeOp::Sub,
    NodeOp::Shl,
    NodeOp::Shr,
    NodeOp::BitAnd,
    NodeOp::BitXor,
    NodeOp::BitOr,
    NodeOp::PtrAdd,
    NodeOp::PtrSub,
];
