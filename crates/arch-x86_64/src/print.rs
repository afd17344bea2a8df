//! The text of a decoded instruction, as GNU objdump 2.40 writes it: what both syntaxes share. Names and registers stand in
//! tables; how an address looks is in [`print_att`](crate::print_att) and [`print_intel`](crate::print_intel).

use crate::decode::{INDEX, Inst, Outcome};
use crate::isa::{self, Class, Op, Set, Width};
use crate::prefixes::{self, Prefixes};
use crate::print_names::{Alias, Distinct, Suffix};
use crate::{print_att, print_intel, print_suffix};
use asm::disasm::{Decoded, Disassembler, Flow, Names, Place, Role, Style};

/// x86-64's disassembler.
pub static DISASSEMBLER: &dyn Disassembler = &X86_64;

struct X86_64;

/// Syntaxes as `-M` names them; the second half with Intel's mnemonics of x87's reversed operations.
static SYNTAXES: [&str; 3] = ["att", "intel", "intel-mnemonic"];
const INTEL: u8 = 1;
const ATT_WITH_INTEL_NAMES: u8 = 2;

/// How a comparison's immediate is called.
#[rustfmt::skip]
static CONDITIONS: [&str; 32] = [
    "eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord", "eq_uq", "nge", "ngt", "false", "neq_oq", "ge", "gt", "true",
    "eq_os", "lt_oq", "le_oq", "unord_s", "neq_us", "nlt_uq", "nle_uq", "ord_s", "eq_us", "nge_uq", "ngt_uq",
    "false_os", "neq_os", "ge_oq", "gt_oq", "true_us",
];

static XOP_CONDITIONS: [&str; 8] = ["lt", "le", "gt", "ge", "eq", "neq", "false", "true"];

pub(crate) static ROUNDINGS: [&[u8]; 4] = [b"{rn-sae}", b"{rd-sae}", b"{ru-sae}", b"{rz-sae}"];
static BAD_ROUNDINGS: [&[u8]; 4] = [b"{rn-bad}", b"{rd-bad}", b"{ru-bad}", b"{rz-bad}"];

/// General registers in AT&T's syntax; Intel's is the same without the first letter. 8 bits first without REX, then with.
#[rustfmt::skip]
static GPRS: [[&str; 16]; 5] = [
    ["%al", "%cl", "%dl", "%bl", "%ah", "%ch", "%dh", "%bh", "", "", "", "", "", "", "", ""],
    ["%al", "%cl", "%dl", "%bl", "%spl", "%bpl", "%sil", "%dil", "%r8b", "%r9b", "%r10b", "%r11b", "%r12b", "%r13b",
     "%r14b", "%r15b"],
    ["%ax", "%cx", "%dx", "%bx", "%sp", "%bp", "%si", "%di", "%r8w", "%r9w", "%r10w", "%r11w", "%r12w", "%r13w",
     "%r14w", "%r15w"],
    ["%eax", "%ecx", "%edx", "%ebx", "%esp", "%ebp", "%esi", "%edi", "%r8d", "%r9d", "%r10d", "%r11d", "%r12d",
     "%r13d", "%r14d", "%r15d"],
    ["%rax", "%rcx", "%rdx", "%rbx", "%rsp", "%rbp", "%rsi", "%rdi", "%r8", "%r9", "%r10", "%r11", "%r12", "%r13",
     "%r14", "%r15"],
];

static SEGMENTS: [&str; 8] = ["%es", "%cs", "%ss", "%ds", "%fs", "%gs", "%?", "%?"];

static REXES: [&str; 16] = [
    "rex", "rex.B", "rex.X", "rex.XB", "rex.R", "rex.RB", "rex.RX", "rex.RXB", "rex.W", "rex.WB", "rex.WX", "rex.WXB",
    "rex.WR", "rex.WRB", "rex.WRX", "rex.WRXB",
];

/// How the parts of an address are shown.
pub(crate) struct AddressShape {
    pub has_base: bool,
    pub has_index: bool,
    /// The index's place is shown, perhaps with a register that stands for none.
    pub shows_index: bool,
    /// There is more than a displacement.
    pub has_parts: bool,
    pub scale: u8,
    pub disp: i64,
}

