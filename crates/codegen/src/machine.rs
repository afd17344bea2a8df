//! What selection says to the register sinks: machine instructions over virtual registers, with operand constraints
//! as data, and the facet ([`Select`]) by which an architecture gives its selection, encoder and frame code.
//!
//! Registers of every bank are numbered in one space of 64, so that a set of them is one word.

use crate::lazy::{Lazy, Touch};
use crate::sink::Sink;
use crate::symbols::Symbols;
use ir::{Func, Module, Ty};
use mc::buffer::{BranchRow, CodeBuffer};
use obj::RelocTarget;
use target::RelocKind;

/// A set of physical registers, one bit each.
pub type RegSet = u64;

/// A physical register, 0 to 63.
pub type PReg = u8;

/// "Any register" in constraints, "no register" in tables.
pub const ANY: PReg = 0xff;

/// A register operand: virtual, physical, or none.
///
/// A virtual register is made by [`Regs::vreg`]; reading one for the last time carries the [`Reg::last`] mark. Physical
/// ones are those that hold variables ([`SlotPlace::Reg`]) or have a role of their own (frame pointer).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reg(pub u32);

impl Reg {
    /// Its low byte is 0, as [`Assigned`] wants it.
    pub const NONE: Reg = Reg(0xffff_ff00);
    const PHYS: u32 = 1 << 31;
    const LAST: u32 = 1 << 30;

    #[inline]
    pub const fn phys(preg: PReg) -> Reg {
        Reg(Self::PHYS | preg as u32)
    }

    #[inline]
    pub const fn virt(idx: u32) -> Reg {
        Reg(idx)
    }

    /// Virtual register `idx`, read for the last time.
    #[inline]
    pub const fn virt_last(idx: u32) -> Reg {
        Reg(idx | Self::LAST)
    }

    #[inline]
    pub fn is_none(self) -> bool {
        self == Reg::NONE
    }

    #[inline]
    pub fn is_phys(self) -> bool {
        self.0.wrapping_sub(Self::PHYS) < 64
    }

    #[inline]
    pub fn is_virt(self) -> bool {
        self.0 & Self::PHYS == 0
    }

    /// The same register, read for the last time. Physical ones are never used up.
    #[inline]
    #[must_use]
    pub fn last(self) -> Reg {
        if self.is_virt() { Reg(self.0 | Self::LAST) } else { self }
    }

    /// The same register, to be read again.
    #[inline]
    #[must_use]
    pub fn again(self) -> Reg {
        if self.is_virt() { Reg(self.0 & !Self::LAST) } else { self }
    }

    #[inline]
    pub fn is_last(self) -> bool {
        self.0 & (Self::PHYS | Self::LAST) == Self::LAST
    }

    /// Number of a virtual register.
    #[inline]
    pub fn idx(self) -> usize {
        debug_assert!(self.is_virt());
        (self.0 & !Self::LAST) as usize
    }

    /// Number of a physical register.
    #[inline]
    pub fn preg(self) -> PReg {
        debug_assert!(self.is_phys());
        self.0 as PReg
    }
}

/// A memory operand: `base + index << scale + disp`, or with a relocation kind other than 0 a field that refers to `target + disp`.
#[derive(Clone, Copy, Debug)]
pub struct Addr {
    pub base: Reg,
    pub index: Reg,
    /// Log2 of the factor.
    pub scale: u8,
    /// The architecture's own.
    pub flags: u8,
    pub kind: RelocKind,
    pub disp: i32,
    pub target: RelocTarget,
}

/// One machine instruction over virtual registers. What `form`, `size` and `aux` mean is the architecture's.
#[derive(Clone, Copy, Debug)]
pub struct MInst {
    pub form: u16,
    pub size: u8,
    pub aux: u8,
    pub cons: &'static Constraints,
    /// Register that is written.
    pub dst: Reg,
    /// Registers that are read.
    pub a: Reg,
    pub b: Reg,
    /// Memory operand, when the form has one. Forms without may use `base` and `index` as further registers that are read.
    pub mem: Addr,
    pub imm: i64,
}

