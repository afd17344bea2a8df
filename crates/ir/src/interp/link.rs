//! Joining units: addresses for everything, then instructions with addresses instead of ids.
//!
//! Rewritten instructions keep their shape: `sym_addr` becomes a constant; slots become registers or frame offsets;
//! blocks become the index of their first instruction; callees, signatures and wide constants are numbered over all
//! units. [`Func`]s themselves are not changed.

use super::memory::{CODE, CONST, DATA, MISSING, Memory};
use super::{Externs, Stop};
use crate::func::{Func, Inst, ParamHome};
use crate::module::{DataDef, Linkage, Module, Symbol, SymbolKind};
use crate::ops::{Op, Operand};
use crate::record::{Event, Unit};
use crate::types::{Param, Signature, Ty};
use base::ids::Id;
use std::collections::HashMap;

/// What an address in the code segment names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Code {
    Func(u32),
    Extern(u32),
    /// An index of [`Program::missing_functions`].
    Missing(u32),
    /// A function and the first instruction of a block of it.
    Label(u32, u32),
}

/// A parameter or result: of a scalar type, or an aggregate of so many bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Passed {
    Scalar(Ty),
    Aggregate(u64),
}

pub(super) struct SigCode {
    pub ret: Passed,
    pub params: Vec<Passed>,
}

/// Where an argument goes on entry.
#[derive(Clone, Copy)]
pub(super) enum Home {
    /// The register behind those of values and slots.
    Reg,
    /// An aggregate of `size` bytes at a frame offset.
    Frame { offset: u32, size: u64 },
}

pub(super) struct FuncCode {
    pub name: String,
    pub insts: Vec<Inst>,
    pub lists: Vec<u32>,
    pub homes: Vec<Home>,
    /// First register of parameters; slots lie between values and these.
    pub first_slot: u32,
    pub first_param: u32,
    pub n_regs: u32,
    pub frame_size: u64,
    pub frame_align: u64,
    pub ret: Passed,
    pub variadic: bool,
}

/// Units, joined.
pub struct Program {
    pub(super) funcs: Vec<FuncCode>,
    pub(super) code: Vec<Code>,
    pub(super) sigs: Vec<SigCode>,
    pub(super) wides: Vec<[u8; 16]>,
    pub(super) memory: Memory,
    /// Names of objects nobody defines, by place in the segment of such.
    pub(super) missing: Vec<String>,
    pub(super) missing_functions: Vec<String>,
    globals: HashMap<Box<[u8]>, u64>,
    /// Objects in named sections: name, address, size.
    sections: Vec<(Box<[u8]>, u64, u64)>,
}

impl Program {
    /// Joins `units` and what `externs` defines. Fails when a unit cannot be run at all, or defines what another does.
    pub fn link(units: &[Unit], externs: &mut dyn Externs) -> Result<Program, Stop> {
        let inputs: Vec<Input<'_>> = units.iter().map(Input::new).collect::<Result<_, _>>()?;
        let mut linker = Linker::default();
        for (idx, input) in inputs.iter().enumerate() {
            linker.define(idx, input)?;
        }
        // Beyond this point every definition has an address.
        let mut addresses = Vec::new();
        for (idx, input) in inputs.iter().enumerate() {
            addresses.push(linker.resolve(idx, input, externs)?);
        }
        let Linker { code, mut memory, missing, missing_functions, globals, sections, defined, .. } = linker;
        let mut program = Program {
            funcs: Vec::new(),
            code,
            sigs: Vec::new(),
            wides: Vec::new(),
            memory: Memory::default(),
            missing,
            missing_functions,
            globals: globals.into_iter().map(|(name, global)| (name.into(), global.addr)).collect(),
            sections,
        };
        for (idx, (input, addresses)) in inputs.iter().zip(&addresses).enumerate() {
            for data in &input.data {
                // Its own place: another definition of the name may have won.
                fill_data(&mut memory, data, defined[&(idx, data.symbol)], addresses);
            }
            let (sig_base, wide_base) = (program.sigs.len() as u32, program.wides.len() as u32);
            program.sigs.extend(input.module.sigs().iter().map(|sig| sig_code(&input.module, sig)));
            program.wides.extend_from_slice(input.module.wide.as_slice());
            for func in &input.funcs {
                let rewrite = Rewrite { module: &input.module, func, addresses, sig_base, wide_base };
                program.funcs.push(rewrite.func());
            }
        }
        program.memory = memory;
        Ok(program)
    }

    /// Address of a global symbol that a unit defines.
    pub fn address(&self, name: &[u8]) -> Option<u64> {
        self.globals.get(name).copied()
    }

