//! The calling convention against gcc, both ways: random signatures of scalars, aggregates and variable arguments,
//! seeded. Each function folds all it gets into a number; both compilers have it, and each calls both.

mod common;

use ir::builder::Builder;
use ir::func::{CallFlags, Func, ParamHome, Slot, Value};
use ir::module::{
    AtomicOrder, Linkage, MemDesc, MemId, Module, PicLevel, SymbolDecl, SymbolKind, UnitOptions, Visibility,
};
use ir::ops::Op;
use ir::record::Recorder;
use ir::types::{Ext, Layout, LayoutId, Leaf, Param, SigId, Signature, Ty};
use ir::{FunctionSink, Symbol};
use std::fmt::Write;

struct Rng(u64);

impl Rng {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % n
    }
}

/// C scalars: IR type, C's name, how it widens.
const SCALARS: [(Ty, &str, Ext); 12] = [
    (Ty::I8, "signed char", Ext::Sign),
    (Ty::I8, "unsigned char", Ext::Zero),
    (Ty::I16, "short", Ext::Sign),
    (Ty::I16, "unsigned short", Ext::Zero),
    (Ty::I32, "int", Ext::None),
    (Ty::I64, "long", Ext::None),
    (Ty::Ptr, "char *", Ext::None),
    (Ty::F32, "float", Ext::None),
    (Ty::F64, "double", Ext::None),
    (Ty::F64, "double", Ext::None),
    (Ty::F80, "long double", Ext::None),
    (Ty::I128, "__int128", Ext::None),
];

/// A field or a scalar: an index of [`SCALARS`].
type Scalar = usize;

#[derive(Clone)]
enum CType {
    Scalar(Scalar),
    Struct { name: String, fields: Vec<(Scalar, u32)>, layout: LayoutId, size: u64 },
}

impl CType {
    fn c_name(&self) -> String {
        match self {
            CType::Scalar(scalar) => SCALARS[*scalar].1.into(),
            CType::Struct { name, .. } => format!("struct {name}"),
        }
    }

    fn param(&self) -> Param {
        match self {
            CType::Scalar(scalar) => Param::Scalar { ty: SCALARS[*scalar].0, ext: SCALARS[*scalar].2 },
            CType::Struct { layout, .. } => Param::Aggregate(*layout),
        }
    }
}

struct Case {
    params: Vec<CType>,
    /// From here on they are variable arguments.
    named: usize,
    ret: CType,
}

fn align_of(ty: Ty) -> u32 {
    ty.size()
}

fn random_type(rng: &mut Rng, module: &mut Module, header: &mut String, n_structs: &mut u32) -> CType {
    if rng.below(5) < 3 {
        return CType::Scalar(rng.below(SCALARS.len() as u64) as usize);
    }
    let n = 1 + rng.below(5);
    let mut fields = Vec::new();
    let (mut at, mut align) = (0u32, 1);
    // Few kinds a structure, so that many are small.
    let palette: Vec<Scalar> = (0..2).map(|_| rng.below(SCALARS.len() as u64) as usize).collect();
    let is_union = rng.below(6) == 0;
    for _ in 0..n {
        let scalar = palette[rng.below(2) as usize];
        let ty = SCALARS[scalar].0;
        at = if is_union { 0 } else { at.next_multiple_of(align_of(ty)) };
        fields.push((scalar, at));
        at += ty.size();
        align = align.max(align_of(ty));
    }
    let end = fields.iter().map(|&(scalar, at)| at + SCALARS[scalar].0.size()).max().expect("has fields");
    let size = end.next_multiple_of(align);
    if is_union {
        // One member is written and read: the longest.
        fields.sort_by_key(|&(scalar, _)| SCALARS[scalar].0.size());
        let last = *fields.last().expect("has fields");
        fields = vec![last];
    }
    let name = format!("S{n_structs}");
    *n_structs += 1;
    write!(header, "struct {name} {{ ").expect("a string");
    for (idx, (scalar, _)) in fields.iter().enumerate() {
        write!(header, "{} m{idx}; ", SCALARS[*scalar].1).expect("a string");
    }
    writeln!(header, "}};\n_Static_assert(sizeof(struct {name}) == {size}, \"size\");").expect("a string");
    let leaves = fields.iter().map(|&(scalar, offset)| Leaf { offset, ty: SCALARS[scalar].0 }).collect();
    let layout = module.intern_layout(Layout {
        size: size.into(),
        align,
        leaves,
        complete: true,
        unaligned: false,
        complex: false,
    });
    CType::Struct { name, fields, layout, size: size.into() }
}

