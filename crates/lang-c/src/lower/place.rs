//! Places: where lvalues and aggregate rvalues are. Offsets of members, constant indices and pointer sums are folded into
//! one number that ends in a load's, slot's or symbol's offset.
//!
//! Bit-fields are read through the smallest aligned unit that holds them and lies within the record, and are written
//! through exactly the bytes that hold some of their bits: no neighbour that is not a bit-field shares those (C11 3.14).

use crate::ast::{Node, NodeId, NodeOp};
use crate::lower::Lower;
use crate::lower::facts::{Fact, Kind, log2, pointee};
use crate::types::{FieldId, QualTy, Quals, TypeData};
use base::ids::Id;
use ir::module::{AtomicOrder, MemDesc, MemId, Symbol};
use ir::ops::{AtomicRmw, Op};
use ir::{Slot, Ty, Value};

/// What a place is counted from.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Base {
    Slot(Slot),
    Sym(Symbol),
    Value(Value),
}

/// An address: base plus bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub base: Base,
    pub offset: i64,
    /// Known alignment.
    pub align_log2: u8,
}

impl Place {
    #[inline]
    pub fn value(value: Value, align_log2: u8) -> Place {
        Place { base: Base::Value(value), offset: 0, align_log2 }
    }

    /// `bytes` further on, which are a multiple of `1 << align_log2`.
    #[inline]
    fn with(self, bytes: i64, align_log2: u8) -> Place {
        Place { offset: self.offset.wrapping_add(bytes), align_log2: self.align_log2.min(align_log2), ..self }
    }

    /// `bytes` further on.
    #[inline]
    pub fn at(self, bytes: i64) -> Place {
        let align_log2 = self.align_log2.min(bytes.trailing_zeros().min(63) as u8);
        Place { offset: self.offset.wrapping_add(bytes), align_log2, ..self }
    }
}

/// A bit-field in its storage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BitField {
    /// Start of the unit, or of the first byte when no unit fits.
    pub place: Place,
    /// Bytes of the unit to read through; 0: in pieces.
    pub unit: u8,
    /// First bit, counted from `place`.
    pub bit: u32,
    pub width: u32,
    pub fact: Fact,
    pub volatile: bool,
}

impl BitField {
    /// The low 64 bits and the rest, as fields of 64-bit integers; a narrower field is all in the first.
    fn halves(&self) -> (BitField, BitField) {
        let fact = Fact { size: 8, ty: Ty::I64, align_log2: 3, ..self.fact };
        let (low_width, high_width) = (self.width.min(64), self.width.saturating_sub(64));
        let low_fact = Fact { signed: fact.signed && high_width == 0, ..fact };
        let low = BitField { width: low_width, fact: low_fact, ..*self };
        (low, BitField { place: self.place.at(8), unit: 0, width: high_width, fact, ..*self })
    }
}

/// How an lvalue is read and written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Access {
    /// A scalar variable as a whole.
    Slot(Slot),
    Memory {
        place: Place,
        ty: Ty,
        mem: MemId,
        atomic: bool,
    },
    Bits(BitField),
}

impl<'a> Lower<'a> {
    /// The place of an lvalue, a function designator or an aggregate rvalue.
    pub(crate) fn place(&mut self, mut id: NodeId) -> Place {
        let mut node = self.tree.node(id);
        let (mut offset, mut align_log2) = (0i64, u8::MAX);
        // Members of members: one sum.
        while matches!(node.op, NodeOp::Member | NodeOp::MemberRvalue) {
            let field = &self.tree.types.fields[FieldId(node.b)];
            if field.is_variable() {
                let place = self.variable_member(NodeId(node.a), FieldId(node.b));
                return place.with(offset, align_log2);
            }
            offset = offset.wrapping_add(field.offset as i64);
            align_log2 = align_log2.min(log2(field.offset));
            id = NodeId(node.a);
            node = self.tree.node(id);
        }
        let place = match node.op {
            NodeOp::Deref => {
                let of = self.fact(node.ty).align_log2;
                Place { align_log2: of, ..self.pointer(NodeId(node.a)) }
            }
            NodeOp::Local => self.local_place(crate::types::LocalId(node.a)),
            _ => self.other_place(id),
        };
        place.with(offset, align_log2)
    }

