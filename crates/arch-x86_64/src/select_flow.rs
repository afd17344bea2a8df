//! Conditions and ends of blocks: branches, switches, returns, selections.

use crate::abi::{Passing, SECOND_X87, classify, result_regs};
use crate::encode::{F32, I32, I64, JCC, JMP, NO_MEM, V128, at, cc};
use crate::insns as x;
use crate::regs::{RAX, RBP, RCX, RDX, RIP, XMM0};
use crate::relocs;
use crate::select::{Sel, inst, size_of};
use crate::select_mem::again;
use base::Id;
use codegen::machine::{Addr, MInst, Reg};
use ir::func::Inst;
use ir::ops::Cond;
use ir::types::{Ext, Param};
use ir::{Block, Op, Ty, Value};
use mc::Label;

/// What the flags must say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Test {
    One(u8),
    Both(u8, u8),
    Either(u8, u8),
}

impl Test {
    pub fn negated(self) -> Test {
        match self {
            Test::One(code) => Test::One(code ^ 1),
            Test::Both(a, b) => Test::Either(a ^ 1, b ^ 1),
            Test::Either(a, b) => Test::Both(a ^ 1, b ^ 1),
        }
    }
}

fn code_of(cond: Cond) -> u8 {
    match cond {
        Cond::Eq => cc::E,
        Cond::Ne => cc::NE,
        Cond::Slt => cc::L,
        Cond::Sle => cc::LE,
        Cond::Sgt => cc::G,
        Cond::Sge => cc::GE,
        Cond::Ult => cc::B,
        Cond::Ule => cc::BE,
        Cond::Ugt => cc::A,
        Cond::Uge => cc::AE,
    }
}

/// A table is made for at least this many cases, and when at least two fifths of its entries are cases.
const MIN_TABLE: usize = 4;

/// So many jumps in a row are followed.
const MAX_THREADED: usize = 8;

/// So many cases are compared one after the other.
const MAX_LINEAR: usize = 3;

impl Sel<'_, '_> {
    // Conditions.

    /// Sets the flags for a compare and says how to read them.
    pub fn condition(&mut self, i: &Inst) -> Test {
        if i.op == Op::Fcmp {
            return self.compare_floats(i);
        }
        let cond = Cond::from_aux(i.aux);
        let equality = matches!(cond, Cond::Eq | Cond::Ne);
        if i.ty == Ty::I128 {
            return self.compare_pairs(i, cond);
        }
        // `(a < b) != 0`: the inner compare decides.
        if equality
            && self.constant(i.value_b()) == Some(0)
            && self.lazy.is_lazy(i.value_a())
            && matches!(self.get(i.value_a()).op, Op::Icmp | Op::Fcmp)
        {
            let test = self.condition(self.get(i.value_a()));
            return if cond == Cond::Ne { test } else { test.negated() };
        }
        let swapped = self.compare(i.ty, i.value_a(), i.value_b(), equality);
        Test::One(code_of(if swapped { cond.swapped() } else { cond }))
    }

    /// Sets the flags for "`v`, of type `ty`, is not 0".
    pub fn truth(&mut self, ty: Ty, v: Value) -> Test {
        if self.lazy.is_lazy(v) {
            let i = self.get(v);
            match i.op {
                Op::Icmp | Op::Fcmp => return self.condition(i),
                Op::Zext if self.lazy.is_lazy(i.value_a()) => return self.truth(self.ty(i.value_a()), i.value_a()),
                _ => {}
            }
        }
        if ty == Ty::I128 {
            let (low, high) = self.pair(v);
            let low = self.own(I64, low);
            self.rr(x::OR_RR, 3, low, low, high);
            self.cx.regs.release(low);
            return Test::One(cc::NE);
        }
        self.compare_zero(ty, v);
        Test::One(cc::NE)
    }

