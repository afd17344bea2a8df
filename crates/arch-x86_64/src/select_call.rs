//! Calls, parameters, results and variable arguments, by the tables of [`crate::abi`].

use crate::abi::{
    Assigner, Part, Passing, Place, SAVE_AREA, SAVE_INTS, SECOND_X87, VA_FP_OFFSET, VA_GP_OFFSET, VA_OVERFLOW,
    VA_SAVE_AREA, as_argument, classify, result_regs,
};
use crate::encode::{F64, I32, I64, NO_MEM, V128, at, cc};
use crate::insns as x;
use crate::regs::{CALL_CLOBBERS, CHAIN, INT_ARGS, RAX, RBP, RDI, RDX, RIP, RSI, RSP, XMM0};
use crate::relocs;
use crate::select::{Incoming, Sel, class_of, inst};
use crate::select_mem::again;
use codegen::lazy::MEMORY;
use codegen::machine::{Addr, MInst, PReg, Plan, Reg, SlotPlace};
use codegen::symbols::Symbols;
use ir::func::{CallFlags, FuncFlags, Inst, MAX_INLINE_BYTES, ParamHome, layout_operand};
use ir::types::{Ext, Param, Signature};
use ir::{Func, Module, Op, Slot, Symbol, Ty, Value};

/// Frame pointer to the first stack argument: saved `rbp` and return address.
const ARGS: i32 = 16;

/// The address for an aggregate result takes the first integer register.
fn assigner(module: &Module, ret: Param) -> (Assigner, bool) {
    let hidden = match ret {
        Param::Aggregate(layout) => classify(module.layout(layout)) == Passing::Memory,
        Param::Scalar { .. } => false,
    };
    (Assigner { n_int: usize::from(hidden), ..Assigner::default() }, hidden)
}

/// What must be known before the frame is laid out: [`codegen::Select::plan`].
pub(crate) fn plan(module: &Module, func: &Func, plan: &mut Plan) {
    let sig = module.sig(func.sig);
    let (mut places, hidden) = assigner(module, sig.ret);
    // A large result in memory is copied there by a call.
    let copies_result = match sig.ret {
        Param::Aggregate(layout) => hidden && module.layout(layout).size > u64::from(MAX_INLINE_BYTES),
        Param::Scalar { .. } => false,
    };
    let calls_anywhere = codegen::pins::may_call(func);
    let leaf = func.calls.is_empty() && !copies_result && !calls_anywhere;
    (plan.leaf, plan.calls_anywhere) = (leaf, calls_anywhere);
    if hidden {
        plan.arrivals.push((RDI, None));
    }
    if func.flags.has(FuncFlags::CHAIN) {
        plan.arrivals.push((CHAIN, None));
    }
    let homes = if leaf { scalar_homes(func) } else { Vec::new() };
    for (idx, (&param, home)) in sig.params.iter().zip(&func.params).enumerate() {
        match (places.param(module, param), home) {
            (Place::Stack(offset), &ParamHome::Slot(slot)) => plan.homes.push((slot, ARGS + offset as i32)),
            (Place::Regs(regs, n), _) => {
                let slot = homes.iter().find(|&&(of, _)| of == idx as u32 && n == 1).map(|&(_, slot)| slot);
                plan.arrivals.extend(regs[..n as usize].iter().map(|&preg| (preg, slot)));
            }
            _ => {}
        }
    }
    if sig.variadic {
        plan.reserved = SAVE_AREA;
    }
    plan.taken = codegen::inline::saved(&crate::inline::INLINE, module, func);
}

/// The slots that scalar parameters are stored to at the start of the function, by number of the parameter.
fn scalar_homes(func: &Func) -> Vec<(u32, Slot)> {
    let opening = func.insts.iter().take_while(|inst| codegen::native::is_opening(func, inst));
    let stores = opening.filter(|inst| inst.op == Op::SlotSet);
    let source = |value: Value| match func.inst(value) {
        inst if inst.op == Op::Param => inst.a,
        inst => func.inst(inst.value_a()).a,
    };
    stores.map(|inst| (source(inst.value_b()), inst.slot())).collect()
}

impl Sel<'_, '_> {
    // Entry.

