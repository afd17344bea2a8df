//! An object as assembly text that assembles to the same object: what `cc -S` writes.
//!
//! Not the compiler's steps are written down but what they made: code is disassembled, fields with relocations become
//! expressions, places that something refers to become labels. So every front end, option and inline statement is covered
//! by one printer, and what it cannot express it gives as bytes and `.reloc`, never as something else.
//!
//! Line and unwind information is not part of an object's code: it comes beside it and is written as `.loc` and `.cfi_*`,
//! from which the assembler makes the sections again.
//!
//! Reading order: this file (the parts of a file, sections, symbols), [`code`] (instructions), [`data`] (bytes),
//! [`labels`] (what is to have a name).

mod code;
mod data;
mod labels;

use crate::disasm::Disassembler;
use base::{Id, IdVec, Pos};
use labels::Labels;
use mc::rows::{UnwindOp, UnwindRow};
use obj::{
    AtomId, Binding, GroupId, Object, RelocTarget, RelocTargetKind, Section, SectionFlags, SectionId, SectionKind,
    SymId, Symbol, SymbolDef, SymbolKind, Visibility,
};
use std::collections::{HashMap, HashSet};
use target::{Arch, RelocKind};

/// How text of an architecture is written.
pub struct Dialect {
    pub disassembler: &'static dyn Disassembler,
    /// The ways to write instructions, as in [`Disassembler::syntaxes`]; the first is the one that assemblers begin with.
    pub spellings: &'static [Spelling],
    /// Kinds of relocations that operands of instructions ask for, and what stands behind the symbol (`@GOTPCREL`).
    pub operands: &'static [(RelocKind, &'static str)],
    /// The same for data.
    pub data: &'static [DataOperator],
    /// Begins a comment.
    pub comment: &'static str,
}

/// A syntax of instructions.
pub struct Spelling {
    /// The directive behind which it is in force.
    pub directive: &'static str,
    /// What stands before a symbol whose address is meant, not what is there.
    pub immediate: &'static str,
    /// Names that no symbol can have in operands: they mean something else.
    pub is_reserved: fn(&[u8]) -> bool,
}

/// How a field of data that is relocated is written.
#[derive(Clone, Copy, Debug)]
pub struct DataOperator {
    pub kind: RelocKind,
    /// `.quad`
    pub directive: &'static str,
    /// Behind the symbol.
    pub suffix: &'static str,
    /// The field holds a distance: `symbol - .`
    pub relative: bool,
}

/// A file that line rows speak of: `.file NUMBER "DIRECTORY" "NAME"`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LineFile {
    pub number: u32,
    /// Empty for the compilation directory.
    pub directory: String,
    pub name: String,
}

/// A row of the line table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LinePlace {
    /// From the start of the function, in bytes.
    pub offset: u32,
    pub file: u32,
    pub line: u32,
    pub column: u32,
    /// As in [`mc::rows::LineRow`].
    pub flags: u8,
    pub pos: Pos,
}

/// A range of code with unwind rules, and perhaps lines.
#[derive(Clone, Debug)]
pub struct Function<'a> {
    pub atom: AtomId,
    /// In the atom, in bytes.
    pub offset: u32,
    pub size: u32,
    /// Empty where the object has no unwind tables. Offsets count from the function's start.
    pub unwind: &'a [UnwindRow],
    pub lines: Vec<LinePlace>,
}

/// What is written.
pub struct Unit<'a> {
    pub object: &'a Object<'a>,
    pub arch: &'static Arch,
    pub dialect: &'static Dialect,
    /// Which of [`Dialect::spellings`] instructions are written in.
    pub spelling: usize,
    pub functions: Vec<Function<'a>>,
    /// Functions have unwind rules, which go to this section (`.eh_frame`).
    pub frames: Option<&'static str>,
    pub files: Vec<LineFile>,
    /// The section of lines, when the rows above are to make it: it only gets a label.
    pub line_section: Option<SectionId>,
    /// What is said of a position in a comment beside its code.
    pub quote: Option<&'a dyn Fn(Pos) -> String>,
    /// What the object says of who made it: `.ident`.
    pub maker: Option<&'a str>,
    /// What the compiler says of itself in the first comment.
    pub heading: Vec<String>,
}