    /// Places that are not members, variables and what pointers point to.
    fn other_place(&mut self, id: NodeId) -> Place {
        let node = self.tree.node(id);
        match node.op {
            NodeOp::Decl => {
                let decl = crate::types::DeclId(node.a);
                if self.tree.unit.decls[decl].nested != 0 {
                    return Place::value(self.closure_address(decl), 4);
                }
                let symbol = self.decl_symbol(decl);
                let align = self.tree.unit.decls[decl].align;
                let align_log2 = if align != 0 { log2(u64::from(align)) } else { self.fact(node.ty).align_log2 };
                Place { base: Base::Sym(symbol), offset: 0, align_log2 }
            }
            NodeOp::Str => {
                let id = crate::types::StrId(node.a);
                let symbol = self.st.string(self.b.module, self.tree, id);
                let align_log2 = log2(u64::from(self.tree.unit.strings[id].char_size));
                Place { base: Base::Sym(symbol), offset: 0, align_log2 }
            }
            NodeOp::CompoundLocal => {
                let local = crate::types::LocalId(node.a);
                self.initialise_local(local, node.b, node.ty);
                self.local_place(local)
            }
            NodeOp::ComplexPart => {
                let size = self.fact(node.ty).size as i64;
                self.place(NodeId(node.a)).at(size * i64::from(node.aux))
            }
            _ => self.aggregate(id),
        }
    }

    /// The place of what pointer rvalue `id` points to, as far as it is known without computing the pointer. Alignment is
    /// the caller's to know.
    pub(crate) fn pointer(&mut self, id: NodeId) -> Place {
        let node = self.tree.node(id);
        match node.op {
            NodeOp::Load => Place::value(self.load(NodeId(node.a)), 0),
            NodeOp::AddrOf | NodeOp::Decay | NodeOp::FunctionDecay => self.place(NodeId(node.a)),
            NodeOp::PtrCast | NodeOp::NopCast => self.pointer(NodeId(node.a)),
            NodeOp::PtrAdd | NodeOp::PtrSub => self.pointer_sum(id),
            _ => {
                let value = self.value(id);
                Place::value(value, 0)
            }
        }
    }

    /// Pointer plus or minus integer.
    fn pointer_sum(&mut self, id: NodeId) -> Place {
        let node = self.tree.node(id);
        let to = pointee(&self.tree, node.ty);
        let of = self.fact(to);
        let subtract = node.op == NodeOp::PtrSub;
        if of.kind != Kind::Variable
            && let Some(count) = self.int_const(NodeId(node.b))
        {
            let bytes = count.wrapping_mul(of.size as i64);
            let bytes = if subtract { bytes.wrapping_neg() } else { bytes };
            // No object is larger: what is left over wraps as the address would, in 64 bits.
            return self.pointer(NodeId(node.a)).at(bytes);
        }
        let place = self.pointer(NodeId(node.a));
        let base = self.base_value(place);
        let bytes = self.scaled_index(NodeId(node.b), to);
        let op = if subtract { Op::Sub } else { Op::Add };
        let sum = self.b.binary(op, Ty::Ptr, base, bytes);
        Place { base: Base::Value(sum), offset: place.offset, align_log2: 0 }
    }

    /// Integer rvalue `index` times the size of `element`, as i64.
    pub(crate) fn scaled_index(&mut self, index: NodeId, element: QualTy) -> Value {
        let from = self.fact(self.tree.ast.nodes[index].ty);
        let value = self.value(index);
        let value = self.resize_int(value, &from, Ty::I64);
        let of = self.fact(element);
        if of.kind == Kind::Variable {
            let size = self.size_value(element);
            return self.b.binary(Op::Mul, Ty::I64, value, size);
        }
        self.times(value, of.size)
    }

