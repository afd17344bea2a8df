//! Inline assembly: operands are brought where [`codegen::inline`] says, the text goes through the assembler into the
//! function's code, and what it wrote goes to the slots of the outputs.
//!
//! For the register sink the statement is one instruction that reads fixed registers and changes others (the row `ASM`, which has no
//! bytes of its own). Behind it nothing else is in those registers, so outputs are stored by plain moves that
//! the sink need not know of.

use crate::dialect::DIALECT;
use crate::encode::{F32, F64, I32, I64, JMP, at, put, raw};
use crate::inline::{INLINE, memory};
use crate::insns as x;
use crate::regs::{RBP, XMM0};
use crate::select::{Sel, inst, size_of};
use codegen::inline::{Assigned, Loc, Text, assign, fill};
use codegen::lazy::{MEMORY, slot_touch};
use codegen::machine::{MInst, PReg, Reg, SlotPlace};
use ir::func::{Asm, AsmRole, Inst};
use ir::{Op, Slot, Ty, Value};
use mc::Label;

/// What the frame address is counted from in a body: DWARF number of `rbp`, and bytes.
const CFA: (u8, i32) = (6, crate::unwind::CFA_OFFSET);

/// A value for the x87 stack: its depth and the frame place that holds it.
struct StackInput {
    depth: u8,
    room: i32,
    ty: Ty,
}

impl Sel<'_, '_> {
    pub fn inline_asm(&mut self, i: &Inst) {
        let func = self.func();
        let asm = &func.asms[i.a as usize];
        let assigned = match assign(&INLINE, self.cx.module, func, i) {
            Ok(assigned) => assigned,
            Err(message) => return self.fail_at(asm, message),
        };
        let values: Vec<Value> = func.list(i.b + 1, func.lists[i.b as usize]).iter().map(|&v| Value(v)).collect();
        for &v in &values {
            self.lazy.take(v);
        }
        if i.op == Op::AsmGoto {
            self.force_all();
        } else {
            let writes =
                asm.slots().fold(MEMORY | self.cx.scratch, |touch, slot| touch | slot_touch(slot, self.place(slot)));
            self.force(writes);
        }
        let (mut uses, mut texts, mut stack) = (Vec::new(), Vec::new(), Vec::new());
        let mut values = values.into_iter();
        for (operand, &loc) in asm.operands.iter().zip(&assigned.locs) {
            let v = match operand.role {
                AsmRole::Output(_) => None,
                _ => values.next(),
            };
            let text = match (operand.role, loc) {
                (AsmRole::Output(slot), Loc::InSlot) => self.frame_text(asm, self.slot_mem(slot, 0).disp),
                _ => self.asm_operand(asm, v, loc, &mut uses, &mut stack),
            };
            texts.push(text);
        }
        self.cx.regs.call(&inst(x::ASM, 2), &uses, &[], assigned.changed);
        if i.op == Op::AsmGoto {
            self.cx.regs.leave();
        }
        stack.sort_by_key(|input| std::cmp::Reverse(input.depth));
        for input in &stack {
            let form = match input.ty {
                Ty::F32 => x::FLD32,
                Ty::F64 => x::FLD64,
                _ => x::FLD80,
            };
            let code = self.code();
            put(code, &raw(form, 2, None, None, at(RBP, input.room), 0));
        }
        if stack.iter().enumerate().any(|(idx, input)| usize::from(input.depth) != stack.len() - 1 - idx) {
            return self.fail_at(asm, "‘asm’ operands on the register stack must begin at its top".into());
        }
        let stubs = self.asm_text(asm, &texts, &assigned);
        self.asm_outputs(asm, &assigned, &stack);
        if i.op == Op::AsmGoto {
            let next = self.threaded(ir::Block(i.c));
            if stubs.is_empty() {
                return self.go(next);
            }
            self.code().branch(JMP, 0, Label(next.0));
            for (label, block) in stubs {
                self.code().bind(label);
                self.asm_outputs(asm, &assigned, &stack);
                let block = self.threaded(block);
                self.code().branch(JMP, 0, Label(block.0));
            }
        }
    }

    #[cold]
    fn fail_at(&mut self, asm: &Asm, message: String) {
        if self.cx.error.is_none() {
            (self.cx.error, self.cx.error_pos) = (Some(message), asm.pos);
        }
    }