/// C's promotions, for variable arguments.
fn promoted(ty: CType) -> CType {
    match ty {
        CType::Scalar(0..=3) => CType::Scalar(4),
        CType::Scalar(7) => CType::Scalar(8),
        other => other,
    }
}

/// The value of the `n`-th scalar of a call: small enough for every type.
fn value_of(n: usize) -> i64 {
    (n as i64 * 37 + 11) % 120 - 50
}

struct Gen<'a> {
    b: Builder<'a>,
    mem: MemId,
}

impl Gen<'_> {
    fn constant(&mut self, ty: Ty, value: i64) -> Value {
        match ty {
            Ty::F32 => self.b.f32const(value as f32),
            Ty::F64 => self.b.f64const(value as f64),
            Ty::F80 => {
                let v = self.b.f64const(value as f64);
                self.b.unary(Op::Fpext, ty, v)
            }
            Ty::I128 => self.b.wide_const(ty, i128::from(value).to_le_bytes()),
            _ => self.b.iconst(ty, value),
        }
    }

    fn widen(&mut self, v: Value, scalar: Scalar) -> Value {
        let (ty, _, ext) = SCALARS[scalar];
        match ty {
            Ty::F32 | Ty::F64 | Ty::F80 => self.b.unary(Op::FptoS, Ty::I64, v),
            Ty::I64 => v,
            Ty::Ptr => self.b.unary(Op::Bitcast, Ty::I64, v),
            Ty::I128 => self.b.unary(Op::Trunc, Ty::I64, v),
            _ => self.b.unary(if ext == Ext::Zero { Op::Zext } else { Op::Sext }, Ty::I64, v),
        }
    }

    fn mix(&mut self, sum: Slot, v: Value) {
        let old = self.b.slot_get(sum);
        let factor = self.b.iconst(Ty::I64, 31);
        let scaled = self.b.binary(Op::Mul, Ty::I64, old, factor);
        let new = self.b.binary(Op::Add, Ty::I64, scaled, v);
        self.b.slot_set(sum, new);
    }

    fn mix_struct(&mut self, sum: Slot, slot: Slot, fields: &[(Scalar, u32)]) {
        for &(scalar, offset) in fields {
            let base = self.b.slot_addr(slot, 0);
            let v = self.b.load(SCALARS[scalar].0, base, offset as i32, self.mem);
            let v = self.widen(v, scalar);
            self.mix(sum, v);
        }
    }

    /// Stores `value(n)` into each field.
    fn fill_struct(&mut self, slot: Slot, fields: &[(Scalar, u32)], value: &mut dyn FnMut(&mut Self, Ty) -> Value) {
        for &(scalar, offset) in fields {
            let ty = SCALARS[scalar].0;
            let v = value(self, ty);
            let base = self.b.slot_addr(slot, 0);
            self.b.store(ty, base, offset as i32, v, self.mem);
        }
    }

    /// A number below 100 made from the sum.
    fn number_of(&mut self, sum: Slot, ty: Ty) -> Value {
        let v = self.b.slot_get(sum);
        let mask = self.b.iconst(Ty::I64, 63);
        let v = self.b.binary(Op::And, Ty::I64, v, mask);
        match ty {
            Ty::F32 | Ty::F64 | Ty::F80 => self.b.unary(Op::StoFp, ty, v),
            Ty::I128 => self.b.unary(Op::Sext, ty, v),
            Ty::I64 => v,
            Ty::Ptr => self.b.unary(Op::Bitcast, ty, v),
            _ => self.b.unary(Op::Trunc, ty, v),
        }
    }
}

fn declare(module: &mut Module, name: &str, defined: bool) -> Symbol {
    module.declare(SymbolDecl {
        name: name.as_bytes().into(),
        kind: SymbolKind::Function,
        linkage: Linkage::Global,
        visibility: Visibility::Default,
        defined,
        section: ir::module::SectionName(u32::MAX),
        alias: None,
    })
}

