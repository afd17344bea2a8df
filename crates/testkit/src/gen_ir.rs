//! Random functions over the builder: valid, free of traps, the same for the same seed. For comparing the interpreter
//! with machine code, and machine code with other machine code.
//!
//! A unit has helper functions `f0`, `f1`, … (each calls only earlier ones, and little of it in loops, so that a run is
//! short) and `entry(i64, i64) -> i64`, whose result depends on everything that was computed. What machines may do
//! differently is avoided: bits of NaNs, conversions out of range, unwritten memory.

use crate::rng::Rng;
use ir::func::{CallFlags, ParamHome};
use ir::module::{AtomicOrder, DataDef, Linkage, MemDesc, SymbolDecl, SymbolKind, UnitOptions};
use ir::ops::{AtomicRmw, Cond, FCond};
use ir::record::{Recorder, Unit};
use ir::types::{Ext, Layout, Leaf, Param, Signature};
use ir::{Builder, Func, FunctionSink, LayoutId, MemId, Module, Op, SigId, Slot, Symbol, Ty, Value};

/// What may appear, so that a code generator can be tried while it grows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    pub i128: bool,
    /// f32 and f64.
    pub floats: bool,
    pub f80: bool,
    pub calls: bool,
    /// As arguments and results.
    pub aggregates: bool,
    pub atomics: bool,
    /// Rotations, bit counts and swaps, high halves of products.
    pub bits: bool,
    /// Operations on types of 16 bytes that front ends for C do not make: selects, rotations, bit counts, swaps.
    pub rare: bool,
    /// Statements in a function, about.
    pub size: usize,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            i128: true,
            floats: true,
            f80: true,
            calls: true,
            aggregates: true,
            atomics: true,
            bits: true,
            rare: true,
            size: 30,
        }
    }
}

/// Arguments worth trying on `entry`.
pub const ARGUMENTS: [(i64, i64); 6] =
    [(0, 0), (1, -1), (i64::MIN, i64::MAX), (0x1234_5678_9abc_def0, 42), (-1, -1), (255, 1 << 40)];

/// The unit of a seed with everything in it.
pub fn gen_ir(seed: u64) -> Unit {
    generate(seed, Options::default())
}

/// The unit of a seed.
pub fn generate(seed: u64, options: Options) -> Unit {
    let mut recorder = Recorder::new();
    let unit = UnitOptions { file_name: format!("seed{seed}"), unwind_tables: true, ..UnitOptions::default() };
    let mut module = Module::new(unit);
    let mut rng = Rng::new(seed);
    let table =
        module.declare(SymbolDecl { defined: true, ..SymbolDecl::new(b"table", SymbolKind::Data, Linkage::Local) });
    let bytes = (0..TABLE_SIZE).map(|_| rng.next_u64() as u8).collect();
    let relocs = Vec::new();
    let data = DataDef { symbol: table, align: 16, size: TABLE_SIZE, bytes, relocs, read_only: false, merge: 0 };
    recorder.data(&module, data);
    let mut shared = Shared { rng, options, table, callees: Vec::new(), layouts: Vec::new() };
    shared.layouts = LAYOUTS.iter().map(|leaves| module.intern_layout(layout(leaves))).collect();
    let n_helpers = if options.calls { 1 + shared.rng.below(4) } else { 0 };
    let mut func = Func::new(table, SigId(0));
    for idx in 0..=n_helpers {
        shared.function(&mut module, &mut func, (idx < n_helpers).then_some(idx), &mut recorder);
    }
    recorder.finish(&module);
    recorder.unit
}

const TABLE_SIZE: u64 = 256;
/// Bytes of a memory slot.
const AREA_SIZE: u64 = 64;

/// Aggregates of different fates in calling conventions.
const LAYOUTS: [&[Ty]; 6] = [
    &[Ty::I8, Ty::I8, Ty::I8],
    &[Ty::I32, Ty::I64],
    &[Ty::F64, Ty::I16],
    &[Ty::F32, Ty::F32, Ty::F32],
    &[Ty::I64, Ty::I64, Ty::I64],
    &[Ty::F64, Ty::F64],
];