    /// `value` (i64) times a constant.
    pub(crate) fn times(&mut self, value: Value, factor: u64) -> Value {
        if factor == 1 {
            return value;
        }
        let shift = factor.is_power_of_two();
        let number = if shift { i64::from(log2(factor)) } else { factor as i64 };
        let number = self.b.iconst(Ty::I64, number);
        self.b.binary(if shift { Op::Shl } else { Op::Mul }, Ty::I64, value, number)
    }

    /// The base of a place as a value, without its offset.
    fn base_value(&mut self, place: Place) -> Value {
        match place.base {
            Base::Slot(slot) => self.b.slot_addr(slot, 0),
            Base::Sym(symbol) => self.b.sym_addr(symbol, 0),
            Base::Value(value) => value,
        }
    }

    /// The address of a place as a value.
    pub(crate) fn address(&mut self, place: Place) -> Value {
        let (address, rest) = self.split_address(place);
        if rest == 0 {
            return address;
        }
        let offset = self.b.iconst(Ty::I64, i64::from(rest));
        self.b.binary(Op::Add, Ty::Ptr, address, offset)
    }

    /// The address of a place as a value and what an access may add to it.
    pub(crate) fn split_address(&mut self, place: Place) -> (Value, i32) {
        match (place.base, i32::try_from(place.offset)) {
            (Base::Sym(symbol), _) => (self.b.sym_addr(symbol, place.offset), 0),
            (Base::Slot(slot), Ok(offset)) => (self.b.slot_addr(slot, offset), 0),
            (Base::Value(value), Ok(offset)) => (value, offset),
            (_, Err(_)) => {
                let base = self.base_value(place);
                let offset = self.b.iconst(Ty::I64, place.offset);
                (self.b.binary(Op::Add, Ty::Ptr, base, offset), 0)
            }
        }
    }

    /// Lvalue or rvalue `node` is a bit-field.
    #[inline]
    pub(crate) fn is_bit_field(&self, node: &Node) -> bool {
        matches!(node.op, NodeOp::Member | NodeOp::MemberRvalue)
            && self.tree.types.fields[FieldId(node.b)].is_bit_field()
    }

    /// The slot of which `place` is the whole, when it holds scalars of type `ty`.
    #[inline]
    pub(crate) fn whole_slot(&self, place: &Place, ty: Ty) -> Option<Slot> {
        match place.base {
            Base::Slot(slot) if place.offset == 0 && self.b.func.slots[slot].ty == ty => Some(slot),
            _ => None,
        }
    }

    /// Stores scalar `value` to lvalue `node` at `place`, which is no bit-field and not atomic.
    pub(crate) fn store_memory(&mut self, node: &Node, place: Place, fact: &Fact, value: Value) {
        let volatile = Quals(node.ty.quals().0 | fact.quals.0).has(Quals::VOLATILE);
        if let Some(slot) = self.whole_slot(&place, fact.ty) {
            self.b.func.slots[slot].pinned_to_memory |= volatile;
            return self.b.slot_set(slot, value);
        }
        let mem = self.st.facts.mem(place.align_log2, volatile);
        let (address, offset) = self.split_address(place);
        self.b.store(fact.ty, address, offset, value, mem);
    }

    /// How lvalue `id` is read and written.
    pub(crate) fn access(&mut self, id: NodeId) -> Access {
        let node = self.tree.node(id);
        let ty = node.ty;
        if self.is_bit_field(node) {
            return self.bit_field(NodeId(node.a), FieldId(node.b), ty);
        }
        let place = self.place(id);
        let access = self.access_at(place, ty);
        if matches!(access, Access::Memory { atomic: true, .. }) {
            self.pos = node.pos;
        }
        access
    }

