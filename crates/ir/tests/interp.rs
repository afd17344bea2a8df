//! The interpreter runs programs in text form: every operation, calls, limits, faults, the host.

use ir::Ty;
use ir::interp::{Arg, ExternData, Externs, Limits, Machine, NoExterns, Program, Stop, Word};
use ir::ops::OPS;
use ir::text::parse;
use ir::verify::verify;
use std::collections::BTreeSet;

const HEAD: &str = "sig sig0 () -> i32 sig sig1 (i64, i64) -> i64 mem m0 align_log2 0
    sig sig2 (i32) -> i64 variadic layout layout0 size 24 align 8 (0 i64, 8 i64, 16 i64)
    sig sig3 (layout0, i64) -> layout0 sig sig4 (i64) -> i64
    symbol g0 \"f\" function global defined ";

/// Runs `f` of a unit: signatures and `f` are declared already.
fn run(text: &str, args: &[Arg]) -> Result<Word, Stop> {
    let unit = parse(format!("{HEAD}{text}").as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
    let module = unit.module();
    for func in unit.functions() {
        assert_eq!(verify(&module, func), []);
    }
    let program = Program::link(&[unit], &mut NoExterns)?;
    let mut machine = Machine::new(&program, Limits { steps: 100_000, ..Limits::default() });
    let f = program.address(b"f").unwrap();
    machine.call(&mut NoExterns, f, args)
}

/// The value of `v2` in `f(v0, v1)`.
fn eval(inst: &str, a: u64, b: u64) -> Result<u64, Stop> {
    let ty = if inst.contains("icmp") || inst.contains("i32") { "i32" } else { "i64" };
    let widen = if ty == "i32" { "v3 = zext.i64 v2 ret.i64 v3" } else { "ret.i64 v2" };
    let text = format!(
        "func @f sig1 {{ params value, value b0: v0 = param.i64 0 v1 = param.i64 1 v2 = {inst} v0, v1 {widen} }}"
    );
    run(&text, &[Arg::scalar(Ty::I64, a), Arg::scalar(Ty::I64, b)]).map(|word| word.lo)
}

#[test]
fn arithmetic_is_total_or_traps() {
    let min = i64::MIN as u64;
    assert_eq!(eval("add.i64", u64::MAX, 2), Ok(1));
    assert_eq!(eval("sdiv.i64", -7i64 as u64, 2), Ok(-3i64 as u64));
    assert_eq!(eval("srem.i64", -7i64 as u64, 2), Ok(-1i64 as u64));
    assert_eq!(eval("shl.i64", 3, 65), Ok(6));
    assert_eq!(eval("ashr.i64", min, 63), Ok(u64::MAX));
    assert_eq!(eval("rotl.i64", min | 1, 1), Ok(3));
    assert_eq!(eval("mulhs.i64", u64::MAX, 5), Ok(u64::MAX));
    assert_eq!(eval("mulhu.i64", u64::MAX, 5), Ok(4));
    assert_eq!(eval("icmp.i64 slt", min, 0), Ok(1));
    assert_eq!(eval("icmp.i64 ult", min, 0), Ok(0));
    let trap = |message: &str| Err(Stop::Trap(format!("in `f`: v2: {message}")));
    assert_eq!(eval("udiv.i64", 1, 0), trap("division by zero"));
    assert_eq!(eval("sdiv.i64", min, u64::MAX), trap("quotient does not fit"));
    assert_eq!(eval("srem.i64", min, u64::MAX), trap("quotient does not fit"));
}

#[test]
fn wide_integers_and_floats() {
    // The high half of a 128-bit product; the root of 2 in extended precision.
    let wide = "wide w0 0xffffffffffffffffffffffffffffffff wide w1 0x40008000000000000000
        func @f sig1 { params value, value b0: v0 = param.i64 0 v1 = param.i64 1 v2 = zext.i128 v0 v3 = sext.i128 v1
        v4 = mul.i128 v2, v3 v5 = wideconst.i128 w0 v6 = mulhu.i128 v5, v5 v7 = add.i128 v4, v6
        v8 = iconst.i64 64 v9 = zext.i128 v8 v10 = lshr.i128 v7, v9 v11 = trunc.i64 v10 ret.i64 v11 }";
    let args = [Arg::scalar(Ty::I64, 5), Arg::scalar(Ty::I64, u64::MAX)];
    // -5 + (2^128 - 2): the high half is all ones.
    assert_eq!(run(wide, &args), Ok(Word::new(u64::MAX)));
    let float = "wide w0 0x40008000000000000000 func @f sig1 { params value, value b0: v0 = wideconst.f80 w0
        v1 = fsqrt.f80 v0 v2 = fmul.f80 v1, v1 v3 = fptrunc.f64 v2 v4 = bitcast.i64 v3 ret.i64 v4 }";
    assert_eq!(run(float, &args), Ok(Word::new(2f64.to_bits())));
}

