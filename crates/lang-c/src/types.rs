//! C types: interned, append-only, with layouts computed when they become complete.
//!
//! A [`TyId`] names an unqualified type, a [`QualTy`] adds qualifiers in the low bits. Typedef names are kept as sugar
//! (messages and debuggers show them); [`Types::canon`] is one array read. Basic types have fixed ids. Bit-fields and
//! record layout follow the target's psABI, from the facts in [`target::DataLayout`].

mod layout;
mod relate;
mod show;

use base::ids::{Id, IdVec};
use base::{Name, Pos, define_id};
use std::ops::Range;

pub use layout::{FieldSpec, RecordOptions};

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

    /// The basic type that this is, not through a typedef name.
    #[inline]
    pub fn basic(self) -> Option<Basic> {
        BASICS.get((self.0 >> 4) as usize).copied()
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
    ComplexFloat128,
    // Complex integers (GNU), in the order of their parts.
    ComplexChar,
    ComplexSChar,
    ComplexUChar,
    ComplexShort,
    ComplexUShort,
    ComplexInt,
    ComplexUInt,
    ComplexLong,
    ComplexULong,
    ComplexLLong,
    ComplexULLong,
    ComplexInt128,
    ComplexUInt128,
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

/// [`TypeData`] without what belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Shape {
    Error,
    Void,
    /// Arithmetic, enumerations not among them.
    Arith,
    Enum,
    Pointer,
    Array,
    Function,
    Record,
    Vector,
}

impl Shape {
    fn of(data: &TypeData) -> Shape {
        match data {
            TypeData::Basic(Basic::Error) => Shape::Error,
            TypeData::Basic(Basic::Void) => Shape::Void,
            TypeData::Basic(_) => Shape::Arith,
            TypeData::Pointer(_) => Shape::Pointer,
            TypeData::Array { .. } => Shape::Array,
            TypeData::Function { .. } => Shape::Function,
            TypeData::Record(_) => Shape::Record,
            TypeData::Enum(_) => Shape::Enum,
            TypeData::Vector { .. } => Shape::Vector,
            TypeData::Typedef { .. } => unreachable!("sugar is looked through"),
        }
    }
}

/// What is asked about a type all the time, in one read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    pub shape: Shape,
    /// Its sugar adds qualifiers.
    pub qualified: bool,
    /// The basic type that it is; [`Basic::Count`] when it is none (an enumeration's integer type comes with its end).
    pub basic: Basic,
    /// Arithmetic, enumeration or pointer, and its sugar adds no qualifiers.
    pub plain_scalar: bool,
}

impl Kind {
    fn of(data: &TypeData) -> Kind {
        let shape = Shape::of(data);
        let basic = match data {
            TypeData::Basic(basic) => *basic,
            _ => Basic::Count,
        };
        let plain_scalar = matches!(shape, Shape::Arith | Shape::Enum | Shape::Pointer);
        Kind { shape, qualified: false, basic, plain_scalar }
    }

    /// The same through sugar that may add qualifiers.
    fn sugared(self, qualified: bool) -> Kind {
        Kind { qualified, plain_scalar: self.plain_scalar && !qualified, ..self }
    }
}

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
    /// Has a member whose size is computed at run time (GNU): `size` and the offsets behind it are no numbers.
    pub variable: bool,
    /// `transparent_union`: arguments for it may have the type of any member.
    pub transparent: bool,
    /// The type that names it.
    pub ty: TyId,
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
    /// Byte offset. Of a bit-field: of the byte that holds its first bit. Behind a member of variable size: counted from where
    /// its [`Types::segments`] begins, with [`FieldData::VARIABLE`] added.
    pub offset: u64,
    /// Width of a bit-field in bits; `NOT_A_BIT_FIELD` otherwise.
    pub width: u8,
    /// First bit within the byte at `offset` (little-endian storage).
    pub bit: u8,
    pub pos: Pos,
}

