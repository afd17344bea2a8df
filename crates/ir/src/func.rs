//! A function: instructions in one flat vector, cut into blocks; slots; lists.
//!
//! An instruction is 16 bytes and its index is its value. Blocks are contiguous ranges in the order in which they
//! were filled. The whole function is reset and reused, not freed, from one function to the next.

use crate::debug::FuncDebug;
use crate::module::{MemId, Module, Symbol, SymbolKind};
use crate::ops::{Op, Operand};
use crate::types::{LayoutId, SigId, Ty};
use base::ids::IdVec;
use base::{Pos, define_id};
use std::ops::Range;

define_id! {
    /// An instruction, and the value it makes.
    pub struct Value; "v"
    /// A basic block.
    pub struct Block; "b"
    /// A variable or temporary in memory (or, when code generation may, in a register).
    pub struct Slot; "s"
}

/// One instruction. What `aux`, `a`, `b`, `c` hold is said per operation in [`Op`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Inst {
    pub op: Op,
    /// Type of the result; for stores and compares the type of the operands.
    pub ty: Ty,
    pub aux: u16,
    pub a: u32,
    pub b: u32,
    pub c: u32,
}

const _: () = assert!(size_of::<Inst>() == 16);

impl Inst {
    #[inline]
    pub fn value_a(&self) -> Value {
        Value(self.a)
    }
    #[inline]
    pub fn value_b(&self) -> Value {
        Value(self.b)
    }
    #[inline]
    pub fn value_c(&self) -> Value {
        Value(self.c)
    }
    #[inline]
    pub fn slot(&self) -> Slot {
        Slot(self.a)
    }
    #[inline]
    pub fn symbol(&self) -> Symbol {
        Symbol(self.a)
    }
    #[inline]
    pub fn mem(&self) -> MemId {
        MemId(self.aux)
    }
    /// The first two operand words in one.
    #[inline]
    pub(crate) fn pair(&self) -> u64 {
        u64::from(self.a) | u64::from(self.b) << 32
    }
    /// The operand words.
    #[inline]
    pub fn words(&self) -> [u32; 3] {
        [self.a, self.b, self.c]
    }
    /// The type of the value it makes: `ty`, i32 for compares, `Void` when it makes none.
    #[inline]
    pub fn result_ty(&self) -> Ty {
        match self.op {
            Op::Icmp | Op::Fcmp => Ty::I32,
            op if op.row().result => self.ty,
            _ => Ty::Void,
        }
    }
    /// The 64-bit immediate in `b` (low) and `c` (high).
    #[inline]
    pub fn imm64(&self) -> u64 {
        u64::from(self.b) | u64::from(self.c) << 32
    }
}

/// A basic block: its parameters are its first instructions ([`Op::BlockParam`]), its last one ends it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlockData {
    /// Instructions, as indices of [`Func::insts`]; empty until filled.
    pub start: u32,
    pub end: u32,
    /// The symbol whose address is this block's (`&&label`), or [`Symbol::NONE`](base::Id::NONE).
    pub label: Symbol,
    /// Nesting depth of loops around it, for weights; 0 outside any loop.
    pub loop_depth: u8,
}

/// A slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SlotData {
    /// In bytes.
    pub size: u64,
    /// In bytes, a power of two.
    pub align: u32,
    /// The scalar type it always holds, or `Void` for memory of another shape.
    pub ty: Ty,
    /// [`Op::SlotAddr`] was applied: it must have an address. Set by the builder.
    pub address_taken: bool,
    /// Accessed as volatile, or must keep its value across `setjmp`: stays in memory.
    pub pinned_to_memory: bool,
    /// Uses, weighted by eight per loop level (saturating). Set by the builder.
    pub weight: u32,
    /// Its value matters from instruction `first` to before `end`, and among them only: control that leaves this range
    /// and comes back finds any value. The scope of a variable; everything for others.
    pub first: u32,
    pub end: u32,
}

/// Copies and fills of up to this many bytes are made without a call.
pub const MAX_INLINE_BYTES: u32 = 128;

/// Where a parameter arrives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamHome {
    /// A scalar, fetched by [`Op::Param`].
    Value,
    /// An aggregate lives in this slot from entry on; code generation puts the slot where it arrived, or fills it.
    Slot(Slot),
}

/// What differs from function to function.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FuncFlags(pub u16);

