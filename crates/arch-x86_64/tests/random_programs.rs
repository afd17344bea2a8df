//! Random units, seeded and bounded: the interpreter, the fast sink and the spilling sink must agree on every result.

mod common;

use ir::builder::Builder;
use ir::func::{Block, CallFlags, Func, ParamHome, Slot, Value};
use ir::interp::{Limits, Machine, NoExterns, Program};
use ir::module::{
    AtomicOrder, Linkage, MemDesc, MemId, Module, PicLevel, SymbolDecl, SymbolKind, UnitOptions, Visibility,
};
use ir::ops::{Cond, FCond, Op};
use ir::record::{Recorder, Unit};
use ir::types::{Ext, Param, SigId, Signature, Ty};
use ir::{FunctionSink, Symbol};
use std::fmt::Write;

struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

const INTS: [Ty; 5] = [Ty::I8, Ty::I16, Ty::I32, Ty::I64, Ty::I128];
const TYPES: [Ty; 10] = [Ty::I8, Ty::I16, Ty::I32, Ty::I32, Ty::I64, Ty::I64, Ty::I128, Ty::F32, Ty::F64, Ty::F80];

const AREA: u64 = 256;

/// A function that later ones can call.
struct Callee {
    symbol: Symbol,
    sig: SigId,
    params: Vec<Ty>,
    ret: Ty,
}

struct Gen<'a> {
    rng: &'a mut Rng,
    b: Builder<'a>,
    slots: Vec<(Slot, Ty)>,
    area: Slot,
    pool: Vec<(Value, Ty)>,
    callees: &'a [Callee],
    mem: MemId,
    budget: u32,
    loops: u32,
}

