//! Which values are still to be computed: the part of selection that every architecture shares.
//!
//! A pure value with one use stays *lazy*: nothing is emitted until its use asks for it, so that the use can fold it into
//! an operand, an address or a branch. What it reads may be overwritten in between; therefore every lazy tree carries a
//! mask of what it reads (one bit per register with variables, one per other slot, folded, and one for all other memory), and an effect forces the trees that it would
//! change. Only roots of trees are kept; an operand leaves the list when another lazy value takes it in.

use crate::machine::{PReg, Reg, SlotPlace};
use ir::Value;
use ir::func::Func;

/// What a lazy tree reads or an effect writes.
pub type Touch = u64;

/// Memory that has an address.
pub const MEMORY: Touch = 1 << 63;

/// The bit of a slot whose address is not taken: of its register, which other slots may share, or of its own.
#[inline]
pub fn slot_touch(slot: ir::Slot, place: SlotPlace) -> Touch {
    match place {
        SlotPlace::Reg(preg) => reg_touch(preg),
        SlotPlace::Frame(_) => FIRST_SLOT << (slot.0 % 31),
    }
}

/// The bit of the first slot and every 31st behind it.
const FIRST_SLOT: Touch = 1 << 32;

/// The bits of all slots in the frame, in order: what [`slot_touch`] gives, without its division.
pub(crate) fn frame_touches() -> impl Iterator<Item = Touch> {
    std::iter::successors(Some(FIRST_SLOT), |&last| Some(if last << 1 == MEMORY { FIRST_SLOT } else { last << 1 }))
}

/// The bits of all registers.
pub const REG_TOUCHES: Touch = 0xffff_ffff;

/// The bit of the variables in a register.
#[inline]
pub fn reg_touch(preg: PReg) -> Touch {
    1 << (preg % 32)
}

/// Trees deeper than this are computed at once: selection is recursive.
pub const MAX_DEPTH: u32 = 24;

/// What is known of one value.
#[derive(Clone, Copy)]
struct Known {
    /// Of a lazy tree: what it reads.
    reads: Touch,
    /// Number of the register that it is in, [`LAZY`] or [`UNSEEN`].
    reg: u32,
    /// Of a lazy tree.
    depth: u32,
}

const UNSEEN: u32 = u32::MAX;
const LAZY: u32 = u32::MAX - 1;

/// The values of one function.
#[derive(Default)]
pub struct Lazy {
    values: Vec<Known>,
    /// By value: uses to come.
    left: Vec<u8>,
    /// Roots of trees, oldest first.
    pending: Vec<Value>,
    /// Registers read by the current instruction that may be read again, and those of them that were: an operand is
    /// taken before the tree beside it, which may contain the value's last use, so that nobody may use it up.
    read: Vec<Reg>,
    dying: Vec<Reg>,
}

impl Lazy {
    pub fn reset(&mut self, func: &Func) {
        self.values.clear();
        self.values.resize(func.insts.len(), Known { reads: 0, reg: UNSEEN, depth: 0 });
        self.left.clear();
        self.left.extend_from_slice(func.uses.first(func.insts.len()));
        self.pending.clear();
        self.read.clear();
        self.dying.clear();
    }

    #[inline]
    fn known(&self, v: Value) -> &Known {
        &self.values[v.0 as usize]
    }

    /// Value `v` is in `reg` (for pairs: and the next one).
    #[inline]
    pub fn set(&mut self, v: Value, reg: Reg) {
        self.values[v.0 as usize].reg = reg.0;
    }

    /// The register of a value that was computed. Counts one use: the last one carries the mark.
    #[inline]
    pub fn consume(&mut self, v: Value) -> Option<Reg> {
        self.consume_regs(v, 1)
    }

    /// The same for a value in `n` registers with numbers one after the other.
    #[inline]
    pub fn consume_regs(&mut self, v: Value, n: u32) -> Option<Reg> {
        let reg = self.known(v).reg;
        if reg >= LAZY { None } else { Some(self.read(v, Reg(reg), n)) }
    }

    fn read(&mut self, v: Value, reg: Reg, n: u32) -> Reg {
        if !self.count(v) {
            self.read.push(reg);
            return reg;
        }
        if !self.read.is_empty() && self.read.contains(&reg) {
            self.dying.extend((0..n).map(|nth| Reg(reg.0 + nth)));
            return reg;
        }
        reg.last()
    }

    /// True when an instruction read a register that may be read again: see [`Lazy::next_dead`].
    #[inline]
    pub fn has_read(&self) -> bool {
        !self.read.is_empty()
    }

    /// The current instruction is done: gives, one by one, the registers that it read for the last time unmarked.
    #[inline]
    pub fn next_dead(&mut self) -> Option<Reg> {
        self.read.clear();
        self.dying.pop()
    }

    /// Counts one use of `v`; true when it was the last.
    #[inline]
    pub fn count(&mut self, v: Value) -> bool {
        let left = &mut self.left[v.0 as usize];
        // 255 stands for "very many" and never runs out.
        if *left == u8::MAX {
            return false;
        }
        *left = left.saturating_sub(1);
        *left == 0
    }

    /// Of a value that nothing has used yet: it will be used once.
    #[inline]
    pub fn has_one_use(&self, v: Value) -> bool {
        self.left[v.0 as usize] == 1
    }

    #[inline]
    pub fn is_lazy(&self, v: Value) -> bool {
        self.known(v).reg == LAZY
    }

    #[inline]
    pub fn is_computed(&self, v: Value) -> bool {
        self.known(v).reg < LAZY
    }

    /// Takes `v` off the list of trees; gives what it reads and its depth.
    #[inline]
    pub fn take(&mut self, v: Value) -> (Touch, u32) {
        let &Known { reads, reg, depth, .. } = self.known(v);
        if reg != LAZY {
            return (0, 0);
        }
        // Operands are mostly what was deferred last.
        match *self.pending.as_slice() {
            [.., last] if last == v => drop(self.pending.pop()),
            _ => self.take_below(v),
        }
        (reads, depth)
    }

    fn take_below(&mut self, v: Value) {
        if let Some(idx) = self.pending.iter().rposition(|&tree| tree == v) {
            // A shift of the few trees above it, not a call.
            for at in idx + 1..self.pending.len() {
                self.pending[at - 1] = self.pending[at];
            }
            self.pending.pop();
        }
    }

    /// Makes `v` a lazy tree that takes in the trees of its operands.
    #[inline]
    pub fn defer(&mut self, v: Value, reads: Touch, depth: u32) {
        let known = &mut self.values[v.0 as usize];
        (known.reads, known.reg, known.depth) = (reads, LAZY, depth);
        self.pending.push(v);
    }

    /// Nothing is lazy.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }

    /// The oldest tree that `writes` would change, taken off the list.
    #[inline]
    pub fn next_changed(&mut self, writes: Touch) -> Option<Value> {
        let idx = self.pending.iter().position(|&tree| self.known(tree).reads & writes != 0)?;
        Some(self.pending.remove(idx))
    }

    /// The oldest tree of all, taken off the list.
    #[inline]
    pub fn next_any(&mut self) -> Option<Value> {
        if self.pending.is_empty() { None } else { Some(self.pending.remove(0)) }
    }
}