    /// Computes one operand into its place; how the template shows it.
    fn asm_operand(
        &mut self,
        asm: &Asm,
        v: Option<Value>,
        loc: Loc,
        uses: &mut Vec<(Reg, PReg)>,
        stack: &mut Vec<StackInput>,
    ) -> Text {
        match (loc, v) {
            (Loc::Reg(preg) | Loc::Flag(_, preg), None) => Text::Reg(preg),
            (Loc::Reg(preg) | Loc::Flag(_, preg), Some(v)) => {
                uses.push((self.asm_value(v, preg), preg));
                Text::Reg(preg)
            }
            (Loc::Pair(low, high), v) => {
                if let Some(v) = v {
                    let (from_low, from_high) = self.pair(v);
                    uses.extend([(from_low, low), (from_high, high)]);
                }
                Text::Reg(low)
            }
            (Loc::Stack(depth), v) => {
                if let Some(v) = v {
                    let ty = self.ty(v);
                    let room = self.asm_room(v, ty);
                    stack.push(StackInput { depth, room, ty });
                }
                Text::Stack(depth)
            }
            (Loc::Room, Some(v)) => {
                let ty = self.ty(v);
                let room = self.asm_room(v, ty);
                self.frame_text(asm, room)
            }
            (Loc::At(preg), Some(v)) => {
                uses.push((self.compute_for(v, I64, preg), preg));
                Text::Memory(memory(asm.syntax, crate::regs::NAMES[3][preg as usize], ""))
            }
            (Loc::Direct, Some(v)) => self.asm_direct(asm, v),
            (Loc::Constant, Some(v)) => {
                let i = self.get(v);
                if i.op == Op::SymAddr {
                    return Text::Symbol(self.asm_symbol(asm, i));
                }
                let shift = 64 - 8 * i.ty.size();
                Text::Number((i.imm64() << shift) as i64 >> shift)
            }
            (Loc::InSlot, _) | (Loc::Room | Loc::At(_) | Loc::Direct | Loc::Constant, None) => {
                unreachable!("an output in memory has an address")
            }
        }
    }

    /// The value in a register of the bank of `preg`.
    fn asm_value(&mut self, v: Value, preg: PReg) -> Reg {
        let ty = self.ty(v);
        let class = self.class(ty);
        let is_float = class >= F32;
        if is_float == (preg >= XMM0) {
            return self.compute_for(v, class, preg);
        }
        let size = if ty.size() == 8 { 3 } else { 2 };
        let from = self.reg(v);
        let (class, form) = if is_float {
            (if size == 3 { I64 } else { I32 }, x::MOVD_RX)
        } else {
            (if size == 3 { F64 } else { F32 }, x::MOVD_XR)
        };
        let to = self.cx.regs.vreg_in(class, preg);
        self.rr(form, size, to, Reg::NONE, from);
        to.last()
    }

    /// Puts the value into the frame.
    fn asm_room(&mut self, v: Value, ty: Ty) -> i32 {
        let room = self.cx.regs.room(16, 16);
        let mem = at(RBP, room);
        match ty {
            Ty::F80 => {
                self.push_x87(v);
                self.mi(x::FSTP80, 2, mem, 0);
            }
            Ty::I128 => self.store_pair(mem, v),
            ty => {
                let reg = self.reg(v);
                self.store_reg(ty, mem, reg);
            }
        }
        room
    }

    /// Memory that can be named without a register.
    fn asm_direct(&mut self, asm: &Asm, v: Value) -> Text {
        let i = self.get(v);
        if i.op == Op::SlotAddr {
            return self.frame_text(asm, self.slot_mem(i.slot(), i.b as i32).disp);
        }
        Text::Memory(memory(asm.syntax, "rip", &self.asm_symbol(asm, i)))
    }

    fn frame_text(&self, asm: &Asm, disp: i32) -> Text {
        Text::Memory(memory(asm.syntax, "rbp", &disp.to_string()))
    }

    /// How text refers to the symbol and offset of `i`.
    fn asm_symbol(&mut self, asm: &Asm, i: &Inst) -> String {
        let (name, offset) = (self.asm_name(asm, i), i.imm64() as i64);
        if offset == 0 { name } else { format!("{name}{offset:+}") }
    }

    fn asm_name(&mut self, asm: &Asm, i: &Inst) -> String {
        let symbol = i.symbol();
        let name = &self.cx.module.symbols[symbol].name;
        let plain = !name.is_empty()
            && !name[0].is_ascii_digit()
            && name.iter().all(|&b| asm::cursor::is_name(b) && b.is_ascii() && b != b'$')
            && !DIALECT.spellings.get(usize::from(asm.syntax)).is_some_and(|spelling| (spelling.is_reserved)(name));
        match std::str::from_utf8(name) {
            Ok(name) if plain => name.to_string(),
            _ => {
                let id = self.cx.symbols.id(self.cx.module, symbol);
                let name = format!(".Lsymbol{}", symbol.0);
                self.cx.asm.bind_object(name.as_bytes(), id);
                name
            }
        }
    }

