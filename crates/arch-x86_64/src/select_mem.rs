//! Addresses and memory: slots, symbols and thread-local variables, loads, stores, copies, atomics, the stack.

use crate::encode::{F32, F64, FS, I32, I64, NEGATE, NO_MEM, V128, is_near, put_near, quick};
use crate::insns as x;
use crate::regs::{RAX, RBP, RDI, RDX, RIP, RSI, RSP};
use crate::relocs;
use crate::select::{Opnd, Sel, inst, size_of};
use crate::select_float::float_form;
use crate::select_int::alu;
use codegen::lazy::{MEMORY, slot_touch};
use codegen::machine::{ANY, Addr, Class, MInst, PReg, Reg, SlotPlace};
use codegen::symbols::Symbols;
use ir::func::{Inst, MAX_INLINE_BYTES};
use ir::module::{AtomicOrder, PicLevel, SymbolKind};
use ir::ops::AtomicRmw;
use ir::{Op, Slot, Symbol, Ty, Value};

/// How a thread-local variable is reached (psABI TLS supplement).
#[derive(Clone, Copy, PartialEq, Eq)]
enum TlsModel {
    /// At a constant offset from the thread pointer.
    LocalExec,
    /// At an offset that the GOT holds.
    InitialExec,
    /// By a call.
    GeneralDynamic,
}

/// How a scalar is loaded: class, form, operand size.
#[inline]
fn load_row(ty: Ty) -> (Class, u16, u8) {
    match ty {
        Ty::I8 => (I32, x::MOVZX8_RM, 2),
        Ty::I16 => (I32, x::MOVZX16_RM, 2),
        Ty::I32 => (I32, x::MOV_RM, 2),
        Ty::F32 => (F32, x::MOVSS_RM, 2),
        Ty::F64 => (F64, x::MOVSD_RM, 2),
        Ty::V128 | Ty::F128 => (V128, x::MOVUPS_RM, 2),
        _ => (I64, x::MOV_RM, 3),
    }
}

/// Moves of 16, 8, 4, 2, 1 bytes: load form, store form, operand size, class.
struct Piece {
    len: u32,
    load: u16,
    store: u16,
    size: u8,
    class: u8,
}

/// Copies of up to this many bytes go by general registers: a small structure has often just been written member by member,
/// and a load of 16 bytes would have to wait until both stores have reached the cache (measured: 1.5 times on `ray`).
const MAX_BY_WORDS: u32 = 32;

static PIECES: [Piece; 5] = [
    Piece { len: 16, load: x::MOVUPS_RM, store: x::MOVUPS_MR, size: 2, class: V128 },
    Piece { len: 8, load: x::MOV_RM, store: x::MOV_MR, size: 3, class: I64 },
    Piece { len: 4, load: x::MOV_RM, store: x::MOV_MR, size: 2, class: I32 },
    Piece { len: 2, load: x::MOVZX16_RM, store: x::MOV_MR, size: 1, class: I32 },
    Piece { len: 1, load: x::MOVZX8_RM, store: x::MOV_MR, size: 0, class: I32 },
];

/// An address to be used again, or `by` bytes further on.
pub(crate) fn again(mem: Addr, by: i32) -> Addr {
    Addr { base: mem.base.again(), index: mem.index.again(), disp: mem.disp + by, ..mem }
}

impl Sel<'_, '_> {
    // Addresses.

    /// The address `v` in a register, when nothing of how it is made can be part of an operand.
    #[inline]
    pub fn plain_address(&mut self, v: Value) -> Option<Reg> {
        let folds = matches!(self.get(v).op, Op::SlotAddr | Op::SymAddr | Op::Iconst | Op::Add);
        if folds && !self.lazy.is_computed(v) { None } else { Some(self.reg(v)) }
    }