    /// Addresses and sizes of objects that a unit put into a section of that name, in order.
    pub fn in_section(&self, name: &[u8]) -> impl Iterator<Item = (u64, u64)> {
        self.sections.iter().filter(move |entry| *entry.0 == *name).map(|entry| (entry.1, entry.2))
    }

    pub(super) fn func_name(&self, func: u32) -> &str {
        &self.funcs[func as usize].name
    }
}

/// A unit, sorted.
struct Input<'a> {
    module: Module,
    funcs: Vec<&'a Func>,
    data: Vec<&'a DataDef>,
    commons: Vec<(Symbol, u64, u32)>,
}

impl<'a> Input<'a> {
    fn new(unit: &'a Unit) -> Result<Input<'a>, Stop> {
        let mut input = Input { module: unit.module(), funcs: Vec::new(), data: Vec::new(), commons: Vec::new() };
        for event in &unit.events {
            match event {
                Event::Function(func) => input.funcs.push(func),
                Event::Data(data) => input.data.push(data),
                Event::Common { symbol, size, align } => input.commons.push((*symbol, *size, *align)),
                Event::Assembly(..) => return Err(Stop::CannotRun("assembly at file level".into())),
                Event::Change(_) | Event::Finish => {}
            }
        }
        Ok(input)
    }
}

/// How firmly a global is defined; a firmer definition wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Common,
    Weak,
    Strong,
}

#[derive(Clone, Copy)]
struct Global {
    addr: u64,
    strength: Strength,
    /// Of a common symbol.
    size: u64,
}

#[derive(Default)]
struct Linker<'a> {
    code: Vec<Code>,
    memory: Memory,
    globals: HashMap<&'a [u8], Global>,
    /// Definitions by unit and symbol.
    defined: HashMap<(usize, Symbol), u64>,
    /// What the host was asked for.
    asked: HashMap<&'a [u8], u64>,
    missing: Vec<String>,
    missing_functions: Vec<String>,
    sections: Vec<(Box<[u8]>, u64, u64)>,
    n_funcs: u32,
}

impl<'a> Linker<'a> {
    fn new_code(&mut self, code: Code) -> u64 {
        self.code.push(code);
        CODE + 16 * (self.code.len() as u64 - 1)
    }

    fn place(&mut self, segment: u64, size: u64, align: u32) -> Result<u64, Stop> {
        let align = u64::from(align.max(1));
        let start = self.memory.size(segment).next_multiple_of(align).max(64);
        // One byte more, so that the addresses of empty objects differ; and 1 GiB is enough.
        let end = start.checked_add(size).and_then(|end| end.checked_add(1)).filter(|&end| end < 1 << 30);
        let Some(end) = end else { return Err(Stop::CannotRun("more than 1 GiB of data".into())) };
        self.memory.grow(segment, end);
        Ok(segment + start)
    }

    fn export(&mut self, unit: usize, input: &'a Input<'a>, symbol: Symbol, addr: u64, size: u64) -> Result<(), Stop> {
        let decl = &input.module.symbols[symbol];
        let strength = match decl.linkage {
            Linkage::Local => {
                self.defined.insert((unit, symbol), addr);
                return Ok(());
            }
            Linkage::Global => Strength::Strong,
            Linkage::Weak => Strength::Weak,
            Linkage::Common => Strength::Common,
        };
        let new = Global { addr, strength, size };
        match self.globals.get_mut(&*decl.name) {
            None => drop(self.globals.insert(&decl.name, new)),
            Some(old) if old.strength == Strength::Strong && strength == Strength::Strong => {
                let name = String::from_utf8_lossy(&decl.name);
                return Err(Stop::CannotRun(format!("`{name}` is defined twice")));
            }
            Some(old) => {
                let both_common = old.strength == Strength::Common && strength == Strength::Common;
                if strength > old.strength || both_common && size > old.size {
                    *old = new;
                }
            }
        }
        Ok(())
    }

