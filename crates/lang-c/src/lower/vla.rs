//! Variable-length arrays: lengths are evaluated once into slots, storage comes from the stack and goes back where control
//! leaves the scope. Every allocation is preceded by its own mark, so that a jump back before one of several
//! declarations of a scope releases just what comes after (C11 6.2.4p7).

use crate::ast::NodeId;
use crate::lower::Lower;
use crate::lower::place::Home;
use crate::lower::place::Place;
use crate::lower::stmt::Mark;
use crate::types::{ArrayLen, FieldData, FieldId, LocalId, QualTy, RecordId, TypeData};
use ir::func::{CallFlags, FuncFlags};
use ir::ops::Op;
use ir::types::{Param, Signature};
use ir::{Ty, Value};

impl<'a> Lower<'a> {
    /// Evaluates the lengths in variably modified type `ty` that no declaration before it evaluated.
    pub(crate) fn evaluate_vla_lens(&mut self, ty: QualTy) {
        match self.tree.types.get(ty) {
            TypeData::Pointer(to) => self.evaluate_vla_lens(to),
            TypeData::Array { element, len } => {
                if let ArrayLen::Variable(idx) = len
                    && self.tree.ast.vla_owners.get(idx as usize) == Some(&self.level.number)
                    && let Some(None) = self.w.vla_lens.get(idx as usize)
                {
                    let node = self.tree.ast.vla_lens[idx as usize];
                    let value = self.length(node);
                    let slot = self.b.scalar_slot(Ty::I64);
                    self.b.slot_set(slot, value);
                    self.w.vla_lens[idx as usize] = Some(slot);
                    if !self.tree.ast.nested.is_empty() {
                        self.keep_length(idx, value);
                    }
                }
                self.evaluate_vla_lens(element);
            }
            TypeData::Function { ret, .. } => self.evaluate_vla_lens(ret),
            TypeData::Record(id) if self.tree.types.records[id].variable => {
                for at in self.tree.types.records[id].fields.clone() {
                    self.evaluate_vla_lens(self.tree.types.fields[FieldId(at)].ty);
                }
            }
            _ => {}
        }
    }

    // Records with members of variable size: places are computed from the front, member by member.

    /// The place of member `field`, or of the run of bit-fields that it belongs to, of record lvalue `record`.
    #[cold]
    pub(crate) fn variable_member(&mut self, record: NodeId, field: FieldId) -> Place {
        let ty = self.tree.ast.nodes[record].ty;
        let TypeData::Record(id) = self.tree.types.get(ty) else { unreachable!("a member is one of a record") };
        let place = self.place(record);
        let base = self.address(place);
        let offset = self.member_start(id, field);
        let address = self.b.binary(Op::Add, Ty::Ptr, base, offset);
        let data = &self.tree.types.fields[field];
        Place::value(address, 0).at((data.offset & !FieldData::VARIABLE) as i64)
    }

    /// Bytes from the start of a record to the segment of `field`.
    fn member_start(&mut self, id: RecordId, field: FieldId) -> Value {
        let mut start = self.b.iconst(Ty::I64, 0);
        let mut end = start;
        for at in self.tree.types.records[id].fields.clone() {
            let at = FieldId(at);
            (start, end) = self.next_member(at, start, end);
            if at == field {
                break;
            }
        }
        start
    }

    /// Start and end of member `at`, from those of the member before it.
    fn next_member(&mut self, at: FieldId, start: Value, end: Value) -> (Value, Value) {
        let data = self.tree.types.fields[at];
        let mut start = start;
        let bytes = if data.is_bit_field() {
            let first = data.offset & !FieldData::VARIABLE;
            let bits = u64::from(data.bit) + u64::from(data.width);
            self.b.iconst(Ty::I64, (first + bits.div_ceil(8)) as i64)
        } else {
            self.size_value(data.ty)
        };
        if !data.is_variable() {
            let from = if data.is_bit_field() { 0 } else { data.offset };
            let from = self.b.iconst(Ty::I64, from as i64);
            return (from, self.b.binary(Op::Add, Ty::I64, from, bytes));
        }
        let segments = &self.tree.types.segments;
        let segment = segments.binary_search_by_key(&at, |segment| segment.field).map(|at| segments[at]);
        let align = segment.map_or(1, |segment| segment.align);
        if align != 0 {
            start = self.rounded(end, align);
        }
        (start, self.b.binary(Op::Add, Ty::I64, start, bytes))
    }

    fn rounded(&mut self, value: Value, align: u32) -> Value {
        if align <= 1 {
            return value;
        }
        let up = self.b.iconst(Ty::I64, i64::from(align) - 1);
        let value = self.b.binary(Op::Add, Ty::I64, value, up);
        let mask = self.b.iconst(Ty::I64, -i64::from(align));
        self.b.binary(Op::And, Ty::I64, value, mask)
    }

    fn record_size(&mut self, id: RecordId) -> Value {
        let data = &self.tree.types.records[id];
        let (fields, align, union) = (data.fields.clone(), data.align, data.union);
        let zero = self.b.iconst(Ty::I64, 0);
        let (mut start, mut end) = (zero, zero);
        for at in fields {
            if union {
                let size = self.next_member(FieldId(at), zero, zero).1;
                let more = self.b.icmp(ir::ops::Cond::Ugt, Ty::I64, size, end);
                end = self.b.select(Ty::I64, more, size, end);
            } else {
                (start, end) = self.next_member(FieldId(at), start, end);
            }
        }
        self.rounded(end, align)
    }