/// The text of `unit`.
pub fn print(unit: &Unit<'_>) -> Vec<u8> {
    let labels = Labels::collect(unit);
    let mut printer = Printer {
        unit,
        labels,
        ordinals: ordinals(unit.object),
        functions: HashMap::new(),
        described: HashSet::new(),
        is_mixed: unit.spelling != 0 && has_reserved_name(unit),
        is_switched: false,
        out: Vec::with_capacity(unit.object.relocs.len() * 64 + 4096),
    };
    for (at, function) in unit.functions.iter().enumerate() {
        printer.functions.entry(function.atom).or_default().push(at);
    }
    printer.head();
    for (id, section) in unit.object.sections.enumerated() {
        printer.section(id, section);
    }
    printer.tail();
    printer.atoms();
    printer.out
}

/// Some symbol can only be written in the usual spelling.
fn has_reserved_name(unit: &Unit<'_>) -> bool {
    let is_named = |symbol: &Symbol| !matches!(symbol.kind, SymbolKind::File | SymbolKind::Section);
    let mut symbols = unit.object.symbols.enumerated().filter(|(_, symbol)| is_named(symbol));
    symbols.any(|(id, _)| unit.spelling().is_out_of_reach(unit.object.symbol_name(id)))
}

/// How many sections of the same name and group stand before each.
fn ordinals(object: &Object<'_>) -> IdVec<SectionId, u32> {
    let mut seen: HashMap<(&[u8], GroupId), u32> = HashMap::new();
    let mut ordinals = IdVec::with_capacity(object.sections.len());
    for section in object.sections.iter() {
        let n = seen.entry((&section.name, section.group)).or_default();
        ordinals.push(*n);
        *n += 1;
    }
    ordinals
}

struct Printer<'u, 'a> {
    unit: &'u Unit<'a>,
    labels: Labels,
    /// How many sections of the same name and group stand before each.
    ordinals: IdVec<SectionId, u32>,
    /// Indices of [`Unit::functions`] by atom, in order of offset. Only looked up.
    functions: HashMap<AtomId, Vec<usize>>,
    /// Symbols whose binding and kind were said. Only looked up.
    described: HashSet<SymId>,
    /// Some name is reserved in the spelling of instructions: it is in force only around instructions without such names.
    is_mixed: bool,
    /// There it is in force.
    is_switched: bool,
    out: Vec<u8>,
}

