//! The `-O0` register sink: allocates forward and encodes at once.
//!
//! A virtual register gets a physical one when it is written and keeps it until its last read, unless something must
//! have that register; then it moves to a free one or into the frame. At a block's end whatever is still wanted goes
//! into the frame for good, so nothing is known or assumed about registers across blocks but what [`Regs::place`] and
//! [`Regs::arrive`] agree on. Frame places of values that die in the block that made them are used again.

use crate::machine::{ANY, Addr, Assigned, Class, MInst, PReg, Reg, RegSet, Regs, Select};
use mc::CodeBuffer;

const NOWHERE: PReg = ANY;
const FREE: u32 = u32::MAX;
const MAX_CLASSES: usize = 8;

#[derive(Clone, Copy)]
struct VReg {
    /// Register it is in.
    at: PReg,
    class: Class,
    /// Register it would like to be made in.
    hint: PReg,
    /// Place in the frame that holds its value; 0 for none.
    home: i32,
    /// Block that made it.
    block: u32,
}

/// See the module's description.
pub struct FastRegs {
    select: &'static Select,
    pub code: CodeBuffer,
    /// By class: registers for temporaries in this function.
    temps: [RegSet; MAX_CLASSES],
    vregs: Vec<VReg>,
    /// Virtual register in each physical one.
    held: [u32; 64],
    /// Physical registers that hold something.
    busy: RegSet,
    block: u32,
    /// Bytes of frame in use below the frame pointer.
    pub depth: u32,
    /// Frame places free for 8-byte and 4-byte values.
    free_homes: [Vec<i32>; 2],
}

impl FastRegs {
    pub fn new(select: &'static Select) -> FastRegs {
        FastRegs {
            select,
            code: CodeBuffer::new(select.branches),
            temps: [0; MAX_CLASSES],
            vregs: Vec::new(),
            held: [FREE; 64],
            busy: 0,
            block: 0,
            depth: 0,
            free_homes: [Vec::new(), Vec::new()],
        }
    }

    /// Begins a function whose frame has `depth` bytes so far and whose variables live in `pinned`.
    pub fn reset(&mut self, n_labels: usize, depth: u32, pinned: RegSet) {
        for (temps, row) in self.temps.iter_mut().zip(self.select.classes) {
            *temps = row.temps & !pinned;
        }
        self.code.reset(n_labels);
        self.vregs.clear();
        self.busy = 0;
        self.block = 0;
        self.depth = depth;
        self.free_homes[0].clear();
        self.free_homes[1].clear();
    }

    #[inline]
    fn temps(&self, class: Class) -> RegSet {
        // The masks here and below spare checks of bounds.
        self.temps[class as usize % MAX_CLASSES]
    }

    #[inline]
    fn hold(&mut self, v: usize, preg: PReg) {
        self.vregs[v].at = preg;
        self.held[preg as usize % 64] = v as u32;
        self.busy |= 1 << preg;
    }

    #[inline]
    fn free(&mut self, preg: PReg) {
        self.busy &= !(1 << preg);
    }

    fn new_home(&mut self, class: Class) -> i32 {
        let size = u32::from(self.select.classes[class as usize].spill_size);
        let list = match size {
            8 => 0,
            4 => 1,
            _ => 2,
        };
        if let Some(home) = self.free_homes.get_mut(list).and_then(Vec::pop) {
            return home;
        }
        self.depth = (self.depth + size).next_multiple_of(size);
        -(self.depth as i32)
    }

    /// Writes the value to the frame unless it is there.
    fn save(&mut self, v: usize) {
        let VReg { at, class, home, .. } = self.vregs[v];
        if home == 0 {
            let home = self.new_home(class);
            self.vregs[v].home = home;
            (self.select.spill)(&mut self.code, class, home, at);
        }
    }

    /// Empties `preg`: what it holds moves to a register outside `avoid`, or into the frame.
    fn evict(&mut self, preg: PReg, avoid: RegSet) {
        let v = self.held[preg as usize] as usize;
        let VReg { class, home, .. } = self.vregs[v];
        let free = self.temps(class) & !self.busy & !avoid;
        self.free(preg);
        if free != 0 && home == 0 {
            let to = free.trailing_zeros() as PReg;
            (self.select.mov)(&mut self.code, class, to, preg);
            self.hold(v, to);
        } else {
            self.save(v);
            self.vregs[v].at = NOWHERE;
        }
    }