fn mem_of(module: &mut Module) -> MemId {
    module.intern_mem(MemDesc { align_log2: 0, volatile: false, order: AtomicOrder::None, alias_root: 0 })
}

/// `k<n>`: our side of the function.
fn callee(module: &mut Module, case: &Case, symbol: Symbol, sig: SigId) -> Func {
    let mem = mem_of(module);
    let mut func = Func::new(symbol, sig);
    let mut g = Gen { b: Builder::new(module, &mut func), mem };
    let sum = g.b.scalar_slot(Ty::I64);
    let mut homes = Vec::new();
    for ty in &case.params[..case.named] {
        match ty {
            CType::Scalar(_) => {
                g.b.param_home(ParamHome::Value);
                homes.push(None);
            }
            CType::Struct { size, .. } => {
                let slot = g.b.slot(*size, 16, Ty::Void);
                g.b.param_home(ParamHome::Slot(slot));
                homes.push(Some(slot));
            }
        }
    }
    let mut values = Vec::new();
    for (idx, ty) in case.params[..case.named].iter().enumerate() {
        values.push(match ty {
            CType::Scalar(scalar) => Some(g.b.param(SCALARS[*scalar].0, idx as u32)),
            CType::Struct { .. } => None,
        });
    }
    let zero = g.b.iconst(Ty::I64, 1);
    g.b.slot_set(sum, zero);
    for (idx, ty) in case.params[..case.named].iter().enumerate() {
        match ty {
            CType::Scalar(scalar) => {
                let v = g.widen(values[idx].expect("a scalar"), *scalar);
                g.mix(sum, v);
            }
            CType::Struct { fields, .. } => g.mix_struct(sum, homes[idx].expect("an aggregate"), fields),
        }
    }
    if case.named < case.params.len() {
        let list = g.b.slot(24, 8, Ty::Void);
        let addr = g.b.slot_addr(list, 0);
        g.b.va_start(addr);
        for ty in &case.params[case.named..] {
            let addr = g.b.slot_addr(list, 0);
            match ty {
                CType::Scalar(scalar) => {
                    let v = g.b.va_arg(SCALARS[*scalar].0, addr);
                    let v = g.widen(v, *scalar);
                    g.mix(sum, v);
                }
                CType::Struct { fields, layout, size, .. } => {
                    let slot = g.b.slot(*size, 16, Ty::Void);
                    let dst = g.b.slot_addr(slot, 0);
                    g.b.va_arg_aggregate(*layout, addr, dst);
                    g.mix_struct(sum, slot, fields);
                }
            }
        }
        let addr = g.b.slot_addr(list, 0);
        g.b.va_end(addr);
    }
    match &case.ret {
        CType::Scalar(scalar) => {
            let ty = SCALARS[*scalar].0;
            let v = g.number_of(sum, ty);
            g.b.ret(ty, Some(v));
        }
        CType::Struct { fields, size, .. } => {
            let slot = g.b.slot(*size, 16, Ty::Void);
            g.fill_struct(slot, fields, &mut |g, ty| g.number_of(sum, ty));
            let addr = g.b.slot_addr(slot, 0);
            g.b.ret(Ty::Ptr, Some(addr));
        }
    }
    func
}

/// `long call<n>(void)`: calls gcc's function with constants and folds its result.
fn caller(module: &mut Module, case: &Case, symbol: Symbol, target: Symbol, sig: SigId, variadic_sig: SigId) -> Func {
    let mem = mem_of(module);
    let mut func = Func::new(symbol, sig);
    let mut g = Gen { b: Builder::new(module, &mut func), mem };
    let sum = g.b.scalar_slot(Ty::I64);
    let one = g.b.iconst(Ty::I64, 1);
    g.b.slot_set(sum, one);
    let mut n = 0;
    let mut args = Vec::new();
    let mut result = None;
    if let CType::Struct { size, .. } = &case.ret {
        let slot = g.b.slot(*size, 16, Ty::Void);
        result = Some(slot);
        args.push(g.b.slot_addr(slot, 0));
    }
    for ty in &case.params {
        match ty {
            CType::Scalar(scalar) => {
                args.push(g.constant(SCALARS[*scalar].0, value_of(n)));
                n += 1;
            }
            CType::Struct { fields, size, .. } => {
                let slot = g.b.slot(*size, 16, Ty::Void);
                g.fill_struct(slot, fields, &mut |g, ty| {
                    n += 1;
                    g.constant(ty, value_of(n - 1))
                });
                args.push(g.b.slot_addr(slot, 0));
            }
        }
    }
    let ret = match &case.ret {
        CType::Scalar(scalar) => SCALARS[*scalar].0,
        CType::Struct { .. } => Ty::Void,
    };
    let v = g.b.call(target, variadic_sig, ret, &args, CallFlags::default());
    match (&case.ret, result) {
        (CType::Scalar(scalar), _) => {
            let v = g.widen(v, *scalar);
            g.mix(sum, v);
        }
        (CType::Struct { fields, .. }, Some(slot)) => g.mix_struct(sum, slot, fields),
        _ => unreachable!("an aggregate has a slot"),
    }
    let total = g.b.slot_get(sum);
    g.b.ret(Ty::I64, Some(total));
    func
}