impl Printer<'_, '_> {
    fn line(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'\n');
    }

    fn head(&mut self) {
        let unit = self.unit;
        for line in &unit.heading {
            self.line(&format!("{} {line}", unit.dialect.comment));
        }
        for (id, symbol) in unit.object.symbols.enumerated() {
            if symbol.kind == SymbolKind::File {
                self.out.extend_from_slice(b"\t.file\t");
                self.quoted(unit.object.symbol_name(id));
                self.out.push(b'\n');
            }
        }
        for file in &unit.files {
            self.out.extend_from_slice(format!("\t.file\t{} ", file.number).as_bytes());
            if !file.directory.is_empty() {
                self.quoted(file.directory.as_bytes());
                self.out.push(b' ');
            }
            self.quoted(file.name.as_bytes());
            self.out.push(b'\n');
        }
        if let Some(section) = unit.frames.filter(|section| *section != ".eh_frame") {
            self.line(&format!("\t.cfi_sections {section}"));
        }
        if unit.spelling != 0 && !self.is_mixed {
            self.line(&format!("\t{}", unit.spelling().directive));
        }
    }

    /// What is said of symbols that nothing here defines.
    fn tail(&mut self) {
        let object = self.unit.object;
        for (id, symbol) in object.symbols.enumerated() {
            if self.described.contains(&id) || symbol.name.len == 0 {
                continue;
            }
            match symbol.def {
                SymbolDef::Undefined => {
                    let is_weak = symbol.binding == Binding::Weak;
                    if is_weak || symbol.visibility != Visibility::Default {
                        self.attributes(id, symbol);
                    }
                }
                SymbolDef::Common => {
                    let local = symbol.binding == Binding::Local;
                    if local {
                        self.about(".local", id);
                    }
                    self.attributes(id, symbol);
                    self.out.extend_from_slice(b"\t.comm\t");
                    self.symbol(id);
                    self.line(&format!(",{},{}", symbol.size, symbol.value));
                }
                SymbolDef::Absolute if !matches!(symbol.kind, SymbolKind::File | SymbolKind::Section) => {
                    self.attributes(id, symbol);
                    self.out.extend_from_slice(b"\t.set\t");
                    self.symbol(id);
                    self.line(&format!(", {:#x}", symbol.value));
                }
                SymbolDef::Absolute | SymbolDef::Atom(_) => {}
            }
        }
    }

    /// Where the atoms of sections with several begin and end (docs/decisions/0050).
    fn atoms(&mut self) {
        let object = self.unit.object;
        self.line("\t.section\t.kit.atoms,\"e\",@progbits");
        self.line("\t.ascii\t\"kitcuts1\"");
        for section in object.sections.iter().filter(|section| labels::is_cut(object, section)) {
            for idx in section.atoms.start.0..section.atoms.end.0 {
                let id = AtomId(idx);
                self.out.extend_from_slice(format!("\t.uleb128\t{}-", end_label(id)).as_bytes());
                match self.labels.symbols_at(object, id, 0).first() {
                    Some(&symbol) => self.symbol(symbol),
                    None => {
                        let label = self.labels.private(id, 0).expect("atoms without a symbol have a label");
                        self.out.extend_from_slice(label.as_bytes());
                    }
                }
                self.line(&format!(", {}", object.atoms[id].align.trailing_zeros()));
            }
        }
    }

    fn section(&mut self, id: SectionId, section: &Section<'_>) {
        let object = self.unit.object;
        if let Some(maker) = self.unit.maker
            && section.flags == SectionFlags::MERGE.with(SectionFlags::STRINGS)
            && section.data.strip_prefix(b"\0").and_then(|text| text.strip_suffix(b"\0")) == Some(maker.as_bytes())
        {
            self.out.extend_from_slice(b"\t.ident\t");
            self.quoted(maker.as_bytes());
            self.out.push(b'\n');
            return;
        }
        self.section_directive(id, section);
        let is_code = section.flags.has(SectionFlags::EXEC) && section.kind != SectionKind::Nobits;
        let mut end = 0;
        for idx in section.atoms.start.0..section.atoms.end.0 {
            let id = AtomId(idx);
            let atom = &object.atoms[id];
            let gap = atom.offset - end;
            if atom.align > 1 {
                self.line(&format!("\t.p2align\t{}", atom.align.trailing_zeros()));
            } else if gap > 0 {
                self.line(&format!("\t.zero\t{gap}"));
            }
            end = atom.offset + atom.size;
            self.atom(id, section, is_code);
        }
        if end < section.size {
            self.line(&format!("\t.zero\t{}", section.size - end));
        }
    }

    fn section_directive(&mut self, id: SectionId, section: &Section<'_>) {
        let object = self.unit.object;
        let plain = section.group.is_none();
        let usual = SectionFlags::ALLOC;
        let short: &[(&[u8], SectionKind, SectionFlags)] = &[
            (b".text", SectionKind::Progbits, usual.with(SectionFlags::EXEC)),
            (b".data", SectionKind::Progbits, usual.with(SectionFlags::WRITE)),
            (b".bss", SectionKind::Nobits, usual.with(SectionFlags::WRITE)),
        ];
        let known = |row: &&(&[u8], SectionKind, SectionFlags)| {
            row.0 == &*section.name && row.1 == section.kind && row.2 == section.flags
        };
        if let Some(row) = short.iter().find(known).filter(|_| plain) {
            self.line(&format!("\t{}", String::from_utf8_lossy(row.0)));
            return;
        }
        self.out.extend_from_slice(b"\t.section\t");
        self.section_name(&section.name);
        let mut flags = String::new();
        for (flag, letter) in SECTION_LETTERS {
            if section.flags.has(*flag) {
                flags.push(*letter);
            }
        }
        let group = section.group.some().map(|group| &object.groups[group]);
        if group.is_some() {
            flags.push('G');
        }
        let kind = match section.kind {
            SectionKind::Progbits => "@progbits".to_string(),
            SectionKind::Nobits => "@nobits".to_string(),
            SectionKind::Note => "@note".to_string(),
            SectionKind::InitArray => "@init_array".to_string(),
            SectionKind::FiniArray => "@fini_array".to_string(),
            SectionKind::PreinitArray => "@preinit_array".to_string(),
            SectionKind::Unwind if *section.name == *b".eh_frame" && !section.extra.keeps_kind => {
                "@progbits".to_string()
            }
            SectionKind::Unwind => "@unwind".to_string(),
            SectionKind::Other(number) => format!("@{number:#x}"),
        };
        self.out.extend_from_slice(format!(",\"{flags}\",{kind}").as_bytes());
        if section.flags.has(SectionFlags::MERGE) {
            self.out.extend_from_slice(format!(",{}", section.entry_size).as_bytes());
        }
        if section.flags.has(SectionFlags::LINK_ORDER) {
            self.out.push(b',');
            let linked = section.link_order.some().map(|to| object.sections[to].name.to_vec());
            self.section_name(&linked.unwrap_or_else(|| b"0".to_vec()));
        }
        if let Some(group) = group {
            self.out.push(b',');
            self.name(object.symbol_name(group.signature));
            if group.comdat {
                self.out.extend_from_slice(b",comdat");
            }
        }
        match self.ordinals[id] {
            0 => self.out.push(b'\n'),
            n => self.line(&format!(",unique,{n}")),
        }
    }

    fn atom(&mut self, id: AtomId, section: &Section<'_>, is_code: bool) {
        if Some(self.unit.object.atoms[id].section) == self.unit.line_section {
            return self.labels_at(id, 0);
        }
        if is_code {
            self.code(id);
        } else {
            self.data(id, section);
        }
        let object = self.unit.object;
        if labels::is_cut(object, section) {
            self.line(&format!("{}:", end_label(id)));
        }
        for &sym in self.labels.symbols_of(id).to_vec().iter() {
            let symbol = &object.symbols[sym];
            if symbol.size != 0 || symbol.kind == SymbolKind::Function {
                self.out.extend_from_slice(b"\t.size\t");
                self.symbol(sym);
                let whole = symbol.value + symbol.size == object.atoms[id].size;
                if whole && symbol.size != 0 {
                    self.out.extend_from_slice(b", .-");
                    self.symbol(sym);
                    self.out.push(b'\n');
                } else {
                    self.line(&format!(", {}", symbol.size));
                }
            }
        }
    }

    /// The labels at `offset` of atom `id`, with what is to be said of their symbols.
    fn labels_at(&mut self, id: AtomId, offset: u64) {
        let object = self.unit.object;
        for sym in self.labels.symbols_at(object, id, offset) {
            let symbol = &object.symbols[sym];
            self.attributes(sym, symbol);
            self.symbol(sym);
            self.line(":");
        }
        if let Some(label) = self.labels.private(id, offset) {
            self.line(&format!("{label}:"));
        }
    }

    /// Binding, visibility and kind.
    fn attributes(&mut self, id: SymId, symbol: &Symbol) {
        if !self.described.insert(id) {
            return;
        }
        match symbol.binding {
            Binding::Local => {}
            Binding::Global | Binding::Unique if symbol.def == SymbolDef::Common => {}
            Binding::Global | Binding::Unique => self.about(".globl", id),
            Binding::Weak => self.about(".weak", id),
        }
        match symbol.visibility {
            Visibility::Default => {}
            Visibility::Protected => self.about(".protected", id),
            Visibility::Hidden => self.about(".hidden", id),
            Visibility::Internal => self.about(".internal", id),
        }
        let kind = match symbol.kind {
            _ if symbol.binding == Binding::Unique => "@gnu_unique_object",
            SymbolKind::Function => "@function",
            SymbolKind::IFunc => "@gnu_indirect_function",
            SymbolKind::Object | SymbolKind::Common => "@object",
            SymbolKind::Tls => "@tls_object",
            SymbolKind::None | SymbolKind::Section | SymbolKind::File => return,
        };
        self.out.extend_from_slice(b"\t.type\t");
        self.symbol(id);
        self.line(&format!(", {kind}"));
    }

    fn about(&mut self, directive: &str, id: SymId) {
        self.out.extend_from_slice(format!("\t{directive}\t").as_bytes());
        self.symbol(id);
        self.out.push(b'\n');
    }

    fn symbol(&mut self, id: SymId) {
        let object = self.unit.object;
        push_name(&mut self.out, object.symbol_name(id));
    }

    fn name(&mut self, name: &[u8]) {
        push_name(&mut self.out, name);
    }

    /// Names of sections end at a comma or blank.
    fn section_name(&mut self, name: &[u8]) {
        if name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_.$-+@".contains(byte)) {
            self.out.extend_from_slice(name);
        } else {
            self.quoted(name);
        }
    }

    fn quoted(&mut self, text: &[u8]) {
        self.out.push(b'"');
        data::push_escaped(&mut self.out, text);
        self.out.push(b'"');
    }

    /// Directives for what changes at `offset` of atom `id`, the end of functions first.
    fn rows_at(&mut self, id: AtomId, offset: u64, state: &mut RowState) {
        let Some(functions) = self.functions.get(&id) else { return };
        while let Some(&at) = functions.get(state.function) {
            let function = &self.unit.functions[at];
            let end = u64::from(function.offset) + u64::from(function.size);
            if offset < u64::from(function.offset) {
                return;
            }
            let mut text = String::new();
            if !state.open {
                state.open = true;
                (state.line, state.unwind) = (0, 0);
                if self.unit.frames.is_some() {
                    text.push_str("\t.cfi_startproc\n");
                }
            }
            let here = |row: u32| u64::from(function.offset) + u64::from(row) <= offset;
            while let Some(row) = function.lines.get(state.line).filter(|row| here(row.offset)) {
                self.unit.push_line(row, state, &mut text);
                state.line += 1;
            }
            while let Some(row) = function.unwind.get(state.unwind).filter(|row| here(row.offset)) {
                if self.unit.frames.is_some() {
                    push_unwind(row.op, &mut text);
                }
                state.unwind += 1;
            }
            let is_end = offset >= end;
            if is_end {
                if self.unit.frames.is_some() {
                    text.push_str("\t.cfi_endproc\n");
                }
                state.open = false;
                state.function += 1;
            }
            self.out.extend_from_slice(text.as_bytes());
            if !is_end {
                return;
            }
        }
    }
}