    /// Parameters arrive: aggregates and the register save area go to the frame, scalars stay in their registers.
    pub fn enter(&mut self) {
        let (module, func) = (self.cx.module, self.func());
        let sig = module.sig(func.sig);
        let (mut places, hidden) = assigner(module, sig.ret);
        let mut all = std::mem::take(&mut self.kept.places);
        all.clear();
        all.extend(sig.params.iter().map(|&param| places.param(module, param)));
        self.named = places;
        if sig.variadic {
            self.save_registers();
        }
        if hidden {
            self.result_home = self.cx.regs.room(8, 8);
            let home = at(RBP, self.result_home);
            self.mr(x::MOV_MR, 3, home, Reg::phys(RDI));
        }
        for ((&param, home), &place) in sig.params.iter().zip(&func.params).zip(&all) {
            if let (Param::Aggregate(layout), &ParamHome::Slot(slot)) = (param, home) {
                let layout = module.layout(layout);
                if let (Place::Wide(preg), SlotPlace::Frame(offset)) = (place, self.place(slot)) {
                    self.mr(x::MOVUPS_MR, 2, at(RBP, offset), Reg::phys(preg));
                }
                if let (Place::Regs(regs, n), SlotPlace::Frame(offset)) = (place, self.place(slot)) {
                    let regs = &regs[..n as usize];
                    self.store_parts(at(RBP, offset), layout.size, regs.iter().map(|&preg| Reg::phys(preg)));
                }
            }
        }
        let mut defs = std::mem::take(&mut self.kept.defs);
        defs.clear();
        if func.flags.has(FuncFlags::CHAIN) {
            self.chain = self.vreg(I64);
            defs.push((self.chain, CHAIN));
        }
        for ((&param, home), &place) in sig.params.iter().zip(&func.params).zip(&all) {
            let (Param::Scalar { ty, .. }, ParamHome::Value) = (param, home) else {
                self.kept.params.push(Incoming::Slot);
                continue;
            };
            let incoming = match place {
                Place::Regs([first, _], 1) => {
                    let class = self.class(ty);
                    let reg = self.vreg(class);
                    defs.push((reg, first));
                    Incoming::Reg(reg)
                }
                Place::Regs([first, second], _) => {
                    let (low, high) = self.new_pair();
                    defs.extend([(low, first), (high, second)]);
                    Incoming::Reg(low)
                }
                Place::Wide(preg) => {
                    let reg = self.vreg(V128);
                    defs.push((reg, preg));
                    Incoming::Reg(reg)
                }
                Place::Stack(offset) => Incoming::Frame(ARGS + offset as i32),
                Place::Nothing => Incoming::Slot,
            };
            self.kept.params.push(incoming);
        }
        self.cx.regs.arrive(&defs);
        (self.kept.places, self.kept.defs) = (all, defs);
    }

    fn save_registers(&mut self) {
        let area = self.cx.reserved_at;
        for (idx, &preg) in INT_ARGS.iter().enumerate().skip(self.named.n_int) {
            self.mr(x::MOV_MR, 3, at(RBP, area + 8 * idx as i32), Reg::phys(preg));
        }
        self.emit(&MInst { imm: i64::from(area + SAVE_INTS as i32), ..inst(x::SAVE_XMMS, 2) });
    }

    pub fn param(&mut self, v: Value, i: &Inst) {
        match self.kept.params[i.a as usize] {
            Incoming::Slot => self.fail("a parameter that is no scalar is read as one"),
            Incoming::Reg(reg) if i.ty == Ty::I128 => self.keep_pair(v, reg, Reg::virt(reg.idx() as u32 + 1)),
            Incoming::Reg(reg) => self.keep(v, reg),
            Incoming::Frame(offset) => match i.ty {
                Ty::F80 => {
                    self.kept.homes.push((v, offset));
                    self.is_home(v);
                }
                Ty::I128 => self.keep_pair_from(v, at(RBP, offset)),
                ty => {
                    let reg = self.load(ty, at(RBP, offset), Reg::NONE);
                    self.keep(v, reg);
                }
            },
        }
    }

    /// A function in memory: `endbr64; movabs r11, function; movabs r10, chain; jmp r11`.
    pub fn closure(&mut self, v: Value, i: &Inst) {
        for operand in [i.value_a(), i.value_b(), i.value_c()] {
            self.lazy.take(operand);
        }
        self.force(MEMORY);
        let at = self.reg(i.value_a());
        let base = self.own(I64, at);
        let function = self.reg(i.value_b());
        let chain = self.reg(i.value_c());
        let mem = |disp| Addr { base, disp, ..NO_MEM };
        self.mi(x::MOV_MI, 2, mem(0), i64::from(0xfa1e_0ff3_u32 as i32));
        self.mi(x::MOV_MI, 1, mem(4), i64::from(0xbb49_u16 as i16));
        self.mr(x::MOV_MR, 3, mem(6), function);
        self.mi(x::MOV_MI, 1, mem(14), i64::from(0xba49_u16 as i16));
        self.mr(x::MOV_MR, 3, mem(16), chain);
        self.mi(x::MOV_MI, 2, mem(24), i64::from(0x90e3_ff49_u32 as i32));
        self.keep(v, base);
    }

    // Aggregates in registers.