    /// How a scalar of type `ty` at `place` is read and written.
    pub(crate) fn access_at(&mut self, place: Place, ty: QualTy) -> Access {
        let fact = self.fact(ty);
        let quals = Quals(ty.quals().0 | fact.quals.0);
        let volatile = quals.has(Quals::VOLATILE);
        let atomic = quals.has(Quals::ATOMIC);
        if let Base::Slot(slot) = place.base
            && place.offset == 0
            && !atomic
        {
            let data = &mut self.b.func.slots[slot];
            if data.ty == fact.ty {
                data.pinned_to_memory |= volatile;
                return Access::Slot(slot);
            }
        }
        let align_log2 = place.align_log2.min(5);
        let mem = if atomic {
            let order = AtomicOrder::SeqCst;
            self.b.module.intern_mem(MemDesc { align_log2, volatile, order, alias_root: 0 })
        } else {
            self.st.facts.mem(align_log2, volatile)
        };
        Access::Memory { place, ty: fact.ty, mem, atomic }
    }

    pub(crate) fn load_access(&mut self, access: &Access) -> Value {
        match *access {
            Access::Slot(slot) => self.b.slot_get(slot),
            Access::Memory { place, ty, atomic: true, .. } if ty.size() > 8 => self.atomic_wide_load(place, ty),
            Access::Memory { place, ty, mem, atomic: true } if !ty.is_int_like() => {
                let (address, offset) = self.split_address(place);
                let int = int_of_size(ty.size());
                let bits = self.b.load(int, address, offset, mem);
                self.resize_as(bits, int, false, ty)
            }
            Access::Memory { place, ty, mem, .. } => {
                let (address, offset) = self.split_address(place);
                self.b.load(ty, address, offset, mem)
            }
            Access::Bits(field) => self.load_bits(&field),
        }
    }

    pub(crate) fn store_access(&mut self, access: &Access, value: Value) {
        match *access {
            Access::Slot(slot) => self.b.slot_set(slot, value),
            Access::Memory { place, ty, atomic: true, .. } if ty.size() > 8 => self.atomic_wide_store(place, ty, value),
            Access::Memory { place, ty, mem, atomic: true } => {
                let address = self.address(place);
                let int = int_of_size(ty.size());
                let bits = self.resize_as(value, ty, false, int);
                self.b.atomic_rmw(AtomicRmw::Xchg, int, address, bits, mem);
            }
            Access::Memory { place, ty, mem, .. } => {
                let (address, offset) = self.split_address(place);
                self.b.store(ty, address, offset, value, mem);
            }
            Access::Bits(field) => self.store_bits(&field, value),
        }
    }

    /// Copies an aggregate of `size` bytes.
    /// A copy of an aggregate of its own.
    pub(crate) fn copy_of(&mut self, from: Place, fact: &Fact) -> Place {
        let to = self.temporary(fact);
        self.copy(to, from, fact.size, false);
        to
    }

    pub(crate) fn copy(&mut self, to: Place, from: Place, size: u64, volatile: bool) {
        if size == 0 {
            return;
        }
        let Ok(size) = u32::try_from(size) else {
            self.unsupported("copies of objects of 4 GiB or more");
            return;
        };
        let mem = self.st.facts.mem(to.align_log2.min(from.align_log2).min(5), volatile);
        let to = self.address(to);
        let from = self.address(from);
        self.b.copy(to, from, size, mem);
    }

    /// Sets `size` bytes to zero.
    pub(crate) fn clear(&mut self, place: Place, size: u64) {
        if size == 0 {
            return;
        }
        let Ok(size) = u32::try_from(size) else {
            self.unsupported("initialisers of automatic objects of 4 GiB or more");
            return;
        };
        let mem = self.st.facts.mem(place.align_log2.min(5), false);
        let address = self.address(place);
        self.b.fill(address, 0, size, mem);
    }

    // Bit-fields.