impl Spelling {
    /// Names in quotes are read alike by all assemblers only in the usual spelling.
    fn is_out_of_reach(&self, name: &[u8]) -> bool {
        (self.is_reserved)(name) || !name.is_empty() && !is_plain_name(name)
    }
}

impl Unit<'_> {
    fn spelling(&self) -> &'static Spelling {
        &self.dialect.spellings[self.spelling]
    }

    fn push_line(&self, row: &LinePlace, state: &mut RowState, text: &mut String) {
        if let Some(quote) = self.quote
            && state.quoted != (row.file, row.line)
        {
            state.quoted = (row.file, row.line);
            text.push_str(&format!("{} {}\n", self.dialect.comment, quote(row.pos).trim_end()));
        }
        if self.files.is_empty() {
            return;
        }
        text.push_str(&format!("\t.loc\t{} {} {}", row.file, row.line, row.column));
        let is_stmt = row.flags & mc::rows::LineRow::IS_STMT != 0;
        if row.flags & mc::rows::LineRow::PROLOGUE_END != 0 {
            text.push_str(" prologue_end");
        }
        if row.flags & mc::rows::LineRow::EPILOGUE_BEGIN != 0 {
            text.push_str(" epilogue_begin");
        }
        if is_stmt != state.is_stmt {
            state.is_stmt = is_stmt;
            text.push_str(&format!(" is_stmt {}", u8::from(is_stmt)));
        }
        text.push('\n');
    }
}