    /// Loads an aggregate of `size` bytes into one register per eightbyte. Uses up the address.
    pub fn load_parts(&mut self, mem: Addr, size: u64, regs: &[PReg], uses: &mut Vec<(Reg, PReg)>) {
        let odd = size % 8;
        let mut mem = mem;
        if !matches!(odd, 0 | 1 | 2 | 4) {
            // No load may reach beyond the end: through memory of our own.
            let room = self.cx.regs.room(16, 16);
            let copy = at(RBP, room);
            self.copy_mem(copy, mem, size as u32);
            mem = copy;
        }
        let own = mem.base == Reg::phys(RBP) && !matches!(odd, 0 | 1 | 2 | 4);
        for (idx, &preg) in regs.iter().enumerate() {
            let offset = 8 * idx as u64;
            let len = if own { 8 } else { (size - offset).min(8) };
            let by = offset as i32;
            let source = if idx + 1 == regs.len() { Addr { disp: mem.disp + by, ..mem } } else { again(mem, by) };
            let ty = match (preg >= XMM0, len) {
                (true, 8) => Ty::F64,
                (true, _) => Ty::F32,
                (false, 8) => Ty::I64,
                (false, 4) => Ty::I32,
                (false, 2) => Ty::I16,
                (false, _) => Ty::I8,
            };
            let class = self.class(ty);
            let want = self.cx.regs.vreg_in(class, preg);
            uses.push((self.load(ty, source, want), preg));
        }
    }

    /// Stores an aggregate of `size` bytes from one register per eightbyte, which are used up.
    fn store_parts(&mut self, mem: Addr, size: u64, regs: impl ExactSizeIterator<Item = Reg>) {
        let n = regs.len();
        for (idx, reg) in regs.enumerate() {
            let offset = 8 * idx as i32;
            let len = (size - offset as u64).min(8);
            let target = if idx + 1 == n { Addr { disp: mem.disp + offset, ..mem } } else { again(mem, offset) };
            let is_float = reg.is_phys() && reg.preg() >= XMM0 || reg.is_virt() && self.float_parts & 1 << idx != 0;
            match (is_float, len) {
                (true, 8) => self.mr(x::MOVSD_MR, 2, target, reg),
                (true, _) => self.mr(x::MOVSS_MR, 2, target, reg),
                _ => self.store_bytes(target, len as u32, reg),
            }
        }
    }

    /// The low `len` bytes of a register of our own.
    fn store_bytes(&mut self, mem: Addr, len: u32, reg: Reg) {
        let mut at = 0;
        for (piece, size) in [(8, 3), (4, 2), (2, 1), (1, 0)] {
            if len - at < piece {
                continue;
            }
            let is_end = at + piece == len;
            let target = if is_end { Addr { disp: mem.disp + at as i32, ..mem } } else { again(mem, at as i32) };
            self.mr(x::MOV_MR, size, target, if is_end { reg } else { reg.again() });
            at += piece;
            if !is_end {
                self.ri(x::SHR_RI, 3, reg.again(), reg.again(), i64::from(8 * piece));
            }
        }
    }

    /// Copies `size` bytes, by a call when that is shorter. Uses up both addresses.
    pub fn copy_any(&mut self, to: Addr, from: Addr, size: u64) {
        if size <= u64::from(MAX_INLINE_BYTES) {
            return self.copy_mem(to, from, size as u32);
        }
        let to = self.lea(to, Reg::NONE);
        let from = self.lea(from, Reg::NONE);
        let n = self.vreg(I64);
        self.imm(I64, n, size as i64);
        self.call_runtime("memcpy", &[(to, RDI), (from, RSI), (n.last(), RDX)], &[]);
    }

    // Calls.

    pub fn call_runtime(&mut self, name: &'static str, uses: &[(Reg, PReg)], defs: &[(Reg, PReg)]) {
        let target = self.cx.symbols.runtime(name);
        let mem = Addr { kind: relocs::R_X86_64_PLT32, target, ..NO_MEM };
        self.cx.regs.call(&MInst { mem, ..inst(x::CALL, 2) }, uses, defs, CALL_CLOBBERS);
    }

