//! Which variables live in registers, each in one for as long as its value matters ([`ir::func::SlotData::first`]).
//!
//! The most used variables choose first, and variables of scopes that do not overlap may share a register. Where nothing is
//! called a register that calls change does as well as a preserved one and needs not be saved; the frame takes the
//! rest. A variable is in one place for its whole scope, so that a debugger reads and writes it there at every line.

use crate::lazy::{REG_TOUCHES, Touch};
use crate::machine::{Class, ClassRow, PReg, PinKind, Plan, RegSet, Select, SlotPlace};
use ir::func::{Func, SlotData};
use ir::{Slot, Ty};

/// A variable must be worth this much (uses, weighted by loop depth) to have a register saved for it: saving and
/// restoring one costs two memory accesses.
const MIN_SAVE_WEIGHT: u32 = 3;

/// Registers with variables.
#[derive(Clone, Copy, Default)]
pub(crate) struct Pinned {
    /// Those that the function has to preserve.
    pub saved: RegSet,
    /// Those that calls change.
    pub scratch: RegSet,
}

impl Pinned {
    pub fn all(&self) -> RegSet {
        self.saved | self.scratch
    }

    /// What trees read that a call would change.
    pub fn scratch_touch(&self) -> Touch {
        REG_TOUCHES & (self.scratch | self.scratch >> 32)
    }
}

/// A variable in a register.
struct Held {
    preg: PReg,
    first: u32,
    end: u32,
}

/// The registers of the architecture's rows, by kind.
#[derive(Clone, Copy, Default)]
struct Kinds {
    saved: RegSet,
    scratch: RegSet,
    arrival: RegSet,
}

/// Memory kept from one function to the next.
#[derive(Default)]
pub(crate) struct Pins {
    kinds: Kinds,
    /// The slots that may be in registers: the order in which they choose, and in its low half their number; class.
    wanted: Vec<(u64, Class)>,
    /// Registers whose variable's value matters everywhere.
    taken: RegSet,
    /// The others.
    held: Vec<Held>,
}

impl Pins {
    pub fn new(select: &Select) -> Pins {
        let of = |kind: PinKind| {
            select.pins.iter().filter(|pin| pin.kind == kind).fold(0, |set: RegSet, pin| set | 1 << pin.preg)
        };
        let kinds = Kinds { saved: of(PinKind::Saved), scratch: of(PinKind::Scratch), arrival: of(PinKind::Arrival) };
        Pins { kinds, ..Pins::default() }
    }

    /// Gives registers to slots, as [`SlotPlace::Reg`] in `places`.
    pub fn choose(&mut self, select: &Select, func: &Func, plan: &Plan, places: &mut [SlotPlace]) -> Pinned {
        self.wanted.clear();
        self.taken = 0;
        self.held.clear();
        let mut pinned = Pinned::default();
        for (idx, slot) in func.slots.iter().enumerate() {
            if !slot.address_taken
                && !slot.pinned_to_memory
                && slot.weight != 0
                && let Some(class) = (select.class_of)(slot.ty)
            {
                // The heaviest first; equal ones in order of their making.
                self.wanted.push((u64::from(!slot.weight) << 32 | idx as u64, class));
            }
        }
        if self.wanted.is_empty() {
            return pinned;
        }
        self.wanted.sort_unstable_by_key(|&(order, _)| order);
        let arriving = plan.arrivals.iter().fold(0, |set: RegSet, &(preg, _)| set | 1 << preg);
        for at in 0..self.wanted.len() {
            let (order, class) = self.wanted[at];
            let slot = Slot(order as u32);
            let class = &select.classes[class as usize];
            if let Some(preg) = self.register(select, func, plan, slot, class, arriving, &mut pinned) {
                let &SlotData { first, end, .. } = &func.slots[slot];
                if (first, end) == (0, u32::MAX) {
                    self.taken |= 1 << preg;
                } else {
                    self.held.push(Held { preg, first, end });
                }
                places[slot.0 as usize] = SlotPlace::Reg(preg);
            }
        }
        pinned
    }

    fn register(
        &self,
        select: &Select,
        func: &Func,
        plan: &Plan,
        slot: Slot,
        class: &ClassRow,
        arriving: RegSet,
        pinned: &mut Pinned,
    ) -> Option<PReg> {
        let data = &func.slots[slot];
        let mut free = class.bank & !self.taken;
        for held in &self.held {
            if held.first < data.end && data.first < held.end {
                free &= !(1 << held.preg);
            }
        }
        if !plan.calls_anywhere && is_free_of_calls(func, data) {
            // What calls change costs nothing to use, but leaves fewer registers to temporaries.
            let room = (class.temps & !pinned.scratch).count_ones() > select.min_temps;
            let free = if room { free } else { free & pinned.scratch };
            let own = plan
                .arrivals
                .iter()
                .filter(|(_, to)| *to == Some(slot))
                .fold(0, |set: RegSet, &(preg, _)| set | 1 << preg);
            // Other parameters may still stand in a register when this one is moved there.
            let standing = if data.first == 0 { arriving } else { 0 };
            let own = free & own & (self.kinds.scratch | self.kinds.arrival);
            let set = if own != 0 { own } else { free & self.kinds.scratch & !standing };
            if set != 0 {
                let preg = set.trailing_zeros() as PReg;
                pinned.scratch |= 1 << preg;
                return Some(preg);
            }
        }
        let free = free & self.kinds.saved & !plan.taken;
        let set = if data.weight >= MIN_SAVE_WEIGHT { free } else { free & pinned.saved };
        if set == 0 {
            return None;
        }
        let preg = set.trailing_zeros() as PReg;
        pinned.saved |= 1 << preg;
        Some(preg)
    }
}

/// Nothing is called while the slot's value matters.
fn is_free_of_calls(func: &Func, slot: &SlotData) -> bool {
    if slot.first == 0 {
        return func.calls.first().is_none_or(|&at| at >= slot.end);
    }
    let next = func.calls.partition_point(|&at| at < slot.first);
    func.calls.get(next).is_none_or(|&at| at >= slot.end)
}

/// Types whose operations may be calls wherever they stand.
pub fn may_call(func: &Func) -> bool {
    [Ty::I128, Ty::F16, Ty::F128].into_iter().any(|ty| func.has_type(ty))
}
