//! The walk over a function's blocks: what of each instruction is computed at once, what stays lazy, what an effect forces.

use crate::insns as x;
use crate::select::{Sel, inst};
use codegen::lazy::{MAX_DEPTH, MEMORY, Touch};
use codegen::machine::{MInst, Reg};
use ir::func::Inst;
use ir::module::{AtomicOrder, SymbolKind};
use ir::{Block, Op, Ty, Value};
use mc::Label;
use mc::rows::LineRow;

/// x87 trees may use this many of the eight registers of its stack.
const MAX_X87_DEPTH: u32 = 6;

/// How far the notes for debug information are.
struct Notes {
    with_lines: bool,
    /// Runs of positions begun.
    n_runs: usize,
    /// Only instructions that open the function came so far.
    in_opening: bool,
}

/// Trees of a value of type `ty` are no deeper.
fn deepest(ty: Ty) -> u32 {
    match ty {
        Ty::F80 => MAX_X87_DEPTH - 1,
        Ty::I128 | Ty::F128 => 0,
        _ => MAX_DEPTH,
    }
}

impl Sel<'_, '_> {
    /// All of them, in the order in which they were filled.
    pub fn blocks(&mut self) {
        let func = self.func();
        let with_lines = self.cx.module.options.debug && !func.locs.is_empty();
        let with_debug = with_lines || self.cx.marks.is_some();
        let mut notes = Notes { with_lines, n_runs: 0, in_opening: true };
        let mut position = 0;
        while let Some(&block) = func.order.get(position) {
            if self.cx.error.is_some() {
                return;
            }
            position += 1;
            while func.order.get(position).is_some_and(|&next| self.threaded(next) != next) {
                position += 1;
            }
            self.next = func.order.get(position).copied();
            self.code().bind(Label(block.0));
            let (start, end) = (func.blocks[block].start, func.blocks[block].end);
            let first = self.arrive(block, start, end);
            if with_debug {
                self.walk_with_notes(first, end, &mut notes);
            } else {
                self.walk(first, end);
            }
        }
    }

    /// The instructions from `first` to before `end`.
    #[inline(always)]
    fn walk(&mut self, first: u32, end: u32) {
        let insts = self.insts;
        for (inst, at) in insts[first as usize..end as usize].iter().zip(first..) {
            if self.instruction(Value(at), inst) && self.lazy.has_read() {
                while let Some(reg) = self.lazy.next_dead() {
                    self.cx.regs.release(reg);
                }
            }
        }
    }

    /// The same with debug information.
    #[cold]
    #[inline(never)]
    fn walk_with_notes(&mut self, first: u32, end: u32, notes: &mut Notes) {
        for at in first..end {
            self.note(at, notes);
            self.walk(at, at + 1);
        }
    }

    /// Where the code of instruction `at` begins.
    fn note(&mut self, at: u32, notes: &mut Notes) {
        if notes.with_lines {
            self.line(at, &mut notes.n_runs, &mut notes.in_opening);
        }
        if let Some(marks) = &mut self.cx.marks {
            let mark = self.cx.regs.code().mark();
            marks.resize(at as usize + 1, mark);
        }
    }

    fn line(&mut self, at: u32, n_runs: &mut usize, in_opening: &mut bool) {
        let func = self.func();
        let mut changed = false;
        while func.locs.get(*n_runs).is_some_and(|run| run.first <= at) {
            *n_runs += 1;
            changed = true;
        }
        let opens = *in_opening && !codegen::native::is_opening(func, self.get(Value(at)));
        if opens {
            *in_opening = false;
        }
        if *n_runs != 0 && (changed || opens) {
            let flags = if opens { LineRow::IS_STMT | LineRow::PROLOGUE_END } else { LineRow::IS_STMT };
            self.cx.regs.code().line(func.locs[*n_runs - 1].pos, flags);
        }
    }

