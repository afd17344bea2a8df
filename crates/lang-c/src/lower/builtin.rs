//! Builtin functions that are operations; those that are library functions under another name are plain calls.

use crate::ast::{Node, NodeId};
use crate::builtins::Builtin;
use crate::lower::Lower;
use crate::lower::facts::{Fact, pointee};
use base::ids::Id;
use ir::func::FuncFlags;
use ir::module::{AtomicOrder, MemDesc, MemId};
use ir::ops::{AtomicRmw, Cond, FCond, Op};
use ir::{Ty, Value};

impl<'a> Lower<'a> {
    /// Builtin call `node`; the value means nothing where it has none.
    pub(crate) fn builtin(&mut self, node: &Node) -> Value {
        match Builtin::from_aux(node.aux) {
            Some(builtin) => self.builtin_ops(node, builtin),
            None => unreachable!("a builtin's number"),
        }
    }

    /// A builtin call as a statement: control may end behind it.
    pub(crate) fn builtin_statement(&mut self, node: &Node) {
        self.builtin(node);
        if let Some(Builtin::Unreachable | Builtin::Trap | Builtin::LongJump) = Builtin::from_aux(node.aux) {
            self.b.unreachable();
        }
    }

    pub(crate) fn arg_node(&self, node: &Node, idx: usize) -> NodeId {
        self.tree.ast.list(node.b).get(idx).map_or(NodeId::NONE, |&id| NodeId(id))
    }

    fn arg(&mut self, node: &Node, idx: usize) -> Value {
        let id = self.arg_node(node, idx);
        self.value(id)
    }

    fn arg_fact(&mut self, node: &Node, idx: usize) -> Fact {
        let id = self.arg_node(node, idx);
        self.node_fact(id)
    }

    /// Evaluates arguments from `first` on for their effects.
    fn drop_args(&mut self, node: &Node, first: usize) {
        for idx in first..self.tree.ast.list(node.b).len() {
            self.effect(self.arg_node(node, idx));
        }
    }

    /// `value` (of `from`) as the node's type.
    fn result(&mut self, node: &Node, value: Value, from: Ty) -> Value {
        let to = self.fact(node.ty).ty;
        self.resize_as(value, from, false, to)
    }

