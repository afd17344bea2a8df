//! Frames and calls. Registers of all frames lie in one vector; a frame is a window of it, in which `window` runs. Values are single-assignment and
//! verified, so a window is not cleared on entry, except for slots.
//!
//! Functions must have passed the verifier: what it checks is not checked here, though nothing worse than a panic can
//! come of a function that did not.

use super::float::mask;
use super::link::{Code, FuncCode, Home, NOT_CODE, Passed, Program};
use super::memory::{CODE, Memory, STACK};
use super::window::{Why, Window};
use super::{Arg, Externs, Machine, Stop, Word};
use crate::func::Inst;
use crate::ops::Op;
use crate::types::Ty;

/// A function that runs, or waits for the one it called.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub func: u32,
    /// Next instruction.
    pc: u32,
    /// First register.
    base: u32,
    /// The caller's value that is waited for.
    result: u32,
    /// Address of the slots in memory.
    memory: u64,
    /// To restore on return.
    sp: u64,
    /// Where an aggregate result goes.
    ret_addr: u64,
    /// Cells of arguments behind `...`.
    va: (u64, u64),
    /// Called from the host: return ends the loop.
    from_host: bool,
}

/// The value of type `ty` that 16 bytes of memory hold.
pub(super) fn cut(ty: Ty, bits: u128) -> Word {
    match ty {
        Ty::I128 | Ty::F128 | Ty::V128 => Word::from_u128(bits),
        Ty::F80 => Word::from_u128(bits & ((1 << 80) - 1)),
        _ => Word::new(bits as u64 & mask(ty)),
    }
}

#[inline]
pub(super) fn sext(ty: Ty, bits: u64) -> i64 {
    let shift = 64 - 8 * ty.size().clamp(1, 8);
    (bits << shift) as i64 >> shift
}

/// What a call needs of its caller.
struct Site<'a> {
    /// Of the call's signature.
    params: &'a [Passed],
    args: &'a [Arg],
    result: u32,
    from_host: bool,
}

impl<'p> Machine<'p> {
    pub(super) fn call_from_host(&mut self, externs: &mut dyn Externs, addr: u64, args: &[Arg]) -> Result<Word, Stop> {
        match self.callee_at(addr) {
            Some(Code::Func(func)) => {
                let (n_frames, sp) = (self.frames.len(), self.sp);
                self.enter(func, Site { params: &[], args, result: 0, from_host: true })?;
                let result = self.execute(externs);
                if let Err(Stop::Exit(_)) = result {
                    // The host may go on to run exit handlers.
                    self.frames.truncate(n_frames);
                    self.sp = sp;
                }
                result
            }
            Some(Code::Extern(function)) => externs.call(function, self, args, Ty::I64),
            Some(Code::Missing(missing)) => Err(self.missing(missing)),
            Some(Code::Label(..)) | None => Err(self.trap(&format!("call of {addr:#x}, which is no function"))),
        }
    }

    fn code_at(&self, addr: u64) -> Option<Code> {
        let is_code = addr >> 32 == CODE >> 32 && addr.is_multiple_of(16);
        self.program.code.get((addr as u32 / 16) as usize).copied().filter(|_| is_code)
    }

    /// What a call of `addr` enters, through a closure or not.
    fn callee_at(&mut self, addr: u64) -> Option<Code> {
        if let Some(code) = self.code_at(addr) {
            return Some(code);
        }
        let &(function, chain) = self.closures.get(&addr)?;
        self.chain = chain;
        self.code_at(function)
    }

    fn missing(&self, missing: u32) -> Stop {
        Stop::CannotRun(format!("nobody defines `{}`", self.program.missing_functions[missing as usize]))
    }

    /// First register behind the last frame.
    fn next_base(&self) -> u32 {
        self.frames.last().map_or(0, |frame| frame.base + self.program.funcs[frame.func as usize].n_regs)
    }

