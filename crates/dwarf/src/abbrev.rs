//! The abbreviations: one fixed table for every unit, so that `.debug_abbrev` never changes and a unit's entries are
//! written without looking anything up (DWARF 5, 7.5.3).
//!
//! What would double the rows is a form instead: booleans are one byte, except where a row exists only because an
//! attribute must be absent (`void` has no type, an anonymous structure no name).

use crate::consts::*;
use base::bytes::push_uleb128;

/// The code of a row, as it begins an entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Abbrev {
    Unit = 1,
    Base,
    Pointer,
    PointerVoid,
    Const,
    ConstVoid,
    Volatile,
    VolatileVoid,
    Restrict,
    Atomic,
    AtomicVoid,
    Typedef,
    TypedefVoid,
    Array,
    Vector,
    Dimension,
    DimensionVariable,
    DimensionUnknown,
    Struct,
    StructAnonymous,
    StructDeclared,
    Union,
    UnionAnonymous,
    UnionDeclared,
    Member,
    MemberAnonymous,
    BitField,
    Enum,
    EnumAnonymous,
    EnumDeclared,
    Enumerator,
    FunctionType,
    FunctionTypeVoid,
    FunctionTypeAlone,
    FunctionTypeVoidAlone,
    TypeOfParameter,
    Variadic,
    Global,
    Function,
    FunctionVoid,
    FunctionAlone,
    FunctionVoidAlone,
    Parameter,
    ParameterNowhere,
    Local,
    LocalNowhere,
    Block,
}

