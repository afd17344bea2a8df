//! [`NativeSink`]: takes functions and data as the front end finishes them and makes an object for one architecture.
//!
//! Each function passes through: plan (what the calling convention fixes) → pins (which variables live in registers) →
//! frame → prologue, body, epilogue into the code buffer → relaxation and copy into the section → relocations and rows.
//! Nothing of a function is kept but its bytes, relocations and rows.

use crate::data;
use crate::fast::FastRegs;
use crate::lazy::{Lazy, MEMORY, Touch, frame_touches, reg_touch};
use crate::machine::{Cx, Frame, Plan, Select, SlotPlace};
use crate::pins::{Pinned, Pins};
use crate::sink::Sink;
use crate::spill::SpillRegs;
pub use crate::symbols::Symbols;
use base::{Id, Pos};
use ir::func::{Func, FuncFlags, ParamHome};
use ir::module::{DataDef, Module, SectionName};
use ir::{FunctionSink, Op, Symbol};
use mc::rows::{FuncRows, LineRow, Place};
use mc::{Label, Mark};
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, Binding, Reloc, RelocTarget, SectionFlags, SectionId, SymbolDef};
use std::collections::HashMap;
use target::Formula;

/// Something that could not be compiled. The object is not to be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodegenError {
    /// The function or data object, or [`Symbol::NONE`](base::Id::NONE).
    pub symbol: Symbol,
    /// The statement, where it is known.
    pub pos: Pos,
    pub message: String,
}

/// What a unit became. Debug and unwind sections are still to be added to the object.
pub struct Output {
    pub builder: ObjectBuilder,
    /// One per function, in order of definition. Ids are the builder's.
    pub rows: Vec<FuncRows>,
    /// Unwind rows of functions that assembly text defines.
    pub frames: Vec<asm::AsmFrame>,
    pub symbols: Vec<(Symbol, obj::SymId)>,
    pub errors: Vec<CodegenError>,
}

/// See the module's description.
pub struct NativeSink {
    select: &'static Select,
    sink: Sink,
    symbols: Symbols,
    rows: Vec<FuncRows>,
    errors: Vec<CodegenError>,
    text: Option<SectionId>,
    places: Vec<SlotPlace>,
    touches: Vec<Touch>,
    marks: Vec<Mark>,
    lazy: Lazy,
    kept: Option<Box<dyn std::any::Any + Send>>,
    asm: asm::Assembler,
    frames: Vec<asm::AsmFrame>,
    pins: Pins,
    plan: Plan,
}

impl NativeSink {
    /// A sink that allocates registers forward.
    pub fn new(select: &'static Select) -> NativeSink {
        NativeSink::with_sink(select, Sink::Fast(Box::new(FastRegs::new(select))))
    }

    /// Defines the aliases whose targets have a place. `last`: those of the others are errors.
    fn aliases(&mut self, module: &Module, last: bool) {
        for (symbol, decl) in module.symbols.enumerated() {
            let (Some(to), true) = (decl.alias, decl.defined) else { continue };
            // Aliases of aliases: follow to what has a place.
            let mut to = to;
            for _ in 0..module.symbols.len() {
                match module.symbols[to].alias {
                    Some(next) if module.symbols[to].defined => to = next,
                    _ => break,
                }
            }
            let source = self.symbols.known(to).map(|id| *self.symbols.builder.symbol(id));
            match source {
                Some(source) if matches!(source.def, SymbolDef::Atom(_)) => {
                    let id = self.symbols.id(module, symbol);
                    let made = self.symbols.builder.symbol_mut(id);
                    (made.def, made.value, made.size, made.kind) = (source.def, source.value, source.size, source.kind);
                    if decl.kind == ir::module::SymbolKind::Indirect {
                        made.kind = obj::SymbolKind::IFunc;
                    }
                }
                _ if last => {
                    let name = String::from_utf8_lossy(&module.symbols[to].name).into_owned();
                    self.fail(symbol, format!("alias of `{name}`, which is not defined in this unit"));
                }
                _ => {}
            }
        }
    }

