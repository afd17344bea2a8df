//! Typed indices: `struct SymId(u32)` and a vector that is indexed by nothing else.
//!
//! Ids instead of references keep the models flat, cheap to copy and free of lifetimes. `u32::MAX` is reserved in
//! every id type as [`Id::NONE`], so that an optional id costs no more than an id.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};

/// A dense index of one kind. Implemented by [`define_id!`](crate::define_id).
pub trait Id: Copy + Eq + Ord + fmt::Debug {
    /// The reserved "no such thing" value.
    const NONE: Self;
    /// The id of position `idx`. Panics when `idx` does not fit below the reserved value.
    fn from_index(idx: usize) -> Self;
    /// The position this id names.
    fn index(self) -> usize;
    /// The id of a position that is known to have one.
    fn of_place(idx: usize) -> Self;
    /// True for [`Id::NONE`].
    fn is_none(self) -> bool {
        self == Self::NONE
    }
    /// `Some(self)` unless this is [`Id::NONE`].
    fn some(self) -> Option<Self> {
        if self.is_none() { None } else { Some(self) }
    }
}

/// Defines one or more id types: `define_id! { /// doc \n pub struct SymId; "sym" }`. The string prefixes `Debug`.
#[macro_export]
macro_rules! define_id {
    ($($(#[$meta:meta])* $vis:vis struct $name:ident; $prefix:literal)+) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(transparent)]
        $vis struct $name(pub u32);

        impl $crate::ids::Id for $name {
            const NONE: Self = $name(u32::MAX);
            #[inline]
            fn from_index(idx: usize) -> Self {
                assert!(idx < u32::MAX as usize, concat!("too many ", stringify!($name)));
                $name(idx as u32)
            }
            #[inline]
            fn index(self) -> usize {
                self.0 as usize
            }
            #[inline]
            fn of_place(idx: usize) -> Self {
                $name(idx as u32)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                if *self == <$name as $crate::ids::Id>::NONE {
                    write!(f, concat!($prefix, "-"))
                } else {
                    write!(f, concat!($prefix, "{}"), self.0)
                }
            }
        }
    )+};
}

/// A vector indexed by one id type only.
#[derive(Clone, PartialEq, Eq)]
pub struct IdVec<I, T> {
    items: Vec<T>,
    _id: PhantomData<fn(I)>,
}

impl<I: Id, T> IdVec<I, T> {
    pub const fn new() -> Self {
        IdVec { items: Vec::new(), _id: PhantomData }
    }

    pub fn with_capacity(capacity: usize) -> Self {
        IdVec { items: Vec::with_capacity(capacity), _id: PhantomData }
    }

    /// Appends `item` and returns its id.
    #[inline]
    pub fn push(&mut self, item: T) -> I {
        let idx = self.items.len();
        // Every place that there is memory for has an id: that is asked where the memory is got.
        if idx == self.items.capacity() {
            return self.push_growing(item);
        }
        self.items.push(item);
        I::of_place(idx)
    }

    /// The same when more memory is needed. Panics when the places would be more than there are ids.
    #[cold]
    #[inline(never)]
    fn push_growing(&mut self, item: T) -> I {
        let id = I::from_index(self.items.len());
        self.items.reserve(1);
        I::from_index(self.items.capacity() - 1);
        self.items.push(item);
        id
    }

    /// Gets memory for `more` items at once.
    pub fn reserve(&mut self, more: usize) {
        self.items.reserve(more);
        I::from_index(self.items.capacity() - 1);
    }

    /// The id that the next `push` will return.
    #[inline]
    pub fn next_id(&self) -> I {
        I::from_index(self.items.len())
    }

    #[inline]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    #[inline]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Items that there is memory for.
    #[inline]
    pub fn capacity(&self) -> usize {
        self.items.capacity()
    }

    #[inline]
    pub fn get(&self, id: I) -> Option<&T> {
        self.items.get(id.index())
    }

    #[inline]
    pub fn get_mut(&mut self, id: I) -> Option<&mut T> {
        self.items.get_mut(id.index())
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.items.len()).map(I::from_index)
    }

    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }

    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// `(id, item)` pairs, in order.
    pub fn enumerated(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(idx, item)| (I::from_index(idx), item))
    }

    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    pub fn as_mut_slice(&mut self) -> &mut [T] {
        &mut self.items
    }

    /// The items by value, in order.
    pub fn into_items(self) -> std::vec::IntoIter<T> {
        self.items.into_iter()
    }

    pub fn clear(&mut self) {
        self.items.clear();
    }

    pub fn truncate(&mut self, len: usize) {
        self.items.truncate(len);
    }

    pub fn resize(&mut self, len: usize, value: T)
    where
        T: Clone,
    {
        self.items.resize(len, value);
    }

    /// The items whose ids lie in `range`.
    pub fn range(&self, range: Range<I>) -> &[T] {
        &self.items[range.start.index()..range.end.index()]
    }
}

impl<I: Id, T> Default for IdVec<I, T> {
    fn default() -> Self {
        IdVec::new()
    }
}

impl<I: Id, T> From<Vec<T>> for IdVec<I, T> {
    fn from(items: Vec<T>) -> Self {
        IdVec { items, _id: PhantomData }
    }
}

impl<I: Id, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<It: IntoIterator<Item = T>>(iter: It) -> Self {
        IdVec { items: iter.into_iter().collect(), _id: PhantomData }
    }
}

impl<'a, I, T> IntoIterator for &'a IdVec<I, T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;
    #[inline]
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    #[inline]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

impl<I: Id, T: fmt::Debug> fmt::Debug for IdVec<I, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.enumerated()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    define_id! {
        /// A test id.
        struct TestId; "t"
    }

    #[test]
    fn ids_index_and_print() {
        let mut items: IdVec<TestId, &str> = IdVec::new();
        let first = items.push("a");
        let second = items.push("b");
        assert_eq!(items[first], "a");
        assert_eq!(format!("{second:?} {:?}", TestId::NONE), "t1 t-");
        assert_eq!(items.ids().next_back(), Some(second));
        assert_eq!(TestId::NONE.some(), None);
    }
}