    fn builtin_ops(&mut self, node: &Node, builtin: Builtin) -> Value {
        use Builtin as B;
        match builtin {
            B::VaStart => {
                let list = self.arg(node, 0);
                self.b.va_start(list);
                Value::NONE
            }
            B::VaEnd => {
                let list = self.arg(node, 0);
                self.b.va_end(list);
                Value::NONE
            }
            B::VaCopy => {
                let to = self.arg(node, 0);
                let from = self.arg(node, 1);
                self.b.va_copy(to, from);
                Value::NONE
            }
            B::Unreachable => Value::NONE,
            B::Trap => {
                self.b.trap();
                Value::NONE
            }
            B::Prefetch => {
                let address = self.arg(node, 0);
                self.drop_args(node, 1);
                self.b.prefetch(address);
                Value::NONE
            }
            B::Alloca => {
                self.b.func.flags.set(FuncFlags::DYNAMIC_STACK);
                let size = self.arg(node, 0);
                let align = self.tree.ast.list(node.b).get(1).and_then(|&id| self.int_const(NodeId(id)));
                let align = align.map_or(MIN_ALLOCA_ALIGN, |align| align.clamp(MIN_ALLOCA_ALIGN, 1 << 16));
                self.b.alloca(size, (align as u32).next_power_of_two())
            }
            B::DwarfCfa => {
                let frame = self.b.frame_address(0);
                let distance = self.b.iconst(Ty::I64, i64::from(self.tree.types.layout.frame_to_cfa));
                self.b.binary(Op::Add, Ty::Ptr, frame, distance)
            }
            B::FrameAddress | B::ReturnAddress => {
                let level = self.int_const(self.arg_node(node, 0)).unwrap_or(0) as u32;
                if builtin == B::FrameAddress { self.b.frame_address(level) } else { self.b.return_address(level) }
            }
            B::Clz | B::Ctz | B::Popcount | B::Parity | B::Ffs | B::Clrsb | B::Bswap => self.bits(node, builtin),
            B::Abs => self.absolute(node),
            B::CopySign => {
                let ty = self.fact(node.ty).ty;
                let a = self.arg(node, 0);
                let b = self.arg(node, 1);
                self.b.binary(Op::Fcopysign, ty, a, b)
            }
            B::IsNan | B::IsInf | B::IsInfSign | B::IsFinite | B::IsNormal | B::SignBit => self.classify(node, builtin),
            B::IsGreater => self.quiet_compare(node, FCond::Gt),
            B::IsGreaterEqual => self.quiet_compare(node, FCond::Ge),
            B::IsLess => self.quiet_compare(node, FCond::Lt),
            B::IsLessEqual => self.quiet_compare(node, FCond::Le),
            B::IsUnordered => self.quiet_compare(node, FCond::Uno),
            B::IsLessGreater => {
                let ty = self.arg_fact(node, 0).ty;
                let a = self.arg(node, 0);
                let b = self.arg(node, 1);
                let less = self.b.fcmp(FCond::Lt, ty, a, b);
                let greater = self.b.fcmp(FCond::Gt, ty, a, b);
                self.b.binary(Op::Or, Ty::I32, less, greater)
            }
            B::AddOverflow => self.overflow(node, Op::Add),
            B::SubOverflow => self.overflow(node, Op::Sub),
            B::MulOverflow => self.overflow(node, Op::Mul),
            B::AtomicLoad
            | B::AtomicStore
            | B::AtomicExchange
            | B::AtomicCompareExchange
            | B::AtomicFetchAdd
            | B::AtomicFetchSub
            | B::AtomicFetchAnd
            | B::AtomicFetchOr
            | B::AtomicFetchXor
            | B::AtomicFetchNand
            | B::AtomicAddFetch
            | B::AtomicSubFetch
            | B::AtomicAndFetch
            | B::AtomicOrFetch
            | B::AtomicXorFetch
            | B::AtomicNandFetch
            | B::SyncBoolCompareAndSwap
            | B::SyncValCompareAndSwap
            | B::AtomicTestAndSet
            | B::AtomicClear
            | B::ThreadFence
            | B::SignalFence => self.atomic(node, builtin),
            B::SetJump => {
                // The five words of the buffer are too few for the C library's: they say where that is.
                let buffer = self.arg(node, 0);
                let hidden = self.b.slot(crate::lower::nested::JMP_BUF, 16, Ty::Void);
                let hidden = self.b.slot_addr(hidden, 0);
                let mem = self.st.facts.mem(0, false);
                self.b.store(Ty::Ptr, buffer, 0, hidden, mem);
                let came = self.set_jump(hidden);
                let truth = self.nonzero(came, Ty::I32);
                self.result(node, truth, Ty::I32)
            }
            B::LongJump => {
                let buffer = self.arg(node, 0);
                self.drop_args(node, 1);
                let mem = self.st.facts.mem(0, false);
                let hidden = self.b.load(Ty::Ptr, buffer, 0, mem);
                self.long_jump(hidden, 1);
                Value::NONE
            }
            B::ExtractReturn => self.arg(node, 0),
            B::StackSave => {
                self.b.func.flags.set(FuncFlags::DYNAMIC_STACK);
                self.b.stack_save()
            }
            B::StackRestore => {
                let saved = self.arg(node, 0);
                self.b.stack_restore(saved);
                Value::NONE
            }
            // Vectors are places.
            B::Shuffle | B::ShuffleVector | B::ConvertVector => {
                self.vector_builtin(node);
                Value::NONE
            }
            B::Machine => self.machine_scalar(node),
            B::Count => unreachable!("no builtin but their number"),
        }
    }

    /// `abs`, `fabs` and their like. Of the least integer: itself.
    fn absolute(&mut self, node: &Node) -> Value {
        let ty = self.fact(node.ty).ty;
        let value = self.arg(node, 0);
        self.absolute_value(ty, value)
    }

