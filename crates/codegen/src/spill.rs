//! The spill-everything register sink: every virtual register lives in the frame, registers only within one instruction.
//!
//! Slow code on purpose. It exists to prove that selection knows no allocator: what works here and in the fast sink
//! relies on nothing but the constraints of the instruction rows.

use crate::machine::{ANY, Assigned, Class, MInst, PReg, Reg, RegSet, Regs, Select};
use mc::CodeBuffer;

/// See the module's description.
pub struct SpillRegs {
    select: &'static Select,
    pub code: CodeBuffer,
    /// Class and place in the frame, 0 until written.
    vregs: Vec<(Class, i32)>,
    /// Bytes of frame in use below the frame pointer.
    pub depth: u32,
}

impl SpillRegs {
    pub fn new(select: &'static Select) -> SpillRegs {
        SpillRegs { select, code: CodeBuffer::new(select.branches), vregs: Vec::new(), depth: 0 }
    }

    /// Begins a function whose frame has `depth` bytes so far.
    pub fn reset(&mut self, n_labels: usize, depth: u32) {
        self.code.reset(n_labels);
        self.vregs.clear();
        self.depth = depth;
    }

    fn load(&mut self, reg: Reg, preg: PReg) {
        if reg.is_virt() {
            let (class, home) = self.vregs[reg.idx()];
            assert!(home != 0, "a virtual register is read before it is written");
            (self.select.reload)(&mut self.code, class, preg, home);
        } else if reg.preg() != preg {
            let class = self.class_for(preg);
            (self.select.mov)(&mut self.code, class, preg, reg.preg());
        }
    }

    fn store(&mut self, reg: Reg, preg: PReg) {
        if reg.is_virt() {
            let (class, mut home) = self.vregs[reg.idx()];
            if home == 0 {
                let size = u32::from(self.select.classes[class as usize].spill_size);
                home = self.room(size, size);
                self.vregs[reg.idx()].1 = home;
            }
            (self.select.spill)(&mut self.code, class, home, preg);
        } else if reg.preg() != preg {
            let class = self.class_for(preg);
            (self.select.mov)(&mut self.code, class, reg.preg(), preg);
        }
    }

    fn class_for(&self, preg: PReg) -> Class {
        let fits = |row: &crate::machine::ClassRow| row.spill_size == 8 && row.bank & 1 << preg != 0;
        self.select.classes.iter().position(fits).unwrap_or(1) as Class
    }

    /// A register for `reg` that is not in `taken`.
    fn pick(&self, reg: Reg, taken: &mut RegSet) -> PReg {
        let (class, _) = self.vregs[reg.idx()];
        let free = self.select.classes[class as usize].temps & !*taken;
        assert!(free != 0, "an instruction asks for more registers than there are");
        let preg = free.trailing_zeros() as PReg;
        *taken |= 1 << preg;
        preg
    }

    /// Loads an operand that is read where it likes.
    fn read(&mut self, reg: Reg, fixed: PReg, taken: &mut RegSet) -> PReg {
        if reg.is_none() {
            return 0;
        }
        if fixed == ANY && !reg.is_virt() {
            return reg.preg();
        }
        let preg = if fixed == ANY { self.pick(reg, taken) } else { fixed };
        self.load(reg, preg);
        preg
    }
}

impl Regs for SpillRegs {
    fn vreg(&mut self, class: Class) -> Reg {
        self.vregs.push((class, 0));
        Reg::virt(self.vregs.len() as u32 - 1)
    }

    fn vreg_in(&mut self, class: Class, _: PReg) -> Reg {
        self.vreg(class)
    }

    fn emit(&mut self, inst: &MInst) {
        let cons = inst.cons;
        let mut taken = cons.named();
        let mut regs = Assigned::default();
        // A tied operand that is a variable's or role's register must not be changed: it is copied.
        let copied = cons.tied && inst.a.is_phys() && inst.a != inst.dst && cons.a == ANY;
        regs.a = if copied && inst.dst.is_virt() {
            let preg = self.pick(inst.dst, &mut taken);
            self.load(inst.a, preg);
            preg
        } else {
            self.read(inst.a, cons.a, &mut taken)
        };
        regs.b = self.read(inst.b, cons.b, &mut taken);
        regs.base = self.read(inst.mem.base, ANY, &mut taken);
        regs.index = self.read(inst.mem.index, ANY, &mut taken);
        if cons.dst != ANY {
            regs.dst = cons.dst;
        } else if cons.tied {
            regs.dst = regs.a;
        } else if inst.dst.is_virt() {
            regs.dst = self.pick(inst.dst, &mut taken);
        } else if inst.dst.is_phys() {
            regs.dst = inst.dst.preg();
        }
        (self.select.encode)(&mut self.code, inst, &regs);
        if !inst.dst.is_none() {
            self.store(inst.dst, regs.dst);
        }
    }

    fn call(&mut self, inst: &MInst, uses: &[(Reg, PReg)], defs: &[(Reg, PReg)], _: RegSet) {
        let mut taken = uses.iter().fold(0, |set: RegSet, &(_, preg)| set | 1 << preg);
        let a = self.read(inst.a, ANY, &mut taken);
        let base = self.read(inst.mem.base, ANY, &mut taken);
        let index = self.read(inst.mem.index, ANY, &mut taken);
        self.place(uses);
        (self.select.encode)(&mut self.code, inst, &Assigned { a, base, index, ..Assigned::default() });
        self.arrive(defs);
    }

    fn place(&mut self, uses: &[(Reg, PReg)]) {
        for &(reg, preg) in uses {
            self.load(reg, preg);
        }
    }

    fn arrive(&mut self, defs: &[(Reg, PReg)]) {
        for &(reg, preg) in defs {
            self.store(reg, preg);
        }
    }

    fn leave(&mut self) {}

    fn release(&mut self, _: Reg) {}

    fn is_in(&self, _: Reg, _: PReg) -> bool {
        false
    }

    fn room(&mut self, size: u32, align: u32) -> i32 {
        self.depth = (self.depth + size).next_multiple_of(align);
        -(self.depth as i32)
    }

    fn code(&mut self) -> &mut CodeBuffer {
        &mut self.code
    }
}