impl AddressShape {
    pub fn of(inst: &Inst, op: &Op) -> AddressShape {
        let scale = inst.sib >> 6;
        let has_index = inst.has_sib && (op.place == isa::Place::Vsib || inst.index & 15 != 4);
        // An address alone still needs the index of its width to be told from one that is extended by its sign.
        let needs_index = inst.has_sib && inst.no_base && !has_index && inst.short_addresses();
        let has_base = !inst.no_base;
        let shows_index = inst.has_sib && (scale != 0 || needs_index || has_index || has_base && inst.sib & 7 != 4);
        let has_parts = has_base || needs_index || inst.has_sib && (has_index || scale != 0);
        let disp = if needs_index { i64::from(inst.disp as u32) } else { inst.disp };
        AddressShape { has_base, has_index, shows_index, has_parts, scale, disp }
    }
}

/// Prefixes that the instruction has no use for, which assemblers order anew or refuse. One `data16` in front of a REX.W that
/// has its use stays where it is: so general-dynamic sequences begin (psABI, "TLS"), and a line may begin there, too.
fn has_idle_prefix(prefixes: &Prefixes, code: &[u8]) -> bool {
    let idle = |byte: &u8| matches!(byte, 0x26 | 0x2e | 0x36 | 0x3e | 0x40..=0x4f | 0x66);
    let mut left = prefixes.all.iter().take(usize::from(prefixes.count)).filter(|&&byte| byte != 0);
    let is_kept = matches!(code, [0x66, 0x48..=0x4f, 0x8d, ..]) && left.clone().eq(&[0x66]);
    !is_kept && left.any(idle)
}

fn prefix_name(byte: u8) -> Option<&'static str> {
    Some(match byte {
        0x40..=0x4f => REXES[usize::from(byte & 15)],
        0xf3 => "repz",
        0xf2 => "repnz",
        0xf0 => "lock",
        0x2e => "cs",
        0x36 => "ss",
        0x3e => "ds",
        0x26 => "es",
        0x64 => "fs",
        0x65 => "gs",
        0x66 => "data16",
        0x67 => "addr32",
        0x9b => "fwait",
        prefixes::SHOW_REP => "rep",
        prefixes::SHOW_BND => "bnd",
        prefixes::SHOW_NOTRACK => "notrack",
        prefixes::SHOW_XACQUIRE => "xacquire",
        prefixes::SHOW_XRELEASE => "xrelease",
        _ => return None,
    })
}

/// What an instruction is written with.
pub(crate) struct Printer<'p> {
    pub(crate) inst: &'p Inst,
    pub(crate) address: u64,
    pub(crate) intel: bool,
    pub(crate) names: &'p mut dyn Names,
    pub(crate) out: &'p mut Vec<u8>,
    /// Memory relative to the instruction is remarked behind it.
    remark: Option<u64>,
}

impl Disassembler for X86_64 {
    fn syntaxes(&self) -> &'static [&'static str] {
        &SYNTAXES
    }

    fn instruction(
        &self,
        code: &[u8],
        address: u64,
        style: Style,
        names: &mut dyn Names,
        out: &mut Vec<u8>,
    ) -> Decoded {
        let index = &*INDEX;
        let intel = style.syntax == INTEL;
        let Some(mut inst) = Inst::new(index) else { return NOTHING };
        let outcome = inst.decode(index, code, intel);
        if style.reassemble && has_idle_prefix(&inst.prefixes, code) {
            return Decoded { len: 1, flow: Flow::Bad, target: None };
        }
        let mut printer = Printer { inst: &inst, address, intel, names, out, remark: None };
        match outcome {
            Outcome::Insn => printer.instruction(style),
            Outcome::Prefixes => {
                for (at, &byte) in inst.prefixes.all.iter().take(usize::from(inst.prefixes.count)).enumerate() {
                    printer.text(if at == 0 { "" } else { " " });
                    printer.text(prefix_name(byte).unwrap_or_default());
                }
            }
            Outcome::Wait => {
                printer.prefixes(&inst.prefixes);
                printer.text("fwait");
            }
            Outcome::Bad { prefixes } => {
                let start = printer.out.len();
                if prefixes {
                    printer.prefixes(&inst.prefixes);
                }
                printer.text("(bad)");
                if inst.remarks {
                    printer.text("        # ");
                    printer.names.remark(after(&inst, address).wrapping_add(inst.disp as u64), printer.out);
                }
                if prefixes && inst.has_mask_of_nothing() {
                    printer.bad_mask(start);
                }
            }
            Outcome::Truncated => {
                let first = code.first().copied().unwrap_or_default();
                match prefix_name(first).filter(|_| first > 5) {
                    Some(name) => printer.text(name),
                    None => {
                        printer.text(".byte ");
                        printer.hex(u64::from(first));
                    }
                }
            }
        }
        decoded(&inst, &outcome, address)
    }

    fn measure(&self, code: &[u8], address: u64) -> Decoded {
        let index = &*INDEX;
        let Some(mut inst) = Inst::new(index) else { return NOTHING };
        let outcome = inst.decode(index, code, false);
        decoded(&inst, &outcome, address)
    }

    fn bytes_per_line(&self) -> usize {
        7
    }
}

