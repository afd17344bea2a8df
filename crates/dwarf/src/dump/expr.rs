//! Location expressions as text (DWARF 5, 7.7.1): operations with their operands, `; ` between them.

use super::reader::Reader;
use super::{Hex, Input, Output};
use gimli::DwOp;

pub(super) struct Expressions<'e, 'a> {
    pub input: &'e Input<'a>,
    pub address_size: u8,
    pub offset_size: u8,
    pub version: u16,
    /// Where the unit begins, if it is in one.
    pub unit: Option<u64>,
    /// An operation was relative to the frame's base.
    pub needs_frame_base: bool,
}

/// Expressions within expressions.
const MAX_DEPTH: usize = 16;

/// The two names of operations that were an extension first.
static RENAMED: &[(u8, &str)] = &[
    (gimli::DW_OP_implicit_pointer.0, "DW_OP_implicit_pointer"),
    (gimli::DW_OP_GNU_implicit_pointer.0, "DW_OP_GNU_implicit_pointer"),
    (gimli::DW_OP_entry_value.0, "DW_OP_entry_value"),
    (gimli::DW_OP_GNU_entry_value.0, "DW_OP_GNU_entry_value"),
    (gimli::DW_OP_const_type.0, "DW_OP_const_type"),
    (gimli::DW_OP_GNU_const_type.0, "DW_OP_GNU_const_type"),
    (gimli::DW_OP_regval_type.0, "DW_OP_regval_type"),
    (gimli::DW_OP_GNU_regval_type.0, "DW_OP_GNU_regval_type"),
    (gimli::DW_OP_deref_type.0, "DW_OP_deref_type"),
    (gimli::DW_OP_GNU_deref_type.0, "DW_OP_GNU_deref_type"),
    (gimli::DW_OP_convert.0, "DW_OP_convert"),
    (gimli::DW_OP_GNU_convert.0, "DW_OP_GNU_convert"),
    (gimli::DW_OP_reinterpret.0, "DW_OP_reinterpret"),
    (0xf9, "DW_OP_GNU_reinterpret"),
];

impl<'e, 'a> Expressions<'e, 'a> {
    pub fn new(input: &'e Input<'a>, address_size: u8) -> Expressions<'e, 'a> {
        Expressions { input, address_size, offset_size: 4, version: 5, unit: None, needs_frame_base: false }
    }

    pub fn show(&mut self, code: &'a [u8], out: &mut Output<'_>) {
        self.nested(code, 0, out);
    }

    fn nested(&mut self, code: &'a [u8], depth: usize, out: &mut Output<'_>) {
        let mut reader = self.input.reader(code);
        while !reader.is_done() {
            if self.operation(&mut reader, depth, out).is_none() {
                return;
            }
            if !reader.is_done() {
                out.bytes(b"; ");
            }
        }
    }

    /// `None` when the rest cannot be read.
    fn operation(&mut self, reader: &mut Reader<'a>, depth: usize, out: &mut Output<'_>) -> Option<()> {
        let opcode = reader.u8()?;
        if let Some((_, name)) = RENAMED.iter().find(|(number, _)| *number == opcode) {
            return self.typed(opcode, name, reader, depth, out);
        }
        let name = || DwOp(opcode).static_string().unwrap_or_default();
        let register = |number: u64| self.input.register_name(number).unwrap_or_default();
        match DwOp(opcode) {
            gimli::DW_OP_addr => {
                out.put(format_args!("DW_OP_addr: {:x}", reader.uint(usize::from(self.address_size))?))
            }
            DwOp(0x30..=0x4f) => out.put(format_args!("DW_OP_lit{}", opcode - 0x30)),
            DwOp(0x50..=0x6f) => {
                out.put(format_args!("DW_OP_reg{} ({})", opcode - 0x50, register(u64::from(opcode - 0x50))));
            }
            DwOp(0x70..=0x8f) => {
                let offset = reader.sleb()?;
                out.put(format_args!("DW_OP_breg{} ({}): {offset}", opcode - 0x70, register(u64::from(opcode - 0x70))));
            }
            gimli::DW_OP_const1u | gimli::DW_OP_pick | gimli::DW_OP_deref_size | gimli::DW_OP_xderef_size => {
                out.put(format_args!("{}: {}", name(), reader.uint(1)?))
            }
            gimli::DW_OP_const1s => out.put(format_args!("DW_OP_const1s: {}", reader.sint(1)?)),
            gimli::DW_OP_const2u => out.put(format_args!("DW_OP_const2u: {}", reader.uint(2)?)),
            gimli::DW_OP_const2s | gimli::DW_OP_bra | gimli::DW_OP_skip => {
                out.put(format_args!("{}: {}", name(), reader.sint(2)?));
            }
            gimli::DW_OP_const4u => out.put(format_args!("DW_OP_const4u: {}", reader.uint(4)?)),
            gimli::DW_OP_const4s => out.put(format_args!("DW_OP_const4s: {}", reader.sint(4)?)),
            gimli::DW_OP_const8u => out.put(format_args!("DW_OP_const8u: {}", reader.uint(8)?)),
            gimli::DW_OP_const8s => out.put(format_args!("DW_OP_const8s: {}", reader.sint(8)?)),
            gimli::DW_OP_constu | gimli::DW_OP_plus_uconst | gimli::DW_OP_piece => {
                out.put(format_args!("{}: {}", name(), reader.uleb()?));
            }
            gimli::DW_OP_consts => out.put(format_args!("DW_OP_consts: {}", reader.sleb()?)),
            gimli::DW_OP_fbreg => {
                self.needs_frame_base = true;
                out.put(format_args!("DW_OP_fbreg: {}", reader.sleb()?));
            }
            gimli::DW_OP_regx => {
                let number = reader.uleb()?;
                out.put(format_args!("DW_OP_regx: {number} ({})", register(number)));
            }
            gimli::DW_OP_bregx => {
                let (number, offset) = (reader.uleb()?, reader.sleb()?);
                out.put(format_args!("DW_OP_bregx: {number} ({}) {offset}", register(number)));
            }
            gimli::DW_OP_call2 => self.entry(name(), reader.uint(2)?, out),
            gimli::DW_OP_call4 => self.entry(name(), reader.uint(4)?, out),
            gimli::DwOp(0xfa) => self.entry("DW_OP_GNU_parameter_ref", reader.uint(4)?, out),
            gimli::DW_OP_call_ref | gimli::DW_OP_GNU_variable_value => {
                if self.unit.is_none() {
                    out.put(format_args!("({} in frame info)", name()));
                    return None;
                }
                let entry = Hex(reader.uint(self.reference_size())?);
                out.put(format_args!("{}: <{entry}>", name()));
            }
            gimli::DW_OP_bit_piece => {
                let (size, offset) = (reader.uleb()?, reader.uleb()?);
                out.put(format_args!("DW_OP_bit_piece: size: {size} offset: {offset} "));
            }
            gimli::DW_OP_implicit_value => {
                let n = usize::try_from(reader.uleb()?).ok()?;
                out.bytes(b"DW_OP_implicit_value");
                block(reader.bytes(n.min(reader.left()))?, out);
            }
            gimli::DW_OP_GNU_push_tls_address => out.bytes(b"DW_OP_GNU_push_tls_address or DW_OP_HP_unknown"),
            gimli::DW_OP_addrx | gimli::DwOp(0xfb | 0xfc) => {
                let index = Hex(reader.uleb()?);
                let name = match opcode {
                    0xfb => "DW_OP_GNU_addr_index",
                    0xfc => "DW_OP_GNU_const_index",
                    _ => "DW_OP_addrx",
                };
                out.put(format_args!("{name} <{index}>"));
            }
            DwOp(number) => match DwOp(number).static_string() {
                // What is left has no operands.
                Some(name) if number != gimli::DW_OP_constx.0 && number < 0xe0 || number == 0xf0 => {
                    out.bytes(name.as_bytes());
                }
                _ if number >= 0xe0 => {
                    out.put(format_args!("(User defined location op {number:#x})"));
                    return None;
                }
                _ => {
                    out.put(format_args!("(Unknown location op {number:#x})"));
                    return None;
                }
            },
        }
        Some(())
    }