    /// Makes the frame of `func` and puts its arguments in place.
    fn enter(&mut self, func: u32, site: Site<'_>) -> Result<(), Stop> {
        let code: &'p FuncCode = &self.program.funcs[func as usize];
        let mut args = site.args;
        let mut ret_addr = 0;
        if let Passed::Aggregate(_) = code.ret {
            let Some((first, rest)) = args.split_first() else {
                return Err(self.trap("a call without a place for the result"));
            };
            ret_addr = first.word.lo;
            args = rest;
        }
        let sp = self.sp;
        let n_fixed = code.homes.len().min(args.len());
        let va = if code.variadic {
            let params = site.params.get(n_fixed..).unwrap_or(&[]);
            self.push_variadic(&args[n_fixed..], params)?
        } else {
            (0, 0)
        };
        let memory = self.sp.next_multiple_of(code.frame_align);
        let base = self.next_base();
        self.reserve(base + code.n_regs, memory.saturating_add(code.frame_size))?;
        self.regs[(base + code.first_slot) as usize..(base + code.n_regs) as usize].fill(0);
        self.his[(base + code.first_slot) as usize..(base + code.n_regs) as usize].fill(0);
        for (idx, (home, arg)) in code.homes.iter().zip(args).enumerate() {
            match *home {
                Home::Reg => {
                    let reg = base as usize + code.first_param as usize + idx;
                    self.regs[reg] = arg.word.lo;
                    self.his[reg] = arg.word.hi;
                }
                Home::Frame { offset, size } => {
                    let to = memory + u64::from(offset);
                    self.memory.copy(to, arg.word.lo, size).map_err(|fault| self.fault(fault))?;
                }
            }
        }
        let (result, from_host) = (site.result, site.from_host);
        self.frames.push(Frame { func, pc: 0, base, result, memory, sp, ret_addr, va, from_host });
        Ok(())
    }

    /// Makes room for a frame: registers up to `n_regs`, stack up to `top`.
    fn reserve(&mut self, n_regs: u32, top: u64) -> Result<(), Stop> {
        if self.frames.len() >= self.limits.depth as usize {
            return Err(Stop::Limit("depth of calls"));
        }
        if top - STACK > self.limits.stack {
            return Err(Stop::Limit("stack"));
        }
        self.sp = top;
        self.memory.grow(STACK, (top - STACK).next_multiple_of(1 << 16));
        let n_regs = n_regs as usize;
        if n_regs > self.regs.len() {
            self.regs.resize(n_regs.next_power_of_two(), 0);
            self.his.resize(n_regs.next_power_of_two(), 0);
        }
        Ok(())
    }

    /// Puts arguments into cells of 16 bytes on the stack; where they begin and end.
    fn push_variadic(&mut self, args: &[Arg], params: &[Passed]) -> Result<(u64, u64), Stop> {
        let start = self.sp.next_multiple_of(16);
        let size_of = |idx: usize, arg: &Arg| match (params.get(idx), arg.aggregate) {
            (Some(&Passed::Aggregate(size)), _) | (_, Some(size)) => Some(size),
            _ => None,
        };
        let cell_size = |idx, arg| size_of(idx, arg).map_or(16, |size: u64| size.next_multiple_of(16));
        let total: u64 = args.iter().enumerate().map(|(idx, arg)| cell_size(idx, arg)).sum();
        self.reserve(0, start.saturating_add(total))?;
        let mut at = start;
        for (idx, arg) in args.iter().enumerate() {
            let done = match size_of(idx, arg) {
                Some(size) => self.memory.copy(at, arg.word.lo, size),
                None => self.memory.store(at, &arg.word.u128().to_le_bytes()),
            };
            done.map_err(|fault| self.fault(fault))?;
            at += cell_size(idx, arg);
        }
        Ok((start, at))
    }

    /// Takes `size` bytes of cells from the `va_list` at `list`.
    pub(super) fn va_cell(&mut self, list: u64, size: u64) -> Result<u64, Stop> {
        let read = |memory: &Memory| Ok((memory.load_u64(list)?, memory.load_u64(list.wrapping_add(8))?));
        let (cell, end): (u64, u64) = read(&self.memory).map_err(|fault| self.fault(fault))?;
        if cell.checked_add(size).is_none_or(|next| next > end) {
            return Err(self.trap("va_arg behind the last argument"));
        }
        self.memory.store(list, &(cell + size).to_le_bytes()).map_err(|fault| self.fault(fault))?;
        Ok(cell)
    }

    /// The arguments of a call in the current frame.
    fn gather(&self, frame: &Frame, list: &[u32], hidden: bool, params: &[Passed]) -> Vec<Arg> {
        let insts = &self.program.funcs[frame.func as usize].insts;
        let n_hidden = usize::from(hidden);
        let args = list.iter().enumerate().map(|(idx, &value)| {
            let reg = (frame.base + value) as usize;
            let ty = insts[value as usize].result_ty();
            let word = cut(ty, Word { lo: self.regs[reg], hi: self.his[reg] }.u128());
            let aggregate = match idx.checked_sub(n_hidden).and_then(|idx| params.get(idx)) {
                Some(&Passed::Aggregate(size)) => Some(size),
                _ => None,
            };
            Arg { ty, word, aggregate }
        });
        args.collect()
    }