    /// A free register for `class` outside `avoid`.
    #[inline]
    fn take(&mut self, class: Class, avoid: RegSet) -> PReg {
        let free = self.temps(class) & !self.busy & !avoid;
        if free != 0 { free.trailing_zeros() as PReg } else { self.steal(class, avoid) }
    }

    #[cold]
    fn steal(&mut self, class: Class, avoid: RegSet) -> PReg {
        let candidates = self.temps(class) & !avoid;
        assert!(candidates != 0, "an instruction asks for more registers than there are");
        // What is in the frame already costs nothing to drop; else the oldest value, as it waits longest.
        let (mut best, mut best_key) = (0, (true, u32::MAX));
        let mut set = candidates;
        while set != 0 {
            let preg = set.trailing_zeros() as PReg;
            set &= set - 1;
            let v = self.held[preg as usize];
            let key = (self.vregs[v as usize].home == 0, v);
            if key < best_key {
                (best, best_key) = (preg, key);
            }
        }
        self.evict(best, candidates | avoid);
        best
    }

    /// The register of an operand that is read, loaded when it is in the frame.
    #[inline]
    fn read(&mut self, reg: Reg, avoid: RegSet) -> PReg {
        if !reg.is_virt() {
            return reg.0 as PReg;
        }
        let v = reg.idx();
        let at = self.vregs[v].at;
        if at != NOWHERE { at } else { self.load(v, avoid) }
    }

    #[cold]
    fn load(&mut self, v: usize, avoid: RegSet) -> PReg {
        let VReg { class, home, .. } = self.vregs[v];
        assert!(home != 0, "a virtual register is read before it is written");
        let preg = self.take(class, avoid);
        (self.select.reload)(&mut self.code, class, preg, home);
        self.hold(v, preg);
        preg
    }

    #[inline]
    fn bit(reg: Reg, preg: PReg) -> RegSet {
        if reg.is_none() { 0 } else { 1 << (preg & 63) }
    }

    #[inline]
    fn used_up(&mut self, reg: Reg) {
        if reg.is_last() {
            self.forget(reg.idx());
        }
    }

    #[inline]
    fn forget(&mut self, v: usize) {
        let VReg { at, class, home, block, .. } = self.vregs[v];
        if at != NOWHERE {
            self.free(at);
            self.vregs[v].at = NOWHERE;
        }
        if home != 0 && block == self.block {
            self.give_home(class, home);
            self.vregs[v].home = 0;
        }
    }

    #[cold]
    fn give_home(&mut self, class: Class, home: i32) {
        match self.select.classes[class as usize].spill_size {
            8 => self.free_homes[0].push(home),
            4 => self.free_homes[1].push(home),
            _ => {}
        }
    }

    /// The register that a written operand gets. Its old value, when it had one, is gone.
    fn write(&mut self, reg: Reg, avoid: RegSet) -> PReg {
        if !reg.is_virt() {
            return reg.0 as PReg;
        }
        let v = reg.idx();
        let VReg { at, class, hint, home, .. } = self.vregs[v];
        if home != 0 {
            self.give_stale(v, class, home);
        }
        if at != NOWHERE {
            if avoid & 1 << at == 0 {
                return at;
            }
            self.free(at);
        }
        let free = self.temps(class) & !self.busy & !avoid;
        let preg = if hint != ANY && free & 1 << hint != 0 { hint } else { self.take(class, avoid) };
        self.hold(v, preg);
        preg
    }

    /// The same for a register that mostly was not written before and finds a free one.
    #[inline]
    fn make(&mut self, reg: Reg) -> PReg {
        if !reg.is_virt() {
            return reg.0 as PReg;
        }
        let VReg { at, class, hint, home, .. } = self.vregs[reg.idx()];
        let free = self.temps(class) & !self.busy;
        if at != NOWHERE || home != 0 || free == 0 {
            return self.write(reg, 0);
        }
        let hinted = free & 1u64.wrapping_shl(u32::from(hint)) != 0 && hint != ANY;
        let preg = if hinted { hint } else { free.trailing_zeros() as PReg };
        self.hold(reg.idx(), preg);
        preg
    }

    #[cold]
    fn give_stale(&mut self, v: usize, class: Class, home: i32) {
        if self.vregs[v].block == self.block {
            self.give_home(class, home);
        }
        self.vregs[v].home = 0;
        self.vregs[v].block = self.block;
    }

