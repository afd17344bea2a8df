//! Selection: IR to machine instructions over virtual registers, forward, once. Knows no allocator.
//!
//! This file holds the state, the small tools and how a value is asked for; `select_walk` walks blocks and decides what stays
//! lazy and what an effect forces; `select_int`, `select_float`,
//! `select_wide` compute values, `select_mem` addresses and memory operations, `select_call` calls, parameters, results
//! and variable arguments, `select_flow` conditions and ends of blocks.

use crate::abi;
use crate::encode::{self, F32, F64, I32, I64, Kind, NO_MEM, V128};
use crate::insns::{self as x, INSNS};
use crate::regs::{RAX, RBP, RCX, RDI, RDX, RSI, XMM0};
use codegen::lazy::{Lazy, Touch};
use codegen::machine::{Addr, Class, Cx, MInst, PReg, Reg, SlotPlace};
use ir::func::Inst;
use ir::{Block, MemId, Op, Slot, Ty, Value};
use mc::CodeBuffer;

/// A function on its way through selection.
pub(crate) struct Sel<'c, 'a> {
    pub cx: &'c mut Cx<'a>,
    pub func: &'a ir::Func,
    pub insts: &'a [Inst],
    pub lazy: Lazy,
    pub kept: Box<Kept>,
    /// The static chain at entry.
    pub chain: Reg,
    /// Frame place that keeps the address for an aggregate result.
    pub result_home: i32,
    /// What the named parameters use up.
    pub named: abi::Assigner,
    /// Eightbytes of an aggregate that are in SSE registers, one bit each.
    pub float_parts: u8,
    /// Some block returns.
    pub returns: bool,
    /// There are values of more than 8 bytes.
    pub has_wide: bool,
    /// All values are integers of up to 8 bytes and pointers.
    pub only_ints: bool,
    /// The block behind the current one.
    pub next: Option<Block>,
}

/// Lists of the function at hand, kept for their memory.
#[derive(Default)]
pub(crate) struct Kept {
    /// Frame places of x87 values and of block parameters that travel in memory.
    pub homes: Vec<(Value, i32)>,
    /// Where scalar parameters stand at entry.
    pub params: Vec<Incoming>,
    /// Registers that instructions and ends of blocks take and give: scratch, as is what follows.
    pub uses: Vec<(Reg, PReg)>,
    pub defs: Vec<(Reg, PReg)>,
    pub places: Vec<abi::Place>,
    /// Parameters of a block with their registers.
    pub block_params: Vec<(Value, Option<PReg>)>,
}

/// A scalar parameter at entry.
#[derive(Clone, Copy)]
pub(crate) enum Incoming {
    /// An aggregate: in its slot.
    Slot,
    /// In one register, or this one and the next.
    Reg(Reg),
    /// In the caller's frame.
    Frame(i32),
}

/// An operand as instructions take it.
#[derive(Clone, Copy)]
pub(crate) enum Opnd {
    Reg(Reg),
    Mem(Addr),
    Imm(i32),
}

/// log2 of an operand's bytes.
#[inline]
pub(crate) fn size_of(ty: Ty) -> u8 {
    match ty {
        Ty::I8 => 0,
        Ty::I16 => 1,
        Ty::I64 | Ty::Ptr => 3,
        _ => 2,
    }
}

/// Class of a scalar; `None` for what is not kept in one register.
pub(crate) fn class_of(ty: Ty) -> Option<Class> {
    match ty {
        Ty::I8 | Ty::I16 | Ty::I32 => Some(I32),
        Ty::I64 | Ty::Ptr => Some(I64),
        Ty::F32 => Some(F32),
        Ty::F64 => Some(F64),
        Ty::V128 | Ty::F128 => Some(V128),
        _ => None,
    }
}

/// The types of integers that are kept in one register, of pointers and of nothing, as a set like [`ir::Func::types`].
const INTS: u32 = 1 << Ty::Void as u32
    | 1 << Ty::I8 as u32
    | 1 << Ty::I16 as u32
    | 1 << Ty::I32 as u32
    | 1 << Ty::I64 as u32
    | 1 << Ty::Ptr as u32;

