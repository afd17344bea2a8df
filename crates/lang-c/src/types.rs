//! C types: interned, append-only, with layouts computed when they become complete.
//!
//! A [`TyId`] names an unqualified type, a [`QualTy`] adds qualifiers in the low bits. Typedef names are kept as sugar
//! (messages and debuggers show them); [`Types::canon`] is one array read. Basic types have fixed ids. Bit-fields and
//! record layout follow the target's psABI, from the facts in [`target::DataLayout`].

use base::ids::{Id, IdVec};
use base::{Name, Pos, define_id};
use std::ops::Range;

define_id! {
    /// An unqualified type, sugar included.
    pub struct TyId; "ty"
    /// A structure or union.
    pub struct RecordId; "rec"
    /// An enumeration.
    pub struct EnumId; "enum"
    /// A member of some record.
    pub struct FieldId; "field"
    /// Something declared with linkage or static storage: function, object, `static` local; see [`crate::ast::DeclData`].
    pub struct DeclId; "decl"
    /// A variable with automatic storage, of the function at hand.
    pub struct LocalId; "local"
    /// A label of the function at hand.
    pub struct LabelId; "label"
    /// A string literal of the unit.
    pub struct StrId; "str"
}

/// A type with qualifiers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct QualTy(u32);

/// Qualifier bits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Quals(pub u8);

impl Quals {
    pub const NONE: Quals = Quals(0);
    pub const CONST: Quals = Quals(1);
    pub const VOLATILE: Quals = Quals(2);
    pub const RESTRICT: Quals = Quals(4);
    pub const ATOMIC: Quals = Quals(8);

    pub const fn has(self, other: Quals) -> bool {
        self.0 & other.0 != 0
    }

    #[must_use]
    pub const fn with(self, other: Quals) -> Quals {
        Quals(self.0 | other.0)
    }
}

impl QualTy {
    pub const fn new(ty: TyId, quals: Quals) -> QualTy {
        QualTy(ty.0 << 4 | quals.0 as u32)
    }

    pub const fn plain(ty: TyId) -> QualTy {
        QualTy(ty.0 << 4)
    }

    pub const fn ty(self) -> TyId {
        TyId(self.0 >> 4)
    }

    pub const fn quals(self) -> Quals {
        Quals((self.0 & 15) as u8)
    }

    #[must_use]
    pub const fn with(self, quals: Quals) -> QualTy {
        QualTy(self.0 | quals.0 as u32)
    }
}

impl std::fmt::Debug for QualTy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}/{}", self.ty(), self.quals().0)
    }
}

/// Arithmetic basic types, in order of their fixed ids (C11 6.2.5).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum Basic {
    /// Poison: an error was reported; everything about it is accepted silently.
    Error,
    Void,
    Bool,
    Char,
    SChar,
    UChar,
    Short,
    UShort,
    Int,
    UInt,
    Long,
    ULong,
    LLong,
    ULLong,
    Int128,
    UInt128,
    Float,
    Double,
    LongDouble,
    /// `_Float128`.
    Float128,
    ComplexFloat,
    ComplexDouble,
    ComplexLongDouble,
    /// `__builtin_va_list` itself is a record, pointer or array by target; this is no type but the count.
    Count,
}

impl Basic {
    /// The fixed id.
    pub const fn id(self) -> TyId {
        TyId(self as u32)
    }
}

/// What a type is. 16 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TypeData {
    Basic(Basic),
    Pointer(QualTy),
    Array {
        element: QualTy,
        len: ArrayLen,
    },
    /// Parameters are `Types::lists[params..params + n]`, adjusted (6.7.6.3p7, p8).
    Function {
        ret: QualTy,
        params: u32,
        n_params: u16,
        shape: FunctionShape,
    },
    Record(RecordId),
    Enum(EnumId),
    /// Sugar.
    Typedef {
        name: Name,
        of: QualTy,
    },
    /// A vector of `n` elements (GNU).
    Vector {
        element: TyId,
        n: u32,
    },
}

