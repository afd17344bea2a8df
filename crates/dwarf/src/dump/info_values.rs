//! Values of attributes (DWARF 5, 7.5.6): read by their forms, and written as readelf does.

use super::expr::{Expressions, block};
use super::reader::{Reader, text_at};
use super::units::Unit;
use super::{Hex, Input, Output};
use crate::form::{Layout, layout};
use gimli::{DwAt, DwForm};

#[derive(Clone, Copy, Debug)]
pub(super) enum Value<'a> {
    Number(u64),
    Signed(i64),
    /// Low and high half.
    Wide(u64, u64),
    Text(&'a [u8]),
    Block(&'a [u8]),
    /// Of another form, which stood before the value.
    Indirect(u64, u64),
}

impl Value<'_> {
    pub fn number(&self) -> Option<u64> {
        match *self {
            Value::Number(value) | Value::Indirect(_, value) => Some(value),
            Value::Signed(value) => Some(value as u64),
            _ => None,
        }
    }
}

/// Reads a value; `None` when it is cut off or of a form that is not known.
pub(super) fn value<'a>(form: u64, implicit: i64, unit: &Unit, reader: &mut Reader<'a>) -> Option<Value<'a>> {
    let name = DwForm(u16::try_from(form).ok()?);
    let block = |reader: &mut Reader<'a>, n: u64| Some(Value::Block(reader.bytes(usize::try_from(n).ok()?)?));
    Some(match layout(name, unit.encoding())? {
        Layout::Implied if name == gimli::DW_FORM_implicit_const => Value::Signed(implicit),
        Layout::Implied => Value::Number(1),
        Layout::Fixed(16) => Value::Wide(reader.uint(8)?, reader.uint(8)?),
        Layout::Fixed(n) => Value::Number(reader.uint(usize::from(n))?),
        Layout::Uleb => Value::Number(reader.uleb()?),
        Layout::Sleb => Value::Signed(reader.sleb()?),
        Layout::Text => Value::Text(reader.text()?),
        Layout::Block(n) => {
            let n = reader.uint(usize::from(n))?;
            block(reader, n)?
        }
        Layout::BlockUleb => {
            let n = reader.uleb()?;
            block(reader, n)?
        }
        Layout::Indirect => {
            let form = reader.uleb()?;
            let is_plain = form != u64::from(gimli::DW_FORM_indirect.0);
            match value(Some(form).filter(|_| is_plain)?, 0, unit, reader)? {
                Value::Number(number) => Value::Indirect(form, number),
                other => other,
            }
        }
    })
}

/// Attributes whose value may be a list of locations, or an expression.
pub(super) fn is_location(name: DwAt) -> bool {
    matches!(
        name,
        gimli::DW_AT_frame_base
            | gimli::DW_AT_location
            | gimli::DW_AT_string_length
            | gimli::DW_AT_return_addr
            | gimli::DW_AT_data_member_location
            | gimli::DW_AT_vtable_elem_location
            | gimli::DW_AT_static_link
            | gimli::DW_AT_use_location
            | gimli::DW_AT_call_value
            | gimli::DW_AT_GNU_call_site_value
            | gimli::DW_AT_GNU_call_site_data_value
            | gimli::DW_AT_call_data_value
            | gimli::DW_AT_call_target
            | gimli::DW_AT_call_target_clobbered
            | gimli::DW_AT_call_data_location
            | gimli::DW_AT_GNU_call_site_target
            | gimli::DW_AT_GNU_call_site_target_clobbered
    )
}

/// Attributes whose blocks are expressions, too.
pub(super) fn is_expression(name: DwAt) -> bool {
    is_location(name)
        || matches!(
            name,
            gimli::DW_AT_allocated
                | gimli::DW_AT_associated
                | gimli::DW_AT_data_location
                | gimli::DW_AT_byte_stride
                | gimli::DW_AT_upper_bound
                | gimli::DW_AT_lower_bound
                | gimli::DW_AT_rank
                | gimli::DW_AT_segment
        )
}

/// Where the value of an attribute is written.
pub(super) struct Writer<'w, 'a> {
    pub input: &'w Input<'a>,
    pub unit: &'w Unit,
    /// Numbers of the type that is spoken of have a sign.
    pub signed: bool,
}