/// The whole body: [`codegen::Select::body`].
pub(crate) fn body(cx: &mut Cx) -> bool {
    let lazy = std::mem::take(&mut cx.lazy);
    let mut kept = cx.kept.take().and_then(|kept| kept.downcast::<Kept>().ok()).unwrap_or_default();
    kept.homes.clear();
    kept.params.clear();
    let has_wide = [Ty::F80, Ty::I128, Ty::F128].into_iter().any(|ty| cx.func.has_type(ty));
    let mut sel = Sel {
        func: cx.func,
        insts: cx.func.insts.as_slice(),
        only_ints: cx.func.types & !INTS == 0,
        cx,
        lazy,
        kept,
        chain: Reg::NONE,
        result_home: 0,
        named: abi::Assigner::default(),
        float_parts: 0,
        returns: false,
        has_wide,
        next: None,
    };
    sel.check_types();
    if sel.cx.error.is_none() {
        sel.enter();
        sel.blocks();
    }
    let returns = sel.returns;
    sel.cx.lazy = std::mem::take(&mut sel.lazy);
    let Sel { cx, kept, .. } = sel;
    *cx.kept = Some(kept);
    returns
}

/// An instruction without operands yet.
#[inline]
pub(crate) fn inst(form: u16, size: u8) -> MInst {
    let cons = &INSNS[form as usize].cons;
    MInst { form, size, aux: 0, cons, dst: Reg::NONE, a: Reg::NONE, b: Reg::NONE, mem: NO_MEM, imm: 0 }
}