    pub(crate) fn absolute_value(&mut self, ty: Ty, value: Value) -> Value {
        if ty.is_float() {
            return self.b.unary(Op::Fabs, ty, value);
        }
        let shift = self.int(&int_fact(ty), i64::from(ty.size() * 8 - 1));
        let sign = self.b.binary(Op::AShr, ty, value, shift);
        let flipped = self.b.binary(Op::Xor, ty, value, sign);
        self.b.binary(Op::Sub, ty, flipped, sign)
    }

    // Bits.

    fn bits(&mut self, node: &Node, builtin: Builtin) -> Value {
        use Builtin as B;
        let ty = self.arg_fact(node, 0).ty;
        let value = self.arg(node, 0);
        match builtin {
            B::Clz => {
                let count = self.b.unary(Op::Clz, ty, value);
                self.result(node, count, ty)
            }
            B::Ctz => {
                let count = self.b.unary(Op::Ctz, ty, value);
                self.result(node, count, ty)
            }
            B::Popcount => {
                let count = self.b.unary(Op::Popcnt, ty, value);
                self.result(node, count, ty)
            }
            B::Parity => {
                let count = self.b.unary(Op::Popcnt, ty, value);
                let one = self.int(&int_fact(ty), 1);
                let parity = self.b.binary(Op::And, ty, count, one);
                self.result(node, parity, ty)
            }
            B::Ffs => {
                // One more than the number of zeros below the lowest one; 0 for 0.
                let count = self.b.unary(Op::Ctz, ty, value);
                let count = self.result(node, count, ty);
                let one = self.b.iconst(Ty::I32, 1);
                let count = self.b.binary(Op::Add, Ty::I32, count, one);
                let some = self.nonzero(value, ty);
                let none = self.b.iconst(Ty::I32, 0);
                self.b.select(Ty::I32, some, count, none)
            }
            B::Clrsb => {
                // Sign bits become zeros: `clz(x ^ x >> (width - 1)) - 1`.
                let shift = self.int(&int_fact(ty), i64::from(ty.size() * 8 - 1));
                let sign = self.b.binary(Op::AShr, ty, value, shift);
                let rest = self.b.binary(Op::Xor, ty, value, sign);
                let count = self.b.unary(Op::Clz, ty, rest);
                let count = self.result(node, count, ty);
                let one = self.b.iconst(Ty::I32, -1);
                self.b.binary(Op::Add, Ty::I32, count, one)
            }
            _ => {
                let swapped = self.b.unary(Op::Bswap, ty, value);
                self.result(node, swapped, ty)
            }
        }
    }

    // Floating point.

    fn quiet_compare(&mut self, node: &Node, cond: FCond) -> Value {
        let ty = self.arg_fact(node, 0).ty;
        let a = self.arg(node, 0);
        let b = self.arg(node, 1);
        self.b.fcmp(cond, ty, a, b)
    }

    fn float_bits(&mut self, ty: Ty, which: Special) -> Value {
        let pick = |infinity: u64, normal: u64| if which == Special::Infinity { infinity } else { normal };
        match ty {
            Ty::F32 => self.b.f32const(f32::from_bits(pick(0x7f80_0000, 0x0080_0000) as u32)),
            Ty::F64 => self.b.f64const(f64::from_bits(pick(0x7ff0 << 48, 0x0010 << 48))),
            Ty::F80 => {
                let mut bytes = [0; 16];
                bytes[7] = 0x80;
                bytes[8..10].copy_from_slice(&(pick(0x7fff, 1) as u16).to_le_bytes());
                self.b.wide_const(ty, bytes)
            }
            _ => {
                let mut bytes = [0; 16];
                bytes[14..16].copy_from_slice(&(pick(0x7fff, 1) as u16).to_le_bytes());
                self.b.wide_const(ty, bytes)
            }
        }
    }