    /// `dst` (32 bits) is 1 when the flags pass the test, else 0.
    pub fn set_by(&mut self, test: Test, dst: Reg) {
        let set = |sel: &mut Self, code: u8, reg: Reg| sel.emit(&MInst { dst: reg, aux: code, ..inst(x::SETCC, 0) });
        match test {
            Test::One(code) => set(self, code, dst),
            Test::Both(a, b) | Test::Either(a, b) => {
                let other = self.vreg(I32);
                set(self, a, dst);
                set(self, b, other);
                let form = if matches!(test, Test::Both(..)) { x::AND_RR } else { x::OR_RR };
                self.rr(form, 2, dst, dst, other.last());
            }
        }
        self.rr(x::MOVZX8_RR, 2, dst, Reg::NONE, dst);
    }

    pub fn select(&mut self, i: &Inst, want: Reg) -> Reg {
        let class = self.class(i.ty);
        let then = self.reg(i.value_b());
        let then = self.as_int(class, then);
        let other = self.reg(i.value_c());
        let other = self.as_int(class, other);
        let test = self.truth(Ty::I32, i.value_a());
        let size = if matches!(i.ty, Ty::F64 | Ty::I64 | Ty::Ptr) { 3 } else { 2 };
        let result = self.choose(test, size, then, other);
        if class < F32 {
            return result.last();
        }
        let dst = self.dst(want, class);
        self.rr(x::MOVD_XR, size, dst, Reg::NONE, result.last());
        dst.last()
    }

    /// `then` or `other`, which are both used up; in one of them.
    pub fn choose(&mut self, test: Test, size: u8, then: Reg, other: Reg) -> Reg {
        let (keep, give, codes) = match test {
            Test::One(code) => (other, then, [code, code]),
            Test::Either(a, b) => (other, then, [a, b]),
            Test::Both(a, b) => (then, other, [a ^ 1, b ^ 1]),
        };
        self.emit(&MInst { dst: keep, a: keep, b: give, aux: codes[0], ..inst(x::CMOV_RR, size) });
        if codes[0] != codes[1] {
            self.emit(&MInst { dst: keep, a: keep, b: give, aux: codes[1], ..inst(x::CMOV_RR, size) });
        }
        self.cx.regs.release(give);
        keep
    }

    /// A copy of the value's bits in a general register of its own.
    fn as_int(&mut self, class: u8, reg: Reg) -> Reg {
        if class < F32 {
            return self.own(class, reg);
        }
        let double = class != F32;
        let copy = self.vreg(if double { I64 } else { I32 });
        self.rr(x::MOVD_RX, if double { 3 } else { 2 }, copy, Reg::NONE, reg);
        copy
    }

    /// Compares `v` with 0.
    fn compare_zero(&mut self, ty: Ty, v: Value) {
        let size = size_of(ty);
        if let Some(value) = self.constant(v) {
            let reg = self.vreg(I64);
            self.imm(I64, reg, value as i64);
            return self.rr(x::TEST_RR, 3, Reg::NONE, reg, reg.last());
        }
        self.compare_imm(ty, size, v, 0, true);
    }

    // Ends.

    /// Ends but for jumps and branches.
    pub fn end(&mut self, i: &Inst) {
        match i.op {
            Op::Switch => self.switch(i),
            Op::JumpIndirect => {
                self.lazy.take(i.value_a());
                self.force_all();
                let to = self.compute_for(i.value_a(), I64, RAX);
                self.cx.regs.place(&[(to, RAX)]);
                self.cx.regs.leave();
                self.emit(&MInst { a: Reg::phys(RAX), ..inst(x::JMP_R, x::SIZE_PLAIN64) });
            }
            Op::Ret => self.ret(i),
            _ => {
                self.force_all();
                self.cx.regs.leave();
                self.emit(&inst(x::UD2, 2));
            }
        }
    }

    /// Code for a statement that begins at the `nop` `v`, unless it ends the block with a jump that has some.
    pub fn place_to_stop(&mut self, v: Value) {
        let end = self.get(Value(v.0 + 1));
        let has_code = match end.op {
            Op::Jump => end.c != 0 || self.next != Some(self.threaded(Block(end.a))),
            Op::Ret => end.ty != Ty::Void || self.next.is_some(),
            _ => false,
        };
        if !has_code {
            self.emit(&inst(x::NOP, 2));
        }
    }

    /// Where control ends up that goes to `block`: past blocks that do nothing but jump, which get no code.
    #[inline(always)]
    pub fn threaded(&self, block: Block) -> Block {
        let data = &self.func.blocks[block];
        if data.end == data.start.wrapping_add(1) { self.thread(block) } else { block }
    }

