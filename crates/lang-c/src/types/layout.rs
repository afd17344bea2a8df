//! Sizes, alignments, integer facts, and the layout of records (System V psABI "Aggregates and Unions", "Bit-Fields";
//! checked against gcc by a generated test).

use super::{
    ArrayLen, Basic, EnumId, FieldData, FieldId, QualTy, Quals, RecordId, ScalarFacts, Shape, TyId, TypeData, Types,
};
use base::ids::Id;
use target::DataLayout;

/// A member as declared, before it has a place.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    pub field: FieldData,
    /// From `_Alignas` or `aligned`, in bytes; 0 for none.
    pub align: u32,
    pub packed: bool,
}

/// What a record's attributes and pragmas say about its layout.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordOptions {
    pub packed: bool,
    /// `aligned`, in bytes; 0 for none.
    pub align: u32,
    /// `#pragma pack`, in bytes; 0 for none.
    pub pack: u32,
}

/// The first complex integer type, and the distance of each from the type of its parts.
const FIRST_COMPLEX_INT: u8 = Basic::ComplexChar as u8;
const COMPLEX_INT: u8 = Basic::ComplexChar as u8 - Basic::Char as u8;

pub(super) fn basic_facts(layout: &DataLayout) -> [ScalarFacts; Basic::Count as usize + 1] {
    let none = ScalarFacts { size: 0, align: 1, spare: 0, signed: false };
    let mut facts = [none; Basic::Count as usize + 1];
    let mut set = |basic: Basic, size: u8, align: u8| {
        let spare = if basic.is_short_integer() { 64 - 8 * size } else { 0 };
        let signed =
            matches!(basic, Basic::SChar | Basic::Short | Basic::Int | Basic::Long | Basic::LLong | Basic::Int128);
        facts[basic as usize] = ScalarFacts { size, align, spare, signed };
    };
    set(Basic::Error, 4, 4);
    // GNU: sizeof (void) is 1, as pointer arithmetic on it counts bytes.
    set(Basic::Void, 1, 1);
    for basic in [Basic::Bool, Basic::Char, Basic::SChar, Basic::UChar] {
        set(basic, 1, 1);
    }
    for basic in [Basic::Short, Basic::UShort] {
        set(basic, 2, 2);
    }
    for basic in [Basic::Int, Basic::UInt, Basic::Float] {
        set(basic, 4, 4);
    }
    for basic in [Basic::Long, Basic::ULong] {
        set(basic, layout.long.size, layout.long.align);
    }
    for basic in [Basic::LLong, Basic::ULLong] {
        set(basic, layout.int64.size, layout.int64.align);
    }
    for basic in [Basic::Int128, Basic::UInt128] {
        set(basic, layout.int128.size, layout.int128.align);
    }
    set(Basic::Double, layout.double.size, layout.double.align);
    set(Basic::LongDouble, layout.long_double.size, layout.long_double.align);
    set(Basic::Float128, 16, 16);
    set(Basic::ComplexFloat, 8, 4);
    set(Basic::ComplexDouble, 2 * layout.double.size, layout.double.align);
    set(Basic::ComplexLongDouble, 2 * layout.long_double.size, layout.long_double.align);
    set(Basic::ComplexFloat128, 32, 16);
    for complex in FIRST_COMPLEX_INT..Basic::Count as u8 {
        let ScalarFacts { size, align, .. } = facts[(complex - COMPLEX_INT) as usize];
        facts[complex as usize] = ScalarFacts { size: 2 * size, align, ..none };
    }
    facts
}

impl Types {
    /// Size of a basic type in bytes.
    #[inline]
    pub fn basic_size(&self, basic: Basic) -> u64 {
        u64::from(self.basics[basic as usize].size)
    }

    /// Size in bytes; `None` for incomplete and variable types. `void` and functions count 1 (GNU).
    #[inline]
    pub fn size(&self, ty: QualTy) -> Option<u64> {
        let kind = self.kind(ty);
        match kind.shape {
            Shape::Arith => Some(self.basic_size(kind.basic)),
            Shape::Pointer => Some(u64::from(self.layout.pointer.size)),
            _ => self.size_of_other(ty),
        }
    }