#[test]
fn calls_pass_aggregates_and_variable_arguments() {
    // sum(n, ...) adds n cells: an i64, then an aggregate's middle.
    let text = "symbol g1 \"sum\" function local symbol g2 \"pass\" function local
        sig sig5 (i32, i64, layout0) -> i64 variadic
        func @sum sig2 { params value slot s0 24 align 8 void slot s1 24 align 8 void slot s2 24 align 8 void
        b0: v0 = param.i32 0 v1 = slot_addr.ptr s0, 0 va_start v1
        v3 = slot_addr.ptr s2, 0 copy v3, v1, 24 m0 v5 = va_arg.i64 v3
        v6 = slot_addr.ptr s1, 0 va_arg_agg v3, layout0, v6 v8 = load.i64 v6, 8 m0 v9 = add.i64 v5, v8
        v10 = va_arg.i64 v1 v11 = add.i64 v9, v10 va_end v1 ret.i64 v11 }
        func @pass sig3 { params s0, value slot s0 24 align 8 void b0: v0 = param.i64 1 v1 = slot_addr.ptr s0, 0
        store.i64 v1, v0, 8 m0 ret.ptr v1 }
        func @f sig1 { params value, value slot s0 24 align 8 void slot s1 24 align 8 void
        b0: v0 = param.i64 0 v1 = param.i64 1 v2 = slot_addr.ptr s0, 0 fill v2, 0, 24 m0
        v4 = slot_addr.ptr s1, 0 call @pass, (v4, v2, v1), sig3
        v6 = iconst.i32 2 v7 = call.i64 @sum, (v6, v0, v4), sig5
        v8 = load.i64 v2, 8 m0 v9 = add.i64 v7, v8 ret.i64 v9 }";
    let args = [Arg::scalar(Ty::I64, 100), Arg::scalar(Ty::I64, 7)];
    assert_eq!(run(text, &args), Ok(Word::new(207)));
}

#[test]
fn loops_switches_labels_and_data() {
    let text = "symbol g1 \"here\" label local symbol g2 \"there\" label local symbol g3 \"table\" data local
        data @table size 16 align 8 { at 0: @here addend 0 size 8 at 8: @there addend 0 size 8 }
        func @f sig1 { params value, value slot s0 8 align 8 i64
        b0: v0 = param.i64 0 v1 = param.i64 1 jump b1, (v0, v1)
        b1: v3 = block_param.i64 0 v4 = block_param.i64 1 v5 = iconst.i64 -1 v6 = add.i64 v3, v5
            v7 = add.i64 v4, v3 branch.i64 v6, b2, b3
        b2: jump b1, (v6, v7)
        b3: set.i64 s0, v7 switch.i64 v7, [5: b4, 6: b5], b6
        b4: unreachable
        b5: v13 = sym_addr.ptr @table, 8 v14 = load.ptr v13, 0 m0 jump_indirect.ptr v14
        b6: ret.i64 v7
        b7: label @here unreachable
        b8: label @there v18 = get.i64 s0 v19 = add.i64 v18, v18 ret.i64 v19 }";
    assert_eq!(run(text, &[Arg::scalar(Ty::I64, 3), Arg::scalar(Ty::I64, 0)]), Ok(Word::new(12)));
    assert_eq!(run(text, &[Arg::scalar(Ty::I64, 4), Arg::scalar(Ty::I64, 0)]), Ok(Word::new(10)));
}

