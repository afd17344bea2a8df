//! Inline assembly: what constraint letters and register names mean on x86-64, and how operands are shown (gcc's manual,
//! "Constraints for Particular Machines" and "x86 Operand Modifiers").

use crate::isa::Class;
use crate::mnemonics::condition;
use crate::operand::{Byte, register as text_register};
use crate::print_intel::size_word;
use crate::regs::{NAMES, R8, R9, R10, R11, R12, R13, R14, R15, RAX, RBP, RBX, RCX, RDI, RDX, RSI, RSP, XMM0};
use crate::rows::kind;
use codegen::inline::{Admits, InlineAsm, NamedReg, Shown};
use codegen::machine::{PReg, RegSet};
use codegen::symbols::Symbols;
use ir::module::SymbolKind;
use ir::{Func, Module, Op, Value};

const XMMS: RegSet = 0xffff << XMM0;
const ABCD: RegSet = 1 << RAX | 1 << RBX | 1 << RCX | 1 << RDX;
const LEGACY: RegSet = ABCD | 1 << RSI | 1 << RDI;

/// The facet.
pub static INLINE: InlineAsm = InlineAsm {
    letter,
    general: &[RAX, RDX, RCX, RSI, RDI, R8, R9, R10, R11, RBX, R12, R13, R14, R15],
    float: XMMS,
    saved: 1 << RBX | 1 << R12 | 1 << R13 | 1 << R14 | 1 << R15,
    register,
    flag,
    show,
    is_direct,
};

fn letter(text: &[u8]) -> Option<(usize, Admits)> {
    let regs = |set: RegSet| Some((1, Admits::Regs(set)));
    let number = |test: fn(i64) -> bool| Some((1, Admits::Number(test)));
    match text {
        [b'a', ..] => regs(1 << RAX),
        [b'b', ..] => regs(1 << RBX),
        [b'c', ..] => regs(1 << RCX),
        [b'd', ..] => regs(1 << RDX),
        [b'S', ..] => regs(1 << RSI),
        [b'D', ..] => regs(1 << RDI),
        [b'Q', ..] => regs(ABCD),
        [b'R', ..] => regs(LEGACY),
        [b'q' | b'l', ..] => regs(INLINE.general.iter().fold(0, |set, &preg| set | 1 << preg)),
        [b'x' | b'v', ..] => regs(XMMS),
        [b'Y', b'z', ..] => Some((2, Admits::Regs(1 << XMM0))),
        [b'Y', b'i' | b't' | b'2' | b'm' | b'w', ..] => Some((2, Admits::Regs(XMMS))),
        [b'A', ..] => Some((1, Admits::Pair(RAX, RDX))),
        [b'U', ..] => regs(INLINE.general.iter().fold(0, |set, &preg| set | 1 << preg) & !INLINE.saved),
        [b't', ..] => Some((1, Admits::Stack(Some(0)))),
        [b'u', ..] => Some((1, Admits::Stack(Some(1)))),
        [b'f', ..] => Some((1, Admits::Stack(None))),
        [b'I', ..] => number(|n| (0..=31).contains(&n)),
        [b'J', ..] => number(|n| (0..=63).contains(&n)),
        [b'K', ..] => number(|n| i8::try_from(n).is_ok()),
        [b'L', ..] => number(|n| matches!(n, 0xff | 0xffff | 0xffff_ffff)),
        [b'M', ..] => number(|n| (0..=3).contains(&n)),
        [b'N', ..] => number(|n| (0..=255).contains(&n)),
        [b'O', ..] => number(|n| (0..=127).contains(&n)),
        [b'e', ..] => number(|n| i32::try_from(n).is_ok()),
        [b'W', b'e' | b'z' | b'd', ..] => Some((2, Admits::Number(|n| i32::try_from(n).is_ok()))),
        [b'Z', ..] => number(|n| u32::try_from(n).is_ok()),
        _ => None,
    }
}

/// Registers by gcc's numbers, which `asm` may name them by, too.
#[rustfmt::skip]
static NUMBERED: [&str; 52] = [
    "rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp", "st(0)", "st(1)", "st(2)", "st(3)", "st(4)", "st(5)", "st(6)",
    "st(7)", "flags", "flags", "fpsr", "flags", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "mm0",
    "mm1", "mm2", "mm3", "mm4", "mm5", "mm6", "mm7", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "xmm8", "xmm9",
    "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
];

/// A register of a clobber list or a declaration, `%` or not.
fn register(name: &[u8]) -> Option<NamedReg> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.strip_prefix('%').or_else(|| name.strip_prefix('#')).unwrap_or(name);
    if let Ok(number) = name.parse::<usize>() {
        return NUMBERED.get(number).and_then(|name| register(name.as_bytes()));
    }
    match name {
        "flags" | "fpsr" | "dirflag" | "fpcr" | "eflags" | "rflags" | "mxcsr" => return Some(NamedReg::Other),
        // The frame's own.
        "rsp" | "esp" | "sp" | "spl" => return Some(NamedReg::Other),
        "rbp" | "ebp" | "bp" | "bpl" => return Some(NamedReg::Reserved),
        _ => {}
    }
    if let Some(digits) = name.strip_prefix("st(").and_then(|rest| rest.strip_suffix(')')) {
        return digits.parse().ok().filter(|&depth: &u8| depth < 8).map(NamedReg::Stack);
    }
    // Registers that kit never uses have nothing to lose.
    let beyond = |prefix: &str, n: u8| {
        name.strip_prefix(prefix).and_then(|digits| digits.parse().ok()).is_some_and(|number: u8| number < n)
    };
    if beyond("ymm", 16) || beyond("zmm", 16) {
        let number: u8 = name[3..].parse().ok()?;
        return Some(NamedReg::Reg(XMM0 + number));
    }
    if beyond("xmm", 32) && !beyond("xmm", 16) || beyond("ymm", 32) || beyond("zmm", 32) || beyond("k", 8) {
        return Some(NamedReg::Other);
    }
    let found = text_register(name.as_bytes())?;
    Some(match found.class {
        Class::Gpr if found.byte == Byte::High => NamedReg::Reg(found.number - 4),
        Class::Gpr if found.kind == kind::OTHER => return None,
        Class::Gpr if matches!(found.number, RSP | RBP) => NamedReg::Reserved,
        Class::Gpr => NamedReg::Reg(found.number),
        Class::Vec => NamedReg::Reg(XMM0 + found.number),
        Class::St => NamedReg::Stack(0),
        Class::Mmx | Class::Seg => NamedReg::Other,
        _ => return None,
    })
}