impl FuncFlags {
    /// Calls something that returns twice (`setjmp`): no variable may live in a register.
    pub const RETURNS_TWICE: FuncFlags = FuncFlags(1);
    /// Has [`Op::Alloca`] or [`Op::StackSave`].
    pub const DYNAMIC_STACK: FuncFlags = FuncFlags(2);
    pub const NORETURN: FuncFlags = FuncFlags(4);
    pub const ALWAYS_INLINE: FuncFlags = FuncFlags(8);
    pub const NOINLINE: FuncFlags = FuncFlags(16);
    /// Signed overflow wraps (`-fwrapv`); today's operations wrap in any case.
    pub const WRAPV: FuncFlags = FuncFlags(32);
    /// Calls of library functions must not be assumed to do what the library's do.
    pub const NO_BUILTIN: FuncFlags = FuncFlags(64);
    pub const STACK_PROTECTOR: FuncFlags = FuncFlags(128);
    /// Is called through [`Op::Closure`] only, and has an [`Op::Chain`].
    pub const CHAIN: FuncFlags = FuncFlags(256);

    pub const fn has(self, other: FuncFlags) -> bool {
        self.0 & other.0 != 0
    }

    pub fn set(&mut self, other: FuncFlags) {
        self.0 |= other.0;
    }
}

/// What an inline-assembly statement does with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AsmRole {
    /// A scalar is written to this slot. Takes no value.
    Output(Slot),
    /// A scalar is read: takes a value.
    Input,
    /// Memory is written (and perhaps read), read: takes a value, the address.
    OutputAt,
    InputAt,
}

/// An operand of an inline-assembly statement. Constraints are the source's: an architecture says what they mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AsmOperand {
    pub role: AsmRole,
    /// As written, with its modifiers.
    pub constraint: Box<[u8]>,
    /// `[name]`; empty for none.
    pub name: Box<[u8]>,
    /// The register that the operand must be in, as the source named it; empty when its constraint decides.
    pub register: Box<[u8]>,
    /// What instructions would access of the object, in bytes: 10 of a float of 80 bits.
    pub size: u32,
}

/// An inline-assembly statement: see [`Op::Asm`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asm {
    /// Text for the assembler; `%` introduces operands unless `plain`.
    pub template: Box<[u8]>,
    pub plain: bool,
    /// Which of the target's syntaxes it is in; 0 is the usual one.
    pub syntax: u8,
    /// Outputs first; numbered from 0 in the template, labels after them.
    pub operands: Vec<AsmOperand>,
    pub clobbers: Vec<Box<[u8]>>,
    /// Where it may jump to, with the names that the template uses.
    pub labels: Vec<(Box<[u8]>, Block)>,
    pub pos: Pos,
}

impl Asm {
    /// The operands that take a value, in order.
    pub fn inputs(&self) -> impl Iterator<Item = &AsmOperand> {
        self.operands.iter().filter(|operand| !matches!(operand.role, AsmRole::Output(_)))
    }

    /// The slots that it writes.
    pub fn slots(&self) -> impl Iterator<Item = Slot> {
        self.operands.iter().filter_map(|operand| match operand.role {
            AsmRole::Output(slot) => Some(slot),
            _ => None,
        })
    }
}

/// From instruction `first` on, code belongs to `pos`. Only recorded with debug information.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LocRun {
    pub first: u32,
    pub pos: Pos,
}

/// A function body.
#[derive(Clone, PartialEq, Debug)]
pub struct Func {
    pub symbol: Symbol,
    pub sig: SigId,
    pub flags: FuncFlags,
    /// In bytes, a power of two; 0 leaves it to the target.
    pub align: u32,
    pub insts: IdVec<Value, Inst>,
    /// Block 0 is the entry: it has no parameters and no predecessors.
    pub blocks: IdVec<Block, BlockData>,
    /// Blocks in the order in which they were filled: ascending `start`.
    pub order: Vec<Block>,
    pub slots: IdVec<Slot, SlotData>,
    /// One per parameter of the signature.
    pub params: Vec<ParamHome>,
    /// Operand lists of calls, jumps and switches.
    pub lists: Vec<u32>,
    /// Inline-assembly statements.
    pub asms: Vec<Asm>,
    /// Kept by the builder.
    pub uses: Uses,
    /// Types of all instructions, a bit each by number. Kept by the builder.
    pub types: u32,
    /// Instructions that are calls, may become some or change registers like one: calls, inline assembly, long copies and fills, addresses of thread-local variables
    /// (but not arithmetic of 16 bytes: see `types`). Ascending. Kept by the builder.
    pub calls: Vec<u32>,
    /// In order of `first`.
    pub locs: Vec<LocRun>,
    /// With debug information.
    pub debug: Option<Box<FuncDebug>>,
}

impl Func {
    pub fn new(symbol: Symbol, sig: SigId) -> Func {
        Func {
            symbol,
            sig,
            flags: FuncFlags::default(),
            align: 0,
            insts: IdVec::new(),
            blocks: IdVec::new(),
            order: Vec::new(),
            slots: IdVec::new(),
            params: Vec::new(),
            lists: Vec::new(),
            asms: Vec::new(),
            uses: Uses::default(),
            types: 0,
            calls: Vec::new(),
            locs: Vec::new(),
            debug: None,
        }
    }