    /// Where an operand stands: its register, 0 for none, or [`NOWHERE`].
    #[inline]
    fn at(&self, reg: Reg) -> PReg {
        if reg.is_virt() { self.vregs[reg.idx()].at } else { reg.0 as PReg }
    }

    /// See [`crate::sink::Sink::assign`].
    #[inline(always)]
    pub fn assign(&mut self, tied: bool, dst: Reg, sources: [Reg; 2], address: [Reg; 2]) -> Option<Assigned> {
        let ([a, b], [base, index]) = (sources, address);
        let mut regs = Assigned { dst: 0, a: self.at(a), b: self.at(b), base: self.at(base), index: self.at(index) };
        if (regs.a | regs.b | regs.base | regs.index) == NOWHERE || dst.is_phys() && self.busy & 1 << dst.preg() != 0 {
            return None;
        }
        if !tied || dst.is_none() {
            self.used_up(a);
            self.used_up(b);
            self.used_up(base);
            self.used_up(index);
            regs.dst = self.make(dst);
            return Some(regs);
        }
        if dst.is_virt() {
            let to = dst.idx();
            if a.is_virt() && a.idx() == to {
                self.write(dst, 0);
            } else {
                let others = Self::bit(b, regs.b) | Self::bit(base, regs.base) | Self::bit(index, regs.index);
                if !a.is_last() || others & 1 << regs.a != 0 && !b.is_virt() {
                    return None;
                }
                self.forget(a.idx());
                self.retire_target(to);
                self.hold(to, regs.a);
            }
        } else if dst.preg() != regs.a || a.is_virt() {
            return None;
        }
        regs.dst = regs.a;
        self.used_up_except(b, dst);
        self.used_up_except(base, dst);
        self.used_up_except(index, dst);
        Some(regs)
    }

    /// See [`crate::sink::Sink::assign_new`].
    #[inline(always)]
    pub fn assign_new(&mut self, class: Class, hint: PReg, base: Reg) -> Option<(Reg, Assigned)> {
        let from = self.at(base);
        if from == NOWHERE {
            return None;
        }
        self.used_up(base);
        let free = self.temps(class) & !self.busy;
        let hinted = free & 1u64.wrapping_shl(u32::from(hint)) != 0 && hint != ANY;
        let to = if hinted { hint } else { self.take(class, 0) };
        let v = self.vregs.len();
        self.vregs.push(VReg { at: to, class, hint, home: 0, block: self.block });
        self.held[to as usize % 64] = v as u32;
        self.busy |= 1 << to;
        Some((Reg::virt_last(v as u32), Assigned { dst: to, base: from, ..Assigned::default() }))
    }

    /// Registers of an instruction without fixed ones, whose operands mostly are in registers.
    fn emit_simple(&mut self, inst: &MInst) {
        let (a, b) = (self.at(inst.a), self.at(inst.b));
        let has_mem = inst.mem.base.0 & inst.mem.index.0 != Reg::NONE.0;
        let (base, index) = if has_mem { (self.at(inst.mem.base), self.at(inst.mem.index)) } else { (0, 0) };
        if (a | b | base | index) == NOWHERE || inst.cons.tied && !inst.dst.is_none() {
            return self.emit_any(inst);
        }
        self.used_up(inst.a);
        self.used_up(inst.b);
        if has_mem {
            self.used_up(inst.mem.base);
            self.used_up(inst.mem.index);
        }
        let dst = self.write(inst.dst, 0);
        (self.select.encode)(&mut self.code, inst, &Assigned { dst, a, b, base, index });
    }

    /// The same when an operand must be loaded, or one is tied to the result.
    #[inline(never)]
    fn emit_any(&mut self, inst: &MInst) {
        let mem: &Addr = &inst.mem;
        let mut locked = 0;
        let a = self.read(inst.a, locked);
        locked |= Self::bit(inst.a, a);
        let b = self.read(inst.b, locked);
        locked |= Self::bit(inst.b, b);
        let base = self.read(mem.base, locked);
        locked |= Self::bit(mem.base, base);
        let index = self.read(mem.index, locked);
        let mut regs = Assigned { dst: 0, a, b, base, index };
        if inst.cons.tied && !inst.dst.is_none() {
            locked |= Self::bit(mem.index, index);
            return self.emit_tied(inst, regs, locked);
        }
        self.used_up(inst.a);
        self.used_up(inst.b);
        self.used_up(mem.base);
        self.used_up(mem.index);
        regs.dst = self.write(inst.dst, 0);
        (self.select.encode)(&mut self.code, inst, &regs);
    }