impl Gen<'_> {
    fn pooled(&mut self, ty: Ty) -> Option<Value> {
        let of: Vec<Value> = self.pool.iter().filter(|(_, t)| *t == ty).map(|(v, _)| *v).collect();
        if of.is_empty() { None } else { Some(self.rng.pick(&of)) }
    }

    fn constant(&mut self, ty: Ty) -> Value {
        let raw = self.rng.next() ^ self.rng.next() << 30;
        let value = match self.rng.below(6) {
            0 => 0,
            1 => self.rng.below(10) as i64 - 5,
            2 => self.rng.below(300) as i64,
            3 => 1 << self.rng.below(63),
            4 => raw as i32 as i64,
            _ => raw as i64,
        };
        match ty {
            Ty::F32 => self.b.f32const(value as i16 as f32 * 0.25),
            Ty::F64 => self.b.f64const(value as i32 as f64 * 0.125),
            Ty::F80 => {
                let v = self.b.f64const(value as i32 as f64 * 0.5);
                self.b.unary(Op::Fpext, Ty::F80, v)
            }
            Ty::I128 => {
                let mut bytes = [0; 16];
                bytes[..8].copy_from_slice(&value.to_le_bytes());
                bytes[8..].copy_from_slice(&(self.rng.next() as i64 >> self.rng.below(64)).to_le_bytes());
                self.b.wide_const(ty, bytes)
            }
            _ => self.b.iconst(ty, value),
        }
    }

    /// Address inside the area, for an access of `size` bytes, with a constant or computed index.
    fn address(&mut self, size: u64) -> (Value, i32) {
        let n = AREA / size;
        if self.rng.below(2) == 0 {
            let at = self.rng.below(n) * size;
            let split = self.rng.below(at + 1);
            return (self.b.slot_addr(self.area, (at - split) as i32), split as i32);
        }
        let index = self.expr(Ty::I64, 1);
        let mask = self.b.iconst(Ty::I64, n as i64 - 1);
        let index = self.b.binary(Op::And, Ty::I64, index, mask);
        let scaled = if self.rng.below(2) == 0 {
            let size = self.b.iconst(Ty::I64, size as i64);
            self.b.binary(Op::Mul, Ty::I64, index, size)
        } else {
            let shift = self.b.iconst(Ty::I64, i64::from(size.trailing_zeros()));
            self.b.binary(Op::Shl, Ty::I64, index, shift)
        };
        let base = self.b.slot_addr(self.area, 0);
        (self.b.binary(Op::Add, Ty::Ptr, base, scaled), 0)
    }

    fn expr(&mut self, ty: Ty, depth: u32) -> Value {
        if self.budget == 0 || depth == 0 || self.rng.below(5) == 0 {
            return self.leaf(ty);
        }
        self.budget -= 1;
        if self.rng.below(4) == 0 {
            let v = self.convert(ty, depth - 1);
            return v;
        }
        if ty.is_float() { self.float_expr(ty, depth - 1) } else { self.int_expr(ty, depth - 1) }
    }

    fn leaf(&mut self, ty: Ty) -> Value {
        match self.rng.below(4) {
            0 => self.constant(ty),
            1 if !matches!(ty, Ty::F32 | Ty::F64 | Ty::F80) => {
                let (addr, offset) = if self.budget > 3 {
                    self.budget -= 3;
                    self.address(u64::from(ty.size()))
                } else {
                    (self.b.slot_addr(self.area, 16), 0)
                };
                self.b.load(ty, addr, offset, self.mem)
            }
            2 => match self.pooled(ty) {
                Some(v) => v,
                None => self.constant(ty),
            },
            _ => {
                let of: Vec<Slot> = self.slots.iter().filter(|(_, t)| *t == ty).map(|(s, _)| *s).collect();
                if of.is_empty() {
                    self.constant(ty)
                } else {
                    let s = self.rng.pick(&of);
                    self.b.slot_get(s)
                }
            }
        }
    }

    fn condition(&mut self, depth: u32) -> Value {
        let ty = self.rng.pick(&TYPES);
        let a = self.expr(ty, depth);
        let b = self.expr(ty, depth);
        if ty.is_float() {
            let cond = self.rng.pick(&FCond::ALL);
            self.b.fcmp(cond, ty, a, b)
        } else {
            let cond = self.rng.pick(&Cond::ALL);
            self.b.icmp(cond, ty, a, b)
        }
    }

    fn convert(&mut self, ty: Ty, depth: u32) -> Value {
        let from = self.rng.pick(&TYPES);
        let v = self.expr(from, depth);
        self.convert_from(v, from, ty)
    }

    fn convert_from(&mut self, v: Value, from: Ty, ty: Ty) -> Value {
        let signed = self.rng.below(2) == 0;
        if from == ty {
            return v;
        }
        let rank = |ty: Ty| match ty {
            Ty::F32 => 0,
            Ty::F64 => 1,
            _ => 2,
        };
        match (from.is_float(), ty.is_float()) {
            (false, false) if from.size() > ty.size() => self.b.unary(Op::Trunc, ty, v),
            (false, false) => self.b.unary(if signed { Op::Sext } else { Op::Zext }, ty, v),
            (true, true) if rank(from) < rank(ty) => self.b.unary(Op::Fpext, ty, v),
            (true, true) => self.b.unary(Op::Fptrunc, ty, v),
            (false, true) if from == Ty::I128 => {
                let v = self.b.unary(Op::Trunc, Ty::I64, v);
                self.b.unary(if signed { Op::StoFp } else { Op::UtoFp }, ty, v)
            }
            (false, true) => self.b.unary(if signed { Op::StoFp } else { Op::UtoFp }, ty, v),
            (true, false) => {
                // In range: out of it each width has its own result.
                let big = self.bounded(v, from);
                let int = self.b.unary(Op::FptoS, Ty::I64, big);
                match ty {
                    Ty::I64 => int,
                    Ty::I128 => self.b.unary(Op::Sext, ty, int),
                    _ => self.b.unary(Op::Trunc, ty, int),
                }
            }
        }
    }

    /// The number if it is between -1e6 and 1e6, else 1: also for what is no number.
    fn bounded(&mut self, v: Value, ty: Ty) -> Value {
        let v = match ty {
            Ty::F64 => v,
            Ty::F32 => self.b.unary(Op::Fpext, Ty::F64, v),
            _ => self.b.unary(Op::Fptrunc, Ty::F64, v),
        };
        let limit = self.b.f64const(1e6);
        let size = self.b.unary(Op::Fabs, Ty::F64, v);
        let small = self.b.fcmp(FCond::Le, Ty::F64, size, limit);
        let one = self.b.f64const(1.0);
        self.b.select(Ty::F64, small, v, one)
    }

    fn float_expr(&mut self, ty: Ty, depth: u32) -> Value {
        let a = self.expr(ty, depth);
        match self.rng.below(9) {
            0 => return self.b.unary(Op::Fneg, ty, a),
            1 => return self.b.unary(Op::Fabs, ty, a),
            2 if ty != Ty::F80 => {
                let c = self.condition(depth);
                let b = self.expr(ty, depth);
                return self.b.select(ty, c, a, b);
            }
            3 if ty != Ty::F80 => {
                // Never the sign of what is no number: hardware and interpreter may differ in it.
                let b = self.expr(Ty::I32, depth);
                let b = self.b.unary(Op::StoFp, ty, b);
                return self.b.binary(Op::Fcopysign, ty, a, b);
            }
            _ => {}
        }
        let b = self.expr(ty, depth);
        let op = self.rng.pick(&[Op::Fadd, Op::Fsub, Op::Fmul, Op::Fadd, Op::Fsub, Op::Fdiv]);
        self.b.binary(op, ty, a, b)
    }

    fn int_expr(&mut self, ty: Ty, depth: u32) -> Value {
        let wide = ty == Ty::I128;
        match self.rng.below(14) {
            0 => {
                let a = self.expr(ty, depth);
                let op = self.rng.pick(&[Op::Neg, Op::Not]);
                return self.b.unary(op, ty, a);
            }
            1 if !wide => {
                let a = self.expr(ty, depth);
                let op = self.rng.pick(&[Op::Clz, Op::Ctz, Op::Popcnt, Op::Bswap]);
                let op = if op == Op::Bswap && ty == Ty::I8 { Op::Clz } else { op };
                return self.b.unary(op, ty, a);
            }
            2 => {
                let c = self.condition(depth);
                if ty == Ty::I32 {
                    return c;
                }
                let a = self.expr(ty, depth);
                let b = self.expr(ty, depth);
                return self.b.select(ty, c, a, b);
            }
            3 | 4 => {
                let a = self.expr(ty, depth);
                let b = self.expr(ty, depth);
                let op = self.rng.pick(&[Op::Shl, Op::LShr, Op::AShr]);
                let op = if !wide && self.rng.below(3) == 0 { self.rng.pick(&[Op::RotL, Op::RotR]) } else { op };
                return self.b.binary(op, ty, a, b);
            }
            5 => return self.division(ty, depth),
            6 if !wide => {
                let a = self.expr(ty, depth);
                let b = self.expr(ty, depth);
                let op = self.rng.pick(&[Op::MulHighS, Op::MulHighU]);
                return self.b.binary(op, ty, a, b);
            }
            _ => {}
        }
        let a = self.expr(ty, depth);
        let b = self.expr(ty, depth);
        let op = self.rng.pick(&[Op::Add, Op::Sub, Op::Mul, Op::And, Op::Or, Op::Xor, Op::Add, Op::Sub]);
        self.b.binary(op, ty, a, b)
    }

    fn division(&mut self, ty: Ty, depth: u32) -> Value {
        let a = self.expr(ty, depth);
        let b = self.expr(ty, depth);
        let (b, op) = if ty == Ty::I128 {
            return self.b.binary(Op::Xor, ty, a, b);
        } else {
            let mask = self.b.iconst(ty, 0x7f);
            let one = self.b.iconst(ty, 1);
            let b = self.b.binary(Op::And, ty, b, mask);
            (self.b.binary(Op::Or, ty, b, one), self.rng.pick(&[Op::SDiv, Op::UDiv, Op::SRem, Op::URem]))
        };
        self.b.binary(op, ty, a, b)
    }

    fn statements(&mut self, n: u64, nesting: u32) {
        for _ in 0..n {
            self.budget = 14;
            self.statement(nesting);
        }
    }

    fn statement(&mut self, nesting: u32) {
        match self.rng.below(13) {
            0..=3 => {
                let (slot, ty) = self.rng.pick(&self.slots.clone());
                let v = self.expr(ty, 4);
                self.b.slot_set(slot, v);
            }
            4 => self.update(),
            5 => {
                let ty = self.rng.pick(&INTS);
                let v = self.expr(ty, 3);
                self.budget = 8;
                let (addr, offset) = self.address(u64::from(ty.size()));
                self.b.store(ty, addr, offset, v, self.mem);
            }
            6 => {
                let ty = self.rng.pick(&TYPES);
                let v = self.expr(ty, 3);
                self.pool.push((v, ty));
            }
            7 if nesting > 0 => self.diamond(nesting - 1),
            8 if nesting > 0 && self.loops > 0 => self.counted_loop(nesting - 1),
            9 if nesting > 0 => self.switch(nesting - 1),
            10 => self.join(),
            11 if !self.callees.is_empty() => self.call(),
            12 => self.block_memory(),
            _ => {}
        }
    }

    /// `slot op= …` and `*p op= …`.
    fn update(&mut self) {
        let op = self.rng.pick(&[Op::Add, Op::Sub, Op::And, Op::Or, Op::Xor]);
        if self.rng.below(2) == 0 {
            let of: Vec<(Slot, Ty)> = self.slots.iter().copied().filter(|(_, ty)| ty.is_int()).collect();
            if of.is_empty() {
                return;
            }
            let (slot, ty) = self.rng.pick(&of);
            let old = self.b.slot_get(slot);
            let by = self.expr(ty, 2);
            let new =
                if self.rng.below(2) == 0 { self.b.binary(op, ty, old, by) } else { self.b.binary(op, ty, by, old) };
            self.b.slot_set(slot, new);
        } else {
            let ty = self.rng.pick(&INTS);
            let (addr, offset) = self.address(u64::from(ty.size()));
            let old = self.b.load(ty, addr, offset, self.mem);
            let by = self.expr(ty, 2);
            let new = self.b.binary(op, ty, old, by);
            self.b.store(ty, addr, offset, new, self.mem);
        }
    }

    fn diamond(&mut self, nesting: u32) {
        let cond = self.condition(2);
        let (then, other, done) = (self.b.block(), self.b.block(), self.b.block());
        self.b.branch(Ty::I32, cond, then, other);
        let depth = self.pool.len();
        for block in [then, other] {
            self.b.start(block);
            let n = self.rng.below(3);
            self.statements(n, nesting);
            self.b.jump(done, &[]);
            self.pool.truncate(depth);
        }
        self.b.start(done);
    }

    fn join(&mut self) {
        let types: Vec<Ty> = (0..1 + self.rng.below(3)).map(|_| self.rng.pick(&TYPES)).collect();
        let cond = self.condition(2);
        let (then, other, done) = (self.b.block(), self.b.block(), self.b.block());
        self.b.branch(Ty::I32, cond, then, other);
        for block in [then, other] {
            self.b.start(block);
            let args: Vec<Value> = types.iter().map(|&ty| self.expr(ty, 2)).collect();
            self.b.jump(done, &args);
        }
        self.b.start(done);
        for ty in types {
            let v = self.b.block_param(ty);
            self.pool.push((v, ty));
        }
    }

    fn counted_loop(&mut self, nesting: u32) {
        self.loops -= 1;
        let counter = self.b.scalar_slot(Ty::I32);
        let times = self.rng.below(6) as i64;
        let zero = self.b.iconst(Ty::I32, 0);
        self.b.slot_set(counter, zero);
        let (head, body, done) = (self.b.block(), self.b.block(), self.b.block());
        self.b.jump(head, &[]);
        self.b.enter_loop();
        self.b.start(head);
        let now = self.b.slot_get(counter);
        let end = self.b.iconst(Ty::I32, times);
        let more = self.b.icmp(Cond::Slt, Ty::I32, now, end);
        self.b.branch(Ty::I32, more, body, done);
        self.b.start(body);
        let depth = self.pool.len();
        let n = 1 + self.rng.below(3);
        self.statements(n, nesting);
        let now = self.b.slot_get(counter);
        let one = self.b.iconst(Ty::I32, 1);
        let next = self.b.binary(Op::Add, Ty::I32, now, one);
        self.b.slot_set(counter, next);
        self.b.jump(head, &[]);
        self.b.leave_loop();
        self.pool.truncate(depth);
        self.b.start(done);
    }

    fn switch(&mut self, nesting: u32) {
        let ty = self.rng.pick(&[Ty::I8, Ty::I16, Ty::I32, Ty::I64]);
        let value = self.expr(ty, 2);
        let bits = 8 * ty.size();
        let mask = if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
        let dense = self.rng.below(2) == 0;
        let first = self.rng.pick(&[0, mask - 3, 5, mask]);
        let mut cases: Vec<u64> = (0..1 + self.rng.below(12))
            .map(|n| (if dense { first.wrapping_add(n) } else { self.rng.next() << self.rng.below(40) }) & mask)
            .collect();
        cases.sort_unstable();
        cases.dedup();
        let done = self.b.block();
        let default = self.b.block();
        let blocks: Vec<Block> = (0..3).map(|_| self.b.block()).collect();
        let list: Vec<(u64, Block)> = cases.iter().map(|&case| (case, self.rng.pick(&blocks))).collect();
        let value = if dense && self.rng.below(2) == 0 {
            let low = self.b.iconst(ty, 15);
            let low = self.b.binary(Op::And, ty, value, low);
            let base = self.b.iconst(ty, first as i64);
            self.b.binary(Op::Add, ty, low, base)
        } else {
            value
        };
        self.b.switch(ty, value, &list, default);
        let depth = self.pool.len();
        for block in blocks.into_iter().chain([default]) {
            self.b.start(block);
            let n = self.rng.below(2);
            self.statements(n, nesting);
            self.b.jump(done, &[]);
            self.pool.truncate(depth);
        }
        self.b.start(done);
    }

    fn call(&mut self) {
        let callees = self.callees;
        let callee = &callees[self.rng.below(callees.len() as u64) as usize];
        let mut args = Vec::new();
        for &ty in &callee.params {
            self.budget = 5;
            args.push(self.expr(ty, 2));
        }
        let v = if self.rng.below(3) == 0 {
            let addr = self.b.sym_addr(callee.symbol, 0);
            self.b.call_indirect(addr, callee.sig, callee.ret, &args, CallFlags::default())
        } else {
            self.b.call(callee.symbol, callee.sig, callee.ret, &args, CallFlags::default())
        };
        self.pool.push((v, callee.ret));
    }

    fn block_memory(&mut self) {
        let len = self.rng.below(130) as u32;
        let from = self.rng.below(u64::from(AREA as u32 / 2 - len.min(120))) as i32;
        if self.rng.below(2) == 0 {
            let len = len.min(120);
            let dst = self.b.slot_addr(self.area, 128);
            let src = self.b.slot_addr(self.area, from.min(128 - len as i32));
            self.b.copy(dst, src, len, self.mem);
        } else {
            let dst = self.b.slot_addr(self.area, from);
            let byte = self.rng.next() as u8;
            self.b.fill(
                dst,
                if self.rng.below(2) == 0 { 0 } else { byte },
                len.min(AREA as u32 - from as u32),
                self.mem,
            );
        }
    }

    /// All that the function did, in one number.
    fn digest(&mut self) -> Value {
        let mut sum = self.b.iconst(Ty::I64, 17);
        for (slot, ty) in self.slots.clone() {
            let v = self.b.slot_get(slot);
            let v = match ty {
                Ty::F32 | Ty::F64 | Ty::F80 => {
                    let v = self.bounded(v, ty);
                    self.b.unary(Op::FptoS, Ty::I64, v)
                }
                Ty::I128 => {
                    let shift = self.b.wide_const(ty, 64u128.to_le_bytes());
                    let high = self.b.binary(Op::LShr, ty, v, shift);
                    let both = self.b.binary(Op::Xor, ty, v, high);
                    self.b.unary(Op::Trunc, Ty::I64, both)
                }
                Ty::I64 => v,
                _ => self.b.unary(Op::Sext, Ty::I64, v),
            };
            sum = self.mix(sum, v);
        }
        for at in 0..AREA / 8 {
            let addr = self.b.slot_addr(self.area, 0);
            let v = self.b.load(Ty::I64, addr, 8 * at as i32, self.mem);
            sum = self.mix(sum, v);
        }
        sum
    }

    fn mix(&mut self, sum: Value, v: Value) -> Value {
        let factor = self.b.iconst(Ty::I64, 0x0100_0000_01b3);
        let sum = self.b.binary(Op::Mul, Ty::I64, sum, factor);
        self.b.binary(Op::Xor, Ty::I64, sum, v)
    }
}

