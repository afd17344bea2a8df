//! The verifier: what every function must obey, told of all violations at once.
//!
//! In the order in which later checks rely on earlier ones: ids and lists in range, structure (blocks lie one after the
//! other and are ended), types (by [`rule`], one row per operation), parameters, calls and jumps against their
//! signatures and blocks, and last that each operand's definition dominates its use. Most operands are defined in the
//! block that uses them; the dominator tree is only made when one is not.
//!
//! Functions of any shape may be given: nothing is indexed before it was checked.

use crate::func::{AsmOperand, AsmRole, Block, Func, FuncFlags, Inst, ParamHome, Value};
use crate::module::{DataDef, Module, SymbolKind};
use crate::ops::{AtomicRmw, Aux, Cond, FCond, Op, Operand};
use crate::record::in_range;
use crate::types::{Param, SigId, Ty};
use base::ids::Id;
use std::fmt;

/// One violation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// Name of the function or data object.
    pub symbol: String,
    /// The instruction, or `NONE` for the function as a whole.
    pub value: Value,
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.symbol)?;
        if let Some(value) = self.value.some() {
            write!(f, "{value:?}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// More are not told: one mistake of a front end can repeat on every line.
const MAX_ERRORS: usize = 100;

/// Everything that is wrong with `func`, at most 100 things. Empty means that all consumers can rely on it.
pub fn verify<'a>(module: &'a Module, func: &'a Func) -> Vec<VerifyError> {
    let mut cx = Verifier { module, func, errors: Vec::new() };
    // Each phase relies on what those before it found in order.
    let phases: [fn(&mut Verifier<'a>); 6] = [
        Verifier::header,
        Verifier::ranges,
        Verifier::structure,
        Verifier::types,
        Verifier::control,
        Verifier::dominance,
    ];
    for phase in phases {
        phase(&mut cx);
        if !cx.errors.is_empty() {
            break;
        }
    }
    cx.errors
}

/// Everything that is wrong with `data`.
pub fn verify_data(module: &Module, data: &DataDef) -> Vec<VerifyError> {
    let mut errors = Vec::new();
    let n_symbols = module.symbols.len();
    let symbol = symbol_name(module, data.symbol);
    let mut say = |message: String| errors.push(VerifyError { symbol: symbol.clone(), value: Value::NONE, message });
    if !in_range(data.symbol, n_symbols) {
        say(format!("symbol {:?} does not exist", data.symbol));
    }
    if !data.align.is_power_of_two() {
        say(format!("alignment {} is not a power of two", data.align));
    }
    if data.bytes.len() as u64 > data.size {
        say(format!("{} bytes in an object of size {}", data.bytes.len(), data.size));
    }
    let mut last = 0;
    for reloc in &data.relocs {
        let end = reloc.offset.checked_add(u64::from(reloc.size));
        if !matches!(reloc.size, 4 | 8) || end.is_none_or(|end| end > data.size) || reloc.offset < last {
            say(format!("address at {} of size {} is out of order or range", reloc.offset, reloc.size));
        }
        last = reloc.offset;
        let base_ok = reloc.base.is_none() || in_range(reloc.base, n_symbols);
        if !in_range(reloc.target, n_symbols) || !base_ok {
            say(format!("address at {} is of a symbol that does not exist", reloc.offset));
        }
    }
    errors
}

fn symbol_name(module: &Module, symbol: crate::Symbol) -> String {
    match module.symbols.get(symbol) {
        Some(decl) => String::from_utf8_lossy(&decl.name).into_owned(),
        None => format!("{symbol:?}"),
    }
}

/// What a type may be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Class {
    Void,
    I32,
    I64,
    Ptr,
    Int,
    /// Integers and pointers.
    IntLike,
    /// Integers of at most 64 bits and pointers.
    Word,
    Float,
    /// f32 and f64.
    ShortFloat,
    /// Sixteen bytes.
    Wide,
    /// Any but `Void`.
    Some,
    Any,
    /// The instruction's `ty`.
    Same,
    /// The instruction's `ty`; an i64 when that is a pointer.
    Offset,
    /// The instruction's `ty`; a pointer when that is i64.
    SameOrPtr,
    /// An i64 when the instruction's `ty` is a pointer; the instruction's `ty` or a pointer when that is i64.
    OffsetOrPtr,
}

impl Class {
    /// Whether `ty` fits where the instruction's type is `inst_ty`.
    fn accepts(self, ty: Ty, inst_ty: Ty) -> bool {
        match self {
            Class::Void => ty == Ty::Void,
            Class::I32 => ty == Ty::I32,
            Class::I64 => ty == Ty::I64,
            Class::Ptr => ty == Ty::Ptr,
            Class::Int => ty.is_int(),
            Class::IntLike => ty.is_int_like(),
            Class::Word => ty.is_int_like() && ty != Ty::I128,
            Class::Float => ty.is_float(),
            Class::ShortFloat => matches!(ty, Ty::F32 | Ty::F64),
            Class::Wide => ty.size() == 16,
            Class::Some => ty != Ty::Void,
            Class::Any => true,
            Class::Same => ty == inst_ty,
            Class::Offset => ty == if inst_ty == Ty::Ptr { Ty::I64 } else { inst_ty },
            Class::SameOrPtr => ty == inst_ty || inst_ty == Ty::I64 && ty == Ty::Ptr,
            Class::OffsetOrPtr => match inst_ty {
                Ty::Ptr => ty == Ty::I64,
                Ty::I64 => matches!(ty, Ty::I64 | Ty::Ptr),
                _ => ty == inst_ty,
            },
        }
    }
}

/// Types of an operation: of `ty`, then of those of its words `a`, `b`, `c` that are values. What depends on more than
/// these (slots, signatures, sizes of conversions) is in [`Verifier::special`].
fn rule(op: Op) -> (Class, [Class; 3]) {
    use Class as C;
    const NONE: [Class; 3] = [Class::Any; 3];
    const TWO: [Class; 3] = [Class::Same, Class::Same, Class::Any];
    match op {
        Op::Nop | Op::Fence | Op::Trap | Op::Unreachable | Op::Jump | Op::Asm | Op::AsmGoto => (C::Void, NONE),
        Op::Iconst => (C::Word, NONE),
        Op::Fconst => (C::ShortFloat, NONE),
        Op::WideConst => (C::Wide, NONE),
        Op::Closure => (C::Ptr, [C::Ptr, C::Ptr, C::Ptr]),
        Op::SlotAddr | Op::SymAddr | Op::Chain | Op::StackSave | Op::FrameAddress | Op::ReturnAddress => (C::Ptr, NONE),
        Op::Param | Op::BlockParam | Op::SlotGet => (C::Some, NONE),
        Op::SlotSet => (C::Some, [C::Any, C::Same, C::Any]),
        Op::Load => (C::Some, [C::Ptr, C::Any, C::Any]),
        Op::Store => (C::Some, [C::Ptr, C::Same, C::Any]),
        Op::Copy | Op::VaCopy => (C::Void, [C::Ptr, C::Ptr, C::Any]),
        Op::Fill | Op::VaStart | Op::VaEnd | Op::StackRestore | Op::Prefetch => (C::Void, [C::Ptr, C::Any, C::Any]),
        Op::Add => (C::IntLike, [C::Same, C::Offset, C::Any]),
        Op::Sub => (C::IntLike, [C::SameOrPtr, C::OffsetOrPtr, C::Any]),
        Op::Mul | Op::SDiv | Op::UDiv | Op::SRem | Op::URem | Op::And | Op::Or | Op::Xor => (C::Int, TWO),
        Op::Shl | Op::LShr | Op::AShr | Op::RotL | Op::RotR | Op::MulHighS | Op::MulHighU => (C::Int, TWO),
        Op::Neg | Op::Not | Op::Clz | Op::Ctz | Op::Popcnt | Op::Bswap => (C::Int, [C::Same, C::Any, C::Any]),
        Op::Icmp => (C::IntLike, TWO),
        Op::Fcmp => (C::Float, TWO),
        Op::Select => (C::Some, [C::I32, C::Same, C::Same]),
        Op::Trunc | Op::Zext | Op::Sext => (C::IntLike, [C::IntLike, C::Any, C::Any]),
        Op::Bitcast => (C::Some, [C::Some, C::Any, C::Any]),
        Op::Fpext | Op::Fptrunc => (C::Float, [C::Float, C::Any, C::Any]),
        Op::FptoS | Op::FptoU => (C::Int, [C::Float, C::Any, C::Any]),
        Op::StoFp | Op::UtoFp => (C::Float, [C::Int, C::Any, C::Any]),
        Op::Fadd | Op::Fsub | Op::Fmul | Op::Fdiv | Op::Fcopysign => (C::Float, TWO),
        Op::Fneg | Op::Fabs | Op::Fsqrt => (C::Float, [C::Same, C::Any, C::Any]),
        Op::Call => (C::Any, NONE),
        Op::CallIndirect => (C::Any, [C::Ptr, C::Any, C::Any]),
        Op::VaArg => (C::Some, [C::Ptr, C::Any, C::Any]),
        Op::VaArgAggregate => (C::Void, [C::Ptr, C::Any, C::Ptr]),
        Op::Alloca => (C::Ptr, [C::I64, C::Any, C::Any]),
        Op::AtomicRmw => (C::IntLike, [C::Ptr, C::Offset, C::Any]),
        Op::AtomicCmpxchg => (C::IntLike, [C::Ptr, C::Any, C::Any]),
        Op::Branch => (C::IntLike, [C::Same, C::Any, C::Any]),
        Op::Switch => (C::Word, [C::Same, C::Any, C::Any]),
        Op::JumpIndirect => (C::Ptr, [C::Ptr, C::Any, C::Any]),
        Op::Ret => (C::Any, [C::Same, C::Any, C::Any]),
    }
}

struct Verifier<'a> {
    module: &'a Module,
    func: &'a Func,
    errors: Vec<VerifyError>,
}