#[test]
fn limits_and_faults_end_a_run() {
    let trap = |text: &str| Err(Stop::Trap(format!("in `f`: {text}")));
    let none: &[Arg] = &[];
    assert_eq!(run("func @f sig0 { b0: jump b1, () b1: jump b1, () }", none), Err(Stop::Limit("steps")));
    let recursive = "func @f sig4 { params value b0: v0 = param.i64 0 v1 = call.i64 @f, (v0), sig4 ret.i64 v1 }";
    assert!(matches!(run(recursive, &[Arg::scalar(Ty::I64, 0)]), Err(Stop::Limit(_))));
    let null = "func @f sig0 { b0: v0 = iconst.ptr 16 v1 = load.i32 v0, 0 m0 ret.i32 v1 }";
    assert_eq!(run(null, none), trap("4 bytes at 0x10 cannot be read"));
    let constant = "symbol g1 \"c\" data local data @c size 4 align 4 read_only { }
        func @f sig0 { b0: v0 = sym_addr.ptr @c, 0 v1 = iconst.i32 1 store.i32 v0, v1, 0 m0 ret.i32 v1 }";
    assert!(matches!(run(constant, none), Err(Stop::Trap(text)) if text.ends_with("cannot be written")));
    let missing =
        "symbol g1 \"setjmp\" function global func @f sig0 { b0: v0 = call.i32 @setjmp, (), sig0 ret.i32 v0 }";
    assert_eq!(run(missing, none), Err(Stop::CannotRun("nobody defines `setjmp`".into())));
    let object =
        "symbol g1 \"x\" data global func @f sig0 { b0: v0 = sym_addr.ptr @x, 0 v1 = load.i32 v0, 8 m0 ret.i32 v1 }";
    assert_eq!(run(object, none), Err(Stop::CannotRun("nobody defines `x`".into())));
}

/// `twice(f, x)` calls `f(f(x))`; `one` is an object.
struct Host;

impl Externs for Host {
    fn function(&mut self, name: &[u8]) -> Option<u32> {
        (name == b"twice").then_some(7)
    }

    fn data(&mut self, name: &[u8]) -> Option<ExternData> {
        (name == b"one").then(|| ExternData { align: 8, bytes: 1u64.to_le_bytes().to_vec() })
    }

    fn call(&mut self, function: u32, machine: &mut Machine<'_>, args: &[Arg], ret: Ty) -> Result<Word, Stop> {
        assert_eq!((function, ret, args.len()), (7, Ty::I64, 2));
        let once = machine.call(self, args[0].word.lo, &[args[1]])?;
        machine.call(self, args[0].word.lo, &[Arg { word: once, ..args[1] }])
    }
}

#[test]
fn closures_are_called_with_their_chain() {
    let text = "symbol g1 \"inner\" function local
        func @inner sig1 chain { params value, value b0: v0 = param.i64 0 v1 = param.i64 1 v2 = chain.ptr
            v3 = load.i64 v2, 0 m0 v4 = add.i64 v3, v1 store.i64 v2, v4, 0 m0 v6 = mul.i64 v0, v4 ret.i64 v6 }
        func @f sig1 { params value, value slot s0 48 align 16 void slot s1 8 align 8 void
            b0: v0 = param.i64 0 v1 = param.i64 1 v2 = slot_addr.ptr s0, 0 v3 = slot_addr.ptr s1, 0 store.i64 v3, v1, 0 m0
            v5 = sym_addr.ptr @inner, 0 v6 = closure.ptr v2, v5, v3
            v7 = call_indirect.i64 v6, (v0, v1), sig1 v8 = call_indirect.i64 v6, (v7, v1), sig1
            v9 = load.i64 v3, 0 m0 v10 = add.i64 v8, v9 ret.i64 v10 }";
    // The chain leads to 5: 5 + 5, then 10 + 5.
    let args = [Arg::scalar(Ty::I64, 2), Arg::scalar(Ty::I64, 5)];
    assert_eq!(run(text, &args), Ok(Word::new(2 * 10 * 15 + 15)));
}

