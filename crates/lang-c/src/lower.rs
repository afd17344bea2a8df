//! Lowering: the checked tree of one external declaration becomes IR, at once, and is dropped.
//!
//! Nothing about meaning is decided here: conversions, decays and loads are nodes of the tree. What is decided is shape:
//! scalars of known variables are slots that are read and written whole, addresses are folded into offsets, conditions
//! become branches and never values, unreachable code is left out. Every function is lowered into the same [`Func`].
//!
//! Reading order: this file (unit and function level), `facts` (types), `place` (lvalues, bit-fields), `expr` (values),
//! `cond` (branches), `assign` (stores and initialisers), `call`, `builtin`, `atomic`, `complex`, `vector`, `stmt`, `asm`, `vla`, `nested`, `data` (static storage),
//! `symbols` (declarations to symbols, what is emitted when).

mod asm;
mod assign;
mod atomic;
mod builtin;
mod call;
mod complex;
mod cond;
mod data;
mod expr;
mod facts;
mod machine;
mod nested;
mod overflow;
mod place;
mod stmt;
mod symbols;
mod vector;
mod vla;

use crate::ast::{Ast, External, FunctionDef, Linkage, Node, NodeId, UnitTables};
use crate::debug_types::DebugTypes;
use crate::types::{DeclId, LabelId, QualTy, Types};
use base::hash::QuickMap;
use base::ids::{Id, IdVec};
use base::{Names, Pos};
use facts::{Fact, Facts};
use ir::func::{Block, FuncFlags, ParamHome};
use ir::module::{DataDef, Module, Symbol, SymbolKind, UnitOptions};
use ir::types::{Param, SigId, Signature};
use ir::{Builder, Func, FunctionSink, Op, Slot, Ty, Value};
pub(crate) use place::Home;
use std::collections::HashMap;

/// The checked tree of one external declaration with the tables it refers to.
#[derive(Clone, Copy)]
pub struct Tree<'a> {
    pub ast: &'a Ast,
    pub types: &'a Types,
    pub unit: &'a UnitTables,
    pub names: &'a Names,
    /// Builtin functions of the target's own.
    pub machine: &'static [target::MachineBuiltin],
}

impl<'a> Tree<'a> {
    /// A node; it outlives the lowering of its function.
    #[inline]
    pub(crate) fn node(self, id: NodeId) -> &'a Node {
        &self.ast.nodes[id]
    }
}

/// What lowering decides by option.
#[derive(Clone, Copy, Debug, Default)]
pub struct LowerOptions {
    /// Tentative definitions become common symbols (`-fcommon`).
    pub common: bool,
    /// Calls of library functions that are one operation become it (not with `-fno-builtin`, `-ffreestanding`).
    pub inline_library: bool,
}

/// A function whose emission waits: `static inline` until something refers to it, `inline` until the end of the unit
/// shows whether it is an external definition.
pub(crate) struct Deferred {
    decl: DeclId,
    func: Func,
    /// Its static locals.
    data: Vec<DataDef>,
    /// Functions that it refers to.
    refs: Vec<DeclId>,
    /// Functions nested in it.
    nested: Vec<Func>,
    /// What in it cannot be lowered yet: of no interest unless it is emitted, as headers hold such functions.
    errors: Vec<(Pos, String)>,
}