fn declare(module: &mut Module, name: String, linkage: Linkage) -> Symbol {
    module.declare(SymbolDecl {
        name: name.into_bytes().into(),
        kind: SymbolKind::Function,
        linkage,
        visibility: Visibility::Default,
        defined: true,
        section: ir::module::SectionName(u32::MAX),
        alias: None,
    })
}

fn scalar(ty: Ty) -> Param {
    let ext = match ty {
        Ty::I8 | Ty::I16 => Ext::Sign,
        _ => Ext::None,
    };
    Param::Scalar { ty, ext }
}

fn function(rng: &mut Rng, module: &mut Module, callees: &[Callee], n: usize) -> (Func, Callee) {
    let n_params = rng.below(12);
    let params: Vec<Ty> = (0..n_params).map(|_| rng.pick(&TYPES)).collect();
    let ret = rng.pick(&TYPES);
    let sig = module.intern_sig(Signature {
        ret: scalar(ret),
        params: params.iter().map(|&ty| scalar(ty)).collect(),
        variadic: false,
        unprototyped: false,
    });
    let linkage = if rng.below(2) == 0 { Linkage::Local } else { Linkage::Global };
    let symbol = declare(module, format!("f{n}"), linkage);
    let mem = module.intern_mem(MemDesc { align_log2: 0, volatile: false, order: AtomicOrder::None, alias_root: 0 });
    let mut func = Func::new(symbol, sig);
    {
        let mut b = Builder::new(module, &mut func);
        let mut arrived = Vec::new();
        for (idx, &ty) in params.iter().enumerate() {
            b.param_home(ParamHome::Value);
            arrived.push((b.param(ty, idx as u32), ty));
        }
        let mut slots = Vec::new();
        for &(v, ty) in &arrived {
            let slot = b.scalar_slot(ty);
            b.slot_set(slot, v);
            slots.push((slot, ty));
        }
        let area = b.slot(AREA, 16, Ty::Void);
        let base = b.slot_addr(area, 0);
        b.fill(base, n as u8, AREA as u32, mem);
        let mut generator = Gen { rng, b, slots, area, pool: Vec::new(), callees, mem, budget: 0, loops: 4 };
        for _ in 0..4 + generator.rng.below(5) {
            let ty = generator.rng.pick(&TYPES);
            let slot = generator.b.scalar_slot(ty);
            let v = generator.constant(ty);
            generator.b.slot_set(slot, v);
            generator.slots.push((slot, ty));
        }
        let n_statements = 4 + generator.rng.below(12);
        generator.statements(n_statements, 3);
        let sum = generator.digest();
        let result = match ret {
            Ty::F32 | Ty::F64 | Ty::F80 => {
                let small = generator.b.unary(Op::Trunc, Ty::I16, sum);
                generator.b.unary(Op::StoFp, ret, small)
            }
            _ => generator.convert_from(sum, Ty::I64, ret),
        };
        generator.b.ret(ret, Some(result));
    }
    (func, Callee { symbol, sig, params, ret })
}

