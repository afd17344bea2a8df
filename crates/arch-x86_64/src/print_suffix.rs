//! Letters that GNU objdump's `-M suffix` adds to AT&T's names where operands tell the size already, and its `.s` behind the
//! names of moves between registers that are encoded the other way round than GNU as encodes them.

use crate::decode::Inst;
use crate::isa::{Class, Op, Place, Space};
use crate::print_names::Suffix;

/// Names that get the letter of the operands' size; those of conditional moves beside them. Ordered.
#[rustfmt::skip]
static BY_OPERANDS: &[&str] = &[
    "adc", "add", "adox", "and", "andn", "bextr", "blsi", "blsmsk", "blsr", "bsf", "bsr", "bt", "btc", "btr", "bts",
    "bzhi", "cmp", "cmpxchg", "imul", "in", "lar", "lea", "lfs", "lgs", "lods", "lsl", "lss", "lzcnt", "mov", "movabs", "movbe",
    "movnti", "mulx", "or", "out", "pdep", "pext", "popcnt", "rorx", "sarx", "sbb", "scas", "shld", "shlx", "shrd", "shrx",
    "sldt", "smsw", "stos", "str", "sub", "test", "tzcnt", "ud0", "ud1", "xadd", "xchg", "xor",
];

/// Names that get the letter of addresses: `q`. Ordered.
#[rustfmt::skip]
static NEAR: &[&str] = &[
    "call", "enter", "jmp", "leave", "loop", "loope", "loopne", "pop", "popf", "push", "pushf", "ret", "xbegin",
];

/// Names that get `l`: with other sizes they tell it. Ordered.
#[rustfmt::skip]
static LONG: &[&str] = &[
    "fldenv", "fnsave", "fnstenv", "frstor", "fsave", "fstenv", "iret", "lcall", "ljmp", "lret", "pcmpestri", "pcmpestrm", "vpcmpestri",
    "vpcmpestrm",
];

const SHORT_JUMP: u8 = 0xeb;

/// What stands behind `name` besides what its memory operand asks for.
pub(crate) fn always(inst: &Inst, name: &str, out: &mut Vec<u8>) {
    let register = inst.mode == 3;
    let vector = if inst.broadcast && register { 2 } else { usize::from(inst.length.min(2)) };
    let plain = matches!(inst.meta.names.suffix, Suffix::None | Suffix::Data16);
    match inst.meta.names.suffix {
        // With an element of memory its number tells it as a rule.
        Suffix::Xy if (register || inst.broadcast) && vector < 2 => out.push(b"xy"[vector]),
        Suffix::Xyz if register || inst.broadcast => out.push(b"xyz"[vector]),
        Suffix::ByW if register => out.push(if inst.w { b'q' } else { b'l' }),
        Suffix::Memory if register => out.push(letter(inst, Place::Rm)),
        _ if plain && inst.opcode == SHORT_JUMP && name == "jmp" => {}
        _ if plain && NEAR.binary_search(&name).is_ok() => {
            let is_written = inst.meta.names.suffix == Suffix::Data16 && inst.size == 2 && !register;
            if !is_written {
                out.push(if inst.size == 2 { b'w' } else { b'q' });
            }
        }
        _ if plain && LONG.binary_search(&name).is_ok() => out.push(b'l'),
        // Its mandatory prefix is taken for a size.
        _ if name == "adcx" => out.push(if inst.w { b'q' } else { b'w' }),
        _ if plain && (name.starts_with("cmov") || BY_OPERANDS.binary_search(&name).is_ok()) => {
            out.push(letter(inst, Place::Acc));
        }
        _ => {}
    }
    if register && is_reversed(inst) {
        out.extend_from_slice(b".s");
    }
}

/// Of the operand that is there, or of the first general register.
fn letter(inst: &Inst, first: Place) -> u8 {
    let ops = inst.meta.row.ops;
    let own = |op: &&Op| op.class == Class::Gpr && op.place != Place::Dx;
    let op = ops.iter().find(|op| op.place == first).or_else(|| ops.iter().find(own));
    let in_memory = |op: &Op| inst.mode != 3 && matches!(op.place, Place::Rm | Place::RmMem);
    match op.map_or(0, |op| inst.width(if in_memory(op) { op.mem } else { op.reg })) {
        1 => b'b',
        2 => b'w',
        4 => b'l',
        8 => b'q',
        _ => [b'w', b'l', b'q'][match inst.size {
            2 => 0,
            4 => 1,
            _ => 2,
        }],
    }
}

/// From register to register, by the encoding that GNU as does not take.
fn is_reversed(inst: &Inst) -> bool {
    let row = inst.meta.row;
    let opcode = row.enc.opcode;
    if row.enc.space == Space::Legacy && row.enc.map == 0 {
        return opcode < 0x40 && matches!(opcode & 7, 2 | 3) || matches!(opcode, 0x8a | 0x8b);
    }
    let stores = row.ops.first().is_some_and(|op| matches!(op.place, Place::Rm | Place::RmReg));
    let same = |class: Class| row.ops.iter().all(|op| op.class == class);
    let moves = ["mov", "vmov", "bndmov"].iter().any(|start| row.name.starts_with(start));
    moves && stores && (same(Class::Vec) || same(Class::Mmx) || same(Class::Bound))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ordered() {
        assert!([BY_OPERANDS, NEAR, LONG].iter().all(|names| names.is_sorted()));
    }
}