    /// A sink that keeps every value in the frame: see [`crate::spill`].
    pub fn spilling(select: &'static Select) -> NativeSink {
        NativeSink::with_sink(select, Sink::Spill(Box::new(SpillRegs::new(select))))
    }

    fn with_sink(select: &'static Select, sink: Sink) -> NativeSink {
        NativeSink {
            select,
            sink,
            symbols: Symbols::new(),
            rows: Vec::new(),
            errors: Vec::new(),
            text: None,
            places: Vec::new(),
            touches: Vec::new(),
            marks: Vec::new(),
            lazy: Lazy::default(),
            kept: None,
            asm: asm::Assembler::new(select.syntax),
            frames: Vec::new(),
            pins: Pins::new(select),
            plan: Plan::default(),
        }
    }

    /// What became of the unit; after [`FunctionSink::finish`].
    pub fn into_output(self, module: &Module) -> Output {
        let symbols = module.symbols.ids().filter_map(|symbol| Some((symbol, self.symbols.known(symbol)?))).collect();
        let NativeSink { rows, frames, errors, .. } = self;
        Output { builder: self.symbols.builder, rows, frames, symbols, errors }
    }

    fn fail(&mut self, symbol: Symbol, message: String) {
        self.errors.push(CodegenError { symbol, pos: Pos::NONE, message });
    }

    fn fail_asm(&mut self, symbol: Symbol, error: asm::AsmError) {
        self.errors.push(CodegenError { symbol, pos: error.pos, message: error.message });
    }

    /// Gives every slot its place; returns the registers with variables, the bytes of frame used and where the reserved
    /// ones begin.
    fn lay_out(&mut self, func: &Func, plan: &Plan) -> (Pinned, u32, i32) {
        self.places.clear();
        self.places.resize(func.slots.len(), SlotPlace::Frame(0));
        let mut pinned = match &self.sink {
            Sink::Fast(_) if !func.flags.has(FuncFlags::RETURNS_TWICE) => {
                self.pins.choose(self.select, func, plan, &mut self.places)
            }
            _ => Pinned::default(),
        };
        pinned.saved |= plan.taken;
        for &(slot, offset) in &plan.homes {
            self.places[slot.index()] = SlotPlace::Frame(offset);
        }
        let mut depth = u64::from(pinned.saved.count_ones() * 8 + plan.reserved);
        if plan.reserved != 0 {
            depth = depth.next_multiple_of(16);
        }
        let reserved_at = -(depth as i32);
        for (slot, place) in func.slots.iter().zip(&mut self.places) {
            let used = slot.weight != 0 || slot.address_taken || func.debug.is_some();
            if *place != SlotPlace::Frame(0) || !used {
                continue;
            }
            // The frame is only aligned to 16 bytes: what wants more gets room to be aligned in.
            let (size, align) =
                if slot.align > 16 { (slot.size + u64::from(slot.align), 16) } else { (slot.size, slot.align) };
            depth = (depth + size).next_multiple_of(u64::from(align));
            *place = SlotPlace::Frame(-(depth as i64) as i32);
        }
        self.touches.clear();
        self.touches.reserve(func.slots.len());
        for ((slot, &place), own) in func.slots.iter().zip(&self.places).zip(frame_touches()) {
            let touch = match place {
                _ if slot.pinned_to_memory => 0,
                SlotPlace::Reg(preg) => reg_touch(preg),
                SlotPlace::Frame(_) if slot.address_taken => own | MEMORY,
                SlotPlace::Frame(_) => own,
            };
            self.touches.push(touch);
        }
        (pinned, u32::try_from(depth).unwrap_or(u32::MAX), reserved_at)
    }