    #[inline(never)]
    fn thread(&self, block: Block) -> Block {
        let mut at = block;
        for _ in 0..MAX_THREADED {
            let data = &self.func.blocks[at];
            let i = &self.insts[data.start as usize];
            if data.end - data.start != 1 || i.op != Op::Jump || i.c != 0 || !data.label.is_none() {
                return at;
            }
            at = Block(i.a);
        }
        // A long chain, or a ring.
        block
    }

    pub fn go(&mut self, to: Block) {
        if self.next != Some(to) {
            self.code().branch(JMP, 0, Label(to.0));
        }
    }

    fn go_if(&mut self, code: u8, to: Block) {
        self.code().branch(JCC, code, Label(to.0));
    }

    pub fn jump(&mut self, i: &Inst) {
        let func = self.func();
        let to = self.threaded(Block(i.a));
        if i.c != 0 {
            let args = func.jump_args(i);
            for &arg in args.iter().rev() {
                self.lazy.take(Value(arg));
            }
            self.force_all();
            let mut uses = std::mem::take(&mut self.kept.uses);
            uses.clear();
            let mut params = std::mem::take(&mut self.kept.block_params);
            self.param_regs(to, &mut params);
            for (&arg, &(param, preg)) in args.iter().zip(&params) {
                if preg.is_none() {
                    self.pass_in_memory(Value(arg), param);
                }
            }
            for (&arg, &(param, preg)) in args.iter().zip(&params) {
                if let Some(preg) = preg {
                    let class = self.class(self.get(param).ty);
                    uses.push((self.compute_for(Value(arg), class, preg), preg));
                }
            }
            self.cx.regs.place(&uses);
            (self.kept.uses, self.kept.block_params) = (uses, params);
        } else {
            self.force_all();
        }
        self.cx.regs.leave();
        self.go(to);
    }

    fn pass_in_memory(&mut self, arg: Value, param: Value) {
        let home = self.home(param);
        let mem = self.frame(home);
        match self.ty(arg) {
            Ty::F80 => {
                self.push_x87(arg);
                self.mi(x::FSTP80, 2, mem, 0);
            }
            Ty::I128 => self.store_pair(mem, arg),
            ty => {
                let reg = self.reg(arg);
                self.store_reg(ty, mem, reg);
            }
        }
    }

    pub fn branch(&mut self, i: &Inst) {
        let v = i.value_a();
        let (then, other) = (self.threaded(Block(i.b)), self.threaded(Block(i.c)));
        self.lazy.take(v);
        self.force_all();
        if then == other {
            self.truth(i.ty, v);
            self.cx.regs.leave();
            return self.go(then);
        }
        let test = self.truth(i.ty, v);
        self.cx.regs.leave();
        let (mut test, mut to, mut past) = (test, then, other);
        if self.next == Some(then) {
            (test, to, past) = (test.negated(), other, then);
        }
        match test {
            Test::One(code) => self.go_if(code, to),
            Test::Either(a, b) => {
                self.go_if(a, to);
                self.go_if(b, to);
            }
            Test::Both(a, b) => {
                self.go_if(a ^ 1, past);
                self.go_if(b, to);
            }
        }
        self.go(past);
    }

    // Switches. After `place` and `leave` only given registers are used.

    fn switch(&mut self, i: &Inst) {
        let list = self.func().switch(i);
        let cases: Vec<(u64, Block)> = list.cases().map(|(case, block)| (case, self.threaded(block))).collect();
        let default = self.threaded(list.default);
        let v = list.value;
        self.lazy.take(v);
        self.force_all();
        let small = size_of(i.ty) < 2;
        let ty = if small { Ty::I32 } else { i.ty };
        if i.ty == Ty::I128 {
            return self.fail("a switch over i128 is not supported");
        }
        let class = self.class(ty);
        let value = if small { self.extend(v, Ty::I32, false, Reg::NONE) } else { self.compute_for(v, class, RAX) };
        if let Some((first, span)) = table_range(&cases, size_of(ty)) {
            return self.switch_by_table(ty, value, &cases, default, first, span);
        }
        self.cx.regs.place(&[(value, RAX)]);
        self.cx.regs.leave();
        self.search(size_of(ty), &cases, default, true);
    }

