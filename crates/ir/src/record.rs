//! A whole unit as data: what a front end said to its sink, in order, so that it can be said again.
//!
//! A sink sees the module as it stands at each function (a symbol may become defined only later), and code generation
//! may depend on that. So a [`Unit`] is a list of events in which the growth of the module's tables stands between the
//! functions. [`Tracker`] finds that growth: tables are append-only, except that symbols are redeclared and debug types
//! completed. [`replay`] grows a module in the same steps and gives a sink the same calls.

use crate::debug::{DebugType, GlobalVar, TypeData};
use crate::func::Func;
use crate::module::{DataDef, MemDesc, Module, Symbol, SymbolDecl, UnitOptions};
use crate::sink::FunctionSink;
use crate::types::{Layout, Signature};
use base::Pos;
use base::ids::Id;

/// One step in the growth of a module.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    Options(UnitOptions),
    Section(Box<[u8]>),
    Symbol(SymbolDecl),
    /// A known symbol is declared otherwise (it became defined, weak, hidden, …).
    Redeclare(Symbol, SymbolDecl),
    Layout(Layout),
    Sig(Signature),
    Mem(MemDesc),
    Wide([u8; 16]),
    /// Compilation directory and producer.
    DebugUnit(String, String),
    Type(TypeData),
    /// A known debug type is completed.
    Retype(DebugType, TypeData),
    Global(GlobalVar),
    /// The program uses a type that no variable may have.
    Used(DebugType),
}

/// One thing that was said to a sink.
#[derive(Clone, PartialEq, Debug)]
pub enum Event {
    /// The module changed before the next event.
    Change(Change),
    Function(Box<Func>),
    Data(DataDef),
    Common {
        symbol: Symbol,
        size: u64,
        align: u32,
    },
    Assembly(Vec<u8>, Pos),
    Finish,
}

/// A recorded unit.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Unit {
    pub events: Vec<Event>,
}

impl Unit {
    /// The module as it stands at the end.
    pub fn module(&self) -> Module {
        let mut module = Module::default();
        for event in &self.events {
            if let Event::Change(change) = event {
                apply(&mut module, change);
            }
        }
        module.closures = self.functions().any(|func| func.insts.iter().any(|inst| inst.op == crate::ops::Op::Closure));
        module
    }

    pub fn functions(&self) -> impl Iterator<Item = &Func> {
        self.events.iter().filter_map(|event| match event {
            Event::Function(func) => Some(&**func),
            _ => None,
        })
    }
}

/// Makes `change` in `module`. An interned item that `module` has already gets no second id: a recorded unit has none.
pub fn apply(module: &mut Module, change: &Change) {
    match change {
        Change::Options(options) => module.options = options.clone(),
        Change::Section(name) => drop(module.sections.push(name.clone())),
        Change::Symbol(decl) => drop(module.declare(decl.clone())),
        Change::Redeclare(symbol, decl) => module.symbols[*symbol] = decl.clone(),
        Change::Layout(layout) => drop(module.intern_layout(layout.clone())),
        Change::Sig(sig) => drop(module.intern_sig(sig.clone())),
        Change::Mem(desc) => drop(module.intern_mem(*desc)),
        Change::Wide(bytes) => drop(module.wide.push(*bytes)),
        Change::DebugUnit(directory, producer) => {
            module.debug.directory.clone_from(directory);
            module.debug.producer.clone_from(producer);
        }
        Change::Type(data) => drop(module.debug.types.push(data.clone())),
        Change::Retype(ty, data) => module.debug.types[*ty] = data.clone(),
        Change::Global(var) => module.debug.globals.push(var.clone()),
        Change::Used(ty) => module.debug.used.push(*ty),
    }
}

/// Gives `sink` every call that was recorded.
pub fn replay(unit: &Unit, sink: &mut dyn FunctionSink) {
    let mut module = Module::default();
    for event in &unit.events {
        match event {
            Event::Change(change) => apply(&mut module, change),
            Event::Function(func) => sink.function(&module, func),
            Event::Data(data) => sink.data(&module, data),
            Event::Common { symbol, size, align } => sink.common(&module, *symbol, *size, *align),
            Event::Assembly(text, pos) => sink.assembly(&module, text, *pos),
            Event::Finish => sink.finish(&module),
        }
    }
}

/// Follows a module: says what changed since it was last asked.
#[derive(Default)]
pub struct Tracker {
    /// The module as it was.
    seen: Module,
    started: bool,
}

impl Tracker {
    pub fn new() -> Tracker {
        Tracker::default()
    }

