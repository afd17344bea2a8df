//! Calls of builtins: arguments checked by the row's kind, folded where they are constant.

use super::convert::Context;
use super::declare::blank_decl;
use crate::ast::{NodeId, NodeOp, Visibility};
use crate::builtins::{self, Builtin, How, Special};
use crate::consts::float;
use crate::parse::{Loc, Meaning, Parser, Space};
use crate::types::{Basic, DeclId, QualTy, TypeData};
use crate::warnings::Warning;
use base::{Name, Pos};

const INT: QualTy = Basic::Int.qual();
const VOID: QualTy = Basic::Void.qual();
const BOOL: QualTy = Basic::Bool.qual();
/// `memory_order_seq_cst`, `acquire`, `release` (C11 7.17.3, numbers as in `__ATOMIC_*`).
const SEQ_CST: i128 = 5;
const ACQUIRE: i128 = 2;
const RELEASE: i128 = 3;
/// As many words of a processor as any test asks for.
const N_WORDS: u64 = 4;

impl Parser<'_> {
    /// A builtin that is not another name of a library function, with its arguments in [`Parser::words`] since `from`
    /// (not yet converted to values).
    pub(crate) fn builtin_call(&mut self, number: u32, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let row = builtins::row(number);
        let n = self.words.len() - from;
        for at in from..self.words.len() {
            if self.types.is_error(self.ty(NodeId(self.words[at]))) {
                self.words.truncate(from);
                return self.poison(pos);
            }
        }
        match row.how {
            How::Op(builtin, signature) => self.builtin_op(row.name, builtin, signature, from, loc, pos),
            How::Special(special) => {
                let least = least_arguments(special);
                if n < least {
                    let text = format!("too few arguments to function ‘{}’", row.name);
                    self.error(loc, &text);
                    self.words.truncate(from);
                    return self.poison(pos);
                }
                let node = self.special(row.name, special, from, loc, pos);
                self.words.truncate(from);
                node
            }
            How::Library(..) => unreachable!("called as the library function"),
        }
    }

    fn builtin_op(&mut self, name: &str, builtin: Builtin, signature: &str, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let letters = signature.as_bytes();
        let variadic = letters.last() == Some(&b'.');
        let n_params = letters.len() - 1 - usize::from(variadic);
        let n = self.words.len() - from;
        if n < n_params || (n > n_params && !variadic) {
            let what = if n < n_params { "few" } else { "many" };
            let text = format!("too {what} arguments to function ‘{name}’");
            self.error(loc, &text);
            self.words.truncate(from);
            return self.poison(pos);
        }
        let va_list = self.va_list;
        let spelled = self.pp.names.intern(name.as_bytes());
        for idx in 0..n {
            let mut arg = self.rvalue(NodeId(self.words[from + idx]));
            if idx < n_params {
                let ty = builtins::signature_type(&mut self.types, letters[idx + 1], va_list);
                let context = Context::Argument { name: spelled, number: idx as u32 + 1, pos: Pos::NONE };
                arg = self.assign_convert(arg, ty, &context);
            }
            self.words[from + idx] = arg.0;
        }
        if matches!(builtin, Builtin::FrameAddress | Builtin::ReturnAddress) && !self.is_frame_level(name, from, loc) {
            self.words.truncate(from);
            return self.poison(pos);
        }
        let ret = builtins::signature_type(&mut self.types, letters[0], va_list);
        if n == 1
            && let Some(folded) = self.fold_builtin(builtin, NodeId(self.words[from]), ret, pos)
        {
            self.words.truncate(from);
            return folded;
        }
        self.builtin_node(builtin, from, ret, pos)
    }

    /// How many frames up it is to look: a constant. Each is an instruction, so that there is an end to it.
    fn is_frame_level(&mut self, name: &str, from: usize, loc: Loc) -> bool {
        const MOST: i128 = 10_000;
        let level = self.int_value(NodeId(self.words[from]));
        let text = match level {
            Some(0) => return true,
            Some(1..=MOST) => {
                if self.pp.is_on(Warning::FrameAddress) {
                    let text = format!("calling ‘{name}’ with a nonzero argument is unsafe");
                    self.lint(Warning::FrameAddress, loc, &text);
                }
                return true;
            }
            Some(_) => format!("argument of ‘{name}’ is greater than {MOST}"),
            None => format!("invalid argument to ‘{name}’"),
        };
        self.error(loc, &text);
        false
    }

    /// A call of one of the target's own builtins, from the parenthesis on.
    #[cold]
    pub(crate) fn machine_builtin(&mut self, number: u32, loc: Loc, pos: Pos) -> NodeId {
        let row = self.pp.options().machine_builtins[number as usize];
        let from = self.words.len();
        let ok = self.arguments(false) && !self.recovering;
        if !ok || (from..self.words.len()).any(|at| self.types.is_error(self.ty(NodeId(self.words[at])))) {
            self.words.truncate(from);
            return self.poison(pos);
        }
        for (at, letter) in row.signature.bytes().skip(1).enumerate() {
            let Some(&word) = self.words.get(from + at).filter(|_| letter == b'n') else { continue };
            // As signed or as unsigned.
            let Some(value) = self.int_value(NodeId(word)).filter(|value| (-128..=255).contains(value)) else {
                let text = format!("argument {} of ‘{}’ must be an 8-bit immediate", at + 1, row.name);
                self.error(loc, &text);
                self.words.truncate(from);
                return self.poison(pos);
            };
            self.words[from + at] = self.int_node(value & 0xff, INT, pos).0;
        }
        let node = self.builtin_op(row.name, Builtin::Machine, row.signature, from, loc, pos);
        if self.ast.nodes[node].op == NodeOp::Builtin {
            self.ast.nodes[node].c = number;
        }
        node
    }

    /// The node of a builtin over the arguments since `from`.
    fn builtin_node(&mut self, builtin: Builtin, from: usize, ty: QualTy, pos: Pos) -> NodeId {
        let list = self.list_from(from);
        let node = self.node(NodeOp::Builtin, ty, 0, list, 0, pos);
        self.ast.nodes[node].aux = builtin as u16;
        node
    }

    pub(super) fn builtin_of(&mut self, builtin: Builtin, args: &[NodeId], ty: QualTy, pos: Pos) -> NodeId {
        let from = self.words.len();
        self.words.extend(args.iter().map(|a| a.0));
        self.builtin_node(builtin, from, ty, pos)
    }

    fn fold_builtin(&mut self, builtin: Builtin, arg: NodeId, ret: QualTy, pos: Pos) -> Option<NodeId> {
        if builtin == Builtin::Abs
            && let Some((bits, format)) = self.float_value(arg)
        {
            return Some(self.float_node(float::abs(bits, format), ret, pos));
        }
        let value = self.int_value(arg)?;
        let basic = self.types.integer(self.ty(arg))?;
        let bits = self.types.bits(basic);
        let mask = (1i128 << bits) - 1;
        let unsigned = (value & mask) as u64;
        let result = match builtin {
            Builtin::Clz if unsigned != 0 => i128::from(unsigned.leading_zeros()) - i128::from(64 - bits),
            Builtin::Ctz if unsigned != 0 => i128::from(unsigned.trailing_zeros()),
            Builtin::Popcount => i128::from(unsigned.count_ones()),
            Builtin::Parity => i128::from(unsigned.count_ones() & 1),
            Builtin::Ffs => {
                if unsigned == 0 {
                    0
                } else {
                    i128::from(unsigned.trailing_zeros()) + 1
                }
            }
            Builtin::Clrsb => {
                let x = if value < 0 { !unsigned & mask as u64 } else { unsigned };
                i128::from(x.leading_zeros()) - i128::from(64 - bits) - 1
            }
            Builtin::Bswap => i128::from(unsigned.swap_bytes() >> (64 - bits)),
            Builtin::Abs => value.wrapping_abs(),
            _ => return None,
        };
        Some(self.int_node(result, ret, pos))
    }

    /// Argument `idx` as a value.
    fn arg(&mut self, from: usize, idx: usize) -> NodeId {
        let node = NodeId(self.words[from + idx]);
        self.rvalue(node)
    }

    fn special(&mut self, name: &str, special: Special, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let n = self.words.len() - from;
        match special {
            Special::Expect => {
                let value = self.arg(from, 0);
                let value = self.convert(value, Basic::Long.qual());
                let value = self.widened(value);
                // The other arguments are constants by rule, but are evaluated when they are not.
                let mut node = value;
                for idx in 1..n {
                    let other = self.arg(from, idx);
                    if !super::operators::is_constant(self.op(other)) {
                        let other = self.node1(NodeOp::VoidCast, VOID, other, pos);
                        node = self.node2(NodeOp::Comma, Basic::Long.qual(), other, node, pos);
                    }
                }
                node
            }
            Special::ConstantP => {
                let value = self.arg(from, 0);
                let constant = matches!(self.op(value), NodeOp::IntConst | NodeOp::WideConst | NodeOp::FloatConst)
                    || (self.op(value) == NodeOp::Decay && self.op(NodeId(self.ast.nodes[value].a)) == NodeOp::Str);
                self.int_node(i128::from(constant), INT, pos)
            }
            Special::ClassifyType => {
                let value = self.arg(from, 0);
                let class = self.type_class(self.ty(value));
                self.int_node(class, INT, pos)
            }
            Special::ObjectSize => {
                let kind = self.arg(from, 1);
                let kind = self.int_value(kind).unwrap_or(0);
                let ty = self.types.size_ty();
                let pointer = self.arg(from, 0);
                let unknown = if kind & 2 != 0 { 0 } else { -1 };
                let known = self.extent(pointer, kind & 1 != 0);
                self.int_node(known.map_or(unknown, i128::from), ty, pos)
            }
            Special::AssumeAligned => {
                let value = self.arg(from, 0);
                let ty = self.types.pointer(VOID);
                self.convert(value, ty)
            }
            Special::VaStart => {
                let list = self.va_list_address(from, 0, loc);
                let variadic = self.function.as_ref().map(|f| self.unit.decls[f.decl].ty);
                let shape = variadic.map(|ty| self.types.get(ty));
                if !matches!(shape, Some(TypeData::Function { shape: crate::types::FunctionShape::Variadic, .. })) {
                    self.error(loc, "‘va_start’ used in function with fixed arguments");
                }
                self.builtin_of(Builtin::VaStart, &[list], VOID, pos)
            }
            Special::VaEnd => {
                let list = self.va_list_address(from, 0, loc);
                self.builtin_of(Builtin::VaEnd, &[list], VOID, pos)
            }
            Special::VaCopy => {
                let to = self.va_list_address(from, 0, loc);
                let source = self.va_list_address(from, 1, loc);
                self.builtin_of(Builtin::VaCopy, &[to, source], VOID, pos)
            }
            Special::FloatTest(builtin) => self.float_test(name, builtin, from, loc, pos),
            Special::FloatCompare(builtin) => {
                let (a, b) = (self.arg(from, 0), self.arg(from, 1));
                match self.usual(a, b) {
                    Some((a, b, ty)) if self.types.arith(ty).is_some_and(Basic::is_float) => {
                        self.builtin_of(builtin, &[a, b], INT, pos)
                    }
                    _ => {
                        let text = format!("non-floating-point arguments in call to function ‘{name}’");
                        self.error(loc, &text);
                        self.poison(pos)
                    }
                }
            }
            Special::Infinity(basic) => {
                let bits = float::infinity(float::format(&self.types, basic));
                self.float_node(bits, basic.qual(), pos)
            }
            Special::Nan(basic, signaling) => {
                let payload = self.nan_payload(from);
                let bits = float::nan(float::format(&self.types, basic), payload, signaling);
                self.float_node(bits, basic.qual(), pos)
            }
            Special::Overflow(builtin) => self.overflow(name, builtin, None, from, loc, pos),
            Special::FixedOverflow(builtin, basic) => self.overflow(name, builtin, Some(basic), from, loc, pos),
            Special::Complex => {
                let (a, b) = (self.arg(from, 0), self.arg(from, 1));
                match self.types.arith(self.ty(a)) {
                    Some(basic) if basic.is_float() && self.types.same(self.ty(a), self.ty(b)) => {
                        self.node2(NodeOp::ComplexMake, basic.complex().qual(), a, b, pos)
                    }
                    _ => {
                        self.error(loc, "‘__builtin_complex’ operand not of real binary floating-point type");
                        self.poison(pos)
                    }
                }
            }
            Special::OverflowP(builtin) => self.overflow_predicate(name, builtin, from, loc, pos),
            Special::Conjugate(basic) => {
                let value = self.arg(from, 0);
                if self.types.arith(self.ty(value)).is_none() {
                    let text = format!("incompatible type for argument 1 of ‘{name}’");
                    self.error(loc, &text);
                    return self.poison(pos);
                }
                let value = self.convert(value, basic.qual());
                self.node1(NodeOp::BitNot, basic.qual(), value, pos)
            }
            Special::Line => {
                let line = self.pp.map.place(pos).map_or(0, |p| p.line);
                self.int_node(i128::from(line), INT, pos)
            }
            Special::File => {
                let file = self.pp.map.place(pos).map_or(String::new(), |p| p.file.to_string());
                self.string_node(file.as_bytes(), pos)
            }
            Special::FunctionName => {
                let name = self.function.as_ref().map_or(String::new(), |f| self.text(f.name));
                self.string_node(name.as_bytes(), pos)
            }
            Special::VaArgPack if self.only_inlined() => {
                // Nobody inlines it and no code is made of it: calls go to the definition elsewhere, with all arguments.
                self.int_node(0, INT, pos)
            }
            Special::TypeGeneric => {
                let args: Vec<NodeId> = self.words[from..].iter().map(|word| NodeId(*word)).collect();
                self.tgmath(&args, loc, pos)
            }
            Special::SafeValue => {
                for idx in 1..n {
                    self.arg(from, idx);
                }
                self.arg(from, 0)
            }
            Special::FpClassify => self.classify_float(name, from, loc, pos),
            Special::SetJump => {
                let buffer = self.arg(from, 0);
                let pointer = self.types.pointer(VOID);
                let context = Context::Argument { name: <Name as base::Id>::NONE, number: 1, pos: Pos::NONE };
                let buffer = self.assign_convert(buffer, pointer, &context);
                if let Some(function) = &mut self.function {
                    function.calls_returns_twice = true;
                }
                self.builtin_of(Builtin::SetJump, &[buffer], INT, pos)
            }
            Special::Shuffle => self.shuffle(from, loc, pos),
            Special::ShuffleVector => self.shuffle_vector(from, loc, pos),
            Special::ProcessorInit | Special::ProcessorSupports | Special::ProcessorIs => {
                self.processor_test(name, special, from, loc, pos)
            }
            Special::HasAttribute | Special::VaArgPack | Special::Unsupported => {
                let text = format!("‘{name}’ is not supported yet");
                self.error(loc, &text);
                self.poison(pos)
            }
            _ => self.atomic(name, special, from, loc, pos),
        }
    }

    /// Bytes from where `pointer` points to the end of the object it is in, or with `inner` of the innermost member; known
    /// for addresses of variables only.
    fn extent(&self, pointer: NodeId, inner: bool) -> Option<u64> {
        let mut id = pointer;
        let mut offset = 0i64;
        loop {
            let node = &self.ast.nodes[id];
            match node.op {
                NodeOp::PtrCast | NodeOp::NopCast => id = NodeId(node.a),
                NodeOp::PtrAdd | NodeOp::PtrSub => {
                    let count = self.int_value(NodeId(node.b)).and_then(|n| i64::try_from(n).ok())?;
                    let size = self.types.pointee(node.ty).and_then(|to| self.types.size(to))?;
                    let bytes = count.checked_mul(i64::try_from(size).ok()?)?;
                    offset =
                        offset.checked_add(if node.op == NodeOp::PtrAdd { bytes } else { bytes.checked_neg()? })?;
                    id = NodeId(node.a);
                }
                NodeOp::AddrOf | NodeOp::Decay => {
                    id = NodeId(node.a);
                    break;
                }
                _ => return None,
            }
        }
        let mut size = None;
        loop {
            let node = &self.ast.nodes[id];
            size = if inner { size.or(self.types.size(node.ty)) } else { self.types.size(node.ty) };
            match node.op {
                NodeOp::Member => {
                    let field = &self.types.fields[crate::types::FieldId(node.b)];
                    if field.is_variable() {
                        return None;
                    }
                    if !inner || size.is_none() {
                        offset = offset.checked_add(i64::try_from(field.offset).ok()?)?;
                    }
                    id = NodeId(node.a);
                }
                NodeOp::Local | NodeOp::Decl | NodeOp::Str if !self.types.is_function(node.ty) => break,
                // `&a[i]`.
                NodeOp::Deref if !inner => {
                    let rest = self.extent(NodeId(node.a), false)?;
                    return u64::try_from(i64::try_from(rest).ok()?.checked_sub(offset)?.max(0)).ok();
                }
                _ => return None,
            }
        }
        let size = i64::try_from(size?).ok()?;
        u64::try_from(size.checked_sub(offset)?.max(0)).ok()
    }

    /// `__builtin_fpclassify (nan, infinite, normal, subnormal, zero, x)`: `x` is read several times.
    fn classify_float(&mut self, name: &str, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let x = self.arg(from, 5);
        let ty = self.types.unqualified(self.ty(x));
        if !self.types.arith(ty).is_some_and(Basic::is_float) {
            let text = format!("non-floating-point argument in call to function ‘{name}’");
            self.error(loc, &text);
            return self.poison(pos);
        }
        let local = self.new_local(crate::types::NO_NAME, ty, false);
        let place = self.node(NodeOp::Local, ty, local.0, 0, 0, pos);
        let set = self.node2(NodeOp::Assign, ty, place, x, pos);
        let set = self.node1(NodeOp::VoidCast, VOID, set, pos);
        let mut answer = self.arg(from, 3);
        answer = self.convert(answer, INT);
        for (test, idx) in [(Builtin::IsNormal, 2), (Builtin::IsInf, 1), (Builtin::IsNan, 0)] {
            let value = self.node1(NodeOp::Load, ty, place, pos);
            let is = self.builtin_of(test, &[value], INT, pos);
            let then = self.arg(from, idx);
            let then = self.convert(then, INT);
            answer = self.node(NodeOp::Cond, INT, is.0, then.0, answer.0, pos);
        }
        let value = self.node1(NodeOp::Load, ty, place, pos);
        let zero = self.zero_node(ty, pos);
        let is = self.node2(NodeOp::Eq, INT, value, zero, pos);
        let then = self.arg(from, 4);
        let then = self.convert(then, INT);
        answer = self.node(NodeOp::Cond, INT, is.0, then.0, answer.0, pos);
        self.node2(NodeOp::Comma, INT, set, answer, pos)
    }

    /// The function at hand is a definition for inlining only, of GNU's kind: another makes the code.
    fn only_inlined(&self) -> bool {
        self.function.as_ref().is_some_and(|function| {
            let decl = &self.unit.decls[function.decl];
            decl.inline_only && (decl.gnu_inline || self.pp.options().gnu_inline())
        })
    }

    fn string_node(&mut self, text: &[u8], pos: Pos) -> NodeId {
        let mut bytes = text.to_vec();
        bytes.push(0);
        let ty = self.types.array(Basic::Char.qual(), bytes.len() as u64);
        let string = self.unit.strings.push(crate::ast::StrData { bytes: bytes.into(), char_size: 1 });
        let node = self.node(NodeOp::Str, ty, string.0, 0, 0, pos);
        self.rvalue(node)
    }

    /// gcc's `enum type_class`.
    fn type_class(&self, ty: QualTy) -> i128 {
        match self.types.get(ty) {
            TypeData::Basic(Basic::Void) => 0,
            TypeData::Basic(b) if b.is_integer() => 1,
            TypeData::Enum(_) => 1,
            TypeData::Pointer(_) => 5,
            TypeData::Basic(b) if b.is_float() => 8,
            TypeData::Basic(b) if b.is_complex() => 9,
            TypeData::Function { .. } => 10,
            TypeData::Record(id) => {
                if self.types.records[id].union {
                    13
                } else {
                    12
                }
            }
            TypeData::Array { .. } => 14,
            _ => -1,
        }
    }

    /// The address of a `va_list` argument: an array decays to it, anything else must be an lvalue.
    pub(crate) fn va_list_address(&mut self, from: usize, idx: usize, loc: Loc) -> NodeId {
        let node = NodeId(self.words[from + idx]);
        self.address_of_va_list(node, loc)
    }

    pub(crate) fn address_of_va_list(&mut self, node: NodeId, loc: Loc) -> NodeId {
        let list = self.va_list;
        let pos = self.pos_of(node);
        let ty = self.ty(node);
        if let TypeData::Array { element, .. } = self.types.get(list) {
            let value = self.rvalue(node);
            let fits =
                self.types.pointee(self.ty(value)).is_some_and(|t| self.types.compatible_unqualified(t, element));
            if fits {
                return value;
            }
        } else if self.types.compatible_unqualified(ty, list) && self.is_lvalue(node) {
            return self.address_of(node, loc, pos);
        }
        if !self.types.is_error(ty) {
            self.error(loc, "first argument to ‘va_arg’ not of type ‘va_list’");
        }
        self.poison(pos)
    }

    fn float_test(&mut self, name: &str, builtin: Builtin, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let a = self.arg(from, 0);
        if !self.types.arith(self.ty(a)).is_some_and(Basic::is_float) {
            let text = format!("non-floating-point argument in call to function ‘{name}’");
            self.error(loc, &text);
            return self.poison(pos);
        }
        if let Some((bits, format)) = self.float_value(a) {
            let (nan, inf) = (float::is_nan(bits, format), float::is_infinite(bits, format));
            let negative = float::is_negative(bits, format);
            let value = match builtin {
                Builtin::IsNan => Some(i128::from(nan)),
                // Of a constant gcc tells the sign.
                Builtin::IsInf => Some(if inf && negative { -1 } else { i128::from(inf) }),
                Builtin::IsInfSign => Some(if !inf {
                    0
                } else if negative {
                    -1
                } else {
                    1
                }),
                Builtin::IsFinite => Some(i128::from(!nan && !inf)),
                Builtin::SignBit => Some(i128::from(negative)),
                _ => None,
            };
            if let Some(value) = value {
                return self.int_node(value, INT, pos);
            }
        }
        self.builtin_of(builtin, &[a], INT, pos)
    }

    /// The text of a string literal among the arguments.
    fn literal_text(&self, from: usize, idx: usize) -> Option<&str> {
        let mut node = self.ast.nodes[NodeId(*self.words.get(from + idx)?)];
        while matches!(node.op, NodeOp::Decay | NodeOp::PtrCast | NodeOp::NopCast) {
            node = self.ast.nodes[NodeId(node.a)];
        }
        if node.op != NodeOp::Str {
            return None;
        }
        let bytes = &self.unit.strings[crate::types::StrId(node.a)].bytes;
        std::str::from_utf8(bytes.split_last()?.1).ok()
    }

    /// `__builtin_cpu_init ()`, `__builtin_cpu_supports ("…")`, `__builtin_cpu_is ("…")`.
    #[cold]
    fn processor_test(&mut self, name: &str, special: Special, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let Some(tests) = self.pp.options().processor else {
            let text = format!("‘{name}’ is not supported on this target");
            self.error(loc, &text);
            return self.poison(pos);
        };
        if special == Special::ProcessorInit {
            return self.runtime_call(tests.fill, "i", &[], loc, pos);
        }
        let Some(text) = self.literal_text(from, 0) else {
            let text = format!("parameter to builtin must be a string constant or literal in call to ‘{name}’");
            self.error(loc, &text);
            return self.poison(pos);
        };
        let supports = special == Special::ProcessorSupports;
        let Some(found) = (if supports { tests.supports } else { tests.is })(text) else {
            let text = format!("parameter to builtin not valid: ‘{text}’");
            self.error(loc, &text);
            return self.poison(pos);
        };
        let words = self.runtime_words(found.symbol);
        let ty = self.unit.decls[words].ty;
        let words = self.node(NodeOp::Decl, ty, words.0, 0, 0, pos);
        // A program may have declared them in its own way.
        let words = self.address_of(words, loc, pos);
        let pointer = self.types.pointer(Basic::UInt.qual());
        let words = self.cast(pointer, words, loc, pos);
        let index = self.int_node(i128::from(found.index), INT, pos);
        let word = self.subscript(words, index, loc, pos);
        let word = self.rvalue(word);
        let value = self.int_node(i128::from(found.value), Basic::UInt.qual(), pos);
        let op = if supports { NodeOp::BitAnd } else { NodeOp::Eq };
        let test = self.binary(op, word, value, loc, pos);
        self.convert(test, INT)
    }

    /// An array of `unsigned` that the runtime defines for each module of a program.
    fn runtime_words(&mut self, symbol: &str) -> DeclId {
        let name = self.pp.names.intern(symbol.as_bytes());
        let cell = self.lookup(Space::Linked, name);
        if cell.meaning == Meaning::Decl {
            return DeclId(cell.value);
        }
        let ty = self.types.array(Basic::UInt.qual(), N_WORDS);
        let mut data = blank_decl(name, ty, Pos::NONE);
        data.implicit = true;
        data.used = true;
        data.visibility = Visibility::Hidden;
        data.visibility_given = true;
        let decl = self.unit.decls.push(data);
        self.link(name, decl);
        decl
    }

    /// The string of `nan("0x7")` as a number.
    fn nan_payload(&mut self, from: usize) -> u128 {
        let text = self.literal_text(from, 0).unwrap_or("");
        match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
            Some(hex) => u128::from_str_radix(hex, 16).unwrap_or(0),
            None => text.parse().unwrap_or(0),
        }
    }

    fn overflow(
        &mut self,
        name: &str,
        builtin: Builtin,
        fixed: Option<Basic>,
        from: usize,
        loc: Loc,
        pos: Pos,
    ) -> NodeId {
        let (mut a, mut b, result) = (self.arg(from, 0), self.arg(from, 1), self.arg(from, 2));
        let target = self.types.pointee(self.ty(result)).and_then(|t| self.types.integer(t));
        let integers = self.types.integer(self.ty(a)).is_some() && self.types.integer(self.ty(b)).is_some();
        if target.is_none() || !integers {
            let text = format!("argument in call to function ‘{name}’ does not have integral type");
            self.error(loc, &text);
            return self.poison(pos);
        }
        if let Some(basic) = fixed {
            a = self.convert(a, basic.qual());
            b = self.convert(b, basic.qual());
        }
        self.builtin_of(builtin, &[a, b, result], BOOL, pos)
    }

    /// Whether the result of exact arithmetic would not fit the third argument's type.
    fn overflow_predicate(&mut self, name: &str, builtin: Builtin, from: usize, loc: Loc, pos: Pos) -> NodeId {
        let last = NodeId(self.words[from + 2]);
        if self.bit_field(last).is_some() {
            let text = format!("‘{name}’ with the type of a bit-field is not supported yet");
            self.error(loc, &text);
            return self.poison(pos);
        }
        let (a, b, last) = (self.arg(from, 0), self.arg(from, 1), self.rvalue(last));
        let types = [a, b, last].map(|node| self.types.integer(self.ty(node)));
        let [Some(x), Some(y), Some(target)] = types else {
            let text = format!("argument in call to function ‘{name}’ does not have integral type");
            self.error(loc, &text);
            return self.poison(pos);
        };
        if let (Some(m), Some(n)) = (self.int_value(a), self.int_value(b))
            && self.types.bits(x) <= 64
            && self.types.bits(y) <= 64
        {
            let (exact, too_large) = match builtin {
                Builtin::AddOverflow => m.overflowing_add(n),
                Builtin::SubOverflow => m.overflowing_sub(n),
                _ => m.overflowing_mul(n),
            };
            let overflows = too_large || self.types.wrap(target, exact) != exact;
            return self.int_node(i128::from(overflows), BOOL, pos);
        }
        // Into a place of its own. The third argument itself is not evaluated.
        let ty = self.types.unqualified(self.ty(last));
        let local = self.new_local(crate::types::NO_NAME, ty, false);
        self.ast.locals[local].address_taken = true;
        let place = self.node(NodeOp::Local, ty, local.0, 0, 0, pos);
        let pointer = self.types.pointer(ty);
        let address = self.node1(NodeOp::AddrOf, pointer, place, pos);
        self.builtin_of(builtin, &[a, b, address], BOOL, pos)
    }

    // ---- Atomics ----

    /// What an atomic's first argument points to: an integer or pointer type; arguments that are not pointers are refused.
    fn atomic_target(&mut self, name: &str, from: usize, loc: Loc) -> Option<(NodeId, QualTy)> {
        let pointer = self.arg(from, 0);
        match self.types.pointee(self.ty(pointer)) {
            Some(to) if self.types.is_pointer(to) || self.types.integer(to).is_some() => {
                Some((pointer, self.types.unqualified(to)))
            }
            Some(to) if self.types.is_record(to) || self.types.arith(to).is_some() => {
                let text = format!("‘{name}’ of a type that is no integer or pointer is not supported yet");
                self.error(loc, &text);
                None
            }
            _ => {
                let text = format!("incompatible type for argument 1 of ‘{name}’");
                self.error(loc, &text);
                None
            }
        }
    }

    /// The generic forms on an object that is no integer of the machine: what has such an integer's size is taken for one,
    /// by which the arguments are replaced; the rest is the runtime's, under a lock. None: go on as with an integer.
    fn atomic_object(&mut self, special: Special, from: usize, loc: Loc, pos: Pos) -> Option<NodeId> {
        // Pointers among the arguments, and where the memory orders stand; compare has a word between that is a hint.
        let (name, signature, n_pointers, orders): (&str, &str, usize, &[usize]) = match special {
            Special::AtomicLoad => ("__atomic_load", "vzppi", 2, &[2]),
            Special::AtomicStore => ("__atomic_store", "vzppi", 2, &[2]),
            Special::AtomicExchange => ("__atomic_exchange", "vzpppi", 3, &[3]),
            Special::AtomicCompare => ("__atomic_compare_exchange", "bzpppii", 3, &[4, 5]),
            _ => return None,
        };
        let pointer = self.arg(from, 0);
        let to = self.types.pointee(self.ty(pointer))?;
        let is_word = self.types.is_pointer(to) || self.types.integer(to).is_some();
        let size = self.types.size(to)?;
        if is_word && size <= 8 || !is_word && !self.types.is_record(to) && self.types.arith(to).is_none() {
            return None;
        }
        let fits = matches!(size, 1 | 2 | 4 | 8);
        let as_what = if fits { self.types.unsigned_of_size(size as u8).qual() } else { VOID };
        let pointer_type = self.types.pointer(as_what);
        for idx in 0..n_pointers {
            let value = self.arg(from, idx);
            self.words[from + idx] = self.cast(pointer_type, value, loc, pos).0;
        }
        if fits {
            return None;
        }
        let size_type = self.types.size_ty();
        let mut args = vec![self.int_node(i128::from(size), size_type, pos)];
        args.extend((0..n_pointers).map(|idx| self.arg(from, idx)));
        args.extend(orders.iter().map(|&idx| self.order(from, idx, pos)));
        Some(self.runtime_call(name, signature, &args, loc, pos))
    }

    /// A call of a function of the runtime.
    fn runtime_call(&mut self, name: &str, signature: &str, args: &[NodeId], loc: Loc, pos: Pos) -> NodeId {
        let decl = self.library_function(name, signature);
        self.mark_used(decl);
        let ty = self.unit.decls[decl].ty;
        let callee = self.node(NodeOp::Decl, ty, decl.0, 0, 0, pos);
        let at = self.words.len();
        self.words.extend(args.iter().map(|arg| arg.0));
        self.call(callee, at, loc, pos)
    }

    /// The forms on values, of integers of 16 bytes: the runtime's, by names of their own.
    #[cold]
    fn atomic_wide_integer(&mut self, special: Special, from: usize, ty: QualTy, loc: Loc, pos: Pos) -> NodeId {
        if special == Special::LockRelease {
            let args = [self.arg(from, 0), self.int_node(0, ty, pos), self.int_node(RELEASE, INT, pos)];
            return self.runtime_call("__atomic_store_16", "vpQi", &args, loc, pos);
        }
        // Values among the arguments behind the pointer, and where the memory orders stand (past the end: the strongest).
        let Some((name, signature, orders)) = wide_atomic(special) else {
            self.error(loc, "such an atomic operation on an integer of 16 bytes is not supported yet");
            return self.poison(pos);
        };
        let letters = signature.as_bytes();
        let mut args = Vec::with_capacity(letters.len());
        for (idx, &letter) in letters[1..].iter().enumerate() {
            match letter {
                b'Q' => args.push(self.atomic_value(from, idx, ty)),
                b'p' => args.push(self.arg(from, idx)),
                _ => {}
            }
        }
        for &order in orders {
            args.push(match order {
                Order::At(idx) => self.order(from, idx, pos),
                Order::Fixed(order) => self.int_node(order, INT, pos),
            });
        }
        let call = self.runtime_call(name, signature, &args, loc, pos);
        if letters[0] == b'Q' { self.cast(ty, call, loc, pos) } else { call }
    }

    fn atomic_value(&mut self, from: usize, idx: usize, to: QualTy) -> NodeId {
        let value = self.arg(from, idx);
        let ty = self.ty(value);
        if self.types.is_scalar(ty) {
            return self.convert(value, to);
        }
        let name: Name = <Name as base::Id>::NONE;
        self.assign_convert(value, to, &Context::Argument { name, number: idx as u32 + 1, pos: Pos::NONE })
    }

    /// The value behind a pointer argument (of the generic forms).
    fn atomic_behind(&mut self, from: usize, idx: usize, to: QualTy, loc: Loc, pos: Pos) -> NodeId {
        let pointer = self.arg(from, idx);
        let place = self.deref(pointer, loc, pos);
        let value = self.rvalue(place);
        self.convert(value, to)
    }

    fn order(&mut self, from: usize, idx: usize, pos: Pos) -> NodeId {
        if from + idx < self.words.len() {
            let value = self.arg(from, idx);
            return self.convert(value, INT);
        }
        self.int_node(SEQ_CST, INT, pos)
    }

    fn atomic(&mut self, name: &str, special: Special, from: usize, loc: Loc, pos: Pos) -> NodeId {
        match special {
            Special::Synchronize => {
                let order = self.int_node(SEQ_CST, INT, pos);
                return self.builtin_of(Builtin::ThreadFence, &[order], VOID, pos);
            }
            Special::AtomicLockFree => {
                let size = self.arg(from, 0);
                let lock_free = self.int_value(size).is_some_and(|s| matches!(s, 1 | 2 | 4 | 8));
                return self.int_node(i128::from(lock_free), BOOL, pos);
            }
            _ => {}
        }
        if let Some(call) = self.atomic_object(special, from, loc, pos) {
            return call;
        }
        let Some((pointer, ty)) = self.atomic_target(name, from, loc) else { return self.poison(pos) };
        if self.types.size(ty) == Some(16) {
            return self.atomic_wide_integer(special, from, ty, loc, pos);
        }
        match special {
            Special::Sync(builtin) => {
                let value = self.atomic_value(from, 1, ty);
                let order = self.int_node(SEQ_CST, INT, pos);
                self.builtin_of(builtin, &[pointer, value, order], ty, pos)
            }
            Special::AtomicFetch(builtin) => {
                let value = self.atomic_value(from, 1, ty);
                let order = self.order(from, 2, pos);
                self.builtin_of(builtin, &[pointer, value, order], ty, pos)
            }
            Special::SyncCompare(builtin) => {
                let old = self.atomic_value(from, 1, ty);
                let new = self.atomic_value(from, 2, ty);
                let ret = if builtin == Builtin::SyncBoolCompareAndSwap { BOOL } else { ty };
                self.builtin_of(builtin, &[pointer, old, new], ret, pos)
            }
            Special::LockTestAndSet => {
                let value = self.atomic_value(from, 1, ty);
                let order = self.int_node(ACQUIRE, INT, pos);
                self.builtin_of(Builtin::AtomicExchange, &[pointer, value, order], ty, pos)
            }
            Special::LockRelease => {
                let value = self.int_node(0, ty, pos);
                let order = self.int_node(RELEASE, INT, pos);
                self.builtin_of(Builtin::AtomicStore, &[pointer, value, order], VOID, pos)
            }
            Special::AtomicLoadN => {
                let order = self.order(from, 1, pos);
                self.builtin_of(Builtin::AtomicLoad, &[pointer, order], ty, pos)
            }
            Special::AtomicLoad => {
                let order = self.order(from, 2, pos);
                let value = self.builtin_of(Builtin::AtomicLoad, &[pointer, order], ty, pos);
                self.store_behind(from, 1, value, loc, pos)
            }
            Special::AtomicStoreN => {
                let value = self.atomic_value(from, 1, ty);
                let order = self.order(from, 2, pos);
                self.builtin_of(Builtin::AtomicStore, &[pointer, value, order], VOID, pos)
            }
            Special::AtomicStore => {
                let value = self.atomic_behind(from, 1, ty, loc, pos);
                let order = self.order(from, 2, pos);
                self.builtin_of(Builtin::AtomicStore, &[pointer, value, order], VOID, pos)
            }
            Special::AtomicExchangeN => {
                let value = self.atomic_value(from, 1, ty);
                let order = self.order(from, 2, pos);
                self.builtin_of(Builtin::AtomicExchange, &[pointer, value, order], ty, pos)
            }
            Special::AtomicExchange => {
                let value = self.atomic_behind(from, 1, ty, loc, pos);
                let order = self.order(from, 3, pos);
                let old = self.builtin_of(Builtin::AtomicExchange, &[pointer, value, order], ty, pos);
                self.store_behind(from, 2, old, loc, pos)
            }
            Special::AtomicCompareN | Special::AtomicCompare => {
                let expected = self.arg(from, 1);
                let desired = if special == Special::AtomicCompare {
                    self.atomic_behind(from, 2, ty, loc, pos)
                } else {
                    self.atomic_value(from, 2, ty)
                };
                // Argument 3 says whether it may fail spuriously: it never does.
                let success = self.order(from, 4, pos);
                let failure = self.order(from, 5, pos);
                let args = [pointer, expected, desired, success, failure];
                self.builtin_of(Builtin::AtomicCompareExchange, &args, BOOL, pos)
            }
            _ => self.poison(pos),
        }
    }

    /// `*argument = value`, as a void expression.
    fn store_behind(&mut self, from: usize, idx: usize, value: NodeId, loc: Loc, pos: Pos) -> NodeId {
        let pointer = self.arg(from, idx);
        let place = self.deref(pointer, loc, pos);
        let assigned = self.assign(place, value, loc, pos);
        self.node1(NodeOp::VoidCast, VOID, assigned, pos)
    }
}