/// What outlives a function.
pub(crate) struct State {
    pub options: LowerOptions,
    pub facts: Facts,
    pub debug: DebugTypes,
    /// By declaration; `NONE` until something refers to it.
    pub symbols: IdVec<DeclId, Symbol>,
    /// Globals by the name that the object shows, as two declarations may mean one (`asm` names, library calls).
    pub globals: QuickMap<Box<[u8]>, Symbol>,
    pub strings: IdVec<crate::types::StrId, Symbol>,
    /// Declarations of `fabs` and its like.
    pub absolute: Vec<DeclId>,
    /// Symbols of this function's labels whose address is taken.
    pub labels: IdVec<LabelId, Symbol>,
    /// What is defined now belongs to the function at hand.
    pub in_function: bool,
    /// Data of the unit that waits for the sink; data of the function at hand.
    pub unit_data: Vec<DataDef>,
    pub own_data: Vec<DataDef>,
    /// Functions (and tentative statics) that something emitted refers to.
    pub wanted: IdVec<DeclId, bool>,
    /// What the function at hand refers to, when it is not sure to be emitted.
    pub refs: Option<Vec<DeclId>>,
    pub deferred: Vec<Deferred>,
    /// Of nested functions.
    pub records: nested::Records,
    /// Objects whose definition went to the sink.
    pub defined: IdVec<DeclId, bool>,
    /// Numbers for private names.
    pub n_private: u32,
    pub n_static_locals: u32,
    /// What cannot be lowered yet, to be reported.
    pub errors: Vec<(Pos, String)>,
    pub n_insts: u64,
    pub n_nodes: u64,
}

/// Lowers a unit.
pub struct Lowering {
    pub module: Module,
    state: State,
    func: Func,
    work: Work,
}

/// Tables of the function at hand, kept for their memory.
#[derive(Default)]
pub(crate) struct Work {
    pub homes: Vec<Home>,
    pub labels: Vec<stmt::LabelState>,
    /// By block: something jumps there.
    pub targeted: Vec<bool>,
    /// Operands of calls in the making, used as a stack.
    pub args: Vec<Value>,
    /// What `break` and `continue` mean.
    pub targets: Vec<stmt::Target>,
    pub scopes: Vec<stmt::ScopeFrame>,
    /// First case block of each switch in `case_blocks`, and its default block.
    pub switches: Vec<(u32, Block)>,
    pub case_blocks: Vec<Block>,
    pub cases: Vec<(u64, Block)>,
    /// Slots of evaluated array lengths, by number.
    pub vla_lens: Vec<Option<Slot>>,
    /// Instruction ranges of scopes, by scope number.
    pub scope_ranges: Vec<(u32, u32)>,
    /// Scopes of statement expressions, whose variables may be read behind their end, as the expression's value.
    pub loose_scopes: Vec<u32>,
    /// The block that each label stands in, innermost first by parent (only in functions with variable arrays).
    pub blocks_of_labels: stmt::LabelBlocks,
}

/// Lowers one function.
pub(crate) struct Lower<'a> {
    pub b: Builder<'a>,
    pub tree: Tree<'a>,
    pub st: &'a mut State,
    pub w: &'a mut Work,
    pub ret: QualTy,
    pub debug: bool,
    /// Among nested functions and those around them.
    pub level: nested::Level,
    /// Where the statement at hand stands, for messages.
    pub pos: Pos,
    /// Where the call stands whose argument is the call that comes next.
    pub argument_of: Pos,
}

impl Lowering {
    pub fn new(unit: UnitOptions, options: LowerOptions) -> Lowering {
        let mut module = Module::new(unit);
        let facts = Facts::new(&mut module);
        let state = State {
            options,
            facts,
            debug: DebugTypes::default(),
            symbols: IdVec::new(),
            globals: QuickMap::default(),
            strings: IdVec::new(),
            absolute: Vec::new(),
            labels: IdVec::new(),
            unit_data: Vec::new(),
            own_data: Vec::new(),
            wanted: IdVec::new(),
            refs: None,
            in_function: false,
            deferred: Vec::new(),
            records: nested::Records::default(),
            defined: IdVec::new(),
            n_private: 0,
            n_static_locals: 0,
            errors: Vec::new(),
            n_insts: 0,
            n_nodes: 0,
        };
        Lowering { module, state, func: Func::new(Symbol::NONE, SigId::NONE), work: Work::default() }
    }