    /// The address `v + disp` as an operand.
    pub fn addr(&mut self, v: Value, disp: i32) -> Addr {
        if self.lazy.is_computed(v) {
            return Addr { base: self.reg(v), disp, ..NO_MEM };
        }
        let i = self.get(v);
        match i.op {
            Op::SlotAddr => {
                if let Some(disp) = disp.checked_add(i.b as i32)
                    && self.func().slots[i.slot()].align <= 16
                {
                    return self.slot_mem(i.slot(), disp);
                }
            }
            Op::SymAddr => {
                let offset = (i.imm64() as i64).wrapping_add(i64::from(disp));
                if let Ok(offset) = i32::try_from(offset) {
                    return self.symbol_mem(i.symbol(), offset);
                }
            }
            Op::Iconst => {
                if let Ok(at) = i32::try_from((i.imm64() as i64).wrapping_add(i64::from(disp))) {
                    return Addr { disp: at, ..NO_MEM };
                }
            }
            Op::Add if i.ty != Ty::I32 => return self.addr_of_add(i, disp),
            _ => {}
        }
        Addr { base: self.reg(v), disp, ..NO_MEM }
    }

    /// The address that a lazy addition makes.
    pub fn addr_of_add(&mut self, i: &Inst, disp: i32) -> Addr {
        let (mut a, mut b) = (i.value_a(), i.value_b());
        if self.get(a).op == Op::Iconst || self.scaled(a).is_some() && self.scaled(b).is_none() {
            (a, b) = (b, a);
        }
        if let Some(by) = self.constant(b)
            && let Some(disp) = i32::try_from(by as i64).ok().and_then(|by| disp.checked_add(by))
        {
            return self.addr(a, disp);
        }
        let mut mem = self.addr(a, disp);
        let is_plain = mem.kind == relocs::R_X86_64_NONE && !mem.base.is_none() && mem.index.is_none();
        if !is_plain || mem.flags != 0 {
            let base = self.lea(mem, Reg::NONE);
            mem = Addr { base, ..NO_MEM };
        }
        match self.scaled(b) {
            Some((of, scale)) => {
                mem.index = self.reg(of);
                mem.scale = scale;
            }
            None => mem.index = self.reg(b),
        }
        mem
    }

    /// `(x, n)` when `v` is a lazy `x << n` with n from 1 to 3.
    pub fn scaled(&self, v: Value) -> Option<(Value, u8)> {
        if !self.lazy.is_lazy(v) {
            return None;
        }
        let i = self.get(v);
        if size_of(i.ty) != 3 || !matches!(i.op, Op::Mul | Op::Shl) {
            return None;
        }
        let factor = self.constant(i.value_b())?;
        match (i.op, factor) {
            (Op::Mul, 2 | 4 | 8) => Some((i.value_a(), factor.trailing_zeros() as u8)),
            (Op::Shl, 1..=3) => Some((i.value_a(), factor as u8)),
            _ => None,
        }
    }

    /// The address as a value.
    pub fn lea(&mut self, mem: Addr, want: Reg) -> Reg {
        let plain = mem.kind == relocs::R_X86_64_NONE && mem.index.is_none() && mem.disp == 0 && mem.flags == 0;
        if plain && mem.base.is_virt() {
            return mem.base;
        }
        let dst = self.dst(want, I64);
        if is_near(&mem) {
            self.rm_near(x::LEA, 3, dst, mem.base, mem.disp);
        } else {
            self.rm(x::LEA, 3, dst, Reg::NONE, mem);
        }
        dst.last()
    }

    pub fn slot_mem(&self, slot: Slot, disp: i32) -> Addr {
        match self.place(slot) {
            SlotPlace::Frame(offset) => self.frame(offset.wrapping_add(disp)),
            SlotPlace::Reg(_) => unreachable!("a slot in a register has no address"),
        }
    }