#[test]
fn units_are_joined_and_the_host_calls_back() {
    let first = "sig sig0 (i64) -> i64 sig sig1 (ptr, i64) -> i64 symbol g0 \"f\" function global
        symbol g1 \"inc\" function global symbol g2 \"twice\" function global symbol g3 \"inc2\" function local alias g1
        func @f sig0 { params value b0: v0 = param.i64 0 v1 = sym_addr.ptr @inc2, 0
        v2 = call.i64 @twice, (v1, v0), sig1 ret.i64 v2 }";
    let second = "sig sig0 (i64) -> i64 mem m0 align_log2 3 symbol g0 \"inc\" function weak
        symbol g1 \"one\" data global
        func @inc sig0 { params value b0: v0 = param.i64 0 v1 = sym_addr.ptr @one, 0 v2 = load.i64 v1, 0 m0
        v3 = add.i64 v0, v2 ret.i64 v3 }";
    let units = [first, second].map(|text| parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}")));
    let program = Program::link(&units, &mut Host).unwrap();
    let mut machine = Machine::new(&program, Limits::default());
    let f = program.address(b"f").unwrap();
    assert_eq!(machine.call(&mut Host, f, &[Arg::scalar(Ty::I64, 40)]), Ok(Word::new(42)));
    let twice = [units[0].clone(), units[0].clone()];
    assert!(matches!(Program::link(&twice, &mut Host), Err(Stop::CannotRun(text)) if text == "`f` is defined twice"));
}