impl<'a> Writer<'_, 'a> {
    /// The value, after a blank.
    pub fn value(&self, form: u64, value: Value<'a>, out: &mut Output<'_>) {
        let form = DwForm(u16::try_from(form).unwrap_or(u16::MAX));
        match value {
            Value::Indirect(form, number) => self.value(form, Value::Number(number), out),
            Value::Wide(low, high) => out.put(format_args!(" 0x{high:016x}{low:016x}")),
            Value::Text(text) => {
                out.bytes(b" ");
                out.bytes(text);
            }
            Value::Signed(number) => out.put(format_args!(" {number}")),
            // GNU's way with an expression that begins so.
            Value::Block([first, ..]) if form == gimli::DW_FORM_exprloc && *first == gimli::DW_OP_addrx.0 => {}
            Value::Block(bytes) => block(bytes, out),
            Value::Number(number) => self.number(form, number, out),
        }
    }

    fn number(&self, form: DwForm, number: u64, out: &mut Output<'_>) {
        let unit = self.unit;
        match form {
            gimli::DW_FORM_data1 if self.signed => out.put(format_args!(" {}", number as i8)),
            gimli::DW_FORM_data2 if self.signed => out.put(format_args!(" {}", number as i16)),
            gimli::DW_FORM_flag_present
            | gimli::DW_FORM_flag
            | gimli::DW_FORM_data1
            | gimli::DW_FORM_data2
            | gimli::DW_FORM_udata => out.put(format_args!(" {number}")),
            gimli::DW_FORM_ref1
            | gimli::DW_FORM_ref2
            | gimli::DW_FORM_ref4
            | gimli::DW_FORM_ref8
            | gimli::DW_FORM_ref_udata => out.put(format_args!(" <{}>", Hex(number.wrapping_add(unit.start)))),
            gimli::DW_FORM_ref_addr => out.put(format_args!(" <{}>", Hex(number))),
            gimli::DW_FORM_GNU_ref_alt => out.put(format_args!(" <alt {}>", Hex(number))),
            gimli::DW_FORM_ref_sig8 => out.put(format_args!(" signature: {}", Hex(number))),
            gimli::DW_FORM_strp => {
                let section = if unit.is_split { ".debug_str.dwo" } else { ".debug_str" };
                self.text(section, "indirect string", number, out);
            }
            gimli::DW_FORM_line_strp => self.text(".debug_line_str", "indirect line string", number, out),
            gimli::DW_FORM_GNU_strp_alt | gimli::DW_FORM_strp_sup => {
                out.put(format_args!(" (alt indirect string, offset: {}) ", Hex(number)));
            }
            gimli::DW_FORM_strx
            | gimli::DW_FORM_strx1
            | gimli::DW_FORM_strx2
            | gimli::DW_FORM_strx3
            | gimli::DW_FORM_strx4
            | gimli::DW_FORM_GNU_str_index => {
                let section = if unit.is_split { ".debug_str.dwo" } else { ".debug_str" };
                let text = unit.indexed_text(self.input, number).and_then(|at| text_at(self.input.data(section), at));
                out.put(format_args!(" (indexed string: {}): ", Hex(number)));
                out.bytes(text.unwrap_or(b"<indirect index offset is too big>"));
            }
            gimli::DW_FORM_addrx
            | gimli::DW_FORM_addrx1
            | gimli::DW_FORM_addrx2
            | gimli::DW_FORM_addrx3
            | gimli::DW_FORM_addrx4
            | gimli::DW_FORM_GNU_addr_index => {
                let address = unit.indexed_address(self.input, number).unwrap_or(0);
                out.put(format_args!(" (index: {}): {}", Hex(number), Hex(address)));
            }
            gimli::DW_FORM_loclistx | gimli::DW_FORM_rnglistx => {
                let (section, base) = match form {
                    gimli::DW_FORM_loclistx => (".debug_loclists", unit.loclists_base),
                    _ => (".debug_rnglists", unit.rnglists_base),
                };
                let offset = unit.indexed_list(self.input, section, base, number).unwrap_or(0);
                out.put(format_args!(" (index: {}): {}", Hex(number), Hex(offset)));
            }
            _ => out.put(format_args!(" {}", Hex(number))),
        }
    }

    fn text(&self, section: &str, what: &str, at: u64, out: &mut Output<'_>) {
        out.put(format_args!(" ({what}, offset: {}): ", Hex(at)));
        out.bytes(text_at(self.input.data(section), at).unwrap_or(b"<offset is too big>"));
    }

    /// An expression, in parentheses; true when it needs the frame's base.
    pub fn expression(&self, code: &'a [u8], out: &mut Output<'_>) -> bool {
        let mut expressions = Expressions {
            offset_size: self.unit.offset_size,
            version: self.unit.version,
            unit: Some(self.unit.start),
            ..Expressions::new(self.input, self.unit.address_size)
        };
        out.bytes(b"\t(");
        expressions.show(code, out);
        out.bytes(b")");
        expressions.needs_frame_base
    }
}
