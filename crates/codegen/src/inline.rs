//! Inline assembly: constraints to places, and templates to text. Constraint letters, register names and the look of
//! operands are the architecture's ([`InlineAsm`]); the rules around them are GNU C's ("Extended Asm" in gcc's manual).
//!
//! Operands get fixed registers before anything is emitted, so that a statement is, for the register sinks, one
//! instruction that reads given registers and changes others. The assignment depends on nothing but the function: it is made
//! once before the frame is laid out, for the registers that must be saved, and once in selection.

use crate::machine::{PReg, RegSet};
use ir::func::{Asm, AsmOperand, AsmRole, Inst};
use ir::{Func, Module, Op, Ty, Value};

/// What one constraint letter admits.
#[derive(Clone, Copy)]
pub enum Admits {
    /// A value in one of these registers.
    Regs(RegSet),
    /// A value of two registers' size in these two, a smaller one in the first.
    Pair(PReg, PReg),
    /// A value on top of the architecture's register stack, so deep, or anywhere.
    Stack(Option<u8>),
    /// A constant that passes.
    Number(fn(i64) -> bool),
}

/// What a register name in a clobber list or declaration means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NamedReg {
    Reg(PReg),
    /// A register of the stack, by its depth.
    Stack(u8),
    /// Something that code generation relies on nowhere.
    Other,
    /// One that has its own task in every function.
    Reserved,
}

/// An operand to be shown in a template.
#[derive(Clone, Copy, Debug)]
pub enum Shown<'a> {
    Reg(PReg),
    Stack(u8),
    /// Text of a memory operand.
    Memory(&'a str),
    Number(i64),
    Symbol(&'a str),
}

/// The facet of an architecture for inline assembly.
pub struct InlineAsm {
    /// What the constraint that begins here admits, and its length. `None` for letters that mean nothing.
    pub letter: fn(&[u8]) -> Option<(usize, Admits)>,
    /// Registers for `r`, those that need no saving first.
    pub general: &'static [PReg],
    /// Registers for floating-point values where any will do.
    pub float: RegSet,
    /// Of all registers that operands may be in: those that callers expect to find unchanged.
    pub saved: RegSet,
    pub register: fn(&[u8]) -> Option<NamedReg>,
    /// The condition of a flag output (`=@cc…`, what stands behind `@`).
    pub flag: fn(&[u8]) -> Option<u8>,
    /// Appends an operand of so many bytes as the modifier asks (0 for none), in the syntax of that number. `None` when it
    /// cannot be shown so.
    pub show: fn(&mut Vec<u8>, Shown<'_>, u8, u32, u8) -> Option<()>,
    /// True when the address `v` can be shown without a register.
    pub is_direct: fn(&Module, &Func, Value) -> bool,
}

/// Where an operand is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Loc {
    Reg(PReg),
    /// Low half, high half.
    Pair(PReg, PReg),
    Stack(u8),
    /// Memory whose address needs no register.
    Direct,
    /// Memory whose address is in a register.
    At(PReg),
    /// A value put into the frame.
    Room,
    /// The output's slot itself, which lies in the frame.
    InSlot,
    /// A constant.
    Constant,
    /// The output is a condition; its value is made in this register afterwards.
    Flag(u8, PReg),
}

/// A statement with its operands in place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Assigned {
    pub locs: Vec<Loc>,
    /// Everything that is changed: clobbers and outputs.
    pub changed: RegSet,
    /// Registers of the stack that the statement takes off itself.
    pub popped: u8,
    /// Everything that is touched, for what must be saved.
    pub touched: RegSet,
}

pub const IMPOSSIBLE: &str = "impossible constraint in ‘asm’";
const CONFLICT: &str = "‘asm’ operand has impossible constraints";

/// One alternative of one operand.
#[derive(Clone, Default)]
struct Alternative {
    regs: RegSet,
    general: bool,
    pair: Option<(PReg, PReg)>,
    stack: Option<Option<u8>>,
    memory: bool,
    any_constant: bool,
    numbers: Vec<fn(i64) -> bool>,
    tied: Option<usize>,
    early: bool,
    flag: Option<u8>,
}

