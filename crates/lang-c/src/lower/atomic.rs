//! Objects of atomic types that no machine word holds, or whose value lives in memory: structures, unions, complex and
//! wide numbers (C11 6.2.6.1p9, 6.5.2.3, 6.5.16.2p3).
//!
//! A read copies the object to a temporary, a write stores a whole value, a change is a loop around a compare-and-exchange.
//! What has the size of a word is one operation on an integer; the rest is the runtime's (`__atomic_load` and its like),
//! which the builtins on objects use too, so that all accesses agree on the lock.

use crate::ast::NodeId;
use crate::lower::Lower;
use crate::lower::facts::Fact;
use crate::lower::place::{Base, Place, int_of_size};
use crate::types::Quals;
use ir::func::CallFlags;
use ir::module::{AtomicOrder, MemDesc};
use ir::ops::{AtomicRmw, Cond};
use ir::types::{Ext, Param, Signature};
use ir::{Ty, Value};

/// `memory_order_seq_cst`, which plain accesses have.
const SEQ_CST: i64 = 5;

/// The integer as which an object of `size` bytes is accessed at once.
fn word(size: u64) -> Option<Ty> {
    matches!(size, 1 | 2 | 4 | 8).then(|| int_of_size(size as u32))
}

impl Lower<'_> {
    /// Whether lvalue `id` is of an atomic type.
    pub(crate) fn is_atomic(&mut self, id: NodeId) -> bool {
        let ty = self.tree.node(id).ty;
        let fact = self.fact(ty);
        Quals(ty.quals().0 | fact.quals.0).has(Quals::ATOMIC)
    }

    /// A temporary with the value of the atomic object at `from`.
    pub(crate) fn atomic_copy(&mut self, from: Place, fact: &Fact) -> Place {
        let to = self.temporary(fact);
        self.atomic_read(to, from, fact.size);
        to
    }

    fn atomic_read(&mut self, to: Place, from: Place, size: u64) {
        if let Some(int) = word(size) {
            let bits = self.load_word(from, int, AtomicOrder::SeqCst);
            return self.store_word(to, int, bits);
        }
        self.atomic_call("__atomic_load", Ty::Void, size, &[from, to], 1);
    }

    /// Stores the value at `from` into the atomic object at `to`.
    pub(crate) fn atomic_write(&mut self, to: Place, from: Place, size: u64) {
        if let Some(int) = word(size) {
            let bits = self.load_word(from, int, AtomicOrder::None);
            let address = self.address(to);
            let mem = self.word_mem(to, AtomicOrder::SeqCst);
            self.b.atomic_rmw(AtomicRmw::Xchg, int, address, bits, mem);
            return;
        }
        self.atomic_call("__atomic_store", Ty::Void, size, &[to, from], 1);
    }

    /// Changes the atomic object at `place`: `update` computes from the value at its first place one at its second, as
    /// often as it takes. Gives the places of the values before and after.
    pub(crate) fn atomic_change(
        &mut self,
        place: Place,
        fact: &Fact,
        update: impl FnOnce(&mut Self, Place, Place),
    ) -> (Place, Place) {
        // An address is computed once.
        let place = Place { base: Base::Value(self.address(place)), offset: 0, ..place };
        let old = self.atomic_copy(place, fact);
        let new = self.temporary(fact);
        let (again, done) = (self.block(), self.block());
        self.jump(again);
        self.start_reached(again);
        update(self, old, new);
        if let Some(int) = word(fact.size) {
            let expected = self.load_word(old, int, AtomicOrder::None);
            let desired = self.load_word(new, int, AtomicOrder::None);
            let address = self.address(place);
            let mem = self.word_mem(place, AtomicOrder::SeqCst);
            let seen = self.b.atomic_cmpxchg(int, address, expected, desired, mem);
            let retry = self.block();
            let same = self.b.icmp(Cond::Eq, int, seen, expected);
            self.branch(Ty::I32, same, done, retry);
            self.start_reached(retry);
            self.store_word(old, int, seen);
            self.jump(again);
        } else {
            let same = self.atomic_call("__atomic_compare_exchange", Ty::I8, fact.size, &[place, old, new], 2);
            let same = self.nonzero(same, Ty::I8);
            self.branch(Ty::I32, same, done, again);
        }
        self.start_reached(done);
        (old, new)
    }

    /// The value of an atomic scalar of more bytes than a word.
    pub(crate) fn atomic_wide_load(&mut self, from: Place, ty: Ty) -> Value {
        let to = self.wide_temporary(ty);
        self.atomic_read(to, from, u64::from(ty.size()));
        self.load_scalar(to, ty)
    }

    pub(crate) fn atomic_wide_store(&mut self, to: Place, ty: Ty, value: Value) {
        let from = self.wide_temporary(ty);
        self.store_scalar(from, ty, value);
        self.atomic_write(to, from, u64::from(ty.size()));
    }

    /// As [`Lower::atomic_change`], of a scalar: its values before and after.
    pub(crate) fn atomic_wide_change(
        &mut self,
        place: Place,
        ty: Ty,
        update: impl FnOnce(&mut Self, Value) -> Value,
    ) -> (Value, Value) {
        let size = u64::from(ty.size());
        let fact = Fact { ty, size, align_log2: size.trailing_zeros() as u8, ..crate::lower::facts::UNKNOWN };
        let (old, new) = self.atomic_change(place, &fact, |lower, old, new| {
            let value = lower.load_scalar(old, ty);
            let value = update(lower, value);
            lower.store_scalar(new, ty, value);
        });
        (self.load_scalar(old, ty), self.load_scalar(new, ty))
    }

    fn wide_temporary(&mut self, ty: Ty) -> Place {
        let slot = self.b.slot(u64::from(ty.size()), ty.size(), Ty::Void);
        Place { base: Base::Slot(slot), offset: 0, align_log2: ty.size().trailing_zeros() as u8 }
    }

    fn load_scalar(&mut self, from: Place, ty: Ty) -> Value {
        let mem = self.st.facts.mem(from.align_log2, false);
        let (address, offset) = self.split_address(from);
        self.b.load(ty, address, offset, mem)
    }

    fn store_scalar(&mut self, to: Place, ty: Ty, value: Value) {
        let mem = self.st.facts.mem(to.align_log2, false);
        let (address, offset) = self.split_address(to);
        self.b.store(ty, address, offset, value, mem);
    }

    fn word_mem(&mut self, place: Place, order: AtomicOrder) -> ir::MemId {
        let align_log2 = place.align_log2.min(5);
        self.b.module.intern_mem(MemDesc { align_log2, volatile: false, order, alias_root: 0 })
    }

    fn load_word(&mut self, from: Place, int: Ty, order: AtomicOrder) -> Value {
        let mem = self.word_mem(from, order);
        let (address, offset) = self.split_address(from);
        self.b.load(int, address, offset, mem)
    }

    fn store_word(&mut self, to: Place, int: Ty, bits: Value) {
        self.store_scalar(to, int, bits);
    }

    /// Calls a function of the runtime with a size, the addresses of `places` and `n_orders` memory orders.
    fn atomic_call(&mut self, name: &str, ret: Ty, size: u64, places: &[Place], n_orders: usize) -> Value {
        let scalar = |ty, ext| Param::Scalar { ty, ext };
        let mut params = vec![scalar(Ty::I64, Ext::None)];
        params.extend(places.iter().map(|_| scalar(Ty::Ptr, Ext::None)));
        params.extend((0..n_orders).map(|_| scalar(Ty::I32, Ext::None)));
        let ext = if ret == Ty::I8 { Ext::Zero } else { Ext::None };
        let ret_param = scalar(ret, ext);
        let sig = self.b.module.intern_sig(Signature { ret: ret_param, params, variadic: false, unprototyped: false });
        let mut args = vec![self.b.iconst(Ty::I64, size as i64)];
        args.extend(places.iter().map(|&place| self.address(place)));
        args.extend((0..n_orders).map(|_| self.b.iconst(Ty::I32, SEQ_CST)));
        let symbol = self.st.library_symbol(self.b.module, name);
        self.b.call(symbol, sig, ret, &args, CallFlags::default())
    }
}