    /// `dst` and `a` must be one register.
    fn emit_tied(&mut self, inst: &MInst, mut regs: Assigned, locked: RegSet) {
        let others =
            Self::bit(inst.b, regs.b) | Self::bit(inst.mem.base, regs.base) | Self::bit(inst.mem.index, regs.index);
        let in_place = others & 1 << regs.a == 0 || inst.b.is_virt() || !inst.dst.is_virt();
        if inst.dst.is_virt() && inst.a.is_virt() && inst.a.idx() == inst.dst.idx() {
            self.write(inst.dst, 0);
        } else if inst.dst.is_virt() && inst.a.is_last() && in_place {
            // The operand's register becomes the result's.
            let (from, to) = (inst.a.idx(), inst.dst.idx());
            self.forget(from);
            self.retire_target(to);
            self.hold(to, regs.a);
        } else if inst.dst.is_phys() && inst.dst.preg() == regs.a {
            // A variable is changed in place.
        } else {
            return self.emit_copied(inst, regs, locked, others);
        }
        regs.dst = regs.a;
        self.finish_tied(inst, &regs);
    }

    /// The old register of a virtual one that is about to be written somewhere else.
    #[inline]
    fn retire_target(&mut self, v: usize) {
        let VReg { at, class, home, .. } = self.vregs[v];
        if at != NOWHERE {
            self.free(at);
        }
        if home != 0 {
            self.give_stale(v, class, home);
        }
    }

    fn emit_copied(&mut self, inst: &MInst, mut regs: Assigned, locked: RegSet, others: RegSet) {
        let select = self.select;
        let dst_is_read = inst.dst.is_phys() && others & 1 << inst.dst.preg() != 0;
        let class = if inst.a.is_virt() { self.vregs[inst.a.idx()].class } else { self.class_of_dst(inst) };
        if inst.dst.is_phys() && !dst_is_read {
            regs.dst = inst.dst.preg();
            (select.mov)(&mut self.code, class, regs.dst, regs.a);
        } else if inst.dst.is_virt() {
            regs.dst = self.write(inst.dst, locked);
            (select.mov)(&mut self.code, class, regs.dst, regs.a);
        } else {
            // The variable that is written is also read: work elsewhere, then move.
            regs.dst = if inst.a.is_last() { regs.a } else { self.take(class, locked) };
            if regs.dst != regs.a {
                (select.mov)(&mut self.code, class, regs.dst, regs.a);
            }
            let (temp, to) = (regs.dst, inst.dst.preg());
            regs.a = temp;
            (select.encode)(&mut self.code, inst, &regs);
            (select.mov)(&mut self.code, class, to, temp);
            return self.use_all(inst);
        }
        regs.a = regs.dst;
        self.finish_tied(inst, &regs);
    }

    /// Class for a move between two physical registers.
    fn class_of_dst(&self, inst: &MInst) -> Class {
        if inst.dst.is_virt() {
            return self.vregs[inst.dst.idx()].class;
        }
        self.class_for(inst.dst.preg())
    }

    fn use_all(&mut self, inst: &MInst) {
        self.used_up(inst.a);
        self.used_up(inst.b);
        self.used_up(inst.mem.base);
        self.used_up(inst.mem.index);
    }

    #[inline]
    fn finish_tied(&mut self, inst: &MInst, regs: &Assigned) {
        if !(inst.a.is_virt() && inst.dst.is_virt() && inst.a.idx() == inst.dst.idx()) {
            self.used_up_except(inst.a, inst.dst);
        }
        self.used_up_except(inst.b, inst.dst);
        self.used_up_except(inst.mem.base, inst.dst);
        self.used_up_except(inst.mem.index, inst.dst);
        (self.select.encode)(&mut self.code, inst, regs);
    }

    /// Forgets an operand, but never the result.
    #[inline]
    fn used_up_except(&mut self, reg: Reg, dst: Reg) {
        if reg.is_last() && !(dst.is_virt() && dst.idx() == reg.idx()) {
            let v = reg.idx();
            let at = self.vregs[v].at;
            // The tie may have passed its register on to the result.
            if at != NOWHERE && self.held[at as usize] != v as u32 {
                self.vregs[v].at = NOWHERE;
            }
            self.forget(v);
        }
    }

