//! Nested functions (GNU): each is a function of the IR of its own, and reaches what it uses of the functions around it
//! through a *frame record*, a slot of theirs that holds those variables.
//!
//! A function whose address is never taken gets the address of its parent's record as a hidden first argument. One whose
//! address is taken is called through a closure in its parent's record, which passes it as the chain; only then must the
//! stack be executable. A jump to a label of an outer function is a `longjmp` to a buffer in that function's record. The
//! reasons stand in `docs/decisions/0040-nested-functions.md`.

use crate::ast::{Ast, Nested, NodeId, NodeOp};
use crate::lower::facts::{Facts, Kind};
use crate::lower::place::{Base, Home, Place};
use crate::lower::{Lower, State, Tree};
use crate::types::{DeclId, LabelId, LocalId};
use base::ids::Id;
use ir::func::{Block, CallFlags, FuncFlags};
use ir::ops::CLOSURE_SIZE;
use ir::types::{Param, Signature};
use ir::{Slot, Ty, Value};
use std::collections::HashMap;

/// Bytes of the C library's `jmp_buf`.
pub(crate) const JMP_BUF: u64 = 200;

/// Where things lie in the frame records of the external declaration at hand.
#[derive(Default)]
pub(crate) struct Records {
    /// By function number.
    functions: Vec<Record>,
    locals: HashMap<LocalId, u32>,
    /// Lengths of variable arrays, by number.
    lens: HashMap<u32, u32>,
    /// Closures of nested functions whose address is taken.
    closures: HashMap<DeclId, u32>,
}

#[derive(Clone, Default)]
struct Record {
    parent: u32,
    size: u64,
    align: u32,
    /// Closures to make at entry.
    closures: Vec<DeclId>,
    /// Buffer for jumps from nested functions.
    jump_buffer: Option<u32>,
}

impl Record {
    /// Room for something; the first eight bytes are the function's own chain.
    fn room(&mut self, size: u64, align: u32) -> u32 {
        let at = self.size.max(8).next_multiple_of(u64::from(align.max(1)));
        self.size = at + size;
        self.align = self.align.max(align);
        at as u32
    }
}

impl Records {
    /// Lays out the records of all functions of `tree`.
    #[cold]
    pub fn new(tree: Tree<'_>, facts: &mut Facts) -> Records {
        let ast = tree.ast;
        let mut records = Records::default();
        records.functions.resize(ast.n_nested as usize + 1, Record::default());
        for Nested { number, parent, def } in &ast.nested {
            records.functions[*number as usize].parent = *parent;
            if *parent != 0 {
                // Functions within it reach those around it through its record.
                let record = &mut records.functions[*parent as usize];
                record.size = record.size.max(8);
            }
            if address_taken(ast, def.decl) {
                let record = &mut records.functions[*parent as usize];
                let at = record.room(CLOSURE_SIZE, 16);
                record.closures.push(def.decl);
                records.closures.insert(def.decl, at);
            }
        }
        for (id, local) in ast.locals.enumerated().filter(|(_, local)| local.captured) {
            let fact = facts.fact(tree.types, local.ty);
            let (size, align) = match fact.kind {
                Kind::Variable => (8, 8),
                _ => (fact.size, fact.align().max(local.align)),
            };
            let at = records.functions[local.owner as usize].room(size, align);
            records.locals.insert(id, at);
        }
        for (number, &owner) in ast.vla_owners.iter().enumerate() {
            let at = records.functions[owner as usize].room(8, 8);
            records.lens.insert(number as u32, at);
        }
        for label in ast.labels.iter().filter(|label| label.nonlocal) {
            let record = &mut records.functions[label.owner as usize];
            if record.jump_buffer.is_none() {
                record.jump_buffer = Some(record.room(JMP_BUF, 16));
            }
        }
        records
    }
}

/// Something other than a call names the function.
fn address_taken(ast: &Ast, decl: DeclId) -> bool {
    let named = |id: u32| {
        let node = &ast.nodes[NodeId(id)];
        node.op == NodeOp::Decl && node.a == decl.0
    };
    ast.nodes.iter().any(|node| matches!(node.op, NodeOp::FunctionDecay | NodeOp::AddrOf) && named(node.a))
}

/// What a function with nested ones, or a nested one, knows of its own record and those around.
#[derive(Clone, Copy)]
pub(crate) struct Level {
    /// Of the function at hand.
    pub number: u32,
    /// Its record.
    record: Option<Slot>,
    /// Its parent's, as an address.
    chain: Option<Slot>,
}

impl Level {
    pub fn new(number: u32) -> Level {
        Level { number, record: None, chain: None }
    }

    /// The frame record, when the function has one.
    pub(crate) fn record(&self) -> Option<Slot> {
        self.record
    }
}