/// What is known of an operand's value.
#[derive(Clone, Copy)]
struct Given {
    ty: Ty,
    value: Value,
    /// An integer constant; with `symbolic`, an address.
    number: Option<i64>,
    symbolic: bool,
}

/// Places for all operands of the statement `inst`.
pub fn assign(facet: &InlineAsm, module: &Module, func: &Func, inst: &Inst) -> Result<Assigned, String> {
    let asm = &func.asms[inst.a as usize];
    let givens = givens(func, asm, inst);
    let alternatives = asm.operands.iter().map(|operand| parse(facet, asm, operand)).collect::<Result<Vec<_>, _>>()?;
    let (clobbers, popped) = clobbers(facet, asm)?;
    let n = alternatives.iter().map(Vec::len).max().unwrap_or(1);
    let mut failure = IMPOSSIBLE.to_string();
    for nth in 0..n {
        let chosen: Vec<&Alternative> = alternatives.iter().map(|list| &list[nth.min(list.len() - 1)]).collect();
        let (givens, chosen) = (&givens[..], &chosen[..]);
        let mut work =
            Work { facet, module, func, asm, givens, chosen, clobbers, inputs: 0, outputs: 0, early: 0, stack: 0 };
        match work.run() {
            Ok(locs) => {
                let outputs = work.outputs;
                let touched = outputs | work.inputs | clobbers;
                return Ok(Assigned { locs, changed: clobbers | outputs, popped, touched });
            }
            Err(message) => failure = message.into(),
        }
    }
    Err(failure)
}

/// Registers that the function's statements touch and that must be saved for that.
pub fn saved(facet: &InlineAsm, module: &Module, func: &Func) -> RegSet {
    let mut set = 0;
    if !func.asms.is_empty() {
        for inst in func.insts.iter().filter(|inst| matches!(inst.op, Op::Asm | Op::AsmGoto)) {
            // What is wrong is told in selection.
            set |= assign(facet, module, func, inst).map_or(0, |assigned| assigned.touched);
        }
    }
    set & facet.saved
}

fn givens(func: &Func, asm: &Asm, inst: &Inst) -> Vec<Given> {
    let n = func.lists[inst.b as usize];
    let mut values = func.list(inst.b + 1, n).iter().map(|&v| Value(v));
    let given = |operand: &AsmOperand| {
        if let AsmRole::Output(slot) = operand.role {
            return Given { ty: func.slots[slot].ty, value: Value(u32::MAX), number: None, symbolic: false };
        }
        let value = values.next().expect("verified: one value an operand");
        let made = func.inst(value);
        let number = match made.op {
            Op::Iconst => {
                let shift = 64 - 8 * made.ty.size();
                Some((made.imm64() << shift) as i64 >> shift)
            }
            Op::SymAddr => Some(made.imm64() as i64),
            _ => None,
        };
        Given { ty: made.result_ty(), value, number, symbolic: made.op == Op::SymAddr }
    };
    asm.operands.iter().map(given).collect()
}

fn clobbers(facet: &InlineAsm, asm: &Asm) -> Result<(RegSet, u8), String> {
    let (mut set, mut popped) = (0, 0);
    for name in &asm.clobbers {
        if **name == *b"memory" || **name == *b"cc" || **name == *b"redzone" {
            continue;
        }
        match (facet.register)(name) {
            Some(NamedReg::Reg(preg)) => set |= 1 << preg,
            Some(NamedReg::Stack(depth)) => popped |= 1 << depth,
            Some(NamedReg::Other) => {}
            Some(NamedReg::Reserved) => {
                return Err(format!("‘{}’ cannot be used in ‘asm’ here", String::from_utf8_lossy(name)));
            }
            None => return Err(format!("unknown register name ‘{}’ in ‘asm’", String::from_utf8_lossy(name))),
        }
    }
    Ok((set, popped))
}