    fn classify(&mut self, node: &Node, builtin: Builtin) -> Value {
        use Builtin as B;
        let ty = self.arg_fact(node, 0).ty;
        let value = self.arg(node, 0);
        match builtin {
            B::IsNan => self.b.fcmp(FCond::Uno, ty, value, value),
            B::SignBit => self.sign_bit(value, ty),
            B::IsInf | B::IsInfSign => {
                let size = self.b.unary(Op::Fabs, ty, value);
                let infinity = self.float_bits(ty, Special::Infinity);
                let is = self.b.fcmp(FCond::Eq, ty, size, infinity);
                if builtin == B::IsInf {
                    return is;
                }
                let zero = self.zero(ty);
                let negative = self.b.fcmp(FCond::Lt, ty, value, zero);
                let minus = self.b.iconst(Ty::I32, -1);
                let sign = self.b.select(Ty::I32, negative, minus, is);
                let none = self.b.iconst(Ty::I32, 0);
                self.b.select(Ty::I32, is, sign, none)
            }
            B::IsFinite => {
                let size = self.b.unary(Op::Fabs, ty, value);
                let infinity = self.float_bits(ty, Special::Infinity);
                self.b.fcmp(FCond::Lt, ty, size, infinity)
            }
            _ => {
                let size = self.b.unary(Op::Fabs, ty, value);
                let infinity = self.float_bits(ty, Special::Infinity);
                let finite = self.b.fcmp(FCond::Lt, ty, size, infinity);
                let least = self.float_bits(ty, Special::LeastNormal);
                let large = self.b.fcmp(FCond::Ge, ty, size, least);
                self.b.binary(Op::And, Ty::I32, finite, large)
            }
        }
    }

    /// 1 when the sign is set, also of zeros and NaNs: that of 1 with the sign of `value`.
    fn sign_bit(&mut self, value: Value, ty: Ty) -> Value {
        // Rounding keeps the sign, and every machine can copy that of a double.
        let (value, ty) =
            if ty.size() > 8 { (self.b.unary(Op::Fptrunc, Ty::F64, value), Ty::F64) } else { (value, ty) };
        let one = self.float_one(ty);
        let signed = self.b.binary(Op::Fcopysign, ty, one, value);
        let zero = self.zero(ty);
        self.b.fcmp(FCond::Lt, ty, signed, zero)
    }

    // Overflow.

    /// Computes in a type that holds every result of the operands' types, stores the result cut to its own and tells whether
    /// that lost anything. Operands of 64 bits are computed in 128; products of 64 unsigned by 64 signed bits fit, too.
    fn overflow(&mut self, node: &Node, op: Op) -> Value {
        let (a_fact, b_fact) = (self.arg_fact(node, 0), self.arg_fact(node, 1));
        let to_ptr = self.arg_node(node, 2);
        let to_ty = pointee(&self.tree, self.tree.ast.nodes[to_ptr].ty);
        let to = self.fact(to_ty);
        let a = self.arg(node, 0);
        let b = self.arg(node, 1);
        let place = self.pointer(to_ptr);
        let place = crate::lower::place::Place { align_log2: to.align_log2, ..place };
        let widest = a_fact.size.max(b_fact.size).max(to.size);
        if widest > 8 {
            let (a, b) = (self.resize_int(a, &a_fact, Ty::I128), self.resize_int(b, &b_fact, Ty::I128));
            let exact = self.exact(op, (a, a_fact.signed), (b, b_fact.signed));
            let cut = self.resize_as(exact.low, Ty::I128, false, to.ty);
            let access = self.access_at(place, to_ty);
            self.store_access(&access, cut);
            let again = self.resize_int(cut, &to, Ty::I128);
            let sign = self.sign_word((again, to.signed));
            let mut lost = self.b.icmp(Cond::Ne, Ty::I128, exact.low, again);
            let above = self.b.icmp(Cond::Ne, Ty::I128, exact.above, sign);
            for more in [Some(above), exact.lost].into_iter().flatten() {
                lost = self.b.binary(Op::Or, Ty::I32, lost, more);
            }
            return self.result(node, lost, Ty::I32);
        }
        let work = if widest <= 4 { Ty::I64 } else { Ty::I128 };
        let a = self.resize_int(a, &a_fact, work);
        let b = self.resize_int(b, &b_fact, work);
        let exact = self.b.binary(op, work, a, b);
        let cut = self.resize_as(exact, work, false, to.ty);
        let access = self.access_at(place, to_ty);
        self.store_access(&access, cut);
        let again = self.resize_int(cut, &to, work);
        let lost = self.b.icmp(Cond::Ne, work, exact, again);
        // A product of two unsigned numbers may be negative as a signed one of twice the width, but differs then from
        // every number of their width, too.
        self.result(node, lost, Ty::I32)
    }