    #[inline(never)]
    fn size_of_other(&self, ty: QualTy) -> Option<u64> {
        match self.get(ty) {
            TypeData::Basic(basic) => Some(self.basic_size(basic)),
            TypeData::Pointer(_) => Some(u64::from(self.layout.pointer.size)),
            TypeData::Array { element, len } => {
                let n = match len {
                    ArrayLen::Fixed(n) => u64::from(n),
                    ArrayLen::Big(at) => self.big_lens[at as usize],
                    ArrayLen::Incomplete | ArrayLen::Variable(_) | ArrayLen::Star => return None,
                };
                self.size(element)?.checked_mul(n)
            }
            TypeData::Function { .. } => Some(1),
            TypeData::Record(id) => {
                let record = &self.records[id];
                (record.complete && !record.variable).then_some(record.size)
            }
            TypeData::Enum(id) => self.enums[id].complete.then(|| self.basic_size(self.underlying(id))),
            TypeData::Vector { element, n } => Some(self.size(QualTy::plain(element))? * u64::from(n)),
            TypeData::Typedef { .. } => unreachable!("typedef names are looked through"),
        }
    }

    /// Alignment in bytes; 1 for what has none.
    pub fn align(&self, ty: QualTy) -> u32 {
        let named = self.rows[ty.ty()].align;
        if named != 0 {
            return named;
        }
        match self.get(ty) {
            TypeData::Basic(basic) => u32::from(self.basics[basic as usize].align),
            TypeData::Pointer(_) => u32::from(self.layout.pointer.align),
            TypeData::Array { element, .. } => self.align(element),
            TypeData::Function { .. } => 1,
            TypeData::Record(id) => self.records[id].align.max(1),
            TypeData::Enum(id) => u32::from(self.basics[self.underlying(id) as usize].align),
            TypeData::Vector { .. } => self.size(ty).map_or(1, |s| s.clamp(1, 1 << 28).next_power_of_two() as u32),
            TypeData::Typedef { .. } => unreachable!("typedef names are looked through"),
        }
    }

    /// The basic type behind an enumeration.
    #[inline]
    pub fn underlying(&self, id: EnumId) -> Basic {
        match self.data[self.enums[id].underlying] {
            TypeData::Basic(basic) => basic,
            _ => Basic::UInt,
        }
    }

    /// The arithmetic type that `ty` computes as: itself, an enumeration's integer type; `None` for all others.
    #[inline]
    pub fn arith(&self, ty: QualTy) -> Option<Basic> {
        let kind = self.kind(ty);
        match kind.shape {
            Shape::Arith | Shape::Error => Some(kind.basic),
            Shape::Enum => self.arith_of_enum(ty),
            _ => None,
        }
    }

    #[inline(never)]
    fn arith_of_enum(&self, ty: QualTy) -> Option<Basic> {
        match self.get(ty) {
            TypeData::Enum(id) => Some(self.underlying(id)),
            _ => None,
        }
    }

    /// The integer type behind `ty` (enumerations included).
    #[inline]
    pub fn integer(&self, ty: QualTy) -> Option<Basic> {
        let kind = self.kind(ty);
        if kind.basic.is_integer() {
            return Some(kind.basic);
        }
        if kind.shape == Shape::Enum { self.arith_of_enum(ty).filter(|b| b.is_integer()) } else { None }
    }

    #[inline]
    pub fn is_signed(&self, basic: Basic) -> bool {
        self.basics[basic as usize].signed
    }

    /// Width of an integer type in bits: 1 for `_Bool`.
    #[inline]
    pub fn bits(&self, basic: Basic) -> u32 {
        if basic == Basic::Bool { 1 } else { self.basic_size(basic) as u32 * 8 }
    }