    /// `SlotAddr` and `SymAddr` in a register.
    pub fn address_value(&mut self, v: Value, want: Reg) -> Reg {
        let i = self.get(v);
        if i.op == Op::SlotAddr {
            let align = self.func().slots[i.slot()].align;
            let offset = i.b as i32;
            if align <= 16 {
                let mem = self.slot_mem(i.slot(), offset);
                return self.lea(mem, want);
            }
            // The frame is aligned to 16 bytes only; the slot has room to align itself in.
            let mem = self.slot_mem(i.slot(), align as i32 - 1);
            let dst = self.dst(want, I64);
            self.rm(x::LEA, 3, dst, Reg::NONE, mem);
            self.alu_imm(4, 3, dst, dst, -(align as i32));
            if offset != 0 {
                self.alu_imm(0, 3, dst, dst, offset);
            }
            return dst.last();
        }
        let offset = i.imm64() as i64;
        let Ok(near) = i32::try_from(offset) else {
            let mem = self.symbol_mem(i.symbol(), 0);
            let base = self.lea(mem, Reg::NONE);
            let far = self.vreg(I64);
            self.imm(I64, far, offset);
            let dst = self.dst(want, I64);
            self.rr(x::ADD_RR, 3, dst, far.last(), base);
            return dst.last();
        };
        let mem = self.symbol_mem(i.symbol(), near);
        let absolute = self.cx.module.options.pic == PicLevel::None && mem.flags == 0;
        if absolute && mem.kind == relocs::R_X86_64_PC32 {
            let dst = self.dst(want, I64);
            let mem = Addr { base: Reg::NONE, kind: relocs::R_X86_64_32, ..mem };
            self.emit(&MInst { dst, mem, ..inst(x::MOV_RSYM, 2) });
            return dst.last();
        }
        if mem.flags & FS != 0 {
            let pointer = self.thread_pointer();
            let dst = self.dst(want, I64);
            let mem = Addr { base: pointer.last(), flags: 0, ..mem };
            self.rm(x::LEA, 3, dst, Reg::NONE, mem);
            return dst.last();
        }
        self.lea(mem, want)
    }

    /// Symbol plus offset as memory.
    fn symbol_mem(&mut self, symbol: Symbol, offset: i32) -> Addr {
        let module = self.cx.module;
        if module.symbols[symbol].kind == SymbolKind::Tls {
            return self.tls_mem(symbol, offset);
        }
        let target = self.cx.symbols.target(module, symbol);
        let rip = Addr { base: Reg::phys(RIP), target, ..NO_MEM };
        if Symbols::is_direct(module, symbol) {
            return Addr { kind: relocs::R_X86_64_PC32, disp: offset, ..rip };
        }
        // Weak symbols may be 0 and imported ones far away: their addresses stand in the GOT.
        let base = self.vreg(I64);
        self.rm(x::MOV_RM, 3, base, Reg::NONE, Addr { kind: relocs::R_X86_64_REX_GOTPCRELX, ..rip });
        Addr { base: base.last(), disp: offset, ..NO_MEM }
    }

    fn tls_model(&self, symbol: Symbol) -> TlsModel {
        let module = self.cx.module;
        let local = Symbols::is_direct(module, symbol);
        match module.options.pic {
            PicLevel::None | PicLevel::Pie if module.symbols[symbol].defined => TlsModel::LocalExec,
            PicLevel::None | PicLevel::Pie if local => TlsModel::LocalExec,
            PicLevel::None | PicLevel::Pie => TlsModel::InitialExec,
            // Local dynamic would save calls only where a function uses several variables.
            PicLevel::Pic => TlsModel::GeneralDynamic,
        }
    }

    /// True when the address takes a call: then it is computed once.
    pub fn is_tls_call(&self, i: &Inst) -> bool {
        self.cx.module.symbols[i.symbol()].kind == SymbolKind::Tls
            && self.tls_model(i.symbol()) == TlsModel::GeneralDynamic
    }

    fn thread_pointer(&mut self) -> Reg {
        let pointer = self.vreg(I64);
        self.rm(x::MOV_RM, 3, pointer, Reg::NONE, Addr { flags: FS, ..NO_MEM });
        pointer
    }

    fn tls_mem(&mut self, symbol: Symbol, offset: i32) -> Addr {
        let target = self.cx.symbols.target(self.cx.module, symbol);
        match self.tls_model(symbol) {
            TlsModel::LocalExec => Addr { flags: FS, kind: relocs::R_X86_64_TPOFF32, disp: offset, target, ..NO_MEM },
            TlsModel::InitialExec => {
                let pointer = self.thread_pointer();
                let got = Addr { base: Reg::phys(RIP), kind: relocs::R_X86_64_GOTTPOFF, target, ..NO_MEM };
                self.rm(x::ADD_RM, 3, pointer, pointer, got);
                Addr { base: pointer.last(), disp: offset, ..NO_MEM }
            }
            TlsModel::GeneralDynamic => {
                let helper = match self.cx.symbols.runtime("__tls_get_addr").kind() {
                    obj::RelocTargetKind::Symbol(id) => id,
                    obj::RelocTargetKind::Atom(_) => unreachable!("runtime functions are symbols"),
                };
                let result = self.vreg(I64);
                let mem = Addr { target, ..NO_MEM };
                let call = MInst { mem, imm: i64::from(helper.0), ..inst(x::CALL_TLS_GD, 2) };
                self.cx.regs.call(&call, &[], &[(result, RAX)], crate::regs::CALL_CLOBBERS);
                Addr { base: result.last(), disp: offset, ..NO_MEM }
            }
        }
    }