    /// Lowers one external declaration and gives what is finished to `sink`.
    pub fn external(&mut self, tree: Tree<'_>, external: &External, sink: &mut dyn FunctionSink) {
        self.state.n_nodes += tree.ast.nodes.len() as u64;
        match external {
            External::Function(def) => self.function(tree, def, sink),
            External::Declarations => {
                self.state.static_data(&mut self.module, tree);
                self.flush(sink);
            }
            External::Asm(text, _) if text.trim_ascii().is_empty() => {}
            External::Asm(text, pos) => sink.assembly(&self.module, text, *pos),
        }
    }

    /// What could not be lowered since the last call.
    pub fn take_errors(&mut self) -> Vec<(Pos, String)> {
        std::mem::take(&mut self.state.errors)
    }

    /// IR instructions made, and tree nodes seen.
    pub fn counts(&self) -> (u64, u64) {
        (self.state.n_insts, self.state.n_nodes)
    }

    fn function(&mut self, tree: Tree<'_>, def: &FunctionDef, sink: &mut dyn FunctionSink) {
        let decl = &tree.unit.decls[def.decl];
        let local_inline = decl.linkage == Linkage::Internal && decl.is_inline;
        let wanted = self.state.is_wanted(def.decl)
            || decl.attribute_used
            || decl.constructor.is_some()
            || decl.destructor.is_some();
        let deferred = decl.inline_only || local_inline && !wanted;
        self.state.refs = deferred.then(Vec::new);
        let earlier_errors = self.state.errors.len();
        self.state.label_symbols(&mut self.module, tree);
        self.state.in_function = true;
        self.state.static_data(&mut self.module, tree);
        self.state.in_function = false;
        let symbol = self.state.symbol(&mut self.module, tree, def.decl);
        if !tree.ast.nested.is_empty() {
            self.state.records = nested::Records::new(tree, &mut self.state.facts);
        }
        let sig = self.definition_sig(tree, def);
        self.body(tree, def, symbol, sig, 0);
        if deferred {
            let func = std::mem::replace(&mut self.func, Func::new(Symbol::NONE, SigId::NONE));
            let data = std::mem::take(&mut self.state.own_data);
            let nested = tree.ast.nested.iter().map(|nested| self.nested(tree, nested)).collect();
            let refs = self.state.refs.take().unwrap_or_default();
            let errors = self.state.errors.split_off(earlier_errors);
            self.state.deferred.push(Deferred { decl: def.decl, func, data, refs, nested, errors });
            self.flush(sink);
            return;
        }
        self.module.symbols.change(symbol, |decl| decl.defined = true);
        sink.function(&self.module, &mut self.func);
        self.state.set_defined(def.decl);
        for nested in &tree.ast.nested {
            let mut func = self.nested(tree, nested);
            self.module.symbols.change(func.symbol, |decl| decl.defined = true);
            sink.function(&self.module, &mut func);
        }
        self.state.structors(&mut self.module, tree, def.decl);
        self.flush(sink);
    }

    /// Lowers one function into [`Lowering::func`].
    fn body(&mut self, tree: Tree<'_>, def: &FunctionDef, symbol: Symbol, sig: SigId, number: u32) {
        self.func.reset(symbol, sig);
        self.work.start(tree.ast);
        let decl = &tree.unit.decls[def.decl];
        let debug = self.module.options.debug;
        let mut lower = Lower {
            b: Builder::new(&mut self.module, &mut self.func),
            tree,
            st: &mut self.state,
            w: &mut self.work,
            ret: function_result(tree, decl.ty),
            debug,
            level: nested::Level::new(number),
            pos: decl.pos,
            argument_of: Pos::NONE,
        };
        lower.body(def);
        self.state.n_insts += self.func.insts.len() as u64;
    }