/// `long test<n>(void)`: calls the function with constants.
fn test_function(rng: &mut Rng, module: &mut Module, callee: &Callee, n: usize) -> Func {
    let ret = Param::Scalar { ty: Ty::I64, ext: Ext::None };
    let sig = module.intern_sig(Signature { ret, params: vec![], variadic: false, unprototyped: false });
    let symbol = declare(module, format!("test{n}"), Linkage::Global);
    let mem = module.intern_mem(MemDesc { align_log2: 0, volatile: false, order: AtomicOrder::None, alias_root: 0 });
    let mut func = Func::new(symbol, sig);
    let mut b = Builder::new(module, &mut func);
    let area = b.slot(16, 16, Ty::Void);
    let mut generator =
        Gen { rng, b, slots: Vec::new(), area, pool: Vec::new(), callees: &[], mem, budget: 0, loops: 0 };
    let args: Vec<Value> = callee.params.iter().map(|&ty| generator.constant(ty)).collect();
    let v = generator.b.call(callee.symbol, callee.sig, callee.ret, &args, CallFlags::default());
    let v = match callee.ret {
        Ty::I64 => v,
        ty if ty.is_float() => {
            let v = generator.bounded(v, ty);
            generator.b.unary(Op::FptoS, Ty::I64, v)
        }
        Ty::I128 => generator.b.unary(Op::Trunc, Ty::I64, v),
        _ => generator.b.unary(Op::Sext, Ty::I64, v),
    };
    generator.b.ret(Ty::I64, Some(v));
    func
}