    /// `value` as the integer type holds it.
    #[inline]
    pub fn wrap(&self, basic: Basic, value: i128) -> i128 {
        let bits = self.bits(basic);
        if basic == Basic::Bool {
            return i128::from(value != 0);
        }
        if bits >= 128 {
            return value;
        }
        let shift = 128 - bits;
        if self.is_signed(basic) { (value << shift) >> shift } else { ((value as u128) << shift >> shift) as i128 }
    }

    /// The same for the low 64 bits of a value and a type for which [`Basic::is_short_integer`] holds.
    #[inline]
    pub fn wrap_short(&self, basic: Basic, bits: u64) -> u64 {
        let ScalarFacts { spare, signed, .. } = self.basics[basic as usize];
        let spare = u32::from(spare);
        let high = bits.wrapping_shl(spare);
        if signed { (high as i64).wrapping_shr(spare) as u64 } else { high.wrapping_shr(spare) }
    }

    /// `size_t`.
    pub fn size_ty(&self) -> QualTy {
        QualTy::plain(self.unsigned_of_size(self.layout.pointer.size).id())
    }

    /// `ptrdiff_t`.
    pub fn ptrdiff_ty(&self) -> QualTy {
        QualTy::plain(self.signed_of_size(self.layout.pointer.size).id())
    }

    /// `wchar_t`.
    pub fn wchar_ty(&self) -> QualTy {
        let size = self.layout.wchar_size;
        QualTy::plain(
            if self.layout.wchar_signed { self.signed_of_size(size) } else { self.unsigned_of_size(size) }.id(),
        )
    }

    /// The unsigned integer type of so many bytes, `long` before `long long`.
    pub fn unsigned_of_size(&self, size: u8) -> Basic {
        match size {
            1 => Basic::UChar,
            2 => Basic::UShort,
            4 => Basic::UInt,
            16 => Basic::UInt128,
            _ if self.layout.long.size == size => Basic::ULong,
            _ => Basic::ULLong,
        }
    }

    /// The signed integer type of so many bytes, `long` before `long long`.
    pub fn signed_of_size(&self, size: u8) -> Basic {
        match size {
            1 => Basic::SChar,
            2 => Basic::Short,
            4 => Basic::Int,
            16 => Basic::Int128,
            _ if self.layout.long.size == size => Basic::Long,
            _ => Basic::LLong,
        }
    }

    /// The type of `'wchar'`-like literals by size of a character.
    pub fn char_ty(&self, size: u8, wide: bool) -> QualTy {
        match (size, wide) {
            (1, _) => QualTy::plain(Basic::Char.id()),
            (_, true) => self.wchar_ty(),
            (2, false) => QualTy::plain(Basic::UShort.id()),
            (_, false) => QualTy::plain(Basic::UInt.id()),
        }
    }

    /// Gives every member its place and the record its size and alignment. The members become the record's. False: the
    /// size does not fit.
    pub fn complete_record(&mut self, id: RecordId, specs: &[FieldSpec], options: RecordOptions) -> bool {
        let union = self.records[id].union;
        let mut place =
            Placement { bit: 0, align: 1, union, size_bits: 0, options, overflow: false, variable: false, run: false };
        let first = self.fields.len() as u32;
        let mut has_const = false;
        let mut flexible = false;
        for (idx, spec) in specs.iter().enumerate() {
            let mut field = place.place(self, spec);
            if place.variable && !union {
                place.segment(self, spec, &mut field, first + idx as u32);
            }
            if self.is_vla(field.ty) {
                (place.variable, place.run) = (true, false);
                place.bit = 0;
            }
            has_const |= field.ty.quals().has(Quals::CONST) || self.is_const_inside(field.ty);
            let is_last = idx + 1 == specs.len();
            flexible = is_last && !union && self.ends_open(field.ty);
            self.fields.push(field);
        }
        let align = place.align.max(options.align.max(1));
        let size = place.size_bits.div_ceil(8).next_multiple_of(u128::from(align));
        let overflow = place.overflow || size > i64::MAX as u128;
        let size = if overflow { 0 } else { size as u64 };
        let record = &mut self.records[id];
        record.fields = first..first + specs.len() as u32;
        record.size = size;
        record.align = align;
        record.packed = options.packed;
        record.has_const = has_const;
        record.flexible = flexible;
        record.complete = true;
        record.variable = place.variable;
        if record.variable {
            record.size = 0;
        }
        !overflow
    }