    /// A call instruction. True when the program's own function was entered.
    #[inline]
    fn call_inst(&mut self, externs: &mut dyn Externs, at: u32, inst: &Inst) -> Result<bool, Stop> {
        let program: &'p Program = self.program;
        let Some(frame) = self.frames.last_mut() else { unreachable!("a call stands in a function") };
        frame.pc = at + 1;
        let frame = *frame;
        let code = if inst.op == Op::CallIndirect {
            let addr = self.regs[(frame.base + inst.a) as usize];
            self.callee_at(addr).ok_or(addr)
        } else if inst.a == NOT_CODE {
            Err(0)
        } else {
            program.code.get(inst.a as usize).copied().ok_or(0)
        };
        let caller = &program.funcs[frame.func as usize];
        let n = caller.lists[inst.b as usize] as usize;
        let list = &caller.lists[inst.b as usize + 1..][..n];
        let sig = &program.sigs[inst.c as usize];
        let hidden = matches!(sig.ret, Passed::Aggregate(_));
        match code {
            Ok(Code::Func(func)) => {
                let callee = &program.funcs[func as usize];
                if hidden != matches!(callee.ret, Passed::Aggregate(_)) {
                    return Err(self.trap(&format!("`{}` is called with another kind of result", callee.name)));
                }
                let is_plain = !hidden && !callee.variadic && callee.homes.len() == n;
                if is_plain && callee.homes.iter().all(|home| matches!(home, Home::Reg)) {
                    self.enter_plain(func, callee, &frame, list, at)?;
                    return Ok(true);
                }
                let args = self.gather(&frame, list, hidden, &sig.params);
                self.enter(func, Site { params: &sig.params, args: &args, result: at, from_host: false })?;
                Ok(true)
            }
            Ok(Code::Extern(function)) => {
                let args = self.gather(&frame, list, hidden, &sig.params);
                let result = externs.call(function, self, &args, inst.ty)?;
                if inst.ty != Ty::Void {
                    let word = cut(inst.ty, result.u128());
                    self.regs[(frame.base + at) as usize] = word.lo;
                    self.his[(frame.base + at) as usize] = word.hi;
                }
                Ok(false)
            }
            Ok(Code::Missing(missing)) => Err(self.missing(missing)),
            Ok(Code::Label(..)) => Err(self.trap("call of a label")),
            Err(addr) => Err(self.trap(&format!("call of {addr:#x}, which is no function"))),
        }
    }

    /// [`Machine::enter`] for the common case: scalars only.
    #[inline]
    fn enter_plain(&mut self, func: u32, callee: &FuncCode, caller: &Frame, list: &[u32], at: u32) -> Result<(), Stop> {
        let sp = self.sp;
        let memory = sp.next_multiple_of(callee.frame_align);
        let base = self.next_base();
        self.reserve(base + callee.n_regs, memory.saturating_add(callee.frame_size))?;
        self.regs[(base + callee.first_slot) as usize..(base + callee.first_param) as usize].fill(0);
        for (idx, &value) in list.iter().enumerate() {
            let (from, to) = ((caller.base + value) as usize, (base + callee.first_param) as usize + idx);
            self.regs[to] = self.regs[from];
            self.his[to] = self.his[from];
        }
        let frame = Frame { func, pc: 0, base, result: at, memory, sp, ret_addr: 0, va: (0, 0), from_host: false };
        self.frames.push(frame);
        Ok(())
    }

    /// Leaves the current frame with the value of `inst`. `Some` when the host gets it.
    fn leave(&mut self, inst: &Inst) -> Result<Option<Word>, Stop> {
        let Some(&frame) = self.frames.last() else { unreachable!("a return stands in a function") };
        let code = &self.program.funcs[frame.func as usize];
        let mut word = Word::default();
        if inst.ty != Ty::Void {
            let reg = (frame.base + inst.a) as usize;
            word = cut(inst.ty, Word { lo: self.regs[reg], hi: self.his[reg] }.u128());
            if let Passed::Aggregate(size) = code.ret {
                self.memory.copy(frame.ret_addr, word.lo, size).map_err(|fault| self.fault(fault))?;
            }
        }
        self.frames.pop();
        self.sp = frame.sp;
        if frame.from_host {
            return Ok(Some(word));
        }
        if let Some(caller) = self.frames.last() {
            let reg = (caller.base + frame.result) as usize;
            self.regs[reg] = word.lo;
            self.his[reg] = word.hi;
        }
        Ok(None)
    }

    /// A fault or trap of the instruction at `at`.
    #[cold]
    fn stop_at(&self, at: u32, why: Why) -> Stop {
        match why {
            Why::Fault(fault) => self.fault(fault),
            Why::Message(message) => self.trap(&format!("v{at}: {message}")),
        }
    }

