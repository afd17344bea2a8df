//! The public way to make a function: typed, checked with assertions, one push per instruction.
//!
//! Blocks are made with [`Builder::block`], filled with [`Builder::start`] one after the other, and each is ended by
//! exactly one terminator; after it nothing can be added until the next `start`. The builder counts uses (lazy selection
//! needs to know which values have one) and weighs slots.

use crate::func::{
    Asm, Block, BlockData, CallFlags, Func, Inst, LocRun, MAX_INLINE_BYTES, ParamHome, Slot, SlotData, Value,
};
use crate::module::{MemId, Module, Symbol, SymbolKind, Wide};
use crate::ops::{AtomicRmw, Cond, FCond, Op};
use crate::types::{LayoutId, SigId, Ty};
use base::Pos;
use base::ids::Id;

/// Fills one [`Func`].
pub struct Builder<'a> {
    pub module: &'a mut Module,
    pub func: &'a mut Func,
    current: Block,
    loop_depth: u8,
    /// What one access of a slot counts here.
    weight: u32,
}

impl<'a> Builder<'a> {
    /// Starts on an empty function; makes and starts the entry block.
    pub fn new(module: &'a mut Module, func: &'a mut Func) -> Builder<'a> {
        debug_assert!(func.blocks.is_empty());
        let mut builder = Builder { module, func, current: Block::NONE, loop_depth: 0, weight: 1 };
        let entry = builder.block();
        builder.start(entry);
        builder
    }

    // Blocks.

    /// A new, unfilled block.
    #[inline]
    pub fn block(&mut self) -> Block {
        let label = Symbol::NONE;
        self.func.blocks.push(BlockData { start: 0, end: 0, label, loop_depth: 0 })
    }

    /// Begins to fill `block`. The block before must be ended.
    pub fn start(&mut self, block: Block) {
        debug_assert!(self.current.is_none(), "the block before is not ended");
        if self.func.order.len() == self.func.order.capacity() {
            return self.start_growing(block);
        }
        self.func.order.push(block);
        let at = self.func.insts.len() as u32;
        let data = &mut self.func.blocks[block];
        debug_assert!(data.start == data.end, "a block is filled once");
        data.start = at;
        data.end = at;
        data.loop_depth = self.loop_depth;
        self.current = block;
    }

    #[cold]
    #[inline(never)]
    fn start_growing(&mut self, block: Block) {
        self.func.order.reserve(1);
        self.start(block);
    }

    /// The block that is being filled; `None` behind a terminator (what follows is unreachable).
    pub fn current(&self) -> Option<Block> {
        self.current.some()
    }

    /// True when nothing can be added: control does not get here.
    #[inline]
    pub fn is_ended(&self) -> bool {
        self.current.is_none()
    }

    /// Everything until [`Builder::leave_loop`] counts eight times as much for slot weights.
    pub fn enter_loop(&mut self) {
        self.loop_depth = self.loop_depth.saturating_add(1);
        self.weight = weight_in(self.loop_depth);
    }

    pub fn leave_loop(&mut self) {
        self.loop_depth -= 1;
        self.weight = weight_in(self.loop_depth);
    }

    /// Makes `label` the symbol of `block`.
    pub fn set_label(&mut self, block: Block, label: Symbol) {
        self.func.blocks[block].label = label;
    }

    /// From here on code belongs to `pos`.
    #[inline]
    pub fn set_pos(&mut self, pos: Pos) {
        let first = self.func.insts.len() as u32;
        match self.func.locs.last_mut() {
            Some(last) if last.pos == pos => {}
            Some(last) if last.first == first => last.pos = pos,
            _ => self.func.locs.push(LocRun { first, pos }),
        }
    }

    // Slots.

    /// A slot that always holds one scalar.
    pub fn scalar_slot(&mut self, ty: Ty) -> Slot {
        let size = u64::from(ty.size());
        self.slot(size, size as u32, ty)
    }

    /// A slot of `size` bytes; `ty` is its scalar type or `Void`.
    pub fn slot(&mut self, size: u64, align: u32, ty: Ty) -> Slot {
        debug_assert!(align.is_power_of_two());
        self.func.slots.push(SlotData {
            size,
            align,
            ty,
            address_taken: false,
            pinned_to_memory: false,
            weight: 0,
            first: 0,
            end: u32::MAX,
        })
    }

    #[inline]
    fn weigh(&mut self, slot: Slot) -> &mut SlotData {
        let data = &mut self.func.slots[slot];
        data.weight = data.weight.saturating_add(self.weight);
        data
    }

    /// Declares the next parameter's home. Scalars are then fetched with [`Builder::param`].
    pub fn param_home(&mut self, home: ParamHome) {
        if let ParamHome::Slot(slot) = home {
            self.func.slots[slot].address_taken = true;
        }
        self.func.params.push(home);
    }

    // The one place where instructions are made.

    #[inline]
    fn push(&mut self, op: Op, ty: Ty, aux: u16, a: u32, b: u32, c: u32) -> Value {
        debug_assert!(!self.current.is_none(), "{op:?} behind the end of a block");
        self.func.push(Inst { op, ty, aux, a, b, c })
    }

    /// The next instruction is in [`Func::calls`].
    #[inline]
    fn may_call(&mut self) {
        let next = self.func.insts.len() as u32;
        self.func.calls.push(next);
    }

    #[inline]
    fn used(&mut self, value: Value) -> u32 {
        self.func.uses.add(value);
        value.0
    }

    #[inline]
    fn end(&mut self, op: Op, ty: Ty, a: u32, b: u32, c: u32) {
        let inst = Inst { op, ty, aux: 0, a, b, c };
        if self.func.is_full() {
            return self.end_growing(op, ty, inst.pair(), c);
        }
        let last = self.func.push(inst);
        self.func.blocks[self.current].end = last.0 + 1;
        self.current = Block::NONE;
    }

    #[cold]
    #[inline(never)]
    fn end_growing(&mut self, op: Op, ty: Ty, pair: u64, c: u32) {
        self.func.reserve();
        self.end(op, ty, pair as u32, (pair >> 32) as u32, c);
    }

    // Constants and addresses.

    /// An integer or pointer constant; bits above the type's width are dropped.
    #[inline]
    pub fn iconst(&mut self, ty: Ty, value: i64) -> Value {
        debug_assert!(ty.is_int_like() && ty != Ty::I128);
        let bits = match ty.size() {
            1 => value as u64 & 0xff,
            2 => value as u64 & 0xffff,
            4 => value as u64 & 0xffff_ffff,
            _ => value as u64,
        };
        self.push(Op::Iconst, ty, 0, 0, bits as u32, (bits >> 32) as u32)
    }

    pub fn f32const(&mut self, value: f32) -> Value {
        self.push(Op::Fconst, Ty::F32, 0, 0, value.to_bits(), 0)
    }

    pub fn f64const(&mut self, value: f64) -> Value {
        let bits = value.to_bits();
        self.push(Op::Fconst, Ty::F64, 0, 0, bits as u32, (bits >> 32) as u32)
    }

    /// A 16-byte constant, little-endian; f80 uses the first ten bytes.
    pub fn wide_const(&mut self, ty: Ty, bytes: [u8; 16]) -> Value {
        debug_assert!(ty.size() == 16);
        let wide: Wide = self.module.wide.push(bytes);
        self.push(Op::WideConst, ty, 0, wide.0, 0, 0)
    }

    #[inline]
    pub fn slot_addr(&mut self, slot: Slot, offset: i32) -> Value {
        self.weigh(slot).address_taken = true;
        self.push(Op::SlotAddr, Ty::Ptr, 0, slot.0, offset as u32, 0)
    }

    #[inline]
    pub fn sym_addr(&mut self, symbol: Symbol, offset: i64) -> Value {
        if self.module.symbols[symbol].kind == SymbolKind::Tls {
            self.may_call();
        }
        self.push(Op::SymAddr, Ty::Ptr, 0, symbol.0, offset as u32, (offset as u64 >> 32) as u32)
    }

    /// Scalar parameter `idx`.
    pub fn param(&mut self, ty: Ty, idx: u32) -> Value {
        self.push(Op::Param, ty, 0, idx, 0, 0)
    }

    /// The next parameter of the current block; before anything else in it.
    pub fn block_param(&mut self, ty: Ty) -> Value {
        let idx = self.func.insts.len() as u32 - self.func.blocks[self.current].start;
        self.push(Op::BlockParam, ty, 0, idx, 0, 0)
    }

    // Memory.

    #[inline]
    pub fn slot_get(&mut self, slot: Slot) -> Value {
        let ty = self.weigh(slot).ty;
        debug_assert!(ty != Ty::Void);
        self.push(Op::SlotGet, ty, 0, slot.0, 0, 0)
    }

    /// The same for a slot that may hold something else than one scalar: `None` then.
    #[inline]
    pub fn scalar_get(&mut self, slot: Slot) -> Option<Value> {
        let data = &mut self.func.slots[slot];
        let ty = data.ty;
        if ty == Ty::Void {
            return None;
        }
        data.weight = data.weight.saturating_add(self.weight);
        Some(self.push(Op::SlotGet, ty, 0, slot.0, 0, 0))
    }

    #[inline]
    pub fn slot_set(&mut self, slot: Slot, value: Value) {
        let ty = self.weigh(slot).ty;
        debug_assert!(ty != Ty::Void);
        let value = self.used(value);
        self.push(Op::SlotSet, ty, 0, slot.0, value, 0);
    }

    #[inline]
    pub fn load(&mut self, ty: Ty, addr: Value, offset: i32, mem: MemId) -> Value {
        let addr = self.used(addr);
        self.push(Op::Load, ty, mem.0, addr, offset as u32, 0)
    }

    #[inline]
    pub fn store(&mut self, ty: Ty, addr: Value, offset: i32, value: Value, mem: MemId) {
        let (addr, value) = (self.used(addr), self.used(value));
        self.push(Op::Store, ty, mem.0, addr, value, offset as u32);
    }

    /// Copies `size` bytes; see [`Op::Copy`].
    pub fn copy(&mut self, dst: Value, src: Value, size: u32, mem: MemId) {
        let (dst, src) = (self.used(dst), self.used(src));
        if size > MAX_INLINE_BYTES {
            self.may_call();
        }
        self.push(Op::Copy, Ty::Void, mem.0, dst, src, size);
    }

    pub fn fill(&mut self, dst: Value, byte: u8, size: u32, mem: MemId) {
        let dst = self.used(dst);
        if size > MAX_INLINE_BYTES {
            self.may_call();
        }
        self.push(Op::Fill, Ty::Void, mem.0, dst, u32::from(byte), size);
    }

    // Arithmetic.

    /// A two-operand operation of type `ty`.
    #[inline]
    pub fn binary(&mut self, op: Op, ty: Ty, a: Value, b: Value) -> Value {
        debug_assert!(matches!(op.row().b, crate::ops::Operand::Value) && op.row().result);
        let (a, b) = (self.used(a), self.used(b));
        self.push(op, ty, 0, a, b, 0)
    }

    /// A one-operand operation or conversion with result type `ty`.
    #[inline]
    pub fn unary(&mut self, op: Op, ty: Ty, a: Value) -> Value {
        let a = self.used(a);
        self.push(op, ty, 0, a, 0, 0)
    }

    /// Compares operands of type `ty`; the result is i32.
    #[inline]
    pub fn icmp(&mut self, cond: Cond, ty: Ty, a: Value, b: Value) -> Value {
        let (a, b) = (self.used(a), self.used(b));
        self.push(Op::Icmp, ty, cond as u16, a, b, 0)
    }

    pub fn fcmp(&mut self, cond: FCond, ty: Ty, a: Value, b: Value) -> Value {
        let (a, b) = (self.used(a), self.used(b));
        self.push(Op::Fcmp, ty, cond as u16, a, b, 0)
    }

    pub fn select(&mut self, ty: Ty, cond: Value, then: Value, other: Value) -> Value {
        let (cond, then, other) = (self.used(cond), self.used(then), self.used(other));
        self.push(Op::Select, ty, 0, cond, then, other)
    }

    // Calls and variable arguments.

    fn list(&mut self, values: &[Value]) -> u32 {
        let Func { lists, uses, .. } = &mut *self.func;
        let start = lists.len() as u32;
        lists.reserve(values.len() + 1);
        lists.push(values.len() as u32);
        lists.extend(values.iter().map(|&value| {
            uses.add(value);
            value.0
        }));
        start
    }

    /// Calls `callee`. `ret` is the scalar result type or `Void`; for an aggregate result the first of `args` is the
    /// address where it goes.
    pub fn call(&mut self, callee: Symbol, sig: SigId, ret: Ty, args: &[Value], flags: CallFlags) -> Value {
        let list = self.list(args);
        self.may_call();
        self.push(Op::Call, ret, flags.0, callee.0, list, sig.0)
    }

    pub fn call_indirect(&mut self, callee: Value, sig: SigId, ret: Ty, args: &[Value], flags: CallFlags) -> Value {
        let callee = self.used(callee);
        let list = self.list(args);
        self.may_call();
        self.push(Op::CallIndirect, ret, flags.0, callee, list, sig.0)
    }

    pub fn va_start(&mut self, list: Value) {
        self.unary(Op::VaStart, Ty::Void, list);
    }

    pub fn va_end(&mut self, list: Value) {
        self.unary(Op::VaEnd, Ty::Void, list);
    }

    pub fn va_copy(&mut self, dst: Value, src: Value) {
        let (dst, src) = (self.used(dst), self.used(src));
        self.push(Op::VaCopy, Ty::Void, 0, dst, src, 0);
    }

    pub fn va_arg(&mut self, ty: Ty, list: Value) -> Value {
        self.unary(Op::VaArg, ty, list)
    }

    pub fn va_arg_aggregate(&mut self, layout: LayoutId, list: Value, dst: Value) {
        let (list, dst) = (self.used(list), self.used(dst));
        self.may_call();
        self.push(Op::VaArgAggregate, Ty::Void, 0, list, layout.0, dst);
    }

    // The stack.

    pub fn alloca(&mut self, size: Value, align: u32) -> Value {
        let size = self.used(size);
        self.push(Op::Alloca, Ty::Ptr, 0, size, align, 0)
    }

    pub fn stack_save(&mut self) -> Value {
        self.push(Op::StackSave, Ty::Ptr, 0, 0, 0, 0)
    }

    pub fn stack_restore(&mut self, saved: Value) {
        self.unary(Op::StackRestore, Ty::Void, saved);
    }

    /// The chain of a function that is called through closures: see [`Op::Chain`].
    pub fn chain(&mut self) -> Value {
        self.func.flags.set(crate::func::FuncFlags::CHAIN);
        self.push(Op::Chain, Ty::Ptr, 0, 0, 0, 0)
    }

    /// Makes the memory at `at` a function: see [`Op::Closure`].
    pub fn closure(&mut self, at: Value, function: Value, chain: Value) -> Value {
        let (at, function, chain) = (self.used(at), self.used(function), self.used(chain));
        self.module.closures = true;
        self.push(Op::Closure, Ty::Ptr, 0, at, function, chain)
    }

    pub fn frame_address(&mut self, level: u32) -> Value {
        self.push(Op::FrameAddress, Ty::Ptr, 0, level, 0, 0)
    }

    pub fn return_address(&mut self, level: u32) -> Value {
        self.push(Op::ReturnAddress, Ty::Ptr, 0, level, 0, 0)
    }

    // Atomics and odds.

    pub fn atomic_rmw(&mut self, rmw: AtomicRmw, ty: Ty, addr: Value, value: Value, mem: MemId) -> Value {
        let (addr, value) = (self.used(addr), self.used(value));
        self.push(Op::AtomicRmw, ty, mem.0, addr, value, rmw as u32)
    }

    pub fn atomic_cmpxchg(&mut self, ty: Ty, addr: Value, expected: Value, desired: Value, mem: MemId) -> Value {
        let addr = self.used(addr);
        let list = self.list(&[expected, desired]);
        self.push(Op::AtomicCmpxchg, ty, mem.0, addr, list, 0)
    }

    pub fn fence(&mut self, order: crate::module::AtomicOrder) {
        self.push(Op::Fence, Ty::Void, order as u16, 0, 0, 0);
    }

    pub fn trap(&mut self) {
        self.push(Op::Trap, Ty::Void, 0, 0, 0, 0);
    }

    pub fn prefetch(&mut self, addr: Value) {
        self.unary(Op::Prefetch, Ty::Void, addr);
    }

    /// Inline assembly with values for its operands that take one; `next` is where an `asm goto` falls through to.
    pub fn asm(&mut self, asm: Asm, values: &[Value], next: Option<Block>) {
        for slot in asm.slots() {
            self.weigh(slot);
        }
        debug_assert!(asm.inputs().count() == values.len() && asm.labels.is_empty() == next.is_none());
        let list = self.list(values);
        self.may_call();
        self.func.asms.push(asm);
        let number = self.func.asms.len() as u32 - 1;
        match next {
            Some(next) => self.end(Op::AsmGoto, Ty::Void, number, list, next.0),
            None => drop(self.push(Op::Asm, Ty::Void, 0, number, list, 0)),
        }
    }

    /// A place to stop for debuggers: see [`Op::Nop`].
    pub fn nop(&mut self) {
        self.push(Op::Nop, Ty::Void, 0, 0, 0, 0);
    }

    // Ends of blocks.

    pub fn jump(&mut self, to: Block, args: &[Value]) {
        let start = self.func.lists.len() as u32;
        if args.is_empty() {
            return self.end(Op::Jump, Ty::Void, to.0, start, 0);
        }
        self.jump_with(to, args, start);
    }

    #[inline(never)]
    fn jump_with(&mut self, to: Block, args: &[Value], start: u32) {
        for &arg in args {
            let arg = self.used(arg);
            self.func.lists.push(arg);
        }
        self.end(Op::Jump, Ty::Void, to.0, start, args.len() as u32);
    }

    /// To `then` when `cond`, of type `ty`, is not 0.
    #[inline]
    pub fn branch(&mut self, ty: Ty, cond: Value, then: Block, other: Block) {
        let cond = self.used(cond);
        self.end(Op::Branch, ty, cond, then.0, other.0);
    }

    /// `cases` ascending by value, unsigned in the width of `ty`, and distinct.
    pub fn switch(&mut self, ty: Ty, value: Value, cases: &[(u64, Block)], default: Block) {
        debug_assert!(cases.windows(2).all(|w| w[0].0 < w[1].0));
        let value = self.used(value);
        let start = self.func.lists.len() as u32;
        self.func.lists.push(cases.len() as u32);
        for &(case, block) in cases {
            self.func.lists.extend([case as u32, (case >> 32) as u32, block.0]);
        }
        self.end(Op::Switch, ty, value, start, default.0);
    }

    pub fn jump_indirect(&mut self, addr: Value) {
        let addr = self.used(addr);
        self.end(Op::JumpIndirect, Ty::Ptr, addr, 0, 0);
    }

    /// Returns nothing (`None`), a scalar of type `ty`, or, with `ty` = Ptr and an aggregate signature, what is at an address.
    pub fn ret(&mut self, ty: Ty, value: Option<Value>) {
        match value {
            Some(value) => {
                let value = self.used(value);
                self.end(Op::Ret, ty, value, 0, 0);
            }
            None => self.end(Op::Ret, Ty::Void, 0, 0, 0),
        }
    }

    pub fn unreachable(&mut self) {
        self.end(Op::Unreachable, Ty::Void, 0, 0, 0);
    }
}