    // Loads and stores of scalars.

    pub fn load(&mut self, ty: Ty, mem: Addr, want: Reg) -> Reg {
        if is_near(&mem) {
            return self.load_near(ty, mem.base, mem.disp, want);
        }
        let (class, form, size) = load_row(ty);
        let dst = self.dst(want, class);
        self.rm(form, size, dst, Reg::NONE, mem);
        dst.last()
    }

    /// The same at a base and a displacement.
    pub fn load_near(&mut self, ty: Ty, base: Reg, disp: i32, want: Reg) -> Reg {
        if want.is_none() {
            return self.load_new(ty, base, disp, ANY);
        }
        let (_, form, size) = load_row(ty);
        self.rm_near(form, size, want.again(), base, disp);
        want.last()
    }

    /// The same into a new register that would like to be `hint`.
    #[inline(never)]
    pub fn load_new(&mut self, ty: Ty, base: Reg, disp: i32, hint: PReg) -> Reg {
        let (class, form, size) = load_row(ty);
        if let Some((new, regs, code)) = self.cx.regs.assign_new(class, hint, base) {
            put_near(code, quick(form), size, regs.dst, regs.base, disp);
            return new;
        }
        let dst = self.cx.regs.vreg_in(class, hint);
        self.rm_near(form, size, dst, base, disp);
        dst.last()
    }

    /// Loads `from` and widens it to `to`.
    pub fn load_wide(&mut self, from: Ty, mem: Addr, to: Ty, signed: bool, dst: Reg) {
        let wide = size_of(to).max(2);
        let (form, size) = match (size_of(from), signed) {
            (0, false) => (x::MOVZX8_RM, 2),
            (1, false) => (x::MOVZX16_RM, 2),
            (2, false) => (x::MOV_RM, 2),
            (0, true) => (x::MOVSX8_RM, wide),
            (1, true) => (x::MOVSX16_RM, wide),
            (2, true) if wide == 3 => (x::MOVSXD_RM, 3),
            _ => (x::MOV_RM, wide),
        };
        if is_near(&mem) {
            self.rm_near(form, size, dst, mem.base, mem.disp);
        } else {
            self.rm(form, size, dst, Reg::NONE, mem);
        }
    }

    /// Stores the scalar in `reg`.
    pub fn store_reg(&mut self, ty: Ty, mem: Addr, reg: Reg) {
        let (form, size) = match ty {
            Ty::F32 => (x::MOVSS_MR, 2),
            Ty::F64 => (x::MOVSD_MR, 2),
            Ty::V128 | Ty::F128 => (x::MOVUPS_MR, 2),
            _ => (x::MOV_MR, size_of(ty)),
        };
        if size != 1 && is_near(&mem) {
            self.mr_near(form, size, mem.base, mem.disp, reg);
        } else {
            self.mr(form, size, mem, reg);
        }
    }

    /// Stores the value of a tree.
    fn store_value(&mut self, ty: Ty, mem: Addr, v: Value) {
        if self.get(v).op == Op::Iconst
            && let Some(imm) = crate::select::immediate(self.get(v), ty)
        {
            return self.mi(x::MOV_MI, size_of(ty), mem, i64::from(imm));
        }
        let reg = self.reg(v);
        self.store_reg(ty, mem, reg);
    }