impl FieldData {
    pub const NOT_A_BIT_FIELD: u8 = 0xff;
    /// Of [`FieldData::offset`]: it is computed at run time.
    pub const VARIABLE: u64 = 1 << 63;

    pub fn is_variable(&self) -> bool {
        self.offset & Self::VARIABLE != 0
    }

    pub fn is_bit_field(&self) -> bool {
        self.width != Self::NOT_A_BIT_FIELD
    }
}

/// Where a member behind one of variable size begins.
#[derive(Clone, Copy, Debug)]
pub struct Segment {
    pub field: FieldId,
    /// Aligned to so many bytes behind the member before it; 0: a bit-field that shares the place of the one before.
    pub align: u32,
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
    /// The type that names it.
    pub ty: TyId,
    pub pos: Pos,
    /// The program names one of its constants: debuggers are told of it even if no variable has the type.
    pub used: bool,
}

/// What is known of a type from the start: one read answers most questions.
#[derive(Clone, Copy, Debug)]
struct Row {
    /// What it is, seen through sugar.
    kind: Kind,
    /// Without sugar on top, with the qualifiers that sugar added.
    canon: QualTy,
    /// Without any sugar inside: two types are the same when these are equal.
    deep: QualTy,
    /// What a pointer points to, seen through sugar; for all others the error type.
    pointee: QualTy,
    /// Alignment that a typedef name's `aligned` attribute gave, in bytes; 0 for none.
    align: u32,
    /// Ids + 1 of the pointers to it, to it with `const` and to it with `volatile`, once somebody asked for them.
    pointers: [u32; 3],
}

// What is found by a shift.
const _: () = assert!(size_of::<Row>() == 32);

/// All types of a unit. Append-only: a state is the lengths.
pub struct Types {
    pub data: IdVec<TyId, TypeData>,
    /// What is asked most, beside `data`.
    rows: IdVec<TyId, Row>,
    /// Open addressing over ids + 1 of types that are interned (all but records, enumerations and typedef names).
    slots: Vec<u32>,
    n_interned: usize,
    pub records: IdVec<RecordId, RecordData>,
    pub fields: IdVec<FieldId, FieldData>,
    pub enums: IdVec<EnumId, EnumData>,
    pub enumerators: Vec<(Name, i64)>,
    pub lists: Vec<QualTy>,
    pub big_lens: Vec<u64>,
    /// Members at variable places, ascending.
    pub segments: Vec<Segment>,
    /// Where typedef names were declared, ascending by type.
    pub typedef_pos: Vec<(TyId, Pos)>,
    pub layout: &'static target::DataLayout,
    /// With a last row for what is no basic type.
    basics: [ScalarFacts; Basic::Count as usize + 1],
    /// Plain `char` is signed (the platform's, unless `-funsigned-char` says otherwise).
    pub char_signed: bool,
    /// There was an array whose length is computed at run time: most units have none, and need not look for it.
    any_variable: bool,
}

/// Facts of a basic type.
#[derive(Clone, Copy, Debug, Default)]
struct ScalarFacts {
    /// In bytes.
    size: u8,
    align: u8,
    /// Bits of a 64-bit word beyond its value; 0 as well for what is no integer of at most 64 bits.
    spare: u8,
    signed: bool,
}

/// Lengths of all tables: see [`Types::rewind`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TypesMark {
    n_data: usize,
    n_records: usize,
    n_fields: usize,
    n_enums: usize,
    n_enumerators: usize,
    n_lists: usize,
    n_big_lens: usize,
}

impl Types {
    pub fn new(layout: &'static target::DataLayout) -> Types {
        let mut types = Types {
            data: IdVec::new(),
            rows: IdVec::new(),
            slots: vec![0; 1024],
            n_interned: 0,
            records: IdVec::new(),
            fields: IdVec::new(),
            enums: IdVec::new(),
            enumerators: Vec::new(),
            lists: Vec::new(),
            big_lens: Vec::new(),
            segments: Vec::new(),
            typedef_pos: Vec::new(),
            layout,
            basics: layout::basic_facts(layout),
            char_signed: layout.char_signed,
            any_variable: false,
        };
        types.set_char_signed(layout.char_signed);
        for number in 0..Basic::Count as u8 {
            types.push(TypeData::Basic(BASICS[number as usize]));
        }
        types
    }