    /// Empties `set`, except that operands in `keep` stay where they must be.
    fn clear(&mut self, set: RegSet, keep: &[(Reg, PReg)], avoid: RegSet) {
        let mut todo = set & self.busy;
        while todo != 0 {
            let preg = todo.trailing_zeros() as PReg;
            todo &= todo - 1;
            let v = self.held[preg as usize];
            if !keep.iter().any(|&(reg, want)| want == preg && reg.is_virt() && reg.idx() == v as usize) {
                self.evict(preg, avoid);
            }
        }
    }

    /// Brings an operand into `preg`, which holds nothing else. It must stay readable when it is not used up.
    fn bring(&mut self, reg: Reg, preg: PReg, survives: bool, avoid: RegSet) {
        if !reg.is_virt() {
            let class = self.class_for(preg);
            if reg.preg() != preg {
                (self.select.mov)(&mut self.code, class, preg, reg.preg());
            }
            return;
        }
        let v = reg.idx();
        let VReg { at, class, home, .. } = self.vregs[v];
        if at == NOWHERE {
            assert!(home != 0, "a virtual register is read before it is written");
            (self.select.reload)(&mut self.code, class, preg, home);
            return;
        }
        if at != preg {
            (self.select.mov)(&mut self.code, class, preg, at);
        } else if !reg.is_last() && !survives {
            // It is read again, but the register will be changed.
            self.evict(preg, avoid);
        }
    }

    /// A class of 8 bytes whose registers are of the bank of `preg`.
    fn class_for(&self, preg: PReg) -> Class {
        let fits = |row: &crate::machine::ClassRow| row.spill_size == 8 && row.bank & 1 << preg != 0;
        self.select.classes.iter().position(fits).unwrap_or(1) as Class
    }

    /// Registers of an instruction that names some.
    #[inline(never)]
    fn emit_fixed(&mut self, inst: &MInst) {
        let cons = inst.cons;
        let named = cons.named();
        let mut a_reg = inst.a;
        if a_reg.is_virt() && inst.b.is_virt() && a_reg.idx() == inst.b.idx() && cons.b != ANY {
            a_reg = a_reg.again();
        }
        let keep = [(a_reg, cons.a), (inst.b, cons.b)];
        let mut locked = named | self.standing(inst);
        self.clear(named, &keep, locked);
        let mut regs = Assigned::default();
        let changed = |preg: PReg| cons.clobbers & 1 << preg != 0 || cons.dst == preg;
        if cons.a != ANY && !a_reg.is_none() {
            self.bring(a_reg, cons.a, !changed(cons.a), locked);
            regs.a = cons.a;
        }
        if cons.b != ANY && !inst.b.is_none() {
            self.bring(inst.b, cons.b, !changed(cons.b), locked);
            regs.b = cons.b;
        }
        for (reg, slot, fixed) in [
            (a_reg, &mut regs.a, cons.a),
            (inst.b, &mut regs.b, cons.b),
            (inst.mem.base, &mut regs.base, ANY),
            (inst.mem.index, &mut regs.index, ANY),
        ] {
            if fixed == ANY && !reg.is_none() {
                *slot = self.read(reg, locked);
                locked |= 1 << (*slot & 63);
            }
        }
        if cons.tied && cons.dst == ANY && !inst.dst.is_none() {
            return self.finish_fixed_tied(inst, a_reg, regs, locked);
        }
        if cons.early {
            regs.dst = self.write(inst.dst, locked);
            self.use_all_but(inst, inst.dst);
        } else {
            self.use_all_but(inst, inst.dst);
            if cons.dst != ANY {
                regs.dst = cons.dst;
            } else {
                regs.dst = self.write(inst.dst, cons.clobbers);
            }
        }
        (self.select.encode)(&mut self.code, inst, &regs);
        self.settle(inst.dst, cons.dst);
    }

    /// The result of an instruction that writes a given register.
    fn settle(&mut self, dst: Reg, preg: PReg) {
        if preg == ANY || dst.is_none() {
            return;
        }
        if dst.is_virt() {
            self.retire_target(dst.idx());
            self.hold(dst.idx(), preg);
        } else if dst.preg() != preg {
            let class = self.class_for(preg);
            (self.select.mov)(&mut self.code, class, dst.preg(), preg);
        }
    }

