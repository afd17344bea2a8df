//! Parsing of functions: tables, then blocks of instructions by the rows of [`OPS`].

use super::lex::Token;
use super::parse::{Parsed, Parser, ty_named};
use super::print::{CALL_FLAGS, FUNC_FLAGS, truncate};
use crate::debug::{FuncDebug, LocalVar, Scope, ScopeData, VarHome};
use crate::func::{
    Asm, AsmOperand, AsmRole, Block, BlockData, Func, FuncFlags, Inst, LocRun, ParamHome, Slot, SlotData,
};
use crate::module::Symbol;
use crate::ops::{AtomicRmw, Aux, Cond, FCond, OPS, OpRow, Operand};
use crate::record::Event;
use crate::types::Ty;
use base::ids::Id;

/// A function while it is parsed.
struct State {
    func: Func,
    /// Blocks with their ids, in the order of the text; checked for gaps at the end.
    blocks: Vec<(u32, BlockData)>,
    /// One above the highest block that is named anywhere.
    n_named: u32,
    /// Slots whose weight is not in the text: it is computed.
    unweighed: Vec<Slot>,
}

impl Parser<'_> {
    pub(super) fn func(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let symbol = self.symbol()?;
        let sig = self.sig()?;
        let mut func = Func::new(symbol, sig);
        if self.eat_word("align")? {
            func.align = self.align()?;
        }
        func.flags = FuncFlags(self.flags(&FUNC_FLAGS)?);
        self.mark(b'{')?;
        let mut state = State { func, blocks: Vec::new(), n_named: 0, unweighed: Vec::new() };
        self.func_tables(&mut state)?;
        while !self.at_mark(b'}') {
            let is_loc = self.lexer.token == Token::Word("loc");
            if is_loc {
                self.loc(&mut state.func)?;
            } else {
                self.block(&mut state)?;
            }
        }
        self.close_func(&mut state)?;
        self.mark(b'}')?;
        self.unit.events.push(Event::Function(Box::new(state.func)));
        Ok(())
    }

    fn func_tables(&mut self, state: &mut State) -> Parsed<()> {
        let mut homes: Vec<ParamHome> = Vec::new();
        if self.eat_word("params")? {
            loop {
                let is_value = self.eat_word("value")?;
                homes.push(if is_value { ParamHome::Value } else { ParamHome::Slot(Slot(self.id("s")?)) });
                if !self.eat_mark(b',')? {
                    break;
                }
            }
        }
        while self.eat_word("slot")? {
            self.slot(state)?;
        }
        let n_slots = state.func.slots.len();
        for home in &homes {
            if let ParamHome::Slot(slot) = *home {
                if slot.index() >= n_slots {
                    return self.error(format!("there is no slot {slot:?}"));
                }
                state.func.slots[slot].address_taken = true;
            }
        }
        state.func.params = homes;
        if self.eat_word("debug")? {
            state.func.debug = Some(Box::new(self.func_debug(n_slots)?));
        }
        while self.eat_word("asm")? {
            self.asm(state)?;
        }
        while self.eat_word("unfilled")? {
            let id = self.id("b")?;
            let label = self.label()?;
            state.blocks.push((id, BlockData { start: 0, end: 0, label, loop_depth: 0 }));
        }
        Ok(())
    }

    fn slot(&mut self, state: &mut State) -> Parsed<()> {
        let slots = &mut state.func.slots;
        self.new_id("s", slots.len())?;
        let size = self.u64()?;
        let align = self.keyed_align()?;
        let ty = self.ty()?;
        let weight = if self.eat_word("weight")? {
            self.u32()?
        } else {
            state.unweighed.push(slots.next_id());
            0
        };
        let address_taken = self.eat_word("taken")?;
        let pinned_to_memory = self.eat_word("pinned")?;
        let (mut first, mut end) = (0, u32::MAX);
        if self.eat_word("from")? {
            first = self.u32()?;
            end = self.keyed_u32("to")?;
        }
        slots.push(SlotData { size, align, ty, address_taken, pinned_to_memory, weight, first, end });
        Ok(())
    }

    fn asm(&mut self, state: &mut State) -> Parsed<()> {
        self.new_id("a", state.func.asms.len())?;
        let template = self.string()?.into();
        let plain = self.eat_word("plain")?;
        let syntax = if self.eat_word("syntax")? { self.u8()? } else { 0 };
        let pos = self.pos()?;
        let mut asm = Asm { template, plain, syntax, pos, operands: vec![], clobbers: vec![], labels: vec![] };
        loop {
            let role = if self.eat_word("out")? {
                AsmRole::Output(self.slot_id(state.func.slots.len())?)
            } else if self.eat_word("in")? {
                AsmRole::Input
            } else if self.eat_word("out_at")? {
                AsmRole::OutputAt
            } else if self.eat_word("in_at")? {
                AsmRole::InputAt
            } else {
                break;
            };
            let constraint = self.string()?.into();
            let size = self.keyed_u32("size")?;
            let name = if self.eat_word("name")? { self.string()?.into() } else { [].into() };
            let register = if self.eat_word("register")? { self.string()?.into() } else { [].into() };
            asm.operands.push(AsmOperand { role, constraint, name, register, size });
        }
        while self.eat_word("clobber")? {
            asm.clobbers.push(self.string()?.into());
        }
        while self.eat_word("to")? {
            let block = Block(self.target(state)?);
            asm.labels.push((self.string()?.into(), block));
        }
        state.func.asms.push(asm);
        Ok(())
    }

    fn slot_id(&mut self, n_slots: usize) -> Parsed<Slot> {
        self.known_id("s", n_slots).map(Slot)
    }

    fn label(&mut self) -> Parsed<Symbol> {
        if self.eat_word("label")? { self.symbol() } else { Ok(Symbol::NONE) }
    }

    fn func_debug(&mut self, n_slots: usize) -> Parsed<FuncDebug> {
        let name = self.text()?.into();
        let ty = self.type_ref()?;
        let external = self.eat_word("external")?;
        let pos = self.pos()?;
        let open = base::Pos(self.keyed_u32("open")?);
        let end = base::Pos(self.keyed_u32("end")?);
        let mut debug = FuncDebug { name, ty, external, pos, open, end, scopes: base::IdVec::new(), vars: Vec::new() };
        while self.eat_word("scope")? {
            self.new_id("sc", debug.scopes.len())?;
            let first = self.keyed_u32("from")?;
            let end = self.keyed_u32("to")?;
            let parent =
                if self.eat_word("in")? { Scope(self.known_id("sc", debug.scopes.len())?) } else { Scope::NONE };
            debug.scopes.push(ScopeData { parent, first, end });
        }
        while self.eat_word("var")? {
            let name = self.text()?.into();
            let ty = self.type_ref()?;
            let scope = Scope(self.known_id("sc", debug.scopes.len())?);
            let home = if self.eat_word("indirect")? {
                VarHome::Indirect(self.slot_id(n_slots)?)
            } else if self.eat_word("within")? {
                VarHome::Within(self.slot_id(n_slots)?, self.keyed_u32("at")?)
            } else if self.eat_word("static")? {
                VarHome::Static(self.symbol()?)
            } else if self.eat_word("tls")? {
                VarHome::ThreadLocal(self.symbol()?)
            } else {
                VarHome::Slot(self.slot_id(n_slots)?)
            };
            let param = self.eat_word("param")?;
            debug.vars.push(LocalVar { name, ty, scope, home, param, pos: self.pos()? });
        }
        let n_types = self.module.debug.types.len();
        let exists = |ty: crate::debug::DebugType| ty.is_none() || ty.index() < n_types;
        if !exists(ty) || debug.vars.iter().any(|var| !exists(var.ty)) {
            return self.error("a debug type of this function is not made yet");
        }
        Ok(debug)
    }

    fn loc(&mut self, func: &mut Func) -> Parsed<()> {
        self.lexer.advance()?;
        let pos = base::Pos(self.u32()?);
        let first = func.insts.len() as u32;
        func.locs.push(LocRun { first, pos });
        Ok(())
    }

    fn block(&mut self, state: &mut State) -> Parsed<()> {
        let id = self.id("b")?;
        self.mark(b':')?;
        let loop_depth = if self.eat_word("depth")? { self.u8()? } else { 0 };
        let label = self.label()?;
        let start = state.func.insts.len() as u32;
        state.func.order.push(Block(id));
        let mut ended = false;
        while !ended {
            match self.lexer.token {
                Token::Word("loc") => self.loc(&mut state.func)?,
                Token::Word(_) => ended = self.inst(state)?,
                _ => return self.expected("an instruction"),
            }
        }
        let end = state.func.insts.len() as u32;
        state.blocks.push((id, BlockData { start, end, label, loop_depth }));
        Ok(())
    }

    /// One instruction; true when it ends its block.
    fn inst(&mut self, state: &mut State) -> Parsed<bool> {
        let next = state.func.insts.len();
        let has_result = self.peek_id("v").is_some();
        if has_result {
            self.new_id("v", next)?;
            self.mark(b'=')?;
        }
        let Token::Word(word) = self.lexer.token else { return self.expected("an operation") };
        let (name, ty) = match word.split_once('.') {
            Some((name, ty)) => (name, ty_named(ty).filter(|&ty| ty != Ty::Void)),
            None => (word, Some(Ty::Void)),
        };
        let (Some(row), Some(ty)) = (OPS.iter().find(|row| row.name == name), ty) else {
            return self.error(format!("there is no operation `{word}`"));
        };
        let mut inst = Inst { op: row.op, ty, aux: 0, a: 0, b: 0, c: 0 };
        if has_result != (inst.result_ty() != Ty::Void) {
            let hint = if has_result { "makes no value" } else { "makes a value: write `vN = ` in front" };
            return self.error(format!("`{word}` {hint}"));
        }
        self.lexer.advance()?;
        match row.aux {
            Aux::Cond => inst.aux = self.choice("a condition", &Cond::ALL.map(|c| (c as u16, c.name())))?,
            Aux::FCond => inst.aux = self.choice("a condition", &FCond::ALL.map(|c| (c as u16, c.name())))?,
            _ => {}
        }
        self.operands(state, row, &mut inst)?;
        match row.aux {
            Aux::None | Aux::Cond | Aux::FCond => {}
            Aux::Mem => inst.aux = self.known_id("m", self.module.mems().len().min(1 << 16))? as u16,
            Aux::Call => inst.aux = self.flags(&CALL_FLAGS)?,
            Aux::Order => inst.aux = self.order()? as u16,
        }
        state.func.insts.push(inst);
        Ok(row.ends)
    }

    fn operands(&mut self, state: &mut State, row: &OpRow, inst: &mut Inst) -> Parsed<()> {
        let mut first = true;
        let n_values = state.func.insts.len();
        let operands = row.operands();
        for (idx, operand) in operands.into_iter().enumerate() {
            let skip = matches!(operand, Operand::None | Operand::Count)
                || operand == Operand::ValueUnlessVoid && inst.ty == Ty::Void;
            if skip {
                continue;
            }
            if !std::mem::take(&mut first) {
                self.mark(b',')?;
            }
            let word = match operand {
                Operand::None | Operand::Count => 0,
                Operand::Value | Operand::ValueUnlessVoid => self.known_id("v", n_values)?,
                Operand::Imm => self.number(i32::MIN.into(), i32::MAX.into())? as i32 as u32,
                Operand::Uimm => self.u32()?,
                Operand::Imm64 => {
                    let bits = self.imm64(inst.ty)?;
                    inst.c = (bits >> 32) as u32;
                    bits as u32
                }
                Operand::Slot => self.slot_id(state.func.slots.len())?.0,
                Operand::Symbol => self.symbol()?.0,
                Operand::Block => self.target(state)?,
                Operand::Asm => self.known_id("a", state.func.asms.len())?,
                Operand::Wide => self.known_id("w", self.module.wide.len())?,
                Operand::Layout => self.layout_id()?.0,
                Operand::Sig => self.sig()?.0,
                Operand::List => {
                    let start = state.func.lists.len();
                    state.func.lists.push(0);
                    let n = self.values(&mut state.func)?;
                    state.func.lists[start] = n;
                    start as u32
                }
                Operand::Args => {
                    let start = state.func.lists.len();
                    inst.c = self.values(&mut state.func)?;
                    start as u32
                }
                Operand::Cases => {
                    let start = state.func.lists.len();
                    self.cases(state)?;
                    start as u32
                }
                Operand::Rmw => self.choice("an operation", &AtomicRmw::ALL.map(|rmw| (rmw as u32, rmw.name())))?,
            };
            match idx {
                0 => inst.a = word,
                1 => inst.b = word,
                _ => inst.c = word,
            }
        }
        Ok(())
    }

    fn target(&mut self, state: &mut State) -> Parsed<u32> {
        let block = self.id("b")?;
        state.n_named = state.n_named.max(block + 1);
        Ok(block)
    }

    /// `(v1, v2)`, appended to the lists; how many they were.
    fn values(&mut self, func: &mut Func) -> Parsed<u32> {
        let start = func.lists.len();
        let n_values = func.insts.len();
        self.comma_list(b'(', b')', |p| {
            func.lists.push(p.known_id("v", n_values)?);
            Ok(())
        })?;
        Ok((func.lists.len() - start) as u32)
    }

    fn cases(&mut self, state: &mut State) -> Parsed<()> {
        let start = state.func.lists.len();
        state.func.lists.push(0);
        self.comma_list(b'[', b']', |p| {
            let case = p.u64()?;
            p.mark(b':')?;
            let block = p.target(state)?;
            state.func.lists.extend([case as u32, (case >> 32) as u32, block]);
            state.func.lists[start] += 1;
            Ok(())
        })
    }

    /// A constant of type `ty`: signed decimal, raw hexadecimal, or for floats a decimal fraction.
    fn imm64(&mut self, ty: Ty) -> Parsed<u64> {
        let text = self.raw_number()?;
        if text.starts_with("0x") {
            return self.u64();
        }
        let parsed = match ty {
            Ty::F32 => text.parse::<f32>().ok().map(|value| u64::from(value.to_bits())),
            Ty::F64 => text.parse::<f64>().ok().map(f64::to_bits),
            _ => {
                let bits = 8 * ty.size().clamp(1, 8);
                return Ok(truncate(ty, self.number(-(1 << (bits - 1)), (1 << bits) - 1)? as u64));
            }
        };
        match parsed {
            Some(bits) => {
                self.lexer.advance()?;
                Ok(bits)
            }
            None => self.expected("a floating-point number"),
        }
    }

    /// Puts the blocks in place, checks that none is missing, and counts what is not in the text.
    fn close_func(&mut self, state: &mut State) -> Parsed<()> {
        let State { func, blocks, n_named, unweighed } = state;
        blocks.sort_by_key(|entry| entry.0);
        if let Some((idx, _)) = blocks.iter().enumerate().find(|(idx, entry)| entry.0 as usize != *idx) {
            return self.error(format!("block b{idx} is missing, or one stands twice"));
        }
        if *n_named as usize > blocks.len() {
            return self.error(format!("block b{} is not in this function", *n_named - 1));
        }
        func.blocks = blocks.drain(..).map(|entry| entry.1).collect();
        func.recount(&self.module);
        weigh(func, unweighed);
        Ok(())
    }
}

