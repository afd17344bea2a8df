//! One unit with everything in it: every operation, every kind of item.

use base::Pos;
use base::ids::Id;
use ir::debug::{
    DebugType, Encoding, FuncDebug, GlobalVar, LocalVar, Member, Qualifier, Scope, ScopeData, TypeData, VarHome,
};
use ir::func::{Asm, AsmOperand, AsmRole, CallFlags, FuncFlags, ParamHome};
use ir::module::{
    AtomicOrder, DataDef, DataReloc, Linkage, MemDesc, SectionName, SymbolDecl, SymbolKind, UnitOptions, Visibility,
};
use ir::ops::{AtomicRmw, OPS};
use ir::record::Recorder;
use ir::types::{Ext, Layout, Leaf, Param, Signature};
use ir::verify::verify;
use ir::{Builder, Cond, FCond, Func, FunctionSink, Module, Op, Symbol, Ty, Unit};

fn declare(module: &mut Module, name: &str, kind: SymbolKind, linkage: Linkage) -> Symbol {
    module.declare(SymbolDecl {
        name: name.as_bytes().into(),
        kind,
        linkage,
        visibility: Visibility::Default,
        defined: false,
        section: SectionName::NONE,
        alias: None,
    })
}

fn scalar(ty: Ty) -> Param {
    Param::Scalar { ty, ext: if ty == Ty::I8 { Ext::Sign } else { Ext::None } }
}

/// A unit with everything in it: every operation, every kind of item.
pub fn everything() -> Unit {
    let mut recorder = Recorder::new();
    let options = UnitOptions {
        file_name: "dir/ä \"x\".c".into(),
        debug: true,
        opt_level: 2,
        asm_syntax: 1,
        ..Default::default()
    };
    let mut module = Module::new(options);
    let pair = module.intern_layout(Layout {
        size: 12,
        align: 4,
        leaves: vec![Leaf { offset: 0, ty: Ty::I64 }, Leaf { offset: 8, ty: Ty::F32 }],
        complete: true,
        unaligned: true,
        complex: true,
    });
    let section = module.sections.push((*b".text.hot").into());
    let sig = module.intern_sig(Signature {
        ret: Param::Aggregate(pair),
        params: vec![scalar(Ty::I8), Param::Aggregate(pair), scalar(Ty::F64)],
        variadic: true,
        unprototyped: false,
    });
    let main_sig =
        module.intern_sig(Signature { ret: scalar(Ty::I32), params: vec![], variadic: false, unprototyped: true });
    let f = declare(&mut module, "f", SymbolKind::Function, Linkage::Global);
    let odd = declare(&mut module, "odd name\"\\\u{e4}", SymbolKind::Data, Linkage::Local);
    let tls = declare(&mut module, "t$1.x", SymbolKind::Tls, Linkage::Weak);
    let shadow = declare(&mut module, "f", SymbolKind::Label, Linkage::Local);
    let common = declare(&mut module, "c", SymbolKind::Data, Linkage::Common);
    debug_types(&mut module, tls);
    recorder.data(
        &module,
        DataDef {
            symbol: odd,
            align: 8,
            size: 100,
            bytes: (0..100u8).map(|n| n.wrapping_mul(3)).collect(),
            relocs: vec![
                DataReloc { offset: 8, target: f, addend: -4, size: 8, base: Symbol::NONE },
                DataReloc { offset: 16, target: shadow, addend: 0, size: 4, base: odd },
            ],
            read_only: true,
            merge: DataDef::MERGE_CONST,
        },
    );
    recorder.assembly(&module, b"  nop\n\tret\n", Pos(9));
    recorder.common(&module, common, 40, 16);
    module.symbols.change(f, |decl| {
        decl.defined = true;
        decl.section = section;
        decl.visibility = Visibility::Hidden;
    });
    let mut func = Func::new(f, sig);
    func.flags.set(FuncFlags::DYNAMIC_STACK);
    func.flags.set(FuncFlags::STACK_PROTECTOR);
    func.align = 64;
    fill_with_every_operation(&mut module, &mut func, [f, odd, shadow], main_sig);
    assert_eq!(verify(&module, &func), []);
    let used: Vec<Op> = func.insts.iter().map(|inst| inst.op).collect();
    for row in OPS {
        assert!(used.contains(&row.op) || row.op == Op::Nop, "{} is not tried", row.name);
    }
    recorder.function(&module, &mut func);
    if let TypeData::Record { members, .. } = &mut module.debug.types[DebugType(3)] {
        *members = Some(vec![]);
    }
    module.symbols.change(tls, |decl| decl.alias = Some(odd));
    recorder.finish(&module);
    recorder.unit
}