    pub fn call(&mut self, v: Value, i: &Inst) {
        let module = self.cx.module;
        let call = self.func().call(i);
        let sig = module.sig(call.sig);
        for &arg in call.args.iter().rev() {
            self.lazy.take(Value(arg));
        }
        if !call.direct {
            self.lazy.take(Value(call.callee));
        }
        self.force(MEMORY | self.cx.scratch);
        if self.is_plain_call(&call, sig) {
            return self.plain_call(v, i, &call, sig);
        }
        let (mut places, hidden) = assigner(module, sig.ret);
        let returned = matches!(sig.ret, Param::Aggregate(_));
        let args = &call.args[usize::from(returned)..];
        let mut uses = std::mem::take(&mut self.kept.uses);
        uses.clear();
        // An address that is made anew costs nothing to keep over the call.
        let kept = returned && !hidden && !matches!(self.get(Value(call.args[0])).op, Op::SlotAddr | Op::SymAddr);
        let result_at = if kept {
            let reg = self.reg(Value(call.args[0]));
            self.own(I64, reg)
        } else {
            Reg::NONE
        };
        let mut all = std::mem::take(&mut self.kept.places);
        all.clear();
        for (idx, &arg) in args.iter().enumerate() {
            let place = match sig.params.get(idx) {
                Some(&param) => places.param(module, param),
                None => places.scalar(self.ty(Value(arg))),
            };
            all.push(place);
        }
        let stack = places.stack.next_multiple_of(16);
        let mut saved = None;
        let mut align = 16;
        if stack != 0 {
            // Arguments aligned to more than the stack is: the old stack pointer is kept in the frame.
            for (idx, &place) in all.iter().enumerate() {
                align = self.stack_align(sig.params.get(idx).copied(), place).max(align);
            }
            saved = (align > 16).then(|| self.cx.regs.room(8, 8));
            let rsp = Reg::phys(RSP);
            if let Some(saved) = saved {
                self.mr(x::MOV_MR, 3, at(RBP, saved), rsp);
            }
            self.alu_imm(5, 3, rsp, rsp, stack as i32);
            if saved.is_some() {
                self.alu_imm(4, 3, rsp, rsp, -(align as i32));
            }
            for (idx, &arg) in args.iter().enumerate() {
                if let Place::Stack(offset) = all[idx] {
                    self.pass_on_stack(Value(arg), sig.params.get(idx).copied(), offset as i32);
                }
            }
        }
        if hidden {
            uses.push((self.compute_for(Value(call.args[0]), I64, RDI), RDI));
        }
        for (idx, &arg) in args.iter().enumerate() {
            if let Place::Wide(preg) = all[idx]
                && !matches!(sig.params.get(idx), Some(Param::Aggregate(_)))
            {
                uses.push((self.compute_for(Value(arg), V128, preg), preg));
            } else if let Place::Wide(preg) = all[idx] {
                let mem = self.addr(Value(arg), 0);
                let want = self.cx.regs.vreg_in(V128, preg);
                self.rm(x::MOVUPS_RM, 2, want, Reg::NONE, mem);
                uses.push((want.last(), preg));
            }
            if let Place::Regs(regs, n) = all[idx] {
                self.pass_in_regs(Value(arg), sig.params.get(idx).copied(), &regs[..n as usize], &mut uses);
            }
        }
        let callee = self.callee(&call);
        if sig.variadic || sig.unprototyped {
            let count = self.cx.regs.vreg_in(I32, RAX);
            self.imm(I32, count, places.n_float as i64);
            uses.push((count.last(), RAX));
        }
        self.finish_call(v, i, &callee, &uses, sig.ret, result_at, call.args);
        if stack != 0 && !call.flags.has(CallFlags::NORETURN) {
            let rsp = Reg::phys(RSP);
            match saved {
                Some(saved) => self.rm(x::MOV_RM, 3, rsp, Reg::NONE, at(RBP, saved)),
                None => self.alu_imm(0, 3, rsp, rsp, stack as i32),
            }
        }
        (self.kept.uses, self.kept.places) = (uses, all);
    }

    /// Nothing but integers and pointers, all in registers: most calls.
    fn is_plain_call(&self, call: &ir::func::CallRef, sig: &Signature) -> bool {
        let Param::Scalar { .. } = sig.ret else { return false };
        if call.args.len() > INT_ARGS.len() {
            return false;
        }
        // Only an aggregate, which is a pointer here, can be something else then.
        self.only_ints && sig.params.iter().all(|param| matches!(param, Param::Scalar { .. }))
            || call.args.iter().enumerate().all(|(idx, &arg)| {
                let ty = match sig.params.get(idx) {
                    Some(&Param::Scalar { ty, .. }) => ty,
                    Some(Param::Aggregate(_)) => return false,
                    None => self.ty(Value(arg)),
                };
                matches!(ty, Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::Ptr)
            })
    }