    fn compare_case(&mut self, size: u8, case: u64) {
        let rax = Reg::phys(RAX);
        let imm = if size == 3 { i32::try_from(case as i64).ok() } else { Some(case as i32) };
        match imm {
            Some(0) => self.rr(x::TEST_RR, size, Reg::NONE, rax, rax),
            Some(imm) => {
                let form = if imm as i8 as i32 == imm { x::CMP_RI8 } else { x::CMP_RI };
                self.ri(form, size, Reg::NONE, rax, i64::from(imm));
            }
            None => {
                let rcx = Reg::phys(RCX);
                self.imm(I64, rcx, case as i64);
                self.rr(x::CMP_RR, size, Reg::NONE, rax, rcx);
            }
        }
    }

    /// Halves the cases until few are left. `is_last`: what follows is the next block.
    fn search(&mut self, size: u8, cases: &[(u64, Block)], default: Block, is_last: bool) {
        if cases.len() <= MAX_LINEAR {
            for &(case, block) in cases {
                self.compare_case(size, case);
                self.go_if(cc::E, block);
            }
            return if is_last { self.go(default) } else { self.code().branch(JMP, 0, Label(default.0)) };
        }
        let middle = cases.len() / 2;
        let (case, block) = cases[middle];
        self.compare_case(size, case);
        self.go_if(cc::E, block);
        let below = self.code().new_label();
        // Numbers are ordered as unsigned ones; `test` with 0 is never below.
        if case != 0 {
            self.code().branch(JCC, cc::B, below);
        }
        self.search(size, &cases[middle + 1..], default, false);
        self.code().bind(below);
        self.search(size, &cases[..middle], default, is_last);
    }

    fn switch_by_table(&mut self, ty: Ty, value: Reg, cases: &[(u64, Block)], default: Block, first: u64, span: u64) {
        let (size, class) = (size_of(ty), self.class(ty));
        let mut value = value;
        if first != 0 {
            let index = self.vreg(class);
            let below = 0u64.wrapping_sub(first);
            let imm = if size == 3 { i32::try_from(below as i64).ok() } else { Some(below as i32) };
            match imm {
                Some(imm) => self.alu_imm(0, size, index, value, imm),
                None => {
                    let temp = self.vreg(I64);
                    self.imm(I64, temp, below as i64);
                    self.rr(x::ADD_RR, 3, index, value, temp.last());
                }
            }
            value = index.last();
        } else if size == 2 {
            // The upper half must be 0 before it is an index.
            let index = self.vreg(I64);
            self.rr(x::MOV_RR, 2, index, Reg::NONE, value);
            value = index.last();
        }
        self.cx.regs.place(&[(value, RAX)]);
        self.cx.regs.leave();
        let (rax, rcx) = (Reg::phys(RAX), Reg::phys(RCX));
        let last = (span - 1) as i64;
        let form = if last < 128 { x::CMP_RI8 } else { x::CMP_RI };
        self.ri(form, size, Reg::NONE, rax, last);
        self.go_if(cc::A, default);
        let mut labels = vec![Label(default.0); span as usize];
        let mask = if size == 3 { u64::MAX } else { u64::from(u32::MAX) };
        for &(case, block) in cases {
            labels[(case.wrapping_sub(first) & mask) as usize] = Label(block.0);
        }
        let target = self.cx.symbols.jump_table(labels);
        let table = Addr { base: Reg::phys(RIP), kind: relocs::R_X86_64_PC32, target, ..NO_MEM };
        self.rm(x::LEA, 3, rcx, Reg::NONE, table);
        let entry = Addr { base: rcx, index: rax, scale: 2, ..NO_MEM };
        self.rm(x::MOVSXD_RM, 3, rax, Reg::NONE, entry);
        self.rr(x::ADD_RR, 3, rax, rax, rcx);
        self.emit(&MInst { a: rax, ..inst(x::JMP_R, x::SIZE_PLAIN64) });
    }

    // Results.