    /// Calls `report` for each change since the last call, in an order in which they can be applied.
    pub fn follow(&mut self, module: &Module, mut report: impl FnMut(&Change)) {
        let seen = &mut self.seen;
        let mut say = |seen: &mut Module, change: Change| {
            apply(seen, &change);
            report(&change);
        };
        if !self.started || seen.options != module.options {
            self.started = true;
            say(seen, Change::Options(module.options.clone()));
        }
        for name in &module.sections.as_slice()[seen.sections.len()..] {
            say(seen, Change::Section(name.clone()));
        }
        for layout in &module.layouts().as_slice()[seen.layouts().len()..] {
            say(seen, Change::Layout(layout.clone()));
        }
        for sig in &module.sigs().as_slice()[seen.sigs().len()..] {
            say(seen, Change::Sig(sig.clone()));
        }
        for desc in &module.mems().as_slice()[seen.mems().len()..] {
            say(seen, Change::Mem(*desc));
        }
        for bytes in &module.wide.as_slice()[seen.wide.len()..] {
            say(seen, Change::Wide(*bytes));
        }
        let n_known = seen.symbols.len();
        for (symbol, decl) in module.symbols.enumerated().take(n_known) {
            if !same_but_for_name(decl, &seen.symbols[symbol]) {
                say(seen, Change::Redeclare(symbol, decl.clone()));
            }
        }
        for decl in &module.symbols.as_slice()[n_known..] {
            say(seen, Change::Symbol(decl.clone()));
        }
        if !module.options.debug && module.debug.types.is_empty() {
            return;
        }
        let (now, then) = (&module.debug, &seen.debug);
        if now.directory != then.directory || now.producer != then.producer {
            say(seen, Change::DebugUnit(now.directory.clone(), now.producer.clone()));
        }
        let n_known = seen.debug.types.len();
        for (ty, data) in now.types.enumerated().take(n_known) {
            if !same_shape(data, &seen.debug.types[ty]) {
                say(seen, Change::Retype(ty, data.clone()));
            }
        }
        for data in &now.types.as_slice()[n_known..] {
            say(seen, Change::Type(data.clone()));
        }
        for var in &now.globals[seen.debug.globals.len()..] {
            say(seen, Change::Global(var.clone()));
        }
        for &ty in &now.used[seen.debug.used.len()..] {
            say(seen, Change::Used(ty));
        }
    }
}

/// Names never change, and every symbol is looked at for every function: they are not compared.
fn same_but_for_name(a: &SymbolDecl, b: &SymbolDecl) -> bool {
    (a.kind, a.linkage, a.visibility, a.defined, a.section, a.alias)
        == (b.kind, b.linkage, b.visibility, b.defined, b.section, b.alias)
}

/// Whether a type was not completed since. Members are not compared one by one: a type is completed once.
fn same_shape(a: &TypeData, b: &TypeData) -> bool {
    match (a, b) {
        (
            TypeData::Record { members: a, size: a_size, align: a_align, .. },
            TypeData::Record { members: b, size: b_size, align: b_align, .. },
        ) => a.as_ref().map(Vec::len) == b.as_ref().map(Vec::len) && a_size == b_size && a_align == b_align,
        (TypeData::Enum { items: a, size: a_size, .. }, TypeData::Enum { items: b, size: b_size, .. }) => {
            a.as_ref().map(Vec::len) == b.as_ref().map(Vec::len) && a_size == b_size
        }
        (a, b) => a == b,
    }
}

/// Records a unit.
#[derive(Default)]
pub struct Recorder {
    pub unit: Unit,
    tracker: Tracker,
}

impl Recorder {
    pub fn new() -> Recorder {
        Recorder::default()
    }

    fn record(&mut self, module: &Module, event: Event) {
        let events = &mut self.unit.events;
        self.tracker.follow(module, |change| events.push(Event::Change(change.clone())));
        events.push(event);
    }
}

impl FunctionSink for Recorder {
    fn function(&mut self, module: &Module, func: &Func) {
        self.record(module, Event::Function(Box::new(func.clone())));
    }

    fn data(&mut self, module: &Module, data: &DataDef) {
        self.record(module, Event::Data(data.clone()));
    }

    fn common(&mut self, module: &Module, symbol: Symbol, size: u64, align: u32) {
        self.record(module, Event::Common { symbol, size, align });
    }

    fn assembly(&mut self, module: &Module, text: &[u8], pos: Pos) {
        self.record(module, Event::Assembly(text.to_vec(), pos));
    }

    fn finish(&mut self, module: &Module) {
        self.record(module, Event::Finish);
    }
}

/// True when `id` names one of `n` things.
pub(crate) fn in_range<I: Id>(id: I, n: usize) -> bool {
    id.index() < n
}