/// The alternatives of one operand.
fn parse(facet: &InlineAsm, asm: &Asm, operand: &AsmOperand) -> Result<Vec<Alternative>, String> {
    let mut list = vec![Alternative::default()];
    let mut rest = &*operand.constraint;
    let is_output = matches!(operand.role, AsmRole::Output(_) | AsmRole::OutputAt);
    while let Some((&letter, tail)) = rest.split_first() {
        let last = list.last_mut().expect("at least one");
        rest = tail;
        match letter {
            b'=' | b'+' | b'%' | b'?' | b'!' | b'*' | b'^' | b'$' | b' ' | b'\t' => {}
            b'#' => {
                let n = rest.iter().position(|&b| b == b',').unwrap_or(rest.len());
                rest = &rest[n..];
            }
            b'&' => last.early = true,
            b',' => list.push(Alternative::default()),
            b'r' => last.general = true,
            b'm' | b'o' | b'V' | b'<' | b'>' => last.memory = true,
            b'i' | b's' => last.any_constant = true,
            b'n' => last.numbers.push(|_| true),
            b'g' | b'X' => (last.general, last.memory, last.any_constant) = (true, true, true),
            b'p' => (last.general, last.any_constant) = (true, true),
            b'E' | b'F' => {}
            b'0'..=b'9' if !is_output => {
                let n = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
                let from = operand.constraint.len() - rest.len() - 1;
                let digits = std::str::from_utf8(&operand.constraint[from..from + 1 + n]).unwrap_or("");
                let number: usize = digits.parse().unwrap_or(usize::MAX);
                rest = &rest[n..];
                last.tied = Some(tie(asm, number)?);
            }
            b'[' if !is_output => {
                let n = rest.iter().position(|&b| b == b']').ok_or(IMPOSSIBLE)?;
                let name = &rest[..n];
                let number = asm.operands.iter().position(|operand| *operand.name == *name && !name.is_empty());
                let unknown = || format!("undefined named operand ‘{}’", String::from_utf8_lossy(name));
                last.tied = Some(tie(asm, number.ok_or_else(unknown)?)?);
                rest = &rest[n + 1..];
            }
            b'@' if is_output => {
                last.flag = Some((facet.flag)(rest).ok_or("unknown flag output constraint in ‘asm’")?);
                rest = &[];
            }
            _ => {
                let from = operand.constraint.len() - rest.len() - 1;
                let (len, admits) = (facet.letter)(&operand.constraint[from..]).ok_or(IMPOSSIBLE)?;
                rest = &operand.constraint[from + len..];
                match admits {
                    Admits::Regs(regs) => last.regs |= regs,
                    Admits::Pair(low, high) => last.pair = Some((low, high)),
                    Admits::Stack(depth) => last.stack = Some(depth),
                    Admits::Number(test) => last.numbers.push(test),
                }
            }
        }
    }
    Ok(list)
}

fn tie(asm: &Asm, number: usize) -> Result<usize, String> {
    match asm.operands.get(number).map(|operand| operand.role) {
        Some(AsmRole::Output(_) | AsmRole::OutputAt) => Ok(number),
        _ => Err("matching constraint references invalid operand number".into()),
    }
}

struct Work<'a> {
    facet: &'a InlineAsm,
    module: &'a Module,
    func: &'a Func,
    asm: &'a Asm,
    givens: &'a [Given],
    chosen: &'a [&'a Alternative],
    clobbers: RegSet,
    inputs: RegSet,
    outputs: RegSet,
    /// Outputs that are written before all inputs are read.
    early: RegSet,
    stack: u8,
}