/// One row: code, tag, has children, attributes with forms.
type Row = (Abbrev, u16, bool, &'static [(u16, u8)]);

const NAME: (u16, u8) = (DW_AT_name, DW_FORM_string);
const TYPE: (u16, u8) = (DW_AT_type, DW_FORM_ref4);
const FILE: (u16, u8) = (DW_AT_decl_file, DW_FORM_udata);
const LINE: (u16, u8) = (DW_AT_decl_line, DW_FORM_udata);
const SIZE: (u16, u8) = (DW_AT_byte_size, DW_FORM_udata);
const ALIGN: (u16, u8) = (DW_AT_alignment, DW_FORM_udata);
const LOCATION: (u16, u8) = (DW_AT_location, DW_FORM_exprloc);
const OFFSET: (u16, u8) = (DW_AT_data_member_location, DW_FORM_udata);
const DECLARED: (u16, u8) = (DW_AT_declaration, DW_FORM_flag_present);
const EXTERNAL: (u16, u8) = (DW_AT_external, DW_FORM_flag);
const PROTOTYPED: (u16, u8) = (DW_AT_prototyped, DW_FORM_flag);
const ENCODING: (u16, u8) = (DW_AT_encoding, DW_FORM_data1);
const POINTER_SIZE: (u16, u8) = (DW_AT_byte_size, DW_FORM_data1);
const LOW_PC: (u16, u8) = (DW_AT_low_pc, DW_FORM_addr);
const HIGH_PC: (u16, u8) = (DW_AT_high_pc, DW_FORM_data4);
const FRAME: (u16, u8) = (DW_AT_frame_base, DW_FORM_exprloc);

#[rustfmt::skip]
static ROWS: &[Row] = &[
    (Abbrev::Unit, DW_TAG_compile_unit, true, &[
        (DW_AT_producer, DW_FORM_string), (DW_AT_language, DW_FORM_data2), NAME, (DW_AT_comp_dir, DW_FORM_string),
        LOW_PC, (DW_AT_ranges, DW_FORM_sec_offset), (DW_AT_stmt_list, DW_FORM_sec_offset),
    ]),
    (Abbrev::Base, DW_TAG_base_type, false, &[NAME, SIZE, ENCODING]),
    (Abbrev::Pointer, DW_TAG_pointer_type, false, &[POINTER_SIZE, TYPE]),
    (Abbrev::PointerVoid, DW_TAG_pointer_type, false, &[POINTER_SIZE]),
    (Abbrev::Const, DW_TAG_const_type, false, &[TYPE]),
    (Abbrev::ConstVoid, DW_TAG_const_type, false, &[]),
    (Abbrev::Volatile, DW_TAG_volatile_type, false, &[TYPE]),
    (Abbrev::VolatileVoid, DW_TAG_volatile_type, false, &[]),
    (Abbrev::Restrict, DW_TAG_restrict_type, false, &[TYPE]),
    (Abbrev::Atomic, DW_TAG_atomic_type, false, &[TYPE]),
    (Abbrev::AtomicVoid, DW_TAG_atomic_type, false, &[]),
    (Abbrev::Typedef, DW_TAG_typedef, false, &[NAME, FILE, LINE, TYPE]),
    (Abbrev::TypedefVoid, DW_TAG_typedef, false, &[NAME, FILE, LINE]),
    (Abbrev::Array, DW_TAG_array_type, true, &[TYPE]),
    (Abbrev::Vector, DW_TAG_array_type, true, &[(DW_AT_GNU_vector, DW_FORM_flag_present), TYPE]),
    (Abbrev::Dimension, DW_TAG_subrange_type, false, &[(DW_AT_count, DW_FORM_udata)]),
    (Abbrev::DimensionVariable, DW_TAG_subrange_type, false, &[(DW_AT_count, DW_FORM_exprloc)]),
    (Abbrev::DimensionUnknown, DW_TAG_subrange_type, false, &[]),
    (Abbrev::Struct, DW_TAG_structure_type, true, &[NAME, SIZE, ALIGN, FILE, LINE]),
    (Abbrev::StructAnonymous, DW_TAG_structure_type, true, &[SIZE, ALIGN, FILE, LINE]),
    (Abbrev::StructDeclared, DW_TAG_structure_type, false, &[NAME, DECLARED]),
    (Abbrev::Union, DW_TAG_union_type, true, &[NAME, SIZE, ALIGN, FILE, LINE]),
    (Abbrev::UnionAnonymous, DW_TAG_union_type, true, &[SIZE, ALIGN, FILE, LINE]),
    (Abbrev::UnionDeclared, DW_TAG_union_type, false, &[NAME, DECLARED]),
    (Abbrev::Member, DW_TAG_member, false, &[NAME, FILE, LINE, TYPE, OFFSET]),
    (Abbrev::MemberAnonymous, DW_TAG_member, false, &[TYPE, OFFSET]),
    (Abbrev::BitField, DW_TAG_member, false, &[
        NAME, FILE, LINE, TYPE, (DW_AT_bit_size, DW_FORM_udata), (DW_AT_data_bit_offset, DW_FORM_udata),
    ]),
    (Abbrev::Enum, DW_TAG_enumeration_type, true, &[NAME, ENCODING, SIZE, FILE, LINE]),
    (Abbrev::EnumAnonymous, DW_TAG_enumeration_type, true, &[ENCODING, SIZE, FILE, LINE]),
    (Abbrev::EnumDeclared, DW_TAG_enumeration_type, false, &[NAME, DECLARED]),
    (Abbrev::Enumerator, DW_TAG_enumerator, false, &[NAME, (DW_AT_const_value, DW_FORM_sdata)]),
    (Abbrev::FunctionType, DW_TAG_subroutine_type, true, &[PROTOTYPED, TYPE]),
    (Abbrev::FunctionTypeVoid, DW_TAG_subroutine_type, true, &[PROTOTYPED]),
    (Abbrev::FunctionTypeAlone, DW_TAG_subroutine_type, false, &[PROTOTYPED, TYPE]),
    (Abbrev::FunctionTypeVoidAlone, DW_TAG_subroutine_type, false, &[PROTOTYPED]),
    (Abbrev::TypeOfParameter, DW_TAG_formal_parameter, false, &[TYPE]),
    (Abbrev::Variadic, DW_TAG_unspecified_parameters, false, &[]),
    (Abbrev::Global, DW_TAG_variable, false, &[NAME, FILE, LINE, TYPE, EXTERNAL, LOCATION]),
    (Abbrev::Function, DW_TAG_subprogram, true, &[
        EXTERNAL, NAME, FILE, LINE, PROTOTYPED, LOW_PC, HIGH_PC, FRAME, TYPE,
    ]),
    (Abbrev::FunctionVoid, DW_TAG_subprogram, true, &[
        EXTERNAL, NAME, FILE, LINE, PROTOTYPED, LOW_PC, HIGH_PC, FRAME,
    ]),
    (Abbrev::FunctionAlone, DW_TAG_subprogram, false, &[
        EXTERNAL, NAME, FILE, LINE, PROTOTYPED, LOW_PC, HIGH_PC, FRAME, TYPE,
    ]),
    (Abbrev::FunctionVoidAlone, DW_TAG_subprogram, false, &[
        EXTERNAL, NAME, FILE, LINE, PROTOTYPED, LOW_PC, HIGH_PC, FRAME,
    ]),
    (Abbrev::Parameter, DW_TAG_formal_parameter, false, &[NAME, FILE, LINE, TYPE, LOCATION]),
    (Abbrev::ParameterNowhere, DW_TAG_formal_parameter, false, &[NAME, FILE, LINE, TYPE]),
    (Abbrev::Local, DW_TAG_variable, false, &[NAME, FILE, LINE, TYPE, LOCATION]),
    (Abbrev::LocalNowhere, DW_TAG_variable, false, &[NAME, FILE, LINE, TYPE]),
    (Abbrev::Block, DW_TAG_lexical_block, true, &[LOW_PC, HIGH_PC]),
];

/// The bytes of `.debug_abbrev`.
pub(crate) fn section() -> Vec<u8> {
    let mut out = Vec::new();
    for &(code, tag, has_children, attributes) in ROWS {
        push_declaration(&mut out, code as u64, tag, has_children, attributes);
    }
    out.push(0);
    out
}

/// Declares entries that begin with `code`: their tag, whether others stand in them, and their attributes with forms.
pub fn push_declaration(out: &mut Vec<u8>, code: u64, tag: u16, has_children: bool, attributes: &[(u16, u8)]) {
    push_uleb128(out, code);
    push_uleb128(out, u64::from(tag));
    out.push(u8::from(has_children));
    for &(attribute, form) in attributes {
        push_uleb128(out, u64::from(attribute));
        out.push(form);
    }
    out.extend_from_slice(&[0, 0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_places_of_the_rows() {
        for (idx, row) in ROWS.iter().enumerate() {
            assert_eq!(row.0 as usize, idx + 1, "{:?}", row.0);
        }
        assert_eq!(ROWS.len(), Abbrev::Block as usize);
    }
}