const NOTHING: Decoded = Decoded { len: 1, flow: Flow::Bad, target: None };

fn decoded(inst: &Inst, outcome: &Outcome, address: u64) -> Decoded {
    let len = inst.len.max(1);
    match outcome {
        Outcome::Insn => {}
        Outcome::Wait => return Decoded { len, flow: Flow::Next, target: None },
        _ => return Decoded { len, flow: Flow::Bad, target: None },
    }
    let row = inst.meta.row;
    let relative = row.ops.iter().any(|op| op.place == isa::Place::Rel);
    let flow = match row.name {
        "call" | "syscall" => Flow::Call,
        "jmp" | "ret" | "retf" | "iret" | "ud2" | "hlt" | "sysret" | "sysexit" | "int3" => Flow::Stop,
        _ if relative => Flow::Branch,
        _ => Flow::Next,
    };
    let target = if relative {
        Some(branch_target(inst, address))
    } else if inst.rip && inst.mode != 3 {
        Some(after(inst, address).wrapping_add(inst.disp as u64))
    } else {
        None
    };
    Decoded { len, flow, target }
}

fn after(inst: &Inst, address: u64) -> u64 {
    address.wrapping_add(u64::from(inst.len))
}

fn branch_target(inst: &Inst, address: u64) -> u64 {
    let target = after(inst, address).wrapping_add(inst.imm[0] as u64);
    // With an operand-size prefix the instruction pointer is cut.
    if inst.imm_len[0] == 2 { target & 0xffff } else { target }
}