impl<'a> Sel<'_, 'a> {
    // Small tools.

    /// `Func` outlives selection: its parts can be held while code is emitted.
    #[inline]
    pub fn func(&self) -> &'a ir::Func {
        self.func
    }

    #[inline]
    pub fn get(&self, v: Value) -> &'a Inst {
        &self.insts[v.0 as usize]
    }

    #[inline]
    pub fn emit(&mut self, inst: &MInst) {
        self.cx.regs.emit(inst);
    }

    #[inline]
    pub fn code(&mut self) -> &mut CodeBuffer {
        self.cx.regs.code()
    }

    #[inline]
    pub fn vreg(&mut self, class: Class) -> Reg {
        self.cx.regs.vreg(class)
    }

    /// `want`, or a new register.
    #[inline]
    pub fn dst(&mut self, want: Reg, class: Class) -> Reg {
        if want.is_none() { self.cx.regs.vreg(class) } else { want.again() }
    }

    // One instruction each. Where its operands stand in registers it is encoded at once; else the sink is told it whole.

    /// `dst = a op b`, or `a op b` for compares.
    pub fn rr(&mut self, form: u16, size: u8, dst: Reg, a: Reg, b: Reg) {
        self.rri(form, size, dst, [a, b], 0);
    }

    /// `dst = a op imm`.
    pub fn ri(&mut self, form: u16, size: u8, dst: Reg, a: Reg, imm: i64) {
        self.rri(form, size, dst, [a, Reg::NONE], imm);
    }

    #[inline(always)]
    fn rri(&mut self, form: u16, size: u8, dst: Reg, [a, b]: [Reg; 2], imm: i64) {
        let quick = encode::quick(form);
        if size & !1 == 2
            && matches!(quick.kind, Kind::Mr | Kind::Rm | Kind::M)
            && quick.is_free(quick.kind)
            && let Some((regs, code)) = self.cx.regs.assign(quick.is_tied(), dst, [a, b], [Reg::NONE; 2])
        {
            let first = if dst.is_none() { regs.a } else { regs.dst };
            return encode::put_registers(code, form, size, imm, first, regs.b);
        }
        self.emit(&MInst { dst, a, b, imm, ..inst(form, size) });
    }

    /// `dst = a op memory`, or `a op memory` for compares.
    #[inline(never)]
    pub fn rm(&mut self, form: u16, size: u8, dst: Reg, a: Reg, mem: Addr) {
        let quick = encode::quick(form);
        if size & !1 == 2
            && quick.is_free(Kind::RMem)
            && encode::is_plain(&mem)
            && let Some((regs, code)) = self.cx.regs.assign(quick.is_tied(), dst, [a, Reg::NONE], [mem.base, mem.index])
        {
            let reg = if dst.is_none() { regs.a } else { regs.dst };
            return encode::put_memory(code, quick, size, reg, &regs, &mem, None);
        }
        self.emit(&MInst { dst, a, mem, ..inst(form, size) });
    }

    /// `dst = memory` by a row that moves 4 or 8 bytes or widens to as many, at a base and a displacement.
    pub fn rm_near(&mut self, form: u16, size: u8, dst: Reg, base: Reg, disp: i32) {
        let quick = encode::quick(form);
        debug_assert!(quick.is_free(Kind::RMem) && !quick.is_tied());
        if let Some((regs, code)) = self.cx.regs.assign(false, dst, [Reg::NONE; 2], [base, Reg::NONE]) {
            return encode::put_near(code, quick, size, regs.dst, regs.base, disp);
        }
        let mem = Addr { base, disp, ..NO_MEM };
        self.emit(&MInst { dst, mem, ..inst(form, size) });
    }

    /// `memory = b` of any size but 2 bytes, at a base and a displacement.
    pub fn mr_near(&mut self, form: u16, size: u8, base: Reg, disp: i32, b: Reg) {
        let quick = encode::quick(form);
        debug_assert!(quick.is_free(Kind::MemR));
        if let Some((regs, code)) = self.cx.regs.assign(false, Reg::NONE, [Reg::NONE, b], [base, Reg::NONE]) {
            return encode::put_near(code, quick, size, regs.b, regs.base, disp);
        }
        let mem = Addr { base, disp, ..NO_MEM };
        self.emit(&MInst { b, mem, ..inst(form, size) });
    }

    /// `memory = memory op b`, or `memory op b` for compares.
    #[inline(never)]
    pub fn mr(&mut self, form: u16, size: u8, mem: Addr, b: Reg) {
        let quick = encode::quick(form);
        if size != 1
            && quick.is_free(Kind::MemR)
            && encode::is_plain(&mem)
            && let Some((regs, code)) = self.cx.regs.assign(false, Reg::NONE, [Reg::NONE, b], [mem.base, mem.index])
        {
            return encode::put_memory(code, quick, size, regs.b, &regs, &mem, None);
        }
        self.emit(&MInst { b, mem, ..inst(form, size) });
    }

    /// `memory = memory op imm`, or `memory op imm` for compares.
    #[inline(never)]
    pub fn mi(&mut self, form: u16, size: u8, mem: Addr, imm: i64) {
        let quick = encode::quick(form);
        if size != 1
            && quick.is_free(Kind::Mem)
            && encode::is_plain(&mem)
            && let Some((regs, code)) = self.cx.regs.assign(false, Reg::NONE, [Reg::NONE; 2], [mem.base, mem.index])
        {
            return encode::put_memory(code, quick, size, quick.digit(), &regs, &mem, Some(imm));
        }
        self.emit(&MInst { mem, imm, ..inst(form, size) });
    }

    /// Register to register.
    pub fn mov(&mut self, class: Class, dst: Reg, src: Reg) {
        match class {
            I32 => self.rr(x::MOV_RR, 2, dst, Reg::NONE, src),
            I64 => self.rr(x::MOV_RR, 3, dst, Reg::NONE, src),
            _ => self.rr(x::MOVAPS_RR, 2, dst, Reg::NONE, src),
        }
    }

    /// A constant into a register. Leaves flags alone.
    pub fn imm(&mut self, class: Class, dst: Reg, value: i64) {
        let (form, size) = if class == I32 || value as u64 >> 32 == 0 {
            (x::MOV_RI, 2)
        } else if i64::from(value as i32) == value {
            (x::MOV_RI_SX, 3)
        } else {
            return self.emit(&MInst { dst, imm: value, ..inst(x::MOV_RI64, 3) });
        };
        if form == x::MOV_RI
            && let Some((regs, code)) = self.cx.regs.assign(false, dst, [Reg::NONE; 2], [Reg::NONE; 2])
        {
            return encode::quick_opcode(code, encode::quick(x::MOV_RI), 2, value, regs.dst);
        }
        self.ri(form, size, dst, Reg::NONE, value);
    }

    #[cold]
    pub fn fail(&mut self, what: &str) {
        if self.cx.error.is_none() {
            let name = String::from_utf8_lossy(&self.cx.module.symbols[self.cx.func.symbol].name).into_owned();
            self.cx.error = Some(format!("in function `{name}`: {what}"));
        }
    }

    /// Class of a value that is kept in one register.
    #[inline]
    pub fn class(&self, ty: Ty) -> Class {
        class_of(ty).unwrap_or(I64)
    }

    /// Frame place of a slot, or its register.
    #[inline]
    pub fn place(&self, slot: Slot) -> SlotPlace {
        self.cx.places[slot.0 as usize]
    }

    pub fn frame(&self, offset: i32) -> Addr {
        Addr { base: Reg::phys(RBP), disp: offset, ..NO_MEM }
    }

    /// What this back end has no code for is refused before anything is emitted.
    fn check_types(&mut self) {
        if ![Ty::F16, Ty::V128].into_iter().any(|ty| self.func.has_type(ty)) {
            return;
        }
        for inst in self.func().insts.iter() {
            // Vectors are read and written whole, for the operands of assembly; nothing else is done with them.
            let is_moved = inst.ty == Ty::V128 && matches!(inst.op, Op::Load | Op::Store | Op::SlotGet | Op::SlotSet);
            if matches!(inst.ty, Ty::F16 | Ty::V128) && !is_moved {
                let what =
                    format!("type {} of `{}` is not supported on x86-64 yet", inst.ty.name(), inst.op.row().name);
                return self.fail(&what);
            }
        }
    }

    /// Computes `v` and keeps it.
    #[inline(never)]
    pub fn define(&mut self, v: Value) {
        let inst = self.get(v);
        match inst.ty {
            Ty::I128 if inst.op != Op::Icmp => return self.define_wide(v, inst),
            Ty::F80 if inst.op != Op::Fcmp => {
                self.push_tree(v, inst);
                return self.keep_x87(v);
            }
            _ => {}
        }
        let result = if matches!(inst.op, Op::Icmp | Op::Fcmp) { I32 } else { self.class(inst.ty) };
        let reg = self.tree(v, inst, Reg::NONE);
        let reg = self.own(result, reg);
        self.keep(v, reg);
    }

    /// `v` is in `reg`, which belongs to it.
    pub fn keep(&mut self, v: Value, reg: Reg) {
        if self.func().uses.of(v) == 0 {
            self.cx.regs.release(reg);
        } else {
            self.lazy.set(v, reg.again());
        }
    }

    /// `reg` if it is a temporary that nobody else reads, else a copy.
    pub fn own(&mut self, class: Class, reg: Reg) -> Reg {
        if reg.is_last() {
            return reg.again();
        }
        let copy = self.vreg(class);
        self.mov(class, copy, reg);
        copy
    }

    /// Computes every lazy tree that `writes` would change.
    #[inline]
    pub fn force(&mut self, writes: Touch) {
        while let Some(v) = self.lazy.next_changed(writes) {
            self.define(v);
        }
    }

    /// Computes what is still lazy: the block ends.
    #[inline]
    pub fn force_all(&mut self) {
        while let Some(v) = self.lazy.next_any() {
            self.define(v);
        }
    }

    // Values.

    /// The value in a register: `want` when it is computed now and `want` is given; or wherever it is. A temporary of the
    /// caller's carries the mark of the last read.
    pub fn compute(&mut self, v: Value, want: Reg) -> Reg {
        if let Some(reg) = self.lazy.consume(v) {
            return reg;
        }
        let inst = self.get(v);
        if inst.op == Op::SlotGet
            && let SlotPlace::Reg(preg) = self.place(inst.slot())
        {
            return Reg::phys(preg);
        }
        self.tree(v, inst, want)
    }

    /// The value in a register, anywhere.
    #[inline]
    pub fn reg(&mut self, v: Value) -> Reg {
        self.compute(v, Reg::NONE)
    }

    /// The value in `want`.
    pub fn compute_into(&mut self, v: Value, class: Class, want: Reg) {
        let reg = self.compute(v, want);
        if reg.again() != want.again() {
            self.mov(class, want.again(), reg);
        }
    }

    /// The value in a new register that would like to be `preg`.
    pub fn compute_for(&mut self, v: Value, class: Class, preg: PReg) -> Reg {
        if let Some(reg) = self.lazy.consume(v) {
            return reg;
        }
        let inst = self.get(v);
        if inst.op == Op::SlotGet {
            return match self.place(inst.slot()) {
                SlotPlace::Reg(preg) => Reg::phys(preg),
                SlotPlace::Frame(offset) => self.load_new(inst.ty, Reg::phys(RBP), offset, preg),
            };
        }
        let want = self.cx.regs.vreg_in(class, preg);
        self.tree(v, inst, want)
    }

    /// Computes a tree. The frequent ones have functions of their own, so that they do not pay for the frame of the others.
    #[inline]
    fn tree(&mut self, v: Value, inst: &Inst, want: Reg) -> Reg {
        match inst.op {
            Op::Load => self.load_tree(inst, want),
            Op::SlotGet => self.slot_get(inst, want),
            Op::Iconst => self.constant_tree(inst, want),
            _ => self.other_tree(v, inst, want),
        }
    }

    fn load_tree(&mut self, inst: &Inst, want: Reg) -> Reg {
        if let Some(base) = self.plain_address(inst.value_a()) {
            return self.load_near(inst.ty, base, inst.b as i32, want);
        }
        let mem = self.addr(inst.value_a(), inst.b as i32);
        self.load(inst.ty, mem, want)
    }

    fn constant_tree(&mut self, inst: &Inst, want: Reg) -> Reg {
        let class = self.class(inst.ty);
        let dst = self.dst(want, class);
        self.imm(class, dst, inst.imm64() as i64);
        dst.last()
    }

    #[inline(never)]
    fn other_tree(&mut self, v: Value, inst: &Inst, want: Reg) -> Reg {
        match inst.op {
            Op::SlotAddr | Op::SymAddr => self.address_value(v, want),
            Op::Fconst
            | Op::Fadd
            | Op::Fsub
            | Op::Fmul
            | Op::Fdiv
            | Op::Fneg
            | Op::Fabs
            | Op::Fsqrt
            | Op::Fcopysign
            | Op::Fpext
            | Op::Fptrunc
            | Op::FptoS
            | Op::FptoU
            | Op::StoFp
            | Op::UtoFp => self.float_tree(inst, want),
            Op::WideConst => self.quad_constant(inst, want),
            Op::Bitcast => self.bitcast(inst, want),
            Op::Icmp | Op::Fcmp => {
                let dst = self.dst(want, I32);
                let test = self.condition(inst);
                self.set_by(test, dst);
                dst.last()
            }
            Op::Select => self.select(inst, want),
            Op::FrameAddress | Op::ReturnAddress => self.frame_address(inst, want),
            _ => self.int_tree(inst, want),
        }
    }

    fn slot_get(&mut self, inst: &Inst, want: Reg) -> Reg {
        match self.place(inst.slot()) {
            SlotPlace::Reg(preg) => Reg::phys(preg),
            SlotPlace::Frame(offset) => self.load_near(inst.ty, Reg::phys(RBP), offset, want),
        }
    }

    /// An operand of an integer operation of type `ty`, at least 4 bytes wide for memory and constants to fold.
    pub fn operand(&mut self, v: Value, ty: Ty) -> Opnd {
        if self.lazy.is_computed(v) {
            return Opnd::Reg(self.reg(v));
        }
        let inst = self.get(v);
        match inst.op {
            Op::Iconst => {
                if let Some(imm) = immediate(inst, ty) {
                    return Opnd::Imm(imm);
                }
            }
            Op::Load | Op::SlotGet if inst.ty.size() == ty.size() && ty.size() >= 4 => {
                if let Some(mem) = self.memory(inst) {
                    return Opnd::Mem(mem);
                }
            }
            _ => {}
        }
        Opnd::Reg(self.reg(v))
    }

    /// The memory that a lazy load or slot read would read.
    pub fn memory(&mut self, inst: &Inst) -> Option<Addr> {
        match inst.op {
            Op::Load => Some(self.addr(inst.value_a(), inst.b as i32)),
            Op::SlotGet => match self.place(inst.slot()) {
                SlotPlace::Frame(_) => Some(self.slot_mem(inst.slot(), 0)),
                SlotPlace::Reg(_) => None,
            },
            _ => None,
        }
    }

    /// True when reading `v` can be folded into an instruction that takes memory.
    pub fn is_memory(&self, v: Value) -> bool {
        if !self.lazy.is_lazy(v) {
            return false;
        }
        let inst = self.get(v);
        match inst.op {
            Op::Load => true,
            Op::SlotGet => matches!(self.place(inst.slot()), SlotPlace::Frame(_)),
            _ => false,
        }
    }

    /// The constant that `v` is.
    #[inline]
    pub fn constant(&self, v: Value) -> Option<u64> {
        let inst = self.get(v);
        (inst.op == Op::Iconst).then(|| inst.imm64())
    }

    pub fn mem_desc(&self, mem: MemId) -> ir::module::MemDesc {
        self.cx.module.mem(mem)
    }

    /// Home in the frame of a value that travels in memory.
    pub fn home(&mut self, v: Value) -> i32 {
        if let Some(&(_, home)) = self.kept.homes.iter().rev().find(|(of, _)| *of == v) {
            return home;
        }
        let home = self.cx.regs.room(16, 16);
        self.kept.homes.push((v, home));
        home
    }

    /// Registers of block parameters: general ones and SSE ones in order; others travel in memory.
    pub fn param_regs(&self, block: Block, list: &mut Vec<(Value, Option<PReg>)>) {
        list.clear();
        let func = self.func();
        let (mut ints, mut floats) = (0, 0);
        // `rdi` and `rsi` together, and only when no variable lives there.
        let all = [RAX, RCX, RDX, RSI, RDI];
        let free = if self.cx.pinned & (1 << RSI | 1 << RDI) != 0 { &all[..3] } else { &all };
        let start = func.blocks[block].start;
        for at in start..func.blocks[block].end {
            let inst = self.get(Value(at));
            if inst.op != Op::BlockParam {
                break;
            }
            let preg = match class_of(inst.ty) {
                Some(I32 | I64) if ints < free.len() => {
                    ints += 1;
                    Some(free[ints - 1])
                }
                Some(F32 | F64) if floats < 8 => {
                    floats += 1;
                    Some(XMM0 + floats as PReg - 1)
                }
                _ => None,
            };
            list.push((Value(at), preg));
        }
    }
}

/// The constant as a sign-extended 32-bit immediate of an operation of type `ty`.
#[inline]
pub(crate) fn immediate(inst: &Inst, ty: Ty) -> Option<i32> {
    let value = inst.imm64();
    match size_of(ty) {
        0 => Some(i32::from(value as i8)),
        1 => Some(i32::from(value as i16)),
        2 => Some(value as i32),
        _ => i32::try_from(value as i64).ok(),
    }
}