    /// What most instructions are; the others are [`Sel::other`]. False when nothing was computed.
    #[inline(always)]
    fn instruction(&mut self, v: Value, inst: &Inst) -> bool {
        match inst.op {
            // Made anew at every use.
            Op::Iconst | Op::Fconst | Op::WideConst | Op::SlotAddr => return false,
            Op::SymAddr if self.cx.module.symbols[inst.symbol()].kind != SymbolKind::Tls => return false,
            Op::SlotGet => {
                let touch = self.cx.touches[inst.a as usize];
                if touch != 0 {
                    return self.pure(v, inst, touch, 0);
                }
                self.define(v);
            }
            Op::Load => {
                let (reads, depth) = self.lazy.take(inst.value_a());
                let mem = self.cx.module.mem(inst.mem());
                if !mem.volatile && mem.order == AtomicOrder::None {
                    return self.pure(v, inst, reads | MEMORY, depth);
                }
                self.force(MEMORY);
                self.define(v);
            }
            Op::Add
            | Op::Sub
            | Op::Mul
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Shl
            | Op::LShr
            | Op::AShr
            | Op::Fcmp
            | Op::Fadd
            | Op::Fsub
            | Op::Fmul
            | Op::Fdiv
            | Op::MulHighS
            | Op::MulHighU
            | Op::RotL
            | Op::RotR
            | Op::Fcopysign => {
                // The right one was deferred last.
                let (reads_b, depth_b) = self.lazy.take(inst.value_b());
                let (reads_a, depth_a) = self.lazy.take(inst.value_a());
                return self.pure(v, inst, reads_a | reads_b, depth_a.max(depth_b));
            }
            Op::Icmp => {
                // The right one was deferred last.
                let (reads_b, depth_b) = self.lazy.take(inst.value_b());
                let (reads_a, depth_a) = self.lazy.take(inst.value_a());
                return self.pure_of_any(v, inst, reads_a | reads_b, depth_a.max(depth_b));
            }
            Op::Trunc | Op::StoFp | Op::UtoFp => {
                let (reads, depth) = self.lazy.take(inst.value_a());
                return self.pure_of_any(v, inst, reads, depth);
            }
            Op::Neg
            | Op::Not
            | Op::Clz
            | Op::Ctz
            | Op::Popcnt
            | Op::Bswap
            | Op::Zext
            | Op::Sext
            | Op::Bitcast
            | Op::Fpext
            | Op::Fptrunc
            | Op::FptoS
            | Op::FptoU
            | Op::Fneg
            | Op::Fabs
            | Op::Fsqrt => {
                let (reads, depth) = self.lazy.take(inst.value_a());
                return self.pure(v, inst, reads, depth);
            }
            Op::SlotSet => self.slot_set(inst),
            Op::Store => self.store(inst),
            Op::Call | Op::CallIndirect => self.call(v, inst),
            Op::Jump => self.jump(inst),
            Op::Branch => self.branch(inst),
            Op::Nop
            | Op::SymAddr
            | Op::Param
            | Op::BlockParam
            | Op::Copy
            | Op::Fill
            | Op::SDiv
            | Op::UDiv
            | Op::SRem
            | Op::URem
            | Op::Select
            | Op::VaStart
            | Op::VaCopy
            | Op::VaEnd
            | Op::VaArg
            | Op::VaArgAggregate
            | Op::Alloca
            | Op::StackSave
            | Op::StackRestore
            | Op::Chain
            | Op::Closure
            | Op::FrameAddress
            | Op::ReturnAddress
            | Op::AtomicRmw
            | Op::AtomicCmpxchg
            | Op::Fence
            | Op::Trap
            | Op::Prefetch
            | Op::Asm
            | Op::Switch
            | Op::JumpIndirect
            | Op::Ret
            | Op::AsmGoto
            | Op::Unreachable => self.other(v, inst),
        }
        true
    }

