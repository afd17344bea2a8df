//! Operands in AT&T's syntax: sources first, `disp(base,index,scale)`.

use crate::decode::Inst;
use crate::isa::{Class, Op, Place};
use crate::print::{AddressShape, Printer};

/// Index of the immediate field of an operand.
pub(crate) fn field_of(ops: &[Op], at: usize) -> usize {
    ops.iter().take(at).filter(|op| matches!(op.place, Place::Imm | Place::ImmSx | Place::Is4)).count()
}

/// Registers that an instruction implies and that AT&T's syntax names all the same.
static IMPLIED: &[(&str, &str)] = &[
    ("monitor", "%rax,%ecx,%edx"),
    ("monitorx", "%rax,%ecx,%edx"),
    ("mwait", "%eax,%ecx"),
    ("mwaitx", "%eax,%ecx,%ebx"),
];

/// All operands, the last of Intel's order first.
pub(crate) fn operands(printer: &mut Printer<'_>, ops: &[Op]) {
    let inst = printer.inst;
    if ops.is_empty() {
        if let Some((_, text)) = IMPLIED.iter().find(|(name, _)| *name == inst.meta.row.name) {
            let short = inst.prefixes.has_addr() && text.starts_with("%r");
            printer.text(if short { "%eax,%ecx,%edx" } else { text });
        }
        return;
    }
    // Two immediates stand as in Intel's manual, though.
    if ops.len() == 2 && ops.iter().all(|op| op.class == Class::Imm) && inst.meta.row.name == "enter" {
        printer.operand(&ops[0], 0);
        printer.byte(b',');
        printer.operand(&ops[1], 1);
        return;
    }
    let rounding = printer.rounding();
    // It stands behind the last source in Intel's order; before it where that is a general register.
    let source = ops.iter().rposition(|op| op.class != Class::Imm);
    let mut first = true;
    if inst.meta.names.xmm0 {
        printer.vector(0, 16);
        first = false;
    }
    if let Some(text) = printer.bad_rounding() {
        printer.out.extend_from_slice(text);
        first = false;
    }
    for (at, op) in ops.iter().enumerate().rev() {
        if op.place == Place::MaskDst || op.place == Place::One {
            continue;
        }
        let separate = |printer: &mut Printer<'_>, first: &mut bool| {
            if !std::mem::replace(first, false) {
                printer.byte(b',');
            }
        };
        let rounds = rounding.filter(|_| Some(at) == source);
        if let Some(text) = rounds.filter(|_| op.class != Class::Gpr) {
            separate(printer, &mut first);
            printer.out.extend_from_slice(text);
        }
        separate(printer, &mut first);
        if is_indirect(inst, op) {
            printer.byte(b'*');
        }
        printer.operand(op, field_of(ops, at));
        if at == 0 && (inst.mask != 0 || inst.zero) {
            printer.mask();
        }
        if let Some(text) = rounds.filter(|_| op.class == Class::Gpr) {
            separate(printer, &mut first);
            printer.out.extend_from_slice(text);
        }
    }
}

/// A jump or a call to where the operand says.
fn is_indirect(inst: &Inst, op: &Op) -> bool {
    inst.opcode == 0xff && matches!(op.place, Place::Rm | Place::RmMem) && matches!(inst.meta.row.name, "call" | "jmp")
}

/// A memory operand.
pub(crate) fn memory(printer: &mut Printer<'_>, op: &Op) {
    let inst = printer.inst;
    let shape = AddressShape::of(inst, op);
    if inst.disp_len != 0 {
        let named = printer.displacement(true);
        if !named {
            if shape.has_parts || inst.rip {
                printer.signed_hex(shape.disp);
            } else {
                printer.hex(inst.disp as u64);
            }
        }
        if inst.rip {
            printer.text(if inst.short_addresses() { "(%eip)" } else { "(%rip)" });
        }
    }
    if !shape.has_parts {
        return;
    }
    printer.byte(b'(');
    if shape.has_base {
        printer.address_register(inst.rm);
    }
    if shape.shows_index {
        printer.byte(b',');
        index_register(printer, op, shape.has_index);
        printer.out.extend_from_slice(&[b',', b'0' + (1 << shape.scale)]);
    }
    printer.byte(b')');
}

/// The index register, which may stand for none.
pub(crate) fn index_register(printer: &mut Printer<'_>, op: &Op, index: bool) {
    let inst = printer.inst;
    if op.place == Place::Vsib {
        printer.vector(inst.index, inst.width(op.reg).max(16));
    } else if index {
        printer.address_register(inst.index);
    } else {
        printer.register(if inst.short_addresses() { "%eiz" } else { "%riz" });
    }
}