    fn is_const_inside(&self, ty: QualTy) -> bool {
        match self.get(ty) {
            TypeData::Array { element, .. } => {
                self.canon(element).quals().has(Quals::CONST) || self.is_const_inside(element)
            }
            TypeData::Record(id) => self.records[id].has_const,
            _ => self.canon(ty).quals().has(Quals::CONST),
        }
    }

    fn ends_open(&self, ty: QualTy) -> bool {
        match self.get(ty) {
            TypeData::Array { len, .. } => len == ArrayLen::Incomplete,
            TypeData::Record(id) => self.records[id].flexible,
            _ => false,
        }
    }

    /// Member `name` of a record itself, not of its anonymous members.
    pub fn own_field(&self, id: RecordId, name: base::Name) -> Option<FieldId> {
        let range = self.records[id].fields.clone();
        let fields = &self.fields.as_slice()[range.start as usize..range.end as usize];
        fields.iter().position(|field| field.name == name).map(|at| FieldId(range.start + at as u32))
    }

    /// Finds member `name` of a record, through anonymous members: appends the path, outermost first.
    pub fn find_field(&self, id: RecordId, name: base::Name, path: &mut Vec<FieldId>) -> bool {
        if let Some(field) = self.own_field(id, name) {
            path.push(field);
            return true;
        }
        for at in self.records[id].fields.clone() {
            let field = &self.fields[FieldId(at)];
            if field.name.is_none()
                && !field.is_bit_field()
                && let TypeData::Record(inner) = self.get(field.ty)
            {
                path.push(FieldId(at));
                if self.find_field(inner, name, path) {
                    return true;
                }
                path.pop();
            }
        }
        false
    }

    /// Number of elements of an array type; `None` when it is not a known number.
    pub fn array_len(&self, len: ArrayLen) -> Option<u64> {
        match len {
            ArrayLen::Fixed(n) => Some(u64::from(n)),
            ArrayLen::Big(at) => Some(self.big_lens[at as usize]),
            _ => None,
        }
    }

    /// Has a length that is computed at run time anywhere in it (6.7.6p3).
    #[inline]
    pub fn is_variably_modified(&self, ty: QualTy) -> bool {
        self.any_variable
            && matches!(self.kind(ty).shape, Shape::Pointer | Shape::Array | Shape::Function | Shape::Record)
            && self.has_variable_part(ty)
    }

    fn has_variable_part(&self, ty: QualTy) -> bool {
        match self.get(ty) {
            TypeData::Pointer(to) => self.is_variably_modified(to),
            TypeData::Array { element, len } => {
                matches!(len, ArrayLen::Variable(_) | ArrayLen::Star) || self.is_variably_modified(element)
            }
            TypeData::Function { ret, .. } => self.is_variably_modified(ret),
            TypeData::Record(id) => self.records[id].variable,
            _ => false,
        }
    }

    /// Is an array, or a record with one, whose size is known only at run time.
    #[inline]
    pub fn is_vla(&self, ty: QualTy) -> bool {
        self.any_variable
            && match self.get(ty) {
                TypeData::Array { .. } => self.is_variable_array(ty),
                TypeData::Record(id) => self.records[id].variable,
                _ => false,
            }
    }

    fn is_variable_array(&self, ty: QualTy) -> bool {
        match self.get(ty) {
            TypeData::Array { element, len } => {
                matches!(len, ArrayLen::Variable(_) | ArrayLen::Star) || self.is_vla(element)
            }
            _ => false,
        }
    }
}