    fn bit_field(&mut self, record: NodeId, field: FieldId, ty: QualTy) -> Access {
        let data = self.tree.types.fields[field];
        let record_ty = self.tree.ast.nodes[record].ty;
        let size = match self.tree.types.get(record_ty) {
            TypeData::Record(id) => self.tree.types.records[id].size,
            _ => 0,
        };
        if data.is_variable() {
            let place = self.variable_member(record, field);
            let size = (u64::from(data.bit) + u64::from(data.width)).div_ceil(8);
            return self.bit_field_at(place, size, 0, data.bit, data.width, ty);
        }
        let place = self.place(record);
        // Nothing is known of what follows where the size is not.
        let size =
            if size == 0 { data.offset + (u64::from(data.bit) + u64::from(data.width)).div_ceil(8) } else { size };
        self.bit_field_at(place, size, data.offset, data.bit, data.width, ty)
    }

    /// The bit-field of `width` bits whose first bit is bit `bit` of byte `offset` of the `size` bytes at `place`.
    pub(crate) fn bit_field_at(
        &mut self,
        place: Place,
        size: u64,
        offset: u64,
        bit: u8,
        width: u8,
        ty: QualTy,
    ) -> Access {
        let fact = self.fact(ty);
        let volatile = ty.quals().has(Quals::VOLATILE);
        let n_bytes = (u64::from(bit) + u64::from(width)).div_ceil(8);
        for unit in [1u64, 2, 4, 8] {
            let start = offset / unit * unit;
            if offset - start + n_bytes <= unit && start + unit <= size {
                return Access::Bits(BitField {
                    place: place.at(start as i64),
                    unit: unit as u8,
                    bit: ((offset - start) * 8) as u32 + u32::from(bit),
                    width: u32::from(width),
                    fact,
                    volatile,
                });
            }
        }
        let place = place.at(offset as i64);
        Access::Bits(BitField { place, unit: 0, bit: u32::from(bit), width: u32::from(width), fact, volatile })
    }

    fn load_piece(&mut self, field: &BitField, at: u32, size: u32) -> Value {
        let place = field.place.at(i64::from(at));
        let mem = self.st.facts.mem(place.align_log2.min(log2(u64::from(size))), field.volatile);
        let (address, offset) = self.split_address(place);
        self.b.load(int_of_size(size), address, offset, mem)
    }

    fn load_bits(&mut self, field: &BitField) -> Value {
        if field.width == 0 {
            return self.zero(field.fact.ty);
        }
        if field.width > 64 {
            let (low, high) = field.halves();
            let (low, high) = (self.load_bits(&low), self.load_bits(&high));
            let low = self.b.unary(Op::Zext, Ty::I128, low);
            let high = self.b.unary(if field.fact.signed { Op::Sext } else { Op::Zext }, Ty::I128, high);
            let high = self.shift(Op::Shl, Ty::I128, high, 64);
            return self.b.binary(Op::Or, Ty::I128, low, high);
        }
        let (mut value, work, bit);
        if field.unit != 0 {
            value = self.load_piece(field, 0, u32::from(field.unit));
            work = if field.unit == 8 { Ty::I64 } else { Ty::I32 };
            if field.unit < 4 {
                value = self.b.unary(Op::Zext, work, value);
            }
            bit = field.bit;
        } else {
            value = self.gather(field);
            work = Ty::I64;
            bit = 0;
        }
        let bits = work.size() * 8;
        if field.fact.signed {
            value = self.shift(Op::Shl, work, value, bits - bit - field.width);
            value = self.shift(Op::AShr, work, value, bits - field.width);
        } else {
            value = self.shift(Op::LShr, work, value, bit);
            let known = if field.unit != 0 { u32::from(field.unit) * 8 - bit } else { 64 };
            if field.width < known {
                let mask = self.b.iconst(work, mask(field.width) as i64);
                value = self.b.binary(Op::And, work, value, mask);
            }
        }
        self.resize_as(value, work, field.fact.signed, field.fact.ty)
    }