    /// `dst = a op b` in place, with `b` or others in given registers (shifts).
    fn finish_fixed_tied(&mut self, inst: &MInst, a_reg: Reg, mut regs: Assigned, locked: RegSet) {
        let class = if a_reg.is_virt() { self.vregs[a_reg.idx()].class } else { self.class_of_dst(inst) };
        let same = inst.dst.is_virt() && a_reg.is_virt() && inst.dst.idx() == a_reg.idx();
        let read_again = |preg: PReg| {
            regs.b == preg && !inst.b.is_none()
                || regs.base == preg && !inst.mem.base.is_none()
                || regs.index == preg && !inst.mem.index.is_none()
        };
        if same || (inst.dst.is_phys() && inst.dst.preg() == regs.a) {
            regs.dst = regs.a;
            if same {
                self.write(inst.dst, 0);
            }
        } else if inst.dst.is_virt() && a_reg.is_last() {
            self.forget(a_reg.idx());
            self.retire_target(inst.dst.idx());
            self.hold(inst.dst.idx(), regs.a);
            regs.dst = regs.a;
        } else if inst.dst.is_virt() {
            regs.dst = self.write(inst.dst, locked);
            (self.select.mov)(&mut self.code, class, regs.dst, regs.a);
        } else if !read_again(inst.dst.preg()) {
            regs.dst = inst.dst.preg();
            (self.select.mov)(&mut self.code, class, regs.dst, regs.a);
        } else {
            let temp = self.take(class, locked);
            (self.select.mov)(&mut self.code, class, temp, regs.a);
            regs.dst = temp;
            regs.a = temp;
            (self.select.encode)(&mut self.code, inst, &regs);
            (self.select.mov)(&mut self.code, class, inst.dst.preg(), temp);
            return self.use_all_but(inst, inst.dst);
        }
        regs.a = regs.dst;
        self.use_all_but(inst, inst.dst);
        (self.select.encode)(&mut self.code, inst, &regs);
    }

    fn use_all_but(&mut self, inst: &MInst, dst: Reg) {
        for reg in [inst.a, inst.b, inst.mem.base, inst.mem.index] {
            self.used_up_except(reg, dst);
        }
    }

    /// Registers that the operands of `inst` are in now.
    fn standing(&self, inst: &MInst) -> RegSet {
        let mut set = 0;
        for reg in [inst.a, inst.b, inst.mem.base, inst.mem.index] {
            if reg.is_virt() {
                let at = self.vregs[reg.idx()].at;
                if at != NOWHERE {
                    set |= 1 << at;
                }
            }
        }
        set
    }

    /// Brings `uses` into their registers; those that are read again keep a copy outside `gone`.
    fn gather(&mut self, uses: &[(Reg, PReg)], gone: RegSet) {
        let (mut targets, mut placed): (RegSet, RegSet) = (0, 0);
        let mut homes = 0;
        for &(reg, preg) in uses {
            targets |= 1 << preg;
            if reg.is_last()
                && let VReg { at, home, .. } = self.vregs[reg.idx()]
                && at == preg
            {
                placed |= 1 << preg;
                homes |= home;
            }
        }
        if self.busy & (gone | targets) & !placed == 0 {
            if placed == targets && homes == 0 {
                // All are there and used up: most calls.
                self.busy &= !placed;
                for &(reg, _) in uses {
                    self.vregs[reg.idx()].at = NOWHERE;
                }
                return;
            }
            // Nothing stands in the way: what is not there yet comes from variables or the frame.
            if placed != targets {
                for &(reg, preg) in uses {
                    if placed & 1 << preg == 0 {
                        self.bring(reg, preg, true, targets);
                    }
                }
            }
            for &(reg, _) in uses {
                self.used_up(reg);
            }
            return;
        }
        // Values that outlive this leave every register that will be changed.
        let mut todo = gone & self.busy;
        while todo != 0 {
            let preg = todo.trailing_zeros() as PReg;
            todo &= todo - 1;
            let v = self.held[preg as usize];
            let dies = uses.iter().any(|&(reg, _)| reg.is_last() && reg.idx() == v as usize);
            if !dies {
                let wanted = uses.iter().any(|&(reg, _)| reg.is_virt() && reg.idx() == v as usize);
                if wanted {
                    self.save(v as usize);
                } else {
                    self.evict(preg, gone | targets);
                }
            }
        }
        self.clear(targets, uses, targets);
        for &(reg, preg) in uses {
            // Two uses may name one value; the second may find its register taken by nothing but itself.
            self.bring(reg, preg, true, targets);
        }
        for &(reg, _) in uses {
            self.used_up_except(reg, Reg::NONE);
        }
        let mut todo = gone & self.busy;
        while todo != 0 {
            let preg = todo.trailing_zeros() as PReg;
            todo &= todo - 1;
            self.evict(preg, gone | targets);
        }
    }