    /// Lowers a nested function.
    #[cold]
    fn nested(&mut self, tree: Tree<'_>, nested: &crate::ast::Nested) -> Func {
        let decl = nested.def.decl;
        let symbol = self.state.symbol(&mut self.module, tree, decl);
        let mut sig = self.definition_sig(tree, &nested.def);
        if !self.state.has_closure(decl) {
            sig = self.state.nested_sig(&mut self.module, sig);
        }
        let outer = std::mem::replace(&mut self.func, Func::new(Symbol::NONE, SigId::NONE));
        self.body(tree, &nested.def, symbol, sig, nested.number);
        self.state.set_defined(decl);
        std::mem::replace(&mut self.func, outer)
    }

    /// Gives waiting data to the sink.
    fn flush(&mut self, sink: &mut dyn FunctionSink) {
        if self.state.unit_data.is_empty() && self.state.own_data.is_empty() {
            return;
        }
        for data in self.state.unit_data.drain(..).chain(self.state.own_data.drain(..)) {
            sink.data(&self.module, data);
        }
    }

    /// Ends the unit: tentative definitions, functions that waited, aliases.
    pub fn finish(&mut self, tree: Tree<'_>, sink: &mut dyn FunctionSink) {
        self.emit_deferred(tree, sink);
        self.state.tentative(&mut self.module, tree, sink);
        self.flush(sink);
        self.state.settle_symbols(&mut self.module, tree);
        self.state.versions(&self.module, tree, sink);
        sink.finish(&self.module);
    }

    /// Emits what waited and is referred to, in the order of the source.
    fn emit_deferred(&mut self, tree: Tree<'_>, sink: &mut dyn FunctionSink) {
        self.state.want_alias_targets(tree);
        let mut deferred = std::mem::take(&mut self.state.deferred);
        let decls = &tree.unit.decls;
        let mut places = HashMap::new();
        let mut work = Vec::new();
        for (at, item) in deferred.iter().enumerate() {
            places.insert(item.decl, at);
            let decl = &decls[item.decl];
            let local = decl.linkage == Linkage::Internal;
            if !decl.inline_only && (!local || decl.attribute_used || self.state.is_wanted(item.decl)) {
                work.push(at);
            }
        }
        let mut emitted = vec![false; deferred.len()];
        while let Some(at) = work.pop() {
            if std::mem::replace(&mut emitted[at], true) {
                continue;
            }
            for &to in &deferred[at].refs {
                self.state.want(to);
                if let Some(&to) = places.get(&to)
                    && !decls[deferred[to].decl].inline_only
                {
                    work.push(to);
                }
            }
        }
        for (item, _) in deferred.iter_mut().zip(emitted).filter(|(_, emitted)| *emitted) {
            self.state.errors.append(&mut item.errors);
            self.module.symbols.change(item.func.symbol, |decl| decl.defined = true);
            sink.function(&self.module, &mut item.func);
            for func in &mut item.nested {
                self.module.symbols.change(func.symbol, |decl| decl.defined = true);
                sink.function(&self.module, func);
            }
            for data in item.data.drain(..) {
                sink.data(&self.module, data);
            }
            self.state.set_defined(item.decl);
        }
    }

    /// The signature of a definition. One without a prototype takes its parameters promoted (C11 6.5.2.2p6).
    fn definition_sig(&mut self, tree: Tree<'_>, def: &FunctionDef) -> SigId {
        let ty = tree.unit.decls[def.decl].ty;
        let sig = self.state.facts.signature(&mut self.module, tree.types, ty);
        if !self.module.sig(sig).unprototyped {
            return sig;
        }
        let params = def.params.iter().map(|&local| self.promoted_param(tree, tree.ast.locals[local].ty)).collect();
        let ret = self.module.sig(sig).ret;
        self.module.intern_sig(Signature { ret, params, variadic: false, unprototyped: true })
    }

    fn promoted_param(&mut self, tree: Tree<'_>, ty: QualTy) -> Param {
        match self.state.facts.param(&mut self.module, tree.types, ty) {
            Param::Scalar { ty: Ty::F32, ext } => Param::Scalar { ty: Ty::F64, ext },
            Param::Scalar { ty: Ty::I8 | Ty::I16, .. } => Param::Scalar { ty: Ty::I32, ext: ir::types::Ext::Sign },
            param => param,
        }
    }
}