/// What an instruction form asks of its register operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Constraints {
    /// `dst` and `a` are one register.
    pub tied: bool,
    /// `dst` is written before the operands are read for the last time: it must not be one of theirs.
    pub early: bool,
    /// Registers that `dst`, `a`, `b` must be, or [`ANY`].
    pub dst: PReg,
    pub a: PReg,
    pub b: PReg,
    /// Further registers that are changed.
    pub clobbers: RegSet,
}

impl Constraints {
    pub const NONE: Constraints = Constraints { tied: false, early: false, dst: ANY, a: ANY, b: ANY, clobbers: 0 };
    pub const TIED: Constraints = Constraints { tied: true, ..Constraints::NONE };
    pub const EARLY: Constraints = Constraints { early: true, ..Constraints::NONE };

    /// Nothing but a tie can be asked of it.
    #[inline]
    pub const fn is_simple(&self) -> bool {
        !self.early && (self.dst & self.a & self.b) == ANY && self.clobbers == 0
    }

    /// All registers that it names.
    #[inline]
    pub const fn named(&self) -> RegSet {
        let mut set = self.clobbers;
        if self.dst != ANY {
            set |= 1 << self.dst;
        }
        if self.a != ANY {
            set |= 1 << self.a;
        }
        if self.b != ANY {
            set |= 1 << self.b;
        }
        set
    }
}

/// The physical registers of one instruction. 0 where there is none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Assigned {
    pub dst: PReg,
    pub a: PReg,
    pub b: PReg,
    pub base: PReg,
    pub index: PReg,
}

/// A class of virtual registers, as an index of [`Select::classes`].
pub type Class = u8;

/// How values of one class are kept.
pub struct ClassRow {
    /// Registers that temporaries may live in.
    pub temps: RegSet,
    /// All registers that could hold a value of this class.
    pub bank: RegSet,
    /// Bytes of a place in the frame, also its alignment.
    pub spill_size: u8,
}

/// A register that may hold variables.
pub struct PinRow {
    pub preg: PReg,
    pub kind: PinKind,
}

/// When a register may hold a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PinKind {
    /// Always: calls preserve it, and so must the function.
    Saved,
    /// While nothing is called. No instruction row names it, nor does selection.
    Scratch,
    /// While nothing is called, and only the parameter that arrives in it.
    Arrival,
}

/// Where a slot is for the whole function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlotPlace {
    Reg(PReg),
    /// Frame pointer plus this many bytes.
    Frame(i32),
}

/// The register sink: takes machine instructions in order, gives them registers. At `-O0` it encodes at once.
///
/// A virtual register is written before it is read and may be rewritten. Code between blocks' borders runs straight.
pub trait Regs {
    /// A new virtual register.
    fn vreg(&mut self, class: Class) -> Reg;
    /// A new virtual register that would like to be made in `preg`.
    fn vreg_in(&mut self, class: Class, preg: PReg) -> Reg;
    /// One instruction.
    fn emit(&mut self, inst: &MInst);
    /// An instruction that reads `uses` and writes `defs` in given registers and changes all of `clobbers`.
    fn call(&mut self, inst: &MInst, uses: &[(Reg, PReg)], defs: &[(Reg, PReg)], clobbers: RegSet);
    /// Brings `uses` into given registers, where the code after the block's end expects them.
    fn place(&mut self, uses: &[(Reg, PReg)]);
    /// `defs` come into the block in given registers.
    fn arrive(&mut self, defs: &[(Reg, PReg)]);
    /// Values that are still wanted leave their registers: the block ends. Leaves flags alone.
    fn leave(&mut self);
    /// `reg` will not be read any more.
    fn release(&mut self, reg: Reg);
    /// `reg` stands in `preg` now.
    fn is_in(&self, reg: Reg, preg: PReg) -> bool;
    /// Room in the frame for the rest of the function: offset from the frame pointer.
    fn room(&mut self, size: u32, align: u32) -> i32;
    /// The code, for labels, branches and rows.
    fn code(&mut self) -> &mut CodeBuffer;
}