/// `ccz`
fn flag(text: &[u8]) -> Option<u8> {
    condition(std::str::from_utf8(text).ok()?.strip_prefix("cc")?)
}

/// Frame places and symbols that are certainly near.
fn is_direct(module: &Module, func: &Func, v: Value) -> bool {
    let inst = func.inst(v);
    match inst.op {
        Op::SlotAddr => func.slots[inst.slot()].align <= 16,
        Op::SymAddr => {
            module.symbols[inst.symbol()].kind != SymbolKind::Tls
                && Symbols::is_direct(module, inst.symbol())
                && i32::try_from(inst.imm64() as i64).is_ok()
        }
        _ => false,
    }
}

fn size_index(bytes: u32) -> usize {
    match bytes {
        0 | 1 => 0,
        2 => 1,
        3 | 4 => 2,
        _ => 3,
    }
}

/// `disp` is a number or a sum that begins with a symbol.
pub(crate) fn memory(syntax: u8, base: &str, disp: &str) -> String {
    match syntax {
        0 => format!("{disp}(%{base})"),
        _ if disp.is_empty() || disp.starts_with('-') => format!("[{base}{disp}]"),
        _ => format!("[{base}+{disp}]"),
    }
}

fn show(out: &mut Vec<u8>, what: Shown<'_>, modifier: u8, size: u32, syntax: u8) -> Option<()> {
    if matches!(modifier, b'z' | b'Z') {
        out.extend_from_slice(size_letter(what, modifier, size, syntax).as_bytes());
        return Some(());
    }
    let is_intel = syntax != 0;
    let sign = if is_intel { "" } else { "%" };
    let text = match (modifier, what) {
        (b'P' | b'p' | b'c' | b'l', Shown::Symbol(text)) => text.to_string(),
        (b'P' | b'p' | b'c' | b'l', Shown::Number(number)) => number.to_string(),
        (b'n', Shown::Number(number)) => number.wrapping_neg().to_string(),
        (b'n', _) => return None,
        (b'a', Shown::Reg(preg)) if preg < XMM0 => memory(syntax, NAMES[3][preg as usize], ""),
        (b'a', Shown::Number(number)) if is_intel => format!("ds:{number}"),
        (b'a', Shown::Number(number)) => number.to_string(),
        (b'a', Shown::Symbol(text)) => memory(syntax, "rip", text),
        (b'A', Shown::Reg(preg)) if preg < XMM0 => {
            format!("{}{}", if is_intel { "" } else { "*%" }, NAMES[3][preg as usize])
        }
        (b'A', Shown::Memory(text)) if !is_intel => format!("*{text}"),
        (b'H', Shown::Memory(text)) if is_intel => format!("QWORD PTR {}+8]", text.strip_suffix(']')?),
        (b'H', Shown::Memory(text)) if text.starts_with('(') => format!("8{text}"),
        (b'H', Shown::Memory(text)) => format!("8+{text}"),
        (_, Shown::Symbol(text)) if is_intel => format!("OFFSET FLAT:{text}"),
        (_, Shown::Symbol(text)) => format!("${text}"),
        (_, Shown::Number(number)) if is_intel => number.to_string(),
        (_, Shown::Number(number)) => format!("${number}"),
        (_, Shown::Memory(text)) if is_intel => format!("{}{text}", size_word(size)),
        (_, Shown::Memory(text)) => text.to_string(),
        (_, Shown::Stack(0)) if modifier != b'y' => format!("{sign}st"),
        (_, Shown::Stack(depth)) => format!("{sign}st({depth})"),
        (b'V', Shown::Reg(preg)) if preg < XMM0 => register_name(preg, modifier, size)?,
        (_, Shown::Reg(preg)) => format!("{sign}{}", register_name(preg, modifier, size)?),
    };
    out.extend_from_slice(text.as_bytes());
    Some(())
}

/// The letter behind a mnemonic; of integers only AT&T's has one.
fn size_letter(what: Shown<'_>, modifier: u8, size: u32, syntax: u8) -> &'static str {
    match (what, modifier, size) {
        _ if syntax != 0 => "",
        (Shown::Stack(_), _, 4) => "s",
        (Shown::Stack(_), _, 8) => "l",
        (Shown::Stack(_), ..) => "t",
        _ => ["b", "w", "l", "q"][size_index(size)],
    }
}

fn register_name(preg: PReg, modifier: u8, size: u32) -> Option<String> {
    if preg >= XMM0 {
        return Some(format!("xmm{}", preg - XMM0));
    }
    let at = match modifier {
        b'b' => 0,
        b'w' => 1,
        b'k' => 2,
        b'q' => 3,
        b'h' => return ["ah", "ch", "dh", "bh"].get(preg as usize).map(|name| name.to_string()),
        _ => size_index(size),
    };
    Some(NAMES[at][preg as usize].to_string())
}
