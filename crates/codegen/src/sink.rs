//! The register sink of one compilation: one of the two that there are, chosen once.
//!
//! Selection talks to this type and not to a trait object: what it asks for with every instruction of the machine (a new virtual
//! register, the registers of a simple instruction) is then inlined there, and nothing is called through a table.

use crate::fast::FastRegs;
use crate::machine::{Assigned, Class, MInst, PReg, Reg, RegSet, Regs};
use crate::spill::SpillRegs;
use mc::CodeBuffer;

/// See the module's description. Everything but [`Sink::assign`] is as [`Regs`] says.
pub enum Sink {
    Fast(Box<FastRegs>),
    Spill(Box<SpillRegs>),
}

impl Sink {
    /// Begins a function whose frame has `depth` bytes so far and whose variables live in `pinned`.
    pub fn reset(&mut self, n_labels: usize, depth: u32, pinned: RegSet) {
        match self {
            Sink::Fast(fast) => fast.reset(n_labels, depth, pinned),
            Sink::Spill(spill) => spill.reset(n_labels, depth),
        }
    }

    fn regs(&mut self) -> &mut dyn Regs {
        match self {
            Sink::Fast(fast) => &mut **fast,
            Sink::Spill(spill) => &mut **spill,
        }
    }

    #[inline]
    pub fn vreg(&mut self, class: Class) -> Reg {
        match self {
            Sink::Fast(fast) => fast.vreg(class),
            Sink::Spill(spill) => spill.vreg(class),
        }
    }

    #[inline]
    pub fn vreg_in(&mut self, class: Class, preg: PReg) -> Reg {
        match self {
            Sink::Fast(fast) => fast.vreg_in(class, preg),
            Sink::Spill(spill) => spill.vreg_in(class, preg),
        }
    }

    /// The short way of an instruction whose row asks for nothing but perhaps a tie: its registers and where to encode it, when
    /// every operand stands in a register and a tied one may be changed there. Else `None`, and nothing has happened: the
    /// instruction goes through [`Sink::emit`].
    #[inline(always)]
    pub fn assign(
        &mut self,
        tied: bool,
        dst: Reg,
        sources: [Reg; 2],
        address: [Reg; 2],
    ) -> Option<(Assigned, &mut CodeBuffer)> {
        let Sink::Fast(fast) = self else { return None };
        let regs = fast.assign(tied, dst, sources, address)?;
        Some((regs, &mut fast.code))
    }

    /// The same for `new = memory at base`: makes a virtual register, which would like to be made in `hint` and will
    /// be read once, and gives it one.
    #[inline(always)]
    pub fn assign_new(&mut self, class: Class, hint: PReg, base: Reg) -> Option<(Reg, Assigned, &mut CodeBuffer)> {
        let Sink::Fast(fast) = self else { return None };
        let (new, regs) = fast.assign_new(class, hint, base)?;
        Some((new, regs, &mut fast.code))
    }

    #[inline]
    pub fn emit(&mut self, inst: &MInst) {
        match self {
            Sink::Fast(fast) => fast.emit(inst),
            Sink::Spill(spill) => spill.emit(inst),
        }
    }

    #[inline]
    pub fn call(&mut self, inst: &MInst, uses: &[(Reg, PReg)], defs: &[(Reg, PReg)], clobbers: RegSet) {
        match self {
            Sink::Fast(fast) => fast.call(inst, uses, defs, clobbers),
            Sink::Spill(spill) => spill.call(inst, uses, defs, clobbers),
        }
    }

    pub fn place(&mut self, uses: &[(Reg, PReg)]) {
        self.regs().place(uses);
    }

    pub fn arrive(&mut self, defs: &[(Reg, PReg)]) {
        self.regs().arrive(defs);
    }

    #[inline]
    pub fn leave(&mut self) {
        match self {
            Sink::Fast(fast) => fast.leave(),
            Sink::Spill(spill) => spill.leave(),
        }
    }

    #[inline]
    pub fn release(&mut self, reg: Reg) {
        match self {
            Sink::Fast(fast) => fast.release(reg),
            Sink::Spill(spill) => spill.release(reg),
        }
    }

    #[inline]
    pub fn is_in(&self, reg: Reg, preg: PReg) -> bool {
        match self {
            Sink::Fast(fast) => fast.is_in(reg, preg),
            Sink::Spill(spill) => spill.is_in(reg, preg),
        }
    }

    pub fn room(&mut self, size: u32, align: u32) -> i32 {
        self.regs().room(size, align)
    }

    #[inline]
    pub fn code(&mut self) -> &mut CodeBuffer {
        match self {
            Sink::Fast(fast) => &mut fast.code,
            Sink::Spill(spill) => &mut spill.code,
        }
    }
}
