//! How values stand in a section, by their forms (DWARF 5, 7.5.6, and gcc's extensions): the one table by which every
//! reader finds what follows a value.

use gimli::DwForm;

/// What the sizes of some forms hang on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Encoding {
    pub version: u16,
    pub address_size: u8,
    /// 4, or 8 in the 64-bit format.
    pub offset_size: u8,
}

/// How a value stands in a section.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Layout {
    /// Nothing: the form says it all, or the abbreviation.
    Implied,
    /// So many bytes.
    Fixed(u8),
    Uleb,
    Sleb,
    /// Up to a zero, which belongs to it.
    Text,
    /// Bytes behind their count, which has so many bytes.
    Block(u8),
    /// Bytes behind their count, which is a ULEB128.
    BlockUleb,
    /// The form stands before the value.
    Indirect,
}

/// The layout of values of a form; `None` for a form that nobody knows: what follows such a value cannot be found.
pub(crate) fn layout(form: DwForm, encoding: Encoding) -> Option<Layout> {
    use Layout::{Block, BlockUleb, Fixed, Implied, Indirect, Sleb, Text, Uleb};
    Some(match form {
        gimli::DW_FORM_flag_present | gimli::DW_FORM_implicit_const => Implied,
        gimli::DW_FORM_data1
        | gimli::DW_FORM_flag
        | gimli::DW_FORM_ref1
        | gimli::DW_FORM_strx1
        | gimli::DW_FORM_addrx1 => Fixed(1),
        gimli::DW_FORM_data2 | gimli::DW_FORM_ref2 | gimli::DW_FORM_strx2 | gimli::DW_FORM_addrx2 => Fixed(2),
        gimli::DW_FORM_strx3 | gimli::DW_FORM_addrx3 => Fixed(3),
        gimli::DW_FORM_data4
        | gimli::DW_FORM_ref4
        | gimli::DW_FORM_ref_sup4
        | gimli::DW_FORM_strx4
        | gimli::DW_FORM_addrx4 => Fixed(4),
        gimli::DW_FORM_data8 | gimli::DW_FORM_ref8 | gimli::DW_FORM_ref_sup8 | gimli::DW_FORM_ref_sig8 => Fixed(8),
        gimli::DW_FORM_data16 => Fixed(16),
        gimli::DW_FORM_addr => Fixed(encoding.address_size),
        gimli::DW_FORM_ref_addr if encoding.version == 2 => Fixed(encoding.address_size),
        gimli::DW_FORM_ref_addr
        | gimli::DW_FORM_strp
        | gimli::DW_FORM_line_strp
        | gimli::DW_FORM_strp_sup
        | gimli::DW_FORM_sec_offset
        | gimli::DW_FORM_GNU_ref_alt
        | gimli::DW_FORM_GNU_strp_alt => Fixed(encoding.offset_size),
        gimli::DW_FORM_udata
        | gimli::DW_FORM_ref_udata
        | gimli::DW_FORM_strx
        | gimli::DW_FORM_addrx
        | gimli::DW_FORM_loclistx
        | gimli::DW_FORM_rnglistx
        | gimli::DW_FORM_GNU_addr_index
        | gimli::DW_FORM_GNU_str_index => Uleb,
        gimli::DW_FORM_sdata => Sleb,
        gimli::DW_FORM_string => Text,
        gimli::DW_FORM_block1 => Block(1),
        gimli::DW_FORM_block2 => Block(2),
        gimli::DW_FORM_block4 => Block(4),
        gimli::DW_FORM_block | gimli::DW_FORM_exprloc => BlockUleb,
        gimli::DW_FORM_indirect => Indirect,
        _ => return None,
    })
}

/// What the number of a value names (DWARF 5, 7.5.5, as finely as readers ask).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Class {
    Constant,
    Address,
    /// Of `.debug_addr`.
    AddressIndex,
    /// In another section.
    Offset,
    /// Of `.debug_rnglists`.
    ListIndex,
    /// Of `.debug_str`.
    Str,
    /// Of `.debug_line_str`.
    LineStr,
    /// A text of the supplementary file.
    SupStr,
    /// Of `.debug_str_offsets`.
    StrIndex,
    /// An entry of this unit, from its beginning.
    UnitEntry,
    /// An entry of `.debug_info`.
    Entry,
    /// An entry of the supplementary file.
    SupEntry,
    /// Texts and blocks, which are no numbers, and what no reader asks for.
    Other,
}

/// The class of a form.
pub(crate) fn class(form: DwForm) -> Class {
    match form {
        gimli::DW_FORM_implicit_const
        | gimli::DW_FORM_flag_present
        | gimli::DW_FORM_flag
        | gimli::DW_FORM_data1
        | gimli::DW_FORM_data2
        | gimli::DW_FORM_data4
        | gimli::DW_FORM_data8
        | gimli::DW_FORM_udata
        | gimli::DW_FORM_sdata => Class::Constant,
        gimli::DW_FORM_addr => Class::Address,
        gimli::DW_FORM_addrx
        | gimli::DW_FORM_GNU_addr_index
        | gimli::DW_FORM_addrx1
        | gimli::DW_FORM_addrx2
        | gimli::DW_FORM_addrx3
        | gimli::DW_FORM_addrx4 => Class::AddressIndex,
        gimli::DW_FORM_sec_offset => Class::Offset,
        gimli::DW_FORM_rnglistx => Class::ListIndex,
        gimli::DW_FORM_strp => Class::Str,
        gimli::DW_FORM_line_strp => Class::LineStr,
        gimli::DW_FORM_strp_sup | gimli::DW_FORM_GNU_strp_alt => Class::SupStr,
        gimli::DW_FORM_strx
        | gimli::DW_FORM_GNU_str_index
        | gimli::DW_FORM_strx1
        | gimli::DW_FORM_strx2
        | gimli::DW_FORM_strx3
        | gimli::DW_FORM_strx4 => Class::StrIndex,
        gimli::DW_FORM_ref1
        | gimli::DW_FORM_ref2
        | gimli::DW_FORM_ref4
        | gimli::DW_FORM_ref8
        | gimli::DW_FORM_ref_udata => Class::UnitEntry,
        gimli::DW_FORM_ref_addr => Class::Entry,
        gimli::DW_FORM_GNU_ref_alt | gimli::DW_FORM_ref_sup4 | gimli::DW_FORM_ref_sup8 => Class::SupEntry,
        _ => Class::Other,
    }
}