impl Verifier<'_> {
    #[cold]
    fn say(&mut self, value: Value, message: String) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(VerifyError { symbol: symbol_name(self.module, self.func.symbol), value, message });
        }
    }

    #[cold]
    fn say_all(&mut self, message: String) {
        self.say(Value::NONE, message);
    }

    /// Symbol, signature, parameters' homes, slots.
    fn header(&mut self) {
        let (module, func) = (self.module, self.func);
        match module.symbols.get(func.symbol) {
            None => return self.say_all(format!("symbol {:?} does not exist", func.symbol)),
            Some(decl) if decl.kind != SymbolKind::Function => self.say_all("its symbol is not a function's".into()),
            Some(_) => {}
        }
        if !in_range(func.sig, module.sigs().len()) {
            return self.say_all(format!("signature {:?} does not exist", func.sig));
        }
        for (slot, data) in func.slots.enumerated() {
            if !data.align.is_power_of_two() {
                self.say_all(format!("{slot:?}: alignment {} is not a power of two", data.align));
            }
            if data.ty != Ty::Void && data.size < u64::from(data.ty.size()) {
                self.say_all(format!("{slot:?}: {} bytes are too few for {}", data.size, data.ty.name()));
            }
        }
        for (number, asm) in func.asms.iter().enumerate() {
            let scalar = |slot| func.slots.get(slot).is_some_and(|data| data.ty != Ty::Void);
            if !asm.slots().all(scalar) || !asm.labels.iter().all(|label| in_range(label.1, func.blocks.len())) {
                self.say_all(format!("a{number}: a slot that is no scalar, or a block that does not exist"));
            }
        }
        let params = &module.sig(func.sig).params;
        if params.len() != func.params.len() {
            let (n, homes) = (params.len(), func.params.len());
            return self.say_all(format!("{homes} homes for {n} parameters"));
        }
        for (idx, (param, home)) in params.iter().zip(&func.params).enumerate() {
            match (param, home) {
                (Param::Scalar { .. }, ParamHome::Value) => {}
                (Param::Aggregate(layout), ParamHome::Slot(slot)) => match func.slots.get(*slot) {
                    None => self.say_all(format!("parameter {idx} lives in {slot:?}, which does not exist")),
                    Some(data) if data.size < module.layout(*layout).size => {
                        self.say_all(format!("parameter {idx} does not fit {slot:?}"));
                    }
                    Some(data) if !data.address_taken => {
                        self.say_all(format!("parameter {idx}: {slot:?} must have its address taken"));
                    }
                    Some(_) => {}
                },
                _ => self.say_all(format!("parameter {idx}: the home does not suit the signature")),
            }
        }
    }

    /// Every word of every instruction names something that exists.
    fn ranges(&mut self) {
        for (value, inst) in self.func.insts.enumerated() {
            let row = inst.op.row();
            for (operand, word) in row.operands().into_iter().zip(inst.words()) {
                self.operand_range(value, inst, operand, word);
            }
            let aux = usize::from(inst.aux);
            let (what, n) = match row.aux {
                Aux::None => ("aux", 1),
                Aux::Mem => ("memory description", self.module.mems().len()),
                Aux::Cond => ("condition", Cond::ALL.len()),
                Aux::FCond => ("condition", FCond::ALL.len()),
                Aux::Call => ("call flags", 4),
                Aux::Order => ("memory order", crate::module::AtomicOrder::ALL.len()),
            };
            if aux >= n {
                self.say(value, format!("{what} {aux} does not exist"));
            }
        }
        if !self.func.uses.covers(self.func.insts.len()) {
            self.say_all("uses are not counted".into());
        }
    }

    fn operand_range(&mut self, value: Value, inst: &Inst, operand: Operand, word: u32) {
        let (module, func) = (self.module, self.func);
        let n_values = func.insts.len();
        let list = |start: u32, n: usize| func.lists.get(start as usize..).and_then(|rest| rest.get(..n));
        let counted = |width: usize| {
            let n = *func.lists.get(word as usize)? as usize;
            list(word + 1, n.checked_mul(width)?)
        };
        let (what, n) = match operand {
            Operand::None if word == 0 || inst.op.row().b == Operand::Imm64 => return,
            Operand::None => return self.say(value, format!("an unused operand is {word}, not 0")),
            Operand::Imm | Operand::Uimm | Operand::Imm64 | Operand::Count => return,
            Operand::ValueUnlessVoid if inst.ty == Ty::Void => {
                if word != 0 {
                    self.say(value, format!("an unused operand is {word}, not 0"));
                }
                return;
            }
            Operand::Value | Operand::ValueUnlessVoid => ("value", n_values),
            Operand::Slot => ("slot", func.slots.len()),
            Operand::Symbol => ("symbol", module.symbols.len()),
            Operand::Block => ("block", func.blocks.len()),
            Operand::Asm => ("assembly statement", func.asms.len()),
            Operand::Wide => ("wide constant", module.wide.len()),
            Operand::Layout => ("layout", module.layouts().len()),
            Operand::Sig => ("signature", module.sigs().len()),
            Operand::Rmw => ("operation", AtomicRmw::ALL.len()),
            Operand::List | Operand::Args => {
                let values = if operand == Operand::List { counted(1) } else { list(word, inst.c as usize) };
                match values {
                    None => self.say(value, "its list lies outside of the lists".into()),
                    Some(values) => {
                        if let Some(bad) = values.iter().find(|&&v| v as usize >= n_values) {
                            self.say(value, format!("value {bad} does not exist"));
                        }
                    }
                }
                return;
            }
            Operand::Cases => {
                match counted(3) {
                    None => self.say(value, "its cases lie outside of the lists".into()),
                    Some(cases) => {
                        if let Some(bad) = cases.chunks_exact(3).find(|c| c[2] as usize >= func.blocks.len()) {
                            self.say(value, format!("block {} does not exist", bad[2]));
                        }
                    }
                }
                return;
            }
        };
        if word as usize >= n {
            self.say(value, format!("{what} {word} does not exist: there are {n}"));
        }
    }

    /// Blocks are contiguous in `order`, each is ended once, parameters stand in front.
    fn structure(&mut self) {
        let func = self.func;
        if func.order.first() != Some(&Block(0)) {
            return self.say_all("the entry block is not the first".into());
        }
        let mut filled = vec![false; func.blocks.len()];
        let mut at = 0;
        for &block in &func.order {
            let Some(data) = func.blocks.get(block) else {
                return self.say_all(format!("{block:?} does not exist"));
            };
            if std::mem::replace(&mut filled[block.index()], true) {
                return self.say_all(format!("{block:?} is filled twice"));
            }
            if data.start != at || data.end <= data.start || data.end as usize > func.insts.len() {
                return self.say_all(format!("{block:?} is empty, not ended, or not behind the block before it"));
            }
            at = data.end;
            if let Some(label) = data.label.some()
                && self.module.symbols.get(label).is_none_or(|decl| decl.kind != SymbolKind::Label)
            {
                self.say_all(format!("{block:?}: {label:?} is not a label"));
            }
            self.block_structure(block);
        }
        if at as usize != func.insts.len() {
            self.say_all("there are instructions outside of blocks".into());
        }
        for (value, inst) in func.insts.enumerated() {
            let mut missing = None;
            func.each_target(inst, |target| {
                if !filled[target.index()] {
                    missing = Some(target);
                }
            });
            if let Some(target) = missing {
                self.say(value, format!("goes to {target:?}, which is not filled"));
            }
        }
        if func.locs.windows(2).any(|w| w[0].first > w[1].first) {
            self.say_all("source places are not in order".into());
        }
    }

    fn block_structure(&mut self, block: Block) {
        let func = self.func;
        let data = &func.blocks[block];
        let mut in_front = true;
        for value in func.block_values(block) {
            let inst = func.inst(value);
            if inst.op.row().ends != (value.0 + 1 == data.end) {
                let what = if inst.op.row().ends { "ends its block too early" } else { "does not end its block" };
                self.say(value, format!("`{}` {what}", inst.op.row().name));
            }
            match inst.op {
                Op::Param if block != Block(0) || !in_front => {
                    self.say(value, "parameters stand at the start of the entry block only".into());
                }
                Op::BlockParam if block == Block(0) || !in_front || inst.a != value.0 - data.start => {
                    self.say(value, "block parameters stand in order at the start of a block, not of the entry".into());
                }
                Op::Param | Op::BlockParam => {}
                Op::Chain if block != Block(0) || !in_front || !func.flags.has(FuncFlags::CHAIN) => {
                    self.say(
                        value,
                        "the chain is read at the start of the entry block of a function that has one".into(),
                    );
                }
                Op::Chain => {}
                _ => in_front = false,
            }
        }
    }

    fn types(&mut self) {
        for (value, inst) in self.func.insts.enumerated() {
            let (ty, operands) = rule(inst.op);
            if !ty.accepts(inst.ty, inst.ty) {
                self.say(value, format!("`{}` cannot be of type {}", inst.op.row().name, inst.ty.name()));
                continue;
            }
            let words = inst.op.row().operands().into_iter().zip(inst.words());
            for ((operand, word), class) in words.zip(operands) {
                let is_value = operand == Operand::Value || operand == Operand::ValueUnlessVoid && inst.ty != Ty::Void;
                if is_value {
                    let found = self.func.inst(Value(word)).result_ty();
                    if found == Ty::Void || !class.accepts(found, inst.ty) {
                        let (name, found) = (inst.op.row().name, found.name());
                        self.say(value, format!("`{name}.{}` cannot take v{word}: {found}", inst.ty.name()));
                    }
                }
            }
            self.special(value, inst);
        }
    }

    fn ty_of(&self, word: u32) -> Ty {
        self.func.inst(Value(word)).result_ty()
    }

    /// Types that depend on slots, signatures or two sizes.
    fn special(&mut self, value: Value, inst: &Inst) {
        let func = self.func;
        let from = || self.ty_of(inst.a);
        let ok = match inst.op {
            Op::SlotGet | Op::SlotSet => func.slots[inst.slot()].ty == inst.ty,
            Op::Iconst => inst.ty.size() == 8 || inst.imm64() >> (8 * inst.ty.size()) == 0,
            Op::Fconst => inst.ty == Ty::F64 || inst.c == 0,
            Op::Trunc => inst.ty.size() < from().size(),
            Op::Zext | Op::Sext => inst.ty.size() > from().size(),
            Op::Bitcast => inst.ty.size() == from().size() && inst.ty != from(),
            Op::Fpext => inst.ty > from(),
            Op::Fptrunc => inst.ty < from(),
            Op::Bswap => inst.ty != Ty::I8,
            Op::Fill => inst.b <= 0xff,
            Op::Alloca => inst.b.is_power_of_two(),
            Op::AtomicCmpxchg => {
                let list = func.list(inst.b + 1, func.lists[inst.b as usize]);
                list.len() == 2 && list.iter().all(|&v| self.ty_of(v) == inst.ty)
            }
            Op::Switch => {
                let cases = func.switch(inst).cases();
                let fits = |case: u64| inst.ty.size() == 8 || case >> (8 * inst.ty.size()) == 0;
                let mut last = None;
                cases.into_iter().all(|(case, _)| fits(case) && last.replace(case).is_none_or(|before| before < case))
            }
            Op::Call | Op::CallIndirect => return self.call(value, inst),
            Op::Asm | Op::AsmGoto => {
                let asm = &func.asms[inst.a as usize];
                let values = func.list(inst.b + 1, func.lists[inst.b as usize]);
                let fits = |(operand, &v): (&AsmOperand, &u32)| match operand.role {
                    AsmRole::OutputAt | AsmRole::InputAt => self.ty_of(v) == Ty::Ptr,
                    AsmRole::Output(_) | AsmRole::Input => self.ty_of(v) != Ty::Void,
                };
                asm.inputs().count() == values.len()
                    && asm.inputs().zip(values).all(fits)
                    && (asm.labels.is_empty() || inst.op == Op::AsmGoto)
            }
            Op::Param => {
                let params = &self.module.sig(func.sig).params;
                matches!(params.get(inst.a as usize), Some(Param::Scalar { ty, .. }) if *ty == inst.ty)
            }
            Op::Ret => match self.module.sig(func.sig).ret {
                // `ret` without a value may end a function that should give one (C allows it, if nobody looks).
                Param::Scalar { ty, .. } => inst.ty == ty || inst.ty == Ty::Void,
                Param::Aggregate(_) => inst.ty == Ty::Ptr || inst.ty == Ty::Void,
            },
            _ => true,
        };
        if !ok {
            let text = match inst.op {
                Op::Switch => "its cases are not ascending or do not fit its type".into(),
                Op::Ret => "gives what the signature does not say".into(),
                op => format!("`{}.{}` does not suit its operands", op.row().name, inst.ty.name()),
            };
            self.say(value, text);
        }
    }

    /// Arguments against the signature: the result's address in front, then parameters; more only where it says so.
    fn call(&mut self, value: Value, inst: &Inst) {
        let call = self.func.call(inst);
        let sig = self.module.sig(SigId(inst.c));
        let (ret, n_hidden) = match sig.ret {
            Param::Scalar { ty, .. } => (ty, 0),
            Param::Aggregate(_) => (Ty::Void, 1),
        };
        if inst.ty != ret {
            self.say(value, format!("is of type {}, its signature gives {}", inst.ty.name(), ret.name()));
        }
        let n = sig.params.len() + n_hidden;
        let open = sig.variadic || sig.unprototyped;
        if call.args.len() < n || call.args.len() > n && !open {
            let found = call.args.len();
            return self.say(value, format!("{found} arguments, where the signature has {n}"));
        }
        let expected = std::iter::repeat_n(Ty::Ptr, n_hidden).chain(sig.params.iter().map(|param| match param {
            Param::Scalar { ty, .. } => *ty,
            Param::Aggregate(_) => Ty::Ptr,
        }));
        for (&arg, expected) in call.args.iter().zip(expected) {
            let found = self.ty_of(arg);
            if found != expected {
                let (found, expected) = (found.name(), expected.name());
                self.say(value, format!("argument v{arg} is {found}, the signature says {expected}"));
            }
        }
        for &arg in &call.args[n..] {
            let found = self.ty_of(arg);
            if matches!(found, Ty::Void | Ty::I8 | Ty::I16 | Ty::F16 | Ty::F32) {
                self.say(value, format!("argument v{arg} is {}, not promoted", found.name()));
            }
        }
    }

    /// Jumps against the parameters of their blocks.
    fn control(&mut self) {
        let func = self.func;
        let params = |block: Block| func.block_values(block).take_while(|&v| func.inst(v).op == Op::BlockParam);
        for (value, inst) in func.insts.enumerated().filter(|(_, inst)| inst.op.row().ends) {
            if inst.op == Op::Jump {
                let args = func.jump_args(inst);
                let target = Block(inst.a);
                let fits = params(target).map(|v| func.inst(v).ty).eq(args.iter().map(|&v| self.ty_of(v)));
                if !fits {
                    self.say(value, format!("its arguments are not what {target:?} takes"));
                }
            }
            let mut bad = None;
            func.each_target(inst, |target| {
                if target == Block(0) || inst.op != Op::Jump && params(target).next().is_some() {
                    bad = Some(target);
                }
            });
            if let Some(target) = bad {
                self.say(value, format!("cannot go to {target:?}: the entry, or a block with parameters"));
            }
        }
        // A block whose address is taken is reached without arguments.
        let labelled = func.order.iter().find(|&&b| !func.blocks[b].label.is_none() && params(b).next().is_some());
        if let Some(block) = labelled {
            self.say_all(format!("{block:?} has a label and parameters"));
        }
    }

    /// Each operand is defined before its use in the same block, or in a block that dominates it.
    fn dominance(&mut self) {
        let func = self.func;
        let mut tree: Option<Dominators> = None;
        let mut block_of: Vec<u32> = Vec::new();
        for &block in &func.order {
            let start = func.blocks[block].start;
            for value in func.block_values(block) {
                let mut bad = None;
                func.each_operand(func.inst(value), |operand| {
                    if operand >= value || func.inst(operand).result_ty() == Ty::Void {
                        bad = Some(operand);
                    } else if operand.0 < start {
                        let tree = tree.get_or_insert_with(|| {
                            block_of = blocks_of_values(func);
                            Dominators::new(func)
                        });
                        if !tree.dominates(Block(block_of[operand.index()]), block) {
                            bad = Some(operand);
                        }
                    }
                });
                if let Some(operand) = bad {
                    self.say(value, format!("{operand:?} is not made on every way to here"));
                }
            }
        }
    }
}