    /// Gets so many bytes of memory for each of the great tables at once.
    pub fn reserve(&mut self, n_bytes: usize) {
        self.data.reserve(n_bytes / size_of::<TypeData>());
        self.rows.reserve(n_bytes / size_of::<Row>());
        self.fields.reserve(n_bytes / size_of::<FieldData>());
        self.records.reserve(n_bytes / size_of::<RecordData>());
        self.lists.reserve(n_bytes / size_of::<QualTy>());
    }

    /// Says whether plain `char` is signed.
    pub fn set_char_signed(&mut self, signed: bool) {
        self.char_signed = signed;
        self.basics[Basic::Char as usize].signed = signed;
    }

    /// The type of `data`. Pointers, arrays and vectors are interned; records, enumerations and typedef names are new
    /// each time. Functions are made by [`Types::function`].
    #[inline]
    pub fn add(&mut self, data: TypeData) -> TyId {
        match data {
            TypeData::Pointer(_) | TypeData::Array { .. } | TypeData::Vector { .. } => self.intern(data),
            _ => self.push(data),
        }
    }

    /// Pointer to `to`.
    #[inline]
    pub fn pointer(&mut self, to: QualTy) -> QualTy {
        match self.rows[to.ty()].pointers.get(usize::from(to.quals().0)) {
            Some(&known) if known != 0 => QualTy::plain(TyId(known - 1)),
            _ => self.first_pointer(to),
        }
    }

    #[inline(never)]
    fn first_pointer(&mut self, to: QualTy) -> QualTy {
        let id = self.intern(TypeData::Pointer(to));
        if let Some(known) = self.rows[to.ty()].pointers.get_mut(usize::from(to.quals().0)) {
            *known = id.0 + 1;
        }
        QualTy::plain(id)
    }

    /// Array of `n` elements.
    pub fn array(&mut self, element: QualTy, n: u64) -> QualTy {
        let len = match u32::try_from(n) {
            Ok(n) => ArrayLen::Fixed(n),
            Err(_) => {
                self.big_lens.push(n);
                ArrayLen::Big(self.big_lens.len() as u32 - 1)
            }
        };
        QualTy::plain(self.intern(TypeData::Array { element, len }))
    }