/// Eight times as much for each loop around, of six at most.
fn weight_in(loop_depth: u8) -> u32 {
    1 << (3 * u32::from(loop_depth.min(6)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::{Linkage, SymbolDecl, UnitOptions, Visibility};
    use crate::types::{Ext, Param, Signature};
    use base::ids::Id;

    #[test]
    fn a_loop_counts_uses_and_weighs_its_slots() {
        let mut module = Module::new(UnitOptions::default());
        let int = Param::Scalar { ty: Ty::I32, ext: Ext::Sign };
        let sig = module.intern_sig(Signature { ret: int, params: vec![int], variadic: false, unprototyped: false });
        let symbol = module.declare(SymbolDecl {
            name: (*b"sum").into(),
            kind: SymbolKind::Function,
            linkage: Linkage::Global,
            visibility: Visibility::Default,
            defined: true,
            section: crate::module::SectionName::NONE,
            alias: None,
        });
        let mut func = Func::new(symbol, sig);
        let mut b = Builder::new(&mut module, &mut func);
        b.param_home(ParamHome::Value);
        let n = b.param(Ty::I32, 0);
        let slot = b.scalar_slot(Ty::I32);
        b.slot_set(slot, n);
        b.enter_loop();
        let (head, done) = (b.block(), b.block());
        b.jump(head, &[]);
        b.start(head);
        let value = b.slot_get(slot);
        let one = b.iconst(Ty::I32, -1);
        let less = b.binary(Op::Add, Ty::I32, value, one);
        b.slot_set(slot, less);
        b.branch(Ty::I32, less, head, done);
        b.leave_loop();
        b.start(done);
        let result = b.slot_get(slot);
        b.ret(Ty::I32, Some(result));
        assert_eq!(func.uses.of(less), 2);
        assert_eq!(func.slots[slot].weight, 1 + 8 + 8 + 1);
        assert_eq!(func.inst(one).imm64(), 0xffff_ffff);
        assert_eq!(func.blocks[head].loop_depth, 1);
    }
}