    /// Empties it for the next function and keeps the memory.
    pub fn reset(&mut self, symbol: Symbol, sig: SigId) {
        self.symbol = symbol;
        self.sig = sig;
        self.flags = FuncFlags::default();
        self.align = 0;
        self.uses.reset(self.insts.len());
        self.uses.cover(self.insts.capacity());
        self.insts.clear();
        self.blocks.clear();
        self.order.clear();
        self.slots.clear();
        self.params.clear();
        self.lists.clear();
        self.asms.clear();
        self.types = 0;
        self.calls.clear();
        self.locs.clear();
        self.debug = None;
    }

    /// Appends an instruction that nothing uses yet.
    #[inline]
    pub(crate) fn push(&mut self, inst: Inst) -> Value {
        if self.is_full() {
            return self.push_growing(inst.op, inst.ty, inst.aux, inst.pair(), inst.c);
        }
        self.types |= 1 << inst.ty as u32;
        self.insts.push(inst)
    }

    /// There is no memory for another instruction.
    #[inline]
    pub(crate) fn is_full(&self) -> bool {
        self.insts.len() == self.insts.capacity()
    }

    /// The same when more memory is needed. What it takes fits registers, and it is the last thing that [`Func::push`] does, so that
    /// the short way keeps nothing for it and has no frame.
    #[cold]
    #[inline(never)]
    fn push_growing(&mut self, op: Op, ty: Ty, aux: u16, pair: u64, c: u32) -> Value {
        self.reserve();
        self.push(Inst { op, ty, aux, a: pair as u32, b: (pair >> 32) as u32, c })
    }

    /// Makes memory for another instruction.
    pub(crate) fn reserve(&mut self) {
        self.insts.reserve(1);
        self.uses.cover(self.insts.capacity());
    }

    #[inline]
    pub fn inst(&self, value: Value) -> &Inst {
        &self.insts[value]
    }

    /// The values of a block, in order.
    pub fn block_values(&self, block: Block) -> impl DoubleEndedIterator<Item = Value> + use<> {
        let data = &self.blocks[block];
        (data.start..data.end).map(Value)
    }

    /// `n` entries of the list that starts at `start`.
    #[inline]
    pub fn list(&self, start: u32, n: u32) -> &[u32] {
        &self.lists[start as usize..start as usize + n as usize]
    }

    /// A call taken apart.
    #[inline]
    pub fn call(&self, inst: &Inst) -> CallRef<'_> {
        debug_assert!(matches!(inst.op, Op::Call | Op::CallIndirect));
        let n = self.lists[inst.b as usize];
        CallRef {
            direct: inst.op == Op::Call,
            callee: inst.a,
            sig: SigId(inst.c),
            args: self.list(inst.b + 1, n),
            flags: CallFlags(inst.aux),
        }
    }

    /// The argument list of a jump.
    #[inline]
    pub fn jump_args(&self, inst: &Inst) -> &[u32] {
        self.list(inst.b, inst.c)
    }

    /// Every value that `inst` uses, in the order of its operands, by the operation's row.
    #[inline]
    pub fn each_operand(&self, inst: &Inst, mut visit: impl FnMut(Value)) {
        let row = inst.op.row();
        for (operand, word) in row.operands().into_iter().zip(inst.words()) {
            match operand {
                Operand::Value => visit(Value(word)),
                Operand::ValueUnlessVoid if inst.ty != Ty::Void => visit(Value(word)),
                Operand::List => {
                    let n = self.lists[word as usize];
                    self.list(word + 1, n).iter().for_each(|&v| visit(Value(v)));
                }
                Operand::Args => self.jump_args(inst).iter().for_each(|&v| visit(Value(v))),
                _ => {}
            }
        }
    }

    /// Every block that the end of a block `inst` names, with repetitions. An indirect jump names none: its targets are
    /// all blocks with labels.
    #[inline]
    pub fn each_target(&self, inst: &Inst, mut visit: impl FnMut(Block)) {
        for (operand, word) in inst.op.row().operands().into_iter().zip(inst.words()) {
            match operand {
                Operand::Block => visit(Block(word)),
                Operand::Asm => self.asms[word as usize].labels.iter().for_each(|label| visit(label.1)),
                Operand::Cases => self.switch(inst).cases().for_each(|(_, block)| visit(block)),
                _ => {}
            }
        }
    }

    /// Some instruction is of type `ty`.
    #[inline]
    pub fn has_type(&self, ty: Ty) -> bool {
        self.types & 1 << ty as u32 != 0
    }

    /// Makes [`Func::uses`], [`Func::types`] and [`Func::calls`] anew.
    pub fn recount(&mut self, module: &Module) {
        self.types = self.insts.iter().fold(0, |types, inst| types | 1 << inst.ty as u32);
        let may_call = |inst: &Inst| match inst.op {
            Op::Call | Op::CallIndirect | Op::VaArgAggregate | Op::Asm | Op::AsmGoto => true,
            Op::Copy | Op::Fill => inst.c > MAX_INLINE_BYTES,
            Op::SymAddr => module.symbols[inst.symbol()].kind == SymbolKind::Tls,
            _ => false,
        };
        let numbers = self.insts.enumerated().filter(|(_, inst)| may_call(inst)).map(|(value, _)| value.0);
        self.calls = numbers.collect();
        let mut uses = Uses::default();
        uses.cover(self.insts.capacity());
        for inst in &self.insts {
            self.each_operand(inst, |value| uses.add(value));
        }
        self.uses = uses;
    }

    /// A switch taken apart.
    pub fn switch(&self, inst: &Inst) -> SwitchRef<'_> {
        debug_assert!(inst.op == Op::Switch);
        let at = inst.b as usize;
        let n = self.lists[at] as usize;
        SwitchRef { value: Value(inst.a), default: Block(inst.c), cases: &self.lists[at + 1..at + 1 + 3 * n] }
    }
}