    fn text_section(&mut self, module: &Module, func: &Func) -> SectionId {
        let decl = &module.symbols[func.symbol];
        let flags = SectionFlags::ALLOC.with(SectionFlags::EXEC);
        self.symbols.table_suffix.clear();
        let fill = Some(self.select.syntax.nops());
        if let Some(section) = decl.section.some() {
            let spec = SectionSpec::progbits(&module.sections[section], flags);
            return self.symbols.builder.section_filled(spec, 0, fill);
        }
        if module.options.function_sections {
            let mut name = b".text.".to_vec();
            name.extend_from_slice(&decl.name);
            self.symbols.table_suffix = name[5..].to_vec();
            return self.symbols.builder.section_filled(SectionSpec::progbits(&name, flags), 0, fill);
        }
        match self.text {
            Some(text) => text,
            None => {
                let text = self.symbols.builder.section_filled(SectionSpec::progbits(b".text", flags), 0, fill);
                self.text = Some(text);
                text
            }
        }
    }

    /// Moves the finished code into the object: bytes, relocations, labels, tables. Returns the atom and its size.
    fn place_code(&mut self, module: &Module, func: &Func, section: SectionId, align: u32) -> (AtomId, u32) {
        let code = self.sink.code();
        let builder = &mut self.symbols.builder;
        let atom = builder.begin_atom(section, align.max(1));
        let size = code.finish(builder.buffer(section));
        builder.finish_atom(section);
        let relocs = code.relocs.iter().map(|reloc| Reloc {
            offset: code.place(reloc.at),
            kind: reloc.kind,
            aux: 0,
            target: reloc.target,
            addend: reloc.addend,
        });
        if func.blocks.iter().all(|block| block.label.is_none()) {
            builder.add_relocs(atom, relocs);
        } else {
            let relocs: Vec<Reloc> = relocs.collect();
            self.place_labels(module, func, atom, relocs);
        }
        let (code, builder) = (self.sink.code(), &mut self.symbols.builder);
        let pc32 = self.select.arch.common.pc32;
        for table in self.symbols.tables.drain(..) {
            for (idx, &label) in table.labels.iter().enumerate() {
                let place = code.label_place(label).expect("blocks of a jump table are filled");
                let at = 4 * idx as u32;
                builder.add_reloc(table.atom, at, pc32, RelocTarget::atom(atom), i64::from(place + at));
            }
        }
        (atom, size)
    }

    /// Defines the labels whose addresses are taken, in `atom`, and adds the relocations of its code: distances to these labels are
    /// known and need none.
    #[cold]
    fn place_labels(&mut self, module: &Module, func: &Func, atom: AtomId, mut relocs: Vec<Reloc>) {
        let mut places: Vec<(RelocTarget, u32)> = Vec::new();
        for (data, number) in func.blocks.iter().zip(0..) {
            if let Some(symbol) = data.label.some() {
                let id = self.symbols.id(module, symbol);
                if let Some(place) = self.sink.code().label_place(Label(number)) {
                    self.symbols.builder.define(id, atom, u64::from(place), 0);
                    places.push((RelocTarget::symbol(id), place));
                }
            }
        }
        let bytes = self.symbols.builder.atom_bytes_mut(atom);
        relocs.retain(|reloc| {
            let desc = self.select.arch.reloc(reloc.kind);
            let Some(&(_, place)) = places.iter().find(|(target, _)| *target == reloc.target) else { return true };
            if desc.formula != Formula::PcRel {
                return true;
            }
            let distance = i64::from(place) + reloc.addend - i64::from(reloc.offset);
            (desc.encode)(&mut bytes[reloc.offset as usize..], distance as u64);
            false
        });
        self.symbols.builder.add_relocs(atom, relocs.into_iter());
    }

    /// Rows for debug and unwind sections.
    fn take_rows(&mut self, module: &Module, func: &Func, atom: AtomId, size: u32) {
        let symbol = self.symbols.id(module, func.symbol);
        let select = self.select;
        let code = self.sink.code();
        let place = |place: &SlotPlace| match *place {
            SlotPlace::Reg(preg) => Place::Reg(select.dwarf[preg as usize]),
            SlotPlace::Frame(0) => Place::Nowhere,
            SlotPlace::Frame(offset) => Place::Frame(offset - select.cfa_offset),
        };
        let (mut places, mut scopes, mut lines) = (Vec::new(), Vec::new(), Vec::new());
        if module.options.debug {
            lines = code.line_rows();
            places = self.places.iter().map(place).collect();
            if let Some(debug) = &func.debug {
                let at = |inst: u32| match self.marks.get(inst as usize) {
                    Some(&mark) => code.place(mark),
                    None => size,
                };
                scopes = debug.scopes.iter().map(|scope| (at(scope.first), at(scope.end))).collect();
                if let Some(body) = scopes.first_mut() {
                    *body = (0, size);
                }
            }
        }
        let unwind = code.unwind_rows();
        self.rows.push(FuncRows { symbol, atom, size, lines, unwind, places, scopes });
    }