    /// The function type; `params` are adjusted already (6.7.6.3p7).
    pub fn function(&mut self, ret: QualTy, params: &[QualTy], shape: FunctionShape) -> QualTy {
        let mut hash = mix(3, u64::from(ret.0) | (shape as u64) << 40);
        for param in params {
            hash = mix(hash, u64::from(param.0));
        }
        let mask = self.slots.len() - 1;
        let mut slot = (hash >> 20) as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                break;
            }
            let id = TyId(found - 1);
            if let TypeData::Function { ret: r, params: at, n_params, shape: s } = self.data[id]
                && r == ret
                && s == shape
                && n_params as usize == params.len()
                && &self.lists[at as usize..at as usize + params.len()] == params
            {
                return QualTy::plain(id);
            }
            slot = (slot + 1) & mask;
        }
        let at = self.lists.len() as u32;
        self.lists.extend_from_slice(params);
        let id = self.push(TypeData::Function { ret, params: at, n_params: params.len() as u16, shape });
        self.enter(id, hash);
        QualTy::plain(id)
    }

    /// The type that names a record.
    pub fn record_ty(&self, id: RecordId) -> QualTy {
        QualTy::plain(self.records[id].ty)
    }

    /// The type that names an enumeration.
    pub fn enum_ty(&self, id: EnumId) -> QualTy {
        QualTy::plain(self.enums[id].ty)
    }

    /// Parameter types of a function type's list.
    pub fn params(&self, first: u32, n: u16) -> &[QualTy] {
        &self.lists[first as usize..first as usize + n as usize]
    }

    /// A typedef name for `of`, with the alignment its attributes gave (0: as `of`).
    pub fn typedef(&mut self, name: Name, of: QualTy, align: u32) -> TyId {
        let id = self.push(TypeData::Typedef { name, of });
        if align != 0 {
            self.rows[id].align = align;
        }
        id
    }

    fn intern(&mut self, data: TypeData) -> TyId {
        let hash = hash_of(&data);
        let mask = self.slots.len() - 1;
        let mut slot = (hash >> 20) as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                break;
            }
            if self.data[TyId(found - 1)] == data {
                return TyId(found - 1);
            }
            slot = (slot + 1) & mask;
        }
        let id = self.push(data);
        self.enter(id, hash);
        id
    }

    /// Puts a new type into the table of interned ones.
    fn enter(&mut self, id: TyId, hash: u64) {
        // Making the type may have interned others: look for the free slot again.
        let mask = self.slots.len() - 1;
        let mut slot = (hash >> 20) as usize & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = id.0 + 1;
        self.n_interned += 1;
        if self.n_interned * 2 > self.slots.len() {
            self.rebuild(self.slots.len() * 4);
        }
    }

    #[cold]
    fn rebuild(&mut self, n_slots: usize) {
        self.slots.clear();
        self.slots.resize(n_slots, 0);
        self.n_interned = 0;
        for idx in 0..self.data.len() {
            let id = TyId(idx as u32);
            let hash = match self.data[id] {
                TypeData::Pointer(_) | TypeData::Array { .. } | TypeData::Vector { .. } => hash_of(&self.data[id]),
                TypeData::Function { ret, params, n_params, shape } => {
                    let mut hash = mix(3, u64::from(ret.0) | (shape as u64) << 40);
                    for param in self.params(params, n_params) {
                        hash = mix(hash, u64::from(param.0));
                    }
                    hash
                }
                _ => continue,
            };
            let mut slot = (hash >> 20) as usize & (n_slots - 1);
            while self.slots[slot] != 0 {
                slot = (slot + 1) & (n_slots - 1);
            }
            self.slots[slot] = id.0 + 1;
            self.n_interned += 1;
        }
    }

    /// Appends a type without looking for an equal one.
    fn push(&mut self, data: TypeData) -> TyId {
        // What it is without sugar inside, made first.
        let deep = match data {
            TypeData::Typedef { of, .. } => Some(self.deep(of)),
            TypeData::Pointer(to) if self.deep(to) != to => {
                let to = self.deep(to);
                Some(self.pointer(to))
            }
            TypeData::Array { element, len } if self.deep(element) != element => {
                let element = self.deep(element);
                Some(QualTy::plain(self.intern(TypeData::Array { element, len })))
            }
            TypeData::Function { ret, params, n_params, shape } => {
                let sugared = self.params(params, n_params);
                if self.deep(ret) == ret && sugared.iter().all(|&p| self.deep(p) == p && p.quals() == Quals::NONE) {
                    None
                } else {
                    let plain: Vec<QualTy> = sugared.iter().map(|&p| QualTy::plain(self.deep(p).ty())).collect();
                    Some(self.function(self.deep(ret), &plain, shape))
                }
            }
            _ => None,
        };
        let id = self.data.push(data);
        self.any_variable |= matches!(data, TypeData::Array { len: ArrayLen::Variable(_) | ArrayLen::Star, .. });
        let (canon, align) = match data {
            TypeData::Typedef { of, .. } => (self.canon(of), self.rows[of.ty()].align),
            _ => (QualTy::plain(id), 0),
        };
        let (kind, pointee) = match data {
            TypeData::Typedef { .. } => {
                let under = &self.rows[canon.ty()];
                (under.kind.sugared(canon.quals() != Quals::NONE), under.pointee)
            }
            TypeData::Pointer(to) => (Kind::of(&data), to),
            _ => (Kind::of(&data), Basic::Error.qual()),
        };
        let deep = deep.unwrap_or(QualTy::plain(id));
        self.rows.push(Row { kind, canon, deep, pointee, align, pointers: [0; 3] });
        id
    }

    /// `ty` without typedef names on top.
    #[inline]
    pub fn canon(&self, ty: QualTy) -> QualTy {
        self.rows[ty.ty()].canon.with(ty.quals())
    }

    /// `ty` without typedef names anywhere in it. Two types are the same when these are equal.
    #[inline]
    pub fn deep(&self, ty: QualTy) -> QualTy {
        self.rows[ty.ty()].deep.with(ty.quals())
    }

    /// What kind of type `ty` is, seen through typedef names: all that most questions ask.
    #[inline]
    pub fn kind(&self, ty: QualTy) -> Kind {
        self.rows[ty.ty()].kind
    }

    /// What `ty` is, seen through typedef names.
    #[inline]
    pub fn get(&self, ty: QualTy) -> TypeData {
        self.data[self.rows[ty.ty()].canon.ty()]
    }

    /// Lengths of the tables now.
    pub fn mark(&self) -> TypesMark {
        TypesMark {
            n_data: self.data.len(),
            n_records: self.records.len(),
            n_fields: self.fields.len(),
            n_enums: self.enums.len(),
            n_enumerators: self.enumerators.len(),
            n_lists: self.lists.len(),
            n_big_lens: self.big_lens.len(),
        }
    }

    /// Place of the declaration of a typedef name; none for those that are built in.
    pub fn typedef_place(&self, ty: TyId) -> Pos {
        match self.typedef_pos.binary_search_by(|p| p.0.cmp(&ty)) {
            Ok(at) => self.typedef_pos[at].1,
            Err(_) => Pos::NONE,
        }
    }

    /// Forgets all that was added after `mark`. Older records that were completed since are the owner's to restore.
    pub fn rewind(&mut self, mark: TypesMark) {
        self.data.truncate(mark.n_data);
        self.rows.truncate(mark.n_data);
        for row in self.rows.iter_mut() {
            row.pointers = row.pointers.map(|known| if known as usize > mark.n_data { 0 } else { known });
        }
        self.records.truncate(mark.n_records);
        self.fields.truncate(mark.n_fields);
        self.enums.truncate(mark.n_enums);
        self.enumerators.truncate(mark.n_enumerators);
        self.lists.truncate(mark.n_lists);
        self.big_lens.truncate(mark.n_big_lens);
        self.segments.truncate(self.segments.partition_point(|segment| segment.field.index() < mark.n_fields));
        self.rebuild(self.slots.len());
    }
}

