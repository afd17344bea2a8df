//! Which variables live in registers, each in one for as long as its value matters ([`ir::func::SlotData::first`]).
//!
//! The most used variables choose first, and variables of scopes that do not overlap may share a register. Where nothing is
//! called a register that calls change does as well as a preserved one and needs not be saved; the frame takes the
//! rest. A variable is in one place for its whole scope, so that a debugger reads and writes it there at every line.

use crate::lazy::{Touch, reg_touch};
use crate::machine::{PReg, PinKind, Plan, RegSet, Select, SlotPlace};
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
        (0..64).filter(|preg| self.scratch & 1 << preg != 0).fold(0, |touch, preg| touch | reg_touch(preg))
    }
}

/// A variable in a register.
struct Held {
    preg: PReg,
    first: u32,
    end: u32,
}

/// Memory kept from one function to the next.
#[derive(Default)]
pub(crate) struct Pins {
    /// Weight and number of the slots that may be in registers.
    wanted: Vec<(u32, u32)>,
    held: Vec<Held>,
}

impl Pins {
    /// Gives registers to slots, as [`SlotPlace::Reg`] in `places`.
    pub fn choose(&mut self, select: &Select, func: &Func, plan: &Plan, places: &mut [SlotPlace]) -> Pinned {
        self.wanted.clear();
        self.held.clear();
        let mut pinned = Pinned::default();
        for (idx, slot) in func.slots.iter().enumerate() {
            if !slot.address_taken && !slot.pinned_to_memory && slot.weight != 0 && (select.class_of)(slot.ty).is_some() {
                self.wanted.push((slot.weight, idx as u32));
            }
        }
        // The heaviest first; equal ones in order of their making.
        self.wanted.sort_unstable_by_key(|&(weight, idx)| (!weight, idx));
        let arriving = plan.arrivals.iter().fold(0, |set: RegSet, &(preg, _)| set | 1 << preg);
        for at in 0..self.wanted.len() {
            let idx = self.wanted[at].1;
            if let Some(preg) = self.register(select, func, plan, Slot(idx), arriving, &mut pinned) {
                let &SlotData { first, end, .. } = &func.slots[Slot(idx)];
                self.held.push(Held { preg, first, end });
                places[idx as usize] = SlotPlace::Reg(preg);
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
        arriving: RegSet,
        pinned: &mut Pinned,
    ) -> Option<PReg> {
        let data = &func.slots[slot];
        let class = &select.classes[(select.class_of)(data.ty)? as usize];
        let own = plan.arrivals.iter().find(|(_, to)| *to == Some(slot)).map(|&(preg, _)| preg);
        let without_calls = !plan.calls_anywhere && is_free_of_calls(func, data);
        let room = (class.temps & !pinned.scratch).count_ones() > select.min_temps;
        let fits = |preg: PReg, kind: PinKind| {
            let bit: RegSet = 1 << preg;
            let allowed = match kind {
                PinKind::Saved => pinned.saved & bit != 0 || data.weight >= MIN_SAVE_WEIGHT,
                PinKind::Scratch | PinKind::Arrival if !without_calls => false,
                _ if pinned.scratch & bit == 0 && !room => false,
                // Other parameters may still stand in the register when this one is moved there.
                PinKind::Scratch => arriving & bit == 0 || own == Some(preg) || data.first > 0,
                PinKind::Arrival => own == Some(preg),
            };
            let overlaps = |held: &Held| held.preg == preg && held.first < data.end && data.first < held.end;
            allowed && class.bank & bit != 0 && !self.held.iter().any(overlaps)
        };
        let pin = match own {
            Some(preg) => select.pins.iter().find(|pin| pin.preg == preg && fits(preg, pin.kind)),
            None => None,
        };
        // What calls change costs nothing to use.
        let scratch = || select.pins.iter().find(|pin| pin.kind != PinKind::Saved && fits(pin.preg, pin.kind));
        let saved = || select.pins.iter().find(|pin| pin.kind == PinKind::Saved && fits(pin.preg, pin.kind));
        let pin = pin.or_else(scratch).or_else(saved)?;
        match pin.kind {
            PinKind::Saved => pinned.saved |= 1 << pin.preg,
            PinKind::Scratch | PinKind::Arrival => pinned.scratch |= 1 << pin.preg,
        }
        Some(pin.preg)
    }
}

/// Nothing is called while the slot's value matters.
fn is_free_of_calls(func: &Func, slot: &SlotData) -> bool {
    let next = func.calls.partition_point(|&at| at < slot.first);
    func.calls.get(next).is_none_or(|&at| at >= slot.end)
}

/// Types whose operations may be calls wherever they stand.
pub fn may_call(func: &Func) -> bool {
    [Ty::I128, Ty::F16, Ty::F128, Ty::V128].into_iter().any(|ty| func.has_type(ty))
}