impl Work<'_> {
    fn run(&mut self) -> Result<Vec<Loc>, &'static str> {
        let n = self.chosen.len();
        let mut locs: Vec<Option<Loc>> = vec![None; n];
        for (idx, loc) in locs.iter_mut().enumerate() {
            *loc = self.without_register(idx)?;
        }
        // The fewest choices first; outputs before inputs, as those that are tied take theirs.
        let mut order: Vec<usize> =
            (0..n).filter(|&idx| locs[idx].is_none() && self.chosen[idx].tied.is_none()).collect();
        order.sort_by_key(|&idx| (self.set(idx).map_or(0, |set| set.count_ones()), idx));
        for idx in order {
            let loc = self.take(idx)?;
            locs[idx] = Some(loc);
            self.tie_inputs(idx, loc, &mut locs);
        }
        for idx in 0..n {
            if let (None, Some(to)) = (locs[idx], self.chosen[idx].tied) {
                locs[idx] = match locs[to] {
                    // `"+m"` and `"0"` of memory: the same memory.
                    Some(loc @ (Loc::Direct | Loc::At(_))) => Some(loc),
                    _ => return Err(CONFLICT),
                };
            }
        }
        locs.into_iter().collect::<Option<Vec<_>>>().ok_or(CONFLICT)
    }

    fn is_output(&self, idx: usize) -> bool {
        matches!(self.asm.operands[idx].role, AsmRole::Output(_) | AsmRole::OutputAt)
    }

    /// The inputs that are tied to output `idx` are where it is.
    fn tie_inputs(&mut self, idx: usize, loc: Loc, locs: &mut [Option<Loc>]) {
        for (other, chosen) in self.chosen.iter().enumerate() {
            if chosen.tied == Some(idx) && locs[other].is_none() {
                locs[other] = Some(loc);
                self.inputs |= regs_of(loc);
            }
        }
    }

    /// The place of an operand that takes no register, or whose address takes one later.
    fn without_register(&mut self, idx: usize) -> Result<Option<Loc>, &'static str> {
        let (chosen, given) = (self.chosen[idx], self.givens[idx]);
        let operand = &self.asm.operands[idx];
        match operand.role {
            AsmRole::OutputAt | AsmRole::InputAt => {
                if !chosen.memory && chosen.tied.is_none() {
                    return Err(IMPOSSIBLE);
                }
                Ok((self.facet.is_direct)(self.module, self.func, given.value).then_some(Loc::Direct))
            }
            AsmRole::Input if operand.register.is_empty() && chosen.tied.is_none() => {
                let fits = match given.number {
                    Some(_) if given.symbolic => chosen.any_constant,
                    Some(number) => chosen.any_constant || chosen.numbers.iter().any(|test| test(number)),
                    None => false,
                };
                // A number beyond 32 bits is no operand of most instructions: a register, where there is a choice.
                let wide = given.number.is_some_and(|number| i32::try_from(number).is_err());
                let choice = chosen.general || chosen.regs != 0;
                if fits && !(wide && choice) {
                    return Ok(Some(Loc::Constant));
                }
                if chosen.memory && !choice && chosen.stack.is_none() && chosen.pair.is_none() {
                    return Ok(Some(Loc::Room));
                }
                Ok(None)
            }
            AsmRole::Output(slot) if chosen.memory && !chosen.general && chosen.regs == 0 => {
                let has_tie = self.chosen.iter().any(|other| other.tied == Some(idx));
                let others = chosen.stack.is_some() || chosen.pair.is_some() || chosen.flag.is_some();
                match self.func.slots[slot].pinned_to_memory && !has_tie && !others {
                    true => Ok(Some(Loc::InSlot)),
                    false => Err(CONFLICT),
                }
            }
            _ => Ok(None),
        }
    }

    /// The registers that operand `idx` may be in.
    fn set(&self, idx: usize) -> Result<RegSet, &'static str> {
        let (chosen, given) = (self.chosen[idx], self.givens[idx]);
        let operand = &self.asm.operands[idx];
        let general = self.facet.general.iter().fold(0, |set: RegSet, &preg| set | 1 << preg);
        if matches!(operand.role, AsmRole::OutputAt | AsmRole::InputAt) {
            return Ok(general);
        }
        if !operand.register.is_empty() && (chosen.general || chosen.regs != 0) {
            return match (self.facet.register)(&operand.register) {
                Some(NamedReg::Reg(preg)) => Ok(1 << preg),
                _ => Err(CONFLICT),
            };
        }
        if chosen.flag.is_some() {
            return Ok(general);
        }
        let mut set = chosen.regs;
        if chosen.general {
            set |= general;
        }
        // A floating-point value prefers its own registers where both are admitted; a vector fits into no other.
        if given.ty == Ty::V128 || given.ty.is_float() && set & self.facet.float != 0 {
            set &= self.facet.float;
        }
        if let Some((low, _)) = chosen.pair {
            set |= 1 << low;
        }
        Ok(set)
    }

    /// A place for an operand in a register.
    fn take(&mut self, idx: usize) -> Result<Loc, &'static str> {
        let (chosen, given) = (self.chosen[idx], self.givens[idx]);
        let operand = &self.asm.operands[idx];
        let set = self.set(idx)?;
        if let (Some(depth), true) = (chosen.stack, given.ty.is_float() || set == 0) {
            if !given.ty.is_float() {
                return Err(CONFLICT);
            }
            return self.take_stack(idx, depth);
        }
        if given.ty == Ty::F80 {
            return Err("an ‘asm’ operand of this type must be in memory or on the register stack");
        }
        let output = self.is_output(idx) && !matches!(operand.role, AsmRole::OutputAt);
        let has_tie = output && self.chosen.iter().any(|other| other.tied == Some(idx));
        let mut taken = self.clobbers;
        if output {
            taken |= self.outputs;
            if chosen.early || has_tie {
                taken |= self.inputs;
            }
        }
        if !output || has_tie {
            taken |= self.inputs | self.early;
        }
        if given.ty == Ty::I128 && !matches!(operand.role, AsmRole::OutputAt | AsmRole::InputAt) {
            return self.take_pair(idx, set, taken, output, has_tie);
        }
        let free = set & !taken;
        // Sharing is allowed, but kinder to statements that forgot their `&` is not to.
        let best = if free & !(self.inputs | self.outputs) != 0 { free & !(self.inputs | self.outputs) } else { free };
        let listed = self.facet.general.iter().copied().find(|&preg| best & 1 << preg != 0);
        let preg = match listed {
            Some(preg) => preg,
            None if best != 0 => best.trailing_zeros() as PReg,
            None if chosen.memory && matches!(operand.role, AsmRole::Input) => return Ok(Loc::Room),
            None => return Err(if set == 0 { IMPOSSIBLE } else { CONFLICT }),
        };
        self.mark(1 << preg, output, has_tie, chosen.early);
        Ok(match (operand.role, chosen.flag) {
            (AsmRole::OutputAt | AsmRole::InputAt, _) => Loc::At(preg),
            (_, Some(code)) => Loc::Flag(code, preg),
            _ => Loc::Reg(preg),
        })
    }

    fn mark(&mut self, set: RegSet, output: bool, has_tie: bool, early: bool) {
        if output {
            self.outputs |= set;
            if early {
                self.early |= set;
            }
        }
        if !output || has_tie {
            self.inputs |= set;
        }
    }

    fn take_pair(
        &mut self,
        idx: usize,
        set: RegSet,
        taken: RegSet,
        output: bool,
        has_tie: bool,
    ) -> Result<Loc, &'static str> {
        let chosen = self.chosen[idx];
        let free = |preg: PReg| taken & 1 << preg == 0;
        let (low, high) = match chosen.pair {
            Some(pair) => pair,
            None => {
                let mut list = self.facet.general.iter().copied().filter(|&preg| set & 1 << preg != 0 && free(preg));
                (list.next().ok_or(CONFLICT)?, list.next().ok_or(CONFLICT)?)
            }
        };
        if !free(low) || !free(high) {
            return Err(CONFLICT);
        }
        self.mark(1 << low | 1 << high, output, has_tie, chosen.early);
        Ok(Loc::Pair(low, high))
    }

    fn take_stack(&mut self, idx: usize, depth: Option<u8>) -> Result<Loc, &'static str> {
        // Inputs and outputs have stacks of their own.
        let shift = if self.is_output(idx) { 4 } else { 0 };
        let depth = match depth {
            Some(depth) => depth,
            None => (0..4).find(|&depth| self.stack & 1 << (depth + shift) == 0).ok_or(CONFLICT)?,
        };
        if depth >= 4 || self.stack & 1 << (depth + shift) != 0 {
            return Err(CONFLICT);
        }
        self.stack |= 1 << (depth + shift);
        if shift == 4 && self.chosen.iter().any(|other| other.tied == Some(idx)) {
            self.stack |= 1 << depth;
        }
        Ok(Loc::Stack(depth))
    }
}