fn layout(tys: &[Ty]) -> Layout {
    let (mut leaves, mut size, mut align) = (Vec::new(), 0u32, 1);
    for &ty in tys {
        let offset = size.next_multiple_of(ty.size());
        leaves.push(Leaf { offset, ty });
        size = offset + ty.size();
        align = align.max(ty.size());
    }
    Layout::new(size.next_multiple_of(align).into(), align, leaves)
}

struct Callee {
    symbol: Symbol,
    sig: SigId,
}

/// What functions of a unit share.
struct Shared {
    rng: Rng,
    options: Options,
    table: Symbol,
    callees: Vec<Callee>,
    layouts: Vec<LayoutId>,
}

impl Shared {
    fn int_types(&self) -> &'static [Ty] {
        const INTS: [Ty; 6] = [Ty::I32, Ty::I64, Ty::I8, Ty::I16, Ty::I32, Ty::I128];
        if self.options.i128 { &INTS } else { &INTS[..5] }
    }

    fn float_types(&self) -> &'static [Ty] {
        const FLOATS: [Ty; 3] = [Ty::F64, Ty::F32, Ty::F80];
        match (self.options.floats, self.options.f80) {
            (false, _) => &[],
            (true, false) => &FLOATS[..2],
            (true, true) => &FLOATS,
        }
    }

    fn scalar(&mut self) -> Ty {
        let floats = self.float_types();
        if !floats.is_empty() && self.rng.one_in(5) {
            return *self.rng.pick(floats);
        }
        let ints = self.int_types();
        *self.rng.pick(ints)
    }

    fn param(&mut self) -> Param {
        if self.options.aggregates && self.rng.one_in(4) {
            return Param::Aggregate(*self.rng.pick(&self.layouts));
        }
        let ty = self.scalar();
        let ext = *self.rng.pick(&[Ext::Sign, Ext::Zero]);
        Param::Scalar { ty, ext: if matches!(ty, Ty::I8 | Ty::I16) { ext } else { Ext::None } }
    }

    /// Helper `f<idx>`, or `entry`.
    fn function(&mut self, module: &mut Module, func: &mut Func, idx: Option<usize>, recorder: &mut Recorder) {
        let i64_param = Param::scalar(Ty::I64);
        let (name, linkage, ret, params) = match idx {
            Some(idx) => {
                let params = (0..self.rng.below(9)).map(|_| self.param()).collect();
                (format!("f{idx}"), Linkage::Local, self.param(), params)
            }
            None => ("entry".into(), Linkage::Global, i64_param, vec![i64_param; 2]),
        };
        let decl = SymbolDecl::new(name.as_bytes(), SymbolKind::Function, linkage);
        let symbol = module.declare(SymbolDecl { defined: true, ..decl });
        let sig = module.intern_sig(Signature { ret, params: params.clone(), variadic: false, unprototyped: false });
        func.reset(symbol, sig);
        let size = self.options.size / 2 + self.rng.below(self.options.size.max(1));
        let builder = Builder::new(module, func);
        let mut function =
            Function { shared: self, b: builder, pool: Vec::new(), slots: Vec::new(), areas: Vec::new(), depth: 0 };
        function.params(&params);
        for _ in 0..size {
            function.statement();
        }
        function.give(ret);
        recorder.function(module, func);
        self.callees.push(Callee { symbol, sig });
    }
}

/// One function while it is made.
struct Function<'a> {
    shared: &'a mut Shared,
    b: Builder<'a>,
    /// Values that can be used here.
    pool: Vec<(Value, Ty)>,
    /// Scalar slots, all written.
    slots: Vec<(Slot, Ty)>,
    /// Memory slots of [`AREA_SIZE`] bytes, all written.
    areas: Vec<Slot>,
    /// Of loops and branches around.
    depth: usize,
}