    /// The bits of a field that no unit holds, in the low bits of an i64; what stands above them is not defined.
    fn gather(&mut self, field: &BitField) -> Value {
        let mut all: Option<Value> = None;
        for (at, size) in pieces(field) {
            let piece = self.load_piece(field, at, size);
            let wide = if size == 8 { piece } else { self.b.unary(Op::Zext, Ty::I64, piece) };
            let low = at * 8;
            let moved = if low < field.bit {
                self.shift(Op::LShr, Ty::I64, wide, field.bit - low)
            } else {
                self.shift(Op::Shl, Ty::I64, wide, low - field.bit)
            };
            all = Some(match all {
                Some(before) => self.b.binary(Op::Or, Ty::I64, before, moved),
                None => moved,
            });
        }
        all.expect("a bit-field has bits")
    }

    fn store_bits(&mut self, field: &BitField, value: Value) {
        if field.fact.ty == Ty::I128 {
            let (low, high) = field.halves();
            let part = self.b.unary(Op::Trunc, Ty::I64, value);
            self.store_bits(&low, part);
            if field.width > 64 {
                let part = self.shift(Op::LShr, Ty::I128, value, 64);
                let part = self.b.unary(Op::Trunc, Ty::I64, part);
                self.store_bits(&high, part);
            }
            return;
        }
        let known = self.b.func.inst(value);
        let known = (known.op == Op::Iconst).then(|| known.imm64());
        let wide = field.fact.ty.size() > 4;
        let source = if wide { Ty::I64 } else { Ty::I32 };
        let value = if known.is_some() { value } else { self.resize_as(value, field.fact.ty, false, source) };
        for (at, size) in pieces(field) {
            let (first, last) = (at * 8, (at + size) * 8);
            let (low, high) = (field.bit.max(first), (field.bit + field.width).min(last));
            let work = if size == 8 { Ty::I64 } else { Ty::I32 };
            let keep = mask(high - low);
            let part = |bits: u64| (bits >> (low - field.bit) & keep) << (low - first);
            let whole = high - low == size * 8;
            let mut new = match known {
                Some(bits) => self.b.iconst(if whole { int_of_size(size) } else { work }, part(bits) as i64),
                None => {
                    let moved = self.shift(Op::LShr, source, value, low - field.bit);
                    self.resize_as(moved, source, false, work)
                }
            };
            if !whole {
                if known.is_none() {
                    let kept = self.b.iconst(work, keep as i64);
                    new = self.b.binary(Op::And, work, new, kept);
                    new = self.shift(Op::Shl, work, new, low - first);
                }
                let old = self.load_piece(field, at, size);
                let old = self.resize_as(old, int_of_size(size), false, work);
                let others = self.b.iconst(work, !(keep << (low - first)) as i64);
                let old = self.b.binary(Op::And, work, old, others);
                new = match known {
                    Some(bits) if part(bits) == 0 => old,
                    _ => self.b.binary(Op::Or, work, old, new),
                };
            }
            let ty = int_of_size(size);
            if !(whole && known.is_some()) {
                new = self.resize_as(new, work, false, ty);
            }
            let place = field.place.at(i64::from(at));
            let mem = self.st.facts.mem(place.align_log2.min(log2(u64::from(size))), field.volatile);
            let (address, offset) = self.split_address(place);
            self.b.store(ty, address, offset, new, mem);
        }
    }

    /// What reading the field gives after `value` was stored.
    pub(crate) fn as_stored(&mut self, access: &Access, value: Value) -> Value {
        let Access::Bits(field) = access else { return value };
        let ty = field.fact.ty;
        let bits = ty.size() * 8;
        if field.fact.boolean || field.width >= bits {
            return value;
        }
        if field.fact.signed {
            let value = self.shift(Op::Shl, ty, value, bits - field.width);
            return self.shift(Op::AShr, ty, value, bits - field.width);
        }
        if ty == Ty::I128 {
            let value = self.shift(Op::Shl, ty, value, bits - field.width);
            return self.shift(Op::LShr, ty, value, bits - field.width);
        }
        let kept = self.b.iconst(ty, mask(field.width) as i64);
        self.b.binary(Op::And, ty, value, kept)
    }