fn regs_of(loc: Loc) -> RegSet {
    match loc {
        Loc::Reg(preg) | Loc::At(preg) | Loc::Flag(_, preg) => 1 << preg,
        Loc::Pair(low, high) => 1 << low | 1 << high,
        Loc::Stack(_) | Loc::Direct | Loc::Room | Loc::InSlot | Loc::Constant => 0,
    }
}

/// What selection knows of an operand when the template is filled in.
#[derive(Clone, Debug)]
pub enum Text {
    Reg(PReg),
    Stack(u8),
    Memory(String),
    Number(i64),
    Symbol(String),
}

/// The template with its operands and labels in place.
pub fn fill(
    facet: &InlineAsm,
    asm: &Asm,
    operands: &[Text],
    labels: &[String],
    unique: u32,
) -> Result<Vec<u8>, String> {
    if asm.plain {
        return Ok(asm.template.to_vec());
    }
    let mut out = Vec::with_capacity(asm.template.len() + 32);
    let text = &asm.template;
    let mut at = 0;
    // Inside `{a|b}`: which choice is at hand.
    let mut choice: Option<usize> = None;
    while at < text.len() {
        let byte = text[at];
        at += 1;
        match byte {
            b'{' if choice.is_none() => choice = Some(0),
            b'|' if choice.is_some() => choice = choice.map(|nth| nth + 1),
            b'}' if choice.is_some() => choice = None,
            _ => {
                let wanted = choice.is_none_or(|nth| nth == usize::from(asm.syntax));
                let from = out.len();
                if byte == b'%' {
                    at += escape(facet, asm, operands, labels, unique, &text[at..], &mut out)?;
                } else {
                    out.push(byte);
                }
                if !wanted {
                    out.truncate(from);
                }
            }
        }
    }
    Ok(out)
}

