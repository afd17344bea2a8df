//! Statements that no row describes: branches, ports, segment and control registers, exchanges with the accumulator,
//! registers of the x87 stack, and what is padding.

use crate::encode::{CALL, JCC, JMP, SHORT};
use crate::relocs;
use crate::syntax::{Bank, Named, Operand, Operands, Prefixes, condition};
use asm::Emit;

/// Gaps in code: the long forms of `nop` (Intel SDM, volume 2, "NOP", recommended sequences), as few as fit.
pub(crate) fn fill_with_nops(gap: &mut [u8], _: u8) {
    static NOPS: [&[u8]; 11] = [
        &[0x90],
        &[0x66, 0x90],
        &[0x0f, 0x1f, 0x00],
        &[0x0f, 0x1f, 0x40, 0x00],
        &[0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
        &[0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00],
        &[0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
        &[0x66, 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00],
    ];
    let mut rest = gap;
    while !rest.is_empty() {
        let len = rest.len().min(NOPS.len());
        let (now, later) = rest.split_at_mut(len);
        now.copy_from_slice(NOPS[len - 1]);
        rest = later;
    }
}

/// Prefixes in the order in which GNU as writes them.
fn put_prefixes(prefixes: Prefixes, emit: &mut Emit) {
    for byte in [prefixes.segment, if prefixes.data16 { 0x66 } else { 0 }, prefixes.repeat] {
        if byte != 0 {
            emit.code.put(u64::from(byte), 1);
        }
    }
}

/// Writes the statement if it is one of these.
pub(crate) fn instruction(
    mnemonic: &str,
    operands: &Operands,
    prefixes: Prefixes,
    emit: &mut Emit,
) -> Result<bool, String> {
    if !operands.star && branch(mnemonic, operands, prefixes, emit)? {
        return Ok(true);
    }
    Ok(port(mnemonic, operands, prefixes, emit)?
        || system_move(mnemonic, operands, emit)
        || exchange(mnemonic, operands, prefixes, emit)
        || stack(mnemonic, operands, emit)
        || waiting(mnemonic, operands, prefixes, emit)?)
}

/// Opcodes of branches that have a short form only.
static SHORT_ONLY: &[(&str, u8)] =
    &[("loopne", 0xe0), ("loopnz", 0xe0), ("loope", 0xe1), ("loopz", 0xe1), ("loop", 0xe2), ("jrcxz", 0xe3)];

fn branch(mnemonic: &str, operands: &Operands, prefixes: Prefixes, emit: &mut Emit) -> Result<bool, String> {
    let short = SHORT_ONLY.iter().find(|row| row.0 == mnemonic);
    let (row, aux) = match mnemonic {
        "jmp" | "jmpq" => (JMP, 0),
        "call" | "callq" => (CALL, 0),
        _ => match (short, mnemonic.strip_prefix('j').and_then(condition)) {
            (Some(&(_, opcode)), _) => (SHORT, opcode),
            (None, Some(cc)) => (JCC, cc),
            _ => return Ok(false),
        },
    };
    let [Operand::Mem(mem)] = operands.list[..] else { return Err(format!("‘{mnemonic}’ goes to one place")) };
    if !mem.is_plain() {
        return Err(format!("‘{mnemonic}’ to where memory says needs a ‘*’"));
    }
    put_prefixes(prefixes, emit);
    let to = mem.disp;
    let is_label = to.plus.is_some() && to.minus.is_none() && to.offset == 0;
    if is_label && matches!(emit.modifier(&to), "" | "plt") {
        emit.branch(row, aux, &to)?;
        return Ok(true);
    }
    if to.plus.is_none() || row == SHORT {
        return Err(format!("‘{mnemonic}’ cannot go there"));
    }
    // Beside a symbol: always the long form.
    match row {
        JMP => emit.code.put(0xe9, 1),
        CALL => emit.code.put(0xe8, 1),
        _ => emit.code.put(0x800f | u64::from(aux) << 8, 2),
    }
    let at = emit.code.mark();
    emit.code.put(0, 4);
    emit.fixup(at, relocs::R_X86_64_PLT32, &to, -4);
    Ok(true)
}

/// `in` and `out`.
fn port(mnemonic: &str, operands: &Operands, prefixes: Prefixes, emit: &mut Emit) -> Result<bool, String> {
    let (base, opcode) = match mnemonic {
        "in" | "inb" | "inw" | "inl" => ("in", 0xe4),
        "out" | "outb" | "outw" | "outl" => ("out", 0xe6),
        _ => return Ok(false),
    };
    let mut list = operands.list.clone();
    if base == "out" {
        list.reverse();
    }
    let size = match (&mnemonic[base.len()..], list.get(1)) {
        (_, Some(Operand::Reg(Named { bank: Bank::Int(size), number: 0 }))) => *size,
        ("b", None) => 0,
        ("w", None) => 1,
        ("l", None) => 2,
        _ => return Err(format!("operands do not suit ‘{mnemonic}’")),
    };
    put_prefixes(Prefixes { data16: prefixes.data16 || size == 1, ..prefixes }, emit);
    let opcode = opcode | u64::from(size != 0);
    match list.first() {
        Some(Operand::Reg(Named { bank: Bank::Int(1), number: 2 })) => emit.code.put(opcode | 8, 1),
        Some(Operand::Imm(value)) => {
            let value = value.constant().filter(|value| (0..256).contains(value));
            let value = value.ok_or_else(|| format!("operands do not suit ‘{mnemonic}’"))?;
            emit.code.put(opcode | (value as u64) << 8, 2);
        }
        _ => return Err(format!("operands do not suit ‘{mnemonic}’")),
    }
    Ok(true)
}

/// Moves from and to segment, control and debug registers.
fn system_move(mnemonic: &str, operands: &Operands, emit: &mut Emit) -> bool {
    if !matches!(mnemonic, "mov" | "movw" | "movl" | "movq") {
        return false;
    }
    let [Operand::Reg(from), Operand::Reg(to)] = operands.list[..] else { return false };
    let (system, general, is_store) = match (from.bank, to.bank) {
        (Bank::Segment | Bank::Control | Bank::Debug, Bank::Int(_)) => (from, to, true),
        (Bank::Int(_), Bank::Segment | Bank::Control | Bank::Debug) => (to, from, false),
        _ => return false,
    };
    let Bank::Int(size) = general.bank else { return false };
    let rex_b = u64::from(general.number >> 3 & 1);
    let modrm = 0xc0 | u64::from(system.number & 7) << 3 | u64::from(general.number & 7);
    if system.bank == Bank::Segment {
        if is_store && size == 1 {
            emit.code.put(0x66, 1);
        }
        let rex = 0x40 | u64::from(is_store && size == 3) << 3 | rex_b;
        if rex != 0x40 {
            emit.code.put(rex, 1);
        }
        emit.code.put(if is_store { 0x8c } else { 0x8e } | modrm << 8, 2);
        return size != 0;
    }
    let rex = 0x40 | u64::from(system.number >> 3 & 1) << 2 | rex_b;
    if rex != 0x40 {
        emit.code.put(rex, 1);
    }
    let opcode = if system.bank == Bank::Control { 0x20 } else { 0x21 };
    emit.code.put(0x0f | (opcode | if is_store { 0 } else { 2 }) << 8 | modrm << 16, 3);
    size == 3
}

/// `xchg` with the accumulator has an encoding without ModRM.
fn exchange(mnemonic: &str, operands: &Operands, prefixes: Prefixes, emit: &mut Emit) -> bool {
    if !matches!(mnemonic, "xchg" | "xchgw" | "xchgl" | "xchgq") || prefixes.repeat != 0 {
        return false;
    }
    let [Operand::Reg(a), Operand::Reg(b)] = operands.list[..] else { return false };
    let (Bank::Int(size), Bank::Int(other)) = (a.bank, b.bank) else { return false };
    if size == 0 || size != other || a.number != 0 && b.number != 0 || size == 2 && a.number == b.number {
        return false;
    }
    let number = a.number | b.number;
    if size == 1 {
        emit.code.put(0x66, 1);
    }
    let rex = 0x40 | u64::from(size == 3) << 3 | u64::from(number >> 3);
    // Of the accumulator with itself: a `nop`, which needs no size.
    if rex != 0x40 && number != 0 {
        emit.code.put(rex, 1);
    }
    emit.code.put(0x90 | u64::from(number & 7), 1);
    true
}

/// Operations on registers of the x87 stack: mnemonic, opcode bytes with `%st(i)` as the only operand or as the first of
/// two (destination `%st`), opcode bytes with `%st(i)` as the destination. 0 where there is no such form.
static STACK: &[(&str, u16, u16)] = &[
    ("fld", 0xd9c0, 0),
    ("fst", 0xddd0, 0),
    ("fstp", 0xddd8, 0),
    ("fxch", 0xd9c8, 0),
    ("ffree", 0xddc0, 0),
    ("ffreep", 0xdfc0, 0),
    ("fucom", 0xdde0, 0),
    ("fucomp", 0xdde8, 0),
    ("fcom", 0xd8d0, 0),
    ("fcomp", 0xd8d8, 0),
    ("fcomi", 0xdbf0, 0),
    ("fcomip", 0xdff0, 0),
    ("fucomi", 0xdbe8, 0),
    ("fucomip", 0xdfe8, 0),
    ("fcmovb", 0xdac0, 0),
    ("fcmove", 0xdac8, 0),
    ("fcmovbe", 0xdad0, 0),
    ("fcmovu", 0xdad8, 0),
    ("fcmovnb", 0xdbc0, 0),
    ("fcmovne", 0xdbc8, 0),
    ("fcmovnbe", 0xdbd0, 0),
    ("fcmovnu", 0xdbd8, 0),
    ("fadd", 0xd8c0, 0xdcc0),
    ("fmul", 0xd8c8, 0xdcc8),
    // AT&T syntax has the two directions exchanged where the destination is not the top.
    ("fsub", 0xd8e0, 0xdce0),
    ("fsubr", 0xd8e8, 0xdce8),
    ("fdiv", 0xd8f0, 0xdcf0),
    ("fdivr", 0xd8f8, 0xdcf8),
    ("faddp", 0, 0xdec0),
    ("fmulp", 0, 0xdec8),
    ("fsubp", 0, 0xdee0),
    ("fsubrp", 0, 0xdee8),
    ("fdivp", 0, 0xdef0),
    ("fdivrp", 0, 0xdef8),
];

fn stack(mnemonic: &str, operands: &Operands, emit: &mut Emit) -> bool {
    let Some(&(_, top, other)) = STACK.iter().find(|row| row.0 == mnemonic) else { return false };
    let number = |operand: &Operand| match operand {
        Operand::Reg(Named { bank: Bank::Stack, number }) => Some(u16::from(*number)),
        _ => None,
    };
    let word = match operands.list[..] {
        // Comparisons and exchanges without an operand mean the second register, pops of sums too.
        [] if !matches!(mnemonic, "fld" | "fst" | "fstp" | "ffree" | "ffreep") => {
            if top != 0 && !matches!(mnemonic, "fadd" | "fmul" | "fsub" | "fsubr" | "fdiv" | "fdivr") {
                top | 1
            } else if top == 0 {
                other | 1
            } else {
                return false;
            }
        }
        [ref one] => match number(one) {
            Some(number) if top != 0 => top | number,
            Some(number) => other | number,
            None => return false,
        },
        [ref from, ref to] => match (number(from), number(to)) {
            (Some(number), Some(0)) if top != 0 => top | number,
            (Some(0), Some(number)) if other != 0 => other | number,
            _ => return false,
        },
        _ => return false,
    };
    emit.code.put(u64::from(word.swap_bytes()), 2);
    true
}

/// What waits for the x87 first, and `fnstsw %ax`.
fn waiting(mnemonic: &str, operands: &Operands, prefixes: Prefixes, emit: &mut Emit) -> Result<bool, String> {
    if let [Operand::Reg(Named { bank: Bank::Int(1), number: 0 })] = operands.list[..]
        && matches!(mnemonic, "fnstsw" | "fstsw")
    {
        if mnemonic == "fstsw" {
            emit.code.put(0x9b, 1);
        }
        emit.code.put(0xe0df, 2);
        return Ok(true);
    }
    let plain = match mnemonic {
        "fstcw" => "fnstcw",
        "fstsw" => "fnstsw",
        "fstenv" => "fnstenv",
        "fsave" => "fnsave",
        "finit" => "fninit",
        "fclex" => "fnclex",
        _ => return Ok(false),
    };
    emit.code.put(0x9b, 1);
    crate::syntax::by_rows(plain, operands, prefixes, emit)
}