    fn plain_call(&mut self, v: Value, i: &Inst, call: &ir::func::CallRef, sig: &Signature) {
        let mut uses = std::mem::take(&mut self.kept.uses);
        uses.clear();
        for (idx, (&arg, &preg)) in call.args.iter().zip(&INT_ARGS).enumerate() {
            let arg = Value(arg);
            let ty = self.ty(arg);
            let class = self.class(ty);
            let reg = if ty.size() < 4 {
                let want = self.cx.regs.vreg_in(class, preg);
                self.widened(arg, ty, sig.params.get(idx).copied(), want).1
            } else {
                self.compute_for(arg, class, preg)
            };
            uses.push((reg, preg));
        }
        let callee = self.callee(call);
        if sig.variadic || sig.unprototyped {
            let count = self.cx.regs.vreg_in(I32, RAX);
            self.imm(I32, count, 0);
            uses.push((count.last(), RAX));
        }
        self.finish_call(v, i, &callee, &uses, sig.ret, Reg::NONE, call.args);
        self.kept.uses = uses;
    }

    /// The call instruction, with its operand computed.
    fn callee(&mut self, call: &ir::func::CallRef) -> MInst {
        let module = self.cx.module;
        if !call.direct {
            let v = Value(call.callee);
            if self.is_memory(v)
                && let Some(mem) = self.memory(self.get(v))
            {
                return MInst { mem, ..inst(x::CALL_M, 2) };
            }
            return MInst { a: self.reg(v), ..inst(x::CALL_R, x::SIZE_PLAIN64) };
        }
        let symbol = Symbol(call.callee);
        let target = self.cx.symbols.target(module, symbol);
        if module.options.no_plt && !Symbols::is_direct(module, symbol) {
            let mem = Addr { base: Reg::phys(RIP), kind: relocs::R_X86_64_GOTPCRELX, target, ..NO_MEM };
            return MInst { mem, ..inst(x::CALL_M, 2) };
        }
        MInst { mem: Addr { kind: relocs::R_X86_64_PLT32, target, ..NO_MEM }, ..inst(x::CALL, 2) }
    }

    /// Alignment that an argument at `place` asks of the stack, in bytes.
    fn stack_align(&self, param: Option<Param>, place: Place) -> u32 {
        match (param, place) {
            (Some(Param::Aggregate(layout)), Place::Stack(_)) => self.cx.module.layout(layout).align,
            _ => 1,
        }
    }

    fn pass_on_stack(&mut self, arg: Value, param: Option<Param>, offset: i32) {
        let to = at(RSP, offset);
        if let Some(Param::Aggregate(layout)) = param {
            let layout = self.cx.module.layout(layout);
            let from = self.addr(arg, 0);
            return self.copy_any(to, from, layout.size);
        }
        match self.ty(arg) {
            Ty::F80 => {
                self.push_x87(arg);
                self.mi(x::FSTP80, 2, to, 0);
            }
            Ty::I128 => self.store_pair(to, arg),
            ty @ (Ty::F32 | Ty::F64 | Ty::F128) => {
                let reg = self.reg(arg);
                self.store_reg(ty, to, reg);
            }
            ty => {
                let (ty, reg) = self.widened(arg, ty, param, Reg::NONE);
                self.store_reg(if ty == Ty::I32 { Ty::I64 } else { ty }, to, reg);
            }
        }
    }

    /// Small integers are widened to 32 bits by the caller.
    fn widened(&mut self, arg: Value, ty: Ty, param: Option<Param>, want: Reg) -> (Ty, Reg) {
        match param {
            Some(Param::Scalar { ext, .. }) if ext != Ext::None && ty.size() < 4 => {
                (Ty::I32, self.extend(arg, Ty::I32, ext == Ext::Sign, want))
            }
            _ => (if ty.size() < 4 { Ty::I32 } else { ty }, self.compute(arg, want)),
        }
    }

    fn pass_in_regs(&mut self, arg: Value, param: Option<Param>, regs: &[PReg], uses: &mut Vec<(Reg, PReg)>) {
        if let Some(Param::Aggregate(layout)) = param {
            let mem = self.addr(arg, 0);
            let size = self.cx.module.layout(layout).size;
            return self.load_parts(mem, size, regs, uses);
        }
        let ty = self.ty(arg);
        if ty == Ty::I128 {
            let (low, high) = self.pair(arg);
            return uses.extend([(low, regs[0]), (high, regs[1])]);
        }
        let class = self.class(ty);
        let reg = if ty.is_int_like() && ty.size() < 4 {
            let want = self.cx.regs.vreg_in(class, regs[0]);
            self.widened(arg, ty, param, want).1
        } else {
            self.compute_for(arg, class, regs[0])
        };
        uses.push((reg, regs[0]));
    }