    pub fn slot_set(&mut self, i: &Inst) {
        let (slot, v) = (i.slot(), i.value_b());
        let (reads, _) = self.lazy.take(v);
        let mut touch = self.cx.touches[slot.0 as usize];
        if touch == 0 {
            touch = slot_touch(slot, self.place(slot)) | MEMORY;
        }
        self.force(touch);
        touch &= !MEMORY;
        match i.ty {
            Ty::I128 => {
                let mem = self.slot_mem(slot, 0);
                return self.store_pair(mem, v);
            }
            Ty::F80 => {
                self.push_x87(v);
                let mem = self.slot_mem(slot, 0);
                return self.mi(x::FSTP80, 2, mem, 0);
            }
            _ => {}
        }
        let place = self.place(slot);
        if self.lazy.is_lazy(v) && reads & touch != 0 && i.ty.is_float() {
            if let SlotPlace::Reg(preg) = place
                && self.update_float(slot, v, Reg::phys(preg))
            {
                return;
            }
        } else if self.lazy.is_lazy(v) && reads & touch != 0 {
            let tree = self.get(v);
            let same = |sel: &Self, operand: Value| {
                let from = sel.get(operand);
                from.op == Op::SlotGet && from.slot() == slot && sel.lazy.is_lazy(operand)
            };
            if self.update(tree, i.ty, &same, |_| match place {
                SlotPlace::Reg(preg) => Target::Reg(Reg::phys(preg)),
                SlotPlace::Frame(offset) => Target::Mem(Addr { base: Reg::phys(RBP), disp: offset, ..NO_MEM }),
            }) {
                return;
            }
        }
        match place {
            SlotPlace::Frame(_) => {
                let mem = self.slot_mem(slot, 0);
                self.store_value(i.ty, mem, v);
            }
            SlotPlace::Reg(preg) => {
                let class = self.class(i.ty);
                let reg = Reg::phys(preg);
                // The register may only be written early when nothing in the tree reads the variable.
                let want = if reads & touch == 0 { reg } else { Reg::NONE };
                let value = self.compute(v, want);
                if value.is_last() && self.cx.regs.is_in(value, preg) {
                    self.cx.regs.release(value);
                } else if value != reg {
                    self.mov(class, reg, value);
                }
            }
        }
    }

    /// `x = x op b` for a float in a register, when `v` has that shape.
    fn update_float(&mut self, slot: Slot, v: Value, reg: Reg) -> bool {
        let tree = self.get(v);
        let Some(form) = float_form(tree.op) else { return false };
        let same = |sel: &Self, operand: Value| {
            let from = sel.get(operand);
            from.op == Op::SlotGet && from.slot() == slot && sel.lazy.is_lazy(operand)
        };
        let (a, b) = (tree.value_a(), tree.value_b());
        let other = if same(self, a) {
            b
        } else if matches!(tree.op, Op::Fadd | Op::Fmul) && same(self, b) {
            a
        } else {
            return false;
        };
        let operand = self.float_operand(other, tree.ty);
        self.float_rx(form + u16::from(tree.ty == Ty::F64), reg, reg, operand);
        true
    }

    /// `target = target op b`, when `tree` has that shape. `same` says whether an operand is the target's old value.
    fn update(
        &mut self,
        tree: &Inst,
        ty: Ty,
        same: &dyn Fn(&Self, Value) -> bool,
        target: impl FnOnce(&mut Self) -> Target,
    ) -> bool {
        if tree.ty != ty {
            return false;
        }
        let Some(n) = alu(tree.op) else { return false };
        let (a, b) = (tree.value_a(), tree.value_b());
        let other = if same(self, a) {
            b
        } else if tree.op != Op::Sub && same(self, b) {
            a
        } else {
            return false;
        };
        let size = size_of(ty);
        let operand = match self.constant(other).and_then(|_| crate::select::immediate(self.get(other), ty)) {
            Some(imm) => Opnd::Imm(imm),
            None => Opnd::Reg(Reg::NONE),
        };
        match operand {
            Opnd::Imm(imm) => match target(self) {
                Target::Reg(reg) => self.alu_imm(n, size.max(2), reg, reg, imm),
                Target::Mem(mem) => {
                    let short = imm as i8 as i32 == imm && size != 0;
                    self.mi(if short { x::ADD_MI8 + n } else { x::ADD_MI + n }, size, mem, i64::from(imm));
                }
            },
            _ => {
                if let Target::Reg(reg) = self.update_target_reg(other, n, ty, target) {
                    debug_assert!(reg.is_phys());
                }
            }
        }
        true
    }

