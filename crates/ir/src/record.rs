//! A whole unit as data: what a front end said to its sink, in order, so that it can be said again.
//!
//! A sink sees the module as it stands at each function (a symbol may become defined only later), and code generation
//! may depend on that. So a [`Unit`] is a list of events in which the growth of the module's tables stands between the
//! functions. [`Tracker`] finds that growth: tables are append-only, except that symbols are redeclared and debug types
//! completed. [`replay`] grows a module in the same steps and gives a sink the same calls.

use crate::debug::{DebugInfo, DebugType, GlobalVar, TypeData};
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
                apply(&mut module, change.clone());
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
pub fn apply(module: &mut Module, change: Change) {
    match change {
        Change::Options(options) => module.options = options,
        Change::Section(name) => drop(module.sections.push(name)),
        Change::Symbol(decl) => drop(module.declare(decl)),
        Change::Redeclare(symbol, decl) => module.symbols.change(symbol, |known| *known = decl),
        Change::Layout(layout) => drop(module.intern_layout(layout)),
        Change::Sig(sig) => drop(module.intern_sig(sig)),
        Change::Mem(desc) => drop(module.intern_mem(desc)),
        Change::Wide(bytes) => drop(module.wide.push(bytes)),
        Change::DebugUnit(directory, producer) => {
            module.debug.directory = directory;
            module.debug.producer = producer;
        }
        Change::Type(data) => drop(module.debug.types.push(data)),
        Change::Retype(ty, data) => module.debug.types[ty] = data,
        Change::Global(var) => module.debug.globals.push(var),
        Change::Used(ty) => module.debug.used.push(ty),
    }
}

/// Gives `sink` every call that was recorded.
pub fn replay(unit: &Unit, sink: &mut dyn FunctionSink) {
    let mut module = Module::default();
    for event in &unit.events {
        say(event.clone(), &mut module, sink);
    }
}

/// Makes the event's change in `module`, or gives `sink` its call. Gives back the function of a call of
/// [`FunctionSink::function`], for its memory.
pub fn say(event: Event, module: &mut Module, sink: &mut dyn FunctionSink) -> Option<Box<Func>> {
    match event {
        Event::Change(change) => apply(module, change),
        Event::Function(mut func) => {
            sink.function(module, &mut func);
            return Some(func);
        }
        Event::Data(data) => sink.data(module, data),
        Event::Common { symbol, size, align } => sink.common(module, symbol, size, align),
        Event::Assembly(text, pos) => sink.assembly(module, &text, pos),
        Event::Finish => sink.finish(module),
    }
    None
}

/// Follows a module: says what changed since it was last asked.
#[derive(Default)]
pub struct Tracker {
    /// The options as they were last told.
    options: Option<UnitOptions>,
    /// How much of each table was told.
    n_sections: usize,
    n_layouts: usize,
    n_sigs: usize,
    n_mems: usize,
    n_wide: usize,
    n_symbols: usize,
    n_changes: usize,
    /// Debug information as it was told.
    debug: DebugInfo,
    no_debug: bool,
}

impl Tracker {
    /// Of everything.
    pub fn new() -> Tracker {
        Tracker::default()
    }

    /// Of everything but the module's debug information.
    pub fn without_debug() -> Tracker {
        Tracker { no_debug: true, ..Tracker::default() }
    }

    /// Calls `report` for each change since the last call, in an order in which they can be applied.
    pub fn follow(&mut self, module: &Module, mut report: impl FnMut(Change)) {
        if self.options.as_ref() != Some(&module.options) {
            self.options = Some(module.options.clone());
            report(Change::Options(module.options.clone()));
        }
        for name in news(&mut self.n_sections, module.sections.as_slice()) {
            report(Change::Section(name.clone()));
        }
        for layout in news(&mut self.n_layouts, module.layouts().as_slice()) {
            report(Change::Layout(layout.clone()));
        }
        for sig in news(&mut self.n_sigs, module.sigs().as_slice()) {
            report(Change::Sig(sig.clone()));
        }
        for desc in news(&mut self.n_mems, module.mems().as_slice()) {
            report(Change::Mem(*desc));
        }
        for bytes in news(&mut self.n_wide, module.wide.as_slice()) {
            report(Change::Wide(*bytes));
        }
        let changes = news(&mut self.n_changes, module.symbols.changes());
        if !changes.is_empty() {
            let mut changed: Vec<Symbol> =
                changes.iter().copied().filter(|symbol| symbol.index() < self.n_symbols).collect();
            changed.sort_unstable();
            changed.dedup();
            for symbol in changed {
                report(Change::Redeclare(symbol, module.symbols[symbol].clone()));
            }
        }
        for decl in news(&mut self.n_symbols, module.symbols.as_slice()) {
            report(Change::Symbol(decl.clone()));
        }
        if !self.no_debug && (module.options.debug || !module.debug.types.is_empty()) {
            follow_debug(&mut self.debug, &module.debug, report);
        }
    }
}

/// The items of an append-only table that were not seen yet; now they are.
fn news<'t, T>(seen: &mut usize, table: &'t [T]) -> &'t [T] {
    let news = &table[*seen..];
    *seen = table.len();
    news
}

fn follow_debug(seen: &mut DebugInfo, now: &DebugInfo, mut report: impl FnMut(Change)) {
    if now.directory != seen.directory || now.producer != seen.producer {
        seen.directory.clone_from(&now.directory);
        seen.producer.clone_from(&now.producer);
        report(Change::DebugUnit(now.directory.clone(), now.producer.clone()));
    }
    for (ty, seen) in now.types.ids().zip(seen.types.as_mut_slice()) {
        let data = &now.types[ty];
        if !same_shape(data, seen) {
            seen.clone_from(data);
            report(Change::Retype(ty, data.clone()));
        }
    }
    for data in &now.types.as_slice()[seen.types.len()..] {
        seen.types.push(data.clone());
        report(Change::Type(data.clone()));
    }
    for var in &now.globals[seen.globals.len()..] {
        seen.globals.push(var.clone());
        report(Change::Global(var.clone()));
    }
    for &ty in &now.used[seen.used.len()..] {
        seen.used.push(ty);
        report(Change::Used(ty));
    }
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
        self.tracker.follow(module, |change| events.push(Event::Change(change)));
        events.push(event);
    }
}

impl FunctionSink for Recorder {
    fn function(&mut self, module: &Module, func: &mut Func) {
        self.record(module, Event::Function(Box::new(func.clone())));
    }

    fn data(&mut self, module: &Module, data: DataDef) {
        self.record(module, Event::Data(data));
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