    /// The call itself, and what comes back.
    fn finish_call(
        &mut self,
        v: Value,
        i: &Inst,
        callee: &MInst,
        uses: &[(Reg, PReg)],
        ret: Param,
        result_at: Reg,
        args: &[u32],
    ) {
        let unused = self.func().uses.of(v) == 0;
        let Param::Aggregate(layout) = ret else {
            return match i.ty {
                Ty::I128 => {
                    let (low, high) = self.new_pair();
                    self.cx.regs.call(callee, uses, &[(low, RAX), (high, RDX)], CALL_CLOBBERS);
                    self.keep_pair(v, low, high);
                }
                Ty::F80 => {
                    self.cx.regs.call(callee, uses, &[], CALL_CLOBBERS);
                    self.keep_x87(v);
                }
                ty => match class_of(ty) {
                    Some(class) if !unused => {
                        let reg = self.vreg(class);
                        let from = if ty.is_float() { XMM0 } else { RAX };
                        self.cx.regs.call(callee, uses, &[(reg, from)], CALL_CLOBBERS);
                        self.keep(v, reg);
                    }
                    _ => self.cx.regs.call(callee, uses, &[], CALL_CLOBBERS),
                },
            };
        };
        let layout = self.cx.module.layout(layout);
        let destination = |sel: &mut Self| {
            if result_at.is_none() { sel.addr(Value(args[0]), 0) } else { Addr { base: result_at.last(), ..NO_MEM } }
        };
        match classify(layout) {
            Passing::Nothing => {
                self.cx.regs.call(callee, uses, &[], CALL_CLOBBERS);
                self.cx.regs.release(result_at);
            }
            Passing::Memory => self.cx.regs.call(callee, uses, &[], CALL_CLOBBERS),
            passing @ (Passing::X87 | Passing::X87Pair) => {
                self.cx.regs.call(callee, uses, &[], CALL_CLOBBERS);
                let mem = destination(self);
                self.mi(x::FSTP80, 2, mem, 0);
                if passing == Passing::X87Pair {
                    let mem = again(mem, SECOND_X87);
                    self.mi(x::FSTP80, 2, mem, 0);
                }
            }
            Passing::Wide => {
                let reg = self.vreg(V128);
                self.cx.regs.call(callee, uses, &[(reg, XMM0)], CALL_CLOBBERS);
                let mem = destination(self);
                self.mr(x::MOVUPS_MR, 2, mem, reg.last());
            }
            Passing::Parts(parts, n) => {
                let from = result_regs(parts, n);
                self.float_parts = 0;
                let mut defs = Vec::new();
                for (idx, (&preg, &part)) in from.iter().zip(&parts).take(n as usize).enumerate() {
                    let is_float = part == Part::Sse;
                    self.float_parts |= u8::from(is_float) << idx;
                    let reg = self.vreg(if is_float { F64 } else { I64 });
                    defs.push((reg, preg));
                }
                self.cx.regs.call(callee, uses, &defs, CALL_CLOBBERS);
                let mem = destination(self);
                let regs: Vec<Reg> = defs.iter().map(|&(reg, _)| reg.last()).collect();
                self.store_parts(mem, layout.size, regs.into_iter());
            }
        }
    }

    // Variable arguments (psABI 3.5.7), without branches.

    pub fn variable_arguments(&mut self, v: Value, i: &Inst) {
        let list = i.value_a();
        self.lazy.take(list);
        match i.op {
            Op::VaEnd => {
                self.lazy.consume(list);
                self.force(MEMORY);
            }
            Op::VaCopy => {
                self.lazy.take(i.value_b());
                self.force(MEMORY);
                let from = self.addr(i.value_b(), 0);
                let to = self.addr(list, 0);
                self.copy_mem(to, from, 24);
            }
            Op::VaStart => {
                self.force(MEMORY);
                self.va_start(list);
            }
            Op::VaArg => {
                self.force(MEMORY);
                self.va_arg(v, i);
            }
            _ => {
                self.lazy.take(Value(i.c));
                self.force(MEMORY | self.cx.scratch);
                self.va_arg_aggregate(i);
            }
        }
    }

    fn va_start(&mut self, list: Value) {
        let list = self.addr(list, 0);
        let named = self.named;
        self.mi(x::MOV_MI, 2, again(list, VA_GP_OFFSET), 8 * named.n_int as i64);
        self.mi(x::MOV_MI, 2, again(list, VA_FP_OFFSET), i64::from(SAVE_INTS) + 16 * named.n_float as i64);
        let pointer = self.vreg(I64);
        self.rm(x::LEA, 3, pointer, Reg::NONE, at(RBP, ARGS + named.stack as i32));
        self.mr(x::MOV_MR, 3, again(list, VA_OVERFLOW), pointer);
        let area = self.cx.reserved_at;
        self.rm(x::LEA, 3, pointer, Reg::NONE, at(RBP, area));
        self.mr(x::MOV_MR, 3, Addr { disp: list.disp + VA_SAVE_AREA, ..list }, pointer.last());
    }