fn unit(seed: u64, pic: PicLevel, n_functions: usize) -> Unit {
    let mut rng = Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut module = Module::new(UnitOptions { pic, unwind_tables: true, ..UnitOptions::default() });
    let mut recorder = Recorder::new();
    let mut callees = Vec::new();
    for n in 0..n_functions {
        let (mut func, callee) = function(&mut rng, &mut module, &callees, n);
        let problems = ir::verify::verify(&module, &func);
        assert!(problems.is_empty(), "seed {seed}: {problems:?}");
        recorder.function(&module, &mut func);
        let mut test = test_function(&mut rng, &mut module, &callee, n);
        recorder.function(&module, &mut test);
        callees.push(callee);
    }
    recorder.finish(&module);
    recorder.unit
}

fn check(seed: u64, pic: PicLevel, flags: &[&str]) {
    let n = 8;
    let unit = unit(seed, pic, n);
    let dir = common::scratch(&format!("random-{seed}"));
    let text = ir::text::print(&unit);
    std::fs::write(dir.join("unit.ir"), &text).expect("writable");
    let mut expected = String::new();
    let program = Program::link(std::slice::from_ref(&unit), &mut NoExterns).expect("nothing is missing");
    let mut machine = Machine::new(&program, Limits::default());
    let mut driver = String::from("#include <stdio.h>\n");
    let mut body = String::new();
    for n in 0..n {
        let name = format!("test{n}");
        let address = program.address(name.as_bytes()).expect("defined");
        let result = machine.call(&mut NoExterns, address, &[]).unwrap_or_else(|stop| panic!("seed {seed}: {stop:?}"));
        writeln!(expected, "{name} {:x}", result.lo).expect("a string");
        writeln!(driver, "long {name}(void);").expect("a string");
        writeln!(body, "  printf(\"{name} %lx\\n\", {name}());").expect("a string");
    }
    writeln!(driver, "int main(void) {{\n{body}  return 0;\n}}").expect("a string");
    std::fs::write(dir.join("driver.c"), driver).expect("writable");
    for (object, program, spill) in [("fast.o", "./fast", false), ("spill.o", "./spill", true)] {
        println!("seed {seed} {program}");
        let bytes = common::compile_unit(&unit, spill).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        std::fs::write(dir.join(object), bytes).expect("writable");
        let mut args = vec!["-o", program, "driver.c", object];
        args.extend(flags);
        common::tool(&dir, "gcc", &args);
        let got = common::tool(&dir, program, &[]);
        assert_eq!(got, expected, "seed {seed}, {program} in {}", dir.display());
    }
    std::fs::remove_dir_all(&dir).expect("removable");
}

/// More seeds: `KIT_RANDOM_SEEDS=1000..2000 cargo test -p arch-x86_64 --test random_programs`.
#[test]
fn random_programs_do_the_same_in_the_interpreter_and_in_both_sinks() {
    let range = std::env::var("KIT_RANDOM_SEEDS").unwrap_or_else(|_| "1..25".into());
    let (first, last) = range.split_once("..").expect("a range of seeds");
    for seed in first.parse().expect("a number")..last.parse().expect("a number") {
        let (pic, flags): (PicLevel, &[&str]) = match seed % 3 {
            0 => (PicLevel::None, &["-no-pie"]),
            1 => (PicLevel::Pie, &["-pie"]),
            _ => (PicLevel::Pic, &["-pie"]),
        };
        check(seed, pic, flags);
    }
}
