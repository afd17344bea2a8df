//! Operands in Intel's syntax as GNU writes it: the destination first, `QWORD PTR [base+index*scale+disp]`.

use crate::isa::{self, Class, Op, Place, Width};
use crate::print::{AddressShape, Printer};
use crate::print_att::{field_of, index_register};

/// All operands in the row's order.
pub(crate) fn operands(printer: &mut Printer<'_>, ops: &[Op]) {
    let inst = printer.inst;
    let rounding = printer.rounding();
    let source = ops.iter().rposition(|op| op.class != Class::Imm);
    let mut first = true;
    for (at, op) in ops.iter().enumerate() {
        if op.place == Place::MaskDst {
            continue;
        }
        if !std::mem::replace(&mut first, false) {
            printer.byte(b',');
        }
        printer.operand(op, field_of(ops, at));
        if at == 0 && (inst.mask != 0 || inst.zero) {
            printer.mask();
        }
        if let Some(text) = rounding.filter(|_| Some(at) == source) {
            printer.out.extend_from_slice(text);
        }
    }
    if inst.meta.names.xmm0 {
        printer.byte(b',');
        printer.vector(0, 16);
    }
    if let Some(text) = printer.bad_rounding() {
        printer.byte(b',');
        printer.out.extend_from_slice(text);
    }
}

/// Instructions whose memory GNU shows without a size, or by another name.
static SIZES: &[(&str, &str)] = &[
    ("wrssd", ""),
    ("wrssq", ""),
    ("wrussd", ""),
    ("wrussq", ""),
    ("enqcmd", ""),
    ("enqcmds", ""),
    ("movdir64b", ""),
    ("ldtilecfg", ""),
    ("sttilecfg", ""),
    ("lddqu", ""),
    ("vlddqu", ""),
    ("invpcid", ""),
    ("aesdec256kl", ""),
    ("aesenc256kl", ""),
    ("aesdecwide256kl", ""),
    ("aesencwide256kl", ""),
    ("invlpg", "BYTE PTR "),
    ("invept", "OWORD PTR "),
    ("invvpid", "OWORD PTR "),
    ("cmpxchg16b", "OWORD PTR "),
];

/// The size that GNU gives these instructions' memory.
pub(crate) fn odd_size(name: &str) -> Option<&'static str> {
    SIZES.iter().find(|(odd, _)| *odd == name).map(|(_, text)| *text)
}

/// What stands before memory of so many bytes; empty for sizes that have no word.
pub(crate) fn size_word(bytes: u32) -> &'static str {
    match bytes {
        1 => "BYTE PTR ",
        2 => "WORD PTR ",
        4 => "DWORD PTR ",
        8 => "QWORD PTR ",
        10 => "TBYTE PTR ",
        16 => "XMMWORD PTR ",
        32 => "YMMWORD PTR ",
        64 => "ZMMWORD PTR ",
        _ => "",
    }
}

/// `QWORD PTR ` and the like.
pub(crate) fn size(printer: &mut Printer<'_>, op: &Op) {
    let inst = printer.inst;
    let row = inst.meta.row;
    if inst.broadcast && op.place != Place::Vsib {
        printer.text(match row.enc.broadcast {
            2 => "WORD BCST ",
            4 => "DWORD BCST ",
            8 => "QWORD BCST ",
            _ => "",
        });
        return;
    }
    if row.set == isa::Set::Mpx {
        return;
    }
    if let Some(text) = inst.meta.names.odd_size {
        printer.text(text);
        return;
    }
    let far = op.mem == Width::Far;
    let text = match inst.width(op.mem) {
        _ if far && inst.prefixes.has_data() => "DWORD PTR ",
        _ if far => "FWORD PTR ",
        10 if row.has(isa::FORCE64) || !row.name.starts_with('f') => return,
        width => size_word(width.into()),
    };
    printer.text(text);
}

/// A memory operand, behind its size and segment.
pub(crate) fn memory(printer: &mut Printer<'_>, op: &Op) {
    let inst = printer.inst;
    let shape = AddressShape::of(inst, op);
    if !shape.has_parts && !inst.rip {
        if inst.prefixes.segment == 0 {
            printer.text("ds:");
        }
        if !printer.displacement(true) {
            printer.hex(inst.disp as u64);
        }
        return;
    }
    printer.byte(b'[');
    if inst.rip {
        printer.text(if inst.short_addresses() { "eip" } else { "rip" });
    }
    if shape.has_base {
        printer.address_register(inst.rm);
    }
    if shape.shows_index {
        if shape.has_base {
            printer.byte(b'+');
        }
        index_register(printer, op, shape.has_index);
        printer.out.extend_from_slice(&[b'*', b'0' + (1 << shape.scale)]);
    }
    if inst.disp_len != 0 {
        let disp = shape.disp;
        if inst.rip || disp >= 0 {
            printer.byte(b'+');
        }
        if !printer.displacement(true) {
            if inst.rip {
                printer.hex(disp as u64);
            } else {
                printer.signed_hex(disp);
            }
        }
    }
    printer.byte(b']');
}