    /// Compiles one function into the code buffer.
    fn compile(&mut self, module: &Module, func: &Func) -> Result<(), (Pos, String)> {
        let select = self.select;
        let mut plan = std::mem::take(&mut self.plan);
        plan.reset();
        (select.plan)(module, func, &mut plan);
        let result = self.compile_as(module, func, &plan);
        self.plan = plan;
        result
    }

    fn compile_as(&mut self, module: &Module, func: &Func, plan: &Plan) -> Result<(), (Pos, String)> {
        let select = self.select;
        let (pinned, depth, reserved_at) = self.lay_out(func, plan);
        if depth > i32::MAX as u32 / 2 {
            return Err((Pos::NONE, "the variables of this function take more than 1 GiB of stack".into()));
        }
        self.sink.reset(func.blocks.len() + 1, depth, pinned.all());
        self.marks.clear();
        let first = func.locs.first().map_or(Pos::NONE, |run| run.pos);
        let opening = func.debug.as_ref().map_or(first, |debug| debug.open);
        if module.options.debug && !opening.is_none() {
            self.sink.code().line(opening, LineRow::IS_STMT);
        }
        let spot = (select.prologue)(self.sink.code(), pinned.saved);
        let mut lazy = std::mem::take(&mut self.lazy);
        lazy.reset(func);
        let mut cx = Cx {
            lazy,
            module,
            func,
            regs: &mut self.sink,
            symbols: &mut self.symbols,
            places: &self.places,
            touches: &self.touches,
            pinned: pinned.all(),
            scratch: pinned.scratch_touch(),
            kept: &mut self.kept,
            plan,
            reserved_at,
            marks: func.debug.is_some().then_some(&mut self.marks),
            asm: &mut self.asm,
            error: None,
            error_pos: Pos::NONE,
        };
        let returns = (select.body)(&mut cx);
        let error = cx.error.take().map(|error| (cx.error_pos, error));
        self.lazy = cx.lazy;
        if let Some(error) = error {
            return Err(error);
        }
        let size = -self.sink.room(0, 1) as u32;
        let dynamic = func.flags.has(FuncFlags::DYNAMIC_STACK);
        let frame = Frame { saved: pinned.saved, size, leaf: plan.leaf, dynamic };
        let code = self.sink.code();
        (select.fill_prologue)(code, spot, &frame);
        code.bind(Label(func.blocks.len() as u32));
        if func.debug.is_some() {
            // Inner scopes end before the epilogue, even those that reach the end of the body.
            let mark = code.mark();
            self.marks.resize(func.insts.len() + 1, mark);
        }
        if returns {
            if let Some(end) = func.debug.as_ref().map(|debug| debug.end).filter(|end| !end.is_none()) {
                code.line(end, LineRow::IS_STMT | LineRow::EPILOGUE_BEGIN);
            }
            (select.epilogue)(code, &frame);
        }
        Ok(())
    }
}

/// The unit's symbols, as assembly text refers to them.
struct AsmHost<'a> {
    symbols: &'a mut Symbols,
    module: &'a Module,
    /// Only looked up.
    by_name: HashMap<&'a [u8], Symbol>,
}

impl<'a> AsmHost<'a> {
    fn new(symbols: &'a mut Symbols, module: &'a Module) -> AsmHost<'a> {
        let mut by_name: HashMap<&[u8], Symbol> = HashMap::new();
        for (symbol, decl) in module.symbols.enumerated() {
            // Of several declarations of one name the one that is defined counts.
            let known = by_name.get(&*decl.name).is_some_and(|&known| module.symbols[known].defined);
            if !decl.name.is_empty() && !known {
                by_name.insert(&decl.name, symbol);
            }
        }
        AsmHost { symbols, module, by_name }
    }
}