/// How far the rows of an atom's functions were written.
struct RowState {
    /// Place among the atom's functions.
    function: usize,
    open: bool,
    line: usize,
    unwind: usize,
    /// Goes on from function to function.
    is_stmt: bool,
    quoted: (u32, u32),
}

impl RowState {
    fn new() -> RowState {
        RowState { function: 0, open: false, line: 0, unwind: 0, is_stmt: true, quoted: (0, 0) }
    }
}

/// The label behind an atom.
fn end_label(id: AtomId) -> String {
    format!(".LE{}", id.0)
}

fn push_unwind(op: UnwindOp, text: &mut String) {
    let line = match op {
        UnwindOp::DefCfa { reg, offset } => format!("\t.cfi_def_cfa {reg}, {offset}\n"),
        UnwindOp::DefCfaRegister { reg } => format!("\t.cfi_def_cfa_register {reg}\n"),
        UnwindOp::DefCfaOffset { offset } => format!("\t.cfi_def_cfa_offset {offset}\n"),
        UnwindOp::Offset { reg, offset } => format!("\t.cfi_offset {reg}, {offset}\n"),
        UnwindOp::Restore { reg } => format!("\t.cfi_restore {reg}\n"),
        UnwindOp::SameValue { reg } => format!("\t.cfi_same_value {reg}\n"),
        UnwindOp::Undefined { reg } => format!("\t.cfi_undefined {reg}\n"),
        UnwindOp::RememberState => "\t.cfi_remember_state\n".to_string(),
        UnwindOp::RestoreState => "\t.cfi_restore_state\n".to_string(),
    };
    text.push_str(&line);
}