    fn define(&mut self, unit: usize, input: &'a Input<'a>) -> Result<(), Stop> {
        for func in &input.funcs {
            let idx = self.n_funcs;
            self.n_funcs += 1;
            let addr = self.new_code(Code::Func(idx));
            self.export(unit, input, func.symbol, addr, 0)?;
            for data in func.blocks.iter().filter(|data| !data.label.is_none()) {
                let addr = self.new_code(Code::Label(idx, data.start));
                self.defined.insert((unit, data.label), addr);
            }
        }
        for data in &input.data {
            let segment = if data.read_only { CONST } else { DATA };
            let addr = self.place(segment, data.size, data.align)?;
            self.export(unit, input, data.symbol, addr, data.size)?;
            self.defined.insert((unit, data.symbol), addr);
            if let Some(section) = input.module.symbols[data.symbol].section.some() {
                self.sections.push((input.module.sections[section].clone(), addr, data.size));
            }
        }
        for &(symbol, size, align) in &input.commons {
            let addr = self.place(DATA, size, align)?;
            self.export(unit, input, symbol, addr, size)?;
        }
        // Aliases of what was just defined.
        for (symbol, decl) in input.module.symbols.enumerated() {
            let target = decl.alias.filter(|_| decl.linkage != Linkage::Local);
            if let Some(addr) = target.and_then(|target| self.own_definition(unit, input, target)) {
                self.export(unit, input, symbol, addr, 0)?;
            }
        }
        Ok(())
    }

    /// Address of what `unit` itself defines as `symbol`, aliases followed.
    fn own_definition(&self, unit: usize, input: &Input<'_>, mut symbol: Symbol) -> Option<u64> {
        for _ in 0..16 {
            if let Some(&addr) = self.defined.get(&(unit, symbol)) {
                return Some(addr);
            }
            let decl = &input.module.symbols[symbol];
            match decl.alias {
                // Nobody runs its resolver here: it is missing.
                _ if decl.kind == SymbolKind::Indirect => return None,
                Some(target) => symbol = target,
                None => {
                    let is_own = decl.defined && decl.linkage != Linkage::Local;
                    return self.globals.get(&*decl.name).filter(|_| is_own).map(|global| global.addr);
                }
            }
        }
        None
    }

    /// Addresses of all symbols of a unit.
    fn resolve(&mut self, unit: usize, input: &'a Input<'a>, externs: &mut dyn Externs) -> Result<Vec<u64>, Stop> {
        let mut addresses = Vec::with_capacity(input.module.symbols.len());
        for mut symbol in input.module.symbols.ids() {
            // A weak reference takes what its target takes.
            let weak = input.module.symbols[symbol].linkage == Linkage::Weak;
            for _ in 0..16 {
                match input.module.symbols[symbol].alias {
                    _ if input.module.symbols[symbol].kind == SymbolKind::Indirect => break,
                    Some(target) if !self.defined.contains_key(&(unit, symbol)) => symbol = target,
                    _ => break,
                }
            }
            let decl = &input.module.symbols[symbol];
            let addr = if decl.linkage == Linkage::Local || decl.kind == SymbolKind::Label {
                self.defined.get(&(unit, symbol)).copied()
            } else {
                self.globals.get(&*decl.name).map(|global| global.addr)
            };
            addresses.push(match addr {
                Some(addr) => addr,
                None => self.ask(&decl.name, decl.kind, weak || decl.linkage == Linkage::Weak, externs)?,
            });
        }
        Ok(addresses)
    }

    fn ask(&mut self, name: &'a [u8], kind: SymbolKind, weak: bool, externs: &mut dyn Externs) -> Result<u64, Stop> {
        if let Some(&addr) = self.asked.get(name) {
            return Ok(addr);
        }
        let text = || String::from_utf8_lossy(name).into_owned();
        let addr = if let Some(function) = externs.function(name) {
            self.new_code(Code::Extern(function))
        } else if let Some(data) = externs.data(name) {
            let addr = self.place(DATA, data.bytes.len() as u64, data.align)?;
            // It was just placed.
            let _ = self.memory.fill_in(addr, &data.bytes);
            addr
        } else if weak {
            0
        } else if kind == SymbolKind::Function {
            self.missing_functions.push(text());
            self.new_code(Code::Missing(self.missing_functions.len() as u32 - 1))
        } else {
            self.missing.push(text());
            MISSING + 16 * (self.missing.len() as u64 - 1)
        };
        self.asked.insert(name, addr);
        Ok(addr)
    }
}

/// Writes content where there is room: a unit that was not verified may have more bytes than it says.
fn fill_data(memory: &mut Memory, data: &DataDef, at: u64, addresses: &[u64]) {
    let _ = memory.fill_in(at, &data.bytes);
    for reloc in &data.relocs {
        let base = reloc.base.some().map_or(0, |base| addresses[base.index()]);
        let target = addresses[reloc.target.index()].wrapping_add(reloc.addend as u64).wrapping_sub(base);
        let _ = memory.fill_in(at + reloc.offset, &target.to_le_bytes()[..usize::from(reloc.size)]);
    }
}

