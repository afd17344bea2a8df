//! Numbers of DWARF 5, chapter 7, spelled as in the standard; only those that are written.

#![allow(non_upper_case_globals)]

pub const DW_UT_compile: u8 = 0x01;

pub const DW_TAG_array_type: u16 = 0x01;
pub const DW_TAG_enumeration_type: u16 = 0x04;
pub const DW_TAG_formal_parameter: u16 = 0x05;
pub const DW_TAG_lexical_block: u16 = 0x0b;
pub const DW_TAG_member: u16 = 0x0d;
pub const DW_TAG_pointer_type: u16 = 0x0f;
pub const DW_TAG_compile_unit: u16 = 0x11;
pub const DW_TAG_structure_type: u16 = 0x13;
pub const DW_TAG_subroutine_type: u16 = 0x15;
pub const DW_TAG_typedef: u16 = 0x16;
pub const DW_TAG_union_type: u16 = 0x17;
pub const DW_TAG_unspecified_parameters: u16 = 0x18;
pub const DW_TAG_subrange_type: u16 = 0x21;
pub const DW_TAG_base_type: u16 = 0x24;
pub const DW_TAG_const_type: u16 = 0x26;
pub const DW_TAG_enumerator: u16 = 0x28;
pub const DW_TAG_subprogram: u16 = 0x2e;
pub const DW_TAG_variable: u16 = 0x34;
pub const DW_TAG_volatile_type: u16 = 0x35;
pub const DW_TAG_restrict_type: u16 = 0x37;
pub const DW_TAG_unspecified_type: u16 = 0x3b;
pub const DW_TAG_atomic_type: u16 = 0x47;

pub const DW_AT_location: u16 = 0x02;
pub const DW_AT_name: u16 = 0x03;
pub const DW_AT_byte_size: u16 = 0x0b;
pub const DW_AT_bit_size: u16 = 0x0d;
pub const DW_AT_stmt_list: u16 = 0x10;
pub const DW_AT_low_pc: u16 = 0x11;
pub const DW_AT_high_pc: u16 = 0x12;
pub const DW_AT_language: u16 = 0x13;
pub const DW_AT_comp_dir: u16 = 0x1b;
pub const DW_AT_const_value: u16 = 0x1c;
pub const DW_AT_producer: u16 = 0x25;
pub const DW_AT_prototyped: u16 = 0x27;
pub const DW_AT_count: u16 = 0x37;
pub const DW_AT_data_member_location: u16 = 0x38;
pub const DW_AT_decl_file: u16 = 0x3a;
pub const DW_AT_decl_line: u16 = 0x3b;
pub const DW_AT_declaration: u16 = 0x3c;
pub const DW_AT_encoding: u16 = 0x3e;
pub const DW_AT_external: u16 = 0x3f;
pub const DW_AT_frame_base: u16 = 0x40;
pub const DW_AT_type: u16 = 0x49;
pub const DW_AT_ranges: u16 = 0x55;
pub const DW_AT_data_bit_offset: u16 = 0x6b;
pub const DW_AT_alignment: u16 = 0x88;
/// GNU: the array is a vector.
pub const DW_AT_GNU_vector: u16 = 0x2107;

pub const DW_FORM_addr: u8 = 0x01;
pub const DW_FORM_data2: u8 = 0x05;
pub const DW_FORM_data4: u8 = 0x06;
pub const DW_FORM_string: u8 = 0x08;
pub const DW_FORM_data1: u8 = 0x0b;
pub const DW_FORM_flag: u8 = 0x0c;
pub const DW_FORM_sdata: u8 = 0x0d;
pub const DW_FORM_strp: u8 = 0x0e;
pub const DW_FORM_udata: u8 = 0x0f;
pub const DW_FORM_ref4: u8 = 0x13;
pub const DW_FORM_ref_udata: u8 = 0x15;
pub const DW_FORM_sec_offset: u8 = 0x17;
pub const DW_FORM_exprloc: u8 = 0x18;
pub const DW_FORM_flag_present: u8 = 0x19;

pub const DW_OP_addr: u8 = 0x03;
pub const DW_OP_deref: u8 = 0x06;
pub const DW_OP_const8u: u8 = 0x0e;
pub const DW_OP_reg0: u8 = 0x50;
pub const DW_OP_breg0: u8 = 0x70;
pub const DW_OP_regx: u8 = 0x90;
pub const DW_OP_fbreg: u8 = 0x91;
pub const DW_OP_bregx: u8 = 0x92;
pub const DW_OP_form_tls_address: u8 = 0x9b;
pub const DW_OP_call_frame_cfa: u8 = 0x9c;

pub const DW_ATE_boolean: u8 = 0x02;
pub const DW_ATE_complex_float: u8 = 0x03;
pub const DW_ATE_float: u8 = 0x04;
pub const DW_ATE_signed: u8 = 0x05;
pub const DW_ATE_signed_char: u8 = 0x06;
pub const DW_ATE_unsigned: u8 = 0x07;
pub const DW_ATE_unsigned_char: u8 = 0x08;

pub const DW_LANG_C11: u16 = 0x1d;
/// Of any assembler: there was no other number for one before DWARF 6.
pub const DW_LANG_Mips_Assembler: u16 = 0x8001;

pub const DW_LNCT_path: u8 = 0x01;
pub const DW_LNCT_directory_index: u8 = 0x02;

pub const DW_LNS_copy: u8 = 0x01;
pub const DW_LNS_advance_pc: u8 = 0x02;
pub const DW_LNS_advance_line: u8 = 0x03;
pub const DW_LNS_set_file: u8 = 0x04;
pub const DW_LNS_set_column: u8 = 0x05;
pub const DW_LNS_negate_stmt: u8 = 0x06;
pub const DW_LNS_const_add_pc: u8 = 0x08;
pub const DW_LNS_set_prologue_end: u8 = 0x0a;
pub const DW_LNS_set_epilogue_begin: u8 = 0x0b;
pub const DW_LNE_end_sequence: u8 = 0x01;
pub const DW_LNE_set_address: u8 = 0x02;

pub const DW_RLE_end_of_list: u8 = 0x00;
pub const DW_RLE_start_length: u8 = 0x07;

pub const DW_CFA_advance_loc: u8 = 0x40;
pub const DW_CFA_offset: u8 = 0x80;
pub const DW_CFA_restore: u8 = 0xc0;
pub const DW_CFA_nop: u8 = 0x00;
pub const DW_CFA_advance_loc1: u8 = 0x02;
pub const DW_CFA_advance_loc2: u8 = 0x03;
pub const DW_CFA_advance_loc4: u8 = 0x04;
pub const DW_CFA_offset_extended: u8 = 0x05;
pub const DW_CFA_restore_extended: u8 = 0x06;
pub const DW_CFA_undefined: u8 = 0x07;
pub const DW_CFA_same_value: u8 = 0x08;
pub const DW_CFA_remember_state: u8 = 0x0a;
pub const DW_CFA_restore_state: u8 = 0x0b;
pub const DW_CFA_def_cfa: u8 = 0x0c;
pub const DW_CFA_def_cfa_register: u8 = 0x0d;
pub const DW_CFA_def_cfa_offset: u8 = 0x0e;
pub const DW_CFA_offset_extended_sf: u8 = 0x11;
pub const DW_CFA_def_cfa_sf: u8 = 0x12;
pub const DW_CFA_def_cfa_offset_sf: u8 = 0x13;

/// Relative to the place of the field, four signed bytes (LSB, "DWARF Exception Header Encoding").
pub const DW_EH_PE_pcrel_sdata4: u8 = 0x1b;