impl Printer<'_> {
    pub(crate) fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    pub(crate) fn byte(&mut self, byte: u8) {
        self.out.push(byte);
    }

    pub(crate) fn hex(&mut self, value: u64) {
        hex(value, self.out);
    }

    /// With its sign in front.
    pub(crate) fn signed_hex(&mut self, value: i64) {
        if value < 0 {
            self.out.push(b'-');
        }
        hex(value.unsigned_abs(), self.out);
    }

    /// The name of a register, given in AT&T's way.
    pub(crate) fn register(&mut self, name: &str) {
        let bytes = name.as_bytes();
        self.out.extend_from_slice(bytes.get(usize::from(self.intel)..).unwrap_or_default());
    }

    fn numbered(&mut self, name: &str, number: u8) {
        self.register(name);
        if number >= 10 {
            self.out.push(b'0' + number / 10);
        }
        self.out.push(b'0' + number % 10);
    }

    pub(crate) fn gpr(&mut self, number: u8, width: u8) {
        let table = match width {
            1 => usize::from(self.inst.prefixes.rex != 0),
            2 => 2,
            4 => 3,
            _ => 4,
        };
        self.register(GPRS[table][usize::from(number & 15)]);
    }

    pub(crate) fn vector(&mut self, number: u8, width: u8) {
        let name = match width {
            32 => "%ymm",
            64 => "%zmm",
            _ => "%xmm",
        };
        self.numbered(name, number);
    }

    /// What is left of the prefixes, each with a blank.
    fn prefixes(&mut self, prefixes: &Prefixes) {
        for &byte in prefixes.all.iter().take(usize::from(prefixes.count)) {
            if let Some(name) = prefix_name(byte) {
                self.text(name);
                self.out.push(b' ');
            }
        }
    }

    fn instruction(&mut self, style: Style) {
        let inst = self.inst;
        let start = self.out.len();
        if inst.prefixes.count != 0 {
            self.prefixes(&inst.prefixes);
        }
        let name_start = self.out.len();
        let hidden = self.mnemonic(style);
        let name_end = self.out.len();
        let mut width = (name_end - start).max(6) + 1;
        let plain = inst.prefixes.repz & inst.prefixes.repnz & inst.prefixes.data == prefixes::NOT;
        if inst.meta.hint_of_code && inst.reg & 6 == 6 && inst.mode != 3 && plain {
            // The name has its own blanks here.
            width = name_start - start + (name_end - name_start).max(6) + 1;
        }
        self.out.resize(start + width, b' ');
        let operands = self.out.len();
        self.operands(hidden);
        if self.out.len() == operands {
            self.out.truncate(name_end);
        }
        if let Some(address) = self.remark {
            self.text("        # ");
            self.names.remark(address, self.out);
        }
    }

    /// The name; true when it tells the immediate.
    fn mnemonic(&mut self, style: Style) -> bool {
        let inst = self.inst;
        let shown = &inst.meta.names;
        if shown.vex {
            self.text("{vex} ");
        }
        if shown.evex && looks_like_vex(inst) {
            self.text("{evex} ");
        }
        let size = match inst.size {
            2 => 0,
            4 => 1,
            _ => 2,
        };
        let mut name = if self.intel { shown.intel[size] } else { shown.att[size] };
        if inst.prefixes.count != 0 || inst.prefixes.wait || style.syntax == ATT_WITH_INTEL_NAMES {
            name = rare_name(name, inst, style, self.intel);
        } else if !self.intel && inst.meta.row.set == Set::X87 {
            name = reversed(name, inst);
        }
        match shown.alias {
            Alias::None => {}
            alias => {
                if let Some(end) = self.alias(alias, name) {
                    return end;
                }
            }
        }
        self.text(name);
        if shown.suffix != Suffix::None && inst.mode != 3 {
            self.suffix(shown.suffix);
        }
        if style.always_suffix && !self.intel {
            print_suffix::always(inst, name, self.out);
        }
        false
    }

    /// A name that tells the immediate: true when written so.
    fn alias(&mut self, alias: Alias, name: &str) -> Option<bool> {
        let value = self.inst.imm[0] as u8;
        let (tail, word) = match alias {
            Alias::Compare { tail, count } => {
                // Of integers, always and never have no names.
                if value >= count || count == 7 && value == 3 {
                    return None;
                }
                (usize::from(tail), CONDITIONS[usize::from(value)])
            }
            Alias::CompareXop { tail } => (usize::from(tail), *XOP_CONDITIONS.get(usize::from(value))?),
            Alias::Carryless => (
                3,
                match value {
                    0 => "lql",
                    1 => "hql",
                    0x10 => "lqh",
                    0x11 => "hqh",
                    _ => return None,
                },
            ),
            Alias::None => return None,
        };
        let (head, tail) = name.split_at_checked(name.len() - tail)?;
        self.text(head);
        self.text(word);
        self.text(tail);
        Some(true)
    }

    fn suffix(&mut self, suffix: Suffix) {
        let inst = self.inst;
        if suffix == Suffix::Data16 {
            if inst.size == 2 && !self.intel {
                self.out.push(b'w');
            }
            return;
        }
        if self.intel {
            return;
        }
        let vector = |inst: &Inst| [b'x', b'y', b'z'][usize::from(inst.length.min(2))];
        match suffix {
            Suffix::Memory => {
                let memory = inst.meta.row.ops.iter().find(|op| op.place == isa::Place::Rm);
                let letter = match memory.map_or(0, |op| inst.width(op.mem)) {
                    1 => b'b',
                    2 => b'w',
                    4 => b'l',
                    _ => b'q',
                };
                self.out.push(letter);
            }
            Suffix::Fixed(letters) => self.text(letters),
            Suffix::ByW => self.out.push(if inst.w { b'q' } else { b'l' }),
            Suffix::Xy if !inst.broadcast && inst.length < 2 => self.out.push(vector(inst)),
            Suffix::Xyz if !inst.broadcast => self.out.push(vector(inst)),
            _ => {}
        }
    }

    /// All operands. `hidden`: without the immediate.
    fn operands(&mut self, hidden: bool) {
        let inst = self.inst;
        let row = inst.meta.row;
        let mut ops = row.ops;
        if inst.meta.names.first_only {
            ops = &ops[..1];
        }
        if hidden {
            ops = &ops[..ops.len() - 1];
        }
        if self.intel {
            print_intel::operands(self, ops);
        } else {
            print_att::operands(self, ops);
        }
    }

    /// The rounding or suppression of exceptions of a register form, if it has one.
    pub(crate) fn rounding(&self) -> Option<&'static [u8]> {
        let inst = self.inst;
        if !inst.broadcast || inst.mode != 3 {
            return None;
        }
        let row = inst.meta.row;
        let rounding = usize::from(inst.rounding & 3);
        // Nothing is lost of 32 bits.
        let exact = !inst.w && matches!(row.name, "vcvtsi2sd" | "vcvtusi2sd");
        match row.has(isa::RC) {
            true if exact => Some(BAD_ROUNDINGS[rounding]),
            true => Some(ROUNDINGS[rounding]),
            false => row.has(isa::SAE).then_some(b"{sae}"),
        }
    }

    /// The same where the instruction has none, so that it means nothing: behind the last of Intel's operands.
    pub(crate) fn bad_rounding(&self) -> Option<&'static [u8]> {
        let inst = self.inst;
        let means_something = inst.meta.row.has(isa::RC | isa::SAE);
        (inst.broadcast && inst.mode == 3 && !means_something).then(|| BAD_ROUNDINGS[usize::from(inst.rounding & 3)])
    }

    /// The mask behind the first operand.
    pub(crate) fn mask(&mut self) {
        let inst = self.inst;
        if inst.mask != 0 {
            self.out.push(b'{');
            self.numbered("%k", inst.mask);
            self.out.push(b'}');
        }
        if inst.zero {
            self.text("{z}");
        }
    }

    /// What EVEX says beside an opcode that is none.
    fn bad_mask(&mut self, start: usize) {
        let inst = self.inst;
        let rounding = (inst.mode == 3 && inst.broadcast).then(|| BAD_ROUNDINGS[usize::from(inst.rounding & 3)]);
        if inst.mask == 0 && rounding.is_none() {
            return;
        }
        let width = (self.out.len() - start).max(6) + 1;
        self.out.resize(start + width, b' ');
        if let Some(text) = rounding.filter(|_| !self.intel) {
            self.out.extend_from_slice(text);
            if inst.mask != 0 {
                self.out.push(b',');
            }
        }
        self.mask();
        if let Some(text) = rounding.filter(|_| self.intel) {
            if inst.mask != 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(text);
        }
    }

    /// One operand, the `at`th of the row's; `field` counts the immediates before it.
    pub(crate) fn operand(&mut self, op: &Op, field: usize) {
        match self.inst.meta.names.distinct {
            Distinct::No => self.any_operand(op, field),
            Distinct::Result if op.place == isa::Place::Reg && self.is_repeated(op) => self.text("(bad)"),
            Distinct::All if self.is_repeated(op) => {
                self.any_operand(op, field);
                self.text("/(bad)");
            }
            // GNU says it in AT&T's syntax alone.
            Distinct::Index if op.place == isa::Place::Vsib && !self.intel && self.is_repeated(op) => {
                self.any_operand(op, field);
                self.text("/(bad)");
            }
            _ => self.any_operand(op, field),
        }
    }

    /// Another operand names the same register.
    fn is_repeated(&self, op: &Op) -> bool {
        let inst = self.inst;
        let number = |op: &Op| match op.place {
            isa::Place::Reg => Some(inst.reg),
            isa::Place::Rm | isa::Place::RmReg if inst.mode == 3 => Some(inst.rm),
            isa::Place::Vvvv => Some(inst.vvvv),
            isa::Place::Vsib => Some(inst.index),
            _ => None,
        };
        let same = |other: &&Op| number(other).is_some() && number(other) == number(op);
        inst.meta.row.ops.iter().filter(same).count() > 1
    }

    fn any_operand(&mut self, op: &Op, field: usize) {
        let inst = self.inst;
        match op.place {
            isa::Place::Reg => self.class(op, inst.reg),
            // Of vectors alone EVEX.X is the fifth bit.
            isa::Place::Rm | isa::Place::RmReg | isa::Place::RmMem if inst.mode == 3 => {
                self.class(op, if op.class == Class::Vec { inst.rm } else { inst.rm & 15 });
            }
            isa::Place::Rm | isa::Place::RmReg | isa::Place::RmMem | isa::Place::Vsib => self.memory(op),
            isa::Place::Vvvv => self.class(op, inst.vvvv),
            isa::Place::Is4 => self.class(op, (inst.imm[0] as u8) >> 4),
            isa::Place::Imm4 => {
                if !self.intel {
                    self.out.push(b'$');
                }
                self.hex(inst.imm[0] as u64 & 15);
            }
            isa::Place::Opcode => self.class(op, inst.rm),
            isa::Place::Imm | isa::Place::ImmSx => self.immediate(op, field),
            isa::Place::Rel => self.branch(),
            isa::Place::Moffs => self.absolute(op, field),
            isa::Place::Acc => self.gpr(0, inst.width(op.reg)),
            isa::Place::Cl => self.register("%cl"),
            isa::Place::Dx => self.register(if self.intel { "%dx" } else { "(%dx)" }),
            isa::Place::Fs => self.register("%fs"),
            isa::Place::Gs => self.register("%gs"),
            isa::Place::St0 => self.register("%st"),
            isa::Place::One => {
                if self.intel {
                    self.out.push(b'1');
                }
            }
            isa::Place::StrSrc => self.string(op, true, 6),
            isa::Place::StrDst => self.string(op, false, 7),
            isa::Place::Xlat => self.string(op, true, 3),
            isa::Place::MaskDst => {}
        }
    }

    fn class(&mut self, op: &Op, number: u8) {
        // A part of a vector register goes to or comes from 32 bits, whatever `W` says.
        let part = op.reg == Width::Y && matches!(op.mem, Width::B1 | Width::B2 | Width::B4)
            || self.inst.meta.part && op.class == Class::Gpr;
        let width = if part { 4 } else { self.inst.width(op.reg) };
        match op.class {
            // EVEX.R' and EVEX.V' name vectors alone.
            Class::Gpr if number >= 16 => self.text("(bad)"),
            Class::Gpr => self.gpr(number, width),
            Class::Vec => self.vector(number, width.max(16)),
            Class::Seg => self.register(SEGMENTS[usize::from(number & 7)]),
            Class::Cr => self.numbered("%cr", number),
            Class::Dr => self.numbered(if self.intel { "%dr" } else { "%db" }, number),
            Class::Mmx => self.numbered("%mm", number & 7),
            Class::Mask | Class::MaskPair => self.limited("%k", number, 8),
            Class::Tile => self.limited("%tmm", number, 8),
            Class::Bound => self.limited("%bnd", number, 4),
            Class::St => {
                self.register("%st(");
                self.out.extend_from_slice(&[b'0' + (number & 7), b')']);
            }
            Class::Imm | Class::Mem => {}
        }
    }

    fn limited(&mut self, name: &str, number: u8, count: u8) {
        if number < count {
            self.numbered(name, number);
        } else {
            self.text("(bad)");
        }
    }

    fn place(&self, at: u8, len: u8, value: i64, address: u64, role: Role) -> Place {
        Place { at, len, value, address, role }
    }

    fn immediate(&mut self, op: &Op, field: usize) {
        let inst = self.inst;
        let (at, len, value) = (inst.imm_at[field & 1], inst.imm_len[field & 1], inst.imm[field & 1]);
        let shown = match (op.place, op.reg) {
            (isa::Place::ImmSx, _) | (isa::Place::Imm, Width::Z | Width::V) => match inst.size {
                2 => value as u64 & 0xffff,
                4 => value as u64 & 0xffff_ffff,
                _ => value as u64,
            },
            (_, Width::B2) => value as u64 & 0xffff,
            (_, Width::B4) => value as u64 & 0xffff_ffff,
            _ => value as u64 & 0xff,
        };
        if !self.intel {
            self.out.push(b'$');
        }
        let place = self.place(at, len, value, shown, Role::Immediate);
        if !self.names.operand(&place, self.out) {
            self.hex(shown);
        }
    }

    fn branch(&mut self) {
        let inst = self.inst;
        let target = branch_target(inst, self.address);
        let place = self.place(inst.imm_at[0], inst.imm_len[0], inst.imm[0], target, Role::Branch);
        if !self.names.operand(&place, self.out) {
            self.names.remark(target, self.out);
        }
    }

    /// The displacement's text, if the caller has one for it. Notes the remark.
    pub(crate) fn displacement(&mut self, memory_remark: bool) -> bool {
        let inst = self.inst;
        let (role, address) = if inst.rip {
            (Role::Relative, after(inst, self.address).wrapping_add(inst.disp as u64))
        } else {
            (Role::Displacement, inst.disp as u64)
        };
        let place = self.place(inst.disp_at, inst.disp_len, inst.disp, address, role);
        let named = self.names.operand(&place, self.out);
        if inst.rip && memory_remark && !named {
            self.remark = Some(address);
        }
        named
    }

    fn memory(&mut self, op: &Op) {
        if self.intel {
            print_intel::size(self, op);
        }
        if self.inst.prefixes.segment != 0 {
            self.segment();
        }
        let row = self.inst.meta.row;
        if self.inst.no_sib || self.inst.rip && row.set == Set::Mpx && matches!(row.name, "bndldx" | "bndstx" | "bndmk")
        {
            self.text("(bad)");
        } else if self.intel {
            print_intel::memory(self, op);
        } else {
            print_att::memory(self, op);
        }
        if self.inst.broadcast {
            self.broadcast(op);
        }
    }

    /// How often an element is taken.
    fn broadcast(&mut self, op: &Op) {
        let element = self.inst.meta.row.enc.broadcast;
        if element == 0 {
            self.text("{bad}");
            return;
        }
        let told = match self.inst.meta.names.suffix {
            Suffix::Xyz => false,
            Suffix::Xy => self.inst.length == 2,
            _ => true,
        };
        if self.intel && told {
            return;
        }
        self.text("{1to");
        let count = self.inst.width(op.mem) / element;
        if count >= 10 {
            self.out.push(b'0' + count / 10);
        }
        self.out.extend_from_slice(&[b'0' + count % 10, b'}']);
    }

    /// The segment that is overridden.
    pub(crate) fn segment(&mut self) {
        self.register(if self.inst.prefixes.segment == 0x64 { "%fs" } else { "%gs" });
        self.out.push(b':');
    }

    /// Register of an address.
    pub(crate) fn address_register(&mut self, number: u8) {
        self.gpr(number, if self.inst.short_addresses() { 4 } else { 8 });
    }

    /// Memory that a string instruction implies.
    fn string(&mut self, op: &Op, source: bool, register: u8) {
        if self.intel {
            print_intel::size(self, op);
        }
        match source {
            true if self.inst.prefixes.segment != 0 => self.segment(),
            true => {
                self.register("%ds");
                self.out.push(b':');
            }
            false => {
                self.register("%es");
                self.out.push(b':');
            }
        }
        self.out.push(if self.intel { b'[' } else { b'(' });
        self.address_register(register);
        self.out.push(if self.intel { b']' } else { b')' });
    }

    /// Memory at an address that stands in the instruction.
    fn absolute(&mut self, _op: &Op, field: usize) {
        let inst = self.inst;
        if inst.prefixes.segment != 0 {
            self.segment();
        } else if self.intel {
            self.text("ds:");
        }
        let (at, len, value) = (inst.imm_at[field & 1], inst.imm_len[field & 1], inst.imm[field & 1]);
        let shown = if len == 4 { value as u64 & 0xffff_ffff } else { value as u64 };
        let place = self.place(at, len, value, shown, Role::Displacement);
        if !self.names.operand(&place, self.out) {
            self.hex(shown);
        }
    }
}