impl State {
    /// The signature with which a nested function is called directly: the parent's record in front.
    pub(crate) fn nested_sig(&self, module: &mut ir::Module, sig: ir::types::SigId) -> ir::types::SigId {
        let mut chained: Signature = module.sig(sig).clone();
        chained.params.insert(0, Param::scalar(Ty::Ptr));
        module.intern_sig(chained)
    }

    pub(crate) fn has_closure(&self, decl: DeclId) -> bool {
        self.records.closures.contains_key(&decl)
    }
}

impl<'a> Lower<'a> {
    /// At entry: the chain is kept, and the record begun. Gives the number of hidden parameters.
    #[cold]
    pub(crate) fn enter_level(&mut self, decl: DeclId) -> u32 {
        let number = self.level.number;
        let mut hidden = 0;
        if number != 0 {
            let value = if self.st.has_closure(decl) {
                self.b.chain()
            } else {
                hidden = 1;
                self.b.param_home(ir::func::ParamHome::Value);
                self.b.param(Ty::Ptr, 0)
            };
            // Stored when every parameter has been fetched.
            self.w.args.push(value);
        }
        hidden
    }

    #[cold]
    pub(crate) fn begin_record(&mut self, chain: Option<Value>) {
        let record = self.st.records.functions[self.level.number as usize].clone();
        if record.size != 0 {
            self.level.record = Some(self.b.slot(record.size.max(8), record.align.max(16), Ty::Void));
        }
        if let Some(chain) = chain {
            let slot = self.b.scalar_slot(Ty::Ptr);
            self.b.slot_set(slot, chain);
            self.level.chain = Some(slot);
            if let Some(own) = self.level.record {
                let address = self.b.slot_addr(own, 0);
                let mem = self.st.facts.mem(3, false);
                self.b.store(Ty::Ptr, address, 0, chain, mem);
            }
        }
    }

    /// A captured parameter that is an aggregate arrived in a slot of its own.
    #[cold]
    pub(crate) fn move_to_record(&mut self, local: LocalId, idx: usize) {
        if !matches!(self.home(local), Home::Record(_)) {
            return;
        }
        let ir::func::ParamHome::Slot(slot) = self.b.func.params[idx] else { return };
        let ty = self.tree.ast.locals[local].ty;
        let fact = self.fact(ty);
        let from = Place { base: Base::Slot(slot), offset: 0, align_log2: fact.align_log2 };
        let to = self.local_place(local);
        self.copy(to, from, fact.size, false);
    }

    /// Behind the parameters: closures and the buffer for jumps are made.
    #[cold]
    pub(crate) fn fill_record(&mut self) {
        let record = self.st.records.functions[self.level.number as usize].clone();
        let Some(slot) = self.level.record else { return };
        for decl in record.closures {
            let at = self.st.records.closures[&decl];
            let memory = self.b.slot_addr(slot, at as i32);
            let symbol = self.decl_symbol(decl);
            let function = self.b.sym_addr(symbol, 0);
            let chain = self.b.slot_addr(slot, 0);
            self.b.closure(memory, function, chain);
        }
        if let Some(at) = record.jump_buffer {
            self.receive_jumps(slot, at);
        }
    }

    /// Jumps of nested functions arrive here and go on to their labels, which are numbered from 1.
    fn receive_jumps(&mut self, slot: Slot, at: u32) {
        self.b.func.flags.set(FuncFlags::RETURNS_TWICE);
        let buffer = self.b.slot_addr(slot, at as i32);
        let came = self.set_jump(buffer);
        let mut cases: Vec<(u64, Block)> = Vec::new();
        for idx in 0..self.tree.ast.labels.len() {
            let id = LabelId::from_index(idx);
            let label = &self.tree.ast.labels[id];
            if label.nonlocal && label.owner == self.level.number {
                let block = self.label_block(id);
                cases.push((idx as u64 + 1, block));
            }
        }
        let go_on = self.block();
        self.switch(Ty::I32, came, &cases, go_on);
        self.start_reached(go_on);
    }

    /// `_setjmp (buffer)`.
    pub(crate) fn set_jump(&mut self, buffer: Value) -> Value {
        let ret = Param::Scalar { ty: Ty::I32, ext: ir::types::Ext::Sign };
        let params = vec![Param::scalar(Ty::Ptr)];
        let sig = self.b.module.intern_sig(Signature { ret, params, variadic: false, unprototyped: false });
        let symbol = self.st.library_symbol(self.b.module, "_setjmp");
        self.b.call(symbol, sig, Ty::I32, &[buffer], CallFlags::RETURNS_TWICE)
    }