/// How often each value is used, saturating at 255. There is a count for every instruction that there is memory for, so that
/// making one touches nothing here; those beyond the instructions are 0.
#[derive(Clone, Default, Debug)]
pub struct Uses {
    counts: Vec<u8>,
}

impl Uses {
    /// Uses of `value`.
    #[inline]
    pub fn of(&self, value: Value) -> u8 {
        self.counts[value.0 as usize]
    }

    /// Of the first `n` values, in order.
    #[inline]
    pub fn first(&self, n: usize) -> &[u8] {
        &self.counts[..n]
    }

    #[inline]
    pub(crate) fn add(&mut self, value: Value) {
        let n = &mut self.counts[value.0 as usize];
        *n = n.saturating_add(1);
    }

    /// Makes counts for `n` instructions at least.
    pub(crate) fn cover(&mut self, n: usize) {
        if self.counts.len() < n {
            self.counts.resize(n, 0);
        }
    }

    /// Counts of `n` instructions, or more.
    pub(crate) fn covers(&self, n: usize) -> bool {
        n <= self.counts.len()
    }

    fn reset(&mut self, n_insts: usize) {
        self.counts[..n_insts].fill(0);
    }
}

impl PartialEq for Uses {
    fn eq(&self, other: &Uses) -> bool {
        let n = self.counts.len().min(other.counts.len());
        let is_zero = |rest: &[u8]| rest.iter().all(|&count| count == 0);
        self.counts[..n] == other.counts[..n] && is_zero(&self.counts[n..]) && is_zero(&other.counts[n..])
    }
}

/// A call: see [`Op::Call`].
#[derive(Clone, Copy, Debug)]
pub struct CallRef<'a> {
    pub direct: bool,
    /// A [`Symbol`] when direct, else a [`Value`].
    pub callee: u32,
    pub sig: SigId,
    /// Values. For an aggregate result the first one is the address where it goes.
    pub args: &'a [u32],
    pub flags: CallFlags,
}

/// Properties of one call.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct CallFlags(pub u16);

impl CallFlags {
    /// Control does not come back.
    pub const NORETURN: CallFlags = CallFlags(1);
    pub const RETURNS_TWICE: CallFlags = CallFlags(2);

    pub const fn has(self, other: CallFlags) -> bool {
        self.0 & other.0 != 0
    }
}

/// A switch: cases are triples (low half, high half of the 64-bit value, block), values ascending as unsigned numbers
/// of the operand's type and distinct.
#[derive(Clone, Copy, Debug)]
pub struct SwitchRef<'a> {
    pub value: Value,
    pub default: Block,
    cases: &'a [u32],
}

impl<'a> SwitchRef<'a> {
    pub fn len(&self) -> usize {
        self.cases.len() / 3
    }

    pub fn is_empty(&self) -> bool {
        self.cases.is_empty()
    }

    /// `(value, block)` pairs, ascending.
    pub fn cases(&self) -> impl ExactSizeIterator<Item = (u64, Block)> + use<'a> {
        self.cases.chunks_exact(3).map(|c| (u64::from(c[0]) | u64::from(c[1]) << 32, Block(c[2])))
    }
}

/// Instructions of a block range as indices.
pub type InstRange = Range<u32>;

/// A layout operand of [`Op::VaArgAggregate`] and friends.
pub fn layout_operand(inst: &Inst) -> LayoutId {
    LayoutId(inst.b)
}
