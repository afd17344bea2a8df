//! Printing. One function per kind of item; instructions by their row.

use crate::debug::{DebugType, Encoding, FuncDebug, Member, Qualifier, Scope, TypeData, VarHome};
use crate::func::{Asm, AsmOperand, AsmRole, BlockData, CallFlags, Func, FuncFlags, Inst, ParamHome, SlotData, Value};
use crate::module::{
    AtomicOrder, DataDef, Linkage, MemDesc, Module, PicLevel, SectionName, Symbol, SymbolDecl, SymbolKind, UnitOptions,
    Visibility,
};
use crate::ops::{AtomicRmw, Aux, Cond, FCond, Operand};
use crate::record::{Change, Event, Tracker, Unit};
use crate::sink::FunctionSink;
use crate::types::{Ext, Layout, Param, Signature, Ty};
use base::Pos;
use base::ids::Id;
use std::collections::HashMap;
use std::fmt::Write;

/// The text of a unit.
pub fn print(unit: &Unit) -> String {
    let mut printer = Printer::default();
    for event in &unit.events {
        match event {
            Event::Change(change) => printer.change(change),
            Event::Function(func) => printer.func(func),
            Event::Data(data) => printer.data(data),
            Event::Common { symbol, size, align } => printer.common(*symbol, *size, *align),
            Event::Assembly(text, pos) => printer.assembly(text, *pos),
            Event::Finish => printer.out.push_str("finish\n"),
        }
    }
    printer.out
}

/// The text of one function, for messages and debugging.
pub fn print_func(module: &Module, func: &Func) -> String {
    let mut printer = Printer::default();
    for decl in module.symbols.iter() {
        printer.name(decl);
    }
    printer.func(func);
    printer.out
}

/// Prints a unit while it is made.
#[derive(Default)]
pub struct TextSink {
    printer: Printer,
    tracker: Tracker,
}

impl TextSink {
    pub fn new() -> TextSink {
        TextSink::default()
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.printer.out
    }

    pub fn into_text(self) -> String {
        self.printer.out
    }

    fn follow(&mut self, module: &Module) -> &mut Printer {
        let printer = &mut self.printer;
        self.tracker.follow(module, |change| printer.change(&change));
        printer
    }
}

impl FunctionSink for TextSink {
    fn function(&mut self, module: &Module, func: &mut Func) {
        self.follow(module).func(func);
    }

    fn data(&mut self, module: &Module, data: DataDef) {
        self.follow(module).data(&data);
    }

    fn common(&mut self, module: &Module, symbol: Symbol, size: u64, align: u32) {
        self.follow(module).common(symbol, size, align);
    }

    fn assembly(&mut self, module: &Module, text: &[u8], pos: Pos) {
        self.follow(module).assembly(text, pos);
    }

    fn finish(&mut self, module: &Module) {
        self.follow(module).out.push_str("finish\n");
    }
}

pub(super) const LINKAGES: [(Linkage, &str); 4] =
    [(Linkage::Local, "local"), (Linkage::Global, "global"), (Linkage::Weak, "weak"), (Linkage::Common, "common")];
pub(super) const KINDS: [(SymbolKind, &str); 5] = [
    (SymbolKind::Function, "function"),
    (SymbolKind::Indirect, "indirect"),
    (SymbolKind::Data, "data"),
    (SymbolKind::Tls, "tls"),
    (SymbolKind::Label, "label"),
];
pub(super) const VISIBILITIES: [(Visibility, &str); 4] = [
    (Visibility::Default, "default"),
    (Visibility::Hidden, "hidden"),
    (Visibility::Protected, "protected"),
    (Visibility::Internal, "internal"),
];
pub(super) const FUNC_FLAGS: [(u16, &str); 9] = [
    (FuncFlags::RETURNS_TWICE.0, "returns_twice"),
    (FuncFlags::DYNAMIC_STACK.0, "dynamic_stack"),
    (FuncFlags::NORETURN.0, "noreturn"),
    (FuncFlags::ALWAYS_INLINE.0, "always_inline"),
    (FuncFlags::NOINLINE.0, "noinline"),
    (FuncFlags::WRAPV.0, "wrapv"),
    (FuncFlags::NO_BUILTIN.0, "no_builtin"),
    (FuncFlags::STACK_PROTECTOR.0, "stack_protector"),
    (FuncFlags::CHAIN.0, "chain"),
];
pub(super) const CALL_FLAGS: [(u16, &str); 2] =
    [(CallFlags::NORETURN.0, "noreturn"), (CallFlags::RETURNS_TWICE.0, "returns_twice")];