impl asm::Host for AsmHost<'_> {
    fn builder(&mut self) -> &mut ObjectBuilder {
        &mut self.symbols.builder
    }

    fn symbol(&mut self, name: &[u8]) -> Option<obj::SymId> {
        self.by_name.get(name).map(|&symbol| self.symbols.id(self.module, symbol))
    }
}

/// True for the instructions that open an entry block: parameters, which may have been passed wider than they are
/// declared, the chain, and their first stores.
pub fn is_opening(func: &Func, inst: &ir::Inst) -> bool {
    let is_parameter = |inst: &ir::Inst| match inst.op {
        Op::Param | Op::Chain => true,
        Op::Trunc | Op::Fptrunc => func.inst(inst.value_a()).op == Op::Param,
        _ => false,
    };
    is_parameter(inst) || inst.op == Op::SlotSet && is_parameter(func.inst(inst.value_b()))
}

impl FunctionSink for NativeSink {
    fn function(&mut self, module: &Module, func: &mut Func) {
        debug_assert!(func.params.iter().all(|home| match home {
            ParamHome::Value => true,
            ParamHome::Slot(slot) => func.slots[*slot].address_taken,
        }));
        let mut align = func.align;
        let compiled = self.compile(module, func).and_then(|()| {
            let asked = self.asm.before_finish(self.sink.code());
            align = align.max(asked.map_err(|error| (error.pos, error.message))?);
            Ok(())
        });
        if let Err((pos, message)) = compiled {
            self.symbols.tables.clear();
            self.asm.dropped();
            self.errors.push(CodegenError { symbol: func.symbol, pos, message });
            return;
        }
        let section = self.text_section(module, func);
        let (atom, size) = self.place_code(module, func, section, align);
        if let Err(error) = self.asm.placed(self.sink.code(), atom) {
            self.fail_asm(func.symbol, error);
        }
        let id = self.symbols.id(module, func.symbol);
        self.symbols.builder.define(id, atom, 0, u64::from(size));
        self.symbols.builder.symbol_mut(id).kind = obj::SymbolKind::Function;
        self.take_rows(module, func, atom, size);
    }

    fn data(&mut self, module: &Module, def: DataDef) {
        if let Err(message) = data::define(&mut self.symbols, self.select.arch, module, &def) {
            self.fail(def.symbol, message);
        }
    }

    fn common(&mut self, module: &Module, symbol: Symbol, size: u64, align: u32) {
        let id = self.symbols.id(module, symbol);
        let made = self.symbols.builder.symbol_mut(id);
        made.def = SymbolDef::Common;
        made.kind = obj::SymbolKind::Object;
        made.value = u64::from(align);
        made.size = size;
    }

    fn assembly(&mut self, module: &Module, text: &[u8], pos: Pos) {
        if let Err(error) = self.asm.file((text, module.options.asm_syntax), pos) {
            self.fail_asm(Symbol::NONE, error);
        }
    }

    fn finish(&mut self, module: &Module) {
        if !self.asm.is_empty() {
            // Text may name aliases, and aliases what text defines.
            self.aliases(module, false);
            let mut host = AsmHost::new(&mut self.symbols, module);
            let errors = self.asm.finish(&mut host, self.select.arch, &mut self.frames);
            for error in errors {
                self.fail_asm(Symbol::NONE, error);
            }
        }
        self.aliases(module, true);
        if !module.options.file_name.is_empty() {
            let name = module.options.file_name.as_bytes();
            let base = name.rsplit(|&byte| byte == b'/').next().unwrap_or(name);
            let file = self.symbols.builder.add_symbol(base, Binding::Local, obj::SymbolKind::File);
            self.symbols.builder.symbol_mut(file).def = SymbolDef::Absolute;
        }
    }
}

/// A symbol's section by name, when the source asked for one.
pub(crate) fn asked_section(module: &Module, section: SectionName) -> Option<&[u8]> {
    section.some().map(|section| &*module.sections[section])
}
