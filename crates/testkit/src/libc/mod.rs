//! A C library for programs in the interpreter: what csmith's programs and small test suites call.
//!
//! Functions stand in tables by header ([`stdio`], [`stdlib`], [`string`], [`math`]); a row is a name and a function on
//! the interpreter's memory. Output is captured. What is not here (files, signals, `setjmp`, threads, time) ends a run
//! with "cannot run", which callers count.

mod decimal;
mod math;
mod printf;
mod scan;
mod stdio;
mod stdlib;
mod string;

pub use decimal::{Class, Float, format_float};

use ir::Ty;
use ir::interp::{Arg, ExternData, Externs, Fault, Machine, Stop, Word};
use std::collections::{BTreeMap, HashMap};

/// A function: the library's state, the machine, arguments.
pub(crate) type Function = fn(&mut Libc, &mut Machine<'_>, Args<'_>) -> Result<Word, Stop>;

/// A row of a table.
pub(crate) enum Row {
    General(Function),
    /// Pure functions of `double` and `float`.
    Double(fn(f64) -> f64),
    Double2(fn(f64, f64) -> f64),
    Single(fn(f32) -> f32),
    Single2(fn(f32, f32) -> f32),
}

pub(crate) type Table = &'static [(&'static str, Row)];

const TABLES: [Table; 7] =
    [stdio::TABLE, stdlib::TABLE, string::TABLE, string::CTYPE, math::SIMPLE, math::TABLE, scan::TABLE];

/// Addresses that stand for streams: nothing is there.
const STREAMS: u64 = 7 << 32 | 0x1000;

/// The state of one process' C library.
pub struct Libc {
    rows: Vec<&'static Row>,
    names: HashMap<&'static str, u32>,
    pub stdout: Vec<u8>,
    pub stderr: Vec<u8>,
    /// What can be read from `stdin`.
    pub stdin: Vec<u8>,
    stdin_at: usize,
    /// More output ends the run.
    pub max_output: usize,
    /// What `long double` is.
    pub long_double: Ty,
    /// Sizes of live blocks, and free blocks by size.
    live: BTreeMap<u64, u64>,
    free: BTreeMap<u64, Vec<u64>>,
    exit_handlers: Vec<u64>,
    /// Objects of the library that were asked for: tables, `errno`.
    objects: HashMap<&'static str, u64>,
    random: stdlib::Random,
    strtok_at: u64,
}

impl Default for Libc {
    fn default() -> Libc {
        Libc::new()
    }
}

impl Libc {
    pub fn new() -> Libc {
        let mut rows = Vec::new();
        let mut names = HashMap::new();
        for (name, row) in TABLES.iter().flat_map(|table| table.iter()) {
            names.insert(*name, rows.len() as u32);
            rows.push(row);
        }
        Libc {
            rows,
            names,
            stdout: Vec::new(),
            stderr: Vec::new(),
            stdin: Vec::new(),
            stdin_at: 0,
            max_output: 16 << 20,
            long_double: Ty::F80,
            live: BTreeMap::new(),
            free: BTreeMap::new(),
            exit_handlers: Vec::new(),
            objects: HashMap::new(),
            random: stdlib::Random::new(1),
            strtok_at: 0,
        }
    }

    /// Runs what `atexit` collected, last first.
    pub fn run_exit_handlers(&mut self, machine: &mut Machine<'_>) -> Result<(), Stop> {
        while let Some(handler) = self.exit_handlers.pop() {
            machine.call(self, handler, &[])?;
        }
        Ok(())
    }

    /// The address of an object of the library's own, made when first asked for.
    fn object(&mut self, machine: &mut Machine<'_>, name: &'static str, bytes: &[u8]) -> Result<u64, Stop> {
        if let Some(&addr) = self.objects.get(name) {
            return Ok(addr);
        }
        let addr = machine.grow_heap((bytes.len() as u64).next_multiple_of(16))?;
        put(machine, addr, bytes)?;
        self.objects.insert(name, addr);
        Ok(addr)
    }
}

impl Externs for Libc {
    fn function(&mut self, name: &[u8]) -> Option<u32> {
        self.names.get(std::str::from_utf8(name).ok()?).copied()
    }

    fn data(&mut self, name: &[u8]) -> Option<ExternData> {
        let value = match name {
            b"stdin" => STREAMS,
            b"stdout" => STREAMS + 1,
            b"stderr" => STREAMS + 2,
            b"environ" | b"__environ" => 0,
            _ => return None,
        };
        Some(ExternData { align: 8, bytes: value.to_le_bytes().to_vec() })
    }

    fn call(&mut self, function: u32, machine: &mut Machine<'_>, args: &[Arg], _: Ty) -> Result<Word, Stop> {
        let args = Args(args);
        match self.rows[function as usize] {
            Row::General(function) => function(self, machine, args),
            Row::Double(function) => Ok(double(function(args.f64(0)))),
            Row::Double2(function) => Ok(double(function(args.f64(0), args.f64(1)))),
            Row::Single(function) => Ok(single(function(args.f32(0)))),
            Row::Single2(function) => Ok(single(function(args.f32(0), args.f32(1)))),
        }
    }
}

fn double(value: f64) -> Word {
    Word::new(value.to_bits())
}

fn single(value: f32) -> Word {
    Word::new(value.to_bits().into())
}

/// Arguments; missing ones are 0.
#[derive(Clone, Copy)]
pub(crate) struct Args<'a>(pub &'a [Arg]);

impl Args<'_> {
    fn word(&self, idx: usize) -> Word {
        self.0.get(idx).map_or(Word::default(), |arg| arg.word)
    }

    fn u64(&self, idx: usize) -> u64 {
        self.word(idx).lo
    }

    fn i32(&self, idx: usize) -> i32 {
        self.u64(idx) as i32
    }

    fn i64(&self, idx: usize) -> i64 {
        self.u64(idx) as i64
    }

    fn f64(&self, idx: usize) -> f64 {
        f64::from_bits(self.u64(idx))
    }

    fn f32(&self, idx: usize) -> f32 {
        f32::from_bits(self.u64(idx) as u32)
    }
}

const NOTHING: Result<Word, Stop> = Ok(Word { lo: 0, hi: 0 });

fn give(value: u64) -> Result<Word, Stop> {
    Ok(Word::new(value))
}

fn give_int(value: i64) -> Result<Word, Stop> {
    Ok(Word::new(value as u64))
}

/// The result of a comparison as C has it.
fn order(order: std::cmp::Ordering) -> Result<Word, Stop> {
    give_int(order as i64)
}

fn get<'m>(machine: &'m Machine<'_>, addr: u64, size: u64) -> Result<&'m [u8], Stop> {
    if size == 0 { Ok(&[]) } else { machine.memory.bytes(addr, size).map_err(|fault| machine.fault(fault)) }
}

fn put(machine: &mut Machine<'_>, addr: u64, bytes: &[u8]) -> Result<(), Stop> {
    let result: Result<(), Fault> = if bytes.is_empty() { Ok(()) } else { machine.memory.store(addr, bytes) };
    result.map_err(|fault| machine.fault(fault))
}

fn c_string<'m>(machine: &'m Machine<'_>, addr: u64) -> Result<&'m [u8], Stop> {
    machine.memory.c_string(addr).map_err(|fault| machine.fault(fault))
}

/// Sets `errno`.
fn set_errno(libc: &mut Libc, machine: &mut Machine<'_>, value: u32) -> Result<(), Stop> {
    let addr = libc.object(machine, "errno", &[0; 4])?;
    put(machine, addr, &value.to_le_bytes())
}