static SECTION_LETTERS: &[(SectionFlags, char)] = &[
    (SectionFlags::ALLOC, 'a'),
    (SectionFlags::EXCLUDE, 'e'),
    (SectionFlags::WRITE, 'w'),
    (SectionFlags::EXEC, 'x'),
    (SectionFlags::MERGE, 'M'),
    (SectionFlags::STRINGS, 'S'),
    (SectionFlags::TLS, 'T'),
    (SectionFlags::RETAIN, 'R'),
    (SectionFlags::LINK_ORDER, 'o'),
    (SectionFlags::LARGE, 'l'),
];

fn is_plain_name(name: &[u8]) -> bool {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'$') || *byte >= 0x80;
    name.iter().all(is_word) && name.first().is_some_and(|byte| !byte.is_ascii_digit() && *byte != b'$')
}

/// A name as the assembler reads it: in quotes when it is not a word.
fn push_name(out: &mut Vec<u8>, name: &[u8]) {
    if is_plain_name(name) {
        out.extend_from_slice(name);
        return;
    }
    out.push(b'"');
    data::push_escaped(out, name);
    out.push(b'"');
}

/// `symbol + addend` of a relocation's target; `addend` counts from the target's first byte.
fn push_target(unit: &Unit<'_>, labels: &Labels, target: RelocTarget, suffix: &str, addend: i64, out: &mut Vec<u8>) {
    let rest = match target.kind() {
        RelocTargetKind::Symbol(sym) => {
            push_name(out, unit.object.symbol_name(sym));
            addend
        }
        RelocTargetKind::Atom(atom) => {
            let at = labels::label_offset(unit.object, atom, addend);
            let label = labels.private(atom, at).expect("every place that is referred to has a label");
            out.extend_from_slice(label.as_bytes());
            addend.wrapping_sub(at as i64)
        }
    };
    out.extend_from_slice(suffix.as_bytes());
    if rest != 0 {
        out.extend_from_slice(format!("{rest:+}").as_bytes());
    }
}