fn blocks_of_values(func: &Func) -> Vec<u32> {
    let mut blocks = vec![0; func.insts.len()];
    for &block in &func.order {
        let data = &func.blocks[block];
        blocks[data.start as usize..data.end as usize].fill(block.0);
    }
    blocks
}

/// Immediate dominators (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm).
pub struct Dominators {
    /// By block: the place in reverse postorder; `u32::MAX` when control never gets there.
    place: Vec<u32>,
    /// By place: the place of the immediate dominator.
    idom: Vec<u32>,
}

impl Dominators {
    /// Of a function whose structure is in order.
    pub fn new(func: &Func) -> Dominators {
        let successors = successors(func);
        let order = reverse_postorder(func, &successors);
        let mut place = vec![u32::MAX; func.blocks.len()];
        for (idx, block) in order.iter().enumerate() {
            place[block.index()] = idx as u32;
        }
        let mut preds: Vec<Vec<u32>> = vec![Vec::new(); order.len()];
        for (idx, block) in order.iter().enumerate() {
            for target in &successors[block.index()] {
                preds[place[target.index()] as usize].push(idx as u32);
            }
        }
        let mut idom = vec![u32::MAX; order.len()];
        idom[0] = 0;
        let mut changed = true;
        while std::mem::take(&mut changed) {
            for at in 1..order.len() {
                let known = preds[at].iter().copied().filter(|&p| idom[p as usize] != u32::MAX);
                let new = known.reduce(|a, b| meet(&idom, a, b)).unwrap_or(u32::MAX);
                if idom[at] != new {
                    idom[at] = new;
                    changed = true;
                }
            }
        }
        Dominators { place, idom }
    }