    // Atomics.

    fn order(&self, node: &Node, idx: usize) -> AtomicOrder {
        match self.int_const(self.arg_node(node, idx)) {
            Some(0) => AtomicOrder::Relaxed,
            Some(1 | 2) => AtomicOrder::Acquire,
            Some(3) => AtomicOrder::Release,
            Some(4) => AtomicOrder::AcqRel,
            _ => AtomicOrder::SeqCst,
        }
    }

    fn atomic_mem(&mut self, fact: &Fact, order: AtomicOrder) -> MemId {
        let align_log2 = fact.align_log2.min(5);
        self.b.module.intern_mem(MemDesc { align_log2, volatile: false, order, alias_root: 0 })
    }

    /// The type that the first argument points to, as an integer.
    fn atomic_fact(&mut self, node: &Node) -> Fact {
        let ty = self.tree.ast.nodes[self.arg_node(node, 0)].ty;
        let mut fact = self.fact(pointee(&self.tree, ty));
        if !matches!(fact.size, 1 | 2 | 4 | 8) {
            self.pos = node.pos;
            self.unsupported("atomic operations on objects of this size");
        }
        fact.ty = crate::lower::place::int_of_size(fact.size.clamp(1, 8) as u32);
        fact
    }

    /// Argument `idx` as the integer that an operation on such objects takes.
    fn atomic_arg(&mut self, node: &Node, idx: usize, fact: &Fact) -> Value {
        let from = self.arg_fact(node, idx);
        let value = self.arg(node, idx);
        self.resize_int(value, &from, fact.ty)
    }

    /// The result of an operation on such objects as the node's type.
    fn atomic_result(&mut self, node: &Node, value: Value, fact: &Fact) -> Value {
        let to = self.fact(node.ty);
        if to.ty == Ty::Void {
            return value;
        }
        self.resize_as(value, fact.ty, fact.signed, to.ty)
    }

    fn atomic(&mut self, node: &Node, builtin: Builtin) -> Value {
        use Builtin as B;
        if let Some((rmw, new)) = fetch_op(builtin) {
            return self.atomic_fetch(node, rmw, new);
        }
        match builtin {
            B::ThreadFence | B::SignalFence => {
                let order = self.order(node, 0);
                self.b.fence(order);
                Value::NONE
            }
            B::AtomicTestAndSet | B::AtomicClear => {
                let mem = self.atomic_mem(&int_fact(Ty::I8), self.order(node, 1));
                let address = self.arg(node, 0);
                let value = self.b.iconst(Ty::I8, i64::from(builtin == B::AtomicTestAndSet));
                let old = self.b.atomic_rmw(AtomicRmw::Xchg, Ty::I8, address, value, mem);
                if builtin == B::AtomicClear {
                    return Value::NONE;
                }
                let truth = self.nonzero(old, Ty::I8);
                self.result(node, truth, Ty::I32)
            }
            B::AtomicLoad => {
                let fact = self.atomic_fact(node);
                let mem = self.atomic_mem(&fact, self.order(node, 1));
                let address = self.arg(node, 0);
                let value = self.b.load(fact.ty, address, 0, mem);
                self.atomic_result(node, value, &fact)
            }
            B::AtomicStore => {
                let fact = self.atomic_fact(node);
                let order = self.order(node, 2);
                let mem = self.atomic_mem(&fact, order);
                let address = self.arg(node, 0);
                let value = self.atomic_arg(node, 1, &fact);
                if order == AtomicOrder::SeqCst {
                    // A store that later loads do not pass.
                    self.b.atomic_rmw(AtomicRmw::Xchg, fact.ty, address, value, mem);
                } else {
                    self.b.store(fact.ty, address, 0, value, mem);
                }
                Value::NONE
            }
            B::AtomicCompareExchange => self.atomic_compare_exchange(node),
            _ => {
                let fact = self.atomic_fact(node);
                let mem = self.atomic_mem(&fact, AtomicOrder::SeqCst);
                let address = self.arg(node, 0);
                let expected = self.atomic_arg(node, 1, &fact);
                let desired = self.atomic_arg(node, 2, &fact);
                let old = self.b.atomic_cmpxchg(fact.ty, address, expected, desired, mem);
                if builtin == B::SyncValCompareAndSwap {
                    return self.atomic_result(node, old, &fact);
                }
                let same = self.b.icmp(Cond::Eq, fact.ty, old, expected);
                self.result(node, same, Ty::I32)
            }
        }
    }