pub(super) const ENCODINGS: [(Encoding, &str); 7] = [
    (Encoding::Bool, "bool"),
    (Encoding::Signed, "signed"),
    (Encoding::Unsigned, "unsigned"),
    (Encoding::SignedChar, "signed_char"),
    (Encoding::UnsignedChar, "unsigned_char"),
    (Encoding::Float, "float"),
    (Encoding::ComplexFloat, "complex_float"),
];
pub(super) const QUALIFIERS: [(Qualifier, &str); 4] = [
    (Qualifier::Const, "const"),
    (Qualifier::Volatile, "volatile"),
    (Qualifier::Restrict, "restrict"),
    (Qualifier::Atomic, "atomic"),
];

/// The unit options that are on or off.
pub(super) type OptionFlag = (&'static str, fn(&mut UnitOptions) -> &mut bool);
pub(super) const OPTION_FLAGS: [OptionFlag; 7] = [
    ("debug", |o| &mut o.debug),
    ("lines_only", |o| &mut o.lines_only),
    ("function_sections", |o| &mut o.function_sections),
    ("data_sections", |o| &mut o.data_sections),
    ("frame_pointer", |o| &mut o.frame_pointer),
    ("unwind_tables", |o| &mut o.unwind_tables),
    ("no_plt", |o| &mut o.no_plt),
];

/// The name that `table` gives `key`.
fn named<K: PartialEq + Copy>(table: &[(K, &'static str)], key: K) -> &'static str {
    table.iter().find(|row| row.0 == key).map_or("?", |row| row.1)
}

/// True for bytes that may stand in `@name`.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$')
}

#[derive(Default)]
struct Printer {
    out: String,
    /// Names that can be written as `@name`, by symbol, and the latest symbol of each.
    names: Vec<Option<Box<str>>>,
    latest: HashMap<Box<str>, Symbol>,
    /// Made so far: ids are given out by counting.
    n_sections: u32,
    n_layouts: u32,
    n_sigs: u32,
    n_mems: u32,
    n_wides: u32,
    n_types: u32,
}

/// Writing to a string cannot fail.
macro_rules! put {
    ($self:ident, $($arg:tt)*) => {
        write!($self.out, $($arg)*).expect("a string takes everything")
    };
}

impl Printer {
    fn name(&mut self, decl: &SymbolDecl) {
        let symbol = Symbol::from_index(self.names.len());
        let plain = !decl.name.is_empty() && decl.name.iter().all(|&b| is_name_byte(b));
        let name: Option<Box<str>> = if plain { std::str::from_utf8(&decl.name).ok().map(Into::into) } else { None };
        if let Some(name) = &name {
            self.latest.insert(name.clone(), symbol);
        }
        self.names.push(name);
    }

    fn symbol(&mut self, symbol: Symbol) {
        match self.names.get(symbol.index()) {
            Some(Some(name)) if self.latest.get(name) == Some(&symbol) => {
                self.out.push('@');
                self.out.push_str(name);
            }
            _ => put!(self, "{symbol:?}"),
        }
    }

    fn string(&mut self, bytes: &[u8]) {
        self.out.push('"');
        for &byte in bytes {
            match byte {
                b'"' | b'\\' => put!(self, "\\{byte:02x}"),
                b' '..=b'~' => self.out.push(char::from(byte)),
                _ => put!(self, "\\{byte:02x}"),
            }
        }
        self.out.push('"');
    }

    fn flags(&mut self, flags: u16, table: &[(u16, &str)]) {
        for &(bit, name) in table {
            if flags & bit != 0 {
                put!(self, " {name}");
            }
        }
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Options(options) => self.options(options),
            Change::Section(name) => self.item("section sec", |p| &mut p.n_sections, |p| p.string(name)),
            Change::Symbol(decl) => {
                put!(self, "symbol g{} ", self.names.len());
                self.name(decl);
                self.decl(decl);
            }
            Change::Redeclare(symbol, decl) => {
                put!(self, "redeclare {symbol:?} ");
                self.decl(decl);
            }
            Change::Layout(layout) => self.item("layout layout", |p| &mut p.n_layouts, |p| p.layout(layout)),
            Change::Sig(sig) => self.item("sig sig", |p| &mut p.n_sigs, |p| p.sig(sig)),
            Change::Mem(desc) => self.item("mem m", |p| &mut p.n_mems, |p| p.mem(desc)),
            Change::Wide(bytes) => {
                self.item("wide w", |p| &mut p.n_wides, |p| put!(p, "0x{:032x}", u128::from_le_bytes(*bytes)))
            }
            Change::DebugUnit(directory, producer) => self.line("debug_unit", |p| {
                p.string(directory.as_bytes());
                p.out.push(' ');
                p.string(producer.as_bytes());
            }),
            Change::Type(data) => self.item("type dt", |p| &mut p.n_types, |p| p.debug_type(data)),
            Change::Retype(ty, data) => self.line("retype", |p| {
                put!(p, "{ty:?} ");
                p.debug_type(data);
            }),
            Change::Global(var) => self.line("global", |p| {
                p.string(var.name.as_bytes());
                p.type_ref(var.ty);
                p.out.push(' ');
                p.symbol(var.symbol);
                p.word_if(var.external, "external");
                p.word_if(var.tls, "tls");
                put!(p, " pos {}", var.pos.0);
            }),
            Change::Used(ty) => {
                self.out.push_str("used");
                self.type_ref(*ty);
                self.out.push('\n');
            }
        }
    }

    fn line(&mut self, word: &str, rest: impl FnOnce(&mut Self)) {
        self.out.push_str(word);
        self.out.push(' ');
        rest(self);
        self.out.push('\n');
    }

    /// A line that makes the next id of some kind.
    fn item(&mut self, word: &str, count: impl Fn(&mut Self) -> &mut u32, rest: impl FnOnce(&mut Self)) {
        let id = *count(self);
        *count(self) += 1;
        put!(self, "{word}{id} ");
        rest(self);
        self.out.push('\n');
    }

    fn word_if(&mut self, yes: bool, word: &str) {
        if yes {
            put!(self, " {word}");
        }
    }

    fn options(&mut self, options: &UnitOptions) {
        self.out.push_str("unit ");
        self.string(options.file_name.as_bytes());
        self.out.push_str(match options.pic {
            PicLevel::None => " fixed",
            PicLevel::Pie => " pie",
            PicLevel::Pic => " pic",
        });
        put!(self, " opt {}", options.opt_level);
        let mut options = options.clone();
        for (name, field) in OPTION_FLAGS {
            let on = *field(&mut options);
            self.word_if(on, name);
        }
        if options.asm_syntax != 0 {
            put!(self, " asm_syntax {}", options.asm_syntax);
        }
        self.out.push('\n');
    }

    fn decl(&mut self, decl: &SymbolDecl) {
        self.string(&decl.name);
        put!(self, " {} {}", named(&KINDS, decl.kind), named(&LINKAGES, decl.linkage));
        if decl.visibility != Visibility::Default {
            put!(self, " {}", named(&VISIBILITIES, decl.visibility));
        }
        self.word_if(decl.defined, "defined");
        if decl.section != SectionName::NONE {
            put!(self, " in sec{}", decl.section.0);
        }
        if let Some(target) = decl.alias {
            put!(self, " alias {target:?}");
        }
        self.out.push('\n');
    }

    fn layout(&mut self, layout: &Layout) {
        put!(self, "size {} align {} (", layout.size, layout.align);
        for (idx, leaf) in layout.leaves.iter().enumerate() {
            let comma = if idx == 0 { "" } else { ", " };
            put!(self, "{comma}{} {}", leaf.offset, leaf.ty.name());
        }
        self.out.push(')');
        self.word_if(!layout.complete, "incomplete");
        self.word_if(layout.unaligned, "unaligned");
        self.word_if(layout.complex, "complex");
    }

    fn param(&mut self, param: Param) {
        match param {
            Param::Scalar { ty, ext } => {
                self.out.push_str(ty.name());
                self.out.push_str(match ext {
                    Ext::None => "",
                    Ext::Sign => " sext",
                    Ext::Zero => " zext",
                });
            }
            Param::Aggregate(layout) => put!(self, "{layout:?}"),
        }
    }

    fn sig(&mut self, sig: &Signature) {
        self.out.push('(');
        for (idx, &param) in sig.params.iter().enumerate() {
            if idx != 0 {
                self.out.push_str(", ");
            }
            self.param(param);
        }
        self.out.push_str(") -> ");
        self.param(sig.ret);
        self.word_if(sig.variadic, "variadic");
        self.word_if(sig.unprototyped, "unprototyped");
    }

    fn mem(&mut self, desc: &MemDesc) {
        put!(self, "align_log2 {}", desc.align_log2);
        self.word_if(desc.volatile, "volatile");
        if desc.order != AtomicOrder::None {
            put!(self, " order {}", desc.order.name());
        }
        if desc.alias_root != 0 {
            put!(self, " root {}", desc.alias_root);
        }
    }

    fn type_ref(&mut self, ty: DebugType) {
        match ty.some() {
            Some(ty) => put!(self, " {ty:?}"),
            None => self.out.push_str(" void"),
        }
    }

    fn debug_type(&mut self, data: &TypeData) {
        match data {
            TypeData::Base { name, size, encoding } => {
                self.out.push_str("base ");
                self.string(name.as_bytes());
                put!(self, " {size} {}", named(&ENCODINGS, *encoding));
            }
            TypeData::Pointer(to) => {
                self.out.push_str("pointer");
                self.type_ref(*to);
            }
            TypeData::Qualified(qualifier, ty) => {
                self.out.push_str(named(&QUALIFIERS, *qualifier));
                self.type_ref(*ty);
            }
            TypeData::Typedef { name, ty, pos } => {
                self.out.push_str("typedef ");
                self.string(name.as_bytes());
                self.type_ref(*ty);
                put!(self, " pos {}", pos.0);
            }
            TypeData::Array { element, count, size } => {
                self.out.push_str("array");
                self.type_ref(*element);
                if let Some(count) = count {
                    put!(self, " count {count}");
                }
                put!(self, " size {size}");
            }
            TypeData::Vector { element, count } => {
                self.out.push_str("vector");
                self.type_ref(*element);
                put!(self, " count {count}");
            }
            TypeData::VariableArray { element, length } => {
                self.out.push_str("array");
                self.type_ref(*element);
                put!(self, " length {}", length.0);
            }
            TypeData::Record { name, union, size, align, members, pos } => {
                self.out.push_str(if *union { "union " } else { "struct " });
                self.string(name.as_bytes());
                put!(self, " size {size} align {align} pos {}", pos.0);
                if let Some(members) = members {
                    self.members(members);
                }
            }
            TypeData::Enum { name, size, signed, items, pos } => {
                self.out.push_str("enum ");
                self.string(name.as_bytes());
                put!(self, " size {size}");
                self.word_if(*signed, "signed");
                put!(self, " pos {}", pos.0);
                if let Some(items) = items {
                    self.out.push_str(" {");
                    for (name, value) in items {
                        self.out.push_str("\n  ");
                        self.string(name.as_bytes());
                        put!(self, " {value}");
                    }
                    self.out.push_str("\n}");
                }
            }
            TypeData::Function { ret, params, variadic, prototyped } => {
                self.out.push_str("function");
                self.type_ref(*ret);
                self.out.push_str(" (");
                for &param in params {
                    self.type_ref(param);
                }
                self.out.push_str(" )");
                self.word_if(*variadic, "variadic");
                self.word_if(*prototyped, "prototyped");
            }
        }
    }

    fn members(&mut self, members: &[Member]) {
        self.out.push_str(" {");
        for member in members {
            self.out.push_str("\n  ");
            self.string(member.name.as_bytes());
            self.type_ref(member.ty);
            put!(self, " at {}", member.offset);
            if (member.bit_size, member.bit_offset) != (0, 0) {
                put!(self, " bits {} from {}", member.bit_size, member.bit_offset);
            }
            put!(self, " pos {}", member.pos.0);
        }
        self.out.push_str("\n}");
    }

    fn data(&mut self, data: &DataDef) {
        self.out.push_str("data ");
        self.symbol(data.symbol);
        put!(self, " size {} align {}", data.size, data.align);
        self.word_if(data.read_only, "read_only");
        if data.merge != 0 {
            put!(self, " merge {}", data.merge);
        }
        self.out.push_str(" {");
        for chunk in data.bytes.chunks(48) {
            self.out.push_str("\n  ");
            self.string(chunk);
        }
        for reloc in &data.relocs {
            put!(self, "\n  at {}: ", reloc.offset);
            self.symbol(reloc.target);
            put!(self, " addend {} size {}", reloc.addend, reloc.size);
            if let Some(base) = reloc.base.some() {
                self.out.push_str(" minus ");
                self.symbol(base);
            }
        }
        self.out.push_str("\n}\n");
    }

    fn common(&mut self, symbol: Symbol, size: u64, align: u32) {
        self.out.push_str("common ");
        self.symbol(symbol);
        put!(self, " size {size} align {align}\n");
    }

    fn assembly(&mut self, text: &[u8], pos: Pos) {
        put!(self, "assembly pos {}", pos.0);
        for line in text.split_inclusive(|&b| b == b'\n') {
            self.out.push_str("\n  ");
            self.string(line);
        }
        self.out.push('\n');
    }

    fn func(&mut self, func: &Func) {
        self.out.push_str("func ");
        self.symbol(func.symbol);
        put!(self, " {:?}", func.sig);
        if func.align != 0 {
            put!(self, " align {}", func.align);
        }
        self.flags(func.flags.0, &FUNC_FLAGS);
        self.out.push_str(" {\n");
        self.func_tables(func);
        let mut locs = func.locs.iter().peekable();
        let mut at = 0;
        for &block in &func.order {
            let data = &func.blocks[block];
            while let Some(loc) = locs.next_if(|loc| loc.first < data.start) {
                put!(self, "  loc {}\n", loc.pos.0);
            }
            put!(self, "{block:?}:");
            if data.loop_depth != 0 {
                put!(self, " depth {}", data.loop_depth);
            }
            self.label(data);
            self.out.push('\n');
            for value in func.block_values(block) {
                while let Some(loc) = locs.next_if(|loc| loc.first <= value.0) {
                    put!(self, "  loc {}\n", loc.pos.0);
                }
                self.inst(func, value);
            }
            at = at.max(data.end);
        }
        for loc in locs {
            put!(self, "  loc {}\n", loc.pos.0);
        }
        debug_assert!(at as usize == func.insts.len(), "instructions behind the last block");
        self.out.push_str("}\n");
    }

    fn label(&mut self, data: &BlockData) {
        if let Some(label) = data.label.some() {
            self.out.push_str(" label ");
            self.symbol(label);
        }
    }

    fn func_tables(&mut self, func: &Func) {
        for (idx, &home) in func.params.iter().enumerate() {
            self.out.push_str(if idx == 0 { "  params " } else { ", " });
            match home {
                ParamHome::Value => self.out.push_str("value"),
                ParamHome::Slot(slot) => put!(self, "{slot:?}"),
            }
        }
        if !func.params.is_empty() {
            self.out.push('\n');
        }
        for (slot, data) in func.slots.enumerated() {
            let SlotData { size, align, ty, address_taken, pinned_to_memory, weight, first, end } = *data;
            put!(self, "  slot {slot:?} {size} align {align} {} weight {weight}", ty.name());
            self.word_if(address_taken, "taken");
            self.word_if(pinned_to_memory, "pinned");
            if (first, end) != (0, u32::MAX) {
                put!(self, " from {first} to {end}");
            }
            self.out.push('\n');
        }
        if let Some(debug) = &func.debug {
            self.func_debug(debug);
        }
        for (number, asm) in func.asms.iter().enumerate() {
            self.asm(number, asm);
        }
        // Blocks that were made but never filled.
        let mut filled = vec![false; func.blocks.len()];
        for &block in &func.order {
            filled[block.index()] = true;
        }
        for (block, data) in func.blocks.enumerated().filter(|(block, _)| !filled[block.index()]) {
            put!(self, "  unfilled {block:?}");
            self.label(data);
            self.out.push('\n');
        }
    }

    fn asm(&mut self, number: usize, asm: &Asm) {
        put!(self, "  asm a{number} ");
        self.string(&asm.template);
        self.word_if(asm.plain, "plain");
        if asm.syntax != 0 {
            put!(self, " syntax {}", asm.syntax);
        }
        put!(self, " pos {}", asm.pos.0);
        for AsmOperand { role, constraint, name, register, size } in &asm.operands {
            self.out.push_str("\n    ");
            match role {
                AsmRole::Output(slot) => put!(self, "out {slot:?} "),
                AsmRole::Input => self.out.push_str("in "),
                AsmRole::OutputAt => self.out.push_str("out_at "),
                AsmRole::InputAt => self.out.push_str("in_at "),
            }
            self.string(constraint);
            put!(self, " size {size}");
            for (word, text) in [(" name ", name), (" register ", register)] {
                if !text.is_empty() {
                    self.out.push_str(word);
                    self.string(text);
                }
            }
        }
        for clobber in &asm.clobbers {
            self.out.push_str("\n    clobber ");
            self.string(clobber);
        }
        for (name, block) in &asm.labels {
            put!(self, "\n    to {block:?} ");
            self.string(name);
        }
        self.out.push('\n');
    }

    fn func_debug(&mut self, debug: &FuncDebug) {
        self.out.push_str("  debug ");
        self.string(debug.name.as_bytes());
        self.type_ref(debug.ty);
        self.word_if(debug.external, "external");
        put!(self, " pos {} open {} end {}\n", debug.pos.0, debug.open.0, debug.end.0);
        for (scope, data) in debug.scopes.enumerated() {
            put!(self, "  scope {scope:?} from {} to {}", data.first, data.end);
            if data.parent != Scope::NONE {
                put!(self, " in {:?}", data.parent);
            }
            self.out.push('\n');
        }
        for var in &debug.vars {
            self.out.push_str("  var ");
            self.string(var.name.as_bytes());
            self.type_ref(var.ty);
            put!(self, " {:?} ", var.scope);
            match var.home {
                VarHome::Slot(slot) => put!(self, "{slot:?}"),
                VarHome::Within(slot, offset) => put!(self, "within {slot:?} at {offset}"),
                VarHome::Indirect(slot) => put!(self, "indirect {slot:?}"),
                VarHome::Static(symbol) => {
                    self.out.push_str("static ");
                    self.symbol(symbol);
                }
                VarHome::ThreadLocal(symbol) => {
                    self.out.push_str("tls ");
                    self.symbol(symbol);
                }
            }
            self.word_if(var.param, "param");
            put!(self, " pos {}\n", var.pos.0);
        }
    }

    fn inst(&mut self, func: &Func, value: Value) {
        let inst = func.inst(value);
        let row = inst.op.row();
        self.out.push_str("  ");
        if inst.result_ty() != Ty::Void {
            put!(self, "{value:?} = ");
        }
        self.out.push_str(row.name);
        if inst.ty != Ty::Void {
            self.out.push('.');
            self.out.push_str(inst.ty.name());
        }
        match row.aux {
            Aux::Cond => put!(self, " {}", Cond::from_aux(inst.aux).name()),
            Aux::FCond => put!(self, " {}", FCond::from_aux(inst.aux).name()),
            _ => {}
        }
        let mut separator = " ";
        for (operand, word) in row.operands().into_iter().zip(inst.words()) {
            let skip = matches!(operand, Operand::None | Operand::Count)
                || operand == Operand::ValueUnlessVoid && inst.ty == Ty::Void;
            if !skip {
                self.out.push_str(separator);
                separator = ", ";
                self.operand(func, inst, operand, word);
            }
        }
        match row.aux {
            Aux::None | Aux::Cond | Aux::FCond => {}
            Aux::Mem => put!(self, " m{}", inst.aux),
            Aux::Call => self.flags(inst.aux, &CALL_FLAGS),
            Aux::Order => put!(self, " {}", AtomicOrder::ALL[inst.aux as usize].name()),
        }
        self.out.push('\n');
    }

    fn operand(&mut self, func: &Func, inst: &Inst, operand: Operand, word: u32) {
        match operand {
            Operand::None | Operand::Count => {}
            Operand::Value | Operand::ValueUnlessVoid => put!(self, "v{word}"),
            Operand::Imm => put!(self, "{}", word as i32),
            Operand::Uimm => put!(self, "{word}"),
            Operand::Imm64 => self.imm64(inst.ty, inst.imm64()),
            Operand::Slot => put!(self, "s{word}"),
            Operand::Symbol => self.symbol(Symbol(word)),
            Operand::Block => put!(self, "b{word}"),
            Operand::Asm => put!(self, "a{word}"),
            Operand::Wide => put!(self, "w{word}"),
            Operand::Layout => put!(self, "layout{word}"),
            Operand::Sig => put!(self, "sig{word}"),
            Operand::List => self.values(func.list(word + 1, func.lists[word as usize])),
            Operand::Args => self.values(func.jump_args(inst)),
            Operand::Rmw => put!(self, "{}", AtomicRmw::ALL[word as usize].name()),
            Operand::Cases => {
                self.out.push('[');
                for (idx, (case, block)) in func.switch(inst).cases().enumerate() {
                    let comma = if idx == 0 { "" } else { ", " };
                    put!(self, "{comma}{case}: {block:?}");
                }
                self.out.push(']');
            }
        }
    }

    fn values(&mut self, values: &[u32]) {
        self.out.push('(');
        for (idx, value) in values.iter().enumerate() {
            let comma = if idx == 0 { "" } else { ", " };
            put!(self, "{comma}v{value}");
        }
        self.out.push(')');
    }

    /// Integers signed in their type; raw bits where that would lose some, and for floats.
    fn imm64(&mut self, ty: Ty, bits: u64) {
        let signed = sign_extend(ty, bits);
        if ty.is_float() || truncate(ty, signed as u64) != bits {
            put!(self, "0x{bits:x}");
        } else {
            put!(self, "{signed}");
        }
    }
}

/// The bits of an integer of type `ty`, sign-extended from its width.
fn sign_extend(ty: Ty, bits: u64) -> i64 {
    let shift = 64 - 8 * ty.size().clamp(1, 8);
    (bits << shift) as i64 >> shift
}

/// The bits that fit `ty`.
pub(super) fn truncate(ty: Ty, bits: u64) -> u64 {
    let shift = 64 - 8 * ty.size().clamp(1, 8);
    bits << shift >> shift
}