impl Function<'_> {
    fn rng(&mut self) -> &mut Rng {
        &mut self.shared.rng
    }

    fn mem(&mut self, align: u32) -> MemId {
        self.b.module.intern_mem(MemDesc::plain(align))
    }

    /// Parameters' homes and values, then slots of every kind with something in them.
    fn params(&mut self, params: &[Param]) {
        let mut aggregates = Vec::new();
        for (idx, param) in params.iter().enumerate() {
            match *param {
                Param::Scalar { ty, .. } => {
                    self.b.param_home(ParamHome::Value);
                    let value = self.b.param(ty, idx as u32);
                    self.pool.push((value, ty));
                }
                Param::Aggregate(id) => {
                    let layout = self.b.module.layout(id).clone();
                    let slot = self.b.slot(layout.size, layout.align, Ty::Void);
                    self.b.param_home(ParamHome::Slot(slot));
                    aggregates.push((slot, layout));
                }
            }
        }
        for (slot, layout) in aggregates {
            let addr = self.b.slot_addr(slot, 0);
            for leaf in layout.leaves {
                let mem = self.mem(leaf.ty.size());
                let value = self.b.load(leaf.ty, addr, leaf.offset as i32, mem);
                self.pool.push((value, leaf.ty));
            }
        }
        for _ in 0..3 + self.rng().below(6) {
            let ty = self.shared.scalar();
            let slot = self.b.scalar_slot(ty);
            let value = self.value(ty);
            self.b.slot_set(slot, value);
            self.slots.push((slot, ty));
        }
        for _ in 0..1 + self.rng().below(2) {
            let slot = self.b.slot(AREA_SIZE, 16, Ty::Void);
            let addr = self.b.slot_addr(slot, 0);
            let (byte, mem) = (self.rng().next_u64() as u8, self.mem(16));
            self.b.fill(addr, byte, AREA_SIZE as u32, mem);
            self.areas.push(slot);
        }
    }

    /// A value of type `ty`.
    fn value(&mut self, ty: Ty) -> Value {
        let recent = self.pool.len().saturating_sub(20);
        let candidates: Vec<Value> = self.pool[recent..].iter().filter(|entry| entry.1 == ty).map(|e| e.0).collect();
        if !candidates.is_empty() && !self.rng().one_in(4) {
            return *self.rng().pick(&candidates);
        }
        let slots: Vec<Slot> = self.slots.iter().filter(|entry| entry.1 == ty).map(|entry| entry.0).collect();
        if !slots.is_empty() && !self.rng().one_in(3) {
            let slot = *self.rng().pick(&slots);
            return self.b.slot_get(slot);
        }
        self.constant(ty)
    }

    fn constant(&mut self, ty: Ty) -> Value {
        match ty {
            Ty::F32 => {
                let number = self.rng().below(2000) as f32 / 8.0 - 100.0;
                self.b.f32const(number)
            }
            Ty::F64 => {
                let number = self.rng().below(1 << 20) as f64 / 64.0 - 1000.0;
                self.b.f64const(number)
            }
            Ty::F80 => {
                let int = self.rng().below(1 << 20) as i64 - 1000;
                let int = self.b.iconst(Ty::I64, int);
                self.b.unary(Op::StoFp, ty, int)
            }
            Ty::I128 => {
                let bits = u128::from(self.rng().interesting(64)) << 64 | u128::from(self.rng().interesting(64));
                self.b.wide_const(ty, bits.to_le_bytes())
            }
            _ => {
                let bits = self.rng().interesting(8 * ty.size());
                self.b.iconst(ty, bits as i64)
            }
        }
    }

    /// A constant of an integer type, small.
    fn small(&mut self, ty: Ty, value: u8) -> Value {
        if ty == Ty::I128 {
            self.b.wide_const(ty, u128::from(value).to_le_bytes())
        } else {
            self.b.iconst(ty, value.into())
        }
    }

    fn keep(&mut self, value: Value, ty: Ty) {
        self.pool.push((value, ty));
    }

    fn statement(&mut self) {
        let nested = self.depth < 3;
        match self.rng().below(16) {
            0..4 => self.integer(),
            4 => self.conversion(),
            5 => self.float(),
            6 | 7 => self.assignment(),
            8 | 9 => self.memory(),
            10 if nested => self.branch(),
            11 if nested => self.counted_loop(),
            12 if nested => self.switch(),
            13 if nested => self.choice(),
            14 if self.depth < 2 => self.call(),
            15 if self.shared.options.atomics => self.atomic(),
            _ => self.compare(),
        }
    }

    fn integer(&mut self) {
        let ints = self.shared.int_types();
        let ty = *self.rng().pick(ints);
        const OPS: [Op; 21] = [
            Op::Add,
            Op::Sub,
            Op::Mul,
            Op::And,
            Op::Or,
            Op::Xor,
            Op::Shl,
            Op::LShr,
            Op::AShr,
            Op::SDiv,
            Op::UDiv,
            Op::SRem,
            Op::URem,
            Op::Neg,
            Op::Not,
            Op::RotL,
            Op::RotR,
            Op::MulHighS,
            Op::MulHighU,
            Op::Clz,
            Op::Popcnt,
        ];
        let ops = if self.shared.options.bits { &OPS[..] } else { &OPS[..15] };
        let op = *self.rng().pick(ops);
        let a = self.value(ty);
        let result = match op {
            Op::Neg | Op::Not => self.b.unary(op, ty, a),
            Op::Clz | Op::Popcnt => {
                let op = *self.rng().pick(&[Op::Clz, Op::Ctz, Op::Popcnt, Op::Bswap]);
                let op = if ty == Ty::I8 && op == Op::Bswap { Op::Ctz } else { op };
                let op = if ty == Ty::I128 && !self.shared.options.rare { Op::Not } else { op };
                self.b.unary(op, ty, a)
            }
            Op::SDiv | Op::SRem | Op::UDiv | Op::URem => {
                // Never zero; for signed ones neither minus one.
                let divisor = self.value(ty);
                let one = self.small(ty, 1);
                let mut divisor = self.b.binary(Op::Or, ty, divisor, one);
                if matches!(op, Op::SDiv | Op::SRem) {
                    let mask = self.small(ty, 0x7f);
                    divisor = self.b.binary(Op::And, ty, divisor, mask);
                }
                self.b.binary(op, ty, a, divisor)
            }
            Op::RotL | Op::RotR if ty == Ty::I128 && !self.shared.options.rare => self.b.binary(Op::Sub, ty, a, a),
            // High halves of i128 products need 256 bits: machines do them with calls.
            Op::MulHighS | Op::MulHighU if ty == Ty::I128 => self.b.binary(Op::Mul, ty, a, a),
            _ => {
                let b = self.value(ty);
                self.b.binary(op, ty, a, b)
            }
        };
        self.keep(result, ty);
    }

    fn conversion(&mut self) {
        let ints = self.shared.int_types();
        let (from, to) = (*self.rng().pick(ints), *self.rng().pick(ints));
        let value = self.value(from);
        let op = match to.size().cmp(&from.size()) {
            std::cmp::Ordering::Less => Op::Trunc,
            std::cmp::Ordering::Equal => return self.keep(value, from),
            std::cmp::Ordering::Greater => *self.rng().pick(&[Op::Zext, Op::Sext]),
        };
        let result = self.b.unary(op, to, value);
        self.keep(result, to);
    }

    fn float(&mut self) {
        let floats = self.shared.float_types();
        if floats.is_empty() {
            return self.integer();
        }
        let ty = *self.rng().pick(floats);
        let a = self.value(ty);
        match self.rng().below(6) {
            0 => {
                let int = *self.rng().pick(&[Ty::I32, Ty::I64]);
                let value = self.value(int);
                let result = self.b.unary(Op::StoFp, ty, value);
                self.keep(result, ty);
            }
            1 => {
                let result = self.int_of(a, ty);
                self.keep(result, Ty::I64);
            }
            2 => {
                let to = *self.rng().pick(floats);
                if to != ty {
                    let op = if to > ty { Op::Fpext } else { Op::Fptrunc };
                    let result = self.b.unary(op, to, a);
                    self.keep(result, to);
                }
            }
            3 => {
                let op = *self.rng().pick(&[Op::Fneg, Op::Fabs]);
                let result = self.b.unary(op, ty, a);
                self.keep(result, ty);
            }
            _ => {
                let op = *self.rng().pick(&[Op::Fadd, Op::Fsub, Op::Fmul, Op::Fdiv]);
                let b = self.value(ty);
                let result = self.b.binary(op, ty, a, b);
                self.keep(result, ty);
            }
        }
    }

    /// To i64 with twenty bits of the fraction, where that fits; else 1.
    fn int_of(&mut self, value: Value, ty: Ty) -> Value {
        let (value, ty) =
            if ty == Ty::F80 { (self.b.unary(Op::Fptrunc, Ty::F64, value), Ty::F64) } else { (value, ty) };
        let billion = self.b.iconst(Ty::I64, 1_000_000_000);
        let limit = self.b.unary(Op::StoFp, ty, billion);
        let one = self.b.iconst(Ty::I64, 1);
        let one = self.b.unary(Op::StoFp, ty, one);
        let size = self.b.unary(Op::Fabs, ty, value);
        let fits = self.b.fcmp(FCond::Lt, ty, size, limit);
        let safe = self.b.select(ty, fits, value, one);
        let scale = self.b.iconst(Ty::I64, 1 << 20);
        let scale = self.b.unary(Op::StoFp, ty, scale);
        let scaled = self.b.binary(Op::Fmul, ty, safe, scale);
        self.b.unary(Op::FptoS, Ty::I64, scaled)
    }

    fn compare(&mut self) {
        let ty = self.shared.scalar();
        let (a, b) = (self.value(ty), self.value(ty));
        let result = if ty.is_float() {
            let cond = *self.rng().pick(&FCond::ALL);
            self.b.fcmp(cond, ty, a, b)
        } else {
            let cond = *self.rng().pick(&Cond::ALL);
            self.b.icmp(cond, ty, a, b)
        };
        self.keep(result, Ty::I32);
        if ty.size() == 16 && !self.shared.options.rare {
            return;
        }
        let chosen = self.b.select(ty, result, a, b);
        self.keep(chosen, ty);
    }

    fn assignment(&mut self) {
        let slots = self.slots.clone();
        let (slot, ty) = *self.rng().pick(&slots);
        let value = self.value(ty);
        self.b.slot_set(slot, value);
    }

    /// An address with `size` bytes behind it, aligned to them, and an offset.
    fn address(&mut self, size: u64) -> (Value, i32) {
        let in_table = self.rng().one_in(3);
        let total = if in_table { TABLE_SIZE } else { AREA_SIZE };
        let areas = self.areas.clone();
        let (table, area) = (self.shared.table, *self.rng().pick(&areas));
        let place = (self.rng().below((total / size) as usize) as u64 * size) as i32;
        if self.rng().one_in(2) {
            // A fixed place, in the address or behind it.
            let split = if self.rng().one_in(2) { place } else { 0 };
            let addr = if in_table { self.b.sym_addr(table, split.into()) } else { self.b.slot_addr(area, split) };
            return (addr, place - split);
        }
        let base = if in_table { self.b.sym_addr(table, 0) } else { self.b.slot_addr(area, 0) };
        let idx = self.value(Ty::I64);
        let mask = self.b.iconst(Ty::I64, (total - 1) as i64 & !(size as i64 - 1));
        let offset = self.b.binary(Op::And, Ty::I64, idx, mask);
        (self.b.binary(Op::Add, Ty::Ptr, base, offset), 0)
    }

    fn memory(&mut self) {
        let ints = self.shared.int_types();
        let ty = *self.rng().pick(ints);
        let mem = self.mem(ty.size());
        let (addr, offset) = self.address(ty.size().into());
        match self.rng().below(8) {
            0..3 => {
                let value = self.b.load(ty, addr, offset, mem);
                self.keep(value, ty);
            }
            3..6 => {
                let value = self.value(ty);
                self.b.store(ty, addr, offset, value, mem);
            }
            6 => {
                let from = self.areas[0];
                let from = self.b.slot_addr(from, 0);
                let to = self.b.sym_addr(self.shared.table, 64);
                let (n, mem) = (self.rng().below(AREA_SIZE as usize + 1) as u32, self.mem(1));
                self.b.copy(to, from, n, mem);
            }
            _ => {
                let areas = self.areas.clone();
                let area = *self.rng().pick(&areas);
                let to = self.b.slot_addr(area, 0);
                let (n, byte) = (self.rng().below(AREA_SIZE as usize + 1) as u32, self.rng().next_u64() as u8);
                let mem = self.mem(1);
                self.b.fill(to, byte, n, mem);
            }
        }
    }

    fn atomic(&mut self) {
        let ty = *self.rng().pick(&[Ty::I8, Ty::I16, Ty::I32, Ty::I64]);
        let align_log2 = ty.size().trailing_zeros() as u8;
        let desc = MemDesc { align_log2, order: AtomicOrder::SeqCst, ..MemDesc::plain(1) };
        let mem = self.b.module.intern_mem(desc);
        let (addr, _) = self.address(ty.size().into());
        let (a, b) = (self.value(ty), self.value(ty));
        let rmw = *self.rng().pick(&AtomicRmw::ALL);
        let old = if self.rng().one_in(3) {
            self.b.atomic_cmpxchg(ty, addr, a, b, mem)
        } else {
            self.b.atomic_rmw(rmw, ty, addr, a, mem)
        };
        self.keep(old, ty);
    }

    /// A condition: its type and value.
    fn condition(&mut self) -> (Ty, Value) {
        let ints = self.shared.int_types();
        let ty = *self.rng().pick(ints);
        if self.rng().one_in(3) {
            return (ty, self.value(ty));
        }
        let (a, b) = (self.value(ty), self.value(ty));
        let cond = *self.rng().pick(&Cond::ALL);
        (Ty::I32, self.b.icmp(cond, ty, a, b))
    }

    /// A few statements in `block`, whose values are forgotten behind it.
    fn arm(&mut self, block: ir::Block, join: ir::Block) {
        self.b.start(block);
        let n_values = self.pool.len();
        self.depth += 1;
        for _ in 0..self.rng().below(5) {
            self.statement();
        }
        self.depth -= 1;
        self.pool.truncate(n_values);
        self.b.jump(join, &[]);
    }

    fn branch(&mut self) {
        let (ty, cond) = self.condition();
        let (then, other, join) = (self.b.block(), self.b.block(), self.b.block());
        self.b.branch(ty, cond, then, other);
        self.arm(then, join);
        self.arm(other, join);
        self.b.start(join);
    }

    fn counted_loop(&mut self) {
        let counter = self.b.scalar_slot(Ty::I32);
        let n = 1 + self.rng().below(4) as i64;
        let n = self.b.iconst(Ty::I32, n);
        self.b.slot_set(counter, n);
        let (head, next, done) = (self.b.block(), self.b.block(), self.b.block());
        self.b.jump(head, &[]);
        self.b.enter_loop();
        // A loop counts twice: what is in it runs often.
        self.depth += 1;
        self.arm(head, next);
        self.depth -= 1;
        self.b.start(next);
        let left = self.b.slot_get(counter);
        let one = self.b.iconst(Ty::I32, -1);
        let left = self.b.binary(Op::Add, Ty::I32, left, one);
        self.b.slot_set(counter, left);
        self.b.branch(Ty::I32, left, head, done);
        self.b.leave_loop();
        self.b.start(done);
    }

    fn switch(&mut self) {
        let ty = *self.rng().pick(&[Ty::I8, Ty::I32, Ty::I64]);
        let mut value = self.value(ty);
        if self.rng().one_in(2) {
            let mask = self.small(ty, 7);
            value = self.b.binary(Op::And, ty, value, mask);
        }
        let mut cases: Vec<u64> = (0..self.rng().below(6)).map(|_| 0).collect();
        for case in &mut cases {
            *case = self.rng().interesting(8 * ty.size());
        }
        cases.extend([0, 3]);
        cases.sort_unstable();
        cases.dedup();
        let (a, b, join) = (self.b.block(), self.b.block(), self.b.block());
        let cases: Vec<(u64, ir::Block)> =
            cases.into_iter().enumerate().map(|(idx, case)| (case, [a, b, join][idx % 3])).collect();
        let default = *self.rng().pick(&[a, b]);
        self.b.switch(ty, value, &cases, default);
        self.arm(a, join);
        self.arm(b, join);
        self.b.start(join);
    }

    /// Like `?:`: a block parameter.
    fn choice(&mut self) {
        let (cond_ty, cond) = self.condition();
        let tys = [self.shared.scalar(), self.shared.scalar()];
        let n = 1 + self.rng().below(2);
        let (then, other, join) = (self.b.block(), self.b.block(), self.b.block());
        self.b.branch(cond_ty, cond, then, other);
        for block in [then, other] {
            self.b.start(block);
            let n_values = self.pool.len();
            self.integer();
            let args: Vec<Value> = tys[..n].iter().map(|&ty| self.value(ty)).collect();
            self.pool.truncate(n_values);
            self.b.jump(join, &args);
        }
        self.b.start(join);
        let joined: Vec<Value> = tys[..n].iter().map(|&ty| self.b.block_param(ty)).collect();
        for (value, &ty) in joined.into_iter().zip(&tys) {
            self.keep(value, ty);
        }
    }

    fn call(&mut self) {
        if self.shared.callees.is_empty() {
            return self.integer();
        }
        let idx = self.shared.rng.below(self.shared.callees.len());
        let Callee { symbol, sig } = self.shared.callees[idx];
        let signature = self.b.module.sig(sig).clone();
        let mut args = Vec::new();
        let (ret, place) = match signature.ret {
            Param::Scalar { ty, .. } => (ty, None),
            Param::Aggregate(id) => {
                let place = self.aggregate(id);
                args.push(place);
                (Ty::Void, Some((place, id)))
            }
        };
        for param in &signature.params {
            args.push(match *param {
                Param::Scalar { ty, .. } => self.value(ty),
                Param::Aggregate(id) => self.aggregate(id),
            });
        }
        let flags = CallFlags::default();
        let result = if self.rng().one_in(4) {
            let addr = self.b.sym_addr(symbol, 0);
            self.b.call_indirect(addr, sig, ret, &args, flags)
        } else {
            self.b.call(symbol, sig, ret, &args, flags)
        };
        match place {
            None => self.keep(result, ret),
            Some((place, id)) => {
                for leaf in self.b.module.layout(id).leaves.clone() {
                    let mem = self.mem(leaf.ty.size());
                    let value = self.b.load(leaf.ty, place, leaf.offset as i32, mem);
                    self.keep(value, leaf.ty);
                }
            }
        }
    }

    /// The address of a new aggregate, all of it written.
    fn aggregate(&mut self, id: LayoutId) -> Value {
        let layout = self.b.module.layout(id).clone();
        let slot = self.b.slot(layout.size, layout.align, Ty::Void);
        let addr = self.b.slot_addr(slot, 0);
        let mem = self.mem(layout.align);
        self.b.fill(addr, 0, layout.size as u32, mem);
        for leaf in &layout.leaves {
            let value = self.value(leaf.ty);
            let mem = self.mem(leaf.ty.size());
            self.b.store(leaf.ty, addr, leaf.offset as i32, value, mem);
        }
        addr
    }

    /// Returns something that depends on every slot, the areas and the table.
    fn give(&mut self, ret: Param) {
        let mut sum = self.b.iconst(Ty::I64, 17);
        for (slot, ty) in self.slots.clone() {
            let value = self.b.slot_get(slot);
            let value = self.as_i64(value, ty);
            sum = self.mix(sum, value);
        }
        let mem = self.mem(8);
        for area in self.areas.clone() {
            for offset in (0..AREA_SIZE).step_by(8) {
                let addr = self.b.slot_addr(area, offset as i32);
                let value = self.b.load(Ty::I64, addr, 0, mem);
                sum = self.mix(sum, value);
            }
        }
        let table = self.b.sym_addr(self.shared.table, 0);
        for offset in (0..TABLE_SIZE).step_by(64) {
            let value = self.b.load(Ty::I64, table, offset as i32, mem);
            sum = self.mix(sum, value);
        }
        self.keep(sum, Ty::I64);
        match ret {
            Param::Scalar { ty: Ty::I64, .. } => self.b.ret(Ty::I64, Some(sum)),
            Param::Scalar { ty, .. } if ty.is_int() => {
                let op = if ty == Ty::I128 { Op::Zext } else { Op::Trunc };
                let value = self.b.unary(op, ty, sum);
                self.b.ret(ty, Some(value));
            }
            Param::Scalar { ty, .. } => {
                let value = self.value(ty);
                self.b.ret(ty, Some(value));
            }
            Param::Aggregate(id) => {
                let addr = self.aggregate(id);
                self.b.ret(Ty::Ptr, Some(addr));
            }
        }
    }

    fn as_i64(&mut self, value: Value, ty: Ty) -> Value {
        match ty {
            Ty::I64 => value,
            Ty::I128 => self.b.unary(Op::Trunc, Ty::I64, value),
            _ if ty.is_float() => self.int_of(value, ty),
            _ => self.b.unary(Op::Zext, Ty::I64, value),
        }
    }

    fn mix(&mut self, sum: Value, value: Value) -> Value {
        let factor = self.b.iconst(Ty::I64, 0x100_0000_01b3);
        let product = self.b.binary(Op::Mul, Ty::I64, sum, factor);
        self.b.binary(Op::Xor, Ty::I64, product, value)
    }
}

