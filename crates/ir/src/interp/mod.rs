//! The interpreter: runs units without machine code, as an oracle for everything that makes some.
//!
//! [`Program::link`] joins units by symbol name, gives everything an address and rewrites instructions so that the loop
//! in `window` looks nothing up; a [`Machine`] runs it: it has its own address space ([`memory`]), and what the units do
//! not define is asked of the host ([`Externs`]). Steps, memory and depth of calls have limits.
//!
//! What differs from machines, on purpose: addresses; arguments behind `...` lie in 16-byte cells, to which a `va_list`
//! is a pair of pointers (16 bytes, so that it fits the target's and may be copied); variables whose address is not
//! taken have no memory. What cannot be run (functions nobody has, file-level assembly) is said, not guessed.

mod exec;
mod float;
mod link;
pub mod memory;
mod window;

pub use link::Program;
pub use memory::{Fault, Memory};

use crate::types::Ty;

/// A value: `hi` is only used by types of 16 bytes. Bits above the type's width are 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Word {
    pub lo: u64,
    pub hi: u64,
}

impl Word {
    pub fn new(lo: u64) -> Word {
        Word { lo, hi: 0 }
    }

    pub fn from_u128(bits: u128) -> Word {
        Word { lo: bits as u64, hi: (bits >> 64) as u64 }
    }

    pub fn u128(self) -> u128 {
        u128::from(self.lo) | u128::from(self.hi) << 64
    }

    pub fn f64(self) -> f64 {
        f64::from_bits(self.lo)
    }
}

/// An argument of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arg {
    pub ty: Ty,
    pub word: Word,
    /// An aggregate of that many bytes at the address `word`.
    pub aggregate: Option<u64>,
}

impl Arg {
    pub fn scalar(ty: Ty, lo: u64) -> Arg {
        Arg { ty, word: Word::new(lo), aggregate: None }
    }
}

/// Why a run ended before its function returned.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The program ended itself with this status.
    Exit(i32),
    /// What would be a signal: where and why.
    Trap(String),
    /// It needs something that the interpreter or its host does not have.
    CannotRun(String),
    /// Of steps, depth or memory.
    Limit(&'static str),
}

/// What the host defines. Functions are asked for once, when a program is linked.
pub trait Externs {
    /// The number of a function, given to [`Externs::call`].
    fn function(&mut self, name: &[u8]) -> Option<u32>;

    /// The first content of an object.
    fn data(&mut self, name: &[u8]) -> Option<ExternData>;

    /// Calls function number `function`. For an aggregate result the first argument is the address where it goes.
    /// `ret` is the type of the result that the caller expects.
    fn call(&mut self, function: u32, machine: &mut Machine<'_>, args: &[Arg], ret: Ty) -> Result<Word, Stop>;
}

/// An object that the host defines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternData {
    pub align: u32,
    pub bytes: Vec<u8>,
}

/// No externs at all.
pub struct NoExterns;

impl Externs for NoExterns {
    fn function(&mut self, _: &[u8]) -> Option<u32> {
        None
    }

    fn data(&mut self, _: &[u8]) -> Option<ExternData> {
        None
    }

    fn call(&mut self, _: u32, _: &mut Machine<'_>, _: &[Arg], _: Ty) -> Result<Word, Stop> {
        unreachable!("it has no function")
    }
}

/// Limits of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Instructions.
    pub steps: u64,
    /// Calls within calls.
    pub depth: u32,
    /// In bytes.
    pub stack: u64,
    pub heap: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { steps: 1_000_000_000, depth: 100_000, stack: 64 << 20, heap: 1 << 30 }
    }
}

/// Calls from the host's functions back into the program nest this deep: each is a call in Rust, too.
const MAX_NESTED: u32 = 50;

/// A program while it runs.
pub struct Machine<'p> {
    program: &'p Program,
    pub memory: Memory,
    limits: Limits,
    steps_left: u64,
    /// Values of all frames, and their upper halves.
    regs: Vec<u64>,
    his: Vec<u64>,
    frames: Vec<exec::Frame>,
    /// First free address of the stack.
    sp: u64,
    n_nested: u32,
    /// Functions that [`Op::Closure`](crate::Op::Closure) made, by address: what they call, and the chain.
    closures: std::collections::BTreeMap<u64, (u64, u64)>,
    /// The chain of the function that was entered last through one of them.
    chain: u64,
}

impl<'p> Machine<'p> {
    pub fn new(program: &'p Program, limits: Limits) -> Machine<'p> {
        Machine {
            program,
            memory: program.memory.clone(),
            limits,
            steps_left: limits.steps,
            regs: Vec::new(),
            his: Vec::new(),
            frames: Vec::new(),
            sp: memory::STACK + 64,
            n_nested: 0,
            closures: std::collections::BTreeMap::new(),
            chain: 0,
        }
    }

    pub fn program(&self) -> &'p Program {
        self.program
    }

    /// Instructions executed so far.
    pub fn steps(&self) -> u64 {
        self.limits.steps - self.steps_left
    }

    /// Calls the function at `addr`, from the host or from one of its functions.
    pub fn call(&mut self, externs: &mut dyn Externs, addr: u64, args: &[Arg]) -> Result<Word, Stop> {
        if self.n_nested >= MAX_NESTED {
            return Err(Stop::Limit("depth of calls through the host"));
        }
        self.n_nested += 1;
        let result = self.call_from_host(externs, addr, args);
        self.n_nested -= 1;
        result
    }

    /// Makes the heap `n_bytes` larger; the address of the new bytes. Allocation is the host's business.
    pub fn grow_heap(&mut self, n_bytes: u64) -> Result<u64, Stop> {
        let size = self.memory.size(memory::HEAP);
        let Some(end) = size.checked_add(n_bytes).filter(|&end| end <= self.limits.heap) else {
            return Err(Stop::Limit("heap"));
        };
        self.memory.grow(memory::HEAP, end);
        Ok(memory::HEAP + size)
    }

    /// The next argument of type `ty` from the `va_list` at `list`, for functions of the host such as `vprintf`.
    pub fn va_arg(&mut self, list: u64, ty: Ty) -> Result<Word, Stop> {
        let cell = self.va_cell(list, 16)?;
        let bits = self.memory.load::<16>(cell).map_err(|fault| self.fault(fault))?;
        Ok(exec::cut(ty, u128::from_le_bytes(bits)))
    }

    /// A fault, as a trap: where and at what address.
    pub fn fault(&self, fault: Fault) -> Stop {
        let Fault { addr, size, write } = fault;
        if addr >> 32 == memory::MISSING >> 32
            && let Some(name) = self.program.missing.get((addr as u32 / 16) as usize)
        {
            return Stop::CannotRun(format!("nobody defines `{name}`"));
        }
        let what = if write { "written" } else { "read" };
        self.trap(&format!("{size} bytes at {addr:#x} cannot be {what}"))
    }

    /// A trap in the function that runs.
    pub fn trap(&self, message: &str) -> Stop {
        match self.frames.last() {
            Some(frame) => Stop::Trap(format!("in `{}`: {message}", self.program.func_name(frame.func))),
            None => Stop::Trap(message.into()),
        }
    }
}

#[cfg(test)]
mod tests;