fn passed(module: &Module, param: Param) -> Passed {
    match param {
        Param::Scalar { ty, .. } => Passed::Scalar(ty),
        Param::Aggregate(layout) => Passed::Aggregate(module.layout(layout).size),
    }
}

fn sig_code(module: &Module, sig: &Signature) -> SigCode {
    SigCode { ret: passed(module, sig.ret), params: sig.params.iter().map(|&param| passed(module, param)).collect() }
}

/// Rewriting one function.
struct Rewrite<'a> {
    module: &'a Module,
    func: &'a Func,
    addresses: &'a [u64],
    sig_base: u32,
    wide_base: u32,
}

/// [`Inst::aux`] of a rewritten slot access that goes to the frame.
pub(super) const IN_FRAME: u16 = 1;
/// A callee that is not code.
pub(super) const NOT_CODE: u32 = u32::MAX;

impl Rewrite<'_> {
    fn func(&self) -> FuncCode {
        let func = self.func;
        let first_slot = func.insts.len() as u32;
        let first_param = first_slot + func.slots.len() as u32;
        let (offsets, frame_size, frame_align) = self.frame();
        let homes = func.params.iter().zip(&self.module.sig(func.sig).params).map(|(home, param)| {
            match (*home, passed(self.module, *param)) {
                (ParamHome::Slot(slot), Passed::Aggregate(size)) => {
                    Home::Frame { offset: offsets[slot.index()].unwrap_or(0), size }
                }
                _ => Home::Reg,
            }
        });
        let homes: Vec<Home> = homes.collect();
        let mut lists = func.lists.clone();
        for inst in func.insts.iter().filter(|inst| inst.op == Op::Switch) {
            let at = inst.b as usize;
            for case in 0..lists[at] as usize {
                let block = &mut lists[at + 3 + 3 * case];
                *block = func.blocks.as_slice()[*block as usize].start;
            }
        }
        let sig = self.module.sig(func.sig);
        FuncCode {
            name: String::from_utf8_lossy(&self.module.symbols[func.symbol].name).into_owned(),
            insts: func.insts.iter().map(|inst| self.inst(*inst, &offsets, first_slot, first_param)).collect(),
            lists,
            n_regs: first_param + homes.len() as u32,
            homes,
            first_slot,
            first_param,
            frame_size,
            frame_align,
            ret: passed(self.module, sig.ret),
            variadic: sig.variadic,
        }
    }

    /// Frame offsets of the slots that need memory, size and alignment of the frame.
    fn frame(&self) -> (Vec<Option<u32>>, u64, u64) {
        let (mut size, mut align) = (0u64, 16u64);
        let mut offsets = Vec::new();
        for data in &self.func.slots {
            if data.ty != Ty::Void && !data.address_taken {
                offsets.push(None);
                continue;
            }
            let at = size.next_multiple_of(u64::from(data.align));
            align = align.max(u64::from(data.align));
            // A frame that does not fit any stack is caught on entry.
            size = at.saturating_add(data.size.max(1)).min(1 << 40);
            offsets.push(Some(at as u32));
        }
        (offsets, size.next_multiple_of(16), align)
    }

    fn inst(&self, mut inst: Inst, offsets: &[Option<u32>], first_slot: u32, first_param: u32) -> Inst {
        let start = |block: u32| self.func.blocks.as_slice()[block as usize].start;
        let row = inst.op.row();
        let mut words = inst.words();
        for (operand, word) in row.operands().into_iter().zip(&mut words) {
            match operand {
                Operand::Block => *word = start(*word),
                Operand::Sig => *word += self.sig_base,
                Operand::Wide => *word += self.wide_base,
                Operand::Layout => {
                    let size = self.module.layouts().as_slice()[*word as usize].size;
                    *word = u32::try_from(size).unwrap_or(u32::MAX);
                }
                Operand::Slot => match offsets[*word as usize] {
                    Some(offset) => {
                        *word = offset;
                        inst.aux = IN_FRAME;
                    }
                    None => *word += first_slot,
                },
                _ => {}
            }
        }
        [inst.a, inst.b, inst.c] = words;
        match inst.op {
            Op::SymAddr => {
                let addr = self.addresses[inst.a as usize].wrapping_add(inst.imm64());
                (inst.b, inst.c) = (addr as u32, (addr >> 32) as u32);
            }
            Op::Call => {
                let addr = self.addresses[inst.a as usize];
                inst.a = if addr >> 32 == CODE >> 32 { addr as u32 / 16 } else { NOT_CODE };
            }
            Op::Param => inst.a += first_param,
            _ => {}
        }
        inst
    }
}