    /// Copies an object of type `ty`, of whatever size.
    pub(crate) fn copy_object(&mut self, to: Place, from: Place, ty: QualTy, volatile: bool) {
        let fact = self.fact(ty);
        if fact.kind != crate::lower::facts::Kind::Variable {
            return self.copy(to, from, fact.size, volatile);
        }
        let (to, from) = (self.address(to), self.address(from));
        let size = self.size_value(ty);
        let pointer = Param::scalar(Ty::Ptr);
        let params = vec![pointer, pointer, Param::scalar(Ty::I64)];
        let sig = Signature { ret: pointer, params, variadic: false, unprototyped: false };
        let sig = self.b.module.intern_sig(sig);
        let symbol = self.st.library_symbol(self.b.module, "memcpy");
        self.b.call(symbol, sig, Ty::Ptr, &[to, from, size], CallFlags::default());
    }

    fn length(&mut self, node: NodeId) -> Value {
        let fact = self.node_fact(node);
        let value = self.value(node);
        self.resize_int(value, &fact, Ty::I64)
    }

    /// The size of `ty` in bytes as i64, from lengths evaluated before.
    pub(crate) fn size_value(&mut self, ty: QualTy) -> Value {
        let fact = self.fact(ty);
        if let TypeData::Record(id) = self.tree.types.get(ty)
            && self.tree.types.records[id].variable
        {
            return self.record_size(id);
        }
        let TypeData::Array { element, len } = self.tree.types.get(ty) else {
            return self.b.iconst(Ty::I64, fact.size as i64);
        };
        let count = match len {
            ArrayLen::Fixed(n) => self.b.iconst(Ty::I64, i64::from(n)),
            ArrayLen::Big(at) => self.b.iconst(Ty::I64, self.tree.types.big_lens[at as usize] as i64),
            ArrayLen::Incomplete | ArrayLen::Star => self.b.iconst(Ty::I64, 0),
            ArrayLen::Variable(idx) => match self.w.vla_lens.get(idx as usize).copied().flatten() {
                Some(slot) => self.b.slot_get(slot),
                // Of a function around this one; or not declared on any way here: dropped code, or a type that is only ever
                // measured.
                None => match self.outer_length(idx) {
                    Some(value) => value,
                    None => self.length(self.tree.ast.vla_lens[idx as usize]),
                },
            },
        };
        let of = self.fact(element);
        if of.kind == crate::lower::facts::Kind::Variable {
            let size = self.size_value(element);
            return self.b.binary(Op::Mul, Ty::I64, count, size);
        }
        self.times(count, of.size)
    }

    /// Storage for variable-length array `local`.
    pub(crate) fn allocate_vla(&mut self, local: LocalId) {
        let data = self.tree.ast.locals[local];
        self.b.func.flags.set(FuncFlags::DYNAMIC_STACK);
        let home = self.home(local);
        let mark = self.b.scalar_slot(Ty::Ptr);
        let saved = self.b.stack_save();
        self.b.slot_set(mark, saved);
        if let Some(scope) = self.w.scopes.last_mut() {
            scope.marks.push(Mark::Stack(mark));
        }
        let fact = self.fact(data.ty);
        let size = self.size_value(data.ty);
        let address = self.b.alloca(size, fact.align().max(data.align).max(16));
        match home {
            Home::Record(offset) => {
                let place = self.captured_place(local, offset);
                let mem = self.st.facts.mem(3, false);
                let (at, offset) = self.split_address(place);
                self.b.store(Ty::Ptr, at, offset, address, mem);
            }
            Home::Indirect(home) => self.b.slot_set(home, address),
            _ => unreachable!("a variable array is reached by its address"),
        }
    }

    /// Ends what the scopes from number `depth` on hold.
    pub(crate) fn release_from(&mut self, depth: usize) {
        self.release_marks(depth, 0);
    }

    /// Runs the cleanups of the scopes from number `depth` on, and leaves the stack to the function's end.
    pub(crate) fn clean_up(&mut self, depth: usize) {
        if self.tree.ast.has_cleanups {
            self.run_cleanups(depth, 0);
        }
    }

    /// Ends what was marked in the scopes from number `depth` on; in the first of them, all but `kept` marks.
    #[inline]
    pub(crate) fn release_marks(&mut self, depth: usize, kept: usize) {
        if self.has_marks() {
            self.release_some(depth, kept);
        }
    }

    #[cold]
    fn release_some(&mut self, depth: usize, kept: usize) {
        if self.tree.ast.has_cleanups {
            self.run_cleanups(depth, kept);
        }
        let mut marks = self.w.scopes[depth..]
            .iter()
            .enumerate()
            .flat_map(|(at, scope)| scope.marks.iter().skip(if at == 0 { kept } else { 0 }));
        let stack = marks.find_map(|mark| match *mark {
            Mark::Stack(slot) => Some(slot),
            Mark::Cleanup(_) => None,
        });
        if let Some(slot) = stack {
            let saved = self.b.slot_get(slot);
            self.b.stack_restore(saved);
        }
    }

    /// The last declared first. Their arrays are still there.
    fn run_cleanups(&mut self, depth: usize, kept: usize) {
        for at in (depth..self.w.scopes.len()).rev() {
            let first = if at == depth { kept } else { 0 };
            for idx in (first..self.w.scopes[at].marks.len()).rev() {
                if let Mark::Cleanup(call) = self.w.scopes[at].marks[idx] {
                    self.effect(call);
                }
            }
        }
    }
}