    /// The same for a call, whose own operands are values.
    fn gather_with_callee(&mut self, inst: &MInst, regs: &mut Assigned, uses: &[(Reg, PReg)], gone: RegSet) {
        let targets = uses.iter().fold(0, |set: RegSet, &(_, preg)| set | 1 << preg);
        // The callee's own operands must not stand where arguments go.
        let operands = [inst.a, inst.mem.base, inst.mem.index];
        for reg in operands {
            if reg.is_virt() {
                let at = self.vregs[reg.idx()].at;
                if at != NOWHERE && targets & 1 << at != 0 {
                    let locked = targets | self.standing(inst);
                    self.evict(at, locked);
                }
            }
        }
        let mut all: Vec<(Reg, PReg)> = Vec::with_capacity(operands.len() + uses.len());
        let mut locked = targets | self.standing(inst);
        for (reg, slot) in operands.into_iter().zip([&mut regs.a, &mut regs.base, &mut regs.index]) {
            *slot = self.read(reg, locked);
            if reg.is_virt() {
                locked |= 1 << *slot;
                all.push((reg, *slot));
            }
        }
        all.extend_from_slice(uses);
        self.gather(&all, gone);
    }
}

impl Regs for FastRegs {
    #[inline]
    fn vreg(&mut self, class: Class) -> Reg {
        self.vreg_in(class, ANY)
    }

    #[inline]
    fn vreg_in(&mut self, class: Class, preg: PReg) -> Reg {
        let block = self.block;
        self.vregs.push(VReg { at: NOWHERE, class, hint: preg, home: 0, block });
        Reg::virt(self.vregs.len() as u32 - 1)
    }

    fn emit(&mut self, inst: &MInst) {
        if inst.dst.is_phys() && self.busy & 1 << inst.dst.preg() != 0 {
            // A parameter that still stands in the register of a variable.
            let locked = self.standing(inst);
            self.evict(inst.dst.preg(), locked);
        }
        if inst.cons.is_simple() { self.emit_simple(inst) } else { self.emit_fixed(inst) }
    }

    fn call(&mut self, inst: &MInst, uses: &[(Reg, PReg)], defs: &[(Reg, PReg)], clobbers: RegSet) {
        let at = |reg: Reg| reg.0 as PReg;
        let mut regs =
            Assigned { a: at(inst.a), base: at(inst.mem.base), index: at(inst.mem.index), ..Assigned::default() };
        if inst.a.is_virt() || inst.mem.base.is_virt() || inst.mem.index.is_virt() {
            self.gather_with_callee(inst, &mut regs, uses, clobbers);
        } else {
            self.gather(uses, clobbers);
        }
        (self.select.encode)(&mut self.code, inst, &regs);
        for &(reg, preg) in defs {
            self.settle(reg, preg);
        }
    }

    fn place(&mut self, uses: &[(Reg, PReg)]) {
        self.gather(uses, 0);
    }

    fn arrive(&mut self, defs: &[(Reg, PReg)]) {
        for &(reg, preg) in defs {
            self.settle(reg, preg);
        }
    }

    fn leave(&mut self) {
        let mut todo = self.busy;
        while todo != 0 {
            let preg = todo.trailing_zeros() as PReg;
            todo &= todo - 1;
            let v = self.held[preg as usize] as usize;
            self.save(v);
            self.vregs[v].at = NOWHERE;
        }
        self.busy = 0;
        self.block += 1;
    }

    fn release(&mut self, reg: Reg) {
        if reg.is_virt() {
            self.forget(reg.idx());
        }
    }

    #[inline]
    fn is_in(&self, reg: Reg, preg: PReg) -> bool {
        reg.is_virt() && self.vregs[reg.idx()].at == preg
    }

    fn room(&mut self, size: u32, align: u32) -> i32 {
        self.depth = (self.depth + size).next_multiple_of(align);
        -(self.depth as i32)
    }

    #[inline]
    fn code(&mut self) -> &mut CodeBuffer {
        &mut self.code
    }
}