    /// Runs until the frame that the host called returns.
    fn execute(&mut self, externs: &mut dyn Externs) -> Result<Word, Stop> {
        loop {
            let at = self.run()?;
            let Some(frame) = self.frames.last() else { unreachable!("a function runs") };
            let inst = &self.program.funcs[frame.func as usize].insts[at as usize];
            match inst.op {
                Op::Call | Op::CallIndirect => {
                    self.call_inst(externs, at, inst)?;
                }
                Op::Ret => {
                    if let Some(word) = self.leave(inst)? {
                        return Ok(word);
                    }
                }
                _ => self.rare(at, inst)?,
            }
        }
    }

    /// Runs the current frame up to an instruction that needs the whole machine: its index.
    fn run(&mut self) -> Result<u32, Stop> {
        let Some(frame) = self.frames.last() else { unreachable!("a function runs") };
        let program: &'p Program = self.program;
        let code = &program.funcs[frame.func as usize];
        let mut window = Window {
            insts: &code.insts,
            lists: &code.lists,
            wides: &program.wides,
            regs: &mut self.regs[frame.base as usize..][..code.n_regs as usize],
            his: &mut self.his[frame.base as usize..][..code.n_regs as usize],
            memory: &mut self.memory,
            frame: frame.memory,
            steps_left: self.steps_left,
        };
        let result = window.run(frame.pc);
        self.steps_left = window.steps_left;
        result.map_err(|(at, why)| match why {
            Some(why) => self.stop_at(at, why),
            None => Stop::Limit("steps"),
        })
    }

    /// Instructions that touch the stack pointer, arguments, or other frames.
    fn rare(&mut self, at: u32, inst: &Inst) -> Result<(), Stop> {
        let Some(frame) = self.frames.last_mut() else { unreachable!("a function runs") };
        frame.pc = at + 1;
        let frame = *frame;
        let reg = |word: u32| (frame.base + word) as usize;
        let (a, c) = (self.regs.get(reg(inst.a)).copied().unwrap_or(0), inst.c);
        let mut result = Word::default();
        match inst.op {
            Op::VaStart => {
                let mut bytes = [0; 16];
                bytes[..8].copy_from_slice(&frame.va.0.to_le_bytes());
                bytes[8..].copy_from_slice(&frame.va.1.to_le_bytes());
                self.memory.store(a, &bytes).map_err(|fault| self.fault(fault))?;
            }
            Op::VaCopy => {
                let from = self.regs[reg(inst.b)];
                self.memory.copy(a, from, 16).map_err(|fault| self.fault(fault))?;
            }
            Op::VaArg => result = self.va_arg(a, inst.ty)?,
            Op::VaArgAggregate => {
                let size = u64::from(inst.b);
                let cell = self.va_cell(a, size.next_multiple_of(16))?;
                let to = self.regs[reg(c)];
                self.memory.copy(to, cell, size).map_err(|fault| self.fault(fault))?;
            }
            Op::Alloca => {
                let start = self.sp.next_multiple_of(u64::from(inst.b.max(16)));
                let top = start.saturating_add(a.min(1 << 40)).next_multiple_of(16);
                self.reserve(0, top)?;
                result = Word::new(start);
            }
            Op::Chain => result = Word::new(self.chain),
            Op::Closure => {
                // Nothing reads it as bytes; that it is memory is checked.
                self.memory.store(a, &[0; crate::ops::CLOSURE_SIZE as usize]).map_err(|fault| self.fault(fault))?;
                let made = (self.regs[reg(inst.b)], self.regs[reg(c)]);
                self.closures.insert(a, made);
                result = Word::new(a);
            }
            Op::StackSave => result = Word::new(self.sp),
            Op::StackRestore if a >= STACK && a <= self.sp => self.sp = a,
            Op::StackRestore => return Err(self.trap("stack_restore of what was not saved")),
            Op::FrameAddress | Op::ReturnAddress => {
                let level = inst.a as usize + usize::from(inst.op == Op::ReturnAddress);
                let frame = self.frames.len().checked_sub(1 + level).map(|idx| &self.frames[idx]);
                result.lo = match frame {
                    Some(frame) if inst.op == Op::FrameAddress => frame.memory,
                    // Somewhere in the caller; not to be read.
                    Some(frame) => (7 << 32) | u64::from(frame.func) << 8 | 1,
                    None => 0,
                };
            }
            Op::JumpIndirect => match self.code_at(a) {
                Some(Code::Label(func, start)) if func == frame.func => {
                    if let Some(frame) = self.frames.last_mut() {
                        frame.pc = start;
                    }
                    return Ok(());
                }
                _ => return Err(self.trap(&format!("jump to {a:#x}, which is no label of this function"))),
            },
            Op::Asm | Op::AsmGoto => return Err(Stop::CannotRun("inline assembly".into())),
            op => unreachable!("{op:?} is done in the window"),
        }
        if inst.result_ty() != Ty::Void {
            self.regs[reg(at)] = result.lo;
            self.his[reg(at)] = result.hi;
        }
        Ok(())
    }
}