    fn atomic_compare_exchange(&mut self, node: &Node) -> Value {
        let fact = self.atomic_fact(node);
        let mem = self.atomic_mem(&fact, self.order(node, 3));
        let plain = self.st.facts.mem(fact.align_log2.min(5), false);
        let address = self.arg(node, 0);
        let expected_at = self.arg(node, 1);
        let desired = self.atomic_arg(node, 2, &fact);
        let expected = self.b.load(fact.ty, expected_at, 0, plain);
        let old = self.b.atomic_cmpxchg(fact.ty, address, expected, desired, mem);
        let same = self.b.icmp(Cond::Eq, fact.ty, old, expected);
        let (failed, join) = (self.block(), self.block());
        self.branch(Ty::I32, same, join, failed);
        self.start_reached(failed);
        self.b.store(fact.ty, expected_at, 0, old, plain);
        self.jump(join);
        self.start_reached(join);
        self.result(node, same, Ty::I32)
    }

    fn atomic_fetch(&mut self, node: &Node, rmw: AtomicRmw, new: bool) -> Value {
        let fact = self.atomic_fact(node);
        let mem = self.atomic_mem(&fact, self.order(node, 2));
        let address = self.arg(node, 0);
        let value = self.atomic_arg(node, 1, &fact);
        let mut result = self.b.atomic_rmw(rmw, fact.ty, address, value, mem);
        if new {
            result = match rmw {
                AtomicRmw::Nand => {
                    let both = self.b.binary(Op::And, fact.ty, result, value);
                    self.b.unary(Op::Not, fact.ty, both)
                }
                AtomicRmw::Xchg => value,
                AtomicRmw::Add => self.b.binary(Op::Add, fact.ty, result, value),
                AtomicRmw::Sub => self.b.binary(Op::Sub, fact.ty, result, value),
                AtomicRmw::And => self.b.binary(Op::And, fact.ty, result, value),
                AtomicRmw::Or => self.b.binary(Op::Or, fact.ty, result, value),
                AtomicRmw::Xor => self.b.binary(Op::Xor, fact.ty, result, value),
            };
        }
        self.atomic_result(node, result, &fact)
    }
}

/// What `alloca` gives is aligned for every type.
const MIN_ALLOCA_ALIGN: i64 = 16;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Special {
    Infinity,
    LeastNormal,
}

/// Facts of a plain unsigned integer.
fn int_fact(ty: Ty) -> Fact {
    Fact { ty, size: u64::from(ty.size()), ..crate::lower::facts::UNKNOWN }
}

/// Read-modify-write builtins: the operation, and whether the new value is the result.
fn fetch_op(builtin: Builtin) -> Option<(AtomicRmw, bool)> {
    use Builtin as B;
    Some(match builtin {
        B::AtomicFetchAdd => (AtomicRmw::Add, false),
        B::AtomicFetchSub => (AtomicRmw::Sub, false),
        B::AtomicFetchAnd => (AtomicRmw::And, false),
        B::AtomicFetchOr => (AtomicRmw::Or, false),
        B::AtomicFetchXor => (AtomicRmw::Xor, false),
        B::AtomicFetchNand => (AtomicRmw::Nand, false),
        B::AtomicAddFetch => (AtomicRmw::Add, true),
        B::AtomicSubFetch => (AtomicRmw::Sub, true),
        B::AtomicAndFetch => (AtomicRmw::And, true),
        B::AtomicOrFetch => (AtomicRmw::Or, true),
        B::AtomicXorFetch => (AtomicRmw::Xor, true),
        B::AtomicNandFetch => (AtomicRmw::Nand, true),
        B::AtomicExchange => (AtomicRmw::Xchg, false),
        _ => return None,
    })
}