#[inline]
fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[inline]
fn hash_of(data: &TypeData) -> u64 {
    match *data {
        TypeData::Pointer(to) => mix(1, u64::from(to.0)),
        TypeData::Array { element, len } => {
            let len = match len {
                ArrayLen::Fixed(n) => u64::from(n),
                ArrayLen::Big(n) => 1 << 32 | u64::from(n),
                ArrayLen::Incomplete => 2 << 32,
                ArrayLen::Variable(n) => 3 << 32 | u64::from(n),
                ArrayLen::Star => 4 << 32,
            };
            mix(mix(2, u64::from(element.0)), len)
        }
        TypeData::Vector { element, n } => mix(mix(4, u64::from(element.0)), u64::from(n)),
        _ => 0,
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
    Basic::ComplexFloat128,
    Basic::ComplexChar,
    Basic::ComplexSChar,
    Basic::ComplexUChar,
    Basic::ComplexShort,
    Basic::ComplexUShort,
    Basic::ComplexInt,
    Basic::ComplexUInt,
    Basic::ComplexLong,
    Basic::ComplexULong,
    Basic::ComplexLLong,
    Basic::ComplexULLong,
    Basic::ComplexInt128,
    Basic::ComplexUInt128,
];

/// No name: untagged records, unnamed members.
pub const NO_NAME: Name = <Name as Id>::NONE;