    #[inline(never)]
    fn other(&mut self, v: Value, inst: &Inst) {
        match inst.op {
            Op::SymAddr => {
                // A call must not come later than where the function's list of them has it.
                if self.is_tls_call(inst) {
                    self.force(self.cx.scratch);
                    self.define(v);
                }
            }
            Op::Param => self.param(v, inst),
            Op::BlockParam => unreachable!("parameters stand at the start of a block"),
            Op::Select => {
                let (reads_c, depth_c) = self.lazy.take(inst.value_c());
                let (reads_b, depth_b) = self.lazy.take(inst.value_b());
                let (reads_a, depth_a) = self.lazy.take(inst.value_a());
                self.pure(v, inst, reads_a | reads_b | reads_c, depth_a.max(depth_b).max(depth_c));
            }
            Op::SDiv | Op::UDiv | Op::SRem | Op::URem => {
                self.lazy.take(inst.value_b());
                self.lazy.take(inst.value_a());
                self.define(v);
            }
            Op::Copy => self.copy(inst),
            Op::Fill => self.fill(inst),
            Op::VaStart | Op::VaCopy | Op::VaEnd | Op::VaArg | Op::VaArgAggregate => self.variable_arguments(v, inst),
            Op::Alloca | Op::StackSave | Op::StackRestore => self.stack(v, inst),
            Op::FrameAddress | Op::ReturnAddress => self.define(v),
            Op::Chain => self.keep(v, self.chain),
            Op::Closure => self.closure(v, inst),
            Op::AtomicRmw | Op::AtomicCmpxchg | Op::Fence => self.atomic(v, inst),
            Op::Nop => self.place_to_stop(v),
            Op::Trap => self.emit(&self::inst(x::UD2, 2)),
            Op::Prefetch => {
                self.lazy.take(inst.value_a());
                let mem = self.addr(inst.value_a(), 0);
                self.emit(&MInst { mem, ..self::inst(x::PREFETCHT0, 2) });
            }
            Op::Asm | Op::AsmGoto => self.inline_asm(inst),
            Op::Switch | Op::JumpIndirect | Op::Ret | Op::Unreachable => self.end(inst),
            op => unreachable!("{op:?} is one of the many"),
        }
    }

    /// A value without effects: lazy when it has one use, else computed now; then true.
    #[inline(always)]
    fn pure(&mut self, v: Value, inst: &Inst, reads: Touch, depth: u32) -> bool {
        if depth < MAX_DEPTH
            && self.lazy.has_one_use(v)
            && (!self.has_wide || depth < deepest(inst.ty) && !self.takes_quad(inst))
        {
            self.lazy.defer(v, reads, depth + 1);
            false
        } else {
            self.define(v);
            true
        }
    }

    /// The same for operations that may take an i128, which is never lazy, and give something else.
    #[inline]
    fn pure_of_any(&mut self, v: Value, inst: &Inst, reads: Touch, depth: u32) -> bool {
        if self.has_wide && self.ty(inst.value_a()) == Ty::I128 {
            self.define(v);
            true
        } else {
            self.pure(v, inst, reads, depth)
        }
    }

    /// Block parameters come in; returns the first other instruction.
    fn arrive(&mut self, block: Block, start: u32, end: u32) -> u32 {
        if start == end || self.get(Value(start)).op != Op::BlockParam {
            return start;
        }
        let mut params = std::mem::take(&mut self.kept.block_params);
        self.param_regs(block, &mut params);
        let mut defs = std::mem::take(&mut self.kept.defs);
        defs.clear();
        for &(v, preg) in &params {
            if let Some(preg) = preg {
                let class = self.class(self.get(v).ty);
                let reg = self.vreg(class);
                defs.push((reg, preg));
            }
        }
        self.cx.regs.arrive(&defs);
        let mut arrived = defs.iter();
        for &(v, preg) in &params {
            if preg.is_some() {
                let &(reg, _) = arrived.next().expect("one per register");
                self.keep(v, reg);
                continue;
            }
            let home = self.home(v);
            let mem = self.frame(home);
            match self.get(v).ty {
                Ty::F80 => self.is_home(v),
                Ty::I128 => self.keep_pair_from(v, mem),
                ty => {
                    let reg = self.load(ty, mem, Reg::NONE);
                    self.keep(v, reg);
                }
            }
        }
        let n = params.len() as u32;
        (self.kept.block_params, self.kept.defs) = (params, defs);
        if let Some(marks) = &mut self.cx.marks {
            let mark = self.cx.regs.code().mark();
            marks.resize((start + n) as usize, mark);
        }
        start + n
    }
}