    /// The register and memory forms of [`Sel::update`].
    fn update_target_reg(&mut self, other: Value, n: u16, ty: Ty, target: impl FnOnce(&mut Self) -> Target) -> Target {
        let size = size_of(ty);
        let is_memory = self.is_memory(other) && self.ty(other).size() == ty.size() && ty.size() >= 4;
        let value = if is_memory { Opnd::Imm(0) } else { Opnd::Reg(self.reg(other)) };
        let target = target(self);
        match (target, value) {
            (Target::Reg(reg), Opnd::Reg(b)) => self.rr(x::ADD_RR + n, size.max(2), reg, reg, b),
            (Target::Mem(mem), Opnd::Reg(b)) => self.mr(x::ADD_MR + n, size, mem, b),
            (Target::Reg(reg), _) => {
                if let Some(mem) = self.memory(self.get(other)) {
                    self.rm(x::ADD_RM + n, size, reg, reg, mem);
                }
            }
            (Target::Mem(mem), _) => {
                let b = self.reg(other);
                self.mr(x::ADD_MR + n, size, mem, b);
            }
        }
        target
    }

    pub fn store(&mut self, i: &Inst) {
        let (addr, v, offset) = (i.value_a(), i.value_b(), i.c as i32);
        let desc = self.mem_desc(i.mem());
        self.lazy.take(addr);
        self.lazy.take(v);
        self.force(MEMORY);
        match i.ty {
            Ty::I128 => {
                let mem = self.addr(addr, offset);
                return self.store_pair(mem, v);
            }
            Ty::F80 => {
                self.push_x87(v);
                let mem = self.addr(addr, offset);
                return self.mi(x::FSTP80, 2, mem, 0);
            }
            _ => {}
        }
        if desc.order == AtomicOrder::SeqCst {
            return self.store_in_order(i.ty, addr, offset, v);
        }
        // `*p op= x`, when the load and the store name the same address value.
        if self.lazy.is_lazy(v) && !desc.volatile && i.ty.is_int_like() {
            let same = |sel: &Self, operand: Value| {
                let from = sel.get(operand);
                from.op == Op::Load
                    && from.a == addr.0
                    && from.b as i32 == offset
                    && sel.lazy.is_lazy(operand)
                    && (sel.lazy.is_computed(addr) || sel.is_fixed_address(addr))
            };
            let tree = self.get(v);
            if self.update(tree, i.ty, &same, |sel| {
                // The load that is folded away was a use of the address, too.
                sel.lazy.count(addr);
                Target::Mem(sel.addr(addr, offset))
            }) {
                return;
            }
        }
        // Small trees leave the address lazy until last: fewer registers are held.
        if self.constant(v).is_some() {
            let mem = self.addr(addr, offset);
            return self.store_value(i.ty, mem, v);
        }
        let reg = self.reg(v);
        let mem = self.addr(addr, offset);
        self.store_reg(i.ty, mem, reg);
    }

    /// Made anew at every use.
    fn is_fixed_address(&self, v: Value) -> bool {
        matches!(self.get(v).op, Op::SlotAddr | Op::SymAddr) && !self.lazy.is_lazy(v)
    }

    // Blocks of memory.

    pub fn copy(&mut self, i: &Inst) {
        let (dst, src, len) = (i.value_a(), i.value_b(), i.c);
        self.lazy.take(dst);
        self.lazy.take(src);
        if len > MAX_INLINE_BYTES {
            self.force(MEMORY | self.cx.scratch);
            let to = self.compute_for(dst, I64, RDI);
            let from = self.compute_for(src, I64, RSI);
            let n = self.cx.regs.vreg_in(I64, RDX);
            self.imm(I64, n, i64::from(len));
            return self.call_runtime("memcpy", &[(to, RDI), (from, RSI), (n.last(), RDX)], &[]);
        }
        self.force(MEMORY);
        let from = self.addr(src, 0);
        let to = self.addr(dst, 0);
        self.copy_mem(to, from, len);
    }