/// What stands behind a `%`: its length.
fn escape(
    facet: &InlineAsm,
    asm: &Asm,
    operands: &[Text],
    labels: &[String],
    unique: u32,
    text: &[u8],
    out: &mut Vec<u8>,
) -> Result<usize, String> {
    let first = text.first().copied().ok_or("invalid ‘asm’: ‘%’ at the end of the template")?;
    match first {
        b'%' | b'{' | b'}' | b'|' => {
            out.push(first);
            return Ok(1);
        }
        b'=' => {
            out.extend_from_slice(unique.to_string().as_bytes());
            return Ok(1);
        }
        _ => {}
    }
    let (modifier, rest) = if first.is_ascii_alphabetic() { (first, &text[1..]) } else { (0, text) };
    let skipped = usize::from(modifier != 0);
    let (number, len) = match rest.first() {
        Some(b'0'..=b'9') => {
            let n = rest.iter().position(|b| !b.is_ascii_digit()).unwrap_or(rest.len());
            let digits = std::str::from_utf8(&rest[..n]).unwrap_or("");
            (digits.parse().map_err(|_| "operand number out of range")?, n)
        }
        Some(b'[') => {
            let n =
                rest.iter().position(|&b| b == b']').ok_or("invalid ‘asm’: missing close bracket for named operand")?;
            let name = &rest[1..n];
            let operand = asm.operands.iter().position(|operand| *operand.name == *name);
            let label = || asm.labels.iter().position(|label| *label.0 == *name).map(|at| asm.operands.len() + at);
            let unknown = || format!("undefined named operand ‘{}’", String::from_utf8_lossy(name));
            (operand.or_else(label).ok_or_else(unknown)?, n + 1)
        }
        _ if modifier != 0 => {
            return Err(format!("invalid ‘asm’: operand number missing after %-letter ‘{}’", char::from(modifier)));
        }
        _ => return Err(format!("invalid ‘asm’: ‘%{}’", char::from(first))),
    };
    if let Some(at) = number.checked_sub(operands.len()) {
        let label = labels.get(at).ok_or("invalid ‘asm’: operand number out of range")?;
        out.extend_from_slice(label.as_bytes());
        return Ok(skipped + len);
    }
    let shown = match &operands[number] {
        Text::Reg(preg) => Shown::Reg(*preg),
        Text::Stack(depth) => Shown::Stack(*depth),
        Text::Memory(text) => Shown::Memory(text),
        Text::Number(number) => Shown::Number(*number),
        Text::Symbol(text) => Shown::Symbol(text),
    };
    let wrong = || format!("invalid ‘asm’: operand {number} cannot be shown with modifier ‘{}’", char::from(modifier));
    (facet.show)(out, shown, modifier, asm.operands[number].size, asm.syntax).ok_or_else(wrong)?;
    Ok(skipped + len)
}