    /// Assembles the template. The labels that need code of their own before control goes to their block.
    fn asm_text(&mut self, asm: &Asm, texts: &[Text], assigned: &Assigned) -> Vec<(Label, ir::Block)> {
        let unique = self.cx.asm.unique();
        let has_outputs = asm.slots().next().is_some();
        let (mut names, mut stubs) = (Vec::new(), Vec::new());
        for (idx, &(_, block)) in asm.labels.iter().enumerate() {
            let name = format!(".Lasm{unique}_{idx}");
            let label = if has_outputs {
                let label = self.code().new_label();
                stubs.push((label, block));
                label
            } else {
                Label(self.threaded(block).0)
            };
            self.cx.asm.bind_label(name.as_bytes(), label);
            names.push(name);
        }
        debug_assert_eq!(texts.len(), assigned.locs.len());
        let text = match fill(&INLINE, asm, texts, &names, unique) {
            Ok(text) => text,
            Err(message) => {
                self.fail_at(asm, message);
                return stubs;
            }
        };
        let result = self.cx.asm.inline((&text, asm.syntax), asm.pos, self.cx.regs.code(), CFA);
        if let Err(error) = result {
            self.fail_at(asm, error.message);
        }
        stubs
    }

    /// What the text left in registers goes to the slots of the outputs.
    fn asm_outputs(&mut self, asm: &Asm, assigned: &Assigned, inputs: &[StackInput]) {
        // Flags first: moves leave them alone.
        for &loc in &assigned.locs {
            if let Loc::Flag(code, preg) = loc {
                let set = MInst { aux: code, ..raw(x::SETCC, 0, Some(preg), None, at(RBP, 0), 0) };
                put(self.code(), &set);
                put(self.code(), &raw(x::MOVZX8_RR, 2, Some(preg), Some(preg), at(RBP, 0), 0));
            }
        }
        let mut left: Vec<(u8, Option<Slot>)> = Vec::new();
        for (operand, &loc) in asm.operands.iter().zip(&assigned.locs) {
            let AsmRole::Output(slot) = operand.role else { continue };
            match loc {
                Loc::Reg(preg) | Loc::Flag(_, preg) => self.asm_store(slot, preg),
                Loc::Pair(low, high) => {
                    let SlotPlace::Frame(offset) = self.place(slot) else {
                        self.asm_store(slot, low);
                        continue;
                    };
                    put(self.code(), &raw(x::MOV_MR, 3, None, Some(low), at(RBP, offset), 0));
                    put(self.code(), &raw(x::MOV_MR, 3, None, Some(high), at(RBP, offset + 8), 0));
                }
                Loc::Stack(depth) => left.push((depth, Some(slot))),
                Loc::Direct | Loc::At(_) | Loc::Room | Loc::InSlot | Loc::Constant => {}
            }
        }
        // Inputs that the text did not take off the stack lie below the outputs.
        for input in inputs {
            let is_output = left.iter().any(|entry| entry.0 == input.depth);
            if !is_output && assigned.popped & 1 << input.depth == 0 {
                left.push((input.depth, None));
            }
        }
        left.sort_by_key(|entry| entry.0);
        for (_, slot) in left {
            self.asm_pop(slot);
        }
    }

    fn asm_store(&mut self, slot: Slot, preg: PReg) {
        let ty = self.func().slots[slot].ty;
        let wide = ty.size() == 8;
        match self.place(slot) {
            SlotPlace::Frame(offset) => {
                let (form, size) = match (preg >= XMM0, wide) {
                    (true, _) if ty == Ty::V128 => (x::MOVUPS_MR, 2),
                    (true, true) => (x::MOVSD_MR, 2),
                    (true, false) => (x::MOVSS_MR, 2),
                    (false, _) if ty == Ty::F32 => (x::MOV_MR, 2),
                    (false, _) if ty == Ty::F64 => (x::MOV_MR, 3),
                    (false, _) => (x::MOV_MR, size_of(ty)),
                };
                put(self.code(), &raw(form, size, None, Some(preg), at(RBP, offset), 0));
            }
            SlotPlace::Reg(pin) => {
                let form = if preg >= XMM0 { x::MOVD_RX } else { x::MOV_RR };
                put(self.code(), &raw(form, if wide { 3 } else { 2 }, Some(pin), Some(preg), at(RBP, 0), 0));
            }
        }
    }

    /// Takes the top off the x87 stack, into a slot if there is one.
    fn asm_pop(&mut self, slot: Option<Slot>) {
        let place = slot.map(|slot| (self.place(slot), self.func().slots[slot].ty));
        match place {
            Some((SlotPlace::Frame(offset), ty)) => {
                let form = match ty {
                    Ty::F32 => x::FSTP32,
                    Ty::F64 => x::FSTP64,
                    _ => x::FSTP80,
                };
                put(self.code(), &raw(form, 2, None, None, at(RBP, offset), 0));
            }
            _ => put(self.code(), &raw(x::FSTP_ST0, 2, None, None, at(RBP, 0), 0)),
        }
    }
}