/// Where a memory order comes from.
#[derive(Clone, Copy)]
enum Order {
    /// An argument.
    At(usize),
    Fixed(i128),
}

/// How the runtime takes a form on values of 16 bytes: its function, its signature, its memory orders.
type WideAtomic = (&'static str, &'static str, &'static [Order]);

/// The runtime's function for a form on values of 16 bytes.
fn wide_atomic(special: Special) -> Option<WideAtomic> {
    use Order::{At, Fixed};
    let fetch = |what: Builtin| WIDE_FETCHES.iter().find(|row| row.0 == what).map(|row| row.1);
    Some(match special {
        Special::AtomicFetch(what) => (fetch(what)?, "QpQi", &[At(2)]),
        Special::Sync(what) => (fetch(what)?, "QpQi", &[Fixed(SEQ_CST)]),
        Special::AtomicLoadN => ("__atomic_load_16", "Qpi", &[At(1)]),
        Special::AtomicStoreN => ("__atomic_store_16", "vpQi", &[At(2)]),
        Special::AtomicExchangeN => ("__atomic_exchange_16", "QpQi", &[At(2)]),
        Special::AtomicCompareN => ("__atomic_compare_exchange_16", "bppQii", &[At(4), At(5)]),
        Special::SyncCompare(Builtin::SyncValCompareAndSwap) => ("__sync_val_compare_and_swap_16", "QpQQ", &[]),
        Special::SyncCompare(Builtin::SyncBoolCompareAndSwap) => ("__sync_bool_compare_and_swap_16", "bpQQ", &[]),
        Special::LockTestAndSet => ("__atomic_exchange_16", "QpQi", &[Fixed(ACQUIRE)]),
        _ => return None,
    })
}

/// The runtime's functions that read, change and write 16 bytes, of `__atomic_*` and of `__sync_*`.
static WIDE_FETCHES: &[(Builtin, &str)] = &[
    (Builtin::AtomicFetchAdd, "__atomic_fetch_add_16"),
    (Builtin::AtomicAddFetch, "__atomic_add_fetch_16"),
    (Builtin::AtomicFetchSub, "__atomic_fetch_sub_16"),
    (Builtin::AtomicSubFetch, "__atomic_sub_fetch_16"),
    (Builtin::AtomicFetchAnd, "__atomic_fetch_and_16"),
    (Builtin::AtomicAndFetch, "__atomic_and_fetch_16"),
    (Builtin::AtomicFetchOr, "__atomic_fetch_or_16"),
    (Builtin::AtomicOrFetch, "__atomic_or_fetch_16"),
    (Builtin::AtomicFetchXor, "__atomic_fetch_xor_16"),
    (Builtin::AtomicXorFetch, "__atomic_xor_fetch_16"),
    (Builtin::AtomicFetchNand, "__atomic_fetch_nand_16"),
    (Builtin::AtomicNandFetch, "__atomic_nand_fetch_16"),
];

fn least_arguments(special: Special) -> usize {
    match special {
        Special::Expect
        | Special::ObjectSize
        | Special::AssumeAligned
        | Special::VaCopy
        | Special::FloatCompare(_)
        | Special::Sync(_)
        | Special::LockTestAndSet
        | Special::AtomicStoreN
        | Special::AtomicExchangeN
        | Special::AtomicFetch(_)
        | Special::Complex
        | Special::AtomicLoad
        | Special::Shuffle
        | Special::AtomicStore => 2,
        Special::Overflow(_)
        | Special::OverflowP(_)
        | Special::FixedOverflow(..)
        | Special::SyncCompare(_)
        | Special::ShuffleVector
        | Special::AtomicExchange => 3,
        Special::AtomicCompareN | Special::AtomicCompare => 4,
        Special::Infinity(_)
        | Special::Synchronize
        | Special::Line
        | Special::File
        | Special::FunctionName
        | Special::HasAttribute
        | Special::VaArgPack
        | Special::ProcessorInit
        | Special::Unsupported => 0,
        Special::ConstantP
        | Special::ClassifyType
        | Special::Conjugate(_)
        | Special::VaStart
        | Special::VaEnd
        | Special::FloatTest(_)
        | Special::Nan(..)
        | Special::LockRelease
        | Special::AtomicLoadN
        | Special::TypeGeneric
        | Special::ProcessorSupports
        | Special::ProcessorIs
        | Special::SetJump
        | Special::SafeValue
        | Special::AtomicLockFree => 1,
        Special::FpClassify => 6,
    }
}