fn debug_types(module: &mut Module, tls: Symbol) {
    let debug = &mut module.debug;
    debug.directory = "/tmp".into();
    debug.producer = "kit".into();
    let pos = Pos(7);
    let int = debug.types.push(TypeData::Base { name: "int".into(), size: 4, encoding: Encoding::Signed });
    let to_void = debug.types.push(TypeData::Pointer(DebugType::NONE));
    debug.types.push(TypeData::Qualified(Qualifier::Const, int));
    let name = || "s".into();
    debug.types.push(TypeData::Record { name: name(), union: true, size: 0, align: 1, members: None, pos });
    let member = |name: &str, bit_size| Member {
        name: name.into(),
        ty: DebugType(3),
        offset: 8,
        bit_size,
        bit_offset: u64::from(bit_size) * 5,
        pos,
    };
    let members = Some(vec![member("a", 0), member("b", 3)]);
    debug.types.push(TypeData::Record { name: name(), union: false, size: 16, align: 8, members, pos });
    debug.types.push(TypeData::Typedef { name: name(), ty: to_void, pos });
    debug.types.push(TypeData::Array { element: int, count: Some(4), size: 16 });
    debug.types.push(TypeData::VariableArray { element: int, length: ir::func::Slot(3) });
    debug.types.push(TypeData::Array { element: int, count: None, size: 0 });
    debug.types.push(TypeData::Vector { element: int, count: 4 });
    let items = Some(vec![("A".into(), -1), ("B".into(), i64::MAX)]);
    debug.types.push(TypeData::Enum { name: name(), size: 8, signed: true, items, pos });
    debug.types.push(TypeData::Enum { name: name(), size: 4, signed: false, items: None, pos });
    debug.types.push(TypeData::Function { ret: int, params: vec![int, to_void], variadic: true, prototyped: true });
    debug.globals.push(GlobalVar { name: "t".into(), ty: int, symbol: tls, external: true, tls: true, pos });
}

fn statement(operands: Vec<AsmOperand>) -> Asm {
    let plain = operands.is_empty();
    let clobbers = vec![(*b"cc").into(), (*b"memory").into()];
    let syntax = u8::from(!plain);
    Asm { template: (*b"nop\n\t%0 \"").into(), plain, syntax, operands, clobbers, labels: vec![], pos: Pos(11) }
}