/// Sets `address_taken` of all slots and the weights of `unweighed` ones, by the loop depths of blocks.
fn weigh(func: &mut Func, unweighed: &[Slot]) {
    let mut open = vec![false; func.slots.len()];
    for slot in unweighed {
        open[slot.index()] = true;
    }
    for data in &func.blocks {
        let weight = 1u32 << (3 * u32::from(data.loop_depth.min(6)));
        for inst in &func.insts.as_slice()[data.start as usize..data.end as usize] {
            if inst.op.row().a == Operand::Asm {
                for slot in func.asms[inst.a as usize].slots().filter(|slot| open[slot.index()]) {
                    func.slots[slot].weight = func.slots[slot].weight.saturating_add(weight);
                }
            }
            if inst.op.row().a != Operand::Slot {
                continue;
            }
            let slot = &mut func.slots[inst.slot()];
            slot.address_taken |= inst.op == crate::ops::Op::SlotAddr;
            if open[inst.a as usize] {
                slot.weight = slot.weight.saturating_add(weight);
            }
        }
    }
}

/// The text form's words do not collide with ids: an operation is never read as a value.
#[cfg(test)]
#[test]
fn no_operation_looks_like_a_value() {
    assert!(OPS.iter().all(
        |row| super::parse::id_number(row.name, "v").is_none() && super::parse::id_number(row.name, "b").is_none()
    ));
}