impl Work {
    fn start(&mut self, ast: &Ast) {
        self.homes.clear();
        self.homes.resize(ast.locals.len(), Home::None);
        self.labels.clear();
        self.labels.resize(ast.labels.len(), stmt::LabelState::default());
        self.targeted.clear();
        self.args.clear();
        self.targets.clear();
        self.scopes.clear();
        self.switches.clear();
        self.switches.resize(ast.switches.len(), (0, Block::NONE));
        self.case_blocks.clear();
        self.vla_lens.clear();
        self.vla_lens.resize(ast.vla_lens.len(), None);
        self.loose_scopes.clear();
        self.scope_ranges.clear();
        self.scope_ranges.resize(ast.scopes.len(), (0, 0));
        self.blocks_of_labels.clear();
    }
}

impl<'a> Lower<'a> {
    #[inline]
    pub(crate) fn fact(&mut self, ty: QualTy) -> Fact {
        self.st.facts.fact(self.tree.types, ty)
    }

    pub(crate) fn decl_symbol(&mut self, decl: DeclId) -> Symbol {
        match self.st.symbols.get(decl) {
            Some(&symbol) if !symbol.is_none() && self.b.module.symbols[symbol].kind != SymbolKind::Function => symbol,
            _ => self.st.symbol(self.b.module, self.tree, decl),
        }
    }

    /// Reports that something is not supported. The unit fails; what is emitted does not matter any more.
    #[cold]
    pub(crate) fn unsupported(&mut self, what: &str) {
        self.st.errors.push((self.pos, format!("{what} are not supported yet")));
    }

    fn body(&mut self, def: &FunctionDef) {
        if def.calls_returns_twice {
            self.b.func.flags.set(FuncFlags::RETURNS_TWICE);
        }
        self.b.func.align = self.tree.unit.decls[def.decl].align;
        if self.tree.unit.decls[def.decl].noreturn {
            self.b.func.flags.set(FuncFlags::NORETURN);
        }
        if self.debug {
            self.b.set_pos(self.tree.ast.nodes[def.body].pos);
        }
        if self.has_marks() {
            self.find_label_blocks(def.body);
        }
        self.params(def);
        self.stmt(def.body);
        if !self.b.is_ended() {
            if self.debug {
                self.b.set_pos(def.end);
            }
            self.fall_off_the_end(def.implicit_zero);
        }
        self.finish_blocks();
        self.confine_slots();
        if self.debug {
            self.describe(def);
        }
    }

    /// Fetches every parameter, then stores them into their homes.
    fn params(&mut self, def: &FunctionDef) {
        let sig = self.b.func.sig;
        let has_record = !self.tree.ast.nested.is_empty();
        let hidden = if has_record { self.enter_level(def.decl) as usize } else { 0 };
        let base = self.w.args.len();
        for (idx, &local) in def.params.iter().enumerate() {
            let fact = self.fact(self.tree.ast.locals[local].ty);
            if fact.is_aggregate() {
                let slot = match self.home(local) {
                    Home::Slot(slot) => slot,
                    _ => self.b.slot(fact.size, fact.align(), Ty::Void),
                };
                self.b.param_home(ParamHome::Slot(slot));
                self.w.args.push(Value::NONE);
            } else {
                let ty = match self.b.module.sig(sig).params[idx + hidden] {
                    Param::Scalar { ty, .. } => ty,
                    Param::Aggregate(_) => unreachable!("a scalar parameter is a scalar of the signature"),
                };
                self.b.param_home(ParamHome::Value);
                let value = self.b.param(ty, (idx + hidden) as u32);
                self.w.args.push(value);
            }
        }
        if has_record {
            let chain = (self.level.number != 0).then(|| self.w.args[base - 1]);
            self.begin_record(chain);
        }
        for (idx, &local) in def.params.iter().enumerate() {
            let value = self.w.args[base + idx];
            if value.is_none() {
                if has_record {
                    self.move_to_record(local, idx + hidden);
                }
                continue;
            }
            let fact = self.fact(self.tree.ast.locals[local].ty);
            let passed = self.b.func.inst(value).ty;
            let value = if passed == fact.ty {
                value
            } else if fact.ty.is_float() {
                self.b.unary(Op::Fptrunc, fact.ty, value)
            } else {
                self.b.unary(Op::Trunc, fact.ty, value)
            };
            match self.home(local) {
                Home::Slot(slot) => self.b.slot_set(slot, value),
                _ => {
                    let access = self.local_access(local);
                    self.store_access(&access, value);
                }
            }
        }
        self.w.args.truncate(base);
        if has_record {
            self.w.args.truncate(base - usize::from(self.level.number != 0));
            self.fill_record();
        }
    }