    /// Copies by pieces. Uses up both addresses. The areas are equal or do not overlap.
    pub fn copy_mem(&mut self, to: Addr, from: Addr, len: u32) {
        let mut at = 0;
        let pieces = if len <= MAX_BY_WORDS { &PIECES[1..] } else { &PIECES[..] };
        for piece in pieces {
            while len - at >= piece.len {
                let temp = self.vreg(piece.class);
                let by = at as i32;
                at += piece.len;
                let (mut source, mut target) = (again(from, by), again(to, by));
                if at == len {
                    source = Addr { disp: from.disp + by, ..from };
                    target = Addr { disp: to.disp + by, ..to };
                    if shares(&from, &to) {
                        source = again(from, by);
                    }
                }
                self.rm(piece.load, piece.size.max(2), temp, Reg::NONE, source);
                self.mr(piece.store, piece.size, target, temp.last());
            }
        }
        if len == 0 {
            for reg in [to.base, to.index, from.base, from.index] {
                if reg.is_last() {
                    self.cx.regs.release(reg);
                }
            }
        }
    }

    pub fn fill(&mut self, i: &Inst) {
        let (dst, byte, len) = (i.value_a(), i.b as u8, i.c);
        self.lazy.take(dst);
        if len > MAX_INLINE_BYTES {
            self.force(MEMORY | self.cx.scratch);
            let to = self.compute_for(dst, I64, RDI);
            let value = self.cx.regs.vreg_in(I32, RSI);
            self.imm(I32, value, i64::from(byte));
            let n = self.cx.regs.vreg_in(I64, RDX);
            self.imm(I64, n, i64::from(len));
            return self.call_runtime("memset", &[(to, RDI), (value.last(), RSI), (n.last(), RDX)], &[]);
        }
        self.force(MEMORY);
        let to = self.addr(dst, 0);
        let wide = (len >= 16).then(|| {
            let reg = self.vreg(V128);
            if byte == 0 {
                self.emit(&MInst { dst: reg, ..inst(x::XORPS_ZERO, 2) });
            } else {
                let mem = self.constant_mem(&[byte; 16]);
                self.rm(x::MOVAPS_RM, 2, reg, Reg::NONE, mem);
            }
            reg
        });
        let word = i64::from_le_bytes([byte; 8]);
        let mut at = 0;
        for piece in &PIECES {
            while len - at >= piece.len {
                let mem = again(to, at as i32);
                at += piece.len;
                match (piece.len, wide) {
                    (16, Some(reg)) => self.mr(x::MOVUPS_MR, 2, mem, reg),
                    (8, _) if i64::from(word as i32) != word => {
                        self.mi(x::MOV_MI, 2, mem, word);
                        self.mi(x::MOV_MI, 2, again(mem, 4), word);
                    }
                    _ => self.mi(x::MOV_MI, piece.size, mem, word),
                }
            }
        }
        for reg in [to.base, to.index].into_iter().chain(wide.map(Reg::last)) {
            if reg.is_last() {
                self.cx.regs.release(reg);
            }
        }
    }

    // Atomics. x86-64 orders all but stores before later loads.

    fn store_in_order(&mut self, ty: Ty, addr: Value, offset: i32, v: Value) {
        if !ty.is_int_like() {
            return self.fail("an atomic store of this type is not supported");
        }
        let class = self.class(ty);
        let reg = self.reg(v);
        let reg = self.own(class, reg);
        let mem = self.addr(addr, offset);
        self.rm(x::XCHG_MR, size_of(ty), reg, reg, mem);
        self.cx.regs.release(reg);
    }