/// The function and its calls in C.
fn c_side(out: &mut String, main: &mut String, case: &Case, idx: usize) {
    let mut write_line = |text: String| writeln!(out, "{text}").expect("a string");
    let params: Vec<String> =
        case.params[..case.named].iter().enumerate().map(|(n, ty)| format!("{} p{n}", ty.c_name())).collect();
    let mut list = params.join(", ");
    if case.named < case.params.len() {
        list += ", ...";
    } else if list.is_empty() {
        list = "void".into();
    }
    let ret = case.ret.c_name();
    write_line(format!("{ret} k{idx}({list});\nlong call{idx}(void);\n{ret} g{idx}({list}) {{\n  long s = 1;"));
    let fold = |ty: &CType, name: &str| match ty {
        CType::Scalar(_) => format!("  s = s * 31 + (long)({name});"),
        CType::Struct { fields, .. } => {
            (0..fields.len()).map(|n| format!("  s = s * 31 + (long)({name}.m{n});\n")).collect()
        }
    };
    for (n, ty) in case.params[..case.named].iter().enumerate() {
        write_line(fold(ty, &format!("p{n}")));
    }
    if case.named < case.params.len() {
        write_line(format!("  va_list ap; va_start(ap, p{});", case.named - 1));
        for ty in &case.params[case.named..] {
            let name = ty.c_name();
            write_line(format!("  {{ {name} v = va_arg(ap, {name});\n{} }}", fold(ty, "v")));
        }
        write_line("  va_end(ap);".into());
    }
    match &case.ret {
        CType::Scalar(scalar) => write_line(format!("  return ({})(s & 63);\n}}", SCALARS[*scalar].1)),
        CType::Struct { fields, .. } => {
            write_line(format!("  {ret} r;"));
            for (n, (scalar, _)) in fields.iter().enumerate() {
                write_line(format!("  r.m{n} = ({})(s & 63);", SCALARS[*scalar].1));
            }
            write_line("  return r;\n}".into());
        }
    }
    let mut n = 0;
    let mut scalar_text = |scalar: Scalar| {
        n += 1;
        format!("({}){}", SCALARS[scalar].1, value_of(n - 1))
    };
    let args: Vec<String> = case
        .params
        .iter()
        .map(|ty| match ty {
            CType::Scalar(scalar) => scalar_text(*scalar),
            CType::Struct { name, fields, .. } => {
                let fields: Vec<String> = fields.iter().map(|&(scalar, _)| scalar_text(scalar)).collect();
                format!("(struct {name}){{ {} }}", fields.join(", "))
            }
        })
        .collect();
    let args = args.join(", ");
    for (name, function) in [("gcc->gcc", "g"), ("gcc->kit", "k")] {
        let folded = fold(&case.ret, "r");
        writeln!(main, "  {{ long s = 1; {ret} r = {function}{idx}({args});\n{folded}").expect("a string");
        writeln!(main, "    printf(\"{idx} {name} %ld\\n\", s); }}").expect("a string");
    }
    writeln!(main, "  printf(\"{idx} kit->gcc %ld\\n\", call{idx}());").expect("a string");
}