    /// Takes `n` registers of `step` bytes whose offsets `field` counts up to `end`. Gives the address in the save area
    /// and a mask: all ones when they were there.
    fn va_registers(&mut self, list: Addr, field: i32, n: u32, step: u32, end: u32) -> (Reg, Reg) {
        let offset = self.vreg(I64);
        self.rm(x::MOV_RM, 2, offset, Reg::NONE, again(list, field));
        let address = self.vreg(I64);
        self.rm(x::MOV_RM, 3, address, Reg::NONE, again(list, VA_SAVE_AREA));
        self.rr(x::ADD_RR, 3, address, address, offset);
        // The carry of the compare says that there is room.
        let last = i64::from(end - n * step + 1);
        let form = if last < 128 { x::CMP_RI8 } else { x::CMP_RI };
        self.ri(form, 2, Reg::NONE, offset, last);
        let mask = self.vreg(I64);
        self.rr(x::MOV_RR, 3, mask, Reg::NONE, offset.last());
        self.rr(x::SBB_RR, 3, mask, mask, mask);
        (address, mask)
    }

    /// Advances a register offset by `by` bytes where `mask` is set.
    fn va_advance(&mut self, list: Addr, field: i32, mask: Reg, by: u32) {
        let step = self.vreg(I64);
        self.alu_imm(4, 3, step, mask, by as i32);
        self.mr(x::ADD_MR, 2, again(list, field), step.last());
    }

    /// Takes `size` bytes of the caller's frame where `mask` is clear (or always, without one); gives their address.
    fn va_overflow(&mut self, list: Addr, size: u32, align: u32, mask: Reg) -> Reg {
        let address = self.vreg(I64);
        self.rm(x::MOV_RM, 3, address, Reg::NONE, again(list, VA_OVERFLOW));
        let size = size.next_multiple_of(8);
        if mask.is_none() {
            if align > 8 {
                self.alu_imm(0, 3, address, address, align as i32 - 1);
                self.alu_imm(4, 3, address, address, -(align as i32));
            }
            let end = self.vreg(I64);
            self.rm(x::LEA, 3, end, Reg::NONE, Addr { base: address, disp: size as i32, ..NO_MEM });
            self.mr(x::MOV_MR, 3, again(list, VA_OVERFLOW), end.last());
            return address;
        }
        // Without registers: align, then step over; with them: nothing changes.
        let end = self.vreg(I64);
        self.mov(I64, end, address);
        if align > 8 {
            self.alu_imm(0, 3, address, address, align as i32 - 1);
            self.alu_imm(4, 3, address, address, -(align as i32));
        }
        let past = self.vreg(I64);
        self.rm(x::LEA, 3, past, Reg::NONE, Addr { base: address, disp: size as i32, ..NO_MEM });
        self.rr(x::TEST_RR, 3, Reg::NONE, mask, mask);
        self.emit(&MInst { dst: end, a: end, b: past.last(), aux: cc::E, ..inst(x::CMOV_RR, 3) });
        self.mr(x::MOV_MR, 3, again(list, VA_OVERFLOW), end.last());
        address
    }

    /// `there` where `mask` is set, else `other`, which becomes the result.
    fn va_choose(&mut self, mask: Reg, there: Reg, other: Reg) {
        self.rr(x::TEST_RR, 3, Reg::NONE, mask, mask);
        self.emit(&MInst { dst: other, a: other, b: there, aux: cc::NE, ..inst(x::CMOV_RR, 3) });
    }

    /// The `va_list` at an address that can be used many times.
    fn va_list(&mut self, list: Value) -> Addr {
        let mem = self.addr(list, 0);
        if mem.base == Reg::phys(RBP) && mem.index.is_none() {
            return mem;
        }
        let base = self.lea(mem, Reg::NONE);
        let base = self.own(I64, base);
        Addr { base, ..NO_MEM }
    }

    fn va_done(&mut self, list: Addr) {
        self.cx.regs.release(list.base);
    }

    fn va_arg(&mut self, v: Value, i: &Inst) {
        let list = self.va_list(i.value_a());
        if i.ty == Ty::F128 {
            return self.va_arg_quad(v, list);
        }
        let (field, n, step, end) = match i.ty {
            Ty::F80 => {
                let from = self.va_overflow(list, 16, 16, Reg::NONE);
                self.va_done(list);
                self.emit(&MInst { mem: Addr { base: from.last(), ..NO_MEM }, ..inst(x::FLD80, 2) });
                return self.keep_x87(v);
            }
            Ty::F32 | Ty::F64 => (VA_FP_OFFSET, 1, 16, SAVE_AREA),
            Ty::I128 => (VA_GP_OFFSET, 2, 8, SAVE_INTS),
            _ => (VA_GP_OFFSET, 1, 8, SAVE_INTS),
        };
        let (there, mask) = self.va_registers(list, field, n, step, end);
        self.va_advance(list, field, mask, n * step);
        let (size, align) = if i.ty == Ty::I128 { (16, 16) } else { (8, 8) };
        let from = self.va_overflow(list, size, align, mask);
        self.va_done(list);
        self.va_choose(mask.last(), there.last(), from);
        let mem = Addr { base: from.last(), ..NO_MEM };
        if i.ty == Ty::I128 {
            return self.keep_pair_from(v, mem);
        }
        let reg = self.load(i.ty, mem, Reg::NONE);
        self.keep(v, reg);
    }