const _: () = assert!(size_of::<TypeData>() <= 16);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FunctionShape {
    /// `f(int)`
    Prototype,
    /// `f(int, ...)`
    Variadic,
    /// `f()` or a K&R definition.
    Unprototyped,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ArrayLen {
    /// Elements. Arrays of more than `u32::MAX` elements are interned in [`Types::big_lens`].
    Fixed(u32),
    Big(u32),
    /// `[]`
    Incomplete,
    /// Variable: number of the length expression, see [`crate::ast::Ast`]; each declarator has its own.
    Variable(u32),
    /// `[*]` in a prototype.
    Star,
}

/// A structure or union.
#[derive(Clone, Debug)]
pub struct RecordData {
    /// [`Name::NONE`](Id::NONE) without a tag.
    pub tag: Name,
    pub union: bool,
    pub complete: bool,
    /// Ends in an array of unknown length.
    pub flexible: bool,
    pub packed: bool,
    /// Some member is const (not assignable), volatile.
    pub has_const: bool,
    /// In [`Types::fields`].
    pub fields: Range<u32>,
    /// In bytes.
    pub size: u64,
    pub align: u32,
    pub pos: Pos,
}

/// A member.
#[derive(Clone, Copy, Debug)]
pub struct FieldData {
    /// [`Name::NONE`](Id::NONE) for an anonymous record or an unnamed bit-field.
    pub name: Name,
    pub ty: QualTy,
    /// Byte offset. Of a bit-field: of the byte that holds its first bit.
    pub offset: u64,
    /// Width of a bit-field in bits; `NOT_A_BIT_FIELD` otherwise.
    pub width: u8,
    /// First bit within the byte at `offset` (little-endian storage).
    pub bit: u8,
    pub pos: Pos,
}

impl FieldData {
    pub const NOT_A_BIT_FIELD: u8 = 0xff;

    pub fn is_bit_field(&self) -> bool {
        self.width != Self::NOT_A_BIT_FIELD
    }
}

/// An enumeration.
#[derive(Clone, Copy, Debug)]
pub struct EnumData {
    pub tag: Name,
    pub complete: bool,
    /// The compatible integer type.
    pub underlying: TyId,
    /// In [`Types::enumerators`].
    pub first: u32,
    pub n: u32,
    pub pos: Pos,
}

/// All types of a unit. Append-only: a state is the lengths.
pub struct Types {
    pub data: IdVec<TyId, TypeData>,
    /// The type without sugar on top, by type, with the qualifiers that sugar added.
    canon: IdVec<TyId, QualTy>,
    pub records: IdVec<RecordId, RecordData>,
    pub fields: IdVec<FieldId, FieldData>,
    pub enums: IdVec<EnumId, EnumData>,
    pub enumerators: Vec<(Name, i64)>,
    pub lists: Vec<QualTy>,
    pub big_lens: Vec<u64>,
    pub layout: &'static target::DataLayout,
}

impl Types {
    pub fn new(layout: &'static target::DataLayout) -> Types {
        let mut types = Types {
            data: IdVec::new(),
            canon: IdVec::new(),
            records: IdVec::new(),
            fields: IdVec::new(),
            enums: IdVec::new(),
            enumerators: Vec::new(),
            lists: Vec::new(),
            big_lens: Vec::new(),
            layout,
        };
        for number in 0..Basic::Count as u8 {
            types.add(TypeData::Basic(BASICS[number as usize]));
        }
        types
    }

    /// Appends a type without looking for an equal one.
    pub fn add(&mut self, data: TypeData) -> TyId {
        let id = self.data.push(data);
        let canon = match data {
            TypeData::Typedef { of, .. } => self.canon[of.ty()].with(of.quals()),
            _ => QualTy::plain(id),
        };
        self.canon.push(canon);
        id
    }

    /// `ty` without typedef names on top.
    #[inline]
    pub fn canon(&self, ty: QualTy) -> QualTy {
        self.canon[ty.ty()].with(ty.quals())
    }

    /// What `ty` is, seen through typedef names.
    #[inline]
    pub fn get(&self, ty: QualTy) -> TypeData {
        self.data[self.canon[ty.ty()].ty()]
    }
}

static BASICS: [Basic; Basic::Count as usize] = [
    Basic::Error,
    Basic::Void,
    Basic::Bool,
    Basic::Char,
    Basic::SChar,
    Basic::UChar,
    Basic::Short,
    Basic::UShort,
    Basic::Int,
    Basic::UInt,
    Basic::Long,
    Basic::ULong,
    Basic::LLong,
    Basic::ULLong,
    Basic::Int128,
    Basic::UInt128,
    Basic::Float,
    Basic::Double,
    Basic::LongDouble,
    Basic::Float128,
    Basic::ComplexFloat,
    Basic::ComplexDouble,
    Basic::ComplexLongDouble,
];

/// No name: untagged records, unnamed members.
pub const NO_NAME: Name = <Name as Id>::NONE;