fn fill_with_every_operation(module: &mut Module, func: &mut Func, [f, odd, label]: [Symbol; 3], main_sig: ir::SigId) {
    let sig = func.sig;
    let plain = MemDesc { align_log2: 3, volatile: false, order: AtomicOrder::None, alias_root: 0 };
    let mem = module.intern_mem(plain);
    let seq = MemDesc { align_log2: 2, volatile: true, order: AtomicOrder::SeqCst, alias_root: 9 };
    let atomic = module.intern_mem(seq);
    let Param::Aggregate(pair) = module.sig(sig).ret else { unreachable!("the test's own signature") };
    let mut b = Builder::new(module, func);
    let arg_slot = b.slot(12, 4, Ty::Void);
    b.param_home(ParamHome::Value);
    b.param_home(ParamHome::Slot(arg_slot));
    b.param_home(ParamHome::Value);
    b.set_pos(Pos(10));
    let small = b.param(Ty::I8, 0);
    let double = b.param(Ty::F64, 2);
    let chain = b.chain();
    let counter = b.scalar_slot(Ty::I32);
    let list = b.slot(24, 8, Ty::Void);
    let one = b.iconst(Ty::I32, -1);
    let big = b.iconst(Ty::I64, i64::MIN);
    b.iconst(Ty::Ptr, 16);
    let single = b.f32const(1.5);
    b.f64const(f64::NAN);
    let extended = b.wide_const(Ty::F80, [0x80; 16]);
    let wide = b.wide_const(Ty::I128, [7; 16]);
    b.slot_set(counter, one);
    let addr = b.slot_addr(arg_slot, -4);
    let list_addr = b.slot_addr(list, 0);
    let other = b.sym_addr(odd, -8);
    b.closure(list_addr, other, chain);
    b.set_pos(Pos(12));
    let loaded = b.load(Ty::I64, addr, -8, mem);
    b.store(Ty::F80, other, 16, extended, atomic);
    b.copy(addr, other, 12, mem);
    b.fill(addr, 0xff, 12, mem);
    for row in OPS {
        match row.op {
            Op::Add | Op::Sub | Op::Mul | Op::SDiv | Op::UDiv | Op::SRem | Op::URem | Op::And | Op::Or | Op::Xor => {
                b.binary(row.op, Ty::I64, big, loaded);
            }
            Op::Shl | Op::LShr | Op::AShr | Op::MulHighS | Op::MulHighU | Op::RotL | Op::RotR => {
                b.binary(row.op, Ty::I32, one, one);
            }
            Op::Neg | Op::Not | Op::Clz | Op::Ctz | Op::Popcnt | Op::Bswap => {
                b.unary(row.op, Ty::I128, wide);
            }
            Op::Fadd | Op::Fsub | Op::Fmul | Op::Fdiv | Op::Fcopysign => {
                b.binary(row.op, Ty::F64, double, double);
            }
            Op::Fneg | Op::Fabs | Op::Fsqrt => {
                b.unary(row.op, Ty::F32, single);
            }
            _ => {}
        }
    }
    b.binary(Op::Add, Ty::Ptr, addr, loaded);
    b.binary(Op::Sub, Ty::I64, addr, loaded);
    let less = b.icmp(Cond::Ult, Ty::Ptr, addr, other);
    b.fcmp(FCond::Uno, Ty::F64, double, double);
    b.select(Ty::I64, less, big, loaded);
    b.unary(Op::Trunc, Ty::I16, big);
    b.unary(Op::Zext, Ty::I32, small);
    b.unary(Op::Sext, Ty::I64, small);
    b.unary(Op::Bitcast, Ty::F64, big);
    b.unary(Op::Fpext, Ty::F80, single);
    b.unary(Op::Fptrunc, Ty::F32, double);
    b.unary(Op::FptoS, Ty::I32, double);
    b.unary(Op::FptoU, Ty::I64, double);
    b.unary(Op::StoFp, Ty::F32, big);
    b.unary(Op::UtoFp, Ty::F64, big);
    b.call(f, sig, Ty::Void, &[addr, small, addr, double, one, extended], CallFlags::NORETURN);
    b.call_indirect(other, main_sig, Ty::I32, &[], CallFlags::default());
    b.va_start(list_addr);
    b.va_copy(list_addr, list_addr);
    b.va_arg(Ty::F64, list_addr);
    b.va_arg_aggregate(pair, list_addr, addr);
    b.va_end(list_addr);
    b.alloca(big, 32);
    let saved = b.stack_save();
    b.stack_restore(saved);
    b.frame_address(0);
    b.return_address(1);
    b.atomic_rmw(AtomicRmw::Nand, Ty::I32, addr, one, atomic);
    b.atomic_cmpxchg(Ty::I64, addr, big, loaded, atomic);
    b.fence(AtomicOrder::AcqRel);
    b.prefetch(addr);
    b.asm(statement(vec![]), &[], None);
    let [head, join, labelled, unfilled, never] = [(); 5].map(|()| b.block());
    b.set_label(labelled, label);
    let _ = unfilled;
    b.enter_loop();
    b.slot_get(counter);
    b.jump(head, &[]);
    b.start(head);
    let operands =
        [(AsmRole::Output(counter), "=&r"), (AsmRole::OutputAt, "+m"), (AsmRole::Input, "0"), (AsmRole::InputAt, "m")];
    let operand = |(role, text): (AsmRole, &str)| AsmOperand {
        role,
        constraint: text.as_bytes().into(),
        name: if text == "m" { (*b"name").into() } else { [].into() },
        register: if text == "=&r" { (*b"r10").into() } else { [].into() },
        size: 4,
    };
    let mut goto = statement(operands.map(operand).into());
    goto.labels = vec![((*b"out").into(), labelled)];
    let over = b.block();
    b.asm(goto, &[addr, one, addr], Some(over));
    b.start(over);
    b.jump(join, &[one, big]);
    b.start(labelled);
    b.jump_indirect(other);
    b.leave_loop();
    b.start(join);
    let joined = b.block_param(Ty::I32);
    b.block_param(Ty::I64);
    let (left, right) = (b.block(), b.block());
    b.switch(Ty::I32, joined, &[(1, left), (7, right), (0xffff_ffff, head)], labelled);
    b.start(left);
    b.branch(Ty::I64, big, right, never);
    b.start(right);
    b.ret(Ty::Ptr, Some(addr));
    b.start(never);
    b.trap();
    b.set_pos(Pos(99));
    b.unreachable();
    b.set_pos(Pos(100));
    let mut scopes = base::IdVec::new();
    let body = scopes.push(ScopeData { parent: Scope::NONE, first: 0, end: 90 });
    scopes.push(ScopeData { parent: body, first: 5, end: 6 });
    let var = |name: &str, home, param| LocalVar {
        name: name.into(),
        ty: DebugType(0),
        scope: body,
        home,
        param,
        pos: Pos(3),
    };
    let vars = vec![
        var("p", VarHome::Slot(arg_slot), true),
        var("v", VarHome::Indirect(counter), false),
        var("w", VarHome::Within(arg_slot, 4), false),
        var("s", VarHome::Static(odd), false),
        var("t", VarHome::ThreadLocal(odd), false),
    ];
    let (ty, pos, open, end) = (DebugType(1), Pos(1), Pos(3), Pos(2));
    func.debug = Some(Box::new(FuncDebug { name: "f".into(), ty, external: true, pos, open, end, scopes, vars }));
}
