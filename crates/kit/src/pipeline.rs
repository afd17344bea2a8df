//! Code generation of a large unit beside the front end, on a thread of its own.
//!
//! What the front end says to its sink is data: [`ir::record`] has it as events, among them every change of the module, so
//! that code generation sees at each function the module that it would have seen on the front end's thread. The object is
//! therefore the same, byte for byte, with and without a second thread, and nothing is shared but a queue.
//!
//! A unit has to show that it is large before a thread is started for it, and a processor must be idle by then. Events
//! travel in batches: a thread that sleeps costs more to wake than a function costs to compile. The queue is short, so that
//! a front end that is ahead waits rather than fills the memory, and functions come back for their memory.

use crate::compile::NativeUnit;
use base::Pos;
use base::ids::Id;
use ir::module::{DataDef, Module};
use ir::record::{Event, Tracker, say};
use ir::types::SigId;
use ir::{Func, FunctionSink, Symbol};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;

/// Instructions of the IR that a unit must have had before it gets a second thread: about a millisecond's work.
const LARGE_UNIT: usize = 10_000;
/// Instructions of the IR in a batch, about; data counts by its bytes.
const BATCH: usize = 4_000;
/// Batches that may wait.
const QUEUE: usize = 2;
/// As other threads that compile have it: trees of expressions are walked by recursion.
const STACK_BYTES: usize = 64 << 20;

/// The processors that one command may keep busy, whichever of its threads asks.
#[derive(Default, Debug)]
pub struct Processors {
    /// Asked of the system when it first matters.
    total: OnceLock<usize>,
    busy: AtomicUsize,
}

/// A processor in use, until it is dropped.
pub struct Busy(Arc<Processors>);

impl Processors {
    /// As many as the system gives this process.
    pub fn new() -> Arc<Processors> {
        Arc::default()
    }

    /// `total` of them.
    pub fn of(total: usize) -> Arc<Processors> {
        Arc::new(Processors { total: OnceLock::from(total), busy: AtomicUsize::new(0) })
    }

    /// For a thread that runs in any case.
    pub fn enter(self: &Arc<Processors>) -> Busy {
        self.busy.fetch_add(1, Ordering::Relaxed);
        Busy(self.clone())
    }

    /// For a thread that only runs when a processor is idle.
    fn idle(self: &Arc<Processors>) -> Option<Busy> {
        let total = *self.total.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get));
        let more = |busy: usize| (busy < total).then_some(busy + 1);
        self.busy.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok().map(|_| Busy(self.clone()))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Code generation, here or on a thread of its own.
pub(crate) struct CodeSink {
    state: State,
    processors: Option<Arc<Processors>>,
    /// Instructions so far, as long as no thread was started.
    n_insts: usize,
}

enum State {
    Here(Box<NativeUnit>),
    There(Box<Pipe>),
    /// Between the two, and behind both.
    Gone,
}

impl CodeSink {
    /// `processors` is `None` for a unit that stays on its thread.
    pub fn new(unit: NativeUnit, processors: Option<Arc<Processors>>) -> CodeSink {
        CodeSink { state: State::Here(Box::new(unit)), processors, n_insts: 0 }
    }

    /// What was made, when everything was said.
    pub fn into_unit(mut self) -> Box<NativeUnit> {
        match std::mem::replace(&mut self.state, State::Gone) {
            State::Here(unit) => unit,
            State::There(pipe) => pipe.finish(),
            State::Gone => unreachable!("a sink is given up once"),
        }
    }

    /// True when code generation has a thread of its own.
    pub fn is_beside(&self) -> bool {
        matches!(self.state, State::There(_))
    }

    /// Goes on beside the front end if a processor is idle.
    #[cold]
    fn step_aside(&mut self) {
        let Some(busy) = self.processors.as_ref().and_then(Processors::idle) else { return };
        if let State::Here(unit) = std::mem::replace(&mut self.state, State::Gone) {
            self.state = match Pipe::start(unit, busy) {
                Ok(pipe) => State::There(Box::new(pipe)),
                Err(unit) => {
                    self.processors = None;
                    State::Here(unit)
                }
            };
        }
    }
}

impl FunctionSink for CodeSink {
    fn function(&mut self, module: &Module, func: &mut Func) {
        match &mut self.state {
            State::There(pipe) => pipe.function(module, func),
            State::Here(unit) => {
                self.n_insts += func.insts.len();
                unit.function(module, func);
                if self.n_insts >= LARGE_UNIT && self.processors.is_some() {
                    self.step_aside();
                }
            }
            State::Gone => {}
        }
    }