    /// `longjmp (buffer, value)`. Control ends.
    pub(crate) fn long_jump(&mut self, buffer: Value, value: i64) {
        let ret = Param::scalar(Ty::Void);
        let params = vec![Param::scalar(Ty::Ptr), Param::Scalar { ty: Ty::I32, ext: ir::types::Ext::Sign }];
        let sig = self.b.module.intern_sig(Signature { ret, params, variadic: false, unprototyped: false });
        let symbol = self.st.library_symbol(self.b.module, "longjmp");
        let value = self.b.iconst(Ty::I32, value);
        self.b.call(symbol, sig, Ty::Void, &[buffer, value], CallFlags::NORETURN);
    }

    /// The record of function `number`, which is this one or around it.
    fn record(&mut self, number: u32) -> Place {
        if number == self.level.number {
            let Some(slot) = self.level.record else { unreachable!("what is captured makes a record") };
            return Place { base: Base::Slot(slot), offset: 0, align_log2: 4 };
        }
        let Some(chain) = self.level.chain else { unreachable!("a nested function has a chain") };
        let mut address = self.b.slot_get(chain);
        let mut at = self.st.records.functions[self.level.number as usize].parent;
        while at != number {
            let mem = self.st.facts.mem(3, false);
            address = self.b.load(Ty::Ptr, address, 0, mem);
            at = self.st.records.functions[at as usize].parent;
        }
        Place::value(address, 4)
    }

    /// The home of a captured variable.
    #[cold]
    pub(crate) fn captured_home(&self, local: LocalId) -> Home {
        Home::Record(self.st.records.locals[&local])
    }

    /// The place of a captured variable; of a variable array: of its address.
    #[cold]
    pub(crate) fn captured_place(&mut self, local: LocalId, offset: u32) -> Place {
        let data = self.tree.ast.locals[local];
        let fact = self.fact(data.ty);
        let align_log2 = fact.align_log2.min(4);
        let place = self.record(data.owner).at(i64::from(offset));
        Place { align_log2: align_log2.max(place.align_log2.min(3)), ..place }
    }

    /// Keeps a length of a variable array where nested functions find it.
    #[cold]
    pub(crate) fn keep_length(&mut self, number: u32, value: Value) {
        let Some(&at) = self.st.records.lens.get(&number) else { return };
        let place = self.record(self.tree.ast.vla_owners[number as usize]).at(i64::from(at));
        let mem = self.st.facts.mem(3, false);
        let (address, offset) = self.split_address(place);
        self.b.store(Ty::I64, address, offset, value, mem);
    }

    /// A length that a function around this one evaluated.
    #[cold]
    pub(crate) fn outer_length(&mut self, number: u32) -> Option<Value> {
        let owner = *self.tree.ast.vla_owners.get(number as usize)?;
        if owner == self.level.number {
            return None;
        }
        let &at = self.st.records.lens.get(&number)?;
        let place = self.record(owner).at(i64::from(at));
        let mem = self.st.facts.mem(3, false);
        let (address, offset) = self.split_address(place);
        Some(self.b.load(Ty::I64, address, offset, mem))
    }

    /// The record that a direct call of nested function `decl` passes.
    #[cold]
    pub(crate) fn chain_for(&mut self, decl: DeclId) -> Value {
        let parent = self.tree.unit.decls[decl].nested - 1;
        if parent == self.level.number && self.level.record.is_none() {
            // It has nothing to look for there.
            return self.b.iconst(Ty::Ptr, 0);
        }
        let place = self.record(parent);
        self.address(place)
    }

    /// The address of nested function `decl`: that of its closure.
    #[cold]
    pub(crate) fn closure_address(&mut self, decl: DeclId) -> Value {
        let parent = self.tree.unit.decls[decl].nested - 1;
        let Some(&at) = self.st.records.closures.get(&decl) else {
            // Declared and never defined, which is reported.
            self.unsupported("nested functions without a definition");
            return self.b.iconst(Ty::Ptr, 0);
        };
        let place = self.record(parent).at(i64::from(at));
        self.address(place)
    }

    /// A jump to a label of a function around this one.
    #[cold]
    pub(crate) fn leave_function(&mut self, label: LabelId) {
        let owner = self.tree.ast.labels[label].owner;
        let Some(at) = self.st.records.functions[owner as usize].jump_buffer else {
            unreachable!("a label that nested functions go to makes a buffer")
        };
        if self.tree.ast.vla_owners.contains(&owner) || self.tree.ast.has_cleanups {
            self.unsupported("jumps out of nested functions into functions with variable arrays or cleanups");
        }
        let place = self.record(owner).at(i64::from(at));
        let buffer = self.address(place);
        self.long_jump(buffer, label.index() as i64 + 1);
        self.b.unreachable();
    }
}