/// Nothing in the instruction needs EVEX.
fn looks_like_vex(inst: &Inst) -> bool {
    let high = inst.reg | inst.vvvv | if inst.mode == 3 { inst.rm } else { 0 };
    !inst.broadcast && inst.rounding < 2 && inst.mask == 0 && high & 16 == 0
}

/// Names that prefixes or `-M intel-mnemonic` change.
fn rare_name(name: &'static str, inst: &Inst, style: Style, intel: bool) -> &'static str {
    let prefixes = &inst.prefixes;
    if inst.meta.row.set == Set::X87 {
        let name = if prefixes.wait { waiting(name) } else { name };
        return if intel || style.syntax == ATT_WITH_INTEL_NAMES { name } else { reversed(name, inst) };
    }
    if inst.meta.row.enc.map != 0 {
        return hinted(name, inst, intel);
    }
    match name {
        "movabs" if prefixes.has_addr() && inst.opcode < 0xb0 => "mov",
        "jrcxz" if prefixes.has_addr() => match (prefixes.ds, prefixes.cs, intel) {
            (true, false, false) => "jecxz,pt",
            (false, true, false) => "jecxz,pn",
            _ => "jecxz",
        },
        "loop" if prefixes.has_addr() && !intel => hinted("loopl", inst, intel),
        "loope" if prefixes.has_addr() && !intel => hinted("loopel", inst, intel),
        "loopne" if prefixes.has_addr() && !intel => hinted("loopnel", inst, intel),
        _ => hinted(name, inst, intel),
    }
}

/// x87 instructions that wait by an `fwait` in front of them have a name without `n`.
fn waiting(name: &'static str) -> &'static str {
    match name {
        "fnstenv" => "fstenv",
        "fnstenvs" => "fstenvs",
        "fnstenvw" => "fstenvw",
        "fnstcw" => "fstcw",
        "fnstsw" => "fstsw",
        "fnsave" => "fsave",
        "fnsaves" => "fsaves",
        "fnsavew" => "fsavew",
        "fnclex" => "fclex",
        "fninit" => "finit",
        "fneni(8087 only)" => "feni(8087 only)",
        "fndisi(8087 only)" => "fdisi(8087 only)",
        "fnsetpm(287 only)" => "fsetpm(287 only)",
        _ => name,
    }
}

/// AT&T's assemblers always had these the wrong way round, where the destination is not the top of the stack.
fn reversed(name: &'static str, inst: &Inst) -> &'static str {
    if inst.mode != 3 || !matches!(inst.opcode, 0xdc | 0xde) {
        return name;
    }
    match name {
        "fsub" => "fsubr",
        "fsubr" => "fsub",
        "fdiv" => "fdivr",
        "fdivr" => "fdiv",
        "fsubp" => "fsubrp",
        "fsubrp" => "fsubp",
        "fdivp" => "fdivrp",
        "fdivrp" => "fdivp",
        _ => name,
    }
}

type Hinted = (&'static str, &'static str, &'static str);

/// Conditional jumps with the hint that they are taken, that they are not.
#[rustfmt::skip]
static HINTED: &[Hinted] = &[
    ("jo", "jo,pt", "jo,pn"), ("jno", "jno,pt", "jno,pn"), ("jb", "jb,pt", "jb,pn"), ("jae", "jae,pt", "jae,pn"),
    ("je", "je,pt", "je,pn"), ("jne", "jne,pt", "jne,pn"), ("jbe", "jbe,pt", "jbe,pn"), ("ja", "ja,pt", "ja,pn"),
    ("js", "js,pt", "js,pn"), ("jns", "jns,pt", "jns,pn"), ("jp", "jp,pt", "jp,pn"), ("jnp", "jnp,pt", "jnp,pn"),
    ("jl", "jl,pt", "jl,pn"), ("jge", "jge,pt", "jge,pn"), ("jle", "jle,pt", "jle,pn"), ("jg", "jg,pt", "jg,pn"),
    ("jrcxz", "jrcxz,pt", "jrcxz,pn"), ("loop", "loop,pt", "loop,pn"), ("loope", "loope,pt", "loope,pn"),
    ("loopne", "loopne,pt", "loopne,pn"), ("loopl", "loopl,pt", "loopl,pn"), ("loopel", "loopel,pt", "loopel,pn"),
    ("loopnel", "loopnel,pt", "loopnel,pn"),
];

fn hinted(name: &'static str, inst: &Inst, intel: bool) -> &'static str {
    let prefixes = &inst.prefixes;
    if intel || prefixes.ds == prefixes.cs {
        return name;
    }
    match HINTED.iter().find(|(plain, ..)| *plain == name) {
        Some((_, taken, _)) if prefixes.ds => taken,
        Some((_, _, not)) => not,
        None => name,
    }
}

/// A number in hexadecimal with `0x` in front.
pub(crate) fn hex(value: u64, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = ((67 - (value | 1).leading_zeros()) / 4) as usize;
    let mut text = [0; 18];
    text[0] = b'0';
    text[1] = b'x';
    let mut rest = value;
    for at in (0..digits).rev() {
        text[2 + at] = DIGITS[(rest & 15) as usize];
        rest >>= 4;
    }
    out.extend_from_slice(&text[..2 + digits]);
}