    fn data(&mut self, module: &Module, data: DataDef) {
        match &mut self.state {
            State::Here(unit) => unit.data(module, data),
            State::There(pipe) => {
                let weight = data.bytes.len() + 16 * data.relocs.len();
                pipe.say(module, Event::Data(data), weight / 16);
            }
            State::Gone => {}
        }
    }

    fn common(&mut self, module: &Module, symbol: Symbol, size: u64, align: u32) {
        match &mut self.state {
            State::Here(unit) => unit.common(module, symbol, size, align),
            State::There(pipe) => pipe.say(module, Event::Common { symbol, size, align }, 1),
            State::Gone => {}
        }
    }

    fn assembly(&mut self, module: &Module, text: &[u8], pos: Pos) {
        match &mut self.state {
            State::Here(unit) => unit.assembly(module, text, pos),
            State::There(pipe) => pipe.say(module, Event::Assembly(text.to_vec(), pos), text.len()),
            State::Gone => {}
        }
    }

    fn finish(&mut self, module: &Module) {
        match &mut self.state {
            State::Here(unit) => FunctionSink::finish(&mut **unit, module),
            State::There(pipe) => pipe.say(module, Event::Finish, 1),
            State::Gone => {}
        }
    }
}

/// A batch that was worked off, for its memory, and its functions, for theirs.
type Returned = (Vec<Event>, Vec<Spare>);
/// A function to write into, boxed as events have it.
type Spare = Box<Func>;

/// The way to the thread that generates code.
struct Pipe {
    tracker: Tracker,
    batch: Vec<Event>,
    weight: usize,
    /// Functions to write into.
    spare: Vec<Spare>,
    /// `None` when no more is to come.
    queue: Option<SyncSender<Vec<Event>>>,
    returned: Receiver<Returned>,
    worker: Option<JoinHandle<Box<NativeUnit>>>,
}

impl Pipe {
    /// Goes on with `unit` on a new thread; gives it back when there is none to be had.
    fn start(unit: Box<NativeUnit>, busy: Busy) -> Result<Pipe, Box<NativeUnit>> {
        let (queue, waiting) = sync_channel::<Vec<Event>>(QUEUE);
        let (back, returned) = channel();
        // The unit follows the thread: one that cannot be started must not take it along.
        let (hand_over, handed) = sync_channel::<Box<NativeUnit>>(1);
        let work = move || {
            let _busy = busy;
            let unit = handed.recv().expect("the unit is handed over first");
            work_off(unit, waiting, back)
        };
        match std::thread::Builder::new().name("codegen".into()).stack_size(STACK_BYTES).spawn(work) {
            Err(_) => Err(unit),
            Ok(worker) => {
                let sent = hand_over.send(unit);
                debug_assert!(sent.is_ok());
                Ok(Pipe {
                    tracker: Tracker::without_debug(),
                    batch: Vec::new(),
                    weight: 0,
                    spare: Vec::new(),
                    queue: Some(queue),
                    returned,
                    worker: Some(worker),
                })
            }
        }
    }

    fn function(&mut self, module: &Module, func: &mut Func) {
        let weight = func.insts.len();
        let mut own = self.spare.pop().unwrap_or_else(|| Box::new(Func::new(Symbol::NONE, SigId::NONE)));
        std::mem::swap(func, &mut own);
        self.say(module, Event::Function(own), weight);
    }

    fn say(&mut self, module: &Module, event: Event, weight: usize) {
        let batch = &mut self.batch;
        self.tracker.follow(module, |change| batch.push(Event::Change(change)));
        batch.push(event);
        self.weight += weight;
        if self.weight >= BATCH {
            self.send();
        }
    }

    fn send(&mut self) {
        let mut next = Vec::new();
        for (batch, funcs) in self.returned.try_iter() {
            next = batch;
            self.spare.extend(funcs);
        }
        let batch = std::mem::replace(&mut self.batch, next);
        self.weight = 0;
        if let Some(queue) = &self.queue {
            // It fails when the thread has panicked, which the end of this one shows.
            let _ = queue.send(batch);
        }
    }

    fn finish(mut self) -> Box<NativeUnit> {
        self.send();
        self.queue = None;
        match self.worker.take().map(JoinHandle::join) {
            Some(Ok(unit)) => unit,
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => unreachable!("a pipe ends once"),
        }
    }
}

/// A unit with errors is given up in the middle: its thread ends first.
impl Drop for Pipe {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

/// What the thread does.
fn work_off(mut unit: Box<NativeUnit>, waiting: Receiver<Vec<Event>>, back: Sender<Returned>) -> Box<NativeUnit> {
    let mut module = Module::default();
    for mut batch in waiting {
        let funcs = batch.drain(..).filter_map(|event| say(event, &mut module, &mut *unit)).collect();
        // Nobody takes it who has ended.
        let _ = back.send((batch, funcs));
    }
    unit
}