    fn reference_size(&self) -> usize {
        usize::from(if self.version == 2 { self.address_size } else { self.offset_size })
    }

    fn entry(&self, name: &str, offset: u64, out: &mut Output<'_>) {
        out.put(format_args!("{name}: <{}>", Hex(offset.wrapping_add(self.unit.unwrap_or(0)))));
    }

    /// Those that name a type or hold another expression.
    fn typed(
        &mut self,
        opcode: u8,
        name: &str,
        reader: &mut Reader<'a>,
        depth: usize,
        out: &mut Output<'_>,
    ) -> Option<()> {
        out.bytes(name.as_bytes());
        let unit = self.unit.unwrap_or(0);
        let entry = |offset: u64| Hex(offset.wrapping_add(unit));
        match DwOp(opcode) {
            gimli::DW_OP_implicit_pointer | gimli::DW_OP_GNU_implicit_pointer => {
                if self.unit.is_none() {
                    out.put(format_args!(" in frame info)"));
                    return None;
                }
                let target = Hex(reader.uint(self.reference_size())?);
                let offset = reader.sleb()?;
                out.put(format_args!(": <{target}> {offset}"));
            }
            gimli::DW_OP_entry_value | gimli::DW_OP_GNU_entry_value => {
                let n = usize::try_from(reader.uleb()?).ok()?;
                let code = reader.bytes(n.min(reader.left()))?;
                out.bytes(b": (");
                if depth < MAX_DEPTH {
                    self.nested(code, depth + 1, out);
                }
                out.bytes(b")");
            }
            gimli::DW_OP_const_type | gimli::DW_OP_GNU_const_type => {
                let target = entry(reader.uleb()?);
                out.put(format_args!(": <{target}> "));
                let n = usize::from(reader.u8()?);
                block(reader.bytes(n)?, out);
            }
            gimli::DW_OP_regval_type | gimli::DW_OP_GNU_regval_type => {
                let (register, target) = (reader.uleb()?, entry(reader.uleb()?));
                let register_name = self.input.register_name(register).unwrap_or_default();
                out.put(format_args!(": {register} ({register_name}) <{target}>"));
            }
            gimli::DW_OP_deref_type | gimli::DW_OP_GNU_deref_type => {
                let size = reader.u8()?;
                let target = entry(reader.uleb()?);
                out.put(format_args!(": {size} bytes <{target}>"));
            }
            _ => {
                let target = reader.uleb()?;
                let target = if target == 0 { Hex(0) } else { entry(target) };
                out.put(format_args!(" <{target}>"));
            }
        }
        Some(())
    }
}

/// ` 2 byte block: 10 0 `.
pub(super) fn block(bytes: &[u8], out: &mut Output<'_>) {
    out.put(format_args!(" {} byte block: ", bytes.len()));
    bytes.iter().for_each(|byte| out.put(format_args!("{byte:x} ")));
}