    fn va_arg_aggregate(&mut self, i: &Inst) {
        let layout = self.cx.module.layout(layout_operand(i));
        let to = self.addr(Value(i.c), 0);
        let to = self.lea(to, Reg::NONE);
        let list = self.va_list(i.value_a());
        let size = layout.size as u32;
        let (parts, n) = match as_argument(layout) {
            Passing::Parts(parts, n) => (parts, n as usize),
            Passing::Nothing => {
                self.va_done(list);
                return self.cx.regs.release(to);
            }
            Passing::Wide => return self.va_arg_wide(list, to),
            Passing::Memory | Passing::X87 | Passing::X87Pair => {
                let from = self.va_overflow(list, size, layout.align, Reg::NONE);
                self.va_done(list);
                let (to, from) = (Addr { base: to, ..NO_MEM }, Addr { base: from.last(), ..NO_MEM });
                return self.copy_any(to, from, layout.size);
            }
        };
        let n_int = parts[..n].iter().filter(|&&part| part == Part::Int).count() as u32;
        let n_float = n as u32 - n_int;
        let mut mask = Reg::NONE;
        let (mut ints, mut floats) = (Reg::NONE, Reg::NONE);
        if n_int != 0 {
            (ints, mask) = self.va_registers(list, VA_GP_OFFSET, n_int, 8, SAVE_INTS);
        }
        if n_float != 0 {
            let (address, other) = self.va_registers(list, VA_FP_OFFSET, n_float, 16, SAVE_AREA);
            floats = address;
            if mask.is_none() {
                mask = other;
            } else {
                self.rr(x::AND_RR, 3, mask, mask, other.last());
            }
        }
        if n_int != 0 {
            self.va_advance(list, VA_GP_OFFSET, mask, 8 * n_int);
        }
        if n_float != 0 {
            self.va_advance(list, VA_FP_OFFSET, mask, 16 * n_float);
        }
        let from = self.va_overflow(list, size, layout.align, mask);
        self.va_done(list);
        self.va_copy_parts(to, from, &parts[..n], size, mask, ints, floats);
    }

    /// 16 bytes that were passed in one SSE register, whose place in the save area is as wide.
    pub fn va_arg_wide(&mut self, list: Addr, to: Reg) {
        let (there, mask) = self.va_registers(list, VA_FP_OFFSET, 1, 16, SAVE_AREA);
        self.va_advance(list, VA_FP_OFFSET, mask, 16);
        let from = self.va_overflow(list, 16, 16, mask);
        self.va_done(list);
        self.va_choose(mask.last(), there.last(), from);
        self.copy_mem(Addr { base: to, ..NO_MEM }, Addr { base: from.last(), ..NO_MEM }, 16);
    }

    /// Each eightbyte from the save area or from the caller's frame.
    fn va_copy_parts(&mut self, to: Reg, from: Reg, parts: &[Part], size: u32, mask: Reg, ints: Reg, floats: Reg) {
        let to = self.own(I64, to);
        let (mut int_at, mut float_at) = (0, 0);
        for (idx, &part) in parts.iter().enumerate() {
            let (base, disp) = match part {
                Part::Int => (ints, &mut int_at),
                Part::Sse => (floats, &mut float_at),
            };
            let there = self.vreg(I64);
            self.rm(x::LEA, 3, there, Reg::NONE, Addr { base, disp: *disp, ..NO_MEM });
            *disp += if part == Part::Int { 8 } else { 16 };
            let source = self.vreg(I64);
            let offset = 8 * idx as i32;
            self.rm(x::LEA, 3, source, Reg::NONE, Addr { base: from, disp: offset, ..NO_MEM });
            self.va_choose(mask, there.last(), source);
            let target = Addr { base: to, disp: offset, ..NO_MEM };
            let len = (size - offset as u32).min(8);
            self.copy_mem(target, Addr { base: source.last(), ..NO_MEM }, len);
        }
        for reg in [to, from, mask, ints, floats] {
            self.cx.regs.release(reg);
        }
    }
}