/// Operations with what `f(7, -3)` gives with them; all others are run by the tests above. `v0`, `v1` are the
/// parameters, `v2` the address of 48 bytes of memory.
const BODIES: &[(&str, u64)] = &[
    (
        "v3 = and.i64 v0, v1 v4 = or.i64 v3, v0 v5 = xor.i64 v4, v1 v6 = not.i64 v5 v7 = neg.i64 v6 ret.i64 v7",
        -5i64 as u64,
    ),
    ("v3 = mul.i64 v0, v1 v4 = sub.i64 v3, v1 ret.i64 v4", -18i64 as u64),
    ("v3 = trunc.i32 v1 v4 = udiv.i32 v3, v3 v5 = urem.i32 v3, v3 v6 = add.i32 v4, v5 v7 = zext.i64 v6 ret.i64 v7", 1),
    (
        "v3 = rotr.i64 v0, v0 v4 = clz.i64 v3 v5 = ctz.i64 v3 v6 = popcnt.i64 v1 v7 = add.i64 v5, v6 v8 = add.i64 v7, v4 ret.i64 v8",
        57 + 63 + 4,
    ),
    ("v3 = trunc.i16 v0 v4 = bswap.i16 v3 v5 = sext.i64 v4 ret.i64 v5", 0x700),
    ("v3 = iconst.i32 0 v4 = select.i64 v3, v0, v1 ret.i64 v4", -3i64 as u64),
    (
        "v3 = stofp.f64 v1 v4 = utofp.f64 v0 v5 = fdiv.f64 v4, v3 v6 = fabs.f64 v5 v7 = fneg.f64 v6 v8 = fcopysign.f64 v6, v7 v9 = fadd.f64 v8, v3 v10 = fsub.f64 v9, v4 v11 = fmul.f64 v10, v4 v12 = fptos.i64 v11 ret.i64 v12",
        -86i64 as u64,
    ),
    (
        "v3 = fconst.f32 2.25 v4 = fsqrt.f32 v3 v5 = fpext.f64 v4 v6 = fptrunc.f32 v5 v7 = bitcast.i32 v6 v8 = zext.i64 v7 ret.i64 v8",
        0x3fc0_0000,
    ),
    (
        "v3 = fconst.f64 3.75 v4 = fptou.i32 v3 v5 = fcmp.f64 ult v3, v3 v6 = add.i32 v4, v5 v7 = zext.i64 v6 ret.i64 v7",
        3,
    ),
    (
        "v3 = alloca.ptr v0, 64 v4 = stack_save.ptr store.i64 v3, v0, 0 m0 stack_restore v4 v7 = load.i64 v3, 0 m0 prefetch v3 ret.i64 v7",
        7,
    ),
    ("v3 = frame_address.ptr 0 v4 = return_address.ptr 0 v5 = icmp.i64 eq v0, v1 v6 = zext.i64 v5 ret.i64 v6", 0),
    (
        "store.i64 v2, v0, 8 m0 v4 = iconst.i64 8 v5 = add.ptr v2, v4 v6 = atomic_rmw.i64 v5, v1, add m0 v7 = atomic_cmpxchg.i64 v5, (v4, v1) m0 fence seq_cst v9 = load.i64 v5, 0 m0 v10 = mul.i64 v9, v7 ret.i64 v10",
        16,
    ),
    (
        "store.i64 v2, v0, 8 m0 v4 = iconst.i64 8 v5 = add.ptr v2, v4 v6 = atomic_rmw.i64 v5, v1, nand m0 v7 = load.i64 v5, 0 m0 v8 = add.i64 v6, v7 ret.i64 v8",
        // 7 and the complement of 5.
        1,
    ),
    (
        "nop va_copy v2, v2 va_end v2 branch.i64 v0, b1, b2 b1: v7 = iconst.i64 0 v8 = sym_addr.ptr @f, 0 v9 = icmp.i64 sgt v0, v7 branch.i32 v9, b2, b3 b2: ret.i64 v1 b3: v12 = call_indirect.i64 v8, (v7, v7), sig1 ret.i64 v12",
        -3i64 as u64,
    ),
    ("trap ret.i64 v0", 0),
];

/// Assembly has no meaning here: a program that comes to it cannot be run, and says so.
#[test]
fn inline_assembly_cannot_run() {
    for end in ["asm a0, () ret.i64 v0", "asm_goto a0, (), b1 b1: ret.i64 v0"] {
        let text = format!(
            "func @f sig1 {{ params value, value asm a0 \"nop\" pos 0 b0: v0 = param.i64 0 v1 = param.i64 1 {end} }}"
        );
        let args = [Arg::scalar(Ty::I64, 7), Arg::scalar(Ty::I64, 8)];
        assert_eq!(run(&text, &args).unwrap_err(), Stop::CannotRun("inline assembly".into()));
    }
}

#[test]
fn every_operation_runs() {
    let args = [Arg::scalar(Ty::I64, 7), Arg::scalar(Ty::I64, -3i64 as u64)];
    for (body, expected) in BODIES {
        let text = format!(
            "func @f sig1 {{ params value, value slot s0 48 align 16 void
            b0: v0 = param.i64 0 v1 = param.i64 1 v2 = slot_addr.ptr s0, 0 {body} }}"
        );
        match run(&text, &args) {
            Ok(word) => assert_eq!(word.lo, *expected, "{body}"),
            Err(stop) => assert_eq!(stop, Stop::Trap("in `f`: v3: trap".into()), "{body}"),
        }
    }
    // Every operation's name stands in a program of this file.
    let file = include_str!("interp.rs");
    let words: BTreeSet<&str> = file.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').collect();
    let untried: Vec<&str> = OPS.iter().map(|row| row.name).filter(|name| !words.contains(name)).collect();
    assert_eq!(untried, [""; 0]);
    println!("figure: operations {}", OPS.len());
}