    /// Control may reach the end of the body.
    fn fall_off_the_end(&mut self, implicit_zero: bool) {
        let fact = self.fact(self.ret);
        match fact.kind {
            facts::Kind::Aggregate => {
                let slot = self.b.slot(fact.size, fact.align(), Ty::Void);
                let address = self.b.slot_addr(slot, 0);
                self.b.ret(Ty::Ptr, Some(address));
            }
            facts::Kind::Scalar => {
                // Not an error in C unless the caller uses the value: then it is 0.
                debug_assert!(!implicit_zero || fact.ty.is_int());
                let zero = self.zero(fact.ty);
                self.b.ret(fact.ty, Some(zero));
            }
            _ => self.b.ret(Ty::Void, None),
        }
    }

    /// Says of every variable of an inner scope that its value matters only there.
    fn confine_slots(&mut self) {
        for (&home, local) in self.w.homes.iter().zip(&self.tree.ast.locals) {
            if local.scope == 0 || local.param || self.w.loose_scopes.contains(&local.scope) {
                continue;
            }
            if let Home::Slot(slot) = home
                && let Some(&(first, end)) = self.w.scope_ranges.get(local.scope as usize)
                && first < end
            {
                let data = &mut self.b.func.slots[slot];
                (data.first, data.end) = (first, end);
            }
        }
    }

    /// Fills blocks that are referred to but were never reached by lowering.
    fn finish_blocks(&mut self) {
        for idx in 0..self.tree.ast.labels.len() {
            let label = LabelId::from_index(idx);
            let symbol = self.st.labels.get(label).copied().unwrap_or(Symbol::NONE);
            let here = self.tree.ast.labels[label].owner == self.level.number;
            if here && !symbol.is_none() && self.w.labels[idx].block.is_none() {
                self.label_block(label);
            }
        }
        let mut blocks = self.w.targeted.iter().zip(&self.b.func.blocks);
        let is_open = |(targeted, data): (&bool, &ir::func::BlockData)| {
            data.start == data.end && (*targeted || !data.label.is_none())
        };
        let Some(first) = blocks.position(is_open) else { return };
        for idx in first..self.w.targeted.len() {
            let block = Block::from_index(idx);
            if is_open((&self.w.targeted[idx], &self.b.func.blocks[block])) {
                self.b.start(block);
                self.b.unreachable();
            }
        }
    }

    /// An expression node's type facts.
    #[inline]
    pub(crate) fn node_fact(&mut self, id: NodeId) -> Fact {
        let ty = self.tree.ast.nodes[id].ty;
        self.fact(ty)
    }
}

/// The result type of function type `ty`.
fn function_result(tree: Tree<'_>, ty: QualTy) -> QualTy {
    match tree.types.get(ty) {
        crate::types::TypeData::Function { ret, .. } => ret,
        _ => unreachable!("a function has a function type"),
    }
}