    fn shift(&mut self, op: Op, ty: Ty, value: Value, by: u32) -> Value {
        if by == 0 {
            return value;
        }
        let by = match ty {
            Ty::I128 => self.b.wide_const(ty, u128::from(by).to_le_bytes()),
            _ => self.b.iconst(ty, i64::from(by)),
        };
        self.b.binary(op, ty, value, by)
    }

    // Locals.

    /// Where a variable of the function lives.
    pub(crate) fn local_place(&mut self, local: crate::types::LocalId) -> Place {
        match self.home(local) {
            Home::Slot(slot) => {
                let align_log2 = log2(u64::from(self.b.func.slots[slot].align));
                Place { base: Base::Slot(slot), offset: 0, align_log2 }
            }
            Home::Indirect(slot) => {
                let align_log2 = self.fact(self.tree.ast.locals[local].ty).align_log2;
                let address = self.b.slot_get(slot);
                Place::value(address, align_log2)
            }
            Home::Record(offset) => {
                let place = self.captured_place(local, offset);
                let fact = self.fact(self.tree.ast.locals[local].ty);
                if fact.kind != Kind::Variable {
                    return place;
                }
                let mem = self.st.facts.mem(3, false);
                let (address, offset) = self.split_address(place);
                let address = self.b.load(Ty::Ptr, address, offset, mem);
                Place::value(address, fact.align_log2)
            }
            Home::None => unreachable!("homes are made on demand"),
        }
    }

    /// The home of a variable, made when it is first needed: variables of dropped code get none.
    #[inline]
    pub(crate) fn home(&mut self, local: crate::types::LocalId) -> Home {
        match self.w.homes[local.index()] {
            Home::None => self.make_home(local),
            home => home,
        }
    }

    #[inline(never)]
    fn make_home(&mut self, local: crate::types::LocalId) -> Home {
        let data = self.tree.ast.locals[local];
        let fact = self.fact(data.ty);
        let home = match fact.kind {
            _ if data.captured => self.captured_home(local),
            Kind::Variable => Home::Indirect(self.b.scalar_slot(Ty::Ptr)),
            Kind::Scalar if fact.size == u64::from(fact.ty.size()) => {
                let slot = self.b.slot(fact.size, fact.align().max(data.align), fact.ty);
                let quals = Quals(data.ty.quals().0 | fact.quals.0);
                self.b.func.slots[slot].pinned_to_memory = quals.has(Quals::VOLATILE);
                Home::Slot(slot)
            }
            _ => Home::Slot(self.b.slot(fact.size, fact.align().max(data.align), Ty::Void)),
        };
        self.w.homes[local.index()] = home;
        home
    }
}

/// Where a variable lives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Home {
    /// Not needed yet.
    None,
    Slot(Slot),
    /// At the address in this slot.
    Indirect(Slot),
    /// So many bytes into the frame record of the function that it belongs to; a variable array: its address is there.
    Record(u32),
}

/// The pieces, powers of two, that together are exactly the bytes with bits of `field`: byte from the place, bytes.
fn pieces(field: &BitField) -> impl Iterator<Item = (u32, u32)> + use<> {
    let mut at = field.bit / 8;
    let end = (field.bit + field.width).div_ceil(8);
    std::iter::from_fn(move || {
        let left = end - at;
        if left == 0 {
            return None;
        }
        let size = 1 << (31 - left.min(8).leading_zeros());
        at += size;
        Some((at - size, size))
    })
}

fn mask(width: u32) -> u64 {
    if width >= 64 { u64::MAX } else { (1 << width) - 1 }
}

/// The integer type of `size` bytes.
pub(crate) fn int_of_size(size: u32) -> Ty {
    match size {
        1 => Ty::I8,
        2 => Ty::I16,
        4 => Ty::I32,
        8 => Ty::I64,
        _ => Ty::I128,
    }
}