fn build(seed: u64, n_cases: usize, pic: PicLevel) -> (ir::record::Unit, String) {
    let mut rng = Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut module = Module::new(UnitOptions { pic, ..UnitOptions::default() });
    let mut recorder = Recorder::new();
    let (mut header, mut functions, mut main) = (String::new(), String::new(), String::new());
    let mut n_structs = 0;
    for idx in 0..n_cases {
        let n_params = rng.below(13) as usize;
        let mut params: Vec<CType> =
            (0..n_params).map(|_| random_type(&mut rng, &mut module, &mut header, &mut n_structs)).collect();
        let ret = random_type(&mut rng, &mut module, &mut header, &mut n_structs);
        let mut named = params.len();
        if named > 0 && rng.below(3) == 0 {
            named = 1 + rng.below(named as u64) as usize;
            let last = promoted(params[named - 1].clone());
            params[named - 1] = last;
        }
        let params: Vec<CType> =
            params.into_iter().enumerate().map(|(n, ty)| if n < named { ty } else { promoted(ty) }).collect();
        let variadic = named < params.len();
        let case = Case { params, named, ret };
        let signature = |n: usize| Signature {
            ret: case.ret.param(),
            params: case.params[..n].iter().map(CType::param).collect(),
            variadic,
            unprototyped: false,
        };
        let sig = module.intern_sig(signature(case.named));
        let call_sig = module.intern_sig(signature(case.params.len()));
        let long = Param::Scalar { ty: Ty::I64, ext: Ext::None };
        let test_sig = module.intern_sig(Signature { ret: long, params: vec![], variadic: false, unprototyped: false });
        let ours = declare(&mut module, &format!("k{idx}"), true);
        let theirs = declare(&mut module, &format!("g{idx}"), false);
        let calls = declare(&mut module, &format!("call{idx}"), true);
        let mut func = callee(&mut module, &case, ours, sig);
        recorder.function(&module, &mut func);
        let mut func = caller(&mut module, &case, calls, theirs, test_sig, call_sig);
        recorder.function(&module, &mut func);
        c_side(&mut functions, &mut main, &case, idx);
    }
    recorder.finish(&module);
    let driver = format!(
        "#include <stdio.h>\n#include <stdarg.h>\n{header}{functions}int main(void) {{\n{main}  return 0;\n}}\n"
    );
    (recorder.unit, driver)
}

fn check(seed: u64, pic: PicLevel, flags: &[&str]) {
    let n_cases = 25;
    let (unit, driver) = build(seed, n_cases, pic);
    let dir = common::scratch(&format!("calls-{seed}"));
    std::fs::write(dir.join("driver.c"), driver).expect("writable");
    std::fs::write(dir.join("unit.ir"), ir::text::print(&unit)).expect("writable");
    for (object, program, spill) in [("fast.o", "./fast", false), ("spill.o", "./spill", true)] {
        let bytes = common::compile_unit(&unit, spill).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        std::fs::write(dir.join(object), bytes).expect("writable");
        let mut args = vec!["-O1", "-w", "-o", program, "driver.c", object];
        args.extend(flags);
        common::tool(&dir, "gcc", &args);
        let output = common::tool(&dir, program, &[]);
        let lines: Vec<&str> = output.lines().collect();
        assert_eq!(lines.len(), 3 * n_cases);
        for of_case in lines.chunks(3) {
            let results: Vec<&str> = of_case.iter().map(|line| line.rsplit(' ').next().expect("a number")).collect();
            assert!(
                results.iter().all(|r| *r == results[0]),
                "seed {seed}, {program} in {}: {of_case:?}",
                dir.display()
            );
        }
    }
    std::fs::remove_dir_all(&dir).expect("removable");
}

/// More seeds: `KIT_CALL_SEEDS=1000..2000 cargo test -p arch-x86_64 --test calls`.
#[test]
fn calls_agree_with_gcc_both_ways() {
    let range = std::env::var("KIT_CALL_SEEDS").unwrap_or_else(|_| "1..9".into());
    let (first, last) = range.split_once("..").expect("a range of seeds");
    for seed in first.parse().expect("a number")..last.parse().expect("a number") {
        match seed % 3 {
            0 => check(seed, PicLevel::None, &["-no-pie"]),
            1 => check(seed, PicLevel::Pie, &["-pie"]),
            _ => check(seed, PicLevel::Pic, &["-pie"]),
        }
    }
}