/// A function on its way through selection.
pub struct Cx<'a> {
    pub module: &'a Module,
    pub func: &'a Func,
    pub regs: &'a mut Sink,
    pub symbols: &'a mut Symbols,
    pub places: &'a [SlotPlace],
    /// By slot: what reading it reads, as a lazy tree's mask; 0 when it must be read where it stands.
    pub touches: &'a [Touch],
    /// Registers that hold variables.
    pub pinned: RegSet,
    /// Trees that read variables in registers that calls change.
    pub scratch: Touch,
    /// Ready for the function; kept from one to the next for its memory.
    pub lazy: Lazy,
    /// Lists that selection keeps from one function to the next for their memory.
    pub kept: &'a mut Option<Box<dyn std::any::Any + Send>>,
    /// What the architecture planned before the frame was laid out.
    pub plan: &'a Plan,
    /// Where [`Plan::reserved`] begins: offset from the frame pointer, a multiple of 16.
    pub reserved_at: i32,
    /// With debug information: the place in the code of every instruction of the IR.
    pub marks: Option<&'a mut Vec<mc::Mark>>,
    /// Where inline assembly goes through.
    pub asm: &'a mut asm::Assembler,
    /// The first thing that could not be compiled, and where it stands if that is known.
    pub error: Option<String>,
    pub error_pos: base::Pos,
}

/// What must be known before the frame is laid out.
#[derive(Clone, Default, Debug)]
pub struct Plan {
    /// Slots that have a place given by the calling convention: offset from the frame pointer.
    pub homes: Vec<(ir::Slot, i32)>,
    /// Bytes of the frame, just below the saved registers, for the architecture's own use (register save area).
    pub reserved: u32,
    /// Registers that callers expect unchanged and that the body changes itself: saved, and given to no variable.
    pub taken: RegSet,
    /// Calls nothing: memory just below the stack pointer may be used where the ABI allows it.
    pub leaf: bool,
    /// Calls may stand where [`Func::calls`] names none.
    pub calls_anywhere: bool,
    /// Registers that parameters arrive in; with the slot when a scalar is stored to one at once.
    pub arrivals: Vec<(PReg, Option<ir::Slot>)>,
}

impl Plan {
    /// As new, with its memory kept.
    pub fn reset(&mut self) {
        self.homes.clear();
        self.arrivals.clear();
        (self.reserved, self.taken, self.leaf, self.calls_anywhere) = (0, 0, false, false);
    }
}

/// A frame as prologue and epilogue see it.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Registers to save, ascending.
    pub saved: RegSet,
    /// Bytes below the frame pointer, saved registers included.
    pub size: u32,
    pub leaf: bool,
    pub dynamic: bool,
}

/// The facet of an architecture for native code.
pub struct Select {
    pub arch: &'static target::Arch,
    pub classes: &'static [ClassRow],
    pub branches: &'static [BranchRow],
    /// Class of a scalar that may live in a register for a whole function.
    pub class_of: fn(Ty) -> Option<Class>,
    /// Registers that may hold variables; of equal ones that with the least number is taken.
    pub pins: &'static [PinRow],
    /// So many registers of a bank are left for temporaries: what the most demanding instruction row takes.
    pub min_temps: u32,
    /// DWARF numbers of physical registers.
    pub dwarf: &'static [u8],
    /// Unwind rules at the first instruction of every function.
    pub initial_unwind: &'static [mc::rows::UnwindOp],
    /// Canonical frame address minus frame pointer, in bytes.
    pub cfa_offset: i32,
    /// Fills a plan that is as new.
    pub plan: fn(&Module, &Func, &mut Plan),
    /// Assembly text.
    pub syntax: &'static dyn asm::Syntax,
    pub inline: &'static crate::inline::InlineAsm,
    /// Writes the prologue; returns the spot that the size of the frame goes into.
    pub prologue: fn(&mut CodeBuffer, RegSet) -> mc::buffer::Reserved,
    /// Called when the frame is known.
    pub fill_prologue: fn(&mut CodeBuffer, mc::buffer::Reserved, &Frame),
    pub epilogue: fn(&mut CodeBuffer, &Frame),
    /// The whole body between prologue and epilogue. Label `n_blocks` is the epilogue's. Gives whether it is reached.
    pub body: fn(&mut Cx) -> bool,
    pub encode: fn(&mut CodeBuffer, &MInst, &Assigned),
    /// Register to register of one class.
    pub mov: fn(&mut CodeBuffer, Class, PReg, PReg),
    /// Register to frame, frame to register.
    pub spill: fn(&mut CodeBuffer, Class, i32, PReg),
    pub reload: fn(&mut CodeBuffer, Class, PReg, i32),
}