    /// Whether every way from the entry to `block` goes through `over`. True for blocks that are never reached.
    pub fn dominates(&self, over: Block, block: Block) -> bool {
        let (over, mut at) = (self.place[over.index()], self.place[block.index()]);
        if at == u32::MAX {
            return true;
        }
        while at > over {
            at = self.idom[at as usize];
        }
        at == over
    }
}

fn meet(idom: &[u32], mut a: u32, mut b: u32) -> u32 {
    while a != b {
        while a > b {
            a = idom[a as usize];
        }
        while b > a {
            b = idom[b as usize];
        }
    }
    a
}

fn successors(func: &Func) -> Vec<Vec<Block>> {
    let labelled = || func.order.iter().copied().filter(|&block| !func.blocks[block].label.is_none());
    let mut successors = vec![Vec::new(); func.blocks.len()];
    for &block in &func.order {
        let Some(last) = func.block_values(block).next_back() else { continue };
        let list: &mut Vec<Block> = &mut successors[block.index()];
        func.each_target(func.inst(last), |target| list.push(target));
        if func.inst(last).op == Op::JumpIndirect {
            list.extend(labelled());
        }
        list.sort_unstable();
        list.dedup();
    }
    successors
}

fn reverse_postorder(func: &Func, successors: &[Vec<Block>]) -> Vec<Block> {
    let mut seen = vec![false; func.blocks.len()];
    let mut order = Vec::new();
    let mut stack = vec![(Block(0), 0)];
    seen[0] = true;
    while let Some((block, next)) = stack.last_mut() {
        match successors[block.index()].get(*next) {
            Some(&target) => {
                *next += 1;
                if !std::mem::replace(&mut seen[target.index()], true) {
                    stack.push((target, 0));
                }
            }
            None => {
                order.push(*block);
                stack.pop();
            }
        }
    }
    order.reverse();
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the verifier says of a function `f (i32, ptr) -> i32` with this body.
    fn errors(body: &str) -> Vec<String> {
        let text = format!(
            "sig sig0 (i32, ptr) -> i32 sig sig1 (ptr, f64) -> void variadic mem m0 align_log2 0
            layout layout0 size 8 align 8 (0 i64) sig sig2 (layout0) -> layout0
            symbol g0 \"f\" function local symbol g1 \"l\" label local
            func @f sig0 {{ params value, value slot s0 8 align 8 i64 b0: v0 = param.i32 0 v1 = param.ptr 1 {body} }}"
        );
        let unit = crate::text::parse(text.as_bytes()).unwrap_or_else(|e| panic!("{e}: {body}"));
        let module = unit.module();
        unit.functions().flat_map(|func| verify(&module, func)).map(|error| error.to_string()).collect()
    }

    #[test]
    fn what_is_in_order_is_accepted() {
        assert_eq!(errors("ret.i32 v0"), [""; 0]);
        // Defined in a block that dominates; not reached at all; labels.
        assert_eq!(errors("v2 = add.i32 v0, v0 branch.i32 v0, b1, b2 b1: jump b2, () b2: ret.i32 v2"), [""; 0]);
        assert_eq!(errors("ret.i32 v0 b1: v3 = neg.i32 v0 jump b2, () b2: ret.i32 v3"), [""; 0]);
        assert_eq!(errors("v2 = sym_addr.ptr @l, 0 jump_indirect.ptr v2 b1: label @l ret.i32 v0"), [""; 0]);
        assert_eq!(errors("jump b1, (v0) b1: v3 = block_param.i32 0 ret.i32 v3"), [""; 0]);
        assert_eq!(errors("call @f, (v1, v1), sig2 unreachable"), [""; 0]);
    }

    #[test]
    fn each_violation_is_told() {
        let table = [
            ("ret.ptr v1", "v2: gives what the signature does not say"),
            ("v2 = add.i32 v0, v1 ret", "v2: `add.i32` cannot take v1: ptr"),
            ("v2 = fadd.i32 v0, v0 ret", "v2: `fadd` cannot be of type i32"),
            ("v2 = trunc.i64 v0 ret", "v2: `trunc.i64` does not suit its operands"),
            ("v2 = get.i32 s0 ret", "v2: `get.i32` does not suit its operands"),
            ("v2 = iconst.i8 0x100 ret", "v2: `iconst.i8` does not suit its operands"),
            ("call @f, (v1), sig1 ret", "v2: 1 arguments, where the signature has 2"),
            ("v2 = call.i32 @f, (v1, v0), sig0 ret", "v2: argument v1 is ptr, the signature says i32"),
            ("call @f, (v1), sig2 ret", "v2: 1 arguments, where the signature has 2"),
            ("v2 = param.i32 1 ret", "v2: `param.i32` does not suit its operands"),
            ("nop v3 = param.i32 0 ret", "v3: parameters stand at the start of the entry block only"),
            ("jump b0, ()", "v2: cannot go to b0: the entry, or a block with parameters"),
            ("jump b1, (v1) b1: v3 = block_param.i32 0 ret", "v2: its arguments are not what b1 takes"),
            (
                "branch.i32 v0, b1, b1 b1: v3 = block_param.i32 0 ret",
                "v2: cannot go to b1: the entry, or a block with parameters",
            ),
            ("switch.i32 v0, [3: b1, 2: b1], b1 b1: ret", "v2: its cases are not ascending or do not fit its type"),
            (
                "branch.i32 v0, b1, b2 b1: v3 = neg.i32 v0 jump b2, () b2: ret.i32 v3",
                "v5: v3 is not made on every way to here",
            ),
            ("ret b1: label @f ret", "b1: g0 is not a label"),
        ];
        for (body, expected) in table {
            let found = errors(body);
            let first = found.first().map(|error| error.trim_start_matches("f: ").to_string()).unwrap_or_default();
            assert!(first == expected, "{body}: {found:?}");
        }
    }
}