    pub fn atomic(&mut self, v: Value, i: &Inst) {
        if i.op == Op::Fence {
            self.force(MEMORY);
            if i.aux == AtomicOrder::SeqCst as u16 {
                self.emit(&inst(x::MFENCE, 2));
            }
            return;
        }
        if class_is_wide(i.ty) {
            return self.fail("atomic operations of 16 bytes are not supported");
        }
        let (class, size, addr) = (self.class(i.ty), size_of(i.ty), i.value_a());
        self.lazy.take(addr);
        if i.op == Op::AtomicCmpxchg {
            let list = self.func().list(i.b + 1, 2);
            let (expected, desired) = (Value(list[0]), Value(list[1]));
            self.lazy.take(expected);
            self.lazy.take(desired);
            self.force(MEMORY);
            let a = self.compute_for(expected, class, RAX);
            let b = self.reg(desired);
            let mem = self.addr(addr, 0);
            let dst = self.vreg(class);
            self.emit(&MInst { dst, a, b, mem, ..inst(x::LOCK_CMPXCHG, size) });
            return self.keep(v, dst);
        }
        self.lazy.take(i.value_b());
        self.force(MEMORY);
        let rmw = rmw_of(i.c);
        let b = self.reg(i.value_b());
        let in_family = match rmw {
            AtomicRmw::Xchg | AtomicRmw::Add | AtomicRmw::Sub => None,
            AtomicRmw::And => Some(4),
            AtomicRmw::Or => Some(1),
            AtomicRmw::Xor => Some(6),
            AtomicRmw::Nand => Some(4 | NEGATE),
        };
        if let Some(aux) = in_family {
            let mem = self.addr(addr, 0);
            let dst = self.vreg(class);
            self.emit(&MInst { dst, b, mem, aux, ..inst(x::RMW_LOOP, size) });
            return self.keep(v, dst);
        }
        let reg = self.own(class, b);
        if rmw == AtomicRmw::Sub {
            self.rr(x::NEG, size.max(2), reg, reg, Reg::NONE);
        }
        let mem = self.addr(addr, 0);
        let form = if rmw == AtomicRmw::Xchg { x::XCHG_MR } else { x::LOCK_XADD };
        self.rm(form, size, reg, reg, mem);
        self.keep(v, reg);
    }

    // The stack.

    pub fn stack(&mut self, v: Value, i: &Inst) {
        let rsp = Reg::phys(RSP);
        match i.op {
            Op::StackSave => {
                let saved = self.vreg(I64);
                self.mov(I64, saved, rsp);
                self.keep(v, saved);
            }
            Op::StackRestore => {
                self.lazy.take(i.value_a());
                let saved = self.reg(i.value_a());
                self.mov(I64, rsp, saved);
            }
            _ => {
                self.lazy.take(i.value_a());
                let size = self.reg(i.value_a());
                let size = self.own(I64, size);
                self.alu_imm(0, 3, size, size, 15);
                self.alu_imm(4, 3, size, size, -16);
                self.rr(x::SUB_RR, 3, rsp, rsp, size.last());
                if i.b > 16 {
                    self.alu_imm(4, 3, rsp, rsp, -(i.b as i32));
                }
                let at = self.vreg(I64);
                self.mov(I64, at, rsp);
                self.keep(v, at);
            }
        }
    }

    pub fn frame_address(&mut self, i: &Inst, want: Reg) -> Reg {
        let mut base = Reg::phys(RBP);
        for _ in 0..i.a {
            let up = self.vreg(I64);
            self.rm(x::MOV_RM, 3, up, Reg::NONE, Addr { base, ..NO_MEM });
            base = up.last();
        }
        let dst = self.dst(want, I64);
        if i.op == Op::ReturnAddress {
            self.rm(x::MOV_RM, 3, dst, Reg::NONE, Addr { base, disp: 8, ..NO_MEM });
        } else {
            self.mov(I64, dst, base);
        }
        dst.last()
    }
}

/// What [`Sel::update`] changes in place.
#[derive(Clone, Copy)]
enum Target {
    Reg(Reg),
    Mem(Addr),
}

/// The operation that an operand word names.
fn rmw_of(operand: u32) -> AtomicRmw {
    const ALL: [AtomicRmw; 7] = [
        AtomicRmw::Xchg,
        AtomicRmw::Add,
        AtomicRmw::Sub,
        AtomicRmw::And,
        AtomicRmw::Or,
        AtomicRmw::Xor,
        AtomicRmw::Nand,
    ];
    ALL[operand as usize]
}

fn class_is_wide(ty: Ty) -> bool {
    ty.size() > 8
}

/// Both addresses read one register.
fn shares(a: &Addr, b: &Addr) -> bool {
    [a.base, a.index].into_iter().any(|reg| {
        reg.is_virt() && [b.base, b.index].into_iter().any(|other| other.is_virt() && other.idx() == reg.idx())
    })
}