/// Ranks in order of the basic types' ids.
static RANKS: [u8; Basic::Count as usize + 1] = {
    let mut ranks = [0; Basic::Count as usize + 1];
    let mut idx = Basic::Bool as usize;
    while idx <= Basic::UInt128 as usize {
        ranks[idx] = match super::BASICS[idx] {
            Basic::Bool => 1,
            Basic::Char | Basic::SChar | Basic::UChar => 2,
            Basic::Short | Basic::UShort => 3,
            Basic::Int | Basic::UInt => 4,
            Basic::Long | Basic::ULong => 5,
            Basic::LLong | Basic::ULLong => 6,
            _ => 7,
        };
        idx += 1;
    }
    ranks
};

impl Basic {
    pub const fn is_integer(self) -> bool {
        matches!(self as u8, 2..=15)
    }

    /// An integer type of at most 64 bits, `_Bool` not among them.
    #[inline]
    pub const fn is_short_integer(self) -> bool {
        matches!(self as u8, 3..=13)
    }

    /// Real floating.
    pub const fn is_float(self) -> bool {
        matches!(self, Basic::Float | Basic::Double | Basic::LongDouble | Basic::Float128)
    }

    pub const fn is_complex(self) -> bool {
        (self as u8) >= Basic::ComplexFloat as u8 && (self as u8) < Basic::Count as u8
    }

    /// Complex with integer parts (GNU).
    pub const fn is_complex_int(self) -> bool {
        (self as u8) >= FIRST_COMPLEX_INT && (self as u8) < Basic::Count as u8
    }

    /// The type of the two parts of a complex type; itself otherwise.
    pub const fn real_part(self) -> Basic {
        match self {
            Basic::ComplexFloat => Basic::Float,
            Basic::ComplexDouble => Basic::Double,
            Basic::ComplexLongDouble => Basic::LongDouble,
            Basic::ComplexFloat128 => Basic::Float128,
            other if other.is_complex_int() => super::BASICS[(other as u8 - COMPLEX_INT) as usize],
            other => other,
        }
    }

    /// The complex type with parts of this type.
    pub const fn complex(self) -> Basic {
        match self {
            Basic::Float => Basic::ComplexFloat,
            Basic::LongDouble => Basic::ComplexLongDouble,
            Basic::Float128 => Basic::ComplexFloat128,
            _ if self.is_complex() => self,
            _ if self.is_integer() && self as u8 >= Basic::Char as u8 => {
                super::BASICS[(self as u8 + COMPLEX_INT) as usize]
            }
            _ => Basic::ComplexDouble,
        }
    }

    /// Integer conversion rank (6.3.1.1).
    #[inline]
    pub const fn rank(self) -> u8 {
        RANKS[self as usize]
    }

    /// The unsigned type of the same rank.
    pub const fn unsigned(self) -> Basic {
        match self {
            Basic::Char | Basic::SChar => Basic::UChar,
            Basic::Short => Basic::UShort,
            Basic::Int => Basic::UInt,
            Basic::Long => Basic::ULong,
            Basic::LLong => Basic::ULLong,
            Basic::Int128 => Basic::UInt128,
            other => other,
        }
    }

    /// The signed type of the same rank.
    pub const fn signed(self) -> Basic {
        match self {
            Basic::Char | Basic::UChar => Basic::SChar,
            Basic::UShort => Basic::Short,
            Basic::UInt => Basic::Int,
            Basic::ULong => Basic::Long,
            Basic::ULLong => Basic::LLong,
            Basic::UInt128 => Basic::Int128,
            other => other,
        }
    }

    /// As an unqualified type.
    pub const fn qual(self) -> QualTy {
        QualTy::plain(TyId(self as u32))
    }
}

/// Where the next member goes.
struct Placement {
    /// First free bit. Wider than any object, so that sums do not overflow.
    bit: u128,
    align: u32,
    union: bool,
    size_bits: u128,
    options: RecordOptions,
    overflow: bool,
    /// A member of variable size came before.
    variable: bool,
    /// So did a bit-field, whose place the next one may share.
    run: bool,
}