/// Calls `entry` of a unit in the interpreter with all [`ARGUMENTS`], one after the other: memory keeps what they wrote.
pub fn interpret(unit: &Unit) -> Result<Vec<u64>, ir::interp::Stop> {
    use ir::interp::{Arg, Limits, Machine, NoExterns, Program};
    let program = Program::link(std::slice::from_ref(unit), &mut NoExterns)?;
    let entry = program.address(b"entry").unwrap_or(0);
    let mut machine = Machine::new(&program, Limits { steps: 50_000_000, ..Limits::default() });
    let run = |&(a, b): &(i64, i64)| {
        let args = [Arg::scalar(Ty::I64, a as u64), Arg::scalar(Ty::I64, b as u64)];
        machine.call(&mut NoExterns, entry, &args).map(|word| word.lo)
    };
    ARGUMENTS.iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ir::text::{parse, print};
    use ir::verify::verify;

    #[test]
    fn generated_units_are_valid_and_run() {
        let mut seen = std::collections::BTreeSet::new();
        for seed in 0..100 {
            let unit = gen_ir(seed);
            let module = unit.module();
            assert!(module.symbols.iter().all(|decl| decl.defined));
            for func in unit.functions() {
                assert_eq!(verify(&module, func), [], "seed {seed}");
                seen.extend(func.insts.iter().map(|inst| inst.op));
            }
            let text = print(&unit);
            assert_eq!(parse(text.as_bytes()).as_ref(), Ok(&unit), "seed {seed}");
            let results = interpret(&unit).unwrap_or_else(|stop| panic!("seed {seed}: {stop:?}"));
            assert_eq!(interpret(&parse(text.as_bytes()).unwrap()), Ok(results), "seed {seed}");
        }
        assert!(seen.len() > 55, "{} operations", seen.len());
    }

    #[test]
    fn the_same_seed_gives_the_same_unit() {
        assert_eq!(gen_ir(7), gen_ir(7));
        assert_ne!(gen_ir(7), gen_ir(8));
    }
}