    fn ret(&mut self, i: &Inst) {
        self.returns = true;
        let sig = self.cx.module.sig(self.func().sig);
        let v = i.value_a();
        if i.ty != Ty::Void {
            self.lazy.take(v);
        }
        self.force_all();
        match sig.ret {
            Param::Aggregate(layout) if i.ty != Ty::Void => {
                let layout = self.cx.module.layout(layout);
                match classify(layout) {
                    Passing::Nothing => {}
                    Passing::X87 => {
                        let mem = self.addr(v, 0);
                        self.mi(x::FLD80, 2, mem, 0);
                    }
                    Passing::X87Pair => {
                        let mem = self.addr(v, 0);
                        self.emit(&MInst { mem: again(mem, SECOND_X87), ..inst(x::FLD80, 2) });
                        self.mi(x::FLD80, 2, mem, 0);
                    }
                    Passing::Memory => self.ret_in_memory(v, layout.size),
                    Passing::Wide => {
                        let mem = self.addr(v, 0);
                        let want = self.cx.regs.vreg_in(V128, XMM0);
                        self.rm(x::MOVUPS_RM, 2, want, Reg::NONE, mem);
                        self.cx.regs.place(&[(want.last(), XMM0)]);
                    }
                    Passing::Parts(parts, n) => {
                        let regs = result_regs(parts, n);
                        let mem = self.addr(v, 0);
                        let mut uses = Vec::new();
                        self.load_parts(mem, layout.size, &regs[..n as usize], &mut uses);
                        self.cx.regs.place(&uses);
                    }
                }
            }
            Param::Scalar { ext, .. } if i.ty != Ty::Void => self.ret_scalar(v, i.ty, ext),
            _ => {}
        }
        self.cx.regs.leave();
        if self.next.is_some() {
            let epilogue = self.func().blocks.len() as u32;
            self.code().branch(JMP, 0, Label(epilogue));
        }
    }

    fn ret_scalar(&mut self, v: Value, ty: Ty, ext: Ext) {
        match ty {
            Ty::F80 => self.push_x87(v),
            Ty::I128 => {
                let (low, high) = self.pair(v);
                self.cx.regs.place(&[(low, RAX), (high, RDX)]);
            }
            Ty::F32 | Ty::F64 | Ty::F128 => {
                let class = self.class(ty);
                let reg = self.compute_for(v, class, XMM0);
                self.cx.regs.place(&[(reg, XMM0)]);
            }
            Ty::I8 | Ty::I16 if ext != Ext::None => {
                let want = self.cx.regs.vreg_in(I32, RAX);
                let reg = self.extend(v, Ty::I32, ext == Ext::Sign, want);
                self.cx.regs.place(&[(reg, RAX)]);
            }
            _ => {
                let class = self.class(ty);
                let reg = self.compute_for(v, class, RAX);
                self.cx.regs.place(&[(reg, RAX)]);
            }
        }
    }

    /// To where the caller wants it; that address is also the result.
    fn ret_in_memory(&mut self, v: Value, size: u64) {
        let home = at(RBP, self.result_home);
        let mem = self.addr(v, 0);
        let to = self.load(Ty::Ptr, home, Reg::NONE);
        self.copy_any(Addr { base: to, ..NO_MEM }, mem, size);
        let want = self.cx.regs.vreg_in(I64, RAX);
        let result = self.load(Ty::Ptr, home, want);
        self.cx.regs.place(&[(result, RAX)]);
    }
}

/// First case and number of entries of a table, when one is worth while. Counts from behind the largest gap, so that
/// negative and positive cases stand together.
fn table_range(cases: &[(u64, Block)], size: u8) -> Option<(u64, u64)> {
    if cases.len() < MIN_TABLE {
        return None;
    }
    let mask = if size == 3 { u64::MAX } else { u64::from(u32::MAX) };
    let n = cases.len();
    let (mut widest, mut first) = (0, 0);
    for idx in 0..n {
        let next = cases[(idx + 1) % n].0;
        let gap = next.wrapping_sub(cases[idx].0) & mask;
        if gap > widest {
            (widest, first) = (gap, next);
        }
    }
    // All numbers but the gap's inside.
    let span = (mask - widest).wrapping_add(2) & mask;
    (span != 0 && span <= (n as u64) * 5 / 2 + 4).then_some((first, span))
}