impl Placement {
    /// `field`, just placed, stands behind a member of variable size: its place is counted from where it begins itself, or
    /// the run of bit-fields that it belongs to.
    fn segment(&mut self, types: &mut Types, spec: &FieldSpec, field: &mut FieldData, number: u32) {
        let packed = spec.packed || self.options.packed;
        let mut align = if packed { 1 } else { types.align(field.ty) }.max(spec.align);
        if self.options.pack != 0 {
            align = align.min(self.options.pack);
        }
        let goes_on = self.run && field.is_bit_field() && field.width != 0;
        if !goes_on {
            field.offset = 0;
            field.bit = 0;
            self.bit = if field.is_bit_field() { u128::from(field.width) } else { 0 };
        }
        self.run = field.is_bit_field() && field.width != 0;
        types.segments.push(super::Segment { field: FieldId(number), align: if goes_on { 0 } else { align.max(1) } });
        field.offset |= FieldData::VARIABLE;
    }

    /// Goes on to a multiple of `align` bytes.
    fn align_to(&mut self, align: u32) {
        self.bit = self.bit.next_multiple_of(u128::from(align) * 8);
    }

    fn place(&mut self, types: &Types, spec: &FieldSpec) -> FieldData {
        let mut field = spec.field;
        if self.union {
            self.bit = 0;
        }
        if field.is_bit_field() {
            self.place_bits(types, spec, &mut field);
        } else {
            let packed = spec.packed || self.options.packed;
            let mut align = if packed { 1 } else { types.align(field.ty) };
            if spec.align != 0 {
                align = align.max(spec.align);
            }
            if self.options.pack != 0 {
                align = align.min(self.options.pack);
            }
            self.align = self.align.max(align);
            self.align_to(align);
            field.offset = (self.bit / 8) as u64;
            self.bit += u128::from(types.size(field.ty).unwrap_or(0)) * 8;
            self.overflow |= self.bit >> 66 != 0;
        }
        self.size_bits = self.size_bits.max(self.bit);
        field
    }

    /// A bit-field lies within one storage unit of its type, unless it is packed or `#pragma pack` is in force; a
    /// width of zero ends the unit; only named ones align the record.
    fn place_bits(&mut self, types: &Types, spec: &FieldSpec, field: &mut FieldData) {
        let packed = spec.packed || self.options.packed;
        let width = u128::from(field.width);
        let unit_bits = u128::from(types.size(field.ty).unwrap_or(4)) * 8;
        let type_align = types.align(field.ty);
        let mut align = if packed { 1 } else { type_align };
        if spec.align != 0 {
            align = align.max(spec.align);
        }
        // One that is as wide as an integer and lies as that would is one, whatever its type's alignment.
        let integer =
            matches!(field.width, 8 | 16 | 32 | 64 | 128) && self.bit.is_multiple_of(width) && (!packed || width == 8);
        if integer {
            align = align.max(u32::from(field.width) / 8);
        }
        if self.options.pack != 0 {
            align = align.max(type_align).min(self.options.pack);
        }
        if width == 0 {
            // Neither `packed` nor `#pragma pack` weakens it.
            self.align_to(type_align.max(spec.align));
        } else {
            if spec.align != 0 {
                let to = if self.options.pack != 0 { spec.align.min(self.options.pack) } else { spec.align };
                self.align_to(to);
            }
            let align_bits = u128::from(type_align) * 8;
            // In units of its alignment: of a type that is aligned to more than its size it always begins a new one.
            let n_units = (self.bit % align_bits + width).div_ceil(align_bits);
            if !packed && !integer && self.options.pack == 0 && n_units > unit_bits / align_bits {
                self.align_to(type_align);
            }
        }
        if field.name.some().is_some() {
            self.align = self.align.max(align);
        }
        field.offset = (self.bit / 8) as u64;
        field.bit = (self.bit % 8) as u8;
        self.bit += width;
    }
}
