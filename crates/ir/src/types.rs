//! Value types, interned aggregate layouts and signatures.

use base::define_id;

/// The type of a value. Aggregates are not values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum Ty {
    /// No value.
    Void,
    I8,
    I16,
    I32,
    I64,
    I128,
    /// An address. Arithmetic on it is I64-like (pointer-sized) and wraps.
    Ptr,
    F16,
    F32,
    F64,
    /// x87 extended precision; occupies 16 bytes in memory.
    F80,
    F128,
    /// 128-bit vector.
    V128,
}

impl Ty {
    /// Size in memory, in bytes, for an 8-byte pointer.
    #[inline]
    pub const fn size(self) -> u32 {
        match self {
            Ty::Void => 0,
            Ty::I8 => 1,
            Ty::I16 | Ty::F16 => 2,
            Ty::I32 | Ty::F32 => 4,
            Ty::I64 | Ty::Ptr | Ty::F64 => 8,
            Ty::I128 | Ty::F80 | Ty::F128 | Ty::V128 => 16,
        }
    }

    #[inline]
    pub const fn is_int(self) -> bool {
        matches!(self, Ty::I8 | Ty::I16 | Ty::I32 | Ty::I64 | Ty::I128)
    }

    /// Integers and pointers.
    #[inline]
    pub const fn is_int_like(self) -> bool {
        self.is_int() || matches!(self, Ty::Ptr)
    }

    #[inline]
    pub const fn is_float(self) -> bool {
        matches!(self, Ty::F16 | Ty::F32 | Ty::F64 | Ty::F80 | Ty::F128)
    }

    /// The name in text form.
    pub const fn name(self) -> &'static str {
        match self {
            Ty::Void => "void",
            Ty::I8 => "i8",
            Ty::I16 => "i16",
            Ty::I32 => "i32",
            Ty::I64 => "i64",
            Ty::I128 => "i128",
            Ty::Ptr => "ptr",
            Ty::F16 => "f16",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
            Ty::F80 => "f80",
            Ty::F128 => "f128",
            Ty::V128 => "v128",
        }
    }

    pub const ALL: [Ty; 13] = [
        Ty::Void,
        Ty::I8,
        Ty::I16,
        Ty::I32,
        Ty::I64,
        Ty::I128,
        Ty::Ptr,
        Ty::F16,
        Ty::F32,
        Ty::F64,
        Ty::F80,
        Ty::F128,
        Ty::V128,
    ];
}

define_id! {
    /// An interned aggregate layout of a module.
    pub struct LayoutId; "layout"
    /// An interned signature of a module.
    pub struct SigId; "sig"
}

/// What an ABI must know of an aggregate: size, alignment, and its scalar leaves in order of declaration.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Layout {
    /// In bytes; may be 0 (empty structures).
    pub size: u64,
    /// In bytes, a power of two.
    pub align: u32,
    /// Scalars at their byte offsets; unions give the leaves of every member (offsets may repeat or overlap), arrays each
    /// element's. A bit-field gives a byte in each eight bytes that it touches.
    /// Cut off (with `complete` false) after 64 leaves: no ABI passes more in registers.
    pub leaves: Vec<Leaf>,
    pub complete: bool,
    /// Some member is at an offset that its type's alignment does not divide (packed).
    pub unaligned: bool,
    /// Two equal leaves that are one complex number rather than members: some ABIs return those in other places.
    pub complex: bool,
}

impl Layout {
    /// Of these leaves, in order of declaration; those that nobody needs are cut off.
    pub fn new(size: u64, align: u32, mut leaves: Vec<Leaf>) -> Layout {
        const MAX_LEAVES: usize = 64;
        let complete = leaves.len() <= MAX_LEAVES;
        leaves.truncate(MAX_LEAVES);
        // Of the natural alignments of this IR's scalars; every size is a power of two.
        let unaligned = leaves.iter().any(|leaf| !leaf.offset.is_multiple_of(leaf.ty.size().max(1)));
        Layout { size, align, leaves, complete, unaligned, complex: false }
    }
}

/// A scalar within an aggregate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Leaf {
    pub offset: u32,
    pub ty: Ty,
}

/// A parameter or a result.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Param {
    /// A scalar that is passed as it is. Small integers: `sext`/`zext` says how the C type widens, as some ABIs make
    /// the caller extend.
    Scalar { ty: Ty, ext: Ext },
    /// An aggregate. As an argument its operand is the address of the memory that holds it; as a result see
    /// [`Signature::ret`].
    Aggregate(LayoutId),
}

impl Param {
    /// A scalar that nobody extends; of `Void`: no result.
    pub const fn scalar(ty: Ty) -> Param {
        Param::Scalar { ty, ext: Ext::None }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ext {
    None,
    Sign,
    Zero,
}

/// A signature.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Signature {
    /// `Scalar { ty: Void, .. }` for none. For an aggregate the call has one operand in front of its arguments: the
    /// address where the caller wants the result; and `ret` in the callee has the address of the memory that holds it.
    pub ret: Param,
    pub params: Vec<Param>,
    /// Further arguments may follow (`...`); scalars among them are already promoted.
    pub variadic: bool,
    /// Declared without a prototype (`f()`): called like a variadic function where the ABI needs a count, and all
    /// arguments are already promoted.
    pub unprototyped: bool,
}
